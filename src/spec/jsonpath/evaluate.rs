use super::TooCostly;
use super::compare::holds;
use super::pattern::Patterns;
use super::syntax::{Operand, Query, Segment, Selector, Test};
use crate::wire::Pointer;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// How many nodes one query may look at: several times those of the largest document.
const STEP_LIMIT: usize = 10_000_000;
/// A node that is tested costs its text too: a step for so many bytes.
pub(super) const BYTES_A_STEP: usize = 64;

pub(super) fn select(query: &Query, root: &Value) -> Result<Vec<Pointer>, TooCostly> {
    let mut evaluation = Evaluation {
        root,
        steps: 0,
        nodes: Vec::new(),
        patterns: Patterns::default(),
    };
    let selected = evaluation.query(query, root)?;
    let mut seen = HashSet::new();
    let once = selected.into_iter().map(|node| evaluation.pointer(node));
    Ok(once
        .filter(|pointer| seen.insert(pointer.clone()))
        .collect())
}

struct Evaluation<'v> {
    root: &'v Value,
    steps: usize,
    /// Every node that was come by, with the one above it: a path costs nothing until it is told.
    nodes: Vec<Node<'v>>,
    patterns: Patterns,
}

#[derive(Clone, Copy)]
struct Node<'v> {
    above: usize,
    step: Step<'v>,
    value: &'v Value,
}

#[derive(Clone, Copy)]
enum Step<'v> {
    Start,
    Name(&'v str),
    Index(usize),
}

impl<'v> Evaluation<'v> {
    fn query(&mut self, query: &Query, current: &'v Value) -> Result<Vec<usize>, TooCostly> {
        let start = match query.is_absolute {
            true => self.root,
            false => current,
        };
        let mut selected = vec![self.node(0, Step::Start, start)?];
        for segment in &query.segments {
            selected = self.segment(segment, &selected)?;
        }
        Ok(selected)
    }

    fn node(&mut self, above: usize, step: Step<'v>, value: &'v Value) -> Result<usize, TooCostly> {
        self.steps += 1;
        if self.steps > STEP_LIMIT {
            return Err(TooCostly);
        }
        self.nodes.push(Node { above, step, value });
        Ok(self.nodes.len() - 1)
    }

    fn segment(&mut self, segment: &Segment, from: &[usize]) -> Result<Vec<usize>, TooCostly> {
        let mut selected = Vec::new();
        for &start in from {
            let mut waiting = vec![start];
            while let Some(node) = waiting.pop() {
                for selector in &segment.selectors {
                    self.selector(selector, node, &mut selected)?;
                }
                if segment.is_descendant {
                    let first = waiting.len();
                    self.children(node, &mut waiting)?;
                    // The first child is next: document order.
                    waiting[first..].reverse();
                }
            }
        }
        Ok(selected)
    }

