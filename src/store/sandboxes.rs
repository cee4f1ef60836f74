mod keeping;
mod sharing;

use super::budget::Budget;
use super::ledger::{KeptStore, Ledger, LedgerFault, Planting, Whose};
use super::snapshots::Snapshots;
use super::store::Behind;
use super::tree::Tree;
use super::{Clock, Room, Seed, State, Store, Unwritten};
use arc_swap::ArcSwap;
use keeping::{Keeping, Opened, planted};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many sandboxes there may be at once.
pub(super) const SANDBOXES: usize = 10_000;
/// How many bytes they may take together, beyond what they share with the seeds.
const TOGETHER: usize = 1 << 30;

/// A contract's own store, and one for each caller that wants to be alone. All begin with the same
/// seeds, which are in memory once: a sandbox takes what it changed.
#[derive(Debug)]
pub struct Sandboxes {
    main: Store,
    seeds: ArcSwap<State>,
    budget: Arc<Budget>,
    snapshots: Snapshots,
    named: ArcSwap<Tree<Arc<str>, Arc<Sandbox>>>,
    /// When it was last looked for idle ones. Who holds it is the only one that makes and drops.
    looked: Mutex<SystemTime>,
    idle: Duration,
    room: Room,
    most: usize,
    keeping: Option<Keeping>,
}

/// What the seeds are to what a ledger has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedsSince {
    /// It had nothing of this API: they were planted.
    Planted,
    /// They are those that it began with.
    Unchanged,
    /// They are others. The state goes on as it was kept until [`Sandboxes::reset`] plants them.
    Changed,
}

