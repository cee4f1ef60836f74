//! The characters of a YAML scalar as it is written, so that a place within what it says can be
//! found in the text.

use granit_parser::ScalarStyle;

/// One character of a scalar, and the bytes that it was written with.
pub(super) struct Unit {
    pub(super) value: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The characters of a scalar as YAML reads them: what is quoted has escapes. White space isn't
/// folded.
pub(super) fn units(text: &str, style: ScalarStyle) -> Vec<Unit> {
    let (mut at, end) = (0, text.len());
    let mut units = Vec::new();
    while let Some(c) = text[at..end].chars().next() {
        let (value, length) = match (style, c) {
            (ScalarStyle::SingleQuoted, '\'') => (c, 2),
            (ScalarStyle::DoubleQuoted, '\\') => escaped(&text[at..end]),
            _ => (c, c.len_utf8()),
        };
        let next = (at + length).min(end);
        units.push(Unit {
            value,
            start: at,
            end: next,
        });
        at = next;
    }
    units
}

/// The character that an escape of a double-quoted scalar stands for (YAML 1.2.2 §5.7), and its length.
fn escaped(text: &str) -> (char, usize) {
    let Some(kind) = text[1..].chars().next() else {
        return ('\\', 1);
    };
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        // Those that stand for white space; of the others it only counts that they are one.
        't' | '\t' | 'n' | 'v' | 'r' | ' ' | 'N' | '_' | 'L' | 'P' => return (' ', 2),
        '\n' => return ('\n', 2),
        _ => return (kind, 1 + kind.len_utf8()),
    };
    let code = text.get(2..2 + digits);
    let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
    (
        code.and_then(char::from_u32).unwrap_or('?'),
        if code.is_some() { 2 + digits } else { 2 },
    )
}
