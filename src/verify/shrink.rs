//! The smallest request that shows what another showed.

use super::call::{Call, Sent};
use super::finding::{Check, Fault};
use super::items::mend;
use super::judge::{Meant, judge};
use super::trial::Trial;
use crate::mock::{Action, Prepared};
use crate::wire::{Pointer, Reply};
use serde_json::Value;

/// How many requests are sent for one finding.
const TRIES: usize = 24;

/// The smallest request found that shows the same, with its reply; nothing where none is smaller.
pub(super) fn shrunk(
    trial: &Trial<'_>,
    operation: &Prepared,
    call: &Call,
    meant: &Meant,
    fault: &Fault,
) -> Option<(Call, Reply)> {
    let binding = operation.binding.as_ref();
    let deletes = binding.is_some_and(|binding| binding.action == Action::Delete);
    if deletes || fault.check == Check::Credential {
        return None;
    }
    let mut best: Option<(Call, Reply)> = None;
    let mut tries = 0;
    let mut index = 0;
    loop {
        let from = best.as_ref().map_or(call, |(call, _)| call);
        let Some(smaller) = smaller(trial, operation, from).into_iter().nth(index) else {
            return best;
        };
        if tries >= TRIES || trial.is_over() {
            return best;
        }
        if !is_meant(trial, operation, &smaller, meant) {
            index += 1;
            continue;
        }
        tries += 1;
        let Ok(reply) = trial.send(&smaller) else {
            return best;
        };
        if reply.status.is_success() {
            trial.with_pool(|pool| pool.learn(operation, &smaller, &reply));
        }
        if matches!(meant, Meant::Invalid(_)) && reply.status.is_success() {
            mend(trial, operation, &smaller, &reply);
        }
        let found = judge(trial.contract, operation, &smaller, meant, &reply);
        let is_same = |other: &Fault| other.check == fault.check && other.place == fault.place;
        match found.iter().any(is_same) {
            // What comes at this place now is another part of the smaller request.
            true => best = Some((smaller, reply)),
            false => index += 1,
        }
    }
}

/// Whether a request is still what it is meant to be, and wrong in no other way.
fn is_meant(trial: &Trial<'_>, operation: &Prepared, call: &Call, meant: &Meant) -> bool {
    let found = trial
        .contract
        .breaches_of_request(operation, &call.request());
    match (found, meant) {
        (Some(found), Meant::Invalid(breach)) => {
            let is_same = |place: String, rule: &str| place == breach.place && rule == breach.rule;
            !found.is_empty()
                && found
                    .iter()
                    .all(|violation| is_same(violation.place.to_string(), &violation.rule))
        }
        (Some(found), _) => found.is_empty(),
        (None, _) => false,
    }
}

/// Requests with one part less each.
fn smaller(trial: &Trial<'_>, operation: &Prepared, call: &Call) -> Vec<Call> {
    let mut all = Vec::new();
    for index in 0..call.query.len() {
        let mut fewer = call.clone();
        fewer.query.remove(index);
        all.push(fewer);
    }
    for index in 0..call.headers.len() {
        let mut fewer = call.clone();
        fewer.headers.remove(index);
        all.push(fewer);
    }
    for index in 0..call.cookies.len() {
        let mut fewer = call.clone();
        fewer.cookies.remove(index);
        all.push(fewer);
    }
    let Some((sent, value)) = call
        .body
        .as_ref()
        .and_then(|sent| Some((sent, sent.value.as_ref()?)))
    else {
        return all;
    };
    for at in parts(value) {
        let mut fewer = value.clone();
        at.remove(&mut fewer);
        let sent = Sent::of(trial.contract, operation, sent.number, fewer);
        all.extend(sent.map(|sent| call.sending(Some(sent))));
    }
    all
}

/// The members and items of a value, those that hold others first.
fn parts(value: &Value) -> Vec<Pointer> {
    let mut all = Vec::new();
    let mut open = vec![(Pointer::root(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    all.push(at.child(name));
                    open.push((at.child(name), value));
                }
            }
            Value::Array(items) => {
                // From the end on, so that what is left keeps its place.
                for (index, value) in items.iter().enumerate().rev() {
                    all.push(at.child(index));
                    open.push((at.child(index), value));
                }
            }
            _ => {}
        }
    }
    all
}
