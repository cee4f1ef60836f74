//! Which action a request means, which response answers it, and what its body is.
//!
//! Takes a checked request and the state; gives changes and a reply, or a [`Rejection`].
//! Reads no clock and no file, and holds no lock: time and state are handed in.

mod act;
mod address;
mod afresh;
mod agree;
mod batch;
mod binding;
mod body;
mod breaches;
mod create;
mod decimal;
mod echo;
mod echo_path;
mod error_body;
mod events;
mod fields;
mod fill;
mod find;
mod fixture;
mod follow;
mod inferred;
mod key;
mod listing;
mod merge;
mod message;
mod name;
mod of_body;
mod open;
mod paged;
mod paging;
mod patch;
mod path_names;
mod pattern;
mod prepared;
mod project;
mod rejection;
mod remove;
mod respond;
mod sampling;
mod several;
mod stamps;
mod standin;
mod tie;
mod tied;
mod unique;
mod unsaid;
mod update;
mod variants;
mod verbs;
mod whole;
mod wrapper;
mod write;

pub use address::Encounter;
pub use batch::{Batch, KeysIn, Many};
pub use binding::{Action, Binding, KeyFrom, place_below};
pub use body::{Drawing, NoBody};
pub use breaches::breaches;
pub use echo::Echo;
pub use error_body::{LISTED, Occasion, Telling, refuse};
pub use fields::{header_fields, say_again, uncarried, unsent};
pub use find::{Found, NAMELESS, check_parents, find, key_text, stored_key};
pub use fixture::{Answer, MessageFixture, ReplyFixture, WrittenFixtures};
pub use inferred::Inferred;
pub use listing::Asked;
pub use merge::merge;
pub use message::{Announcement, PreparedMessage, parameter_value};
pub use paged::{Asking, OfList};
pub use pattern::{Difference, Misfit, RequestPattern};
pub use prepared::{
    Contents, Operations, Prepared, PreparedContent, PreparedField, PreparedResponse,
};
pub use project::{project, withhold};
pub use rejection::Rejection;
pub use remove::remove;
pub use respond::{Canned, Wanted, canned, dress, render_item};
pub use sampling::Sampling;
pub use several::{Given, Several, keys_of};
pub use stamps::keeps_time;
pub use standin::Standins;
pub use tie::{CollectionHint, Parent, Ties};
pub use unique::{Unique, values_of};
pub use unsaid::hush;
pub use update::How;
pub use write::Write;
