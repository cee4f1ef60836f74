use super::super::journal::{Journal, Record};
use super::near::{Near, nearest};
use super::order::out_of_order;
use super::{Expectation, Resets};
use crate::host::{Host, Seen};
use crate::wire::{HeaderName, HeaderValue, Request};
use std::sync::Arc;

/// Of how many expectations that aren't met near misses are looked for.
const EXPLAINED: usize = 20;
/// How many exchanges are named of one expectation.
const NAMED: usize = 10;
/// How many exchanges that nobody expects are told of.
const UNEXPECTED: usize = 20;

/// What is to be judged.
pub(in crate::server) struct Judged {
    /// The expectations: those that are kept, which have counted, or others, which the journal
    /// is looked through for.
    pub(in crate::server) expectations: Vec<Arc<Expectation>>,
    /// Whether nothing else may have come.
    pub(in crate::server) strict: bool,
    /// Whether they have to come in this order.
    pub(in crate::server) in_order: bool,
    /// The sandbox whose exchanges alone are looked at.
    pub(in crate::server) sandbox: Option<String>,
}

/// Whether what is expected came.
#[derive(Debug, Default)]
pub(in crate::server) struct Verdict {
    pub(in crate::server) outcomes: Vec<Outcome>,
    /// The first exchanges that nobody expects.
    pub(in crate::server) unexpected: Vec<Unexpected>,
    /// How many of those there are more.
    pub(in crate::server) more_unexpected: usize,
    /// How many exchanges of those to look at the journal doesn't have any longer.
    pub(in crate::server) lost: u64,
}

/// How often what is expected came.
#[derive(Debug)]
pub(in crate::server) struct Outcome {
    pub(in crate::server) expectation: Arc<Expectation>,
    pub(in crate::server) count: u64,
    pub(in crate::server) is_met: bool,
    /// The numbers of the last exchanges that it came in.
    pub(in crate::server) exchanges: Vec<u64>,
    /// Those that nearly were.
    pub(in crate::server) nearest: Vec<Near>,
    /// As a line of a log, where it isn't met.
    pub(in crate::server) text: Option<String>,
}

/// An exchange that nobody expects.
#[derive(Debug)]
pub(in crate::server) struct Unexpected(pub(in crate::server) Arc<Record>);

impl Verdict {
    pub(in crate::server) fn is_met(&self) -> bool {
        self.unexpected.is_empty() && self.outcomes.iter().all(|outcome| outcome.is_met)
    }

    /// The lines that tell what isn't met.
    pub(in crate::server) fn lines(&self) -> Vec<String> {
        let unmet = self
            .outcomes
            .iter()
            .filter_map(|outcome| outcome.text.clone());
        let unexpected = self.unexpected.iter().map(ToString::to_string);
        let mut lines: Vec<String> = unmet.chain(unexpected).collect();
        if self.more_unexpected > 0 {
            lines.push(format!(
                "and {} more weren't expected",
                self.more_unexpected
            ));
        }
        lines
    }
}

impl std::fmt::Display for Unexpected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Unexpected(record) = self;
        let (number, method) = (record.number, &record.method);
        write!(f, "#{number} {method} {} wasn't expected", record.target())
    }
}

