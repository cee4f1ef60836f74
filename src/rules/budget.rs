//! What the expressions of one request may cost, counted in steps: a part that is evaluated is one,
//! and what is read or copied is as many as it has values and stretches of text.
//!
//! The interpreter has no bound of its own. What costs more than its length tells (loops,
//! definitions, copies) pays before it is done, so that what has no steps left ends at once.

use super::shared::Shared;
use cel::ExecutionError;
use cel::common::types::{CelBytes, CelList, CelMap, CelString};
use cel::common::value::Val;
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many steps the expressions of one request have; fewer in tests, where a step takes longer.
pub(super) const STEPS: u64 = if cfg!(test) { 1_000_000 } else { 10_000_000 };
/// What a value costs that is copied: it takes room until the expression is done.
const COPIED: u64 = 4;
/// How many bytes of text are a step.
pub(super) const STRETCH: usize = 16;

/// The steps that are left.
#[derive(Debug)]
pub(super) struct Budget(AtomicU64);

impl Default for Budget {
    fn default() -> Budget {
        Budget(AtomicU64::new(STEPS))
    }
}

impl Budget {
    /// Takes so many steps; an error where there are no more, then and from then on.
    pub(super) fn spend(&self, steps: u64) -> Result<(), ExecutionError> {
        // One thread evaluates, so nothing comes between the two.
        let left = self.0.load(Ordering::Relaxed).saturating_sub(steps);
        self.0.store(left, Ordering::Relaxed);
        match left {
            0 => Err(ExecutionError::function_error("rules", too_much())),
            _ => Ok(()),
        }
    }

    /// Whether there are none left.
    pub(super) fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// Pays for looking at a value without what is in it.
    pub(super) fn look(&self, value: &dyn Val) -> Result<(), ExecutionError> {
        self.spend(1 + text(value))
    }

    /// Pays for reading a value and all that is in it.
    pub(super) fn read(&self, value: &dyn Val) -> Result<(), ExecutionError> {
        self.all_of(value, 1, Depth::Whole)
    }

    /// Pays for a copy of a value within the expression.
    pub(super) fn copy(&self, value: &dyn Val) -> Result<(), ExecutionError> {
        self.all_of(value, COPIED, Depth::Shared)
    }

    /// Pays for a copy of a value that leaves the expression, of which nothing is shared.
    pub(super) fn give(&self, value: &dyn Val) -> Result<(), ExecutionError> {
        self.all_of(value, COPIED, Depth::Whole)
    }

    /// Pays for a copy of a list's items, or of what is no list.
    pub(super) fn spread(&self, value: &dyn Val) -> Result<(), ExecutionError> {
        let Some(list) = value.downcast_ref::<CelList>() else {
            return self.copy(value);
        };
        let mut items = list.inner().iter();
        items.try_for_each(|item| self.copy(item.as_ref()))
    }

    /// Pays for as many values as a list has, or names as an object, each with so many steps.
    pub(super) fn repeat(&self, over: &dyn Val, steps: u64) -> Result<(), ExecutionError> {
        if let Some(list) = over.downcast_ref::<CelList>() {
            self.spend(steps.saturating_mul(list.inner().len() as u64))?;
            return self.spread(over);
        }
        let Some(map) = over.downcast_ref::<CelMap>() else {
            return self.spend(1); // nothing to go over
        };
        self.spend(steps.saturating_mul(map.inner().len() as u64))?;
        let mut names = map.inner().keys();
        names.try_for_each(|name| self.spend(COPIED + text(name.inner())))
    }

    /// Pays for a copy of a JSON value.
    pub(super) fn copy_json(&self, value: &Value) -> Result<(), ExecutionError> {
        match value {
            Value::Array(items) => {
                self.spend(COPIED)?;
                items.iter().try_for_each(|item| self.copy_json(item))
            }
            Value::Object(members) => {
                self.spend(COPIED)?;
                members.iter().try_for_each(|(name, value)| {
                    self.spend(COPIED + stretches(name.len()))?;
                    self.copy_json(value)
                })
            }
            Value::String(text) => self.spend(COPIED + stretches(text.len())),
            _ => self.spend(COPIED),
        }
    }

    fn all_of(&self, value: &dyn Val, each: u64, depth: Depth) -> Result<(), ExecutionError> {
        if depth == Depth::Shared && value.downcast_ref::<Shared>().is_some() {
            return self.spend(each);
        }
        if let Some(list) = value.downcast_ref::<CelList>() {
            self.spend(each)?;
            let mut items = list.inner().iter();
            return items.try_for_each(|item| self.all_of(item.as_ref(), each, depth));
        }
        if let Some(map) = value.downcast_ref::<CelMap>() {
            self.spend(each)?;
            return map.inner().iter().try_for_each(|(name, value)| {
                self.spend(each + text(name.inner()))?;
                self.all_of(value.as_ref(), each, depth)
            });
        }
        self.spend(each + text(value))
    }
}

/// How far into a value one goes.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    /// To what is shared.
    Shared,
    Whole,
}

/// The steps of a value's own text.
fn text(value: &dyn Val) -> u64 {
    let text = value
        .downcast_ref::<CelString>()
        .map(|text| text.inner().len());
    let bytes = || {
        value
            .downcast_ref::<CelBytes>()
            .map(|bytes| bytes.inner().len())
    };
    stretches(text.or_else(bytes).unwrap_or(0))
}

/// The steps of so many bytes of text.
pub(super) fn stretches(bytes: usize) -> u64 {
    (bytes / STRETCH) as u64
}

/// What is told where there are no steps left.
pub(super) fn too_much() -> String {
    format!("with what this request holds it takes more than {STEPS} steps")
}
