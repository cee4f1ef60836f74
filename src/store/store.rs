use super::budget::Budget;
use super::item::Planned;
use super::ledger::{Ledger, Mark, News, Page, Pulled, Receipt, SharedLedger, Whose};
use super::reads::Reads;
use super::state::Address;
use super::turns::Turns;
use super::{Change, Item, LedgerFault, Room, Seed, State, Unwritten};
use arc_swap::ArcSwap;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

/// How often a writer decides beside others before it has them wait.
const TRIES: usize = 4;
/// How often a write is made again that another process came before.
const OVERTAKEN: usize = 1_000;

/// The state of one contract, shared by all requests.
#[derive(Debug)]
pub struct Store {
    state: ArcSwap<State>,
    turns: Turns<Ground, Job, Outcome>,
    /// What it may hold.
    room: Room,
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
#[derive(Debug, Clone)]
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

/// What came of jobs that were made at once.
enum Attempt {
    Done(Vec<Outcome>),
    /// Another process has written since.
    Overtaken,
}

/// Why a store isn't known to be as other processes made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Behind {
    /// There are other seeds by now, or none.
    Begun,
    /// It is a sandbox's that would have to be made, and there are as many as there may be.
    Full(usize),
    /// The ledger can't be asked.
    Fault(LedgerFault),
}

impl From<LedgerFault> for Behind {
    fn from(fault: LedgerFault) -> Behind {
        Behind::Fault(fault)
    }
}

