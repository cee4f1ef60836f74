//! The smallest request that shows what another showed.

use super::call::{Call, Sent};
use super::judge::Meant;
use super::trial::Trial;
use crate::mock::Prepared;
use crate::wire::Pointer;
use serde_json::Value;

/// How many smaller requests are tried for one finding.
const TRIES: usize = 24;
/// How many parts of a request are looked at.
const PARTS: usize = 200;

/// What the smallest request that shows it still shows, of those that are tried: so many at most.
/// `shows` sends one, and tells what it shows of that; nothing where none is smaller.
///
/// Parts are left out all together first, then half of them, and so on down to each alone: what is
/// shown mostly needs none of them, or one.
pub(super) fn shrunk<T>(
    trial: &Trial<'_>,
    (call, meant): (&Call, &Meant),
    shows: &dyn Fn(&Call) -> Option<T>,
) -> Option<T> {
    let operation = trial.contract.operations.get(call.operation);
    let mut least: Option<T> = None;
    let mut best = call.clone();
    let mut left = TRIES;
    let mut size = parts(&best, meant).len();
    while size > 0 {
        let mut at = 0;
        loop {
            let parts = parts(&best, meant);
            let Some(chunk) = parts.get(at..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let Some(fewer) = without(trial, &best, meant, chunk.iter().take(size)) else {
                at += size;
                continue;
            };
            if left == 0 || trial.is_over() || trial.is_given_up(operation) {
                return least;
            }
            left -= 1;
            match shows(&fewer) {
                Some(shown) => {
                    best = fewer;
                    least = Some(shown);
                    // Nothing is left that can be left out.
                    if size >= parts.len() {
                        return least;
                    }
                }
                None => at += size,
            }
        }
        size /= 2;
    }
    least
}

/// The request without those of some parts that it is what it is meant to be without; nothing where
/// it needs each of them.
fn without<'p>(
    trial: &Trial<'_>,
    call: &Call,
    meant: &Meant,
    parts: impl Iterator<Item = &'p Part>,
) -> Option<Call> {
    let operation = trial.contract.operations.get(call.operation);
    let mut least = None;
    for part in parts {
        let fewer = part.left_out(trial, operation, least.as_ref().unwrap_or(call));
        let fewer = fewer.filter(|fewer| is_meant(trial, operation, fewer, meant));
        least = fewer.or(least);
    }
    least
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

/// What may be left out of a request.
enum Part {
    Query(usize),
    Header(usize),
    Cookie(usize),
    /// A member or an item of what the body says.
    Body(Pointer),
}

impl Part {
    /// The request without it; nothing where it has no such part.
    fn left_out(&self, trial: &Trial<'_>, operation: &Prepared, call: &Call) -> Option<Call> {
        let mut fewer = call.clone();
        let (list, index) = match self {
            Part::Query(index) => (&mut fewer.query, *index),
            Part::Header(index) => (&mut fewer.headers, *index),
            Part::Cookie(index) => (&mut fewer.cookies, *index),
            Part::Body(at) => {
                let sent = call.body.as_ref()?;
                let mut value = sent.value.clone()?;
                at.get(&value)?;
                let (holder, name) = at.split_last()?;
                match value.pointer_mut(holder.as_str()) {
                    Some(Value::Array(items)) => drop(items.remove(name.parse().ok()?)),
                    _ => at.remove(&mut value),
                }
                let sent = Sent::of(trial.contract, operation, sent.number, value)?;
                return Some(call.sending(Some(sent)));
            }
        };
        (index < list.len()).then(|| list.remove(index))?;
        Some(fewer)
    }
}

/// The parts of a request, those that hold others first, and of a list the last first, so that the
/// others keep their places where it goes.
fn parts(call: &Call, meant: &Meant) -> Vec<Part> {
    let is_meant =
        |name: &str| matches!(meant, Meant::Mistaken(own) if own.iter().any(|own| own == name));
    let of = |list: &[(String, String)], part: fn(usize) -> Part| -> Vec<Part> {
        let all = list.iter().enumerate().rev();
        let all = all.filter(|(_, (name, _))| !is_meant(name));
        all.map(|(index, _)| part(index)).collect()
    };
    let mut all = of(&call.query, Part::Query);
    all.extend(of(&call.headers, Part::Header));
    all.extend(of(&call.cookies, Part::Cookie));
    let body = call.body.as_ref().and_then(|sent| sent.value.as_ref());
    let mut open: Vec<(Pointer, &Value)> = body
        .map(|value| (Pointer::root(), value))
        .into_iter()
        .collect();
    while let Some((at, value)) = open.pop().filter(|_| all.len() < PARTS) {
        let inner: Vec<(Pointer, &Value)> = match value {
            Value::Object(members) => {
                let members = members.iter();
                members
                    .map(|(name, value)| (at.child(name), value))
                    .collect()
            }
            Value::Array(items) => {
                let items = items.iter().enumerate().rev();
                items
                    .map(|(index, value)| (at.child(index), value))
                    .collect()
            }
            _ => Vec::new(),
        };
        all.extend(inner.iter().map(|(at, _)| Part::Body(at.clone())));
        open.extend(inner);
    }
    all
}
