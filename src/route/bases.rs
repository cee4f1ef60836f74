//! The base paths of servers, in the same tree as the paths.

use super::encoding::normal;
use super::router::{Route, add_all};
use super::segment::{Piece, Segment, Shape};
use super::tree::{NodeId, Tree};
use crate::spec::{BasePart, BasePath};
use crate::wire::decode_percent;
use std::collections::HashMap;

/// Puts the base paths beside the paths. Where all operations stand under a base path, it leads
/// to their own tree; else to one of those that do. Base paths of the same operations share it.
pub(super) fn add_bases(tree: &mut Tree, (paths, bases): (NodeId, NodeId), routes: &[Route<'_>]) {
    let mut groups: HashMap<&[BasePath], usize> = HashMap::new();
    let mut members: Vec<Vec<&Route<'_>>> = Vec::new();
    let mut before: Option<(&[BasePath], usize)> = None;
    for route in routes {
        let group = match before {
            Some((known, group)) if std::ptr::eq(known, route.bases) => group,
            _ => *groups.entry(route.bases).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            }),
        };
        before = Some((route.bases, group));
        members[group].push(route);
    }
    // In order, as the numbers of nodes are to be the same in every run.
    let mut in_order: Vec<(&[BasePath], usize)> = groups.into_iter().collect();
    in_order.sort_unstable_by_key(|(_, group)| *group);
    let mut users: Vec<(NodeId, Vec<usize>)> = Vec::new();
    let mut places: HashMap<NodeId, usize> = HashMap::new();
    for (list, group) in in_order {
        for base in list.iter().filter(|base| !base.segments.is_empty()) {
            let segments: Vec<Segment> = base
                .segments
                .iter()
                .map(Vec::as_slice)
                .map(segment)
                .collect();
            let node = tree.insert(bases, &segments);
            let place = *places.entry(node).or_insert_with(|| {
                users.push((node, Vec::new()));
                users.len() - 1
            });
            let groups = &mut users[place].1;
            if groups.last() != Some(&group) {
                groups.push(group);
            }
        }
    }
    let mut subtrees: HashMap<Vec<usize>, NodeId> = HashMap::new();
    for (node, groups) in users {
        let root = match groups.len() == members.len() {
            true => paths,
            false => match subtrees.get(&groups) {
                Some(root) => *root,
                None => {
                    let root = tree.root();
                    let mut inside: Vec<&Route<'_>> = groups
                        .iter()
                        .flat_map(|group| &members[*group])
                        .copied()
                        .collect();
                    inside.sort_unstable_by_key(|route| route.number);
                    // Told of already, from the tree of all.
                    add_all(tree, root, inside.into_iter());
                    subtrees.insert(groups, root);
                    root
                }
            },
        };
        tree.node(node).enter = Some(root);
    }
}

fn segment(parts: &[BasePart]) -> Segment {
    match parts {
        [] => Segment::Literal(String::new()),
        [BasePart::Any] => Segment::Any,
        [BasePart::Text(text)] => {
            Segment::Literal(decode_percent(text).unwrap_or_else(|_| text.clone()))
        }
        parts => {
            let piece = |part: &BasePart| match part {
                BasePart::Text(text) => Piece::Text(normal(text).into_owned()),
                BasePart::Any => Piece::Any,
            };
            Segment::Mixed(Shape(parts.iter().map(piece).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, build};

    #[test]
    fn an_operation_is_reached_with_and_without_the_base_paths_of_its_servers() {
        let operations: &[(&str, &[&str])] = &[
            (
                "/pets",
                &["https://example.com/api/v1", "/{tenant}", "/t-{x}/y"],
            ),
            (
                "/v1/{x}",
                &["https://example.com/api/v1", "/{tenant}", "/t-{x}/y"],
            ),
            ("/moved", &["/v2", "/api/v1/beta"]),
            ("/bare", &["/"]),
            ("/", &["/v2"]),
        ];
        let paths: Vec<&str> = operations.iter().map(|(path, _)| *path).collect();
        let (router, clashes) = build(operations);
        assert!(clashes.is_empty(), "{clashes:?}");
        for (target, path, captured) in [
            ("/pets", "/pets", ""),
            ("/api/v1/pets", "/pets", ""),
            ("/acme/pets", "/pets", ""),
            ("/t-1/y/pets", "/pets", ""),
            ("/t-1/y/v1/2", "/v1/{x}", "x=2"),
            // Without a base path goes before with one.
            ("/v1/pets", "/v1/{x}", "x=pets"),
            ("/api/v1/v1/7", "/v1/{x}", "x=7"),
            // Under the server `/{tenant}`; the path `/moved` has other servers.
            ("/api/v1/moved", "/v1/{x}", "x=moved"),
            ("/v2/moved", "/moved", ""),
            ("/api/v1/beta/moved", "/moved", ""),
            ("/v2/bare", "", ""),
            ("/bare", "/bare", ""),
            ("/v2/", "/", ""),
            ("/v2", "/", ""),
            ("/api/v1", "", ""),
            ("/api/v1pets", "", ""),
            ("/api/v1//pets", "", ""),
        ] {
            let given = answer(&router, &paths, target);
            assert_eq!(given, (path, captured.to_owned()), "{target}");
        }
        assert_eq!(router.nearest("/api/v1/pet")[0], "/pets");
        assert_eq!(router.nearest("/acme/pet")[0], "/pets");
    }
}
