use super::identity::certificates;
use super::{Identity, TlsError, provider};
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a server speaks TLS by. Clients choose between HTTP/2 and HTTP/1.1.
#[derive(Clone)]
pub struct ServerTls {
    config: Arc<ServerConfig>,
    knows_clients: bool,
}

impl ServerTls {
    /// One that shows this certificate, and asks clients for theirs where there is a file with the
    /// authorities that vouch for them. Who has none is served all the same: whether an operation
    /// needs one is the contract's to say. What was shown is told to it in `Client-Cert`
    /// (RFC 9440).
    ///
    /// # Errors
    /// Why the file can't be taken.
    pub fn new(identity: &Identity, clients: Option<&Path>) -> Result<ServerTls, TlsError> {
        let file = clients.unwrap_or(Path::new("the certificate"));
        let failed = |error: &dyn fmt::Display| TlsError::of(file, error);
        let provider = provider();
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| failed(&error))?;
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(file) => {
                let mut roots = RootCertStore::empty();
                for one in certificates(file)? {
                    let added = roots.add(one);
                    added.map_err(|_| TlsError::of(file, "is no certificate of X.509"))?;
                }
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = verifier.allow_unauthenticated().build();
                builder.with_client_cert_verifier(verifier.map_err(|error| failed(&error))?)
            }
        };
        let config = builder.with_single_cert(identity.chain.clone(), identity.key.clone_key());
        let mut config = config.map_err(|error| failed(&error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(ServerTls {
            config: Arc::new(config),
            knows_clients: clients.is_some(),
        })
    }

    /// Whether clients are asked for their certificates, so that nobody else tells of them.
    pub(in crate::server) fn knows_clients(&self) -> bool {
        self.knows_clients
    }

    /// Shakes hands.
    pub(in crate::server) async fn accept(
        &self,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config));
        acceptor.accept(stream).await
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls")
            .field("knows_clients", &self.knows_clients)
            .finish_non_exhaustive()
    }
}
