//! Text from documents as a page may show it: escaped, and without characters that act.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character does something beside being shown: controls but for the tab and the line
/// feed, and what overrides or isolates the direction of writing (UAX #9 §2).
pub fn acts(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() && c != '\n' && c != '\t' || turns
}

/// A text in which each character that acts is replaced by a symbol that is seen: `␀` for NUL,
/// `�` for a control of C1, `[U+202E]` for what turns the direction. A carriage return before a
/// line feed is left out.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !may_act(text.as_bytes()) || !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\0'..='\u{1f}' | '\u{7f}' if acts(c) => out.push(picture(c)),
            '\u{80}'..='\u{9f}' => out.push('\u{fffd}'),
            c if acts(c) => push_code_point(&mut out, c),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// How many bytes of a text are looked at at once.
const CHUNK: usize = 64;

/// Whether a text may have a character that acts, by its bytes: whole pages are looked through.
fn may_act(text: &[u8]) -> bool {
    let mut start = 0;
    text.chunks(CHUNK).any(|chunk| {
        let at = start;
        start += chunk.len();
        // Without a branch, so that a processor takes many bytes at once.
        let has_lead = chunk.iter().fold(false, |has, byte| {
            let is_control = *byte < 0x20 && *byte != b'\n' && *byte != b'\t';
            has | is_control | (*byte == 0x7f) | (*byte == 0xc2) | (*byte == 0xe2)
        });
        has_lead && (at..start).any(|at| acts_at(text, at))
    })
}

/// Whether a character that acts may start there.
fn acts_at(text: &[u8], at: usize) -> bool {
    match text[at] {
        b'\n' | b'\t' => false,
        0..0x20 | 0x7f => true,
        // U+0080 to U+009F.
        0xc2 => text.get(at + 1).is_some_and(|next| *next < 0xa0),
        // U+2000 to U+207F, of which those that turn the direction.
        0xe2 => matches!(
            text.get(at + 1..at + 3),
            Some([0x80, 0xaa..=0xae] | [0x81, 0xa6..=0xa9])
        ),
        _ => false,
    }
}

/// The symbol of an ASCII control (Unicode block "Control Pictures").
fn picture(control: char) -> char {
    match control {
        '\u{7f}' => '\u{2421}',
        c => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
    }
}

fn push_code_point(out: &mut String, c: char) {
    write!(out, "[U+{:04X}]", u32::from(c)).expect("a String takes all that is written");
}

/// A text as HTML, within an element or a quoted attribute: made visible, then escaped.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push_html(&mut out, text);
    out
}

/// Writes what [`html`] gives.
pub fn push_html(out: &mut String, text: &str) {
    let text = visible(text);
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[start..at]);
        out.push_str(escaped);
        start = at + 1;
    }
    out.push_str(&text[start..]);
}

/// A text as an id of a page: what is no letter, digit, dot, hyphen, underscore or tilde is a tilde
/// and its code point.
pub fn id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '~' | '-') {
            true => id.push(c),
            false => write!(id, "~{:x}", u32::from(c)).expect("a String takes all that is written"),
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_act_are_seen_instead() {
        assert_eq!(visible("a\0b\u{1b}[31m\u{7f}"), "a␀b␛[31m␡");
        assert_eq!(
            visible("\u{202e}x\u{2069}\u{85}"),
            "[U+202E]x[U+2069]\u{fffd}"
        );
    }

    #[test]
    fn characters_that_act_are_found_wherever_they_stand_in_a_long_text() {
        for at in [0, 1, 62, 63, 64, 65, 127, 200] {
            for (acts, seen) in [
                ("\0", "␀"),
                ("\u{202e}", "[U+202E]"),
                ("\u{85}", "\u{fffd}"),
            ] {
                let text = |what: &str| format!("{}{what}’{}", "a".repeat(at), "b".repeat(70));
                assert_eq!(visible(&text(acts)), text(seen), "{at}");
            }
        }
    }

    #[test]
    fn lines_tabs_and_other_scripts_stay() {
        assert_eq!(visible("a\tb\r\nc\rd"), "a\tb\nc␍d");
        let text = "שלום\u{200f} नमस्ते 👩‍👩‍👧";
        assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn html_ends_neither_its_element_nor_its_attribute() {
        assert_eq!(
            html("</p a='b'>\"&\0"),
            "&lt;/p a=&#39;b&#39;&gt;&quot;&amp;␀"
        );
    }
}
