use super::encoding::first_character;
use super::template::Name;
use std::borrow::Cow;
use std::ops::Range;

/// What a path's expressions took of it, still percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captures<'r, 'p> {
    path: Cow<'p, str>,
    names: &'r [Name],
    /// One for each name.
    ranges: Vec<Range<usize>>,
}

/// How many places are tried for the border of two expressions.
const BORDERS: usize = 256;

impl<'r, 'p> Captures<'r, 'p> {
    /// `found` are the ranges of the path that its expressions took, in order.
    pub(super) fn new(
        path: Cow<'p, str>,
        names: &'r [Name],
        mut found: Vec<Range<usize>>,
    ) -> Captures<'r, 'p> {
        let is_one = |(index, name): (usize, &Name)| {
            (name.first, name.last, name.back, name.ahead) == (index, index, 0, 0)
        };
        if names.len() != found.len() || !names.iter().enumerate().all(is_one) {
            found = names
                .iter()
                .map(|name| range(&path, name, &found))
                .collect();
        }
        Captures {
            path,
            names,
            ranges: found,
        }
    }

    /// Moves the border of expressions that nothing stands between to where both texts are such as
    /// `takes` lets their names have, the first as long as can be. Where it lets them have any, or
    /// none, the border stays.
    pub fn part(&mut self, takes: &dyn Fn(&str, &str) -> bool) {
        for second in 1..self.ranges.len() {
            let first = second - 1;
            let (start, border) = (self.ranges[first].start, self.ranges[first].end);
            let end = self.ranges[second].end;
            if border != self.ranges[second].start || start >= border || border >= end {
                continue;
            }
            let text = |range: Range<usize>| self.path.get(range).unwrap_or_default();
            let mut borders = Vec::new();
            let mut at = start + first_character(text(start..end));
            while at < end && borders.len() < BORDERS {
                borders.push(at);
                at += first_character(text(at..end)).max(1);
            }
            let fits = |at: &&usize| {
                takes(&self.names[first].text, text(start..**at))
                    && takes(&self.names[second].text, text(**at..end))
            };
            let fitting: Vec<&usize> = borders.iter().filter(fits).collect();
            if let Some(last) = fitting.last().map(|at| **at)
                && fitting.len() < borders.len()
            {
                self.ranges[first].end = last;
                self.ranges[second].start = last;
            }
        }
    }

    /// Each name with its text.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let pair = |(name, range): (&'r Name, &Range<usize>)| {
            let text = self.path.get(range.clone()).unwrap_or_default();
            (name.text.as_str(), text)
        };
        self.names.iter().zip(&self.ranges).map(pair).collect()
    }
}

/// From the first expression that a name stands for to its last, with the literal segments
/// around them.
fn range(path: &str, name: &Name, found: &[Range<usize>]) -> Range<usize> {
    let (Some(first), Some(last)) = (found.get(name.first), found.get(name.last)) else {
        return 0..0;
    };
    let (mut start, mut end) = (first.start, last.end);
    for _ in 0..name.back {
        let above = start.checked_sub(1).and_then(|slash| path.get(..slash));
        start = above
            .and_then(|above| above.rfind('/'))
            .map_or(0, |at| at + 1);
    }
    for _ in 0..name.ahead {
        let below = path.get(end + 1..).unwrap_or_default();
        end += 1 + below.find('/').unwrap_or(below.len());
    }
    start..end.min(path.len())
}
