//! What a schema can't say: demands, computed properties, cascades, permissions, announcements,
//! written in CEL (cel.dev) in a file beside the fixtures.
//!
//! Hooks say in the same language what a client is to send.
//!
//! Takes the text of `rules.yaml` once, compiles and checks every expression with its place; per
//! request takes the request, the stored item and the item as it would become, and gives refusals
//! and changes. Applies nothing itself.

mod budget;
mod convert;
mod expression;
mod file;
mod functions;
mod hooks;
mod judge;
mod metering;
mod model;
mod names;
mod scene;
mod shared;
mod texts;
#[cfg(test)]
mod trial;
mod typing;

pub use expression::RuleFault;
pub use hooks::{Hooks, Occasion};
pub use judge::{Refusal, Stage};
pub use model::{Known, Merge, Require, Rules, SetRule};
pub use scene::Scene;
pub use typing::{Facts, HookFacts, Mistyped, OperationFacts};
