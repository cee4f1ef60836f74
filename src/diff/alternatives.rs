//! `oneOf` and `anyOf`: which alternative of one is which of the other.

use super::finder::{Finder, Spot, Turn, Which};
use super::flat::{Choice, Flat, canonical};
use super::kinds::{Kinds, kinds};
use super::schema::Pair;
use super::words::{code, listed};
use super::worlds::{Union, Worlds};
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
}

impl<'d> Finder<'d> {
    /// The choices that a value has to make.
    pub(super) fn choices(&mut self, pair: &Pair<'d>) {
        let (old, new) = (&pair.old.choices, &pair.new.choices);
        for index in 0..old.len().max(new.len()) {
            match (old.get(index), new.get(index)) {
                (Some(old), Some(new)) => {
                    self.alternatives(pair, old, new);
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

    /// Alternatives of both.
    pub(super) fn alternatives(&mut self, pair: &Pair<'d>, old: &Choice<'d>, new: &Choice<'d>) {
        if self.is_proof && (old.is_one_of || new.is_one_of) {
            // What one of them takes may be what another takes as well.
            let detail = "has other alternatives";
            return self.tell(pair, "type-changed", Turn::Other, pair.spot(), detail);
        }
        let read = |document: &'d Document, nodes: &[Node<'d>]| {
            let nodes = nodes.iter().take(MATCHED);
            nodes
                .map(|node| Alternative::of(document, *node))
                .collect::<Vec<_>>()
        };
        let (was, is) = (read(self.old, &old.of), read(self.new, &new.of));
        let taken = self.matched(&was, &is);
        let given: BTreeSet<usize> = taken.values().copied().collect();
        if self.is_proof {
            // What goes and what comes is told of as it stands there, whatever it is.
            for (from, to) in &taken {
                self.inner(pair, &[was[*from].node], &[is[*to].node]);
            }
            for (turn, is_told) in [
                (Turn::Narrower, taken.len() < was.len()),
                (Turn::Wider, given.len() < is.len()),
            ] {
                if is_told {
                    self.tell(
                        pair,
                        "type-changed",
                        turn,
                        pair.spot(),
                        "has other alternatives",
                    );
                }
            }
            return;
        }
        let all = was.iter().map(|one| (Which::Old, one.node));
        let all = all.chain(is.iter().map(|one| (Which::New, one.node)));
        let is_whole = taken.len() == was.len() && given.len() == is.len();
        let worlds = Worlds::of(self, &all.collect::<Vec<_>>(), !is_whole);
        let mut union = Union {
            of: (0..was.len()).collect(),
            is_one_of: old.is_one_of,
        };
        let end = Union {
            of: (was.len()..was.len() + is.len()).collect(),
            is_one_of: new.is_one_of,
        };
        if worlds.effect(&union, &end).is_none() {
            return;
        }
        for (from, one) in was.iter().enumerate() {
            if taken.contains_key(&from) {
                continue;
            }
            let mut less = union.clone();
            less.of.retain(|number| *number != from);
            let effect = worlds.effect(&union, &less);
            let spot = Spot::gone(one.node.at(), pair.new.at).of(pair.new.at);
            let name = called(self.old, one.node);
            let beside = worlds
                .overlapping(from, &less.of)
                .and_then(|at| was.get(at));
            let beside = beside.map(|beside| called(self.old, beside.node));
            if !effect.is_none() && effect.turn() != Some(Turn::Wider) {
                let detail = format!("may no longer be {name}");
                self.tell(pair, "alternative-removed", Turn::Narrower, spot, detail);
            }
            if let (Some(Turn::Wider | Turn::Other), Some(beside)) = (effect.turn(), beside) {
                let detail = format!(
                    "may now be {beside} that another alternative of `oneOf`, {name}, took as well"
                );
                self.tell(pair, "alternative-removed", Turn::Wider, spot, detail);
            }
            union = less;
        }
        for (from, to) in &taken {
            let mut next = union.clone();
            let now = was.len() + to;
            next.of
                .iter_mut()
                .filter(|number| *number == from)
                .for_each(|number| *number = now);
            self.one_for_another(
                pair,
                &worlds,
                (*from, was[*from].node),
                (now, is[*to].node),
                (&union, &next),
            );
            union = next;
        }
        // The same alternatives, of which one is to be met, or one alone.
        let next = Union {
            is_one_of: new.is_one_of,
            ..union.clone()
        };
        if let Some(turn) = worlds.effect(&union, &next).turn() {
            let detail = match new.is_one_of {
                true => "may no longer be what several of its alternatives take",
                false => "may now be what several of its alternatives take",
            };
            let spot = pair.keyword(Some(old.holder), Some(new.holder));
            self.tell(pair, "choice-changed", turn, spot, detail);
        }
        union = next;
        for (to, one) in is.iter().enumerate() {
            if given.contains(&to) {
                continue;
            }
            let mut more = union.clone();
            more.of.push(was.len() + to);
            let effect = worlds.effect(&union, &more);
            let spot = Spot::added(one.node.at()).of(pair.new.at);
            let name = called(self.new, one.node);
            let beside = worlds.overlapping(was.len() + to, &union.of);
            let beside = beside.and_then(|at| is.get(at.checked_sub(was.len())?));
            let beside = beside.map(|beside| called(self.new, beside.node));
            if let (Some(Turn::Narrower | Turn::Other), Some(beside)) = (effect.turn(), beside) {
                // What both take is refused.
                let detail = format!(
                    "may no longer be {beside} that another alternative of `oneOf`, {name}, takes as well"
                );
                self.tell(pair, "alternative-added", Turn::Narrower, spot, detail);
            }
            if !effect.is_none() && effect.turn() != Some(Turn::Narrower) {
                let detail = format!("may now be {name} as well");
                self.tell(pair, "alternative-added", Turn::Wider, spot, detail);
            }
            union = more;
        }
    }

    /// An alternative that stands for one that was. One that takes more takes away from others
    /// where a value is to meet one alone.
    fn one_for_another(
        &mut self,
        pair: &Pair<'d>,
        worlds: &Worlds,
        (from, was): (usize, Node<'d>),
        (to, is): (usize, Node<'d>),
        (before, after): (&Union, &Union),
    ) {
        if !worlds.is_plain(from) || !worlds.is_plain(to) {
            return self.inner(pair, &[was], &[is]);
        }
        let effect = worlds.effect(before, after);
        if effect.is_none() {
            return;
        }
        let alone = |number| Union {
            of: vec![number],
            is_one_of: false,
        };
        let own = worlds.effect(&alone(from), &alone(to));
        let is_turned = matches!(
            (own.turn(), effect.turn()),
            (Some(Turn::Wider), Some(Turn::Narrower)) | (Some(Turn::Narrower), Some(Turn::Wider))
        );
        let turned = Pair {
            is_flipped: pair.is_flipped != is_turned,
            old: pair.old.clone(),
            new: pair.new.clone(),
            ..*pair
        };
        self.inner(&turned, &[was], &[is]);
    }

    /// Which alternative is which of the new ones.
    fn matched(
        &mut self,
        was: &[Alternative<'d>],
        is: &[Alternative<'d>],
    ) -> BTreeMap<usize, usize> {
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
        let (mut taken, mut given) = (BTreeMap::new(), BTreeSet::new());
        for (score, from, to) in scores {
            let is_free = !taken.contains_key(&from) && !given.contains(&to);
            if score >= 40 && is_free {
                taken.insert(from, to);
                given.insert(to);
            }
        }
        taken
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
        }
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
