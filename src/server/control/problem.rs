use super::super::refusal::Refusal;
use crate::contract::{LedgerFault, Unwritten};
use crate::host::Host;
use crate::wire::{MediaType, Problem, Reply, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use utoipa::{IntoResponses, ToSchema};

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            status: self.status,
            detail: self.detail.into_owned(),
            omitted: self.errors.len().saturating_sub(LISTED),
            errors: self.errors.into_iter().take(LISTED).collect(),
        };
        let mut reply = Reply::json(self.status, "application/problem+json", &problem.to_json());
        if let Some((name, value)) = &self.header {
            reply.set(name.clone(), value);
        }
        (reply.status, reply.headers, reply.body).into_response()
    }
}

/// How many errors an answer lists; the rest is counted.
const LISTED: usize = 20;

/// The problem for an API that isn't served, with the names of those that are.
pub(super) fn no_such_api(host: &Arc<Host>, name: &str) -> Refusal {
    let known: Vec<&str> = host.apis().iter().map(|api| api.name()).collect();
    let detail = format!(
        "There is no API {name:?}; served are: {}.",
        known.join(", ")
    );
    Refusal::new(StatusCode::NOT_FOUND, detail)
}

/// That a change couldn't be made.
pub(super) fn unwritten(why: Unwritten) -> Refusal {
    match why {
        Unwritten::Full | Unwritten::Ledger(LedgerFault::NoRoom(_)) => {
            Refusal::new(StatusCode::INSUFFICIENT_STORAGE, why.to_string())
        }
        Unwritten::Ledger(LedgerFault::Unusable(_)) => {
            let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why.to_string());
            refusal.with_header(header::RETRY_AFTER, "1")
        }
    }
}

/// Whether a field names `application/json`, with any parameters.
pub(super) fn is_json(content_type: Option<&str>) -> bool {
    is(content_type, "application/json")
}

/// Whether a field names `application/x-www-form-urlencoded`.
pub(super) fn is_form(content_type: Option<&str>) -> bool {
    is(content_type, "application/x-www-form-urlencoded")
}

fn is(content_type: Option<&str>, essence: &str) -> bool {
    content_type
        .and_then(MediaType::parse)
        .is_some_and(|media_type| media_type.essence() == essence)
}

/// What a refused body should have been, where the reply can say it (RFC 9110 §12.5.1).
pub(super) fn not_json() -> Refusal {
    Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "A body for the control plane must be sent as Content-Type: application/json.",
    )
    .with_header(header::ACCEPT, "application/json")
}

/// An RFC 9457 problem.
#[derive(ToSchema)]
#[schema(as = Problem, rename_all = "camelCase")]
#[allow(dead_code)] // a shape for the document; the value is `wire::Problem`
pub(super) struct ProblemShape {
    /// Always `about:blank`: the title says it all.
    #[schema(example = "about:blank")]
    r#type: String,
    /// The status's own phrase.
    #[schema(example = "Not Found")]
    title: String,
    /// The status it was sent with.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    status: u16,
    /// What went wrong this time, for a person.
    #[schema(example = "There is no API \"petstore\"; served are: petstore.")]
    detail: String,
    /// Everything that is wrong with the request, with its place.
    errors: Option<Vec<ErrorShape>>,
    /// How many errors more there were.
    omitted_errors: Option<usize>,
}

/// What is wrong at one place of a request.
#[derive(ToSchema)]
#[schema(as = Error)]
#[allow(dead_code)]
pub(super) struct ErrorShape {
    /// The place in the body, as a JSON Pointer (RFC 6901).
    #[schema(example = "/rules/0/status")]
    pointer: Option<String>,
    /// The parameter, where one is wrong.
    #[schema(example = "since")]
    parameter: Option<String>,
    /// What was expected, and what was there.
    #[schema(example = "must be at least 200, got 20")]
    detail: String,
    /// The rule that was broken.
    #[schema(example = "minimum")]
    rule: String,
}

/// What any operation may answer to a caller it doesn't trust or can't understand.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub(super) enum Refused {
    /// The request can't be read: its framing, its percent-encoding, its JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(ProblemShape),
    /// The server was given a control token and the request doesn't carry it.
    #[response(
        status = 401,
        content_type = "application/problem+json",
        headers(("WWW-Authenticate" = String, description = "Always `Bearer`."))
    )]
    NoToken(ProblemShape),
    /// The request was made by a web page, or its `Host` is not this machine, or the server
    /// listens beyond loopback without a control token.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemShape),
    /// The request didn't arrive, or wasn't answered, in time.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(ProblemShape),
    /// The body is larger than 1 MiB.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemShape),
    /// The request has a body that isn't sent as `application/json`, or is encoded.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(ProblemShape),
    /// The mock server failed; its log says why.
    #[response(status = 500, content_type = "application/problem+json")]
    Failed(ProblemShape),
    /// What keeps the state can't be used, or there are too many listeners.
    #[response(
        status = 503,
        content_type = "application/problem+json",
        headers(("Retry-After" = String, description = "The seconds after which it may be back."))
    )]
    Away(ProblemShape),
    /// There is no room for more: in the state, or where it is kept.
    #[response(status = 507, content_type = "application/problem+json")]
    Full(ProblemShape),
}
