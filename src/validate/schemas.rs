use super::costly::{COSTLY_PATTERN, costly_pattern};
use super::declared::declares;
use super::detail::{describe, show};
use super::ecma::translated;
use super::link::{Alternatives, Link, Visit};
use super::loose::loosen;
use super::lower::{lower, tokens, trace};
use super::nearest::{self, Branch};
use super::number_format::number_format;
use super::scope::Scope;
use super::{Place, Violation};
use crate::spec::{At, Document, LoadError, Node, Origin};
use crate::wire::Pointer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::Location;
use jsonschema::{
    Draft, EmailOptions, Keyword, PatternOptions, ValidationError, ValidationOptions, Validator,
};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

/// Leads from one unit to another in a compiled schema: the number of the unit, and whether null
/// is taken beside it.
pub(super) const LINK: &str = "x-counterpart-link";
/// The same for a `$dynamicRef`, which may stand beside a `$ref`.
pub(super) const DYNAMIC_LINK: &str = "x-counterpart-dynamic-link";
/// Leads to the alternatives of `anyOf` and `oneOf`: the numbers of their units.
pub(super) const ANY_OF: &str = "x-counterpart-any-of";
pub(super) const ONE_OF: &str = "x-counterpart-one-of";
/// Carries the bounds of `int32`, `int64` and `float` into the compiled schema: formats of numbers,
/// of which JSON Schema's own `format` knows nothing.
pub(super) const NUMBER_FORMAT: &str = "x-counterpart-number-format";
/// How often a pattern may backtrack: worth some 50 ms.
const BACKTRACK_LIMIT: usize = 200_000;
/// How many units there may be before no more are made for the ways that lead to them.
const UNIT_LIMIT: usize = 100_000;
/// How many violations of one value are collected.
pub const VIOLATION_LIMIT: usize = 200;
/// How many alternatives are looked at for the one that a value was meant for.
const BRANCH_LIMIT: usize = 100;
/// From how many nodes on of a value its first violation is told alone.
const LARGE: usize = 50_000;
/// The rule that is broken where a schema can't be used, and nothing can be said of a value.
pub const UNUSABLE: &str = "unusable-schema";

/// Which side a value comes from: `readOnly` and `writeOnly` properties are required of one
/// side only (OpenAPI 3.1.1 §4.8.24.3, JSON Schema validation §9.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Sent by the client.
    Request,
    /// Sent by the server.
    Reply,
}

/// Names a schema as one side sees it, among its [`Schemas`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SchemaId(u32);

/// The schemas of a document. Each is compiled when a value first meets it, and then kept: what
/// refers to it leads to the same.
#[derive(Debug)]
pub struct Schemas {
    units: Arc<Units>,
}

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
    document: Arc<Document>,
    options: ValidationOptions<'static>,
    slots: boxcar::Vec<Slot>,
    known: Mutex<HashMap<Unit, u32>>,
    has_flags: bool,
}

#[derive(Debug)]
struct Slot {
    unit: Unit,
    compiled: OnceLock<Result<Compiled, LoadError>>,
    /// Whether it and all that it leads to is known to be usable.
    is_sound: AtomicBool,
}

#[derive(Debug)]
struct Compiled {
    validator: Validator,
    /// What stands under `$defs` in it.
    defs: Vec<At>,
    /// The units that it leads to.
    links: Vec<u32>,
    /// What of it isn't judged as it stands.
    notes: Vec<LoadError>,
}

impl Schemas {
    /// The schemas of a document, none compiled yet.
    pub fn new(document: Arc<Document>) -> Schemas {
        let units = Arc::new_cyclic(|units| {
            let link = || links(Weak::clone(units));
            Units {
                has_flags: document.has_flags(),
                document,
                options: options()
                    .with_keyword(LINK, link())
                    .with_keyword(ANY_OF, alternatives(Weak::clone(units), false))
                    .with_keyword(ONE_OF, alternatives(Weak::clone(units), true))
                    .with_keyword(DYNAMIC_LINK, link()),
                slots: boxcar::Vec::new(),
                known: Mutex::default(),
            }
        });
        Schemas { units }
    }

    /// The schema at a place, as one side sees it.
    pub fn at(&self, view: View, at: At) -> SchemaId {
        let at = self.units.document.node(at).at();
        SchemaId(self.units.number(Unit {
            view,
            at,
            bare: false,
            waived: Vec::new(),
            scope: Scope::default().entering(&self.units.document, at),
        }))
    }

