//! Follows what must not match, along a text as it is written.

use super::class::Class;
use super::{Kind, Pattern};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

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
    /// A character of what a group has matched.
    Letter {
        c: char,
        next: usize,
    },
    /// The end of a group that is referred to.
    Close {
        group: usize,
        next: usize,
    },
}

/// What groups that are referred to have matched so far, and whether they have ended.
type Captures = Vec<(usize, Vec<char>, bool)>;

/// One way in which a part could match: what is still to match, and what its groups have matched.
pub(super) type Way = (usize, usize);

/// What the next of one way is.
pub(super) enum Expansion {
    /// A character.
    Waits,
    /// Nothing: all has matched.
    Done,
    /// One of these.
    Into(Vec<Way>),
    /// This, where the place is as the node says: its start or end, a border, what is looked for.
    Where(usize, Way),
    /// What can't be followed.
    Lost,
}

/// All ways in which a part could match from one place on.
#[derive(Debug)]
pub(super) struct Ways<'p> {
    pattern: &'p Pattern,
    steps: Vec<Step>,
    known: HashMap<Step, usize>,
    captures: Vec<Captures>,
    /// The groups that are referred to.
    referred: Vec<usize>,
    open: Vec<Way>,
    /// What may begin at every place.
    again: Option<Way>,
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
        Ways::knowing(pattern, node, Vec::new())
    }

    /// The same where groups outside of it have matched something.
    pub(super) fn knowing(
        pattern: &'p Pattern,
        node: usize,
        known: Vec<(usize, Vec<char>)>,
    ) -> Ways<'p> {
        let referred = pattern.nodes.iter().filter_map(|node| match node.kind {
            Kind::Back(group) => Some(group),
            _ => None,
        });
        let referred: Vec<usize> = referred.collect();
        let known = known
            .into_iter()
            .filter(|(group, _)| referred.contains(group));
        let known = known.map(|(group, text)| (group, text, true)).collect();
        let mut ways = Ways {
            pattern,
            steps: vec![Step::Rest],
            known: HashMap::new(),
            captures: vec![known],
            referred,
            open: Vec::new(),
            again: None,
            is_lost: false,
        };
        let first = ways.begun(node, 0);
        ways.open.push(first);
        ways
    }

    /// The same of a whole pattern, which may match anywhere in a text.
    pub(super) fn anywhere(pattern: &'p Pattern) -> Ways<'p> {
        let mut ways = Ways::of(pattern, pattern.root);
        ways.again = (!pattern.starts()).then(|| ways.open[0]);
        ways
    }

    /// The same of a part, which may match anywhere in a text: what is looked behind for.
    pub(super) fn of_anywhere(pattern: &'p Pattern, node: usize) -> Ways<'p> {
        let mut ways = Ways::of(pattern, node);
        ways.again = ways.open.first().copied();
        ways
    }

    /// The way in which a part begins, with what is known of groups.
    pub(super) fn begun(&mut self, node: usize, captures: usize) -> Way {
        (self.step(Step::Part { node, next: 0 }), captures)
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

    fn known_as(&mut self, captures: Captures) -> usize {
        let known = self.captures.iter().position(|known| *known == captures);
        known.unwrap_or_else(|| {
            self.captures.push(captures);
            self.captures.len() - 1
        })
    }

    /// What is next on a way.
    pub(super) fn expanded(&mut self, (at, captures): Way) -> Expansion {
        let pattern = self.pattern;
        let (node, after) = match self.steps[at] {
            Step::Rest => return Expansion::Done,
            Step::Letter { .. } => return Expansion::Waits,
            Step::Part { node, next } => (node, next),
            Step::Close { group, next } => {
                let mut known = self.captures[captures].clone();
                known
                    .iter_mut()
                    .for_each(|(of, _, is_over)| *is_over |= *of == group);
                return Expansion::Into(vec![(next, self.known_as(known))]);
            }
            Step::Times {
                node,
                least,
                most,
                next,
            } => {
                let mut both = Vec::new();
                if most > 0 {
                    let most = if most == usize::MAX { most } else { most - 1 };
                    let rest = self.step(Step::Times {
                        node,
                        least: least.saturating_sub(1),
                        most,
                        next,
                    });
                    let item = self.step(Step::Part { node, next: rest });
                    both.push((item, captures));
                }
                if least == 0 {
                    both.push((next, captures));
                }
                return Expansion::Into(both);
            }
        };
        let next = match &pattern.nodes[node].kind {
            Kind::One(_) => return Expansion::Waits,
            Kind::Sequence(parts) => parts.iter().rev().fold(after, |next, part| {
                self.step(Step::Part { node: *part, next })
            }),
            Kind::Choice(parts) => {
                let parts = parts.iter().map(|part| {
                    let part = self.step(Step::Part {
                        node: *part,
                        next: after,
                    });
                    (part, captures)
                });
                return Expansion::Into(parts.collect());
            }
            Kind::Repeat { item, least, most } => self.step(Step::Times {
                node: *item,
                least: *least,
                most: most.unwrap_or(usize::MAX),
                next: after,
            }),
            Kind::Group(group, item) => {
                let is_referred = self.referred.contains(group);
                let (group, node) = (*group, *item);
                let next = match is_referred {
                    true => self.step(Step::Close { group, next: after }),
                    false => after,
                };
                let item = self.step(Step::Part { node, next });
                if is_referred {
                    let mut known = self.captures[captures].clone();
                    known.retain(|(of, ..)| *of != group);
                    known.push((group, Vec::new(), false));
                    return Expansion::Into(vec![(item, self.known_as(known))]);
                }
                item
            }
            Kind::Back(group) => {
                let known = self.captures[captures].iter();
                let mut known = known.filter(|(of, _, is_over)| of == group && *is_over);
                let Some((_, text, _)) = known.next() else {
                    return Expansion::Lost;
                };
                let text = text.clone().into_iter().rev();
                text.fold(after, |next, c| self.step(Step::Letter { c, next }))
            }
            Kind::Start | Kind::End | Kind::Border(_) | Kind::Look { .. } => {
                return Expansion::Where(node, (after, captures));
            }
        };
        Expansion::Into(vec![(next, captures)])
    }

    /// What a way waits for.
    pub(super) fn class(&self, (at, _): Way) -> Option<Cow<'p, Class>> {
        match self.steps[at] {
            Step::Letter { c, .. } => Some(Cow::Owned(Class::one(c))),
            Step::Part { node, .. } => match &self.pattern.nodes[node].kind {
                Kind::One(class) => Some(Cow::Borrowed(class)),
                _ => None,
            },
            _ => None,
        }
    }

    /// What comes on a way behind a character that it waits for; nothing where it's for another.
    pub(super) fn behind(&mut self, (at, captures): Way, c: char) -> Option<Way> {
        let next = match self.steps[at] {
            Step::Letter { c: own, next } if own == c => next,
            Step::Part { node, next } => match &self.pattern.nodes[node].kind {
                Kind::One(class) if class.has(c) => next,
                _ => return None,
            },
            _ => return None,
        };
        if self.captures[captures]
            .iter()
            .all(|(_, _, is_over)| *is_over)
        {
            return Some((next, captures));
        }
        let mut known = self.captures[captures].clone();
        let open = known.iter_mut().filter(|(_, _, is_over)| !is_over);
        open.for_each(|(_, text, _)| text.push(c));
        Some((next, self.known_as(known)))
    }

    /// Between how many characters what is still to match on a way has, what looks around left
    /// aside.
    pub(super) fn lengths(&self, (mut at, _): Way) -> (usize, usize) {
        let nodes = &self.pattern.nodes;
        let (mut least, mut most) = (0_usize, 0_usize);
        loop {
            let (shortest, longest, next, ends) = match self.steps[at] {
                // What is behind is free.
                Step::Rest => return (least, usize::MAX),
                Step::Close { next, .. } => (0, 0, next, false),
                Step::Letter { next, .. } => (1, 1, next, false),
                Step::Part { node, next } => {
                    let node = &nodes[node];
                    (node.least, node.most, next, node.ends)
                }
                Step::Times {
                    node,
                    least,
                    most,
                    next,
                } => {
                    let node = &nodes[node];
                    let longest = if node.most == 0 {
                        0
                    } else {
                        node.most.saturating_mul(most)
                    };
                    (node.least.saturating_mul(least), longest, next, false)
                }
            };
            least = least.saturating_add(shortest);
            most = most.saturating_add(longest);
            if ends {
                return (least, most);
            }
            at = next;
        }
    }

    /// The ways that wait for a character, and whether one has come to its end, or may have where
    /// the next character isn't known.
    fn closed(&mut self, before: Option<char>, next: Next) -> (Vec<Way>, bool) {
        let mut waiting = Vec::new();
        let mut seen = HashSet::new();
        let mut open = self.open.clone();
        let mut is_done = false;
        while let Some(way) = open.pop() {
            if !seen.insert(way) {
                continue;
            }
            if seen.len() > 100 * WAYS {
                self.is_lost = true;
            }
            if self.is_lost {
                break;
            }
            match self.expanded(way) {
                Expansion::Done => is_done = true,
                Expansion::Waits => waiting.push(way),
                Expansion::Into(ways) => open.extend(ways),
                Expansion::Lost => self.is_lost = true,
                Expansion::Where(node, after) => {
                    let is_so = match &self.pattern.nodes[node].kind {
                        Kind::Start => before.is_none(),
                        Kind::End => next == Next::Nothing,
                        Kind::Border(wanted) => {
                            let is_next = match next {
                                Next::Unknown => continue,
                                Next::Is(c) => is_word(c),
                                Next::Nothing => false,
                            };
                            (before.is_some_and(is_word) != is_next) == *wanted
                        }
                        _ => {
                            self.is_lost = true;
                            break;
                        }
                    };
                    open.extend(is_so.then_some(after));
                }
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
        for way in waiting {
            let next = self.behind(way, c).filter(|next| !open.contains(next));
            open.extend(next);
        }
        self.is_lost |= open.len() > WAYS;
        self.open = open;
    }

    /// What is open behind one more character; nothing more where that can't be followed.
    pub(super) fn after(&mut self, open: &[Way], before: Option<char>, c: char) -> Vec<Way> {
        self.open = open.to_vec();
        self.is_lost = false;
        self.take(before, c);
        match self.is_lost {
            true => Vec::from_iter(self.again),
            false => {
                self.open.sort_unstable();
                self.mark()
            }
        }
    }

    /// Whether one of these has matched here.
    pub(super) fn ends_so(&mut self, open: &[Way], before: Option<char>, next: Next) -> bool {
        self.open = open.to_vec();
        self.is_lost = false;
        self.is_done(before, next)
    }

    /// Whether what is next on a way is written once more, or left.
    pub(super) fn repeats(&self, (at, _): Way) -> bool {
        matches!(self.steps[at], Step::Times { least: 0, .. })
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
    pub(super) fn awaited(&mut self, before: Option<char>) -> Vec<Cow<'p, Class>> {
        // A border is one for a letter, or for what is none.
        let mut waiting = Vec::new();
        for next in [Next::Is('a'), Next::Is(' ')] {
            waiting.extend(self.closed(before, next).0);
        }
        waiting
            .into_iter()
            .filter_map(|way| self.class(way))
            .collect()
    }

    pub(super) fn can_end(&self) -> bool {
        !self.is_lost && !self.open.is_empty()
    }

    /// Those that follow from here, so that a character can be tried.
    pub(super) fn mark(&self) -> Vec<Way> {
        self.open.clone()
    }

    pub(super) fn back_to(&mut self, mark: Vec<Way>) {
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
