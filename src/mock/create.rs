//! A new item: by `POST` to its collection, or by `PUT` where it isn't there yet.

use super::afresh::{happen_now, none_yet};
use super::agree::following;
use super::defaults::add_defaults;
use super::echo::meant;
use super::find::{NAMELESS, check_parents, key_text, stored_key};
use super::key::alike;
use super::meant::rename;
use super::new_key::{highest, numbered};
use super::parts::parts_of;
use super::stamps::{HOLDERS, is_of_event, is_of_new, touch};
use super::standin::{forms, is_standin};
use super::write::{Decided, Write};
use super::{Binding, KeyFrom, PreparedContent, Rejection, render_item};
use crate::sample::{aged, is_of_birth};
use crate::spec::ShapeId;
use crate::store::{Change, State};
use crate::validate::{Place, View, Violation};
use crate::wire::{Pointer, encode_segment};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Names of properties that tell one item from another, beside its key.
const IDS: [&str; 7] = ["id", "_id", "uuid", "uid", "guid", "node_id", "number"];

impl Write<'_, '_> {
    /// Adds an item to the collection, under the key that the client gives or a new one.
    pub fn create(mut self, state: &State) -> Result<(Vec<Change>, Decided), Rejection> {
        check_parents(&self.binding.parents, self.parameters, state)?;
        if self.binding.scope.is_some() {
            check_parents(&self.operation.parents, self.parameters, state)?;
        }
        let (preconditions, parameters) = (self.preconditions, self.parameters);
        self.standins
            .check_list(preconditions, self.binding, parameters, state)?;
        let rows = match self.binding.is_written(self.parameters, state) {
            true => Vec::new(),
            false => self.standins.rows(self.binding, self.parameters),
        };
        let place = self.binding.place(self.parameters);
        let is_taken =
            |key: &str| state.item(&place, key).is_some() || rows.iter().any(|(of, _)| of == key);
        // What nobody wrote gives way: the document's example may well be posted.
        let is_written = |key: &str| {
            let item = state.item(&place, key);
            item.is_some_and(|item| self.binding.is_seeded || !is_standin(&item.tag))
        };
        let given = self.key_given();
        let key = match &given {
            Some(key) => {
                let text = stored_key(key);
                self.check_key(&text)?;
                if is_written(&text) {
                    return Err(self.conflict(&text));
                }
                key.clone()
            }
            None => {
                let highest = || highest(state, &place, &rows).unwrap_or(0);
                let last = state.collection(&place).map_or(0, |all| all.revision());
                // What was taken out may still be known by its key.
                let is_used = |key: &str| is_taken(key) || state.is_buried(&place, key);
                let key = self.new_key(last, &highest, &is_used);
                let text = key_text(Some(&key));
                if is_taken(&text) {
                    return Err(self.conflict(&text));
                }
                key
            }
        };
        let text = stored_key(&key);
        let next = self.made(state, Some(&key), &text)?;
        self.settle_new(state, text, next)
    }

    /// The key that the client gives: under its own name, or that of the parameter of the item's path
    /// (`POST …/members {"user_id": …}`), where nothing else of the item is called so.
    fn key_given(&self) -> Option<Value> {
        let own = self
            .body
            .get(&self.binding.key)
            .filter(|key| !key.is_null());
        let by_path = || {
            let (_, last) = self.binding.item_path.rsplit_once('/')?;
            let name = last.strip_prefix('{')?.strip_suffix('}')?;
            let said = self.body.as_object()?.iter();
            let (_, key) = said.into_iter().find(|(said, _)| alike(said, name))?;
            let shapes = self.standins.contents.shapes;
            let shower = self.shower();
            let shown = shower.and_then(|(binding, content)| self.item_shape(binding, content));
            let is_other = shown.is_some_and(|id| meant(shapes.get(id), name).is_some());
            let is_key = self.binding.has_item_path && !is_other && !self.binding.key.is_empty();
            is_key.then(|| self.fitting(key.clone())).flatten()
        };
        own.cloned().or_else(by_path)
    }

    fn settle_new(
        &mut self,
        state: &State,
        key: String,
        next: Value,
    ) -> Result<(Vec<Change>, Decided), Rejection> {
        let (mut changes, decided) = self.settle(state, key, next, true)?;
        self.check_unique(state, &changes, &decided.key)?;
        changes.extend(self.nothing_below(state, &decided.key));
        Ok((changes, decided))
    }

