//! The one walk over a document: every object is held against its kind.

use super::grammar::{Is, Kind, Member, Names};
use super::names::{is_judged, misnamed};
use super::record::{At, clip};
use super::version::Version;
use super::{Flaw, Lead, Outward, Severity, Valued, keywords, v3};
use crate::spec::{Place, StatusKey, nearest};
use crate::wire::Pointer;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// What stands in `type`.
pub(super) const TYPE_NAME: &str = "a type's name";

pub(super) struct Walk<'v> {
    pub(super) root: &'v Value,
    pub(super) version: Version,
    /// The way from the root to where the walk is: a pointer is made only where one is told.
    pub(super) path: Vec<Step<'v>>,
    pub(super) flaws: Vec<Flaw>,
    /// How many of a severity there were, whether or not they are told.
    pub(super) told: BTreeMap<Severity, usize>,
    pub(super) notes: IndexMap<String, (usize, Place)>,
    pub(super) valued: Vec<Valued>,
    pub(super) patterned: Vec<Pointer>,
    pub(super) leads: Vec<Lead>,
    pub(super) outward: Vec<Outward>,
    /// Whether this is a file that others refer into: no walk over all of it meets what references lead to.
    pub(super) is_part: bool,
    /// Which operation has an id.
    pub(super) ids: HashMap<&'v str, String>,
    /// Where a `$dynamicAnchor` is, by the schema resource that it is in and its name.
    pub(super) anchors: HashMap<(usize, &'v str), Pointer>,
    /// Which path there is by what it is without the names of its expressions.
    pub(super) templates: HashMap<String, &'v str>,
}

#[derive(Clone, Copy)]
pub(super) enum Step<'v> {
    Name(&'v str),
    Index(usize),
}

