//! Routers of few words, for the tests of this folder.

use super::clash::{Clash, Clashes};
use super::router::{Route, Routed, Router};
use super::template::PathTemplate;
use crate::spec::{BasePath, base_paths};
use crate::wire::Method;

/// Paths with their methods (`GET` where none is written) and the URLs of their servers.
pub(super) fn build(operations: &[(&str, &[&str])]) -> (Router, Vec<Clash>) {
    let read: Vec<(Method, &str, PathTemplate, Vec<BasePath>)> = operations
        .iter()
        .map(|(path, servers)| {
            let (method, path) = path.split_once(' ').unwrap_or(("GET", path));
            let template = PathTemplate::parse(path).expect(path);
            let bases = servers.iter().flat_map(|url| base_paths(url, &[]));
            let method = method.parse().expect("a method");
            (method, path, template, bases.collect())
        })
        .collect();
    let routes: Vec<Route<'_>> = read
        .iter()
        .enumerate()
        .map(|(number, (method, path, template, bases))| Route {
            number,
            method,
            path,
            template,
            bases,
        })
        .collect();
    let (router, clashes) = Router::new(&routes);
    (router, clashes.found)
}

/// A router of operations without servers.
pub(super) fn router(paths: &[&str]) -> Router {
    let operations: Vec<(&str, &[&str])> = paths.iter().map(|path| (*path, &[][..])).collect();
    build(&operations).0
}

/// The template of the operation that answers a `GET`, and what its names stand for.
pub(super) fn answer<'t>(router: &Router, paths: &[&'t str], target: &str) -> (&'t str, String) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match router.route(&Method::GET, path, query, &|_, _| true) {
        Routed::Operation(number, captures) => {
            let pairs = captures.pairs().into_iter();
            let pairs: Vec<String> = pairs.map(|(name, text)| format!("{name}={text}")).collect();
            (paths[number], pairs.join(" "))
        }
        _ => ("", String::new()),
    }
}

/// A router of `GET`s, the base paths of each told by its number.
pub(super) fn plain<'b>(
    paths: &[String],
    bases: impl Fn(usize) -> &'b [BasePath],
) -> (Router, Clashes) {
    let read = |path: &String| PathTemplate::parse(path).expect("a template");
    let templates: Vec<PathTemplate> = paths.iter().map(read).collect();
    let routes = paths.iter().zip(&templates).enumerate();
    let routes: Vec<Route<'_>> = routes
        .map(|(number, (path, template))| Route {
            number,
            method: &Method::GET,
            path,
            template,
            bases: bases(number),
        })
        .collect();
    Router::new(&routes)
}
