use crate::wire::Bytes;
use bytes::BytesMut;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes of bodies that pass may be kept at a time, all together.
const ROOM: usize = 256 << 20;

/// The bytes that are kept of all bodies.
#[derive(Debug, Clone, Default)]
pub(super) struct Room(Arc<AtomicUsize>);

impl Room {
    fn take(&self, size: usize) -> bool {
        let more = |taken: usize| taken.checked_add(size).filter(|all| *all <= ROOM);
        let taken = &self.0;
        let outcome = taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        outcome.is_ok()
    }
}

/// What has passed of a body, kept to be judged. Of one that is too long nothing is kept.
#[derive(Debug)]
pub(super) struct Copy {
    parts: Vec<Bytes>,
    len: usize,
    most: usize,
    is_whole: bool,
    is_given_up: bool,
    room: Room,
}

impl Copy {
    /// One of at most so many bytes.
    pub(super) fn new(most: usize, room: &Room) -> Copy {
        Copy {
            parts: Vec::new(),
            len: 0,
            most,
            is_whole: false,
            is_given_up: false,
            room: room.clone(),
        }
    }

    /// That of a body that is there already.
    pub(super) fn of(body: Bytes, room: &Room) -> Copy {
        let mut copy = Copy::new(usize::MAX, room);
        copy.add(&body);
        copy.end();
        copy
    }

    pub(super) fn add(&mut self, data: &Bytes) {
        if self.is_given_up || data.is_empty() {
            return;
        }
        let fits = self.most - self.len >= data.len();
        if !fits || !self.room.take(data.len()) {
            self.is_given_up = true;
            self.release();
            return;
        }
        self.len += data.len();
        self.parts.push(data.clone());
    }

    /// The body has passed to its end.
    pub(super) fn end(&mut self) {
        self.is_whole = true;
    }

    /// Whether it has.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// How many bytes are kept.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The body, where all of it is there.
    pub(super) fn whole(&self) -> Option<Bytes> {
        match (self.is_whole && !self.is_given_up, self.parts.as_slice()) {
            (false, _) => None,
            (true, [only]) => Some(only.clone()),
            (true, parts) => {
                let mut whole = BytesMut::with_capacity(self.len);
                parts.iter().for_each(|part| whole.extend_from_slice(part));
                Some(whole.freeze())
            }
        }
    }

    fn release(&mut self) {
        self.room.0.fetch_sub(self.len, Ordering::Relaxed);
        self.len = 0;
        self.parts = Vec::new();
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_there_once_all_of_it_has_passed() {
        let room = Room::default();
        let mut copy = Copy::new(6, &room);
        copy.add(&"abc".into());
        assert_eq!(copy.whole(), None);
        copy.add(&"def".into());
        copy.end();
        assert_eq!(copy.whole(), Some("abcdef".into()));
        drop(copy);
        assert_eq!(room.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn of_one_that_is_too_long_nothing_is_kept() {
        let room = Room::default();
        let mut copy = Copy::new(5, &room);
        for part in ["abc", "def", "g"] {
            copy.add(&part.into());
        }
        copy.end();
        assert_eq!((copy.whole(), copy.len()), (None, 0));
        assert!(copy.is_whole());
        assert_eq!(room.0.load(Ordering::Relaxed), 0);
    }
}
