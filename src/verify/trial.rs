//! What goes on between verify and one server: requests are sent and counted, their replies
//! judged and learnt from, and what is wrong is gathered.

use super::Settings;
use super::call::Call;
use super::finding::{Check, Fault, Finding};
use super::head::Heads;
use super::hooked::told;
use super::items::{current_tag, fresh, mend, tagged};
use super::judge::{Meant, judge};
use super::links::followed;
use super::pool::Pool;
use super::probe::is_of;
use super::replay::{Asked, steps};
use super::shrink::shrunk;
use super::values::Base;
use crate::contract::Contract;
use crate::mock::{Action, Prepared};
use crate::wire::{Method, Reply, Request, StatusCode, header};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many findings are kept of one operation.
const FINDINGS: usize = 40;
/// How many bytes of a reply are shown.
const SHOWN: usize = 300;
/// After how many requests in a row that met no server no more are sent, and after how many in a
/// row whose answers failed.
const UNCONNECTED: usize = 8;
const UNANSWERED: usize = 32;
/// After how many requests of one operation without an answer, and after how many that all came
/// too soon for the server, no more of it are sent.
const GIVEN_UP: usize = 3;

/// A server that is asked.
pub trait Peer: Sync {
    /// Sends a request and waits for the reply. The target of the request is as in the contract:
    /// what stands before it in the server's paths is the peer's to add.
    ///
    /// # Errors
    /// Why there is no reply.
    fn ask(&self, request: &Request) -> Result<Reply, Unanswered>;
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// There is no server: no connection can be had; why not.
    #[error("{0}")]
    Absent(String),
    /// There is one, and what it answers can't be read or doesn't come; why not.
    #[error("{0}")]
    Broken(String),
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
    /// How many had no answer, and how many in a row came too soon.
    unanswered: usize,
    early: usize,
    /// Whether a request without `If-Match` was answered 428: all others name the entity tag that is
    /// current.
    pub needs_tag: bool,
}

#[derive(Default)]
struct Kept {
    pool: Pool,
    /// By operation and what makes two the same.
    findings: BTreeMap<(usize, Check, String), Finding>,
    /// What is said of all of them together.
    whole: Vec<Finding>,
    tallies: HashMap<usize, Tally>,
    /// How often what kept to the contract wasn't done, by the status of the reply.
    refusals: BTreeMap<u16, usize>,
    bases: HashMap<usize, Base>,
    heads: Heads,
    /// The first reply to each operation that was done, by its names, as far as hooks look at it.
    replies: Map<String, Value>,
    /// The entity tags that items had, by their paths, and the requests that read them.
    tags: HashMap<String, (Call, HashSet<String>)>,
    /// Why the first request had no answer.
    absent: Option<String>,
}

/// What came of a trial in which nothing was done.
pub(super) struct Futile {
    /// How many requests kept to the contract.
    pub requests: usize,
    /// What most of them were answered with, and how many.
    pub status: StatusCode,
    pub count: usize,
    /// Whether it is so of all operations, and not of those alone that ask for a credential.
    pub is_of_all: bool,
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
    /// Whether there was a connection to the server.
    is_met: AtomicBool,
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
            is_met: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn with_pool<T>(&self, look: impl FnOnce(&mut Pool) -> T) -> T {
        look(&mut self.kept().pool)
    }

