use super::super::refusal::Refusal;
use super::behaviour_shape::BehaviourShape;
use super::judge::judge_body;
use super::problem::{ProblemShape, Refused};
use crate::host::{Host, Unplaced};
use crate::wire::{Bytes, Method, ProblemError, StatusCode};
use axum::Json;
use axum::extract::State;
use http::Uri;
use std::sync::Arc;

/// Where it is.
pub(super) const BEHAVIOUR: &str = "/_counterpart/behaviour";

/// Read the behaviour
#[utoipa::path(
    get,
    path = "/_counterpart/behaviour",
    operation_id = "getBehaviour",
    tag = "behaviour",
    description = "The rules that still act, with the times that they have left. What comes out here can be \
        put back with `replaceBehaviour`.",
    responses(
        (status = 200, description = "The rules.", body = BehaviourShape),
        Refused
    )
)]
pub(super) async fn get_behaviour(State(host): State<Arc<Host>>) -> Json<BehaviourShape> {
    let (seed, rules) = host.rules_of_behaviour();
    Json(BehaviourShape::of(seed, &rules))
}

/// Replace the behaviour
#[utoipa::path(
    put,
    path = "/_counterpart/behaviour",
    operation_id = "replaceBehaviour",
    tag = "behaviour",
    description = "What is done on purpose from now on: replies that come late, go wrong on their way, or have \
        a status that nothing in the request asks for. The rules are looked at in their order: the first that \
        acts in a request and has a latency says how late its reply is, the first with a fault or a status \
        what becomes of it. A rule with a status acts before anything of the request is judged, and changes no \
        state; one with a fault or a latency alone leaves the answer as it would be, changes included. What a \
        request itself prefers (`Prefer: delay=800`, `Prefer: fault=drop`) goes before the rules.",
    request_body(content = BehaviourShape),
    responses(
        (status = 204, description = "These are the rules, and no others."),
        (status = 422, description = "Some are no rules, or for what isn't there; all stayed as it was.",
            body = ProblemShape, content_type = "application/problem+json"),
        Refused
    )
)]
pub(super) async fn replace_behaviour(
    State(host): State<Arc<Host>>,
    uri: Uri,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let shape: BehaviourShape = judge_body(Method::PUT, &uri, &body)?;
    let (seed, rules) = shape.read().map_err(refuse)?;
    match host.behave(seed, rules) {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(unplaced) => Err(refuse(unplaced.into_iter().map(error).collect())),
    }
}

/// Forget the behaviour
#[utoipa::path(
    delete,
    path = "/_counterpart/behaviour",
    operation_id = "deleteBehaviour",
    tag = "behaviour",
    description = "Drops every rule. A latency that the server was started with stays. `reset` does this too.",
    responses((status = 204, description = "There are no rules."), Refused)
)]
pub(super) async fn delete_behaviour(State(host): State<Arc<Host>>) -> StatusCode {
    host.forget_behaviour(None);
    StatusCode::NO_CONTENT
}

fn error(unplaced: Unplaced) -> ProblemError {
    // A reply that is refused isn't as the contract has it; all else names what isn't there.
    let rule = match unplaced.member.split('/').next() {
        Some("reply") => "contract",
        _ => "unknown",
    };
    ProblemError {
        pointer: Some(format!("/rules/{}/{}", unplaced.rule, unplaced.member)),
        detail: unplaced.detail,
        rule: rule.to_owned(),
        ..ProblemError::default()
    }
}

fn refuse(errors: Vec<ProblemError>) -> Refusal {
    let detail = match errors.as_slice() {
        [only] => format!(
            "{}: {}",
            only.pointer.as_deref().unwrap_or("body"),
            only.detail
        ),
        all => format!("The behaviour has {} errors.", all.len()),
    };
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail).with_errors(errors)
}
