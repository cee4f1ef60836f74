//! Moments beside each other: what comes later is later, and what tells how long it is in between
//! tells that.

use super::demand::Demand;
use super::maker::Maker;
use super::names::{self, Span};
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
        let ranked = members.iter().filter_map(|(name, value)| {
            let text = value.as_str()?;
            Some((names::rank(name)?, text.len(), name.clone()))
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
            // Times of a day change places.
            if names::is_time(&one) && names::is_time(&other) {
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

/// Whether a text tells how long something takes, as RFC 3339 appendix A has it.
fn is_lasting(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        text.starts_with('P') && text.ends_with(|c: char| c.is_ascii_uppercase())
    })
}
