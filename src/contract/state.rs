//! The state of a contract, and its sandboxes.

use super::{Contract, UnfitItems};
use crate::store::{
    LedgerFault, Room, Sandbox, SandboxStatus, SnapshotStatus, Store, Unopened, Unwritten,
};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};
use std::time::{Instant, SystemTime};

/// The store that a request works on.
pub(crate) enum StoreOf<'c> {
    /// Everyone's.
    Main(&'c Store),
    /// The one of those that name it.
    Own(Arc<Sandbox>),
}

impl Deref for StoreOf<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        match self {
            StoreOf::Main(store) => store,
            StoreOf::Own(sandbox) => sandbox.store(),
        }
    }
}

/// The time that idleness is told by: the machine's when it was first asked for, and what has passed
/// since. Its clock may be set meanwhile, and no sandbox has been idle for that.
pub(super) fn steady() -> SystemTime {
    static START: LazyLock<(SystemTime, Instant)> =
        LazyLock::new(|| (SystemTime::now(), Instant::now()));
    let (start, since) = *START;
    start + since.elapsed()
}

impl Contract {
    /// The store of a sandbox, which is made where it isn't there; everyone's without a name. It is
    /// as all processes that share it made it.
    pub(crate) fn store(&self, sandbox: Option<&str>) -> Result<StoreOf<'_>, Unopened> {
        match sandbox {
            None => {
                self.stores.catch_up()?;
                Ok(StoreOf::Main(self.stores.main()))
            }
            Some(name) => self.stores.named(name, steady()).map(StoreOf::Own),
        }
    }

    /// The same for what doesn't look at it: no other process is asked what it made of it.
    pub(crate) fn store_unseen(&self, sandbox: Option<&str>) -> Result<StoreOf<'_>, Unopened> {
        if !self.stores.are_shared() {
            return self.store(sandbox);
        }
        let known = sandbox.and_then(|name| self.stores.known(name));
        Ok(known.map_or_else(|| StoreOf::Main(self.stores.main()), StoreOf::Own))
    }

    /// The sandboxes that there are, in the order of their names.
    ///
    /// # Errors
    /// Why it isn't known which other processes have.
    pub fn sandboxes(&self) -> Result<Vec<SandboxStatus>, LedgerFault> {
        self.stores.list(steady())
    }

    /// What clients may add to the state, and to each sandbox.
    pub(crate) fn room(&self) -> Room {
        self.stores.room()
    }

    /// How many sandboxes this process knows of.
    pub(crate) fn known_sandboxes(&self) -> usize {
        self.stores.count()
    }

    /// How many items for everyone aren't as the fixtures have them, and what those that are there
    /// take in memory, in bytes, roughly.
    pub(crate) fn changed_items(&self) -> (usize, usize) {
        self.stores.main().changed()
    }

    /// Whether there is a sandbox of a name; none is made, and it doesn't count as used.
    ///
    /// # Errors
    /// Why it isn't known which other processes have.
    pub fn has_sandbox(&self, name: &str) -> Result<bool, LedgerFault> {
        self.stores.has(name, steady())
    }

    /// What there is to tell, since it was last asked for, of what other processes did to the
    /// state that they share.
    pub fn notices(&self) -> Vec<String> {
        self.stores.notices()
    }

    /// Whether the state that it shares with other processes can be looked at.
    ///
    /// # Errors
    /// Why it can't.
    pub fn reach_state(&self) -> Result<(), LedgerFault> {
        self.stores.catch_up()
    }

    /// Why the last write to the state couldn't be kept, where it couldn't; what is there can be
    /// read all the same.
    pub fn write_trouble(&self) -> Option<LedgerFault> {
        self.stores.trouble()
    }

    /// Puts a sandbox back to the fixtures; gives whether there is one of that name.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn reset_sandbox(&self, name: &str) -> Result<bool, Unwritten> {
        self.stores.reset_named(name, steady())
    }

    /// Lets a sandbox go; gives whether there was one of that name.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn drop_sandbox(&self, name: &str) -> Result<bool, Unwritten> {
        self.stores.forget(name)
    }

    /// The states that are kept by name, in the order of these.
    pub fn snapshots(&self) -> Vec<SnapshotStatus> {
        self.stores.snapshots().list()
    }

    /// Lets a state go that is kept; gives whether there was one of that name.
    pub fn drop_snapshot(&self, name: &str) -> bool {
        self.stores.snapshots().forget(name)
    }

    /// Lets all sandboxes go.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn drop_sandboxes(&self) -> Result<(), Unwritten> {
        self.stores.forget_all()
    }

    /// Puts the state back to the fixtures, and the clock to what it was, but for those of
    /// sandboxes. Where the fixtures changed
    /// since the state began, it is to the new ones, and sandboxes go.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn reset(&self) -> Result<(), Unwritten> {
        self.stores.reset()?;
        self.reset_clock(&StoreOf::Main(self.stores.main()));
        Ok(())
    }

    /// Whether the fixtures changed since what is kept of the state began.
    pub fn has_other_fixtures(&self) -> bool {
        self.succession.has_changed()
    }

    /// What was kept of the state and isn't as the contract has it any more, where that changed
    /// since.
    pub fn unfit_items(&self) -> UnfitItems {
        UnfitItems::of(self)
    }
}
