//! What an operation does with a collection.

use super::Unique;
use super::act::Act;
use super::batch::Batch;
use super::find::{key_text, stored_key};
use super::listing::Listing;
use super::member::Members;
use super::tie::Parent;
use crate::decode::Parameters;
use crate::rules::Merge;
use crate::store::State;
use crate::wire::{Pointer, encode_segment};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// What an operation does with a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Shows the items.
    List,
    /// Adds one.
    Create,
    /// Shows one.
    Read,
    /// Changes one.
    Update(Merge),
    /// Removes one.
    Delete,
    /// Adds, changes or removes several, as the batch says.
    Several,
}

/// What names the item that an operation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFrom {
    /// A path parameter.
    Path(String),
    /// The property of the body that holds the key.
    Body,
    /// Nothing: there is one alone.
    Single,
    /// Nothing: it is about all of them, or a new one.
    None,
}

/// An operation's tie to a collection.
#[derive(Debug, Clone)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The collection's name.
    pub collection: String,
    /// The property of an item that holds its key; empty where there is one item alone, or the path
    /// alone names it.
    pub key: String,
    /// What names the item.
    pub key_from: KeyFrom,
    /// What a list's query parameters and the rest of its reply mean.
    pub listing: Option<Arc<Listing>>,
    /// The items above, outermost first.
    pub parents: Vec<Parent>,
    /// Where the item or the items stand in the reply, by the names of properties; empty where
    /// they stand alone.
    pub envelope: Vec<String>,
    /// The property of the request's body that holds the item, where it doesn't stand alone.
    pub wrapper: Option<String>,
    /// Whether fixtures say which items there are.
    pub is_seeded: bool,
    /// The path of one item.
    pub item_path: Arc<str>,
    /// Whether the document has such a path.
    pub has_item_path: bool,
    /// The number of the operation that shows one item.
    pub reader: Option<usize>,
    /// The number of the operation that lists the items.
    pub lister: Option<usize>,
    /// What of its items is unique beside the key, and is looked at when one is written.
    pub unique: Unique,
    /// What it does with several items at once, where it takes those.
    pub batch: Option<Arc<Batch>>,
    /// Of which items it is a list, where it stands elsewhere than they do.
    pub scope: Option<Arc<Scoped>>,
    /// Properties, beside those of parents, that say whose the items are.
    pub links: Arc<[String]>,
    /// What becomes of the item, where the operation is an action on it.
    pub act: Option<Arc<Act>>,
    /// What it does with members of a list that the item has.
    pub members: Option<Arc<Members>>,
    /// What of the item a reply shows, by the names of properties; empty for all of it.
    pub within: Vec<String>,
}

/// The items that an operation is about which stands elsewhere than they do.
#[derive(Debug)]
pub struct Scoped {
    /// Path parameters, and the properties of the items that have their values.
    pub links: Vec<(String, String)>,
    /// The number of the operation that lists all items, of any scope.
    pub lister: Option<usize>,
}

impl Scoped {
    /// What is remembered, among what is gone, once the items of a scope are no longer the
    /// document's alone: no item has this key.
    pub(super) fn mark(&self, parameters: &Parameters) -> String {
        let said = self.links.iter().map(|(parameter, property)| {
            let value = key_text(parameters.path.get(parameter));
            format!("\u{0}\u{0}{property}\u{0}{value}")
        });
        said.collect()
    }

    /// Whether an item says that it is one of those that the path names.
    pub(super) fn has(&self, item: &Value, parameters: &Parameters) -> bool {
        self.links.iter().all(|(parameter, property)| {
            let said = item.get(property);
            said.is_some() && key_text(said) == key_text(parameters.path.get(parameter))
        })
    }
}

impl Binding {
    /// Whether it is about something that an item has, and not about all of it: what is sent is
    /// nothing that the item says itself.
    pub fn is_of_part(&self) -> bool {
        self.members.is_some() || self.act.as_ref().is_some_and(|act| act.part.is_some())
    }

    /// What a reply tells of the item: all of it, or what it shows of it in its place.
    pub fn told_of_item(&self, body: &Value) -> Option<Value> {
        let shown = self.unwrapped(body)?.clone();
        let one = self.members.as_ref().and_then(|members| members.of_one());
        let (names, shown) = match one {
            Some(names) => (names, Value::Array(vec![shown])),
            None => (self.within.iter().collect(), shown),
        };
        let names = names.into_iter().rev();
        Some(names.fold(shown, |inner, name| {
            Value::Object([(name.clone(), inner)].into_iter().collect())
        }))
    }

