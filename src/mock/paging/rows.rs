//! Where in a reply the rows of its list stand.

use super::frame::{DEPTH, MOST};
use super::name::{plain, words};
use crate::sample::singular;
use crate::spec::{ShapeId, Shapes};
use crate::wire::Pointer;

/// What rows are called in whatever list.
const ROWS: [&str; 19] = [
    "results",
    "result",
    "items",
    "item",
    "data",
    "entries",
    "entry",
    "records",
    "rows",
    "hits",
    "content",
    "contents",
    "elements",
    "objects",
    "resources",
    "values",
    "value",
    "list",
    "edges",
];
/// What stands beside the rows and tells of them, or of the request, by the last word of its name.
const BESIDE: [&str; 21] = [
    "facets",
    "facet",
    "links",
    "link",
    "errors",
    "error",
    "warnings",
    "warning",
    "filters",
    "filter",
    "aggregations",
    "aggregates",
    "aggs",
    "meta",
    "metadata",
    "included",
    "suggestions",
    "sort",
    "sorts",
    "breadcrumbs",
    "notices",
];
/// What a row is known by.
const KEYS: [&str; 5] = ["id", "uuid", "key", "slug", "code"];

/// What a path says that its list is of: `channels` of `/teams/{id}/channels`.
pub(in crate::mock) fn called(path: &str) -> Option<&str> {
    let mut segments = path.rsplit('/');
    let literal = segments.find(|segment| !segment.is_empty() && !segment.contains('{'))?;
    literal.split('.').next()
}

/// Where the wanted array stands: the shallowest whose name doesn't say that it is of something
/// else, and on one level the one whose name says most that it has the rows.
pub(in crate::mock) fn find(
    shapes: &Shapes,
    reply: ShapeId,
    is_item: &dyn Fn(ShapeId) -> bool,
    called: Option<&str>,
) -> Option<Pointer> {
    let called = called.map(|called| singular(&plain(called)));
    let rank = |name: &str, row: ShapeId| {
        if called.as_ref() == Some(&singular(&plain(name))) {
            return Rank::Own;
        }
        if ROWS.contains(&plain(name).as_str()) {
            return Rank::Named;
        }
        let has_key = |name: &String| {
            let last = words(name).pop();
            last.is_some_and(|last| KEYS.contains(&last.as_str()))
        };
        match words(name).pop() {
            Some(last) if BESIDE.contains(&last.as_str()) => Rank::Beside,
            _ if shapes.get(row).properties.keys().any(has_key) => Rank::Keyed,
            _ => Rank::Any,
        }
    };
    let mut level = vec![(Pointer::root(), String::new(), reply)];
    let mut beside = None;
    for _ in 0..=DEPTH {
        let lists = level.iter().filter_map(|(at, name, id)| {
            let row = shapes.of_items(shapes.get(*id));
            Some((rank(name, row.filter(|row| is_item(*row))?), at))
        });
        match lists.min_by_key(|(rank, _)| *rank) {
            Some((Rank::Beside, at)) => _ = beside.get_or_insert_with(|| at.clone()),
            Some((_, at)) => return Some(at.clone()),
            None => {}
        }
        let inner = level.iter().flat_map(|(at, _, id)| {
            let properties = shapes.get(*id).properties.iter();
            properties.map(|(name, property)| {
                let at = at.child(name);
                (at, name.clone(), shapes.of_property(property))
            })
        });
        level = inner.take(MOST).collect();
    }
    beside
}

/// How much a list is the one whose rows are wanted; the first says most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Own,
    Named,
    Keyed,
    Any,
    Beside,
}
