use super::points::{Kind, PointId, Points};
use crate::contract::Contract;
use crate::spec::{At, ShapeId};
use crate::validate::{SchemaId, View};
use serde_json::Value;
use std::collections::HashMap;

/// How deep a schema is looked into.
const DEPTH: usize = 8;
/// How many values of a list, and how many alternatives, are told apart at one place.
const LISTED: usize = 100;
/// How many values of a body are looked at.
pub(super) const BUDGET: usize = 20_000;

/// What there is to count in the values of a schema.
#[derive(Debug, Default)]
pub(super) struct Node {
    properties: HashMap<Box<str>, Property>,
    /// What undeclared properties are, all of them together, where a schema says so.
    others: Option<(PointId, Box<Node>)>,
    items: Option<Box<Node>>,
    values: Vec<(Value, PointId)>,
    branches: Vec<(SchemaId, PointId)>,
}

#[derive(Debug)]
struct Property {
    sent: PointId,
    null: Option<PointId>,
    absent: Option<PointId>,
    node: Node,
}

/// Where a node stands as it is made.
pub(super) struct Standing<'s> {
    pub(super) contract: &'s Contract,
    pub(super) view: View,
    /// What stands before the place in words.
    pub(super) of: &'s str,
}

impl Node {
    /// What there is to count at a place and below it. A schema that is met again within itself
    /// has been counted.
    pub(super) fn of(
        standing: &Standing<'_>,
        points: &mut Points,
        id: ShapeId,
        at: &str,
        above: &mut Vec<At>,
    ) -> Node {
        let mut node = Node::default();
        let contract = standing.contract;
        let shapes = &contract.shapes;
        let schema = contract.document.referred(shapes.schema(id));
        if above.len() >= DEPTH || above.contains(&schema) {
            return node;
        }
        let shape = shapes.get(id);
        let place = format!("{}{at}", standing.of);
        let place = place.trim_end();
        let listed = shapes.says(id, "enum");
        for value in listed
            .into_iter()
            .flat_map(|list| list.items())
            .take(LISTED)
        {
            let what = format!("{place} = {}", value.value());
            if let Some(point) = points.add(Kind::Value, what, value.at()) {
                node.values.push((value.value(), point));
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            let list = shapes.says(id, keyword);
            let list = list.into_iter().flat_map(|list| list.items());
            for (index, branch) in list.take(LISTED).enumerate() {
                let what = format!("{place} {keyword}/{index}");
                if let Some(point) = points.add(Kind::Branch, what, branch.at()) {
                    let schema = contract.schemas.at(standing.view, branch.at());
                    node.branches.push((schema, point));
                }
            }
        }
        let kind = match standing.view {
            View::Request => Kind::RequestProperty,
            View::Reply => Kind::ReplyProperty,
        };
        above.push(schema);
        for (name, property) in &shape.properties {
            let inner_id = shapes.of_property(property);
            let inner = shapes.get(inner_id);
            let is_own = match standing.view {
                View::Request => !inner.read_only,
                View::Reply => !inner.write_only,
            };
            if !is_own {
                continue;
            }
            let here = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            let what = format!("{}{here}", standing.of);
            let schema = shapes.schema(inner_id);
            let Some(sent) = points.add(kind, what.clone(), schema) else {
                break;
            };
            let mut more = |is_there: bool, how: &str| {
                let what = || format!("{what} {how}");
                is_there.then(|| points.add(kind, what(), schema)).flatten()
            };
            let null = more(inner.types.has("null"), "null");
            let absent = more(!property.required, "absent");
            let node_of = Node::of(standing, points, inner_id, &here, above);
            let property = Property {
                sent,
                null,
                absent,
                node: node_of,
            };
            node.properties.insert(name.as_str().into(), property);
        }
        if let Some(others) = shapes.of_additional(shape) {
            let here = format!("{at}/*");
            let what = format!("{}{here}", standing.of);
            if let Some(point) = points.add(kind, what, shapes.schema(others)) {
                let inner = Node::of(standing, points, others, &here, above);
                node.others = Some((point, Box::new(inner)));
            }
        }
        if let Some(items) = shapes.of_items(shape) {
            let here = format!("{at}/*");
            node.items = Some(Box::new(Node::of(standing, points, items, &here, above)));
        }
        above.pop();
        node
    }

    /// Counts what a value has, as far as the budget of values goes.
    pub(super) fn count(
        &self,
        contract: &Contract,
        seen: &mut [u64],
        value: &Value,
        budget: &mut usize,
    ) {
        if *budget == 0 {
            return;
        }
        *budget -= 1;
        if let Some((_, point)) = self.values.iter().find(|(listed, _)| listed == value) {
            seen[point.0] += 1;
        }
        for (schema, point) in &self.branches {
            // One that was met once needn't be judged again.
            if seen[point.0] == 0 && contract.schemas.is_valid(*schema, value) {
                seen[point.0] = 1;
            }
        }
        match value {
            Value::Object(members) => {
                for (name, property) in &self.properties {
                    let point = match members.get(&**name) {
                        None => property.absent,
                        Some(Value::Null) if property.null.is_some() => property.null,
                        Some(value) => {
                            property.node.count(contract, seen, value, budget);
                            Some(property.sent)
                        }
                    };
                    if let Some(point) = point {
                        seen[point.0] += 1;
                    }
                }
                if let Some((point, node)) = &self.others {
                    let declared = &self.properties;
                    let is_other = |name: &&String| !declared.contains_key(name.as_str());
                    for (_, value) in members.iter().filter(|(name, _)| is_other(name)) {
                        seen[point.0] += 1;
                        node.count(contract, seen, value, budget);
                    }
                }
            }
            Value::Array(items) => {
                for item in items {
                    if let Some(node) = &self.items {
                        node.count(contract, seen, item, budget);
                    }
                }
            }
            _ => {}
        }
    }
}
