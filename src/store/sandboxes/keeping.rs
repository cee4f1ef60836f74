use super::super::State;
use super::super::ledger::{Kept, KeptStore, Ledger, LedgerFault, Mark, Planting, Whose};
use super::SeedsSince;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// How often it is tried to begin with seeds that others plant all the time.
pub(super) const TRIES: usize = 10;

/// Where what is written is kept.
#[derive(Debug)]
pub(super) struct Keeping {
    pub ledger: Arc<dyn Ledger>,
    pub api: Arc<str>,
    /// That of the seeds as they are by now.
    pub fingerprint: String,
    /// The time that those are of.
    pub planted: SystemTime,
    /// The seeds as they are by now, where the ledger has others.
    pub changed: Mutex<Option<Planting>>,
    /// What there is to tell of what became of the ledger.
    pub notices: Mutex<Vec<String>>,
}

/// What a ledger has of an API, after what it was given.
pub(super) struct Opened {
    /// The seeds that the stores began with.
    pub seeds: State,
    pub stores: Vec<KeptStore>,
    pub since: SeedsSince,
    /// What it was given, where it has others.
    pub changed: Option<Planting>,
}

impl Keeping {
    pub fn place(&self, sandbox: Option<&Arc<str>>) -> (Arc<dyn Ledger>, Whose) {
        let whose = Whose {
            api: Arc::clone(&self.api),
            sandbox: sandbox.cloned(),
        };
        (Arc::clone(&self.ledger), whose)
    }

    pub fn changed(&self) -> MutexGuard<'_, Option<Planting>> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn notices(&self) -> MutexGuard<'_, Vec<String>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opened {
    /// Opens what a ledger has, and has it keep what is given where it has nothing.
    pub fn of(ledger: &dyn Ledger, api: &str, given: Planting) -> Result<Opened, LedgerFault> {
        for _ in 0..TRIES {
            let Some(kept) = ledger.open(api, &given.fingerprint)? else {
                match ledger.plant(api, &given, None)? {
                    Some(mark) => {
                        return Ok(Opened {
                            seeds: planted(given, mark),
                            stores: Vec::new(),
                            since: SeedsSince::Planted,
                            changed: None,
                        });
                    }
                    // Another process was quicker.
                    None => continue,
                }
            };
            let Kept {
                planting,
                mark,
                stores,
            } = kept;
            return Ok(match planting.fingerprint == given.fingerprint {
                true => {
                    let seeds = given.seeds;
                    Opened {
                        seeds: planted(Planting { seeds, ..planting }, mark),
                        stores,
                        since: SeedsSince::Unchanged,
                        changed: None,
                    }
                }
                false => Opened {
                    seeds: planted(planting, mark),
                    stores,
                    since: SeedsSince::Changed,
                    changed: Some(given),
                },
            });
        }
        Err(unsteady())
    }
}

/// The state of seeds that a ledger keeps.
pub(super) fn planted(planting: Planting, mark: Mark) -> State {
    let mut state = State::planted(planting.seeds, planting.planted, planting.after);
    state.mark = mark;
    state
}

/// That the ledger is begun anew faster than it can be looked at.
pub(super) fn unsteady() -> LedgerFault {
    LedgerFault::unusable("other processes begin it anew all the time".to_owned())
}
