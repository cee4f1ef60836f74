//! All that applies to one value, put together.

use super::kinds::Kinds;
use super::number::NumberDemand;
use super::text::TextDemand;
use crate::spec::{At, Node};
use crate::validate::Scope;
use indexmap::{IndexMap, IndexSet};
use serde_json::Value;
use std::collections::HashSet;
use std::ops::Range;

/// A schema that a value is to meet as a whole, or not to meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Root {
    pub(super) at: At,
    pub(super) scope: Scope,
    pub(super) denied: bool,
}

/// What a value must be: the conjunction of the schemas that apply to it, with one way taken
/// wherever they leave several.
#[derive(Debug)]
pub(super) struct Demand<'d> {
    /// Whether nothing can meet it.
    pub(super) never: bool,
    pub(super) kinds: Kinds,
    /// The kinds that its keywords speak of, where no type is said.
    pub(super) hinted: Kinds,
    /// `enum` and `const`.
    pub(super) choices: Option<Vec<Value>>,
    pub(super) excluded: Vec<Value>,
    /// Examples, then defaults.
    pub(super) said: Vec<Node<'d>>,
    pub(super) defaults: Vec<Node<'d>>,
    pub(super) number: NumberDemand,
    pub(super) number_formats: Vec<String>,
    pub(super) text: TextDemand,
    /// What the JSON in a text must be (`contentSchema`).
    pub(super) content: Vec<Root>,
    pub(super) list: ListDemand,
    pub(super) object: ObjectDemand<'d>,
    /// Whether what is made must be judged: the demand doesn't say all.
    pub(super) is_tricky: bool,
    /// The schemas that were taken in, in order.
    pub(super) seen: IndexSet<At>,
    /// The schemas that references led to, in order.
    pub(super) led: Vec<At>,
    /// How many references had led on when the last alternative was taken.
    pub(super) branch: usize,
    /// The objects with a `discriminator`, and which of the schemas led to tell what it says.
    pub(super) discriminators: Vec<(Node<'d>, Range<usize>)>,
}

/// What a list must be.
#[derive(Debug, Default)]
pub(super) struct ListDemand {
    pub(super) least: usize,
    pub(super) most: Option<usize>,
    pub(super) unique: bool,
    /// Whether two items are to be the same.
    pub(super) twins: bool,
    pub(super) parts: Vec<ListPart>,
    /// What items are that no part tells of.
    pub(super) unevaluated: Vec<Root>,
    /// What some items must be: how many at least, and at most.
    pub(super) contains: Vec<(Root, usize, Option<usize>)>,
}

/// What one schema says of items.
#[derive(Debug, Default)]
pub(super) struct ListPart {
    pub(super) prefix: Vec<Root>,
    pub(super) rest: Option<Root>,
}

/// What an object must be.
#[derive(Debug, Default)]
pub(super) struct ObjectDemand<'d> {
    pub(super) least: usize,
    pub(super) most: Option<usize>,
    pub(super) required: IndexSet<String>,
    pub(super) forbidden: HashSet<String>,
    pub(super) parts: Vec<ObjectPart<'d>>,
    /// What properties are that no part tells of.
    pub(super) unevaluated: Vec<Root>,
    pub(super) names: Vec<Root>,
    pub(super) needs: Vec<(String, Vec<String>)>,
    /// What more properties must be, or not be.
    pub(super) more: IndexMap<String, Vec<Root>>,
}

/// What one schema says of properties.
#[derive(Debug)]
pub(super) struct ObjectPart<'d> {
    pub(super) properties: Option<Node<'d>>,
    pub(super) patterns: Option<Node<'d>>,
    pub(super) additional: Option<Root>,
    pub(super) scope: Scope,
}

impl ListDemand {
    /// How many items have a place of their own.
    pub(super) fn prefix(&self) -> usize {
        let prefix = self.parts.iter().map(|part| part.prefix.len()).max();
        prefix.unwrap_or(0)
    }
}

impl Demand<'_> {
    pub(super) fn new() -> Self {
        Demand {
            never: false,
            kinds: Kinds::ALL,
            hinted: Kinds::NONE,
            choices: None,
            excluded: Vec::new(),
            said: Vec::new(),
            defaults: Vec::new(),
            number: NumberDemand::default(),
            number_formats: Vec::new(),
            text: TextDemand::default(),
            content: Vec::new(),
            list: ListDemand::default(),
            object: ObjectDemand::default(),
            is_tricky: false,
            seen: IndexSet::new(),
            led: Vec::new(),
            branch: 0,
            discriminators: Vec::new(),
        }
    }

    /// Leaves only these kinds.
    pub(super) fn only(&mut self, kinds: Kinds) {
        self.kinds = self.kinds.and(kinds);
        self.never |= self.kinds == Kinds::NONE;
    }

    /// Leaves only these values.
    pub(super) fn choose_of(&mut self, values: Vec<Value>) {
        self.choices = Some(match self.choices.take() {
            None => values,
            Some(known) => known
                .into_iter()
                .filter(|value| values.iter().any(|other| same(value, other)))
                .collect(),
        });
    }
}

/// Whether two values are equal as JSON Schema has it: numbers by what they are worth.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64().is_some() && one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|other| same(value, other))
            };
            one.len() == other.len() && one.iter().all(has)
        }
        _ => one == other,
    }
}
