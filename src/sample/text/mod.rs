//! Texts that meet demands: patterns, formats, lengths, encodings.
//!
//! Takes what a schema asks of a string, a text that its name asks for, and a stream; gives a
//! string that the schema's own validator accepts. What is made reads well: words, not noise.

mod codes;
mod content;
mod crowd;
mod dates;
mod format;
mod pattern;
mod plain;
mod search;
mod shapes;

#[cfg(test)]
mod tests;

use super::draw::Draw;
use super::effort::{Effort, work};
pub use crowd::beside;
use pattern::{Bounds, Pattern};

/// Beyond that many characters nothing is made.
const LONGEST: usize = 1_000_000;
/// How often a format is tried before it's given up.
const ATTEMPTS_OF_FORMAT: usize = 24;
/// How often either is tried where there are others to be had.
const BRIEFLY: usize = 6;
/// How often a pattern is, and for how many steps.
const ATTEMPTS: usize = 300;
/// How often one is tried that never led to any text.
const HOPELESS: usize = 24;
const STEPS: u64 = 15_000;
/// From so many on that a text must differ from, it's looked for among more than words.
pub const CROWD: usize = 32;
/// How often each shape of a format is tried, one after the other.
const TRIES_OF_SHAPE: usize = 4;
/// How many moments are looked at, after those that patterns tell of.
const MOMENTS: usize = 400;
/// How many patterns of a format leave the most open.
const OPEN: usize = 2;
/// How many texts are looked at in turn.
const TURNS: usize = 2_500;

/// What is no text of words.
const ODD: [&str; 8] = ["A1", "Ab", "7", "-", "a", "_.", "\u{e9}", ""];

/// What a string must be.
#[derive(Debug, Clone, Default)]
pub struct TextDemand {
    /// Patterns of ECMA-262, all of which must match somewhere.
    pub patterns: Vec<String>,
    /// Patterns that must not match.
    pub unlike: Vec<String>,
    /// Formats, by their names.
    pub formats: Vec<String>,
    /// The fewest characters it may have.
    pub least: usize,
    /// The most characters it may have.
    pub most: Option<usize>,
    /// From how many others like it it must differ.
    pub crowd: usize,
    /// Whether it's looked for just for a while, as there are others to be had.
    pub is_brief: bool,
    /// How much work it may take, where that is bounded from around.
    pub effort: Option<Effort>,
    /// `contentEncoding`: `base64`, `base16`, `quoted-printable`...
    pub encoding: Option<String>,
    /// `contentMediaType`: of what is encoded, or of the string itself.
    pub media_type: Option<String>,
}

impl TextDemand {
    /// How much a search for it may take: 15,000 steps.
    fn effort(&self) -> Effort {
        match self.effort {
            Some(effort) => effort.within(STEPS),
            None => Effort::of(STEPS),
        }
    }

    /// The same with a format of moments as one more pattern, beside patterns: the year that they
    /// ask for may be any.
    pub fn with_moments(&self) -> Option<TextDemand> {
        if self.patterns.is_empty() {
            return None;
        }
        let date = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])";
        let time = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-]0[0-9]:[03]0)";
        let pattern = match self.formats.first()?.as_str() {
            "date" => format!("^{date}$"),
            "date-time" => format!("^{date}T{time}$"),
            "time" => format!("^{time}$"),
            _ => return None,
        };
        let mut alike = self.clone();
        alike.formats.clear();
        alike.patterns.push(pattern);
        Some(alike)
    }

    /// Asks for what another asks for too.
    pub fn narrow(&mut self, other: &TextDemand) {
        self.patterns.extend(other.patterns.iter().cloned());
        self.unlike.extend(other.unlike.iter().cloned());
        self.least = self.least.max(other.least);
        self.most = match (self.most, other.most) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
    }
}

/// The fewest characters that a text has which meets the demand, as far as its patterns tell.
pub fn shortest(demand: &TextDemand) -> usize {
    let patterns = demand.patterns.iter();
    let patterns = patterns.filter_map(|pattern| Some(Pattern::parse(pattern)?.least()));
    patterns.fold(demand.least, usize::max)
}

/// The most characters that a text for the demand is made with.
pub fn furthest(demand: &TextDemand) -> usize {
    match demand.patterns.is_empty() {
        true => LONGEST,
        false => pattern::LONG
            .max(demand.least.saturating_mul(2))
            .min(LONGEST),
    }
}

