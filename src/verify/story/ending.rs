use super::Story;
use super::same::same;
use crate::verify::finding::{Check, Fault};
use crate::wire::StatusCode;

impl Story<'_, '_> {
    /// What was deleted is gone. A server may keep it and say so of it; it may not show it as if
    /// nothing had been.
    pub(super) fn ending(&self) {
        let Some(delete) = self.delete else {
            return;
        };
        let (Some(before), Some(call)) = (self.seen(), self.call(delete)) else {
            return;
        };
        let Some(reply) = self.send(&call) else {
            return;
        };
        if !reply.status.is_success() || reply.status == StatusCode::ACCEPTED {
            return;
        }
        if let Some(after) = self.seen()
            && same(&before.value, &after.value)
        {
            let message = format!(
                "answers {}, and what it deleted is there as it was",
                reply.status
            );
            let steps = [(&call, &reply), (&after.call, &after.reply)];
            self.report(delete, Fault::error(Check::Deleted, "", message), &steps);
        }
    }
}
