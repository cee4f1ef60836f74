use super::points::Kind;
use super::{Counters, Coverage};
use crate::contract::Contract;
use crate::host::Host;

/// What of one contract is covered.
#[derive(Debug, Clone, Default)]
pub struct ApiReport {
    /// The API's name.
    pub api: String,
    /// Of each kind, how many points are covered, and how many there are.
    pub kinds: Vec<(Kind, usize, usize)>,
    /// The operations that were asked for, each with how often.
    pub operations: Vec<(String, u64)>,
    /// The first points that aren't covered.
    pub uncovered: Vec<Uncovered>,
    /// How many of those there are more.
    pub omitted: usize,
    /// The rules that refused requests, by their places, each with how often.
    pub rules: Vec<(String, u64)>,
    /// The exchanges of which a body was too long to be looked into.
    pub unread: u64,
    /// The operations that have more points than are told apart.
    pub cut: Vec<String>,
}

/// A point that isn't covered.
#[derive(Debug, Clone)]
pub struct Uncovered {
    /// Method and template of the operation.
    pub operation: String,
    /// What kind of point it is.
    pub kind: Kind,
    /// What it is, in words.
    pub what: String,
    /// Where it is declared, as `file:line`.
    pub source: String,
}

impl ApiReport {
    /// How many points are covered, and how many there are.
    pub fn totals(&self) -> (usize, usize) {
        let kinds = self.kinds.iter();
        kinds.fold((0, 0), |(covered, all), kind| {
            (covered + kind.1, all + kind.2)
        })
    }
}

impl Coverage {
    /// What is covered of an API, of those that the host has. So many of the points that aren't
    /// are listed. Those within operations that nobody asked for aren't known, and don't count.
    pub fn report(&self, host: &Host, api: usize, limit: usize) -> ApiReport {
        let empty = Counters::default();
        let counters = self.apis.get(api).unwrap_or(&empty);
        let name = host.apis()[api].name();
        counters.report(name, host.apis()[api].contract(), limit)
    }
}

impl Counters {
    fn report(&self, api: &str, contract: &Contract, limit: usize) -> ApiReport {
        let mut report = ApiReport {
            api: api.to_owned(),
            kinds: Kind::ALL.map(|kind| (kind, 0, 0)).to_vec(),
            rules: self.rules.clone().into_iter().collect(),
            unread: self.unread,
            ..ApiReport::default()
        };
        let document = &contract.document;
        for (number, stub) in contract.operations.stubs().iter().enumerate() {
            let points = self.operations.get(&number);
            let asked = points.map_or(0, |points| points.asked);
            let name = stub.name();
            let mut note = |kind: Kind, is_covered: bool, what: &str, at| {
                if let Some(counted) = report.kinds.iter_mut().find(|own| own.0 == kind) {
                    counted.1 += usize::from(is_covered);
                    counted.2 += 1;
                }
                match is_covered {
                    true => {}
                    false if report.uncovered.len() >= limit => report.omitted += 1,
                    false => report.uncovered.push(Uncovered {
                        operation: name.clone(),
                        kind,
                        what: what.to_owned(),
                        source: document.origin(at).to_string(),
                    }),
                }
            };
            note(Kind::Operation, asked > 0, &name, stub.at);
            let Some(points) = points else {
                continue;
            };
            for (point, seen) in points.points.iter().zip(&points.seen) {
                note(point.kind, *seen > 0, &point.what, point.at);
            }
            report.operations.push((name.clone(), asked));
            if points.is_cut {
                report.cut.push(name);
            }
        }
        report
    }
}
