//! Markdown of documents as Markdown that other programs may show: what would act is text.

use super::super::escape::visible;
use super::events::{OPTIONS, SIZE, cut, is_line};
use super::heading::outline;
use super::link::{Target, target};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::ops::Range;

/// A text without HTML of its own, images and links that lead nowhere; links that `leads` knows
/// lead there, the topmost headings are of the level that is given, and each of the others is one
/// below the one that it belongs to. What is past 256 kB is left out.
pub fn source(markdown: &str, level: u8, leads: &dyn Fn(&str) -> Option<String>) -> String {
    if is_line(markdown) && markdown.len() <= SIZE {
        return markdown.to_owned();
    }
    let text = visible(cut(markdown, SIZE));
    let parsed: Vec<(Event<'_>, Range<usize>)> =
        Parser::new_ext(&text, OPTIONS).into_offset_iter().collect();
    let mut levels = levels(&parsed, level).into_iter();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (event, range) in parsed {
        if !matches!(
            event,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::Heading(_))
        ) {
            open.iter_mut().for_each(|open| open.has(&range));
        }
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                let marks = text[range.clone()].char_indices();
                edits.extend(marks.filter_map(|(at, c)| {
                    let at = range.start + at..range.start + at + 1;
                    match c {
                        '<' => Some((at, "&lt;".to_owned())),
                        '>' => Some((at, "&gt;".to_owned())),
                        // What was no Markdown in HTML is none now.
                        '[' => Some((at, "\\[".to_owned())),
                        _ => None,
                    }
                }));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let to = led(&dest_url, leads, true);
                open.push(Open::of(range, to));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let to = led(&dest_url, leads, false);
                open.push(Open::of(range, to));
            }
            Event::Start(Tag::Heading { .. }) => {
                let marks = "#".repeat(levels.next().unwrap_or(level).into());
                open.push(Open::of(range, To::Heading(marks)));
            }
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::Heading(_)) => {
                if let Some(open) = open.pop() {
                    open.close(&mut edits);
                }
            }
            _ => {}
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (range, with) in edits {
        if range.start >= end {
            out.push_str(&text[end..range.start]);
            out.push_str(&with);
            end = range.end;
        }
    }
    out.push_str(&text[end..]);
    out.trim().to_owned()
}

/// The levels that the headings of a text have on the page, in order.
fn levels(parsed: &[(Event<'_>, Range<usize>)], level: u8) -> Vec<u8> {
    let is_heading =
        |(event, _): &(Event<'_>, Range<usize>)| matches!(event, Event::Start(Tag::Heading { .. }));
    if !parsed.iter().any(is_heading) {
        return Vec::new();
    }
    let events: Vec<Event<'_>> = parsed.iter().map(|(event, _)| event.clone()).collect();
    let outline = outline(&events, level, "").into_iter();
    outline.map(|heading| heading.level).collect()
}

/// What becomes of a link, an image or a heading.
enum To {
    /// It stays as it is.
    Same,
    /// It is a link to there.
    Link(String),
    /// What it says alone is left.
    Text,
    /// A heading with these marks.
    Heading(String),
}

/// What is open, and where what stands in it does.
struct Open {
    range: Range<usize>,
    inner: Option<Range<usize>>,
    to: To,
}

impl Open {
    fn of(range: Range<usize>, to: To) -> Open {
        Open {
            range,
            inner: None,
            to,
        }
    }

    fn has(&mut self, range: &Range<usize>) {
        let inner = self.inner.get_or_insert_with(|| range.clone());
        inner.start = inner.start.min(range.start);
        inner.end = inner.end.max(range.end);
    }

    fn close(self, edits: &mut Vec<(Range<usize>, String)>) {
        let (before, after) = match self.to {
            To::Same => return,
            To::Link(to) => ("[".to_owned(), format!("]({to})")),
            To::Text => (String::new(), String::new()),
            To::Heading(marks) => (format!("{marks} "), "\n".to_owned()),
        };
        match self.inner {
            Some(inner) => {
                edits.push((self.range.start..inner.start, before));
                edits.push((inner.end..self.range.end, after));
            }
            None => edits.push((self.range, String::new())),
        }
    }
}

fn led(address: &str, leads: &dyn Fn(&str) -> Option<String>, is_link: bool) -> To {
    match target(address) {
        Target::Outside(_) | Target::Mail(_) if is_link => To::Same,
        Target::Outside(to) => To::Link(format!("<{to}>")),
        Target::Inside(inside) => leads(&inside).map_or(To::Text, To::Link),
        Target::Mail(_) | Target::Nowhere => To::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let leads = |to: &str| (to == "#x").then(|| "x.md".to_owned());
        source(text, 3, &leads)
    }

    #[test]
    fn what_would_act_is_text() {
        assert_eq!(
            of("a <script>x</script> b"),
            "a &lt;script&gt;x&lt;/script&gt; b"
        );
        assert_eq!(
            of("[a](javascript:alert(1)) <javascript:b>"),
            "a javascript:b"
        );
        assert_eq!(
            of("<div>\n[a](javascript:b)\n</div>"),
            "&lt;div&gt;\n\\[a](javascript:b)\n&lt;/div&gt;"
        );
        assert_eq!(
            of("[a\u{202e}][b]\n\n[b]: vbscript:c"),
            "a[U+202E]\n\n[b]: vbscript:c"
        );
    }

    #[test]
    fn links_lead_where_the_site_says_and_images_are_links() {
        assert_eq!(of("[a *b*](#x) [c](#y)"), "[a *b*](x.md) c");
        assert_eq!(
            of("![a](https://e.example/i.png) [b](https://e.example)"),
            "[a](<https://e.example/i.png>) [b](https://e.example)"
        );
    }

    #[test]
    fn headings_go_below_those_of_the_page() {
        assert_eq!(of("# A\n\nB\n=\n\nc"), "### A\n\n### B\n\nc");
        assert_eq!(of("##### A"), "### A");
        assert_eq!(
            of("# A\n\n### B\n\n###### C\n\n## D"),
            "### A\n\n#### B\n\n##### C\n\n#### D"
        );
    }

    #[test]
    fn code_is_left_as_it_is() {
        assert_eq!(
            of("`<b>` and\n\n```\n<i>\n```"),
            "`<b>` and\n\n```\n<i>\n```"
        );
    }
}
