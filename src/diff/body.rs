//! Bodies, by their media types.

use super::finder::{Finder, Sender, Spot, Task, Turn};
use super::operation::{schema, style_name};
use super::words::code;
use crate::spec::{At, Content, Encoding, RequestBody};
use crate::wire::MediaType;

impl Finder<'_> {
    /// What a request has as its body, or what the API sends as one's.
    pub(super) fn body(
        &mut self,
        node: usize,
        side: Sender,
        (old_at, old): (At, &Option<RequestBody>),
        (new_at, new): (At, &Option<RequestBody>),
    ) {
        let place = |body: &RequestBody, at: At| body.content.first().map_or(at, |first| first.at);
        match (old, new) {
            (None, None) => {}
            (None, Some(new)) => {
                let (turn, detail) = match new.required {
                    true => (Turn::Narrower, "is new, and required"),
                    false => (Turn::Harmless, "is new"),
                };
                let spot = Spot::added(place(new, new_at));
                self.say(node, ("body-added", side, turn), spot, detail);
            }
            (Some(old), None) => {
                let spot = Spot::gone(place(old, old_at), new_at);
                self.say(node, ("body-removed", side, Turn::Other), spot, "is gone");
            }
            (Some(old), Some(new)) => {
                let spot = Spot::both(place(old, old_at), place(new, new_at));
                match (old.required, new.required) {
                    (false, true) => {
                        let what = ("body-required", side, Turn::Narrower);
                        self.say(node, what, spot, "is now required");
                    }
                    (true, false) => {
                        let what = ("body-optional", side, Turn::Wider);
                        self.say(node, what, spot, "is no longer required");
                    }
                    _ => {}
                }
                self.content(node, side, (old_at, &old.content), (new_at, &new.content));
            }
        }
    }

    /// Bodies, by their media types.
    pub(super) fn content(
        &mut self,
        node: usize,
        side: Sender,
        (_, old): (At, &[Content]),
        (new_at, new): (At, &[Content]),
    ) {
        for content in new {
            let before = counterpart(old, &content.media_type);
            let Some(before) = before else {
                let spot = Spot::added(content.at);
                let detail = format!("may now be {} as well", code(&content.media_type));
                let what = ("media-type-added", side, Turn::Harmless);
                if !old.is_empty() {
                    self.say(node, what, spot, detail);
                } else if side == Sender::Reply {
                    let what = ("body-added", side, Turn::Harmless);
                    self.say(node, what, spot, "now has a body");
                }
                continue;
            };
            for (was, is) in [
                (before.schema, content.schema),
                (before.item_schema, content.item_schema),
            ] {
                let task = Task {
                    old: schema(was),
                    new: schema(is),
                    places: (before.at, content.at),
                    side,
                    is_flipped: false,
                };
                self.schemas(node, task);
            }
            self.encoding(node, side, before, content);
        }
        for content in old {
            let is_there = counterpart(new, &content.media_type).is_some();
            if !is_there {
                let spot = Spot::gone(content.at, new_at);
                let (kind, detail) = match new.is_empty() {
                    true => ("body-removed", "no longer has a body".to_owned()),
                    false => (
                        "media-type-removed",
                        format!("may no longer be {}", code(&content.media_type)),
                    ),
                };
                self.say(node, (kind, side, Turn::Other), spot, detail);
            }
        }
    }

    /// How properties of a form are written.
    fn encoding(&mut self, node: usize, side: Sender, old: &Content, new: &Content) {
        for (name, is) in &new.encoding {
            let Some((_, was)) = old.encoding.iter().find(|(known, _)| known == name) else {
                continue;
            };
            let of = |encoding: &Encoding| {
                let style = encoding.style.map(style_name);
                (encoding.content_types.clone(), style, encoding.explode)
            };
            if of(was) != of(is) {
                let spot = Spot::both(old.at, new.at);
                let detail = format!("has {} encoded otherwise", code(name));
                let what = ("encoding-changed", side, Turn::Other);
                self.say(node, what, spot, detail);
            }
        }
    }
}

/// What of the same media type is, or of a range that has it.
fn counterpart<'c>(all: &'c [Content], media_type: &str) -> Option<&'c Content> {
    let exact = all
        .iter()
        .find(|content| content.media_type.eq_ignore_ascii_case(media_type));
    let wanted = MediaType::parse(media_type);
    let of = |content: &&Content| {
        let parsed = MediaType::parse(&content.media_type);
        parsed
            .zip(wanted.clone())
            .is_some_and(|(range, wanted)| range.takes_in(&wanted))
    };
    exact.or_else(|| all.iter().find(of))
}
