//! Several contracts side by side, each under its prefix.

mod behaviour;
mod export;
mod gathering;
mod judging;
mod keepsake;
mod part;
mod pattern;
mod placing;
mod reasons;
mod reloading;
mod state;

pub use behaviour::Unplaced;
pub use export::Export;
pub(crate) use gathering::fixture_folders;
use gathering::{Coming, documents, fixtures_of, for_one, read_overlays};
pub(crate) use judging::Heard;
pub use keepsake::{Answered, Keepsake};
pub use part::{Hanging, NoPart};
pub(crate) use pattern::{Pattern, Seen, Wrong};
pub(crate) use placing::Names;
pub use reasons::{Documented, Near, OperationAt, demanded, received};
pub use reloading::Reloaded;
pub use state::{Memory, Unput};

use crate::contract::{
    AuthSettings, Beginning, Contract, Loading, Report, StateAt, allowed, examine,
};
use crate::exchange::{Exchange, Under, is_sandbox};
use crate::faults::{Behaviour, Conduct};
use crate::spec::{LoadError, LoadErrors};
use crate::store::Ledger;
use crate::validate::Violation;
use crate::wire::{Method, Problem, Reply, Request, StatusCode};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many violations a problem of the server's own lists.
const LISTED: usize = 20;

/// All the contracts that one server stands in for.
#[derive(Debug)]
pub struct Host {
    apis: Vec<Api>,
    auth: AuthSettings,
    behaviour: Behaviour,
    /// Whether what is written is kept elsewhere too.
    keeps: bool,
    /// Whether that is shared with other processes.
    shares: bool,
    /// Where the file of the state is now that was damaged.
    put_aside: Option<PathBuf>,
    /// What keeps it.
    ledger: Option<Arc<dyn Ledger>>,
    /// Contracts whose documents went, in the order in which they did: who comes back goes on.
    gone: Vec<Api>,
}

/// One contract, under its prefix.
#[derive(Debug, Clone)]
pub struct Api {
    name: String,
    contract: Arc<Contract>,
}

