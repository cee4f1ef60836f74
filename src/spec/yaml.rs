//! YAML 1.2 (core schema) into JSON values, with bounds and with places.

use super::yaml_fault::{Fault, broken};
use crate::wire::Pointer;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

const DEPTH_LIMIT: usize = 256;
const EVENT_LIMIT: usize = 5_000_000;
/// Nodes that aliases may add in all: a few lines of aliases to aliases would else fill the memory.
const ALIAS_NODE_LIMIT: usize = 1_000_000;

/// What mends a key that is given twice.
pub(super) const TWICE: &str = "take one of the two away";

/// Where a node stands in the text, in bytes.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) key: Option<Range<usize>>,
    pub(super) value: Range<usize>,
    /// How a scalar is written; plain for everything else.
    pub(super) style: ScalarStyle,
}

/// Reads one document. Keys are the text as written (`200:` is `"200"`); a key given twice,
/// an unknown alias, or a text past the bounds is a fault.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    let mut builder = Builder::new(text);
    builder.run()?;
    Ok(builder.root.unwrap_or(Value::Null))
}

/// Every node's place by its pointer, as far as the text can be read.
pub(super) fn locate(text: &str) -> HashMap<String, Node> {
    let mut builder = Builder::new(text);
    builder.places = Some(HashMap::new());
    // A broken text still has places up to the break.
    let _ = builder.run();
    builder.places.unwrap_or_default()
}

struct Builder<'t> {
    text: &'t str,
    /// Where each line starts, in bytes; empty for ASCII, where a character is a byte.
    lines: Vec<usize>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, (Value, usize)>,
    alias_nodes: usize,
    root: Option<Value>,
    places: Option<HashMap<String, Node>>,
}

struct Frame {
    value: Value,
    /// The key that waits for its value, in a mapping.
    key: Option<(String, Range<usize>)>,
    anchor: usize,
    nodes: usize,
    start: usize,
    pointer: Pointer,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Builder<'t> {
        Builder {
            lines: match text.is_ascii() {
                true => Vec::new(),
                false => std::iter::once(0)
                    .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                    .collect(),
            },
            text,
            stack: Vec::new(),
            anchors: HashMap::new(),
            alias_nodes: 0,
            root: None,
            places: None,
        }
    }

    fn run(&mut self) -> Result<(), Fault> {
        let mut parser = Parser::new_from_str(self.text);
        let mut events = 0;
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let at = self.offset(error.marker());
                broken(self.text, at, error.info())
            })?;
            events += 1;
            let span = self.bytes(&span);
            if events > EVENT_LIMIT {
                return fault("the file has more than 5,000,000 nodes", span);
            }
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return fault("a second YAML document starts here; one is read", span);
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let is_key = self.stack.last().is_some_and(Frame::awaits_key);
                    if is_key {
                        self.key(text.into_owned(), span)?;
                    } else {
                        let value = scalar(&text, style, tag.as_deref());
                        self.anchor(anchor, &value, 1);
                        self.value(value, span, 1, style)?;
                    }
                }
                Event::Alias(anchor) => self.alias(anchor, span)?,
                Event::SequenceStart(anchor, _) => self.open(Value::Array(vec![]), anchor, span)?,
                Event::MappingStart(anchor, _) => {
                    self.open(Value::Object(Map::new()), anchor, span)?
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            }
        }
        Ok(())
    }

    fn open(&mut self, value: Value, anchor: usize, span: Range<usize>) -> Result<(), Fault> {
        if self.stack.last().is_some_and(Frame::awaits_key) {
            return fault("a key must be a plain text here", span);
        }
        if self.stack.len() >= DEPTH_LIMIT {
            return fault("nested deeper than 256 levels", span);
        }
        let pointer = self.next_pointer();
        self.stack.push(Frame {
            value,
            key: None,
            anchor,
            nodes: 1,
            start: span.start,
            pointer,
        });
        Ok(())
    }

    fn close(&mut self, span: Range<usize>) -> Result<(), Fault> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        self.anchor(frame.anchor, &frame.value, frame.nodes);
        let span = frame.start..span.end;
        self.value(frame.value, span, frame.nodes, ScalarStyle::Plain)
    }

    fn key(&mut self, key: String, span: Range<usize>) -> Result<(), Fault> {
        let Some(frame) = self.stack.last_mut() else {
            return Ok(());
        };
        if frame.value.get(&key).is_some() {
            return Err(Fault {
                message: format!("the key `{key}` stands here a second time"),
                span,
                help: Some(TWICE),
            });
        }
        frame.key = Some((key, span));
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Fault> {
        let Some((value, nodes)) = self.anchors.get(&anchor) else {
            return fault("this alias names an anchor that isn't complete here", span);
        };
        self.alias_nodes += nodes;
        if self.alias_nodes > ALIAS_NODE_LIMIT {
            return fault("aliases expand to more than 1,000,000 nodes", span);
        }
        let (value, nodes) = (value.clone(), *nodes);
        if self.stack.last().is_some_and(Frame::awaits_key) {
            return match value {
                Value::String(key) => self.key(key, span),
                _ => fault("a key must be a plain text here", span),
            };
        }
        self.value(value, span, nodes, ScalarStyle::Plain)
    }

    fn value(
        &mut self,
        value: Value,
        span: Range<usize>,
        nodes: usize,
        style: ScalarStyle,
    ) -> Result<(), Fault> {
        let pointer = self.next_pointer();
        let mut key_span = None;
        match self.stack.last_mut() {
            None => self.root = Some(value),
            Some(frame) => {
                frame.nodes += nodes;
                match &mut frame.value {
                    Value::Array(items) => items.push(value),
                    Value::Object(map) => {
                        if let Some((key, span)) = frame.key.take() {
                            key_span = Some(span);
                            map.insert(key, value);
                        }
                    }
                    _ => {}
                }
            }
        }
        if let Some(places) = &mut self.places {
            let node = Node {
                key: key_span,
                value: span,
                style,
            };
            places.insert(pointer.as_str().to_owned(), node);
        }
        Ok(())
    }

    /// The pointer of the value that comes next; built only where places are wanted.
    fn next_pointer(&self) -> Pointer {
        match self.stack.last() {
            Some(frame) if self.places.is_some() => match (&frame.value, &frame.key) {
                (Value::Array(items), _) => frame.pointer.child(items.len()),
                (_, Some((key, _))) => frame.pointer.child(key),
                _ => Pointer::root(),
            },
            _ => Pointer::root(),
        }
    }

    fn anchor(&mut self, anchor: usize, value: &Value, nodes: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), nodes));
        }
    }

    fn bytes(&self, span: &Span) -> Range<usize> {
        let start = self.offset(&span.start);
        start..self.offset(&span.end).max(start)
    }

    /// The parser counts lines from 1, and columns and its index in characters from 0.
    fn offset(&self, at: &Marker) -> usize {
        if self.lines.is_empty() {
            return at.index().min(self.text.len());
        }
        let Some(&start) = self.lines.get(at.line().saturating_sub(1)) else {
            return self.text.len();
        };
        self.text[start..]
            .char_indices()
            .nth(at.col())
            .map_or(self.text.len(), |(at, _)| start + at)
    }
}

