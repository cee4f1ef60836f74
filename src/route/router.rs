use super::template::{PathTemplate, Segment};
use crate::wire::{Method, decode_percent};
use std::collections::HashMap;

/// Finds the operation of a path and method: a tree of segments, in which a literal goes before
/// a template and a template with more literal text before one with less. The cost is that of the
/// path's segments, however many operations there are.
#[derive(Debug, Default)]
pub struct Router {
    nodes: Vec<Node>,
    templates: Vec<String>,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<String, usize>,
    /// Most exact first.
    templates: Vec<(Segment, usize)>,
    leaf: Option<Leaf>,
}

#[derive(Debug)]
struct Leaf {
    /// The operations of the path: method, the names of its expressions, and its number.
    operations: Vec<(Method, Vec<String>, usize)>,
}

/// What a path and method come to.
#[derive(Debug, PartialEq, Eq)]
pub enum Routed {
    /// An operation, by its number, with the path parameters still percent-encoded.
    Operation(usize, Vec<(String, String)>),
    /// The path is there, the method isn't; these are.
    NoMethod(Vec<Method>),
    /// No such path.
    NoPath,
}

impl Router {
    /// Adds an operation under the number that [`Router::route`] is to give. Gives the number of
    /// an operation that is already there for the same method and an equivalent template.
    pub fn add(
        &mut self,
        method: &Method,
        path: &str,
        template: &PathTemplate,
        number: usize,
    ) -> Option<usize> {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let mut at = 0;
        for segment in template.segments() {
            at = match segment.literal() {
                Some(text) => {
                    // Literals are compared decoded, so that `/a%62c` is `/abc`.
                    let text = decode_percent(text).unwrap_or_else(|_| text.to_owned());
                    match self.nodes[at].literals.get(&text) {
                        Some(next) => *next,
                        None => {
                            let next = self.push();
                            self.nodes[at].literals.insert(text, next);
                            next
                        }
                    }
                }
                None => self.templated(at, segment),
            };
        }
        let names = template.names().map(str::to_owned).collect();
        let leaf = self.nodes[at].leaf.get_or_insert_with(|| Leaf {
            operations: Vec::new(),
        });
        if let Some((_, _, known)) = leaf.operations.iter().find(|(m, _, _)| m == method) {
            return Some(*known);
        }
        leaf.operations.push((method.clone(), names, number));
        if !self.templates.iter().any(|known| known == path) {
            self.templates.push(path.to_owned());
        }
        None
    }

    fn templated(&mut self, at: usize, segment: &Segment) -> usize {
        let same = |known: &Segment| known.shape() == segment.shape();
        if let Some((_, next)) = self.nodes[at]
            .templates
            .iter()
            .find(|(known, _)| same(known))
        {
            return *next;
        }
        let next = self.push();
        let templates = &mut self.nodes[at].templates;
        let place = templates
            .iter()
            .position(|(known, _)| known.precision() < segment.precision())
            .unwrap_or(templates.len());
        templates.insert(place, (segment.clone(), next));
        next
    }

