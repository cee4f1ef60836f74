//! Bare addresses in a text, as GitHub's Markdown links them (GFM §6.9).

/// How far an address is read; a longer one stays text.
const LENGTH: usize = 1024;

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Address(&'t str),
}

/// The parts of a text: addresses of `http` and `https`, and what stands between them.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find("://") {
        let colon = from + found;
        from = colon + 3;
        let Some(first) = scheme_start(&text[start..colon]).map(|first| start + first) else {
            continue;
        };
        let length = address_length(&text[first..], from - first);
        if length == 0 {
            continue;
        }
        if first > start {
            pieces.push(Piece::Text(&text[start..first]));
        }
        pieces.push(Piece::Address(&text[first..first + length]));
        start = first + length;
        from = start;
    }
    if start < text.len() {
        pieces.push(Piece::Text(&text[start..]));
    }
    pieces
}

/// Where the scheme starts that a text ends with, if it stands apart from the word before.
fn scheme_start(before: &str) -> Option<usize> {
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        let tail = before.len().checked_sub(scheme.len());
        let tail = tail.and_then(|start| before.get(start..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(scheme))
    })?;
    let start = before.len() - scheme.len();
    let previous = before[..start].chars().next_back();
    let is_apart = previous.is_none_or(|c| !c.is_alphanumeric() && !"+-.".contains(c));
    is_apart.then_some(start)
}

/// How long the address is that a text starts with, or 0 where it's none: a template with braces
/// leads nowhere as it stands.
fn address_length(text: &str, host: usize) -> usize {
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"`|\\".contains(c);
    let end = text.char_indices().take(LENGTH + 1).find(|(_, c)| ends(*c));
    let end = match end {
        Some((index, _)) => index,
        None if text.len() <= LENGTH => text.len(),
        None => return 0,
    };
    let end = trimmed(&text[..end]);
    let Some(rest) = text.get(host..end) else {
        return 0;
    };
    let starts = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    match starts && !rest.contains(['{', '}']) {
        true => end,
        false => 0,
    }
}

/// The length of an address without the punctuation of the sentence around it.
fn trimmed(address: &str) -> usize {
    let count = |c: char| address.matches(c).count();
    let mut surplus = count(')').saturating_sub(count('('));
    let mut end = address.len();
    for c in address.chars().rev() {
        let goes = match c {
            ')' if surplus > 0 => {
                surplus -= 1;
                true
            }
            c => "?!.,:;*_~'’”»]".contains(c),
        };
        if !goes {
            break;
        }
        end -= c.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use Piece::{Address, Text};

    #[test]
    fn addresses_end_before_the_punctuation_of_the_sentence() {
        assert_eq!(
            pieces("See (https://a.example/x_(y)?b=1&c=2), or HTTP://b.example."),
            [
                Text("See ("),
                Address("https://a.example/x_(y)?b=1&c=2"),
                Text("), or "),
                Address("HTTP://b.example"),
                Text("."),
            ]
        );
    }

    #[test]
    fn templates_other_schemes_and_halves_stay_text() {
        let texts = [
            "https://{region}.a.example/",
            "https://a.example/{id}",
            "ftp://a.example",
            "http://",
            "xhttp://a",
            "https://.",
            "://",
            "",
        ];
        for text in texts {
            assert!(
                pieces(text).iter().all(|piece| matches!(piece, Text(_))),
                "{text}"
            );
        }
    }
}
