//! What the operations of a service belong to.

use super::describe::Shown;
use super::slug::{Subject, slugs};
use crate::contract::Contract;
use crate::spec::Node;
use indexmap::IndexMap;

/// How many operations of a tag stand on a page.
const TOGETHER: usize = 1_000;

/// What some operations belong to.
#[derive(Debug)]
pub(crate) struct Tag {
    /// Its name; empty for the operations that have none.
    pub name: String,
    /// The same in addresses.
    pub slug: String,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// Its operations, by their numbers.
    pub operations: Vec<usize>,
    /// The way to it, as it stands beside every page of its service.
    pub lead: Shown<String>,
}

impl Tag {
    /// Its name as pages show it.
    pub fn shown(&self) -> &str {
        match self.name.as_str() {
            "" => "Operations",
            name => name,
        }
    }
}

/// The tags of a contract, those that have operations, in the order of the document.
pub(super) fn tags(contract: &Contract) -> Vec<Tag> {
    let document = &contract.document;
    let mut tags: IndexMap<String, Tag> = IndexMap::new();
    let mut add = |name: &str, description: String| {
        let tag = tags.entry(name.to_owned()).or_insert_with(|| Tag {
            name: name.to_owned(),
            slug: String::new(),
            description: String::new(),
            operations: Vec::new(),
            lead: Shown::default(),
        });
        if tag.description.is_empty() {
            tag.description = description;
        }
    };
    let declared = document
        .root()
        .get("tags")
        .into_iter()
        .flat_map(Node::items);
    for tag in declared {
        let text = |name: &str| tag.get(name).and_then(Node::text).unwrap_or_default();
        add(&text("name"), text("description").into_owned());
    }
    let used = contract.operations.stubs().iter().map(|stub| {
        let node = document.node(stub.at);
        let first = node
            .get("tags")
            .and_then(|tags| tags.item(0))
            .and_then(Node::text);
        first.unwrap_or_default().into_owned()
    });
    let used: Vec<String> = used.collect();
    used.iter().for_each(|name| add(name, String::new()));
    for (number, name) in used.iter().enumerate() {
        if let Some(tag) = tags.get_mut(name) {
            tag.operations.push(number);
        }
    }
    let mut used: Vec<Tag> = tags.into_values().flat_map(parted).collect();
    let subjects: Vec<Subject> = used.iter().map(|tag| Subject::named(tag.shown())).collect();
    for (tag, slug) in used.iter_mut().zip(slugs(&subjects, &[])) {
        tag.slug = slug;
    }
    used
}

/// A tag in parts that a page has room for; none where it has no operations.
fn parted(mut tag: Tag) -> Vec<Tag> {
    let operations = std::mem::take(&mut tag.operations);
    let parts = operations.chunks(TOGETHER).enumerate();
    let part = |(number, operations): (usize, &[usize])| Tag {
        name: match number {
            0 => tag.name.clone(),
            _ => format!("{} ({})", tag.shown(), number + 1),
        },
        slug: String::new(),
        description: match number {
            0 => tag.description.clone(),
            _ => String::new(),
        },
        operations: operations.to_vec(),
        lead: Shown::default(),
    };
    parts.map(part).collect()
}
