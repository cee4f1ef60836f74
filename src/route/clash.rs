//! What of a document's paths can't be told apart.

use super::encoding::normal;
use super::leaf::Leaf;
use super::segment::Shape;
use super::tree::{MixedEdges, NodeId, Tree, Via};
use std::cmp::Reverse;
use std::collections::HashSet;

/// Two operations that some requests may mean both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// In what way.
    pub kind: ClashKind,
    /// The number of the operation that stands back.
    pub operation: usize,
    /// The number of the one that answers in its stead, or stands first.
    pub other: usize,
}

/// In what way two operations can't be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClashKind {
    /// The same method of equivalent paths (`/a/{x}`, `/a/{y}`): the second is never reached.
    Same,
    /// Equivalent paths with other names, and other methods: both are served, and the document
    /// may not say so (OpenAPI 3.1.1 §4.8.8.2).
    Renamed,
    /// Told apart by a fragment alone, which no request has: the second is reached by requests
    /// that have in their query what the fragment says.
    Fragment,
    /// Some requests match both, and each is more exact in another segment (`/{a}/me`,
    /// `/books/{b}`), so that OpenAPI leaves open which is meant: the one that is more exact in
    /// the first segment in which they differ.
    Ambiguous,
}

/// All that can't be told apart, by the operation that stands back.
#[derive(Debug, Default)]
pub struct Clashes {
    /// Each operation is told of once for each kind.
    pub found: Vec<Clash>,
    /// Whether all were looked for: a document that is made of little else has too many pairs.
    pub complete: bool,
}

/// How many pairs are looked at, beside as many as there are nodes. Public documents need fewer.
const PAIRS: usize = 100_000;

/// Looks for ambiguous operations below a root. Where two branches part at a node, one goes
/// before the other there; an ambiguity is where the other is more exact further down.
///
/// Expressions that take several segments aren't looked at: OpenAPI doesn't have them, and all
/// else goes before them.
pub(super) fn crossings(tree: &Tree, root: NodeId) -> Clashes {
    let mut crossings = Crossings {
        tree,
        texts: tree.texts(),
        told: HashSet::new(),
        pairs: Vec::new(),
        left: PAIRS + 4 * tree.len() as usize,
        found: Vec::new(),
    };
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        crossings.part_at(node);
        let at = &tree[node];
        nodes.extend(tree.literals(node).chain(at.any));
        nodes.extend(at.mixed.iter().flat_map(|mixed| &mixed.all));
    }
    Clashes {
        complete: crossings.left > 0,
        found: crossings.found,
    }
}

struct Crossings<'t> {
    tree: &'t Tree,
    texts: Vec<&'t str>,
    /// The operations that were told of.
    told: HashSet<usize>,
    /// Nodes that are come to by the same paths.
    pairs: Vec<Pair>,
    /// How many pairs may still be looked at.
    left: usize,
    found: Vec<Clash>,
}

#[derive(Clone, Copy)]
struct Pair {
    /// The one that goes before.
    first: NodeId,
    second: NodeId,
    /// Whether the first was more exact in some segment, and the second in another.
    exact: (bool, bool),
}

impl<'t> Crossings<'t> {
    /// Follows every two branches of a node as far as they match the same.
    fn part_at(&mut self, node: NodeId) {
        let at = &self.tree[node];
        if at.any.is_none() && at.mixed.is_none() {
            return;
        }
        let same = (false, false);
        for literal in self.tree.literals(node) {
            if let (Via::Literal(text), Some(mixed)) = (&self.tree[literal].via, &at.mixed) {
                let text = self.normal(*text);
                mixed.with_ends_of(&text, |second| self.consider(literal, second, same));
            }
            if let Some(any) = at.any {
                self.consider(literal, any, same);
            }
        }
        if let Some(mixed) = &at.mixed {
            self.part_mixed(mixed);
            for first in &mixed.all {
                if let Some(any) = at.any {
                    self.consider(*first, any, same);
                }
            }
        }
        self.follow();
    }

