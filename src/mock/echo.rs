//! What a client said, in the reply to it: a made-up body says of the path's parameters and of
//! what was sent what the client said of them.

use super::agree::following;
use super::error_body::tells_of_errors;
use super::paged::MadeUp;
use super::path_names::PathName;
use super::prepared::Contents;
use super::wrapper::may_hold;
use super::{Action, Binding, Prepared, PreparedContent, project};
use crate::decode::Parameters;
use crate::sample::{rows_of_around, rows_within};
use crate::spec::{Shape, ShapeId, Shapes, Types};
use crate::validate::View;
use crate::wire::{Method, Pointer};
use serde_json::{Map, Value};

/// What a client said that a reply may say again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Echo<'e> {
    /// The path's parameters.
    pub path: Option<&'e Map<String, Value>>,
    /// The one that the path ends in: it names what the reply shows.
    pub item: Option<&'e str>,
    /// The property that the last one is the value of, where that is known.
    pub key: Option<&'e str>,
    /// Where the items stand that a list shows, by the names of properties; nothing where it shows
    /// none. Of them the path says on what they hang.
    pub rows: Option<&'e [String]>,
    /// The request's body; the query's parameters where it has none and asks for one thing.
    pub body: Option<&'e Value>,
    /// The property of a row that holds its item, where the row isn't that itself.
    pub node: Option<&'e str>,
    /// What the path's parameters are called in what is shown.
    pub names: &'e [PathName],
    /// Whether the reply shows something new, which has a key of its own.
    pub is_new: bool,
    /// Whether the reply is an error, whose own words stand.
    pub is_of_error: bool,
    /// Whether `body` is what the query says, which no example is one of.
    pub is_of_query: bool,
    /// Whether `body` is a map: what a reply shows of a map is that one.
    pub is_map: bool,
}

impl Prepared {
    /// What a reply of success may say again of the path.
    pub fn echo<'e>(&'e self, contents: Contents<'_>, parameters: &'e Parameters) -> Echo<'e> {
        let binding = self.binding.as_ref();
        let key = binding.map(|binding| binding.key.as_str());
        let lists = binding.filter(|binding| binding.action == Action::List);
        let lists = lists.map(|binding| binding.envelope.as_slice());
        // Lists within what the path ends in are of parts of it.
        let is_list = self.last_parameter.is_none() && binding.is_none();
        let made_up = || Some(self.made_up(contents)?.rows.as_slice());
        Echo {
            path: Some(&parameters.path),
            item: self.item_parameter.as_deref(),
            key: key.filter(|key| !key.is_empty()),
            rows: lists.or_else(|| is_list.then(made_up).flatten()),
            node: self.made_up(contents).and_then(MadeUp::node),
            names: &self.path_names,
            body: None,
            is_new: self.adds(),
            is_of_error: false,
            is_of_query: false,
            is_map: false,
        }
    }
}

impl Prepared {
    /// Whether what its path ends in is what it makes: what stands before is of its parent.
    fn adds(&self) -> bool {
        let is_add = |binding: &Binding| binding.action == Action::Create;
        let is_post = self.declared.method == Method::POST && self.last_parameter.is_none();
        is_post && (self.documents(201) || self.binding.as_ref().is_some_and(is_add))
    }
}

/// Whether an example of a reply is one of what was sent: it has most of the properties that
/// were.
pub(super) fn shows_what_was_sent(example: &Value, said: &Echo<'_>) -> bool {
    let sent = said.body.filter(|_| !said.is_of_query);
    let sent = sent.and_then(Value::as_object);
    let (Some(sent), Some(shown)) = (sent, example.as_object()) else {
        return false;
    };
    let known = sent.keys().take(COMPARED);
    let known = known.filter(|name| shown.contains_key(*name)).count();
    known > 0 && 2 * known >= sent.len()
}

/// Names of the property that a path's last parameter is of, where none has its name.
pub(super) const KEYS: [&str; 4] = ["id", "_id", "uuid", "key"];

/// Of so many names those are known that are written otherwise: more are no person's.
const COMPARED: usize = 1000;
/// How deep within what is shown the path is told of.
const NESTED: usize = 3;
/// How many spellings of a name are followed.
const ALIKE: usize = 4;

