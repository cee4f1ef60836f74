//! The styles of OpenAPI that write one value in one text: simple, label, matrix, and the
//! delimited forms (OpenAPI 3.1.1 §4.8.12.4, after RFC 6570).

use super::raw::{Form, Raw, members};
use crate::spec::Style;
use crate::wire::decode_percent;

/// How a value is written: what of a parameter, or of an encoding, tells how to read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'p> {
    pub(super) name: &'p str,
    pub(super) style: Style,
    pub(super) explode: bool,
    pub(super) allow_reserved: bool,
}

/// How the characters of a text are written that stand for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// Percent-encoded, and a space as a plus sign: a query or a form.
    Form,
    /// Percent-encoded: a path.
    Percent,
    /// Not at all: a header field, or a part of a multipart body.
    None,
}

/// What stands between the items of a delimited style. A pipe should be encoded and often isn't.
pub(super) fn separators(style: Style, escapes: Escapes) -> &'static [&'static str] {
    match (style, escapes) {
        (Style::SpaceDelimited, Escapes::Form) => &["%20", "+"],
        (Style::SpaceDelimited, Escapes::Percent) => &["%20"],
        (Style::SpaceDelimited, Escapes::None) => &[" "],
        (Style::TabDelimited, Escapes::None) => &["\t"],
        (Style::TabDelimited, _) => &["%09"],
        (Style::PipeDelimited, Escapes::None) => &["|"],
        (Style::PipeDelimited, _) => &["|", "%7C", "%7c"],
        _ => &[","],
    }
}

/// Splits a text, still encoded, at each of the separators.
pub(super) fn split<'t>(text: &'t str, separators: &[&str]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let found = separators.iter().find(|one| text[at..].starts_with(**one));
        match found {
            Some(separator) => {
                parts.push(&text[start..at]);
                at += separator.len();
                start = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    parts.push(&text[start..]);
    parts
}

/// How one piece of a text is decoded.
pub(super) type Decode<'d> = &'d dyn Fn(&str) -> Result<String, String>;

/// Reads one text of a path segment or a header field.
pub(super) fn read(
    written: Written<'_>,
    form: Form,
    text: &str,
    escapes: Escapes,
) -> Result<Raw, String> {
    let decode = |text: &str| match escapes {
        Escapes::None => Ok(text.trim().to_owned()),
        _ => decode_percent(text),
    };
    let (name, explode) = (written.name, written.explode);
    let (body, separators) = match written.style {
        Style::Label => (
            text.strip_prefix('.')
                .ok_or("a label starts with a full stop")?,
            if explode {
                &["."]
            } else {
                separators(Style::Label, escapes)
            },
        ),
        Style::Matrix => {
            let body = text
                .strip_prefix(';')
                .ok_or("a matrix parameter starts with a semicolon")?;
            let alone = body.split_once('=').map_or(body, |(key, _)| key) == name;
            if explode && form != Form::Scalar && !(form == Form::ScalarOrObject && alone) {
                return matrix_exploded(form, name, body, &decode);
            }
            let body = body
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('=').or(rest.is_empty().then_some("")))
                .ok_or_else(|| format!("a matrix parameter reads ;{name}=…"))?;
            (body, separators(Style::Matrix, escapes))
        }
        style => (text, separators(style, escapes)),
    };
    in_one(form, body, separators, explode, &decode)
}

/// Reads a text in which items, or properties and their values, stand between separators.
/// `pairs` where a property is written `name=value`.
pub(super) fn in_one(
    form: Form,
    text: &str,
    separators: &[&str],
    pairs: bool,
    decode: Decode<'_>,
) -> Result<Raw, String> {
    let parts = split(text, separators);
    let written_as_object = parts.len() > 1 || pairs && text.contains('=');
    match form {
        Form::ScalarOrArray if parts.len() > 1 => list(&parts, decode),
        Form::Scalar | Form::ScalarOrArray => decode(text).map(Raw::Text),
        Form::ScalarOrObject if !written_as_object => decode(text).map(Raw::Text),
        Form::Array if text.is_empty() => Ok(Raw::List(Vec::new())),
        Form::Array => list(&parts, decode),
        _ if pairs => exploded(parts.into_iter(), decode),
        _ => alternating(parts.into_iter(), decode),
    }
}

pub(super) fn list(parts: &[&str], decode: Decode<'_>) -> Result<Raw, String> {
    let items = parts.iter().map(|item| decode(item).map(Raw::Text));
    items.collect::<Result<_, _>>().map(Raw::List)
}

fn matrix_exploded(form: Form, name: &str, body: &str, decode: Decode<'_>) -> Result<Raw, String> {
    if form.may_be_object() {
        return exploded(body.split(';'), decode);
    }
    let mut items = Vec::new();
    for part in body.split(';') {
        match part.split_once('=') {
            Some((key, item)) if key == name => items.push(item),
            _ => return Err(format!("a matrix parameter reads ;{name}=…")),
        }
    }
    match (form, items.as_slice()) {
        (Form::ScalarOrArray, [only]) => decode(only).map(Raw::Text),
        _ => list(&items, decode),
    }
}

/// `key=value`, each pair a part of its own.
fn exploded<'t>(parts: impl Iterator<Item = &'t str>, decode: Decode<'_>) -> Result<Raw, String> {
    let mut pairs = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        pairs.push((decode(key)?, Raw::Text(decode(value)?)));
    }
    members(pairs)
}

