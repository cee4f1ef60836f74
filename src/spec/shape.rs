//! What a schema says of the *form* of a value: which types, which properties, in which order.
//! Whether a value is valid is for the compiled schema to say; a shape tells how to read text
//! as the right type, what an update may touch, and what a reply shows.

use super::dialect::Dialect;
use super::document::Document;
use super::model::{Location, Style};
use super::tree::{At, Node};
use super::v20;
use super::xml::Xml;
use indexmap::IndexMap;
use indexmap::map::Entry;
use regex::{Regex, RegexBuilder};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many schemas may lead on to each other without a step into the value: a schema past that
/// can't be compiled either, and each takes room on the stack.
const DEPTH: usize = 200;
/// How large a compiled pattern of names may be, in bytes.
const PATTERN_LIMIT: usize = 1 << 20;
/// How many schemas one property may have by `allOf`: each set of them is a shape of its own.
const JOINED: usize = 8;
/// How many such sets there may be.
const SETS: usize = 50_000;
/// How many references may lead to the component that a schema is.
const CHAIN_LIMIT: usize = 20;

/// Names a shape in its [`Shapes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShapeId(usize);

/// The shapes of a document, each built once, when it is first asked for; recursive schemas are
/// loops of ids. Reading one that is known takes no lock.
#[derive(Debug)]
pub struct Shapes {
    document: Arc<Document>,
    shapes: boxcar::Vec<Shape>,
    known: Mutex<Known>,
}

/// The shapes that are built: of one schema, and of several that are joined.
#[derive(Debug, Default)]
struct Known {
    single: HashMap<At, ShapeId>,
    joined: HashMap<Vec<At>, ShapeId>,
}

/// The way to a shape that may not be built yet.
#[derive(Debug, Clone)]
struct Link {
    at: At,
    /// Other schemas that the same value must meet: `allOf` may declare a property in each part.
    joined: Vec<At>,
    id: OnceLock<ShapeId>,
}

/// The form of one schema, with what it takes in by `$ref`, `allOf`, `anyOf`, `oneOf`
/// and `if`/`then`/`else`.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    at: At,
    joined: Vec<At>,
    /// The types it allows; none where it doesn't say.
    pub types: Types,
    /// The declared properties, in document order.
    pub properties: IndexMap<String, Property>,
    /// The items of an array.
    items: Option<Link>,
    /// The items before them that have a schema of their own each.
    prefix: Vec<Link>,
    additional: Option<Link>,
    /// What properties are whose names match: the patterns that the linear engine knows. What
    /// another says of types is not known, and is left to the compiled schema.
    patterns: Vec<(Regex, Link)>,
    /// How the items of an array are written that is itself an item in a text: the
    /// `collectionFormat` of Swagger 2.0, which alone writes lists of lists.
    pub collection: Option<Style>,
    /// Whether a string of it is octets, not text: `format: binary`, or a `contentMediaType`
    /// that no `contentEncoding` turns into text (OpenAPI 3.1.1 §4.8.24.4).
    pub octets: bool,
    /// Whether a string of it is octets written as text: it has a `contentEncoding`, or
    /// the format `byte` of earlier versions.
    pub coded: bool,
    /// How it is written in XML.
    pub xml: Xml,
    /// The default value.
    pub default: Option<Value>,
    /// Whether it is sent by the server alone.
    pub read_only: bool,
    /// Whether it is sent by the client alone.
    pub write_only: bool,
    /// Whether a string of it is for no one to see: `format: password`.
    pub is_password: bool,
    says_open: bool,
    says_closed: bool,
    /// What it requires and declares nowhere.
    undeclared: Vec<Box<str>>,
    /// What else it speaks of by its name: in conditions, and as what others need.
    mentioned: Vec<Box<str>>,
    /// Whether it has patterns of names that the linear engine doesn't know.
    has_odd_patterns: bool,
}

