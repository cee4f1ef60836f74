use super::{Collection, Item};
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

/// Every collection of a store at one moment. Cloning it copies no items.
#[derive(Debug, Clone, Default)]
pub struct State {
    collections: IndexMap<String, Arc<Collection>>,
    revision: u64,
    size: Size,
}

/// What items take.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    items: usize,
    bytes: usize,
}

/// What a collection starts with: its name, and its items by key.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The collection's name.
    pub collection: String,
    /// Its items, in order.
    pub items: Vec<(String, Value)>,
}

/// One write.
#[derive(Debug, Clone)]
pub enum Change {
    /// Puts an item under a key of a collection, new or in place of what was there.
    Put(String, String, Value),
    /// Puts an item there as it is, with its tag and time.
    Plant(String, String, Item),
    /// Takes an item out.
    Remove(String, String),
    /// The same, and remembers that it was.
    Bury(String, String),
}

/// The store would hold more than it may: nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreFull;

/// How many items a store may hold, beyond those of its seeds.
const ITEMS: usize = 10_000;
/// How many bytes of memory items may take, beyond those of its seeds, counted roughly.
const BYTES: usize = 64 * 1024 * 1024;

/// The state of one contract, shared by all requests.
#[derive(Debug)]
pub struct Store {
    state: RwLock<State>,
    seeds: Vec<Seed>,
    now: SystemTime,
    most: Size,
}

impl State {
    /// A collection, where there is one of that name.
    pub fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.get(name).map(Arc::as_ref)
    }

    /// An item, where it is there.
    pub fn item(&self, collection: &str, key: &str) -> Option<&Item> {
        self.collection(collection)?.get(key)
    }

    /// The collections with their names, in order.
    pub fn collections(&self) -> impl Iterator<Item = (&str, &Collection)> {
        self.collections
            .iter()
            .map(|(name, collection)| (name.as_str(), collection.as_ref()))
    }

    /// What the items take once these changes are made; less, where several are of one item.
    fn size_after(&self, changes: &[Change]) -> Size {
        let mut size = self.size;
        for change in changes {
            let (Change::Put(collection, key, _)
            | Change::Plant(collection, key, _)
            | Change::Remove(collection, key)
            | Change::Bury(collection, key)) = change;
            if let Some(old) = self.item(collection, key) {
                size.items = size.items.saturating_sub(1);
                size.bytes = size.bytes.saturating_sub(old.size);
            }
            let added = match change {
                Change::Put(_, _, value) => size_of_value(value),
                Change::Plant(_, _, item) => item.size,
                Change::Remove(..) | Change::Bury(..) => continue,
            };
            size.items += 1;
            size.bytes += added;
        }
        size
    }

    /// Gives the item as it became, where there is one after.
    fn apply(&mut self, change: Change, now: SystemTime) -> Option<Item> {
        self.revision += 1;
        let revision = self.revision;
        self.size = self.size_after(std::slice::from_ref(&change));
        match change {
            Change::Put(collection, key, value) => {
                let collection = self.collections.entry(collection).or_default();
                Some(Arc::make_mut(collection).put(key, value, revision, now))
            }
            Change::Plant(collection, key, item) => {
                let collection = self.collections.entry(collection).or_default();
                Arc::make_mut(collection).plant(key, item, revision);
                None
            }
            Change::Bury(collection, key) => {
                let collection = self.collections.entry(collection).or_default();
                Arc::make_mut(collection).bury(&key, revision);
                None
            }
            Change::Remove(collection, key) => {
                if let Some(collection) = self.collections.get_mut(&collection) {
                    Arc::make_mut(collection).remove(&key, revision);
                }
                None
            }
        }
    }
}

impl Store {
    /// A store that holds the seeds, as of `now`.
    pub fn new(seeds: Vec<Seed>, now: SystemTime) -> Store {
        let mut state = State::default();
        plant(&mut state, &seeds, now);
        let most = Size {
            items: state.size.items + ITEMS,
            bytes: state.size.bytes + BYTES,
        };
        Store {
            state: RwLock::new(state),
            seeds,
            now,
            most,
        }
    }

    /// Looks at the state. Writers wait as long as `look` takes.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Decides on changes and applies them, alone: whatever `decide` saw is still so when its
    /// changes are made. All of them are made, or on a refusal none. Gives what was decided, and
    /// the items put, in order, as they became.
    ///
    /// # Errors
    /// The refusal of `decide`, or [`StoreFull`].
    pub fn write<T, R: From<StoreFull>>(
        &self,
        now: SystemTime,
        decide: impl FnOnce(&State) -> Result<(Vec<Change>, T), R>,
    ) -> Result<(T, Vec<Item>), R> {
        // A panic while deciding leaves the state as it was, so a poisoned lock is still good.
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let (changes, decided) = decide(&state)?;
        let after = state.size_after(&changes);
        let grows = after.items > state.size.items || after.bytes > state.size.bytes;
        if grows && (after.items > self.most.items || after.bytes > self.most.bytes) {
            return Err(StoreFull.into());
        }
        let items = changes
            .into_iter()
            .filter_map(|change| state.apply(change, now))
            .collect();
        Ok((decided, items))
    }

