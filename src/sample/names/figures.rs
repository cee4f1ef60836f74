//! What a number tells of many: the sum of what the rows of a list have, the average, the least and
//! the most, by its name.

use super::roles::{Role, role};
use super::words::{Words, singular};
use serde_json::{Map, Number, Value};

/// Of a list so many are looked at.
const MOST: usize = 1_000;

/// What is told of many numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Sum,
    Mean,
    Least,
    Most,
    /// So much in percent of them isn't above it.
    Percentile(u8),
}

/// Words that say nothing beside one that tells of a figure.
const SILENT: [&str; 2] = ["overall", "of"];
/// What all that is stored is measured in, and each part of it.
const SIZES: [&str; 7] = [
    "size",
    "size bytes",
    "size in bytes",
    "file size",
    "bytes",
    "byte size",
    "content length",
];
/// Units that are told by the last word of a name.
const UNITS: [&str; 22] = [
    "km", "m", "meters", "miles", "kmh", "mph", "kg", "grams", "min", "minutes", "mins", "sec",
    "seconds", "ms", "hours", "hrs", "kwh", "wh", "liters", "bytes", "mb", "celsius",
];
/// What a row measures where its name doesn't say what.
const VALUES: [&str; 5] = ["value", "score", "stars", "amount", "reading"];

fn figure(word: &str) -> Option<Figure> {
    Some(match word {
        "total" | "sum" | "summe" | "somme" => Figure::Sum,
        "average" | "avg" | "mean" | "moyenne" | "durchschnitt" | "mittelwert" | "promedio"
        | "gemiddelde" => Figure::Mean,
        "median" => Figure::Percentile(50),
        "min" | "minimum" | "lowest" | "smallest" | "shortest" | "cheapest" => Figure::Least,
        "max" | "maximum" | "highest" | "largest" | "longest" | "peak" => Figure::Most,
        _ => return None,
    })
}

/// The figure that a name tells of, and of what: `average` of `rating`.
fn told(words: &Words) -> Option<(Figure, String)> {
    if let Some(percent) = words.all().strip_prefix("p ")
        && let Ok(percent) = percent.parse()
        && (1..=99).contains(&percent)
    {
        return Some((Figure::Percentile(percent), String::new()));
    }
    // `distance_min` may be of minutes.
    let found = figure(words.first()).map(|figure| (words.first(), figure));
    let (word, figure) = found.or_else(|| Some((words.last(), figure(words.last())?)))?;
    let of = words
        .iter()
        .filter(|other| *other != word && !SILENT.contains(other));
    Some((figure, of.collect::<Vec<&str>>().join(" ")))
}

/// What a number is that tells of the rows of a list beside it, the likeliest writing first.
pub(super) fn of_lists(words: &Words, members: &Map<String, Value>) -> Vec<Value> {
    let Some((figure, of)) = told(words) else {
        return Vec::new();
    };
    let mut lists = members.iter().filter_map(|(name, value)| {
        let list = value.as_array()?;
        Some((name.as_str(), list.as_slice())).filter(|_| !list.is_empty())
    });
    let only = match (lists.next(), lists.next()) {
        (Some(list), None) => Some(list),
        (None, _) => return Vec::new(),
        _ => None,
    };
    let lists = members.iter().filter_map(|(name, value)| {
        let list = value.as_array().filter(|list| !list.is_empty())?;
        numbers(name, list, &of, figure)
    });
    let mut found: Option<Vec<Value>> = lists.into_iter().next();
    // An average alone is of what there is but one of.
    if let (None, Some((name, list)), true, Figure::Mean) = (&found, only, of.is_empty(), figure) {
        found = numbers(name, list, &singular(Words::of(name).all()), figure);
    }
    // So is any figure beside nothing but what was measured.
    if let (None, Some((name, list)), true) = (&found, only, of.is_empty())
        && [
            "values",
            "data",
            "samples",
            "numbers",
            "readings",
            "measurements",
        ]
        .contains(&name)
        && list.iter().all(Value::is_number)
    {
        found = Some(list.to_vec());
    }
    found.map_or_else(Vec::new, |numbers| reckoned(figure, &numbers))
}

/// What a number is by the rows of a list beside it, where its name alone says so.
pub fn figure_of_lists(name: &str, members: &Map<String, Value>) -> Option<Value> {
    of_lists(&Words::of(name), members).into_iter().next()
}

