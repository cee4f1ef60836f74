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
