//! The query string, and the bodies and styles that are written as one: form, spaceDelimited,
//! pipeDelimited, deepObject.

use super::style::{Form, Raw, alternating};
use crate::spec::{Parameter, Shape, Style};
use crate::wire::decode_percent;

/// How deep a deepObject may nest.
const DEPTH: usize = 32;
/// How many pairs a query or a form may have: each property looks through them.
const PAIRS: usize = 1_000;

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
            if parsed.pairs.len() >= PAIRS {
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

    fn values(&self, name: &str) -> Vec<&'q str> {
        let named = self.pairs().filter(|(known, _)| *known == name);
        named.map(|(_, value)| value).collect()
    }

    /// The parameter's value; nothing where it isn't given.
    pub(super) fn read(
        &self,
        parameter: &Parameter,
        shape: Option<&Shape>,
    ) -> Result<Option<Raw>, String> {
        let form = shape.map_or(Form::Scalar, Form::of);
        if parameter.style == Style::DeepObject {
            return self.deep_object(&parameter.name);
        }
        if form == Form::Object && parameter.explode {
            return self.exploded_object(shape);
        }
        let values = self.values(&parameter.name);
        let Some(first) = values.first() else {
            return Ok(None);
        };
        let separators: &[&str] = match parameter.style {
            Style::SpaceDelimited => &["%20", "+"],
            Style::PipeDelimited => &["|", "%7C", "%7c"],
            _ => &[","],
        };
        let raw = match form {
            Form::Scalar if values.len() > 1 => {
                return Err(format!(
                    "is given {} times, and takes one value",
                    values.len()
                ));
            }
            Form::Scalar => Raw::Text(form_decode(first)?),
            Form::Array if parameter.explode => items(&values)?,
            Form::Array if first.is_empty() => Raw::List(Vec::new()),
            Form::Array => items(&split(first, separators))?,
            Form::Object => alternating(split(first, separators).into_iter(), &form_decode)?,
        };
        Ok(Some(raw))
    }

    /// Each property is a pair of its own, so only declared ones can be told from others.
    fn exploded_object(&self, shape: Option<&Shape>) -> Result<Option<Raw>, String> {
        let mut members = Vec::new();
        for name in shape.into_iter().flat_map(|shape| shape.properties.keys()) {
            if let Some(value) = self.values(name).first() {
                members.push((name.clone(), Raw::Text(form_decode(value)?)));
            }
        }
        Ok((!members.is_empty()).then_some(Raw::Members(members)))
    }

    /// `name[a]=1&name[b][c]=2&name[d][]=3&name[d][]=4`: also nested, as clients send it.
    fn deep_object(&self, name: &str) -> Result<Option<Raw>, String> {
        let mut found: Option<Raw> = None;
        for (key, value) in self.pairs() {
            let Some(path) = key.strip_prefix(name).filter(|rest| rest.starts_with('[')) else {
                if key == name {
                    return Err(format!("is an object, written {name}[property]=value"));
                }
                continue;
            };
            let path = path
                .strip_prefix('[')
                .and_then(|path| path.strip_suffix(']'))
                .ok_or_else(|| format!("`{key}` has brackets that don't pair"))?;
            let keys: Vec<&str> = path.split("][").collect();
            if keys.len() > DEPTH {
                return Err(format!("is nested deeper than {DEPTH} levels"));
            }
            let root = found.get_or_insert_with(|| Raw::Members(Vec::new()));
            put(root, &keys, form_decode(value)?)
                .map_err(|()| format!("`{key}` is given twice, or as a value and as an object"))?;
        }
        Ok(found)
    }
}

fn put(at: &mut Raw, keys: &[&str], text: String) -> Result<(), ()> {
    let Some((key, rest)) = keys.split_first() else {
        return Err(());
    };
    let is_item = key.is_empty() || key.bytes().all(|b| b.is_ascii_digit());
    if is_item && rest.is_empty() {
        if *at == Raw::Members(Vec::new()) {
            *at = Raw::List(Vec::new());
        }
        if let Raw::List(items) = at {
            items.push(Raw::Text(text));
            return Ok(());
        }
    }
    let Raw::Members(members) = at else {
        return Err(());
    };
    let known = members.iter().position(|(name, _)| name == key);
    if rest.is_empty() {
        if known.is_some() {
            return Err(());
        }
        members.push(((*key).to_owned(), Raw::Text(text)));
        return Ok(());
    }
    let index = known.unwrap_or_else(|| {
        members.push(((*key).to_owned(), Raw::Members(Vec::new())));
        members.len() - 1
    });
    put(&mut members[index].1, rest, text)
}

fn items(values: &[&str]) -> Result<Raw, String> {
    values
        .iter()
        .map(|value| form_decode(value).map(Raw::Text))
        .collect::<Result<_, _>>()
        .map(Raw::List)
}

fn split<'t>(text: &'t str, separators: &[&str]) -> Vec<&'t str> {
    for separator in separators {
        if text.contains(separator) {
            return text.split(separator).collect();
        }
    }
    vec![text]
}

/// Form data writes a space as `+` (WHATWG URL §5.1).
pub(super) fn form_decode(text: &str) -> Result<String, String> {
    decode_percent(&text.replace('+', " "))
}
