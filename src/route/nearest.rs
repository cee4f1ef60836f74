//! The paths that one may have been meant for which there is none.

use std::cmp::Reverse;
use std::collections::HashSet;

/// How many segments of a path are compared: no more makes it more alike.
const SEGMENTS: usize = 64;
/// How many bytes of a segment are compared.
const BYTES: usize = 64;
/// How many paths are told.
const TOLD: usize = 3;

/// All paths of a document as written, each once, in order.
#[derive(Debug)]
pub(super) struct Neighbours(Vec<Box<str>>);

impl Neighbours {
    pub(super) fn new<'d>(paths: impl Iterator<Item = &'d str>) -> Neighbours {
        let mut known = HashSet::new();
        let once = paths.filter(|path| known.insert(*path));
        Neighbours(once.map(Box::from).collect())
    }

    /// Those most like a path, or like what is left of it behind a base path. Looks at each path
    /// once, and at no more of either than a few segments: a mistaken request isn't to cost more
    /// than a right one by far.
    pub(super) fn of(&self, path: &str, behind_base: Option<&str>) -> Vec<&str> {
        let ours: Vec<Vec<&str>> = [Some(path), behind_base]
            .into_iter()
            .flatten()
            .map(segments)
            .collect();
        let mut best: Vec<(Reverse<i64>, &str)> = Vec::with_capacity(TOLD + 1);
        for theirs in &self.0 {
            let alike = ours.iter().map(|ours| likeness(ours, theirs)).max();
            let rank = (Reverse(alike.unwrap_or_default()), theirs.as_ref());
            let place = best.partition_point(|(known, _)| *known <= rank.0);
            if place < TOLD {
                best.insert(place, rank);
                best.truncate(TOLD);
            }
        }
        best.into_iter().map(|(_, path)| path).collect()
    }
}

/// Without what is empty at the end: a slash too many is the smallest of mistakes.
fn segments(path: &str) -> Vec<&str> {
    let path = path.trim_start_matches('/').trim_end_matches('/');
    path.split('/').take(SEGMENTS).collect()
}

/// How much a template is like a path: segment by segment, and in their number.
fn likeness(ours: &[&str], template: &str) -> i64 {
    let path = template.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_start_matches('/').trim_end_matches('/');
    let (mut alike, mut count) = (0, 0_i64);
    let mut rest = ours.iter();
    for theirs in path.split('/').take(SEGMENTS) {
        count += 1;
        alike += rest
            .next()
            .map_or(0, |ours| likeness_of_segments(ours, theirs));
    }
    let ours = i64::try_from(ours.len()).unwrap_or(i64::MAX);
    alike - 4 * (ours - count).abs()
}

/// From 0 for nothing in common to 12 for the same text.
fn likeness_of_segments(ours: &str, theirs: &str) -> i64 {
    if ours == theirs {
        return 12;
    }
    if ours.eq_ignore_ascii_case(theirs) {
        return 10;
    }
    if theirs.starts_with('{') {
        return if ours.is_empty() { 0 } else { 6 };
    }
    let (ours, theirs) = (ours.as_bytes(), theirs.as_bytes());
    let shorter = ours.len().min(theirs.len()).min(BYTES);
    let longer = ours.len().max(theirs.len()).min(2 * BYTES);
    let same = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| {
        pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
    };
    let front = same(&mut ours.iter().zip(theirs).take(shorter));
    let back = same(
        &mut ours
            .iter()
            .rev()
            .zip(theirs.iter().rev())
            .take(shorter - front),
    );
    let common = 9 * (front + back) / longer.max(1);
    // Two words that start with the same letter have nothing to do with each other.
    if common > 3 { common as i64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_that_was_meant_comes_first() {
        let paths = [
            "/owners",
            "/pets",
            "/pets/{id}",
            "/pets/{id}/toys",
            "/v2/shop/{id}?full",
        ];
        let neighbours = Neighbours::new(paths.into_iter());
        for (path, base, first) in [
            ("/pet", None, "/pets"),
            ("/Pets", None, "/pets"),
            ("/pets/", None, "/pets"),
            ("/pets//", None, "/pets"),
            ("//pets", None, "/pets"),
            ("/pest/7", None, "/pets/{id}"),
            ("/pets/7/toy", None, "/pets/{id}/toys"),
            ("/api/pets/7/toy", Some("/pets/7/toy"), "/pets/{id}/toys"),
            ("/v2/shops/7", None, "/v2/shop/{id}?full"),
            ("/owner", None, "/owners"),
        ] {
            assert_eq!(neighbours.of(path, base)[0], first, "{path}");
        }
    }

    #[test]
    fn of_equals_the_first_in_the_document_comes_first_and_three_are_told() {
        let neighbours = Neighbours::new(["/b", "/a", "/b", "/c", "/d"].into_iter());
        assert_eq!(neighbours.of("/zzz", None), ["/b", "/a", "/c"]);
        assert!(Neighbours::new([].into_iter()).of("/", None).is_empty());
    }
}
