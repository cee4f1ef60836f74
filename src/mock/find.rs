//! The item that a request is about.

use super::standin::Standins;
use super::tie::Parent;
use super::{Binding, Rejection, binding::place};
use crate::decode::Parameters;
use crate::store::{Item, State};
use serde_json::Value;
use std::borrow::Cow;

/// An item with its key.
#[derive(Debug)]
pub struct Found<'s> {
    /// Its key.
    pub key: String,
    /// The item as it is.
    pub item: Cow<'s, Item>,
    /// Whether nobody has written it yet.
    pub is_standin: bool,
    /// Whether it is shown just as the contract alone would show it.
    pub is_plain: bool,
}

/// The key and item that a request names; its parents must be there too.
pub fn find<'s>(
    standins: Standins<'_>,
    binding: &Binding,
    parameters: &Parameters,
    body: &Value,
    state: &'s State,
) -> Result<Found<'s>, Rejection> {
    check_parents(&binding.parents, parameters, state)?;
    let key = binding.key_of(parameters, body).unwrap_or_default();
    let place = binding.place(parameters);
    let item = state.item(&place, &key).filter(|item| {
        let mut parents = binding.parents.iter();
        !binding.is_seeded
            || parents.all(|parent| belongs(&item.value, &parent.parameter, parameters))
    });
    if let Some(item) = item {
        return Ok(Found {
            key,
            item: Cow::Borrowed(item),
            is_standin: false,
            is_plain: false,
        });
    }
    let is_gone = || {
        let collection = state.collection(&place);
        collection.is_some_and(|all| all.is_buried(&key) || all.is_buried(OTHERS))
    };
    if binding.is_seeded || is_gone() {
        return Err(missing(&key, &binding.collection));
    }
    let standin = standins.item(binding, parameters, &key);
    Ok(Found {
        key,
        item: Cow::Owned(standin.item),
        is_standin: true,
        is_plain: standin.is_plain,
    })
}

fn missing(key: &str, collection: &str) -> Rejection {
    Rejection::Missing(match key {
        "" => format!("{collection} is not there"),
        key => format!("there is no item {key:?} in {collection}"),
    })
}

/// What is remembered, among what is gone, where a client has said which items there are, all of
/// them: no item of a collection has this key.
pub(super) const OTHERS: &str = "";

/// Whether the items are there that a path hangs on, as far as it is known which there are.
pub fn check_parents(
    parents: &[Parent],
    parameters: &Parameters,
    state: &State,
) -> Result<(), Rejection> {
    for (index, parent) in parents.iter().enumerate() {
        let Some(collection) = &parent.collection else {
            continue;
        };
        let key = key_text(parameters.path.get(&parent.parameter));
        let is_there = match parent.is_seeded {
            true => state.item(collection, &key).is_some(),
            false => {
                let place = place(collection, &parents[..index], parameters);
                let collection = state.collection(&place);
                !collection.is_some_and(|all| {
                    let is_gone = all.is_buried(&key) || all.is_buried(OTHERS);
                    is_gone && all.get(&key).is_none()
                })
            }
        };
        if !is_there {
            return Err(missing(&key, collection));
        }
    }
    Ok(())
}

/// Whether an item hangs on the parent that the path names.
pub(super) fn belongs(item: &Value, parameter: &str, parameters: &Parameters) -> bool {
    match item.get(parameter) {
        Some(value) => key_text(Some(value)) == key_text(parameters.path.get(parameter)),
        // Items that don't say whose they are belong to all.
        None => true,
    }
}

/// The key under which an item is kept. One that is empty stands in no path, and is kept under what
/// can't be one: where there is one item alone, that has the empty key.
pub fn stored_key(value: &Value) -> String {
    match key_text(Some(value)) {
        text if text.is_empty() => NAMELESS.to_owned(),
        text => text,
    }
}

/// The key of an item whose own is empty.
pub const NAMELESS: &str = "\u{0}";

/// The value of a property or parameter that holds a key, as the key that it is.
pub fn key_text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}
