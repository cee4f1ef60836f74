//! Objects: what is in them.

use super::finder::{Finder, Sender, Spot, Turn};
use super::flat::{Flat, Property, said};
use super::schema::Pair;
use super::words::{code, listed};
use crate::spec::{At, Document, Node};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

impl<'d> Finder<'d> {
    /// Properties, which must be there, and whether there may be others.
    pub(super) fn objects(&mut self, pair: &Pair<'d>) {
        let (old, new) = (pair.old.properties(), pair.new.properties());
        let (needed_before, needed) = (pair.old.required(), pair.new.required());
        let empty: Property<'d> = Vec::new();
        let old_names = old.keys().filter(|name| !new.contains_key(*name));
        let names: Vec<&String> = new.keys().chain(old_names).collect();
        for name in names {
            let (was, is) = (
                old.get(name).unwrap_or(&empty),
                new.get(name).unwrap_or(&empty),
            );
            // What is proved is so whoever sends it.
            let hidden = match self.is_proof {
                true => (false, false),
                false => (
                    hides(&pair.old, was, pair.side),
                    hides(&pair.new, is, pair.side),
                ),
            };
            let must = (needed_before.get(name), needed.get(name));
            match (was.first(), is.first(), hidden) {
                (Some(_), Some(_), (false, false)) => {
                    self.inner(pair, was, is);
                    self.presence(pair, must, self.place(pair, was, is));
                    self.remarks(pair, must, was, is);
                }
                (Some(_), Some(_), (false, true)) => {
                    let (kind, what) = match pair.side {
                        Sender::Request => ("read-only-set", "is now read-only"),
                        Sender::Reply => ("write-only-set", "is now write-only"),
                    };
                    let spot = self.place(pair, was, is);
                    self.tell(pair, kind, Turn::Other, spot, what);
                }
                (Some(_), Some(_), (true, false)) => {
                    let (kind, what) = match pair.side {
                        Sender::Request => ("read-only-unset", "is no longer read-only"),
                        Sender::Reply => ("write-only-unset", "is no longer write-only"),
                    };
                    let spot = self.place(pair, was, is);
                    self.added(pair, kind, must.1.is_some(), spot, what);
                }
                (Some(_), None, (false, _)) => {
                    let spot = self.place(pair, was, is);
                    self.tell(pair, "property-removed", Turn::Other, spot, "is gone");
                }
                (None, Some(_), (_, false)) => {
                    let spot = self.place(pair, was, is);
                    let what = match must.1.is_some() {
                        true => "is new, and required",
                        false => "is new",
                    };
                    self.added(pair, "property-added", must.1.is_some(), spot, what);
                }
                _ => {}
            }
        }
        self.undeclared(pair, &old, &new, (&needed_before, &needed));
        self.others(pair);
        self.counts(
            pair,
            ("minProperties", "maxProperties"),
            ("property", "properties"),
        );
        self.patterned(pair);
        self.dependent(pair);
        let names = |flat: &Flat<'d>| flat.all_say("propertyNames").collect::<Vec<_>>();
        let (old, new) = (names(&pair.old), names(&pair.new));
        self.inner(pair, &old, &new);
    }

    /// Where a property stands, or stood.
    fn place(&self, pair: &Pair<'d>, was: &[Node<'d>], is: &[Node<'d>]) -> Spot {
        let at = |document: &Document, nodes: &[Node<'d>]| {
            let at = nodes.first()?.at();
            // What was made of parameters is told of as these.
            Some(match document.sources().count() <= at.file() {
                true => document.referred(at),
                false => at,
            })
        };
        match (at(self.old, was), at(self.new, is)) {
            (Some(old), Some(new)) => Spot::both(old, new),
            (Some(old), None) => Spot::gone(old, pair.new.at),
            (None, Some(new)) => Spot::added(new),
            (None, None) => pair.spot(),
        }
    }

