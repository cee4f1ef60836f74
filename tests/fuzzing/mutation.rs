//! Bytes made of others.

/// Words that mean something in most of what is read.
const WORDS: [&str; 44] = [
    "",
    "0",
    "-1",
    "1e400",
    "18446744073709551616",
    "9007199254740993",
    "0.1",
    "null",
    "true",
    "\"\"",
    "{}",
    "[]",
    "[[[[[[[[",
    "{\"a\":",
    ",",
    ":",
    ";",
    "=",
    "&",
    "%",
    "%2F",
    "%zz",
    "%00",
    "%ff",
    "\0",
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\t",
    "\u{feff}",
    "\u{202e}",
    "\u{1F600}",
    "\\u0000",
    "\\ud800",
    "*",
    "*/*",
    "q=0",
    "..",
    "/",
    "//",
    "?",
    "#",
    "~1",
    "''",
];

/// Makes new inputs of seeds, always the same for the same number.
pub struct Mutation<'s> {
    state: u64,
    seeds: &'s [Vec<u8>],
    words: &'s [&'s str],
}

impl<'s> Mutation<'s> {
    pub fn new(seed: u64, seeds: &'s [Vec<u8>], words: &'s [&'s str]) -> Mutation<'s> {
        Mutation {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            seeds,
            words,
        }
    }

    /// The next number, below a bound (xorshift64*).
    pub fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let number = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        number as usize % bound.max(1)
    }

    fn seed(&mut self) -> &'s [u8] {
        &self.seeds[self.below(self.seeds.len())]
    }

    fn word(&mut self) -> &'s [u8] {
        let own = self.words.len();
        let number = self.below(own + WORDS.len());
        match self.words.get(number) {
            Some(word) => word.as_bytes(),
            None => WORDS[number - own].as_bytes(),
        }
    }

    /// Part of some bytes.
    fn part(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let end = start + self.below(most.min(length - start) + 1);
        start..end
    }

    pub fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed().to_vec();
        for _ in 0..1 + self.below(4) {
            self.change(&mut input);
        }
        input.truncate(64 << 10);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        match self.below(8) {
            // A bit.
            0 if !input.is_empty() => {
                let at = self.below(input.len());
                input[at] ^= 1 << self.below(8);
            }
            // Less of it.
            1 => drop(input.drain(self.part(input.len(), 40))),
            // Some of it again, a few times.
            2 => {
                let part = self.part(input.len(), 60);
                let again = input[part.clone()].repeat(1 + self.below(5));
                input.splice(part.end..part.end, again);
            }
            // Part of another one.
            3 => {
                let other = self.seed();
                let from = self.part(other.len(), 80);
                let part = self.part(input.len(), 40);
                input.splice(part, other[from].iter().copied());
            }
            // Two parts change places.
            4 => {
                let at = self.below(input.len() + 1);
                input.rotate_left(at);
                let back = self.part(input.len(), 200);
                input[back].reverse();
            }
            // A word, between or in the place of something.
            5 | 6 => {
                let at = self.below(input.len() + 1);
                let word = self.word();
                input.splice(at..at, word.iter().copied());
            }
            _ => {
                let part = self.part(input.len(), 12);
                let word = self.word();
                input.splice(part, word.iter().copied());
            }
        }
    }
}
