//! The server behind a proxy: real traffic, judged on its way and passed on as it is.
//!
//! Takes a request that the `front` has received, gives what the upstream answers. `relaying` names
//! the steps; `client` sends, `upload` and `download` pass bodies on and keep a `copy`, of which the
//! `clerk` has the contract's word once all has passed, for log, journal and `recorder`. A `tunnel` is
//! what is left of a connection that switched protocols.

mod address;
mod clerk;
mod client;
mod copy;
mod download;
mod fields;
mod recorder;
mod relaying;
mod tunnel;
mod upload;

pub use address::{NoUpstream, UpstreamUrl};
pub(super) use tunnel::Tunnel;

use super::Limits;
use super::expectations::Expectations;
use super::journal::{Journal, Mask};
use super::metrics::Metrics;
use super::observer::Observer;
use super::tls::Trust;
use crate::host::Host;
use arc_swap::ArcSwap;
use clerk::Clerk;
use client::Client;
use copy::Room;
use recorder::Recorder;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};

/// Another server, which answers in the place of the mock while its traffic is judged.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// Where it is.
    pub url: UpstreamUrl,
    /// Whether requests that break the contract are refused as the mock refuses them, and replies
    /// that do become a 502.
    pub enforce: bool,
    /// Whether the mock answers for operations that the upstream doesn't have: those that it
    /// answers with 501, or with a 404 that isn't one the contract documents.
    pub mock_missing: bool,
    /// The folder of fixtures that exchanges are written to which keep to the contract.
    pub record: Option<PathBuf>,
    /// Whether it is believed to be who it says, and as whom it is asked, over TLS.
    pub trust: Trust,
    /// Whether it is asked in HTTP/2 from the first byte on. Otherwise it chooses over TLS, and is
    /// asked in HTTP/1.1 without.
    pub http2: bool,
}

impl Upstream {
    /// A server that is only looked at.
    pub fn new(url: UpstreamUrl) -> Upstream {
        Upstream {
            url,
            enforce: false,
            mock_missing: false,
            record: None,
            trust: Trust::default(),
            http2: false,
        }
    }
}

/// What stands between clients and an upstream.
pub(super) struct Proxy {
    upstream: Upstream,
    client: Client,
    clerk: Arc<Clerk>,
}

/// What a proxy tells of what passes.
pub(super) struct Audience {
    pub(super) host: Arc<Host>,
    pub(super) mask: Arc<ArcSwap<Mask>>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) expectations: Arc<Expectations>,
    pub(super) metrics: Arc<Metrics>,
}

impl Proxy {
    /// A proxy; and what ends once everything is judged that it has passed on.
    pub(super) fn new(
        upstream: Upstream,
        limits: &Limits,
        audience: Audience,
    ) -> (Proxy, mpsc::Receiver<()>) {
        let (busy, done) = mpsc::channel(1);
        let mask = Arc::clone(&audience.mask);
        let folder = upstream.record.clone();
        let clerk = Clerk {
            recorder: folder.map(|folder| Recorder::new(folder, mask)),
            inline_body: limits.inline_body,
            large: Semaphore::new(limits.large_bodies),
            room: Room::default(),
            audience,
            busy,
        };
        let proxy = Proxy {
            client: Client::new(&upstream, limits),
            clerk: Arc::new(clerk),
            upstream,
        };
        (proxy, done)
    }
}
