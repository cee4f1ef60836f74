//! The pages as Markdown: the twins of the site's operations, a whole site for other programs, and
//! what language models read.

mod flavor;
mod lists;
mod llms;
mod operation;
mod schema;
mod webhook;
mod write;

pub use flavor::Flavor;

use super::describe::Part;
use super::lead::Lead;
use super::markdown::plain;
use super::operation::OperationWords;
use super::rest::{FOLDER, Rest};
use super::site::{Page, Service, Site};
use crate::diff::Changes;
use crate::host::Host;
use write::Leads;

/// Writes one page.
struct Text<'a> {
    site: &'a Site,
    host: &'a Host,
    /// How the names of pages end.
    ending: &'static str,
    /// The way from the page to the site's root: empty, or some `../`.
    root: &'static str,
    /// The service that the page is of.
    of: Option<usize>,
}

/// What a page says, and what it is about.
pub(super) struct Written {
    /// Its title, as plain text.
    pub title: String,
    /// The page.
    pub text: String,
    /// What it is about in a sentence, as plain text; empty where nothing says so.
    pub about: String,
}

impl Written {
    /// A page of which nothing but itself says what it is about.
    fn of(title: String, text: String) -> Written {
        Written {
            title,
            text,
            about: String::new(),
        }
    }

    /// The same with what a text of the document says of it.
    fn about(self, markdown: &str) -> Written {
        Written {
            about: plain(markdown, ABOUT),
            ..self
        }
    }
}

/// How long it is told what a page is about, in characters.
const ABOUT: usize = 160;

/// A page of a site whose pages' names end so.
fn page(site: &Site, host: &Host, page: Page, ending: &'static str) -> Written {
    let (root, of) = page.stands();
    let text = Text {
        site,
        host,
        ending,
        root,
        of,
    };
    match page {
        Page::Endpoints => text.endpoints(),
        Page::Access => text.access(),
        Page::Errors => text.errors(),
        Page::Error(number) => text.error(&site.refusals[number]),
        Page::Service(service) => text.service_page(&site.services[service]),
        Page::Operation(service, number) | Page::OperationText(service, number) => {
            text.operation(&site.services[service], number)
        }
        Page::Webhooks(service) => text.webhooks(&site.services[service]),
        Page::Webhook(service, number) | Page::WebhookText(service, number) => {
            text.webhook(&site.services[service], number)
        }
        Page::Schemas(service) => text.schemas(&site.services[service]),
        Page::Schema(service, number) => text.schema(&site.services[service], number),
        Page::Changes(service) | Page::ChangesText(service) => {
            let changes = site.services[service].changes.as_ref();
            let text = changes.map(Changes::markdown).unwrap_or_default();
            let about = changes.map(Changes::summary).unwrap_or_default();
            Written {
                about,
                ..Written::of("Changes".to_owned(), text)
            }
        }
        _ => text.index(),
    }
}

/// The twin of an operation's or a webhook's page.
pub(super) fn twin(site: &Site, host: &Host, of: Page) -> String {
    page(site, host, of, "html").text
}

pub(super) use flavor::{file, paths};
pub(super) use llms::{is_listing, listing, listings};

impl Text<'_> {
    /// The way to a page of a service, by its name without an ending.
    fn to(&self, service: &Service, page: &str) -> String {
        let own = self.of.map(|of| &self.site.services[of]);
        let way = match own.is_some_and(|own| own.slug == service.slug) {
            true => self.root.strip_prefix("../").unwrap_or_default().to_owned(),
            false => format!("{}{}/", self.root, service.slug),
        };
        format!("{way}{page}.{}", self.ending)
    }

    fn with_leads<T>(&self, write: impl FnOnce(&Leads<'_>) -> T) -> T {
        let service = self.of.map(|of| &self.site.services[of]);
        let resolve = |address: &str| {
            let service = service?;
            let lead = match service.lead(address)? {
                Lead::Tag(_) if self.ending != "html" => return Some(self.to(service, "index")),
                lead => lead,
            };
            let (page, anchor) = service.page_of(lead);
            // What the headings of other programs are called isn't known.
            let anchor = if self.ending == "html" {
                anchor
            } else {
                String::new()
            };
            Some(self.to(service, &page) + &anchor)
        };
        let schema = |name: &str| {
            let service = service?;
            let schema = service.schema(name)?;
            Some(self.to(service, &format!("schemas/{}", schema.slug)))
        };
        let part = |part: &Part| {
            let service = service.filter(|_| self.ending == "html")?;
            let document = &self.host.apis()[service.api].contract().document;
            let name = Rest::name(document, part);
            let to = self.to(service, &format!("{FOLDER}/{name}"));
            service.rest.add([(name, part.clone())]);
            Some(to)
        };
        write(&Leads {
            resolve: &resolve,
            schema: &schema,
            part: &part,
            root: self.root,
        })
    }

    fn operation(&self, service: &Service, number: usize) -> Written {
        let contract = self.host.apis()[service.api].contract();
        let write = |words: &OperationWords| {
            let text = self.with_leads(|leads| operation::operation(contract, words, leads));
            Written::of(words.title.clone(), text).about(match words.description.trim() {
                "" => &words.title,
                about => about,
            })
        };
        self.site.operation(self.host, service, number, write)
    }
}
