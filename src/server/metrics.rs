//! What a server did since it started, in numbers that cost next to nothing to count.

use crate::exchange::Exchange;
use crate::wire::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// The lowest status of HTTP, and how many there are.
const LOWEST: u16 = 100;
const STATUSES: usize = 500;
/// Up to how many seconds a reply of each bucket took; those of a class count in all above it.
pub(super) const BUCKETS: [f64; 8] = [0.000_25, 0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0];

/// The counters of one server.
pub(super) struct Metrics {
    started: SystemTime,
    replies: [AtomicU64; STATUSES],
    refused: [AtomicU64; STATUSES],
    pub(super) dropped: Counter,
    pub(super) panics: Counter,
    pub(super) violations: Counter,
    pub(super) unmatched: Counter,
    pub(super) breaches: Counter,
    took: [AtomicU64; BUCKETS.len()],
    took_longer: AtomicU64,
    /// In microseconds.
    together: AtomicU64,
}

/// Something that is counted.
#[derive(Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Metrics {
    pub(super) fn new() -> Metrics {
        let zero = || AtomicU64::new(0);
        Metrics {
            started: SystemTime::now(),
            replies: std::array::from_fn(|_| zero()),
            refused: std::array::from_fn(|_| zero()),
            dropped: Counter::default(),
            panics: Counter::default(),
            violations: Counter::default(),
            unmatched: Counter::default(),
            breaches: Counter::default(),
            took: std::array::from_fn(|_| zero()),
            took_longer: zero(),
            together: zero(),
        }
    }

    /// Counts a reply to contract traffic, and how long it took to be ready.
    pub(super) fn replied(&self, status: StatusCode, took: Duration) {
        add(&self.replies, status);
        let bucket = BUCKETS.iter().position(|most| took.as_secs_f64() <= *most);
        let bucket = bucket.map_or(&self.took_longer, |bucket| &self.took[bucket]);
        bucket.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.together.fetch_add(micros, Ordering::Relaxed);
    }

    /// Counts what was found in an exchange.
    pub(super) fn exchange(&self, exchange: &Exchange) {
        if exchange.operation.is_none() {
            self.unmatched.add();
        }
        if exchange.breaks_contract() {
            self.violations.add();
        }
        if !exchange.reply_violations.is_empty() {
            self.breaches.add();
        }
    }

    /// Counts what was turned away; without a status, a connection that was closed without a word.
    pub(super) fn refused(&self, status: Option<StatusCode>) {
        match status {
            Some(status) => add(&self.refused, status),
            None => self.dropped.add(),
        }
    }

    pub(super) fn started(&self) -> SystemTime {
        self.started
    }

    /// How many replies had each status, of those that came.
    pub(super) fn replies(&self) -> Vec<(u16, u64)> {
        counted(&self.replies)
    }

    /// The same of what was turned away before any contract saw it.
    pub(super) fn refusals(&self) -> Vec<(u16, u64)> {
        counted(&self.refused)
    }

    /// How many replies took no longer than each of the [`BUCKETS`], how many there are in all, and
    /// how many seconds they took together.
    pub(super) fn times(&self) -> (Vec<u64>, u64, f64) {
        let mut count = 0;
        let upto = |bucket: &AtomicU64| {
            count += bucket.load(Ordering::Relaxed);
            count
        };
        let buckets = self.took.iter().map(upto).collect();
        count += self.took_longer.load(Ordering::Relaxed);
        let seconds = Duration::from_micros(self.together.load(Ordering::Relaxed));
        (buckets, count, seconds.as_secs_f64())
    }
}

fn add(counters: &[AtomicU64; STATUSES], status: StatusCode) {
    let number = usize::from(status.as_u16().saturating_sub(LOWEST));
    // Those of three digits that are no status are counted with the last.
    counters[number.min(STATUSES - 1)].fetch_add(1, Ordering::Relaxed);
}

fn counted(counters: &[AtomicU64; STATUSES]) -> Vec<(u16, u64)> {
    let statuses = (LOWEST..).zip(counters);
    let counts = statuses.map(|(status, count)| (status, count.load(Ordering::Relaxed)));
    counts.filter(|(_, count)| *count > 0).collect()
}
