//! Holds the expressions of rules against the schemas of what they look at.

use crate::mock::{Binding, Operations, Prepared};
use crate::rules::{Facts, HookFacts, Hooks, Mistyped, OperationFacts, Rules};
use crate::spec::{Location, ShapeId, Shapes, StatusKey};
use crate::store::Seed;
use crate::wire::Method;
use std::cell::LazyCell;
use std::collections::HashSet;

/// What the rules get wrong about the requests and items that they look at.
pub(super) fn mistyped(
    rules: &Rules,
    operations: &Operations,
    shapes: &Shapes,
    seeds: &[Seed],
) -> Mistyped {
    // Asked of what no schema has, which is seldom.
    let names = LazyCell::new(|| {
        let items = seeds.iter().flat_map(|seed| &seed.items);
        let members = items.filter_map(|(_, item)| item.as_object());
        let names = members.flat_map(|m| m.keys().map(String::as_str));
        names.collect::<HashSet<&str>>()
    });
    rules.held_against(&Facts {
        shapes,
        operation: &|number| {
            let mut facts = facts(operations, shapes, number);
            let parameters = &mut facts.parameters;
            parameters.retain(|(at, ..)| *at != Location::Header);
            facts
        },
        item: &|collection| items_of(operations, shapes, collection),
        is_in_fixtures: &|name| names.contains(name),
    })
}

/// What hooks get wrong about the requests that they are for, and the replies that they look at.
pub(super) fn mistyped_hooks(
    hooks: &Hooks,
    operations: &Operations,
    shapes: &Shapes,
    names: &[Vec<String>],
) -> Mistyped {
    hooks.held_against(&HookFacts {
        shapes,
        operation: &|number| {
            let operation = operations.get(number);
            OperationFacts {
                body: bodies(operation),
                ..facts(operations, shapes, number)
            }
        },
        names,
        done: &|number| {
            let responses = operations.get(number).responses.iter();
            let done = responses.filter(|response| match response.status {
                StatusKey::Code(code) => (200..300).contains(&code),
                StatusKey::Range(class) => class == 2,
                StatusKey::Default => false,
            });
            let contents = done.flat_map(|response| &response.contents);
            let shapes: Option<Vec<ShapeId>> = contents.map(|content| content.shape).collect();
            shapes.unwrap_or_default()
        },
    })
}

fn facts(operations: &Operations, shapes: &Shapes, number: usize) -> OperationFacts {
    let operation = operations.get(number);
    let binding = operation.binding.as_ref();
    let parameters = operation.parameters.iter().map(|reader| {
        let parameter = &reader.parameter;
        let schema = parameter.schema.map(|at| shapes.of(at));
        (parameter.location, parameter.name.clone(), schema)
    });
    // Rules see the items of a batch one by one, in the place of the body.
    let is_batch = binding.is_some_and(|binding| binding.batch.is_some());
    let collection = binding.map(|binding| binding.collection.clone());
    let next = collection
        .iter()
        .flat_map(|name| items_of(operations, shapes, name));
    let mut next: Vec<ShapeId> = next.collect();
    next.extend(
        binding
            .into_iter()
            .flat_map(|of| written(operation, shapes, of)),
    );
    OperationFacts {
        parameters: parameters.collect(),
        body: match is_batch {
            true => Vec::new(),
            false => bodies(operation),
        },
        next,
        collection,
    }
}

/// The schemas of an operation's body; none where one of them isn't known.
fn bodies(operation: &Prepared) -> Vec<ShapeId> {
    let shapes: Option<Vec<ShapeId>> = operation.bodies.iter().map(|body| body.shape).collect();
    shapes.unwrap_or_default()
}

/// The schemas of the item in an operation's body.
fn written(operation: &Prepared, shapes: &Shapes, binding: &Binding) -> Vec<ShapeId> {
    let bodies = bodies(operation).into_iter();
    match &binding.wrapper {
        None => bodies.collect(),
        Some(name) => {
            let inner = bodies.filter_map(|id| shapes.get(id).properties.get(name));
            inner.map(|property| shapes.of_property(property)).collect()
        }
    }
}

/// The schemas of a collection's items: as one is shown, and as one is created.
fn items_of(operations: &Operations, shapes: &Shapes, collection: &str) -> Vec<ShapeId> {
    let Some((binding, content)) = operations.reader(collection) else {
        return Vec::new();
    };
    let mut shown = content.shape;
    for name in &binding.envelope {
        let property = shown.and_then(|id| shapes.get(id).properties.get(name));
        shown = property.map(|property| shapes.of_property(property));
    }
    let Some(shown) = shown else {
        return Vec::new();
    };
    let tie = operations.ties().named(collection);
    let create = tie.and_then(|tie| operations.numbered(&Method::POST, &tie.list_path));
    let create = create.map(|number| operations.get(number));
    let created = create.and_then(|create| Some((create, create.binding.as_ref()?)));
    let created = created.map(|(create, binding)| written(create, shapes, binding));
    std::iter::once(shown)
        .chain(created.into_iter().flatten())
        .collect()
}
