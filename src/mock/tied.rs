//! What an operation does with the collection of its path, told from its method and its schemas.

use super::act::is_told_by;
use super::batch::batched;
use super::binding::{Action, Binding, KeyFrom, Scoped};
use super::key::{DEPTH, alike, holds};
use super::listing::{Listing, Row};
use super::paging::find;
use super::tie::{Role, Scope, ScopeParameter, Tie, TieKind};
use super::{Operations, Prepared};
use crate::rules::Merge;
use crate::spec::{Property, Shape, ShapeId, Shapes};
use crate::wire::Method;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

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
    // What leads elsewhere does nothing here; what has nothing but refusals is refused, and a
    // refusal changes nothing.
    if !(200..300).contains(&operation.declared.success()) {
        return None;
    }
    let method = &operation.declared.method;
    let has = |method: &Method, path: &str| operations.numbered(method, path);
    let kind = match &tie.kind {
        TieKind::Open if key.is_empty() => &TieKind::Single,
        kind => kind,
    };
    let (action, key_from) = match (kind, role, method) {
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
        // What doesn't say its key is in no list.
        (TieKind::Collection(_), _, _) if key.is_empty() => return None,
        (TieKind::Collection(_) | TieKind::Open, Role::List, &Method::GET) => {
            (Action::List, KeyFrom::None)
        }
        (TieKind::Collection(_) | TieKind::Open, Role::List, &Method::POST) => {
            (Action::Create, KeyFrom::None)
        }
        (TieKind::Collection(_), Role::List, &Method::PUT) => {
            (Action::Update(Merge::Whole), KeyFrom::Body)
        }
        (TieKind::Collection(_) | TieKind::Open, Role::Below | Role::Scope(_), &Method::GET) => {
            (Action::List, KeyFrom::None)
        }
        (TieKind::Collection(_) | TieKind::Open, Role::Scope(_), &Method::POST) => {
            (Action::Create, KeyFrom::None)
        }
        (TieKind::Single, _, method) => {
            let action = match *method {
                Method::GET => Action::Read,
                Method::PATCH => Action::Update(Merge::Deep),
                Method::PUT => Action::Update(Merge::Whole),
                Method::POST if tie.is_set_by_post(operations) => Action::Update(Merge::Deep),
                // One that names parts doesn't take the whole away.
                Method::DELETE if is_told_by(operation) => return None,
                Method::DELETE => Action::Delete,
                _ => return None,
            };
            (action, KeyFrom::Single)
        }
        _ => return None,
    };
    let is_single = *kind == TieKind::Single;
    let is_alone = key.is_empty();
    let holds_item = |id: ShapeId| is_alone || shapes.get(id).properties.contains_key(key);
    let reader = match is_single {
        true => has(&Method::GET, &tie.list_path),
        false => has(&Method::GET, &tie.item_path),
    };
    let lister = (!is_alone)
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
    let shown = operation.success_body().and_then(|content| content.shape);
    match (action, shown) {
        (Action::Delete, _) => {}
        (Action::List, None) => return None,
        (Action::List, Some(id)) => {
            let of_rows = |id| Row::of(shapes, id).is_some_and(|(_, item)| holds_item(item));
            let has_item = |id: ShapeId| holds_item(id) || of_rows(id);
            let mut row = None;
            let (at, items) = match list_in(shapes, id, &has_item, operation.called()) {
                Some((at, items)) if holds_item(items) => (at, Some(items)),
                Some((at, items)) => {
                    let (about, item) = Row::of(shapes, items)?;
                    row = Some(about);
                    (at, Some(item))
                }
                // Where several schemas say what the list is, its value shows it.
                None if !tie.is_seeded => {
                    let ready = operation
                        .success_body()?
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
            let read = Listing::of(operation, shapes, items, row, &has_item);
            listing = Some(Arc::new(read));
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
    // What is a list of items in one media type is one item in another.
    let mut all = operation.bodies.iter().filter_map(|content| content.shape);
    let is_one = |id: &ShapeId| !shapes.get(*id).has_items();
    let sent = all.clone().find(is_one).or_else(|| all.next());
    if action == Action::Create {
        let is_list =
            shown.is_some_and(|id| list_in(shapes, id, &holds_item, operation.called()).is_some());
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
        has_item_path: tie.kind != TieKind::Open,
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
        act: None,
        members: None,
        within: Vec::new(),
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
    called: Option<&str>,
) -> Option<(Vec<String>, ShapeId)> {
    let at = find(shapes, id, holds_item, called)?;
    let names: Vec<String> = at.tokens().collect();
    let list = names.iter().try_fold(id, |id, name| {
        Some(shapes.of_property(shapes.get(id).properties.get(name)?))
    })?;
    Some((names, shapes.of_items(shapes.get(list))?))
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
    let shown = other.and_then(|number| operations.outline(number).shown);
    let Some(shown) = shown else { return false };
    let shown = shapes.of_items(shapes.get(shown)).unwrap_or(shown);
    let name = |id| shapes.component(id);
    shown == items || name(shown).is_some() && name(shown) == name(items)
}
