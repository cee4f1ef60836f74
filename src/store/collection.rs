use super::buried::Buried;
use super::item::{Entry, Origin};
use super::reads::Reads;
use super::tree::{Tree, differences};
use super::trie::Trie;
use super::{Item, state::Size};
use crate::wire::EntityTag;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A live set of items by their key, in the order in which they came, as one state has it.
#[derive(Debug, Clone, Copy)]
pub struct Collection<'s> {
    items: &'s Items,
    name: &'s str,
    reads: Option<&'s Reads>,
}

/// What a collection holds. Cloning it copies no items.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    by_key: Trie<Arc<Entry>>,
    in_order: Tree<u64, Arc<Entry>>,
    /// The place of the next item to come.
    next: u64,
    /// That of the last write to it.
    revision: u64,
    buried: Buried,
    /// Whether it is there without any items.
    is_seeded: bool,
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl<'s> Collection<'s> {
    pub(super) fn new(name: &'s str, items: &'s Items, reads: Option<&'s Reads>) -> Collection<'s> {
        Collection { items, name, reads }
    }

    /// The item of a key.
    pub fn get(self, key: &str) -> Option<&'s Item> {
        if let Some(reads) = self.reads {
            reads.item(self.name, key);
        }
        self.items.get(key).map(|entry| &entry.item)
    }

    /// The items with their keys, in order. To come from the end is a little dearer.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = (&'s str, &'s Item)> + ExactSizeIterator {
        self.iter_from(0)
    }

    /// The items from a place on, counted from 0. To get there takes no longer than to get an item.
    pub fn iter_from(
        self,
        place: usize,
    ) -> impl DoubleEndedIterator<Item = (&'s str, &'s Item)> + ExactSizeIterator {
        self.whole();
        let items = self.items.in_order.iter_from(place);
        items.map(|(_, entry)| (entry.key.as_ref(), &entry.item))
    }

    /// The place of a key among the items, counted from 0.
    pub fn place(self, key: &str) -> Option<usize> {
        self.whole();
        let number = self.items.get(key)?.place;
        Some(self.items.in_order.rank(|other| other.cmp(&number)))
    }

    /// How many items there are.
    pub fn len(self) -> usize {
        self.whole();
        self.items.in_order.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// A validator of the collection as a whole, changed by every write to it.
    pub fn tag(self) -> EntityTag {
        let len = self.len();
        EntityTag::strong(format!("c{:x}-{len:x}", self.items.revision))
    }

    /// How many writes had come to the state with the last one to this collection. A number that
    /// only grows, and nothing else: who uses it is told of no write that comes in between.
    pub fn revision(self) -> u64 {
        self.items.revision
    }

    /// Whether the key was buried, and nothing has been put under it since.
    pub fn is_buried(self, key: &str) -> bool {
        if let Some(reads) = self.reads {
            reads.item(self.name, key);
        }
        self.items.is_buried(key)
    }

    /// The keys that are buried, from the one that was buried first.
    pub fn buried(self) -> impl Iterator<Item = &'s str> {
        self.whole();
        self.items.buried.keys()
    }

    fn whole(self) {
        if let Some(reads) = self.reads {
            reads.whole(self.name);
        }
    }
}

impl Size {
    fn add(&mut self, entry: &Entry) {
        self.items += 1;
        self.bytes += entry.item.size;
        self.own += entry.own();
    }

    fn take(&mut self, entry: &Entry) {
        self.items -= 1;
        self.bytes -= entry.item.size;
        self.own -= entry.own();
    }
}

impl Items {
    /// One that is there without any items.
    pub fn seeded() -> Items {
        Items {
            is_seeded: true,
            ..Items::default()
        }
    }

    pub fn get(&self, key: &str) -> Option<&Arc<Entry>> {
        self.by_key
            .find(hash(key), |entry| entry.key.as_ref() == key)
    }

    pub fn is_buried(&self, key: &str) -> bool {
        self.buried.has(key)
    }

    /// Whether nothing would be forgotten with it.
    pub fn is_idle(&self) -> bool {
        !self.is_seeded && self.in_order.len() == 0 && self.buried.is_empty()
    }

