//! Texts of a format beside many others that differ: each like the first of them, with a number of
//! its own, which costs no more than to judge it.

use super::{TextDemand, dates};

/// How many dates or times are tried.
const MOMENTS: usize = 8;

/// Texts of a format that are probably not there yet, where so many are.
pub fn beside(demand: &TextDemand, like: &str, count: usize) -> Box<dyn Iterator<Item = String>> {
    let mut formats = demand.formats.iter();
    let moments = formats.find_map(|format| dates::in_turn(format, count as u64));
    match moments {
        Some(moments) => Box::new(moments.take(MOMENTS)),
        None => Box::new(numbered(like, count).into_iter()),
    }
}

/// A text with a number at the places where it may stand: behind the first word, at the end, in
/// the place of the first number, of the last characters, or of the last parts of an address.
fn numbered(text: &str, number: usize) -> Vec<String> {
    let mut texts = Vec::new();
    let is_letter = |c: char| c.is_ascii_alphabetic();
    if let Some(start) = text.find(is_letter) {
        let rest = &text[start..];
        let end = start + rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        if end - start > 1 {
            texts.push(format!("{}{number}{}", &text[..end], &text[end..]));
        }
    }
    texts.push(format!("{text}{number}"));
    let is_digit = |c: char| c.is_ascii_digit();
    if let Some(start) = text.find(is_digit) {
        let rest = &text[start..];
        let end = start + rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
        texts.push(format!("{}{number}{}", &text[..start], &text[end..]));
    }
    let written = number.to_string();
    let kept = text.len().checked_sub(written.len());
    if let Some(kept) = kept.filter(|_| text.is_ascii()) {
        texts.push(format!("{}{written}", &text[..kept]));
    }
    if let [first, second, _, _] = text.split('.').collect::<Vec<_>>()[..] {
        texts.push(format!(
            "{first}.{second}.{}.{}",
            number / 256 % 256,
            number % 256
        ));
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_where_it_may() {
        let has = |text: &str, wanted: &str| {
            let texts = numbered(text, 300);
            assert!(texts.iter().any(|text| text == wanted), "{texts:?}");
        };
        has("ada.lovelace@example.com", "ada300.lovelace@example.com");
        has("www.example.com", "www300.example.com");
        has("P3D", "P300D");
        has("192.0.2.1", "192.0.1.44");
        has("8-00abcd", "8-00a300");
        has("été", "été300");
    }
}
