//! What every write of an item has in common.

use super::create::with_last_segment;
use super::find::key_text;
use super::name::{is_called, plain};
use super::standin::{Standins, forms};
use super::{
    Announcement, Binding, Prepared, PreparedContent, PreparedMessage, Rejection, render_item,
};
use crate::decode::{Kind, Parameters};
use crate::rules::{RuleFault, Stage};
use crate::spec::ShapeId;
use crate::store::{Change, State};
use crate::validate::{Place, REQUIRE, View, Violation};
use crate::wire::{Pointer, Preconditions};
use serde_json::{Map, Value};
use std::mem::discriminant;
use std::time::SystemTime;

/// What a write decided.
#[derive(Debug)]
pub struct Decided {
    /// The reply's body, already judged; nothing where the reply has none.
    pub body: Option<Value>,
    /// What to announce.
    pub announcements: Vec<Announcement>,
    /// The key of the item.
    pub key: String,
    /// Whether the item is new.
    pub is_new: bool,
}

/// A write of one item, judged and computed against a state that holds still.
pub struct Write<'u, 'r> {
    /// The operation.
    pub operation: &'u Prepared,
    /// Its tie to the collection.
    pub binding: &'u Binding,
    /// The request's parameters.
    pub parameters: &'u Parameters,
    /// What of the body the client may set.
    pub body: &'u Value,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    /// The request's preconditions.
    pub preconditions: &'u Preconditions,
    /// The body of the response to a change.
    pub content: Option<&'u PreparedContent>,
    /// The body of the response where the item is new.
    pub created: Option<&'u PreparedContent>,
    /// The rules, where the operation has any.
    pub stage: Option<Stage<'r>>,
    /// The contract, and what stands for items that nobody wrote.
    pub standins: Standins<'u>,
    /// The present moment.
    pub now: SystemTime,
}

/// What can't be worked out from a request's values is the request's fault as far as anyone can
/// tell: the rules' own names were checked when they were read.
pub(super) fn not_computed(at: Pointer, fault: &RuleFault) -> Rejection {
    Rejection::Invalid(vec![Violation {
        place: Place::Body(at),
        rule: REQUIRE.to_owned(),
        detail: format!("can't be worked out from these values: {}", fault.message),
        origin: Some(fault.origin.clone()),
    }])
}

/// An object made up of which a client said the key alone, or the one thing of its type that it
/// has: the same object, which says that; the likeliest first.
fn about(made: Value, said: &Value) -> Vec<Value> {
    const KEYS: [&str; 14] = [
        "id", "_id", "uuid", "key", "login", "username", "handle", "slug", "code", "email", "name",
        "title", "label", "value",
    ];
    let is_scalar = !said.is_object() && !said.is_array() && !said.is_null();
    let Some(members) = made.as_object().filter(|_| is_scalar) else {
        return Vec::new();
    };
    let is_alike = |value: &Value| discriminant(value) == discriminant(said);
    let is_address = said.as_str().is_some_and(|said| said.contains('@'));
    let address = is_address.then_some("email");
    let names = address.into_iter().chain(KEYS);
    let named = names.filter_map(|key| {
        let mut alike = members.iter().filter(|(_, value)| is_alike(value));
        alike.find(|(name, _)| is_called(name, &plain(key)))
    });
    let mut alike = members.iter().filter(|(_, value)| is_alike(value));
    let only = alike.next().filter(|_| alike.next().is_none());
    let told = named.chain(only).map(|(name, was)| {
        let mut members = members.clone();
        members.insert(name.clone(), said.clone());
        // What led to another by that leads to this one.
        let (before, now) = (key_text(Some(was)), key_text(Some(said)));
        for (other, value) in members.iter_mut().filter(|(other, _)| *other != name) {
            let led = value.as_str();
            let led = led.and_then(|url| with_last_segment(url, &before, &now));
            if let Some(led) = led.filter(|_| !is_called(other, "name")) {
                *value = led.into();
            }
        }
        Value::Object(members)
    });
    told.collect()
}

