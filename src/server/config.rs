use super::{AllowedHost, Cors, Limits, Observer, ServerTls, Trust, Upstream};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// Where to listen, and what to allow.
#[derive(Clone)]
pub struct ServerConfig {
    /// The address to listen on; loopback unless told otherwise.
    pub host: IpAddr,
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// What TLS is spoken by; without it none is.
    pub tls: Option<ServerTls>,
    /// The bounds on clients.
    pub limits: Limits,
    /// Which pages may read the contracts' answers in a browser.
    pub cors: Cors,
    /// Whether the control plane is there at all.
    pub control: bool,
    /// The bearer token that the control plane asks for. Beyond loopback there is no control plane without one.
    pub control_token: Option<String>,
    /// Whether callbacks are sent, and what rules announce.
    pub callbacks: bool,
    /// The hosts that callbacks and webhooks may go to: beside this machine where it listens on
    /// loopback, else these alone.
    pub allowed_callbacks: Vec<AllowedHost>,
    /// Which receivers of callbacks and webhooks are believed to be who they say, over TLS.
    pub trust: Trust,
    /// The server that answers in the place of the mock, while its traffic is judged.
    pub upstream: Option<Upstream>,
    /// Who is told what happens.
    pub observer: Arc<dyn Observer>,
}

impl ServerConfig {
    /// The address and port as asked for; `Server::address` tells the real ones.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }
}

impl Default for ServerConfig {
    fn default() -> ServerConfig {
        ServerConfig {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 4010,
            tls: None,
            limits: Limits::default(),
            cors: Cors::default(),
            control: true,
            control_token: None,
            callbacks: true,
            allowed_callbacks: Vec::new(),
            trust: Trust::default(),
            upstream: None,
            observer: Arc::new(()),
        }
    }
}

impl fmt::Debug for ServerConfig {
    // By hand: an observer has no form to show, and a token must not end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("limits", &self.limits)
            .field("upstream", &self.upstream)
            .field("cors", &self.cors)
            .field("control", &self.control)
            .field("control_token", &self.control_token.as_ref().map(|_| "…"))
            .field("callbacks", &self.callbacks)
            .field("allowed_callbacks", &self.allowed_callbacks)
            .finish_non_exhaustive()
    }
}
