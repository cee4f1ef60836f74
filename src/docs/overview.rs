//! What is told of all operations at once: who may call which, and which statuses they answer.

use super::access::{SchemeWords, scheme};
use super::site::{Entry, Service};
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

/// How many operations are named for an error, at least and at most, on the page of all of them.
const NAMED: std::ops::RangeInclusive<usize> = 1..=30;
/// How many for all errors together, roughly.
const ALL: usize = 1_200;

/// An error that is documented, and who answers it.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Its status, as the document writes it.
    pub status: String,
    /// What that is read as.
    pub key: StatusKey,
    /// The numbers of the operations, by the numbers of their services, in order.
    pub by: Vec<(usize, Vec<usize>)>,
}

impl Refusal {
    /// How many operations answer it.
    pub fn count(&self) -> usize {
        self.by.iter().map(|(_, operations)| operations.len()).sum()
    }

    /// The name of the page that has them all, without an ending.
    pub fn page(&self) -> String {
        format!("errors/{}", self.status.to_ascii_lowercase())
    }
}

/// The errors that are documented, in order.
pub(super) fn refusals(host: &Host, services: &[Service]) -> Vec<Refusal> {
    let mut all: BTreeMap<String, Refusal> = BTreeMap::new();
    for (service, of) in services.iter().enumerate() {
        let contract = host.apis()[of.api].contract();
        for (operation, stub) in contract.operations.stubs().iter().enumerate() {
            let node = contract.document.node(stub.at);
            for (status, _) in node.get("responses").into_iter().flat_map(Node::entries) {
                let key = match StatusKey::parse(&status) {
                    Some(key @ StatusKey::Code(400..)) => key,
                    Some(key @ StatusKey::Range(4..)) => key,
                    _ => continue,
                };
                let status = status.into_owned();
                let refusal = all.entry(status.clone()).or_insert_with(|| Refusal {
                    status,
                    key,
                    by: Vec::new(),
                });
                match refusal.by.last_mut().filter(|(last, _)| *last == service) {
                    Some((_, operations)) => operations.push(operation),
                    None => refusal.by.push((service, vec![operation])),
                }
            }
        }
    }
    all.into_values().collect()
}

/// How many operations are named for each of some errors where all are told on a page.
pub(super) fn named(refusals: &[Refusal]) -> usize {
    (ALL / refusals.len().max(1)).clamp(*NAMED.start(), *NAMED.end())
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
