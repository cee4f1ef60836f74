//! The requests that an operation is tried with: valid ones at every edge, and those that break
//! one constraint alone.

use super::call::{Call, Sent, is_framing};
use super::judge::{Breach, Meant};
use super::trial::Trial;
use super::values::{Base, ground, order, parameter_value, sampled};
use crate::decode::Sent as Credential;
use crate::mock::Prepared;
use crate::sample::{broken, edges};
use crate::spec::{Location, SchemeKind};
use crate::wire::{Bytes, Method};
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A request, and what it is meant to be.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub call: Call,
    pub meant: Meant,
}

/// The requests of an operation, made of one that keeps to the contract: valid ones first.
pub(super) fn cases(trial: &Trial<'_>, operation: &Prepared, base: &Base) -> Vec<Case> {
    let most = trial.settings.cases;
    let mut valid = Vec::new();
    let mut invalid = Vec::new();
    of_parameters(trial, operation, base, &mut valid, &mut invalid);
    of_bodies(trial, operation, base, &mut valid, &mut invalid);
    valid.extend(of_replies(operation, base));
    let contract = trial.contract;
    let breaches = |call: &Call| contract.breaches_of_request(operation, &call.request());
    let valid = picked(valid, most / 2, &trial.settings.seed).into_iter();
    let valid = valid.filter(|call| breaches(call).is_some_and(|found| found.is_empty()));
    let valid = valid.map(|call| Case {
        call,
        meant: Meant::Valid,
    });
    let invalid = picked(invalid, most - most / 2, &trial.settings.seed).into_iter();
    let invalid = invalid.filter_map(|call| {
        let breach = Breach::of(breaches(&call)?.first()?);
        Some(Case {
            call,
            meant: Meant::Invalid(breach),
        })
    });
    let mut all: Vec<Case> = valid.collect();
    all.extend(invalid);
    let asks = !operation.declared.security.is_empty();
    let needs_some = operation
        .declared
        .security
        .iter()
        .all(|all| !all.is_empty());
    if asks && needs_some {
        let mut call = base.call.clone();
        call.is_anonymous = true;
        all.push(Case {
            call,
            meant: Meant::Anonymous,
        });
        all.extend(mistaken(trial, operation, base));
    }
    all
}

/// The request with credentials that were made up, where those that were given do.
fn mistaken(trial: &Trial<'_>, operation: &Prepared, base: &Base) -> Option<Case> {
    let has_some = !trial.settings.credentials.is_empty();
    trial.base(operation.number).filter(|_| has_some)?;
    let mut call = base.call.clone();
    call.is_anonymous = true;
    let mut names = Vec::new();
    for used in operation.declared.security.first()? {
        let value = match &used.scheme.kind {
            SchemeKind::Http(name) if name.eq_ignore_ascii_case("basic") => "nobody:made-up",
            _ => "made-up",
        };
        match Credential::of(&used.scheme.kind, value)? {
            Credential::Field(name, value) => {
                call = call.with_header(&name, &value);
                names.push(name);
            }
            Credential::Query(name, value) => {
                let pair = format!("{name}={value}");
                names.push(name.clone());
                call.query.push((name, pair));
            }
        }
    }
    Some(Case {
        call,
        meant: Meant::Mistaken(names),
    })
}

/// At most so many, from all over the list, by the seed.
fn picked(all: Vec<Call>, most: usize, seed: &str) -> Vec<Call> {
    if all.len() <= most {
        return all;
    }
    let mut numbered: Vec<(u64, usize, Call)> = all
        .into_iter()
        .enumerate()
        .map(|(index, call)| {
            let mut hasher = DefaultHasher::new();
            (seed, index).hash(&mut hasher);
            (hasher.finish(), index, call)
        })
        .collect();
    numbered.sort_by_key(|(lot, _, _)| *lot);
    numbered.truncate(most);
    numbered.sort_by_key(|(_, index, _)| *index);
    numbered.into_iter().map(|(_, _, call)| call).collect()
}

