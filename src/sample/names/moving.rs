//! Moments that hang on one that a client says: what was made up moves along with it.

use super::moments;
use super::spacing::{Course, Span, clock, is_time, seconds, span};
use serde_json::{Map, Value};

const DAY: i64 = 86_400;

/// What the moments of an object are that a client didn't say, and what tells how long it is
/// between them, where one that it said isn't what was made up `before`. What comes later keeps
/// its distance; what comes before is moved alike where it would else be later. What isn't as it
/// was made up any more stands.
pub fn moved(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let course = Course::shown(before);
    let ranked = after.iter().filter_map(|(name, value)| {
        let at = moment(value.as_str()?)?;
        Some((course.rank(name)?, at, name.as_str()))
    });
    let mut ranked: Vec<(usize, Moment, &str)> = ranked.collect();
    ranked.sort_by_key(|(rank, ..)| *rank);
    let said = ranked.iter().filter(|(.., name)| is_said(name));
    let said: Vec<(usize, Moment, &str)> = said.cloned().collect();
    let mut changes = Vec::new();
    let spans = || {
        after
            .iter()
            .filter_map(|(name, _)| Some((name, span(name)?)))
    };
    let is_free = |name: &str| !is_said(name) && before.get(name) == after.get(name);
    for (own, at, name) in ranked.iter().filter(|(.., name)| is_free(name)) {
        let alike = |(_, other, _): &&(usize, Moment, &str)| other.is_time == at.is_time;
        let Some((rank, other, of)) = said
            .iter()
            .filter(alike)
            .min_by_key(|(rank, ..)| own.abs_diff(*rank))
        else {
            continue;
        };
        let was = before.get(*of).and_then(Value::as_str).and_then(moment);
        let distance = was.map_or(0, |was| at.second - was.second);
        let is_wrong = match rank.cmp(own) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Greater => at.second > other.second,
        };
        // So long a client says that it is.
        let lasting = spans().find_map(|(name, span)| {
            let count = after.get(name).filter(|_| is_said(name))?.as_i64()?;
            let (count, unit) = match span {
                Span::Nights => (count, DAY),
                Span::Thousandths | Span::Took => (count / 1_000, 1),
                Span::Of(units) => (count, *units.first()?),
            };
            let is_end = is_begin_and_end(*rank, *own);
            count
                .checked_mul(unit)
                .filter(|long| is_end && *long < 3_660 * DAY)
        });
        let distance = match (lasting, rank < own) {
            (Some(long), true) => long,
            (Some(long), false) if is_wrong => -long,
            // What was as far apart may have been so the wrong way round.
            (None, true) if distance <= 0 => DAY,
            _ => distance,
        };
        if !is_wrong {
            continue;
        }
        let text = after[*name].as_str().unwrap_or_default();
        if let Some(value) = written(other.second.saturating_add(distance), text) {
            changes.push(((*name).to_owned(), Value::String(value)));
        }
    }
    let mut members = after.clone();
    members.extend(changes.iter().cloned());
    let is_moved = !said.is_empty();
    for (name, span) in spans().filter(|(name, _)| is_moved && !is_said(name)) {
        let own = &after[name];
        let values = span.between(&members, own.is_string()).into_iter();
        let alike = |value: &Value| value.is_f64() == own.is_f64() || !own.is_f64();
        let value = values.rev().find(alike);
        changes.extend(value.map(|value| (name.clone(), value)));
    }
    changes.retain(|(name, value)| after.get(name) != Some(value));
    changes
}

/// What tells how long it is between two moments where one of them isn't any more what it was
/// before, and what was told then was so.
pub fn lasting(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let told = after.iter().filter(|(name, _)| !is_said(name));
    let told = told.filter_map(|(name, own)| {
        let units: Vec<Span> = match span(name)? {
            Span::Of(units) => units.chunks(1).map(Span::Of).collect(),
            span => vec![span],
        };
        let is_own = |value: &Value| match (value, own) {
            (Value::Number(value), Value::Number(own)) => value.as_f64() == own.as_f64(),
            (value, own) => value == own,
        };
        let was_so = |unit: &&Span| {
            let was = unit.between(before, own.is_string());
            before.get(name) == Some(own) && was.iter().any(is_own)
        };
        let unit = units.iter().find(was_so)?;
        let mut values = unit.between(after, own.is_string()).into_iter().rev();
        let value = values.find(|value| value.is_f64() == own.is_f64() || !own.is_f64())?;
        (!is_own(&value)).then(|| (name.clone(), value))
    });
    told.collect()
}

fn is_begin_and_end(one: usize, other: usize) -> bool {
    let ends = [moments::Step::Begin as usize, moments::Step::End as usize];
    one != other && ends.contains(&one) && ends.contains(&other)
}

