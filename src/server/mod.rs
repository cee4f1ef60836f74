//! Sockets, limits and the control plane: everything between a client's bytes and
//! [`Host::answer`](crate::host::Host::answer).
//!
//! In a test:
//!
//! ```
//! # use std::error::Error;
//! use counterpart::contract::Contract;
//! use counterpart::host::Host;
//! use counterpart::server::Server;
//! use serde_json::json;
//! use std::sync::Arc;
//!
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # runtime.block_on(async {
//! let contract = Contract::from_text("pets.yaml", r#"
//! openapi: 3.1.0
//! info: {title: Pets, version: '1'}
//! paths:
//!   /pets/{id}:
//!     get:
//!       operationId: getPet
//!       parameters: [{name: id, in: path, required: true, schema: {type: string}}]
//!       responses: {'200': {description: A pet}}
//! "#)?;
//! let host = Host::new(vec![("pets".to_owned(), contract)]);
//! let server = Server::start(Arc::new(host)).await?;
//!
//! // What is tested asks `server.url()`, and should have asked for a pet:
//! let expected = json!({"expectations": [{"operation": "getPet", "times": {"exactly": 1}}]});
//! let why = server.verify(&expected).await.expect_err("nobody asked");
//! assert_eq!(why.to_string(), "GET /pets/{id} was expected once and came 0 times");
//! server.stop().await;
//! # Ok::<(), Box<dyn Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn Error>>(())
//! ```
//!
//! Takes a [`Host`] and a [`ServerConfig`], gives a [`Server`] that answers until it is told to
//! stop. It knows no contract: what a request means is the host's business, whether it may be
//! asked at all (its size, its pace, its framing) is decided here.
//!
//! A request's way in: `listen` accepts, `connection` hears on a `stream` which protocol is spoken,
//! and hands the bytes to hyper through a `socket` that loses patience, `front` receives the request (`framing`, `cors`, `body`) and gives it to
//! the host, to another server (`upstream`) or to the `control` plane. On the way back replies go wrong where that is wanted
//! (`spoil`). Refusals on the way are values (`refusal`), put in words by
//! the host. Nothing here prints: an [`Observer`] is told.

mod announce;
mod asking;
mod body;
mod caught;
mod chunks;
mod client;
mod config;
mod connection;
mod control;
mod cors;
mod covered;
mod covering;
mod deliver;
mod error;
mod expectations;
mod framing;
mod front;
mod journal;
mod layer;
mod limit;
mod limits;
mod linger;
mod listen;
mod metrics;
mod observer;
mod origin;
mod outgoing;
mod plain_refusal;
mod pulse;
mod purpose;
mod receivers;
mod refusal;
mod running;
mod seats;
mod socket;
mod spoil;
mod standing;
mod stream;
mod streams;
mod tls;
mod upstream;

pub use crate::coverage::{ApiReport, Kind, Uncovered};
pub use asking::{NotReady, ask_control, wait_until_ready};
pub use client::{Client, NoReply, Pace};
pub use config::ServerConfig;
pub use control::document as control_document;
pub use cors::Cors;
pub use covered::{CoverageReader, Covered};
pub use deliver::Delivery;
pub use error::ServeError;
pub use layer::{Breach, Judged, Judging};
pub use limit::{Limit, NoLimit};
pub use limits::Limits;
pub use observer::{Observer, Refused};
pub use origin::{BadOrigin, WebOrigin};
pub use receivers::{AllowedHost, NoHost};
pub use running::{RunningServer, Unmet};
pub use standing::Standing;
pub use tls::{Identity, ServerTls, TlsError, Trust};
pub use upstream::{NoUpstream, Upstream, UpstreamUrl};

use crate::host::Host;
use announce::{Announcer, Audience};
use control::{Beat, Control, Exposure, Plane};
use front::Front;
use receivers::Receivers;
use seats::Seats;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use upstream::Proxy;

/// A mock server that listens, and answers once it runs.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    config: ServerConfig,
    standing: Standing,
}

