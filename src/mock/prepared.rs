use super::binding::{Binding, KeyFrom};
use super::content::{PreparedContent, PreparedResponse, ReadyCell};
use super::message::PreparedMessage;
use super::name::words;
use super::paged::MadeUp;
use super::path_names::PathName;
use super::sampling::Sampling;
use super::tie::{Parent, Ties, trimmed};
use super::tied::tied;
use super::verbs::is_verb;
use crate::decode::{Kind, ParameterReader};
use crate::route::PathTemplate;
use crate::rules::Merge;
use crate::spec::{
    At, Document, LoadError, Location, Operation, ShapeId, Shapes, StatusKey, Stub, Types,
};
use crate::validate::{Place, SchemaId, Schemas, View};
use crate::wire::Method;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// An operation with all that answering it takes, made once.
#[derive(Debug)]
pub struct Prepared {
    /// Its number in the contract.
    pub number: usize,
    /// The declaration.
    pub declared: Operation,
    /// Its parameters.
    pub parameters: Vec<ParameterReader>,
    /// Their schemas, one for each.
    pub parameter_schemas: Vec<Option<SchemaId>>,
    /// The media types of its request body.
    pub bodies: Vec<PreparedContent>,
    /// Whether an object without any property breaks `minProperties` of the body.
    pub needs_members: bool,
    /// Its responses.
    pub responses: Vec<PreparedResponse>,
    /// The requests that it may send.
    pub callbacks: Vec<PreparedMessage>,
    /// The collection that it works on, if any.
    pub binding: Option<Binding>,
    /// The items that its path hangs on, or is of.
    pub parents: Vec<Parent>,
    /// Whether what it shows comes in several media types, so that `Accept` tells replies apart.
    pub is_negotiated: bool,
    /// The path parameter that its path ends in.
    pub last_parameter: Option<String>,
    /// The path parameter that names what its reply shows: the last one, or that of the item which an
    /// action (`POST /orders/{id}/cancel`) is done to.
    pub item_parameter: Option<String>,
    /// What its path's parameters are called in what is shown.
    pub path_names: Vec<PathName>,
    /// What its list means where it is made up, and shown by pages.
    pub(super) made_up: OnceLock<Option<MadeUp>>,
    /// Why it can't be served, where it can't.
    pub broken: Option<LoadError>,
}

/// The bodies of replies by what they are made of: where the media type stands, how it is called,
/// which stands first beside it, and an example that says what is meant. What operations refer to
/// is made once for all of them.
type ReadyCells = HashMap<(At, String, At, Option<At>), Arc<ReadyCell>>;

/// What answering needs of the contract beside the operation.
#[derive(Clone, Copy)]
pub struct Contents<'c> {
    /// The document.
    pub document: &'c Document,
    /// Its shapes.
    pub shapes: &'c Shapes,
    /// Its schemas.
    pub schemas: &'c Schemas,
    /// What samples are drawn from.
    pub sampling: &'c Sampling,
}

/// What of an operation tells which collection others of its path work on.
#[derive(Debug)]
pub(super) struct Outline {
    /// The shape of the JSON body of its success.
    pub shown: Option<ShapeId>,
    /// Those of the bodies that it takes.
    pub taken: Vec<ShapeId>,
    /// The path parameters that are texts, and no numbers.
    pub texts: Vec<String>,
    /// The status of its success.
    pub success: u16,
    /// Whether it asks for something and changes nothing, by its name.
    pub asks: bool,
    /// Whether its query has to say something.
    pub must_be_told: bool,
}

/// What the names of operations begin with that change nothing, whatever their method, and the last
/// literals of their paths.
const QUESTIONS: [&str; 20] = [
    "search",
    "query",
    "find",
    "filter",
    "lookup",
    "list",
    "get",
    "fetch",
    "count",
    "match",
    "validate",
    "check",
    "verify",
    "test",
    "preview",
    "estimate",
    "simulate",
    "calculate",
    "convert",
    "export",
];

