//! Which pages there are, and what each is of: read once, before any page is written.

pub(crate) use super::entries::{Entry, SchemaEntry};
use super::message::{MessageWords, webhook};
use super::operation::{self, OperationWords};
use super::overview::{Refusal, named, refusals};
use super::recent::Recent;
pub(crate) use super::service::Service;
use super::service::{ROOM, service};
use super::slug::{Subject, slugs};
pub(crate) use super::tags::Tag;
use crate::diff::Changes;
use crate::host::Host;
use indexmap::IndexMap;

/// The pages of all services.
#[derive(Debug)]
pub(crate) struct Site {
    /// The services, in the order in which they are served.
    pub services: Vec<Service>,
    /// The errors that they document.
    pub refusals: Vec<Refusal>,
    /// The address that the pages are served at, where they are.
    pub served: Option<String>,
    /// How many bytes of fields are told of the bodies of a request, and of those of replies.
    pub(super) room: usize,
    /// The operations that were told last.
    pub(super) recent: Recent<OperationWords>,
    /// The webhooks.
    pub(super) recent_webhooks: Recent<MessageWords>,
    pages: IndexMap<String, Page>,
}

/// What a page is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Page {
    /// All services.
    Index,
    /// All endpoints.
    Endpoints,
    /// How callers show who they are.
    Access,
    /// Every status, and who answers it.
    Errors,
    /// Who answers an error, by its number among [`Site::refusals`], where the page of all errors
    /// has no room for them.
    Error(usize),
    /// A service.
    Service(usize),
    /// The operations of a tag of a service, by its number there, where one page has no room for
    /// those of all.
    Tag(usize, usize),
    /// An operation of a service, by its number there.
    Operation(usize, usize),
    /// The same as Markdown.
    OperationText(usize, usize),
    /// All webhooks of a service.
    Webhooks(usize),
    /// A webhook of a service, by its number there.
    Webhook(usize, usize),
    /// The same as Markdown.
    WebhookText(usize, usize),
    /// All schemas of a service.
    Schemas(usize),
    /// A schema of a service, by its number there.
    Schema(usize, usize),
    /// What has changed of a service.
    Changes(usize),
    /// The same as Markdown.
    ChangesText(usize),
    /// The contract of a service in one file, as JSON or as YAML.
    Contract(usize, Notation),
}

/// How a contract is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Notation {
    Json,
    Yaml,
}

impl Page {
    /// The way from it to the site's root, and the service that it is of.
    pub fn stands(self) -> (&'static str, Option<usize>) {
        match self {
            Page::Error(_) => ("../", None),
            Page::Schemas(service)
            | Page::Schema(service, _)
            | Page::Tag(service, _)
            | Page::Webhooks(service)
            | Page::Webhook(service, _)
            | Page::WebhookText(service, _) => ("../../", Some(service)),
            Page::Service(service)
            | Page::Operation(service, _)
            | Page::OperationText(service, _)
            | Page::Changes(service)
            | Page::ChangesText(service)
            | Page::Contract(service, _) => ("../", Some(service)),
            _ => ("", None),
        }
    }
}

impl Site {
    /// An operation of a service, told.
    pub fn operation<T>(
        &self,
        host: &Host,
        service: &Service,
        number: usize,
        say: impl FnOnce(&OperationWords) -> T,
    ) -> T {
        let contract = host.apis()[service.api].contract();
        let told = self.recent.of((service.api, number));
        say(told.get_or_init(|| operation::told(host, contract, service, number, self.room)))
    }

    /// A webhook of a service, told; nothing where there is none.
    pub fn webhook<T>(
        &self,
        host: &Host,
        service: &Service,
        number: usize,
        say: impl FnOnce(&MessageWords) -> T,
    ) -> Option<T> {
        let contract = host.apis()[service.api].contract();
        let message = contract.operations.webhooks().get(number)?;
        let told = self.recent_webhooks.of((service.api, number));
        Some(say(told.get_or_init(|| {
            webhook(contract, service, message, self.room)
        })))
    }

