use crate::wire::Reply;
use std::fmt;
use std::sync::Arc;

/// A reply that a rule says itself, made and judged when the rule was given.
#[derive(Clone)]
pub struct Told(pub Arc<Reply>);

impl PartialEq for Told {
    fn eq(&self, other: &Told) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Told {}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Told({})", self.0.status)
    }
}