/// Which row beside it has the most of what they measure, by its name: the `bestMonth`.
pub(super) fn best(words: &Words, members: &Map<String, Value>) -> Option<Value> {
    let is_best = matches!(words.first(), "best" | "top" | "busiest" | "strongest");
    let of = words.all().strip_prefix(words.first())?.trim_start();
    if !is_best || of.is_empty() {
        return None;
    }
    let mut lists = members.values().filter_map(Value::as_array);
    let called = [of.to_owned(), format!("{of} name")];
    lists.find_map(|rows| {
        let rows: Vec<&Map<String, Value>> = rows.iter().filter_map(Value::as_object).collect();
        let named = |row: &Map<String, Value>| {
            let mut row = row.iter().filter(|(_, value)| value.is_string());
            let found = row.find(|(name, _)| called.iter().any(|of| Words::of(name).all() == of));
            found.map(|(_, value)| value.clone())
        };
        let worth = |row: &Map<String, Value>| {
            let worth = [
                "revenue", "sales", "total", "amount", "value", "count", "orders",
            ];
            worth.iter().find_map(|worth| {
                let mut row = row.iter();
                let found = row.find(|(name, _)| Words::of(name).all() == *worth);
                found.and_then(|(_, value)| value.as_f64())
            })
        };
        let mut best: Option<(f64, Value)> = None;
        for row in rows.iter().take(MOST) {
            let (worth, name) = (worth(row)?, named(row)?);
            if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                best = Some((worth, name));
            }
        }
        best.map(|(_, name)| name)
    })
}

/// How many there are of all that a histogram beside it counts.
pub(super) fn counted(words: &Words, members: &Map<String, Value>) -> Option<Value> {
    let counts = [
        "count",
        "total",
        "total count",
        "ratings count",
        "rating count",
        "total ratings",
        "reviews count",
        "review count",
        "total reviews",
        "total votes",
        "vote count",
    ];
    if !counts.contains(&words.all()) {
        return None;
    }
    let mut histograms = members.iter().filter_map(|(name, value)| {
        let words = Words::of(name);
        let is_it = words.has(&["histogram", "distribution", "breakdown"]);
        value.as_object().filter(|_| is_it)
    });
    let values: Vec<i64> = histograms
        .next()?
        .values()
        .map(Value::as_i64)
        .collect::<Option<_>>()?;
    let sum = values
        .iter()
        .try_fold(0_i64, |sum, value| sum.checked_add(*value))?;
    (values.len() > 1).then(|| sum.into())
}

/// What a number is in an object that tells of the rows of a list beside it. Where that is a page
/// of the list, how many there are in all is another matter.
pub fn of_rows(name: &str, list: &str, rows: &[Value], is_page: bool) -> Vec<Value> {
    let words = Words::of(name);
    let counts = [
        "count",
        "item count",
        "items count",
        "result count",
        "results count",
        "returned",
        "number of elements",
        "number of items",
        "sample count",
        "samples",
        "n",
    ];
    let is_count = || !is_page && super::counts_of(list).any(|count| words.all() == count);
    if counts.contains(&words.all()) || is_count() {
        return vec![rows.len().into()];
    }
    let Some((figure, of)) = told(&words).filter(|_| !rows.is_empty()) else {
        return Vec::new();
    };
    let found = match of.as_str() {
        // A total may as well be one of the rows.
        "" => measured(rows, words.all() == "total"),
        of => numbers(list, rows, of, figure),
    };
    found.map_or_else(Vec::new, |numbers| reckoned(figure, &numbers))
}

/// Whether a number is a sum of what each of the rows beside it has, rather than how many there are.
pub fn adds_rows(name: &str, members: &Map<String, Value>) -> bool {
    let words = Words::of(name);
    let is_sum = told(&words).is_some_and(|(figure, of)| figure == Figure::Sum && !of.is_empty());
    is_sum && !of_lists(&words, members).is_empty()
}

/// What each of a list has of what is told.
fn numbers(list: &str, rows: &[Value], of: &str, figure: Figure) -> Option<Vec<Value>> {
    let is_called = !of.is_empty() && singular(Words::of(list).all()) == singular(of);
    let own = |row: &Value| match row {
        Value::Object(row) => own(row, of, is_called, figure),
        item => Some(item.clone()).filter(|item| item.is_number() && is_called),
    };
    rows.iter().take(MOST).map(own).collect()
}

