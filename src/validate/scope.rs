//! Which resources a judgement came through. Where a `$dynamicRef` leads depends on that, so a
//! schema is a unit of its own for every such way (JSON Schema core §7.1, §8.2.3.2).

use crate::spec::{At, Document, Node};
use std::sync::Arc;

/// The `$dynamicAnchor`s that are known, each where the outermost resource has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Scope(Option<Arc<Vec<(String, At)>>>);

impl Scope {
    /// The scope in a resource that is entered from this one.
    pub(crate) fn entering(&self, document: &Document, at: At) -> Scope {
        if !document.is_dynamic() {
            return Scope::default();
        }
        let anchors = document.dynamic_anchors(at).iter();
        let more: Vec<_> = anchors
            .filter(|(name, _)| self.find(name).is_none())
            .cloned()
            .collect();
        if more.is_empty() {
            return self.clone();
        }
        let mut known = self.0.as_deref().cloned().unwrap_or_default();
        known.extend(more);
        // The order in which they were met makes no difference.
        known.sort();
        Scope(Some(Arc::new(known)))
    }

    /// Where a reference leads in this scope, given where it leads by itself: elsewhere only if it
    /// names a `$dynamicAnchor`, or is 2019-09's `$recursiveRef` to a `$recursiveAnchor`.
    pub(crate) fn lead(&self, document: &Document, reference: &str, at: At) -> At {
        let name = reference.split_once('#').map_or("", |(_, name)| name);
        let node = document.node(at);
        let is_dynamic = match name {
            "" => node.get("$recursiveAnchor").and_then(Node::as_bool) == Some(true),
            name => node
                .get("$dynamicAnchor")
                .is_some_and(|anchor| anchor.is_text(name)),
        };
        match is_dynamic {
            true => self.find(name).unwrap_or(at),
            false => at,
        }
    }

    /// Whether anything is known.
    pub(super) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    fn find(&self, name: &str) -> Option<At> {
        let mut known = self.0.iter().flat_map(|known| known.iter());
        known.find(|(known, _)| known == name).map(|(_, at)| *at)
    }
}
