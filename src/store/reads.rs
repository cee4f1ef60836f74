use super::State;
use super::collection::Items;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// How many items of a collection are noted one by one; beyond, it is the whole collection.
const ITEMS: usize = 1_000;

/// What a writer has looked at while it decided.
#[derive(Debug, Default)]
pub(super) struct Reads(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    collections: BTreeMap<Box<str>, Look>,
    /// The beginnings of names of which all were listed.
    listed: HashSet<Box<str>>,
}

/// How far a collection was looked at.
#[derive(Debug, Default)]
struct Look {
    /// Whether it is there.
    presence: bool,
    items: HashSet<Box<str>>,
    /// All of it: its items' number or order, or so many of them that it comes to the same.
    whole: bool,
}

impl Reads {
    /// The item of a key was looked for.
    pub fn item(&self, collection: &str, key: &str) {
        self.look(collection, |look| {
            if !look.whole && !look.items.contains(key) {
                look.items.insert(key.into());
                look.whole = look.items.len() > ITEMS;
            }
        });
    }

    /// A collection was gone through, or counted.
    pub fn whole(&self, collection: &str) {
        self.look(collection, |look| look.whole = true);
    }

    /// It was seen whether there is such a collection.
    pub fn presence(&self, collection: &str) {
        self.look(collection, |look| look.presence = true);
    }

    /// The names that begin so were listed.
    pub fn listed(&self, beginning: &str) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.listed.insert(beginning.into());
    }

    fn look(&self, collection: &str, note: impl FnOnce(&mut Look)) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.collections.get_mut(collection) {
            Some(look) => note(look),
            None => note(seen.collections.entry(collection.into()).or_default()),
        }
    }

    /// Whether all that was seen in one state is the same in the other.
    pub fn hold(&self, then: &State, now: &State) -> bool {
        if then.revision == now.revision {
            return true;
        }
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names_are_same = |beginning| {
            let names = then.names_from(beginning);
            names.eq(now.names_from(beginning))
        };
        let mut looks = seen.collections.iter();
        looks.all(|(name, look)| look.holds(then.items(name), now.items(name)))
            && seen.listed.iter().all(|name| names_are_same(name))
    }
}

impl Look {
    fn holds(&self, then: Option<&Arc<Items>>, now: Option<&Arc<Items>>) -> bool {
        let is_same = |key: &str| {
            let entry = |items: Option<&'_ Arc<Items>>| items.and_then(|i| i.get(key)).cloned();
            let is_buried = |items: Option<&Arc<Items>>| items.is_some_and(|i| i.is_buried(key));
            is_one(entry(then).as_ref(), entry(now).as_ref()) && is_buried(then) == is_buried(now)
        };
        is_one(then, now)
            || !self.whole
                && (!self.presence || then.is_some() == now.is_some())
                && self.items.iter().all(|key| is_same(key))
    }
}

/// Both are the same allocation, or both aren't there.
fn is_one<T>(a: Option<&Arc<T>>, b: Option<&Arc<T>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}
