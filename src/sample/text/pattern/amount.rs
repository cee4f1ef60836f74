//! How much of a pattern is written: which alternative, how often, and where what may stand
//! anywhere does.

use super::class::Class;
use super::forbid::is_word;
use super::pick;
use super::walk::{Thread, Walk, What};
use super::{Kind, NEVER};

/// Whether what stands before and behind a border is of a word.
#[derive(Clone, Copy)]
struct Sides {
    before: bool,
    behind: bool,
}

impl Walk<'_, '_> {
    /// How long the whole text is at least and at most, as all threads but one see it.
    pub(super) fn lengths(&self, but: usize) -> (usize, usize) {
        let at = self.text.len();
        let (mut least, mut most) = (self.bounds.least, self.bounds.most);
        if self.is_end {
            most = at;
        }
        for (number, thread) in self.threads.iter().enumerate() {
            if number != but {
                let cell = &self.cells[thread.cell];
                least = least.max(at.saturating_add(cell.least));
                most = most.min(at.saturating_add(cell.most));
            }
        }
        (least, most)
    }

    /// One of several parts, for which there is room.
    pub(super) fn choose(&mut self, number: usize, parts: &[usize], next: usize) -> Option<usize> {
        let nodes = &self.patterns[self.threads[number].pattern].nodes;
        let at = self.text.len();
        let (least, most) = self.lengths(number);
        let rest = self.cells[next];
        let fits = |part: &&usize| {
            let part = &nodes[**part];
            let shortest = at.saturating_add(part.least).saturating_add(rest.least);
            let longest = at.saturating_add(part.most).saturating_add(rest.most);
            shortest <= most && longest >= least && part.least != NEVER
        };
        let count = parts.iter().filter(fits).count();
        let drawn = self.draw.below(count);
        parts.iter().filter(fits).nth(drawn).copied()
    }

    /// How often a part is repeated: as the lengths ask for, else as reads well.
    pub(super) fn count(
        &mut self,
        number: usize,
        item: usize,
        least: usize,
        most: Option<usize>,
        next: usize,
    ) -> Option<usize> {
        let thread = self.threads[number];
        let node = &self.patterns[thread.pattern].nodes[item];
        let rest = self.cells[next];
        let (mut whole, limit) = self.lengths(number);
        let at = self.text.len();
        if thread.is_main {
            // What others look for finds room one after the other.
            let others = self.threads.iter().filter(|other| !other.is_main);
            let needed = others.fold(at, |sum, other| {
                sum.saturating_add(self.cells[other.cell].least)
            });
            whole = whole.max(needed.min(limit));
        }
        if node.most == 0 {
            return Some(least.min(1));
        }
        let room = limit.checked_sub(at)?.checked_sub(rest.least)?;
        let fitting = room
            .checked_div(node.least)
            .unwrap_or(least.saturating_add(3));
        let highest = most.unwrap_or(usize::MAX).min(fitting);
        let missing = whole.saturating_sub(at).saturating_sub(rest.most);
        let lowest = least.max(missing.div_ceil(node.most));
        if lowest > highest {
            return None;
        }
        // What the lengths ask for is shared among all parts that can grow.
        let fixed = least.saturating_mul(node.least).saturating_add(rest.least);
        let share = whole.saturating_sub(at).saturating_sub(fixed) / (1 + rest.elastic);
        let usual = match node.most - node.least {
            0 => node.least,
            _ => node.least.saturating_add(5 * node.elastic),
        };
        let lowest = match share / usual.max(1) {
            0 => lowest,
            more => lowest.max(least.saturating_add(more)).min(highest),
        };
        let extra = self.extra(thread, item, (lowest, most), highest, next);
        Some(lowest.saturating_add(extra).min(highest))
    }

    fn extra(
        &mut self,
        thread: Thread,
        item: usize,
        (lowest, most): (usize, Option<usize>),
        highest: usize,
        next: usize,
    ) -> usize {
        let spare = highest - lowest;
        if spare == 0 {
            return 0;
        }
        let node = &self.patterns[thread.pattern].nodes[item];
        let Kind::One(class) = &node.kind else {
            return self.draw.below(2);
        };
        if !thread.is_main {
            // Where something stands that is looked for is left to chance.
            return self.draw.below(spare.min(12) + 1);
        }
        if most == Some(1) {
            return usize::from(pick::is_readable(class) && self.draw.below(2) == 0);
        }
        let border = self.behind_border(thread.pattern, next);
        let last = border.map(|border| border.before);
        let is_left = match border {
            Some(border) => self.next_is_word.is_some_and(|next| next != border.behind),
            None => self.next_is_word == Some(false),
        };
        let is_word_before = self.text.last().copied().is_some_and(is_word);
        let is_met = last.is_some_and(|last| last != is_word_before);
        match () {
            // A word that was to end here does, and one that is to begin behind does.
            () if (is_left || is_met) && lowest == 0 && self.may_part(class, last) => {
                let is_last = self.cells[next].least == 0;
                // The first and the last of it are of different kinds.
                let is_both = last.is_some() && self.next_is_word.is_some_and(|n| Some(n) != last);
                match is_last && most.is_none() || is_both {
                    true => 1 + self.pen.left(None, self.draw).max(usize::from(is_both)),
                    false => 1,
                }
            }
            () if pick::is_wordy(class) && lowest < 12 => {
                let before = self.text.last().copied();
                if lowest == 0 && self.pen.is_idle() && before.is_some_and(char::is_alphanumeric) {
                    return 0;
                }
                let left = self.pen.left(before, self.draw);
                // The last letter is for the part behind, where that is one.
                let behind = usize::from(self.is_letter(thread.pattern, next));
                left.saturating_sub(behind).saturating_sub(lowest)
            }
            () if pick::has_letters(class) && lowest < 4 => 3 + self.draw.below(5),
            () if pick::is_readable(class) => self.draw.below(4) + usize::from(lowest == 0),
            () => usize::from(lowest == 0 && most.is_none() && self.draw.below(4) == 0),
        }
    }

