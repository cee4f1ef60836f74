//! The files of a site, on the disk.

use super::manifest::{LISTING, Manifest, listing};
use crate::docs::Docs;
use crate::host::Host;
use std::collections::HashSet;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Component, Path};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
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
    let own: HashSet<&str> = before.paths().collect();
    let mut writing = Writing {
        docs,
        host,
        out,
        own,
        changed: AtomicUsize::new(0),
        files: Vec::new(),
    };
    writing.all(docs.paths())?;
    // What these lead to, and what that leads to.
    loop {
        let known: HashSet<String> = writing.files.iter().map(|(path, _)| path.clone()).collect();
        let further = docs.further_paths().into_iter();
        let further: Vec<String> = further.filter(|path| !known.contains(path)).collect();
        if further.is_empty() {
            break;
        }
        writing.all(further)?;
    }
    let Writing { files, changed, .. } = writing;
    let now: HashSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
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
    /// The files of a site that was here before.
    own: HashSet<&'w str>,
    changed: AtomicUsize,
    /// Those that are written, with their lengths.
    files: Vec<(String, u64)>,
}

impl Writing<'_> {
    /// Writes the files of these paths, on every processor.
    fn all(&mut self, paths: Vec<String>) -> Result<(), Unwritten> {
        let out = self.out;
        let is_there = out.symlink_metadata().is_ok();
        let is_others = |path: &&String| {
            is_there
                && !self.own.contains(path.as_str())
                && out.join(path).symlink_metadata().is_ok()
        };
        if let Some(path) = paths.iter().find(is_others) {
            let why = "it is there already and no site's before; name another folder";
            let shown = out.join(path).display().to_string();
            return Err((shown, io::Error::new(io::ErrorKind::AlreadyExists, why)));
        }
        let failed: Mutex<Option<Unwritten>> = Mutex::new(None);
        let lengths: Vec<AtomicU64> = paths.iter().map(|_| AtomicU64::new(ABSENT)).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut told = Progress::new(paths.len());
            loop {
                let start = next.fetch_add(CHUNK, Ordering::Relaxed).min(paths.len());
                let end = paths.len().min(start + CHUNK);
                if start == end {
                    break;
                }
                told.tell(start);
                for number in start..end {
                    match self.one(&paths[number]) {
                        Ok(length) => lengths[number].store(length, Ordering::Relaxed),
                        Err(error) => {
                            let mut failed = failed
                                .lock()
                                .unwrap_or_else(|poisoned| poisoned.into_inner());
                            let shown = out.join(&paths[number]).display().to_string();
                            failed.get_or_insert((shown, error));
                            return;
                        }
                    }
                }
            }
            told.end();
        };
        let workers = std::thread::available_parallelism().map_or(1, |count| count.get());
        std::thread::scope(|scope| {
            for _ in 1..workers {
                scope.spawn(work);
            }
            work();
        });
        if let Some(failed) = failed
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
        {
            return Err(failed);
        }
        let written = paths.into_iter().zip(lengths);
        let written = written.map(|(path, length)| (path, length.into_inner()));
        self.files
            .extend(written.filter(|(_, length)| *length != ABSENT));
        Ok(())
    }

    /// Writes one, and tells its length.
    fn one(&self, path: &str) -> io::Result<u64> {
        let Some(text) = self.docs.file(self.host, path) else {
            return Ok(ABSENT);
        };
        let was_there = self.own.contains(path);
        let is_changed = put(&self.out.join(path), &text, was_there)?;
        self.changed
            .fetch_add(usize::from(is_changed), Ordering::Relaxed);
        Ok(text.len() as u64)
    }
}

/// Stands for the length of a file that isn't there.
const ABSENT: u64 = u64::MAX;

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
    of: usize,
    since: Instant,
    last: Option<Instant>,
    is_shown: bool,
}

impl Progress {
    fn new(of: usize) -> Progress {
        Progress {
            of,
            since: Instant::now(),
            last: None,
            is_shown: io::stderr().is_terminal(),
        }
    }

    fn tell(&mut self, done: usize) {
        let is_due =
            self.since.elapsed() > QUIET && self.last.is_none_or(|last| last.elapsed() > BEAT);
        if self.is_shown && is_due {
            self.last = Some(Instant::now());
            let _ = write!(io::stderr(), "\r{} of {} files", done.min(self.of), self.of);
        }
    }

    fn end(&self) {
        if self.last.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
