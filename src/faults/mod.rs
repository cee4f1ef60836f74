//! What the mock does on purpose: replies that come late, go wrong on their way, or have a status
//! that nothing in the request asks for.
//!
//! Takes rules, and what a request itself prefers; gives the [`Conduct`] of one exchange. Knows no
//! contract and no socket: operations are numbers here, and the server carries the conduct out.

mod conduct;
mod desk;
mod fault;
mod latency;
mod path;
mod rule;
mod scope;
mod told;

pub use conduct::Conduct;
pub(crate) use desk::{Asked, Behaviour, Placed};
pub use fault::Fault;
pub use latency::{BadLatency, LONGEST_DELAY, Latency};
pub(crate) use path::{PathMeant, is_any};
pub use rule::{Burst, Rule};
pub(crate) use scope::Placement;
pub use scope::Scope;
pub use told::Told;
