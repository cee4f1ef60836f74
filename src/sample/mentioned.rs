//! Values that schemas mention: where nothing that is built for a demand is right, one of them
//! may be.

use super::demand::Root;
use super::kinds::Kinds;
use super::maker::{Maker, kind_of};
use super::place::Place;
use crate::spec::Node;
use serde_json::{Number, Value, json};

/// How many schemas are looked at.
const NODES: usize = 300;
/// How many values are judged.
const VALUES: usize = 96;

const BOUNDS: [&str; 4] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// Keywords with schemas of the value itself.
const IN_PLACE: [&str; 7] = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

impl<'d> Maker<'d> {
    /// A value that the schemas mention somewhere, or one that says next to nothing, which meets
    /// them all.
    pub(super) fn mentioned(
        &mut self,
        kinds: Kinds,
        roots: &[Root],
        place: &Place<'_>,
    ) -> Option<Value> {
        let mut left = NODES;
        let mut values = Vec::new();
        for root in roots {
            self.gather(self.document.node(root.at), &mut left, &mut values);
        }
        let plain = [
            json!(true),
            json!(false),
            json!(""),
            json!(0),
            json!(1),
            json!({}),
            json!([]),
            Value::Null,
        ];
        values.truncate(VALUES);
        values.extend(plain);
        let turn = place.sweep.unwrap_or(0) as usize % values.len();
        values.rotate_left(turn);
        values.into_iter().find(|value| {
            self.tried();
            let is_also = |text: &str| self.is_also(text, place);
            !self.is_spent()
                && kinds.has(kind_of(value))
                && value.as_str().is_none_or(is_also)
                && self.fits_strictly(roots, value)
        })
    }

    fn gather(&self, node: Node<'d>, left: &mut usize, values: &mut Vec<Value>) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let own = node.get("const").into_iter();
        let listed = node.get("enum").into_iter().flat_map(Node::items);
        values.extend(own.chain(listed).map(Node::value));
        for bound in BOUNDS.iter().filter_map(|keyword| node.get(keyword)) {
            values.extend(bound.as_number().into_iter().flat_map(near));
        }
        let mut parts: Vec<Node<'d>> = Vec::new();
        for part in IN_PLACE.iter().filter_map(|keyword| node.get(keyword)) {
            match part.is_array() {
                true => parts.extend(part.items()),
                false => parts.push(part),
            }
        }
        let target = self.target(node, "$ref", &Default::default());
        parts.extend(target.map(|target| self.document.node(target.at)));
        for part in parts {
            self.gather(part, left, values);
        }
    }
}

/// A bound, and numbers beside it.
fn near(bound: Number) -> Vec<Value> {
    let float = bound.as_f64().unwrap_or_default();
    let beside = [1.0, -1.0, 0.5, -0.5].into_iter().filter_map(|step| {
        let near = Number::from_f64(float + step)?;
        Some(Value::Number(near))
    });
    [Value::Number(bound)].into_iter().chain(beside).collect()
}
