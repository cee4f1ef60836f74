//! How many of a whole are of one kind, by their names: `activeUsers` of `totalUsers`, the
//! `completed` of a `total`. No part is more than the whole, and those that leave nothing between
//! them come to it.

use super::words::Words;
use serde_json::{Map, Value};

/// What all of something is called.
const WHOLE: [&str; 8] = [
    "total",
    "all",
    "overall",
    "capacity",
    "limit",
    "included",
    "allowance",
    "quota",
];
/// Words of a whole that something may stay below.
const BOUNDS: [&str; 5] = ["capacity", "limit", "included", "allowance", "quota"];
/// Words that say that something is counted.
const NUMBERS: [&str; 4] = ["count", "number", "num", "counts"];
/// The line of kinds that what bounds something has.
const ROOM: usize = 9;

/// What tells of which kind a part is: of those of one line, each is what the others aren't.
const KINDS: [&[&[&str]]; 12] = [
    &[
        &[
            "success",
            "successes",
            "successful",
            "succeeded",
            "passed",
            "ok",
        ],
        &["failed", "failure", "failures", "failing", "unsuccessful"],
        &["skipped", "ignored"],
    ],
    &[
        &["completed", "complete", "done", "finished", "processed"],
        &[
            "pending",
            "queued",
            "waiting",
            "outstanding",
            "open",
            "todo",
        ],
        &["failed", "errored"],
        &["underway"],
    ],
    &[&["active", "activated"], &["inactive", "deactivated"]],
    &[&["enabled"], &["disabled"]],
    &[&["online"], &["offline"]],
    &[
        &["open", "opened", "unresolved"],
        &["underway"],
        &["closed", "resolved"],
    ],
    &[&["read", "seen"], &["unread", "unseen"]],
    &[&["valid"], &["invalid"]],
    &[&["paid"], &["unpaid"]],
    &[
        &[
            "used",
            "booked",
            "reserved",
            "occupied",
            "sold",
            "consumed",
            "enrolled",
            "attending",
        ],
        &["remaining", "available", "free", "left", "unused", "vacant"],
    ],
    &[&["approved", "accepted"], &["rejected", "declined"]],
    &[&["verified", "confirmed"], &["unverified", "unconfirmed"]],
];

/// What more is a part of a whole.
const PARTS: [&str; 14] = [
    "new",
    "overdue",
    "archived",
    "deleted",
    "published",
    "draft",
    "running",
    "delivered",
    "cancelled",
    "canceled",
    "blocked",
    "suspended",
    "assigned",
    "recent",
];

/// Words that say nothing of what is counted.
const COUNTED: [&str; 9] = [
    "count", "counts", "number", "of", "num", "items", "spots", "places", "slots",
];

struct Part<'m> {
    name: &'m str,
    value: i64,
    /// Its line among the kinds, and its place there, where it has one.
    kind: Option<(usize, usize)>,
}

