use super::{MOST, Node, Tree, differences};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A repeatable run of numbers (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn whole(tree: &Tree<u64, u64>) -> Vec<(u64, u64)> {
    tree.iter().copied().collect()
}

fn model(model: &BTreeMap<u64, u64>) -> Vec<(u64, u64)> {
    model.iter().map(|(key, value)| (*key, *value)).collect()
}

/// Every node's width, and that its counts and least keys are true.
fn widths(node: &Arc<Node<u64, u64>>, into: &mut Vec<usize>) -> usize {
    into.push(node.width());
    match node.as_ref() {
        Node::Leaf(entries) => entries.len(),
        Node::Branch(children) => {
            for child in children {
                assert!(child.least <= *child.node.least());
                assert_eq!(child.count, widths(&child.node, into));
            }
            children.iter().map(|child| child.count).sum()
        }
    }
}

#[test]
fn it_holds_what_a_btreemap_holds_through_any_changes_and_copies_keep_theirs() {
    let mut numbers = Numbers(7);
    for spread in [50, 2_000, u64::MAX] {
        let (mut tree, mut mirror) = (Tree::default(), BTreeMap::new());
        let mut copies = Vec::new();
        for step in 0..20_000 {
            let key = numbers.below(spread);
            // It grows first, then shrinks to nothing.
            match numbers.below(10) < if step < 8_000 { 8 } else { 2 } {
                true => assert_eq!(tree.insert(key, step), mirror.insert(key, step)),
                false => {
                    let near = mirror.range(key..).next().map_or(key, |(key, _)| *key);
                    let taken = tree.remove(|other| other.cmp(&near));
                    assert_eq!(taken, mirror.remove(&near).map(|value| (near, value)));
                }
            }
            assert_eq!(tree.len(), mirror.len());
            if step % 1_000 == 0 {
                copies.push((tree.clone(), mirror.clone()));
            }
            if let Some(value) = tree.get_mut(|other| other.cmp(&key)) {
                *value += 1;
                *mirror.get_mut(&key).expect("in both") += 1;
            }
        }
        copies.push((tree, mirror));
        for (tree, mirror) in &copies {
            assert_eq!(whole(tree), model(mirror));
            let back: Vec<_> = tree.iter().rev().copied().collect();
            assert!(back.iter().eq(model(mirror).iter().rev()));
            let mut widths_seen = Vec::new();
            if let Some(root) = &tree.root {
                assert_eq!(widths(root, &mut widths_seen), tree.len());
            }
            assert!(widths_seen.iter().all(|width| (1..=MOST).contains(width)));
            for (place, (key, value)) in mirror.iter().enumerate() {
                assert_eq!(tree.nth(place), Some(&(*key, *value)));
                assert_eq!(tree.rank(|other| other.cmp(key)), place);
                assert_eq!(tree.find(|other| other.cmp(key)), Some(&(*key, *value)));
                assert_eq!(tree.iter_from(place).next(), Some(&(*key, *value)));
            }
            assert_eq!(tree.iter_from(tree.len()).next(), None);
            assert_eq!(tree.iter_from(tree.len() + 1).len(), 0);
            assert_eq!(tree.rank(|_| std::cmp::Ordering::Less), tree.len());
        }
    }
}

#[test]
fn differences_are_those_of_the_entries() {
    let mut numbers = Numbers(11);
    for changes in [0, 1, 10, 3_000] {
        let mut old = Tree::default();
        for key in 0..2_000 {
            old.insert(key * 2, 0);
        }
        let mut new = old.clone();
        for step in 0..changes {
            let key = numbers.below(4_100);
            match numbers.below(2) {
                0 => drop(new.insert(key, step + 1)),
                _ => drop(new.remove(|other| other.cmp(&key))),
            }
        }
        let (before, after): (BTreeMap<_, _>, BTreeMap<_, _>) = (
            whole(&old).into_iter().collect(),
            whole(&new).into_iter().collect(),
        );
        let mut keys: Vec<u64> = before.keys().chain(after.keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| before.get(key) != after.get(key));
        let found: Vec<_> = differences(&old, &new, |a, b| a == b)
            .into_iter()
            .map(|(was, is)| {
                let key = was.or(is).expect("one of them").0;
                assert_eq!(was.map(|(_, value)| value), before.get(&key));
                assert_eq!(is.map(|(_, value)| value), after.get(&key));
                key
            })
            .collect();
        assert_eq!(found, keys);
    }
}

#[test]
fn what_grows_at_its_end_stays_full_and_what_a_change_copies_is_a_way_down() {
    let mut tree = Tree::default();
    for key in 0..100_000 {
        tree.insert(key, 0);
    }
    let mut seen = Vec::new();
    widths(tree.root.as_ref().expect("not empty"), &mut seen);
    assert!(seen.len() < 100_000 / MOST * 11 / 10, "{}", seen.len());

    let mut other = tree.clone();
    other.insert(50_000, 1);
    let compared = std::cell::Cell::new(0);
    let found = differences(&tree, &other, |a, b| {
        compared.set(compared.get() + 1);
        a == b
    });
    assert_eq!(found.len(), 1);
    assert!(compared.get() <= MOST, "{}", compared.get());
}

/// A key that goes by its number alone.
#[derive(Debug, Clone)]
struct Holder(
    u64,
    #[expect(dead_code, reason = "held, not looked at")] Arc<()>,
);

impl Ord for Holder {
    fn cmp(&self, other: &Holder) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Holder {
    fn partial_cmp(&self, other: &Holder) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Holder {
    fn eq(&self, other: &Holder) -> bool {
        self.0 == other.0
    }
}

impl Eq for Holder {}

#[test]
fn a_key_that_was_replaced_or_removed_is_let_go() {
    let (first, second) = (Arc::new(()), Arc::new(()));
    let mut tree = Tree::default();
    for held in [&first, &second] {
        for key in 0..5_000 {
            tree.insert(Holder(key, Arc::clone(held)), ());
        }
    }
    assert_eq!(Arc::strong_count(&first), 1);
    for key in 0..4_999 {
        tree.remove(|other| other.0.cmp(&key));
    }
    assert!(
        Arc::strong_count(&second) < 4,
        "{}",
        Arc::strong_count(&second)
    );
}
