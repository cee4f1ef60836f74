//! The files of a site, on the disk.

use crate::docs::Docs;
use crate::host::Host;
use std::collections::HashSet;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Component, Path};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The file that says which files are ours: those that are no longer of the site are taken away.
const LISTING: &str = "assets/files.txt";
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
pub(super) fn write(docs: &Docs, host: &Host, out: &Path) -> Result<Written, Unwritten> {
    let paths = docs.paths();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let before = fs::read_to_string(out.join(LISTING)).unwrap_or_default();
    let own: HashSet<&str> = before.lines().collect();
    let is_others =
        |path: &&&str| !own.contains(**path) && out.join(path).symlink_metadata().is_ok();
    if let Some(path) = paths.iter().find(is_others) {
        let why = "it is there already and no site's before; name another folder";
        let shown = out.join(path).display().to_string();
        return Err((shown, io::Error::new(io::ErrorKind::AlreadyExists, why)));
    }
    let failed: Mutex<Option<Unwritten>> = Mutex::new(None);
    let next = AtomicUsize::new(0);
    let changed = AtomicUsize::new(0);
    let work = || {
        let mut told = Progress::new(paths.len());
        loop {
            let start = next.fetch_add(CHUNK, Ordering::Relaxed).min(paths.len());
            let some = &paths[start..paths.len().min(start + CHUNK)];
            if some.is_empty() {
                break;
            }
            told.tell(start);
            for path in some {
                let Some(text) = docs.file(host, path) else {
                    continue;
                };
                let error = match put(&out.join(path), &text) {
                    Ok(is_changed) => {
                        changed.fetch_add(usize::from(is_changed), Ordering::Relaxed);
                        continue;
                    }
                    Err(error) => error,
                };
                {
                    let mut failed = failed
                        .lock()
                        .unwrap_or_else(|poisoned| poisoned.into_inner());
                    failed.get_or_insert((out.join(path).display().to_string(), error));
                }
                return;
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
    let listing = paths.join("\n") + "\n";
    let now: HashSet<&str> = paths.iter().copied().collect();
    for stale in before.lines().filter(|path| !now.contains(path)) {
        // What the listing says must not lead out of the folder.
        let is_within = Path::new(stale)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if is_within {
            let _ = fs::remove_file(out.join(stale));
        }
    }
    put(&out.join(LISTING), &listing).map_err(|error| (LISTING.to_owned(), error))?;
    Ok(Written {
        all: paths.len(),
        changed: changed.into_inner(),
    })
}

/// Writes a file, where it doesn't say that already; tells whether it didn't.
fn put(path: &Path, text: &str) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).map(|()| true)
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
