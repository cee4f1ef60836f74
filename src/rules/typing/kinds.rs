//! The kinds of CEL's values, in sets.

use std::fmt;
use std::ops::BitOr;

/// A set of kinds; of none is what can't be, as an item of an empty list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub(super) const NONE: Kinds = Kinds(0);
    pub(super) const NULL: Kinds = Kinds(1);
    pub(super) const BOOL: Kinds = Kinds(1 << 1);
    /// Whole numbers, with and without a sign.
    pub(super) const INT: Kinds = Kinds(1 << 2);
    pub(super) const DOUBLE: Kinds = Kinds(1 << 3);
    pub(super) const STRING: Kinds = Kinds(1 << 4);
    pub(super) const BYTES: Kinds = Kinds(1 << 5);
    pub(super) const LIST: Kinds = Kinds(1 << 6);
    pub(super) const MAP: Kinds = Kinds(1 << 7);
    pub(super) const TIMESTAMP: Kinds = Kinds(1 << 8);
    pub(super) const DURATION: Kinds = Kinds(1 << 9);
    pub(super) const TYPE: Kinds = Kinds(1 << 10);
    pub(super) const ANY: Kinds = Kinds((1 << 11) - 1);

    /// In the order of their bits.
    const WORDS: [&'static str; 11] = [
        "null",
        "true or false",
        "an integer",
        "a fractional number",
        "a string",
        "bytes",
        "a list",
        "an object",
        "a timestamp",
        "a duration",
        "a type",
    ];

    pub(super) const fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    pub(super) const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }

    pub(super) const fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// What JSON writes a value of these kinds as.
    pub(super) fn as_json(self) -> Kinds {
        match self.has(Kinds::TIMESTAMP | Kinds::DURATION) {
            true => self.without(Kinds::TIMESTAMP | Kinds::DURATION) | Kinds::STRING,
            false => self,
        }
    }

    /// The kinds that a JSON Schema's `type` is read as.
    pub(super) fn of_json(name: &str) -> Kinds {
        match name {
            "null" => Kinds::NULL,
            "boolean" => Kinds::BOOL,
            "integer" => Kinds::INT,
            // One without a fraction is read as whole.
            "number" => Kinds::INT | Kinds::DOUBLE,
            "string" => Kinds::STRING,
            "array" => Kinds::LIST,
            "object" => Kinds::MAP,
            _ => Kinds::ANY,
        }
    }
}

impl BitOr for Kinds {
    type Output = Kinds;

    fn bitor(self, other: Kinds) -> Kinds {
        self.or(other)
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = Kinds::INT | Kinds::DOUBLE;
        let (told, first) = match self.and(number) == number {
            true => (self.without(number), Some(&"a number")),
            false => (*self, None),
        };
        let words = Kinds::WORDS.iter().enumerate();
        let words = words.filter(|(bit, _)| told.0 & (1 << bit) != 0);
        let words = first.into_iter().chain(words.map(|(_, word)| word));
        for (number, word) in words.enumerate() {
            let lead = if number == 0 { "" } else { " or " };
            write!(f, "{lead}{word}")?;
        }
        Ok(())
    }
}
