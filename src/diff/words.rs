//! Values and lists of them in words.

use crate::spec::Node;

/// How long a value is that is shown whole, in characters.
const LONG: usize = 80;
/// How many values are named; the others are counted.
const NAMED: usize = 12;

/// A text on one line and without backquotes, which stand around code.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '`' => out.push('\''),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.extend(c.escape_default());
            }
            c => out.push(c),
        }
    }
    out
}

/// A text as code.
pub(super) fn code(text: &str) -> String {
    let text = match text.is_empty() {
        true => "\"\"".to_owned(),
        false => plain(text),
    };
    match text.char_indices().nth(LONG) {
        Some((at, _)) => format!("`{}…`", &text[..at]),
        None => format!("`{text}`"),
    }
}

/// A text as code, however long it is.
pub(super) fn whole(text: &str) -> String {
    format!("`{}`", plain(text))
}

/// A value as code.
pub(super) fn value(node: Node<'_>) -> String {
    match node.text() {
        Some(text) if !text.is_empty() => code(&text),
        _ => code(&node.value().to_string()),
    }
}

/// Some words with commas between, and another before the last.
pub(super) fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        _ if words.len() > NAMED => {
            let rest = words.len() - NAMED;
            format!("{} {last} {rest} others", words[..NAMED].join(", "))
        }
        [all @ .., end] => format!("{} {last} {end}", all.join(", ")),
    }
}

/// So many of something.
pub(super) fn count(number: &str, one: &str, many: &str) -> String {
    format!("{number} {}", if number == "1" { one } else { many })
}
