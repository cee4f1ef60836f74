//! The bodies that no value is found for: what asks for one is answered with an error. And the
//! properties that are left out of them for it.

use super::Contract;
use super::report::{Finding, Topic};
use crate::sample::{Order, unmade};
use crate::spec::{At, Severity};
use crate::validate::View;
use std::collections::HashSet;

/// What is told of a property that need not be there, and for which there is no value.
const WITHOUT: &str = "no value was found for this property: samples are without it";

/// The reply bodies that nothing satisfies, as far as can be found out.
pub(super) fn check_samples(contract: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut judged: HashSet<At> = HashSet::new();
    let mut told: HashSet<At> = HashSet::new();
    for number in 0..contract.operations.len() {
        let operation = contract.operations.get(number);
        let contents = operation.responses.iter().flat_map(|r| &r.contents);
        for content in contents {
            let (Some(at), Some(schema)) = (content.declared.schema, content.schema) else {
                continue;
            };
            // What can't be compiled is told as that.
            if !judged.insert(at) || !contract.schemas.faults(schema).is_empty() {
                continue;
            }
            let found = unmade(&contract.document, &contract.schemas, &plain(at));
            let mut tell = |at: At, message: String| {
                let error = contract.document.error(at, message);
                findings.push(Finding::new(Topic::Replies, Severity::Warning, error));
            };
            match found {
                Ok(unmade) => unmade
                    .into_iter()
                    .filter(|at| told.insert(*at))
                    .for_each(|at| tell(at, WITHOUT.to_owned())),
                Err(why) => {
                    let message = format!(
                        "no value was found that this schema lets pass: {}",
                        why.detail
                    );
                    tell(at, message);
                }
            }
        }
    }
    findings
}

/// A sample of a reply's schema as nobody asks for anything in particular.
pub(super) fn plain(schema: At) -> Order<'static> {
    Order {
        schema,
        view: View::Reply,
        seed: "",
        is_dynamic: false,
        locale: Default::default(),
        names: &[],
        hint: None,
        wish: None,
    }
}
