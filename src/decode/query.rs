//! The query string, and the bodies and styles that are written as one: form, spaceDelimited,
//! pipeDelimited, deepObject.

use super::deep_object::DeepObject;
use super::raw::{Form, Raw, member_shape, members, takes_name};
use super::style::{Escapes, Written, in_one, list, separators};
use crate::spec::{ShapeId, Shapes, Style};
use crate::wire::decode_percent;

/// How many pairs a query or a form may have: each property looks through them.
const PAIRS: usize = 1_000;

/// The first value of a name in a query, decoded, whatever is declared of it; nothing where it
/// isn't given or can't be read.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    let query = Query::parse(query);
    let (_, value) = query.pairs().find(|(known, _)| *known == name)?;
    form_decode(value).ok()
}

/// The name of a pair in a query, decoded; nothing where it can't be read.
pub fn form_name(name: &str) -> Option<String> {
    form_decode(name).ok()
}

/// A query's pairs: names decoded, values as written.
#[derive(Debug, Default)]
pub(super) struct Query<'q> {
    pairs: Vec<(String, &'q str)>,
    /// What can't be read of names.
    pub(super) faults: Vec<(String, String)>,
}

impl<'q> Query<'q> {
    pub(super) fn parse(query: &'q str) -> Query<'q> {
        let mut parsed = Query::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if parsed.pairs.len() + parsed.faults.len() >= PAIRS {
                let fault = format!("there are more than {PAIRS} names and values");
                parsed.faults.push((name.to_owned(), fault));
                break;
            }
            match form_decode(name) {
                Ok(name) => parsed.pairs.push((name, value)),
                Err(fault) => parsed.faults.push((name.to_owned(), fault)),
            }
        }
        parsed
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &'q str)> {
        self.pairs
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
    }

