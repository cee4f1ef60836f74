//! What an operation does with several items at once, told from its method and its schemas, never
//! from its name. Where these aren't clear there is no batch.

use super::key::alike;
use super::paging::{Frame, called};
use super::tie::{Role, Tie, TieKind};
use super::tied::{item_in, list_in};
use super::{Action, Binding, KeyFrom, Operations, Prepared, PreparedContent, Unique};
use crate::rules::Merge;
use crate::spec::{Location, Parameter, ShapeId, Shapes};
use crate::validate::View;
use crate::wire::Method;
use std::sync::Arc;

/// What is done with several items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    /// Each is added.
    Add,
    /// The collection is these and no others (RFC 9110 §9.3.4).
    Replace,
    /// Those of their keys are changed.
    Change,
    /// Those of the keys are removed.
    Remove,
    /// All are removed.
    Clear,
}

/// Where the keys stand of what is to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeysIn {
    /// In a query parameter; whether a text in it may be several, with commas between.
    Query(String, bool),
    /// In the body: a list of them, or an object that has it under this name.
    Body(Option<String>),
}

/// How an operation works on several items at once.
#[derive(Debug, Clone)]
pub struct Batch {
    /// What it does.
    pub does: Many,
    /// How each item is written: as the item of its path.
    pub each: Binding,
    /// How a body changes an item that is there.
    pub merge: Merge,
    /// The property of the body that holds the items, where they aren't the body.
    pub wrapper: Option<String>,
    /// Whether the body may as well be one item by itself.
    pub takes_one: bool,
    /// Where the keys of a removal are.
    pub keys: Option<KeysIn>,
    /// What a reply shows of the items; nothing where it shows none.
    pub shows: Option<Arc<Shows>>,
    /// What of the items is unique beside the key.
    pub unique: Unique,
}

/// What a reply shows of several items.
#[derive(Debug)]
pub struct Shows {
    /// An item, as if it were a reply by itself.
    pub item: PreparedContent,
    /// What stands beside the list, where that is known.
    pub frame: Option<Frame>,
    /// Whether it is one item, the last, and no list.
    pub is_last: bool,
}

impl Many {
    /// The same in words.
    pub fn told(self) -> &'static str {
        match self {
            Many::Add => "adds several",
            Many::Replace => "replaces all",
            Many::Change => "changes several",
            Many::Remove => "removes several",
            Many::Clear => "removes all",
        }
    }
}

/// What a schema has to say of items, beside the item that replies show.
struct Items<'o> {
    operations: &'o Operations,
    tie: &'o Tie,
    key: &'o str,
    /// The name of the path parameter that names one.
    parameter: &'o str,
    /// The shape of an item.
    item: ShapeId,
}

/// What an operation on a list, or on a literal below it, does with several items; with the place
/// of these in its reply.
pub(super) fn batched(
    operation: &Prepared,
    (tie, role): (&Tie, Role),
    operations: &Operations,
) -> Option<(Batch, Vec<String>)> {
    let TieKind::Collection(parameter) = &tie.kind else {
        return None;
    };
    let method = &operation.declared.method;
    let success = operation.declared.success();
    let is_here = !matches!(role, Role::Item | Role::Scope(_));
    let is_about_many = is_here && ![Method::GET, Method::HEAD].contains(method);
    let asks = role == Role::Below && operations.outline(operation.number).asks;
    if !is_about_many || asks || (300..400).contains(&success) {
        return None;
    }
    let key = tie.key(operations)?;
    let has = |path: &str| operations.numbered(&Method::GET, path);
    let (reader, lister) = (has(&tie.item_path), has(&tie.list_path));
    let is_known = tie.is_seeded || reader.is_some() || lister.is_some();
    let items = Items {
        operations,
        tie,
        key,
        parameter,
        item: tie.shown_item(operations).filter(|_| is_known)?,
    };
    let each = Binding {
        action: Action::Several,
        collection: tie.name.clone(),
        key: key.to_owned(),
        key_from: KeyFrom::Path(parameter.clone()),
        listing: None,
        parents: tie.parents.clone(),
        envelope: Vec::new(),
        wrapper: None,
        is_seeded: tie.is_seeded,
        item_path: Arc::clone(&tie.item_path),
        has_item_path: true,
        reader,
        lister,
        // It is looked at once all are written.
        unique: Unique::default(),
        batch: None,
        scope: None,
        links: Arc::new([]),
        act: None,
        members: None,
        within: Vec::new(),
    };
    let batch = |does, merge| Batch {
        does,
        each,
        merge,
        wrapper: None,
        takes_one: false,
        keys: None,
        shows: None,
        unique: tie.unique(operations),
    };
    if *method == Method::DELETE {
        let keys = items.keys_in(operation);
        let is_bare = operation.declared.body.is_none() && query(operation).next().is_none();
        let does = match (&keys, role) {
            (Some(_), _) => Many::Remove,
            (None, Role::List) if is_bare => Many::Clear,
            _ => return None,
        };
        let batch = batch(does, Merge::Whole);
        return Some((Batch { keys, ..batch }, Vec::new()));
    }
    let (does, merge) = match (method, role) {
        (&Method::POST, _) => (Many::Add, Merge::Whole),
        (&Method::PUT, Role::List) => (Many::Replace, Merge::Whole),
        (&Method::PATCH, _) => (Many::Change, Merge::Deep),
        _ => return None,
    };
    // What says that it makes something doesn't search for it.
    let makes = does == Many::Add && success == 201;
    let is_strict = role == Role::Below && !makes;
    let mut bodies = operation.bodies.iter();
    let (wrapper, takes_one) = bodies.find_map(|body| {
        // A list of operations is none of items (RFC 6902).
        let is_patch = body.media_type.essence() == "application/json-patch+json";
        items.taken(body.shape.filter(|_| !is_patch)?, does, is_strict)
    })?;
    // Another media type may well be of one, as JSON beside rows of CSV.
    let takes_one = takes_one
        || wrapper.is_none() && {
            let mut bodies = operation.bodies.iter().filter_map(|body| body.shape);
            bodies.any(|id| items.is_one(id, does, is_strict))
        };
    let (at, shows) = items.shown(operation, does)?;
    let batch = batch(does, merge);
    let batch = Batch {
        wrapper,
        takes_one,
        shows: shows.map(Arc::new),
        ..batch
    };
    Some((batch, at))
}

