use super::collector::Collector;
use super::costly::{COSTLY_PATTERN, is_costly};
use super::detail::show;
use super::ecma::translated;
use super::keywords::options;
use super::link::Visit;
use super::loose::is_too_large;
use super::scope::Scope;
use super::units::{Unit, Units};
use super::{Place, Violation};
use crate::spec::{At, Document, LoadError};
use crate::wire::Pointer;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// How many violations of one value are collected.
pub const VIOLATION_LIMIT: usize = 200;
/// How long a place in a body is told at most: the names in it are the client's, and as long as a
/// body may be. Of a longer one the value is told that holds it.
const LONG_PLACE: usize = 2 << 10;
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
    /// The patterns of names that were asked for, compiled.
    patterns: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

impl Schemas {
    /// The schemas of a document, none compiled yet.
    pub fn new(document: Arc<Document>) -> Schemas {
        let units = Arc::new_cyclic(|units| Units {
            has_flags: document.has_flags(),
            document,
            options: options(units),
            slots: boxcar::Vec::new(),
            known: Mutex::default(),
        });
        Schemas {
            units,
            patterns: Mutex::default(),
        }
    }

    pub(super) fn document(&self) -> &Document {
        &self.units.document
    }

    /// The schema at a place, as one side sees it.
    pub fn at(&self, view: View, at: At) -> SchemaId {
        self.at_within(view, at, &Scope::default())
    }

    /// The same where it is reached through others, which say where its `$dynamicRef`s lead.
    pub(crate) fn at_within(&self, view: View, at: At, scope: &Scope) -> SchemaId {
        let at = self.units.document.node(at).at();
        SchemaId(self.units.number(Unit {
            view,
            at,
            bare: false,
            waived: Vec::new(),
            scope: scope.entering(&self.units.document, at),
        }))
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
                let near = std::mem::take(pointer).within(LONG_PLACE);
                violation.place = place(near);
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

    /// Whether a text matches a pattern as a schema's would; never where that is too costly to
    /// know, or the pattern is none.
    pub fn matches(&self, pattern: &str, text: &str) -> bool {
        let mut known = self.patterns.lock().unwrap_or_else(PoisonError::into_inner);
        let compiled = known.entry(pattern.to_owned()).or_insert_with(|| {
            let engine = translated(pattern);
            let keyword = match is_costly(&engine) {
                true => COSTLY_PATTERN,
                false => "pattern",
            };
            let schema = json!({keyword: engine});
            self.units.options.build(&schema).ok().map(Arc::new)
        });
        let compiled = compiled.clone();
        drop(known);
        let _visit = Visit::begin();
        compiled.is_some_and(|compiled| compiled.is_valid(&json!(text)))
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
                // One that is too large is loosened, or told as that, when it is met.
                fault.is_none() || schema["pattern"].as_str().is_some_and(is_too_large)
            });
            let message = || format!("{} is no regular expression", show(&json!(pattern)));
            (!*is_sound).then(|| document.error(at, message()))
        });
        bad.collect()
    }
}