/// What of a row is told of all of them: by the same name, by a name of the same size or price, by
/// the same unit where one alone has it.
fn own(row: &Map<String, Value>, of: &str, is_called: bool, figure: Figure) -> Option<Value> {
    if of.is_empty() {
        return None;
    }
    let of = singular(of);
    let mut numbers = row.iter().filter(|(_, value)| value.is_number());
    let numbers: Vec<(&str, Words, &Value)> = numbers
        .by_ref()
        .map(|(name, value)| (name.as_str(), Words::of(name), value))
        .collect();
    let find = |is_it: &dyn Fn(&str, &Words) -> bool| {
        let mut found = numbers.iter().filter(|(name, words, _)| is_it(name, words));
        found.next().map(|(_, _, value)| (*value).clone())
    };
    let exact = find(&|_, words| singular(words.all()) == of);
    let size = || {
        let is_size = SIZES.contains(&of.as_str()) || of == "byte";
        find(&|_, words| is_size && SIZES.contains(&words.all()))
    };
    let price = || match role(&of) {
        // What all of it costs hangs on how many there are.
        Some(Role::Price) if figure != Figure::Sum => {
            find(&|name, _| role(name) == Some(Role::Price))
        }
        _ => None,
    };
    // All items are how many there are, and no sum of what they are worth.
    let is_one = is_called && figure != Figure::Sum;
    let value = || find(&|_, words| is_one && VALUES.contains(&words.all()));
    let unit = || {
        let unit = of.rsplit(' ').next().filter(|_| of.contains(' '))?;
        let of_unit = |(_, words, _): &&(&str, Words, &Value)| singular(words.last()) == unit;
        let is_unit = UNITS.iter().any(|known| singular(known) == unit);
        let mut found = numbers.iter().filter(of_unit);
        let (one, other) = (found.next(), found.next());
        one.filter(|_| is_unit && other.is_none())
            .map(|(_, _, value)| (*value).clone())
    };
    exact
        .or_else(size)
        .or_else(price)
        .or_else(value)
        .or_else(unit)
}

/// What rows measure that say no more than how much: the `value` of each, or the first number that
/// tells of no other thing.
fn measured(rows: &[Value], is_strict: bool) -> Option<Vec<Value>> {
    let is_measure = |name: &str| {
        let words = Words::of(name);
        let others = [
            "id",
            "index",
            "position",
            "rank",
            "timestamp",
            "ts",
            "time",
            "year",
            "month",
            "day",
            "lat",
            "lon",
        ];
        !others.contains(&words.last())
    };
    let own = |row: &Value| match row {
        Value::Object(row) => {
            let mut numbers = row.iter().filter(|(_, value)| value.is_number());
            let mut others = numbers
                .clone()
                .filter(|(name, _)| !is_strict && is_measure(name));
            let value = numbers.find(|(name, _)| VALUES.contains(&Words::of(name).all()));
            value
                .or_else(|| others.next())
                .map(|(_, value)| value.clone())
        }
        item => Some(item.clone()).filter(Value::is_number),
    };
    rows.iter().take(MOST).map(own).collect()
}

/// A figure of numbers in its writings.
fn reckoned(figure: Figure, numbers: &[Value]) -> Vec<Value> {
    let mut floats: Vec<f64> = numbers.iter().filter_map(Value::as_f64).collect();
    if floats.is_empty() {
        return Vec::new();
    }
    floats.sort_by(f64::total_cmp);
    let (count, sum) = (floats.len(), floats.iter().sum::<f64>());
    let at = |index: usize| written(floats[index.min(count - 1)], &[100.0, 1_000_000.0]);
    match figure {
        Figure::Sum => written(sum, &[100.0]),
        Figure::Mean => written(sum / count as f64, &[100.0, 10.0, 1.0]),
        Figure::Least => at(0),
        Figure::Most => at(count - 1),
        Figure::Percentile(50) if count.is_multiple_of(2) => {
            let middle = (floats[count / 2 - 1] + floats[count / 2]) / 2.0;
            written(middle, &[100.0, 10.0, 1.0])
        }
        Figure::Percentile(percent) => {
            let nth = (count * usize::from(percent)).div_ceil(100);
            at(nth.saturating_sub(1))
        }
    }
}

