use super::{Item, LedgerFault};
use ring::digest::{Context, SHA256};
use serde_json::Value;
use std::fmt;

/// What a collection starts with: its name, and its items by key.
#[derive(Debug, Clone, PartialEq)]
pub struct Seed {
    /// The collection's name.
    pub collection: String,
    /// Its items, in order.
    pub items: Vec<(String, Value)>,
}

impl Seed {
    /// A text that is the same for the same seeds, and for no others.
    pub fn fingerprint(seeds: &[Seed]) -> String {
        let mut context = Context::new(&SHA256);
        for seed in seeds {
            context.update(format!("{:?}\n", seed.collection).as_bytes());
            for (key, value) in &seed.items {
                context.update(format!("{key:?} {value}\n").as_bytes());
            }
        }
        let digest = context.finish();
        digest
            .as_ref()
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect()
    }

    /// Whether the same items are in the same collections, in whatever order these are told.
    pub(super) fn are_same(some: &[Seed], others: &[Seed]) -> bool {
        fn sorted(seeds: &[Seed]) -> Vec<&Seed> {
            let mut seeds: Vec<&Seed> = seeds.iter().collect();
            seeds.sort_by_key(|seed| &seed.collection);
            seeds
        }
        sorted(some) == sorted(others)
    }
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

/// Why changes that were decided on weren't made. Nothing of them was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritten {
    /// The store would hold more than it may.
    Full,
    /// They couldn't be kept.
    Ledger(LedgerFault),
}

impl From<LedgerFault> for Unwritten {
    fn from(fault: LedgerFault) -> Unwritten {
        Unwritten::Ledger(fault)
    }
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unwritten::Full => f.write_str("the store is full: reset it, or take items out"),
            Unwritten::Ledger(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Unwritten {}

impl From<Unwritten> for String {
    fn from(why: Unwritten) -> String {
        why.to_string()
    }
}

impl From<Unwritten> for () {
    fn from(_: Unwritten) {}
}
