mod filter;
mod frame;
mod link;
mod order;
mod place;
mod roles;

use super::*;
use crate::decode::ParameterReader;
use crate::spec::{Location, Parameter, Shapes, Style};
use serde_json::{Value, json};

/// The paging of an operation that takes these parameters, an object being a deepObject, and
/// lists items of these properties.
fn paging(query: Value, item: Value) -> Paging {
    let schema = json!({"properties": {
        "query": {"properties": query},
        "item": {"properties": item},
    }});
    let (shapes, root) = Shapes::of_schema(&schema);
    let inner = |name: &str| shapes.of_property(&shapes.get(root).properties[name]);
    let declared = &shapes.get(inner("query")).properties;
    let readers: Vec<ParameterReader> = declared
        .iter()
        .map(|(name, property)| {
            let id = shapes.of_property(property);
            let is_object = shapes.get(id).types.has("object");
            let parameter = Parameter {
                name: name.clone(),
                location: Location::Query,
                required: false,
                style: if is_object {
                    Style::DeepObject
                } else {
                    Style::Form
                },
                explode: true,
                allow_reserved: false,
                allow_empty: false,
                media_type: None,
                schema: None,
                examples: Vec::new(),
                at: shapes.document().root().at(),
            };
            ParameterReader::new(parameter, Some(id))
        })
        .collect();
    Paging::of(&readers, &shapes, Some(inner("item")), None)
}

fn integer() -> Value {
    json!({"type": "integer"})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn keyed(items: &[Value]) -> impl Iterator<Item = (&str, &Value)> {
    items
        .iter()
        .map(|item| (item["id"].as_str().expect("an id"), item))
}

/// So many items `i0`, `i1` and so on.
fn numbered(count: usize) -> Vec<Value> {
    let item = |number| json!({"id": format!("i{number}"), "n": number});
    (0..count).map(item).collect()
}

fn page<'i>(paging: &Paging, items: &'i [Value], query: Value) -> Page<'i> {
    let query = query.as_object().cloned().unwrap_or_default();
    let known = paging.page(keyed(items), Some(items.len()), &query);
    let unknown = paging.page(keyed(items), None, &query);
    let known = known.expect("a page");
    assert_eq!(
        Ok(&known),
        unknown.as_ref().map_err(|violation| &violation.detail)
    );
    known
}

fn shown(paging: &Paging, items: &[Value], query: Value) -> String {
    let page = page(paging, items, query);
    let keys: Vec<&str> = page.items.iter().map(|(key, _)| *key).collect();
    keys.join(" ")
}