    /// The pages of what a host serves.
    pub fn of(host: &Host) -> Site {
        let apis = host.apis();
        let names: Vec<Subject> = apis.iter().map(|api| Subject::named(api.name())).collect();
        let names = slugs(&names, &["assets", "errors"]);
        let contracts = apis.iter().zip(names).enumerate();
        let services = contracts.map(|(index, (api, slug))| service(index, slug, api.contract()));
        let services: Vec<Service> = services.collect();
        let mut pages = IndexMap::new();
        pages.insert("index.html".to_owned(), Page::Index);
        pages.insert("endpoints.html".to_owned(), Page::Endpoints);
        pages.insert("auth.html".to_owned(), Page::Access);
        pages.insert("errors.html".to_owned(), Page::Errors);
        let refusals = refusals(host, &services);
        let named = named(&refusals);
        for (number, refusal) in refusals.iter().enumerate() {
            if refusal.count() > named {
                pages.insert(format!("{}.html", refusal.page()), Page::Error(number));
            }
        }
        for (index, service) in services.iter().enumerate() {
            let folder = &service.slug;
            pages.insert(format!("{folder}/index.html"), Page::Service(index));
            let tags = service.tags.iter().enumerate();
            for (number, tag) in tags.filter(|_| service.is_split()) {
                let path = format!("{folder}/tags/{}.html", tag.slug);
                pages.insert(path, Page::Tag(index, number));
            }
            for (number, entry) in service.operations.iter().enumerate() {
                let name = &entry.slug;
                pages.insert(
                    format!("{folder}/{name}.html"),
                    Page::Operation(index, number),
                );
                pages.insert(
                    format!("{folder}/{name}.md"),
                    Page::OperationText(index, number),
                );
            }
            if !service.webhooks.is_empty() {
                let path = format!("{folder}/webhooks/index.html");
                pages.insert(path, Page::Webhooks(index));
            }
            for (number, entry) in service.webhooks.iter().enumerate() {
                let path = format!("{folder}/webhooks/{}", entry.slug);
                pages.insert(format!("{path}.html"), Page::Webhook(index, number));
                pages.insert(format!("{path}.md"), Page::WebhookText(index, number));
            }
            for (name, notation) in [("json", Notation::Json), ("yaml", Notation::Yaml)] {
                let path = format!("{folder}/openapi.{name}");
                pages.insert(path, Page::Contract(index, notation));
            }
            if !service.schemas.is_empty() {
                pages.insert(format!("{folder}/schemas/index.html"), Page::Schemas(index));
            }
            for (number, entry) in service.schemas.iter().enumerate() {
                let path = format!("{folder}/schemas/{}.html", entry.slug);
                pages.insert(path, Page::Schema(index, number));
            }
        }
        Site {
            services,
            refusals,
            served: None,
            room: super::bodies::ROOM,
            recent: Recent::default(),
            recent_webhooks: Recent::default(),
            pages,
        }
    }

    /// Adds the pages of what has changed of a service.
    pub fn add_changes(&mut self, number: usize, changes: Changes) {
        let Some(service) = self.services.get_mut(number) else {
            return;
        };
        service.changes = Some(changes);
        let folder = &service.slug;
        let paths = ["html", "md"].map(|ending| format!("{folder}/changelog.{ending}"));
        let [page, text] = paths;
        self.pages.insert(page, Page::Changes(number));
        self.pages.insert(text, Page::ChangesText(number));
    }

    /// Whether one page has no room for the endpoints of all services.
    pub fn is_split(&self) -> bool {
        self.services.iter().map(Service::size).sum::<usize>() > ROOM
    }

    /// The page of a path.
    pub fn page(&self, path: &str) -> Option<Page> {
        self.pages.get(path).copied()
    }

    /// All paths, in order.
    pub fn pages(&self) -> impl Iterator<Item = (&str, Page)> {
        self.pages.iter().map(|(path, page)| (path.as_str(), *page))
    }
}
