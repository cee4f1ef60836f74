use super::super::expectations::{Expectation, Expectations};
use super::super::refusal::Refusal;
use super::expect_shape::{ExpectationShape, ExpectationsShape, ExpectingShape, read_all};
use super::journal::Kept;
use super::judge::{judge, judge_body};
use super::problem::{ProblemShape, Refused};
use super::state::Target;
use crate::host::Host;
use crate::wire::{Bytes, Method, ProblemError, StatusCode};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use http::Uri;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Whose expectations are meant.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Whose {
    /// Those for one sandbox; all without it.
    #[param(example = "suite-1", pattern = "^[A-Za-z0-9._~-]{1,100}$")]
    pub(super) sandbox: Option<String>,
}

impl Whose {
    /// Whether an expectation is one of them.
    pub(super) fn takes(&self, one: &Expectation) -> bool {
        let own = self.sandbox.as_deref();
        own.is_none_or(|own| one.pattern.sandbox() == Some(own))
    }
}

/// List the expectations
#[utoipa::path(
    get,
    path = "/_counterpart/expect",
    operation_id = "listExpectations",
    tag = "expectations",
    description = "What is expected, and how often it came since it was.",
    params(Whose),
    responses(
        (status = 200, description = "The expectations.", body = ExpectationsShape),
        (status = 422, description = "There is no such parameter, or that is no sandbox.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn list_expectations(
    State(expectations): State<Arc<Expectations>>,
    uri: Uri,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<Json<ExpectationsShape>, Refusal> {
    judge(Method::GET, &uri)?;
    let Query(whose) = whose?;
    let all = expectations.all();
    let own = all.iter().filter(|one| whose.takes(one));
    Ok(Json(ExpectationsShape {
        expectations: own.map(|one| ExpectationShape::of(one)).collect(),
    }))
}

/// Expect requests
#[utoipa::path(
    post,
    path = "/_counterpart/expect",
    operation_id = "addExpectations",
    tag = "expectations",
    description = "Counts the requests that are expected from now on, whatever the journal keeps of them; `verify` \
        tells whether all came. What is named has to be in the contract: a misspelt operation, parameter or \
        property would never come, and is refused with the name that was meant. Header fields that the contract \
        doesn't have may be named too. With `sandbox`, they are for that one where they name none. \
        There may be 1,000 at a time; `reset` drops them.",
    params(Whose),
    request_body(content = ExpectingShape),
    responses(
        (status = 201, description = "They count.", body = ExpectationsShape),
        (status = 422, description = "Some name what isn't there, or there are too many; none was added.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn add_expectations(
    State(host): State<Arc<Host>>,
    State(expectations): State<Arc<Expectations>>,
    State(journal): Kept,
    uri: Uri,
    whose: Result<Query<Whose>, QueryRejection>,
    body: Bytes,
) -> Result<(StatusCode, Json<ExpectationsShape>), Refusal> {
    let shape: ExpectingShape = judge_body(Method::POST, &uri, &body)?;
    let Query(whose) = whose?;
    let read = read_all(shape.expectations, whose.sandbox.as_deref(), &host);
    let read = read.map_err(refuse)?;
    let since = journal.map_or(0, |journal| journal.last());
    let added = expectations.add(read, since).ok_or_else(|| {
        let detail = "There are too many expectations: 1,000 is as many as there may be.";
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    })?;
    let added = added.iter().map(|one| ExpectationShape::of(one));
    let shape = ExpectationsShape {
        expectations: added.collect(),
    };
    Ok((StatusCode::CREATED, Json(shape)))
}

/// Drop the expectations
#[utoipa::path(
    delete,
    path = "/_counterpart/expect",
    operation_id = "deleteExpectations",
    tag = "expectations",
    description = "Drops all expectations, or those for one sandbox.",
    params(Whose),
    responses(
        (status = 204, description = "They are gone."),
        (status = 422, description = "There is no such parameter, or that is no sandbox.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete_expectations(
    State(expectations): State<Arc<Expectations>>,
    uri: Uri,
    whose: Result<Query<Whose>, QueryRejection>,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    let Query(whose) = whose?;
    expectations.drop_where(|one| whose.takes(one));
    Ok(StatusCode::NO_CONTENT)
}

/// Read an expectation
#[utoipa::path(
    get,
    path = "/_counterpart/expect/{id}",
    operation_id = "getExpectation",
    tag = "expectations",
    description = "One expectation, and how often it came.",
    params(("id" = u64, Path, description = "Its number.", example = 7)),
    responses(
        (status = 200, description = "The expectation.", body = ExpectationShape),
        (status = 404, description = "There is no such expectation.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "This is no number.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn get_expectation(
    State(expectations): State<Arc<Expectations>>,
    uri: Uri,
    target: Target<u64>,
) -> Result<Json<ExpectationShape>, Refusal> {
    judge(Method::GET, &uri)?;
    let Path(id) = target?;
    let all = expectations.all();
    let one = all.iter().find(|one| one.id == id);
    let one = one.ok_or_else(|| unknown(id))?;
    Ok(Json(ExpectationShape::of(one)))
}

/// Drop an expectation
#[utoipa::path(
    delete,
    path = "/_counterpart/expect/{id}",
    operation_id = "deleteExpectation",
    tag = "expectations",
    description = "Drops one expectation.",
    params(("id" = u64, Path, description = "Its number.", example = 7)),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such expectation.",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "This is no number.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn delete_expectation(
    State(expectations): State<Arc<Expectations>>,
    uri: Uri,
    target: Target<u64>,
) -> Result<StatusCode, Refusal> {
    judge(Method::DELETE, &uri)?;
    let Path(id) = target?;
    match expectations.drop_where(|one| one.id == id) {
        0 => Err(unknown(id)),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

fn unknown(id: u64) -> Refusal {
    let detail = format!("There is no expectation {id}.");
    Refusal::new(StatusCode::NOT_FOUND, detail)
}

/// What is wrong with expectations.
pub(super) fn refuse(errors: Vec<ProblemError>) -> Refusal {
    let detail = match errors.as_slice() {
        [only] => {
            let at = only.pointer.as_deref().unwrap_or("body");
            format!("{at}: {}", only.detail)
        }
        all => format!("The expectations have {} errors.", all.len()),
    };
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail).with_errors(errors)
}