    pub fn with_heads<T>(&self, look: impl FnOnce(&mut Heads) -> T) -> T {
        look(&mut self.kept().heads)
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
            credentials.sign(call.sent(), security, call.is_anonymous)
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
            Ok(reply) => {
                self.note_tag(call, reply);
                self.unanswered.store(0, Ordering::Relaxed);
                self.is_met.store(true, Ordering::Relaxed);
            }
            // What is given up because all is says nothing of the server.
            Err(_) if (self.settings.is_cancelled)() => {}
            Err(why) => self.is_unanswered(call.operation, why),
        }
        answer.map_err(|why| why.to_string())
    }

    fn note_tag(&self, call: &Call, reply: &Reply) {
        let is_read = call.method == Method::GET && reply.status == StatusCode::OK;
        if let Some(tag) = reply.header(&header::ETAG).filter(|_| is_read) {
            let mut kept = self.kept();
            let of_item = kept.tags.entry(call.place());
            let (_, tags) = of_item.or_insert_with(|| (call.clone(), HashSet::new()));
            tags.insert(tag.to_owned());
        }
    }

    /// A server that was never met isn't there; one that was may fail at one request.
    fn is_unanswered(&self, operation: usize, why: &Unanswered) {
        let count = self.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
        let mut kept = self.kept();
        kept.tallies.entry(operation).or_default().unanswered += 1;
        let most = match why {
            Unanswered::Absent(why) => {
                kept.absent.get_or_insert_with(|| why.clone());
                UNCONNECTED
            }
            Unanswered::Broken(_) => {
                self.is_met.store(true, Ordering::Relaxed);
                UNANSWERED
            }
        };
        if count >= most || !self.is_met.load(Ordering::Relaxed) {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }

    /// Why the server isn't there, where it was never met.
    pub fn absent(&self) -> Option<String> {
        let is_met = self.is_met.load(Ordering::Relaxed);
        self.kept().absent.clone().filter(|_| !is_met)
    }

    /// Whether an operation's requests have no answer, or come too soon, so often that no more of
    /// them are sent.
    pub fn is_given_up(&self, operation: &Prepared) -> bool {
        let tally = self.tally(operation.number);
        tally.unanswered >= GIVEN_UP || tally.early >= GIVEN_UP
    }

    /// Takes note of a reply that says that the request comes too soon, however long it was waited.
    fn is_early(&self, operation: &Prepared, call: &Call, reply: &Reply) {
        let early = {
            let mut kept = self.kept();
            let tally = kept.tallies.entry(operation.number).or_default();
            tally.early = match reply.status {
                StatusCode::TOO_MANY_REQUESTS => tally.early + 1,
                _ => 0,
            };
            tally.early
        };
        if early == GIVEN_UP {
            let message = format!(
                "wasn't tried further: it answers {} time and again, however long it is waited",
                reply.status
            );
            let fault = Fault::warning(Check::Taken, "429", message);
            self.report(operation, fault, vec![Asked::of(call, Ok(reply))]);
        }
    }

    /// What a trial in which nothing was ever done comes to: no verdict.
    pub fn futile(&self) -> Option<Futile> {
        let kept = self.kept();
        let tallies = kept.tallies.iter();
        let mut tallies = tallies.filter(|(number, _)| self.may_succeed(**number));
        let requests = tallies.clone().map(|(_, tally)| tally.valid).sum();
        let is_futile = tallies.all(|(_, tally)| tally.done == 0) && requests > 0;
        let mut refusals = kept.refusals.iter();
        let first = refusals.next().filter(|_| is_futile)?;
        let most = refusals.fold(first, |most, own| if own.1 > most.1 { own } else { most });
        Some(Futile {
            requests,
            status: StatusCode::from_u16(*most.0).ok()?,
            count: *most.1,
            is_of_all: true,
        })
    }

    /// The same of the operations that ask for a credential, where each is 401 whatever it is sent:
    /// what was given is none, and all that is known is of the others.
    pub fn unauthenticated(&self) -> Option<Futile> {
        let kept = self.kept();
        let asks = |number: usize| {
            let security = &self.contract.operations.get(number).declared.security;
            !security.is_empty() && security.iter().all(|used| !used.is_empty())
        };
        let tallies = kept.tallies.iter().filter(|(_, tally)| tally.valid > 0);
        let mut asking = tallies.filter(|(n, _)| asks(**n) && self.may_succeed(**n));
        let requests = asking.clone().map(|(_, tally)| tally.valid).sum();
        let is_refused =
            |tally: &Tally| tally.done == 0 && tally.refused == Some(StatusCode::UNAUTHORIZED);
        let is_futile = asking.all(|(_, tally)| is_refused(tally)) && requests > 0;
        is_futile.then_some(Futile {
            requests,
            status: StatusCode::UNAUTHORIZED,
            count: requests,
            is_of_all: false,
        })
    }

    fn may_succeed(&self, number: usize) -> bool {
        let declared = &self.contract.operations.get(number).declared;
        (200..400).contains(&declared.success())
    }

    /// Sends a request, judges the reply and learns from it. Nothing where there is none.
    pub fn attempt(&self, call: &Call, meant: &Meant) -> Option<Reply> {
        if self.is_over() {
            return None;
        }
        let operation = self.contract.operations.get(call.operation);
        if self.is_given_up(operation) {
            return None;
        }
        let reply = match self.send(call) {
            Ok(reply) => reply,
            Err(_) if (self.settings.is_cancelled)() => return None,
            Err(why) => {
                let fault = Fault::error(Check::Answer, "", format!("doesn't answer: {why}"));
                let step = Asked::of(call, Err(&why));
                self.report(operation, fault, vec![step]);
                return None;
            }
        };
        // What may be changed under a condition alone is asked again with one (RFC 6585 §3).
        if matches!(meant, Meant::Valid) && reply.status == StatusCode::PRECONDITION_REQUIRED {
            let conditioned = self.conditioned(operation, call);
            if let Some(conditioned) = conditioned {
                return self.attempt(&conditioned, meant);
            }
        }
        for fault in judge(self.contract, operation, call, meant, &reply) {
            if self.is_known(operation, &fault) {
                continue;
            }
            let shows = |smaller: &Call| self.shown_again(operation, smaller, meant, &fault);
            let (step, fault) = shrunk(self, (call, meant), &shows)
                .unwrap_or_else(|| (Asked::of(call, Ok(&reply)), fault.clone()));
            self.report(operation, fault, vec![step]);
        }
        self.learn(operation, call, meant, &reply);
        self.is_early(operation, call, &reply);
        if matches!(meant, Meant::Invalid(_)) && reply.status.is_success() {
            mend(self, operation, call, &reply);
        }
        Some(reply)
    }

    /// The request with the current entity tag in `If-Match`, where it named none.
    fn conditioned(&self, operation: &Prepared, call: &Call) -> Option<Call> {
        let is_there = |(name, _): &(String, String)| name.eq_ignore_ascii_case("if-match");
        if call.headers.iter().any(is_there) {
            return None;
        }
        let tag = current_tag(self, operation, call)?;
        let mut kept = self.kept();
        kept.tallies.entry(operation.number).or_default().needs_tag = true;
        Some(call.with_header("If-Match", &tag))
    }

    /// The same fault of another request, with what was asked and answered.
    fn shown_again(
        &self,
        operation: &Prepared,
        call: &Call,
        meant: &Meant,
        fault: &Fault,
    ) -> Option<(Asked, Fault)> {
        let mut call = call.clone();
        // What is gone can't be deleted again. Of a path that is wrong nothing is.
        let is_placed =
            !matches!(meant, Meant::Invalid(breach) if breach.place.starts_with("path "));
        if is_of(operation, Action::Delete) && is_placed {
            call = call.at(&fresh(self, operation)?);
        }
        let call = tagged(self, operation, call);
        let reply = self.send(&call).ok()?;
        if reply.status.is_success() {
            self.with_pool(|pool| pool.learn(operation, &call, &reply));
            if matches!(meant, Meant::Invalid(_)) {
                mend(self, operation, &call, &reply);
            }
        }
        // What comes at a place of a list now may be another part of the smaller request.
        let found = judge(self.contract, operation, &call, meant, &reply);
        let fault = found.into_iter().find(|other| fault.is_same(other))?;
        Some((Asked::of(&call, Ok(&reply)), fault))
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
                let is_done = done || reply.status.is_redirection();
                match is_done {
                    true => tally.done += 1,
                    false => tally.refused = Some(reply.status),
                }
                if [400, 422].contains(&reply.status.as_u16()) && tally.done > 0 {
                    let told = || (call.clone(), reply.clone());
                    tally.invalid_to_it.get_or_insert_with(told);
                }
                if !is_done {
                    *kept.refusals.entry(reply.status.as_u16()).or_default() += 1;
                }
            }
            Meant::Invalid(_) | Meant::Anonymous | Meant::Mistaken(_) => {}
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

    /// Whether an operation is done without the credential that it asks for.
    pub fn is_open(&self, operation: &Prepared) -> bool {
        let key = (operation.number, Check::Credential, String::new());
        self.kept().findings.contains_key(&key)
    }

    /// Whether there is such a finding already, which is seen once more, or too many of the operation.
    pub fn is_known(&self, operation: &Prepared, fault: &Fault) -> bool {
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
    pub fn report(&self, operation: &Prepared, fault: Fault, asked: Vec<Asked>) {
        if self.is_known(operation, &fault) {
            return;
        }
        let key = (operation.number, fault.check, fault.place.clone());
        let at = self.contract.document.origin(operation.declared.at);
        let steps = steps(self, &fault, &asked);
        let finding = fault.told(operation.declared.name(), at, steps);
        self.kept().findings.insert(key, finding);
    }

    /// Keeps what is said of no one operation; it comes first.
    pub fn keep(&self, finding: Finding) {
        self.kept().whole.push(finding);
    }

    /// The request that reads the item at a path, where this was its entity tag once.
    pub fn reader_of_tag(&self, path: &str, tag: &str) -> Option<Call> {
        let kept = self.kept();
        let (reader, tags) = kept.tags.get(path)?;
        tags.contains(tag).then(|| reader.clone())
    }

    /// All that was found, in the order of the operations.
    pub fn into_findings(self) -> Vec<Finding> {
        let kept = self
            .kept
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let of_operations = kept.findings.into_values();
        kept.whole.into_iter().chain(of_operations).collect()
    }
}

/// The status, and the beginning of the body.
pub(super) fn shown_reply(reply: &Reply) -> String {
    let body = String::from_utf8_lossy(&reply.body);
    let body: String = body.chars().take(SHOWN).collect();
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match body.is_empty() {
        true => reply.status.to_string(),
        false => format!("{} {body}", reply.status),
    }
}
