use crate::spec::Origin;
use crate::wire::{Pointer, ProblemError};
use std::fmt;

/// The `rule` of a demand that isn't the contract's but that of the rules beside the fixtures.
pub const REQUIRE: &str = "require";

/// One breach of the contract: data, collected and never raised as an error.
#[derive(Debug, Clone)]
pub struct Violation {
    /// Where in the message.
    pub place: Place,
    /// The JSON Schema keyword or the kind of rule that was broken (`minLength`, `require`).
    pub rule: String,
    /// What was expected and what was there, as a sentence's predicate.
    pub detail: String,
    /// Where the contract or the rules say so.
    pub origin: Option<Origin>,
}

/// A place in a request or a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The status.
    Status,
    /// In the body, by JSON Pointer.
    Body(Pointer),
    /// A path parameter, by name.
    Path(String),
    /// A query parameter, by name.
    Query(String),
    /// A header field, by name.
    Header(String),
    /// A cookie, by name.
    Cookie(String),
}

/// The rules of a demand on what there is, which a request doesn't meet that keeps to the contract.
const OF_STATE: [&str; 3] = ["precondition", "unique", "test"];

/// Whether any of these breaks the contract, and isn't only at odds with what there is.
pub fn break_contract(violations: &[Violation]) -> bool {
    let mut rules = violations.iter().map(|violation| &*violation.rule);
    rules.any(|rule| !OF_STATE.contains(&rule))
}

impl Violation {
    /// The place in the body, where it is there.
    pub fn in_body(&self) -> Option<&Pointer> {
        match &self.place {
            Place::Body(pointer) => Some(pointer),
            _ => None,
        }
    }

    /// The entry that an error body lists for it.
    pub fn to_problem_error(&self) -> ProblemError {
        let (part, pointer, parameter) = match &self.place {
            Place::Status => ("", None, None),
            Place::Body(pointer) => ("body", Some(pointer.to_string()), None),
            Place::Path(name) => ("path", None, Some(name.clone())),
            Place::Query(name) => ("query", None, Some(name.clone())),
            Place::Header(name) => ("header", None, Some(name.clone())),
            Place::Cookie(name) => ("cookie", None, Some(name.clone())),
        };
        ProblemError {
            part,
            is_secret: false,
            pointer,
            parameter,
            detail: self.detail.clone(),
            rule: self.rule.clone(),
            // A pointer into the contract means something to a client; one into the rules doesn't.
            schema: self
                .origin
                .as_ref()
                .filter(|_| self.rule != REQUIRE)
                .map(Origin::reference),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Status => f.write_str("status"),
            Place::Body(pointer) if pointer.as_str().is_empty() => f.write_str("body"),
            Place::Body(pointer) => write!(f, "body {pointer}"),
            Place::Path(name) => write!(f, "path {name}"),
            Place::Query(name) => write!(f, "query {name}"),
            Place::Header(name) => write!(f, "header {name}"),
            Place::Cookie(name) => write!(f, "cookie {name}"),
        }
    }
}
