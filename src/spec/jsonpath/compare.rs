//! Comparisons (RFC 9535 §2.3.5.2.2).

use super::evaluate::BYTES_A_STEP;
use super::syntax::Comparison;
use serde_json::{Number, Value};
use std::cmp::Ordering;

/// Whether a comparison holds; `None` is a query that selected nothing.
/// `steps` are those that it may still take: where they are used up the answer is of no use.
pub(super) fn holds(
    left: Option<&Value>,
    comparison: Comparison,
    right: Option<&Value>,
    steps: &mut usize,
) -> bool {
    let mut is_equal = || match (left, right) {
        (Some(left), Some(right)) => equal(left, right, steps),
        (left, right) => left.is_none() && right.is_none(),
    };
    let order = || match (left, right) {
        (Some(Value::String(left)), Some(Value::String(right))) => Some(left.cmp(right)),
        (Some(Value::Number(left)), Some(Value::Number(right))) => ordered(left, right),
        _ => None,
    };
    match comparison {
        Comparison::Equal => is_equal(),
        Comparison::Unequal => !is_equal(),
        Comparison::Less => order() == Some(Ordering::Less),
        Comparison::More => order() == Some(Ordering::Greater),
        Comparison::LessOrEqual => order() == Some(Ordering::Less) || is_equal(),
        Comparison::MoreOrEqual => order() == Some(Ordering::Greater) || is_equal(),
    }
}

/// As JSON means it: 1 is 1.0.
fn equal(left: &Value, right: &Value, steps: &mut usize) -> bool {
    let text = left.as_str().map_or(0, str::len) / BYTES_A_STEP;
    let Some(rest) = steps.checked_sub(1 + text) else {
        *steps = 0;
        return false;
    };
    *steps = rest;
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            ordered(left, right) == Some(Ordering::Equal)
        }
        (Value::Array(left), Value::Array(right)) => {
            let mut pairs = left.iter().zip(right);
            left.len() == right.len() && pairs.all(|(l, r)| equal(l, r, steps))
        }
        (Value::Object(left), Value::Object(right)) => {
            let mut same =
                |(name, l): (&String, &Value)| right.get(name).is_some_and(|r| equal(l, r, steps));
            left.len() == right.len() && left.iter().all(&mut same)
        }
        (left, right) => left == right,
    }
}

fn ordered(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}
