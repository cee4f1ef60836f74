//! What a document says that can't be meant: told at start, and served as well as it can be.

use crate::mock::{Contents, Operations, PreparedContent};
use crate::route::PathTemplate;
use crate::spec::{At, Document, Example, LoadError, Location, Place};
use crate::validate::View;
use crate::wire::Pointer;
use std::collections::{BTreeMap, HashSet};

/// What of paths and operations is served, but can't be meant.
pub(super) fn check_paths(document: &Document, operations: &Operations) -> Vec<LoadError> {
    let mut warnings = Vec::new();
    let written = document.paths();
    for (key, value) in written.into_iter().flat_map(|paths| paths.entries()) {
        if !key.starts_with('/') && !key.starts_with("x-") {
            let message = format!("the path `{key}` isn't served: a path starts with /");
            warnings.push(document.error_at_key(value.at(), message));
        }
    }
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for number in 0..operations.len() {
        let operation = &operations.get(number).declared;
        if let Some(id) = &operation.id
            && let Some(other) = ids.insert(id.clone(), operation.name())
        {
            let named = document.node(operation.at).get("operationId");
            let at = named.map_or(operation.at, |node| node.at());
            let message = format!("the operationId `{id}` is that of {other} too");
            warnings.push(document.error(at, message));
        }
        // OpenAPI 3.1.1 §4.8.16 advises a response for what succeeds.
        let success = operation.success();
        if success >= 400 {
            let message = format!(
                "{} documents no success: it is answered with its {success}",
                operation.name()
            );
            warnings.push(document.error_at_key(operation.at, message));
        }
        let template = PathTemplate::parse(&operation.path).ok();
        let names: Vec<&str> = template.iter().flat_map(PathTemplate::names).collect();
        for parameter in &operation.parameters {
            if parameter.location == Location::Path && !names.contains(&parameter.name.as_str()) {
                let name = &parameter.name;
                let message = format!("the path {} has no `{{{name}}}`", operation.path);
                let named = document.node(parameter.at).get("name");
                let at = named.map_or(parameter.at, |node| node.at());
                warnings.push(document.error(at, message));
            }
        }
    }
    warnings.extend(check_expressions(document, operations));
    warnings
}

/// The expressions of paths that operations declare no parameter for.
pub(super) fn check_expressions(document: &Document, operations: &Operations) -> Vec<LoadError> {
    let mut undeclared = Vec::new();
    let all = (0..operations.len()).map(|number| operations.get(number));
    for operation in all.filter(|operation| operation.broken.is_none()) {
        let operation = &operation.declared;
        let template = PathTemplate::parse(&operation.path).ok();
        for name in template.iter().flat_map(PathTemplate::names) {
            let mut declared = operation.parameters.iter();
            if !declared.any(|p| p.location == Location::Path && p.name == name) {
                let message = format!("{} declares no path parameter `{name}`", operation.name());
                undeclared.push(document.error_at_key(operation.at, message));
            }
        }
    }
    undeclared
}

/// The examples of bodies, each with its content and who sees it; those of one place once.
pub(super) fn examples<'c>(
    contents: Contents<'c>,
    operations: &'c Operations,
) -> impl Iterator<Item = (View, &'c PreparedContent, &'c Example)> {
    let all = (0..operations.len()).map(|number| operations.get(number));
    let bodies = all.flat_map(|operation| {
        let asked = operation.bodies.iter().map(|one| (View::Request, one));
        let replies = operation.responses.iter().flat_map(|r| &r.contents);
        let callbacks = operation.callbacks.iter().flat_map(|c| &c.contents);
        asked.chain(replies.chain(callbacks).map(|one| (View::Reply, one)))
    });
    let is_usable = move |schema| contents.schemas.faults(schema).is_empty();
    let usable = bodies.filter(move |(_, content)| content.schema.is_some_and(is_usable));
    let mut judged: HashSet<At> = HashSet::new();
    let all = usable.flat_map(|(view, content)| {
        let examples = content.declared.examples.iter();
        examples.map(move |example| (view, content, example))
    });
    // A key without a value is no example.
    all.filter(move |(.., example)| !example.value.is_null() && judged.insert(example.at))
}

/// The examples that break their own schema, of those that are asked about: they are never sent. Of
/// each so much is told at most.
pub(super) fn check_examples(
    contents: Contents<'_>,
    operations: &Operations,
    most: usize,
    is_asked: impl Fn(&Example) -> bool,
) -> Vec<LoadError> {
    let mut warnings = Vec::new();
    let asked = examples(contents, operations).filter(|(.., example)| is_asked(example));
    for (view, content, example) in asked {
        let found = content.breaches_of_example(contents, view, &example.value);
        let origin = contents.document.origin(example.at);
        for violation in found.iter().take(most) {
            let inner = violation.in_body().map_or("", Pointer::as_str);
            let place = Pointer::parse(&format!("{}{inner}", origin.pointer));
            let detail = format!("{inner} {}", violation.detail);
            let message = format!("this example breaks its schema: {}", detail.trim_start());
            let place = Place::Value(place.unwrap_or_else(|| origin.pointer.clone()));
            let error = LoadError::new(&origin.source, place, message);
            warnings.push(match view {
                View::Request => error,
                View::Reply => error.with_help("another reply is sent in its stead"),
            });
        }
    }
    warnings
}
