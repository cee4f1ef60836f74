//! `oneOf` and `anyOf`: which alternative of one is which of the other.

use super::finder::{Finder, Spot, Turn};
use super::flat::{Choice, Flat, canonical};
use super::kinds::{Kinds, is_of_types, kinds};
use super::schema::Pair;
use super::words::{code, listed};
use crate::spec::{Document, Node};
use std::collections::{BTreeMap, BTreeSet};

/// How many alternatives of each are held against each other.
const MATCHED: usize = 200;

/// An alternative, and what tells it from others.
struct Alternative<'d> {
    node: Node<'d>,
    /// The name of its component.
    name: Option<String>,
    /// The values of properties that can have no other.
    tags: BTreeSet<String>,
    properties: BTreeSet<String>,
    kinds: Kinds,
    /// Whether it takes all values of its kinds.
    is_of_types: bool,
}

impl<'d> Finder<'d> {
    /// The choices that a value has to make.
    pub(super) fn choices(&mut self, pair: &Pair<'d>) {
        let (old, new) = (&pair.old.choices, &pair.new.choices);
        for index in 0..old.len().max(new.len()) {
            match (old.get(index), new.get(index)) {
                (Some(old), Some(new)) => {
                    self.alternatives(pair, &old.of, &new.of, new.is_one_of);
                }
                (None, Some(new)) => {
                    let spot = Spot::added(new.holder.at()).of(pair.new.at);
                    let names: Vec<String> =
                        new.of.iter().map(|one| called(self.new, *one)).collect();
                    let detail = format!("must now be {}", listed(&names, "or"));
                    self.tell(pair, "choice-added", Turn::Narrower, spot, detail);
                }
                (Some(old), None) => {
                    let spot = Spot::gone(old.holder.at(), pair.new.at).of(pair.new.at);
                    let names: Vec<String> =
                        old.of.iter().map(|one| called(self.old, *one)).collect();
                    let detail = format!("need no longer be {}", listed(&names, "or"));
                    self.tell(pair, "choice-removed", Turn::Wider, spot, detail);
                }
                (None, None) => {}
            }
        }
        self.discriminators(pair);
    }

