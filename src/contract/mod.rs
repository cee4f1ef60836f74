//! The spine that runs once: a document, its fixtures and its rules into a [`Contract`].

mod checks;
mod clocks;
mod fixtures;
mod kept;
mod leads;
mod parts;
mod report;
mod routes;
mod samples;
mod secrets;
mod settings;
mod sides;
mod survey;
mod values;
mod written;

use crate::access::Guard;
pub use crate::access::{AuthMode, AuthSettings, KeySet};
use crate::mock::{Contents, Operations, Prepared, Sampling, Standins, Ties, WrittenFixtures};
use crate::route::Router;
use crate::rules::{Known, Rules};
use crate::spec::{
    Document, LoadError, LoadErrors, Node, Opening, Overlay, Place, Reach, Shapes, Source, Stub,
};
use crate::store::{
    Clock, FileLedger, Ledger, RedisLedger, Sandbox, Sandboxes, Seed, SeedsSince, Store,
};
pub use crate::store::{ClockSetting, LedgerFault, NoClock, ServerAddress, Unwritten, period};
pub use crate::store::{NoRoom, SandboxStatus, SnapshotStatus, Unopened};
use crate::validate::Schemas;
use crate::wire::Method;
use chrono::Utc;
pub use clocks::{ClockChange, ClockReading};
use fixtures::Fixtures;
pub use kept::UnfitItems;
pub(crate) use report::examine;
pub use report::{Finding, Inferred, Report};
use routes::route;
pub(crate) use secrets::Secrets;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};
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
    pub(crate) operations: Operations,
    pub(crate) shapes: Arc<Shapes>,
    pub(crate) schemas: Arc<Schemas>,
    pub(crate) guard: Guard,
    /// What its security asks that no request can meet.
    unmeetable: Vec<LoadError>,
    pub(crate) rules: Rules,
    /// The replies that someone wrote.
    pub(crate) written: WrittenFixtures,
    pub(crate) stores: Sandboxes,
    /// Whether the fixtures are those that the stores began with.
    seeds_since: SeedsSince,
    /// Whether what is written is remembered.
    pub(crate) remembers: bool,
    clock: Clock,
    /// What the clock was set to when it was loaded.
    clock_of_old: ClockSetting,
    pub(crate) strict: bool,
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

/// How a contract is loaded.
#[derive(Debug, Clone, Default)]
pub struct Loading {
    /// What references may reach beside the files below the document's folder.
    pub reach: Reach,
    /// OpenAPI Overlays that change documents first, in this order; each all of them, or the one
    /// that it says it is for.
    pub overlays: Vec<PathBuf>,
    /// Whether what is usually let pass is a violation: query parameters and
    /// bodies that aren't documented.
    pub strict: bool,
    /// What samples are drawn from: the same seed gives the same.
    pub seed: String,
    /// What credentials are held against.
    pub auth: AuthSettings,
    /// What the present moment of APIs is made of, each of one by its name, or of all others;
    /// where nothing is said their fixtures may say it.
    pub clocks: Vec<(Option<String>, ClockSetting)>,
    /// How long a sandbox stays that nobody uses; an hour where it isn't said.
    pub sandbox_idle: Option<Duration>,
    /// What keeps the state; nothing where it is to end with the process.
    pub state: Option<StateAt>,
    /// Whether a file of the state that is damaged is put aside, and another one made.
    pub renews_state: bool,
    /// Whether nothing that is written is remembered: every operation answers from the document.
    pub stateless: bool,
}

/// Where the state is kept.
#[derive(Debug, Clone)]
pub enum StateAt {
    /// In a file, which one process has.
    File(PathBuf),
    /// In a Valkey or Redis server, which several processes share.
    Server(ServerAddress),
}

impl FromStr for StateAt {
    type Err = String;

    /// Takes the URL of a server, and all that is no URL as the path of a file.
    fn from_str(text: &str) -> Result<StateAt, String> {
        match text.contains("://") {
            true => text.parse().map(StateAt::Server),
            false => Ok(StateAt::File(text.into())),
        }
    }
}

impl Loading {
    /// What the clock of an API is set to, if anything was said of it.
    fn clock_of(&self, api: &str) -> Option<ClockSetting> {
        let named = self
            .clocks
            .iter()
            .rev()
            .find(|(name, _)| name.as_deref() == Some(api));
        let all = || self.clocks.iter().rev().find(|(name, _)| name.is_none());
        named.or_else(all).map(|(_, setting)| *setting)
    }

    /// What keeps the state, opened, and where what was damaged is now.
    pub(crate) fn ledger(&self) -> Result<Opened, LoadErrors> {
        let kept = |ledger: Arc<dyn Ledger>, aside| (Some(ledger), aside);
        let opened = match &self.state {
            None => return Ok((None, None)),
            Some(StateAt::File(path)) if self.renews_state => {
                let opened = FileLedger::open_anew(path);
                opened.map(|(ledger, aside)| kept(Arc::new(ledger), aside))
            }
            Some(StateAt::File(path)) => {
                FileLedger::open(path).map(|ledger| kept(Arc::new(ledger), None))
            }
            Some(StateAt::Server(address)) => {
                RedisLedger::open(address).map(|ledger| kept(Arc::new(ledger), None))
            }
        };
        opened.map_err(|fault| not_kept(&fault))
    }
}

