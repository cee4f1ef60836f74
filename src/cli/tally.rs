//! What a server that ran in CI is held to when it stops.

use super::arguments::Held;
use super::coverage::unasked;
use super::log::Log;
use super::style::clean;
use crate::exchange::{Announcement, Exchange};
use crate::server::{Covered, Delivery, Observer, Refused};
use crate::wire::Method;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How many operations that nobody asked for are named.
const NAMED: usize = 20;

/// Counts what a server is held to, and hands everything on to the log.
pub(super) struct Tally {
    log: Arc<Log>,
    violations: AtomicU64,
    replies: AtomicU64,
    unmatched: AtomicU64,
    /// Whether another server answers, whose replies are held to the contract too.
    of_proxy: bool,
}

impl Tally {
    pub(super) fn new(log: Arc<Log>, of_proxy: bool) -> Tally {
        Tally {
            log,
            violations: AtomicU64::new(0),
            replies: AtomicU64::new(0),
            of_proxy,
            unmatched: AtomicU64::new(0),
        }
    }

    /// What isn't as it is held to be, a sentence each. Without a journal nothing is known of what
    /// is covered.
    pub(super) fn breaches(&self, held: &[Held], covered: Option<&Covered>) -> Vec<String> {
        let breaches = |held: &Held| match held {
            Held::Violations => {
                let requests = told(&self.violations, ["request", "requests"], BROKE);
                let replies = told(&self.replies, ["reply", "replies"], BROKE);
                requests.into_iter().chain(replies).collect()
            }
            Held::Unmatched => {
                let all = told(&self.unmatched, ["request", "requests"], "met no operation");
                Vec::from_iter(all)
            }
            Held::Uncovered => Vec::from_iter(covered.and_then(uncovered)),
        };
        held.iter().flat_map(breaches).collect()
    }
}

const BROKE: &str = "broke the contract";

/// How many of something, one or several, did what they should not have.
fn told(count: &AtomicU64, [one, several]: [&str; 2], did: &str) -> Option<String> {
    match count.load(Ordering::Relaxed) {
        0 => None,
        1 => Some(format!("1 {one} {did}")),
        count => Some(format!("{count} {several} {did}")),
    }
}

fn uncovered(covered: &Covered) -> Option<String> {
    let several = covered.apis.len() > 1;
    let names = unasked(covered).map(|(api, operation)| match several {
        true => format!("{operation} of {api}"),
        false => operation.to_owned(),
    });
    let names: Vec<String> = names.map(|name| clean(&name)).collect();
    let more = match names.len().checked_sub(NAMED) {
        None | Some(0) => String::new(),
        Some(more) => format!(" and {more} more"),
    };
    let operations = match names.len() {
        0 => return None,
        1 => "operation".to_owned(),
        count => format!("{count} operations"),
    };
    let listed = names[..names.len().min(NAMED)].join(", ");
    Some(format!("nobody asked for the {operations} {listed}{more}"))
}

impl Observer for Tally {
    fn exchange(&self, exchange: &Exchange, took: Duration) {
        let is_unmatched = exchange.operation.is_none() && exchange.refusal.is_some();
        if is_unmatched {
            self.unmatched.fetch_add(1, Ordering::Relaxed);
        }
        if !exchange.violations.is_empty() {
            self.violations.fetch_add(1, Ordering::Relaxed);
        }
        if self.of_proxy && !exchange.reply_violations.is_empty() {
            self.replies.fetch_add(1, Ordering::Relaxed);
        }
        self.log.exchange(exchange, took);
    }

    fn refused(&self, refused: &Refused<'_>) {
        self.log.refused(refused);
    }

    fn announced(&self, announcement: &Announcement, delivery: &Delivery) {
        self.log.announced(announcement, delivery);
    }

    fn noticed(&self, notice: &str) {
        self.log.noticed(notice);
    }

    fn panicked(&self, method: &Method, target: &str, message: &str) {
        self.log.panicked(method, target, message);
    }
}
