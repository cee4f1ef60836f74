//! The query part of a path key (`/x?action=y`), which OpenAPI doesn't know and documents have.

use crate::wire::decode_percent;
use std::collections::HashSet;

/// How many pairs of a request's query are looked at.
const PAIRS: usize = 1_000;

/// What a path key asks of the query: a name, and its value where one is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Demand {
    name: String,
    value: Option<String>,
}

impl Demand {
    /// Those of a query part, sorted. A value with an expression is any value, and so is none.
    pub(super) fn read_all(text: &str) -> Vec<Demand> {
        let one = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = Some(value).filter(|value| !value.is_empty() && !value.contains('{'));
            let demand = Demand {
                name: decoded(name)?,
                value: value.and_then(decoded),
            };
            (!name.is_empty() && !name.contains('{')).then_some(demand)
        };
        let mut demands: Vec<Demand> = text.split('&').filter_map(one).collect();
        demands.sort();
        demands.dedup();
        demands
    }

    /// How exact it is: a value is worth more than any number of names without.
    pub(super) fn precision(&self) -> usize {
        match self.value {
            Some(_) => 1_000,
            None => 1,
        }
    }
}

/// A request's query, as the demands that it meets.
#[derive(Debug)]
pub(super) struct Given(HashSet<Demand>);

impl Given {
    pub(super) fn read(query: &str) -> Given {
        let mut met = HashSet::new();
        for pair in query.split('&').take(PAIRS) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decoded(name), decoded(value)) else {
                continue;
            };
            met.insert(Demand {
                name: name.clone(),
                value: Some(value),
            });
            met.insert(Demand { name, value: None });
        }
        Given(met)
    }

    pub(super) fn meets(&self, demands: &[Demand]) -> bool {
        demands.iter().all(|demand| self.0.contains(demand))
    }

    /// Every demand that is met.
    pub(super) fn met(&self) -> impl Iterator<Item = &Demand> {
        self.0.iter()
    }
}

fn decoded(text: &str) -> Option<String> {
    decode_percent(&text.replace('+', " ")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_is_met_by_name_or_by_name_and_value() {
        for (demands, query, met) in [
            ("action=y", "action=y", true),
            ("action=y", "b=1&action=%79", true),
            ("action=y", "action=z", false),
            ("action=y", "action=z&action=y", true),
            ("acl", "acl", true),
            ("acl", "acl=1", true),
            ("acl=", "acl=1", true),
            ("acl", "", false),
            ("id={id}", "id=7", true),
            ("a=1&b", "b=2&a=1", true),
            ("a=1&b", "a=1", false),
            ("{q}", "", true),
            ("a b", "a+b", true),
        ] {
            let demands = Demand::read_all(demands);
            assert_eq!(
                Given::read(query).meets(&demands),
                met,
                "{demands:?} {query}"
            );
        }
    }
}
