//! What a document says that can't be meant: told at start, and served as well as it can be.

use crate::mock::Contents;
use crate::route::PathTemplate;
use crate::spec::{Document, LoadError, Location, Place};
use crate::validate::{Place as Where, View};
use crate::wire::Pointer;
use serde_json::Value;
use std::collections::BTreeMap;

/// What of paths and operations is served, but can't be meant.
pub(super) fn check_paths(document: &Document) -> Vec<LoadError> {
    let mut warnings = Vec::new();
    let mut warn = |place: Place, message: String| {
        warnings.push(LoadError::new(&document.source, place, message));
    };
    let paths = Pointer::root().child("paths");
    let written = document.root.get("paths").and_then(Value::as_object);
    for path in written.into_iter().flat_map(|paths| paths.keys()) {
        if !path.starts_with('/') && !path.starts_with("x-") {
            let message = format!("the path `{path}` isn't served: a path starts with /");
            warn(Place::Key(paths.child(path)), message);
        }
    }
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for operation in &document.operations {
        if let Some(id) = &operation.id
            && let Some(other) = ids.insert(id, operation.name())
        {
            let place = Place::Value(operation.pointer.child("operationId"));
            warn(
                place,
                format!("the operationId `{id}` is that of {other} too"),
            );
        }
        let template = PathTemplate::parse(&operation.path).ok();
        let names: Vec<&str> = template.iter().flat_map(PathTemplate::names).collect();
        for parameter in &operation.parameters {
            if parameter.location == Location::Path && !names.contains(&parameter.name.as_str()) {
                let name = &parameter.name;
                let message = format!("the path {} has no `{{{name}}}`", operation.path);
                warn(Place::Value(parameter.pointer.child("name")), message);
            }
        }
        for name in names {
            let mut declared = operation.parameters.iter();
            if !declared.any(|p| p.location == Location::Path && p.name == name) {
                let message = format!("{} declares no path parameter `{name}`", operation.name());
                warn(Place::Key(operation.pointer.clone()), message);
            }
        }
    }
    warnings
}

/// The examples that break their own schema: they are never sent.
pub(super) fn check_examples(document: &Document, contents: Contents<'_>) -> Vec<LoadError> {
    let mut warnings = Vec::new();
    let operations = document.operations.iter();
    let bodies = operations.flat_map(|operation| {
        let requests = operation.body.iter().flat_map(|body| &body.content);
        let replies = operation
            .responses
            .iter()
            .flat_map(|response| &response.content);
        let requests = requests.map(|content| (View::Request, content));
        requests.chain(replies.map(|content| (View::Reply, content)))
    });
    for (view, content) in bodies {
        let Some(schema) = &content.schema else {
            continue;
        };
        for (name, example) in &content.examples {
            let found = contents.schemas.check(view, schema, example, &Where::Body);
            let Some(violation) = found.first() else {
                continue;
            };
            let at = match name.as_str() {
                "" => content.pointer.child("example"),
                name => content.pointer.child("examples").child(name).child("value"),
            };
            let inner = violation.in_body().map_or("", Pointer::as_str);
            let place = Pointer::parse(&format!("{at}{inner}")).unwrap_or(at);
            let detail = format!("{inner} {}", violation.detail);
            let message = format!("this example breaks its schema: {}", detail.trim_start());
            let error = LoadError::new(&document.source, Place::Value(place), message);
            warnings.push(error.with_help("another reply is sent in its stead"));
        }
    }
    warnings
}
