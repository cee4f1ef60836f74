//! What the author says in HTML, and texts of either origin.

use super::autolink::{self, Piece};
use super::element::Element;
use super::html::{self, Token};
use super::render::Renderer;

impl Renderer<'_> {
    /// Writes a text, in which bare addresses are links.
    pub(super) fn text(&mut self, text: &str, is_author: bool) {
        let pieces = match self.writer.is_in_link() {
            true => vec![Piece::Text(text)],
            false => autolink::pieces(text),
        };
        for piece in pieces {
            match piece {
                Piece::Text(text) if is_author => self.writer.author_text(text),
                Piece::Text(text) => self.writer.text(text),
                Piece::Address(address) => {
                    self.open_link(address, "", is_author);
                    self.writer.text(address);
                    match is_author {
                        true => self.writer.author_close(Element::Link),
                        false => self.writer.close(),
                    }
                }
            }
        }
    }

    pub(super) fn author(&mut self, html: &str) {
        for token in html::tokens(html) {
            match token {
                Token::Text(text) => self.text(&text, true),
                Token::Open(tag) => self.author_tag(&tag),
                Token::Close(name) => match Element::of_author(&name) {
                    Some(element) => self.writer.author_close(element),
                    None if ends_text(&name) => self.writer.break_block(),
                    None => {}
                },
            }
        }
    }

    fn author_tag(&mut self, tag: &html::Tag) {
        match (tag.name.as_str(), Element::of_author(&tag.name)) {
            ("br", _) => self.writer.void("<br>"),
            ("hr", _) => self.writer.rule(),
            ("img", _) => {
                let alternative = tag.attribute("alt").unwrap_or_default();
                let address = tag.attribute("src").unwrap_or_default();
                self.open_link(&address, "", true);
                self.writer.author_text(&alternative);
                self.writer.author_close(Element::Link);
            }
            (_, Some(Element::Link)) => match tag.attribute("href") {
                Some(address) => self.open_link(&address, "", true),
                None => self.writer.open_link(None, "", true),
            },
            (_, Some(element)) => self.writer.author_open(element, ""),
            (name, None) if is_heading(name) => {
                self.writer.author_open(Element::Paragraph, "");
                self.writer.author_open(Element::Strong, "");
            }
            (name, None) if ends_text(name) => self.writer.break_block(),
            _ => {}
        }
    }
}

fn is_heading(name: &str) -> bool {
    let level = name.strip_prefix('h').and_then(|level| level.parse().ok());
    level.is_some_and(|level: u8| (1..=6).contains(&level))
}

/// Whether an element that isn't written stands apart from the text before and after it.
fn ends_text(name: &str) -> bool {
    let blocks = [
        "address",
        "article",
        "aside",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "legend",
        "main",
        "nav",
        "option",
        "section",
    ];
    is_heading(name) || blocks.contains(&name)
}
