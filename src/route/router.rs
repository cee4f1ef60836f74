use super::bases::add_bases;
use super::captures::Captures;
use super::clash::{Clash, Clashes, crossings};
use super::encoding::normal;
use super::nearest::Neighbours;
use super::search::{Search, Takes};
use super::template::PathTemplate;
use super::tree::{NodeId, Tree};
use crate::spec::BasePath;
use crate::wire::{Method, decode_percent};
use std::borrow::Cow;
use std::collections::HashSet;

/// Finds the operation of a path and method: a tree of segments, in which a literal goes before
/// a template, a template with more literal text before one with less, and one that takes several
/// segments behind all others. The cost is that of the path's segments, however many operations
/// and servers there are.
#[derive(Debug)]
pub struct Router {
    pub(super) tree: Tree,
    /// Below it stand all operations.
    paths: NodeId,
    /// Below it stand the base paths.
    bases: NodeId,
    methods: HashSet<Method>,
    neighbours: Neighbours,
}

/// An operation, as the router takes it.
#[derive(Debug, Clone, Copy)]
pub struct Route<'d> {
    /// The number that [`Router::route`] is to give.
    pub number: usize,
    /// Its method, any token.
    pub method: &'d Method,
    /// Its path, as written.
    pub path: &'d str,
    /// The same path, read.
    pub template: &'d PathTemplate,
    /// The base paths that it may be reached under, beside its path alone.
    pub bases: &'d [BasePath],
}

/// What a path and method come to.
#[derive(Debug, PartialEq, Eq)]
pub enum Routed<'r, 'p> {
    /// An operation, by its number, with the path parameters still percent-encoded.
    Operation(usize, Captures<'r, 'p>),
    /// The path is there, the method isn't; these are.
    NoMethod(Vec<Method>),
    /// No such path.
    NoPath,
}

impl Router {
    /// A router of these operations, and what of them can't be told apart. Both take time that
    /// grows with the text of the paths, and no faster.
    pub fn new(routes: &[Route<'_>]) -> (Router, Clashes) {
        let mut tree = Tree::default();
        let (paths, bases) = (tree.root(), tree.root());
        let mut clashes = add_all(&mut tree, paths, routes.iter());
        // Before there are subtrees of base paths, in which the same would be found again.
        let crossings = crossings(&tree, paths);
        clashes.extend(crossings.found);
        clashes.sort_by_key(|clash| (clash.operation, clash.other));
        add_bases(&mut tree, (paths, bases), routes);
        let router = Router {
            paths,
            bases,
            methods: routes.iter().map(|route| route.method.clone()).collect(),
            neighbours: Neighbours::new(routes.iter().map(|route| route.path)),
            tree,
        };
        let clashes = Clashes {
            found: clashes,
            complete: crossings.complete,
        };
        (router, clashes)
    }

    /// Finds what answers. `path` and `query` are percent-encoded, so an encoded slash (`%2F`)
    /// never splits a segment. The path alone goes before one behind a base path, save where it starts
    /// with an expression.
    /// Where a more exact path hasn't the method, an operation of another answers that `takes` the
    /// path's captures.
    pub fn route<'p>(
        &self,
        method: &Method,
        path: &'p str,
        query: &str,
        takes: Takes<'_>,
    ) -> Routed<'_, 'p> {
        self.search(method, path, query, takes).0
    }

    /// The methods that a path is documented for; none where it isn't.
    pub fn methods(&self, path: &str, query: &str, takes: Takes<'_>) -> Vec<Method> {
        let Some(path) = path.strip_prefix('/') else {
            return Vec::new();
        };
        let path = normal(path);
        let mut search = Search::new(&self.tree, None, &path, query, takes);
        search.run(self.paths);
        search.run(self.bases);
        search.allowed
    }

    /// Whether any operation has this method.
    pub fn knows(&self, method: &Method) -> bool {
        self.methods.contains(method)
    }

