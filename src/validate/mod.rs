//! Values against schemas, in both directions.
//!
//! Takes decoded values and compiled schemas; gives [`Violation`]s, all of them. Picks no status:
//! that a violation is a 422 or a 400 is for the mock to say.

mod cluster;
mod collector;
mod costly;
mod declared;
mod detail;
mod ecma;
mod fields;
mod keywords;
mod link;
mod loose;
mod lower;
mod nearest;
mod nulls;
mod number_format;
mod parameters;
mod pattern;
mod schemas;
mod scope;
mod units;
mod violation;

pub(crate) use detail::{expected_in, show};
pub use fields::check_fields;
pub use parameters::check_parameters;
pub use pattern::Pattern;
pub use schemas::{SchemaId, Schemas, UNUSABLE, VIOLATION_LIMIT, View};
pub(crate) use scope::Scope;
pub use violation::{Place, REQUIRE, Violation, break_contract};