/// The rules that an empty text may break, of which forms make what isn't said.
const TEXTS: [&str; 8] = [
    "type",
    "anyOf",
    "oneOf",
    "enum",
    "const",
    "format",
    "minLength",
    "pattern",
];

impl Write<'_, '_> {
    /// What an item becomes by the rules, its reply, and all that changes with it.
    pub(super) fn settle(
        &mut self,
        state: &State,
        key: String,
        mut next: Value,
        is_new: bool,
    ) -> Result<(Vec<Change>, Decided), Rejection> {
        if let Some(stage) = &mut self.stage {
            if let Some(rejection) = Rejection::ruled(stage.unmet_requirements(&next), None) {
                return Err(rejection);
            }
            stage
                .compute(&mut next)
                .map_err(|(at, fault)| not_computed(at, &fault))?;
        }
        let body = self.shown(&mut next, is_new)?;
        let place = self.binding.place(self.parameters).into_owned();
        let taken_over = self
            .standins
            .taken_over(self.binding, self.parameters, state);
        let mut changes: Vec<Change> = taken_over
            .into_iter()
            // A new item goes last; one that is changed stays where it was.
            .filter(
                |change| !matches!(change, Change::Plant(_, other, _) if is_new && *other == key),
            )
            .collect();
        changes.push(Change::Put(place, key.clone(), next));
        let mut announcements = Vec::new();
        if let Some(stage) = &self.stage {
            let updated = (self.binding.collection.as_str(), key.as_str());
            let cascaded = stage.cascades(state, updated);
            for (collection, key, mut value) in
                cascaded.map_err(|fault| not_computed(Pointer::root(), &fault))?
            {
                self.check_cascaded(state, &collection, &key, &mut value)?;
                changes.push(Change::Put(collection, key, value));
            }
            announcements = self.announcements(stage)?;
        }
        let decided = Decided {
            body,
            announcements,
            key,
            is_new,
        };
        Ok((changes, decided))
    }

    /// The reply's body. The item as it would become must be one that the contract lets a reply
    /// show; where nobody wrote what the reply needs beside it, that is made up.
    fn shown(&self, next: &mut Value, is_new: bool) -> Result<Option<Value>, Rejection> {
        let content = if is_new { self.created } else { self.content };
        // A text or a table has no say in what an item is, where there is JSON too.
        let json = content.filter(|content| content.kind() == Kind::Json);
        let json = json.or_else(|| self.operation.success_body());
        let members = self.binding.members.as_ref();
        let shows_one = members.filter(|members| members.shows_one);
        let is_part = shows_one.is_some() || !self.binding.within.is_empty();
        // What shows a part of the item has no say in the rest.
        let json = json.filter(|_| !is_part);
        let mut judging = json.map(|content| (self.binding, content));
        let mut found = judging.map_or(Vec::new(), |(binding, content)| {
            self.breaches(content, binding, next)
        });
        // What is sent needs no second look where it was what is judged.
        let sent = content.map(std::ptr::from_ref);
        let is_judged = found.is_empty() && json.is_some_and(|json| sent == Some(json));
        let reader = self.standins.reader(self.binding);
        if let Some((binding, content)) = reader.filter(|_| !self.binding.is_seeded)
            && (!found.is_empty() || judging.is_none())
        {
            // What the item is itself is for the operation to say that shows it.
            judging = reader;
            found = self.breaches(content, binding, next);
        }
        if let Some((binding, content)) = judging
            && !found.is_empty()
        {
            found = self.complete(binding, content, next, found);
            self.agree(binding, content, next);
        }
        let is_excused = !found.is_empty() && !self.binding.is_seeded;
        if let Some(judging) = judging.filter(|_| is_excused) {
            found.retain(|violation| !self.is_excused(judging, violation, next));
        }
        if !found.is_empty() {
            let told = found
                .into_iter()
                .map(|violation| self.told_of_reply(violation));
            return Err(Rejection::Invalid(told.collect()));
        }
        let Some(content) = content else {
            return Ok(None);
        };
        let shapes = self.standins.contents.shapes;
        let of_item = shows_one.and_then(|members| self.member_in(members, next));
        let told = of_item.unwrap_or(next);
        let body = render_item(shapes, self.binding, Some(content), told).into_owned();
        if is_judged {
            return Ok(Some(body));
        }
        let seed = next.get(&self.binding.key).map(Value::to_string);
        let like = self.standins.like(content, body, &seed.unwrap_or_default());
        match like {
            Some(body) => {
                // What had to be made up is kept, so that every reply says the same.
                if is_excused
                    && !is_part
                    && let Some(Value::Object(shown)) = self.binding.unwrapped(&body)
                    && let Some(next) = next.as_object_mut()
                {
                    next.extend(shown.clone());
                }
                Ok(Some(match is_part {
                    true => body,
                    false => self.as_kept(content, body, next),
                }))
            }
            None => Err(Rejection::Fault(
                "no valid reply was found that shows the item".to_owned(),
            )),
        }
    }

