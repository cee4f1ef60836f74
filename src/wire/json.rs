//! JSON text (RFC 8259), read strictly and in one pass, without recursion.

use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::ops::Range;

/// How deep a message's JSON may nest.
pub const DEPTH: usize = 128;
/// The highest exponent of a number, which is that of decimal128 (IEEE 754): to compare numbers
/// exactly takes their digits written out, and a few bytes could ask for millions.
pub(crate) const EXPONENT: u32 = 6_144;

/// Why a text is no JSON that is taken, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonFault {
    /// What is wrong.
    pub message: String,
    /// The bytes at which it is.
    pub span: Range<usize>,
    /// What would mend it.
    pub help: Option<&'static str>,
}

impl JsonFault {
    fn new(at: usize, message: &str, help: Option<&'static str>) -> JsonFault {
        JsonFault {
            message: message.to_owned(),
            span: at..at,
            help,
        }
    }

    /// That a member's name is there already. `span` is that of the second.
    pub fn twice(key: &str, span: Range<usize>) -> JsonFault {
        JsonFault {
            message: format!("the key `{key}` stands here a second time"),
            span,
            help: Some("take one of the two away"),
        }
    }
}

/// What stands in a JSON text beside containers. The text of a span is judged when it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number,
    /// A text within quotes, with or without escapes.
    Text {
        /// Whether there are escapes in it.
        escaped: bool,
    },
}

/// Who is told what stands in a JSON text, in its order.
pub trait JsonSink {
    /// A member's name, quotes included; its value comes next.
    fn key(&mut self, span: Range<usize>, escaped: bool) -> Result<(), JsonFault>;
    /// A value that is no container.
    fn scalar(&mut self, scalar: Scalar, span: Range<usize>);
    /// A container opens: an object, or an array.
    fn open(&mut self, is_object: bool, at: usize);
    /// The innermost container closes, before this place.
    fn close(&mut self, end: usize) -> Result<(), JsonFault>;
}

