//! An item taken out, and all that hangs on it.

use super::find::{belongs, find};
use super::standin::Standins;
use super::{Binding, KeyFrom, Rejection, binding::place};
use crate::decode::Parameters;
use crate::store::{Change, State};
use crate::wire::{Preconditions, Verdict};
use serde_json::Value;

/// Takes an item out, with the items below it.
pub fn remove(
    standins: Standins<'_>,
    binding: &Binding,
    parameters: &Parameters,
    preconditions: &Preconditions,
    state: &State,
) -> Result<(Vec<Change>, ()), Rejection> {
    let found = find(standins, binding, parameters, &Value::Null, state)?;
    let (tag, modified) = (&found.item.tag, found.item.modified);
    if let Verdict::Failed(field) = preconditions.judge(false, tag, modified) {
        return Err(Rejection::precondition(field, tag));
    }
    let place = binding.place(parameters).into_owned();
    let mut changes = standins.taken_over(binding, parameters, state);
    changes.push(match binding.is_seeded {
        true => Change::Remove(place, found.key),
        false => Change::Bury(place, found.key),
    });
    below(standins, binding, parameters, state, &mut changes);
    Ok((changes, ()))
}

/// Takes out what hangs on the item that a path names.
fn below(
    standins: Standins<'_>,
    binding: &Binding,
    parameters: &Parameters,
    state: &State,
    changes: &mut Vec<Change>,
) {
    let inside = |path: &str| {
        let rest = path.strip_prefix(&*binding.item_path);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let is_named = matches!(binding.key_from, KeyFrom::Path(_));
    let depth = binding.parents.len() + usize::from(is_named);
    for tie in standins.operations.ties().iter() {
        if !inside(&tie.list_path) || tie.key(standins.operations).is_none() {
            continue;
        }
        let above = &tie.parents[..depth.min(tie.parents.len())];
        let mut take = |name: &str, is_seeded: bool, fits: &dyn Fn(&Value) -> bool| {
            let items = state.collection(name).into_iter();
            let items = items.flat_map(|items| items.iter());
            let items = items.filter(|(_, item)| fits(&item.value));
            let removed = items.map(|(key, _)| match is_seeded {
                true => Change::Remove(name.to_owned(), key.to_owned()),
                false => Change::Bury(name.to_owned(), key.to_owned()),
            });
            changes.extend(removed);
        };
        if tie.is_seeded {
            take(&tie.name, true, &|item| {
                let mut above = above.iter();
                let says = |parameter: &str| item.get(parameter).is_some();
                // What doesn't say whose it is stays.
                above.clone().all(|parent| says(&parent.parameter))
                    && above.all(|parent| belongs(item, &parent.parameter, parameters))
            });
            continue;
        }
        let own = place(&tie.name, above, parameters);
        let below = format!("{own}/");
        let names = state.collections_from(&own).map(|(name, _)| name);
        let names = names.filter(|name| **name == own || name.starts_with(&below));
        for name in names.collect::<Vec<_>>() {
            take(name, false, &|_| true);
        }
    }
}