/// A declared property.
#[derive(Debug, Clone)]
pub struct Property {
    shape: Link,
    /// Whether the schema requires it.
    pub required: bool,
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Types(u8);

impl Types {
    const NAMES: [&'static str; 7] = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ];

    /// Whether the schema says nothing of the type.
    pub fn is_unsaid(self) -> bool {
        self.0 == 0
    }

    /// Whether a type of this name is among them.
    pub fn has(self, name: &str) -> bool {
        Types::NAMES
            .iter()
            .position(|known| *known == name)
            .is_some_and(|bit| self.0 & (1 << bit) != 0)
    }

    /// Whether a value that isn't null may be of both; whole numbers are numbers.
    pub fn shares(self, other: Types) -> bool {
        let counts = |types: Types| types.has("integer") || types.has("number");
        let all = Types::NAMES.into_iter().filter(|name| *name != "null");
        let mut both = all.filter(|name| self.has(name) && other.has(name));
        both.next().is_some() || counts(self) && counts(other)
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Types::NAMES.into_iter().filter(move |name| self.has(name))
    }

    fn add(&mut self, name: &str) {
        if let Some(bit) = Types::NAMES.iter().position(|known| *known == name) {
            self.0 |= 1 << bit;
        }
    }
}

impl Shape {
    /// Whether it says what the items of an array are.
    pub fn has_items(&self) -> bool {
        self.items.is_some()
    }

    /// Whether it says what the first items of an array are, each by itself.
    pub fn has_prefix(&self) -> bool {
        !self.prefix.is_empty()
    }

    /// Whether it says what undeclared properties are.
    pub fn has_additional(&self) -> bool {
        self.additional.is_some()
    }

    /// Whether it says what properties are whose names match a pattern.
    pub fn has_patterns(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// Whether a property of this name is one that `patternProperties` tells of.
    pub fn has_pattern_of(&self, name: &str) -> bool {
        self.pattern_of(name).is_some()
    }

    fn pattern_of(&self, name: &str) -> Option<&Link> {
        let mut patterns = self.patterns.iter();
        let found = patterns.find(|(pattern, _)| pattern.is_match(name));
        found.map(|(_, link)| link)
    }

    /// Whether undeclared properties belong to it: it says so (`additionalProperties`,
    /// `patternProperties`), or it declares none and doesn't forbid them, as a free-form map does.
    pub fn is_open(&self) -> bool {
        !self.says_closed && (self.says_open || self.properties.is_empty())
    }

    /// Whether an undeclared property of this name belongs to it: any does where it is open, and
    /// one that it requires or speaks of otherwise, or has a pattern for.
    pub fn admits(&self, name: &str) -> bool {
        self.is_open() || self.requires(name) || self.mentions(name) || self.has_pattern_of(name)
    }

    /// Whether it may speak of a property of this name elsewhere than where properties are declared: in
    /// a condition, as one that another needs, or by a pattern that the linear engine doesn't know.
    pub fn mentions(&self, name: &str) -> bool {
        self.has_odd_patterns || self.mentioned.iter().any(|known| **known == *name)
    }

    fn mention<'n>(&mut self, names: impl Iterator<Item = Cow<'n, str>>) {
        for name in names {
            if !self.mentioned.iter().any(|known| **known == *name) {
                self.mentioned.push(name.into());
            }
        }
    }

    /// Whether it requires a property of this name, and declares it nowhere.
    pub fn requires(&self, name: &str) -> bool {
        self.undeclared.iter().any(|known| **known == *name)
    }
}

impl Link {
    fn new(node: Node<'_>) -> Link {
        Link {
            at: node.at(),
            joined: Vec::new(),
            id: OnceLock::new(),
        }
    }

    fn join(&mut self, node: Node<'_>) {
        let at = node.at();
        if at != self.at && !self.joined.contains(&at) && self.joined.len() + 1 < JOINED {
            self.joined.push(at);
        }
    }
}

impl Shapes {
    /// The shapes of a document, none built yet.
    pub fn new(document: Arc<Document>) -> Shapes {
        Shapes {
            document,
            shapes: boxcar::Vec::new(),
            known: Mutex::default(),
        }
    }

    /// The shape of an id that these shapes gave.
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0]
    }

    /// The shape of the schema at a place.
    pub fn of(&self, at: At) -> ShapeId {
        // The place is that of what an alias stands for.
        let at = self.document.node(at).at();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = known.single.get(&at) {
            return *id;
        }
        let id = self.build(at, Vec::new());
        known.single.insert(at, id);
        id
    }