/// Reads a text of at most `depth` levels, and nothing behind it but white space.
pub fn read_json(text: &str, depth: usize, sink: &mut impl JsonSink) -> Result<(), JsonFault> {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        at: 0,
    };
    let mut stack: Vec<bool> = Vec::new();
    'value: loop {
        reader.skip_space();
        let start = reader.at;
        match reader.peek() {
            Some(open @ (b'{' | b'[')) => {
                if stack.len() >= depth {
                    let message = format!("nested deeper than {depth} levels");
                    return Err(JsonFault::new(start, &message, None));
                }
                let is_object = open == b'{';
                sink.open(is_object, start);
                stack.push(is_object);
                reader.at += 1;
                reader.skip_space();
                match (is_object, reader.peek()) {
                    (true, Some(b'}')) | (false, Some(b']')) => {}
                    (true, _) => {
                        reader.key(sink)?;
                        continue 'value;
                    }
                    (false, _) => continue 'value,
                }
            }
            Some(b'"') => {
                let escaped = reader.text()?;
                sink.scalar(Scalar::Text { escaped }, start..reader.at);
            }
            Some(b'-' | b'0'..=b'9') => {
                reader.number()?;
                sink.scalar(Scalar::Number, start..reader.at);
            }
            Some(b'n') => sink.scalar(reader.word("null", Scalar::Null)?, start..reader.at),
            Some(b't') => sink.scalar(reader.word("true", Scalar::Bool(true))?, start..reader.at),
            Some(b'f') => sink.scalar(reader.word("false", Scalar::Bool(false))?, start..reader.at),
            Some(b'}' | b']') if !stack.is_empty() => {
                let help = "no comma stands before a closing bracket";
                return Err(JsonFault::new(
                    start,
                    "this is not JSON: a value is expected here",
                    Some(help),
                ));
            }
            Some(_) => {
                return Err(JsonFault::new(
                    start,
                    "this is not JSON: a value is expected here",
                    Some("texts stand in double quotes"),
                ));
            }
            None => return Err(reader.end(stack.last().copied())),
        }
        // A value is complete: close what it closes, up to the next value.
        loop {
            reader.skip_space();
            let Some(is_object) = stack.last().copied() else {
                return match reader.peek() {
                    None => Ok(()),
                    Some(_) => Err(JsonFault::new(
                        reader.at,
                        "this is not JSON: something stands behind its end",
                        Some("the document ends before this"),
                    )),
                };
            };
            match (reader.peek(), is_object) {
                (Some(b'}'), true) | (Some(b']'), false) => {
                    reader.at += 1;
                    stack.pop();
                    sink.close(reader.at)?;
                }
                (Some(b','), true) => {
                    reader.at += 1;
                    reader.skip_space();
                    reader.key(sink)?;
                    continue 'value;
                }
                (Some(b','), false) => {
                    reader.at += 1;
                    continue 'value;
                }
                (None, _) => return Err(reader.end(Some(is_object))),
                (Some(_), _) => {
                    let what = match is_object {
                        true => "this is not JSON: `,` or `}` is expected here",
                        false => "this is not JSON: `,` or `]` is expected here",
                    };
                    let help = "a comma is missing before this";
                    return Err(JsonFault::new(reader.at, what, Some(help)));
                }
            }
        }
    }
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
            // Indented documents are a third white space: up to eight spaces are taken at once.
            while let Some(chunk) = self.bytes[self.at..].first_chunk::<8>() {
                let spaces = (u64::from_le_bytes(*chunk) ^ SPACES).trailing_zeros() / 8;
                self.at += spaces as usize;
                if spaces < 8 {
                    break;
                }
            }
        }
    }

    fn end(&self, within: Option<bool>) -> JsonFault {
        let text = self.bytes.trim_ascii_end();
        let message = match within {
            Some(true) => "this is not JSON: it ends within an object",
            Some(false) => "this is not JSON: it ends within a list",
            None => "this is not JSON: it ends before it says anything",
        };
        let help = "a bracket or a quote isn't closed";
        JsonFault::new(text.len(), message, within.map(|_| help))
    }

    /// A member's name and the colon behind it.
    fn key(&mut self, sink: &mut impl JsonSink) -> Result<(), JsonFault> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {}
            Some(b'}') => {
                return Err(JsonFault::new(
                    start,
                    "this is not JSON: a key is expected here",
                    Some("no comma stands before a closing bracket"),
                ));
            }
            Some(_) => {
                return Err(JsonFault::new(
                    start,
                    "this is not JSON: a key is expected here",
                    Some("keys stand in double quotes"),
                ));
            }
            None => return Err(self.end(Some(true))),
        }
        let escaped = self.text()?;
        sink.key(start..self.at, escaped)?;
        self.skip_space();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => {
                return Err(JsonFault::new(
                    self.at,
                    "this is not JSON: `:` is expected here",
                    None,
                ));
            }
            None => return Err(self.end(Some(true))),
        }
        Ok(())
    }

    fn word(&mut self, word: &str, scalar: Scalar) -> Result<Scalar, JsonFault> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(JsonFault::new(
                self.at,
                "this is not JSON: a value is expected here",
                Some("texts stand in double quotes"),
            ));
        }
        self.at += word.len();
        Ok(scalar)
    }

    /// From one quote behind the other; gives whether there are escapes between.
    fn text(&mut self) -> Result<bool, JsonFault> {
        let open = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            self.skip_plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(0..0x20) => {
                    return Err(JsonFault::new(
                        self.at,
                        "this is not JSON: a control character stands in a text",
                        Some("in a text it is written as an escape, `\\n` or `\\t`"),
                    ));
                }
                Some(_) => self.at += 1,
                None => {
                    let end = self.bytes.trim_ascii_end().len().max(open);
                    return Err(JsonFault::new(
                        end,
                        "this is not JSON: it ends within a text",
                        Some("a bracket or a quote isn't closed"),
                    ));
                }
            }
        }
    }

    /// Passes eight bytes at a time while none is a quote, a backslash or a control character.
    fn skip_plain(&mut self) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGHS: u64 = 0x8080_8080_8080_8080;
        let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        while let Some(chunk) = self.bytes[self.at..].first_chunk::<8>() {
            let word = u64::from_le_bytes(*chunk);
            let quote = has_zero(word ^ (ONES * u64::from(b'"')));
            let backslash = has_zero(word ^ (ONES * u64::from(b'\\')));
            let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
            let special = quote | backslash | control;
            if special != 0 {
                self.at += (special.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
    }

    fn escape(&mut self) -> Result<(), JsonFault> {
        let start = self.at;
        let wrong = || {
            JsonFault::new(
                start,
                "this is not JSON: there is no such escape",
                Some("a backslash in a text is written twice"),
            )
        };
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let code = self.code(self.at + 2).ok_or_else(wrong)?;
                self.at += 6;
                let half = || {
                    JsonFault::new(
                        start,
                        "this is not JSON: half a character is escaped without the other",
                        None,
                    )
                };
                if (0xdc00..0xe000).contains(&code) {
                    return Err(half());
                }
                if (0xd800..0xdc00).contains(&code) {
                    let rest = self.bytes[self.at..].starts_with(b"\\u");
                    let low = self.code(self.at + 2).filter(|_| rest).ok_or_else(half)?;
                    if !(0xdc00..0xe000).contains(&low) {
                        return Err(half());
                    }
                    self.at += 6;
                }
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }

    fn code(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |code, digit| {
            Some(code * 16 + char::from(*digit).to_digit(16)?)
        })
    }

    fn digits(&mut self) -> Result<(), JsonFault> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err(JsonFault::new(
                start,
                "this is not JSON: a digit is expected here",
                None,
            )),
        }
    }

    fn number(&mut self) -> Result<(), JsonFault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                if let Some(b'0'..=b'9') = self.peek() {
                    return Err(JsonFault::new(
                        self.at,
                        "this is not JSON: a number has no leading zero",
                        None,
                    ));
                }
            }
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            let start = self.at;
            self.digits()?;
            let digits = self.bytes[start..self.at].iter();
            let exponent = digits.fold(0_u32, |sum, digit| {
                sum.saturating_mul(10)
                    .saturating_add(u32::from(digit - b'0'))
            });
            if exponent > EXPONENT {
                let message = "this number is out of range: its exponent is beyond 6144";
                return Err(JsonFault::new(start, message, None));
            }
        }
        Ok(())
    }
}

