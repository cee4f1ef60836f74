use super::{Place, SchemaId, Schemas, Violation};
use crate::decode::FieldReader;
use crate::spec::{Document, Shapes};
use crate::wire::HeaderMap;

/// Judges the header fields of a reply: those that can't be read or aren't there and must be, and
/// the values of the others. Each field comes with its schema.
pub fn check_fields<'f>(
    document: &Document,
    fields: impl Iterator<Item = (&'f FieldReader, Option<SchemaId>)>,
    schemas: &Schemas,
    shapes: &Shapes,
    sent: &HeaderMap,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (field, schema) in fields {
        let mut told = |rule: &str, detail: String| {
            violations.push(Violation {
                place: Place::Header(field.declared.name.clone()),
                rule: rule.to_owned(),
                detail,
                origin: Some(document.origin(field.declared.at)),
            });
        };
        if !sent.contains_key(&field.name) {
            if field.declared.required {
                told("required", "is required, and isn't there".to_owned());
            }
            continue;
        }
        let Some(schema) = schema else {
            continue;
        };
        let values = match field.read(sent, shapes) {
            Ok(values) => values,
            Err(detail) => {
                told("style", detail);
                continue;
            }
        };
        for read in values {
            let is_valid = |value| schemas.is_valid(schema, value);
            if read.list.as_ref().is_some_and(is_valid) {
                continue;
            }
            violations.extend(schemas.check(schema, &read.value, &|at| {
                let inner: String = at.tokens().map(|token| format!("[{token}]")).collect();
                Place::Header(format!("{}{inner}", field.declared.name))
            }));
        }
    }
    violations
}
