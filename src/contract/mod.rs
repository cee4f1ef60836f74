//! The spine that runs once: a document, its fixtures and its rules into a [`Contract`].

mod apart;
mod carried;
mod checks;
mod clocks;
mod fixtures;
mod kept;
mod leads;
mod loading;
mod mistyped;
mod parts;
mod report;
mod routes;
mod samples;
mod secrets;
mod settings;
mod sides;
mod state;
mod succession;
mod survey;
mod twofold;
mod values;
mod written;

use crate::access::Guard;
pub use crate::access::{AuthMode, AuthSettings, KeySet};
use crate::mock::{
    Contents, Operations, Prepared, Sampling, Standins, Telling, Ties, WrittenFixtures,
};
use crate::route::Router;
pub use crate::rules::Hooks;
use crate::rules::{Known, Rules};
use crate::spec::{
    Document, LoadError, LoadErrors, Node, Opening, Overlay, Reach, Shapes, Source, Stub,
};
use crate::store::{Clock, Sandboxes};
pub use crate::store::{ClockSetting, LedgerFault, NoClock, ServerAddress, Unwritten, period};
pub use crate::store::{NoRoom, Room, SandboxStatus, SnapshotStatus, Unopened};
use crate::validate::Schemas;
use crate::wire::Method;
pub(crate) use apart::Apart;
use chrono::Utc;
pub use clocks::{ClockChange, ClockReading};
use fixtures::Fixtures;
pub use kept::UnfitItems;
pub use loading::{Bounds, Loading, StateAt};
use loading::{not_kept, not_said};
use mistyped::{mistyped, mistyped_hooks};
pub(crate) use report::examine;
pub use report::{Finding, Inferred, Report, Topic};
use routes::{Unread, route};
pub(crate) use secrets::Secrets;
pub(crate) use state::StoreOf;
use state::steady;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};
pub(crate) use succession::Beginning;
use succession::Succession;
pub(crate) use survey::Survey;

/// Up to how many bytes a document is read whole before it is served. A larger one is read as it
/// is used, so that it is ready at once; `check` reads all of it.
const READ_WHOLE: usize = 1024 * 1024;

/// How long a sandbox stays that nobody uses, where nobody says how long.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// A compiled contract with its state: immutable but for the store, and shared by all requests.
#[derive(Debug)]
pub struct Contract {
    pub(crate) document: Arc<Document>,
    pub(crate) router: Router,
    pub(crate) unread: Option<Unread>,
    pub(crate) operations: Operations,
    pub(crate) shapes: Arc<Shapes>,
    pub(crate) schemas: Arc<Schemas>,
    pub(crate) guard: Guard,
    /// What its security asks that no request can meet.
    unmeetable: Vec<LoadError>,
    /// What rules look at that no schema tells of.
    untold: Vec<LoadError>,
    pub(crate) rules: Rules,
    /// The replies that someone wrote.
    pub(crate) written: WrittenFixtures,
    pub(crate) stores: Arc<Sandboxes>,
    succession: Succession,
    /// How many contracts that say otherwise had the same state before it.
    pub(crate) generation: u32,
    /// Whether what is written is remembered.
    pub(crate) remembers: bool,
    clock: Arc<Clock>,
    /// What the clock was set to when it was loaded.
    clock_of_old: ClockSetting,
    pub(crate) strict: bool,
    pub(crate) bounds: Bounds,
    pub(crate) sampling: Sampling,
    ambiguous: Vec<LoadError>,
    /// What is told of a large document before it is read whole.
    early: Vec<LoadError>,
    survey: OnceLock<Survey>,
    /// What stands before its paths where several contracts are served.
    pub(crate) prefix: String,
    /// When it was loaded, by its own clock.
    pub(crate) since: SystemTime,
    /// The key property of each collection that has fixtures.
    pub(crate) keys: BTreeMap<String, String>,
}

/// Why a contract isn't built, and what else is to be told.
struct Unbuilt {
    errors: Vec<LoadError>,
    warnings: Vec<LoadError>,
}

impl From<LoadErrors> for Unbuilt {
    fn from(LoadErrors(errors): LoadErrors) -> Unbuilt {
        Unbuilt {
            errors,
            warnings: Vec::new(),
        }
    }
}

impl From<LoadError> for Unbuilt {
    fn from(error: LoadError) -> Unbuilt {
        LoadErrors::from(error).into()
    }
}

impl From<Unbuilt> for LoadErrors {
    fn from(unbuilt: Unbuilt) -> LoadErrors {
        LoadErrors(unbuilt.errors)
    }
}

