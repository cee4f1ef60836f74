use super::same::{differing, told};
use super::{Found, Seen, Story, stale};
use crate::mock::Prepared;
use crate::spec::Location;
use crate::verify::call::Call;
use crate::verify::finding::{Check, Fault};
use crate::wire::{Reply, StatusCode};

impl<'s> Story<'_, 's> {
    /// Writes under conditions, where the contract documents them: with an entity tag that the item
    /// hasn't, and with the one that it has (RFC 9110 §13.1.1).
    pub(super) fn preconditions(&self) {
        let writes = self.updates.iter().chain(&self.delete).copied();
        for write in writes.filter(|write| self.has_conditions(write)) {
            let base = self.trial.base(write.number);
            let call = base.map(|base| base.call).or_else(|| self.call(write));
            let Some(call) = call.map(|call| call.at(&self.item)) else {
                continue;
            };
            let again = |smaller: &Call| self.held_off(write, smaller).into_iter().collect();
            self.keep(&call, again(&call), &again);
        }
    }

    /// What is wrong with a write under conditions.
    fn held_off(&self, write: &'s Prepared, call: &Call) -> Option<Found<'s>> {
        let seen = self.seen()?;
        let call = super::ready(self.trial, write, call.clone());
        let tag = seen.tag().filter(|_| self.is_here(&call))?;
        let read = (&seen.call, &seen.reply);
        if let Some(stale) = stale(tag)
            && let Some(stale) = self.conditioned(write, &call, &stale)
            && let Some(reply) = self.send(&stale)
            && reply.status.is_success()
        {
            let message = format!(
                "answers {} for all its If-Match, which names an entity tag that isn't current (RFC 9110 §13.1.1)",
                reply.status
            );
            let fault = Fault::error(Check::Precondition, "stale If-Match", message);
            return Some(Found::of(write, fault, &[read, (&stale, &reply)]));
        }
        // What deletes the item is the end of it.
        if self
            .delete
            .is_some_and(|delete| delete.number == write.number)
        {
            return None;
        }
        let current = self.conditioned(write, &call, tag)?;
        let reply = self.send(&current)?;
        // Another condition than that of the request may be what failed.
        (reply.status == StatusCode::PRECONDITION_FAILED && self.is_done(&call)).then(|| {
            let message =
                "answers 412 though its If-Match names the current entity tag (RFC 9110 §13.1.1)";
            let fault = Fault::error(Check::Precondition, "current If-Match", message);
            Found::of(write, fault, &[read, (&current, &reply)])
        })
    }

    /// What was changed has another entity tag (RFC 9110 §8.8.1), and the one of before is stale.
    pub(super) fn is_tagged_anew(
        &self,
        write: &'s Prepared,
        (call, reply): (&Call, &Reply),
        before: &Seen,
        after: &Seen,
    ) -> Option<Found<'s>> {
        let (old, new) = (before.tag()?, after.tag()?);
        let done = [
            (&before.call, &before.reply),
            (call, reply),
            (&after.call, &after.reply),
        ];
        if old == new {
            let names = self.writable();
            let name = differing(&names, &before.value, &after.value)?;
            let message = format!(
                "keeps the entity tag {old} of what has changed (RFC 9110 §8.8.1): {name} was {}, and is {} now",
                told(before.value.get(name)),
                told(after.value.get(name))
            );
            let fault = Fault::error(Check::Precondition, "same ETag", message);
            return Some(Found::of(self.read, fault, &done));
        }
        if self.has_conditions(write)
            && let Some(stale) = self.conditioned(write, call, old)
            && let Some(again) = self.send(&stale)
            && again.status.is_success()
        {
            let message = format!(
                "answers {} for all its If-Match, which names the entity tag of before a change (RFC 9110 §13.1.1)",
                again.status
            );
            let fault = Fault::error(Check::Precondition, "stale If-Match", message);
            let steps = [&done[..], &[(&stale, &again)]].concat();
            return Some(Found::of(write, fault, &steps));
        }
        None
    }

    /// The request with a condition, where the contract lets that be sent.
    fn conditioned(&self, write: &Prepared, call: &Call, tag: &str) -> Option<Call> {
        let call = call.with_header("If-Match", tag);
        let contract = self.trial.contract;
        let found = contract.breaches_of_request(write, &call.request())?;
        found.is_empty().then_some(call)
    }

    /// Whether the contract says that an operation looks at `If-Match`, or the server does.
    fn has_conditions(&self, operation: &Prepared) -> bool {
        let mut headers = operation.parameters.iter().filter(|reader| {
            reader.parameter.location == Location::Header
                && reader.parameter.name.eq_ignore_ascii_case("if-match")
        });
        operation.documents(412)
            || headers.next().is_some()
            || self.trial.tally(operation.number).needs_tag
    }

    /// Whether a request is done as it stands.
    fn is_done(&self, call: &Call) -> bool {
        let reply = self.send(call);
        reply.is_some_and(|reply| reply.status.is_success())
    }
}