    /// Puts an item where there is none.
    pub(super) fn put(mut self, state: &State) -> Result<(Vec<Change>, Decided), Rejection> {
        check_parents(&self.binding.parents, self.parameters, state)?;
        if self.preconditions.needs_item() {
            return Err(Rejection::precondition_without_item());
        }
        let text = self
            .binding
            .key_of(self.parameters, self.body)
            .unwrap_or_default();
        let key = match &self.binding.key_from {
            KeyFrom::Path(name) => self.parameters.path.get(name).cloned(),
            _ => None,
        };
        if self.binding.key_from == KeyFrom::Body {
            self.check_key(&text)?;
        }
        let key = key.unwrap_or_else(|| text.clone().into());
        let next = self.made(state, self.fitting(key).as_ref(), &text)?;
        self.settle_new(state, text, next)
    }

    /// Refuses a key that no path can have: an empty segment is none, and clients resolve `.` and
    /// `..` before they ask (RFC 3986 §5.2.4).
    fn check_key(&self, key: &str) -> Result<(), Rejection> {
        if !self.binding.has_item_path || ![NAMELESS, ".", ".."].contains(&key) {
            return Ok(());
        }
        let detail = "is no key: no path can lead to an item of it".to_owned();
        Err(Rejection::Invalid(vec![Violation {
            place: Place::Body(self.key_place()),
            rule: "addressable".to_owned(),
            detail,
            origin: None,
        }]))
    }

    /// Where a body has the key.
    fn key_place(&self) -> Pointer {
        let name = &self.binding.key;
        let wrapper = self.binding.wrapper.iter();
        let item = wrapper.fold(Pointer::root(), |at, wrapper| at.child(wrapper));
        match name.is_empty() {
            true => item,
            false => item.child(name),
        }
    }

    pub(super) fn conflict(&self, key: &str) -> Rejection {
        let key = if key == NAMELESS { "" } else { key };
        Rejection::Conflict(vec![Violation {
            place: Place::Body(self.key_place()),
            rule: "unique".to_owned(),
            detail: format!("is taken: {} has an item {key:?}", self.binding.collection),
            origin: None,
        }])
    }

