use super::tree::Tree;
use std::sync::Arc;

/// How many keys a collection remembers at most; the oldest go.
const MOST: usize = 10_000;

/// Keys that were taken out of a collection and must not come back of themselves.
#[derive(Debug, Clone, Default)]
pub(super) struct Buried {
    numbers: Tree<Arc<str>, u64>,
    in_order: Tree<u64, Arc<str>>,
    next: u64,
}

impl Buried {
    pub fn has(&self, key: &str) -> bool {
        self.number(key).is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.len() == 0
    }

    /// The keys, from the one that was buried first.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.in_order.iter_from(0).map(|(_, key)| key.as_ref())
    }

    /// The key that has to be forgotten before this one is remembered.
    pub fn oldest_for(&self, key: &str) -> Option<Arc<str>> {
        let is_full = self.numbers.len() >= MOST && !self.has(key);
        let oldest = self.in_order.nth(0).filter(|_| is_full);
        oldest.map(|(_, oldest)| Arc::clone(oldest))
    }

    /// Remembers a key. Gives by how many bytes more it takes.
    pub fn add(&mut self, key: Arc<str>) -> usize {
        match self.has(&key) {
            true => 0,
            false => self.add_as(self.next, key),
        }
    }

    /// Remembers a key that isn't remembered, as the how manieth.
    pub fn add_as(&mut self, number: u64, key: Arc<str>) -> usize {
        let more = size(&key);
        self.numbers.insert(Arc::clone(&key), number);
        self.in_order.insert(number, key);
        self.next = self.next.max(number + 1);
        more
    }

    /// As the how manieth a key was buried.
    pub fn number(&self, key: &str) -> Option<u64> {
        let found = self.numbers.find(|other| other.as_ref().cmp(key));
        found.map(|(_, number)| *number)
    }

    /// Digs a key up. Gives by how many bytes less it takes.
    pub fn remove(&mut self, key: &str) -> usize {
        let taken = self.numbers.remove(|other| other.as_ref().cmp(key));
        taken.map_or(0, |(key, number)| {
            self.in_order.remove(|other| other.cmp(&number));
            size(&key)
        })
    }
}

/// Roughly what a key takes in memory, in bytes.
fn size(key: &str) -> usize {
    key.len() + 64
}
