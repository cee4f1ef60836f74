use super::prepared::Contents;
use super::sample::sample;
use super::{Binding, Prepared, PreparedContent, PreparedResponse, Rejection, project, withhold};
use crate::spec::{Example, Shapes};
use crate::validate::View;
use crate::wire::{Reply, StatusCode, choose};
use serde_json::{Map, Value};

/// An item as a reply shows it: what the schema declares, in its envelope.
pub fn render_item(
    shapes: &Shapes,
    binding: &Binding,
    content: Option<&PreparedContent>,
    item: &Value,
) -> Value {
    let shape = content.and_then(|content| content.shape);
    match &binding.envelope {
        None => project(shapes, shape, item, View::Reply),
        Some(name) => {
            let mut body = Map::new();
            body.insert(name.clone(), item.clone());
            project(shapes, shape, &Value::Object(body), View::Reply)
        }
    }
}

/// A reply out of the contract alone: the named example, else the first that is valid, else a
/// sample of the schema.
pub fn canned(
    contents: Contents<'_>,
    operation: &Prepared,
    status: StatusCode,
    accept: Option<&str>,
    example: Option<&str>,
) -> Result<Reply, Rejection> {
    let response = operation.response(status.as_u16());
    let bodiless = [
        StatusCode::NO_CONTENT,
        StatusCode::RESET_CONTENT,
        StatusCode::NOT_MODIFIED,
    ];
    let has_body =
        |response: &&PreparedResponse| !response.contents.is_empty() && !bodiless.contains(&status);
    let Some(response) = response.filter(has_body) else {
        return Ok(Reply::new(status));
    };
    let offered = response.media_types();
    let Some(chosen) = choose(accept, &offered) else {
        return Err(Rejection::NotAcceptable(
            offered.iter().map(ToString::to_string).collect(),
        ));
    };
    let content = &response.contents[chosen];
    let is_valid = |body: &Value| {
        let schema = content.schema;
        schema.is_none_or(|schema| contents.schemas.is_valid(schema, body))
    };
    // What only a client may send stands in many an example all the same.
    let sendable = |example: &Example| {
        let mut body = example.value.clone();
        if let Some(shape) = content.shape {
            withhold(contents.shapes, shape, &mut body, View::Reply);
        }
        body
    };
    let mut examples = content.declared.examples.iter();
    let body = match example {
        Some(wanted) => match examples.find(|example| example.name == wanted) {
            Some(example) => Some(sendable(example)),
            None => {
                let detail = format!("the {status} of this operation has no example {wanted:?}");
                return Err(Rejection::BadPreference(detail));
            }
        },
        None => examples.map(sendable).find(is_valid),
    };
    let body = body.or_else(|| {
        let schema = content.declared.schema?;
        Some(sample(contents.document, schema)).filter(is_valid)
    });
    let Some(body) = body else {
        // What a value met has been compiled; the rest isn't why none is valid.
        let schemas = contents.schemas;
        let faults = content.schema.map(|schema| schemas.known_faults(schema));
        if let Some(fault) = faults.unwrap_or_default().first() {
            return Err(Rejection::Broken(fault.to_string()));
        }
        let place = contents.document.origin(content.declared.at);
        return Err(Rejection::Fault(format!(
            "no valid example or sample for {}",
            place.reference()
        )));
    };
    let media_type = content.sent_as(&body);
    Ok(match (&body, content.media_type.is_json()) {
        (Value::String(text), false) => {
            let mut reply = Reply::json(status, &media_type, &Value::Null);
            reply.body = text.clone().into_bytes().into();
            reply
        }
        _ => Reply::json(status, &media_type, &body),
    })
}
