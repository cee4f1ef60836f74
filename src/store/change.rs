use super::Item;
use serde_json::Value;

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
    /// Puts an item that nobody has written, with a tag and a time of its own: one that was shown
    /// before it was kept.
    Plant(String, String, Item),
    /// Takes an item out.
    Remove(String, String),
    /// Takes an item out, be it there or not, and remembers that its key must not come back of
    /// itself. To put the key digs it up. Of a collection the last 10,000 are remembered.
    Bury(String, String),
}

/// The store would hold more than it may: nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreFull;

impl From<StoreFull> for String {
    fn from(_: StoreFull) -> String {
        "the store is full: reset it, or take items out".to_owned()
    }
}

impl From<StoreFull> for () {
    fn from(_: StoreFull) {}
}
