//! HTML that is always whole: what is opened is closed, in order, and stands where it may.

use super::super::escape::push_html;
use super::element::Element;

/// How many elements stand within one another; those further in leave their text alone.
const DEPTH: usize = 96;

/// Writes elements and texts of two origins: the Markdown, whose elements are balanced, and the
/// author's own HTML, which closes no element of the Markdown and is closed with the one around.
#[derive(Debug, Default)]
pub(super) struct Writer {
    out: String,
    open: Vec<Open>,
    /// How many characters of text were written that are seen.
    ink: usize,
    /// How many there were when a line was last broken.
    broken: usize,
    links: usize,
}

/// A paragraph of a text in which nothing means anything but itself.
pub(super) fn paragraph(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 24);
    out.push_str("<p dir=\"auto\">");
    push_html(&mut out, text);
    out.push_str("</p>\n");
    out
}

#[derive(Debug)]
struct Open {
    element: Element,
    is_author: bool,
    is_written: bool,
    /// The innermost element that is written, this one or one around it.
    within: Option<Element>,
    ink: usize,
    /// Where its tag is written.
    tag: std::ops::Range<usize>,
    /// The text of a link that has none.
    fallback: String,
}

impl Writer {
    /// Opens an element of the Markdown.
    pub(super) fn open(&mut self, element: Element, attributes: &str) {
        let parents = element.parents().unwrap_or_default();
        match self.within() {
            Some(parent) if parents.contains(&parent) => {}
            _ if element.is_inline() => self.imply(),
            _ => self.start_block(),
        }
        self.push(element, attributes, false);
    }

    /// Opens a paragraph of the Markdown of which no element is written.
    pub(super) fn open_nothing(&mut self) {
        self.start_block();
        self.push_silent(Element::Paragraph, false);
    }

    /// Closes the innermost element of the Markdown, and what of the author is open within.
    pub(super) fn close(&mut self) {
        while self.pop().is_some_and(|open| open.is_author) {}
    }

    /// Opens an element of the author, where it can stand here; else a line ends, if it's a block.
    pub(super) fn author_open(&mut self, element: Element, attributes: &str) {
        if element.is_inline() {
            self.imply_paragraph();
        } else if self.is_in_line() {
            return self.break_line();
        } else if let Some(parents) = element.parents() {
            let Some(depth) = self.find_parent(parents) else {
                return self.break_line();
            };
            self.close_author_to(depth + 1);
            if element == Element::Row && self.within() == Some(Element::Table) {
                self.push(Element::Body, "", true);
            }
        } else {
            self.start_block();
        }
        self.push(element, attributes, true);
    }

    /// Opens a link, of the Markdown or of the author. Without an address, or within another
    /// link, its text is written alone.
    pub(super) fn open_link(&mut self, attributes: Option<&str>, fallback: &str, is_author: bool) {
        match is_author {
            true => self.imply_paragraph(),
            false => self.imply(),
        }
        let attributes = attributes.filter(|_| self.links == 0);
        let depth = self.open.len();
        match attributes {
            Some(attributes) => self.push(Element::Link, attributes, is_author),
            None => self.push_silent(Element::Link, is_author),
        }
        self.links += usize::from(self.open.len() > depth);
        if let Some(open) = self.open.get_mut(depth).filter(|open| open.is_written) {
            fallback.clone_into(&mut open.fallback);
        }
    }

    /// Closes the innermost such element of the author, if one is open.
    pub(super) fn author_close(&mut self, element: Element) {
        let is_it = |open: &Open| open.element == element;
        if let Some(depth) = self.authors().rposition(is_it) {
            self.close_author_to(self.barrier() + depth);
        }
    }

    /// Ends the author's paragraph, if one is open: at the start or end of a block that isn't
    /// written itself.
    pub(super) fn break_block(&mut self) {
        match self.is_in_line() {
            true => self.break_line(),
            false => self.start_block(),
        }
    }

    /// Ends what the author left open within a block of HTML and would run on in the Markdown.
    pub(super) fn end_html(&mut self) {
        let runs_on =
            |open: &Open| open.is_author && (open.element.is_inline() || open.element.holds_text());
        while self.open.last().is_some_and(runs_on) {
            self.pop();
        }
    }