impl Contract {
    /// Loads a document and, where the folder is there, its fixtures and rules. Names in errors
    /// are the paths as given.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn load(document: &Path, fixtures: Option<&Path>) -> Result<Contract, LoadErrors> {
        Contract::load_with(document, fixtures, &Loading::default())
    }

    /// The same, otherwise than by default.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn load_with(
        path: &Path,
        fixtures: Option<&Path>,
        loading: &Loading,
    ) -> Result<Contract, LoadErrors> {
        let overlays = loading.overlays.iter().map(|path| Overlay::read(path));
        let overlays = overlays.collect::<Result<Vec<Overlay>, LoadErrors>>()?;
        let overlays = overlays.iter().filter(|overlay| overlay.is_for(path));
        let (ledger, _) = loading.ledger()?;
        let overlays: Vec<&Overlay> = overlays.collect();
        let beginning = ledger.map_or(Beginning::Fixtures, Beginning::Kept);
        Contract::open(path, fixtures, loading, (&overlays, beginning))
    }

    /// The same with the overlays that are for it, read before, and what its state begins with.
    pub(crate) fn open(
        path: &Path,
        fixtures: Option<&Path>,
        loading: &Loading,
        (overlays, beginning): (&[&Overlay], Beginning<'_>),
    ) -> Result<Contract, LoadErrors> {
        let mut errors = Vec::new();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let mut fixtures = Fixtures::of(fixtures, &mut errors);
        if let Some(clock) = loading.clock_of(stem.unwrap_or("api")) {
            fixtures.settings.clock = clock;
        }
        let opening = Opening {
            path: Some(path),
            reach: &loading.reach,
            overlays,
        };
        let source = Source::read(path, &path.display().to_string());
        let document = source
            .map_err(|error| vec![error])
            .and_then(|source| Document::read(source, &opening));
        let document = match document {
            Ok(document) => Arc::new(document),
            Err(mut found) => {
                found.extend(errors);
                return Err(LoadErrors(found));
            }
        };
        let beginning = (beginning, stem.unwrap_or("api"));
        let mut contract = Contract::build(document, fixtures, &loading.auth, beginning, errors)?;
        contract.strict = loading.strict;
        contract.bounds = loading.bounds;
        contract.sampling = Sampling::of(&loading.seed, loading.rotates);
        contract.remembers = !loading.stateless && !loading.rotates;
        // Those of a contract before it have been told.
        if let Some(stores) = Arc::get_mut(&mut contract.stores) {
            let idle = loading.sandbox_idle.unwrap_or(IDLE);
            stores.bound(idle, steady(), loading.room);
        }
        Ok(contract)
    }

    /// Compiles a document that is already in memory, without fixtures or rules: every operation
    /// answers from the document alone.
    ///
    /// # Errors
    /// Every error of the document, with its place.
    pub fn from_text(name: &str, text: &str) -> Result<Contract, LoadErrors> {
        let opening = Opening {
            path: None,
            reach: &Reach::default(),
            overlays: &[],
        };
        let document = Document::read(Source::new(name, text), &opening);
        let document = Arc::new(document.map_err(LoadErrors)?);
        let built = Contract::build(
            document,
            Fixtures::default(),
            &AuthSettings::default(),
            (Beginning::Fixtures, name),
            Vec::new(),
        );
        built.map_err(LoadErrors::from)
    }

    /// What its state begins with has a name, which what keeps it knows it by; `errors` are those of
    /// the fixtures.
    fn build(
        document: Arc<Document>,
        fixtures: Fixtures,
        auth: &AuthSettings,
        (beginning, name): (Beginning<'_>, &str),
        mut errors: Vec<LoadError>,
    ) -> Result<Contract, Unbuilt> {
        let shapes = Arc::new(Shapes::new(Arc::clone(&document)));
        let schemas = Arc::new(Schemas::new(Arc::clone(&document)));
        let mut operations = Operations::new(&document, &shapes, &schemas);
        let (guard, faults, unmeetable) = Guard::compile(&document, auth);
        errors.extend(faults);
        let (router, ambiguous) = route(&document);
        let ties = Ties::infer(&operations, &fixtures.hints());
        fixtures.check_names(&ties, &mut errors);
        let unshown = fixtures.unshown(&ties, &document);
        let seeded = ties.iter().filter(|tie| tie.is_seeded);
        let keys = seeded.filter_map(|tie| Some((tie.name.clone(), tie.key(&operations)?.into())));
        let mut keys: BTreeMap<String, String> = keys.collect();
        let seeds = fixtures.seeds(&mut keys, &mut errors);
        let rules = match &fixtures.rules {
            Some(source) => {
                let known = all_known(&document);
                let collections: Vec<String> =
                    seeds.iter().map(|seed| seed.collection.clone()).collect();
                let (rules, found) = Rules::read(source, &known, &collections);
                errors.extend(found);
                rules
            }
            None => Rules::default(),
        };
        operations.tie(ties);
        let numbers = 0..operations.len();
        // A rule may say that a method's usual way of applying a body isn't this API's.
        let merges = numbers.filter_map(|number| Some((number, rules.of(number)?.merge?)));
        operations.merge(merges.collect::<HashMap<_, _>>());
        let mut mistyped = mistyped(&rules, &operations, &shapes, &seeds);
        mistyped.warnings.extend(unshown);
        errors.extend(mistyped.errors);
        let contents = Contents {
            document: &document,
            shapes: &shapes,
            schemas: &schemas,
            sampling: &Sampling::default(),
        };
        fixtures.check(&keys, contents, &operations, &mut errors);
        if !errors.is_empty() {
            return Err(Unbuilt {
                errors,
                warnings: mistyped.warnings,
            });
        }
        let clock_of_old = fixtures.settings.clock;
        let real = Utc::now();
        // What shows no year of an HTTP date today might have when it was written.
        let clock = Clock::new(clock_of_old, real).map_err(|why| not_said("clock", &why))?;
        let clock = beginning.clock(clock_of_old).unwrap_or(Arc::new(clock));
        let started = clock.at(real).unwrap_or(real);
        let generation = beginning.generation(&document);
        let (stores, succession) = beginning.stores(name, seeds, started.into())?;
        let mut contract = Contract {
            since: started.into(),
            stores,
            succession,
            generation,
            remembers: true,
            unread: Unread::of(&document),
            document,
            router,
            operations,
            shapes,
            schemas,
            guard,
            unmeetable,
            untold: mistyped.warnings,
            rules,
            written: WrittenFixtures::default(),
            clock,
            clock_of_old,
            strict: false,
            bounds: Bounds::default(),
            sampling: Sampling::default(),
            keys,
            ambiguous,
            early: Vec::new(),
            survey: OnceLock::new(),
            prefix: String::new(),
        };
        contract.written = written::read(&contract, &fixtures.replies, &mut errors);
        if !errors.is_empty() {
            return Err(Unbuilt {
                errors,
                warnings: contract.untold,
            });
        }
        match contract.document.size() <= READ_WHOLE {
            true => {
                contract.survey();
            }
            false => {
                let faults = contract.document.faults.iter().cloned();
                let early = faults.chain(contract.schemas.bad_patterns());
                let early = early.chain(contract.unmeetable.clone());
                contract.early = early.chain(contract.untold.clone()).collect();
            }
        }
        Ok(contract)
    }

    /// Reads all of the document, where that isn't done yet: every operation, schema and example.
    pub(crate) fn survey(&self) -> &Survey {
        self.survey.get_or_init(|| Survey::of(self))
    }

    /// What the reading of the whole document found, where that is done.
    pub(crate) fn surveyed(&self) -> Option<&Survey> {
        self.survey.get()
    }

    /// Why an operation can't be served, as far as that is known.
    pub(crate) fn fault_of<'c>(&'c self, operation: &'c Prepared) -> Option<&'c LoadError> {
        let known = || self.surveyed()?.broken.get(&operation.number);
        operation.broken.as_ref().or_else(known)
    }

    /// The names of the files that it was read from, the document's first.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.document.sources().map(|source| source.name())
    }

    /// The document's title.
    pub fn title(&self) -> &str {
        &self.document.title
    }

    /// The document's version.
    pub fn version(&self) -> &str {
        &self.document.version
    }

    /// What of the document can't be served or meant, each with its place: operations that can't
    /// be answer 501, the others as if nothing were. Of a document of more than 1 MiB this is what
    /// stood in the way of its paths, and the patterns that are none, until
    /// [`Contract::read_whole`] was called.
    pub fn warnings(&self) -> &[LoadError] {
        match self.surveyed() {
            Some(survey) => &survey.warnings,
            None => &self.early,
        }
    }

    /// Reads all of the document at once, and gives what [`Contract::warnings`] gives from then on.
    pub fn read_whole(&self) -> &[LoadError] {
        &self.survey().warnings
    }

    /// How many operations there are.
    pub fn operations(&self) -> usize {
        self.operations.len()
    }

    /// How many of them are known not to be served, and answer 501.
    pub fn broken(&self) -> usize {
        self.surveyed().map_or(0, |survey| survey.broken.len())
    }

    /// How many schemas are compiled so far: those that some value was judged by.
    pub fn compiled_schemas(&self) -> usize {
        self.schemas.compiled()
    }

    /// Whether any of them takes a bearer token, where credentials are asked for.
    pub fn takes_tokens(&self) -> bool {
        self.guard.takes_tokens()
    }

    /// The names of the security schemes that operations ask for.
    pub fn schemes(&self) -> Vec<&str> {
        self.guard.schemes().collect()
    }

    /// The names of the parameters of all operations.
    pub(crate) fn parameter_names(&self) -> Vec<&str> {
        let all = (0..self.operations.len()).map(|number| self.operations.get(number));
        let readers = all.flat_map(|operation| &operation.parameters);
        readers.map(|reader| &*reader.parameter.name).collect()
    }

    /// The root document, as it was read.
    pub(crate) fn source(&self) -> Arc<Source> {
        self.document.origin(self.document.root().at()).source
    }

    /// What a client has to send beside tokens, in words: of each scheme that takes what is
    /// readily made up.
    pub fn asks(&self) -> Vec<String> {
        self.guard.asks()
    }

    /// The names of the schemes of which any credential will do, where others are verified.
    pub fn unverified(&self) -> Vec<&str> {
        self.guard.unverified()
    }

    /// The collections with the number of items in each, in order; as far as is known here where
    /// other processes share the state, which aren't asked.
    pub fn collections(&self) -> Vec<(String, usize)> {
        self.stores.main().read(|state| {
            let collections = state.collections();
            collections
                .map(|(name, collection)| (name.to_owned(), collection.len()))
                .collect()
        })
    }

    /// The scopes that its operations ask for.
    pub fn scopes(&self) -> Vec<String> {
        self.guard.scopes()
    }

    /// The numbers of its operations by their names: each by its `operationId` and as
    /// `METHOD /template`.
    pub(crate) fn operation_names(&self) -> HashMap<String, Vec<usize>> {
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, stub) in self.document.operations.iter().enumerate() {
            for name in known(&self.document, stub).names {
                names.entry(name).or_default().push(number);
            }
        }
        names
    }

    /// Compiles a file of hooks, which say what a client puts into its requests, against this
    /// contract; `name` is what errors call it. What may be wrong in it are its
    /// [warnings](Hooks::warnings).
    ///
    /// # Errors
    /// What is wrong in it, with the places.
    pub fn hooks(&self, name: &str, text: &str) -> Result<Hooks, LoadErrors> {
        let source = Arc::new(Source::new(name, text.to_owned()));
        let known = all_known(&self.document);
        let hooks = Hooks::read(&source, &known).map_err(LoadErrors)?;
        let names: Vec<Vec<String>> = known.into_iter().map(|known| known.names).collect();
        let found = mistyped_hooks(&hooks, &self.operations, &self.shapes, &names);
        match found.errors.is_empty() {
            true => Ok(hooks.warning_of(found.warnings)),
            false => Err(LoadErrors(found.errors)),
        }
    }

    /// The property that holds the key of a collection's items; empty where it is one item alone.
    /// Those that hang on others are named with them: `toys@1`.
    pub(crate) fn key_of(&self, collection: &str) -> Option<&str> {
        let (name, _) = self.part_of(collection);
        let of_paths = || self.operations.ties().named(name)?.key(&self.operations);
        self.keys.get(name).map(String::as_str).or_else(of_paths)
    }

    /// The collection that a place of the store is a part of, and what the items of that part hang
    /// on, where they hang on any: `toys@1` is that of `toys`, below `1`.
    pub(crate) fn part_of<'p>(&self, place: &'p str) -> (&'p str, Option<&'p str>) {
        let is_whole =
            self.keys.contains_key(place) || self.operations.ties().named(place).is_some();
        match place.rsplit_once('@').filter(|_| !is_whole) {
            Some((name, above)) => (name, Some(above)),
            None => (place, None),
        }
    }

    /// What stands for items that nobody has written.
    pub(crate) fn standins(&self) -> Standins<'_> {
        Standins {
            contents: self.contents(),
            operations: &self.operations,
            since: self.since,
        }
    }

    pub(crate) fn contents(&self) -> Contents<'_> {
        Contents {
            document: &self.document,
            shapes: &self.shapes,
            schemas: &self.schemas,
            sampling: &self.sampling,
        }
    }

    /// How a refusal is told to who prefers nothing.
    pub(crate) fn telling(&self) -> Telling<'static> {
        Telling {
            example: None,
            accept: None,
            listed: self.bounds.listed,
            occasion: None,
        }
    }
}

fn all_known(document: &Document) -> Vec<Known> {
    let stubs = document.operations.iter();
    stubs.map(|stub| known(document, stub)).collect()
}

fn known(document: &Document, stub: &Stub) -> Known {
    let node = document.node(stub.at);
    let id = node.get("operationId").and_then(Node::text);
    let callbacks = node.get("callbacks").into_iter().flat_map(Node::entries);
    Known {
        names: id
            .map(|id| id.into_owned())
            .into_iter()
            .chain([stub.name()])
            .collect(),
        callbacks: callbacks
            .map(|(name, _)| name.into_owned())
            .chain(document.webhook_names())
            .collect(),
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
