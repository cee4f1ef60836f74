//! What a client says of an item, as replies have it: under the names that these have, and without
//! what is the server's alone.

use super::echo::{is_written_otherwise, meant};
use super::standin::Standins;
use super::{Binding, Prepared};
use crate::spec::{Shape, ShapeId, Shapes};
use crate::wire::Pointer;
use serde_json::{Map, Value};
use std::borrow::Cow;

impl Standins<'_> {
    /// The same body with `UniqueName` as `unique_name`, where replies know that name alone, and
    /// without what is `readOnly` in an item where the request's own schema doesn't tell of it.
    pub fn meant<'b>(
        &self,
        (operation, binding): (&Prepared, &Binding),
        declared: Option<ShapeId>,
        body: Cow<'b, Value>,
    ) -> Cow<'b, Value> {
        let shapes = self.contents.shapes;
        let shown = self.shape_of(operation, binding);
        let (Some(id), Some(members)) = (shown, body.as_object()) else {
            return body;
        };
        let shown = shapes.get(id);
        let declared = declared.map(|id| &shapes.get(id).properties);
        let is_own = |name: &String| {
            let property = shown.properties.get(name);
            let is_own = property.is_some_and(|p| shapes.get(shapes.of_property(p)).read_only);
            let is_told = declared.is_some_and(|declared| declared.contains_key(name));
            is_own && !is_told && *name != binding.key
        };
        if !members.keys().any(is_own) && is_named_so(shapes, id, &body) {
            return body;
        }
        let mut members = members.clone();
        members.retain(|name, _| !is_own(name));
        rename(shapes, id, &mut members);
        Cow::Owned(Value::Object(members))
    }

    /// The shape of an item, as it is shown by itself, or by an operation.
    fn shape_of(&self, operation: &Prepared, binding: &Binding) -> Option<ShapeId> {
        let shapes = self.contents.shapes;
        let own = || Some((binding, operation.success_body()?));
        let (binding, content) = self.reader(binding).or_else(own)?;
        let mut names = binding.envelope.iter();
        names.try_fold(content.shape?, |id, name| {
            Some(shapes.of_property(shapes.get(id).properties.get(name)?))
        })
    }
}

/// The name that an item has a property by, where it is written otherwise.
fn named<'s>(shown: &'s Shape, name: &str) -> Option<&'s str> {
    let is_known = shown.properties.contains_key(name) || shown.admits(name);
    (!is_known).then(|| meant(shown, name)).flatten()
}

/// Whether all within a value has the names that a shape has for it.
fn is_named_so(shapes: &Shapes, id: ShapeId, said: &Value) -> bool {
    let shape = shapes.get(id);
    match said {
        Value::Object(members) => members.iter().all(|(name, value)| {
            let holds_names = value.is_object() || value.is_array();
            let property = shape.properties.get(name).filter(|_| holds_names);
            named(shape, name).is_none()
                && property.is_none_or(|own| is_named_so(shapes, shapes.of_property(own), value))
        }),
        Value::Array(items) => shapes.of_items(shape).is_none_or(|id| {
            let mut items = items.iter();
            items.all(|item| is_named_so(shapes, id, item))
        }),
        _ => true,
    }
}

/// Gives what is said of an item the names that its shape has, at every depth; what is said under
/// both stays.
pub(super) fn rename(shapes: &Shapes, id: ShapeId, said: &mut Map<String, Value>) {
    let shown = shapes.get(id);
    let others = said.keys().filter_map(|name| {
        let own = named(shown, name)?;
        (!said.contains_key(own)).then(|| (name.clone(), own.to_owned()))
    });
    let others: Vec<(String, String)> = others.collect();
    for (name, own) in others {
        if let Some(value) = said.shift_remove(&name) {
            said.insert(own, value);
        }
    }
    for (name, value) in said {
        if let Some(property) = shown.properties.get(name) {
            rename_within(shapes, shapes.of_property(property), value);
        }
    }
}

fn rename_within(shapes: &Shapes, id: ShapeId, said: &mut Value) {
    match said {
        Value::Object(members) => rename(shapes, id, members),
        Value::Array(items) => {
            if let Some(id) = shapes.of_items(shapes.get(id)) {
                items
                    .iter_mut()
                    .for_each(|item| rename_within(shapes, id, item));
            }
        }
        _ => {}
    }
}

/// The place of a value in what a client sent, by its own names; `at` is that in an item, by those
/// of replies.
pub(super) fn place_in(sent: &Value, wrapper: Option<&str>, at: &Pointer) -> Pointer {
    let inner = wrapper.and_then(|name| Some((name, sent.get(name)?)));
    let is_outside = |token: &str| inner.is_none_or(|(name, _)| name == token);
    let (mut here, mut sent) = match (inner, at.tokens().next()) {
        (Some((name, inner)), Some(token)) if !is_outside(&token) => {
            (Pointer::root().child(name), Some(inner))
        }
        _ => (Pointer::root(), Some(sent)),
    };
    for token in at.tokens() {
        let members = sent.and_then(Value::as_object);
        let members = members.filter(|members| !members.contains_key(&token));
        let own = members.and_then(|members| {
            let mut names = members.keys();
            names.find(|name| is_written_otherwise(name, &token))
        });
        let token = own.cloned().unwrap_or(token);
        let below = Pointer::root().child(&token);
        sent = sent.and_then(|sent| below.get(sent));
        here = here.child(&token);
    }
    here
}
