//! Which pages there are, and what each is of: read once, before any page is written.

use super::describe::Leaves;
use super::lead::{Lead, abouts};
use super::markdown::plain;
use super::message::{MessageWords, webhook};
use super::operation::{self, OperationWords};
use super::overview::{Refusal, named, refusals};
use super::recent::Recent;
use super::rest::Rest;
use super::slug::{Subject, slugs};
pub(crate) use super::tags::Tag;
use super::tags::tags;
use super::twins::Twins;
use super::uses::Uses;
use crate::contract::Contract;
use crate::diff::Changes;
use crate::host::Host;
use crate::spec::{At, Node};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::OnceLock;

/// How many bytes of a page lists may take, roughly.
const ROOM: usize = 225_000;
/// What a row of a list takes beside its texts.
const ROW: usize = 60;

/// How long the summary of a webhook is at most that is its title, and what of a longer one is
/// shown in lists, in characters.
const TITLE: usize = 80;
const ABOUT: usize = 120;

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

/// A service: what one contract describes.
#[derive(Debug)]
pub(crate) struct Service {
    /// Its number among the host's APIs.
    pub api: usize,
    /// The name of its folder.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it is for, in Markdown.
    pub description: String,
    /// Its operations, in document order.
    pub operations: Vec<Entry>,
    /// What the operations belong to, in the order of the document's tags.
    pub tags: Vec<Tag>,
    /// What it sends without being asked, in document order; the paths are the names.
    pub webhooks: Vec<Entry>,
    /// Its schemas, in document order.
    pub schemas: Vec<SchemaEntry>,
    /// What has changed since another document, where one was given.
    pub changes: Option<Changes>,
    numbers: HashMap<String, usize>,
    /// The numbers of operations by their ids.
    ids: HashMap<String, usize>,
    /// The same by their places, below `#/paths/`.
    places: HashMap<String, usize>,
    /// The numbers of the operations of each list and its items, by the path of the list.
    lists: HashMap<String, Vec<usize>>,
    /// What its pages have no room for.
    pub(super) rest: Rest,
    /// What was told of fields that stand on many pages.
    pub(super) leaves: Leaves,
    /// Its first pages of Markdown.
    pub(super) twins: Twins,
    is_split: OnceLock<bool>,
    uses: OnceLock<Uses>,
    abouts: OnceLock<HashMap<String, String>>,
}

/// An operation or a webhook in lists.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The name of its page, without an ending.
    pub slug: String,
    /// Its method.
    pub method: String,
    /// Its path; the name of a webhook.
    pub path: String,
    /// What it does, in a line.
    pub title: String,
    /// The same in a sentence, where the title is no more than a name; of webhooks alone.
    pub about: String,
    /// Whether it is going to be taken away.
    pub is_deprecated: bool,
    /// What the sidebar of HTML says of it.
    pub shown: OnceLock<String>,
}

/// A schema in lists.
#[derive(Debug)]
pub(crate) struct SchemaEntry {
    /// Its name.
    pub name: String,
    /// The name of its page, without an ending.
    pub slug: String,
    /// Where it stands.
    pub at: At,
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

impl Service {
    /// What the list of its operations takes on a page, in bytes, roughly.
    fn size(&self) -> usize {
        let rows = self.operations.iter().chain(&self.webhooks);
        let rows = rows.map(|of| 2 * of.slug.len() + of.path.len() + of.title.len() + ROW);
        let tags = self.tags.iter().map(|tag| tag.description.len() + 400);
        rows.sum::<usize>() + tags.sum::<usize>() + self.description.len()
    }

    /// Whether one page has no room for all of its operations.
    pub fn is_split(&self) -> bool {
        *self.is_split.get_or_init(|| self.size() > ROOM)
    }

    /// Where its schemas are used: found out when it is first asked for.
    pub fn uses(&self, contract: &Contract) -> &Uses {
        self.uses.get_or_init(|| Uses::of(contract, &self.schemas))
    }

