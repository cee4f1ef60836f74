//! What is measured twice, or is reckoned from what is measured: in kilograms and pounds, a body's
//! mass for its height, what is left of an account after a payment.

use super::balances::{Changes, Named, like, named_so, number};
use super::flags::is_paid;
use super::roles::{Role, role};
use super::spacing::seconds;
use super::words::Words;
use serde_json::{Map, Value};

/// Two units of the same, by the ends of names, with how many of the other one is, and what is
/// added to that.
const UNITS: [(&[&str], &[&str], f64, f64); 7] = [
    (
        &["km", "kilometers", "kilometres"],
        &["miles", "mi"],
        0.621_371,
        0.0,
    ),
    (
        &["kg", "kilograms", "kilos"],
        &["lbs", "lb", "pounds"],
        2.204_62,
        0.0,
    ),
    (&["cm", "centimeters"], &["inches", "in"], 0.393_701, 0.0),
    (&["m", "meters", "metres"], &["ft", "feet"], 3.280_84, 0.0),
    (&["c", "celsius", ""], &["f", "fahrenheit"], 1.8, 32.0),
    (&["kph", "kmh", "km h"], &["mph"], 0.621_371, 0.0),
    (
        &["liters", "litres", "l"],
        &["gallons", "gal"],
        0.264_172,
        0.0,
    ),
];

