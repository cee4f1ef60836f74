use super::draw::Draw;

/// How many ways are tried in order before they are tried otherwise: an early choice that is wrong
/// would else be the last to be changed.
const IN_ORDER: usize = 12;

/// Which way is taken wherever a schema leaves several, and how the next try differs.
///
/// The first tries go through the ways in order, the last choice first. Of the others every other
/// one differs from the very first in one choice alone, as what comes first is mostly right (a
/// search by limited discrepancy); the rest are drawn.
#[derive(Debug)]
pub(super) struct Picks {
    taken: Vec<Pick>,
    at: usize,
    tries: usize,
    draw: Draw,
    /// How many ways there were at each choice of the first try.
    first: Vec<usize>,
    /// The choice that was made otherwise last, and how.
    other: (usize, usize),
    this: Try,
}

#[derive(Debug, Clone, Copy)]
struct Pick {
    way: usize,
    of: usize,
}

/// How what isn't given by the try before is chosen.
#[derive(Debug, Clone, Copy)]
enum Try {
    InOrder,
    Other { at: usize, way: usize },
    Drawn,
}

impl Picks {
    /// The first try: the first way everywhere.
    pub(super) fn new(draw: Draw) -> Picks {
        Picks {
            taken: Vec::new(),
            at: 0,
            tries: 0,
            draw,
            first: Vec::new(),
            other: (0, 0),
            this: Try::InOrder,
        }
    }

    /// The way to take, of as many as there are.
    pub(super) fn pick(&mut self, of: usize) -> usize {
        if of < 2 {
            return 0;
        }
        let way = match self.taken.get(self.at) {
            Some(pick) if pick.of == of => pick.way,
            _ => {
                self.taken.truncate(self.at);
                let way = match self.this {
                    Try::Other { at, way } if at == self.at => way.min(of - 1),
                    Try::InOrder | Try::Other { .. } => 0,
                    Try::Drawn => {
                        // Of what is in a good order, few that come first are wrong.
                        let odds = 1 << (2 * (self.tries % 3));
                        match self.draw.below(odds) {
                            0 => self.draw.below(of),
                            _ => 0,
                        }
                    }
                };
                self.taken.push(Pick { way, of });
                way
            }
        };
        self.at += 1;
        way
    }

    /// Goes on to the next try. False where there was nothing to pick, or all was tried.
    pub(super) fn advance(&mut self) -> bool {
        self.taken.truncate(self.at);
        self.at = 0;
        if self.tries == 0 {
            self.first = self.taken.iter().map(|pick| pick.of).collect();
        }
        self.tries += 1;
        if self.tries > IN_ORDER {
            let other = match self.tries % 2 {
                0 => None,
                _ => self.next_other(),
            };
            self.this = other.unwrap_or(Try::Drawn);
            return !std::mem::take(&mut self.taken).is_empty();
        }
        while let Some(last) = self.taken.last_mut() {
            last.way += 1;
            if last.way < last.of {
                return true;
            }
            self.taken.pop();
        }
        false
    }

    /// The next choice of the first try to be made otherwise, the earliest first.
    fn next_other(&mut self) -> Option<Try> {
        let (mut at, mut way) = self.other;
        way += 1;
        while way >= *self.first.get(at)? {
            (at, way) = (at + 1, 1);
        }
        self.other = (at, way);
        Some(Try::Other { at, way })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_of_a_few_has_its_turn() {
        let mut picks = Picks::new(Draw::of(""));
        let mut seen = Vec::new();
        loop {
            let first = picks.pick(2);
            let second = if first == 0 { picks.pick(3) } else { 9 };
            seen.push((first, second));
            if !picks.advance() {
                break;
            }
        }
        assert_eq!(seen, [(0, 0), (0, 1), (0, 2), (1, 9)]);
    }

    #[test]
    fn of_many_none_is_out_of_reach() {
        let mut picks = Picks::new(Draw::of(""));
        let wanted = (0..1_000).any(|_| {
            let all: Vec<usize> = (0..6).map(|_| picks.pick(3)).collect();
            picks.advance();
            all[0] == 2 && all[5] == 1
        });
        assert!(wanted);
    }

    #[test]
    fn each_choice_alone_is_made_otherwise_before_long() {
        let mut picks = Picks::new(Draw::of(""));
        let mut wanted = Vec::new();
        for _ in 0..IN_ORDER + 2 * 6 * 4 {
            let all: Vec<usize> = (0..6).map(|_| picks.pick(5)).collect();
            let others = all.iter().filter(|way| **way != 0).count();
            if others == 1 && !wanted.contains(&all) {
                wanted.push(all);
            }
            picks.advance();
        }
        assert_eq!(wanted.len(), 6 * 4);
    }
}
