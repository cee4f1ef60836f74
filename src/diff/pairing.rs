//! Which operation of one document is which of the other.

use super::change::Concerned;
use crate::spec::{Document, Stub};
use std::collections::HashMap;

/// An operation of both documents, or of one.
pub(super) struct Paired<'d> {
    pub old: Option<&'d Stub>,
    pub new: Option<&'d Stub>,
    pub told: Concerned,
}

/// The operations of two documents, in the order of the new one, those that are gone behind. The
/// names of expressions in a path are of no account, nor whether its beginning stands in the path
/// or in the base path of the servers.
pub(super) fn paired<'d>(old: &'d Document, new: &'d Document) -> Vec<Paired<'d>> {
    let mut left: Vec<Option<usize>> = vec![None; new.operations.len()];
    let mut taken = vec![false; old.operations.len()];
    for by in [By::Path, By::Template, By::Whole] {
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, stub) in old.operations.iter().enumerate() {
            if !taken[number] {
                for key in keys(old, stub, by) {
                    known.entry(key).or_default().push(number);
                }
            }
        }
        for (number, stub) in new.operations.iter().enumerate() {
            if left[number].is_some() {
                continue;
            }
            let keys = keys(new, stub, by).into_iter();
            let mut found = keys.filter_map(|key| known.get(&key)).flatten();
            if let Some(found) = found.find(|found| !taken[**found]) {
                taken[*found] = true;
                left[number] = Some(*found);
            }
        }
    }
    let mut all = Vec::new();
    for (number, stub) in new.operations.iter().enumerate() {
        let before = left[number];
        all.push(Paired {
            old: before.map(|before| &old.operations[before]),
            new: Some(stub),
            told: Concerned {
                name: stub.name(),
                old: before,
                new: Some(number),
            },
        });
    }
    for (number, stub) in old.operations.iter().enumerate() {
        if !taken[number] {
            all.push(Paired {
                old: Some(stub),
                new: None,
                told: Concerned {
                    name: stub.name(),
                    old: Some(number),
                    new: None,
                },
            });
        }
    }
    all
}

/// What of a path counts.
#[derive(Clone, Copy)]
enum By {
    /// All of it.
    Path,
    /// All but the names of its expressions.
    Template,
    /// The same, with what stands before it.
    Whole,
}

/// What an operation is found by.
fn keys(document: &Document, stub: &Stub, by: By) -> Vec<String> {
    let key = |path: &str| format!("{} {path}", stub.method);
    let path = nameless(&stub.path);
    match by {
        By::Path => vec![key(&stub.path)],
        By::Template => vec![key(&path)],
        By::Whole => {
            let bases = document.base_paths(stub);
            if bases.is_empty() {
                // Without servers it is `/` (OpenAPI 3.1.1 §4.8.1).
                return vec![key(&path)];
            }
            let bases = bases.iter().map(|base| key(&format!("{base}{path}")));
            bases.collect()
        }
    }
}

/// A path template without the names of its expressions.
pub(super) fn nameless(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, from)) = rest.split_once('{') {
        let Some((_, behind)) = from.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push_str("{}");
        rest = behind;
    }
    out + rest
}

/// The names of a path template's expressions, in order.
pub(super) fn names(path: &str) -> Vec<&str> {
    let pieces = path.split('{').skip(1);
    pieces
        .filter_map(|piece| Some(piece.split_once('}')?.0))
        .collect()
}
