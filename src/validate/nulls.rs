//! Nulls where `nullable` leaves room for doubt.
//!
//! Beside a `$ref` or a composition without a `type`, and where an `enum` lacks null, `nullable`
//! says nothing to those who read 3.0.4 §4.7.24.1 strictly, nor does `x-nullable` anywhere to those
//! who don't know it. Requests are judged as documents mean
//! it; what is sent in examples and samples should stand in either reading.

use super::Schemas;
use crate::spec::Node;
use serde_json::Value;

/// How deep is looked.
const DEPTH: usize = 64;

impl Schemas {
    /// Whether every null in a value, which is valid as documents mean it, is one by the strict
    /// reading as well.
    pub fn allows_nulls(&self, schema: Node<'_>, value: &Value) -> bool {
        !self.has_nullable(schema) || !has_null(value) || self.allows(schema, value, DEPTH)
    }

    fn has_nullable(&self, schema: Node<'_>) -> bool {
        self.document().vocabulary(schema.at()).has_nullable
    }

    fn allows(&self, schema: Node<'_>, value: &Value, depth: usize) -> bool {
        if depth == 0 || !has_null(value) {
            return true;
        }
        if let Some(reference) = schema.get("$ref")
            && let Some(text) = reference.text()
        {
            let target = self.document().follow(reference.at(), &text);
            let target = target.map(|at| self.document().node(at));
            return target.is_ok_and(|target| self.allows(target, value, depth - 1));
        }
        let parts = |keyword: &str| schema.get(keyword).into_iter().flat_map(Node::items);
        let allowing = |keyword: &str| {
            let allows = |part: &Node<'_>| self.allows(*part, value, depth - 1);
            parts(keyword).filter(allows).count()
        };
        let some = |keyword: &str| parts(keyword).next().is_none() || allowing(keyword) > 0;
        let composed =
            allowing("allOf") == parts("allOf").count() && some("anyOf") && some("oneOf");
        let own = match value {
            // Of a null itself nothing is left to be judged otherwise: it is one or it isn't.
            Value::Null => {
                let denied = schema.get("not");
                takes_null(schema)
                    && allowing("oneOf") <= 1
                    && denied.is_none_or(|denied| !self.allows(denied, value, depth - 1))
            }
            Value::Object(members) => members.iter().all(|(name, value)| {
                let declared = schema.get("properties").and_then(|all| all.get(name));
                let other = || schema.get("additionalProperties");
                let part = declared.or_else(other).filter(|part| part.is_object());
                part.is_none_or(|part| self.allows(part, value, depth - 1))
            }),
            Value::Array(items) => {
                let part = schema.get("items").filter(|part| part.is_object());
                let mut items = items.iter();
                part.is_none_or(|part| items.all(|item| self.allows(part, item, depth - 1)))
            }
            _ => true,
        };
        composed && own
    }
}

fn takes_null(schema: Node<'_>) -> bool {
    let names_null = |list: Node<'_>| list.items().any(Node::is_null);
    let is_chosen = schema.get("enum").is_none_or(names_null);
    let is_set = |name: &str| schema.get(name).and_then(Node::as_bool) == Some(true);
    let is_typed = schema.get("type").is_some();
    is_chosen && (!is_typed || is_set("nullable"))
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}
