use super::draw::Draw;

/// How many ways are tried in order before they are tried at random: an early choice that is wrong
/// would else be the last to be changed.
const IN_ORDER: usize = 12;

/// Which way is taken wherever a schema leaves several, and how the next try differs.
#[derive(Debug)]
pub(super) struct Picks {
    taken: Vec<Pick>,
    at: usize,
    tries: usize,
    draw: Draw,
}

#[derive(Debug, Clone, Copy)]
struct Pick {
    way: usize,
    of: usize,
}

impl Picks {
    /// The first try: the first way everywhere.
    pub(super) fn new(draw: Draw) -> Picks {
        Picks {
            taken: Vec::new(),
            at: 0,
            tries: 0,
            draw,
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
                // Of what is in a good order, few that come first are wrong.
                let odds = 1 << (2 * (self.tries % 3));
                let way = match self.tries > IN_ORDER && self.draw.below(odds) == 0 {
                    true => self.draw.below(of),
                    false => 0,
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
        self.tries += 1;
        if self.tries > IN_ORDER {
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
}
