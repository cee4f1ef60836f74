use super::problem::Refused;
use axum::Json;
use serde::Serialize;
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
}

fn healthy() -> Json<Health> {
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
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
pub(super) async fn health() -> Json<Health> {
    healthy()
}

/// Tell that every contract is served
#[utoipa::path(
    get,
    path = "/_counterpart/ready",
    operation_id = "getReady",
    tag = "probes",
    description = "For a test run that waits for the server. Contracts are loaded before the port is opened, \
        so that the first answer is also the right one.",
    responses((status = 200, description = "Every contract is served.", body = Health), Refused)
)]
pub(super) async fn ready() -> Json<Health> {
    healthy()
}
