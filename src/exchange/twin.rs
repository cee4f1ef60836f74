//! A documented `HEAD`, which is answered as the `GET` of its path is (RFC 9110 §9.3.2).

use super::wishes::Wishes;
use super::{Done, Judged, Under, Way, vary_by};
use crate::contract::Contract;
use crate::faults::Conduct;
use crate::mock::{Prepared, Rejection, dress};
use crate::wire::{Method, Request, StatusCode};

impl Contract {
    /// What the `GET` of the same path comes to, where the contract documents it beside this `HEAD`:
    /// so that both tell of the same item, with the same tag. What the `HEAD` documents alone is
    /// still its own to say. Nothing where someone asks for, or wrote, a reply of the `HEAD`; where
    /// it doesn't document the status; or where the request is none that the `GET` takes.
    pub(super) fn as_get(
        &self,
        operation: &Prepared,
        request: &Request,
        wishes: &Wishes,
        under: Under<'_>,
    ) -> Option<Result<Done, Rejection>> {
        let is_own = wishes.is_for_contract() || self.written.has(operation);
        if operation.declared.method != Method::HEAD || is_own {
            return None;
        }
        let asked = Request {
            method: Method::GET,
            ..request.clone()
        };
        let Ok(Way::To(twin, _)) = self.route(&asked) else {
            return None;
        };
        if twin.declared.path != operation.declared.path {
            return None;
        }
        let mut conduct = Conduct::default();
        let is_told = |status: StatusCode| {
            status == StatusCode::NOT_MODIFIED || operation.response(status.as_u16()).is_some()
        };
        match self.travel(&asked, under, &mut None, &mut conduct, &mut None) {
            Err(Rejection::Invalid(_) | Rejection::Broken(_)) => None,
            Ok(done) if !is_told(done.reply.status) => None,
            Ok(mut done) => {
                let at = (under.lead, &*self.prefix, &*request.target);
                let lacks = std::mem::take(&mut done.lacks);
                dress(self.contents(), (twin, Some(at)), &mut done.reply, &lacks);
                if twin.is_negotiated {
                    vary_by("Accept", &mut done.reply);
                }
                Some(Ok(Done {
                    announcements: Vec::new(),
                    judged: Judged::Unseen,
                    lacks,
                    ..done
                }))
            }
            Err(why) => Some(Err(why)),
        }
    }
}
