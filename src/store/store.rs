use super::budget::Budget;
use super::item::Planned;
use super::ledger::{Ledger, Page, Whose};
use super::reads::Reads;
use super::state::Address;
use super::turns::Turns;
use super::{Change, Item, LedgerFault, Seed, State, Unwritten};
use arc_swap::ArcSwap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

/// How many items a store may hold, beyond those of its seeds.
const ITEMS: usize = 10_000;
/// How many bytes of memory items may take, beyond those of its seeds, counted roughly.
const BYTES: usize = 64 * 1024 * 1024;
/// How often a writer decides beside others before it has them wait.
const TRIES: usize = 4;

/// The state of one contract, shared by all requests.
#[derive(Debug)]
pub struct Store {
    state: ArcSwap<State>,
    turns: Turns<Ground, Job, Outcome>,
    /// What it shares with others, of what isn't the seeds'.
    budget: Option<Arc<Budget>>,
    /// Where writes are kept, and as whose.
    ledger: Option<(Arc<dyn Ledger>, Whose)>,
}

/// What writes go by. Who holds it is the only one that publishes a state.
#[derive(Debug)]
struct Ground {
    /// What a reset goes back to.
    base: State,
    /// What is in the ledger without having been written.
    seeds: State,
    /// Whether what the ledger has of it is another's, which the next page takes the place of.
    is_fresh: bool,
    /// Whether the ledger has let it go.
    is_closed: bool,
}

/// Changes that were decided on, and what for.
#[derive(Debug)]
struct Job {
    /// The state that was looked at, and at what of it; nothing where none other could come up.
    seen: Option<(Arc<State>, Arc<Reads>)>,
    changes: Vec<Planned>,
    now: SystemTime,
}

#[derive(Debug)]
enum Outcome {
    Made(Vec<Item>),
    /// What was looked at has changed.
    Overtaken,
    Refused(Unwritten),
}

impl Store {
    /// A store that holds the seeds, as of `now`.
    pub fn new(seeds: Vec<Seed>, now: SystemTime) -> Store {
        Store::of(State::planted(seeds, now, 0), None, None)
    }

    /// A store that begins with a state of seeds, which costs nothing.
    pub(super) fn of(
        seeds: State,
        budget: Option<Arc<Budget>>,
        ledger: Option<(Arc<dyn Ledger>, Whose)>,
    ) -> Store {
        let ground = Ground {
            base: seeds.clone(),
            seeds: seeds.clone(),
            is_fresh: true,
            is_closed: false,
        };
        Store {
            state: ArcSwap::from_pointee(seeds),
            turns: Turns::new(ground),
            budget,
            ledger,
        }
    }

    /// The same, with what was kept of it in a ledger.
    pub(super) fn resume(&self, (base, state): (State, State)) {
        let mut ground = self.turns.alone();
        ground.base = base;
        ground.is_fresh = false;
        if let Some(budget) = &self.budget {
            budget.settle(0, state.size.own);
        }
        self.state.store(Arc::new(state));
    }

