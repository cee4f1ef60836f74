//! The defaults and examples of a document against the schemas they stand beside, and the
//! expressions of schemas that no operation uses.

use super::report::Finding;
use crate::mock::Contents;
use crate::spec::{At, Dialect, LoadError, Node, Place, Severity, Structure, Valued};
use crate::validate::{Place as Where, SchemaId, UNUSABLE, View, Violation};
use crate::wire::Pointer;
use std::collections::HashSet;

/// How many values are told; a document of nothing else would fill the memory.
const FINDING_LIMIT: usize = 5_000;

/// What of the values breaks its schema, and which of the schemas can't be used.
pub(super) fn check_values(
    contents: Contents<'_>,
    structure: &Structure,
    version: Dialect,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let at = |pointer: &Pointer| contents.document.at(pointer).map(Node::at);
    let schemas = structure.valued.iter().map(|valued| &valued.schema);
    let mut told = HashSet::new();
    for at in schemas.chain(&structure.patterned).filter_map(at) {
        for fault in contents.schemas.faults(schema(contents, View::Request, at)) {
            if told.insert(fault.to_string()) {
                findings.push(Finding::new(Severity::Error, fault));
            }
        }
    }
    for valued in &structure.valued {
        if findings.len() >= FINDING_LIMIT {
            break;
        }
        // What a client may not send the server may, and the other way round: a value is wrong if
        // it is wrong for both.
        let breach = breach(contents, View::Request, valued)
            .and_then(|_| breach(contents, View::Reply, valued));
        let Some(violation) = breach.filter(|violation| violation.rule != UNUSABLE) else {
            continue;
        };
        // 3.0.4 §4.7.24: a default conforms to its schema. Of examples, and since 3.1 of defaults,
        // it is advised.
        let (what, severity) = match (valued.is_default, version) {
            (true, Dialect::V20 | Dialect::V30) => ("default", Severity::Error),
            (true, _) => ("default", Severity::Warning),
            (false, _) => ("example", Severity::Warning),
        };
        findings.push(Finding::new(
            severity,
            tell(contents, what, valued, &violation),
        ));
    }
    findings
}

fn schema(contents: Contents<'_>, view: View, at: At) -> SchemaId {
    contents.schemas.at(view, at)
}

fn breach(contents: Contents<'_>, view: View, valued: &Valued) -> Option<Violation> {
    let value = contents.document.at(&valued.value)?.value();
    let at = contents.document.at(&valued.schema)?.at();
    let found = contents
        .schemas
        .check(schema(contents, view, at), &value, &Where::Body);
    found.into_iter().next()
}

fn tell(contents: Contents<'_>, what: &str, valued: &Valued, violation: &Violation) -> LoadError {
    let inner = violation.in_body().map_or("", Pointer::as_str);
    let place = Pointer::parse(&format!("{}{inner}", valued.value));
    let place = Place::Value(place.unwrap_or_else(|| valued.value.clone()));
    let detail = format!("{inner} {}", violation.detail);
    let message = format!("this {what} breaks its schema: {}", detail.trim_start());
    let error = LoadError::new(contents.document.source(), place, message);
    match &violation.origin {
        Some(origin) => error.with_help(format!("{origin} says so")),
        None => error,
    }
}
