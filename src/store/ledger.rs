use super::Seed;
use crate::wire::EntityTag;
use serde_json::Value;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::SystemTime;

/// What makes writes last. The state in memory is what all logic looks at; a ledger is told of
/// each write before anyone sees it.
pub trait Ledger: Debug + Send + Sync {
    /// What is kept of an API, if anything: the seeds themselves only where their fingerprint
    /// isn't this one.
    ///
    /// # Errors
    /// Why that can't be read.
    fn open(&self, api: &str, fingerprint: &str) -> Result<Option<Kept>, LedgerFault>;

    /// Forgets what is kept of an API, and keeps these seeds.
    ///
    /// # Errors
    /// Why nothing changed.
    fn plant(&self, api: &str, seeds: &Planting) -> Result<(), LedgerFault>;

    /// Keeps what a write made of a store: all of it, or nothing. It is kept for good when this
    /// returns, whatever becomes of the process.
    ///
    /// # Errors
    /// Why nothing was kept.
    fn keep(&self, page: Page) -> Result<(), LedgerFault>;

    /// Forgets stores.
    ///
    /// # Errors
    /// Why they are still kept.
    fn forget(&self, whose: &[Whose]) -> Result<(), LedgerFault>;
}

/// Which store of which API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whose {
    /// The API's name.
    pub api: Arc<str>,
    /// The sandbox's; none for the store of those that ask for none.
    pub sandbox: Option<Arc<str>>,
}

/// Seeds, and what tells them from others.
#[derive(Debug, Clone)]
pub struct Planting {
    /// The collections.
    pub seeds: Vec<Seed>,
    /// A text that is another where the seeds are.
    pub fingerprint: String,
    /// The time they are of.
    pub planted: SystemTime,
    /// The revision that their first item comes after.
    pub after: u64,
}

/// What is kept of an API.
#[derive(Debug)]
pub struct Kept {
    /// The seeds that the stores began with.
    pub planting: Planting,
    /// The stores that were written to.
    pub stores: Vec<KeptStore>,
}

/// What is kept of a store.
#[derive(Debug)]
pub struct KeptStore {
    /// The sandbox's name, if it is one's.
    pub sandbox: Option<Arc<str>>,
    /// The revision that it came to.
    pub revision: u64,
    /// The revisions of the collections that were written to, as far as they are there.
    pub collections: Vec<(Arc<str>, u64)>,
    /// What isn't as the seeds have it.
    pub records: Vec<Record>,
}

/// What a write made of a store.
#[derive(Debug, Clone)]
pub struct Page {
    /// Which store's.
    pub whose: Whose,
    /// The revision that it comes to.
    pub revision: u64,
    /// Whether what was kept of it goes.
    pub is_fresh: bool,
    /// The revisions of the collections that were written to; none of those that are gone.
    pub collections: Vec<(Arc<str>, Option<u64>)>,
    /// What was written.
    pub records: Vec<Record>,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The collection.
    pub collection: Arc<str>,
    /// The key.
    pub key: Arc<str>,
    /// What is under it.
    pub fate: Fate,
}

/// What is under a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// An item.
    Item {
        /// Its place in the collection.
        place: u64,
        /// The revision that made it.
        revision: u64,
        /// Its tag, which need not be of our making.
        tag: EntityTag,
        /// When it was made.
        modified: SystemTime,
        /// What it is.
        value: Arc<Value>,
    },
    /// The item of the seeds, which a reset brought back at this revision.
    Renewed(u64),
    /// Nothing, where the seeds have an item.
    Gone,
    /// Nothing, and it is buried, as the how manieth.
    Buried(u64),
    /// What the seeds have, if anything.
    Seed,
}

/// Why a ledger couldn't do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerFault {
    /// There is no room for it, or it may not be written to.
    NoRoom(Arc<str>),
    /// It can't be used: it is damaged, another's, or away.
    Unusable(Arc<str>),
}

impl fmt::Display for LedgerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (LedgerFault::NoRoom(why) | LedgerFault::Unusable(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for LedgerFault {}
