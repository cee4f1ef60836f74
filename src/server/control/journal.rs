use super::super::covering::Covering;
use super::super::journal::Journal;
use super::super::refusal::Refusal;
use super::super::standing::Standing;
use super::exchange::{Exchange, WholeExchange};
use super::filter::{Filter, Which};
use super::judge::judge;
use super::problem::{ProblemShape, Refused};
use super::state::Target;
use super::stream::{Beat, stream};
use crate::host::Host;
use crate::wire::{HeaderMap, HeaderName, MediaType, Method, StatusCode, accept, choose};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::Uri;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The journal, where there is one.
pub(super) type Kept = State<Option<Arc<Journal>>>;

/// Exchanges of the journal.
#[derive(Serialize, ToSchema)]
pub(super) struct Exchanges {
    /// The exchanges, in the order of their numbers.
    exchanges: Vec<Exchange>,
    /// The number of the last exchange of all: what follows it is asked for with `since`.
    #[schema(example = 412)]
    last: u64,
}

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Read the journal
#[utoipa::path(
    get,
    path = "/_counterpart/journal",
    operation_id = "listExchanges",
    tag = "journal",
    description = "What was asked and answered lately, without header fields and bodies. As \
        `text/event-stream` it is told as it happens, from then on or, with `since` or `Last-Event-ID`, from there \
        on: an `exchange` event for each, a `delivery` event for what came of a callback, and a `dropped` \
        event with a `count` for what the listener has missed.",
    params(
        Which,
        ("Last-Event-ID" = Option<u64>, Header, description = "The last exchange that a listener has heard of.")
    ),
    responses(
        (status = 200, description = "The exchanges.", content(
            (Exchanges = "application/json"),
            (String = "text/event-stream")
        )),
        (status = 404, description = "There is no such API or operation, or no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 406, description = "Neither JSON nor an event stream is acceptable.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "One of the values is none that there is.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 503, description = "There are as many listeners as there may be.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn list(
    State(journal): Kept,
    State(standing): State<Standing>,
    State(beat): State<Beat>,
    headers: HeaderMap,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Response, Refusal> {
    let journal = journal.ok_or_else(off)?;
    judge(Method::GET, &uri)?;
    let Query(which) = which?;
    let host = standing.host();
    let filter = Filter::of(&which, &host)?;
    let limit = which.limit.unwrap_or(100);
    let offered = ["application/json", "text/event-stream"].map(MediaType::parse);
    let chosen = choose(accept(&headers).as_deref(), offered.iter().flatten());
    match chosen.map(|chosen| chosen.offer) {
        None => {
            let detail = "The journal is told as application/json or text/event-stream.";
            return Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, detail));
        }
        Some(1) => {
            let id = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
            let id = id.and_then(|id| id.parse().ok());
            let Some(listener) = journal.listen(id.or(which.since)) else {
                let detail = "There are as many listeners as there may be.";
                return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, detail));
            };
            return Ok(stream(listener, filter, standing, beat));
        }
        Some(_) => {}
    }
    let since = which.since;
    let reading = move || {
        let (records, last) = journal.all();
        let found = filter.chosen(&records, since, limit, &host);
        let exchanges = found.into_iter().map(|record| Exchange::new(record, &host));
        Exchanges {
            exchanges: exchanges.collect(),
            last,
        }
    };
    // To look through all the bodies takes longer than a thread of the runtime should be held up.
    let found = tokio::task::spawn_blocking(reading).await;
    let found = found.map_err(|_| failed())?;
    Ok(Json(found).into_response())
}

/// Read an exchange
#[utoipa::path(
    get,
    path = "/_counterpart/journal/{number}",
    operation_id = "getExchange",
    tag = "journal",
    description = "The exchange with header fields and bodies, credentials masked.",
    params(("number" = u64, Path, description = "Its number.", example = 412)),
    responses(
        (status = 200, description = "The exchange.", body = WholeExchange),
        (status = 404, description = "There is no such exchange (any longer), or no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "This is no number.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn get_one(
    State(journal): Kept,
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<u64>,
) -> Result<Json<WholeExchange>, Refusal> {
    judge(Method::GET, &uri)?;
    let Path(number) = target?;
    let record = journal.ok_or_else(off)?.get(number);
    let record = record.ok_or_else(|| gone(number))?;
    Ok(Json(WholeExchange::new(&record, &host)))
}

/// Empty the journal
#[utoipa::path(
    delete,
    path = "/_counterpart/journal",
    operation_id = "deleteExchanges",
    tag = "journal",
    description = "Forgets all exchanges. The numbers of those to come go on.",
    responses(
        (status = 204, description = "The journal is empty."),
        (status = 404, description = "There is no journal.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete(
    State(journal): Kept,
    State(covering): State<Option<Arc<Covering>>>,
) -> Result<StatusCode, Refusal> {
    let journal = journal.ok_or_else(off)?;
    let clearing = move || {
        // What was sent is covered, whether or not it is remembered.
        let counted = covering.as_ref().map(|covering| covering.counted());
        journal.clear();
        drop(counted);
    };
    let cleared = tokio::task::spawn_blocking(clearing).await;
    cleared.map_err(|_| failed())?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn failed() -> Refusal {
    let detail = "The mock server failed on this request.";
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}

/// There is no exchange of that number.
pub(super) fn gone(number: u64) -> Refusal {
    let detail = format!("There is no exchange {number} in the journal, or no longer.");
    Refusal::new(StatusCode::NOT_FOUND, detail)
}

pub(super) fn off() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "The journal is off.")
}
