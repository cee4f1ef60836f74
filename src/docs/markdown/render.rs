//! Events into HTML.

use super::super::escape::html as escaped;
use super::element::Element;
use super::heading::{Heading, outline};
use super::leads::ids;
use super::writer::Writer;
use super::{Place, Rendered};
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Tag, TagEnd};
use std::collections::HashMap;

/// Renders events, whose text was cut or not.
pub(super) fn render(events: &[Event<'_>], is_cut: bool, place: &Place<'_>) -> Rendered {
    let headings = outline(events, place.level, place.prefix);
    let mut renderer = Renderer {
        place,
        writer: Writer::default(),
        ids: ids(&headings),
        headings,
        heading: 0,
        unlinked: Vec::new(),
        is_code: false,
        columns: Vec::new(),
        column: 0,
        is_head: false,
    };
    for (index, event) in events.iter().enumerate() {
        renderer.event(event, events.get(index + 1));
    }
    if is_cut {
        renderer
            .writer
            .open(Element::Paragraph, " class=\"notice\"");
        renderer
            .writer
            .text("This text is longer than 256 kB; the rest is left out.");
        renderer.writer.close();
    }
    renderer.headings.retain(|heading| !heading.text.is_empty());
    Rendered {
        html: renderer.writer.finish(),
        headings: renderer.headings,
        unlinked: renderer.unlinked,
    }
}

pub(super) struct Renderer<'r> {
    pub(super) place: &'r Place<'r>,
    pub(super) writer: Writer,
    /// The ids of the headings by the fragments that mean them.
    pub(super) ids: HashMap<String, String>,
    headings: Vec<Heading>,
    /// The next heading.
    heading: usize,
    pub(super) unlinked: Vec<String>,
    is_code: bool,
    columns: Vec<Alignment>,
    column: usize,
    is_head: bool,
}

