//! Texts found where walking along patterns leads to none: all patterns are followed side by side,
//! those that must match and those that must not, and the shortest texts are looked at first.

use super::Pattern;
use super::class::Class;
use super::forbid::{Next, Way, Ways, is_word};
use super::walk::Bounds;
use crate::sample::effort::{Effort, work};
use crate::sample::text::TextDemand;
use std::collections::{HashMap, HashSet, VecDeque};

/// How many places between characters are looked at.
const PLACES: usize = 20_000;
/// Up to which length all texts are gathered.
const LONGEST_GATHERED: usize = 100;
/// How many texts are judged.
const JUDGED: usize = 400;
/// How many characters differ for one place.
const LETTERS: usize = 48;
/// Of a class so many ranges are looked at for characters beyond ASCII.
const RANGES: usize = 24;

/// What is known of one pattern at a place: nothing more where it has matched.
type Open = Option<Vec<Way>>;

struct Strand<'p> {
    ways: Ways<'p>,
    is_denied: bool,
}

/// Texts so far, and those of which length are looked for.
struct Gathered {
    texts: Vec<String>,
    count: usize,
    length: usize,
    steps: usize,
    effort: Effort,
    is_over: bool,
}

struct Spot {
    /// The place before, and the character in between.
    from: Option<(usize, char)>,
    length: usize,
    open: Vec<Open>,
}

/// A text that is good, of those that patterns match while others don't; nothing where none was
/// found within bounds: 20,000 places between characters and 15 ms.
pub(in super::super) fn meet(
    patterns: &[String],
    demand: &TextDemand,
    bounds: Bounds,
    is_good: &dyn Fn(&String) -> bool,
) -> Option<String> {
    let read = |pattern: &String| Pattern::parse(pattern);
    let wanted: Vec<Pattern> = patterns.iter().filter_map(read).collect();
    let denied: Vec<Pattern> = demand.unlike.iter().filter_map(read).collect();
    let strand = |pattern, is_denied| Strand {
        ways: Ways::anywhere(pattern),
        is_denied,
    };
    let wanted = wanted.iter().map(|pattern| strand(pattern, false));
    let denied = denied.iter().map(|pattern| strand(pattern, true));
    let mut meeting = Meeting {
        strands: wanted.chain(denied).collect(),
        spots: Vec::new(),
        known: HashSet::new(),
        bounds,
    };
    meeting.search(demand.effort(), is_good)
}

/// The texts that all patterns match, the shortest first: so many at most, of those of up to 100
/// characters that are found within 15 ms.
pub(in super::super) fn several(
    patterns: &[String],
    demand: &TextDemand,
    bounds: Bounds,
    count: usize,
) -> Vec<String> {
    let read = |pattern: &String| Pattern::parse(pattern);
    let wanted: Vec<Pattern> = patterns.iter().filter_map(read).collect();
    let strand = |pattern| Strand {
        ways: Ways::anywhere(pattern),
        is_denied: false,
    };
    let least = wanted.iter().map(Pattern::least).max().unwrap_or(0);
    let mut meeting = Meeting {
        strands: wanted.iter().map(strand).collect(),
        spots: Vec::new(),
        known: HashSet::new(),
        bounds: Bounds {
            least: least.max(bounds.least),
            ..bounds
        },
    };
    meeting.gather(demand.effort(), count)
}

struct Meeting<'p> {
    strands: Vec<Strand<'p>>,
    spots: Vec<Spot>,
    known: HashSet<(Vec<Open>, usize, Option<bool>)>,
    bounds: Bounds,
}

