use super::Audience;
use super::client::Failure;
use super::copy::{Copy, Room};
use super::recorder::{Recorded, Recorder};
use super::upload::Asked;
use crate::decode::is_coded;
use crate::exchange::Exchange;
use crate::host::Heard;
use crate::server::caught::message;
use crate::wire::{Bytes, Method, Reply, Request, StatusCode};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};

/// Has the contract's word of what has passed, and tells it.
pub(super) struct Clerk {
    pub(super) audience: Audience,
    pub(super) recorder: Option<Recorder>,
    /// How long bodies may be that are judged on the way, in bytes.
    pub(super) inline_body: usize,
    /// Turns for those that are longer.
    pub(super) large: Semaphore,
    pub(super) room: Room,
    /// Held while anything is still to be judged.
    pub(super) busy: mpsc::Sender<()>,
}

/// An exchange that passes, or has passed.
pub(super) struct Passed {
    /// What was asked, without its body.
    pub(super) request: Request,
    pub(super) asked: Asked,
    /// What the contract says of it, where that is known already.
    pub(super) heard: Option<Heard>,
    /// What was answered, without its body.
    pub(super) reply: Reply,
    pub(super) copy: Copy,
    /// How long it took until the reply's head was there.
    pub(super) took: Duration,
}

/// How a reply ended.
pub(super) enum Ending {
    Whole,
    Failed(Failure),
    /// The client left before.
    Left,
}

impl Clerk {
    /// Judges an exchange that has passed: at once where that takes no time to speak of, else when
    /// there is a turn for it.
    pub(super) fn settle(self: &Arc<Clerk>, passed: Passed, ending: Ending) {
        let size = passed.asked.len() + passed.copy.len();
        let is_coded = is_coded(&passed.request.headers) || is_coded(&passed.reply.headers);
        let is_quick = size <= self.inline_body && !is_coded && self.recorder.is_none();
        let handle = Handle::try_current().ok().filter(|_| !is_quick);
        let Some(handle) = handle else {
            return self.judge(passed, ending);
        };
        let (clerk, busy) = (Arc::clone(self), self.busy.clone());
        handle.spawn(async move {
            let _turn = clerk.large.acquire().await;
            let judging = Arc::clone(&clerk);
            let judging = tokio::task::spawn_blocking(move || judging.judge(passed, ending));
            let _ = judging.await;
            drop(busy);
        });
    }

    fn judge(&self, passed: Passed, ending: Ending) {
        let (method, target) = (passed.request.method.clone(), passed.request.target.clone());
        let shown = self.audience.mask.load().shown_target(&target);
        let judging = AssertUnwindSafe(|| self.judge_unguarded(passed, ending));
        if let Err(panic) = catch_unwind(judging) {
            let observer = &self.audience.observer;
            observer.panicked(&method, &shown.unwrap_or(target), &message(&*panic));
        }
    }

    fn judge_unguarded(&self, passed: Passed, ending: Ending) {
        let Passed {
            mut request,
            asked,
            heard,
            mut reply,
            copy,
            took,
        } = passed;
        let (said, answered) = (asked.whole(), copy.whole());
        let has_body = said.is_some();
        request.body = said.unwrap_or_default();
        let heard = heard.unwrap_or_else(|| self.audience.host.hear(&mut request, has_body));
        let seen = answered.is_some();
        reply.body = answered.unwrap_or_default();
        let mut exchange = self.judged(request, &heard, reply, seen);
        let whole = match ending {
            Ending::Whole if !seen || !has_body => {
                Err("a body is too long to be judged, or wasn't sent to its end")
            }
            Ending::Whole => Ok(()),
            Ending::Failed(_) | Ending::Left => Err("the reply didn't come to its end"),
        };
        match ending {
            Ending::Whole if !seen || !has_body => {
                let which = match has_body {
                    true => "the reply's body is",
                    false => "the request's body is",
                };
                let source = format!(
                    "the upstream; {which} too long to be judged, or wasn't sent to its end"
                );
                exchange.source = Some(source.into());
            }
            Ending::Whole => {}
            Ending::Failed(failure) => fail(&mut exchange, failure.detail),
            Ending::Left => {
                exchange.source =
                    Some("the upstream; the client left before the reply's end".into());
            }
        }
        let kept = self.recorder.is_some().then(|| exchange.clone());
        self.tell(exchange, took);
        if let Some(kept) = kept {
            let worth = whole.and_then(|()| worth_keeping(&heard, &kept));
            self.record(&kept, worth);
        }
    }

