//! The keys of objects: what some of them mean to the reading of a document, which stands twice,
//! and how one among many is found.

use super::tree::{Kind, Tree};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// Up to how many keys are compared with each other one by one.
const FEW: usize = 24;
/// From how many members on an object has an index of its keys.
const MANY: usize = 48;

/// What a key means wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// `$ref` and `$dynamicRef`.
    Reference,
    /// `$id`, `$anchor`, `$dynamicAnchor`, `$recursiveAnchor` and `$self`, by which references find their way.
    Name,
    /// `readOnly` and `writeOnly`.
    Flag,
    /// `pattern`.
    Pattern,
    /// `format`.
    Format,
}

impl Role {
    pub(super) fn of(key: &str) -> Option<Role> {
        Some(match key {
            "$ref" | "$dynamicRef" => Role::Reference,
            "$id" | "$anchor" | "$dynamicAnchor" | "$recursiveAnchor" | "$self" => Role::Name,
            "readOnly" | "writeOnly" => Role::Flag,
            "pattern" => Role::Pattern,
            "format" => Role::Format,
            _ => return None,
        })
    }
}

/// The first of an object's keys that stands there a second time.
pub(super) fn twice(tree: &Tree, keys: &[u32]) -> Option<u32> {
    let mut spans = [(0, 0); FEW];
    let Some(spans) = spans.get_mut(..keys.len()) else {
        return twice_of_many(tree, keys);
    };
    let text = tree.text.as_bytes();
    for (index, key) in keys.iter().enumerate() {
        let Some((start, end)) = verbatim(tree, *key) else {
            return twice_of_many(tree, keys);
        };
        // Most keys have different lengths, which are all that is compared then.
        let same = |known: &(usize, usize)| {
            known.1 - known.0 == end - start && text[known.0..known.1] == text[start..end]
        };
        if spans[..index].iter().any(same) {
            return Some(*key);
        }
        spans[index] = (start, end);
    }
    None
}

fn twice_of_many(tree: &Tree, keys: &[u32]) -> Option<u32> {
    let mut seen = HashSet::with_capacity(keys.len());
    keys.iter()
        .find(|key| !seen.insert(tree.node(**key).text()))
        .copied()
}

/// The bytes that are a text's content, where it stands in the file as it is.
fn verbatim(tree: &Tree, node: u32) -> Option<(usize, usize)> {
    let cell = tree.cells[node as usize];
    let (start, end) = (cell.start as usize, cell.end as usize);
    match cell.kind {
        Kind::Bare => Some((start, end)),
        Kind::Quoted => Some((start + 1, end - 1)),
        _ => None,
    }
}

/// The objects of a tree that have so many members that one isn't looked for one by one: the
/// schemas of a large document are a thousand, and each reference to one asks for it by name.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    crowds: HashMap<u32, OnceLock<Index>>,
    hasher: RandomState,
}

/// Keys by the hash of their text: each stands in the first free slot from there on. No key is
/// the node 0, which is what a free slot says.
#[derive(Debug)]
struct Index {
    slots: Box<[u32]>,
    /// The same keys in the order of the text.
    ordered: Box<[u32]>,
}

impl Crowds {
    /// Notes an object with so many members.
    pub(super) fn note(&mut self, object: u32, members: usize) {
        if members >= MANY {
            self.crowds.insert(object, OnceLock::new());
        }
    }

    /// Whether an object of so many nodes may be noted.
    pub(super) fn may_have(&self, nodes: u32) -> bool {
        nodes as usize >= 2 * MANY && !self.crowds.is_empty()
    }

    /// The key of a name in an object, nothing where it isn't noted. The index is made when a key
    /// is looked for.
    pub(super) fn find(
        &self,
        tree: &Tree,
        object: u32,
        name: &str,
        keys: impl FnOnce() -> Vec<u32>,
    ) -> Option<Option<u32>> {
        let index = self.index(tree, object, keys)?;
        let is_it = |key| tree.node(key).is_text(name);
        let place = Index::probe(&index.slots, self.hasher.hash_one(name), is_it);
        Some(Some(index.slots[place]).filter(|key| *key != 0))
    }
}

