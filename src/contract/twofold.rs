//! What of an item is sent as one thing and shown as another, so that nothing that is sent can be
//! read.

use super::Contract;
use super::report::{Finding, Topic};
use crate::mock::{Action, Binding, Prepared};
use crate::spec::{At, Node, Severity, Shape, ShapeId};
use serde_json::Value;
use std::collections::HashSet;

/// The properties of requests that the replies which show the item can't have as they are sent. It
/// may be meant, as a moment that is sent as a text and shown as a number.
pub(super) fn check_twofold(contract: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told: HashSet<At> = HashSet::new();
    let shapes = &contract.shapes;
    for number in 0..contract.operations.len() {
        let operation = contract.operations.get(number);
        let Some((binding, shown)) = shown(contract, operation) else {
            continue;
        };
        // In a form all is text.
        let bodies = operation
            .bodies
            .iter()
            .filter(|body| body.media_type.is_json());
        for sent in bodies.filter_map(|body| body.shape) {
            let sent = binding
                .wrapper
                .iter()
                .fold(shapes.get(sent), |shape, name| {
                    inner(contract, shape, name).map_or(shape, |id| shapes.get(id))
                });
            for name in sent.properties.keys() {
                let both = (inner(contract, sent, name), inner(contract, shown, name));
                let (Some(own), Some(other)) = both else {
                    continue;
                };
                let Some(why) = differing(contract, own, other) else {
                    continue;
                };
                let at = shapes.schema(own);
                if !shapes.get(own).read_only && told.insert(at) {
                    let shown = contract.document.origin(shapes.schema(other));
                    let message = format!("what is sent as `{name}` can't be shown: {why}");
                    let error = contract.document.error(at, message);
                    let error = error.with_help(format!("{shown} says how it is shown"));
                    findings.push(Finding::new(Topic::Replies, Severity::Note, error));
                }
            }
        }
    }
    findings
}

/// What shows the item that an operation writes: its own reply is that item, or another operation
/// reads it.
fn shown<'c>(contract: &'c Contract, operation: &'c Prepared) -> Option<(&'c Binding, &'c Shape)> {
    let binding = operation.binding.as_ref()?;
    let is_write = matches!(binding.action, Action::Create | Action::Update(_));
    if !is_write || binding.is_of_part() {
        return None;
    }
    let reader = binding.reader.map(|number| contract.operations.get(number));
    let reader = reader.unwrap_or(operation);
    let mut shape = contract.shapes.get(reader.success_body()?.shape?);
    for name in &reader.binding.as_ref()?.envelope {
        shape = contract.shapes.get(inner(contract, shape, name)?);
    }
    Some((binding, shape))
}

fn inner(contract: &Contract, shape: &Shape, name: &str) -> Option<ShapeId> {
    let property = shape.properties.get(name)?;
    Some(contract.shapes.of_property(property))
}

/// Why no value is of both shapes, as far as types and lists of values tell.
fn differing(contract: &Contract, sent: ShapeId, shown: ShapeId) -> Option<String> {
    let shapes = &contract.shapes;
    let (own, other) = (shapes.get(sent), shapes.get(shown));
    let (types, others) = (own.types, other.types);
    if !types.is_unsaid() && !others.is_unsaid() && !types.shares(others) {
        let [own, other] = [types, others].map(|of| of.names().collect::<Vec<_>>().join(" or "));
        return Some(format!("its type is {own} there, and {other} in replies"));
    }
    let values = |id: ShapeId| -> Option<Vec<Value>> {
        let listed = shapes.says(id, "enum")?;
        Some(listed.items().map(Node::value).collect())
    };
    if let (Some(sent), Some(shown)) = (values(sent), values(shown)) {
        let is_shown = sent.iter().any(|value| shown.contains(value));
        return (!is_shown).then(|| "none of its values is among those that are shown".to_owned());
    }
    let (sent, shown) = (shapes.of_items(own)?, shapes.of_items(other)?);
    differing(contract, sent, shown)
}
