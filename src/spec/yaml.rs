//! YAML 1.2 (core schema) into a [`Tree`], with bounds.

use super::keys::{Role, twice};
use super::tree::{Cell, Kind, Tree};
use super::yaml_fault::{Fault, broken};
use super::yaml_padding::Padding;
use crate::wire::{EXPONENT, JsonFault};
use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, Span, Tag, options};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// How deep a document may nest, aliases followed.
pub(super) const DEPTH_LIMIT: usize = 256;
const EVENT_LIMIT: usize = 5_000_000;
/// Nodes that aliases may stand for in all: a few lines of aliases to aliases would else be more
/// than can be walked.
const ALIAS_NODE_LIMIT: usize = 1_000_000;

/// Reads one document. Keys are the text as written (`200:` is `"200"`); a key given twice,
/// an unknown alias, or a text past the bounds is a fault.
pub(super) fn parse(text: &Arc<String>, file: u32) -> Result<Tree, Fault> {
    let mut padding = Padding::default();
    let mut first = None;
    loop {
        let mut builder = Builder {
            tree: Tree {
                file,
                text: Arc::clone(text),
                ..Tree::default()
            },
            text,
            padding: &padding,
            stack: Vec::new(),
            keys: Vec::new(),
            anchors: HashMap::new(),
            alias_nodes: 0,
            unindented: None,
        };
        let Err(fault) = builder.run() else {
            return Ok(builder.finish());
        };
        let unindented = builder.unindented;
        let fault = first.take().unwrap_or(fault);
        if !unindented.is_some_and(|quote| padding.indent(text, quote)) {
            return Err(fault);
        }
        first = Some(fault);
    }
}

struct Builder<'t> {
    text: &'t str,
    /// What the parser is given more than there is.
    padding: &'t Padding,
    /// The quote of the text whose lines aren't indented, where that is the fault.
    unindented: Option<usize>,
    stack: Vec<Frame>,
    /// The cells of the keys of all open mappings.
    keys: Vec<u32>,
    anchors: HashMap<usize, Anchor>,
    alias_nodes: usize,
    tree: Tree,
}

/// A container that is open.
struct Frame {
    cell: usize,
    is_object: bool,
    /// Whether a key waits for its value.
    has_key: bool,
    /// Where its keys begin among the keys.
    keys: usize,
    anchor: usize,
    /// Nodes in it and levels below it so far, aliases followed.
    extent: Extent,
}

#[derive(Clone, Copy)]
struct Extent {
    nodes: usize,
    height: usize,
}

/// What an alias stands for.
#[derive(Clone, Copy)]
struct Anchor {
    cell: u32,
    extent: Extent,
}