impl<'v> Walk<'v> {
    pub(super) fn new(root: &'v Value, version: Version) -> Walk<'v> {
        Walk {
            root,
            version,
            path: Vec::new(),
            flaws: Vec::new(),
            told: BTreeMap::new(),
            notes: IndexMap::new(),
            valued: Vec::new(),
            patterned: Vec::new(),
            leads: Vec::new(),
            outward: Vec::new(),
            is_part: false,
            ids: HashMap::new(),
            anchors: HashMap::new(),
            templates: HashMap::new(),
        }
    }

    /// An object of a kind, at the place where the walk is.
    pub(super) fn object(&mut self, kind: &'static Kind, value: &'v Value) {
        let Some(map) = value.as_object() else {
            return self.mistyped("an object", value);
        };
        let is_member = |name: &str| kind.all().any(|member| member.name == name);
        if map.contains_key("$ref") && !is_member("$ref") {
            let message = format!("a `$ref` can't stand for {}", kind.name);
            return self.error(At::Key("$ref"), message);
        }
        for (name, value) in map {
            let known = kind
                .all()
                .find(|member| member.name == name && member.is_known(self.version));
            match known {
                Some(member) => self.member(member, name, value),
                None if name.starts_with("x-") => {}
                None => self.unknown(kind, name),
            }
        }
        for member in kind.all() {
            if member.is_needed(self.version) && !map.contains_key(member.name) {
                let message = format!("{} needs `{}`", kind.name, member.name);
                self.error(At::Here, message);
            }
        }
        (kind.rule)(self, map);
    }

    /// An object of a kind at a pointer, or a reference that stands for it.
    pub(super) fn part(&mut self, kind: &'static Kind, at: &Pointer) {
        let mut value = self.root;
        for token in at.tokens() {
            let found = match value {
                Value::Object(map) => map.get_key_value(&token),
                Value::Array(items) => {
                    let index: Option<usize> = token.parse().ok();
                    let item = index.and_then(|index| Some((index, items.get(index)?)));
                    let Some((index, item)) = item else { return };
                    self.path.push(Step::Index(index));
                    value = item;
                    continue;
                }
                _ => None,
            };
            let Some((name, inner)) = found else { return };
            self.path.push(Step::Name(name));
            value = inner;
        }
        let is = match kind.section {
            section if section == keywords::SCHEMA.section => Is::Schema,
            section if section == v3::CALLBACK.section => Is::Callback(kind),
            _ if kind.all().any(|member| member.name == "$ref") => Is::Object(kind),
            _ => Is::Referable(kind),
        };
        self.value(is, value);
    }

    fn member(&mut self, member: &Member, name: &'v str, value: &'v Value) {
        if let Some(note) = member.note {
            self.note(At::Key(name), note.to_owned());
        }
        self.path.push(Step::Name(name));
        self.value(*member.is, value);
        self.path.pop();
    }

    fn value(&mut self, is: Is, value: &'v Value) {
        let fits = match is {
            Is::Data => true,
            Is::Text => value.is_string(),
            Is::Flag => value.is_boolean(),
            Is::Number => value.is_number(),
            Is::Positive => value.as_f64().is_some_and(|number| number > 0.0),
            // 2.0 is a whole number too.
            Is::Count => value.as_f64().is_some_and(|n| n >= 0.0 && n.fract() == 0.0),
            Is::Word(words) => return self.word(words, value),
            Is::List(item, least) => return self.list(item, least, value),
            Is::Map(names, member) => return self.map(names, member, value),
            Is::Object(kind) => return self.object(kind, value),
            Is::Referable(kind) => return self.referable(kind, value),
            Is::Callback(kind) if value.get("$ref").is_some() => {
                return self.referable(kind, value);
            }
            Is::Callback(_) => return self.map(Names::Url, &v3::PATH_ITEM_IS, value),
            Is::Schema if value.is_boolean() => self.version >= Version::V31,
            Is::SchemaOrFlag if value.is_boolean() => true,
            Is::Schema | Is::SchemaOrFlag => return self.object(&keywords::SCHEMA, value),
            Is::Types => return self.types(value),
        };
        if !fits {
            self.mistyped(expected(is), value);
        }
    }

    fn word(&mut self, words: &'static [(&'static str, Version)], value: &Value) {
        let Some(text) = value.as_str() else {
            return self.mistyped("a text", value);
        };
        let known: Vec<&str> = words
            .iter()
            .filter(|(_, since)| *since <= self.version)
            .map(|(word, _)| *word)
            .collect();
        if known.contains(&text) {
            return;
        }
        let message = match known.as_slice() {
            [only] => format!("only `{only}` may stand here, not `{}`", clip(text)),
            _ => format!("this is one of {}, not `{}`", known.join(", "), clip(text)),
        };
        let later = words.iter().find(|(word, _)| *word == text);
        let help = match later {
            Some((_, since)) => Some(format!("{} has it", since.name())),
            None => nearest(text, &known).map(|word| format!("did you mean `{word}`?")),
        };
        self.flaw(Severity::Error, At::Here, message, help, true);
    }

    fn list(&mut self, item: &'static Is, least: usize, value: &'v Value) {
        let Some(items) = value.as_array() else {
            return self.mistyped("a list", value);
        };
        if items.len() < least {
            self.error_in_value("this list needs an item");
        }
        for (index, value) in items.iter().enumerate() {
            self.path.push(Step::Index(index));
            self.value(*item, value);
            self.path.pop();
        }
    }

    fn map(&mut self, names: Names, member: &'static Is, value: &'v Value) {
        let Some(map) = value.as_object() else {
            return self.mistyped("an object", value);
        };
        for (name, value) in map {
            let extensible = matches!(names, Names::Path | Names::Status | Names::Url);
            if extensible && name.starts_with("x-") {
                continue;
            }
            // Where any text may stand under any name, it says nothing but that.
            let may_say = names == Names::Any && matches!(member, Is::Data | Is::Text);
            if name == "$ref" && value.is_string() && !may_say {
                let message = "a `$ref` can't stand for these members".to_owned();
                self.error(At::Key(name), message);
                continue;
            }
            if let Some((wrong, help)) = misnamed(names, name, self.version) {
                self.flaw(Severity::Error, At::Key(name), wrong, help, false);
                continue;
            }
            if names == Names::Path && name.contains(['?', '#']) {
                let message =
                    "no request can meet this path: what follows ? or # is no part of one";
                self.warning(At::Key(name), message.to_owned());
            }
            if names == Names::Media && !is_judged(name) {
                let message = format!("bodies of `{}` are taken as they are", clip(name));
                self.note(At::Key(name), message);
            }
            self.path.push(Step::Name(name));
            self.value(*member, value);
            self.path.pop();
        }
        if names == Names::Status {
            let mut known = map
                .keys()
                .filter_map(|name| StatusKey::parse(name))
                .peekable();
            if map.keys().all(|name| name.starts_with("x-")) {
                self.error(At::Here, "at least one response is documented".to_owned());
            } else if known.peek().is_some() && known.all(StatusKey::is_interim) {
                let message = "no response is documented that a request comes to in the end: after 1xx \
                               another follows, which is answered as 200 without a body";
                self.warning(At::Here, message.to_owned());
            }
        }
    }

    /// JSON Schema 2020-12 validation §6.1.1; in 3.0 one type alone, and no `null`. The meta-schema
    /// of 2.0 takes `type` over from draft 4, which has both.
    fn types(&mut self, value: &'v Value) {
        match value {
            Value::Array(names) if self.version != Version::V30 => {
                for (index, name) in names.iter().enumerate() {
                    self.path.push(Step::Index(index));
                    self.one_type(name);
                    self.path.pop();
                }
            }
            Value::Array(_) => {
                self.error_in_value("`type` is one text; lists of types are for OpenAPI 3.1");
            }
            name => self.one_type(name),
        }
    }

    fn one_type(&mut self, name: &Value) {
        const TYPES: [&str; 7] = [
            "string", "integer", "number", "boolean", "object", "array", "null",
        ];
        let Some(name) = name.as_str() else {
            return self.mistyped(TYPE_NAME, name);
        };
        let (message, help) = match (name, self.version) {
            ("file", Version::V20) => return,
            ("null", Version::V30) => (
                "OpenAPI 3.0 has no type `null`".to_owned(),
                Some("`nullable: true` lets a value be null".to_owned()),
            ),
            _ if TYPES.contains(&name) => return,
            _ => (
                format!("`{}` is no type of JSON Schema", clip(name)),
                nearest(name, &TYPES).map(|name| format!("did you mean `{name}`?")),
            ),
        };
        self.flaw(Severity::Error, At::Here, message, help, true);
    }
}

fn expected(is: Is) -> &'static str {
    match is {
        Is::Flag => "true or false",
        Is::Number => "a number",
        Is::Positive => "a number above 0",
        Is::Count => "a whole number, 0 or more,",
        Is::Schema => "an object",
        _ => "a text",
    }
}
