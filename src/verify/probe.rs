//! One operation's requests, each for itself.

use super::call::{Call, Sent};
use super::cases::{Case, cases};
use super::finding::{Check, Fault};
use super::head::head;
use super::items::{fresh, ready};
use super::judge::{Meant, unkeepable};
use super::links::lost;
use super::replay::Asked;
use super::trial::Trial;
use super::values::{Base, bases, sampled};
use crate::mock::{Action, Prepared};
use crate::wire::{Reply, StatusCode};
use serde_json::Value;

/// Tries an operation with all that its contract says of its requests.
pub(super) fn probe(trial: &Trial<'_>, operation: &Prepared) {
    let Some(base) = first(trial, operation) else {
        return;
    };
    let mut turn = 1;
    let mut at = Some(base.call.clone());
    for case in cases(trial, operation, &base) {
        if trial.is_over() {
            return;
        }
        // What asks for no credential takes any.
        if matches!(case.meant, Meant::Mistaken(_)) && trial.is_open(operation) {
            continue;
        }
        let mut call = placed(&case, at.as_ref().unwrap_or(&base.call));
        if is_of(operation, Action::Delete) {
            // What is gone can't be deleted again: each request has an item of its own.
            let wanted = matches!(case.meant, Meant::Valid);
            match fresh(trial, operation).map(|item| base.call.at(&item)) {
                Some(other) => {
                    call = placed(&case, &other);
                    at = Some(other);
                }
                None if wanted => continue,
                None => {}
            }
        }
        let call = ready(trial, operation, call);
        let reply = trial.attempt(&call, &case.meant);
        let is_taken = |reply: &Reply| reply.status == StatusCode::CONFLICT;
        if matches!(case.meant, Meant::Valid) && reply.as_ref().is_some_and(is_taken) {
            // Another item may have what must be unique.
            if let Some(call) = varied(trial, operation, &call, turn) {
                trial.attempt(&call, &case.meant);
            }
            turn += 1;
        }
    }
    head(trial, operation);
    tell_refused(trial, operation, &base);
}

/// Warns of an operation that never did what it should, and where that is wanted of one that
/// didn't always.
fn tell_refused(trial: &Trial<'_>, operation: &Prepared, base: &Base) {
    // Of one that is given up the reason is told.
    if trial.is_given_up(operation) {
        return;
    }
    let tally = trial.tally(operation.number);
    // Some document nothing but refusals.
    let may_succeed = (200..400).contains(&operation.declared.success());
    if !may_succeed || tally.valid == 0 {
        return;
    }
    if tally.done > 0 {
        if let Some((call, reply)) = tally.invalid_to_it
            && trial.settings.warns_of_refusals
        {
            let message = format!(
                "refuses some of what the contract allows: {} of {} requests were done, and one is answered with {}",
                tally.done, tally.valid, reply.status
            );
            let step = Asked::of(&call, Ok(&reply));
            let fault = Fault::warning(Check::Taken, "some", message);
            trial.report(operation, fault, vec![step]);
        }
        return;
    }
    let is_gone = [StatusCode::NOT_FOUND, StatusCode::GONE];
    if tally
        .refused
        .is_some_and(|status| is_gone.contains(&status))
        && let Some((source, steps)) = lost(trial, operation)
    {
        let message = format!("knows nothing of what {source} has created, where its link leads");
        return trial.report(
            operation,
            Fault::error(Check::Created, "link", message),
            steps,
        );
    }
    let has_failed = tally.refused.is_some_and(|status| status.is_server_error());
    if has_failed && unkeepable(trial.contract, operation).is_some() {
        return;
    }
    let refused = tally.refused.map(|status| status.to_string());
    let message = format!(
        "never succeeded: none of {} requests that keep to the contract was done, the last was answered with {}",
        tally.valid,
        refused.as_deref().unwrap_or("nothing")
    );
    let step = match trial.send(&base.call) {
        Ok(reply) => Asked::of(&base.call, Ok(&reply)),
        Err(why) => Asked::of(&base.call, Err(&why)),
    };
    let fault = Fault::warning(Check::Taken, "", message);
    trial.report(operation, fault, vec![step]);
}

pub(super) fn is_of(operation: &Prepared, action: Action) -> bool {
    let binding = operation.binding.as_ref();
    binding.is_some_and(|binding| binding.action == action)
}

/// The first request that is done, else the first that keeps to the contract.
fn first(trial: &Trial<'_>, operation: &Prepared) -> Option<Base> {
    let mut all = bases(trial, operation);
    // What others made is left alone, where there is another way.
    if is_of(operation, Action::Delete)
        && let Some(own) = fresh(trial, operation)
    {
        for base in &mut all {
            let call = base.call.at(&own);
            // The contract may let an item have an id that its path can't have.
            let found = trial
                .contract
                .breaches_of_request(operation, &call.request());
            if found.is_some_and(|found| found.is_empty()) {
                base.call = call;
            }
        }
    }
    if all.is_empty() {
        let message = match operation.declared.path.contains('#') {
            true => "wasn't tried: its path has a fragment, which no request says",
            false => "wasn't tried: no request was found that keeps to its contract",
        };
        trial.report(
            operation,
            Fault::warning(Check::Taken, "no request", message),
            Vec::new(),
        );
        return None;
    }
    for base in &all {
        let call = ready(trial, operation, base.call.clone());
        let reply = trial.attempt(&call, &Meant::Valid)?;
        if reply.status.is_success() || reply.status.is_redirection() {
            let base = Base {
                call,
                parameters: base.parameters.clone(),
            };
            trial.keep_base(operation.number, base.clone());
            return Some(base);
        }
        // Without a credential that is taken, another body or item is no better.
        let is_asked = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        if is_asked.contains(&reply.status) {
            break;
        }
    }
    all.into_iter().next()
}

/// The case at the item that another request is at, but for the parameters that it is about.
fn placed(case: &Case, other: &Call) -> Call {
    match &case.meant {
        Meant::Invalid(breach) if breach.place.starts_with("path ") => case.call.clone(),
        _ => Call {
            path: other.path.clone(),
            ..case.call.clone()
        },
    }
}

/// The same with other texts in its body, but for those that say which of several is meant.
pub(super) fn varied(
    trial: &Trial<'_>,
    operation: &Prepared,
    call: &Call,
    turn: usize,
) -> Option<Call> {
    let sent = call.body.as_ref()?;
    let Some(Value::Object(members)) = &sent.value else {
        return None;
    };
    let Some(Value::Object(other)) = sampled(trial, operation, sent.number, turn) else {
        return None;
    };
    let mut varied = members.clone();
    for (name, value) in &mut varied {
        match (&value, other.get(name)) {
            (Value::String(_), Some(new @ Value::String(_))) => *value = new.clone(),
            (Value::Number(_), Some(new @ Value::Number(_))) => *value = new.clone(),
            _ => {}
        }
    }
    let contract = trial.contract;
    let sent = Sent::of(contract, operation, sent.number, Value::Object(varied))?;
    let varied = Call {
        // What hooks say goes before, as if they had not been asked yet.
        hooked: Vec::new(),
        ..call.sending(Some(sent))
    };
    let call = trial.hooked(operation, varied);
    let found = contract.breaches_of_request(operation, &call.request())?;
    found.is_empty().then_some(call)
}
