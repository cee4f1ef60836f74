//! Requests that are answered for the sake of the answer: nothing of them is remembered.

use super::{Exchange, Under};
use crate::contract::{Apart, Contract};
use crate::wire::Request;

impl Contract {
    /// Answers a request on a state that no other request sees. Its target is a path of this
    /// contract.
    pub(crate) fn answer_apart(&self, request: Request, apart: &Apart) -> Exchange {
        let under = Under {
            apart: Some(apart),
            ..Under::default()
        };
        self.answer_under(request, under)
    }
}
