use super::super::draw::Draw;
use super::persona::Persona;
use super::words::Words;
use serde_json::{Number, Value};

/// The JSON type that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
}

/// What a property's name is asked for.
pub(super) struct Ask<'a> {
    pub words: &'a Words,
    /// The names around it, outermost first.
    pub around: &'a [&'a str],
    pub kind: Kind,
    pub format: Option<&'a str>,
    pub persona: &'a Persona,
}

/// What answers for a name: nothing where it means nothing as a value of the kind.
pub(super) type Sense = fn(&Ask<'_>, &mut Draw) -> Option<Value>;

/// Senses, each after the last words of the names that have it, with commas between.
pub(super) type Senses = &'static [(&'static str, Sense)];

impl Ask<'_> {
    pub(super) fn is_text(&self) -> bool {
        self.kind == Kind::Text
    }

    pub(super) fn is_integer(&self) -> bool {
        self.kind == Kind::Integer
    }

    /// A text; nothing where a text isn't wanted.
    pub(super) fn text(&self, text: impl Into<String>) -> Option<Value> {
        self.is_text().then(|| Value::String(text.into()))
    }

    /// A whole number, in digits where a text is wanted.
    pub(super) fn integer(&self, number: i64) -> Option<Value> {
        match self.kind {
            Kind::Text => Some(Value::String(number.to_string())),
            Kind::Integer | Kind::Number => Some(Value::from(number)),
            Kind::Boolean => None,
        }
    }

    /// A number of so many decimal places, given as an integer of the last: 1990 and 2 are 19.9,
    /// and as a text 19.90. The whole of it where an integer is wanted.
    pub(super) fn decimal(&self, digits: i64, places: u32) -> Option<Value> {
        let scale = 10_i64.pow(places);
        match self.kind {
            Kind::Text => {
                let sign = if digits < 0 { "-" } else { "" };
                let (whole, rest) = (digits.abs() / scale, digits.abs() % scale);
                let width = places as usize;
                Some(Value::String(format!("{sign}{whole}.{rest:0width$}")))
            }
            Kind::Integer => Some(Value::from(digits / scale)),
            Kind::Number => {
                let number = Number::from_f64(digits as f64 / scale as f64);
                number.map(Value::Number)
            }
            Kind::Boolean => None,
        }
    }

    /// From one number to another, both included.
    pub(super) fn between(&self, low: i64, high: i64, draw: &mut Draw) -> Option<Value> {
        let count = usize::try_from(high - low + 1).unwrap_or_default();
        self.integer(low + draw.below(count) as i64)
    }

    /// The same with decimal places, the bounds given in the last of them.
    pub(super) fn decimal_between(
        &self,
        low: i64,
        high: i64,
        places: u32,
        draw: &mut Draw,
    ) -> Option<Value> {
        let count = usize::try_from(high - low + 1).unwrap_or_default();
        self.decimal(low + draw.below(count) as i64, places)
    }

    /// One of some texts.
    pub(super) fn one_of(&self, texts: &[&str], draw: &mut Draw) -> Option<Value> {
        let text = draw.one_of(texts).copied()?;
        self.text(text)
    }

    /// Whether its own name or the one around it has any of some words.
    pub(super) fn is_near(&self, any: &[&str]) -> bool {
        let around = self.around.last().map(|name| Words::of(name));
        self.words.has(any) || around.is_some_and(|around| around.has(any))
    }

    /// What the property is of: the words of its name before `tail`, else the nearest name around
    /// it that says something; in the singular.
    pub(super) fn owner(&self, tail: &str) -> String {
        let before = self.words.before(tail);
        if !before.is_empty() {
            return super::words::singular(before);
        }
        let names = self.around.iter().rev();
        let mut owners = names.map(|name| super::words::singular(Words::of(name).all()));
        owners
            .find(|owner| !super::subject::says_nothing(owner))
            .unwrap_or_default()
    }
}

/// So many digits of a base.
pub(super) fn digits(count: usize, alphabet: &[u8], draw: &mut Draw) -> String {
    let digits = (0..count).filter_map(|_| draw.one_of(alphabet).copied());
    digits.map(char::from).collect()
}

pub(super) const HEX: &[u8] = b"0123456789abcdef";
pub(super) const DECIMAL: &[u8] = b"0123456789";
/// Capitals and digits that aren't taken for one another.
pub(super) const CODE: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
pub(super) const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
