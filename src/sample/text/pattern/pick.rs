//! Which character of a set is taken: one that reads well.

use super::class::Class;
use crate::sample::draw::Draw;
use crate::sample::text::plain;

const DIGITS: u128 = 0x3ff << 48;
const UPPER: u128 = 0x3ff_ffff << 65;
const LOWER: u128 = 0x3ff_ffff << 97;
const PRINTABLE: u128 = ((1 << 95) - 1) << 32;
const SPACE: u128 = 1 << 32;

/// Writes words, letter by letter, where letters may stand.
#[derive(Debug, Default)]
pub(super) struct Pen {
    word: &'static str,
    at: usize,
    /// Whether letters and digits are mixed, as identifiers are.
    pub(super) mixes: bool,
    /// Whether anything printable is taken, as words have not been what is looked for.
    is_wild: bool,
}

/// How letters are chosen within a run of characters of a class.
pub(super) fn is_wordy(class: &Class) -> bool {
    class.ascii & LOWER == LOWER || class.ascii & UPPER == UPPER && class.ascii & DIGITS == 0
}

pub(super) fn has_digits(class: &Class) -> bool {
    class.ascii & DIGITS != 0
}

pub(super) fn has_letters(class: &Class) -> bool {
    class.ascii & (LOWER | UPPER) != 0
}

pub(super) fn has_space(class: &Class) -> bool {
    class.ascii & SPACE != 0
}

pub(super) fn is_readable(class: &Class) -> bool {
    class.ascii & (LOWER | UPPER | DIGITS) != 0
}

impl Pen {
    pub(super) fn new(is_wild: bool, mixes: bool) -> Pen {
        Pen {
            is_wild,
            mixes,
            ..Pen::default()
        }
    }

    /// How many letters are left of the word that is being written; one is begun where there is
    /// none.
    pub(super) fn left(&mut self, before: Option<char>, draw: &mut Draw) -> usize {
        if self.is_between(before) {
            (self.word, self.at) = (plain::word(draw), 0);
        }
        self.word.len() - self.at
    }

    /// What is left of the word.
    pub(super) fn rest(&mut self, before: Option<char>, draw: &mut Draw) -> &'static str {
        self.left(before, draw);
        &self.word[self.at..]
    }

    /// Whether no word has been begun.
    pub(super) fn is_idle(&self) -> bool {
        self.at == 0 || self.at >= self.word.len()
    }

    /// Whether a word begins here.
    fn is_between(&self, before: Option<char>) -> bool {
        self.at >= self.word.len() || self.at > 0 && !before.is_some_and(char::is_alphanumeric)
    }

    /// A character of the class, where `left` more come in this run, it too; none stands alone.
    pub(super) fn pick(
        &mut self,
        class: &Class,
        before: Option<char>,
        left: usize,
        draw: &mut Draw,
    ) -> Option<char> {
        let ascii = class.ascii;
        if self.is_wild && ascii & PRINTABLE != 0 {
            return bit(ascii & PRINTABLE, draw);
        }
        // A point that isn't escaped is mostly meant as one.
        let is_inside = before.is_some_and(char::is_alphanumeric) && left == 0;
        if is_inside && self.is_idle() && ascii & PRINTABLE == PRINTABLE {
            return Some('.');
        }
        if !self.mixes && is_wordy(class) {
            return Some(self.letter(ascii, before, left, draw));
        }
        let letters = match ascii & LOWER {
            0 => ascii & UPPER,
            lower => lower,
        };
        let ranks = [
            letters | ascii & DIGITS,
            ascii & PRINTABLE & !SPACE,
            ascii & SPACE,
        ];
        match ranks.iter().find(|rank| **rank != 0) {
            Some(rank) => bit(*rank, draw),
            None => foreign(class, draw),
        }
    }

    fn letter(&mut self, ascii: u128, before: Option<char>, left: usize, draw: &mut Draw) -> char {
        if self.is_between(before) {
            let is_after_word = self.at > 0 && before.is_some_and(|c| c.is_ascii_alphanumeric());
            let separator = [' ', '-', '_'];
            let separator = separator.iter().find(|c| ascii & (1 << **c as u32) != 0);
            let word = plain::word_within(left.saturating_sub(usize::from(is_after_word)), draw);
            (self.word, self.at) = (word.unwrap_or_else(|| plain::word(draw)), 0);
            if let Some(separator) = separator.filter(|_| is_after_word && left > 3) {
                return *separator;
            }
        }
        let letter = self.word.as_bytes()[self.at];
        self.at += 1;
        char::from(match ascii & (1 << letter) {
            0 => letter.to_ascii_uppercase(),
            _ => letter,
        })
    }
}

/// One of the bits that are set, as a character.
fn bit(mut bits: u128, draw: &mut Draw) -> Option<char> {
    for _ in 0..draw.below(bits.count_ones() as usize) {
        bits &= bits - 1;
    }
    match bits {
        0 => None,
        bits => Some(char::from(bits.trailing_zeros() as u8)),
    }
}

/// A character beyond ASCII, or one of control where there is none.
fn foreign(class: &Class, draw: &mut Draw) -> Option<char> {
    let ranges = class.ranges();
    let mut tries: Vec<char> = Vec::new();
    for round in 0..12 {
        // The first ranges are those of the scripts that are known best.
        let range = draw.below(ranges.len().min(if round < 6 { 4 } else { usize::MAX }));
        let (from, to) = *ranges.get(range)?;
        let code = from + draw.below((to - from) as usize + 1) as u32;
        tries.extend(char::from_u32(code));
    }
    let found = tries.iter().find(|c| c.is_alphanumeric());
    let found = found.or_else(|| tries.iter().find(|c| !c.is_control() && !c.is_whitespace()));
    let first = || {
        let mut codes = ranges.iter().flat_map(|(from, to)| [*from, *to]);
        codes.find_map(char::from_u32)
    };
    found.or(tries.first()).copied().or_else(first)
}
