//! Members of a list that an item has, by paths below the item: `DELETE /issues/{id}/labels/{label}`,
//! `POST /cart/items`. They are the item's own, and no collection.

use super::act::{Subject, is_told_by, unwrapped};
use super::binding::{Action, Binding};
use super::find::key_text;
use super::key::{alike, key_of_member};
use super::open::is_same;
use super::tie::trimmed;
use super::{Operations, Prepared};
use crate::decode::Payload;
use crate::spec::{Location, ShapeId, Shapes};
use crate::wire::Method;
use serde_json::Value;
use std::sync::Arc;

/// Names of texts by which a member of a list is known, where its key says nothing of it.
const NAMES: [&str; 13] = [
    "login", "username", "handle", "email", "slug", "code", "key", "name", "userId", "title",
    "label", "tag", "id",
];

/// What an operation does with the members of a list that an item has.
#[derive(Debug, Clone)]
pub struct Members {
    /// Where in the item the object is that has the list.
    pub(super) at: Vec<String>,
    /// The name of the list.
    pub(super) list: String,
    /// The shape of a member.
    pub(super) shape: ShapeId,
    /// Whether members are objects.
    pub(super) is_object: bool,
    /// The properties that tell one from another, that which holds its key first.
    pub(super) keys: Vec<String>,
    /// The path parameter that names one.
    pub(super) named: Option<String>,
    /// The shape of what a client says of one, where that is an object.
    pub(super) sent: Option<ShapeId>,
    pub(super) does: Does,
    /// Whether the reply shows the one member rather than the item.
    pub(super) shows_one: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Adds what is sent.
    Add,
    /// Has the list be what is sent, and nothing else.
    Replace,
    /// Takes all out.
    Clear,
    /// Takes those out that are sent.
    Take,
    /// Adds the one of a key where it isn't there, and changes it where it is.
    Put,
    /// Changes the one of a key.
    Change,
    /// Takes the one of a key out.
    Remove,
}

