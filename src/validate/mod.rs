//! Values against schemas, and credentials against security requirements, in both directions.
//!
//! Takes decoded values and compiled schemas; gives [`Violation`]s, all of them. Picks no status:
//! that a violation is a 422 or a 400 is for the mock to say.

mod access;
mod detail;
mod parameters;
mod schemas;
mod violation;

pub use access::{Access, Auth, CredentialPatterns};
pub use parameters::check_parameters;
pub use schemas::{Schemas, VIOLATION_LIMIT, View};
pub use violation::{Place, REQUIRE, Violation};
