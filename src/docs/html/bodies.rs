//! Bodies on a page: the media types, the fields, the examples.

use super::fields::sentences;
use super::{Html, Verbatim, code};
use crate::docs::bodies::{BodyWords, ExampleWords};
use crate::docs::code::{Bound, json_lines};
use crate::docs::describe::{Described, Describing};
use crate::docs::operation::OperationWords;
use crate::rules::Merge;
use maud::{Markup, html};
use serde_json::Value;
use std::borrow::Cow;

impl Html<'_> {
    pub(super) fn request_body(&self, words: &OperationWords) -> Markup {
        html! {
            (self.markdown(&words.body_description, 3, "body"))
            @for (index, body) in words.bodies.iter().enumerate() {
                @let lead = if index == 0 { "body".to_owned() } else { format!("body~{}", index + 1) };
                @if words.bodies.len() > 1 { h3 { code dir="auto" { (body.media_type) } } }
                (self.body(&lead, "Fields of the body", body, words.needs_body, true))
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
        has_rules: bool,
    ) -> Markup {
        html! {
            p {
                code dir="auto" { (body.media_type) }
                @if is_required { " " span.must { "required" } }
                @if let Some(what) = &body.what { ", " (self.words(&what.types)) }
            }
            @if let Some(what) = self.told(body).as_deref() {
                (self.limits(what))
                (self.fields(lead, caption, what))
                // Those of a request's own properties stand among its rules.
                @if !has_rules || what.is_list() { (sentences(what)) }
            }
            (self.examples(body))
        }
    }

    /// What a body is, as far as this page has room for it.
    pub(super) fn told<'b>(&self, body: &'b BodyWords) -> Option<Cow<'b, Described>> {
        let (Some(room), Some(of)) = (self.measure.fields, self.of) else {
            return body.what.as_ref().map(Cow::Borrowed);
        };
        let service = &self.site.services[of];
        let document = &self.host.apis()[service.api].contract().document;
        let describing = || Describing::new(document, 2 * room).with(&service.leaves);
        let describing = self.describing.get_or_init(describing);
        body.schema.map(|at| Cow::Owned(describing.describe(at)))
    }

    /// The examples of a body, the first opened.
    pub(super) fn examples(&self, body: &BodyWords) -> Markup {
        let shown: Vec<(&ExampleWords, Option<String>)> = body
            .examples
            .iter()
            .map(|example| (example, self.shown(body, example)))
            .collect();
        let left = shown.iter().filter(|(_, text)| text.is_none()).count();
        let told = shown.into_iter().filter_map(|(of, text)| Some((of, text?)));
        let language = if body.is_json() { "json" } else { "text" };
        html! {
            @for (index, (example, text)) in told.enumerate() {
                @if index == 0 {
                    (figure(Some(caption(example)), language, &text))
                } @else {
                    details { summary dir="auto" { (caption(example)) } (figure(None, language, &text)) }
                }
            }
            @if left > 0 && self.example_room() < LEAST {
                p { "There is no room here for " (left) " of the document’s examples." }
            }
        }
    }

    /// An example as it is shown: JSON over several lines, anything else as it travels. Nothing
    /// where it can't be, or where there is no room left.
    fn shown(&self, body: &BodyWords, example: &ExampleWords) -> Option<String> {
        let room = self.example_room();
        if room < LEAST {
            return None;
        }
        let bound = Bound {
            bytes: BOUND.bytes.min(room),
            ..BOUND
        };
        let text = match body.is_json() {
            true => json_lines(&example.value, bound),
            false => cut(example.text()?, bound.bytes),
        };
        self.examples.set(self.examples.get() + text.len());
        Some(text)
    }

    fn example_room(&self) -> usize {
        self.measure.examples.saturating_sub(self.examples.get())
    }
}

/// How many bytes an example takes at least, where it is begun.
const LEAST: usize = 400;

fn figure(caption: Option<Markup>, language: &str, text: &str) -> Markup {
    html! {
        figure.code {
            @if let Some(caption) = caption { figcaption dir="auto" { (caption) } }
            pre dir="ltr" { code data-lang=(language) { (Verbatim(text)) } }
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
    cut(text, BOUND.bytes)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
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
