use super::budget::Budget;
use super::tree::Tree;
use super::{Seed, State, Store};
use arc_swap::ArcSwap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many sandboxes there may be at once.
const SANDBOXES: usize = 10_000;
/// How many bytes they may take together, beyond what they share with the seeds.
const TOGETHER: usize = 1 << 30;

/// A contract's own store, and one for each caller that wants to be alone. All begin with the same
/// seeds, which are in memory once: a sandbox takes what it changed.
#[derive(Debug)]
pub struct Sandboxes {
    main: Store,
    seeds: State,
    budget: Arc<Budget>,
    named: ArcSwap<Tree<Arc<str>, Arc<Sandbox>>>,
    /// When it was last looked for idle ones. Who holds it is the only one that makes and drops.
    looked: Mutex<SystemTime>,
    idle: Duration,
    most: usize,
}

/// A store of one caller's own.
#[derive(Debug)]
pub struct Sandbox {
    store: Store,
    /// When it was last used, in milliseconds since 1970.
    used: AtomicU64,
}

/// What is told of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxStatus {
    /// Its name.
    pub name: String,
    /// How many of its items aren't as they were at first, or after the last reset; those that
    /// are gone are counted.
    pub changed: usize,
    /// What those that are there take in memory, in bytes, roughly.
    pub bytes: usize,
    /// When it was last used.
    pub used: SystemTime,
}

/// There are as many sandboxes as there may be, and none has been idle for long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManySandboxes {
    /// How many there are.
    pub count: usize,
    /// When one goes that isn't used.
    pub idle: Duration,
}

impl Sandboxes {
    /// The seeds as of `now`, and no sandboxes yet. One that isn't used for `idle` goes.
    pub fn new(seeds: Vec<Seed>, now: SystemTime, idle: Duration) -> Sandboxes {
        let seeds = State::planted(seeds, now);
        Sandboxes {
            main: Store::of(seeds.clone(), None),
            seeds,
            budget: Arc::new(Budget::new(TOGETHER)),
            named: ArcSwap::default(),
            looked: Mutex::new(UNIX_EPOCH),
            idle,
            most: SANDBOXES,
        }
    }

    /// The same, of which one that isn't used for `idle` goes.
    pub fn keep_for(&mut self, idle: Duration) {
        self.idle = idle;
    }

    /// The store of those that ask for no sandbox.
    pub fn main(&self) -> &Store {
        &self.main
    }

    /// The sandbox of a name, made where there is none or it was idle for too long. `now` is the
    /// time that idleness is told by. Names are as long as the caller lets them be. One that is
    /// there is found without waiting for anyone.
    ///
    /// # Errors
    /// [`TooManySandboxes`], where it would have to be made.
    pub fn named(&self, name: &str, now: SystemTime) -> Result<Arc<Sandbox>, TooManySandboxes> {
        if let Some(sandbox) = self
            .find(name)
            .filter(|sandbox| !sandbox.is_idle(self.idle, now))
        {
            sandbox.touch(now);
            return Ok(sandbox);
        }
        let mut looked = self.alone();
        if let Some(sandbox) = self
            .find(name)
            .filter(|sandbox| !sandbox.is_idle(self.idle, now))
        {
            sandbox.touch(now);
            return Ok(sandbox);
        }
        let mut named = self.named.load().as_ref().clone();
        named.remove(|other| other.as_ref().cmp(name));
        // To look at all of them for each would cost more than to make it.
        let is_due = passed(*looked, now) >= self.idle / 16;
        if is_due || named.len() >= self.most {
            *looked = now;
            named = self.without_idle(&named, now);
        }
        if named.len() >= self.most {
            return Err(TooManySandboxes {
                count: named.len(),
                idle: self.idle,
            });
        }
        let sandbox = Arc::new(Sandbox {
            store: Store::of(self.seeds.clone(), Some(Arc::clone(&self.budget))),
            used: AtomicU64::new(milliseconds(now)),
        });
        named.insert(name.into(), Arc::clone(&sandbox));
        self.named.store(Arc::new(named));
        Ok(sandbox)
    }

