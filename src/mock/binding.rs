//! What an operation does with a collection, told from its method and its schemas.

use super::batch::{Batch, batched};
use super::find::{key_text, stored_key};
use super::listing::Listing;
use super::paging::{Frame, Paging};
use super::tie::{Parent, Role, Scope, ScopeParameter, Tie, TieKind};
use super::{Operations, Prepared, Unique};
use crate::decode::Parameters;
use crate::rules::Merge;
use crate::spec::{Property, Shape, ShapeId, Shapes};
use crate::store::State;
use crate::wire::{Method, Pointer, encode_segment};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// What an operation does with a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Shows the items.
    List,
    /// Adds one.
    Create,
    /// Shows one.
    Read,
    /// Changes one.
    Update(Merge),
    /// Removes one.
    Delete,
    /// Adds, changes or removes several, as the batch says.
    Several,
}

/// What names the item that an operation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFrom {
    /// A path parameter.
    Path(String),
    /// The property of the body that holds the key.
    Body,
    /// Nothing: there is one alone.
    Single,
    /// Nothing: it is about all of them, or a new one.
    None,
}

/// An operation's tie to a collection.
#[derive(Debug, Clone)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The collection's name.
    pub collection: String,
    /// The property of an item that holds its key; none where there is one item alone.
    pub key: String,
    /// What names the item.
    pub key_from: KeyFrom,
    /// What a list's query parameters and the rest of its reply mean.
    pub listing: Option<Arc<Listing>>,
    /// The items above, outermost first.
    pub parents: Vec<Parent>,
    /// Where the item or the items stand in the reply, by the names of properties; empty where
    /// they stand alone.
    pub envelope: Vec<String>,
    /// The property of the request's body that holds the item, where it doesn't stand alone.
    pub wrapper: Option<String>,
    /// Whether fixtures say which items there are.
    pub is_seeded: bool,
    /// The path of one item.
    pub item_path: Arc<str>,
    /// The number of the operation that shows one item.
    pub reader: Option<usize>,
    /// The number of the operation that lists the items.
    pub lister: Option<usize>,
    /// What of its items is unique beside the key, and is looked at when one is written.
    pub unique: Unique,
    /// What it does with several items at once, where it takes those.
    pub batch: Option<Arc<Batch>>,
    /// Of which items it is a list, where it stands elsewhere than they do.
    pub scope: Option<Arc<Scoped>>,
    /// Properties, beside those of parents, that say whose the items are.
    pub links: Arc<[String]>,
}

/// The items that an operation is about which stands elsewhere than they do.
#[derive(Debug)]
pub struct Scoped {
    /// Path parameters, and the properties of the items that have their values.
    pub links: Vec<(String, String)>,
    /// The number of the operation that lists all items, of any scope.
    pub lister: Option<usize>,
}

impl Scoped {
    /// What is remembered, among what is gone, once the items of a scope are no longer the
    /// document's alone: no item has this key.
    pub(super) fn mark(&self, parameters: &Parameters) -> String {
        let said = self.links.iter().map(|(parameter, property)| {
            let value = key_text(parameters.path.get(parameter));
            format!("\u{0}\u{0}{property}\u{0}{value}")
        });
        said.collect()
    }

    /// Whether an item says that it is one of those that the path names.
    pub(super) fn has(&self, item: &Value, parameters: &Parameters) -> bool {
        self.links.iter().all(|(parameter, property)| {
            let said = item.get(property);
            said.is_some() && key_text(said) == key_text(parameters.path.get(parameter))
        })
    }
}

impl Binding {
    /// The same, an update applying its body in another way.
    pub(super) fn with_merge(mut self, merge: Merge) -> Binding {
        if let Action::Update(how) = &mut self.action {
            *how = merge;
        }
        if let Some(batch) = &mut self.batch {
            Arc::make_mut(batch).merge = merge;
        }
        self
    }

