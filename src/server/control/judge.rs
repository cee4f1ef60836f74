//! What the control plane's own document says of a request to it. There is one policy: what can't
//! be read is 400, what was read and is wrong 422, with the place of each that is wrong.

use super::super::refusal::Refusal;
use super::document::document;
use crate::contract::Contract;
use crate::validate::Violation;
use crate::wire::{Bytes, Method, ProblemError, Request, StatusCode, header};
use axum::extract::rejection::{PathRejection, QueryRejection};
use http::Uri;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::LazyLock;

/// The document, which takes no parameter that isn't in it: a misspelt one would be for nothing.
static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let contract = Contract::from_text("openapi.json", document());
    let mut contract = contract.expect("the document is made of parts that a test loads");
    contract.strict = true;
    // What is done is done elsewhere.
    contract.remembers = false;
    contract
});

/// Holds the path and query of a request that has no body against the document.
pub(super) fn judge(method: Method, uri: &Uri) -> Result<(), Refusal> {
    judged(Request::new(method, target(uri)))
}

/// The same with a body, which it gives as what the handler wants of it.
pub(super) fn judge_body<T: DeserializeOwned>(
    method: Method,
    uri: &Uri,
    body: &Bytes,
) -> Result<T, Refusal> {
    judge_typed(method, uri, "application/json", body)?;
    let read = serde_json::from_slice(body);
    // JSON has no integers of its own: 2.0 is one (JSON Schema core §4.2.3).
    let read = read.or_else(|_| {
        serde_json::from_slice(body)
            .map(whole)
            .and_then(serde_json::from_value)
    });
    read.map_err(|_| {
        let detail =
            "The body has a number that is too large, or a member that can't be what it is.";
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    })
}

/// Holds a body of a media type against the document.
pub(super) fn judge_typed(
    method: Method,
    uri: &Uri,
    media_type: &str,
    body: &Bytes,
) -> Result<(), Refusal> {
    let request = Request::new(method, target(uri)).with_body(body.clone());
    judged(request.with_header(header::CONTENT_TYPE, media_type))
}

/// What is wrong at one place of a body.
pub(super) fn wrong_at(pointer: &str, rule: &str, detail: String) -> Refusal {
    let error = ProblemError {
        pointer: Some(pointer.to_owned()),
        detail: detail.clone(),
        rule: rule.to_owned(),
        ..ProblemError::default()
    };
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, detail).with_errors(vec![error])
}

fn target(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |target| target.as_str())
}

fn judged(request: Request) -> Result<(), Refusal> {
    let exchange = CONTRACT.answer(request);
    let Some(detail) = exchange.refusal else {
        return Ok(());
    };
    // What can't be read, or is no JSON, has no places.
    let violations = exchange.violations.iter();
    let violations = violations.filter(|own| !["syntax", "content"].contains(&&*own.rule));
    let violations = violations.map(Violation::to_problem_error);
    // Our own document is no place that says more.
    let errors = violations.map(|error| ProblemError {
        schema: None,
        ..error
    });
    let errors: Vec<ProblemError> = errors.collect();
    let status = match errors.is_empty() {
        true => exchange.reply.status,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Err(Refusal::new(status, detail).with_errors(errors))
}

/// A value whose numbers without a fraction are written as integers.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let text = number.as_f64().filter(|number| number.fract() == 0.0);
            let text = text.map(|number| format!("{number:.0}"));
            let integer = text.and_then(|text| text.parse::<i64>().ok());
            integer.map_or(Value::Number(number), Value::from)
        }
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            members.map(|(name, value)| (name, whole(value))).collect()
        }
        other => other,
    }
}

/// What axum can't read of a path after the document took it.
impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Refusal {
        let detail = "The path can't be read: a name in it is no UTF-8, or a number too large.";
        Refusal::new(StatusCode::BAD_REQUEST, detail)
    }
}

/// What axum can't read of a query after the document took it.
impl From<QueryRejection> for Refusal {
    fn from(_: QueryRejection) -> Refusal {
        let detail =
            "The query can't be read: each parameter is given once, and a number in digits.";
        Refusal::new(StatusCode::BAD_REQUEST, detail)
    }
}
