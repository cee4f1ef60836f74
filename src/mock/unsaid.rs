//! What of a request isn't told again, in no refusal and no journal: credentials, and what only a
//! client says (`writeOnly`, `format: password`).

use super::Prepared;
use crate::decode::CredentialPlace;
use crate::sample::{is_of_page, rank};
use crate::spec::{Location, ShapeId, Shapes, is_secret_name};
use crate::validate::{Place, Violation, expected_in};
use crate::wire::{Pointer, header};
use serde_json::{Map, Value};

/// Takes what was sent out of the words of violations whose places hold secrets.
pub fn hush(shapes: &Shapes, operation: Option<&Prepared>, violations: &mut [Violation]) {
    for violation in violations {
        let expected = expected_in(&violation.detail);
        if expected != violation.detail && is_secret(shapes, operation, &violation.place) {
            violation.detail = expected.to_owned();
        }
    }
}

/// What the parameters of a query say, by themselves or by default, but for secrets.
pub fn sayable_query(
    shapes: &Shapes,
    operation: &Prepared,
    parameters: &Map<String, Value>,
) -> Value {
    let mut said = parameters.clone();
    said.retain(|name, _| !is_secret(shapes, Some(operation), &Place::Query(name.clone())));
    Value::Object(said)
}

/// What of a query a list's reply may say beside the list: for when and for how many it was asked, and
/// nothing that chooses among the rows or tells of their page.
pub fn measures(mut query: Value) -> Value {
    if let Some(said) = query.as_object_mut() {
        said.retain(|name, value| match value {
            Value::Number(_) => !is_of_page(name),
            Value::String(_) => rank(name).is_some(),
            _ => false,
        });
    }
    query
}

/// Whether what a message has at a place is nobody else's to know.
pub fn is_secret(shapes: &Shapes, operation: Option<&Prepared>, place: &Place) -> bool {
    let (location, name) = match place {
        Place::Cookie(_) => return true,
        Place::Status => return false,
        Place::Body(at) => return is_secret_in_body(shapes, operation, at),
        Place::Path(name) => (Location::Path, name),
        Place::Query(name) => (Location::Query, name),
        Place::Header(name) => (Location::Header, name),
    };
    let known = [
        header::AUTHORIZATION,
        header::PROXY_AUTHORIZATION,
        header::COOKIE,
    ];
    let is_known = known
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known.as_str()));
    // `filter[password]` is the property of an object.
    let mut parts = name.split(['[', ']', '.']).filter(|part| !part.is_empty());
    if location == Location::Header && is_known || parts.clone().any(is_secret_name) {
        return true;
    }
    let Some(operation) = operation else {
        return false;
    };
    let find = |name: &str| {
        let mut readers = operation.parameters.iter();
        let reader = readers.find(|reader| {
            let declared = &reader.parameter;
            declared.location == location && declared.name.eq_ignore_ascii_case(name)
        });
        reader.and_then(|reader| reader.shape)
    };
    let shape = find(name);
    let whole = parts.next().and_then(find);
    let inner = whole.is_some_and(|id| is_hidden_below(shapes, id, parts.map(str::to_owned)));
    let mut schemes = operation.declared.security.iter().flatten();
    inner
        || shape.is_some_and(|id| is_hidden(shapes, id))
        || schemes.any(|used| match CredentialPlace::of(&used.scheme.kind) {
            Some(CredentialPlace::Field(field)) => {
                location == Location::Header && name.eq_ignore_ascii_case(field.as_str())
            }
            Some(CredentialPlace::Query(key)) => location == Location::Query && *name == key,
            _ => false,
        })
}

/// The same of a place in a body, by its name and those that it stands in, and by their schemas.
fn is_secret_in_body(shapes: &Shapes, operation: Option<&Prepared>, at: &Pointer) -> bool {
    if at.tokens().any(|name| is_secret_name(&name)) {
        return true;
    }
    let Some(operation) = operation else {
        return false;
    };
    let replies = operation.responses.iter();
    let replies = replies.flat_map(|response| &response.contents);
    let bodies = operation.bodies.iter().chain(replies);
    let mut roots = bodies.filter_map(|content| content.shape);
    roots.any(|root| is_hidden(shapes, root) || is_hidden_below(shapes, root, at.tokens()))
}

/// Whether something on a way into a value is hidden, by the names and places on it.
fn is_hidden_below(shapes: &Shapes, root: ShapeId, mut way: impl Iterator<Item = String>) -> bool {
    let mut id = root;
    way.any(|token| {
        let shape = shapes.get(id);
        let index = token.parse().ok();
        let item = index.and_then(|index| shapes.of_item(shape, index));
        let property = shape.properties.get(&token);
        let property = property.map(|property| shapes.of_property(property));
        let inner = property
            .or(item)
            .or_else(|| shapes.of_undeclared(shape, &token));
        match inner {
            Some(inner) => {
                id = inner;
                is_hidden(shapes, id)
            }
            None => false,
        }
    })
}

fn is_hidden(shapes: &Shapes, id: ShapeId) -> bool {
    let shape = shapes.get(id);
    shape.write_only || shape.is_password
}
