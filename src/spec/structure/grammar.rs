//! The words that the tables of the versions are written in.

use super::version::Version;
use super::walk::Walk;
use serde_json::{Map, Value};

/// A kind of object: what it is called, what its members are, and what else holds of it.
pub(super) struct Kind {
    /// With its article: `an operation`.
    pub(super) name: &'static str,
    pub(super) members: &'static [Member],
    /// Members that it has in common with other kinds.
    pub(super) shared: &'static [Member],
    /// The members of `components` (of the document, in 2.0) that hold such objects; empty for none.
    pub(super) section: &'static str,
    /// What is left of the specification's demands.
    pub(super) rule: Rule,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A demand on an object that names no single member's type.
pub(super) type Rule = for<'v> fn(&mut Walk<'v>, &'v Map<String, Value>);

/// Where the table of members says it all.
pub(super) fn nothing_else(_: &mut Walk<'_>, _: &Map<String, Value>) {}

/// A member that objects of a kind may have, or must.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) is: &'static Is,
    first: Version,
    last: Version,
    /// The last version in which it must be there.
    needed: Option<Version>,
    /// That it is read but not enforced: what is told of it.
    pub(super) note: Option<&'static str>,
}

/// What a value is.
#[derive(Clone, Copy)]
pub(super) enum Is {
    /// Anything: an example, a default.
    Data,
    Text,
    Flag,
    Number,
    /// A number above 0.
    Positive,
    /// A whole number, 0 or more.
    Count,
    /// One of these texts, each since a version.
    Word(&'static [(&'static str, Version)]),
    /// A list of at least so many.
    List(&'static Is, usize),
    /// Named members, all alike.
    Map(Names, &'static Is),
    Object(&'static Kind),
    /// The object, or a Reference Object that stands for it.
    Referable(&'static Kind),
    /// Path items by their URLs, or a Reference Object that stands for them (OpenAPI 3.1.1 §4.8.18).
    Callback(&'static Kind),
    /// A schema, which since 3.1 may be a boolean.
    Schema,
    /// `additionalProperties`: a boolean in every version.
    SchemaOrFlag,
    /// A type of JSON Schema, or since 3.1 a list of them.
    Types,
}

/// What the names of a map are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Anything.
    Any,
    /// Names of components (OpenAPI 3.1.1 §4.8.7).
    Component,
    /// Paths, and `x-` members (§4.8.8).
    Path,
    /// Status codes, their ranges, `default`, and `x-` members (§4.8.16).
    Status,
    /// Runtime expressions, and `x-` members (§4.8.18).
    Url,
    /// Media types and their ranges (§4.8.13).
    Media,
    /// Names of header fields (RFC 9110 §5.1).
    Header,
    /// Methods beyond those that have a member of their own (3.2.0 §4.9).
    Method,
}

impl Kind {
    pub(super) fn all(&self) -> impl Iterator<Item = &'static Member> {
        self.members.iter().chain(self.shared)
    }
}

impl Member {
    const fn new(name: &'static str, is: &'static Is) -> Member {
        Member {
            name,
            is,
            first: Version::V20,
            last: Version::V32,
            needed: None,
            note: None,
        }
    }

    pub(super) const fn since(mut self, first: Version) -> Member {
        self.first = first;
        self
    }

    pub(super) const fn until(mut self, last: Version) -> Member {
        self.last = last;
        self
    }

    /// It must be there up to a version, and may be left out behind it.
    pub(super) const fn needed_until(mut self, last: Version) -> Member {
        self.needed = Some(last);
        self
    }

    pub(super) const fn noted(mut self, note: &'static str) -> Member {
        self.note = Some(note);
        self
    }

    pub(super) fn is_known(&self, version: Version) -> bool {
        self.first <= version && version <= self.last
    }

    pub(super) fn is_needed(&self, version: Version) -> bool {
        self.is_known(version) && self.needed.is_some_and(|last| version <= last)
    }
}

/// A member that may be there.
pub(super) const fn may(name: &'static str, is: &'static Is) -> Member {
    Member::new(name, is)
}

/// A member that must be there.
pub(super) const fn must(name: &'static str, is: &'static Is) -> Member {
    Member::new(name, is).needed_until(Version::V32)
}

/// A list of texts.
pub(super) static TEXTS: Is = Is::List(&Is::Text, 0);
