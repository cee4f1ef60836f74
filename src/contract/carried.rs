//! The replies that have values, but that no media type or header field can carry: what asks for one
//! is answered with an error, or without the field.

use super::Contract;
use super::report::{Finding, Topic};
use super::samples::plain;
use crate::encode::has_form;
use crate::mock::{NoBody, PreparedContent, uncarried};
use crate::sample::sample;
use crate::spec::Severity;
use std::collections::HashSet;

/// What of replies can't be written as it is documented.
pub(super) fn check_carried(contract: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = HashSet::new();
    let document = &contract.document;
    for number in 0..contract.operations.len() {
        let operation = contract.operations.get(number);
        for response in &operation.responses {
            for content in &response.contents {
                if let Some(why) = unwritten(contract, content) {
                    let error = document.error(content.declared.at, why);
                    findings.push(Finding::new(Topic::Replies, Severity::Warning, error));
                }
                if is_json_in_disguise(contract, content) && told.insert(&content.name) {
                    let name = &content.name;
                    let message = format!(
                        "replies of this schema are JSON: counterpart doesn't write {name}"
                    );
                    let error = document.error(content.declared.at, message);
                    let help =
                        "write an example as the text of the body, or a fixture with its file";
                    findings.push(Finding::new(
                        Topic::Replies,
                        Severity::Note,
                        error.with_help(help),
                    ));
                }
            }
            for field in &response.fields {
                if let Some(why) = uncarried(contract.contents(), field) {
                    let declared = &field.reader.declared;
                    let name = &declared.name;
                    let message = format!("no reply has a valid header field {name}: {why}");
                    let error = document.error(declared.at, message);
                    findings.push(Finding::new(Topic::Replies, Severity::Warning, error));
                }
            }
        }
    }
    findings
}

/// Why a body can't be written that has a value. What has none is told elsewhere, and so is a schema
/// that can't be compiled; JSON carries everything.
fn unwritten(contract: &Contract, content: &PreparedContent) -> Option<String> {
    let is_open = content.media_type.is_json() || content.media_type.is_range();
    let at = content.declared.schema.or(content.declared.item_schema);
    let at = at.filter(|_| !is_open)?;
    let Err(NoBody::Fault(why)) = content.ready(contract.contents()) else {
        return None;
    };
    let made = sample(&contract.document, &contract.schemas, &plain(at));
    made.is_ok().then_some(why)
}

/// Whether objects and lists are sent as what their media type isn't, as nothing is known of how it
/// is written.
fn is_json_in_disguise(contract: &Contract, content: &PreparedContent) -> bool {
    let is_structured = |id| {
        let shape = contract.shapes.get(id);
        !shape.properties.is_empty() || shape.types.has("array") && !shape.types.has("string")
    };
    let is_example = content
        .declared
        .examples
        .iter()
        .any(|e| e.value.is_string());
    !content.media_type.is_range()
        && !has_form(&content.media_type)
        && !is_example
        && content.shape.is_some_and(is_structured)
}
