use super::agree::{Following, following_on};
use super::create::with_last_segment;
use super::defaults::add_defaults;
use super::find::{Found, find, key_text};
use super::merge::merge;
use super::patch::{PatchFault, PatchFaultKind, patch};
use super::stamps::{alike, is_of_edit, touch};
use super::write::{Decided, Write};
use super::{KeyFrom, Rejection, render_item};
use crate::rules::Merge;
use crate::store::{Change, Item, State};
use crate::validate::{Place, Violation};
use crate::wire::{Pointer, Verdict, encode_segment};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::borrow::Cow;

/// How a body changes an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It says what the item, or parts of it, become.
    Merge(Merge),
    /// It is a list of operations (RFC 6902).
    Patch,
}

/// Properties that an item may be known by and that a client changes as any other.
const NAMES: [&str; 5] = ["name", "slug", "login", "username", "handle"];

fn refusal(fault: PatchFault) -> Rejection {
    let mut violation = refused(fault.at, &fault.detail);
    match fault.kind {
        PatchFaultKind::TestFailed => {
            // It is the item that is another than was assumed.
            violation.rule = "test".to_owned();
            Rejection::Conflict(vec![violation])
        }
        PatchFaultKind::Unfit | PatchFaultKind::Malformed | PatchFaultKind::TooCostly => {
            Rejection::Invalid(vec![violation])
        }
    }
}

fn refused(at: Pointer, detail: &str) -> Violation {
    Violation {
        place: Place::Body(at),
        rule: "json-patch".to_owned(),
        detail: detail.to_owned(),
        origin: None,
    }
}

impl Write<'_, '_> {
    /// Steps 9 to 11 of a change to an item: the item, the preconditions, the rules, the item as it
    /// would become. Gives what changes; on a refusal nothing has.
    pub fn update(mut self, how: How, state: &State) -> Result<(Vec<Change>, Decided), Rejection> {
        let found = find(
            self.standins,
            self.binding,
            self.parameters,
            self.body,
            state,
        );
        let makes = how == How::Merge(Merge::Whole) && self.operation.documents(201);
        let found = match found {
            Err(Rejection::Missing(_)) if makes => return self.put(state),
            Ok(found)
                if found.is_standin
                    && makes
                    && (self.preconditions.wants_none()
                        || self.operation.declared.success() == 201) =>
            {
                return self.put(state);
            }
            // What is one alone and was emptied is there anew with what is added to it.
            Err(Rejection::Missing(why)) => match &self.binding.members {
                Some(members) if self.binding.key_from == KeyFrom::Single => {
                    let (binding, parameters) = (self.binding, self.parameters);
                    let standin = self.standins.item(binding, parameters, "").item;
                    let emptied = members.emptied(&standin.value);
                    let item = emptied.map(|value| Item::new(value, standin.tag, standin.modified));
                    Found {
                        key: String::new(),
                        item: Cow::Owned(item.ok_or(Rejection::Missing(why))?),
                        is_standin: true,
                        is_plain: false,
                    }
                }
                _ => return Err(Rejection::Missing(why)),
            },
            found => found?,
        };
        let Found { key, item, .. } = &found;
        match self.preconditions.judge(false, &item.tag, item.modified) {
            Verdict::Failed(field) => {
                return Err(Rejection::precondition(field, &item.tag));
            }
            Verdict::NotModified | Verdict::Proceed => {}
        }
        if let Some(stage) = &mut self.stage {
            stage.bind_stored(&item.value);
            if let Some(rejection) = Rejection::ruled(stage.unmet_conditions(), Some(412)) {
                return Err(rejection);
            }
        }
        let changed = self.apply(how, state, key.clone(), (&item.value, found.is_standin));
        let is_whole = how == How::Merge(Merge::Whole);
        match changed {
            // What was right by another contract may lack what the client needn't say.
            Err(Rejection::Invalid(_)) if self.binding.is_seeded && !is_whole => {
                let mended = self.standins.completed_item(self.binding, &item.value, key);
                match mended {
                    Some(item) => self.apply(how, state, key.clone(), (&item, false)),
                    None => changed,
                }
            }
            changed => changed,
        }
    }

    fn apply(
        &mut self,
        how: How,
        state: &State,
        key: String,
        (stored, is_made_up): (&Value, bool),
    ) -> Result<(Vec<Change>, Decided), Rejection> {
        let shapes = self.standins.contents.shapes;
        let next = match how {
            How::Merge(_) if let Some(members) = &self.binding.members => {
                let place = self.binding.place(self.parameters);
                let last = state.collection(&place).map_or(0, |all| all.revision());
                let (next, said) = self.with_members(members, stored, last)?;
                // The members are what the client says of the item.
                let mut write = Write {
                    body: &said,
                    shape: None,
                    stage: self.stage.take(),
                    ..*self
                };
                let changed = write.change(how, state, key, (stored, is_made_up), next);
                self.stage = write.stage;
                return changed;
            }
            How::Merge(_) if let Some(act) = &self.binding.act => self.acted(act, stored),
            How::Merge(how) => merge(how, stored, self.body, shapes, self.shape),
            How::Patch => self.patched(stored)?,
        };
        self.change(how, state, key, (stored, is_made_up), next)
    }

