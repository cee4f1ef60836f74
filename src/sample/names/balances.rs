//! Numbers of an object that are reckoned from others by their names: what so many weigh together,
//! the room that three sides make, what an account has at the end, the average of what was counted
//! by stars.

use super::words::Words;
use serde_json::{Map, Number, Value};

pub(super) type Changes = Vec<(String, Value)>;
pub(super) type Named<'n, 'm> = &'n [(&'m str, Words)];

/// What so many of something come to, by each of them: `totalWeightKg` of `unitWeightKg`.
pub(super) fn products(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let counts = [
        "quantity",
        "qty",
        "units",
        "pieces",
        "number of units",
        "count",
    ];
    let Some(count) = number(members, named, &counts) else {
        return Vec::new();
    };
    let measures = [
        "weight", "volume", "mass", "length", "area", "points", "calories",
    ];
    let totals = named
        .iter()
        .filter(|(name, words)| words.first() == "total" && words.has(&measures) && is_free(name));
    let totals = totals.filter_map(|(name, words)| {
        let of = words.all().strip_prefix("total ")?;
        let each = [format!("unit {of}"), format!("{of} each"), of.to_owned()];
        let each: Vec<&str> = each.iter().map(String::as_str).collect();
        let sum = like(count * number(members, named, &each)?, &members[*name], 3)?;
        Some(((*name).to_owned(), sum))
    });
    totals.collect()
}

/// Units of length in metres, and of room in cubic metres.
const LENGTHS: [(&str, f64); 5] = [
    ("mm", 0.001),
    ("cm", 0.01),
    ("m", 1.0),
    ("in", 0.0254),
    ("ft", 0.3048),
];
const ROOMS: [(&str, f64); 9] = [
    ("cubic meters", 1.0),
    ("cubic metres", 1.0),
    ("m 3", 1.0),
    ("m3", 1.0),
    ("cbm", 1.0),
    ("cm 3", 1e-6),
    ("cm3", 1e-6),
    ("liters", 1e-3),
    ("litres", 1e-3),
];

/// The room that a length, a width and a height make, where their units are told.
pub(super) fn volumes(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let found = || {
        let is_volume = |words: &Words| words.first() == "volume";
        let (volume, words) = named
            .iter()
            .find(|(name, words)| is_volume(words) && is_free(name))?;
        let unit = words.all().strip_prefix("volume")?.trim_start();
        let (unit, metres) = match unit {
            "" => ("", 1.0),
            unit => {
                let (_, room) = ROOMS.iter().find(|(known, _)| *known == unit)?;
                let (unit, length) = LENGTHS.iter().find(|(unit, _)| {
                    named
                        .iter()
                        .any(|(_, words)| words.all() == format!("length {unit}"))
                })?;
                (*unit, length.powi(3) / room)
            }
        };
        let side = |name: &str| number(members, named, &[format!("{name} {unit}").trim_end()]);
        let sides = side("length")? * side("width")? * side("height").or_else(|| side("depth"))?;
        let room = like(sides * metres, &members[*volume], 6)?;
        Some(((*volume).to_owned(), room))
    };
    found().into_iter().collect()
}

/// What an account has at the end: what it had, what came in and what went out.
pub(super) fn closing(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let found = || {
        let ends = [
            "closing balance",
            "ending balance",
            "end balance",
            "closing stock",
        ];
        let begins = [
            "opening balance",
            "starting balance",
            "start balance",
            "beginning balance",
            "opening stock",
        ];
        let end = named_so(named, &ends).filter(|name| is_free(name))?;
        let begin = number(members, named, &begins)?;
        let sum = |words: &[&str]| number(members, named, words);
        let gained = sum(&[
            "total credits",
            "credits",
            "total credit",
            "total deposits",
            "deposits",
            "total in",
            "received",
        ])?;
        let lost = sum(&[
            "total debits",
            "debits",
            "total debit",
            "total withdrawals",
            "withdrawals",
            "total out",
            "issued",
        ])?;
        let value = like(begin + gained.abs() - lost.abs(), &members[end], 2)?;
        Some((end.to_owned(), value))
    };
    found().into_iter().collect()
}

/// How many there are of each number of stars: their average, and how many in all.
pub(super) fn graded(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let grades = members.iter().find_map(|(name, value)| {
        let is_it = Words::of(name).has(&["distribution", "breakdown", "histogram"]);
        let counts = value
            .as_object()
            .filter(|counts| is_it && counts.len() > 1)?;
        let counts = counts.iter().map(|(grade, count)| {
            let (grade, count) = (grade.parse::<u32>().ok()?, count.as_f64()?);
            (count >= 0.0).then_some((f64::from(grade), count))
        });
        counts.collect::<Option<Vec<(f64, f64)>>>()
    });
    let Some(grades) = grades else {
        return Vec::new();
    };
    let count: f64 = grades.iter().map(|(_, count)| count).sum();
    let sum: f64 = grades.iter().map(|(grade, count)| grade * count).sum();
    let averages = [
        "average",
        "average rating",
        "avg rating",
        "rating",
        "mean",
        "score",
        "avg",
    ];
    let counts = [
        "count",
        "total",
        "rating count",
        "review count",
        "total reviews",
        "ratings count",
    ];
    let told = [
        (&averages[..], sum / count.max(1.0), 1),
        (&counts, count, 0),
    ]
    .into_iter();
    let told = told.filter_map(|(names, value, places)| {
        let name = named_so(named, names).filter(|name| is_free(name) && count > 0.0)?;
        Some((name.to_owned(), like(value, &members[name], places)?))
    });
    told.collect()
}

