//! A reading of all of a document, whether or not anyone asks for it: what can't be served, what
//! can't be meant, which examples break their schemas.

use super::Contract;
use super::checks::{check_examples, check_paths};
use crate::spec::LoadError;
use std::collections::HashMap;

/// What the reading found.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) warnings: Vec<LoadError>,
    /// The operations that can't be served, and why.
    pub(crate) broken: HashMap<usize, LoadError>,
}

impl Survey {
    pub(super) fn of(contract: &Contract) -> Survey {
        let mut survey = Survey::default();
        let document = &contract.document;
        survey.warnings.extend(document.faults.iter().cloned());
        let mut told = Vec::new();
        for number in 0..contract.operations.len() {
            let operation = contract.operations.get(number);
            let mut faults: Vec<LoadError> = operation.broken.iter().cloned().collect();
            for schema in operation.schemas(&contract.schemas) {
                faults.extend(contract.schemas.faults(schema));
            }
            if let Some(first) = faults.first() {
                survey.broken.insert(number, first.clone());
            }
            for fault in faults {
                let text = fault.to_string();
                if !told.contains(&text) {
                    told.push(text);
                    survey.warnings.push(fault);
                }
            }
        }
        survey.warnings.extend(contract.ambiguous.iter().cloned());
        survey
            .warnings
            .extend(check_paths(document, &contract.operations));
        survey
            .warnings
            .extend(check_examples(contract.contents(), &contract.operations));
        survey
    }
}
