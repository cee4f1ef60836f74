//! The files of a site, on the disk.

use super::manifest::{LISTING, Manifest, listing};
use crate::docs::Docs;
use crate::host::Host;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Component, Path};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many files a worker takes at a time: those of one operation stand together.
const CHUNK: usize = 16;
/// How long work goes on before it is told how far it is.
const QUIET: Duration = Duration::from_millis(500);
/// How often that is told anew.
const BEAT: Duration = Duration::from_millis(100);

/// How many files there are, and how many said something else before.
pub(super) struct Written {
    pub(super) all: usize,
    pub(super) changed: usize,
}

/// The file that can't be written, and why.
pub(super) type Unwritten = (String, io::Error);

/// Writes all files, and takes away those of a site that was here before; writes over nothing that
/// is no part of one.
pub(super) fn write(
    docs: &Docs,
    host: &Host,
    out: &Path,
    before: &Manifest,
    digest: Option<&str>,
) -> Result<Written, Unwritten> {
    let writing = Writing {
        docs,
        host,
        out,
        is_there: out.symlink_metadata().is_ok(),
        own: before.paths().collect(),
        changed: AtomicUsize::new(0),
        queue: Mutex::default(),
    };
    let paths = docs.paths();
    // What takes long is begun first, so that no processor is left with it at the end.
    let (long, others) = paths.iter().cloned().partition(|path| docs.is_long(path));
    writing.add(long)?;
    writing.add(others)?;
    writing.all()?;
    let Writing { queue, changed, .. } = writing;
    let mut lengths = queue
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .lengths;
    let own = paths.into_iter();
    let own = own.filter_map(|path| lengths.remove_entry(&*path));
    let mut files: Vec<(Arc<str>, u64)> = own.collect();
    let own = files.len();
    files.extend(lengths);
    // Which of those that others lead to were found first hangs on the workers.
    files[own..].sort_unstable();
    let now: HashSet<&str> = files.iter().map(|(path, _)| &**path).collect();
    for stale in before.paths().filter(|path| !now.contains(path)) {
        // What the listing says must not lead out of the folder.
        let is_within = Path::new(stale)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if is_within {
            let _ = fs::remove_file(out.join(stale));
        }
    }
    put(&out.join(LISTING), &listing(digest, &files), true)
        .map_err(|error| (LISTING.to_owned(), error))?;
    Ok(Written {
        all: files.len(),
        changed: changed.into_inner(),
    })
}

/// A site while it is written.
struct Writing<'w> {
    docs: &'w Docs,
    host: &'w Host,
    out: &'w Path,
    /// Whether there was anything before.
    is_there: bool,
    /// The files of a site that was here before.
    own: HashSet<&'w str>,
    changed: AtomicUsize,
    queue: Mutex<Queue>,
}

/// Which files there are, as far as that is known.
#[derive(Default)]
struct Queue {
    paths: Vec<Arc<str>>,
    known: HashSet<Arc<str>>,
    /// The first of them that nobody has taken.
    next: usize,
    /// How long those are that were written.
    lengths: HashMap<Arc<str>, u64>,
    failed: Option<Unwritten>,
}

impl Writing<'_> {
    /// Adds files that aren't known yet.
    fn add(&self, paths: Vec<String>) -> Result<(), Unwritten> {
        let mut queue = self.queue();
        for path in paths {
            let path: Arc<str> = path.into();
            if !queue.known.insert(Arc::clone(&path)) {
                continue;
            }
            let is_own = self.own.contains(&*path);
            let shown = self.out.join(&*path);
            if self.is_there && !is_own && shown.symlink_metadata().is_ok() {
                let why = "it is there already and no site's before; name another folder";
                let why = io::Error::new(io::ErrorKind::AlreadyExists, why);
                return Err((shown.display().to_string(), why));
            }
            queue.paths.push(path);
        }
        Ok(())
    }

    /// Writes all, on every processor.
    fn all(&self) -> Result<(), Unwritten> {
        let workers = std::thread::available_parallelism().map_or(1, |count| count.get());
        std::thread::scope(|scope| {
            for _ in 1..workers {
                scope.spawn(|| self.work());
            }
            self.work();
        });
        match self.queue().failed.take() {
            Some(failed) => Err(failed),
            None => Ok(()),
        }
    }

    fn work(&self) {
        let mut told = Progress::new();
        loop {
            let (some, done, of) = self.some();
            if some.is_empty() {
                break;
            }
            told.tell(done, of);
            for path in some {
                match self.one(&path) {
                    Ok(Some(length)) => {
                        self.queue().lengths.insert(path, length);
                    }
                    Ok(None) => {}
                    Err(error) => {
                        let shown = self.out.join(&*path).display().to_string();
                        self.queue().failed.get_or_insert((shown, error));
                        break;
                    }
                }
            }
        }
        told.end();
    }

    /// The next files to be written, how many were taken before, and how many there are. None where
    /// nothing that is written so far leads to more.
    fn some(&self) -> (Vec<Arc<str>>, usize, usize) {
        for _ in 0..2 {
            let mut queue = self.queue();
            if queue.failed.is_some() {
                break;
            }
            let (start, of) = (queue.next, queue.paths.len());
            if start < of {
                queue.next = of.min(start + CHUNK);
                return (queue.paths[start..queue.next].to_vec(), start, of);
            }
            drop(queue);
            if let Err(failed) = self.add(self.docs.further_paths()) {
                self.queue().failed.get_or_insert(failed);
            }
        }
        (Vec::new(), 0, 0)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one, and tells its length; nothing where there is none.
    fn one(&self, path: &str) -> io::Result<Option<u64>> {
        let Some(text) = self.docs.file(self.host, path) else {
            return Ok(None);
        };
        let was_there = self.own.contains(path);
        let is_changed = put(&self.out.join(path), &text, was_there)?;
        self.changed
            .fetch_add(usize::from(is_changed), Ordering::Relaxed);
        Ok(Some(text.len() as u64))
    }
}

/// Writes a file that may have been there, where it doesn't say that already; tells whether it
/// didn't.
fn put(path: &Path, text: &str, was_there: bool) -> io::Result<bool> {
    let is_as_long =
        was_there && fs::metadata(path).is_ok_and(|data| data.len() == text.len() as u64);
    if is_as_long && fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(false);
    }
    match fs::write(path, text) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, text)
        }
        ended => ended,
    }
    .map(|()| true)
}

/// How far the work is, on a terminal.
struct Progress {
    since: Instant,
    last: Option<Instant>,
    is_shown: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress {
            since: Instant::now(),
            last: None,
            is_shown: io::stderr().is_terminal(),
        }
    }

    fn tell(&mut self, done: usize, of: usize) {
        let is_due =
            self.since.elapsed() > QUIET && self.last.is_none_or(|last| last.elapsed() > BEAT);
        if self.is_shown && is_due {
            self.last = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{done} of {of} files");
        }
    }

    fn end(&self) {
        if self.last.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
