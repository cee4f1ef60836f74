//! What holds of the objects of 3.x beyond the types of their members.

use super::paths::{self, resolved};
use super::record::{At, clip};
use super::schema_rules::{dialect, twice};
use super::v3::PATH_ITEM;
use super::version::Version;
use super::walk::{Step, Walk};
use super::{Leads, Severity};
use crate::wire::is_token;
use serde_json::{Map, Value};

pub(super) type Members = Map<String, Value>;

pub(super) fn text<'m>(map: &'m Members, name: &str) -> Option<&'m str> {
    map.get(name).and_then(Value::as_str)
}

/// Members of which one alone may be there.
pub(super) fn exclude(walk: &mut Walk<'_>, map: &Members, names: &[&str]) {
    let mut there = names.iter().filter(|name| map.contains_key(**name));
    if let (Some(first), Some(second)) = (there.next(), there.next()) {
        let message = format!("`{first}` and `{second}` exclude each other");
        walk.error(At::Key(second), message);
    }
}

/// Members of which one must be there, and one alone.
pub(super) fn one_of(walk: &mut Walk<'_>, map: &Members, what: &str, names: &[&str; 2]) {
    exclude(walk, map, names);
    if !names.iter().any(|name| map.contains_key(*name)) {
        let message = format!("{what} needs `{}` or `{}`", names[0], names[1]);
        walk.error(At::Here, message);
    }
}

/// The OpenAPI Object (3.1.1 §4.8.1).
pub(super) fn document<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    let any = ["paths", "webhooks", "components"];
    if walk.version >= Version::V31 && !any.iter().any(|name| map.contains_key(*name)) {
        let message = "a document needs `paths`, `webhooks` or `components`".to_owned();
        walk.error(At::Here, message);
    }
    if let Some(uri) = text(map, "jsonSchemaDialect") {
        dialect(walk, "jsonSchemaDialect", uri);
    }
    tags(walk, map);
}

/// The names of tags are unique (3.1.1 §4.8.1.1).
pub(super) fn tags(walk: &mut Walk<'_>, map: &Members) {
    let tags = map.get("tags").and_then(Value::as_array);
    let names = tags
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.get("name")?.as_str());
    if let Some(name) = twice(names) {
        let message = format!("the tag `{}` is declared twice", clip(name));
        walk.error(At::Key("tags"), message);
    }
}

/// The Server Object (3.1.1 §4.8.5): what its URL has in braces is declared.
pub(super) fn server(walk: &mut Walk<'_>, map: &Members) {
    let mut rest = text(map, "url").unwrap_or("");
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return walk.error(
                At::Value("url"),
                "the braces of this URL don't pair".to_owned(),
            );
        };
        let variables = map.get("variables");
        if variables
            .and_then(|variables| variables.get(name))
            .is_none()
        {
            let message = format!("the variable `{}` is not declared", clip(name));
            walk.error(At::Value("url"), message);
        }
        rest = after;
    }
}

/// The Server Variable Object (3.1.1 §4.8.6): demands since 3.1, advice before.
pub(super) fn server_variable(walk: &mut Walk<'_>, map: &Members) {
    let Some(values) = map.get("enum").and_then(Value::as_array) else {
        return;
    };
    let severity = match walk.version >= Version::V31 {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let (at, message) = match map.get("default") {
        _ if values.is_empty() => (At::Value("enum"), "this list needs an item"),
        Some(default) if !values.contains(default) => {
            (At::Value("default"), "the default is none of the `enum`")
        }
        _ => return,
    };
    walk.flaw(severity, at, message.to_owned(), None, false);
}

/// The Path Item Object (3.1.1 §4.8.9).
pub(super) fn path_item<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    walk.reference(&PATH_ITEM, map);
    paths::template(walk);
    paths::expressions(walk, map);
    parameters(walk, map);
}

/// The Operation Object (3.1.1 §4.8.10).
pub(super) fn operation<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    paths::id(walk, map);
    parameters(walk, map);
}

