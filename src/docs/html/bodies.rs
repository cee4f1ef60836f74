//! Bodies on a page: the media types, the fields, the examples.

use super::{Html, code, coded};
use crate::docs::bodies::{BodyWords, ExampleWords};
use crate::docs::code::{Bound, json_lines};
use crate::docs::operation::OperationWords;
use crate::rules::Merge;
use maud::{Markup, html};
use serde_json::Value;

impl Html<'_> {
    pub(super) fn request_body(&self, words: &OperationWords) -> Markup {
        html! {
            (self.markdown(&words.body_description, 3, "body"))
            @for (index, body) in words.bodies.iter().enumerate() {
                @let lead = if index == 0 { "body".to_owned() } else { format!("body~{}", index + 1) };
                @if words.bodies.len() > 1 { h3 { code dir="auto" { (body.media_type) } } }
                (self.body(&lead, "Fields of the body", body, words.needs_body))
                (applied(words, body))
            }
        }
    }

    /// A body in one media type.
    pub(super) fn body(
        &self,
        lead: &str,
        caption: &str,
        body: &BodyWords,
        is_required: bool,
    ) -> Markup {
        html! {
            p {
                code dir="auto" { (body.media_type) }
                @if is_required { " " span.must { "required" } }
                @if let Some(what) = &body.what { ", " (self.words(&what.types)) }
            }
            @if let Some(what) = &body.what {
                @if !what.constraints.is_empty() {
                    ul.limits { @for words in &what.constraints { li { (coded(words)) } } }
                }
                (self.fields(lead, caption, what))
            }
            (examples(body))
        }
    }
}

/// The examples of a body, the first opened.
pub(super) fn examples(body: &BodyWords) -> Markup {
    html! {
        @for (index, example) in body.examples.iter().enumerate() {
            @if let Some(text) = shown(body, example) {
                @let language = if body.is_json() { "json" } else { "text" };
                @if index == 0 {
                    (figure(Some(caption(example)), language, &text))
                } @else {
                    details { summary dir="auto" { (caption(example)) } (figure(None, language, &text)) }
                }
            }
        }
    }
}

fn figure(caption: Option<Markup>, language: &str, text: &str) -> Markup {
    html! {
        figure.code {
            @if let Some(caption) = caption { figcaption dir="auto" { (caption) } }
            pre dir="ltr" { code data-lang=(language) { (text) } }
        }
    }
}

/// What an example is, and its name.
fn caption(example: &ExampleWords) -> Markup {
    let what = match example.summary.as_str() {
        "" => "Example",
        summary => summary,
    };
    html! { (what) @if !example.name.is_empty() { " " code { (example.name) } } }
}

/// An example as it is shown: JSON over several lines, anything else as it travels.
fn shown(body: &BodyWords, example: &ExampleWords) -> Option<String> {
    match body.is_json() {
        true => Some(bounded_json(&example.value)),
        false => example.text().map(bounded_text),
    }
}

/// How much of a text is shown.
const BOUND: Bound = Bound {
    lines: 150,
    bytes: 12_000,
};

/// A value as a block of code.
pub(super) fn value(value: &Value) -> Markup {
    code("", "json", &bounded_json(value))
}

fn bounded_json(value: &Value) -> String {
    json_lines(value, BOUND)
}

pub(super) fn bounded_text(text: &str) -> String {
    match text.char_indices().nth(BOUND.bytes) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The body of a reply as it is shown.
pub(super) fn replied(media_type: &str, text: &str) -> Markup {
    let value = match media_type.contains("json") {
        true => serde_json::from_str::<Value>(text).ok(),
        false => None,
    };
    match value {
        Some(value) => code("The reply", "json", &bounded_json(&value)),
        None if text.is_empty() => html! { p { "The reply has no body." } },
        None => code("The reply", "text", &bounded_text(text)),
    }
}

/// What an update makes of a body, by its media type.
fn applied(words: &OperationWords, body: &BodyWords) -> Markup {
    let Some(merge) = words.merge else {
        return html! {};
    };
    let is_patch = body.media_type.starts_with("application/json-patch");
    let nulls = nullable(body);
    html! {
        div.note {
            @if is_patch {
                p { strong { "A list of operations (RFC 6902)." } " They are applied in order, all or none; where a " code { "test" } " fails, nothing is changed." }
            } @else {
                @match merge {
                    Merge::Deep => p { strong { "What isn’t sent stays." } " Objects are merged field by field (RFC 7396), and an array takes the place of the whole array." },
                    Merge::Properties => p { strong { "What isn’t sent stays." } " Each field that is sent takes the place of the whole field, objects and arrays included." },
                    Merge::Whole => p { strong { "The body takes the place of what is there." } " Fields that aren’t sent are gone." },
                }
                @if merge != Merge::Whole {
                    @match nulls.as_slice() {
                        [] => p { "No field may be " code { "null" } "." },
                        names => p {
                            code { "null" } " clears "
                            @for (index, name) in names.iter().enumerate() {
                                @if index > 0 { @if index + 1 == names.len() { " and " } @else { ", " } }
                                code dir="auto" { (name) }
                            }
                            "; no other field may be " code { "null" } "."
                        },
                    }
                }
            }
        }
    }
}

/// The names of the fields that may be null, nested ones by their path.
fn nullable(body: &BodyWords) -> Vec<String> {
    const MOST: usize = 40;
    let mut names = Vec::new();
    let fields = body.what.iter().flat_map(|what| &what.fields);
    fields.for_each(|field| field.nullable("", &mut names));
    names.truncate(MOST);
    names
}
