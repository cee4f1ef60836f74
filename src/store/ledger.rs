use super::Seed;
use crate::wire::EntityTag;
use serde_json::Value;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// What makes writes last. The state in memory is what all logic looks at; a ledger is told of
/// each write before anyone sees it.
pub trait Ledger: Debug + Send + Sync {
    /// What is kept of an API, if anything: the seeds themselves only where their fingerprint
    /// isn't this one.
    ///
    /// # Errors
    /// Why that can't be read.
    fn open(&self, api: &str, fingerprint: &str) -> Result<Option<Kept>, LedgerFault>;

    /// Forgets what is kept of an API, and keeps these seeds. `over` is the mark of the seeds that
    /// they take the place of, nothing where there are none. Gives their own mark, or nothing
    /// where another process has planted meanwhile.
    ///
    /// # Errors
    /// Why nothing changed.
    fn plant(
        &self,
        api: &str,
        seeds: &Planting,
        over: Option<Mark>,
    ) -> Result<Option<Mark>, LedgerFault>;

    /// Keeps what a write made of a store: all of it, or nothing. It is kept for good when this
    /// returns, whatever becomes of the process.
    ///
    /// # Errors
    /// Why nothing was kept, as far as that is known: a ledger that is away may have kept it.
    fn keep(&self, page: Page) -> Result<Receipt, LedgerFault>;

    /// Forgets stores; gives how many of them there were, as far as it knows.
    ///
    /// # Errors
    /// Why they are still kept.
    fn forget(&self, whose: &[Whose]) -> Result<usize, LedgerFault>;

    /// Why the last write failed, as far as one can tell without asking anew.
    fn trouble(&self) -> Option<LedgerFault> {
        None
    }

    /// The same ledger, where other processes write to it too.
    fn shared(&self) -> Option<&dyn SharedLedger> {
        None
    }
}

/// A ledger that several processes write to. Each has the states in memory, asks for what others
/// made of them before it looks at one, and makes a state the next one only where nobody else has.
pub trait SharedLedger: Debug + Send + Sync {
    /// Whether a store is still as it was at this mark. `is_use` has it count as used, and a
    /// sandbox that isn't there made.
    ///
    /// # Errors
    /// Why that can't be told.
    fn ask(&self, whose: &Whose, since: Mark, is_use: bool) -> Result<News, LedgerFault>;

    /// What became of a store since this mark.
    ///
    /// # Errors
    /// Why that can't be told.
    fn pull(&self, whose: &Whose, since: Mark) -> Result<Pulled, LedgerFault>;

    /// The sandboxes of an API, by their names.
    ///
    /// # Errors
    /// Why that can't be told.
    fn roster(&self, api: &str) -> Result<Vec<Listed>, LedgerFault>;

    /// Forgets the sandboxes of an API that no process used for `idle`; gives their names.
    ///
    /// # Errors
    /// Why that can't be done.
    fn sweep(&self, api: &str, idle: Duration) -> Result<Vec<Arc<str>>, LedgerFault>;

    /// Forgets all sandboxes of an API.
    ///
    /// # Errors
    /// Why they are still kept.
    fn forget_all(&self, api: &str) -> Result<(), LedgerFault>;
}

/// Where a state stands in a shared ledger. No two states of a store have the same, over resets
/// and restarts of the ledger as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Which seeds it grew from.
    pub epoch: u64,
    /// The write that made it; that of the seeds where none did.
    pub version: u64,
}

/// What came of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It is kept; the mark of what it made.
    Kept(Mark),
    /// It isn't: another process has written since.
    Overtaken,
    /// It isn't: there are other seeds by now, or none.
    Begun,
}

/// What there is to tell of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It is as it was.
    Same,
    /// It isn't: it is of this version by now.
    Moved(u64),
    /// There are other seeds by now, or none.
    Begun,
    /// It is a sandbox that would have to be made, and there are as many as there may be.
    Full(usize),
}

/// What became of a store.
#[derive(Debug)]
pub enum Pulled {
    /// What was written to it, in order, each with the mark of what it made.
    Pages(Vec<(Mark, Page)>),
    /// All that is kept of it.
    Whole(Box<KeptStore>),
    /// There are other seeds by now, or none.
    Begun,
}

/// A sandbox, as a shared ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: Arc<str>,
    /// When any process last used it, roughly.
    pub used: SystemTime,
    /// Its version.
    pub version: u64,
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
    /// Their mark.
    pub mark: Mark,
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
    /// Its mark.
    pub mark: Mark,
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
    /// The mark of the state that it was made of.
    pub since: Mark,
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

impl LedgerFault {
    /// That it can't be used.
    pub fn unusable(why: String) -> LedgerFault {
        LedgerFault::Unusable(why.into())
    }
}

impl fmt::Display for LedgerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (LedgerFault::NoRoom(why) | LedgerFault::Unusable(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for LedgerFault {}
