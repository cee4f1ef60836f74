//! What a place of a document is, as people call it.

use super::words::plain;
use crate::spec::{At, Document, Node};
use std::fmt;

/// How many fields are named on the way to one; of more the last ones.
const NAMED: usize = 6;

/// What a place is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What the place is in.
    pub part: Part,
    /// The way from there into its schema; empty for the part itself.
    pub fields: Vec<Step>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The document.
    Document,
    /// An operation, or something of it that has no name of its own.
    Operation,
    /// A parameter, by where it travels and its name.
    Parameter(String, String),
    /// The body of a request.
    Body,
    /// The reply of a status.
    Reply(String),
    /// A header field of a reply: its status and its name.
    Header(String, String),
    /// A callback, a webhook, by its name.
    Message(String),
    /// A component, by the name of its section and its own.
    Component(String, String),
}

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A property.
    Field(String),
    /// The items of an array.
    Items,
    /// Properties that aren't declared.
    Any,
    /// The names of properties.
    Names,
}

impl Subject {
    /// What a place of a document is about.
    pub(super) fn of(document: &Document, at: At) -> Subject {
        let pointer = document.origin(at).pointer;
        let tokens: Vec<String> = pointer.tokens().collect();
        let mut reading = Reading {
            document,
            part: Part::Document,
            fields: Vec::new(),
            is_schema: false,
        };
        let root = document.node(at).tree().root();
        let root = match document.sources().count() > at.file() {
            true => root,
            false => document.root(),
        };
        reading.whole(root, at, &tokens);
        Subject {
            part: reading.part,
            fields: reading.fields,
        }
    }
}

struct Reading<'d> {
    document: &'d Document,
    part: Part,
    fields: Vec<Step>,
    is_schema: bool,
}

impl<'d> Reading<'d> {
    fn whole(&mut self, root: Node<'d>, at: At, tokens: &[String]) {
        let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let inner = |count: usize| {
            words[..count]
                .iter()
                .try_fold(root, |node, token| node.child(token))
        };
        match words.as_slice() {
            ["paths", _, rest @ ..] => {
                self.part = Part::Operation;
                self.members(inner(2), rest);
            }
            ["webhooks" | "x-webhooks", name, rest @ ..] => {
                self.part = Part::Message((*name).to_owned());
                self.members(inner(2), rest);
            }
            ["components", section, name, rest @ ..] => {
                self.component(section, name, inner(3), rest);
            }
            [
                section @ ("definitions" | "parameters" | "responses" | "securityDefinitions"),
                name,
                rest @ ..,
            ] => self.component(section, name, inner(2), rest),
            _ if at.file() > 0 => {
                // A file of its own is called after its name.
                let origin = self.document.origin(at);
                let name = origin.source.name();
                let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
                let name = name.split('.').next().unwrap_or(name);
                self.part = Part::Component("schemas".to_owned(), name.to_owned());
                self.is_schema = true;
                self.members(Some(root), &words);
            }
            _ => {}
        }
    }

    fn component(&mut self, section: &str, name: &str, node: Option<Node<'d>>, rest: &[&str]) {
        self.part = Part::Component(section.to_owned(), name.to_owned());
        match section {
            "parameters" => self.parameter(node),
            "schemas" | "definitions" => self.is_schema = true,
            "responses" | "requestBodies" | "headers" => {}
            _ => return,
        }
        self.members(node, rest);
    }

    fn parameter(&mut self, node: Option<Node<'d>>) {
        let text = |member: &str| {
            let node = self.document.node(self.document.referred(node?.at()));
            node.get(member)?.text()
        };
        if let (Some(place), Some(name)) = (text("in"), text("name")) {
            // That of 2.0 is its own schema.
            self.is_schema = place != "body";
            self.part = match &*place {
                "body" => Part::Body,
                _ => Part::Parameter(place.into_owned(), name.into_owned()),
            };
        }
    }

