//! Collections of items: what the mock remembers.
//!
//! Takes items and changes; gives items with their entity tags. One writer at a time decides and
//! applies under the same lock, so no update is lost and a refused one leaves no trace.
//! Knows nothing of OpenAPI.

mod collection;
mod state;

pub use collection::{Collection, Item};
pub use state::{Change, Seed, State, Store, StoreFull};
