//! A schema as a reader meets it: what a value is in words, and what stands within it.

mod describing;
mod leaves;
mod naming;
#[cfg(test)]
mod tests;

pub(crate) use describing::Describing;
pub(crate) use leaves::{Leaves, Shown};
pub(crate) use naming::{component, title};

use crate::spec::At;
use serde_json::Value;
use std::sync::Arc;

/// A schema in words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Described {
    /// What a value is: `array of`, `Pet`, `or null`.
    pub types: Vec<Word>,
    /// What must hold of it beside that.
    pub constraints: Vec<String>,
    /// What holds of several of its properties at once, or of those of its items, in sentences.
    pub demands: Vec<String>,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// What it is where it isn't given.
    pub default: Option<Value>,
    /// What it may be.
    pub examples: Vec<Value>,
    /// Whether it may be null.
    pub is_nullable: bool,
    /// Whether it is going to be taken away.
    pub is_deprecated: bool,
    /// Whether the server alone sends it.
    pub is_read_only: bool,
    /// Whether the client alone sends it.
    pub is_write_only: bool,
    /// The properties of it, or of its items.
    pub fields: Vec<Field>,
    /// What it may be of several things.
    pub choices: Vec<Variants>,
    /// The page that has what isn't opened here.
    pub more: Option<More>,
    /// How many fields there was no room for.
    pub cut: usize,
    /// How many values there are in all, where not all are named here, and the page that has them.
    pub values: Option<(usize, More)>,
    /// Whether nothing stands within it, wherever it is told.
    pub is_leaf: bool,
    /// What stands beside its name in a row of HTML; nothing where that hangs on the row.
    pub html: Shown<Option<String>>,
    /// The same in one of Markdown: its type and limits, and what is said of it.
    pub text: Shown<[String; 2]>,
}

impl Described {
    /// Whether it is a list, and its fields are those of its items.
    pub fn is_list(&self) -> bool {
        matches!(self.types.first(), Some(Word::Plain(text)) if text == "array of")
    }
}

/// A page that tells what another has no room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum More {
    /// That of the schema of a name.
    Schema(String),
    /// That of a part of the document.
    Part(Part),
}

/// A schema without a name of its own, or the rest of one, that has a page since others have no
/// room for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// What it is called: the properties that lead to it.
    pub title: String,
    /// Where it stands.
    pub at: At,
    /// How many of its fields are told elsewhere, before its own.
    pub from: usize,
}

/// A part of what a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Words.
    Plain(String),
    /// A schema of a name, which says what it is.
    Schema(String),
    /// The name of the schema that says this of a plain value.
    Named(String),
}

/// A property.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its name; for what isn't declared by name, what stands for it.
    pub name: FieldName,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it is.
    pub what: Arc<Described>,
}

/// What a property is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum FieldName {
    /// As the document declares it.
    Declared(String),
    /// Whatever matches a pattern.
    Matching(String),
    /// The item of an array at a place, from 1 on.
    Item(usize),
    /// Every item after those.
    Rest,
    /// Any name that isn't declared.
    Other,
}

/// What a value may be one of.
#[derive(Debug, Clone)]
pub(crate) struct Variants {
    /// Whether it is no more than one of them.
    pub is_exclusive: bool,
    /// The property that tells which.
    pub tag: Option<String>,
    /// Each.
    pub of: Vec<Variant>,
}

/// One of the things that a value may be.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// The values of the property that tells which.
    pub tags: Vec<String>,
    /// The schema's name or title.
    pub name: Option<String>,
    /// What it is.
    pub what: Described,
}

impl FieldName {
    /// Its name in ids and in lists, where what isn't declared by name has a sign.
    pub fn sign(&self) -> String {
        match self {
            FieldName::Declared(name) => name.clone(),
            FieldName::Matching(pattern) => format!("/{pattern}/"),
            FieldName::Item(number) => number.to_string(),
            FieldName::Other | FieldName::Rest => "*".to_owned(),
        }
    }
}

impl Field {
    /// Adds the names of it and of what stands within it that may be null.
    pub fn nullable(&self, above: &str, names: &mut Vec<String>) {
        let FieldName::Declared(name) = &self.name else {
            return;
        };
        let name = match above {
            "" => name.clone(),
            above => format!("{above}.{name}"),
        };
        if self.what.is_nullable {
            names.push(name.clone());
        }
        for field in &self.what.fields {
            field.nullable(&name, names);
        }
    }
}