fn of_parameters(
    trial: &Trial<'_>,
    operation: &Prepared,
    base: &Base,
    valid: &mut Vec<Call>,
    invalid: &mut Vec<Call>,
) {
    let contract = trial.contract;
    let shapes = &contract.shapes;
    for (number, reader) in operation.parameters.iter().enumerate() {
        let parameter = &reader.parameter;
        let known = base.parameters.get(number).cloned().flatten();
        let is_path = parameter.location == Location::Path;
        if parameter.location == Location::Header && is_framing(&parameter.name) {
            continue;
        }
        if parameter.required && !is_path {
            invalid.push(base.call.with_parameter(reader, None, shapes));
        }
        // What preconditions say is for the story of an item.
        let is_condition = parameter.location == Location::Header
            && parameter.name.to_ascii_lowercase().starts_with("if-");
        let Some(value) = known
            .clone()
            .or_else(|| parameter_value(trial, operation, number))
            .filter(|_| !is_condition)
        else {
            continue;
        };
        let with = |value: &Value| base.call.with_parameter(reader, Some(value), shapes);
        if known.is_none() {
            valid.push(with(&value));
        }
        let Some(at) = parameter.schema else {
            continue;
        };
        let names = [parameter.name.as_str()];
        let ground = ground(contract, order(at, &trial.settings.seed, &names));
        // Another value of a path's parameter is another item, which may not be there.
        if !is_path {
            let edges = edges(ground, &value);
            valid.extend(edges.iter().map(with));
        }
        let broken = broken(ground, &value);
        invalid.extend(broken.iter().map(with));
    }
}

/// The same request for each of the media types that its success may come in.
fn of_replies(operation: &Prepared, base: &Base) -> Vec<Call> {
    let response = operation.response(operation.declared.success());
    let contents = response.into_iter().flat_map(|response| &response.contents);
    let contents =
        contents.filter(|content| operation.is_negotiated && !content.media_type.is_range());
    let calls = contents.map(|content| base.call.with_header("Accept", &content.name));
    calls.collect()
}

fn of_bodies(
    trial: &Trial<'_>,
    operation: &Prepared,
    base: &Base,
    valid: &mut Vec<Call>,
    invalid: &mut Vec<Call>,
) {
    let contract = trial.contract;
    let (Some(sent), Some(declared)) = (&base.call.body, &operation.declared.body) else {
        return;
    };
    let call_of = |number: usize, value: Value| {
        let sent = Sent::of(contract, operation, number, value)?;
        Some(base.call.sending(Some(sent)))
    };
    match declared.required {
        true => invalid.push(base.call.sending(None)),
        false => valid.push(base.call.sending(None)),
    }
    for (number, content) in operation.bodies.iter().enumerate() {
        if number == sent.number {
            continue;
        }
        let schema_of = |number: usize| operation.bodies[number].declared.schema;
        let alike = schema_of(number) == schema_of(sent.number);
        let value = match &sent.value {
            Some(value) if alike || content.is_valid(contract.contents(), value) => {
                Some(value.clone())
            }
            _ => sampled(trial, operation, number, 0),
        };
        valid.extend(value.and_then(|value| call_of(number, value)));
    }
    let content = &operation.bodies[sent.number];
    if content.media_type.is_json() {
        let broken = Sent {
            value: None,
            bytes: Bytes::from_static(b"{\""),
            ..sent.clone()
        };
        invalid.push(base.call.sending(Some(broken)));
    }
    // A body of a method that gives it no meaning is passed over by many (RFC 9110 §9.3.5).
    if operation.declared.method != Method::DELETE {
        let other = Sent {
            content_type: "application/x-counterpart".to_owned(),
            ..sent.clone()
        };
        invalid.push(base.call.sending(Some(other)));
    }
    let (Some(at), Some(value)) = (content.declared.schema, &sent.value) else {
        return;
    };
    let ground = ground(contract, order(at, &trial.settings.seed, &[]));
    let edges = edges(ground, value).into_iter();
    valid.extend(edges.filter_map(|value| call_of(sent.number, value)));
    let broken = broken(ground, value).into_iter();
    invalid.extend(broken.filter_map(|value| call_of(sent.number, value)));
}
