use crate::spec::{At, Document, Node};
use serde_json::{Map, Value, json};

/// How deep a sample goes before optional members are left out.
const DEPTH: usize = 12;
/// How many values a sample has at most; past that it is cut short, and found invalid.
const NODES: usize = 2_000;

/// A plain value for a schema: what it gives as an example, default or choice, else the smallest
/// of its type. It is not always valid, so the caller judges it before it is sent.
pub(super) fn sample(document: &Document, schema: At) -> Value {
    let mut budget = NODES;
    of(document, document.node(schema), 0, &mut budget)
}

fn of(document: &Document, schema: Node<'_>, depth: usize, budget: &mut usize) -> Value {
    if !schema.is_object() || depth >= DEPTH || *budget == 0 {
        return Value::Null;
    }
    *budget -= 1;
    let reference = schema.get("$ref").or_else(|| schema.get("$dynamicRef"));
    if let Some(reference) = reference
        && let Some(text) = reference.text()
    {
        let target = document.follow(reference.at(), &text);
        return target.map_or(Value::Null, |at| {
            of(document, document.node(at), depth + 1, budget)
        });
    }
    for keyword in ["const", "example", "default"] {
        if let Some(value) = schema.get(keyword) {
            return value.value();
        }
    }
    for keyword in ["examples", "enum"] {
        if let Some(first) = schema.get(keyword).and_then(|list| list.item(0)) {
            return first.value();
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(first) = schema.get(keyword).and_then(|list| list.item(0)) {
            return of(document, first, depth + 1, budget);
        }
    }
    if let Some(parts) = schema.get("allOf") {
        let mut whole = Map::new();
        let count = parts.count();
        for part in parts.items() {
            match of(document, part, depth + 1, budget) {
                Value::Object(members) => whole.extend(members),
                other if count == 1 => return other,
                _ => {}
            }
        }
        whole.extend(members(document, schema, depth, budget));
        return Value::Object(whole);
    }
    let kind = schema.get("type").and_then(|kind| {
        kind.text()
            .or_else(|| kind.items().next().and_then(Node::text))
    });
    match kind.as_deref() {
        Some("string") => string(schema),
        Some("integer" | "number") => {
            let bound = |keyword: &str| schema.get(keyword).and_then(Node::as_number);
            let above = bound("exclusiveMinimum").and_then(|limit| limit.as_f64());
            let above = above.map(|limit| json!(limit.floor() as i64 + 1));
            let least = bound("minimum").map(Value::Number);
            least.or(above).unwrap_or(json!(1))
        }
        Some("boolean") => json!(true),
        Some("array") => {
            let count = whole(schema, "minItems").unwrap_or(0).min(20);
            let item = schema.get("items");
            (0..count)
                .map(|_| item.map_or(Value::Null, |item| of(document, item, depth + 1, budget)))
                .collect()
        }
        Some("null") => Value::Null,
        kind if schema.get("properties").is_some() || kind == Some("object") => {
            Value::Object(members(document, schema, depth, budget))
        }
        _ => Value::Null,
    }
}

fn members(
    document: &Document,
    schema: Node<'_>,
    depth: usize,
    budget: &mut usize,
) -> Map<String, Value> {
    let required = schema.get("required");
    let is_required = |name: &str| {
        let mut names = required.into_iter().flat_map(Node::items);
        names.any(|known| known.is_text(name))
    };
    let properties = schema.get("properties").into_iter().flat_map(Node::entries);
    let mut members = Map::new();
    for (name, schema) in properties {
        if *budget == 0 {
            break;
        }
        if depth < 3 || is_required(&name) {
            let value = of(document, schema, depth + 1, budget);
            members.insert(name.into_owned(), value);
        }
    }
    members
}

fn whole(schema: Node<'_>, keyword: &str) -> Option<usize> {
    let number = schema.get(keyword)?.as_number()?;
    number.as_u64()?.try_into().ok()
}

fn string(schema: Node<'_>) -> Value {
    let format = schema.get("format").and_then(Node::text);
    let text = match format.as_deref() {
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
    let least = whole(schema, "minLength").unwrap_or(0).min(10_000);
    let most = whole(schema, "maxLength").unwrap_or(usize::MAX);
    let text: String = text
        .chars()
        .cycle()
        .take(text.len().max(least).min(most))
        .collect();
    Value::String(text)
}
