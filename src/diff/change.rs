//! What is found: changes as data, for others to write down.

use super::subject::{Part, Subject};
use super::words::plain;
use crate::spec::{LoadError, Origin};

/// A change of a contract.
#[derive(Debug, Clone)]
pub struct Change {
    /// What kind of change it is, in words with hyphens: the same in each version.
    pub kind: &'static str,
    /// Whether requests that were right may be refused, or mean something else.
    pub breaks_requests: bool,
    /// Whether replies may be ones that nobody had to expect.
    pub breaks_replies: bool,
    /// What has changed, in the new document, or in the old one where it is gone.
    pub subject: Subject,
    /// What is told of it: words that follow those of the subject, code between backquotes.
    pub detail: String,
    /// Where it stood.
    pub old: Option<Origin>,
    /// Where it stands.
    pub new: Option<Origin>,
    /// The operations that it concerns, by their numbers in [`Changes::operations`], in order;
    /// none where it is about the document as a whole.
    pub operations: Vec<usize>,
}

/// An operation of either document, or of both.
#[derive(Debug, Clone)]
pub struct Concerned {
    /// `METHOD /path`, as the new document has it, or as the old one had.
    pub name: String,
    /// Its number in the old document.
    pub old: Option<usize>,
    /// Its number in the new document.
    pub new: Option<usize>,
}

/// All that has changed: what breaks something first, then in the order of the new document.
#[derive(Debug, Default)]
pub struct Changes {
    /// The document of before.
    pub old: Side,
    /// The document of now.
    pub new: Side,
    /// The changes.
    pub all: Vec<Change>,
    /// The operations, in the order of the new document, those that are gone behind.
    pub operations: Vec<Concerned>,
    /// What can't be read in either document, so that nothing is known of it.
    pub unread: Vec<LoadError>,
    /// Whether the documents differ in more than is looked at.
    pub is_cut: bool,
}

impl Change {
    /// Whether anything breaks.
    pub fn is_breaking(&self) -> bool {
        self.breaks_requests || self.breaks_replies
    }

    /// For whom it breaks something, in words.
    pub fn class(&self) -> &'static str {
        match (self.breaks_requests, self.breaks_replies) {
            (true, true) => "breaking for requests and replies",
            (true, false) => "breaking for requests",
            (false, true) => "breaking for replies",
            (false, false) => "compatible",
        }
    }
}

/// A document that is compared.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// The title of its API.
    pub title: String,
    /// The version of its API.
    pub version: String,
    /// The name of its file.
    pub file: String,
}

impl Changes {
    /// A change in a sentence without a full stop, code between backquotes.
    pub fn sentence(&self, change: &Change) -> String {
        let is_operation =
            change.subject.part == Part::Operation && change.subject.fields.is_empty();
        let subject = match change.operations.as_slice() {
            [only] if is_operation => format!("`{}`", plain(&self.operations[*only].name)),
            _ => change.subject.to_string(),
        };
        let sentence = format!("{subject} {}", change.detail);
        let mut chars = sentence.chars();
        match chars.next() {
            Some(first) => first.to_uppercase().chain(chars).collect(),
            None => sentence,
        }
    }

    /// How many break something.
    pub fn breaking(&self) -> usize {
        self.all
            .iter()
            .filter(|change| change.is_breaking())
            .count()
    }
}
