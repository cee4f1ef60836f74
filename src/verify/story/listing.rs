//! A list shows what was created, and what is asked for alone.

use super::same::{same, told};
use super::{SOON, Seen, Story};
use crate::mock::{Action, Binding, Prepared, key_text};
use crate::spec::Location;
use crate::verify::call::Call;
use crate::verify::finding::{Check, Fault};
use crate::wire::{Reply, StatusCode};
use serde_json::{Value, json};

/// How many rows a list has at most of which it is said that it hides something: a longer one may
/// go on.
const SHORT: usize = 10;
/// How many parameters a list is tried by.
const FILTERS: usize = 8;

impl<'s> Story<'_, 's> {
    /// Looks for this item in the lists that it is in, and asks them for some of their items.
    pub(super) fn listing(&self, seen: &Seen, is_new: bool) {
        for list in self.lists() {
            let (Some(binding), Some(base)) = (&list.binding, self.trial.base(list.number)) else {
                continue;
            };
            let call = super::ready(self.trial, list, base.call.at(&self.item));
            if !self.is_here(&call) {
                continue;
            }
            let Some(reply) = self.send(&call) else {
                continue;
            };
            let Some(shown) = rows(binding, &reply) else {
                continue;
            };
            // Which items are in a list that stands elsewhere is a rule of its own.
            if is_new && call.query.is_empty() && binding.scope.is_none() {
                self.is_listed(list, seen, &call, &shown);
                self.rows(list, &call, &reply, &shown);
            }
            self.filters(list, &call, &shown);
        }
    }

    /// The lists of the collection.
    fn lists(&self) -> Vec<&'s Prepared> {
        let operations = &self.trial.contract.operations;
        let all = (0..operations.len()).map(|number| operations.get(number));
        let of_it = all.filter(|operation| {
            operation.binding.as_ref().is_some_and(|binding| {
                binding.collection == self.collection && binding.action == Action::List
            })
        });
        of_it.collect()
    }

    /// A list that shows few items shows one of those that were created and are there. It may
    /// leave out some by a rule of its own, but not all.
    fn is_listed(&self, list: &'s Prepared, seen: &Seen, call: &Call, shown: &[Value]) {
        let Some(binding) = list.binding.as_ref() else {
            return;
        };
        let pages = told_of(
            binding,
            &["size", "page", "offset", "cursor", "cursor back"],
        );
        let most = match pages.len() {
            0 => SHORT,
            // What is on the next page isn't known.
            _ => 1,
        };
        let has_key = seen.value.get(&binding.key).is_some();
        let keys = self.own_keys();
        let hides = |shown: &[Value]| {
            let is_own = |row: &Value| {
                let key = row.get(&binding.key).map(|key| key_text(Some(key)));
                key.is_none_or(|key| keys.contains(&key))
            };
            shown.len() < most && !shown.iter().any(is_own)
        };
        if !has_key || keys.is_empty() || !hides(shown) {
            return;
        }
        // It may take a while.
        std::thread::sleep(SOON);
        let Some(reply) = self.send(call) else {
            return;
        };
        if self.seen().is_some() && rows(binding, &reply).is_some_and(|shown| hides(&shown)) {
            let message = "never shows what was created, and is there";
            let steps = [(&seen.call, &seen.reply), (call, &reply)];
            self.report(list, Fault::error(Check::Listed, "", message), &steps);
        }
    }

    /// A parameter of the name of a property leaves out what has another value there.
    fn filters(&self, list: &'s Prepared, call: &Call, shown: &[Value]) {
        let Some(binding) = list.binding.as_ref() else {
            return;
        };
        let contract = self.trial.contract;
        let others = [
            "size",
            "page",
            "offset",
            "cursor",
            "cursor back",
            "search",
            "area",
            "sort",
        ];
        let others = told_of(binding, &others);
        let readers = list.parameters.iter().filter(|reader| {
            let parameter = &reader.parameter;
            let is_sent = call.query.iter().any(|(name, _)| *name == parameter.name);
            parameter.location == Location::Query && !is_sent && !others.contains(&parameter.name)
        });
        for reader in readers.take(FILTERS) {
            let name = &reader.parameter.name;
            let mut values = shown
                .iter()
                .filter_map(|row| row.get(name))
                .filter(|v| is_plain(v));
            let Some(wanted) = values.next() else {
                continue;
            };
            // Where all say the same, nothing is left out.
            if values.all(|other| is_asked_for(other, wanted)) {
                continue;
            }
            let asked = [wanted.clone(), json!([wanted])]
                .into_iter()
                .find_map(|value| {
                    let call = call.with_parameter(reader, Some(&value), &contract.shapes);
                    let found = contract.breaches_of_request(list, &call.request())?;
                    found.is_empty().then_some(call)
                });
            let Some(asked) = asked else {
                continue;
            };
            let Some(reply) = self.send(&asked) else {
                continue;
            };
            let rows = rows(binding, &reply).unwrap_or_default();
            let mut shown = rows.iter().filter_map(|row| row.get(name));
            if let Some(other) = shown.find(|v| is_plain(v) && !is_asked_for(v, wanted)) {
                let message = format!(
                    "shows what wasn't asked for: {name} is {} where {} is asked for",
                    told(Some(other)),
                    told(Some(wanted))
                );
                let origin = contract.document.origin(reader.parameter.at);
                let fault = Fault::error(Check::Listed, name, message).from(Some(origin));
                self.report(list, fault, &[(&asked, &reply)]);
            }
        }
    }
}

/// The names of the parameters of a list that have one of these parts.
pub(super) fn told_of(binding: &Binding, parts: &[&str]) -> Vec<String> {
    let told = binding.listing.iter().flat_map(|list| list.paging.told());
    let told = told.filter(|(part, _)| parts.contains(part));
    told.map(|(_, name)| name).collect()
}

/// The items that a list shows.
pub(super) fn rows(binding: &Binding, reply: &Reply) -> Option<Vec<Value>> {
    let body = reply
        .body_json()
        .filter(|_| reply.status == StatusCode::OK)?;
    let rows = binding.unwrapped(&body)?.as_array()?;
    Some(
        rows.iter()
            .map(|row| binding.item_of(row).clone())
            .collect(),
    )
}

/// Whether there is one way alone to ask for a value: dates may be where a time begins.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => number.is_i64(),
        Value::String(text) => {
            let is_date = text.len() >= 8 && text.starts_with(|c: char| c.is_ascii_digit());
            !text.is_empty() && !is_date
        }
        _ => false,
    }
}

/// Whether one that asks for a value may get this: the same, or a text that it is part of.
fn is_asked_for(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => {
            value.to_lowercase().contains(&wanted.to_lowercase())
        }
        (value, wanted) => same(value, wanted),
    }
}
