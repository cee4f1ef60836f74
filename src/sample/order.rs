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
        self.begin_and_end(demand, place, members);
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
    /// Has the beginning and the end of a thing, where each is an object, tell of its own time: the
    /// `date` of its `start` and its `end`.
    fn begin_and_end(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let find = |wanted: fn(&str) -> bool| {
            let mut told = members.iter();
            let found = told.find(|(name, value)| value.is_object() && wanted(name));
            found.map(|(name, _)| name.clone())
        };
        let ends = find(names::begins).zip(find(names::ends));
        let Some((first, last)) = ends else { return };
        let both: Vec<String> = match (&members[&first], &members[&last]) {
            (Value::Object(one), Value::Object(other)) => {
                let both = one.keys().filter(|name| other.contains_key(*name));
                both.filter(|name| names::tells_no_step(name))
                    .cloned()
                    .collect()
            }
            _ => return,
        };
        for name in both {
            let text = |members: &Map<String, Value>, of: &str| {
                let text = members.get(of)?.get(&name)?.as_str()?;
                names::shifted(text, 0).map(|_| text.to_owned())
            };
            let (Some(one), Some(other)) = (text(members, &first), text(members, &last)) else {
                continue;
            };
            let wish = |of: &str, like: &str| {
                let path: Vec<&str> = place.path.iter().map(|name| &**name).chain([of]).collect();
                let format = if like.len() == 10 {
                    "date"
                } else {
                    "date-time"
                };
                let mut draw = place.draw.clone();
                let kind = names::Kind::Text;
                names::wish(&path, kind, Some(format), place.persona, &mut draw)
            };
            let set = |members: &mut Map<String, Value>, of: &str, value: Value| {
                let roots = self.roots_of(demand, of).unwrap_or_default();
                let object = members.get(of).and_then(Value::as_object);
                let Some(mut object) = object.cloned() else {
                    return false;
                };
                let is_told = self.is_told_within(&roots, &name, &object);
                let wished = place.wish.and_then(|wish| wish.get(of)?.get(&name));
                if is_told || wished == object.get(&name) {
                    return false;
                }
                object.insert(name.clone(), value);
                self.replace(demand, place, members, of, object.into())
            };
            let (Some(begin), Some(end)) = (wish(&first, &one), wish(&last, &other)) else {
                continue;
            };
            let is_begun = set(members, &first, begin.clone());
            if is_begun && set(members, &last, end) {
                continue;
            }
            // One of them is told: the other lies a day from it.
            let (Some(one), Some(other)) = (text(members, &first), text(members, &last)) else {
                continue;
            };
            if one.len() == other.len() && one > other {
                let later = names::shifted(&one, 1).map(Value::from);
                let is_later = later.is_some_and(|later| set(members, &last, later));
                let earlier = names::shifted(&other, -1).filter(|_| !is_later);
                earlier.map(|earlier| set(members, &first, earlier.into()));
            }
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
