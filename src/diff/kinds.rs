//! The kinds of values that a schema lets be.

use super::flat::{DEEP, canonical, is_remark, referred, twice_not};
use super::words::listed;
use crate::spec::{At, Document, Node};
use std::collections::HashMap;

/// The kinds of values that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(pub u8);

impl Kinds {
    pub const NONE: Kinds = Kinds(0);
    pub const NULL: Kinds = Kinds(1);
    pub const FLAG: Kinds = Kinds(2);
    pub const INTEGER: Kinds = Kinds(4);
    /// Numbers that are no integers.
    pub const FRACTION: Kinds = Kinds(8);
    pub const NUMBER: Kinds = Kinds(4 | 8);
    pub const TEXT: Kinds = Kinds(16);
    pub const ARRAY: Kinds = Kinds(32);
    pub const OBJECT: Kinds = Kinds(64);
    pub const ALL: Kinds = Kinds(127);

    fn named(name: &str) -> Kinds {
        match name {
            "null" => Kinds::NULL,
            "boolean" => Kinds::FLAG,
            "integer" => Kinds::INTEGER,
            "number" => Kinds::NUMBER,
            "string" | "file" => Kinds::TEXT,
            "array" => Kinds::ARRAY,
            "object" => Kinds::OBJECT,
            "any" => Kinds::ALL,
            _ => Kinds::NONE,
        }
    }

    /// That of a value.
    pub fn of(node: Node<'_>) -> Kinds {
        if node.is_object() {
            Kinds::OBJECT
        } else if node.is_array() {
            Kinds::ARRAY
        } else if node.is_null() {
            Kinds::NULL
        } else if node.as_bool().is_some() {
            Kinds::FLAG
        } else if let Some(number) = node.as_number() {
            match number.as_f64().is_some_and(|number| number.fract() == 0.0) {
                true => Kinds::INTEGER,
                false => Kinds::FRACTION,
            }
        } else {
            Kinds::TEXT
        }
    }

    pub fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    pub fn both(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    pub fn either(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub fn without(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }

    /// What they are, with their articles.
    pub fn words(self) -> String {
        let values = Kinds::ALL.without(Kinds::NULL);
        if self.without(Kinds::NULL) == values {
            return "anything".to_owned();
        }
        let named = [
            (Kinds::TEXT, "a string"),
            (Kinds::NUMBER, "a number"),
            (Kinds::FLAG, "a boolean"),
            (Kinds::OBJECT, "an object"),
            (Kinds::ARRAY, "an array"),
            (Kinds::NULL, "null"),
        ];
        let words = named.iter().filter(|(kind, _)| self.has(*kind));
        let words = words.map(|(kind, word)| match *kind == Kinds::NUMBER {
            true if !self.has(Kinds::FRACTION) => "an integer".to_owned(),
            true if !self.has(Kinds::INTEGER) => "a number that is no integer".to_owned(),
            _ => (*word).to_owned(),
        });
        let words: Vec<String> = words.collect();
        match words.is_empty() {
            true => "nothing".to_owned(),
            false => listed(&words, "or"),
        }
    }
}

/// The kinds of values that a schema lets be.
pub(super) fn kinds(document: &Document, schema: Node<'_>) -> Kinds {
    kinds_within(document, schema, 0, &mut HashMap::new())
}

/// The same, of a schema that others led to. One that leads to itself lets be what the others do.
fn kinds_within(
    document: &Document,
    schema: Node<'_>,
    depth: usize,
    known: &mut HashMap<At, Kinds>,
) -> Kinds {
    if let Some(known) = known.get(&schema.at()) {
        return *known;
    }
    if depth > DEEP {
        return Kinds::ALL;
    }
    known.insert(schema.at(), Kinds::ALL);
    let found = kinds_of(document, schema, depth, known);
    known.insert(schema.at(), found);
    found
}

/// Whether a schema takes all values of some types, and says no more.
fn is_of_types(document: &Document, schema: Node<'_>) -> bool {
    let schema = document.node(canonical(document, schema.at()));
    let mut said = schema.entries();
    schema.get("type").is_some()
        && said.all(|(name, value)| name == "type" || is_remark(&name, value))
}

fn is_whole(node: Node<'_>) -> bool {
    let value = node.as_number().and_then(|number| number.as_f64());
    value.is_some_and(|value| value > 0.0 && value.fract() == 0.0)
}

fn kinds_of(
    document: &Document,
    schema: Node<'_>,
    depth: usize,
    known: &mut HashMap<At, Kinds>,
) -> Kinds {
    if schema.as_bool() == Some(false) {
        return Kinds::NONE;
    }
    let mut found = Kinds::ALL;
    let vocabulary = document.vocabulary(schema.at());
    let null = match vocabulary.takes_null(schema) {
        true => Kinds::NULL,
        false => Kinds::NONE,
    };
    if let Some(target) = referred(document, schema) {
        found = kinds_within(document, target, depth + 1, known);
        if vocabulary.refs_stand_alone {
            return found.either(null);
        }
    }
    for (keyword, value) in schema.entries() {
        let said = match &*keyword {
            "type" => match value.text() {
                Some(name) => Kinds::named(&name),
                None => {
                    let names = value.items().filter_map(Node::text);
                    names.fold(Kinds::NONE, |all, name| all.either(Kinds::named(&name)))
                }
            },
            "const" => Kinds::of(value),
            "enum" if value.is_array() => value
                .items()
                .fold(Kinds::NONE, |all, value| all.either(Kinds::of(value))),
            "not" => match twice_not(document, value) {
                Some(meant) => kinds_within(document, meant, depth + 1, known),
                None => continue,
            },
            // What is so many times a whole number is one.
            "multipleOf" if is_whole(value) => Kinds::ALL.without(Kinds::FRACTION),
            "allOf" => value.items().fold(Kinds::ALL, |all, part| {
                all.both(kinds_within(document, part, depth + 1, known))
            }),
            "oneOf" | "anyOf" if value.count() > 0 => {
                let (mut all, mut whole, mut twice) = (Kinds::NONE, Kinds::NONE, Kinds::NONE);
                for part in value.items() {
                    let own = kinds_within(document, part, depth + 1, known);
                    all = all.either(own);
                    if is_of_types(document, part) {
                        twice = twice.either(whole.both(own));
                        whole = whole.either(own);
                    }
                }
                match &*keyword {
                    // What more than one takes, `oneOf` doesn't. Null is meant, however it is said.
                    "oneOf" => all.without(twice.without(Kinds::NULL)),
                    _ => all,
                }
            }
            _ => continue,
        };
        found = found.both(said);
    }
    found.either(null)
}
