//! Flags of an object, and what beside them shows that they are so: a moment (`completed` beside
//! `completedAt`), how many there are (`isEmpty`, `isFull`, `inStock`), a status.

use super::bounds::shares;
use super::moments;
use super::parts;
use super::stages;
use super::words::{Words, singular};
use super::{Share, share};
use serde_json::{Map, Value};

/// Words beside a participle that only say that something is so.
const VERBS: [&str; 7] = ["is", "has", "was", "been", "are", "boolean", "flag"];

/// What somebody may be, and is told to be by a role.
const ROLES: [&str; 8] = [
    "admin",
    "administrator",
    "owner",
    "moderator",
    "editor",
    "guest",
    "superuser",
    "staff",
];

/// What a flag is of: `email verified` of `isEmailVerified`.
fn flagged(words: &Words) -> String {
    let words = words.iter().filter(|word| !VERBS.contains(word));
    words.map(stages::spelt).collect::<Vec<&str>>().join(" ")
}

/// What has happened where a property tells when, by whom or why: `closed` of `closedAt`.
pub fn event_of(name: &str) -> Option<String> {
    let words = Words::of(name);
    let event = stages::tells_of_event(&words).then(|| stages::event(&words));
    event.filter(|event| !event.is_empty())
}

/// Whether what has happened is what a flag tells of; false where it's the opposite, `offline` beside
/// `isOnline`. Nothing where it has nothing to do with it.
pub fn witness(flag: &str, event: &str) -> Option<bool> {
    let flag = flagged(&Words::of(flag));
    match event {
        "" => None,
        event if event == flag => Some(true),
        event => stages::is_opposite(event, &flag).then_some(false),
    }
}

/// Whether a property tells when what a flag tells of came to be: `closedAt` beside `isClosed`.
pub fn is_witness(flag: &str, name: &str) -> bool {
    let words = Words::of(name);
    let when = moments::told(&words).or_else(|| moments::told_in_text(&words));
    let event = when.and_then(|_| event_of(name));
    event.is_some_and(|event| witness(flag, &event) == Some(true))
}

/// Whether a property is what came of what was to be done, or what went wrong instead.
pub fn outcome(name: &str) -> Option<Outcome> {
    match Words::of(name).all() {
        "response" | "result" | "output" | "outcome" => Some(Outcome::Result),
        "error" | "failure" | "error message" => Some(Outcome::Failure),
        _ => None,
    }
}

/// Whether a flag says that what was to be done is.
pub fn is_task_done(flag: &str) -> bool {
    matches!(
        flagged(&Words::of(flag)).as_str(),
        "done" | "completed" | "complete" | "finished"
    )
}

/// What came of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What was wanted.
    Result,
    /// What went wrong.
    Failure,
}

/// Whether a flag is so by a status beside it; nothing where that tells nothing of it.
pub fn by_status(status: &str, flag: &str) -> Option<bool> {
    match (status, &*flagged(&Words::of(flag))) {
        ("trialing", "active" | "trial" | "on trial") => Some(true),
        ("active" | "past_due" | "canceled" | "cancelled", "trial" | "on trial") => Some(false),
        (status, flag) => stages::is_so(status, flag),
    }
}

/// Whether a flag tells of another status than something has, one that it has yet to come to.
pub fn is_yet_so(status: &str, all: &[String], flag: &str) -> bool {
    stages::comes_later(status, all, &flagged(&Words::of(flag)))
}

/// What flags are by how many there are of something. Those that aren't `free` stand.
pub(super) fn flags(
    members: &Map<String, Value>,
    numbers: &[(&str, Words)],
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let flags = members
        .iter()
        .filter(|(name, value)| value.is_boolean() && is_free(name));
    let flags = flags.filter_map(|(name, value)| {
        let is_so = counted(&Words::of(name), members, numbers)?;
        (value.as_bool() != Some(is_so)).then(|| (name.clone(), is_so.into()))
    });
    flags.collect()
}

