use super::{Place, SchemaId, Schemas, Violation};
use crate::decode::{Malformed, ParameterReader, Parameters};
use crate::spec::{Document, Location, Shapes};

/// Judges the parameters of a request: those that can't be read, and the values of the others.
/// `ids` are the readers' schemas, one for each. A value that breaks its schema is
/// taken out of `parameters`, where its default takes its place; a text that is valid as a list
/// alone is one there.
pub fn check_parameters(
    document: &Document,
    readers: &[ParameterReader],
    ids: &[Option<SchemaId>],
    schemas: &Schemas,
    shapes: &Shapes,
    parameters: &mut Parameters,
    malformed: &[Malformed],
) -> Vec<Violation> {
    let mut violations: Vec<Violation> = malformed
        .iter()
        .map(|fault| {
            let declared = readers
                .iter()
                .map(|reader| &reader.parameter)
                .find(|parameter| {
                    parameter.name == fault.name && parameter.location == fault.location
                });
            Violation {
                place: place(fault.location, &fault.name),
                rule: if fault.missing { "required" } else { "style" }.to_owned(),
                detail: fault.detail.clone(),
                origin: declared.map(|parameter| document.origin(parameter.at)),
            }
        })
        .collect();
    for (reader, schema) in readers.iter().zip(ids) {
        let declared = &reader.parameter;
        let list = parameters.take_list(declared.location, &declared.name);
        let values = parameters.of_mut(declared.location);
        let (Some(schema), Some(value)) = (*schema, values.get(&declared.name)) else {
            continue;
        };
        if let Some(list) = list
            && !schemas.is_valid(schema, value)
            && schemas.is_valid(schema, &list)
        {
            values.insert(declared.name.clone(), list);
            continue;
        }
        let found = schemas.check(schema, value, &|at| {
            let inner: String = at.tokens().map(|token| format!("[{token}]")).collect();
            place(declared.location, &format!("{}{inner}", declared.name))
        });
        if !found.is_empty() {
            let default = reader.default(shapes);
            // A default that breaks its own schema is the document's fault, not the request's.
            if default.as_ref() == Some(value) {
                values.shift_remove(&declared.name);
                continue;
            }
            match default {
                Some(default) => values.insert(declared.name.clone(), default),
                None => values.shift_remove(&declared.name),
            };
        }
        violations.extend(found);
    }
    violations
}

fn place(location: Location, name: &str) -> Place {
    let name = name.to_owned();
    match location {
        Location::Path => Place::Path(name),
        Location::Query | Location::Querystring => Place::Query(name),
        Location::Header => Place::Header(name),
        Location::Cookie => Place::Cookie(name),
    }
}