impl Outline {
    fn of(operation: &Prepared, shapes: &Shapes) -> Outline {
        let shown = operation.success_body();
        let taken = operation.bodies.iter().filter_map(|body| body.shape);
        let parameters = operation.parameters.iter();
        let texts = parameters.filter(|reader| {
            let types = reader.shape.map(|id| shapes.get(id).types);
            let counts = |types: Types| types.has("integer") || types.has("number");
            reader.parameter.location == Location::Path
                && types.is_some_and(|types| types.has("string") && !counts(types))
        });
        let texts = texts.map(|reader| reader.parameter.name.clone());
        let declared = &operation.declared;
        let last = declared.path.rsplit('/').find(|part| !part.is_empty());
        let names = [last, declared.id.as_deref()];
        let names = names.into_iter().flatten().filter(|name| !is_verb(name));
        let mut first = names.filter_map(|name| words(name).into_iter().next());
        let must_be_told = declared
            .parameters
            .iter()
            .any(|parameter| parameter.required && parameter.location == Location::Query);
        Outline {
            success: declared.success(),
            must_be_told,
            asks: first.any(|word| QUESTIONS.contains(&word.as_str())),
            shown: shown.and_then(|content| content.shape),
            taken: taken.collect(),
            texts: texts.collect(),
        }
    }
}

/// The operations of a contract. Each is read and prepared when it is first asked for, so that
/// those of a large document that nobody calls cost nothing.
#[derive(Debug)]
pub struct Operations {
    document: Arc<Document>,
    shapes: Arc<Shapes>,
    schemas: Arc<Schemas>,
    sampling: Sampling,
    cells: Vec<OnceLock<Box<Prepared>>>,
    outlines: Vec<OnceLock<Outline>>,
    ready: Mutex<ReadyCells>,
    webhooks: OnceLock<(Vec<PreparedMessage>, Vec<LoadError>)>,
    of_path: HashMap<Arc<str>, Vec<usize>>,
    ties: Ties,
    merges: HashMap<usize, Merge>,
}

impl Operations {
    /// The operations of a document, none prepared yet and none tied to a collection.
    pub fn new(document: &Arc<Document>, shapes: &Arc<Shapes>, schemas: &Arc<Schemas>) -> Self {
        let mut of_path: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (number, stub) in document.operations.iter().enumerate() {
            let path: Arc<str> = trimmed(&stub.path).into();
            of_path.entry(path).or_default().push(number);
        }
        Operations {
            of_path,
            document: Arc::clone(document),
            shapes: Arc::clone(shapes),
            schemas: Arc::clone(schemas),
            sampling: Sampling::default(),
            cells: document
                .operations
                .iter()
                .map(|_| OnceLock::new())
                .collect(),
            outlines: document
                .operations
                .iter()
                .map(|_| OnceLock::new())
                .collect(),
            ready: Mutex::default(),
            webhooks: OnceLock::new(),
            ties: Ties::default(),
            merges: HashMap::new(),
        }
    }

    /// Says which collections there are, before any operation is prepared.
    pub fn tie(&mut self, ties: Ties) {
        self.ties = ties;
    }

