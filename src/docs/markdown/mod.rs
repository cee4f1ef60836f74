//! Markdown from documents as HTML that is safe to show: CommonMark with the tables,
//! strikethrough, task lists and bare addresses of GitHub's.
//!
//! Nothing of the author's own HTML is passed on. What it says is kept, and a few elements are
//! written anew; links lead to the web, to a mail or to a page of the site, images are links, and
//! whatever else an address says is text. All is bounded, in size and in depth.

mod author;
mod autolink;
mod element;
mod events;
mod heading;
mod html;
mod leads;
mod link;
mod plain;
mod render;
mod source;
#[cfg(test)]
mod tests;
mod writer;

pub use heading::Heading;
pub use plain::{plain, words};
pub use source::source;

/// The place on a page that a text is rendered for.
#[derive(Clone, Copy)]
pub struct Place<'p> {
    /// The level of its topmost headings, from 1 to 5; from 6 on they are paragraphs.
    pub level: u8,
    /// What the ids of its headings start with, before a hyphen; no other text of the page, and
    /// no id of the page, starts so. They start with nothing else where it's empty.
    pub prefix: &'p str,
    /// Where a link leads that names neither a site nor a heading of the text: from an address as
    /// `../guide.md`, `#tag/pets` or `#/components/schemas/Pet` to one on the site, as it's seen
    /// from the page. Without one the link is text.
    pub resolve: &'p dyn Fn(&str) -> Option<String>,
}

/// A text that was rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Its HTML: whole blocks, no element left open, without scripts, styles and images.
    pub html: String,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// The addresses of links and images that lead nowhere and became text, each once; at most
    /// 100, each of at most 200 characters.
    pub unlinked: Vec<String>,
}

/// Renders a Markdown text. What is past 256 kB is left out, and a notice says so.
pub fn render(markdown: &str, place: &Place<'_>) -> Rendered {
    // As most texts are: nothing in them hangs on the place.
    if events::is_line(markdown) && markdown.len() <= events::SIZE {
        return Rendered {
            html: writer::paragraph(markdown),
            ..Rendered::default()
        };
    }
    let (events, is_cut) = events::events(markdown, events::SIZE);
    render::render(&events, is_cut, place)
}