    /// Writes a text of the Markdown.
    pub(super) fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.imply();
        } else if self.within().is_some_and(|e| e.only_child().is_some()) {
            return;
        }
        self.ink += text.chars().filter(|c| !c.is_whitespace()).count();
        push_html(&mut self.out, text);
    }

    /// Writes a text of the author's HTML.
    pub(super) fn author_text(&mut self, text: &str) {
        let holds_none = match self.within() {
            None => true,
            Some(element) => element.holds_blocks() || element.only_child().is_some(),
        };
        if text.trim().is_empty() && holds_none {
            return;
        }
        self.imply_paragraph();
        self.text(text);
    }

    /// Writes an element that has no content, in a line of text.
    pub(super) fn void(&mut self, html: &str) {
        self.imply();
        self.out.push_str(html);
    }

    /// Writes a thematic break, or where none can stand ends the line.
    pub(super) fn rule(&mut self) {
        if self.is_in_line() {
            return self.break_line();
        }
        self.start_block();
        self.out.push_str("<hr>\n");
    }

    pub(super) fn is_in_link(&self) -> bool {
        self.links > 0
    }

    /// The whole text, all closed.
    pub(super) fn finish(mut self) -> String {
        while self.pop().is_some() {}
        self.out
    }

    fn within(&self) -> Option<Element> {
        self.open.last().and_then(|open| open.within)
    }

    /// How many elements are open up to the innermost one of the Markdown.
    fn barrier(&self) -> usize {
        let last = self.open.iter().rposition(|open| !open.is_author);
        last.map_or(0, |index| index + 1)
    }

    fn authors(&self) -> std::slice::Iter<'_, Open> {
        self.open[self.barrier()..].iter()
    }

    /// Whether the Markdown is in a line of text, where no block can stand.
    fn is_in_line(&self) -> bool {
        let Some(index) = self.barrier().checked_sub(1) else {
            return false;
        };
        let element = self.open[index].element;
        element.is_inline() || element.holds_text()
    }

    fn break_line(&mut self) {
        if self.ink > self.broken {
            self.broken = self.ink;
            self.void("<br>");
        }
    }

    /// Ends the author's text, as a block follows that can't stand in it.
    fn start_block(&mut self) {
        if let Some(depth) = self.authors().position(|open| open.element.holds_text()) {
            self.close_author_to(self.barrier() + depth);
        }
        self.imply();
    }

    /// Opens what the innermost element must hold for anything else to stand in it.
    fn imply(&mut self) {
        while let Some(child) = self.within().and_then(Element::only_child) {
            self.push_written(child, "", true);
        }
    }

    fn imply_paragraph(&mut self) {
        self.imply();
        if self.within().is_none_or(Element::holds_blocks) {
            self.push(Element::Paragraph, "", true);
        }
    }

    /// Where the author's innermost element is that such a child belongs to, in reach from here.
    fn find_parent(&self, parents: &[Element]) -> Option<usize> {
        let first = self.barrier();
        for (index, open) in self.open.iter().enumerate().skip(first).rev() {
            if parents.contains(&open.element) {
                return Some(index);
            }
            let is_wall = open.element.holds_blocks() || open.element == Element::Table;
            if is_wall {
                return None;
            }
        }
        None
    }

    fn close_author_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            self.pop();
        }
    }

    fn push(&mut self, element: Element, attributes: &str, is_author: bool) {
        match self.open.len() < DEPTH {
            true => self.push_written(element, attributes, is_author),
            false => self.push_silent(element, is_author),
        }
    }

    fn push_written(&mut self, element: Element, attributes: &str, is_author: bool) {
        let start = self.out.len();
        if element == Element::Table {
            self.out.push_str("<div class=\"scroll\" tabindex=\"0\">");
        }
        let parts = [
            "<",
            element.name(),
            element.fixed_attributes(),
            attributes,
            ">",
        ];
        self.out.extend(parts);
        self.open.push(Open {
            element,
            is_author,
            is_written: true,
            within: Some(element),
            ink: self.ink,
            tag: start..self.out.len(),
            fallback: String::new(),
        });
    }

    /// An element of which only the text is written. The author's aren't kept past the depth, so
    /// that what is open is soon looked through.
    fn push_silent(&mut self, element: Element, is_author: bool) {
        if is_author && self.open.len() >= DEPTH {
            return;
        }
        self.open.push(Open {
            element,
            is_author,
            is_written: false,
            within: self.within(),
            ink: self.ink,
            tag: 0..0,
            fallback: String::new(),
        });
    }

    fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        let is_empty = open.is_written && open.tag.end == self.out.len();
        if is_empty && open.element == Element::Paragraph {
            self.out.truncate(open.tag.start);
            return Some(open);
        }
        if open.is_written {
            if open.ink == self.ink && !open.fallback.is_empty() {
                self.ink += 1;
                push_html(&mut self.out, &open.fallback);
            }
            self.out.extend(["</", open.element.name(), ">"]);
        }
        self.links -= usize::from(open.element == Element::Link);
        match open.element {
            Element::Table if open.is_written => self.out.push_str("</div>\n"),
            element if !element.is_inline() => self.out.push('\n'),
            _ => {}
        }
        Some(open)
    }
}
