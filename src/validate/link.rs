//! The way from one compiled schema to another, taken when a value gets there.

use super::units::Units;
use jsonschema::{Keyword, ValidationError};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Weak;
use std::time::Duration;

/// How many links a judgement follows before it remembers what it found out: values that are
/// judged by the same schema again and again, through a lattice of alternatives, would else cost
/// time without end.
const PATIENCE: usize = 2_000;
/// How long a judgement may match patterns that no linear engine takes.
const PATTERNS: Duration = Duration::from_millis(500);
/// How many links may be under way at once: each takes room on the stack.
const DEPTH: usize = 1_000;

/// A link, compiled.
#[derive(Debug)]
pub(super) struct Link {
    units: Weak<Units>,
    number: u32,
    takes_null: bool,
}

impl Link {
    /// Reads the keyword's value; the units hold what is compiled, so that a link doesn't.
    pub(super) fn read(units: &Weak<Units>, value: &Value) -> Option<Link> {
        Some(Link {
            units: Weak::clone(units),
            number: value.get(0)?.as_u64()?.try_into().ok()?,
            takes_null: value.get(1)?.as_bool()?,
        })
    }
}

impl<'i> Keyword<'i> for Link {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match self.is_valid(instance) {
            true => Ok(()),
            // Whoever collects violations goes on from the number.
            false => Err(ValidationError::custom(self.number.to_string())),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        if self.takes_null && instance.is_null() {
            return true;
        }
        let Some(units) = self.units.upgrade() else {
            return false;
        };
        Visit::follow(self.number, instance, || {
            units.is_valid(self.number, instance)
        })
    }
}

/// `anyOf` or `oneOf`, compiled: each alternative is a unit of its own, so that what keeps a value
/// from it is worked out when it is told, and for no value that isn't told of.
#[derive(Debug)]
pub(super) struct Alternatives {
    units: Weak<Units>,
    numbers: Vec<u32>,
    just_one: bool,
}

impl Alternatives {
    /// Reads the keyword's value: the numbers of the units.
    pub(super) fn read(units: &Weak<Units>, value: &Value, just_one: bool) -> Option<Alternatives> {
        let numbers = value.as_array()?.iter();
        let numbers = numbers.map(|number| number.as_u64()?.try_into().ok());
        Some(Alternatives {
            units: Weak::clone(units),
            numbers: numbers.collect::<Option<_>>()?,
            just_one,
        })
    }

    /// The alternatives that an error of this keyword is about: all where the value fits none, and
    /// none where it fits several.
    pub(super) fn told(message: &str) -> Vec<u32> {
        let numbers = message.split(' ');
        numbers.filter_map(|number| number.parse().ok()).collect()
    }

    /// How many the value fits, at most two.
    fn fitting(&self, instance: &Value) -> usize {
        let Some(units) = self.units.upgrade() else {
            return 0;
        };
        let fits = |number: &&u32| {
            Visit::follow(**number, instance, || units.is_valid(**number, instance))
        };
        let enough = if self.just_one { 2 } else { 1 };
        self.numbers.iter().filter(fits).take(enough).count()
    }
}

impl<'i> Keyword<'i> for Alternatives {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match self.fitting(instance) {
            1 => Ok(()),
            0 => {
                let numbers = self.numbers.iter().map(u32::to_string);
                let numbers: Vec<String> = numbers.collect();
                Err(ValidationError::custom(numbers.join(" ")))
            }
            _ => Err(ValidationError::custom("")),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.fitting(instance) == 1
    }
}

/// One judgement of one value, in this thread.
pub(super) struct Visit;

#[derive(Default)]
struct Memory {
    judgements: usize,
    /// What costly patterns took so far.
    spent: Duration,
    links: usize,
    depth: usize,
    known: HashMap<(u32, Key), bool>,
}

/// What tells a value from another for the time of a judgement.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// A list or an object is told by where it is.
    Container(usize),
    /// A scalar may be a copy made for the occasion, and is told by what it says.
    Scalar(String),
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Visit {
    /// A judgement begins; it ends when this is dropped.
    pub(super) fn begin() -> Visit {
        MEMORY.with_borrow_mut(|memory| memory.judgements += 1);
        Visit
    }

    /// Whether there is time left for patterns that may take long.
    pub(super) fn has_time() -> bool {
        MEMORY.with_borrow(|memory| memory.spent < PATTERNS)
    }

    /// Notes the time that such a pattern took.
    pub(super) fn spend(time: Duration) {
        MEMORY.with_borrow_mut(|memory| memory.spent += time);
    }

    fn follow(number: u32, instance: &Value, judge: impl FnOnce() -> bool) -> bool {
        let known = MEMORY.with_borrow_mut(|memory| {
            memory.links += 1;
            if memory.depth >= DEPTH {
                return Some(false);
            }
            memory.depth += 1;
            if memory.links <= PATIENCE {
                return None;
            }
            let known = memory.known.get(&(number, Key::of(instance))).copied();
            if known.is_some() {
                memory.depth -= 1;
            }
            known
        });
        if let Some(known) = known {
            return known;
        }
        let valid = judge();
        MEMORY.with_borrow_mut(|memory| {
            memory.depth -= 1;
            if memory.links > PATIENCE {
                memory.known.insert((number, Key::of(instance)), valid);
            }
        });
        valid
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        MEMORY.with_borrow_mut(|memory| {
            memory.judgements -= 1;
            if memory.judgements == 0 {
                memory.links = 0;
                memory.spent = Duration::ZERO;
                memory.depth = 0;
                if !memory.known.is_empty() {
                    memory.known = HashMap::new();
                }
            }
        });
    }
}

impl Key {
    fn of(value: &Value) -> Key {
        match value {
            Value::Array(_) | Value::Object(_) => Key::Container(std::ptr::from_ref(value).addr()),
            scalar => Key::Scalar(scalar.to_string()),
        }
    }
}
