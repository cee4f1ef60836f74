//! Documents, and what belongs to each, into contracts.

use super::Host;
use crate::contract::{AuthMode, AuthSettings, Beginning, Contract, Loading};
use crate::spec::{LoadError, LoadErrors, Overlay, Place, Source, nearest};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a contract comes into a host.
pub(super) enum Coming<'o> {
    /// It is loaded, and its state begins so.
    Loaded(Beginning<'o>),
    /// It was there before, and stays.
    Staying(Arc<Contract>),
}

impl Host {
    /// The contracts of documents, by their names.
    pub(super) fn gather<'o>(
        paths: &[PathBuf],
        loading: &Loading,
        comes: &dyn Fn(&str, &Path) -> Coming<'o>,
    ) -> Result<Vec<(String, Arc<Contract>)>, LoadErrors> {
        let mut errors = Vec::new();
        let mut loaded: Vec<(String, Arc<Contract>)> = Vec::new();
        let mut failed: Vec<(PathBuf, Vec<LoadError>)> = Vec::new();
        let documents = documents(paths, &mut errors);
        let overlays = read_overlays(&loading.overlays, &documents, &mut errors);
        for path in documents {
            let stem = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or("api");
            let contract = match comes(stem, &path) {
                Coming::Staying(contract) => Ok(contract),
                Coming::Loaded(beginning) => {
                    let fixtures = fixtures_of(&path, stem);
                    let overlays = for_one(&overlays, &path);
                    let given = (overlays.as_slice(), beginning);
                    Contract::open(&path, fixtures.as_deref(), loading, given).map(Arc::new)
                }
            };
            match contract {
                Ok(contract) => {
                    if loaded.iter().any(|(name, _)| name == stem) {
                        let message = format!("a second contract is called {stem}");
                        errors.push(about(&path, &message));
                    }
                    loaded.push((stem.to_owned(), contract));
                }
                Err(LoadErrors(found)) => failed.push((path, found)),
            }
        }
        for (path, found) in failed {
            // What others refer to is a part of theirs, and no document of its own.
            let name = path.display().to_string();
            let is_part = |contract: &Contract| contract.files().any(|file| file == name);
            let is_named = paths.contains(&path);
            if is_named || !loaded.iter().any(|(_, contract)| is_part(contract)) {
                errors.extend(found);
            }
        }
        // Beside other errors, that a scheme is missing may be a matter of its document.
        if errors.is_empty() {
            errors.extend(unknown_schemes(&loaded, &loading.auth));
            errors.extend(unknown_clocks(&loaded, loading));
        }
        match errors.is_empty() {
            true => Ok(loaded),
            false => Err(LoadErrors(errors)),
        }
    }
}

/// The overlays that can be used, each for one of the documents at least.
pub(super) fn read_overlays(
    overlays: &[PathBuf],
    documents: &[PathBuf],
    errors: &mut Vec<LoadError>,
) -> Vec<Overlay> {
    let mut read = Vec::new();
    for path in overlays {
        match Overlay::read(path) {
            Ok(overlay) if documents.iter().any(|document| overlay.is_for(document)) => {
                read.push(overlay);
            }
            // Where there is no document that is what has to be told.
            Ok(_) if documents.is_empty() => {}
            Ok(overlay) => errors.push(overlay.misses()),
            Err(LoadErrors(found)) => errors.extend(found),
        }
    }
    read
}

pub(super) fn for_one<'o>(overlays: &'o [Overlay], document: &Path) -> Vec<&'o Overlay> {
    overlays
        .iter()
        .filter(|overlay| overlay.is_for(document))
        .collect()
}

/// The documents that are named, and those in the folders that are; what isn't there is an error.
pub(super) fn documents(paths: &[PathBuf], errors: &mut Vec<LoadError>) -> Vec<PathBuf> {
    let mut documents = Vec::new();
    for path in paths {
        if !path.exists() {
            let help = "name a document, or a folder of documents: counterpart api.yaml";
            errors.push(about(path, "there is no such file or folder").with_help(help));
            continue;
        }
        if !path.is_dir() {
            documents.push(path.clone());
            continue;
        }
        let entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                errors.push(about(path, &format!("can't be read: {error}")));
                continue;
            }
        };
        let is_document = |path: &PathBuf| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            ending.is_some_and(|ending| ["yaml", "yml", "json"].contains(&ending))
        };
        let mut inside: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(is_document)
            .collect();
        if inside.is_empty() {
            errors.push(about(path, "has no document in it (.yaml, .yml, .json)"));
        }
        inside.sort();
        documents.extend(inside);
    }
    documents
}

/// The schemes that credentials are given for, and no contract asks for.
fn unknown_schemes(loaded: &[(String, Arc<Contract>)], auth: &AuthSettings) -> Vec<LoadError> {
    let given = auth.credentials.iter().map(|(name, _)| name.as_str());
    let known = loaded.iter().flat_map(|(_, contract)| contract.schemes());
    let known: Vec<&str> = known.collect();
    let unknown = given.filter(|name| !known.contains(name));
    let error = |name: &str| {
        let message = format!("there is no security scheme `{name}` that an operation asks for");
        let error = about(Path::new("--auth-credential"), &message);
        match nearest(name, &known) {
            Some(known) => error.with_help(format!("did you mean `{known}`?")),
            None => error,
        }
    };
    match auth.mode {
        AuthMode::Verify => unknown.map(error).collect(),
        AuthMode::Presence | AuthMode::Off => Vec::new(),
    }
}

/// The APIs that clocks are set for, and aren't there.
fn unknown_clocks(loaded: &[(String, Arc<Contract>)], loading: &Loading) -> Vec<LoadError> {
    let known: Vec<&str> = loaded.iter().map(|(name, _)| name.as_str()).collect();
    let named = loading
        .clocks
        .iter()
        .filter_map(|(name, _)| name.as_deref());
    let error = |name: &str| {
        let message = format!("there is no API `{name}`");
        let error = about(Path::new("--clock"), &message);
        match nearest(name, &known) {
            Some(known) => error.with_help(format!("did you mean `{known}`?")),
            None => error.with_help(format!("there are {}", known.join(", "))),
        }
    };
    named
        .filter(|name| !known.contains(name))
        .map(error)
        .collect()
}

pub(super) fn fixtures_of(document: &Path, stem: &str) -> Option<PathBuf> {
    let folders = folders_of(document, stem).into_iter();
    folders.flatten().find(|path| path.is_dir())
}

/// Where the fixtures of a document may stand.
fn folders_of(document: &Path, stem: &str) -> Option<[PathBuf; 2]> {
    let folder = document.parent()?;
    let beside = match folder.parent() {
        Some(above) if folder.file_name().is_some() => above.join("fixtures").join(stem),
        _ => PathBuf::from("fixtures").join(stem),
    };
    Some([beside, folder.join("fixtures").join(stem)])
}

/// The folders in which the fixtures of a document may stand, there or not.
pub(crate) fn fixture_folders(document: &Path) -> Vec<PathBuf> {
    let stem = document.file_stem().and_then(|stem| stem.to_str());
    let folders = folders_of(document, stem.unwrap_or("api"));
    folders.into_iter().flatten().collect()
}

pub(super) fn about(path: &Path, message: &str) -> LoadError {
    let source = Arc::new(Source::new(path.display().to_string(), ""));
    LoadError::new(&source, Place::File, message)
}
