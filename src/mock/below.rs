//! What hangs on an item that is made, or gets another key.

use super::find::{OTHERS, key_text};
use super::place_below;
use super::tie::{Tie, TieKind, names_above};
use super::write::Write;
use crate::store::{Change, State};
use crate::wire::Method;

impl Write<'_, '_> {
    /// What hangs on an item that has another key now hangs on it still.
    pub(super) fn moved_below(&self, state: &State, old: &str, new: &str) -> Vec<Change> {
        let mut changes = Vec::new();
        for (tie, _) in self.ties_below() {
            let (from, to) = (self.place_of(tie, old), self.place_of(tie, new));
            for (name, items) in state.collections_from(&from) {
                let Some(rest) = name.strip_prefix(&from) else {
                    continue;
                };
                if !rest.is_empty() && !rest.starts_with('/') {
                    continue;
                }
                let place = format!("{to}{rest}");
                for (key, item) in items.iter() {
                    let moved = Change::Plant(place.clone(), key.to_owned(), item.clone());
                    changes.extend([moved, Change::Remove(name.to_owned(), key.to_owned())]);
                }
            }
        }
        changes
    }

    /// Nothing hangs on what is new: of the lists below it that clients add to none is made up.
    pub(super) fn nothing_below(&self, state: &State, key: &str) -> Vec<Change> {
        let operations = &self.standins.operations;
        let is_filled = |tie: &Tie| {
            let list = &tie.list_path;
            matches!(tie.kind, TieKind::Collection(_))
                && operations.numbered(&Method::POST, list).is_some()
        };
        let lists = self.ties_below().filter(|(tie, rest)| {
            // What is further down hangs on what isn't there.
            !rest.contains('{') && is_filled(tie)
        });
        let places = lists.map(|(tie, _)| self.place_of(tie, key));
        let places = places.filter(|place| state.collection(place).is_none());
        places
            .map(|place| Change::Bury(place, OTHERS.to_owned()))
            .collect()
    }

    /// The ties below an item of this one, and what of the paths of their lists is below it.
    fn ties_below(&self) -> impl Iterator<Item = (&Tie, &str)> {
        let item_path = &*self.binding.item_path;
        let segments = item_path.split('/').count();
        let ties = self.standins.operations.ties().iter();
        ties.filter(|tie| !tie.is_seeded).filter_map(move |tie| {
            names_above(&tie.list_path, item_path)?;
            let (at, _) = tie.list_path.match_indices('/').nth(segments - 1)?;
            Some((tie, &tie.list_path[at..]))
        })
    }

    /// Where what a tie tells of is kept for the item of a key.
    fn place_of(&self, tie: &Tie, key: &str) -> String {
        let parents = self.binding.parents.iter();
        let above = parents.map(|parent| key_text(self.parameters.path.get(&parent.parameter)));
        let own = std::iter::once(key.to_owned());
        place_below(&tie.name, above.chain(own))
    }
}