    /// Alternatives of both; `is_one_of` says whether a value is to meet one alone of the new ones.
    pub(super) fn alternatives(
        &mut self,
        pair: &Pair<'d>,
        old: &[Node<'d>],
        new: &[Node<'d>],
        is_one_of: bool,
    ) {
        let read = |document: &'d Document, nodes: &[Node<'d>]| {
            let nodes = nodes.iter().take(MATCHED);
            nodes
                .map(|node| Alternative::of(document, *node))
                .collect::<Vec<_>>()
        };
        let (was, is) = (read(self.old, old), read(self.new, new));
        let mut scores = Vec::new();
        for (from, one) in was.iter().enumerate() {
            for (to, other) in is.iter().enumerate() {
                let mut score = one.likeness(other);
                if score < 1000 && self.are_same(&[one.node.at()], &[other.node.at()]) {
                    score = 950;
                }
                if score > 0 {
                    scores.push((score, from, to));
                }
            }
        }
        scores.sort_by_key(|(score, from, to)| (std::cmp::Reverse(*score), *from, *to));
        let (mut taken, mut given) = (BTreeMap::new(), BTreeMap::new());
        for (score, from, to) in scores {
            let is_free = !taken.contains_key(&from) && !given.contains_key(&to);
            if score >= 40 && is_free {
                taken.insert(from, to);
                given.insert(to, from);
            }
        }
        for (from, to) in &taken {
            self.inner(pair, &[was[*from].node], &[is[*to].node]);
        }
        for (to, one) in is.iter().enumerate() {
            if !given.contains_key(&to) {
                let spot = Spot::added(one.node.at()).of(pair.new.at);
                let name = called(self.new, one.node);
                let mut kept = given.keys().map(|to| &is[*to]);
                let (turn, detail) = match kept.find(|kept| is_one_of && kept.shares(one)) {
                    // What both take is refused.
                    Some(kept) => {
                        let takes_all =
                            kept.is_of_types && one.kinds.without(kept.kinds) == Kinds::NONE;
                        let turn = match takes_all {
                            true => Turn::Narrower,
                            false => Turn::Other,
                        };
                        let other = called(self.new, kept.node);
                        (
                            turn,
                            format!(
                                "may no longer be {other} that another alternative of `oneOf`, {name}, takes as well"
                            ),
                        )
                    }
                    None => (Turn::Wider, format!("may now be {name} as well")),
                };
                self.tell(pair, "alternative-added", turn, spot, detail);
            }
        }
        for (from, one) in was.iter().enumerate() {
            if !taken.contains_key(&from) {
                let spot = Spot::gone(one.node.at(), pair.new.at).of(pair.new.at);
                let detail = format!("may no longer be {}", called(self.old, one.node));
                self.tell(pair, "alternative-removed", Turn::Narrower, spot, detail);
            }
        }
    }

    /// The property that tells alternatives apart, and its values.
    fn discriminators(&mut self, pair: &Pair<'d>) {
        let of = |flat: &Flat<'d>| {
            let beside = flat
                .choices
                .first()
                .map(|choice: &Choice<'d>| choice.holder);
            let mut all = beside.into_iter().chain(flat.parts.iter().copied());
            all.find_map(|holder| holder.get("discriminator"))
        };
        let property = |node: Node<'d>| node.get("propertyName").unwrap_or(node).text();
        let shown = |node| code(&property(node).unwrap_or_default());
        let (was, is) = match (of(&pair.old), of(&pair.new)) {
            (Some(was), Some(is)) => (was, is),
            (None, Some(is)) => {
                let detail = format!("is now told apart by {}", shown(is));
                let spot = pair.keyword(None, Some(is));
                return self.tell(pair, "discriminator-added", Turn::Narrower, spot, detail);
            }
            (Some(was), None) => {
                let detail = format!("is no longer told apart by {}", shown(was));
                let spot = pair.keyword(Some(was), None);
                return self.tell(pair, "discriminator-removed", Turn::Wider, spot, detail);
            }
            (None, None) => return,
        };
        let spot = pair.keyword(Some(was), Some(is));
        if property(was) != property(is) {
            let detail = format!("is told apart by {}; before, by {}", shown(is), shown(was));
            self.tell(pair, "discriminator-changed", Turn::Other, spot, detail);
            return;
        }
        let (old, new) = (
            values(self.old, was, &pair.old),
            values(self.new, is, &pair.new),
        );
        // Alternatives that come or go are told as such.
        let names = |all: &BTreeMap<String, String>| all.values().cloned().collect::<BTreeSet<_>>();
        let common: BTreeSet<String> = names(&old).intersection(&names(&new)).cloned().collect();
        let property = code(&property(is).unwrap_or_default());
        for (value, schema) in &old {
            let is_known = new.get(value).is_some_and(|now| now == schema);
            if common.contains(schema) && !is_known {
                let what = (code(value), code(schema));
                let detail = format!("no longer has the {property} {} for {}", what.0, what.1);
                self.tell(pair, "mapping-removed", Turn::Narrower, spot, detail);
            }
        }
        for (value, schema) in &new {
            let is_known = old.get(value).is_some_and(|before| before == schema);
            if common.contains(schema) && !is_known {
                let what = (code(value), code(schema));
                let detail = format!("now has the {property} {} for {}", what.0, what.1);
                self.tell(pair, "mapping-added", Turn::Wider, spot, detail);
            }
        }
    }
}

/// The values of a discriminator, and the schema that each names.
fn values(
    document: &Document,
    discriminator: Node<'_>,
    flat: &Flat<'_>,
) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mapping = discriminator.get("mapping");
    for (value, target) in mapping.into_iter().flat_map(Node::entries) {
        let text = target.text().unwrap_or_default();
        let name = text.rsplit(['/', '#']).next().unwrap_or_default();
        all.insert(value.into_owned(), stem(name).to_owned());
    }
    let mapped: BTreeSet<String> = all.values().cloned().collect();
    for one in flat.choices.iter().flat_map(|choice| &choice.of) {
        if let Some(name) = name_of(document, *one)
            && !mapped.contains(&name)
        {
            all.insert(name.clone(), name);
        }
    }
    all
}