impl Renderer<'_> {
    fn event(&mut self, event: &Event<'_>, next: Option<&Event<'_>>) {
        match event {
            Event::Start(tag) => self.start(tag, next),
            Event::End(end) => self.end(*end),
            Event::Text(text) if self.is_code => self.writer.text(text),
            Event::Text(text) => self.text(text, false),
            Event::Code(code) => {
                self.writer.open(Element::Code, "");
                self.writer.text(code);
                self.writer.close();
            }
            Event::SoftBreak => self.writer.text("\n"),
            Event::HardBreak => self.writer.void("<br>\n"),
            Event::Rule => self.writer.rule(),
            Event::TaskListMarker(is_done) => self.writer.void(match is_done {
                true => "<span class=\"task\" role=\"img\" aria-label=\"done\">☑</span> ",
                false => "<span class=\"task\" role=\"img\" aria-label=\"to do\">☐</span> ",
            }),
            Event::Html(html) => {
                self.author(html);
                self.writer.end_html();
            }
            Event::InlineHtml(html) => self.author(html),
            // Neither is read as such: the options leave them off.
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.writer.text(text);
            }
        }
    }

    fn start(&mut self, tag: &Tag<'_>, next: Option<&Event<'_>>) {
        match tag {
            Tag::Heading { .. } => self.start_heading(),
            Tag::BlockQuote(kind) => self.start_quote(*kind),
            Tag::CodeBlock(kind) => {
                self.is_code = true;
                self.writer.open(Element::Preformatted, "");
                self.writer.open(Element::Code, &language(kind));
            }
            Tag::List(None) => self.writer.open(Element::Bullets, ""),
            Tag::List(Some(1)) => self.writer.open(Element::Numbers, ""),
            Tag::List(Some(start)) => {
                self.writer
                    .open(Element::Numbers, &format!(" start=\"{start}\""));
            }
            Tag::Item => self.writer.open(Element::Item, ""),
            Tag::Table(columns) => {
                columns.clone_into(&mut self.columns);
                self.writer.open(Element::Table, "");
            }
            Tag::TableHead => {
                self.is_head = true;
                self.column = 0;
                self.writer.open(Element::Head, "");
                self.writer.open(Element::Row, "");
            }
            Tag::TableRow => {
                self.column = 0;
                self.writer.open(Element::Row, "");
            }
            Tag::TableCell => self.start_cell(next),
            Tag::Emphasis => self.writer.open(Element::Emphasis, ""),
            Tag::Strong => self.writer.open(Element::Strong, ""),
            Tag::Strikethrough => self.writer.open(Element::Deleted, ""),
            Tag::Superscript => self.writer.open(Element::Superscript, ""),
            Tag::Subscript => self.writer.open(Element::Subscript, ""),
            Tag::Link {
                link_type: LinkType::Email,
                dest_url,
                title,
                ..
            } => {
                self.open_link(&format!("mailto:{dest_url}"), title, false);
            }
            Tag::Link {
                dest_url, title, ..
            }
            | Tag::Image {
                dest_url, title, ..
            } => {
                self.open_link(dest_url, title, false);
            }
            Tag::HtmlBlock => {}
            Tag::Paragraph
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.writer.open(Element::Paragraph, ""),
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::HtmlBlock => {}
            TagEnd::CodeBlock => {
                self.is_code = false;
                self.writer.close();
                self.writer.close();
            }
            TagEnd::TableHead => {
                self.is_head = false;
                self.writer.close();
                self.writer.close();
                self.writer.open(Element::Body, "");
            }
            TagEnd::Table => {
                self.writer.close();
                self.writer.close();
            }
            _ => self.writer.close(),
        }
    }

    /// A heading that says nothing has no place in the outline of a page.
    fn start_heading(&mut self) {
        let heading = self.headings.get(self.heading);
        self.heading += 1;
        match heading.filter(|heading| !heading.text.is_empty()) {
            // Within a row of a table there is no outline that it would have a place in.
            Some(heading) if self.place.level >= 6 => {
                let id = format!(" class=\"name\" id=\"{}\"", escaped(&heading.id));
                self.writer.open(Element::Paragraph, &id);
            }
            Some(heading) => {
                let id = format!(" id=\"{}\"", escaped(&heading.id));
                self.writer.open(Element::Heading(heading.level), &id);
            }
            None => self.writer.open_nothing(),
        }
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        let Some(kind) = kind else {
            return self.writer.open(Element::Quote, "");
        };
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", "Note"),
            BlockQuoteKind::Tip => ("tip", "Tip"),
            BlockQuoteKind::Important => ("important", "Important"),
            BlockQuoteKind::Warning => ("warning", "Warning"),
            BlockQuoteKind::Caution => ("caution", "Caution"),
        };
        self.writer
            .open(Element::Quote, &format!(" class=\"{class}\""));
        self.writer.open(Element::Paragraph, "");
        self.writer.open(Element::Strong, "");
        self.writer.text(title);
        self.writer.close();
        self.writer.close();
    }

    /// A cell; one of the head that is empty heads nothing.
    fn start_cell(&mut self, next: Option<&Event<'_>>) {
        let class = match self.columns.get(self.column) {
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Center) => " class=\"center\"",
            _ => "",
        };
        self.column += 1;
        let is_empty = matches!(next, Some(Event::End(TagEnd::TableCell)));
        match self.is_head && !is_empty {
            true => {
                let attributes = format!(" scope=\"col\"{class}");
                self.writer.open(Element::HeadCell, &attributes);
            }
            false => self.writer.open(Element::Cell, class),
        }
    }
}

/// The class that tells the language of a code block, where it's a plain word.
fn language(kind: &CodeBlockKind<'_>) -> String {
    let CodeBlockKind::Fenced(info) = kind else {
        return String::new();
    };
    let name = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "+-#_.".contains(c);
    match name.is_empty() || name.len() > 32 || !name.chars().all(is_plain) {
        true => String::new(),
        false => format!(" class=\"language-{}\"", name.to_ascii_lowercase()),
    }
}
