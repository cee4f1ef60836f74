//! What an API remembers as the files that its fixtures would be.

use super::Memory;
use crate::contract::Contract;
use crate::encode::to_yaml;
use crate::mock::{Parent, key_text};
use crate::spec::Source;
use crate::store::{Collection, State};
use crate::wire::decode_percent;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

/// The files of a folder of fixtures.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// Name and text of each. `setup.yaml` is there where names alone don't tell what the others
    /// are of: it has that, and nothing else that one may say.
    pub files: BTreeMap<String, String>,
    /// What can't be said in fixtures, and isn't in the files.
    pub left_out: Vec<String>,
}

impl Export {
    /// Whether a file that is there says the same as a text, in whatever form it does.
    pub fn is_said(path: &Path, text: &str) -> bool {
        let name = path.display().to_string();
        let value = |source: Source| Arc::new(source).parse().ok();
        let there = Source::read(path, &name).ok().and_then(value);
        there.is_some() && there == value(Source::new(name, text))
    }
}

/// The names that mean something else beside fixtures.
const TAKEN: [&str; 2] = ["setup", "rules"];

impl Memory<'_> {
    /// What is remembered, as fixtures that a server would begin with. Of a collection that nobody
    /// has written to and no fixtures tell of there is nothing.
    pub fn export(&self) -> Export {
        self.store.read(|state| export(self.contract, state))
    }
}

fn export(contract: &Contract, state: &State) -> Export {
    let mut export = Export::default();
    let mut lists: BTreeMap<&str, Vec<(Option<&str>, Collection<'_>)>> = BTreeMap::new();
    for (place, collection) in state.collections() {
        let (name, above) = contract.part_of(place);
        lists.entry(name).or_default().push((above, collection));
    }
    let mut setup = Map::new();
    let mut used: HashSet<String> = HashSet::new();
    for (name, parts) in lists {
        let tie = contract.operations.ties().named(name);
        let parents = tie.map_or(&[][..], |tie| tie.parents.as_slice());
        let is_single = contract.key_of(name) == Some("");
        if is_single && parts.iter().any(|(above, _)| above.is_some()) {
            let message = format!("{name} is one item for each that it hangs on");
            export.left_out.push(message);
            continue;
        }
        // What is new has nothing below it, which is nothing to begin with.
        let is_of_none = |(above, collection): &(Option<&str>, Collection<'_>)| {
            above.is_some() && collection.is_empty()
        };
        if parts.iter().all(is_of_none) {
            continue;
        }
        let file = file_of(name, &mut used);
        if file != name {
            let path = tie.map(|tie| tie.list_path.as_ref());
            setup.insert(file.clone(), json!({"path": path}));
        }
        let mut items = Vec::new();
        let mut keys = HashSet::new();
        for (above, collection) in parts {
            for (key, item) in collection.iter() {
                if !keys.insert(key.to_owned()) {
                    let message = format!(
                        "{name} has several items {key:?}, below others: of fixtures each has a key of its own"
                    );
                    export.left_out.push(message);
                    continue;
                }
                match above.map(|above| whose_it_is(&item.value, above, parents)) {
                    None => items.push(item.value.as_ref().clone()),
                    Some(Ok(item)) => items.push(item),
                    Some(Err(why)) => {
                        export.left_out.push(format!("{key:?} of {name}: {why}"));
                    }
                }
            }
        }
        let text = match is_single {
            true => items.first().map(to_yaml),
            false => Some(to_yaml(&Value::Array(items))),
        };
        if let Some(text) = text {
            export.files.insert(format!("{file}.yaml"), text);
        }
    }
    if !setup.is_empty() {
        let text = to_yaml(&json!({ "collections": setup }));
        export.files.insert("setup.yaml".to_owned(), text);
    }
    export
}

/// An item with the keys of those that it hangs on, as its place has them: in the properties that
/// fixtures have them in.
fn whose_it_is(item: &Value, above: &str, parents: &[Parent]) -> Result<Value, String> {
    let mut item = item.clone();
    let Some(members) = item.as_object_mut() else {
        return Ok(item);
    };
    for (parent, key) in parents.iter().zip(above.split('/')) {
        let key = decode_percent(key).map_err(|why| why.to_string())?;
        let known = members
            .entry(parent.parameter.clone())
            .or_insert_with(|| Value::from(key.clone()));
        if key_text(Some(known)) != key {
            return Err(format!(
                "its {} is not the {key:?} that it hangs on",
                parent.parameter
            ));
        }
    }
    Ok(item)
}

/// A file name without its ending that no other collection has: the collection's, where that can
/// be one on every machine.
fn file_of(name: &str, used: &mut HashSet<String>) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let plain: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '-' })
        .take(100)
        .collect();
    let plain = plain.trim_matches(['.', '-']);
    let plain = if plain.is_empty() { "items" } else { plain };
    let is_free = |file: &str, used: &HashSet<String>| {
        !TAKEN.contains(&file) && !used.contains(&file.to_ascii_lowercase())
    };
    let mut file = plain.to_owned();
    let mut number = 2;
    while !is_free(&file, used) {
        file = format!("{plain}-{number}");
        number += 1;
    }
    used.insert(file.to_ascii_lowercase());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain_and_each_is_there_once() {
        let mut used = HashSet::new();
        let mut file = |name: &str| file_of(name, &mut used);
        assert_eq!(file("pets"), "pets");
        assert_eq!(file("repos.labels"), "repos.labels");
        assert_eq!(file("/a/{b}/../c"), "a--b--..-c");
        assert_eq!(file("Pets"), "Pets-2");
        assert_eq!(file("setup"), "setup-2");
        assert_eq!(file("../.."), "items");
        assert_eq!(file("日本"), "items-2");
        assert_eq!(file(&"x".repeat(300)).len(), 100);
    }

    #[test]
    fn an_item_says_whose_it_is() {
        let parent = |parameter: &str| Parent {
            parameter: parameter.to_owned(),
            collection: None,
            is_seeded: false,
        };
        let parents = [parent("owner"), parent("repo")];
        let item = json!({"name": "bug", "repo": 7});
        let told = whose_it_is(&item, "a%2Fb/7", &parents).expect("told");
        assert_eq!(told, json!({"name": "bug", "repo": 7, "owner": "a/b"}));
        assert!(whose_it_is(&item, "a/8", &parents).is_err());
    }
}
