//! What holds of the objects of Swagger 2.0 beyond the types of their members.

use super::paths;
use super::record::At;
use super::rules;
use super::walk::Walk;
use serde_json::{Map, Value};

type Members = Map<String, Value>;

/// The Path Item Object.
pub(super) fn path_item<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    paths::expressions(walk, map);
    parameters(walk, map);
}

/// The Operation Object.
pub(super) fn operation<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    paths::id(walk, map);
    parameters(walk, map);
}

/// A body is there once, and not beside fields of a form (Parameter Object).
fn parameters<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    rules::parameters(walk, map);
    let list = map.get("parameters").and_then(Value::as_array);
    let places: Vec<&str> = list
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("in")?.as_str())
        .collect();
    let count = |wanted: &str| places.iter().filter(|place| **place == wanted).count();
    if count("body") > 1 || count("body") == 1 && count("formData") > 0 {
        let message = "a body is there once, and not beside `formData`".to_owned();
        walk.error(At::Key("parameters"), message);
    }
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
        walk.error(At::Value("type"), "a file is `formData`".to_owned());
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

/// What parameters, headers and items have in common (Items Object).
pub(super) fn value<'v>(walk: &mut Walk<'v>, map: &'v Members) {
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
