//! What was made of a contract's paths, in words: which collections there are, and why.

use super::tie::TieKind;
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
            binding.act.as_ref()?;
            Some((number, binding.collection.as_str()))
        });
        let acts: Vec<(usize, &str)> = acts.collect();
        let ties = self.ties().iter();
        let inferred = ties.filter_map(|tie| {
            let key = tie.key(self)?.to_owned();
            let mut operations = Vec::new();
            for (number, stub) in self.stubs().iter().enumerate() {
                let of_path = self.ties().of(&stub.path);
                let is_act = acts.contains(&(number, tie.name.as_str()));
                if !is_act && of_path.is_none_or(|(of, _)| of.name != tie.name) {
                    continue;
                }
                let binding = self.get(number).binding.as_ref();
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
