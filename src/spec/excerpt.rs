//! Lines of a file around a place, for who has to be shown it.

use super::{Place, Source};

/// How many lines are shown before the place's own, and behind it.
const BEFORE: usize = 2;
const BEHIND: usize = 3;
/// How much of a line is shown, in characters: a file may be one line.
const LONG: usize = 160;
/// How much of that stands before the place.
const LEAD: usize = 60;
/// How far the end of a line is looked for, in bytes.
const FAR: usize = 2 * 1024;

/// Some lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The file's name, as people are shown it.
    pub file: String,
    /// The line that is meant, from 1.
    pub line: usize,
    /// The lines with their numbers; what is too long of one is left out for `…`.
    pub lines: Vec<(usize, String)>,
}

/// A part of a line: where it starts and ends, and whether the line does so too.
#[derive(Clone, Copy)]
struct Part {
    start: (usize, bool),
    end: (usize, bool),
}

impl Source {
    /// The lines around a place.
    pub fn excerpt(&self, place: &Place) -> Excerpt {
        let (line, _) = self.position(place);
        let text = self.text();
        let at = self.span(place).start.min(text.len());
        let own = Part::around(text, at);
        let mut lines = vec![(line, own.shown(text, at))];
        let mut part = own;
        for number in (1..line).rev().take(BEFORE) {
            let (start, true) = part.start else {
                break;
            };
            part = Part::around(text, start - 1);
            lines.insert(0, (number, part.shown(text, part.start.0)));
        }
        let mut part = own;
        for number in (line + 1..).take(BEHIND) {
            let (end, true) = part.end else {
                break;
            };
            // What ends with a line feed has no line behind it.
            if end + 1 >= text.len() {
                break;
            }
            part = Part::around(text, end + 1);
            lines.push((number, part.shown(text, part.start.0)));
        }
        Excerpt {
            file: self.name().to_owned(),
            line,
            lines,
        }
    }
}

impl Part {
    /// The line that a byte is in, or what is near the byte of one that is longer.
    fn around(text: &str, at: usize) -> Part {
        let mut from = at.saturating_sub(FAR);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let mut to = (at + FAR).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        Part {
            start: match text[from..at].rfind('\n') {
                Some(line_feed) => (from + line_feed + 1, true),
                None => (from, from == 0),
            },
            end: match text[at..to].find('\n') {
                Some(line_feed) => (at + line_feed, true),
                None => (to, to == text.len()),
            },
        }
    }

    /// Of a long line what is around a byte of it.
    fn shown(&self, text: &str, at: usize) -> String {
        let (start, end) = (self.start.0, self.end.0);
        let line = text[start..end].trim_end_matches('\r');
        let before = text[start..at.clamp(start, end)].chars().count();
        let skip = match line.chars().nth(LONG) {
            Some(_) => before.saturating_sub(LEAD),
            None => 0,
        };
        let mut chars = line.chars().skip(skip);
        let mut shown: String = chars.by_ref().take(LONG).collect();
        if skip > 0 || !self.start.1 {
            shown.insert(0, '…');
        }
        if chars.next().is_some() || !self.end.1 {
            shown.push('…');
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Pointer;
    use std::sync::Arc;

    fn excerpt(name: &str, text: &str, pointer: &str) -> Excerpt {
        let source = Arc::new(Source::new(name, text));
        assert!(source.tree().is_ok(), "{text}");
        let pointer = Pointer::parse(pointer).expect("a pointer");
        source.excerpt(&Place::Key(pointer))
    }

    #[test]
    fn the_lines_around_a_place_have_their_numbers() {
        let text = "a: 1\nb: 2\nc:\n  d: é\ne: 5\nf: 6\ng: 7\nh: 8\n";
        let shown = excerpt("x.yaml", text, "/c/d");
        let numbers: Vec<usize> = shown.lines.iter().map(|(number, _)| *number).collect();
        assert_eq!((shown.line, numbers), (4, vec![2, 3, 4, 5, 6, 7]));
        assert_eq!(shown.lines[2].1, "  d: é");
        let first = excerpt("x.yaml", text, "/a");
        assert_eq!((first.line, first.lines.len()), (1, 4));
        let last = excerpt("x.yaml", text, "/h");
        assert_eq!(last.lines.last(), Some(&(8, "h: 8".to_owned())));
    }

    #[test]
    fn of_a_long_line_what_is_around_the_place_is_shown() {
        let long = "x".repeat(5_000);
        let text = format!("{{\"a\": \"{long}\", \"b\": {{\"c\": \"{long}\"}}}}");
        let shown = excerpt("x.json", &text, "/b/c");
        let [(1, line)] = shown.lines.as_slice() else {
            panic!("{shown:?}");
        };
        assert!(line.contains("\"b\": {\"c\": \"xxx"), "{line}");
        assert!(line.chars().count() <= LONG + 2, "{line}");
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
    }
}