impl Judged {
    /// The verdict, by what was counted and by the journal, where there is one.
    /// What came before the last reset of its state isn't looked at.
    pub(in crate::server) fn judge(
        &self,
        host: &Host,
        journal: Option<&Journal>,
        resets: &Resets,
    ) -> Verdict {
        let since = self.expectations.iter().map(|one| one.since).min();
        let since = since.unwrap_or(0);
        let (records, lost) = journal.map_or((Vec::new(), 0), |journal| journal.after(since));
        let is_own = |record: &Arc<Record>| {
            let sandbox = self.sandbox.as_ref();
            told(record)
                && sandbox.is_none_or(|own| record.sandbox.as_deref() == Some(own.as_str()))
        };
        let mut records: Vec<Arc<Record>> = records.into_iter().filter(is_own).collect();
        resets.keep_later(host, &mut records);
        // What was counted is known; for the rest, and for what nearly was, requests are read.
        let is_known = |one: &Arc<Expectation>| one.id > 0 && one.count() >= one.wish.times.least;
        let seen: Vec<(Arc<Record>, Seen<'_>)> = match self.expectations.iter().all(is_known) {
            true => Vec::new(),
            false => {
                let read = |record: Arc<Record>| {
                    let seen = host.seen(request_of(&record), record.sandbox.as_deref())?;
                    Some((record, seen))
                };
                records.iter().cloned().filter_map(read).collect()
            }
        };
        let mut covered: Vec<u64> = Vec::new();
        let mut came: Vec<Vec<u64>> = Vec::new();
        for one in &self.expectations {
            let is_one = |(record, seen): &&(Arc<Record>, Seen<'_>)| {
                one.takes(seen, record.status.as_u16(), record.breaks_contract())
            };
            let numbers: Vec<u64> = match one.id {
                0 => {
                    let own = seen.iter().filter(is_one);
                    own.map(|(record, _)| record.number).collect()
                }
                id => {
                    let own = records.iter().filter(|record| record.met.contains(&id));
                    own.map(|record| record.number).collect()
                }
            };
            covered.extend(&numbers);
            came.push(numbers);
        }
        let numbers: Vec<&[u64]> = came.iter().map(Vec::as_slice).collect();
        let out_of_order = match self.in_order {
            true => out_of_order(&numbers),
            false => None,
        };
        let mut explained = 0;
        let mut verdict = Verdict {
            lost,
            ..Verdict::default()
        };
        for (index, (one, numbers)) in self.expectations.iter().zip(&came).enumerate() {
            let count = match one.id {
                0 => numbers.len() as u64,
                _ => one.count(),
            };
            let is_often = one.wish.times.takes(count);
            let is_met = is_often && out_of_order != Some(index);
            let is_few = count < one.wish.times.least;
            let nearest = match journal {
                Some(journal) if is_few && explained < EXPLAINED => {
                    explained += 1;
                    let own = |(record, _): &&(Arc<Record>, Seen<'_>)| {
                        record.number > one.since && !numbers.contains(&record.number)
                    };
                    nearest(one, journal, seen.iter().filter(own))
                }
                _ => Vec::new(),
            };
            let last = numbers.len().saturating_sub(NAMED);
            let exchanges = numbers[last..].to_vec();
            let text = (!is_met).then(|| match is_often {
                false => sentence(one, count, &exchanges, &nearest),
                true => format!(
                    "{} came before what it was expected to follow{}",
                    one.label(),
                    listed(&exchanges)
                ),
            });
            verdict.outcomes.push(Outcome {
                expectation: Arc::clone(one),
                count,
                is_met,
                exchanges,
                nearest,
                text,
            });
        }
        if self.strict {
            covered.sort_unstable();
            let others = records
                .into_iter()
                .filter(|record| covered.binary_search(&record.number).is_err());
            let others: Vec<Arc<Record>> = others.collect();
            verdict.more_unexpected = others.len().saturating_sub(UNEXPECTED);
            verdict.unexpected = others
                .into_iter()
                .take(UNEXPECTED)
                .map(Unexpected)
                .collect();
        }
        verdict
    }
}

/// What was expected, how often it came, and what was nearest to it.
fn sentence(one: &Expectation, count: u64, exchanges: &[u64], nearest: &[Near]) -> String {
    let times = match count {
        1 => "1 time".to_owned(),
        count => format!("{count} times"),
    };
    let label = one.label();
    let named = match count > one.wish.times.least {
        true => listed(exchanges),
        false => String::new(),
    };
    let near = match nearest.first() {
        Some(near) => format!("; nearest: {near}"),
        None => String::new(),
    };
    format!(
        "{label} was expected {} and came {times}{named}{near}",
        one.wish.times
    )
}

fn listed(numbers: &[u64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| format!("#{number}")).collect();
    match numbers.is_empty() {
        true => String::new(),
        false => format!(" ({})", numbers.join(", ")),
    }
}

/// Whether an exchange is one that clients of the APIs had: what the journal notes of webhooks
/// that were asked for is none.
pub(in crate::server) fn told(record: &Record) -> bool {
    !record.target().starts_with("/_counterpart/")
}

/// The request of an exchange, as far as the journal has it.
pub(in crate::server) fn request_of(record: &Record) -> Request {
    let kept = record.request();
    let mut request = Request::new(record.method.clone(), record.target());
    for line in kept.headers.lines() {
        if let Some((name, value)) = line.split_once(": ")
            && let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_bytes(value.as_bytes()),
            )
        {
            request.headers.append(name, value);
        }
    }
    // What is cut can't be read, and is no other body.
    match kept.is_cut {
        true => request.with_body(&b"\0"[..]),
        false => request.with_body(kept.body.to_vec()),
    }
}
