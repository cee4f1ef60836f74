//! What is known of a value before there is one: its kinds, and what stands in it.

use super::kinds::Kinds;
use crate::spec::{Node, ShapeId, Shapes};
use std::collections::BTreeMap;

/// How far a schema is followed for its types.
const DEPTH: usize = 20;
/// How many schemas a value may be of; of more nothing is known.
const SCHEMAS: usize = 20;

/// What a value may be.
#[derive(Debug, Clone)]
pub(super) struct Type {
    pub(super) kinds: Kinds,
    /// The strings that it may be; nothing where those aren't known.
    texts: Option<Vec<String>>,
    /// What stands in it, where it is an object or a list; nothing where that isn't known.
    inside: Option<Inside>,
}

/// What stands in objects and lists: any of these.
#[derive(Debug, Clone, Default)]
struct Inside {
    /// What schemas say.
    schemas: Vec<ShapeId>,
    /// The members of objects that are known by name.
    members: Option<BTreeMap<String, Type>>,
    /// The members of objects of any other name.
    others: Option<Box<Type>>,
    /// The items of lists.
    items: Option<Box<Type>>,
}

/// Why there is no member of a name.
#[derive(Debug)]
pub(super) enum NoMember {
    /// The value is no object.
    Scalar,
    /// None of its schemas has one; those that there are.
    Undeclared(Vec<String>),
    /// There are only these.
    Unknown(Vec<String>),
}

impl Type {
    /// Of which nothing is known.
    pub(super) fn any() -> Type {
        Type {
            kinds: Kinds::ANY,
            texts: None,
            inside: None,
        }
    }

    /// Of these kinds; of what stands in it nothing is known.
    pub(super) fn of(kinds: Kinds) -> Type {
        let is_deep = kinds.has(Kinds::LIST | Kinds::MAP);
        Type {
            kinds,
            texts: None,
            inside: (!is_deep).then(Inside::default),
        }
    }

    /// A list of such items.
    pub(super) fn list(items: Type) -> Type {
        Type {
            kinds: Kinds::LIST,
            texts: None,
            inside: Some(Inside {
                items: Some(Box::new(items)),
                ..Inside::default()
            }),
        }
    }

    /// An object of such members, whatever their names.
    pub(super) fn map(members: Type) -> Type {
        Type {
            kinds: Kinds::MAP,
            texts: None,
            inside: Some(Inside {
                others: Some(Box::new(members)),
                ..Inside::default()
            }),
        }
    }

    /// The same string, whatever is sent.
    pub(super) fn text(text: &str) -> Type {
        Type {
            texts: Some(vec![text.to_owned()]),
            ..Type::of(Kinds::STRING)
        }
    }

    /// The strings that it may be; nothing where those aren't known.
    pub(super) fn texts(&self) -> Option<&[String]> {
        match self.kinds.has(Kinds::STRING) {
            true => self.texts.as_deref(),
            false => Some(&[]),
        }
    }

