//! The page of an operation.

use super::frame::At;
use super::{Content, Html, Verbatim, code, escaped, heading, method, path};
use crate::contract::ClockSetting;
use crate::contract::Contract;
use crate::docs::access::SchemeWords;
use crate::docs::operation::{OperationWords, ResponseWords, is_error};
use crate::docs::request::{self, BASE};
use crate::docs::site::{Entry, Service};
use crate::spec::Location;
use chrono::SecondsFormat;
use maud::{Markup, Render, html};

/// The ids that the sections of a page have.
const SECTIONS: [&str; 17] = [
    "try",
    "callbacks",
    "description",
    "authentication",
    "header",
    "path",
    "query",
    "querystring",
    "cookie",
    "body",
    "rules",
    "works",
    "responses",
    "errors",
    "samples",
    "fixtures",
    "related",
];

/// The places of parameters, in the order of the page.
pub(super) const PLACES: [(Location, &str, &str); 5] = [
    (Location::Header, "header", "Header fields"),
    (Location::Path, "path", "Path parameters"),
    (Location::Query, "query", "Query parameters"),
    (Location::Querystring, "querystring", "Query"),
    (Location::Cookie, "cookie", "Cookies"),
];

/// The sections of a page, as far as they are written.
#[derive(Default)]
pub(super) struct Sections(pub Vec<(&'static str, &'static str)>);

impl Sections {
    /// A section, where there is something in it.
    pub fn add(
        &mut self,
        id: &'static str,
        name: &'static str,
        is: bool,
        content: impl Render,
    ) -> Markup {
        self.put(id, name, is, "", content)
    }

    /// The same with a class.
    pub fn put(
        &mut self,
        id: &'static str,
        name: &'static str,
        is: bool,
        class: &str,
        content: impl Render,
    ) -> Markup {
        if !is {
            return html! {};
        }
        self.0.push((id, name));
        html! {
            section #(id) class=[Some(class).filter(|class| !class.is_empty())] {
                (heading(id, name))
                (content)
            }
        }
    }
}