    /// The item that a body makes: with its defaults, its key, whose it is, and all that the server
    /// gives it.
    fn made(&self, state: &State, key: Option<&Value>, seed: &str) -> Result<Value, Rejection> {
        let shapes = self.standins.contents.shapes;
        let mut item = match self.body {
            Value::Object(members) => members.clone(),
            _ => Map::new(),
        };
        if let Some(shape) = self.shape {
            add_defaults(shapes, shape, &mut item);
        }
        let shower = self.shower();
        let shown = shower.and_then(|(binding, content)| self.item_shape(binding, content));
        if let Some(shown) = shown {
            rename(shapes, shown, &mut item);
        }
        if !self.binding.key.is_empty() {
            item.extend(key.map(|key| (self.binding.key.clone(), key.clone())));
        }
        for parent in &self.binding.parents {
            let key = self.parameters.path.get(&parent.parameter);
            let is_said =
                |key: &&Value| self.binding.is_seeded || self.tells(&parent.parameter, key);
            // What is called as the own key is that of something else here.
            let is_own = parent.parameter == self.binding.key;
            let key = key.filter(is_said).filter(|_| !is_own);
            item.extend(key.map(|key| (parent.parameter.clone(), key.clone())));
        }
        for (parameter, property) in self.binding.scope.iter().flat_map(|scope| &scope.links) {
            let said = self.parameters.path.get(parameter);
            let mut forms = said.map(forms).unwrap_or_default();
            let fitting = forms.iter().position(|form| self.tells(property, form));
            let said = match fitting {
                Some(at) => Some(forms.swap_remove(at)),
                None => said.cloned(),
            };
            item.extend(said.map(|said| (property.clone(), said)));
        }
        self.say_above(&mut item);
        let sent = Value::Object(item.clone());
        let Some((binding, content)) = shower else {
            return Ok(sent);
        };
        let whole = self.standins.drawn(binding, content, &sent, seed);
        let Some(mut whole) = whole else {
            return Ok(sent);
        };
        let is_sent = |name: &str| sent.get(name).is_some();
        let now = DateTime::<Utc>::from(self.now);
        let moved = whole
            .as_object()
            .map(|members| happen_now(members, now, &is_sent));
        if let (Some(members), Some(moved)) = (whole.as_object_mut(), moved) {
            members.extend(moved);
        }
        let made = whole.clone();
        // An example of the whole must not take the place of what the client sent.
        if let (Some(members), Some(sent)) = (whole.as_object_mut(), sent.as_object()) {
            members.extend(sent.clone());
        }
        // What a client sent may be of another form than replies have it in: that is mended later.
        let wrong = self.breaches(content, binding, &whole).len();
        let fits = |item: &Value| match wrong {
            0 => {
                let body = render_item(shapes, binding, Some(content), item);
                content.is_valid(self.standins.contents, &body)
            }
            wrong => self.breaches(content, binding, item).len() <= wrong,
        };
        self.without_unsent((binding, content), &mut whole, &sent, &fits);
        self.add_servers_own(binding, content, &mut whole, &fits);
        touch(&mut whole, &sent, self.now, true);
        unset_events(&mut whole, &sent, &fits);
        let emptied = match self.binding.is_seeded {
            true => Vec::new(),
            false => self.without_rows(&mut whole, &sent, &fits),
        };
        let none = whole.as_object().map(|members| none_yet(members, &is_sent));
        let none = none.filter(|_| !self.binding.is_seeded);
        let none = none.unwrap_or_default();
        for (name, value) in none.iter().cloned() {
            let kept = std::mem::replace(&mut whole[&name], value);
            if !fits(&whole) {
                whole[&name] = kept;
            }
        }
        let none = none.into_iter().map(|(name, _)| name);
        let none: Vec<String> = none.chain(emptied.iter().cloned()).collect();
        self.tell_events(None, None, &mut whole, &|name| sent.get(name).is_some());
        self.refer(&mut whole);
        let told = whole.as_object();
        let is_said = |name: &str| sent.get(name).is_some();
        let followed = told.map(|members| {
            // That there are no rows is said of what has none.
            let is_known = |name: &str| is_said(name) || emptied.iter().any(|list| list == name);
            let mut followed = following(made.as_object(), members, &is_known);
            let shown = self.standins.shown(self.binding, None);
            let shown = shown.filter(|(_, is_sample)| *is_sample);
            let shown = shown.as_ref().and_then(|(shown, _)| shown.as_object());
            let is_told = |name: &str| is_said(name) || none.contains(&name.to_owned());
            let parts = shown.map(|shown| parts_of(shown, members, &is_told));
            let is_born = || {
                members
                    .keys()
                    .any(|name| is_of_birth(name) && is_said(name))
            };
            let age = aged(members, now.date_naive()).filter(|(age, _)| !is_said(age) && is_born());
            followed.extend(age);
            for (name, value) in parts.unwrap_or_default() {
                if followed.iter().all(|(known, _)| *known != name) {
                    followed.push((name, value));
                }
            }
            followed
        });
        for (name, value) in followed.unwrap_or_default() {
            let kept = std::mem::replace(&mut whole[&name], value);
            if !fits(&whole) {
                whole[&name] = kept;
            }
        }
        self.lead_to_itself((binding, content), &mut whole, &sent, &fits);
        self.set_apart(state, &mut whole, &sent, &fits);
        Ok(whole)
    }

    /// Has a new item say what it hangs on, under the names that its schema has for that.
    fn say_above(&self, item: &mut Map<String, Value>) {
        let contents = self.standins.contents;
        let shape = self
            .shower()
            .and_then(|shower| self.item_shape(shower.0, shower.1));
        let Some(shape) = shape.filter(|_| !self.binding.is_seeded) else {
            return;
        };
        for name in &self.operation.path_names {
            let own = self.operation.last_parameter.as_ref() == Some(&name.parameter);
            let Some(value) = self.parameters.path.get(&name.parameter).filter(|_| !own) else {
                continue;
            };
            for (place, value) in name.said_in(contents.shapes, shape, value, false) {
                let Some(property) = place.first().copied() else {
                    continue;
                };
                let declared = contents.shapes.get(shape).properties.get(property);
                let (is_said, value) = match place.as_slice() {
                    [_, key] => {
                        let is_required = declared.is_some_and(|declared| declared.required);
                        (is_required, json!({*key: value}))
                    }
                    _ => (self.tells(property, &value), value),
                };
                let is_free = !item.contains_key(property) && property != self.binding.key;
                if is_said && is_free {
                    item.insert(property.to_owned(), value);
                }
            }
        }
    }

