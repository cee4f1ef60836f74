//! Writes texts along patterns: all of them are followed at once, each with what it still needs,
//! and each character is one that all allow. Whoever draws a way that leads nowhere begins anew.

use super::class::Class;
use super::forbid::{Next, Way, Ways, ends_with, is_word};
use super::pick::{self, Pen};
use super::{Kind, Pattern};
use crate::sample::draw::Draw;
use std::borrow::Cow;

/// How many characters a text may have.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Bounds {
    pub(in super::super) least: usize,
    pub(in super::super) most: usize,
}

impl Bounds {
    pub(in super::super) fn has(self, length: usize) -> bool {
        (self.least..=self.most).contains(&length)
    }
}

/// How many steps a walk may take beside those that its text needs.
const STEPS: usize = 20_000;
/// From which attempt on letters and digits are mixed, as words have not been what is looked for.
pub(in super::super) const MIXED: usize = 30;
/// How long a text grows that needn't.
pub(in super::super) const LONG: usize = 32_768;

/// What is to come of one pattern: a list, whose cells know how much is behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) what: What,
    pub(super) next: usize,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) elastic: usize,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// Nothing: the rest is free.
    Rest,
    Part(usize),
    /// A part so many times.
    Times(usize, usize),
    /// So many characters before the match.
    Pad(usize),
    /// Any number of characters, of a part's class or any: it's left where it suits the others.
    Loose(Option<usize>),
    Letter(char),
    /// The end of a group that began there.
    Close(usize, usize),
}

/// What one of the patterns, or what is looked ahead for, still needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thread {
    pub(super) pattern: usize,
    pub(super) cell: usize,
    pub(super) is_main: bool,
    /// Whether it has left a loose part.
    pub(super) has_left: bool,
}

pub(super) struct Walk<'p, 'd> {
    pub(super) patterns: &'p [Pattern],
    pub(super) bounds: Bounds,
    pub(super) draw: &'d mut Draw,
    pub(super) pen: Pen,
    pub(super) cells: Vec<Cell>,
    pub(super) threads: Vec<Thread>,
    pub(super) forbidden: Vec<Ways<'p>>,
    /// What the groups have matched, by pattern.
    pub(super) captures: Vec<Vec<Option<(usize, usize)>>>,
    pub(super) text: Vec<char>,
    /// Whether the text must end here.
    pub(super) is_end: bool,
    /// Whether the next character must be one of a word, or none.
    pub(super) next_is_word: Option<bool>,
    /// Whether what is looked ahead for is settled before the rest.
    pub(super) looks_first: bool,
    /// How long the text was when a loose part was last left.
    pub(super) left_at: Option<usize>,
    pub(super) steps: usize,
}

/// A text that all patterns match, as far as following them tells; nothing where the way that was
/// drawn leads to none.
pub(in super::super) fn walk(
    patterns: &[Pattern],
    bounds: Bounds,
    attempt: usize,
    draw: &mut Draw,
) -> Option<String> {
    let mut walk = Walk {
        patterns,
        bounds,
        draw,
        pen: Pen::new(
            attempt > 60 && attempt.is_multiple_of(3),
            attempt >= MIXED && attempt.is_multiple_of(2),
        ),
        cells: vec![Cell {
            what: What::Rest,
            next: 0,
            least: 0,
            most: usize::MAX,
            elastic: 0,
        }],
        threads: Vec::new(),
        forbidden: Vec::new(),
        captures: patterns
            .iter()
            .map(|pattern| vec![None; pattern.groups + 1])
            .collect(),
        text: Vec::new(),
        is_end: false,
        next_is_word: None,
        looks_first: attempt % 2 == 1,
        left_at: None,
        steps: 0,
    };
    for (number, pattern) in patterns.iter().enumerate() {
        walk.begin(number, pattern, attempt)?;
    }
    walk.run()?;
    if attempt < 4 && patterns.len() == 1 {
        walk.round_off();
    }
    Some(walk.text.into_iter().collect())
}

