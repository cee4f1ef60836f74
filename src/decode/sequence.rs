//! Bodies that are a sequence of values: JSON lines, RFC 7464's records, server-sent events.

use super::media::json;
use super::raw::{Form, Raw, typed};
use crate::spec::{Shape, ShapeId, Shapes};
use serde_json::{Map, Value};

/// How many items a sequence may have.
const ITEMS: usize = 100_000;
/// The fields of an event that OpenAPI knows as properties.
const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// JSON texts, one to a line. An empty line is none.
pub(super) fn lines(text: &str) -> Result<Vec<Value>, String> {
    let lines = text.split('\n').enumerate();
    let named = lines.map(|(number, line)| (format!("line {}", number + 1), line));
    values(named)
}

/// JSON texts, each after a record separator (RFC 7464 §2).
pub(super) fn records(text: &str) -> Result<Vec<Value>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let Some(records) = text.strip_prefix('\u{1e}') else {
        return Err("doesn't start with a record separator, U+001E".to_owned());
    };
    let records = records.split('\u{1e}').enumerate();
    let named = records.map(|(number, record)| (format!("record {}", number + 1), record));
    values(named)
}

fn values<'t>(texts: impl Iterator<Item = (String, &'t str)>) -> Result<Vec<Value>, String> {
    let mut values = Vec::new();
    for (name, text) in texts.filter(|(_, text)| !text.trim().is_empty()) {
        let value = json(text.as_bytes())
            .map_err(|fault| format!("has a fault in {name}, which {fault}"))?;
        push(&mut values, value)?;
    }
    Ok(values)
}

/// The events of an event stream (HTML §9.2.6), as OpenAPI 3.2 has them: objects of texts, with
/// `retry` an integer. Comments and unknown fields are left out.
pub(super) fn events(text: &str) -> Result<Vec<Value>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let mut event = Map::new();
    for line in text.split('\n') {
        if line.is_empty() {
            if !event.is_empty() {
                push(&mut events, Value::Object(std::mem::take(&mut event)))?;
            }
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match (field, event.get_mut("data")) {
            ("data", Some(Value::String(data))) => {
                data.push('\n');
                data.push_str(value);
            }
            ("data" | "event" | "id", _) => {
                event.insert(field.to_owned(), value.into());
            }
            ("retry", _) if value.bytes().all(|b| b.is_ascii_digit()) => {
                if let Ok(number) = json(value.as_bytes()) {
                    event.insert(field.to_owned(), number);
                }
            }
            _ => {}
        }
    }
    if !event.is_empty() {
        // A browser would drop it; nothing that was sent goes unjudged here.
        push(&mut events, Value::Object(event))?;
    }
    Ok(events)
}

/// What events are by the schema of one: those objects themselves, or where it is a schema of
/// something else, what their data is. OpenAPI 3.2 alone says which, and earlier documents have
/// the schema of the data.
pub(super) fn of_events(events: Vec<Value>, shapes: &Shapes, id: Option<ShapeId>) -> Vec<Value> {
    let Some(shape) = id.map(|id| shapes.get(id)) else {
        return events;
    };
    let form = Form::of(shape);
    let is_event = match form {
        Form::Object => is_of_events(shape),
        _ => shape.types.is_unsaid(),
    };
    if is_event {
        let mut events = events;
        events
            .iter_mut()
            .for_each(|event| type_fields(event, shapes, shape));
        return events;
    }
    let data = events
        .into_iter()
        .map(|mut event| match event.get_mut("data").map(Value::take) {
            Some(Value::String(text)) if form == Form::Scalar => typed(Raw::Text(text), shapes, id),
            Some(Value::String(text)) => json(text.as_bytes()).unwrap_or(Value::String(text)),
            _ => event,
        });
    data.collect()
}

