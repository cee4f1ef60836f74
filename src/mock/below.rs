//! What hangs on an item that is made, or gets another key.

use super::find::{OTHERS, key_text};
use super::place_below;
use super::tie::{Tie, TieKind, names_above};
use super::write::Write;
use crate::decode::Parameters;
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
        let is_filled = |path: &str| operations.numbered(&Method::POST, path).is_some();
        let is_list = |tie: &Tie| match tie.kind {
            TieKind::Collection(_) => true,
            TieKind::Open => tie.key(operations).is_some_and(|key| !key.is_empty()),
            TieKind::Single => false,
        };
        let lists = self.ties_below().filter(|(tie, rest)| {
            // What is further down hangs on what isn't there.
            !rest.contains('{') && is_list(tie) && is_filled(&tie.list_path)
        });
        let places = lists.map(|(tie, _)| self.place_of(tie, key));
        let places = places.filter(|place| state.collection(place).is_none());
        let mut changes: Vec<Change> = places
            .map(|place| Change::Bury(place, OTHERS.to_owned()))
            .collect();
        let unseeded = operations.ties().iter().filter(|tie| !tie.is_seeded);
        let scopes = unseeded.flat_map(|tie| tie.scopes.iter());
        let scopes = scopes.filter_map(|scope| {
            let rest = self.below(&scope.path)?;
            let number = operations.numbered(&Method::POST, &scope.path)?;
            let binding = operations.get(number).binding.as_ref()?;
            (!rest.contains('{')).then_some((scope, binding))
        });
        let emptied = scopes.flat_map(|(scope, binding)| {
            let names = scope.path.split('/');
            let names = names.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
            let keys = names.map(str::to_owned).zip(self.keys_above(key));
            let mut parameters = Parameters::default();
            parameters
                .path
                .extend(keys.map(|(name, key)| (name, key.into())));
            self.standins.emptied(binding, &parameters, state)
        });
        changes.extend(emptied);
        changes
    }

    /// The ties below an item of this one, and what of the paths of their lists is below it.
    fn ties_below(&self) -> impl Iterator<Item = (&Tie, &str)> {
        let ties = self.standins.operations.ties().iter();
        let ties = ties.filter(|tie| !tie.is_seeded);
        ties.filter_map(|tie| Some((tie, self.below(&tie.list_path)?)))
    }

    /// What of a path is below an item of this one.
    fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        let item_path = &*self.binding.item_path;
        names_above(path, item_path)?;
        let segments = item_path.split('/').count();
        let (at, _) = path.match_indices('/').nth(segments - 1)?;
        Some(&path[at..])
    }

    /// Where what a tie tells of is kept for the item of a key.
    fn place_of(&self, tie: &Tie, key: &str) -> String {
        place_below(&tie.name, self.keys_above(key))
    }

    /// The keys that lead to the item of a key, its own last.
    fn keys_above(&self, key: &str) -> impl Iterator<Item = String> {
        let parents = self.binding.parents.iter();
        let above = parents.map(|parent| key_text(self.parameters.path.get(&parent.parameter)));
        above.chain(std::iter::once(key.to_owned()))
    }
}
