//! Values as plain text.

use super::body::json;
use crate::wire::MediaType;
use serde_json::Value;
use std::borrow::Cow;

/// A scalar as text, as which null is empty (RFC 6570 has no word for it); what is nested is JSON.
pub(super) fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(json(other)),
    }
}

/// An object or an array in a text that people read: as JSON, which most servers send there, in
/// the clothes of the type.
pub(super) fn prose(value: &Value, media_type: &MediaType) -> String {
    let pretty = || format!("{value:#}");
    match media_type.essence() {
        "text/html" => {
            let text = pretty().replace('&', "&amp;").replace('<', "&lt;");
            format!("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<pre>{text}</pre>\n")
        }
        "text/markdown" => format!("    {}\n", pretty().replace('\n', "\n    ")),
        _ => json(value),
    }
}
