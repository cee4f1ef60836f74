//! What a refusal says: its status, its words, its violations, and the header fields that go with
//! them.

use super::super::unsaid::is_secret;
use super::super::{Prepared, Rejection};
use crate::decode::CODINGS;
use crate::spec::Shapes;
use crate::validate::{VIOLATION_LIMIT, Violation};
use crate::wire::{HeaderName, Method, Problem, ProblemError, Reply, StatusCode, header};

/// After how many seconds it may be tried again to use what keeps the state.
const RETRY_AFTER: &str = "1";

/// A rejection as a problem.
pub(super) fn problem(
    shapes: &Shapes,
    operation: Option<&Prepared>,
    rejection: &Rejection,
    listed: usize,
) -> Problem {
    let invalid = operation.map_or(422, Prepared::invalid_status);
    // What can't be read is 400, unless that is documented in no way and 422 is.
    let only_422 = |op: &Prepared| op.response(400).is_none() && op.documents(422);
    let unreadable = if operation.is_some_and(only_422) {
        422
    } else {
        400
    };
    let (status, detail) = match rejection {
        Rejection::NoPath(nearest) if nearest.is_empty() => {
            (404, "the contract has no such path".to_owned())
        }
        Rejection::NoPath(nearest) => (
            404,
            format!(
                "the contract has no such path; the nearest are {}",
                nearest.join(", ")
            ),
        ),
        Rejection::NoMethod(allow) => (405, format!("this path is documented for {}", join(allow))),
        Rejection::UnknownMethod(allow) => (
            501,
            format!(
                "the method is not known; this path is documented for {}",
                join(allow)
            ),
        ),
        Rejection::Broken(why) => (501, format!("this operation can't be served: {why}")),
        Rejection::Unauthenticated(_, detail) => (401, detail.clone()),
        Rejection::Forbidden(_, detail) => (403, detail.clone()),
        Rejection::UnsupportedMedia(detail, accepted) if accepted.is_empty() => {
            (415, detail.clone())
        }
        Rejection::UnsupportedMedia(detail, accepted) => (
            415,
            format!("{detail}; the body may be {}", accepted.join(", ")),
        ),
        Rejection::UnknownCoding(detail) => (415, detail.clone()),
        Rejection::TooLarge(detail) => (413, detail.clone()),
        Rejection::Unreadable(detail) => (unreadable, detail.clone()),
        Rejection::BadTarget(detail) | Rejection::BadPreference(detail) => (400, detail.clone()),
        Rejection::Invalid(violations) => (invalid, summary(violations)),
        Rejection::NotAcceptable(offered) => {
            (406, format!("the reply comes as {}", offered.join("; ")))
        }
        Rejection::Missing(detail) => (
            operation.map_or(404, Prepared::missing_status),
            detail.clone(),
        ),
        Rejection::NothingGiven(violations) => (unreadable, summary(violations)),
        Rejection::Conflict(violations) => {
            // Where no conflict is documented, but what is wrong with a request is, it is that.
            let is_unknown = |op: &&Prepared| op.response(409).is_none();
            let other = operation.filter(is_unknown).map(Prepared::invalid_status);
            let is_documented = |code: &u16| operation.is_some_and(|op| op.documents(*code));
            (
                other.filter(is_documented).unwrap_or(409),
                summary(violations),
            )
        }
        Rejection::PreconditionFailed(violations, _) => (412, summary(violations)),
        Rejection::PreconditionRequired => (
            428,
            "a conditional request is required: send If-Match with the item's ETag".to_owned(),
        ),
        Rejection::Ruled(status, violations) => (*status, summary(violations)),
        Rejection::Full(why) => (507, why.clone()),
        Rejection::Away(why) => (503, format!("the state can't be used: {why}")),
        Rejection::Crowded(detail) => (507, detail.clone()),
        Rejection::Fault(detail) => (
            operation.map_or(500, Prepared::failure_status),
            detail.clone(),
        ),
    };
    let violations = rejection.violations();
    Problem {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        detail,
        errors: violations
            .iter()
            .take(listed)
            .map(|violation| ProblemError {
                is_secret: is_secret(shapes, operation, &violation.place),
                ..violation.to_problem_error()
            })
            .collect(),
        omitted: violations.len().saturating_sub(listed),
    }
}

/// A violation with its place before it.
pub(super) fn place_and_detail(entry: &ProblemError) -> String {
    let place = entry.parameter.as_deref().or(entry.pointer.as_deref());
    match place.filter(|place| !place.is_empty()) {
        Some(place) => format!("{} {place}: {}", entry.part, entry.detail),
        None => entry.detail.clone(),
    }
}

fn summary(violations: &[Violation]) -> String {
    match violations {
        [only] => match only.place.to_string().as_str() {
            "body" => only.detail.clone(),
            place => format!("{place}: {}", only.detail),
        },
        all if all.len() >= VIOLATION_LIMIT => {
            format!("The request has {VIOLATION_LIMIT} violations or more.")
        }
        all => format!("The request has {} violations.", all.len()),
    }
}

/// Adds the header fields that tell more of a rejection.
pub(super) fn add_headers(reply: &mut Reply, operation: Option<&Prepared>, rejection: &Rejection) {
    match rejection {
        Rejection::NoMethod(allow) | Rejection::UnknownMethod(allow) => {
            reply.set(header::ALLOW, &join(allow))
        }
        Rejection::Unauthenticated(challenges, _) => {
            // Fields of their own: in one list clients have trouble to tell challenges from
            // parameters (RFC 9110 §11.6.1).
            for challenge in challenges {
                reply.append(header::WWW_AUTHENTICATE, challenge);
            }
        }
        Rejection::Forbidden(Some(challenge), _) => {
            reply.append(header::WWW_AUTHENTICATE, challenge);
        }
        Rejection::UnsupportedMedia(_, accepted) if !accepted.is_empty() => {
            let accepted = accepted.join(", ");
            match operation.map(|operation| operation.declared.method.clone()) {
                Some(Method::PATCH) => {
                    reply.set(HeaderName::from_static("accept-patch"), &accepted);
                }
                Some(Method::POST) => {
                    reply.set(HeaderName::from_static("accept-post"), &accepted);
                }
                _ => {}
            }
            reply.set(header::ACCEPT, &accepted);
        }
        // What would do instead is told by the field that it would be sent in (RFC 9110 §15.5.16).
        Rejection::UnknownCoding(_) => reply.set(header::ACCEPT_ENCODING, CODINGS),
        Rejection::Away(_) => reply.set(header::RETRY_AFTER, RETRY_AFTER),
        Rejection::PreconditionFailed(_, Some(tag)) => reply.set(header::ETAG, &tag.to_string()),
        _ => {}
    }
}

fn join(methods: &[Method]) -> String {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    names.join(", ")
}
