//! Which values alternatives take together, looked at in the few worlds that they tell apart.
//!
//! A world is a kind of values with a length or a size, the bounds of which are those that the
//! alternatives name, and what else each of them says being true or not. What is never otherwise
//! in any world is no change; what is otherwise in one that a value of an alternative is in surely
//! is one.

use super::finder::{Finder, Turn, Which};
use super::forms::{Atoms, Form, Point, are_met, points};
use super::kinds::Kinds;
use crate::spec::{At, Node};
use std::collections::BTreeSet;

/// How many alternatives are looked at together, how many of them say something of their own, and
/// how many worlds there are.
const FORMS: usize = 24;
const ATOMS: usize = 8;
const WORLDS: usize = 200_000;
/// Alternatives by their numbers, and whether a value meets one of them alone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Union {
    pub of: Vec<usize>,
    pub is_one_of: bool,
}

/// What comes of one union in the place of another: where values that were right aren't, and where
/// values that weren't are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Effect {
    pub narrower: Chance,
    pub wider: Chance,
}

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Chance {
    Never,
    Perhaps,
    Sure,
}

impl Effect {
    const UNKNOWN: Effect = Effect {
        narrower: Chance::Perhaps,
        wider: Chance::Perhaps,
    };

    /// Whether the two take the same.
    pub fn is_none(self) -> bool {
        self.narrower == Chance::Never && self.wider == Chance::Never
    }

    /// Which way it surely goes.
    pub fn turn(self) -> Option<Turn> {
        let is_sure = |chance| chance == Chance::Sure;
        match (is_sure(self.narrower), is_sure(self.wider)) {
            (true, true) => Some(Turn::Other),
            (true, false) => Some(Turn::Narrower),
            (false, true) => Some(Turn::Wider),
            (false, false) => None,
        }
    }
}

/// The alternatives of both documents.
pub(super) struct Worlds {
    forms: Vec<Form>,
    /// Which of them take all that another takes: `(one, other)`.
    contained: Vec<(usize, usize)>,
    points: Vec<Point>,
    is_whole: bool,
}

