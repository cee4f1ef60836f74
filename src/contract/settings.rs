use crate::mock::CollectionHint;
use crate::spec::{Fields, LoadError, Place, Source};
use crate::wire::Pointer;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What `setup.yaml` beside the fixtures says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The API's present moment, where it stands still.
    pub(super) clock: Option<DateTime<Utc>>,
    /// What inference can't know of collections.
    pub(super) collections: BTreeMap<String, CollectionHint>,
}

impl Settings {
    pub(super) fn read(source: &Arc<Source>, errors: &mut Vec<LoadError>) -> Settings {
        let mut settings = Settings::default();
        let value = match source.parse() {
            Ok(value) => value,
            Err(error) => {
                errors.push(error);
                return settings;
            }
        };
        let known = ["clock", "collections"];
        let Some(fields) = Fields::new(source, Pointer::root(), &value, &known, errors) else {
            return settings;
        };
        if let Some((text, at)) = fields.text("clock", errors) {
            match DateTime::parse_from_rfc3339(&text) {
                Ok(clock) => settings.clock = Some(clock.to_utc()),
                Err(_) => {
                    let error = LoadError::new(source, Place::Value(at), "this is no date-time");
                    errors.push(error.with_help("write it like 2024-01-15T11:00:00.000Z"));
                }
            }
        }
        let Some((collections, at)) = fields.get("collections") else {
            return settings;
        };
        for (name, value) in collections.as_object().into_iter().flatten() {
            let known = ["key", "parent"];
            let Some(fields) = Fields::new(source, at.child(name), value, &known, errors) else {
                continue;
            };
            let mut hint = CollectionHint {
                key: fields.text("key", errors).map(|(text, _)| text),
                ..CollectionHint::default()
            };
            if let Some((parents, _)) = fields.get("parent") {
                for (parameter, collection) in parents.as_object().into_iter().flatten() {
                    if let Some(collection) = collection.as_str() {
                        hint.parents
                            .insert(parameter.clone(), collection.to_owned());
                    }
                }
            }
            settings.collections.insert(name.clone(), hint);
        }
        settings
    }
}
