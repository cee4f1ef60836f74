//! Numbers of which one isn't above another, by their names: the least and the most of one thing,
//! what is used of what there is, a score below the best there can be, what lies between a low and a
//! high.

use super::words::{Words, singular};
use serde_json::{Map, Value};

/// What the lower of two limits is called, and the upper.
const LIMITS: [(&str, &str); 17] = [
    ("min", "max"),
    ("minimum", "maximum"),
    ("least", "most"),
    ("low", "high"),
    ("lowest", "highest"),
    ("lower", "upper"),
    ("from", "to"),
    ("from", "until"),
    ("start", "end"),
    ("begin", "end"),
    ("starting", "ending"),
    ("first", "last"),
    ("smallest", "largest"),
    ("floor", "ceiling"),
    ("bottom", "ceiling"),
    ("south", "north"),
    ("west", "east"),
];

/// Words of what nothing of the same goes beyond: `maxRetries`, `usageLimit`.
const MOST: [&str; 8] = [
    "max", "maximum", "limit", "quota", "allowed", "capacity", "cap", "goal",
];
/// And of what nothing of the same goes below.
const LEAST: [&str; 3] = ["min", "minimum", "least"];
/// Words of what is taken of something: `seatsUsed` of `seats`.
const TAKEN: [&str; 13] = [
    "used",
    "taken",
    "consumed",
    "booked",
    "reserved",
    "sold",
    "occupied",
    "redeemed",
    "filled",
    "completed",
    "done",
    "correct",
    "raised",
];
/// And of what isn't taken yet.
const LEFT: [&str; 4] = ["available", "remaining", "left", "free"];
/// Words that say nothing of what is measured.
const SILENT: [&str; 10] = [
    "count", "number", "of", "num", "current", "passing", "total", "made", "in", "the",
];
/// What lies between a low and a high of anything.
const BETWEEN: [&str; 14] = [
    "average",
    "avg",
    "mean",
    "median",
    "mid",
    "typical",
    "open",
    "close",
    "price",
    "last price",
    "current price",
    "last",
    "current",
    "value",
];
/// What a low or a high is of that is no farther out than others are.
const INNER: [&str; 4] = ["day", "daily", "intraday", "today"];
/// What a low or a high is of that none is farther out than.
const OUTER: [&str; 5] = ["fifty two week", "52 week", "week 52", "all time", "year"];

/// What is no more than what comes before it.
const STEPS: [&[&str]; 8] = [
    &[
        "max", "p 99", "p 95", "p 90", "p 75", "p 50", "median", "p 25", "min",
    ],
    &["sent", "delivered", "opened", "clicked", "converted"],
    &["impressions", "clicks", "conversions"],
    &["capacity", "attendance"],
    &["target", "current"],
    &["sent", "bounces"],
    &["emails sent", "bounces"],
    &["emails sent", "unsubscribed"],
];

/// How often what isn't in order is looked for: a chain of so many comes into it.
const ROUNDS: usize = 6;

/// What numbers are where one is above another that it can't be above: of two that are `free` each
/// gets the other's value. `named` are the members that are numbers.
pub(super) fn bounded(
    members: &Map<String, Value>,
    named: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let pairs = pairs(named);
    if named.len() < 2 || pairs.is_empty() {
        return Vec::new();
    }
    let mut values: Vec<&Value> = named.iter().map(|(name, _)| &members[*name]).collect();
    let mut is_changed = vec![false; named.len()];
    for _ in 0..ROUNDS {
        let mut is_settled = true;
        for (low, high) in &pairs {
            let both = values[*low].as_f64().zip(values[*high].as_f64());
            if both.is_none_or(|(low, high)| low <= high) {
                continue;
            }
            let (least, most) = (values[*low], values[*high]);
            for (at, value) in [(*low, most), (*high, least)] {
                if is_free(named[at].0) {
                    values[at] = value;
                    is_changed[at] = true;
                    is_settled = false;
                }
            }
        }
        if is_settled {
            break;
        }
    }
    let changed = (0..named.len()).filter(|at| is_changed[*at]);
    changed
        .map(|at| (named[at].0.to_owned(), values[at].clone()))
        .collect()
}

