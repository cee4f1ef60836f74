//! Rules of behaviour, given by the names of what they are for.

use super::Host;
use super::placing::Names;
use crate::faults::{Latency, Placed, Rule, Told};
use std::sync::Arc;

/// What of a rule isn't there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The number of the rule.
    pub rule: usize,
    /// The member that names it, or the place in it, as a JSON Pointer without its first `/`.
    pub member: String,
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
            match self.put(rule, &mut names) {
                Ok(rule) => placed.push(rule),
                Err(wrong) => unplaced.extend(wrong.into_iter().map(|(member, detail)| Unplaced {
                    rule: number,
                    member,
                    detail,
                })),
            }
        }
        if !unplaced.is_empty() {
            return Err(unplaced);
        }
        self.behaviour.replace(seed, placed);
        Ok(())
    }

    /// A rule with what its scope names, and with the replies that it says.
    fn put(&self, rule: Rule, names: &mut Option<Names>) -> Result<Placed, Vec<(String, String)>> {
        let place = self.place(&rule.scope, names);
        let place = place.map_err(|(member, why)| vec![(member.to_owned(), why)])?;
        let mut replies = Vec::new();
        if let Some(said) = &rule.reply {
            let wrong = |at: &str, why: String| vec![(format!("reply{at}"), why)];
            let operations = self.operations_at(&place);
            if operations.is_empty() {
                let why = "goes with an operation, or with a path and method that have one";
                return Err(wrong("", why.to_owned()));
            }
            let mut misfits = None;
            for (api, number) in operations {
                let contract = self.apis[api].contract();
                match contract.reply_for(contract.operations.get(number), said) {
                    Ok(reply) => replies.push(((api, number), Told(Arc::new(reply)))),
                    Err(found) => misfits = misfits.or(Some(found)),
                }
            }
            // Of several operations, those are meant that the reply can be one of.
            if let Some(misfits) = misfits.filter(|_| replies.is_empty()) {
                let told = misfits.into_iter();
                return Err(told
                    .flat_map(|misfit| wrong(misfit.at.as_str(), misfit.to_string()))
                    .collect());
            }
        }
        Ok(Placed {
            rule,
            place,
            replies,
        })
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

    /// Drops the rules of behaviour that are for a sandbox alone.
    pub fn forget_behaviour_in(&self, sandbox: &str) {
        self.behaviour.clear_sandbox(sandbox);
    }
}