#[derive(Debug, Clone, Copy)]
struct Moment {
    second: i64,
    /// Whether it is a time of any day.
    is_time: bool,
}

fn moment(text: &str) -> Option<Moment> {
    let is_time = is_time(text);
    let second = seconds(text).or_else(|| clock(text).filter(|_| is_time))?;
    Some(Moment { second, is_time })
}

/// A second in the writing of another: a date, a date and time, a time of a day.
fn written(second: i64, like: &str) -> Option<String> {
    if is_time(like) {
        let second = second.clamp(0, DAY - 60);
        let time = format!(
            "{:02}:{:02}:{:02}",
            second / 3_600,
            second / 60 % 60,
            second % 60
        );
        let end = like.get(8..).unwrap_or_default();
        return Some(match like.len() {
            5 => time[..5].to_owned(),
            _ => format!("{time}{end}"),
        });
    }
    let is_near = (-60_000_000_000..250_000_000_000).contains(&second);
    is_near.then(|| match like.len() {
        10 => moments::date(second),
        _ => moments::instant(second),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn how_long_it_is_is_told_anew() {
        for (before, change, expected) in [
            (
                json!({"checkIn": "2024-05-01", "checkOut": "2024-05-04", "nights": 3}),
                json!({"checkOut": "2024-05-06"}),
                json!({"nights": 5}),
            ),
            (
                json!({"startTime": "10:00", "endTime": "11:30", "duration": 90}),
                json!({"endTime": "11:00"}),
                json!({"duration": 60}),
            ),
            (
                json!({"checkIn": "2024-05-01", "checkOut": "2024-05-04", "nights": 7}),
                json!({"checkOut": "2024-05-06"}),
                json!({}),
            ),
        ] {
            let before = before.as_object().cloned().expect("an object");
            let mut after = before.clone();
            after.extend(change.as_object().cloned().expect("an object"));
            let told = lasting(&before, &after, &|name| change.get(name).is_some());
            assert_eq!(Value::Object(told.into_iter().collect()), expected);
        }
    }

    #[test]
    fn what_was_made_up_moves_with_what_is_said() {
        let stay = json!({"checkIn": "2024-05-01", "checkOut": "2024-05-04", "nights": 3});
        let meeting = json!({"startTime": "10:00", "endTime": "11:30", "durationMinutes": 90});
        let event = json!({"createdAt": "2024-05-01T08:00:00Z", "startsAt": "2024-05-03T10:00:00Z",
                           "endsAt": "2024-05-03T12:00:00Z"});
        let guest =
            json!({"arrivalDate": "2024-05-01", "departureDate": "2024-05-04", "nights": 3});
        for (whole, said, expected) in [
            (
                &guest,
                json!({"arrivalDate": "2030-01-31"}),
                json!({"arrivalDate": "2030-01-31", "departureDate": "2030-02-03", "nights": 3}),
            ),
            (
                &stay,
                json!({"checkIn": "2030-01-31"}),
                json!({"checkIn": "2030-01-31", "checkOut": "2030-02-03", "nights": 3}),
            ),
            (
                &stay,
                json!({"checkOut": "2023-01-02"}),
                json!({"checkIn": "2022-12-30", "checkOut": "2023-01-02", "nights": 3}),
            ),
            (
                &stay,
                json!({"checkIn": "2030-01-01", "checkOut": "2030-01-02"}),
                json!({"checkIn": "2030-01-01", "checkOut": "2030-01-02", "nights": 1}),
            ),
            (
                &stay,
                json!({"checkIn": "2030-01-01", "nights": 5}),
                json!({"checkIn": "2030-01-01", "checkOut": "2030-01-06", "nights": 5}),
            ),
            (
                &meeting,
                json!({"startTime": "14:15"}),
                json!({"startTime": "14:15", "endTime": "15:45", "durationMinutes": 90}),
            ),
            (
                &meeting,
                json!({"startTime": "14:15", "durationMinutes": 30}),
                json!({"startTime": "14:15", "endTime": "14:45", "durationMinutes": 30}),
            ),
            (
                &event,
                json!({"startsAt": "2031-01-01T09:00:00Z"}),
                json!({"createdAt": "2024-05-01T08:00:00Z", "startsAt": "2031-01-01T09:00:00Z",
                       "endsAt": "2031-01-01T11:00:00Z"}),
            ),
            (&stay, json!({"note": "x"}), stay.clone()),
        ] {
            let before = whole.as_object().cloned().expect("an object");
            let mut after = before.clone();
            let said = said.as_object().cloned().expect("an object");
            after.extend(said.clone());
            let changes = moved(&before, &after, &|name| said.contains_key(name));
            after.extend(changes);
            after.shift_remove("note");
            assert_eq!(Value::Object(after), expected, "{said:?}");
        }
    }
}
