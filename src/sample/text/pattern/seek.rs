//! Texts of patterns that look around, found by going back: all patterns are followed at once, with
//! what they look for ahead and what stands behind, and whatever leads nowhere is undone, from its
//! end on. So what is drawn first keeps its beginning, and its end becomes what was looked for.

use super::class::Class;
use super::forbid::{Expansion, Next, Way, Ways, is_word};
use super::walk::Bounds;
use super::{Kind, Pattern};
use crate::sample::draw::Draw;
use crate::sample::effort::{Effort, work};
use crate::sample::text::{TextDemand, plain};
use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

/// How many steps are taken for one length.
const STEPS: u64 = 5_000;
/// How many texts are judged.
const JUDGED: usize = 200;
/// How many characters differ for one place.
const LETTERS: usize = 24;
/// Of a class so many ranges are looked at for characters beyond ASCII.
const RANGES: usize = 24;
/// Up to which length texts are looked for that needn't be as long.
const LONGEST: usize = 2_048;

/// Where one thing that must match is: a way of a pattern, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Must {
    pattern: usize,
    stage: Stage,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Stage {
    /// It may begin here.
    Loose,
    /// It begins later.
    Skips,
    Runs,
}

/// What is known of a place between two characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    at: usize,
    musts: Vec<Must>,
    /// The ways that must not come to their end, of each pattern.
    nots: Vec<Vec<Way>>,
    /// How far what is looked behind for is, each.
    behinds: Vec<Vec<Way>>,
    is_end: bool,
    next_is_word: Option<bool>,
    before_is_word: Option<bool>,
}

/// What is to be looked at: a place, its text, and the next character.
type Turn = (Rc<State>, usize, Option<char>);

struct Seek<'p, 'd> {
    patterns: Vec<&'p Pattern>,
    /// How many of them must match, which come first.
    wanted: usize,
    /// What follows each of the patterns, those that must not match among them.
    ways: Vec<Ways<'p>>,
    /// What follows what is looked behind for, by pattern and node.
    behinds: Vec<(usize, usize, Ways<'p>)>,
    /// The texts so far, each as the one before and its last character.
    texts: Vec<(usize, Option<char>)>,
    /// The characters that are tried first.
    phrase: Vec<char>,
    bounds: Bounds,
    judged: usize,
    draw: &'d mut Draw,
}

/// A text that is good, of those that patterns match which may look around, while others don't;
/// nothing where none was found.
pub(in super::super) fn seek(
    patterns: &[String],
    demand: &TextDemand,
    bounds: Bounds,
    draw: &mut Draw,
    is_good: &dyn Fn(&String) -> bool,
) -> Option<String> {
    let read = |pattern: &String| Pattern::parse(pattern);
    let wanted: Vec<Pattern> = patterns.iter().filter_map(read).collect();
    let denied: Vec<Pattern> = demand.unlike.iter().filter_map(read).collect();
    let least = wanted
        .iter()
        .map(Pattern::least)
        .fold(bounds.least, usize::max);
    let most = bounds.most.min(LONGEST.max(bounds.least));
    let effort = demand.effort();
    let mut longest = least.saturating_add(2 + draw.below(8)).min(most);
    loop {
        let tried = Bounds {
            most: longest,
            ..bounds
        };
        let mut seek = Seek::new(&wanted, &denied, tried, draw);
        let found = seek.search(effort.within(STEPS), is_good);
        if found.is_some() || longest >= most || effort.is_spent() {
            return found;
        }
        longest = longest.saturating_mul(3).min(most);
    }
}

impl<'p, 'd> Seek<'p, 'd> {
    fn new(
        wanted: &'p [Pattern],
        denied: &'p [Pattern],
        bounds: Bounds,
        draw: &'d mut Draw,
    ) -> Seek<'p, 'd> {
        let patterns: Vec<&Pattern> = wanted.iter().chain(denied).collect();
        let wanted_ways = wanted.iter().map(|pattern| Ways::of(pattern, pattern.root));
        let ways = wanted_ways.chain(denied.iter().map(Ways::anywhere));
        let ways = ways.collect();
        let mut behinds = Vec::new();
        for (number, pattern) in wanted.iter().enumerate() {
            for (node, part) in pattern.nodes.iter().enumerate() {
                if let Kind::Look {
                    item, ahead: false, ..
                } = part.kind
                {
                    behinds.push((number, node, Ways::of_anywhere(pattern, item)));
                }
            }
        }
        let words = (0..8).flat_map(|_| plain::word(draw).chars());
        let phrase = words.collect();
        Seek {
            patterns,
            wanted: wanted.len(),
            ways,
            behinds,
            texts: vec![(0, None)],
            phrase,
            bounds,
            judged: 0,
            draw,
        }
    }

