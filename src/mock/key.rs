//! Which property of its items holds their key.

use super::Operations;
use super::name::{IDS, plain};
use super::open::is_same;
use super::tie::{Tie, TieKind};
use crate::spec::{Shape, ShapeId, Shapes};
use crate::wire::Method;
use std::collections::HashSet;

/// How deep in a reply the items of a list may stand.
pub(super) const DEPTH: usize = 3;

impl Tie {
    /// The property of an item that holds its key; empty for an item alone, and for items that the
    /// path alone names. Nothing where the schemas show no such items.
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
        let bodies = numbers.flat_map(|number| &operations.outline(number).taken);
        let shapes = operations.shapes();
        let names = bodies.map(|body| {
            let shape = shapes.get(*body);
            let item = shapes.of_items(shape).map(|items| shapes.get(items));
            let both = item.into_iter().chain([shape]);
            both.flat_map(|of| of.properties.keys())
        });
        names.flatten().cloned().collect()
    }

    fn find_key(&self, operations: &Operations) -> Option<String> {
        if !self.acts.is_empty() && !self.is_seeded && !self.is_acted_on(operations) {
            return None;
        }
        let parameter = match &self.kind {
            TieKind::Collection(parameter) => parameter,
            TieKind::Single => {
                let shown = operations.outline(operations.numbered(&Method::GET, &self.item_path)?);
                let shape = operations.shapes().get(shown.shown?);
                let is_object = shape.types.has("object") || !shape.properties.is_empty();
                return is_object.then(String::new);
            }
            TieKind::Open if self.is_set_by_post(operations) => return Some(String::new()),
            TieKind::Open
                if operations
                    .numbered(&Method::POST, &self.list_path)
                    .is_none() =>
            {
                return self.key_of_shown(operations);
            }
            TieKind::Open => return self.key_of_added(operations),
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
        let named = numbers.find_map(|number| {
            let shape = operations.outline(number).shown?;
            if let Some(key) = &self.hinted_key {
                return Some(key.clone());
            }
            let is_text = operations.outline(number).texts.contains(parameter);
            let sent = self.sent(operations);
            let key = key_in(shapes, shape, &sent, (parameter, is_text), DEPTH);
            key.map(|(_, key)| key)
        });
        named.or_else(|| self.is_named_by_path(operations).then(String::new))
    }

    /// Whether what is read is shown by what is done below it too.
    fn is_acted_on(&self, operations: &Operations) -> bool {
        let shapes = operations.shapes();
        let read = operations.numbered(&Method::GET, &self.item_path);
        let read = read.and_then(|number| operations.outline(number).shown);
        let writes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let acts = self.acts.iter().flat_map(|path| {
            let numbers = writes.iter();
            numbers.filter_map(|method| operations.numbered(method, path))
        });
        let mut shown = acts.filter_map(|number| {
            let outline = operations.outline(number);
            outline.shown.filter(|_| !outline.asks)
        });
        read.is_some_and(|read| shown.any(|shown| is_same(shapes, read, shown)))
    }

    /// Whether what stands at the path of one item is an item that doesn't say its key: an object
    /// that is shown, and taken away or put there as it is shown (`PUT /baskets/{name}`).
    fn is_named_by_path(&self, operations: &Operations) -> bool {
        let at = |method| operations.numbered(method, &self.item_path);
        let shapes = operations.shapes();
        let shown = at(&Method::GET).and_then(|number| operations.outline(number).shown);
        let Some(shown) = shown.map(|id| shapes.get(id)) else {
            return false;
        };
        let sent = self.sent(operations);
        let is_sent = shown.properties.keys().any(|name| sent.contains(name));
        let is_put = at(&Method::PUT).or(at(&Method::PATCH)).is_some();
        let is_changed = if is_put {
            is_sent
        } else {
            at(&Method::DELETE).is_some()
        };
        !self.is_seeded && !shown.has_items() && !shown.properties.is_empty() && is_changed
    }
}

/// The property that holds the key of the items of a shape, or of what is within it: the
/// parameter's own name, what it ends in, or a usual one. One that is a text and says of itself no
/// id, as `{repo}`, goes by a number last. With it how far it is from the parameter's own name: what
/// stands beside what holds an item may have a name too.
fn key_in(
    shapes: &Shapes,
    id: ShapeId,
    sent: &HashSet<String>,
    (parameter, is_text): (&str, bool),
    depth: usize,
) -> Option<(usize, String)> {
    let shape = shapes.get(id);
    if let Some(items) = shapes.of_items(shape) {
        let parameter = (parameter, is_text);
        return key_in(shapes, items, sent, parameter, depth.checked_sub(1)?);
    }
    let last = last_word(parameter);
    let names = [parameter, &last, "id", "_id", "uuid", "key", "slug", "name"];
    let is_name = is_text && !IDS.contains(&last.as_str());
    let known = |takes_numbers: bool| {
        names.iter().enumerate().find_map(|(far, name)| {
            let mut properties = shape.properties.iter();
            let exact = shape.properties.get_key_value(*name);
            let (name, property) = exact.or_else(|| properties.find(|(p, _)| alike(p, name)))?;
            let types = shapes.get(shapes.of_property(property)).types;
            let counts = types.has("integer") || types.has("number");
            let is_number = counts && !types.has("string");
            // What is an object or a list can't be written in a path.
            let is_key = !types.has("object") && !types.has("array");
            (is_key && (takes_numbers || !is_number)).then(|| (far, name.clone()))
        })
    };
    let known = known(!is_name).or_else(|| known(true).filter(|_| is_name));
    known.or_else(|| {
        let depth = depth.checked_sub(1)?;
        let inner = shape.properties.iter();
        let inner = inner.filter_map(|(name, property)| {
            let is_holder = holds(shape, name, sent);
            is_holder.then(|| {
                key_in(
                    shapes,
                    shapes.of_property(property),
                    sent,
                    (parameter, is_text),
                    depth,
                )
            })?
        });
        inner.min_by_key(|(far, _)| *far)
    })
}

/// The property that holds the key of a member of a list, of which a path parameter of this name
/// names one.
pub(super) fn key_of_member(shapes: &Shapes, id: ShapeId, parameter: &str) -> Option<String> {
    let found = key_in(shapes, id, &HashSet::new(), (parameter, false), 0);
    found.map(|(_, key)| key)
}

/// Whether a property may be what holds an item, and isn't a part of one: nothing that a client
/// sends of an item stands beside it.
pub(super) fn holds(shape: &Shape, name: &str, sent: &HashSet<String>) -> bool {
    let mut others = shape.properties.keys().filter(|other| *other != name);
    !others.any(|other| sent.contains(other))
}

/// Whether two names differ in how they are written alone.
pub(super) fn alike(one: &str, other: &str) -> bool {
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