/// Gives the texts of an event the types that its schema declares: many documents say of `data`
/// what the JSON in it is, where OpenAPI 3.2 would have `contentSchema`.
fn type_fields(event: &mut Value, shapes: &Shapes, shape: &Shape) {
    let Some(fields) = event.as_object_mut() else {
        return;
    };
    for (name, value) in fields {
        let declared = shape.properties.get(name);
        let Some(id) = declared.map(|property| shapes.of_property(property)) else {
            continue;
        };
        let Value::String(text) = value else {
            continue;
        };
        let read = match Form::of(shapes.get(id)) {
            Form::Scalar => Some(typed(Raw::Text(std::mem::take(text)), shapes, Some(id))),
            Form::Array | Form::Object => json(text.as_bytes()).ok(),
            // What may be a text as well is JSON only where it is a list or an object.
            Form::ScalarOrArray | Form::ScalarOrObject => json(text.as_bytes())
                .ok()
                .filter(|value| value.is_object() || value.is_array()),
        };
        if let Some(read) = read {
            *value = read;
        }
    }
}

/// Whether the objects of a shape may be events: none of their properties is anything else than an
/// event's field. An `id` beside others is the data's own, and so is what a map has.
pub fn is_of_events(shape: &Shape) -> bool {
    let mut names = shape.properties.keys();
    let is_map = shape.properties.is_empty() && shape.has_additional();
    !is_map && names.all(|name| FIELDS.contains(&name.as_str()))
}

fn push(items: &mut Vec<Value>, item: Value) -> Result<(), String> {
    if items.len() >= ITEMS {
        return Err(format!("has more than {ITEMS} items"));
    }
    items.push(item);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_lines_are_read_line_by_line() {
        let read = lines("{\"a\":1}\r\n\n 2 \n\"x\"");
        assert_eq!(read, Ok(vec![json!({"a": 1}), json!(2), json!("x")]));
        assert_eq!(lines(""), Ok(vec![]));
        let fault = lines("1\n{").expect_err("not JSON");
        assert!(
            fault.starts_with("has a fault in line 2, which is not JSON"),
            "{fault}"
        );
        assert!(lines(&"1\n".repeat(ITEMS + 1)).is_err());
    }

    #[test]
    fn records_stand_each_after_their_separator() {
        assert_eq!(
            records("\u{1e}1\n\u{1e}[2\n]\n"),
            Ok(vec![json!(1), json!([2])])
        );
        assert!(records("1\u{1e}2").is_err());
        assert!(records("\u{1e}1\n2").is_err());
    }

    #[test]
    fn events_are_their_data_where_the_schema_is_one_of_that() {
        let read = |schema: Value| {
            let (shapes, id) = Shapes::of_schema(&schema);
            let read = events("event: a\ndata: {\"n\":1}\n\nid: 1\n").expect("events");
            of_events(read, &shapes, Some(id))
        };
        let event = json!({"event": "a", "data": "{\"n\":1}"});
        let id = json!({"id": "1"});
        for schema in [
            json!({}),
            json!({"type": "object", "properties": {"data": {}}}),
        ] {
            assert_eq!(read(schema), [event.clone(), id.clone()]);
        }
        let of_json =
            json!({"properties": {"data": {"type": "object"}, "id": {"type": "integer"}}});
        assert_eq!(
            read(of_json),
            [json!({"event": "a", "data": {"n": 1}}), json!({"id": 1})]
        );
        let of_data = json!({"type": "object", "properties": {"n": {}}});
        assert_eq!(read(of_data)[0], json!({"n": 1}));
        assert_eq!(read(json!({"type": "string"}))[0], json!("{\"n\":1}"));
    }

    #[test]
    fn events_are_objects_of_their_fields() {
        let read = events(
            ": hello\nid: 7\nevent: tick\ndata: a\ndata:b\nretry: 10\nx: y\n\n\ndata\r\n\r\ndata: last",
        );
        let expected = [
            json!({"id": "7", "event": "tick", "data": "a\nb", "retry": 10}),
            json!({"data": ""}),
            json!({"data": "last"}),
        ];
        assert_eq!(read, Ok(expected.to_vec()));
    }
}