/// The name of a file without its ending.
fn stem(name: &str) -> &str {
    let endings = [".yaml", ".yml", ".json"];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.unwrap_or(name)
}

/// The name of the component that a schema refers to.
fn name_of(document: &Document, schema: Node<'_>) -> Option<String> {
    let reference = schema.get("$ref")?.text()?;
    let pointer = document.origin(document.referred(schema.at())).pointer;
    let name = pointer.tokens().last();
    let file = reference
        .rsplit('/')
        .next()
        .map(|name| stem(name).to_owned());
    name.or(file)
}

/// How people call an alternative.
fn called(document: &Document, schema: Node<'_>) -> String {
    let target = document.node(canonical(document, schema.at()));
    let title = target.get("title").and_then(Node::text);
    match name_of(document, schema).or(title.map(|title| title.into_owned())) {
        Some(name) => code(&name),
        None => {
            let alternative = Alternative::of(document, schema);
            let words = alternative.kinds.without(Kinds::NULL).words();
            match alternative.properties.is_empty() {
                true => words,
                false => {
                    let names = alternative.properties.iter().map(|name| code(name));
                    let names: Vec<String> = names.take(3).collect();
                    format!("{words} with {}", listed(&names, "and"))
                }
            }
        }
    }
}

impl<'d> Alternative<'d> {
    fn of(document: &'d Document, node: Node<'d>) -> Alternative<'d> {
        let flat = Flat::of(document, &[node.at()], node.at());
        let properties = flat.properties();
        let only = |schema: &Node<'d>| {
            let schema = document.node(canonical(document, schema.at()));
            let values = schema.get("enum").filter(|values| values.count() == 1);
            let value = schema.get("const").or_else(|| values?.item(0))?;
            Some(super::flat::written(&value.value()))
        };
        let tags = properties.iter().filter_map(|(name, schemas)| {
            let value = schemas.iter().find_map(only)?;
            Some(format!("{name}={value}"))
        });
        Alternative {
            node,
            name: name_of(document, node),
            tags: tags.collect(),
            properties: properties.keys().cloned().collect(),
            kinds: kinds(document, node),
            is_of_types: is_of_types(document, node),
        }
    }

    /// Whether there are values for sure that both take: one takes all of a kind that the other
    /// takes some of.
    fn shares(&self, other: &Alternative<'_>) -> bool {
        let shared = self.kinds.both(other.kinds).without(Kinds::NULL);
        (self.is_of_types || other.is_of_types) && shared != Kinds::NONE
    }

    /// How much one is like another: nothing where they have nothing in common.
    fn likeness(&self, other: &Alternative<'_>) -> usize {
        let values = Kinds::ALL.without(Kinds::NULL);
        let (one, two) = (self.kinds.both(values), other.kinds.both(values));
        if self.name.is_some() && self.name == other.name {
            return 1000;
        }
        if !one.has(two) {
            return 0;
        }
        if !self.tags.is_empty() && self.tags == other.tags {
            return 900;
        }
        let tagged = |all: &BTreeSet<String>| {
            let names = all.iter().filter_map(|tag| tag.split_once('='));
            names
                .map(|(name, _)| name.to_owned())
                .collect::<BTreeSet<_>>()
        };
        // Another value under the name that tells them apart: another alternative.
        if tagged(&self.tags) == tagged(&other.tags) && !self.tags.is_empty() {
            return 0;
        }
        let both = self.properties.intersection(&other.properties).count();
        let either = self.properties.union(&other.properties).count();
        match either {
            0 if one == two => 100,
            0 => 60,
            _ => 100 * both / either,
        }
    }
}
