//! Schemas as they are compiled: each once, when a value first meets it.

use super::View;
use super::detail::{describe, show};
use super::loose::{hopeless, is_too_large, loosen};
use super::lower::{lower, tokens, trace};
use super::scope::Scope;
use crate::spec::{At, Document, LoadError, Node};
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, ValidationOptions, Validator};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many units there may be before no more are made for the ways that lead to them.
const UNIT_LIMIT: usize = 100_000;

/// A schema that is compiled as one: from its place to where references lead on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Unit {
    pub(super) view: View,
    pub(super) at: At,
    /// Whether its own `nullable` doesn't count.
    pub(super) bare: bool,
    /// Properties that need not be sent, as the schema that refers to this one says.
    pub(super) waived: Vec<String>,
    /// Where `$dynamicRef` leads in it.
    pub(super) scope: Scope,
}

/// All units that someone has asked for.
#[derive(Debug)]
pub(super) struct Units {
    pub(super) document: Arc<Document>,
    pub(super) options: ValidationOptions<'static>,
    pub(super) slots: boxcar::Vec<Slot>,
    pub(super) known: Mutex<HashMap<Unit, u32>>,
    pub(super) has_flags: bool,
}

#[derive(Debug)]
pub(super) struct Slot {
    pub(super) unit: Unit,
    pub(super) compiled: OnceLock<Result<Compiled, LoadError>>,
    /// Whether it and all that it leads to is known to be usable.
    pub(super) is_sound: AtomicBool,
}

#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) validator: Validator,
    /// What stands under `$defs` in it.
    pub(super) defs: Vec<At>,
    /// The units that it leads to.
    pub(super) links: Vec<u32>,
    /// What of it isn't judged as it stands.
    pub(super) notes: Vec<LoadError>,
}

impl Units {
    /// The number of a unit, known before or not.
    pub(super) fn number(&self, mut unit: Unit) -> u32 {
        // The place is that of what an alias stands for.
        unit.at = self.document.node(unit.at).at();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.get(&unit) {
            return *number;
        }
        let number = self.slots.push(Slot {
            unit: unit.clone(),
            compiled: OnceLock::new(),
            is_sound: AtomicBool::new(false),
        }) as u32;
        known.insert(unit, number);
        number
    }

    pub(super) fn is_valid(&self, number: u32, value: &Value) -> bool {
        self.compiled(number)
            .as_ref()
            .is_ok_and(|compiled| compiled.validator.is_valid(value))
    }

    pub(super) fn compiled(&self, number: u32) -> &Result<Compiled, LoadError> {
        let slot = &self.slots[number as usize];
        slot.compiled.get_or_init(|| self.compile(&slot.unit))
    }

    pub(super) fn compile(&self, unit: &Unit) -> Result<Compiled, LoadError> {
        if unit.scope.is_some() && self.slots.count() > UNIT_LIMIT {
            let message = "this schema is reached in too many ways to tell where each \
                           `$dynamicRef` leads";
            return Err(self.document.error(unit.at, message));
        }
        let mut links = Vec::new();
        let mut link = |unit: Unit| {
            let number = self.number(unit);
            links.push(number);
            number
        };
        let mut lowered = lower(&self.document, unit, self.has_flags, &mut link)?;
        let mut notes = Vec::new();
        let mut loosened = |value: &mut Value, path: &str| {
            let highest = loosen(value, path)?;
            let at = self.node(unit.at, &lowered.defs, path).at();
            let highest = if highest == 1_000 {
                "1,000"
            } else {
                &highest.to_string()
            };
            let message =
                format!("this pattern is too large: its counts above {highest} are no bounds here");
            notes.push(self.document.error(at, message));
            Some(())
        };
        for path in hopeless(&lowered.value) {
            loosened(&mut lowered.value, &path);
        }
        let validator = loop {
            let error = match self.options.build(&lowered.value) {
                Ok(validator) => break validator,
                Err(error) => error,
            };
            let path = error.instance_path().as_str().to_owned();
            let fault = self.fault(unit, &lowered.defs, &error);
            drop(error);
            if loosened(&mut lowered.value, &path).is_none() {
                return Err(fault);
            }
        };
        Ok(Compiled {
            validator,
            defs: lowered.defs,
            links,
            notes,
        })
    }

    /// Where a keyword of a compiled unit stands in the document.
    pub(super) fn node(&self, at: At, defs: &[At], path: &str) -> Node<'_> {
        let mut path = tokens(path).peekable();
        let mut from = at;
        if path.peek().is_some_and(|token| token == "$defs") {
            path.next();
            let number = path.next().and_then(|token| token.parse::<usize>().ok());
            from = number
                .and_then(|number| defs.get(number).copied())
                .unwrap_or(at);
        }
        trace(self.document.node(from), path)
    }

    /// Where in the document a schema that can't be compiled is wrong, and how.
    pub(super) fn fault(&self, unit: &Unit, defs: &[At], error: &ValidationError<'_>) -> LoadError {
        let path = error.instance_path().as_str();
        let node = self.node(unit.at, defs, path);
        let message = match error.kind() {
            Kind::Format { format } if format == "regex" => {
                match error.instance().as_str().is_some_and(is_too_large) {
                    true => format!("{} is too large a pattern", show(error.instance())),
                    false => format!("{} is no regular expression", show(error.instance())),
                }
            }
            _ => match tokens(path).last() {
                Some(keyword) if keyword == "type" => {
                    format!("{} is no type of JSON Schema", show(error.instance()))
                }
                Some(keyword) => {
                    let detail = describe(error);
                    format!("this can't be used as a schema's `{keyword}`: {detail}")
                }
                None => format!("this schema can't be used: {error}"),
            },
        };
        self.document.error(node.at(), message)
    }
}
