//! Collections, inferred from paths and response schemas.

use super::Prepared;
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
struct Found {
    name: String,
    key: String,
    parents: Vec<Parent>,
    list_path: String,
    item_path: String,
    parameter: String,
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

/// Ties operations to the collections named in `hints`, which are those that have items to start
/// with. Gives each tied collection's key property.
pub fn bind(
    operations: &mut [Prepared],
    shapes: &Shapes,
    hints: &BTreeMap<String, CollectionHint>,
) -> BTreeMap<String, String> {
    let found = collections(operations, shapes, hints);
    for operation in operations.iter_mut() {
        let path = &operation.declared.path;
        let tie = found
            .iter()
            .find(|f| f.list_path == *path || f.item_path == *path);
        operation.binding = tie.and_then(|found| tied(operation, found, shapes));
    }
    found
        .into_iter()
        .map(|found| (found.name, found.key))
        .collect()
}

fn collections(
    operations: &[Prepared],
    shapes: &Shapes,
    hints: &BTreeMap<String, CollectionHint>,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for operation in operations {
        let path = &operation.declared.path;
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
        let Some(key) = item_key(operation, shapes, parameter, hint) else {
            continue;
        };
        if found.iter().any(|known| known.name == *name) {
            continue;
        }
        let parents = above.iter().filter_map(|segment| segment.err());
        let list_path = path.rsplit_once('/').map_or("", |(list, _)| list);
        found.push(Found {
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
            item_path: path.clone(),
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
            .filter_map(|p| of(p.shape));
        inner.next()
    })
}

fn tied(operation: &Prepared, found: &Found, shapes: &Shapes) -> Option<Binding> {
    let is_item = operation.declared.path == found.item_path;
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
            let items = shape.items.or_else(|| {
                let inner = shape.properties.values().map(|p| shapes.get(p.shape).items);
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
                let list = shape
                    .properties
                    .iter()
                    .find(|(_, property)| shapes.get(property.shape).items.is_some_and(holds_item));
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
                .find(|(_, property)| holds_item(property.shape));
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
