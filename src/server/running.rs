use super::{ServeError, Server, ServerConfig};
use crate::host::Host;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server in the background of the current runtime, for tests. Dropping it stops it.
#[derive(Debug)]
pub struct RunningServer {
    address: SocketAddr,
    /// Ends the server when it is dropped.
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Starts a server on a free loopback port, with every default.
    pub async fn start(host: Arc<Host>) -> Result<RunningServer, ServeError> {
        let config = ServerConfig {
            port: 0,
            ..ServerConfig::default()
        };
        Server::start_with(host, config).await
    }

    /// Starts a server in the background as the configuration says.
    pub async fn start_with(
        host: Arc<Host>,
        config: ServerConfig,
    ) -> Result<RunningServer, ServeError> {
        let server = Server::bind(host, config).await?;
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Ok(RunningServer {
            address,
            stop,
            serving,
        })
    }
}

impl RunningServer {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it, and waits until the exchanges in flight are done.
    pub async fn stop(self) {
        drop(self.stop);
        let _ = self.serving.await;
    }
}
