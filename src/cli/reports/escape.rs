//! Texts of documents within markup.

use crate::cli::style::acts;

/// A text within XML or HTML, in an element or an attribute in double quotes. What neither may have
/// (XML 1.0 §2.2), and what would act on the terminal that shows a report, is U+FFFD.
pub(in crate::cli) fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if acts(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The same in an attribute of XML, where a reader would make blanks of line breaks (§3.3.3).
pub(super) fn attribute(text: &str) -> String {
    markup(text).replace('\n', "&#10;").replace('\t', "&#9;")
}