    /// Has the URLs of an example, which lead to what the example shows, lead to the new item.
    fn lead_to_itself(
        &self,
        (binding, content): (&Binding, &PreparedContent),
        item: &mut Value,
        sent: &Value,
        fits: &dyn Fn(&Value) -> bool,
    ) {
        let name = &self.binding.key;
        let segment = |key: &Value| encode_segment(&key_text(Some(key)));
        let Some(now) = item.get(name).map(segment) else {
            return;
        };
        let at = binding.envelope.iter().chain([name]).map(String::as_str);
        let of_property = self.standins.made_at(content, at);
        let shown = self.standins.shown(self.binding, None);
        let shown = shown.and_then(|(example, _)| example.get(name).cloned());
        let examples: Vec<String> = of_property.iter().chain(&shown).map(segment).collect();
        let members = item.as_object().into_iter().flatten();
        let led = members.filter_map(|(name, value)| {
            let url = value.as_str().filter(|_| sent.get(name).is_none())?;
            let mut examples = examples.iter();
            let led = examples.find_map(|before| with_last_segment(url, before, &now))?;
            Some((name.clone(), led))
        });
        for (name, url) in led.collect::<Vec<(String, String)>>() {
            let kept = std::mem::replace(&mut item[&name], url.into());
            if !fits(item) {
                item[&name] = kept;
            }
        }
    }

    /// Adds what the server alone gives an item when it is made.
    fn add_servers_own(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        item: &mut Value,
        fits: &dyn Fn(&Value) -> bool,
    ) {
        let shapes = self.standins.contents.shapes;
        let Some(whole) = self.item_shape(binding, content) else {
            return;
        };
        let held = HOLDERS.iter().filter_map(|name| {
            let property = shapes.get(whole).properties.get(*name)?;
            Some((Pointer::root().child(name), shapes.of_property(property)))
        });
        let all = std::iter::once((Pointer::root(), whole)).chain(held);
        for (at, shape) in all {
            for (name, property) in &shapes.get(shape).properties {
                let is_own = shapes.get(shapes.of_property(property)).read_only;
                let is_own = is_own || at == Pointer::root() && self.is_servers(property, name);
                let is_given = is_own && !is_of_event(name) || is_of_new(name);
                let members = at.get(item).and_then(Value::as_object);
                if !is_given || members.is_none_or(|members| members.contains_key(name)) {
                    continue;
                }
                let tokens: Vec<String> = at.tokens().collect();
                let names = binding.envelope.iter().chain(&tokens).chain([name]);
                let Some(made) = self.standins.made_at(content, names.map(String::as_str)) else {
                    continue;
                };
                let put = |item: &mut Value, made: Option<Value>| {
                    let members = item.pointer_mut(at.as_str()).and_then(Value::as_object_mut);
                    let Some(members) = members else { return };
                    match made {
                        Some(made) => members.insert(name.clone(), made),
                        None => members.shift_remove(name),
                    };
                };
                put(item, Some(made));
                if !fits(item) {
                    put(item, None);
                }
            }
        }
    }

    /// The shape of the item within what a reply shows.
    pub(super) fn item_shape(
        &self,
        binding: &Binding,
        content: &PreparedContent,
    ) -> Option<ShapeId> {
        let shapes = self.standins.contents.shapes;
        let mut names = binding.envelope.iter();
        names.try_fold(content.shape?, |id, name| {
            Some(shapes.of_property(shapes.get(id).properties.get(name)?))
        })
    }