    fn change(
        &mut self,
        how: How,
        state: &State,
        key: String,
        (stored, is_made_up): (&Value, bool),
        mut next: Value,
    ) -> Result<(Vec<Change>, Decided), Rejection> {
        let shapes = self.standins.contents.shapes;
        self.keep_place(how, stored, &mut next);
        if let (Some(members), KeyFrom::Path(name)) = (next.as_object_mut(), &self.binding.key_from)
            && !self.binding.is_seeded
            && !self.binding.key.is_empty()
            && !members.contains_key(&self.binding.key)
        {
            let key = self.parameters.path.get(name).cloned();
            let key = key.and_then(|key| self.fitting(key));
            members.extend(key.map(|key| (self.binding.key.clone(), key)));
        }
        if let (How::Merge(Merge::Whole), Some(shape), Some(members)) =
            (how, self.shape, next.as_object_mut())
            && !self.binding.is_seeded
        {
            add_defaults(shapes, shape, members);
        }
        touch(&mut next, self.body, self.now, false);
        if self.binding.act.is_none() && self.binding.members.is_none() && next != *stored {
            self.edit(&mut next);
        }
        self.tell_events(Some(how), Some(stored), &mut next, &|name| {
            self.is_sent(name)
        });
        self.refer(&mut next);
        self.follow((stored, is_made_up), &mut next);
        let old = key.clone();
        let key = self.renamed(how, state, key, &mut next)?;
        let (mut changes, decided) = self.settle(state, key, next, false)?;
        if decided.key != old {
            let place = self.binding.place(self.parameters).into_owned();
            changes.extend(self.moved_below(state, &old, &decided.key));
            changes.push(Change::Bury(place, old));
        }
        self.check_unique(state, &changes, &decided.key)?;
        Ok((changes, decided))
    }

    /// Has what a client changes in its words have been edited now.
    fn edit(&self, next: &mut Value) {
        let members = next.as_object().into_iter().flatten();
        let edited = members
            .map(|(name, _)| name)
            .filter(|name| is_of_edit(name));
        let edited: Vec<String> = edited.filter(|name| !self.is_sent(name)).cloned().collect();
        for name in edited {
            let now = DateTime::<Utc>::from(self.now);
            let own = next.get(&name).and_then(|own| alike(own, now));
            let values = own.map_or_else(|| self.now_as(next), |own| vec![own]);
            self.put_first(next, &name, &values);
        }
    }

    /// Whether the client says something of a property.
    fn is_sent(&self, name: &str) -> bool {
        match self.body {
            Value::Array(operations) => operations.iter().any(|operation| {
                let path = operation.get("path").and_then(Value::as_str);
                path.is_some_and(|path| path.split('/').any(|token| token == name))
            }),
            body => body.get(name).is_some(),
        }
    }

    /// What is made of other properties is made anew of those that the client changed.
    fn follow(&self, (stored, is_made_up): (&Value, bool), next: &mut Value) {
        let is_sent = |name: &str| self.is_sent(name);
        let (Some(before), Some(after)) = (stored.as_object(), next.as_object()) else {
            return;
        };
        let today = DateTime::<Utc>::from(self.now).date_naive();
        let change = Following {
            is_made_up,
            is_ruled: self.stage.is_some(),
            today,
        };
        for (name, value) in following_on(before, after, &is_sent, change) {
            // What it is found by stays.
            if name == self.binding.key {
                continue;
            }
            let kept = std::mem::replace(&mut next[&name], value);
            let shapes = self.standins.contents.shapes;
            let is_wrong = self.shower().is_some_and(|(binding, content)| {
                let body = render_item(shapes, binding, Some(content), next);
                !content.is_valid(self.standins.contents, &body)
            });
            if is_wrong {
                next[&name] = kept;
            }
        }
    }

