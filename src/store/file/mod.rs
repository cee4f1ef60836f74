//! A ledger in a file: an embedded database (redb), in which a commit is whole and on the disk, or
//! isn't there at all. Writes that wait for the disk are committed together.

mod fault;
mod tables;

use super::ledger::{Kept, Ledger, LedgerFault, Mark, Page, Planting, Receipt, Whose};
use super::turns::Turns;
use fault::{broken, is_damage, not_opened};
use redb::{Builder, Database, DatabaseError};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tables::{Tables, Undo};

/// What the database keeps in memory of its file, which is read at start alone.
const CACHE: usize = 16 * 1024 * 1024;

/// State that is kept in a file.
pub struct FileLedger {
    /// Its name, for what goes wrong.
    name: String,
    opened: Box<dyn Fn(Check) -> Result<Database, DatabaseError> + Send + Sync>,
    turns: Turns<Disk, Task, Result<(), LedgerFault>>,
    /// Why the last write failed, where it did.
    trouble: Mutex<Option<LedgerFault>>,
}

/// Whether the whole file is read and held against its checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Whole,
    AsFarAsNeeded,
}

/// The database, or that it has to be opened again after a fault.
#[derive(Debug)]
struct Disk {
    database: Option<Database>,
    /// How many commits there were that were told of.
    serial: u64,
    /// What undoes the commit that failed, should it be there nevertheless.
    undo: Vec<Undo>,
}

/// What is to be kept.
#[derive(Debug)]
enum Task {
    Keep(Page),
    Forget(Vec<Whose>),
    Plant(String, Planting),
}

impl fmt::Debug for FileLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileLedger")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl FileLedger {
    /// Opens a file, or makes it. It is this process's alone until the ledger is dropped.
    ///
    /// # Errors
    /// Why it can't be used: another process does, it is damaged, or it is no such file.
    pub fn open(path: &Path) -> Result<FileLedger, LedgerFault> {
        FileLedger::tried(path).map_err(|(fault, _)| fault)
    }

    /// The same, but that a file which is damaged is put aside as `FILE.damaged-1` or the next number
    /// that is free, and another one made. Gives what it is called now.
    ///
    /// # Errors
    /// Why it can't be used, or put aside.
    pub fn open_anew(path: &Path) -> Result<(FileLedger, Option<PathBuf>), LedgerFault> {
        let fault = match FileLedger::tried(path) {
            Ok(ledger) => return Ok((ledger, None)),
            Err((fault, is_damage)) if !is_damage || !path.is_file() => return Err(fault),
            Err((fault, _)) => fault,
        };
        let numbered = |number: u32| {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".damaged-{number}"));
            PathBuf::from(name)
        };
        let mut names = (1..1_000).map(numbered);
        let aside = names.find(|name| name.symlink_metadata().is_err());
        let aside = aside.ok_or(fault)?;
        std::fs::rename(path, &aside).map_err(|error| {
            let why = format!("{} can't be put aside: {error}", path.display());
            LedgerFault::unusable(why)
        })?;
        Ok((FileLedger::open(path)?, Some(aside)))
    }

    /// Opens a file; tells beside what is wrong whether that is damage.
    fn tried(path: &Path) -> Result<FileLedger, (LedgerFault, bool)> {
        let name = path.display().to_string();
        let was_there = path.exists();
        let given = path;
        let path = path.to_owned();
        let opened = FileLedger::opened_by(name, move |check| {
            let mut builder = Builder::new();
            builder.set_cache_size(CACHE);
            builder.set_check_integrity_on_open(check == Check::Whole);
            builder.create(&path)
        });
        // A file that couldn't be made whole would be taken for a damaged one.
        if opened.is_err() && !was_there {
            let _ = std::fs::remove_file(given);
        }
        opened
    }

    fn opened_by(
        name: String,
        opened: impl Fn(Check) -> Result<Database, DatabaseError> + Send + Sync + 'static,
    ) -> Result<FileLedger, (LedgerFault, bool)> {
        let database = opened(Check::Whole).map_err(|error| {
            let is_damage = is_damage(&error);
            (not_opened(&name, error), is_damage)
        })?;
        let serial = Tables::prepare(&database)
            .map_err(|error| {
                let is_damage = error.is_damage();
                (broken(&name, error), is_damage)
            })?
            .ok_or_else(|| {
                let why = format!("{name} is the state of another version");
                (LedgerFault::unusable(why), false)
            })?;
        Ok(FileLedger {
            name,
            opened: Box::new(opened),
            turns: Turns::new(Disk {
                database: Some(database),
                serial,
                undo: Vec::new(),
            }),
            trouble: Mutex::default(),
        })
    }

    fn run(&self, task: Task) -> Result<(), LedgerFault> {
        let done = self.turns.take(task, |disk, tasks| {
            let outcome = self.commit(disk, &tasks);
            *self.lock_trouble() = outcome.as_ref().err().cloned();
            vec![outcome; tasks.len()]
        });
        let failed = || LedgerFault::Unusable(format!("{}: the write failed", self.name).into());
        done.unwrap_or_else(|| Err(failed()))
    }

    fn lock_trouble(&self) -> MutexGuard<'_, Option<LedgerFault>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits what several want kept, as one.
    fn commit(&self, disk: &mut Disk, tasks: &[Task]) -> Result<(), LedgerFault> {
        let database = self.reopened(disk)?;
        disk.undo.clear();
        match Tables::write(&database, disk.serial + 1, tasks, &mut disk.undo) {
            Ok(()) => {
                disk.serial += 1;
                disk.database = Some(database);
                Ok(())
            }
            // After a fault of the disk the database takes nothing any more.
            Err(error) => Err(broken(&self.name, error)),
        }
    }

    /// Opens the file again where a fault made that necessary, and sees to it that what failed
    /// isn't in it.
    fn reopened(&self, disk: &mut Disk) -> Result<Database, LedgerFault> {
        if let Some(database) = disk.database.take() {
            return Ok(database);
        }
        let opened = (self.opened)(Check::AsFarAsNeeded);
        let database = opened.map_err(|error| not_opened(&self.name, error))?;
        let fail = |error| broken(&self.name, error);
        let serial = Tables::serial(&database).map_err(fail)?;
        if serial > disk.serial {
            Tables::undo(&database, disk.serial, &disk.undo).map_err(fail)?;
        }
        Ok(database)
    }
}

impl Ledger for FileLedger {
    fn open(&self, api: &str, fingerprint: &str) -> Result<Option<Kept>, LedgerFault> {
        let mut disk = self.turns.alone();
        let database = self.reopened(&mut disk)?;
        let kept =
            Tables::read(&database, api, fingerprint).map_err(|error| broken(&self.name, error));
        disk.database = Some(database);
        kept
    }

    fn plant(
        &self,
        api: &str,
        planting: &Planting,
        _over: Option<Mark>,
    ) -> Result<Option<Mark>, LedgerFault> {
        self.run(Task::Plant(api.to_owned(), planting.clone()))?;
        Ok(Some(Mark::default()))
    }

    fn keep(&self, page: Page) -> Result<Receipt, LedgerFault> {
        self.run(Task::Keep(page))?;
        Ok(Receipt::Kept(Mark::default()))
    }

    fn forget(&self, whose: &[Whose]) -> Result<usize, LedgerFault> {
        self.run(Task::Forget(whose.to_vec()))?;
        Ok(whose.len())
    }

    fn trouble(&self) -> Option<LedgerFault> {
        self.lock_trouble().clone()
    }
}

#[cfg(test)]
mod tests;
