//! Which operation a request means: path templates and their order of precedence.
//!
//! Takes the templates of a document once, and a path per request; gives the operation with the
//! captured parameters, or what the path would have allowed. Never looks at bodies.

mod router;
mod template;

pub use router::{Routed, Router};
pub use template::PathTemplate;
