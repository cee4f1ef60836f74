//! The author's own HTML, read for what it says; none of its bytes are passed on.

use pulldown_cmark::{Event, Parser};

/// The elements whose content is no text for a reader.
const UNREAD: [&str; 16] = [
    "script", "style", "template", "iframe", "object", "noscript", "svg", "math", "head", "title",
    "noembed", "noframes", "video", "audio", "canvas", "select",
];

/// A part of a text of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Text(String),
    Open(Tag),
    /// The name of the element that ends.
    Close(String),
}

/// A tag that starts an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// In lower case.
    pub(super) name: String,
    attributes: String,
}

impl Tag {
    /// The value of an attribute, character references read; the first counts.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes.as_str();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || "=/".contains(c));
            let (key, after) = rest.split_at(end.unwrap_or(rest.len()).max(1.min(rest.len())));
            let (value, after) = value(after);
            if key.eq_ignore_ascii_case(name) {
                return Some(decoded(value));
            }
            rest = after;
        }
    }
}

/// The value of an attribute after its name, and the rest.
fn value(text: &str) -> (&str, &str) {
    let Some(text) = text.trim_start().strip_prefix('=') else {
        return ("", text);
    };
    let text = text.trim_start();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    text.split_at(
        text.find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(text.len()),
    )
}

/// Whether an element is left out with its content.
pub(super) fn is_unread(name: &str) -> bool {
    UNREAD.contains(&name)
}

/// Reads a text of HTML. Comments and declarations are left out, elements that no reader reads
/// with their content; whatever can't be read as a tag is text.
pub(super) fn tokens(html: &str) -> Vec<Token> {
    let mut reader = Reader {
        html,
        at: 0,
        has_odd_quotes: false,
        unclosed: Vec::new(),
    };
    let mut tokens = Vec::new();
    while reader.at < html.len() {
        let rest = &html[reader.at..];
        let length = match rest.starts_with('<') {
            true => reader.markup(&mut tokens),
            false => 0,
        };
        if length > 0 {
            reader.at += length;
            continue;
        }
        // A `<` that starts no tag is a character as any other.
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let end = rest[first..]
            .find('<')
            .map_or(rest.len(), |end| first + end);
        match tokens.last_mut() {
            Some(Token::Text(text)) => text.push_str(&rest[..end]),
            _ => tokens.push(Token::Text(rest[..end].to_owned())),
        }
        reader.at += end;
    }
    for token in &mut tokens {
        if let Token::Text(text) = token {
            *text = decoded(text);
        }
    }
    tokens
}

struct Reader<'h> {
    html: &'h str,
    at: usize,
    /// A quote isn't closed to the end: from there on, a tag ends with the first `>`.
    has_odd_quotes: bool,
    /// What was looked for up to the end and isn't there, so that it's looked for once.
    unclosed: Vec<String>,
}

