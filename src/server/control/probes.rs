use super::super::refusal::Refusal;
use super::problem::{ProblemShape, Refused, unwritten};
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// That the server answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`: a server that isn't doesn't answer.
    #[schema(example = "ok", pattern = "^ok$")]
    status: &'static str,
    /// The version of counterpart.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Why the last write to the file of the state failed, where it did; reads go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "state.db can't be written: No space left on device (os error 28)")]
    unwritten: Option<String>,
}

fn healthy(host: &Host) -> Json<Health> {
    let mut troubles = host.apis().iter().map(|api| api.contract().write_trouble());
    let trouble = troubles.find_map(|trouble| trouble);
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        unwritten: trouble.map(|trouble| trouble.to_string()),
    })
}

/// Tell that the process answers
#[utoipa::path(
    get,
    path = "/_counterpart/health",
    operation_id = "getHealth",
    tag = "probes",
    description = "For a supervisor that asks whether the process is alive.",
    responses((status = 200, description = "The process answers.", body = Health), Refused)
)]
pub(super) async fn health(State(host): State<Arc<Host>>) -> Json<Health> {
    healthy(&host)
}

/// Tell that every contract is served
#[utoipa::path(
    get,
    path = "/_counterpart/ready",
    operation_id = "getReady",
    tag = "probes",
    description = "For a test run that waits for the server, and for whoever sends requests to one of several. \
        Contracts are loaded before the port is opened, so that the first answer is also the right one. While a \
        server that the state is shared through is away, what needs state can't be answered, and it is 503.",
    responses(
        (status = 200, description = "Every contract is served.", body = Health),
        (status = 503, description = "The state that is shared with other processes can't be reached.",
            body = ProblemShape, content_type = "application/problem+json",
            headers(("Retry-After" = String, description = "The seconds after which it may be back."))),
        Refused
    )
)]
pub(super) async fn ready(State(host): State<Arc<Host>>) -> Result<Json<Health>, Refusal> {
    for api in host.apis() {
        let reached = api.contract().reach_state();
        reached.map_err(|fault| unwritten(fault.into()))?;
    }
    Ok(healthy(&host))
}
