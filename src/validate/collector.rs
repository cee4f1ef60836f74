//! What the compiler says of a value as violations, through links and alternatives.

use super::costly::COSTLY_PATTERN;
use super::declared::declares;
use super::detail::{describe, show};
use super::keywords::{ANY_OF, DYNAMIC_LINK, LINK, NUMBER_FORMAT, ONE_OF};
use super::link::Alternatives;
use super::nearest::{self, Branch};
use super::units::{Unit, Units};
use super::{Place, UNUSABLE, VIOLATION_LIMIT, Violation};
use crate::spec::{Node, Origin};
use crate::wire::Pointer;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// How many alternatives are looked at for the one that a value was meant for.
const BRANCH_LIMIT: usize = 100;
/// From how many nodes on of a value its first violation is told alone.
const LARGE: usize = 50_000;

/// What units say of the values at places.
pub(super) type Told = HashMap<(u32, Pointer), Arc<[Violation]>>;

/// Turns what the compiler says into violations, through links and alternatives.
pub(super) struct Collector<'c> {
    pub(super) units: &'c Units,
    /// The value. All that is judged is a part of it and no copy, so that what is remembered of a
    /// part by where it is stays true.
    pub(super) whole: &'c Value,
    /// What each unit says of the value at a place: alternatives and lattices of references come
    /// to the same again and again.
    pub(super) told: &'c RefCell<Told>,
    /// All of the body: whoever asked says where that is.
    pub(super) out: Vec<Violation>,
}

impl<'c> Collector<'c> {
    /// All violations of the value that stands at `base` against a unit.
    pub(super) fn expand(&mut self, number: u32, base: &Pointer) {
        let key = (number, base.clone());
        let known = self.told.borrow().get(&key).cloned();
        let told = known.unwrap_or_else(|| {
            let told: Arc<[Violation]> = self.expanded(number, base).into();
            self.told.borrow_mut().insert(key, Arc::clone(&told));
            told
        });
        for violation in told.iter() {
            self.push(violation.clone());
        }
    }

    fn expanded(&self, number: u32, base: &Pointer) -> Vec<Violation> {
        let mut inner = self.empty();
        let Some(value) = self.whole.pointer(base.as_str()) else {
            return inner.out;
        };
        match self.units.compiled(number) {
            Ok(compiled) => {
                // What wasn't evaluated is told in the light of all else.
                let errors = match is_large(value, &mut { LARGE }) {
                    // All errors of such a value would be made before the first is seen.
                    true => Vec::from_iter(compiled.validator.validate(value).err()),
                    false => compiled.validator.iter_errors(value).collect(),
                };
                let (late, errors): (Vec<_>, Vec<_>) = errors
                    .into_iter()
                    .take(VIOLATION_LIMIT)
                    .partition(|error| matches!(error.kind(), Kind::UnevaluatedProperties { .. }));
                for error in errors.iter().chain(&late) {
                    inner.collect(number, error, base);
                }
            }
            Err(error) => inner.push(Violation {
                place: Place::Body(base.clone()),
                rule: UNUSABLE.to_owned(),
                detail: format!("can't be judged: {error}"),
                origin: None,
            }),
        }
        inner.out
    }

