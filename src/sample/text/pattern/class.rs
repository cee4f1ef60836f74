//! Sets of characters.

/// A set of characters: ranges in order that neither meet nor touch, and which of the 128 of ASCII
/// are in it, as bits.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Class {
    ranges: Vec<(u32, u32)>,
    pub(super) ascii: u128,
}

pub(super) const LAST: u32 = char::MAX as u32;

impl Class {
    /// The set of what any of the ranges has.
    pub(super) fn of(mut ranges: Vec<(u32, u32)>) -> Class {
        ranges.retain(|(from, to)| from <= to);
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            match merged.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        let mut ascii = 0;
        for &(from, to) in merged.iter().filter(|(from, _)| *from < 128) {
            ascii |= (u128::MAX << from) & (u128::MAX >> (127 - to.min(127)));
        }
        Class {
            ranges: merged,
            ascii,
        }
    }

    pub(super) fn one(c: char) -> Class {
        Class::of(vec![(c as u32, c as u32)])
    }

    pub(super) fn any() -> Class {
        Class::of(vec![(0, LAST)])
    }

    /// `.`: what ends no line (ECMA-262 §12.3).
    pub(super) fn dot() -> Class {
        Class::of(vec![(0xa, 0xa), (0xd, 0xd), (0x2028, 0x2029)]).others()
    }

    pub(super) fn digits() -> Class {
        Class::of(vec![(0x30, 0x39)])
    }

    pub(super) fn word() -> Class {
        Class::of(vec![(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)])
    }

    /// `\s`: white space and line ends (ECMA-262 §22.2.2.9).
    pub(super) fn space() -> Class {
        Class::of(vec![
            (0x9, 0xd),
            (0x20, 0x20),
            (0xa0, 0xa0),
            (0x1680, 0x1680),
            (0x2000, 0x200a),
            (0x2028, 0x2029),
            (0x202f, 0x202f),
            (0x205f, 0x205f),
            (0x3000, 0x3000),
            (0xfeff, 0xfeff),
        ])
    }

    /// What isn't in it.
    pub(super) fn others(&self) -> Class {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(from, to) in &self.ranges {
            if from > next {
                ranges.push((next, from - 1));
            }
            next = to + 1;
        }
        if next <= LAST {
            ranges.push((next, LAST));
        }
        Class::of(ranges)
    }

    /// What is in both.
    pub(super) fn and(&self, other: &Class) -> Class {
        let mut ranges = Vec::new();
        let (mut i, mut k) = (0, 0);
        while let (Some(a), Some(b)) = (self.ranges.get(i), other.ranges.get(k)) {
            let (from, to) = (a.0.max(b.0), a.1.min(b.1));
            if from <= to {
                ranges.push((from, to));
            }
            match a.1 < b.1 {
                true => i += 1,
                false => k += 1,
            }
        }
        Class::of(ranges)
    }

    /// With the other case of each ASCII letter.
    pub(super) fn any_case(mut self) -> Class {
        for letter in b'a'..=b'z' {
            let upper = u32::from(letter.to_ascii_uppercase());
            let letter = u32::from(letter);
            if self.has_code(letter) || self.has_code(upper) {
                self.ranges.extend([(letter, letter), (upper, upper)]);
                self.ranges.sort_unstable();
            }
        }
        Class::of(self.ranges)
    }

    pub(super) fn has(&self, c: char) -> bool {
        match c.is_ascii() {
            true => self.ascii & (1 << c as u32) != 0,
            false => self.has_code(c as u32),
        }
    }

    fn has_code(&self, code: u32) -> bool {
        let after = self.ranges.partition_point(|(from, _)| *from <= code);
        after > 0 && self.ranges[after - 1].1 >= code
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    pub(super) fn is_empty(&self) -> bool {
        let is_half = |(from, to): &(u32, u32)| *from >= 0xd800 && *to <= 0xdfff;
        self.ranges.iter().all(is_half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_joined_parted_and_turned() {
        let class = Class::of(vec![(0x61, 0x63), (0x62, 0x66), (0x67, 0x67)]);
        assert_eq!(class.ranges(), [(0x61, 0x67)]);
        assert_eq!(class.others().others(), class);
        assert!(!class.others().has('g') && class.others().has('h'));
        assert!(class.and(&Class::digits()).is_empty());
        assert_eq!(class.and(&Class::word()), class);
        assert!(Class::any().others().is_empty());
        assert!(Class::one('k').any_case().has('K'));
        assert!(Class::any().has('😀') && !Class::dot().has('\u{2028}'));
        assert_eq!(Class::any().ascii, u128::MAX);
    }
}
