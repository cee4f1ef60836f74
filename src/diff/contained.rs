//! Whether a schema takes all that another takes: what has changed from the one to the other is
//! more, and nothing else.

use super::finder::{Finder, Sender, Task, Which};
use crate::spec::At;

/// How many pairs of schemas are compared for one answer, and for all of them.
const MOST: usize = 500;
const ALL: usize = 50_000;

impl Finder<'_> {
    /// Whether it is sure that what is right by one schema is right by another as well.
    pub(super) fn is_contained(&mut self, one: (Which, At), other: (Which, At)) -> bool {
        if one == other {
            return true;
        }
        if let Some(known) = self.contained.get(&[one, other]) {
            return *known;
        }
        if self.proved >= ALL {
            return false;
        }
        let mut proof = Finder::of(
            self.document_of(one.0),
            self.document_of(other.0),
            self.same.between(one.0, other.0),
            0,
        );
        proof.is_proof = true;
        let task = Task {
            old: vec![one.1],
            new: vec![other.1],
            places: (one.1, other.1),
            side: Sender::Request,
            is_flipped: false,
        };
        proof.schemas(0, task);
        let (is_so, count) = proof.finds_none(MOST);
        self.proved += count;
        self.contained.insert([one, other], is_so);
        is_so
    }
}
