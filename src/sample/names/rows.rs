//! Rows of a list that have to do with each other: what comes in turn begins where what is before it
//! ends, and parts of a whole come to it.

use super::moments::{self, Step};
use super::percents::{is_percentage, percent};
use super::spacing::{self, Course, later, seconds};
use super::words::{Words, singular};
use chrono::NaiveDate;
use serde_json::{Map, Value};

const DAY: i64 = 86_400;
/// So many rows are looked at.
const MOST: usize = 200;

/// Words of lists whose rows come one after another.
const TURNS: [&str; 15] = [
    "phase",
    "leg",
    "segment",
    "stage",
    "step",
    "slot",
    "period",
    "sprint",
    "shift",
    "milestone",
    "interval",
    "block",
    "term",
    "round",
    "lap",
];

/// The rows of a list in turn, from the first on, where its name or theirs tell that they are.
/// Nothing where they aren't, or are so already.
pub fn in_turn(list: &str, rows: &[Value]) -> Option<Vec<Value>> {
    if rows.len() < 2 || rows.len() > MOST {
        return None;
    }
    let first = rows[0].as_object()?;
    let mut changed = rows.to_vec();
    let ends = [(Step::Begin, Step::End), (Step::Started, Step::Finished)];
    let ends = ends.into_iter().find_map(|(begin, end)| {
        let (begin, end) = (moment(first, begin)?, moment(first, end)?);
        Some((begin, end))
    });
    match ends {
        Some((begin, end)) if TURNS.contains(&singular(Words::of(list).last()).as_str()) => {
            let own = |row: &Value, name: &str| row.get(name)?.as_str().map(str::to_owned);
            let length = own(&rows[0], begin)?.len();
            let mut next: Option<String> = None;
            for row in &mut changed {
                let (from, to) = (own(row, begin)?, own(row, end)?);
                let by = match &next {
                    Some(next) => seconds(next)? - seconds(&from)?,
                    None => 0,
                };
                let to = later(&to, by)?;
                // A day that one ends on isn't the one that the next begins on.
                next = later(&to, if length == 10 { DAY } else { 0 });
                row[begin] = later(&from, by)?.into();
                row[end] = to.into();
            }
        }
        Some(_) => return None,
        None => {
            match (day(rows), month(first)) {
                // What was measured, day by day.
                (Some(day), _) => {
                    let at = first.get(day)?.as_str()?;
                    for (number, row) in changed.iter_mut().enumerate() {
                        row.as_object_mut()?.get_mut(day)?;
                        row[day] = later(at, DAY * i64::try_from(number).ok()?)?.into();
                    }
                }
                (None, Some(month)) => {
                    let at = first.get(month)?.as_i64()?;
                    let last = i64::try_from(rows.len()).ok()? - 1;
                    let from = at.min(12 - last).max(1);
                    for (number, row) in changed.iter_mut().enumerate().take(12) {
                        row.as_object_mut()?.get_mut(month)?;
                        row[month] = (from + i64::try_from(number).ok()?).into();
                        name_month(row.as_object_mut()?, month);
                    }
                }
                _ => return None,
            }
            rise(&mut changed);
        }
    }
    (changed != rows).then_some(changed)
}

/// The property of rows that tells when each was measured, where they tell no more than that and
/// what was.
fn day(rows: &[Value]) -> Option<&str> {
    let first = rows.first()?.as_object()?;
    let is_day = |name: &str| matches!(Words::of(name).all(), "date" | "day" | "timestamp");
    let (day, at) = first.iter().find(|(name, _)| is_day(name))?;
    seconds(at.as_str().filter(|_| is_measured(first))?)?;
    Some(day)
}

/// The one that tells of which month each is.
fn month(first: &Map<String, Value>) -> Option<&str> {
    let mut members = first.iter().filter(|_| is_measured(first));
    let found = members.find(|(name, value)| {
        let is_month = value
            .as_i64()
            .is_some_and(|month| (1..=12).contains(&month));
        is_month && Words::of(name).all() == "month"
    });
    found.map(|(name, _)| name.as_str())
}

