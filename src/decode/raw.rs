//! What a text says before its types are known, and the types that a schema gives it.

use super::parse_json;
use super::style::{Escapes, in_one, separators};
use crate::spec::{Shape, ShapeId, Shapes, Types};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What a text says before its types are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Text(String),
    List(Vec<Raw>),
    Members(Vec<(String, Raw)>),
}

/// What a value may be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text.
    Scalar,
    /// A list.
    Array,
    /// Names and values.
    Object,
    /// A text alone is a scalar; several are a list.
    ScalarOrArray,
    /// A text without a property's name is a scalar.
    ScalarOrObject,
}

impl Form {
    /// That of a shape.
    pub fn of(shape: &Shape) -> Form {
        let types = shape.types;
        let names = ["boolean", "integer", "number", "string"];
        let scalar = names.iter().any(|name| types.has(name));
        let unsaid = types.is_unsaid();
        let array = types.has("array") || unsaid && (shape.has_items() || shape.has_prefix());
        let members =
            !shape.properties.is_empty() || shape.has_additional() || shape.has_patterns();
        let object = types.has("object") || unsaid && members;
        match (scalar, array, object) {
            (true, true, _) => Form::ScalarOrArray,
            (true, false, true) => Form::ScalarOrObject,
            (false, true, _) => Form::Array,
            (false, false, true) => Form::Object,
            _ => Form::Scalar,
        }
    }

    /// That of a schema which may not be there.
    pub fn of_id(shapes: &Shapes, id: Option<ShapeId>) -> Form {
        id.map_or(Form::Scalar, |id| Form::of(shapes.get(id)))
    }

    /// Whether a list is one of them.
    pub fn may_be_list(self) -> bool {
        matches!(self, Form::Array | Form::ScalarOrArray)
    }

    /// Whether an object is one of them.
    pub fn may_be_object(self) -> bool {
        matches!(self, Form::Object | Form::ScalarOrObject)
    }
}

/// Whether a name among others is that of a member of an object: a declared property, one of a
/// pattern, or any that is nobody else's where such belong to it too. What may be a text as well
/// is an object only by what it declares.
pub(super) fn takes_name(shape: &Shape, name: &str, is_free: &dyn Fn(&str) -> bool) -> bool {
    let form = Form::of(shape);
    if shape.properties.contains_key(name) {
        return form.may_be_object();
    }
    let by_pattern = form.may_be_object() && shape.has_pattern_of(name);
    (by_pattern || form == Form::Object && shape.is_open()) && is_free(name)
}

/// The shape of a member: of the declared property, else what `patternProperties` says of its
/// name, else what `additionalProperties` says.
pub fn member_shape(shapes: &Shapes, id: Option<ShapeId>, name: &str) -> Option<ShapeId> {
    let shape = shapes.get(id?);
    let declared = shape.properties.get(name);
    declared
        .map(|property| shapes.of_property(property))
        .or_else(|| shapes.of_undeclared(shape, name))
}

/// The shape of the items of an array.
pub fn item_shape(shapes: &Shapes, id: Option<ShapeId>) -> Option<ShapeId> {
    shapes.of_items(shapes.get(id?))
}

/// The shape of one of them by its number.
pub fn item_shape_at(shapes: &Shapes, id: Option<ShapeId>, index: usize) -> Option<ShapeId> {
    shapes.of_item(shapes.get(id?), index)
}

/// The members, each named once: no two readers would agree on what a second one says.
pub(super) fn members(pairs: Vec<(String, Raw)>) -> Result<Raw, String> {
    let mut names = HashSet::new();
    for (name, _) in &pairs {
        if !names.insert(name) {
            return Err(format!("names the property `{name}` twice"));
        }
    }
    Ok(Raw::Members(pairs))
}

