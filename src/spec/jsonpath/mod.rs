//! JSONPath (RFC 9535): queries that select places of a document, with a bound on what they cost.
//!
//! Ours, since a query here may be somebody else's and no crate has a bound: in `serde_json_path`
//! and `jsonpath-rust` each `..` of a query multiplies the nodes that are kept, with their paths,
//! and `match` compiles its expression anew at every node.

mod compare;
mod evaluate;
mod literal;
mod parse;
mod pattern;
mod syntax;

use crate::wire::Pointer;
use serde_json::Value;

/// A query that was read and is well-typed.
#[derive(Debug)]
pub(super) struct JsonPath(syntax::Query);

/// Why a text is no query: how many characters are sound before the place, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PathFault {
    pub(super) at: usize,
    pub(super) message: String,
}

/// A query looked at more places than a query may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooCostly;

impl JsonPath {
    /// Reads a query (RFC 9535 §2.1).
    pub(super) fn parse(text: &str) -> Result<JsonPath, PathFault> {
        parse::parse(text).map(JsonPath)
    }

    /// The places that it selects, each once, in the order of §2.3 to §2.5.
    pub(super) fn select(&self, root: &Value) -> Result<Vec<Pointer>, TooCostly> {
        evaluate::select(&self.0, root)
    }
}

#[cfg(test)]
mod tests;