/// Names the month of a row as its number has it, where it did so before.
fn name_month(row: &mut Map<String, Value>, month: &str) {
    let number = row.get(month).and_then(Value::as_u64);
    let number = number.and_then(|number| u32::try_from(number).ok());
    let day = number.and_then(|number| NaiveDate::from_ymd_opt(2024, number, 1));
    for (name, value) in row.iter_mut() {
        let is_name = matches!(Words::of(name).all(), "month name" | "name of month");
        let long = value
            .as_str()
            .is_some_and(|text| text.len() > 3 || text == "May");
        if let (true, true, Some(day)) = (is_name, value.is_string(), day) {
            let format = if long { "%B" } else { "%b" };
            *value = day.format(format).to_string().into();
        }
    }
}

/// Whether a row has numbers and no key: it is of when it was measured.
fn is_measured(row: &Map<String, Value>) -> bool {
    let has_key = row.keys().any(|name| Words::of(name).last() == "id");
    row.values().any(Value::is_number) && !has_key
}

/// Has what only ever rises do so from row to row: an odometer, a meter.
fn rise(rows: &mut [Value]) {
    let is_rising = |name: &str| {
        Words::of(name).has(&[
            "odometer",
            "mileage",
            "cumulative",
            "counter",
            "meter",
            "uptime",
        ])
    };
    let names = rows.first().and_then(Value::as_object).into_iter();
    let names = names
        .flatten()
        .filter(|(name, value)| value.is_number() && is_rising(name));
    let names: Vec<String> = names.map(|(name, _)| name.clone()).collect();
    for name in names {
        let own = |row: &Value| row.get(&name).filter(|value| value.is_number()).cloned();
        let Some(mut values) = rows.iter().map(own).collect::<Option<Vec<Value>>>() else {
            continue;
        };
        values.sort_by(|one, other| {
            let (one, other) = (one.as_f64(), other.as_f64());
            one.unwrap_or_default()
                .total_cmp(&other.unwrap_or_default())
        });
        for (row, value) in rows.iter_mut().zip(values) {
            row[&name] = value;
        }
    }
}

/// What tells a row's place among the others.
const PLACES: [&str; 9] = [
    "rank",
    "ranking",
    "position",
    "ordinal",
    "line number",
    "row number",
    "sequence",
    "sequence number",
    "sort order",
];

/// The rows of a list with their places in it, where each tells its own. Nothing where they don't,
/// or are so already.
pub fn in_order(rows: &[Value]) -> Option<Vec<Value>> {
    let first = rows.first()?.as_object()?;
    let is_place = |name: &str| PLACES.contains(&Words::of(name).all());
    let mut places = first
        .iter()
        .filter(|(name, value)| value.is_i64() && is_place(name));
    let (place, _) = places.next().filter(|_| rows.len() <= MOST)?;
    let mut changed = rows.to_vec();
    for (number, row) in changed.iter_mut().enumerate() {
        row.as_object_mut()?
            .get_mut(place)
            .filter(|value| value.is_i64())?;
        row[place.as_str()] = (number + 1).into();
    }
    (changed != rows).then_some(changed)
}

/// Words of an object that tells from when to when what is beside it was measured.
const SPANS: [&str; 7] = [
    "period",
    "range",
    "window",
    "interval",
    "timeframe",
    "dates",
    "timespan",
];

/// A member by its name.
type Named = (String, Value);

