//! Coverage, counted from the journal: it is the queue between requests, which only enter what
//! they were, and the counting, which reads them again. What the journal gives up before it is
//! counted is told.

use super::expectations::request_of;
use super::journal::{Journal, Record};
use crate::coverage::{Counted, Coverage};
use crate::host::Host;
use crate::validate::REQUIRE;
use crate::wire::MediaType;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Counting takes no more than one part in so many of a core's time where nobody waits for it.
const SHARE: u32 = 32;

/// The coverage of one server.
pub(super) struct Covering {
    journal: Arc<Journal>,
    counting: Mutex<Counting>,
}

/// The counters, and how far the journal is counted.
pub(super) struct Counting {
    /// The contracts that it is counted by.
    pub(super) host: Arc<Host>,
    pub(super) coverage: Coverage,
    /// The number of the last exchange before it was begun.
    since: u64,
    /// The number of the last exchange that is.
    last: u64,
    /// How many weren't, and are gone.
    pub(super) lost: u64,
    /// How many are.
    pub(super) exchanges: u64,
}

impl Covering {
    pub(super) fn new(host: Arc<Host>, journal: Arc<Journal>) -> Covering {
        Covering {
            journal,
            counting: Mutex::new(Counting::new(host)),
        }
    }

    /// Counts whenever the journal has many that aren't counted, until the server stops.
    pub(super) async fn run(self: Arc<Self>) {
        while self.journal.many().await {
            let started = Instant::now();
            let covering = Arc::clone(&self);
            let counting = tokio::task::spawn_blocking(move || drop(covering.counted()));
            if counting.await.is_err() {
                return;
            }
            let rest = started.elapsed() * (SHARE - 1);
            tokio::time::sleep(rest.min(Duration::from_secs(60))).await;
        }
    }

    /// The counters, with all that the journal has counted in.
    pub(super) fn counted(&self) -> MutexGuard<'_, Counting> {
        let mut counting = self.counting();
        let (records, lost) = self.journal.after(counting.last);
        counting.lost += lost;
        for record in records {
            counting.last = record.number;
            if !record.target().starts_with("/_counterpart/") {
                counting.exchanges += 1;
                let Counting { coverage, host, .. } = &mut *counting;
                count(coverage, host, &record);
            }
        }
        counting
    }

    /// Goes on with other contracts: what is there to be counted is, by those before, of which the
    /// counters of those stay that do.
    pub(super) fn go_over(&self, host: &Arc<Host>) {
        let mut counting = self.counted();
        let old = std::mem::replace(&mut counting.host, Arc::clone(host));
        counting.coverage = counting.coverage.carried(&old, host);
    }

    /// The same of one sandbox alone, of what the journal still has: it is counted when someone
    /// asks for it.
    pub(super) fn counted_in(&self, sandbox: &str) -> Counting {
        // Long bodies are held until they are counted once, which is for all.
        let (since, host) = {
            let counted = self.counted();
            (counted.since, Arc::clone(&counted.host))
        };
        let (records, lost) = self.journal.after(since);
        let mut counting = Counting {
            lost,
            ..Counting::new(host)
        };
        for record in records {
            let is_own = record.sandbox.as_deref() == Some(sandbox);
            if is_own && !record.target().starts_with("/_counterpart/") {
                counting.exchanges += 1;
                count(&mut counting.coverage, &counting.host, &record);
            }
        }
        counting
    }

    /// Begins anew, with what comes from now on.
    pub(super) fn reset(&self) {
        let last = self.journal.last();
        let mut counting = self.counting();
        *counting = Counting {
            since: last,
            last,
            ..Counting::new(Arc::clone(&counting.host))
        };
    }

    fn counting(&self) -> MutexGuard<'_, Counting> {
        // What was being counted as it failed is counted no further.
        self.counting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counting {
    fn new(host: Arc<Host>) -> Counting {
        Counting {
            host,
            coverage: Coverage::default(),
            since: 0,
            last: 0,
            lost: 0,
            exchanges: 0,
        }
    }
}

fn count(coverage: &mut Coverage, host: &Host, record: &Record) {
    let (asked, answered) = (record.request(), record.reply());
    let mut fields = answered
        .headers
        .lines()
        .filter_map(|line| line.split_once(": "));
    let media_type = fields.find(|(name, _)| *name == "content-type");
    let ruled = record
        .violations
        .iter()
        .filter(|violation| violation.rule == REQUIRE);
    let rules = ruled.filter_map(|violation| violation.origin.as_ref());
    let whole = record.take_whole();
    let mut request = request_of(record);
    if let Some(whole) = &whole {
        request.body = whole.request.clone();
    }
    let counted = Counted {
        request,
        is_valid: !record.breaks_contract(),
        has_request_body: whole.is_some() || !asked.is_cut,
        status: record.status,
        media_type: media_type.and_then(|(_, value)| MediaType::parse(value)),
        body: match &whole {
            Some(whole) => Some(&whole.reply),
            None => (!answered.is_cut).then_some(answered.body),
        },
        rules: rules.map(ToString::to_string).collect(),
    };
    coverage.count(host, &counted);
}