impl From<Behind> for Unwritten {
    fn from(why: Behind) -> Unwritten {
        Unwritten::Ledger(match why {
            Behind::Fault(fault) => fault,
            // Who asks anew finds it so.
            Behind::Begun | Behind::Full(_) => LedgerFault::unusable(
                "it was begun anew by another process in the meantime".to_owned(),
            ),
        })
    }
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
        let shared = ledger.as_ref().and_then(|(ledger, _)| ledger.shared());
        let ground = Ground {
            base: seeds.clone(),
            seeds: seeds.clone(),
            // What is kept in a shared one is looked at first.
            is_fresh: shared.is_none(),
            is_closed: false,
        };
        Store {
            state: ArcSwap::from_pointee(seeds),
            turns: Turns::new(ground),
            room: Room::default(),
            budget,
            ledger,
        }
    }

    /// The same, which may hold so much.
    pub(super) fn within(mut self, room: Room) -> Store {
        self.set_room(room);
        self
    }

    /// What it may hold from now on.
    pub(super) fn set_room(&mut self, room: Room) {
        self.room = room;
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
        for _ in 0..OVERTAKEN {
            let seen = self.state.load_full();
            let reads = Arc::default();
            let (changes, decided) = decide(&seen.noting(&reads))?;
            let job = Job {
                changes: changes.into_iter().map(Planned::from).collect(),
                // Nobody else here can write; another process can.
                seen: self.shared().map(|_| (seen, reads)),
                now,
            };
            match self.make(&mut ground, vec![job]).pop() {
                Some(Outcome::Refused(why)) => return Err(why.into()),
                Some(Outcome::Made(items)) => return Ok((decided, items)),
                Some(Outcome::Overtaken) | None => {}
            }
        }
        Err(Unwritten::from(crowded()).into())
    }

    /// Back to the seeds. Revisions go on counting, so that no tag comes twice.
    ///
    /// # Errors
    /// Why the ledger couldn't keep it: all is as it was.
    pub fn reset(&self) -> Result<(), Unwritten> {
        let mut ground = self.turns.alone();
        let renewed = self.renew(&mut ground, None)?;
        self.begin(&mut ground, renewed);
        Ok(())
    }

    /// Back to a state that this store, or another with the same seeds, once had. What is other
    /// than it was has a state, and a tag, of its own.
    ///
    /// # Errors
    /// Why it couldn't be written: all is as it was.
    pub fn restore(&self, old: &State) -> Result<(), Unwritten> {
        let mut ground = self.turns.alone();
        let fits = |budget: &Arc<Budget>| budget.change(0, old.size.own);
        if !self.budget.as_ref().is_none_or(fits) {
            return Err(Unwritten::Full);
        }
        let renewed = self.renew(&mut ground, Some(old));
        if let Some(budget) = &self.budget {
            budget.settle(old.size.own, 0);
        }
        self.publish(renewed?);
        Ok(())
    }

    /// The state that goes back to an old one, or to what a reset goes back to, kept already.
    fn renew(&self, ground: &mut Ground, old: Option<&State>) -> Result<State, Unwritten> {
        for _ in 0..OVERTAKEN {
            let state = self.state.load_full();
            let mut renewed = state.renewed(old.unwrap_or(&ground.base));
            if let Some((ledger, whose)) = &self.ledger
                && !ground.is_closed
            {
                // All that isn't as the seeds have it, also what an earlier reset brought back.
                let (names, written) = renewed.unlike(&ground.seeds);
                let records = renewed.records(&ground.seeds, &written);
                let receipt = ledger.keep(Page {
                    whose: whose.clone(),
                    since: state.mark,
                    revision: renewed.revision,
                    is_fresh: true,
                    collections: renewed.revisions(names.iter()),
                    records,
                })?;
                match receipt {
                    Receipt::Kept(mark) => renewed.mark = mark,
                    Receipt::Overtaken => {
                        self.pull(ground)?;
                        continue;
                    }
                    Receipt::Begun => return Err(Behind::Begun.into()),
                }
                ground.is_fresh = false;
            }
            return Ok(renewed);
        }
        Err(crowded().into())
    }

    /// Goes over to other seeds, and to a state that grew from them with what a reset of that goes
    /// back to. `plant` is given the revision that the store came to; nothing changes where it
    /// gives nothing.
    pub(super) fn replant(
        &self,
        plant: impl FnOnce(u64) -> Result<Option<(State, State, State)>, LedgerFault>,
    ) -> Result<Option<State>, LedgerFault> {
        let mut ground = self.turns.alone();
        let Some((seeds, base, state)) = plant(self.state.load().revision)? else {
            return Ok(None);
        };
        ground.seeds = seeds.clone();
        ground.base = base;
        self.publish(state);
        Ok(Some(seeds))
    }

    /// Goes over from seeds to others, and takes along what was done since. A reset is to the new
    /// ones.
    pub(super) fn reseed(&self, seeds: &State, others: &State) {
        let mut ground = self.turns.alone();
        ground.seeds = others.clone();
        ground.base = others.clone();
        self.publish(self.state.load().regrown(seeds, others));
    }

    /// How many writes led to its state.
    pub(super) fn revision(&self) -> u64 {
        self.state.load().revision
    }

    /// The ledger, where other processes write to it too, and as whose it keeps this store.
    fn shared(&self) -> Option<(&dyn SharedLedger, &Whose)> {
        let (ledger, whose) = self.ledger.as_ref()?;
        Some((ledger.shared()?, whose))
    }

    /// Sees to it that it is as other processes made it, as far as they had when this was called.
    /// `is_use` has a sandbox's count as used.
    pub(super) fn catch_up(&self, is_use: bool) -> Result<(), Behind> {
        let Some((shared, whose)) = self.shared() else {
            return Ok(());
        };
        let seen = self.state.load().mark;
        match shared.ask(whose, seen, is_use)? {
            News::Same => Ok(()),
            News::Begun => Err(Behind::Begun),
            News::Full(count) => Err(Behind::Full(count)),
            News::Moved(version) => {
                let mut ground = self.turns.alone();
                let mark = self.state.load().mark;
                // Of many that hear of it, the first does what there is to do.
                match mark != seen && mark.version >= version {
                    true => Ok(()),
                    false => self.pull(&mut ground),
                }
            }
        }
    }

    /// Becomes what other processes made of it.
    fn pull(&self, ground: &mut Ground) -> Result<(), Behind> {
        let Some((shared, whose)) = self.shared() else {
            return Ok(());
        };
        let state = self.state.load_full();
        match shared.pull(whose, state.mark)? {
            Pulled::Begun => return Err(Behind::Begun),
            Pulled::Pages(pages) => {
                let mut next = State::clone(&state);
                for (mark, page) in &pages {
                    next.follow(&ground.seeds, page, *mark);
                }
                self.publish(next);
            }
            Pulled::Whole(kept) => {
                let (base, state) = State::resumed(&ground.seeds, &kept);
                ground.base = base;
                self.publish(state);
            }
        }
        Ok(())
    }

    /// Where it stands in a shared ledger.
    pub(super) fn mark(&self) -> Mark {
        self.state.load().mark
    }

    fn publish(&self, next: State) {
        if let Some(budget) = &self.budget {
            budget.settle(self.state.load().size.own, next.size.own);
        }
        self.state.store(Arc::new(next));
    }

    fn begin(&self, ground: &mut Ground, base: State) {
        ground.base = base.clone();
        self.publish(base);
    }

    /// From now on nothing is kept of it: whoever still writes does so for themselves.
    pub(super) fn close(&self) {
        self.turns.alone().is_closed = true;
    }

    /// The items that aren't as the seeds have them, with their collections and keys.
    pub fn written(&self) -> Vec<(Arc<str>, Arc<str>, Arc<Value>)> {
        let seeds = self.turns.alone().seeds.clone();
        let state = self.state.load_full();
        let (_, keys) = state.unlike(&seeds);
        let item = |(collection, key): Address| {
            let value = Arc::clone(&state.item(&collection, &key)?.value);
            Some((collection, key, value))
        };
        keys.into_iter().filter_map(item).collect()
    }

    /// How many items have changed since the seeds or the last reset, and how many bytes those
    /// take that are there.
    pub fn changed(&self) -> (usize, usize) {
        let base = self.turns.alone().base.clone();
        self.state.load().changed(&base)
    }

    /// Makes what several decided on, one after another, and keeps it at once. Where another
    /// process came before, what they looked at is held against what that made, and what still
    /// holds is made of it.
    fn make(&self, ground: &mut Ground, jobs: Vec<Job>) -> Vec<Outcome> {
        let refused = |count: usize, why: Unwritten| {
            let refused = (0..count).map(|_| Outcome::Refused(why.clone()));
            refused.collect()
        };
        if self.shared().is_some() {
            for _ in 0..OVERTAKEN {
                if let Attempt::Done(outcomes) = self.attempt(ground, jobs.clone()) {
                    return outcomes;
                }
                if let Err(why) = self.pull(ground) {
                    return refused(jobs.len(), why.into());
                }
            }
            return refused(jobs.len(), crowded().into());
        }
        let count = jobs.len();
        match self.attempt(ground, jobs) {
            Attempt::Done(outcomes) => outcomes,
            Attempt::Overtaken => refused(count, crowded().into()),
        }
    }

    fn attempt(&self, ground: &mut Ground, jobs: Vec<Job>) -> Attempt {
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
            return Attempt::Done(outcomes);
        }
        if let Some((ledger, whose)) = &self.ledger
            && !ground.is_closed
        {
            let mut names: Vec<&Arc<str>> = written.iter().map(|(name, _)| name).collect();
            names.dedup();
            let page = Page {
                whose: whose.clone(),
                since: state.mark,
                revision: next.revision,
                is_fresh: ground.is_fresh,
                collections: next.revisions(names.into_iter()),
                records: next.records(&ground.seeds, &written),
            };
            let why: Unwritten = match ledger.keep(page) {
                Ok(Receipt::Kept(mark)) => {
                    ground.is_fresh = false;
                    next.mark = mark;
                    self.state.store(Arc::new(next));
                    return Attempt::Done(outcomes);
                }
                Ok(Receipt::Overtaken) => {
                    self.unsettle(&next, &state);
                    return Attempt::Overtaken;
                }
                Ok(Receipt::Begun) => Behind::Begun.into(),
                Err(why) => why.into(),
            };
            self.unsettle(&next, &state);
            for outcome in &mut outcomes {
                if let Outcome::Made(_) = outcome {
                    *outcome = Outcome::Refused(why.clone());
                }
            }
            return Attempt::Done(outcomes);
        }
        self.state.store(Arc::new(next));
        Attempt::Done(outcomes)
    }

    /// Takes back what a state takes that came to nothing.
    fn unsettle(&self, next: &State, state: &State) {
        if let Some(budget) = &self.budget {
            budget.settle(next.size.own, state.size.own);
        }
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
        let most = self.room;
        if grows
            && (new.items > seeds.items.saturating_add(most.items)
                || new.bytes > seeds.bytes.saturating_add(most.bytes))
        {
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

/// That other processes always come before.
fn crowded() -> LedgerFault {
    LedgerFault::unusable("other processes write to it all the time".to_owned())
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
