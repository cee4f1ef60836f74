//! A real server, exercised and judged by a contract.
//!
//! Takes a [`Contract`], a [`Peer`] that sends requests to the server, and [`Settings`]; gives what
//! is wrong as [`Finding`]s. Has no sockets: who asks is the peer, and a mock may be one.
//!
//! Operations go in the order in which items live: lists and creations before what shows and
//! changes one item, deletions last, and what hangs on others after those. Of each operation a
//! request is looked for that is done (`values`), by what is known of the server's items (`pool`);
//! made of it are valid requests at every edge, and those that break one constraint alone
//! (`cases`). What has state is told as the story of one item (`story`). Every reply is judged
//! (`judge`), and what is wrong is shown by the smallest request found (`shrink`).
//!
//! ```
//! use counterpart::contract::Contract;
//! use counterpart::verify::{Peer, Settings, Unanswered, verify};
//! use counterpart::wire::{Reply, Request, StatusCode};
//!
//! /// A server that says hello to nobody.
//! struct Silent;
//!
//! impl Peer for Silent {
//!     fn ask(&self, _: &Request) -> Result<Reply, Unanswered> {
//!         Ok(Reply::new(StatusCode::NO_CONTENT))
//!     }
//! }
//!
//! let contract = Contract::from_text("hello.yaml", r#"
//! openapi: 3.1.0
//! info: {title: Hello, version: '1'}
//! paths:
//!   /hello:
//!     get:
//!       responses: {'200': {description: A greeting}}
//! "#)?;
//! let settings = Settings::of("http://127.0.0.1:8080", "any");
//! let outcome = verify(&contract, &Silent, &settings, &|_| {}).expect("it is there");
//! assert_eq!(
//!     outcome.findings[0].error.message,
//!     "GET /hello answers 204 No Content, which is not documented"
//! );
//! # Ok::<(), counterpart::spec::LoadErrors>(())
//! ```

mod call;
mod cases;
mod credentials;
mod curl;
mod finding;
mod futile;
mod head;
mod hooked;
mod items;
mod judge;
mod links;
mod plan;
mod pool;
mod probe;
mod replay;
mod shrink;
mod story;
mod trial;
mod twin;
mod values;

use crate::contract::Contract;
pub use crate::rules::Hooks;
pub use credentials::{Credential, Credentials, Renewal};
pub use finding::{Check, Finding, Step};
use plan::{families, is_deletion};
use probe::probe;
use serde_json::Value;
use trial::Trial;
pub use trial::{Peer, Unanswered};
pub use twin::{Likeness, Twin};

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use story::{stories, tidy, touched};

/// How a server is exercised.
pub struct Settings {
    /// What values are drawn from: the same seed gives the same requests, as far as the server
    /// answers the same.
    pub seed: String,
    /// The server's address as it is shown, without a slash at its end.
    pub base: String,
    /// Further options of the commands of curl that show a request, such as `--cacert` and its file.
    pub curl: Vec<String>,
    /// How many requests at most an operation is tried with, beside those that items need.
    pub cases: usize,
    /// How many requests are sent in all.
    pub requests: usize,
    /// How many families of operations are tried side by side.
    pub workers: usize,
    /// Whether nothing but `GET`, `HEAD` and `OPTIONS` is sent.
    pub is_read_only: bool,
    /// The operations that are tried, by `operationId` or `METHOD /template`; all where none is
    /// named.
    pub operations: Vec<String>,
    /// The values of parameters by their names, in the place of those that are made.
    pub values: Vec<(String, Value)>,
    /// What is put into requests as they are sent, in the place of what is made.
    pub hooks: Hooks,
    /// Whether to warn of operations that refuse some of what the contract allows, and do the rest:
    /// there may be reasons for it that a contract can't say.
    pub warns_of_refusals: bool,
    /// What is sent with every request.
    pub credentials: Credentials,
    /// Whether to stop, asked before each request.
    pub is_cancelled: Box<dyn Fn() -> bool + Send + Sync>,
}

impl Settings {
    /// The usual ones, for a server at an address without a slash at its end; without credentials.
    pub fn of(base: &str, seed: &str) -> Settings {
        Settings {
            seed: seed.to_owned(),
            base: base.to_owned(),
            curl: Vec::new(),
            cases: CASES,
            requests: REQUESTS,
            workers: WORKERS,
            is_read_only: false,
            operations: Vec::new(),
            values: Vec::new(),
            hooks: Hooks::default(),
            warns_of_refusals: false,
            credentials: Credentials::default(),
            is_cancelled: Box::new(|| false),
        }
    }
}

/// How many requests an operation is tried with where nobody says how many, how many are sent in
/// all, and how many families are tried side by side.
pub const CASES: usize = 100;
/// See [`CASES`].
pub const REQUESTS: usize = 100_000;
/// See [`CASES`].
pub const WORKERS: usize = 4;

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// How many operations are done.
    pub done: usize,
    /// How many there are to do.
    pub all: usize,
    /// How many requests were sent.
    pub requests: usize,
    /// How much was found.
    pub findings: usize,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// What is wrong, in the order of the operations.
    pub findings: Vec<Finding>,
    /// How many operations were tried.
    pub operations: usize,
    /// How many requests were sent.
    pub requests: usize,
    /// Whether it came to its end, and wasn't cut short by a limit, a server that doesn't answer,
    /// or who asked for it.
    pub is_whole: bool,
}

/// Why a server wasn't exercised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// A name among the operations that the contract doesn't have; in words.
    #[error("{0}")]
    Unknown(String),
    /// No connection to the server can be had; why not.
    #[error("the server doesn't answer: {0}")]
    Absent(String),
}

/// Exercises a server. `watch` is told whenever an operation is done.
///
/// # Errors
/// A name among the operations that the contract doesn't have, and a server that isn't there.
pub fn verify(
    contract: &Contract,
    peer: &dyn Peer,
    settings: &Settings,
    watch: &(dyn Fn(Progress) + Sync),
) -> Result<Outcome, Unverified> {
    let families = families(contract, settings).map_err(Unverified::Unknown)?;
    let all = families.iter().map(Vec::len).sum();
    let trial = Trial::new(contract, settings, peer);
    let done = AtomicUsize::new(0);
    let tell = || {
        watch(Progress {
            done: done.load(Ordering::Relaxed),
            all,
            requests: trial.sent(),
            findings: trial.found(),
        });
    };
    let open = Mutex::new(families.into_iter());
    let next = || {
        let mut open = open.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        open.next()
    };
    let work = || {
        while let Some(family) = next() {
            let deletes = |number: &usize| is_deletion(contract.operations.get(*number));
            let (ends, begins): (Vec<usize>, Vec<usize>) = family.iter().partition(|n| deletes(n));
            let probe_all = |numbers: &[usize]| {
                for number in numbers {
                    if trial.is_over() {
                        return;
                    }
                    probe(&trial, contract.operations.get(*number));
                    done.fetch_add(1, Ordering::Relaxed);
                    tell();
                }
            };
            probe_all(&begins);
            stories(&trial, &family);
            probe_all(&ends);
        }
    };
    tell();
    std::thread::scope(|scope| {
        for _ in 1..settings.workers.max(1) {
            scope.spawn(work);
        }
        work();
    });
    if let Some(why) = trial.absent() {
        return Err(Unverified::Absent(why));
    }
    let is_whole = !trial.is_over();
    futile::report(&trial);
    head::report(&trial);
    touched(&trial);
    tidy(&trial);
    let requests = trial.sent();
    Ok(Outcome {
        operations: done.load(Ordering::Relaxed),
        requests,
        is_whole,
        findings: trial.into_findings(),
    })
}
