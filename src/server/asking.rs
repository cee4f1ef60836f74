//! A control plane asked by a program: what the command line has of another server's.

use crate::wire::{Bytes, HeaderValue, StatusCode, header};
use http::{Request, Uri};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// How long an answer may take, all of it.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many bytes an answer may have.
const MOST: usize = 256 * 1024 * 1024;

/// What the control plane of a server answers to a GET. `server` is its address as it is told at
/// start (`http://127.0.0.1:4010`), `target` a path with its query.
///
/// # Errors
/// Why there is no such answer, in words.
pub fn ask_control(server: &str, target: &str, token: Option<&str>) -> Result<Value, String> {
    let given: Uri = server
        .parse()
        .map_err(|_| format!("{server:?} is no address; it is like http://127.0.0.1:4010"))?;
    if given.scheme_str() != Some("http") || given.host().is_none() {
        return Err(format!(
            "{server:?} is no address of a server: it begins with http://"
        ));
    }
    let url = format!("{}{target}", server.trim_end_matches('/'));
    let url: Uri = url.parse().map_err(|_| format!("{url:?} is no address"))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("nothing can be asked: {error}"))?;
    let answer = runtime.block_on(async { timeout(PATIENCE, ask(url, token)).await });
    let answer = answer.map_err(|_| format!("no answer within {PATIENCE:?}"))?;
    let (status, body) = answer.map_err(|why| format!("{server} can't be asked: {why}"))?;
    let value: Option<Value> = serde_json::from_slice(&body).ok();
    match (status, value) {
        (StatusCode::OK, Some(value)) => Ok(value),
        (StatusCode::OK, None) => Err(format!("{server} answers with no JSON")),
        (status, value) => {
            let detail = value.as_ref().and_then(|value| value["detail"].as_str());
            let detail = detail.unwrap_or("it is no counterpart server, or an older one");
            Err(format!("{server} answers {status}: {detail}"))
        }
    }
}

async fn ask(url: Uri, token: Option<&str>) -> Result<(StatusCode, Bytes), String> {
    let mut request = Request::new(Empty::<Bytes>::new());
    *request.uri_mut() = url;
    if let Some(token) = token {
        let field = HeaderValue::try_from(format!("Bearer {token}"));
        let field = field.map_err(|_| "the token can't be sent".to_owned())?;
        request.headers_mut().insert(header::AUTHORIZATION, field);
    }
    let client: Client<HttpConnector, Empty<Bytes>> =
        Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.map_err(|e| reason(&e))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MOST).collect().await;
    let body = body.map_err(|error| reason(error.as_ref()))?;
    Ok((status, body.to_bytes()))
}

/// The innermost cause: hyper's own words ("client error (Connect)") tell nothing.
pub(super) fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
