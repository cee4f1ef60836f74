//! What a body says that leaves out what has a default.

use crate::spec::{ShapeId, Shapes};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Gives an object the defaults of what it doesn't say, and the objects in it those of what they
/// don't; what the server alone sets has none.
pub(super) fn add_defaults(shapes: &Shapes, shape: ShapeId, item: &mut Map<String, Value>) {
    for (name, property) in &shapes.get(shape).properties {
        let inner = shapes.of_property(property);
        match (item.get_mut(name), &shapes.get(inner).default) {
            (Some(Value::Object(members)), _) => add_defaults(shapes, inner, members),
            (None, Some(default)) if !shapes.get(inner).read_only => {
                item.insert(name.clone(), default.clone());
            }
            _ => {}
        }
    }
}

/// A body with the defaults of what it leaves out.
pub fn with_defaults<'b>(
    shapes: &Shapes,
    shape: Option<ShapeId>,
    body: &'b Value,
) -> Cow<'b, Value> {
    match (shape, body) {
        (Some(shape), Value::Object(members)) => {
            let mut whole = members.clone();
            add_defaults(shapes, shape, &mut whole);
            Cow::Owned(Value::Object(whole))
        }
        _ => Cow::Borrowed(body),
    }
}
