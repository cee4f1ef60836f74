use super::state::size_of_value;
use crate::wire::EntityTag;
use indexmap::{IndexMap, IndexSet};
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::SystemTime;

/// A member of a collection, in one of its states.
#[derive(Debug, Clone)]
pub struct Item {
    /// The whole item, also what no reply shows.
    pub value: Arc<Value>,
    /// A strong validator of this state: no two states of a store have the same.
    pub tag: EntityTag,
    /// When it came into this state.
    pub modified: SystemTime,
    pub(super) size: usize,
}

/// A live set of items by their key, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    items: IndexMap<String, Item>,
    buried: IndexSet<String>,
    revision: u64,
}

/// How many keys a collection remembers that were taken out.
const BURIED: usize = 10_000;

impl Item {
    /// An item with a tag of its own making.
    pub fn new(value: Value, tag: EntityTag, modified: SystemTime) -> Item {
        Item {
            size: size_of_value(&value),
            value: Arc::new(value),
            tag,
            modified,
        }
    }

    fn of(value: Value, key: &str, revision: u64, modified: SystemTime) -> Item {
        // The revision alone would repeat after a restart with other fixtures.
        let mut hasher = DefaultHasher::new();
        (key, revision).hash(&mut hasher);
        value.hash(&mut hasher);
        let tag = EntityTag::strong(format!("{revision:x}-{:016x}", hasher.finish()));
        Item::new(value, tag, modified)
    }
}

impl Collection {
    /// The item of a key.
    pub fn get(&self, key: &str) -> Option<&Item> {
        self.items.get(key)
    }

    /// The items with their keys, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.items.iter().map(|(key, item)| (key.as_str(), item))
    }

    /// Whether an item of this key was taken out, and isn't to come back of itself.
    pub fn is_buried(&self, key: &str) -> bool {
        self.buried.contains(key)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// A validator of the collection as a whole, changed by every write to it.
    pub fn tag(&self) -> EntityTag {
        EntityTag::strong(format!("c{:x}-{:x}", self.revision, self.items.len()))
    }

    pub(super) fn put(
        &mut self,
        key: String,
        value: Value,
        revision: u64,
        now: SystemTime,
    ) -> Item {
        let item = Item::of(value, &key, revision, now);
        self.plant(key, item.clone(), revision);
        item
    }

    pub(super) fn plant(&mut self, key: String, item: Item, revision: u64) {
        self.buried.shift_remove(&key);
        self.items.insert(key, item);
        self.revision = revision;
    }

    pub(super) fn bury(&mut self, key: &str, revision: u64) {
        self.remove(key, revision);
        self.buried.insert(key.to_owned());
        if self.buried.len() > BURIED {
            self.buried.shift_remove_index(0);
        }
    }

    pub(super) fn remove(&mut self, key: &str, revision: u64) {
        self.items.shift_remove(key);
        self.revision = revision;
    }
}
