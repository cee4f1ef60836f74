//! What is added to a list whose items have no path of their own is told of there, or nowhere.

use super::SOON;
use super::listing::{rows, told_of};
use super::same::same;
use super::writing::{is_done, sent};
use crate::mock::{Action, Binding, Prepared};
use crate::spec::Shape;
use crate::verify::call::Call;
use crate::verify::finding::{Check, Fault};
use crate::verify::items::{operation_of, ready};
use crate::verify::judge::Meant;
use crate::verify::probe::varied;
use crate::verify::replay::Asked;
use crate::verify::trial::Trial;
use crate::wire::{Reply, StatusCode};
use serde_json::{Map, Value};

/// How many items are added to a list.
const ADDED: usize = 3;

/// Adds to a list that alone shows its items, and looks for what was added. A list may keep some
/// back, until someone has looked at them, so that this is no more than a warning.
pub(super) fn story(trial: &Trial<'_>, collection: &str, family: &[usize]) {
    let of = |action: Action| {
        operation_of(trial, collection, |operation: &Prepared, own: Action| {
            let is_own = |binding: &Binding| binding.scope.is_none() && binding.within.is_empty();
            own == action
                && family.contains(&operation.number)
                && operation.binding.as_ref().is_some_and(is_own)
        })
    };
    let (Some(list), Some(create)) = (of(Action::List), of(Action::Create)) else {
        return;
    };
    let (Some(at), Some(binding)) = (&list.binding, &create.binding) else {
        return;
    };
    let (Some(shown), Some(base)) = (trial.base(list.number), trial.base(create.number)) else {
        return;
    };
    // What a page leaves out may be on the next.
    let pages = told_of(at, &["size", "page", "offset", "cursor", "cursor back"]);
    let is_plain = !at.has_item_path && pages.is_empty() && shown.call.query.is_empty();
    if !is_plain || !tells(trial, list, at, &sent(binding, &base.call)) {
        return;
    }
    let read = || {
        let mut call = shown.call.clone();
        call.path.clone_from(&base.call.path);
        let call = ready(trial, list, call);
        let reply = trial.attempt(&call, &Meant::Valid)?;
        let rows = rows(at, &reply)?;
        Some((call, reply, rows))
    };
    let Some((.., before)) = read() else {
        return;
    };
    let mut added: Vec<(Call, Reply)> = Vec::new();
    for turn in 0..ADDED {
        let Some(call) = varied(trial, create, &base.call, 400 + turn) else {
            break;
        };
        let reply = trial.attempt(&call, &Meant::Valid);
        let is_kept = |reply: &Reply| is_done(reply) && reply.status != StatusCode::NO_CONTENT;
        added.extend(reply.filter(is_kept).map(|reply| (call, reply)));
    }
    let is_there = |rows: &[Value]| {
        let is_grown = rows.len() > before.len();
        let says = |call: &Call| {
            let sent = sent(binding, call);
            rows.iter().any(|row| {
                let mut told = sent
                    .iter()
                    .filter_map(|(name, own)| Some((own, row.get(name)?)));
                // Any of what it says, and not all: the rest may be kept in another form.
                told.any(|(own, shown)| same(own, shown) && is_telling(own))
            })
        };
        is_grown || added.iter().any(|(call, _)| says(call))
    };
    if added.len() < ADDED || read().is_none_or(|(.., rows)| is_there(&rows)) {
        return;
    }
    // It may take a while.
    std::thread::sleep(SOON);
    let Some((call, reply, rows)) = read() else {
        return;
    };
    if is_there(&rows) {
        return;
    }
    let message = format!(
        "never shows what {} adds: of {} that were added it shows none, and has no more items than before",
        create.declared.name(),
        added.len()
    );
    let mut steps: Vec<Asked> = Vec::new();
    steps.extend(added.last().map(|(call, reply)| Asked::of(call, Ok(reply))));
    steps.push(Asked::of(&call, Ok(&reply)));
    let fault = Fault::warning(Check::Listed, "added", message);
    trial.report(list, fault, steps);
}

/// Whether the contract says that the rows of a list have something that is sent, by which one is
/// known.
fn tells(trial: &Trial<'_>, list: &Prepared, at: &Binding, sent: &Map<String, Value>) -> bool {
    let shapes = &trial.contract.shapes;
    let within = |shape: &Shape, name: &String| {
        let inner = shape.properties.get(name)?;
        Some(shapes.get(shapes.of_property(inner)))
    };
    let told = || {
        let whole = shapes.get(list.success_body()?.shape?);
        let rows = at.envelope.iter().try_fold(whole, within)?;
        let row = shapes.get(shapes.of_items(rows)?);
        let mut sent = sent.iter();
        Some(sent.any(|(name, own)| is_telling(own) && row.properties.contains_key(name)))
    };
    told().unwrap_or(false)
}

/// Whether a value is one that few others have.
fn is_telling(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() > 3,
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() > 9.0),
        _ => false,
    }
}
