//! What a server that ran in CI is held to when it stops.

use super::arguments::Held;
use super::coverage::unasked;
use super::log::Log;
use super::style::clean;
use crate::exchange::{Announcement, Exchange};
use crate::server::{Covered, Delivery, Observer, Refused};
use crate::validate::Violation;
use crate::wire::Method;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many operations that nobody asked for are named.
const NAMED: usize = 20;

/// How many exchanges of a kind are named.
const SHOWN: usize = 5;

/// Exchanges that shouldn't have been.
#[derive(Default)]
struct Kind {
    count: AtomicU64,
    /// The first of them, a line each.
    first: Mutex<Vec<String>>,
}

impl Kind {
    fn count(&self, exchange: &Exchange, found: &[Violation]) {
        if self.count.fetch_add(1, Ordering::Relaxed) >= SHOWN as u64 {
            return;
        }
        let request = &exchange.request;
        let mut line = format!("{} {}", request.method, request.target);
        if let Some(sandbox) = &exchange.sandbox {
            line += &format!(" of the sandbox {sandbox}");
        }
        line += &format!(", {}", exchange.reply.status.as_u16());
        if let Some(first) = found.first() {
            line += &format!(": {} {}", first.place, first.detail);
            if let Some(origin) = &first.origin {
                line += &format!(" ({origin})");
            }
        }
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.push(clean(&line));
    }

    /// How many there were, one or several, that did what they should not have, and the first.
    fn told(&self, [one, several]: [&str; 2], did: &str) -> Option<String> {
        let mut told = match self.count.load(Ordering::Relaxed) {
            0 => return None,
            1 => format!("1 {one} {did}"),
            count => format!("{count} {several} {did}"),
        };
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        for line in first.iter() {
            told += &format!("\n  {line}");
        }
        Some(told)
    }
}

/// Counts what a server is held to, and hands everything on to the log.
pub(super) struct Tally {
    log: Arc<Log>,
    violations: Kind,
    replies: Kind,
    unmatched: Kind,
    /// Whether another server answers, whose replies are held to the contract too.
    of_proxy: bool,
}

impl Tally {
    pub(super) fn new(log: Arc<Log>, of_proxy: bool) -> Tally {
        Tally {
            log,
            violations: Kind::default(),
            replies: Kind::default(),
            of_proxy,
            unmatched: Kind::default(),
        }
    }

    /// What isn't as it is held to be, a sentence each. Without a journal nothing is known of what
    /// is covered.
    pub(super) fn breaches(&self, held: &[Held], covered: Option<&Covered>) -> Vec<String> {
        let breaches = |held: &Held| match held {
            Held::Violations => {
                let requests = self.violations.told(["request", "requests"], BROKE);
                let replies = self.replies.told(["reply", "replies"], BROKE);
                requests.into_iter().chain(replies).collect()
            }
            Held::Unmatched => {
                let all = self
                    .unmatched
                    .told(["request", "requests"], "met no operation");
                Vec::from_iter(all)
            }
            Held::Uncovered => Vec::from_iter(covered.and_then(uncovered)),
        };
        held.iter().flat_map(breaches).collect()
    }
}

const BROKE: &str = "broke the contract";

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
            self.unmatched.count(exchange, &[]);
        }
        if exchange.breaks_contract() {
            self.violations.count(exchange, &exchange.violations);
        }
        if self.of_proxy && !exchange.reply_violations.is_empty() {
            self.replies.count(exchange, &exchange.reply_violations);
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
