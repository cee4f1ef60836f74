//! The defaults and examples of a document against the schemas they stand beside, and the
//! expressions of schemas that no operation uses.

use super::report::{Finding, Topic};
use crate::mock::Contents;
use crate::spec::{
    At, Dialect, LoadError, Node, Origin, Place, Severity, Source, Structure, Valued,
};
use crate::validate::{Place as Where, SchemaId, UNUSABLE, View, Violation};
use crate::wire::Pointer;
use std::collections::HashSet;
use std::sync::Arc;

/// How much is told; a document of nothing else would fill the memory.
const FINDING_LIMIT: usize = 5_000;
/// How much is told of one value.
pub(super) const TOLD: usize = 100;

/// What of the values breaks its schema, but for those that are judged elsewhere, and which of the
/// schemas can't be used.
pub(super) fn check_values(
    contents: Contents<'_>,
    structure: &Structure,
    version: Dialect,
    elsewhere: &HashSet<Pointer>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let at = |pointer: &Pointer| contents.document.at(pointer).map(Node::at);
    let schemas = structure.valued.iter().map(|valued| &valued.schema);
    let mut told = HashSet::new();
    for at in schemas.chain(&structure.patterned).filter_map(at) {
        for fault in contents.schemas.faults(schema(contents, View::Request, at)) {
            if told.insert(fault.to_string()) {
                findings.push(Finding::new(Topic::Operations, Severity::Error, fault));
            }
        }
    }
    let here = structure.valued.iter();
    for valued in here.filter(|valued| !elsewhere.contains(&valued.value)) {
        if findings.len() >= FINDING_LIMIT {
            break;
        }
        // What a client may not send the server may, and the other way round: a value is wrong if
        // it is wrong for both.
        let asked = breaches(contents, View::Request, valued);
        if asked.is_empty() {
            continue;
        }
        let found = breaches(contents, View::Reply, valued);
        // 3.0.4 §4.7.24: a default conforms to the type at its schema's root. All else of it, and
        // since 3.1 that too, is advised, as it is of examples.
        let demanding = valued.is_default && matches!(version, Dialect::V20 | Dialect::V30);
        let is_for_both = |own: &&Violation| {
            let mut asked = asked.iter();
            asked.any(|other| other.place == own.place && other.rule == own.rule)
        };
        let mut all: Vec<&Violation> = found.iter().filter(is_for_both).collect();
        if all.is_empty() {
            all.extend(found.first());
        }
        for violation in all.into_iter().take(TOLD) {
            if violation.rule == UNUSABLE {
                break;
            }
            let severity = match demanding && is_root_type(violation) {
                true => Severity::Error,
                false => Severity::Warning,
            };
            let error = tell(contents, valued, violation);
            findings.push(Finding::new(Topic::Examples, severity, error));
        }
    }
    findings
}

fn schema(contents: Contents<'_>, view: View, at: At) -> SchemaId {
    contents.schemas.at(view, at)
}

fn breaches(contents: Contents<'_>, view: View, valued: &Valued) -> Vec<Violation> {
    let document = contents.document;
    let (Some(value), Some(at)) = (document.at(&valued.value), document.at(&valued.schema)) else {
        return Vec::new();
    };
    let schema = schema(contents, view, at.at());
    contents.schemas.check(schema, &value.value(), &Where::Body)
}

fn is_root_type(violation: &Violation) -> bool {
    let is_root = |pointer: &Pointer| pointer.as_str().is_empty();
    violation.rule == "type" && violation.in_body().is_some_and(is_root)
}

fn tell(contents: Contents<'_>, valued: &Valued, violation: &Violation) -> LoadError {
    let what = match valued.is_default {
        true => "default",
        false => "example",
    };
    let inner = violation.in_body().map_or("", Pointer::as_str);
    let place = Pointer::parse(&format!("{}{inner}", valued.value));
    let place = Place::Value(place.unwrap_or_else(|| valued.value.clone()));
    let detail = format!("{inner} {}", violation.detail);
    let message = format!("this {what} breaks its schema: {}", detail.trim_start());
    let error = LoadError::new(contents.document.source(), place, message);
    let line = |source: &Source, place: &Place| source.position(place).0;
    // The line that is shown says so itself.
    let is_shown = |origin: &Origin| {
        let told = line(&origin.source, &Place::Key(origin.pointer.clone()));
        Arc::ptr_eq(&origin.source, &error.source) && told == line(&error.source, &error.place)
    };
    match violation.origin.as_ref().filter(|origin| !is_shown(origin)) {
        Some(origin) => error.with_help(format!("{origin} says so")),
        None => error,
    }
}