/// What keeps the state, and where the file is now that was put aside for it.
type Opened = (Option<Arc<dyn Ledger>>, Option<PathBuf>);

/// That the state can't be kept, which names the file itself.
fn not_kept(fault: &LedgerFault) -> LoadErrors {
    not_said("--state", fault)
}

/// That an option can't be followed.
fn not_said(option: &str, why: &dyn Display) -> LoadErrors {
    let source = Arc::new(Source::new(option.to_owned(), ""));
    LoadErrors(vec![LoadError::new(&source, Place::File, why.to_string())])
}

/// The store that a request works on.
pub(crate) enum StoreOf<'c> {
    /// Everyone's.
    Main(&'c Store),
    /// The one of those that name it.
    Own(Arc<Sandbox>),
}

impl Deref for StoreOf<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        match self {
            StoreOf::Main(store) => store,
            StoreOf::Own(sandbox) => sandbox.store(),
        }
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
        Contract::open(path, fixtures, loading, (&overlays, ledger))
    }

    /// The same with the overlays that are for it, read before, and what keeps its state.
    pub(crate) fn open(
        path: &Path,
        fixtures: Option<&Path>,
        loading: &Loading,
        (overlays, ledger): (&[&Overlay], Option<Arc<dyn Ledger>>),
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
        let keeping = ledger.map(|ledger| (ledger, stem.unwrap_or("api")));
        let mut contract = Contract::build(document, fixtures, &loading.auth, keeping, errors)?;
        contract.strict = loading.strict;
        contract.sampling = Sampling::of(&loading.seed);
        contract.remembers = !loading.stateless;
        contract
            .stores
            .keep_for(loading.sandbox_idle.unwrap_or(IDLE));
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
        Contract::build(
            document,
            Fixtures::default(),
            &AuthSettings::default(),
            None,
            Vec::new(),
        )
    }

    /// `keeping` says where its state is kept, and under which name; `errors` are those of the
    /// fixtures.
    fn build(
        document: Arc<Document>,
        fixtures: Fixtures,
        auth: &AuthSettings,
        keeping: Option<(Arc<dyn Ledger>, &str)>,
        mut errors: Vec<LoadError>,
    ) -> Result<Contract, LoadErrors> {
        let shapes = Arc::new(Shapes::new(Arc::clone(&document)));
        let schemas = Arc::new(Schemas::new(Arc::clone(&document)));
        let mut operations = Operations::new(&document, &shapes, &schemas);
        let (guard, faults, unmeetable) = Guard::compile(&document, auth);
        errors.extend(faults);
        let (router, ambiguous) = route(&document);
        let ties = Ties::infer(&operations, &fixtures.hints());
        fixtures.check_names(&ties, &mut errors);
        let seeded = ties.iter().filter(|tie| tie.is_seeded);
        let keys = seeded.filter_map(|tie| Some((tie.name.clone(), tie.key(&operations)?.into())));
        let mut keys: BTreeMap<String, String> = keys.collect();
        let seeds = fixtures.seeds(&mut keys, &mut errors);
        let rules = match &fixtures.rules {
            Some(source) => {
                let stubs = document.operations.iter();
                let known: Vec<Known> = stubs.map(|stub| known(&document, stub)).collect();
                let collections: Vec<String> =
                    seeds.iter().map(|seed| seed.collection.clone()).collect();
                Rules::read(source, &known, &collections).unwrap_or_else(|found| {
                    errors.extend(found);
                    Rules::default()
                })
            }
            None => Rules::default(),
        };
        operations.tie(ties);
        let numbers = 0..operations.len();
        // A rule may say that a method's usual way of applying a body isn't this API's.
        let merges = numbers.filter_map(|number| Some((number, rules.of(number)?.merge?)));
        operations.merge(merges.collect::<HashMap<_, _>>());
        let contents = Contents {
            document: &document,
            shapes: &shapes,
            schemas: &schemas,
            sampling: &Sampling::default(),
        };
        fixtures.check(&keys, contents, &operations, &mut errors);
        if !errors.is_empty() {
            return Err(LoadErrors(errors));
        }
        let clock_of_old = fixtures.settings.clock;
        let real = Utc::now();
        // What shows no year of an HTTP date today might have when it was written.
        let clock = Clock::new(clock_of_old, real).map_err(|why| not_said("clock", &why))?;
        let started = clock.at(real).unwrap_or(real);
        let (stores, seeds_since) = match keeping {
            None => {
                let stores = Sandboxes::new(seeds, started.into(), IDLE);
                (stores, SeedsSince::Unchanged)
            }
            Some((ledger, name)) => {
                let fingerprint = Seed::fingerprint(&seeds);
                let given = (seeds, fingerprint);
                let kept = Sandboxes::kept((ledger, name), given, started.into(), IDLE);
                kept.map_err(|fault| not_kept(&fault))?
            }
        };
        let mut contract = Contract {
            since: started.into(),
            stores,
            seeds_since,
            remembers: true,
            document,
            router,
            operations,
            shapes,
            schemas,
            guard,
            unmeetable,
            rules,
            written: WrittenFixtures::default(),
            clock,
            clock_of_old,
            strict: false,
            sampling: Sampling::default(),
            keys,
            ambiguous,
            early: Vec::new(),
            survey: OnceLock::new(),
            prefix: String::new(),
        };
        contract.written = written::read(&contract, &fixtures.replies, &mut errors);
        if !errors.is_empty() {
            return Err(LoadErrors(errors));
        }
        match contract.document.size() <= READ_WHOLE {
            true => {
                contract.survey();
            }
            false => {
                let faults = contract.document.faults.iter().cloned();
                let early = faults.chain(contract.schemas.bad_patterns());
                contract.early = early.chain(contract.unmeetable.clone()).collect();
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

    /// The store of a sandbox, which is made where it isn't there; everyone's without a name. It is
    /// as all processes that share it made it.
    pub(crate) fn store(&self, sandbox: Option<&str>) -> Result<StoreOf<'_>, Unopened> {
        match sandbox {
            None => {
                self.stores.catch_up()?;
                Ok(StoreOf::Main(self.stores.main()))
            }
            Some(name) => self.stores.named(name, SystemTime::now()).map(StoreOf::Own),
        }
    }

    /// The same for what doesn't look at it: no other process is asked what it made of it.
    pub(crate) fn store_unseen(&self, sandbox: Option<&str>) -> Result<StoreOf<'_>, Unopened> {
        if !self.stores.are_shared() {
            return self.store(sandbox);
        }
        let known = sandbox.and_then(|name| self.stores.known(name));
        Ok(known.map_or_else(|| StoreOf::Main(self.stores.main()), StoreOf::Own))
    }

    /// The sandboxes that there are, in the order of their names.
    ///
    /// # Errors
    /// Why it isn't known which other processes have.
    pub fn sandboxes(&self) -> Result<Vec<SandboxStatus>, LedgerFault> {
        self.stores.list(SystemTime::now())
    }

    /// Whether there is a sandbox of a name; none is made, and it doesn't count as used.
    ///
    /// # Errors
    /// Why it isn't known which other processes have.
    pub fn has_sandbox(&self, name: &str) -> Result<bool, LedgerFault> {
        self.stores.has(name, SystemTime::now())
    }

    /// What there is to tell, since it was last asked for, of what other processes did to the
    /// state that they share.
    pub fn notices(&self) -> Vec<String> {
        self.stores.notices()
    }

    /// Whether the state that it shares with other processes can be looked at.
    ///
    /// # Errors
    /// Why it can't.
    pub fn reach_state(&self) -> Result<(), LedgerFault> {
        self.stores.catch_up()
    }

    /// Why the last write to the state couldn't be kept, where it couldn't; what is there can be
    /// read all the same.
    pub fn write_trouble(&self) -> Option<LedgerFault> {
        self.stores.trouble()
    }

    /// Puts a sandbox back to the fixtures; gives whether there is one of that name.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn reset_sandbox(&self, name: &str) -> Result<bool, Unwritten> {
        self.stores.reset_named(name, SystemTime::now())
    }

    /// Lets a sandbox go; gives whether there was one of that name.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn drop_sandbox(&self, name: &str) -> Result<bool, Unwritten> {
        self.stores.forget(name)
    }

    /// The states that are kept by name, in the order of these.
    pub fn snapshots(&self) -> Vec<SnapshotStatus> {
        self.stores.snapshots().list()
    }

    /// Lets a state go that is kept; gives whether there was one of that name.
    pub fn drop_snapshot(&self, name: &str) -> bool {
        self.stores.snapshots().forget(name)
    }

    /// Lets all sandboxes go.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn drop_sandboxes(&self) -> Result<(), Unwritten> {
        self.stores.forget_all()
    }

    /// Puts the state back to the fixtures, and the clock to what it was, but for those of
    /// sandboxes. Where the fixtures changed
    /// since the state began, it is to the new ones, and sandboxes go.
    ///
    /// # Errors
    /// Why that couldn't be kept.
    pub fn reset(&self) -> Result<(), Unwritten> {
        self.stores.reset()?;
        self.reset_clock(&StoreOf::Main(self.stores.main()));
        Ok(())
    }

    /// Whether the fixtures changed since what is kept of the state began.
    pub fn has_other_fixtures(&self) -> bool {
        self.seeds_since == SeedsSince::Changed
    }

    /// What was kept of the state and isn't as the contract has it any more, where that changed
    /// since.
    pub fn unfit_items(&self) -> UnfitItems {
        UnfitItems::of(self)
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
