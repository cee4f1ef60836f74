//! Where an error is, in the forms that documents have for that.

use super::fill::{About, Beside, Filler, Said};
use super::role::{Form, Role, role};
use crate::mock::name::plain;
use crate::spec::ShapeId;
use crate::wire::{Pointer, ProblemError};
use serde_json::Value;

/// What an error is about, by one name: `limit`, `address.zip`, `lines.0.quantity`; nothing of
/// what is about the whole body.
pub(super) fn name_of(entry: &ProblemError) -> Option<String> {
    if let Some(parameter) = &entry.parameter {
        return Some(parameter.clone());
    }
    let pointer = Pointer::parse(entry.pointer.as_deref()?)?;
    let tokens: Vec<String> = pointer.tokens().collect();
    (!tokens.is_empty()).then(|| tokens.join("."))
}

/// An error in a sentence that begins with its place.
pub(super) fn sentence(entry: &ProblemError) -> String {
    match name_of(entry) {
        Some(name) => format!("{name} {}", entry.detail),
        None => entry.detail.clone(),
    }
}

/// The place of an error as a text; nothing where this form can't say it.
pub(super) fn text_of(entry: &ProblemError, form: Form) -> Option<String> {
    let in_part = |parts: &[&str]| {
        let is_there = parts.contains(&entry.part);
        entry.parameter.clone().filter(|_| is_there)
    };
    match form {
        Form::Name => name_of(entry),
        Form::Pointer => entry.pointer.clone(),
        Form::Either => entry.pointer.clone().or_else(|| entry.parameter.clone()),
        Form::Parameter => in_part(&["query", "path", "cookie"]),
        Form::Header => in_part(&["header"]),
        Form::Steps => name_of(entry),
    }
}

/// The way to what an error is about; from the part of the request that it is in, where that is
/// asked for.
pub(super) fn steps(entry: &ProblemError, has_part: bool) -> Value {
    let pointer = entry.pointer.as_deref().and_then(Pointer::parse);
    let tokens = pointer.iter().flat_map(Pointer::tokens);
    let step = |token: String| match token.parse::<u32>() {
        Ok(index) => index.into(),
        Err(_) => token.into(),
    };
    let part = Some(entry.part).filter(|part| has_part && !part.is_empty());
    let steps = part.map(Value::from).into_iter();
    let steps = steps.chain(entry.parameter.as_deref().map(Value::from));
    steps.chain(tokens.map(step)).collect()
}

impl Filler<'_> {
    /// Where an error is, and what was there.
    pub(super) fn place(
        &self,
        name: &str,
        id: ShapeId,
        known: Option<&Value>,
        beside: &Beside,
        about: About,
    ) -> Said {
        let shape = self.shape(id);
        let entry = about.entry.and_then(|index| self.problem.errors.get(index));
        // In a list what isn't about a violation has no place.
        let entry = entry.or_else(|| self.lone().filter(|_| !about.is_row));
        let is_strict = about.is_row || is_place(name);
        let form = match role(name) {
            Some(Role::Part) => {
                let part = entry
                    .map(|entry| entry.part)
                    .filter(|part| !part.is_empty());
                return said(part.and_then(|part| self.text(id, [part])));
            }
            Some(Role::Rule) => {
                return said(entry.and_then(|entry| self.text(id, [entry.rule.as_str()])));
            }
            Some(Role::Sent) if !is_strict => return Said::Unknown,
            Some(Role::Sent) => {
                let sent = self.occasion.zip(entry);
                let sent = sent.and_then(|(occasion, entry)| occasion.sent(entry));
                let as_text = |sent: &Value| match sent {
                    Value::String(_) | Value::Null => None,
                    sent => Some(Value::from(sent.to_string())),
                };
                return said(sent.and_then(|sent| match self.fits(id, &sent) {
                    true => Some(sent),
                    false => as_text(&sent).filter(|text| self.fits(id, text)),
                }));
            }
            Some(Role::Place(Form::Parameter)) if beside.places < 2 => Form::Name,
            Some(Role::Place(Form::Header)) if beside.places < 2 => return Said::Unknown,
            Some(Role::Place(form)) => form,
            Some(Role::Path | Role::Name) if about.is_row && beside.places == 0 => {
                match role(name) {
                    Some(Role::Name) => Form::Name,
                    _ => Form::Either,
                }
            }
            Some(Role::Path) if !about.is_row || beside.places > 0 => {
                return self.of_request(name, id, known, About::default()).into();
            }
            Some(Role::Name) if beside.message && !about.is_row => {
                return self
                    .code(id, known.filter(|_| self.trusts_base), entry, None)
                    .into();
            }
            _ => return Said::Unknown,
        };
        if form == Form::Either && !is_strict {
            return Said::Unknown;
        }
        let Some(entry) = entry else {
            return Said::Nothing;
        };
        if !shape.properties.is_empty() {
            return said(self.nested(id, known, about));
        }
        if shape.has_items() {
            let way = steps(entry, form == Form::Steps);
            return said(Some(way).filter(|way| self.fits(id, way)));
        }
        said(text_of(entry, form).and_then(|place| self.text(id, [place.as_str()])))
    }

    /// Whether an entry of a list says where the error is.
    pub(super) fn says_place(&self, id: ShapeId, about: About) -> bool {
        let beside = self.beside(id);
        self.shape(id).properties.iter().any(|(name, property)| {
            let is_place = matches!(role(name), Some(Role::Place(_) | Role::Path | Role::Name));
            let id = self.contents.shapes.of_property(property);
            is_place && matches!(self.place(name, id, None, &beside, about), Said::This(_))
        })
    }

    /// The one violation that a body without a list tells of.
    pub(super) fn lone(&self) -> Option<&ProblemError> {
        let errors = &self.problem.errors;
        let is_lone = !self.lists || errors.len() == 1;
        errors.first().filter(|_| is_lone)
    }
}

/// Whether a name says by itself that it is of the place of an error.
pub(super) fn is_place(name: &str) -> bool {
    match role(name) {
        Some(Role::Place(form)) => !matches!(form, Form::Either | Form::Header),
        Some(Role::Sent) => !["value", "input"].contains(&plain(name).as_str()),
        _ => false,
    }
}

fn said(value: Option<Value>) -> Said {
    value.map_or(Said::Nothing, Said::This)
}
