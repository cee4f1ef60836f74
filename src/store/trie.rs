//! A persistent map by hash, for what is only looked up: from node to node it reads one place in
//! memory, where a tree that is ordered reads several.

use std::sync::Arc;

/// How many bits of the hash tell the way at each level.
const BITS: u32 = 4;

/// Values by their hashes.
#[derive(Debug, Clone)]
pub(super) struct Trie<T> {
    root: Branch<T>,
}

/// The slots of those ways that lead somewhere. Which these are stands beside, not in what is
/// pointed to, so that it needn't be fetched first.
#[derive(Debug)]
struct Branch<T> {
    ways: u32,
    slots: Arc<[Slot<T>]>,
}

#[derive(Debug, Clone)]
enum Slot<T> {
    Branch(Branch<T>),
    Value(u64, T),
    /// Values whose hashes are the same.
    Values(u64, Arc<[T]>),
}

impl<T> Clone for Branch<T> {
    fn clone(&self) -> Branch<T> {
        Branch {
            ways: self.ways,
            slots: Arc::clone(&self.slots),
        }
    }
}

impl<T> Default for Trie<T> {
    fn default() -> Trie<T> {
        Trie {
            root: Branch {
                ways: 0,
                slots: Arc::new([]),
            },
        }
    }
}

impl<T> Trie<T> {
    /// The value of that hash of which `is` holds.
    pub fn find(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<&T> {
        let mut branch = &self.root;
        let mut rest = hash;
        loop {
            match branch.slots.get(branch.place(rest)?)? {
                Slot::Branch(next) => branch = next,
                Slot::Value(other, value) => {
                    return (*other == hash && is(value)).then_some(value);
                }
                Slot::Values(other, values) => {
                    return values.iter().find(|value| *other == hash && is(value));
                }
            }
            rest >>= BITS;
        }
    }
}

impl<T: Clone> Trie<T> {
    /// Puts a value, in place of the one of that hash of which `is` holds.
    pub fn insert(&mut self, hash: u64, value: T, is: impl Fn(&T) -> bool) {
        self.root.insert(0, hash, value, &is);
    }

    /// Takes out the value of that hash of which `is` holds; gives it.
    pub fn remove(&mut self, hash: u64, is: impl Fn(&T) -> bool) -> Option<T> {
        let taken = self.find(hash, &is)?.clone();
        self.root.remove(hash, hash, &is);
        Some(taken)
    }
}

impl<T> Branch<T> {
    /// Where the slot of a way is, if it leads anywhere.
    fn place(&self, rest: u64) -> Option<usize> {
        let way = way(rest);
        (self.ways & way != 0).then(|| self.place_of(way))
    }

    /// Where the slot of a way is, or would be.
    fn place_of(&self, way: u32) -> usize {
        (self.ways & (way - 1)).count_ones() as usize
    }
}

impl<T: Clone> Branch<T> {
    fn insert(&mut self, depth: u32, hash: u64, value: T, is: &impl Fn(&T) -> bool) {
        let way = way(rest(hash, depth));
        let place = self.place_of(way);
        if self.ways & way == 0 {
            let (before, after) = self.slots.split_at(place);
            let new = std::iter::once(Slot::Value(hash, value));
            let slots = before.iter().cloned().chain(new);
            self.slots = slots.chain(after.iter().cloned()).collect();
            self.ways |= way;
            return;
        }
        let slot = &mut Arc::make_mut(&mut self.slots)[place];
        match slot {
            Slot::Branch(next) => next.insert(depth + 1, hash, value, is),
            Slot::Value(other, old) if *other == hash && is(old) => *old = value,
            Slot::Value(other, old) if *other == hash => {
                *slot = Slot::Values(hash, Arc::new([old.clone(), value]));
            }
            Slot::Values(other, values) if *other == hash => {
                let others = values.iter().filter(|value| !is(value)).cloned();
                *values = others.chain([value]).collect();
            }
            // Two hashes that have come the same way this far.
            Slot::Value(other, _) | Slot::Values(other, _) => {
                let mut next = Branch {
                    ways: self::way(rest(*other, depth + 1)),
                    slots: Arc::new([slot.clone()]),
                };
                next.insert(depth + 1, hash, value, is);
                *slot = Slot::Branch(next);
            }
        }
    }

    /// Takes out what is there.
    fn remove(&mut self, rest: u64, hash: u64, is: &impl Fn(&T) -> bool) {
        let Some(place) = self.place(rest) else {
            return;
        };
        let slot = &mut Arc::make_mut(&mut self.slots)[place];
        match slot {
            Slot::Branch(next) => {
                next.remove(rest >> BITS, hash, is);
                // What is alone needs no branch.
                if let [only @ (Slot::Value(..) | Slot::Values(..))] = next.slots.as_ref() {
                    *slot = only.clone();
                }
            }
            Slot::Values(_, values) => {
                *values = values.iter().filter(|value| !is(value)).cloned().collect();
                if let [only] = values.as_ref() {
                    *slot = Slot::Value(hash, only.clone());
                }
            }
            Slot::Value(..) => {
                let (before, after) = self.slots.split_at(place);
                let left = before.iter().chain(&after[1..]);
                self.slots = left.cloned().collect();
                self.ways &= !way(rest);
            }
        }
    }
}

/// The bit of the way that a hash goes next.
fn way(rest: u64) -> u32 {
    1 << (rest & ((1 << BITS) - 1))
}

/// What of a hash tells the way from a depth on.
fn rest(hash: u64, depth: u32) -> u64 {
    hash.checked_shr(depth * BITS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// Hashes of several kinds for a key: few that differ, high bits alone, all bits.
    fn hashes() -> [fn(u64) -> u64; 4] {
        [
            |key| key % 7,
            |key| key << 54,
            |key| key.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            |_| u64::MAX,
        ]
    }

    #[test]
    fn it_holds_what_a_hashmap_holds_whatever_the_hashes_are_and_copies_keep_theirs() {
        for hash in hashes() {
            let (mut trie, mut mirror) = (Trie::default(), HashMap::new());
            let mut copies = Vec::new();
            let mut number = 7_u64;
            for step in 0..4_000_u64 {
                number = number
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let key = (number >> 33) % 300;
                let is = |(other, _): &(u64, u64)| *other == key;
                let grows = (number >> 20) % 10 < if step < 2_000 { 8 } else { 2 };
                match grows {
                    true => {
                        trie.insert(hash(key), (key, step), is);
                        mirror.insert(key, step);
                    }
                    false => {
                        let taken = trie.remove(hash(key), is).map(|(_, value)| value);
                        assert_eq!(taken, mirror.remove(&key));
                    }
                }
                if step % 200 == 0 {
                    copies.push((trie.clone(), mirror.clone()));
                }
            }
            copies.push((trie, mirror));
            for (trie, mirror) in &copies {
                for key in 0..300 {
                    let found = trie.find(hash(key), |(other, _)| *other == key);
                    assert_eq!(found.map(|(_, value)| value), mirror.get(&key));
                }
            }
        }
    }

    #[test]
    fn what_is_emptied_holds_nothing() {
        for hash in hashes() {
            let mut trie = Trie::default();
            for key in 0..500_u64 {
                trie.insert(hash(key), key, |other| *other == key);
            }
            for key in 0..500 {
                assert_eq!(trie.remove(hash(key), |other| *other == key), Some(key));
            }
            assert!(trie.root.slots.is_empty() && trie.root.ways == 0);
        }
    }
}
