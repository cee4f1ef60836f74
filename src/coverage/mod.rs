//! What of the contracts clients have sent, and been sent.
//!
//! Takes exchanges, one after the other; counts the *points* of their operations: statuses, media
//! types, parameters, properties with and without a value, listed values, alternatives. What there
//! is to count in an operation is found out when it is first asked for, so that of a large
//! document those that nobody calls cost nothing. Nothing here is on a request's path.

mod count;
mod node;
mod points;
mod report;

pub use points::Kind;
pub use report::{ApiReport, Uncovered};

use crate::host::{Api, Host};
use crate::wire::{MediaType, Request, StatusCode};
use points::Points;
use std::collections::{BTreeMap, HashMap};

/// How many rules of an API are told apart.
const RULES: usize = 1_000;

/// An exchange, as far as it counts.
pub struct Counted<'e> {
    /// The request, with its whole target.
    pub request: Request,
    /// Whether the request keeps to the contract; what it says isn't counted otherwise.
    pub is_valid: bool,
    /// Whether there is all of its body.
    pub has_request_body: bool,
    /// The status of the reply.
    pub status: StatusCode,
    /// What it was sent as.
    pub media_type: Option<MediaType>,
    /// The body of the reply, where there is all of it.
    pub body: Option<&'e [u8]>,
    /// The places of the rules that refused it.
    pub rules: Vec<String>,
}

/// The counters of all contracts of a host.
#[derive(Debug, Default)]
pub struct Coverage {
    apis: Vec<Counters>,
}

/// The counters of one contract.
#[derive(Debug, Default)]
struct Counters {
    /// By the number of the operation, those that were asked for.
    operations: HashMap<usize, Points>,
    /// How often each rule refused, by its place.
    rules: BTreeMap<String, u64>,
    /// The exchanges of which a body was too long to be kept, so that it isn't counted.
    unread: u64,
}

impl Coverage {
    /// The counters by another host, of the contracts that are the same in both.
    pub fn carried(&mut self, old: &Host, new: &Host) -> Coverage {
        let mut carried = Coverage::default();
        for api in new.apis() {
            let is_same = |other: &Api| std::ptr::eq(other.contract(), api.contract());
            let number = old.apis().iter().position(is_same);
            let counters = number.and_then(|number| self.apis.get_mut(number));
            carried
                .apis
                .push(counters.map(std::mem::take).unwrap_or_default());
        }
        carried
    }

    /// Counts an exchange. One that is for no operation counts nowhere.
    pub fn count(&mut self, host: &Host, exchange: &Counted<'_>) {
        let Some(seen) = host.seen(exchange.request.clone(), None) else {
            return;
        };
        let Some((api, number)) = seen.operation() else {
            return;
        };
        self.apis.resize_with(host.apis().len(), Counters::default);
        let contract = host.apis()[api].contract();
        let counters = &mut self.apis[api];
        let operation = contract.operations.get(number);
        let points = counters.operations.entry(number);
        let points = points.or_insert_with(|| Points::of(contract, operation));
        let is_read = points.count(contract, operation, &seen, exchange);
        counters.unread += u64::from(!is_read);
        for rule in &exchange.rules {
            if let Some(count) = counters.rules.get_mut(rule) {
                *count += 1;
            } else if counters.rules.len() < RULES {
                counters.rules.insert(rule.clone(), 1);
            }
        }
    }
}
