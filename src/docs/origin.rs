//! Where something is said, as pages name it: the same from whatever folder they are written.

use crate::contract::Contract;
use crate::spec::{At, Origin, Place};
use std::path::{Component, Path};

/// How many folders above the document's own a file may stand that is named from there.
const ABOVE: usize = 2;

/// The file and line of a place.
pub(super) fn place(contract: &Contract, at: At) -> String {
    self::at(contract, &contract.document.origin(at))
}

/// The same of what a rule says, too.
pub(super) fn at(contract: &Contract, origin: &Origin) -> String {
    let (line, _) = origin
        .source
        .position(&Place::Value(origin.pointer.clone()));
    format!("{}:{line}", near(contract, origin.source.name()))
}

/// The name of a file as it is seen from the document, whatever follows it.
pub(super) fn near(contract: &Contract, name: &str) -> String {
    seen_from(contract.document.source().name(), name)
}

fn seen_from(document: &str, name: &str) -> String {
    let (mut base, name) = (parts(document), parts(name));
    base.pop();
    let same = base.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let above = base.len() - same;
    // What stands elsewhere has no more than its own folder: the way there is this machine's alone.
    let is_far = above > ABOVE || same == 0;
    let (above, kept) = match is_far {
        true => (0, name.len().saturating_sub(2)),
        false => (above, same),
    };
    let up = std::iter::repeat_n("..", above);
    let down = name[kept..].iter().map(String::as_str);
    up.chain(down).collect::<Vec<&str>>().join("/")
}

/// The names along a path, from the root of all.
fn parts(path: &str) -> Vec<String> {
    let path = Path::new(path);
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut parts: Vec<String> = Vec::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::Prefix(prefix) => {
                parts.push(prefix.as_os_str().to_string_lossy().into_owned());
            }
            Component::RootDir | Component::CurDir => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_folder_of_the_document() {
        let cases = [
            ("/a/b/pets.yaml", "/a/b/pets.yaml", "pets.yaml"),
            ("pets.yaml", "pets.yaml", "pets.yaml"),
            ("a/pets.yaml", "a/parts/pet.yaml", "parts/pet.yaml"),
            (
                "/a/specs/pets.yaml",
                "/a/fixtures/pets/rules.yaml",
                "../fixtures/pets/rules.yaml",
            ),
            ("a/x/../pets.yaml", "a/rules.yaml", "rules.yaml"),
            (
                "/a/b/c/d/pets.yaml",
                "/e/pets/rules.yaml",
                "pets/rules.yaml",
            ),
            ("/a/pets.yaml", "/b/rules.yaml", "b/rules.yaml"),
        ];
        for (document, file, expected) in cases {
            assert_eq!(seen_from(document, file), expected, "{file}");
        }
    }
}
