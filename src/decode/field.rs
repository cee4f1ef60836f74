//! Header fields of replies and of parts: the style `simple`, or the text of one media type
//! (OpenAPI 3.1.1 §4.8.21).

use super::media::{Entity, read_media};
use super::raw::{Form, Raw, typed};
use super::style::{self, Escapes, Written};
use crate::spec::{Header, ShapeId, Shapes};
use crate::wire::{HeaderMap, HeaderName, MediaType, field_text, header};
use serde_json::Value;

/// A declared header field with all that reading it takes.
#[derive(Debug)]
pub struct FieldReader {
    /// The declaration.
    pub declared: Header,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    /// Its name.
    pub name: HeaderName,
    media_type: Option<MediaType>,
}

/// What a field says.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldValue {
    /// The value.
    pub value: Value,
    /// The same as a list, where its text may be either: which it is can be told from what is
    /// valid alone.
    pub list: Option<Value>,
}

impl FieldReader {
    /// Prepares a declared field. Nothing where its name is none, or is `Content-Type`, which is
    /// told by the media type (§4.8.17).
    pub fn new(declared: Header, shape: Option<ShapeId>) -> Option<FieldReader> {
        let name = declared.name.parse().ok();
        let media_type = declared.media_type.as_deref().and_then(MediaType::parse);
        Some(FieldReader {
            shape,
            name: name.filter(|name| *name != header::CONTENT_TYPE)?,
            media_type,
            declared,
        })
    }

    /// What a message says in the field: nothing where it isn't there, and one value otherwise.
    /// Cookies that are set are apart (RFC 9110 §5.3), and several values where they are no list.
    pub fn read(&self, headers: &HeaderMap, shapes: &Shapes) -> Result<Vec<FieldValue>, String> {
        let mut texts = Vec::new();
        for value in headers.get_all(&self.name) {
            texts.push(field_text(value));
        }
        let read = |text: &str| self.read_text(text, shapes);
        match texts.as_slice() {
            [] => Ok(Vec::new()),
            cookies if self.name == header::SET_COOKIE => {
                if Form::of_id(shapes, self.shape) != Form::Array {
                    return cookies.iter().map(|text| read(text)).collect();
                }
                let items = cookies.iter().map(|text| Raw::Text(text.to_string()));
                let value = typed(Raw::List(items.collect()), shapes, self.shape);
                Ok(vec![FieldValue { value, list: None }])
            }
            [only] => read(only).map(|value| vec![value]),
            // Fields of one name are one comma-separated list (RFC 9110 §5.3).
            several => read(&several.join(",")).map(|value| vec![value]),
        }
    }

    /// What a text says as this field.
    pub(super) fn read_text(&self, text: &str, shapes: &Shapes) -> Result<FieldValue, String> {
        if let Some(media_type) = &self.media_type {
            let entity = Entity::of(media_type, text.as_bytes(), self.shape, shapes);
            let read = read_media(&entity)?.map(|read| read.value);
            let as_text = || typed(Raw::Text(text.to_owned()), shapes, self.shape);
            return Ok(FieldValue {
                value: read.unwrap_or_else(as_text),
                list: None,
            });
        }
        let written = Written {
            name: &self.declared.name,
            style: self.declared.style,
            explode: self.declared.explode,
            allow_reserved: false,
        };
        let form = Form::of_id(shapes, self.shape);
        let raw = style::read(written, form, text, Escapes::None)?;
        let list = match &raw {
            Raw::Text(text) if form == Form::ScalarOrArray => {
                let items = Some(text).filter(|text| !text.is_empty());
                Some(Raw::List(
                    items.cloned().map(Raw::Text).into_iter().collect(),
                ))
            }
            _ => None,
        };
        Ok(FieldValue {
            value: typed(raw, shapes, self.shape),
            list: list.map(|list| typed(list, shapes, self.shape)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Style;
    use crate::wire::HeaderValue;
    use serde_json::json;

    fn read(
        name: &str,
        schema: &Value,
        media_type: Option<&str>,
        texts: &[&str],
    ) -> Result<Vec<Value>, String> {
        let (shapes, id) = Shapes::of_schema(schema);
        let declared = Header {
            name: name.to_owned(),
            required: false,
            style: Style::Simple,
            explode: true,
            media_type: media_type.map(str::to_owned),
            schema: None,
            examples: Vec::new(),
            at: Default::default(),
        };
        let reader = FieldReader::new(declared, Some(id)).expect("a field");
        let mut headers = HeaderMap::new();
        for text in texts {
            let text = HeaderValue::from_str(text).expect("a value");
            headers.append(&reader.name, text);
        }
        let values = reader.read(&headers, &shapes)?;
        Ok(values.into_iter().map(|value| value.value).collect())
    }

    #[test]
    fn fields_are_values_of_their_schema() {
        let list = json!({"type": "array", "items": {"type": "integer"}});
        let object = json!({"type": "object", "properties": {"a": {"type": "integer"}}});
        let text = json!({"type": "string"});
        for (name, schema, media_type, texts, values) in [
            (
                "X",
                &json!({"type": "integer"}),
                None,
                &["5"][..],
                vec![json!(5)],
            ),
            ("X", &list, None, &["1, 2", "3"], vec![json!([1, 2, 3])]),
            ("X", &object, None, &["a=1"], vec![json!({"a": 1})]),
            (
                "X",
                &object,
                Some("application/json"),
                &["{\"a\": 1}"],
                vec![json!({"a": 1})],
            ),
            ("X", &text, Some("text/plain"), &["a,b"], vec![json!("a,b")]),
            (
                "Set-Cookie",
                &text,
                None,
                &["a=1, 2", "b=2"],
                vec![json!("a=1, 2"), json!("b=2")],
            ),
            ("Set-Cookie", &list, None, &["1", "2"], vec![json!([1, 2])]),
            ("X", &text, None, &[], vec![]),
        ] {
            assert_eq!(
                read(name, schema, media_type, texts),
                Ok(values),
                "{name} {texts:?}"
            );
        }
        assert!(read("X", &object, Some("application/json"), &["{"]).is_err());
    }

    #[test]
    fn a_content_type_is_told_by_the_media_type() {
        let (shapes, id) = Shapes::of_schema(&json!({}));
        let declared = |name: &str| Header {
            name: name.to_owned(),
            required: true,
            style: Style::Simple,
            explode: false,
            media_type: None,
            schema: None,
            examples: Vec::new(),
            at: Default::default(),
        };
        assert!(FieldReader::new(declared("content-type"), Some(id)).is_none());
        assert!(FieldReader::new(declared("no name"), Some(id)).is_none());
        let either = json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {}}]});
        let (either, id) = Shapes::of_schema(&either);
        let reader = FieldReader::new(declared("X"), Some(id)).expect("a field");
        let list = reader.read_text("a", &either).map(|read| read.list);
        assert_eq!(list, Ok(Some(json!(["a"]))));
        drop(shapes);
    }
}