    fn empty(&self) -> Collector<'c> {
        Collector {
            units: self.units,
            whole: self.whole,
            told: self.told,
            out: Vec::new(),
        }
    }

    fn collect(&mut self, number: u32, error: &ValidationError<'_>, base: &Pointer) {
        if self.out.len() >= VIOLATION_LIMIT {
            return;
        }
        let inner = error.instance_path().as_str();
        let at = Pointer::parse(&format!("{base}{inner}")).unwrap_or_default();
        match error.kind() {
            Kind::Custom { keyword, message } if [ANY_OF, ONE_OF].contains(&keyword.as_str()) => {
                let branches = Alternatives::told(message);
                self.alternatives(number, error, &branches, &at);
            }
            Kind::Custom { keyword, message }
                if [LINK, DYNAMIC_LINK].contains(&keyword.as_str()) =>
            {
                if let Ok(target) = message.parse() {
                    self.expand(target, &at);
                }
            }
            // The compiler's own, where what was evaluated is asked for.
            Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
                let branches = self.branches(number, error);
                self.alternatives(number, error, &branches, &at);
            }
            Kind::Required { property } => {
                let at = at.child(property.as_str().unwrap_or(""));
                self.say(number, error, at);
            }
            Kind::AdditionalProperties { unexpected } => {
                for name in unexpected.iter().take(VIOLATION_LIMIT) {
                    self.say(number, error, at.child(name));
                }
            }
            Kind::UnevaluatedProperties { unexpected } => {
                let node = self.origin(number, error);
                let schema = node.and_then(|node| self.units.document.parent(node));
                let is_broken = self.out.iter().any(|violation| {
                    let place = violation.in_body().map_or("", Pointer::as_str);
                    let inner = place.strip_prefix(at.as_str());
                    inner.is_some_and(|inner| inner.is_empty() || inner.starts_with('/'))
                });
                for name in unexpected.iter().take(VIOLATION_LIMIT) {
                    let declares = |schema| declares(&self.units.document, schema, name);
                    if !(is_broken && schema.is_some_and(declares)) {
                        self.say(number, error, at.child(name));
                    }
                }
            }
            _ => self.say(number, error, at),
        }
    }

    /// The alternatives under the keyword that an error is of, as units.
    fn branches(&self, number: u32, error: &ValidationError<'_>) -> Vec<u32> {
        let unit = &self.units.slots[number as usize].unit;
        let branches = self.origin(number, error).into_iter().flat_map(Node::items);
        let branch = |node: Node<'_>| {
            self.units.number(Unit {
                at: node.at(),
                bare: false,
                ..unit.clone()
            })
        };
        branches.map(branch).collect()
    }

    /// Of alternatives that all failed, what the one says that the value was meant for.
    fn alternatives(
        &mut self,
        number: u32,
        error: &ValidationError<'_>,
        numbers: &[u32],
        at: &Pointer,
    ) {
        let shown = show(error.instance());
        if numbers.is_empty() {
            let origin = self.keyword(number, error);
            return self.push(Violation {
                place: Place::Body(at.clone()),
                rule: "oneOf".to_owned(),
                detail: format!(
                    "fits more than one alternative where just one may fit, got {shown}"
                ),
                origin,
            });
        }
        let node = self.origin(number, error);
        let schema = node.and_then(|node| self.units.document.parent(node));
        let told = schema.and_then(|schema| {
            nearest::by_discriminator(&self.units.document, schema, error.instance())
        });
        let chosen = match told {
            Some(nearest::Told::Branch(index)) => Some(index),
            Some(nearest::Told::Wrong { name, detail }) => {
                let violation = Violation {
                    place: Place::Body(at.child(name)),
                    rule: "discriminator".to_owned(),
                    detail,
                    origin: schema.map(|schema| self.units.document.origin(schema.at())),
                };
                return self.push(violation);
            }
            None => None,
        };
        let branches: Vec<Branch> = numbers
            .iter()
            .enumerate()
            .filter(|(index, _)| chosen.is_none_or(|chosen| chosen == *index))
            .take(BRANCH_LIMIT)
            .map(|(_, branch)| {
                let mut inner = self.empty();
                inner.expand(*branch, at);
                Branch {
                    violations: inner.out,
                }
            })
            .collect();
        let rule = match error.kind().keyword() {
            ANY_OF | "anyOf" => "anyOf",
            _ => "oneOf",
        };
        match nearest::choose(branches, at) {
            nearest::Choice::One(violations) => {
                violations
                    .into_iter()
                    .for_each(|violation| self.push(violation));
            }
            nearest::Choice::Several(reasons) => {
                let mut detail = format!("fits none of the alternatives, got {shown}");
                if !reasons.is_empty() {
                    detail = format!("{detail}: {}", reasons.join("; or "));
                }
                let origin = node.map(|node| self.units.document.origin(node.at()));
                self.push(Violation {
                    place: Place::Body(at.clone()),
                    rule: rule.to_owned(),
                    detail,
                    origin,
                });
            }
        }
    }

    fn say(&mut self, number: u32, error: &ValidationError<'_>, at: Pointer) {
        let origin = self.keyword(number, error);
        let rule = match error.kind() {
            Kind::Custom { keyword, .. } if keyword == NUMBER_FORMAT => "format",
            Kind::Custom { keyword, .. } if keyword == COSTLY_PATTERN => "pattern",
            kind => kind.keyword(),
        };
        let mut detail = describe(error);
        // A pattern is told as it is written, not as the engine has it.
        let is_pattern = match error.kind() {
            Kind::Pattern { .. } => true,
            Kind::Custom { keyword, message } => keyword == COSTLY_PATTERN && message.is_empty(),
            _ => false,
        };
        let written = self.origin(number, error).filter(|_| is_pattern);
        if let Some(pattern) = written.and_then(Node::text) {
            detail = format!("must match {pattern}, got {}", show(error.instance()));
        }
        self.push(Violation {
            place: Place::Body(at),
            rule: rule.to_owned(),
            detail,
            origin,
        });
    }

    fn push(&mut self, violation: Violation) {
        let known = |v: &Violation| v.place == violation.place && v.detail == violation.detail;
        if self.out.len() < VIOLATION_LIMIT && !self.out.iter().any(known) {
            self.out.push(violation);
        }
    }

    /// The node of the keyword that an error is of.
    fn origin(&self, number: u32, error: &ValidationError<'_>) -> Option<Node<'c>> {
        let units = self.units;
        let slot = &units.slots[number as usize];
        let compiled = slot.compiled.get()?.as_ref().ok()?;
        let path = error.schema_path().as_str();
        Some(units.node(slot.unit.at, &compiled.defs, path))
    }

    fn keyword(&self, number: u32, error: &ValidationError<'_>) -> Option<Origin> {
        let node = self.origin(number, error)?;
        Some(self.units.document.origin(node.at()))
    }
}

/// Whether a value has more nodes than are left.
fn is_large(value: &Value, left: &mut usize) -> bool {
    *left = left.saturating_sub(1);
    *left == 0
        || match value {
            Value::Array(items) => items.iter().any(|item| is_large(item, left)),
            Value::Object(members) => members.values().any(|member| is_large(member, left)),
            _ => false,
        }
}
