//! The elements that a text may be made of.

/// An element of a rendered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Paragraph,
    Heading(u8),
    Quote,
    Details,
    Summary,
    Preformatted,
    Bullets,
    Numbers,
    Item,
    Table,
    Head,
    Body,
    Row,
    HeadCell,
    Cell,
    Link,
    Code,
    Emphasis,
    Strong,
    Italic,
    Bold,
    Deleted,
    Subscript,
    Superscript,
    Keyboard,
}

use Element::*;

impl Element {
    /// Its name in HTML.
    pub(super) fn name(self) -> &'static str {
        match self {
            Paragraph => "p",
            Heading(1) => "h1",
            Heading(2) => "h2",
            Heading(3) => "h3",
            Heading(4) => "h4",
            Heading(5) => "h5",
            Heading(_) => "h6",
            Quote => "blockquote",
            Details => "details",
            Summary => "summary",
            Preformatted => "pre",
            Bullets => "ul",
            Numbers => "ol",
            Item => "li",
            Table => "table",
            Head => "thead",
            Body => "tbody",
            Row => "tr",
            HeadCell => "th",
            Cell => "td",
            Link => "a",
            Code => "code",
            Emphasis => "em",
            Strong => "strong",
            Italic => "i",
            Bold => "b",
            Deleted => "del",
            Subscript => "sub",
            Superscript => "sup",
            Keyboard => "kbd",
        }
    }

    /// The element that an author means by a name, where authors may write it.
    pub(super) fn of_author(name: &str) -> Option<Element> {
        Some(match name {
            "p" => Paragraph,
            "blockquote" => Quote,
            "details" => Details,
            "summary" => Summary,
            "pre" => Preformatted,
            "ul" => Bullets,
            "ol" => Numbers,
            "li" => Item,
            "table" => Table,
            "thead" => Head,
            "tbody" | "tfoot" => Body,
            "tr" => Row,
            "th" => HeadCell,
            "td" => Cell,
            "a" => Link,
            "code" | "tt" | "samp" => Code,
            "em" => Emphasis,
            "strong" => Strong,
            "i" => Italic,
            "b" => Bold,
            "del" | "s" | "strike" => Deleted,
            "sub" => Subscript,
            "sup" => Superscript,
            "kbd" => Keyboard,
            _ => return None,
        })
    }

    /// What is written at its start beside its name. Each block finds the direction of its own
    /// text, and what may be wider than the page can be scrolled by keyboard.
    pub(super) fn fixed_attributes(self) -> &'static str {
        match self {
            Paragraph | Heading(_) | Item | HeadCell | Cell | Summary => " dir=\"auto\"",
            Preformatted => " tabindex=\"0\"",
            _ => "",
        }
    }

    /// Whether it stands in a line of text.
    pub(super) fn is_inline(self) -> bool {
        let inlines = [
            Link,
            Code,
            Emphasis,
            Strong,
            Italic,
            Bold,
            Deleted,
            Subscript,
            Superscript,
            Keyboard,
        ];
        inlines.contains(&self)
    }

    /// Whether it's a block that holds text alone, no other block.
    pub(super) fn holds_text(self) -> bool {
        matches!(self, Paragraph | Heading(_) | Preformatted | Summary)
    }

    /// Whether it holds blocks, and text as a paragraph.
    pub(super) fn holds_blocks(self) -> bool {
        matches!(self, Quote | Details)
    }

    /// What it holds alone, where it holds nothing else.
    pub(super) fn only_child(self) -> Option<Element> {
        match self {
            Bullets | Numbers => Some(Item),
            Table => Some(Body),
            Head | Body => Some(Row),
            Row => Some(Cell),
            _ => None,
        }
    }

    /// Whether it can stand below some elements only, and whether a parent is one of them.
    pub(super) fn parents(self) -> Option<&'static [Element]> {
        match self {
            Item => Some(&[Bullets, Numbers]),
            Head | Body => Some(&[Table]),
            Row => Some(&[Table, Head, Body]),
            HeadCell | Cell => Some(&[Row]),
            Summary => Some(&[Details]),
            _ => None,
        }
    }
}
