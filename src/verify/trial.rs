//! What goes on between verify and one server: requests are sent and counted, their replies
//! judged and learnt from, and what is wrong is gathered.

use super::Settings;
use super::call::Call;
use super::curl::curl;
use super::finding::{Check, Fault, Finding, Step};
use super::hooked::told;
use super::items::mend;
use super::judge::{Meant, judge};
use super::links::followed;
use super::pool::Pool;
use super::shrink::shrunk;
use super::values::Base;
use crate::contract::Contract;
use crate::mock::Prepared;
use crate::wire::{Reply, Request, StatusCode};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many findings are kept of one operation.
const FINDINGS: usize = 40;
/// How many bytes of a reply are shown.
const SHOWN: usize = 300;
/// After how many requests in a row without an answer no more are sent.
const UNANSWERED: usize = 8;

/// A server that is asked.
pub trait Peer: Sync {
    /// Sends a request and waits for the reply. The target of the request is as in the contract:
    /// what stands before it in the server's paths is the peer's to add.
    ///
    /// # Errors
    /// Why there is no reply, in words.
    fn ask(&self, request: &Request) -> Result<Reply, String>;
}

/// What is known of one operation's requests.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    /// How many requests kept to the contract, and how many of those were done.
    pub valid: usize,
    pub done: usize,
    /// What the last one that kept to it and wasn't done was answered with.
    pub refused: Option<StatusCode>,
    /// The first one that kept to it and was told to be wrong.
    pub invalid_to_it: Option<(Call, Reply)>,
}

#[derive(Default)]
struct Kept {
    pool: Pool,
    /// By operation and what makes two the same.
    findings: BTreeMap<(usize, Check, String), Finding>,
    tallies: HashMap<usize, Tally>,
    bases: HashMap<usize, Base>,
    /// The first reply to each operation that was done, by its names, as far as hooks look at it.
    replies: Map<String, Value>,
    /// Why the first request had no answer.
    absent: Option<String>,
}

/// A trial with a server.
pub(super) struct Trial<'s> {
    pub contract: &'s Contract,
    pub settings: &'s Settings,
    peer: &'s dyn Peer,
    kept: Mutex<Kept>,
    sent: AtomicUsize,
    /// How often hooks were asked.
    count: AtomicU64,
    unanswered: AtomicUsize,
    answered: AtomicBool,
    stopped: AtomicBool,
}

