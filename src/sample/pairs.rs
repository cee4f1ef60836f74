//! Numbers that bound each other, and flags that tell of them.

use super::demand::Demand;
use super::maker::Maker;
use super::names::{consonant, taken_off};
use super::place::Place;
use serde_json::{Map, Value};

impl<'d> Maker<'d> {
    /// Has a discount be as much as its percentage says. Tells whether it wasn't.
    pub(super) fn take_off(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) -> bool {
        let is_free = |name: &str| self.is_free(demand, place, name, members);
        let mut is_changed = false;
        for (name, value) in taken_off(members, &is_free) {
            is_changed |= self.replace(demand, place, members, &name, value);
        }
        is_changed
    }

    /// Has numbers whose names tell how they are to each other be so.
    pub(super) fn pair(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let is_free = |name: &str| self.is_free(demand, place, name, members);
        for (name, value) in consonant(members, &is_free) {
            self.replace(demand, place, members, &name, value);
        }
    }
}