/// A store of one caller's own.
#[derive(Debug)]
pub struct Sandbox {
    store: Store,
    clock: Clock,
    /// When it was last used, in milliseconds since 1970.
    used: AtomicU64,
    /// When that was last told to those who share it.
    told: AtomicU64,
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
        Sandboxes::of(State::planted(seeds, now, 0), idle, None)
    }

    /// The same, with what a ledger has kept of this API; from now on it keeps what is written.
    /// `fingerprint` is another where the seeds are.
    ///
    /// # Errors
    /// Why the ledger can't be read, or can't keep the seeds.
    pub fn kept(
        (ledger, api): (Arc<dyn Ledger>, &str),
        (seeds, fingerprint): (Vec<Seed>, String),
        now: SystemTime,
        idle: Duration,
    ) -> Result<(Sandboxes, SeedsSince), LedgerFault> {
        let given = Planting {
            seeds,
            fingerprint,
            planted: now,
            after: 0,
        };
        let fingerprint = given.fingerprint.clone();
        let Opened {
            seeds,
            stores,
            since,
            changed,
        } = Opened::of(ledger.as_ref(), api, given)?;
        let keeping = Keeping {
            ledger,
            api: api.into(),
            fingerprint,
            planted: now,
            changed: Mutex::new(changed),
            notices: Mutex::default(),
        };
        let sandboxes = Sandboxes::of(seeds, idle, Some(keeping));
        sandboxes.resume(&stores, now);
        Ok((sandboxes, since))
    }

    fn of(seeds: State, idle: Duration, keeping: Option<Keeping>) -> Sandboxes {
        let place = |keeping: &Keeping| keeping.place(None);
        let budget = Arc::new(Budget::new(TOGETHER));
        Sandboxes {
            main: Store::of(seeds.clone(), None, keeping.as_ref().map(place)),
            seeds: ArcSwap::from_pointee(seeds),
            snapshots: Snapshots::new(Arc::clone(&budget)),
            budget,
            named: ArcSwap::default(),
            looked: Mutex::new(UNIX_EPOCH),
            idle,
            room: Room::default(),
            most: SANDBOXES,
            keeping,
        }
    }

    /// The same, of which one that isn't used for `idle` from `now` on goes, and each may hold so
    /// much.
    pub fn bound(&mut self, idle: Duration, now: SystemTime, room: Room) {
        self.idle = idle;
        self.room = room;
        self.main.set_room(room);
        // Of what was kept it isn't known since when it is idle, and the time of what is in it is
        // the API's own.
        for (_, sandbox) in self.named.load().iter() {
            sandbox.used.store(milliseconds(now), Ordering::Relaxed);
        }
    }

    /// What each may hold.
    pub fn room(&self) -> Room {
        self.room
    }

    /// Goes over to seeds as they are by now, of the time `now`. What was done since those before is
    /// taken along, and what is reset from then on begins with these. Where a ledger keeps the
    /// state, it goes on as it is until [`Sandboxes::reset`] plants them. Gives what they are to
    /// those before.
    pub fn reseed(&self, seeds: Vec<Seed>, now: SystemTime) -> SeedsSince {
        let _alone = self.alone();
        let old = self.seeds.load_full();
        let is_same = Seed::are_same(&old.as_seeds(), &seeds);
        if let Some(keeping) = &self.keeping {
            *keeping.changed() = (!is_same).then(|| Planting {
                fingerprint: Seed::fingerprint(&seeds),
                seeds,
                planted: now,
                after: 0,
            });
        } else if !is_same {
            let named = self.named.load_full();
            let stores = || {
                let named = named.iter().map(|(_, sandbox)| sandbox.store());
                named.chain([&self.main])
            };
            let after = stores().map(Store::revision).max();
            let seeds = State::planted(seeds, now, after.unwrap_or(0));
            self.seeds.store(Arc::new(seeds.clone()));
            stores().for_each(|store| store.reseed(&old, &seeds));
        }
        match is_same {
            true => SeedsSince::Unchanged,
            false => SeedsSince::Changed,
        }
    }

    /// Goes on with the stores that were kept.
    fn resume(&self, stores: &[KeptStore], now: SystemTime) {
        let seeds = self.seeds.load();
        let mut named = Tree::default();
        for kept in stores {
            let state = State::resumed(&seeds, kept);
            match &kept.sandbox {
                None => self.main.resume(state),
                Some(name) => {
                    let sandbox = self.begun(name, now);
                    sandbox.store.resume(state);
                    named.insert(Arc::clone(name), sandbox);
                }
            }
        }
        self.named.store(Arc::new(named));
    }

    fn begun(&self, name: &Arc<str>, now: SystemTime) -> Arc<Sandbox> {
        let keeping = self.keeping.as_ref();
        let place = keeping.map(|keeping| keeping.place(Some(name)));
        let budget = Some(Arc::clone(&self.budget));
        Arc::new(Sandbox {
            store: Store::of(State::clone(&self.seeds.load()), budget, place).within(self.room),
            clock: Clock::unset(),
            used: AtomicU64::new(milliseconds(now)),
            told: AtomicU64::new(0),
        })
    }

    /// Puts the main store back to the seeds. Where those changed since the ledger began, it is to
    /// the new ones, and the sandboxes go, which were made of the others.
    ///
    /// # Errors
    /// Why it couldn't be kept: all is as it was.
    pub fn reset(&self) -> Result<(), Unwritten> {
        let Some(keeping) = &self.keeping else {
            return self.main.reset();
        };
        self.catch_up()?;
        let mut changed = keeping.changed();
        let Some(planting) = changed.as_ref() else {
            drop(changed);
            return self.main.reset();
        };
        let over = Some(self.main.mark());
        let seeds = self.main.replant(|revision| {
            let planting = Planting {
                after: revision,
                ..planting.clone()
            };
            let mark = keeping.ledger.plant(&keeping.api, &planting, over)?;
            Ok(mark.map(|mark| {
                let seeds = planted(planting, mark);
                (seeds.clone(), seeds.clone(), seeds)
            }))
        })?;
        let Some(seeds) = seeds else {
            return Err(Behind::Begun.into());
        };
        self.seeds.store(Arc::new(seeds));
        *changed = None;
        match keeping.ledger.shared() {
            // They went with the seeds.
            Some(_) => self.named.store(Arc::default()),
            // What those of the old seeds wrote after all goes with them, or when their names are
            // next written to.
            None => drop(self.forget_all()),
        }
        Ok(())
    }

    /// The states that are kept by name.
    pub fn snapshots(&self) -> &Snapshots {
        &self.snapshots
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
    /// There are as many as there may be, where it would have to be made; or why it isn't known
    /// what other processes made of it.
    pub fn named(&self, name: &str, now: SystemTime) -> Result<Arc<Sandbox>, Unopened> {
        match self.shared() {
            None => Ok(self.own(name, now)?),
            Some(sharing) => self.ours(sharing, name, now),
        }
    }

    fn own(&self, name: &str, now: SystemTime) -> Result<Arc<Sandbox>, TooManySandboxes> {
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
        if let Some(idle) = named.remove(|other| other.as_ref().cmp(name)) {
            let _ = self.let_go(&[idle]);
        }
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
        let name = Arc::from(name);
        let sandbox = self.begun(&name, now);
        named.insert(name, Arc::clone(&sandbox));
        self.named.store(Arc::new(named));
        Ok(sandbox)
    }

    /// A sandbox without a name, which begins as others do: who made it alone knows of it, and
    /// nothing of it is kept.
    pub fn apart(&self) -> Arc<Sandbox> {
        Arc::new(Sandbox {
            store: Store::of(State::clone(&self.seeds.load()), None, None),
            clock: Clock::unset(),
            used: AtomicU64::new(0),
            told: AtomicU64::new(0),
        })
    }

    /// Lets those go that are idle at `now`; gives how many.
    pub fn expire(&self, now: SystemTime) -> usize {
        if let Some(sharing) = self.shared() {
            return self.sweep(sharing, now).unwrap_or(0);
        }
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
    ///
    /// # Errors
    /// Why it isn't known which other processes have.
    pub fn list(&self, now: SystemTime) -> Result<Vec<SandboxStatus>, LedgerFault> {
        if let Some(sharing) = self.shared() {
            return self.list_ours(sharing, now);
        }
        let named = self.named.load_full();
        let there = named
            .iter()
            .filter(|(_, sandbox)| !sandbox.is_idle(self.idle, now));
        let status = |(name, sandbox): &(Arc<str>, Arc<Sandbox>)| sandbox.status(name);
        Ok(there.map(status).collect())
    }

    /// How many this process knows of.
    pub fn count(&self) -> usize {
        self.named.load().len()
    }

    /// Whether there is a sandbox of a name at `now`; none is made, and it doesn't count as used.
    ///
    /// # Errors
    /// Why it isn't known which other processes have.
    pub fn has(&self, name: &str, now: SystemTime) -> Result<bool, LedgerFault> {
        if let Some(sharing) = self.shared() {
            return self.has_ours(sharing, name);
        }
        let there = self.find(name);
        Ok(there.is_some_and(|sandbox| !sandbox.is_idle(self.idle, now)))
    }

    /// Puts a sandbox back to the seeds; gives whether there is one of that name.
    ///
    /// # Errors
    /// Why it couldn't be kept: all is as it was.
    pub fn reset_named(&self, name: &str, now: SystemTime) -> Result<bool, Unwritten> {
        if let Some(sharing) = self.shared() {
            return self.reset_ours(sharing, name, now);
        }
        let there = self.find(name);
        match there.filter(|sandbox| !sandbox.is_idle(self.idle, now)) {
            Some(sandbox) => {
                sandbox.store.reset()?;
                sandbox.clock.clear();
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Lets a sandbox go; gives whether there was one of that name. Who is at it ends there.
    ///
    /// # Errors
    /// Why it is still kept. It is gone until the ledger is opened again.
    pub fn forget(&self, name: &str) -> Result<bool, Unwritten> {
        let _alone = self.alone();
        let mut named = self.named.load().as_ref().clone();
        let found = named.remove(|other| other.as_ref().cmp(name));
        self.named.store(Arc::new(named));
        if let Some((keeping, _)) = self.shared() {
            found.iter().for_each(|(_, sandbox)| sandbox.store.close());
            let (ledger, whose) = keeping.place(Some(&Arc::from(name)));
            return Ok(ledger.forget(&[whose])? > 0);
        }
        let Some(found) = found else {
            return Ok(false);
        };
        self.let_go(&[found])?;
        Ok(true)
    }

    /// Lets all of them go.
    ///
    /// # Errors
    /// Why they are still kept. They are gone until the ledger is opened again.
    pub fn forget_all(&self) -> Result<(), Unwritten> {
        let _alone = self.alone();
        let named = self.named.swap(Arc::default());
        if let Some((keeping, shared)) = self.shared() {
            named.iter().for_each(|(_, sandbox)| sandbox.store.close());
            return Ok(shared.forget_all(&keeping.api)?);
        }
        let all: Vec<_> = named.iter().cloned().collect();
        Ok(self.let_go(&all)?)
    }

    /// Has nothing more kept of some, and what was kept forgotten.
    fn let_go(&self, gone: &[(Arc<str>, Arc<Sandbox>)]) -> Result<(), LedgerFault> {
        gone.iter().for_each(|(_, sandbox)| sandbox.store.close());
        match &self.keeping {
            Some(keeping) if !gone.is_empty() => {
                let whose = |(name, _): &(Arc<str>, _)| keeping.place(Some(name)).1;
                let whose: Vec<Whose> = gone.iter().map(whose).collect();
                keeping.ledger.forget(&whose).map(drop)
            }
            _ => Ok(()),
        }
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
        let all = named.iter();
        let idle = all.filter(|(_, sandbox)| sandbox.is_idle(self.idle, now));
        let idle: Vec<_> = idle.cloned().collect();
        for (name, _) in &idle {
            left.remove(|other| other.cmp(name));
        }
        // What stays kept is forgotten when its name is next written to.
        let _ = self.let_go(&idle);
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

    /// Its own time, where that was set.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn status(&self, name: &str) -> SandboxStatus {
        let (changed, bytes) = self.store.changed();
        SandboxStatus {
            name: name.to_owned(),
            changed,
            bytes,
            used: self.used(),
        }
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

/// Why there is no store to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unopened {
    /// There are as many sandboxes as there may be.
    Crowded(TooManySandboxes),
    /// What keeps the state can't be used.
    Ledger(LedgerFault),
}

impl From<TooManySandboxes> for Unopened {
    fn from(full: TooManySandboxes) -> Unopened {
        Unopened::Crowded(full)
    }
}

impl From<LedgerFault> for Unopened {
    fn from(fault: LedgerFault) -> Unopened {
        Unopened::Ledger(fault)
    }
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unopened::Crowded(full) => full.fmt(f),
            Unopened::Ledger(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Unopened {}

#[cfg(test)]
mod tests;
