//! The headings of a text, in their place on a page.

use pulldown_cmark::{Event, Tag, TagEnd};
use std::collections::{HashMap, HashSet};

/// How long the part of an id is that a heading gives, in characters.
const LENGTH: usize = 80;

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its level on the page, from 1 to 6.
    pub level: u8,
    /// Its id on the page.
    pub id: String,
    /// What it says, without markup.
    pub text: String,
    /// The fragment by which the author's links mean it.
    pub(super) anchor: String,
}

impl Heading {
    /// The fragment by which the author's links mean it.
    pub fn anchor(&self) -> &str {
        &self.anchor
    }
}

/// The headings of a text, in order: the topmost are of the level that is given, and each of the
/// others is one below the one that it belongs to. One that says nothing has no id and no part in this.
pub(super) fn outline(events: &[Event<'_>], level: u8, prefix: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut around: Vec<u8> = Vec::new();
    let mut taken = Taken::default();
    let mut open: Option<(u8, String)> = None;
    for event in events {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { level, .. }), _) => {
                open = Some((*level as u8, String::new()));
            }
            (Event::End(TagEnd::Heading(_)), _) => {
                let Some((source, text)) = open.take() else {
                    continue;
                };
                let text = text.trim().to_owned();
                if text.is_empty() {
                    let (id, anchor) = (String::new(), String::new());
                    headings.push(Heading {
                        level,
                        id,
                        text,
                        anchor,
                    });
                    continue;
                }
                around.retain(|other| *other < source);
                let below = u8::try_from(around.len()).unwrap_or(6);
                around.push(source);
                let anchor = taken.free(&anchor(&text));
                let id = match prefix {
                    "" => anchor.clone(),
                    prefix => format!("{prefix}-{anchor}"),
                };
                let level = level.saturating_add(below).clamp(1, 6);
                headings.push(Heading {
                    level,
                    id,
                    text,
                    anchor,
                });
            }
            (Event::Text(more) | Event::Code(more), Some((_, text))) => text.push_str(more),
            (Event::SoftBreak | Event::HardBreak, Some((_, text))) => text.push(' '),
            _ => {}
        }
    }
    headings
}

/// The fragment that a heading has on GitHub, by which authors link to it: letters, digits,
/// hyphens and underscores, in lower case, and a hyphen for each space.
fn anchor(text: &str) -> String {
    let stays = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => c.is_alphanumeric().then_some(c),
    };
    let anchor = text.chars().flat_map(char::to_lowercase).filter_map(stays);
    match anchor.take(LENGTH).collect::<String>() {
        empty if empty.trim_matches('-').is_empty() => "section".to_owned(),
        anchor => anchor,
    }
}

/// The anchors that headings have.
#[derive(Debug, Default)]
struct Taken {
    anchors: HashSet<String>,
    /// The number that the next heading of a name is tried with.
    next: HashMap<String, usize>,
}

impl Taken {
    /// An anchor that no other heading has: the second of a name is `name-1`, as on GitHub.
    fn free(&mut self, anchor: &str) -> String {
        if self.anchors.insert(anchor.to_owned()) {
            return anchor.to_owned();
        }
        let next = self.next.entry(anchor.to_owned()).or_insert(1);
        loop {
            let numbered = format!("{anchor}-{next}");
            *next += 1;
            if self.anchors.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}
