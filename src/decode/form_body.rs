//! `application/x-www-form-urlencoded`, each property written as its encoding says
//! (OpenAPI 3.1.1 §4.8.15).

use super::body::BodyBreach;
use super::media::{Entity, Kind, Read, json, read_media};
use super::query::{Query, form_decode, is_list_or_unsaid, repeated};
use super::raw::{Form, Raw, item_shape, member_shape, takes_name, typed};
use super::style::Written;
use crate::spec::{Encoding, ShapeId, Shapes, Style};
use crate::wire::{MediaType, Pointer, decode_percent};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Reserved characters (RFC 3986 §2.2) but the plus sign, which is a form's space.
const RESERVED: &str = ":/?#[]@!$&'()*,;=";

/// The form as an object of its properties. A field that can't be read is an error; one that isn't
/// written as documented is a breach.
pub(super) fn read(text: &str, entity: &Entity<'_>) -> Result<Read, String> {
    let Entity { shape, shapes, .. } = *entity;
    let query = Query::parse(text);
    if let Some((name, fault)) = query.faults.first() {
        return Err(format!(
            "has the field `{name}`, which can't be read: {fault}"
        ));
    }
    let properties = shape.map(|id| &shapes.get(id).properties);
    let declared = |name: &str| properties.is_some_and(|known| known.contains_key(name));
    let mut form = Map::new();
    let mut breaches = Vec::new();
    let mut taken: HashSet<&str> = HashSet::new();
    for (name, property) in properties.into_iter().flatten() {
        let field = Field {
            entity,
            query: &query,
            name,
            shape: Some(shapes.of_property(property)),
            encoding: entity.encoding_of(name),
        };
        let is_free = |name: &str| !declared(name);
        if let Some(value) = field.read(&is_free).map_err(|fault| named(name, &fault))? {
            form.insert(name.clone(), value);
            breaches.extend(field.unescaped());
            let inner = query.pairs().map(|(key, _)| key);
            taken.extend(inner.filter(|key| field.takes(key, &is_free)));
        }
    }
    for (name, _) in query.pairs() {
        if declared(name) || taken.contains(name) || form.contains_key(name) {
            continue;
        }
        let field = Field {
            entity,
            query: &query,
            name,
            shape: member_shape(shapes, shape, name),
            encoding: entity.encoding_of(name),
        };
        if let Some(value) = field
            .read(&|_| false)
            .map_err(|fault| named(name, &fault))?
        {
            form.insert(name.to_owned(), value);
            breaches.extend(field.unescaped());
        }
    }
    Ok(Read {
        breaches,
        ..Value::Object(form).into()
    })
}

fn named(name: &str, fault: &str) -> String {
    format!("has a fault in the field `{name}`, which {fault}")
}

/// One property of a form.
struct Field<'f> {
    entity: &'f Entity<'f>,
    query: &'f Query<'f>,
    name: &'f str,
    shape: Option<ShapeId>,
    encoding: Option<&'f Encoding>,
}

impl Field<'_> {
    fn read(&self, is_free: &dyn Fn(&str) -> bool) -> Result<Option<Value>, String> {
        let shapes = self.entity.shapes;
        if let Some(written) = self.written() {
            let raw = self.query.read(written, shapes, self.shape, is_free)?;
            return Ok(raw.map(|raw| typed(raw, shapes, self.shape)));
        }
        let values = self.query.values(self.name);
        if values.is_empty() {
            // No encoding says so, and it is how most clients send what is nested.
            let nested = Written {
                name: self.name,
                style: Style::DeepObject,
                explode: true,
                allow_reserved: false,
            };
            let raw = self.query.read(nested, shapes, self.shape, is_free)?;
            return Ok(raw.map(|raw| typed(raw, shapes, self.shape)));
        }
        let form = Form::of_id(shapes, self.shape);
        let is_list =
            form == Form::Array || values.len() > 1 && is_list_or_unsaid(shapes, self.shape);
        match values.as_slice() {
            several if is_list => {
                let item = item_shape(shapes, self.shape);
                let items = several.iter().map(|value| self.one(value, item));
                items.collect::<Result<_, _>>().map(Value::Array).map(Some)
            }
            [only] => self.one(only, self.shape).map(Some),
            several => Err(repeated(several.len())),
        }
    }

    /// A reserved character that stands as it is where the encoding says that none does. Between
    /// the items of a list and the members of an object some do.
    fn unescaped(&self) -> Option<BodyBreach> {
        let escapes = self.encoding?.allow_reserved == Some(false);
        if !escapes || Form::of_id(self.entity.shapes, self.shape) != Form::Scalar {
            return None;
        }
        let values = self.query.values(self.name);
        let mut characters = values.into_iter().flat_map(str::chars);
        let reserved = characters.find(|character| RESERVED.contains(*character))?;
        Some(BodyBreach {
            pointer: Pointer::root().child(self.name),
            rule: "allowReserved",
            detail: format!("needs its reserved characters percent-encoded, and has `{reserved}`"),
        })
    }

    /// How the encoding says that it is written, where it says so: then its media type doesn't
    /// count (§4.8.15.1.2).
    fn written(&self) -> Option<Written<'_>> {
        let encoding = self.encoding?;
        let says = encoding.style.is_some()
            || encoding.explode.is_some()
            || encoding.allow_reserved.is_some();
        let style = encoding.style.unwrap_or(Style::Form);
        says.then_some(Written {
            name: self.name,
            style,
            explode: encoding.explode.unwrap_or(style == Style::Form),
            allow_reserved: encoding.allow_reserved == Some(true),
        })
    }

    /// One value, of the media type that the encoding says; an object is JSON where it doesn't
    /// (§4.8.15.1.1).
    fn one(&self, value: &str, shape: Option<ShapeId>) -> Result<Value, String> {
        let text = match self
            .encoding
            .is_some_and(|encoding| encoding.allow_reserved == Some(true))
        {
            true => decode_percent(value)?,
            false => form_decode(value)?,
        };
        let shapes = self.entity.shapes;
        let types = self
            .encoding
            .map_or(&[][..], |encoding| &encoding.content_types);
        let documented = types.first().and_then(|name| MediaType::parse(name));
        if let Some(media_type) = documented.filter(|_| types.len() == 1)
            && Kind::of(&media_type) != Kind::Multipart
        {
            let inner = Entity::of(&media_type, text.as_bytes(), shape, shapes);
            if let Some(read) = read_media(&inner)? {
                return Ok(read.value);
            }
        } else if is_nested(shapes, shape) {
            return json(text.as_bytes());
        }
        Ok(typed(Raw::Text(text), shapes, shape))
    }

    /// Whether a name of the form is part of this property.
    fn takes(&self, key: &str, is_free: &dyn Fn(&str) -> bool) -> bool {
        let nests = match self.written() {
            Some(written) => written.style == Style::DeepObject,
            None => self.query.values(self.name).is_empty(),
        };
        let rest = key.strip_prefix(self.name);
        if rest.is_some_and(|rest| rest.is_empty() || nests && rest.starts_with('[')) {
            return true;
        }
        let exploded = self
            .written()
            .is_some_and(|written| written.explode && written.style != Style::DeepObject);
        let shape = self.shape.map(|id| self.entity.shapes.get(id));
        shape
            .filter(|_| exploded)
            .is_some_and(|shape| takes_name(shape, key, is_free))
    }
}

