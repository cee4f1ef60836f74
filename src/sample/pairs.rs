//! Numbers that bound each other, and flags that tell of them.

use super::demand::Demand;
use super::maker::Maker;
use super::names::consonant;
use super::place::Place;
use serde_json::{Map, Value};

impl<'d> Maker<'d> {
    /// Has numbers whose names tell how they are to each other be so.
    pub(super) fn pair(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let is_free = |name: &str| {
            let roots = self.roots_of(demand, name).unwrap_or_default();
            !self.is_told(&roots, place, name, members)
        };
        for (name, value) in consonant(members, &is_free) {
            self.replace(demand, place, members, &name, value);
        }
    }
}
