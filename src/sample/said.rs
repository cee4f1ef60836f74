//! What the document says itself: examples and defaults, and what of them a side doesn't send.

use super::absorb::Absorbing;
use super::demand::{Demand, Root};
use super::draw::Draw;
use super::maker::Maker;
use super::picks::Picks;
use super::place::Place;
use super::rows::Row;
use crate::spec::{At, Node};
use crate::validate::View;
use serde_json::Value;

impl<'d> Maker<'d> {
    /// A value that the document gives itself: in an example of what is around, of the schema, or
    /// its default. Of those that break the schema none is taken.
    pub(super) fn said(
        &mut self,
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
    ) -> Option<Value> {
        if self.is_dynamic {
            return None;
        }
        let row = self.row(demand, roots, place);
        if let Row::Like(value) = row {
            self.grow(&value);
            return Some(value);
        }
        let is_given = matches!(row, Row::Given);
        let own = self
            .examples(demand, place)
            .into_iter()
            .filter(|_| is_given);
        let joined = self.joined(demand, place.index);
        let joined = joined.filter(|_| is_given && place.wish.is_none());
        let joined = joined.filter(|joined| !self.leaves_out(demand, &demand.said, joined));
        let own = own.filter_map(|node| {
            let value = node.value();
            (!self.leaves_out(demand, &[node], &value)).then_some(value)
        });
        let defaults = demand.defaults.iter().map(|node| node.value());
        let values = place.wish.cloned().into_iter().chain(joined);
        let mut values: Vec<Value> = values.chain(own).chain(defaults).collect();
        for (index, value) in values.iter_mut().enumerate() {
            self.withhold(roots, value);
            if self.fits_strictly(roots, value) {
                let value = std::mem::take(value);
                // What a client says is as large as it wants it.
                if place.wish.is_none() || index > 0 {
                    self.grow(&value);
                }
                return Some(value);
            }
        }
        None
    }

