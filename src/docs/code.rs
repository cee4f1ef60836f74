//! Values as text that a page shows: indented JSON, bounded.

use super::escape::acts;
use serde_json::Value;

/// How deep values are shown within one another.
pub(super) const DEPTH: usize = 64;

/// How much of a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// How many lines, at least one.
    pub lines: usize,
    /// How many bytes, the notice of what is left out aside.
    pub bytes: usize,
}

/// A value as JSON, indented by two spaces, members in their order, without a line feed at its
/// end. What is past the bound is left out, and a last line says so.
///
/// Characters that act without being seen are escaped, so that the text is shown as it is read.
pub fn json_lines(value: &Value, bound: Bound) -> String {
    let mut printer = Printer {
        out: String::new(),
        lines: 1,
        bound,
    };
    match printer.value(value, 0) {
        Ok(()) => printer.out,
        Err(Full) => {
            let mut out = printer.out;
            let end = (0..=bound.bytes.min(out.len())).rev();
            let end = end.into_iter().find(|end| out.is_char_boundary(*end));
            out.truncate(end.unwrap_or_default());
            out.push_str("\n… the rest is left out");
            out
        }
    }
}

/// The whole of a value as [`json_lines`] writes it.
pub fn json(value: &Value) -> String {
    let bound = Bound {
        lines: usize::MAX,
        bytes: usize::MAX,
    };
    json_lines(value, bound)
}

/// A text as JSON, characters escaped that act without being seen.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push_str(text);
        out.push('"');
        return out;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // None of them is beyond the first plane.
            c if acts(c) || is_line_end(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character ends a line to some readers, beside those of ASCII.
pub(super) fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// There is no room for more.
struct Full;

struct Printer {
    out: String,
    lines: usize,
    bound: Bound,
}

impl Printer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Full> {
        match value {
            Value::String(text) => {
                // A text of megabytes isn't escaped to be cut.
                let room = self.bound.bytes.saturating_sub(self.out.len());
                let end = text
                    .char_indices()
                    .map(|(end, _)| end)
                    .find(|end| *end > room);
                self.write(&quoted(&text[..end.unwrap_or(text.len())]))
            }
            Value::Array(items) if !items.is_empty() => {
                let items = items.iter().map(|item| (None, item));
                self.members(["[", "]"], items, depth)
            }
            Value::Object(members) if !members.is_empty() => {
                let members = members.iter().map(|(name, value)| (Some(name), value));
                self.members(["{", "}"], members, depth)
            }
            Value::Array(_) => self.write("[]"),
            Value::Object(_) => self.write("{}"),
            Value::Number(number) => self.write(&number.to_string()),
            Value::Bool(value) => self.write(if *value { "true" } else { "false" }),
            Value::Null => self.write("null"),
        }
    }

    fn members<'v>(
        &mut self,
        [open, close]: [&str; 2],
        members: impl Iterator<Item = (Option<&'v String>, &'v Value)>,
        depth: usize,
    ) -> Result<(), Full> {
        if depth >= DEPTH {
            self.write(open)?;
            return self.write("…").and_then(|()| self.write(close));
        }
        self.write(open)?;
        for (index, (name, value)) in members.enumerate() {
            if index > 0 {
                self.write(",")?;
            }
            self.line(depth + 1)?;
            if let Some(name) = name {
                self.write(&quoted(name))?;
                self.write(": ")?;
            }
            self.value(value, depth + 1)?;
        }
        self.line(depth)?;
        self.write(close)
    }

    fn line(&mut self, depth: usize) -> Result<(), Full> {
        if self.lines >= self.bound.lines {
            return Err(Full);
        }
        self.lines += 1;
        self.write("\n")?;
        self.write(&"  ".repeat(depth))
    }

    fn write(&mut self, text: &str) -> Result<(), Full> {
        self.out.push_str(text);
        match self.out.len() > self.bound.bytes {
            true => Err(Full),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_is_indented_in_the_order_of_the_document() {
        let value = json!({"b": [1, {}, []], "a": {"x": null, "\u{202e}\0": "\"\\\u{2028}"}});
        let expected = "{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"a\": {\n    \"x\": null,\n    \
                        \"\\u202e\\u0000\": \"\\\"\\\\\\u2028\"\n  }\n}";
        assert_eq!(super::json(&value), expected);
        let read: Value = serde_json::from_str(expected).expect("JSON");
        assert_eq!(read, value);
    }

    #[test]
    fn what_is_past_the_bound_is_left_out_and_said_so() {
        let bound = |lines, bytes| Bound { lines, bytes };
        let value = json!([1, 2, 3]);
        assert_eq!(
            json_lines(&value, bound(3, 99)),
            "[\n  1,\n  2,\n… the rest is left out"
        );
        assert_eq!(json_lines(&value, bound(5, 99)), "[\n  1,\n  2,\n  3\n]");
        let text = Value::String("é".repeat(1_000_000));
        assert_eq!(
            json_lines(&text, bound(9, 4)),
            "\"é\n… the rest is left out"
        );
    }

    #[test]
    fn a_deep_value_ends_in_time() {
        let deep = (0..1000).fold(json!(1), |value, _| Value::Array(vec![value]));
        let text = json_lines(&deep, bound());
        assert!(text.contains("[…]"));
        assert!(text.len() < 20_000);
    }

    fn bound() -> Bound {
        Bound {
            lines: 1000,
            bytes: 100_000,
        }
    }
}
