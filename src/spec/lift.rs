//! Schemas of other versions into JSON Schema 2020-12, keyword by keyword, so that pointers stay
//! true: 2.0 and 3.0 are after draft 4, and files of their own say their draft in `$schema`.

use super::dialect::Dialect;
use super::tree::Node;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// How the schemas of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vocabulary {
    /// What stands beside a `$ref` has no meaning (OpenAPI 3.0.4 §4.7.23; JSON Schema to draft 7).
    pub refs_stand_alone: bool,
    /// `nullable` has a meaning.
    pub has_nullable: bool,
    /// Lists under `items`, boolean bounds, `dependencies`.
    pub is_old: bool,
    /// Keywords of later drafts than the one that the file names: they say nothing in it.
    pub unknown: &'static [&'static str],
}

/// What draft 2020-12 brought.
const OF_2020: [&str; 1] = ["prefixItems"];
/// What it brought, and 2019-09 before it.
const SINCE_2019: [&str; 9] = [
    "prefixItems",
    "dependentRequired",
    "dependentSchemas",
    "maxContains",
    "minContains",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$anchor",
    "$dynamicRef",
];

/// The dialect that a file, or a schema, names.
fn draft(root: Node<'_>) -> Cow<'_, str> {
    let written = root
        .get("$schema")
        .or_else(|| root.get("jsonSchemaDialect"));
    written.and_then(Node::text).unwrap_or_default()
}

fn is_before_2019(draft: &str) -> bool {
    let drafts = ["draft-04", "draft-06", "draft-07"];
    drafts.iter().any(|name| draft.contains(name))
}

/// Whether nothing that stands beside a `$ref` counts in a file, not even an `$id`.
pub(super) fn refs_stand_alone(root: Node<'_>) -> bool {
    is_before_2019(&draft(root))
}

impl Vocabulary {
    /// That of a file, given its root.
    pub(super) fn of(dialect: Dialect, root: Node<'_>) -> Vocabulary {
        let is_openapi = dialect < Dialect::V31;
        let draft = draft(root);
        let is_before_2019 = is_before_2019(&draft);
        let is_2019 = draft.contains("2019-09");
        Vocabulary {
            refs_stand_alone: is_openapi || is_before_2019,
            has_nullable: is_openapi,
            is_old: is_openapi || is_before_2019 || is_2019,
            unknown: match (is_before_2019, is_2019) {
                (true, _) => &SINCE_2019,
                (_, true) => &OF_2020,
                _ => &[],
            },
        }
    }

    /// Whether a schema says that null is one of its values: `nullable`, and what 2.0's documents
    /// write for it.
    pub fn takes_null(self, schema: Node<'_>) -> bool {
        let says = |name: &str| schema.get(name).and_then(Node::as_bool) == Some(true);
        self.has_nullable && (says("nullable") || says("x-nullable"))
    }

    /// Rewrites one schema object, in which the schemas within are rewritten already.
    pub fn lift(self, schema: &mut Map<String, Value>) {
        // A `required` that isn't a list is a parameter's, or draft 3's: it demands nothing here.
        if schema
            .get("required")
            .is_some_and(|names| !names.is_array())
        {
            schema.shift_remove("required");
        }
        for keyword in self.unknown {
            schema.shift_remove(*keyword);
        }
        // A boolean has no other meaning, so a document of 3.1 that was 3.0 is understood too.
        for (flag, bound) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            match schema.get(flag) {
                Some(Value::Bool(true)) => {
                    schema.shift_remove(flag);
                    if let Some(limit) = schema.shift_remove(bound) {
                        schema.insert(flag.to_owned(), limit);
                    }
                }
                Some(Value::Bool(false)) => {
                    schema.shift_remove(flag);
                }
                _ => {}
            }
        }
        if !self.is_old {
            return;
        }
        if schema.get("items").is_some_and(Value::is_array)
            && let Some(items) = schema.shift_remove("items")
        {
            schema.insert("prefixItems".to_owned(), items);
            if let Some(others) = schema.shift_remove("additionalItems") {
                schema.insert("items".to_owned(), others);
            }
        }
        schema.shift_remove("additionalItems");
        if let Some(Value::Object(dependencies)) = schema.shift_remove("dependencies") {
            let (names, schemas): (Map<_, _>, Map<_, _>) = dependencies
                .into_iter()
                .partition(|(_, needed)| needed.is_array());
            if !names.is_empty() {
                schema.insert("dependentRequired".to_owned(), Value::Object(names));
            }
            if !schemas.is_empty() {
                schema.insert("dependentSchemas".to_owned(), Value::Object(schemas));
            }
        }
        match schema.get("type") {
            // 2.0's type of what is uploaded: any text.
            Some(Value::String(name)) if name == "file" => {
                schema.shift_remove("type");
            }
            // Drafts of old had a type of everything.
            Some(Value::String(name)) if name == "any" => {
                schema.shift_remove("type");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_written_otherwise_becomes_that_of_2020_12() {
        let old = Vocabulary {
            refs_stand_alone: true,
            has_nullable: true,
            is_old: true,
            unknown: &[],
        };
        let cases = [
            (
                json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
                json!({"type": "number", "exclusiveMinimum": 0}),
            ),
            (
                json!({"maximum": 9, "exclusiveMaximum": false}),
                json!({"maximum": 9}),
            ),
            (
                json!({"items": [{}, {}], "additionalItems": false}),
                json!({"prefixItems": [{}, {}], "items": false}),
            ),
            (
                json!({"dependencies": {"a": ["b"], "c": {"minProperties": 2}}}),
                json!({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"minProperties": 2}}}),
            ),
            (json!({"type": "file", "required": true}), json!({})),
        ];
        for (mut given, lifted) in cases {
            old.lift(given.as_object_mut().expect("an object"));
            assert_eq!(given, lifted);
        }
    }
}
