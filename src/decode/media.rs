//! A text of one media type into a value: which reader it has.

use super::body::{BodyBreach, PartField};
use super::charset::{self, Charset};
use super::raw::{Form, Raw, item_shape, typed};
use super::{csv, form_body, multipart_body, parse_json, sequence, xml_value};
use crate::spec::{Encoding, ShapeId, Shapes, Source};
use crate::wire::MediaType;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// What is to be read, and all that the document says of it.
#[derive(Clone, Copy)]
pub(super) struct Entity<'e> {
    pub(super) media_type: &'e MediaType,
    pub(super) bytes: &'e [u8],
    pub(super) shape: Option<ShapeId>,
    pub(super) item_shape: Option<ShapeId>,
    pub(super) encoding: &'e [(String, Encoding)],
    pub(super) shapes: &'e Shapes,
}

/// A value that was read, and what is wrong with the way it was written.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) breaches: Vec<BodyBreach>,
    /// The header fields of parts.
    pub(super) fields: Vec<PartField>,
    /// Whether it is a list of items that are each judged alone.
    pub(super) in_items: bool,
}

impl From<Value> for Read {
    fn from(value: Value) -> Read {
        Read {
            value,
            breaches: Vec::new(),
            fields: Vec::new(),
            in_items: false,
        }
    }
}

/// How bodies of a media type are written, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON, or what is built on it.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Parts between boundaries.
    Multipart,
    /// XML, or what is built on it.
    Xml,
    /// JSON texts, one to a line (or after a record separator, as RFC 7464 has it).
    JsonLines,
    /// `text/event-stream`.
    Events,
    /// Values separated by commas, or by another character.
    Csv(char),
    /// YAML.
    Yaml,
    /// Other text.
    Text,
    /// Whatever else.
    Opaque,
}

impl Kind {
    /// That of a media type.
    pub fn of(media_type: &MediaType) -> Kind {
        if media_type.is_json() {
            return Kind::Json;
        }
        let essence = media_type.essence();
        match essence {
            "application/x-www-form-urlencoded" => Kind::Form,
            "application/xml" | "text/xml" => Kind::Xml,
            "text/event-stream" => Kind::Events,
            "text/csv" | "application/csv" | "text/comma-separated-values" => Kind::Csv(','),
            "text/tab-separated-values" => Kind::Csv('\t'),
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-seq" => Kind::JsonLines,
            // A drawing (`image/svg+xml`) is a picture that no schema tells of.
            essence if essence.starts_with("image/") => Kind::Opaque,
            _ if media_type.suffix() == Some("xml") => Kind::Xml,
            _ if media_type.suffix() == Some("json-seq") => Kind::JsonLines,
            _ if media_type.suffix() == Some("yaml") => Kind::Yaml,
            // RFC 9512 §2.1, and the names that it is known by besides.
            "application/yaml"
            | "application/x-yaml"
            | "application/vnd.yaml"
            | "text/yaml"
            | "text/x-yaml"
            | "text/vnd.yaml" => Kind::Yaml,
            essence if essence.starts_with("multipart/") => Kind::Multipart,
            essence if essence.starts_with("text/") => Kind::Text,
            _ => Kind::Opaque,
        }
    }

    /// Whether no octets are a value of such a body: an empty file, text or form. Who names the media
    /// type sends that; who names none sends no body.
    pub fn may_be_empty(self) -> bool {
        matches!(self, Kind::Form | Kind::Text | Kind::Opaque)
    }

    /// Whether they are characters, of which a `charset` may tell how they are written.
    pub fn is_text(self) -> bool {
        !matches!(self, Kind::Multipart | Kind::Opaque)
    }
}

/// The charset that a media type names, or its name where it isn't known.
pub(super) fn charset_of(media_type: &MediaType) -> Result<Option<Charset>, &str> {
    match media_type.parameter("charset") {
        Some(name) if Kind::of(media_type).is_text() => Charset::named(name).map(Some).ok_or(name),
        _ => Ok(None),
    }
}

impl<'e> Entity<'e> {
    /// One of which the document says no more than its schema.
    pub(super) fn of(
        media_type: &'e MediaType,
        bytes: &'e [u8],
        shape: Option<ShapeId>,
        shapes: &'e Shapes,
    ) -> Entity<'e> {
        Entity {
            media_type,
            bytes,
            shape,
            item_shape: None,
            encoding: &[],
            shapes,
        }
    }

    /// What the document says of how a property is written.
    pub(super) fn encoding_of(&self, name: &str) -> Option<&'e Encoding> {
        let found = self.encoding.iter().find(|(known, _)| known == name);
        found.map(|(_, encoding)| encoding)
    }

    fn text(&self) -> Result<Cow<'e, str>, String> {
        let charset = charset_of(self.media_type)
            .map_err(|name| format!("is in the charset {name}, which is not read"))?;
        let charset = match charset {
            None if Kind::of(self.media_type) == Kind::Xml => charset::of_xml(self.bytes)?,
            charset => charset.unwrap_or(Charset::Utf8),
        };
        charset.decode(self.bytes)
    }
}