/// A string that meets the demand; `wish` is a text that its name asks for, taken (or adapted in
/// length) if it fits. `accepts` is the last word: the compiled validator's. Nothing where none was
/// found within bounds: 300 attempts and 15 ms.
pub fn text(
    demand: &TextDemand,
    wish: Option<&str>,
    draw: &mut Draw,
    accepts: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let bounds = Bounds {
        least: demand.least,
        most: demand.most.unwrap_or(usize::MAX),
    };
    if bounds.least > LONGEST || bounds.least > bounds.most {
        return None;
    }
    let is_good = |text: &String| bounds.has(text.chars().count()) && accepts(text);
    let formats: Vec<&str> = demand.formats.iter().map(String::as_str).collect();
    let is_content = demand.encoding.is_some()
        || demand
            .media_type
            .as_deref()
            .is_some_and(|media_type| !media_type.starts_with("text/"));
    if let Some(wish) = wish.filter(|wish| !wish.is_empty() && !is_content) {
        let takes = |text: &String| formats.iter().all(|format| format::takes(format, text));
        let mut wishes = wishes(wish, demand, draw).into_iter().filter(takes);
        if let Some(found) = wishes.find(is_good) {
            return Some(found);
        }
    }
    let attempts = match demand.is_brief {
        true => BRIEFLY,
        false => ATTEMPTS_OF_FORMAT,
    };
    for attempt in 0..attempts {
        let Some(made) = specific(demand, &formats, bounds, attempt, draw) else {
            break;
        };
        if is_good(&made) {
            return Some(made);
        }
    }
    if demand.patterns.is_empty() {
        let mut tries = (0..12).map(|_| plain::plain(bounds.least, demand.most, draw));
        // Where words are what it must not be, it may be something else.
        let odd = || ODD.iter().map(|odd| fitted_odd(odd, bounds)).find(is_good);
        let met = || pattern::meet(&[], demand, bounds, &is_good);
        let plain = tries.find(is_good).or_else(odd);
        return plain.or_else(|| met().filter(|_| !demand.unlike.is_empty()));
    }
    if demand.is_brief {
        return matching(demand, bounds, draw, &is_good);
    }
    let searched = search::searched(&formats, demand, draw, &is_good);
    searched
        .or_else(|| matching(demand, bounds, draw, &is_good))
        .or_else(|| pattern::meet(&demand.patterns, demand, bounds, &is_good))
        .or_else(|| {
            let of_format = formats.first().map(|format| format::patterns(format));
            let mut open = of_format.into_iter().flatten().rev().take(OPEN);
            open.find_map(|shape| {
                let mut patterns = demand.patterns.clone();
                patterns.push(shape);
                pattern::meet(&patterns, demand, bounds, &is_good)
            })
        })
        .or_else(|| {
            let joined = TextDemand {
                patterns: vec![joined(&demand.patterns)?],
                ..demand.clone()
            };
            matching(&joined, bounds, draw, &is_good)
        })
}

/// Several patterns as one, of which the first is followed and the others are looked ahead for:
/// what looks ahead itself is followed best within one. Nothing where they can't be told apart from
/// how they are written.
fn joined(patterns: &[String]) -> Option<String> {
    let is_plain = |pattern: &&String| {
        let escapes = pattern.as_bytes().windows(2);
        let mut groups = escapes.filter(|two| two[0] == b'\\' && two[1].is_ascii_digit());
        !pattern.contains('|') && groups.next().is_none()
    };
    let looks = patterns.iter().any(|pattern| pattern.contains("(?"));
    if patterns.len() < 2 || !looks || !patterns.iter().all(|pattern| is_plain(&pattern)) {
        return None;
    }
    let lead = patterns
        .iter()
        .position(|pattern| pattern.starts_with('^'))?;
    let (before, after) = (&patterns[..lead], &patterns[lead + 1..]);
    let others = before.iter().chain(after);
    let others = others.map(|pattern| match pattern.strip_prefix('^') {
        Some(pattern) => format!("(?={pattern})"),
        None => {
            let seen = seen_ahead(pattern).unwrap_or(pattern);
            format!("(?=.*{})", seen.strip_prefix(".*").unwrap_or(seen))
        }
    });
    let others: String = others.collect();
    Some(format!("^{others}{}", &patterns[lead][1..]))
}

