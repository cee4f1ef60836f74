//! A report for machines: an array, an object for each finding.

use super::style::acts;
use crate::contract::Report;
use crate::spec::{LoadError, Place, Severity};
use serde_json::{Value, json};

pub(super) fn render(reports: &[Report]) -> String {
    let findings = reports.iter().flat_map(|report| &report.findings);
    let entries: Vec<Value> = findings
        .map(|finding| entry(finding.severity, &finding.error))
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

fn entry(severity: Severity, error: &LoadError) -> Value {
    let severity = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
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
        "severity": severity,
        "file": error.source.name(),
        "line": position.map(|(line, _)| line),
        "column": position.map(|(_, column)| column),
        "pointer": pointer,
        "message": error.message,
        "help": error.help,
    })
}
