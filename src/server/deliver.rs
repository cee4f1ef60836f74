use super::Limits;
use super::receivers::Receivers;
use super::tls::{Connector, Protocols, Trust, reason};
use crate::exchange::Announcement;
use crate::wire::{Bytes, HeaderValue, StatusCode, header};
use http::{Request, Uri};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// What came of an announcement.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The last status that the receiver answered with, or why there is none.
    pub outcome: Result<StatusCode, String>,
    /// How often it was tried; not at all where it wasn't to be sent.
    pub tries: u32,
    /// How long that took.
    pub took: Duration,
}

impl Delivery {
    /// That of what was never sent.
    pub(super) fn unsent(why: impl std::fmt::Display) -> Delivery {
        Delivery {
            outcome: Err(format!("not sent: {why}")),
            tries: 0,
            took: Duration::ZERO,
        }
    }

    /// Whether the receiver has taken it.
    pub fn is_taken(&self) -> bool {
        let status = self.outcome.as_ref();
        status.is_ok_and(|status| status.is_success())
    }
}

/// Sends announcements, one at a time for whoever asks.
#[derive(Clone)]
pub(super) struct Sender {
    client: Client<Connector<Receivers>, Full<Bytes>>,
    receivers: Receivers,
    limits: Limits,
}

/// The wait before the second try; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

impl Sender {
    pub(super) fn new(limits: &Limits, receivers: Receivers, trust: Trust) -> Sender {
        let patience = limits.announcement_connect;
        let connector = Connector::resolving(receivers.clone(), trust, Protocols::Http1, patience);
        // No pool: announcements are rare, and an idle connection of ours would keep its receiver
        // from stopping.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Sender {
            client,
            receivers,
            limits: limits.clone(),
        }
    }

    /// Tries until there is an answer other than a server's failure, within the limits. The
    /// answer's body is not read, and redirects are not followed.
    pub(super) async fn deliver(&self, announcement: &Announcement) -> Delivery {
        if let Some(fault) = &announcement.fault {
            return Delivery::unsent(fault);
        }
        let url = match self.receivers.admit(&announcement.url) {
            Ok(url) => url,
            Err(why) => return Delivery::unsent(why),
        };
        let started = Instant::now();
        let end = started + self.limits.announcement_time;
        let mut pause = FIRST_PAUSE;
        let mut tries = 0;
        loop {
            tries += 1;
            let outcome = timeout_at(end, self.attempt(announcement, &url)).await;
            let over = outcome.is_err();
            let outcome = outcome.unwrap_or_else(|_| {
                Err(format!(
                    "no answer within {:?}",
                    self.limits.announcement_time
                ))
            });
            let failed = outcome.as_ref().map_or(true, StatusCode::is_server_error);
            if !failed || over || tries >= self.limits.announcement_tries.max(1) {
                return Delivery {
                    outcome,
                    tries,
                    took: started.elapsed(),
                };
            }
            sleep(pause).await;
            pause *= 4;
        }
    }

    async fn attempt(&self, announcement: &Announcement, url: &Uri) -> Result<StatusCode, String> {
        let mut request = Request::new(Full::new(announcement.body.clone()));
        *request.method_mut() = announcement.method.clone();
        *request.uri_mut() = url.clone();
        *request.headers_mut() = announcement.headers.clone();
        let agent = HeaderValue::from_static("counterpart");
        request
            .headers_mut()
            .entry(header::USER_AGENT)
            .or_insert(agent);
        let patience = self.limits.announcement_try;
        match timeout(patience, self.client.request(request)).await {
            Ok(outcome) => outcome
                .map(|response| response.status())
                .map_err(|error| reason(&error)),
            Err(_) => Err(format!("no answer within {patience:?}")),
        }
    }
}