/// What is measured in two units is the same in both.
pub(super) fn units(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let mut changes = Vec::new();
    for (one, words) in named {
        for (units, others, times, more) in UNITS {
            let stem = units.iter().find_map(|unit| match *unit {
                "" => words.all().starts_with("temp").then_some(words.all()),
                unit => words.all().strip_suffix(unit)?.strip_suffix(' '),
            });
            let Some(stem) = stem else { continue };
            let names: Vec<String> = others.iter().map(|unit| format!("{stem} {unit}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let Some(other) = named_so(named, &names) else {
                continue;
            };
            let (was, is) = (members[*one].as_f64(), members[other].as_f64());
            let told = match (was, is) {
                (Some(was), _) if is_free(other) => Some((other, was * times + more)),
                (_, Some(is)) if is_free(one) => Some((*one, (is - more) / times)),
                _ => None,
            };
            let is_exact = |name: &str| members[name].is_f64();
            let value = told.and_then(|(name, value)| {
                let like_of = if is_exact(one) { *one } else { name };
                Some((name.to_owned(), like(value, &members[like_of], 2)?))
            });
            changes.extend(value);
        }
    }
    changes
}

/// What is left of an account that something was paid from, with the fee for it.
pub(super) fn transferred(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let found = || {
        let before = named_so(named, &["balance before", "previous balance"])?;
        let after = named_so(named, &["balance after", "new balance"])?;
        let value = |name: &str| members.get(name)?.as_f64();
        let of = |wanted: Role| named.iter().find(|(name, _)| role(name) == Some(wanted));
        let (amount, _) = of(Role::Amount)?;
        let fee = of(Role::Fee).and_then(|(fee, _)| value(fee));
        let paid = value(amount)?.abs() + fee.unwrap_or_default();
        let comes_in = members.iter().any(|(name, value)| {
            let is_kind = matches!(Words::of(name).all(), "type" | "direction" | "kind");
            let text = value.as_str().filter(|_| is_kind).map(str::to_lowercase);
            text.is_some_and(|text| ["credit", "deposit", "in", "incoming"].contains(&&*text))
        });
        let change = if comes_in { paid } else { -paid };
        let (was, is) = (value(before)?, value(after)?);
        // A sum with cents has them before and after.
        let whole = [before, after, *amount].into_iter();
        let exact = whole
            .clone()
            .find(|name| members[*name].is_f64())
            .unwrap_or(after);
        let written = |name: &str, sum: f64| {
            let like_of = if sum.fract() == 0.0 { name } else { exact };
            Some((name.to_owned(), like(sum, &members[like_of], 2)?))
        };
        Some(match (is_free(before), is_free(after)) {
            (_, true) if was + change >= 0.0 => vec![written(after, was + change)?],
            (true, _) => vec![written(before, is - change)?],
            _ => Vec::new(),
        })
    };
    found().unwrap_or_default()
}

/// What is reckoned from what is measured: a body's mass for its height, how long it takes to read
/// so many words, the same size again.
pub(super) fn measured(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let of = |names: &[&str]| number(members, named, names);
    let free = |names: &[&str]| named_so(named, names).filter(|name| is_free(name));
    let bmi = || {
        let name = free(&["bmi", "body mass index"])?;
        let metres = of(&["height cm", "height in cm"]).map(|height| height / 100.0);
        let metres = metres.or_else(|| of(&["height m", "height in meters"]))?;
        let value = of(&["weight kg", "weight"])? / metres.powi(2);
        let value = (value * 10.0).round() / 10.0;
        Some((name.to_owned(), value.into()))
    };
    let reading = || {
        let name = free(&[
            "reading time",
            "read time",
            "reading time minutes",
            "minutes to read",
        ])?;
        let words = of(&["word count", "words", "number of words"])?;
        Some((
            name.to_owned(),
            ((words / 200.0).ceil().max(1.0) as i64).into(),
        ))
    };
    let size = || {
        let name = free(&["size bytes", "size in bytes", "bytes"])?;
        let own = named_so(named, &["size", "file size"])?;
        Some((name.to_owned(), members.get(own)?.clone()))
    };
    let trial = || {
        let name = free(&["trial days", "trial period days"])?;
        let moment = |wanted: [&str; 2]| {
            let mut told = members.iter().filter(|(_, value)| value.is_string());
            let found = told.find(|(name, _)| wanted.contains(&Words::of(name).all()));
            seconds(found?.1.as_str()?)
        };
        let end = moment(["trial end", "trial ends at"])?;
        let days = (end - moment(["trial start", "trial starts at"])?) / 86_400;
        (days > 0).then(|| (name.to_owned(), days.into()))
    };
    [bmi(), reading(), size(), trial()]
        .into_iter()
        .flatten()
        .collect()
}

/// What is paid isn't late.
pub(super) fn late(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let name = named_so(named, &["days overdue", "overdue days", "days late"]);
    let name = name.filter(|name| is_free(name) && is_paid(members));
    name.map(|name| (name.to_owned(), 0.into()))
        .into_iter()
        .collect()
}

const READABLE: [&str; 6] = [
    "human size",
    "readable size",
    "formatted size",
    "size formatted",
    "size human",
    "human readable size",
];
const FORMATTED: [&str; 7] = [
    "formatted",
    "formatted amount",
    "formatted price",
    "price formatted",
    "amount formatted",
    "display price",
    "display amount",
];

/// Whether a text tells what was measured, or what something costs, by its name.
pub(super) fn tells(words: &Words) -> bool {
    READABLE.contains(&words.all())
        || FORMATTED.contains(&words.all())
        || matches!(
            words.all(),
            "blood pressure" | "symbol" | "winner" | "winning team"
        )
}

/// What such a text says by what is beside it; `sign` is that of the currency.
pub(super) fn told(words: &Words, members: &Map<String, Value>, sign: &str) -> Option<Value> {
    let find = |names: &[&str]| {
        names.iter().find_map(|wanted| {
            let mut members = members.iter();
            members.find(|(name, _)| Words::of(name).all() == *wanted)
        })
    };
    let number = |names: &[&str]| find(names)?.1.as_f64();
    let has_currency = || {
        members
            .keys()
            .any(|name| role(name) == Some(Role::Currency))
    };
    match words.all() {
        "blood pressure" => {
            let (high, low) = (number(&["systolic"])?, number(&["diastolic"])?);
            Some(format!("{high}/{low}").into())
        }
        "symbol" => {
            let traded = ["price", "exchange", "ticker", "open", "market cap"];
            (has_currency() && find(&traded).is_none()).then(|| sign.into())
        }
        "winner" | "winning team" => {
            let home = number(&["home score", "home goals"])?;
            let away = number(&["away score", "away goals"])?;
            let team = match () {
                () if home > away => find(&["home team"])?,
                () if away > home => find(&["away team"])?,
                () => return Some("Draw".into()),
            };
            Some(team.1.as_str()?.into())
        }
        name if READABLE.contains(&name) => {
            let mut size = number(&["size", "file size", "size bytes", "bytes"])?;
            let mut units = ["B", "KB", "MB", "GB", "TB"].into_iter();
            let mut unit = units.next()?;
            while size >= 1_000.0 {
                (size, unit) = (size / 1_000.0, units.next()?);
            }
            Some(format!("{} {unit}", (size * 10.0).round() / 10.0).into())
        }
        _ => {
            let cost = [Role::Amount, Role::Price, Role::Total, Role::Sum];
            let (_, amount) = members.iter().find(|(name, value)| {
                value.is_number() && role(name).is_some_and(|role| cost.contains(&role))
            })?;
            has_currency().then_some(())?;
            Some(match amount.is_f64() {
                true => format!("{sign}{:.2}", amount.as_f64()?).into(),
                false => format!("{sign}{amount}").into(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::consonant;
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_measured_twice_is_the_same() {
        for (object, said, expected) in [
            (
                json!({"weightKg": 10, "weightLb": 9.5}),
                "",
                json!({"weightKg": 10, "weightLb": 22.05}),
            ),
            (
                json!({"weightKg": 9.5, "weightLbs": 22}),
                "weightLbs",
                json!({"weightKg": 9.98, "weightLbs": 22}),
            ),
            (
                json!({"temperature": 21.5, "temperatureF": 3}),
                "",
                json!({"temperature": 21.5, "temperatureF": 70.7}),
            ),
            (
                json!({"distanceKm": 100.5, "distanceMiles": 9}),
                "",
                json!({"distanceKm": 100.5, "distanceMiles": 62.45}),
            ),
            (
                json!({"amount": 50, "fee": 2, "balanceBefore": 97, "balanceAfter": 72}),
                "",
                json!({"amount": 50, "fee": 2, "balanceBefore": 97, "balanceAfter": 45}),
            ),
            (
                json!({"amount": 500, "balanceBefore": 97, "balanceAfter": 72}),
                "amount",
                json!({"amount": 500, "balanceBefore": 572, "balanceAfter": 72}),
            ),
            (
                json!({"heightCm": 180, "weightKg": 81, "bmi": 3.5}),
                "",
                json!({"heightCm": 180, "weightKg": 81, "bmi": 25.0}),
            ),
            (
                json!({"size": 7, "sizeBytes": 9}),
                "",
                json!({"size": 7, "sizeBytes": 7}),
            ),
            (
                json!({"homeScore": 3, "awayScore": 3, "isDraw": false}),
                "",
                json!({"homeScore": 3, "awayScore": 3, "isDraw": true}),
            ),
            (
                json!({"sex": "male", "pregnant": true}),
                "",
                json!({"sex": "male", "pregnant": false}),
            ),
            (
                json!({"paidDate": "2026-01-02", "overdue": true, "daysOverdue": 4}),
                "",
                json!({"paidDate": "2026-01-02", "overdue": false, "daysOverdue": 0}),
            ),
            (
                json!({"p50": 9, "p95": 5, "p99": 7}),
                "",
                json!({"p50": 5, "p95": 7, "p99": 9}),
            ),
        ] {
            let mut members = object.as_object().cloned().expect("an object");
            members.extend(consonant(&members.clone(), &|name| name != said));
            assert_eq!(Value::Object(members), expected, "{object}");
        }
    }

    #[test]
    fn what_is_measured_is_told_in_words() {
        for (name, beside, expected) in [
            ("humanSize", json!({"size": 2_812_345}), "2.8 MB"),
            (
                "bloodPressure",
                json!({"systolic": 120, "diastolic": 80}),
                "120/80",
            ),
            (
                "winner",
                json!({"homeTeam": "A", "awayTeam": "B", "homeScore": 1, "awayScore": 2}),
                "B",
            ),
            (
                "formatted",
                json!({"amount": 12.5, "currency": "EUR"}),
                "€12.50",
            ),
        ] {
            let members = beside.as_object().expect("an object");
            let told = told(&Words::of(name), members, "€");
            assert_eq!(told, Some(expected.into()), "{name}");
        }
    }
}
