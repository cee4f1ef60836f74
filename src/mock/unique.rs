//! Properties of which no two items of a collection have the same values.
//!
//! There is no index: who writes to a collection that has such properties looks at its items once.
//! Nobody else pays for it.

use super::tie::{Tie, TieKind};
use super::write::Write;
use super::{Binding, Operations, Rejection};
use crate::store::{Change, Collection, State};
use crate::validate::{Place, Violation, show};
use crate::wire::{Method, Pointer};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Sets of properties: of each set no two items have the same values.
pub type Unique = Arc<[Vec<String>]>;

/// An item that has the values of another.
pub(super) struct Taken<'t> {
    /// The properties.
    names: &'t [String],
    /// The key of the item that was written.
    pub(super) key: &'t str,
    /// The key of the one that has them.
    pub(super) other: &'t str,
    values: Vec<&'t Value>,
}

/// The values of some properties. Nothing where one is absent or null: such don't collide.
pub fn values_of<'i>(names: &[String], item: &'i Value) -> Option<Vec<&'i Value>> {
    let values = names.iter();
    let values = values.map(|name| item.get(name).filter(|value| !value.is_null()));
    values.collect()
}

/// The first of the items written that has values of another.
pub(super) fn taken<'t>(
    unique: &'t [Vec<String>],
    collection: Collection<'t>,
    written: &[&'t str],
) -> Option<Taken<'t>> {
    let own: HashSet<&str> = written.iter().copied().collect();
    unique.iter().find_map(|names| {
        let taken = |key, other, values| Taken {
            names,
            key,
            other,
            values,
        };
        let mut wanted: HashMap<Vec<&Value>, &str> = HashMap::new();
        for key in written {
            let item = collection.get(key);
            let Some(values) = item.and_then(|item| values_of(names, &item.value)) else {
                continue;
            };
            match wanted.get(&values) {
                Some(other) if other != key => return Some(taken(*key, *other, values)),
                _ => wanted.insert(values, *key),
            };
        }
        // Nothing was said that another could have.
        if wanted.is_empty() {
            return None;
        }
        let others = collection.iter().filter(|(key, _)| !own.contains(key));
        let mut others =
            others.filter_map(|(key, item)| Some((key, values_of(names, &item.value)?)));
        others.find_map(|(other, values)| {
            let key = wanted.get(&values)?;
            Some(taken(*key, other, values))
        })
    })
}

impl Taken<'_> {
    /// The other as it is called where it was there before.
    pub(super) fn stored(&self, collection: &str) -> String {
        let other = show(&Value::from(self.other));
        format!("the item {other} of {collection}")
    }

    /// The refusal of it, at every property of the set, by what the other is called.
    pub(super) fn rejection(&self, other: &str) -> Rejection {
        let said = self.names.iter().zip(&self.values);
        let said = said.map(|(name, value)| format!("{name} {}", show(value)));
        let said = said.collect::<Vec<String>>().join(" and the ");
        let violation = |name: &String| Violation {
            place: Place::Body(Pointer::root().child(name)),
            rule: "unique".to_owned(),
            detail: format!("is taken: {other} has the {said}"),
            origin: None,
        };
        Rejection::Conflict(self.names.iter().map(violation).collect())
    }
}

impl Write<'_, '_> {
    /// Refuses changes that would give the item of a key what another has.
    pub(super) fn check_unique(
        &self,
        state: &State,
        changes: &[Change],
        key: &str,
    ) -> Result<(), Rejection> {
        let Binding {
            unique, collection, ..
        } = self.binding;
        if unique.is_empty() {
            return Ok(());
        }
        let place = self.binding.place(self.parameters);
        let next = state.after(changes, self.now);
        let said = |state: &State, names: &[String]| {
            let item = state.item(&place, key)?;
            let values = values_of(names, &item.value)?;
            Some(values.into_iter().cloned().collect::<Vec<Value>>())
        };
        // What stays as it was needs no look at the others.
        let moved = unique
            .iter()
            .filter(|names| said(state, names) != said(&next, names));
        let moved: Vec<Vec<String>> = moved.cloned().collect();
        if moved.is_empty() {
            return Ok(());
        }
        let found = next.collection(&place);
        match found.and_then(|all| taken(&moved, all, &[key])) {
            Some(taken) => Err(taken.rejection(&taken.stored(collection))),
            None => Ok(()),
        }
    }
}

impl Tie {
    /// What of its items is unique beside the key: what the settings say, and each property whose
    /// schema says `x-unique: true`, as tools that make tables of schemas read it.
    pub fn unique(&self, operations: &Operations) -> Unique {
        let unique = self.unique.get_or_init(|| {
            let mut all = self.hinted_unique.clone();
            if self.kind != TieKind::Single {
                let names = self.properties(operations).into_iter();
                let marked = names.filter_map(|(name, is_marked)| is_marked.then(|| vec![name]));
                all.extend(marked.filter(|names| Some(names[0].as_str()) != self.key(operations)));
            }
            all.sort();
            all.dedup();
            all.into()
        });
        Arc::clone(unique)
    }

    /// The properties that schemas say an item has, and whether they say that it is unique.
    fn properties(&self, operations: &Operations) -> BTreeSet<(String, bool)> {
        let shapes = operations.shapes();
        let shown = self.shown_item(operations);
        let posted = operations.numbered(&Method::POST, &self.list_path);
        let posted = posted.and_then(|number| operations.outline(number).taken.first());
        let shapes_of = shown.into_iter().chain(posted.copied());
        let properties = shapes_of.flat_map(|id| &shapes.get(id).properties);
        properties
            .map(|(name, property)| {
                let said = shapes.says(shapes.of_property(property), "x-unique");
                (
                    name.clone(),
                    said.and_then(|said| said.as_bool()) == Some(true),
                )
            })
            .collect()
    }
}

impl Operations {
    /// What of a collection's items is unique beside the key.
    pub fn unique(&self, collection: &str) -> Unique {
        let tie = self.ties().named(collection);
        tie.map_or_else(Unique::default, |tie| tie.unique(self))
    }

    /// The properties that schemas say an item of a collection has.
    pub fn properties(&self, collection: &str) -> Vec<String> {
        let by_path = || self.ties().of(collection).map(|(tie, _)| tie);
        let tie = self.ties().named(collection).or_else(by_path);
        let properties = tie.map_or_else(BTreeSet::new, |tie| tie.properties(self));
        properties.into_iter().map(|(name, _)| name).collect()
    }
}
