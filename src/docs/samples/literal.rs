//! Texts and values as literals.

use super::super::code::{is_line_end, quoted};
use super::super::escape::acts;
use serde_json::{Number, Value};

/// A text between double quotes, as JavaScript and Python both read it.
pub(super) fn text(text: &str) -> String {
    quoted(text)
}

/// A text as literals of its lines, each ended as it is in the text.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(quoted).collect()
}

/// A value as a literal of a language.
pub(super) struct Literals {
    pub(super) null: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) key: fn(&str) -> String,
    pub(super) text: fn(&str) -> String,
    pub(super) number: fn(&Number) -> String,
    /// What follows the last item of several.
    pub(super) last: &'static str,
    pub(super) indent: &'static str,
}

impl Literals {
    /// The literal, its further lines indented by a number of steps.
    pub(super) fn of(&self, value: &Value, depth: usize) -> String {
        match value {
            Value::Null => self.null.to_owned(),
            Value::Bool(true) => self.yes.to_owned(),
            Value::Bool(false) => self.no.to_owned(),
            Value::Number(number) => (self.number)(number),
            Value::String(text) => (self.text)(text),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.of(item, depth + 1));
                self.many(["[", "]"], items.collect(), depth)
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    format!("{}: {}", (self.key)(name), self.of(value, depth + 1))
                });
                self.many(["{", "}"], members.collect(), depth)
            }
        }
    }

    fn many(&self, [open, close]: [&str; 2], items: Vec<String>, depth: usize) -> String {
        if items.is_empty() {
            return format!("{open}{close}");
        }
        let inner = self.indent.repeat(depth + 1);
        let items = items.join(&format!(",\n{inner}"));
        let outer = self.indent.repeat(depth);
        format!("{open}\n{inner}{items}{}\n{outer}{close}", self.last)
    }
}

/// Whether all that a value holds is written again by a language as it is: as a literal isn't of
/// great depth, and a number may pass what a double holds (RFC 8259 §6).
pub(super) fn is_exact(value: &Value, depth: usize, is_number: fn(&Number) -> bool) -> bool {
    if depth == 0 {
        return false;
    }
    match value {
        Value::Number(number) => is_number(number),
        Value::Array(items) => items
            .iter()
            .all(|item| is_exact(item, depth - 1, is_number)),
        Value::Object(members) => {
            let mut values = members.values();
            values.all(|value| is_exact(value, depth - 1, is_number))
        }
        _ => true,
    }
}

/// Whether a double holds a number to the digit.
pub(super) fn is_double(number: &Number) -> bool {
    let text = number.to_string();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa.trim_start_matches(['-', '0', '.']);
    let digits = digits.bytes().filter(u8::is_ascii_digit).count();
    let value: f64 = text.parse().unwrap_or(f64::INFINITY);
    digits <= 15 && value.is_finite() && (value != 0.0 || digits == 0)
}

pub(super) fn is_integer(number: &Number) -> bool {
    !number.to_string().contains(['.', 'e', 'E'])
}

/// A text as a literal of Rust.
pub(super) fn rust(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if acts(c) || is_line_end(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text of JSON, which holds no character that acts, as a raw literal of Rust.
pub(super) fn rust_raw(json: &str) -> String {
    let mut hashes = "#".to_owned();
    while json.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{json}\"{hashes}")
}