/// A body that says what the client said, as far as its schema allows; nothing where that changes
/// nothing.
pub(super) fn echo(
    contents: Contents<'_>,
    content: &PreparedContent,
    body: &Value,
    said: &Echo<'_>,
) -> Option<Value> {
    let sent = said.body.and_then(Value::as_object);
    if sent.is_none_or(Map::is_empty) && said.path.is_none_or(Map::is_empty) {
        return None;
    }
    let shape = content.shape?;
    let is_valid = |body: &Value| {
        let schema = content.schema;
        schema.is_none_or(|schema| contents.schemas.is_valid(schema, body))
    };
    let told = |is_judged: Option<&dyn Fn(&Value) -> bool>, made: &Value| {
        let mut echoing = Echoing {
            shapes: contents.shapes,
            is_judged,
            said,
            made,
            changed: made.clone(),
        };
        echoing.tell_all(shape, made);
        echoing.changed
    };
    // Most of what clients say fits; where it doesn't, each of it is judged by itself.
    let fitted = |made: &Value| {
        let changed = told(None, made);
        match changed == *made || is_valid(&changed) {
            true => changed,
            false => told(Some(&is_valid), made),
        }
    };
    let changed = fitted(body);
    let followed = sent.zip(body.as_object()).and_then(|(sent, members)| {
        let echoing = Echoing {
            shapes: contents.shapes,
            is_judged: None,
            said,
            made: &Value::Null,
            changed: Value::Null,
        };
        let (item, inner) = echoing.item(shape, members);
        let sent = echoing.sent_of(sent, shape, inner);
        let at = inner.map(|name| Pointer::root().child(name).to_string());
        let at = at.unwrap_or_default();
        content.followed(contents, (&at, item), &changed, sent)
    });
    let changed = match followed {
        Some(followed) => fitted(&followed),
        None => changed,
    };
    (changed != *body).then_some(changed)
}

/// A made-up body that is being told what the client said.
pub(super) struct Echoing<'s, 'e> {
    pub(super) shapes: &'s Shapes,
    /// How a change is judged, where each is.
    pub(super) is_judged: Option<&'e dyn Fn(&Value) -> bool>,
    pub(super) said: &'s Echo<'e>,
    /// The body as it was made up.
    pub(super) made: &'e Value,
    pub(super) changed: Value,
}

