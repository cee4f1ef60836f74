//! How a contract is loaded: what is said of it at the start.

use crate::access::AuthSettings;
use crate::mock::LISTED;
use crate::spec::{LoadError, LoadErrors, Place, Reach, Source};
use crate::store::{
    ClockSetting, FileLedger, Ledger, LedgerFault, RedisLedger, Room, ServerAddress,
};
use crate::wire::DEPTH;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

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
    /// What clients may add to the state, and to each sandbox.
    pub room: Room,
    /// What one request may ask for, and be told.
    pub bounds: Bounds,
    /// What keeps the state; nothing where it is to end with the process.
    pub state: Option<StateAt>,
    /// Whether a file of the state that is damaged is put aside, and another one made.
    pub renews_state: bool,
    /// Whether nothing that is written is remembered: every operation answers from the document.
    pub stateless: bool,
    /// Whether every operation answers with each variant of its reply in turn: examples, members
    /// left out, nulls, values of `enum`, alternatives. Nothing is remembered then.
    pub rotates: bool,
}

/// What bounds a request and its refusal, beside what a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How deep what a body says may be nested; the reader of JSON takes no more than 128 levels.
    pub depth: usize,
    /// How many violations a refusal lists; the rest is counted.
    pub listed: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            depth: DEPTH,
            listed: LISTED,
        }
    }
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
    pub(super) fn clock_of(&self, api: &str) -> Option<ClockSetting> {
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
pub(super) type Opened = (Option<Arc<dyn Ledger>>, Option<PathBuf>);

/// That the state can't be kept, which names the file itself.
pub(super) fn not_kept(fault: &LedgerFault) -> LoadErrors {
    not_said("--state", fault)
}

/// That an option can't be followed.
pub(super) fn not_said(option: &str, why: &dyn Display) -> LoadErrors {
    let source = Arc::new(Source::new(option.to_owned(), ""));
    LoadErrors(vec![LoadError::new(&source, Place::File, why.to_string())])
}
