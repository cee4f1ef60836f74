//! What has come of a thing: what its status and its flags tell, and what tells when that was, say
//! the same.

use super::demand::Demand;
use super::kinds::Kinds;
use super::maker::Maker;
use super::names::{
    Outcome, Role, by_status, event_of, has_happened, is_ahead, is_beginning, is_ending,
    is_progress, is_task_done, is_yet_so, is_yet_to_be, outcome, role, witness,
};
use super::place::Place;
use crate::spec::{At, Node};
use serde_json::{Map, Value};

/// How something is, and how it may be.
struct Status {
    now: String,
    all: Vec<String>,
}

/// How many properties are looked at.
const MOST: usize = 200;

impl<'d> Maker<'d> {
    /// Takes back what by the status beside it hasn't happened: null where that may stand there,
    /// else nothing where it need not be. What has happened has its moment. What the document
    /// gives itself stands.
    pub(super) fn tell_story(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
    ) {
        let statuses = members.iter().filter_map(|(name, value)| {
            let is_status = role(name) == Some(Role::Status);
            value.as_str().filter(|_| is_status).map(|_| name.clone())
        });
        let statuses: Vec<Status> = statuses
            .map(|name| self.status(demand, &name, members))
            .collect();
        let courses = statuses;
        let statuses: Vec<String> = courses.iter().map(|status| status.now.clone()).collect();
        if let [status, others @ ..] = statuses.as_slice() {
            let untold = members.iter().filter(|(_, value)| value.is_null());
            let untold = untold.filter(|(name, _)| others.is_empty() && has_happened(status, name));
            let untold: Vec<String> = untold.map(|(name, _)| name.clone()).collect();
            for name in untold {
                self.happen(demand, place, around, members, &name);
            }
            let is_ahead = |name: &str| {
                let is_ahead =
                    |of: &Status| is_ahead(&of.now, name) || is_yet_to_be(&of.now, &of.all, name);
                courses.iter().all(is_ahead)
            };
            let names = members.keys().filter(|name| is_ahead(name));
            let ahead: Vec<String> = names.cloned().collect();
            for name in ahead {
                self.take_back(demand, place, members, &name);
            }
        }
        self.end_what_began(demand, place, members, &statuses);
        if members.len() <= MOST && members.values().any(Value::is_boolean) {
            self.tell_flags(demand, place, around, members, &courses);
        }
    }

    /// What a status is, and all that it may be.
    fn status(&self, demand: &Demand<'d>, name: &str, members: &Map<String, Value>) -> Status {
        let roots = self.roots_of(demand, name).unwrap_or_default();
        let all = roots.iter().find_map(|root| {
            let node = self.document.node(root.at);
            let target = self.target(node, "$ref", &root.scope);
            let node = target.map_or(node, |target| self.document.node(target.at));
            node.get("enum")
        });
        let texts = all.into_iter().flat_map(Node::items).take(MOST);
        let texts = texts.filter_map(|one| one.value().as_str().map(str::to_owned));
        let now = members
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default();
        Status {
            now: now.to_owned(),
            all: texts.collect(),
        }
    }

    /// Takes back the end of what never began.
    fn end_what_began(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
        statuses: &[String],
    ) {
        let mut unbegun = members.iter().filter(|(_, value)| value.is_null());
        if !unbegun.any(|(name, _)| is_beginning(name)) {
            return;
        }
        let is_known = |name: &str| statuses.iter().any(|status| has_happened(status, name));
        let ends = members
            .iter()
            .filter(|(name, value)| value.is_string() && is_ending(name) && !is_known(name));
        let ends: Vec<String> = ends.map(|(name, _)| name.clone()).collect();
        for name in ends {
            self.take_back(demand, place, members, &name);
        }
    }