impl<'s> Trial<'s> {
    pub fn new(contract: &'s Contract, settings: &'s Settings, peer: &'s dyn Peer) -> Trial<'s> {
        let kept = Kept {
            pool: Pool::of_fixtures(contract),
            ..Kept::default()
        };
        Trial {
            contract,
            settings,
            peer,
            kept: Mutex::new(kept),
            sent: AtomicUsize::new(0),
            count: AtomicU64::new(0),
            unanswered: AtomicUsize::new(0),
            answered: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn with_pool<T>(&self, look: impl FnOnce(&mut Pool) -> T) -> T {
        look(&mut self.kept().pool)
    }

    /// How many requests were sent.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// How many findings there are so far.
    pub fn found(&self) -> usize {
        self.kept().findings.len()
    }

    /// Whether no more is to be sent.
    pub fn is_over(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
            || self.sent() >= self.settings.requests
            || (self.settings.is_cancelled)()
    }

    /// What hooks know of replies.
    pub fn replies(&self) -> Value {
        Value::Object(self.kept().replies.clone())
    }

    /// How many requests hooks were asked of before.
    pub fn next_count(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// A request that this operation is known to do.
    pub fn base(&self, operation: usize) -> Option<Base> {
        self.kept().bases.get(&operation).cloned()
    }

    pub fn keep_base(&self, operation: usize, base: Base) {
        self.kept().bases.insert(operation, base);
    }

    pub fn tally(&self, operation: usize) -> Tally {
        let kept = self.kept();
        kept.tallies.get(&operation).cloned().unwrap_or_default()
    }

    /// Sends a request, and no more.
    pub fn send(&self, call: &Call) -> Result<Reply, String> {
        let operation = self.contract.operations.get(call.operation);
        let security = &operation.declared.security;
        let signed = || {
            let credentials = &self.settings.credentials;
            credentials.sign(call.request(), security, call.is_anonymous)
        };
        self.sent.fetch_add(1, Ordering::Relaxed);
        let mut answer = self.peer.ask(&signed());
        let is_refused = |reply: &Reply| reply.status == StatusCode::UNAUTHORIZED;
        if !call.is_anonymous
            && answer.as_ref().is_ok_and(is_refused)
            && self.settings.credentials.renew()
        {
            self.sent.fetch_add(1, Ordering::Relaxed);
            answer = self.peer.ask(&signed());
        }
        match &answer {
            Ok(_) => {
                self.unanswered.store(0, Ordering::Relaxed);
                self.answered.store(true, Ordering::Relaxed);
            }
            Err(why) => self.is_unanswered(why),
        }
        answer
    }

    /// A server that has never answered isn't there; one that has may fail at one request.
    fn is_unanswered(&self, why: &str) {
        let count = self.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
        let has_answered = self.answered.load(Ordering::Relaxed);
        if !has_answered {
            self.kept().absent.get_or_insert_with(|| why.to_owned());
        }
        if count >= UNANSWERED || !has_answered {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }

    /// Why the server isn't there, where it never answered.
    pub fn absent(&self) -> Option<String> {
        let has_answered = self.answered.load(Ordering::Relaxed);
        self.kept().absent.clone().filter(|_| !has_answered)
    }

    /// Sends a request, judges the reply and learns from it. Nothing where there is none.
    pub fn attempt(&self, call: &Call, meant: &Meant) -> Option<Reply> {
        if self.is_over() {
            return None;
        }
        let operation = self.contract.operations.get(call.operation);
        let reply = match self.send(call) {
            Ok(reply) => reply,
            Err(why) => {
                let fault = Fault::error(Check::Answer, "", format!("doesn't answer: {why}"));
                let step = self.step(call, Err(&why));
                self.report(operation, fault, vec![step]);
                return None;
            }
        };
        for fault in judge(self.contract, operation, call, meant, &reply) {
            if self.is_known(operation, &fault) {
                continue;
            }
            let (call, reply) = shrunk(self, operation, call, meant, &fault)
                .unwrap_or_else(|| (call.clone(), reply.clone()));
            let faults = judge(self.contract, operation, &call, meant, &reply);
            let is_same = |other: &Fault| other.check == fault.check && other.place == fault.place;
            let fault = faults.into_iter().find(is_same).unwrap_or(fault);
            let step = self.step(&call, Ok(&reply));
            self.report(operation, fault, vec![step]);
        }
        self.learn(operation, call, meant, &reply);
        if matches!(meant, Meant::Invalid(_)) && reply.status.is_success() {
            mend(self, operation, call, &reply);
        }
        Some(reply)
    }

    fn learn(&self, operation: &Prepared, call: &Call, meant: &Meant, reply: &Reply) {
        let done = reply.status.is_success();
        let links = match done {
            true => followed(self.contract, operation, call, reply),
            false => Vec::new(),
        };
        let mut kept = self.kept();
        let tally = kept.tallies.entry(operation.number).or_default();
        match meant {
            Meant::Valid => {
                tally.valid += 1;
                match done || reply.status.is_redirection() {
                    true => tally.done += 1,
                    false => tally.refused = Some(reply.status),
                }
                if [400, 422].contains(&reply.status.as_u16()) && tally.done > 0 {
                    let told = || (call.clone(), reply.clone());
                    tally.invalid_to_it.get_or_insert_with(told);
                }
            }
            Meant::Invalid(_) | Meant::Anonymous => {}
        }
        if done {
            kept.pool.learn(operation, call, reply);
            let declared = &operation.declared;
            for name in declared.id.iter().cloned().chain([declared.name()]) {
                if self.settings.hooks.look_at_reply_to(&name) {
                    // The item of the first is there until the end; others come and go.
                    kept.replies.entry(name).or_insert_with(|| told(reply));
                }
            }
        }
        for (number, values) in links {
            kept.pool.link(number, values);
        }
    }

    fn is_known(&self, operation: &Prepared, fault: &Fault) -> bool {
        let mut kept = self.kept();
        let key = (operation.number, fault.check, fault.place.clone());
        if let Some(known) = kept.findings.get_mut(&key) {
            known.times += 1;
            return true;
        }
        let mut of_operation = kept.findings.keys().filter(|key| key.0 == operation.number);
        of_operation.nth(FINDINGS).is_some()
    }

    /// Keeps what is wrong, with the requests that show it.
    pub fn report(&self, operation: &Prepared, fault: Fault, steps: Vec<Step>) {
        if self.is_known(operation, &fault) {
            return;
        }
        let key = (operation.number, fault.check, fault.place.clone());
        let at = self.contract.document.origin(operation.declared.at);
        let finding = fault.told(operation.declared.name(), at, steps);
        self.kept().findings.insert(key, finding);
    }

    /// A request and its answer, as they are shown.
    pub fn step(&self, call: &Call, answer: Result<&Reply, &str>) -> Step {
        let operation = self.contract.operations.get(call.operation);
        let security = &operation.declared.security;
        let credentials = &self.settings.credentials;
        let shown = credentials.shown(security, call.is_anonymous);
        Step {
            curl: curl(call, (&self.settings.base, &self.settings.curl), &shown),
            answer: match answer {
                Ok(reply) => shown_reply(reply),
                Err(why) => why.to_owned(),
            },
        }
    }

    /// All that was found, in the order of the operations.
    pub fn into_findings(self) -> Vec<Finding> {
        let kept = self
            .kept
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        kept.findings.into_values().collect()
    }
}

/// The status, and the beginning of the body.
fn shown_reply(reply: &Reply) -> String {
    let body = String::from_utf8_lossy(&reply.body);
    let body: String = body.chars().take(SHOWN).collect();
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match body.is_empty() {
        true => reply.status.to_string(),
        false => format!("{} {body}", reply.status),
    }
}
