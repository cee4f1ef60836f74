//! Schemas with nothing within them: the same fields stand on many pages, and each is told once.

use super::Described;
use crate::spec::At;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// How many are kept.
const MOST: usize = 50_000;

/// Those of a document that were told, by where they stand.
#[derive(Debug, Default)]
pub(crate) struct Leaves(RwLock<HashMap<At, Arc<Described>>>);

impl Leaves {
    /// What was told of one.
    pub(super) fn get(&self, at: At) -> Option<Arc<Described>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&at).map(Arc::clone)
    }

    /// Keeps what is told of one, where there is room.
    pub(super) fn keep(&self, at: At, told: &Arc<Described>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST {
            known.insert(at, Arc::clone(told));
        }
    }
}

/// What pages show of a schema, by how many folders lead from the page to the root: nothing of it
/// hangs on the page otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Shown<T>([OnceLock<T>; 3]);

impl<T> Default for Shown<T> {
    fn default() -> Shown<T> {
        Shown(Default::default())
    }
}

impl<T> Shown<T> {
    /// Where it is, or is to be: for pages below a root that is reached so (`../`).
    pub fn below(&self, root: &str) -> &OnceLock<T> {
        let depth = root.len() / "../".len();
        &self.0[depth.min(self.0.len() - 1)]
    }
}
