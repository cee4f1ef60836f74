//! Where schemas stand in an OpenAPI document.

use serde_json::{Map, Value};

/// Calls `visit` on every schema object of a document, parents before children: those of
/// components, parameters, headers, bodies, responses and callbacks, and the schemas within.
/// What stands in examples, extensions, `enum`, `const` and `default` is data and is left alone.
pub fn visit_schemas(document: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    let Some(root) = document.as_object_mut() else {
        return;
    };
    for members in ["paths", "webhooks"] {
        each_member(root.get_mut(members), |item| path_item(item, visit));
    }
    let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) else {
        return;
    };
    each_member(components.get_mut("schemas"), |value| schema(value, visit));
    each_member(components.get_mut("parameters"), |value| {
        holder(value, visit)
    });
    each_member(components.get_mut("headers"), |value| holder(value, visit));
    each_member(components.get_mut("requestBodies"), |value| {
        content(value, visit)
    });
    each_member(components.get_mut("responses"), |value| {
        response(value, visit)
    });
    each_member(components.get_mut("pathItems"), |value| {
        path_item(value, visit)
    });
    each_member(components.get_mut("callbacks"), |value| {
        each_member(Some(value), |item| path_item(item, visit))
    });
}

type Visit<'v> = &'v mut dyn FnMut(&mut Map<String, Value>);

fn path_item(item: &mut Value, visit: Visit<'_>) {
    each_item(item.get_mut("parameters"), |value| holder(value, visit));
    each_member(Some(item), |operation| {
        each_item(operation.get_mut("parameters"), |value| {
            holder(value, visit)
        });
        if let Some(body) = operation.get_mut("requestBody") {
            content(body, visit);
        }
        each_member(operation.get_mut("responses"), |value| {
            response(value, visit)
        });
        each_member(operation.get_mut("callbacks"), |callback| {
            each_member(Some(callback), |item| path_item(item, visit))
        });
    });
}

fn response(value: &mut Value, visit: Visit<'_>) {
    each_member(value.get_mut("headers"), |header| holder(header, visit));
    content(value, visit);
}

/// Anything that has a `schema` or a `content`: parameters and headers.
fn holder(value: &mut Value, visit: Visit<'_>) {
    if let Some(value) = value.get_mut("schema") {
        schema(value, visit);
    }
    content(value, visit);
}

fn content(value: &mut Value, visit: Visit<'_>) {
    each_member(value.get_mut("content"), |media_type| {
        if let Some(value) = media_type.get_mut("schema") {
            schema(value, visit);
        }
        each_member(media_type.get_mut("encoding"), |encoding| {
            each_member(encoding.get_mut("headers"), |header| holder(header, visit))
        });
    });
}

fn schema(value: &mut Value, visit: Visit<'_>) {
    let Some(map) = value.as_object_mut() else {
        return;
    };
    visit(map);
    for (keyword, value) in map.iter_mut() {
        match keyword.as_str() {
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => {
                each_member(Some(value), |value| schema(value, visit))
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                each_item(Some(value), |value| schema(value, visit))
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => schema(value, visit),
            _ => {}
        }
    }
}

fn each_member(value: Option<&mut Value>, mut visit: impl FnMut(&mut Value)) {
    if let Some(map) = value.and_then(Value::as_object_mut) {
        map.values_mut().for_each(&mut visit);
    }
}

fn each_item(value: Option<&mut Value>, mut visit: impl FnMut(&mut Value)) {
    if let Some(items) = value.and_then(Value::as_array_mut) {
        items.iter_mut().for_each(&mut visit);
    }
}
