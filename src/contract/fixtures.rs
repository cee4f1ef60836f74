use super::settings::Settings;
use crate::mock::{CollectionHint, Contents, Operations, Ties, project, render_item, values_of};
use crate::spec::{Document, LoadError, Place, Source};
use crate::store::Seed;
use crate::validate::{Place as Where, View, Violation, show};
use crate::wire::Pointer;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder beside a contract: a file for each collection, `setup.yaml`, `rules.yaml`, and a
/// folder `replies`.
#[derive(Debug, Default)]
pub(super) struct Fixtures {
    pub(super) settings: Settings,
    pub(super) rules: Option<Arc<Source>>,
    /// The files in the folder `replies`.
    pub(super) replies: Vec<Arc<Source>>,
    collections: Vec<Seeded>,
}

/// What a file has of a collection.
#[derive(Debug)]
struct Seeded {
    name: String,
    source: Arc<Source>,
    items: Vec<Value>,
    /// Whether it is one item alone.
    is_single: bool,
}

/// The property that holds the key of a collection that no path is tied to.
const KEYS: [&str; 3] = ["id", "_id", "key"];

impl Fixtures {
    /// Those of a folder, none where there is no folder.
    pub(super) fn of(folder: Option<&Path>, errors: &mut Vec<LoadError>) -> Fixtures {
        folder.map_or_else(Fixtures::default, |folder| Fixtures::read(folder, errors))
    }

    /// Reads the folder's files, in the order of their names. A collection whose file can't be
    /// read is there without items, so that nothing else is blamed for its absence.
    fn read(folder: &Path, errors: &mut Vec<LoadError>) -> Fixtures {
        let mut fixtures = Fixtures::default();
        let replies = folder.join("replies");
        if replies.is_dir() {
            let sources = sources(&replies, errors).into_iter();
            fixtures.replies = sources.map(|(_, source)| source).collect();
        }
        for (path, source) in sources(folder, errors) {
            match path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or("")
            {
                "rules" => fixtures.rules = Some(source),
                "setup" => fixtures.settings = Settings::read(&source, errors),
                name => {
                    let (items, is_single) = match source.parse() {
                        Ok(Value::Array(items)) => (items, false),
                        Ok(item @ Value::Object(_)) => (vec![item], true),
                        Ok(_) => {
                            errors.push(LoadError::new(
                                &source,
                                Place::Value(Pointer::root()),
                                "a fixture file is a list of items, or one item that is alone",
                            ));
                            (Vec::new(), false)
                        }
                        Err(error) => {
                            errors.push(error);
                            (Vec::new(), false)
                        }
                    };
                    fixtures.collections.push(Seeded {
                        name: name.to_owned(),
                        source,
                        items,
                        is_single,
                    });
                }
            }
        }
        fixtures
    }

    /// Tells of what the settings name and isn't there.
    pub(super) fn check_names(&self, ties: &Ties, errors: &mut Vec<LoadError>) {
        let files: Vec<&str> = self.collections.iter().map(|of| &*of.name).collect();
        let inferred: Vec<(&str, &str)> = ties
            .iter()
            .map(|tie| (&*tie.name, &*tie.list_path))
            .collect();
        self.settings.check_names(&files, &inferred, errors);
        for of in self.collections.iter().filter(|of| of.is_single) {
            if ties.named(&of.name).is_none_or(|tie| !tie.is_seeded) {
                let message = format!("no path shows one {} alone", of.name);
                let error = LoadError::new(&of.source, Place::Value(Pointer::root()), message);
                errors
                    .push(error.with_help(
                        "the items of a collection are a list: each begins with a dash",
                    ));
            }
        }
    }

