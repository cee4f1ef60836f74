//! The pages that lead to others: services, endpoints, credentials, errors.

use super::{Content, Html, code, heading, method, path};
use crate::docs::access::{SchemeWords, scheme};
use crate::docs::markdown::plain;
use crate::docs::site::{Entry, Service, Tag};
use crate::spec::{Node, SecurityScheme, StatusKey};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The operations that use a scheme, and the scopes that each needs.
type Uses<'s> = Vec<(&'s Entry, Vec<String>)>;

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
            @for tag in &service.tags {
                @let id = tag_id(tag);
                section #(id) {
                    (heading(&id, name_of(tag)))
                    (self.markdown(&tag.description, 3, &id))
                    (self.endpoints_of(&format!("Operations of {}", name_of(tag)), "", tag.operations.iter().map(|number| &service.operations[*number])))
                }
            }
            section #more {
                (heading("more", "More"))
                ul {
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

    pub(super) fn endpoints(&self) -> Content {
        let main = html! {
            h1 { "Endpoints" }
            p.lead { "Every operation of every service." }
            div.wide data-filter {
                @for service in &self.site.services {
                    section #(service.slug) {
                        (heading(&service.slug, &service.title))
                        (self.endpoints_of(&format!("Endpoints of {}", service.title), &format!("{}/", service.slug), service.operations.iter()))
                    }
                }
            }
        };
        content("Endpoints", main)
    }

    fn endpoints_of<'e>(
        &self,
        caption: &str,
        folder: &str,
        entries: impl Iterator<Item = &'e Entry>,
    ) -> Markup {
        html! {
            table.list.stack {
                caption.quiet { (caption) }
                thead { tr {
                    th scope="col" { "Method" }
                    th scope="col" { "Path" }
                    th scope="col" { "Summary" }
                } }
                tbody {
                    @for entry in entries {
                        tr {
                            td { (method(&entry.method)) }
                            td { a href={ (folder) (entry.slug) ".html" } { (path(&entry.path)) } }
                            td dir="auto" {
                                (entry.title)
                                @if entry.is_deprecated { " " span.badge.warn { "deprecated" } }
                            }
                        }
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
                @for (words, uses) in self.schemes(service) {
                    @let id = format!("{}.{}", service.slug, words.name);
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

    /// The schemes of a service, with the operations that use each and what they need of it.
    fn schemes<'s>(&self, service: &'s Service) -> Vec<(SchemeWords, Uses<'s>)> {
        let contract = self.host.apis()[service.api].contract();
        let mut found: BTreeMap<String, (Arc<SecurityScheme>, Uses<'_>)> = BTreeMap::new();
        for (entry, stub) in service.operations.iter().zip(contract.operations.stubs()) {
            for of in contract.document.security(stub).iter().flatten() {
                let (_, uses) = found
                    .entry(of.scheme.name.clone())
                    .or_insert_with(|| (Arc::clone(&of.scheme), Vec::new()));
                uses.push((entry, of.scopes.clone()));
            }
        }
        let found = found.into_values();
        found
            .map(|(of, uses)| (scheme(&contract.document, &of), uses))
            .collect()
    }

    pub(super) fn errors(&self) -> Content {
        let mut all: BTreeMap<String, Vec<(&Service, &Entry)>> = BTreeMap::new();
        for service in &self.site.services {
            let contract = self.host.apis()[service.api].contract();
            for (entry, stub) in service.operations.iter().zip(contract.operations.stubs()) {
                let node = contract.document.node(stub.at);
                for (status, _) in node.get("responses").into_iter().flat_map(Node::entries) {
                    let is_error = match StatusKey::parse(&status) {
                        Some(StatusKey::Code(code)) => code >= 400,
                        Some(StatusKey::Range(class)) => class >= 4,
                        _ => false,
                    };
                    if is_error {
                        all.entry(status.into_owned())
                            .or_default()
                            .push((service, entry));
                    }
                }
            }
        }
        const NAMED: usize = 30;
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
                        th scope="col" { "Answered by" }
                        th scope="col" { "When" }
                    } }
                    tbody { @for (key, who) in &all { @if let Some(status) = StatusKey::parse(key) {
                        @let id = format!("status-{key}");
                        tr #(id) {
                            th scope="row" { a.to href={ "#" (id) } { (super::operation::status(status)) } }
                            td {
                                @for (index, (service, entry)) in who.iter().take(NAMED).enumerate() {
                                    @if index > 0 { ", " }
                                    a href={ (self.to_service(service, &entry.slug)) ".html#status-" (key) } dir="auto" { (entry.title) }
                                }
                                @if who.len() > NAMED { ", and " (who.len() - NAMED) " others" }
                            }
                            td { (meaning(status)) }
                        }
                    } } }
                }
            }
        };
        content("Errors", main)
    }

    /// A tag in the sidebar: opened where the page is of one of its operations.
    pub(super) fn tag(&self, service: &Service, tag: &Tag, at: &Content) -> Markup {
        let opened = at
            .at
            .as_ref()
            .filter(|(number, _)| tag.operations.contains(number));
        html! {
            li {
                a href={ (self.to_service(service, "index.html")) "#" (tag_id(tag)) } {
                    span dir="auto" { (name_of(tag)) }
                }
                @if let Some((number, sections)) = opened {
                    ul { @for other in &tag.operations {
                        @let entry = &service.operations[*other];
                        @let is_here = other == number;
                        li {
                            a href={ (entry.slug) ".html" } aria-current=[is_here.then_some("page")] {
                                (method(&entry.method)) span dir="auto" { (entry.title) }
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

fn name_of(tag: &Tag) -> &str {
    match tag.name.as_str() {
        "" => "Operations",
        name => name,
    }
}

fn tag_id(tag: &Tag) -> String {
    format!("tag-{}", crate::docs::slug::slug(name_of(tag)))
}

fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}

fn meaning(status: StatusKey) -> &'static str {
    let StatusKey::Code(code) = status else {
        return "";
    };
    match code {
        400 => "The request can’t be read, or is empty where something is needed.",
        401 => "No credential that would do.",
        403 => "The credential doesn’t permit the operation.",
        404 => "No such path, or no such item.",
        405 => "The path has no such method.",
        406 => "No documented media type is one that the client accepts.",
        409 => "It conflicts with what is there.",
        410 => "What was there is gone for good.",
        412 => "A precondition or a condition isn’t met.",
        413 => "The body is too large.",
        415 => "The media type isn’t documented.",
        422 => "The request breaks the contract or one of its rules.",
        428 => "The request must say on which state it is made.",
        429 => "Too many requests.",
        500..=599 => "The server failed.",
        _ => "",
    }
}