impl<'p> Walk<'p, '_> {
    fn begin(&mut self, number: usize, pattern: &Pattern, attempt: usize) -> Option<()> {
        let root = &pattern.nodes[pattern.root];
        let first = self.cell(number, What::Part(pattern.root), 0);
        let room = self.bounds.most.checked_sub(root.least)?;
        let pad = match pattern.starts() {
            true => 0,
            false => {
                let is_last = pattern.ends();
                let needed = match is_last {
                    true => self.bounds.least.saturating_sub(root.most),
                    false => 0,
                };
                let drawn = match () {
                    // Something stands before what only ends a text, such as a suffix.
                    () if is_last && attempt < 4 && needed == 0 => {
                        self.pen.left(self.text.last().copied(), self.draw)
                    }
                    () if attempt < 4 => 0,
                    () => self.draw.below(room.min(8 + self.bounds.least) + 1),
                };
                needed.max(drawn).min(room)
            }
        };
        let is_free = number > 0 && !pattern.starts();
        let cell = match pad {
            _ if is_free => self.cell(number, What::Loose(None), first),
            0 => first,
            pad => self.cell(number, What::Pad(pad), first),
        };
        self.threads.push(Thread {
            pattern: number,
            cell,
            is_main: number == 0,
            has_left: false,
        });
        Some(())
    }

    /// A cell before another.
    fn cell(&mut self, pattern: usize, what: What, next: usize) -> usize {
        let node = |id: usize| {
            let node = &self.patterns[pattern].nodes[id];
            (node.least, node.most, node.elastic)
        };
        let (least, most, elastic) = match what {
            What::Rest | What::Close(..) => (0, 0, 0),
            What::Part(id) => node(id),
            What::Times(id, count) => {
                let (least, most, elastic) = node(id);
                (
                    least.saturating_mul(count),
                    most.saturating_mul(count),
                    elastic.saturating_mul(count),
                )
            }
            What::Pad(count) => (count, count, 0),
            What::Loose(_) => (0, usize::MAX, 1),
            What::Letter(_) => (1, 1, 0),
        };
        let after = self.cells[next];
        // Nothing comes behind the end.
        let ends = matches!(what, What::Part(id) if self.patterns[pattern].nodes[id].ends);
        self.cells.push(Cell {
            what,
            next,
            least: least.saturating_add(after.least),
            most: if ends {
                most
            } else {
                most.saturating_add(after.most)
            },
            elastic: elastic.saturating_add(after.elastic),
        });
        self.cells.len() - 1
    }

    fn run(&mut self) -> Option<()> {
        loop {
            let mut number = 0;
            while number < self.threads.len() {
                self.close(number)?;
                number += 1;
            }
            let cells = &self.cells;
            self.threads
                .retain(|thread| !matches!(cells[thread.cell].what, What::Rest));
            if let Some(number) = self.loose() {
                let cell = self.threads[number].cell;
                self.threads[number].cell = self.cells[cell].next;
                self.threads[number].has_left = true;
                self.left_at = Some(self.text.len());
                continue;
            }
            let is_enough = self.text.len() >= self.bounds.least;
            if self.is_end && !(self.threads.is_empty() && is_enough) {
                return None;
            }
            if self.threads.is_empty() && is_enough && self.next_is_word != Some(true) {
                return self.may_end();
            }
            if self.text.len() >= self.bounds.most {
                return None;
            }
            self.write()?;
        }
    }

    /// Writes the rest of a word where just its first letter is asked for, or one behind a mere
    /// prefix.
    fn round_off(&mut self) {
        let pattern = &self.patterns[0];
        let is_open = !pattern.ends() && !pattern.looks();
        let is_letter = self.text.len() == 1 && !self.pen.is_idle();
        let is_prefix = pattern.starts() && self.text.last().is_some_and(|c| !c.is_alphanumeric());
        if !(is_open && (is_letter || is_prefix)) {
            return;
        }
        let room = self.bounds.most.saturating_sub(self.text.len());
        let before = self.text.last().copied();
        let rest = self.pen.rest(before, self.draw);
        if rest.len() <= room {
            self.text.extend(rest.chars());
        }
    }

    /// Whether nothing forbids that the text ends here.
    fn may_end(&mut self) -> Option<()> {
        let before = self.text.last().copied();
        let mut forbidden = self.forbidden.iter_mut();
        let is_bad = forbidden.any(|ways| ways.is_done(before, Next::Nothing));
        (!is_bad).then_some(())
    }

    /// Follows a thread up to the next character that it needs.
    fn close(&mut self, number: usize) -> Option<()> {
        loop {
            self.steps += 1;
            if self.steps > STEPS + 8 * self.text.len() {
                return None;
            }
            let thread = self.threads[number];
            let pattern = thread.pattern;
            let Cell { what, next, .. } = self.cells[thread.cell];
            let nodes = &self.patterns[pattern].nodes;
            let cell = match what {
                What::Rest | What::Letter(_) | What::Loose(_) => return Some(()),
                What::Pad(0) | What::Times(_, 0) => next,
                What::Pad(_) => return Some(()),
                What::Times(id, count) => {
                    let node = &nodes[id];
                    match &node.kind {
                        Kind::One(_) => return Some(()),
                        _ if node.most == 0 => self.cell(pattern, What::Part(id), next),
                        _ => {
                            let rest = self.cell(pattern, What::Times(id, count - 1), next);
                            self.cell(pattern, What::Part(id), rest)
                        }
                    }
                }
                What::Close(group, from) => {
                    self.captures[pattern][group] = Some((from, self.text.len()));
                    next
                }
                What::Part(id) => match &nodes[id].kind {
                    Kind::One(_) => return Some(()),
                    Kind::Sequence(parts) => {
                        let parts = parts.iter().rev();
                        parts.fold(next, |next, part| {
                            self.cell(pattern, What::Part(*part), next)
                        })
                    }
                    Kind::Choice(parts) => {
                        let part = self.choose(number, parts, next)?;
                        self.cell(pattern, What::Part(part), next)
                    }
                    Kind::Repeat {
                        item,
                        least: 0,
                        most: None,
                    } if !thread.is_main && matches!(nodes[*item].kind, Kind::One(_)) => {
                        self.cell(pattern, What::Loose(Some(*item)), next)
                    }
                    Kind::Repeat { item, least, most } => {
                        let count = self.count(number, *item, *least, *most, next)?;
                        if let Kind::One(class) = &nodes[*item].kind {
                            self.pen.mixes =
                                *least >= 8 && *most == Some(*least) && is_mixed(class);
                        }
                        self.cell(pattern, What::Times(*item, count), next)
                    }
                    Kind::Group(group, item) => {
                        let close = What::Close(*group, self.text.len());
                        let close = self.cell(pattern, close, next);
                        self.cell(pattern, What::Part(*item), close)
                    }
                    Kind::Back(group) => {
                        let range = self.captures[pattern][*group].unwrap_or((0, 0));
                        let letters = self.text[range.0..range.1].to_vec();
                        let letters = letters.into_iter().rev();
                        letters.fold(next, |next, c| self.cell(pattern, What::Letter(c), next))
                    }
                    Kind::Start => match self.text.is_empty() {
                        true => next,
                        false => return None,
                    },
                    Kind::End => {
                        self.is_end = true;
                        next
                    }
                    Kind::Border(wanted) => {
                        let is_word = self.text.last().copied().is_some_and(is_word);
                        let needed = is_word != *wanted;
                        if self.next_is_word.is_some_and(|known| known != needed) {
                            return None;
                        }
                        self.next_is_word = Some(needed);
                        next
                    }
                    Kind::Look {
                        item,
                        ahead: true,
                        positive: true,
                    } => {
                        let cell = self.cell(pattern, What::Part(*item), 0);
                        self.threads.push(Thread {
                            pattern,
                            cell,
                            is_main: false,
                            has_left: false,
                        });
                        if self.looks_first {
                            self.threads[number].cell = next;
                            let last = self.threads.len() - 1;
                            self.close(last)?;
                        }
                        next
                    }
                    Kind::Look {
                        item, ahead: true, ..
                    } => {
                        let known = self.captures[pattern].iter().enumerate();
                        let known = known.filter_map(|(group, range)| {
                            let (from, to) = (*range)?;
                            Some((group, self.text.get(from..to)?.to_vec()))
                        });
                        let known = known.collect();
                        let ways = Ways::knowing(&self.patterns[pattern], *item, known);
                        self.forbidden.push(ways);
                        let before = self.text.last().copied();
                        let ways = self.forbidden.last_mut()?;
                        if ways.is_done(before, Next::Unknown) {
                            return None;
                        }
                        next
                    }
                    Kind::Look { item, positive, .. } => {
                        let is_there = ends_with(&self.patterns[pattern], *item, &self.text);
                        match is_there.unwrap_or(*positive) == *positive {
                            true => next,
                            // What must stand before the match can be written where nothing does.
                            false if *positive && self.text.is_empty() => {
                                self.cell(pattern, What::Part(*item), next)
                            }
                            false => return None,
                        }
                    }
                },
            };
            self.threads[number].cell = cell;
        }
    }

    /// Writes the next character.
    fn write(&mut self) -> Option<()> {
        self.steps += 1;
        let patterns = self.patterns;
        let mut common: Option<Cow<'p, Class>> = None;
        let mut is_word = None;
        let mut left = None;
        for thread in &self.threads {
            let what = self.cells[thread.cell].what;
            if let What::Times(_, count) | What::Pad(count) = what {
                left = left.or(Some(count));
            }
            let class = match what {
                What::Part(id) | What::Times(id, _) | What::Loose(Some(id)) => {
                    match &patterns[thread.pattern].nodes[id].kind {
                        Kind::One(class) => Cow::Borrowed(class),
                        _ => return None,
                    }
                }
                What::Letter(c) => Cow::Owned(Class::one(c)),
                _ => continue,
            };
            common = Some(both(common, class));
            is_word = is_word.or_else(|| self.before_border(thread));
        }
        for is_word in [is_word, self.next_is_word.take()].into_iter().flatten() {
            let word = match is_word {
                true => Class::word(),
                false => Class::word().others(),
            };
            let mut class = both(common, Cow::Owned(word));
            // Words are mostly parted by a space.
            if !is_word && class.has(' ') && self.draw.below(8) > 0 {
                class = Cow::Owned(Class::one(' '));
            }
            common = Some(class);
        }
        let missing = || self.bounds.least.saturating_sub(self.text.len());
        let left = match common {
            Some(_) => left.unwrap_or(0),
            None => left.unwrap_or_else(missing),
        };
        let class = common.unwrap_or_else(|| Cow::Owned(Class::any()));
        let c = self.written(&class, left)?;
        self.text.push(c);
        if self.text.len() > LONG.max(self.bounds.least.saturating_mul(2)) {
            return None;
        }
        for thread in &mut self.threads {
            let cell = &mut self.cells[thread.cell];
            match &mut cell.what {
                // No other thread has the cell.
                What::Times(_, count) | What::Pad(count) => {
                    *count -= 1;
                    cell.least = cell.least.saturating_sub(1);
                    if cell.most != usize::MAX {
                        cell.most -= 1;
                    }
                }
                What::Loose(_) => {}
                _ => thread.cell = cell.next,
            }
        }
        Some(())
    }

    /// A character of the class that nothing forbids.
    fn written(&mut self, class: &Class, left: usize) -> Option<char> {
        let before = self.text.last().copied();
        for _ in 0..12 {
            let c = self.pen.pick(class, before, left, self.draw)?;
            if !class.has(c) {
                continue;
            }
            if self.forbidden.is_empty() {
                return Some(c);
            }
            let marks: Vec<Vec<Way>> = self.forbidden.iter().map(Ways::mark).collect();
            let mut is_bad = false;
            for ways in &mut self.forbidden {
                ways.take(before, c);
                is_bad |= ways.is_done(Some(c), Next::Unknown);
            }
            if !is_bad {
                self.forbidden.retain(Ways::can_end);
                return Some(c);
            }
            for (ways, mark) in self.forbidden.iter_mut().zip(marks) {
                ways.back_to(mark);
            }
        }
        None
    }
}

fn both<'p>(common: Option<Cow<'p, Class>>, class: Cow<'p, Class>) -> Cow<'p, Class> {
    match common {
        Some(common) => Cow::Owned(common.and(&class)),
        None => class,
    }
}

/// Whether a run of a class is an identifier rather than words.
fn is_mixed(class: &Class) -> bool {
    pick::has_digits(class) && !pick::has_space(class)
}