    /// Up to three documented paths that are most like a path that matched none.
    pub fn nearest(&self, path: &str) -> Vec<&str> {
        self.neighbours.of(path, self.behind_base(path))
    }

    /// What [`Router::route`] gives, and how many nodes it came to.
    pub(super) fn search<'p>(
        &self,
        method: &Method,
        path: &'p str,
        query: &str,
        takes: Takes<'_>,
    ) -> (Routed<'_, 'p>, usize) {
        let Some(path) = path.strip_prefix('/') else {
            return (Routed::NoPath, 0);
        };
        let path = normal(path);
        let mut search = Search::new(&self.tree, Some(method), &path, query, takes);
        let mut found = search.run(self.paths);
        // A path that starts with an expression would take a base path for its value: what stands
        // behind that is more exact.
        let starts =
            |search: &Search<'_, '_>| search.captures.first().is_some_and(|at| at.start == 0);
        if found.is_none() {
            found = search.run(self.bases);
        } else if starts(&search) {
            let mut behind = Search::new(&self.tree, Some(method), &path, query, takes);
            behind.steps = search.steps;
            if let Some(other) = behind.run(self.bases).filter(|_| !starts(&behind)) {
                (found, search.captures) = (Some(other), behind.captures);
            }
            search.steps = behind.steps;
        }
        let steps = search.steps;
        let routed = match found {
            Some(entry) => {
                let captures = search.captures;
                let captures = Captures::new(path, &entry.names, captures);
                Routed::Operation(entry.number, captures)
            }
            None if search.allowed.is_empty() => Routed::NoPath,
            None => Routed::NoMethod(search.allowed),
        };
        (routed, steps)
    }

    /// What is left of a path behind the longest base path that it starts with, literals before
    /// templates.
    pub fn behind_base<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut rest = path.strip_prefix('/')?;
        let (mut at, mut found) = (self.bases, None);
        loop {
            let text = rest.split('/').next().unwrap_or_default();
            let decoded = decode_percent(text).map_or(Cow::Borrowed(text), Cow::Owned);
            let next = self.tree.literal(at, &decoded).or(self.tree[at].any);
            let (Some(next), Some(below)) = (next, rest.get(text.len()..)) else {
                return found;
            };
            at = next;
            if self.tree[at].enter.is_some() {
                found = Some(below);
            }
            let Some(below) = below.strip_prefix('/') else {
                return found;
            };
            rest = below;
        }
    }
}

