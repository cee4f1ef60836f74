//! A service as its pages know it: what it has, and where each of it is told.

use super::bodies::Shared;
use super::describe::Leaves;
use super::entries::{Entry, SchemaEntry, entries, schemas, webhooks};
use super::lead::{Lead, abouts};
use super::request::Made;
use super::rest::Rest;
use super::tags::{Tag, tags};
use super::twins::Twins;
use super::uses::Uses;
use crate::contract::Contract;
use crate::diff::Changes;
use crate::spec::Node;
use std::collections::HashMap;
use std::sync::OnceLock;

/// How many bytes of a page lists may take, roughly.
pub(super) const ROOM: usize = 225_000;
/// What a row of a list takes beside its texts.
const ROW: usize = 60;

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
    /// The examples that several operations show.
    pub(super) shared: Shared,
    /// The values that its requests have for parameters.
    pub(super) made: Made,
    /// Its first pages of Markdown.
    pub(super) twins: Twins,
    is_split: OnceLock<bool>,
    uses: OnceLock<Uses>,
    abouts: OnceLock<HashMap<String, String>>,
}

impl Service {
    /// What the list of its operations takes on a page, in bytes, roughly.
    pub(super) fn size(&self) -> usize {
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
        shared: Shared::default(),
        made: Made::default(),
        twins: Twins::default(),
        is_split: OnceLock::new(),
        uses: OnceLock::new(),
        abouts: OnceLock::new(),
    }
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
