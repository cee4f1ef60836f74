//! Exchanges that someone else answers, judged by the contract that their target belongs to.

use super::Host;
use crate::exchange::{Exchange, Hearing};
use crate::wire::{Reply, Request, StatusCode};

/// What the contract of a request says of it: the number of its API, and that. Nothing where no
/// contract is there for it.
#[derive(Debug, Clone)]
pub(crate) struct Heard(Option<(usize, Hearing)>);

impl Heard {
    /// Whether the request keeps to the contract.
    pub(crate) fn is_sound(&self) -> bool {
        let hearing = self.0.as_ref();
        hearing.is_some_and(|(_, hearing)| hearing.is_sound())
    }

    /// Whether it meets an operation.
    pub(crate) fn is_matched(&self) -> bool {
        let hearing = self.0.as_ref();
        hearing.is_some_and(|(_, hearing)| hearing.is_matched())
    }
}

impl Host {
    /// Judges a request, as far as its body is there.
    pub(crate) fn hear(&self, request: &mut Request, has_body: bool) -> Heard {
        Heard(self.api_of(&request.target).map(|(number, inner)| {
            let target = std::mem::replace(&mut request.target, inner);
            let contract = &self.apis[number].contract;
            let hearing = contract.hear_as_far(request, has_body);
            request.target = target;
            (number, hearing)
        }))
    }

    /// The documented refusal of a request that doesn't keep to its contract.
    pub(crate) fn refusal(&self, request: &Request, heard: &Heard) -> Option<Reply> {
        match &heard.0 {
            Some((number, hearing)) => {
                let inner = self.api_of(&request.target).map(|(_, inner)| inner);
                let request = Request {
                    target: inner.unwrap_or_else(|| request.target.clone()),
                    ..request.clone()
                };
                self.apis[*number].contract.refusal(&request, hearing)
            }
            None => Some(self.nowhere(request.clone()).reply),
        }
    }

    /// Judges the reply to a request that was heard; `seen` says whether its body is there.
    pub(crate) fn judge(
        &self,
        request: Request,
        heard: &Heard,
        reply: Reply,
        seen: bool,
    ) -> Exchange {
        let Some((number, hearing)) = &heard.0 else {
            return Exchange {
                reply,
                ..self.nowhere(request)
            };
        };
        let api = &self.apis[*number];
        let exchange = api.contract.judge_as_far(request, hearing, reply, seen);
        api.named(exchange)
    }

    /// Whether the operation of a request says what a reply of this status is.
    pub(crate) fn documents(&self, heard: &Heard, status: StatusCode) -> bool {
        let hearing = heard.0.as_ref();
        hearing.is_some_and(|(number, hearing)| {
            let contract = &self.apis[*number].contract;
            contract.documents(hearing, status)
        })
    }
}