    /// The operations of the list that one is of, and of its items: of the same path, or of one
    /// that is a parameter longer or shorter.
    pub fn near(&self, number: usize) -> &[usize] {
        let path = &self.operations[number].path;
        let list = list_of(path).unwrap_or(path);
        self.lists.get(list).map_or(&[], Vec::as_slice)
    }

    /// The operation of an `operationId`, or of a reference to it.
    pub fn operation_named(&self, name: &str) -> Option<&Entry> {
        self.operations.get(self.operation_number(name)?)
    }

    /// The number of the same.
    pub fn operation_number(&self, name: &str) -> Option<usize> {
        let by_id = self.ids.get(name);
        let by_place = || self.places.get(name.split_once("#/paths/")?.1);
        by_id.or_else(by_place).copied()
    }

    /// The page of a part, by its name without an ending, and the place on it.
    pub fn page_of(&self, lead: Lead) -> (String, String) {
        match lead {
            Lead::Operation(number) => (self.operations[number].slug.clone(), String::new()),
            Lead::Schema(number) => {
                let page = format!("schemas/{}", self.schemas[number].slug);
                (page, String::new())
            }
            Lead::Tag(number) => {
                let slug = &self.tags[number].slug;
                match self.is_split() {
                    true => (format!("tags/{slug}"), String::new()),
                    false => ("index".to_owned(), format!("#tag-{slug}")),
                }
            }
            Lead::About(id) => ("index".to_owned(), format!("#{id}")),
        }
    }

    /// The ids of the headings of its description, by their anchors.
    pub fn abouts(&self) -> &HashMap<String, String> {
        self.abouts.get_or_init(|| abouts(&self.description))
    }

    /// The schema of a name.
    pub fn schema(&self, name: &str) -> Option<&SchemaEntry> {
        self.schema_number(name).map(|number| &self.schemas[number])
    }

    /// The number of the same.
    pub fn schema_number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }
}

/// The path of the list that a path leads to an item of.
fn list_of(path: &str) -> Option<&str> {
    let (list, key) = path.rsplit_once('/')?;
    key.starts_with('{').then_some(list)
}

/// The service of a contract, in a folder of that name.
pub(super) fn service(api: usize, slug: String, contract: &Contract) -> Service {
    let operations = entries(contract);
    let schemas = schemas(contract);
    let info = contract.document.root().get("info");
    let description = info.and_then(|info| info.get("description")?.text());
    let numbers = schemas.iter().enumerate();
    let (mut ids, mut places) = (HashMap::new(), HashMap::new());
    for (number, stub) in contract.operations.stubs().iter().enumerate() {
        let id = contract.document.node(stub.at).get("operationId");
        if let Some(id) = id.and_then(Node::text) {
            ids.entry(id.into_owned()).or_insert(number);
        }
        let path = stub.path.replace('~', "~0").replace('/', "~1");
        let method = stub.method.as_str().to_ascii_lowercase();
        places.insert(format!("{path}/{method}"), number);
    }
    // A document may have none to say.
    let title = match contract.title().trim() {
        "" => slug.clone(),
        title => title.to_owned(),
    };
    let mut lists: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, entry) in operations.iter().enumerate() {
        lists.entry(entry.path.clone()).or_default().push(number);
        if let Some(list) = list_of(&entry.path) {
            lists.entry(list.to_owned()).or_default().push(number);
        }
    }
    Service {
        lists,
        api,
        slug,
        title,
        version: contract.version().to_owned(),
        description: description.unwrap_or_default().into_owned(),
        tags: tags(contract),
        numbers: numbers
            .map(|(number, of)| (of.name.clone(), number))
            .collect(),
        operations,
        webhooks: webhooks(contract),
        schemas,
        changes: None,
        ids,
        places,
        rest: Rest::default(),
        leaves: Leaves::default(),
        twins: Twins::default(),
        is_split: OnceLock::new(),
        uses: OnceLock::new(),
        abouts: OnceLock::new(),
    }
}

