//! An item taken out, and all that hangs on it.

use super::binding::place_below;
use super::find::{find, key_text};
use super::standin::Standins;
use super::tie::{Parent, names_above};
use super::{Binding, KeyFrom, Prepared, PreparedContent, Rejection, render_item};
use crate::decode::Parameters;
use crate::store::{Change, State};
use crate::wire::{Preconditions, Verdict};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Takes an item out, with the items below it. Gives the item as it was, too.
pub fn remove(
    standins: Standins<'_>,
    binding: &Binding,
    parameters: &Parameters,
    preconditions: &Preconditions,
    state: &State,
) -> Result<(Vec<Change>, Value), Rejection> {
    let found = find(standins, binding, parameters, &Value::Null, state)?;
    let (tag, modified) = (&found.item.tag, found.item.modified);
    if let Verdict::Failed(field) = preconditions.judge(false, tag, modified) {
        return Err(Rejection::precondition(field, tag));
    }
    let removed = found.item.value.as_ref().clone();
    let changes = take_out(standins, binding, parameters, &[found.key], state);
    Ok((changes, removed))
}

impl Standins<'_> {
    /// The body of a reply that shows what was removed, where a reply to that does.
    pub fn removed(
        &self,
        operation: &Prepared,
        binding: &Binding,
        content: &PreparedContent,
        item: &Value,
    ) -> Option<Value> {
        let (reader, _) = self.reader(binding)?;
        let whole = self.operations.outline(binding.reader?).shown?;
        let shapes = self.contents.shapes;
        let mut names = reader.envelope.iter();
        let own = names.try_fold(whole, |id, name| {
            Some(shapes.of_property(shapes.get(id).properties.get(name)?))
        })?;
        let shown = operation.success_body()?.shape?;
        let within = (whole, reader.envelope.as_slice());
        let binding = Binding {
            envelope: self.operations.shown_within(shown, within, own)?,
            ..binding.clone()
        };
        let body = render_item(shapes, &binding, Some(content), item).into_owned();
        self.like(content, body, "")
    }
}

/// What takes out the items of some keys, with the items below them.
pub(super) fn take_out(
    standins: Standins<'_>,
    binding: &Binding,
    parameters: &Parameters,
    keys: &[String],
    state: &State,
) -> Vec<Change> {
    let place = binding.place(parameters);
    let mut changes = standins.taken_over(binding, parameters, state);
    // Of fixtures, too: nobody else is given the key of what was there.
    let bury = |key: &String| Change::Bury(place.clone().into_owned(), key.clone());
    changes.extend(keys.iter().map(bury));
    below(standins, binding, (parameters, keys), state, &mut changes);
    changes
}

/// Takes out what hangs on the items of some keys. Of a collection that has fixtures it takes one
/// look at each item, however many keys there are.
fn below(
    standins: Standins<'_>,
    binding: &Binding,
    (parameters, keys): (&Parameters, &[String]),
    state: &State,
    changes: &mut Vec<Change>,
) {
    let inside = |path| names_above(path, &binding.item_path);
    // The key that the path of the removal names of what a path below it hangs on.
    let key_above = |names: &HashMap<&str, &str>, parent: &Parent| {
        let name = names.get(parent.parameter.as_str());
        key_text(name.and_then(|name| parameters.path.get(*name)))
    };
    let own = match &binding.key_from {
        KeyFrom::Path(name) => Some(name.as_str()),
        _ => None,
    };
    let depth = binding.parents.len();
    let named: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let elsewhere = standins.operations.ties().iter().flat_map(|tie| {
        let scopes = tie.scopes.iter();
        scopes.filter_map(move |scope| Some((tie, scope, inside(&scope.path)?)))
    });
    for (tie, scope, above) in elsewhere {
        let Some(own) = own.filter(|_| tie.key(standins.operations).is_some()) else {
            continue;
        };
        let links = tie.linked(scope, standins.operations);
        let name = match tie.is_seeded {
            true => tie.name.clone(),
            false => {
                let parents = tie.parents.iter();
                place_below(&tie.name, parents.map(|parent| key_above(&above, parent)))
            }
        };
        let is_below = |item: &Value| {
            links.iter().all(|(parameter, property)| {
                let said = item.get(property).map(|said| key_text(Some(said)));
                let above = above.get(parameter.as_str());
                said.is_some_and(|said| match above == Some(&own) {
                    true => named.contains(said.as_str()),
                    false => {
                        let named = above.and_then(|name| parameters.path.get(*name));
                        named.is_none_or(|named| said == key_text(Some(named)))
                    }
                })
            })
        };
        let items = state
            .collection(&name)
            .into_iter()
            .flat_map(|items| items.iter());
        let items = items.filter(|(_, item)| is_below(&item.value));
        changes.extend(items.map(|(key, _)| Change::Bury(name.clone(), key.to_owned())));
    }
    for tie in standins.operations.ties().iter() {
        let names = inside(&tie.list_path).filter(|_| tie.key(standins.operations).is_some());
        let Some(names) = names else { continue };
        // What the item's own parameter is called below it.
        let own_below = own.and_then(|own| names.iter().find(|(_, above)| **above == own));
        let own_below = own_below.map(|(below, _)| *below);
        let above = &tie.parents[..depth.min(tie.parents.len())];
        let mut take = |name: &str, fits: &dyn Fn(&Value) -> bool| {
            let items = state.collection(name).into_iter();
            let items = items.flat_map(|items| items.iter());
            let items = items.filter(|(_, item)| fits(&item.value));
            let removed = items.map(|(key, _)| Change::Bury(name.to_owned(), key.to_owned()));
            changes.extend(removed);
        };
        if tie.is_seeded {
            take(&tie.name, &|item| {
                let mut above = above.iter();
                let says = |parameter: &str| item.get(parameter).is_some();
                let mut own = own_below.into_iter();
                // What doesn't say whose it is stays.
                above.clone().all(|parent| says(&parent.parameter))
                    && above.all(|parent| {
                        key_text(item.get(&parent.parameter)) == key_above(&names, parent)
                    })
                    && own.all(|own| {
                        let key = item.get(own).map(|key| key_text(Some(key)));
                        key.is_some_and(|key| named.contains(key.as_str()))
                    })
            });
            continue;
        }
        let mut take_from = |place: &str| {
            let below = format!("{place}/");
            let names = state.collections_from(place).map(|(name, _)| name);
            let names = names.filter(|name| **name == *place || name.starts_with(&below));
            for name in names.collect::<Vec<_>>() {
                take(name, &|_| true);
            }
        };
        let above: Vec<String> = above.iter().map(|p| key_above(&names, p)).collect();
        if own.is_none() {
            take_from(&place_below(&tie.name, above.into_iter()));
            continue;
        }
        for key in keys {
            let above = above.iter().cloned();
            take_from(&place_below(&tie.name, above.chain([key.clone()])));
        }
    }
}
