//! A body as a page tells it, of a request or of a reply: its fields, and examples that are valid.

use super::describe::{Described, Describing, FieldName};
use super::markdown::plain;
use super::parts::Parts;
use crate::contract::Contract;
use crate::mock::PreparedContent;
use crate::sample::{Order, beginning};
use crate::spec::{At, Node};
use crate::validate::View;
use crate::wire::{Bytes, MediaType};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes of fields a page opens of the bodies of a request, and of those of replies.
pub(super) const ROOM: usize = 32_000;
/// How many examples of a body are told.
const EXAMPLES: usize = 8;
/// How many members a sample of a request has at most that may have fewer.
const MEMBERS: usize = 12;
/// How many values it has before it has no more than it must have: pages show about so many lines.
const SIZE: usize = 200;
/// How many values of a sample are made where pages show no more than the beginning: each takes a
/// line at least, and no page shows as many.
const LONG: usize = 240;

/// A body in one media type.
#[derive(Debug)]
pub(crate) struct BodyWords {
    /// The media type.
    pub media_type: String,
    /// What it is; nothing where the document doesn't say.
    pub what: Option<Described>,
    /// The schema of the same.
    pub schema: Option<At>,
    /// Examples by name, that are valid.
    pub examples: Arc<[ExampleWords]>,
}

/// A valid example.
#[derive(Debug)]
pub(crate) struct ExampleWords {
    /// Its name; empty for the one that has none.
    pub name: String,
    /// What the document says of it, in a line.
    pub summary: String,
    /// The value.
    pub value: Value,
    /// The media type that it travels as, with its parameters; empty where it can't be written.
    pub content_type: String,
    /// The same as it travels.
    pub bytes: Bytes,
}

impl BodyWords {
    /// Whether it is JSON.
    pub fn is_json(&self) -> bool {
        MediaType::parse(&self.media_type).is_some_and(|media_type| media_type.is_json())
    }

    /// The names of its fields.
    pub fn names(&self) -> Vec<&str> {
        let fields = self.what.iter().flat_map(|what| &what.fields);
        let names = fields.filter_map(|field| match &field.name {
            FieldName::Declared(name) if !field.what.is_read_only => Some(name.as_str()),
            _ => None,
        });
        names.collect()
    }
}

impl ExampleWords {
    /// The text that travels, where it is one.
    pub fn text(&self) -> Option<&str> {
        let is_written = !self.content_type.is_empty();
        std::str::from_utf8(&self.bytes).ok().filter(|_| is_written)
    }
}

/// What a body is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// A request that samples send: its examples are whole.
    Asked,
    /// A reply of the mock's.
    Answered,
    /// A message that the API sends: of long samples pages show no more than the beginning.
    Sent,
}

/// The examples of replies that several operations refer to: each is told once.
#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<HashMap<usize, Arc<[ExampleWords]>>>);

impl Shared {
    /// Those of a body of a reply that stands apart from the operation.
    fn of(
        &self,
        content: &PreparedContent,
        tell: impl FnOnce() -> Arc<[ExampleWords]>,
    ) -> Arc<[ExampleWords]> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(told) = known().get(&content.identity()) {
            return Arc::clone(told);
        }
        let told = tell();
        known().insert(content.identity(), Arc::clone(&told));
        told
    }
}

/// The bodies of a request, a reply or a message; `shared` has those of a reply that is one of
/// several operations.
pub(super) fn bodies(
    contract: &Contract,
    describing: &Describing<'_>,
    all: &[PreparedContent],
    of: Use,
    shared: Option<&Shared>,
) -> Vec<BodyWords> {
    let told = all.iter().map(|content| {
        let tell = || examples(contract, content, of);
        let schema = content.declared.schema.or(content.declared.item_schema);
        BodyWords {
            media_type: content.declared.media_type.clone(),
            what: schema.map(|at| describing.describe(at)),
            schema,
            examples: match shared {
                Some(shared) => shared.of(content, tell),
                None => tell(),
            },
        }
    });
    told.collect()
}

/// The documented examples that are valid; where there is none, a sample.
fn examples(contract: &Contract, content: &PreparedContent, of: Use) -> Arc<[ExampleWords]> {
    let contents = contract.contents();
    let declared = contract.document.node(content.declared.at).get("examples");
    let summary = |name: &str| {
        let example = declared.and_then(|all| all.get(name))?;
        let example = contract
            .document
            .node(contract.document.referred(example.at()));
        let said = example
            .get("summary")
            .or_else(|| example.get("description"));
        said.and_then(Node::text).map(|text| plain(&text, 120))
    };
    let example = |name: &str, value: Value| {
        // JSON is shown as it is laid out on the page, and nobody sends it.
        let is_written = of == Use::Asked || !content.media_type.is_json();
        let encoded = is_written.then(|| content.encode(contents, &value, true, None).ok());
        let encoded = encoded.flatten();
        let (content_type, bytes) = match encoded {
            Some(encoded) => (encoded.content_type, encoded.body),
            None => Default::default(),
        };
        ExampleWords {
            name: name.to_owned(),
            summary: summary(name).unwrap_or_default(),
            value,
            content_type,
            bytes,
        }
    };
    let documented = content.declared.examples.iter();
    let valid = documented.filter(|example| content.is_valid(contents, &example.value));
    let mut all: Vec<ExampleWords> = valid
        .take(EXAMPLES)
        .map(|of| example(&of.name, of.value.clone()))
        .collect();
    if all.is_empty() {
        let made = match of {
            Use::Answered => content.begun(contents, LONG),
            Use::Asked => requested(contract, content, usize::MAX),
            Use::Sent => match content.media_type.is_json() {
                true => requested(contract, content, LONG),
                false => requested(contract, content, usize::MAX),
            },
        };
        all.extend(made.map(|value| example("", value)));
    }
    all.into()
}

/// A sample with no more members than a reader takes in, where fewer are valid: those that must be
/// there, and the first of the others.
fn brief(contract: &Contract, content: &PreparedContent, value: Value) -> Value {
    let (Some(members), Some(at)) = (value.as_object(), content.declared.schema) else {
        return value;
    };
    if members.len() <= MEMBERS {
        return value;
    }
    let document = &contract.document;
    let parts = Parts::of(document, document.node(at));
    let required = parts.all_say("required").flat_map(Node::items);
    let required: Vec<_> = required.filter_map(Node::text).collect();
    let is_needed = |name: &str| required.iter().any(|required| required == name);
    let mut room = MEMBERS.saturating_sub(required.len());
    let kept = members.iter().filter(|(name, _)| {
        let is_kept = is_needed(name) || room > 0;
        room = room.saturating_sub(usize::from(is_kept && !is_needed(name)));
        is_kept
    });
    let kept = kept.map(|(name, value)| (name.clone(), value.clone()));
    let brief = Value::Object(kept.collect());
    match content.is_valid(contract.contents(), &brief) {
        true => brief,
        false => value,
    }
}

/// A value that a client may send; of one with more values than `end` no more than the beginning.
fn requested(contract: &Contract, content: &PreparedContent, end: usize) -> Option<Value> {
    let order = Order {
        schema: content.declared.schema?,
        view: View::Request,
        seed: "",
        is_dynamic: false,
        locale: Default::default(),
        names: &[],
        hint: None,
        wish: None,
    };
    let made = beginning(&contract.document, &contract.schemas, &order, SIZE, end);
    match made.ok()? {
        (value, true) => Some(value),
        (value, false) => Some(brief(contract, content, value)),
    }
}
