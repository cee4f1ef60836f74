//! The page of an operation.

use super::{Content, Html, code, heading, method, path};
use crate::contract::Contract;
use crate::docs::access::SchemeWords;
use crate::docs::code::{Bound, json_lines};
use crate::docs::operation::{BodyWords, OperationWords, ResponseWords, told};
use crate::docs::request;
use crate::docs::site::{Entry, Service};
use crate::spec::{Location, StatusKey};
use crate::wire::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

/// The places of parameters, in the order of the page.
const PLACES: [(Location, &str, &str); 5] = [
    (Location::Header, "header", "Header fields"),
    (Location::Path, "path", "Path parameters"),
    (Location::Query, "query", "Query parameters"),
    (Location::Querystring, "querystring", "Query"),
    (Location::Cookie, "cookie", "Cookies"),
];

impl Html<'_> {
    pub(super) fn operation(&self, service: &Service, number: usize) -> Content {
        let contract = self.host.apis()[service.api].contract();
        let words = told(contract, number);
        let mut sections: Vec<(&'static str, &'static str)> = Vec::new();
        let mut section = |id: &'static str, name: &'static str, content: Option<Markup>| {
            content.map(|content| {
                sections.push((id, name));
                html! { section #(id) { (heading(id, name)) (content) } }
            })
        };
        let some = |is: bool, content: &dyn Fn() -> Markup| is.then(content);
        let described = some(!words.description.trim().is_empty(), &|| {
            self.markdown(&words.description, 3, "description")
        });
        let description = section("description", "Description", described);
        let access = section(
            "authentication",
            "Authentication",
            Some(self.access_of(&words)),
        );
        let parameters: Vec<Option<Markup>> = PLACES
            .iter()
            .map(|(place, id, name)| {
                let of = words.parameters.iter().filter(|of| of.location == *place);
                let of: Vec<_> = of.collect();
                let table = some(!of.is_empty(), &|| self.parameters(id, name, &of));
                section(id, name, table)
            })
            .collect();
        let body = some(!words.bodies.is_empty(), &|| self.request_body(&words));
        let body = section("body", "Request body", body);
        let rules = some(!words.demands.is_empty(), &|| demands(&words));
        let rules = section("rules", "Validation rules", rules);
        let (errors, replies): (Vec<&ResponseWords>, Vec<&ResponseWords>) =
            words.responses.iter().partition(|of| is_error(of.status));
        let responses = some(!replies.is_empty(), &|| {
            html! { @for reply in &replies { (self.reply(reply)) } }
        });
        let responses = section("responses", "Responses", responses);
        let refusals = some(!errors.is_empty(), &|| self.refusals(&errors));
        let errors = section("errors", "Errors", refusals);
        let samples = section("samples", "Samples", Some(samples(contract, &words)));
        let trial = section("try", "Try it", self.trial(contract, &words));
        let related = self.related(service, number);
        let related = section("related", "Related", related);
        let beside = [number.checked_sub(1), Some(number + 1)].map(|other| {
            let other = service.operations.get(other?)?;
            Some(format!("{}.html", other.slug))
        });
        let entry = &service.operations[number];
        let text = format!("{}.md", entry.slug);
        let main = html! {
            h1 dir="auto" { (words.title) }
            @if words.is_deprecated {
                div.note.warn { p { strong { "Deprecated." } " It is going to be taken away." } }
            }
            p.place { (method(&words.method)) " " (path(&words.path)) }
            dl.facts {
                @if let Some(id) = &words.id { dt { "Operation" } dd { code { (id) } } }
                @if !words.tags.is_empty() { dt { "Tags" } dd dir="auto" { (words.tags.join(", ")) } }
            }
            ul.actions { li { a href=(text) { "Markdown" } } }
            @for part in [description, access].into_iter().chain(parameters) {
                @if let Some(part) = part { (part) }
            }
            @for part in [body, rules, responses, errors, samples, trial, related].into_iter().flatten() { (part) }
            footer { p { "From " code { (words.place) } } }
        };
        Content {
            title: words.title.clone(),
            summary: crate::docs::markdown::words(&words.description, 160),
            at: Some((number, sections)),
            beside,
            text: Some(text),
            main,
        }
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
                        a href={ (self.root) "auth.html" } { (scheme.name) } ", " (scheme.kind) ". "
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

    fn request_body(&self, words: &OperationWords) -> Markup {
        html! {
            (self.markdown(&words.body_description, 3, "body"))
            @for (index, body) in words.bodies.iter().enumerate() {
                @let lead = if index == 0 { "body".to_owned() } else { format!("body{}", index + 1) };
                (self.body(&lead, "Fields of the body", body, words.needs_body))
            }
            @if words.method == "PATCH" {
                div.note { p {
                    strong { "What a PATCH leaves alone." }
                    " Fields that aren’t sent stay as they are. " code { "null" }
                    " removes a field, where its type allows " code { "null" }
                    ". An array replaces the whole array. Objects are merged field by field (RFC 7396)."
                } }
            }
        }
    }

    /// A body in one media type.
    fn body(&self, lead: &str, caption: &str, body: &BodyWords, is_required: bool) -> Markup {
        html! {
            p {
                code dir="auto" { (body.media_type) }
                @if is_required { " " span.must { "required" } }
                @if let Some(what) = &body.what { ", " (self.words(&what.types)) }
            }
            @if let Some(what) = &body.what {
                @if !what.constraints.is_empty() {
                    ul.limits { @for words in &what.constraints { li { (super::coded(words)) } } }
                }
                (self.fields(lead, caption, what))
            }
            @for (index, example) in body.examples.iter().enumerate() {
                @let name = if example.name.is_empty() { "Example" } else { example.name.as_str() };
                @if let Some(text) = &example.text {
                    @let language = if body.media_type.contains("json") { "json" } else { "text" };
                    @let shown = bounded(&example.value, text, language);
                    @if index == 0 {
                        (code(name, language, &shown))
                    } @else {
                        details { summary dir="auto" { (name) } (code(name, language, &shown)) }
                    }
                }
            }
        }
    }

    fn reply(&self, reply: &ResponseWords) -> Markup {
        let id = format!("status-{}", reply.status);
        html! {
            section #(id) {
                h3 { a.to href={ "#" (id) } { (status(reply.status)) } }
                (self.markdown(&reply.description, 4, &id))
                (self.reply_parts(reply))
            }
        }
    }

    fn reply_parts(&self, reply: &ResponseWords) -> Markup {
        let fields: Vec<_> = reply.headers.iter().collect();
        html! {
            @if !fields.is_empty() {
                (self.parameters(&format!("{}.header", reply.status), "Header fields of the reply", &fields))
            }
            @for (index, body) in reply.bodies.iter().enumerate() {
                @let lead = match index {
                    0 => reply.status.to_string(),
                    _ => format!("{}.{}", reply.status, index + 1),
                };
                (self.body(&lead, "Fields of the reply", body, false))
            }
        }
    }

    /// The errors in one table.
    fn refusals(&self, errors: &[&ResponseWords]) -> Markup {
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
                        @let id = format!("status-{}", reply.status);
                        tr #(id) {
                            th scope="row" { a.to href={ "#" (id) } { (status(reply.status)) } }
                            td { @for body in &reply.bodies {
                                @if let Some(what) = &body.what { (self.words(&what.types)) }
                                ul.limits { li { (body.media_type) } }
                            } }
                            td { (self.markdown(&reply.description, 6, &id)) }
                        }
                        tr.nest { td colspan="3" { details {
                            summary { "Body, example, and how to get it from the mock" }
                            p { "Send " code { "Prefer: code=" (asked(reply.status)) } " with the request." }
                            (self.reply_parts(reply))
                        } } }
                    }
                }
            }
        }
    }

    /// The other operations of the same path, of the item and of the list.
    fn related(&self, service: &Service, number: usize) -> Option<Markup> {
        const MOST: usize = 12;
        let own = &service.operations[number];
        let (list, _) = own.path.rsplit_once("/{").unwrap_or((&own.path, ""));
        let is_near = |other: &&Entry| {
            let rest = other.path.strip_prefix(list);
            let is_item = |rest: &str| rest.starts_with("/{") && rest.matches('/').count() == 1;
            other.slug != own.slug && rest.is_some_and(|rest| rest.is_empty() || is_item(rest))
        };
        let near: Vec<&Entry> = service
            .operations
            .iter()
            .filter(is_near)
            .take(MOST)
            .collect();
        (!near.is_empty()).then(|| {
            html! {
                ul { @for other in &near {
                    li {
                        (method(&other.method)) " "
                        a href={ (other.slug) ".html" } dir="auto" { (other.title) }
                    }
                } }
            }
        })
    }
}

