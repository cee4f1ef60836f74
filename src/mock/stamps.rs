//! The times that an API keeps of its items by itself: when each was made and last changed.

use super::name::is_called;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use std::time::SystemTime;

/// Names of properties that tell when an item was made, without what parts their words.
const MADE: &[&str] = &[
    "created",
    "createdat",
    "createdon",
    "createddate",
    "creationdate",
    "creationtime",
    "createtime",
    "timecreated",
    "registeredat",
    "datecreated",
    "insertedat",
];
/// The same of its last change.
const CHANGED: &[&str] = &[
    "updated",
    "updatedat",
    "updatedon",
    "updateddate",
    "dateupdated",
    "lastupdated",
    "modified",
    "modifiedat",
    "lastmodified",
    "datemodified",
    "modifieddate",
    "updatetime",
    "timeupdated",
];

/// The same of when its words were.
const EDITED: &[&str] = &[
    "edited",
    "editedat",
    "editedon",
    "lastedited",
    "lasteditedat",
];

/// Whether a property tells when somebody last changed the words of an item, which may never have
/// been.
pub(super) fn is_of_edit(name: &str) -> bool {
    is_one_of(name, EDITED)
}

/// Properties that hold what an item says of itself, and are no items of their own: those of JSON:API,
/// and the usual ones beside it.
pub(super) const HOLDERS: [&str; 4] = ["attributes", "meta", "metadata", "timestamps"];

/// Whether a new item has this property by itself: it tells when it was made or changed.
pub(super) fn is_of_new(name: &str) -> bool {
    is_one_of(name, MADE) || is_one_of(name, CHANGED)
}

/// Whether the server writes the present moment into this property, of a new item or of one that
/// is changed.
pub fn keeps_time(name: &str, is_new: bool) -> bool {
    is_one_of(name, CHANGED) || is_new && is_one_of(name, MADE)
}

/// Whether a property tells when something happened that may not have happened yet.
pub(super) fn is_of_event(name: &str) -> bool {
    let is_time = |end: &&str| name.ends_with(*end);
    let ends = ["At", "_at", "On", "_on", "Date", "_date", "Time", "_time"];
    ends.iter().any(is_time) && !is_of_new(name)
}

/// Whether a name is one of these but for case and what parts its words. Every member of every
/// item that is written is asked about.
fn is_one_of(name: &str, known: &[&str]) -> bool {
    let first = name.bytes().find(u8::is_ascii_alphanumeric);
    let first = first.map(|first| first.to_ascii_lowercase());
    // Most names begin otherwise, and needn't be read to their end.
    let mut known = known.iter();
    known.any(|known| known.as_bytes().first() == first.as_ref() && is_called(name, known))
}

/// Sets the times of an item that the client didn't send, in the form they are in: of its last
/// change, and where it is new, of its making.
pub(super) fn touch(item: &mut Value, sent: &Value, now: SystemTime, is_new: bool) {
    let Some(members) = item.as_object_mut() else {
        return;
    };
    for (name, value) in members.iter_mut() {
        let sent = sent.get(name);
        if keeps_time(name, is_new) && sent.is_none() {
            let now = DateTime::<Utc>::from(now);
            *value = alike(value, now).unwrap_or_else(|| value.take());
        } else if value.is_object() && HOLDERS.contains(&name.as_str()) {
            touch(value, sent.unwrap_or(&Value::Null), now, is_new);
        }
    }
}

/// A moment in the form of another.
pub(super) fn alike(known: &Value, now: DateTime<Utc>) -> Option<Value> {
    match known {
        Value::String(text) if DateTime::parse_from_rfc3339(text).is_ok() => {
            let form = match text.contains('.') {
                true => SecondsFormat::Millis,
                false => SecondsFormat::Secs,
            };
            Some(now.to_rfc3339_opts(form, true).into())
        }
        Value::String(text) if text.parse::<chrono::NaiveDate>().is_ok() => {
            Some(now.format("%Y-%m-%d").to_string().into())
        }
        // Seconds have ten digits until 2286, milliseconds thirteen.
        Value::Number(number) => match number.as_i64()? {
            100_000_000..=99_999_999_999 => Some(now.timestamp().into()),
            100_000_000_000..=99_999_999_999_999 => Some(now.timestamp_millis().into()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn times_are_kept_in_their_form_but_for_those_the_client_sent() {
        let now = UNIX_EPOCH + Duration::from_millis(1_700_000_000_500);
        let item = json!({
            "created_at": "2024-01-01T00:00:00Z", "updatedAt": "2024-01-01T00:00:00.000Z",
            "created": 1_600_000_000, "lastModified": 1_600_000_000_000_i64,
            "dateUpdated": "2024-01-01", "modified": "yesterday", "updated": "2024-01-01",
        });
        let sent = json!({"updated": "2024-01-01"});
        let mut made = item.clone();
        touch(&mut made, &sent, now, true);
        assert_eq!(
            made,
            json!({
                "created_at": "2023-11-14T22:13:20Z", "updatedAt": "2023-11-14T22:13:20.500Z",
                "created": 1_700_000_000, "lastModified": 1_700_000_000_500_i64,
                "dateUpdated": "2023-11-14", "modified": "yesterday", "updated": "2024-01-01",
            })
        );
        let mut changed = item.clone();
        touch(&mut changed, &sent, now, false);
        assert_eq!(changed["created"], item["created"]);
        assert_eq!(changed["updatedAt"], "2023-11-14T22:13:20.500Z");
        let mut held = json!({"id": 1, "attributes": item, "owner": item});
        touch(&mut held, &json!({"attributes": sent}), now, true);
        assert_eq!(held, json!({"id": 1, "attributes": made, "owner": item}));
    }
}
