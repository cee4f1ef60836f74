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

/// Read an item
#[utoipa::path(
    get,
    path = "/_counterpart/state/{api}/{collection}/{key}",
    operation_id = "getItem",
    tag = "state",
    description = "The item as it is stored, whatever the API's own replies show of it. Where items hang on others, \
        the collection's name says what this one does: `toys@1`.",
    params(
        ("api" = String, Path, description = "The API's name.", example = "petstore"),
        ("collection" = String, Path, description = "The collection's name.", example = "pets"),
        ("key" = String, Path, description = "The item's key.", example = "p-1"),
        Whose
    ),
    responses(
        (status = 200, description = "The item.", body = Value),
        (status = 404, description = "There is no such API, collection or item.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn get_item(
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<(String, String, String)>,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    judge(Method::GET, &uri)?;
    let (Path((api, collection, key)), Query(whose)) = (target?, whose?);
    let api = find(&host, &api)?;
    match memory(api, &whose)?.item(&collection, &key) {
        Ok(Some(item)) => Ok(Json(item)),
        Ok(None) => Err(no_such_item(&collection, &key)),
        Err(why) => Err(no_part(api, &collection, why)),
    }
}

/// Put an item
#[utoipa::path(
    put,
    path = "/_counterpart/state/{api}/{collection}/{key}",
    operation_id = "putItem",
    tag = "state",
    description = "Stores the item as it is, in place of the one with its key or beside the others. No \
        contract and no rule is asked. Where items hang on others, the collection's name has to say what this \
        one does (`toys@1`), and it isn't asked whether that is there.",
    params(
        ("api" = String, Path, description = "The API's name.", example = "petstore"),
        ("collection" = String, Path, description = "The collection's name.", example = "pets"),
        ("key" = String, Path, description = "The item's key.", example = "p-1"),
        Whose
    ),
    request_body(description = "The item.", content = Object),
    responses(
        (status = 201, description = "The item is new."),
        (status = 204, description = "The item was replaced."),
        (status = 404, description = "There is no such API or collection.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "It is no item of this collection.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn put_item(
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<(String, String, String)>,
    whose: Result<Query<Whose>, QueryRejection>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let item: Map<String, Value> = judge_body(Method::PUT, &uri, &body)?;
    let (Path((api, collection, key)), Query(whose)) = (target?, whose?);
    let api = find(&host, &api)?;
    match memory(api, &whose)?.put_item(&collection, &key, Value::Object(item)) {
        Ok(true) => Ok(StatusCode::CREATED),
        Ok(false) => Ok(StatusCode::NO_CONTENT),
        Err(why) => Err(unput(api, &collection, why)),
    }
}

/// Delete an item
#[utoipa::path(
    delete,
    path = "/_counterpart/state/{api}/{collection}/{key}",
    operation_id = "deleteItem",
    tag = "state",
    description = "Takes the item out of the collection; no rule is asked.",
    params(
        ("api" = String, Path, description = "The API's name.", example = "petstore"),
        ("collection" = String, Path, description = "The collection's name.", example = "pets"),
        ("key" = String, Path, description = "The item's key.", example = "p-1"),
        Whose
    ),
    responses(
        (status = 204, description = "The item is gone."),
        (status = 404, description = "There is no such API, collection or item.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete_item(
    State(host): State<Arc<Host>>,
    uri: Uri,
    target: Target<(String, String, String)>,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    let (Path((api, collection, key)), Query(whose)) = (target?, whose?);
    let api = find(&host, &api)?;
    match memory(api, &whose)?.delete_item(&collection, &key) {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(no_such_item(&collection, &key)),
        Err(why) => Err(unput(api, &collection, why)),
    }
}

fn no_such_item(collection: &str, key: &str) -> Refusal {
    let detail = format!("There is no item {key:?} in {collection}.");
    Refusal::new(StatusCode::NOT_FOUND, detail)
}