impl Reader<'_> {
    /// Reads what a `<` starts, and gives its length, or 0 where it's no markup.
    fn markup(&mut self, tokens: &mut Vec<Token>) -> usize {
        let html = self.html;
        let rest = &html[self.at..];
        for (start, end) in [
            ("<!--", "-->"),
            ("<![CDATA[", "]]>"),
            ("<?", "?>"),
            ("<!", ">"),
        ] {
            if rest.starts_with(start) {
                return self.past(start.len(), end).unwrap_or(start.len());
            }
        }
        let is_end = rest[1..].starts_with('/');
        let name_start = 1 + usize::from(is_end);
        let after = &rest[name_start..];
        let name = after
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .next();
        let name = name.unwrap_or_default();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.len() > 32 {
            return 0;
        }
        let name_end = name_start + name.len();
        let Some(end) = self.tag_end(name_end) else {
            return 0;
        };
        let attributes = rest[name_end..end - 1].to_owned();
        let name = name.to_ascii_lowercase();
        if is_end {
            tokens.push(Token::Close(name));
            return end;
        }
        let is_void = attributes.ends_with('/');
        if is_unread(&name) {
            if is_void {
                return end;
            }
            return self.past_element(end, &name).unwrap_or(end);
        }
        tokens.push(Token::Open(Tag { name, attributes }));
        end
    }

    /// The length up to and with an end that is looked for.
    fn past(&mut self, from: usize, end: &str) -> Option<usize> {
        if self.unclosed.iter().any(|known| known == end) {
            return None;
        }
        let found = self.html[self.at + from..].find(end);
        if found.is_none() {
            self.unclosed.push(end.to_owned());
        }
        Some(from + found? + end.len())
    }

    fn past_element(&mut self, from: usize, name: &str) -> Option<usize> {
        if self.unclosed.iter().any(|known| known == name) {
            return None;
        }
        let rest = &self.html[self.at + from..];
        let is_end = |index: usize| {
            let after = rest.get(index + 2..index + 2 + name.len());
            after.is_some_and(|after| after.eq_ignore_ascii_case(name))
        };
        let found = rest.match_indices("</").find(|(index, _)| is_end(*index));
        let Some((start, _)) = found else {
            self.unclosed.push(name.to_owned());
            return None;
        };
        let start = from + start;
        let end = self.html[self.at + start..].find('>');
        Some(end.map_or(start + 2 + name.len(), |end| start + end + 1))
    }

    /// Where a tag ends, past its `>`; one within quotes is part of a value.
    fn tag_end(&mut self, from: usize) -> Option<usize> {
        let rest = &self.html[self.at..];
        if !self.has_odd_quotes {
            let mut quote = None;
            for (index, byte) in rest.bytes().enumerate().skip(from) {
                match (quote, byte) {
                    (None, b'>') => return Some(index + 1),
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (Some(open), byte) if open == byte => quote = None,
                    _ => {}
                }
            }
            self.has_odd_quotes = true;
        }
        let end = self.past(from, ">");
        end.filter(|end| rest.is_char_boundary(*end))
    }
}

/// A text with its character references read, as the Markdown around reads them.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let name = rest.as_bytes()[1..].iter().take(33);
        let name = name.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#');
        let length = 1 + name.count();
        let length = length + usize::from(rest[length..].starts_with(';'));
        let reference = &rest[..length];
        let event = reference
            .ends_with(';')
            .then(|| Parser::new(reference).nth(1));
        match event.flatten() {
            Some(Event::Text(text)) => out.push_str(&text),
            _ => out.push_str(reference),
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let shown = tokens(html).into_iter().map(|token| match token {
            Token::Text(text) => text,
            Token::Open(tag) => format!("[{}]", tag.name),
            Token::Close(name) => format!("[/{name}]"),
        });
        shown.collect()
    }

    #[test]
    fn tags_and_texts_are_told_apart() {
        assert_eq!(
            shown("<B class='a>b'>1 < 2 &amp;lt; &eacute;</b\n>"),
            "[b]1 < 2 &lt; é[/b]"
        );
        assert_eq!(shown("a <3 <> </> <b"), "a <3 <> </> <b");
        assert_eq!(shown("<a title=\"x>y\">z</a> <i \">"), "[a]z[/a] [i]");
    }

    #[test]
    fn what_no_reader_reads_is_left_out() {
        assert_eq!(
            shown("a<!-- <b> -->b<!DOCTYPE x>c<?php ?>d<![CDATA[x]]>e"),
            "abcde"
        );
        assert_eq!(
            shown("a<SCRIPT src=x>alert('<b>')</sCript x>b<style>*{}</style>c"),
            "abc"
        );
        assert_eq!(shown("a<svg/onload=x>b</svg>c<script>d<!-- e"), "acd e");
    }

    #[test]
    fn attributes_are_found_by_name() {
        let tag = |html: &str| match tokens(html).into_iter().next() {
            Some(Token::Open(tag)) => tag,
            other => panic!("{other:?}"),
        };
        let link = tag("<a id=x HREF = 'a&amp;b' href=\"c\">");
        assert_eq!(link.attribute("href").as_deref(), Some("a&b"));
        assert_eq!(link.attribute("id").as_deref(), Some("x"));
        assert_eq!(tag("<a = / checked>").attribute("href"), None);
        assert_eq!(tag("<a href>").attribute("href").as_deref(), Some(""));
    }

    #[test]
    fn hostile_html_is_read_in_linear_time() {
        for unit in [
            "<a \"", "<!--", "<script>", "<", "</", "&", "<a '>", "<svg", "&#x41;", "<b>",
        ] {
            assert!(tokens(&unit.repeat(40_000)).len() <= 40_001);
        }
    }
}
