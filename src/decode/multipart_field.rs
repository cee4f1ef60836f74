//! One property of a multipart body: its parts into a value, held to what its encoding says
//! (OpenAPI 3.1.1 §4.8.15).

use super::body::{BodyBreach, PartField};
use super::charset::octets;
use super::field::FieldReader;
use super::media::{Entity, Kind, read_media};
use super::multipart::Part;
use super::query::{is_list_or_unsaid, repeated};
use super::raw::{Form, item_shape, typed};
use super::style::{Escapes, list, separators, split};
use crate::spec::{At, Encoding, Header, ShapeId, Shapes, Style};
use crate::wire::{MediaType, Pointer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::borrow::Cow;

/// One property of a multipart body.
pub(super) struct Field<'f> {
    pub(super) shapes: &'f Shapes,
    pub(super) shape: Option<ShapeId>,
    pub(super) encoding: Option<&'f Encoding>,
    pub(super) name: &'f str,
}

/// What is to be told of parts beside their values.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) breaches: Vec<BodyBreach>,
    pub(super) fields: Vec<PartField>,
}

impl Field<'_> {
    /// The value of all the parts of its name.
    pub(super) fn read(&self, parts: &[Part<'_>], told: &mut Told) -> Result<Value, String> {
        let at = Pointer::root().child(self.name);
        let form = Form::of_id(self.shapes, self.shape);
        let is_list =
            form == Form::Array || parts.len() > 1 && is_list_or_unsaid(self.shapes, self.shape);
        let item = item_shape(self.shapes, self.shape);
        match parts {
            [only] if !is_list => self.one(only, self.shape, &at, told),
            [only] if self.in_one_text() => {
                let style = self.encoding.and_then(|encoding| encoding.style);
                let separators = separators(style.unwrap_or(Style::Form), Escapes::None);
                let text = only.text()?;
                let parts = split(text, separators);
                let raw = list(&parts, &|item| Ok(item.to_owned()))?;
                Ok(typed(raw, self.shapes, self.shape))
            }
            several if is_list => {
                let mut values = Vec::new();
                for (index, part) in several.iter().enumerate() {
                    values.push(self.one(part, item, &at.child(index), told)?);
                }
                match values.as_slice() {
                    // A list may come whole, as JSON.
                    [Value::Array(_)] if !Form::of_id(self.shapes, item).may_be_list() => {
                        Ok(values.remove(0))
                    }
                    _ => Ok(Value::Array(values)),
                }
            }
            several => Err(repeated(several.len())),
        }
    }

    /// Whether the encoding puts the items of a list into one text.
    fn in_one_text(&self) -> bool {
        self.encoding
            .is_some_and(|encoding| encoding.explode == Some(false))
    }

    /// One part: what isn't as documented is told of at `at`.
    pub(super) fn one(
        &self,
        part: &Part<'_>,
        shape: Option<ShapeId>,
        at: &Pointer,
        told: &mut Told,
    ) -> Result<Value, String> {
        let own = match part.field("content-type") {
            None => None,
            Some(text) => {
                let media_type = MediaType::parse(text).filter(|own| !own.is_range());
                Some(media_type.ok_or("has a Content-Type that is no media type")?)
            }
        };
        self.check_type(own.as_ref(), at, told);
        self.check_fields(part, at, told);
        let body = part.without_transfer_encoding()?;
        if shape.is_some_and(|id| self.shapes.get(id).octets) {
            return Ok(octets(&body).into());
        }
        let media_type = own.or_else(|| self.usual_type(shape));
        let Some(media_type) = media_type.filter(|own| Kind::of(own) != Kind::Multipart) else {
            // One within another is as good as a file: few servers read it (RFC 7578 §4.3).
            return Ok(octets(&body).into());
        };
        let entity = Entity::of(&media_type, &body, shape, self.shapes);
        Ok(match read_media(&entity)? {
            Some(read) => read.value,
            None => octets(&body).into(),
        })
    }

    /// What a part is that doesn't say so: what is documented, else what its schema makes it
    /// (§4.8.15.1.1).
    fn usual_type(&self, shape: Option<ShapeId>) -> Option<MediaType> {
        let types = self.encoding.map_or(&[][..], |e| &e.content_types);
        let documented = match types {
            [only] => MediaType::parse(only).filter(|only| !only.is_range()),
            _ => None,
        };
        documented.or_else(|| {
            MediaType::parse(match Form::of_id(self.shapes, shape) {
                Form::Object => "application/json",
                _ => "text/plain",
            })
        })
    }

    fn check_type(&self, own: Option<&MediaType>, at: &Pointer, told: &mut Told) {
        let types = self.encoding.map_or(&[][..], |e| &e.content_types);
        let ranges: Vec<_> = types.iter().filter_map(|t| MediaType::parse(t)).collect();
        let got = match own {
            Some(own) if ranges.iter().any(|range| range.takes_in(own)) => return,
            Some(own) => own.to_string(),
            // It is a text (RFC 7578 §4.4), which is read as what is documented where it may be that.
            None if ranges.iter().any(may_be_text) => return,
            None => "none, which is text/plain".to_owned(),
        };
        if !ranges.is_empty() {
            told.breaches.push(BodyBreach {
                pointer: at.clone(),
                rule: "contentType",
                detail: format!("must be {}, got {got}", types.join(" or ")),
            });
        }
    }

    fn check_fields(&self, part: &Part<'_>, at: &Pointer, told: &mut Told) {
        for header in self.encoding.map_or(&[][..], |e| &e.headers) {
            let name = header.name.as_str();
            let breach = |rule, detail| BodyBreach {
                pointer: at.clone(),
                rule,
                detail,
            };
            let field = part.whole_field(&name.to_ascii_lowercase());
            match (field.as_deref(), header.schema) {
                (Some(text), Some(schema)) => match self.field_value(header, schema, text) {
                    Ok(value) => told.fields.push(PartField {
                        pointer: at.clone(),
                        name: name.to_owned(),
                        schema,
                        value,
                    }),
                    Err(fault) => {
                        let detail =
                            format!("has the header field {name}, which can't be read: {fault}");
                        told.breaches.push(breach("style", detail));
                    }
                },
                (None, _) if header.required => {
                    let detail = format!("needs the header field {name} in its part");
                    told.breaches.push(breach("required", detail));
                }
                _ => {}
            }
        }
    }
}

