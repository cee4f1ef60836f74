//! An object as a multipart body of its properties, or a list as one of its items: each of its own
//! media type (OpenAPI 3.1.1 §4.8.15, RFC 7578).

use super::body::bytes_of;
use super::form_body::written;
use super::multipart::{Part, boundary, frame, occurs, quoted};
use super::style::{Escapes, Written};
use super::{Encoded, Layout, Unencodable, encode_body, encode_header};
use crate::decode::{Kind, item_shape, item_shape_at, member_shape};
use crate::spec::{Encoding, ShapeId, Style, encoding_at};
use crate::wire::MediaType;
use serde_json::Value;

const TEXT: &str = "text/plain";
const OCTETS: &str = "application/octet-stream";
const JSON: &str = "application/json";
/// The name of the one field of a form that says nothing of its fields.
const ALONE: &str = "value";

/// The body, and the boundary between its parts.
pub(super) fn write(value: &Value, how: &Layout<'_>) -> Result<(Vec<u8>, String), Unencodable> {
    let is_form = how.media_type.essence() == "multipart/form-data";
    let mut parts = Vec::new();
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let encoding = how.encoding_of(name);
                let shape = member_shape(how.shapes, how.shape, name);
                let property = Property {
                    how,
                    name,
                    encoding,
                    shape,
                    is_form,
                };
                property.write(value, &mut parts)?;
            }
        }
        Value::Array(items) if !is_form => {
            for (index, item) in items.iter().enumerate() {
                let own = || item_shape_at(how.shapes, how.shape, index);
                let shape = how.item_shape.or_else(own);
                let encoding = encoding_at(how.encoding, index);
                parts.push(part(item, shape, None, encoding, how)?);
            }
        }
        Value::String(text) if how.is_example => return written_out(text),
        // What has no parts of its own is one.
        value if is_form => {
            let property = Property {
                how,
                name: ALONE,
                encoding: how.encoding_of(ALONE),
                shape: None,
                is_form,
            };
            property.write(value, &mut parts)?;
        }
        value => parts.push(part(value, None, None, encoding_at(how.encoding, 0), how)?),
    }
    let boundary = match how.media_type.parameter("boundary") {
        None => boundary(&parts),
        Some(documented) if !occurs(documented, &parts) => documented.to_owned(),
        Some(documented) => {
            let message = format!("the documented boundary {documented} occurs in a part");
            return Err(Unencodable(message));
        }
    };
    Ok((frame(&parts, &boundary), boundary))
}

/// A body that is an example as a whole: its first line names its boundary. Documents have other
/// line breaks than multipart has.
fn written_out(text: &str) -> Result<(Vec<u8>, String), Unencodable> {
    let fault = || Unencodable("this text doesn't start with a boundary".to_owned());
    let text = text.trim_start();
    let first = text.lines().next().and_then(|line| line.strip_prefix("--"));
    let is_boundary = |b: u8| b.is_ascii_alphanumeric() || b"'+_-.".contains(&b);
    let boundary = first
        .map(str::trim_end)
        .filter(|boundary| (1..=70).contains(&boundary.len()) && boundary.bytes().all(is_boundary));
    let boundary = boundary.ok_or_else(fault)?.to_owned();
    let text = match text.contains("\r\n") {
        true => text.to_owned(),
        false => text.replace('\n', "\r\n"),
    };
    Ok((text.into_bytes(), boundary))
}

/// A property of an object that is written as parts.
struct Property<'p> {
    how: &'p Layout<'p>,
    name: &'p str,
    encoding: Option<&'p Encoding>,
    shape: Option<ShapeId>,
    is_form: bool,
}

