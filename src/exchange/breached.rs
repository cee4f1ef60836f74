//! What of a refusal is a breach of the contract by who asked: the same for the mock and the proxy.

use super::audit::breach;
use crate::contract::Contract;
use crate::decode::CredentialPlace;
use crate::mock::{Prepared, Rejection, refuse};
use crate::validate::{Place, Violation};
use crate::wire::{HeaderName, Pointer, header};

/// The rule that a request breaks which has no credential.
pub(super) const SECURITY: &str = "security";

impl Contract {
    /// How a request that is refused breaks the contract: what the document says of it, its
    /// credentials included, and what rules do. One that is refused for what there is, or for who
    /// asks (403, 404, 406, 409, 412) may keep to it.
    pub(super) fn breaches_in(&self, operation: &Prepared, why: &Rejection) -> Vec<Violation> {
        let field = |name: HeaderName| Place::Header(name.to_string());
        let (place, rule) = match why {
            Rejection::Invalid(violations)
            | Rejection::Ruled(_, violations)
            | Rejection::NothingGiven(violations)
            // They are told of beside, and break nothing (`breaks_contract`).
            | Rejection::Conflict(violations)
            | Rejection::PreconditionFailed(violations, _) => return violations.clone(),
            Rejection::Unauthenticated(..) => (credential_place(operation), SECURITY),
            Rejection::UnsupportedMedia(..) => (field(header::CONTENT_TYPE), "content"),
            Rejection::UnknownCoding(_) => (field(header::CONTENT_ENCODING), "content"),
            Rejection::TooLarge(_) | Rejection::Unreadable(_) | Rejection::BadTarget(_) => {
                (Place::Body(Pointer::root()), "syntax")
            }
            // It comes where the document requires the field, and only there.
            Rejection::PreconditionRequired => (field(header::IF_MATCH), "required"),
            Rejection::NoPath(_)
            | Rejection::NoMethod(_)
            | Rejection::UnknownMethod(_)
            | Rejection::Broken(_)
            | Rejection::Forbidden(..)
            | Rejection::NotAcceptable(_)
            | Rejection::BadPreference(_)
            | Rejection::Missing(_)
            | Rejection::Full(_)
            | Rejection::Away(_)
            | Rejection::Crowded(_)
            | Rejection::Fault(_) => return Vec::new(),
        };
        let detail = refuse(self.contents(), Some(operation), why, self.telling()).1;
        vec![breach(place, rule, detail)]
    }
}

/// Where the first of the credentials that would do is sent.
fn credential_place(operation: &Prepared) -> Place {
    let mut schemes = operation.declared.security.iter().flatten();
    let place = schemes.find_map(|used| CredentialPlace::of(&used.scheme.kind));
    match place {
        Some(CredentialPlace::Field(name)) => Place::Header(name.to_string()),
        Some(CredentialPlace::Query(name)) => Place::Query(name),
        Some(CredentialPlace::Cookie(name)) => Place::Cookie(name),
        Some(CredentialPlace::Certificate) => Place::Header("Client-Cert".to_owned()),
        Some(CredentialPlace::Authorization(_)) | None => {
            Place::Header(header::AUTHORIZATION.to_string())
        }
    }
}
