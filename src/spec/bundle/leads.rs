//! The references of a document's parts, and where they lead.

use super::part::{Is, Thing};
use crate::spec::{At, Document, Node};
use std::borrow::Cow;

/// How many references may lead to references.
const CHAIN: usize = 100;

/// What a node is, and where its reference leads, where it has one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed<'d> {
    pub node: Node<'d>,
    pub is: Is,
}

impl<'d> Typed<'d> {
    /// What stands in it, with the names of members.
    pub fn inner(self, document: &Document) -> Vec<(Option<Cow<'d, str>>, Typed<'d>)> {
        let Typed { node, is } = self;
        if matches!(is, Is::Data | Is::Loose) {
            return Vec::new();
        }
        let members = node.entries().map(|(name, node)| {
            let is = is.member(&name, document.dialect);
            (Some(name), Typed { node, is })
        });
        let items = node.items().map(|node| {
            let is = is.item();
            (None, Typed { node, is })
        });
        members.chain(items).collect()
    }

    /// The text of its reference: that which stands for it, but for what names an operation or a
    /// schema in another way.
    pub fn reference(self) -> Option<Node<'d>> {
        match self.is {
            Is::Data | Is::Loose | Is::List(_) => None,
            _ => {
                let reference = self.node.get("$ref");
                reference.filter(|text| text.text().is_some())
            }
        }
    }

    /// Whether it is nothing but a reference.
    pub fn is_lone(self) -> bool {
        let says = |name: &str| {
            let is_remark = self.is == Is::One(Thing::Schema) && name == "description";
            !(name == "$ref" || is_remark)
        };
        let stands_alone = match self.is {
            // What stands beside the reference of another object is ignored.
            Is::One(Thing::Schema | Thing::PathItem) | Is::Map(_) => false,
            _ => true,
        };
        stands_alone || !self.node.entries().any(|(name, _)| says(&name))
    }
}

/// Whether the members of what a map refers to may stand beside its own.
pub(super) fn adds_to(document: &Document, typed: Typed<'_>, to: At) -> bool {
    let other = document.node(to);
    let is_new = |name: &str| name == "$ref" || other.get(name).is_none();
    matches!(typed.is, Is::Map(_)) && typed.node.entries().all(|(name, _)| is_new(&name))
}

/// Where a reference leads in the end: through those that are nothing but references themselves.
pub(super) fn target(document: &Document, typed: Typed<'_>) -> Option<At> {
    let mut reference = typed.reference()?;
    for _ in 0..CHAIN {
        let at = document.follow(reference.at(), &reference.text()?).ok()?;
        let next = Typed {
            node: document.node(at),
            is: typed.is,
        };
        match next.reference() {
            // Only another file's is passed: one in the root has a name that people know.
            Some(further) if at.file() > 0 && next.is_lone() => reference = further,
            _ => return Some(next.node.at()),
        }
    }
    None
}

/// Where a value of a `discriminator` leads, where it is a reference and no name.
pub(super) fn mapped(document: &Document, value: Node<'_>) -> Option<At> {
    let text = value.text()?;
    if !text.contains(['/', '#', '.']) {
        return None;
    }
    let at = document.follow(value.at(), &text).ok()?;
    Some(document.node(at).at())
}