impl Property<'_> {
    fn write(&self, value: &Value, parts: &mut Vec<Part>) -> Result<(), Unencodable> {
        if let Some(written) = self.written(value) {
            for (name, text) in written.pairs(value) {
                parts.push(Part {
                    fields: vec![self.disposition(&name, false)],
                    body: text.into_bytes(),
                });
            }
            return Ok(());
        }
        match value {
            // Of no items there would be no part.
            Value::Array(items) if items.is_empty() && self.how.requires(self.name) => {
                parts.push(Part {
                    fields: vec![
                        self.disposition(self.name, false),
                        ("Content-Type".to_owned(), JSON.to_owned()),
                    ],
                    body: b"[]".to_vec(),
                });
            }
            Value::Array(items) => {
                let item = item_shape(self.how.shapes, self.shape);
                for value in items {
                    parts.push(self.part(value, item)?);
                }
            }
            // Multipart has no null: the property isn't there, or is empty where it must be.
            Value::Null if !self.how.requires(self.name) => {}
            value => parts.push(self.part(value, self.shape)?),
        }
        Ok(())
    }

    /// How the encoding of a form says that it is written, where it is nested and says so: then its
    /// media type doesn't count. An object whose properties were parts of the form's own name
    /// space couldn't be told from the form, so that it is written as JSON.
    fn written(&self, value: &Value) -> Option<Written<'_>> {
        let encoding = self.encoding.filter(|_| self.is_form)?;
        let written = written(self.name, encoding)?;
        let is_told = match value {
            Value::Array(_) => true,
            Value::Object(_) => written.style == Style::DeepObject,
            _ => false,
        };
        is_told.then_some(Written {
            escapes: Escapes::None,
            ..written
        })
    }

    fn part(&self, value: &Value, shape: Option<ShapeId>) -> Result<Part, Unencodable> {
        part(value, shape, Some(self), self.encoding, self.how)
    }

    /// What a part is called; what holds octets has the name of a file too, without which readers
    /// take it for text.
    fn disposition(&self, name: &str, is_file: bool) -> (String, String) {
        let kind = if self.is_form { "form-data" } else { "inline" };
        let name = quoted(name);
        let value = match is_file && self.is_form {
            true => format!("{kind}; name={name}; filename={name}"),
            false => format!("{kind}; name={name}"),
        };
        ("Content-Disposition".to_owned(), value)
    }
}

fn part(
    value: &Value,
    shape: Option<ShapeId>,
    property: Option<&Property<'_>>,
    encoding: Option<&Encoding>,
    how: &Layout<'_>,
) -> Result<Part, Unencodable> {
    let media_type = type_of(value, shape, encoding, how)?;
    let layout = how.within(&media_type, shape);
    let is_octets = layout.is_octets();
    let Encoded { content_type, body } = match value {
        Value::String(text) if is_octets && Kind::of(&media_type) != Kind::Opaque => Encoded {
            content_type: media_type.to_string(),
            body: bytes_of(text, &layout).into(),
        },
        value => encode_body(value, &layout)?,
    };
    let mut fields = Vec::new();
    fields.extend(property.map(|property| property.disposition(property.name, is_octets)));
    fields.push(("Content-Type".to_owned(), content_type));
    for header in encoding.map_or(&[][..], |encoding| &encoding.headers) {
        let mut examples = header.examples.iter();
        let text = examples.find_map(|value| encode_header(value, header));
        fields.extend(text.map(|text| (header.name.clone(), text)));
    }
    Ok(Part {
        fields,
        body: body.to_vec(),
    })
}

/// The media type of a part: the first that is documented, else what its value makes it
/// (§4.8.15.1.1).
fn type_of(
    value: &Value,
    shape: Option<ShapeId>,
    encoding: Option<&Encoding>,
    how: &Layout<'_>,
) -> Result<MediaType, Unencodable> {
    let types = encoding.map_or(&[][..], |encoding| &encoding.content_types);
    let types: Vec<MediaType> = types
        .iter()
        .filter_map(|name| MediaType::parse(name))
        .collect();
    let is_one = |own: &&MediaType| !own.is_range() && Kind::of(own) != Kind::Multipart;
    if let Some(own) = types.iter().find(is_one) {
        return Ok(own.clone());
    }
    let shape = shape.map(|id| how.shapes.get(id));
    let usual = match value {
        Value::Array(_) | Value::Object(_) => JSON,
        _ if shape.is_some_and(|shape| shape.octets || shape.coded) => OCTETS,
        _ => TEXT,
    };
    let known = [
        usual,
        OCTETS,
        TEXT,
        JSON,
        "image/png",
        "audio/wav",
        "application/xml",
    ];
    let mut known = known.into_iter().filter_map(MediaType::parse);
    let is_right =
        |own: &MediaType| types.is_empty() || types.iter().any(|range| range.takes_in(own));
    known.find(is_right).ok_or_else(|| {
        let names: Vec<String> = types.iter().map(ToString::to_string).collect();
        Unencodable(format!(
            "there is no way to write a part as {}",
            names.join(" or ")
        ))
    })
}
