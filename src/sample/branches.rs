//! In which order alternatives are tried.

use super::absorb::Absorbing;
use super::demand::{Demand, Root};
use super::maker::Maker;
use crate::spec::{At, Node};
use crate::validate::Scope;
use serde_json::{Map, Value};

/// How many members of what is asked for are looked at.
const WISHED: usize = 16;

impl<'d> Maker<'d> {
    /// Alternatives in the order in which they are tried: those that nothing speaks against, those
    /// that let be what is asked for, those that end before those that lead back, those that are
    /// something before null; deep down those that end soonest first.
    pub(super) fn in_order(
        &mut self,
        branches: Vec<Node<'d>>,
        scope: &Scope,
        demand: &Demand<'d>,
        with: &Absorbing<'_>,
    ) -> Vec<Node<'d>> {
        let mut keyed: Vec<([usize; 6], Node<'d>)> = Vec::new();
        let around = with.around;
        let is_lean = self.is_lean(with.level);
        for (number, branch) in branches.into_iter().enumerate() {
            let height = match is_lean {
                true => self.height(branch, scope),
                false => 0,
            };
            let leads_back =
                self.leads_back(branch, around, 0) || demand.seen.contains(&branch.at());
            let is_null = branch.get("type").is_some_and(|kind| kind.is_text("null"));
            let refused = with.wish.and_then(Value::as_object);
            let refused = refused.map_or(0, |wish| self.refused(branch, scope, wish, 0));
            let contradicts = usize::from(self.contradicts(branch, scope, demand));
            let (leads_back, is_null) = (usize::from(leads_back), usize::from(is_null));
            let number = match self.is_dynamic {
                true => with.order.fork(&number.to_string()).number() as usize,
                false => number,
            };
            let key = [contradicts, refused, height, leads_back, is_null, number];
            keyed.push((key, branch));
        }
        keyed.sort_by_key(|(key, _)| *key);
        // Rows are of one after another, where they are things of several kinds.
        let alike = keyed.iter().filter(|(key, _)| key[..5] == keyed[0].0[..5]);
        let is_thing = |branch: Node<'d>| self.is_thing(branch, 0);
        let alike = alike.filter(|(_, branch)| is_thing(*branch)).count();
        if alike > 1 && is_thing(keyed[0].1) {
            keyed[..alike].rotate_left(with.turn % alike);
        }
        keyed.into_iter().map(|(_, branch)| branch).collect()
    }

    /// Whether the values of a schema are objects.
    fn is_thing(&self, node: Node<'d>, depth: usize) -> bool {
        let is_own = node.get("type").is_some_and(|kind| kind.is_text("object"));
        let target = self.target(node, "$ref", &Scope::default());
        let target = target.map(|target| self.document.node(target.at));
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let mut within = target.into_iter().chain(parts);
        is_own
            || node.get("properties").is_some()
            || depth < 4 && within.any(|part| self.is_thing(part, depth + 1))
    }

    /// How many of the members of a value, objects and lists aside, an alternative lets not be.
    fn refused(
        &self,
        branch: Node<'d>,
        scope: &Scope,
        wish: &Map<String, Value>,
        depth: usize,
    ) -> usize {
        if depth > 4 {
            return 0;
        }
        let target = self.target(branch, "$ref", scope);
        let target = target.map(|target| self.document.node(target.at));
        let parts = branch.get("allOf").into_iter().flat_map(Node::items);
        let within = target.into_iter().chain(parts);
        let within = within.map(|part| self.refused(part, scope, wish, depth + 1));
        let is_refused = |(name, value): &(&String, &Value)| {
            let schema = branch.get("properties").and_then(|all| all.get(name));
            let root = schema.map(|schema| Root {
                at: schema.at(),
                scope: scope.clone(),
                denied: false,
            });
            let is_plain = !value.is_object() && !value.is_array();
            is_plain && root.is_some_and(|root| !self.fits(&[root], value))
        };
        let own = wish.iter().take(WISHED).filter(is_refused).count();
        own + within.sum::<usize>()
    }

    /// Whether a schema is, or refers to, one of those around it.
    pub(super) fn leads_back(&self, node: Node<'d>, around: &[At], depth: usize) -> bool {
        if around.contains(&node.at()) {
            return true;
        }
        if depth > 4 {
            return false;
        }
        let scope = Scope::default();
        let target = self.target(node, "$ref", &scope);
        let target = target.or_else(|| self.target(node, "$dynamicRef", &scope));
        if let Some(target) = target {
            return self.leads_back(self.document.node(target.at), around, depth + 1);
        }
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let items = node.get("items").filter(|items| items.is_object());
        let mut parts = parts.chain(items);
        if parts.any(|part| self.leads_back(part, around, depth + 1)) {
            return true;
        }
        ["oneOf", "anyOf"].into_iter().any(|keyword| {
            let mut branches = node
                .get(keyword)
                .into_iter()
                .flat_map(Node::items)
                .peekable();
            branches.peek().is_some()
                && branches
                    .filter(|branch| !branch.get("type").is_some_and(|kind| kind.is_text("null")))
                    .all(|branch| self.leads_back(branch, around, depth + 1))
        })
    }
}
