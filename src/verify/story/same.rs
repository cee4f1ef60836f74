//! Whether two values say the same.

use chrono::DateTime;
use serde_json::{Map, Value};

/// Whether two values say the same: numbers by what they are worth, moments by when they are.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            let has = |(name, value): (&String, &Value)| {
                right.get(name).is_some_and(|other| same(value, other))
            };
            left.len() == right.len() && left.iter().all(has)
        }
        (Value::String(left), Value::String(right)) => {
            let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok();
            left == right || moment(left).is_some_and(|left| Some(left) == moment(right))
        }
        (left, right) => left == right,
    }
}

/// Whether two values can be told from each other: what is shown in another form, or with more
/// than was said, says nothing of that.
pub(super) fn are_plain(left: &Value, right: &Value) -> bool {
    let is_scalar = |value: &Value| !value.is_object() && !value.is_array();
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => left.iter().chain(right).all(is_scalar),
        (left, right) => is_scalar(left) && is_scalar(right),
    }
}

/// The first of the members, by name, that two items have and that say something else.
pub(super) fn differing<'n>(
    names: impl IntoIterator<Item = &'n String>,
    left: &Value,
    right: &Value,
) -> Option<&'n String> {
    let mut names = names.into_iter();
    names.find(|name| match (left.get(*name), right.get(*name)) {
        (Some(left), Some(right)) => !same(left, right),
        (left, right) => left.is_some() != right.is_some(),
    })
}

/// The members of an object; none of another value.
pub(super) fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// A value as a sentence shows it.
pub(super) fn told(value: Option<&Value>) -> String {
    const SHOWN: usize = 60;
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    match text.chars().count() > SHOWN {
        true => text.chars().take(SHOWN).chain(['…']).collect(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_otherwise_may_say_the_same() {
        let same = |left: Value, right: Value| same(&left, &right);
        assert!(same(json!({"a": [1]}), json!({"a": [1.0]})));
        assert!(same(
            json!("2025-01-22T11:44:01Z"),
            json!("2025-01-22T12:44:01.000+01:00")
        ));
        assert!(!same(
            json!("2025-01-22T11:44:01Z"),
            json!("2025-01-22T11:44:02Z")
        ));
        assert!(!same(json!("a"), json!("b")));
    }
}
