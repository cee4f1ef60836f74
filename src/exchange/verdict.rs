//! An exchange with another server, held against the contract: what it was asked and what it
//! answered, each for itself. No state, credential or rule has a say in it.

use super::audit::breach;
use super::{Judged, Way};
use crate::contract::Contract;
use crate::decode::{BodyFault, Payload, decode_body};
use crate::mock::{Prepared, PreparedContent, breaches};
use crate::validate::{Place, UNUSABLE, View, Violation};
use crate::wire::{Pointer, Reply, Request, decode_percent, header};

impl Contract {
    /// How a request to an operation breaks the contract. Nothing where that can't be told: it
    /// leads to another operation or to none, or a schema that judges it can't be used.
    pub(crate) fn breaches_of_request(
        &self,
        operation: &Prepared,
        request: &Request,
    ) -> Option<Vec<Violation>> {
        let Ok(Way::To(found, captures)) = self.route(request) else {
            return None;
        };
        if found.number != operation.number || decode_percent(&request.target).is_err() {
            return None;
        }
        let (_, mut violations) = self.read_parameters(operation, request, &captures);
        violations.extend(self.breaches_of_body(operation, request));
        let is_usable = |violation: &Violation| violation.rule != UNUSABLE;
        violations.iter().all(is_usable).then_some(violations)
    }

    fn breaches_of_body(&self, operation: &Prepared, request: &Request) -> Vec<Violation> {
        let Some(declared) = &operation.declared.body else {
            return Vec::new();
        };
        let offers = operation.bodies.iter().map(PreparedContent::offer);
        let body = match decode_body(request, declared.required, offers, &self.shapes) {
            Ok(body) => body,
            Err(fault) => return vec![unread(fault)],
        };
        let content = match &body.payload {
            Payload::Value(number, _) => operation.bodies.get(*number),
            _ => None,
        };
        let mut found = breaches(&self.schemas, content, View::Request, &body);
        if let Payload::Value(number, value) = &body.payload
            && operation.needs_members
            && found.is_empty()
            && let Err(refusal) = self.check_members(operation, *number, value)
        {
            found.extend(refusal.violations().iter().cloned());
        }
        found
    }

    /// How another server's reply breaks what is documented for its status.
    pub(crate) fn breaches_of_reply(&self, operation: &Prepared, reply: &Reply) -> Vec<Violation> {
        self.audit(operation, reply, &Judged::Not)
    }
}

fn unread(fault: BodyFault) -> Violation {
    let whole = Place::Body(Pointer::root());
    let (place, rule, detail) = match fault {
        BodyFault::Unsupported(detail) => {
            let field = Place::Header(header::CONTENT_TYPE.to_string());
            (field, "content", detail)
        }
        BodyFault::UnknownCoding(detail)
        | BodyFault::TooLarge(detail)
        | BodyFault::Unreadable(detail) => (whole, "syntax", detail),
    };
    breach(place, rule, detail)
}
