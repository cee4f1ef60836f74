//! What contracts are made of, and whether it changed since it was looked at.

use crate::host::{Host, fixture_folders};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

/// How often it is looked.
const BEAT: Duration = Duration::from_millis(400);
/// How many files are looked at.
const MOST: usize = 20_000;
/// How deep folders of fixtures are.
const DEPTH: usize = 4;

/// When each file was changed last, and its size.
type Looks = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// What is looked at.
pub(super) struct Watch {
    /// The documents, folders and overlays that were named.
    named: Vec<PathBuf>,
    looks: Looks,
    is_around: bool,
}

impl Watch {
    /// Of these documents, folders and overlays as they are now.
    pub(super) fn of(named: Vec<PathBuf>, host: Option<&Host>) -> Watch {
        let mut watch = Watch {
            named,
            looks: Looks::new(),
            is_around: false,
        };
        watch.looks = watch.look(host);
        watch
    }

    /// Looks at what documents refer to as well, of which nothing is known before they are loaded.
    /// What changed of the rest since it was first looked at is still news.
    pub(super) fn know(&mut self, host: &Host) {
        for (path, look) in self.look(Some(host)) {
            self.looks.entry(path).or_insert(look);
        }
    }

    /// The files that were looked at, in the order of their paths.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.looks.keys().map(PathBuf::as_path)
    }

    /// Waits until something is another than it was, and nothing is any more that moves. Gives
    /// which files are.
    pub(super) fn wait(&mut self, host: Option<&Host>) -> BTreeSet<PathBuf> {
        let mut changed = BTreeSet::new();
        loop {
            thread::sleep(BEAT);
            // An editor may write several files, or one in several steps.
            while self.moves(host, &mut changed) {
                thread::sleep(BEAT / 2);
            }
            if !changed.is_empty() {
                return changed;
            }
        }
    }

    /// Whether something is another than it was when it was last looked at.
    fn moves(&mut self, host: Option<&Host>, changed: &mut BTreeSet<PathBuf>) -> bool {
        let now = self.look(host);
        let moved = |(path, look): (&PathBuf, _)| self.looks.get(path) != Some(look);
        let mut found: BTreeSet<PathBuf> = now.iter().filter(|&it| moved(it)).map(own).collect();
        let gone = |(path, _): &(&PathBuf, _)| !now.contains_key(*path);
        found.extend(self.looks.iter().filter(gone).map(own));
        self.looks = now;
        let moves = !found.is_empty();
        changed.extend(found);
        moves
    }

    /// Has everything looked at that stands below the documents' folders: what couldn't be loaded
    /// may lack a file that isn't known yet.
    pub(super) fn look_around(&mut self, around: bool) {
        self.is_around = around;
    }

    fn look(&self, host: Option<&Host>) -> Looks {
        let mut looks = Looks::new();
        for path in &self.named {
            let inside = match path.is_dir() {
                true => documents(path),
                false => vec![path.clone()],
            };
            if let Some(folder) = path.parent().filter(|_| self.is_around) {
                add_folder(&mut looks, folder, DEPTH);
            }
            for document in inside {
                for folder in fixture_folders(&document) {
                    add_folder(&mut looks, &folder, DEPTH);
                }
                add(&mut looks, &document);
            }
        }
        // What documents refer to.
        let apis = host.iter().flat_map(|host| host.apis());
        for file in apis.flat_map(|api| api.contract().files()) {
            add(&mut looks, Path::new(file));
        }
        looks
    }
}

fn own<T>((path, _): (&PathBuf, T)) -> PathBuf {
    path.clone()
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_document = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| ["yaml", "yml", "json"].contains(&ending))
    };
    paths.filter(is_document).take(MOST).collect()
}

fn add_folder(looks: &mut Looks, folder: &Path, depth: usize) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let path = entry.path();
        match path.is_dir() {
            true if depth > 0 => add_folder(looks, &path, depth - 1),
            true => {}
            false => add(looks, &path),
        }
    }
}

fn add(looks: &mut Looks, path: &Path) {
    if looks.len() >= MOST {
        return;
    }
    // What isn't there is told from what is.
    let look = match fs::metadata(path) {
        Ok(data) => (data.modified().ok(), data.len()),
        Err(_) => (None, 0),
    };
    looks.insert(path.to_owned(), look);
}
