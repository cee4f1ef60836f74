//! What is left of a whole when a part of it is gone.

use super::demand::Demand;
use super::maker::Maker;
use super::names::{Role, Share, role, share};
use super::place::Place;
use super::sums::is_of_money;
use serde_json::{Map, Number, Value};

impl<'d> Maker<'d> {
    /// Has what is gone and what is left come to the whole that is beside them, where an object
    /// has one of each.
    pub(super) fn divide(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        // Of a list a total tells how many there are, where it isn't one of money.
        let has_list = members.values().any(Value::is_array) && !is_of_money(members, place);
        let find = |wanted: Share| {
            let mut found = members.iter().filter(|(name, value)| {
                let is_said = value.is_number() && share(name) == Some(wanted);
                is_said && !(has_list && *name == "total")
            });
            let (name, value) = found.next()?;
            Some((name.clone(), value.clone()))
        };
        let total = || {
            let mut members = members.iter();
            let found = members.find(|(name, value)| {
                value.is_number() && !has_list && role(name) == Some(Role::Total)
            });
            found.map(|(name, value)| (name.clone(), value.clone()))
        };
        let whole = find(Share::Whole).or_else(total);
        let (Some(whole), Some(gone), Some(left)) = (whole, find(Share::Gone), find(Share::Left))
        else {
            return;
        };
        let hundredths = |value: &Value| {
            let hundredths = (value.as_f64()? * 100.0).round();
            (hundredths.abs() < 1e15).then_some(hundredths as i64)
        };
        let (Some(all), Some(part)) = (hundredths(&whole.1), hundredths(&gone.1)) else {
            return;
        };
        let is_whole = !whole.1.is_f64() && !gone.1.is_f64();
        let part = match part < all {
            true => part,
            false if is_whole => all / 100 * 3 / 5 * 100,
            false => all / 5 * 3,
        };
        for (name, amount) in [(gone.0, part), (left.0, all - part)] {
            let value = match is_whole {
                true => Some((amount / 100).into()),
                false => Number::from_f64(amount as f64 / 100.0).map(Value::Number),
            };
            if let Some(value) = value {
                self.replace(demand, place, members, &name, value);
            }
        }
    }
}
