//! What went wrong, put into the members of a documented error whose names ask for it.

use super::DEPTH;
use super::codes::{is_failure, of_oauth};
use super::occasion::Occasion;
use super::place::is_place;
use super::role::{Role, is_of_trace, role};
use crate::mock::name::plain;
use crate::mock::prepared::Contents;
use crate::spec::{Shape, ShapeId};
use crate::wire::{Problem, reason};
use serde_json::{Map, Value, json};
use std::cell::Cell;

/// What of a made-up body stays that says nothing of what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    /// What must be there, and what the document itself has.
    Least,
    /// All but what is about violations where there is none.
    Drawn,
    /// All.
    All,
}

/// Fills errors of one refusal.
pub(super) struct Filler<'f> {
    pub(super) contents: Contents<'f>,
    pub(super) problem: &'f Problem,
    pub(super) occasion: Option<Occasion<'f>>,
    /// What went wrong, in words.
    pub(super) words: &'f str,
    /// Whether the body has a list for the violations.
    pub(super) lists: bool,
    /// Whether the media type is that of problems.
    pub(super) is_problem: bool,
    /// Whether the words of what is filled are those of the document, and go before ours.
    pub(super) trusts_base: bool,
    pub(super) keeps: Keeps,
    /// How many members are still looked at to find out what objects hold: schemas may lead on to
    /// ever more of them.
    pub(super) left: Cell<usize>,
}

/// What an object is about that is being filled.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About {
    /// The number of the one violation.
    pub(super) entry: Option<usize>,
    /// Whether it is in a list of what went wrong.
    pub(super) is_row: bool,
    /// Whether a member says where.
    pub(super) is_placed: bool,
    /// Whether the document says itself what it is.
    pub(super) is_named: bool,
    pub(super) depth: usize,
}

impl About {
    pub(super) fn deeper(self) -> About {
        About {
            depth: self.depth + 1,
            ..self
        }
    }
}

/// What a member says.
pub(super) enum Said {
    /// This, of what happened.
    This(Value),
    /// Nothing: what it would tell of isn't there.
    Nothing,
    /// That isn't known.
    Unknown,
}

impl From<Option<Value>> for Said {
    fn from(value: Option<Value>) -> Said {
        value.map_or(Said::Unknown, Said::This)
    }
}

/// What stands beside a member.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) message: bool,
    pub(super) reason: bool,
    pub(super) title: bool,
    /// A status or code that is a number.
    pub(super) number: bool,
    /// A code that is one.
    pub(super) code: bool,
    /// Members that are places by any name.
    pub(super) places: usize,
    pub(super) oauth: bool,
}

impl<'f> Filler<'f> {
    /// Whether one member more may be looked at.
    pub(super) fn looks(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    pub(super) fn shape(&self, id: ShapeId) -> &'f Shape {
        self.contents.shapes.get(id)
    }

    /// Puts what went wrong into the members whose names ask for it, over `base`; and tells whether
    /// there was one.
    pub(super) fn fill(&self, id: ShapeId, base: Option<&Value>, about: About) -> (Value, bool) {
        if about.depth > DEPTH {
            return (base.cloned().unwrap_or_else(|| json!({})), false);
        }
        let beside = self.beside(id);
        let about = About {
            is_named: about.is_named || self.is_named(id),
            ..about
        };
        let mut body = Map::new();
        let mut tells = false;
        for (name, property) in &self.shape(id).properties {
            let known = base.and_then(|base| base.get(name));
            let member = self.contents.shapes.of_property(property);
            let value = match self.member(name, member, known, &beside, about) {
                Said::This(value) => {
                    tells = true;
                    Some(value)
                }
                Said::Nothing => self.nothing(member, property.required, known),
                Said::Unknown => {
                    let is_kept = self.keeps != Keeps::Least
                        || self.trusts_base
                        || about.is_named
                        || is_of_trace(name)
                        || self.is_named(member);
                    match property.required && !is_kept {
                        true if self.fits(member, &Value::Null) => Some(Value::Null),
                        true => known.cloned(),
                        false => known.filter(|_| is_kept).cloned(),
                    }
                }
            };
            if let Some(value) = value {
                body.insert(name.clone(), value);
            }
        }
        (Value::Object(body), tells)
    }

    /// What stands for nothing, where something must stand.
    fn nothing(&self, id: ShapeId, required: bool, known: Option<&Value>) -> Option<Value> {
        if self.keeps == Keeps::All {
            return known.cloned();
        }
        let empty = [json!([]), json!({}), Value::Null, json!("")];
        let mut empty = empty.into_iter().filter(|_| required);
        let empty = empty.find(|empty| self.fits(id, empty));
        empty.or_else(|| known.filter(|_| required).cloned())
    }