    /// Where a schema stands.
    pub fn place(&self, schema: SchemaId) -> At {
        self.units.slots[schema.0 as usize].unit.at
    }

    /// Judges a value; `place` says where the place of a violation in the value is in the message.
    /// A schema that can't be compiled is a violation of its own, of the rule [`UNUSABLE`].
    pub fn check(
        &self,
        schema: SchemaId,
        value: &Value,
        place: &dyn Fn(Pointer) -> Place,
    ) -> Vec<Violation> {
        // What is found out on the way is remembered to the end.
        let _visit = Visit::begin();
        if self.is_valid(schema, value) {
            return Vec::new();
        }
        let told = RefCell::default();
        let mut collector = Collector {
            units: &self.units,
            whole: value,
            told: &told,
            out: Vec::new(),
        };
        collector.expand(schema.0, &Pointer::root());
        let mut violations = collector.out;
        for violation in &mut violations {
            if let Place::Body(pointer) = &mut violation.place {
                violation.place = place(std::mem::take(pointer));
            }
        }
        if violations.is_empty() {
            violations.push(Violation {
                place: place(Pointer::root()),
                rule: UNUSABLE.to_owned(),
                detail: "can't be judged: references lead too deep".to_owned(),
                origin: None,
            });
        }
        // Where the type is wrong, that the value isn't one of the list says nothing more.
        let mistyped: Vec<Place> = violations
            .iter()
            .filter(|violation| violation.rule == "type")
            .map(|violation| violation.place.clone())
            .collect();
        violations.retain(|violation| {
            !["enum", "const"].contains(&violation.rule.as_str())
                || !mistyped.contains(&violation.place)
        });
        violations
    }

    /// Whether a value is valid, at less cost than [`Schemas::check`]. Nothing is valid against a
    /// schema that can't be used.
    pub fn is_valid(&self, schema: SchemaId, value: &Value) -> bool {
        let _visit = Visit::begin();
        self.units.is_valid(schema.0, value)
    }

    /// Compiles a schema with all that it leads to. Gives what of it can't be used.
    pub fn faults(&self, schema: SchemaId) -> Vec<LoadError> {
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![schema.0];
        while let Some(number) = open.pop() {
            let is_sound = &self.units.slots[number as usize].is_sound;
            if is_sound.load(Ordering::Relaxed) || !seen.insert(number) {
                continue;
            }
            match self.units.compiled(number) {
                Ok(compiled) => open.extend(&compiled.links),
                Err(error) => faults.push(error.clone()),
            }
        }
        // Schemas of a document lead to the same ones, which need not be gone through again.
        for number in seen.into_iter().filter(|_| faults.is_empty()) {
            let slot = &self.units.slots[number as usize];
            slot.is_sound.store(true, Ordering::Relaxed);
        }
        faults
    }

    /// What of a schema and all that it leads to is known not to be usable: nothing is compiled
    /// for the answer.
    pub fn known_faults(&self, schema: SchemaId) -> Vec<&LoadError> {
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![schema.0];
        while let Some(number) = open.pop() {
            if !seen.insert(number) {
                continue;
            }
            match self.units.slots[number as usize].compiled.get() {
                Some(Ok(compiled)) => open.extend(&compiled.links),
                Some(Err(error)) => faults.push(error),
                None => {}
            }
        }
        faults
    }

    /// What of the schemas that are compiled by now isn't judged as it stands.
    pub fn notes(&self) -> Vec<LoadError> {
        let compiled = self.units.slots.iter();
        let compiled = compiled.filter_map(|(_, slot)| slot.compiled.get()?.as_ref().ok());
        compiled
            .flat_map(|compiled| compiled.notes.clone())
            .collect()
    }

    /// How many schemas are compiled: those that a value met.
    pub fn compiled(&self) -> usize {
        let slots = self.units.slots.iter();
        slots
            .filter(|(_, slot)| slot.compiled.get().is_some())
            .count()
    }