/// The pairs of which the first isn't above the second, by their places.
fn pairs(named: &[(&str, Words)]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let find = |wanted: &str| named.iter().position(|(_, words)| words.all() == wanted);
    let measures: Vec<Option<Measure>> =
        named.iter().map(|(_, words)| Measure::of(words)).collect();
    for steps in STEPS {
        let steps: Vec<usize> = steps.iter().filter_map(|step| find(step)).collect();
        pairs.extend(steps.windows(2).map(|both| (both[1], both[0])));
    }
    for (at, (_, words)) in named.iter().enumerate() {
        for (lower, upper) in LIMITS {
            let Some(other) = swapped(words, lower, upper).and_then(|other| find(&other)) else {
                continue;
            };
            pairs.push((at, other));
            let of = without(words, &[lower]);
            let is_between = |words: &Words| {
                let all = words.all();
                let is_plain = of.is_empty() || INNER.contains(&of.as_str());
                let is_of_it = !of.is_empty() && (all == of || all == whole_of(&of));
                is_of_it
                    || is_plain && BETWEEN.contains(&all)
                    || !of.is_empty()
                        && BETWEEN[..6].iter().any(|word| words.has(&[word]))
                        && without(words, &BETWEEN[..6]) == of
            };
            let is_spread = !matches!(
                lower,
                "from" | "start" | "begin" | "first" | "south" | "west"
            );
            let between = named
                .iter()
                .enumerate()
                .filter(|(_, (_, words))| is_spread && is_between(words));
            pairs.extend(between.flat_map(|(middle, _)| [(at, middle), (middle, other)]));
        }
        // What is usual lies between the ends, also where but one of them is told.
        for usual in &BETWEEN[..4] {
            for (bound, is_least) in [
                ("max", false),
                ("maximum", false),
                ("min", true),
                ("minimum", true),
            ] {
                let other = swapped(words, bound, usual).and_then(|other| find(&other));
                if let Some(middle) = other.filter(|_| words.all() != bound) {
                    pairs.push(if is_least { (at, middle) } else { (middle, at) });
                }
            }
        }
        for end in ["low", "high"] {
            let Some(of) = words.all().strip_suffix(end).map(str::trim_end) else {
                continue;
            };
            let is_inner = of.is_empty() || INNER.contains(&of);
            let outer = OUTER.iter().filter(|_| is_inner);
            let outer =
                outer.flat_map(|outer| [format!("{outer} {end}"), format!("{end} {outer}")]);
            for outer in outer.filter_map(|outer| find(&outer)) {
                pairs.push(if end == "low" {
                    (outer, at)
                } else {
                    (at, outer)
                });
            }
        }
        // Who did it twice did it once.
        let unique = ["unique", "distinct"];
        if words.has(&unique) {
            let bare = |words: &Words| without(words, &[&unique[..], &SILENT].concat());
            let of = bare(words);
            let all = named.iter().enumerate();
            let all = all.filter(|(_, (_, other))| !other.has(&unique) && bare(other) == of);
            pairs.extend(all.map(|(all, _)| (at, all)));
        }
        let Some(own) = &measures[at] else { continue };
        let above = measures.iter().enumerate().filter(|(_, other)| {
            let other = other.as_ref().filter(|other| other.of == own.of);
            other.is_some_and(|other| own.is_below(other))
        });
        pairs.extend(above.map(|(above, _)| (at, above)));
    }
    pairs
}

/// What a number measures, and which bound of it the number is.
struct Measure {
    of: String,
    bound: Bound,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    Least,
    Taken,
    Left,
    Own,
    Most,
}

impl Measure {
    fn of(words: &Words) -> Option<Measure> {
        let bound = match () {
            () if words.has(&MOST) => Bound::Most,
            () if words.has(&LEAST) => Bound::Least,
            () if words.has(&TAKEN) => Bound::Taken,
            () if words.has(&LEFT) => Bound::Left,
            () => Bound::Own,
        };
        let all = [&MOST[..], &LEAST, &TAKEN, &LEFT, &SILENT].concat();
        // `usedCount` is of the same as `maxUses`.
        let is_use =
            words.has(&["used"]) && words.all() != "used" && without(words, &all).is_empty();
        let of = if is_use {
            "use".to_owned()
        } else {
            without(words, &all)
        };
        let of = match singular(&of).as_str() {
            "usage" | "us" => "use".to_owned(),
            // Each question has one.
            "answer" => "question".to_owned(),
            of => of.to_owned(),
        };
        let is_told = !of.is_empty() || bound != Bound::Own || words.all() == "total";
        is_told.then_some(Measure { of, bound })
    }

