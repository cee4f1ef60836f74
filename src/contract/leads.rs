//! The texts of a document that name something and are no references: what a discriminator's names
//! stand for, and the operations of links. Nothing is served by those that lead nowhere.

use super::report::{Finding, Topic};
use crate::spec::{Document, Leads, LoadError, Node, Place, Severity, Structure};
use crate::wire::Pointer;
use std::collections::HashSet;
use std::path::Path;

/// Those that lead nowhere.
pub(super) fn check_leads(document: &Document, structure: &Structure) -> Vec<Finding> {
    // Operations of other files have ids too.
    let stubs = document.operations.iter();
    let ids = stubs.filter_map(|stub| document.node(stub.at).get("operationId")?.text());
    let ids: HashSet<String> = ids.map(|id| id.into_owned()).collect();
    let mut findings = Vec::new();
    for lead in &structure.leads {
        let Some(node) = document.at(&lead.at) else {
            continue;
        };
        let Some(text) = node.text() else {
            continue;
        };
        let (is_there, message) = match lead.to {
            Leads::Id => (
                ids.contains(&*text) || structure.ids.contains(&*text),
                format!("no operation has the operationId `{text}`"),
            ),
            Leads::Operation => (
                leads(document, node, &text),
                format!("there is nothing at `{text}`"),
            ),
            Leads::Schema => (
                is_schema(document, &text) || leads(document, node, &text),
                match text.contains(['/', '#', '.']) {
                    true => format!("there is nothing at `{text}`"),
                    false => format!("the components have no schema `{text}`"),
                },
            ),
        };
        if !is_there {
            let place = Place::Value(lead.at.clone());
            let error = LoadError::new(document.source(), place, message);
            findings.push(Finding::new(Topic::Links, Severity::Warning, error));
        }
    }
    findings
}

fn is_schema(document: &Document, name: &str) -> bool {
    let schemas = Pointer::root().child("components").child("schemas");
    document.at(&schemas.child(name)).is_some()
}

/// Whether a reference leads somewhere, as far as that can be known: nothing is fetched from the
/// network, and a file that no `$ref` leads to isn't read.
fn leads(document: &Document, node: Node<'_>, reference: &str) -> bool {
    let (uri, _) = reference.split_once('#').unwrap_or((reference, ""));
    let folder = Path::new(document.source().name()).parent();
    let is_file = |folder: &Path| !uri.is_empty() && folder.join(uri).is_file();
    document.follow(node.at(), reference).is_ok()
        || uri.contains("://")
        || !is_read(document, node, uri) && folder.is_some_and(is_file)
}

fn is_read(document: &Document, node: Node<'_>, uri: &str) -> bool {
    document.follow(node.at(), uri).is_ok()
}
