//! A verdict as it travels.

use super::super::expectations::{Near, Outcome, Unexpected, Unlikeness, Verdict};
use crate::wire::{StatusCode, reason};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Whether what is expected came.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Verdict)]
pub(super) struct VerdictShape {
    /// Whether all of it did.
    met: bool,
    /// Of each expectation, how often it came.
    expectations: Vec<OutcomeShape>,
    /// The first exchanges that nobody expects, where it was asked for them.
    unexpected: Vec<UnexpectedShape>,
    /// How many more of those there are.
    #[schema(example = 0)]
    more_unexpected: usize,
    /// How many exchanges the journal had to give up that might have been looked at. Expectations
    /// that were added before they came have counted them all the same.
    #[schema(example = 0)]
    lost: u64,
    /// What isn't met, in words: a line each.
    lines: Vec<String>,
}

/// What isn't met, as an RFC 9457 problem.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Unmet)]
pub(super) struct UnmetShape {
    /// Always `about:blank`.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status's own phrase.
    #[schema(example = "Conflict")]
    title: &'static str,
    /// The status it was sent with.
    #[schema(example = 409)]
    status: u16,
    /// What isn't met, for a person.
    #[schema(
        example = "PATCH /pets/1 was expected once and came 0 times; nearest: #12 PATCH /pets/1, body /name: \
        expected \"Rex\", got \"Max\""
    )]
    detail: String,
    #[serde(flatten)]
    verdict: VerdictShape,
}

/// How often what is expected came.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Outcome)]
struct OutcomeShape {
    /// The number of the expectation, where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 7)]
    id: Option<u64>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "renames the pet")]
    name: Option<String>,
    /// What was expected, in words.
    #[schema(example = "PATCH /pets/1 once")]
    expected: String,
    /// How often it came.
    #[schema(example = 1)]
    count: u64,
    /// Whether that is as it should be.
    met: bool,
    /// The numbers of the last exchanges that it came in, as far as the journal has them.
    exchanges: Vec<u64>,
    /// Where it came too seldom, the exchanges that were nearest to it, the nearest first.
    nearest: Vec<NearShape>,
    /// Where it isn't met, all of this as a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// An exchange that was nearly one that is expected.
#[derive(Serialize, ToSchema)]
#[schema(as = Near)]
struct NearShape {
    #[serde(flatten)]
    exchange: UnexpectedShape,
    /// The places that differ.
    differences: Vec<DifferenceShape>,
}

/// An exchange, in short.
#[derive(Serialize, ToSchema)]
#[schema(as = ExchangeInShort)]
struct UnexpectedShape {
    /// Its number in the journal.
    #[schema(example = 12)]
    number: u64,
    /// The method.
    #[schema(example = "PATCH")]
    method: String,
    /// The path and query.
    #[schema(example = "/pets/1")]
    target: String,
    /// The status of the reply.
    #[schema(example = 200)]
    status: u16,
    /// The sandbox that it was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "suite-1")]
    sandbox: Option<String>,
    /// All of this as a line.
    #[schema(example = "#12 PATCH /pets/1, body /name: expected \"Rex\", got \"Max\"")]
    text: String,
}

/// A place that differs.
#[derive(Serialize, ToSchema)]
#[schema(as = Difference)]
struct DifferenceShape {
    /// The place: a parameter, a field, a JSON Pointer into the body.
    #[schema(example = "body /name")]
    place: String,
    /// What was expected there.
    #[schema(example = "Rex")]
    expected: Value,
    /// What was there, where there was anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "Max")]
    got: Option<Value>,
    /// Why it isn't known, where it isn't.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

impl From<&Verdict> for VerdictShape {
    fn from(verdict: &Verdict) -> VerdictShape {
        VerdictShape {
            met: verdict.is_met(),
            expectations: verdict.outcomes.iter().map(OutcomeShape::from).collect(),
            unexpected: verdict.unexpected.iter().map(short).collect(),
            more_unexpected: verdict.more_unexpected,
            lost: verdict.lost,
            lines: verdict.lines(),
        }
    }
}

impl From<&Verdict> for UnmetShape {
    fn from(verdict: &Verdict) -> UnmetShape {
        let status = StatusCode::CONFLICT;
        let lines = verdict.lines();
        let detail = match lines.as_slice() {
            [only] => only.clone(),
            all => {
                let first = all.first().map_or("", String::as_str);
                format!(
                    "{} things aren't as expected, the first: {first}",
                    all.len()
                )
            }
        };
        UnmetShape {
            r#type: "about:blank",
            title: reason(status),
            status: status.as_u16(),
            detail,
            verdict: verdict.into(),
        }
    }
}

impl From<&Outcome> for OutcomeShape {
    fn from(outcome: &Outcome) -> OutcomeShape {
        let one = &outcome.expectation;
        OutcomeShape {
            id: Some(one.id).filter(|id| *id > 0),
            name: one.wish.name.clone(),
            expected: format!("{} {}", one.pattern, one.wish.times),
            count: outcome.count,
            met: outcome.is_met,
            exchanges: outcome.exchanges.clone(),
            nearest: outcome.nearest.iter().map(NearShape::from).collect(),
            text: outcome.text.clone(),
        }
    }
}

impl From<&Near> for NearShape {
    fn from(near: &Near) -> NearShape {
        let differences = near.differences.iter();
        let shape = |one: &Unlikeness| DifferenceShape {
            place: one.place.clone(),
            expected: one.expected.clone(),
            got: one.got.clone(),
            note: one.note,
        };
        NearShape {
            exchange: UnexpectedShape {
                text: near.to_string(),
                ..short(&Unexpected(near.record.clone()))
            },
            differences: differences.map(shape).collect(),
        }
    }
}

fn short(unexpected: &Unexpected) -> UnexpectedShape {
    let record = &unexpected.0;
    UnexpectedShape {
        number: record.number,
        method: record.method.to_string(),
        target: record.target().to_owned(),
        status: record.status.as_u16(),
        sandbox: record.sandbox.as_deref().map(str::to_owned),
        text: unexpected.to_string(),
    }
}
