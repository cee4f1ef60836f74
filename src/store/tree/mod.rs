//! A persistent ordered map: a copy costs nothing, and a change copies only the way down to it.
//!
//! A B+ tree that counts what is below each branch, so that the nth entry and an entry's place are
//! found as quickly as a key is.

mod differences;
mod iter;

pub(super) use differences::differences;
pub(super) use iter::Iter;

use std::cmp::Ordering;
use std::sync::Arc;

/// How many entries or children a node has at most.
const MOST: usize = 16;
/// Below this many a node is joined with the one beside it, where they fit into one.
const FEW: usize = MOST / 4;

/// Entries in the order of their keys.
#[derive(Debug, Clone)]
pub(super) struct Tree<K, V> {
    root: Option<Arc<Node<K, V>>>,
    len: usize,
}

#[derive(Debug, Clone)]
enum Node<K, V> {
    Leaf(Vec<(K, V)>),
    Branch(Vec<Child<K, V>>),
}

#[derive(Debug, Clone)]
struct Child<K, V> {
    /// No key below it is less.
    least: K,
    /// How many entries are below it.
    count: usize,
    node: Arc<Node<K, V>>,
}

impl<K, V> Default for Tree<K, V> {
    fn default() -> Tree<K, V> {
        Tree { root: None, len: 0 }
    }
}

impl<K, V> Tree<K, V> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The entry for which `side` says `Equal`. It tells on which side of the wanted one a key is,
    /// and must agree with the keys' order.
    pub fn find(&self, side: impl Fn(&K) -> Ordering) -> Option<&(K, V)> {
        let mut node = self.root.as_deref()?;
        loop {
            match node {
                Node::Leaf(entries) => {
                    let found = entries.binary_search_by(|(key, _)| side(key));
                    return found.ok().and_then(|at| entries.get(at));
                }
                Node::Branch(children) => node = &children.get(way(children, &side)?)?.node,
            }
        }
    }

    /// How many entries stand before the one that `side` looks for, be it there or not.
    pub fn rank(&self, side: impl Fn(&K) -> Ordering) -> usize {
        let mut before = 0;
        let mut node = self.root.as_deref();
        while let Some(at) = node {
            match at {
                Node::Leaf(entries) => {
                    let less = |(key, _): &(K, V)| side(key) == Ordering::Less;
                    return before + entries.partition_point(less);
                }
                Node::Branch(children) => {
                    let Some(way) = way(children, &side) else {
                        return before;
                    };
                    before += children[..way].iter().map(|c| c.count).sum::<usize>();
                    node = Some(&children[way].node);
                }
            }
        }
        before
    }

    /// The entry at a place, counted from 0.
    pub fn nth(&self, place: usize) -> Option<&(K, V)> {
        let mut left = place;
        let mut node = self.root.as_deref()?;
        loop {
            match node {
                Node::Leaf(entries) => return entries.get(left),
                Node::Branch(children) => {
                    let child = children.iter().find(|child| {
                        let is_here = left < child.count;
                        left -= if is_here { 0 } else { child.count };
                        is_here
                    });
                    node = &child?.node;
                }
            }
        }
    }

    /// The entries from a place on.
    pub fn iter_from(&self, place: usize) -> Iter<'_, K, V> {
        Iter::new(self, place)
    }

    /// All entries.
    pub fn iter(&self) -> Iter<'_, K, V> {
        self.iter_from(0)
    }
}

impl<K: Ord + Clone, V: Clone> Tree<K, V> {
    /// Puts an entry, in place of the one with an equal key; gives that one's value.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let Some(root) = &mut self.root else {
            self.root = Some(Arc::new(Node::Leaf(vec![(key, value)])));
            self.len = 1;
            return None;
        };
        let (old, split) = insert(root, key, value);
        self.len += usize::from(old.is_none());
        if let Some(right) = split {
            let left = Child {
                least: root.least().clone(),
                count: self.len - right.count,
                node: Arc::clone(root),
            };
            *root = Arc::new(Node::Branch(vec![left, right]));
        }
        old
    }

    /// Takes the entry out that `side` looks for; gives it.
    pub fn remove(&mut self, side: impl Fn(&K) -> Ordering) -> Option<(K, V)> {
        // To look first costs less than to copy the way down for nothing.
        self.find(&side)?;
        let root = self.root.as_mut()?;
        let taken = remove(root, &side)?;
        self.len -= 1;
        while let Node::Branch(children) = root.as_ref()
            && let [only] = children.as_slice()
        {
            *root = Arc::clone(&only.node);
        }
        if self.len == 0 {
            self.root = None;
        }
        Some(taken)
    }

    /// The value of a key, to change in place.
    pub fn get_mut(&mut self, side: impl Fn(&K) -> Ordering) -> Option<&mut V> {
        self.find(&side)?;
        let mut node = self.root.as_mut()?;
        loop {
            match Arc::make_mut(node) {
                Node::Leaf(entries) => {
                    let at = entries.binary_search_by(|(key, _)| side(key)).ok()?;
                    return entries.get_mut(at).map(|(_, value)| value);
                }
                Node::Branch(children) => {
                    let way = way(children, &side)?;
                    node = &mut children.get_mut(way)?.node;
                }
            }
        }
    }
}

