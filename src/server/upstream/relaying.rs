//! The way of a request through the proxy.

use super::Proxy;
use super::clerk::{Passed, fail, worth_keeping};
use super::client::Failure;
use super::copy::Copy;
use super::download::Download;
use super::fields::{is_loop, is_websocket, switch, take_hops, turn_to};
use super::tunnel::Tunnel;
use super::upload::{Asked, Upload};
use crate::decode::is_coded;
use crate::exchange::Exchange;
use crate::host::Heard;
use crate::server::Limits;
use crate::server::cors::{Grant, is_preflight};
use crate::server::framing::block_length;
use crate::server::front::{Answer, Arrival, Front, target};
use crate::server::outgoing::whole;
use crate::server::pulse::Pulse;
use crate::server::refusal::Refusal;
use crate::validate::Violation;
use crate::wire::{Bytes, MediaType, Reply, Request, StatusCode, header};
use axum::body::Body;
use http::request::Parts;
use http::{Extensions, Response, Version};
use http_body_util::Either;
use hyper::body::{Body as _, Incoming};
use hyper::upgrade::OnUpgrade;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A request on its way, and what is known of it.
struct Call {
    /// Without its body where that passes by.
    request: Request,
    asked: Asked,
    heard: Option<Heard>,
    started: Instant,
    is_preflight: bool,
}

/// What the upstream answered, but for the body.
struct Head {
    reply: Reply,
    /// What hyper knows of how it was written.
    extensions: Extensions,
    took: Duration,
}

