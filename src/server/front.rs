use super::announce::Announcer;
use super::caught::caught;
use super::control::{self, Control};
use super::cors::{Cors, Grant, is_preflight};
use super::expectations::Expectations;
use super::journal::EXCHANGE;
use super::outgoing::{ReplyBody, dress, whole};
use super::pulse::Pulse;
use super::refusal::Refusal;
use super::seats::Seats;
use super::spoil::{Severed, sever, severs, spoiled};
use super::standing::Standing;
use super::tls::ServerTls;
use super::upstream::Proxy;
use super::{Limits, Observer, Refused, body, framing};
use crate::decode::is_coded;
use crate::exchange::{Announcement, Exchange};
use crate::faults::Fault;
use crate::host::Host;
use crate::wire::{
    Bytes, HeaderName, HeaderValue, Method, Preferences, Reply, Request, StatusCode, header,
};
use arc_swap::Guard;
use axum::body::Body as AnyBody;
use http::Response;
use http::request::Parts;
use http_body_util::Either;
use hyper::body::{Body, Incoming};
use std::borrow::Cow;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

/// What every connection shares, and the order in which a request passes through the server.
pub(super) struct Front {
    pub(super) standing: Standing,
    pub(super) tls: Option<ServerTls>,
    pub(super) limits: Limits,
    pub(super) cors: Cors,
    pub(super) callbacks: bool,
    pub(super) control: Control,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) announcer: Announcer,
    /// What stands before another server that answers, where there is one.
    pub(super) proxy: Option<Arc<Proxy>>,
    pub(super) seats: Arc<Seats>,
    /// Turns for large bodies.
    pub(super) large: Semaphore,
}

/// How far a request's body was read, told even where the answer panics.
pub(super) struct Arrival {
    /// Nothing once it is on its way to someone else.
    body: Option<Incoming>,
    pub(super) whole: bool,
}

impl Arrival {
    /// How long the body is at most, where that is known.
    pub(super) fn hint(&self) -> Option<u64> {
        self.body.as_ref()?.size_hint().upper()
    }

    /// The body as it is passed on; an empty one where it was already.
    pub(super) fn passing(&mut self, pass: impl FnOnce(Incoming) -> AnyBody) -> AnyBody {
        self.body.take().map_or_else(AnyBody::empty, pass)
    }
}

