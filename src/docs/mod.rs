//! The documentation of contracts: pages that say what a contract, its fixtures and its rules do.
//!
//! Takes contracts as they are served; gives files. What a page says is worked out first, in
//! words; HTML and Markdown only write it down. Nothing of it is needed to answer a request.

mod access;
mod bodies;
mod call;
mod code;
mod demands;
mod describe;
mod entries;
mod escape;
mod html;
mod lead;
mod markdown;
mod message;
mod more;
mod operation;
mod origin;
mod overview;
mod parts;
mod places;
mod reach;
mod recent;
mod request;
mod rest;
mod samples;
mod search;
mod service;
mod site;
mod slug;
mod tags;
mod text;
mod trigger;
mod twins;
mod uses;
mod words;
mod works;
mod writable;

use crate::contract::Contract;
use crate::diff::Changes;
use crate::encode::to_yaml;
use crate::host::Host;
use crate::spec::LoadError;
pub use markdown::plain;
pub use places::{Part, anchor};
use site::{Notation, Page, Site};
pub use text::Flavor;

/// The documentation of what a host serves: its pages, each written when it is asked for.
#[derive(Debug)]
pub struct Docs {
    site: Site,
    /// The program that its Markdown is for, where it is no site of HTML.
    flavor: Option<Flavor>,
}

/// What every site has beside its pages.
const ASSETS: [(&str, &str); 3] = [
    ("assets/site.css", include_str!("assets/site.css")),
    ("assets/site.js", include_str!("assets/site.js")),
    ("assets/theme.js", include_str!("assets/theme.js")),
];

/// What pages have beside them while they are served.
const SERVED: [(&str, &str); 3] = [
    ("assets/trial.css", include_str!("assets/trial.css")),
    ("assets/exchange.js", include_str!("assets/exchange.js")),
    ("assets/trial.js", include_str!("assets/trial.js")),
];

/// What the search field looks into.
const SEARCH: &str = "assets/search.js";

/// The parts of a site that are the same in every one, by their paths.
pub fn assets() -> impl Iterator<Item = (&'static str, &'static str)> {
    ASSETS.iter().copied()
}

impl Docs {
    /// That of a host. Reads which pages there are, and writes none yet.
    pub fn of(host: &Host) -> Docs {
        Docs {
            site: Site::of(host),
            flavor: None,
        }
    }

    /// The same as Markdown, for another program.
    pub fn markdown(host: &Host, flavor: Flavor) -> Docs {
        let mut docs = Docs {
            flavor: Some(flavor),
            ..Docs::of(host)
        };
        // A page of Markdown may be of any length, and has no others for what it leaves out.
        docs.site.room = usize::MAX / 4;
        docs
    }

    /// That of a host while it is served at an address (`http://127.0.0.1:4010`), which the samples
    /// ask: its pages have what needs a server that answers.
    pub fn served(host: &Host, base: String) -> Docs {
        let mut docs = Docs::of(host);
        docs.site.served = Some(base);
        docs
    }

    /// The same with what has changed of one of the host's APIs, by its number there.
    pub fn since(mut self, api: usize, changes: Changes) -> Docs {
        let mut services = self.site.services.iter();
        if let Some(number) = services.position(|service| service.api == api) {
            self.site.add_changes(number, changes);
        }
        self
    }

    /// The paths of all files, the same in every build.
    pub fn paths(&self) -> Vec<String> {
        if let Some(flavor) = self.flavor {
            return text::paths(&self.site, flavor);
        }
        let assets = ASSETS.iter().map(|(path, _)| (*path).to_owned());
        let pages = self.site.pages().map(|(path, _)| path.to_owned());
        let own = pages.chain(assets).chain([SEARCH.to_owned()]);
        own.chain(text::listings(&self.site)).collect()
    }

    /// Whether the file of a path takes much longer than others.
    pub fn is_long(&self, path: &str) -> bool {
        let page = self.site.page(path);
        path == SEARCH || matches!(page, Some(Page::Contract(..) | Page::Schemas(_)))
    }

    /// The paths of the pages that those written so far lead to beside [`Docs::paths`]: what they
    /// have no room for. They may lead to more themselves.
    pub fn further_paths(&self) -> Vec<String> {
        if self.flavor.is_some() {
            return Vec::new();
        }
        let services = self.site.services.iter();
        let paths = services.flat_map(|service| {
            let names = service.rest.names().into_iter();
            names.map(|name| format!("{}/{}", service.slug, service.rest_path(&name)))
        });
        paths.collect()
    }

    /// The file of a path; nothing where there is none. The host is the one that this is of.
    pub fn file(&self, host: &Host, path: &str) -> Option<String> {
        if let Some(flavor) = self.flavor {
            return text::file(&self.site, host, flavor, path);
        }
        let own = self.site.served.iter().flat_map(|_| &SERVED);
        let asset = ASSETS.iter().chain(own).find(|(name, _)| *name == path);
        if let Some((_, text)) = asset {
            return Some((*text).to_owned());
        }
        if path == SEARCH {
            return Some(search::script(&self.site, host));
        }
        let text = self.page(host, path)?;
        // What a contract says is left as it is.
        let is_contract = matches!(self.site.page(path), Some(Page::Contract(..)));
        Some(match &self.site.served {
            Some(base) if !is_contract => text.replace(request::BASE, base),
            _ => text,
        })
    }

    fn page(&self, host: &Host, path: &str) -> Option<String> {
        if text::is_listing(path) {
            return text::listing(&self.site, host, path);
        }
        if let Some(page) = html::rest(&self.site, host, path) {
            return Some(page);
        }
        match self.site.page(path)? {
            of @ (Page::OperationText(..) | Page::WebhookText(..) | Page::ChangesText(_)) => {
                let text = text::twin(&self.site, host, of);
                if let (_, Some(service)) = of.stands() {
                    self.site.services[service].twins.keep(of, &text);
                }
                Some(text)
            }
            Page::Contract(service, notation) => {
                let api = self.site.services[service].api;
                let document = &host.apis()[api].contract().document;
                Some(match (notation, document.json_text()) {
                    (Notation::Json, Some(text)) => text.to_owned(),
                    (Notation::Json, None) => {
                        serde_json::to_string_pretty(&document.bundled()).ok()? + "\n"
                    }
                    (Notation::Yaml, _) => to_yaml(&document.bundled()),
                })
            }
            page => Some(html::page(&self.site, host, page)),
        }
    }

    /// The page of an operation, by the numbers of its API and of itself.
    pub fn page_of(&self, api: usize, number: usize) -> Option<String> {
        let service = self
            .site
            .services
            .iter()
            .find(|service| service.api == api)?;
        let entry = service.operations.get(number)?;
        Some(format!("{}/{}.html", service.slug, entry.slug))
    }

    /// What a server shows where there is no such page.
    pub fn missing(&self, host: &Host) -> String {
        html::missing(&self.site, host)
    }
}

/// The links in the texts of a contract that lead to no page of its documentation, each with the
/// place of its text; the first 100.
pub fn dangling_links(contract: &Contract) -> Vec<LoadError> {
    let service = service::service(0, String::new(), contract);
    lead::dangling(contract, &service)
}
