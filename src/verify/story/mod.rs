//! What happens to one item from its creation to its end: whether what was written is read, what
//! reading and writing again do, and what preconditions hold off.

mod ending;
mod keeping;
mod listing;
mod missing;
mod place;
mod preconditions;
mod reading;
mod rows;
mod same;
mod touched;
mod unread;
mod writing;

pub(super) use touched::report as touched;

use super::call::Call;
use super::finding::Fault;
use super::items::{created_in, operation_of, ready, tagged};
use super::judge::Meant;
use super::pool::{Item, item_of, parameter};
use super::replay::Asked;
use super::shrink::shrunk;
use super::trial::Trial;
use super::values::bases;
use crate::mock::{Action, Binding, Prepared};
use crate::wire::{EntityTag, Reply, StatusCode, header};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long what was created may take to be there.
pub(super) const SOON: Duration = Duration::from_millis(300);
/// How long what was created is deleted for, once all is to end.
const HASTE: Duration = Duration::from_secs(5);

/// One item, and the operations that are about it.
struct Story<'t, 's> {
    trial: &'t Trial<'s>,
    collection: String,
    item: Item,
    read: &'s Prepared,
    updates: Vec<&'s Prepared>,
    delete: Option<&'s Prepared>,
}

/// An item as it was read.
struct Seen {
    call: Call,
    reply: Reply,
    value: Value,
}

/// What is wrong with an operation, with the requests that show it and the answers to them.
#[derive(Clone)]
struct Found<'s> {
    operation: &'s Prepared,
    fault: Fault,
    asked: Vec<Asked>,
}

impl<'s> Found<'s> {
    fn of(operation: &'s Prepared, fault: Fault, exchanges: &[(&Call, &Reply)]) -> Found<'s> {
        let asked = exchanges.iter();
        let asked = asked.map(|(call, reply)| Asked::of(call, Ok(reply)));
        Found {
            operation,
            fault,
            asked: asked.collect(),
        }
    }
}

impl Seen {
    /// Its entity tag, where that is strong.
    fn tag(&self) -> Option<&str> {
        let tag = self.reply.header(&header::ETAG)?;
        (!tag.starts_with("W/")).then_some(tag)
    }
}

/// Tells the story of an item of each collection that the operations of a family work on.
pub(super) fn stories(trial: &Trial<'_>, family: &[usize]) {
    let operations = &trial.contract.operations;
    let bindings = family
        .iter()
        .filter_map(|number| operations.get(*number).binding.as_ref());
    let collections: BTreeSet<&str> = bindings.map(|binding| &*binding.collection).collect();
    for collection in collections {
        if trial.is_over() {
            return;
        }
        story(trial, collection, family);
        unread::story(trial, collection, family);
    }
}

fn story(trial: &Trial<'_>, collection: &str, family: &[usize]) {
    let of = |action: Action| {
        let is_it = move |operation: &Prepared, own: Action| {
            let is_whole = |binding: &Binding| binding.within.is_empty();
            own == action
                && family.contains(&operation.number)
                && operation.binding.as_ref().is_some_and(is_whole)
        };
        operation_of(trial, collection, is_it)
    };
    let Some(read) = of(Action::Read) else {
        return;
    };
    let operations = &trial.contract.operations;
    let updates = family.iter().map(|number| operations.get(*number));
    let updates = updates.filter(|operation| {
        let binding = operation.binding.as_ref();
        binding.is_some_and(|binding| {
            let is_update = matches!(binding.action, Action::Update(_));
            // What is said of something that an item has is nothing that the item says.
            binding.collection == collection && is_update && !binding.is_of_part()
        })
    });
    let new = match trial.settings.is_read_only {
        true => None,
        false => created_in(trial, collection),
    };
    let mut told = Story {
        trial,
        collection: collection.to_owned(),
        item: Item::new(),
        read,
        updates: updates.collect(),
        delete: of(Action::Delete),
    };
    let seen = match &new {
        Some(new) => {
            told.item.clone_from(&new.item);
            let mut found = Vec::new();
            let seen = told.created(new, &mut found);
            told.keep(&new.call, found, &|smaller| told.created_by(smaller));
            seen
        }
        None => told.any(),
    };
    let Some(seen) = seen else {
        return;
    };
    told.reading(&seen);
    told.listing(&seen, new.is_some());
    if trial.settings.is_read_only {
        return;
    }
    if let Some(new) = &new {
        told.missing();
        told.making(new, &seen);
    }
    told.preconditions();
    told.writing();
    // What others made isn't deleted but by the operation's own requests.
    if new.is_some() {
        told.ending();
    }
}

/// Deletes what was created and is still there.
pub(super) fn tidy(trial: &Trial<'_>) {
    let started = Instant::now();
    for known in trial.with_pool(|pool| pool.own()) {
        let is_delete = |_: &Prepared, action: Action| action == Action::Delete;
        // Who waits for the end has asked for it.
        if (trial.settings.is_cancelled)() && started.elapsed() > HASTE {
            return;
        }
        let Some(delete) = operation_of(trial, &known.collection, is_delete) else {
            continue;
        };
        // Where it was stopped before, no request of it is known that was done.
        let base = trial.base(delete.number);
        let Some(base) = base.or_else(|| bases(trial, delete).into_iter().next()) else {
            continue;
        };
        let call = tagged(trial, delete, base.call.at(&known.item));
        if trial.send(&call).is_err() {
            return;
        }
    }
}

impl<'s> Story<'_, 's> {
    /// A request of an operation to this item, that its contract takes.
    fn call(&self, operation: &'s Prepared) -> Option<Call> {
        self.call_at(operation, &self.item)
    }

