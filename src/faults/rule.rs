use super::{Fault, Latency, Scope};
use crate::wire::StatusCode;
use serde_json::{Map, Value};

/// What to do on purpose, in which exchanges.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// Which requests it is for.
    pub scope: Scope,
    /// How late their replies are.
    pub latency: Option<Latency>,
    /// How they go wrong.
    pub fault: Option<Fault>,
    /// The status that they have.
    pub status: Option<StatusCode>,
    /// The seconds of `Retry-After` beside that status.
    pub retry_after: Option<u32>,
    /// What is answered: `status`, `headers`, `mediaType`, and `body` or `example`, as in a reply
    /// that is written beside fixtures; with `force` whether or not the contract has it.
    pub reply: Option<Map<String, Value>>,
    /// How likely it acts, from 0 to 1; always where nothing is said.
    pub probability: Option<f64>,
    /// How often it acts before it is gone; for ever where nothing is said.
    pub times: Option<u64>,
    /// In which of the requests that it is for it acts; in all where nothing is said.
    pub burst: Option<Burst>,
}

/// A rule that acts in so many requests, rests in so many, and again from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    /// In how many it acts; at least one.
    pub on: u32,
    /// In how many it rests.
    pub off: u32,
}

impl Burst {
    /// Whether the numbered one of the requests is among those that it acts in.
    pub(super) fn takes(self, number: u64) -> bool {
        let (on, off) = (u64::from(self.on), u64::from(self.off));
        number % (on + off).max(1) < on
    }
}
