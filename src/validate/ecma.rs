//! Patterns as ECMA-262 means them (JSON Schema core §6.4) in the syntax of the engine, where the
//! compiler's own translation doesn't know them: with what annex B of ECMA-262 lets browsers take,
//! as documents are written by people who try their patterns in one.

use super::costly::looks_around;
use std::borrow::Cow;

/// A pattern that means the same to the engine; itself where it does so as it stands.
pub(super) fn translated(pattern: &str) -> Cow<'_, str> {
    let special = |c: char| "\\[.{(".contains(c);
    if !pattern.contains(special) {
        return Cow::Borrowed(pattern);
    }
    let mut translation = Translation {
        pattern,
        rest: pattern,
        is_ascii: looks_around(pattern),
        out: String::with_capacity(pattern.len() + 16),
    };
    translation.run();
    match translation.out == pattern {
        true => Cow::Borrowed(pattern),
        false => Cow::Owned(translation.out),
    }
}

struct Translation<'p> {
    pattern: &'p str,
    rest: &'p str,
    /// Whether classes are to be written out: to the engine of such patterns they are those of all
    /// scripts, and what is translated for the other has them right already.
    is_ascii: bool,
    out: String,
}

impl<'p> Translation<'p> {
    fn run(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            match c {
                '\\' => {
                    self.escape(false);
                }
                '[' => self.class(),
                // A line ends at more than a line feed.
                '.' if !self.rest[1..].starts_with('{') => {
                    self.put(r"[^\n\r\u{2028}\u{2029}]", 1);
                }
                // A brace that opens no count is one (annex B.1.2).
                '{' if !is_count(self.rest) => self.put(r"\{", 1),
                c => self.put_same(c.len_utf8()),
            }
        }
    }

    fn put(&mut self, text: &str, length: usize) {
        self.out.push_str(text);
        self.rest = &self.rest[length..];
    }

    fn put_same(&mut self, length: usize) {
        let (same, rest) = self.rest.split_at(length);
        self.out.push_str(same);
        self.rest = rest;
    }

    /// From a backslash behind what it escapes. Gives whether that is a class of its own.
    fn escape(&mut self, in_class: bool) -> bool {
        let Some(kind) = self.rest[1..].chars().next() else {
            self.put(r"\\", 1);
            return false;
        };
        match kind {
            '0' if !self.rest[2..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.put(r"\x00", 2);
            }
            'b' if in_class => self.put(r"\x08", 2),
            // Borders of words to the engine.
            '<' | '>' => self.put(&kind.to_string(), 2),
            'u' => match surrogates(self.rest) {
                Some(c) => self.put(&format!(r"\x{{{:X}}}", c as u32), 12),
                None if self.rest[2..].starts_with('{') => {
                    let length = self.rest.find('}').map_or(self.rest.len(), |end| end + 1);
                    self.put_same(length);
                }
                None => self.put_same(2),
            },
            'p' | 'P' | 'x' if self.rest[2..].starts_with('{') => {
                let length = self.rest.find('}').map_or(self.rest.len(), |end| end + 1);
                self.put_same(length);
                return kind != 'x';
            }
            'k' if !in_class => match self.named() {
                Some((number, length)) => self.put(&format!(r"\{number}"), length),
                None => self.put("k", 2),
            },
            'd' if self.is_ascii && in_class => self.put("0-9", 2),
            'd' if self.is_ascii => self.put("[0-9]", 2),
            'D' if self.is_ascii && !in_class => self.put("[^0-9]", 2),
            'w' if self.is_ascii && in_class => self.put("A-Za-z0-9_", 2),
            'w' if self.is_ascii => self.put("[A-Za-z0-9_]", 2),
            'W' if self.is_ascii && !in_class => self.put("[^A-Za-z0-9_]", 2),
            kind => {
                self.put_same(1 + kind.len_utf8());
                return "dDsSwWpP".contains(kind);
            }
        }
        false
    }

    /// `\k<name>`: the number of the group, and its length.
    fn named(&self) -> Option<(usize, usize)> {
        let name = self.rest.strip_prefix(r"\k<")?;
        let name = &name[..name.find('>')?];
        let groups = groups(self.pattern);
        let number = groups.iter().position(|group| *group == Some(name))? + 1;
        Some((number, name.len() + 4))
    }

    fn class(&mut self) {
        if self.rest.starts_with("[^]") {
            return self.put(r"[\s\S]", 3);
        }
        if self.rest.starts_with("[]") {
            return self.put(r"[^\s\S]", 2);
        }
        self.put_same(1);
        let mut was_class = false;
        while let Some(c) = self.rest.chars().next() {
            match c {
                ']' => return self.put_same(1),
                '\\' => was_class = self.escape(true),
                // No range has a class at an end (annex B.1.2): the hyphen is one.
                '-' if was_class && !self.rest[1..].starts_with(']') => {
                    self.put(r"\-", 1);
                    was_class = false;
                }
                c => {
                    self.put_same(c.len_utf8());
                    was_class = false;
                }
            }
        }
    }
}