/// Whether a body of a type, or one of a range, may be what no type is told of.
fn may_be_text(media_type: &MediaType) -> bool {
    let is_unsaid = media_type.essence() == "application/octet-stream";
    let known = media_type.concrete();
    is_unsaid || known.essence() == "multipart/mixed" || Kind::of(&known) != Kind::Opaque
}

impl Field<'_> {
    fn field_value(&self, header: &Header, schema: At, text: &str) -> Result<Value, String> {
        let shape = Some(self.shapes.of(schema));
        let reader = FieldReader::new(header.clone(), shape).ok_or("its name is none")?;
        reader.read_text(text, self.shapes).map(|read| read.value)
    }
}

impl Part<'_> {
    pub(super) fn text(&self) -> Result<&str, String> {
        std::str::from_utf8(self.body).map_err(|_| "is not UTF-8".to_owned())
    }

    /// Deprecated in forms (RFC 7578 §4.7), and at home in other multipart types.
    fn without_transfer_encoding(&self) -> Result<Cow<'_, [u8]>, String> {
        let encoding = self.field("content-transfer-encoding").unwrap_or("binary");
        match encoding.to_ascii_lowercase().as_str() {
            "7bit" | "8bit" | "binary" => Ok(self.body.into()),
            "base64" => {
                let is_text = |b: &u8| !b.is_ascii_whitespace();
                let text: Vec<u8> = self.body.iter().copied().filter(is_text).collect();
                let bytes = STANDARD.decode(text).map_err(|_| "is not base64")?;
                Ok(bytes.into())
            }
            _ => Err("has a Content-Transfer-Encoding that is not read; base64 is".to_owned()),
        }
    }
}