impl Meeting<'_> {
    fn search(&mut self, effort: Effort, is_good: &dyn Fn(&String) -> bool) -> Option<String> {
        let open = self.strands.iter().map(|strand| Some(strand.ways.mark()));
        let first = Spot {
            from: None,
            length: 0,
            open: open.collect(),
        };
        self.spots.push(first);
        let mut queue = VecDeque::from([0]);
        let mut judged = 0;
        while let Some(at) = queue.pop_front() {
            work(1);
            if at % 32 == 31 && effort.is_spent() {
                return None;
            }
            if self.spots[at].length >= self.bounds.least && self.may_end(at) {
                judged += 1;
                let text = self.text(at);
                if is_good(&text) {
                    return Some(text);
                }
            }
            if judged >= JUDGED {
                return None;
            }
            if self.spots[at].length >= self.bounds.most {
                continue;
            }
            for c in self.letters(at) {
                if self.spots.len() >= PLACES {
                    break;
                }
                let Some(open) = self.after(at, c) else {
                    continue;
                };
                let length = self.spots[at].length + 1;
                let key = (
                    open.clone(),
                    length.min(self.bounds.least),
                    Some(is_word(c)),
                );
                // Once all is settled more of the same is of use for other demands.
                let is_settled = open.iter().all(Option::is_none);
                if self.known.insert(key) || is_settled && length < 4 {
                    queue.push_back(self.spots.len());
                    self.spots.push(Spot {
                        from: Some((at, c)),
                        length,
                        open,
                    });
                }
            }
        }
        None
    }

    /// Gathers texts of one length after another.
    fn gather(&mut self, effort: Effort, count: usize) -> Vec<String> {
        let mut gathered = Gathered {
            texts: Vec::new(),
            count,
            length: 0,
            steps: 0,
            effort,
            is_over: false,
        };
        let open = self.strands.iter().map(|strand| Some(strand.ways.mark()));
        self.spots.push(Spot {
            from: None,
            length: 0,
            open: open.collect(),
        });
        let most = self.bounds.most.min(LONGEST_GATHERED);
        for length in self.bounds.least..=most {
            gathered.length = length;
            self.dive(0, &mut gathered);
        }
        gathered.texts
    }

    /// Gathers the texts of the length that go on from a place.
    fn dive(&mut self, at: usize, gathered: &mut Gathered) {
        gathered.steps += 1;
        work(1);
        gathered.is_over |= gathered.texts.len() >= gathered.count
            || gathered.steps.is_multiple_of(32) && gathered.effort.is_spent();
        if gathered.is_over {
            return;
        }
        let length = self.spots[at].length;
        if length == gathered.length {
            if self.may_end(at) {
                gathered.texts.push(self.text(at));
            }
            return;
        }
        for c in self.all_letters(at) {
            let Some(open) = self.after(at, c) else {
                continue;
            };
            let next = self.spots.len();
            self.spots.push(Spot {
                from: Some((at, c)),
                length: length + 1,
                open,
            });
            self.dive(next, gathered);
            self.spots.truncate(next);
        }
    }

    /// Readable characters that may come next.
    fn all_letters(&mut self, at: usize) -> Vec<char> {
        let before = self.before(at);
        let open = self.spots[at].open.clone();
        let readable = ('0'..='9').chain('a'..='z').chain('A'..='Z');
        let mut letters: Vec<char> = readable.chain("-._@:/+ ".chars()).collect();
        for (strand, open) in self.strands.iter_mut().zip(open) {
            let Some(open) = open else { continue };
            strand.ways.back_to(open);
            let classes = strand.ways.awaited(before);
            letters.retain(|c| classes.iter().any(|class| class.has(*c)));
        }
        letters
    }

    fn before(&self, at: usize) -> Option<char> {
        self.spots[at].from.map(|(_, c)| c)
    }

    /// Whether the text may end at a place.
    fn may_end(&mut self, at: usize) -> bool {
        let before = self.before(at);
        let open = self.spots[at].open.clone();
        self.strands.iter_mut().zip(open).all(|(strand, open)| {
            let Some(open) = open else { return true };
            strand.ways.back_to(open);
            strand.ways.is_lost() || strand.ways.is_done(before, Next::Nothing) != strand.is_denied
        })
    }

    /// What is open after one more character; nothing where that leads nowhere.
    fn after(&mut self, at: usize, c: char) -> Option<Vec<Open>> {
        let before = self.before(at);
        let open = self.spots[at].open.clone();
        let strands = self.strands.iter_mut().zip(open);
        strands
            .map(|(strand, open)| {
                let Some(open) = open else { return Some(None) };
                let ways = &mut strand.ways;
                ways.back_to(open);
                let mut is_done = ways.is_done(before, Next::Is(c));
                if !is_done {
                    ways.take(before, c);
                    is_done = ways.is_done(Some(c), Next::Unknown);
                }
                match is_done {
                    _ if ways.is_lost() => Some(None),
                    true if strand.is_denied => None,
                    true => Some(None),
                    // What can't match any more.
                    false if !ways.can_end() => strand.is_denied.then_some(None),
                    false => {
                        let mut open = ways.mark();
                        open.sort_unstable();
                        Some(Some(open))
                    }
                }
            })
            .collect()
    }

    /// Characters of which each makes another difference at a place.
    fn letters(&mut self, at: usize) -> Vec<char> {
        let before = self.before(at);
        let open = self.spots[at].open.clone();
        let mut classes: Vec<Class> = vec![Class::word()];
        for (strand, open) in self.strands.iter_mut().zip(open) {
            let Some(open) = open else { continue };
            strand.ways.back_to(open);
            for class in strand.ways.awaited(before) {
                if !classes.contains(&class) && classes.len() < LETTERS {
                    classes.push(class.into_owned());
                }
            }
        }
        let readable = ('a'..='z').chain('0'..='9').chain('A'..='Z');
        let ascii = readable.chain(" -_.@:/+".chars()).chain('!'..='~');
        let beyond = classes.iter().flat_map(|class| {
            let ranges = class.ranges().iter().take(RANGES);
            ranges.flat_map(|(from, to)| [*from, *to, to + 1])
        });
        let beyond: Vec<char> = beyond.filter_map(char::from_u32).collect();
        let all = ascii.chain("é中\u{a0}".chars()).chain(beyond);
        let mut seen: HashMap<u64, char> = HashMap::new();
        let mut letters = Vec::new();
        for c in all {
            let bits = classes.iter().enumerate();
            let bits = bits.fold(0_u64, |bits, (number, class)| {
                bits | u64::from(class.has(c)) << number
            });
            if letters.len() < LETTERS && seen.insert(bits, c).is_none() {
                letters.push(c);
            }
        }
        letters
    }

    fn text(&self, mut at: usize) -> String {
        let mut text = Vec::new();
        while let Some((from, c)) = self.spots[at].from {
            text.push(c);
            at = from;
        }
        text.into_iter().rev().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_match_and_none_of_the_others_is_found() {
        let bounds = Bounds {
            least: 0,
            most: usize::MAX,
        };
        let met = |patterns: &[&str], unlike: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
            let demand = TextDemand {
                unlike: unlike.iter().map(|p| (*p).to_owned()).collect(),
                ..TextDemand::default()
            };
            meet(&patterns, &demand, bounds, &|_| true)
        };
        assert_eq!(met(&["^.$"], &["^[ -~]$"]), Some("é".to_owned()));
        assert_eq!(
            met(&["^Z", "^.{1}$", "^[A-Za-z0-9]+$"], &[]),
            Some("Z".to_owned())
        );
        assert_eq!(met(&["^(ab|cd)+$", "da"], &["^a"]), Some("cdab".to_owned()));
        assert_eq!(met(&["^a{3}$"], &["aa"]), None);
        assert_eq!(met(&[r"\bfoo\b"], &["^foo"]), Some(" foo".to_owned()));
    }
}
