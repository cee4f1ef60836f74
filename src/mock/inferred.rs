//! What was made of a contract's paths, in words: which collections there are, and why.

use super::tie::{Tie, TieKind, trimmed};
use super::{Action, Operations};
use crate::wire::Method;
use std::fmt;

/// A collection as it was inferred.
#[derive(Debug, Clone)]
pub struct Inferred {
    /// Its name.
    pub name: String,
    /// What its operations do, by method and path.
    pub operations: Vec<(String, String)>,
    /// The property that holds the key; empty for an item alone.
    pub key: String,
    /// The collections that its items hang on.
    pub parents: Vec<String>,
    /// Whether fixtures say which items there are.
    pub is_seeded: bool,
}

const STATELESS: &str = "answers without state";

impl Operations {
    /// The collections that the paths make, in document order.
    pub fn inferred(&self) -> Vec<Inferred> {
        let acts = (0..self.len()).filter_map(|number| {
            let binding = self.get(number).binding.as_ref()?;
            let is_below = binding.members.is_some() || !binding.within.is_empty();
            (is_below || binding.act.is_some()).then_some((number, binding.collection.as_str()))
        });
        let acts: Vec<(usize, &str)> = acts.collect();
        let ties = self.ties().iter();
        let inferred = ties.filter_map(|tie| {
            let key = tie.key(self)?.to_owned();
            let mut operations = Vec::new();
            for (number, stub) in self.stubs().iter().enumerate() {
                let of_path = self.ties().of(&stub.path);
                let is_act = acts.contains(&(number, tie.name.as_str()));
                let is_here = of_path.is_some_and(|(of, _)| of.name == tie.name);
                let binding = self.get(number).binding.as_ref();
                // What is done to members of an item's list is the item's.
                let is_elsewhere = binding.is_some_and(|of| of.collection != tie.name);
                if !is_act && !self.is_left(number, tie) && (!is_here || is_elsewhere) {
                    continue;
                }
                if let Some(members) = binding.and_then(|binding| binding.members.as_ref()) {
                    operations.push((stub.name(), members.told()));
                    continue;
                }
                let does = binding.map(|binding| match binding.action {
                    Action::Create if binding.batch.is_some() => "adds one or several",
                    Action::Several => binding
                        .batch
                        .as_ref()
                        .map_or(STATELESS, |of| of.does.told()),
                    Action::List => "lists",
                    Action::Create => "adds",
                    Action::Read => "shows",
                    Action::Update(_) if is_act => "acts on one",
                    Action::Update(_) if stub.method == Method::PUT => "replaces",
                    Action::Update(_) => "changes",
                    Action::Delete => "removes",
                });
                let does = does.unwrap_or(STATELESS);
                let listing = binding.and_then(|binding| binding.listing.as_ref());
                let said = listing.map_or(Vec::new(), |listing| listing.paging.told());
                let said = said.iter().map(|(role, name)| format!("{role} {name}"));
                let said: Vec<String> = said.collect();
                operations.push(match said.is_empty() {
                    true => (stub.name(), does.to_owned()),
                    false => (stub.name(), format!("{does} by {}", said.join(", "))),
                });
            }
            let parents = tie.parents.iter();
            let parents = parents.filter_map(|parent| parent.collection.clone());
            let has_any = operations.iter().any(|(_, does)| does != STATELESS);
            has_any.then(|| Inferred {
                name: tie.name.clone(),
                operations,
                key: match tie.kind {
                    TieKind::Single => String::new(),
                    TieKind::Collection(_) | TieKind::Open => key,
                },
                parents: parents.collect(),
                is_seeded: tie.is_seeded,
            })
        });
        inferred.collect()
    }

    /// Whether an operation below an item would change something, and changes nothing that is
    /// remembered.
    fn is_left(&self, number: usize, tie: &Tie) -> bool {
        let stub = &self.stubs()[number];
        let path = trimmed(&stub.path);
        let is_of = |tie: &Tie| {
            let rest = path.strip_prefix(&*tie.item_path);
            rest.is_some_and(|rest| rest.starts_with('/')) && tie.key(self).is_some()
        };
        let is_nearest = || {
            let nearer = |other: &&Tie| other.item_path.len() > tie.item_path.len();
            !self.ties().iter().filter(nearer).any(is_of)
        };
        let is_tied = || {
            let own = self.ties().of(path);
            own.is_some_and(|(own, _)| own.key(self).is_some())
        };
        let is_change = || !stub.method.is_safe() && !self.outline(number).asks;
        is_of(tie)
            && is_change()
            && !is_tied()
            && is_nearest()
            && self.get(number).binding.is_none()
    }
}

impl fmt::Display for Inferred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let does = self.operations.iter();
        let does: Vec<String> = does.map(|(name, does)| format!("{name} {does}")).collect();
        write!(f, "{}: {}", self.name, does.join("; "))?;
        match self.key.as_str() {
            "" => write!(f, "; one item alone")?,
            key => write!(f, "; by `{key}`")?,
        }
        if !self.parents.is_empty() {
            write!(f, ", below {}", self.parents.join(", "))?;
        }
        f.write_str(match self.is_seeded {
            true => "; its items are those of the fixtures",
            false => "; until they are written its items are the document's",
        })
    }
}
