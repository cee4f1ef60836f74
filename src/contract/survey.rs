//! A reading of all of a document, whether or not anyone asks for it: what can't be served, what
//! can't be meant, which examples break their schemas.

use super::Contract;
use super::checks::{check_examples, check_paths};
use crate::mock::PreparedMessage;
use crate::spec::LoadError;
use std::collections::{HashMap, HashSet};

/// What the reading found.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// What can't be read or compiled.
    pub(super) faults: Vec<LoadError>,
    /// What operations say that can be meant in one way only, and isn't written so.
    pub(super) notes: Vec<LoadError>,
    /// The paths that claim the same requests.
    pub(super) ambiguous: Vec<LoadError>,
    /// All of it, and what is served but can't be meant.
    pub(super) warnings: Vec<LoadError>,
    /// The operations that can't be served, and why.
    pub(crate) broken: HashMap<usize, LoadError>,
}

impl Survey {
    pub(super) fn of(contract: &Contract) -> Survey {
        let mut survey = Survey {
            ambiguous: contract.ambiguous.clone(),
            ..Survey::default()
        };
        let document = &contract.document;
        let mut told = HashSet::new();
        let schemas = &contract.schemas;
        for number in 0..contract.operations.len() {
            let operation = contract.operations.get(number);
            let mut faults: Vec<LoadError> = operation.broken.iter().cloned().collect();
            for schema in operation.schemas(schemas) {
                faults.extend(schemas.faults(schema));
            }
            if let Some(first) = faults.first() {
                survey.broken.insert(number, first.clone());
            }
            let callbacks = operation.callback_schemas(schemas).into_iter();
            faults.extend(callbacks.flat_map(|schema| schemas.faults(schema)));
            let news = |fault: &LoadError| told.insert(fault.to_string());
            survey.faults.extend(faults.into_iter().filter(news));
            let news = |note: &LoadError| told.insert(note.to_string());
            let notes = operation.declared.notes.iter().cloned();
            survey.notes.extend(notes.filter(news));
        }
        let webhooks = contract.operations.webhooks().iter();
        let of_webhooks = webhooks.flat_map(PreparedMessage::schemas);
        let mut faults: Vec<LoadError> = of_webhooks.flat_map(|s| schemas.faults(s)).collect();
        faults.retain(|fault| told.insert(fault.to_string()));
        survey.faults.extend(faults);
        let notes = contract.operations.webhook_notes().iter().cloned();
        survey
            .notes
            .extend(notes.filter(|note| told.insert(note.to_string())));
        let mut loosened = contract.schemas.notes();
        loosened.retain(|note| told.insert(note.to_string()));
        let paths = check_paths(document, &contract.operations);
        let examples = check_examples(contract.contents(), &contract.operations, 1, |_| true);
        survey.warnings = document
            .faults
            .iter()
            .chain(&survey.faults)
            .chain(&survey.notes)
            .chain(&loosened)
            .chain(&survey.ambiguous)
            .chain(&contract.unmeetable)
            .chain(&contract.untold)
            .cloned()
            .chain(paths)
            .chain(examples)
            .collect();
        survey
    }
}
