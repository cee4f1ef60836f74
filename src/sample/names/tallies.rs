//! Numbers that come to one another by what they count: the reactions that there are in all, how much
//! so many orders of such an average were worth, how many of the requests failed.

use super::words::Words;
use serde_json::{Map, Number, Value};

type Changes = Vec<(String, Value)>;

/// What somebody may say of something with one tap.
const REACTIONS: [&str; 26] = [
    "like",
    "likes",
    "dislike",
    "dislikes",
    "love",
    "loves",
    "laugh",
    "laughs",
    "haha",
    "wow",
    "sad",
    "angry",
    "heart",
    "hearts",
    "hooray",
    "confused",
    "rocket",
    "eyes",
    "thumbs up",
    "thumbs down",
    "celebrate",
    "insightful",
    "funny",
    "care",
    "support",
    "smile",
];
const ALL: [&str; 6] = [
    "total count",
    "total",
    "count",
    "total reactions",
    "reaction count",
    "reactions count",
];

/// How many there are of something, how much each is worth, and all of them.
const AVERAGED: [([&str; 6], [&str; 6], [&str; 8]); 2] = [
    (
        [
            "order count",
            "orders",
            "orders count",
            "total orders",
            "number of orders",
            "purchase count",
        ],
        [
            "average order value",
            "avg order value",
            "average order amount",
            "average order",
            "average spend",
            "aov",
        ],
        [
            "total spent",
            "total spend",
            "lifetime value",
            "total revenue",
            "revenue",
            "total sales",
            "sales",
            "total order value",
        ],
    ),
    (
        [
            "transaction count",
            "transactions",
            "total transactions",
            "payment count",
            "payments",
            "count",
        ],
        [
            "average transaction",
            "average transaction value",
            "average transaction amount",
            "average amount",
            "average value",
            "avg amount",
        ],
        [
            "total amount",
            "total volume",
            "volume",
            "total value",
            "total paid",
            "amount total",
            "sum",
            "total",
        ],
    ),
];

/// What a rate is called after, what it counts, and of what.
const RATES: [(&str, &[&str], &[&str]); 7] = [
    (
        "error, failure",
        &[
            "errors",
            "error count",
            "failed",
            "failures",
            "failure count",
            "failed requests",
            "failed count",
        ],
        CALLS,
    ),
    (
        "success",
        &[
            "successes",
            "success count",
            "successful",
            "succeeded",
            "passed",
            "passed count",
            "successful runs",
            "successful requests",
            "successful count",
        ],
        CALLS,
    ),
    (
        "open",
        &["opened", "opens", "open count", "opened count"],
        &["delivered", "sent", "delivered count", "sent count"],
    ),
    (
        "click, click through",
        &["clicked", "clicks", "click count"],
        &["impressions", "delivered", "sent", "views"],
    ),
    (
        "conversion",
        &["conversions", "converted", "conversion count"],
        &["clicks", "visits", "visitors", "leads"],
    ),
    (
        "bounce",
        &["bounces", "bounced", "bounce count"],
        &["sent", "visits"],
    ),
    (
        "win",
        &["wins", "won"],
        &[
            "games played",
            "matches played",
            "played",
            "games",
            "matches",
        ],
    ),
];
const CALLS: &[&str] = &[
    "requests",
    "request count",
    "requests count",
    "total requests",
    "calls",
    "total calls",
    "attempts",
    "executions",
    "runs",
    "total runs",
    "total count",
    "total",
];

/// How often there was any reaction, where each is counted beside it.
pub(super) fn reactions(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let is_reaction =
        |name: &str, words: &Words| matches!(name, "+1" | "-1") || REACTIONS.contains(&words.all());
    let counts = named
        .iter()
        .filter(|(name, words)| is_reaction(name, words));
    let counts = counts.filter_map(|(name, _)| Some((*name, members.get(*name)?.as_i64()?)));
    let counts: Vec<(&str, i64)> = counts.collect();
    let all = named.iter().find(|(_, words)| ALL.contains(&words.all()));
    let (Some((all, _)), true) = (all, counts.len() > 1) else {
        return Vec::new();
    };
    let sum = counts
        .iter()
        .try_fold(0_i64, |sum, (_, count)| sum.checked_add(*count));
    match sum {
        Some(sum) if is_free(all) && sum >= 0 => vec![((*all).to_owned(), sum.into())],
        _ => Vec::new(),
    }
}

