//! What an operation answers: replies, errors, links, messages that it sends.

use super::bodies::replied;
use super::fields::sentences;
use super::{Html, Verbatim, coded, method};
use crate::contract::Contract;
use crate::docs::describe::Word;
use crate::docs::message::MessageWords;
use crate::docs::more::LinkWords;
use crate::docs::operation::{ParameterWords, ResponseWords};
use crate::docs::request::BASE;
use crate::docs::samples::brief_sample;
use crate::docs::trigger::Answer;
use crate::spec::StatusKey;
use crate::wire::{StatusCode, reason};
use maud::{Markup, html};

impl Html<'_> {
    pub(super) fn reply(&self, reply: &ResponseWords) -> Markup {
        let id = self.id(&format!("status-{}", reply.status));
        html! {
            section #(id) {
                h3 { a.to href={ "#" (id) } { (status(reply.status)) } }
                (self.markdown(&reply.description, 4, &id))
                (self.header_fields(reply))
                @for (index, body) in reply.bodies.iter().enumerate() {
                    (self.body(&lead(reply, index), "Fields of the reply", body, false, false))
                }
                (self.links(&reply.links))
            }
        }
    }

    fn header_fields(&self, reply: &ResponseWords) -> Markup {
        let fields: Vec<_> = reply.headers.iter().collect();
        html! {
            @if !fields.is_empty() {
                (self.parameters(&format!("{}.header", reply.status), "Header fields of the reply", &fields))
            }
        }
    }

    fn links(&self, links: &[LinkWords]) -> Markup {
        html! {
            @if !links.is_empty() {
                table.stack {
                    caption { "What may be asked next" }
                    thead { tr { th scope="col" { "Link" } th scope="col" { "Operation" } th scope="col" { "Parameters" } } }
                    tbody { @for link in links {
                        @let id = self.id(&format!("link-{}", link.name));
                        tr #(id) {
                        td { (link.name) (self.markdown(&link.description, 6, &id)) }
                        td { (self.linked(&link.operation)) }
                        td { @for (name, value) in &link.parameters {
                            p { (name) " " code dir="auto" { (value) } }
                        } }
                        }
                    } }
                }
            }
        }
    }

    /// The operation that a link names.
    fn linked(&self, name: &str) -> Markup {
        let service = self.service();
        let entry = service.and_then(|service| service.operation_named(name));
        html! {
            @match entry {
                Some(entry) => a href={ (entry.slug) ".html" } dir="auto" { (entry.title) },
                None => code dir="auto" { (name) },
            }
        }
    }

    /// The errors in one table.
    pub(super) fn refusals(&self, contract: &Contract, errors: &[&ResponseWords]) -> Markup {
        html! {
            table.fields.errors {
                caption.quiet { "Errors" }
                thead { tr {
                    th scope="col" { "Status" }
                    th scope="col" { "Body" }
                    th scope="col" { "When" }
                } }
                tbody {
                    @for reply in errors {
                        @let id = self.id(&format!("status-{}", reply.status));
                        tr #(id) {
                            th scope="row" { a.to href={ "#" (id) } { (status(reply.status)) } }
                            td { @for body in &reply.bodies {
                                @if let Some(what) = &body.what { (self.words(&what.types)) }
                                ul.limits { li { (body.media_type) } }
                            } }
                            td { (self.markdown(&reply.description, 6, &id)) }
                        }
                        @if let Some(more) = self.more_of(contract, reply) {
                            tr.nest { td colspan="3" { details {
                                summary { "Example, and how to get it from the mock" }
                                (more)
                            } } }
                        }
                    }
                }
            }
        }
    }

    /// What there is to tell of an error beside its row.
    fn more_of(&self, contract: &Contract, reply: &ResponseWords) -> Option<Markup> {
        let is_empty = reply.answers.is_empty() && reply.bodies.is_empty();
        if is_empty && reply.headers.is_empty() && reply.links.is_empty() {
            return None;
        }
        Some(html! {
            @for answer in &reply.answers { (answered(contract, answer)) }
            (self.header_fields(reply))
            @for (index, body) in reply.bodies.iter().enumerate() {
                // A schema of a name has its fields on its own page.
                @if let Some(what) = self.told(body).filter(|what| !is_named(&what.types)) {
                    (self.fields(&lead(reply, index), "Fields of the reply", &what))
                    (sentences(&what))
                }
                @if body.examples.iter().any(|example| !example.name.is_empty()) || reply.answers.is_empty() {
                    p { "As the document shows it:" }
                    (self.examples(body))
                }
            }
            (self.links(&reply.links))
        })
    }

    pub(super) fn callbacks(&self, callbacks: &[MessageWords]) -> Markup {
        html! {
            @for callback in callbacks {
                @let id = self.id(&format!("callback-{}", callback.name));
                @let fields: Vec<&ParameterWords> = callback.parameters.iter().collect();
                section #(id) {
                    h3 { a.to href={ "#" (id) } { (callback.name) } }
                    p { (method(&callback.method)) " " code dir="auto" { (callback.url) } }
                    (self.markdown(callback.said(), 4, &id))
                    @if !fields.is_empty() {
                        (self.parameters(&format!("{id}.field"), "What it has beside its body", &fields))
                    }
                    @for (index, body) in callback.bodies.iter().enumerate() {
                        @let lead = if index == 0 { id.clone() } else { format!("{id}~{}", index + 1) };
                        (self.body(&lead, "Fields of the message", body, callback.needs_body, true))
                    }
                    @if !callback.demands.is_empty() { ul { @for sentence in &callback.demands { li { (coded(sentence)) } } } }
                    @if !callback.responses.is_empty() {
                        p { "What its receiver is to answer:" }
                        ul { @for reply in &callback.responses {
                            @let id = self.id(&format!("{id}.{}", reply.status));
                            li #(id) { (status(reply.status)) (self.markdown(&reply.description, 6, &id)) }
                        } }
                    }
                }
            }
        }
    }
}

/// What stands before the ids of the fields of a reply's body.
fn lead(reply: &ResponseWords, index: usize) -> String {
    match index {
        0 => reply.status.to_string(),
        _ => format!("{}~{}", reply.status, index + 1),
    }
}

fn is_named(words: &[Word]) -> bool {
    matches!(words, [Word::Schema(_)])
}

/// A request that an error answers, and the answer.
fn answered(contract: &Contract, answer: &Answer) -> Markup {
    let shown = answer.call.shown(contract, BASE);
    html! {
        @if let Ok(text) = brief_sample(&shown) {
            figure.code {
                figcaption dir="auto" { (coded(&answer.how)) }
                pre dir="ltr" { code data-lang="sh" { (Verbatim(text.trim_end())) } }
            }
        } @else {
            p { (coded(&answer.how)) }
        }
        (replied(&answer.media_type, &answer.text))
    }
}

/// A status with its reason.
pub(super) fn status(key: StatusKey) -> Markup {
    let class = match key {
        StatusKey::Code(code) => code / 100,
        StatusKey::Range(class) => class.into(),
        StatusKey::Default => 5,
    };
    let reason = match key {
        StatusKey::Code(code) => phrase(code),
        _ => None,
    };
    html! {
        span class={ "st st" (class) } { (key) }
        @if let Some(reason) = reason { " " (reason) }
    }
}

/// The phrase of a status, as it is answered; nothing where it has none.
pub(super) fn phrase(code: u16) -> Option<&'static str> {
    let status = StatusCode::from_u16(code).ok()?;
    status.canonical_reason().map(|_| reason(status))
}
