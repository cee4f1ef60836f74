//! What the walk finds, and the places that it finds it at.

use super::grammar::Kind;
use super::walk::{Step, TYPE_NAME, Walk};
use super::{Flaw, Lead, Leads, Outward, Severity, Structure, Valued};
use crate::spec::Place;
use crate::wire::Pointer;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// How many errors are told of one document, and how many warnings; a document of nothing else would fill the memory.
const FLAW_LIMIT: usize = 5_000;
/// How many values are remembered to be judged, and how many expressions.
const VALUE_LIMIT: usize = 200_000;
/// How many kinds of notes.
const NOTE_LIMIT: usize = 200;
/// How much of a document's own words a message shows.
const SHOWN: usize = 60;

/// What of a member a flaw is about.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    /// The object itself, by the key that holds it.
    Here,
    /// The key of a member.
    Key(&'a str),
    /// The value of a member.
    Value(&'a str),
    /// A value further in, by the way to it from the object.
    Inner(&'a str),
}

impl<'v> Walk<'v> {
    pub(super) fn found(self) -> Structure {
        let mut flaws = self.flaws;
        for (message, (count, place)) in self.notes {
            let message = match count {
                1 => message,
                count => format!("{message} ({count} times)"),
            };
            flaws.push(Flaw {
                severity: Severity::Note,
                place,
                message,
                help: None,
            });
        }
        Structure {
            flaws,
            valued: self.valued,
            patterned: self.patterned,
            leads: self.leads,
            outward: self.outward,
            ids: self.ids.into_keys().map(str::to_owned).collect(),
        }
    }

    /// Remembers the values that stand beside a schema: members of the object where the walk is,
    /// and `schema` is the way from there.
    pub(super) fn values(&mut self, map: &'v Map<String, Value>, schema: Option<&str>) {
        let mut there = Vec::new();
        for name in ["default", "example"] {
            if map.contains_key(name) {
                there.push((Pointer::root().child(name), name == "default"));
            }
        }
        let at = Pointer::root().child("examples");
        match map.get("examples") {
            Some(Value::Array(items)) => {
                there.extend((0..items.len()).map(|index| (at.child(index), false)));
            }
            // Named examples are for those that have a schema beside them.
            Some(Value::Object(named)) if schema.is_some() => {
                let with_value = named.iter().filter(|(_, one)| one.get("value").is_some());
                there.extend(with_value.map(|(name, _)| (at.child(name).child("value"), false)));
            }
            _ => {}
        }
        if there.is_empty() || self.valued.len() >= VALUE_LIMIT {
            return;
        }
        let here = self.pointer();
        let schema = match schema {
            Some(member) => here.child(member),
            None => here.clone(),
        };
        for (inner, is_default) in there {
            let value = Pointer::parse(&format!("{here}{inner}"));
            self.valued.extend(value.map(|value| Valued {
                schema: schema.clone(),
                value,
                is_default,
            }));
        }
    }

    /// Remembers a schema that has an expression.
    pub(super) fn patterned(&mut self) {
        if self.patterned.len() < VALUE_LIMIT {
            let here = self.pointer();
            self.patterned.push(here);
        }
    }

    /// Remembers a text that names something, by the way to it from where the walk is.
    pub(super) fn lead(&mut self, to: Leads, way: &[&str]) {
        if self.leads.len() < VALUE_LIMIT {
            let here = self.pointer();
            let at = way.iter().fold(here, |at, name| at.child(name));
            self.leads.push(Lead { to, at });
        }
    }

    /// Remembers a reference to what this walk doesn't meet.
    pub(super) fn outward(&mut self, kind: &'static Kind) {
        if self.outward.len() < VALUE_LIMIT {
            let at = self.pointer();
            self.outward.push(Outward { kind, at });
        }
    }

    /// The path whose item is where the walk is; nothing for an item elsewhere.
    pub(super) fn as_path(&self) -> Option<&'v str> {
        match self.path.as_slice() {
            [Step::Name("paths"), Step::Name(path)] => Some(path),
            _ => None,
        }
    }

    /// Remembers the id of the operation where the walk is; gives the operation that has it already.
    pub(super) fn id(&mut self, id: &'v str) -> Option<String> {
        if let Some(other) = self.ids.get(id) {
            return Some(other.clone());
        }
        let name = match self.path.as_slice() {
            [.., Step::Name(path), Step::Name(method)] => {
                format!("{} {path}", method.to_ascii_uppercase())
            }
            _ => String::new(),
        };
        self.ids.insert(id, name);
        None
    }

    /// Remembers the `$dynamicAnchor` of the schema where the walk is; gives the place of another
    /// of that name in the same resource: below the nearest `$id`, else in the file.
    pub(super) fn dynamic_anchor(&mut self, name: &'v str) -> Option<Pointer> {
        let (mut value, mut resource) = (self.root, 0);
        for step in &self.path {
            value = match step {
                Step::Name(name) => value.get(name)?,
                Step::Index(index) => value.get(index)?,
            };
            if value.get("$id").is_some_and(Value::is_string) {
                resource = std::ptr::from_ref(value).addr();
            }
        }
        let here = self.pointer();
        let known = self.anchors.entry((resource, name));
        let first = known.or_insert_with(|| here.clone());
        (*first != here).then(|| first.clone())
    }

    /// The name under which the object stands where the walk is.
    pub(super) fn name(&self) -> &'v str {
        match self.path.last() {
            Some(Step::Name(name)) => name,
            _ => "",
        }
    }

    pub(super) fn mistyped(&mut self, expected: &str, value: &Value) {
        let message = format!("{expected} is expected here, this is {}", what(value));
        let help = match value {
            Value::Number(_) | Value::Bool(_) if expected == "a text" => {
                Some("put it in quotes".to_owned())
            }
            Value::Null if expected == TYPE_NAME => Some("write \"null\" in quotes".to_owned()),
            _ => None,
        };
        self.flaw(Severity::Error, At::Here, message, help, true);
    }

    pub(super) fn error(&mut self, at: At<'_>, message: String) {
        self.flaw(Severity::Error, at, message, None, false);
    }

    pub(super) fn error_in_value(&mut self, message: &str) {
        self.flaw(Severity::Error, At::Here, message.to_owned(), None, true);
    }

    pub(super) fn warning(&mut self, at: At<'_>, message: String) {
        self.flaw(Severity::Warning, at, message, None, false);
    }

    pub(super) fn flaw(
        &mut self,
        severity: Severity,
        at: At<'_>,
        message: String,
        help: Option<String>,
        of_value: bool,
    ) {
        // Warnings mustn't leave errors untold.
        let told = self.told.entry(severity).or_default();
        *told += 1;
        if *told > FLAW_LIMIT {
            return;
        }
        let place = match self.place(at) {
            Place::Key(pointer) if of_value => Place::Value(pointer),
            place => place,
        };
        self.flaws.push(Flaw {
            severity,
            place,
            message,
            help,
        });
    }

    /// Something that is read and not enforced: told once.
    pub(super) fn note(&mut self, at: At<'_>, message: String) {
        if let Some((count, _)) = self.notes.get_mut(&message) {
            *count += 1;
        } else if self.notes.len() < NOTE_LIMIT {
            let place = self.place(at);
            self.notes.insert(message, (1, place));
        }
    }

    pub(super) fn pointer(&self) -> Pointer {
        let below = |at: Pointer, step: &Step<'_>| match step {
            Step::Name(name) => at.child(name),
            Step::Index(index) => at.child(index),
        };
        self.path.iter().fold(Pointer::root(), below)
    }

    pub(super) fn place(&self, at: At<'_>) -> Place {
        let pointer = self.pointer();
        match at {
            At::Here if pointer.as_str().is_empty() => Place::Value(pointer),
            At::Here => Place::Key(pointer),
            At::Key(name) => Place::Key(pointer.child(name)),
            At::Value(name) => Place::Value(pointer.child(name)),
            At::Inner(way) => {
                let inner = Pointer::parse(&format!("{pointer}{way}"));
                Place::Value(inner.unwrap_or(pointer))
            }
        }
    }
}

/// What a value is, in a sentence.
pub(super) fn what(value: &Value) -> Cow<'static, str> {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) | Value::Number(_) => clip(&value.to_string()).into(),
        Value::String(_) => "a text".into(),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}

/// A text of the document, as much of it as a message can hold.
pub(super) fn clip(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
