//! A multipart body as an object of its parts by name, or as a list of them: each read by its own
//! media type, and held to what its encoding says (OpenAPI 3.1.1 §4.8.15, RFC 7578).

use super::charset::octets;
use super::deep_object::DeepObject;
use super::media::{Entity, Read};
use super::multipart::{Part, split};
use super::multipart_field::{Field, Told};
use super::raw::{Form, item_shape_at, member_shape, typed};
use crate::spec::encoding_at;
use crate::wire::Pointer;
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Reads the parts. Malformed framing is an error; a part that isn't as documented is a breach.
pub(super) fn read(entity: &Entity<'_>) -> Result<Read, String> {
    let boundary = entity.media_type.parameter("boundary");
    let boundary = boundary.ok_or("has no boundary: its Content-Type names none")?;
    let parts = split(entity.bytes, boundary)?;
    let mut told = Told::default();
    let whole = Form::of_id(entity.shapes, entity.shape);
    let is_form = entity.media_type.essence() == "multipart/form-data";
    let is_list = whole == Form::Array || entity.item_shape.is_some();
    // Where nothing is documented that has a name, what has none is one value or several.
    let are_nameless = || {
        let documents = matches!(whole, Form::Object | Form::ScalarOrObject);
        !documents
            && !parts.is_empty()
            && parts
                .iter()
                .all(|part| matches!(part.name(false), Ok(None)))
    };
    if !is_form && (is_list || are_nameless()) {
        let mut value = sequence(entity, &parts, &mut told)?;
        if !is_list
            && whole == Form::Scalar
            && let Value::Array(parts) = &mut value
            && let [_] = parts.as_slice()
        {
            value = parts.remove(0);
        }
        return Ok(Read {
            value,
            breaches: told.breaches,
            fields: told.fields,
            in_items: entity.item_shape.is_some(),
        });
    }
    let mut form = Map::new();
    let mut nested: IndexMap<String, Vec<(String, Part<'_>)>> = IndexMap::new();
    for (name, parts) in by_name(entity, parts, is_form)? {
        if let Some(outer) = nested_in(entity, &name) {
            let parts = parts.into_iter().map(|part| (name.clone(), part));
            nested.entry(outer.to_owned()).or_default().extend(parts);
            continue;
        }
        let field = Field {
            shapes: entity.shapes,
            shape: member_shape(entity.shapes, entity.shape, &name),
            encoding: entity.encoding_of(&name),
            name: &name,
        };
        let value = field
            .read(&parts, &mut told)
            .map_err(|fault| named(&name, &fault))?;
        form.insert(name, value);
    }
    for (name, parts) in nested {
        let value = deep_object(entity, &name, &parts).map_err(|fault| named(&name, &fault))?;
        if form.insert(name.clone(), value).is_some() {
            return Err(named(&name, "is given as a whole and in pieces"));
        }
    }
    Ok(Read {
        value: Value::Object(form),
        breaches: told.breaches,
        fields: told.fields,
        in_items: false,
    })
}

fn named(name: &str, fault: &str) -> String {
    format!("has a fault in the part `{name}`, which {fault}")
}

/// The property that a part `property[key]` is a piece of, as clients write what is nested.
fn nested_in<'n>(entity: &Entity<'_>, name: &'n str) -> Option<&'n str> {
    let properties = &entity.shapes.get(entity.shape?).properties;
    let (outer, _) = name.split_once('[')?;
    let is_nested = properties.contains_key(outer) && !properties.contains_key(name);
    is_nested.then_some(outer)
}

fn deep_object(
    entity: &Entity<'_>,
    name: &str,
    parts: &[(String, Part<'_>)],
) -> Result<Value, String> {
    let shape = member_shape(entity.shapes, entity.shape, name);
    let mut tree = DeepObject::new(name);
    for (key, part) in parts {
        let text = part
            .text()
            .map_or_else(|_| octets(part.body), str::to_owned);
        tree.add(key, &text, |text| Ok(text.to_owned()))?;
    }
    let raw = tree.into_raw(entity.shapes, shape)?;
    Ok(raw.map_or(Value::Null, |raw| typed(raw, entity.shapes, shape)))
}

fn sequence(entity: &Entity<'_>, parts: &[Part<'_>], told: &mut Told) -> Result<Value, String> {
    let item = entity.item_shape;
    let mut values = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let shape = item.or_else(|| item_shape_at(entity.shapes, entity.shape, index));
        let field = Field {
            shapes: entity.shapes,
            shape,
            encoding: encoding_at(entity.encoding, index),
            name: "",
        };
        let at = Pointer::root().child(index);
        let value = field.one(part, shape, &at, told);
        values.push(
            value.map_err(|fault| format!("has a fault in part {}, which {fault}", index + 1))?,
        );
    }
    Ok(Value::Array(values))
}

/// The parts by name, in order. Outside of forms a part needs no name: then those without one are
/// the declared properties in turn.
fn by_name<'b>(
    entity: &Entity<'_>,
    parts: Vec<Part<'b>>,
    is_form: bool,
) -> Result<IndexMap<String, Vec<Part<'b>>>, String> {
    let declared = entity.shape.map(|id| &entity.shapes.get(id).properties);
    let mut unnamed = declared.into_iter().flat_map(|all| all.keys());
    let mut named: IndexMap<String, Vec<Part<'b>>> = IndexMap::new();
    for part in parts {
        let name = match part.name(is_form)? {
            Some(name) => name,
            None if is_form => {
                return Err("has a part without a name in its Content-Disposition".to_owned());
            }
            None => unnamed
                .next()
                .cloned()
                .ok_or("has more parts without a name than properties are documented")?,
        };
        named.entry(name).or_default().push(part);
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::body::BodyBreach;
    use crate::spec::{Encoding, Header, Shapes, Style};
    use crate::wire::MediaType;
    use serde_json::json;

    fn read_as(
        media_type: &str,
        schema: &Value,
        encoding: &[(String, Encoding)],
        body: &[u8],
    ) -> Result<(Value, Vec<BodyBreach>), String> {
        let (shapes, id) = Shapes::of_schema(schema);
        let media_type = MediaType::parse(media_type).expect("a media type");
        let entity = Entity {
            encoding,
            ..Entity::of(&media_type, body, Some(id), &shapes)
        };
        read(&entity).map(|read| (read.value, read.breaches))
    }

    /// A form of parts: each a name, further fields, and a body.
    fn form(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, fields, content) in parts {
            let head =
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{fields}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b--\r\n");
        body
    }

    const FORM: &str = "multipart/form-data; boundary=b";

    fn schema() -> Value {
        json!({"type": "object", "properties": {
            "n": {"type": "integer"},
            "file": {"type": "string", "format": "binary"},
            "any": {},
            "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
            "tags": {"type": "array", "items": {"type": "integer"}},
            "meta": {"type": "object", "properties": {"a": {"type": "integer"}}},
            "text": {"type": "string"},
        }})
    }

    #[test]
    fn parts_are_read_by_their_own_type_and_that_of_their_schema() {
        let json_part = "\r\nContent-Type: application/json";
        let png = "; filename=\"x.png\"\r\nContent-Type: image/png";
        for (parts, value) in [
            (
                form(&[("n", "", b"1"), ("text", "", b"1")]),
                json!({"n": 1, "text": "1"}),
            ),
            (
                form(&[("file", png, b"\xff\0\xe9")]),
                json!({"file": "\u{ff}\0\u{e9}"}),
            ),
            (form(&[("any", png, b"\xff")]), json!({"any": "\u{ff}"})),
            (form(&[("any", "", "é".as_bytes())]), json!({"any": "é"})),
            (
                form(&[("files", png, b"a"), ("n", "", b"2"), ("files", png, b"b")]),
                json!({"files": ["a", "b"], "n": 2}),
            ),
            (
                form(&[("tags", "", b"1"), ("tags", "", b"2")]),
                json!({"tags": [1, 2]}),
            ),
            (
                form(&[("tags", json_part, b"[1, 2]")]),
                json!({"tags": [1, 2]}),
            ),
            (
                form(&[("meta", json_part, b"{\"a\": 1}")]),
                json!({"meta": {"a": 1}}),
            ),
            (
                form(&[("meta", "", b"{\"a\": 1}")]),
                json!({"meta": {"a": 1}}),
            ),
            (
                form(&[(
                    "text",
                    "\r\nContent-Type: text/plain; charset=iso-8859-1",
                    b"\xe9",
                )]),
                json!({"text": "é"}),
            ),
            (
                form(&[(
                    "text",
                    "\r\nContent-Transfer-Encoding: base64",
                    b"dGV4\r\ndA==",
                )]),
                json!({"text": "text"}),
            ),
            (
                form(&[("other", "", b"1"), ("other", "", b"2")]),
                json!({"other": ["1", "2"]}),
            ),
            (
                form(&[(
                    "text",
                    "\r\nContent-Type: multipart/mixed; boundary=c",
                    b"--c--",
                )]),
                json!({"text": "--c--"}),
            ),
            (
                form(&[("meta[a]", "", b"1"), ("files[]", "", b"x")]),
                json!({"meta": {"a": 1}, "files": ["x"]}),
            ),
            (form(&[]), json!({})),
        ] {
            let shown = String::from_utf8_lossy(&parts).into_owned();
            let read = read_as(FORM, &schema(), &[], &parts);
            assert_eq!(read, Ok((value, vec![])), "{shown}");
        }
    }

    #[test]
    fn a_part_that_cannot_be_read_is_told_by_name() {
        for (parts, fault) in [
            (
                form(&[("n", "", b"1"), ("n", "", b"2")]),
                "has a fault in the part `n`, which is given 2 times, and takes one value",
            ),
            (
                form(&[("meta", "", b"{")]),
                "has a fault in the part `meta`, which is not JSON: it ends within an object at line 1 column 2",
            ),
            (
                form(&[("text", "", b"\xff")]),
                "has a fault in the part `text`, which is not UTF-8",
            ),
            (
                form(&[("text", "\r\nContent-Type: x", b"")]),
                "has a fault in the part `text`, which has a Content-Type that is no media type",
            ),
            (
                form(&[("text", "\r\nContent-Transfer-Encoding: base64", b"!")]),
                "has a fault in the part `text`, which is not base64",
            ),
            (
                b"--b\r\n\r\nx\r\n--b--".to_vec(),
                "has a part without a name in its Content-Disposition",
            ),
        ] {
            let read = read_as(FORM, &schema(), &[], &parts);
            assert_eq!(read, Err(fault.to_owned()));
        }
        assert!(read_as("multipart/form-data", &schema(), &[], b"--b--").is_err());
    }

    #[test]
    fn a_part_is_held_to_its_encoding() {
        let encoding = |name: &str, encoding: Encoding| vec![(name.to_owned(), encoding)];
        let images = Encoding {
            content_types: vec!["image/png".to_owned(), "image/*".to_owned()],
            headers: vec![Header {
                name: "X-Note".to_owned(),
                required: true,
                style: Style::Simple,
                explode: false,
                media_type: None,
                schema: None,
                examples: Vec::new(),
                at: Default::default(),
            }],
            ..Encoding::default()
        };
        let images = encoding("file", images);
        let of = |fields: &str| {
            let (_, breaches) =
                read_as(FORM, &schema(), &images, &form(&[("file", fields, b"x")]))?;
            Ok::<_, String>(
                breaches
                    .into_iter()
                    .map(|b| format!("{} {} {}", b.pointer, b.rule, b.detail))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(of("\r\nContent-Type: image/gif\r\nX-Note: a"), Ok(vec![]));
        assert_eq!(
            of("\r\nX-NOTE:"),
            Ok(vec![
                "/file contentType must be image/png or image/*, got none, which is text/plain"
                    .to_owned(),
            ])
        );
        assert_eq!(
            of("\r\nContent-Type: text/html"),
            Ok(vec![
                "/file contentType must be image/png or image/*, got text/html".to_owned(),
                "/file required needs the header field X-Note in its part".to_owned(),
            ])
        );
        let joined = Encoding {
            explode: Some(false),
            ..Encoding::default()
        };
        let read = read_as(
            FORM,
            &schema(),
            &encoding("tags", joined),
            &form(&[("tags", "", b"1,2")]),
        );
        assert_eq!(read, Ok((json!({"tags": [1, 2]}), vec![])));
    }

    #[test]
    fn parts_without_names_are_a_list_or_the_properties_in_turn() {
        let body =
            b"--b\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--b\r\n\r\n2\r\n--b--";
        let list = json!({"type": "array", "items": {}});
        let read = read_as("multipart/mixed; boundary=b", &list, &[], body);
        assert_eq!(read, Ok((json!([{"a": 1}, "2"]), vec![])));
        let object = json!({"type": "object", "properties": {"meta": {"type": "object"}, "n": {"type": "integer"}}});
        let read = read_as("multipart/related; boundary=b", &object, &[], body);
        assert_eq!(read, Ok((json!({"meta": {"a": 1}, "n": 2}), vec![])));
        let object = json!({"type": "object", "properties": {"meta": {"type": "object"}}});
        assert!(read_as("multipart/related; boundary=b", &object, &[], body).is_err());
    }
}
