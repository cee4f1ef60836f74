//! What is said of numbers and of texts, and how many of something there are.

use super::finder::{Finder, Turn};
use super::flat::{Flat, compare};
use super::kinds::Kinds;
use super::schema::Pair;
use super::words::{code, count};
use crate::spec::Node;
use serde_json::Number;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A bound, and where it is said.
#[derive(Clone)]
pub(super) struct Bound<'d> {
    pub value: Number,
    pub is_exclusive: bool,
    node: Node<'d>,
}

/// Formats all of whose values are ones of another, too.
const WITHIN: [(&str, &str); 9] = [
    ("int32", "int64"),
    ("float", "double"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("uri", "iri"),
    ("uri", "uri-reference"),
    ("uri", "iri-reference"),
    ("iri", "iri-reference"),
    ("uri-reference", "iri-reference"),
];

impl<'d> Finder<'d> {
    /// `minimum`, `maximum`, the exclusive ones, `multipleOf`, `format`.
    pub(super) fn numbers(&mut self, pair: &Pair<'d>) {
        for is_least in [true, false] {
            let are_whole = !pair.old.kinds.both(pair.new.kinds).has(Kinds::FRACTION);
            let of = |flat: &Flat<'d>| {
                let bound = range(flat, is_least)?;
                Some(match are_whole {
                    true => whole(bound, is_least),
                    false => bound,
                })
            };
            let (old, new) = (of(&pair.old), of(&pair.new));
            let words = |bound: &Bound<'_>| match (is_least, bound.is_exclusive) {
                (true, false) => format!("be at least {}", bound.value),
                (true, true) => format!("be more than {}", bound.value),
                (false, false) => format!("be at most {}", bound.value),
                (false, true) => format!("be less than {}", bound.value),
            };
            self.bound(pair, old, new, is_least, &words);
        }
        let (old, new) = (multiple(&pair.old), multiple(&pair.new));
        let words = |bound: &Bound<'_>| format!("be a multiple of {}", bound.value);
        let is_of = |one: &Bound<'_>, other: &Bound<'_>| {
            let of = |bound: &Bound<'_>| bound.value.as_f64().unwrap_or(f64::NAN);
            let times = of(one) / of(other);
            (times - times.round()).abs() < 1e-9
        };
        match (&old, &new) {
            (Some(was), Some(is)) if compare(&was.value, &is.value) != Ordering::Equal => {
                let turn = match (is_of(is, was), is_of(was, is)) {
                    (true, _) => Turn::Narrower,
                    (_, true) => Turn::Wider,
                    _ => Turn::Other,
                };
                let detail = format!("must now {}; before, {}", words(is), was.value);
                let spot = pair.keyword(Some(was.node), Some(is.node));
                self.tell(pair, "limit-changed", turn, spot, detail);
            }
            (Some(_), Some(_)) => {}
            _ => self.bound(pair, old, new, true, &words),
        }
        self.formats(pair, &["int32", "int64", "float", "double"], true);
    }

    /// `minLength`, `maxLength`, `pattern`, `format`, what is encoded how.
    pub(super) fn texts(&mut self, pair: &Pair<'d>) {
        self.counts(
            pair,
            ("minLength", "maxLength"),
            ("character", "characters"),
        );
        let all = |flat: &Flat<'d>| -> BTreeMap<String, Node<'d>> {
            let patterns = flat.all_say("pattern");
            let patterns = patterns.filter_map(|node| Some((node.text()?.into_owned(), node)));
            patterns.collect()
        };
        let (old, new) = (all(&pair.old), all(&pair.new));
        let gone: Vec<_> = old
            .iter()
            .filter(|(text, _)| !new.contains_key(*text))
            .collect();
        let added: Vec<_> = new
            .iter()
            .filter(|(text, _)| !old.contains_key(*text))
            .collect();
        for index in 0..gone.len().max(added.len()) {
            let (was, is) = (gone.get(index), added.get(index));
            let spot = pair.keyword(was.map(|(_, node)| **node), is.map(|(_, node)| **node));
            let (turn, detail) = match (was, is) {
                (Some((was, _)), Some((is, _))) => (
                    Turn::Other,
                    format!("must now match {}; before, {}", code(is), code(was)),
                ),
                (None, Some((is, _))) => (Turn::Narrower, format!("must now match {}", code(is))),
                (Some((was, _)), None) => {
                    (Turn::Wider, format!("need no longer match {}", code(was)))
                }
                (None, None) => continue,
            };
            self.tell(pair, "pattern-changed", turn, spot, detail);
        }
        self.formats(pair, &["int32", "int64", "float", "double"], false);
        for keyword in ["contentEncoding", "contentMediaType"] {
            let (old, new) = (
                pair.old.all_say(keyword).next(),
                pair.new.all_say(keyword).next(),
            );
            let text = |node: Option<Node<'_>>| node.and_then(|node| Some(code(&node.text()?)));
            let (was, is) = (text(old), text(new));
            if was == is {
                continue;
            }
            let shown = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
            let detail = format!("has the `{keyword}` {}; before, {}", shown(is), shown(was));
            let spot = pair.keyword(old, new);
            self.tell(pair, "encoding-changed", Turn::Other, spot, detail);
        }
    }

    /// The formats among some, or but for some.
    fn formats(&mut self, pair: &Pair<'d>, some: &[&str], is_among: bool) {
        let of = |flat: &Flat<'d>| {
            let mut all = flat.all_say("format");
            all.find_map(|node| {
                let text = node.text()?.into_owned();
                let is_said = some.contains(&text.as_str()) == is_among
                    && !(is_among && fits_by_bounds(flat, &text));
                is_said.then_some((text, node))
            })
        };
        let (old, new) = (of(&pair.old), of(&pair.new));
        let (turn, detail) = match (&old, &new) {
            (Some((was, _)), Some((is, _))) if was != is => {
                let is_within = |one: &str, other: &str| WITHIN.contains(&(one, other));
                let turn = match (is_within(is, was), is_within(was, is)) {
                    (true, _) => Turn::Narrower,
                    (_, true) => Turn::Wider,
                    _ => Turn::Other,
                };
                let (is, was) = (code(is), code(was));
                (
                    turn,
                    format!("must now be of the format {is}; before, {was}"),
                )
            }
            (None, Some((is, _))) => (
                Turn::Narrower,
                format!("must now be of the format {}", code(is)),
            ),
            (Some((was, _)), None) => (
                Turn::Wider,
                format!("need no longer be of the format {}", code(was)),
            ),
            _ => return,
        };
        let spot = pair.keyword(old.map(|(_, node)| node), new.map(|(_, node)| node));
        self.tell(pair, "format-changed", turn, spot, detail);
    }

    /// How many there must be of something, and how many there may be.
    pub(super) fn counts(
        &mut self,
        pair: &Pair<'d>,
        (least, most): (&str, &str),
        (one, many): (&str, &str),
    ) {
        for (keyword, is_least) in [(least, true), (most, false)] {
            let side = if is_least { "least" } else { "most" };
            let of = |flat: &Flat<'d>| bounds(flat, keyword, false, is_least);
            let (mut old, mut new) = (of(&pair.old), of(&pair.new));
            // What must be there is so many already, whether or not that is said.
            if keyword == "minProperties" && (old.is_some() || new.is_some()) {
                (old, new) = (with_required(&pair.old, old), with_required(&pair.new, new));
            }
            let words = |bound: &Bound<'_>| {
                let number = bound.value.to_string();
                format!("have at {side} {}", count(&number, one, many))
            };
            self.bound(pair, old, new, is_least, &words);
        }
    }

    fn bound(
        &mut self,
        pair: &Pair<'d>,
        old: Option<Bound<'d>>,
        new: Option<Bound<'d>>,
        is_least: bool,
        words: &dyn Fn(&Bound<'_>) -> String,
    ) {
        let (turn, detail) = match (&old, &new) {
            (None, None) => return,
            (None, Some(is)) => (Turn::Narrower, format!("must now {}", words(is))),
            (Some(was), None) => (Turn::Wider, format!("need no longer {}", words(was))),
            (Some(was), Some(is)) => {
                let turn = match tighter(is, was, is_least) {
                    Ordering::Greater => Turn::Narrower,
                    Ordering::Less => Turn::Wider,
                    Ordering::Equal => return,
                };
                let before = words(was);
                let before = before.split_once(' ').map_or("", |(_, rest)| rest);
                (turn, format!("must now {}; before, {before}", words(is)))
            }
        };
        let node = |bound: Option<Bound<'d>>| bound.map(|bound| bound.node);
        let spot = pair.keyword(node(old), node(new));
        self.tell(pair, "limit-changed", turn, spot, detail);
    }
}