/// `{m}`, `{m,}` or `{m,n}`.
fn is_count(text: &str) -> bool {
    let Some(inner) = text[1..].find('}').map(|end| &text[1..=end]) else {
        return false;
    };
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

/// Two escaped halves of one character.
fn surrogates(text: &str) -> Option<char> {
    let unit = |at: usize| {
        let hex = text.get(at..at + 6)?.strip_prefix(r"\u")?;
        u16::from_str_radix(hex, 16).ok()
    };
    let mut units = char::decode_utf16([unit(0)?, unit(6)?]);
    let first = units.next()?.ok()?;
    units.next().is_none().then_some(first)
}

/// The capturing groups of a pattern, in order, with their names.
fn groups(pattern: &str) -> Vec<Option<&str>> {
    let mut groups = Vec::new();
    let (mut rest, mut in_class) = (pattern, false);
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '\\' => length += rest[1..].chars().next().map_or(0, char::len_utf8),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && !rest.starts_with("(?") => groups.push(None),
            '(' if !in_class => {
                let name = rest
                    .strip_prefix("(?<")
                    .and_then(|name| name.split_once('>'));
                let is_name = |(name, _): &(&str, &str)| !name.starts_with(['=', '!']);
                groups.extend(name.filter(is_name).map(|(name, _)| Some(name)));
            }
            _ => {}
        }
        rest = &rest[length..];
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::super::costly::{COSTLY_PATTERN, costly_pattern, is_costly};
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_mean_what_ecma_262_says() {
        for (pattern, fits, fails) in [
            (r"^(?<n>a|b)\k<n>$", "aa", "ab"),
            (r"^(x)(?<n>a|b)\k<n>$", "xbb", "xba"),
            (r"^[^]$", "\n", ""),
            (r"^a\0$", "a\0", "a0"),
            (r"^[\b]$", "\u{8}", "b"),
            (r"^\ud83d\ude00$", "😀", "d"),
            (r"^[\ud83d\ude00]+$", "😀😀", "x"),
            (r"^[\w-.]+$", "a-.b", "a b"),
            (r"^[\w-]+$", "a-b", "a.b"),
            (r"^{[a-z]+}$", "{a}", "a"),
            (r"^a{2}$", "aa", "a{2}"),
            (r"^\<a\>$", "<a>", "a"),
            ("^.$", "é", "\u{2028}"),
            ("^.$", "x", "\r"),
            (r"^\.$", ".", "a"),
            (r"^[.]$", ".", "a"),
            (r"^\d+$", "12", "١"),
            (r"^(?=a)ab(?!c)", "abd", "abc"),
            (r"^\cJ$", "\n", "J"),
            (r"^\p{Lu}[\p{Ll}-]+\u{e9}$", "Éa-é", "ééé"),
            (r"^(?=.*\d)\w[\w]+$", "ab1", "ab١"),
        ] {
            let schema = match translated(pattern) {
                pattern if is_costly(&pattern) => json!({COSTLY_PATTERN: pattern}),
                pattern => json!({"pattern": pattern}),
            };
            let options = jsonschema::options().with_keyword(COSTLY_PATTERN, costly_pattern);
            let validator = options.build(&schema);
            let validator = validator.unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert!(validator.is_valid(&json!(fits)), "{pattern} {fits:?}");
            assert!(!validator.is_valid(&json!(fails)), "{pattern} {fails:?}");
        }
    }

    #[test]
    fn most_patterns_stay_as_they_are() {
        for pattern in ["^[a-z0-9_-]+$", r"^\d{3}-\w+\/$", "plain", r"^[^\]\\]*$"] {
            assert_eq!(translated(pattern), pattern);
        }
    }
}
