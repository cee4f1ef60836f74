use super::super::journal::{Journal, Record};
use super::Expectation;
use crate::host::Seen;
use serde_json::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// How many near misses are told of one expectation.
const TOLD: usize = 3;
/// How far one is at most.
const FARTHEST: f64 = 0.7;
/// How many differences are put in words.
const WORDS: usize = 3;
/// How long a value is in words, in characters.
const CLIPPED: usize = 60;
/// The place of whether the request breaks the contract.
const VIOLATIONS: &str = "violations";

/// An exchange that was nearly one that is expected.
#[derive(Debug)]
pub(in crate::server) struct Near {
    pub(in crate::server) record: Arc<Record>,
    pub(in crate::server) differences: Vec<Unlikeness>,
    distance: f64,
}

/// A place where it differs.
#[derive(Debug)]
pub(in crate::server) struct Unlikeness {
    /// The place, in words.
    pub(in crate::server) place: String,
    pub(in crate::server) expected: Value,
    /// Nothing where there is nothing.
    pub(in crate::server) got: Option<Value>,
    /// Why that isn't known, where it isn't.
    pub(in crate::server) note: Option<&'static str>,
}

/// The exchanges that came nearest to what is expected, the nearest first.
pub(super) fn nearest<'s>(
    expectation: &Expectation,
    journal: &Journal,
    others: impl Iterator<Item = &'s (Arc<Record>, Seen<'s>)>,
) -> Vec<Near> {
    let mut found: Vec<Near> = Vec::new();
    for (record, seen) in others {
        let Some(near) = near(expectation, journal, record, seen) else {
            continue;
        };
        found.push(near);
        if found.len() > 4 * TOLD {
            found.sort_by(first);
            found.truncate(TOLD);
        }
    }
    found.sort_by(first);
    found.truncate(TOLD);
    found
}

/// The nearer one, and of those as near the newer one.
fn first(a: &Near, b: &Near) -> Ordering {
    let newer = b.record.number.cmp(&a.record.number);
    a.distance.total_cmp(&b.distance).then(newer)
}

fn near(
    expectation: &Expectation,
    journal: &Journal,
    record: &Arc<Record>,
    seen: &Seen<'_>,
) -> Option<Near> {
    let unlike = expectation
        .pattern
        .unlike(seen, &|place| journal.hides(place))?;
    let mut distance = unlike.distance;
    let mut differences = Vec::new();
    let cut = record.request().is_cut;
    for (place, expected, got) in unlike.places {
        let is_cut = cut && place.starts_with("body");
        differences.push(Unlikeness {
            note: is_cut.then_some("the journal has only the body's start"),
            place,
            expected,
            got,
        });
    }
    let status = record.status.as_u16();
    if let Some((from, to)) = expectation.wish.status
        && !(from..=to).contains(&status)
    {
        distance += 0.1;
        let expected = match from == to {
            true => from.into(),
            false => format!("{}xx", from / 100).into(),
        };
        differences.push(Unlikeness {
            place: "status".to_owned(),
            expected,
            got: Some(status.into()),
            note: None,
        });
    }
    let has_violations = record.breaks_contract();
    if let Some(wanted) = expectation.wish.violations
        && wanted != has_violations
    {
        distance += 0.1;
        differences.push(Unlikeness {
            place: VIOLATIONS.to_owned(),
            expected: wanted.into(),
            got: Some(has_violations.into()),
            note: None,
        });
    }
    (distance <= FARTHEST && !differences.is_empty()).then(|| Near {
        record: Arc::clone(record),
        differences,
        distance,
    })
}

/// As the end of a sentence: `#12 PATCH /pets/1, body /name: expected "Rex", got "Max"`.
impl std::fmt::Display for Near {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let record = &self.record;
        write!(
            f,
            "#{} {} {}",
            record.number,
            record.method,
            record.target()
        )?;
        for one in self.differences.iter().take(WORDS) {
            write!(f, ", {one}")?;
        }
        match self.differences.len().saturating_sub(WORDS) {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

impl std::fmt::Display for Unlikeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.place == VIOLATIONS {
            return f.write_str(match self.expected.as_bool() {
                Some(true) => "which keeps to the contract",
                _ => "which breaks the contract",
            });
        }
        let expected = clipped(&self.expected);
        let got = self.got.as_ref().map(clipped);
        let got = match self.note {
            Some(note) => note.to_owned(),
            None => format!("got {}", got.as_deref().unwrap_or("nothing")),
        };
        write!(f, "{}: expected {expected}, {got}", self.place)
    }
}

/// A value as JSON, which no line break or control character is in, and not longer than a line.
fn clipped(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(CLIPPED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
