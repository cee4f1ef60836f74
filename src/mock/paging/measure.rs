//! Values as they are compared: numbers, moments and texts.

use super::super::decimal::compare;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Number, Value};
use std::cmp::Ordering;

/// From which number on a moment counts in milliseconds: as seconds it would lie in the year 5138.
const MILLISECONDS: f64 = 1e11;

/// What a value is when it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Measure {
    /// False or true.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A moment, in microseconds since 1970, by RFC 3339; and whether it is a whole day.
    Moment(i64, bool),
    /// A text, in lower case and as it is.
    Text(String, String),
}

impl Measure {
    /// Of a value that is no list and not null. An object is the first moment that it tells of:
    /// `{"dateTime": …, "timeZone": …}`.
    pub(super) fn of(value: &Value) -> Option<Measure> {
        match value {
            Value::Bool(value) => Some(Measure::Bool(*value)),
            Value::Number(number) => Some(Measure::Number(number.clone())),
            Value::String(text) => Some(match moment(text) {
                Some((moment, is_day)) => Measure::Moment(moment, is_day),
                None => Measure::Text(text.to_lowercase(), text.clone()),
            }),
            Value::Object(members) => {
                let mut texts = members.values().filter_map(Value::as_str);
                let (at, is_day) = texts.find_map(moment)?;
                Some(Measure::Moment(at, is_day))
            }
            Value::Null | Value::Array(_) => None,
        }
    }

    /// How two compare for a range; nothing where one can't be told from the other. A number
    /// beside a moment counts seconds or milliseconds, a text beside a number may be one.
    pub(super) fn range(&self, other: &Measure) -> Option<Ordering> {
        match (self, other) {
            (Measure::Number(left), Measure::Number(right)) => Some(compare(left, right)),
            (Measure::Moment(left, _), Measure::Moment(right, _)) => Some(left.cmp(right)),
            (Measure::Text(left, _), Measure::Text(right, _)) => Some(left.cmp(right)),
            (Measure::Bool(left), Measure::Bool(right)) => Some(left.cmp(right)),
            (Measure::Moment(left, _), Measure::Number(right)) => Some(left.cmp(&counted(right)?)),
            (Measure::Number(left), Measure::Moment(right, _)) => Some(counted(left)?.cmp(right)),
            (Measure::Text(_, left), Measure::Number(right)) => {
                Some(compare(&left.parse().ok()?, right))
            }
            (Measure::Number(left), Measure::Text(_, right)) => {
                Some(compare(left, &right.parse().ok()?))
            }
            _ => None,
        }
    }

    /// The order of a sorted list, which has one of any two values: by kind, then by value.
    pub(super) fn order(&self, other: &Measure) -> Ordering {
        let kind = |measure: &Measure| match measure {
            Measure::Bool(_) => 0,
            Measure::Number(_) => 1,
            Measure::Moment(..) => 2,
            Measure::Text(..) => 3,
        };
        let kinds = || kind(self).cmp(&kind(other));
        match (self, other) {
            (Measure::Text(left, left_exact), Measure::Text(right, right_exact)) => {
                left.cmp(right).then_with(|| left_exact.cmp(right_exact))
            }
            _ if kinds() != Ordering::Equal => kinds(),
            _ => self.range(other).unwrap_or(Ordering::Equal),
        }
    }

    /// The last moment of the day that is named, where one is.
    pub(super) fn end_of_day(self) -> Measure {
        match self {
            Measure::Moment(start, true) => {
                Measure::Moment(start.saturating_add(24 * 3_600 * 1_000_000 - 1), false)
            }
            other => other,
        }
    }
}

/// A full date, or one with a time, by RFC 3339; a time without an offset counts as UTC.
fn moment(text: &str) -> Option<(i64, bool)> {
    // Most texts are none, and are told by their first characters.
    let mut start = text.bytes();
    let is_year = start.by_ref().take(4).all(|octet| octet.is_ascii_digit());
    if !is_year || start.next() != Some(b'-') || text.len() > 40 {
        return None;
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        // Past the last day that there is, none can be counted.
        day.checked_add_days(Days::new(1))?;
        return Some((
            day.and_time(NaiveTime::MIN).and_utc().timestamp_micros(),
            true,
        ));
    }
    let exact = DateTime::parse_from_rfc3339(text).map(|moment| moment.timestamp_micros());
    let local = || {
        text.parse::<NaiveDateTime>()
            .map(|moment| moment.and_utc().timestamp_micros())
    };
    exact
        .or_else(|_| local())
        .ok()
        .map(|moment| (moment, false))
}

fn counted(number: &Number) -> Option<i64> {
    let number = number.as_f64().filter(|number| number.is_finite())?;
    let factor = match number.abs() < MILLISECONDS {
        true => 1e6,
        false => 1e3,
    };
    // What is out of range is the first or the last moment.
    Some((number * factor) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn range(left: Value, right: Value) -> Option<Ordering> {
        Measure::of(&left)?.range(&Measure::of(&right)?)
    }

    #[test]
    fn moments_compare_across_offsets_and_ways_of_counting() {
        let less = Some(Ordering::Less);
        let equal = Some(Ordering::Equal);
        assert_eq!(
            range(
                json!("2024-01-01T23:00:00-02:00"),
                json!("2024-01-02T00:59:00Z")
            ),
            Some(Ordering::Greater)
        );
        assert_eq!(
            range(json!("2024-01-02"), json!("2024-01-02T00:00:00Z")),
            equal
        );
        assert_eq!(
            range(json!("2024-01-01"), json!("2024-01-01T00:00:01")),
            less
        );
        assert_eq!(range(json!(1_704_067_200), json!("2024-01-01")), equal);
        assert_eq!(
            range(json!(1_704_067_200_000_i64), json!("2024-01-01T00:00:00Z")),
            equal
        );
        assert_eq!(range(json!("2024-01-01"), json!(1e300)), less);
        assert_eq!(
            range(json!("2024-13-01"), json!("2024-01-01")),
            None,
            "no date is a text"
        );
    }

    #[test]
    fn numbers_compare_with_texts_that_are_some() {
        assert_eq!(range(json!("12.50"), json!(12.5)), Some(Ordering::Equal));
        assert_eq!(range(json!(2), json!("10")), Some(Ordering::Less));
        assert_eq!(range(json!("a"), json!(1)), None);
        assert_eq!(range(json!(true), json!(1)), None);
    }
}