/// Adds operations below a root; gives those that have each other's paths.
pub(super) fn add_all<'d>(
    tree: &mut Tree,
    root: NodeId,
    routes: impl Iterator<Item = &'d Route<'d>>,
) -> Vec<Clash> {
    let mut clashes = Vec::new();
    // The operations of one path stand together, and the way to its node is walked once.
    let mut before: Option<(&str, NodeId)> = None;
    for route in routes {
        let node = match before {
            Some((path, node)) if path == route.path => node,
            _ => tree.insert(root, route.template.segments()),
        };
        before = Some((route.path, node));
        let leaf = tree.node(node).leaf.get_or_insert_default();
        let found = leaf.add(route.method, route.template, route.number);
        clashes.extend(found.into_iter().map(|(kind, other)| Clash {
            kind,
            operation: route.number,
            other,
        }));
    }
    clashes
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, router};
    use super::*;

    #[test]
    fn the_most_exact_template_answers() {
        for (paths, requests) in [
            (
                &["/a/{x}", "/a/me", "/a/me/b", "/a/{x}/c", "/a/v{x}"][..],
                &[
                    ("/a/me", "/a/me", ""),
                    ("/a/%6De", "/a/me", ""),
                    ("/a/ME", "/a/{x}", "x=ME"),
                    ("/a/you", "/a/{x}", "x=you"),
                    ("/a/me/c", "/a/{x}/c", "x=me"),
                    ("/a/v1", "/a/v{x}", "x=1"),
                    ("/a/v", "/a/{x}", "x=v"),
                    ("/a/", "", ""),
                    ("/a/me/", "", ""),
                    ("/a//c", "", ""),
                    ("//a/me", "", ""),
                    ("a/me", "", ""),
                    ("/A/me", "", ""),
                ][..],
            ),
            (
                &["/", "/a", "/a/", "/b/", "/a//b"],
                &[
                    ("/", "/", ""),
                    ("/a", "/a", ""),
                    ("/a/", "/a/", ""),
                    ("/b", "", ""),
                    ("/a//b", "/a//b", ""),
                    ("/a/b", "", ""),
                    ("", "", ""),
                ],
            ),
            (
                &["/f/{a}", "/f/{a}/{b}", "/f/a%2Fb"],
                &[
                    ("/f/b%2Fc", "/f/{a}", "a=b%2Fc"),
                    ("/f/b%2fc/%7e", "/f/{a}/{b}", "a=b%2Fc b=~"),
                    ("/f/a%2fb", "/f/a%2Fb", ""),
                    ("/f/é", "/f/{a}", "a=%C3%A9"),
                ],
            ),
            (
                &[
                    "/v1/{name}",
                    "/v1/{name}:cancel",
                    "/v1/{a}.{b}",
                    "/v1/{n}.json",
                    "/v1/x",
                ],
                &[
                    ("/v1/7", "/v1/{name}", "name=7"),
                    ("/v1/7:cancel", "/v1/{name}:cancel", "name=7"),
                    ("/v1/7%3Acancel", "/v1/{name}", "name=7%3Acancel"),
                    ("/v1/a.b.json", "/v1/{n}.json", "n=a.b"),
                    ("/v1/a.b:cancel", "/v1/{name}:cancel", "name=a.b"),
                    ("/v1/a%2Eb", "/v1/{a}.{b}", "a=a b=b"),
                    ("/v1/.json", "/v1/{name}", "name=.json"),
                    ("/v1/x", "/v1/x", ""),
                ],
            ),
            (
                &["/c/{base}...{head}", "/{a}{b}", "/r/{x}/{x}"],
                &[
                    ("/c/a..b...c", "/c/{base}...{head}", "base=a..b head=c"),
                    ("/xyz", "/{a}{b}", "a=x b=yz"),
                    ("/x", "", ""),
                    ("/r/1/2", "/r/{x}/{x}", "x=1"),
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

    #[test]
    fn a_known_path_names_its_methods_and_any_token_is_a_method() {
        let operations = ["/a", "DELETE /{x}", "QUERY /a", "x-y /b", "PUT /a?z"];
        let router = router(&operations);
        let methods = |method: &str, target: &str| {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            match router.route(&method.parse().expect("a method"), path, query, &|_, _| {
                true
            }) {
                Routed::NoMethod(methods) => Err(methods.iter().map(ToString::to_string).collect()),
                Routed::Operation(number, _) => Ok(operations[number]),
                Routed::NoPath => Err(Vec::new()),
            }
        };
        let allowed = |methods: &[&str]| Err(methods.iter().map(|m| (*m).to_owned()).collect());
        for (method, target, expected) in [
            ("HEAD", "/a", Ok("/a")),
            ("QUERY", "/a", Ok("QUERY /a")),
            ("x-y", "/b", Ok("x-y /b")),
            ("DELETE", "/a", Ok("DELETE /{x}")),
            ("PUT", "/a?z", Ok("PUT /a?z")),
            ("PUT", "/a", allowed(&["GET", "QUERY", "DELETE"])),
            ("POST", "/a?z", allowed(&["GET", "QUERY", "PUT", "DELETE"])),
            ("POST", "/a/b", allowed(&[])),
        ] {
            assert_eq!(methods(method, target), expected, "{method} {target}");
        }
        let known = |method: &str| router.knows(&method.parse().expect("a method"));
        assert_eq!(["QUERY", "x-y", "X-Y"].map(known), [true, true, false]);
    }
}