/// A parameter is there once, by name and place (3.1.1 §4.8.10.1); of a query either its
/// parameters are described or the whole (3.2.0 §4.12).
pub(super) fn parameters<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    let list = map.get("parameters").and_then(Value::as_array);
    let inline = list.into_iter().flatten().filter_map(Value::as_object);
    let keys: Vec<(&str, &str)> = inline
        .map(|one| match text(one, "$ref") {
            Some(reference) => ("$ref", reference),
            None => (
                text(one, "in").unwrap_or(""),
                text(one, "name").unwrap_or(""),
            ),
        })
        .collect();
    if let Some((place, name)) = twice(keys.iter().copied().filter(|(_, name)| !name.is_empty())) {
        let message = match place {
            "$ref" => format!("the parameter `{}` stands here twice", clip(name)),
            place => format!(
                "the {} parameter `{}` stands here twice",
                clip(place),
                clip(name)
            ),
        };
        walk.error(At::Key("parameters"), message);
    }
    let count = |wanted: &str| keys.iter().filter(|(place, _)| *place == wanted).count();
    if count("querystring") > 1 || count("querystring") == 1 && count("query") > 0 {
        let message = "a `querystring` parameter is the whole query: no other may stand beside it";
        walk.error(At::Key("parameters"), message.to_owned());
    }
}

/// The Parameter Object (3.1.1 §4.8.12).
pub(super) fn parameter<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    let place = text(map, "in").unwrap_or("");
    one_of(walk, map, "a parameter", &["schema", "content"]);
    one_media_type(walk, map);
    exclude(walk, map, &["example", "examples"]);
    if place == "path" && map.get("required") != Some(&Value::Bool(true)) {
        let message = "a path parameter says `required: true`".to_owned();
        walk.error(At::Here, message);
    }
    if place == "querystring" && map.contains_key("schema") {
        let message = "a `querystring` parameter has a `content`, not a `schema`".to_owned();
        walk.error(At::Key("schema"), message);
    }
    if map.contains_key("allowEmptyValue") && !["query", ""].contains(&place) {
        let message = "`allowEmptyValue` is for query parameters alone".to_owned();
        // 3.0 lets it stand where it has no effect.
        match walk.version >= Version::V31 {
            true => walk.error(At::Key("allowEmptyValue"), message),
            false => walk.warning(At::Key("allowEmptyValue"), message),
        }
    }
    style(walk, map, place);
    if map.contains_key("schema") {
        walk.values(map, Some("schema"));
    }
    let ignored = ["accept", "content-type", "authorization"];
    let name = text(map, "name").unwrap_or("");
    if place == "header" && !is_token(name) && map.contains_key("name") {
        let message = format!("`{}` is no name of a header field", clip(name));
        walk.error(At::Value("name"), message);
    }
    if place == "path" && name.contains(['{', '}']) {
        let message = "the name of a path parameter stands without its braces".to_owned();
        walk.error(At::Value("name"), message);
    }
    if place == "header" && ignored.contains(&name.to_ascii_lowercase().as_str()) {
        let message =
            format!("a header parameter `{name}` is ignored: OpenAPI has another place for it");
        walk.warning(At::Value("name"), message);
    }
}

/// Which styles there are by place (3.1.1 §4.8.12.3), and what has no say beside a `content`.
fn style(walk: &mut Walk<'_>, map: &Members, place: &str) {
    for name in ["style", "explode", "allowReserved"] {
        if map.contains_key("content") && map.contains_key(name) {
            let message = format!(
                "`{name}` is for a `schema`: a `content` is written as its media type says"
            );
            return walk.error(At::Key(name), message);
        }
    }
    let reserved = match walk.version {
        Version::V32 => place != "header",
        _ => place == "query",
    };
    if map.contains_key("allowReserved") && !reserved && !place.is_empty() {
        let message = format!("`allowReserved` isn't for {place} parameters");
        match walk.version >= Version::V31 {
            true => walk.error(At::Key("allowReserved"), message),
            false => walk.warning(At::Key("allowReserved"), message),
        }
    }
    let Some(style) = text(map, "style") else {
        return;
    };
    let known: &[&str] = match place {
        "path" => &["matrix", "label", "simple"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        "cookie" if walk.version >= Version::V32 => &["form", "cookie"],
        "cookie" => &["form"],
        _ => return,
    };
    if !known.contains(&style) {
        let message = format!(
            "the style of a {place} parameter is {}, not `{}`",
            known.join(", "),
            clip(style)
        );
        let help = crate::spec::nearest(style, known).map(|name| format!("did you mean `{name}`?"));
        walk.flaw(Severity::Error, At::Value("style"), message, help, false);
    }
}

fn one_media_type(walk: &mut Walk<'_>, map: &Members) {
    let content = map.get("content").and_then(Value::as_object);
    if content.is_some_and(|content| content.len() != 1) {
        let message = "this `content` has exactly one media type".to_owned();
        walk.error(At::Key("content"), message);
    }
}

/// The Header Object (3.1.1 §4.8.21).
pub(super) fn header<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    if map.contains_key("schema") {
        walk.values(map, Some("schema"));
    }
    one_of(walk, map, "a header", &["schema", "content"]);
    one_media_type(walk, map);
    exclude(walk, map, &["example", "examples"]);
}

