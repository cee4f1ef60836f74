use super::super::refusal::Refusal;
use super::problem::no_such_api;
use crate::host::{Api, Host};
use crate::wire::StatusCode;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use serde_json::Value;
use std::sync::Arc;

/// The names in an operation's path, decoded.
pub(super) type Target<T> = Result<Path<T>, PathRejection>;

/// The API of that name.
pub(super) fn find<'a>(host: &'a Arc<Host>, name: &str) -> Result<&'a Api, Refusal> {
    let mut apis = host.apis().iter();
    apis.find(|api| api.name() == name)
        .ok_or_else(|| no_such_api(host, name))
}

/// The items of a collection, with their keys.
pub(super) fn items(api: &Api, collection: &str) -> Result<Vec<(String, Value)>, Refusal> {
    api.items(collection).ok_or_else(|| {
        let known: Vec<String> = api
            .contract()
            .collections()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let detail = format!(
            "{} has no collection {collection:?}; it has: {}.",
            api.name(),
            known.join(", ")
        );
        Refusal::new(StatusCode::NOT_FOUND, detail)
    })
}

/// The collection can't take what it was given.
pub(super) fn unfit(detail: String) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
}
