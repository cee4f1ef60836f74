//! The request that the samples of an operation send: one that the mock takes as it stands.

use super::access::{Credential, SchemeWords};
use super::bodies::{BodyWords, ExampleWords};
use super::call::{Call, Sent};
use super::describe::FieldName;
use super::operation::OperationWords;
use super::samples::{Body, Language, Part, PartContent, sample};
use super::service::Service;
use super::writable::writable;
use crate::contract::Contract;
use crate::encode::encode_parameter;
use crate::host::Host;
use crate::mock::{Contents, KeyFrom, Prepared, key_text, parameter_value};
use crate::spec::{At, Location, Parameter};
use crate::store::State;
use crate::wire::{MediaType, decode_percent, encode_segment};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many items, and how many examples, are tried.
const ITEMS: usize = 6;
const EXAMPLES: usize = 4;

/// Where the mock listens where nothing is said.
pub(super) const BASE: &str = "http://127.0.0.1:4010";

/// The code of an operation's request, by language, of so many bytes each. A sentence where there
/// can be none.
pub(crate) fn samples(
    contract: &Contract,
    words: &OperationWords,
    room: usize,
) -> Vec<(Language, Result<String, String>)> {
    let request = words.call.shown(contract, BASE);
    let all = Language::ALL.iter();
    all.map(|language| (*language, sample(&request, *language, room)))
        .collect()
}

/// The values that were made for parameters, by their schemas and names: many operations refer to
/// the same ones.
#[derive(Debug, Default)]
pub(super) struct Made(Mutex<HashMap<(At, String), Value>>);

impl Made {
    /// A value of a parameter.
    fn of(&self, contents: Contents<'_>, parameter: &Parameter) -> Value {
        let make = || parameter_value(contents, parameter).unwrap_or_else(|_| Value::from("1"));
        let Some(schema) = parameter.schema.filter(|_| parameter.examples.is_empty()) else {
            return make();
        };
        let key = (schema, parameter.name.clone());
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known().get(&key) {
            return value.clone();
        }
        let value = make();
        known().insert(key, value.clone());
        value
    }
}

/// The requests of an operation.
#[derive(Debug)]
pub(crate) struct Usual {
    /// With the first example and the first item that the mock takes.
    pub call: Call,
    /// Whether it takes it.
    pub is_taken: bool,
    /// The same with the shortest example that it takes.
    pub short: Call,
}

/// Those of an operation.
pub(crate) fn usual(
    host: &Host,
    contract: &Contract,
    service: &Service,
    operation: &Prepared,
    access: &[Vec<SchemeWords>],
    bodies: &[BodyWords],
) -> Usual {
    // Where neither fixtures nor rules have a say, what is judged is the request alone.
    let is_seeded = is_seeded(contract, operation);
    let is_taken = |call: &Call| match is_seeded {
        true => {
            let status = call.ask(host, contract).reply.status;
            status.is_success() || status.is_redirection()
        }
        false => contract.hear(&call.request(host)).is_sound(),
    };
    let plain = plain(contract, &service.made, operation, access);
    let examples: Vec<Option<Sent>> = match bodies.first() {
        None => vec![None],
        Some(body) => {
            let examples = body.examples.iter().take(EXAMPLES);
            examples.map(|example| Some(sent(body, example))).collect()
        }
    };
    let examples = match examples.is_empty() {
        true => vec![None],
        false => examples,
    };
    let mut items = known(contract, operation);
    items.truncate(ITEMS);
    if items.is_empty() {
        items.push(Vec::new());
    }
    let mut first = None;
    for body in &examples {
        for item in &items {
            let mut call = plain.sending(body.clone());
            for (name, value) in item {
                call = call.at(name, value);
            }
            let mut takes = is_taken(&call);
            if !is_seeded
                && takes
                && let Some(other) = writable(host, contract, operation, bodies, &call)
            {
                takes = is_taken(&other);
                call = other;
            }
            if takes {
                let size = |call: &Call| call.body.as_ref().map_or(0, |body| body.bytes.len());
                let others = examples.iter().map(|body| call.sending(body.clone()));
                let short = others.min_by_key(size);
                let short = short.filter(|short| size(short) < size(&call) && is_taken(short));
                return Usual {
                    short: short.unwrap_or_else(|| call.clone()),
                    call,
                    is_taken: true,
                };
            }
            first.get_or_insert(call);
        }
    }
    let call = first.unwrap_or(plain);
    Usual {
        short: call.clone(),
        call,
        is_taken: false,
    }
}

