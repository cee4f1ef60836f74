//! The spine that runs once: a document, its fixtures and its rules into a [`Contract`].

mod checks;
mod fixtures;
mod settings;

use crate::decode::ParameterReader;
use crate::mock::{Action, Binding, Contents, Prepared, PreparedContent, PreparedResponse, bind};
use crate::route::{PathTemplate, Router};
use crate::rules::{Known, Rules};
use crate::spec::{
    Document, LoadError, LoadErrors, Location, Operation, Place, SchemeKind, Shapes, Source,
};
use crate::store::Store;
use crate::validate::{CredentialPatterns, Place as Where, Schemas, View};
use crate::wire::{Method, Pointer};
use checks::{check_examples, check_paths};
use chrono::{DateTime, Utc};
use fixtures::Fixtures;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A compiled contract with its state: immutable but for the store, and shared by all requests.
#[derive(Debug)]
pub struct Contract {
    pub(crate) document: Document,
    pub(crate) router: Router,
    pub(crate) operations: Vec<Prepared>,
    pub(crate) shapes: Shapes,
    pub(crate) schemas: Schemas,
    pub(crate) patterns: CredentialPatterns,
    pub(crate) rules: Rules,
    pub(crate) store: Store,
    pub(crate) clock: Option<DateTime<Utc>>,
    pub(crate) warnings: Vec<LoadError>,
    /// What stands before its paths where several contracts are served.
    pub(crate) prefix: String,
    /// The key property of each collection.
    pub(crate) keys: BTreeMap<String, String>,
}