fn counted(flag: &Words, members: &Map<String, Value>, numbers: &[(&str, Words)]) -> Option<bool> {
    let number = |name: &str| members.get(name)?.as_f64();
    let called = |phrases: &[&str]| {
        let found = numbers
            .iter()
            .find(|(_, words)| phrases.contains(&words.all()));
        found.and_then(|(name, _)| number(name))
    };
    let of = flagged(flag);
    match of.as_str() {
        "empty" => {
            let mut lists = members.values().filter_map(Value::as_array);
            match (lists.next(), lists.next()) {
                (Some(list), None) => Some(list.is_empty()),
                (None, _) => Some(called(&["item count", "count", "total items", "size"])? == 0.0),
                _ => None,
            }
        }
        "full" | "sold out" => {
            let left = numbers
                .iter()
                .find(|(name, words)| share(name) == Some(Share::Left) || parts::is_left(words));
            match left {
                Some((name, _)) => Some(number(name)? == 0.0),
                None => {
                    let (part, whole, _) = shares(numbers).into_iter().next()?;
                    Some(number(part)? >= number(whole)?)
                }
            }
        }
        "exceeded" | "limit exceeded" | "over limit" | "quota exceeded" | "over quota" => {
            let (part, whole, _) = shares(numbers).into_iter().next()?;
            Some(number(part)? > number(whole)?)
        }
        "in stock" | "available" | "out of stock" => {
            let stock = [
                "stock",
                "stock quantity",
                "stock level",
                "inventory",
                "quantity available",
                "available quantity",
                "inventory quantity",
                "quantity in stock",
            ];
            Some((called(&stock)? > 0.0) == (of != "out of stock"))
        }
        "draw" | "tie" | "tied" => {
            let home = called(&["home score", "home goals"])?;
            Some(home == called(&["away score", "away goals"])?)
        }
        "pregnant" => {
            let told = members.iter().find_map(|(name, value)| {
                let is_it = matches!(Words::of(name).all(), "sex" | "gender");
                value.as_str().filter(|_| is_it)
            });
            let is_man =
                told.is_some_and(|told| matches!(&*told.to_lowercase(), "male" | "m" | "man"));
            is_man.then_some(false)
        }
        "passed" => {
            let score = called(&["score", "total score", "points"])?;
            Some(score >= called(&["passing score", "pass mark", "min score", "passing grade"])?)
        }
        "overdue" | "late" => {
            let mut flags = members
                .iter()
                .filter(|(_, value)| **value == Value::Bool(true));
            let is_done = flags.any(|(name, _)| {
                matches!(
                    flagged(&Words::of(name)).as_str(),
                    "completed" | "done" | "paid" | "returned"
                )
            });
            (is_done || is_paid(members)).then_some(false)
        }
        "private" | "public" => {
            let said = members.iter().find_map(|(name, value)| {
                let is_it = matches!(Words::of(name).all(), "visibility" | "privacy");
                value.as_str().filter(|_| is_it)
            });
            let said = Words::of(said?);
            // What is for some only isn't public.
            (said.has(&["public", "private", "internal"]))
                .then(|| said.has(&["public"]) == (of == "public"))
        }
        // `isAdmin` beside `roles`, or a `role`.
        _ if ROLES.contains(&of.as_str()) => {
            let said = members.iter().find(|(name, _)| {
                matches!(
                    Words::of(name).all(),
                    "role" | "roles" | "user role" | "user roles"
                )
            });
            let is_it = |value: &Value| {
                let words = value.as_str().map(Words::of);
                words.is_some_and(|words| words.all() == of)
            };
            match said?.1 {
                Value::Array(roles) => Some(roles.iter().any(is_it)),
                role @ Value::String(_) => Some(is_it(role)),
                _ => None,
            }
        }
        // `likedByMe` beside `likesCount`: who did it too is one of those.
        _ if let Some(count) = doers(&of, numbers.iter().map(|(name, _)| *name)) => {
            (number(count)? == 0.0).then_some(false)
        }
        // `hasChildren` beside `children`, or a `childrenCount`.
        _ if flag.first() == "has" => {
            let one = singular(&of);
            let list = members.iter().find_map(|(name, value)| {
                let is_it = singular(Words::of(name).all()) == one;
                value.as_array().filter(|_| is_it)
            });
            match list {
                Some(list) => Some(!list.is_empty()),
                None => Some(called(&[&format!("{one} count"), &format!("{of} count")])? > 0.0),
            }
        }
        _ => None,
    }
}

/// Whether an object tells when it was paid.
pub(super) fn is_paid(members: &Map<String, Value>) -> bool {
    let mut told = members.iter().filter(|(_, value)| value.is_string());
    told.any(|(name, _)| {
        let words = Words::of(name);
        matches!(
            words.all(),
            "paid date" | "paid at" | "paid on" | "payment date" | "date paid"
        )
    })
}

/// What counts those who did what a flag says that one did: `likesCount` of `liked`.
pub fn count_of_doers<'n>(flag: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    doers(&flagged(&Words::of(flag)), names)
}

fn doers<'n>(of: &str, mut names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let counts = done_by(of).flat_map(|one| {
        [
            format!("{one}s count"),
            format!("{one} count"),
            format!("{one}s"),
            format!("total {one}s"),
        ]
    });
    let counts: Vec<String> = counts.collect();
    let is_count = |name: &&str| {
        let words = Words::of(name);
        counts.iter().any(|count| count == words.all())
    };
    if counts.is_empty() {
        return None;
    }
    names.find(is_count)
}

