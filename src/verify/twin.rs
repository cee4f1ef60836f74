//! The same session at the mock: how true it is to a server, operation by operation.

use super::trial::{Peer, Unanswered};
use crate::contract::Contract;
use crate::mock::{Action, key_text};
use crate::wire::{MediaType, Pointer, Reply, Request, encode_segment, header};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many characters of a request are shown.
const SHOWN: usize = 200;
/// How many of the server's ids and tags are known by the mock's.
const KNOWN: usize = 100_000;

/// A server, and the mock of its contract beside it: each is asked the same, but for ids and entity
/// tags, which each gives by itself.
pub struct Twin<'t> {
    server: &'t dyn Peer,
    mock: &'t Contract,
    /// The numbers of the mock's operations, by their names.
    numbers: HashMap<String, Vec<usize>>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// What the mock calls what the server calls so.
    known: HashMap<String, String>,
    likeness: BTreeMap<String, Likeness>,
}

/// How alike the two answer one operation.
#[derive(Debug, Clone, Default)]
pub struct Likeness {
    /// How many requests both were asked.
    pub requests: usize,
    /// How many of them both answered with the same status, media type, and members of the same
    /// types.
    pub alike: usize,
    /// The first that they answered otherwise: the request, and the difference in words.
    pub first: Option<(String, String)>,
}

impl<'t> Twin<'t> {
    /// A server, and a mock that nobody else asks.
    pub fn new(server: &'t dyn Peer, mock: &'t Contract) -> Twin<'t> {
        Twin {
            server,
            mock,
            numbers: mock.operation_names(),
            kept: Mutex::default(),
        }
    }

    /// How alike they were so far, by operation.
    pub fn likeness(&self) -> Vec<(String, Likeness)> {
        let kept = self.kept();
        let likeness = kept.likeness.iter();
        likeness
            .map(|(name, own)| (name.clone(), own.clone()))
            .collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The request with the mock's own ids and entity tags.
    fn translated(&self, request: &Request) -> Request {
        let kept = self.kept();
        let path = request.path();
        let segments = path.split('/');
        let segments: Vec<&str> = segments
            .map(|segment| kept.known.get(segment).map_or(segment, String::as_str))
            .collect();
        let mut other = request.clone();
        other.target = match request.query() {
            "" => segments.join("/"),
            query => format!("{}?{query}", segments.join("/")),
        };
        for name in [header::IF_MATCH, header::IF_NONE_MATCH] {
            let own = request.headers.get(&name).and_then(|tag| tag.to_str().ok());
            let tag = own.and_then(|tag| kept.known.get(tag)?.parse().ok());
            if let Some(tag) = tag {
                other.headers.insert(name, tag);
            }
        }
        other
    }

    /// Learns what each calls the same item and the same state of one.
    fn learn(&self, operation: Option<&str>, reply: &Reply, other: &Reply) {
        let mut pairs = Vec::new();
        let tag = |reply: &Reply| reply.header(&header::ETAG).map(str::to_owned);
        pairs.extend(tag(reply).zip(tag(other)));
        let numbers = operation.and_then(|name| self.numbers.get(name));
        let binding = numbers.and_then(|numbers| {
            let operation = self.mock.operations.get(*numbers.first()?);
            operation.binding.as_ref()
        });
        if let Some(binding) = binding.filter(|binding| binding.action == Action::Create) {
            let key = |reply: &Reply| {
                let body = reply.body_json()?;
                let key = binding.unwrapped(&body)?.get(&binding.key)?;
                Some(encode_segment(&key_text(Some(key))))
            };
            pairs.extend(key(reply).zip(key(other)));
        }
        let mut kept = self.kept();
        if kept.known.len() < KNOWN {
            kept.known.extend(pairs);
        }
    }
}

impl Peer for Twin<'_> {
    fn ask(&self, request: &Request) -> Result<Reply, Unanswered> {
        let reply = self.server.ask(request)?;
        let exchange = self.mock.answer(self.translated(request));
        let other = &exchange.reply;
        if reply.status.is_success() && other.status.is_success() {
            self.learn(exchange.operation.as_deref(), &reply, other);
        }
        let difference = difference(&reply, other);
        let name = exchange.operation;
        let name = name.unwrap_or_else(|| "no operation".to_owned());
        let mut kept = self.kept();
        let own = kept.likeness.entry(name).or_default();
        own.requests += 1;
        match difference {
            None => own.alike += 1,
            Some(why) => {
                own.first.get_or_insert_with(|| (shown(request), why));
            }
        }
        Ok(reply)
    }
}

/// A request in one line.
fn shown(request: &Request) -> String {
    let body = String::from_utf8_lossy(&request.body);
    let line = format!("{} {} {body}", request.method, request.target);
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ").chars().take(SHOWN).collect()
}

/// The first that the server's reply has otherwise than the mock's.
fn difference(reply: &Reply, mocks: &Reply) -> Option<String> {
    if reply.status != mocks.status {
        let (own, other) = (reply.status.as_u16(), mocks.status.as_u16());
        return Some(format!("the server answers {own}, the mock {other}"));
    }
    let kind = |reply: &Reply| {
        let text = reply.header(&header::CONTENT_TYPE)?;
        MediaType::parse(text).map(|media_type| media_type.essence().to_owned())
    };
    let (own, other) = (kind(reply), kind(mocks));
    if own != other {
        let told = |kind: Option<String>| kind.unwrap_or_else(|| "nothing".to_owned());
        return Some(format!(
            "the server sends {}, the mock {}",
            told(own),
            told(other)
        ));
    }
    let (own, other) = (reply.body_json()?, mocks.body_json()?);
    unlike(&Pointer::root(), &own, &other)
}

/// Where two values are of other types, or have other members.
fn unlike(at: &Pointer, own: &Value, other: &Value) -> Option<String> {
    match (own, other) {
        // Either may be null without being another kind of value.
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Object(own), Value::Object(other)) => {
            let mut names = own.keys();
            if let Some(name) = names.find(|name| !other.contains_key(*name)) {
                return Some(format!("the mock has no {}", at.child(name)));
            }
            other.iter().find_map(|(name, other)| match own.get(name) {
                Some(own) => unlike(&at.child(name), own, other),
                None => Some(format!("the server has no {}", at.child(name))),
            })
        }
        (Value::Array(own), Value::Array(other)) => {
            unlike(&at.child(0), own.first()?, other.first()?)
        }
        _ => {
            let (one, two) = (kind(own), kind(other));
            let place = if at.as_str().is_empty() {
                "the body"
            } else {
                at.as_str()
            };
            (one != two).then(|| format!("{place} is {one} at the server, {two} at the mock"))
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::unlike;
    use crate::wire::Pointer;
    use serde_json::json;

    #[test]
    fn values_are_alike_by_types_and_members_alone() {
        let told = |own, other| unlike(&Pointer::root(), &own, &other);
        let own = json!({"id": 1, "tags": [{"a": "x"}], "note": null});
        let other = json!({"id": 2.5, "tags": [{"a": "y"}, {}], "note": "z"});
        assert_eq!(told(own.clone(), other), None);
        let other = json!({"id": "1", "tags": [], "note": null});
        let why = "/id is a number at the server, a string at the mock";
        assert_eq!(told(own.clone(), other).as_deref(), Some(why));
        let other = json!({"id": 1, "tags": [{"a": "x", "b": 1}], "note": null});
        let why = "the server has no /tags/0/b";
        assert_eq!(told(own.clone(), other).as_deref(), Some(why));
        let why = "the mock has no /tags";
        assert_eq!(told(own, json!({"id": 1})).as_deref(), Some(why));
    }
}