fn is_error(status: StatusKey) -> bool {
    match status {
        StatusKey::Code(code) => code >= 400,
        StatusKey::Range(class) => class >= 4,
        StatusKey::Default => true,
    }
}

/// A code that the status may be asked for by.
fn asked(status: StatusKey) -> String {
    match status {
        StatusKey::Code(code) => code.to_string(),
        StatusKey::Range(class) => format!("{class}00"),
        StatusKey::Default => "500".to_owned(),
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
        StatusKey::Code(code) => StatusCode::from_u16(code).ok(),
        _ => None,
    };
    let reason = reason.and_then(|code| code.canonical_reason());
    html! {
        span class={ "st st" (class) } { (key) }
        @if let Some(reason) = reason { " " (reason) }
    }
}

fn demands(words: &OperationWords) -> Markup {
    html! {
        table.stack {
            thead { tr { th scope="col" { "Rule" } th scope="col" { "Else" } } }
            tbody { @for (index, demand) in words.demands.iter().enumerate() {
                tr #{ "rule-" (index + 1) } {
                    td dir="auto" { (super::coded(&demand.text)) }
                    td { span class={ "st st" (demand.status / 100) } { (demand.status) } }
                }
            } }
        }
    }
}

fn samples(contract: &Contract, words: &OperationWords) -> Markup {
    html! {
        @if let Some(scopes) = request::token(words) {
            p {
                "Put a token in the place of " code { "TOKEN" } ": "
                code { "counterpart token" @for scope in &scopes { " --scope " (scope) } } "."
            }
        }
        div.samples {
            @for (language, text) in request::samples(contract, words) {
                @let id = format!("sample-{}", language.name());
                section.sample #(id) data-lang=(language.name()) {
                    h3 { (language.label()) }
                    @match text {
                        Ok(text) => figure.code { pre dir="ltr" {
                            code data-lang=(language.name()) { (text.trim_end()) }
                        } },
                        Err(why) => p { (why) },
                    }
                }
            }
        }
    }
}

/// An example as it is shown: JSON over several lines, anything else as it travels.
fn bounded(value: &Value, text: &str, language: &str) -> String {
    let bound = Bound {
        lines: 150,
        bytes: 12_000,
    };
    match language {
        "json" => json_lines(value, bound),
        _ => match text.char_indices().nth(bound.bytes) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text.to_owned(),
        },
    }
}