impl Operations {
    /// What an operation does with the members of a list of an item, where it shows that item, the
    /// list, the member or nothing; and no `GET` shows a member by itself, or another list.
    pub(super) fn of_members(&self, operation: &Prepared) -> Option<Binding> {
        let declared = &operation.declared;
        let is_done = (200..300).contains(&declared.success());
        if declared.method == Method::HEAD || !is_done {
            return None;
        }
        let path = trimmed(&declared.path);
        let (list_path, named) = match path.rsplit_once('/')? {
            (above, last) if last.starts_with('{') => (above, Some(parameter(last)?)),
            _ => (path, None),
        };
        let (item, word) = list_path.rsplit_once('/')?;
        let is_read = |path: &str| self.numbered(&Method::GET, path);
        let own = named.map(|_| path).or_else(|| self.path_below(list_path));
        if word.contains('{') || own.is_some_and(|path| is_read(path).is_some()) {
            return None;
        }
        let (subject, shapes) = (self.subject(item)?, self.shapes());
        let (at, list, member) = list_of(shapes, subject.shape, (word, named.is_some()))?;
        let within = || at.iter().chain([&list]).cloned().collect::<Vec<String>>();
        let shown = is_read(list_path).map(|number| self.outline(number));
        if let Some(outline) = shown {
            let envelope = self.listing_members(outline.shown?, member)?;
            if declared.method == Method::GET {
                return self.reading_members((list_path, named), &subject, (envelope, within()));
            }
        }
        if declared.method == Method::GET {
            return None;
        }
        let is_object = !shapes.get(member).properties.is_empty();
        let taken = operation.bodies.iter().find_map(|content| content.shape);
        let says_several = taken.is_some_and(|id| {
            let shape = shapes.get(id);
            let mut inner = shape.properties.values();
            shape.has_items() || inner.any(|p| shapes.get(shapes.of_property(p)).has_items())
        });
        let does = match (&declared.method, &named) {
            (&Method::POST, None) if taken.is_some() => Does::Add,
            (&Method::PUT, None) if says_several => Does::Replace,
            (&Method::DELETE, None) if says_several => Does::Take,
            // What chooses among them is the API's own.
            (&Method::DELETE, None) if !is_told_by(operation) && !asks_in_query(operation) => {
                Does::Clear
            }
            (&Method::POST | &Method::PUT, Some(_)) => Does::Put,
            (&Method::PATCH, Some(_)) if is_object => Does::Change,
            (&Method::DELETE, Some(_)) => Does::Remove,
            _ => return None,
        };
        if self.outline(operation.number).asks {
            return None;
        }
        // Where adding one is another story, so is the rest of it.
        let adds = self.numbered(&Method::POST, list_path);
        let adds = adds.filter(|number| *number != operation.number);
        let adds = adds.map(|number| self.get(number).binding.as_ref());
        if adds.is_some_and(|binding| binding.is_none_or(|binding| binding.members.is_none())) {
            return None;
        }
        let is_of_texts = shapes.get(member).types.has("string");
        if is_of_texts && named.is_some_and(|name| is_integer(shapes, operation, name)) {
            return None;
        }
        let shown = operation.success_body().and_then(|content| content.shape);
        // A thing with a list of its like shows what was told of, and not what it was told to.
        let tells_of_one = [Does::Add, Does::Put, Does::Change].contains(&does);
        let is_one = |shown: &ShapeId| tells_of_one && is_alike(shapes, *shown, member);
        let (envelope, within, shows_one) = match shown {
            None => (Vec::new(), Vec::new(), false),
            Some(shown) if is_one(&shown) => (Vec::new(), Vec::new(), true),
            Some(shown) => match self.showing(&subject, shown) {
                Some(envelope) => (envelope, Vec::new(), false),
                None => match self.listing_members(shown, member) {
                    Some(envelope) => (envelope, within(), false),
                    None => (self.holding(shown, member)?, Vec::new(), true),
                },
            },
        };
        let keys = match is_object {
            true => self.keys_of(member, own),
            false => Vec::new(),
        };
        if is_object && named.is_some() && keys.is_empty() {
            return None;
        }
        let (sent, wrapper) = taken.map_or((None, None), |id| unwrapped(shapes, id, member));
        let members = Members {
            at,
            list,
            shape: member,
            is_object,
            keys,
            named: named.map(str::to_owned),
            sent: sent.filter(|id| !shapes.get(*id).has_items()),
            does,
            shows_one,
        };
        Some(Binding {
            members: Some(Arc::new(members)),
            within,
            ..self.changing(&subject, envelope, wrapper)
        })
    }

    /// How a list by itself is read that an item has too, where its members are changed there.
    fn reading_members(
        &self,
        (list_path, named): (&str, Option<&str>),
        subject: &Subject<'_>,
        (envelope, within): (Vec<String>, Vec<String>),
    ) -> Option<Binding> {
        let writes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let below = self.path_below(list_path);
        let is_changed = [Some(list_path), below].into_iter().flatten().any(|path| {
            writes.iter().any(|method| {
                let number = self.numbered(method, path);
                let binding = number.and_then(|number| self.get(number).binding.as_ref());
                binding.is_some_and(|binding| binding.members.is_some())
            })
        });
        (is_changed && named.is_none()).then(|| Binding {
            action: Action::Read,
            within,
            ..self.changing(subject, envelope, None)
        })
    }

    /// Where a reply shows a list of such members, by the names of properties: it is that, or has it
    /// as its one list.
    fn listing_members(&self, shown: ShapeId, member: ShapeId) -> Option<Vec<String>> {
        let shapes = self.shapes();
        let is_list = |id: ShapeId| {
            let items = shapes.of_items(shapes.get(id));
            items.is_some_and(|items| is_alike(shapes, items, member))
        };
        if is_list(shown) {
            return Some(Vec::new());
        }
        let mut properties = shapes.get(shown).properties.iter();
        let held = properties.find(|(_, property)| is_list(shapes.of_property(property)));
        held.map(|(name, _)| vec![name.clone()])
    }

