//! A state as records that a ledger keeps, and back.

use super::collection::Items;
use super::item::{Action, Entry, Origin, Planned};
use super::ledger::{Fate, KeptStore, Mark, Page, Record};
use super::state::{Address, State};
use super::{Collection, Item, Seed};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

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

    /// What was done since `seeds`, done to `others`: what was put is there as it was, what was
    /// taken out is gone, and all else is as those have it.
    pub(super) fn regrown(&self, seeds: &State, others: &State) -> State {
        let (_, written) = self.unlike(seeds);
        let mut records = self.records(seeds, &written);
        // The places of what is put are those of others by now; their order is the same.
        records.sort_by_key(|record| match record.fate {
            Fate::Item { place, .. } => place,
            Fate::Buried(number) => number,
            Fate::Renewed(_) | Fate::Gone | Fate::Seed => 0,
        });
        let mut state = others.clone();
        state.revision = state.revision.max(self.revision);
        for record in records {
            let action = match record.fate {
                Fate::Item {
                    tag,
                    modified,
                    value,
                    revision,
                    ..
                } => Action::Plant(Item::kept(value, tag, modified, revision)),
                Fate::Gone => Action::Remove,
                Fate::Buried(_) => Action::Bury,
                Fate::Renewed(_) | Fate::Seed => continue,
            };
            let planned = Planned {
                collection: record.collection,
                key: record.key,
                action,
            };
            // What is planted has its own time, and the rest has none.
            state.apply(planned, UNIX_EPOCH, &mut Vec::new());
        }
        state
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
