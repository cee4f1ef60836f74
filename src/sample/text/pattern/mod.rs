//! Patterns of ECMA-262 as trees, and texts that match them.

mod amount;
mod class;
mod escape;
mod forbid;
mod meet;
mod parse;
mod pick;
mod seek;
mod walk;

use class::Class;

pub(super) use meet::{meet, several};
pub(super) use seek::seek;
pub(super) use walk::{Bounds, LONG, MIXED, walk};

/// The length of what can't be.
const NEVER: usize = usize::MAX;
/// The length of what has no end.
const ENDLESS: usize = usize::MAX;

/// A pattern, read.
#[derive(Debug)]
pub(super) struct Pattern {
    nodes: Vec<Node>,
    root: usize,
    /// How many groups capture.
    groups: usize,
}

/// A part of a pattern.
#[derive(Debug)]
struct Node {
    kind: Kind,
    /// Between how many characters what it matches has.
    least: usize,
    most: usize,
    /// How many parts of it can be longer or shorter.
    elastic: usize,
    /// Whether what it matches begins where the text does, and ends where it does.
    starts: bool,
    ends: bool,
}

#[derive(Debug)]
enum Kind {
    One(Class),
    Sequence(Vec<usize>),
    /// One of these.
    Choice(Vec<usize>),
    Repeat {
        item: usize,
        least: usize,
        most: Option<usize>,
    },
    /// A capturing group, by its number from 1.
    Group(usize, usize),
    /// What the group of this number has matched.
    Back(usize),
    Start,
    End,
    /// A border of a word, or none.
    Border(bool),
    Look {
        item: usize,
        ahead: bool,
        positive: bool,
    },
}

impl Pattern {
    /// How many characters the shortest match has.
    pub(super) fn least(&self) -> usize {
        self.nodes[self.root].least
    }

    /// How much it leaves open: by how much its matches differ in length, and whether more may
    /// stand around them.
    pub(super) fn freedom(&self) -> (bool, usize) {
        let root = &self.nodes[self.root];
        let is_open = !(self.starts() && self.ends());
        (is_open, root.most.saturating_sub(root.least))
    }

    /// Whether every match begins where the text does.
    pub(super) fn starts(&self) -> bool {
        self.nodes[self.root].starts
    }

    /// Whether every match ends where the text does.
    fn ends(&self) -> bool {
        self.nodes[self.root].ends
    }

    /// Whether something must stand before the start of the text, or behind its end.
    fn is_torn(&self, parts: &[usize]) -> bool {
        let (mut has_before, mut is_over) = (false, false);
        parts.iter().map(|id| &self.nodes[*id]).any(|part| {
            let is_torn = part.starts && has_before || is_over && part.least > 0;
            has_before |= part.least > 0;
            is_over |= part.ends;
            is_torn
        })
    }

    /// Whether a part looks around.
    pub(super) fn looks(&self) -> bool {
        let mut kinds = self.nodes.iter().map(|node| &node.kind);
        kinds.any(|kind| matches!(kind, Kind::Look { .. } | Kind::Border(_) | Kind::Back(_)))
    }

    /// Whether a part is bound to the start of the text, or to its end, as its own parts are.
    fn is_bound(&self, kind: &Kind, to_start: bool) -> bool {
        let is_bound = |id: &usize| match to_start {
            true => self.nodes[*id].starts,
            false => self.nodes[*id].ends,
        };
        // What has no length stands where its neighbour does.
        let is_narrow = |id: &&usize| self.nodes[**id].most == 0;
        match kind {
            Kind::Sequence(parts) if to_start => {
                let narrow = parts.iter().take_while(is_narrow).count();
                parts.iter().take(narrow + 1).any(is_bound)
            }
            Kind::Sequence(parts) => {
                let narrow = parts.iter().rev().take_while(is_narrow).count();
                parts.iter().rev().take(narrow + 1).any(is_bound)
            }
            Kind::Choice(parts) => parts.iter().all(is_bound),
            Kind::Group(_, item) => is_bound(item),
            Kind::Repeat { item, least, .. } => *least > 0 && is_bound(item),
            _ => false,
        }
    }

    fn add(&mut self, kind: Kind) -> usize {
        let node = |id: usize| &self.nodes[id];
        let (least, most, elastic) = match &kind {
            Kind::One(class) if class.is_empty() => (NEVER, 0, 0),
            Kind::One(_) => (1, 1, 0),
            Kind::Sequence(parts) if self.is_torn(parts) => (NEVER, 0, 0),
            Kind::Sequence(parts) => {
                parts
                    .iter()
                    .fold((0, 0, 0), |sum: (usize, usize, usize), id| {
                        let part = node(*id);
                        (
                            sum.0.saturating_add(part.least),
                            sum.1.saturating_add(part.most),
                            sum.2.saturating_add(part.elastic),
                        )
                    })
            }
            Kind::Choice(parts) => {
                let parts = || parts.iter().map(|id| node(*id));
                (
                    parts().map(|part| part.least).min().unwrap_or(NEVER),
                    parts().map(|part| part.most).max().unwrap_or(0),
                    parts().map(|part| part.elastic).max().unwrap_or(0),
                )
            }
            Kind::Repeat { item, least, most } => {
                let item = node(*item);
                let endless = if item.most == 0 { 0 } else { ENDLESS };
                (
                    item.least.saturating_mul(*least),
                    most.map_or(endless, |most| item.most.saturating_mul(most)),
                    1,
                )
            }
            Kind::Group(_, item) => (node(*item).least, node(*item).most, node(*item).elastic),
            Kind::Back(group) => {
                let is_group =
                    |node: &&Node| matches!(&node.kind, Kind::Group(number, _) if number == group);
                let group = self.nodes.iter().find(is_group);
                (0, group.map_or(0, |group| group.most), 0)
            }
            Kind::Start | Kind::End | Kind::Border(_) | Kind::Look { .. } => (0, 0, 0),
        };
        let starts = matches!(kind, Kind::Start) || self.is_bound(&kind, true);
        let ends = matches!(kind, Kind::End) || self.is_bound(&kind, false);
        self.nodes.push(Node {
            kind,
            least,
            most,
            elastic,
            starts,
            ends,
        });
        self.nodes.len() - 1
    }
}