impl<K, V> Node<K, V> {
    /// The least key. A node is never empty.
    fn least(&self) -> &K {
        match self {
            Node::Leaf(entries) => &entries[0].0,
            Node::Branch(children) => &children[0].least,
        }
    }

    fn width(&self) -> usize {
        match self {
            Node::Leaf(entries) => entries.len(),
            Node::Branch(children) => children.len(),
        }
    }
}

/// The child below which a key is, if it is anywhere.
fn way<K, V>(children: &[Child<K, V>], side: impl Fn(&K) -> Ordering) -> Option<usize> {
    let after = children.partition_point(|child| side(&child.least) != Ordering::Greater);
    after.checked_sub(1)
}

/// Gives the value that was replaced, and what no longer fits into the node.
fn insert<K: Ord + Clone, V: Clone>(
    node: &mut Arc<Node<K, V>>,
    key: K,
    value: V,
) -> (Option<V>, Option<Child<K, V>>) {
    match Arc::make_mut(node) {
        Node::Leaf(entries) => match entries.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(at) => {
                let old = std::mem::replace(&mut entries[at], (key, value));
                (Some(old.1), None)
            }
            Err(at) => {
                entries.insert(at, (key, value));
                let split = split(entries, at).map(|rest| Child {
                    least: rest[0].0.clone(),
                    count: rest.len(),
                    node: Arc::new(Node::Leaf(rest)),
                });
                (None, split)
            }
        },
        Node::Branch(children) => {
            let at = way(children, |least| least.cmp(&key)).unwrap_or(0);
            let child = &mut children[at];
            // An equal one as well: a key may hold what goes with its entry.
            if key <= child.least {
                child.least = key.clone();
            }
            let (old, grown) = insert(&mut child.node, key, value);
            child.count += usize::from(old.is_none());
            let Some(new) = grown else {
                return (old, None);
            };
            child.count -= new.count;
            children.insert(at + 1, new);
            let split = split(children, at + 1).map(|rest| Child {
                least: rest[0].least.clone(),
                count: rest.iter().map(|child| child.count).sum(),
                node: Arc::new(Node::Branch(rest)),
            });
            (old, split)
        }
    }
}

/// Halves what has become too wide by what was put at `at`. What only ever grows at its end is
/// left full, not half.
fn split<T>(parts: &mut Vec<T>, at: usize) -> Option<Vec<T>> {
    let middle = if at + 1 == parts.len() {
        at
    } else {
        parts.len() / 2
    };
    (parts.len() > MOST).then(|| parts.split_off(middle))
}

fn remove<K: Clone, V: Clone>(
    node: &mut Arc<Node<K, V>>,
    side: &impl Fn(&K) -> Ordering,
) -> Option<(K, V)> {
    match Arc::make_mut(node) {
        Node::Leaf(entries) => {
            let at = entries.binary_search_by(|(key, _)| side(key)).ok()?;
            Some(entries.remove(at))
        }
        Node::Branch(children) => {
            let at = way(children, side)?;
            let child = children.get_mut(at)?;
            let taken = remove(&mut child.node, side)?;
            child.count -= 1;
            if child.count == 0 {
                children.remove(at);
                return Some(taken);
            }
            if side(&child.least) == Ordering::Equal {
                child.least = child.node.least().clone();
            }
            mend(children, at);
            Some(taken)
        }
    }
}

/// Joins a child that has become narrow with the one beside it.
fn mend<K: Clone, V: Clone>(children: &mut Vec<Child<K, V>>, at: usize) {
    let width = |at: usize| children.get(at).map_or(MOST, |child| child.node.width());
    if width(at) >= FEW {
        return;
    }
    let left = if at + 1 < children.len() {
        at
    } else {
        at.saturating_sub(1)
    };
    if left + 1 >= children.len() || width(left) + width(left + 1) > MOST {
        return;
    }
    let right = children.remove(left + 1);
    let left = &mut children[left];
    left.count += right.count;
    match (
        Arc::make_mut(&mut left.node),
        Arc::unwrap_or_clone(right.node),
    ) {
        (Node::Leaf(left), Node::Leaf(right)) => left.extend(right),
        (Node::Branch(left), Node::Branch(right)) => left.extend(right),
        _ => unreachable!("all leaves are equally deep"),
    }
}

#[cfg(test)]
mod tests;