    /// An object of these members and no others.
    pub(super) fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Type)>) -> Type {
        let members = members.into_iter().map(|(name, kind)| (name.into(), kind));
        Type {
            kinds: Kinds::MAP,
            texts: None,
            inside: Some(Inside {
                members: Some(members.collect()),
                ..Inside::default()
            }),
        }
    }

    /// A value that is valid by a schema.
    pub(super) fn of_schema(shapes: &Shapes, id: ShapeId) -> Type {
        let schema = shapes.document().node(shapes.schema(id));
        Type {
            kinds: kinds(shapes, schema, 0).unwrap_or(Kinds::ANY),
            texts: texts(shapes, schema, 0),
            inside: Some(Inside {
                schemas: vec![id],
                ..Inside::default()
            }),
        }
    }

    /// What is one of both.
    pub(super) fn or(self, other: Type) -> Type {
        let kinds = self.kinds | other.kinds;
        let texts = match (self.texts(), other.texts()) {
            (Some(one), Some(other)) => Some([one, other].concat()),
            _ => None,
        };
        let (Some(mut one), Some(other)) = (self.inside, other.inside) else {
            return Type {
                kinds,
                texts,
                inside: None,
            };
        };
        for id in other.schemas {
            if !one.schemas.contains(&id) {
                one.schemas.push(id);
            }
        }
        one.members = match (one.members, other.members) {
            (Some(mut members), Some(others)) => {
                for (name, kind) in others {
                    let known = members.remove(&name);
                    let both = match known {
                        Some(known) => known.or(kind),
                        None => kind,
                    };
                    members.insert(name, both);
                }
                Some(members)
            }
            (one, other) => one.or(other),
        };
        let both = |one: Option<Box<Type>>, other: Option<Box<Type>>| match (one, other) {
            (Some(one), Some(other)) => Some(Box::new(one.or(*other))),
            (one, other) => one.or(other),
        };
        one.items = both(one.items, other.items);
        one.others = both(one.others, other.others);
        let is_known = one.schemas.len() <= SCHEMAS;
        Type {
            kinds,
            texts,
            inside: is_known.then_some(one),
        }
    }

    /// A member of it.
    pub(super) fn member(&self, shapes: &Shapes, name: &str) -> Result<Type, NoMember> {
        if !self.kinds.has(Kinds::MAP) {
            return match self.kinds.is_none() {
                true => Ok(Type::of(Kinds::NONE)),
                false => Err(NoMember::Scalar),
            };
        }
        let Some(inside) = &self.inside else {
            return Ok(Type::any());
        };
        let written = inside.members.as_ref().and_then(|all| all.get(name));
        let declared = inside.schemas.iter().map(|id| declared(shapes, *id, name));
        let written = written.or(inside.others.as_deref());
        let found = written.cloned().into_iter().chain(declared.flatten());
        if let Some(found) = found.reduce(Type::or) {
            return Ok(found);
        }
        let mut names: Vec<String> = inside
            .members
            .iter()
            .flat_map(|all| all.keys().cloned())
            .collect();
        if inside.schemas.is_empty() {
            return match inside.members.is_some() {
                true => Err(NoMember::Unknown(names)),
                // What has schemas or names for lists alone.
                false => Ok(Type::any()),
            };
        }
        let known = inside
            .schemas
            .iter()
            .flat_map(|id| shapes.get(*id).properties.keys());
        names.extend(known.cloned());
        Err(NoMember::Undeclared(names))
    }

    /// An item of it, or a value of a member of any name.
    pub(super) fn item(&self, shapes: &Shapes) -> Type {
        let inside = self.inside.as_ref();
        if let Some(others) = inside.and_then(|inside| inside.others.as_deref()) {
            return match self.kinds == Kinds::MAP {
                true => others.clone(),
                false => Type::any(),
            };
        }
        let Some(inside) = inside.filter(|_| !self.kinds.has(Kinds::MAP)) else {
            return Type::any();
        };
        let written = inside.items.as_deref().cloned();
        let declared = inside.schemas.iter().map(|id| {
            let items = shapes.of_items(shapes.get(*id));
            items.map_or_else(Type::any, |items| Type::of_schema(shapes, items))
        });
        let all = written.into_iter().chain(declared);
        all.reduce(Type::or)
            .unwrap_or_else(|| Type::of(Kinds::NONE))
    }
}

/// What a schema says of a property; nothing where it has none of that name.
fn declared(shapes: &Shapes, id: ShapeId, name: &str) -> Option<Type> {
    let shape = shapes.get(id);
    if let Some(property) = shape.properties.get(name) {
        return Some(Type::of_schema(shapes, shapes.of_property(property)));
    }
    if let Some(id) = shapes.of_pattern(shape, name) {
        return Some(Type::of_schema(shapes, id));
    }
    if let Some(id) = shapes.of_additional(shape) {
        return Some(Type::of_schema(shapes, id));
    }
    shape.is_open().then(Type::any)
}

