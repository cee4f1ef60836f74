//! One segment of a template, and how a segment of a path is matched by it.

use super::encoding::first_character;
use std::ops::Range;

/// A segment of a template, without the names of its expressions: what is equal matches the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// This text, decoded, and no other.
    Literal(String),
    /// Any text that isn't empty: one expression and nothing else.
    Any,
    /// Expressions and literal text.
    Mixed(Shape),
    /// One expression that may take several segments.
    Deep(Ends),
}

/// Expressions and literal text in turn, at least one of each or two expressions. The text is
/// normal, not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape(pub(super) Vec<Piece>);

/// A part of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Literal text.
    Text(String),
    /// An expression.
    Any,
}

/// What stands before and behind an expression that may take several segments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) before: String,
    pub(super) after: String,
}

impl Shape {
    /// The literal text that it starts with.
    pub(super) fn prefix(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// The literal text that it ends in.
    pub(super) fn suffix(&self) -> &str {
        match self.0.last() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// A text that it matches, with a character in place of each expression that stands in no
    /// literal.
    pub(super) fn sample(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Any => "\0".to_owned(),
        };
        self.0.iter().map(text).collect()
    }

    /// Whether the other matches all that this one does.
    pub(super) fn is_within(&self, other: &Shape) -> bool {
        other.captures(&self.sample(), 0, &mut Vec::new())
    }

    /// How much of it is literal: the more, the more exact.
    pub(super) fn precision(&self) -> usize {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Any => 0,
        };
        self.0.iter().map(text).sum()
    }

    /// Matches a normal text that starts at `start` of its path, pushing where each expression's
    /// part of it stands. An expression takes at least one character and as few as what follows
    /// allows; the last takes the rest. Taking few never misses a match that taking more would
    /// find, so nothing is tried twice.
    pub(super) fn captures(&self, text: &str, start: usize, out: &mut Vec<Range<usize>>) -> bool {
        let before = out.len();
        let matched = self.fill(text, start, out).is_some();
        if !matched {
            out.truncate(before);
        }
        matched
    }

    fn fill(&self, text: &str, start: usize, out: &mut Vec<Range<usize>>) -> Option<()> {
        let pieces = &self.0;
        let mut at = 0;
        for (index, piece) in pieces.iter().enumerate() {
            let rest = text.get(at..)?;
            if let Piece::Text(literal) = piece {
                at += rest
                    .starts_with(literal.as_str())
                    .then_some(literal.len())?;
                continue;
            }
            let first = first_character(rest);
            let end = match pieces.get(index + 1) {
                None => rest.len(),
                Some(Piece::Any) => first,
                Some(Piece::Text(literal)) if index + 2 == pieces.len() => {
                    rest.strip_suffix(literal.as_str())?.len()
                }
                Some(Piece::Text(literal)) => first + rest.get(first..)?.find(literal.as_str())?,
            };
            if end == 0 {
                return None;
            }
            out.push(start + at..start + at + end);
            at += end;
        }
        (at == text.len()).then_some(())
    }
}

impl Ends {
    /// How much is literal: the more, the more exact.
    pub(super) fn precision(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// Matches text that may have slashes, from `start` of its path; gives the part between.
    pub(super) fn between(&self, text: &str, start: usize) -> Option<Range<usize>> {
        let inner = text.strip_prefix(self.before.as_str())?;
        let inner = inner.strip_suffix(self.after.as_str())?;
        let from = start + self.before.len();
        (!inner.is_empty()).then(|| from..from + inner.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::PathTemplate;
    use super::*;

    fn captures<'t>(template: &str, text: &'t str) -> Option<Vec<&'t str>> {
        let template = PathTemplate::parse(template).expect(template);
        let [Segment::Mixed(shape)] = template.segments() else {
            panic!("{template:?}");
        };
        let mut out = Vec::new();
        let matched = shape.captures(text, 0, &mut out);
        matched.then(|| out.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn literals_around_expressions_split_a_segment() {
        for (template, text, expected) in [
            ("/{a}.{b}", "x.y.z", Some(vec!["x", "y.z"])),
            ("/{a}.{b}", ".x.y", Some(vec![".x", "y"])),
            ("/{a}.{b}", "x.", None),
            ("/{name}:cancel", "a:b:cancel", Some(vec!["a:b"])),
            ("/{name}:cancel", ":cancel", None),
            ("/{base}...{head}", "main...dev", Some(vec!["main", "dev"])),
            ("/{a}.{b}.", "x.y.", Some(vec!["x", "y"])),
            ("/{a}.{b}.", "x..", None),
            ("/v{n}", "v", None),
            ("/v{n}", "v1", Some(vec!["1"])),
            ("/{a}b{c}b", "abbb", Some(vec!["a", "b"])),
        ] {
            assert_eq!(captures(template, text), expected, "{template} {text}");
        }
    }

    #[test]
    fn of_adjacent_expressions_the_first_takes_one_character() {
        for (template, text, expected) in [
            ("/{a}{b}", "xyz", Some(vec!["x", "yz"])),
            ("/{a}{b}", "%C3%A9z", Some(vec!["%C3%A9", "z"])),
            ("/{a}{b}", "x", None),
            ("/{a}{b}-{c}", "xy-z", Some(vec!["x", "y", "z"])),
            ("/({a}){b}{c}", "(x)yzz", Some(vec!["x", "y", "zz"])),
        ] {
            assert_eq!(captures(template, text), expected, "{template} {text}");
        }
    }
}
