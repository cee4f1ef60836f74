use super::{Reader, Version};
use crate::spec::jsonpath::{JsonPath, PathFault};
use crate::spec::{LoadError, Place};
use crate::wire::Pointer;
use serde_json::{Map, Value};

/// One change (Overlay 1.1.0 §4.4.3).
#[derive(Debug)]
pub(super) struct Action {
    /// Where it stands in the overlay.
    pub(super) at: Pointer,
    pub(super) target: JsonPath,
    pub(super) change: Change,
}

#[derive(Debug)]
pub(super) enum Change {
    Remove,
    Update(Value),
    /// What this selects in the document is put like an update.
    Copy(JsonPath),
}

impl Reader<'_> {
    pub(super) fn action(
        &mut self,
        value: &Value,
        at: Pointer,
        version: Version,
    ) -> Option<Action> {
        let known: &[&str] = match version {
            Version::V10 => &["target", "description", "update", "remove"],
            Version::V11 => &["target", "description", "update", "copy", "remove"],
        };
        let map = self.members(value, &at, known)?;
        self.needed(map, &at, "target")?;
        let target = self.path(map, &at, "target");
        let remove = match map.get("remove") {
            None => false,
            Some(Value::Bool(remove)) => *remove,
            Some(_) => {
                self.error(
                    Place::Value(at.child("remove")),
                    "`remove` is true or false",
                );
                return None;
            }
        };
        // Beside `remove: true` the others have no effect.
        let change = match (remove, map.get("update"), map.get("copy")) {
            (true, ..) => Change::Remove,
            (_, Some(_), Some(_)) => {
                self.error(
                    Place::Key(at.child("copy")),
                    "`update` and `copy` exclude each other",
                );
                return None;
            }
            (_, Some(update), None) => Change::Update(update.clone()),
            (_, None, Some(_)) => Change::Copy(self.path(map, &at, "copy")?),
            (_, None, None) => {
                let message = format!(
                    "this action does nothing: it has no {}",
                    known[2..].join(", no ")
                );
                self.error(Place::Value(at), message);
                return None;
            }
        };
        Some(Action {
            target: target?,
            change,
            at,
        })
    }

    fn path(&mut self, map: &Map<String, Value>, at: &Pointer, name: &str) -> Option<JsonPath> {
        let text = self.text(map, at, name)?;
        match JsonPath::parse(&text) {
            Ok(path) => Some(path),
            Err(PathFault { at: count, message }) => {
                // Places within a text are counted without its white space.
                let before = text.chars().take(count);
                let skip = before.filter(|c| !c.is_whitespace()).count();
                let place = Place::Inside(at.child(name), skip);
                let error = LoadError::new(self.source, place, message);
                self.errors
                    .push(error.with_help("JSONPath is that of RFC 9535"));
                None
            }
        }
    }
}
