use super::{LoadError, Place, Source};
use crate::wire::Pointer;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The members of one mapping of a settings file, read by name with their places. What nobody
/// reads is unknown, and an error: a misspelt key must not pass in silence.
pub(crate) struct Fields<'f> {
    source: &'f Arc<Source>,
    pub(crate) at: Pointer,
    map: &'f Map<String, Value>,
}

impl<'f> Fields<'f> {
    /// The mapping at a place; an error where it is none, or has other keys than these.
    pub(crate) fn new(
        source: &'f Arc<Source>,
        at: Pointer,
        value: &'f Value,
        known: &[&str],
        errors: &mut Vec<LoadError>,
    ) -> Option<Fields<'f>> {
        let Some(map) = value.as_object() else {
            let expected = format!("a mapping is expected here, with {}", known.join(", "));
            errors.push(LoadError::new(source, Place::Value(at), expected));
            return None;
        };
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let error = LoadError::new(
                source,
                Place::Key(at.child(key)),
                format!("the key `{key}` is not known here"),
            );
            errors.push(match nearest(key, known) {
                Some(name) => error.with_help(format!("did you mean `{name}`?")),
                None => error.with_help(format!("known are {}", known.join(", "))),
            });
        }
        Some(Fields { source, at, map })
    }

    /// The member's value and place.
    pub(crate) fn get(&self, key: &str) -> Option<(&'f Value, Pointer)> {
        self.map.get(key).map(|value| (value, self.at.child(key)))
    }

    /// The member as a text. A bare `true` or number counts as the text that it was written as.
    pub(crate) fn text(&self, key: &str, errors: &mut Vec<LoadError>) -> Option<(String, Pointer)> {
        let (value, at) = self.get(key)?;
        match value {
            Value::String(text) => Some((text.clone(), at)),
            Value::Bool(_) | Value::Number(_) => Some((value.to_string(), at)),
            _ => {
                let message = format!("`{key}` is a text");
                errors.push(LoadError::new(self.source, Place::Value(at), message));
                None
            }
        }
    }

    /// The same, and an error where it isn't there.
    pub(crate) fn needed(
        &self,
        key: &str,
        errors: &mut Vec<LoadError>,
    ) -> Option<(String, Pointer)> {
        if self.get(key).is_none() {
            let message = format!("`{key}` is missing here");
            errors.push(LoadError::new(
                self.source,
                Place::Value(self.at.clone()),
                message,
            ));
        }
        self.text(key, errors)
    }

    /// The member's items, where it is a list; none where it isn't there.
    pub(crate) fn list(&self, key: &str, errors: &mut Vec<LoadError>) -> Vec<(&'f Value, Pointer)> {
        match self.get(key) {
            None => Vec::new(),
            Some((Value::Array(items), at)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (item, at.child(index)))
                .collect(),
            Some((_, at)) => {
                let message = format!("`{key}` is a list");
                errors.push(LoadError::new(self.source, Place::Value(at), message));
                Vec::new()
            }
        }
    }
}

/// The known name that is most like a misspelt one, if any is.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many single-character edits lead from one text to the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
