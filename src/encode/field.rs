use super::body::json;
use super::charset::ascii_json;
use super::style::{Escapes, Written};
use super::text::scalar;
use crate::spec::Header;
use crate::wire::MediaType;
use serde_json::Value;

/// Writes a value as a header field is declared: in the style `simple`, neither quoted nor
/// percent-encoded (OpenAPI 3.2.0 §4.21.1), or as the text of its media type. Nothing where it is
/// null, or where no field can carry it: none has control characters (RFC 9110 §5.5).
pub fn encode_header(value: &Value, header: &Header) -> Option<String> {
    let media_type = header.media_type.as_deref();
    let text = match media_type.and_then(MediaType::parse) {
        Some(media_type) if media_type.is_json() => ascii_json(&json(value)),
        Some(_) if !value.is_object() && !value.is_array() => scalar(value).into_owned(),
        Some(_) => return None,
        None => {
            let written = Written {
                name: &header.name,
                style: header.style,
                explode: header.explode,
                escapes: Escapes::None,
            };
            written.text(value)?
        }
    };
    let is_carried = |c: char| c == '\t' || !c.is_control();
    text.chars().all(is_carried).then_some(text)
}
