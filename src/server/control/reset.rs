use super::super::expectations::Expectations;
use super::super::refusal::Refusal;
use super::journal::Kept;
use super::judge::judge;
use super::problem::{ProblemShape, Refused, no_such_api, unwritten};
use crate::host::Host;
use crate::wire::{Method, StatusCode};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::Uri;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// What to reset. A misspelt name is refused: it would mean everything.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// The one API to reset; all of them without it.
    #[param(example = "petstore")]
    api: Option<String>,
    /// The one sandbox to reset; the state of those without one where it isn't named.
    #[param(example = "suite-1", pattern = "^[A-Za-z0-9._~-]{1,100}$")]
    sandbox: Option<String>,
}

/// Put the state back to the fixtures
#[utoipa::path(
    post,
    path = "/_counterpart/reset",
    operation_id = "reset",
    tag = "state",
    description = "Forgets every change since the start, of all APIs or of one, the rules of behaviour and the \
        expectations (all of them, or those for that API), and what their clocks were set to. Sandboxes stay as \
        they are; one that is named is reset alone, with the rules and expectations for it; one that isn't there \
        is as it will begin, and isn't made. Takes no body: \
        `curl -X POST http://localhost:4010/_counterpart/reset`.",
    params(Which),
    responses(
        (status = 204, description = "The state is that of the fixtures."),
        (status = 404, description = "There is no such API; nothing was reset.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "There is no such parameter; nothing was reset.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn reset(
    State(host): State<Arc<Host>>,
    State(expectations): State<Arc<Expectations>>,
    State(journal): Kept,
    uri: Uri,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::POST, &uri)?;
    let Query(Which {
        api: wanted,
        sandbox,
    }) = which?;
    let mut found = false;
    let last = journal.map_or(0, |journal| journal.last());
    for (number, api) in host.apis().iter().enumerate() {
        if wanted.as_ref().is_none_or(|name| name == api.name()) {
            match &sandbox {
                None => api.contract().reset().map_err(unwritten)?,
                Some(name) => {
                    // One that isn't there yet is as it will begin.
                    api.contract().reset_sandbox(name).map_err(unwritten)?;
                }
            }
            expectations.resets.note(number, sandbox.as_deref(), last);
            found = true;
        }
    }
    if let Some(api) = wanted.as_ref().filter(|_| !found) {
        return Err(no_such_api(&host, api));
    }
    let number = |name: &String| host.apis().iter().position(|api| api.name() == name);
    let api = wanted.as_ref().map(number);
    expectations.drop_where(|one| {
        let is_of_api = api.is_none_or(|api| one.pattern.api() == api);
        let is_of_sandbox = sandbox
            .as_deref()
            .is_none_or(|own| one.pattern.sandbox() == Some(own));
        is_of_api && is_of_sandbox
    });
    match (&sandbox, &wanted) {
        (None, _) => host.forget_behaviour(wanted.as_deref()),
        (Some(sandbox), None) => host.forget_behaviour_in(sandbox),
        (Some(_), Some(_)) => {}
    }
    Ok(StatusCode::NO_CONTENT)
}