impl Html<'_> {
    pub(super) fn operation(
        &self,
        service: &Service,
        number: usize,
        words: &OperationWords,
    ) -> Content {
        let contract = self.host.apis()[service.api].contract();
        let mut sections = Sections::default();
        for id in SECTIONS {
            self.id(id);
        }
        let entry = &service.operations[number];
        let text = format!("{}.md", entry.slug);
        let main = html! {
            div.split {
                div.text {
                    (head(service, words, &text))
                    (self.first(words, &mut sections))
                }
                (sections.put("samples", "Samples", true, "aside", self.samples(contract, words)))
            }
            (self.rest(service, contract, words, &mut sections))
            (self.pager(beside(&service.operations, number)))
            footer { p { "From " code { (words.place) } } }
        };
        let beside = beside(&service.operations, number);
        Content {
            title: words.title.clone(),
            summary: crate::docs::markdown::words(&words.description, 160),
            at: Some((At::Operation(number), sections.0)),
            beside: beside.map(|other| other.map(|other| format!("{}.html", other.slug))),
            text: Some(text),
            main,
        }
    }

    /// What a request says.
    fn first(&self, words: &OperationWords, sections: &mut Sections) -> Markup {
        let is_described = !words.description.trim().is_empty();
        let description = self.markdown(&words.description, 3, "description");
        html! {
            (sections.add("description", "Description", is_described, description))
            (sections.add("authentication", "Authentication", true, self.access_of(words)))
            @for (place, id, name) in PLACES {
                @let of: Vec<_> = words.parameters.iter().filter(|of| of.location == place).collect();
                @if !of.is_empty() {
                    (sections.add(id, name, true, self.parameters(id, name, &of)))
                }
            }
            (sections.add("body", "Request body", !words.bodies.is_empty(), self.request_body(words)))
        }
    }

    /// What comes of it.
    fn rest(
        &self,
        service: &Service,
        contract: &Contract,
        words: &OperationWords,
        sections: &mut Sections,
    ) -> Markup {
        let (errors, replies): (Vec<&ResponseWords>, Vec<&ResponseWords>) =
            words.responses.iter().partition(|of| is_error(of.status));
        let rules = !words.demands.is_empty() || !words.works.is_empty();
        let moment = match contract.unreal_clock() {
            Some(ClockSetting::Still(moment)) => {
                Some(moment.to_rfc3339_opts(SecondsFormat::Millis, true))
            }
            _ => None,
        };
        let has_fixtures = !words.reach.is_empty();
        let callbacks = self.callbacks(&words.callbacks);
        let number = words.number;
        html! {
            (sections.add("rules", "Validation rules", rules, self.demands(words)))
            (sections.add("responses", "Responses", !replies.is_empty(), html! {
                @for reply in &replies { (self.reply(reply)) }
            }))
            (sections.add("errors", "Errors", !errors.is_empty(), self.refusals(contract, &errors)))
            (sections.add("callbacks", "Callbacks", !words.callbacks.is_empty(), callbacks))
            (sections.add("fixtures", "Fixtures", has_fixtures, self.fixtures(words, moment)))
            @if let Some(trial) = self.trial(contract, words) {
                (sections.add("try", "Try it", true, trial))
            }
            (sections.add("related", "Related", true, self.related(service, number)))
        }
    }

    /// The request in every language.
    fn samples(&self, contract: &Contract, words: &OperationWords) -> Markup {
        let room = self.measure.examples / 2;
        html! {
            @if !words.is_taken {
                p { "The mock doesn’t take this request as it stands: put values of your own in it." }
            }
            div.samples {
                @for (language, text) in request::samples(contract, words, room) {
                    @let id = format!("sample-{}", language.name());
                    section.sample #(id) data-lang=(language.name()) {
                        h3 { (language.label()) }
                        @match text {
                            Ok(text) => (sample(language.name(), text.trim_end())),
                            Err(why) => p { (why) },
                        }
                    }
                }
            }
        }
    }

    /// The ways to the pages before and after.
    pub(super) fn pager(&self, beside: [Option<&Entry>; 2]) -> Markup {
        let [before, after] = beside;
        html! {
            nav.pager aria-label="Neighbours" {
                @if let Some(entry) = before {
                    a rel="prev" href={ (entry.slug) ".html" } dir="auto" { small { "Previous" } (entry.title) }
                }
                @if let Some(entry) = after {
                    a rel="next" href={ (entry.slug) ".html" } dir="auto" { small { "Next" } (entry.title) }
                }
            }
        }
    }

    /// The id of a scheme on the page of credentials.
    fn scheme_id(&self, name: &str) -> String {
        let service = self.service().map_or("", |service| service.slug.as_str());
        escaped(&format!("{service}.{name}"))
    }

    /// Who may call it.
    fn access_of(&self, words: &OperationWords) -> Markup {
        let needed: Vec<&Vec<SchemeWords>> =
            words.access.iter().filter(|all| !all.is_empty()).collect();
        let is_open = needed.len() < words.access.len() || words.access.is_empty();
        html! {
            @if needed.is_empty() {
                p { "None. Anyone may call it." }
            } @else if is_open {
                p { "Not needed, but taken:" }
            }
            @for (index, all) in needed.iter().enumerate() {
                @if index > 0 { p { "Or:" } }
                @for scheme in all.iter() {
                    p {
                        a href={ (self.root) "auth.html#" (self.scheme_id(&scheme.name)) } { (scheme.name) } ", " (scheme.kind) ". "
                        @match scheme.scopes.len() {
                            0 => "No scopes are declared.",
                            _ => {
                                "Scopes: "
                                @for (index, scope) in scheme.scopes.iter().enumerate() {
                                    @if index > 0 { ", " }
                                    code dir="auto" { (scope) }
                                }
                                "."
                            }
                        }
                    }
                    @if let Some(form) = &scheme.form { (code("Its form", "http", form)) }
                }
            }
        }
    }

    /// The other operations of the same path, of the item and of the list; and where more is told.
    fn related(&self, service: &Service, number: usize) -> Markup {
        const MOST: usize = 12;
        let near = service
            .near(number)
            .iter()
            .filter(|other| **other != number);
        let near = near.take(MOST).map(|other| &service.operations[*other]);
        let root = self.root;
        html! {
            ul {
                @for other in near {
                    li {
                        a href={ (other.slug) ".html" } dir="auto" { (other.title) }
                        " " span.dim { (other.method) " " (other.path) }
                    }
                }
                li { a href="index.html" dir="auto" { (service.title) } ", the service" }
                li { a href={ (root) "endpoints.html" } { "All endpoints" } ", of every service" }
                li { a href={ (root) "auth.html" } { "Authentication" } ", how scopes are enforced" }
                li { a href={ (root) "errors.html" } { "Errors" } ", every status and its meaning" }
            }
        }
    }
}

/// The operations before and after one.
pub(super) fn beside(all: &[Entry], number: usize) -> [Option<&Entry>; 2] {
    [number.checked_sub(1), Some(number + 1)].map(|other| all.get(other?))
}

/// What stands above all sections.
fn head(service: &Service, words: &OperationWords, text: &str) -> Markup {
    let mut scopes: Vec<&String> = Vec::new();
    for scope in words
        .access
        .iter()
        .flatten()
        .flat_map(|scheme| &scheme.scopes)
    {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    html! {
        h1 dir="auto" { (words.title) }
        @if words.is_deprecated {
            div.note.warn { p { strong { "Deprecated." } " It is going to be taken away." } }
        }
        p.place { (method(&words.method)) " " (path(&words.path)) }
        dl.facts {
            dt { "Service" } dd { a href="index.html" dir="auto" { (service.title) } }
            dt { "Base URL" } dd { code { (BASE) (words.prefix) } ", the mock’s" }
            @for url in &words.servers { dt { "Server" } dd { code { (url) } } }
            dt { "Operation" }
            dd { @match &words.id { Some(id) => code { (id) }, None => "has no operationId" } }
            @if !words.tags.is_empty() { dt { "Tags" } dd dir="auto" { (words.tags.join(", ")) } }
        }
        @if !scopes.is_empty() {
            ul.badges { @for scope in scopes { li { span.badge { "scope " (scope) } } } }
        }
        ul.actions { li { a href=(text) { "Markdown" } } }
    }
}

/// Code that may be long: then it has a box of its own to be looked through in.
fn sample(language: &str, text: &str) -> Markup {
    const LINES: usize = 30;
    let is_long = text.lines().count() > LINES;
    html! {
        figure.code.long[is_long] { pre dir="ltr" tabindex=[is_long.then_some("0")] {
            code data-lang=(language) { (Verbatim(text)) }
        } }
    }
}