    /// The patterns of the document that are no regular expressions, whether or not a schema with
    /// them is compiled.
    pub fn bad_patterns(&self) -> Vec<LoadError> {
        let mut known: HashMap<String, bool> = HashMap::new();
        let document = &self.units.document;
        let bad = document.patterns().filter_map(|(at, pattern)| {
            let is_sound = known.entry(pattern.clone()).or_insert_with(|| {
                // The compiler has the last word, and is asked where there is some doubt alone: to
                // wake it takes milliseconds and megabytes.
                if fancy_regex::Expr::parse_tree(&pattern).is_ok() {
                    return true;
                }
                let schema = json!({"pattern": translated(&pattern)});
                let fault = self.units.options.build(&schema).err();
                // One that is too large is loosened when it is met.
                fault.is_none() || loosen(&mut schema.clone(), "/pattern")
            });
            let message = || format!("{} is no regular expression", show(&json!(pattern)));
            (!*is_sound).then(|| document.error(at, message()))
        });
        bad.collect()
    }

    /// Why a schema itself can't be used, where that is known: nothing is compiled for the answer.
    pub fn known_fault(&self, schema: SchemaId) -> Option<&LoadError> {
        self.units.slots[schema.0 as usize]
            .compiled
            .get()?
            .as_ref()
            .err()
    }
}

impl Units {
    /// The number of a unit, known before or not.
    fn number(&self, mut unit: Unit) -> u32 {
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

    fn compiled(&self, number: u32) -> &Result<Compiled, LoadError> {
        let slot = &self.slots[number as usize];
        slot.compiled.get_or_init(|| self.compile(&slot.unit))
    }

    fn compile(&self, unit: &Unit) -> Result<Compiled, LoadError> {
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
        let validator = loop {
            let error = match self.options.build(&lowered.value) {
                Ok(validator) => break validator,
                Err(error) => error,
            };
            let path = error.instance_path().as_str().to_owned();
            let fault = self.fault(unit, &lowered.defs, &error);
            drop(error);
            if !loosen(&mut lowered.value, &path) {
                return Err(fault);
            }
            let at = self.node(unit.at, &lowered.defs, &path).at();
            let message = "this pattern is too large: its counts above 1,000 are no bounds here";
            notes.push(self.document.error(at, message));
        };
        Ok(Compiled {
            validator,
            defs: lowered.defs,
            links,
            notes,
        })
    }

    /// Where a keyword of a compiled unit stands in the document.
    fn node(&self, at: At, defs: &[At], path: &str) -> Node<'_> {
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
    fn fault(&self, unit: &Unit, defs: &[At], error: &ValidationError<'_>) -> LoadError {
        let path = error.instance_path().as_str();
        let node = self.node(unit.at, defs, path);
        let message = match error.kind() {
            Kind::Format { format } if format == "regex" => {
                format!("{} is no regular expression", show(error.instance()))
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

/// What units say of the values at places.
type Told = HashMap<(u32, Pointer), Arc<[Violation]>>;

/// Turns what the compiler says into violations, through links and alternatives.
struct Collector<'c> {
    units: &'c Units,
    /// The value. All that is judged is a part of it and no copy, so that what is remembered of a
    /// part by where it is stays true.
    whole: &'c Value,
    /// What each unit says of the value at a place: alternatives and lattices of references come
    /// to the same again and again.
    told: &'c RefCell<Told>,
    /// All of the body: whoever asked says where that is.
    out: Vec<Violation>,
}

impl<'c> Collector<'c> {
    /// All violations of the value that stands at `base` against a unit.
    fn expand(&mut self, number: u32, base: &Pointer) {
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
            ANY_OF => "anyOf",
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

/// A keyword of ours, compiled.
type Made<'a> = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>>;

/// What compiles a link among units.
fn links(
    units: Weak<Units>,
) -> impl for<'a> Fn(&'a Map<String, Value>, &'a Value, Location) -> Made<'a> {
    move |_, value, _| {
        Link::read(&units, value)
            .map(|link| Box::new(link) as Box<dyn for<'i> Keyword<'i>>)
            .ok_or_else(|| ValidationError::custom("not a link"))
    }
}

/// What compiles alternatives among units.
fn alternatives(
    units: Weak<Units>,
    just_one: bool,
) -> impl for<'a> Fn(&'a Map<String, Value>, &'a Value, Location) -> Made<'a> {
    move |_, value, _| {
        Alternatives::read(&units, value, just_one)
            .map(|link| Box::new(link) as Box<dyn for<'i> Keyword<'i>>)
            .ok_or_else(|| ValidationError::custom("not alternatives"))
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

pub(super) fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
        .with_email_options(EmailOptions::default().without_display_text())
        .with_format("byte", |text: &str| STANDARD.decode(text).is_ok())
        .with_keyword(NUMBER_FORMAT, number_format)
        .with_keyword(COSTLY_PATTERN, costly_pattern)
}
