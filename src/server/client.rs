//! A client of another server, for who has no sockets: one request at a time for each thread that
//! asks, no more in a second than was said.

use super::asking::NAMES_USER;
use super::tls::{Connector, Protocols, Trust, reason};
use crate::wire::{Bytes, HeaderValue, Reply, Request, StatusCode, header, names_user};
use http::Uri;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::rt::TokioExecutor;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);
/// How many bytes a reply may have.
const MOST: usize = 10 * 1024 * 1024;
/// How often a request is sent again that the server says comes too soon, and how long it is waited
/// at most, all in all.
const TRIES: usize = 4;
const WAIT: Duration = Duration::from_secs(60);
/// How long a request may still take once all is to end, and how often it is looked whether it is.
const LAST: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(50);

/// How a client asks.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many requests a second it sends at most.
    pub rate: u32,
    /// How long a reply may take, all of it.
    pub timeout: Duration,
}

/// A client of one server.
pub struct Client {
    runtime: Runtime,
    hyper: Hyper<Connector, Full<Bytes>>,
    base: String,
    pace: Pace,
    /// When the next request may be sent.
    turn: Mutex<Instant>,
    /// Set when all is to end.
    stop: Arc<AtomicBool>,
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoReply {
    /// In words.
    pub why: String,
    /// Whether there was a connection to the server.
    pub is_connected: bool,
}

impl Client {
    /// One of the server at `base`: an `http://` or `https://` URL, of which the path stands before
    /// those of the requests. Once `stop` is set, nothing takes long any more.
    ///
    /// # Errors
    /// Why it is no such URL, or what this machine lacks.
    pub fn new(
        base: &str,
        pace: Pace,
        trust: Trust,
        stop: Arc<AtomicBool>,
    ) -> Result<Client, String> {
        if names_user(base) {
            return Err(NAMES_USER.to_owned());
        }
        let uri: Uri = base
            .parse()
            .map_err(|_| format!("{base:?} is no URL; it is like http://127.0.0.1:8080/api"))?;
        match uri.scheme_str() {
            Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => {}
            _ => {
                return Err(format!(
                    "{base:?} is no URL of a server: it begins with http:// or https://"
                ));
            }
        }
        if uri.query().is_some() {
            return Err(format!("{base:?} has a query, which is each request's own"));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| format!("nothing can be asked: {error}"))?;
        let connector = Connector::new(trust, Protocols::Http1OrHttp2, CONNECT);
        Ok(Client {
            hyper: Hyper::builder(TokioExecutor::new()).build(connector),
            base: base.trim_end_matches('/').to_owned(),
            turn: Mutex::new(Instant::now()),
            pace,
            stop,
            runtime,
        })
    }

    /// Sends a request and waits for the reply. One that is answered with 429, or 503 with
    /// `Retry-After`, is sent again after a while, where that is no longer than a minute. Redirects
    /// aren't followed.
    ///
    /// # Errors
    /// Why there is no reply.
    pub fn send(&self, request: &Request) -> Result<Reply, NoReply> {
        self.runtime.block_on(async {
            let mut tries = 0;
            let mut left = WAIT;
            loop {
                tries += 1;
                let reply = self.try_once(request).await?;
                let wait = wait_after(&reply).filter(|wait| tries < TRIES && *wait <= left);
                let Some(wait) = wait else {
                    return Ok(reply);
                };
                left -= wait;
                tokio::select! {
                    () = sleep(wait) => {}
                    () = self.stopped() => return Ok(reply),
                }
            }
        })
    }

    /// Ready when all is to end.
    async fn stopped(&self) {
        while !self.stop.load(Ordering::Relaxed) {
            sleep(LOOK).await;
        }
    }

    async fn try_once(&self, request: &Request) -> Result<Reply, NoReply> {
        sleep_until(self.next_turn()).await;
        let broken = |why: String| NoReply {
            why,
            is_connected: true,
        };
        let url = format!("{}{}", self.base, request.target);
        let url: Uri = url
            .parse()
            .map_err(|_| broken(format!("{url:?} is no URL")))?;
        let mut sent = http::Request::new(Full::new(request.body.clone()));
        *sent.method_mut() = request.method.clone();
        *sent.uri_mut() = url;
        *sent.headers_mut() = request.headers.clone();
        let fields = sent.headers_mut();
        let agent = HeaderValue::from_static("counterpart");
        fields.entry(header::USER_AGENT).or_insert(agent);
        let any = HeaderValue::from_static("*/*");
        fields.entry(header::ACCEPT).or_insert(any);
        let patience = self.pace.timeout;
        let reply = timeout(patience, async {
            let response = self.hyper.request(sent).await.map_err(|error| NoReply {
                why: reason(&error),
                is_connected: !error.is_connect(),
            })?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, MOST).collect().await;
            let body = body.map_err(|error| broken(reason(error.as_ref())))?;
            Ok(Reply {
                status: parts.status,
                headers: parts.headers,
                body: body.to_bytes(),
            })
        });
        let given_up = async {
            self.stopped().await;
            sleep(LAST).await;
        };
        tokio::select! {
            reply = reply => reply
                .unwrap_or_else(|_| Err(broken(format!("no answer within {patience:?}")))),
            () = given_up => Err(broken("it was stopped".to_owned())),
        }
    }

    /// When this request may be sent, which no other may be then.
    fn next_turn(&self) -> Instant {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let own = (*turn).max(Instant::now());
        *turn = own + Duration::from_secs(1) / self.pace.rate.max(1);
        own
    }
}

/// How long to wait until a request may be sent again, where the reply says that it came too soon.
fn wait_after(reply: &Reply) -> Option<Duration> {
    let said = reply.header(&header::RETRY_AFTER);
    let seconds = said.and_then(|text| text.trim().parse().ok());
    let wait = seconds.map(Duration::from_secs);
    match reply.status {
        StatusCode::TOO_MANY_REQUESTS => Some(wait.unwrap_or(Duration::from_secs(1))),
        StatusCode::SERVICE_UNAVAILABLE => wait,
        _ => None,
    }
}