    /// Where the store keeps the items. Those of fixtures are together, as each says whose it is;
    /// all others are by what they hang on.
    pub fn place(&self, parameters: &Parameters) -> Cow<'_, str> {
        match self.is_seeded || self.parents.is_empty() {
            true => Cow::Borrowed(&self.collection),
            false => Cow::Owned(place(&self.collection, &self.parents, parameters)),
        }
    }

    /// The path, without bases, below which the items of a list are that stands elsewhere.
    pub fn path_elsewhere(&self, parameters: &Parameters) -> Option<String> {
        self.scope.as_ref()?;
        let (list, _) = self.item_path.rsplit_once('/')?;
        let filled = list.split('/').map(|segment| {
            let name = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            let value = name.and_then(|name| parameters.path.get(name));
            value.map_or(segment.into(), |value| {
                encode_segment(&key_text(Some(value))).into()
            })
        });
        Some(filled.collect::<Vec<Cow<'_, str>>>().join("/"))
    }

    /// Whether the store says which items there are, and not the document alone.
    pub fn is_written(&self, parameters: &Parameters, state: &State) -> bool {
        self.is_seeded
            || state
                .collection(&self.place(parameters))
                .is_some_and(|all| {
                    let scope = self.scope.as_ref();
                    scope.is_none_or(|scope| all.is_buried(&scope.mark(parameters)))
                })
    }

    /// The key that a request names, by its path or its body.
    pub fn key_of(&self, parameters: &Parameters, body: &Value) -> Option<String> {
        match &self.key_from {
            KeyFrom::Path(name) => parameters
                .path
                .get(name)
                .map(stored_key)
                .or(Some(String::new())),
            KeyFrom::Body => body.get(&self.key).map(stored_key),
            KeyFrom::Single => Some(String::new()),
            KeyFrom::None => None,
        }
    }

    /// What a reply shows of the collection, in words.
    pub fn told(&self, parameters: &Parameters) -> String {
        match &self.key_from {
            KeyFrom::Path(name) => {
                let key = key_text(parameters.path.get(name));
                format!("item {key} of {}", self.collection)
            }
            KeyFrom::Single => format!("the item {}", self.collection),
            KeyFrom::Body | KeyFrom::None => format!("collection {}", self.collection),
        }
    }

    /// A place of the reply's body as a place of the item in it.
    pub fn inner(&self, at: Pointer) -> Pointer {
        let names = self.envelope.iter();
        let envelope = names.fold(Pointer::root(), |at, name| at.child(name));
        let inner = at.as_str().strip_prefix(envelope.as_str());
        inner.and_then(Pointer::parse).unwrap_or(at)
    }

    /// An item, or items, in what they stand in.
    pub fn wrapped(&self, inner: Value) -> Value {
        self.envelope.iter().rev().fold(inner, |inner, name| {
            Value::Object([(name.clone(), inner)].into_iter().collect())
        })
    }

    /// What of a reply's body stands for the item or the items.
    pub fn unwrapped<'b>(&self, body: &'b Value) -> Option<&'b Value> {
        let mut names = self.envelope.iter();
        names.try_fold(body, |body, name| body.get(name))
    }
}

/// The name under which items are kept that hang on others.
pub(super) fn place(collection: &str, parents: &[Parent], parameters: &Parameters) -> String {
    let keys = parents.iter();
    let keys = keys.map(|parent| key_text(parameters.path.get(&parent.parameter)));
    place_below(collection, keys)
}

/// The same, by the keys of those that they hang on, outermost first.
pub fn place_below(collection: &str, keys: impl Iterator<Item = String>) -> String {
    let mut place = collection.to_owned();
    for (index, key) in keys.enumerate() {
        place.push(if index == 0 { '@' } else { '/' });
        place += &encode_segment(&key);
    }
    place
}

/// How deep in a reply the items of a list may stand.
pub(super) const DEPTH: usize = 3;

impl Tie {
    /// The property of an item that holds its key; empty for an item alone. Nothing where the
    /// schemas show no such items.
    pub fn key(&self, operations: &Operations) -> Option<&str> {
        let key = self.key.get_or_init(|| self.find_key(operations));
        key.as_deref()
    }

