//! Texts without their markup.

use super::super::escape::visible;
use super::events::events;
use super::html::{self, Token};
use pulldown_cmark::{Event, TagEnd};

/// How many bytes of Markdown are read for each character that is wanted.
const BYTES_PER_CHAR: usize = 16;

/// The first paragraph of a Markdown text without its markup, on one line of at most so many
/// characters: cut after a sentence where one ends in time, else after a word, with an ellipsis.
pub fn plain(markdown: &str, max_chars: usize) -> String {
    let lines = lines(markdown, max_chars);
    let first = lines.iter().find(|line| line.is_paragraph);
    let first = first.or(lines.first()).map(|line| line.text.as_str());
    shorten(first.unwrap_or_default(), max_chars)
}

/// The whole of a Markdown text without its markup, on one line of at most so many characters.
pub fn words(markdown: &str, max_chars: usize) -> String {
    let lines = lines(markdown, max_chars);
    let lines: Vec<String> = lines.into_iter().map(|line| line.text).collect();
    shorten(&lines.join(" "), max_chars)
}

struct Line {
    text: String,
    is_paragraph: bool,
}

fn lines(markdown: &str, max_chars: usize) -> Vec<Line> {
    let size = max_chars
        .saturating_mul(BYTES_PER_CHAR)
        .clamp(4096, 64 * 1024);
    let mut lines = Vec::new();
    let mut line = String::new();
    for event in events(markdown, size).0 {
        match event {
            Event::Text(text) | Event::Code(text) => line.push_str(&text),
            Event::SoftBreak | Event::HardBreak => line.push(' '),
            Event::InlineHtml(tag) if tag.starts_with("<br") => line.push(' '),
            Event::Html(html) => line.extend(html::tokens(&html).into_iter().map(said)),
            Event::End(end) if ends_block(end) => {
                let text = line.split_whitespace().collect::<Vec<_>>().join(" ");
                let text = visible(&text).into_owned();
                let is_paragraph = matches!(end, TagEnd::Paragraph | TagEnd::HtmlBlock);
                line.clear();
                if !text.is_empty() {
                    lines.push(Line { text, is_paragraph });
                }
            }
            _ => {}
        }
    }
    lines
}

/// What a token of HTML says: tags stand between words.
fn said(token: Token) -> String {
    match token {
        Token::Text(text) => text,
        _ => String::new(),
    }
}

fn ends_block(end: TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

/// At most so many characters of a line.
fn shorten(text: &str, max_chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max_chars) else {
        return text.to_owned();
    };
    let head = &text[..end];
    if let Some(sentence) = sentences_end(head, &text[end..]) {
        return head[..sentence].to_owned();
    }
    let room = text.char_indices().nth(max_chars.saturating_sub(1));
    let room = &text[..room.map_or(0, |(end, _)| end)];
    // A word that fills half of the line, or a script without spaces, is cut within.
    let word = match text[room.len()..].starts_with(' ') {
        true => Some(room.len()),
        false => room.rfind(' ').filter(|word| *word > room.len() / 2),
    };
    let room = room[..word.unwrap_or(room.len())].trim_end_matches([' ', ',', ';', ':']);
    match max_chars {
        0 => String::new(),
        _ => format!("{room}…"),
    }
}

/// Where the last sentence ends that a text holds whole.
fn sentences_end(head: &str, after: &str) -> Option<usize> {
    let mut ends = head.char_indices().rev();
    let (end, c) = ends.find(|(index, c)| {
        let next = head[index + c.len_utf8()..].chars().next();
        let next = next.or(after.chars().next());
        match c {
            '。' | '！' | '？' | '।' | '؟' => true,
            '.' | '!' | '?' => {
                next.is_none_or(char::is_whitespace) && !is_abbreviation(&head[..*index])
            }
            _ => false,
        }
    })?;
    Some(end + c.len_utf8())
}

/// Whether a dot after a text ends no sentence: after a single letter, as in `e.g.`, and the like.
fn is_abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let is_letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    is_letter || ["etc", "vs", "cf", "approx", "incl"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_paragraph_is_told_without_markup() {
        let text =
            "# Title\n\nA *fine* [link](x) `a<b`,\nand <b>more</b>&nbsp;\u{202e}.\n\nSecond.";
        assert_eq!(plain(text, 100), "A fine link a<b, and more [U+202E].");
        assert_eq!(
            words(text, 100),
            "Title A fine link a<b, and more [U+202E]. Second."
        );
        assert_eq!(plain("- one\n- two", 100), "one");
        assert_eq!(
            plain("<div>In <i>HTML</i></div>\n<script>x</script>", 100),
            "In HTML"
        );
        assert_eq!(plain("", 100), "");
    }

    #[test]
    fn a_long_one_ends_after_a_sentence_or_a_word() {
        assert_eq!(plain("One two. Three, e.g. four five.", 24), "One two.");
        assert_eq!(plain("One two three", 8), "One two…");
        assert_eq!(plain("One two, three", 12), "One two…");
        assert_eq!(plain("日本語のとても長い文", 5), "日本語の…");
        assert_eq!(plain("日本。のとても長い文", 5), "日本。");
        assert_eq!(plain("abcdef", 0), "");
        assert_eq!(plain("abcdef", 1), "…");
    }
}
