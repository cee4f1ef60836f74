//! What the fixtures hold for an operation, and how to reach each of it.

use super::bodies::BodyWords;
use super::operation::ResponseWords;
use super::origin::near;
use crate::contract::Contract;
use crate::mock::{Answer, KeyFrom, Prepared, key_text};
use crate::spec::StatusKey;
use crate::wire::encode_segment;
use serde_json::{Map, Value};

/// How many items, and how many replies, are listed.
const MOST: usize = 12;
/// How many values of an item are shown.
const VALUES: usize = 3;
/// How long a value is that is shown, in characters.
const LONG: usize = 40;

/// What there is to reach.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// The collection that the operation works on, and how many items it has.
    pub collection: Option<(String, usize)>,
    /// The parameter of the path that has the key of an item, where one has.
    pub key: Option<String>,
    /// Its first items.
    pub items: Vec<ItemWords>,
    /// The replies that the document shows by name: the status, the name, what it is.
    pub examples: Vec<(StatusKey, String, String)>,
    /// The replies that fixtures have for certain requests.
    pub replies: Vec<ReplyWords>,
}

/// An item.
#[derive(Debug)]
pub(crate) struct ItemWords {
    /// Its key.
    pub key: String,
    /// What it says, in a line.
    pub about: String,
    /// Where the mock has it, where the operation's own path leads to it.
    pub target: Option<String>,
}

/// A reply that someone wrote.
#[derive(Debug)]
pub(crate) struct ReplyWords {
    /// What a request says to get it.
    pub request: Vec<String>,
    /// Its status.
    pub status: u16,
    /// Where it stands.
    pub source: String,
}

impl Reach {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.examples.is_empty() && self.replies.is_empty()
    }
}

/// What there is for an operation.
pub(crate) fn reach(
    contract: &Contract,
    operation: &Prepared,
    responses: &[ResponseWords],
) -> Reach {
    let mut reach = Reach {
        replies: replies(contract, operation),
        ..Reach::default()
    };
    for response in responses {
        let named = response.bodies.iter().flat_map(named);
        let named = named.map(|(name, summary)| (response.status, name, summary));
        reach.examples.extend(named);
    }
    let Some(binding) = operation.binding.as_ref().filter(|of| of.is_seeded) else {
        return reach;
    };
    reach.key = match &binding.key_from {
        KeyFrom::Path(name) => Some(name.clone()),
        _ => None,
    };
    let apart = contract.apart();
    apart.store().read(|state| {
        let Some(items) = state.collection(&binding.collection) else {
            return;
        };
        reach.collection = Some((binding.collection.clone(), items.len()));
        reach.items = items
            .iter()
            .take(MOST)
            .map(|(key, item)| {
                let target = match &binding.key_from {
                    KeyFrom::Path(name) => {
                        let mut target = operation.declared.path.to_string();
                        for parent in &binding.parents {
                            let above = key_text(item.value.get(&parent.parameter));
                            let hole = format!("{{{}}}", parent.parameter);
                            target = target.replace(&hole, &encode_segment(&above));
                        }
                        target = target.replace(&format!("{{{name}}}"), &encode_segment(key));
                        Some(format!("{}{target}", contract.prefix))
                            .filter(|target| !target.contains('{'))
                    }
                    _ => None,
                };
                ItemWords {
                    about: about(&item.value, key),
                    key: key.to_owned(),
                    target,
                }
            })
            .collect();
    });
    reach
}

/// The examples of a body that have names.
fn named(body: &BodyWords) -> impl Iterator<Item = (String, String)> {
    let named = body.examples.iter().filter(|of| !of.name.is_empty());
    named.map(|of| (of.name.clone(), of.summary.clone()))
}

/// The first texts and numbers of an item, its key and what looks like one aside.
fn about(item: &Value, key: &str) -> String {
    let members = item.as_object().into_iter().flatten();
    let is_key = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == "id" || name == "_id" || name.ends_with("id") || name.ends_with("ids")
    };
    let told = members.filter(|(name, value)| {
        let is_plain = match value {
            Value::String(text) => !text.is_empty() && text != key,
            Value::Number(_) | Value::Bool(_) => true,
            _ => false,
        };
        is_plain && !is_key(name)
    });
    let mut told: Vec<(&String, &Value)> = told.collect();
    // What says how far it is tells items apart.
    told.sort_by_key(|(name, _)| match name.as_str() {
        "name" | "title" => 0,
        "status" | "state" => 1,
        _ => 2,
    });
    let told = told.into_iter().take(VALUES).map(|(name, value)| {
        let text = key_text(Some(value));
        let short: String = text.chars().take(LONG).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        format!("{name} {short}{more}")
    });
    told.collect::<Vec<String>>().join(", ")
}

fn replies(contract: &Contract, operation: &Prepared) -> Vec<ReplyWords> {
    let all = contract.written.replies.get(&operation.number);
    let all = all.into_iter().flatten().take(MOST);
    let told = all.map(|fixture| {
        let asked = &fixture.request;
        let pairs = |lead: &str, of: &Map<String, Value>| -> Vec<String> {
            let said = of.iter();
            let said = said.map(|(name, value)| format!("{lead}{name}={}", key_text(Some(value))));
            said.collect()
        };
        let mut request = pairs("path ", &asked.path);
        request.extend(pairs("query ", &asked.query));
        request.extend(pairs("header ", &asked.header));
        request.extend(pairs("header ", &asked.fields));
        request.extend(pairs("cookie ", &asked.cookie));
        request.extend(asked.body.iter().map(|body| format!("body {body}")));
        ReplyWords {
            request,
            status: match &fixture.answer {
                Answer::Written(reply, _) => reply.status.as_u16(),
                Answer::Documented(status, _) => status.as_u16(),
            },
            source: near(contract, &fixture.source),
        }
    });
    told.collect()
}
