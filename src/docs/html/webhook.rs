//! The pages of webhooks: what the API sends without being asked.

use super::frame::At;
use super::lists::{around, content, shown};
use super::operation::{PLACES, Sections, beside};
use super::{Content, Html, code, coded, method};
use crate::docs::message::{MessageWords, sending};
use crate::docs::request::BASE;
use crate::docs::samples::brief_sample;
use crate::docs::site::Service;
use maud::{Markup, PreEscaped, html};

/// The ids that the sections of a page have.
const SECTIONS: [&str; 11] = [
    "description",
    "header",
    "path",
    "query",
    "querystring",
    "cookie",
    "body",
    "rules",
    "answers",
    "send",
    "related",
];

impl Html<'_> {
    /// All webhooks of a service.
    pub(super) fn webhooks(&self, service: &Service) -> Content {
        let main = html! {
            h1 { "Webhooks" }
            p.lead { "What the service sends without being asked." }
            div.wide data-filter {
                (self.endpoints_of("Webhooks", "Webhook", "", service.webhooks.iter()))
            }
        };
        content("Webhooks", main)
    }

    /// A webhook.
    pub(super) fn webhook(&self, service: &Service, number: usize) -> Content {
        let write = |words: &MessageWords| self.told_webhook(service, number, words);
        let page = self.site.webhook(self.host, service, number, write);
        page.unwrap_or_else(|| content(&service.webhooks[number].title, html! {}))
    }

    fn told_webhook(&self, service: &Service, number: usize, words: &MessageWords) -> Content {
        let entry = &service.webhooks[number];
        for id in SECTIONS {
            self.id(id);
        }
        let mut sections = Sections::default();
        let text = format!("{}.md", entry.slug);
        let main = html! {
            div.split {
                div.text {
                    (head(service, words, &entry.title, &text))
                    (self.sent(words, &entry.title, &mut sections))
                }
                (sections.put("send", "From the mock", true, "aside", self.send(service, words)))
            }
            (sections.add("rules", "Validation rules", !words.demands.is_empty(), html! {
                ul { @for sentence in &words.demands { li { (coded(sentence)) } } }
            }))
            (sections.add("answers", "Expected answers", true, html! {
                @if words.responses.is_empty() { p { "None are documented." } }
                @for reply in &words.responses { (self.reply(reply)) }
            }))
            (sections.add("related", "Related", true, html! {
                ul {
                    li { a href="index.html" { "All webhooks" } ", of the service" }
                    li { a href="../index.html" dir="auto" { (service.title) } ", the service" }
                }
            }))
            (self.pager(beside(&service.webhooks, number)))
            footer { p { "From " code { (words.place) } } }
        };
        let beside = beside(&service.webhooks, number);
        Content {
            title: entry.title.clone(),
            summary: crate::docs::markdown::words(words.said(), 160),
            at: Some((At::Webhook(number), sections.0)),
            beside: beside.map(|other| other.map(|other| format!("{}.html", other.slug))),
            text: Some(text),
            main,
        }
    }

    /// What is sent.
    fn sent(&self, words: &MessageWords, title: &str, sections: &mut Sections) -> Markup {
        // What is no title is told as a text.
        let lead = Some(words.summary.as_str()).filter(|summary| *summary != title);
        let lead = lead.unwrap_or_default();
        let is_described = !words.description.is_empty() || !lead.is_empty();
        let description = html! {
            (self.markdown(lead, 3, "summary"))
            (self.markdown(&words.description, 3, "description"))
        };
        html! {
            (sections.add("description", "Description", is_described, description))
            @for (place, id, name) in PLACES {
                @let of: Vec<_> = words.parameters.iter().filter(|of| of.location == place).collect();
                @if !of.is_empty() {
                    (sections.add(id, name, true, self.parameters(id, name, &of)))
                }
            }
            (sections.add("body", "Body", !words.bodies.is_empty(), html! {
                (self.markdown(&words.body_description, 3, "body"))
                @for (index, body) in words.bodies.iter().enumerate() {
                    @let lead = if index == 0 { "body".to_owned() } else { format!("body~{}", index + 1) };
                    @if words.bodies.len() > 1 { h3 { code dir="auto" { (body.media_type) } } }
                    (self.body(&lead, "Fields of the body", body, words.needs_body, true))
                }
            }))
        }
    }

    /// How a mock is made to send it.
    fn send(&self, service: &Service, words: &MessageWords) -> Markup {
        let request = sending(self.host, service.api, &words.name, BASE);
        let examples: Vec<&str> = words.examples().collect();
        html! {
            p { "The mock sends it to a URL of your own when it is asked to, and tells what came of it:" }
            @if let Ok(text) = brief_sample(&request) { (code("curl", "sh", text.trim_end())) }
            @if !examples.is_empty() {
                p {
                    "With " code { "\"example\"" } " beside the URL, it sends one of the examples: "
                    @for (index, name) in examples.iter().enumerate() {
                        @if index > 0 { ", " }
                        code dir="auto" { (name) }
                    }
                    "."
                }
            }
            p { "With " code { "\"body\"" } ", it sends that, where it keeps to the contract." }
        }
    }

    /// The webhooks in the sidebar: opened on the page of one.
    pub(super) fn webhooks_beside(&self, service: &Service, at: &Content) -> Markup {
        let opened = at.at.as_ref().and_then(|(at, sections)| match at {
            At::Webhook(number) => Some((*number, sections)),
            At::Operation(_) => None,
        });
        let numbers: Vec<usize> = (0..service.webhooks.len()).collect();
        html! {
            li {
                a href=(self.to_service(service, "webhooks/index.html")) { span { "Webhooks" } }
                @if let Some((number, sections)) = opened {
                    ul { @for other in around(&numbers, number) {
                        @let entry = &service.webhooks[*other];
                        @let is_here = *other == number;
                        li {
                            a href={ (entry.slug) ".html" } aria-current=[is_here.then_some("page")] {
                                (PreEscaped(shown(entry)))
                            }
                            @if is_here {
                                ul { @for (id, name) in sections {
                                    li { a href={ "#" (id) } { span { (name) } } }
                                } }
                            }
                        }
                    } }
                }
            }
        }
    }
}

/// What stands above all sections.
fn head(service: &Service, words: &MessageWords, title: &str, text: &str) -> Markup {
    html! {
        h1 dir="auto" { (title) }
        @if words.is_deprecated {
            div.note.warn { p { strong { "Deprecated." } " It is going to be taken away." } }
        }
        p.place { (method(&words.method)) " " code dir="auto" { (words.name) } }
        dl.facts {
            dt { "Service" } dd { a href="../index.html" dir="auto" { (service.title) } }
            dt { "Sent to" } dd { "the URL that a receiver was registered with" }
            @if let Some(id) = &words.id { dt { "Operation" } dd { code { (id) } } }
        }
        ul.actions { li { a href=(text) { "Markdown" } } }
    }
}
