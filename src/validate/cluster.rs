//! What applies to one and the same value, looked through as a whole: whether it has an end, and
//! what of it one side need not send.

use super::View;
use super::lower::{Lowering, Target};
use super::scope::Scope;
use crate::spec::{At, LoadError, Node};
use std::collections::{HashMap, HashSet};

/// How many schemas may lead on to each other without a step into the value: each takes room on
/// the stack.
const CHAIN_LIMIT: usize = 200;

/// All schemas that apply to one and the same value, as far as that bears on what it must have.
#[derive(Default)]
pub(super) struct Cluster {
    pub(super) required: Vec<String>,
    pub(super) flagged: Vec<String>,
}

impl<'d> Lowering<'d, '_> {
    /// What this side need not send: properties of the other side alone (OpenAPI 3.1.1 §4.8.24.3,
    /// JSON Schema validation §9.4).
    pub(super) fn waived(&self, cluster: &Cluster, more: &[String]) -> Vec<String> {
        let flagged = cluster.flagged.iter().chain(more);
        let mut waived: Vec<String> = flagged.cloned().collect();
        waived.sort();
        waived.dedup();
        waived
    }

    /// Looks through all that applies in place, and fails where that has no end.
    pub(super) fn gather(
        &self,
        node: Node<'d>,
        scope: &Scope,
        cluster: &mut Cluster,
    ) -> Result<(), LoadError> {
        let mut seen: HashMap<(At, Scope), bool> = HashMap::new();
        self.gather_from(node, scope, cluster, &mut seen, 0)?;
        cluster
            .flagged
            .retain(|name| cluster.required.contains(name));
        Ok(())
    }

    fn gather_from(
        &self,
        node: Node<'d>,
        scope: &Scope,
        cluster: &mut Cluster,
        seen: &mut HashMap<(At, Scope), bool>,
        depth: usize,
    ) -> Result<(), LoadError> {
        let at = node.at();
        let scope = &scope.entering(self.document, at);
        match seen.get(&(at, scope.clone())) {
            Some(true) => {
                let message = "this schema applies itself to the same value, without an end";
                return Err(self.document.error(at, message));
            }
            Some(false) => return Ok(()),
            None => {}
        }
        if depth > CHAIN_LIMIT {
            let message = "more than 200 references lead on from here without an end";
            return Err(self.document.error(at, message));
        }
        seen.insert((at, scope.clone()), true);
        if self.has_flags {
            self.look(node, cluster);
        }
        for (keyword, value) in node.entries() {
            match &*keyword {
                "$ref" | "$dynamicRef" | "$recursiveRef" => {
                    if let Some(text) = value.text()
                        && let is_dynamic = keyword != "$ref"
                        && let Target::Schema(target) =
                            self.target(value, &text, is_dynamic, scope)?
                    {
                        let target = self.document.node(target);
                        self.gather_from(target, scope, cluster, seen, depth + 1)?;
                    }
                }
                "allOf" | "anyOf" | "oneOf" => {
                    for part in value.items() {
                        self.gather_from(part, scope, cluster, seen, depth + 1)?;
                    }
                }
                // Without an `if` beside them they say nothing (JSON Schema core §10.2.2).
                "then" | "else" if node.get("if").is_none() => {}
                "not" | "if" | "then" | "else" => {
                    self.gather_from(value, scope, cluster, seen, depth + 1)?;
                }
                "dependentSchemas" | "dependencies" => {
                    for (_, part) in value.entries().filter(|(_, part)| part.is_object()) {
                        self.gather_from(part, scope, cluster, seen, depth + 1)?;
                    }
                }
                _ => {}
            }
        }
        seen.insert((at, scope.clone()), false);
        Ok(())
    }

    /// What one schema object demands, and which of its properties are the other side's.
    pub(super) fn look(&self, node: Node<'d>, cluster: &mut Cluster) {
        let names = node.get("required").into_iter().flat_map(Node::items);
        for name in names.filter_map(Node::text) {
            if !cluster.required.iter().any(|known| *known == *name) {
                cluster.required.push(name.into_owned());
            }
        }
        // What another property asks for is asked for as well.
        let needs = node.get("dependentRequired");
        let needs = needs.into_iter().flat_map(Node::entries);
        for name in needs
            .flat_map(|(_, needed)| needed.items())
            .filter_map(Node::text)
        {
            if !cluster.required.iter().any(|known| *known == *name) {
                cluster.required.push(name.into_owned());
            }
        }
        let properties = node.get("properties").into_iter().flat_map(Node::entries);
        for (name, property) in properties {
            if self.is_flagged(property) {
                cluster.flagged.push(name.into_owned());
            }
        }
    }

    /// Whether a property is the other side's, by itself or by what it refers to. Each schema on
    /// the way is looked at once, as a lattice of references has ways without end.
    fn is_flagged(&self, property: Node<'d>) -> bool {
        let flag = match self.view {
            View::Request => "readOnly",
            View::Reply => "writeOnly",
        };
        let mut seen: HashSet<At> = HashSet::new();
        let mut open = vec![property];
        while let Some(schema) = open.pop() {
            for (keyword, value) in schema.members() {
                if keyword.is_text("$ref") || keyword.is_text("$dynamicRef") {
                    let text = value.text();
                    let target = text.and_then(|text| self.document.follow(value.at(), &text).ok());
                    let target = target.filter(|at| seen.insert(*at));
                    open.extend(target.map(|at| self.document.node(at)));
                } else if keyword.is_text("allOf") {
                    open.extend(value.items());
                } else if keyword.is_text(flag) && value.as_bool() == Some(true) {
                    return true;
                }
            }
        }
        false
    }
}

/// Whether other schemas apply to the same value.
pub(super) fn composed(node: Node<'_>) -> bool {
    let keywords = [
        "$ref",
        "$dynamicRef",
        "$recursiveRef",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "dependentSchemas",
        "dependencies",
    ];
    node.members()
        .any(|(key, _)| keywords.iter().any(|keyword| key.is_text(keyword)))
}