    /// The key of an item after a change: another where the body has a property `new_name` or
    /// `newName` beside the `name` that items go by, or another such name.
    fn renamed(
        &self,
        how: How,
        state: &State,
        key: String,
        next: &mut Value,
    ) -> Result<String, Rejection> {
        let name = &self.binding.key;
        if name.is_empty() {
            return Ok(key);
        }
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let camel: String = first.into_iter().chain(letters).collect();
        let names = [format!("new_{name}"), format!("new{camel}")];
        let given = names.iter().find_map(|name| {
            let value = self.body.get(name).filter(|value| value.is_string())?;
            Some((name, value.clone()))
        });
        let own = self.body.get(name).filter(|_| self.renames(how));
        let given = given.or(own.map(|value| (name, value.clone())));
        let (Some((from, value)), Some(members)) = (given, next.as_object_mut()) else {
            return Ok(key);
        };
        if from != name {
            members.shift_remove(from);
        }
        if !members.contains_key(name) {
            return Ok(key);
        }
        members.insert(name.clone(), value.clone());
        let renamed = key_text(Some(&value));
        // What led to the old name leads to the new one.
        let (old, new) = (encode_segment(&key), encode_segment(&renamed));
        for (other, value) in members.iter_mut() {
            let led = value
                .as_str()
                .and_then(|url| with_last_segment(url, &old, &new));
            if let Some(led) = led.filter(|_| self.body.get(other).is_none()) {
                *value = led.into();
            }
        }
        let place = self.binding.place(self.parameters);
        match renamed != key && state.item(&place, &renamed).is_some() {
            true => Err(self.conflict(&renamed)),
            false => Ok(renamed),
        }
    }

    /// The item as a JSON Patch makes it of what a reply shows of it. What no reply shows stays, as
    /// do properties that only the server writes; what isn't declared isn't kept.
    fn patched(&self, stored: &Value) -> Result<Value, Rejection> {
        if self.body.is_null() {
            // No body was sent, and none is demanded.
            return Ok(stored.clone());
        }
        let shapes = self.standins.contents.shapes;
        let shown = self.standins.reader(self.binding);
        let shown = shown.or(self.content.map(|content| (self.binding, content)));
        let Some((binding, content)) = shown else {
            return patch(stored, self.body).map_err(refusal);
        };
        let whole = render_item(shapes, binding, Some(content), stored);
        // A client may mean the item by itself, or the reply that it stands in.
        let names_whole = |operation: &Value| {
            let path = operation.get("path").and_then(Value::as_str);
            let first = path.and_then(|path| path.split('/').nth(1));
            first.is_some_and(|first| binding.envelope.first().is_some_and(|name| name == first))
        };
        let operations = self.body.as_array();
        let is_whole = operations.is_some_and(|all| all.iter().any(names_whole));
        let lost = || Rejection::Invalid(vec![refused(Pointer::root(), "leaves no item")]);
        let before = binding.unwrapped(&whole).ok_or_else(lost)?;
        let patched = match is_whole {
            true => {
                let patched = patch(&whole, self.body).map_err(refusal)?;
                binding.unwrapped(&patched).cloned().ok_or_else(lost)?
            }
            false => patch(before, self.body).map_err(refusal)?,
        };
        let (Some(before), Value::Object(patched)) = (before.as_object(), patched) else {
            return Err(lost());
        };
        let shape = self.item_shape(binding, content).map(|id| shapes.get(id));
        let property = |name: &str| shape?.properties.get(name);
        let admits = |name: &str| shape.is_none_or(|shape| shape.admits(name));
        let is_own = |name: &str| {
            let property = property(name);
            property.is_some_and(|property| shapes.get(shapes.of_property(property)).read_only)
        };
        let mut next = stored.as_object().cloned().unwrap_or_default();
        next.retain(|name, _| is_own(name) || !before.contains_key(name));
        let kept = patched
            .into_iter()
            .filter(|(name, _)| !is_own(name) && (property(name).is_some() || admits(name)));
        next.extend(kept);
        Ok(Value::Object(next))
    }

    /// Whether the client gives an item another name that is known by its name: nobody gives it
    /// another id.
    fn renames(&self, how: How) -> bool {
        let key = self.binding.key.as_str();
        let said = self.body.get(key).and_then(Value::as_str);
        let is_by_path = matches!(self.binding.key_from, KeyFrom::Path(_));
        how == How::Merge(Merge::Deep)
            && is_by_path
            && !self.binding.is_seeded
            && NAMES.contains(&key)
            && said.is_some_and(|said| !said.is_empty())
    }

    /// An update can't give an item another key, but for a name by which it is known, nor cut it off
    /// from what it hangs on.
    fn keep_place(&self, how: How, stored: &Value, next: &mut Value) {
        let is_renamed = self.renames(how);
        let Some(next) = next.as_object_mut() else {
            return;
        };
        if let Some(key) = stored.get(&self.binding.key).filter(|_| !is_renamed) {
            next.insert(self.binding.key.clone(), key.clone());
        }
        for parent in &self.binding.parents {
            if let Some(link) = stored.get(&parent.parameter) {
                next.entry(parent.parameter.clone())
                    .or_insert_with(|| link.clone());
            }
        }
        for link in self.binding.links.iter() {
            if let Some(value) = stored.get(link) {
                next.entry(link.clone()).or_insert_with(|| value.clone());
            }
        }
    }
}
