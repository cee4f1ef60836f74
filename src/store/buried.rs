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
        self.numbers.find(|other| other.as_ref().cmp(key)).is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.len() == 0
    }

    /// Remembers a key. Gives by how many bytes more and less it takes.
    pub fn add(&mut self, key: Arc<str>) -> (usize, usize) {
        if self.has(&key) {
            return (0, 0);
        }
        let forgotten = match self.numbers.len() >= MOST {
            true => self.in_order.nth(0).map(|(_, oldest)| Arc::clone(oldest)),
            false => None,
        };
        let less = forgotten.map_or(0, |oldest| self.remove(&oldest));
        let more = size(&key);
        self.numbers.insert(Arc::clone(&key), self.next);
        self.in_order.insert(self.next, key);
        self.next += 1;
        (more, less)
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