/// Reads a text, or says what is wrong with it as a sentence's predicate. Nothing where there is
/// no reader for its media type, or none for what the schema says of it.
pub(super) fn read_media(entity: &Entity<'_>) -> Result<Option<Read>, String> {
    let Entity { shape, shapes, .. } = *entity;
    let kind = Kind::of(entity.media_type);
    match kind {
        Kind::Opaque => return Ok(None),
        Kind::Multipart => return multipart_body::read(entity).map(Some),
        // UTF-8 (RFC 8259 §8.1), which the reader sees to itself.
        Kind::Json if entity.media_type.parameter("charset").is_none() => {
            return json(entity.bytes).map(|value| Some(value.into()));
        }
        _ => {}
    }
    let text = entity.text()?;
    let read = match kind {
        Kind::Json => json(text.as_bytes())?.into(),
        Kind::Form => form_body::read(&text, entity)?,
        Kind::Xml => xml_value::read(&text, shapes, shape)?.into(),
        Kind::JsonLines | Kind::Events => {
            let items = match kind {
                Kind::Events => {
                    let item = item_shape(shapes, shape).or(shape);
                    sequence::of_events(
                        sequence::events(&text)?,
                        shapes,
                        entity.item_shape.or(item),
                    )
                }
                _ if is_of_records(entity.media_type) => sequence::records(&text)?,
                _ => sequence::lines(&text)?,
            };
            let whole = Form::of_id(shapes, shape).may_be_list();
            Read {
                value: Value::Array(items),
                breaches: Vec::new(),
                fields: Vec::new(),
                in_items: entity.item_shape.is_some() || !whole,
            }
        }
        Kind::Csv(separator) => {
            let table = Table::of(entity.media_type, separator);
            match csv::read(&text, shapes, shape, entity.item_shape, table)? {
                Some(rows) => Read {
                    in_items: entity.item_shape.is_some(),
                    ..rows.into()
                },
                None => typed(Raw::Text(text.into_owned()), shapes, shape).into(),
            }
        }
        // What is a text itself is whatever YAML is in it.
        Kind::Yaml if !matches!(Form::of_id(shapes, shape), Form::Object | Form::Array) => {
            return Ok(None);
        }
        Kind::Yaml => yaml(&text)?.into(),
        _ => {
            let is_nested = matches!(Form::of_id(shapes, shape), Form::Object | Form::Array);
            match (is_nested, json(text.as_bytes())) {
                // What HTML says of an object or a list, no schema tells.
                (true, _) if entity.media_type.essence() != "text/plain" => return Ok(None),
                // Of plain text it is JSON, as most servers have it.
                (true, Ok(value)) => value.into(),
                _ => typed(Raw::Text(text.into_owned()), shapes, shape).into(),
            }
        }
    };
    Ok(Some(read))
}

/// Reads YAML 1.2, or says why it is none.
fn yaml(text: &str) -> Result<Value, String> {
    let source = Arc::new(Source::new("", text));
    source.parse().map_err(|error| {
        let (line, column) = source.position(&error.place);
        format!(
            "can't be read: {} (line {line}, column {column})",
            error.message
        )
    })
}

/// Whether each text has a record separator before it, as RFC 7464 has it, and isn't on a line.
pub fn is_of_records(media_type: &MediaType) -> bool {
    let essence = media_type.essence();
    essence.ends_with("/json-seq") || essence.ends_with("+json-seq")
}

/// How the rows of a table are written.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// What stands between cells.
    pub separator: char,
    /// Whether the first row isn't one of names (RFC 4180 §3), which are those of the schema then.
    pub is_headless: bool,
    /// Whether cells may stand in quotation marks: commas' may, tabs' may not
    /// (text/tab-separated-values as IANA has it).
    pub is_quoted: bool,
}

impl Table {
    /// Those of a media type.
    pub fn of(media_type: &MediaType, separator: char) -> Table {
        Table {
            separator,
            is_headless: media_type.parameter("header") == Some("absent"),
            is_quoted: separator != '\t',
        }
    }
}

/// A byte order mark before the text, which no sender may write and a reader may pass over, says
/// nothing (RFC 8259 §8.1).
pub(super) fn json(text: &[u8]) -> Result<Value, String> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    parse_json(text).map_err(|error| format!("is not JSON: {error}"))
}
