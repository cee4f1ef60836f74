use super::Change;
use crate::wire::EntityTag;
use foldhash::quality::FixedState;
use serde_json::Value;
use std::hash::{BuildHasher, Hash, Hasher};
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
    /// The revision that made it.
    pub(super) revision: u64,
}

/// An item in its place. As long as it is the same allocation, nothing has written to the item.
#[derive(Debug)]
pub(super) struct Entry {
    pub key: Arc<str>,
    /// Of two items of a collection, that of the lower number came first.
    pub place: u64,
    pub origin: Origin,
    pub item: Item,
}

/// Where an item is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Seed,
    /// It is a seed's but for its tag: a reset brought it back.
    Renewed,
    Written,
}

/// How many bytes an item takes that is a seed but for its tag.
const RENEWED: usize = 256;

/// A change with all worked out that needs no state, so that nobody waits for it.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub collection: Arc<str>,
    pub key: Arc<str>,
    pub action: Action,
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    Put(Content),
    Plant(Item),
    Remove,
    Bury,
}

/// What an item is put with.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub value: Arc<Value>,
    pub size: usize,
    hash: u64,
}

impl Item {
    /// An item with a tag of its own making, which must be another for another value.
    pub fn new(value: Value, tag: EntityTag, modified: SystemTime) -> Item {
        Item::kept(Arc::new(value), tag, modified, 0)
    }

    /// An item as it was when the revision made it.
    pub(super) fn kept(
        value: Arc<Value>,
        tag: EntityTag,
        modified: SystemTime,
        revision: u64,
    ) -> Item {
        Item {
            size: size_of_value(&value),
            value,
            tag,
            modified,
            revision,
        }
    }
}

impl Content {
    pub fn new(key: &str, value: Arc<Value>) -> Content {
        // Nobody gains by two values of one hash: it stands beside the revision.
        let mut hasher = FixedState::default().build_hasher();
        key.hash(&mut hasher);
        value.hash(&mut hasher);
        Content {
            size: size_of_value(&value),
            hash: hasher.finish(),
            value,
        }
    }

    /// The item that this makes. Its tag has the revision, which alone would repeat after a
    /// restart with other fixtures, and a hash of what it is.
    pub fn item(self, revision: u64, modified: SystemTime) -> Item {
        Item {
            tag: EntityTag::strong(format!("{revision:x}-{:016x}", self.hash)),
            value: self.value,
            modified,
            size: self.size,
            revision,
        }
    }
}

impl From<Change> for Planned {
    fn from(change: Change) -> Planned {
        let (collection, key, action) = match change {
            Change::Put(collection, key, value) => {
                let content = Content::new(&key, Arc::new(value));
                (collection, key, Action::Put(content))
            }
            Change::Plant(collection, key, item) => (collection, key, Action::Plant(item)),
            Change::Remove(collection, key) => (collection, key, Action::Remove),
            Change::Bury(collection, key) => (collection, key, Action::Bury),
        };
        Planned {
            collection: collection.into(),
            key: key.into(),
            action,
        }
    }
}

impl Entry {
    /// How many bytes it takes that it doesn't share with the seeds.
    pub fn own(&self) -> usize {
        match self.origin {
            Origin::Seed => 0,
            Origin::Renewed => RENEWED,
            Origin::Written => self.item.size,
        }
    }

    /// The item again as it was, in a state of its own.
    pub fn renewed(&self, revision: u64) -> Entry {
        let content = Content::new(&self.key, Arc::clone(&self.item.value));
        Entry {
            key: Arc::clone(&self.key),
            place: self.place,
            origin: match self.origin {
                Origin::Written => Origin::Written,
                Origin::Seed | Origin::Renewed => Origin::Renewed,
            },
            item: content.item(revision, self.item.modified),
        }
    }
}

/// Roughly what a value takes in memory, in bytes.
fn size_of_value(value: &Value) -> usize {
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