    /// The shape of what must meet several schemas.
    fn of_joined(&self, link: &Link) -> ShapeId {
        let place = |at: At| self.document.node(at).at();
        let mut all = vec![place(link.at)];
        for at in link.joined.iter().copied().map(place) {
            if !all.contains(&at) {
                all.push(at);
            }
        }
        if let [only] = all.as_slice() {
            return self.of(*only);
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = known.joined.get(&all) {
            return *id;
        }
        // Past that, a document is made to have ever more of them.
        if known.joined.len() >= SETS {
            drop(known);
            return self.of(all[0]);
        }
        let id = self.build(all[0], all[1..].to_vec());
        known.joined.insert(all, id);
        id
    }

    fn build(&self, at: At, joined: Vec<At>) -> ShapeId {
        let mut shape = Shape {
            at,
            ..Shape::default()
        };
        let schema = self.document.node(at);
        let mut seen = HashSet::new();
        self.absorb(schema, &mut shape, &mut seen, 0, true);
        for at in &joined {
            self.absorb(self.document.node(*at), &mut shape, &mut seen, 0, true);
        }
        // What is derived from it is of it, though not of what is derived beside that.
        let whole = self.document.node(self.document.referred(at));
        for at in self.document.derived(whole) {
            self.absorb(self.document.node(at), &mut shape, &mut seen, 1, false);
        }
        shape.joined = joined;
        shape.xml = Xml::of(&self.document, schema);
        if self.document.dialect == Dialect::V20 && shape.types.has("array") {
            shape.collection = Some(v20::collection(schema, Location::Query).0);
        }
        ShapeId(self.shapes.push(shape))
    }

    /// The shape of a declared property.
    pub fn of_property(&self, property: &Property) -> ShapeId {
        self.of_link(&property.shape)
    }

    /// The shape of an array's items.
    pub fn of_items(&self, shape: &Shape) -> Option<ShapeId> {
        shape.items.as_ref().map(|link| self.of_link(link))
    }

    /// The shape of an array's item by its number.
    pub fn of_item(&self, shape: &Shape, index: usize) -> Option<ShapeId> {
        match shape.prefix.get(index) {
            Some(link) => Some(self.of_link(link)),
            None => self.of_items(shape),
        }
    }

    /// The shape of a property that `patternProperties` tells of: the first that matches.
    pub fn of_pattern(&self, shape: &Shape, name: &str) -> Option<ShapeId> {
        shape.pattern_of(name).map(|link| self.of_link(link))
    }

    /// The shape of undeclared properties, where `additionalProperties` is a schema.
    pub fn of_additional(&self, shape: &Shape) -> Option<ShapeId> {
        shape.additional.as_ref().map(|link| self.of_link(link))
    }

    /// Whether it is of objects whose properties have no names of their own.
    pub fn is_map(&self, id: ShapeId) -> bool {
        let shape = self.get(id);
        shape.properties.is_empty() && self.of_additional(shape).is_some()
    }

    /// The shape of a property that isn't declared by its name: what a pattern says of it, else what
    /// is said of all others.
    pub fn of_undeclared(&self, shape: &Shape, name: &str) -> Option<ShapeId> {
        let of_pattern = self.of_pattern(shape, name);
        of_pattern.or_else(|| self.of_additional(shape))
    }

    /// The schema of a shape.
    pub fn schema(&self, id: ShapeId) -> At {
        self.get(id).at
    }

    /// The name of the component that a shape's schema is, or refers to.
    pub fn component(&self, id: ShapeId) -> Option<String> {
        let mut schema = self.document.node(self.get(id).at);
        for _ in 0..CHAIN_LIMIT {
            let pointer = self.document.origin(schema.at()).pointer;
            let mut tokens: Vec<String> = pointer.tokens().collect();
            let name = tokens.pop();
            let holder: Vec<&str> = tokens.iter().map(String::as_str).collect();
            if [&["components", "schemas"][..], &["definitions"]].contains(&holder.as_slice()) {
                return name;
            }
            schema = self.referred(schema)?;
        }
        None
    }

    /// What the schema of a shape says under a keyword, or the first that does of those that it
    /// takes in by `$ref`, `allOf`, `anyOf` and `oneOf`.
    pub fn says(&self, id: ShapeId, keyword: &str) -> Option<Node<'_>> {
        let shape = self.get(id);
        let mut seen = HashSet::new();
        let mut all = std::iter::once(&shape.at).chain(&shape.joined);
        all.find_map(|at| self.said(self.document.node(*at), keyword, &mut seen))
    }