    /// Back to the seeds. Revisions go on counting, so that no tag comes twice.
    pub fn reset(&self) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut fresh = State {
            revision: state.revision,
            ..State::default()
        };
        plant(&mut fresh, &self.seeds, self.now);
        *state = fresh;
    }
}

/// Roughly what a value takes in memory, in bytes.
pub(super) fn size_of_value(value: &Value) -> usize {
    let own = size_of::<Value>();
    own + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size_of_value).sum(),
        Value::Object(members) => {
            // A member has its hash and its place in the order beside its name.
            let member = |(name, value): (&String, &Value)| {
                size_of::<String>() + 24 + name.len() + size_of_value(value)
            };
            members.iter().map(member).sum()
        }
        _ => 0,
    }
}

impl From<StoreFull> for String {
    fn from(_: StoreFull) -> String {
        "the store is full: reset it, or take items out".to_owned()
    }
}

impl From<StoreFull> for () {
    fn from(_: StoreFull) {}
}

fn plant(state: &mut State, seeds: &[Seed], now: SystemTime) {
    for seed in seeds {
        state
            .collections
            .entry(seed.collection.clone())
            .or_default();
        for (key, value) in &seed.items {
            state.apply(
                Change::Put(seed.collection.clone(), key.clone(), value.clone()),
                now,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::UNIX_EPOCH;

    fn store() -> Store {
        let items = vec![("1".to_owned(), json!({"n": 0}))];
        Store::new(
            vec![Seed {
                collection: "things".to_owned(),
                items,
            }],
            UNIX_EPOCH,
        )
    }

    fn put(n: u64) -> Vec<Change> {
        vec![Change::Put(
            "things".to_owned(),
            "1".to_owned(),
            json!({"n": n}),
        )]
    }

    #[test]
    fn a_refused_write_leaves_no_trace() {
        let store = store();
        let tag = || store.read(|state| state.item("things", "1").map(|item| item.tag.clone()));
        let before = tag();
        let refused: Result<((), Vec<Item>), String> =
            store.write(UNIX_EPOCH, |_| Err("no".to_owned()));
        assert!(refused.is_err());
        assert_eq!(tag(), before);
    }

    #[test]
    fn a_store_that_would_grow_past_its_bounds_refuses_the_write_and_takes_smaller_ones() {
        let store = store();
        let put = |text: String| {
            let change = Change::Put("things".to_owned(), "1".to_owned(), json!({"n": text}));
            store
                .write(UNIX_EPOCH, |_| Ok::<_, String>((vec![change], ())))
                .is_ok()
        };
        assert!(put("x".repeat(BYTES / 2)));
        assert!(!put("x".repeat(BYTES + 1000)));
        assert!(put("small".to_owned()));
        let many = |count: usize| {
            let change = |n| Change::Put("things".to_owned(), format!("k{n}"), json!({}));
            let changes = (0..count).map(change).collect();
            store
                .write(UNIX_EPOCH, |_| Ok::<_, String>((changes, ())))
                .is_ok()
        };
        assert!(!many(ITEMS + 1));
        assert!(many(ITEMS));
    }

    #[test]
    fn every_write_and_every_reset_gives_a_tag_that_never_was() {
        let store = store();
        let mut tags = std::collections::HashSet::new();
        let mut note = || {
            let tag = store.read(|state| state.item("things", "1").map(|item| item.tag.clone()));
            assert!(tags.insert(tag));
        };
        note();
        for _ in 0..3 {
            store
                .write(UNIX_EPOCH, |_| Ok::<_, ()>((put(7), ())))
                .expect("not refused");
            note();
            store.reset();
            note();
        }
    }

    #[test]
    fn of_many_writers_that_saw_one_tag_one_wins() {
        let store = store();
        let seen = store.read(|state| state.item("things", "1").map(|item| item.tag.clone()));
        let won: usize = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..64)
                .map(|n| {
                    let (store, seen) = (&store, &seen);
                    scope.spawn(move || {
                        let outcome = store.write(UNIX_EPOCH, |state| {
                            let tag = state.item("things", "1").map(|item| item.tag.clone());
                            if tag == *seen {
                                Ok((put(n), ()))
                            } else {
                                Err(())
                            }
                        });
                        usize::from(outcome.is_ok())
                    })
                })
                .collect();
            writers
                .into_iter()
                .filter_map(|writer| writer.join().ok())
                .sum()
        });
        assert_eq!(won, 1);
    }
}