/// The kinds that a schema allows, at most; nothing where it doesn't say.
fn kinds(shapes: &Shapes, schema: Node<'_>, depth: usize) -> Option<Kinds> {
    if depth > DEPTH {
        return None;
    }
    let deeper = |schema: Node<'_>| kinds(shapes, schema, depth + 1);
    // All that it says of its type holds at once.
    let mut all: Option<Kinds> = None;
    let mut meet = |kinds: Kinds| {
        all = Some(all.map_or(kinds, |known| known.and(kinds)));
    };
    if let Some(named) = schema.get("type") {
        let is_nullable = |name| schema.get(name).and_then(Node::as_bool) == Some(true);
        let one = named.text().map(|name| Kinds::of_json(&name));
        let several = named.items().filter_map(Node::text);
        let several = several.fold(Kinds::NONE, |all, name| all | Kinds::of_json(&name));
        let said = one.unwrap_or(several);
        meet(match is_nullable("nullable") || is_nullable("x-nullable") {
            true => said | Kinds::NULL,
            false => said,
        });
    }
    if let Some(values) = schema.get("enum") {
        meet(
            values
                .items()
                .fold(Kinds::NONE, |all, value| all | of_value(value)),
        );
    }
    if let Some(value) = schema.get("const") {
        meet(of_value(value));
    }
    let document = shapes.document();
    if schema.get("$ref").is_some() {
        let target = document.referred(schema.at());
        deeper(document.node(target)).map(&mut meet);
    }
    for part in schema.get("allOf").into_iter().flat_map(Node::items) {
        deeper(part).map(&mut meet);
    }
    for keyword in ["anyOf", "oneOf"] {
        let parts = schema.get(keyword).into_iter().flat_map(Node::items);
        let parts: Option<Vec<Kinds>> = parts.map(deeper).collect();
        let parts = parts.filter(|parts| !parts.is_empty());
        parts
            .map(|parts| parts.into_iter().fold(Kinds::NONE, Kinds::or))
            .map(&mut meet);
    }
    // What nothing satisfies is no fault of the rules.
    all.filter(|kinds| !kinds.is_none())
}

/// The strings that a schema allows, at most; nothing where it doesn't list them.
fn texts(shapes: &Shapes, schema: Node<'_>, depth: usize) -> Option<Vec<String>> {
    if depth > DEPTH {
        return None;
    }
    let deeper = |schema: Node<'_>| texts(shapes, schema, depth + 1);
    if let Some(values) = schema.get("enum") {
        return Some(values.items().filter_map(written).collect());
    }
    if let Some(value) = schema.get("const") {
        return Some(written(value).into_iter().collect());
    }
    if kinds(shapes, schema, depth).is_some_and(|kinds| !kinds.has(Kinds::STRING)) {
        return Some(Vec::new());
    }
    let document = shapes.document();
    let target = || document.node(document.referred(schema.at()));
    let referred = schema.get("$ref").and_then(|_| deeper(target()));
    let parts = || schema.get("allOf").into_iter().flat_map(Node::items);
    let alternatives = || {
        ["anyOf", "oneOf"].into_iter().find_map(|keyword| {
            let parts: Vec<Node<'_>> = schema.get(keyword)?.items().collect();
            let all: Option<Vec<Vec<String>>> = parts.into_iter().map(deeper).collect();
            all.filter(|all| !all.is_empty()).map(|all| all.concat())
        })
    };
    referred
        .or_else(|| parts().find_map(deeper))
        .or_else(alternatives)
}

fn written(value: Node<'_>) -> Option<String> {
    match value.value() {
        serde_json::Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn of_value(value: Node<'_>) -> Kinds {
    match value.value() {
        serde_json::Value::Null => Kinds::NULL,
        serde_json::Value::Bool(_) => Kinds::BOOL,
        serde_json::Value::Number(_) => Kinds::INT | Kinds::DOUBLE,
        serde_json::Value::String(_) => Kinds::STRING,
        serde_json::Value::Array(_) => Kinds::LIST,
        serde_json::Value::Object(_) => Kinds::MAP,
    }
}
