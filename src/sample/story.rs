use super::demand::Demand;
use super::kinds::Kinds;
use super::maker::Maker;
use super::names::{Role, has_happened, is_ahead, role};
use super::place::Place;
use crate::spec::At;
use serde_json::{Map, Value};

impl<'d> Maker<'d> {
    /// Takes back when something happened that by the status beside it hasn't: null where that may
    /// stand there, else nothing where it need not be. What has happened has its moment. What the
    /// document gives itself stands.
    pub(super) fn tell_story(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
    ) {
        let statuses = members.iter().filter_map(|(name, value)| {
            let is_status = role(name) == Some(Role::Status);
            value.as_str().filter(|_| is_status).map(str::to_owned)
        });
        let statuses: Vec<String> = statuses.collect();
        let [status, others @ ..] = statuses.as_slice() else {
            return;
        };
        let untold = members.iter().filter(|(_, value)| value.is_null());
        let untold = untold.filter(|(name, _)| others.is_empty() && has_happened(status, name));
        let untold: Vec<String> = untold.map(|(name, _)| name.clone()).collect();
        for name in untold {
            let roots = self.roots_of(demand, &name).unwrap_or_default();
            let inner = Place {
                path: place.path_to(&name),
                draw: place.draw.fork(&name),
                wish: None,
                around,
                is_row: false,
                depth: place.depth + 1,
                ..place.clone()
            };
            let happened = Kinds::ALL.without(Kinds::NULL);
            if let Some(value) = self.make_of(happened, &roots, &inner) {
                self.replace(demand, place, members, &name, value);
            }
        }
        let is_ahead = |name: &str| statuses.iter().all(|status| is_ahead(status, name));
        let names = members.keys().filter(|name| is_ahead(name));
        let ahead: Vec<String> = names.cloned().collect();
        let object = &demand.object;
        for name in ahead {
            let roots = self.roots_of(demand, &name).unwrap_or_default();
            if self.is_told(&roots, place, &name, members) {
                continue;
            }
            let mut needs = object.needs.iter();
            let is_needed = object.required.contains(&name)
                || members.len() <= object.least
                || needs.any(|(of, needed)| members.contains_key(of) && needed.contains(&name));
            match self.fits(&roots, &Value::Null) {
                true => {
                    members.insert(name, Value::Null);
                }
                false if is_needed => {}
                false => {
                    members.shift_remove(&name);
                }
            }
        }
    }
}