    pub(super) fn values(&self, name: &str) -> Vec<&'q str> {
        let named = self.pairs().filter(|(known, _)| *known == name);
        named.map(|(_, value)| value).collect()
    }

    /// The one value of a name; nothing where it isn't given.
    pub(super) fn value(&self, name: &str) -> Result<Option<&'q str>, String> {
        match self.values(name).as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(only)),
            several => Err(repeated(several.len())),
        }
    }

    /// A value; nothing where it isn't given. `is_free` tells the names that no other parameter
    /// takes, of which a free-form object takes all.
    pub(super) fn read(
        &self,
        written: Written<'_>,
        shapes: &Shapes,
        id: Option<ShapeId>,
        is_free: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Raw>, String> {
        if written.style == Style::DeepObject {
            return self.deep_object(written.name, shapes, id, is_free);
        }
        let form = Form::of_id(shapes, id);
        let decode = decoder(written.allow_reserved);
        let values = self.values(written.name);
        let by_name = values.is_empty() || form == Form::Object;
        if form.may_be_object() && written.explode && by_name {
            return self.exploded_object(shapes, id, is_free, decode);
        }
        let exploded = written.explode && form.may_be_list();
        let raw = match values.as_slice() {
            [] => return Ok(None),
            [only] if exploded && form == Form::ScalarOrArray => Raw::Text(decode(only)?),
            several if exploded => list(several, &decode)?,
            [only] if form == Form::Scalar => Raw::Text(decode(only)?),
            [only] => in_one(
                form,
                only,
                separators_in(only, written.style),
                false,
                &decode,
            )?,
            several => return Err(repeated(several.len())),
        };
        Ok(Some(raw))
    }

    /// Each property is a pair of its own: the declared ones, and where others belong to the
    /// object too, all that nobody else takes.
    fn exploded_object(
        &self,
        shapes: &Shapes,
        id: Option<ShapeId>,
        is_free: &dyn Fn(&str) -> bool,
        decode: fn(&str) -> Result<String, String>,
    ) -> Result<Option<Raw>, String> {
        let Some(shape) = id.map(|id| shapes.get(id)) else {
            return Ok(None);
        };
        let mut names: Vec<&str> = shape.properties.keys().map(String::as_str).collect();
        if shape.is_open() || shape.has_patterns() {
            for (name, _) in self.pairs() {
                if !names.contains(&name) && takes_name(shape, name, is_free) {
                    names.push(name);
                }
            }
        }
        let mut found = Vec::new();
        for name in names {
            let values = self.values(name);
            let inner = member_shape(shapes, id, name);
            let raw = match values.as_slice() {
                [] => continue,
                several if Form::of_id(shapes, inner) == Form::Array => list(several, &decode)?,
                [only] => Raw::Text(decode(only)?),
                several if is_list_or_unsaid(shapes, inner) => list(several, &decode)?,
                several => return Err(format!("`{name}` {}", repeated(several.len()))),
            };
            found.push((name.to_owned(), raw));
        }
        match found.is_empty() {
            true => Ok(None),
            false => members(found).map(Some),
        }
    }

    fn deep_object(
        &self,
        name: &str,
        shapes: &Shapes,
        id: Option<ShapeId>,
        is_free: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Raw>, String> {
        let mut tree = DeepObject::new(name);
        for (key, value) in self.pairs() {
            // `page[size]` may be the literal name of another parameter.
            if key == name || is_free(key) {
                tree.add(key, value, form_decode)?;
            }
        }
        tree.into_raw(shapes, id)
    }
}

/// Whether several values of one name are a list: the schema says so, or says nothing.
pub(super) fn is_list_or_unsaid(shapes: &Shapes, id: Option<ShapeId>) -> bool {
    let says_nothing = id.is_none_or(|id| {
        let shape = shapes.get(id);
        shape.types.is_unsaid() && Form::of(shape) == Form::Scalar
    });
    says_nothing || Form::of_id(shapes, id).may_be_list()
}

pub(super) fn repeated(count: usize) -> String {
    format!("is given {count} times, and takes one value")
}

/// Where reserved characters stand as they are, a plus sign is one (RFC 6570 §3.2.3); else form
/// data writes a space as `+` (WHATWG URL §5.1).
fn decoder(allow_reserved: bool) -> fn(&str) -> Result<String, String> {
    match allow_reserved {
        true => decode_percent,
        false => form_decode,
    }
}

/// Form data writes a space as `+` (WHATWG URL §5.1).
pub(super) fn form_decode(text: &str) -> Result<String, String> {
    decode_percent(&text.replace('+', " "))
}

/// What separates the items of a text. Who writes a query as forms are written (WHATWG URL §5.2)
/// encodes the commas between them too: where none stands as it is, those do.
fn separators_in(text: &str, style: Style) -> &'static [&'static str] {
    match separators(style, Escapes::Form) {
        [","] if !text.contains(',') => &["%2C", "%2c"],
        separators => separators,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::raw::typed;
    use crate::spec::Style::{
        DeepObject, Form as FormStyle, PipeDelimited, SpaceDelimited, TabDelimited,
    };
    use serde_json::{Value, json};

    fn read(
        style: Style,
        explode: bool,
        schema: &Value,
        query: &str,
    ) -> Result<Option<Value>, String> {
        let (shapes, id) = Shapes::of_schema(schema);
        let id = Some(id);
        let written = Written {
            name: "color",
            style,
            explode,
            allow_reserved: false,
        };
        let raw = Query::parse(query).read(written, &shapes, id, &|name| name != "other")?;
        Ok(raw.map(|raw| typed(raw, &shapes, id)))
    }

    /// The table of OpenAPI 3.1.1 §4.8.12.4, and what clients send beside it.
    #[test]
    fn every_row_of_the_specifications_table_is_read() {
        let text = json!({"type": "string"});
        let numbers = json!({"type": "array", "items": {"type": "integer"}});
        let list = json!({"type": "array", "items": {"type": "string"}});
        let rgb = json!({"type": "object", "properties": {
            "R": {"type": "integer"}, "G": {"type": "integer"}, "l": {"type": "array", "items": {"type": "integer"}}}});
        let map = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        let either =
            json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]});
        let range = json!({"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"gt": {"type": "integer"}}}]});
        for (style, explode, schema, query, value) in [
            (FormStyle, true, &text, "color=", json!("")),
            (FormStyle, true, &text, "color", json!("")),
            (FormStyle, true, &text, "color=a+b%2Bc", json!("a b+c")),
            (
                FormStyle,
                true,
                &numbers,
                "color=1&other=2&color=3",
                json!([1, 3]),
            ),
            (FormStyle, true, &numbers, "color=1", json!([1])),
            (FormStyle, true, &numbers, "color=1,2", json!(["1,2"])),
            (FormStyle, false, &numbers, "color=1,2", json!([1, 2])),
            (FormStyle, false, &numbers, "color=", json!([])),
            (
                FormStyle,
                false,
                &list,
                "color=a%2Cb,c",
                json!(["a,b", "c"]),
            ),
            (
                FormStyle,
                true,
                &rgb,
                "R=100&G=200&other=1",
                json!({"R": 100, "G": 200}),
            ),
            (
                FormStyle,
                true,
                &rgb,
                "R=100&l=1&l=2",
                json!({"R": 100, "l": [1, 2]}),
            ),
            (
                FormStyle,
                false,
                &rgb,
                "color=R,100,G,200",
                json!({"R": 100, "G": 200}),
            ),
            (
                FormStyle,
                true,
                &map,
                "a=1&other=2&b=x",
                json!({"a": 1, "b": "x"}),
            ),
            (FormStyle, true, &either, "color=a", json!("a")),
            (
                FormStyle,
                true,
                &either,
                "color=a&color=b",
                json!(["a", "b"]),
            ),
            (FormStyle, false, &either, "color=a,b", json!(["a", "b"])),
            (
                SpaceDelimited,
                false,
                &list,
                "color=a%20b+c",
                json!(["a", "b", "c"]),
            ),
            (
                SpaceDelimited,
                false,
                &rgb,
                "color=R%20100%20G%20200",
                json!({"R": 100, "G": 200}),
            ),
            (
                SpaceDelimited,
                true,
                &list,
                "color=a&color=b",
                json!(["a", "b"]),
            ),
            (
                PipeDelimited,
                false,
                &list,
                "color=a|b%7Cc%7cd",
                json!(["a", "b", "c", "d"]),
            ),
            (
                PipeDelimited,
                false,
                &rgb,
                "color=R%7C100%7CG%7C200",
                json!({"R": 100, "G": 200}),
            ),
            (
                TabDelimited,
                false,
                &list,
                "color=a%09b%09c",
                json!(["a", "b", "c"]),
            ),
            (
                DeepObject,
                true,
                &rgb,
                "color[R]=100&color%5BG%5D=200",
                json!({"R": 100, "G": 200}),
            ),
            (
                DeepObject,
                true,
                &rgb,
                "color[l][]=1&color[l][]=2",
                json!({"l": [1, 2]}),
            ),
            (
                DeepObject,
                true,
                &rgb,
                "color[l]=1&color[l]=2",
                json!({"l": [1, 2]}),
            ),
            (
                DeepObject,
                true,
                &map,
                "color[0]=1&color[x]=2",
                json!({"0": 1, "x": 2}),
            ),
            (DeepObject, true, &range, "color=5", json!(5)),
            (DeepObject, true, &range, "color[gt]=5", json!({"gt": 5})),
            (
                DeepObject,
                true,
                &numbers,
                "color[1]=2&color[0]=1",
                json!([1, 2]),
            ),
        ] {
            let read = read(style, explode, schema, query);
            assert_eq!(read, Ok(Some(value)), "{style:?} {query}");
        }
        for style in [FormStyle, SpaceDelimited, DeepObject] {
            assert_eq!(read(style, false, &list, "other=1&colors=2"), Ok(None));
        }
    }

    #[test]
    fn a_value_that_is_given_twice_is_no_value() {
        let text = json!({"type": "string"});
        let list = json!({"type": "array", "items": {"type": "string"}});
        let object = json!({"type": "object", "properties": {"R": {"type": "integer"}}});
        for (style, explode, schema, query) in [
            (FormStyle, true, &text, "color=a&color=a"),
            (FormStyle, false, &list, "color=a&color=b"),
            (FormStyle, true, &object, "R=1&R=2"),
            (FormStyle, false, &object, "color=R,1,R,2"),
            (FormStyle, false, &object, "color=R"),
            (DeepObject, true, &object, "color[R]=1&color[R]=2"),
            (DeepObject, true, &object, "color=1"),
            (FormStyle, true, &text, "color=%zz"),
        ] {
            let read = read(style, explode, schema, query);
            assert!(read.is_err(), "{query}: {read:?}");
        }
    }
}
