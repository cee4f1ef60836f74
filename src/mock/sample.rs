use crate::wire::Pointer;
use serde_json::{Map, Value, json};

/// How deep a sample goes before optional members are left out.
const DEPTH: usize = 12;
/// How many values a sample has at most; past that it is cut short, and found invalid.
const NODES: usize = 2_000;

/// A plain value for a schema: what it gives as an example, default or choice, else the smallest
/// of its type. It is not always valid, so the caller judges it before it is sent.
pub(super) fn sample(root: &Value, schema: &Pointer) -> Value {
    let mut budget = NODES;
    of(
        root,
        schema.get(root).unwrap_or(&Value::Null),
        0,
        &mut budget,
    )
}

fn of(root: &Value, schema: &Value, depth: usize, budget: &mut usize) -> Value {
    let Some(map) = schema.as_object().filter(|_| depth < DEPTH && *budget > 0) else {
        return Value::Null;
    };
    *budget -= 1;
    if let Some(target) = map.get("$ref").and_then(Value::as_str) {
        let target = target.strip_prefix('#').and_then(Pointer::parse);
        let target = target.as_ref().and_then(|pointer| pointer.get(root));
        return of(root, target.unwrap_or(&Value::Null), depth + 1, budget);
    }
    for keyword in ["const", "example", "default"] {
        if let Some(value) = map.get(keyword) {
            return value.clone();
        }
    }
    for keyword in ["examples", "enum"] {
        if let Some(first) = map.get(keyword).and_then(|list| list.get(0)) {
            return first.clone();
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(first) = map.get(keyword).and_then(|list| list.get(0)) {
            return of(root, first, depth + 1, budget);
        }
    }
    if let Some(parts) = map.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            match of(root, part, depth + 1, budget) {
                Value::Object(members) => whole.extend(members),
                other if parts.len() == 1 => return other,
                _ => {}
            }
        }
        whole.extend(members(root, map, depth, budget));
        return Value::Object(whole);
    }
    let kind = match map.get("type") {
        Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
        kind => kind.and_then(Value::as_str),
    };
    match kind {
        Some("string") => string(map),
        Some("integer" | "number") => {
            let bound = |keyword: &str| map.get(keyword).filter(|limit| limit.is_number()).cloned();
            let above = map.get("exclusiveMinimum").and_then(Value::as_f64);
            let above = above.map(|limit| json!(limit.floor() as i64 + 1));
            bound("minimum").or(above).unwrap_or(json!(1))
        }
        Some("boolean") => json!(true),
        Some("array") => {
            let count = map
                .get("minItems")
                .and_then(Value::as_u64)
                .unwrap_or(0)
                .clamp(0, 20);
            let item = map.get("items").unwrap_or(&Value::Null);
            (0..count)
                .map(|_| of(root, item, depth + 1, budget))
                .collect()
        }
        Some("null") => Value::Null,
        _ if map.contains_key("properties") || kind == Some("object") => {
            Value::Object(members(root, map, depth, budget))
        }
        _ => Value::Null,
    }
}

fn members(
    root: &Value,
    map: &Map<String, Value>,
    depth: usize,
    budget: &mut usize,
) -> Map<String, Value> {
    let required: Vec<&str> = map
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = map.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .filter(|(name, _)| depth < 3 || required.contains(&name.as_str()))
        .map(|(name, schema)| (name.clone(), of(root, schema, depth + 1, budget)))
        .collect()
}

fn string(map: &Map<String, Value>) -> Value {
    let text = match map.get("format").and_then(Value::as_str) {
        Some("date-time") => "2024-01-15T09:00:00.000Z",
        Some("date") => "2024-01-15",
        Some("time") => "09:00:00Z",
        Some("email") => "person@example.com",
        Some("uuid") => "3f8a5c1e-7b2d-4e6f-9a0b-1c2d3e4f5a6b",
        Some("uri" | "url") => "https://example.com/",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("hostname") => "example.com",
        Some("byte") => "dGV4dA==",
        _ => "text",
    };
    let least = map
        .get("minLength")
        .and_then(Value::as_u64)
        .unwrap_or(0)
        .min(10_000) as usize;
    let most = map
        .get("maxLength")
        .and_then(Value::as_u64)
        .map_or(usize::MAX, |most| most as usize);
    let text: String = text
        .chars()
        .cycle()
        .take(text.len().max(least).min(most))
        .collect();
    Value::String(text)
}