/// A number to so many parts of one, the whole of it first where it is one.
fn written(number: f64, parts: &[f64]) -> Vec<Value> {
    let whole = |number: f64| (number.abs() < 1e15).then(|| Value::from(number.round() as i64));
    let exact = whole(number).filter(|_| number.fract() == 0.0);
    let rounded = parts.iter().filter_map(|parts| match parts {
        1.0 => whole(number),
        parts => Number::from_f64((number * parts).round() / parts).map(Value::Number),
    });
    exact.into_iter().chain(rounded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_are_of_the_rows_beside_them() {
        for (name, beside, expected) in [
            (
                "averageRating",
                json!({"ratings": [4, 5, 3, 5]}),
                Some(json!(4.25)),
            ),
            ("avg_score", json!({"scores": [1, 2]}), Some(json!(1.5))),
            (
                "averageRating",
                json!({"reviews": [{"rating": 4}, {"rating": 2}]}),
                Some(json!(3)),
            ),
            (
                "meanScore",
                json!({"scores": [{"value": 2}]}),
                Some(json!(2)),
            ),
            (
                "moyenne",
                json!({"notes": [{"matiere": "A", "note": 12.5}, {"matiere": "B", "note": 14}]}),
                Some(json!(13.25)),
            ),
            (
                "totalVotes",
                json!({"options": [{"votes": 3}, {"votes": 4}]}),
                Some(json!(7)),
            ),
            (
                "total_size",
                json!({"files": [{"id": 1, "sizeBytes": 300}, {"id": 2, "sizeBytes": 400}]}),
                Some(json!(700)),
            ),
            (
                "longest_trip_km",
                json!({"items": [{"distance_km": 3.5, "speed_kmh": 9}, {"distance_km": 8, "speed_kmh": 4}]}),
                Some(json!(8)),
            ),
            (
                "lowestPrice",
                json!({"rooms": [{"pricePerNight": 90.5}, {"pricePerNight": 70}]}),
                Some(json!(70)),
            ),
            ("averageRating", json!({"prices": [4, 5]}), None),
            ("averageRating", json!({"ratings": []}), None),
            (
                "totalVotes",
                json!({"options": [{"votes": 3}, {"label": "A"}]}),
                None,
            ),
            ("total", json!({"items": [{"total": 3}]}), None),
            ("maxGuests", json!({"rooms": [{"beds": 3}]}), None),
        ] {
            let members = beside.as_object().expect("an object");
            let found = of_lists(&Words::of(name), members);
            assert_eq!(found.first(), expected.as_ref(), "{name} {beside}");
        }
    }

    #[test]
    fn the_best_of_rows_is_known_and_what_a_histogram_counts() {
        let months = [("May", 3), ("June", 9)]
            .map(|(name, sales)| json!({"month": 5, "monthName": name, "revenue": sales}));
        let beside = json!({"months": months, "histogram": {"1": 4, "2": 5}, "total": 3});
        let members = beside.as_object().expect("an object");
        assert_eq!(best(&Words::of("bestMonth"), members), Some(json!("June")));
        assert_eq!(best(&Words::of("bestSeller"), members), None);
        assert_eq!(
            counted(&Words::of("ratings_count"), members),
            Some(json!(9))
        );
        assert_eq!(counted(&Words::of("likes"), members), None);
    }

    #[test]
    fn a_summary_tells_of_the_rows_beside_it() {
        let rows = [9, 5, 2, 7].map(|value| json!({"id": 400, "value": value, "grade": 80}));
        for (name, expected) in [
            ("count", json!(4)),
            ("values_count", json!(4)),
            ("min", json!(2)),
            ("maximum", json!(9)),
            ("average", json!(5.75)),
            ("median", json!(6)),
            ("p95", json!(9)),
            ("p25", json!(2)),
            ("sum", json!(23)),
            ("max_grade", json!(80)),
        ] {
            let found = of_rows(name, "values", &rows, false);
            assert_eq!(found.first(), Some(&expected), "{name}");
        }
        assert!(of_rows("unit", "values", &rows, false).is_empty());
        assert!(of_rows("max", "values", &[], false).is_empty());
        assert!(of_rows("totalItems", "items", &[json!({"amount": 5})], true).is_empty());
        assert!(of_rows("total", "users", &[json!({"id": 3, "age": 41})], false).is_empty());
    }
}
