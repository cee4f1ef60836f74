//! The first pages of Markdown of a service, until the file that has them all in one takes them.

use super::site::Page;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many bytes of them are kept: what such a file has room for.
const ROOM: usize = 1024 * 1024;

/// Those that were written so far.
#[derive(Debug, Default)]
pub(super) struct Twins(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    bytes: usize,
    texts: HashMap<Page, String>,
}

impl Twins {
    /// Keeps one, where there is room.
    pub fn keep(&self, page: Page, text: &str) {
        let mut kept = self.kept();
        if kept.bytes + text.len() <= ROOM {
            kept.bytes += text.len();
            kept.texts.insert(page, text.to_owned());
        }
    }

    /// One that is kept, for the last time.
    pub fn take(&self, page: Page) -> Option<String> {
        self.kept().texts.remove(&page)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
