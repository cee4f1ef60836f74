//! References (OpenAPI 3.1.1 §4.8.23): whether they lead to something, and to the right thing.

use super::grammar::Kind;
use super::keywords;
use super::record::{At, clip, what};
use super::version::Version;
use super::walk::{Step, Walk};
use crate::wire::Pointer;
use serde_json::{Map, Value};

impl<'v> Walk<'v> {
    /// OpenAPI 3.1.1 §4.8.23: `$ref` stands for the object; since 3.1 `summary` and `description`
    /// may stand beside it, and all else is ignored.
    pub(super) fn referable(&mut self, kind: &'static Kind, value: &'v Value) {
        let Some(map) = value.as_object().filter(|map| map.contains_key("$ref")) else {
            return self.object(kind, value);
        };
        self.reference(kind, map);
        for name in map.keys() {
            // What is said to people alone is lost without harm.
            let says_nothing = ["$ref", "summary", "description"].contains(&name.as_str());
            if !says_nothing && !name.starts_with("x-") {
                let message = format!("`{}` is ignored beside a `$ref`", clip(name));
                self.warning(At::Key(name), message);
            }
        }
    }

    /// Whether the `$ref` of an object names something in this document, and of the right kind.
    /// Those that lead out are for whoever follows them.
    pub(super) fn reference(&mut self, kind: &'static Kind, map: &'v Map<String, Value>) {
        let Some(value) = map.get("$ref") else {
            return;
        };
        let Some(text) = value.as_str() else {
            let message = format!("a `$ref` is a text, this is {}", what(value));
            return self.error(At::Value("$ref"), message);
        };
        if self.is_part || !text.starts_with('#') {
            self.outward(kind);
        }
        let Some(fragment) = text.strip_prefix('#') else {
            return;
        };
        let pointer = crate::wire::decode_percent(fragment).ok();
        let Some(pointer) = pointer.and_then(|fragment| Pointer::parse(&fragment)) else {
            // An anchor: JSON Schema has them, other objects don't.
            if kind.section != keywords::SCHEMA.section || self.version < Version::V31 {
                let message = format!("`{}` is no reference: a JSON Pointer follows #", clip(text));
                self.error(At::Value("$ref"), message);
            }
            return;
        };
        let is_of_schema = kind.section == keywords::SCHEMA.section;
        let root = match is_of_schema && self.version >= Version::V31 {
            true => self.resource(),
            false => self.root,
        };
        if pointer.get(root).is_none() {
            let message = format!("there is nothing at `{}`", clip(text));
            return self.error(At::Value("$ref"), message);
        }
        if !std::ptr::eq(root, self.root) {
            return;
        }
        let mut tokens = pointer.tokens();
        let section = match (self.version, tokens.next().as_deref()) {
            (Version::V20, Some(first)) => Some(first.to_owned()),
            (_, Some("components")) => tokens.next(),
            _ => None,
        };
        let is_component = tokens.next().is_some() && tokens.next().is_none();
        let sections = [
            "schemas",
            "responses",
            "parameters",
            "examples",
            "requestBodies",
            "headers",
            "securitySchemes",
            "links",
            "callbacks",
            "pathItems",
            "mediaTypes",
            "definitions",
        ];
        if let Some(section) = section
            && is_component
            && !kind.section.is_empty()
            && sections.contains(&section.as_str())
            && !kind.section.split(' ').any(|right| right == section)
        {
            let message = format!(
                "{} is expected here, and `{}` is one of `{section}`",
                kind.name,
                clip(text)
            );
            self.error(At::Value("$ref"), message);
        }
    }

    /// The schema resource that the walk is in: since 3.1 a schema with an `$id` is one of its own,
    /// and the pointers of references in it start there (JSON Schema 2020-12 §8.2.1).
    fn resource(&self) -> &'v Value {
        let (mut at, mut found) = (self.root, self.root);
        for step in &self.path {
            let inner = match step {
                Step::Name(name) => at.get(*name),
                Step::Index(index) => at.get(*index),
            };
            let Some(inner) = inner else { break };
            at = inner;
            if at
                .get("$id")
                .and_then(Value::as_str)
                .is_some_and(|id| !id.starts_with('#'))
            {
                found = at;
            }
        }
        found
    }
}
