//! The request that the samples of an operation send: one that the mock takes as it stands.

use super::describe::FieldName;
use super::operation::{BodyWords, OperationWords};
use super::samples::{Body, Language, Part, PartContent, Request, sample};
use crate::contract::Contract;
use crate::mock::key_text;
use crate::spec::Location;
use crate::wire::encode_segment;
use serde_json::Value;

/// Where the mock listens where nothing is said.
pub(super) const BASE: &str = "http://127.0.0.1:4010";
/// What stands for a token until there is one.
const TOKEN: &str = "TOKEN";

/// The code of an operation's request, by language. A sentence where there can be none.
pub(crate) fn samples(
    contract: &Contract,
    words: &OperationWords,
) -> Vec<(Language, Result<String, String>)> {
    let request = request(contract, words);
    let all = Language::ALL.iter();
    all.map(|language| (*language, sample(&request, *language)))
        .collect()
}

/// The scopes that the token of the samples must have, where they need one.
pub(crate) fn token(words: &OperationWords) -> Option<Vec<String>> {
    let all = words.access.iter().find(|all| !all.is_empty())?;
    let mut bearers = all
        .iter()
        .filter(|scheme| is_bearer(scheme.form.as_deref()));
    bearers.next().map(|scheme| scheme.scopes.clone())
}

fn is_bearer(form: Option<&str>) -> bool {
    form.is_some_and(|form| form.starts_with("Authorization: Bearer"))
}

fn request(contract: &Contract, words: &OperationWords) -> Request {
    let known = known(contract, words.number);
    let value = |name: &str, example: &Option<Value>| {
        let known = known.iter().find(|(of, _)| of == name);
        let example = || example.as_ref().map(|value| key_text(Some(value)));
        known.map(|(_, value)| value.clone()).or_else(example)
    };
    let mut url = format!("{BASE}{}", words.path);
    let (mut headers, mut query) = (Vec::new(), Vec::new());
    for parameter in &words.parameters {
        let value = value(&parameter.name, &parameter.example);
        let is_sent =
            parameter.is_required && !parameter.example.as_ref().is_some_and(Value::is_object);
        match parameter.location {
            Location::Path => {
                let value = value.unwrap_or_else(|| "1".to_owned());
                let value = encode_segment(&value);
                url = url.replace(&format!("{{{}}}", parameter.name), &value);
            }
            Location::Query if is_sent => {
                let value = value.unwrap_or_default();
                query.push(format!(
                    "{}={}",
                    encode_segment(&parameter.name),
                    encode_segment(&value)
                ));
            }
            Location::Header if is_sent => {
                headers.push((parameter.name.clone(), value.unwrap_or_default()));
            }
            _ => {}
        }
    }
    let alternative = words.access.iter().find(|all| !all.is_empty());
    for scheme in alternative.into_iter().flatten() {
        let form = scheme.form.as_deref().unwrap_or_default();
        match (form.strip_prefix('?'), form.split_once(": ")) {
            (Some(pair), _) => query.push(pair.replace("<key>", "KEY")),
            (None, Some((name, _))) if is_bearer(Some(form)) => {
                headers.push((name.to_owned(), format!("Bearer {TOKEN}")));
            }
            (None, Some((name, value))) => {
                let value = value.replace(['<', '>', '…'], "");
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
            (None, None) => {}
        }
    }
    if !query.is_empty() {
        url += &format!("?{}", query.join("&"));
    }
    let body = words.bodies.first().and_then(body);
    if let (Some(Body::Json(_)), Some(of)) = (&body, words.bodies.first())
        && of.media_type != "application/json"
    {
        headers.push(("Content-Type".to_owned(), of.media_type.clone()));
    }
    Request {
        method: words.method.clone(),
        url,
        headers,
        body,
    }
}

fn body(of: &BodyWords) -> Option<Body> {
    let example = of.examples.first()?;
    if of.media_type.contains("json") {
        return Some(Body::Json(example.value.clone()));
    }
    let pairs = example.value.as_object();
    let pairs = pairs.filter(|_| of.media_type == "application/x-www-form-urlencoded");
    if let Some(pairs) =
        pairs.filter(|pairs| pairs.values().all(|v| !v.is_object() && !v.is_array()))
    {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(name, value)| (name.clone(), key_text(Some(value))));
        return Some(Body::Form(pairs.collect()));
    }
    let parts = example.value.as_object();
    if let Some(parts) = parts.filter(|_| of.media_type.starts_with("multipart/")) {
        let parts = parts.iter().map(|(name, value)| Part {
            name: name.clone(),
            content: match is_file(of, name) {
                true => PartContent::File(format!("{name}.bin")),
                false => PartContent::Text(key_text(Some(value))),
            },
            media_type: None,
        });
        return Some(Body::Multipart(parts.collect()));
    }
    Some(match &example.text {
        Some(text) if !of.media_type.starts_with("multipart/") => Body::Text {
            media_type: of.media_type.clone(),
            text: text.clone(),
        },
        _ => Body::Binary {
            file: "body.bin".to_owned(),
        },
    })
}

/// Whether a part of a form is octets.
fn is_file(of: &BodyWords, name: &str) -> bool {
    let fields = of.what.iter().flat_map(|what| &what.fields);
    let mut fields = fields.filter(|field| field.name == FieldName::Declared(name.to_owned()));
    fields.any(|field| {
        field
            .what
            .constraints
            .iter()
            .any(|words| words == "binary data")
    })
}

/// The path's parameters that lead to an item that is there.
pub(super) fn known(contract: &Contract, number: usize) -> Vec<(String, String)> {
    let operation = contract.operations.get(number);
    let Some(binding) = operation
        .binding
        .as_ref()
        .filter(|binding| binding.is_seeded)
    else {
        return Vec::new();
    };
    let Ok(store) = contract.store_unseen(None) else {
        return Vec::new();
    };
    store.read(|state| {
        let items = state.collection(&binding.collection);
        let Some((key, item)) = items.and_then(|items| items.iter().next()) else {
            return Vec::new();
        };
        let parents = binding.parents.iter().filter_map(|parent| {
            let value = item.value.get(&parent.parameter)?;
            Some((parent.parameter.clone(), key_text(Some(value))))
        });
        let own = match &binding.key_from {
            crate::mock::KeyFrom::Path(name) => Some((name.clone(), key.to_owned())),
            _ => None,
        };
        parents.chain(own).collect()
    })
}