    /// Where a reply shows one such thing: it is that, or has it as its one property.
    pub(super) fn holding(&self, shown: ShapeId, thing: ShapeId) -> Option<Vec<String>> {
        let shapes = self.shapes();
        if is_alike(shapes, shown, thing) {
            return Some(Vec::new());
        }
        let mut properties = shapes.get(shown).properties.iter();
        let (name, property) = properties.next().filter(|_| properties.next().is_none())?;
        is_alike(shapes, shapes.of_property(property), thing).then(|| vec![name.clone()])
    }

    /// The properties by which members are told apart, the likeliest first; `path` is that of one.
    fn keys_of(&self, member: ShapeId, path: Option<&str>) -> Vec<String> {
        let shapes = self.shapes();
        let properties = &shapes.get(member).properties;
        let types = |name: &str| {
            let property = properties.get(name);
            property.map(|property| shapes.get(shapes.of_property(property)).types)
        };
        let is_text = |name: &str| types(name).is_some_and(|types| types.has("string"));
        let named = path.and_then(|path| parameter(path.rsplit('/').next()?));
        let of_path = |path: &str, name: &str| {
            let stub = self
                .stubs()
                .iter()
                .position(|stub| trimmed(&stub.path) == path);
            stub.is_some_and(|number| self.outline(number).texts.iter().any(|text| text == name))
        };
        let is_by_text = path
            .zip(named)
            .is_some_and(|(path, name)| of_path(path, name));
        let own = properties.keys().find(|own| {
            let is_scalar = types(own).is_some_and(|t| !t.has("object") && !t.has("array"));
            is_scalar && named.is_some_and(|named| alike(own, named))
        });
        let key = key_of_member(shapes, member, named.unwrap_or("id"));
        // What a path has as a text is no number.
        let is_number = |key: &String| is_by_text && !is_text(key);
        let first = key.iter().filter(|key| !is_number(key));
        let named_by = NAMES.iter().filter_map(|known| {
            let mut names = properties.keys();
            names.find(|name| alike(name, known) && is_text(name))
        });
        let mut keys: Vec<String> = Vec::new();
        for key in own.into_iter().chain(first).chain(named_by).chain(&key) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// The path right below one that a parameter names.
    fn path_below(&self, path: &str) -> Option<&str> {
        let mut stubs = self.stubs().iter();
        stubs.find_map(|stub| {
            let own = trimmed(&stub.path);
            let below = own.strip_prefix(path)?.strip_prefix('/')?;
            parameter(below).map(|_| own)
        })
    }
}

/// Whether two shapes are of the same thing: objects with the same properties, or values of a type.
fn is_alike(shapes: &Shapes, one: ShapeId, other: ShapeId) -> bool {
    let (own, of_other) = (shapes.get(one), shapes.get(other));
    let is_plain = own.properties.is_empty() && of_other.properties.is_empty();
    let is_list = own.has_items() || of_other.has_items();
    is_same(shapes, one, other) || is_plain && !is_list && own.types == of_other.types
}

/// Whether a parameter of an operation's path is a whole number: the place of a text in a list, say.
fn is_integer(shapes: &Shapes, operation: &Prepared, name: &str) -> bool {
    let mut readers = operation.parameters.iter();
    let reader = readers.find(|reader| reader.parameter.name == name);
    let shape = reader.and_then(|reader| reader.shape);
    shape.is_some_and(|id| shapes.get(id).types.has("integer"))
}

/// Whether an operation has parameters in its query.
fn asks_in_query(operation: &Prepared) -> bool {
    let mut parameters = operation.declared.parameters.iter();
    parameters.any(|parameter| parameter.location == Location::Query)
}

/// The name of the parameter that a segment is.
fn parameter(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}', '/'])).then_some(name)
}

/// The list of an item that is called so, where the object is that has it (the item, or the one thing
/// that it holds), and the shape of its members; `/label/{name}` may be one of `labels`.
fn list_of(
    shapes: &Shapes,
    item: ShapeId,
    (word, is_one): (&str, bool),
) -> Option<(Vec<String>, String, ShapeId)> {
    let several = format!("{word}s");
    let named = |id: ShapeId| {
        let mut properties = shapes.get(id).properties.iter();
        properties.find_map(|(name, property)| {
            let is_called = alike(name, word) || is_one && alike(name, &several);
            let list = shapes.get(shapes.of_property(property));
            let member = shapes.of_items(list).filter(|_| is_called)?;
            Some((name.clone(), member))
        })
    };
    if let Some((list, member)) = named(item) {
        return Some((Vec::new(), list, member));
    }
    let mut properties = shapes.get(item).properties.iter();
    let (Some((name, property)), None) = (properties.next(), properties.next()) else {
        return None;
    };
    let (list, member) = named(shapes.of_property(property))?;
    Some((vec![name.clone()], list, member))
}

