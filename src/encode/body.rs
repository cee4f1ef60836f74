use super::text::{prose, scalar};
use super::{charset, csv, form_body, multipart_body, sequence, specimen, xml_value, yaml};
use crate::decode::{Kind, Table};
use crate::spec::{Encoding, ShapeId, Shapes};
use crate::wire::{Bytes, MediaType};
use serde_json::Value;

/// What a body is to be written as, and all that the document says of how.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'l> {
    /// The media type that it is sent under; no range.
    pub media_type: &'l MediaType,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    /// The shape of the schema of each item.
    pub item_shape: Option<ShapeId>,
    /// How its properties are written, by name.
    pub encoding: &'l [(String, Encoding)],
    /// The shapes of the document.
    pub shapes: &'l Shapes,
    /// Whether somebody wrote the value, as an example or a fixture. A text that is a body of the
    /// media type already is sent as it is then; one that was made up may give way to a file of
    /// the type.
    pub is_example: bool,
}

/// A body, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Its media type, with the parameters that reading it takes.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
}

/// Why a value can't be written, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unencodable(pub(super) String);

/// Writes a value as a body of a media type.
///
/// # Errors
/// Where the media type has no form for such a value, or counterpart doesn't know it.
pub fn encode_body(value: &Value, how: &Layout<'_>) -> Result<Encoded, Unencodable> {
    let media_type = how.media_type;
    if media_type.is_range() {
        return Err(Unencodable(format!("{media_type} is no type to send")));
    }
    let of_type = |body: Vec<u8>| Encoded {
        content_type: media_type.to_string(),
        body: body.into(),
    };
    let kind = how.kind();
    if kind != Kind::Json
        && let Some(file) = specimen::in_place_of(how)
    {
        return Ok(of_type(file));
    }
    if let (Kind::Form | Kind::Csv(_), Some(text)) = (kind, how.written_out(value)) {
        return charset::apply(text.to_owned(), media_type);
    }
    let text = match kind {
        Kind::Multipart => {
            let (body, boundary) = multipart_body::write(value, how)?;
            let said = media_type.parameter("boundary").is_some();
            let content_type = match said {
                true => media_type.to_string(),
                false => format!("{media_type}; boundary={boundary}"),
            };
            let body = body.into();
            return Ok(Encoded { content_type, body });
        }
        Kind::Opaque => return Ok(of_type(octets(value, how))),
        Kind::Json => json(value),
        Kind::Form => form_body::write(value, how)?,
        Kind::Xml => xml_value::write(value, how)?,
        Kind::JsonLines => sequence::write_json(value, how),
        Kind::Events => sequence::write_events(value, how),
        Kind::Csv(separator) => csv::write(value, how, Table::of(media_type, separator))?,
        Kind::Yaml => match value {
            // A text is whatever YAML is in it.
            Value::String(text) => text.clone(),
            value => yaml::write(value),
        },
        Kind::Text => match value {
            Value::String(text) => text.clone(),
            Value::Array(_) | Value::Object(_) => prose(value, media_type),
            value => scalar(value).into_owned(),
        },
    };
    charset::apply(text, media_type)
}

impl Layout<'_> {
    pub(super) fn kind(&self) -> Kind {
        Kind::of(self.media_type)
    }

    /// The same, for what is written as another media type within.
    pub(super) fn within<'w>(
        &'w self,
        media_type: &'w MediaType,
        shape: Option<ShapeId>,
    ) -> Layout<'w> {
        Layout {
            media_type,
            shape,
            item_shape: None,
            encoding: &[],
            shapes: self.shapes,
            is_example: self.is_example,
        }
    }

    /// What the document says of how a property is written.
    pub(super) fn encoding_of(&self, name: &str) -> Option<&Encoding> {
        let found = self.encoding.iter().find(|(known, _)| known == name);
        found.map(|(_, encoding)| encoding)
    }

    /// Whether the schema requires a property.
    pub(super) fn requires(&self, name: &str) -> bool {
        let properties = self.shape.map(|id| &self.shapes.get(id).properties);
        let property = properties.and_then(|properties| properties.get(name));
        property.is_some_and(|property| property.required)
    }

    /// The text of an example, where it may be a body already.
    pub(super) fn written_out<'v>(&self, value: &'v Value) -> Option<&'v str> {
        value.as_str().filter(|_| self.is_example)
    }

    /// Whether the schema says that strings of it are octets.
    pub(super) fn is_octets(&self) -> bool {
        self.shape.is_some_and(|id| self.shapes.get(id).octets)
    }
}

/// JSON text in its shortest form.
pub(super) fn json(value: &Value) -> String {
    // A `Value` always serializes: its keys are strings. Its `Display` takes twice the time.
    serde_json::to_string(value).unwrap_or_default()
}

/// Of a type that counterpart has no form for nothing is written but what is written already, and
/// JSON: what a schema says of members and items is said of that, whatever the name of the type.
fn octets(value: &Value, how: &Layout<'_>) -> Vec<u8> {
    match value {
        Value::String(text) => bytes_of(text, how),
        Value::Null if !how.is_example => Vec::new(),
        Value::Array(_) | Value::Object(_) => json(value).into_bytes(),
        value => scalar(value).into_owned().into_bytes(),
    }
}

/// The octets that a string stands for: a character for each, as `decode` reads them, where the
/// value was made by a schema of octets. What somebody wrote is text, or a file in base64.
pub(super) fn bytes_of(text: &str, how: &Layout<'_>) -> Vec<u8> {
    if let Some(file) = specimen::in_base64(text, how) {
        return file;
    }
    let octets = text.chars().map(|c| u8::try_from(u32::from(c)).ok());
    let octets: Option<Vec<u8>> = octets.collect();
    let octets = octets.filter(|_| how.is_octets() && !how.is_example);
    octets.unwrap_or_else(|| text.as_bytes().to_vec())
}
