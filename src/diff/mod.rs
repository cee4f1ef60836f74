//! What has changed between two documents of one API, by what they mean and not by their text.
//!
//! Takes two documents; gives [`Changes`], each classed by whom it breaks something for. A request
//! that was right must stay right, and a reply must be one that was to be expected: of what
//! clients send less breaks, of what the API sends more.

mod alternatives;
mod body;
mod change;
mod contained;
mod document;
mod finder;
mod flat;
mod forms;
mod kinds;
mod limits;
mod list;
mod message;
mod object;
mod operation;
mod pairing;
mod remark;
mod response;
mod same;
mod schema;
mod security;
mod subject;
mod told;
mod words;
mod worlds;

pub use change::{Change, Changes, Concerned, Side};
pub use subject::{Part, Step, Subject};
pub use told::Told;

use crate::spec::{Document, LoadErrors, Opening, Reach, Source};
use finder::Finder;
use std::path::Path;

/// All that has changed from one document to another.
pub fn changes(old: &Document, new: &Document) -> Changes {
    let pairs = pairing::paired(old, new);
    let mut finder = Finder::new(old, new, pairs.len());
    finder.document(&pairs);
    finder.run();
    let told = pairs.into_iter().map(|pair| pair.told);
    finder.changes(told.collect())
}

/// Reads a document to be compared. What it refers to is read where `reach` lets it.
///
/// # Errors
/// Why it is no OpenAPI document that can be read, with the places.
pub fn open(path: &Path, reach: &Reach) -> Result<Document, LoadErrors> {
    let source = Source::read(path, &path.display().to_string())?;
    let opening = Opening {
        path: Some(path),
        reach,
        overlays: &[],
    };
    Document::read(source, &opening).map_err(LoadErrors)
}
