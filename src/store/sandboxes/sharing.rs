//! Stores that several processes have: each is looked up where they share it before it is used.

use super::super::ledger::{LedgerFault, Listed, Mark, Planting, SharedLedger};
use super::super::store::Behind;
use super::super::{State, Unwritten};
use super::keeping::{Keeping, Opened, TRIES, unsteady};
use super::{
    Sandbox, SandboxStatus, Sandboxes, SeedsSince, TooManySandboxes, Unopened, milliseconds, passed,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// For how long the use of a sandbox isn't told again, at most.
const TOLD: Duration = Duration::from_secs(5);

/// What is shared, and with whom.
type Sharing<'s> = (&'s Keeping, &'s dyn SharedLedger);

impl Sandboxes {
    pub(super) fn shared(&self) -> Option<Sharing<'_>> {
        let keeping = self.keeping.as_ref()?;
        Some((keeping, keeping.ledger.shared()?))
    }

    /// Whether other processes have them too.
    pub fn are_shared(&self) -> bool {
        self.shared().is_some()
    }

    /// The sandbox of a name as it is here, where it is; no other process is asked.
    pub fn known(&self, name: &str) -> Option<Arc<Sandbox>> {
        self.find(name)
    }

    /// Sees to it that the main store is as other processes made it, where others have it too.
    ///
    /// # Errors
    /// Why that isn't known.
    pub fn catch_up(&self) -> Result<(), LedgerFault> {
        let Some((keeping, _)) = self.shared() else {
            return Ok(());
        };
        for _ in 0..TRIES {
            let seen = self.seeds.load().mark;
            match self.main.catch_up(false) {
                Ok(()) | Err(Behind::Full(_)) => return Ok(()),
                Err(Behind::Fault(fault)) => return Err(fault),
                Err(Behind::Begun) => self.begin_anew(keeping, seen)?,
            }
        }
        Err(unsteady())
    }

    /// Why the last write couldn't be kept, where it couldn't.
    pub fn trouble(&self) -> Option<LedgerFault> {
        self.keeping.as_ref()?.ledger.trouble()
    }

    /// What there is to tell, since it was last asked for, of what became of the ledger.
    pub fn notices(&self) -> Vec<String> {
        match &self.keeping {
            Some(keeping) => std::mem::take(&mut *keeping.notices()),
            None => Vec::new(),
        }
    }

    /// Goes over to the seeds that there are by now, or plants its own where there are none.
    fn begin_anew(&self, keeping: &Keeping, seen: Mark) -> Result<(), LedgerFault> {
        let mut changed = keeping.changed();
        // Of several that hear of it, the first does what there is to do.
        if self.seeds.load().mark != seen {
            return Ok(());
        }
        let mut since = SeedsSince::Unchanged;
        let seeds = self.main.replant(|revision| {
            let own = || Planting {
                seeds: self.seeds.load().as_seeds(),
                fingerprint: keeping.fingerprint.clone(),
                planted: keeping.planted,
                after: 0,
            };
            let given = Planting {
                // No tag comes twice.
                after: revision,
                ..changed.clone().unwrap_or_else(own)
            };
            let opened = Opened::of(keeping.ledger.as_ref(), &keeping.api, given)?;
            since = opened.since;
            *changed = opened.changed;
            let seeds = opened.seeds;
            let mut stores = opened.stores.iter();
            let (base, state) = match stores.find(|kept| kept.sandbox.is_none()) {
                Some(kept) => State::resumed(&seeds, kept),
                None => (seeds.clone(), seeds.clone()),
            };
            Ok(Some((seeds, base, state)))
        })?;
        if let Some(seeds) = seeds {
            self.seeds.store(Arc::new(seeds));
        }
        self.named.store(Arc::default());
        keeping.notices().push(told(&keeping.api, since));
        Ok(())
    }

    /// The sandbox of a name, as other processes made it.
    pub(super) fn ours(
        &self,
        (keeping, shared): Sharing<'_>,
        name: &str,
        now: SystemTime,
    ) -> Result<Arc<Sandbox>, Unopened> {
        for _ in 0..TRIES {
            let seen = self.seeds.load().mark;
            let sandbox = match self.find(name) {
                Some(sandbox) => sandbox,
                None => self.taken_in((keeping, shared), name, now)?,
            };
            // What others know of its use is never so old that it would go while it is used.
            let bound = TOLD.min(self.idle / 4);
            let is_use = passed(sandbox.told(), now) >= bound;
            match sandbox.store.catch_up(is_use) {
                Ok(()) => {
                    sandbox.touch(now);
                    if is_use {
                        sandbox.told.store(milliseconds(now), Ordering::Relaxed);
                    }
                    return Ok(sandbox);
                }
                Err(Behind::Fault(fault)) => return Err(fault.into()),
                Err(Behind::Begun) => self.begin_anew(keeping, seen)?,
                Err(Behind::Full(count)) => {
                    if self.sweep((keeping, shared), now)? == 0 {
                        self.leave_out(&[name]);
                        let idle = self.idle;
                        return Err(TooManySandboxes { count, idle }.into());
                    }
                }
            }
        }
        Err(unsteady().into())
    }

    /// A sandbox that isn't in memory yet, as the seeds have it.
    fn taken_in(
        &self,
        sharing: Sharing<'_>,
        name: &str,
        now: SystemTime,
    ) -> Result<Arc<Sandbox>, LedgerFault> {
        let is_due = {
            let mut looked = self.alone();
            let is_due = passed(*looked, now) >= self.idle / 16;
            if is_due {
                *looked = now;
            }
            is_due
        };
        if is_due {
            self.sweep(sharing, now)?;
        }
        let _alone = self.alone();
        if let Some(sandbox) = self.find(name) {
            return Ok(sandbox);
        }
        let name = Arc::from(name);
        let sandbox = self.begun(&name, now);
        let mut named = self.named.load().as_ref().clone();
        named.insert(name, Arc::clone(&sandbox));
        self.named.store(Arc::new(named));
        Ok(sandbox)
    }

    /// Lets those go that no process used for too long, and out of memory what this one didn't use.
    /// Gives how many are gone.
    pub(super) fn sweep(
        &self,
        (keeping, shared): Sharing<'_>,
        now: SystemTime,
    ) -> Result<usize, LedgerFault> {
        let gone = shared.sweep(&keeping.api, self.idle)?;
        let named = self.named.load_full();
        let unused = named
            .iter()
            .filter(|(_, sandbox)| sandbox.is_idle(self.idle, now));
        let unused = unused.map(|(name, _)| name.as_ref());
        let out: Vec<&str> = gone.iter().map(AsRef::as_ref).chain(unused).collect();
        self.leave_out(&out);
        Ok(gone.len())
    }

    /// Takes some out of memory. Who is at one goes on with it.
    fn leave_out(&self, names: &[&str]) {
        if names.is_empty() {
            return;
        }
        let _alone = self.alone();
        let mut named = self.named.load().as_ref().clone();
        for name in names {
            named.remove(|other| other.as_ref().cmp(name));
        }
        self.named.store(Arc::new(named));
    }

    /// What there is, whichever process made it.
    pub(super) fn list_ours(
        &self,
        sharing: Sharing<'_>,
        now: SystemTime,
    ) -> Result<Vec<SandboxStatus>, LedgerFault> {
        self.catch_up()?;
        self.sweep(sharing, now)?;
        let (keeping, shared) = sharing;
        let mut all = Vec::new();
        for Listed {
            name,
            used,
            version,
        } in shared.roster(&keeping.api)?
        {
            let sandbox = match self.find(&name) {
                Some(sandbox) => sandbox,
                None => self.taken_in(sharing, &name, used)?,
            };
            if sandbox.store.mark().version != version {
                match sandbox.store.catch_up(false) {
                    Ok(()) | Err(Behind::Full(_)) => {}
                    Err(Behind::Fault(fault)) => return Err(fault),
                    Err(Behind::Begun) => return Err(unsteady()),
                }
            }
            let status = sandbox.status(&name);
            let used = status.used.max(used);
            all.push(SandboxStatus { used, ..status });
        }
        Ok(all)
    }

    /// Whether any process has one of that name.
    pub(super) fn has_ours(
        &self,
        (keeping, shared): Sharing<'_>,
        name: &str,
    ) -> Result<bool, LedgerFault> {
        self.catch_up()?;
        let roster = shared.roster(&keeping.api)?;
        Ok(roster.iter().any(|listed| listed.name.as_ref() == name))
    }

    /// Puts one back to the seeds; gives whether any process has one of that name.
    pub(super) fn reset_ours(
        &self,
        sharing: Sharing<'_>,
        name: &str,
        now: SystemTime,
    ) -> Result<bool, Unwritten> {
        if !self.has_ours(sharing, name)? {
            return Ok(false);
        }
        match self.ours(sharing, name, now) {
            Ok(sandbox) => {
                sandbox.store.reset()?;
                sandbox.clock.clear();
                Ok(true)
            }
            Err(Unopened::Ledger(fault)) => Err(fault.into()),
            Err(Unopened::Crowded(_)) => Ok(false),
        }
    }
}

impl Sandbox {
    fn told(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.told.load(Ordering::Relaxed))
    }
}

/// What is told where the seeds aren't those any more that a process began with.
fn told(api: &str, since: SeedsSince) -> String {
    match since {
        SeedsSince::Planted => format!(
            "what was kept of {api} is gone: the server of the state was emptied, and it begins with the fixtures again"
        ),
        SeedsSince::Unchanged => format!("the state of {api} was begun anew by another process"),
        SeedsSince::Changed => format!(
            "the state of {api} was begun anew by another process, with other fixtures than this one has"
        ),
    }
}
