use super::super::refusal::Refusal;
use super::judge::judge;
use super::problem::{ProblemShape, Refused, unwritten};
use super::sandboxes::no_such_sandbox;
use super::state::{Which, meant, memory};
use crate::host::Host;
use crate::wire::Method;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::Uri;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

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

/// Whose state is exported.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Exported {
    /// The API; all of them without it.
    #[param(example = "petstore")]
    api: Option<String>,
    /// The sandbox, of each API that has it; everyone's state without it.
    #[param(example = "suite-1", pattern = "^[A-Za-z0-9._~-]{1,100}$")]
    sandbox: Option<String>,
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
    params(Exported),
    responses(
        (status = 200, description = "The fixtures of each API.", body = Vec<FixturesShape>),
        (status = 404, description = "There is no such API, or no such sandbox.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "There is no such parameter.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn export_fixtures(
    State(host): State<Arc<Host>>,
    uri: Uri,
    which: Result<Query<Exported>, QueryRejection>,
) -> Result<Json<Vec<FixturesShape>>, Refusal> {
    judge(Method::GET, &uri)?;
    let Query(Exported { api, sandbox }) = which?;
    let which = Which { api, sandbox };
    let mut all = Vec::new();
    for api in meant(&host, &which)? {
        if let Some(name) = &which.sandbox {
            let has = api.contract().has_sandbox(name);
            if !has.map_err(|fault| unwritten(fault.into()))? {
                continue;
            }
        }
        let export = memory(api, &which.whose())?.export();
        all.push(FixturesShape {
            api: api.name().to_owned(),
            files: export.files,
            left_out: export.left_out,
        });
    }
    match &which.sandbox {
        Some(name) if all.is_empty() => Err(no_such_sandbox(name)),
        _ => Ok(Json(all)),
    }
}
