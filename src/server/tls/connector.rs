use super::Trust;
use super::words::{Unreached, handshake, unconnected};
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::future::Future;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

/// What may be spoken over TLS; the server chooses (ALPN, RFC 7301).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Protocols {
    Http1,
    Http1OrHttp2,
    /// HTTP/2, over TLS and without it, whatever the server says.
    Http2,
}

impl Protocols {
    fn names(self) -> &'static [&'static [u8]] {
        match self {
            Protocols::Http1 => &[b"http/1.1"],
            Protocols::Http1OrHttp2 => &[b"h2", b"http/1.1"],
            Protocols::Http2 => &[b"h2"],
        }
    }
}

/// Connects to the server of a URL, over TLS where its scheme is `https`.
#[derive(Clone)]
pub(in crate::server) struct Connector<R = GaiResolver> {
    tcp: HttpConnector<R>,
    trust: Trust,
    protocols: Protocols,
    /// How long it may take, handshake included.
    patience: Duration,
    /// Made when it is first needed: who never asks over TLS needs no authorities.
    config: Arc<OnceLock<Result<Arc<ClientConfig>, String>>>,
}

impl Connector {
    pub(in crate::server) fn new(trust: Trust, protocols: Protocols, patience: Duration) -> Self {
        Connector::resolving(GaiResolver::new(), trust, protocols, patience)
    }
}

impl<R> Connector<R> {
    /// One that finds addresses so.
    pub(in crate::server) fn resolving(
        resolver: R,
        trust: Trust,
        protocols: Protocols,
        patience: Duration,
    ) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(resolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Several addresses share it, so that one that is silent leaves time for the next.
        tcp.set_connect_timeout(Some(patience));
        Connector {
            tcp,
            trust,
            protocols,
            patience,
            config: Arc::default(),
        }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Unreached> {
        let config = self.config.get_or_init(|| {
            let config = self.trust.config(self.protocols.names());
            config.map(Arc::new)
        });
        config.clone().map_err(Unreached::Other)
    }
}

impl<R> Service<Uri> for Connector<R>
where
    R: Service<Name, Error = io::Error> + Clone + Send + Sync + 'static,
    R::Response: Iterator<Item = SocketAddr> + Send,
    R::Future: Send,
{
    type Response = Wire;
    type Error = Unreached;
    type Future = Pin<Box<dyn Future<Output = Result<Wire, Unreached>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Unreached>> {
        // The resolvers and the connector of hyper-util always are.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let mut this = self.clone();
        Box::pin(async move {
            let patience = this.patience;
            let connecting = async {
                let host = uri.host().unwrap_or_default().to_owned();
                let is_tls = uri.scheme_str() == Some("https");
                let tcp = this.tcp.call(uri).await;
                let tcp = tcp.map_err(|error| unconnected(&error, &host, patience))?;
                if !is_tls {
                    return Ok(Wire::Plain(tcp, this.protocols == Protocols::Http2));
                }
                let bare = host.trim_start_matches('[').trim_end_matches(']');
                let name = ServerName::try_from(bare.to_owned());
                let name = name.map_err(|_| {
                    Unreached::Other(format!("no certificate can be for the name {bare:?}"))
                })?;
                let connector = TlsConnector::from(this.config()?);
                let stream = connector.connect(name, tcp.into_inner()).await;
                let stream = stream.map_err(|error| handshake(&error, bare))?;
                let chosen = stream.get_ref().1.alpn_protocol();
                let is_http2 = chosen == Some(b"h2") || this.protocols == Protocols::Http2;
                Ok(Wire::Tls(TokioIo::new(Box::new(stream)), is_http2))
            };
            let connected = timeout(patience, connecting).await;
            connected.unwrap_or(Err(Unreached::Late(patience)))
        })
    }
}

/// A connection to a server, and whether HTTP/2 is spoken on it.
pub(in crate::server) enum Wire {
    Plain(TokioIo<TcpStream>, bool),
    Tls(TokioIo<Box<TlsStream<TcpStream>>>, bool),
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        let (Wire::Plain(_, is_http2) | Wire::Tls(_, is_http2)) = self;
        match is_http2 {
            true => Connected::new().negotiated_h2(),
            false => Connected::new(),
        }
    }
}

impl Read for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Wire::Plain(stream, _) => Pin::new(stream).poll_read(cx, buf),
            Wire::Tls(stream, _) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl Write for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Wire::Plain(stream, _) => Pin::new(stream).poll_write(cx, buf),
            Wire::Tls(stream, _) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Wire::Plain(stream, _) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Wire::Tls(stream, _) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Wire::Plain(stream, _) => stream.is_write_vectored(),
            Wire::Tls(stream, _) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Wire::Plain(stream, _) => Pin::new(stream).poll_flush(cx),
            Wire::Tls(stream, _) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Wire::Plain(stream, _) => Pin::new(stream).poll_shutdown(cx),
            Wire::Tls(stream, _) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
