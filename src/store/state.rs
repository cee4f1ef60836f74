use super::collection::Items;
use super::item::{Action, Content, Origin, Planned};
use super::ledger::Mark;
use super::reads::Reads;
use super::tree::{Tree, differences};
use super::{Change, Collection, Item, Seed};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

/// Every collection of a store at one moment, which nothing changes any more. Cloning it copies
/// nothing.
#[derive(Debug, Clone, Default)]
pub struct State {
    collections: Tree<Arc<str>, Arc<Items>>,
    /// How many writes led to it.
    pub(super) revision: u64,
    /// Where it stands in a shared ledger.
    pub(super) mark: Mark,
    pub(super) size: Size,
    /// Whether what is put are the seeds.
    is_planting: bool,
    /// Where what is looked at is noted, for a writer.
    reads: Option<Arc<Reads>>,
}

/// A collection's name, and a key in it.
pub(super) type Address = (Arc<str>, Arc<str>);

/// What items, and the keys of buried ones, take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub items: usize,
    pub bytes: usize,
    /// The bytes that aren't shared with the seeds.
    pub own: usize,
}

impl State {
    /// A collection, where there is one of that name. One that was not among the seeds is there
    /// as long as it has items, or buried keys.
    pub fn collection(&self, name: &str) -> Option<Collection<'_>> {
        if let Some(reads) = &self.reads {
            reads.presence(name);
        }
        let (name, items) = self.find(name)?;
        Some(Collection::new(name, items, self.reads.as_deref()))
    }

    /// An item, where it is there.
    pub fn item(&self, collection: &str, key: &str) -> Option<&Item> {
        if let Some(reads) = &self.reads {
            reads.item(collection, key);
        }
        self.items(collection)?.get(key).map(|entry| &entry.item)
    }

    /// Whether the key of a collection is buried.
    pub fn is_buried(&self, collection: &str, key: &str) -> bool {
        if let Some(reads) = &self.reads {
            reads.item(collection, key);
        }
        self.items(collection)
            .is_some_and(|items| items.is_buried(key))
    }

    /// The collections with their names, in the order of these.
    pub fn collections(&self) -> impl Iterator<Item = (&str, Collection<'_>)> {
        self.collections_from("")
    }

    /// Those whose names begin so. To find them takes no longer than to find one.
    pub fn collections_from(
        &self,
        beginning: &str,
    ) -> impl Iterator<Item = (&str, Collection<'_>)> {
        if let Some(reads) = &self.reads {
            reads.listed(beginning);
        }
        let reads = self.reads.as_deref();
        let named = self.named_from(beginning);
        named.map(move |(name, items)| (name, Collection::new(name, items, reads)))
    }

    fn named_from(&self, beginning: &str) -> impl Iterator<Item = (&str, &Arc<Items>)> {
        let first = self.collections.rank(|name| name.as_ref().cmp(beginning));
        let named = self.collections.iter_from(first);
        let named = named.map(|(name, items)| (name.as_ref(), items));
        // Owned, so that what is given borrows the state alone.
        let beginning = beginning.to_owned();
        named.take_while(move |(name, _)| name.starts_with(&beginning))
    }

    pub(super) fn names_from(&self, beginning: &str) -> impl Iterator<Item = &str> {
        self.named_from(beginning).map(|(name, _)| name)
    }

    fn find(&self, name: &str) -> Option<(&str, &Arc<Items>)> {
        let found = self.collections.find(|other| other.as_ref().cmp(name))?;
        Some((found.0.as_ref(), &found.1))
    }

    pub(super) fn items(&self, name: &str) -> Option<&Arc<Items>> {
        self.find(name).map(|(_, items)| items)
    }

    /// The same, but that what is looked at is noted.
    pub(super) fn noting(&self, reads: &Arc<Reads>) -> State {
        State {
            reads: Some(Arc::clone(reads)),
            ..self.clone()
        }
    }

    /// The state as it is after some changes, for who decides on more of them: what is looked at
    /// in it is noted as in the state before. It is nobody else's, and the tags of what is put are
    /// not yet those that will be told.
    pub fn after(&self, changes: &[Change], now: SystemTime) -> State {
        let mut next = self.clone();
        for change in changes {
            next.apply(Planned::from(change.clone()), now, &mut Vec::new());
        }
        next
    }

    /// A state that holds the seeds, as of `now`.
    pub(super) fn planted(seeds: Vec<Seed>, now: SystemTime, after: u64) -> State {
        let mut state = State {
            revision: after,
            is_planting: true,
            ..State::default()
        };
        for seed in seeds {
            let name: Arc<str> = seed.collection.into();
            let items = Arc::new(Items::seeded());
            state.collections.insert(Arc::clone(&name), items);
            for (key, value) in seed.items {
                let content = Content::new(&key, Arc::new(value));
                state.apply(
                    Planned {
                        collection: Arc::clone(&name),
                        key: key.into(),
                        action: Action::Put(content),
                    },
                    now,
                    &mut Vec::new(),
                );
            }
        }
        state.is_planting = false;
        state
    }

    /// Gives the item as it became, where there is one after. Tells what it touched.
    pub(super) fn apply(
        &mut self,
        change: Planned,
        now: SystemTime,
        touched: &mut Vec<Address>,
    ) -> Option<Item> {
        self.revision += 1;
        let revision = self.revision;
        let Planned {
            collection: name,
            key,
            action,
        } = change;
        touched.push((Arc::clone(&name), Arc::clone(&key)));
        let side = |other: &Arc<str>| other.cmp(&name);
        if !matches!(action, Action::Remove) && self.collections.find(side).is_none() {
            self.collections.insert(Arc::clone(&name), Arc::default());
        }
        let items = Arc::make_mut(self.collections.get_mut(side)?);
        let item = match action {
            Action::Put(content) => {
                let origin = match self.is_planting {
                    true => Origin::Seed,
                    false => Origin::Written,
                };
                let item = content.item(revision, now);
                items.put(key, item.clone(), origin, &mut self.size);
                Some(item)
            }
            Action::Plant(item) => {
                let item = Item { revision, ..item };
                items.put(key, item, Origin::Written, &mut self.size);
                None
            }
            Action::Remove => {
                items.remove(&key, revision, &mut self.size);
                None
            }
            Action::Bury => {
                let forgotten = items.bury(key, revision, &mut self.size);
                touched.extend(forgotten.map(|key| (Arc::clone(&name), key)));
                None
            }
        };
        if items.is_idle() {
            self.collections.remove(side);
        }
        item
    }

    /// Changes a collection, made where there is none.
    pub(super) fn change(&mut self, name: &Arc<str>, change: impl FnOnce(&mut Items, &mut Size)) {
        let side = |other: &Arc<str>| other.cmp(name);
        if self.collections.find(side).is_none() {
            self.collections.insert(Arc::clone(name), Arc::default());
        }
        if let Some(items) = self.collections.get_mut(side) {
            let items = Arc::make_mut(items);
            change(items, &mut self.size);
            if items.is_idle() {
                self.collections.remove(side);
            }
        }
    }

    /// As it was in `base`. What was written since then has a state, and a tag, of its own.
    pub(super) fn renewed(&self, base: &State) -> State {
        let mut state = base.clone();
        state.revision = self.revision + 1;
        state.mark = self.mark;
        let written = differences(&base.collections, &self.collections, Arc::ptr_eq);
        for (old, new) in written {
            let Some((name, old)) = old else {
                continue;
            };
            let none = Arc::default();
            let new = new.map_or(&none, |(_, new)| new);
            let items = new.renewed(old, state.revision, &mut state.size);
            state.collections.insert(Arc::clone(name), Arc::new(items));
        }
        state
    }

    /// The collections that aren't as in `base`, and the keys of which the items aren't.
    pub(super) fn unlike(&self, base: &State) -> (Vec<Arc<str>>, BTreeSet<Address>) {
        let (mut names, mut keys) = (Vec::new(), BTreeSet::new());
        let none = Arc::default();
        for (old, new) in differences(&base.collections, &self.collections, Arc::ptr_eq) {
            let Some((name, _)) = old.or(new) else {
                continue;
            };
            names.push(Arc::clone(name));
            let [old, new] = [old, new].map(|items| items.map_or(&none, |(_, items)| items));
            let found = new.unlike(old).into_iter();
            keys.extend(found.map(|key| (Arc::clone(name), key)));
        }
        (names, keys)
    }

    /// How many items have another state than in `base`, or are in only one of both, and how many
    /// bytes they take here.
    pub(super) fn changed(&self, base: &State) -> (usize, usize) {
        let found = differences(&base.collections, &self.collections, Arc::ptr_eq);
        let none = Arc::default();
        let changed = found.into_iter().map(|(old, new)| {
            let [old, new] = [old, new].map(|items| items.map_or(&none, |(_, items)| items));
            new.changed(old)
        });
        changed.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
    }
}
