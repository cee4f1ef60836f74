//! Members of an object that say something of one another: what is made is made to agree.

use super::demand::Demand;
use super::maker::Maker;
use super::names::{self, Kind, Persona, Role, counts_of, is_called, role};
use super::place::Place;
use super::sums::is_of_money;
use crate::spec::At;
use serde_json::{Map, Value};

/// How many there are below of what is counted.
const MOST_COUNTED: usize = 40;

impl<'d> Maker<'d> {
    /// Has all of an object say the same, one thing after what it follows from.
    pub(super) fn agree(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
    ) {
        let told = self.settle(demand, place, around, members);
        let place = &Place {
            persona: told.as_ref().unwrap_or(place.persona),
            ..place.clone()
        };
        self.count(demand, place, members);
        self.part_rivals(demand, place, around, members);
        self.tell_rows(demand, place, members);
        self.tell_whose(demand, place, members);
        self.tell_story(demand, place, around, members);
        self.put_in_order(demand, place, members);
        self.tell_of_around(demand, place, members);
        self.follow(demand, place, members);
        self.sum_up(demand, place, members);
        self.count_related(demand, place, members);
        self.count_items(demand, place, members);
        self.add_up(demand, place, members);
        if self.take_off(demand, place, members) {
            self.add_up(demand, place, members);
        }
        self.come_to_total(demand, place, members);
        self.divide(demand, place, members);
        self.pair(demand, place, members);
    }

    /// Where an object is about somebody else, or of another town or currency, than was thought, as
    /// the document gives that itself, all that hangs on it is so: what they are called by and where
    /// they have mail, its postcodes and telephone numbers. Whom it is about then.
    fn settle(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
    ) -> Option<Persona> {
        let is_fixed = |name: &str| {
            let roots = self.roots_of(demand, name);
            roots.is_some_and(|roots| self.is_told(&roots, place, name, members))
        };
        let persona = place.persona.told(members, &is_fixed)?;
        let there = Place {
            persona: &persona,
            ..place.clone()
        };
        let names: Vec<String> = members.keys().cloned().collect();
        for (number, name) in names.into_iter().enumerate() {
            let kind = match &members[&name] {
                Value::String(_) => Kind::Text,
                Value::Number(_) => Kind::Number,
                _ => continue,
            };
            let mut path: Vec<&str> = place.path.iter().map(|name| &**name).collect();
            path.push(&name);
            let draw = place.draw.fork(&name);
            let here = names::wish(&path, kind, None, place.persona, &mut draw.clone());
            if names::wish(&path, kind, None, &persona, &mut draw.clone()) == here {
                continue;
            }
            let Some(roots) = self.roots_of(demand, &name) else {
                continue;
            };
            if let Some(value) = self.member(&name, &roots, &there, around, None, number) {
                self.replace(demand, place, members, &name, value);
            }
        }
        Some(persona)
    }

    /// Has what counts, as what is beside it does, be no moment.
    fn count(&self, demand: &Demand<'d>, place: &Place<'_>, members: &mut Map<String, Value>) {
        for name in names::counted(members) {
            let roots = self.roots_of(demand, &name).unwrap_or_default();
            let mut formats = roots.iter().filter_map(|root| {
                let node = self.document.node(root.at);
                node.get("format")
            });
            if formats.all(|format| !format.is_text("unix-time")) {
                let count = place.draw.fork(&name).below(MOST_COUNTED) as i64;
                self.replace(demand, place, members, &name, count.into());
            }
        }
    }

    /// Has what follows from what is beside it do so.
    fn follow(&self, demand: &Demand<'d>, place: &Place<'_>, members: &mut Map<String, Value>) {
        let names: Vec<String> = members.keys().cloned().collect();
        for name in names {
            let mut values = names::consequence(&name, members, place.persona).into_iter();
            let is_text = members[&name].is_string();
            let mut is_there = |value: Value| {
                value.is_string() == is_text && self.replace(demand, place, members, &name, value)
            };
            values.any(&mut is_there);
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

    /// Where an object holds one list and says how many items there are, it says so truly.
    fn count_items(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let lists = members.iter().filter_map(|(name, value)| {
            let count = value.as_array()?.len();
            Some((counts_of(name), Value::from(count)))
        });
        let counted: Vec<(String, Value)> = lists
            .flat_map(|(names, count)| names.map(move |name| (name, count.clone())))
            .collect();
        for (words, count) in counted {
            let named = members
                .iter()
                .find(|(name, value)| value.is_number() && is_called(name, &words));
            if let Some(name) = named.map(|(name, _)| name.clone()) {
                self.replace(demand, place, members, &name, count);
            }
        }
        let mut lists = members.values().filter_map(Value::as_array);
        let (Some(list), None) = (lists.next(), lists.next()) else {
            return;
        };
        let count = Value::from(list.len());
        let is_of_money = is_of_money(members, place);
        let counts = |name: &str| match role(name) {
            // `totalSize` may be of all files, and how many there are.
            _ if names::adds_rows(name, members) => false,
            Some(Role::Count) => true,
            Some(Role::Sum) => !is_of_money,
            _ => false,
        };
        let names: Vec<String> = members
            .iter()
            .filter(|(name, value)| value.is_number() && counts(name))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let roots = self.roots_of(demand, &name).unwrap_or_default();
            if self.fits(&roots, &count) {
                members.insert(name, count.clone());
            }
        }
    }
}
