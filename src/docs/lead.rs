//! Where the links in the texts of a document lead that name a part of it, in the forms in which
//! documents are written for: JSON Pointers, and the anchors of Redoc, Swagger UI and Scalar.

use super::markdown::{Place, render};
use super::site::Service;
use super::slug::slug;
use crate::contract::Contract;
use crate::spec::{At, Document, LoadError, Node, Place as Where};
use crate::wire::decode_percent;
use std::collections::HashMap;

/// How deep a document is looked into for texts.
const DEPTH: usize = 64;
/// How many links that lead nowhere are told.
const TOLD: usize = 100;

/// A part of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lead {
    /// An operation, by its number.
    Operation(usize),
    /// A schema, by its number.
    Schema(usize),
    /// The operations of a tag, by its number.
    Tag(usize),
    /// A place on the service's own page, by its id.
    About(String),
}

impl Service {
    /// The part that an address leads to, where it names one.
    pub fn lead(&self, address: &str) -> Option<Lead> {
        let (_, fragment) = address.split_once('#')?;
        let fragment = decode_percent(fragment).ok()?;
        let fragment = fragment.trim_matches('/');
        let parts: Vec<&str> = fragment.split('/').collect();
        match parts.as_slice() {
            ["components", "schemas", name] | ["definitions", name] => self.schema_lead(name),
            ["schema" | "schemas" | "model" | "models", name] => self.schema_lead(name),
            ["paths", path, method, ..] => self.operation_at(&format!("{path}/{method}")),
            ["operation" | "operations", id] => self.operation_lead(id),
            ["tag" | "tags", tag] => self.tag_lead(tag),
            ["tag", _, "operation", id] => self.operation_lead(id),
            ["tag", _, "paths", path, method] => self.operation_at(&format!("{path}/{method}")),
            ["tag", _, method, path @ ..] if method.bytes().all(|b| b.is_ascii_uppercase()) => {
                let path = format!("/{}", path.join("/"));
                self.operation_at(&format!("{}/{}", path.replace('/', "~1"), method))
            }
            ["section", .., title] => self.about_lead(title),
            [tag, id] if self.tag_lead(tag).is_some() => self.operation_lead(id),
            [one] => self.about_lead(one).or_else(|| self.operation_lead(one)),
            _ => None,
        }
    }

    fn schema_lead(&self, name: &str) -> Option<Lead> {
        let name = name.replace("~1", "/").replace("~0", "~");
        self.schema_number(&name).map(Lead::Schema)
    }

    fn operation_lead(&self, id: &str) -> Option<Lead> {
        self.operation_number(id).map(Lead::Operation)
    }

    fn operation_at(&self, place: &str) -> Option<Lead> {
        let (path, method) = place.rsplit_once('/')?;
        let place = format!("#/paths/{path}/{}", method.to_ascii_lowercase());
        self.operation_number(&place).map(Lead::Operation)
    }

    fn tag_lead(&self, name: &str) -> Option<Lead> {
        let wanted = slug(name);
        let mut tags = self.tags.iter();
        tags.position(|tag| tag.name == name || slug(&tag.name) == wanted)
            .map(Lead::Tag)
    }

    fn about_lead(&self, title: &str) -> Option<Lead> {
        let anchor = title.to_lowercase().replace(' ', "-");
        self.abouts().get(&anchor).cloned().map(Lead::About)
    }
}

/// The ids of the headings of a service's description, by their anchors.
pub(super) fn abouts(description: &str) -> HashMap<String, String> {
    let place = Place {
        level: 2,
        prefix: "about",
        resolve: &|_| None,
    };
    let headings = render(description, &place).headings.into_iter();
    headings
        .map(|heading| (heading.anchor().to_owned(), heading.id))
        .collect()
}

/// The links in the texts of a contract that lead nowhere, each with the place of its text.
pub(super) fn dangling(contract: &Contract, service: &Service) -> Vec<LoadError> {
    let document = &contract.document;
    let mut found = Vec::new();
    look(document, document.root(), service, DEPTH, &mut found);
    found
}

fn look(
    document: &Document,
    node: Node<'_>,
    service: &Service,
    depth: usize,
    found: &mut Vec<LoadError>,
) {
    if depth == 0 || found.len() >= TOLD {
        return;
    }
    if node.is_array() {
        let items = node.items();
        return items.for_each(|item| look(document, item, service, depth - 1, found));
    }
    for (name, value) in node.entries() {
        match &*name {
            "description" => {
                if let Some(text) = value.text().filter(|text| may_link(text)) {
                    tell(document, value.at(), &text, service, found);
                }
                // A property may be called so.
                look(document, value, service, depth - 1, found);
            }
            "example" | "examples" | "default" | "enum" | "const" => {}
            name if name.starts_with("x-") => {}
            _ if value.is_object() || value.is_array() => {
                look(document, value, service, depth - 1, found);
            }
            _ => {}
        }
    }
}

/// Whether there may be a link in a text.
fn may_link(text: &str) -> bool {
    text.contains("](") || text.contains("]:") || text.contains("href") || text.contains("src")
}

fn tell(document: &Document, at: At, text: &str, service: &Service, found: &mut Vec<LoadError>) {
    let resolve = |address: &str| service.lead(address).map(|_| "#".to_owned());
    let place = Place {
        level: 2,
        prefix: "",
        resolve: &resolve,
    };
    let origin = document.origin(at);
    for address in render(text, &place).unlinked {
        if found.len() < TOLD {
            let message = format!("a link leads nowhere in the documentation: `{address}`");
            let place = Where::Value(origin.pointer.clone());
            found.push(LoadError::new(&origin.source, place, message));
        }
    }
}
