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

use super::describe::{Describing, More, Part, Word};
use super::escape::{id as escaped, push_html};
use super::markdown::{Place, Rendered, render};
use super::operation::OperationWords;
use super::rest::{FOLDER, Rest};
use super::site::{Page, Service, Site};
use crate::host::Host;
use frame::Content;
use maud::{Markup, PreEscaped, Render, html};
use serde_json::Value;
pub(super) use served::missing;
use std::cell::{Cell, OnceCell, RefCell};
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
    /// How much there is room for.
    pub measure: Measure,
    /// How many bytes of examples are on the page already.
    examples: Cell<usize>,
    /// Describes bodies again, where less of them is told than was.
    describing: OnceCell<Describing<'a>>,
    /// The pages of parts that the page leads to.
    parts: RefCell<Vec<(String, Part)>>,
    /// The ids that are on the page already, and how often each was asked for.
    ids: RefCell<HashMap<String, usize>>,
}

/// How much a page has room for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// How many bytes of fields of a request's bodies, and of those of replies, where that is less
    /// than was told.
    pub fields: Option<usize>,
    /// How many bytes of examples.
    pub examples: usize,
}

/// The measures that a page of an operation is written in, the first that it is short enough in.
const MEASURES: [Measure; 3] = [
    Measure {
        fields: None,
        examples: 40_000,
    },
    Measure {
        fields: Some(16_000),
        examples: 16_000,
    },
    Measure {
        fields: Some(4_000),
        examples: 6_000,
    },
];

/// How long a page of an operation is at most, in bytes, where a shorter measure makes it shorter.
const LONG: usize = 105_000;

/// The page of a site, as HTML.
pub(super) fn page(site: &Site, host: &Host, page: Page) -> String {
    if let Page::Operation(service, number) = page {
        let write = |words: &OperationWords| {
            let service = &site.services[service];
            measured(site, host, page, |html| {
                html.operation(service, number, words)
            })
        };
        return site.operation(host, &site.services[service], number, write);
    }
    measured(site, host, page, |html| html.content(page))
}

/// A page in the first measure that makes it short enough.
fn measured<'a>(
    site: &'a Site,
    host: &'a Host,
    page: Page,
    content: impl Fn(&Html<'a>) -> Content,
) -> String {
    let (root, of) = page.stands();
    let measures = match page {
        Page::Operation(..) | Page::Webhook(..) => &MEASURES[..],
        _ => &MEASURES[..1],
    };
    let (last, others) = measures.split_last().expect("there is a measure");
    let write = |measure: &Measure| {
        let mut html = Html::of(site, host, root, of);
        html.measure = *measure;
        let text = html.page(&content(&html));
        (html, text)
    };
    let mut written = others.iter().map(write);
    let short = written.find(|(_, text)| text.len() <= LONG);
    let (html, text) = short.unwrap_or_else(|| write(last));
    html.lead_on();
    text
}

/// The page of what others have no room for, where a path is one of these.
pub(super) fn rest(site: &Site, host: &Host, path: &str) -> Option<String> {
    let (folder, rest) = path.split_once('/')?;
    let name = rest.strip_prefix(FOLDER)?.strip_prefix('/')?;
    let name = name.strip_suffix(".html")?;
    let mut services = site.services.iter();
    let number = services.position(|service| service.slug == folder)?;
    let service = &site.services[number];
    let document = &host.apis()[service.api].contract().document;
    let part = service.rest.part(document, name)?;
    let html = Html::of(site, host, "../../", Some(number));
    let text = html.page(&html.part(service, &part));
    html.lead_on();
    Some(text)
}

impl<'a> Html<'a> {
    /// Of a page that stands there.
    fn of(site: &'a Site, host: &'a Host, root: &'static str, of: Option<usize>) -> Html<'a> {
        let html = Html {
            site,
            host,
            root,
            of,
            measure: MEASURES[0],
            examples: Cell::new(0),
            describing: OnceCell::new(),
            parts: RefCell::default(),
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
    /// What is on a page that is none of an operation.
    fn content(&self, page: Page) -> Content {
        let services = &self.site.services;
        match page {
            Page::Endpoints => self.endpoints(),
            Page::Access => self.access(),
            Page::Errors => self.errors(),
            Page::Error(number) => self.error(&self.site.refusals[number]),
            Page::Service(service) => self.service_page(&services[service]),
            Page::Changes(service) => self.changelog(&services[service]),
            Page::Tag(service, tag) => self.tag_page(&services[service], tag),
            Page::Webhooks(service) => self.webhooks(&services[service]),
            Page::Webhook(service, number) => self.webhook(&services[service], number),
            Page::Schemas(service) => self.schemas(&services[service]),
            Page::Schema(service, number) => self.schema(&services[service], number),
            _ => self.index(),
        }
    }

    /// Takes up which pages of parts this one leads to.
    fn lead_on(&self) {
        if let Some(service) = self.service() {
            service.rest.add(self.parts.take());
        }
    }

    /// The way to what has no room here, with what it is called.
    fn to_more(&self, more: &More) -> Option<(String, String)> {
        let service = self.service()?;
        match more {
            More::Schema(name) => Some((self.to_schema(name)?, name.clone())),
            More::Part(part) => {
                let document = &self.host.apis()[service.api].contract().document;
                let name = Rest::name(document, part);
                let to = self.to_service(service, &service.rest_path(&name));
                self.parts.borrow_mut().push((name, part.clone()));
                Some((to, part.title.clone()))
            }
        }
    }

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
        PreEscaped(self.rendered(text, level, prefix).html)
    }

    /// The same with its headings.
    fn rendered(&self, text: &str, level: u8, prefix: &str) -> Rendered {
        let resolve = |address: &str| self.leads(address);
        let place = Place {
            level,
            prefix,
            resolve: &resolve,
        };
        render(text, &place)
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

/// A text in which long words may be broken where their parts meet: `payment_method` before the
/// underscore's next letter, `getPaymentMethod` before a capital.
fn breaking(text: &str) -> Markup {
    let mut out = String::with_capacity(text.len() + 16);
    push_breaking(&mut out, text);
    PreEscaped(out)
}

/// Writes what [`breaking`] gives.
fn push_breaking(out: &mut String, text: &str) {
    const LONG: usize = 14;
    for word in text.split_inclusive(char::is_whitespace) {
        if word.chars().count() <= LONG {
            push_html(out, word);
            continue;
        }
        let mut start = 0;
        let mut before = ' ';
        for (at, c) in word.char_indices() {
            let is_hump = c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
            let is_part = "_.-/".contains(before) && c.is_alphanumeric();
            if at > start && (is_hump || is_part) {
                push_html(out, &word[start..at]);
                out.push_str("<wbr>");
                start = at;
            }
            before = c;
        }
        push_html(out, &word[start..]);
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
            pre dir="ltr" { code data-lang=(language) { (Verbatim(text)) } }
        }
    }
}

/// A long text, escaped a piece at a time.
struct Verbatim<'t>(&'t str);

impl Render for Verbatim<'_> {
    fn render_to(&self, out: &mut String) {
        let mut rest = self.0;
        let acts = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"');
        while let Some(at) = rest.bytes().position(acts) {
            out.push_str(&rest[..at]);
            out.push_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => "&quot;",
            });
            rest = &rest[at + 1..];
        }
        out.push_str(rest);
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
