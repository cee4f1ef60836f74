//! The way of one path through the tree.

use super::captures::Captures;
use super::leaf::Entry;
use super::tree::{MixedEdges, Node, NodeId, Tree, Via};
use crate::wire::{Method, decode_percent};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Looks for what answers one request. Its cost is bounded by segments times nodes, whatever the
/// path: in a tree each node is come to once, and where it may be come to in several ways, behind
/// an expression that takes several segments or a base path, it is entered once from each place
/// of the path.
pub(super) struct Search<'t, 's> {
    tree: &'t Tree,
    /// Nothing where it is the path's methods that are looked for.
    method: Option<&'s Method>,
    query: &'s str,
    /// Whether an operation takes what its path's expressions stand for.
    takes: Takes<'s>,
    /// Normal, without the `/` that it starts with.
    path: &'s str,
    /// What is still to be tried, the best last: a stack of its own, as no path may exhaust the
    /// thread's.
    stack: Vec<Frame>,
    entered: HashSet<(NodeId, usize)>,
    /// The first place of the path from which each deep expression was tried.
    deep: HashMap<NodeId, usize>,
    /// Where the expressions on the way stand in the path.
    pub(super) captures: Vec<Range<usize>>,
    /// The methods that would have been answered.
    pub(super) allowed: Vec<Method>,
    /// How many nodes were come to: what the search costs.
    pub(super) steps: usize,
}

/// Tells of the operation of a number whether it takes a path's captures.
pub type Takes<'t> = &'t dyn Fn(usize, &Captures<'_, '_>) -> bool;

/// A node to be tried.
#[derive(Clone, Copy)]
struct Frame {
    node: NodeId,
    /// Where the segment starts that led here, and where the next one does; behind the last
    /// that is one past the end of the path.
    from: usize,
    at: usize,
    /// How many captures were made before.
    captures: usize,
}

impl<'t, 's> Search<'t, 's> {
    pub(super) fn new(
        tree: &'t Tree,
        method: Option<&'s Method>,
        path: &'s str,
        query: &'s str,
        takes: Takes<'s>,
    ) -> Search<'t, 's> {
        Search {
            tree,
            method,
            query,
            takes,
            path,
            stack: Vec::new(),
            entered: HashSet::new(),
            deep: HashMap::new(),
            captures: Vec::new(),
            allowed: Vec::new(),
            steps: 0,
        }
    }

