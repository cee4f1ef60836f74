use super::super::refusal::Refusal;
use super::judge::judge;
use super::problem::{ProblemShape, Refused};
use super::state::{Target, find};
use crate::host::{Api, Host};
use crate::wire::Method;
use axum::Json;
use axum::extract::{Path, State};
use http::Uri;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// One contract that is served.
#[derive(Serialize, ToSchema)]
pub(super) struct Contract {
    /// The name that the control plane knows it by.
    #[schema(example = "petstore")]
    name: String,
    /// The path that its own paths follow; empty where it is served alone.
    #[schema(example = "/petstore")]
    prefix: String,
    /// The title that the document gives it.
    #[schema(example = "Pet store")]
    title: String,
    /// The version that the document gives it.
    #[schema(example = "1.0.0")]
    version: String,
    /// How many operations it has.
    #[schema(example = 3)]
    operations: usize,
    /// Its collections.
    collections: Vec<Collection>,
}

/// One collection of a contract.
#[derive(Serialize, ToSchema)]
pub(super) struct Collection {
    /// The name that the control plane knows it by.
    #[schema(example = "pets")]
    name: String,
    /// How many items are in it now.
    #[schema(example = 4)]
    items: usize,
}

impl From<&Api> for Contract {
    fn from(api: &Api) -> Contract {
        let collections = api.contract().collections().into_iter();
        Contract {
            name: api.name().to_owned(),
            prefix: api.prefix().to_owned(),
            title: api.contract().title().to_owned(),
            version: api.contract().version().to_owned(),
            operations: api.contract().operations(),
            collections: collections
                .map(|(name, items)| Collection { name, items })
                .collect(),
        }
    }
}

/// List the contracts
#[utoipa::path(
    get,
    path = "/_counterpart/contracts",
    operation_id = "listContracts",
    tag = "contracts",
    description = "Every contract that is served, with where it is, how many operations it has, and what its \
        collections hold now: of a state that other processes share, as far as this one has seen it.",
    responses((status = 200, description = "The contracts.", body = Vec<Contract>), Refused)
)]
pub(super) async fn contracts(State(host): State<Arc<Host>>) -> Json<Vec<Contract>> {
    Json(host.apis().iter().map(Contract::from).collect())
}

/// Read a contract's document
#[utoipa::path(
    get,
    path = "/_counterpart/contracts/{name}/document",
    operation_id = "getContractDocument",
    tag = "contracts",
    description = "The document as JSON, as overlays changed it, with this server in place of those that it names: \
        what reads it asks the mock. Of a document of several files it is the first one.",
    params(("name" = String, Path, description = "The API's name.", example = "petstore")),
    responses(
        (status = 200, description = "The document.", body = Object),
        (status = 404, description = "There is no such API.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn get_document(
    State(host): State<Arc<Host>>,
    uri: Uri,
    name: Target<String>,
) -> Result<Json<Value>, Refusal> {
    judge(Method::GET, &uri)?;
    let Path(name) = name?;
    find(&host, &name)?;
    let reading = move || find(&host, &name).map(served);
    let read = tokio::task::spawn_blocking(reading).await;
    read.map_err(|_| super::journal::failed())?.map(Json)
}

/// The document of an API in one, with the server that it is served by.
fn served(api: &Api) -> Value {
    let mut document = api.contract().document.bundled();
    let Some(members) = document.as_object_mut() else {
        return document;
    };
    let base = match api.prefix() {
        "" => "/",
        prefix => prefix,
    };
    match members.contains_key("swagger") {
        true => {
            members.shift_remove("host");
            members.shift_remove("schemes");
            members.insert("basePath".to_owned(), json!(base));
        }
        false => {
            members.insert("servers".to_owned(), json!([{"url": base}]));
        }
    }
    document
}
