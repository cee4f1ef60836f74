//! Texts that meet demands: patterns, formats, lengths, encodings.
//!
//! Takes what a schema asks of a string, a text that its name asks for, and a stream; gives a
//! string that the schema's own validator accepts. What is made reads well: words, not noise.

mod codes;
mod content;
mod dates;
mod format;
mod pattern;
mod plain;
mod shapes;

#[cfg(test)]
mod tests;

use super::draw::Draw;
use pattern::{Bounds, Pattern};
use std::time::{Duration, Instant};

/// Beyond that many characters nothing is made.
const LONGEST: usize = 1_000_000;
/// How often a format is tried before it's given up.
const ATTEMPTS_OF_FORMAT: usize = 24;
/// How often a pattern is, and for how long.
const ATTEMPTS: usize = 300;
const TIME: Duration = Duration::from_millis(20);

/// What a string must be.
#[derive(Debug, Clone, Default)]
pub struct TextDemand {
    /// Patterns of ECMA-262, all of which must match somewhere.
    pub patterns: Vec<String>,
    /// Formats, by their names.
    pub formats: Vec<String>,
    /// The fewest characters it may have.
    pub least: usize,
    /// The most characters it may have.
    pub most: Option<usize>,
    /// `contentEncoding`: `base64`, `base16`, `quoted-printable`...
    pub encoding: Option<String>,
    /// `contentMediaType`: of what is encoded, or of the string itself.
    pub media_type: Option<String>,
}

/// A string that meets the demand; `wish` is a text that its name asks for, taken (or adapted in
/// length) if it fits. `accepts` is the last word: the compiled validator's. Nothing where none was
/// found within bounds: 300 attempts and 20 ms.
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
    if let Some(wish) = wish.filter(|wish| !wish.is_empty() && demand.encoding.is_none()) {
        let takes = |text: &String| formats.iter().all(|format| format::takes(format, text));
        let mut wishes = wishes(wish, demand, draw).into_iter().filter(takes);
        if let Some(found) = wishes.find(is_good) {
            return Some(found);
        }
    }
    for attempt in 0..ATTEMPTS_OF_FORMAT {
        let Some(made) = specific(demand, &formats, bounds, attempt, draw) else {
            break;
        };
        if is_good(&made) {
            return Some(made);
        }
    }
    if demand.patterns.is_empty() {
        let mut tries = (0..12).map(|_| plain::plain(bounds.least, demand.most, draw));
        return tries.find(is_good);
    }
    matching(demand, bounds, draw, &is_good)
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
    let mut patterns: Vec<Pattern> = demand
        .patterns
        .iter()
        .filter_map(|pattern| Pattern::parse(pattern))
        .collect();
    // The one that leaves least open leads.
    patterns.sort_by_key(Pattern::freedom);
    let shortest = patterns.iter().map(Pattern::least).max().unwrap_or(0);
    if shortest > bounds.most || shortest > LONGEST {
        return None;
    }
    let started = Instant::now();
    for attempt in 0..ATTEMPTS {
        if attempt % 8 == 7 && started.elapsed() > TIME {
            break;
        }
        let made = pattern::walk(&patterns, bounds, attempt, draw);
        if let Some(made) = made.filter(is_good) {
            return Some(made);
        }
    }
    None
}