/// Rows that were measured one after another, and the object that tells from when to when beside
/// them, such that they were in between; nothing where they are. The object is the one around the
/// rows, or one in that: then its name comes too.
pub fn within(
    rows: &[Value],
    around: &Map<String, Value>,
    is_free: &dyn Fn(&str) -> bool,
) -> Option<(Vec<Value>, Option<Named>)> {
    let day = day(rows).filter(|_| rows.len() <= MOST)?;
    let own = (None, around);
    let spans = around.iter().filter_map(|(name, value)| {
        let is_span = SPANS.contains(&Words::of(name).last());
        Some((Some(name), value.as_object().filter(|_| is_span)?))
    });
    let mut found = std::iter::once(own)
        .chain(spans)
        .filter_map(|(name, span)| {
            let begin = moment(span, Step::Begin)?;
            Some((name, span, begin, moment(span, Step::End)?))
        });
    let (name, span, begin, end) = found.next()?;
    let at = |value: &Value| seconds(value.as_str()?);
    let times = rows.iter().map(|row| at(row.get(day)?));
    let times = times.collect::<Option<Vec<i64>>>()?;
    let (from, to) = (at(&span[begin])?, at(&span[end])?);
    let is_date = |value: &Value| value.as_str().is_some_and(|text| text.len() == 10);
    let until = if is_date(&span[end]) {
        to + DAY - 1
    } else {
        to
    };
    if times.iter().all(|at| (from..=until).contains(at)) {
        return None;
    }
    let are_days = rows.iter().all(|row| is_date(&row[day]));
    let count = i64::try_from(rows.len()).ok()?;
    let step = match until.checked_sub(from)? / count {
        step if are_days || step >= DAY => DAY,
        step if step >= 3_600 => step / 3_600 * 3_600,
        step => step / 60 * 60,
    };
    let is_room = step > 0 && from + step * (count - 1) <= until;
    if is_room {
        let mut moved = rows.to_vec();
        for (row, number) in moved.iter_mut().zip(0..) {
            let at = from + step * number;
            let at = if are_days {
                moments::date(at)
            } else {
                moments::instant(at)
            };
            row.as_object_mut()?.get_mut(day)?;
            row[day] = at.into();
        }
        return Some((moved, None));
    }
    // Too short for so many days, it ends later.
    let name = name.filter(|name| is_free(name))?;
    let (first, last) = (rows.first()?.get(day)?, rows.last()?.get(day)?);
    if !is_date(&span[begin]) || !are_days {
        return None;
    }
    let mut moved = span.clone();
    moved[begin] = first.clone();
    moved[end] = last.clone();
    let counts = moved.clone();
    let counts = counts.iter().filter(|(_, value)| value.is_number());
    for (name, _) in counts {
        let told = spacing::span(name)?;
        moved[name] = told.between(&moved, false).pop()?;
    }
    Some((rows.to_vec(), Some((name.clone(), Value::Object(moved)))))
}

/// When the first of rows was measured, or the last, where a name asks for that.
pub fn end_of_rows(name: &str, like: &str, rows: &[Value]) -> Option<Value> {
    let words = Words::of(name);
    let row = match () {
        () if words.has(&["first", "earliest", "oldest"]) => rows.first()?,
        () if words.has(&["last", "latest", "newest"]) => rows.last()?,
        () => return None,
    };
    let at = row.get(day(rows)?)?;
    let is_alike = at.as_str().is_some_and(|at| at.len() == like.len());
    seconds(like).filter(|_| is_alike).map(|_| at.clone())
}

/// When what is around rows in turn begins and ends, and what tells of that: when the first of
/// them does, and the last.
pub fn ends_of(rows: &[Value], around: &Map<String, Value>) -> Vec<(String, Value)> {
    let ends = [(rows.first(), Step::Begin), (rows.last(), Step::End)].into_iter();
    let ends = ends.filter_map(|(row, step)| {
        let row = row?.as_object()?;
        let at = &row[moment(row, step)?];
        let name = moment(around, step)?;
        let length = |value: &Value| value.as_str().map(str::len);
        (length(&around[name]) == length(at)).then(|| (name.to_owned(), at.clone()))
    });
    ends.collect()
}

/// The member that tells when a step is, as a text.
fn moment(members: &Map<String, Value>, step: Step) -> Option<&str> {
    let course = Course::shown(members);
    let mut members = members.iter();
    let found = members.find(|(name, value)| {
        let is_moment = || value.as_str().and_then(seconds).is_some();
        value.is_string() && course.rank(name) == Some(step as usize) && is_moment()
    });
    found.map(|(name, _)| name.as_str())
}