    /// The pairs of mixed segments that may match the same. Either one has the ends of the other
    /// and more, and is found by them; or it starts with more and ends with less, which only one
    /// that starts with something can: of a thousand `{name}:verb` none is compared with another.
    fn part_mixed(&mut self, edges: &MixedEdges) {
        let (mut prefixed, mut suffixed) = (Vec::new(), Vec::new());
        for first in &edges.all {
            let Some(shape) = self.shape(*first) else {
                continue;
            };
            if !shape.prefix().is_empty() {
                prefixed.push((*first, shape));
            }
            if !shape.suffix().is_empty() {
                suffixed.push((*first, shape));
            }
            edges.with_ends_of(&shape.sample(), |second| {
                let other = self.shape(second);
                let alike = other.is_some_and(|other| {
                    (other.prefix(), other.suffix()) == (shape.prefix(), shape.suffix())
                });
                if *first < second || *first != second && !alike {
                    self.consider_mixed(*first, second);
                }
            });
        }
        for (first, one) in &prefixed {
            for (second, other) in &suffixed {
                // Counted here too: most of these pairs differ in a way that needs no following.
                let Some(left) = self.left.checked_sub(1) else {
                    return;
                };
                self.left = left;
                if one.prefix().len() > other.prefix().len()
                    && one.suffix().len() < other.suffix().len()
                {
                    self.consider_mixed(*first, *second);
                }
            }
        }
    }

    /// The one with more literal text goes before, else the one that stands first.
    fn consider_mixed(&mut self, a: NodeId, b: NodeId) {
        let rank = |node| {
            let precision = self.shape(node).map_or(0, Shape::precision);
            (Reverse(precision), node)
        };
        match rank(a) < rank(b) {
            true => self.consider(a, b, (false, false)),
            false => self.consider(b, a, (false, false)),
        }
    }

    fn follow(&mut self) {
        while let Some(pair) = self.pairs.pop() {
            let (first, second) = (&self.tree[pair.first], &self.tree[pair.second]);
            if let (Some(first), Some(second), (true, true)) =
                (&first.leaf, &second.leaf, pair.exact)
            {
                self.tell(first, second);
            }
            let of = |node: NodeId| {
                let at = &self.tree[node];
                let mixed = at.mixed.iter().flat_map(|mixed| mixed.all.iter().copied());
                mixed.chain(at.any)
            };
            if self.left == 0 {
                self.pairs.clear();
                return;
            }
            // Literals meet their like by number, and templates one by one.
            for literal in self.tree.literals(pair.first) {
                if let Via::Literal(text) = self.tree[literal].via
                    && let Some(same) = self.tree.literal_by_number(pair.second, text)
                {
                    self.consider(literal, same, pair.exact);
                }
                for template in of(pair.second) {
                    self.consider(literal, template, pair.exact);
                }
            }
            for template in of(pair.first) {
                for other in self.tree.literals(pair.second).chain(of(pair.second)) {
                    self.consider(template, other, pair.exact);
                }
            }
        }
    }

    /// Notes a pair to be followed, if some segment leads to both.
    fn consider(&mut self, first: NodeId, second: NodeId, exact: (bool, bool)) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        if let Some((a, b)) = self.compare(first, second) {
            self.pairs.push(Pair {
                first,
                second,
                exact: (exact.0 || a, exact.1 || b),
            });
        }
    }

    /// Whether each of the two last segments is more exact than the other in some way. Nothing
    /// where no segment matches both.
    fn compare(&self, first: NodeId, second: NodeId) -> Option<(bool, bool)> {
        match (&self.tree[first].via, &self.tree[second].via) {
            (Via::Literal(a), Via::Literal(b)) => (a == b).then_some((false, false)),
            (Via::Any, Via::Any) => Some((false, false)),
            (Via::Literal(text), Via::Any) => self.has_text(*text).then_some((true, false)),
            (Via::Any, Via::Literal(text)) => self.has_text(*text).then_some((false, true)),
            (Via::Mixed(_), Via::Any) => Some((true, false)),
            (Via::Any, Via::Mixed(_)) => Some((false, true)),
            (Via::Literal(text), Via::Mixed(shape)) => {
                self.matches(*text, shape).then_some((true, false))
            }
            (Via::Mixed(shape), Via::Literal(text)) => {
                self.matches(*text, shape).then_some((false, true))
            }
            (Via::Mixed(a), Via::Mixed(b)) => compare_shapes(a, b),
            (Via::Root | Via::Deep(_), _) | (_, Via::Root | Via::Deep(_)) => None,
        }
    }

    fn shape(&self, node: NodeId) -> Option<&'t Shape> {
        match &self.tree[node].via {
            Via::Mixed(shape) => Some(shape),
            _ => None,
        }
    }

    fn has_text(&self, text: u32) -> bool {
        !self.texts[text as usize].is_empty()
    }

    /// A literal as a path has it. A slash in it is an encoded one.
    fn normal(&self, text: u32) -> String {
        normal(self.texts[text as usize]).replace('/', "%2F")
    }

    fn matches(&self, text: u32, shape: &Shape) -> bool {
        shape.captures(&self.normal(text), 0, &mut Vec::new())
    }

    fn tell(&mut self, first: &Leaf, second: &Leaf) {
        for (method, operation) in second.plain() {
            let same = first.plain().find(|(other, _)| *other == method);
            if let Some((_, other)) = same
                && self.told.insert(operation)
            {
                self.found.push(Clash {
                    kind: ClashKind::Ambiguous,
                    operation,
                    other,
                });
            }
        }
    }
}