/// A good one of the texts that there are, one after another from the `turn`th on: of `several`,
/// or of those of a format of moments, or of any. Nothing where none of 2,500 is.
pub fn in_turn(
    demand: &TextDemand,
    turn: u64,
    several: &[String],
    accepts: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let most = demand.most.unwrap_or(usize::MAX);
    let is_coded = demand.encoding.is_some() || demand.media_type.is_some();
    if is_coded || demand.least > most || demand.least > LONGEST {
        return None;
    }
    let mut formats = demand.formats.iter();
    let moments = formats.find_map(|format| dates::in_turn(format, turn));
    let of_several = || {
        let texts = several
            .iter()
            .cycle()
            .skip(turn as usize % several.len().max(1));
        texts.take(several.len()).cloned()
    };
    let texts: Box<dyn Iterator<Item = String> + '_> = match moments {
        Some(moments) => Box::new(of_several().chain(moments.take(MOMENTS))),
        // Past their end all are there that are to be had.
        None if turn as usize >= several.len() + TURNS => return None,
        None if !several.is_empty() => Box::new(of_several()),
        None if demand.patterns.is_empty() && demand.formats.is_empty() => {
            plain::in_turn(demand.least, most, turn)?
        }
        None => return None,
    };
    let has_room = |text: &String| (demand.least..=most).contains(&text.chars().count());
    let mut texts = texts.take(TURNS).filter(has_room);
    texts.find(|text| accepts(text))
}

/// Texts that a demand's patterns match, and those of its format, as far as patterns tell, the
/// shortest first: 2,500 at most.
pub fn several(demand: &TextDemand) -> Vec<String> {
    let bounds = Bounds {
        least: demand.least,
        most: demand.most.unwrap_or(usize::MAX),
    };
    if demand.encoding.is_some() || demand.media_type.is_some() {
        return Vec::new();
    }
    if let Some(alike) = demand.with_moments() {
        return several(&alike);
    }
    let mut patterns = demand.patterns.clone();
    if let Some(format) = demand.formats.first() {
        patterns.extend(shapes::of_many(format, patterns.is_empty()));
    }
    match patterns.is_empty() {
        true => Vec::new(),
        false => pattern::several(&patterns, demand, bounds, TURNS),
    }
}

/// A text as the encoding of a demand has it; nothing in one that isn't known.
pub fn encoded(text: String, demand: &TextDemand) -> Option<String> {
    match demand.encoding.as_deref().map(str::to_lowercase).as_deref() {
        None | Some("7bit" | "8bit" | "binary" | "identity") => Some(text),
        Some(encoding) => content::coded(encoding, text.as_bytes()),
    }
}

/// A text over and over, to the length that is asked for.
fn fitted_odd(odd: &str, bounds: Bounds) -> String {
    let length = bounds.least.max(odd.chars().count()).min(bounds.most);
    odd.chars().cycle().take(length).collect()
}

/// A word that is made so long without a space in it; nothing where it is long enough, or none.
/// Beyond 1,000 characters it is a text like others.
pub fn lengthened(word: &str, least: usize, draw: &mut Draw) -> Option<String> {
    const MOST: usize = 1_000;
    let length = word.chars().count();
    if length >= least || least > MOST || word.contains(char::is_whitespace) {
        return None;
    }
    let letters = match word.contains(char::is_lowercase) {
        true => b"abcdefghjkmnpqrstuvwxyz23456789",
        false => b"ABCDEFGHJKLMNPQRSTUVWXYZ2345678",
    };
    let letters = match word.bytes().all(|octet| octet.is_ascii_digit()) {
        true => b"0123456789".as_slice(),
        false => letters.as_slice(),
    };
    let mut longer = word.to_owned();
    let more = (length..least).filter_map(|_| draw.one_of(letters));
    longer.extend(more.map(|letter| char::from(*letter)));
    Some(longer)
}

/// A text of the formats, of the encoding or of the media type; nothing where they ask for none
/// that is known.
fn specific(
    demand: &TextDemand,
    formats: &[&str],
    bounds: Bounds,
    attempt: usize,
    draw: &mut Draw,
) -> Option<String> {
    let media_type = demand.media_type.as_deref();
    if let Some(encoding) = &demand.encoding {
        return content::encoded(encoding, media_type, bounds, draw);
    }
    if let Some(media_type) = media_type {
        return content::content(media_type, bounds, draw);
    }
    // Where many are there already, the first way of a format may have none left.
    let is_crowded = demand.crowd >= CROWD;
    let attempt = attempt + usize::from(is_crowded) * TRIES_OF_SHAPE;
    let mut formats = formats.iter();
    formats.find_map(|format| format::made(format, bounds, attempt, draw))
}

/// What a wish is in other lengths and other writing.
fn wishes(wish: &str, demand: &TextDemand, draw: &mut Draw) -> Vec<String> {
    let most = demand.most.unwrap_or(usize::MAX);
    let mut wishes = vec![plain::fitted(wish, demand.least, most, draw)];
    if !demand.patterns.is_empty() {
        let lower = wishes[0].to_lowercase();
        for separator in ["-", "_", ""] {
            let parts = lower
                .split(|c: char| !c.is_alphanumeric())
                .filter(|part| !part.is_empty());
            let joined = parts.collect::<Vec<_>>().join(separator);
            wishes.push(joined.to_uppercase());
            wishes.push(joined);
        }
        wishes.push(lower);
    }
    wishes
}

