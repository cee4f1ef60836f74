//! Which items the name of a collection means, where some hang on others.

use super::Memory;
use crate::mock::{Parent, place_below};
use crate::wire::decode_percent;
use std::fmt;

/// The items that a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Those that are kept in one place, which the store has by this name.
    One(String),
    /// Those of a collection that hang on others, whatever on.
    Each(Hanging),
}

/// How the items of a collection are named that hang on others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hanging {
    /// The collection's name.
    pub collection: String,
    /// The path parameters that name what they hang on, outermost first.
    pub parents: Vec<String>,
}

impl fmt::Display for Hanging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.collection;
        let parents: Vec<String> = self.parents.iter().map(|p| format!("{{{p}}}")).collect();
        // Within a segment of a path a slash is encoded.
        let form = format!("{name}@{}", parents.join("%2F"));
        write!(
            f,
            "The items of {name} hang on others: what they hang on is named with them, as in {form}."
        )
    }
}

/// Why a name means no items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPart {
    /// There is no such collection.
    Unknown,
    /// What its items hang on has to be said, or more of it, or less.
    Hangs(Hanging),
    /// The items of the collection hang on nothing, or are kept together with what each says that
    /// it hangs on, as those of fixtures are.
    Together(String),
}

impl fmt::Display for NoPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoPart::Unknown => f.write_str("There is no such collection."),
            NoPart::Hangs(hanging) => hanging.fmt(f),
            NoPart::Together(name) => {
                write!(
                    f,
                    "The items of {name} are kept together: they are named {name} alone."
                )
            }
        }
    }
}

impl Memory<'_> {
    /// What a name means: `toys`, or `toys@1` for those that hang on `1`.
    pub(super) fn part(&self, name: &str) -> Result<Part, NoPart> {
        let contract = self.contract;
        if contract.key_of(name).is_none() {
            let is_kept = self.store.read(|state| state.collection(name).is_some());
            return match is_kept {
                true => Ok(Part::One(name.to_owned())),
                false => Err(NoPart::Unknown),
            };
        }
        let (collection, above) = contract.part_of(name);
        let tie = contract.operations.ties().named(collection);
        let parents = tie.filter(|tie| !tie.is_seeded);
        let parents = parents.map_or(&[][..], |tie| tie.parents.as_slice());
        let hanging = || hanging(collection, parents);
        match (parents.len(), above) {
            (0, None) => Ok(Part::One(name.to_owned())),
            (0, Some(_)) => Err(NoPart::Together(collection.to_owned())),
            (_, None) => Ok(Part::Each(hanging())),
            (count, Some(above)) => {
                let keys: Vec<&str> = above.split('/').collect();
                match keys.len() == count && keys.iter().all(|key| !key.is_empty()) {
                    true => {
                        // As the store writes them, however they are written here.
                        let decoded = keys.into_iter();
                        let decoded = decoded
                            .map(|key| decode_percent(key).unwrap_or_else(|_| key.to_owned()));
                        Ok(Part::One(place_below(collection, decoded)))
                    }
                    false => Err(NoPart::Hangs(hanging())),
                }
            }
        }
    }

    /// What one item's collection means: a name that says whose it is, where it is someone's.
    pub(super) fn place(&self, name: &str) -> Result<String, NoPart> {
        match self.part(name)? {
            Part::One(place) => Ok(place),
            Part::Each(hanging) => Err(NoPart::Hangs(hanging)),
        }
    }
}

fn hanging(collection: &str, parents: &[Parent]) -> Hanging {
    let parents = parents.iter().map(|parent| parent.parameter.clone());
    Hanging {
        collection: collection.to_owned(),
        parents: parents.collect(),
    }
}