impl<'t> Builder<'t> {
    fn run(&mut self) -> Result<(), Fault> {
        let padded = self.padding.pad(self.text);
        // Indentation within brackets is no one's concern: YAML asks for it, but no other reader
        // does, and documents are written accordingly.
        let options = options! {
            strict_indentation: false,
            flow_nesting_limit: DEPTH_LIMIT,
            block_nesting_limit: DEPTH_LIMIT,
        };
        let mut parser = Parser::new_from_str_with_options(&padded, options);
        let mut events = 0;
        let mut documents = 0;
        let mut read = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let mut at = self.offset(error.marker());
                let quote = self.text[read..].find(['"', '\'']).map(|at| read + at);
                match error.kind() {
                    ErrorKind::InvalidQuotedScalarIndent => {
                        self.unindented = quote;
                        at = quote.unwrap_or(at);
                    }
                    ErrorKind::UnclosedQuotedScalar => at = quote.unwrap_or(at),
                    _ => {}
                }
                broken(self.text, at, &error.info())
            })?;
            events += 1;
            let span = self.bytes(&span);
            read = span.end;
            if events > EVENT_LIMIT {
                return fault("the file has more than 5,000,000 nodes", span);
            }
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return fault("a second YAML document starts here; one is read", span);
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.scalar(&text, style, anchor, tag.as_deref(), span)?
                }
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::SequenceStart(_, anchor, _) => self.open(Kind::Array, anchor, span)?,
                Event::MappingStart(_, anchor, _) => self.open(Kind::Object, anchor, span)?,
                Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Tree {
        if self.tree.cells.is_empty() {
            self.push(Kind::Null, 0..0, ScalarStyle::Plain);
        }
        self.tree.cells.shrink_to_fit();
        self.tree
    }

    fn push(&mut self, kind: Kind, span: Range<usize>, style: ScalarStyle) -> u32 {
        self.tree.cells.push(Cell {
            start: span.start as u32,
            end: span.end as u32,
            next: 0,
            kind,
            style,
        });
        self.tree.cells.len() as u32 - 1
    }

    fn store(&mut self, cell: u32, text: &str) {
        self.tree.cells[cell as usize].next = self.tree.stored.len() as u32;
        self.tree.stored.push(text.into());
    }

    /// A text, in the way that costs least.
    fn text(&mut self, text: &str, span: Range<usize>, style: ScalarStyle) -> u32 {
        let said = &self.text[span.clone()];
        if said == text {
            return self.push(Kind::Bare, span, style);
        }
        let quotes = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        if quotes && said.len() == text.len() + 2 && &said[1..said.len() - 1] == text {
            return self.push(Kind::Quoted, span, style);
        }
        let cell = self.push(Kind::Stored, span, style);
        self.store(cell, text);
        cell
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Result<(), Fault> {
        let cell = self.tree.cells.len() as u32;
        if self.stack.last().is_some_and(Frame::awaits_key) {
            self.text(text, span, style);
            self.key(text, cell);
        } else {
            match resolved(text, style, tag) {
                Resolved::Word(kind) => {
                    self.push(kind, span, style);
                }
                Resolved::Number(number) if self.text[span.clone()] == *number => {
                    self.push(Kind::Number, span, style);
                }
                Resolved::Number(number) => {
                    self.push(Kind::StoredNumber, span, style);
                    self.store(cell, &number);
                }
                Resolved::Text => {
                    self.text(text, span, style);
                }
            }
            self.grow(Extent::ONE);
        }
        self.anchor(anchor, cell, Extent::ONE);
        Ok(())
    }

    fn open(&mut self, kind: Kind, anchor: usize, span: Range<usize>) -> Result<(), Fault> {
        if self.stack.last().is_some_and(Frame::awaits_key) {
            return fault("a key must be a plain text here", span);
        }
        if self.stack.len() >= DEPTH_LIMIT {
            return fault("nested deeper than 256 levels", span);
        }
        self.stack.push(Frame {
            cell: self.tree.cells.len(),
            is_object: kind == Kind::Object,
            has_key: false,
            keys: self.keys.len(),
            anchor,
            extent: Extent::ONE,
        });
        self.push(kind, span, ScalarStyle::Plain);
        Ok(())
    }

    fn close(&mut self, span: Range<usize>) -> Result<(), Fault> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        let keys = &self.keys[frame.keys..];
        if let Some(key) = twice(&self.tree, keys) {
            let name = self.tree.node(key).text().unwrap_or_default();
            return Err(JsonFault::twice(&name, self.tree.span(key)).into());
        }
        let mut members = keys.len();
        let merges = keys.iter().any(|key| self.tree.node(*key).is_text("<<"));
        self.keys.truncate(frame.keys);
        if merges {
            members += self.merge(&frame);
        }
        self.tree.crowds.note(frame.cell as u32, members);
        let next = self.tree.cells.len() as u32;
        let cell = &mut self.tree.cells[frame.cell];
        cell.end = cell.start.max(span.end as u32);
        cell.next = next;
        self.anchor(frame.anchor, frame.cell as u32, frame.extent);
        self.grow(frame.extent);
        Ok(())
    }

    fn key(&mut self, key: &str, cell: u32) {
        let Some(frame) = self.stack.last_mut() else {
            return;
        };
        frame.has_key = true;
        self.keys.push(cell);
        if let Some(role) = Role::of(key) {
            self.tree.note(role, frame.cell as u32, cell + 1);
        }
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Fault> {
        let Some(Anchor { cell, extent }) = self.anchors.get(&anchor).copied() else {
            return fault("this alias names an anchor that isn't complete here", span);
        };
        self.alias_nodes += extent.nodes;
        if self.alias_nodes > ALIAS_NODE_LIMIT {
            return fault("aliases expand to more than 1,000,000 nodes", span);
        }
        if self.stack.len() + extent.height > DEPTH_LIMIT {
            return fault("nested deeper than 256 levels, aliases followed", span);
        }
        let alias = self.push(Kind::Alias, span.clone(), ScalarStyle::Plain);
        self.tree.cells[alias as usize].next = cell;
        if self.stack.last().is_some_and(Frame::awaits_key) {
            return match self.tree.node(cell).text().map(Cow::into_owned) {
                Some(key) => {
                    self.key(&key, alias);
                    Ok(())
                }
                None => fault("a key must be a plain text here", span),
            };
        }
        self.grow(extent);
        Ok(())
    }

    /// Takes in what `<<` names (<https://yaml.org/type/merge.html>): YAML 1.2 has no word of it,
    /// but the documents that have it mean it. Members given beside it go before. Gives how many
    /// members it brings.
    fn merge(&mut self, frame: &Frame) -> usize {
        let object = frame.cell as u32;
        self.tree.cells[frame.cell].next = self.tree.cells.len() as u32;
        let Some((key, value)) = self
            .tree
            .node(object)
            .members()
            .find(|(key, _)| key.is_text("<<"))
            .map(|(key, value)| (key.number(), value.number()))
        else {
            return 0;
        };
        let value = self.tree.node(value);
        let sources = match value.is_object() {
            true => vec![value],
            false => value.items().collect(),
        };
        if self.tree.style(key) != ScalarStyle::Plain || !sources.iter().all(|s| s.is_object()) {
            return 0;
        }
        let own = self.tree.node(object).entries();
        let mut known: HashSet<String> = own.map(|(name, _)| name.into_owned()).collect();
        let mut taken = Vec::new();
        for (name, (key, value)) in sources
            .iter()
            .flat_map(|source| source.members())
            .map(|(key, value)| (key.text().unwrap_or_default(), (key, value)))
        {
            if known.insert(name.into_owned()) {
                taken.push((key.number(), value.number()));
            }
        }
        let here = self.tree.span(key);
        let count = taken.len();
        self.tree.cells[key as usize].kind = Kind::Merge;
        for target in taken.into_iter().flat_map(|(key, value)| [key, value]) {
            let alias = self.push(Kind::Alias, here.clone(), ScalarStyle::Plain);
            self.tree.cells[alias as usize].next = target;
        }
        count
    }

    /// A value is complete in the innermost container.
    fn grow(&mut self, extent: Extent) {
        if let Some(frame) = self.stack.last_mut() {
            frame.has_key = false;
            frame.extent.nodes += extent.nodes;
            frame.extent.height = frame.extent.height.max(extent.height + 1);
        }
    }

    fn anchor(&mut self, anchor: usize, cell: u32, extent: Extent) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchor { cell, extent });
        }
    }

    fn bytes(&mut self, span: &Span) -> Range<usize> {
        let start = self.offset(&span.start);
        start..self.offset(&span.end).max(start)
    }

    fn offset(&self, at: &Marker) -> usize {
        // Of a text in memory the parser always knows the byte.
        let at = at.byte_offset().unwrap_or(at.index());
        self.padding.source(at).min(self.text.len())
    }
}

