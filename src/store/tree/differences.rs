use super::{Node, Tree};
use std::cmp::Ordering;
use std::sync::Arc;

/// A part of a tree that is still to be looked at.
enum Piece<'t, K, V> {
    Node(&'t Arc<Node<K, V>>, usize),
    Entry(&'t (K, V)),
}

/// An entry as it was and as it is, where they differ.
pub(in super::super) type Difference<'t, K, V> = (Option<&'t (K, V)>, Option<&'t (K, V)>);

/// The entries that two trees don't share, in order. What both have of one origin is stepped
/// over, so that it takes as long as there are differences.
pub(in super::super) fn differences<'t, K: Ord, V>(
    old: &'t Tree<K, V>,
    new: &'t Tree<K, V>,
    is_same: impl Fn(&V, &V) -> bool,
) -> Vec<Difference<'t, K, V>> {
    let mut found = Vec::new();
    let (mut left, mut right) = (start(old), start(new));
    loop {
        match (left.last(), right.last()) {
            (Some(Piece::Node(a, _)), Some(Piece::Node(b, _))) if Arc::ptr_eq(a, b) => {
                left.pop();
                right.pop();
            }
            // The higher first, so that what they share is met at its own height.
            (Some(Piece::Node(_, a)), Some(Piece::Node(_, b))) if a < b => open(&mut right),
            (Some(Piece::Node(..)), _) => open(&mut left),
            (_, Some(Piece::Node(..))) => open(&mut right),
            (Some(Piece::Entry(a)), Some(Piece::Entry(b))) => {
                let (a, b) = (*a, *b);
                let order = a.0.cmp(&b.0);
                if order != Ordering::Greater {
                    left.pop();
                }
                if order != Ordering::Less {
                    right.pop();
                }
                match order {
                    Ordering::Less => found.push((Some(a), None)),
                    Ordering::Greater => found.push((None, Some(b))),
                    Ordering::Equal if !is_same(&a.1, &b.1) => found.push((Some(a), Some(b))),
                    Ordering::Equal => {}
                }
            }
            (Some(Piece::Entry(a)), None) => {
                found.push((Some(*a), None));
                left.pop();
            }
            (None, Some(Piece::Entry(b))) => {
                found.push((None, Some(*b)));
                right.pop();
            }
            (None, None) => return found,
        }
    }
}

fn start<K, V>(tree: &Tree<K, V>) -> Vec<Piece<'_, K, V>> {
    let root = tree.root.iter();
    root.map(|root| Piece::Node(root, height(root))).collect()
}

/// Puts what the topmost node holds in its place, the first on top.
fn open<K, V>(pieces: &mut Vec<Piece<'_, K, V>>) {
    let Some(Piece::Node(node, height)) = pieces.pop() else {
        return;
    };
    match node.as_ref() {
        Node::Leaf(entries) => pieces.extend(entries.iter().rev().map(Piece::Entry)),
        Node::Branch(children) => {
            let children = children.iter().rev();
            pieces.extend(children.map(|child| Piece::Node(&child.node, height - 1)));
        }
    }
}

fn height<K, V>(mut node: &Arc<Node<K, V>>) -> usize {
    let mut height = 0;
    while let Node::Branch(children) = node.as_ref() {
        height += 1;
        node = &children[0].node;
    }
    height
}
