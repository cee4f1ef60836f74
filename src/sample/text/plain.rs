//! Plain words, for texts that nothing is said of.

use crate::sample::draw::Draw;
use std::sync::LazyLock;

/// Words of three to ten letters that mean no harm, in order of their length.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| TEXT.split(' ').collect());
const TEXT: &str = "\
    ash bay elm fox ivy oak owl sky arch bell boat clay dawn dune fern gate glen hill iris jade \
    kite lake leaf lime mill mint moss opal palm park pine pond reed rose sage sand snow star \
    surf tide vale vine wave wren acorn amber basil beach birch bloom brook cedar cliff cloud \
    coral delta ember fjord flint grove hazel heron lemon lilac linen lotus maple marsh ocean \
    olive pearl river robin shore slate spice stone thyme tulip anchor autumn bamboo beacon \
    breeze bridge canyon cobalt copper cotton falcon forest garden ginger harbor indigo island \
    kettle lagoon magnet meadow mirror nectar orchid pebble poplar quartz silver spruce summer \
    timber violet walnut willow winter blossom compass crystal feather harvest horizon jasmine \
    juniper lantern morning orchard pasture prairie rainbow saffron thistle village campfire \
    hillside lavender mountain seashore snowfall sunlight cornfield moonlight riverbank \
    snowflake waterfall greenhouse lighthouse";

/// A word.
pub(super) fn word(draw: &mut Draw) -> &'static str {
    draw.one_of(&WORDS).copied().unwrap_or("word")
}

/// A word of at most so many letters; nothing below three.
pub(super) fn word_within(most: usize, draw: &mut Draw) -> Option<&'static str> {
    let most = most.min(12);
    let mut tries = (0..6).map(|_| word(draw));
    let found = tries.find(|word| word.len() <= most);
    found.or_else(|| WORDS.iter().copied().find(|word| word.len() <= most))
}

/// Texts of letters and digits that differ, the shortest first, from the `turn`th on; nothing
/// where one is longer than texts that are told apart.
pub(super) fn in_turn(
    least: usize,
    most: usize,
    turn: u64,
) -> Option<Box<dyn Iterator<Item = String>>> {
    /// How long they are at most.
    const LONG: usize = 200;
    let least = least.max(1);
    if least > LONG.min(most) {
        return None;
    }
    /// Those that are read everywhere, and those for texts of one character, of which there are few.
    const READABLE: usize = 62;
    static LETTERS: LazyLock<Vec<char>> = LazyLock::new(|| {
        let readable = ('a'..='z').chain('0'..='9').chain('A'..='Z');
        let beyond = ('\u{a1}'..='\u{fff}').filter(|c| c.is_alphabetic());
        readable.chain(beyond).collect()
    });
    let letters = match most {
        1 => LETTERS.as_slice(),
        _ => &LETTERS[..READABLE],
    };
    let text = move |mut number: u64| {
        let count = letters.len() as u64;
        let mut text = Vec::new();
        loop {
            text.push(letters[(number % count) as usize]);
            number /= count;
            match number.checked_sub(1) {
                Some(left) => number = left,
                None => break,
            }
        }
        text.resize(text.len().max(least), 'a');
        text.into_iter().rev().collect()
    };
    Some(Box::new((turn..).map(text)))
}

/// A readable text of so many characters.
pub(super) fn plain(least: usize, most: Option<usize>, draw: &mut Draw) -> String {
    let most = most.unwrap_or(usize::MAX).max(least);
    if least > 60 {
        return sentences(least, most, draw);
    }
    let mut text = word(draw).to_owned();
    if draw.below(2) == 0 {
        text = format!("{text} {}", word(draw));
    }
    fitted(&text, least, most, draw)
}

fn sentences(least: usize, most: usize, draw: &mut Draw) -> String {
    let mut text = String::with_capacity(least + 80);
    while text.len() < least {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&sentence(draw));
    }
    if text.len() > most {
        cut(&mut text, least, most);
    }
    text
}

/// A sentence that means nothing in particular.
pub(super) fn sentence(draw: &mut Draw) -> String {
    let mut one = |list: &[&'static str]| draw.one_of(list).copied().unwrap_or_default();
    let verb = one(&["near", "beyond", "behind", "beside", "above", "below"]);
    let seen = one(&["is", "was", "lies", "stands", "rests"]);
    let when = one(&[" today", " in spring", " at noon", " once more", "", ""]);
    let (first, second) = (word(draw), word(draw));
    format!("The {first} {seen} {verb} the {second}{when}.")
}

/// A text made so long: cut at the border of a word where there is one, or of a character; or
/// with more words.
pub(super) fn fitted(text: &str, least: usize, most: usize, draw: &mut Draw) -> String {
    let mut text = text.to_owned();
    let mut length = text.chars().count();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // What is a number stays one.
        text.extend((length..least).map(|_| char::from(b'0' + draw.below(10) as u8)));
        length = length.max(least);
    } else if length > 0 && least > length + 60 {
        text.push(' ');
        text.push_str(&sentences(least - length - 1, most - length - 1, draw));
        length = text.chars().count();
    }
    while length < least {
        let room = most - length;
        // Two and more characters of room are a space and a word, or what is left of one.
        match word_within(room.saturating_sub(1), draw) {
            Some(word) if length > 0 => {
                text.push(' ');
                text.push_str(word);
                length += word.len() + 1;
            }
            Some(word) => {
                text.push_str(word);
                length += word.len();
            }
            None => {
                text.push(char::from(b'a' + draw.below(26) as u8));
                length += 1;
            }
        }
    }
    if length > most {
        cut(&mut text, least, most);
    }
    text
}

/// Cuts a text to at most so many characters, at a border of words that leaves enough.
fn cut(text: &mut String, least: usize, most: usize) {
    let end = |count: usize| {
        text.char_indices()
            .nth(count)
            .map_or(text.len(), |(at, _)| at)
    };
    let (least, most) = (end(least), end(most));
    let is_end = |at: &usize| {
        text[..*at].ends_with(char::is_alphanumeric)
            && text[*at..].starts_with(|c: char| !c.is_alphanumeric())
    };
    let border = (least.max(1)..=most)
        .rev()
        .find(|at| text.is_char_boundary(*at) && is_end(at));
    // A space at the end is none of a word.
    let hard = match text[..most].trim_end().len() {
        trimmed if trimmed >= least => trimmed,
        _ => most,
    };
    text.truncate(border.unwrap_or(hard));
}