    /// The same, an update applying its body in another way.
    pub(super) fn with_merge(mut self, merge: Merge) -> Binding {
        if let Action::Update(how) = &mut self.action {
            *how = merge;
        }
        if let Some(batch) = &mut self.batch {
            Arc::make_mut(batch).merge = merge;
        }
        self
    }

    /// Where the store keeps the items. Those of fixtures are together, as each says whose it is;
    /// all others are by what they hang on.
    pub fn place(&self, parameters: &Parameters) -> Cow<'_, str> {
        match self.is_seeded || self.parents.is_empty() {
            true => Cow::Borrowed(&self.collection),
            false => Cow::Owned(place(&self.collection, &self.parents, parameters)),
        }
    }

    /// The path, without bases, below which the items of a list are that stands elsewhere.
    pub fn path_elsewhere(&self, parameters: &Parameters) -> Option<String> {
        self.scope.as_ref()?;
        let (list, _) = self.item_path.rsplit_once('/')?;
        let filled = list.split('/').map(|segment| {
            let name = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            let value = name.and_then(|name| parameters.path.get(name));
            value.map_or(segment.into(), |value| {
                encode_segment(&key_text(Some(value))).into()
            })
        });
        Some(filled.collect::<Vec<Cow<'_, str>>>().join("/"))
    }

    /// Whether the store says which items there are, and not the document alone.
    pub fn is_written(&self, parameters: &Parameters, state: &State) -> bool {
        self.is_seeded
            || state
                .collection(&self.place(parameters))
                .is_some_and(|all| {
                    let scope = self.scope.as_ref();
                    scope.is_none_or(|scope| all.is_buried(&scope.mark(parameters)))
                })
    }

    /// The key that a request names, by its path or its body.
    pub fn key_of(&self, parameters: &Parameters, body: &Value) -> Option<String> {
        match &self.key_from {
            KeyFrom::Path(name) => parameters
                .path
                .get(name)
                .map(stored_key)
                .or(Some(String::new())),
            KeyFrom::Body => body.get(&self.key).map(stored_key),
            KeyFrom::Single => Some(String::new()),
            KeyFrom::None => None,
        }
    }

    /// What a reply shows of the collection, in words.
    pub fn told(&self, parameters: &Parameters) -> String {
        match &self.key_from {
            KeyFrom::Path(name) => {
                let key = key_text(parameters.path.get(name));
                format!("item {key} of {}", self.collection)
            }
            KeyFrom::Single => format!("the item {}", self.collection),
            KeyFrom::Body | KeyFrom::None => format!("collection {}", self.collection),
        }
    }

    /// A place of the reply's body as a place of the item in it.
    pub fn inner(&self, at: Pointer) -> Pointer {
        let names = self.envelope.iter();
        let envelope = names.fold(Pointer::root(), |at, name| at.child(name));
        let inner = at.as_str().strip_prefix(envelope.as_str());
        inner.and_then(Pointer::parse).unwrap_or(at)
    }

    /// An item, or items, in what they stand in.
    pub fn wrapped(&self, inner: Value) -> Value {
        self.envelope.iter().rev().fold(inner, |inner, name| {
            Value::Object([(name.clone(), inner)].into_iter().collect())
        })
    }

    /// The item that a row of its list shows.
    pub fn item_of<'r>(&self, row: &'r Value) -> &'r Value {
        let listing = self.listing.as_ref();
        listing.map_or(row, |listing| listing.item_of(row))
    }

    /// The same, to be changed.
    pub(super) fn item_of_mut<'r>(&self, row: &'r mut Value) -> &'r mut Value {
        match &self.listing {
            Some(listing) => listing.item_of_mut(row),
            None => row,
        }
    }

    /// What of a reply's body stands for the item or the items.
    pub fn unwrapped<'b>(&self, body: &'b Value) -> Option<&'b Value> {
        let mut names = self.envelope.iter();
        names.try_fold(body, |body, name| body.get(name))
    }
}

/// The name under which items are kept that hang on others.
pub(super) fn place(collection: &str, parents: &[Parent], parameters: &Parameters) -> String {
    let keys = parents.iter();
    let keys = keys.map(|parent| key_text(parameters.path.get(&parent.parameter)));
    place_below(collection, keys)
}

/// The same, by the keys of those that they hang on, outermost first.
pub fn place_below(collection: &str, keys: impl Iterator<Item = String>) -> String {
    let mut place = collection.to_owned();
    for (index, key) in keys.enumerate() {
        place.push(if index == 0 { '@' } else { '/' });
        place += &encode_segment(&key);
    }
    place
}
