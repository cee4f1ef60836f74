//! What operations have to do with their paths and with each other, in every version.

use super::record::{At, clip};
use super::walk::Walk;
use crate::wire::Pointer;
use serde_json::{Map, Value};

/// How many references may lead to references.
const CHAIN_LIMIT: usize = 20;
pub(super) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

type Members = Map<String, Value>;

/// Paths that differ in the names of their expressions alone are identical, and must not exist
/// (OpenAPI 3.1.1 §4.8.8). 2.0 doesn't say so.
pub(super) fn template(walk: &mut Walk<'_>) {
    let Some(path) = walk.as_path() else {
        return;
    };
    if let Some(other) = walk.templates.insert(nameless(path), path) {
        let (path, other) = (clip(path), clip(other));
        let message = format!("{path} is the same path as {other}, with other names");
        walk.error(At::Here, message);
    }
}

/// A path without the names in its braces.
fn nameless(path: &str) -> String {
    let mut parts = path.split('{');
    let mut nameless = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        nameless.push('{');
        nameless.push_str(part.find('}').map_or(part, |end| &part[end..]));
    }
    nameless
}

/// Every expression of a path is declared by each of its operations, and no other (OpenAPI 3.1.1
/// §4.8.8.2, §4.8.12.2).
pub(super) fn expressions<'v>(walk: &mut Walk<'v>, item: &'v Members) {
    let Some(path) = walk.as_path() else {
        return;
    };
    let names = names(path);
    let shared = declared(walk.root, item, "");
    let is_item_open = has_unknown(walk.root, item);
    for (at, name) in &shared {
        undeclarable(walk, at, name, path, &names);
    }
    for method in METHODS {
        let Some(operation) = item.get(method).and_then(Value::as_object) else {
            continue;
        };
        let own = declared(walk.root, operation, &format!("/{method}"));
        for (at, name) in &own {
            undeclarable(walk, at, name, path, &names);
        }
        // What isn't known here is for whoever follows references.
        if is_item_open || has_unknown(walk.root, operation) {
            continue;
        }
        let known = own.iter().chain(&shared).map(|(_, name)| *name);
        let known: Vec<&str> = known.collect();
        for name in names.iter().filter(|name| !known.contains(name)) {
            let operation = format!("{} {}", method.to_ascii_uppercase(), clip(path));
            let message = format!("{operation} declares no path parameter `{}`", clip(name));
            walk.error(At::Key(method), message);
        }
    }
}

/// Whether references of an object lead to declarations that aren't in this file.
fn has_unknown(root: &Value, holder: &Members) -> bool {
    let list = holder.get("parameters").and_then(Value::as_array);
    let mut list = list.into_iter().flatten();
    holder.contains_key("$ref") || list.any(|one| resolved(root, one).get("$ref").is_some())
}

fn undeclarable(walk: &mut Walk<'_>, at: &str, name: &str, path: &str, names: &[&str]) {
    if !names.contains(&name) {
        let message = format!("the path {} has no `{{{}}}`", clip(path), clip(name));
        walk.error(At::Inner(at), message);
    }
}

/// The path parameters of an object: the way to each, and its name.
fn declared<'v>(root: &'v Value, holder: &'v Members, way: &str) -> Vec<(String, &'v str)> {
    let list = holder.get("parameters").and_then(Value::as_array);
    let mut found = Vec::new();
    for (index, parameter) in list.into_iter().flatten().enumerate() {
        let at = format!("{way}/parameters/{index}");
        let resolved = resolved(root, parameter);
        if resolved.get("in").and_then(Value::as_str) != Some("path") {
            continue;
        }
        let is_inline = parameter.get("$ref").is_none();
        let at = if is_inline { at + "/name" } else { at };
        found.extend(
            resolved
                .get("name")
                .and_then(Value::as_str)
                .map(|name| (at, name)),
        );
    }
    found
}

/// What a reference stands for, as far as this file says it.
pub(super) fn resolved<'v>(root: &'v Value, value: &'v Value) -> &'v Value {
    let mut value = value;
    for _ in 0..CHAIN_LIMIT {
        let reference = value.get("$ref").and_then(Value::as_str);
        let fragment = reference.and_then(|text| text.strip_prefix('#'));
        let fragment = fragment.and_then(|text| crate::wire::decode_percent(text).ok());
        let target = fragment.and_then(|text| Pointer::parse(&text));
        match target.and_then(|target| target.get(root)) {
            Some(next) => value = next,
            None => return value,
        }
    }
    value
}

/// The names in the braces of a path.
fn names(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}

/// No two operations have one `operationId` (OpenAPI 3.1.1 §4.8.10.1).
pub(super) fn id<'v>(walk: &mut Walk<'v>, operation: &'v Members) {
    let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
        return;
    };
    if let Some(other) = walk.id(id) {
        let message = format!(
            "the operationId `{}` is that of {} too",
            clip(id),
            clip(&other)
        );
        walk.error(At::Value("operationId"), message);
    }
}
