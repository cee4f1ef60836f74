//! What a client said, in the reply to it: a made-up body says of the path's parameters and of
//! what was sent what the client said of them.

use super::prepared::Contents;
use super::{PreparedContent, merge};
use crate::rules::Merge;
use crate::spec::{Shape, ShapeId, Shapes};
use serde_json::{Map, Value};

/// What a client said that a reply may say again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Echo<'e> {
    /// The path's parameters.
    pub path: Option<&'e Map<String, Value>>,
    /// The one that the path ends in: it names what the reply shows.
    pub item: Option<&'e str>,
    /// The request's body.
    pub body: Option<&'e Value>,
}

/// Names of the property that a path's last parameter is of, where none has its name.
const KEYS: [&str; 4] = ["id", "_id", "uuid", "key"];

/// A body that says what the client said, as far as its schema allows; nothing where that changes
/// nothing.
pub(super) fn echo(
    contents: Contents<'_>,
    content: &PreparedContent,
    body: &Value,
    said: &Echo<'_>,
) -> Option<Value> {
    let sent = said.body.and_then(Value::as_object);
    if sent.is_none_or(Map::is_empty) && said.path.is_none_or(Map::is_empty) {
        return None;
    }
    let shape = content.shape?;
    let mut echoing = Echoing {
        shapes: contents.shapes,
        is_valid: &|body| {
            let schema = content.schema;
            schema.is_none_or(|schema| contents.schemas.is_valid(schema, body))
        },
        said,
        changed: body.clone(),
    };
    let mut at = String::new();
    match body {
        Value::Object(members) => {
            let (shape, inner) = echoing.item(shape, members);
            if let Some(name) = inner {
                at = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            }
            echoing.tell(&at, shape);
        }
        Value::Array(items) => {
            let shape = contents.shapes.of_items(contents.shapes.get(shape))?;
            for number in 0..items.len() {
                echoing.tell_path(&format!("/{number}"), shape);
            }
        }
        _ => return None,
    }
    (echoing.changed != *body).then_some(echoing.changed)
}

struct Echoing<'e> {
    shapes: &'e Shapes,
    is_valid: &'e dyn Fn(&Value) -> bool,
    said: &'e Echo<'e>,
    changed: Value,
}

impl Echoing<'_> {
    /// The shape of the object that the reply is about: the whole, or the one that it wraps.
    fn item<'m>(
        &self,
        whole: ShapeId,
        members: &'m Map<String, Value>,
    ) -> (ShapeId, Option<&'m str>) {
        let shape = self.shapes.get(whole);
        let mut inner = members.iter().filter(|(_, value)| value.is_object());
        let (Some((name, _)), None) = (inner.next(), inner.next()) else {
            return (whole, None);
        };
        let Some(property) = shape.properties.get(name) else {
            return (whole, None);
        };
        let inner = self.shapes.of_property(property);
        let told = |shape: &Shape| {
            let names = self.said.body.and_then(Value::as_object).into_iter();
            let names = names.flat_map(Map::keys);
            let paths = self.said.path.into_iter().flat_map(Map::keys);
            let names = names.chain(paths).map(String::as_str).chain(KEYS);
            names
                .filter(|name| shape.properties.contains_key(*name))
                .count()
        };
        match told(self.shapes.get(inner)) > told(shape) {
            true => (inner, Some(name)),
            false => (whole, None),
        }
    }

    fn tell(&mut self, at: &str, shape: ShapeId) {
        for (name, value) in self
            .said
            .body
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            self.set(at, shape, name, value);
        }
        self.tell_path(at, shape);
        let Some(item) = self.said.item else { return };
        let shape_of = self.shapes.get(shape);
        let names_item = item.to_ascii_lowercase().ends_with("id");
        if let Some(value) = self.said.path.and_then(|path| path.get(item))
            && names_item
            && !shape_of.properties.contains_key(item)
        {
            let mut keys = KEYS.iter();
            if let Some(key) = keys.find(|key| shape_of.properties.contains_key(**key)) {
                self.set(at, shape, key, value);
            }
        }
    }

    fn tell_path(&mut self, at: &str, shape: ShapeId) {
        for (name, value) in self.said.path.into_iter().flatten() {
            self.set(at, shape, name, value);
        }
    }

    /// Sets a declared property, as far as the whole stays valid.
    fn set(&mut self, at: &str, shape: ShapeId, name: &str, value: &Value) {
        let Some(property) = self.shapes.get(shape).properties.get(name) else {
            return;
        };
        let property = self.shapes.get(self.shapes.of_property(property));
        if property.write_only || value.is_null() {
            return;
        }
        let value = match (
            self.changed.pointer(at).and_then(|item| item.get(name)),
            value,
        ) {
            (Some(known @ Value::Object(_)), Value::Object(_)) => {
                let (shapes, how) = (self.shapes, Merge::Deep);
                merge(how, known, value, shapes, None)
            }
            _ => value.clone(),
        };
        for value in alike(value) {
            let mut changed = self.changed.clone();
            if let Some(Value::Object(item)) = changed.pointer_mut(at) {
                item.insert(name.to_owned(), value);
            }
            if (self.is_valid)(&changed) {
                self.changed = changed;
                return;
            }
        }
    }
}

/// A value, and what it is in another type: a path's number may be a text in the body.
fn alike(value: Value) -> Vec<Value> {
    let other = match &value {
        Value::Number(number) => Some(Value::String(number.to_string())),
        Value::String(text) => text.parse::<i64>().ok().map(Value::from),
        _ => None,
    };
    [Some(value), other].into_iter().flatten().collect()
}