impl Front {
    /// Answers one request; fails on purpose alone.
    pub(super) async fn answer(
        &self,
        request: http::Request<Incoming>,
        pulse: &Arc<Pulse>,
    ) -> Result<Response<ReplyBody>, Severed> {
        let (mut parts, body) = request.into_parts();
        let mut arrival = Arrival {
            whole: body.is_end_stream(),
            body: Some(body),
        };
        let started = Instant::now();
        let is_control = control::owns(parts.uri.path());
        // No page may read what the control plane answers.
        let (grant, answered) = if is_control {
            let answering = Box::pin(self.control(&mut parts, &mut arrival, pulse));
            (Grant::Silent, caught(pin!(answering)).await)
        } else {
            let grant = self.cors.grant(&parts.headers);
            let answering = self.contract(&mut parts, &grant, &mut arrival, pulse);
            let answered = caught(pin!(answering)).await;
            (grant, answered)
        };
        let outcome = answered.unwrap_or_else(|panic| {
            self.standing.metrics.panics.add();
            self.observer
                .panicked(&parts.method, &self.shown_target(&parts), &panic);
            Err(Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The mock server failed on this request; its log says why.",
            ))
        });
        let mut announcements = Vec::new();
        let mut severing = None;
        let mut is_streamed = false;
        let mut is_switched = false;
        let method = parts.method.clone();
        let (mut response, close) = match outcome {
            Ok(Answer::Contract(reply, announced, fault)) => {
                announcements = announced;
                let response = dress(reply, &grant);
                severing = fault.filter(|fault| severs(*fault, &response, &parts.method));
                let body = |body| match fault {
                    None => whole(body),
                    Some(fault) => spoiled(body, fault, pulse, &self.limits),
                };
                (response.map(body), false)
            }
            Ok(Answer::Control(response)) => (response.map(Either::Right), false),
            Ok(Answer::Passed(response)) => (response, false),
            Ok(Answer::Streamed(response)) => {
                is_streamed = true;
                (response, false)
            }
            Ok(Answer::Switched(response)) => {
                (is_streamed, is_switched) = (true, true);
                (response, false)
            }
            Err(refusal) => {
                let number = self.report(Some(&parts), &refusal);
                let mut reply = refusal.reply(&self.standing.look());
                if let Some(number) = number {
                    reply.headers.insert(EXCHANGE, number.into());
                }
                let response = dress(reply, &grant);
                (response.map(whole), refusal.close)
            }
        };
        if !is_control {
            let metrics = &self.standing.metrics;
            metrics.replied(response.status(), started.elapsed());
        }
        let unread = !arrival.whole;
        if pulse.is_stream() {
            response = bodiless(&method, response);
        } else if !is_switched && (close || unread || self.seats.are_taken()) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        // A body that is still to come tells its end itself.
        if !is_streamed {
            pulse.replied(unread, announcements);
        }
        match severing {
            None => Ok(response),
            Some(fault) => Err(sever(fault, pulse, &self.limits).await),
        }
    }

    /// Contract traffic. It doesn't pass axum: template precedence is OpenAPI's, and a router
    /// that has nothing to route would cost a boxed body and future per request.
    async fn contract(
        &self,
        parts: &mut Parts,
        grant: &Grant,
        arrival: &mut Arrival,
        pulse: &Arc<Pulse>,
    ) -> Result<Answer, Refusal> {
        self.begin(parts, pulse)?;
        if let Some(proxy) = self.proxy.as_ref().filter(|_| parts.uri.path() != "*") {
            return Box::pin(self.relay(proxy, parts, grant, arrival, pulse)).await;
        }
        if !matches!(grant, Grant::Silent) && is_preflight(parts) {
            let known = self.standing.look().methods(target(parts));
            return Ok(Answer::Contract(
                grant.preflight(parts, &known)?,
                Vec::new(),
                None,
            ));
        }
        if parts.uri.path() == "*" {
            return Ok(Answer::Contract(whole_server(), Vec::new(), None));
        }
        let body = self.receive(arrival, self.limits.body, pulse).await?;
        let request = Request {
            method: parts.method.clone(),
            target: target(parts).to_owned(),
            headers: std::mem::take(&mut parts.headers),
            body,
            is_secure: self.tls.is_some(),
        };
        let started = Instant::now();
        let (exchange, met) = self.judge(request).await;
        Ok(self.answered(exchange, met, started.elapsed(), pulse).await)
    }

    /// What becomes of an exchange that the mock has answered.
    pub(super) async fn answered(
        &self,
        mut exchange: Exchange,
        met: Vec<u64>,
        took: Duration,
        pulse: &Pulse,
    ) -> Answer {
        {
            let host = self.standing.look();
            if host.shares() {
                let notices = host.notices();
                notices.iter().for_each(|it| self.observer.noticed(it));
            }
        }
        if !self.callbacks {
            exchange.announcements.clear();
        }
        // Told before a delay, which the server's stop may cut short.
        let mask = self.standing.mask.load();
        mask.show(&mut exchange, |shown| self.observer.exchange(shown, took));
        self.standing.metrics.exchange(&exchange);
        let conduct = exchange.conduct.clone();
        let (reply, announcements) = match &self.standing.journal {
            Some(journal) => journal.exchange_met(exchange, took, met),
            None => (exchange.reply, exchange.announcements),
        };
        self.standing.expectations.tell();
        let mut owed = Owed {
            announcements,
            announcer: &self.announcer,
        };
        if let Some(delay) = conduct.delay {
            pulse.purpose.hold(delay).await;
        }
        let announcements = std::mem::take(&mut owed.announcements);
        Answer::Contract(reply, announcements, conduct.fault)
    }

    /// The control plane, behind its own bounds and without CORS.
    async fn control(
        &self,
        parts: &mut Parts,
        arrival: &mut Arrival,
        pulse: &Pulse,
    ) -> Result<Answer, Refusal> {
        self.begin(parts, pulse)?;
        self.control.admit(parts, !arrival.whole)?;
        if let Some(body) = &arrival.body {
            body::refuse_coded(&parts.headers, body)?;
        }
        let limit = self.limits.control_body;
        let time = self.limits.control_time + control::waits(parts.uri.path());
        let answering = async {
            let body = self.receive(arrival, limit, pulse).await?;
            let answering = self.control.call(parts, body);
            let runtime = Handle::current();
            // What waits for others is no reason for the rest to wait.
            let may_block = runtime.runtime_flavor() == RuntimeFlavor::MultiThread;
            Ok(Answer::Control(
                match self.standing.look().shares() && may_block {
                    true => tokio::task::block_in_place(|| runtime.block_on(answering)),
                    false => answering.await,
                },
            ))
        };
        tokio::time::timeout(time, answering)
            .await
            .unwrap_or_else(|_| {
                let detail = "The request took longer than the control plane allows.";
                Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, detail).closing())
            })
    }

    fn begin(&self, parts: &mut Parts, pulse: &Pulse) -> Result<(), Refusal> {
        let is_chunked = parts.headers.contains_key(header::TRANSFER_ENCODING);
        let both_framings = pulse.begin(is_chunked.then_some(&parts.method), &self.limits);
        framing::check(parts, both_framings, &self.limits)?;
        if pulse.is_stream() {
            framing::level(parts);
        }
        // Who asks for certificates believes nobody's word of them.
        if self.tls.as_ref().is_some_and(ServerTls::knows_clients) {
            parts.headers.remove(&CLIENT_CERT);
            let shown = pulse.certificate().cloned();
            parts
                .headers
                .extend(shown.map(|shown| (CLIENT_CERT, shown)));
        }
        Ok(())
    }

    pub(super) async fn receive(
        &self,
        arrival: &mut Arrival,
        limit: usize,
        pulse: &Pulse,
    ) -> Result<Bytes, Refusal> {
        let Some(body) = &mut arrival.body else {
            return Ok(Bytes::new());
        };
        body::admit(body, limit)?;
        let body = body::receive(body, limit, pulse, &self.limits).await?;
        arrival.whole = true;
        Ok(body)
    }

    /// The exchange, and the numbers of the expectations that it is one of.
    pub(super) async fn judge(&self, request: Request) -> (Exchange, Vec<u64>) {
        let expectations = &self.standing.expectations;
        let answer = |host: &Host, expectations: &Expectations, request| {
            let exchange = host.answer(request);
            let met = expectations.see(host, &exchange);
            (exchange, met)
        };
        // What a coded body becomes isn't known yet.
        let is_small = request.body.len() <= self.limits.inline_body;
        let is_small = is_small && !is_coded(&request.headers);
        let host = self.standing.look();
        // A write waits for what keeps it, and many that wait share one wait; so does a read of
        // what other processes write too.
        let is_kept = host.keeps() && !request.method.is_safe() || host.shares();
        // What is drawn for a request may take a while.
        if is_small && !is_kept && !Preferences::may_be_in(&request) {
            return answer(&host, expectations, request);
        }
        let host = Guard::into_inner(host);
        let waits = is_kept && is_small;
        // A parsed body takes many times its bytes, so only a few large ones are judged at a time,
        // and of what is drawn no more than there are cores for.
        let _turn = match waits {
            true => None,
            false => self.large.acquire().await.ok(),
        };
        let expectations = Arc::clone(expectations);
        let judging = move || answer(&host, &expectations, request);
        let judged = tokio::task::spawn_blocking(judging).await;
        judged.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => panic!("{error}"),
        })
    }

    /// The target of a request, without credentials.
    fn shown_target<'p>(&self, parts: &'p Parts) -> Cow<'p, str> {
        let target = target(parts);
        let shown = self.standing.mask.load().shown_target(target);
        shown.map_or(Cow::Borrowed(target), Cow::Owned)
    }

    /// Tells the observer of a refusal. Gives its number in the journal.
    pub(super) fn report(&self, parts: Option<&Parts>, refusal: &Refusal) -> Option<u64> {
        let contracts = parts.filter(|parts| !control::owns(parts.uri.path()));
        let entered = self
            .standing
            .journal
            .iter()
            .zip(contracts)
            .map(|(journal, parts)| {
                let (method, target) = (&parts.method, target(parts));
                journal.refused(method, target, refusal.status, &refusal.detail)
            });
        let number = entered.last();
        self.standing.metrics.refused(Some(refusal.status));
        let shown = parts.map(|parts| (&parts.method, self.shown_target(parts)));
        self.observer.refused(&Refused {
            request: shown.as_ref().map(|(method, target)| (*method, &**target)),
            status: Some(refusal.status),
            detail: &refusal.detail,
        });
        number
    }

    /// Tells the observer of a connection that was closed without a word.
    pub(super) fn gave_up(&self, detail: &str) {
        self.standing.metrics.refused(None);
        self.observer.refused(&Refused {
            request: None,
            status: None,
            detail,
        });
    }
}

