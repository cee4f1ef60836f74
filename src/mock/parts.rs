//! Parts of a sum that a client said: what is taken of it, and what is left, where both were made up
//! for another.

use super::name::words;
use crate::sample::{Role, role};
use serde_json::{Map, Value};

/// Words that tell a part of a sum of money, or what is left of it.
const PARTS: [&str; 16] = [
    "fee",
    "fees",
    "net",
    "commission",
    "tax",
    "vat",
    "captured",
    "received",
    "refunded",
    "paid",
    "due",
    "balance",
    "remaining",
    "payout",
    "charged",
    "settled",
];

/// What parts of the one sum that a client said are, as they were of the sum in `shown`, which is
/// made up as a whole.
pub(super) fn parts_of(
    shown: &Map<String, Value>,
    item: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let is_sum = |name: &str| matches!(role(name), Some(Role::Amount | Role::Total | Role::Sum));
    let mut sums = item
        .iter()
        .filter(|(name, value)| is_said(name) && is_sum(name) && value.is_number());
    let (Some((name, said)), None) = (sums.next(), sums.next()) else {
        return Vec::new();
    };
    let whole = shown.get(name).and_then(Value::as_f64);
    let (Some(whole), Some(said)) = (whole.filter(|whole| *whole > 0.0), said.as_f64()) else {
        return Vec::new();
    };
    let is_part = |name: &str| {
        words(name)
            .iter()
            .any(|word| PARTS.contains(&word.as_str()))
    };
    let parts = item
        .iter()
        .filter(|(name, value)| value.is_number() && !is_said(name) && is_part(name));
    let parts: Vec<(&String, f64)> = parts
        .filter_map(|(name, _)| Some((name, shown.get(name)?.as_f64()?)))
        .filter(|(_, part)| (0.0..=whole).contains(part))
        .collect();
    let is_near = |one: f64, other: f64| (one - other).abs() < 0.005;
    let scaled = |part: f64| (part * said / whole * 100.0).round() / 100.0;
    let as_in = |name: &str, value: f64| match item[name].is_f64() {
        true => Value::from(value),
        false => Value::from(value.round() as i64),
    };
    // What is left of the sum by another part.
    let left = |at: usize| {
        let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
        let mut others = others.map(|(_, part)| part);
        others.find(|(_, part)| *part > 0.0 && is_near(whole - part, parts[at].1))
    };
    let told = parts.iter().enumerate().map(|(at, (name, part))| {
        let value = match left(at) {
            Some((other, taken)) if taken < part => {
                said - as_in(other, scaled(*taken)).as_f64().unwrap_or(0.0)
            }
            _ => scaled(*part),
        };
        (
            (*name).clone(),
            as_in(name, (value * 100.0).round() / 100.0),
        )
    });
    told.filter(|(name, value)| item.get(name) != Some(value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parts_are_of_the_sum_that_was_said() {
        let object = |value: Value| value.as_object().cloned().expect("an object");
        let shown = object(json!({"amount": 17700, "fee": 200, "net": 17500, "captured": 17700}));
        let item =
            object(json!({"amount": 885, "fee": 295, "net": 20975, "captured": 17700, "n": 3}));
        let told = parts_of(&shown, &item, &|name| name == "amount");
        assert_eq!(
            Value::Object(told.into_iter().collect()),
            json!({"fee": 10, "net": 875, "captured": 885})
        );
        assert!(parts_of(&shown, &item, &|_| true).is_empty());
    }
}