    /// Warns of files whose items nothing shows, where no rules look at them either.
    pub(super) fn unshown(&self, ties: &Ties, document: &Document) -> Vec<LoadError> {
        let unseen = self.collections.iter().filter(|of| {
            let is_tied = ties.named(&of.name).is_some_and(|tie| tie.is_seeded);
            // What stands below one is asked for by its id.
            let above = format!("/{}/{{", of.name);
            let mut paths = document.operations.iter().map(|stub| &stub.path);
            let is_tied = is_tied || paths.any(|path| path.contains(&above));
            // Of one alone it is an error.
            !is_tied && !of.is_single && !of.items.is_empty() && self.rules.is_none()
        });
        let told = unseen.map(|of| {
            let message = format!(
                "no path shows the items of {}: they are never sent",
                of.name
            );
            LoadError::new(&of.source, Place::File, message).with_help(
                "a list shows them whose path ends in that name, and whose items have an `id`; \
                 setup.yaml can name another path or key",
            )
        });
        told.collect()
    }

    /// What is known of each collection that has a file.
    pub(super) fn hints(&self) -> BTreeMap<String, CollectionHint> {
        let mut hints = self.settings.collections.clone();
        for of in &self.collections {
            let hint = hints.entry(of.name.clone()).or_default();
            hint.is_seeded = true;
            hint.is_single = of.is_single;
        }
        hints
    }

    /// The items by key. `keys` holds the key properties of tied collections, and gets the others'.
    pub(super) fn seeds(
        &self,
        keys: &mut BTreeMap<String, String>,
        errors: &mut Vec<LoadError>,
    ) -> Vec<Seed> {
        let mut seeds = Vec::new();
        for of in &self.collections {
            let Seeded {
                name,
                source,
                items,
                is_single,
            } = of;
            if *is_single {
                keys.insert(name.clone(), String::new());
                let items = items.iter().map(|item| (String::new(), item.clone()));
                seeds.push(Seed {
                    collection: name.clone(),
                    items: items.collect(),
                });
                continue;
            }
            let key = keys.entry(name.clone()).or_insert_with(|| {
                let hinted = self
                    .settings
                    .collections
                    .get(name)
                    .and_then(|hint| hint.key.clone());
                let first = items.first();
                let usual = KEYS
                    .iter()
                    .find(|key| first.is_some_and(|i| i.get(key).is_some()));
                hinted.unwrap_or_else(|| usual.unwrap_or(&"id").to_string())
            });
            let mut seen = HashSet::new();
            let mut seed = Seed {
                collection: name.clone(),
                items: Vec::new(),
            };
            for (index, item) in items.iter().enumerate() {
                let at = Pointer::root().child(index);
                let text = match key_of(item, key) {
                    Some(text) => text,
                    None => {
                        let message = format!("an item of {name} needs its key, `{key}`");
                        let error = LoadError::new(source, Place::Value(at), message);
                        let help = "another property can be named in setup.yaml: \
                                    collections, the collection, key";
                        errors.push(error.with_help(help));
                        continue;
                    }
                };
                if !seen.insert(text.clone()) {
                    let message = format!("a second item of {name} has the key {text:?}");
                    errors.push(LoadError::new(
                        source,
                        Place::Value(at.child(&*key)),
                        message,
                    ));
                    continue;
                }
                seed.items.push((text, item.clone()));
            }
            seeds.push(seed);
        }
        seeds
    }

    /// Tells of unknown properties that are named as unique, and of items that have what an item
    /// before them has.
    fn check_unique(&self, operations: &Operations, errors: &mut Vec<LoadError>) {
        let known = |collection: &str| {
            let mut known = operations.properties(collection);
            let files = self.collections.iter().filter(|of| of.name == collection);
            let items = files.flat_map(|of| &of.items).filter_map(Value::as_object);
            known.extend(items.flat_map(|item| item.keys().cloned()));
            known
        };
        self.settings.check_unique(known, errors);
        for of in &self.collections {
            for names in operations.unique(&of.name).iter() {
                let mut seen = HashSet::new();
                for (index, item) in of.items.iter().enumerate() {
                    let Some(values) = values_of(names, item) else {
                        continue;
                    };
                    let said = names.iter().zip(&values);
                    let said = said.map(|(name, value)| format!("{name} {}", show(value)));
                    let said: Vec<String> = said.collect();
                    if seen.insert(values) {
                        continue;
                    }
                    let said = said.join(" and the ");
                    let message = format!("a second item of {} has the {said}", of.name);
                    let at = Pointer::root().child(index).child(&names[0]);
                    errors.push(LoadError::new(&of.source, Place::Value(at), message));
                }
            }
        }
    }

