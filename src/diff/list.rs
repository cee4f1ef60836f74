//! Arrays: their items.

use super::finder::{Finder, Turn};
use super::flat::Flat;
use super::schema::Pair;
use crate::spec::Node;

impl<'d> Finder<'d> {
    /// Items.
    pub(super) fn lists(&mut self, pair: &Pair<'d>) {
        self.counts(pair, ("minItems", "maxItems"), ("item", "items"));
        let unique = |flat: &Flat<'d>| {
            let mut all = flat.all_say("uniqueItems");
            all.find(|node| node.as_bool() == Some(true))
        };
        let (was, is) = (unique(&pair.old), unique(&pair.new));
        let spot = pair.keyword(was, is);
        match (was, is) {
            (None, Some(_)) => {
                let detail = "may no longer have an item twice";
                self.tell(pair, "unique-items", Turn::Narrower, spot, detail);
            }
            (Some(_), None) => {
                let detail = "may now have an item twice";
                self.tell(pair, "unique-items", Turn::Wider, spot, detail);
            }
            _ => {}
        }
        let (old, new) = (items(&pair.old), items(&pair.new));
        for index in 0..old.0.len().max(new.0.len()) {
            // Behind the ones that have a schema of their own all are alike.
            let of = |(first, rest): &(Vec<Vec<Node<'d>>>, Vec<Node<'d>>)| {
                first.get(index).unwrap_or(rest).clone()
            };
            self.inner(pair, &of(&old), &of(&new));
        }
        if !(old.1.is_empty() && new.1.is_empty()) {
            self.inner(pair, &old.1, &new.1);
        }
        let contained = |flat: &Flat<'d>| flat.all_say("contains").collect::<Vec<_>>();
        let (old, new) = (contained(&pair.old), contained(&pair.new));
        let spot = pair.keyword(old.first().copied(), new.first().copied());
        match (old.is_empty(), new.is_empty()) {
            (true, true) => return,
            (true, false) => {
                let detail = "must now have an item of those that `contains` asks for";
                self.tell(pair, "contains-added", Turn::Narrower, spot, detail);
            }
            (false, true) => {
                let detail = "need no longer have an item of those that `contains` asked for";
                self.tell(pair, "contains-removed", Turn::Wider, spot, detail);
            }
            (false, false) => self.inner(pair, &old, &new),
        }
        self.counts(
            pair,
            ("minContains", "maxContains"),
            ("item that it must contain", "items that it must contain"),
        );
    }
}

/// The schemas of the first items, one by one, and those of the others.
fn items<'d>(flat: &Flat<'d>) -> (Vec<Vec<Node<'d>>>, Vec<Node<'d>>) {
    let mut first: Vec<Vec<Node<'d>>> = Vec::new();
    let mut rest = Vec::new();
    for part in &flat.parts {
        let items = part.get("items");
        let listed = part
            .get("prefixItems")
            .or(items.filter(|items| items.is_array()));
        for (index, schema) in listed.into_iter().flat_map(Node::items).enumerate() {
            if first.len() <= index {
                first.push(Vec::new());
            }
            first[index].push(schema);
        }
        let others = match items {
            Some(items) if items.is_array() => part.get("additionalItems"),
            other => other,
        };
        let others = others.or_else(|| part.get("unevaluatedItems"));
        rest.extend(others.filter(|others| others.as_bool() != Some(true)));
    }
    (first, rest)
}
