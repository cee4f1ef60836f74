//! Lines of a file around a place, for who has to be shown it.

use super::{Place, Source};

/// How many lines are shown before the place's own, and behind it.
const BEFORE: usize = 2;
const BEHIND: usize = 3;
/// How much of a line is shown, in characters: a file may be one line.
const LONG: usize = 160;
/// How much of that stands before the place.
const LEAD: usize = 60;

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

impl Source {
    /// The lines around a place.
    pub fn excerpt(&self, place: &Place) -> Excerpt {
        let (line, column) = self.position(place);
        let start = self.span(place).start.min(self.text().len());
        let before = self.text()[..start].bytes().rev();
        // From the start of the first line that is shown, without counting those before it.
        let mut breaks = 0;
        let back = before.take_while(|byte| {
            breaks += usize::from(*byte == b'\n');
            breaks <= BEFORE
        });
        let from = start - back.count();
        let first = line - BEFORE.min(line - 1);
        let shown = self.text()[from..].lines().take(line - first + 1 + BEHIND);
        let lines = shown.enumerate().map(|(index, text)| {
            let number = first + index;
            let skip = match number == line {
                true => (column - 1).saturating_sub(LEAD),
                false => 0,
            };
            (number, part(text, skip))
        });
        Excerpt {
            file: self.name().to_owned(),
            line,
            lines: lines.collect(),
        }
    }
}

/// What is shown of a line.
fn part(line: &str, skip: usize) -> String {
    let line = line.trim_end_matches('\r');
    let skip = if line.chars().nth(LONG).is_some() {
        skip
    } else {
        0
    };
    let mut chars = line.chars().skip(skip);
    let mut part: String = chars.by_ref().take(LONG).collect();
    if skip > 0 {
        part.insert(0, '…');
    }
    if chars.next().is_some() {
        part.push('…');
    }
    part
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
