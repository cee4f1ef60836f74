//! What requests someone expects, and whether they came.
//!
//! Takes patterns of requests, found in the contracts; counts each exchange with those that it is
//! one of, from then on, whatever the journal keeps. A verdict tells of each how often it came,
//! and which exchanges were nearest to it.

mod near;
mod order;
mod resets;
mod times;
mod verdict;

pub(super) use near::{Near, Unlikeness};
pub(super) use resets::Resets;
pub(super) use times::Times;
pub(super) use verdict::{Judged, Outcome, Unexpected, Verdict, request_of};

use crate::exchange::Exchange;
use crate::faults::Scope;
use crate::host::{Host, Names, Pattern, Seen, Wrong};
use crate::wire::Pointer;
use serde_json::{Map, Value};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{Notify, futures::Notified};

/// How many expectations there may be.
pub(super) const MOST: usize = 1_000;
/// How many may wait for what they expect.
const WAITING: usize = 64;

/// What someone expects, as it was said.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    /// What it is called.
    pub(super) name: Option<String>,
    /// Which requests are meant.
    pub(super) scope: Scope,
    /// What they say.
    pub(super) request: Option<Map<String, Value>>,
    /// The statuses of their replies, from and to.
    pub(super) status: Option<(u16, u16)>,
    /// Whether they break the contract.
    pub(super) violations: Option<bool>,
    /// How often they come.
    pub(super) times: Times,
}

/// A wish, with what its names mean.
#[derive(Debug)]
pub(super) struct Expectation {
    /// Its number, which is no other's; 0 where it isn't kept.
    pub(super) id: u64,
    pub(super) wish: Wish,
    pub(super) pattern: Pattern,
    /// Whether what it names isn't there any more, so that no request is one that is meant.
    is_nowhere: bool,
    /// The number of the last exchange before it.
    pub(super) since: u64,
    count: AtomicU64,
}

/// The expectations of one server.
#[derive(Debug, Default)]
pub(super) struct Expectations {
    /// Whether there are any. Most servers have none, and ask nothing else.
    is_set: AtomicBool,
    standing: RwLock<Arc<Vec<Arc<Expectation>>>>,
    last: AtomicU64,
    /// How many wait for an exchange.
    waiting: AtomicUsize,
    news: Notify,
    /// Whether the server stops, and nobody should wait any longer.
    is_over: AtomicBool,
    /// Which exchanges came before a reset.
    pub(super) resets: Resets,
}

/// A place among those who wait.
pub(super) struct Wait<'e>(&'e Expectations);

impl Expectation {
    /// A wish, found in the contracts.
    pub(super) fn of(
        wish: Wish,
        host: &Host,
        names: &mut Option<Names>,
    ) -> Result<Expectation, Vec<Wrong>> {
        let pattern = host.pattern(&wish.scope, wish.request.as_ref(), names)?;
        if wish.status.is_some_and(|(from, to)| from > to) {
            let why = "is no status".to_owned();
            return Err(vec![(Pointer::root().child("status"), why)]);
        }
        Ok(Expectation {
            id: 0,
            wish,
            pattern,
            is_nowhere: false,
            since: 0,
            count: AtomicU64::new(0),
        })
    }

    /// How often it came.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Whether an exchange is one of those that are meant.
    pub(super) fn takes(&self, seen: &Seen<'_>, status: u16, has_violations: bool) -> bool {
        let statuses = self.wish.status;
        !self.is_nowhere
            && statuses.is_none_or(|(from, to)| (from..=to).contains(&status))
            && self.wish.violations.is_none_or(|own| own == has_violations)
            && self.pattern.fits(seen)
    }

    /// What it is called: its name, or the requests that are meant.
    pub(super) fn label(&self) -> String {
        let name = match &self.wish.name {
            Some(name) => format!("{name}: "),
            None => String::new(),
        };
        let verdict = match self.wish.violations {
            Some(true) => " that breaks the contract",
            Some(false) => " that keeps to the contract",
            None => "",
        };
        format!("{name}{}{verdict}", self.pattern)
    }
}

impl Expectations {
    /// Adds these, which count from now on; `since` is the number of the last exchange. Nothing
    /// where there would be more than there may be.
    pub(super) fn add(&self, more: Vec<Expectation>, since: u64) -> Option<Vec<Arc<Expectation>>> {
        let mut added = Vec::new();
        let is_added = self.change(|all| {
            if all.len() + more.len() > MOST {
                return false;
            }
            let number = |one: Expectation| {
                Arc::new(Expectation {
                    id: self.last.fetch_add(1, Ordering::Relaxed) + 1,
                    since,
                    ..one
                })
            };
            added.extend(more.into_iter().map(number));
            all.extend(added.iter().cloned());
            true
        });
        is_added.then_some(added)
    }