    /// A reply that shows an item no other than it is kept: what had to be made up of it is kept too,
    /// and what needn't be there isn't. What the item itself doesn't know is the reply's own.
    fn as_kept(&self, content: &PreparedContent, mut body: Value, next: &mut Value) -> Value {
        let contents = self.standins.contents;
        let key = &self.binding.key;
        let Some(reader) = self.standins.reader(self.binding) else {
            return body;
        };
        let known = self.item_shape(reader.0, reader.1);
        let known = known.map(|id| &contents.shapes.get(id).properties);
        let shown = self.binding.unwrapped(&body).and_then(Value::as_object);
        // What answers may be another thing than the item.
        let is_it =
            |shown: &Map<String, Value>| shown.get(key).is_some_and(|own| *own == next[key]);
        let (Some(known), Some(shown)) = (known, shown.filter(|shown| is_it(shown))) else {
            return body;
        };
        if self.binding.is_seeded {
            return body;
        }
        let made = shown.iter().filter(|(name, _)| {
            next.get(name.as_str()).is_none() && known.contains_key(name.as_str())
        });
        let made: Vec<(String, Value)> = made.map(|(n, v)| (n.clone(), v.clone())).collect();
        let envelope = self.binding.envelope.iter();
        let at = envelope.fold(Pointer::root(), |at, name| at.child(name));
        for (name, value) in made {
            let place = at.child(&name);
            place.remove(&mut body);
            if content.is_valid(contents, &body) {
                continue;
            }
            place.set(&mut body, value.clone());
            let before = self.breaches(reader.1, reader.0, next).len();
            Pointer::root().child(&name).set(next, value);
            if self.breaches(reader.1, reader.0, next).len() > before {
                Pointer::root().child(&name).remove(next);
            }
        }
        body
    }

    /// Gives an item what it lacks and the client didn't take away; tells of what is still wrong
    /// then. Of an item that fixtures tell of, only what the server alone can give is made up.
    fn complete(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        next: &mut Value,
        found: Vec<Violation>,
    ) -> Vec<Violation> {
        let contents = self.standins.contents;
        let Some(at) = content.declared.schema else {
            return found;
        };
        let found = self.nullify(binding, content, next, found);
        if found.is_empty() {
            return found;
        }
        if self.binding.is_seeded {
            let of_client = contents.schemas.at(View::Request, at);
            let body = render_item(contents.shapes, binding, Some(content), next);
            if !contents.schemas.is_valid(of_client, &body) {
                return found;
            }
        }
        let lacking = found.iter().filter(|v| v.rule == "required");
        let lacking = lacking.filter_map(Violation::in_body);
        for place in lacking.filter(|place| !self.is_taken_away(place)) {
            let names = binding.envelope.iter().map(String::as_str);
            let tokens: Vec<String> = place.tokens().collect();
            let names = names.chain(tokens.iter().map(String::as_str));
            // Nobody gave a list its rows.
            let value = match self.is_list_at(content, names.clone()) {
                true => Some(Value::Array(Vec::new())),
                false => self.standins.made_at(content, names),
            };
            if let Some(value) = value {
                place.set(next, value);
            }
        }
        let found = self.breaches(content, binding, next);
        match found.is_empty() || self.binding.is_seeded {
            true => found,
            false => match self.fill(binding, content, next, found) {
                found if found.is_empty() => found,
                found => self.mend(binding, content, next, found),
            },
        }
    }

