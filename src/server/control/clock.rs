use super::super::refusal::Refusal;
use super::judge::{judge, judge_body};
use super::problem::{ProblemShape, Refused};
use super::state::{Which, meant, memory, unfit};
use crate::contract::{ClockChange, NoClock, period};
use crate::host::{Api, Host, Memory};
use crate::wire::{Bytes, Method};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use chrono::SecondsFormat;
use http::Uri;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Where it is.
pub(super) const CLOCK: &str = "/_counterpart/clock";

/// What time it is for an API.
#[derive(Serialize, ToSchema)]
#[schema(as = Clock)]
pub(super) struct ClockShape {
    /// The API's name.
    #[schema(example = "petstore")]
    api: String,
    /// What its clock is set to: `real`, the moment that it stands still at, or what it is ahead
    /// or behind the machine's.
    #[schema(example = "2024-01-15T11:00:00Z")]
    clock: String,
    /// The moment that it shows.
    #[schema(format = DateTime, example = "2024-01-15T11:00:00Z")]
    now: String,
}

/// What becomes of clocks: exactly one of these.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClockChange, min_properties = 1, max_properties = 1)]
pub(super) struct ClockChangeShape {
    /// What they are set to: a moment to stand still at (`2024-01-15T11:00:00Z`), one to go on
    /// from (`@2024-01-15T11:00:00Z`), what the machine's clock is ahead or behind (`+3d12h`,
    /// `-90m`), or `real`.
    #[schema(example = "2024-01-15T11:00:00Z")]
    clock: Option<String>,
    /// How far they are moved on, or with a sign back: numbers with `d`, `h`, `m`, `s` or `ms`
    /// after them. One that stands still stands still there.
    #[schema(pattern = r"^[+-]?(\d+(d|h|m|s|ms))+$", example = "1h30m")]
    advance: Option<String>,
}

/// Read the clocks
#[utoipa::path(
    get,
    path = "/_counterpart/clock",
    operation_id = "getClock",
    tag = "clock",
    description = "What time it is for each API: what `Last-Modified`, the times that are written into items, and \
        `now` of rules go by. Credentials expire by the machine's clock.",
    params(Which),
    responses(
        (status = 200, description = "The clocks.", body = Vec<ClockShape>),
        (status = 404, description = "There is no such API.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "There is no such parameter.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn get_clock(
    State(host): State<Arc<Host>>,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Vec<ClockShape>>, Refusal> {
    judge(Method::GET, &uri)?;
    let Query(which) = which?;
    read(&host, &which)
}

/// Set or advance the clocks
#[utoipa::path(
    put,
    path = "/_counterpart/clock",
    operation_id = "setClock",
    tag = "clock",
    description = "Sets the clock of every API or of one, for everyone or in a sandbox alone, or moves it on. What \
        was written keeps its times. The years are 1970 to 9999, as those of HTTP dates: a clock that comes to \
        the end of the last one stops there.",
    params(Which),
    request_body(content = ClockChangeShape),
    responses(
        (status = 200, description = "What they show now.", body = Vec<ClockShape>),
        (status = 404, description = "There is no such API; no clock was set.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "That is no clock; none was set.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn set_clock(
    State(host): State<Arc<Host>>,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
    body: Bytes,
) -> Result<Json<Vec<ClockShape>>, Refusal> {
    let shape: ClockChangeShape = judge_body(Method::PUT, &uri, &body)?;
    let Query(which) = which?;
    let change = match (shape.clock, shape.advance) {
        (Some(clock), None) => {
            let setting = clock.parse();
            ClockChange::Set(setting.map_err(|why| unfit(format!("/clock: {why}")))?)
        }
        (None, Some(advance)) => {
            let by = period(&advance);
            let why = "/advance: units come once each, from days to milliseconds, as in 1h30m";
            ClockChange::Advance(by.ok_or_else(|| unfit(why.to_owned()))?)
        }
        _ => return Err(unfit("either `clock` or `advance` is needed".to_owned())),
    };
    change_all(&host, &which, change)
}

/// Put the clocks back
#[utoipa::path(
    delete,
    path = "/_counterpart/clock",
    operation_id = "resetClock",
    tag = "clock",
    description = "Puts the clock of every API or of one back to what it was at the start; in a sandbox, to the \
        API's. `reset` does this too.",
    params(Which),
    responses(
        (status = 200, description = "What they show now.", body = Vec<ClockShape>),
        (status = 404, description = "There is no such API; no clock was put back.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "There is no such parameter.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn reset_clock(
    State(host): State<Arc<Host>>,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Vec<ClockShape>>, Refusal> {
    judge(Method::DELETE, &uri)?;
    let Query(which) = which?;
    change_all(&host, &which, ClockChange::Reset)
}

fn change_all(
    host: &Arc<Host>,
    which: &Which,
    change: ClockChange,
) -> Result<Json<Vec<ClockShape>>, Refusal> {
    let apis = meant(host, which)?;
    let memories = apis
        .iter()
        .map(|api| Ok((*api, memory(api, &which.whose())?)));
    let memories: Vec<(&Api, Memory<'_>)> = memories.collect::<Result<_, Refusal>>()?;
    let wrong = |api: &Api, why: NoClock| unfit(format!("the clock of {}: {why}", api.name()));
    // They may be ahead by so much that what one can show another can't: all are set, or none.
    for (api, memory) in &memories {
        memory.check_clock(change).map_err(|why| wrong(api, why))?;
    }
    for (api, memory) in &memories {
        memory.change_clock(change).map_err(|why| wrong(api, why))?;
    }
    read(host, which)
}

fn read(host: &Arc<Host>, which: &Which) -> Result<Json<Vec<ClockShape>>, Refusal> {
    let clock = |api: &Api| {
        let reading = memory(api, &which.whose())?.read_clock();
        Ok(ClockShape {
            api: api.name().to_owned(),
            clock: reading.setting.to_string(),
            now: reading.now.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        })
    };
    let clocks = meant(host, which)?.into_iter().map(clock);
    clocks.collect::<Result<_, _>>().map(Json)
}
