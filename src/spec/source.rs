use super::{LoadError, yaml};
use crate::wire::Pointer;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The largest file that is read, in bytes.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// One file's text, kept so that errors can show their line.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Every node's place, found when the first one is asked for.
    nodes: OnceLock<HashMap<String, yaml::Node>>,
}

/// Where a file says something: what a violation names as the source of its demand.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The file.
    pub source: Arc<Source>,
    /// The place in it.
    pub pointer: Pointer,
}

impl Origin {
    /// The place as a URI fragment: `#/components/schemas/Pet`.
    pub fn fragment(&self) -> String {
        format!("#{}", self.pointer)
    }
}

impl fmt::Display for Origin {
    /// `file:line`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, _) = self.source.position(&Place::Key(self.pointer.clone()));
        write!(f, "{}:{line}", self.source.name())
    }
}

/// A place in a file, kept symbolic until someone has to be shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    File,
    /// The value that a pointer names.
    Value(Pointer),
    /// The key of the member that a pointer names.
    Key(Pointer),
    /// A place inside a scalar: the pointer to it, and how many characters other than white
    /// space stand before the place. Folding and indentation change only white space, so the
    /// count holds in plain and block scalars alike.
    Inside(Pointer, usize),
    /// A range of bytes.
    Span(Range<usize>),
}

impl Source {
    /// A source that is already in memory.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source {
            name: name.into(),
            text: text.into(),
            nodes: OnceLock::new(),
        }
    }

    /// Reads a regular file of at most 64 MiB as UTF-8, with or without a byte order mark.
    /// `name` is what people are shown.
    pub fn read(path: &Path, name: &str) -> Result<Arc<Source>, LoadError> {
        let fail = |message: String| {
            LoadError::new(&Arc::new(Source::new(name, "")), Place::File, message)
        };
        let metadata =
            std::fs::metadata(path).map_err(|error| fail(format!("can't be read: {error}")))?;
        if !metadata.is_file() {
            return Err(fail("is not a regular file".to_owned()));
        }
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut bytes))
            .map_err(|error| fail(format!("can't be read: {error}")))?;
        if bytes.len() as u64 > FILE_LIMIT {
            return Err(fail("is larger than 64 MiB".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            fail(format!("is not UTF-8 (byte {at})"))
        })?;
        let text = text
            .strip_prefix('\u{feff}')
            .map(str::to_owned)
            .unwrap_or(text);
        Ok(Arc::new(Source::new(name, text)))
    }

    /// The file's name, as people are shown it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as a JSON value: JSON for a `.json` file, else YAML 1.2.
    pub fn parse(self: &Arc<Source>) -> Result<Value, LoadError> {
        if self.name.ends_with(".json") {
            return serde_json::from_str(&self.text).map_err(|error| {
                let line_start = match error.line() {
                    0 | 1 => 0,
                    line => self
                        .text
                        .match_indices('\n')
                        .nth(line - 2)
                        .map_or(0, |(at, _)| at + 1),
                };
                let at = line_start + error.column().saturating_sub(1);
                LoadError::new(
                    self,
                    Place::Span(at..at),
                    format!("this is not JSON: {error}"),
                )
            });
        }
        yaml::parse(&self.text)
            .map_err(|fault| LoadError::new(self, Place::Span(fault.span), fault.message))
    }

    /// The bytes that a place covers: within one line, never empty unless the file is.
    pub fn span(&self, place: &Place) -> Range<usize> {
        let span = match place {
            Place::File => 0..0,
            Place::Span(span) => span.clone(),
            Place::Value(pointer) => self.locate(pointer).map_or(0..0, |node| node.value),
            Place::Key(pointer) => self
                .locate(pointer)
                .map_or(0..0, |node| node.key.unwrap_or(node.value)),
            Place::Inside(pointer, skip) => self
                .locate(pointer)
                .map_or(0..0, |node| self.inside(node.value, *skip)),
        };
        let start = self.floor(span.start);
        let line_end = self.text[start..]
            .find(['\n', '\r'])
            .map_or(self.text.len(), |at| start + at);
        let end = self.floor(span.end).clamp(start, line_end);
        start..end.max(self.floor((start + 1).min(line_end)))
    }

    /// Line and column of a place, both from 1, the column in characters.
    pub fn position(&self, place: &Place) -> (usize, usize) {
        let start = self.span(place).start;
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    fn floor(&self, mut at: usize) -> usize {
        at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// The place of a pointer, or of the nearest thing above it that is there.
    fn locate(&self, pointer: &Pointer) -> Option<yaml::Node> {
        let nodes = self.nodes.get_or_init(|| yaml::locate(&self.text));
        let mut pointer = pointer.clone();
        loop {
            if let Some(node) = nodes.get(pointer.as_str()) {
                return Some(node.clone());
            }
            pointer = pointer.split_last()?.0;
        }
    }

    fn inside(&self, scalar: Range<usize>, skip: usize) -> Range<usize> {
        let text = &self.text[scalar.clone()];
        // A block scalar opens with a header line, a quoted one with its quote.
        let from = match text.chars().next() {
            Some('|' | '>') => text.find('\n').map_or(0, |at| at + 1),
            Some('"' | '\'') => 1,
            _ => 0,
        };
        let at = text[from..]
            .char_indices()
            .filter(|(_, c)| !c.is_whitespace())
            .nth(skip)
            .map_or(text.len(), |(at, _)| from + at);
        scalar.start + at..scalar.end
    }
}