/// How tight a bound is beside another.
fn tighter(one: &Bound<'_>, other: &Bound<'_>, is_least: bool) -> Ordering {
    let by_value = compare(&one.value, &other.value);
    let by_value = if is_least {
        by_value
    } else {
        by_value.reverse()
    };
    by_value.then(one.is_exclusive.cmp(&other.is_exclusive))
}

/// The tightest bound that a keyword sets.
pub(super) fn bounds<'d>(
    flat: &Flat<'d>,
    keyword: &str,
    is_exclusive: bool,
    is_least: bool,
) -> Option<Bound<'d>> {
    let all = flat.all_say(keyword).filter_map(|node| {
        Some(Bound {
            value: node.as_number()?,
            is_exclusive,
            node,
        })
    });
    let says = |bound: &Bound<'_>| !is_least || is_exclusive || !is_zero_count(keyword, bound);
    all.filter(says)
        .max_by(|one, other| tighter(one, other, is_least))
}

/// Whether it says that there are at least none.
fn is_zero_count(keyword: &str, bound: &Bound<'_>) -> bool {
    keyword != "minimum" && bound.value.as_f64() == Some(0.0)
}

/// The tightest bound of a number. Until OpenAPI 3.0 a boolean tells that the other keyword's is
/// exclusive.
pub(super) fn range<'d>(flat: &Flat<'d>, is_least: bool) -> Option<Bound<'d>> {
    let (plain, exclusive) = match is_least {
        true => ("minimum", "exclusiveMinimum"),
        false => ("maximum", "exclusiveMaximum"),
    };
    let plain = flat.parts.iter().filter_map(|part| {
        let node = part.get(plain)?;
        let flag = part.get(exclusive).and_then(Node::as_bool);
        Some(Bound {
            value: node.as_number()?,
            is_exclusive: flag == Some(true),
            node,
        })
    });
    let exclusive = bounds(flat, exclusive, true, is_least);
    plain
        .chain(exclusive)
        .max_by(|one, other| tighter(one, other, is_least))
}

