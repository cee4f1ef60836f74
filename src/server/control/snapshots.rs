use super::super::refusal::Refusal;
use super::judge::judge;
use super::problem::{ProblemShape, Refused, unwritten};
use super::state::{Which, meant, memory};
use crate::contract::SnapshotStatus;
use crate::host::Host;
use crate::wire::{Method, StatusCode};
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use chrono::{DateTime, SecondsFormat, Utc};
use http::Uri;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A state of an API that is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = Snapshot)]
pub(super) struct SnapshotShape {
    /// The API's name.
    #[schema(example = "petstore")]
    api: String,
    /// Its own name.
    #[schema(example = "logged-in")]
    name: String,
    /// When it was taken.
    #[schema(format = DateTime)]
    taken: String,
    /// How many items it has.
    #[schema(example = 12)]
    items: usize,
}

impl SnapshotShape {
    fn of(api: &str, status: SnapshotStatus) -> SnapshotShape {
        let taken = DateTime::<Utc>::from(status.taken);
        SnapshotShape {
            api: api.to_owned(),
            name: status.name,
            taken: taken.to_rfc3339_opts(SecondsFormat::Millis, true),
            items: status.items,
        }
    }
}

/// List the snapshots
#[utoipa::path(
    get,
    path = "/_counterpart/snapshots",
    operation_id = "listSnapshots",
    tag = "state",
    description = "The states that are kept, of every API, in the order of their names. They end with the server.",
    responses((status = 200, description = "The snapshots.", body = Vec<SnapshotShape>), Refused)
)]
pub(super) async fn list_snapshots(
    State(host): State<Arc<Host>>,
    uri: Uri,
) -> Result<Json<Vec<SnapshotShape>>, Refusal> {
    judge(Method::GET, &uri)?;
    let mut all = Vec::new();
    for api in host.apis() {
        let kept = api.contract().snapshots().into_iter();
        all.extend(kept.map(|status| SnapshotShape::of(api.name(), status)));
    }
    Ok(Json(all))
}

/// Take a snapshot
#[utoipa::path(
    put,
    path = "/_counterpart/snapshots/{name}",
    operation_id = "takeSnapshot",
    tag = "state",
    description = "Keeps the state of every API or of one as it is now, everyone's or that of a sandbox. Nothing is \
        copied: it takes memory for what isn't as the fixtures have it. Takes no body.",
    params(
        ("name" = String, Path, description = "The snapshot's name.", example = "logged-in",
            pattern = "^[A-Za-z0-9._~-]{1,100}$"),
        Which
    ),
    responses(
        (status = 201, description = "It is kept."),
        (status = 204, description = "It is kept, in the place of the one of that name."),
        (status = 404, description = "There is no such API.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "That is no name, or there is no such parameter.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 507, description = "There are 100 of them, or those that there are take all that they may.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn take_snapshot(
    State(host): State<Arc<Host>>,
    uri: Uri,
    name: Result<Path<String>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::PUT, &uri)?;
    let (Path(name), Query(which)) = (name?, which?);
    let mut is_new = true;
    for api in meant(&host, &which)? {
        let kept = memory(api, &which.whose())?.save(&name);
        is_new &= kept.map_err(|_| no_room())?;
    }
    Ok(match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::NO_CONTENT,
    })
}

/// Go back to a snapshot
#[utoipa::path(
    post,
    path = "/_counterpart/snapshots/{name}/restore",
    operation_id = "restoreSnapshot",
    tag = "state",
    description = "Puts the state of every API that has a snapshot of this name, or of one, back to it: everyone's or \
        that of a sandbox, whosever the snapshot was taken of, so that many sandboxes can begin with one. What \
        is other than it was has another `ETag`. Takes no body.",
    params(
        ("name" = String, Path, description = "The snapshot's name.", example = "logged-in"),
        Which
    ),
    responses(
        (status = 204, description = "The state is that of the snapshot."),
        (status = 404, description = "There is no such API, or none has such a snapshot.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "There is no such parameter.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 507, description = "There is no room for it.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn restore_snapshot(
    State(host): State<Arc<Host>>,
    uri: Uri,
    name: Result<Path<String>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::POST, &uri)?;
    let (Path(name), Query(which)) = (name?, which?);
    let mut found = false;
    for api in meant(&host, &which)? {
        let memory = memory(api, &which.whose())?;
        found |= memory.restore(&name).map_err(unwritten)?;
    }
    match found {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_such_snapshot(&name)),
    }
}

/// Let a snapshot go
#[utoipa::path(
    delete,
    path = "/_counterpart/snapshots/{name}",
    operation_id = "deleteSnapshot",
    tag = "state",
    description = "Forgets a snapshot, of every API that has it. What was put back to it stays as it is.",
    params(("name" = String, Path, description = "The snapshot's name.", example = "logged-in")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is none of that name.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete_snapshot(
    State(host): State<Arc<Host>>,
    uri: Uri,
    name: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    let Path(name) = name?;
    let mut gone = false;
    for api in host.apis() {
        gone |= api.contract().drop_snapshot(&name);
    }
    match gone {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_such_snapshot(&name)),
    }
}

fn no_room() -> Refusal {
    let detail = "There is no room for another snapshot: let one go.";
    Refusal::new(StatusCode::INSUFFICIENT_STORAGE, detail)
}

fn no_such_snapshot(name: &str) -> Refusal {
    let detail = format!("There is no snapshot {name:?}.");
    Refusal::new(StatusCode::NOT_FOUND, detail)
}
