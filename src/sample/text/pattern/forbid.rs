//! Follows what must not match, along a text as it is written.

use super::class::Class;
use super::{Kind, Pattern};
use std::collections::HashMap;

/// How many ways a part may be followed at once; beyond, it's judged when the text is done.
const WAYS: usize = 64;

/// What is still to match: a part and what is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    /// Anything: all has matched.
    Rest,
    Part {
        node: usize,
        next: usize,
    },
    /// From so often up to so often more.
    Times {
        node: usize,
        least: usize,
        most: usize,
        next: usize,
    },
}

/// All ways in which a part could match from one place on.
#[derive(Debug)]
pub(super) struct Ways<'p> {
    pattern: &'p Pattern,
    steps: Vec<Step>,
    known: HashMap<Step, usize>,
    open: Vec<usize>,
    /// What may begin at every place.
    again: Option<usize>,
    /// Whether it holds what can't be followed.
    is_lost: bool,
}

/// What is known of the place between two characters: of the next one, that it is there, that
/// there is none, or nothing.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Next {
    Unknown,
    Is(char),
    Nothing,
}

pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'p> Ways<'p> {
    pub(super) fn of(pattern: &'p Pattern, node: usize) -> Ways<'p> {
        let mut ways = Ways {
            pattern,
            steps: vec![Step::Rest],
            known: HashMap::new(),
            open: Vec::new(),
            again: None,
            is_lost: false,
        };
        let first = ways.step(Step::Part { node, next: 0 });
        ways.open.push(first);
        ways
    }

    /// The same of a whole pattern, which may match anywhere in a text.
    pub(super) fn anywhere(pattern: &'p Pattern) -> Ways<'p> {
        let mut ways = Ways::of(pattern, pattern.root);
        ways.again = (!pattern.starts()).then(|| ways.open[0]);
        ways
    }

    fn step(&mut self, step: Step) -> usize {
        if step == Step::Rest {
            return 0;
        }
        let steps = &mut self.steps;
        *self.known.entry(step).or_insert_with(|| {
            steps.push(step);
            steps.len() - 1
        })
    }

    /// The ways that wait for a character, and whether one has come to its end, or may have where
    /// the next character isn't known.
    fn closed(&mut self, before: Option<char>, next: Next) -> (Vec<usize>, bool) {
        let mut waiting = Vec::new();
        let mut seen = vec![false; self.steps.len()];
        let mut open = self.open.clone();
        let mut is_done = false;
        while let Some(at) = open.pop() {
            if seen.len() < self.steps.len() {
                seen.resize(self.steps.len(), false);
            }
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            if seen.len() > 100 * WAYS {
                self.is_lost = true;
            }
            if self.is_lost {
                break;
            }
            let (node, after) = match self.steps[at] {
                Step::Rest => {
                    is_done = true;
                    continue;
                }
                Step::Part { node, next } => (node, next),
                Step::Times {
                    node,
                    least,
                    most,
                    next,
                } => {
                    if least == 0 {
                        open.push(next);
                    }
                    if most > 0 {
                        let most = if most == usize::MAX { most } else { most - 1 };
                        let rest = self.step(Step::Times {
                            node,
                            least: least.saturating_sub(1),
                            most,
                            next,
                        });
                        let item = self.step(Step::Part { node, next: rest });
                        open.push(item);
                    }
                    continue;
                }
            };
            let pattern = self.pattern;
            match &pattern.nodes[node].kind {
                Kind::One(_) => waiting.push(at),
                Kind::Sequence(parts) => {
                    let first = parts.iter().rev().fold(after, |next, part| {
                        self.step(Step::Part { node: *part, next })
                    });
                    open.push(first);
                }
                Kind::Choice(parts) => {
                    for part in parts {
                        let part = self.step(Step::Part {
                            node: *part,
                            next: after,
                        });
                        open.push(part);
                    }
                }
                Kind::Repeat { item, least, most } => {
                    let times = self.step(Step::Times {
                        node: *item,
                        least: *least,
                        most: most.unwrap_or(usize::MAX),
                        next: after,
                    });
                    open.push(times);
                }
                Kind::Group(_, item) => {
                    let item = self.step(Step::Part {
                        node: *item,
                        next: after,
                    });
                    open.push(item);
                }
                Kind::Start if before.is_none() => open.push(after),
                Kind::Start => {}
                Kind::End if next == Next::Nothing => open.push(after),
                Kind::End => {}
                Kind::Border(wanted) => {
                    let is_next = match next {
                        Next::Unknown => continue,
                        Next::Is(c) => is_word(c),
                        Next::Nothing => false,
                    };
                    if (before.is_some_and(is_word) != is_next) == *wanted {
                        open.push(after);
                    }
                }
                Kind::Back(_) | Kind::Look { .. } => self.is_lost = true,
            }
        }
        (waiting, is_done)
    }

    /// Takes the next character.
    pub(super) fn take(&mut self, before: Option<char>, c: char) {
        if self.is_lost {
            return;
        }
        let (waiting, _) = self.closed(before, Next::Is(c));
        let mut open = Vec::from_iter(self.again);
        for at in waiting {
            if let Step::Part { node, next } = self.steps[at]
                && let Kind::One(class) = &self.pattern.nodes[node].kind
                && class.has(c)
                && !open.contains(&next)
            {
                open.push(next);
            }
        }
        self.is_lost |= open.len() > WAYS;
        self.open = open;
    }

    /// Whether all has matched here, whatever follows or where that is known. False where that
    /// can't be told.
    pub(super) fn is_done(&mut self, before: Option<char>, next: Next) -> bool {
        let (_, is_done) = self.closed(before, next);
        is_done && !self.is_lost
    }

    /// Whether it couldn't be followed.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The classes that it waits for, whatever follows.
    pub(super) fn awaited(&mut self, before: Option<char>) -> Vec<&'p Class> {
        // A border is one for a letter, or for what is none.
        let mut waiting = Vec::new();
        for next in [Next::Is('a'), Next::Is(' ')] {
            waiting.extend(self.closed(before, next).0);
        }
        let classes = waiting.into_iter().filter_map(|at| match self.steps[at] {
            Step::Part { node, .. } => match &self.pattern.nodes[node].kind {
                Kind::One(class) => Some(class),
                _ => None,
            },
            _ => None,
        });
        classes.collect()
    }

    pub(super) fn can_end(&self) -> bool {
        !self.is_lost && !self.open.is_empty()
    }

    /// Those that follow from here, so that a character can be tried.
    pub(super) fn mark(&self) -> Vec<usize> {
        self.open.clone()
    }

    pub(super) fn back_to(&mut self, mark: Vec<usize>) {
        self.open = mark;
    }
}

/// Whether a part matches the end of a text; nothing where that can't be told.
pub(super) fn ends_with(pattern: &Pattern, node: usize, text: &[char]) -> Option<bool> {
    let (least, most) = (pattern.nodes[node].least, pattern.nodes[node].most);
    let first = text.len().saturating_sub(most.min(256));
    let last = text.len().checked_sub(least);
    let Some(last) = last else { return Some(false) };
    for from in (first..=last).rev() {
        let mut ways = Ways::of(pattern, node);
        let mut before = from.checked_sub(1).map(|at| text[at]);
        for &c in &text[from..] {
            ways.take(before, c);
            before = Some(c);
        }
        if ways.is_lost {
            return None;
        }
        // Where the next character counts, it's not known.
        if ways.is_done(before, Next::Unknown) {
            return Some(true);
        }
    }
    Some(false)
}