/// One is more exact than another that matches all that it does.
fn compare_shapes(a: &Shape, b: &Shape) -> Option<(bool, bool)> {
    let starts = a.prefix().starts_with(b.prefix()) || b.prefix().starts_with(a.prefix());
    let ends = a.suffix().ends_with(b.suffix()) || b.suffix().ends_with(a.suffix());
    if !starts || !ends {
        return None;
    }
    match (a.is_within(b), b.is_within(a)) {
        // The same, or almost: `{a}` and `{b}{c}`.
        (true, true) => Some((false, false)),
        // Neither: each has text that the other hasn't.
        (false, false) => Some((true, true)),
        exact => Some(exact),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{build, plain};
    use super::*;

    #[test]
    fn operations_that_cannot_be_told_apart_are_told() {
        use ClashKind::{Ambiguous, Fragment, Renamed, Same};
        for (paths, expected) in [
            (&["/a/{x}", "/a/{y}"][..], &[(Same, 1, 0)][..]),
            (&["/a", "/%61"], &[(Same, 1, 0)]),
            (
                &["/a/{x}", "PUT /a/{y}", "POST /a/{y}", "PUT /a/{x}/b"],
                &[(Renamed, 1, 0)],
            ),
            (&["/a/{x}", "PUT /a/{x}"], &[]),
            (&["/a?b", "/a?c", "/a", "/a?b"], &[(Same, 3, 0)]),
            (&["/a#b", "/a#c", "/a#c"], &[(Fragment, 1, 0), (Same, 2, 1)]),
            (&["/a", "/a#c"], &[(Fragment, 1, 0)]),
            (&["/a/{x}", "/a/b"], &[]),
            (&["/{x}/me", "/books/{y}"], &[(Ambiguous, 0, 1)]),
            (&["/{x}/me", "PUT /books/{y}"], &[]),
            (
                &["/{x}/me", "/books/{y}/z", "/books/{y}", "/books/me"],
                &[(Ambiguous, 0, 2)],
            ),
            (&["/{x}/b", "/{x}/{y}", "/a/b"], &[]),
            (
                &["/{a}/x/{b}", "/{a}/{c}/y", "/q/x/y"],
                &[(Ambiguous, 1, 0)],
            ),
            (&["/{a}/x/{b}", "/q/{c}/y"], &[(Ambiguous, 0, 1)]),
            (&["/{a}//x", "/q/{c}/{d}"], &[]),
            (&["/{n}:run", "/{n}:stop", "/{n}"], &[]),
            (&["/v{n}", "/{n}.json"], &[(Ambiguous, 0, 1)]),
            (
                &["/v{n}", "/v1.{n}", "/v{n}.json", "/w{n}"],
                &[(Ambiguous, 1, 2)],
            ),
            (&["/{a}.{b}", "/{a}-{b}", "/{a}.json"], &[(Ambiguous, 1, 2)]),
            (&["/{n}:run/{x}", "/a:run/b", "/a:run/{y}"], &[]),
            (&["/{n}:run/b", "/a:run/{y}"], &[(Ambiguous, 0, 1)]),
            (&["/{+a}/b", "/c/{+d}", "/{+e}/b"], &[(Same, 2, 0)]),
        ] {
            let operations: Vec<(&str, &[&str])> =
                paths.iter().map(|path| (*path, &["/v1"][..])).collect();
            let clashes = build(&operations).1;
            let found: Vec<(ClashKind, usize, usize)> = clashes
                .iter()
                .map(|clash| (clash.kind, clash.operation, clash.other))
                .collect();
            assert_eq!(found, expected, "{paths:?}");
        }
    }

    #[test]
    fn looking_for_ambiguities_ends() {
        let left = (0..3_000).map(|n| format!("/{{x}}/b{n}"));
        let right = (0..3_000).map(|n| format!("/a{n}/{{y}}"));
        let paths: Vec<String> = left.chain(right).collect();
        let (_, clashes) = plain(&paths, |_| &[]);
        assert_eq!(clashes.found.len(), 3_000);
        assert!(!clashes.complete);
    }
}
