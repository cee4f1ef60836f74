use super::style::{Escapes, Written};
use super::{Layout, encode_body};
use crate::decode::{Kind, ParameterReader};
use crate::spec::{Location, Shapes, Style};
use crate::wire::MediaType;
use serde_json::Value;

/// Writes a value as a parameter is declared: a segment of a path, or its part of one; pairs of a
/// query, joined by `&`; the value of a header field; pairs of a `Cookie` field. Nothing where it
/// is undefined (null, or an empty list of which each item would be a pair), or can't be written.
pub fn encode_parameter(
    value: &Value,
    reader: &ParameterReader,
    shapes: &Shapes,
) -> Option<String> {
    let declared = &reader.parameter;
    let escapes = match (declared.location, declared.style) {
        (Location::Header, _) | (Location::Cookie, Style::Cookie) => Escapes::None,
        (Location::Query, _) if declared.allow_reserved => Escapes::Reserved,
        _ => Escapes::Percent,
    };
    let written = Written {
        name: &declared.name,
        style: declared.style,
        explode: declared.explode,
        escapes,
    };
    if let Some(media_type) = &declared.media_type {
        let text = content(value, media_type, reader, shapes)?;
        let is_form = |name| MediaType::parse(name).is_some_and(|m| Kind::of(&m) == Kind::Form);
        return match declared.location {
            Location::Querystring if is_form(media_type) => Some(text),
            Location::Query | Location::Cookie => Some(format!(
                "{}={}",
                escapes.apply(&declared.name),
                escapes.apply(&text)
            )),
            _ => Some(escapes.apply(&text)),
        };
    }
    match declared.location {
        Location::Path | Location::Header | Location::Querystring => written.text(value),
        Location::Query | Location::Cookie => {
            let pairs = written.pairs(value).into_iter();
            let pairs: Vec<String> = pairs.map(|(name, text)| format!("{name}={text}")).collect();
            // Of the style `form` a list is joined as in a query, wrong as that is in a cookie
            // (OpenAPI 3.2.0 appendix D); the properties of an object are cookies of their own.
            let is_cookie = declared.location == Location::Cookie
                && (declared.style == Style::Cookie || value.is_object());
            let text = pairs.join(if is_cookie { "; " } else { "&" });
            Some(text).filter(|text| !text.is_empty())
        }
    }
}

/// The text of a parameter of `content`.
fn content(
    value: &Value,
    media_type: &str,
    reader: &ParameterReader,
    shapes: &Shapes,
) -> Option<String> {
    let media_type = MediaType::parse(media_type)?;
    let layout = Layout {
        media_type: &media_type,
        shape: reader.shape,
        item_shape: None,
        encoding: &[],
        shapes,
        is_example: true,
    };
    let encoded = encode_body(value, &layout).ok()?;
    String::from_utf8(encoded.body.to_vec()).ok()
}