impl Contract {
    /// Loads a document and, where the folder is there, its fixtures and rules. Names in errors
    /// are the paths as given.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn load(document: &Path, fixtures: Option<&Path>) -> Result<Contract, LoadErrors> {
        let mut errors = Vec::new();
        let fixtures = match fixtures {
            Some(folder) => Fixtures::read(folder, &mut errors),
            None => Fixtures::default(),
        };
        let document = Source::read(document, &document.display().to_string());
        Contract::build(document.and_then(Document::read), fixtures, errors)
    }

    /// Compiles a document that is already in memory, without fixtures or rules: every operation
    /// answers from the document alone.
    ///
    /// # Errors
    /// Every error of the document, with its place.
    pub fn from_text(name: &str, text: &str) -> Result<Contract, LoadErrors> {
        let document = Document::read(Arc::new(Source::new(name, text)));
        Contract::build(document, Fixtures::default(), Vec::new())
    }

    /// `errors` are those of the fixtures.
    fn build(
        document: Result<Document, LoadError>,
        fixtures: Fixtures,
        mut errors: Vec<LoadError>,
    ) -> Result<Contract, LoadErrors> {
        let document = match document {
            Ok(document) => document,
            Err(error) => {
                errors.insert(0, error);
                return Err(LoadErrors(errors));
            }
        };
        let mut warnings: Vec<LoadError> = document
            .broken
            .iter()
            .map(|broken| broken.error.clone())
            .collect();
        let mut shapes = Shapes::default();
        let mut operations = prepare(&document, &mut shapes);
        let (schemas, faults) = Schemas::compile(&document, wanted(&operations));
        for operation in &mut operations {
            let needed = wanted(std::slice::from_ref(operation));
            let fault = faults
                .iter()
                .find(|(at, _)| needed.iter().any(|(_, needed)| needed == at));
            if let Some((_, error)) = fault {
                operation.broken = Some(error.to_string());
            }
            operation.needs_members = needs_members(operation, &schemas);
        }
        warnings.extend(faults.into_iter().map(|(_, error)| error));
        let patterns = CredentialPatterns::compile(
            &document.source,
            operations
                .iter()
                .flat_map(|operation| &operation.declared.security),
        );
        let patterns = patterns.unwrap_or_else(|error| {
            errors.push(error);
            CredentialPatterns::default()
        });
        let router = route(&document, &operations, &mut warnings);
        warnings.extend(check_paths(&document));
        let mut keys = bind(&mut operations, &shapes, &fixtures.hints());
        let seeds = fixtures.seeds(&mut keys, &mut errors);
        let known: Vec<Known> = operations.iter().map(known).collect();
        let collections: Vec<String> = seeds.iter().map(|seed| seed.collection.clone()).collect();
        let rules = match &fixtures.rules {
            Some(source) => Rules::read(source, &known, &collections).unwrap_or_else(|found| {
                errors.extend(found);
                Rules::default()
            }),
            None => Rules::default(),
        };
        apply_merges(&mut operations, &rules);
        let contents = Contents {
            root: &document.root,
            shapes: &shapes,
            schemas: &schemas,
        };
        fixtures.check(&keys, contents, &operations, &mut errors);
        warnings.extend(check_examples(&document, contents));
        if !errors.is_empty() {
            return Err(LoadErrors(errors));
        }
        let clock = fixtures.settings.clock;
        let started = clock.unwrap_or_else(Utc::now);
        Ok(Contract {
            store: Store::new(seeds, started.into()),
            document,
            router,
            operations,
            shapes,
            schemas,
            patterns,
            rules,
            clock,
            keys,
            warnings,
            prefix: String::new(),
        })
    }

    /// The document's title.
    pub fn title(&self) -> &str {
        &self.document.title
    }

    /// The document's version.
    pub fn version(&self) -> &str {
        &self.document.version
    }

    /// What of the document can't be served, each with its place: those operations answer 501,
    /// the others as if nothing were.
    pub fn warnings(&self) -> &[LoadError] {
        &self.warnings
    }

    /// How many operations there are.
    pub fn operations(&self) -> usize {
        self.operations.len()
    }

    /// How many of them can't be served, and answer 501.
    pub fn broken(&self) -> usize {
        self.operations
            .iter()
            .filter(|operation| operation.broken.is_some())
            .count()
    }

    /// Whether any of them takes a bearer token.
    pub fn takes_tokens(&self) -> bool {
        let uses = self
            .operations
            .iter()
            .flat_map(|o| o.declared.security.iter().flatten());
        uses.map(|used| &used.scheme.kind).any(|kind| match kind {
            SchemeKind::Http(scheme, _) => scheme.eq_ignore_ascii_case("bearer"),
            kind => *kind == SchemeKind::OAuth,
        })
    }

    /// The collections with the number of items in each, in order.
    pub fn collections(&self) -> Vec<(String, usize)> {
        self.store.read(|state| {
            let collections = state.collections();
            collections
                .map(|(name, collection)| (name.to_owned(), collection.len()))
                .collect()
        })
    }

    /// The scopes that its operations ask for.
    pub fn scopes(&self) -> Vec<String> {
        let uses = self
            .operations
            .iter()
            .flat_map(|o| o.declared.security.iter().flatten());
        let mut scopes: Vec<String> = uses.flat_map(|used| used.scopes.clone()).collect();
        scopes.sort();
        scopes.dedup();
        scopes
    }

    /// Puts the state back to the fixtures.
    pub fn reset(&self) {
        self.store.reset();
    }

    /// The present moment of this API: fixed by its fixtures, or the clock's.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.unwrap_or_else(Utc::now)
    }

    pub(crate) fn contents(&self) -> Contents<'_> {
        Contents {
            root: &self.document.root,
            shapes: &self.shapes,
            schemas: &self.schemas,
        }
    }
}

fn prepare(document: &Document, shapes: &mut Shapes) -> Vec<Prepared> {
    let root = &document.root;
    let prepared = document
        .operations
        .iter()
        .enumerate()
        .map(|(number, declared)| Prepared {
            number,
            parameters: declared
                .parameters
                .iter()
                .filter(|p| {
                    p.location != Location::Path
                        || declared.path.contains(&format!("{{{}}}", p.name))
                })
                .map(|parameter| {
                    let shape = parameter
                        .schema
                        .as_ref()
                        .map(|schema| shapes.of(root, schema));
                    ParameterReader::new(parameter.clone(), shape)
                })
                .collect(),
            bodies: declared
                .body
                .iter()
                .flat_map(|body| &body.content)
                .filter_map(|content| PreparedContent::new(content, root, shapes))
                .collect(),
            needs_members: false,
            responses: declared
                .responses
                .iter()
                .map(|response| PreparedResponse::new(response, root, shapes))
                .collect(),
            binding: None,
            broken: None,
            declared: declared.clone(),
        });
    let mut prepared: Vec<Prepared> = prepared.collect();
    for broken in &document.broken {
        let at = Pointer::root().child("paths").child(&broken.path);
        prepared.push(Prepared {
            number: prepared.len(),
            declared: Operation::unread(broken.method.clone(), broken.path.clone(), at),
            parameters: Vec::new(),
            bodies: Vec::new(),
            needs_members: false,
            responses: Vec::new(),
            binding: None,
            broken: Some(broken.error.to_string()),
        });
    }
    prepared
}