impl Worlds {
    /// Those of some alternatives. Which of them contain others is asked where it is of use.
    pub fn of<'d>(
        finder: &mut Finder<'d>,
        schemas: &[(Which, Node<'d>)],
        is_containment_asked: bool,
    ) -> Worlds {
        let mut worlds = Worlds {
            forms: Vec::new(),
            contained: Vec::new(),
            points: Vec::new(),
            is_whole: schemas.len() <= FORMS,
        };
        if !worlds.is_whole {
            return worlds;
        }
        let mut atoms: Vec<(Which, At)> = Vec::new();
        for (which, node) in schemas {
            let form = Form::of(finder, *which, *node, &mut atoms, 0);
            worlds.forms.push(form);
        }
        worlds.is_whole = atoms.len() <= Atoms::BITS as usize;
        for (one, (which, node)) in schemas.iter().enumerate() {
            for (other, (of, target)) in schemas.iter().enumerate() {
                let shared = worlds.forms[one].more.both(worlds.forms[other].more);
                if one == other || !is_containment_asked || shared == Kinds::NONE {
                    continue;
                }
                if finder.is_contained((*which, node.at()), (*of, target.at())) {
                    worlds.contained.push((one, other));
                }
            }
        }
        worlds.points = points(&worlds.forms);
        worlds
    }

    /// Whether an alternative and another say what is looked at here alone, nothing of their own.
    pub fn is_plain(&self, number: usize) -> bool {
        let form = self.forms.get(number);
        form.is_some_and(|form| form.choices.is_empty() && form.more == Kinds::NONE)
    }

    /// The first of some alternatives that surely takes some of what one takes.
    pub fn overlapping(&self, one: usize, others: &[usize]) -> Option<usize> {
        let others = others.iter().copied().filter(|other| *other != one);
        let mut others = others;
        others.find(|other| {
            let alone = |number| Union {
                of: vec![number],
                is_one_of: false,
            };
            let both = Union {
                of: vec![one, *other],
                is_one_of: true,
            };
            // What one takes of the other is taken from the other where it is one alone.
            self.effect(&alone(*other), &both).narrower == Chance::Sure
        })
    }

    /// What comes of a union in the place of another.
    pub fn effect(&self, old: &Union, new: &Union) -> Effect {
        if old == new {
            return Effect {
                narrower: Chance::Never,
                wider: Chance::Never,
            };
        }
        if !self.is_whole {
            return Effect::UNKNOWN;
        }
        let numbers: BTreeSet<usize> = old.of.iter().chain(&new.of).copied().collect();
        let mut effect = Effect {
            narrower: Chance::Never,
            wider: Chance::Never,
        };
        let mut is_known = true;
        let mut count = 0;
        for point in &self.points {
            let forms = numbers.iter().map(|number| &self.forms[*number]);
            let mut all = BTreeSet::new();
            forms.for_each(|form| form.atoms(point.kind, &mut all));
            let all: Vec<usize> = all.into_iter().collect();
            let probable = self.probable(&numbers, point.kind);
            let is_each = all.len() <= ATOMS && count < WORLDS;
            is_known &= is_each;
            let each: Vec<Atoms> = match is_each {
                true => (0..1_u64 << all.len())
                    .map(|bits| {
                        let chosen = all.iter().enumerate();
                        let chosen = chosen.filter(|(at, _)| bits >> at & 1 == 1);
                        chosen.fold(0, |atoms, (_, atom)| atoms | 1 << atom)
                    })
                    .collect(),
                false => probable.iter().copied().collect(),
            };
            count += each.len() * numbers.len();
            for atoms in each {
                if !self.may_be(&numbers, point, atoms) {
                    continue;
                }
                let chance = match probable.contains(&atoms) {
                    true => Chance::Sure,
                    false => Chance::Perhaps,
                };
                let takes = |union: &Union| self.takes(union, point, atoms);
                let seen = match (takes(old), takes(new)) {
                    (true, false) => &mut effect.narrower,
                    (false, true) => &mut effect.wider,
                    _ => continue,
                };
                if chance > *seen {
                    *seen = chance;
                }
            }
        }
        for chance in [&mut effect.narrower, &mut effect.wider] {
            if !is_known && *chance == Chance::Never {
                *chance = Chance::Perhaps;
            }
        }
        effect
    }

    fn takes(&self, union: &Union, point: &Point, atoms: Atoms) -> bool {
        let forms = union.of.iter().map(|number| &self.forms[*number]);
        are_met(union.is_one_of, forms, point, atoms)
    }

    /// Whether there may be such a world: what one alternative takes is taken by those that contain
    /// it.
    fn may_be(&self, numbers: &BTreeSet<usize>, point: &Point, atoms: Atoms) -> bool {
        let mut known = self.contained.iter();
        known.all(|(one, other)| {
            !numbers.contains(one)
                || !numbers.contains(other)
                || !self.forms[*one].takes(point, atoms)
                || self.forms[*other].takes(point, atoms)
        })
    }

    /// The worlds that a value is in which is made for one alternative, or for none.
    fn probable(&self, numbers: &BTreeSet<usize>, kind: Kinds) -> BTreeSet<Atoms> {
        let mut all = BTreeSet::from([0]);
        for number in numbers {
            let wider = self.contained.iter().filter(|(one, _)| one == number);
            let wider = wider.filter(|(_, other)| numbers.contains(other));
            let wider: Vec<Atoms> = wider
                .filter_map(|(_, other)| self.forms[*other].made(kind).first().copied())
                .collect();
            for atoms in self.forms[*number].made(kind) {
                all.insert(wider.iter().fold(atoms, |all, atoms| all | atoms));
            }
        }
        all
    }
}