    /// The names of the properties that a client sends of an item: what holds them is the item.
    pub(super) fn sent(&self, operations: &Operations) -> HashSet<String> {
        let writes = [
            (Method::POST, &self.list_path),
            (Method::PUT, &self.item_path),
            (Method::PATCH, &self.item_path),
        ];
        let numbers = writes.iter();
        let numbers = numbers.filter_map(|(method, path)| operations.numbered(method, path));
        let bodies = numbers.flat_map(|number| operations.prepare(number).bodies);
        let shapes = operations.shapes();
        let names = bodies.filter_map(|body| {
            let shape = shapes.get(body.shape?);
            let item = shapes.of_items(shape).map(|items| shapes.get(items));
            Some(
                item.into_iter()
                    .chain([shape])
                    .flat_map(|of| of.properties.keys()),
            )
        });
        names.flatten().cloned().collect()
    }

    fn find_key(&self, operations: &Operations) -> Option<String> {
        let TieKind::Collection(parameter) = &self.kind else {
            let shown = operations.prepare(operations.numbered(&Method::GET, &self.item_path)?);
            let shape = operations.shapes().get(shown.success_json()?.shape?);
            let is_object = shape.types.has("object") || !shape.properties.is_empty();
            return is_object.then(String::new);
        };
        let shapes = operations.shapes();
        let sources = [
            (Method::GET, &self.item_path),
            (Method::GET, &self.list_path),
            (Method::POST, &self.list_path),
            (Method::PUT, &self.item_path),
            (Method::PATCH, &self.item_path),
        ];
        let mut numbers = sources
            .iter()
            .filter_map(|(method, path)| operations.numbered(method, path));
        numbers.find_map(|number| {
            let shape = operations.prepare(number).success_json()?.shape?;
            if let Some(key) = &self.hinted_key {
                return Some(key.clone());
            }
            key_in(shapes, shape, &self.sent(operations), parameter, DEPTH)
        })
    }
}

/// The property that holds the key of the items of a shape, or of what is within it: the
/// parameter's own name, what it ends in, or a usual one.
fn key_in(
    shapes: &Shapes,
    id: ShapeId,
    sent: &HashSet<String>,
    parameter: &str,
    depth: usize,
) -> Option<String> {
    let shape = shapes.get(id);
    if let Some(items) = shapes.of_items(shape) {
        return key_in(shapes, items, sent, parameter, depth.checked_sub(1)?);
    }
    let last = last_word(parameter);
    let names = [parameter, &last, "id", "_id", "uuid", "key", "slug", "name"];
    let known = names.iter().find_map(|name| {
        let mut properties = shape.properties.iter();
        let exact = shape.properties.get_key_value(*name);
        let (name, property) = exact.or_else(|| properties.find(|(p, _)| alike(p, name)))?;
        let types = shapes.get(shapes.of_property(property)).types;
        // What is an object or a list can't be written in a path.
        (!types.has("object") && !types.has("array")).then(|| name.clone())
    });
    known.or_else(|| {
        let depth = depth.checked_sub(1)?;
        let mut inner = shape.properties.iter();
        inner.find_map(|(name, property)| {
            let is_holder = holds(shape, name, sent);
            is_holder
                .then(|| key_in(shapes, shapes.of_property(property), sent, parameter, depth))?
        })
    })
}

/// Whether a property may be what holds an item, and isn't a part of one: nothing that a client
/// sends of an item stands beside it.
fn holds(shape: &Shape, name: &str, sent: &HashSet<String>) -> bool {
    let mut others = shape.properties.keys().filter(|other| *other != name);
    !others.any(|other| sent.contains(other))
}

/// Whether two names differ in how they are written alone.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    plain(one) == plain(other)
}

/// The last word of a name: `number` of `issue_number`, `id` of `petId`.
fn last_word(name: &str) -> String {
    let mut word = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && was_lower {
            word.clear();
        }
        was_lower = c.is_lowercase();
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    word
}