/// Where a client tells of its certificate (RFC 9440 §2.2), or who ends its TLS.
const CLIENT_CERT: HeaderName = HeaderName::from_static("client-cert");

/// A reply over HTTP/2 without the body that its status or the request's method leaves out, which
/// hyper sees to in HTTP/1.1 alone.
fn bodiless(method: &Method, response: Response<ReplyBody>) -> Response<ReplyBody> {
    let is_head = *method == Method::HEAD;
    let has_none = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&response.status());
    if !is_head && !has_none {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Of a reply that another server made without a body it isn't known how long that would be.
    let length = body.size_hint().exact();
    let length = length.filter(|length| is_head && *length > 0);
    if let Some(length) = length {
        let told = parts.headers.entry(header::CONTENT_LENGTH);
        told.or_insert_with(|| length.into());
    }
    Response::from_parts(parts, whole(Bytes::new()))
}

/// What is to be announced once a reply is sent that is held back. A client that goes before has
/// changed what it changed, and that is still to be told.
struct Owed<'f> {
    announcements: Vec<Announcement>,
    announcer: &'f Announcer,
}

impl Drop for Owed<'_> {
    fn drop(&mut self) {
        self.announcer.send(std::mem::take(&mut self.announcements));
    }
}

/// What a request comes to, where it isn't refused.
pub(super) enum Answer {
    /// With what goes wrong on purpose as it is sent.
    Contract(Reply, Vec<Announcement>, Option<Fault>),
    Control(Response<AnyBody>),
    /// Another server's reply, whole.
    Passed(Response<ReplyBody>),
    /// Another server's reply, whose body tells the pulse of its end itself.
    Streamed(Response<ReplyBody>),
    /// Another server's, after which the connection speaks another protocol.
    Switched(Response<ReplyBody>),
}

/// The path and query alone: an absolute-form target (RFC 9112 §3.2.2) is taken by its path and
/// never fetched.
pub(super) fn target(parts: &Parts) -> &str {
    parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
}

/// `OPTIONS *` asks about the server, not about a path (RFC 9110 §9.3.7).
fn whole_server() -> Reply {
    let mut reply = Reply::new(StatusCode::NO_CONTENT);
    let methods = HeaderValue::from_static("GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE");
    reply.headers.insert(header::ALLOW, methods);
    reply
}
