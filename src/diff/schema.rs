//! Two schemas, by what they say of values.

use super::finder::{Finder, Sender, Spot, Task, Turn};
use super::flat::{Choice, Flat, twice_not};
use super::kinds::Kinds;
use super::words::{listed, value};
use crate::spec::{At, Node};

/// Two schemas, and whose business they are.
pub(super) struct Pair<'d> {
    /// The node that changes are told of.
    pub node: usize,
    pub side: Sender,
    pub is_flipped: bool,
    pub old: Flat<'d>,
    pub new: Flat<'d>,
}

impl Pair<'_> {
    /// The place of the value as a whole.
    pub fn spot(&self) -> Spot {
        Spot::both(self.old.at, self.new.at)
    }

    /// The place of a keyword, or of the schema where there is none, told of the value.
    pub fn keyword(&self, old: Option<Node<'_>>, new: Option<Node<'_>>) -> Spot {
        let spot = match (old, new) {
            (Some(old), None) => Spot::gone(old.at(), self.new.at),
            (None, Some(new)) => Spot::added(new.at()),
            (Some(old), Some(new)) => Spot::both(old.at(), new.at()),
            (None, None) => self.spot(),
        };
        spot.of(self.new.at)
    }

    /// Whether the types that there were are types still; under a `not`, the other way round.
    fn has_room(&self) -> bool {
        let (less, more) = match self.is_flipped {
            false => (self.old.kinds, self.new.kinds),
            true => (self.new.kinds, self.old.kinds),
        };
        less.without(more) == Kinds::NONE
    }

    /// What a change is that makes less right, more, or both.
    pub fn turned(&self, kind: &'static str, turn: Turn) -> (&'static str, Sender, Turn) {
        let turn = match (turn, self.is_flipped) {
            (Turn::Narrower, true) => Turn::Wider,
            (Turn::Wider, true) => Turn::Narrower,
            (turn, _) => turn,
        };
        (kind, self.side, turn)
    }
}

impl<'d> Finder<'d> {
    /// Tells of a change of a value's schema.
    pub fn tell(
        &mut self,
        pair: &Pair<'_>,
        kind: &'static str,
        turn: Turn,
        spot: Spot,
        detail: impl Into<String>,
    ) {
        self.say(pair.node, pair.turned(kind, turn), spot, detail);
    }

