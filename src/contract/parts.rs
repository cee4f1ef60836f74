//! What of other files references bring into the document, held against the kind of object that
//! each stands for.

use super::report::{Finding, Topic};
use crate::spec::{At, Document, Node, Outward, Severity, check_part};
use crate::wire::Pointer;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// How much is told; files of nothing else would fill the memory.
const FINDING_LIMIT: usize = 5_000;

/// What isn't as its version prescribes in the parts that references lead to.
pub(super) fn check_parts(document: &Document, outward: Vec<Outward>) -> Vec<Finding> {
    let own = document.root().at();
    let mut findings = Vec::new();
    let mut seen: HashSet<(At, &str)> = HashSet::new();
    let mut files: HashMap<At, Value> = HashMap::new();
    let mut open: Vec<(At, Outward)> = outward.into_iter().map(|part| (own, part)).collect();
    while let Some((from, part)) = open.pop() {
        // One that leads nowhere is told by who follows it.
        let Some(target) = target(document, from, &part) else {
            continue;
        };
        let root = document.beside(target, &Pointer::root());
        let root = root.filter(|root| root.at() != own && !is_foreign(*root));
        let Some(root) = root.filter(|_| findings.len() < FINDING_LIMIT) else {
            continue;
        };
        if !seen.insert((target, part.what())) {
            continue;
        }
        let value = files.entry(root.at()).or_insert_with(|| root.value());
        let origin = document.origin(target);
        let structure = check_part(value, document.dialect, &part, &origin.pointer);
        // Notes are of the document: each kind is told once, with its count there.
        let flaws = structure.flaws.into_iter();
        let flaws = flaws.filter(|flaw| flaw.severity != Severity::Note);
        findings.extend(flaws.map(|flaw| {
            let severity = flaw.severity;
            Finding::new(Topic::Structure, severity, flaw.into_error(&origin.source))
        }));
        open.extend(structure.outward.into_iter().map(|part| (root.at(), part)));
    }
    findings
}

fn target(document: &Document, from: At, part: &Outward) -> Option<At> {
    let holder = document.beside(from, &part.at)?;
    let reference = holder.get("$ref")?;
    document.follow(reference.at(), &reference.text()?).ok()
}

/// Whether a file says that it is written in words of its own: a JSON Schema of some draft.
fn is_foreign(root: Node<'_>) -> bool {
    root.get("$schema").is_some()
}
