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
        looks: Vec::new(),
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
    /// Of each group that is open where a look ahead begins in what is written.
    looks: Vec<Option<usize>>,
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
                '(' => {
                    let is_look = self.rest.starts_with("(?=") || self.rest.starts_with("(?!");
                    self.looks.push(is_look.then_some(self.out.len()));
                    self.put_same(1);
                }
                ')' => {
                    self.put_same(1);
                    if let Some(start) = self.looks.pop().flatten() {
                        self.count_look(start);
                    }
                }
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

    /// What is behind a look ahead that is counted (annex B.1.2): to look once is as good as often,
    /// and what may be left out demands nothing.
    fn count_look(&mut self, start: usize) {
        let length = match self.rest.chars().next() {
            Some('*' | '+' | '?') => 1,
            Some('{') if is_count(self.rest) => self.rest.find('}').map_or(0, |end| end + 1),
            _ => return,
        };
        let (count, rest) = self.rest.split_at(length);
        let least = count.trim_start_matches('{').split([',', '}']).next();
        let least = least.and_then(|least| least.parse::<u64>().ok());
        if count.starts_with(['*', '?']) || least == Some(0) {
            self.out.insert_str(start, "(?:");
            self.out.push_str("|)");
        }
        self.rest = rest.strip_prefix('?').unwrap_or(rest);
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
                // No text has half a character.
                None if !in_class && half(self.rest).is_some() => self.put(r"[^\s\S]", 6),
                None if self.rest[2..].starts_with('{') => {
                    let length = self.rest.find('}').map_or(self.rest.len(), |end| end + 1);
                    self.put_same(length);
                }
                None => self.put_same(2),
            },
            'p' | 'P' if posix(self.rest).is_some() => {
                let (class, length) = posix(self.rest).unwrap_or_default();
                match (in_class, kind) {
                    (true, 'p') => self.put(class, length),
                    (true, _) => self.put_same(length),
                    (false, 'p') => self.put(&format!("[{class}]"), length),
                    (false, _) => self.put(&format!("[^{class}]"), length),
                }
                return true;
            }
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

    /// Leaves out what is no more than halves of characters, of which no text has one, and ends a
    /// range where they begin, or begins it behind them. Gives whether there was such a thing.
    fn halves(&mut self) -> bool {
        const LENGTH: usize = 6;
        let unit = |text: &str| {
            let hex = text.strip_prefix(r"\u")?.get(..4)?;
            u16::from_str_radix(hex, 16).ok()
        };
        let Some(first) = unit(self.rest) else {
            return false;
        };
        if surrogates(self.rest).is_some() {
            return false;
        }
        let behind = &self.rest[LENGTH..];
        let last = behind
            .strip_prefix('-')
            .filter(|last| surrogates(last).is_none());
        let last = last.and_then(unit);
        let is_half = |unit: u16| (0xD800..0xE000).contains(&unit);
        match (is_half(first), last) {
            (true, Some(last)) if is_half(last) => self.put("", 2 * LENGTH + 1),
            (true, Some(last)) => self.put(&format!(r"\u{{E000}}-\u{{{last:X}}}"), 2 * LENGTH + 1),
            (true, None) => self.put("", LENGTH),
            (false, Some(last)) if is_half(last) => {
                self.put(&format!(r"\u{{{first:X}}}-\u{{D7FF}}"), 2 * LENGTH + 1);
            }
            (false, _) => return false,
        }
        true
    }

    fn class(&mut self) {
        if self.rest.starts_with("[^]") {
            return self.put(r"[\s\S]", 3);
        }
        if self.rest.starts_with("[]") {
            return self.put(r"[^\s\S]", 2);
        }
        let begin = self.out.len();
        self.put_same(if self.rest.starts_with("[^") { 2 } else { 1 });
        let start = self.out.len();
        let mut was_class = false;
        while let Some(c) = self.rest.chars().next() {
            match c {
                // Of halves of characters alone.
                ']' if self.out.len() == start => {
                    let all = if start - begin == 2 {
                        r"[\s\S]"
                    } else {
                        r"[^\s\S]"
                    };
                    self.out.truncate(begin);
                    return self.put(all, 1);
                }
                ']' => return self.put_same(1),
                '\\' if self.halves() => was_class = false,
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

/// The half of a character that a text begins with, escaped.
fn half(text: &str) -> Option<u16> {
    let hex = text.strip_prefix(r"\u")?.get(..4)?;
    let unit = u16::from_str_radix(hex, 16).ok()?;
    (0xD800..0xE000).contains(&unit).then_some(unit)
}

/// What Java calls a class that ECMA-262 has no name for, and the length of its name.
fn posix(text: &str) -> Option<(&'static str, usize)> {
    let (name, _) = text.get(3..)?.split_once('}')?;
    let class = match name {
        "XDigit" => "0-9A-Fa-f",
        "Alnum" => "A-Za-z0-9",
        "Graph" => "!-~",
        "Print" => " -~",
        "Blank" => r" \t",
        _ => return None,
    };
    text[2..]
        .starts_with('{')
        .then_some((class, name.len() + 4))
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
            (r"^\p{XDigit}{2}[\p{Alnum}_]\P{Blank}$", "a0_x", "a0_\t"),
            (
                r"^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDBFF-\uDC00\uDFFF]+$",
                "aé",
                "\n",
            ),
            (r"^[\u0020-\uDFFF]$", "a", "\u{e000}"),
            (r"^[\uD800-\uFFFF]$", "\u{e000}", "a"),
            (r"^[^\uD800]$", "a", "ab"),
            (r"^(\/(?!\.)+[^$]+){1,2}$", "/a/b", "/.a"),
            (r"^(?=a)*(?!b){2}?(?=c){0,1}x$", "x", "b"),
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
