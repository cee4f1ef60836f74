//! `HEAD` is answered as `GET` but for the body (RFC 9110 §9.3.2), where it is answered.

use super::call::Call;
use super::finding::{Check, Fault};
use super::items::ready;
use super::replay::Asked;
use super::trial::Trial;
use crate::mock::Prepared;
use crate::wire::{HeaderName, Method, StatusCode, header};

/// What is known of a server's answers to `HEAD`.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Whether one was as that to `GET`.
    are_answered: bool,
    /// Those that are 404 where `GET` isn't, by the number of the operation.
    missing: Vec<(usize, Fault, Vec<Asked>)>,
}

/// Asks for what an operation shows with `HEAD` too.
pub(super) fn head(trial: &Trial<'_>, operation: &Prepared) {
    if operation.declared.method != Method::GET || trial.is_over() {
        return;
    }
    let Some(base) = trial.base(operation.number) else {
        return;
    };
    let get = ready(trial, operation, base.call);
    let head = Call {
        method: Method::HEAD,
        ..get.clone()
    };
    let (Ok(shown), Ok(reply)) = (trial.send(&get), trial.send(&head)) else {
        return;
    };
    if !shown.status.is_success() {
        return;
    }
    let operations = &trial.contract.operations;
    let is_documented = operations
        .numbered(&Method::HEAD, &operation.declared.path)
        .is_some();
    let none = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_IMPLEMENTED];
    if none.contains(&reply.status) && !is_documented {
        return;
    }
    let steps = || {
        let steps = [(&get, &shown), (&head, &reply)];
        let steps = steps.map(|(call, reply)| Asked::of(call, Ok(reply)));
        steps.to_vec()
    };
    if reply.status != shown.status {
        let message = format!(
            "answers HEAD with {}, and GET with {} (RFC 9110 §9.3.2)",
            reply.status, shown.status
        );
        let fault = Fault::error(Check::Head, "status", message);
        if reply.status == StatusCode::NOT_FOUND && !is_documented {
            let missing = (operation.number, fault, steps());
            trial.with_heads(|heads| heads.missing.push(missing));
            return;
        }
        return trial.report(operation, fault, steps());
    }
    trial.with_heads(|heads| heads.are_answered = true);
    // What is another each time, or has changed meanwhile, is no matter of the method.
    let is_steady = |name: &HeaderName| {
        let again = trial.send(&get).ok();
        again.is_some_and(|again| again.header(name) == shown.header(name))
    };
    for name in [header::CONTENT_TYPE, header::ETAG] {
        // What a `HEAD` leaves out may be what takes the body to be known.
        let (Some(of_get), Some(of_head)) = (shown.header(&name), reply.header(&name)) else {
            continue;
        };
        if of_get != of_head && is_steady(&name) {
            let message = format!(
                "answers HEAD with {name}: {of_head}, and GET with {of_get} (RFC 9110 §9.3.2)"
            );
            let fault = Fault::error(Check::Head, name.as_str(), message);
            trial.report(operation, fault, steps());
        }
    }
}

/// Reports what is missing for `HEAD`, where the server answers that elsewhere: who knows of none
/// at all says 404 as well as 405.
pub(super) fn report(trial: &Trial<'_>) {
    let heads = trial.with_heads(std::mem::take);
    if !heads.are_answered {
        return;
    }
    for (number, fault, steps) in heads.missing {
        trial.report(trial.contract.operations.get(number), fault, steps);
    }
}