    /// Those that there are, in the order in which they were added.
    pub(super) fn all(&self) -> Arc<Vec<Arc<Expectation>>> {
        let standing = self.standing.read();
        Arc::clone(&standing.unwrap_or_else(PoisonError::into_inner))
    }

    /// Has those that there are mean the same in other contracts, and go on counting. What one names
    /// that isn't there any more doesn't come any more, and is still expected; gives a sentence for
    /// each of those.
    pub(super) fn go_over(&self, old: &Host, new: &Host) -> Vec<String> {
        self.resets.go_over(old, new);
        let mut gone = Vec::new();
        let mut names = None;
        self.change(|all| {
            let renewed = |one: Arc<Expectation>| {
                let found = Expectation::of(one.wish.clone(), new, &mut names);
                if found.is_err() {
                    gone.push(format!("{} can't come any more", one.label()));
                }
                let (pattern, is_nowhere) = match found {
                    Ok(found) => (found.pattern, false),
                    Err(_) => (one.pattern.clone(), true),
                };
                Arc::new(Expectation {
                    id: one.id,
                    wish: one.wish.clone(),
                    pattern,
                    is_nowhere,
                    since: one.since,
                    count: AtomicU64::new(one.count()),
                })
            };
            *all = std::mem::take(all).into_iter().map(renewed).collect();
        });
        gone
    }

    /// Drops those that `goes` names; gives how many they were.
    pub(super) fn drop_where(&self, goes: impl Fn(&Expectation) -> bool) -> usize {
        self.change(|all| {
            let before = all.len();
            all.retain(|one| !goes(one));
            before - all.len()
        })
    }

    /// Counts an exchange; gives the numbers of the expectations that it is one of.
    pub(super) fn see(&self, host: &Host, exchange: &Exchange) -> Vec<u64> {
        if !self.is_set.load(Ordering::Acquire) {
            return Vec::new();
        }
        let sandbox = exchange.sandbox.as_deref();
        let Some(seen) = host.seen(exchange.request.clone(), sandbox) else {
            return Vec::new();
        };
        let status = exchange.reply.status.as_u16();
        let has_violations = exchange.breaks_contract();
        let mut met = Vec::new();
        for expectation in self.all().iter() {
            if expectation.takes(&seen, status, has_violations) {
                expectation.count.fetch_add(1, Ordering::AcqRel);
                met.push(expectation.id);
            }
        }
        met
    }

    /// Tells whoever waits that there is another exchange.
    pub(super) fn tell(&self) {
        if self.waiting.load(Ordering::Acquire) > 0 {
            self.news.notify_waiters();
        }
    }

    /// A place among those who wait; nothing where there are as many as there may be.
    pub(super) fn wait(&self) -> Option<Wait<'_>> {
        let counted = (Ordering::AcqRel, Ordering::Acquire);
        let next = |count| (count < WAITING).then_some(count + 1);
        let counted = self.waiting.fetch_update(counted.0, counted.1, next);
        // Made where it counts alone: what is dropped is counted off.
        counted.is_ok().then(|| Wait(self))
    }

    /// Ends all waiting.
    pub(super) fn close(&self) {
        self.is_over.store(true, Ordering::Release);
        self.news.notify_waiters();
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<Arc<Expectation>>) -> T) -> T {
        let standing = self.standing.write();
        let mut standing = standing.unwrap_or_else(PoisonError::into_inner);
        let mut all = standing.as_ref().clone();
        let given = change(&mut all);
        self.is_set.store(!all.is_empty(), Ordering::Release);
        *standing = Arc::new(all);
        given
    }
}

impl Wait<'_> {
    /// The next exchange, as something to wait for. To be taken before what there is is looked at.
    pub(super) fn next(&self) -> Notified<'_> {
        self.0.news.notified()
    }

    /// Whether there is no use in waiting.
    pub(super) fn is_over(&self) -> bool {
        self.0.is_over.load(Ordering::Acquire)
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_refused_a_place_takes_none_away() {
        let expectations = Expectations::default();
        let all: Vec<Wait<'_>> = (0..WAITING).filter_map(|_| expectations.wait()).collect();
        assert_eq!(all.len(), WAITING);
        for _ in 0..2 {
            assert!(expectations.wait().is_none());
        }
        drop(all);
        assert_eq!(
            (0..WAITING).filter_map(|_| expectations.wait()).count(),
            WAITING
        );
    }
}
