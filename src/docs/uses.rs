//! Where each schema of a document is used: by operations, and by other schemas.

use super::describe::component;
use super::site::SchemaEntry;
use crate::contract::Contract;
use crate::spec::{At, Document, Location, Message, Node, Operation};
use std::collections::{HashMap, HashSet};

/// How deep a document is looked into.
const DEPTH: usize = 64;

/// Where the schemas of a service are used.
#[derive(Debug, Default)]
pub(crate) struct Uses(HashMap<String, Used>);

/// Where one schema is used, each place once.
#[derive(Debug, Default)]
pub(crate) struct Used {
    /// The numbers of operations, with the places on their pages, as ids before they are escaped.
    pub operations: Vec<(usize, String)>,
    /// The same of webhooks.
    pub webhooks: Vec<(usize, String)>,
    /// The names of schemas, with the property that it is used in; empty where it is none's.
    pub schemas: Vec<(String, String)>,
}

impl Used {
    /// How many places there are.
    pub fn count(&self) -> usize {
        self.operations.len() + self.webhooks.len() + self.schemas.len()
    }
}

impl Uses {
    /// Reads the whole document.
    pub fn of(contract: &Contract, schemas: &[SchemaEntry]) -> Uses {
        let document = &contract.document;
        let mut uses = Uses::default();
        for (number, stub) in contract.operations.stubs().iter().enumerate() {
            let Ok(operation) = document.operation(stub) else {
                continue;
            };
            for (place, at) in places(document, &operation) {
                let mut looking = Looking::of(document);
                looking.look(document.node(at), DEPTH);
                for name in looking.found {
                    let used = uses.0.entry(name).or_default();
                    let place = (number, place.clone());
                    // The places of an operation come one after the other.
                    if !used
                        .operations
                        .iter()
                        .rev()
                        .take(200)
                        .any(|known| *known == place)
                    {
                        used.operations.push(place);
                    }
                }
            }
        }
        for (number, webhook) in contract.operations.webhooks().iter().enumerate() {
            for (place, at) in sent(&webhook.declared) {
                let mut looking = Looking::of(document);
                looking.look(document.node(at), DEPTH);
                for name in looking.found {
                    let used = &mut uses.0.entry(name).or_default().webhooks;
                    let place = (number, place.clone());
                    if used.last() != Some(&place) {
                        used.push(place);
                    }
                }
            }
        }
        for schema in schemas {
            uses.add_schema(document, schema);
        }
        uses
    }

    fn add_schema(&mut self, document: &Document, schema: &SchemaEntry) {
        let node = document.node(schema.at);
        let properties = node.get("properties").into_iter().flat_map(Node::entries);
        let mut told: HashSet<String> = HashSet::new();
        let mut add = |node: Node<'_>, property: &str, uses: &mut Uses| {
            let mut looking = Looking::of(document);
            looking.look(node, DEPTH);
            for name in looking.found {
                if told.insert(name.clone()) {
                    let used = uses.0.entry(name).or_default();
                    used.schemas
                        .push((schema.name.clone(), property.to_owned()));
                }
            }
        };
        for (name, property) in properties {
            add(property, &name, self);
        }
        add(node, "", self);
    }

    /// Where the schema of a name is used.
    pub fn by(&self, name: &str) -> Option<&Used> {
        self.0.get(name)
    }
}

/// The parts of an operation that have places on its page.
fn places(document: &Document, operation: &Operation) -> Vec<(String, At)> {
    let mut all = Vec::new();
    for parameter in &operation.parameters {
        let place = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
            Location::Querystring => "querystring",
        };
        all.push((format!("{place}.{}", parameter.name), parameter.at));
    }
    let bodies = operation.body.iter().flat_map(|body| &body.content);
    all.extend(bodies.map(|content| ("body".to_owned(), content.at)));
    for response in &operation.responses {
        all.push((format!("status-{}", response.status), response.at));
    }
    let callbacks = document.node(operation.at).get("callbacks");
    all.extend(callbacks.map(|callbacks| (String::new(), callbacks.at())));
    all
}

/// The parts of a webhook that have places on its page.
fn sent(message: &Message) -> Vec<(String, At)> {
    let bodies = message.body.iter().flat_map(|body| &body.content);
    let bodies = bodies.map(|content| ("body".to_owned(), content.at));
    let answers = message.responses.iter();
    let answers = answers.map(|of| (format!("status-{}", of.status), of.at));
    bodies.chain(answers).collect()
}

/// The schemas of names that a part of a document refers to, in their order.
struct Looking<'d> {
    document: &'d Document,
    found: Vec<String>,
    seen: HashSet<At>,
}

impl<'d> Looking<'d> {
    fn of(document: &'d Document) -> Looking<'d> {
        Looking {
            document,
            found: Vec::new(),
            seen: HashSet::new(),
        }
    }

    fn look(&mut self, node: Node<'d>, depth: usize) {
        if depth == 0 || !self.seen.insert(node.at()) {
            return;
        }
        if node.is_array() {
            return node.items().for_each(|item| self.look(item, depth - 1));
        }
        for (name, value) in node.entries() {
            let is_value = matches!(
                &*name,
                "example" | "examples" | "default" | "enum" | "const" | "mapping"
            );
            match &*name {
                "$ref" => self.follow(node, depth),
                name if is_value || name.starts_with("x-") => {}
                _ if value.is_object() || value.is_array() => self.look(value, depth - 1),
                _ => {}
            }
        }
    }

    fn follow(&mut self, node: Node<'d>, depth: usize) {
        let target = self.document.referred(node.at());
        if target == node.at() {
            return;
        }
        match component(self.document, target) {
            Some(name) => {
                if !self.found.contains(&name) {
                    self.found.push(name);
                }
            }
            None => self.look(self.document.node(target), depth - 1),
        }
    }
}
