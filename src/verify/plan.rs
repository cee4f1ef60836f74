//! Which operations are tried, in which order, and which may be tried side by side.

use super::Settings;
use crate::contract::Contract;
use crate::mock::{Action, Prepared};
use crate::spec::nearest;
use crate::wire::Method;
use indexmap::IndexMap;

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
    for family in &mut families {
        family.sort_by_key(|number| rank(contract.operations.get(*number)));
    }
    Ok(families)
}

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
        Some(Action::Read) => (0, depth, 2),
        Some(Action::Update(_)) => (0, depth, 4),
        // What hangs on an item goes before it.
        Some(Action::Delete) => (2, usize::MAX - depth, 0),
        _ if *method == Method::GET || *method == Method::HEAD => (0, depth, 3),
        _ if *method == Method::DELETE => (1, usize::MAX - depth, 1),
        _ => (1, 0, 0),
    }
}
