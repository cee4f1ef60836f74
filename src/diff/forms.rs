//! What an alternative says of values, as far as it is looked at together with others, and the
//! values that alternatives tell from each other.

use super::finder::{Finder, Which};
use super::flat::{Flat, canonical, is_remark};
use super::kinds::Kinds;
use super::limits::{Bound, bounds, range};
use crate::spec::{At, Node};
use std::collections::{BTreeMap, BTreeSet};

/// How many ways to meet one are told apart.
const WAYS: usize = 24;
/// How deep alternatives within alternatives are read.
const DEEP: usize = 1;
/// Up to here a number is told from its neighbours (RFC 8259 §6).
const SURE: f64 = 9_007_199_254_740_991.0;

/// A set of the things that alternatives say of their own.
pub(super) type Atoms = u64;

/// What an alternative says.
pub(super) struct Form {
    pub kinds: Kinds,
    /// The values that it lists, and of which kind each is.
    values: Option<BTreeMap<String, (Kinds, f64)>>,
    /// The least and the most characters.
    length: [Option<f64>; 2],
    /// The least and the greatest number, and whether it is out.
    range: [Option<(f64, bool)>; 2],
    /// The kinds of which it says more, which is true or not.
    pub more: Kinds,
    pub atom: usize,
    pub choices: Vec<(bool, Vec<Form>)>,
}

/// A value as far as alternatives tell it from others.
pub(super) struct Point {
    pub kind: Kinds,
    /// Its length, or the number that it is.
    size: f64,
    /// The value, where it is one of those that are listed.
    value: Option<String>,
}

impl Form {
    pub fn of<'d>(
        finder: &mut Finder<'d>,
        which: Which,
        node: Node<'d>,
        atoms: &mut Vec<(Which, At)>,
        depth: usize,
    ) -> Form {
        let document = finder.document_of(which);
        let at = canonical(document, node.at());
        let flat = Flat::of(document, &[at], at);
        let is_same = |finder: &mut Finder<'d>, own: (Which, At)| match (own.0, which) {
            (Which::Old, Which::New) => finder.are_same(&[own.1], &[at]),
            (Which::New, Which::Old) => finder.are_same(&[at], &[own.1]),
            _ => own.1 == at,
        };
        let atom = atoms.iter().position(|own| is_same(finder, *own));
        let atom = atom.unwrap_or_else(|| {
            atoms.push((which, at));
            atoms.len() - 1
        });
        let mut form = Form {
            kinds: flat.kinds.without(Kinds::NULL),
            values: flat.values.as_ref().map(|values| {
                let values = values.iter();
                let of = |(text, node): (&String, &Node<'_>)| (text.clone(), measured(*node));
                values.map(of).collect()
            }),
            length: [("minLength", true), ("maxLength", false)]
                .map(|(name, is_least)| number(&bounds(&flat, name, false, is_least)?)),
            range: [true, false].map(|is_least| {
                let bound = range(&flat, is_least)?;
                Some((number(&bound)?, bound.is_exclusive))
            }),
            more: Kinds::NONE,
            atom,
            choices: Vec::new(),
        };
        for part in &flat.parts {
            for (keyword, value) in part.entries() {
                if !is_remark(&keyword, value) {
                    form.more = form.more.either(said_more(&keyword, value));
                }
            }
        }
        if flat.is_cut || depth >= DEEP && !flat.choices.is_empty() {
            form.more = Kinds::ALL;
            return form;
        }
        for choice in flat.choices {
            let of = choice.of.iter();
            let of = of.map(|node| Form::of(finder, which, *node, atoms, depth + 1));
            form.choices.push((choice.is_one_of, of.collect()));
        }
        form
    }

    pub fn atoms(&self, kind: Kinds, all: &mut BTreeSet<usize>) {
        if !self.kinds.has(kind) {
            return;
        }
        if self.more.has(kind) {
            all.insert(self.atom);
        }
        let inner = self.choices.iter().flat_map(|(_, forms)| forms);
        inner.for_each(|form| form.atoms(kind, all));
    }

    /// What is true of values that are made for it, one way for each of its own alternatives.
    pub fn made(&self, kind: Kinds) -> Vec<Atoms> {
        if !self.kinds.has(kind) {
            return Vec::new();
        }
        let mut all = vec![match self.more.has(kind) {
            true => 1 << self.atom,
            false => 0,
        }];
        for (_, forms) in &self.choices {
            let ways: Vec<Atoms> = forms.iter().flat_map(|form| form.made(kind)).collect();
            let both = all
                .iter()
                .flat_map(|own| ways.iter().map(move |way| own | way));
            all = both.take(WAYS).collect();
        }
        all
    }

    pub fn takes(&self, point: &Point, atoms: Atoms) -> bool {
        let is_listed = match (&self.values, &point.value) {
            (None, _) => true,
            (Some(values), Some(value)) => values.contains_key(value),
            (Some(_), None) => false,
        };
        self.kinds.has(point.kind)
            && is_listed
            && self.has_room(point)
            && (!self.more.has(point.kind) || atoms >> self.atom & 1 == 1)
            && self
                .choices
                .iter()
                .all(|(is_one_of, forms)| are_met(*is_one_of, forms, point, atoms))
    }

    fn has_room(&self, point: &Point) -> bool {
        let size = point.size;
        match point.kind {
            Kinds::TEXT => {
                let [least, most] = self.length;
                least.is_none_or(|least| size >= least) && most.is_none_or(|most| size <= most)
            }
            Kinds::INTEGER | Kinds::FRACTION => {
                let [least, most] = self.range;
                least.is_none_or(|(least, is_out)| size > least || size == least && !is_out)
                    && most.is_none_or(|(most, is_out)| size < most || size == most && !is_out)
            }
            _ => true,
        }
    }

    /// All alternatives that it is made of, with itself.
    fn each<'f>(&'f self, all: &mut Vec<&'f Form>) {
        all.push(self);
        let inner = self.choices.iter().flat_map(|(_, forms)| forms);
        inner.for_each(|form| form.each(all));
    }
}

