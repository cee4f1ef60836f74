//! What is summed up of a list's items beside them: `summary: {count, totalPrice, averagePrice}`.

use super::frame::{Frame, Member, list_at};
use super::name::{plain, words};
use crate::spec::{Property, ShapeId, Shapes};
use crate::wire::Pointer;
use serde_json::{Number, Value, json};

/// What holds sums of the items.
const HOLDERS: [&str; 9] = [
    "summary",
    "totals",
    "aggregates",
    "aggregations",
    "aggregate",
    "stats",
    "statistics",
    "meta",
    "metadata",
];

/// A member that sums up a property of the items.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sum {
    at: Pointer,
    how: How,
    /// The property; none of a count.
    of: Option<String>,
    is_whole: bool,
    may_be_null: bool,
    may_be_absent: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    Count,
    Total,
    Average,
    Least,
    Most,
}

impl How {
    fn of(word: &str) -> Option<How> {
        Some(match word {
            "total" | "sum" => How::Total,
            "average" | "avg" | "mean" => How::Average,
            "min" | "minimum" | "lowest" => How::Least,
            "max" | "maximum" | "highest" => How::Most,
            _ => return None,
        })
    }
}

/// The sums in a reply, beside its items or in what stands there for them.
pub(super) fn sums(shapes: &Shapes, reply: ShapeId, items: &Pointer, known: &[Member]) -> Vec<Sum> {
    let found = || {
        let (above, _) = items.split_last()?;
        let holder = list_at(shapes, reply, &above)?;
        let row = shapes.of_items(shapes.get(list_at(shapes, reply, items)?))?;
        let counts = |id: ShapeId| {
            let types = shapes.get(id).types;
            types.has("number") || types.has("integer")
        };
        let summed = |name: &str| {
            let words = words(name);
            let (first, last) = (words.first()?, words.last()?);
            let of = |how: Option<How>, rest: &[String]| {
                let (how, rest) = (how?, rest.concat());
                let mut properties = shapes.get(row).properties.iter();
                let (name, property) = properties.find(|(name, _)| plain(name) == rest)?;
                let is_number = counts(shapes.of_property(property));
                is_number.then(|| (how, Some(name.clone())))
            };
            let behind = || of(How::of(last), &words[..words.len() - 1]);
            of(How::of(first), &words[1..]).or_else(behind)
        };
        let mut found = Vec::new();
        let mut look = |at: Pointer, name: &str, property: &Property, is_within: bool| {
            let id = shapes.of_property(property);
            let count = || (is_within && plain(name) == "count").then_some((How::Count, None));
            let is_known = known.iter().any(|member| member.at == at);
            if let Some((how, of)) = summed(name).or_else(count)
                && counts(id)
                && !is_known
            {
                let types = shapes.get(id).types;
                found.push(Sum {
                    at,
                    how,
                    of,
                    is_whole: !types.has("number"),
                    may_be_null: types.has("null"),
                    may_be_absent: !property.required,
                });
            }
        };
        for (name, property) in &shapes.get(holder).properties {
            let at = above.child(name);
            if HOLDERS.contains(&plain(name).as_str()) {
                let inner = shapes.of_property(property);
                for (name, property) in &shapes.get(inner).properties {
                    look(at.child(name), name, property, true);
                }
            }
            look(at, name, property, false);
        }
        Some(found)
    };
    found().unwrap_or_default()
}

impl Frame {
    /// Whether it sums up something of the items.
    pub fn has_sums(&self) -> bool {
        !self.sums.is_empty()
    }

    /// Says of the items, those on all pages, what is true of them.
    pub fn sum_up(&self, reply: &mut Value, items: &[&Value]) {
        for sum in &self.sums {
            match sum.value(items) {
                Some(value) => _ = sum.at.set(reply, value),
                None if sum.may_be_null => _ = sum.at.set(reply, Value::Null),
                None if sum.may_be_absent => sum.at.remove(reply),
                None => _ = sum.at.set(reply, json!(0)),
            }
        }
    }
}

impl Sum {
    /// What is true of the items; nothing where there is no such thing.
    fn value(&self, items: &[&Value]) -> Option<Value> {
        let Some(name) = &self.of else {
            return Some(json!(items.len()));
        };
        let numbers = items.iter().filter_map(|item| item.get(name)?.as_f64());
        let numbers: Vec<f64> = numbers.collect();
        let total: f64 = numbers.iter().sum();
        let number = match self.how {
            How::Count => items.len() as f64,
            How::Total => total,
            _ if numbers.is_empty() => return None,
            How::Average => total / numbers.len() as f64,
            How::Least => numbers.iter().copied().fold(f64::INFINITY, f64::min),
            How::Most => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        // What is summed up has no more digits behind the point than money has.
        let rounded = (number * 100.0).round() / 100.0;
        let number = match self.how {
            How::Total | How::Average => rounded,
            _ => number,
        };
        match self.is_whole || number.fract() == 0.0 {
            true => Some(json!(number.round() as i64)),
            false => Number::from_f64(number).map(Value::Number),
        }
    }
}
