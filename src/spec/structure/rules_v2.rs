//! What holds of the objects of Swagger 2.0 beyond the types of their members.

use super::paths::{self, METHODS, resolved};
use super::record::At;
use super::rules;
use super::v2::PATH_ITEM;
use super::walk::{Step, Walk};
use crate::wire::MediaType;
use serde_json::{Map, Value};

type Members = Map<String, Value>;

fn text<'m>(value: &'m Value, name: &str) -> Option<&'m str> {
    value.get(name).and_then(Value::as_str)
}

/// The Path Item Object.
pub(super) fn path_item<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    walk.reference(&PATH_ITEM, map);
    paths::expressions(walk, map);
    parameters(walk, map);
    for method in METHODS {
        if let Some(operation) = map.get(method).and_then(Value::as_object) {
            walk.path.push(Step::Name(method));
            body(walk, map, operation);
            walk.path.pop();
        }
    }
}

/// The Operation Object.
pub(super) fn operation<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    paths::id(walk, map);
    parameters(walk, map);
}

fn parameters<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    rules::parameters(walk, map);
    let list = map.get("parameters").and_then(Value::as_array);
    let places = list.into_iter().flatten().filter_map(|one| text(one, "in"));
    if has_bodies(places) {
        walk.error(At::Key("parameters"), BODIES.to_owned());
    }
}

/// A body is there once, and not beside fields of a form (Parameter Object).
const BODIES: &str = "a body is there once, and not beside `formData`";

fn has_bodies<'m>(places: impl Iterator<Item = &'m str>) -> bool {
    let places: Vec<&str> = places.collect();
    let count = |wanted: &str| places.iter().filter(|place| **place == wanted).count();
    count("body") > 1 || count("body") == 1 && count("formData") > 0
}

/// What an operation takes as its body, with what its path item says: the operation's own parameter
/// stands for that of the same name and place.
fn body<'v>(walk: &mut Walk<'v>, item: &'v Members, operation: &'v Members) {
    let root = walk.root;
    let listed = |holder: &'v Members| -> Vec<&'v Value> {
        let list = holder.get("parameters").and_then(Value::as_array);
        let list = list.into_iter().flatten();
        list.map(|one| resolved(root, one)).collect()
    };
    let key = |one: &'v Value| (text(one, "in"), text(one, "name"));
    let own = listed(operation);
    let is_own = |one: &&'v Value| own.iter().any(|other| key(other) == key(one));
    let inherited = listed(item).into_iter().filter(|one| !is_own(one));
    let inherited: Vec<&Value> = inherited.collect();
    let place = |one: &&'v Value| text(one, "in");
    let (of_own, of_item) = (
        own.iter().filter_map(place),
        inherited.iter().filter_map(place),
    );
    // What one list has is told of that list.
    let is_told = has_bodies(of_own.clone()) || has_bodies(of_item.clone());
    if !is_told && has_bodies(of_own.chain(of_item)) {
        let message = format!("with the parameters of the path: {BODIES}");
        walk.error(At::Here, message);
    }
    let mut all = own.iter().chain(&inherited);
    let is_file =
        |one: &&Value| (text(one, "in"), text(one, "type")) == (Some("formData"), Some("file"));
    let has_file = all.any(is_file);
    // What the document consumes isn't known to a file that it refers to.
    if !has_file || walk.is_part && !operation.contains_key("consumes") {
        return;
    }
    let consumed = operation.get("consumes").or_else(|| root.get("consumes"));
    let consumed = consumed.and_then(Value::as_array).into_iter().flatten();
    let mut consumed = consumed
        .filter_map(Value::as_str)
        .filter_map(MediaType::parse);
    if !consumed.any(|media_type| is_form(&media_type)) {
        let message = "a file needs `consumes` to be multipart/form-data or \
            application/x-www-form-urlencoded";
        walk.error(At::Here, message.to_owned());
    }
}

/// Whether a media type is that of a form, or one of somebody's own that is written so.
fn is_form(media_type: &MediaType) -> bool {
    let forms = ["form-data", "x-www-form-urlencoded"];
    let essence = media_type.essence();
    let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
    let suffix = subtype
        .rsplit_once('+')
        .map_or(subtype, |(_, suffix)| suffix);
    forms.contains(&suffix)
}

/// The Parameter Object: a body has a schema, everything else a type.
pub(super) fn parameter<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    let place = map.get("in").and_then(Value::as_str).unwrap_or("");
    match (place, map.contains_key("schema")) {
        ("body", false) => walk.error(At::Here, "a body parameter needs `schema`".to_owned()),
        ("body", true) | ("", _) => {}
        (_, true) => walk.error(
            At::Key("schema"),
            "`schema` is for a body parameter alone".to_owned(),
        ),
        (_, false) => value(walk, map),
    }
    if place == "path" && map.get("required") != Some(&Value::Bool(true)) {
        walk.error(
            At::Here,
            "a path parameter says `required: true`".to_owned(),
        );
    }
    let kind = map.get("type").and_then(Value::as_str);
    if kind == Some("file") && place != "formData" {
        walk.error(At::Value("type"), FILE.to_owned());
    }
    let schema = map.get("schema").filter(|_| place == "body");
    if schema.and_then(|schema| text(schema, "type")) == Some("file") {
        walk.error(At::Inner("/schema/type"), FILE.to_owned());
    }
    if !["query", "formData", ""].contains(&place) {
        once(walk, map);
    }
    let name = map.get("name").and_then(Value::as_str).unwrap_or("");
    let list = match name.to_ascii_lowercase().as_str() {
        "accept" => "produces",
        "content-type" => "consumes",
        _ => return,
    };
    if place == "header" {
        let message = format!("a header parameter `{name}` isn't asked for: `{list}` decides");
        walk.note(At::Value("name"), message);
    }
}

const FILE: &str = "a file is `formData`";

/// Values that stand several times: what has but one place can't be written so.
fn once(walk: &mut Walk<'_>, map: &Members) {
    if map.get("collectionFormat").and_then(Value::as_str) == Some("multi") {
        let message = "`multi` is for parameters in `query` or `formData` alone".to_owned();
        walk.error(At::Value("collectionFormat"), message);
    }
}

/// The Header and the Items Object.
pub(super) fn lone_value<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    value(walk, map);
    once(walk, map);
}

/// What parameters, headers and items have in common (Items Object).
fn value<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    let Some(kind) = map.get("type") else {
        return walk.error(At::Here, "a `type` is needed here".to_owned());
    };
    if kind == "array" && !map.contains_key("items") {
        walk.error(
            At::Here,
            "a value of the type array needs `items`".to_owned(),
        );
    }
}

/// The Security Scheme Object.
pub(super) fn security_scheme(walk: &mut Walk<'_>, map: &Members) {
    let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or("");
    let needed: &[&str] = match (text("type"), text("flow")) {
        ("apiKey", _) => &["name", "in"],
        ("oauth2", "implicit") => &["authorizationUrl", "scopes"],
        ("oauth2", "password" | "application") => &["tokenUrl", "scopes"],
        ("oauth2", "accessCode") => &["authorizationUrl", "tokenUrl", "scopes"],
        ("oauth2", _) => &["flow", "scopes"],
        _ => return,
    };
    for name in needed.iter().filter(|name| !map.contains_key(**name)) {
        let message = format!(
            "a security scheme of the type {} needs `{name}`",
            text("type")
        );
        walk.error(At::Here, message);
    }
}
