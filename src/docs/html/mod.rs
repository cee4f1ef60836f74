//! The pages as HTML.

mod bodies;
mod changelog;
mod fields;
mod fixtures;
mod frame;
mod lists;
mod operation;
mod replies;
mod rules;
mod schema;
mod served;
mod trial;
mod webhook;

use super::describe::Word;
use super::escape::id as escaped;
use super::markdown::{Place, render};
use super::operation::OperationWords;
use super::site::{Page, Service, Site};
use crate::host::Host;
use frame::Content;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;
pub(super) use served::missing;
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Writes one page.
pub(super) struct Html<'a> {
    pub site: &'a Site,
    pub host: &'a Host,
    /// The way from the page to the site's root: empty, or some `../`.
    pub root: &'static str,
    /// The service that the page is of.
    pub of: Option<usize>,
    /// The ids that are on the page already, and how often each was asked for.
    ids: RefCell<HashMap<String, usize>>,
}

/// The page of a site, as HTML.
pub(super) fn page(site: &Site, host: &Host, page: Page) -> String {
    let (root, of) = page.stands();
    let html = Html::of(site, host, root, of);
    let content = match page {
        Page::Endpoints => html.endpoints(),
        Page::Access => html.access(),
        Page::Errors => html.errors(),
        Page::Service(service) => html.service_page(&site.services[service]),
        Page::Changes(service) => html.changelog(&site.services[service]),
        Page::Tag(service, tag) => html.tag_page(&site.services[service], tag),
        Page::Operation(service, number) => {
            let service = &site.services[service];
            let write = |words: &OperationWords| html.operation(service, number, words);
            site.recent.of(host, service, number, write)
        }
        Page::Webhooks(service) => html.webhooks(&site.services[service]),
        Page::Webhook(service, number) => html.webhook(&site.services[service], number),
        Page::Schemas(service) => html.schemas(&site.services[service]),
        Page::Schema(service, number) => html.schema(&site.services[service], number),
        _ => html.index(),
    };
    html.page(&content)
}

impl<'a> Html<'a> {
    /// Of a page that stands there.
    fn of(site: &'a Site, host: &'a Host, root: &'static str, of: Option<usize>) -> Html<'a> {
        let html = Html {
            site,
            host,
            root,
            of,
            ids: RefCell::default(),
        };
        for id in ["main", "side", "found"] {
            html.id(id);
        }
        html
    }

    /// An id for what is called so: escaped, and of a second thing of that name another one.
    fn id(&self, wanted: &str) -> String {
        let id = escaped(wanted);
        let mut ids = self.ids.borrow_mut();
        let count = ids.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 {
            return id;
        }
        let mut number = *count;
        loop {
            let other = format!("{id}~{number}");
            if let Entry::Vacant(free) = ids.entry(other.clone()) {
                free.insert(1);
                return other;
            }
            number += 1;
        }
    }
}

impl Html<'_> {
    fn service(&self) -> Option<&Service> {
        self.of.map(|of| &self.site.services[of])
    }

    /// The way to a page of a service.
    fn to_service(&self, service: &Service, page: &str) -> String {
        match self.service().is_some_and(|own| own.slug == service.slug) {
            true => format!(
                "{}{page}",
                self.root.strip_prefix("../").unwrap_or_default()
            ),
            false => format!("{}{}/{page}", self.root, service.slug),
        }
    }

    /// The way to a schema of the page's service.
    fn to_schema(&self, name: &str) -> Option<String> {
        let service = self.service()?;
        let schema = service.schema(name)?;
        Some(self.to_service(service, &format!("schemas/{}.html", schema.slug)))
    }

    /// A text of the document's author, as blocks.
    fn markdown(&self, text: &str, level: u8, prefix: &str) -> Markup {
        let resolve = |address: &str| self.leads(address);
        let place = Place {
            level,
            prefix,
            resolve: &resolve,
        };
        PreEscaped(render(text, &place).html)
    }

    /// Where a link of the document leads on the site.
    fn leads(&self, address: &str) -> Option<String> {
        let service = self.service()?;
        let (page, anchor) = service.page_of(service.lead(address)?);
        Some(self.to_service(service, &format!("{page}.html")) + &anchor)
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

    /// The same on the page of a schema, which is no link to itself.
    fn own_words(&self, words: &[Word], own: &str) -> Markup {
        let own =
            |word: &&Word| !matches!(word, Word::Schema(name) | Word::Named(name) if name == own);
        let words: Vec<Word> = words.iter().filter(own).cloned().collect();
        self.words(&words)
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
            @if !caption.is_empty() { figcaption dir="auto" { (caption) } }
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
