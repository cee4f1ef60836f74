//! What is made now is new: it happened now, and nothing has come of it yet.

use super::name::{is_called, plain, words};
use super::stamps::{alike, is_of_event, is_of_new, keeps_time};
use crate::sample::{lies_behind, rank};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::{Map, Value};

/// How long what expires is good for at least, where nothing tells.
const GOOD_FOR: i64 = 3600;

/// What tells that something was made, beside what is kept of items.
const MADE: [&str; 6] = [
    "issued",
    "issuedat",
    "issuedon",
    "issuetime",
    "iat",
    "dateissued",
];
/// What tells until when something is good.
const EXPIRES: [&str; 7] = [
    "expires",
    "expiresat",
    "expireson",
    "expiry",
    "expirydate",
    "expirationdate",
    "exp",
];
/// What tells how long that is, in seconds.
const LASTS: [&str; 3] = ["expiresin", "ttl", "maxage"];
/// Words of moments that lie where they lie whenever they are told of.
const FIXED: [&str; 5] = ["birth", "born", "dob", "birthday", "founded"];

/// Moves the moments of what was made up for something that is made now, so that it is: what comes
/// before and after that keeps its distance, but nothing that lies behind comes to lie ahead. What a
/// client said stays.
pub(super) fn happen_now(
    item: &Map<String, Value>,
    now: DateTime<Utc>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let moments = || {
        let free = item.iter().filter(|(name, _)| !is_said(name));
        free.filter_map(|(name, value)| Some((name.as_str(), moment(name, value)?)))
    };
    let is_one_of = |name: &str, known: &[&str]| known.iter().any(|known| is_called(name, known));
    let made = moments()
        .find(|(name, _)| is_one_of(name, &MADE) || is_of_new(name) && !keeps_time(name, false));
    // What is asked for has been since its first step.
    let first = || {
        let done = moments().filter(|(name, _)| lies_behind(name) && is_of_event(name));
        done.min_by_key(|(name, _)| rank(name))
    };
    let made = made.or_else(first);
    let lasts = || {
        let lasting = item.iter().find(|(name, _)| is_one_of(name, &LASTS));
        let lasting = lasting.and_then(|(_, value)| value.as_i64());
        lasting
            .filter(|long| (1..100_000_000).contains(long))
            .unwrap_or(GOOD_FOR)
    };
    let later = match made {
        Some((_, at)) => now - at,
        None => {
            let Some((_, end)) = moments().find(|(name, _)| is_one_of(name, &EXPIRES)) else {
                return Vec::new();
            };
            now + Duration::seconds(lasts()) - end
        }
    };
    if later <= Duration::zero() {
        return Vec::new();
    }
    let moved = moments().filter_map(|(name, at)| {
        let at = match is_one_of(name, &EXPIRES) && item.keys().any(|own| is_one_of(own, &LASTS)) {
            true => now + Duration::seconds(lasts()),
            false => at.checked_add_signed(later)?,
        };
        let at = if lies_behind(name) { at.min(now) } else { at };
        Some((name.to_owned(), alike(item.get(name)?, at)?))
    });
    moved.collect()
}

