//! The documentation of contracts: pages that say what a contract, its fixtures and its rules do.
//!
//! Takes contracts as they are served; gives files. What a page says is worked out first, in
//! words; HTML and Markdown only write it down. Nothing of it is needed to answer a request.

mod access;
mod code;
mod demands;
mod describe;
mod escape;
mod html;
mod markdown;
mod operation;
mod parts;
mod places;
mod request;
mod samples;
mod search;
mod site;
mod slug;
mod text;
mod words;

use crate::diff::Changes;
use crate::encode::to_yaml;
use crate::host::Host;
pub use places::{Part, anchor};
use site::{Notation, Page, Site};

/// The documentation of what a host serves: its pages, each written when it is asked for.
#[derive(Debug)]
pub struct Docs {
    site: Site,
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

impl Docs {
    /// That of a host. Reads which pages there are, and writes none yet.
    pub fn of(host: &Host) -> Docs {
        Docs {
            site: Site::of(host),
        }
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
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let assets = ASSETS.iter().map(|(path, _)| *path);
        let pages = self.site.pages().map(|(path, _)| path);
        pages.chain(assets).chain([SEARCH])
    }

    /// The file of a path; nothing where there is none. The host is the one that this is of.
    pub fn file(&self, host: &Host, path: &str) -> Option<String> {
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
        match self.site.page(path)? {
            Page::OperationText(service, number) => {
                let api = self.site.services[service].api;
                let words = operation::told(host.apis()[api].contract(), number);
                Some(text::operation(&words))
            }
            Page::ChangesText(service) => {
                let changes = self.site.services[service].changes.as_ref();
                changes.map(Changes::markdown)
            }
            Page::Contract(service, notation) => {
                let api = self.site.services[service].api;
                let document = host.apis()[api].contract().document.bundled();
                Some(match notation {
                    Notation::Json => format!("{document:#}\n"),
                    Notation::Yaml => to_yaml(&document),
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
