use super::lines::Lines;
use super::scalar::{Unit, units};
use super::tree::Tree;
use super::yaml_fault::Fault;
use super::{LoadError, json, yaml};
use crate::wire::Pointer;
use granit_parser::ScalarStyle;
use serde_json::Value;
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
    text: Arc<String>,
    /// Which of its document's files it is.
    number: u32,
    tree: OnceLock<Result<Tree, Fault>>,
    lines: OnceLock<Lines>,
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

    /// The same for who has the document alone: of another of its files the name stands before.
    pub fn reference(&self) -> String {
        let name = self.source.name();
        match self.source.number {
            0 => self.fragment(),
            _ => {
                let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
                format!("{file}{}", self.fragment())
            }
        }
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
            text: Arc::new(text.into()),
            number: 0,
            tree: OnceLock::new(),
            lines: OnceLock::new(),
        }
    }

    /// The same source as the numbered one of a document's files.
    pub(super) fn numbered(mut self, number: u32) -> Source {
        self.number = number;
        self
    }

    /// Reads a regular file of at most 64 MiB as UTF-8, with or without a byte order mark.
    /// `name` is what people are shown.
    pub fn read(path: &Path, name: &str) -> Result<Source, LoadError> {
        let fail = |message: String| {
            LoadError::new(&Arc::new(Source::new(name, "")), Place::File, message)
        };
        let metadata =
            std::fs::metadata(path).map_err(|error| fail(format!("can't be read: {error}")))?;
        if !metadata.is_file() {
            return Err(fail("is not a regular file".to_owned()));
        }
        let mut bytes = Vec::with_capacity(metadata.len().min(FILE_LIMIT) as usize + 1);
        File::open(path)
            .and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut bytes))
            .map_err(|error| fail(format!("can't be read: {error}")))?;
        if bytes.len() as u64 > FILE_LIMIT {
            return Err(fail("is larger than 64 MiB".to_owned()));
        }
        let mut text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let readable = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Arc::new(Source::new(name, readable));
            LoadError::new(&source, Place::Span(at..at), "this is not UTF-8")
                .with_help("save the file as UTF-8")
        })?;
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(Source::new(name, text))
    }

    /// The file's name, as people are shown it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as a value: JSON for a `.json` file, else YAML 1.2.
    pub fn parse(self: &Arc<Source>) -> Result<Value, LoadError> {
        self.tree().map(|tree| tree.root().value())
    }

    /// The text as a tree, read when it is first asked for. What looks like JSON is read as JSON,
    /// which is much quicker; what then isn't is YAML, unless the file's name says otherwise.
    pub fn tree(self: &Arc<Source>) -> Result<&Tree, LoadError> {
        let tree = self.tree.get_or_init(|| {
            let is_json = self.name.ends_with(".json");
            if is_json || self.text.trim_start().starts_with('{') {
                let tree = json::parse(&self.text, self.number);
                if is_json || tree.is_ok() {
                    return tree;
                }
            }
            yaml::parse(&self.text, self.number)
        });
        tree.as_ref().map_err(|fault| {
            let error = LoadError::new(self, Place::Span(fault.span.clone()), &*fault.message);
            match fault.help {
                Some(help) => error.with_help(help),
                None => error,
            }
        })
    }

    /// The bytes that a place covers: within one line, never empty unless the file is.
    pub fn span(&self, place: &Place) -> Range<usize> {
        let span = self.covered(place);
        let start = self.floor(span.start);
        let line_end = self.text.as_bytes()[start..]
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .map_or(self.text.len(), |at| start + at);
        let end = self.floor(span.end).clamp(start, line_end);
        start..end.max(self.floor((start + 1).min(line_end)))
    }

    /// The bytes that a place covers, on however many lines.
    fn covered(&self, place: &Place) -> Range<usize> {
        match place {
            Place::File => 0..0,
            Place::Span(span) => span.clone(),
            Place::Value(pointer) => self.locate(pointer, |tree, _, value| tree.span(value)),
            Place::Key(pointer) => {
                self.locate(pointer, |tree, key, value| tree.span(key.unwrap_or(value)))
            }
            Place::Inside(pointer, skip) => self.locate(pointer, |tree, _, value| {
                self.inside(tree.span(value), tree.style(value), *skip)
            }),
        }
    }

    /// Line and column of a place, both from 1, the column in characters.
    pub fn position(&self, place: &Place) -> (usize, usize) {
        let start = self.floor(self.covered(place).start);
        let lines = self.lines.get_or_init(|| Lines::of(&self.text));
        lines.position(&self.text, start)
    }

    fn floor(&self, mut at: usize) -> usize {
        at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// The place of a pointer, or of the nearest thing above it that is there.
    fn locate(
        &self,
        pointer: &Pointer,
        span: impl FnOnce(&Tree, Option<u32>, u32) -> Range<usize>,
    ) -> Range<usize> {
        match self.tree.get() {
            Some(Ok(tree)) => {
                let (key, value) = tree.locate(pointer);
                span(tree, key, value)
            }
            _ => 0..0,
        }
    }

    fn inside(&self, value: Range<usize>, style: ScalarStyle, skip: usize) -> Range<usize> {
        let scalar = self.content(value, style);
        let units = units(&self.text[scalar.clone()], style);
        let said = |unit: &&Unit| !unit.value.is_whitespace();
        let Some(first) = units.iter().filter(said).nth(skip) else {
            // The place is the end: behind what was said last.
            let last = units.iter().rfind(said);
            let at = scalar.start + last.map_or(0, |unit| unit.end);
            return at..at;
        };
        let from = units.partition_point(|unit| unit.start <= first.start);
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let operator = |c: char| "=!<>&|".contains(c);
        let rest = || units[from..].iter().take_while(|unit| unit.value != '\n');
        let last = match first.value {
            quote @ ('\'' | '"') => {
                let end = rest().position(|unit| unit.value == quote);
                rest().take(end.map_or(usize::MAX, |n| n + 1)).last()
            }
            c if word(c) => rest().take_while(|unit| word(unit.value)).last(),
            c if operator(c) => rest().take_while(|unit| operator(unit.value)).last(),
            _ => None,
        };
        scalar.start + first.start..scalar.start + last.unwrap_or(first).end
    }

    /// A scalar without its tag and anchor, its quotes, or its block's header.
    fn content(&self, value: Range<usize>, style: ScalarStyle) -> Range<usize> {
        let Range { mut start, end } = value;
        if let ScalarStyle::Literal | ScalarStyle::Folded = style {
            // The header belongs to a block that has a tag or an anchor, and to no other.
            let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
            if !self.text[line..start].trim().is_empty() {
                start = self.text[start..end]
                    .find('\n')
                    .map_or(end, |at| start + at + 1);
            }
            return start..end;
        }
        while self.text[start..end].starts_with(['&', '!']) {
            let text = &self.text[start..end];
            let property = text.find(char::is_whitespace).unwrap_or(text.len());
            let rest = text[property..].trim_start();
            start = end - rest.len();
        }
        match style {
            ScalarStyle::Plain => start..end,
            _ => start + 1..(end - 1).max(start + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that the place behind so many characters covers.
    fn covered(yaml: &str, skip: usize) -> String {
        let source = Arc::new(Source::new("a.yaml", yaml));
        assert!(source.tree().is_ok(), "{yaml}");
        let root = Pointer::root();
        let root = if yaml.starts_with('-') {
            root.child(1)
        } else {
            root
        };
        let place = Place::Inside(root.child("a"), skip);
        source.text()[source.span(&place)].to_owned()
    }

    #[test]
    fn a_place_inside_a_scalar_counts_what_was_said_not_how() {
        for yaml in [
            "a: b == 'c' == yes\n",
            "a: 'b == ''c'' == yes'\n",
            "a: \"b == \\\"c\\\" == yes\"\n",
            "a: \"b == \\x22c\\u0022\\n\\t== yes\"\n",
            "a: \"b == 'c' \\\n    == yes\"\n",
            "a: >-\n  b ==\n  'c'\n  == yes\nb: 1\n",
            "a: |\n  b == 'é'\n\n    == yes\nb: 1\n",
            "a: |2-\n   b == 'é'\n  == yes\n",
            "a: !!str 'b == ''c'' == yes'\n",
            "a: &x !!str >-\n  b == 'é'\n  == yes\n",
            "- 1\n- a: >\n    b == 'é'\n\n    == yes\n",
        ] {
            assert_eq!(covered(yaml, 8), "yes", "{yaml}");
            assert_eq!(covered(yaml, 6), "==", "{yaml}");
        }
        for block in [
            "a: |\n  'x' == yes",
            "a: >-\n  \"x\"\n  == yes",
            "a: |\n  >x>\n  == yes",
        ] {
            assert_eq!(covered(block, 5), "yes", "{block}");
        }
        assert_eq!(covered("a: '''x y'' == z'\n", 0), "''x y''");
        assert_eq!(covered("a: \"\\\"x y\\\" == z\"\n", 0), "\\\"x y\\\"");
    }

    #[test]
    fn the_end_of_a_scalar_is_behind_its_last_word() {
        let end = |yaml: &str| {
            let source = Arc::new(Source::new("a.yaml", yaml));
            assert!(source.tree().is_ok());
            source.position(&Place::Inside(Pointer::root().child("a"), 99))
        };
        assert_eq!(end("a: x +\nb: 1\n"), (1, 7));
        assert_eq!(end("a: 'x + '\nb: 1\n"), (1, 8));
        assert_eq!(end("a: >\n  x\n  +\n\nb: 1\n"), (3, 4));
        assert_eq!(end("a: ''\nb: 1\n"), (1, 5));
    }

    #[test]
    fn json_with_escaped_halves_of_characters_has_places() {
        let text = "{\n\"a\": \"\\ud83d\\ude00 \\\\ud83d\",\n\"b\": 1}";
        let source = Arc::new(Source::new("a.json", text));
        assert!(source.parse().is_ok());
        let place = Place::Value(Pointer::root().child("b"));
        assert_eq!(source.position(&place), (3, 6));
    }

    #[test]
    fn a_member_given_twice_in_json_is_an_error_at_the_second() {
        let text = "{\"a\": 1,\n \"b\": {\"c\": 1, \"c\" : {}}}";
        let error = Arc::new(Source::new("a.json", text)).parse();
        let error = error.expect_err("an error");
        assert_eq!(
            error.to_string(),
            "a.json:2:16: the key `c` stands here a second time"
        );
        assert_eq!(&text[error.source.span(&error.place)], "\"c\"");
    }
}