    fn added(
        &mut self,
        pair: &Pair<'d>,
        kind: &'static str,
        is_needed: bool,
        spot: Spot,
        what: &str,
    ) {
        let turn = match pair.side {
            Sender::Request if is_needed => Turn::Narrower,
            Sender::Reply if pair.old.closed().is_some() => Turn::Wider,
            _ => Turn::Harmless,
        };
        self.tell(pair, kind, turn, spot, what);
    }

    /// Whether a property must be there.
    fn presence(
        &mut self,
        pair: &Pair<'d>,
        must: (Option<&Node<'d>>, Option<&Node<'d>>),
        spot: Spot,
    ) {
        match must {
            (None, Some(_)) => {
                let kind = "property-required";
                self.tell(pair, kind, Turn::Narrower, spot, "is now required");
            }
            (Some(_), None) => {
                let kind = "property-optional";
                self.tell(pair, kind, Turn::Wider, spot, "is no longer required");
            }
            _ => {}
        }
    }

    /// What is said beside the schema of a property: its default, and whether it is going.
    fn remarks(
        &mut self,
        pair: &Pair<'d>,
        must: (Option<&Node<'d>>, Option<&Node<'d>>),
        was: &[Node<'d>],
        is: &[Node<'d>],
    ) {
        // They say nothing of which values are right.
        if self.is_proof {
            return;
        }
        let spot = self.place(pair, was, is);
        let at = |nodes: &[Node<'d>]| nodes.iter().map(|node| node.at()).collect::<Vec<At>>();
        // What is always there has no other value that stands in for it.
        if must.0.is_none() || must.1.is_none() {
            self.defaults((pair.node, pair.side), spot, &at(was), &at(is));
        }
        self.deprecation((pair.node, pair.side), spot, &at(was), &at(is));
    }

    /// Names that must be there without being declared.
    fn undeclared(
        &mut self,
        pair: &Pair<'d>,
        old: &IndexMap<String, Property<'d>>,
        new: &IndexMap<String, Property<'d>>,
        (before, now): (&BTreeMap<String, Node<'d>>, &BTreeMap<String, Node<'d>>),
    ) {
        let is_known = |name: &String| old.contains_key(name) || new.contains_key(name);
        let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        for name in names.into_iter().filter(|name| !is_known(name)) {
            let name_of = code(name);
            match (before.get(name), now.get(name)) {
                (None, Some(node)) => {
                    let spot = pair.keyword(None, Some(*node));
                    let detail = format!("must now have {name_of}");
                    self.tell(pair, "property-required", Turn::Narrower, spot, detail);
                }
                (Some(node), None) => {
                    let spot = pair.keyword(Some(*node), None);
                    let detail = format!("need no longer have {name_of}");
                    self.tell(pair, "property-optional", Turn::Wider, spot, detail);
                }
                _ => {}
            }
        }
    }

    /// Properties that aren't declared.
    fn others(&mut self, pair: &Pair<'d>) {
        let (was, is) = (pair.old.closed(), pair.new.closed());
        let schemas = |flat: &Flat<'d>| {
            let all = flat.parts.iter().filter_map(|part| {
                let others = part.get("additionalProperties");
                others.or_else(|| part.get("unevaluatedProperties"))
            });
            let says = |node: &Node<'d>| node.is_object() && node.count() > 0;
            all.filter(says).collect::<Vec<_>>()
        };
        match (was, is) {
            (None, Some(_)) => {
                let spot = pair.keyword(None, is);
                let detail = "may no longer have properties that aren't declared";
                self.tell(pair, "others-forbidden", Turn::Narrower, spot, detail);
            }
            (Some(_), None) => {
                let spot = pair.keyword(was, None);
                let detail = "may now have properties that aren't declared";
                self.tell(pair, "others-allowed", Turn::Wider, spot, detail);
            }
            (None, None) => {
                let (old, new) = (schemas(&pair.old), schemas(&pair.new));
                if !(old.is_empty() && new.is_empty()) {
                    self.inner(pair, &old, &new);
                }
            }
            (Some(_), Some(_)) => {}
        }
    }

    /// Properties by the patterns of their names.
    fn patterned(&mut self, pair: &Pair<'d>) {
        let all = |flat: &Flat<'d>| {
            let mut all: BTreeMap<String, Node<'d>> = BTreeMap::new();
            for (name, schema) in flat.all_say("patternProperties").flat_map(Node::entries) {
                all.insert(name.into_owned(), schema);
            }
            all
        };
        let (old, new) = (all(&pair.old), all(&pair.new));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => self.inner(pair, &[*old], &[*new]),
                (None, Some(node)) => {
                    let spot = pair.keyword(None, Some(*node));
                    let detail = format!("now says what properties that match {} are", code(name));
                    self.tell(pair, "pattern-properties", Turn::Narrower, spot, detail);
                }
                (Some(node), None) => {
                    let spot = pair.keyword(Some(*node), None);
                    let detail = format!(
                        "no longer says what properties that match {} are",
                        code(name)
                    );
                    self.tell(pair, "pattern-properties", Turn::Wider, spot, detail);
                }
                (None, None) => {}
            }
        }
    }

    /// What must be there because something else is.
    fn dependent(&mut self, pair: &Pair<'d>) {
        type Needed<'d> = BTreeMap<String, (BTreeSet<String>, Node<'d>)>;
        let all = |flat: &Flat<'d>| {
            let mut all: Needed<'d> = BTreeMap::new();
            let keywords = ["dependentRequired", "dependencies"].into_iter();
            let said = keywords.flat_map(|keyword| flat.all_say(keyword));
            for (name, names) in said.flat_map(Node::entries).filter(|(_, of)| of.is_array()) {
                let entry = all
                    .entry(name.into_owned())
                    .or_insert((BTreeSet::new(), names));
                let names = names.items().filter_map(Node::text);
                entry.0.extend(names.map(|name| name.into_owned()));
            }
            all
        };
        let (old, new) = (all(&pair.old), all(&pair.new));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            let of = |all: &Needed<'d>| all.get(name).map(|(names, _)| names.clone());
            let node = |all: &Needed<'d>| all.get(name).map(|(_, node)| *node);
            let (was, is) = (of(&old).unwrap_or_default(), of(&new).unwrap_or_default());
            let spot = pair.keyword(node(&old), node(&new));
            let words = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
                let names: Vec<String> = one.difference(other).map(|name| code(name)).collect();
                (!names.is_empty()).then(|| listed(&names, "and"))
            };
            if let Some(names) = words(&is, &was) {
                let detail = format!("must now have {names} where it has {}", code(name));
                self.tell(pair, "dependent-required", Turn::Narrower, spot, detail);
            }
            if let Some(names) = words(&was, &is) {
                let detail = format!("need no longer have {names} where it has {}", code(name));
                self.tell(pair, "dependent-optional", Turn::Wider, spot, detail);
            }
        }
        let schemas = |flat: &Flat<'d>| {
            let keywords = ["dependentSchemas", "dependencies"].into_iter();
            let said = keywords.flat_map(|keyword| flat.all_say(keyword));
            let said = said
                .flat_map(Node::entries)
                .filter(|(_, of)| of.is_object());
            said.map(|(name, node)| (name.into_owned(), node))
                .collect::<BTreeMap<_, _>>()
        };
        let (old, new) = (schemas(&pair.old), schemas(&pair.new));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            let of = |all: &BTreeMap<String, Node<'d>>| {
                all.get(name).copied().into_iter().collect::<Vec<_>>()
            };
            self.inner(pair, &of(&old), &of(&new));
        }
    }
}

/// Whether a property is no part of what one side sends.
fn hides(flat: &Flat<'_>, schemas: &[Node<'_>], side: Sender) -> bool {
    let keyword = match side {
        Sender::Request => "readOnly",
        Sender::Reply => "writeOnly",
    };
    let at: Vec<At> = schemas.iter().map(|node| node.at()).collect();
    let said = said(flat.document, &at, keyword);
    said.and_then(Node::as_bool) == Some(true)
}
