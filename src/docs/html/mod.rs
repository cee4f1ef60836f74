//! The pages as HTML.

mod changelog;
mod fields;
mod frame;
mod lists;
mod operation;
mod schema;
mod served;
mod trial;

use super::describe::Word;
use super::markdown::{Place, render};
use super::site::{Page, Service, Site};
use crate::host::Host;
use frame::Content;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;
pub(super) use served::missing;

/// Writes one page.
pub(super) struct Html<'a> {
    pub site: &'a Site,
    pub host: &'a Host,
    /// The way from the page to the site's root: empty, or some `../`.
    pub root: &'static str,
    /// The service that the page is of.
    pub of: Option<usize>,
}

/// The page of a site, as HTML.
pub(super) fn page(site: &Site, host: &Host, page: Page) -> String {
    let (root, of) = match page {
        Page::Schemas(service) | Page::Schema(service, _) => ("../../", Some(service)),
        Page::Service(service) | Page::Operation(service, _) | Page::Changes(service) => {
            ("../", Some(service))
        }
        _ => ("", None),
    };
    let html = Html {
        site,
        host,
        root,
        of,
    };
    let content = match page {
        Page::Endpoints => html.endpoints(),
        Page::Access => html.access(),
        Page::Errors => html.errors(),
        Page::Service(service) => html.service_page(&site.services[service]),
        Page::Changes(service) => html.changelog(&site.services[service]),
        Page::Operation(service, number) => html.operation(&site.services[service], number),
        Page::Schemas(service) => html.schemas(&site.services[service]),
        Page::Schema(service, number) => html.schema(&site.services[service], number),
        _ => html.index(),
    };
    html.page(&content)
}

impl Html<'_> {
    fn service(&self) -> Option<&Service> {
        self.of.map(|of| &self.site.services[of])
    }

    /// The way to a page of a service.
    fn to_service(&self, service: &Service, page: &str) -> String {
        format!("{}{}/{page}", self.root, service.slug)
    }

    /// The way to a schema of the page's service.
    fn to_schema(&self, name: &str) -> Option<String> {
        let service = self.service()?;
        let schema = service.schema(name)?;
        Some(self.to_service(service, &format!("schemas/{}.html", schema.slug)))
    }

    /// A text of the document's author, as blocks.
    fn markdown(&self, text: &str, level: u8, prefix: &str) -> Markup {
        let resolve = |_: &str| None;
        let place = Place {
            level,
            prefix,
            resolve: &resolve,
        };
        PreEscaped(render(text, &place).html)
    }

    /// What a value is, in words.
    fn words(&self, words: &[Word]) -> Markup {
        html! {
            @for (index, word) in words.iter().enumerate() {
                @if index > 0 { " " }
                @match word {
                    Word::Plain(text) => (text),
                    Word::Schema(name) => (self.schema_name(name)),
                    Word::Named(name) => { "(" (self.schema_name(name)) ")" },
                }
            }
        }
    }

    fn schema_name(&self, name: &str) -> Markup {
        html! {
            @match self.to_schema(name) {
                Some(to) => a href=(to) { (name) },
                None => (name),
            }
        }
    }
}

/// Words in which code stands between backquotes.
fn coded(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if index % 2 == 1 { code dir="auto" { (part) } } @else { (part) }
        }
    }
}

/// A value on one line.
fn inline(value: &Value) -> Markup {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    html! { code dir="auto" { (shortened(&text)) } }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Text as a block of code under a caption.
fn code(caption: &str, language: &str, text: &str) -> Markup {
    html! {
        figure.code {
            figcaption dir="auto" { (caption) }
            pre dir="ltr" { code data-lang=(language) { (text) } }
        }
    }
}

/// A method.
fn method(name: &str) -> Markup {
    html! { span class={ "m " (name.to_ascii_lowercase()) } { (name) } }
}

/// A path with its parameters marked.
fn path(template: &str) -> Markup {
    let mut rest = template;
    let mut parts: Vec<(&str, bool)> = Vec::new();
    while let Some(start) = rest.find('{') {
        let Some(len) = rest[start..].find('}') else {
            break;
        };
        parts.push((&rest[..start], false));
        parts.push((&rest[start..=start + len], true));
        rest = &rest[start + len + 1..];
    }
    parts.push((rest, false));
    html! {
        code {
            @for (part, is_parameter) in parts {
                @if is_parameter { b { (part) } } @else { (part) }
            }
        }
    }
}

/// A heading that leads to itself.
fn heading(id: &str, text: &str) -> Markup {
    html! { h2 { a.to href={ "#" (id) } { (text) } } }
}