    /// Says which updates apply their body in another way than is usual.
    pub fn merge(&mut self, merges: HashMap<usize, Merge>) {
        self.merges = merges;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// What is known of each before it is read, in document order.
    pub fn stubs(&self) -> &[Stub] {
        &self.document.operations
    }

    /// The operation of a number below [`Operations::len`].
    pub fn get(&self, number: usize) -> &Prepared {
        self.cells[number].get_or_init(|| {
            let mut prepared = self.prepare(number);
            self.outlines[number].get_or_init(|| Outline::of(&prepared, &self.shapes));
            let path = &prepared.declared.path;
            let tie = self.ties.of(path);
            prepared.binding = tie.and_then(|tie| tied(&prepared, tie, self));
            prepared.parents = self.ties.parents(path, None);
            if tie.is_none() {
                prepared.binding = self.acting(&prepared);
            }
            // A path of members that nothing shows by themselves is no collection.
            if !tie.is_some_and(|(tie, _)| tie.is_seeded) {
                prepared.binding = self.of_members(&prepared).or(prepared.binding);
            }
            let own = match &prepared.binding {
                Some(Binding {
                    key_from,
                    members: Some(_),
                    ..
                }) => match key_from {
                    KeyFrom::Path(name) => Some(name.clone()),
                    _ => None,
                },
                _ => prepared.last_parameter.clone(),
            };
            prepared.item_parameter = own.or_else(|| self.acted_on(&prepared));
            if let Some(merge) = self.merges.get(&number) {
                prepared.binding = prepared.binding.map(|binding| binding.with_merge(*merge));
            }
            Box::new(prepared)
        })
    }

    /// The parameter of the item that an operation is an action on: its path is the item's and a word
    /// more, and it shows what reading the item does.
    fn acted_on(&self, operation: &Prepared) -> Option<String> {
        let is_change = !operation.declared.method.is_safe() && !operation.documents(201);
        let path = &operation.declared.path;
        let (item, _) = path.rsplit_once('/').filter(|_| is_change)?;
        let template = PathTemplate::parse(item).ok()?;
        let name = (*template.plain()?.last()?).err()?;
        let read = self.outline(self.numbered(&Method::GET, item)?).shown?;
        let shown = operation.success_body()?.shape?;
        let schema = |id| self.document.referred(self.shapes.schema(id));
        (schema(read) == schema(shown)).then(|| name.to_owned())
    }

    /// The outline of an operation, for others: those of one path look at each other, before any
    /// of them is known whole.
    pub(super) fn outline(&self, number: usize) -> &Outline {
        self.outlines[number].get_or_init(|| Outline::of(&self.prepare(number), &self.shapes))
    }

    /// The requests that webhooks describe, and those of one name side by side.
    pub fn webhooks(&self) -> &[PreparedMessage] {
        &self.read_webhooks().0
    }

    /// What of the webhooks can't be read.
    pub fn webhook_notes(&self) -> &[LoadError] {
        &self.read_webhooks().1
    }

    fn read_webhooks(&self) -> &(Vec<PreparedMessage>, Vec<LoadError>) {
        self.webhooks.get_or_init(|| {
            let contents = Contents {
                document: &self.document,
                shapes: &self.shapes,
                schemas: &self.schemas,
                sampling: &self.sampling,
            };
            let (webhooks, notes) = self.document.webhooks();
            let prepared = webhooks.into_iter();
            let prepared = prepared.map(|webhook| PreparedMessage::new(webhook, contents));
            (prepared.collect(), notes)
        })
    }

    /// How an item of a collection is shown: by the operation that reads one.
    pub fn reader(&self, collection: &str) -> Option<(&Binding, &PreparedContent)> {
        let tie = self.ties.named(collection)?;
        let operation = self.get(self.numbered(&Method::GET, &tie.item_path)?);
        Some((operation.binding.as_ref()?, operation.success_body()?))
    }

    /// The collections of the paths.
    pub fn ties(&self) -> &Ties {
        &self.ties
    }

    /// What answering needs of the contract.
    pub(super) fn contents(&self) -> Contents<'_> {
        Contents {
            document: &self.document,
            shapes: &self.shapes,
            schemas: &self.schemas,
            sampling: &self.sampling,
        }
    }

    /// The shapes of its schemas.
    pub(super) fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// The number of the operation of a method and path.
    pub fn numbered(&self, method: &Method, path: &str) -> Option<usize> {
        let numbers = self.of_path.get(trimmed(path))?.iter().copied();
        let mut numbers = numbers.filter(|number| self.stubs()[*number].method == *method);
        numbers.next()
    }

    /// The methods of the other operations of an operation's path.
    pub fn beside(&self, number: usize) -> impl Iterator<Item = &Method> {
        let path = trimmed(&self.stubs()[number].path);
        let numbers = self.of_path.get(path).into_iter().flatten();
        let others = numbers.filter(move |other| **other != number);
        others.map(|other| &self.stubs()[*other].method)
    }

    /// Reads and prepares an operation, without its tie.
    fn prepare(&self, number: usize) -> Prepared {
        let stub = &self.document.operations[number];
        let (declared, broken) = match self.document.operation(stub) {
            Ok(declared) => (declared, None),
            Err(error) => {
                let (method, path) = (stub.method.clone(), Arc::clone(&stub.path));
                (Operation::unread(method, path, stub.at), Some(error))
            }
        };
        let contents = Contents {
            document: &self.document,
            shapes: &self.shapes,
            schemas: &self.schemas,
            sampling: &self.sampling,
        };
        let mut prepared = Prepared {
            number,
            parameters: Vec::new(),
            parameter_schemas: Vec::new(),
            bodies: declared
                .body
                .iter()
                .flat_map(|body| &body.content)
                .filter_map(|content| PreparedContent::new(content, View::Request, contents))
                .collect(),
            needs_members: false,
            responses: declared
                .responses
                .iter()
                .map(|response| PreparedResponse::new(response, contents))
                .collect(),
            callbacks: declared
                .callbacks
                .iter()
                .map(|callback| PreparedMessage::new(callback.clone(), contents))
                .collect(),
            binding: None,
            parents: Vec::new(),
            is_negotiated: false,
            last_parameter: None,
            item_parameter: None,
            path_names: Vec::new(),
            made_up: OnceLock::new(),
            broken,
            declared,
        };
        let template = PathTemplate::parse(&prepared.declared.path).ok();
        let plain = PathTemplate::parse(trimmed(&prepared.declared.path)).ok();
        let segments = plain.as_ref().and_then(PathTemplate::plain);
        if let Some(segments) = segments {
            prepared.last_parameter = match segments.last() {
                Some(Err(name)) => Some((*name).to_owned()),
                _ => None,
            };
            prepared.path_names = PathName::of(&segments);
        }
        for parameter in &prepared.declared.parameters {
            let mut names = template.iter().flat_map(PathTemplate::names);
            if parameter.location == Location::Path && !names.any(|name| name == parameter.name) {
                continue;
            }
            let shape = parameter.schema.map(|at| self.shapes.of(at));
            let schema = parameter
                .schema
                .map(|at| self.schemas.at(View::Request, at));
            prepared
                .parameters
                .push(ParameterReader::new(parameter.clone(), shape));
            prepared.parameter_schemas.push(schema);
        }
        prepared.is_negotiated = prepared
            .responses
            .iter()
            .any(PreparedResponse::is_negotiated);
        prepared.needs_members = self.needs_members(&prepared);
        self.share(&mut prepared.responses);
        prepared
    }

