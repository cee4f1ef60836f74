//! What a contract takes over from the one before it, where its files changed while it was served.

use super::{Contract, IDLE, not_kept};
use crate::spec::{Document, LoadErrors, Source};
use crate::store::{Clock, ClockSetting, Ledger, Sandboxes, Seed, SeedsSince};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// What the state of a contract begins with.
#[derive(Debug, Clone)]
pub(crate) enum Beginning<'b> {
    /// Its fixtures.
    Fixtures,
    /// What was kept of it, or its fixtures, which are then kept.
    Kept(Arc<dyn Ledger>),
    /// The state of the contract that it is to take the place of.
    Before(&'b Contract),
}

/// What its fixtures are to the state.
#[derive(Debug)]
pub(super) struct Succession(Mutex<Seeds>);

#[derive(Debug)]
enum Seeds {
    /// The state has them, or was told of them.
    Told(SeedsSince),
    /// Nobody was: they wait for the contract to take its place.
    Waiting(Vec<Seed>),
}

impl Beginning<'_> {
    /// The clock that goes on, where it was set to the same at the start.
    pub(super) fn clock(&self, setting: ClockSetting) -> Option<Arc<Clock>> {
        match self {
            Beginning::Before(old) => (old.clock_of_old == setting).then(|| Arc::clone(&old.clock)),
            Beginning::Fixtures | Beginning::Kept(_) => None,
        }
    }

    /// How many contracts that say otherwise than the one of a document have had this state before.
    pub(super) fn generation(&self, document: &Document) -> u32 {
        let Beginning::Before(old) = self else {
            return 0;
        };
        let texts = |document: &Document| -> Vec<Arc<Source>> {
            document.sources().map(Arc::clone).collect()
        };
        let (before, now) = (texts(&old.document), texts(document));
        let mut both = before.iter().zip(&now);
        let is_same = before.len() == now.len() && both.all(|(a, b)| a.text() == b.text());
        old.generation.saturating_add(u32::from(!is_same))
    }

    /// The stores of an API of that name with its fixtures, as of `now`.
    pub(super) fn stores(
        self,
        name: &str,
        seeds: Vec<Seed>,
        now: SystemTime,
    ) -> Result<(Arc<Sandboxes>, Succession), LoadErrors> {
        let told = |since| Succession(Mutex::new(Seeds::Told(since)));
        Ok(match self {
            Beginning::Fixtures => {
                let stores = Sandboxes::new(seeds, now, IDLE);
                (Arc::new(stores), told(SeedsSince::Unchanged))
            }
            Beginning::Kept(ledger) => {
                let fingerprint = Seed::fingerprint(&seeds);
                let given = (seeds, fingerprint);
                let kept = Sandboxes::kept((ledger, name), given, now, IDLE);
                let (stores, since) = kept.map_err(|fault| not_kept(&fault))?;
                (Arc::new(stores), told(since))
            }
            Beginning::Before(old) => {
                let waiting = Succession(Mutex::new(Seeds::Waiting(seeds)));
                (Arc::clone(&old.stores), waiting)
            }
        })
    }
}

impl Succession {
    /// Whether the fixtures are others than those that the state began with, as far as it was told.
    pub(super) fn has_changed(&self) -> bool {
        matches!(*self.seeds(), Seeds::Told(SeedsSince::Changed))
    }

    fn seeds(&self) -> MutexGuard<'_, Seeds> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contract {
    /// Has the state that it shares with the contract before it go on with the fixtures as they are
    /// by now.
    pub(crate) fn take_over(&self) {
        let mut seeds = self.succession.seeds();
        if let Seeds::Waiting(given) = &mut *seeds {
            let since = self.stores.reseed(std::mem::take(given), self.since);
            *seeds = Seeds::Told(since);
        }
    }
}