    /// Has flags be as the one status says, and what tells since when they are so be there where
    /// they are, and nowhere else.
    fn tell_flags(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
        statuses: &[Status],
    ) {
        let flags = members.iter().filter(|(_, value)| value.is_boolean());
        let flags: Vec<String> = flags.map(|(name, _)| name.clone()).collect();
        // Another flag is no moment, whatever it is called.
        let others = members.iter().filter(|(_, value)| !value.is_boolean());
        let events = others.map(|(name, _)| (name.clone(), event_of(name).unwrap_or_default()));
        let events: Vec<(String, String)> = events.collect();
        for flag in flags {
            if let [Status { now, all }] = statuses {
                let is_so = by_status(now, &flag);
                let is_so = is_so.or_else(|| is_yet_so(now, all, &flag).then_some(false));
                if let Some(is_so) = is_so {
                    self.replace(demand, place, members, &flag, is_so.into());
                }
            }
            self.tell_outcome(demand, place, members, &flag);
            let is_active = by_status("active", &flag) == Some(true);
            for (name, event) in &events {
                let told = match is_active {
                    true => (statuses.is_empty() && is_ahead("active", name)).then_some(false),
                    false => witness(&flag, event),
                };
                let Some(is_witness) = told else { continue };
                let is_so = members.get(&flag) == Some(&Value::Bool(true));
                // What is active hasn't come to an end; what isn't may have, or not begun.
                let is_wanted = match is_active {
                    true => is_so.then_some(false),
                    false => Some(is_so == is_witness),
                };
                let is_there = members.get(name).is_some_and(|value| !value.is_null());
                let agrees = match (is_wanted, is_there) {
                    (Some(true), false) => self.happen(demand, place, around, members, name),
                    (Some(false), true) => self.take_back(demand, place, members, name),
                    _ => true,
                };
                if !agrees {
                    self.replace(demand, place, members, &flag, (!is_so).into());
                }
            }
        }
    }

    /// Has what is done have come to one thing, as it was wanted or not, and what isn't to nothing.
    fn tell_outcome(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
        flag: &str,
    ) {
        if !is_task_done(flag) {
            return;
        }
        let is_done = members.get(flag) == Some(&Value::Bool(true));
        let told = members.iter().filter(|(_, value)| !value.is_null());
        let told = told.filter_map(|(name, _)| Some((name.clone(), outcome(name)?)));
        let told: Vec<(String, Outcome)> = told.collect();
        let has_result = told.iter().any(|(_, of)| *of == Outcome::Result);
        // A part of it may tell how far it is.
        let parts = members.iter().filter_map(|(name, value)| {
            let part = value.as_object().filter(|_| is_done)?;
            let told = part
                .iter()
                .find(|(name, value)| value.is_number() && is_progress(name));
            let mut part = part.clone();
            part.insert(told?.0.clone(), 100.into());
            Some((name.clone(), part))
        });
        let parts: Vec<(String, Map<String, Value>)> = parts.collect();
        for (name, part) in parts {
            self.replace(demand, place, members, &name, part.into());
        }
        for (name, of) in told {
            if !is_done || of == Outcome::Failure && has_result {
                self.take_back(demand, place, members, &name);
            }
        }
    }

    /// Gives what is null another value. Whether it has one now.
    fn happen(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
        name: &str,
    ) -> bool {
        let roots = self.roots_of(demand, name).unwrap_or_default();
        let inner = Place {
            path: place.path_to(name),
            draw: place.draw.fork(name),
            wish: None,
            around,
            is_row: false,
            depth: place.depth + 1,
            ..place.clone()
        };
        let happened = Kinds::ALL.without(Kinds::NULL);
        let value = self.make_of(happened, &roots, &inner);
        value.is_some_and(|value| self.replace(demand, place, members, name, value))
    }

    /// Has a member be null where it may be, else absent, else empty where it is a text that may
    /// be that. Whether it tells nothing now.
    fn take_back(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
        name: &str,
    ) -> bool {
        let object = &demand.object;
        let roots = self.roots_of(demand, name).unwrap_or_default();
        if self.is_told(&roots, place, name, members) {
            return false;
        }
        let mut needs = object.needs.iter();
        let is_needed = object.required.contains(name)
            || members.len() <= object.least
            || needs.any(|(of, needed)| {
                members.contains_key(of) && needed.iter().any(|needed| needed == name)
            });
        let is_text = members.get(name).is_some_and(Value::is_string);
        let empty = || Value::String(String::new());
        match () {
            () if self.fits_strictly(&roots, &Value::Null) => {
                members.insert(name.to_owned(), Value::Null);
                true
            }
            () if !is_needed => members.shift_remove(name).is_some(),
            () if is_text && self.fits(&roots, &empty()) && !names_a_moment(members, name) => {
                members.insert(name.to_owned(), empty());
                true
            }
            () => false,
        }
    }
}

/// Whether a text is a moment, in place of which nothing else is written.
fn names_a_moment(members: &Map<String, Value>, name: &str) -> bool {
    let text = members.get(name).and_then(Value::as_str);
    text.is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
}
