use super::same::{differing, told};
use super::{Seen, Story};
use crate::mock::{Action, Prepared};
use crate::verify::call::Call;
use crate::verify::finding::{Check, Fault};
use crate::wire::{Method, Reply, StatusCode};
use serde_json::Value;
use std::collections::BTreeSet;

/// How many other operations are read for one item.
const OTHERS: usize = 8;
/// How many items a page is asked for, where it can be.
const PAGE: usize = 1;

impl<'s> Story<'_, 's> {
    /// Reads the item and what belongs to it, again and in other ways: nothing changes by it.
    pub(super) fn reading(&self, seen: &Seen) {
        let names = self.writable();
        if let Some(again) = self.seen() {
            self.is_steady(
                self.read,
                &names,
                seen,
                &again,
                &[(&seen.call, &seen.reply)],
            );
            self.unmodified(&again);
            let mut before = again;
            for other in self.others() {
                let Some(call) = self.call(other) else {
                    continue;
                };
                let (Some(reply), Some(after)) = (self.send(&call), self.seen()) else {
                    continue;
                };
                let steps = [(&before.call, &before.reply), (&call, &reply)];
                self.is_steady(other, &names, &before, &after, &steps);
                before = after;
            }
        }
        self.page();
    }

    /// The names of what clients say of an item: what else it shows may change by itself.
    pub(super) fn writable(&self) -> BTreeSet<String> {
        let operations = &self.trial.contract.operations;
        let shapes = &self.trial.contract.shapes;
        let mut names = BTreeSet::new();
        for number in 0..operations.len() {
            let operation = operations.get(number);
            let binding = operation.binding.as_ref();
            let Some(binding) = binding.filter(|b| b.collection == self.collection) else {
                continue;
            };
            for shape in operation.bodies.iter().filter_map(|body| body.shape) {
                let mut shape = shapes.get(shape);
                if let Some(wrapper) = &binding.wrapper
                    && let Some(inner) = shape.properties.get(wrapper)
                {
                    shape = shapes.get(shapes.of_property(inner));
                }
                let own = shape.properties.iter();
                let own = own.filter(|(_, property)| {
                    let inner = shapes.get(shapes.of_property(property));
                    !inner.read_only && !inner.write_only
                });
                names.extend(own.map(|(name, _)| name.clone()));
            }
        }
        names
    }

    /// `GET` is safe (RFC 9110 §9.2.1): what clients say of an item is the same after it, and its
    /// entity tag too while all of it is.
    fn is_steady(
        &self,
        operation: &'s Prepared,
        names: &BTreeSet<String>,
        before: &Seen,
        after: &Seen,
        steps: &[(&Call, &Reply)],
    ) {
        let mut steps = steps.to_vec();
        steps.push((&after.call, &after.reply));
        if let Some(name) = differing(names, &before.value, &after.value) {
            let [old, new] = [before, after].map(|seen| told(seen.value.get(name)));
            let message = format!("changes what it reads: {name} was {old} and is {new} after it");
            self.report(operation, Fault::error(Check::Safe, name, message), &steps);
        }
        let tags = (before.tag(), after.tag());
        if let (Some(old), Some(new)) = tags
            && old != new
            && before.reply.body == after.reply.body
        {
            let message = format!("changes the entity tag of what is the same: {old}, then {new}");
            self.report(
                operation,
                Fault::error(Check::Safe, "ETag", message),
                &steps,
            );
        }
    }

    /// The operations that show something of this item, and the list that it is in.
    fn others(&self) -> Vec<&'s Prepared> {
        let operations = &self.trial.contract.operations;
        let all = (0..operations.len()).map(|number| operations.get(number));
        let about = all.filter(|operation| {
            let is_about = operation
                .parents
                .iter()
                .any(|parent| parent.collection.as_deref() == Some(&*self.collection));
            let is_list = operation.binding.as_ref().is_some_and(|binding| {
                binding.collection == self.collection && binding.action == Action::List
            });
            operation.declared.method == Method::GET
                && operation.number != self.read.number
                && self.trial.base(operation.number).is_some()
                && (is_about || is_list)
        });
        about.take(OTHERS).collect()
    }

    /// What a client has already isn't sent again, where 304 is documented (RFC 9110 §13.1.2).
    fn unmodified(&self, seen: &Seen) {
        let (Some(tag), true) = (seen.tag(), self.read.documents(304)) else {
            return;
        };
        let call = seen.call.with_header("If-None-Match", tag);
        let Some(reply) = self.send(&call) else {
            return;
        };
        if reply.status == StatusCode::OK {
            let message = "sends what the client has, for all its If-None-Match (RFC 9110 §13.1.2)";
            let fault = Fault::error(Check::Precondition, "If-None-Match", message);
            self.report(
                self.read,
                fault,
                &[(&seen.call, &seen.reply), (&call, &reply)],
            );
        }
    }

    /// A page has no more items than were asked for.
    fn page(&self) {
        let operations = &self.trial.contract.operations;
        let all = (0..operations.len()).map(|number| operations.get(number));
        for list in all {
            let binding = list.binding.as_ref();
            let Some(binding) = binding.filter(|binding| {
                binding.collection == self.collection && binding.action == Action::List
            }) else {
                continue;
            };
            let Some(base) = self.trial.base(list.number) else {
                continue;
            };
            let told = binding.listing.iter().flat_map(|list| list.paging.told());
            let sizes = told.filter(|(role, _)| *role == "size");
            let names: Vec<String> = sizes.map(|(_, name)| name).collect();
            let reader = list
                .parameters
                .iter()
                .find(|reader| names.contains(&reader.parameter.name));
            let Some(reader) = reader else {
                continue;
            };
            let contract = self.trial.contract;
            let one = Value::from(PAGE);
            let call = base
                .call
                .with_parameter(reader, Some(&one), &contract.shapes);
            let found = contract.breaches_of_request(list, &call.request());
            if found.is_none_or(|found| !found.is_empty()) {
                continue;
            }
            let Some(reply) = self.send(&call) else {
                continue;
            };
            let body = reply.body_json();
            let items = body.as_ref().and_then(|body| binding.unwrapped(body));
            let count = items.and_then(Value::as_array).map_or(0, Vec::len);
            if reply.status == StatusCode::OK && count > PAGE {
                let name = &reader.parameter.name;
                let message = format!("shows {count} items where {name} asks for {PAGE}");
                let origin = contract.document.origin(reader.parameter.at);
                let fault = Fault::error(Check::Page, name, message).from(Some(origin));
                self.report(list, fault, &[(&call, &reply)]);
            }
        }
    }
}
