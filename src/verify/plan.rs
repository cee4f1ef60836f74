//! Which operations are tried, in which order, and which may be tried side by side.

use super::Settings;
use super::items::puts_new;
use super::links::linked;
use crate::contract::Contract;
use crate::mock::{Action, Prepared};
use crate::spec::nearest;
use crate::wire::Method;
use indexmap::IndexMap;
use std::collections::{BTreeMap, HashMap};

/// The numbers of the operations: a list for each part of the contract whose items are none of the
/// others' business, in the order in which they are tried.
///
/// # Errors
/// A name that the contract doesn't have.
pub(super) fn families(
    contract: &Contract,
    settings: &Settings,
) -> Result<Vec<Vec<usize>>, String> {
    let names = contract.operation_names();
    let mut wanted: Vec<usize> = Vec::new();
    for name in &settings.operations {
        let known = names.get(name).ok_or_else(|| {
            let others: Vec<&str> = names.keys().map(String::as_str).collect();
            let near = nearest(name, &others);
            let near = near.map_or(String::new(), |near| format!("; {near} is one"));
            format!("the contract has no operation {name:?}{near}")
        })?;
        wanted.extend(known);
    }
    let mut families: IndexMap<String, Vec<usize>> = IndexMap::new();
    for number in 0..contract.operations.len() {
        let operation = contract.operations.get(number);
        let is_read = [Method::GET, Method::HEAD, Method::OPTIONS];
        let is_taken = wanted.is_empty() || wanted.contains(&number);
        let is_safe = is_read.contains(&operation.declared.method) || !settings.is_read_only;
        if is_taken && is_safe && contract.fault_of(operation).is_none() {
            families.entry(root(operation)).or_default().push(number);
        }
    }
    let mut families: Vec<Vec<usize>> = families.into_values().collect();
    let needs = needs(contract, settings, &names);
    join(&mut families, &needs);
    for family in &mut families {
        family.sort_by_cached_key(|number| {
            let rank = rank(contract.operations.get(*number));
            // What others need comes as early as they do.
            let is_needed = needs.values().flatten().any(|other| other == number);
            let stage = match rank.0 {
                1 if is_needed => 0,
                stage => stage,
            };
            (stage, height(*number, &needs, 0), rank)
        });
    }
    Ok(families)
}

/// The operations whose replies others need, by the number of the one that does: those that its
/// hook looks at, and those with a link to it. Hooks that may look at any reply need all that have
/// no such hooks.
fn needs(
    contract: &Contract,
    settings: &Settings,
    names: &HashMap<String, Vec<usize>>,
) -> BTreeMap<usize, Vec<usize>> {
    let hooks = &settings.hooks;
    let all = 0..contract.operations.len();
    let mut needs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for number in all.clone() {
        for other in linked(contract, contract.operations.get(number)) {
            needs.entry(other).or_default().push(number);
        }
    }
    for number in all.clone().filter(|number| hooks.has(*number)) {
        let needed: Vec<usize> = match hooks.replies_seen(number) {
            Some(seen) => seen
                .iter()
                .filter_map(|name| names.get(*name))
                .flatten()
                .copied()
                .collect(),
            None => all.clone().filter(|other| !hooks.has(*other)).collect(),
        };
        needs.entry(number).or_default().extend(needed);
    }
    needs
}

/// Joins the families of operations that need each other's replies: one is tried after the other.
fn join(families: &mut Vec<Vec<usize>>, needs: &BTreeMap<usize, Vec<usize>>) {
    for (number, needed) in needs {
        for other in needed {
            let of = |number: &usize| families.iter().position(|family| family.contains(number));
            if let (Some(one), Some(other)) = (of(number), of(other))
                && one != other
            {
                let moved = std::mem::take(&mut families[other]);
                families[one].extend(moved);
            }
        }
    }
    families.retain(|family| !family.is_empty());
}

/// How many operations stand above one, each needing a reply of the one before.
fn height(number: usize, needs: &BTreeMap<usize, Vec<usize>>, depth: usize) -> usize {
    let above = needs.get(&number).into_iter().flatten();
    // Those that need each other have no order.
    let above = above.filter(|_| depth < HEIGHT);
    let heights = above.map(|other| 1 + height(*other, needs, depth + 1));
    heights.max().unwrap_or(0)
}

/// How many operations may stand above one.
const HEIGHT: usize = 5;

/// What the operations of a family have in common: the first literal of their paths.
fn root(operation: &Prepared) -> String {
    let mut segments = operation.declared.path.split('/');
    let literal = segments.find(|segment| !segment.is_empty() && !segment.starts_with('{'));
    literal.unwrap_or_default().to_owned()
}

/// Whether an operation comes after what is told of items: it ends them.
pub(super) fn is_deletion(operation: &Prepared) -> bool {
    rank(operation).0 == 2
}

/// Where an operation stands in the order: what comes before what needs it.
fn rank(operation: &Prepared) -> (usize, usize, usize) {
    let depth = operation.declared.path.matches('/').count();
    let action = operation.binding.as_ref().map(|binding| binding.action);
    let method = &operation.declared.method;
    match action {
        Some(Action::List) => (0, depth, 0),
        Some(Action::Create) => (0, depth, 1),
        Some(Action::Update(_)) if puts_new(operation) => (0, depth, 1),
        Some(Action::Read) => (0, depth, 2),
        Some(Action::Update(_)) => (0, depth, 4),
        // What hangs on an item goes before it.
        Some(Action::Delete) => (2, usize::MAX - depth, 0),
        _ if *method == Method::GET || *method == Method::HEAD => (0, depth, 3),
        // What is below an item goes before it; what takes away all of them, after each.
        _ if *method == Method::DELETE => (2, usize::MAX - depth, 1),
        _ => (1, 0, 0),
    }
}
