//! Sequences of values: JSON lines, RFC 7464's records, server-sent events.

use super::Layout;
use super::body::json;
use super::text::scalar;
use crate::decode::{is_of_events, is_of_records};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

/// The fields of an event that OpenAPI 3.2 knows as properties (§4.14.4).
const FIELDS: [&str; 4] = ["event", "id", "retry", "data"];

/// JSON texts, one to a line, or each after a record separator (RFC 7464 §2.2).
pub(super) fn write_json(value: &Value, how: &Layout<'_>) -> String {
    let is_json = |line: &str| serde_json::from_str::<IgnoredAny>(line).is_ok();
    if let Some(text) = how.written_out(value) {
        let mut texts = text
            .split(['\n', '\u{1e}'])
            .filter(|text| !text.trim().is_empty());
        if texts.all(is_json) {
            return text.to_owned();
        }
    }
    let start = match is_of_records(how.media_type) {
        true => "\u{1e}",
        false => "",
    };
    let lines = items(value)
        .iter()
        .map(|item| format!("{start}{}\n", json(item)));
    lines.collect()
}

/// Events: objects of nothing but an event's fields as those, other values as the data of one
/// (HTML §9.2.6).
pub(super) fn write_events(value: &Value, how: &Layout<'_>) -> String {
    if let Some(text) = how.written_out(value)
        && is_stream(text)
    {
        return text.to_owned();
    }
    let shapes = how.shapes;
    let whole = how.shape.map(|id| shapes.get(id));
    let items_of = |shape| shapes.of_items(shape).map(|id| shapes.get(id));
    let of_item = how.item_shape.map(|id| shapes.get(id));
    let of_item = of_item.or_else(|| whole.and_then(items_of)).or(whole);
    let may_be_event = of_item.is_none_or(is_of_events);
    let mut out = String::new();
    for item in items(value) {
        let event = item
            .as_object()
            .filter(|event| may_be_event && is_event(event));
        match event {
            Some(event) => {
                for (name, value) in event {
                    field(name, value, &mut out);
                }
            }
            None => field("data", item, &mut out),
        }
        out.push('\n');
    }
    out
}

fn items(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn is_event(event: &Map<String, Value>) -> bool {
    !event.is_empty() && event.keys().all(|name| FIELDS.contains(&name.as_str()))
}

/// Whether a text is a stream already: each of its lines a field, a comment, or none.
fn is_stream(text: &str) -> bool {
    let mut lines = text.lines();
    let is_line = |line: &str| {
        let name = line.split_once(':').map_or(line, |(name, _)| name);
        line.is_empty() || line.starts_with(':') || FIELDS.contains(&name)
    };
    text.contains(':') && lines.all(is_line)
}

/// A field. No line break can be in one: of data each line is a field of its own, and what would
/// be two lines of another is one.
fn field(name: &str, value: &Value, out: &mut String) {
    if value.is_null() && name != "data" {
        return;
    }
    let text = match value {
        Value::Null => "null".into(),
        value => scalar(value),
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if name != "data" {
        // An id with NUL in it is ignored (HTML §9.2.6).
        let text = text.replace(['\n', '\0'], " ");
        out.push_str(&format!("{name}: {text}\n"));
        return;
    }
    for line in text.split('\n') {
        out.push_str(&format!("data: {line}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Shapes;
    use crate::wire::MediaType;
    use serde_json::json;

    fn write(media_type: &str, value: &Value, is_example: bool) -> String {
        let (shapes, _) = Shapes::of_schema(&json!({}));
        let media_type = MediaType::parse(media_type).expect("a media type");
        let how = Layout {
            media_type: &media_type,
            shape: None,
            item_shape: None,
            encoding: &[],
            shapes: &shapes,
            is_example,
        };
        match media_type.essence() {
            "text/event-stream" => write_events(value, &how),
            _ => write_json(value, &how),
        }
    }

    #[test]
    fn each_item_has_its_line_or_record() {
        let items = json!([{"a": "x\ny"}, 2]);
        let lines = write("application/jsonl", &items, false);
        assert_eq!(lines, "{\"a\":\"x\\ny\"}\n2\n");
        let records = write("application/geo+json-seq", &items, false);
        assert_eq!(records, "\u{1e}{\"a\":\"x\\ny\"}\n\u{1e}2\n");
        assert_eq!(
            write("application/jsonl", &json!({"a": 1}), false),
            "{\"a\":1}\n"
        );
        assert_eq!(
            write("application/jsonl", &json!("1\n{}\n"), true),
            "1\n{}\n"
        );
        assert_eq!(
            write("application/jsonl", &json!("1\n{"), true),
            "\"1\\n{\"\n"
        );
        assert_eq!(write("application/jsonl", &json!([]), false), "");
    }

    #[test]
    fn events_have_their_fields_and_data_its_lines() {
        let written = write(
            "text/event-stream",
            &json!([
                {"event": "tick\ndata: x", "id": "7", "retry": 10, "data": "a\r\nb\rc\n"},
                {"data": {"n": 1}},
                {"n": 1, "data": 2},
                "text",
            ]),
            false,
        );
        assert_eq!(
            written,
            "event: tick data: x\nid: 7\nretry: 10\ndata: a\ndata: b\ndata: c\ndata: \n\n\
             data: {\"n\":1}\n\ndata: {\"n\":1,\"data\":2}\n\ndata: text\n\n"
        );
        let stream = json!(": hello\ndata: 1\n\n");
        assert_eq!(
            write("text/event-stream", &stream, true),
            ": hello\ndata: 1\n\n"
        );
        assert_eq!(
            write("text/event-stream", &json!("no: 1"), true),
            "data: no: 1\n\n"
        );
    }
}
