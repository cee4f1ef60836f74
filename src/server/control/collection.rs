use super::super::refusal::Refusal;
use super::judge::judge;
use super::judge::judge_body;
use super::problem::{ProblemShape, Refused};
use super::state::{Target, Whose, find, memory, no_part, unput};
use crate::host::Host;
use crate::wire::{Bytes, Method, StatusCode};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use http::Uri;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Read a collection
#[utoipa::path(
    get,
    path = "/_counterpart/state/{api}/{collection}",
    operation_id = "listItems",
    tag = "state",
    description = "The items of a collection by their keys, in the collection's order. What comes out here \
        can be put back with `replaceItems`.",
    params(
        ("api" = String, Path, description = "The API's name.", example = "petstore"),
        ("collection" = String, Path, description = "The collection's name.", example = "pets"),
        Whose
    ),
    responses(
        (status = 200, description = "The items by their keys, or these by what they hang on.", body = Object),
        (status = 404, description = "There is no such API or collection.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn list_items(
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<(String, String)>,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    judge(Method::GET, &uri)?;
    let (Path((api, collection)), Query(whose)) = (target?, whose?);
    let api = find(&host, &api)?;
    let items = memory(api, &whose)?.items(&collection);
    let items = items.map_err(|why| no_part(api, &collection, why))?;
    Ok(Json(Value::Object(items)))
}

/// Replace a collection
#[utoipa::path(
    put,
    path = "/_counterpart/state/{api}/{collection}",
    operation_id = "replaceItems",
    tag = "state",
    description = "Makes the collection hold these items and no others. They are taken as they are: no \
        contract and no rule is asked, so a test can set up what its API would refuse. If one item can't be \
        put, the collection stays as it was. Where its items hang on others, it is either those below one \
        (`toys@1`), or with `toys` all of them, by such names.",
    params(
        ("api" = String, Path, description = "The API's name.", example = "petstore"),
        ("collection" = String, Path, description = "The collection's name.", example = "pets"),
        Whose
    ),
    request_body(description = "The items by their keys.", content = Object),
    responses(
        (status = 204, description = "The collection holds these items."),
        (status = 404, description = "There is no such API or collection.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "One of them is no item of this collection.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn replace_items(
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<(String, String)>,
    whose: Result<Query<Whose>, QueryRejection>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let wanted: Map<String, Value> = judge_body(Method::PUT, &uri, &body)?;
    let (Path((api, collection)), Query(whose)) = (target?, whose?);
    let api = find(&host, &api)?;
    match memory(api, &whose)?.replace_items(&collection, wanted) {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(why) => Err(unput(api, &collection, why)),
    }
}

/// Empty a collection
#[utoipa::path(
    delete,
    path = "/_counterpart/state/{api}/{collection}",
    operation_id = "deleteItems",
    tag = "state",
    description = "Takes every item out of the collection; `reset` brings the fixtures back. Where its items \
        hang on others, `toys@1` is those below one, and `toys` all of them.",
    params(
        ("api" = String, Path, description = "The API's name.", example = "petstore"),
        ("collection" = String, Path, description = "The collection's name.", example = "pets"),
        Whose
    ),
    responses(
        (status = 204, description = "The collection is empty."),
        (status = 404, description = "There is no such API or collection.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete_items(
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<(String, String)>,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    let (Path((api, collection)), Query(whose)) = (target?, whose?);
    let api = find(&host, &api)?;
    match memory(api, &whose)?.replace_items(&collection, Map::new()) {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(why) => Err(unput(api, &collection, why)),
    }
}