/// The content of a text, given with its quotes; what stands there was judged by [`read_json`].
pub fn json_text(quoted: &str, escaped: bool) -> Cow<'_, str> {
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or("");
    match escaped {
        false => Cow::Borrowed(inner),
        true => Cow::Owned(serde_json::from_str(quoted).unwrap_or_default()),
    }
}

/// A number out of its JSON text, to the last digit. One without a fraction is an integer however
/// it is written (JSON Schema core §4.2.3): `1e2`, `2.0` and `-0` go on as one, so that they come
/// back as one.
pub fn json_number(text: &str) -> Number {
    let plain = !text.contains(['.', 'e', 'E']) && text != "-0";
    let whole = if plain { None } else { whole(text) };
    match whole {
        Some(whole) => whole.into(),
        None => text.parse().unwrap_or_else(|_| 0.into()),
    }
}

/// The integer that a decimal is, where it is one of up to 18 digits.
fn whole(text: &str) -> Option<i64> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{integer}{fraction}");
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let digits = digits.parse::<i64>().ok()?;
    if digits == 0 {
        return Some(0);
    }
    match u32::try_from(shift) {
        Ok(shift) => digits
            .checked_mul(10_i64.checked_pow(shift)?)
            .filter(|whole| whole.unsigned_abs() < 1_000_000_000_000_000_000),
        Err(_) => {
            let scale = 10_i64.checked_pow(shift.unsigned_abs())?;
            (digits % scale == 0).then(|| digits / scale)
        }
    }
}

/// Whether a value has no more levels of lists and objects than these.
pub fn is_within(value: &Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return !value.is_array() && !value.is_object();
    };
    match value {
        Value::Array(items) => items.iter().all(|item| is_within(item, below)),
        Value::Object(members) => members.values().all(|member| is_within(member, below)),
        _ => true,
    }
}

/// Reads JSON text strictly (RFC 8259): at most 128 levels deep, and an object that names a
/// member twice is refused, as no two readers would agree on what it says (§4).
pub fn strict_json(text: &str) -> Result<Value, JsonFault> {
    let mut values = Values {
        text,
        open: Vec::new(),
        done: Value::Null,
    };
    read_json(text, DEPTH, &mut values)?;
    Ok(values.done)
}

/// Makes a value of what it is told.
struct Values<'t> {
    text: &'t str,
    open: Vec<(Value, String)>,
    done: Value,
}

impl Values<'_> {
    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            None => self.done = value,
            Some((Value::Array(items), _)) => items.push(value),
            Some((Value::Object(members), key)) => {
                members.insert(std::mem::take(key), value);
            }
            Some(_) => {}
        }
    }
}