/// Where one changes: once less than there are parts of the way.
pub(super) fn stops(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let stops = [
        "stops",
        "number of stops",
        "stop count",
        "layovers",
        "transfers",
        "changes",
    ];
    let legs = members.iter().find_map(|(name, value)| {
        let is_way = ["segments", "legs", "flights"].contains(&Words::of(name).all());
        Some(
            value
                .as_array()
                .filter(|legs| is_way && !legs.is_empty())?
                .len(),
        )
    });
    let name = named_so(named, &stops).filter(|name| is_free(name));
    let between = members.iter().find_map(|(name, value)| {
        let is_stop = ["stopovers", "layovers", "stop points"].contains(&Words::of(name).all());
        value.as_array().filter(|_| is_stop).map(Vec::len)
    });
    let count = legs.map(|legs| legs - 1).or(between);
    let told = name
        .zip(count)
        .map(|(name, count)| (name.to_owned(), Value::from(count)));
    told.into_iter().collect()
}

/// Whether there is less than there should be, where a flag tells that.
pub(super) fn reorder(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Changes {
    let found = || {
        let flags = [
            "below reorder point",
            "is below reorder point",
            "needs reorder",
            "low stock",
            "is low stock",
        ];
        let mut members_of = members.iter().filter(|(_, value)| value.is_boolean());
        let (flag, _) = members_of.find(|(name, _)| flags.contains(&Words::of(name).all()))?;
        let points = [
            "reorder point",
            "reorder level",
            "low stock threshold",
            "min stock",
            "safety stock",
        ];
        let amounts = [
            "available",
            "available quantity",
            "on hand",
            "quantity",
            "stock",
            "in stock",
        ];
        let least = number(members, named, &points)?;
        let is_below = number(members, named, &amounts)? < least;
        is_free(flag).then(|| (flag.clone(), Value::Bool(is_below)))
    };
    found().into_iter().collect()
}

pub(super) fn named_so<'m>(named: Named<'_, 'm>, wanted: &[&str]) -> Option<&'m str> {
    let mut wanted = wanted.iter();
    wanted.find_map(|wanted| {
        let mut named = named.iter();
        let found = named.find(|(_, words)| words.all() == *wanted);
        found.map(|(name, _)| *name)
    })
}

pub(super) fn number(
    members: &Map<String, Value>,
    named: Named<'_, '_>,
    wanted: &[&str],
) -> Option<f64> {
    members.get(named_so(named, wanted)?)?.as_f64()
}

/// A number as another is written: whole, or with so many places.
pub(super) fn like(number: f64, own: &Value, places: i32) -> Option<Value> {
    if number.abs() > 1e15 {
        return None;
    }
    match own.is_f64() {
        true => {
            let unit = 10_f64.powi(places);
            Number::from_f64((number * unit).round() / unit).map(Value::Number)
        }
        false => Some((number.round() as i64).into()),
    }
}

#[cfg(test)]
mod tests {
    use crate::sample::names::consonant;
    use serde_json::{Value, json};

    fn agreed(object: Value) -> Value {
        let mut members = object.as_object().cloned().expect("an object");
        members.extend(consonant(&members.clone(), &|_| true));
        Value::Object(members)
    }

    #[test]
    fn what_is_reckoned_comes_to_what_it_is_made_of() {
        for (object, expected) in [
            (
                json!({"quantity": 3, "unitWeightKg": 1.25, "totalWeightKg": 9.5}),
                json!({"quantity": 3, "unitWeightKg": 1.25, "totalWeightKg": 3.75}),
            ),
            (
                json!({"lengthCm": 100, "widthCm": 50, "heightCm": 40, "volumeM3": 7.5}),
                json!({"lengthCm": 100, "widthCm": 50, "heightCm": 40, "volumeM3": 0.2}),
            ),
            (
                json!({"openingBalance": 10.5, "totalCredits": 5.25, "totalDebits": 1.0, "closingBalance": 1.0}),
                json!({"openingBalance": 10.5, "totalCredits": 5.25, "totalDebits": 1.0, "closingBalance": 14.75}),
            ),
            (
                json!({"average": 1.5, "count": 99, "distribution": {"1": 1, "5": 3}}),
                json!({"average": 4.0, "count": 4, "distribution": {"1": 1, "5": 3}}),
            ),
            (
                json!({"stops": 4, "segments": [{}, {}]}),
                json!({"stops": 1, "segments": [{}, {}]}),
            ),
            (
                json!({"available": 3, "reorderPoint": 5, "belowReorderPoint": false}),
                json!({"available": 3, "reorderPoint": 5, "belowReorderPoint": true}),
            ),
            (
                json!({"clicks_total": 4, "unique_clicks": 9}),
                json!({"clicks_total": 9, "unique_clicks": 4}),
            ),
            (
                json!({"open": 44, "inProgress": 59, "closed": 3, "total": 50}),
                json!({"open": 37, "inProgress": 10, "closed": 3, "total": 50}),
            ),
        ] {
            assert_eq!(agreed(object.clone()), expected, "{object}");
        }
    }
}
