//! Expressions of `match` and `search`: I-Regexp (RFC 9485), matched in linear time.

use regex::{Regex, RegexBuilder};
use std::collections::HashMap;

/// How large a compiled expression may be, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// How many expressions are kept: a query may take them from the document.
const KEPT: usize = 64;

/// Expressions that were compiled already.
#[derive(Default)]
pub(super) struct Patterns(HashMap<(bool, String), Option<Regex>>);

impl Patterns {
    /// Whether a text matches; nothing does where the pattern is no expression (§2.4.6).
    pub(super) fn matches(&mut self, whole: bool, text: &str, pattern: &str) -> bool {
        let key = (whole, pattern.to_owned());
        if !self.0.contains_key(&key) {
            if self.0.len() >= KEPT {
                self.0.clear();
            }
            let compiled = compile(whole, pattern);
            self.0.insert(key.clone(), compiled);
        }
        let compiled = self.0.get(&key).and_then(Option::as_ref);
        compiled.is_some_and(|regex| regex.is_match(text))
    }
}

fn compile(whole: bool, pattern: &str) -> Option<Regex> {
    let mut out = String::new();
    let mut in_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            '[' => in_class = true,
            ']' => in_class = false,
            // A dot is any character but the ends of lines (RFC 9485 §5.3).
            '.' if !in_class => {
                out += "[^\\n\\r]";
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    let out = match whole {
        true => format!(r"\A(?:{out})\z"),
        false => out,
    };
    RegexBuilder::new(&out).size_limit(SIZE_LIMIT).build().ok()
}