impl Front {
    /// Passes a request on, and the reply back.
    pub(in crate::server) async fn relay(
        &self,
        proxy: &Arc<Proxy>,
        parts: &mut Parts,
        grant: &Grant,
        arrival: &mut Arrival,
        pulse: &Arc<Pulse>,
    ) -> Result<Answer, Refusal> {
        let is_preflight = is_preflight(parts);
        let target = target(parts).to_owned();
        let mut request = Request::new(parts.method.clone(), target);
        request.headers = std::mem::take(&mut parts.headers);
        request.is_secure = self.tls.is_some();
        if is_loop(&request.headers) {
            let detail = "The request goes round in circles: the upstream leads back here.";
            return Err(Refusal::new(StatusCode::LOOP_DETECTED, detail));
        }
        let Some(uri) = proxy.client.uri(&request.target) else {
            return Err(Refusal::uri_too_long(&self.limits));
        };
        let (clerk, limit) = (&proxy.clerk, self.limits.body);
        // What may be answered here has to be here, and what may be blocked.
        let fits = arrival.hint().is_some_and(|most| most <= limit as u64);
        let (asked, body) = match proxy.upstream.enforce || proxy.upstream.mock_missing && fits {
            true => {
                request.body = self.receive(arrival, limit, pulse).await?;
                let asked = Asked::new(clerk.copy(&request.body));
                (asked, Body::from(request.body.clone()))
            }
            false => {
                let asked = Asked::new(Copy::new(limit, &clerk.room));
                (
                    asked.clone(),
                    arrival.passing(|body| upload(body, asked, pulse, &self.limits)),
                )
            }
        };
        let mut call = Call {
            request,
            asked,
            heard: None,
            started: Instant::now(),
            is_preflight,
        };
        if proxy.upstream.enforce {
            let (request, heard) = clerk.hear(call.request).await;
            if !heard.is_sound() {
                let refusal = clerk.audience.host.refusal(&request, &heard);
                let refusal = refusal.unwrap_or_else(|| Reply::new(StatusCode::BAD_REQUEST));
                let exchange = clerk.answered(request, &heard, refusal);
                return Ok(own(clerk.tell(exchange, call.started.elapsed())));
            }
            (call.request, call.heard) = (request, Some(heard));
        }
        let mut outward = http::Request::new(body);
        *outward.method_mut() = call.request.method.clone();
        *outward.uri_mut() = uri;
        *outward.headers_mut() = call.request.headers.clone();
        turn_to(&proxy.upstream, parts.version, outward.headers_mut());
        *outward.extensions_mut() = std::mem::take(&mut parts.extensions);
        let switching = outward.extensions_mut().remove::<OnUpgrade>();
        let switching = switching.filter(|_| {
            let may = parts.version == Version::HTTP_11 && !proxy.upstream.http2;
            may && arrival.whole && is_websocket(&call.request.headers)
        });
        if switching.is_some() {
            switch(outward.headers_mut());
        }
        let answered = proxy.client.send(outward, &call.asked).await;
        arrival.whole |= call.asked.is_whole();
        let response = match answered {
            Ok(response) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
                if let Some(client) = switching
                    && is_websocket(response.headers())
                {
                    return Ok(self.switched(proxy, call, response, client, pulse).await);
                }
                let detail = "The upstream switches protocols, which isn't passed on.";
                return Ok(self
                    .failed(proxy, call, Failure::bad(detail.to_owned()))
                    .await);
            }
            // hyper bounds what it reads at a time, which may be twice as much.
            Ok(response) if block_length(response.headers()) > self.limits.upstream_head => {
                let detail = "The head of the upstream's reply is too long.".to_owned();
                return Ok(self.failed(proxy, call, Failure::bad(detail)).await);
            }
            Ok(response) => response,
            Err(_) if call.asked.is_broken() => return Err(self.unsent(pulse)),
            Err(failure) => return Ok(self.failed(proxy, call, failure).await),
        };
        let (head, body) = response.into_parts();
        let version = head.version;
        let mut reply = Reply::new(head.status);
        reply.headers = head.headers;
        take_hops(&mut reply.headers);
        let mut extensions = head.extensions;
        extensions.remove::<OnUpgrade>();
        let head = Head {
            reply,
            extensions,
            took: call.started.elapsed(),
        };
        let is_missing = [StatusCode::NOT_FOUND, StatusCode::NOT_IMPLEMENTED];
        if proxy.upstream.mock_missing && is_missing.contains(&head.reply.status) {
            return self
                .stand_in(proxy, call, head, (version, body), grant, pulse)
                .await;
        }
        // What has no end can't be judged before it is passed on.
        if proxy.upstream.enforce && !is_event_stream(&head.reply) {
            let body = match proxy.client.collect(body, version, limit).await {
                Ok(body) => body,
                Err(failure) => return Ok(self.failed(proxy, call, failure).await),
            };
            return Ok(self.pass_judged(proxy, call, head, body).await);
        }
        let passed = Passed {
            request: Request {
                body: Bytes::new(),
                ..call.request
            },
            asked: call.asked,
            heard: call.heard,
            reply: head.reply.clone(),
            copy: Copy::new(limit, &clerk.room),
            took: head.took,
        };
        let unread = !arrival.whole;
        let body = Download::new(proxy, (version, body), passed, pulse, unread);
        let response = as_it_came(head, Either::Right(Body::new(body)));
        Ok(Answer::Streamed(response))
    }

    /// Passes on that the upstream switches protocols. What is said from then on is HTTP no more.
    async fn switched(
        &self,
        proxy: &Arc<Proxy>,
        call: Call,
        mut response: Response<Incoming>,
        client: OnUpgrade,
        pulse: &Pulse,
    ) -> Answer {
        let upstream = hyper::upgrade::on(&mut response);
        let mut reply = Reply::new(response.status());
        reply.headers = std::mem::take(response.headers_mut());
        take_hops(&mut reply.headers);
        let mut answer = Response::new(whole(Bytes::new()));
        *answer.status_mut() = reply.status;
        *answer.headers_mut() = reply.headers.clone();
        switch(answer.headers_mut());
        let took = call.started.elapsed();
        let (request, heard) = match call.heard {
            Some(heard) => (call.request, heard),
            None => proxy.clerk.hear(call.request).await,
        };
        let mut exchange = proxy.clerk.answered(request, &heard, reply);
        exchange.source = Some("the upstream; what follows is no HTTP, and isn't judged".into());
        proxy.clerk.tell(exchange, took);
        pulse.tunnel(Tunnel {
            client,
            upstream,
            idle: self.limits.tunnel_idle,
        });
        Answer::Switched(answer)
    }

    /// The mock's reply in the place of an upstream's that hasn't the operation; else that.
    async fn stand_in(
        &self,
        proxy: &Arc<Proxy>,
        mut call: Call,
        head: Head,
        (version, body): (Version, Incoming),
        grant: &Grant,
        pulse: &Arc<Pulse>,
    ) -> Result<Answer, Refusal> {
        let clerk = &proxy.clerk;
        let body = match proxy.client.collect(body, version, self.limits.body).await {
            Ok(body) => body,
            Err(failure) => return Ok(self.failed(proxy, call, failure).await),
        };
        let said = call.asked.whole();
        let is_all = said.is_some();
        call.request.body = said.unwrap_or_default();
        let (request, heard) = match call.heard.take() {
            Some(heard) => (call.request, heard),
            None => clerk.hear(call.request).await,
        };
        let is_known = head.reply.status == StatusCode::NOT_FOUND
            && clerk.audience.host.documents(&heard, StatusCode::NOT_FOUND)
            && self.is_as_documented(proxy, &request, &heard, &head, &body);
        if call.is_preflight && !matches!(grant, Grant::Silent) && !heard.is_matched() {
            let mut asked = http::Request::new(()).into_parts().0;
            asked.headers = request.headers;
            let known = clerk.audience.host.methods(&request.target);
            let reply = grant.preflight(&asked, &known)?;
            return Ok(own(reply));
        }
        if !heard.is_matched() || is_known || !is_all {
            call.request = request;
            call.heard = Some(heard);
            return Ok(self.pass_whole(proxy, call, head, body).await);
        }
        let started = Instant::now();
        let (exchange, met) = self.judge(request).await;
        Ok(self.answered(exchange, met, started.elapsed(), pulse).await)
    }

    fn is_as_documented(
        &self,
        proxy: &Proxy,
        request: &Request,
        heard: &Heard,
        head: &Head,
        body: &Bytes,
    ) -> bool {
        let mut reply = head.reply.clone();
        reply.body = body.clone();
        let exchange = proxy.clerk.judged(request.clone(), heard, reply, true);
        exchange.reply_violations.is_empty()
    }

    /// Passes a reply on where it keeps to the contract, and says what is wrong with it where not.
    async fn pass_judged(&self, proxy: &Arc<Proxy>, call: Call, head: Head, body: Bytes) -> Answer {
        let clerk = &proxy.clerk;
        let (mut exchange, head) = judged(proxy, call, head, body).await;
        let took = head.took;
        if exchange.reply_violations.is_empty() {
            return passed(proxy, exchange, head);
        }
        let violations = &exchange.reply_violations;
        let detail = match violations.as_slice() {
            [only] => format!("The upstream's reply breaks the contract: {}.", told(only)),
            all => format!(
                "The upstream's reply breaks the contract in {} places.",
                all.len()
            ),
        };
        let status = StatusCode::BAD_GATEWAY;
        exchange.reply = clerk.audience.host.refuse_for(status, &detail, violations);
        own(clerk.tell(exchange, took))
    }

    /// Passes a reply on that is there, whatever it is.
    async fn pass_whole(&self, proxy: &Arc<Proxy>, call: Call, head: Head, body: Bytes) -> Answer {
        if proxy.upstream.enforce {
            return self.pass_judged(proxy, call, head, body).await;
        }
        let (exchange, head) = judged(proxy, call, head, body).await;
        passed(proxy, exchange, head)
    }

    /// Tells of an upstream that failed, the client too.
    async fn failed(&self, proxy: &Arc<Proxy>, call: Call, failure: Failure) -> Answer {
        let clerk = &proxy.clerk;
        let took = call.started.elapsed();
        let mut request = call.request;
        let said = call.asked.whole();
        let has_body = said.is_some();
        request.body = said.unwrap_or_default();
        let heard = match call.heard {
            Some(heard) => heard,
            None => clerk.audience.host.hear(&mut request, has_body),
        };
        let reply = clerk.audience.host.refuse(failure.status, &failure.detail);
        let mut exchange = clerk.answered(request, &heard, reply);
        fail(&mut exchange, failure.detail);
        own(clerk.tell(exchange, took))
    }

    /// Why a request's body didn't come to its end.
    fn unsent(&self, pulse: &Pulse) -> Refusal {
        match pulse.is_overdue() {
            true => Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                format!(
                    "The body paused for more than {} s.",
                    self.limits.body_gap.as_secs_f32()
                ),
            )
            .closing(),
            false => Refusal::framing("The body ended early or is not framed as the head says."),
        }
    }
}

