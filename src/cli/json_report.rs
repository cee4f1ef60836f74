//! A report for machines: an array, an object for each finding. `docs/schemas/check.json` is its
//! schema.

use super::reports;
use super::style::acts;
use crate::contract::Report;
use crate::spec::{LoadError, Place, Severity};
use serde_json::{Value, json};

pub(super) fn render(reports: &[Report]) -> String {
    let findings = reports.iter().flat_map(|report| &report.findings);
    let entries: Vec<Value> = findings
        .map(|finding| entry(finding.severity, finding.topic.name(), &finding.error))
        .collect();
    escaped(&format!("{:#}\n", Value::Array(entries)))
}

/// JSON that is read in terminals too.
pub(super) fn escaped(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        match acts(c) && c != '\n' {
            true => out += &format!("\\u{:04x}", c as u32),
            false => out.push(c),
        }
    }
    out
}

/// What is told of a finding: how much it matters, what it is about, where it is, and what it is.
pub(super) fn entry(severity: Severity, topic: &str, error: &LoadError) -> Value {
    let position = match error.place {
        Place::File => None,
        _ => Some(error.source.position(&error.place)),
    };
    let pointer = match &error.place {
        Place::Value(pointer) | Place::Key(pointer) | Place::Inside(pointer, _) => {
            Some(pointer.as_str())
        }
        Place::File | Place::Span(_) => None,
    };
    json!({
        "severity": reports::name(severity),
        "topic": topic,
        "file": error.source.name(),
        "line": position.map(|(line, _)| line),
        "column": position.map(|(_, column)| column),
        "pointer": pointer,
        "message": error.message,
        "help": error.help,
    })
}
