use crate::wire::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes of whole bodies there may be at a time.
pub(super) const ROOM: usize = 8 * 1024 * 1024;

/// The bodies of an exchange, of which the journal keeps only the start, until someone has looked
/// into them.
#[derive(Debug)]
pub(in crate::server) struct Whole {
    pub(in crate::server) request: Bytes,
    pub(in crate::server) reply: Bytes,
    taken: Arc<AtomicUsize>,
}

impl Whole {
    /// Holds them, where there is room.
    pub(super) fn of(request: &Bytes, reply: &Bytes, taken: &Arc<AtomicUsize>) -> Option<Whole> {
        let size = request.len() + reply.len();
        let more = |taken: usize| taken.checked_add(size).filter(|all| *all <= ROOM);
        let is_taken = taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        is_taken.is_ok().then(|| Whole {
            request: request.clone(),
            reply: reply.clone(),
            taken: Arc::clone(taken),
        })
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        let size = self.request.len() + self.reply.len();
        self.taken.fetch_sub(size, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_much_is_held_and_what_is_let_go_makes_room() {
        let taken = Arc::default();
        let half = Bytes::from(vec![0; ROOM / 2]);
        let first = Whole::of(&half, &half, &taken);
        assert!(first.is_some());
        assert!(Whole::of(&half, &half, &taken).is_none());
        drop(first);
        assert!(Whole::of(&half, &half, &taken).is_some());
        assert_eq!(taken.load(Ordering::Relaxed), 0);
    }
}
