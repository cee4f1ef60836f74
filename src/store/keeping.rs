//! A state as records that a ledger keeps, and back.

use super::Item;
use super::collection::Items;
use super::item::{Entry, Origin};
use super::ledger::{Fate, KeptStore, Record};
use super::state::{Address, State};
use std::collections::BTreeSet;
use std::sync::Arc;

impl State {
    /// What there is under some keys, told against the seeds.
    pub(super) fn records(&self, seeds: &State, written: &BTreeSet<Address>) -> Vec<Record> {
        let record = |(collection, key): &Address| Record {
            fate: fate(key, self.items(collection), seeds.items(collection)),
            collection: Arc::clone(collection),
            key: Arc::clone(key),
        };
        written.iter().map(record).collect()
    }

    /// The revisions of the collections of some keys.
    pub(super) fn revisions(&self, written: &BTreeSet<Address>) -> Vec<(Arc<str>, Option<u64>)> {
        let mut names: Vec<&Arc<str>> = written.iter().map(|(name, _)| name).collect();
        names.dedup();
        let revision = |name: &Arc<str>| self.items(name).map(|items| items.revision());
        let names = names.into_iter();
        names
            .map(|name| (Arc::clone(name), revision(name)))
            .collect()
    }

    /// The state that a store's records tell, and what a reset of it goes back to.
    pub(super) fn resumed(seeds: &State, kept: &KeptStore) -> (State, State) {
        let (mut base, mut state) = (seeds.clone(), seeds.clone());
        for record in &kept.records {
            state.resume(seeds, record);
            if let Fate::Renewed(_) = record.fate {
                base.resume(seeds, record);
            }
        }
        for (name, revision) in &kept.collections {
            state.change(name, |items, _| items.touch(*revision));
        }
        state.revision = state.revision.max(kept.revision);
        (base, state)
    }

    fn resume(&mut self, seeds: &State, record: &Record) {
        let Record {
            collection,
            key,
            fate,
        } = record;
        let seeds = seeds.items(collection);
        self.change(collection, |items, size| match fate {
            Fate::Item {
                place,
                revision,
                tag,
                modified,
                value,
            } => {
                items.remove(key, 0, size);
                let entry = Entry {
                    key: Arc::clone(key),
                    place: *place,
                    origin: Origin::Written,
                    item: Item::kept(Arc::clone(value), tag.clone(), *modified, *revision),
                };
                items.set(entry, size);
            }
            Fate::Renewed(revision) => {
                if let Some(seed) = seeds.and_then(|seeds| seeds.get(key)) {
                    items.set(seed.renewed(*revision), size);
                }
            }
            Fate::Gone => items.remove(key, 0, size),
            Fate::Buried(number) => {
                items.remove(key, 0, size);
                items.bury_as(*number, Arc::clone(key), size);
            }
            Fate::Seed => {}
        });
    }
}

fn fate(key: &str, items: Option<&Arc<Items>>, seeds: Option<&Arc<Items>>) -> Fate {
    let entry = items.and_then(|items| items.get(key));
    let seed = seeds.and_then(|seeds| seeds.get(key));
    match (entry, items.and_then(|items| items.buried_as(key))) {
        (Some(entry), _) => match entry.origin {
            Origin::Seed => Fate::Seed,
            Origin::Renewed => Fate::Renewed(entry.item.revision),
            Origin::Written => Fate::Item {
                place: entry.place,
                revision: entry.item.revision,
                tag: entry.item.tag.clone(),
                modified: entry.item.modified,
                value: Arc::clone(&entry.item.value),
            },
        },
        (None, Some(number)) => Fate::Buried(number),
        (None, None) if seed.is_some() => Fate::Gone,
        (None, None) => Fate::Seed,
    }
}
