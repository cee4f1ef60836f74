//! Percentages of what stands beside them: `usagePercent` beside `used` and `limit`, `progress`
//! beside the lessons that are completed and all there are.

use super::bounds::shares;
use super::roles::{Role, role};
use super::words::{Words, singular};
use super::{Share, share};
use serde_json::{Map, Number, Value};

/// Words that say no more than that something is a percentage of what is used or done.
const SILENT: [&str; 11] = [
    "percent",
    "percentage",
    "pct",
    "used",
    "usage",
    "complete",
    "completed",
    "completion",
    "progress",
    "utilization",
    "of",
];

type Changes = Vec<(String, Value)>;

/// Whether a name says itself that something is in percent.
fn is_hundred(words: &Words) -> bool {
    words.has(&["percent", "percentage", "pct"])
}

/// What percentages are, where what they are of stands beside them. Those that aren't `free` stand.
pub(super) fn percents(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let asked = named
        .iter()
        .filter(|(name, words)| is_percentage(words) && is_free(name));
    let asked: Vec<&(&str, Words)> = asked.collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let others = named.iter().filter(|(_, words)| !is_percentage(words));
    let others = others.map(|(name, words)| (*name, Words::of(words.all())));
    let others: Vec<(&str, Words)> = others.collect();
    let mut pairs = shares(&others);
    let find = |wanted| others.iter().find(|(name, _)| share(name) == Some(wanted));
    if let (true, Some((gone, _)), Some((whole, _))) =
        (pairs.is_empty(), find(Share::Gone), find(Share::Whole))
    {
        pairs.push((gone, whole, String::new()));
    }
    let changes = asked.into_iter().filter_map(|(name, words)| {
        let of = words.iter().filter(|word| !SILENT.contains(word));
        let of = singular(&of.collect::<Vec<&str>>().join(" "));
        let mut fitting = pairs
            .iter()
            .filter(|(_, _, other)| of.is_empty() || of == *other);
        // The `closed` of a `total`, both of which are counts and no money.
        let called = |wanted: &str| {
            let mut others = others.iter();
            let is_count = |name: &str| {
                let is_money = matches!(role(name), Some(Role::Tax | Role::Fee | Role::Discount));
                !is_money && members.get(name).is_some_and(|value| !value.is_f64())
            };
            let found =
                others.find(|(name, words)| singular(words.all()) == wanted && is_count(name));
            found.map(|(name, _)| *name)
        };
        let plain = || Some((called(&of).filter(|_| !of.is_empty())?, called("total")?));
        let (part, whole) = match fitting.next() {
            Some((part, whole, _)) => (*part, *whole),
            None => plain()?,
        };
        // Of several it may be any.
        if of.is_empty() && pairs.iter().any(|(_, other, _)| *other != whole) {
            return None;
        }
        let (part, whole) = (members.get(part)?.as_f64()?, members.get(whole)?.as_f64()?);
        let own = members.get(*name)?;
        let hundred = percent(part, whole, own)?;
        // What may be no more than one is a part of that; else it's said in percent after all.
        let is_small = own.as_f64().is_some_and(|own| own <= 1.0) && !is_hundred(words);
        let one = ((part / whole) * 100.0).round() / 100.0;
        let one = Number::from_f64(one)
            .filter(|_| is_small)
            .map(Value::Number);
        let told = one.into_iter().chain([hundred]);
        let named = told.map(|told| ((*name).to_owned(), told));
        Some(named.collect::<Changes>())
    });
    changes.flatten().collect()
}

/// How much a price is above what it was before, and how much of that in percent.
pub(super) fn change(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let find = |phrases: &[&str]| {
        let mut phrases = phrases.iter();
        phrases.find_map(|phrase| {
            let mut named = named.iter();
            let (name, _) = named.find(|(_, words)| words.all() == *phrase)?;
            Some((*name, members.get(*name)?.as_f64()?))
        })
    };
    let now = find(&["current price", "last price", "price", "close", "last"]);
    let before = find(&[
        "previous close",
        "prev close",
        "previous price",
        "prior close",
    ]);
    let before = before.or_else(|| find(&["open", "open price", "opening price", "day open"]));
    let (Some((_, now)), Some((_, before))) = (now, before) else {
        return Vec::new();
    };
    let change = now - before;
    let told = [
        (
            find(&["change", "price change", "day change", "net change"]),
            change,
        ),
        (
            find(&[
                "change percent",
                "percent change",
                "change percentage",
                "change pct",
            ]),
            change / before * 100.0,
        ),
    ];
    let told = told.into_iter().filter_map(|(name, value)| {
        let (name, _) = name.filter(|(name, _)| is_free(name))?;
        let rounded = Number::from_f64((value * 100.0).round() / 100.0)?;
        Some((name.to_owned(), Value::Number(rounded)))
    });
    told.collect()
}

/// So much of a whole in percent, as whole as what it is like.
pub(super) fn percent(part: f64, whole: f64, like: &Value) -> Option<Value> {
    let percent = part / whole * 100.0;
    if !(0.0..=100.0).contains(&percent) {
        return None;
    }
    let rounded = (percent * 10.0).round() / 10.0;
    match !like.is_f64() || rounded.fract() == 0.0 {
        true => Some(Value::from(rounded.round() as i64)),
        false => Number::from_f64(rounded).map(Value::Number),
    }
}

/// Whether a name tells how much of what is to be done is.
pub fn is_progress(name: &str) -> bool {
    let words = Words::of(name);
    let done = ["progress", "complete", "completed", "completion"];
    is_percentage(&words) && words.has(&done)
}

/// Whether a name is of a percentage, rather than of a part of one.
pub(super) fn is_percentage(words: &Words) -> bool {
    is_hundred(words) || words.all() == "progress"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn percentages_are_of_what_is_beside_them() {
        for (object, name, expected) in [
            (
                json!({"used": 12, "limit": 20, "usagePercent": 3}),
                "usagePercent",
                json!(60),
            ),
            (
                json!({"storageUsed": 1, "storageLimit": 8, "seatsUsed": 1, "seats": 4,
                       "storageUsedPercent": 3.5}),
                "storageUsedPercent",
                json!(12.5),
            ),
            (
                json!({"completedLessons": 3, "totalLessons": 12, "progress": 90}),
                "progress",
                json!(25),
            ),
            (
                json!({"score": 45, "maxScore": 60, "percentage": 7}),
                "percentage",
                json!(75),
            ),
            (
                json!({"price": 9, "discountPercent": 7}),
                "discountPercent",
                json!(7),
            ),
            (
                json!({"remaining": 5, "limit": 20, "used": 15, "percent": 3}),
                "percent",
                json!(75),
            ),
            (
                json!({"used": 12, "limit": 0, "percent": 3}),
                "percent",
                json!(3),
            ),
        ] {
            let mut members = object.as_object().cloned().expect("an object");
            let before = members.clone();
            let named = before.keys().map(|name| (name.as_str(), Words::of(name)));
            let named: Vec<(&str, Words)> = named.collect();
            members.extend(percents(&before, &named, &|_| true));
            assert_eq!(members[name], expected, "{object}");
        }
    }
}