/// `key,value,key,value`.
fn alternating<'t>(
    parts: impl Iterator<Item = &'t str>,
    decode: Decode<'_>,
) -> Result<Raw, String> {
    let parts: Vec<&str> = parts.collect();
    // A text of nothing has no property; before a comma it is the name of one.
    if parts == [""] {
        return Ok(Raw::Members(Vec::new()));
    }
    let mut pairs = Vec::new();
    for pair in parts.chunks(2) {
        let [key, value] = pair else {
            return Err("a property has no value".to_owned());
        };
        pairs.push((decode(key)?, Raw::Text(decode(value)?)));
    }
    members(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(items: &[&str]) -> Raw {
        let items = items.iter().map(|item| Raw::Text((*item).to_owned()));
        Raw::List(items.collect())
    }

    fn object(members: &[(&str, &str)]) -> Raw {
        let member = |(k, v): &(&str, &str)| ((*k).to_owned(), Raw::Text((*v).to_owned()));
        Raw::Members(members.iter().map(member).collect())
    }

    fn color(style: Style, explode: bool) -> Written<'static> {
        Written {
            name: "color",
            style,
            explode,
            allow_reserved: false,
        }
    }

    /// The table of OpenAPI 3.1.1 §4.8.12.4, for `color`.
    #[test]
    fn every_row_of_the_specifications_table_is_read() {
        let rgb = object(&[("R", "100"), ("G", "200"), ("B", "150")]);
        let colours = texts(&["blue", "black", "brown"]);
        let blue = Raw::Text("blue".to_owned());
        let empty = Raw::Text(String::new());
        use Form::{Array, Object, Scalar, ScalarOrArray, ScalarOrObject};
        use Style::{Label, Matrix, PipeDelimited, Simple, SpaceDelimited, TabDelimited};
        for (style, explode, form, text, raw) in [
            (Matrix, false, Scalar, ";color", &empty),
            (Matrix, false, Scalar, ";color=blue", &blue),
            (Matrix, true, Scalar, ";color=blue", &blue),
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
            (Matrix, true, ScalarOrArray, ";color=blue", &blue),
            (Matrix, true, ScalarOrObject, ";color=blue", &blue),
            (Matrix, true, ScalarOrObject, ";R=100;G=200;B=150", &rgb),
            (Label, false, Scalar, ".", &empty),
            (Label, false, Scalar, ".blue", &blue),
            (Label, false, Array, ".blue,black,brown", &colours),
            (Label, false, Object, ".R,100,G,200,B,150", &rgb),
            (Label, true, Array, ".blue.black.brown", &colours),
            (Label, true, Object, ".R=100.G=200.B=150", &rgb),
            (Simple, false, Scalar, "blue", &blue),
            (Simple, false, Array, "blue,black,brown", &colours),
            (Simple, true, Array, "blue,black,brown", &colours),
            (Simple, false, Object, "R,100,G,200,B,150", &rgb),
            (Simple, true, Object, "R=100,G=200,B=150", &rgb),
            (Simple, false, ScalarOrArray, "blue", &blue),
            (Simple, false, ScalarOrArray, "blue,black,brown", &colours),
            // The collection formats of 2.0, in a path.
            (
                SpaceDelimited,
                false,
                Array,
                "blue%20black%20brown",
                &colours,
            ),
            (PipeDelimited, false, Array, "blue|black%7Cbrown", &colours),
            (TabDelimited, false, Array, "blue%09black%09brown", &colours),
        ] {
            let read = read(color(style, explode), form, text, Escapes::Percent);
            assert_eq!(read.as_ref(), Ok(raw), "{text}");
        }
        assert_eq!(
            read(color(Simple, false), Array, "a%2Cb,c", Escapes::Percent),
            Ok(texts(&["a,b", "c"])),
            "an encoded comma doesn't separate"
        );
    }

    #[test]
    fn what_is_written_in_no_such_style_is_refused() {
        use Form::{Array, Object, Scalar};
        use Style::{Label, Matrix, Simple};
        for (style, explode, form, text) in [
            (Matrix, false, Scalar, "blue"),
            (Matrix, false, Scalar, ";colour=blue"),
            (Matrix, false, Scalar, ";colorblue"),
            (Matrix, true, Array, ";color=blue;colour=black"),
            (Label, false, Scalar, "blue"),
            (Simple, false, Object, "R,100,G"),
            (Simple, false, Object, "R,100,R,200"),
            (Simple, true, Object, "R=100,R=200"),
            (Simple, false, Scalar, "%zz"),
        ] {
            let read = read(color(style, explode), form, text, Escapes::Percent);
            assert!(read.is_err(), "{text}: {read:?}");
        }
    }

    #[test]
    fn a_property_may_have_an_empty_name_or_an_empty_value() {
        for (style, text, member) in [
            (Style::Simple, ",1", ("", "1")),
            (Style::Label, ".,1", ("", "1")),
            (Style::Matrix, ";color=,1", ("", "1")),
            (Style::Form, ",1", ("", "1")),
            (Style::Simple, "a,", ("a", "")),
        ] {
            let read = read(color(style, false), Form::Object, text, Escapes::Percent);
            assert_eq!(read, Ok(object(&[member])), "{text}");
        }
    }
}
