use super::budget::Budget;
use super::item::Planned;
use super::reads::Reads;
use super::{Change, Item, Seed, State, StoreFull};
use arc_swap::ArcSwap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    /// What a reset goes back to. Who holds it is the only one that publishes a state.
    base: Mutex<State>,
    /// How many items it may hold, and how many bytes they may take.
    most: (usize, usize),
    /// What it shares with others, of what isn't the seeds'.
    budget: Option<Arc<Budget>>,
}

impl Store {
    /// A store that holds the seeds, as of `now`.
    pub fn new(seeds: Vec<Seed>, now: SystemTime) -> Store {
        Store::of(State::planted(seeds, now), None)
    }

    /// A store that begins with a state of seeds, which costs nothing.
    pub(super) fn of(seeds: State, budget: Option<Arc<Budget>>) -> Store {
        Store {
            most: (seeds.size.items + ITEMS, seeds.size.bytes + BYTES),
            base: Mutex::new(seeds.clone()),
            state: ArcSwap::from_pointee(seeds),
            budget,
        }
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
    /// The refusal of `decide`, or [`StoreFull`].
    pub fn write<T, R: From<StoreFull>>(
        &self,
        now: SystemTime,
        decide: impl Fn(&State) -> Result<(Vec<Change>, T), R>,
    ) -> Result<(T, Vec<Item>), R> {
        for _ in 0..TRIES {
            let seen = self.state.load_full();
            let reads = Arc::default();
            let (changes, decided) = decide(&seen.noting(&reads))?;
            let planned = changes.into_iter().map(Planned::from).collect();
            let _alone = self.alone();
            let state = self.state.load();
            if Reads::hold(&reads, &seen, &state) {
                return Ok((decided, self.publish(&state, planned, now)?));
            }
        }
        let _alone = self.alone();
        let state = self.state.load();
        let (changes, decided) = decide(&state)?;
        let planned = changes.into_iter().map(Planned::from).collect();
        Ok((decided, self.publish(&state, planned, now)?))
    }

    /// Back to the seeds. Revisions go on counting, so that no tag comes twice.
    pub fn reset(&self) {
        let mut base = self.alone();
        let renewed = self.state.load().renewed(&base);
        *base = renewed.clone();
        if let Some(budget) = &self.budget {
            budget.settle(self.state.load().size.own, renewed.size.own);
        }
        self.state.store(Arc::new(renewed));
    }

    /// How many items have changed since the seeds or the last reset, and how many bytes those
    /// take that are there.
    pub fn changed(&self) -> (usize, usize) {
        let base = self.alone().clone();
        self.state.load().changed(&base)
    }

    fn publish(
        &self,
        state: &State,
        changes: Vec<Planned>,
        now: SystemTime,
    ) -> Result<Vec<Item>, StoreFull> {
        let mut next = state.clone();
        let changes = changes.into_iter();
        let items = changes.filter_map(|change| next.apply(change, now));
        let items = items.collect();
        let (old, new) = (state.size, next.size);
        let grows = new.items > old.items || new.bytes > old.bytes;
        if grows && (new.items > self.most.0 || new.bytes > self.most.1) {
            return Err(StoreFull);
        }
        let fits = |budget: &Arc<Budget>| budget.change(old.own, new.own);
        if !self.budget.as_ref().is_none_or(fits) {
            return Err(StoreFull);
        }
        self.state.store(Arc::new(next));
        Ok(items)
    }

    /// A panic while deciding leaves the state as it was, so a poisoned lock is still good.
    fn alone(&self) -> MutexGuard<'_, State> {
        self.base.lock().unwrap_or_else(PoisonError::into_inner)
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
