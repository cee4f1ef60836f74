//! A state as records that a ledger keeps, and back.

use super::collection::Items;
use super::item::{Entry, Origin};
use super::ledger::{Fate, KeptStore, Mark, Page, Record};
use super::state::{Address, State};
use super::{Collection, Item, Seed};
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

    /// The revisions of some collections; none of those that aren't there.
    pub(super) fn revisions<'n>(
        &self,
        names: impl Iterator<Item = &'n Arc<str>>,
    ) -> Vec<(Arc<str>, Option<u64>)> {
        let revision = |name: &Arc<str>| self.items(name).map(|items| items.revision());
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
        state.mark = kept.mark;
        (base, state)
    }

    /// The seeds that it holds.
    pub(super) fn as_seeds(&self) -> Vec<Seed> {
        let item = |(key, item): (&str, &Item)| (key.to_owned(), item.value.as_ref().clone());
        let seed = |(name, items): (&str, Collection<'_>)| Seed {
            collection: name.to_owned(),
            items: items.iter().map(item).collect(),
        };
        self.collections().map(seed).collect()
    }

    /// Becomes what another process made of it, which has this mark.
    pub(super) fn follow(&mut self, seeds: &State, page: &Page, mark: Mark) {
        for record in &page.records {
            let Record {
                collection, key, ..
            } = record;
            self.change(collection, |items, size| items.clear(key, size));
            self.resume(seeds, record);
        }
        for (name, revision) in &page.collections {
            if let Some(revision) = revision {
                self.change(name, |items, _| items.touch(*revision));
            }
        }
        self.revision = page.revision;
        self.mark = mark;
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
