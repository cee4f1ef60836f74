//! Cookie parameters: the style `form`, and 3.2's `cookie`, which leaves texts as they are.

use super::raw::{Form, Raw, member_shape, members};
use super::style::{Written, in_one, list};
use crate::spec::{ShapeId, Shapes, Style};
use crate::wire::{Request, decode_percent, header};

/// The cookies of a request, in order (RFC 6265 §4.2.1). One that is no text costs no other.
fn cookies(request: &Request) -> impl Iterator<Item = (&str, &str)> {
    pairs(request)
        .filter_map(|pair| std::str::from_utf8(pair).ok())
        .filter_map(|pair| pair.trim().split_once('='))
}

fn pairs(request: &Request) -> impl Iterator<Item = &[u8]> {
    let fields = request.headers.get_all(header::COOKIE).iter();
    fields.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
}

/// Whether a cookie of this name has octets that are no text.
fn is_unreadable(request: &Request, name: &str) -> bool {
    let has_name = |pair: &[u8]| {
        let rest = pair.trim_ascii_start().strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b"="))
    };
    pairs(request).any(|pair| has_name(pair) && std::str::from_utf8(pair).is_err())
}

/// The first cookie of a name (RFC 6265 §5.4).
pub(super) fn cookie<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let mut named = cookies(request).filter(|(known, _)| *known == name);
    named.next().map(|(_, value)| value)
}

/// A cookie parameter's value; nothing where it isn't given.
pub(super) fn read(
    request: &Request,
    written: Written<'_>,
    shapes: &Shapes,
    id: Option<ShapeId>,
) -> Result<Option<Raw>, String> {
    if is_unreadable(request, written.name) {
        return Err("has octets that are no text".to_owned());
    }
    let form = Form::of_id(shapes, id);
    let decode = match written.style {
        Style::Cookie => |text: &str| Ok(text.to_owned()),
        _ => decode_percent,
    };
    if form.may_be_object() && written.explode {
        let object = exploded_object(request, shapes, id, decode)?;
        if object.is_some() || form == Form::Object {
            return Ok(object);
        }
    }
    let mut values: Vec<&str> = Vec::new();
    for (name, value) in cookies(request) {
        if name == written.name {
            // `form` explodes with an ampersand, though no browser can be made to send that.
            let rest = format!("&{name}=");
            match written.explode && form.may_be_list() && written.style == Style::Form {
                true => values.extend(value.split(rest.as_str())),
                false => values.push(value),
            }
        }
    }
    let raw = match values.as_slice() {
        [] => return Ok(None),
        [first, _, ..] if !form.may_be_list() => {
            // Of cookies that differ in path alone the first counts.
            in_one(form, first, &[","], false, &decode)?
        }
        // No comma is in a cookie's value (RFC 6265 §4.1.1), so a bare one separates.
        [only] => in_one(form, only, &[","], false, &decode)?,
        several => list(several, &decode)?,
    };
    Ok(Some(raw))
}

/// Each declared property is a cookie of its own.
fn exploded_object(
    request: &Request,
    shapes: &Shapes,
    id: Option<ShapeId>,
    decode: fn(&str) -> Result<String, String>,
) -> Result<Option<Raw>, String> {
    let mut found = Vec::new();
    let declared = id.map(|id| &shapes.get(id).properties);
    for name in declared
        .into_iter()
        .flat_map(|properties| properties.keys())
    {
        let inner = Form::of_id(shapes, member_shape(shapes, id, name));
        let mut values = cookies(request)
            .flat_map(|(name, value)| pairs_of(name, value))
            .filter(|(known, _)| known == name);
        if let Some((_, value)) = values.next() {
            let raw = match inner {
                Form::Array => list(&[value], &decode)?,
                _ => Raw::Text(decode(value)?),
            };
            found.push((name.clone(), raw));
        }
    }
    match found.is_empty() {
        true => Ok(None),
        false => members(found).map(Some),
    }
}

/// `R=100&G=200` is one cookie to a browser and two properties to the style `form`.
fn pairs_of<'c>(name: &'c str, value: &'c str) -> impl Iterator<Item = (&'c str, &'c str)> {
    let mut parts = value.split('&');
    let first = parts.next().map(|value| (name, value));
    first
        .into_iter()
        .chain(parts.filter_map(|part| part.split_once('=')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::raw::typed;
    use crate::wire::{HeaderValue, Method};
    use serde_json::{Value, json};

    fn read_as(style: Style, explode: bool, schema: &Value, cookie: &str) -> Option<Value> {
        let (shapes, id) = Shapes::of_schema(schema);
        let id = Some(id);
        let request = Request::new(Method::GET, "/").with_header(header::COOKIE, cookie);
        let written = Written {
            name: "color",
            style,
            explode,
            allow_reserved: false,
        };
        let raw = read(&request, written, &shapes, id).expect(cookie);
        raw.map(|raw| typed(raw, &shapes, id))
    }

    #[test]
    fn a_cookie_that_is_no_text_costs_no_other() {
        let (shapes, _) = Shapes::of_schema(&json!({}));
        let mut request = Request::new(Method::GET, "/");
        let field = HeaderValue::from_bytes(b"a=\xff; b=\xc3\xa9;c=1").expect("a value");
        request.headers.insert(header::COOKIE, field);
        let value = |name| {
            let written = Written {
                name,
                style: Style::Form,
                explode: true,
                allow_reserved: false,
            };
            read(&request, written, &shapes, None)
        };
        assert!(value("a").is_err());
        assert_eq!(value("b"), Ok(Some(Raw::Text("é".to_owned()))));
        assert_eq!(value("c"), Ok(Some(Raw::Text("1".to_owned()))));
    }

    #[test]
    fn every_row_of_the_specifications_table_is_read() {
        let text = json!({"type": "string"});
        let list = json!({"type": "array", "items": {"type": "string"}});
        let rgb = json!({"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}}});
        for (style, explode, schema, cookie, value) in [
            (Style::Form, true, &text, "x=1; color=bl%75e", json!("blue")),
            (Style::Form, true, &text, "color=", json!("")),
            (Style::Form, true, &text, "color=a; color=b", json!("a")),
            (Style::Form, true, &list, "color=blue", json!(["blue"])),
            (
                Style::Form,
                true,
                &list,
                "color=blue&color=black",
                json!(["blue", "black"]),
            ),
            (
                Style::Form,
                false,
                &list,
                "color=blue,black",
                json!(["blue", "black"]),
            ),
            (
                Style::Form,
                false,
                &rgb,
                "color=R,100,G,200",
                json!({"R": 100, "G": 200}),
            ),
            (
                Style::Form,
                true,
                &rgb,
                "R=100&G=200",
                json!({"R": 100, "G": 200}),
            ),
            (Style::Cookie, true, &text, "color=bl%75e", json!("bl%75e")),
            (
                Style::Cookie,
                true,
                &list,
                "color=blue; color=black",
                json!(["blue", "black"]),
            ),
            (
                Style::Cookie,
                false,
                &list,
                "color=blue,black",
                json!(["blue", "black"]),
            ),
            (
                Style::Cookie,
                true,
                &rgb,
                "R=100; G=200",
                json!({"R": 100, "G": 200}),
            ),
        ] {
            assert_eq!(
                read_as(style, explode, schema, cookie),
                Some(value),
                "{cookie}"
            );
        }
        assert_eq!(read_as(Style::Form, true, &list, "colors=1"), None);
    }
}
