use super::super::refusal::Refusal;
use super::judge::judge;
use super::problem::{ProblemShape, Refused, unwritten};
use crate::contract::SandboxStatus;
use crate::host::Host;
use crate::wire::{Method, StatusCode};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use chrono::{DateTime, SecondsFormat, Utc};
use http::Uri;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A sandbox of an API.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Sandbox)]
pub(super) struct SandboxShape {
    /// The API's name.
    #[schema(example = "petstore")]
    api: String,
    /// The sandbox's name.
    #[schema(example = "suite-1")]
    name: String,
    /// How many items aren't as they were at first; those that are gone are counted.
    #[schema(example = 2)]
    changed: usize,
    /// What those that are there take in memory, in bytes, roughly.
    #[schema(example = 512)]
    bytes: usize,
    /// When it was last used.
    #[schema(format = DateTime)]
    used: String,
}

impl SandboxShape {
    fn of(api: &str, status: SandboxStatus) -> SandboxShape {
        let used = DateTime::<Utc>::from(status.used);
        SandboxShape {
            api: api.to_owned(),
            name: status.name,
            changed: status.changed,
            bytes: status.bytes,
            used: used.to_rfc3339_opts(SecondsFormat::Millis, true),
        }
    }
}

/// List the sandboxes
#[utoipa::path(
    get,
    path = "/_counterpart/sandboxes",
    operation_id = "listSandboxes",
    tag = "sandboxes",
    description = "The sandboxes of every API, in the order of their names. One is made when a request first \
        names it, in the field `Counterpart-Sandbox` or as `/@NAME` before the path, and goes when it wasn't used \
        for a while.",
    responses(
        (status = 200, description = "The sandboxes.", body = Vec<SandboxShape>),
        Refused
    )
)]
pub(super) async fn list_sandboxes(
    State(host): State<Arc<Host>>,
    uri: Uri,
) -> Result<Json<Vec<SandboxShape>>, Refusal> {
    judge(Method::GET, &uri)?;
    let mut all = Vec::new();
    for api in host.apis() {
        let sandboxes = api.contract().sandboxes();
        let sandboxes = sandboxes.map_err(|fault| unwritten(fault.into()))?;
        all.extend(
            sandboxes
                .into_iter()
                .map(|status| SandboxShape::of(api.name(), status)),
        );
    }
    Ok(Json(all))
}

/// Let all sandboxes go
#[utoipa::path(
    delete,
    path = "/_counterpart/sandboxes",
    operation_id = "deleteSandboxes",
    tag = "sandboxes",
    description = "Forgets every sandbox of every API. Whoever names one again begins anew.",
    responses((status = 204, description = "They are gone."), Refused)
)]
pub(super) async fn delete_sandboxes(
    State(host): State<Arc<Host>>,
    uri: Uri,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    for api in host.apis() {
        api.contract().drop_sandboxes().map_err(unwritten)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Let a sandbox go
#[utoipa::path(
    delete,
    path = "/_counterpart/sandboxes/{name}",
    operation_id = "deleteSandbox",
    tag = "sandboxes",
    description = "Forgets a sandbox, of every API that has it.",
    params(("name" = String, Path, description = "The sandbox's name.", example = "suite-1")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is none of that name.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete_sandbox(
    State(host): State<Arc<Host>>,
    uri: Uri,
    name: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    let Path(name) = name?;
    let mut gone = false;
    for api in host.apis() {
        gone |= api.contract().drop_sandbox(&name).map_err(unwritten)?;
    }
    match gone {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_such_sandbox(&name)),
    }
}

/// That there is no sandbox of that name.
pub(super) fn no_such_sandbox(name: &str) -> Refusal {
    let detail = format!("There is no sandbox {name:?}.");
    Refusal::new(StatusCode::NOT_FOUND, detail)
}