    /// Has replies that several operations refer to be made once.
    fn share(&self, responses: &mut [PreparedResponse]) {
        let mut known = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        for content in responses.iter_mut().flat_map(|of| &mut of.contents) {
            let likeness = content.likeness.as_ref().map(|example| example.at);
            let (at, name) = (content.declared.at, content.name.clone());
            let shared = known.entry((at, name, content.first, likeness));
            content.ready = Arc::clone(shared.or_default());
        }
    }

    fn needs_members(&self, operation: &Prepared) -> bool {
        let mut schemas = operation.bodies.iter().filter_map(|content| content.schema);
        schemas.any(|schema| {
            let found = self.schemas.check(schema, &json!({}), &Place::Body);
            found
                .iter()
                .any(|violation| violation.rule == "minProperties")
        })
    }
}

impl Prepared {
    /// Every schema that a request or a reply may be judged by.
    pub fn schemas(&self, schemas: &Schemas) -> Vec<SchemaId> {
        let replies = self
            .responses
            .iter()
            .flat_map(|response| &response.contents);
        let contents = self.bodies.iter().chain(replies);
        let parameters = self.parameter_schemas.iter().flatten().copied();
        let headers = self.declared.responses.iter().flat_map(|r| &r.headers);
        let headers = headers.filter_map(|header| Some(schemas.at(View::Reply, header.schema?)));
        // Nothing but the parts of a multipart body has header fields of its own.
        let is_multipart = |c: &&PreparedContent| c.media_type.essence().starts_with("multipart/");
        let parts = self.bodies.iter().filter(is_multipart);
        let parts = parts.flat_map(|content| &content.declared.encoding);
        let fields = parts.flat_map(|(_, encoding)| &encoding.headers);
        let fields = fields.filter_map(|field| Some(schemas.at(View::Request, field.schema?)));
        parameters
            .chain(
                contents
                    .flat_map(|content| [content.schema, content.item_schema])
                    .flatten(),
            )
            .chain(headers)
            .chain(fields)
            .collect()
    }

    /// The schemas of what it may send: without them it answers all the same.
    pub fn callback_schemas(&self, schemas: &Schemas) -> Vec<SchemaId> {
        let parameters = self.callbacks.iter().flat_map(|c| &c.declared.parameters);
        let parameters =
            parameters.filter_map(|parameter| Some(schemas.at(View::Request, parameter.schema?)));
        let bodies = self.callbacks.iter().flat_map(PreparedMessage::schemas);
        bodies.chain(parameters).collect()
    }

    /// The names of its header parameters.
    pub fn header_names(&self) -> impl Iterator<Item = &str> + Clone {
        let readers = self.parameters.iter().map(|reader| &reader.parameter);
        let headers = readers.filter(|parameter| parameter.location == Location::Header);
        headers.map(|parameter| parameter.name.as_str())
    }

    /// The shape of the numbered one of its request bodies.
    pub fn body_shape(&self, number: usize) -> Option<ShapeId> {
        self.bodies.get(number)?.shape
    }

    /// The body of its success that says what there is: JSON, else the first other whose values
    /// its schema describes.
    pub fn success_body(&self) -> Option<&PreparedContent> {
        let response = self.response(self.declared.success())?;
        let of_kind = |wanted: &dyn Fn(Kind) -> bool| {
            let mut contents = response.contents.iter();
            contents.find(|content| wanted(content.kind()))
        };
        let is_structured = |kind| {
            matches!(
                kind,
                Kind::Xml | Kind::Form | Kind::Csv(_) | Kind::JsonLines
            )
        };
        of_kind(&|kind| kind == Kind::Json)
            .or_else(|| of_kind(&is_structured).filter(|content| content.shape.is_some()))
    }

