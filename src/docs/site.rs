//! Which pages there are, and what each is of: read once, before any page is written.

use super::slug::{Subject, slugs};
use crate::contract::Contract;
use crate::diff::Changes;
use crate::host::Host;
use crate::spec::{At, Node};
use indexmap::IndexMap;
use std::collections::HashMap;

/// The pages of all services.
#[derive(Debug)]
pub(crate) struct Site {
    /// The services, in the order in which they are served.
    pub services: Vec<Service>,
    /// The address that the pages are served at, where they are.
    pub served: Option<String>,
    pages: IndexMap<String, Page>,
}

/// What a page is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// All services.
    Index,
    /// All endpoints.
    Endpoints,
    /// How callers show who they are.
    Access,
    /// Every status, and who answers it.
    Errors,
    /// A service.
    Service(usize),
    /// An operation of a service, by its number there.
    Operation(usize, usize),
    /// The same as Markdown.
    OperationText(usize, usize),
    /// All schemas of a service.
    Schemas(usize),
    /// A schema of a service, by its number there.
    Schema(usize, usize),
    /// What has changed of a service.
    Changes(usize),
    /// The same as Markdown.
    ChangesText(usize),
    /// The contract of a service in one file, as JSON or as YAML.
    Contract(usize, Notation),
}

/// How a contract is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    Json,
    Yaml,
}

/// A service: what one contract describes.
#[derive(Debug)]
pub(crate) struct Service {
    /// Its number among the host's APIs.
    pub api: usize,
    /// The name of its folder.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it is for, in Markdown.
    pub description: String,
    /// Its operations, in document order.
    pub operations: Vec<Entry>,
    /// What the operations belong to, in the order of the document's tags.
    pub tags: Vec<Tag>,
    /// Its schemas, in document order.
    pub schemas: Vec<SchemaEntry>,
    /// What has changed since another document, where one was given.
    pub changes: Option<Changes>,
    numbers: HashMap<String, usize>,
}

/// An operation in lists.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The name of its page, without an ending.
    pub slug: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What it does, in a line.
    pub title: String,
    /// Whether it is going to be taken away.
    pub is_deprecated: bool,
}

/// What some operations belong to.
#[derive(Debug)]
pub(crate) struct Tag {
    /// Its name; empty for the operations that have none.
    pub name: String,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// Its operations, by their numbers.
    pub operations: Vec<usize>,
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

impl Site {
    /// The pages of what a host serves.
    pub fn of(host: &Host) -> Site {
        let apis = host.apis();
        let names: Vec<Subject> = apis.iter().map(|api| Subject::named(api.name())).collect();
        let names = slugs(&names, &["assets"]);
        let contracts = apis.iter().zip(names).enumerate();
        let services = contracts.map(|(index, (api, slug))| service(index, slug, api.contract()));
        let services: Vec<Service> = services.collect();
        let mut pages = IndexMap::new();
        pages.insert("index.html".to_owned(), Page::Index);
        pages.insert("endpoints.html".to_owned(), Page::Endpoints);
        pages.insert("auth.html".to_owned(), Page::Access);
        pages.insert("errors.html".to_owned(), Page::Errors);
        for (index, service) in services.iter().enumerate() {
            let folder = &service.slug;
            pages.insert(format!("{folder}/index.html"), Page::Service(index));
            for (number, entry) in service.operations.iter().enumerate() {
                let name = &entry.slug;
                pages.insert(
                    format!("{folder}/{name}.html"),
                    Page::Operation(index, number),
                );
                pages.insert(
                    format!("{folder}/{name}.md"),
                    Page::OperationText(index, number),
                );
            }
            for (name, notation) in [("json", Notation::Json), ("yaml", Notation::Yaml)] {
                let path = format!("{folder}/openapi.{name}");
                pages.insert(path, Page::Contract(index, notation));
            }
            if !service.schemas.is_empty() {
                pages.insert(format!("{folder}/schemas/index.html"), Page::Schemas(index));
            }
            for (number, entry) in service.schemas.iter().enumerate() {
                let path = format!("{folder}/schemas/{}.html", entry.slug);
                pages.insert(path, Page::Schema(index, number));
            }
        }
        Site {
            services,
            served: None,
            pages,
        }
    }

    /// Adds the pages of what has changed of a service.
    pub fn add_changes(&mut self, number: usize, changes: Changes) {
        let Some(service) = self.services.get_mut(number) else {
            return;
        };
        service.changes = Some(changes);
        let folder = &service.slug;
        let paths = ["html", "md"].map(|ending| format!("{folder}/changelog.{ending}"));
        let [page, text] = paths;
        self.pages.insert(page, Page::Changes(number));
        self.pages.insert(text, Page::ChangesText(number));
    }

    /// The page of a path.
    pub fn page(&self, path: &str) -> Option<Page> {
        self.pages.get(path).copied()
    }

    /// All paths, in order.
    pub fn pages(&self) -> impl Iterator<Item = (&str, Page)> {
        self.pages.iter().map(|(path, page)| (path.as_str(), *page))
    }
}

impl Service {
    /// The schema of a name.
    pub fn schema(&self, name: &str) -> Option<&SchemaEntry> {
        self.numbers.get(name).map(|number| &self.schemas[*number])
    }
}

fn service(api: usize, slug: String, contract: &Contract) -> Service {
    let operations = operations(contract);
    let schemas = schemas(contract);
    let info = contract.document.root().get("info");
    let description = info.and_then(|info| info.get("description")?.text());
    let numbers = schemas.iter().enumerate();
    Service {
        api,
        slug,
        title: contract.title().to_owned(),
        version: contract.version().to_owned(),
        description: description.unwrap_or_default().into_owned(),
        tags: tags(contract),
        numbers: numbers
            .map(|(number, of)| (of.name.clone(), number))
            .collect(),
        operations,
        schemas,
        changes: None,
    }
}

fn operations(contract: &Contract) -> Vec<Entry> {
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
            is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
        }
    });
    entries.collect()
}

fn tags(contract: &Contract) -> Vec<Tag> {
    let document = &contract.document;
    let mut tags: IndexMap<String, Tag> = IndexMap::new();
    let mut add = |name: &str, description: String| {
        let tag = tags.entry(name.to_owned()).or_insert_with(|| Tag {
            name: name.to_owned(),
            description: String::new(),
            operations: Vec::new(),
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
    let used = tags.into_values().filter(|tag| !tag.operations.is_empty());
    used.collect()
}

fn schemas(contract: &Contract) -> Vec<SchemaEntry> {
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