/// Whether fixtures or rules have a say in what an operation answers.
pub(super) fn is_seeded(contract: &Contract, operation: &Prepared) -> bool {
    let is_own = operation
        .binding
        .as_ref()
        .is_some_and(|binding| binding.is_seeded);
    is_own
        || operation.parents.iter().any(|parent| parent.is_seeded)
        || contract.rules.of(operation.number).is_some()
        || contract.written.has(operation)
}

/// The request without a body, with what must be there and with a credential.
fn plain(
    contract: &Contract,
    made: &Made,
    operation: &Prepared,
    access: &[Vec<SchemeWords>],
) -> Call {
    let declared = &operation.declared;
    let mut call = Call {
        method: declared.method.clone(),
        template: declared.path.to_string(),
        path: Vec::new(),
        query: Vec::new(),
        headers: Vec::new(),
        token: None,
        body: None,
    };
    let contents = contract.contents();
    let mut cookies = Vec::new();
    for reader in &operation.parameters {
        let parameter = &reader.parameter;
        if !parameter.required && parameter.location != Location::Path {
            continue;
        }
        let value = made.of(contents, parameter);
        let written = encode_parameter(&value, reader, contents.shapes).unwrap_or_default();
        let is_condition = parameter.name.eq_ignore_ascii_case("if-match");
        match parameter.location {
            Location::Path => call.path.push((parameter.name.clone(), written)),
            Location::Query | Location::Querystring => call.query.push(written),
            Location::Cookie => cookies.push(written),
            // The tag of an example is no item's.
            Location::Header if is_condition => {
                call.headers.push((parameter.name.clone(), "*".to_owned()));
            }
            Location::Header => call.headers.push((parameter.name.clone(), written)),
        }
    }
    call.query.retain(|pair| !pair.is_empty());
    let takes = |all: &&Vec<SchemeWords>| {
        !all.is_empty() && all.iter().all(|scheme| scheme.credential.is_some())
    };
    let mut alternatives = access.iter();
    let alternative = alternatives.find(takes);
    for scheme in alternative.into_iter().flatten() {
        match &scheme.credential {
            Some(Credential::Token) => {
                let scopes = call.token.get_or_insert_default();
                scopes.extend(scheme.scopes.iter().cloned());
            }
            Some(Credential::Field(name, pair)) if name == "Cookie" => cookies.push(pair.clone()),
            Some(Credential::Field(name, value)) => {
                call.headers.push((name.clone(), value.clone()));
            }
            Some(Credential::Query(name, value)) => {
                let pair = format!("{}={}", encode_segment(name), encode_segment(value));
                call.query.push(pair);
            }
            None => {}
        }
    }
    if !cookies.is_empty() {
        call.headers.push(("Cookie".to_owned(), cookies.join("; ")));
    }
    call
}

/// An example as it is sent.
pub(super) fn sent(of: &BodyWords, example: &ExampleWords) -> Sent {
    Sent {
        media_type: match example.content_type.as_str() {
            "" => of.media_type.clone(),
            content_type => content_type.to_owned(),
        },
        bytes: example.bytes.to_vec(),
        shown: shown(of, example),
    }
}

fn shown(of: &BodyWords, example: &ExampleWords) -> Body {
    if of.is_json() {
        return Body::Json(example.value.clone());
    }
    let pairs = example.value.as_object();
    let pairs = pairs.filter(|_| of.media_type == "application/x-www-form-urlencoded");
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    if let Some(pairs) = pairs.filter(|pairs| pairs.values().all(is_plain)) {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(name, value)| (name.clone(), key_text(Some(value))));
        return Body::Form(pairs.collect());
    }
    // What is nested has names with brackets, or whatever its encoding says.
    let is_form = of.media_type == "application/x-www-form-urlencoded";
    if let Some(text) = example.text().filter(|_| is_form) {
        return Body::Form(pairs_of(text));
    }
    if let Some(parts) = parts_of(of, example) {
        return Body::Multipart(parts);
    }
    match example.text() {
        Some(text) if !of.media_type.starts_with("multipart/") => Body::Text {
            media_type: match of.media_type.contains('*') {
                true => example.content_type.clone(),
                false => of.media_type.clone(),
            },
            text: text.to_owned(),
        },
        _ => Body::Binary {
            file: "body.bin".to_owned(),
        },
    }
}

