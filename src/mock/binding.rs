//! Collections, inferred from paths and response schemas.

use super::update::key_text;
use super::{Operations, Prepared};
use crate::decode::Parameters;
use crate::route::PathTemplate;
use crate::rules::Merge;
use crate::spec::{Location, ShapeId, Shapes};
use crate::wire::{Method, Pointer};
use std::collections::BTreeMap;

/// What an operation does with a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Shows the items.
    List,
    /// Shows one.
    Read,
    /// Changes one.
    Update(Merge),
    /// Removes one.
    Delete,
}

/// An operation's tie to a collection.
#[derive(Debug, Clone)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The collection's name.
    pub collection: String,
    /// The property of an item that holds its key.
    pub key: String,
    /// The query parameters that filter a list: those named as a property of the items.
    pub filters: Vec<String>,
    /// The path parameter that names the item; none for a list.
    pub item_parameter: Option<String>,
    /// The items above, outermost first.
    pub parents: Vec<Parent>,
    /// The property of the reply that holds the item or the items, where they don't stand alone.
    pub envelope: Option<String>,
    /// The properties of a list's reply that count the items.
    pub totals: Vec<String>,
}

/// An item that others hang on.
#[derive(Debug, Clone)]
pub struct Parent {
    /// The path parameter that names it, and the property of the items below that holds its key.
    pub parameter: String,
    /// Its collection, where that is known.
    pub collection: Option<String>,
}

impl Binding {
    /// The same, an update applying its body in another way.
    pub(super) fn with_merge(mut self, merge: Merge) -> Binding {
        if let Action::Update(how) = &mut self.action {
            *how = merge;
        }
        self
    }

    /// What a reply shows of the collection, in words.
    pub fn told(&self, parameters: &Parameters) -> String {
        let key = self.item_parameter.as_ref();
        match key.and_then(|name| parameters.path.get(name)) {
            Some(key) => format!("item {} of {}", key_text(Some(key)), self.collection),
            None => format!("collection {}", self.collection),
        }
    }

    /// A place of the reply's body as a place of the item in it.
    pub fn inner(&self, at: Pointer) -> Pointer {
        let Some(name) = &self.envelope else {
            return at;
        };
        let envelope = Pointer::root().child(name);
        let inner = at.as_str().strip_prefix(envelope.as_str());
        inner.and_then(Pointer::parse).unwrap_or(at)
    }
}

/// What the fixtures' settings say of a collection.
#[derive(Debug, Clone, Default)]
pub struct CollectionHint {
    /// The property that holds the key.
    pub key: Option<String>,
    /// Parents: path parameter and collection.
    pub parents: BTreeMap<String, String>,
}

/// A collection of the paths: `/x` and `/x/{id}`.
#[derive(Debug)]
pub struct Tie {
    /// Its name.
    pub name: String,
    /// The property of its items that holds their key.
    pub key: String,
    /// The path of one item.
    pub item_path: String,
    list_path: String,
    parents: Vec<Parent>,
    parameter: String,
}

impl Tie {
    /// Whether operations of this path work on the collection.
    pub(super) fn takes_in(&self, path: &str) -> bool {
        self.list_path == path || self.item_path == path
    }
}

/// Names of properties that hold how many items there are.
const TOTALS: [&str; 6] = [
    "total",
    "count",
    "totalCount",
    "total_count",
    "totalItems",
    "total_items",
];