/// A text along the patterns.
fn matching(
    demand: &TextDemand,
    bounds: Bounds,
    draw: &mut Draw,
    is_good: &dyn Fn(&String) -> bool,
) -> Option<String> {
    for format in hints(&demand.patterns) {
        let made = format::made(format, bounds, 0, draw);
        if let Some(made) = made.filter(is_good) {
            return Some(made);
        }
    }
    let mut read: Vec<(Pattern, &str)> = demand
        .patterns
        .iter()
        .filter_map(|pattern| Some((Pattern::parse(pattern)?, pattern.as_str())))
        .collect();
    // The one that leaves least open leads.
    read.sort_by_key(|(pattern, _)| pattern.freedom());
    // One that may stand anywhere stands where a text of the format has room for it.
    let framed = read.first().filter(|(lead, _)| !lead.starts());
    let framed = framed.map_or(Vec::new(), |(_, lead)| {
        let formats = demand.formats.iter();
        let frames = formats.flat_map(|format| format::frames(format, lead));
        frames
            .filter_map(|framed| Pattern::parse(&framed))
            .collect()
    });
    let effort = demand.effort();
    for attempt in 0..framed.len() * 3 {
        if effort.is_spent() {
            break;
        }
        work(2);
        let lead = framed.get(attempt % framed.len().max(1));
        let made = lead.and_then(|lead| {
            pattern::walk(
                std::slice::from_ref(lead),
                bounds,
                attempt / framed.len(),
                draw,
            )
        });
        if let Some(made) = made.filter(is_good) {
            return Some(made);
        }
    }
    let mut patterns: Vec<Pattern> = read.into_iter().map(|(pattern, _)| pattern).collect();
    let shortest = patterns.iter().map(Pattern::least).max().unwrap_or(0);
    if shortest > bounds.most || shortest > LONGEST {
        return None;
    }
    let count = patterns.len();
    // A format that is a pattern is one more that must match.
    let also: Vec<String> = demand
        .formats
        .iter()
        .flat_map(|format| format::patterns(format))
        .collect();
    let is_plain = count == 1 && also.is_empty() && !patterns[0].looks();
    let looks = patterns.iter().any(Pattern::looks);
    let effort = demand.effort();
    let mut is_made = false;
    let attempts = if demand.is_brief { BRIEFLY } else { ATTEMPTS };
    for attempt in 0..attempts {
        if attempt % 8 == 7 && effort.is_spent() || is_plain && !is_made && attempt == HOPELESS {
            break;
        }
        // What looks around is soon found by going back, if it isn't at once.
        if attempt == HOPELESS && looks {
            let found = pattern::seek(&demand.patterns, demand, bounds, draw, is_good);
            if found.is_some() {
                return found;
            }
        }
        patterns.truncate(count);
        // Once each had its turn, those that leave the most open, which come last.
        let also = match (attempt % 2, attempt / 2) {
            (0, _) => None,
            (_, turn) if turn < also.len() => also.get(turn),
            (_, turn) => also.iter().rev().nth(turn % OPEN),
        };
        patterns.extend(also.and_then(|pattern| Pattern::parse(pattern)));
        let written = match demand.crowd < CROWD {
            true => attempt,
            false => pattern::MIXED + attempt,
        };
        work(2);
        let made = pattern::walk(&patterns, bounds, written, draw);
        is_made |= made.is_some();
        if let Some(made) = made.filter(is_good) {
            return Some(made);
        }
    }
    None
}

/// What a pattern looks ahead for that does nothing else.
fn seen_ahead(pattern: &str) -> Option<&str> {
    let inner = pattern.strip_prefix("(?=")?.strip_suffix(')')?;
    (!inner.contains(['(', ')', '['])).then_some(inner)
}

/// Formats that patterns look as if they meant.
fn hints(patterns: &[String]) -> impl Iterator<Item = &'static str> {
    let has = |text: &str| patterns.iter().any(|pattern| pattern.contains(text));
    let hints = [
        ("email", has("@") && has(".") && !has("(?=")),
        ("uri", has("://") || has(r":\/\/")),
        ("uuid", has("{8}") && has("{12}")),
        ("date-time", has("{4}") && has("{2}") && has("T")),
        ("date", has("{4}") && has("{2}")),
        ("year-month", has("{4}") && has("-")),
        ("time", has(":") && has("{2}")),
        ("time-local", has(":") && has("{2}")),
        ("duration", has("P") && has("T") && has("H")),
        (
            "phone",
            patterns.iter().any(|pattern| pattern.starts_with(r"^\+")),
        ),
    ];
    hints
        .into_iter()
        .filter(|(_, is_hinted)| *is_hinted)
        .map(|(format, _)| format)
}