    fn is_below(&self, other: &Measure) -> bool {
        let is_part = matches!(self.bound, Bound::Taken | Bound::Left);
        let is_taken = is_part && other.bound == Bound::Own;
        // A total beside a limit may be that of a list, and the limit its page's.
        let is_own = self.bound == Bound::Own && !self.of.is_empty();
        let is_bounded = is_own || is_part || self.bound == Bound::Least;
        is_taken || is_bounded && other.bound == Bound::Most
    }
}

/// What a name would be with one word in place of another; nothing where it hasn't got that.
fn swapped(words: &Words, one: &str, other: &str) -> Option<String> {
    words.has(&[one]).then(|| {
        let words = words
            .iter()
            .map(|word| if word == one { other } else { word });
        words.collect::<Vec<&str>>().join(" ")
    })
}

/// A name without some of its words.
fn without(words: &Words, silent: &[&str]) -> String {
    let words = words.iter().filter(|word| !silent.contains(word));
    words.collect::<Vec<&str>>().join(" ")
}

/// The long form of what is shortened beside a bound: a `tempMin` is of a `temperature`.
fn whole_of(of: &str) -> &str {
    match of {
        "temp" => "temperature",
        "temperature" => "temp",
        of => of,
    }
}

/// What is a part of what, by their names: what is used of what there may be, a score of the best;
/// and what both are of.
pub(super) fn shares<'m>(named: &[(&'m str, Words)]) -> Vec<(&'m str, &'m str, String)> {
    let measures = named
        .iter()
        .map(|(name, words)| (*name, Measure::of(words)));
    let measures: Vec<(&str, Option<Measure>)> = measures.collect();
    let mut shares = Vec::new();
    for (part, own) in &measures {
        for (whole, other) in &measures {
            if let (Some(own), Some(other)) = (own, other)
                && own.of == other.of
                && matches!(own.bound, Bound::Taken | Bound::Own)
                && own.is_below(other)
            {
                shares.push((*part, *whole, own.of.clone()));
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn agreed(object: Value, said: &[&str]) -> Value {
        let mut members = object.as_object().cloned().expect("an object");
        let before = members.clone();
        let named = before.keys().map(|name| (name.as_str(), Words::of(name)));
        let named: Vec<(&str, Words)> = named.collect();
        members.extend(bounded(&before, &named, &|name| !said.contains(&name)));
        Value::Object(members)
    }

    #[test]
    fn none_is_above_what_it_cannot_be_above() {
        for (object, said, expected) in [
            (
                json!({"retryCount": 5, "maxRetries": 3}),
                &[][..],
                json!({"retryCount": 3, "maxRetries": 5}),
            ),
            (
                json!({"score": 88.5, "maxScore": 60}),
                &["maxScore"],
                json!({"score": 60, "maxScore": 60}),
            ),
            (
                json!({"seats": 4, "seatsUsed": 88}),
                &[],
                json!({"seats": 88, "seatsUsed": 4}),
            ),
            (
                json!({"usedCount": 9, "maxUses": 2, "usage_count": 4, "usage_limit": 3}),
                &["maxUses", "usage_limit"],
                json!({"usedCount": 2, "maxUses": 2, "usage_count": 2, "usage_limit": 3}),
            ),
            (
                json!({"high": 30, "low": 10, "open": 50, "close": 5, "fiftyTwoWeekHigh": 20}),
                &[],
                json!({"high": 30, "low": 5, "open": 20, "close": 10, "fiftyTwoWeekHigh": 50}),
            ),
            (
                json!({"tempMin": 7, "tempMax": 9, "temperature": 15}),
                &[],
                json!({"tempMin": 7, "tempMax": 15, "temperature": 9}),
            ),
            (
                json!({"west": 12, "east": 3, "south": 1, "north": 2}),
                &[],
                json!({"west": 3, "east": 12, "south": 1, "north": 2}),
            ),
        ] {
            assert_eq!(agreed(object.clone(), said), expected, "{object}");
        }
    }

    #[test]
    fn what_measures_something_else_stays() {
        for object in [
            json!({"retryCount": 5, "maxSize": 3}),
            json!({"currentPrice": 9, "price": 3}),
            json!({"from": 1, "to": 3, "value": 9}),
            json!({"total": 45, "limit": 20}),
        ] {
            assert_eq!(agreed(object.clone(), &[]), object);
        }
    }
}
