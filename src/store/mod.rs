//! Collections of items: what the mock remembers.
//!
//! Takes items and changes; gives items with their entity tags. A state is never changed: a write
//! makes the next one, which shares with it all that stays. Readers look at a state without a
//! lock, and writers decide on one side by side; what each looked at must still be so when its
//! changes are made, so that no update is lost, and a refused one leaves no trace.
//! Knows nothing of OpenAPI.

mod budget;
mod buried;
mod change;
mod clock;
mod collection;
mod file;
mod format;
mod item;
mod keeping;
mod ledger;
mod reads;
mod redis;
mod room;
mod sandboxes;
mod snapshots;
mod state;
#[expect(clippy::module_inception)]
mod store;
mod tree;
mod trie;
mod turns;

pub use change::{Change, Seed, Unwritten};
pub use clock::{Clock, ClockSetting, NoClock, period};
pub use collection::Collection;
pub use file::FileLedger;
pub use item::Item;
pub use ledger::{
    Fate, Kept, KeptStore, Ledger, LedgerFault, Listed, Mark, News, Page, Planting, Pulled,
    Receipt, Record, SharedLedger, Whose,
};
pub use redis::{RedisLedger, ServerAddress};
pub use room::Room;
pub use sandboxes::{Sandbox, SandboxStatus, Sandboxes, SeedsSince, TooManySandboxes, Unopened};
pub use snapshots::{NoRoom, SnapshotStatus, Snapshots};
pub use state::State;
pub use store::Store;
