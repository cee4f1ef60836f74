//! What is said beside a schema.

use super::finder::{Finder, Sender, Spot, Turn};
use super::flat::{said, written};
use super::words::value;
use crate::spec::{At, Node};

impl Finder<'_> {
    /// What is meant by a value that isn't there.
    pub(super) fn defaults(
        &mut self,
        (node, side): (usize, Sender),
        spot: Spot,
        old: &[At],
        new: &[At],
    ) {
        let was = said(self.old, old, "default");
        let is = said(self.new, new, "default");
        let as_written = |node: Option<Node<'_>>| node.map(|node| written(&node.value()));
        if as_written(was) == as_written(is) {
            return;
        }
        let (turn, detail) = match (was, is) {
            (Some(was), Some(is)) => (
                Turn::Narrower,
                format!(
                    "is {} where it isn't given; before, {}",
                    value(is),
                    value(was)
                ),
            ),
            (None, Some(is)) => (
                Turn::Harmless,
                format!("is now {} where it isn't given", value(is)),
            ),
            (Some(was), None) => (
                Turn::Narrower,
                format!("is no longer {} where it isn't given", value(was)),
            ),
            (None, None) => return,
        };
        // One that stands in a component is told once.
        let spot = Spot {
            old: was.map(Node::at).or(spot.old),
            new: is.map(Node::at).or(spot.new),
            ..spot
        };
        // Of what the API sends it says nothing: there it is what it is.
        let turn = match side {
            Sender::Request => turn,
            Sender::Reply => Turn::Harmless,
        };
        self.say(node, ("default-changed", side, turn), spot, detail);
    }

    pub(super) fn deprecation(
        &mut self,
        (node, side): (usize, Sender),
        spot: Spot,
        old: &[At],
        new: &[At],
    ) {
        let is_so = |node: Option<Node<'_>>| node.and_then(Node::as_bool) == Some(true);
        let was = is_so(said(self.old, old, "deprecated"));
        let is = is_so(said(self.new, new, "deprecated"));
        let detail = match (was, is) {
            (false, true) => "is now deprecated",
            (true, false) => "is no longer deprecated",
            _ => return,
        };
        let kind = "deprecation-changed";
        self.say(node, (kind, side, Turn::Harmless), spot, detail);
    }
}