    /// Has schemas compared that are met on the way into a value.
    pub fn inner(&mut self, pair: &Pair<'_>, old: &[Node<'d>], new: &[Node<'d>]) {
        let at = |nodes: &[Node<'d>]| nodes.iter().map(|node| node.at()).collect::<Vec<At>>();
        let task = Task {
            old: at(old),
            new: at(new),
            places: (pair.old.at, pair.new.at),
            side: pair.side,
            is_flipped: pair.is_flipped,
        };
        self.schemas(pair.node, task);
    }

    /// Compares two schemas.
    pub(super) fn compare(&mut self, node: usize, task: &Task) {
        let mut pair = Pair {
            node,
            side: task.side,
            is_flipped: task.is_flipped,
            old: Flat::of(self.old, &task.old, task.places.0),
            new: Flat::of(self.new, &task.new, task.places.1),
        };
        self.is_cut |= pair.old.is_cut || pair.new.is_cut;
        if self.is_proof && !pair.has_room() {
            let detail = "is of other types";
            return self.tell(&pair, "type-changed", Turn::Other, pair.spot(), detail);
        }
        // A choice of types alone is held against one of more as what it is.
        if pair.old.choices.is_empty() && pair.new.choices.len() == 1 {
            pair.old.choices = pair.old.types.clone();
        }
        if pair.new.choices.is_empty() && pair.old.choices.len() == 1 {
            pair.new.choices = pair.new.types.clone();
        }
        // One that has become one of several, or the other way round.
        let is_one =
            |flat: &Flat<'_>, schemas: &[At]| flat.choices.is_empty() && schemas.len() == 1;
        let nulls = |flat: &Flat<'_>| flat.kinds.both(Kinds::NULL);
        if is_one(&pair.old, &task.old) && pair.new.is_choice() {
            self.nulls(&pair, nulls(&pair.old), nulls(&pair.new));
            let old = Choice::of_one(self.old.node(task.old[0]));
            let new = pair.new.choices[0].clone();
            return self.alternatives(&pair, &old, &new);
        }
        if is_one(&pair.new, &task.new) && pair.old.is_choice() {
            self.nulls(&pair, nulls(&pair.old), nulls(&pair.new));
            let old = pair.old.choices[0].clone();
            let new = Choice::of_one(self.new.node(task.new[0]));
            return self.alternatives(&pair, &old, &new);
        }
        if !self.kinds(&pair) {
            return;
        }
        self.values(&pair);
        let both = pair.old.kinds.both(pair.new.kinds);
        let are_listed = pair.old.values.is_some() && pair.new.values.is_some();
        if both.has(Kinds::TEXT) && !are_listed {
            self.texts(&pair);
        }
        if both.has(Kinds::NUMBER) && !are_listed {
            self.numbers(&pair);
        }
        if both.has(Kinds::ARRAY) {
            self.lists(&pair);
        }
        if both.has(Kinds::OBJECT) {
            self.objects(&pair);
        }
        self.choices(&pair);
        self.conditions(&pair);
    }

    fn nulls(&mut self, pair: &Pair<'_>, old: Kinds, new: Kinds) {
        let (turn, detail) = match (old.has(Kinds::NULL), new.has(Kinds::NULL)) {
            (false, true) => (Turn::Wider, "may now be null"),
            (true, false) => (Turn::Narrower, "may no longer be null"),
            _ => return,
        };
        self.tell(pair, "nullable-changed", turn, pair.spot(), detail);
    }

    /// The types; whether there is more to compare.
    fn kinds(&mut self, pair: &Pair<'_>) -> bool {
        let (old, new) = (pair.old.kinds, pair.new.kinds);
        // Null is one of the things that anything is.
        if old != Kinds::ALL && new != Kinds::ALL {
            self.nulls(pair, old, new);
        }
        if pair.old.values.is_some() && pair.new.values.is_some() {
            return true;
        }
        let (old, new) = (old.without(Kinds::NULL), new.without(Kinds::NULL));
        // Which values there are says of which types they are.
        let are_listed = pair.old.values.is_some() || pair.new.values.is_some();
        if are_listed && old.has(new) {
            return true;
        }
        // What alternatives there are is told one by one.
        let are_choices = !pair.old.choices.is_empty() && !pair.new.choices.is_empty();
        if are_choices && old.has(new) {
            return true;
        }
        let (added, removed) = (new.without(old), old.without(new));
        let (was, is) = (old.words(), new.words());
        let (turn, detail) = match (added == Kinds::NONE, removed == Kinds::NONE) {
            (true, true) => return true,
            (false, true) => (Turn::Wider, format!("is now {is}; it was {was}")),
            (true, false) => (Turn::Narrower, format!("is now {is}; it was {was}")),
            (false, false) => (Turn::Other, format!("is now {is}; it was {was}")),
        };
        self.tell(pair, "type-changed", turn, pair.spot(), detail);
        new.has(old) && new != Kinds::NONE
    }

    /// The values that are listed.
    fn values(&mut self, pair: &Pair<'_>) {
        match (&pair.old.values, &pair.new.values) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let added = new.iter().filter(|(value, _)| !old.contains_key(*value));
                let mut added: Vec<Node<'_>> = added.map(|(_, node)| *node).collect();
                let removed = old.iter().filter(|(value, _)| !new.contains_key(*value));
                let mut removed: Vec<Node<'_>> = removed.map(|(_, node)| *node).collect();
                added.sort_by_key(|node| node.at());
                removed.sort_by_key(|node| node.at());
                if let Some(first) = removed.first() {
                    let spot = Spot::gone(first.at(), pair.new.at).of(pair.new.at);
                    let detail = format!("may no longer be {}", named(&removed, "or"));
                    self.tell(pair, "value-removed", Turn::Narrower, spot, detail);
                }
                if let Some(first) = added.first() {
                    let spot = Spot::added(first.at()).of(pair.new.at);
                    let detail = format!("may now be {} as well", named(&added, "or"));
                    self.tell(pair, "value-added", Turn::Wider, spot, detail);
                }
            }
            (Some(old), None) => {
                let mut old: Vec<Node<'_>> = old.values().copied().collect();
                old.sort_by_key(|node| node.at());
                let what = pair.new.kinds.without(Kinds::NULL).words();
                let detail = format!("may now be {what} beside {}", named(&old, "and"));
                self.tell(pair, "values-opened", Turn::Wider, pair.spot(), detail);
            }
            (None, Some(new)) => {
                let mut new: Vec<Node<'_>> = new.values().copied().collect();
                new.sort_by_key(|node| node.at());
                let detail = format!("may now only be {}", named(&new, "or"));
                self.tell(pair, "values-listed", Turn::Narrower, pair.spot(), detail);
            }
        }
    }

    /// `not`, `if`, `then` and `else`.
    fn conditions(&mut self, pair: &Pair<'d>) {
        let said = |flat: &Flat<'d>| {
            let said = flat.all_say("not");
            let said = said.filter(|not| twice_not(flat.document, *not).is_none());
            said.collect::<Vec<_>>()
        };
        let (old, new) = (said(&pair.old), said(&pair.new));
        let flipped = Pair {
            is_flipped: !pair.is_flipped,
            old: pair.old.clone(),
            new: pair.new.clone(),
            ..*pair
        };
        for index in 0..old.len().max(new.len()) {
            match (old.get(index), new.get(index)) {
                (Some(old), Some(new)) => self.inner(&flipped, &[*old], &[*new]),
                (None, Some(new)) => {
                    let spot = pair.keyword(None, Some(*new));
                    let detail = "must no longer be what a `not` forbids";
                    self.tell(pair, "not-added", Turn::Narrower, spot, detail);
                }
                (Some(old), None) => {
                    let spot = pair.keyword(Some(*old), None);
                    let detail = "may now be what a `not` forbade";
                    self.tell(pair, "not-removed", Turn::Wider, spot, detail);
                }
                (None, None) => {}
            }
        }
        let holders = |flat: &Flat<'d>| {
            let parts = flat.parts.iter().filter(|part| part.get("if").is_some());
            parts.copied().collect::<Vec<_>>()
        };
        let (old, new) = (holders(&pair.old), holders(&pair.new));
        for index in 0..old.len().max(new.len()) {
            let (old, new) = (old.get(index), new.get(index));
            let get = |node: Option<&Node<'d>>, name: &str| node.and_then(|node| node.get(name));
            let spot = pair.keyword(get(old, "if"), get(new, "if"));
            match (get(old, "if"), get(new, "if")) {
                (None, Some(_)) => {
                    let detail = "has a condition (`if`) that it had not";
                    self.tell(pair, "condition-added", Turn::Narrower, spot, detail);
                }
                (Some(_), None) => {
                    let detail = "no longer has a condition (`if`)";
                    self.tell(pair, "condition-removed", Turn::Wider, spot, detail);
                }
                (Some(was), Some(is)) => {
                    if !self.are_same(&[was.at()], &[is.at()])
                        && super::flat::written(&was.value()) != super::flat::written(&is.value())
                    {
                        let detail = "has another condition (`if`)";
                        self.tell(pair, "condition-changed", Turn::Other, spot, detail);
                        continue;
                    }
                    for name in ["then", "else"] {
                        let of = |node| get(node, name).into_iter().collect::<Vec<_>>();
                        self.inner(pair, &of(old), &of(new));
                    }
                }
                (None, None) => {}
            }
        }
    }
}

fn named(nodes: &[Node<'_>], last: &str) -> String {
    let words: Vec<String> = nodes.iter().map(|node| value(*node)).collect();
    listed(&words, last)
}
