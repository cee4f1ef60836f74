//! OpenAPI 3.0 schemas into JSON Schema 2020-12, in place, so that pointers stay true.

use serde_json::{Map, Value, json};

/// Rewrites one schema object of a 3.0 document (OpenAPI 3.0.4 §4.7.24).
pub(super) fn lift(schema: &mut Map<String, Value>) {
    if schema.contains_key("$ref") {
        // Siblings of a Reference Object are ignored (§4.7.23).
        schema.retain(|keyword, _| keyword == "$ref");
        return;
    }
    let nullable = schema.shift_remove("nullable") == Some(Value::Bool(true));
    if nullable && let Some(Value::String(name)) = schema.get("type") {
        // `nullable` counts only beside a `type` (§4.7.24.1).
        let types = json!([name, "null"]);
        schema.insert("type".to_owned(), types);
    }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_and_exclusive_bounds_become_those_of_2020_12() {
        let cases = [
            (
                json!({"type": "string", "nullable": true}),
                json!({"type": ["string", "null"]}),
            ),
            (json!({"nullable": true}), json!({})),
            (
                json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
                json!({"type": "number", "exclusiveMinimum": 0}),
            ),
            (
                json!({"$ref": "#/components/schemas/X", "maxLength": 3}),
                json!({"$ref": "#/components/schemas/X"}),
            ),
        ];
        for (mut given, lifted) in cases {
            lift(given.as_object_mut().expect("an object"));
            assert_eq!(given, lifted);
        }
    }
}
