//! Rows of a list that have to do with each other: what comes in turn begins where what is before it
//! ends, and parts of a whole come to it.

use super::moments::Step;
use super::percents::{is_percentage, percent};
use super::spacing::{later, rank, seconds};
use super::words::{Words, singular};
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
            // What was measured, day by day.
            let is_day = |name: &str| matches!(Words::of(name).all(), "date" | "day" | "timestamp");
            let has_key = first.keys().any(|name| Words::of(name).last() == "id");
            let has_numbers = first.values().any(Value::is_number);
            let (day, at) = first.iter().find(|(name, _)| is_day(name))?;
            let at = at.as_str().filter(|_| has_numbers && !has_key)?;
            seconds(at)?;
            for (number, row) in changed.iter_mut().enumerate() {
                row.as_object_mut()?.get_mut(day)?;
                row[day.as_str()] = later(at, DAY * i64::try_from(number).ok()?)?.into();
            }
        }
    }
    (changed != rows).then_some(changed)
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
    let mut members = members.iter();
    let found = members.find(|(name, value)| {
        let is_moment = || value.as_str().and_then(seconds).is_some();
        value.is_string() && rank(name) == Some(step as usize) && is_moment()
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
