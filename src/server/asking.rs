//! A control plane asked by a program: what the command line has of another server's.

use super::tls::{Connector, Protocols, Trust, reason};
use crate::wire::{Bytes, HeaderValue, Method, StatusCode, header, names_user};
use http::{Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep, timeout};

/// How long an answer may take, all of it.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long one of several tries may take, and how long it is until the next.
const ONE_TRY: Duration = Duration::from_secs(5);
const BETWEEN: Duration = Duration::from_millis(50);
/// How many bytes an answer may have.
const MOST: usize = 256 * 1024 * 1024;
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);

/// What the control plane of a server answers to a GET. `server` is its address as it is told at
/// start (`http://127.0.0.1:4010`), `target` a path with its query.
///
/// # Errors
/// Why there is no such answer, in words.
pub fn ask_control(
    server: &str,
    target: &str,
    token: Option<&str>,
    trust: &Trust,
) -> Result<Value, String> {
    let url = url_of(server, target)?;
    let answer = runtime()?.block_on(answer(url, token, None, trust));
    let (status, value) = answer.map_err(|why| format!("{server} can't be asked: {why}"))?;
    match status {
        StatusCode::OK => Ok(value),
        status => {
            let detail = value["detail"].as_str();
            let detail = detail.unwrap_or("it is no counterpart server, or an older one");
            Err(format!("{server} answers {status}: {detail}"))
        }
    }
}

/// What a control plane answers to a GET, or to a POST of JSON where there is some to be sent: the
/// status, and the JSON of the body, which is null where it has none.
pub(super) async fn answer(
    url: Uri,
    token: Option<&str>,
    sent: Option<&Value>,
    trust: &Trust,
) -> Result<(StatusCode, Value), String> {
    let client = client(trust);
    let answer = timeout(PATIENCE, ask(&client, url, token, sent)).await;
    let (status, body) = answer.map_err(|_| format!("no answer within {PATIENCE:?}"))??;
    match serde_json::from_slice(&body) {
        Ok(value) => Ok((status, value)),
        Err(_) if status != StatusCode::OK => Ok((status, Value::Null)),
        Err(_) => Err("the answer is no JSON".to_owned()),
    }
}

/// Waits until a server answers and is ready, but no longer than this. Any answer but 503 will do:
/// beyond loopback there is no control plane without a token, and what is served is ready then too.
///
/// # Errors
/// Why it isn't, in words.
pub fn wait_until_ready(server: &str, patience: Duration, trust: &Trust) -> Result<(), NotReady> {
    let url = url_of(server, "/_counterpart/ready").map_err(NotReady::Misnamed)?;
    let end = Instant::now() + patience;
    let runtime = runtime().map_err(NotReady::Absent)?;
    runtime.block_on(async {
        let client = client(trust);
        let mut known = None;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let why = match timeout(left.min(ONE_TRY), ask(&client, url.clone(), None, None)).await
            {
                Ok(Ok((StatusCode::SERVICE_UNAVAILABLE, _))) => "it isn't ready".to_owned(),
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(why)) => why,
                // A try that the end cuts short tells less than the one before it.
                Err(_) => known
                    .filter(|_| left < ONE_TRY)
                    .unwrap_or_else(|| "no answer".to_owned()),
            };
            if Instant::now() + BETWEEN >= end {
                let seconds = patience.as_secs();
                let why = format!("{server} isn't there after {seconds} s: {why}");
                return Err(NotReady::Absent(why));
            }
            known = Some(why);
            sleep(BETWEEN).await;
        }
    })
}

/// Why a server isn't ready.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// What names it is no address; in words.
    #[error("{0}")]
    Misnamed(String),
    /// It isn't there, or doesn't answer; in words.
    #[error("{0}")]
    Absent(String),
}

/// Why a server isn't asked; its URL isn't shown, as a password may be in it.
pub(super) const NAMES_USER: &str = "the URL of a server names a host, and no user";

pub(super) fn url_of(server: &str, target: &str) -> Result<Uri, String> {
    if names_user(server) {
        return Err(NAMES_USER.to_owned());
    }
    let given: Uri = server
        .parse()
        .map_err(|_| format!("{server:?} is no address; it is like http://127.0.0.1:4010"))?;
    let is_known = matches!(given.scheme_str(), Some("http" | "https"));
    if !is_known || given.host().is_none() {
        return Err(format!(
            "{server:?} is no address of a server: it begins with http:// or https://"
        ));
    }
    let url = format!("{}{target}", server.trim_end_matches('/'));
    url.parse().map_err(|_| format!("{url:?} is no address"))
}

fn runtime() -> Result<Runtime, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| format!("nothing can be asked: {error}"))
}

type Asker = Client<Connector, Full<Bytes>>;

fn client(trust: &Trust) -> Asker {
    let connector = Connector::new(trust.clone(), Protocols::Http1, CONNECT);
    Client::builder(TokioExecutor::new()).build(connector)
}

async fn ask(
    client: &Asker,
    url: Uri,
    token: Option<&str>,
    sent: Option<&Value>,
) -> Result<(StatusCode, Bytes), String> {
    let body = sent.map_or_else(Bytes::new, |sent| sent.to_string().into());
    let mut request = Request::new(Full::new(body));
    *request.uri_mut() = url;
    if sent.is_some() {
        *request.method_mut() = Method::POST;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    if let Some(token) = token {
        let field = HeaderValue::try_from(format!("Bearer {token}"));
        let field = field.map_err(|_| "the token can't be sent".to_owned())?;
        request.headers_mut().insert(header::AUTHORIZATION, field);
    }
    let response = client.request(request).await.map_err(|e| reason(&e))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MOST).collect().await;
    let body = body.map_err(|error| reason(error.as_ref()))?;
    Ok((status, body.to_bytes()))
}
