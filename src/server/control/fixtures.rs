use super::super::refusal::Refusal;
use super::judge::judge;
use super::problem::{ProblemShape, Refused};
use super::state::{Which, meant, memory};
use crate::host::Host;
use crate::wire::Method;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::Uri;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// What an API remembers, as the folder of its fixtures.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Fixtures)]
pub(super) struct FixturesShape {
    /// The API's name, which is that of the folder.
    #[schema(example = "petstore")]
    api: String,
    /// The texts of the files by their names. One called `setup.yaml` has what the names of the
    /// others don't tell.
    #[schema(example = json!({"pets.yaml": "- id: \"p-1\"\n"}))]
    files: BTreeMap<String, String>,
    /// What fixtures can't say, and isn't in the files.
    left_out: Vec<String>,
}

/// Export the state as fixtures
#[utoipa::path(
    get,
    path = "/_counterpart/fixtures",
    operation_id = "exportFixtures",
    tag = "state",
    description = "What is remembered, as the files of fixtures that a server would begin with it. Of a \
        collection that nobody has written to, and no fixtures tell of, there is no file. \
        `counterpart fixtures export` writes them.",
    params(Which),
    responses(
        (status = 200, description = "The fixtures of each API.", body = Vec<FixturesShape>),
        (status = 404, description = "There is no such API.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "There is no such parameter.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn export_fixtures(
    State(host): State<Arc<Host>>,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Vec<FixturesShape>>, Refusal> {
    judge(Method::GET, &uri)?;
    let Query(which) = which?;
    let mut all = Vec::new();
    for api in meant(&host, &which)? {
        let export = memory(api, &which.whose())?.export();
        all.push(FixturesShape {
            api: api.name().to_owned(),
            files: export.files,
            left_out: export.left_out,
        });
    }
    Ok(Json(all))
}
