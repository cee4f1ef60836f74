//! The templates of all operations as one tree of segments.

use super::leaf::Leaf;
use super::segment::{Ends, Segment, Shape};
use std::collections::HashMap;
use std::ops::Index;

/// The number of a node.
pub(super) type NodeId = u32;

/// A tree of segments. Literal segments are numbered once and the edges of all nodes kept in one
/// map: a node costs little, however many there are.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    texts: HashMap<Box<str>, u32>,
    literals: HashMap<(NodeId, u32), NodeId>,
}

/// A place in the tree: what a path has come to after some segments.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// How the node is reached from the one above.
    pub(super) via: Via,
    /// The node behind any one segment.
    pub(super) any: Option<NodeId>,
    pub(super) mixed: Option<Box<MixedEdges>>,
    /// Those behind expressions that may take several segments, most exact first.
    pub(super) deep: Vec<NodeId>,
    pub(super) leaf: Option<Box<Leaf>>,
    /// The root at which a path goes on behind a base path.
    pub(super) enter: Option<NodeId>,
    /// Whether it stands below a deep expression, and so may be come to in several ways.
    pub(super) is_below_deep: bool,
    /// The last child behind a literal, and the one that was added before this one.
    pub(super) last_literal: Option<NodeId>,
    pub(super) sibling: Option<NodeId>,
}

/// What a node's last segment is.
#[derive(Debug, Default)]
pub(super) enum Via {
    /// None: a root.
    #[default]
    Root,
    /// The literal of that number.
    Literal(u32),
    Any,
    Mixed(Box<Shape>),
    Deep(Box<Ends>),
}

/// The nodes behind segments that mix literals and expressions, by the text that the segment
/// starts with and ends in: a path's segment is looked up by the ends it has, and not compared
/// with each of a thousand `{name}:verb`.
#[derive(Debug, Default)]
pub(super) struct MixedEdges {
    lengths: Vec<(usize, usize)>,
    by_ends: HashMap<String, Vec<NodeId>>,
    /// All of them, in order.
    pub(super) all: Vec<NodeId>,
}

impl Index<NodeId> for Tree {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }
}

impl Tree {
    /// A new root.
    pub(super) fn root(&mut self) -> NodeId {
        self.push(Via::Root, false)
    }

    /// How many nodes there are; their numbers are below.
    pub(super) fn len(&self) -> NodeId {
        NodeId::try_from(self.nodes.len()).expect("fewer nodes than bytes of a document")
    }

    /// The node behind these segments, made where it isn't there.
    pub(super) fn insert(&mut self, root: NodeId, segments: &[Segment]) -> NodeId {
        let mut at = root;
        for segment in segments {
            at = match segment {
                Segment::Literal(text) => self.literal_child(at, text),
                Segment::Any => self[at].any.unwrap_or_else(|| {
                    let child = self.push(Via::Any, self[at].is_below_deep);
                    self.node(at).any = Some(child);
                    child
                }),
                Segment::Mixed(shape) => self.mixed_child(at, shape),
                Segment::Deep(ends) => self.deep_child(at, ends),
            };
        }
        at
    }

    /// A node, to be changed.
    pub(super) fn node(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    /// The node behind a literal segment, by its decoded text.
    pub(super) fn literal(&self, at: NodeId, text: &str) -> Option<NodeId> {
        // Most segments of most paths stand behind a node without literals, or are unknown.
        self[at].last_literal?;
        let text = self.texts.get(text)?;
        self.literals.get(&(at, *text)).copied()
    }

    /// The node behind the literal of that number.
    pub(super) fn literal_by_number(&self, at: NodeId, text: u32) -> Option<NodeId> {
        self.literals.get(&(at, text)).copied()
    }

    /// The nodes behind literals.
    pub(super) fn literals(&self, at: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self[at].last_literal, |child| self[*child].sibling)
    }

    /// The texts of all literals, by number.
    pub(super) fn texts(&self) -> Vec<&str> {
        let mut texts = vec![""; self.texts.len()];
        for (text, number) in &self.texts {
            texts[*number as usize] = text;
        }
        texts
    }

    fn literal_child(&mut self, at: NodeId, text: &str) -> NodeId {
        let text = match self.texts.get(text) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.texts.len()).expect("fewer texts than nodes");
                self.texts.insert(text.into(), number);
                number
            }
        };
        if let Some(child) = self.literals.get(&(at, text)) {
            return *child;
        }
        let child = self.push(Via::Literal(text), self[at].is_below_deep);
        self.literals.insert((at, text), child);
        self.node(child).sibling = self.node(at).last_literal.replace(child);
        child
    }

    fn mixed_child(&mut self, at: NodeId, shape: &Shape) -> NodeId {
        let key = ends_key(&mut String::new(), shape.prefix(), shape.suffix()).to_owned();
        let known = self[at].mixed.as_ref();
        let alike = known.and_then(|edges| edges.by_ends.get(&key));
        let same = |child: &&NodeId| matches!(&self[**child].via, Via::Mixed(s) if **s == *shape);
        if let Some(child) = alike.and_then(|alike| alike.iter().find(same)) {
            return *child;
        }
        let child = self.push(Via::Mixed(Box::new(shape.clone())), self[at].is_below_deep);
        let edges = self.node(at).mixed.get_or_insert_default();
        let lengths = (shape.prefix().len(), shape.suffix().len());
        if !edges.lengths.contains(&lengths) {
            edges.lengths.push(lengths);
        }
        edges.by_ends.entry(key).or_default().push(child);
        edges.all.push(child);
        child
    }

    fn deep_child(&mut self, at: NodeId, ends: &Ends) -> NodeId {
        let same = |child: &&NodeId| matches!(&self[**child].via, Via::Deep(e) if **e == *ends);
        if let Some(child) = self[at].deep.iter().find(same) {
            return *child;
        }
        let child = self.push(Via::Deep(Box::new(ends.clone())), true);
        let less = |known: &NodeId| match &self[*known].via {
            Via::Deep(known) => known.precision() < ends.precision(),
            _ => false,
        };
        let place = self[at].deep.iter().position(less);
        let deep = &mut self.node(at).deep;
        deep.insert(place.unwrap_or(deep.len()), child);
        child
    }

    fn push(&mut self, via: Via, is_below_deep: bool) -> NodeId {
        let id = self.len();
        self.nodes.push(Node {
            via,
            is_below_deep,
            ..Node::default()
        });
        id
    }
}

impl Node {
    /// Whether nothing stands below.
    pub(super) fn is_last(&self) -> bool {
        self.last_literal.is_none()
            && self.any.is_none()
            && self.mixed.is_none()
            && self.deep.is_empty()
    }
}

impl MixedEdges {
    /// The nodes whose segment starts and ends as this one does.
    pub(super) fn with_ends_of(&self, text: &str, mut found: impl FnMut(NodeId)) {
        let mut key = String::new();
        for (prefix, suffix) in &self.lengths {
            if prefix + suffix >= text.len() {
                continue;
            }
            let (Some(prefix), Some(suffix)) =
                (text.get(..*prefix), text.get(text.len() - suffix..))
            else {
                continue;
            };
            let nodes = self.by_ends.get(ends_key(&mut key, prefix, suffix));
            nodes.into_iter().flatten().for_each(|node| found(*node));
        }
    }
}

/// Prefix and suffix as one text; a `/` is in neither.
fn ends_key<'k>(key: &'k mut String, prefix: &str, suffix: &str) -> &'k str {
    key.clear();
    key.push_str(prefix);
    key.push('/');
    key.push_str(suffix);
    key
}
