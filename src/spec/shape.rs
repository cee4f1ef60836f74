//! What a schema says of the *form* of a value: which types, which properties, in which order.
//! Whether a value is valid is for the compiled schema to say; a shape tells how to read text
//! as the right type, what an update may touch, and what a reply shows.

use crate::wire::{Pointer, decode_percent};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Names a shape in its [`Shapes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShapeId(usize);

/// The shapes of a document, each built once; recursive schemas are loops of ids.
#[derive(Debug, Default)]
pub struct Shapes {
    shapes: Vec<Shape>,
    by_pointer: HashMap<Pointer, ShapeId>,
}

/// The form of one schema, with what it takes in by `$ref`, `allOf`, `anyOf`, `oneOf`
/// and `if`/`then`/`else`.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// The types it allows; none where it doesn't say.
    pub types: Types,
    /// The declared properties, in document order.
    pub properties: IndexMap<String, Property>,
    /// The items of an array.
    pub items: Option<ShapeId>,
    /// The default value.
    pub default: Option<Value>,
    /// Whether it is sent by the server alone.
    pub read_only: bool,
    /// Whether it is sent by the client alone.
    pub write_only: bool,
    says_open: bool,
    says_closed: bool,
}

/// A declared property.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its shape.
    pub shape: ShapeId,
    /// Whether the schema requires it.
    pub required: bool,
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Types(u8);

impl Types {
    const NAMES: [&'static str; 7] = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ];

    /// Whether the schema says nothing of the type.
    pub fn is_unsaid(self) -> bool {
        self.0 == 0
    }

    /// Whether a type of this name is among them.
    pub fn has(self, name: &str) -> bool {
        Types::NAMES
            .iter()
            .position(|known| *known == name)
            .is_some_and(|bit| self.0 & (1 << bit) != 0)
    }

    fn add(&mut self, name: &str) {
        if let Some(bit) = Types::NAMES.iter().position(|known| *known == name) {
            self.0 |= 1 << bit;
        }
    }
}

impl Shape {
    /// Whether undeclared properties belong to it: it says so (`additionalProperties`,
    /// `patternProperties`), or it declares none and doesn't forbid them, as a free-form map does.
    pub fn is_open(&self) -> bool {
        !self.says_closed && (self.says_open || self.properties.is_empty())
    }
}

impl Shapes {
    /// The shape of an id that these shapes gave.
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0]
    }

    /// The shape of the schema at `pointer`, with everything that it reaches.
    pub fn of(&mut self, root: &Value, pointer: &Pointer) -> ShapeId {
        if let Some(id) = self.by_pointer.get(pointer) {
            return *id;
        }
        let id = ShapeId(self.shapes.len());
        self.shapes.push(Shape::default());
        // Known before it is built: a schema may reach itself.
        self.by_pointer.insert(pointer.clone(), id);
        let mut shape = Shape::default();
        self.absorb(root, pointer, &mut shape, &mut Vec::new());
        self.shapes[id.0] = shape;
        id
    }

    fn absorb(&mut self, root: &Value, at: &Pointer, shape: &mut Shape, seen: &mut Vec<Pointer>) {
        if seen.contains(at) {
            return;
        }
        seen.push(at.clone());
        let Some(schema) = at.get(root).and_then(Value::as_object) else {
            return;
        };
        if let Some(target) = reference(schema) {
            self.absorb(root, &target, shape, seen);
        }
        match schema.get("type") {
            Some(Value::String(name)) => shape.types.add(name),
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(Value::as_str)
                .for_each(|name| shape.types.add(name)),
            _ => {}
        }
        if let Some(default) = schema.get("default") {
            shape.default.get_or_insert_with(|| default.clone());
        }
        shape.read_only |= schema.get("readOnly") == Some(&Value::Bool(true));
        shape.write_only |= schema.get("writeOnly") == Some(&Value::Bool(true));
        self.absorb_object(root, schema, at, shape);
        if schema.get("items").is_some_and(Value::is_object) && shape.items.is_none() {
            shape.items = Some(self.of(root, &at.child("items")));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let count = schema
                .get(keyword)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            for index in 0..count {
                self.absorb(root, &at.child(keyword).child(index), shape, seen);
            }
        }
        for keyword in ["then", "else"] {
            if schema.contains_key(keyword) {
                self.absorb(root, &at.child(keyword), shape, seen);
            }
        }
    }

    fn absorb_object(
        &mut self,
        root: &Value,
        schema: &Map<String, Value>,
        at: &Pointer,
        shape: &mut Shape,
    ) {
        let properties = schema.get("properties").and_then(Value::as_object);
        for name in properties.into_iter().flat_map(Map::keys) {
            if !shape.properties.contains_key(name) {
                let property = Property {
                    shape: self.of(root, &at.child("properties").child(name)),
                    required: false,
                };
                shape.properties.insert(name.clone(), property);
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if let Some(property) = shape.properties.get_mut(name) {
                property.required = true;
            }
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => shape.says_closed = true,
            Some(_) => shape.says_open = true,
            None => {}
        }
        shape.says_open |= schema.contains_key("patternProperties");
    }
}

/// Where a schema's `$ref` leads within the document.
pub(super) fn reference(schema: &Map<String, Value>) -> Option<Pointer> {
    let fragment = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    Pointer::parse(&decode_percent(fragment).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_shape_takes_in_what_it_is_composed_of() {
        let root = json!({
            "base": {"type": "object", "properties": {"id": {"type": "string", "readOnly": true}}},
            "node": {"allOf": [
                {"$ref": "#/base"},
                {"properties": {"next": {"$ref": "#/node"}, "any": {"type": "object"}}, "required": ["next"]},
            ]},
        });
        let mut shapes = Shapes::default();
        let node = shapes.of(&root, &Pointer::root().child("node"));
        let shape = shapes.get(node).clone();
        assert_eq!(
            shape.properties.keys().collect::<Vec<_>>(),
            ["id", "next", "any"]
        );
        assert!(shapes.get(shape.properties["id"].shape).read_only);
        assert!(shape.properties["next"].required && !shape.is_open());
        let next = shapes.get(shape.properties["next"].shape);
        assert!(
            next.properties.contains_key("any"),
            "a loop is followed once"
        );
        assert!(shapes.get(shape.properties["any"].shape).is_open());
    }
}
