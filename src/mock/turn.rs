//! What is so and isn't any more, or the other way round: `POST /todos/{id}/toggle`.

use super::name::words;
use super::prepared::Contents;
use super::verbs::{flagged, outcome};
use crate::sample::{Role, role};
use crate::spec::ShapeId;
use serde_json::Value;

/// Verbs that have what is so not be so, and the other way round.
const TURNING: [&str; 3] = ["toggle", "flip", "invert"];

/// Flags of which one is meant where nothing says which, the likeliest first.
const LIKELY: [&str; 7] = [
    "completed",
    "complete",
    "done",
    "enabled",
    "active",
    "checked",
    "published",
];

/// What a word turns: all but the verb of `toggle-complete`. Nothing where it turns nothing.
pub(super) fn turned(word: &str) -> Option<String> {
    let words = words(word);
    let (verb, rest) = words.split_first()?;
    TURNING.contains(&verb.as_str()).then(|| rest.concat())
}

/// The property of an item that is turned, and what it says then: the flag that is called so, else
/// the only one, else the likeliest; or a status that is one of two.
pub(super) fn turned_of(
    contents: Contents<'_>,
    item: ShapeId,
    (what, stored): (&str, &Value),
) -> Option<(String, Value)> {
    let shapes = contents.shapes;
    let properties = || shapes.get(item).properties.iter();
    let flags = properties().filter(|(_, property)| {
        let types = shapes.get(shapes.of_property(property)).types;
        types.has("boolean") && !types.has("string")
    });
    let flags: Vec<&String> = flags.map(|(name, _)| name).collect();
    let of = |known: &str| flags.iter().find(|flag| flagged(flag) == known).copied();
    let only = || flags.first().filter(|_| flags.len() == 1).copied();
    let flag = match what {
        "" | "status" | "state" => only().or_else(|| LIKELY.into_iter().find_map(of)),
        what => of(what).or_else(|| {
            let flags = outcome(what, false).flags;
            flags.iter().find_map(|(flag, _)| of(flag))
        }),
    };
    if let Some(flag) = flag {
        let is_so = stored.get(flag).and_then(Value::as_bool).unwrap_or(false);
        return Some((flag.clone(), (!is_so).into()));
    }
    let mut statuses = properties().filter(|(name, _)| role(name) == Some(Role::Status));
    statuses.find_map(|(name, property)| {
        let states = shapes.says(shapes.of_property(property), "enum")?.value();
        let [one, other] = states.as_array()?.as_slice() else {
            return None;
        };
        let is_one = stored.get(name) == Some(one);
        Some((name.clone(), if is_one { other } else { one }.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_tells_that_something_is_turned_and_perhaps_what() {
        assert_eq!(turned("toggle-complete").as_deref(), Some("complete"));
        assert_eq!(turned("toggle").as_deref(), Some(""));
        assert_eq!(turned("cancel"), None);
    }
}
