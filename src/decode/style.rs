//! The styles of OpenAPI that write one value in one text: simple, label, matrix, and the
//! delimited forms (OpenAPI 3.1.1 §4.8.12.4, after RFC 6570).

use crate::spec::{Shape, ShapeId, Shapes, Style};
use crate::wire::decode_percent;
use serde_json::{Map, Value};

/// What a text says before its types are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Text(String),
    List(Vec<Raw>),
    Members(Vec<(String, Raw)>),
}

/// What a parameter's value may be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Scalar,
    Array,
    Object,
}

impl Form {
    pub(super) fn of(shape: &Shape) -> Form {
        let composed = !shape.types.has("string");
        if shape.types.has("array") && composed || shape.types.is_unsaid() && shape.has_items() {
            Form::Array
        } else if shape.types.has("object") && composed
            || shape.types.is_unsaid() && !shape.properties.is_empty()
        {
            Form::Object
        } else {
            Form::Scalar
        }
    }
}

/// Reads one text of a path segment or a header field; `encoded` where percent-encoding counts.
pub(super) fn read(
    style: Style,
    explode: bool,
    form: Form,
    name: &str,
    text: &str,
    encoded: bool,
) -> Result<Raw, String> {
    let decode = |text: &str| match encoded {
        true => decode_percent(text),
        false => Ok(text.trim().to_owned()),
    };
    let (body, separator) = match style {
        Style::Label => (
            text.strip_prefix('.')
                .ok_or("a label starts with a full stop")?,
            if explode { '.' } else { ',' },
        ),
        Style::Matrix => {
            let body = text
                .strip_prefix(';')
                .ok_or("a matrix parameter starts with a semicolon")?;
            if explode && form != Form::Scalar {
                return matrix_exploded(form, name, body, &decode);
            }
            let body = body
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('=').or(rest.is_empty().then_some("")))
                .ok_or_else(|| format!("a matrix parameter reads ;{name}=…"))?;
            (body, ',')
        }
        _ => (text, ','),
    };
    match form {
        Form::Scalar => decode(body).map(Raw::Text),
        Form::Array if body.is_empty() => Ok(Raw::List(Vec::new())),
        Form::Array => body
            .split(separator)
            .map(|item| decode(item).map(Raw::Text))
            .collect::<Result<_, _>>()
            .map(Raw::List),
        Form::Object if explode => pairs(body.split(separator), &decode),
        Form::Object => alternating(body.split(separator), &decode),
    }
}

fn matrix_exploded(
    form: Form,
    name: &str,
    body: &str,
    decode: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Raw, String> {
    if form == Form::Object {
        return pairs(body.split(';'), decode);
    }
    body.split(';')
        .map(|part| match part.split_once('=') {
            Some((key, item)) if key == name => decode(item).map(Raw::Text),
            _ => Err(format!("a matrix parameter reads ;{name}=…")),
        })
        .collect::<Result<_, _>>()
        .map(Raw::List)
}

fn pairs<'t>(
    parts: impl Iterator<Item = &'t str>,
    decode: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Raw, String> {
    parts
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decode(key)?, Raw::Text(decode(value)?)))
        })
        .collect::<Result<_, _>>()
        .map(Raw::Members)
}

/// `key,value,key,value`.
pub(super) fn alternating<'t>(
    parts: impl Iterator<Item = &'t str>,
    decode: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Raw, String> {
    let mut members = Vec::new();
    let mut parts = parts.filter(|part| !part.is_empty());
    while let Some(key) = parts.next() {
        let value = parts.next().ok_or("a property has no value")?;
        members.push((decode(key)?, Raw::Text(decode(value)?)));
    }
    Ok(Raw::Members(members))
}

/// Gives the texts the types that the schema allows. A text that is of none of them stays a
/// string, so that validation can say what it should have been.
pub(super) fn typed(raw: Raw, shapes: &Shapes, id: Option<ShapeId>) -> Value {
    let shape = id.map(|id| shapes.get(id));
    match raw {
        Raw::Text(text) => scalar(text, shape),
        Raw::List(items) => {
            let item = shape.and_then(|shape| shapes.of_items(shape));
            items
                .into_iter()
                .map(|raw| typed(raw, shapes, item))
                .collect()
        }
        Raw::Members(members) => {
            let mut map = Map::new();
            for (name, raw) in members {
                let property = shape.and_then(|shape| shape.properties.get(&name));
                let value = typed(raw, shapes, property.map(|p| shapes.of_property(p)));
                map.insert(name, value);
            }
            Value::Object(map)
        }
    }
}

fn scalar(text: String, shape: Option<&Shape>) -> Value {
    let Some(types) = shape.map(|shape| shape.types) else {
        return Value::String(text);
    };
    let number = types.has("integer") || types.has("number");
    if number && let Ok(value @ Value::Number(_)) = serde_json::from_str(&text) {
        return value;
    }
    match text.as_str() {
        "true" if types.has("boolean") => Value::Bool(true),
        "false" if types.has("boolean") => Value::Bool(false),
        "null" if types.has("null") && !types.has("string") => Value::Null,
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Raw {
        Raw::List(
            items
                .iter()
                .map(|item| Raw::Text((*item).to_owned()))
                .collect(),
        )
    }

    fn members(members: &[(&str, &str)]) -> Raw {
        let member = |(k, v): &(&str, &str)| ((*k).to_owned(), Raw::Text((*v).to_owned()));
        Raw::Members(members.iter().map(member).collect())
    }

    /// The table of OpenAPI 3.1.1 §4.8.12.4, for `color`.
    #[test]
    fn every_row_of_the_specifications_table_is_read() {
        let rgb = members(&[("R", "100"), ("G", "200"), ("B", "150")]);
        let colours = list(&["blue", "black", "brown"]);
        let blue = Raw::Text("blue".to_owned());
        use Form::{Array, Object, Scalar};
        use Style::{Label, Matrix, Simple};
        for (style, explode, form, text, raw) in [
            (Matrix, false, Scalar, ";color=blue", &blue),
            (Matrix, false, Array, ";color=blue,black,brown", &colours),
            (Matrix, false, Object, ";color=R,100,G,200,B,150", &rgb),
            (
                Matrix,
                true,
                Array,
                ";color=blue;color=black;color=brown",
                &colours,
            ),
            (Matrix, true, Object, ";R=100;G=200;B=150", &rgb),
            (Label, false, Scalar, ".blue", &blue),
            (Label, false, Array, ".blue,black,brown", &colours),
            (Label, false, Object, ".R,100,G,200,B,150", &rgb),
            (Label, true, Array, ".blue.black.brown", &colours),
            (Label, true, Object, ".R=100.G=200.B=150", &rgb),
            (Simple, false, Scalar, "blue", &blue),
            (Simple, false, Array, "blue,black,brown", &colours),
            (Simple, false, Object, "R,100,G,200,B,150", &rgb),
            (Simple, true, Object, "R=100,G=200,B=150", &rgb),
        ] {
            let read = read(style, explode, form, "color", text, true);
            assert_eq!(read.as_ref(), Ok(raw), "{text}");
        }
        assert_eq!(
            read(Simple, false, Array, "x", "a%2Cb,c", true),
            Ok(list(&["a,b", "c"])),
            "an encoded comma doesn't separate"
        );
    }
}
