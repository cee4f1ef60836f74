use super::super::decimal::compare;
use serde_json::Value;
use std::cmp::Ordering;

/// How many bytes of a string are compared in one step.
const BYTES_A_STEP: usize = 64;

/// Takes what a value is as text, in bytes and roughly, off what is left. Whether it was enough.
pub(super) fn weigh(value: &Value, left: &mut usize) -> bool {
    let own = match value {
        Value::Null | Value::Bool(_) => 4,
        Value::Number(number) => number.as_str().len() + 1,
        Value::String(text) => text.len() + 3,
        Value::Array(_) | Value::Object(_) => 2,
    };
    let Some(rest) = left.checked_sub(own) else {
        return false;
    };
    *left = rest;
    match value {
        Value::Array(items) => items.iter().all(|item| weigh(item, left)),
        Value::Object(members) => members.iter().all(|(name, value)| {
            let rest = left.checked_sub(name.len() + 4);
            *left = rest.unwrap_or(0);
            rest.is_some() && weigh(value, left)
        }),
        _ => true,
    }
}

/// Whether a value has at most so many levels. Ends early where the steps do.
pub(super) fn is_within(value: &Value, levels: usize, steps: &mut usize) -> bool {
    *steps = steps.saturating_sub(1);
    let mut inner = |value: &Value| *steps == 0 || is_within(value, levels - 1, steps);
    match value {
        Value::Array(_) | Value::Object(_) if levels == 0 => false,
        Value::Array(items) => items.iter().all(&mut inner),
        Value::Object(members) => members.values().all(&mut inner),
        _ => true,
    }
}

/// RFC 6902 §4.6: numbers by value, objects whatever the order of their members. False where the
/// steps end.
pub(super) fn equal(left: &Value, right: &Value, steps: &mut usize) -> bool {
    let cost = |value: &Value| match value {
        Value::String(text) => text.len() / BYTES_A_STEP,
        // Its digits are looked at one by one, and more than once.
        Value::Number(number) => number.as_str().len() * 4,
        _ => 0,
    };
    *steps = steps.saturating_sub(1 + cost(left) + cost(right));
    match (left, right) {
        _ if *steps == 0 => false,
        (Value::Number(left), Value::Number(right)) => compare(left, right) == Ordering::Equal,
        (Value::Array(left), Value::Array(right)) => {
            let mut pairs = left.iter().zip(right);
            left.len() == right.len() && pairs.all(|(left, right)| equal(left, right, steps))
        }
        (Value::Object(left), Value::Object(right)) => {
            let mut members = left.iter();
            left.len() == right.len()
                && members.all(|(name, left)| {
                    right
                        .get(name)
                        .is_some_and(|right| equal(left, right, steps))
                })
        }
        (left, right) => left == right,
    }
}
