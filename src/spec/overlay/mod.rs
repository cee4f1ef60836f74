//! Overlays (OpenAPI Overlay Specification 1.0 and 1.1): changes to a document from a file of
//! their own, made in memory before anything else reads it.

mod action;
mod apply;
mod merge;
mod remove;

use super::{LoadError, LoadErrors, Place, Source, nearest};
use crate::wire::Pointer;
use action::Action;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file of changes, read and sound.
#[derive(Debug)]
pub struct Overlay {
    source: Arc<Source>,
    path: PathBuf,
    /// The document that it is made for, where it says so.
    extends: Option<String>,
    actions: Vec<Action>,
}

/// A version of the Overlay Specification by its features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    V10,
    V11,
}

impl Overlay {
    /// Reads a file, the name in errors being the path as given.
    ///
    /// # Errors
    /// Everything that is wrong in the file, with its place.
    pub fn read(path: &Path) -> Result<Overlay, LoadErrors> {
        let source = Source::read(path, &path.display().to_string())?;
        Overlay::from_source(Arc::new(source), path)
    }

    /// The same from a text that is already in memory; `path` is where it would be.
    ///
    /// # Errors
    /// As [`Overlay::read`].
    pub fn from_source(source: Arc<Source>, path: &Path) -> Result<Overlay, LoadErrors> {
        let root = source.parse()?;
        let mut reader = Reader {
            source: &source,
            errors: Vec::new(),
        };
        let overlay = reader.overlay(&root);
        match (overlay, reader.errors) {
            (Some((extends, actions)), errors) if errors.is_empty() => Ok(Overlay {
                path: path.to_owned(),
                extends,
                actions,
                source,
            }),
            (_, errors) => Err(LoadErrors(errors)),
        }
    }

    /// Makes its changes, one after another. Gives what is suspicious: a target that is nowhere.
    ///
    /// # Errors
    /// The change that can't be made; the document is half changed then.
    pub fn apply(&self, document: &mut Value) -> Result<Vec<LoadError>, LoadError> {
        apply::apply(&self.source, &self.actions, document)
    }

    /// Whether it is for a document: for every one where it doesn't say for which, or names it by
    /// an absolute URL, of which nobody here knows what file it is.
    pub fn is_for(&self, document: &Path) -> bool {
        let Some(extends) = self
            .extends
            .as_deref()
            .filter(|extends| !is_absolute(extends))
        else {
            return true;
        };
        let extends = crate::wire::decode_percent(extends).unwrap_or_default();
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let real = |path: &Path| path.canonicalize().ok();
        let named = real(&folder.join(extends));
        named.is_some() && named == real(document)
    }

    /// That none of the documents is the one that it is for.
    pub fn misses(&self) -> LoadError {
        let at = Pointer::root().child("extends");
        let message = "none of the documents is the one that this overlay is for";
        LoadError::new(&self.source, Place::Value(at), message)
            .with_help("a relative reference starts from the overlay's folder")
    }
}

/// Whether a URI reference has a scheme (RFC 3986 §4.1).
fn is_absolute(reference: &str) -> bool {
    let scheme = reference.split_once(':').map_or("", |(scheme, _)| scheme);
    let rest = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    // One letter is a drive of Windows.
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(rest)
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    errors: Vec<LoadError>,
}

impl Reader<'_> {
    /// The Overlay Object (§4.4.1).
    fn overlay(&mut self, root: &Value) -> Option<(Option<String>, Vec<Action>)> {
        let at = Pointer::root();
        let map = self.members(root, &at, &["overlay", "info", "extends", "actions"])?;
        let version = self.version(map)?;
        let info = self.needed(map, &at, "info");
        if let Some(info) = info
            && let Some(info) = self.members(
                info,
                &at.child("info"),
                &["title", "version", "description"],
            )
        {
            let at = at.child("info");
            for name in ["title", "version"] {
                let value = self.needed(info, &at, name);
                // A bare 1.0 is a number to YAML and means the text.
                if value.is_some_and(|value| !value.is_string() && !value.is_number()) {
                    self.error(Place::Value(at.child(name)), format!("`{name}` is a text"));
                }
            }
        }
        let extends = self.text(map, &at, "extends");
        let actions = self.needed(map, &at, "actions")?;
        let at = at.child("actions");
        let Some(list) = actions.as_array().filter(|list| !list.is_empty()) else {
            self.error(
                Place::Value(at),
                "`actions` is a list of one action at least",
            );
            return None;
        };
        let read = |(index, action): (usize, &Value)| self.action(action, at.child(index), version);
        let actions = list.iter().enumerate().filter_map(read).collect();
        Some((extends, actions))
    }

    fn version(&mut self, map: &Map<String, Value>) -> Option<Version> {
        let at = Pointer::root().child("overlay");
        let said = match self.needed(map, &Pointer::root(), "overlay")? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let is = |minor: &str| said == minor || said.starts_with(&format!("{minor}."));
        // A bare 1.0 is a number to YAML, and reads as 1.
        match (is("1.0") || said == "1", is("1.1")) {
            (true, _) => Some(Version::V10),
            (_, true) => Some(Version::V11),
            _ => {
                self.error(
                    Place::Value(at),
                    "overlays of this version aren't read; 1.0 and 1.1 are",
                );
                None
            }
        }
    }

    /// The members of an object that has no others but extensions.
    fn members<'v>(
        &mut self,
        value: &'v Value,
        at: &Pointer,
        known: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let Some(map) = value.as_object() else {
            self.error(Place::Value(at.clone()), "an object is expected here");
            return None;
        };
        for name in map.keys() {
            if known.contains(&name.as_str()) || name.starts_with("x-") {
                continue;
            }
            let error = LoadError::new(
                self.source,
                Place::Key(at.child(name)),
                format!("the key `{name}` is not known here"),
            );
            self.errors.push(match nearest(name, known) {
                Some(alike) => error.with_help(format!("did you mean `{alike}`?")),
                None => error.with_help(format!("known are {}", known.join(", "))),
            });
        }
        Some(map)
    }

    fn needed<'v>(
        &mut self,
        map: &'v Map<String, Value>,
        at: &Pointer,
        name: &str,
    ) -> Option<&'v Value> {
        let value = map.get(name);
        if value.is_none() {
            self.error(
                Place::Value(at.clone()),
                format!("`{name}` is missing here"),
            );
        }
        value
    }

    fn text(&mut self, map: &Map<String, Value>, at: &Pointer, name: &str) -> Option<String> {
        match map.get(name)? {
            Value::String(text) => Some(text.clone()),
            _ => {
                self.error(Place::Value(at.child(name)), format!("`{name}` is a text"));
                None
            }
        }
    }

    fn error(&mut self, place: Place, message: impl Into<String>) {
        self.errors
            .push(LoadError::new(self.source, place, message));
    }
}

#[cfg(test)]
mod tests;