/// The bound of integers that says the same: the first, or the last, that is within.
fn whole(bound: Bound<'_>, is_least: bool) -> Bound<'_> {
    // Up to here each integer is a number of its own (RFC 8259 §6).
    const SURE: f64 = 9_007_199_254_740_991.0;
    let Some(value) = bound.value.as_f64().filter(|value| value.abs() < SURE) else {
        return bound;
    };
    let first = match (is_least, bound.is_exclusive) {
        (true, false) => value.ceil(),
        (true, true) => value.floor() + 1.0,
        (false, false) => value.floor(),
        (false, true) => value.ceil() - 1.0,
    };
    Bound {
        value: Number::from(first as i64),
        is_exclusive: false,
        ..bound
    }
}

fn multiple<'d>(flat: &Flat<'d>) -> Option<Bound<'d>> {
    let node = flat.all_say("multipleOf").next()?;
    let value = node.as_number()?;
    // Of whole numbers each is so many times one.
    let is_said = || value.as_f64().is_some_and(|of| (1.0 / of).fract() == 0.0);
    let is_whole = !flat.kinds.has(Kinds::FRACTION);
    (!is_whole || !is_said()).then_some(Bound {
        value,
        is_exclusive: false,
        node,
    })
}

/// How many properties there are at least, by those that must be there as well.
fn with_required<'d>(flat: &Flat<'d>, said: Option<Bound<'d>>) -> Option<Bound<'d>> {
    let required = flat.required();
    let of_names = required.values().next().map(|node| Bound {
        value: required.len().into(),
        is_exclusive: false,
        node: *node,
    });
    let both = [said, of_names].into_iter().flatten();
    both.max_by(|one, other| tighter(one, other, true))
}

/// Whether all numbers that a schema lets be fit into 32 or 64 bits by its bounds alone.
fn fits_by_bounds(flat: &Flat<'_>, format: &str) -> bool {
    let most = match format {
        "int32" => f64::from(i32::MAX),
        "int64" => i64::MAX as f64,
        _ => return false,
    };
    let within = |is_least: bool| {
        let bound = range(flat, is_least).and_then(|bound| bound.value.as_f64());
        bound.is_some_and(|value| value.abs() <= most)
    };
    !flat.kinds.has(Kinds::FRACTION) && within(true) && within(false)
}
