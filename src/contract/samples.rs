//! The bodies that no value is found for: what asks for one is answered with an error.

use super::Contract;
use super::report::{Finding, Topic};
use crate::sample::{Order, sample};
use crate::spec::{At, Severity};
use crate::validate::View;
use std::collections::HashSet;

/// The reply bodies that nothing satisfies, as far as can be found out.
pub(super) fn check_samples(contract: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut judged: HashSet<At> = HashSet::new();
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
            let order = Order {
                schema: at,
                view: View::Reply,
                seed: "",
                is_dynamic: false,
                locale: Default::default(),
                names: &[],
                hint: None,
                wish: None,
            };
            if let Err(why) = sample(&contract.document, &contract.schemas, &order) {
                let message = format!(
                    "no value was found that this schema lets pass: {}",
                    why.detail
                );
                let error = contract.document.error(at, message);
                findings.push(Finding::new(Topic::Replies, Severity::Warning, error));
            }
        }
    }
    findings
}