    /// Looks at the state as it is now. Nobody waits for it, and it waits for nobody.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.load())
    }

    /// Decides on changes and makes them, as if alone: whatever `decide` saw is still so when its
    /// changes are made. All of them are made, or on a refusal none. Gives what was decided, and
    /// the items put, in order, as they became.
    ///
    /// Writers decide side by side. What each looks at is noted, and where another has changed
    /// some of that meanwhile, `decide` is called again. After a few times the others wait for it.
    ///
    /// # Errors
    /// The refusal of `decide`, or why it couldn't be written.
    pub fn write<T, R: From<Unwritten>>(
        &self,
        now: SystemTime,
        decide: impl Fn(&State) -> Result<(Vec<Change>, T), R>,
    ) -> Result<(T, Vec<Item>), R> {
        for _ in 0..TRIES {
            let seen = self.state.load_full();
            let reads = Arc::default();
            let (changes, decided) = decide(&seen.noting(&reads))?;
            // It is as if this had come before whatever came meanwhile.
            if changes.is_empty() {
                return Ok((decided, Vec::new()));
            }
            let job = Job {
                changes: changes.into_iter().map(Planned::from).collect(),
                seen: Some((seen, reads)),
                now,
            };
            let outcome = self.turns.take(job, |ground, jobs| self.make(ground, jobs));
            match outcome {
                Some(Outcome::Made(items)) => return Ok((decided, items)),
                Some(Outcome::Refused(why)) => return Err(why.into()),
                Some(Outcome::Overtaken) | None => {}
            }
        }
        let mut ground = self.turns.alone();
        let (changes, decided) = decide(&self.state.load())?;
        let job = Job {
            changes: changes.into_iter().map(Planned::from).collect(),
            seen: None,
            now,
        };
        match self.make(&mut ground, vec![job]).pop() {
            Some(Outcome::Refused(why)) => Err(why.into()),
            Some(Outcome::Made(items)) => Ok((decided, items)),
            Some(Outcome::Overtaken) | None => unreachable!("nobody else can write"),
        }
    }

    /// Back to the seeds. Revisions go on counting, so that no tag comes twice.
    ///
    /// # Errors
    /// Why the ledger couldn't keep it: all is as it was.
    pub fn reset(&self) -> Result<(), Unwritten> {
        let mut ground = self.turns.alone();
        let (renewed, written) = self.state.load().renewed(&ground.base);
        if let Some((ledger, whose)) = &self.ledger
            && !ground.is_closed
        {
            let records = renewed.records(&ground.seeds, &written);
            ledger.keep(Page {
                whose: whose.clone(),
                revision: renewed.revision,
                is_fresh: true,
                collections: renewed.revisions(&written),
                records,
            })?;
            ground.is_fresh = false;
        }
        self.begin(&mut ground, renewed);
        Ok(())
    }

    /// Goes over to a state of other seeds, which the ledger has already.
    pub(super) fn replant(
        &self,
        plant: impl FnOnce(u64) -> Result<State, LedgerFault>,
    ) -> Result<State, LedgerFault> {
        let mut ground = self.turns.alone();
        let seeds = plant(self.state.load().revision)?;
        ground.seeds = seeds.clone();
        self.begin(&mut ground, seeds.clone());
        Ok(seeds)
    }

    fn begin(&self, ground: &mut Ground, base: State) {
        if let Some(budget) = &self.budget {
            budget.settle(self.state.load().size.own, base.size.own);
        }
        ground.base = base.clone();
        self.state.store(Arc::new(base));
    }

    /// From now on nothing is kept of it: whoever still writes does so for themselves.
    pub(super) fn close(&self) {
        self.turns.alone().is_closed = true;
    }

    /// How many items have changed since the seeds or the last reset, and how many bytes those
    /// take that are there.
    pub fn changed(&self) -> (usize, usize) {
        let base = self.turns.alone().base.clone();
        self.state.load().changed(&base)
    }

    /// Makes what several decided on, one after another, and keeps it at once.
    fn make(&self, ground: &mut Ground, jobs: Vec<Job>) -> Vec<Outcome> {
        let state = self.state.load_full();
        let mut next = State::clone(&state);
        let mut written = BTreeSet::new();
        let mut outcomes: Vec<Outcome> = jobs
            .into_iter()
            .map(|job| {
                let holds = |(seen, reads): &(Arc<State>, Arc<Reads>)| reads.hold(seen, &next);
                match job.seen.as_ref().is_none_or(holds) {
                    true => self.add(ground, &mut next, job, &mut written),
                    false => Outcome::Overtaken,
                }
            })
            .collect();
        if next.revision == state.revision {
            return outcomes;
        }
        if let Some((ledger, whose)) = &self.ledger
            && !ground.is_closed
        {
            let page = Page {
                whose: whose.clone(),
                revision: next.revision,
                is_fresh: ground.is_fresh,
                collections: next.revisions(&written),
                records: next.records(&ground.seeds, &written),
            };
            if let Err(why) = ledger.keep(page) {
                if let Some(budget) = &self.budget {
                    budget.settle(next.size.own, state.size.own);
                }
                for outcome in &mut outcomes {
                    if let Outcome::Made(_) = outcome {
                        *outcome = Outcome::Refused(why.clone().into());
                    }
                }
                return outcomes;
            }
            ground.is_fresh = false;
        }
        self.state.store(Arc::new(next));
        outcomes
    }

    /// Makes the changes of one on a state that nobody sees yet.
    fn add(
        &self,
        ground: &Ground,
        state: &mut State,
        job: Job,
        written: &mut BTreeSet<Address>,
    ) -> Outcome {
        let mut next = state.clone();
        let mut touched = Vec::new();
        let changes = job.changes.into_iter();
        let items = changes.filter_map(|change| next.apply(change, job.now, &mut touched));
        let items = items.collect();
        let (old, new, seeds) = (state.size, next.size, ground.seeds.size);
        let grows = new.items > old.items || new.bytes > old.bytes;
        if grows && (new.items > seeds.items + ITEMS || new.bytes > seeds.bytes + BYTES) {
            return Outcome::Refused(Unwritten::Full);
        }
        let fits = |budget: &Arc<Budget>| budget.change(old.own, new.own);
        if !self.budget.as_ref().is_none_or(fits) {
            return Outcome::Refused(Unwritten::Full);
        }
        if self.ledger.is_some() {
            written.extend(touched);
        }
        *state = next;
        Outcome::Made(items)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(budget) = &self.budget {
            budget.settle(self.state.load().size.own, 0);
        }
    }
}

#[cfg(test)]
mod tests;
