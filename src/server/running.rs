use super::asking::{answer, url_of};
use super::{CoverageReader, ServeError, Server, ServerConfig, Standing, Trust};
use crate::host::Host;
use crate::wire::StatusCode;
use serde_json::Value;
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
    url: String,
    coverage: Option<CoverageReader>,
    standing: Standing,
    control_token: Option<String>,
}

/// Why what was expected of the requests isn't so: a line for each expectation that isn't met, with
/// what differs in the exchanges that came nearest to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unmet(String);

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
        let control_token = config.control_token.clone();
        let server = Server::bind(host, config).await?;
        let (address, url) = (server.address(), server.url());
        let (coverage, standing) = (server.coverage(), server.standing());
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Ok(RunningServer {
            address,
            stop,
            serving,
            url,
            coverage,
            standing,
            control_token,
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
        self.url.clone()
    }

    /// What tells how much of the contracts is covered. Nothing without a journal.
    pub fn coverage(&self) -> Option<CoverageReader> {
        self.coverage.clone()
    }

    /// The contracts that it stands in for, which can be changed while it runs.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Judges what came: `expected` is a body of `POST /_counterpart/verify`, as
    /// `{"expectations": [{"operation": "createPet", "times": {"exactly": 1}}], "strict": true}`.
    ///
    /// # Errors
    /// What isn't met, or what in `expected` can't be meant.
    pub async fn verify(&self, expected: &Value) -> Result<(), Unmet> {
        let url = url_of(&self.url(), "/_counterpart/verify").map_err(Unmet)?;
        let token = self.control_token.as_deref();
        // It is this process that is asked, whatever name its certificate is for.
        let trust = Trust::default().of_anyone();
        let (status, told) = answer(url, token, Some(expected), &trust)
            .await
            .map_err(Unmet)?;
        match status {
            StatusCode::OK => Ok(()),
            _ => Err(Unmet(unmet(&told))),
        }
    }

    /// Stops it, and waits until the exchanges in flight are done.
    pub async fn stop(self) {
        drop(self.stop);
        let _ = self.serving.await;
    }
}

/// What the control plane says isn't met, or why it can't tell, as lines of text.
fn unmet(problem: &Value) -> String {
    let all = |name: &str| problem[name].as_array().map_or(&[][..], Vec::as_slice);
    let lines: Vec<&str> = all("lines").iter().filter_map(Value::as_str).collect();
    if !lines.is_empty() {
        return lines.join("\n");
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![text(&problem["detail"])];
    let errors = all("errors").iter();
    lines.extend(
        errors.map(|error| format!("{}: {}", text(&error["pointer"]), text(&error["detail"]))),
    );
    lines.join("\n")
}