    /// Follows the members of an object, that of a schema or of what has one.
    fn members(&mut self, node: Option<Node<'d>>, tokens: &[&str]) {
        let inner = |count: usize| {
            tokens[..count]
                .iter()
                .try_fold(node?, |node, token| node.child(token))
        };
        let (used, is_schema) = match tokens {
            [] => return,
            ["schema" | "itemSchema", ..] => {
                if tokens[0] == "itemSchema" {
                    self.fields.push(Step::Items);
                }
                (1, true)
            }
            ["parameters", _, ..] if !self.is_schema => {
                self.parameter(inner(2));
                (2, self.is_schema)
            }
            ["requestBody", ..] if !self.is_schema => {
                // What the API sends has but the one body.
                if !matches!(self.part, Part::Message(_)) {
                    self.part = Part::Body;
                }
                (1, false)
            }
            ["responses", status, ..] if !self.is_schema => {
                self.part = Part::Reply((*status).to_owned());
                (2, false)
            }
            ["callbacks", name, ..] if !self.is_schema => {
                self.part = Part::Message((*name).to_owned());
                (2, false)
            }
            ["headers", name, ..] if !self.is_schema => {
                let status = match &self.part {
                    Part::Reply(status) => status.clone(),
                    Part::Component(_, name) => name.clone(),
                    _ => String::new(),
                };
                self.part = Part::Header(status, (*name).to_owned());
                // That of 2.0 is its own schema.
                (
                    2,
                    inner(2).is_some_and(|header| header.get("type").is_some()),
                )
            }
            ["content", _, ..] if !self.is_schema => (2, false),
            ["properties", name, ..] if self.is_schema => {
                self.fields.push(Step::Field((*name).to_owned()));
                (2, true)
            }
            ["items", ..] if self.is_schema => {
                self.fields.push(Step::Items);
                let is_list = inner(1).is_some_and(Node::is_array);
                (1 + usize::from(is_list), true)
            }
            ["prefixItems", _, ..] if self.is_schema => {
                self.fields.push(Step::Items);
                (2, true)
            }
            ["contains" | "unevaluatedItems" | "additionalItems", ..] if self.is_schema => {
                self.fields.push(Step::Items);
                (1, true)
            }
            ["propertyNames", ..] if self.is_schema => {
                self.fields.push(Step::Names);
                (1, true)
            }
            ["patternProperties", _, ..] if self.is_schema => {
                self.fields.push(Step::Any);
                (2, true)
            }
            ["additionalProperties" | "unevaluatedProperties", ..] if self.is_schema => {
                self.fields.push(Step::Any);
                (1, true)
            }
            ["$defs" | "definitions", name, ..] if self.is_schema => {
                self.part = Part::Component("schemas".to_owned(), (*name).to_owned());
                self.fields.clear();
                (2, true)
            }
            _ => (1, self.is_schema),
        };
        self.is_schema = is_schema;
        self.members(inner(used), &tokens[used..]);
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(last) = self.fields.last() else {
            return self.part.fmt(f);
        };
        if *last == Step::Names {
            let of = Subject {
                part: self.part.clone(),
                fields: self.fields[..self.fields.len() - 1].to_vec(),
            };
            return write!(f, "the name of a property of {of}");
        }
        let mut way = String::new();
        let skipped = self.fields.len().saturating_sub(NAMED);
        if skipped > 0 {
            way.push('…');
        }
        for step in &self.fields[skipped..] {
            let name = match step {
                Step::Items => {
                    way.push_str("[]");
                    continue;
                }
                Step::Field(name) => plain(name),
                Step::Any | Step::Names => "*".to_owned(),
            };
            if !way.is_empty() {
                way.push('.');
            }
            way.push_str(&name);
        }
        match self.fields.iter().all(|step| *step == Step::Items) {
            true => write!(f, "an item of {}", self.part),
            false => write!(f, "`{way}` of {}", self.part),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clean = |name: &str| plain(name);
        match self {
            Part::Document => f.write_str("the API"),
            Part::Operation => f.write_str("the operation"),
            Part::Parameter(place, name) => {
                let what = match place.as_str() {
                    "header" => "header field",
                    "cookie" => "cookie",
                    "formData" => "form field",
                    "path" => "path parameter",
                    _ => "query parameter",
                };
                write!(f, "the {what} `{}`", clean(name))
            }
            Part::Body => f.write_str("the body"),
            Part::Reply(status) => write!(f, "the reply {}", clean(status)),
            Part::Header(status, name) if status.is_empty() => {
                write!(f, "the header field `{}`", clean(name))
            }
            Part::Header(status, name) => write!(
                f,
                "the header field `{}` of the reply {}",
                clean(name),
                clean(status)
            ),
            Part::Message(name) => write!(f, "the message `{}`", clean(name)),
            Part::Component(section, name) => {
                let what = match section.as_str() {
                    "responses" => "the reply ",
                    "requestBodies" => "the body ",
                    "headers" => "the header field ",
                    "securitySchemes" | "securityDefinitions" => "the scheme ",
                    _ => "",
                };
                write!(f, "{what}`{}`", clean(name))
            }
        }
    }
}