    /// The document that they are of.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Those of a document that holds one schema, and its shape.
    #[cfg(test)]
    pub(crate) fn of_schema(schema: &Value) -> (Shapes, ShapeId) {
        let mut root = serde_json::json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        });
        if let (Some(root), Some(schema)) = (root.as_object_mut(), schema.as_object()) {
            root.extend(schema.clone());
        }
        let opening = super::Opening {
            path: None,
            reach: &super::Reach::default(),
            overlays: &[],
        };
        let source = super::Source::new("test.json", root.to_string());
        let document = Document::read(source, &opening).expect("a document");
        let at = document.root().at();
        let shapes = Shapes::new(Arc::new(document));
        let id = shapes.of(at);
        (shapes, id)
    }

    fn of_link(&self, link: &Link) -> ShapeId {
        *link.id.get_or_init(|| match link.joined.is_empty() {
            true => self.of(link.at),
            false => self.of_joined(link),
        })
    }

    /// `joins` tells whether a value meets this schema beside what was absorbed before, and not
    /// instead of it.
    fn absorb(
        &self,
        schema: Node<'_>,
        shape: &mut Shape,
        seen: &mut HashSet<At>,
        depth: usize,
        joins: bool,
    ) {
        if !schema.is_object() || depth > DEPTH || !seen.insert(schema.at()) {
            return;
        }
        if let Some(target) = self.referred(schema) {
            self.absorb(target, shape, seen, depth + 1, joins);
        }
        let (mut composed, mut properties) = (Vec::new(), None);
        let (mut required, mut nullable) = (None, false);
        for (keyword, value) in schema.entries() {
            match &*keyword {
                // 2.0's type of what is uploaded.
                "type" if value.is_text("file") => {
                    shape.types.add("string");
                    shape.octets = true;
                }
                "type" => match value.text() {
                    Some(name) => shape.types.add(&name),
                    None => value
                        .items()
                        .filter_map(Node::text)
                        .for_each(|name| shape.types.add(&name)),
                },
                "nullable" | "x-nullable" => nullable |= value.as_bool() == Some(true),
                "default" => {
                    shape.default.get_or_insert_with(|| value.value());
                }
                "readOnly" => shape.read_only |= value.as_bool() == Some(true),
                "writeOnly" => shape.write_only |= value.as_bool() == Some(true),
                "properties" => properties = self.document.resolve(value).ok(),
                "required" => required = Some(value),
                "items" if value.is_object() => match &mut shape.items {
                    Some(items) if joins => items.join(value),
                    Some(_) => {}
                    None => shape.items = Some(Link::new(value)),
                },
                "prefixItems" if shape.prefix.is_empty() => {
                    shape.prefix = value.items().map(Link::new).collect();
                }
                "additionalProperties" | "unevaluatedProperties" => match value.as_bool() {
                    Some(false) => shape.says_closed = true,
                    _ => {
                        shape.says_open = true;
                        if value.is_object() && shape.additional.is_none() {
                            shape.additional = Some(Link::new(value));
                        }
                    }
                },
                "format" => {
                    shape.octets |= value.is_text("binary");
                    shape.coded |= value.is_text("byte");
                    shape.is_password |= value.is_text("password");
                }
                "contentEncoding" => shape.coded = true,
                "contentMediaType" => {
                    let name = value.text().unwrap_or_default();
                    let is_text = name.starts_with("text/") || name.ends_with("json");
                    shape.octets |= !is_text && schema.get("contentEncoding").is_none();
                }
                "patternProperties" => {
                    shape.says_open = true;
                    for (pattern, value) in value.entries() {
                        let mut builder = RegexBuilder::new(&pattern);
                        match builder.size_limit(PATTERN_LIMIT).build() {
                            Ok(pattern) => shape.patterns.push((pattern, Link::new(value))),
                            Err(_) => shape.has_odd_patterns = true,
                        }
                    }
                }
                "allOf" => composed.extend(value.items().map(|part| (part, joins))),
                "anyOf" | "oneOf" => composed.extend(value.items().map(|part| (part, false))),
                "then" | "else" => composed.push((value, false)),
                "if" => {
                    let properties = value.get("properties").into_iter();
                    let names = properties.flat_map(Node::entries).map(|(name, _)| name);
                    let required = value.get("required").into_iter().flat_map(Node::items);
                    shape.mention(names.chain(required.filter_map(Node::text)));
                }
                "dependentRequired" | "dependentSchemas" | "dependencies" => {
                    for (name, needed) in value.entries() {
                        shape.mention([name].into_iter());
                        match needed.is_array() {
                            true => shape.mention(needed.items().filter_map(Node::text)),
                            false => composed.push((needed, false)),
                        }
                    }
                }
                _ => {}
            }
        }
        if let Some(rest) = schema
            .get("unevaluatedItems")
            .filter(|rest| rest.is_object())
        {
            shape.items.get_or_insert_with(|| Link::new(rest));
        }
        if nullable && !shape.types.is_unsaid() {
            shape.types.add("null");
        }
        for (name, value) in properties.into_iter().flat_map(Node::entries) {
            match shape.properties.entry(name.into_owned()) {
                Entry::Occupied(mut known) => {
                    // What objects of several alternatives have is what any of them has.
                    let first = self.document.node(known.get().shape.at);
                    let are_objects = || self.is_plain_object(first) && self.is_plain_object(value);
                    if joins || are_objects() {
                        known.get_mut().shape.join(value);
                    }
                }
                Entry::Vacant(place) => {
                    let required = shape.undeclared.iter();
                    let required = required.clone().position(|name| **name == **place.key());
                    required.map(|index| shape.undeclared.swap_remove(index));
                    place.insert(Property {
                        shape: Link::new(value),
                        required: required.is_some(),
                    });
                }
            }
        }
        for name in required
            .into_iter()
            .flat_map(Node::items)
            .filter_map(Node::text)
        {
            match shape.properties.get_mut(&*name) {
                Some(property) => property.required = true,
                None => shape.undeclared.push(name.into()),
            }
        }
        for (part, joins) in composed {
            self.absorb(part, shape, seen, depth + 1, joins);
        }
    }

    /// Whether a schema has properties, and is of both sides.
    fn is_plain_object<'d>(&'d self, mut schema: Node<'d>) -> bool {
        for _ in 0..CHAIN_LIMIT {
            let flags = ["readOnly", "writeOnly"].into_iter();
            let mut flags = flags.filter_map(|flag| schema.get(flag)?.as_bool());
            if flags.any(|is_set| is_set) {
                return false;
            }
            let Some(target) = self.referred(schema) else {
                break;
            };
            schema = target;
        }
        schema.get("properties").is_some()
    }

    fn said<'d>(
        &'d self,
        schema: Node<'d>,
        keyword: &str,
        seen: &mut HashSet<At>,
    ) -> Option<Node<'d>> {
        if !schema.is_object() || seen.len() > DEPTH || !seen.insert(schema.at()) {
            return None;
        }
        if let Some(said) = schema.get(keyword) {
            return Some(said);
        }
        let parts = ["allOf", "anyOf", "oneOf"].into_iter();
        let parts = parts.flat_map(|name| schema.get(name).into_iter().flat_map(Node::items));
        let mut parts = self.referred(schema).into_iter().chain(parts);
        parts.find_map(|part| self.said(part, keyword, seen))
    }

    fn referred<'d>(&'d self, schema: Node<'d>) -> Option<Node<'d>> {
        let reference = schema.get("$ref").or_else(|| schema.get("$dynamicRef"))?;
        self.document.target(reference, &reference.text()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_shape_takes_in_what_it_is_composed_of() {
        let (shapes, id) = Shapes::of_schema(&json!({"allOf": [
            {"type": "object", "properties": {"id": {"type": "string", "readOnly": true}}},
            {
                "properties": {
                    "next": {"$ref": "#"},
                    "any": {"type": "object"},
                },
                "required": ["next"],
            },
        ]}));
        let shape = shapes.get(id);
        assert_eq!(
            shape.properties.keys().collect::<Vec<_>>(),
            ["id", "next", "any"]
        );
        let property = |shape: &Shape, name: &str| shapes.of_property(&shape.properties[name]);
        assert!(shapes.get(property(shape, "id")).read_only);
        assert!(shape.properties["next"].required && !shape.is_open());
        assert!(shapes.says(id, "required").is_some());
        assert!(shapes.says(id, "default").is_none());
        let next = shapes.get(property(shape, "next"));
        assert!(next.properties.contains_key("any"), "a loop is followed");
        assert!(shapes.get(property(shape, "any")).is_open());
    }

    #[test]
    fn a_property_that_several_parts_declare_is_all_of_them() {
        let (shapes, id) = Shapes::of_schema(&json!({
            "allOf": [
                {"properties": {"data": {"type": "array", "items": {"type": "object"}}, "meta": {}}},
                {"properties": {"data": {"items": {"properties": {"id": {"type": "string"}}}}}},
                {"oneOf": [{"properties": {"meta": {"type": "string"}}}]},
            ],
            "properties": {"data": {"maxItems": 9, "readOnly": true}},
        }));
        let property = |name: &str| shapes.of_property(&shapes.get(id).properties[name]);
        let data = shapes.get(property("data"));
        let items = shapes.of_items(data).map(|id| shapes.get(id));
        assert!(items.is_some_and(|items| items.properties.contains_key("id")));
        assert!(data.read_only && data.types.has("array"));
        assert!(shapes.says(property("data"), "maxItems").is_some());
        assert_eq!(property("data"), property("data"));
        let meta = shapes.get(property("meta"));
        assert!(
            meta.types.is_unsaid(),
            "what is one of several is not joined"
        );
    }
}