impl Host {
    /// Loads documents, and folders of documents. `NAME.yaml` has its fixtures in
    /// `fixtures/NAME/`, where `fixtures` stands beside the document's folder or in it.
    /// One contract is served at the root, several under `/NAME`.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn load(paths: &[PathBuf]) -> Result<Host, LoadErrors> {
        Host::load_with(paths, &Loading::default())
    }

    /// The same, otherwise than by default.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn load_with(paths: &[PathBuf], loading: &Loading) -> Result<Host, LoadErrors> {
        let (ledger, put_aside) = loading.ledger()?;
        let comes = |_: &str, _: &Path| {
            let kept = ledger.clone().map(Beginning::Kept);
            Coming::Loaded(kept.unwrap_or(Beginning::Fixtures))
        };
        let loaded = Host::gather(paths, loading, &comes)?;
        Ok(Host {
            ledger,
            put_aside,
            ..Host::loaded(loaded, loading)
        })
    }

    /// Examines documents, and folders of documents, as [`Host::load_with`] would take them:
    /// a report for each, and one more for each path or overlay that can't be taken.
    pub fn check(paths: &[PathBuf], loading: &Loading) -> Vec<Report> {
        Host::check_with(paths, loading, &|_| Vec::new())
    }

    /// The same, with what `more` finds in each contract as warnings.
    pub fn check_with(
        paths: &[PathBuf],
        loading: &Loading,
        more: &dyn Fn(&Contract) -> Vec<LoadError>,
    ) -> Vec<Report> {
        let mut errors = Vec::new();
        let documents = documents(paths, &mut errors);
        let overlays = read_overlays(&loading.overlays, &documents, &mut errors);
        let unread = |error: LoadError| Report::unread(error.source.name().to_owned(), vec![error]);
        let mut reports: Vec<Report> = errors.into_iter().map(unread).collect();
        for path in &documents {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            let fixtures = fixtures_of(path, stem.unwrap_or("api"));
            let overlays = for_one(&overlays, path);
            reports.push(examine(path, fixtures.as_deref(), loading, &overlays, more));
        }
        // What others refer to is a part of theirs, and no document of its own.
        let parts: Vec<String> = reports.iter().flat_map(|r| r.files.clone()).collect();
        let is_named = |name: &str| paths.iter().any(|path| path.display().to_string() == name);
        reports.retain(|r| r.is_loaded || is_named(&r.name) || !parts.contains(&r.name));
        reports
    }

    /// Puts contracts side by side: one alone at the root, several under their names.
    pub fn new(contracts: Vec<(String, Contract)>) -> Host {
        let contracts = contracts.into_iter();
        Host::of(contracts.map(|(name, contract)| (name, Arc::new(contract))))
    }

    /// The same of contracts of which those that are shared have their prefixes already.
    fn of(contracts: impl ExactSizeIterator<Item = (String, Arc<Contract>)>) -> Host {
        let alone = contracts.len() == 1;
        let apis = contracts.map(|(name, mut contract)| {
            if !alone && let Some(contract) = Arc::get_mut(&mut contract) {
                contract.prefix = format!("/{name}");
            }
            Api { name, contract }
        });
        Host {
            apis: apis.collect(),
            auth: AuthSettings::default(),
            behaviour: Behaviour::default(),
            keeps: false,
            shares: false,
            put_aside: None,
            ledger: None,
            gone: Vec::new(),
        }
    }

    /// The same as they were loaded.
    fn loaded(contracts: Vec<(String, Arc<Contract>)>, loading: &Loading) -> Host {
        Host {
            auth: loading.auth.clone(),
            behaviour: Behaviour::of(&loading.seed),
            keeps: loading.state.is_some(),
            shares: matches!(loading.state, Some(StateAt::Server(_))),
            ..Host::of(contracts.into_iter())
        }
    }

    /// Where the file of the state is now, where it was damaged and
    /// [`Loading::renews_state`](crate::contract::Loading) had another one made.
    pub fn put_aside(&self) -> Option<&Path> {
        self.put_aside.as_deref()
    }

    /// Whether what is written is kept elsewhere too, so that a write waits for that.
    pub(crate) fn keeps(&self) -> bool {
        self.keeps
    }

    /// Whether that is shared with other processes, so that a read waits for it too.
    pub(crate) fn shares(&self) -> bool {
        self.shares
    }

    /// What there is to tell, since it was last asked for, of what other processes did to the
    /// state that they share.
    pub(crate) fn notices(&self) -> Vec<String> {
        let apis = self.apis.iter();
        apis.flat_map(|api| api.contract.notices()).collect()
    }

    /// What credentials are held against.
    pub fn auth(&self) -> &AuthSettings {
        &self.auth
    }

    /// A JSON Web Token that the contracts take: it permits `scopes`, from `now` on for
    /// `lifetime`, both in seconds.
    pub fn token(&self, scopes: &[String], now: u64, lifetime: u64) -> String {
        self.auth.token(scopes, now, lifetime)
    }

    /// The contracts, in order.
    pub fn apis(&self) -> &[Api] {
        &self.apis
    }

    /// Answers a request, without a socket. Before the path, `/@NAME` names the sandbox that it is
    /// for.
    pub fn answer(&self, mut request: Request) -> Exchange {
        let target = std::mem::take(&mut request.target);
        let (sandbox, inner) = self.sandbox_of(&target);
        if let Some((number, inner)) = self.api_of(inner) {
            let api = &self.apis[number];
            request.target = inner;
            let lead = &target[..sandbox.map_or(0, |name| name.len() + 2)];
            let under = Under {
                desk: Some((&self.behaviour, number)),
                sandbox,
                lead,
                apart: None,
            };
            let mut exchange = api.contract.answer_under(request, under);
            exchange.request.target = target;
            return api.named(exchange);
        }
        request.target = target;
        self.nowhere(request)
    }

    /// What comes of a request that no contract is there for.
    fn nowhere(&self, request: Request) -> Exchange {
        let names: Vec<&str> = self.apis.iter().map(Api::prefix).collect();
        let detail = format!("no contract is served here; there are {}", names.join(", "));
        Exchange {
            operation: None,
            sandbox: None,
            violations: Vec::new(),
            reply: self.refuse(StatusCode::NOT_FOUND, &detail),
            reply_violations: Vec::new(),
            source: None,
            refusal: Some(detail),
            is_fault: false,
            conduct: Conduct::default(),
            announcements: Vec::new(),
            request,
        }
    }

    /// The sandbox that a target names before its path, and the target within it. A path that a
    /// contract itself begins so is the contract's.
    fn sandbox_of<'t>(&self, target: &'t str) -> (Option<&'t str>, &'t str) {
        let Some(rest) = target.strip_prefix("/@") else {
            return (None, target);
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (name, inner) = rest.split_at(end);
        match is_sandbox(name) && self.methods_of(target).is_empty() {
            true => (Some(name), inner),
            false => (None, target),
        }
    }

    /// The number of the API that a target belongs to, whatever sandbox it names before it.
    pub(crate) fn number_of(&self, target: &str) -> Option<usize> {
        let (_, inner) = self.sandbox_of(target);
        self.api_of(inner).map(|(number, _)| number)
    }

    /// The number of the API that a target belongs to, and the target within it.
    fn api_of(&self, target: &str) -> Option<(usize, String)> {
        self.apis.iter().enumerate().find_map(|(number, api)| {
            let inner = target.strip_prefix(api.prefix())?;
            match inner.is_empty() || inner.starts_with('?') {
                true => Some((number, format!("/{inner}"))),
                false => inner.starts_with('/').then(|| (number, inner.to_owned())),
            }
        })
    }

    /// The methods that a target is documented for, `HEAD` and `OPTIONS` included; none where no
    /// contract has its path.
    pub fn methods(&self, target: &str) -> Vec<Method> {
        self.methods_of(self.sandbox_of(target).1)
    }

    fn methods_of(&self, target: &str) -> Vec<Method> {
        let Some((number, inner)) = self.api_of(target) else {
            return Vec::new();
        };
        let (path, query) = inner.split_once('?').unwrap_or((&inner, ""));
        let methods = self.apis[number].contract.methods(path, query);
        match methods.is_empty() {
            true => methods,
            false => allowed(methods),
        }
    }

    /// A refusal that the server makes on its own account, as a problem (RFC 9457).
    pub fn refuse(&self, status: StatusCode, detail: &str) -> Reply {
        self.refuse_for(status, detail, &[])
    }

    /// The same for what is wrong at certain places.
    pub(crate) fn refuse_for(
        &self,
        status: StatusCode,
        detail: &str,
        violations: &[Violation],
    ) -> Reply {
        let listed = violations.iter().take(LISTED);
        let problem = Problem {
            status,
            detail: detail.to_owned(),
            errors: listed.map(Violation::to_problem_error).collect(),
            omitted: violations.len().saturating_sub(LISTED),
        };
        Reply::json(status, "application/problem+json", &problem.to_json())
    }
}

impl Api {
    /// Its name: the document's file name without its ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path before its own paths: `/NAME`, or empty where it is alone.
    pub fn prefix(&self) -> &str {
        &self.contract.prefix
    }

    /// An exchange, whose operation is named with the prefix.
    fn named(&self, mut exchange: Exchange) -> Exchange {
        exchange.operation = exchange
            .operation
            .map(|name| name.replacen('/', &format!("{}/", self.prefix()), 1));
        exchange
    }

    /// The contract.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// The operations of an operationId, or of `PATCH /path` with or without the prefix: each as
    /// exchanges name it.
    pub fn operations_named(&self, wanted: &str) -> Vec<String> {
        let contract = &self.contract;
        let stubs = contract.operations.stubs().iter();
        let named = stubs.filter_map(|stub| {
            let full = format!("{} {}{}", stub.method, self.prefix(), stub.path);
            let id = contract.document.node(stub.at).get("operationId");
            let is_id = id.is_some_and(|id| id.is_text(wanted));
            (is_id || full == wanted || stub.name() == wanted).then_some(full)
        });
        named.collect()
    }
}
