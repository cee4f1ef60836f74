//! A trial in which nothing was ever done is no verdict, and says so.

use super::finding::{Check, Finding};
use super::trial::Trial;
use crate::spec::{LoadError, Place, Severity};
use crate::wire::StatusCode;

/// Reports that no operation ever succeeded, or none of those that ask for a credential, where none
/// did, with what to look at.
pub(super) fn report(trial: &Trial<'_>) {
    let Some(futile) = trial.futile().or_else(|| trial.unauthenticated()) else {
        return;
    };
    let contract = trial.contract;
    let look_at = match futile.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "the credentials (`--token`, `--credential`, `--header`)"
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::BAD_GATEWAY => {
            "the address, with what stands before the contract's paths (`--url`)"
        }
        _ => "the address (`--url`) and the credentials (`--token`, `--credential`, `--header`)",
    };
    let message = format!(
        "{}: none of {} requests that keep to the contract was done, and {} answered with {}; look at {look_at}",
        match futile.is_of_all {
            true => "no operation succeeded, so nothing is known of the server",
            false =>
                "no operation that asks for a credential succeeded, so nothing is known of them",
        },
        futile.requests,
        match futile.count == futile.requests {
            true => "all were".to_owned(),
            false => format!("{} were", futile.count),
        },
        futile.status,
    );
    let at = contract
        .document
        .origin(contract.operations.get(0).declared.at);
    trial.keep(Finding {
        check: Check::Taken,
        severity: Severity::Error,
        operation: String::new(),
        error: LoadError::new(&at.source, Place::File, message),
        steps: Vec::new(),
        times: 1,
    });
}
