//! The operations of one path: by method, and where a document tells them apart by more, by that.

use super::clash::ClashKind;
use super::query::{Demand, Given};
use super::template::{Name, PathTemplate};
use crate::wire::Method;
use std::collections::HashMap;
use std::sync::Arc;

/// How many operations of one path and method are told apart by what they take: documents have two.
const ALIKE: usize = 8;

/// The operations whose templates match the same paths.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    methods: Vec<(Method, Choice)>,
    /// The first operation, with the names that its path has.
    first: Option<(usize, Arc<[Name]>)>,
    /// The names of the path that was added last: its other methods follow.
    last: Arc<[Name]>,
}

/// What a match gives.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The operation's number.
    pub(super) number: usize,
    pub(super) names: Arc<[Name]>,
}

/// The operations of one path and method.
#[derive(Debug, Default)]
struct Choice {
    /// The one that asks for nothing more.
    plain: Option<Entry>,
    /// Most paths have none of these.
    others: Option<Box<Demanding>>,
}

/// Operations that ask for a query, or would be told by one.
#[derive(Debug, Default)]
struct Demanding {
    entries: Vec<(Entry, Vec<Demand>)>,
    /// The entries by one of their demands, so that not all must be looked at.
    by_demand: HashMap<Demand, Vec<usize>>,
    /// Every list of demands that is there, with the operation that has it.
    known: HashMap<Vec<Demand>, usize>,
    /// Further ones that ask for nothing more, of paths that differ in the names of their expressions
    /// alone: they answer what the first can't take.
    alike: Vec<Entry>,
    /// The first operation that has a fragment: it answers where no query says otherwise.
    fallback: Option<usize>,
}

impl Leaf {
    /// Adds an operation; gives what of it can't be meant, with the other operation.
    pub(super) fn add(
        &mut self,
        method: &Method,
        template: &PathTemplate,
        number: usize,
    ) -> Vec<(ClashKind, usize)> {
        let names = Arc::clone(&template.names);
        let entry = Entry {
            number,
            names: Arc::clone(&names),
        };
        let known = self.methods.iter().position(|(known, _)| known == method);
        let index = known.unwrap_or_else(|| {
            self.methods.push((method.clone(), Choice::default()));
            self.methods.len() - 1
        });
        let found = self.methods[index].1.add(entry, template);
        let mut clashes: Vec<(ClashKind, usize)> = found.into_iter().collect();
        let (first, theirs) = self
            .first
            .get_or_insert_with(|| (number, Arc::clone(&names)));
        // An operation of the same method is told of already.
        if *theirs != names && self.last != names && clashes.is_empty() {
            clashes.push((ClashKind::Renamed, *first));
        }
        self.last = names;
        clashes
    }

    /// The operation of a method and query; `HEAD` is `GET` where it isn't documented itself.
    pub(super) fn choose(&self, method: &Method, query: &str) -> Option<&Entry> {
        let of = |method: &Method| {
            let (_, choice) = self.methods.iter().find(|(known, _)| known == method)?;
            choice.choose(query)
        };
        of(method).or_else(|| match *method {
            Method::HEAD => of(&Method::GET),
            _ => None,
        })
    }

    /// Operations of a method that are of the same path as the one that is chosen first, and may take
    /// what that doesn't.
    pub(super) fn alike(&self, method: &Method) -> &[Entry] {
        let choice = self.methods.iter().find(|(known, _)| known == method);
        let others = choice.and_then(|(_, choice)| choice.others.as_ref());
        others.map_or(&[], |others| &others.alike)
    }

    /// The methods that would be answered with this query.
    pub(super) fn methods(&self, query: &str) -> impl Iterator<Item = &Method> {
        let answered = move |(_, choice): &&(Method, Choice)| choice.choose(query).is_some();
        self.methods
            .iter()
            .filter(answered)
            .map(|(method, _)| method)
    }

    /// The operations that ask for nothing but path and method.
    pub(super) fn plain(&self) -> impl Iterator<Item = (&Method, usize)> {
        self.methods
            .iter()
            .filter_map(|(method, choice)| Some((method, choice.plain.as_ref()?.number)))
    }
}

impl Choice {
    fn add(&mut self, entry: Entry, template: &PathTemplate) -> Option<(ClashKind, usize)> {
        let has_fragment = !template.hints.is_empty();
        let demands: Vec<Demand> = [template.demands.as_slice(), &template.hints].concat();
        let Some(last) = demands.last().cloned() else {
            if let Some(other) = &self.plain {
                let alike = &mut self.others.get_or_insert_default().alike;
                if alike.len() < ALIKE {
                    alike.push(entry);
                }
                return Some((ClashKind::Same, other.number));
            }
            self.plain = Some(entry);
            return None;
        };
        let others = self.others.get_or_insert_default();
        let number = entry.number;
        if let Some(other) = others.known.get(&demands) {
            return Some((ClashKind::Same, *other));
        }
        others.known.insert(demands.clone(), number);
        let index = others.entries.len();
        others.by_demand.entry(last).or_default().push(index);
        others.entries.push((entry, demands));
        // A fragment never travels, so without it the operation is its path's.
        if !has_fragment || !template.demands.is_empty() {
            return None;
        }
        let first = self.plain.as_ref().map(|entry| entry.number);
        let first = first.or_else(|| Some(others.entries[others.fallback?].0.number));
        others.fallback.get_or_insert(index);
        first.map(|first| (ClashKind::Fragment, first))
    }

    /// The most exact of those whose demands are met, the first of equals.
    fn choose(&self, query: &str) -> Option<&Entry> {
        let Some(others) = &self.others else {
            return self.plain.as_ref();
        };
        let given = Given::read(query);
        let keyed = given.met().filter_map(|met| others.by_demand.get(met));
        let met = keyed
            .flatten()
            .map(|index| (*index, &others.entries[*index]))
            .filter(|(_, (_, demands))| given.meets(demands));
        let best = met.max_by_key(|(index, (_, demands))| {
            let precision: usize = demands.iter().map(Demand::precision).sum();
            (precision, std::cmp::Reverse(*index))
        });
        let best = best.map(|(_, (entry, _))| entry);
        best.or(self.plain.as_ref())
            .or_else(|| Some(&others.entries[others.fallback?].0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, router};

    #[test]
    fn a_query_in_a_path_key_is_asked_for_and_a_fragment_preferred() {
        for (paths, requests) in [
            (
                &[
                    "/x?action=a",
                    "/x?action=b",
                    "/x?action=b&all",
                    "/y?k={v}",
                    "/y",
                ][..],
                &[
                    ("/x?action=a", "/x?action=a"),
                    ("/x?z=1&action=b", "/x?action=b"),
                    ("/x?all=&action=b", "/x?action=b&all"),
                    ("/x?action=c", ""),
                    ("/x", ""),
                    ("/y", "/y"),
                    ("/y?k=1", "/y?k={v}"),
                ][..],
            ),
            (
                &[
                    "/{b}",
                    "/{b}#acl",
                    "/{b}#uploads&id",
                    "/q#Action=A",
                    "/q#Action=B",
                ],
                &[
                    ("/1", "/{b}"),
                    ("/1?acl", "/{b}#acl"),
                    ("/1?id=1&uploads", "/{b}#uploads&id"),
                    ("/1?uploads", "/{b}"),
                    ("/q", "/q#Action=A"),
                    ("/q?Action=B", "/q#Action=B"),
                    ("/q?Action=C", "/q#Action=A"),
                ],
            ),
        ] {
            let router = router(paths);
            for (target, path) in requests {
                assert_eq!(answer(&router, paths, target).0, *path, "{target}");
            }
        }
    }
}