impl<'s> Echoing<'s, '_> {
    fn tell_all(&mut self, whole: ShapeId, body: &Value) {
        match body {
            Value::Object(members) => {
                let (shape, inner) = self.item(whole, members);
                let at = inner.map(|name| Pointer::root().child(name).to_string());
                let sent = self.said.body.and_then(Value::as_object);
                let own = sent.map(|sent| self.sent_of(sent, whole, inner));
                self.tell(&at.unwrap_or_default(), shape, own);
                if let (Some(inner), Some(sent)) = (inner, sent.filter(|_| own != sent)) {
                    let beside = sent.iter().filter(|(name, _)| *name != inner);
                    let beside = beside.map(|(name, value)| (name.clone(), value.clone()));
                    self.set_all("", whole, &beside.collect(), Some(inner));
                }
                if let Some(names) = self.said.rows {
                    self.tell_rows(whole, body, names);
                }
            }
            Value::Array(_) => self.tell_rows(whole, body, &[]),
            _ => {}
        }
    }

    /// Tells the items of a list on what they hang.
    fn tell_rows(&mut self, whole: ShapeId, body: &Value, names: &[String]) {
        let (mut shape, mut list, mut at) = (whole, body, Pointer::root());
        for name in names {
            let property = self.shapes.get(shape).properties.get(name);
            let (Some(property), Some(inner)) = (property, list.get(name)) else {
                return;
            };
            (shape, list) = (self.shapes.of_property(property), inner);
            at = at.child(name);
        }
        let items = self.shapes.of_items(self.shapes.get(shape));
        let (Some(mut shape), Some(rows)) = (items, list.as_array()) else {
            return;
        };
        let node = self.said.node.and_then(|node| {
            let property = self.shapes.get(shape).properties.get(node)?;
            shape = self.shapes.of_property(property);
            Some(node)
        });
        // The key of an item is its own, whatever the one above is called by.
        let own = self.said.rows.and(self.said.key);
        let said = self.said_in(shape, own, false);
        let item_at = |number: usize| match node {
            Some(node) => at.child(number).child(node),
            None => at.child(number),
        };
        for number in 0..rows.len() {
            let at = item_at(number);
            self.tell_path(at.as_str(), shape, (own, true));
            self.tell_within(&at, shape, NESTED);
            for (place, value) in &said {
                self.tell_at(&at, shape, place, value);
                // What all the rows are of is the same in each.
                if let ([holder, _], true) = (place.as_slice(), number > 0) {
                    self.copy(&item_at(0).child(holder), &at.child(holder));
                }
            }
        }
    }

    /// The shape of the object that the reply is about: the whole, or the one that it wraps.
    fn item<'m>(
        &self,
        whole: ShapeId,
        members: &'m Map<String, Value>,
    ) -> (ShapeId, Option<&'m str>) {
        let shape = self.shapes.get(whole);
        let sent = self.said.body.and_then(Value::as_object);
        let mut names = self.said.names.iter();
        let path = names.find(|name| Some(name.parameter.as_str()) == self.said.item);
        let told = |shape: &Shape| {
            let names = sent.into_iter().flat_map(Map::keys);
            let paths = self.said.path.into_iter().flat_map(Map::keys);
            let said = names
                .chain(paths)
                .filter(|name| meant(shape, name).is_some());
            let has_key = KEYS.iter().any(|key| shape.properties.contains_key(*key));
            said.count() + usize::from(has_key)
        };
        let is_sent_so = |name: &str| {
            let is_held = |sent: &Map<String, Value>| sent.get(name).is_some_and(Value::is_object);
            sent.is_some_and(|sent| sent.len() == 1 && is_held(sent))
        };
        let held = members.iter().filter(|(_, value)| value.is_object());
        let mut held = held.filter_map(|(name, _)| {
            let inner = self.shapes.of_property(shape.properties.get(name)?);
            let may_hold = may_hold(shape, name, path);
            let is_told = || told(self.shapes.get(inner)) > told(shape);
            let is_map = self.shapes.get(inner).properties.is_empty();
            let is_who = || is_who(name) && told(shape) == 0;
            let is_it = is_sent_so(name) || (may_hold || is_who()) && is_told();
            (is_it && !is_map).then_some((inner, Some(name.as_str())))
        });
        held.next().unwrap_or((whole, None))
    }

    /// What was sent of that object: what stands in the same wrapper, or in one that the reply
    /// doesn't know.
    fn sent_of<'m>(
        &self,
        sent: &'m Map<String, Value>,
        whole: ShapeId,
        inner: Option<&str>,
    ) -> &'m Map<String, Value> {
        let in_same = inner.and_then(|name| sent.get(name)?.as_object());
        let mut members = sent.iter();
        let in_other = || match (members.next(), members.next()) {
            (Some((name, Value::Object(wrapped))), None) => {
                let is_known = meant(self.shapes.get(whole), name).is_some();
                Some(wrapped).filter(|_| !is_known)
            }
            _ => None,
        };
        in_same.or_else(in_other).unwrap_or(sent)
    }

    fn tell(&mut self, at: &str, shape: ShapeId, sent: Option<&Map<String, Value>>) {
        if let Some(sent) = sent {
            match self.said.is_map && self.shapes.is_map(shape) {
                true => self.show_map(at, shape, sent),
                false => self.set_all(at, shape, sent, None),
            }
        }
        self.tell_path(at, shape, (None, false));
        let mut said = sent.cloned().unwrap_or_default();
        for (name, value) in self.said.path.into_iter().flatten() {
            said.entry(name).or_insert_with(|| value.clone());
        }
        if !said.is_empty() {
            self.agree(at, shape, &said);
        }
        if let Some(place) = Pointer::parse(at) {
            self.tell_within(&place, shape, NESTED);
            for (names, value) in self.said_in(shape, None, true) {
                self.tell_at(&place, shape, &names, &value);
            }
        }
        let said = (self.said.item, self.said.path);
        if let (Some(item), Some(path)) = said
            && let Some(value) = path.get(item)
        {
            self.tell_own(at, shape, (item, value), path);
        }
    }

    /// Lets what is made up say the same as what the client said.
    fn agree(&mut self, at: &str, shape: ShapeId, sent: &Map<String, Value>) {
        let is_said = |name: &str| {
            sent.contains_key(name) || sent.keys().any(|said| is_written_otherwise(said, name))
        };
        let told = self.changed.pointer(at).and_then(Value::as_object);
        let followed = told.filter(|_| sent.len() <= COMPARED);
        let before = self.made.pointer(at).and_then(Value::as_object);
        let followed = followed.map(|members| following(before, members, &is_said));
        for (name, value) in followed.unwrap_or_default() {
            self.set(at, shape, &name, &value);
        }
        let told = self.changed.pointer(at).and_then(Value::as_object);
        let free = |name: &str| !is_said(name);
        let between = told.into_iter().flat_map(|members| {
            let lists = members.iter().filter(|(name, _)| free(name));
            lists.filter_map(|(name, rows)| {
                let (rows, _) = rows_within(rows.as_array()?, members, &free)?;
                Some((name.clone(), Value::Array(rows)))
            })
        });
        for (name, rows) in between.collect::<Vec<(String, Value)>>() {
            self.set(at, shape, &name, &rows);
        }
        let told = self.changed.pointer(at).and_then(Value::as_object);
        let rows = told.into_iter().flat_map(|members| {
            let lists = members.iter().filter(|(name, _)| !is_said(name));
            lists.filter_map(|(name, rows)| {
                Some((name.clone(), rows_of_around(rows.as_array()?, members)?))
            })
        });
        for (name, rows) in rows.collect::<Vec<(String, Value)>>() {
            self.set(at, shape, &name, &rows);
        }
    }

    /// Tells what the path says, but for one property; a row of a list what is said of its parent.
    fn tell_path(&mut self, at: &str, shape: ShapeId, (but, is_row): (Option<&str>, bool)) {
        let Some(path) = self.said.path else { return };
        let is_of_parent = |name: &String| {
            let is_below = is_row && self.said.item != Some(name);
            let mut names = self.said.names.iter();
            let mut is_alike = || names.any(|of| of.parameter == *name && of.is_own_of_rows());
            (self.said.is_new || is_below) && KEYS.contains(&name.as_str())
                || is_below && is_alike()
        };
        if !path.keys().any(is_of_parent) {
            return self.set_all(at, shape, path, but);
        }
        let own = path.iter().filter(|(name, _)| !is_of_parent(name));
        let own: Map<String, Value> = own
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        self.set_all(at, shape, &own, but);
    }

    /// Shows a map as it was sent, in the place of one that was made up.
    fn show_map(&mut self, at: &str, shape: ShapeId, sent: &Map<String, Value>) {
        let sent = Value::Object(sent.clone());
        let shown = project(self.shapes, Some(shape), &sent, View::Reply).into_owned();
        let mut changed = self.changed.clone();
        if let Some(map) = changed.pointer_mut(at) {
            *map = shown;
        }
        if self.is_judged.is_none_or(|is_valid| is_valid(&changed)) {
            self.changed = changed;
        }
    }

    /// Sets what has a property of its name, and what has one that is written otherwise where
    /// nothing else has that name; all but one property, where that is said.
    fn set_all(&mut self, at: &str, shape: ShapeId, said: &Map<String, Value>, but: Option<&str>) {
        for (name, value) in said {
            let properties = &self.shapes.get(shape).properties;
            if but == Some(name) {
                continue;
            }
            if properties.contains_key(name) || self.shapes.get(shape).requires(name) {
                self.set(at, shape, name, value);
                self.set_others(at, shape, (name, value), said);
            } else if said.len() <= COMPARED
                && let Some(property) = meant(self.shapes.get(shape), name)
                && !said.contains_key(property)
                && but != Some(property)
            {
                let property = property.to_owned();
                self.set(at, shape, &property, value);
            }
        }
    }

    /// Sets what a body has of the same name in another spelling, of which nothing is said.
    fn set_others(
        &mut self,
        at: &str,
        shape: ShapeId,
        (name, value): (&String, &Value),
        said: &Map<String, Value>,
    ) {
        let members = self.changed.pointer(at).and_then(Value::as_object);
        let others = members.into_iter().flatten().take(COMPARED);
        let others = others.map(|(other, _)| other).filter(|other| {
            *other != name && is_written_otherwise(other, name) && !said.contains_key(*other)
        });
        let others: Vec<String> = others.take(ALIKE).cloned().collect();
        for other in others {
            self.set(at, shape, &other, value);
        }
    }

    /// Sets what a schema requires and declares nowhere: anything is a value of it.
    fn set_required(&mut self, at: &str, shape: ShapeId, name: &str, value: &Value) {
        if !self.shapes.get(shape).requires(name) || self.said.is_of_error || value.is_null() {
            return;
        }
        let mut changed = self.changed.clone();
        put(&mut changed, at, name, value.clone());
        if self.is_judged.is_none_or(|is_valid| is_valid(&changed)) {
            self.changed = changed;
        }
    }

    /// Sets a declared property, as far as the whole stays valid.
    pub(super) fn set(&mut self, at: &str, shape: ShapeId, name: &str, value: &Value) {
        let Some(property) = self.shapes.get(shape).properties.get(name) else {
            return self.set_required(at, shape, name, value);
        };
        let id = self.shapes.of_property(property);
        let property = self.shapes.get(id);
        let is_own = self.said.is_of_error && tells_of_errors(name);
        if is_own || property.write_only || value.is_null() {
            return;
        }
        // What no reply declares, or is the client's to know alone, isn't said again, however deep.
        let told = project(self.shapes, Some(id), value, View::Reply);
        let value = &*told;
        let value = match (
            self.changed.pointer(at).and_then(|item| item.get(name)),
            value,
        ) {
            (Some(known), value) => over(self.shapes, id, known, value),
            (None, value) => value.clone(),
        };
        let mut values = alike(value);
        let Some(is_valid) = self.is_judged else {
            let fits = |value: &Value| property.types.is_unsaid() || takes(property.types, value);
            let value = match values.iter().position(fits) {
                Some(at) => values.swap_remove(at),
                None => return,
            };
            put(&mut self.changed, at, name, value);
            return;
        };
        for value in values {
            let mut changed = self.changed.clone();
            put(&mut changed, at, name, value);
            if is_valid(&changed) {
                self.changed = changed;
                return;
            }
        }
    }
}

