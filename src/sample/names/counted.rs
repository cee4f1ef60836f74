//! Numbers that a participle alone is called by: when something was `completed`, or how many are.

use super::moments::{self, Step};
use super::words::Words;
use serde_json::{Map, Value};

/// From here on a number is a moment rather than a count.
const SECONDS: i64 = 1_000_000_000;

/// What tells how many of some are so, and never when.
const COUNTS: [&str; 22] = [
    "failed",
    "skipped",
    "pending",
    "remaining",
    "succeeded",
    "processed",
    "unchanged",
    "ignored",
    "errors",
    "warnings",
    "running",
    "passed",
    "duplicates",
    "invalid",
    "imported",
    "exported",
    "queued",
    "open",
    "rejected",
    "accepted",
    "cancelled",
    "canceled",
];

/// The members that were made up as moments and count, as others beside them do: `completed` beside
/// a `total`, `created` beside what is `skipped`.
pub fn counted(members: &Map<String, Value>) -> Vec<String> {
    let numbers = members
        .iter()
        .filter_map(|(name, value)| Some((name, Words::of(name), value.as_i64()?)));
    let numbers: Vec<(&String, Words, i64)> = numbers.collect();
    let has = |wanted: &[&str]| {
        let mut words = numbers.iter().map(|(_, words, _)| words.all());
        words.any(|all| wanted.contains(&all))
    };
    let (has_total, has_count) = (has(&["total", "all"]), has(&COUNTS));
    if !has_total && !has_count {
        return Vec::new();
    }
    // What has a key is a thing, to which something happens.
    let is_thing = members.contains_key("id");
    let counts = |words: &Words| {
        let told = moments::told(words).or_else(|| moments::told_in_text(words));
        let step = told.filter(|_| words.first() == words.last() && words.all() == words.last());
        step.is_some_and(|(step, _)| match step {
            Step::Finished => true,
            _ => has_count && !is_thing,
        })
    };
    let counted = numbers
        .iter()
        .filter(|(_, words, at)| *at >= SECONDS && counts(words));
    counted.map(|(name, ..)| (*name).clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn participles_count_beside_what_counts() {
        const AT: i64 = 1_712_169_217;
        for (object, expected) in [
            (json!({"completed": AT, "total": 5}), "completed"),
            (json!({"id": 1, "finished": AT, "failed": 0}), "finished"),
            (
                json!({"created": AT, "updated": AT, "skipped": 2}),
                "created updated",
            ),
            (json!({"id": 1, "created": AT, "pending": 2}), ""),
            (json!({"created": AT, "total": 1200}), ""),
            (json!({"completed": AT, "createdAt": AT}), ""),
            (json!({"completedAt": AT, "total": 3}), ""),
            (json!({"completed": 4, "total": 5}), ""),
        ] {
            let members = object.as_object().expect("an object");
            assert_eq!(counted(members).join(" "), expected, "{object}");
        }
    }
}
