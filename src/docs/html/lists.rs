//! The pages that lead to others: services, endpoints, credentials, errors.

use super::frame::At;
use super::{Content, Html, breaking, code, heading, method};
use crate::docs::markdown::plain;
use crate::docs::overview::{Refusal, meaning, named, schemes};
use crate::docs::site::{Entry, Service, Tag};
use maud::{Markup, PreEscaped, html};

/// How many operations a page of an error lists.
const ROWS: usize = 1_500;

impl Html<'_> {
    pub(super) fn index(&self) -> Content {
        let main = html! {
            h1 { "Services" }
            ul.cards.wide {
                @for service in &self.site.services {
                    li {
                        h2 { a href=(self.to_service(service, "index.html")) dir="auto" { (service.title) } }
                        p dir="auto" { (plain(&service.description, 240)) }
                        p.dim {
                            "Version " (service.version) ", "
                            (count(service.operations.len(), "operation"))
                            @if !service.webhooks.is_empty() {
                                ", " (count(service.webhooks.len(), "webhook"))
                            }
                            @if service.changes.is_some() {
                                ", " a href=(self.to_service(service, "changelog.html")) { "what has changed" }
                            }
                        }
                    }
                }
            }
        };
        content("Services", main)
    }

    pub(super) fn service_page(&self, service: &Service) -> Content {
        let main = html! {
            h1 dir="auto" { (service.title) }
            dl.facts {
                dt { "Version" } dd { (service.version) }
            }
            (self.markdown(&service.description, 2, "about"))
            @if service.is_split() {
                ul { @for tag in &service.tags { li {
                    a href={ "tags/" (tag.slug) ".html" } dir="auto" { (tag.shown()) }
                    ", " (count(tag.operations.len(), "operation"))
                    @if !tag.description.is_empty() {
                        ": " span.dim dir="auto" { (plain(&tag.description, 160)) }
                    }
                } } }
            }
            @for tag in service.tags.iter().filter(|_| !service.is_split()) {
                @let id = tag_id(tag);
                section #(id) {
                    (heading(&id, tag.shown()))
                    (self.markdown(&tag.description, 3, &id))
                    (self.endpoints_of(&format!("Operations of {}", tag.shown()), "Path", "", tag.operations.iter().map(|number| &service.operations[*number])))
                }
            }
            @if !service.webhooks.is_empty() && !service.is_split() {
                section #webhooks {
                    (heading("webhooks", "Webhooks"))
                    p { "What it sends without being asked." }
                    (self.endpoints_of("Webhooks", "Webhook", "webhooks/", service.webhooks.iter()))
                }
            }
            section #more {
                (heading("more", "More"))
                ul {
                    @if !service.webhooks.is_empty() && service.is_split() {
                        li { a href="webhooks/index.html" { "Webhooks" } }
                    }
                    @if !service.schemas.is_empty() { li { a href="schemas/index.html" { "Schemas" } } }
                    @if let Some(changes) = &service.changes {
                        li { a href="changelog.html" { "Changes" } ": " (changes.summary()) }
                    }
                    li {
                        "The contract for download: "
                        a href="openapi.json" { "JSON" } ", " a href="openapi.yaml" { "YAML" }
                    }
                }
            }
        };
        content(&service.title, main)
    }

    /// The operations of a tag that has a page of its own.
    pub(super) fn tag_page(&self, service: &Service, number: usize) -> Content {
        let tag = &service.tags[number];
        let entries = tag
            .operations
            .iter()
            .map(|number| &service.operations[*number]);
        let main = html! {
            h1 dir="auto" { (tag.shown()) }
            (self.markdown(&tag.description, 2, "about"))
            div.wide data-filter {
                (self.endpoints_of(&format!("Operations of {}", tag.shown()), "Path", "../", entries))
            }
        };
        content(tag.shown(), main)
    }

    pub(super) fn endpoints(&self) -> Content {
        if self.site.is_split() {
            let main = html! {
                h1 { "Endpoints" }
                p.lead { "There are too many for one page; each service lists its own." }
                ul { @for service in &self.site.services { li {
                    a href=(self.to_service(service, "index.html")) dir="auto" { (service.title) }
                    ", " (count(service.operations.len(), "operation"))
                } } }
            };
            return content("Endpoints", main);
        }
        let main = html! {
            h1 { "Endpoints" }
            p.lead { "Every operation of every service." }
            div.wide data-filter {
                @for service in &self.site.services {
                    @let id = self.id(&service.slug);
                    section #(id) {
                        (heading(&id, &service.title))
                        (self.endpoints_of(&format!("Endpoints of {}", service.title), "Path", &format!("{}/", service.slug), service.operations.iter()))
                        @if !service.webhooks.is_empty() {
                            (self.endpoints_of(&format!("Webhooks of {}", service.title), "Webhook", &format!("{}/webhooks/", service.slug), service.webhooks.iter()))
                        }
                    }
                }
            }
        };
        content("Endpoints", main)
    }

    /// The operations of a list, or webhooks.
    pub(super) fn endpoints_of<'e>(
        &self,
        caption: &str,
        named: &str,
        folder: &str,
        entries: impl Iterator<Item = &'e Entry>,
    ) -> Markup {
        html! {
            table.list.stack {
                caption.quiet { (caption) }
                thead { tr {
                    th scope="col" { "Method" }
                    th scope="col" { (named) }
                    th scope="col" { "Summary" }
                } }
                tbody {
                    // There may be a thousand rows: without end tags, which HTML lets be left out.
                    @for entry in entries {
                        tr;
                        td; (lean_method(&entry.method))
                        td; a href={ (folder) (entry.slug) ".html" } { (entry.path) }
                        td; @match entry.about.as_str() { "" => (entry.title), about => (about) }
                        @if entry.is_deprecated { " " i { "deprecated" } }
                    }
                }
            }
        }
    }

    pub(super) fn access(&self) -> Content {
        let main = html! {
            h1 { "Authentication" }
            p.lead { "Which credential each service asks for, and which operation needs which scope." }
            section #token {
                (heading("token", "A token from the mock"))
                p { "The mock mints tokens for whoever asks. Name the scopes that the token is to grant." }
                (code("From a shell", "sh", "counterpart token --scope SCOPE"))
                (code("Over HTTP", "sh", "curl -d scope=SCOPE http://127.0.0.1:4010/_counterpart/tokens"))
            }
            @for service in &self.site.services {
                @for (words, uses) in schemes(self.host.apis()[service.api].contract(), service) {
                    @let id = self.id(&format!("{}.{}", service.slug, words.name));
                    section #(id) {
                        h2 { a.to href={ "#" (id) } { (service.title) ": " code { (words.name) } } }
                        p { span.badge { (words.kind) } }
                        (self.markdown(&words.description, 3, &id))
                        @if let Some(form) = &words.form { (code("Its form", "http", form)) }
                        table.stack {
                            caption { "Which operation needs what" }
                            thead { tr { th scope="col" { "Operation" } th scope="col" { "Scopes" } } }
                            tbody { @for (entry, scopes) in &uses { tr {
                                td { a href=(self.to_service(service, &format!("{}.html", entry.slug))) dir="auto" { (entry.title) } }
                                td {
                                    @if scopes.is_empty() { "none declared" }
                                    @for (index, scope) in scopes.iter().enumerate() {
                                        @if index > 0 { ", " }
                                        code dir="auto" { (scope) }
                                    }
                                }
                            } } }
                        }
                    }
                }
            }
        };
        content("Authentication", main)
    }

    pub(super) fn errors(&self) -> Content {
        let all = &self.site.refusals;
        let named = named(all);
        let main = html! {
            h1 { "Errors" }
            p.lead { "Every status, and who answers it." }
            section #form {
                (heading("form", "The form of an error"))
                p {
                    "Where a contract doesn’t say otherwise, problem details (RFC 9457) in "
                    code { "application/problem+json" }
                    ". All violations are told at once, an entry of " code { "errors" } " for each."
                }
            }
            section #statuses {
                (heading("statuses", "Statuses"))
                table.fields {
                    caption.quiet { "Statuses" }
                    thead { tr {
                        th scope="col" { "Status" }
                        th scope="col" { "When" }
                        th scope="col" { "Answered by" }
                    } }
                    tbody { @for refusal in all {
                        @let id = format!("status-{}", refusal.status);
                        tr #(id) {
                            th scope="row" { a.to href={ "#" (id) } { (super::replies::status(refusal.key)) } }
                            td { (meaning(refusal.key)) }
                            td { (self.answered_by(refusal, named)) }
                        }
                    } }
                }
            }
        };
        content("Errors", main)
    }

    /// The first operations that answer an error, and the way to all of them.
    fn answered_by(&self, refusal: &Refusal, most: usize) -> Markup {
        let mut left = most;
        let shown = refusal.by.iter().map_while(|(service, operations)| {
            let service = &self.site.services[*service];
            let some = &operations[..operations.len().min(left)];
            left -= some.len();
            (!some.is_empty()).then_some((service, some))
        });
        let shown: Vec<(&Service, &[usize])> = shown.collect();
        html! {
            @for (service, operations) in shown {
                p {
                    @if self.site.services.len() > 1 { span.dim dir="auto" { (service.title) ": " } }
                    @for (index, number) in operations.iter().enumerate() {
                        @let entry = &service.operations[*number];
                        @if index > 0 { ", " }
                        a href={ (self.to_service(service, &entry.slug)) ".html#status-" (refusal.status) } dir="auto" { (entry.title) }
                    }
                }
            }
            @if refusal.count() > most {
                p { a href={ (refusal.page()) ".html" } { "All " (refusal.count()) } }
            }
        }
    }

    /// Who answers an error.
    pub(super) fn error(&self, refusal: &Refusal) -> Content {
        let status = refusal.key.to_string();
        let mut room = ROWS;
        let listed = refusal.by.iter().map(|(service, operations)| {
            let some = &operations[..operations.len().min(room)];
            room -= some.len();
            (&self.site.services[*service], some)
        });
        let listed: Vec<(&Service, &[usize])> = listed.filter(|(_, of)| !of.is_empty()).collect();
        let left = refusal.count().saturating_sub(ROWS);
        let main = html! {
            h1 { (super::replies::status(refusal.key)) }
            p.lead { (meaning(refusal.key)) }
            div.wide data-filter {
                @for (service, operations) in listed {
                    @let id = self.id(&service.slug);
                    section #(id) {
                        (heading(&id, &service.title))
                        (self.endpoints_of(&format!("Operations of {}", service.title), "Path", &format!("../{}/", service.slug), operations.iter().map(|number| &service.operations[*number])))
                    }
                }
                @if left > 0 { p { "And " (left) " more, which their own pages tell." } }
            }
        };
        content(&format!("Error {status}"), main)
    }

    /// A tag in the sidebar: opened where the page is of one of its operations.
    pub(super) fn tag(&self, service: &Service, tag: &Tag, at: &Content) -> Markup {
        let opened = at.at.as_ref().and_then(|(at, sections)| match at {
            At::Operation(number) if tag.operations.contains(number) => Some((number, sections)),
            _ => None,
        });
        let lead = || {
            let page = match service.is_split() {
                true => format!("tags/{}.html", tag.slug),
                false => format!("index.html#{}", tag_id(tag)),
            };
            let lead = html! {
                a href=(self.to_service(service, &page)) {
                    span dir="auto" { (tag.shown()) }
                }
            };
            lead.into_string()
        };
        html! {
            li {
                (PreEscaped(tag.lead.below(self.root).get_or_init(lead)))
                @if let Some((number, sections)) = opened {
                    ul { @for other in around(&tag.operations, *number) {
                        @let entry = &service.operations[*other];
                        @let is_here = other == number;
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

/// A method in a row of a list.
pub(super) fn lean_method(name: &str) -> Markup {
    html! { b class=(name.to_ascii_lowercase()) { (name) } }
}

pub(super) fn content(title: &str, main: Markup) -> Content {
    Content {
        title: title.to_owned(),
        summary: String::new(),
        at: None,
        beside: [None, None],
        text: None,
        main,
    }
}

/// What a sidebar says of an operation or a webhook: the same on every page, and written once.
pub(super) fn shown(entry: &Entry) -> &str {
    let write = || {
        let shown = html! { (method(&entry.method)) span dir="auto" { (breaking(&entry.title)) } };
        shown.into_string()
    };
    entry.shown.get_or_init(write)
}

/// The operations beside one, as many as a sidebar has room for.
pub(super) fn around(operations: &[usize], number: usize) -> &[usize] {
    const MOST: usize = 80;
    let at = operations
        .iter()
        .position(|other| *other == number)
        .unwrap_or(0);
    let start = at
        .saturating_sub(MOST / 2)
        .min(operations.len().saturating_sub(MOST));
    &operations[start..operations.len().min(start + MOST)]
}

pub(super) fn tag_id(tag: &Tag) -> String {
    format!("tag-{}", tag.slug)
}

fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}
