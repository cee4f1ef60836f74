/// A stream of numbers that look random and are the same for the same seed (SplitMix64, by
/// Steele, Lea and Flood). Nothing secret is made of it.
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The stream of a seed: any text.
    pub fn of(seed: &str) -> Draw {
        Draw(0).fork(seed)
    }

    /// The stream of something named within this one: what is drawn here before makes a
    /// difference, what is drawn there makes none here.
    pub fn fork(&self, name: &str) -> Draw {
        // FNV-1a.
        let start = 0xcbf2_9ce4_8422_2325 ^ self.0;
        let hash = name.bytes().fold(start, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Draw(hash)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `count`; 0 where that is 0.
    pub fn below(&mut self, count: usize) -> usize {
        match u64::try_from(count) {
            Ok(count) if count > 0 => (self.number() % count) as usize,
            _ => 0,
        }
    }

    /// One of a list; nothing where it is empty.
    pub fn one_of<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        list.get(self.below(list.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_stream_and_a_name_another() {
        let draws = |mut draw: Draw| [draw.number(), draw.number(), draw.number()];
        assert_eq!(draws(Draw::of("a")), draws(Draw::of("a")));
        assert_ne!(draws(Draw::of("a")), draws(Draw::of("b")));
        assert_ne!(draws(Draw::of("a").fork("x")), draws(Draw::of("a")));
        assert_eq!(Draw::of("a").below(0), 0);
        let mut draw = Draw::of("die");
        let rolls: std::collections::BTreeSet<usize> = (0..100).map(|_| draw.below(6)).collect();
        assert_eq!(rolls.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    }
}
