//! A schema as a reader meets it: what a value is in words, and what stands within it.

mod describing;
mod naming;
#[cfg(test)]
mod tests;

pub(crate) use describing::Describing;
pub(crate) use naming::component;

use serde_json::Value;

/// A schema in words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Described {
    /// What a value is: `array of`, `Pet`, `or null`.
    pub types: Vec<Word>,
    /// What must hold of it beside that.
    pub constraints: Vec<String>,
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
    /// The schema whose page has what isn't opened here.
    pub more: Option<String>,
    /// How many fields there was no room for.
    pub cut: usize,
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
    pub what: Described,
}

/// What a property is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum FieldName {
    /// As the document declares it.
    Declared(String),
    /// Whatever matches a pattern.
    Matching(String),
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
