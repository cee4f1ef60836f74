use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that several stores may take together.
#[derive(Debug)]
pub(super) struct Budget {
    taken: AtomicUsize,
    most: usize,
}

impl Budget {
    pub fn new(most: usize) -> Budget {
        Budget {
            taken: AtomicUsize::new(0),
            most,
        }
    }

    /// Goes from `old` bytes to `new` ones. What grows must fit; gives whether it does.
    pub fn change(&self, old: usize, new: usize) -> bool {
        let changed = |taken: usize| {
            let next = taken.saturating_sub(old).saturating_add(new);
            (new <= old || next <= self.most).then_some(next)
        };
        let order = Ordering::Relaxed;
        self.taken.fetch_update(order, order, changed).is_ok()
    }

    /// The same of what can't be refused, though it may grow a little.
    pub fn settle(&self, old: usize, new: usize) {
        let order = Ordering::Relaxed;
        let changed = |taken: usize| Some(taken.saturating_sub(old).saturating_add(new));
        let _ = self.taken.fetch_update(order, order, changed);
    }
}
