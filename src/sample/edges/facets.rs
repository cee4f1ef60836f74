use crate::spec::{At, Document, Node};
use serde_json::{Number, Value};

/// How many schemas may have a say in one place.
const MOST: usize = 64;

/// The schemas that may apply at a place of a value: those that do in any case, and alternatives.
#[derive(Clone)]
pub(super) struct Facets<'d> {
    document: &'d Document,
    nodes: Vec<Node<'d>>,
}

impl<'d> Facets<'d> {
    /// Those of a schema.
    pub fn of(document: &'d Document, at: At) -> Facets<'d> {
        Facets::all(document, [document.node(at)])
    }

    fn all(document: &'d Document, nodes: impl IntoIterator<Item = Node<'d>>) -> Facets<'d> {
        let mut all: Vec<Node<'d>> = nodes.into_iter().take(MOST).collect();
        let mut next = 0;
        while let Some(node) = all.get(next).copied() {
            next += 1;
            let mut more = Vec::new();
            if node.get("$ref").is_some() {
                more.push(document.node(document.referred(node.at())));
            }
            for keyword in ["allOf", "anyOf", "oneOf"] {
                more.extend(node.get(keyword).into_iter().flat_map(Node::items));
            }
            for keyword in ["then", "else"] {
                more.extend(node.get(keyword));
            }
            for node in more {
                if all.len() < MOST && all.iter().all(|known| known.at() != node.at()) {
                    all.push(node);
                }
            }
        }
        Facets {
            document,
            nodes: all,
        }
    }

    /// Those of a member.
    pub fn member(&self, name: &str) -> Facets<'d> {
        let declared = self
            .nodes
            .iter()
            .filter_map(|node| node.get("properties")?.get(name));
        let declared: Vec<Node<'d>> = declared.collect();
        if !declared.is_empty() {
            return Facets::all(self.document, declared);
        }
        let others = self.said("additionalProperties");
        Facets::all(self.document, others.collect::<Vec<_>>())
    }

    /// Those of the items of a list.
    pub fn item(&self) -> Facets<'d> {
        let first = self.said("prefixItems").filter_map(|items| items.item(0));
        let items: Vec<Node<'d>> = self.said("items").chain(first).collect();
        Facets::all(self.document, items)
    }

    fn said(&self, keyword: &'static str) -> impl Iterator<Item = Node<'d>> {
        self.nodes.iter().filter_map(move |node| node.get(keyword))
    }

    /// Whether any of them has a keyword.
    pub fn has(&self, keyword: &'static str) -> bool {
        self.said(keyword).next().is_some()
    }

    /// The numbers that they say by a keyword.
    pub fn numbers(&self, keyword: &'static str) -> Vec<Number> {
        self.said(keyword).filter_map(Node::as_number).collect()
    }

    /// The counts that they say by a keyword.
    pub fn counts(&self, keyword: &'static str) -> Vec<usize> {
        let numbers = self.numbers(keyword).into_iter();
        let counts = numbers.filter_map(|number| number.as_f64());
        counts
            .filter(|count| *count >= 0.0 && *count < 1e9)
            .map(|count| count as usize)
            .collect()
    }

    /// The format that the first of them says that says one.
    pub fn format(&self) -> Option<String> {
        let format = self.said("format").find_map(Node::text);
        format.map(|format| format.into_owned())
    }

    /// The values that they list.
    pub fn listed(&self) -> Vec<Value> {
        let listed = self.said("enum").flat_map(Node::items);
        listed.map(Node::value).collect()
    }

    /// The schemas of which one may hold in the place of another.
    pub fn alternatives(&self) -> Vec<At> {
        let all = self.said("oneOf").chain(self.said("anyOf"));
        all.flat_map(Node::items).map(Node::at).collect()
    }

    /// The properties that they declare and a value lacks, with the schema of each.
    pub fn absent(&self, known: impl Fn(&str) -> bool) -> Vec<(String, At)> {
        let mut all: Vec<(String, At)> = Vec::new();
        for (name, node) in self.said("properties").flat_map(Node::entries) {
            if !known(&name) && all.iter().all(|(other, _)| *other != *name) {
                all.push((name.into_owned(), node.at()));
            }
        }
        all
    }

    /// Whether the server alone sends what stands here.
    pub fn is_read_only(&self) -> bool {
        self.said("readOnly")
            .any(|node| node.as_bool() == Some(true))
    }
}
