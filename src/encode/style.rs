//! The styles of OpenAPI (3.1.1 §4.8.12.4, after RFC 6570): a value as the texts that a parameter,
//! a header field or a property of a form is.

use super::body::json;
use super::text::scalar;
use crate::spec::Style;
use crate::wire::encode_percent;
use serde_json::Value;

/// How the characters of a text are written that stand for something else where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// Percent-encoded: a path, a query, a cookie of the style `form`.
    Percent,
    /// The same, but for the reserved characters and what is encoded already (RFC 6570 §3.2.3).
    Reserved,
    /// Percent-encoded, and a space as a plus sign (WHATWG URL §5.2).
    Form,
    /// Not at all (OpenAPI 3.2.0 §4.12.2, §4.21): a header field, a cookie of the style `cookie`,
    /// a part of a multipart body.
    None,
}

/// How a value is written: what of a parameter, or of an encoding, tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'p> {
    pub(super) name: &'p str,
    pub(super) style: Style,
    pub(super) explode: bool,
    pub(super) escapes: Escapes,
}

impl Escapes {
    pub(super) fn apply(self, text: &str) -> String {
        let is_unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        match self {
            Escapes::None => text.to_owned(),
            Escapes::Percent => encode_percent(text, is_unreserved),
            Escapes::Form => {
                let keeps = |b: u8| b.is_ascii_alphanumeric() || b"*-._ ".contains(&b);
                encode_percent(text, keeps).replace(' ', "+")
            }
            Escapes::Reserved => {
                // What would end the value, or the query, is encoded all the same.
                let keeps = |b: u8| is_unreserved(b) || b":/?[]@!$'()*+,;=".contains(&b);
                let mut parts = text.split('%');
                let mut out = encode_percent(parts.next().unwrap_or_default(), keeps);
                for part in parts {
                    let digits = part.as_bytes().get(..2);
                    let is_triple = digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
                    out.push_str(if is_triple { "%" } else { "%25" });
                    out.push_str(&encode_percent(part, keeps));
                }
                out
            }
        }
    }
}

impl Written<'_> {
    fn escape(&self, value: &Value) -> String {
        self.escapes.apply(&scalar(value))
    }

    /// What stands between the items of a list that is one text.
    fn separator(&self) -> &'static str {
        match (self.style, self.escapes) {
            (Style::SpaceDelimited, Escapes::None) => " ",
            (Style::SpaceDelimited, _) => "%20",
            (Style::PipeDelimited, Escapes::None) => "|",
            (Style::PipeDelimited, _) => "%7C",
            (Style::TabDelimited, Escapes::None) => "\t",
            (Style::TabDelimited, _) => "%09",
            (Style::Label, _) if self.explode => ".",
            _ => ",",
        }
    }

    /// The value as one text, without its name: a header field, or in a path. Nothing where it is
    /// undefined (RFC 6570 §2.3).
    pub(super) fn text(&self, value: &Value) -> Option<String> {
        let assign = if self.explode { "=" } else { self.separator() };
        let text = match value {
            Value::Null => return None,
            Value::Array(items) => self.joined(items),
            Value::Object(_) => {
                let members = members(value);
                let members = members.map(|(name, value)| {
                    format!("{}{assign}{}", self.escapes.apply(name), self.escape(value))
                });
                members.collect::<Vec<_>>().join(self.separator())
            }
            value => self.escape(value),
        };
        Some(match self.style {
            Style::Label => format!(".{text}"),
            Style::Matrix => return self.matrix(value, &text),
            _ => text,
        })
    }

    fn joined(&self, items: &[Value]) -> String {
        let items = items.iter().filter(|item| !item.is_null());
        let items: Vec<String> = items.map(|item| self.escape(item)).collect();
        items.join(self.separator())
    }

    fn matrix(&self, value: &Value, text: &str) -> Option<String> {
        let is_nested = value.is_array() || value.is_object();
        if !(self.explode && is_nested) {
            let name = self.escapes.apply(self.name);
            return Some(match text {
                "" => format!(";{name}"),
                text => format!(";{name}={text}"),
            });
        }
        let pairs = self.pairs(value).into_iter();
        let pairs: Vec<String> = pairs
            .map(|(name, text)| format!(";{name}={text}"))
            .collect();
        Some(pairs.concat()).filter(|text| !text.is_empty())
    }

    /// The value as names and texts, as a query has them.
    pub(super) fn pairs(&self, value: &Value) -> Vec<(String, String)> {
        let name = self.escapes.apply(self.name);
        let pair = |name: &str, value: &Value| (self.escapes.apply(name), self.escape(value));
        match value {
            Value::Null => Vec::new(),
            Value::Object(_) | Value::Array(_) if self.style == Style::DeepObject => {
                let mut pairs = Vec::new();
                self.deep(self.name, value, &mut pairs);
                pairs
            }
            Value::Array(items) if self.explode => {
                let items = items.iter().filter(|item| !item.is_null());
                items
                    .map(|item| (name.clone(), self.escape(item)))
                    .collect()
            }
            Value::Object(_) if self.explode => {
                let mut pairs = Vec::new();
                for (name, value) in members(value) {
                    // A list within has a pair for each item, as most clients write it.
                    match value.as_array().filter(|items| is_flat(items)) {
                        Some(items) => pairs.extend(items.iter().map(|item| pair(name, item))),
                        None => pairs.push(pair(name, value)),
                    }
                }
                pairs
            }
            value => {
                let plain = Written {
                    style: match self.style {
                        Style::Matrix => Style::Simple,
                        style => style,
                    },
                    explode: false,
                    ..*self
                };
                plain
                    .text(value)
                    .map(|text| (name, text))
                    .into_iter()
                    .collect()
            }
        }
    }

    /// `name[a][b]=1`, `name[c]=2&name[c]=3`, `name[d][0][e]=4`: OpenAPI defines the first level
    /// alone, and the query libraries of most languages the rest.
    fn deep(&self, name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
        match value {
            Value::Null => {}
            Value::Object(_) => {
                for (key, value) in members(value) {
                    self.deep(&format!("{name}[{key}]"), value, pairs);
                }
            }
            Value::Array(items) => {
                let is_flat = is_flat(items);
                for (index, item) in items.iter().enumerate() {
                    match is_flat {
                        true => self.deep(name, item, pairs),
                        false => self.deep(&format!("{name}[{index}]"), item, pairs),
                    }
                }
            }
            value => pairs.push((self.escapes.apply(name), self.escape(value))),
        }
    }
}

/// The members of an object, but for those that are undefined.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let members = value.as_object().into_iter().flatten();
    members.filter(|(_, value)| !value.is_null())
}

fn is_flat(items: &[Value]) -> bool {
    !items.iter().any(|item| item.is_array() || item.is_object())
}

/// A value as one text of a form: an object or a list in it is JSON (OpenAPI 3.2.0 §4.15.1.1).
pub(super) fn stringified(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => json(value),
        value => scalar(value).into_owned(),
    }
}