    /// Lets those go that are idle at `now`; gives how many.
    pub fn expire(&self, now: SystemTime) -> usize {
        let mut looked = self.alone();
        *looked = now;
        let named = self.named.load();
        let left = self.without_idle(&named, now);
        let gone = named.len() - left.len();
        if gone > 0 {
            self.named.store(Arc::new(left));
        }
        gone
    }

    /// What there is at `now`, in the order of the names.
    pub fn list(&self, now: SystemTime) -> Vec<SandboxStatus> {
        let named = self.named.load_full();
        let there = named
            .iter()
            .filter(|(_, sandbox)| !sandbox.is_idle(self.idle, now));
        let status = |(name, sandbox): &(Arc<str>, Arc<Sandbox>)| {
            let (changed, bytes) = sandbox.store.changed();
            SandboxStatus {
                name: name.as_ref().to_owned(),
                changed,
                bytes,
                used: sandbox.used(),
            }
        };
        there.map(status).collect()
    }

    /// Puts a sandbox back to the seeds; gives whether there is one of that name.
    pub fn reset(&self, name: &str, now: SystemTime) -> bool {
        let there = self
            .find(name)
            .filter(|sandbox| !sandbox.is_idle(self.idle, now));
        there
            .as_ref()
            .map(|sandbox| sandbox.store.reset())
            .is_some()
    }

    /// Lets a sandbox go; gives whether there was one of that name. Who is at it ends there.
    pub fn forget(&self, name: &str) -> bool {
        let _alone = self.alone();
        let mut named = self.named.load().as_ref().clone();
        let gone = named.remove(|other| other.as_ref().cmp(name));
        self.named.store(Arc::new(named));
        gone.is_some()
    }

    /// Lets all of them go.
    pub fn forget_all(&self) {
        let _alone = self.alone();
        self.named.store(Arc::default());
    }

    fn find(&self, name: &str) -> Option<Arc<Sandbox>> {
        let named = self.named.load();
        let found = named.find(|other| other.as_ref().cmp(name));
        found.map(|(_, sandbox)| Arc::clone(sandbox))
    }

    fn without_idle(
        &self,
        named: &Tree<Arc<str>, Arc<Sandbox>>,
        now: SystemTime,
    ) -> Tree<Arc<str>, Arc<Sandbox>> {
        let mut left = named.clone();
        let idle = named
            .iter()
            .filter(|(_, sandbox)| sandbox.is_idle(self.idle, now));
        for (name, _) in idle {
            left.remove(|other| other.cmp(name));
        }
        left
    }

    fn alone(&self) -> MutexGuard<'_, SystemTime> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sandbox {
    /// Its store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn used(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.used.load(Ordering::Relaxed))
    }

    fn is_idle(&self, bound: Duration, now: SystemTime) -> bool {
        passed(self.used(), now) >= bound
    }

    fn touch(&self, now: SystemTime) {
        let now = milliseconds(now);
        // Many that use it in one millisecond need not write to what all of them read.
        if self.used.load(Ordering::Relaxed) < now {
            self.used.store(now, Ordering::Relaxed);
        }
    }
}

/// How long it is from then to now; nothing where the clock was set back.
fn passed(then: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(then).unwrap_or_default()
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = passed(UNIX_EPOCH, time).as_millis();
    // A bound that is added to 1970 without leaving what a time can be.
    u64::try_from(since).unwrap_or(u64::MAX).min(1 << 47)
}

impl fmt::Display for TooManySandboxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooManySandboxes { count, idle } = self;
        let idle = idle.as_secs();
        write!(
            f,
            "there are {count} sandboxes, as many as there may be: let some go, or wait until one was idle for {idle} s"
        )
    }
}

impl std::error::Error for TooManySandboxes {}

#[cfg(test)]
mod tests;
