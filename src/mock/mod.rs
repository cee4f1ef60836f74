//! Which action a request means, which response answers it, and what its body is.
//!
//! Takes a checked request and the state; gives changes and a reply, or a [`Rejection`].
//! Reads no clock and no file, and holds no lock: time and state are handed in.

mod binding;
mod error_body;
mod listing;
mod merge;
mod prepared;
mod project;
mod rejection;
mod respond;
mod sample;
mod update;

pub use binding::{Action, Binding, CollectionHint, collections};
pub use error_body::refuse;
pub use listing::list;
pub use merge::merge;
pub use prepared::{Contents, Operations, Prepared, PreparedContent, PreparedResponse};
pub use project::{project, withhold};
pub use rejection::Rejection;
pub use respond::{canned, render_item};
pub use update::{Announcement, Update, find};
