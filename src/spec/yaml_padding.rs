//! Quoted texts over several lines that aren't indented. YAML 1.2.2 (§6.3, `s-flow-line-prefix`)
//! wants each line further in than what the text stands in; most other readers don't look. White
//! space at the beginning of such a line is no part of the text, so the parser is given more of it
//! than there is.

use std::borrow::Cow;

/// How many texts are mended: each costs a reading from the beginning.
const TEXTS: usize = 100;
/// How many bytes are read again for all of them; one is mended however long the whole is.
const READ_AGAIN: usize = 8 << 20;

/// The spaces that are put in front of lines.
#[derive(Debug, Default)]
pub(super) struct Padding {
    /// Where in the text, and how many; in order.
    lines: Vec<(usize, usize)>,
    texts: usize,
}

impl Padding {
    /// Indents the lines of the text that a quote opens; false where that can't be meant, as
    /// where a quote was forgotten and keys follow.
    pub(super) fn indent(&mut self, text: &str, quote: usize) -> bool {
        let begin = text[..quote].rfind('\n').map_or(0, |at| at + 1);
        let width = quote - begin;
        let known = self.lines.last().is_some_and(|(at, _)| *at > quote);
        let is_left = self.texts < TEXTS && self.texts * text.len() < READ_AGAIN;
        let Some(end) = closing(text, quote).filter(|_| !known && is_left) else {
            return false;
        };
        let breaks = text[quote..end].match_indices('\n');
        let starts: Vec<usize> = breaks.map(|(at, _)| quote + at + 1).collect();
        let mut lines = starts.iter().map(|at| &text[*at..end]);
        if lines.any(|rest| is_member(rest.lines().next().unwrap_or_default())) {
            return false;
        }
        self.lines.extend(starts.into_iter().map(|at| (at, width)));
        self.texts += 1;
        true
    }

    /// The text as the parser is given it.
    pub(super) fn pad<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.lines.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut padded = String::with_capacity(text.len());
        let mut done = 0;
        for (at, width) in &self.lines {
            padded.push_str(&text[done..*at]);
            padded.extend(std::iter::repeat_n(' ', *width));
            done = *at;
        }
        padded.push_str(&text[done..]);
        Cow::Owned(padded)
    }

    /// The byte of the text that stands at a byte of what the parser is given.
    pub(super) fn source(&self, at: usize) -> usize {
        let mut before = 0;
        for (line, width) in &self.lines {
            if line + before >= at {
                break;
            }
            before += width.min(&(at - before - line));
        }
        at - before
    }
}

/// The quote that closes the text that one opens (YAML 1.2.2 §7.3.1, §7.3.2).
fn closing(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = bytes[open];
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 1,
            byte if *byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether a line looks like a member or an item of its own: `key: …`, `- …`.
fn is_member(line: &str) -> bool {
    let line = line.trim();
    let word = |c: char| c.is_alphanumeric() || "$_-./{}'\"".contains(c);
    match line.split_once(':') {
        Some((key, rest)) => !key.is_empty() && key.chars().all(word) && !rest.starts_with('/'),
        None => line.starts_with("- "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_the_padded_text_are_places_in_the_text() {
        let text = "a:\n  b: \"one\ntwo\n three\" \n  c: 1\n";
        let mut padding = Padding::default();
        assert!(padding.indent(text, 8));
        let padded = padding.pad(text);
        assert_eq!(padded.len(), text.len() + 10);
        for word in ["one", "two", "three", "c: 1"] {
            let at = padded.find(word).expect("it is there");
            assert_eq!(Some(padding.source(at)), text.find(word), "{word}");
        }
    }

    #[test]
    fn a_quote_that_was_forgotten_swallows_no_keys() {
        assert!(!Padding::default().indent("a: \"one\nb: two\nc: \"three\"\n", 3));
    }
}