    fn first(&self) -> State {
        let count = self.patterns.len();
        let mut state = State {
            at: 0,
            musts: Vec::new(),
            nots: vec![Vec::new(); count],
            behinds: self.behinds.iter().map(|(.., ways)| ways.mark()).collect(),
            is_end: false,
            next_is_word: None,
            before_is_word: None,
        };
        for (number, ways) in self.ways.iter().enumerate() {
            let begun = ways.mark();
            if number >= self.wanted {
                state.nots[number] = begun;
                continue;
            }
            let stage = match self.patterns[number].starts() {
                true => Stage::Runs,
                false => Stage::Loose,
            };
            state.musts.extend(begun.into_iter().map(|way| Must {
                pattern: number,
                stage,
                way,
            }));
        }
        state
    }

    fn search(&mut self, effort: Effort, is_good: &dyn Fn(&String) -> bool) -> Option<String> {
        let mut stack: Vec<Turn> = vec![(Rc::new(self.first()), 0, None)];
        let mut seen = HashSet::new();
        while let Some((state, text, c)) = stack.pop() {
            work(1);
            if seen.len() % 16 == 15 && effort.is_spent() || self.judged >= JUDGED {
                return None;
            }
            let (state, text) = match c {
                None => (state, text),
                Some(c) => {
                    let Some(next) = self.after(&state, text, c) else {
                        continue;
                    };
                    self.texts.push((text, Some(c)));
                    (Rc::new(next), self.texts.len() - 1)
                }
            };
            if !self.has_room(&state) || !seen.insert(Rc::clone(&state)) {
                continue;
            }
            let mut musts = state.musts.iter().enumerate();
            let next = musts.find_map(|(number, must)| self.expanded(&state, text, number, *must));
            if let Some(next) = next {
                // The last is looked at first.
                let next = next.into_iter().rev();
                stack.extend(next.map(|state| (Rc::new(state), text, None)));
                continue;
            }
            if self.may_end(&state, text) {
                self.judged += 1;
                let found = self.text(text);
                if is_good(&found) {
                    return Some(found);
                }
            }
            if state.is_end || state.at >= self.bounds.most {
                continue;
            }
            let letters = self.letters(&state, text).into_iter().rev();
            stack.extend(letters.map(|c| (Rc::clone(&state), text, Some(c))));
        }
        None
    }

    /// Whether what must match can do so within the bounds.
    fn has_room(&self, state: &State) -> bool {
        state.musts.iter().all(|must| {
            let (least, most) = self.ways[must.pattern].lengths(must.way);
            state.at.saturating_add(least) <= self.bounds.most
                && (must.stage != Stage::Runs || state.at.saturating_add(most) >= self.bounds.least)
        })
    }

    fn may_end(&mut self, state: &State, text: usize) -> bool {
        if !state.musts.is_empty()
            || state.at < self.bounds.least
            || state.next_is_word == Some(true)
        {
            return false;
        }
        let before = self.texts[text].1;
        let mut nots = self.ways.iter_mut().zip(&state.nots);
        nots.all(|(ways, open)| open.is_empty() || !ways.ends_so(open, before, Next::Nothing))
    }

    /// The states that one may be, the likeliest first, where something is to be settled before the
    /// next character; nothing where that waits for it.
    fn expanded(
        &mut self,
        state: &State,
        text: usize,
        number: usize,
        must: Must,
    ) -> Option<Vec<State>> {
        let with = |must: Must| {
            let mut state = state.clone();
            state.musts[number] = must;
            state
        };
        let on = |way: Way| with(Must { way, ..must });
        match must.stage {
            Stage::Skips => return None,
            Stage::Loose => {
                let mut both = [Stage::Runs, Stage::Skips];
                both.rotate_left(usize::from(self.draw.below(4) > 0));
                let both = both.map(|stage| with(Must { stage, ..must }));
                return Some(both.into());
            }
            Stage::Runs => {}
        }
        let ways = &mut self.ways[must.pattern];
        let (node, after) = match ways.expanded(must.way) {
            Expansion::Waits => return None,
            Expansion::Done => {
                let mut state = state.clone();
                state.musts.remove(number);
                return Some(vec![state]);
            }
            Expansion::Lost => return Some(Vec::new()),
            Expansion::Into(mut next) => {
                let turn = match ways.repeats(must.way) {
                    // It's written again rather than not.
                    true => usize::from(self.draw.below(4) == 0),
                    false => self.draw.below(next.len()),
                };
                let count = next.len().max(1);
                next.rotate_left(turn % count);
                return Some(next.into_iter().map(on).collect());
            }
            Expansion::Where(node, after) => (node, after),
        };
        let mut next = on(after);
        let before = self.texts[text].1;
        let is_so = match self.patterns[must.pattern].nodes[node].kind {
            Kind::Start => state.at == 0,
            Kind::End => {
                next.is_end = true;
                state.next_is_word != Some(true)
            }
            Kind::Border(wanted) => {
                let needed = state.before_is_word.unwrap_or(false) != wanted;
                next.next_is_word = Some(needed);
                state.next_is_word.is_none_or(|known| known == needed) && !(state.is_end && needed)
            }
            Kind::Look {
                item,
                ahead: true,
                positive,
            } => {
                let way = ways.begun(item, after.1);
                match positive {
                    true => {
                        next.musts.push(Must { way, ..must });
                        true
                    }
                    false => {
                        let nots = &mut next.nots[must.pattern];
                        if !nots.contains(&way) {
                            nots.push(way);
                        }
                        let here = if state.is_end {
                            Next::Nothing
                        } else {
                            Next::Unknown
                        };
                        !ways.ends_so(nots, before, here)
                    }
                }
            }
            Kind::Look { positive, .. } => {
                let mut behinds = self.behinds.iter_mut().zip(&state.behinds);
                let found =
                    behinds.find(|((pattern, of, _), _)| (*pattern, *of) == (must.pattern, node));
                found.is_none_or(|((.., ways), open)| {
                    let is_there = ways.ends_so(open, before, Next::Unknown);
                    // What can't be followed is judged at last.
                    is_there == positive || ways.is_lost()
                })
            }
            _ => false,
        };
        Some(Vec::from_iter(is_so.then_some(next)))
    }

