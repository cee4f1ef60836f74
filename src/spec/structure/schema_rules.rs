//! What holds of a schema beyond the types of its keywords.

use super::keywords::SCHEMA;
use super::record::{At, clip};
use super::rules;
use super::version::Version;
use super::walk::Walk;
use super::{Leads, Severity};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The formats that values are judged by, or that say nothing to be judged.
const FORMATS: [&str; 28] = [
    "int32",
    "int64",
    "float",
    "double",
    "byte",
    "binary",
    "password",
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
    "uuid",
    "html",
    "commonmark",
];
/// What `$schema` may say for a schema to be read as it means: 2020-12, OpenAPI's dialects of it,
/// and the drafts that are lifted to it.
const DIALECTS: [&str; 6] = [
    "http://json-schema.org/draft-04/schema",
    "http://json-schema.org/draft-06/schema",
    "http://json-schema.org/draft-07/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.",
];

/// The Schema Object (OpenAPI 3.1.1 §4.8.24).
pub(super) fn schema<'v>(walk: &mut Walk<'v>, map: &'v Map<String, Value>) {
    let v31 = walk.version >= Version::V31;
    if map.contains_key("$ref") {
        walk.reference(&SCHEMA, map);
        if !v31 {
            return beside_reference(walk, map);
        }
    }
    walk.values(map, None);
    if map.contains_key("pattern") || map.contains_key("patternProperties") {
        walk.patterned();
    }
    if let Some(format) = map.get("format").and_then(Value::as_str)
        && !FORMATS.contains(&format)
    {
        let message = format!(
            "the format `{}` isn't known, and nothing is judged by it",
            clip(format)
        );
        walk.note(At::Key("format"), message);
    }
    if let Some(anchor) = map.get("$dynamicAnchor").and_then(Value::as_str)
        && v31
        && let Some(first) = walk.dynamic_anchor(anchor)
    {
        // JSON Schema core §8.2.2 leaves open what two of one name mean.
        let message = format!(
            "`{}` is the `$dynamicAnchor` of {first} too: every `$dynamicRef` leads there",
            clip(anchor)
        );
        let help = "a schema with an `$id` of its own has anchors of its own".to_owned();
        let at = At::Value("$dynamicAnchor");
        walk.flaw(Severity::Warning, at, message, Some(help), false);
    }
    if let Some(dialect) = map.get("$schema").and_then(Value::as_str) {
        self::dialect(walk, "$schema", dialect);
    }
    let alternatives = map.contains_key("oneOf") || map.contains_key("anyOf");
    if map.contains_key("discriminator") && !alternatives {
        let message = "nothing is judged by a `discriminator` without `oneOf` or `anyOf` beside it";
        walk.note(At::Key("discriminator"), message.to_owned());
    }
    let is_array = map.get("type").and_then(Value::as_str) == Some("array");
    // The meta-schema of 2.0 asks for them beside a parameter's type alone.
    if is_array && walk.version == Version::V30 && !map.contains_key("items") {
        walk.error(
            At::Here,
            "a schema of the type array needs `items`".to_owned(),
        );
    }
    if map.get("nullable") == Some(&Value::Bool(true)) {
        nullable(walk, map);
    }
    let is = |name: &str| map.get(name) == Some(&Value::Bool(true));
    if is("readOnly") && is("writeOnly") {
        let message = "`readOnly` and `writeOnly` exclude each other".to_owned();
        // Since 3.1 they are JSON Schema's, which lets a property be of no use.
        match v31 {
            true => walk.warning(At::Key("writeOnly"), message),
            false => walk.error(At::Key("writeOnly"), message),
        }
    }
    let orphans = [
        ("then", "if"),
        ("else", "if"),
        ("minContains", "contains"),
        ("maxContains", "contains"),
    ];
    for (name, other) in orphans {
        if v31 && map.contains_key(name) && !map.contains_key(other) {
            let message = format!("`{name}` has no effect without `{other}`");
            walk.warning(At::Key(name), message);
        }
    }
    lists(walk, map);
    bounds(walk, map);
}