/// The pairs of a form as they are written (WHATWG URL §5.1).
fn pairs_of(text: &str) -> Vec<(String, String)> {
    let read = |text: &str| {
        let text = text.replace('+', " ");
        decode_percent(&text).unwrap_or(text)
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (read(name), read(value))
    });
    pairs.collect()
}

/// The parts of a form as they travel: what is nested has names of its own, and a list a part for
/// each item.
fn parts_of(of: &BodyWords, example: &ExampleWords) -> Option<Vec<Part>> {
    let is_multipart = of.media_type.starts_with("multipart/");
    let members = example.value.as_object().filter(|_| is_multipart)?;
    let media_type = MediaType::parse(&example.content_type);
    let boundary = media_type.as_ref().and_then(|of| of.parameter("boundary"));
    let sent = boundary.and_then(|boundary| split(&example.bytes, boundary));
    let part = |name: String, text: Option<String>| Part {
        content: match text.filter(|_| !is_file(of, &name)) {
            Some(text) => PartContent::Text(text),
            None => PartContent::File(format!("{name}.bin")),
        },
        name,
        media_type: None,
    };
    let parts = match sent {
        Some(sent) => {
            let sent = sent.into_iter();
            let sent = sent.map(|(name, body)| part(name, Some(body)));
            sent.collect()
        }
        None => {
            let members = members.iter();
            let members =
                members.map(|(name, value)| part(name.clone(), Some(key_text(Some(value)))));
            members.collect()
        }
    };
    Some(parts)
}

/// The names and texts of the parts of a form that we wrote (RFC 7578 §4); nothing where there are
/// others than texts.
fn split(body: &[u8], boundary: &str) -> Option<Vec<(String, String)>> {
    let body = std::str::from_utf8(body).ok()?;
    let delimiter = format!("--{boundary}");
    let parts = body.split(&delimiter).skip(1);
    let parts = parts.take_while(|part| !part.starts_with("--"));
    let read = parts.map(|part| {
        let (head, body) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let (name, _) = name.split_once('"')?;
        let is_plain = !name.contains('%');
        is_plain.then(|| {
            (
                name.to_owned(),
                body.strip_suffix("\r\n").unwrap_or(body).to_owned(),
            )
        })
    });
    read.collect()
}

/// Whether a part of a form is octets.
fn is_file(of: &BodyWords, name: &str) -> bool {
    let fields = of.what.iter().flat_map(|what| &what.fields);
    let mut fields = fields.filter(|field| field.name == FieldName::Declared(name.to_owned()));
    fields.any(|field| {
        let mut words = field.what.constraints.iter();
        words.any(|words| words == "binary data")
    })
}

/// The parameters of the path that lead to items that are there, of each of the first ones.
pub(super) fn known(contract: &Contract, operation: &Prepared) -> Vec<Vec<(String, String)>> {
    let apart = contract.apart();
    apart.store().read(|state| {
        let above = above(state, operation);
        let binding = operation.binding.as_ref();
        let Some(binding) = binding.filter(|binding| binding.is_seeded) else {
            return above.map_or_else(Vec::new, |above| vec![above]);
        };
        let items = state.collection(&binding.collection);
        let items = items.into_iter().flat_map(|items| items.iter());
        let known = items.take(20).map(|(key, item)| {
            let parents = binding.parents.iter().filter_map(|parent| {
                let value = item.value.get(&parent.parameter)?;
                Some((parent.parameter.clone(), key_text(Some(value))))
            });
            let own = match &binding.key_from {
                KeyFrom::Path(name) => Some((name.clone(), key.to_owned())),
                _ => None,
            };
            parents.chain(own).collect()
        });
        let known: Vec<Vec<(String, String)>> = known.collect();
        match known.is_empty() {
            true => above.map_or_else(Vec::new, |above| vec![above]),
            false => known,
        }
    })
}

/// The parameters that lead to the first of the items that the path hangs on.
fn above(state: &State, operation: &Prepared) -> Option<Vec<(String, String)>> {
    let parents = operation.parents.iter().filter(|parent| parent.is_seeded);
    let above = parents.filter_map(|parent| {
        let items = state.collection(parent.collection.as_deref()?)?;
        let (key, _) = items.iter().next()?;
        Some((parent.parameter.clone(), key.to_owned()))
    });
    let above: Vec<(String, String)> = above.collect();
    (!above.is_empty()).then_some(above)
}