/// Gives the texts the types that the schema allows. A text that is of none of them stays a
/// string, so that validation can say what it should have been.
pub(super) fn typed(raw: Raw, shapes: &Shapes, id: Option<ShapeId>) -> Value {
    match raw {
        Raw::Text(text) if let Some(list) = inner_list(&text, shapes, id) => {
            typed(list, shapes, id)
        }
        Raw::Text(text) => match id.map(|id| shapes.get(id).types) {
            Some(types) => scalar(text, types),
            None => Value::String(text),
        },
        Raw::List(items) => {
            let items = items.into_iter().enumerate();
            let items =
                items.map(|(index, raw)| typed(raw, shapes, item_shape_at(shapes, id, index)));
            items.collect()
        }
        Raw::Members(members) => {
            let mut map = Map::new();
            for (name, raw) in members {
                let value = typed(raw, shapes, member_shape(shapes, id, &name));
                map.insert(name, value);
            }
            Value::Object(map)
        }
    }
}

/// The items of a list that is an item itself (Swagger 2.0, Items Object, `collectionFormat`).
fn inner_list(text: &str, shapes: &Shapes, id: Option<ShapeId>) -> Option<Raw> {
    let shape = shapes.get(id?);
    let style = shape
        .collection
        .filter(|_| Form::of(shape) == Form::Array)?;
    let separators = separators(style, Escapes::None);
    let decoded = |item: &str| Ok(item.to_owned());
    in_one(Form::Array, text, separators, false, &decoded).ok()
}

/// A text has no null of its own: where one is allowed and a string isn't, `null` and the empty
/// text are it.
fn scalar(text: String, types: Types) -> Value {
    if (types.has("integer") || types.has("number"))
        && let Some(number) = number(&text)
    {
        return number;
    }
    match text.as_str() {
        "true" if types.has("boolean") => Value::Bool(true),
        "false" if types.has("boolean") => Value::Bool(false),
        "null" | "" if types.has("null") && !types.has("string") => Value::Null,
        _ => Value::String(text),
    }
}

/// Read as JSON reads a number, so that no digit is lost on the way; the space that JSON allows
/// around one is not.
fn number(text: &str) -> Option<Value> {
    let digits = text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit());
    match digits.then(|| parse_json(text.as_bytes())) {
        Some(Ok(value @ Value::Number(_))) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_takes_the_type_that_its_schema_allows() {
        for (schema, text, value) in [
            (
                json!({"type": "integer"}),
                "9007199254740993",
                json!(9007199254740993_i64),
            ),
            (
                json!({"type": "integer"}),
                "18446744073709551615",
                json!(u64::MAX),
            ),
            (json!({"type": "number"}), "0.1", json!(0.1)),
            (json!({"type": "integer"}), " 1", json!(" 1")),
            (json!({"type": "integer"}), "1 ", json!("1 ")),
            (json!({"type": "integer"}), "+1", json!("+1")),
            (json!({"type": "integer"}), "01", json!("01")),
            (json!({"type": "integer"}), "", json!("")),
            (json!({"type": ["integer", "null"]}), "", json!(null)),
            (json!({"type": ["integer", "null"]}), "null", json!(null)),
            (json!({"type": ["string", "null"]}), "null", json!("null")),
            (json!({"type": ["string", "null"]}), "", json!("")),
            (json!({"type": "boolean"}), "true", json!(true)),
            (json!({"type": "boolean"}), "1", json!("1")),
            (json!({"type": "string"}), "1", json!("1")),
            (
                json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
                "1",
                json!(1),
            ),
            (
                json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
                "a",
                json!("a"),
            ),
            (json!({}), "1", json!("1")),
        ] {
            let (shapes, id) = Shapes::of_schema(&schema);
            let read = typed(Raw::Text(text.to_owned()), &shapes, Some(id));
            assert_eq!(read, value, "{schema} {text:?}");
        }
    }

    #[test]
    fn members_have_the_types_of_their_properties_and_others_that_of_additional_ones() {
        let schema = json!({
            "type": "object",
            "properties": {"n": {"type": "integer"}, "s": {"type": "string"}},
            "additionalProperties": {"type": "boolean"},
        });
        let (shapes, id) = Shapes::of_schema(&schema);
        let member = |name: &str, text: &str| (name.to_owned(), Raw::Text(text.to_owned()));
        let raw = Raw::Members(vec![
            member("n", "1"),
            member("s", "1"),
            member("x", "true"),
        ]);
        let value = typed(raw, &shapes, Some(id));
        assert_eq!(value, json!({"n": 1, "s": "1", "x": true}));
    }
}
