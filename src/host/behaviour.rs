//! Rules of behaviour, given by the names of what they are for.

use super::Host;
use crate::faults::{Latency, Rule};

/// What of a rule isn't there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The number of the rule.
    pub rule: usize,
    /// The member that names it.
    pub member: &'static str,
    /// What is wrong with it.
    pub detail: String,
}

impl Host {
    /// Has these rules of behaviour and no others. What they draw is the same for the same seed:
    /// this one, else that of [`Loading`](crate::contract::Loading).
    ///
    /// # Errors
    /// Every API and operation that they name and that isn't there; the rules stay as they were.
    pub fn behave(&self, seed: Option<String>, rules: Vec<Rule>) -> Result<(), Vec<Unplaced>> {
        let mut unplaced = Vec::new();
        let mut placed = Vec::new();
        let mut names = None;
        for (number, rule) in rules.into_iter().enumerate() {
            match self.place(rule, &mut names) {
                Ok(rule) => placed.push(rule),
                Err((member, detail)) => unplaced.push(Unplaced {
                    rule: number,
                    member,
                    detail,
                }),
            }
        }
        if !unplaced.is_empty() {
            return Err(unplaced);
        }
        self.behaviour.replace(seed, placed);
        Ok(())
    }

    /// How late replies are where no rule says otherwise.
    pub fn delay_usually(&self, latency: Latency) {
        self.behaviour.usually(latency);
    }

    /// The seed that was given and the rules that still act, with the times that they have left.
    pub fn rules_of_behaviour(&self) -> (Option<String>, Vec<Rule>) {
        self.behaviour.rules()
    }

    /// Drops the rules of behaviour, all of them or those for the API of a name alone.
    pub fn forget_behaviour(&self, api: Option<&str>) {
        match api {
            None => self.behaviour.clear(None),
            Some(name) => {
                let number = self.apis.iter().position(|api| api.name() == name);
                if number.is_some() {
                    self.behaviour.clear(number);
                }
            }
        }
    }
}
