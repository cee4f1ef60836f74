use crate::mock::CollectionHint;
use crate::spec::{Fields, LoadError, Place, Source, nearest};
use crate::store::ClockSetting;
use crate::wire::Pointer;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What `setup.yaml` beside the fixtures says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// What the API's present moment is made of.
    pub(super) clock: ClockSetting,
    /// What inference can't know of collections.
    pub(super) collections: BTreeMap<String, CollectionHint>,
    /// The collections that are named, and where.
    named: Vec<(String, Place)>,
    /// The same of those that others hang on.
    parents: Vec<(String, Place)>,
    /// The properties that are named as unique, each with its collection and its place.
    unique: Vec<(String, (String, Pointer))>,
    /// The paths that are named.
    paths: Vec<(String, Place)>,
    source: Option<Arc<Source>>,
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
            match text.parse() {
                Ok(clock) => settings.clock = clock,
                Err(why) => {
                    let error = LoadError::new(source, Place::Value(at), "this is no clock");
                    errors.push(error.with_help(why.to_string()));
                }
            }
        }
        let Some((value, at)) = fields.get("collections") else {
            return settings;
        };
        let Some(collections) = mapping(source, value, &at, errors) else {
            return settings;
        };
        for (name, value) in collections {
            let at = at.child(name);
            settings.named.push((name.clone(), Place::Key(at.clone())));
            if value == &Value::Bool(false) {
                let hint = CollectionHint {
                    is_off: true,
                    ..CollectionHint::default()
                };
                settings.collections.insert(name.clone(), hint);
                continue;
            }
            let known = ["path", "key", "parent", "unique"];
            let Some(fields) = Fields::new(source, at, value, &known, errors) else {
                continue;
            };
            let mut hint = CollectionHint {
                key: fields.text("key", errors).map(|(text, _)| text),
                path: fields.text("path", errors).map(|(path, at)| {
                    settings.paths.push((path.clone(), Place::Value(at)));
                    path
                }),
                ..CollectionHint::default()
            };
            for (value, at) in fields.list("unique", errors) {
                match names_of(value) {
                    Some(names) => {
                        let told = names.iter().enumerate().map(|(index, name)| {
                            let at = match value.is_array() {
                                true => at.child(index),
                                false => at.clone(),
                            };
                            (name.clone(), at)
                        });
                        let of = std::iter::repeat(name.clone());
                        settings.unique.extend(of.zip(told));
                        hint.unique.push(names);
                    }
                    None => {
                        let message = "`unique` lists properties, or lists of several together";
                        errors.push(LoadError::new(source, Place::Value(at), message));
                    }
                }
            }
            if let Some((value, at)) = fields.get("parent") {
                let parents = mapping(source, value, &at, errors).into_iter().flatten();
                for (parameter, collection) in parents {
                    let collection = collection.as_str().unwrap_or("").to_owned();
                    let at = Place::Value(at.child(parameter));
                    settings.parents.push((collection.clone(), at));
                    hint.parents.insert(parameter.clone(), collection);
                }
            }
            settings.collections.insert(name.clone(), hint);
        }
        settings.source = Some(Arc::clone(source));
        settings
    }

    /// Tells of properties that are named as unique and that the items of a collection haven't
    /// got. `known` gives those that they have; where it knows of none, anything goes.
    pub(super) fn check_unique(
        &self,
        known: impl Fn(&str) -> Vec<String>,
        errors: &mut Vec<LoadError>,
    ) {
        let Some(source) = &self.source else {
            return;
        };
        for (collection, (name, at)) in &self.unique {
            let known = known(collection);
            if known.is_empty() || known.contains(name) {
                continue;
            }
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let message = format!("the items of {collection} have no property `{name}`");
            let error = LoadError::new(source, Place::Value(at.clone()), message);
            errors.push(match nearest(name, &known) {
                Some(name) => error.with_help(format!("did you mean `{name}`?")),
                None => error,
            });
        }
    }

    /// Tells of collections that are named here and aren't there: those of `files` have items,
    /// those of `inferred` are made by paths, each with the path of its list.
    pub(super) fn check_names(
        &self,
        files: &[&str],
        inferred: &[(&str, &str)],
        errors: &mut Vec<LoadError>,
    ) {
        let Some(source) = &self.source else {
            return;
        };
        let lists: Vec<&str> = inferred.iter().map(|(_, path)| *path).collect();
        let names = inferred.iter().map(|(name, _)| *name);
        let all: Vec<&str> = files.iter().copied().chain(names).collect();
        let is_off = |name: &str| self.collections.get(name).is_some_and(|hint| hint.is_off);
        let mut tell = |name: &str, place: &Place, known: &[&str], what: &str| {
            let message = format!("there is no {what} `{name}`");
            let error = LoadError::new(source, place.clone(), message);
            errors.push(match (nearest(name, known), known.len()) {
                (Some(name), _) => error.with_help(format!("did you mean `{name}`?")),
                (None, 1..=20) => error.with_help(format!("there are {}", known.join(", "))),
                (None, _) => error,
            });
        };
        for (name, place) in &self.named {
            // What is turned off isn't inferred any more.
            let is_known = all.contains(&name.as_str()) || lists.contains(&name.as_str());
            if !is_known && !is_off(name) {
                tell(name, place, &all, "collection");
            }
        }
        for (name, place) in &self.parents {
            if !files.contains(&name.as_str()) {
                tell(name, place, files, "collection with fixtures");
            }
        }
        for (path, place) in &self.paths {
            if !lists.contains(&path.as_str()) {
                tell(path, place, &lists, "list of items at");
            }
        }
    }
}

/// A name, or several.
fn names_of(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::Array(names) if !names.is_empty() => names.iter().map(text).collect(),
        value => text(value).map(|name| vec![name]),
    }
}

fn mapping<'v>(
    source: &Arc<Source>,
    value: &'v Value,
    at: &Pointer,
    errors: &mut Vec<LoadError>,
) -> Option<&'v Map<String, Value>> {
    if !value.is_object() {
        let message = "a mapping is expected here";
        errors.push(LoadError::new(source, Place::Value(at.clone()), message));
    }
    value.as_object()
}