    /// What is known behind one more character; nothing where it can't stand here.
    fn after(&mut self, state: &State, text: usize, c: char) -> Option<State> {
        let before = self.texts[text].1;
        let mut musts = Vec::new();
        for must in &state.musts {
            let (stage, way) = match must.stage {
                Stage::Runs => (Stage::Runs, self.ways[must.pattern].behind(must.way, c)?),
                _ => (Stage::Loose, must.way),
            };
            musts.push(Must {
                stage,
                way,
                ..*must
            });
        }
        musts.sort_unstable();
        musts.dedup();
        let nots = self.ways.iter_mut().zip(&state.nots);
        let nots = nots.map(|(ways, open)| {
            if open.is_empty() {
                return Some(Vec::new());
            }
            let after = ways.after(open, before, c);
            (!ways.ends_so(&after, Some(c), Next::Unknown)).then_some(after)
        });
        let nots = nots.collect::<Option<_>>()?;
        let behinds = self.behinds.iter_mut().zip(&state.behinds);
        let behinds = behinds.map(|((.., ways), open)| ways.after(open, before, c));
        Some(State {
            at: state.at + 1,
            musts,
            nots,
            behinds: behinds.collect(),
            is_end: false,
            next_is_word: None,
            before_is_word: Some(is_word(c)),
        })
    }

    /// Characters that may come next, of which each makes another difference: those that read well
    /// first.
    fn letters(&mut self, state: &State, text: usize) -> Vec<char> {
        let before = self.texts[text].1;
        let mut common: Option<Cow<'p, Class>> = None;
        for must in state.musts.iter().filter(|must| must.stage == Stage::Runs) {
            let Some(class) = self.ways[must.pattern].class(must.way) else {
                return Vec::new();
            };
            common = Some(match common {
                Some(common) => Cow::Owned(common.and(&class)),
                None => class,
            });
        }
        let word = Class::word();
        let fits = |c: char| {
            common.as_ref().is_none_or(|class| class.has(c))
                && state
                    .next_is_word
                    .is_none_or(|wanted| word.has(c) == wanted)
        };
        let mut classes: Vec<Cow<'p, Class>> = vec![Cow::Owned(Class::word())];
        let nots = self.ways.iter_mut().zip(&state.nots);
        let behinds = self.behinds.iter_mut().map(|(.., ways)| ways);
        for (ways, open) in nots.chain(behinds.zip(&state.behinds)) {
            if open.is_empty() {
                continue;
            }
            ways.back_to(open.clone());
            for class in ways.awaited(before) {
                if classes.len() < LETTERS && !classes.contains(&class) {
                    classes.push(class);
                }
            }
        }
        let usual = self
            .phrase
            .get(state.at % self.phrase.len().max(1))
            .copied();
        let usual = usual.into_iter().flat_map(|c| [c, c.to_ascii_uppercase()]);
        let mut readable: Vec<char> = ('a'..='z').chain('0'..='9').collect();
        let turn = self.draw.below(readable.len());
        readable.rotate_left(turn);
        let ascii = readable.into_iter().chain('A'..='Z').chain('!'..='~');
        let told = classes.iter().chain(&common);
        let beyond = told.flat_map(|class| {
            let ranges = class.ranges().iter().take(RANGES);
            ranges.flat_map(|(from, to)| [*from, (from + to) / 2, *to, to + 1])
        });
        let beyond: Vec<char> = beyond.filter_map(char::from_u32).collect();
        let all = usual.chain(ascii).chain([' ', 'é', '中']).chain(beyond);
        let mut seen = HashSet::new();
        let mut letters = Vec::new();
        for c in all.filter(|c| fits(*c)) {
            let bits = classes.iter().enumerate();
            let bits = bits.fold(0_u64, |bits, (number, class)| {
                bits | u64::from(class.has(c)) << number
            });
            if letters.len() < LETTERS && seen.insert(bits) {
                letters.push(c);
            }
        }
        letters
    }

    fn text(&self, mut at: usize) -> String {
        let mut text = Vec::new();
        while let (before, Some(c)) = self.texts[at] {
            text.push(c);
            at = before;
        }
        text.into_iter().rev().collect()
    }
}