impl Frame {
    fn awaits_key(&self) -> bool {
        self.is_object && !self.has_key
    }
}

impl Extent {
    const ONE: Extent = Extent {
        nodes: 1,
        height: 1,
    };
}

fn fault<T>(message: &str, span: Range<usize>) -> Result<T, Fault> {
    Err(Fault {
        message: message.to_owned(),
        span,
        help: None,
    })
}

/// What a scalar means.
enum Resolved<'t> {
    Word(Kind),
    /// A number, as JSON writes it.
    Number(Cow<'t, str>),
    Text,
}

fn resolved<'t>(text: &'t str, style: ScalarStyle, tag: Option<&Tag>) -> Resolved<'t> {
    match tag.and_then(Tag::core_suffix) {
        Some("str") => return Resolved::Text,
        Some(_) => return plain(text),
        None => {}
    }
    match style {
        ScalarStyle::Plain => plain(text),
        _ => Resolved::Text,
    }
}

/// The core schema's tag resolution (YAML 1.2.2 §10.3.2).
fn plain(text: &str) -> Resolved<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Resolved::Word(Kind::Null),
        "true" | "True" | "TRUE" => Resolved::Word(Kind::True),
        "false" | "False" | "FALSE" => Resolved::Word(Kind::False),
        _ => number(text).map_or(Resolved::Text, Resolved::Number),
    }
}

/// Whether an exponent is beyond what is read of JSON: such a text is no number to anyone.
fn is_beyond(exponent: &str) -> bool {
    let digits = exponent.trim_start_matches('0');
    digits.len() > 6
        || digits
            .parse()
            .is_ok_and(|exponent: u32| exponent > EXPONENT)
}

