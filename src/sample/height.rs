//! How far down the smallest value of a schema goes, so that recursion ends where it can.

use super::kinds::Kinds;
use super::maker::{Height, Maker};
use crate::spec::Node;
use crate::validate::Scope;

/// How far is looked.
const LIMIT: usize = 24;

impl<'d> Maker<'d> {
    /// How many steps down the smallest value of a schema goes: 0 for one without parts.
    /// Above 24 it is taken to have no end.
    pub(super) fn height(&mut self, node: Node<'d>, scope: &Scope) -> usize {
        self.within(node, scope, LIMIT).unwrap_or(usize::MAX)
    }

    /// The same, where it is no more than `limit`.
    fn within(&mut self, node: Node<'d>, scope: &Scope, limit: usize) -> Option<usize> {
        if !node.is_object() {
            return (node.as_bool() != Some(false)).then_some(0);
        }
        match self.heights.get(&node.at()) {
            Some(Height::Known(height)) => return (*height <= limit).then_some(*height),
            Some(Height::Above(known)) if *known >= limit => return None,
            _ => {}
        }
        // While it is worked out it has no end, so that nothing is gone round in.
        self.heights.insert(node.at(), Height::Above(limit));
        let height = self.look_within(node, scope, limit);
        let known = height.map_or(Height::Above(limit), Height::Known);
        self.heights.insert(node.at(), known);
        height
    }

    fn look_within(&mut self, node: Node<'d>, scope: &Scope, limit: usize) -> Option<usize> {
        if node.get("enum").is_some() || node.get("const").is_some() {
            return Some(0);
        }
        if self.document.vocabulary(node.at()).takes_null(node) {
            return Some(0);
        }
        let kinds = node.get("type").map_or(Kinds::ALL, Kinds::of_type);
        let leaf = Kinds::ALL.without(Kinds::OBJECT.or(Kinds::LIST));
        let mut height = 0;
        for keyword in ["$ref", "$dynamicRef"] {
            if let Some(target) = self.target(node, keyword, scope) {
                let target_node = self.document.node(target.at);
                // A step as well: a chain of references may be long.
                let below = limit.checked_sub(1)?;
                height = height.max(self.within(target_node, &target.scope, below)?);
            }
        }
        for part in node.get("allOf").into_iter().flat_map(Node::items) {
            height = height.max(self.within(part, scope, limit)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            let branches: Vec<Node<'d>> = node
                .get(keyword)
                .into_iter()
                .flat_map(Node::items)
                .collect();
            if branches.is_empty() {
                continue;
            }
            let heights = branches
                .into_iter()
                .filter_map(|branch| self.within(branch, scope, limit));
            let heights: Vec<usize> = heights.collect();
            height = height.max(heights.into_iter().min()?);
        }
        if node.get("type").is_some() && kinds.has(leaf) {
            return Some(height);
        }
        let below = limit.checked_sub(1);
        let properties = node
            .get("properties")
            .and_then(|map| self.document.resolve_map(map));
        for name in node.get("required").into_iter().flat_map(Node::items) {
            let schema = name
                .text()
                .and_then(|name| properties.and_then(|known| known.get(&name)));
            let Some(schema) = schema else { continue };
            if self.is_hidden(schema, 0) {
                continue;
            }
            height = height.max(1 + self.within(schema, scope, below?)?);
        }
        for item in needed_items(node) {
            height = height.max(1 + self.within(item, scope, below?)?);
        }
        (height <= limit).then_some(height)
    }
}

/// The schemas of the items that a list must have.
fn needed_items(node: Node<'_>) -> Vec<Node<'_>> {
    let count = |name: &str| node.get(name).and_then(super::absorb::count);
    let least = count("minItems").unwrap_or(0);
    let items = node.get("items");
    let listed = items.filter(|items| items.is_array());
    let prefix = node.get("prefixItems").or(listed);
    let prefix: Vec<Node<'_>> = prefix.into_iter().flat_map(Node::items).collect();
    let rest = match listed {
        Some(_) => node.get("additionalItems"),
        None => items.or_else(|| node.get("unevaluatedItems")),
    };
    let contained = node.get("contains");
    let contained = contained.filter(|_| count("minContains") != Some(0));
    let rest = rest.filter(|_| least > prefix.len());
    let needed = prefix.into_iter().take(least).chain(rest).chain(contained);
    needed.collect()
}