    /// The operation that the path leads to from a root. A path that has the method goes before
    /// a more exact one that hasn't, as the method is what the client asks for; save where its
    /// operation can't take the path: the more exact one was meant.
    pub(super) fn run(&mut self, root: NodeId) -> Option<&'t Entry> {
        self.push(root, 0, 0, 0);
        while let Some(frame) = self.stack.pop() {
            self.steps += 1;
            let tree = self.tree;
            let node = &tree[frame.node];
            let fresh = !node.is_below_deep || self.entered.insert((frame.node, frame.at));
            if !fresh || !self.take(node, frame) {
                continue;
            }
            if let Some(root) = node.enter {
                self.enter(root, frame.at);
            }
            if frame.at <= self.path.len() {
                self.expand(node, frame);
            } else if let Some(leaf) = &node.leaf {
                let is_first = self.allowed.is_empty();
                let chosen = |method| {
                    let entry = leaf.choose(method, self.query)?;
                    let mut alike = leaf.alike(method).iter().peekable();
                    let entry = match alike.peek() {
                        Some(_) if !self.is_taken(entry) => {
                            alike.find(|other| self.is_taken(other)).unwrap_or(entry)
                        }
                        _ => entry,
                    };
                    (is_first || self.is_taken(entry)).then_some(entry)
                };
                if let Some(entry) = self.method.and_then(chosen) {
                    return Some(entry);
                }
                let methods = leaf.methods(self.query);
                let taken: Vec<&Method> = methods.filter(|m| chosen(m).is_some()).collect();
                for method in taken {
                    if !self.allowed.contains(method) {
                        self.allowed.push(method.clone());
                    }
                }
            }
        }
        None
    }

    fn is_taken(&self, entry: &Entry) -> bool {
        let path = Cow::Borrowed(self.path);
        let captures = Captures::new(path, &entry.names, self.captures.clone());
        (self.takes)(entry.number, &captures)
    }

    fn push(&mut self, node: NodeId, from: usize, at: usize, captures: usize) {
        self.stack.push(Frame {
            node,
            from,
            at,
            captures,
        });
    }

    /// Notes what the segment before the node captured, after what stands on the way to it.
    fn take(&mut self, node: &Node, frame: Frame) -> bool {
        self.captures.truncate(frame.captures);
        let Some(text) = self.path.get(frame.from..frame.at.saturating_sub(1)) else {
            // A root, which no segment leads to.
            return true;
        };
        match &node.via {
            Via::Root | Via::Literal(_) => true,
            Via::Any => {
                self.captures.push(frame.from..frame.from + text.len());
                true
            }
            Via::Mixed(shape) => shape.captures(text, frame.from, &mut self.captures),
            Via::Deep(ends) => match ends.between(text, frame.from) {
                Some(range) => {
                    self.captures.push(range);
                    true
                }
                None => false,
            },
        }
    }

    /// Goes on behind a base path, whose own captures are no parameters. The base path alone is
    /// the path `/`.
    fn enter(&mut self, root: NodeId, at: usize) {
        if !self.entered.insert((root, at)) {
            return;
        }
        match at <= self.path.len() {
            true => self.push(root, at, at, 0),
            false => {
                if let Some(slash) = self.tree.literal(root, "") {
                    self.push(slash, at, at, 0);
                }
            }
        }
    }

    /// Puts what follows a node on the stack, the least exact first.
    fn expand(&mut self, node: &Node, frame: Frame) {
        let (from, captures) = (frame.at, self.captures.len());
        let rest = self.path.get(from..).unwrap_or_default();
        let text = rest.split('/').next().unwrap_or_default();
        let next = from + text.len() + 1;
        if !text.is_empty() {
            for deep in node.deep.iter().rev() {
                self.go_deep(*deep, from, captures);
            }
            if let Some(any) = node.any {
                self.push(any, from, next, captures);
            }
            if let Some(mixed) = &node.mixed {
                self.mix(mixed, text, from, captures);
            }
        }
        let literal = match text.contains('%') {
            true => decode_percent(text)
                .ok()
                .and_then(|text| self.tree.literal(frame.node, &text)),
            false => self.tree.literal(frame.node, text),
        };
        if let Some(literal) = literal {
            self.push(literal, from, next, captures);
        }
    }

    /// The segments that mix, those with more literal text before those with less.
    fn mix(&mut self, edges: &MixedEdges, text: &str, from: usize, captures: usize) {
        let mark = self.stack.len();
        let next = from + text.len() + 1;
        edges.with_ends_of(text, |node| self.push(node, from, next, captures));
        let tree = self.tree;
        let precision = |frame: &Frame| match &tree[frame.node].via {
            Via::Mixed(shape) => (shape.precision(), std::cmp::Reverse(frame.node)),
            _ => (0, std::cmp::Reverse(frame.node)),
        };
        self.stack[mark..].sort_unstable_by_key(precision);
    }

    /// An expression that takes as few segments as what follows it allows. Where nothing
    /// follows, it takes all.
    fn go_deep(&mut self, deep: NodeId, from: usize, captures: usize) {
        let (path, node) = (self.path, &self.tree[deep]);
        let Via::Deep(ends) = &node.via else {
            return;
        };
        if !path[from..].starts_with(ends.before.as_str()) {
            return;
        }
        // What an earlier place of the path was tried with needs no second trial from here: only
        // where it ends counts from now on, not where it started.
        let tried = self.deep.get(&deep).copied().unwrap_or(usize::MAX);
        self.deep.insert(deep, tried.min(from));
        let known = tried.saturating_add(ends.precision());
        let slashes = path[from..].match_indices('/').map(|(at, _)| from + at);
        let follows = !node.is_last();
        let mark = self.stack.len();
        for end in slashes.filter(|_| follows).chain([path.len()]) {
            if end > known {
                break;
            }
            if ends.between(&path[from..end], from).is_some() {
                self.push(deep, from, end + 1, captures);
            }
        }
        self.stack[mark..].reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::super::router::{Routed, Router};
    use super::super::testing::{answer, plain, router};
    use crate::spec::{BasePath, base_paths};
    use crate::wire::Method;

    #[test]
    fn an_expression_across_slashes_takes_what_nothing_more_exact_does() {
        for (paths, requests) in [
            (
                &[
                    "/v1/{+name}",
                    "/v1/{+name}:cancel",
                    "/v1/{+parent}/jobs",
                    "/v1/a/b",
                    "/v1/{x}/{y}/{z}/end",
                ][..],
                &[
                    ("/v1/p", "/v1/{+name}", "name=p"),
                    ("/v1/p/q/r", "/v1/{+name}", "name=p/q/r"),
                    ("/v1/p//r/", "/v1/{+name}", "name=p//r/"),
                    ("/v1/p/q:cancel", "/v1/{+name}:cancel", "name=p/q"),
                    ("/v1/p/q/jobs", "/v1/{+parent}/jobs", "parent=p/q"),
                    (
                        "/v1/jobs/jobs/jobs",
                        "/v1/{+parent}/jobs",
                        "parent=jobs/jobs",
                    ),
                    ("/v1/a/b", "/v1/a/b", ""),
                    ("/v1/p/q/r/end", "/v1/{x}/{y}/{z}/end", "x=p y=q z=r"),
                    ("/v1/", "", ""),
                    ("/v1", "", ""),
                ][..],
            ),
            (
                &[
                    "/v1/{name=projects/*/jobs/*}",
                    "/v1/{name=projects/*/jobs/*}:run",
                    "/v1/{name=projects/*}/x/{y}",
                    "/v1/{n=a/*/b/c}/d",
                    "/v2/{all=files/**}",
                ],
                &[
                    (
                        "/v1/projects/p/jobs/j",
                        "/v1/{name=projects/*/jobs/*}",
                        "name=projects/p/jobs/j",
                    ),
                    (
                        "/v1/projects/p/jobs/j:run",
                        "/v1/{name=projects/*/jobs/*}:run",
                        "name=projects/p/jobs/j",
                    ),
                    (
                        "/v1/projects/p/x/1",
                        "/v1/{name=projects/*}/x/{y}",
                        "name=projects/p y=1",
                    ),
                    ("/v1/a/1/b/c/d", "/v1/{n=a/*/b/c}/d", "n=a/1/b/c"),
                    ("/v2/files/a/b", "/v2/{all=files/**}", "all=files/a/b"),
                    ("/v2/files", "", ""),
                ],
            ),
            (
                &["/x-{proxy+}", "/{a}", "/{+a}/x-{+b}"],
                &[
                    ("/x-a/b", "/x-{proxy+}", "proxy=a/b"),
                    ("/x-a", "/{a}", "a=x-a"),
                    ("/p/q/x-r/x-s", "/{+a}/x-{+b}", "a=p/q b=r/x-s"),
                ],
            ),
        ] {
            let router = router(paths);
            for (target, path, captured) in requests {
                let given = answer(&router, paths, target);
                assert_eq!(given, (*path, (*captured).to_owned()), "{target}");
            }
        }
    }

    /// As many operations as asked for, of all shapes, with several servers, some with their own.
    fn many(count: usize) -> Router {
        let paths: Vec<String> = (0..count)
            .map(|n| match n % 5 {
                0 => format!("/things{n}/{{id}}"),
                1 => format!("/v1/{{name}}:verb{n}"),
                2 => format!("/r?action={n}"),
                3 => format!("/v{n}-{{id}}/parts"),
                _ => format!("/users/{{id}}/things{n}"),
            })
            .collect();
        let servers = (0..count / 10).map(|n| format!("/base{n}/x"));
        let all: Vec<BasePath> = servers.flat_map(|url| base_paths(&url, &[])).collect();
        let bases = |n: usize| if n == 0 { &all[..1] } else { &all };
        plain(&paths, bases).0
    }

    #[test]
    fn a_request_costs_the_same_among_ten_operations_and_ten_thousand() {
        let (few, lots) = (many(10), many(10_000));
        for target in [
            "/things0/7",
            "/v1/a:verb1",
            "/v3-x/parts",
            "/users/7/things4",
            "/base0/x/users/7/things4",
            "/nothing/here",
        ] {
            let steps = [&few, &lots].map(|router| {
                let (routed, steps) = router.search(&Method::GET, target, "", &|_, _| true);
                assert_eq!(
                    routed == Routed::NoPath,
                    target == "/nothing/here",
                    "{target}"
                );
                steps
            });
            assert_eq!(steps[0], steps[1], "{target}");
            assert!(steps[0] <= 10, "{target}: {}", steps[0]);
        }
    }

    #[test]
    fn no_path_costs_more_than_segments_times_nodes() {
        let repeated = |text: &str| text.repeat(4_000 / text.len());
        let deep: String = (0..8).map(|n| format!("/{{+a{n}}}/x")).collect();
        let crossed: Vec<String> = (0..256_usize)
            .map(|bits| {
                let segment = |n: u32| ["/{x}", "/a"][bits >> n & 1];
                (0..8).map(segment).chain(["/end"]).collect()
            })
            .collect();
        let crossed: Vec<&str> = crossed.iter().map(String::as_str).collect();
        let alternating: String = (0..2_000).map(|n| format!("/{{a{n}}}/x")).collect();
        for paths in [
            &[deep.as_str(), "/{+a}/y/{+b}/x/{c}"][..],
            &crossed,
            &[alternating.as_str(), "/{a}/x/{b}/x/y", "/a/{b}/a/{c}/z"],
        ] {
            let router = router(paths);
            for path in [
                repeated("/a"),
                repeated("/x"),
                repeated("/a/x"),
                repeated("/"),
                "/a".repeat(8) + "/none",
            ] {
                let (_, steps) = router.search(&Method::GET, &path, "", &|_, _| true);
                let bound = path.matches('/').count() * router.tree.len() as usize;
                assert!(steps <= bound.min(60_000), "{steps} steps of {bound}");
            }
        }
    }
}