/// The property of a name: as it is, else written otherwise (`pet-id`, `pet_id`, `petId`).
pub(super) fn meant<'s>(shape: &'s Shape, name: &str) -> Option<&'s str> {
    let exact = shape.properties.get_key_value(name);
    let alike = || {
        let mut properties = shape.properties.iter();
        properties.find(|(property, _)| is_written_otherwise(property, name))
    };
    exact.or_else(alike).map(|(property, _)| property.as_ref())
}

/// Whether names differ in nothing but case, hyphens and underscores.
pub(super) fn is_written_otherwise(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other)) && letters(one).next().is_some()
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(|byte| !matches!(byte, b'-' | b'_'));
    letters.map(|byte| byte.to_ascii_lowercase())
}

/// What was made up with what was said in its place: of an object what isn't said stays, of a map
/// nothing does.
fn over(shapes: &Shapes, id: ShapeId, known: &Value, said: &Value) -> Value {
    let properties = &shapes.get(id).properties;
    let (Value::Object(known), Value::Object(said)) = (known, said) else {
        return said.clone();
    };
    if properties.is_empty() {
        return Value::Object(said.clone());
    }
    let mut changed = known.clone();
    for (name, value) in said {
        let value = match (properties.get(name), known.get(name)) {
            _ if value.is_null() => {
                changed.shift_remove(name);
                continue;
            }
            (Some(property), Some(known)) => {
                over(shapes, shapes.of_property(property), known, value)
            }
            _ => value.clone(),
        };
        changed.insert(name.clone(), value);
    }
    Value::Object(changed)
}

fn put(body: &mut Value, at: &str, name: &str, value: Value) {
    if let Some(Value::Object(item)) = body.pointer_mut(at) {
        item.insert(name.to_owned(), value);
    }
}

/// Whether types take a value in.
pub(super) fn takes(types: Types, value: &Value) -> bool {
    let names: &[&str] = match value {
        Value::Null => &["null"],
        Value::Bool(_) => &["boolean"],
        Value::Number(_) => &["number", "integer"],
        Value::String(_) => &["string"],
        Value::Array(_) => &["array"],
        Value::Object(_) => &["object"],
    };
    names.iter().any(|name| types.has(name))
}

/// Whether a name is of somebody who may be told of beside what they are let in with: a token.
fn is_who(name: &str) -> bool {
    ["user", "account", "profile", "member", "customer", "person"].contains(&name)
}

/// A value, and what it is in another type: a path's number may be a text in the body.
fn alike(value: Value) -> Vec<Value> {
    let other = match &value {
        Value::Number(number) => Some(Value::String(number.to_string())),
        Value::String(text) => text.parse::<i64>().ok().map(Value::from),
        _ => None,
    };
    [Some(value), other].into_iter().flatten().collect()
}