/// The moment that a property tells of.
fn moment(name: &str, value: &Value) -> Option<DateTime<Utc>> {
    let parts = words(name);
    if parts.iter().any(|word| FIXED.contains(&word.as_str())) {
        return None;
    }
    match value {
        Value::String(text) => match DateTime::parse_from_rfc3339(text) {
            Ok(at) => Some(at.with_timezone(&Utc)),
            Err(_) => {
                let date: NaiveDate = text.parse().ok()?;
                Some(date.and_hms_opt(12, 0, 0)?.and_utc())
            }
        },
        Value::Number(number) => {
            let is_moment = is_of_new(name)
                || is_of_event(name)
                || MADE
                    .iter()
                    .chain(&EXPIRES)
                    .any(|known| is_called(name, known));
            match number.as_i64().filter(|_| is_moment)? {
                second @ 100_000_000..=99_999_999_999 => DateTime::from_timestamp(second, 0),
                milli @ 100_000_000_000..=99_999_999_999_999 => {
                    DateTime::from_timestamp_millis(milli)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What there is none of at first, by the last word of its name: it comes of what others do later.
const LATER: [&str; 25] = [
    "comments",
    "replies",
    "reviews",
    "ratings",
    "likes",
    "dislikes",
    "votes",
    "upvotes",
    "downvotes",
    "views",
    "visits",
    "downloads",
    "shares",
    "reactions",
    "followers",
    "watchers",
    "stargazers",
    "stars",
    "forks",
    "refunds",
    "disputes",
    "payments",
    "attempts",
    "deliveries",
    "answers",
];

/// What hasn't been done yet to something new, nor made of it, by the last word of a flag.
const DONE: [&str; 26] = [
    "done",
    "favorite",
    "favourite",
    "favorited",
    "starred",
    "pinned",
    "bookmarked",
    "edited",
    "deleted",
    "archived",
    "closed",
    "resolved",
    "completed",
    "cancelled",
    "canceled",
    "expired",
    "revoked",
    "refunded",
    "shipped",
    "delivered",
    "merged",
    "liked",
    "upvoted",
    "downvoted",
    "reposted",
    "viewed",
];

/// What is said of something of which nothing has come yet: a count that is none, a list that is
/// empty, a flag that isn't set. What is counted beside it stays, where that is there.
pub(super) fn none_yet(
    item: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let is_later = |name: &str| LATER.contains(&name);
    let told = item.iter().filter(|(name, _)| !is_said(name));
    let told = told.filter_map(|(name, value)| {
        let parts = words(name);
        let last = parts.last().map_or("", String::as_str);
        match value {
            Value::Bool(true) => {
                let by = parts.iter().position(|part| part == "by");
                let did = by.and_then(|by| parts.get(by.checked_sub(1)?));
                let is_done = DONE.contains(&did.map_or(last, String::as_str))
                    && !parts.iter().any(|part| part == "not");
                is_done.then(|| (name.clone(), Value::Bool(false)))
            }
            Value::Array(rows) => (is_later(last) && !rows.is_empty())
                .then(|| (name.clone(), Value::Array(Vec::new()))),
            Value::Number(number) => {
                let is_count = matches!(last, "count" | "counts") && parts.len() > 1;
                let counted = parts.first().map_or("", String::as_str);
                let one = counted.strip_suffix('s').unwrap_or(counted);
                // It counts what the item has from the first.
                let is_held = item.iter().any(|(list, rows)| {
                    let list = plain(list);
                    let is_list = list.starts_with(one) && !is_later(&list);
                    is_list && rows.as_array().is_some_and(|rows| !rows.is_empty())
                });
                let is_progress = matches!(
                    plain(name).as_str(),
                    "progress" | "progresspercent" | "percentcomplete" | "completionrate"
                );
                let is_refunded =
                    last == "refunded" || parts.first().is_some_and(|w| w == "refunded");
                let is_none = is_count && !is_held || is_later(last) || is_progress || is_refunded;
                let nothing = match number.is_f64() {
                    true => Value::from(0.0),
                    false => Value::from(0),
                };
                (is_none && nothing != *value).then(|| (name.clone(), nothing))
            }
            _ => None,
        }
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn what_is_made_now_happened_now_and_is_good_for_a_while() {
        let now = "2026-11-29T12:00:00Z".parse().expect("a moment");
        let moved = |item: Value| {
            let moved = happen_now(&object(item), now, &|name| name == "startsAt");
            Value::Object(moved.into_iter().collect())
        };
        let made = json!({"createdAt": "2024-01-01T00:00:00Z", "lastSeen": "2024-01-02T00:00:00Z",
                          "birthDate": "1980-01-01", "startsAt": "2024-01-01T00:00:00Z"});
        assert_eq!(
            moved(made),
            json!({"createdAt": "2026-11-29T12:00:00Z", "lastSeen": "2026-11-29T12:00:00Z"})
        );
        let token =
            json!({"issued_at": "2024-01-01T00:00:00Z", "expires_at": "2024-01-01T01:00:00Z"});
        assert_eq!(
            moved(token),
            json!({"issued_at": "2026-11-29T12:00:00Z", "expires_at": "2026-11-29T13:00:00Z"})
        );
        let queued = json!({"queuedAt": "2024-01-01T08:00:00Z", "sentAt": "2024-01-01T06:00:00Z"});
        assert_eq!(
            moved(queued),
            json!({"queuedAt": "2026-11-29T12:00:00Z", "sentAt": "2026-11-29T10:00:00Z"})
        );
        let token = json!({"exp": 1_700_000_000, "expires_in": 60});
        assert_eq!(moved(token), json!({"exp": 1_795_953_660}));
        assert_eq!(moved(json!({"birthDate": "1980-01-01"})), json!({}));
    }

    #[test]
    fn nothing_has_come_yet_of_what_is_new() {
        let item = json!({"taskCount": 50, "comments": 7, "itemCount": 2, "items": [1, 2],
                          "refunds": [1], "amount": 5, "amount_refunded": 2, "reviews_count": 3, "count": 4,
                          "is_edited": true, "active": true});
        let none = none_yet(&object(item), &|name| name == "reviews_count");
        assert_eq!(
            Value::Object(none.into_iter().collect()),
            json!({"taskCount": 0, "comments": 0, "refunds": [], "amount_refunded": 0, "is_edited": false})
        );
    }
}
