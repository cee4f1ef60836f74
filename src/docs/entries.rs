//! What stands in lists: operations, webhooks and schemas, with the names of their pages.

use super::markdown::plain;
use super::slug::{Subject, slugs};
use crate::contract::Contract;
use crate::spec::{At, Node};
use std::sync::OnceLock;

/// How long the summary of a webhook is at most that is its title, and what of a longer one is
/// shown in lists, in characters.
const TITLE: usize = 80;
const ABOUT: usize = 120;

/// An operation or a webhook in lists.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The name of its page, without an ending.
    pub slug: String,
    /// Its method.
    pub method: String,
    /// Its path; the name of a webhook.
    pub path: String,
    /// What it does, in a line.
    pub title: String,
    /// The same in a sentence, where the title is no more than a name; of webhooks alone.
    pub about: String,
    /// Whether it is going to be taken away.
    pub is_deprecated: bool,
    /// What the sidebar of HTML says of it.
    pub shown: OnceLock<String>,
}

/// A schema in lists.
#[derive(Debug)]
pub(crate) struct SchemaEntry {
    /// Its name.
    pub name: String,
    /// The name of its page, without an ending.
    pub slug: String,
    /// Where it stands.
    pub at: At,
}

/// The operations of a contract.
pub(super) fn entries(contract: &Contract) -> Vec<Entry> {
    let stubs = contract.operations.stubs();
    let nodes: Vec<Node<'_>> = stubs
        .iter()
        .map(|stub| contract.document.node(stub.at))
        .collect();
    let text = |node: &Node<'_>, name: &str| {
        let text = node.get(name).and_then(Node::text);
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let subjects = stubs.iter().zip(&nodes).map(|(stub, node)| {
        let id = text(node, "operationId");
        Subject::operation(id.as_deref(), stub.method.as_str(), &stub.path)
    });
    let subjects: Vec<Subject> = subjects.collect();
    let slugs = slugs(&subjects, &["index", "openapi", "changelog"]);
    let named = slugs.into_iter().zip(stubs).zip(&nodes);
    let entries = named.map(|((slug, stub), node)| {
        let id = text(node, "operationId");
        let title = text(node, "summary").or(id);
        Entry {
            slug,
            method: stub.method.to_string(),
            path: stub.path.to_string(),
            title: title.unwrap_or_else(|| stub.name()),
            about: String::new(),
            is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
            shown: OnceLock::new(),
        }
    });
    entries.collect()
}

/// Its webhooks.
pub(super) fn webhooks(contract: &Contract) -> Vec<Entry> {
    let all = contract.operations.webhooks();
    let count = |name: &str| all.iter().filter(|of| of.declared.name == name).count();
    let subjects = all.iter().map(|of| {
        let (name, method) = (&of.declared.name, of.declared.method.as_str());
        Subject {
            // What is sent with several methods has a page for each.
            name: match count(name) {
                1 => name.clone(),
                _ => format!("{name} {}", method.to_ascii_lowercase()),
            },
            identity: format!("{method} {name}"),
        }
    });
    let subjects: Vec<Subject> = subjects.collect();
    let slugs = slugs(&subjects, &["index"]);
    let entries = slugs.into_iter().zip(all).map(|(slug, of)| {
        let node = contract.document.node(of.declared.at);
        let text = |name: &str| {
            let text = node.get(name).and_then(Node::text);
            text.unwrap_or_default().trim().to_owned()
        };
        let (summary, description) = (text("summary"), text("description"));
        // Many write whole texts there, which no list has room for.
        let is_title = !summary.is_empty() && summary.chars().count() <= TITLE;
        let about = match (is_title, summary.is_empty()) {
            (true, _) => String::new(),
            (false, true) => plain(&description, ABOUT),
            (false, false) => plain(&summary, ABOUT),
        };
        Entry {
            slug,
            method: of.declared.method.to_string(),
            path: of.declared.name.clone(),
            title: match is_title {
                true => summary,
                false => of.declared.name.clone(),
            },
            about,
            is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
            shown: OnceLock::new(),
        }
    });
    entries.collect()
}

/// Its schemas.
pub(super) fn schemas(contract: &Contract) -> Vec<SchemaEntry> {
    let root = contract.document.root();
    let holder = root
        .get("components")
        .and_then(|components| components.get("schemas"));
    let holder = holder.or_else(|| root.get("definitions"));
    let named: Vec<(String, At)> = holder
        .into_iter()
        .flat_map(Node::entries)
        .map(|(name, schema)| (name.into_owned(), schema.at()))
        .collect();
    let subjects: Vec<Subject> = named.iter().map(|(name, _)| Subject::named(name)).collect();
    let named = named.into_iter().zip(slugs(&subjects, &["index"]));
    let entries = named.map(|((name, at), slug)| SchemaEntry { name, slug, at });
    entries.collect()
}
