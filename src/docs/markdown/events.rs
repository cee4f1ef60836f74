//! A text as events, bounded, and without what no reader reads.

use super::html;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

/// How much of a text is read, in bytes.
pub(super) const SIZE: usize = 256 * 1024;

/// What is read beside CommonMark.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// The events of a text; the second tells whether the text was cut at a bound in bytes.
pub(super) fn events(markdown: &str, size: usize) -> (Vec<Event<'_>>, bool) {
    if is_line(markdown) && markdown.len() <= size {
        return (line(markdown), false);
    }
    let bounded = cut(markdown, size);
    let mut events: Vec<Event<'_>> = Vec::new();
    // Texts come in pieces. They are joined in a buffer, as an event can't grow in place.
    let mut more = String::new();
    for event in Parser::new_ext(bounded, OPTIONS) {
        match (events.last(), &event) {
            (Some(Event::Text(_)), Event::Text(text))
            | (Some(Event::Html(_)), Event::Html(text)) => more.push_str(text),
            _ => {
                join(&mut events, &mut more);
                events.push(event);
            }
        }
    }
    join(&mut events, &mut more);
    (read(events), bounded.len() < markdown.len())
}

/// Whether a text is one line in which nothing means anything but itself, as most descriptions
/// are: a parser would find no more in it.
pub(super) fn is_line(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" .,;'()/?".contains(&byte);
    let text = text.as_bytes();
    let starts = text.first().is_some_and(u8::is_ascii_alphabetic);
    starts && text.last() != Some(&b' ') && text.iter().all(|byte| is_plain(*byte))
}

/// The events of such a text.
fn line(text: &str) -> Vec<Event<'_>> {
    vec![
        Event::Start(Tag::Paragraph),
        Event::Text(CowStr::Borrowed(text)),
        Event::End(TagEnd::Paragraph),
    ]
}

/// The first bytes of a text, to the end of a character.
pub(super) fn cut(text: &str, size: usize) -> &str {
    match text.len() > size {
        true => {
            let is_boundary = |end: &usize| text.is_char_boundary(*end);
            let end = (0..=size).rev().find(is_boundary);
            &text[..end.unwrap_or_default()]
        }
        false => text,
    }
}

/// Adds what followed it in pieces to the last event.
fn join(events: &mut [Event<'_>], more: &mut String) {
    if more.is_empty() {
        return;
    }
    if let Some(Event::Text(text) | Event::Html(text)) = events.last_mut() {
        *text = CowStr::from(format!("{text}{more}"));
    }
    more.clear();
}

/// The events without the elements within a line that are left out with their content.
fn read(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut kept = Vec::with_capacity(events.len());
    let mut until = 0;
    // Up to where an element is known not to end, so that each is looked for once in a line.
    let mut unclosed: Vec<(String, usize)> = Vec::new();
    for index in 0..events.len() {
        if index < until {
            continue;
        }
        let Some(name) = unread(&events[index]) else {
            kept.push(events[index].clone());
            continue;
        };
        if unclosed
            .iter()
            .any(|(known, end)| *known == name && index < *end)
        {
            continue;
        }
        let rest = events.iter().enumerate().skip(index + 1);
        let line = |event: &Event<'_>| !matches!(event, Event::End(end) if ends_line(*end));
        let mut line = rest.take_while(|(_, event)| line(event));
        let mut last = index;
        let end = line.find(|(at, event)| {
            last = *at;
            closes(event, &name)
        });
        match end {
            Some((end, _)) => until = end + 1,
            None => {
                unclosed.retain(|(known, _)| *known != name);
                unclosed.push((name, last));
            }
        }
        // What was opened or closed in between stays balanced.
        let between = events[index..until.max(index)].iter();
        kept.extend(between.filter(|event| is_tag(event)).cloned());
    }
    kept
}

fn is_tag(event: &Event<'_>) -> bool {
    matches!(event, Event::Start(_) | Event::End(_))
}

fn ends_line(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::Item
    )
}

fn unread(event: &Event<'_>) -> Option<String> {
    let Event::InlineHtml(tag) = event else {
        return None;
    };
    let name = tag.strip_prefix('<')?;
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let name = name.to_ascii_lowercase();
    (html::is_unread(&name) && !tag.ends_with("/>")).then_some(name)
}

fn closes(event: &Event<'_>, name: &str) -> bool {
    let Event::InlineHtml(tag) = event else {
        return false;
    };
    let rest = tag.strip_prefix("</").and_then(|tag| tag.get(..name.len()));
    rest.is_some_and(|rest| rest.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_line_is_what_a_parser_reads_in_it() {
        for text in [
            "The name of a pet, as its owner (or the vet) says it.",
            "a",
            "Is it there?  Or isn't it; see 3.1/b.",
            "Setext, www.example.com and a 1. list",
        ] {
            assert!(is_line(text), "{text}");
            let parsed: Vec<Event<'_>> = Parser::new_ext(text, OPTIONS).collect();
            assert_eq!(events(text, SIZE).0, parsed);
        }
        for text in [
            "", " a", "a ", "1. a", "- a", "a\nb", "a *b*", "a_b", "a: b", "a&b", "é",
        ] {
            assert!(!is_line(text), "{text}");
        }
    }
}
