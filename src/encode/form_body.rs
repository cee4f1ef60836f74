//! `application/x-www-form-urlencoded`, each property written as its encoding says
//! (OpenAPI 3.1.1 §4.8.15).

use super::style::{Escapes, Written, stringified};
use super::{Layout, Unencodable, encode_body};
use crate::decode::{Kind, item_shape, member_shape};
use crate::spec::{Encoding, ShapeId, Style};
use crate::wire::MediaType;
use serde_json::Value;

pub(super) fn write(value: &Value, how: &Layout<'_>) -> Result<String, Unencodable> {
    let members = match value {
        Value::Object(members) => members,
        Value::String(text) => return Ok(text.clone()),
        Value::Null => return Ok(String::new()),
        _ => {
            let message = "a form is of names and values: this is no object";
            return Err(Unencodable(message.to_owned()));
        }
    };
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in members {
        let encoding = how.encoding_of(name);
        let shape = member_shape(how.shapes, how.shape, name);
        if let Some(written) = encoding.and_then(|encoding| written(name, encoding)) {
            pairs.extend(written.pairs(value));
            continue;
        }
        let mut add = |value: &Value, shape| {
            let text = one(value, shape, encoding, how)?;
            pairs.push((Escapes::Form.apply(name), Escapes::Form.apply(&text)));
            Ok(())
        };
        match value {
            Value::Array(items) => {
                let item = item_shape(how.shapes, shape);
                items.iter().try_for_each(|value| add(value, item))?;
            }
            // A form has no null: the property isn't there, or is empty where it must be.
            Value::Null if !how.requires(name) => {}
            value => add(value, shape)?,
        }
    }
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, text)| format!("{name}={text}"))
        .collect();
    Ok(pairs.join("&"))
}

/// How the encoding says that a property is written, where it says so: then its media type doesn't
/// count (§4.8.15.1.2).
pub(super) fn written<'n>(name: &'n str, encoding: &Encoding) -> Option<Written<'n>> {
    let says =
        encoding.style.is_some() || encoding.explode.is_some() || encoding.allow_reserved.is_some();
    let style = encoding.style.unwrap_or(Style::Form);
    says.then_some(Written {
        name,
        style,
        explode: encoding.explode.unwrap_or(style == Style::Form),
        escapes: match encoding.allow_reserved {
            Some(true) => Escapes::Reserved,
            _ => Escapes::Form,
        },
    })
}

/// One value as a text of the media type that the encoding says.
fn one(
    value: &Value,
    shape: Option<ShapeId>,
    encoding: Option<&Encoding>,
    how: &Layout<'_>,
) -> Result<String, Unencodable> {
    let types = encoding.map_or(&[][..], |encoding| &encoding.content_types);
    let documented = match types {
        [only] => MediaType::parse(only).filter(|only| !only.is_range()),
        _ => None,
    };
    let Some(media_type) = documented.filter(|own| Kind::of(own).is_text()) else {
        return Ok(stringified(value));
    };
    let encoded = encode_body(value, &how.within(&media_type, shape))?;
    let text = String::from_utf8(encoded.body.to_vec());
    text.map_err(|_| Unencodable(format!("a form is text: it can't hold {media_type}")))
}
