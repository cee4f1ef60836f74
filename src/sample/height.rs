//! How far down the smallest value of a schema goes, so that recursion ends where it can.

use super::demand::Root;
use super::kinds::Kinds;
use super::maker::{Height, Maker};
use crate::spec::{At, Node};
use crate::validate::Scope;
use indexmap::IndexMap;

/// How far is looked.
const LIMIT: usize = 24;
/// How many references are followed from one to the next.
const CHAIN: usize = 20;
/// How many schemas are looked at for one that has no end.
const NODES: usize = 2_000;

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
        let mut height = 0;
        for need in self.needs(node, scope, false) {
            let left = limit.checked_sub(usize::from(need.leads))?;
            let step = usize::from(need.is_part);
            let ways = need.ways.into_iter();
            let heights = ways.filter_map(|(way, scope)| self.within(way, &scope, left));
            let heights: Vec<usize> = heights.collect();
            height = height.max(step + heights.into_iter().min()?);
        }
        (height <= limit).then_some(height)
    }

    /// What a value of a schema needs: of each of these a value of one of its ways. With
    /// `is_strict` just what it can't be without.
    fn needs(&self, node: Node<'d>, scope: &Scope, is_strict: bool) -> Vec<Need<'d>> {
        let mut needs = Vec::new();
        let is_chosen = node.get("enum").is_some() || node.get("const").is_some();
        if is_chosen || self.document.vocabulary(node.at()).takes_null(node) {
            return needs;
        }
        let near = |ways: Vec<Node<'d>>, is_part: bool| Need {
            ways: ways.into_iter().map(|way| (way, scope.clone())).collect(),
            is_part,
            // A step as well: a chain of references may be long.
            leads: is_part,
        };
        for keyword in ["$ref", "$dynamicRef"] {
            if let Some(target) = self.target(node, keyword, scope) {
                needs.push(Need {
                    ways: vec![(self.document.node(target.at), target.scope)],
                    is_part: false,
                    leads: true,
                });
            }
        }
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        needs.extend(parts.map(|part| near(vec![part], false)));
        let alternatives = ["oneOf", "anyOf"].into_iter();
        let alternatives = alternatives.filter_map(|keyword| node.get(keyword));
        let alternatives = alternatives.map(|branches| branches.items().collect());
        let alternatives = alternatives.filter(|branches: &Vec<_>| !branches.is_empty());
        needs.extend(alternatives.map(|branches| near(branches, false)));
        let kinds = node.get("type").map(Kinds::of_type);
        let has = |kind: Kinds| match is_strict {
            true => kinds == Some(kind),
            false => kinds
                .is_none_or(|kinds| kinds.without(Kinds::OBJECT.or(Kinds::LIST)) == Kinds::NONE),
        };
        if has(Kinds::OBJECT) {
            let required = node.get("required").into_iter().flat_map(Node::items);
            let properties = node.get("properties");
            let properties = properties.and_then(|map| self.document.resolve_map(map));
            let required = required.filter_map(|name| properties?.get(&name.text()?));
            let required = required.filter(|schema| !self.is_hidden(*schema, 0));
            needs.extend(required.map(|schema| near(vec![schema], true)));
            needs.extend(self.any_property(node).map(|ways| near(ways, true)));
        }
        if has(Kinds::LIST) {
            let items = needed_items(node).into_iter();
            needs.extend(items.map(|item| near(vec![item], true)));
        }
        needs
    }

    /// What one of the properties may be of an object that must have some; nothing where it may be
    /// anything.
    fn any_property(&self, node: Node<'d>) -> Option<Vec<Node<'d>>> {
        let least = node.get("minProperties").and_then(super::absorb::count);
        least.filter(|least| *least > 0)?;
        let is_whole = [
            "$ref",
            "$dynamicRef",
            "allOf",
            "oneOf",
            "anyOf",
            "if",
            "dependentSchemas",
        ];
        let is_whole = is_whole.iter().all(|keyword| node.get(keyword).is_none());
        let unevaluated = || node.get("unevaluatedProperties").filter(|_| is_whole);
        let rest = node.get("additionalProperties").or_else(unevaluated)?;
        let known = ["properties", "patternProperties"].into_iter();
        let known = known.filter_map(|keyword| node.get(keyword));
        let known = known.flat_map(Node::entries).map(|(_, schema)| schema);
        Some(known.chain([rest]).collect())
    }

    /// Whether a schema is at a place, or refers to the one that is.
    pub(super) fn leads_to(&self, root: &Root, at: At) -> bool {
        let mut root = root.clone();
        for _ in 0..CHAIN {
            let target = self.target(self.document.node(root.at), "$ref", &root.scope);
            match target {
                _ if root.at == at => return true,
                Some(target) => root = target,
                None => return false,
            }
        }
        false
    }

    /// Where a schema stands that every value of this one needs a value of, and so on without end;
    /// nothing where that can't be told.
    pub(super) fn endless(&self, root: &Root) -> Option<At> {
        let start = (self.document.node(root.at), root.scope.clone());
        let mut known: IndexMap<At, (Node<'d>, Scope)> = IndexMap::new();
        known.insert(start.0.at(), start);
        let mut needs: Vec<Vec<Vec<usize>>> = Vec::new();
        while needs.len() < known.len() {
            if known.len() > NODES {
                return None;
            }
            let (node, scope) = known[needs.len()].clone();
            let own = match node.is_object() {
                true => self.needs(node, &scope, true),
                false => Vec::new(),
            };
            let own = own.into_iter().map(|need| {
                let ways = need.ways.into_iter();
                let numbers = ways.map(|(way, scope)| {
                    let entry = known.entry(way.at());
                    let number = entry.index();
                    entry.or_insert((way, scope));
                    number
                });
                numbers.collect()
            });
            needs.push(own.collect());
        }
        let mut ends = vec![false; needs.len()];
        let is_met = |need: &Vec<usize>, ends: &[bool]| need.iter().any(|way| ends[*way]);
        loop {
            let more = |number: &usize| {
                !ends[*number] && needs[*number].iter().all(|need| is_met(need, &ends))
            };
            let more: Vec<usize> = (0..needs.len()).filter(more).collect();
            match more.is_empty() {
                true => break,
                false => more.into_iter().for_each(|number| ends[number] = true),
            }
        }
        let (mut at, mut way) = (0, Vec::new());
        while !way.contains(&at) {
            way.push(at);
            let unmet = needs[at].iter().find(|need| !is_met(need, &ends))?;
            at = *unmet.first()?;
        }
        Some(*known.get_index(at)?.0)
    }
}

/// What a value can't be without.
struct Need<'d> {
    /// Of one of these.
    ways: Vec<(Node<'d>, Scope)>,
    /// Whether it is a part of the value, rather than the value itself.
    is_part: bool,
    /// Whether it is another schema's.
    leads: bool,
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
