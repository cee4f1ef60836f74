use super::fields::is_websocket;
use super::upload::Asked;
use super::{Upstream, UpstreamUrl};
use crate::server::Limits;
use crate::server::body::ends_early;
use crate::server::tls::{Connector, Protocols, is_late, reason};
use crate::wire::{Bytes, StatusCode};
use axum::body::Body;
use bytes::BytesMut;
use http::{Request, Response, Uri, Version};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::{Client as Hyper, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error as _;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// How long a connection is kept that nobody needs: less than the shortest time that servers are
/// known to keep theirs (Node's five seconds), so that no request meets one that is being closed.
const KEPT: Duration = Duration::from_secs(4);

/// What sends requests to an upstream. Redirects aren't followed, and nothing is sent twice that
/// the upstream may have seen.
pub(super) struct Client {
    hyper: Hyper<Connector, Body>,
    /// In HTTP/1.1 alone, where protocols are switched.
    switching: Hyper<Connector, Body>,
    url: UpstreamUrl,
    is_http2: bool,
    connect: Duration,
    patience: Duration,
}

/// Why there is no reply, or not all of it.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    /// As a sentence.
    pub(super) detail: String,
}

impl Failure {
    pub(super) fn bad(detail: String) -> Failure {
        Failure {
            status: StatusCode::BAD_GATEWAY,
            detail,
        }
    }

    fn late(detail: String) -> Failure {
        Failure {
            status: StatusCode::GATEWAY_TIMEOUT,
            detail,
        }
    }
}

impl Client {
    pub(super) fn new(upstream: &Upstream, limits: &Limits) -> Client {
        let protocols = match upstream.http2 {
            true => Protocols::Http2,
            false => Protocols::Http1OrHttp2,
        };
        let connector =
            |protocols| Connector::new(upstream.trust.clone(), protocols, limits.upstream_connect);
        let head = u32::try_from(limits.upstream_head).unwrap_or(u32::MAX);
        let mut builder = Hyper::builder(TokioExecutor::new());
        builder
            .http1_preserve_header_case(true)
            .http1_max_buf_size(limits.upstream_head)
            .http2_max_header_list_size(head)
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT);
        Client {
            switching: builder.build(connector(Protocols::Http1)),
            hyper: builder
                .http2_only(upstream.http2)
                .build(connector(protocols)),
            url: upstream.url.clone(),
            is_http2: upstream.http2,
            connect: limits.upstream_connect,
            patience: limits.upstream_time,
        }
    }

    /// Where a request to a target goes.
    pub(super) fn uri(&self, target: &str) -> Option<Uri> {
        self.url.of(target)
    }

    /// Sends a request, and waits for the head of its reply. The upstream's time begins when the
    /// last of the request's body has passed.
    pub(super) async fn send(
        &self,
        request: Request<Body>,
        asked: &Asked,
    ) -> Result<Response<Incoming>, Failure> {
        let hyper = match is_websocket(request.headers()) {
            true => &self.switching,
            false => &self.hyper,
        };
        let mut answer = pin!(hyper.request(request));
        let started = Instant::now();
        loop {
            let deadline = started.max(asked.last()) + self.patience;
            match timeout_at(deadline, answer.as_mut()).await {
                Ok(answer) => return answer.map_err(|error| self.failure(&error)),
                Err(_) if asked.last() + self.patience > deadline => {}
                Err(_) => {
                    let detail = format!(
                        "The upstream {} didn't answer within {:?}.",
                        self.url, self.patience
                    );
                    return Err(Failure::late(detail));
                }
            }
        }
    }

    fn failure(&self, error: &Error) -> Failure {
        let (url, why) = (&self.url, reason(error));
        match error.is_connect() {
            true if is_late(error) => Failure::late(format!(
                "The upstream {url} didn't take the connection within {:?}.",
                self.connect
            )),
            true => Failure::bad(format!("The upstream {url} can't be reached: {why}.")),
            false => {
                let hint = self.hint(error);
                Failure::bad(format!("The upstream {url} gave no reply: {why}{hint}."))
            }
        }
    }

    /// What may be the reason that an upstream isn't understood.
    fn hint(&self, error: &Error) -> &'static str {
        let cause = error.source();
        let cause = cause.and_then(|cause| cause.downcast_ref::<hyper::Error>());
        let is_unread = cause.is_some_and(hyper::Error::is_parse);
        match (self.is_http2, self.url.is_secure()) {
            (true, _) => "; it may not speak HTTP/2, which it is asked in",
            (false, false) if is_unread => {
                "; it may speak TLS there, and is to be asked at https://"
            }
            _ => "",
        }
    }

    /// The whole body of a reply that has no more than so many bytes.
    pub(super) async fn collect(
        &self,
        mut body: Incoming,
        version: Version,
        most: usize,
    ) -> Result<Bytes, Failure> {
        let mut whole = BytesMut::new();
        loop {
            let frame = match timeout(self.patience, body.frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(None) if ends_early(&body, version == Version::HTTP_2) => return Err(self.cut()),
                Ok(None) => return Ok(whole.freeze()),
                Ok(Some(Err(error))) => return Err(self.broken(&error)),
                Err(_) => return Err(self.stalled()),
            };
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if most - whole.len() < data.len() {
                return Err(Failure::bad(format!(
                    "The reply of the upstream {} is longer than {most} bytes, which is too long to be judged.",
                    self.url
                )));
            }
            whole.extend_from_slice(&data);
        }
    }

    /// That of a reply which ends early.
    pub(super) fn broken(&self, error: &hyper::Error) -> Failure {
        let (url, why) = (&self.url, reason(error));
        Failure::bad(format!(
            "The reply of the upstream {url} ended before its end: {why}."
        ))
    }

    /// That of a reply whose stream ends before it does.
    pub(super) fn cut(&self) -> Failure {
        Failure::bad(format!(
            "The reply of the upstream {} ended before its end: its stream was reset.",
            self.url
        ))
    }

    /// That of a reply which goes on too slowly.
    pub(super) fn stalled(&self) -> Failure {
        Failure::late(format!(
            "The reply of the upstream {} paused for more than {:?}.",
            self.url, self.patience
        ))
    }

    /// How long a reply may pause.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }
}