impl JsonSink for Values<'_> {
    fn key(&mut self, span: Range<usize>, escaped: bool) -> Result<(), JsonFault> {
        let name = json_text(&self.text[span.clone()], escaped).into_owned();
        if let Some((Value::Object(members), key)) = self.open.last_mut() {
            if members.contains_key(&name) {
                return Err(JsonFault::twice(&name, span));
            }
            *key = name;
        }
        Ok(())
    }

    fn scalar(&mut self, scalar: Scalar, span: Range<usize>) {
        let text = &self.text[span];
        self.put(match scalar {
            Scalar::Null => Value::Null,
            Scalar::Bool(truth) => Value::Bool(truth),
            Scalar::Number => Value::Number(json_number(text)),
            Scalar::Text { escaped } => Value::String(json_text(text, escaped).into_owned()),
        });
    }

    fn open(&mut self, is_object: bool, _: usize) {
        let value = match is_object {
            true => Value::Object(Map::new()),
            false => Value::Array(Vec::new()),
        };
        self.open.push((value, String::new()));
    }

    fn close(&mut self, _: usize) -> Result<(), JsonFault> {
        if let Some((value, _)) = self.open.pop() {
            self.put(value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_keep_their_value() {
        let text = "[9007199254740993, 18446744073709551615, -0, 1.0, 1e2, 0.1, 1e400, \
                    1.0000000000000000001, 12300e-2, 0e999, 1e-400, 100000000000000000000]";
        let value = strict_json(text).expect("JSON");
        let texts: Vec<String> = value
            .as_array()
            .expect("a list")
            .iter()
            .map(Value::to_string)
            .collect();
        assert_eq!(
            texts,
            [
                "9007199254740993",
                "18446744073709551615",
                "0",
                "1",
                "100",
                "0.1",
                "1e+400",
                "1.0000000000000000001",
                "123",
                "0",
                "1e-400",
                "100000000000000000000"
            ]
        );
    }

    /// What serde_json takes and what it refuses, over many small changes of a few texts.
    #[test]
    fn it_takes_and_refuses_what_another_reader_does() {
        let seeds = [
            r#"{"a": [1, -2.5e+3, true, null], "b\u00e9\n": {"c": "x\ud83d\ude00y"}, "d": ""}"#,
            "[[], {}, [[0]], \"plain text that is longer than eight bytes\", 1e5, 0.5]",
            " \n\t\"\\\\ \\\" \\/ é\" ",
        ];
        let pieces = [
            "", ",", "\"", "\\", "{", "}", "[", "]", ":", "0", "-", ".", "e", "\u{1}", "\\u12",
            "\\ud800", "tru", "é", " ", "        ",
        ];
        let mut judged = 0;
        for seed in seeds {
            let places: Vec<usize> = seed.char_indices().map(|(at, _)| at).collect();
            for (&at, piece) in places
                .iter()
                .flat_map(|at| pieces.iter().map(move |p| (at, p)))
            {
                for cut in [0, 1] {
                    let mut rest = seed[at..].chars();
                    rest.by_ref().take(cut).for_each(drop);
                    let text = format!("{}{piece}{}", &seed[..at], rest.as_str());
                    let theirs = serde_json::from_str::<Value>(&text);
                    let twice = |fault: &JsonFault| fault.message.contains("second time");
                    match (strict_json(&text), theirs) {
                        (Ok(ours), Ok(theirs)) => {
                            assert_eq!(shape(&ours), shape(&theirs), "{text}");
                        }
                        (Err(fault), Ok(_)) => assert!(twice(&fault), "{text}: {fault:?}"),
                        (Err(_), Err(_)) => {}
                        (Ok(_), Err(error)) => panic!("{text}: {error}"),
                    }
                    judged += 1;
                }
            }
        }
        assert!(judged > 5_000);
    }

    /// The value with every number as a float: what is the same number is written in two ways.
    fn shape(value: &Value) -> Value {
        match value {
            Value::Number(number) => json!(number.as_f64().map(|float| float + 0.0)),
            Value::Array(items) => items.iter().map(shape).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), shape(value)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, at, message) in [
            ("", 0, "it ends before it says anything"),
            ("{", 1, "it ends within an object"),
            ("[1,]", 3, "a value is expected here"),
            ("{\"a\":1,}", 7, "a key is expected here"),
            ("{'a':1}", 1, "a key is expected here"),
            ("[1 2]", 3, "`,` or `]` is expected here"),
            ("nul", 0, "a value is expected here"),
            ("01", 1, "a number has no leading zero"),
            ("1 2", 2, "something stands behind its end"),
            (
                "\"\\ud800\"",
                1,
                "half a character is escaped without the other",
            ),
            (
                "\"abcdefgh\u{1}\"",
                9,
                "a control character stands in a text",
            ),
        ] {
            let fault = strict_json(text).expect_err(text);
            assert_eq!(fault.message, format!("this is not JSON: {message}"));
            assert_eq!(fault.span.start, at, "{text}");
        }
        let fault = strict_json("[1e6144, 1e99999]").expect_err("out of range");
        assert_eq!(
            fault.message,
            "this number is out of range: its exponent is beyond 6144"
        );
        let fault = strict_json(&"[".repeat(100_000)).expect_err("too deep");
        assert_eq!(fault.message, "nested deeper than 128 levels");
        let fault = strict_json("{\"a\":1,\"\\u0061\":2}").expect_err("a name twice");
        assert_eq!(fault.message, "the key `a` stands here a second time");
        assert_eq!(fault.span, 7..15);
    }
}