/// The exchange of a reply that is there whole.
async fn judged(proxy: &Arc<Proxy>, call: Call, head: Head, body: Bytes) -> (Exchange, Head) {
    let clerk = Arc::clone(&proxy.clerk);
    let mut reply = head.reply.clone();
    reply.body = body;
    let is_coded = is_coded(&reply.headers) || is_coded(&call.request.headers);
    let is_quick = reply.body.len() <= clerk.inline_body && !is_coded && call.heard.is_some();
    let judge = move || {
        let mut request = call.request;
        let said = call.asked.whole();
        let has_body = said.is_some();
        request.body = said.unwrap_or_default();
        let heard = call.heard;
        let heard = heard.unwrap_or_else(|| clerk.audience.host.hear(&mut request, has_body));
        let exchange = clerk.judged(request, &heard, reply, true);
        let worth = match has_body {
            true => worth_keeping(&heard, &exchange),
            false => Err("the request's body is too long to be judged"),
        };
        (exchange, worth)
    };
    let (exchange, worth) = proxy.clerk.in_turn(is_quick, judge).await;
    proxy.clerk.record_aside(&exchange, worth);
    (exchange, head)
}

/// Tells of an exchange, and passes its reply on as it came.
fn passed(proxy: &Proxy, exchange: Exchange, head: Head) -> Answer {
    let (body, took) = (exchange.reply.body.clone(), head.took);
    proxy.clerk.tell(exchange, took);
    Answer::Passed(as_it_came(head, whole(body)))
}

fn as_it_came<B>(head: Head, body: B) -> Response<B> {
    let mut response = Response::new(body);
    *response.status_mut() = head.reply.status;
    *response.headers_mut() = head.reply.headers;
    *response.extensions_mut() = head.extensions;
    response
}

/// A reply that isn't the upstream's.
fn own(reply: Reply) -> Answer {
    Answer::Contract(reply, Vec::new(), None)
}

fn upload(body: Incoming, asked: Asked, pulse: &Arc<Pulse>, limits: &Limits) -> Body {
    let upload = Upload::new(body, asked, Arc::clone(pulse), limits);
    match upload.is_end_stream() {
        true => Body::empty(),
        false => Body::new(upload),
    }
}

fn told(violation: &Violation) -> String {
    format!("{} {}", violation.place, violation.detail)
}

fn is_event_stream(reply: &Reply) -> bool {
    let media_type = reply.header(&header::CONTENT_TYPE);
    let media_type = media_type.and_then(MediaType::parse);
    media_type.is_some_and(|media_type| media_type.essence() == "text/event-stream")
}
