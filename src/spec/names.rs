//! The names that schemas give themselves, for references to find them by: `$id`, `$anchor` and
//! their like (JSON Schema core §8.2).

use super::lift::refs_stand_alone;
use super::tree::Tree;

/// What gives a schema a name.
pub(super) struct Named {
    /// The schema.
    pub(super) holder: u32,
    pub(super) key: Key,
    pub(super) text: String,
}

#[derive(PartialEq, Eq)]
pub(super) enum Key {
    Id,
    /// That of the whole document (OpenAPI 3.2.0 §4.1.1).
    Itself,
    Anchor,
    DynamicAnchor,
}

impl Key {
    pub(super) fn is_uri(&self) -> bool {
        matches!(self, Key::Id | Key::Itself)
    }
}

/// The names in a file, in the order of the schemas. What stands where no schema does is none: in
/// a value, or under a keyword that nobody knows.
pub(super) fn names(tree: &Tree) -> Vec<Named> {
    let mut values: Vec<u32> = tree.names.iter().map(|(_, value)| *value).collect();
    values.sort_unstable();
    let mut reading = Reading {
        tree,
        refs_stand_alone: refs_stand_alone(tree.root()),
        found: Vec::new(),
    };
    reading.walk(0, Place::default(), &values);
    // The name of a schema may stand behind what is in it.
    reading.found.sort_by_key(|named| named.holder);
    reading.found
}

struct Reading<'t> {
    tree: &'t Tree,
    refs_stand_alone: bool,
    found: Vec<Named>,
}

#[derive(Clone, Copy, Default)]
struct Place {
    /// Whether a schema is around it.
    in_schema: bool,
    /// Whether its keys are names of the author's own.
    of_names: bool,
}

impl Reading<'_> {
    /// Goes to the values that stand in a container, given their numbers.
    fn walk(&mut self, container: u32, place: Place, values: &[u32]) {
        if values.is_empty() {
            return;
        }
        for (key, range) in self.tree.children(container) {
            let from = values.partition_point(|value| *value < range.start);
            let to = values.partition_point(|value| *value < range.end);
            let mut inner = Place {
                of_names: false,
                ..place
            };
            let key = key.filter(|_| from < to && !place.of_names);
            if let Some(key) = key.and_then(|key| self.tree.node(key).text()) {
                if values[from] == range.start {
                    self.found.extend(self.named(container, &key, range.start));
                    continue;
                }
                let is_map = MAPS.contains(&&*key);
                let applies = is_map || APPLICATORS.contains(&&*key);
                if VALUES.contains(&&*key) || place.in_schema && !applies {
                    continue;
                }
                inner.in_schema |= applies;
                inner.of_names = is_map || NAMES.contains(&&*key);
            }
            self.walk(range.start, inner, &values[from..to]);
        }
    }

    fn named(&self, holder: u32, key: &str, value: u32) -> Option<Named> {
        let node = self.tree.node(value);
        let text = match node.as_bool() {
            // 2019-09's `$recursiveAnchor` has no name.
            Some(true) if key == "$recursiveAnchor" => String::new(),
            _ => node.text()?.into_owned(),
        };
        let key = match key {
            // An anchor, as drafts 6 and 7 wrote it.
            "$id" if text.starts_with('#') => {
                let text = text.trim_start_matches('#').to_owned();
                let key = Key::Anchor;
                return (!text.is_empty()).then_some(Named { holder, key, text });
            }
            "$id" if self.refs_stand_alone && self.tree.node(holder).get("$ref").is_some() => {
                return None;
            }
            "$id" => Key::Id,
            "$self" if holder == 0 => Key::Itself,
            "$anchor" => Key::Anchor,
            "$dynamicAnchor" => Key::DynamicAnchor,
            "$recursiveAnchor" if text.is_empty() => Key::DynamicAnchor,
            _ => return None,
        };
        Some(Named { holder, key, text })
    }
}

/// What holds values, in which nothing has a meaning of its own.
const VALUES: [&str; 5] = ["const", "default", "enum", "example", "examples"];
/// What holds a schema, or a list of them.
const APPLICATORS: [&str; 17] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "schema",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// What holds schemas under names.
const MAPS: [&str; 7] = [
    "$defs",
    "definitions",
    "dependencies",
    "dependentSchemas",
    "patternProperties",
    "properties",
    "schemas",
];
/// What of OpenAPI holds other things under names.
const NAMES: [&str; 11] = [
    "callbacks",
    "content",
    "encoding",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "requestBodies",
    "responses",
];