/// The Media Type Object (3.1.1 §4.8.14, 3.2.0 §4.14).
pub(super) fn media_type<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    // What isn't JSON may be written out as a text, which no schema can be asked about.
    let name = walk.name().to_ascii_lowercase();
    if map.contains_key("schema") && (name.contains("json") || name.contains('*')) {
        walk.values(map, Some("schema"));
    }
    exclude(walk, map, &["example", "examples"]);
    encodings(walk, map);
    unencoded(walk, map);
    let mut placed = ["prefixEncoding", "itemEncoding"].into_iter();
    if name.starts_with("multipart/form-data") && placed.any(|member| map.contains_key(member)) {
        let message =
            "`prefixEncoding` and `itemEncoding` aren't looked at: the parts of a form go by name";
        walk.note(At::Here, message.to_owned());
    }
}

/// What is encoded is a property of the schema (3.0.4 §4.7.14), as far as the schema names all of
/// them.
fn unencoded<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    let encoded = map.get("encoding").and_then(Value::as_object);
    let schema = map.get("schema").map(|schema| resolved(walk.root, schema));
    let schema = schema.and_then(Value::as_object);
    let (Some(encoded), Some(schema)) = (encoded, schema) else {
        return;
    };
    // Other keywords may speak of properties too.
    let closed = [
        "type",
        "properties",
        "required",
        "title",
        "description",
        "example",
        "xml",
    ];
    let is_closed = |(name, value): (&String, &Value)| {
        let is_shut = name == "additionalProperties" && *value == Value::Bool(false);
        is_shut || closed.contains(&name.as_str()) || name.starts_with("x-")
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let Some(properties) = properties.filter(|_| schema.iter().all(is_closed)) else {
        return;
    };
    let is_unknown = |name: &&String| !properties.contains_key(*name);
    for name in encoded.keys().filter(is_unknown) {
        let message = format!("the schema has no property `{}` to encode", clip(name));
        let known: Vec<&str> = properties.keys().map(String::as_str).collect();
        let help = crate::spec::nearest(name, &known).map(|name| format!("did you mean `{name}`?"));
        // Later versions pass over it.
        let severity = match walk.version {
            Version::V30 => Severity::Error,
            _ => Severity::Warning,
        };
        walk.path.extend([Step::Name("encoding"), Step::Name(name)]);
        walk.flaw(severity, At::Here, message, help, false);
        walk.path.truncate(walk.path.len() - 2);
    }
}

/// Encoding by name or by place (3.2.0 §4.15).
pub(super) fn encodings(walk: &mut Walk<'_>, map: &Members) {
    exclude(walk, map, &["encoding", "prefixEncoding"]);
    exclude(walk, map, &["encoding", "itemEncoding"]);
}

/// The Example Object (3.1.1 §4.8.19, 3.2.0 §4.19).
pub(super) fn example(walk: &mut Walk<'_>, map: &Members) {
    exclude(walk, map, &["value", "externalValue"]);
    if walk.version >= Version::V32 {
        exclude(walk, map, &["value", "dataValue"]);
        exclude(walk, map, &["value", "serializedValue"]);
        exclude(walk, map, &["serializedValue", "externalValue"]);
    }
}

/// The Link Object (3.1.1 §4.8.20): it names an operation in one way, and the operation is there.
pub(super) fn link<'v>(walk: &mut Walk<'v>, map: &'v Members) {
    one_of(walk, map, "a link", &["operationRef", "operationId"]);
    if map.contains_key("operationRef") {
        walk.lead(Leads::Operation, &["operationRef"]);
    }
    if map.contains_key("operationId") {
        walk.lead(Leads::Id, &["operationId"]);
    }
}