/// The collections of the paths among those named in `hints`, which are those that have items to
/// start with.
pub fn collections(
    operations: &Operations,
    shapes: &Shapes,
    hints: &BTreeMap<String, CollectionHint>,
) -> Vec<Tie> {
    let mut found: Vec<Tie> = Vec::new();
    if hints.is_empty() {
        return found;
    }
    for (number, stub) in operations.stubs().iter().enumerate() {
        let path = &*stub.path;
        if found.iter().any(|known| known.item_path == *path) {
            continue;
        }
        let template = PathTemplate::parse(path).ok();
        let Some(segments) = template.as_ref().and_then(PathTemplate::plain) else {
            continue;
        };
        let [above @ .., Ok(name), Err(parameter)] = segments.as_slice() else {
            continue;
        };
        let Some(hint) = hints.get(*name) else {
            continue;
        };
        if found.iter().any(|known| known.name == *name) {
            continue;
        }
        let operation = operations.prepare(number);
        let Some(key) = item_key(&operation, shapes, parameter, hint) else {
            continue;
        };
        let parents = above.iter().filter_map(|segment| segment.err());
        let list_path = path.rsplit_once('/').map_or("", |(list, _)| list);
        found.push(Tie {
            name: (*name).to_owned(),
            key,
            parents: parents
                .map(|parameter| Parent {
                    parameter: parameter.to_owned(),
                    collection: hint.parents.get(parameter).cloned().or_else(|| {
                        let before = above.iter().position(|s| *s == Err(parameter))?;
                        let name = above.get(before.checked_sub(1)?)?.ok()?;
                        hints.contains_key(name).then(|| name.to_owned())
                    }),
                })
                .collect(),
            list_path: list_path.to_owned(),
            item_path: path.to_owned(),
            parameter: (*parameter).to_owned(),
        });
    }
    found
}

/// The property of the item that holds its key: what the settings say, the parameter's own name,
/// or a usual one.
fn item_key(
    operation: &Prepared,
    shapes: &Shapes,
    parameter: &str,
    hint: &CollectionHint,
) -> Option<String> {
    let shape = operation.success_json()?.shape?;
    if let Some(key) = &hint.key {
        return Some(key.clone());
    }
    let names = [parameter, "id", "_id", "uuid", "key", "slug", "name"];
    let of = |id: ShapeId| {
        let properties = &shapes.get(id).properties;
        names
            .iter()
            .find(|name| properties.contains_key(**name))
            .map(|name| (*name).to_owned())
    };
    of(shape).or_else(|| {
        let mut inner = shapes
            .get(shape)
            .properties
            .values()
            .filter_map(|p| of(shapes.of_property(p)));
        inner.next()
    })
}

/// What an operation does with a collection that its path belongs to.
pub(super) fn tied(operation: &Prepared, found: &Tie, shapes: &Shapes) -> Option<Binding> {
    let is_item = *operation.declared.path == *found.item_path;
    let action = match (is_item, operation.declared.method.clone()) {
        (false, Method::GET) => Action::List,
        (true, Method::GET) => Action::Read,
        (true, Method::PATCH) => Action::Update(Merge::Deep),
        (true, Method::PUT) => Action::Update(Merge::Whole),
        (true, Method::DELETE) => Action::Delete,
        _ => return None,
    };
    let mut envelope = None;
    let mut totals = Vec::new();
    let mut filters = Vec::new();
    if let Some(id) = operation.success_json().and_then(|content| content.shape)
        && action != Action::Delete
    {
        let shape = shapes.get(id);
        let holds_item = |id: ShapeId| shapes.get(id).properties.contains_key(&found.key);
        if action == Action::List {
            let items = shapes.of_items(shape).or_else(|| {
                let inner = shape.properties.values();
                let inner = inner.map(|p| shapes.of_items(shapes.get(shapes.of_property(p))));
                inner.flatten().find(|id| holds_item(*id))
            });
            let declared = items.map(|id| &shapes.get(id).properties);
            let named = operation.parameters.iter().map(|reader| &reader.parameter);
            filters = named
                .filter(|p| p.location == Location::Query)
                .filter(|p| declared.is_some_and(|all| all.contains_key(&p.name)))
                .map(|p| p.name.clone())
                .collect();
            if !shape.types.has("array") {
                let list = shape.properties.iter().find(|(_, property)| {
                    let inner = shapes.get(shapes.of_property(property));
                    shapes.of_items(inner).is_some_and(holds_item)
                });
                envelope = Some(list?.0.clone());
                let counts = TOTALS
                    .iter()
                    .filter(|name| shape.properties.contains_key(**name));
                totals = counts.map(|name| (*name).to_owned()).collect();
            }
        } else if !holds_item(id) {
            let item = shape
                .properties
                .iter()
                .find(|(_, property)| holds_item(shapes.of_property(property)));
            envelope = Some(item?.0.clone());
        }
    }
    Some(Binding {
        action,
        collection: found.name.clone(),
        key: found.key.clone(),
        filters,
        item_parameter: is_item.then(|| found.parameter.clone()),
        parents: found.parents.clone(),
        envelope,
        totals,
    })
}