    fn push(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// Finds what answers. `path` is percent-encoded, so an encoded slash (`%2F`) never splits a
    /// segment. A path that has the method goes before an equally good one that hasn't.
    pub fn route(&self, method: &Method, path: &str) -> Routed {
        let Some(path) = path.strip_prefix('/') else {
            return Routed::NoPath;
        };
        if self.nodes.is_empty() {
            return Routed::NoPath;
        }
        let segments: Vec<&str> = path.split('/').collect();
        let mut search = Search {
            method,
            captures: Vec::new(),
            allowed: None,
        };
        match self.descend(0, &segments, &mut search) {
            Some((number, names)) => {
                let captures = search.captures.into_iter().map(str::to_owned);
                Routed::Operation(number, names.iter().cloned().zip(captures).collect())
            }
            None => match search.allowed {
                Some(allowed) => Routed::NoMethod(allowed),
                None => Routed::NoPath,
            },
        }
    }

    fn descend<'p>(
        &self,
        at: usize,
        segments: &[&'p str],
        search: &mut Search<'_, 'p>,
    ) -> Option<(usize, &[String])> {
        let node = &self.nodes[at];
        let Some((segment, rest)) = segments.split_first() else {
            let leaf = node.leaf.as_ref()?;
            let of = |method: &Method| leaf.operations.iter().find(|(m, _, _)| m == method);
            let found = of(search.method).or_else(|| match *search.method {
                Method::HEAD => of(&Method::GET),
                _ => None,
            });
            if found.is_none() {
                search.allowed.get_or_insert_with(|| {
                    leaf.operations
                        .iter()
                        .map(|(method, _, _)| method.clone())
                        .collect()
                });
            }
            return found.map(|(_, names, number)| (*number, names.as_slice()));
        };
        let literal = match segment.contains('%') {
            true => decode_percent(segment)
                .ok()
                .and_then(|text| node.literals.get(&text)),
            false => node.literals.get(*segment),
        };
        if let Some(next) = literal
            && let Some(found) = self.descend(*next, rest, search)
        {
            return Some(found);
        }
        for (template, next) in &node.templates {
            let before = search.captures.len();
            if template.captures(segment, &mut search.captures) {
                if let Some(found) = self.descend(*next, rest, search) {
                    return Some(found);
                }
                search.captures.truncate(before);
            }
        }
        None
    }

    /// Up to three documented paths that are most like a path that matched none.
    pub fn nearest(&self, path: &str) -> Vec<&str> {
        let likeness = |template: &str| {
            let theirs: Vec<&str> = template.split('/').collect();
            let ours: Vec<&str> = path.split('/').collect();
            let same = ours
                .iter()
                .zip(&theirs)
                .filter(|(a, b)| a.eq_ignore_ascii_case(b) || b.starts_with('{') && !a.is_empty())
                .count();
            (same * 2) as isize - (ours.len() as isize - theirs.len() as isize).abs()
        };
        let mut templates: Vec<&str> = self.templates.iter().map(String::as_str).collect();
        templates.sort_by_key(|template| -likeness(template));
        templates.truncate(3);
        templates
    }
}

struct Search<'m, 'p> {
    method: &'m Method,
    captures: Vec<&'p str>,
    allowed: Option<Vec<Method>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(paths: &[&str]) -> Router {
        let mut router = Router::default();
        for (number, path) in paths.iter().enumerate() {
            let template = PathTemplate::parse(path).expect(path);
            assert_eq!(router.add(&Method::GET, path, &template, number), None);
        }
        router
    }

    fn number(router: &Router, path: &str) -> Option<usize> {
        match router.route(&Method::GET, path) {
            Routed::Operation(number, _) => Some(number),
            _ => None,
        }
    }

    #[test]
    fn concrete_goes_before_templated_and_a_dead_end_is_left_again() {
        let router = router(&["/a/{x}", "/a/me", "/a/me/b", "/a/{x}/c", "/a/v{x}"]);
        assert_eq!(number(&router, "/a/me"), Some(1));
        assert_eq!(number(&router, "/a/%6De"), Some(1));
        assert_eq!(number(&router, "/a/you"), Some(0));
        assert_eq!(number(&router, "/a/me/c"), Some(3));
        assert_eq!(number(&router, "/a/v1"), Some(4));
        assert_eq!(number(&router, "/a/"), None);
        assert_eq!(number(&router, "/a/me/"), None);
    }

    #[test]
    fn an_encoded_slash_stays_in_its_segment() {
        let router = router(&["/a/{x}"]);
        let captures = vec![("x".to_owned(), "b%2Fc".to_owned())];
        assert_eq!(
            router.route(&Method::GET, "/a/b%2Fc"),
            Routed::Operation(0, captures)
        );
    }

    #[test]
    fn a_known_path_names_its_methods_and_an_unknown_one_its_neighbours() {
        let router = router(&["/v1/pets/{id}", "/v1/owners"]);
        assert_eq!(
            router.route(&Method::PUT, "/v1/owners"),
            Routed::NoMethod(vec![Method::GET])
        );
        assert!(matches!(
            router.route(&Method::HEAD, "/v1/owners"),
            Routed::Operation(1, _)
        ));
        assert_eq!(router.nearest("/v1/pet/7")[0], "/v1/pets/{id}");
    }

    #[test]
    fn equivalent_templates_are_told() {
        let mut router = router(&["/a/{x}"]);
        let other = PathTemplate::parse("/a/{y}").expect("a template");
        assert_eq!(router.add(&Method::GET, "/a/{y}", &other, 1), Some(0));
        assert_eq!(router.add(&Method::PUT, "/a/{y}", &other, 1), None);
    }
}