fn entries(contract: &Contract) -> Vec<Entry> {
    let stubs = contract.operations.stubs();
    let nodes: Vec<Node<'_>> = stubs
        .iter()
        .map(|stub| contract.document.node(stub.at))
        .collect();
    let text = |node: &Node<'_>, name: &str| {
        let text = node.get(name).and_then(Node::text);
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let subjects = stubs.iter().zip(&nodes).map(|(stub, node)| {
        let id = text(node, "operationId");
        Subject::operation(id.as_deref(), stub.method.as_str(), &stub.path)
    });
    let subjects: Vec<Subject> = subjects.collect();
    let slugs = slugs(&subjects, &["index", "openapi", "changelog"]);
    let named = slugs.into_iter().zip(stubs).zip(&nodes);
    let entries = named.map(|((slug, stub), node)| {
        let id = text(node, "operationId");
        let title = text(node, "summary").or(id);
        Entry {
            slug,
            method: stub.method.to_string(),
            path: stub.path.to_string(),
            title: title.unwrap_or_else(|| stub.name()),
            about: String::new(),
            is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
            shown: OnceLock::new(),
        }
    });
    entries.collect()
}

fn webhooks(contract: &Contract) -> Vec<Entry> {
    let all = contract.operations.webhooks();
    let count = |name: &str| all.iter().filter(|of| of.declared.name == name).count();
    let subjects = all.iter().map(|of| {
        let (name, method) = (&of.declared.name, of.declared.method.as_str());
        Subject {
            // What is sent with several methods has a page for each.
            name: match count(name) {
                1 => name.clone(),
                _ => format!("{name} {}", method.to_ascii_lowercase()),
            },
            identity: format!("{method} {name}"),
        }
    });
    let subjects: Vec<Subject> = subjects.collect();
    let slugs = slugs(&subjects, &["index"]);
    let entries = slugs.into_iter().zip(all).map(|(slug, of)| {
        let node = contract.document.node(of.declared.at);
        let text = |name: &str| {
            let text = node.get(name).and_then(Node::text);
            text.unwrap_or_default().trim().to_owned()
        };
        let (summary, description) = (text("summary"), text("description"));
        // Many write whole texts there, which no list has room for.
        let is_title = !summary.is_empty() && summary.chars().count() <= TITLE;
        let about = match (is_title, summary.is_empty()) {
            (true, _) => String::new(),
            (false, true) => plain(&description, ABOUT),
            (false, false) => plain(&summary, ABOUT),
        };
        Entry {
            slug,
            method: of.declared.method.to_string(),
            path: of.declared.name.clone(),
            title: match is_title {
                true => summary,
                false => of.declared.name.clone(),
            },
            about,
            is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
            shown: OnceLock::new(),
        }
    });
    entries.collect()
}

fn schemas(contract: &Contract) -> Vec<SchemaEntry> {
    let root = contract.document.root();
    let holder = root
        .get("components")
        .and_then(|components| components.get("schemas"));
    let holder = holder.or_else(|| root.get("definitions"));
    let named: Vec<(String, At)> = holder
        .into_iter()
        .flat_map(Node::entries)
        .map(|(name, schema)| (name.into_owned(), schema.at()))
        .collect();
    let subjects: Vec<Subject> = named.iter().map(|(name, _)| Subject::named(name)).collect();
    let named = named.into_iter().zip(slugs(&subjects, &["index"]));
    let entries = named.map(|((name, at), slug)| SchemaEntry { name, slug, at });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_a_list_and_its_items_are_near_each_other() {
        let text = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /shops/{shop}: {get: {responses: {}}}
  /shops/{shop}/pets: {get: {responses: {}}, post: {responses: {}}}
  /shops/{shop}/pets/{pet}: {get: {responses: {}}}
  /shops/{shop}/pets/{pet}/photo: {get: {responses: {}}}
";
        let contract = Contract::from_text("t.yaml", text).expect("a contract");
        let service = service(0, "t".to_owned(), &contract);
        assert_eq!(service.near(0), [0]);
        assert_eq!(service.near(1), [1, 2, 3]);
        assert_eq!(service.near(3), [1, 2, 3]);
        assert_eq!(service.near(4), [4]);
    }
}
