use super::demand::Demand;
use super::maker::Maker;
use super::names::{Role, is_ahead, role};
use super::place::Place;
use serde_json::{Map, Value};

impl<'d> Maker<'d> {
    /// Takes back when something happened that by the status beside it hasn't: null where that may
    /// stand there, else nothing where it need not be. What the document gives itself stands.
    pub(super) fn take_back(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let statuses = members.iter().filter_map(|(name, value)| {
            let is_status = role(name) == Some(Role::Status);
            value.as_str().filter(|_| is_status)
        });
        let statuses: Vec<&str> = statuses.collect();
        let is_ahead = |name: &str| statuses.iter().all(|status| is_ahead(status, name));
        let ahead: Vec<String> = match statuses.is_empty() {
            true => return,
            false => members
                .keys()
                .filter(|name| is_ahead(name))
                .cloned()
                .collect(),
        };
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