    /// Gives a new item other numbers and ids than those before it, where the client gave none:
    /// the document's examples have but one.
    fn set_apart(
        &self,
        state: &State,
        item: &mut Value,
        sent: &Value,
        fits: &dyn Fn(&Value) -> bool,
    ) {
        let place = self.binding.place(self.parameters);
        let stored = state.collection(&place);
        let rows = match self.binding.is_written(self.parameters, state) {
            true => Vec::new(),
            false => self.standins.rows(self.binding, self.parameters),
        };
        for name in IDS {
            let known = item.get(name).filter(|_| sent.get(name).is_none());
            let Some(known) = known.filter(|_| *name != self.binding.key).cloned() else {
                continue;
            };
            let stored = stored.into_iter().flat_map(|all| all.iter());
            let stored = stored.filter_map(|(_, item)| item.value.get(name));
            let others = stored.chain(rows.iter().filter_map(|(_, row)| row.get(name)));
            let others: Vec<&Value> = others.collect();
            if !others.contains(&&known) {
                continue;
            }
            let apart = match &known {
                Value::Number(_) => {
                    let numbers = others.iter().filter_map(|value| value.as_i64());
                    numbers
                        .max()
                        .map(|most| Value::from(most.saturating_add(1)))
                }
                Value::String(text) => {
                    let others: HashSet<&str> = others.iter().filter_map(|o| o.as_str()).collect();
                    let mut numbers = (1..).skip(others.len()).take(others.len() + 1);
                    numbers.find_map(|number| {
                        let apart = numbered(text, number);
                        (!others.contains(apart.as_str())).then(|| apart.into())
                    })
                }
                _ => None,
            };
            let Some(apart) = apart else { continue };
            item[name] = apart;
            if !fits(item) {
                item[name] = known;
            }
        }
    }

    /// Whether an item says in a property of this name what it hangs on.
    fn tells(&self, name: &str, key: &Value) -> bool {
        let contents = self.standins.contents;
        let told = || {
            let (binding, content) = self.shower()?;
            let item = contents.shapes.get(self.item_shape(binding, content)?);
            let property = contents.shapes.of_property(item.properties.get(name)?);
            let at = contents.shapes.schema(property);
            let schema = contents.schemas.at(View::Reply, at);
            Some(contents.schemas.is_valid(schema, key))
        };
        told().unwrap_or(false)
    }

    /// What shows a new item: the operation that reads it, else the reply to its making.
    pub(super) fn shower(&self) -> Option<(&Binding, &PreparedContent)> {
        let made = || self.created.or_else(|| self.operation.success_body());
        let reader = self.standins.reader(self.binding);
        reader.or_else(|| made().map(|content| (self.binding, content)))
    }
}

/// Nothing has happened to a new item yet, as far as its schema has a way to say so: it isn't
/// closed, say, nor cancelled.
fn unset_events(item: &mut Value, sent: &Value, fits: &dyn Fn(&Value) -> bool) {
    let members = item.as_object().into_iter().flatten();
    let events = members.filter(|(name, value)| {
        let is_told = sent.get(name.as_str()).is_some() || value.is_null();
        !is_told && is_of_event(name)
    });
    let events: Vec<String> = events.map(|(name, _)| name.clone()).collect();
    for name in events {
        let mut without = item.clone();
        without[&name] = Value::Null;
        if !fits(&without)
            && let Some(members) = without.as_object_mut()
        {
            members.shift_remove(&name);
        }
        if fits(&without) {
            *item = without;
        }
    }
}

/// Whether what stands after the last point in a path tells of a form.
fn is_extension(kind: &str) -> bool {
    (1..=5).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A URL, a path, or a name of two parts (`acme/tools`), that ends in another segment where it ends
/// in a certain one.
pub(super) fn with_last_segment(url: &str, before: &str, now: &str) -> Option<String> {
    let is_url = url.starts_with('/') || url.starts_with("http://") || url.starts_with("https://");
    let is_name = url.matches('/').count() == 1 && !url.contains(char::is_whitespace);
    if !(is_url || is_name) || before.is_empty() || before == now {
        return None;
    }
    let (path, end) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    // `/pulls/7.diff` is of the same as `/pulls/7`.
    let (stem, extension) = match path.rsplit_once('.') {
        Some((stem, kind)) if is_url && is_extension(kind) && !path.ends_with(before) => {
            (stem, &path[stem.len()..])
        }
        _ => (path, ""),
    };
    let above = stem.strip_suffix(before)?;
    above
        .ends_with('/')
        .then(|| format!("{above}{now}{extension}{end}"))
}