    /// Keeps null where the client said it of what must be there and may be null: that it takes
    /// away (RFC 7396 §1) what must not go can't have been meant.
    fn nullify(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        next: &mut Value,
        found: Vec<Violation>,
    ) -> Vec<Violation> {
        let lacking = found.iter().filter(|v| v.rule == "required");
        let lacking = lacking.filter_map(Violation::in_body);
        let said = lacking.filter(|place| place.get(self.body).is_some_and(Value::is_null));
        let said: Vec<&Pointer> = said.collect();
        if said.is_empty() {
            return found;
        }
        for place in &said {
            place.set(next, Value::Null);
        }
        let left = self.breaches(content, binding, next);
        for place in said {
            if left.iter().any(|other| other.in_body() == Some(place)) {
                place.remove(next);
            }
        }
        self.breaches(content, binding, next)
    }

    /// Whether what stands at a place of a body is a list that may have no rows.
    fn is_list_at<'n>(
        &self,
        content: &PreparedContent,
        names: impl Iterator<Item = &'n str>,
    ) -> bool {
        let contents = self.standins.contents;
        let mut names = names;
        let id = content.shape.and_then(|id| {
            names.try_fold(id, |id, name| {
                let shape = contents.shapes.get(id);
                match contents.shapes.of_items(shape) {
                    Some(items) if name.parse::<usize>().is_ok() => Some(items),
                    _ => Some(contents.shapes.of_property(shape.properties.get(name)?)),
                }
            })
        });
        id.is_some_and(|id| {
            let none = Value::Array(Vec::new());
            let schema = contents.schemas.at(View::Reply, contents.shapes.schema(id));
            contents.shapes.get(id).has_items() && contents.schemas.is_valid(schema, &none)
        })
    }

    /// Takes away what the client didn't say, or said is nothing, and replies can't have, as a
    /// default that the response's own schema refuses; and shows in its stead what the contract
    /// alone shows there, where something must be.
    fn mend(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        next: &mut Value,
        found: Vec<Violation>,
    ) -> Vec<Violation> {
        for violation in found.iter().filter(|violation| violation.rule == "type") {
            self.retype(binding, content, next, violation);
        }
        let found = self.breaches(content, binding, next);
        let is_unsaid = |violation: &&Violation| {
            let Some(place) = violation.in_body() else {
                return false;
            };
            let is_of_text = TEXTS.contains(&violation.rule.as_str());
            let last = place.split_last().map(|(_, last)| last);
            let is_member = last.is_some_and(|last| {
                last.parse::<usize>().is_err()
                    && (place.tokens().count() > 1 || last != self.binding.key)
            });
            // Null is nothing, where replies have no null; and so is an empty text where they have
            // none, as forms have no other way to say it.
            let is_nothing =
                |said: &Value| said.is_null() || is_of_text && said.as_str() == Some("");
            is_member && !self.body.is_array() && place.get(self.body).is_none_or(is_nothing)
        };
        let wrong = found.iter().filter(|v| v.rule != "required");
        for violation in wrong.filter(is_unsaid) {
            if let Some(place) = violation.in_body() {
                place.remove(next);
            }
        }
        let found = self.breaches(content, binding, next);
        let ready = content.ready(self.standins.contents).ok();
        let shown = ready.and_then(|ready| binding.unwrapped(&ready.body.value));
        let Some(shown) = shown.filter(|_| !found.is_empty()) else {
            return found;
        };
        let lacking = found.iter().filter(|v| v.rule == "required");
        let lacking = lacking.filter_map(Violation::in_body);
        for place in lacking.filter(|place| !self.is_taken_away(place)) {
            if let Some(value) = place.get(shown) {
                place.set(next, value.clone());
            }
        }
        self.breaches(content, binding, next)
    }

    /// Keeps what a client said of one type as the other that replies have it in, where that says
    /// the same: a number for its text, a text for a number, or an object for the key or the one
    /// thing that it is about.
    fn retype(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        next: &mut Value,
        violation: &Violation,
    ) {
        let Some(place) = violation.in_body() else {
            return;
        };
        let Some(said) = place.get(next).cloned() else {
            return;
        };
        let names = binding.envelope.iter().map(String::as_str);
        let tokens: Vec<String> = place.tokens().collect();
        let names = names.chain(tokens.iter().map(String::as_str));
        let made = self.standins.made_at(content, names);
        let whole = made.map_or(Vec::new(), |made| about(made, &said));
        for form in forms(&said).into_iter().skip(1).chain(whole) {
            place.set(next, form);
            let found = self.breaches(content, binding, next);
            if found.iter().all(|other| other.in_body() != Some(place)) {
                return;
            }
        }
        place.set(next, said);
    }

    /// The same breach, saying whose schema it is of where the request's own takes what the client
    /// said: who looks there would find nothing wrong.
    fn told_of_reply(&self, mut violation: Violation) -> Violation {
        let is_said = violation
            .in_body()
            .is_some_and(|place| !self.body.is_array() && place.get(self.body).is_some());
        if is_said {
            violation.detail += " (by the schema of the reply that would show it)";
        }
        violation
    }

    /// Whether the client itself removes what stands at a place.
    /// Of a list all is said: null in its rows is a value (RFC 7396 §1).
    pub(super) fn is_taken_away(&self, place: &Pointer) -> bool {
        let mut tokens = place.tokens();
        let mut is_in_list = || tokens.any(|token| token.parse::<usize>().is_ok());
        let is_null = || place.get(self.body).is_some_and(Value::is_null);
        self.body.is_array() || is_null() && !is_in_list()
    }

    pub(super) fn breaches(
        &self,
        content: &PreparedContent,
        binding: &Binding,
        next: &Value,
    ) -> Vec<Violation> {
        let Some(schema) = content.schema else {
            return Vec::new();
        };
        let contents = self.standins.contents;
        let body = render_item(contents.shapes, binding, Some(content), next);
        let place = |at| Place::Body(binding.inner(at));
        contents.schemas.check(schema, &body, &place)
    }

    /// An item that a cascade changes keeps its key, and must be one that a reply may show; if
    /// not, the rules are at fault.
    fn check_cascaded(
        &self,
        state: &State,
        collection: &str,
        key: &str,
        value: &mut Value,
    ) -> Result<(), Rejection> {
        let contents = self.standins.contents;
        let Some((binding, content)) = self.standins.operations.reader(collection) else {
            return Ok(());
        };
        let stored = state
            .item(collection, key)
            .and_then(|item| item.value.get(&binding.key));
        if let (Some(members), Some(stored)) = (value.as_object_mut(), stored) {
            members.insert(binding.key.clone(), stored.clone());
        }
        let Some(schema) = content.schema else {
            return Ok(());
        };
        let body = render_item(contents.shapes, binding, Some(content), value);
        let found = contents.schemas.check(schema, &body, &Place::Body);
        match found.first() {
            None => Ok(()),
            Some(breach) => Err(Rejection::Fault(format!(
                "a cascade would make the item {key:?} of {collection} break the contract: {} {}",
                breach.place, breach.detail
            ))),
        }
    }

    fn announcements(&self, stage: &Stage<'_>) -> Result<Vec<Announcement>, Rejection> {
        let mut announcements = Vec::new();
        for (callback, urls, body) in stage.announcements()? {
            let named = |message: &&PreparedMessage| message.declared.name == callback;
            let callbacks = self.operation.callbacks.iter();
            let webhooks = self.standins.operations.webhooks();
            let Some(message) = callbacks.chain(webhooks).find(named) else {
                continue;
            };
            // What goes to several is judged and written once.
            let made = message.with_body(self.standins.contents, "", &body);
            let made = made.map_err(|Violation { place, detail, .. }| {
                Rejection::Fault(format!(
                    "the callback {callback} would break the contract: {place} {detail}"
                ))
            })?;
            announcements.extend(urls.into_iter().map(|url| message.to(&made, url)));
        }
        Ok(announcements)
    }
}