/// Every schema that a request or a reply may be judged by.
fn wanted(operations: &[Prepared]) -> Vec<(View, Pointer)> {
    let mut wanted = Vec::new();
    for operation in operations {
        let declared = &operation.declared;
        let parameters = declared.parameters.iter().filter_map(|p| p.schema.clone());
        let bodies = declared.body.iter().flat_map(|body| &body.content);
        let callbacks = declared.callbacks.iter().filter_map(|c| c.schema.clone());
        let requests = parameters
            .chain(bodies.filter_map(|c| c.schema.clone()))
            .chain(callbacks);
        wanted.extend(requests.map(|schema| (View::Request, schema)));
        for response in &declared.responses {
            let contents = response.content.iter().filter_map(|c| c.schema.clone());
            let headers = response.headers.iter().filter_map(|h| h.schema.clone());
            wanted.extend(contents.chain(headers).map(|schema| (View::Reply, schema)));
        }
    }
    wanted
}

fn needs_members(operation: &Prepared, schemas: &Schemas) -> bool {
    let bodies = operation.bodies.iter();
    let mut schemas_of = bodies.filter_map(|content| content.declared.schema.as_ref());
    schemas_of.any(|schema| {
        let found = schemas.check(View::Request, schema, &json!({}), &Where::Body);
        found
            .iter()
            .any(|violation| violation.rule == "minProperties")
    })
}

fn route(document: &Document, operations: &[Prepared], warnings: &mut Vec<LoadError>) -> Router {
    let mut router = Router::default();
    for operation in operations {
        let declared = &operation.declared;
        let place = Place::Key(Pointer::root().child("paths").child(&declared.path));
        match PathTemplate::parse(&declared.path) {
            Err(error) => warnings.push(LoadError::new(&document.source, place, error.to_string())),
            Ok(template) => {
                let number = operation.number;
                if let Some(other) = router.add(&declared.method, &declared.path, &template, number)
                {
                    let other = operations[other].declared.name();
                    let message = format!("{} is the same path as {other}", declared.name());
                    warnings.push(LoadError::new(&document.source, place, message));
                }
            }
        }
    }
    router
}

fn known(operation: &Prepared) -> Known {
    let declared = &operation.declared;
    Known {
        names: declared
            .id
            .iter()
            .cloned()
            .chain([declared.name()])
            .collect(),
        callbacks: declared
            .callbacks
            .iter()
            .map(|callback| callback.name.clone())
            .collect(),
    }
}

/// A rule may say that a method's usual way of applying a body isn't this API's.
fn apply_merges(operations: &mut [Prepared], rules: &Rules) {
    for operation in operations {
        let merge = rules.of(operation.number).and_then(|rules| rules.merge);
        if let (
            Some(merge),
            Some(Binding {
                action: Action::Update(how),
                ..
            }),
        ) = (merge, &mut operation.binding)
        {
            *how = merge;
        }
    }
}

/// The methods that a path answers, `HEAD` and `OPTIONS` included.
pub(crate) fn allowed(mut methods: Vec<Method>) -> Vec<Method> {
    if methods.contains(&Method::GET) && !methods.contains(&Method::HEAD) {
        methods.push(Method::HEAD);
    }
    if !methods.contains(&Method::OPTIONS) {
        methods.push(Method::OPTIONS);
    }
    methods
}
