use super::problem::Refused;
use crate::host::{Api, Host};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
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
