//! What is of the document as a whole: which operations there are, where they stand, and what
//! the API sends by itself.

use super::finder::{Finder, Sender, Spot, Turn};
use super::flat::written;
use super::pairing::Paired;
use super::subject::Part;
use super::words::{code, listed};
use crate::spec::{Document, Node, Stub};
use std::collections::{BTreeMap, BTreeSet};

/// What of a document has a say in all its operations.
const SHARED: [&str; 6] = [
    "security",
    "securityDefinitions",
    "consumes",
    "produces",
    "openapi",
    "swagger",
];

impl<'d> Finder<'d> {
    /// Compares all, but for the schemas, which wait.
    pub(super) fn document(&mut self, pairs: &[Paired<'d>]) {
        for document in [self.old, self.new] {
            self.unread.extend(document.faults.iter().cloned());
        }
        self.bases(pairs);
        let is_alike = self.shared(self.old) == self.shared(self.new);
        for (number, pair) in pairs.iter().enumerate() {
            self.operation(number, pair, is_alike);
        }
        self.gone(pairs);
        for (number, pair) in pairs.iter().enumerate() {
            if let (None, Some(stub)) = (pair.old, pair.new) {
                let what = ("operation-added", Sender::Request, Turn::Harmless);
                self.say(number, what, Spot::added(stub.at), "is new");
            }
        }
        let (old, faults) = self.old.webhooks();
        self.unread.extend(faults);
        let (new, faults) = self.new.webhooks();
        self.unread.extend(faults);
        let roots = (self.old.root().at(), self.new.root().at());
        self.messages(self.whole(), (roots.0, &old), (roots.1, &new));
    }

    /// What has a say in all operations of a document, as it is compared.
    fn shared(&self, document: &Document) -> Vec<Option<String>> {
        let root = document.root();
        let schemes = root.get("components");
        let schemes = schemes.and_then(|components| components.get("securitySchemes"));
        let members = SHARED.iter().map(|name| root.get(name));
        let all = members.chain([schemes]);
        all.map(|node: Option<Node<'_>>| node.map(|node| written(&node.value())))
            .collect()
    }

    /// Operations that are gone: those of a path together, where nothing of it is left.
    fn gone(&mut self, pairs: &[Paired<'d>]) {
        let mut paths: BTreeMap<&str, Vec<(usize, &Stub)>> = BTreeMap::new();
        for (number, pair) in pairs.iter().enumerate() {
            if let (Some(stub), None) = (pair.old, pair.new) {
                paths.entry(&stub.path).or_default().push((number, stub));
            }
        }
        let root = self.new.root().at();
        let paths_of_new = self.new.paths().map_or(root, Node::at);
        for (path, stubs) in paths {
            let all = self.old.operations.iter();
            let is_whole = all.filter(|stub| &*stub.path == path).count() == stubs.len();
            let what = match is_whole && stubs.len() > 1 {
                true => ("path-removed", Sender::Request, Turn::Other),
                false => ("operation-removed", Sender::Request, Turn::Other),
            };
            let methods: Vec<String> = stubs
                .iter()
                .map(|(_, stub)| stub.method.to_string())
                .collect();
            for (number, stub) in &stubs {
                let node = self.old.node(stub.at);
                let is_deprecated = node.get("deprecated").and_then(Node::as_bool) == Some(true);
                match what.0 {
                    "path-removed" => {
                        let at = self.old.path_at(stub);
                        let detail = format!("is gone with its path ({})", listed(&methods, "and"));
                        self.say(*number, what, Spot::gone(at, paths_of_new), detail);
                    }
                    _ => {
                        let detail = match is_deprecated {
                            true => "is gone, as its deprecation foretold",
                            false => "is gone",
                        };
                        self.say(*number, what, Spot::gone(stub.at, paths_of_new), detail);
                    }
                }
            }
        }
    }

    /// Where operations are asked for.
    fn bases(&mut self, pairs: &[Paired<'d>]) {
        for (number, pair) in pairs.iter().enumerate() {
            let (Some(from), Some(to)) = (pair.old, pair.new) else {
                continue;
            };
            let bases = |document: &Document, stub: &Stub| {
                let bases = document.base_paths(stub);
                let bases: BTreeSet<String> = match bases.is_empty() {
                    true => BTreeSet::from([stub.path.to_string()]),
                    false => bases
                        .iter()
                        .map(|base| format!("{base}{}", stub.path))
                        .collect(),
                };
                bases
            };
            let nameless = |all: BTreeSet<String>| -> BTreeSet<String> {
                all.iter()
                    .map(|path| super::pairing::nameless(path))
                    .collect()
            };
            let (was, is) = (
                nameless(bases(self.old, from)),
                nameless(bases(self.new, to)),
            );
            if was == is {
                continue;
            }
            // What stands before the paths is told once for all operations that have it.
            let shown = |all: &BTreeSet<String>, path: &str| {
                let path = super::pairing::nameless(path);
                let all: Vec<String> = all
                    .iter()
                    .map(|whole| match whole.strip_suffix(&path) {
                        Some("") => "`/`".to_owned(),
                        Some(base) => code(base),
                        None => code(whole),
                    })
                    .collect();
                listed(&all, "or")
            };
            let place = |document: &'d Document, stub: &Stub| {
                let holders = [
                    document.node(stub.at),
                    document.node(stub.item),
                    document.root(),
                ];
                let mut all = holders.into_iter();
                let said = all.find_map(|holder| holder.get("servers").or(holder.get("basePath")));
                said.unwrap_or(document.root()).at()
            };
            let spot = Spot::both(place(self.old, from), place(self.new, to));
            let (turn, verb) = match was.is_subset(&is) {
                true => (Turn::Harmless, "stands under"),
                false => (Turn::Other, "now stands under"),
            };
            let detail = format!(
                "{verb} {}; before, under {}",
                shown(&is, &to.path),
                shown(&was, &from.path)
            );
            let what = ("base-path-changed", Sender::Request, turn);
            self.say_of(number, what, spot, &detail, Part::Document);
        }
    }
}
