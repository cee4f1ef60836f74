//! The pages of what other pages have no room for: which there are is found as those are written.

use super::describe::Part;
use super::site::Service;
use super::slug::{Subject, identified};
use crate::spec::{At, Document, Node};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// How deep a document is looked into for a page that nothing has led to yet.
const DEPTH: usize = 100;

/// The folder of these pages in that of a service.
pub(super) const FOLDER: &str = "fields";

/// Those of a service.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// The parts that pages lead to, by the names of their pages.
    known: Mutex<BTreeMap<String, Part>>,
    /// Every place that there could be a page of.
    places: OnceLock<HashMap<String, At>>,
}

impl Rest {
    /// The name of the page of a part, without an ending; the same in each build.
    pub fn name(document: &Document, part: &Part) -> String {
        let name = named(document, &part.title, part.at);
        match part.from {
            0 => name,
            from => format!("{name}.{from}"),
        }
    }

    /// Takes up that a page leads to these.
    pub fn add(&self, parts: impl IntoIterator<Item = (String, Part)>) {
        self.known().extend(parts);
    }

    /// The names of the pages that others lead to so far, in order.
    pub fn names(&self) -> Vec<String> {
        self.known().keys().cloned().collect()
    }

    /// The part of a page: of one that nothing has led to yet too, since a reader may have kept its
    /// address.
    pub fn part(&self, document: &Document, name: &str) -> Option<Part> {
        if let Some(part) = self.known().get(name) {
            return Some(part.clone());
        }
        let (base, from) = name.split_once('.').unwrap_or((name, "0"));
        let places = self.places.get_or_init(|| places(document));
        let at = *places.get(base)?;
        Some(Part {
            title: super::describe::title(document, at),
            at,
            from: from.parse().ok()?,
        })
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Part>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// The path of the page of a part, within the folder of the service.
    pub fn rest_path(&self, name: &str) -> String {
        format!("{FOLDER}/{name}.html")
    }
}

fn named(document: &Document, title: &str, at: At) -> String {
    let identity = document.origin(at).reference();
    identified(&Subject {
        name: title.to_owned(),
        identity,
    })
}

fn places(document: &Document) -> HashMap<String, At> {
    let mut all = HashMap::new();
    for root in document.roots() {
        look(document, root, DEPTH, &mut all);
    }
    all
}

fn look(document: &Document, node: Node<'_>, depth: usize, all: &mut HashMap<String, At>) {
    if depth == 0 {
        return;
    }
    if node.is_array() {
        return node
            .items()
            .for_each(|item| look(document, item, depth - 1, all));
    }
    let says = ["properties", "enum", "oneOf", "anyOf", "allOf"];
    if says.iter().any(|name| node.get(name).is_some()) {
        let title = super::describe::title(document, node.at());
        all.insert(named(document, &title, node.at()), node.at());
    }
    for (_, value) in node.entries() {
        if value.is_object() || value.is_array() {
            look(document, value, depth - 1, all);
        }
    }
}
