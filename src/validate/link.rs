//! The way from one compiled schema to another, taken when a value gets there.

use super::schemas::Units;
use jsonschema::{Keyword, ValidationError};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Weak;

/// How many links a judgement follows before it remembers what it found out: values that are
/// judged by the same schema again and again, through a lattice of alternatives, would else cost
/// time without end.
const PATIENCE: usize = 2_000;
/// How many links may be under way at once: each takes room on the stack.
const DEPTH: usize = 600;

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

/// One judgement of one value, in this thread.
pub(super) struct Visit;

#[derive(Default)]
struct Memory {
    judgements: usize,
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