impl Frame {
    fn awaits_key(&self) -> bool {
        self.value.is_object() && self.key.is_none()
    }
}

fn fault<T>(message: &str, span: Range<usize>) -> Result<T, Fault> {
    Err(Fault {
        message: message.to_owned(),
        span,
        help: None,
    })
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let core = tag.filter(|tag| tag.is_yaml_core_schema());
    match core.map(|tag| tag.suffix.as_str()) {
        Some("str") => return Value::String(text.to_owned()),
        Some(_) => return plain(text),
        None => {}
    }
    match style {
        ScalarStyle::Plain => plain(text),
        _ => Value::String(text.to_owned()),
    }
}

/// The core schema's tag resolution (YAML 1.2.2 §10.3.2).
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(Number::from);
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit())
        && unsigned
            .chars()
            .all(|c| c.is_ascii_digit() || ".eE+-".contains(c));
    if !is_number {
        return None;
    }
    let text = Cow::from(text.strip_prefix('+').unwrap_or(text));
    if unsigned.bytes().all(|b| b.is_ascii_digit())
        && let Ok(number) = text.parse::<i64>().map(Number::from)
    {
        return Some(number);
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(Number::from(number));
    }
    Number::from_f64(text.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Value {
        parse(text).unwrap_or_else(|fault| panic!("{}", fault.message))
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
                15.0,
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
        let fault = parse("a: 1\nb: 2\na: 3\n").expect_err("a fault");
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
        assert!(parse(&bomb).is_err());
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn places_are_found_by_pointer() {
        let text = "a:\n  - b: ééé\n    c: two\n";
        let nodes = locate(text);
        let node = &nodes["/a/0/c"];
        assert_eq!(&text[node.value.clone()], "two");
        assert_eq!(&text[node.key.clone().expect("a key")], "c");
    }
}
