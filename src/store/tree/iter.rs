use super::{Child, Node, Tree};
use std::slice;

/// Entries in order. The next from the front is at hand; one from the back is found from the root.
#[derive(Debug)]
pub(in super::super) struct Iter<'t, K, V> {
    tree: &'t Tree<K, V>,
    /// The places that are still to come.
    front: usize,
    back: usize,
    branches: Vec<slice::Iter<'t, Child<K, V>>>,
    leaf: slice::Iter<'t, (K, V)>,
}

impl<'t, K, V> Iter<'t, K, V> {
    pub(super) fn new(tree: &'t Tree<K, V>, place: usize) -> Iter<'t, K, V> {
        let mut iter = Iter {
            tree,
            front: place.min(tree.len),
            back: tree.len,
            branches: Vec::new(),
            leaf: [].iter(),
        };
        if let Some(root) = &tree.root
            && place < tree.len
        {
            iter.descend(root, place);
        }
        iter
    }

    /// Goes down to the leaf that has what is `left` entries on.
    fn descend(&mut self, mut node: &'t Node<K, V>, mut left: usize) {
        loop {
            match node {
                Node::Leaf(entries) => {
                    self.leaf = entries[left.min(entries.len())..].iter();
                    return;
                }
                Node::Branch(children) => {
                    let mut children = children.iter();
                    let way = children.find(|child| {
                        let is_here = left < child.count;
                        left -= if is_here { 0 } else { child.count };
                        is_here
                    });
                    self.branches.push(children);
                    match way {
                        Some(child) => node = &child.node,
                        None => return,
                    }
                }
            }
        }
    }
}

impl<'t, K, V> Iterator for Iter<'t, K, V> {
    type Item = &'t (K, V);

    fn next(&mut self) -> Option<&'t (K, V)> {
        if self.front >= self.back {
            return None;
        }
        self.front += 1;
        loop {
            if let Some(entry) = self.leaf.next() {
                return Some(entry);
            }
            match self.branches.last_mut()?.next() {
                Some(child) => self.descend(&child.node, 0),
                None => drop(self.branches.pop()),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.back.saturating_sub(self.front);
        (left, Some(left))
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        self.back -= 1;
        self.tree.nth(self.back)
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}
