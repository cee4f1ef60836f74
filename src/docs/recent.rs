//! What was told last: a page and its twin say the same.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many are kept.
const KEPT: usize = 16;

/// What is told once for all who ask for it at a time.
type Told<T> = Arc<OnceLock<T>>;

/// What was told last of operations or webhooks, by the numbers of their APIs and their own.
#[derive(Debug)]
pub(super) struct Recent<T>(Mutex<Kept<T>>);

type Kept<T> = VecDeque<((usize, usize), Told<T>)>;

impl<T> Default for Recent<T> {
    fn default() -> Recent<T> {
        Recent(Mutex::default())
    }
}

impl<T> Recent<T> {
    /// What is told of one, or where it is to be.
    pub fn of(&self, key: (usize, usize)) -> Told<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, told)) = kept.iter().find(|(of, _)| *of == key) {
            return Arc::clone(told);
        }
        let new = Told::default();
        kept.push_back((key, Arc::clone(&new)));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        new
    }
}
