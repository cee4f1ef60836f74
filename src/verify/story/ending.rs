use super::place::mentions;
use super::same::same;
use super::writing::is_gone;
use super::{Seen, Story};
use crate::verify::call::Call;
use crate::verify::finding::{Check, Fault};
use crate::verify::items::{New, created_in};
use crate::wire::{Reply, StatusCode};

impl<'s> Story<'_, 's> {
    /// What was deleted is gone, and nothing else. A server may keep it and say so of it; it may not
    /// show it as if nothing had been.
    pub(super) fn ending(&self) {
        let Some(delete) = self.delete else {
            return;
        };
        let other = self.another();
        let (Some(before), Some(call)) = (self.seen(), self.call(delete)) else {
            return;
        };
        let Some(reply) = self.send(&call) else {
            return;
        };
        if !reply.status.is_success() || reply.status == StatusCode::ACCEPTED {
            return;
        }
        let after = self.seen();
        if let Some(after) = &after
            && same(&before.value, &after.value)
        {
            let message = format!(
                "answers {}, and what it deleted is there as it was",
                reply.status
            );
            let steps = [(&call, &reply), (&after.call, &after.reply)];
            self.report(delete, Fault::error(Check::Deleted, "", message), &steps);
        }
        if after.is_none() {
            self.again(&call, &reply);
        }
        if let Some((new, seen)) = other {
            self.others_are_left(&call, &reply, &new, &seen);
        }
    }

    /// Another item, that says nothing of the story's.
    fn another(&self) -> Option<(New, Seen)> {
        let new = created_in(self.trial, &self.collection)?;
        let key = &self.item.last()?.1;
        let is_apart = new.item != self.item && !mentions(&new.call, key);
        let seen = self.seen_at(&new.item).filter(|_| is_apart)?;
        Some((new, seen))
    }

    /// What is gone is deleted again: that may be refused, and is nothing to fail at (RFC 9110
    /// §9.2.2).
    fn again(&self, call: &Call, reply: &Reply) {
        let Some(delete) = self.delete else {
            return;
        };
        let Ok(second) = self.trial.send(call) else {
            return;
        };
        if second.status.is_server_error() {
            let message = format!("answers {} where what it deletes is gone", second.status);
            let fault = Fault::error(Check::ServerError, "gone", message);
            self.report(delete, fault, &[(call, reply), (call, &second)]);
        }
    }

    /// An item that wasn't deleted is there still. What stands above both may have been deleted
    /// meanwhile, but not where one more is created there.
    fn others_are_left(&self, call: &Call, reply: &Reply, other: &New, before: &Seen) {
        let Some(delete) = self.delete else {
            return;
        };
        let more = created_in(self.trial, &self.collection);
        if let Some(more) = &more {
            self.is_of_another(more, (call, reply));
        }
        let Some(now) = self.send(&before.call).filter(is_gone) else {
            return;
        };
        if more.is_some_and(|more| more.item != other.item) {
            let message = format!("takes away another item too, which is {} then", now.status);
            let steps = [
                (&other.call, &other.reply),
                (call, reply),
                (&before.call, &now),
            ];
            self.report(
                delete,
                Fault::error(Check::Deleted, "others", message),
                &steps,
            );
        }
    }
}
