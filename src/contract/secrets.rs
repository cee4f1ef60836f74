//! Where a contract's clients show their credentials.

use super::Contract;
use crate::mock::is_secret;
use crate::spec::{Location, SchemeKind};
use crate::validate::Place;
use crate::wire::HeaderName;

/// Names that stand before credentials.
#[derive(Debug, Clone, Default)]
pub(crate) struct Secrets {
    /// Header fields that hold a key.
    pub(crate) headers: Vec<HeaderName>,
    /// Query parameters that do.
    pub(crate) queries: Vec<String>,
    /// Schemes of the `Authorization` field.
    pub(crate) schemes: Vec<String>,
    /// Members of bodies that are secrets themselves.
    pub(crate) members: Vec<String>,
}

impl Contract {
    /// Whether what a message of an operation has at a place is nobody else's to know.
    pub(crate) fn is_secret(&self, operation: usize, place: &Place) -> bool {
        let operation = self.operations.get(operation);
        is_secret(&self.shapes, Some(operation), place)
    }

    /// Where its operations ask for credentials, and what else is a secret by its
    /// `format: password`.
    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for kind in self.guard.kinds() {
            match kind {
                SchemeKind::ApiKey(Location::Header, name) => {
                    secrets.headers.extend(name.parse::<HeaderName>());
                }
                SchemeKind::ApiKey(Location::Query, name) => secrets.queries.push(name.clone()),
                SchemeKind::Http(scheme) => secrets.schemes.push(scheme.clone()),
                _ => {}
            }
        }
        for (location, name) in self.document.secrets() {
            match location {
                None => secrets.members.push(name),
                Some(Location::Query) => secrets.queries.push(name),
                Some(_) => secrets.headers.extend(name.parse::<HeaderName>()),
            }
        }
        secrets.members.sort();
        secrets.members.dedup();
        secrets.headers.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        secrets.headers.dedup();
        secrets.queries.sort();
        secrets.queries.dedup();
        secrets.schemes.sort();
        secrets.schemes.dedup();
        secrets
    }
}