/// What an operation does with the collection that its path belongs to.
pub(super) fn tied(
    operation: &Prepared,
    (tie, role): (&Tie, Role),
    operations: &Operations,
) -> Option<Binding> {
    let alone = tied_to_one(operation, (tie, role), operations);
    let Some((batch, envelope)) = batched(operation, (tie, role), operations) else {
        return alone;
    };
    let each = batch.each.clone();
    let takes_one = batch.takes_one;
    let batch = Some(Arc::new(batch));
    match alone.filter(|_| takes_one) {
        Some(alone) => Some(Binding { batch, ..alone }),
        None => Some(Binding {
            action: Action::Several,
            key_from: KeyFrom::None,
            envelope,
            batch,
            ..each
        }),
    }
}

/// What it does with one item at a time, or the list.
fn tied_to_one(
    operation: &Prepared,
    (tie, role): (&Tie, Role),
    operations: &Operations,
) -> Option<Binding> {
    let shapes = operations.shapes();
    let key = tie.key(operations)?;
    let success = operation.declared.success();
    let has_success = (200..300).contains(&success);
    // What leads elsewhere does nothing here.
    if (300..400).contains(&success) {
        return None;
    }
    let method = &operation.declared.method;
    let has = |method: &Method, path: &str| operations.numbered(method, path);
    let (action, key_from) = match (&tie.kind, role, method) {
        (TieKind::Collection(name), Role::Item, method) => {
            let action = match *method {
                Method::GET => Action::Read,
                Method::PATCH => Action::Update(Merge::Deep),
                Method::PUT => Action::Update(Merge::Whole),
                Method::DELETE => Action::Delete,
                // The only way to change an item, where there is no other.
                Method::POST
                    if has(&Method::PATCH, &tie.item_path)
                        .or(has(&Method::PUT, &tie.item_path))
                        .is_none() =>
                {
                    Action::Update(Merge::Deep)
                }
                _ => return None,
            };
            (action, KeyFrom::Path(name.clone()))
        }
        (TieKind::Collection(_), Role::List, &Method::GET) => (Action::List, KeyFrom::None),
        (TieKind::Collection(_), Role::List, &Method::POST) => (Action::Create, KeyFrom::None),
        (TieKind::Collection(_), Role::List, &Method::PUT) => {
            (Action::Update(Merge::Whole), KeyFrom::Body)
        }
        (TieKind::Collection(_), Role::Below | Role::Scope(_), &Method::GET) => {
            (Action::List, KeyFrom::None)
        }
        (TieKind::Collection(_), Role::Scope(_), &Method::POST) => (Action::Create, KeyFrom::None),
        (TieKind::Single, _, method) => {
            let action = match *method {
                Method::GET => Action::Read,
                Method::PATCH => Action::Update(Merge::Deep),
                Method::PUT => Action::Update(Merge::Whole),
                Method::DELETE => Action::Delete,
                _ => return None,
            };
            (action, KeyFrom::Single)
        }
        _ => return None,
    };
    let is_single = tie.kind == TieKind::Single;
    let holds_item = |id: ShapeId| is_single || shapes.get(id).properties.contains_key(key);
    let reader = has(&Method::GET, &tie.item_path);
    let lister = (!is_single)
        .then(|| has(&Method::GET, &tie.list_path))
        .flatten();
    if !tie.is_seeded && reader.is_none() && lister.is_none() {
        return None;
    }
    let scope = match role {
        Role::Scope(number) => Some(Scoped {
            links: tie.linked(&tie.scopes[number], operations),
            lister,
        }),
        _ => None,
    };
    let mut envelope = Vec::new();
    let mut listing = None;
    let shown = operation.success_json().filter(|_| has_success);
    let shown = shown.and_then(|content| content.shape);
    match (action, shown) {
        (Action::Delete, _) => {}
        (Action::List, None) => return None,
        (Action::List, Some(id)) => {
            let (at, items) = match list_in(shapes, id, &holds_item, DEPTH) {
                Some((at, items)) => (at, Some(items)),
                // Where several schemas say what the list is, its value shows it.
                None if !tie.is_seeded => {
                    let ready = operation
                        .success_json()?
                        .ready(operations.contents())
                        .ok()?;
                    (list_of(&ready.body.value, key, DEPTH)?, None)
                }
                None => return None,
            };
            let same =
                || items.is_some_and(|items| shows_same(operations, lister.or(reader), items));
            // A literal below the list is another view of it only if it shows the same items.
            if !matches!(role, Role::List | Role::Item) && !same() {
                return None;
            }
            listing = Some(Arc::new(Listing {
                paging: Paging::of(&operation.parameters, shapes, items),
                frame: Frame::of(shapes, id, &holds_item).filter(|_| items.is_some()),
            }));
            let place = listing.as_ref().and_then(|listing| listing.place());
            envelope = place.unwrap_or(at);
        }
        (_, Some(id)) if holds_item(id) => {}
        (_, Some(id)) => {
            match item_in(shapes, shapes.get(id), &tie.sent(operations), &holds_item) {
                Some(name) => envelope.push(name),
                None if tie.is_seeded || action == Action::Read => return None,
                // What answers isn't the item; it is remembered all the same.
                None => {}
            }
        }
        (Action::Read, None) => return None,
        (_, None) => {}
    }
    let sent = operation.bodies.iter().find_map(|content| content.shape);
    if action == Action::Create {
        let is_list = shown.is_some_and(|id| list_in(shapes, id, &holds_item, DEPTH).is_some());
        let shows_item = shown.is_none_or(|id| holds_item(id) || !envelope.is_empty());
        let takes_item = sent.is_none_or(|id| {
            shapes.get(id).types.is_unsaid() || shapes.get(id).types.has("object")
        });
        if is_list && !shows_item || !takes_item {
            return None;
        }
        // What is added elsewhere must be seen to be such an item.
        let is_elsewhere = matches!(role, Role::Scope(_));
        if is_elsewhere && !shown.is_some_and(|id| shows_same(operations, lister.or(reader), id)) {
            return None;
        }
    }
    if key_from == KeyFrom::Body
        && !sent.is_some_and(|id| shapes.get(id).properties.contains_key(key))
    {
        return None;
    }
    let item = tie.shown_item(operations);
    let wrapper =
        sent.and_then(|id| wrapper_in(shapes, shapes.get(id), key, envelope.last(), item));
    if wrapper.is_some() && key_from == KeyFrom::Body {
        return None;
    }
    Some(Binding {
        action,
        collection: tie.name.clone(),
        key: key.to_owned(),
        key_from,
        listing,
        parents: tie.parents.clone(),
        envelope,
        wrapper,
        is_seeded: tie.is_seeded,
        item_path: Arc::clone(&tie.item_path),
        reader,
        // A list by itself has its own examples.
        lister: match &scope {
            Some(_) => has(&Method::GET, &operation.declared.path),
            None => lister,
        },
        unique: tie.unique(operations),
        batch: None,
        scope: scope.map(Arc::new),
        links: tie.links(operations),
    })
}

