//! Which operation a request means: path templates, base paths and their order of precedence.
//!
//! Takes the templates of a document once, with the base paths they stand under, and a method,
//! path and query per request; gives the operation with the captured parameters, or what the path
//! would have allowed. Tells once what of a document can't be told apart. Never looks at bodies.

mod bases;
mod captures;
mod clash;
mod encoding;
mod leaf;
mod miss;
mod nearest;
mod parse;
mod query;
mod router;
mod search;
mod segment;
mod template;
#[cfg(test)]
mod testing;
mod tree;

pub use captures::Captures;
pub use clash::ClashKind;
pub use miss::why_not;
pub use parse::filled;
pub use router::{Route, Routed, Router};
pub use template::PathTemplate;
