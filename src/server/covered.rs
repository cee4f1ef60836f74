use super::control::coverage_json;
use super::covering::Covering;
use crate::coverage::ApiReport;
use serde_json::Value;
use std::sync::Arc;

/// Tells how much of its contracts a server covers, or covered before it stopped.
#[derive(Clone)]
pub struct CoverageReader(Arc<Covering>);

/// What of the contracts was sent, at one moment.
#[derive(Debug)]
pub struct Covered {
    /// How many exchanges are counted.
    pub exchanges: u64,
    /// How many the journal had to give up before they were.
    pub lost: u64,
    /// Each API.
    pub apis: Vec<ApiReport>,
}

impl CoverageReader {
    pub(super) fn new(covering: Arc<Covering>) -> CoverageReader {
        CoverageReader(covering)
    }

    /// What is covered, with all exchanges until now. So many of the points that aren't are listed
    /// of each API.
    pub fn read(&self, limit: usize) -> Covered {
        let counting = self.0.counted();
        let numbers = 0..counting.host.apis().len();
        let report = |number| counting.coverage.report(&counting.host, number, limit);
        Covered {
            exchanges: counting.exchanges,
            lost: counting.lost,
            apis: numbers.map(report).collect(),
        }
    }
}

impl std::fmt::Debug for CoverageReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CoverageReader").finish_non_exhaustive()
    }
}

impl Covered {
    /// The same as `GET /_counterpart/coverage` tells it.
    pub fn json(self) -> Value {
        coverage_json(self)
    }
}