    fn children(&mut self, node: usize, into: &mut Vec<usize>) -> Result<(), TooCostly> {
        match self.nodes[node].value {
            Value::Object(map) => {
                for (name, value) in map {
                    into.push(self.node(node, Step::Name(name), value)?);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    into.push(self.node(node, Step::Index(index), value)?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn selector(
        &mut self,
        selector: &Selector,
        node: usize,
        into: &mut Vec<usize>,
    ) -> Result<(), TooCostly> {
        let value = self.nodes[node].value;
        match (selector, value) {
            (Selector::Name(name), Value::Object(map)) => {
                if let Some((name, value)) = map.get_key_value(name) {
                    into.push(self.node(node, Step::Name(name), value)?);
                }
            }
            (Selector::Wildcard, _) => self.children(node, into)?,
            (Selector::Index(index), Value::Array(items)) => {
                let index = match index {
                    0.. => usize::try_from(*index).ok(),
                    _ => usize::try_from(-index)
                        .ok()
                        .and_then(|back| items.len().checked_sub(back)),
                };
                let item = index.and_then(|index| Some((index, items.get(index)?)));
                if let Some((index, value)) = item {
                    into.push(self.node(node, Step::Index(index), value)?);
                }
            }
            (Selector::Slice(start, end, step), Value::Array(items)) => {
                for index in slice(items.len(), *start, *end, *step) {
                    into.push(self.node(node, Step::Index(index), &items[index])?);
                }
            }
            (Selector::Filter(test), Value::Object(map)) => {
                for (name, value) in map {
                    if self.test(test, value)? {
                        into.push(self.node(node, Step::Name(name), value)?);
                    }
                }
            }
            (Selector::Filter(test), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    if self.test(test, value)? {
                        into.push(self.node(node, Step::Index(index), value)?);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn test(&mut self, test: &Test, current: &'v Value) -> Result<bool, TooCostly> {
        self.costs(1)?;
        Ok(match test {
            Test::Or(tests) => {
                for test in tests {
                    if self.test(test, current)? {
                        return Ok(true);
                    }
                }
                false
            }
            Test::And(tests) => {
                for test in tests {
                    if !self.test(test, current)? {
                        return Ok(false);
                    }
                }
                true
            }
            Test::Not(test) => !self.test(test, current)?,
            Test::Exists(query) => !self.values(query, current)?.is_empty(),
            Test::Compare(left, comparison, right) => {
                let left = self.operand(left, current)?;
                let right = self.operand(right, current)?;
                let mut steps = STEP_LIMIT.saturating_sub(self.steps);
                let holds = holds(left.as_deref(), *comparison, right.as_deref(), &mut steps);
                self.steps = STEP_LIMIT - steps;
                self.costs(1)?;
                holds
            }
            Test::Matches {
                whole,
                text,
                pattern,
            } => {
                let text = self.operand(text, current)?;
                let pattern = self.operand(pattern, current)?;
                match (text.as_deref(), pattern.as_deref()) {
                    (Some(Value::String(text)), Some(Value::String(pattern))) => {
                        self.costs((text.len() + pattern.len()) / BYTES_A_STEP)?;
                        self.patterns.matches(*whole, text, pattern)
                    }
                    _ => false,
                }
            }
        })
    }

    fn costs(&mut self, steps: usize) -> Result<(), TooCostly> {
        self.steps += steps;
        match self.steps > STEP_LIMIT {
            true => Err(TooCostly),
            false => Ok(()),
        }
    }

    /// What a query within a filter selects; its nodes are forgotten again.
    fn values(&mut self, query: &Query, current: &'v Value) -> Result<Vec<&'v Value>, TooCostly> {
        let before = self.nodes.len();
        let selected = self.query(query, current)?;
        let values = selected
            .into_iter()
            .map(|node| self.nodes[node].value)
            .collect();
        self.nodes.truncate(before);
        Ok(values)
    }

    fn operand<'o>(
        &mut self,
        operand: &'o Operand,
        current: &'v Value,
    ) -> Result<Option<Cow<'o, Value>>, TooCostly>
    where
        'v: 'o,
    {
        Ok(match operand {
            Operand::Literal(value) => Some(Cow::Borrowed(value)),
            Operand::Singular(query) => self.values(query, current)?.pop().map(Cow::Borrowed),
            Operand::Count(query) => Some(Cow::Owned(self.values(query, current)?.len().into())),
            Operand::Value(query) => match self.values(query, current)?.as_slice() {
                [one] => Some(Cow::Borrowed(*one)),
                _ => None,
            },
            Operand::Length(of) => {
                let length = match self.operand(of, current)?.as_deref() {
                    Some(Value::String(text)) => {
                        self.costs(text.len() / BYTES_A_STEP)?;
                        Some(text.chars().count())
                    }
                    Some(Value::Array(items)) => Some(items.len()),
                    Some(Value::Object(map)) => Some(map.len()),
                    _ => None,
                };
                length.map(|length| Cow::Owned(length.into()))
            }
        })
    }

    fn pointer(&self, mut node: usize) -> Pointer {
        let mut steps = Vec::new();
        loop {
            let Node { above, step, .. } = self.nodes[node];
            match step {
                Step::Start => break,
                step => steps.push(step),
            }
            node = above;
        }
        let below = |at: Pointer, step: Step<'_>| match step {
            Step::Start => at,
            Step::Name(name) => at.child(name),
            Step::Index(index) => at.child(index),
        };
        steps.into_iter().rev().fold(Pointer::root(), below)
    }
}

/// The indexes of a slice (§2.3.4.2.2).
fn slice(length: usize, start: Option<i64>, end: Option<i64>, step: i64) -> Vec<usize> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |index: i64| {
        if index >= 0 {
            index
        } else {
            length.saturating_add(index)
        }
    };
    let mut found = Vec::new();
    if step > 0 {
        let mut at = from_end(start.unwrap_or(0)).clamp(0, length);
        let end = from_end(end.unwrap_or(length)).clamp(0, length);
        while at < end {
            found.extend(usize::try_from(at));
            at = at.saturating_add(step);
        }
    } else if step < 0 {
        let mut at = start.map_or(length - 1, from_end).clamp(-1, length - 1);
        let end = end.map_or(-1, from_end).clamp(-1, length - 1);
        while at > end {
            found.extend(usize::try_from(at));
            at = at.saturating_add(step);
        }
    }
    found
}