/// A number as JSON writes it, to the last digit.
fn number(text: &str) -> Option<Cow<'_, str>> {
    let radix = |digits: &str, radix| {
        let whole = u64::from_str_radix(digits, radix).ok()?;
        (!digits.starts_with('+')).then(|| Cow::Owned(whole.to_string()))
    };
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let (sign, unsigned) = match text.as_bytes().first() {
        Some(b'-') => ("-", &text[1..]),
        Some(b'+') => ("", &text[1..]),
        _ => ("", text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    if !digits(integer)
        || !digits(fraction)
        || integer.len() + fraction.len() == 0
        || exponent_digits.is_some_and(|e| e.is_empty() || !digits(e) || is_beyond(e))
    {
        return None;
    }
    let whole = match integer.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let mut json = format!("{sign}{whole}");
    if !fraction.is_empty() {
        json.push('.');
        json.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        json.push('e');
        json.push_str(exponent);
    }
    Some(match json == text {
        true => Cow::Borrowed(text),
        false => Cow::Owned(json),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(text: &str) -> Value {
        match parse(&text.to_owned().into(), 0) {
            Ok(tree) => tree.root().value(),
            Err(fault) => panic!("{}", fault.message),
        }
    }

    #[test]
    fn scalars_mean_what_yaml_1_2_says() {
        let text = "- no\n- on\n- 1_000\n- 0o7\n- 0x1F\n- 2024-01-15\n- 10:00\n- 1.5e1\n- +3\n\
                    - ~\n- \n- True\n- '1'\n- !!str 2\n- 007\n- 1.2.3\n- .5\n- '-'";
        assert_eq!(
            read(text),
            json!([
                "no",
                "on",
                "1_000",
                7,
                31,
                "2024-01-15",
                "10:00",
                15,
                3,
                null,
                null,
                true,
                "1",
                "2",
                7,
                "1.2.3",
                0.5,
                "-"
            ])
        );
        assert_eq!(read("200: a\ntrue: b"), json!({"200": "a", "true": "b"}));
        assert_eq!(read("a: 18446744073709551615"), json!({"a": u64::MAX}));
    }

    #[test]
    fn a_key_given_twice_is_a_fault_at_the_second() {
        let fault = parse(&"a: 1\nb: 2\na: 3\n".to_owned().into(), 0).expect_err("a fault");
        assert_eq!(fault.message, "the key `a` stands here a second time");
        assert_eq!(fault.span.start, 10);
    }

    #[test]
    fn aliases_are_expanded_within_a_bound() {
        assert_eq!(read("a: &x [1]\nb: *x"), json!({"a": [1], "b": [1]}));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            bomb += &format!("a{level}: &a{level} [{below}]\n");
        }
        assert!(parse(&bomb.into(), 0).is_err());
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse(&"[".repeat(100_000).into(), 0).is_err());
    }

    #[test]
    fn merge_keys_give_what_is_not_given() {
        let text = "base: &b {a: 1, b: 2}\nmore: &m {c: 3}\none: {<<: *b, b: 5}\n\
                    two:\n  <<: [*b, *m]\n  d: 4\nthree: {'<<': *b}";
        assert_eq!(
            read(text),
            json!({
                "base": {"a": 1, "b": 2},
                "more": {"c": 3},
                "one": {"b": 5, "a": 1},
                "two": {"d": 4, "a": 1, "b": 2, "c": 3},
                "three": {"<<": {"a": 1, "b": 2}},
            })
        );
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = "[9007199254740993, 0.10, 1e400, -.5, 5., +007.0, 0x, 1e, ., 12.e3]";
        assert_eq!(
            read(text).to_string(),
            r#"[9007199254740993,0.10,1e+400,-0.5,5,7,"0x","1e",".",12000]"#
        );
    }

    #[test]
    fn places_are_found_by_pointer() {
        let text = "a:\n  - b: ééé\n    c: two\n  - &x {d: 1}\n  - *x\n";
        let tree =
            parse(&text.to_owned().into(), 0).unwrap_or_else(|fault| panic!("{}", fault.message));
        let at = |pointer: &str| tree.locate(&crate::wire::Pointer::parse(pointer).expect("one"));
        let (key, value) = at("/a/0/c");
        assert_eq!(&text[tree.span(value)], "two");
        assert_eq!(&text[tree.span(key.expect("a key"))], "c");
        let node = tree.at(&crate::wire::Pointer::parse("/a/2/d").expect("one"));
        let node = node.expect("an alias is followed");
        assert_eq!(tree.pointer(node.number()).as_str(), "/a/1/d");
    }
}
