//! What is told of all operations at once: who may call which, and which statuses they answer.

use super::access::{SchemeWords, scheme};
use super::site::{Entry, Service, Site};
use crate::contract::Contract;
use crate::host::Host;
use crate::spec::{Node, SecurityScheme, StatusKey};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The operations that use a scheme, and the scopes that each needs.
pub(super) type Uses<'s> = Vec<(&'s Entry, Vec<String>)>;

/// The schemes of a service, with the operations that use each and what they need of it.
pub(super) fn schemes<'s>(
    contract: &Contract,
    service: &'s Service,
) -> Vec<(SchemeWords, Uses<'s>)> {
    let mut found: BTreeMap<String, (Arc<SecurityScheme>, Uses<'_>)> = BTreeMap::new();
    for (entry, stub) in service.operations.iter().zip(contract.operations.stubs()) {
        for of in contract.document.security(stub).iter().flatten() {
            let (_, uses) = found
                .entry(of.scheme.name.clone())
                .or_insert_with(|| (Arc::clone(&of.scheme), Vec::new()));
            uses.push((entry, of.scopes.clone()));
        }
    }
    let found = found.into_values();
    found
        .map(|(of, uses)| (scheme(&contract.document, &of), uses))
        .collect()
}

/// The errors that are documented, in order, with the operations that answer each.
pub(super) fn refusals<'s>(
    host: &Host,
    site: &'s Site,
) -> BTreeMap<String, Vec<(&'s Service, &'s Entry)>> {
    let mut all: BTreeMap<String, Vec<(&Service, &Entry)>> = BTreeMap::new();
    for service in &site.services {
        let contract = host.apis()[service.api].contract();
        for (entry, stub) in service.operations.iter().zip(contract.operations.stubs()) {
            let node = contract.document.node(stub.at);
            for (status, _) in node.get("responses").into_iter().flat_map(Node::entries) {
                let is_error = match StatusKey::parse(&status) {
                    Some(StatusKey::Code(code)) => code >= 400,
                    Some(StatusKey::Range(class)) => class >= 4,
                    _ => false,
                };
                if is_error {
                    all.entry(status.into_owned())
                        .or_default()
                        .push((service, entry));
                }
            }
        }
    }
    all
}

/// When a status is answered.
pub(super) fn meaning(status: StatusKey) -> &'static str {
    let StatusKey::Code(code) = status else {
        return "";
    };
    match code {
        400 => "The request can’t be read, or is empty where something is needed.",
        401 => "No credential that would do.",
        403 => "The credential doesn’t permit the operation.",
        404 => "No such path, or no such item.",
        405 => "The path has no such method.",
        406 => "No documented media type is one that the client accepts.",
        409 => "It conflicts with what is there.",
        410 => "What was there is gone for good.",
        412 => "A precondition or a condition isn’t met.",
        413 => "The body is too large.",
        415 => "The media type isn’t documented.",
        422 => "The request breaks the contract or one of its rules.",
        428 => "The request must say on which state it is made.",
        429 => "Too many requests.",
        500..=599 => "The server failed.",
        _ => "",
    }
}
