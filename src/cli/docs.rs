//! `docs`: the documentation of contracts, written as a site.

use super::arguments::Docs as Arguments;
use super::style::{Style, clean};
use super::{diagnostic, exit, since};
use crate::contract::AuthSettings;
use crate::docs::Docs;
use crate::host::Host;
use crate::spec::LoadErrors;
use std::collections::HashSet;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Component, Path};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The file that says which files are ours: those that are no longer of the site are taken away.
const LISTING: &str = "assets/files.txt";
/// How long work goes on before it is told how far it is.
const QUIET: Duration = Duration::from_millis(500);
/// How often that is told anew.
const BEAT: Duration = Duration::from_millis(100);

/// Writes the site, and tells where it is.
pub(super) fn docs(arguments: &Arguments) -> ExitCode {
    let auth = AuthSettings::default();
    let loading = arguments.sources.loading(false, "", auth);
    let host = match Host::load_with(&arguments.sources.documents, &loading) {
        Ok(host) => host,
        Err(LoadErrors(errors)) => {
            let told = diagnostic::found(errors.iter(), true, Style::of_stderr());
            let _ = io::stderr().write_all(told.as_bytes());
            return ExitCode::from(exit::CANNOT_LOAD);
        }
    };
    let started = Instant::now();
    let docs = match since::of(&host, arguments) {
        Ok(docs) => docs,
        Err(LoadErrors(errors)) => {
            let told = diagnostic::found(errors.iter(), true, Style::of_stderr());
            let _ = io::stderr().write_all(told.as_bytes());
            return ExitCode::from(exit::CANNOT_LOAD);
        }
    };
    match write(&host, &docs, &arguments.out) {
        Ok(count) => {
            let seconds = started.elapsed().as_secs_f32();
            let out = clean(&arguments.out.display().to_string());
            let told = format!(
                "{count} files in {out}, written in {seconds:.1} s; begin with {out}/index.html\n"
            );
            // A closed pipe is the reader's choice, no error of ours.
            let _ = io::stdout().write_all(told.as_bytes());
            ExitCode::SUCCESS
        }
        Err((path, why)) => {
            let why = format!("error: {path} can't be written: {why}");
            let _ = writeln!(io::stderr(), "{}", clean(&why));
            ExitCode::from(exit::CANNOT_LOAD)
        }
    }
}

/// Writes all files, and takes away those of a site that was here before; writes over nothing that
/// is no part of one. Gives how many there are.
fn write(host: &Host, docs: &Docs, out: &Path) -> Result<usize, (String, io::Error)> {
    let paths: Vec<&str> = docs.paths().collect();
    let before = fs::read_to_string(out.join(LISTING)).unwrap_or_default();
    let own: HashSet<&str> = before.lines().collect();
    let is_others =
        |path: &&&str| !own.contains(**path) && out.join(path).symlink_metadata().is_ok();
    if let Some(path) = paths.iter().find(is_others) {
        let why = "it is there already and no site's before; name another folder";
        let shown = out.join(path).display().to_string();
        return Err((shown, io::Error::new(io::ErrorKind::AlreadyExists, why)));
    }
    let failed: Mutex<Option<(String, io::Error)>> = Mutex::new(None);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut told = Progress::new(paths.len());
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            told.tell(next.load(Ordering::Relaxed));
            let Some(text) = docs.file(host, path) else {
                continue;
            };
            if let Err(error) = put(&out.join(path), &text) {
                let mut failed = failed
                    .lock()
                    .unwrap_or_else(|poisoned| poisoned.into_inner());
                failed.get_or_insert((out.join(path).display().to_string(), error));
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
    Ok(paths.len())
}

/// Writes a file, where it doesn't say that already.
fn put(path: &Path, text: &str) -> io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
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