/// What so many of such an average come to.
pub(super) fn averaged(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    // Beside its rows all of it is what they come to.
    if members.values().any(Value::is_array) {
        return Vec::new();
    }
    let mut changes = Vec::new();
    for (counts, averages, totals) in AVERAGED {
        let [count, average, total] = [&counts[..], &averages, &totals]
            .map(|phrases| find(named, phrases).and_then(|name| Some((name, members.get(name)?))));
        let (Some((_, count)), Some((mean, average)), Some((total, sum))) = (count, average, total)
        else {
            continue;
        };
        let numbers = count.as_f64().zip(average.as_f64()).zip(sum.as_f64());
        let Some(((number, each), all)) = numbers.filter(|((number, _), _)| *number >= 0.0) else {
            continue;
        };
        let told = match is_free(total) {
            true => amount(number * each, sum).map(|sum| (total, sum)),
            false if is_free(mean) && number > 0.0 => {
                amount(all / number, average).map(|average| (mean, average))
            }
            false => None,
        };
        changes.extend(told.map(|(name, value)| (name.to_owned(), value)));
    }
    changes
}

/// How many of all there are were so, as a part of one or in percent.
pub(super) fn rated(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let rates = named
        .iter()
        .filter(|(name, words)| words.last() == "rate" && is_free(name));
    let rates = rates.filter_map(|(name, words)| {
        let of = words.before("rate");
        let (_, parts, wholes) = RATES
            .iter()
            .find(|(after, ..)| after.split(", ").any(|after| after == of))?;
        let number = |phrases: &[&str]| members.get(find(named, phrases)?)?.as_f64();
        let (part, whole) = (number(parts)?, number(wholes)?);
        // Of none nothing is so.
        let rate = (0.0..=whole)
            .contains(&part)
            .then(|| part / whole.max(1.0))?;
        let own = members.get(*name)?;
        let is_part_of_one = own.as_f64()? <= 1.0 && !own.is_i64();
        let (rate, places) = match is_part_of_one {
            true => (rate, 10_000.0),
            false => (rate * 100.0, 100.0),
        };
        let rounded = (rate * places).round() / places;
        let told = match rounded.fract() == 0.0 || own.is_i64() {
            true => Value::from(rounded.round() as i64),
            false => Value::Number(Number::from_f64(rounded)?),
        };
        Some(((*name).to_owned(), told))
    });
    rates.collect()
}

/// An amount to cents, as whole as what it is like.
fn amount(amount: f64, like: &Value) -> Option<Value> {
    let cents = (amount * 100.0).round() / 100.0;
    match cents.fract() == 0.0 || !like.is_f64() {
        true if cents.abs() < 1e15 => Some(Value::from(cents.round() as i64)),
        true => None,
        false => Number::from_f64(cents).map(Value::Number),
    }
}

/// The member that one of some phrases names.
fn find<'m>(named: &[(&'m str, Words)], phrases: &[&str]) -> Option<&'m str> {
    phrases.iter().find_map(|phrase| {
        let found = named.iter().find(|(_, words)| words.all() == *phrase);
        found.map(|(name, _)| *name)
    })
}

#[cfg(test)]
mod tests {
    use super::super::pairs::consonant;
    use serde_json::json;

    #[test]
    fn what_is_counted_comes_to_all_there_is() {
        for (object, name, expected) in [
            (
                json!({"total_count": 17, "+1": 84, "-1": 40, "heart": 29}),
                "total_count",
                json!(153),
            ),
            (
                json!({"orderCount": 5, "averageOrderValue": 33.5, "totalSpent": 17.33}),
                "totalSpent",
                json!(167.5),
            ),
            (
                json!({"requests": 12, "errors": 3, "errorRate": 0.51}),
                "errorRate",
                json!(0.25),
            ),
            (
                json!({"sent": 200, "opened": 50, "open_rate": 61.5}),
                "open_rate",
                json!(25),
            ),
            (
                json!({"requests": 12, "errors": 0, "errorRate": 0.51}),
                "errorRate",
                json!(0),
            ),
            (
                json!({"requests": 0, "errors": 0, "errorRate": 0.99}),
                "errorRate",
                json!(0),
            ),
            (json!({"total": 3, "heart": 29}), "total", json!(3)),
            (
                json!({"errors": 3, "errorRate": 0.51}),
                "errorRate",
                json!(0.51),
            ),
            (
                json!({"open": 15.5, "price": 16, "change": 13}),
                "change",
                json!(0.5),
            ),
            (
                json!({"p95": 28, "median": 46, "max": 30}),
                "p95",
                json!(30),
            ),
            (
                json!({"avgSpeed": 96, "maxSpeed": 57}),
                "avgSpeed",
                json!(57),
            ),
            (
                json!({"includedMinutes": 50, "usedMinutes": 65, "remainingMinutes": 20}),
                "usedMinutes",
                json!(40),
            ),
            (
                json!({"taskCount": 50, "completedTaskCount": 38, "openTaskCount": 13, "progress": 1}),
                "completedTaskCount",
                json!(40),
            ),
        ] {
            let mut members = object.as_object().cloned().expect("an object");
            members.extend(consonant(&members.clone(), &|_| true));
            assert_eq!(members[name], expected, "{object}: {members:?}");
        }
    }
}
