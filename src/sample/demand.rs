//! All that applies to one value, put together.

use super::kinds::Kinds;
use super::number::NumberDemand;
use super::text::TextDemand;
use crate::spec::{At, Node};
use crate::validate::Scope;
use indexmap::{IndexMap, IndexSet};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A schema that a value is to meet as a whole, or not to meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Root {
    pub(super) at: At,
    pub(super) scope: Scope,
    pub(super) denied: bool,
}

impl Root {
    /// A schema that stands in a scope.
    pub(super) fn of(at: At, scope: &Scope, denied: bool) -> Root {
        Root {
            at,
            scope: scope.clone(),
            denied,
        }
    }
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
    /// Which parts each of the schemas has brought in.
    pub(super) spans: HashMap<At, Span>,
    /// The schemas that were met once more.
    pub(super) again: Vec<At>,
    /// Whether what is made must be judged: the demand doesn't say all.
    pub(super) is_tricky: bool,
    /// Whether a way was left out that can't lead to a value.
    pub(super) is_narrowed: bool,
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
    pub(super) unevaluated: Vec<Unevaluated>,
    /// What the items of some indices must be, or not be.
    pub(super) more: Vec<(usize, Root)>,
    /// What some items must be: how many at least, and at most.
    pub(super) contains: Vec<(Root, usize, Option<usize>)>,
}

/// What a schema says of what none of its parts tells of (`unevaluatedItems`,
/// `unevaluatedProperties`).
#[derive(Debug, Clone)]
pub(super) struct Unevaluated {
    pub(super) root: Root,
    /// Which of all parts are its own.
    pub(super) within: Vec<Span>,
}

/// Which parts of a demand a schema has brought in.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) members: Range<usize>,
    pub(super) items: Range<usize>,
    pub(super) contains: Range<usize>,
}

/// How much a demand had when a schema was begun.
#[derive(Debug)]
pub(super) struct Mark {
    members: usize,
    items: usize,
    contains: usize,
    again: usize,
    /// What it said of items and properties that no part tells of.
    pub(super) unevaluated: (usize, usize),
}

impl Mark {
    /// What has come since.
    pub(super) fn to(&self, demand: &Demand<'_>) -> Span {
        Span {
            members: self.members..demand.object.parts.len(),
            items: self.items..demand.list.parts.len(),
            contains: self.contains..demand.list.contains.len(),
        }
    }
}

impl Unevaluated {
    fn has(&self, of: impl Fn(&Span) -> &Range<usize>, number: usize) -> bool {
        self.within.iter().any(|span| of(span).contains(&number))
    }
}

/// What one schema says of items.
#[derive(Debug, Default)]
pub(super) struct ListPart {
    /// Whether it is there to break a schema, and tells of no item.
    pub(super) is_denial: bool,
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
    pub(super) unevaluated: Vec<Unevaluated>,
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
        let prefix = self.parts.iter().map(|part| part.prefix.len());
        let more = self.more.iter().map(|(index, _)| index + 1);
        prefix.chain(more).max().unwrap_or(0)
    }

    /// What the schemas that tell of the item of an index say it is.
    pub(super) fn told(&self, index: usize) -> Vec<Root> {
        let parts = self.parts.iter().filter_map(|part| part.of(index));
        let more = self.more.iter().filter(|(of, _)| *of == index);
        parts.chain(more.map(|(_, root)| root)).cloned().collect()
    }

    /// What the item of an index is as none of the parts tells of it, nor any of what the list must
    /// contain that it is.
    pub(super) fn untold(&self, index: usize, met: &[usize]) -> Vec<Root> {
        let is_left = |rest: &&Unevaluated| {
            let mut parts = self.parts.iter().enumerate();
            let is_told = parts.any(|(number, part)| {
                !part.is_denial && part.of(index).is_some() && rest.has(|span| &span.items, number)
            });
            let is_contained = |number: &usize| rest.has(|span| &span.contains, *number);
            !is_told && !met.iter().any(is_contained)
        };
        let left = self.unevaluated.iter().filter(is_left);
        left.map(|rest| rest.root.clone()).collect()
    }
}

impl ListPart {
    /// What it says of the item of an index.
    pub(super) fn of(&self, index: usize) -> Option<&Root> {
        self.prefix.get(index).or(self.rest.as_ref())
    }
}

impl ObjectDemand<'_> {
    /// What a property is that these of the parts tell of, as no others do.
    pub(super) fn untold(&self, told: &[usize]) -> Vec<Root> {
        let is_left = |rest: &&Unevaluated| {
            let mut told = told.iter();
            !told.any(|number| rest.has(|span| &span.members, *number))
        };
        let left = self.unevaluated.iter().filter(is_left);
        left.map(|rest| rest.root.clone()).collect()
    }
}

impl Demand<'_> {
    /// How much there is now.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            members: self.object.parts.len(),
            items: self.list.parts.len(),
            contains: self.list.contains.len(),
            again: self.again.len(),
            unevaluated: (self.list.unevaluated.len(), self.object.unevaluated.len()),
        }
    }

    /// The parts that have come since, and those of what was met once more.
    pub(super) fn within(&self, before: &Mark) -> Vec<Span> {
        let again = self.again[before.again..].iter();
        let again = again.filter_map(|at| self.spans.get(at).cloned());
        again.chain([before.to(self)]).collect()
    }

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
            spans: HashMap::new(),
            again: Vec::new(),
            is_tricky: false,
            is_narrowed: false,
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