/// Whether a value is JSON in the text of a form: an object, or a list in a list.
fn is_nested(shapes: &Shapes, id: Option<ShapeId>) -> bool {
    match Form::of_id(shapes, id) {
        Form::Object => true,
        // Swagger 2.0 writes lists of lists in its own way.
        Form::Array => id.is_some_and(|id| shapes.get(id).collection.is_none()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form(schema: &Value, encoding: &[(String, Encoding)], text: &str) -> Result<Value, String> {
        let (shapes, id) = Shapes::of_schema(schema);
        let media_type = MediaType::parse("application/x-www-form-urlencoded").expect("a type");
        let entity = Entity {
            encoding,
            ..Entity::of(&media_type, text.as_bytes(), Some(id), &shapes)
        };
        read(text, &entity).map(|read| read.value)
    }

    #[test]
    fn properties_are_read_as_their_schema_and_encoding_say() {
        let address = json!({"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": "integer"}}});
        let schema = json!({"type": "object", "properties": {
            "n": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "integer"}},
            "address": address,
        }, "additionalProperties": {"type": "boolean"}});
        let encoded = |encoding: Encoding| vec![("address".to_owned(), encoding)];
        let style = |style: Style, explode: bool| {
            encoded(Encoding {
                style: Some(style),
                explode: Some(explode),
                ..Encoding::default()
            })
        };
        let json_type = Encoding {
            content_types: vec!["application/json".to_owned()],
            ..Encoding::default()
        };
        let full = json!({"address": {"city": "a b", "zip": 1}});
        for (encoding, text, value) in [
            (
                vec![],
                "n=1&tags=1&tags=2&x=true",
                json!({"n": 1, "tags": [1, 2], "x": true}),
            ),
            (vec![], "n=1&n[x]=true", json!({"n": 1, "n[x]": true})),
            (vec![], "tags=1", json!({"tags": [1]})),
            (vec![], "n=", json!({"n": ""})),
            (vec![], "", json!({})),
            (
                vec![],
                "address=%7B%22city%22:%22a+b%22,%22zip%22:1%7D",
                full.clone(),
            ),
            (vec![], "address[city]=a+b&address%5Bzip%5D=1", full.clone()),
            (
                encoded(json_type),
                "address={%22city%22:%22a+b%22,%22zip%22:1}",
                full.clone(),
            ),
            (
                style(Style::DeepObject, true),
                "address[city]=a+b&address[zip]=1",
                full.clone(),
            ),
            (style(Style::Form, true), "city=a+b&zip=1", full.clone()),
            (
                style(Style::Form, false),
                "address=city,a+b,zip,1",
                full.clone(),
            ),
            (
                encoded(Encoding {
                    allow_reserved: Some(true),
                    ..Encoding::default()
                }),
                "city=a+b",
                json!({"address": {"city": "a+b"}}),
            ),
        ] {
            assert_eq!(form(&schema, &encoding, text), Ok(value), "{text}");
        }
        for text in ["n=1&n=2", "address={", "n=%zz", "%zz=1"] {
            assert!(form(&schema, &[], text).is_err(), "{text}");
        }
    }
}
