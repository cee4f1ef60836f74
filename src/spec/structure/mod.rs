//! Whether a document has the structure that its version of OpenAPI prescribes, and what it says
//! that is read but not enforced.
//!
//! Written as a grammar of objects ([`v2`], [`v3`], [`keywords`]) that one walk holds against the
//! document. The official meta-schemas were the alternative: no well-kept crate ships them, and
//! where a `oneOf` of theirs fails they can't say which alternative was meant, what a misspelt
//! member should be called, or which version has it. The walk is linear, reads `x-` members,
//! examples and defaults not at all, and follows no reference: those that lead to other files are
//! given out, for [`check_part`] to look at what they stand for.

mod grammar;
mod keywords;
mod names;
mod paths;
mod record;
mod reference;
mod rules;
mod rules_v2;
mod schema_rules;
mod security;
mod unknown;
mod v2;
mod v3;
mod version;
mod walk;

use super::{LoadError, Place, Source};
use crate::wire::Pointer;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;
pub use version::Version;

/// How much something that was found matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The specification forbids it, or the document can't mean it.
    Error,
    /// The specification advises against it, or it has no effect.
    Warning,
    /// It is right, and counterpart doesn't enforce it.
    Note,
}

/// Something found in a document, by its place alone.
#[derive(Debug, Clone)]
pub struct Flaw {
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What would mend it.
    pub help: Option<String>,
}

impl Flaw {
    /// The same with the file that it is in.
    pub fn into_error(self, source: &Arc<Source>) -> LoadError {
        LoadError {
            source: Arc::clone(source),
            place: self.place,
            message: self.message,
            help: self.help,
        }
    }
}

/// What a walk over a document finds.
#[derive(Debug)]
pub struct Structure {
    /// What isn't as its version prescribes, in document order, and behind it what isn't enforced.
    pub flaws: Vec<Flaw>,
    /// The defaults and examples, which the schemas beside them can be asked about.
    pub valued: Vec<Valued>,
    /// The schemas that have a `pattern` or `patternProperties`.
    pub patterned: Vec<Pointer>,
    /// The texts that name something and are no `$ref`.
    pub leads: Vec<Lead>,
    /// The references to what wasn't looked at.
    pub outward: Vec<Outward>,
    /// The ids of the operations, those of callbacks and webhooks included.
    pub ids: HashSet<String>,
}

/// A reference that leads to where a walk doesn't come.
#[derive(Debug)]
pub struct Outward {
    /// What it stands for.
    kind: &'static grammar::Kind,
    /// The object that has the `$ref`.
    pub at: Pointer,
}

impl Outward {
    /// What the reference stands for, in words.
    pub fn what(&self) -> &'static str {
        self.kind.name
    }
}

/// A text that names something else of the API.
#[derive(Debug)]
pub struct Lead {
    /// What it names.
    pub to: Leads,
    /// Where it is.
    pub at: Pointer,
}

/// What a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// A schema, by its name among the components or by reference.
    Schema,
    /// An operation, by reference.
    Operation,
    /// An operation, by its id.
    Id,
}

/// A value of the document that a schema of the document should hold good.
#[derive(Debug)]
pub struct Valued {
    /// The schema.
    pub schema: Pointer,
    /// The value.
    pub value: Pointer,
    /// Whether it is a `default`; else it is an example.
    pub is_default: bool,
}

/// Everything of a document that isn't as its version prescribes, in document order, and behind
/// it what isn't enforced: each kind once, with its first place and how often it is there.
/// `root` is the value as written, its schemas not lifted.
pub fn check_structure(root: &Value, version: Version) -> Structure {
    let document = match version {
        Version::V20 => &v2::DOCUMENT,
        _ => &v3::DOCUMENT,
    };
    let mut walk = walk::Walk::new(root, version);
    walk.object(document, root);
    walk.found()
}

/// The same of what a reference of another file stands for, at a place of the file it leads to.
pub fn check_part(root: &Value, version: Version, part: &Outward, at: &Pointer) -> Structure {
    let mut walk = walk::Walk::new(root, version);
    walk.is_part = true;
    walk.part(part.kind, at);
    walk.found()
}

#[cfg(test)]
mod tests;