    /// Whether a letter of a word comes next.
    fn is_letter(&self, pattern: usize, mut cell: usize) -> bool {
        while let What::Close(..) = self.cells[cell].what {
            cell = self.cells[cell].next;
        }
        match self.cells[cell].what {
            What::Part(id) => {
                let kind = &self.patterns[pattern].nodes[id].kind;
                matches!(kind, Kind::One(class) if pick::is_wordy(class))
            }
            _ => false,
        }
    }

    /// Whether what a thread writes next, the last of a run, must be of a word, or must not: a
    /// border is behind it, and what comes there is known.
    pub(super) fn before_border(&self, thread: &Thread) -> Option<bool> {
        let cell = self.cells[thread.cell];
        let is_last = matches!(cell.what, What::Part(_) | What::Times(_, 1));
        let border = self.behind_border(thread.pattern, cell.next);
        border.filter(|_| is_last).map(|border| border.before)
    }

    /// Whether a run of a class can have what parts words, or what goes on with one.
    fn may_part(&self, class: &Class, last: Option<bool>) -> bool {
        match last {
            Some(true) if self.next_is_word != Some(false) => !class.and(&Class::word()).is_empty(),
            _ => pick::has_space(class),
        }
    }

    /// What is on both sides of a border that is next, where that is known.
    fn behind_border(&self, pattern: usize, cell: usize) -> Option<Sides> {
        let pattern_nodes = &self.patterns[pattern].nodes;
        let mut cell = self.cells[cell];
        let mut border = None;
        loop {
            let first = match (cell.what, border) {
                (What::Close(..), _) => None,
                (What::Part(id), None) => match pattern_nodes[id].kind {
                    Kind::Border(is_one) => {
                        border = Some(is_one);
                        None
                    }
                    _ => return None,
                },
                (What::Part(id), Some(_)) => Some(self.first_is_word(pattern, id)?),
                (What::Letter(c), Some(_)) => Some(is_word(c)),
                _ => return None,
            };
            if let (Some(behind), Some(is_one)) = (first, border) {
                let before = behind != is_one;
                return Some(Sides { before, behind });
            }
            cell = self.cells[cell.next];
        }
    }

    /// Whether all that a part can begin with is of words, or none of it.
    fn first_is_word(&self, pattern: usize, part: usize) -> Option<bool> {
        match &self.patterns[pattern].nodes[part].kind {
            Kind::One(class) if class.and(&Class::word()) == *class => Some(true),
            Kind::One(class) if class.and(&Class::word()).is_empty() => Some(false),
            Kind::Sequence(parts) => self.first_is_word(pattern, *parts.first()?),
            Kind::Choice(parts) => {
                let mut firsts = parts.iter().map(|part| self.first_is_word(pattern, *part));
                let first = firsts.next()?;
                firsts.all(|other| other == first).then_some(first)?
            }
            Kind::Repeat { item, least, .. } if *least > 0 => self.first_is_word(pattern, *item),
            Kind::Group(_, item) => self.first_is_word(pattern, *item),
            _ => None,
        }
    }

    /// A thread that is to leave its loose part here: one at a time, so that what several look for
    /// comes one after the other.
    pub(super) fn loose(&mut self) -> Option<usize> {
        let what = |thread: &Thread| self.cells[thread.cell].what;
        let is_loose = |number: &usize| matches!(what(&self.threads[*number]), What::Loose(_));
        let loose: Vec<usize> = (0..self.threads.len()).filter(is_loose).collect();
        let first = *loose.first()?;
        let at = self.text.len();
        let room = self.lengths(usize::MAX).1.saturating_sub(at);
        let needed = loose.iter().fold(0_usize, |sum, number| {
            sum.saturating_add(self.cells[self.threads[*number].cell].least)
        });
        // Another has what it looked for here.
        let mut others = self.threads.iter().filter(|thread| thread.has_left);
        let is_taken = others.any(|thread| matches!(what(thread), What::Part(_) | What::Letter(_)));
        let is_left = self.left_at == Some(at);
        let drawn = self.draw.one_of(&loose).copied();
        match () {
            () if self.is_end || room == 0 => Some(first),
            () if is_left || is_taken => None,
            () if room <= needed || self.draw.below(3) == 0 => drawn,
            () => None,
        }
    }
}