    /// The exchange of a request that was heard, and its reply.
    pub(super) fn judged(
        &self,
        request: Request,
        heard: &Heard,
        reply: Reply,
        seen: bool,
    ) -> Exchange {
        let mut exchange = self.audience.host.judge(request, heard, reply, seen);
        exchange.source = Some("the upstream".into());
        exchange
    }

    /// The exchange of a request whose reply is our own, which nobody judges.
    pub(super) fn answered(&self, request: Request, heard: &Heard, reply: Reply) -> Exchange {
        let unanswered = Reply::new(StatusCode::OK);
        let exchange = self.audience.host.judge(request, heard, unanswered, false);
        Exchange {
            reply,
            reply_violations: Vec::new(),
            ..exchange
        }
    }

    /// Tells of an exchange; gives its reply, with its number in the journal where there is one.
    pub(super) fn tell(&self, mut exchange: Exchange, took: Duration) -> Reply {
        let Audience {
            host,
            observer,
            journal,
            expectations,
            mask,
            ..
        } = &self.audience;
        let met = expectations.see(host, &exchange);
        mask.load()
            .show(&mut exchange, |shown| observer.exchange(shown, took));
        self.audience.metrics.exchange(&exchange);
        let reply = match journal {
            Some(journal) => journal.exchange_met(exchange, took, met).0,
            None => exchange.reply,
        };
        expectations.tell();
        reply
    }

    /// Keeps an exchange as a fixture, where that is wanted, or tells why it isn't.
    fn record(&self, exchange: &Exchange, worth: Result<(), &'static str>) {
        let Some(recorder) = &self.recorder else {
            return;
        };
        let recorded = match worth {
            Ok(()) => recorder.record(&self.audience.host, exchange),
            Err(why) => Recorded::Not(why.to_owned()),
        };
        let told = match recorded {
            Recorded::Known => return,
            Recorded::New(file) => format!("recorded in {file}"),
            Recorded::Not(why) => {
                let asked = || {
                    let target = exchange.request.target.as_str();
                    let path = target.split('?').next().unwrap_or_default();
                    format!("{} {path}", exchange.request.method)
                };
                let operation = exchange.operation.clone().unwrap_or_else(asked);
                format!("{operation} isn't recorded: {why}")
            }
        };
        self.audience.observer.noticed(&told);
    }

    /// The same for one whose reply is on its way to the client meanwhile.
    pub(super) fn record_aside(
        self: &Arc<Clerk>,
        exchange: &Exchange,
        worth: Result<(), &'static str>,
    ) {
        if self.recorder.is_some() {
            let (clerk, busy) = (Arc::clone(self), self.busy.clone());
            let exchange = exchange.clone();
            tokio::task::spawn_blocking(move || {
                clerk.record(&exchange, worth);
                drop(busy);
            });
        }
    }

    /// What the contract says of a request; large bodies have their turn.
    pub(super) async fn hear(self: &Arc<Clerk>, request: Request) -> (Request, Heard) {
        let clerk = Arc::clone(self);
        let is_quick = request.body.len() <= self.inline_body && !is_coded(&request.headers);
        let hear = move |mut request: Request| {
            let heard = clerk.audience.host.hear(&mut request, true);
            (request, heard)
        };
        self.in_turn(is_quick, move || hear(request)).await
    }

    /// Does at once what is quick, and in its turn what isn't.
    pub(super) async fn in_turn<T: Send + 'static>(
        &self,
        is_quick: bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        if is_quick {
            return work();
        }
        let _turn = self.large.acquire().await.ok();
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => panic!("{error}"),
        })
    }

    /// A copy of a body that is there already.
    pub(super) fn copy(&self, body: &Bytes) -> Copy {
        Copy::of(body.clone(), &self.room)
    }
}

/// Whether a fixture can be made of an exchange that is there whole, or why not.
pub(super) fn worth_keeping(heard: &Heard, exchange: &Exchange) -> Result<(), &'static str> {
    if !heard.is_matched() {
        return Err("the contract has no such operation");
    }
    if !heard.is_sound() {
        return Err("the request breaks the contract");
    }
    if !exchange.reply_violations.is_empty() {
        return Err("the reply breaks the contract");
    }
    if exchange.request.method == Method::HEAD {
        return Err("a reply to HEAD has no body");
    }
    if exchange.reply.status == StatusCode::NOT_MODIFIED {
        return Err("a 304 has no body");
    }
    Ok(())
}

/// Says of an exchange that the upstream failed in it.
pub(super) fn fail(exchange: &mut Exchange, detail: String) {
    exchange.is_fault = true;
    exchange.refusal = Some(detail);
}
