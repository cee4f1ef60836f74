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
            let moved = names::shifted(&one, 1).map(|moved| (later, moved));
            let back = names::shifted(&other, -1).map(|moved| (name, moved));
            for (name, moved) in moved.into_iter().chain(back) {
                if self.replace(demand, place, members, name, moved.into()) {
                    break;
                }
            }
        }
        let spans = members.iter().filter(|(_, value)| value.is_number());
        let spans = spans.filter_map(|(name, _)| Some((name.clone(), names::span(name)?)));
        let spans: Vec<(String, Span)> = spans.collect();
        for (name, span) in spans {
            if let Some(between) = span.between(members) {
                self.replace(demand, place, members, &name, between.into());
            }
        }
    }

    /// Gives a member another value where that may stand there, and the document or the client
    /// doesn't say it.
    pub(super) fn replace(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
        name: &str,
        value: Value,
    ) -> bool {
        let roots = self.roots_of(demand, name).unwrap_or_default();
        let fits = !self.is_told(&roots, place, name, members) && self.fits(&roots, &value);
        if fits {
            members.insert(name.to_owned(), value);
        }
        fits
    }
}