impl Tie {
    /// The shape of an item of a collection, as it is shown by itself or in the list.
    pub(super) fn shown_item(&self, operations: &Operations) -> Option<ShapeId> {
        let shapes = operations.shapes();
        let key = self.key(operations)?;
        let holds_item = |id: ShapeId| shapes.get(id).properties.contains_key(key);
        let shown = |path: &str| {
            let number = operations.numbered(&Method::GET, path)?;
            operations.outline(number).shown
        };
        let alone = || {
            let id = shown(&self.item_path)?;
            if holds_item(id) {
                return Some(id);
            }
            let shape = shapes.get(id);
            let name = item_in(shapes, shape, &self.sent(operations), &holds_item)?;
            Some(shapes.of_property(shape.properties.get(&name)?))
        };
        let listed = || {
            Some(
                list_in(
                    shapes,
                    shown(&self.list_path)?,
                    &holds_item,
                    called(&self.list_path),
                )?
                .1,
            )
        };
        alone().or_else(listed)
    }
}

fn query(operation: &Prepared) -> impl Iterator<Item = &Parameter> {
    let all = operation.declared.parameters.iter();
    all.filter(|parameter| parameter.location == Location::Query)
}

impl Items<'_> {
    fn shapes(&self) -> &Shapes {
        self.operations.shapes()
    }

    /// Whether a body's schema is that of an item, as far as a client sends one.
    fn is_item(&self, id: ShapeId, does: Many, is_strict: bool) -> bool {
        let shapes = self.shapes();
        let (shape, item) = (shapes.get(id), shapes.get(self.item));
        let known = shape.properties.keys();
        let known = known.filter(|name| item.properties.contains_key(*name));
        let count = known.clone().count();
        if does == Many::Change && !shape.properties.contains_key(self.key) {
            return false;
        }
        let name = |id| shapes.component(id);
        let is_same = id == self.item || name(id).is_some() && name(id) == name(self.item);
        // What holds keys alone names items that are there.
        let says_more = known.clone().any(|name| name != self.key);
        // Below the list it may be what items are searched by.
        let is_whole = || {
            let mut needed = item.properties.iter().filter(|(name, property)| {
                let is_own = shapes.get(shapes.of_property(property)).read_only;
                property.required && !is_own && *name != self.key
            });
            needed.all(|(name, _)| shape.properties.contains_key(name))
        };
        let is_enough = !is_strict || does == Many::Change || self.is_posted(id) || is_whole();
        is_same || says_more && count * 2 > shape.properties.len() && is_enough
    }

    /// Whether a shape is that of what makes one item.
    fn is_posted(&self, id: ShapeId) -> bool {
        let shapes = self.shapes();
        let post = self.operations.numbered(&Method::POST, &self.tie.list_path);
        let taken = post.map(|number| &self.operations.outline(number).taken);
        let mut taken = taken.into_iter().flatten();
        taken.any(|own| {
            let name = shapes.component(id);
            *own == id || name.is_some() && name == shapes.component(*own)
        })
    }

    /// Whether a body may be one item by itself.
    fn is_one(&self, id: ShapeId, does: Many, is_strict: bool) -> bool {
        let types = self.shapes().get(id).types;
        (types.has("object") || types.is_unsaid()) && self.is_item(id, does, is_strict)
    }

    /// The property of a body that holds the items, if any does, and whether it may be one by
    /// itself; nothing where it holds none.
    fn taken(&self, id: ShapeId, does: Many, is_strict: bool) -> Option<(Option<String>, bool)> {
        let shapes = self.shapes();
        let shape = shapes.get(id);
        let is_list = |id: ShapeId| {
            let items = shapes.of_items(shapes.get(id));
            items.is_some_and(|items| self.is_item(items, does, is_strict))
        };
        if is_list(id) {
            return Some((None, self.is_one(id, does, is_strict)));
        }
        let properties = || shape.properties.iter();
        let mut lists = properties().filter(|(_, property)| is_list(shapes.of_property(property)));
        let (name, property) = lists.next()?;
        let item = &shapes.get(self.item).properties;
        let mut others = properties().filter(|(other, _)| *other != name);
        // An item may well have a list of others.
        let is_beside = others.all(|(other, property)| {
            !property.required && other != self.key && !item.contains_key(other)
        });
        let is_only = property.required || shape.properties.len() == 1;
        let is_wrapper = lists.next().is_none() && is_only && is_beside;
        is_wrapper.then(|| (Some(name.clone()), false))
    }

    /// Where a reply shows the items, and what of them; nothing where it is of something else.
    fn shown(&self, operation: &Prepared, does: Many) -> Option<(Vec<String>, Option<Shows>)> {
        let shapes = self.shapes();
        let success = operation.declared.success();
        let response = operation.response(success);
        let response = response.filter(|_| (200..300).contains(&success));
        if response.is_none_or(|response| response.contents.is_empty()) {
            return Some((Vec::new(), None));
        }
        let content = operation.success_body()?;
        let holds_item = |id: ShapeId| shapes.get(id).properties.contains_key(self.key);
        let (at, id, is_last) =
            match list_in(shapes, content.shape?, &holds_item, operation.called()) {
                Some((at, id)) => (at, id, false),
                None if does == Many::Add && holds_item(content.shape?) => {
                    (Vec::new(), content.shape?, true)
                }
                None => return None,
            };
        let mut declared = content.declared.clone();
        declared.schema = Some(shapes.schema(id));
        declared.examples.clear();
        let contents = self.operations.contents();
        let frame = || Frame::of(shapes, content.shape?, &holds_item, operation.called());
        let shows = Shows {
            item: PreparedContent::new(&declared, View::Reply, contents)?,
            frame: frame().filter(|_| !is_last),
            is_last,
        };
        Some((at, Some(shows)))
    }

    /// Where a request says the keys of what it removes.
    fn keys_in(&self, operation: &Prepared) -> Option<KeysIn> {
        let shapes = self.shapes();
        let is_plain = |id: ShapeId| {
            let types = shapes.get(id).types;
            !types.has("object") && !types.has("array") && !shapes.get(id).has_items()
        };
        let is_list = |id: ShapeId| shapes.of_items(shapes.get(id)).is_some_and(is_plain);
        for parameter in query(operation) {
            let Some(id) = parameter.schema.map(|at| shapes.of(at)) else {
                continue;
            };
            let is_many = self.names_keys(&parameter.name);
            let is_one = self.names_key(&parameter.name);
            if (is_many || is_one) && (is_list(id) || is_plain(id)) {
                return Some(KeysIn::Query(parameter.name.clone(), is_many));
            }
        }
        let id = operation.bodies.iter().find_map(|body| body.shape)?;
        if is_list(id) {
            return Some(KeysIn::Body(None));
        }
        let mut properties = shapes.get(id).properties.iter();
        let found = properties.find(|(name, property)| {
            let names = self.names_keys(name) || self.names_key(name);
            names && is_list(shapes.of_property(property))
        });
        found.map(|(name, _)| KeysIn::Body(Some(name.clone())))
    }

    /// Whether a name is that of a key: `id`, `petId` of `pets`, the key property's own.
    fn names_key(&self, name: &str) -> bool {
        let of_item = |last: &str| {
            let list = self.tie.list_path.rsplit('/').next().unwrap_or("");
            let ends = [("ies", "y"), ("es", ""), ("s", ""), ("", "")];
            let singular = ends.iter().filter_map(|(end, one)| {
                let start = list.strip_suffix(end)?;
                Some(format!("{start}{one}{last}"))
            });
            singular.collect::<Vec<String>>()
        };
        let mut names = vec!["id".to_owned()];
        names.extend([self.key.to_owned(), self.parameter.to_owned()]);
        names.extend(of_item("id"));
        names.extend(of_item(self.key));
        names.iter().any(|known| alike(name, known))
    }

    /// Whether it is that of several.
    fn names_keys(&self, name: &str) -> bool {
        let bare = name.trim_end_matches("[]");
        let one = bare.strip_suffix('s').or_else(|| bare.strip_suffix('S'));
        // `key` alone is rather a credential.
        one.is_some_and(|one| alike(one, "key") || self.names_key(one))
    }
}
