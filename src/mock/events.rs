//! What tells when something happened to an item, beside what tells that it did: a `status`, a
//! flag. Where a write changes one of these, the others say the same.

use super::key::alike as is_alike;
use super::name::plain;
use super::stamps::alike;
use super::update::How;
use super::verbs::flagged;
use super::write::Write;
use crate::rules::Merge;
use crate::sample::{Role, by_status, is_ahead, is_witness, role};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

/// How many properties are looked at.
const MOST: usize = 200;

impl Write<'_, '_> {
    /// Lets moments and flags follow from the status and the flags that a write changed, but for
    /// what the client says itself. What rules work out is theirs.
    pub(super) fn tell_events(
        &self,
        how: Option<How>,
        before: Option<&Value>,
        next: &mut Value,
        is_told: &dyn Fn(&str) -> bool,
    ) {
        let Some(members) = next.as_object().filter(|_| self.stage.is_none()) else {
            return;
        };
        if members.len() > MOST {
            return;
        }
        let is_changed =
            |name: &str, value: &Value| before.is_none_or(|before| before.get(name) != Some(value));
        let is_status = |name: &str| role(name) == Some(Role::Status);
        let changed = members.iter().filter(|(name, value)| {
            // What a name means is asked of few.
            let may_tell = value.is_boolean() || value.is_string();
            may_tell && is_changed(name, value) && (value.is_boolean() || is_status(name))
        });
        let changed: Map<String, Value> = changed.map(|(n, v)| (n.clone(), v.clone())).collect();
        if changed.is_empty() {
            return;
        }
        let Some(properties) = self.properties().filter(|names| names.len() <= MOST) else {
            return;
        };
        let statuses: Vec<String> = members
            .iter()
            .filter(|(name, value)| value.is_string() && is_status(name))
            .filter_map(|(_, value)| value.as_str().map(str::to_owned))
            .collect();
        let now = self.now_as(next);
        let is_free = |name: &str| !is_told(name);
        let may_be_added =
            |name: &str| how == Some(How::Merge(Merge::Deep)) || !self.takes_from_client(name);
        if changed.values().any(Value::is_string) {
            for name in properties.iter().filter(|name| is_free(name)) {
                let known = next.get(name).cloned();
                let is_there = known.as_ref().is_some_and(|value| !value.is_null());
                if statuses.iter().all(|status| is_ahead(status, name)) {
                    if is_there {
                        self.take_back(next, name);
                    }
                    continue;
                }
                let [status] = statuses.as_slice() else {
                    continue;
                };
                if known.as_ref().is_some_and(Value::is_boolean) {
                    // What it was before isn't so any more; what came before that stays as it was.
                    let own = flagged(name);
                    let was = changed.keys().find_map(|name| before?.get(name)?.as_str());
                    let is_so = by_status(status, name).filter(|is_so| {
                        let of = if *is_so { Some(status.as_str()) } else { was };
                        of.is_some_and(|of| plain(of) == own)
                    });
                    if let Some(is_so) = is_so {
                        self.put_first(next, name, &[is_so.into()]);
                    }
                } else if !is_there
                    && (known.is_some() || may_be_added(name))
                    && is_witness(status, name)
                {
                    self.put_first(next, name, &now);
                }
            }
        }
        let flags = next.as_object().into_iter().flatten();
        let flags = flags.filter_map(|(name, value)| Some((name.clone(), value.as_bool()?)));
        let flags = flags.filter(|(name, value)| is_changed(name, &Value::Bool(*value)));
        for (flag, is_so) in flags.collect::<Vec<(String, bool)>>() {
            let is_active = by_status("active", &flag) == Some(true);
            for name in properties.iter().filter(|name| is_free(name)) {
                let known = next.get(name).cloned();
                if known.as_ref().is_some_and(Value::is_boolean) {
                    continue;
                }
                let is_there = known.as_ref().is_some_and(|value| !value.is_null());
                let is_over = is_active && is_so && statuses.is_empty() && is_ahead("active", name);
                let is_of_flag = is_witness(&flag, name);
                match is_so {
                    true if is_over && is_there => self.take_back(next, name),
                    true if is_of_flag && !is_there && (known.is_some() || may_be_added(name)) => {
                        self.put_first(next, name, &now);
                    }
                    false if is_of_flag && is_there => self.take_back(next, name),
                    _ => {}
                }
            }
        }
    }

    /// The names of the properties that an item has, as it is shown.
    fn properties(&self) -> Option<Vec<String>> {
        let (binding, content) = self.shower()?;
        let shape = self.item_shape(binding, content)?;
        let shape = self.standins.contents.shapes.get(shape);
        Some(shape.properties.keys().cloned().collect())
    }

    /// Whether a client may send a property with this write.
    fn takes_from_client(&self, name: &str) -> bool {
        let shapes = self.standins.contents.shapes;
        let declared = self.shape.map(|id| &shapes.get(id).properties);
        let property = declared.and_then(|all| all.iter().find(|(own, _)| is_alike(own, name)));
        property.is_some_and(|(_, property)| !shapes.get(shapes.of_property(property)).read_only)
    }

    /// The present moment in the forms that a schema may ask for; as the others of an item are
    /// written, first.
    pub(super) fn now_as(&self, item: &Value) -> Vec<Value> {
        let now = DateTime::<Utc>::from(self.now);
        let members = item.as_object().into_iter().flatten();
        let others = members.filter_map(|(name, value)| {
            super::stamps::keeps_time(name, true).then(|| alike(value, now))?
        });
        let usual = [
            now.to_rfc3339_opts(SecondsFormat::Secs, true).into(),
            now.format("%Y-%m-%d").to_string().into(),
            now.timestamp().into(),
            now.timestamp_millis().into(),
        ];
        others.chain(usual).collect()
    }

    /// How much of an item is wrong.
    fn wrongs(&self, item: &Value) -> usize {
        let shower = self.shower();
        shower.map_or(0, |(binding, content)| {
            self.breaches(content, binding, item).len()
        })
    }

    /// Gives a property the first of these values that may stand there.
    pub(super) fn put_first(&self, item: &mut Value, name: &str, values: &[Value]) {
        let before = self.wrongs(item);
        let mut changed = item.clone();
        for value in values {
            changed[name] = value.clone();
            if self.wrongs(&changed) <= before {
                *item = changed;
                return;
            }
        }
    }

    /// Has a property say nothing: null where that may stand there, else none where it may lack.
    pub(super) fn take_back(&self, item: &mut Value, name: &str) {
        let before = self.wrongs(item);
        let mut changed = item.clone();
        changed[name] = Value::Null;
        if self.wrongs(&changed) > before
            && let Some(members) = changed.as_object_mut()
        {
            members.shift_remove(name);
        }
        if self.wrongs(&changed) <= before {
            *item = changed;
        }
    }
}