    pub fn put(&mut self, key: Arc<str>, item: Item, origin: Origin, size: &mut Size) {
        let dug_up = self.buried.remove(&key);
        size.bytes -= dug_up;
        size.own -= dug_up;
        let place = self.get(&key).map_or(self.next, |old| old.place);
        let entry = Entry {
            key,
            place,
            origin,
            item,
        };
        self.revision = entry.item.revision;
        self.set(entry, size);
    }

    /// Puts an entry into its place, where no other of its key is.
    pub fn set(&mut self, entry: Entry, size: &mut Size) {
        self.next = self.next.max(entry.place + 1);
        size.add(&entry);
        let entry = Arc::new(entry);
        if let Some(old) = self.in_order.insert(entry.place, Arc::clone(&entry)) {
            size.take(&old);
        }
        let key = Arc::clone(&entry.key);
        let is = |other: &Arc<Entry>| other.key == key;
        self.by_key.insert(hash(&key), entry, is);
    }

    pub fn remove(&mut self, key: &str, revision: u64, size: &mut Size) {
        let is = |entry: &Arc<Entry>| entry.key.as_ref() == key;
        if let Some(old) = self.by_key.remove(hash(key), is) {
            self.in_order.remove(|other| other.cmp(&old.place));
            self.revision = revision;
            size.take(&old);
        }
    }

    /// Has nothing under a key, and remembers nothing of it.
    pub fn clear(&mut self, key: &str, size: &mut Size) {
        self.remove(key, 0, size);
        let less = self.buried.remove(key);
        size.bytes -= less;
        size.own -= less;
    }

    /// Gives the key that is forgotten for it.
    pub fn bury(&mut self, key: Arc<str>, revision: u64, size: &mut Size) -> Option<Arc<str>> {
        self.remove(&key, revision, size);
        let forgotten = self.buried.oldest_for(&key);
        let less = forgotten.as_ref().map_or(0, |key| self.buried.remove(key));
        let more = self.buried.add(key);
        size.bytes = size.bytes + more - less;
        size.own = size.own + more - less;
        forgotten
    }

    /// The same of one that was buried as the how manieth.
    pub fn bury_as(&mut self, number: u64, key: Arc<str>, size: &mut Size) {
        let more = self.buried.add_as(number, key);
        size.bytes += more;
        size.own += more;
    }

    /// As the how manieth a key was buried, if it is.
    pub fn buried_as(&self, key: &str) -> Option<u64> {
        self.buried.number(key)
    }

    /// That of the last write to it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A write of this revision came to it.
    pub fn touch(&mut self, revision: u64) {
        self.revision = self.revision.max(revision);
    }

    /// As it was in `base`. What was written since then has a state, and a tag, of its own.
    pub fn renewed(&self, base: &Items, revision: u64, size: &mut Size) -> Items {
        let mut items = base.clone();
        items.revision = revision;
        let written = differences(&base.in_order, &self.in_order, Arc::ptr_eq);
        for (_, old) in written.into_iter().filter_map(|(old, _)| old) {
            items.set(old.renewed(revision), size);
        }
        items
    }

    /// The keys of items of which the two have another state, or only one any.
    pub fn unlike(&self, base: &Items) -> Vec<Arc<str>> {
        let found = differences(&base.in_order, &self.in_order, Arc::ptr_eq);
        let entries = found.iter().flat_map(|(old, new)| [*old, *new]);
        let keys = entries.flatten().map(|(_, entry)| Arc::clone(&entry.key));
        keys.collect()
    }

    /// The items of which the two have another state, or only one any: how many, and how many
    /// bytes they take here.
    pub fn changed(&self, base: &Items) -> (usize, usize) {
        let found = differences(&base.in_order, &self.in_order, Arc::ptr_eq);
        let entries = found.iter().flat_map(|(old, new)| [*old, *new]);
        let keys: HashSet<&str> = entries.flatten().map(|(_, e)| e.key.as_ref()).collect();
        let new = found.iter().filter_map(|(_, new)| *new);
        (keys.len(), new.map(|(_, entry)| entry.item.size).sum())
    }
}
