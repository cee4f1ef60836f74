//! SARIF 2.1.0 (OASIS), which GitHub's code scanning and editors show on the line of the document.

use super::repository::named;
use super::{Examined, Lines, Remark, Spot};
use crate::cli::json_report::escaped;
use crate::spec::Severity;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Writes the report.
pub(in crate::cli) fn render(all: &Examined) -> String {
    let mut rules: BTreeMap<&str, &str> = BTreeMap::new();
    for case in all.cases() {
        rules.entry(&case.rule).or_insert(&case.sentence);
    }
    let described = rules.iter().map(|(id, sentence)| {
        json!({
            "id": id,
            "shortDescription": {"text": sentence},
            "fullDescription": {"text": sentence},
        })
    });
    let numbers: HashMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let mut again = HashMap::new();
    let mut results = Vec::new();
    for case in all.cases() {
        for remark in &case.remarks {
            results.push(json!({
                "ruleId": case.rule,
                "ruleIndex": numbers[case.rule.as_str()],
                "level": level(all, remark),
                "message": {"text": text(remark)},
                "locations": [location(&remark.spot)],
                "partialFingerprints": {
                    "counterpart/v1": fingerprint(&case.rule, remark, &mut again),
                },
            }));
        }
    }
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "counterpart",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": described.collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("{}/", all.command.replace(' ', "/"))},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    escaped(&format!("{report:#}\n"))
}

fn level(all: &Examined, remark: &Remark) -> &'static str {
    match remark.severity {
        Severity::Note => "note",
        _ if all.fails(remark) => "error",
        _ => "warning",
    }
}

fn text(remark: &Remark) -> String {
    match &remark.help {
        Some(help) => format!("{}\nhelp: {help}", remark.message),
        None => remark.message.clone(),
    }
}

fn location(spot: &Spot) -> Value {
    let mut physical = Map::new();
    physical.insert(
        "artifactLocation".to_owned(),
        json!({"uri": uri(&named(&spot.file))}),
    );
    if let Some(lines) = spot.lines {
        let Lines {
            line,
            column,
            end_column,
        } = lines;
        physical.insert(
            "region".to_owned(),
            json!({"startLine": line, "startColumn": column, "endColumn": end_column}),
        );
    }
    let mut location = json!({"physicalLocation": physical});
    if let Some(pointer) = &spot.pointer {
        location["logicalLocations"] = json!([{"fullyQualifiedName": pointer}]);
    }
    location
}

/// The name of a file as a URI reference: relative ones are by the root of the repository that the
/// command ran in, where that is known, else by its folder.
fn uri(file: &str) -> String {
    let file = file.strip_prefix("./").unwrap_or(file);
    let file = match std::path::MAIN_SEPARATOR {
        '/' => file.to_owned(),
        separator => file.replace(separator, "/"),
    };
    let mut out = String::new();
    if Path::new(&file).is_absolute() {
        out.push_str("file://");
        if !file.starts_with('/') {
            out.push('/');
        }
    }
    for octet in file.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(octet));
            }
            octet => out.push_str(&format!("%{octet:02X}")),
        }
    }
    out
}

/// What is the same for the same remark where only lines have moved; the second of the same has
/// another.
fn fingerprint(rule: &str, remark: &Remark, again: &mut HashMap<u64, u32>) -> String {
    let mut hasher = DefaultHasher::new();
    (rule, &remark.spot.file, &remark.spot.pointer).hash(&mut hasher);
    remark.message.hash(&mut hasher);
    let hash = hasher.finish();
    let count = again.entry(hash).or_default();
    *count += 1;
    format!("{hash:016x}:{count}")
}
