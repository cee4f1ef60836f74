//! Moments beside each other: what comes later is later, and what tells how long it is in between
//! tells that.

use super::demand::Demand;
use super::maker::Maker;
use super::names::{self, Course, Span};
use super::place::Place;
use serde_json::{Map, Value};

impl<'d> Maker<'d> {
    /// Moves a moment that comes before another that it should come after, where one of them
    /// may be another; and has what tells of the time between a beginning and an end say it.
    pub(super) fn put_in_order(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let called = place.path.last().map(|name| &**name);
        let course = Course::of(members.keys().map(String::as_str), called);
        let ranked = members.iter().filter_map(|(name, value)| {
            let text = value.as_str()?;
            Some((course.rank(name)?, text.len(), name.clone()))
        });
        let mut ranked: Vec<(usize, usize, String)> = ranked.collect();
        ranked.sort_by_key(|(rank, ..)| *rank);
        for (at, (rank, length, name)) in ranked.iter().enumerate() {
            let later = ranked[at + 1..]
                .iter()
                .find(|(_, other, _)| other == length);
            let Some((_, _, later)) = later.filter(|(other, ..)| other > rank) else {
                continue;
            };
            let text = |name: &str| members.get(name)?.as_str().map(str::to_owned);
            let (Some(one), Some(other)) = (text(name), text(later)) else {
                continue;
            };
            if one <= other {
                continue;
            }
            // Times of a day change places, as do the ends of a stay.
            let are_times = names::is_time(&one) && names::is_time(&other);
            if are_times || course.turns(name) && course.turns(later) {
                if self.replace(demand, place, members, later, one.clone().into()) {
                    self.replace(demand, place, members, name, other.into());
                }
                continue;
            }
            let moved = names::shifted(&one, 1).map(|moved| (later, moved));
            let back = names::shifted(&other, -1).map(|moved| (name, moved));
            for (name, moved) in moved.into_iter().chain(back) {
                if self.replace(demand, place, members, name, moved.into()) {
                    break;
                }
            }
        }
        self.touch(demand, place, members);
        self.put_epochs_in_order(demand, place, members);
        let spans = members
            .iter()
            .filter(|(_, value)| value.is_number() || is_lasting(value));
        let spans = spans.filter_map(|(name, value)| {
            Some((name.clone(), names::span(name)?, value.is_string()))
        });
        let spans: Vec<(String, Span, bool)> = spans.collect();
        for (name, span, is_text) in spans {
            let mut values = span.between(members, is_text).into_iter();
            values.any(|value| self.replace(demand, place, members, &name, value));
        }
    }
}

impl<'d> Maker<'d> {
    /// Has what came to an end have been changed then, not before.
    fn touch(&self, demand: &Demand<'d>, place: &Place<'_>, members: &mut Map<String, Value>) {
        let told = |is_it: fn(&str) -> bool| {
            let told = members.iter().filter_map(move |(name, value)| {
                let text = value.as_str().filter(|_| is_it(name))?;
                names::shifted(text, 0)?;
                Some((name.clone(), text.to_owned()))
            });
            told.collect::<Vec<(String, String)>>()
        };
        let ends = told(names::is_end_of_all);
        for (name, changed) in told(names::is_last_change) {
            let alike = ends.iter().filter(|(_, end)| end.len() == changed.len());
            let last = alike.map(|(_, end)| end).max();
            if let Some(last) = last.filter(|last| **last > changed) {
                self.replace(demand, place, members, &name, last.clone().into());
            }
        }
    }
}

/// From here on a number of seconds since 1970 is one of milliseconds.
const MILLISECONDS: i64 = 100_000_000_000;
/// From here on a number is a moment rather than a count.
const SECONDS: i64 = 1_000_000_000;
const DAY: i64 = 86_400;

impl<'d> Maker<'d> {
    /// The same with moments that are numbers: all of them in seconds, or in milliseconds where the
    /// document tells one so.
    fn put_epochs_in_order(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let ranked = members.iter().filter_map(|(name, value)| {
            let at = value.as_i64().filter(|at| *at >= SECONDS)?;
            let is_of_unit = names::says_thousandths(name);
            Some((names::rank(name)?, at, name.clone())).filter(|_| !is_of_unit)
        });
        let mut ranked: Vec<(usize, i64, String)> = ranked.collect();
        ranked.sort_by_key(|(rank, ..)| *rank);
        let is_fine = |(_, at, _): &(usize, i64, String)| *at >= MILLISECONDS;
        if ranked.iter().any(is_fine) && !ranked.iter().all(is_fine) {
            for (_, at, name) in ranked.iter_mut().filter(|one| !is_fine(one)) {
                let finer = *at * 1_000;
                if self.replace(demand, place, members, name, finer.into()) {
                    *at = finer;
                }
            }
        }
        for number in 1..ranked.len() {
            let ((rank, one, name), (other_rank, other, later)) =
                (ranked[number - 1].clone(), ranked[number].clone());
            let is_alike = (one >= MILLISECONDS) == (other >= MILLISECONDS);
            if rank == other_rank || one <= other || !is_alike {
                continue;
            }
            let day = if one >= MILLISECONDS {
                1_000 * DAY
            } else {
                DAY
            };
            if self.replace(demand, place, members, &later, (one + day).into()) {
                ranked[number].1 = one + day;
            } else {
                self.replace(demand, place, members, &name, (other - day).into());
            }
        }
    }
}

/// Whether a text tells how long something takes, as RFC 3339 appendix A has it.
fn is_lasting(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        text.starts_with('P') && text.ends_with(|c: char| c.is_ascii_uppercase())
    })
}
