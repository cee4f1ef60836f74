//! What is wrong with a text that is no YAML: where the mistake is, and what would mend it.

use std::ops::Range;

/// Why a text is no YAML that can be taken, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) span: Range<usize>,
    pub(super) help: Option<&'static str>,
}

/// What the parser says, put where the mistake is, with what would mend it.
pub(super) fn broken(text: &str, at: usize, info: &str) -> Fault {
    if let Some(span) = tab(text, at).filter(|_| info.contains("tab")) {
        return Fault {
            message: "this is not YAML: a tab indents this line".to_owned(),
            span,
            help: Some("indent with spaces"),
        };
    }
    let cases = [
        ("expected key", "the keys of one mapping are indented alike"),
        (
            "mapping values are not allowed",
            "a text with `: ` in it needs quotes; a key is indented like the keys beside it",
        ),
        (
            "multiline quoted scalar",
            "the text that this quote opens doesn't end, or its lines aren't indented",
        ),
        (
            "unclosed quote",
            "the text that this quote opens doesn't end",
        ),
        (
            "unknown escape",
            "in double quotes a backslash is written twice, in single quotes once",
        ),
        ("-quoted scalar", "quote the text as a whole, or not at all"),
        ("flow", "a `{` or `[` isn't closed, or a comma is missing"),
        ("bracket", "each `{` and `[` has its `}` or `]`"),
        (
            "unknown anchor",
            "the anchor, `&name`, stands before its alias",
        ),
        (
            "unexpected character",
            "a text that starts with this character needs quotes",
        ),
    ];
    let at = match info.contains("unknown escape") {
        true => bad_escape(text, at),
        false => at,
    };
    if info.contains("recursion limit") {
        return Fault {
            message: "nested deeper than 256 levels".to_owned(),
            span: at..at,
            help: None,
        };
    }
    let case = cases.iter().find(|(sign, _)| info.contains(sign));
    Fault {
        message: format!("this is not YAML: {info}"),
        span: at..at,
        help: case.map(|(_, help)| *help),
    }
}

/// The first backslash of a double-quoted text that opens no escape (YAML 1.2.2 §5.7).
fn bad_escape(text: &str, at: usize) -> usize {
    let mut chars = text[at..].char_indices();
    while let Some((offset, c)) = chars.next() {
        if c == '\\'
            && chars
                .next()
                .is_some_and(|(_, c)| !"0abt\tnvfre \"/\\N_LPxuU\r\n".contains(c))
        {
            return at + offset;
        }
    }
    at
}

/// The tab that indents the line of a place, or one of the two after it.
fn tab(text: &str, at: usize) -> Option<Range<usize>> {
    let mut start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    for line in text[start..].split_inclusive('\n').take(3) {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return Some(start + tab..start + tab + 1);
        }
        start += line.len();
    }
    None
}