/// What parts are where their whole tells that they can't be what they are. Those that aren't
/// `free` stand.
pub(super) fn parts(
    members: &Map<String, Value>,
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let counts = members.iter().filter_map(|(name, value)| {
        let value = value.as_i64().filter(|value| *value >= 0)?;
        let words = counted(name);
        let is_count = !words.has(&["percent", "percentage", "pct", "rate", "ratio", "at", "on"]);
        is_count.then_some((name.as_str(), words, value))
    });
    let counts: Vec<(&str, Words, i64)> = counts.collect();
    let mut changes = Vec::new();
    let mut wholes = counts.iter();
    let is_whole = |word: &str| WHOLE.contains(&word);
    let has_bare =
        wholes.any(|(_, words, _)| rest(words, is_whole).is_some_and(|of| of.is_empty()));
    let is_kind = |word: &str| kind_of(word).is_some() || PARTS.contains(&word);
    for (_, words, whole) in &counts {
        // A `taskCount` is all of them beside those of a kind, where nothing else is.
        let plain = || {
            let of = rest(words, |word| NUMBERS.contains(&word))?;
            let is_plain = !of.is_empty() && !words.iter().any(is_kind);
            let has_whole = || {
                let mut others = counts.iter();
                others.any(|(_, words, _)| rest(words, is_whole).is_some_and(|other| other == of))
            };
            (is_plain && !has_whole()).then_some(of)
        };
        let told = rest(words, is_whole);
        let is_plain = told.is_none();
        let Some(of) = told.or_else(plain) else {
            continue;
        };
        let parts = counts.iter().filter_map(|(name, words, value)| {
            let mut kind = None;
            let own = rest(words, |word| {
                let found = kind_of(word);
                kind = kind.or(found);
                found.is_some() || PARTS.contains(&word)
            })?;
            // Where there is no bare `total`, what is of nothing is of this.
            (own == of || own.is_empty() && !has_bare && !is_plain).then_some(Part {
                name,
                value: *value,
                kind,
            })
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let is_bound = words.has(&BOUNDS);
        let mut settled: Vec<&str> = Vec::new();
        let lines = (0..KINDS.len()).map(|at| {
            let line = parts
                .iter()
                .filter(|part| part.kind.is_some_and(|kind| is_in(kind, at, part.name)));
            (at, line.collect::<Vec<&Part<'_>>>())
        });
        let mut lines: Vec<(usize, Vec<&Part<'_>>)> = lines.collect();
        // What stands in two lines is of the one that tells of more.
        lines.sort_by_key(|(_, line)| std::cmp::Reverse(line.len()));
        for (at, line) in lines {
            let is_known = line.iter().any(|part| settled.contains(&part.name));
            if is_bound && at != ROOM || is_known {
                continue;
            }
            if line.len() > 1 {
                settled.extend(line.iter().map(|part| part.name));
            }
            settle(&line, *whole, is_free, &mut changes);
        }
        let alone = parts.iter().filter(|part| part.kind.is_none() && !is_bound);
        alone.for_each(|part| settle(&[part], *whole, is_free, &mut changes));
    }
    changes
}

/// The words of what is counted, with one for what two say that alone mean something else.
fn counted(name: &str) -> Words {
    let words = Words::of(name);
    match words.all().contains("in progress") {
        true => Words::of(&words.all().replace("in progress", "underway")),
        false => words,
    }
}

/// Whether a part stands in a line of kinds: what failed, or is open, stands in each that has it.
fn is_in((line, _): (usize, usize), wanted: usize, name: &str) -> bool {
    let words = counted(name);
    line == wanted || KINDS[wanted].iter().any(|kind| words.has(kind))
}

/// Whether a number tells how much there is room for yet: the `spots left`.
pub(super) fn is_left(words: &Words) -> bool {
    words.has(&["left", "remaining", "available", "free", "vacant"])
}

/// Has parts that stand in one line come to the whole; one alone be no more than it.
fn settle(
    parts: &[&Part<'_>],
    whole: i64,
    is_free: &dyn Fn(&str) -> bool,
    changes: &mut Vec<(String, Value)>,
) {
    let mut set = |part: &Part<'_>, value: i64| {
        if value != part.value {
            changes.push((part.name.to_owned(), value.into()));
        }
    };
    let sum = parts
        .iter()
        .try_fold(0_i64, |sum, part| sum.checked_add(part.value));
    match parts {
        [] => {}
        [part] if part.value > whole && is_free(part.name) => set(part, whole / 5 * 4 + whole % 5),
        [_] => {}
        _ if sum == Some(whole) => {}
        _ => {
            // The first that may be another has most of what the others leave.
            let said = parts.iter().filter(|part| !is_free(part.name));
            let said = said.fold(0_i64, |sum, part| sum.saturating_add(part.value));
            let mut left = whole.saturating_sub(said);
            let free: Vec<&&Part<'_>> = parts.iter().filter(|part| is_free(part.name)).collect();
            if left < 0 {
                return;
            }
            let most = left;
            for part in free.iter().skip(1).rev() {
                let own = part.value.min(most / 5);
                set(part, own);
                left -= own;
            }
            if let Some(part) = free.first() {
                set(part, left.max(0));
            }
        }
    }
}

/// What a count is of, where one of its words tells that it's of a kind.
fn rest(words: &Words, mut is_kind: impl FnMut(&str) -> bool) -> Option<String> {
    let mut is_there = false;
    let others = words.iter().filter(|word| {
        let is_kind = is_kind(word);
        is_there |= is_kind;
        !is_kind && !COUNTED.contains(word)
    });
    let others = others.collect::<Vec<&str>>().join(" ");
    is_there.then(|| others.strip_suffix('s').unwrap_or(&others).to_owned())
}

fn kind_of(word: &str) -> Option<(usize, usize)> {
    let lines = KINDS.iter().enumerate();
    let mut kinds = lines.flat_map(|(line, kinds)| {
        let kinds = kinds.iter().enumerate();
        kinds.map(move |(kind, words)| (line, kind, words))
    });
    let found = kinds.find(|(_, _, words)| words.contains(&word));
    found.map(|(line, kind, _)| (line, kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn agreed(object: Value, said: &[&str]) -> Value {
        let mut members = object.as_object().cloned().expect("an object");
        let changes = parts(&members, &|name| !said.contains(&name));
        members.extend(changes);
        Value::Object(members)
    }

    #[test]
    fn parts_are_no_more_than_the_whole_and_come_to_it() {
        for (object, said, expected) in [
            (
                json!({"total": 10, "successful": 30, "failed": 1}),
                &[][..],
                json!({"total": 10, "successful": 9, "failed": 1}),
            ),
            (
                json!({"total": 10, "success": 3, "failed": 9, "skipped": 8}),
                &[],
                json!({"total": 10, "success": 6, "failed": 2, "skipped": 2}),
            ),
            (
                json!({"totalUsers": 20, "activeUsers": 26, "newUsers": 9}),
                &[],
                json!({"totalUsers": 20, "activeUsers": 16, "newUsers": 9}),
            ),
            (
                json!({"completed": 1_721_331_536_i64, "total": 55}),
                &[],
                json!({"completed": 44, "total": 55}),
            ),
            (
                json!({"totalCount": 24, "readCount": 18, "unreadCount": 3}),
                &["unreadCount"],
                json!({"totalCount": 24, "readCount": 21, "unreadCount": 3}),
            ),
            (
                json!({"limit": 20, "remaining": 124}),
                &[],
                json!({"limit": 20, "remaining": 16}),
            ),
        ] {
            assert_eq!(agreed(object.clone(), said), expected, "{object}");
        }
    }

    #[test]
    fn what_is_of_something_else_stays() {
        for object in [
            json!({"totalUsers": 20, "activeSessions": 26}),
            json!({"total": 10, "completed": 4}),
            json!({"active": 26, "inactive": 4}),
            json!({"total": 10, "failed": 0}),
        ] {
            assert_eq!(agreed(object.clone(), &[]), object);
        }
    }
}
