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
mod collection;
mod item;
mod reads;
mod sandboxes;
mod state;
#[expect(clippy::module_inception)]
mod store;
mod tree;
mod trie;

pub use change::{Change, Seed, StoreFull};
pub use collection::Collection;
pub use item::Item;
pub use sandboxes::{Sandbox, SandboxStatus, Sandboxes, TooManySandboxes};
pub use state::State;
pub use store::Store;