impl Crowds {
    /// The key of the member in which a node may stand; nothing where the object isn't noted, or
    /// the node stands before all members.
    pub(super) fn holder(
        &self,
        tree: &Tree,
        object: u32,
        node: u32,
        keys: impl FnOnce() -> Vec<u32>,
    ) -> Option<u32> {
        let ordered = &self.index(tree, object, keys)?.ordered;
        let behind = ordered.partition_point(|key| *key <= node);
        Some(ordered[behind.checked_sub(1)?])
    }

    fn index(&self, tree: &Tree, object: u32, keys: impl FnOnce() -> Vec<u32>) -> Option<&Index> {
        let index = self.crowds.get(&object)?.get_or_init(|| {
            let keys = keys();
            let mut slots = vec![0; (keys.len() * 2).next_power_of_two()];
            for key in &keys {
                let text = tree.node(*key).text().unwrap_or_default();
                let place = Index::probe(&slots, self.hasher.hash_one(&*text), |_| false);
                slots[place] = *key;
            }
            Index {
                slots: slots.into(),
                ordered: keys.into(),
            }
        });
        Some(index)
    }
}

impl Index {
    /// The slot of the key that is looked for, or the free one where it would stand: at least
    /// half of them are free.
    fn probe(slots: &[u32], hash: u64, is_it: impl Fn(u32) -> bool) -> usize {
        let mask = slots.len() - 1;
        let mut place = hash as usize & mask;
        while slots[place] != 0 && !is_it(slots[place]) {
            place = (place + 1) & mask;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use crate::spec::Source;
    use std::sync::Arc;

    #[test]
    fn members_of_a_crowd_are_found_by_name() {
        for count in [1, 47, 48, 49, 5_000] {
            let members = (0..count).map(|at| match at % 3 {
                0 => format!("\"k{at}\": {at}"),
                1 => format!("\"\\u006b{at}\": {at}"),
                _ => format!("\"k{at}\": {{\"a\": {at}}}"),
            });
            let text = format!("{{{}}}", members.collect::<Vec<_>>().join(", "));
            for name in ["a.json", "a.yaml"] {
                let source = Arc::new(Source::new(name, text.as_str()));
                let root = source.tree().expect("a tree").root();
                for at in 0..count {
                    let node = root.get(&format!("k{at}")).expect("a member");
                    let node = node.get("a").unwrap_or(node);
                    assert_eq!(node.scalar(), at, "of {count}");
                    let pointer = node.tree().pointer(node.number()).to_string();
                    let at = format!("/k{at}");
                    assert!(pointer == at || pointer == at + "/a", "{pointer}");
                }
                assert!(root.get("k").is_none() && root.get(&format!("k{count}")).is_none());
            }
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_found_however_it_is_written() {
        for count in [2, 24, 25, 100] {
            let keys = (1..count).map(|at| format!("\"k{at}\": 0"));
            let keys = keys.collect::<Vec<_>>().join(", ");
            for again in ["\"k1\"", "\"\\u006b1\""] {
                let text = format!("{{{keys}, {again}: 0}}");
                let error = Arc::new(Source::new("a.json", text)).parse();
                let error = error.expect_err("an error").to_string();
                assert!(
                    error.ends_with("the key `k1` stands here a second time"),
                    "{error}"
                );
            }
            let keys = keys.replace('"', "'");
            for again in ["k1", "\"k1\"", "!!str k1", "\"\\x6b1\""] {
                let text = format!("{{{keys}, {again}: 0}}");
                let error = Arc::new(Source::new("a.yaml", text)).parse();
                let error = error.expect_err("an error").to_string();
                assert!(
                    error.ends_with("the key `k1` stands here a second time"),
                    "{error}"
                );
            }
        }
    }
}