    /// Judges every item that has its key against the reply that would show it.
    pub(super) fn check(
        &self,
        keys: &BTreeMap<String, String>,
        contents: Contents<'_>,
        operations: &Operations,
        errors: &mut Vec<LoadError>,
    ) {
        self.check_unique(operations, errors);
        for of in &self.collections {
            let Seeded {
                name,
                source,
                items,
                is_single,
            } = of;
            let reader = operations.reader(name);
            let row = operations.row(name).filter(|_| reader.is_none());
            let broken = |item: &Value| -> Vec<Violation> {
                if let Some((binding, content)) = reader {
                    let place = |at| Where::Body(binding.inner(at));
                    let body = render_item(contents.shapes, binding, Some(content), item);
                    let check = |schema| contents.schemas.check(schema, &body, &place);
                    return content.schema.map(check).unwrap_or_default();
                }
                // Where no operation shows one alone, the list shows it.
                let found = row.map(|row| {
                    let at = contents.shapes.schema(row);
                    let schema = contents.schemas.at(View::Reply, at);
                    let shown = project(contents.shapes, Some(row), item, View::Reply);
                    contents.schemas.check(schema, &shown, &Where::Body)
                });
                found.unwrap_or_default()
            };
            let key = keys.get(name).map_or("id", String::as_str);
            for (index, item) in items.iter().enumerate() {
                if !is_single && key_of(item, key).is_none() {
                    continue;
                }
                for violation in broken(item) {
                    let inner = violation.in_body().map_or("", Pointer::as_str);
                    let at = match is_single {
                        true => inner.to_owned(),
                        false => format!("/{index}{inner}"),
                    };
                    let place = Pointer::parse(&at).unwrap_or_default();
                    let error = LoadError::new(
                        source,
                        Place::Value(place),
                        format!(
                            "this item breaks the contract: {}",
                            format!("{inner} {}", violation.detail).trim_start()
                        ),
                    );
                    errors.push(match &violation.origin {
                        Some(origin) => error.with_help(format!("{origin} says so")),
                        None => error,
                    });
                }
            }
        }
    }
}

fn key_of(item: &Value, key: &str) -> Option<String> {
    match item.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The files of a folder that can be read, in the order of their names.
fn sources(folder: &Path, errors: &mut Vec<LoadError>) -> Vec<(PathBuf, Arc<Source>)> {
    let files = files(folder).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    });
    let mut sources = Vec::new();
    for path in files {
        match Source::read(&path, &path.display().to_string()) {
            Ok(source) => sources.push((path, Arc::new(source))),
            Err(error) => errors.push(error),
        }
    }
    sources
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let fail = |error: std::io::Error| {
        let source = Arc::new(Source::new(folder.display().to_string(), ""));
        LoadError::new(&source, Place::File, format!("can't be read: {error}"))
    };
    let root = folder.canonicalize().map_err(fail)?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let is_data = path
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| ["yaml", "yml", "json"].contains(&extension));
        if !is_data {
            continue;
        }
        if !path
            .canonicalize()
            .is_ok_and(|real| real.starts_with(&root))
        {
            let source = Arc::new(Source::new(path.display().to_string(), ""));
            let message = "leads out of the fixtures' folder, or nowhere";
            return Err(LoadError::new(&source, Place::File, message));
        }
        files.push(path);
    }
    files.sort();
    Ok(files)
}
