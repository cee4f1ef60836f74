//! How a body breaks what is documented of it, request's or reply's.

use super::PreparedContent;
use crate::decode::{Body, Payload};
use crate::validate::{Place, Schemas, VIOLATION_LIMIT, View, Violation};
use crate::wire::Pointer;

/// How a body breaks what is documented of its parts, its whole and its items; `content` is
/// what it was read as.
pub fn breaches(
    schemas: &Schemas,
    content: Option<&PreparedContent>,
    view: View,
    body: &Body,
) -> Vec<Violation> {
    let breaches = body.breaches.iter().take(VIOLATION_LIMIT);
    let mut found: Vec<Violation> = breaches
        .map(|breach| Violation {
            place: Place::Body(breach.pointer.clone()),
            rule: breach.rule.to_owned(),
            detail: breach.detail.clone(),
            origin: None,
        })
        .collect();
    for field in body.fields.iter().take(VIOLATION_LIMIT) {
        let schema = schemas.at(view, field.schema);
        let place = |_| Place::Body(field.pointer.clone());
        let told = schemas.check(schema, &field.value, &place);
        found.extend(told.into_iter().map(|violation| Violation {
            detail: format!(
                "has the header field {}, which {}",
                field.name, violation.detail
            ),
            ..violation
        }));
    }
    let (Payload::Value(_, value), Some(content)) = (&body.payload, content) else {
        return found;
    };
    let (schema, item_schema) = (content.schema, content.item_schema);
    let of_whole = schema.filter(|_| !body.in_items || item_schema.is_some());
    if let Some(schema) = of_whole {
        found.extend(schemas.check(schema, value, &Place::Body));
    }
    let items = value.as_array().filter(|_| body.in_items);
    for (index, item) in items.into_iter().flatten().enumerate() {
        let Some(schema) = item_schema.or(schema) else {
            break;
        };
        if found.len() >= VIOLATION_LIMIT {
            break;
        }
        let place = |inner: Pointer| {
            let whole = Pointer::parse(&format!("/{index}{inner}"));
            Place::Body(whole.unwrap_or_default())
        };
        found.extend(schemas.check(schema, item, &place));
    }
    found
}
