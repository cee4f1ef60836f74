//! What examples show that the other side alone sends: `writeOnly` properties in a reply,
//! `readOnly` ones in a request (OpenAPI 3.0.4 §4.7.24.1, JSON Schema validation §9.4).

use super::report::{Finding, Topic};
use crate::mock::{Contents, Operations, PreparedContent};
use crate::spec::{LoadError, Place, Severity, ShapeId};
use crate::validate::View;
use crate::wire::Pointer;
use serde_json::Value;

/// The examples of bodies that show what isn't their side's.
pub(super) fn check_sides(contents: Contents<'_>, operations: &Operations) -> Vec<Finding> {
    let mut findings = Vec::new();
    for number in 0..operations.len() {
        let operation = operations.get(number);
        let replies = operation.responses.iter();
        let replies = replies.flat_map(|response| &response.contents);
        let of = |view| move |content| (view, content);
        let requests = operation.bodies.iter().map(of(View::Request));
        for (view, content) in requests.chain(replies.map(of(View::Reply))) {
            check_examples(contents, view, content, &mut findings);
        }
    }
    findings
}

fn check_examples(
    contents: Contents<'_>,
    view: View,
    content: &PreparedContent,
    findings: &mut Vec<Finding>,
) {
    let sender = match view {
        View::Request => "server",
        View::Reply => "client",
    };
    for example in &content.declared.examples {
        let origin = contents.document.origin(example.at);
        let mut hidden = Vec::new();
        let shape = content.shape;
        look(
            contents,
            shape,
            view,
            &example.value,
            &origin.pointer,
            &mut hidden,
        );
        for at in hidden {
            let name = at
                .split_last()
                .map_or_else(String::new, |(_, name)| name.to_string());
            let message = format!("`{name}` is sent by the {sender} alone");
            let error = LoadError::new(&origin.source, Place::Key(at), message);
            findings.push(Finding::new(Topic::Examples, Severity::Warning, error));
        }
    }
}

/// The members of a value that its sender doesn't send.
fn look(
    contents: Contents<'_>,
    shape: Option<ShapeId>,
    view: View,
    value: &Value,
    at: &Pointer,
    hidden: &mut Vec<Pointer>,
) {
    let Some(shape) = shape else {
        return;
    };
    let shapes = contents.shapes;
    let shape = shapes.get(shape);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let at = at.child(name);
                let Some(property) = shape.properties.get(name) else {
                    look(
                        contents,
                        shapes.of_additional(shape),
                        view,
                        value,
                        &at,
                        hidden,
                    );
                    continue;
                };
                let id = shapes.of_property(property);
                let inner = shapes.get(id);
                let is_hidden = match view {
                    View::Request => inner.read_only,
                    View::Reply => inner.write_only,
                };
                match is_hidden {
                    true => hidden.push(at),
                    false => look(contents, Some(id), view, value, &at, hidden),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let at = at.child(index);
                look(contents, shapes.of_items(shape), view, item, &at, hidden);
            }
        }
        _ => {}
    }
}