    /// The examples of a value: of a list each item has another one first.
    fn examples(&self, demand: &Demand<'d>, place: &Place<'_>) -> Vec<Node<'d>> {
        let mut examples = demand.said.clone();
        if place.wish.is_none() && !examples.is_empty() {
            examples.rotate_left(place.index % demand.said.len());
        }
        examples
    }

    /// What the examples of an object say together that aren't valid, or don't say all: it's
    /// followed where there is nothing else to be followed.
    pub(super) fn told(
        &self,
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
    ) -> Option<Value> {
        if self.is_dynamic || place.wish.is_some() || demand.said.is_empty() {
            return None;
        }
        if !matches!(self.row(demand, roots, place), Row::Given) {
            return None;
        }
        let joined = self.joined(demand, place.index);
        let told = joined.or_else(|| Some(self.examples(demand, place).first()?.value()));
        told.filter(Value::is_object)
    }

    /// Whether examples of parts say nothing of what other parts have beside them.
    fn leaves_out(&self, demand: &Demand<'d>, examples: &[Node<'d>], value: &Value) -> bool {
        let Value::Object(members) = value else {
            return false;
        };
        let spans = examples.iter().filter_map(|node| {
            let schema = self.schema_of(*node)?;
            demand.spans.get(&schema)
        });
        let spans: Vec<_> = spans.collect();
        if spans.len() < examples.len() {
            return false;
        }
        let is_other = |number: &usize| !spans.iter().any(|span| span.members.contains(number));
        let others = demand.object.parts.iter().enumerate();
        let others = others.filter(|(number, _)| is_other(number));
        let mut names =
            others.flat_map(|(_, part)| part.properties.into_iter().flat_map(Node::entries));
        names.any(|(name, schema)| {
            !members.contains_key(&*name)
                && !demand.object.forbidden.contains(&*name)
                && !self.is_hidden(schema, 0)
        })
    }

    /// The schema that an example is of.
    fn schema_of(&self, example: Node<'d>) -> Option<At> {
        let holder = self.document.parent(example)?;
        match holder.is_array() {
            true => Some(self.document.parent(holder)?.at()),
            false => Some(holder.at()),
        }
    }

    /// What the examples of several schemas that apply in place say together, where each is an
    /// object: of each the one whose turn it is.
    fn joined(&self, demand: &Demand<'d>, turn: usize) -> Option<Value> {
        let mut schemas: Vec<(At, Vec<Node<'d>>)> = Vec::new();
        for node in &demand.said {
            let schema = self.schema_of(*node)?;
            match schemas.iter_mut().find(|(known, _)| *known == schema) {
                Some((_, examples)) => examples.push(*node),
                None => schemas.push((schema, vec![*node])),
            }
        }
        // Who writes an example beside its parts writes a whole one.
        let is_whole = |at: &At| self.document.node(*at).get("allOf").is_some();
        if schemas.iter().any(|(schema, _)| is_whole(schema)) {
            return None;
        }
        let mut joined = serde_json::Map::new();
        for (_, examples) in &schemas {
            let Value::Object(members) = examples[turn % examples.len()].value() else {
                return None;
            };
            for (name, value) in members {
                joined.entry(name).or_insert(value);
            }
        }
        (schemas.len() > 1).then_some(Value::Object(joined))
    }

    /// Whether a member is made up, and may be another.
    pub(super) fn is_free(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        name: &str,
        members: &serde_json::Map<String, Value>,
    ) -> bool {
        let roots = self.roots_of(demand, name).unwrap_or_default();
        !self.is_told(&roots, place, name, members)
    }

    /// Whether a member is what the document gives itself as an example, or is asked for.
    pub(super) fn is_told(
        &self,
        roots: &[Root],
        place: &Place<'_>,
        name: &str,
        members: &serde_json::Map<String, Value>,
    ) -> bool {
        let Some(value) = members.get(name).filter(|_| !self.is_dynamic) else {
            return false;
        };
        let wished = place.wish.and_then(|wish| wish.get(name));
        let mut nodes = roots.iter().map(|root| self.document.node(root.at));
        wished == Some(value) || nodes.any(|node| self.is_given(node, value, 0))
    }

    pub(super) fn is_given(&self, node: Node<'d>, value: &Value, depth: usize) -> bool {
        let own = ["const", "example"].map(|keyword| node.get(keyword));
        let listed = node.get("examples").into_iter().flat_map(Node::items);
        let mut own = own.into_iter().flatten().chain(listed);
        let target = self.target(node, "$ref", &Default::default());
        let target = target.map(|target| self.document.node(target.at));
        own.any(|own| own.value() == *value)
            || depth < 8 && target.is_some_and(|node| self.is_given(node, value, depth + 1))
    }

    /// Whether a schema, or what it refers to, is for the other side alone.
    pub(super) fn is_hidden(&self, node: Node<'d>, depth: usize) -> bool {
        let flag = match self.view {
            View::Request => "readOnly",
            View::Reply => "writeOnly",
        };
        if node.get(flag).and_then(Node::as_bool) == Some(true) {
            return true;
        }
        if depth > 8 {
            return false;
        }
        let target = self.target(node, "$ref", &Default::default());
        let target = target.map(|root| self.document.node(root.at));
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let mut parts = target.into_iter().chain(parts);
        parts.any(|part| self.is_hidden(part, depth + 1))
    }

    /// Takes out of an example what the other side alone sends.
    fn withhold(&mut self, roots: &[Root], value: &mut Value) {
        if !self.document.has_flags() || !(value.is_object() || value.is_array()) {
            return;
        }
        let mut demand = Demand::new();
        let mut picks = Picks::new(Draw::of(""));
        for root in roots.iter().filter(|root| !root.denied) {
            let mut with = Absorbing {
                picks: &mut picks,
                around: &[],
                wish: None,
                order: &Draw::of(""),
                turn: 0,
                level: 0,
                depth: 0,
                is_bold: false,
                facts: None,
            };
            self.absorb(root, &mut demand, &mut with);
        }
        match value {
            Value::Object(members) => {
                let mut kept = serde_json::Map::new();
                for (name, mut value) in std::mem::take(members) {
                    let roots = self.roots_of(&demand, &name);
                    let hidden = roots.iter().flatten();
                    let is_hidden = |root: &Root| self.is_hidden(self.document.node(root.at), 0);
                    if hidden.clone().any(is_hidden) {
                        continue;
                    }
                    if let Some(roots) = roots {
                        self.withhold(&roots, &mut value);
                    }
                    kept.insert(name, value);
                }
                *members = kept;
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.withhold(&super::list::roots_of(&demand.list, index), item);
                }
            }
            _ => {}
        }
    }
}