impl Server {
    /// Opens the listener; connections wait in the kernel's queue until [`Server::run`].
    pub async fn bind(host: Arc<Host>, config: ServerConfig) -> Result<Server, ServeError> {
        let wanted = config.address();
        let failed = |error| ServeError::listening(wanted, error);
        let listener = listen::open(wanted).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let base = base_at(address, config.tls.is_some());
        let standing = Standing::new(host, &config.limits, base);
        Ok(Server {
            listener,
            address,
            config,
            standing,
        })
    }

    /// The contracts that it stands in for, which can be changed while it runs.
    pub fn standing(&self) -> Standing {
        self.standing.clone()
    }

    /// What tells how much of the contracts is covered, while the server runs and when it has
    /// stopped. Nothing without a journal, which it is counted from.
    pub fn coverage(&self) -> Option<CoverageReader> {
        let covering = self.standing.covering.clone()?;
        Some(CoverageReader::new(covering))
    }

    /// Where it listens, with the real port where any was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL at which it answers on this machine, without a slash at the end.
    pub fn url(&self) -> String {
        match self.config.tls {
            Some(_) => format!("https://{}", self.address),
            None => format!("http://{}", self.address),
        }
    }

    /// Answers until `shutdown` is ready and what was in flight then is done, within
    /// [`Limits::stop_time`]. Announcements that still wait are sent within the same time.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let config = self.config;
        let receivers = Receivers::new(&config.allowed_callbacks, self.address);
        let standing = self.standing;
        let (journal, covering) = (standing.journal.clone(), standing.covering.clone());
        let audience = Audience {
            observer: config.observer.clone(),
            journal: journal.clone(),
        };
        let (announcer, announcing) =
            Announcer::new(&config.limits, receivers, config.trust.clone(), audience);
        let announcing = tokio::spawn(announcing);
        let exposure = Exposure::new(&config, self.address);
        let expectations = Arc::clone(&standing.expectations);
        let counting = covering.map(|covering| tokio::spawn(covering.run()));
        let seats = Arc::new(Seats::new(&config.limits));
        let plane = Plane {
            standing: standing.clone(),
            announcer: announcer.clone(),
            beat: Beat::new(&config.limits),
            seats: Arc::clone(&seats),
            limits: Arc::new(config.limits.clone()),
        };
        // What passes is judged by the contracts as they are now, whatever takes their place.
        let looking = upstream::Audience {
            host: standing.host(),
            mask: Arc::clone(&standing.mask),
            observer: config.observer.clone(),
            journal: journal.clone(),
            expectations: Arc::clone(&expectations),
            metrics: Arc::clone(&standing.metrics),
        };
        let proxy = config
            .upstream
            .map(|upstream| Proxy::new(upstream, &config.limits, looking));
        let (proxy, judging) = proxy.unzip();
        let front = Arc::new(Front {
            proxy: proxy.map(Arc::new),
            control: Control::new(plane, exposure),
            standing,
            seats,
            large: Semaphore::new(config.limits.large_bodies),
            tls: config.tls,
            limits: config.limits,
            cors: config.cors,
            callbacks: config.callbacks,
            observer: config.observer,
            announcer,
        });
        let stop_time = front.limits.stop_time;
        let mut stopping = None;
        let noted = async {
            shutdown.await;
            // Who looks on would keep its connection busy for ever.
            journal.iter().for_each(|journal| journal.close());
            expectations.close();
            stopping = Some(Instant::now());
        };
        listen::listen(self.listener, &front, noted).await;
        counting.iter().for_each(|counting| counting.abort());
        drop(front); // with the last announcer the queue ends
        let now = Instant::now();
        let end = stopping.unwrap_or(now) + stop_time;
        let _ = timeout_at(end.min(now + LAST_ANNOUNCEMENTS), announcing).await;
        if let Some(mut judging) = judging {
            let _ = timeout_at(end, judging.recv()).await;
        }
    }
}

/// The URL at which this machine reaches an address that is listened to.
fn base_at(address: SocketAddr, is_secure: bool) -> String {
    let scheme = if is_secure { "https" } else { "http" };
    let reachable = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(reachable, address.port()))
}

/// How long a stop waits for announcements once the connections are done: a receiver that hangs
/// is no reason to be slow when all clients behave.
const LAST_ANNOUNCEMENTS: Duration = Duration::from_secs(2);