    /// The response for a status: by its code, else by its range, else the default.
    pub fn response(&self, status: u16) -> Option<&PreparedResponse> {
        let by = |key: StatusKey| self.responses.iter().find(|r| r.status == key);
        by(StatusKey::Code(status))
            .or_else(|| by(StatusKey::Range((status / 100) as u8)))
            .or_else(|| by(StatusKey::Default))
    }

    /// Whether a reply is documented, in whatever way, to what can't be meant.
    pub fn documents_refusals(&self) -> bool {
        let mut codes = [400, 404, 410, 422].into_iter();
        codes.any(|code| self.response(code).is_some())
    }

    /// The status of *invalid*: the first of 422 and 400 that is documented, else 422.
    pub fn invalid_status(&self) -> u16 {
        if !self.documents(422) && self.documents(400) {
            400
        } else {
            422
        }
    }

    /// The status of *unknown item*: 404, but where that is documented in no way, the first that is
    /// and may say it.
    pub fn missing_status(&self) -> u16 {
        let mut others = [410, 400, 422].into_iter();
        match self.response(404) {
            Some(_) => 404,
            None => others.find(|code| self.documents(*code)).unwrap_or(404),
        }
    }

    /// The status of a failure of the mock itself: 500 where that is documented in any way, else the
    /// first other 5xx that is, else 500.
    pub fn failure_status(&self) -> u16 {
        if self.response(500).is_some() {
            return 500;
        }
        let failures = self
            .responses
            .iter()
            .filter_map(|response| match response.status {
                StatusKey::Code(code @ 500..=599) => Some(code),
                _ => None,
            });
        failures.min().unwrap_or(500)
    }

    /// Whether a status is documented by its code.
    pub fn documents(&self, code: u16) -> bool {
        let mut responses = self.responses.iter();
        responses.any(|response| response.status == StatusKey::Code(code))
    }

    /// Whether it documents what a request comes to in the end, which no 1xx is (RFC 9110 §15.2).
    pub fn documents_final(&self) -> bool {
        let mut responses = self.responses.iter();
        responses.any(|response| !response.status.is_interim())
    }

    /// The status to say that something was done with, where a reply with a body is wanted, or
    /// one without: the `usual` one, else the lowest other that is documented for it. Nothing
    /// where there is none.
    pub fn done_with(&self, has_body: bool, usual: u16) -> Option<u16> {
        let has = |code: u16| {
            let response = self.response(code).filter(|_| ![204, 205].contains(&code));
            response.is_some_and(|response| !response.contents.is_empty())
        };
        let documented = [200, 201, 204]
            .into_iter()
            .filter(|code| self.documents(*code));
        // What was changed wasn't created.
        let others = documented.filter(|code| *code != 201);
        let mut all = std::iter::once(usual).chain(others);
        all.find(|code| has(*code) == has_body)
    }

    /// The documented statuses, as written.
    pub fn statuses(&self) -> String {
        let names: Vec<String> = self
            .responses
            .iter()
            .map(|r| r.status.to_string())
            .collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::Contract;

    #[test]
    fn a_reply_that_operations_refer_to_is_made_once_for_all_of_them() {
        let text = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /pets: {get: {responses: {'404': {$ref: '#/components/responses/Missing'}}}}
  /toys: {get: {responses: {'404': {$ref: '#/components/responses/Missing'}, '409': {
    description: '', content: {application/json: {schema: {type: string}}}}}}}
  /beds: {get: {responses: {'409': {
    description: '', content: {application/json: {schema: {type: string}}}}}}}
components: {responses: {Missing: {
  description: '', content: {application/json: {schema: {type: string}}}}}}
";
        let contract = Contract::from_text("t.yaml", text).expect("a contract");
        let identity = |number: usize, status: u16| {
            let response = contract.operations.get(number).response(status);
            response.expect("a response").contents[0].identity()
        };
        assert_eq!(identity(0, 404), identity(1, 404));
        assert_ne!(identity(1, 409), identity(2, 409));
        // What one operation has answered is what others answer.
        let contents = contract.contents();
        let body = |number: usize| {
            let response = contract.operations.get(number).response(404);
            let ready = response.expect("a response").contents[0].ready(contents);
            ready.expect("a body").encoded.body.as_ptr()
        };
        assert_eq!(body(0), body(1));
    }
}