/// What each of those did that are counted, where a flag says that one did: `star` of `starred`.
fn done_by(flag: &str) -> impl Iterator<Item = String> + use<> {
    let by = [" by me", " by user", " by viewer"].into_iter();
    let of = by.clone().find_map(|by| flag.strip_suffix(by));
    let of = of.unwrap_or(flag);
    let ends = ["d", "ed"].into_iter();
    let stems = ends.filter_map(|end| of.strip_suffix(end).filter(|_| of.ends_with("ed")));
    let stems: Vec<String> = stems
        .flat_map(|stem| {
            let last = stem.chars().next_back();
            let single = last.and_then(|last| stem.strip_suffix(last));
            let doubled = single.filter(|single| single.chars().next_back() == last);
            [Some(stem), doubled].into_iter().flatten()
        })
        .filter(|stem| !stem.is_empty())
        .map(str::to_owned)
        .collect();
    stems.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn flags_are_as_what_is_counted_shows() {
        for (object, expected) in [
            (
                json!({"isEmpty": true, "items": [1]}),
                json!({"isEmpty": false}),
            ),
            (
                json!({"isAdmin": false, "roles": ["admin", "editor"]}),
                json!({"isAdmin": true}),
            ),
            (
                json!({"isAdmin": true, "isOwner": true, "role": "owner"}),
                json!({"isAdmin": false}),
            ),
            (
                json!({"isFull": true, "spotsLeft": 3}),
                json!({"isFull": false}),
            ),
            (
                json!({"full": false, "capacity": 3, "used": 3}),
                json!({"full": true}),
            ),
            (
                json!({"exceeded": true, "used": 12, "limit": 20}),
                json!({"exceeded": false}),
            ),
            (
                json!({"inStock": true, "stock": 0}),
                json!({"inStock": false}),
            ),
            (
                json!({"passed": true, "score": 4, "passingScore": 5}),
                json!({"passed": false}),
            ),
            (
                json!({"hasComments": false, "commentCount": 2}),
                json!({"hasComments": true}),
            ),
            (
                json!({"completed": true, "isOverdue": true}),
                json!({"isOverdue": false}),
            ),
            (
                json!({"private": false, "isPublic": false, "visibility": "PRIVATE"}),
                json!({"private": true}),
            ),
            (
                json!({"liked": true, "likesCount": 0, "starredByMe": true, "stars": 0}),
                json!({"liked": false, "starredByMe": false}),
            ),
            (
                json!({"hasLiked": true, "likes": 3, "passed": true}),
                json!({}),
            ),
            (json!({"isFull": true, "name": "A"}), json!({})),
        ] {
            let members = object.as_object().cloned().expect("an object");
            let named = members.iter().filter(|(_, value)| value.is_number());
            let named: Vec<(&str, Words)> = named
                .map(|(name, _)| (name.as_str(), Words::of(name)))
                .collect();
            let changed: Map<String, Value> =
                flags(&members, &named, &|_| true).into_iter().collect();
            assert_eq!(Value::Object(changed), expected, "{object}");
        }
    }

    #[test]
    fn moments_are_witnesses_of_flags_and_statuses_tell_of_them() {
        for (flag, name, told) in [
            ("isClosed", "closed_at", Some(true)),
            ("emailVerified", "emailVerifiedAt", Some(true)),
            ("canceled", "cancelledDate", Some(true)),
            ("acknowledged", "acknowledgedBy", Some(true)),
            ("locked", "active_lock_reason", Some(true)),
            ("online", "offlineSince", Some(false)),
            ("enabled", "disabledAt", Some(false)),
            ("verified", "emailVerifiedAt", None),
            ("closed", "closedTickets", None),
        ] {
            let event = event_of(name);
            let found = event.and_then(|event| witness(flag, &event));
            assert_eq!(found, told, "{flag} {name}");
        }
        assert_eq!(outcome("response"), Some(Outcome::Result));
        assert_eq!(outcome("error"), Some(Outcome::Failure));
        assert!(is_task_done("isFinished") && !is_task_done("ok"));
        assert_eq!(by_status("closed", "isClosed"), Some(true));
        assert_eq!(by_status("open", "isClosed"), Some(false));
        assert_eq!(by_status("delivered", "isShipped"), Some(true));
        assert_eq!(by_status("offline", "online"), Some(false));
        assert_eq!(by_status("ONLINE", "isOnline"), Some(true));
        assert_eq!(by_status("strange", "isClosed"), None);
    }
}
