//! Certificates of an authority of our own, and servers that speak TLS or HTTP/2.

use crate::process::Folder;
use axum::body::Body;
use counterpart::server::{Identity, Trust};
use counterpart::wire::Bytes;
use http::{Request, Response};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// What vouches for certificates, with the files of all of them.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: Folder,
}

impl Authority {
    pub fn new() -> Authority {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        // Two that had one name would be taken for each other.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("authority {}", COUNT.fetch_add(1, Ordering::Relaxed));
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params.self_signed(&key).expect("a certificate");
        let folder = Folder::of(&[("ca.pem", &own.pem())]);
        Authority {
            issuer: Issuer::new(params, key),
            folder,
        }
    }

    /// Where its own certificate is.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub fn trust(&self) -> Trust {
        let trust = Trust::default().with_authorities(&self.file());
        trust.expect("a certificate")
    }

    /// Makes the files of a certificate for a name, and its key.
    pub fn files(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> [PathBuf; 2] {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).expect("signed");
        self.folder.write("own.pem", certificate.pem());
        self.folder.write("own.key", key.serialize_pem());
        ["own.pem", "own.key"].map(|name| self.folder.path().join(name))
    }

    /// A certificate for a name, and its key.
    pub fn identity(&self, name: &str) -> Identity {
        let [certificate, key] = self.files(name, |_| {});
        Identity::read(&certificate, &key).expect("an identity")
    }

    /// What a server for a name speaks TLS by, in these protocols.
    pub fn server(
        &self,
        name: &str,
        protocols: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> rustls::ServerConfig {
        self.server_as(name, protocols, change, false)
    }

    /// The same, where clients may have to have a certificate too.
    pub fn server_as(
        &self,
        name: &str,
        protocols: &[&str],
        change: impl FnOnce(&mut CertificateParams),
        asks: bool,
    ) -> rustls::ServerConfig {
        use rustls::pki_types::pem::PemObject;
        use rustls::pki_types::{CertificateDer, PrivateKeyDer};
        let [certificate, key] = self.files(name, change);
        let chain = CertificateDer::pem_file_iter(certificate).expect("a file");
        let chain = chain.map(|one| one.expect("a certificate")).collect();
        let key = PrivateKeyDer::from_pem_file(key).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions();
        let builder = builder.expect("versions");
        let builder = match asks {
            false => builder.with_no_client_auth(),
            true => {
                let mut roots = rustls::RootCertStore::empty();
                let own = CertificateDer::from_pem_file(self.file()).expect("a certificate");
                roots.add(own).expect("an authority");
                let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
                    Arc::new(roots),
                    provider,
                );
                builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let mut config = builder.with_single_cert(chain, key).expect("they fit");
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().into())
            .collect();
        config
    }
}

/// A server that runs as long as this is there.
pub struct Serving {
    pub port: u16,
    _runtime: Runtime,
}

/// A server that speaks TLS by this, and HTTP/2 where its client takes it.
pub fn over_tls<F>(
    config: rustls::ServerConfig,
    answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
) -> Serving
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    serving(move |stream| {
        let (acceptor, answer) = (acceptor.clone(), answer.clone());
        async move {
            let Ok(stream) = acceptor.accept(stream).await else {
                return;
            };
            let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            converse(stream, is_http2, answer).await;
        }
    })
}

/// A server that speaks HTTP/2 alone, without TLS.
pub fn in_http2<F>(answer: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static) -> Serving
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    serving(move |stream| converse(stream, true, answer.clone()))
}

fn serving<F>(serve: impl Fn(tokio::net::TcpStream) -> F + Send + 'static) -> Serving
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = Runtime::new().expect("a runtime");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
    let listener = listener.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    Serving {
        port,
        _runtime: runtime,
    }
}

async fn converse<F>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    is_http2: bool,
    answer: impl Fn(Request<Incoming>) -> F + Send + 'static,
) where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let service = service_fn(move |request| {
        let answer = answer(request);
        async move { Ok::<_, std::convert::Infallible>(answer.await) }
    });
    let stream = TokioIo::new(stream);
    match is_http2 {
        true => {
            let connection = http2::Builder::new(TokioExecutor::new());
            let _ = connection.serve_connection(stream, service).await;
        }
        false => {
            let connection = http1::Builder::new().serve_connection(stream, service);
            let _ = connection.await;
        }
    }
}

/// What a body is made of, as it is sent.
pub type Pieces = mpsc::Sender<Result<Frame<Bytes>, axum::BoxError>>;

/// A body that is what is sent to it.
pub fn pieces() -> (Pieces, Body) {
    let (pieces, receiver) = mpsc::channel(1);
    (pieces, Body::new(Sent(receiver)))
}

struct Sent(mpsc::Receiver<Result<Frame<Bytes>, axum::BoxError>>);

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        self.0.poll_recv(cx)
    }
}