impl Members {
    /// The keys of the members that an item shows, with the name of the path parameter that names
    /// one; nothing where none does.
    pub fn named_in(&self, item: &Value) -> Option<(&str, Vec<String>)> {
        let name = self.named.as_deref()?;
        let mut names = self.at.iter().chain([&self.list]);
        let rows = names
            .try_fold(item, |inner, name| inner.get(name))?
            .as_array()?;
        let keys = rows.iter().filter_map(|row| match self.is_object {
            true => row.get(self.keys.first()?),
            false => Some(row),
        });
        let keys = keys.filter(|key| !key.is_null() && !key.is_object() && !key.is_array());
        Some((name, keys.map(|key| key_text(Some(key))).collect()))
    }

    /// Where in the item the list is, where a reply shows the one member of it.
    pub(super) fn of_one(&self) -> Option<Vec<&String>> {
        let names = self.at.iter().chain([&self.list]);
        self.shows_one.then(|| names.collect())
    }

    /// Whether a body says what is done to members: a file says nothing of one.
    pub fn take(&self, payload: &Payload) -> bool {
        match payload {
            Payload::Value(..) => true,
            Payload::Opaque(_) => false,
            Payload::Absent => {
                let told = [Does::Add, Does::Replace, Does::Change, Does::Take];
                !told.contains(&self.does)
            }
        }
    }

    /// An item without any member, where an operation adds some.
    pub(super) fn emptied(&self, item: &Value) -> Option<Value> {
        let mut emptied = item.clone();
        let mut names = self.at.iter();
        let holder = names.try_fold(&mut emptied, |inner, name| inner.get_mut(name))?;
        let list = Value::Array(Vec::new());
        holder.as_object_mut()?.insert(self.list.clone(), list);
        let adds = [Does::Add, Does::Replace];
        adds.contains(&self.does).then_some(emptied)
    }

    /// Where the one stands in a list that a key names, or that is said by its key: by the first
    /// property that tells the members apart.
    pub(super) fn position(&self, rows: &[Value], said: &Value) -> Option<usize> {
        if !self.is_object {
            let key = key_text(Some(said));
            return rows.iter().position(|row| key_text(Some(row)) == key);
        }
        let key_of = |row: &Value, name: &str| row.get(name).map(|key| key_text(Some(key)));
        if said.is_object() {
            let name = self.keys.first()?;
            let key = key_of(said, name)?;
            return rows
                .iter()
                .position(|row| key_of(row, name).as_ref() == Some(&key));
        }
        let key = key_text(Some(said));
        self.keys.iter().find_map(|name| {
            let mut all = rows.iter().enumerate();
            let mut is_it = |(_, row): &(usize, &Value)| key_of(row, name).as_ref() == Some(&key);
            let (at, _) = all.find(&mut is_it)?;
            (!all.any(|row| is_it(&row))).then_some(at)
        })
    }

    /// Whether the key is an id, which is the server's to give.
    pub(super) fn key_is_servers(&self) -> bool {
        self.keys.first().is_some_and(|key| is_id(key))
    }

    /// What it does, in words.
    pub(super) fn told(&self) -> String {
        let list = &self.list;
        match self.does {
            Does::Add => format!("adds to its {list}"),
            Does::Replace => format!("replaces its {list}"),
            Does::Clear | Does::Take | Does::Remove => format!("takes out of its {list}"),
            Does::Put => format!("puts into its {list}"),
            Does::Change => format!("changes one of its {list}"),
        }
    }
}

/// Whether a property is called as ids are that a server gives.
pub(super) fn is_id(name: &str) -> bool {
    ["id", "_id", "uuid"].contains(&name)
}