/// The rows of a list with how much in percent each has of what all have, where each tells that
/// beside how many it has. Nothing where they don't, or say so already.
pub fn of_whole(rows: &[Value]) -> Option<Vec<Value>> {
    let first = rows
        .first()?
        .as_object()
        .filter(|_| rows.len() > 1 && rows.len() <= MOST)?;
    let numbers = || first.iter().filter(|(_, value)| value.is_number());
    let percentage = numbers().find(|(name, _)| {
        matches!(
            Words::of(name).all(),
            "percentage" | "percent" | "pct" | "share percent"
        )
    });
    let (percentage, _) = percentage?;
    let counted = |name: &str| {
        let words = Words::of(name);
        let counts = [
            "count",
            "votes",
            "value",
            "amount",
            "total",
            "vote count",
            "users",
        ];
        counts.contains(&words.all()) && !is_percentage(&words)
    };
    let (count, _) = numbers().find(|(name, _)| counted(name))?;
    let all = rows
        .iter()
        .map(|row| row.get(count)?.as_f64().filter(|count| *count >= 0.0));
    let all: f64 = all.sum::<Option<f64>>().filter(|all| *all > 0.0)?;
    // What is the same in all is an example's.
    if rows
        .iter()
        .all(|row| row.get(percentage) == first.get(percentage))
    {
        return None;
    }
    let mut changed = rows.to_vec();
    for row in &mut changed {
        let part = row.get(count)?.as_f64()?;
        row[percentage.as_str()] = percent(part, all, row.get(percentage)?)?;
    }
    (changed != rows).then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_come_in_turn_where_they_do() {
        let phases = [
            json!({"name": "A", "startDate": "2024-05-03", "endDate": "2024-05-04"}),
            json!({"name": "B", "startDate": "2024-05-03", "endDate": "2024-05-05"}),
        ];
        let turned = in_turn("phases", &phases).expect("rows");
        assert_eq!(turned[0], phases[0]);
        assert_eq!(turned[1]["startDate"], "2024-05-05");
        assert_eq!(turned[1]["endDate"], "2024-05-07");
        assert_eq!(in_turn("bookings", &phases), None);
        let around = json!({"startDate": "2024-01-01", "endsAt": "2024-01-02T00:00:00Z"});
        let around = around.as_object().expect("an object");
        let begin = ("startDate".to_owned(), json!("2024-05-03"));
        assert_eq!(ends_of(&turned, around), [begin]);
        let days = [
            json!({"date": "2024-05-03", "high": 1}),
            json!({"date": "2024-01-01", "high": 2}),
        ];
        let turned = in_turn("history", &days).expect("rows");
        assert_eq!(turned[1]["date"], "2024-05-04");
    }

    #[test]
    fn what_is_measured_is_so_between_the_ends_that_are_told() {
        let rows = ["2024-05-22T14:30:00Z", "2024-05-23T14:30:00Z"]
            .map(|at| json!({"timestamp": at, "value": 5}));
        let around = json!({"from": "2024-11-03T17:00:00Z", "to": "2024-11-03T20:10:00Z"});
        let around = around.as_object().expect("an object");
        let (moved, span) = within(&rows, around, &|_| true).expect("rows");
        assert_eq!(span, None);
        assert_eq!(moved[0]["timestamp"], "2024-11-03T17:00:00Z");
        assert_eq!(moved[1]["timestamp"], "2024-11-03T18:00:00Z");
        assert_eq!(within(&moved, around, &|_| true), None);
        assert_eq!(
            end_of_rows("lastTimestamp", "2024-01-01T00:00:00Z", &moved),
            Some(json!("2024-11-03T18:00:00Z"))
        );
        let rows = [3, 4, 5].map(|day| json!({"date": format!("2024-05-0{day}"), "calls": 2}));
        let around = json!({"period": {"from": "2024-01-01", "to": "2024-01-02", "days": 9}});
        let around = around.as_object().expect("an object");
        let (_, span) = within(&rows, around, &|_| true).expect("rows");
        let expected = json!({"from": "2024-05-03", "to": "2024-05-05", "days": 2});
        assert_eq!(span, Some(("period".to_owned(), expected)));
    }

    #[test]
    fn rows_that_tell_their_place_are_in_order_and_meters_rise() {
        let rows = [9, 13].map(|rank| json!({"name": "A", "rank": rank}));
        let ordered = in_order(&rows).expect("rows");
        assert_eq!([&ordered[0]["rank"], &ordered[1]["rank"]], [1, 2]);
        assert_eq!(in_order(&ordered), None);
        let rows = [(5, 79), (5, 64)].map(|(month, km)| json!({"month": month, "odometerKm": km}));
        let turned = in_turn("report", &rows).expect("rows");
        assert_eq!([&turned[0]["month"], &turned[1]["month"]], [5, 6]);
        assert_eq!(
            [&turned[0]["odometerKm"], &turned[1]["odometerKm"]],
            [64, 79]
        );
    }

    #[test]
    fn parts_are_so_much_of_what_all_have() {
        let rows = [
            json!({"votes": 3, "percentage": 71}),
            json!({"votes": 1, "percentage": 90}),
        ];
        let told = of_whole(&rows).expect("rows");
        assert_eq!(told[0]["percentage"], 75);
        assert_eq!(told[1]["percentage"], 25);
        assert_eq!(of_whole(&told), None);
    }
}
