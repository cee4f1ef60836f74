use super::exchange::{Exchange, Message, WholeExchange};
use super::filter::{Filter, Which};
use super::journal::{Kept, failed, off};
use super::judge::judge;
use super::pages::Library;
use super::problem::{ProblemShape, Refused};
use crate::host::Host;
use crate::server::journal::Record;
use crate::server::refusal::Refusal;
use crate::wire::{HeaderValue, Method, StatusCode, decode_percent, header, reason};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::Uri;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many exchanges are exported where nobody says how many.
const USUAL: usize = 1000;

/// Export exchanges
#[utoipa::path(
    get,
    path = "/_counterpart/har",
    operation_id = "exportExchanges",
    tag = "journal",
    description = "Exchanges of the journal as an HTTP archive (HAR 1.2), which browsers and proxies read, with \
        credentials masked as the journal has them. Of a body that the journal keeps the start of it has that.",
    params(Which),
    responses(
        (status = 200, description = "The archive.", body = Object),
        (status = 404, description = "There is no such API or operation, or no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "One of the values is none that there is.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn export(
    State(journal): Kept,
    State(host): State<Arc<Host>>,
    State(library): State<Arc<Library>>,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Response, Refusal> {
    let journal = journal.ok_or_else(off)?;
    judge(Method::GET, &uri)?;
    let Query(which) = which?;
    let filter = Filter::of(&which, &host)?;
    let limit = which.limit.unwrap_or(USUAL);
    let reading = move || {
        let (records, _) = journal.all();
        let found = filter.chosen(&records, which.since, limit, &host);
        let entries = found
            .into_iter()
            .map(|record| entry(record, &host, library.base()));
        let entries: Vec<Value> = entries.collect();
        let creator = json!({"name": "counterpart", "version": env!("CARGO_PKG_VERSION")});
        json!({"log": {"version": "1.2", "creator": creator, "entries": entries}}).to_string()
    };
    let archive = tokio::task::spawn_blocking(reading).await;
    let archive = archive.map_err(|_| failed())?;
    let mut response = (StatusCode::OK, archive).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"exchanges.har\"",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// An entry of the archive.
fn entry(record: &Record, host: &Host, base: &str) -> Value {
    let WholeExchange {
        exchange,
        request,
        reply,
    } = WholeExchange::new(record, host);
    let Exchange {
        number,
        time,
        method,
        target,
        status,
        ms,
        ..
    } = &exchange;
    let (_, query) = target.split_once('?').unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs: Vec<Value> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let text = |text: &str| {
                let plain = decode_percent(&text.replace('+', " "));
                plain.map_or_else(|_| text.to_owned(), |text| text.to_string())
            };
            json!({"name": text(name), "value": text(value)})
        })
        .collect();
    let reason = reason(record.status);
    let mut asked = json!({
        "method": method,
        "url": format!("{base}{target}"),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": fields(&request),
        "queryString": pairs,
        "headersSize": -1,
        "bodySize": request.length,
    });
    if request.length > 0 {
        asked["postData"] = json!({
            "mimeType": media_type(&request),
            "text": request.body.as_deref().unwrap_or_default(),
        });
    }
    let mut content = json!({
        "size": reply.length,
        "mimeType": media_type(&reply),
        "text": reply.body.as_deref().or(reply.body_base64.as_deref()).unwrap_or_default(),
    });
    if reply.body_base64.is_some() {
        content["encoding"] = "base64".into();
    }
    let location = reply.field("location").unwrap_or_default();
    json!({
        "startedDateTime": time,
        "time": ms,
        "request": asked,
        "response": {
            "status": status,
            "statusText": reason,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": fields(&reply),
            "content": content,
            "redirectURL": location,
            "headersSize": -1,
            "bodySize": reply.length,
        },
        "cache": {},
        "timings": {"send": 0, "wait": ms, "receive": 0},
        "comment": format!("exchange {number}"),
    })
}

fn fields(of: &Message) -> Vec<Value> {
    let fields = of.headers.iter();
    fields
        .map(|field| json!({"name": field.name, "value": field.value}))
        .collect()
}

fn media_type(of: &Message) -> &str {
    of.field("content-type").unwrap_or_default()
}