    /// The same to another item.
    fn call_at(&self, operation: &'s Prepared, item: &Item) -> Option<Call> {
        let base = self.trial.base(operation.number);
        let base = base.or_else(|| bases(self.trial, operation).into_iter().next())?;
        let call = ready(self.trial, operation, base.call.at(item));
        is_at(&call, item).then_some(call)
    }

    /// Whether a request is about this item still.
    fn is_here(&self, call: &Call) -> bool {
        is_at(call, &self.item)
    }

    fn send(&self, call: &Call) -> Option<Reply> {
        self.trial.attempt(call, &Meant::Valid)
    }

    /// The item as it is now.
    fn seen(&self) -> Option<Seen> {
        let call = self.call(self.read)?;
        let reply = self.send(&call)?;
        self.seen_by(call, reply)
    }

    /// Another item as it is now.
    fn seen_at(&self, item: &Item) -> Option<Seen> {
        let call = self.call_at(self.read, item)?;
        let reply = self.send(&call)?;
        self.seen_by(call, reply)
    }

    fn seen_by(&self, call: Call, reply: Reply) -> Option<Seen> {
        if reply.status != StatusCode::OK {
            return None;
        }
        let value = shown(self.binding(), &reply)?;
        Some(Seen { call, reply, value })
    }

    /// An item that is there, though it wasn't created here; it is the story's from then on.
    fn any(&mut self) -> Option<Seen> {
        let binding = self.binding();
        let base = self.trial.base(self.read.number)?;
        self.item = item_of(binding, &base.call).unwrap_or_default();
        self.seen()
    }

    fn binding(&self) -> &'s Binding {
        let binding = self.read.binding.as_ref();
        binding.expect("what reads an item is tied to its collection")
    }

    /// Keeps what is wrong, as the smallest request shows it that does. `call` is the one that it is
    /// wrong of, and `again` does the same with another.
    fn keep(&self, call: &Call, all: Vec<Found<'s>>, again: &dyn Fn(&Call) -> Vec<Found<'s>>) {
        for found in all {
            if self.trial.is_known(found.operation, &found.fault) {
                continue;
            }
            let is_same = |other: &Found| {
                other.operation.number == found.operation.number
                    && other.fault.is_same(&found.fault)
            };
            let shows = |smaller: &Call| again(smaller).into_iter().find(is_same);
            let least = shrunk(self.trial, (call, &Meant::Valid), &shows);
            let least = least.unwrap_or_else(|| found.clone());
            self.trial.report(least.operation, least.fault, least.asked);
        }
    }

    /// Keeps what is wrong, with the requests that show it and the answers to them.
    fn report(&self, operation: &'s Prepared, fault: Fault, exchanges: &[(&Call, &Reply)]) {
        let found = Found::of(operation, fault, exchanges);
        self.trial.report(operation, found.fault, found.asked);
    }
}

/// Whether a request is about an item: hooks may have it be about another, of which the story knows
/// nothing.
fn is_at(call: &Call, item: &Item) -> bool {
    item.iter().all(|(name, value)| {
        let sent = parameter(call, name);
        sent.is_none_or(|sent| sent == *value)
    })
}

/// The item that a reply shows.
fn shown(binding: &Binding, reply: &Reply) -> Option<Value> {
    let body = reply.body_json()?;
    binding.unwrapped(&body).cloned()
}

/// An entity tag that an item never had, made of one that it has.
fn stale(tag: &str) -> Option<String> {
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    let mut letters = inner.chars();
    let first = match letters.next() {
        Some('0') => '1',
        _ => '0',
    };
    let stale = format!("\"{first}{}\"", letters.as_str());
    EntityTag::parse(&stale).map(|_| stale)
}
