//! Reading an item is no change of it.

use super::same::{same, told};
use super::{Action, Call, ready};
use crate::mock::{Binding, Prepared, keeps_time};
use crate::verify::finding::{Check, Fault};
use crate::verify::items::operation_of;
use crate::verify::judge::Meant;
use crate::verify::replay::Asked;
use crate::verify::trial::Trial;
use crate::wire::{Reply, StatusCode};
use chrono::DateTime;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long it takes until what is touched shows another time: most tell seconds.
const TICK: Duration = Duration::from_millis(1100);

/// An item that says when it was last changed, as it was read.
struct Watched<'s> {
    read: &'s Prepared,
    call: Call,
    reply: Reply,
    value: Value,
}

/// Reads an item of each collection, now that nothing else is sent, and says where the time of its
/// last change is another each time, and nothing else has changed. Times of other things, such as
/// that of the last visit, may be those of a reading.
pub(in crate::verify) fn report(trial: &Trial<'_>) {
    if trial.settings.is_read_only || trial.is_over() {
        return;
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let own = trial.with_pool(|pool| pool.own()).into_iter();
    let first = own.filter(|known| seen.insert(known.collection.clone()));
    let watched: Vec<Watched<'_>> = first
        .filter_map(|known| {
            let is_whole = |binding: &Binding| binding.within.is_empty();
            let read = operation_of(trial, &known.collection, |operation, action| {
                action == Action::Read && operation.binding.as_ref().is_some_and(is_whole)
            })?;
            let call = ready(trial, read, trial.base(read.number)?.call.at(&known.item));
            Watched::of(trial, read, call)
        })
        .collect();
    let once = later(trial, watched).into_iter().map(|(.., after)| after);
    for (name, old, after) in later(trial, once.collect()) {
        let new = told(after.value.get(&name));
        let message = format!(
            "changes what it reads (RFC 9110 §9.2.1): {name} was {old}, and is {new} when it is read again, without a change"
        );
        let step = || Asked::of(&after.call, Ok(&after.reply));
        let fault = Fault::error(Check::Safe, &name, message);
        trial.report(after.read, fault, vec![step(), step()]);
    }
}

/// Those of some items that are touched when they are read a while later.
fn later<'s>(trial: &Trial<'s>, all: Vec<Watched<'s>>) -> Vec<(String, String, Watched<'s>)> {
    if !all.is_empty() {
        std::thread::sleep(TICK);
    }
    let all = all.into_iter();
    all.filter_map(|before| before.touched(trial)).collect()
}

impl<'s> Watched<'s> {
    /// One that says when it was last changed.
    fn of(trial: &Trial<'s>, read: &'s Prepared, call: Call) -> Option<Watched<'s>> {
        let reply = trial.attempt(&call, &Meant::Valid)?;
        let reply = Some(reply).filter(|reply| reply.status == StatusCode::OK)?;
        let value = super::shown(read.binding.as_ref()?, &reply)?;
        let is_told = times(&value).next().is_some();
        is_told.then_some(Watched {
            read,
            call,
            reply,
            value,
        })
    }

    /// What it says of the time of its last change, where it was read again and this is all that is
    /// another: the name, what was there, and how it is now.
    fn touched(self, trial: &Trial<'s>) -> Option<(String, String, Watched<'s>)> {
        let after = Watched::of(trial, self.read, self.call)?;
        // A reading may be told of as well: that changes no more than other moments.
        let is_moment = |value: &Value| {
            let text = value.as_str();
            text.is_some_and(|text| DateTime::parse_from_rfc3339(text).is_ok())
        };
        let rest = |value: &Value| {
            let mut rest = value.clone();
            if let Value::Object(members) = &mut rest {
                members.retain(|name, value| !keeps_time(name, false) && !is_moment(value));
            }
            rest
        };
        let mut names = times(&self.value);
        let old = |name: &str| self.value.get(name);
        let name = names.find(|name| match (old(name), after.value.get(*name)) {
            (Some(old), Some(new)) => !same(old, new),
            _ => false,
        })?;
        let told = (name.to_owned(), told(old(name)));
        same(&rest(&self.value), &rest(&after.value)).then_some((told.0, told.1, after))
    }
}

/// The names of what says when an item was last changed.
fn times(value: &Value) -> impl Iterator<Item = &str> {
    let members = value.as_object().into_iter().flatten();
    let times = members.filter(|(name, value)| keeps_time(name, false) && !value.is_null());
    times.map(|(name, _)| name.as_str())
}