impl Tie {
    /// The properties that say, beside those of parents, whose an item is.
    fn links(&self, operations: &Operations) -> Arc<[String]> {
        let links = self.scopes.iter();
        let links = links.flat_map(|scope| self.linked(scope, operations));
        links.map(|(_, property)| property).collect()
    }

    /// The parameters of a scope, and the properties that have their values: one that is called
    /// so or that is the parent's id, else one that the schemas don't know.
    pub(super) fn linked(&self, scope: &Scope, operations: &Operations) -> Vec<(String, String)> {
        let shapes = operations.shapes();
        let item = self.shown_item(operations).map(|id| shapes.get(id));
        let key = self.key(operations);
        let property = |parameter: &ScopeParameter| {
            let ScopeParameter { name, of } = parameter;
            let one = of.strip_suffix('s').unwrap_or(of);
            let names = [name.clone(), format!("{one}_{name}"), format!("{one}_id")];
            let is_free = |property: &&String| Some(property.as_str()) != key;
            let mut names = names.iter();
            let known = names.find_map(|name| {
                let mut properties = item?.properties.keys().filter(is_free);
                properties.find(|property| alike(property, name))
            });
            known.cloned().unwrap_or_else(|| format!("{of}.{name}"))
        };
        let parameters = scope.parameters.iter();
        let linked = parameters.map(|parameter| (parameter.name.clone(), property(parameter)));
        linked.collect()
    }
}

