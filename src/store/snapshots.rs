use super::State;
use super::budget::Budget;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// How many may be kept at once.
const MOST: usize = 100;

/// States that someone keeps by name, to go back to. They take memory for what they don't share
/// with the seeds, and end with the process.
#[derive(Debug)]
pub struct Snapshots {
    kept: Mutex<BTreeMap<String, Snapshot>>,
    budget: Arc<Budget>,
}

/// A state that is kept.
#[derive(Debug, Clone)]
struct Snapshot {
    state: State,
    taken: SystemTime,
}

/// What is told of a state that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotStatus {
    /// Its name.
    pub name: String,
    /// When it was taken.
    pub taken: SystemTime,
    /// How many items it has.
    pub items: usize,
}

/// There is no room for another state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRoom;

impl Snapshots {
    pub(super) fn new(budget: Arc<Budget>) -> Snapshots {
        Snapshots {
            kept: Mutex::default(),
            budget,
        }
    }

    /// Keeps a state under a name, in the place of the one that has it. Gives whether none had.
    ///
    /// # Errors
    /// [`NoRoom`], where there are too many of them, or too large ones.
    pub fn keep(&self, name: &str, state: State, now: SystemTime) -> Result<bool, NoRoom> {
        let mut kept = self.alone();
        let old = kept.get(name).map(|snapshot| snapshot.state.size.own);
        let is_room = old.is_some() || kept.len() < MOST;
        if !is_room || !self.budget.change(old.unwrap_or(0), state.size.own) {
            return Err(NoRoom);
        }
        let snapshot = Snapshot { state, taken: now };
        Ok(kept.insert(name.to_owned(), snapshot).is_none())
    }

    /// The state of a name.
    pub fn get(&self, name: &str) -> Option<State> {
        self.alone().get(name).map(|kept| kept.state.clone())
    }

    /// Lets the state of a name go; gives whether there was one.
    pub fn forget(&self, name: &str) -> bool {
        let gone = self.alone().remove(name);
        if let Some(gone) = &gone {
            self.budget.settle(gone.state.size.own, 0);
        }
        gone.is_some()
    }

    /// What there is, in the order of the names.
    pub fn list(&self) -> Vec<SnapshotStatus> {
        let kept = self.alone();
        let status = |(name, snapshot): (&String, &Snapshot)| SnapshotStatus {
            name: name.clone(),
            taken: snapshot.taken,
            items: snapshot.state.size.items,
        };
        kept.iter().map(status).collect()
    }

    fn alone(&self) -> MutexGuard<'_, BTreeMap<String, Snapshot>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
