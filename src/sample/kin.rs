//! Objects within an object that have to do with each other: two that are never the same, and the
//! rows of a list.

use super::demand::Demand;
use super::maker::Maker;
use super::names::{
    self, Apart, OTHERS, in_order, in_turn, is_called, of_whole, rival_of, tells_apart,
};
use super::place::Place;
use crate::spec::At;
use serde_json::{Map, Value};

/// How often another is drawn that turns out the same.
const AGAIN: usize = 4;

impl<'d> Maker<'d> {
    /// Draws another of two that are the same and never are: the team that plays away, where a
    /// journey ends.
    pub(super) fn part_rivals(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
    ) {
        let told = members
            .iter()
            .filter(|(_, value)| value.is_string() || value.is_object());
        let told: Vec<&str> = told.map(|(name, _)| name.as_str()).collect();
        let pairs = told.iter().filter_map(|name| {
            let rival = rival_of(name, told.iter().copied())?;
            is_same(name, &members[*name], &members[rival])
                .then(|| (rival.to_owned(), (*name).to_owned()))
        });
        let pairs: Vec<(String, String)> = pairs.collect();
        for (name, rival) in pairs {
            let Some(roots) = self.roots_of(demand, &name) else {
                continue;
            };
            for turn in 1..=AGAIN {
                let mut draw = place.draw.fork(&format!("{name} {turn}"));
                let persona = place.persona.another(turn, &mut draw);
                let there = Place {
                    persona: &persona,
                    draw,
                    wish: None,
                    ..place.clone()
                };
                let other = self.member(&name, &roots, &there, around, None, members.len());
                if let Some(other) = other.filter(|other| !is_same(&name, other, &members[&rival]))
                {
                    self.replace(demand, place, members, &name, other);
                    break;
                }
            }
        }
    }

    /// Has the rows of its lists come in turn, or to what all of them have, and what is around those
    /// in turn begin and end with them.
    pub(super) fn tell_rows(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let lists = members.iter().filter(|(_, value)| {
            let rows = value.as_array();
            rows.is_some_and(|rows| rows.len() > 1 && rows.iter().all(Value::is_object))
        });
        let lists: Vec<String> = lists.map(|(name, _)| name.clone()).collect();
        for name in lists {
            let rows = members[&name].as_array();
            let turned = rows.and_then(|rows| in_turn(&name, rows));
            if let Some(turned) = turned
                && self.replace(demand, place, members, &name, turned.clone().into())
            {
                for (name, end) in names::ends_of(&turned, members) {
                    self.replace(demand, place, members, &name, end);
                }
            }
            for way in [of_whole, in_order] {
                let rows = members[&name].as_array();
                if let Some(told) = rows.and_then(|rows| way(rows)) {
                    self.replace(demand, place, members, &name, told.into());
                }
            }
        }
    }
}

/// How deep within a thing what hangs on it is told its key.
const DEPTH: usize = 3;
/// How many rows are told.
const ROWS: usize = 1_000;

impl<'d> Maker<'d> {
    /// Has what a thing holds say whose it is: the `pipeline_id` of each of a pipeline's `jobs`.
    pub(super) fn tell_whose(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let key = members
            .get("id")
            .filter(|key| key.is_string() || key.is_number());
        let (Some(key), Some(called)) = (key.cloned(), place.path.last()) else {
            return;
        };
        let whose = names::key_of(called);
        if whose.is_empty() {
            return;
        }
        let is_other = |name: &str| OTHERS.iter().any(|others| is_called(name, others));
        let holders = members
            .iter()
            .filter(|(name, value)| (value.is_object() || value.is_array()) && !is_other(name));
        let holders = holders.filter_map(|(name, value)| {
            let mut told = value.clone();
            tell_within(&mut told, &whose, &key, DEPTH).then(|| (name.clone(), told))
        });
        let told: Vec<(String, Value)> = holders.collect();
        for (name, value) in told {
            self.replace(demand, place, members, &name, value);
        }
    }
}

/// Sets what is called so in objects and rows of them; tells whether that changed any.
fn tell_within(value: &mut Value, called: &[String], key: &Value, depth: usize) -> bool {
    let mut is_changed = false;
    match value {
        Value::Object(members) if depth > 0 => {
            for (name, value) in members {
                let is_alike =
                    value.is_string() && key.is_string() || value.is_number() && key.is_number();
                if !value.is_object() && !value.is_array() {
                    if is_alike
                        && value != key
                        && called.iter().any(|called| is_called(name, called))
                    {
                        value.clone_from(key);
                        is_changed = true;
                    }
                } else if !OTHERS.iter().any(|others| is_called(name, others)) {
                    is_changed |= tell_within(value, called, key, depth - 1);
                }
            }
        }
        Value::Array(rows) => {
            for row in rows.iter_mut().take(ROWS).filter(|row| row.is_object()) {
                is_changed |= tell_within(row, called, key, depth);
            }
        }
        _ => {}
    }
    is_changed
}

/// Whether two values of which neither is a moment mean the same: equal texts, or objects that are
/// called the same.
fn is_same(name: &str, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(text), Value::String(_)) => {
            one == other && (names::rank(name).is_none() || names::shifted(text, 0).is_none())
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut called = one.iter().filter(|(name, value)| {
                value.is_string() && tells_apart(name) == Some(Apart::Name)
            });
            called.any(|(name, value)| other.get(name) == Some(value))
        }
        _ => false,
    }
}