/// OpenAPI 3.0.4 §4.7.24.1: `nullable` adds null to the `type` beside it, and takes nothing from
/// what else is demanded. Null is taken here all the same, as documents mean it.
fn nullable(walk: &mut Walk<'_>, map: &Map<String, Value>) {
    let values = map.get("enum").and_then(Value::as_array);
    let message = match values {
        _ if !map.contains_key("type") => {
            "`nullable` needs a `type` beside it: others may not take null here"
        }
        Some(values) if !values.contains(&Value::Null) => {
            "others may not take null here: `enum` has no null"
        }
        _ => return,
    };
    walk.warning(At::Key("nullable"), message.to_owned());
}

/// The Discriminator Object (3.1.1 §4.8.25): what its names stand for is there.
pub(super) fn discriminator<'v>(walk: &mut Walk<'v>, map: &'v Map<String, Value>) {
    let mapping = map.get("mapping").and_then(Value::as_object);
    for name in mapping.into_iter().flat_map(Map::keys) {
        walk.lead(Leads::Schema, &["mapping", name]);
    }
    if map.contains_key("defaultMapping") && walk.version >= Version::V32 {
        walk.lead(Leads::Schema, &["defaultMapping"]);
    }
}

/// The XML Object (3.2.0 §4.26): `nodeType` says what the older members said.
pub(super) fn xml<'v>(walk: &mut Walk<'v>, map: &'v Map<String, Value>) {
    rules::exclude(walk, map, &["nodeType", "attribute"]);
    rules::exclude(walk, map, &["nodeType", "wrapped"]);
}

/// A dialect that isn't known is read as the usual one: told, since it may mean something else.
pub(super) fn dialect(walk: &mut Walk<'_>, member: &str, uri: &str) {
    if !DIALECTS.iter().any(|known| uri.starts_with(known)) {
        let message = format!(
            "the dialect `{}` isn't known: schemas are read as JSON Schema 2020-12",
            clip(uri)
        );
        walk.note(At::Key(member), message);
    }
}

/// OpenAPI 3.0.4 §4.7.23.1: members beside a `$ref` are ignored.
fn beside_reference(walk: &mut Walk<'_>, map: &Map<String, Value>) {
    for name in map.keys() {
        let says_nothing = ["$ref", "description", "title", "example"].contains(&name.as_str());
        if !says_nothing && !name.starts_with("x-") {
            let message = format!("`{}` is ignored beside a `$ref`", clip(name));
            let help = "put the `$ref` into an `allOf`".to_owned();
            walk.flaw(Severity::Warning, At::Key(name), message, Some(help), false);
        }
    }
}

fn lists(walk: &mut Walk<'_>, map: &Map<String, Value>) {
    let list = |name: &str| map.get(name).and_then(Value::as_array);
    if let Some(values) = list("enum") {
        if values.is_empty() {
            walk.warning(
                At::Value("enum"),
                "no value is valid by an empty `enum`".to_owned(),
            );
        } else if let Some(twice) = twice(values.iter().map(Value::to_string)) {
            let message = format!("{} stands in the `enum` twice", clip(&twice));
            walk.warning(At::Value("enum"), message);
        }
    }
    if let Some(names) = list("required") {
        if names.is_empty() && walk.version <= Version::V30 {
            walk.error(At::Value("required"), "this list needs an item".to_owned());
        } else if let Some(twice) = twice(names.iter().filter_map(Value::as_str)) {
            let message = format!("`{}` is required twice", clip(twice));
            walk.error(At::Value("required"), message);
        }
    }
}

/// Bounds that no value is within.
fn bounds(walk: &mut Walk<'_>, map: &Map<String, Value>) {
    let pairs = [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
        ("minContains", "maxContains"),
    ];
    for (least, most) in pairs {
        let number = |name: &str| map.get(name).and_then(Value::as_f64);
        if let (Some(low), Some(high)) = (number(least), number(most))
            && low > high
        {
            let message = format!("no value is within `{least}` {low} and `{most}` {high}");
            walk.warning(At::Value(most), message);
        }
    }
}

pub(super) fn twice<T: Clone + Eq + std::hash::Hash>(
    mut items: impl Iterator<Item = T>,
) -> Option<T> {
    let mut seen = HashSet::new();
    items.find(|item| !seen.insert(item.clone()))
}