    pub(super) fn member(
        &self,
        name: &str,
        id: ShapeId,
        known: Option<&Value>,
        beside: &Beside,
        about: About,
    ) -> Said {
        let shape = self.shape(id);
        let entry = about.entry.and_then(|index| self.problem.errors.get(index));
        let status = self.problem.status;
        let is_object = !shape.properties.is_empty();
        let trusted = known.filter(|known| self.trusts_base && !known.is_object());
        let is_message = match role(name) {
            None => return self.unnamed(id, known, beside, about),
            Some(Role::Message) => true,
            Some(Role::Reason) => !beside.message,
            Some(Role::Error) => !beside.message && !beside.reason,
            Some(_) => false,
        };
        match role(name).unwrap_or(Role::Message) {
            Role::Problems => self.problems(name, id, known, beside, about),
            Role::Message | Role::Reason | Role::Error if is_object => {
                self.nested(id, known, about).into()
            }
            Role::Message | Role::Reason | Role::Error if shape.has_items() && !texts(shape) => {
                self.list(id, known, about).into()
            }
            Role::Error if flags(shape) && !texts(shape) => Said::This(true.into()),
            Role::Message | Role::Reason | Role::Error
                if is_message && texts(shape) && !numbers(shape) =>
            {
                let told = self.told(about);
                let told = self.text(id, [told.as_str(), reason(status)]);
                told.or_else(|| self.code(id, trusted, entry, None)).into()
            }
            Role::Error if beside.oauth => {
                let own = of_oauth(status).to_owned();
                self.code(id, trusted, entry, Some(own)).into()
            }
            Role::Error if beside.number => {
                let own = reason(status).to_owned();
                self.code(id, trusted, entry, Some(own)).into()
            }
            Role::Type if entry.is_none() && (self.is_problem || beside.title) => {
                let own = known.filter(|_| self.trusts_base || self.is_named(id));
                let own = own.cloned().filter(|own| self.fits(id, own));
                own.or_else(|| self.text(id, ["about:blank"]))
                    .or_else(|| self.code(id, trusted, entry, None))
                    .into()
            }
            Role::Message => Said::Unknown,
            Role::Reason | Role::Error | Role::Code | Role::Type => {
                self.code(id, trusted, entry, None).into()
            }
            Role::Fault => {
                let own = match status.is_client_error() {
                    true => ["soap:Client", "Client"],
                    false => ["soap:Server", "Server"],
                };
                let listed = self.listed(id);
                let is_own = |value: &&String| plain(value).ends_with(&plain(own[1]));
                let listed = listed.iter().find(is_own).map(|own| own.as_str().into());
                let trusted = trusted.cloned();
                trusted.or(listed).or_else(|| self.text(id, own)).into()
            }
            Role::Phrase => self.text(id, [reason(status)]).into(),
            Role::Status => self.status(id, trusted, beside, about).into(),
            Role::Severity => {
                let listed = self.listed(id);
                let failure = listed.into_iter().find(|word| is_failure(word));
                failure.map(Value::from).into()
            }
            // Whoever looks at no more than this goes the way of the error.
            Role::Success => flags(shape).then(|| false.into()).into(),
            Role::Failure => flags(shape).then(|| true.into()).into(),
            Role::Count => {
                let count = self.problem.errors.len() + self.problem.omitted;
                let count = Some(count).filter(|count| *count > 0 && numbers(shape));
                count.map(Value::from).into()
            }
            Role::Place(_) | Role::Path | Role::Name | Role::Part | Role::Sent | Role::Rule
                if about.is_row || self.lone().is_some() || is_place(name) =>
            {
                self.place(name, id, known, beside, about)
            }
            Role::Name if beside.message => self.code(id, trusted, entry, None).into(),
            Role::Path | Role::Instance | Role::Url | Role::Method | Role::Moment => {
                self.of_request(name, id, known, about).into()
            }
            Role::Place(_) | Role::Name | Role::Part | Role::Sent | Role::Rule => Said::Unknown,
        }
    }

    /// A member whose name says nothing: it may hold the error, or list what is wrong.
    fn unnamed(&self, id: ShapeId, known: Option<&Value>, beside: &Beside, about: About) -> Said {
        let shape = self.shape(id);
        if self.is_of_problems(shape) {
            return match self.problem.errors.is_empty() && beside.message {
                true => Said::Nothing,
                false => self.list(id, known, about).into(),
            };
        }
        let is_wrapper = !beside.message && self.speaks(id, about.depth);
        match is_wrapper {
            true => self.nested(id, known, about).into(),
            false => Said::Unknown,
        }
    }

    /// An object that something of what happened can be put into.
    pub(super) fn nested(&self, id: ShapeId, known: Option<&Value>, about: About) -> Option<Value> {
        let (value, tells) = self.fill(id, known, about.deeper());
        tells.then_some(value)
    }

    /// What the members of an object are.
    pub(super) fn beside(&self, id: ShapeId) -> Beside {
        let mut beside = Beside::default();
        for (name, property) in &self.shape(id).properties {
            let shape = self.shape(self.contents.shapes.of_property(property));
            let says = texts(shape) || shape.has_items();
            match role(name) {
                Some(Role::Message) => beside.message |= says,
                Some(Role::Reason) => beside.reason |= says,
                Some(Role::Code) => beside.code |= numbers(shape),
                Some(Role::Status) => beside.number |= numbers(shape),
                Some(Role::Place(_)) => beside.places += 1,
                _ => {}
            }
            let plain = plain(name);
            beside.title |= plain == "title";
            beside.oauth |= plain == "errordescription";
        }
        beside.number |= beside.code;
        beside
    }
}

pub(super) fn texts(shape: &Shape) -> bool {
    shape.types.is_unsaid() && !shape.has_items() && shape.properties.is_empty()
        || shape.types.has("string")
}

pub(super) fn flags(shape: &Shape) -> bool {
    shape.types.has("boolean")
}

pub(super) fn numbers(shape: &Shape) -> bool {
    shape.types.has("integer") || shape.types.has("number")
}