/// Whether a value meets one of several, or one alone.
pub(super) fn are_met<'f>(
    is_one_of: bool,
    forms: impl IntoIterator<Item = &'f Form>,
    point: &Point,
    atoms: Atoms,
) -> bool {
    let met = forms.into_iter().filter(|form| form.takes(point, atoms));
    match met.take(2).count() {
        0 => false,
        1 => true,
        _ => !is_one_of,
    }
}

/// The kinds of which a keyword says what isn't told apart here.
fn said_more(keyword: &str, value: Node<'_>) -> Kinds {
    let is_number = || value.as_number().and_then(|number| number.as_f64());
    match keyword {
        "minLength" | "maxLength" | "exclusiveMinimum" | "exclusiveMaximum" => Kinds::NONE,
        "minimum" | "maximum" => match is_number().is_some_and(|number| number.abs() < SURE) {
            true => Kinds::NONE,
            false => Kinds::NUMBER,
        },
        "oneOf" | "anyOf" | "allOf" | "$ref" | "type" | "enum" | "const" | "discriminator"
        | "nullable" | "x-nullable" => Kinds::NONE,
        "multipleOf" => Kinds::NUMBER,
        "format" => Kinds::NUMBER.either(Kinds::TEXT),
        "pattern" | "contentEncoding" | "contentMediaType" | "contentSchema" => Kinds::TEXT,
        "items" | "prefixItems" | "additionalItems" | "unevaluatedItems" | "contains"
        | "minContains" | "maxContains" | "minItems" | "maxItems" | "uniqueItems" => Kinds::ARRAY,
        "properties"
        | "required"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "patternProperties"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependencies"
        | "dependentRequired"
        | "dependentSchemas" => Kinds::OBJECT,
        _ => Kinds::ALL,
    }
}

fn number(bound: &Bound<'_>) -> Option<f64> {
    bound.value.as_f64()
}

/// The kind of a value that is listed, and its length or the number that it is.
fn measured(node: Node<'_>) -> (Kinds, f64) {
    let length = node.text().map(|text| text.chars().count() as f64);
    let number = node.as_number().and_then(|number| number.as_f64());
    (Kinds::of(node), number.or(length).unwrap_or_default())
}

/// The values that alternatives tell from each other: each that is listed, and for each kind one
/// between all that they name as bounds.
pub(super) fn points(forms: &[Form]) -> Vec<Point> {
    let mut all = Vec::new();
    forms.iter().for_each(|form| form.each(&mut all));
    let mut listed: BTreeMap<&String, (Kinds, f64)> = BTreeMap::new();
    for form in &all {
        listed.extend(form.values.iter().flatten().map(|(text, own)| (text, *own)));
    }
    let sizes = |kinds: Kinds, bounds: Vec<f64>| {
        let values = listed.values().filter(|(kind, _)| kinds.has(*kind));
        let mut all: Vec<f64> = values.map(|(_, size)| *size).chain(bounds).collect();
        all.push(0.0);
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    };
    let mut points: Vec<Point> = listed
        .iter()
        .map(|(text, (kind, size))| Point {
            kind: *kind,
            size: *size,
            value: Some((*text).clone()),
        })
        .collect();
    let mut other = |kind: Kinds, size: f64| {
        let is_number = Kinds::NUMBER.has(kind);
        let is_listed = is_number && listed.values().any(|own| *own == (kind, size));
        if !is_listed {
            points.push(Point {
                kind,
                size,
                value: None,
            });
        }
    };
    for kind in [Kinds::FLAG, Kinds::ARRAY, Kinds::OBJECT] {
        other(kind, 0.0);
    }
    let lengths = all
        .iter()
        .flat_map(|form| form.length.into_iter().flatten());
    let around = |sizes: Vec<f64>| {
        let near = |size: f64| {
            [
                size.floor() - 1.0,
                size.floor(),
                size.ceil(),
                size.ceil() + 1.0,
            ]
        };
        let mut all: Vec<f64> = sizes.into_iter().flat_map(near).collect();
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    };
    let lengths = around(sizes(Kinds::TEXT, lengths.collect()));
    lengths
        .into_iter()
        .filter(|length| *length >= 0.0)
        .for_each(|length| other(Kinds::TEXT, length));
    let ranges = all.iter().flat_map(|form| form.range.into_iter().flatten());
    let bounds = sizes(Kinds::NUMBER, ranges.map(|(bound, _)| bound).collect());
    for pair in bounds.windows(2) {
        // No round part of a round distance.
        let part = std::f64::consts::SQRT_2 - 1.0;
        other(Kinds::FRACTION, pair[0] + (pair[1] - pair[0]) * part);
    }
    let ends = [
        bounds.first().map(|least| least.floor() - 0.5),
        bounds.last().map(|most| most.ceil() + 0.5),
    ];
    let fractions = bounds.iter().copied().filter(|bound| bound.fract() != 0.0);
    let fractions: Vec<f64> = fractions.chain(ends.into_iter().flatten()).collect();
    fractions
        .into_iter()
        .for_each(|size| other(Kinds::FRACTION, size));
    around(bounds)
        .into_iter()
        .for_each(|size| other(Kinds::INTEGER, size));
    points
}
