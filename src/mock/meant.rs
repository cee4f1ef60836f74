//! What a client says of an item, as replies have it: under the names that these have, and without
//! what is the server's alone.

use super::echo::meant;
use super::standin::Standins;
use super::{Binding, Prepared};
use crate::spec::{Shape, ShapeId};
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
        let shown = self.shape_of(operation, binding).map(|id| shapes.get(id));
        let (Some(shown), Some(members)) = (shown, body.as_object()) else {
            return body;
        };
        let declared = declared.map(|id| &shapes.get(id).properties);
        let is_own = |name: &String| {
            let property = shown.properties.get(name);
            let is_own = property.is_some_and(|p| shapes.get(shapes.of_property(p)).read_only);
            let is_told = declared.is_some_and(|declared| declared.contains_key(name));
            is_own && !is_told && *name != binding.key
        };
        let is_right = |name: &String| !is_own(name) && named(shown, name).is_none();
        if members.keys().all(is_right) {
            return body;
        }
        let mut members = members.clone();
        members.retain(|name, _| !is_own(name));
        rename(shown, &mut members);
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

/// Gives what is said of an item the names that this has; what is said under both stays.
pub(super) fn rename(shown: &Shape, said: &mut Map<String, Value>) {
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
}