/// Where the list of items stands in a reply, and the shape of one.
pub(super) fn list_in(
    shapes: &Shapes,
    id: ShapeId,
    holds_item: &dyn Fn(ShapeId) -> bool,
    depth: usize,
) -> Option<(Vec<String>, ShapeId)> {
    let shape = shapes.get(id);
    if let Some(items) = shapes.of_items(shape) {
        return holds_item(items).then(|| (Vec::new(), items));
    }
    let depth = depth.checked_sub(1)?;
    // What stands nearer goes first.
    let properties = || shape.properties.iter();
    let near = properties().find_map(|(name, property)| {
        let inner = shapes.get(shapes.of_property(property));
        let items = shapes.of_items(inner).filter(|items| holds_item(*items))?;
        Some((vec![name.clone()], items))
    });
    near.or_else(|| {
        properties().find_map(|(name, property)| {
            let inner = shapes.of_property(property);
            let is_list = shapes.get(inner).has_items();
            let found = (!is_list).then(|| list_in(shapes, inner, holds_item, depth));
            let (mut at, items) = found.flatten()?;
            at.insert(0, name.clone());
            Some((at, items))
        })
    })
}

/// Where a list of items stands in a reply's value.
fn list_of(body: &Value, key: &str, depth: usize) -> Option<Vec<String>> {
    match body {
        Value::Array(items) => items.first()?.get(key).map(|_| Vec::new()),
        Value::Object(members) => {
            let depth = depth.checked_sub(1)?;
            members.iter().find_map(|(name, value)| {
                let mut at = list_of(value, key, depth)?;
                at.insert(0, name.clone());
                Some(at)
            })
        }
        _ => None,
    }
}

/// The property of a reply that holds the item.
pub(super) fn item_in(
    shapes: &Shapes,
    shape: &Shape,
    sent: &HashSet<String>,
    holds_item: &dyn Fn(ShapeId) -> bool,
) -> Option<String> {
    let mut properties = shape.properties.iter();
    let found = properties.find(|(name, property)| {
        holds_item(shapes.of_property(property)) && holds(shape, name, sent)
    });
    found.map(|(name, _)| name.clone())
}

/// The property of a request's body that holds the item: the one that holds it in the reply, where
/// the body has no property of the item itself.
fn wrapper_in(
    shapes: &Shapes,
    shape: &Shape,
    key: &str,
    shown: Option<&String>,
    item: Option<ShapeId>,
) -> Option<String> {
    // Called otherwise there, it is the one that has the item's own schema.
    let component = item.and_then(|id| shapes.component(id));
    let alike = || {
        let is_item = |property: &Property| {
            let id = shapes.of_property(property);
            component.is_some() && shapes.component(id) == component
        };
        shape
            .properties
            .iter()
            .find(|(_, property)| is_item(property))
    };
    let (name, property) = shape.properties.get_key_value(shown?).or_else(alike)?;
    let inner = shapes.get(shapes.of_property(property));
    let is_object = inner.types.has("object") || !inner.properties.is_empty();
    (is_object && !shape.properties.contains_key(key)).then(|| name.clone())
}

/// Whether the items of a list are of the schema that another operation shows.
fn shows_same(operations: &Operations, other: Option<usize>, items: ShapeId) -> bool {
    let shapes = operations.shapes();
    let other = other.map(|number| operations.prepare(number));
    let shown = other.and_then(|other| other.success_json()?.shape);
    let Some(shown) = shown else { return false };
    let shown = shapes.of_items(shapes.get(shown)).unwrap_or(shown);
    let name = |id| shapes.component(id);
    shown == items || name(shown).is_some() && name(shown) == name(items)
}
