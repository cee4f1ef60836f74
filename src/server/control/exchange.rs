//! Exchanges as the control plane shows them.

use super::super::journal::{Delivered, Kept, Record};
use super::webhooks::WEBHOOKS;
use crate::faults::Fault;
use crate::host::Host;
use crate::validate::Violation;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// An exchange, without header fields and bodies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exchange {
    /// Its number: the first is 1, and a later one has a higher number.
    #[schema(example = 412)]
    pub(super) number: u64,
    /// When its reply was ready.
    #[schema(format = DateTime, example = "2026-03-09T19:32:06.669Z")]
    pub(super) time: String,
    /// The API that it was for.
    #[schema(example = "petstore")]
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<String>,
    /// The method.
    #[schema(example = "PATCH")]
    pub(super) method: String,
    /// The path and query, API keys masked.
    #[schema(example = "/pets/p-1?force=true")]
    pub(super) target: String,
    /// Method and path template of the operation.
    #[schema(example = "PATCH /pets/{id}")]
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    /// The status of the reply.
    #[schema(example = 422)]
    pub(super) status: u16,
    /// How long the reply took from the request's last byte on, in milliseconds.
    #[schema(example = 0.4)]
    pub(super) ms: f64,
    /// How the request breaks the contract.
    violations: Vec<Breach>,
    /// How the mock's own reply does.
    reply_violations: Vec<Breach>,
    /// Why it was refused, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    /// Whether that is the mock's own fault, or that of rules or fixtures.
    is_fault: bool,
    /// Whether a rule of behaviour had it answered so: what breaks the contract in its reply does so
    /// on purpose.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(example = false)]
    on_purpose: bool,
    /// How the reply went wrong on its way, on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "drop")]
    fault: Option<&'static str>,
    /// Where the reply came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// The sandbox that it was for.
    #[schema(example = "suite-1")]
    #[serde(skip_serializing_if = "Option::is_none")]
    sandbox: Option<String>,
    /// What came of its callbacks, as far as that is known by now.
    callbacks: Vec<Callback>,
}

/// An exchange, whole.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WholeExchange {
    #[serde(flatten)]
    pub(super) exchange: Exchange,
    /// What was asked.
    pub(super) request: Message,
    /// What was answered.
    pub(super) reply: Message,
}

/// Header fields and body of a request or reply.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    /// The fields in their order, credentials masked.
    pub(super) headers: Vec<Field>,
    /// The body, where it is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<String>,
    /// The body in base64, where it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body_base64: Option<String>,
    /// How many bytes the body had.
    #[schema(example = 12)]
    pub(super) length: usize,
    /// Whether only its start is kept.
    is_cut: bool,
}

/// A header field.
#[derive(Serialize, ToSchema)]
pub(super) struct Field {
    /// Its name.
    #[schema(example = "content-type")]
    pub(super) name: String,
    /// Its value.
    #[schema(example = "application/json")]
    pub(super) value: String,
}

/// A violation of the contract.
#[derive(Serialize, ToSchema)]
struct Breach {
    /// Where it is.
    #[schema(example = "body /title")]
    place: String,
    /// The keyword that is broken.
    #[schema(example = "minLength")]
    rule: String,
    /// What was expected, and what was there.
    #[schema(example = "needs at least 1 character, got \"\"")]
    detail: String,
    /// The line of the contract.
    #[schema(example = "specs/petstore.yaml:43")]
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

/// A callback or webhook, and what came of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Callback {
    /// Its name in the contract.
    #[schema(example = "petUpdated")]
    callback: String,
    /// The method.
    #[schema(example = "POST")]
    method: String,
    /// The address; where there is none, what it would be made of.
    #[schema(example = "http://127.0.0.1:9000/hook")]
    url: String,
    /// The status that the receiver answered with last, where it did.
    #[schema(example = 204)]
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Whether it is still under way, so that nothing has come of it yet.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(example = false)]
    pending: bool,
    /// How often it was tried.
    #[schema(example = 1)]
    tries: u32,
    /// How long that took, in milliseconds.
    #[schema(example = 1.5)]
    ms: f64,
    /// Why there is no answer, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Exchange {
    pub(super) fn new(record: &Record, host: &Host) -> Exchange {
        let breaches = |found: &[Violation]| found.iter().map(Breach::from).collect();
        let time: DateTime<Utc> = record.time.into();
        Exchange {
            number: record.number,
            time: time.to_rfc3339_opts(SecondsFormat::Millis, true),
            api: api_of(record, host).map(str::to_owned),
            method: record.method.to_string(),
            target: record.target().to_owned(),
            operation: record.operation().map(str::to_owned),
            status: record.status.as_u16(),
            ms: record.took.as_secs_f64() * 1e3,
            violations: breaches(&record.violations),
            reply_violations: breaches(&record.reply_violations),
            refusal: record.refusal.clone(),
            is_fault: record.is_fault,
            on_purpose: record.on_purpose,
            fault: record.fault.map(Fault::name),
            source: record.source.as_deref().map(str::to_owned),
            sandbox: record.sandbox.as_deref().map(str::to_owned),
            callbacks: record.deliveries().iter().map(Callback::from).collect(),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde asks
fn is_false(value: &bool) -> bool {
    !value
}

/// The API under whose prefix an exchange was, or whose webhook was asked for.
pub(super) fn api_of<'h>(record: &Record, host: &'h Host) -> Option<&'h str> {
    let mut apis = host.apis().iter();
    let asked = record.target().strip_prefix(WEBHOOKS);
    let asked = asked.and_then(|asked| asked.strip_prefix('/')?.split('/').next());
    let api = apis.find(|api| {
        if let Some(asked) = asked {
            return asked == api.name();
        }
        let inner = record.inner_target().strip_prefix(api.prefix());
        inner.is_some_and(|inner| inner.is_empty() || inner.starts_with(['/', '?']))
    });
    api.map(|api| api.name())
}

impl WholeExchange {
    pub(super) fn new(record: &Record, host: &Host) -> WholeExchange {
        WholeExchange {
            exchange: Exchange::new(record, host),
            request: Message::from(record.request()),
            reply: Message::from(record.reply()),
        }
    }
}

impl Message {
    /// The value of a field.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        let field = fields.find(|field| field.name == name);
        field.map(|field| field.value.as_str())
    }
}

impl From<Kept<'_>> for Message {
    fn from(kept: Kept<'_>) -> Message {
        let is_cut = kept.is_cut;
        let text = match std::str::from_utf8(kept.body) {
            Ok(text) => Some(text),
            // The cut may have gone through a character.
            Err(error) if is_cut && error.error_len().is_none() => {
                std::str::from_utf8(&kept.body[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        };
        let fields = kept
            .headers
            .lines()
            .filter_map(|line| line.split_once(": "));
        Message {
            headers: fields
                .map(|(name, value)| Field {
                    name: name.to_owned(),
                    value: value.to_owned(),
                })
                .collect(),
            body: text.map(str::to_owned),
            body_base64: text.is_none().then(|| STANDARD.encode(kept.body)),
            length: kept.length,
            is_cut,
        }
    }
}

impl From<&Violation> for Breach {
    fn from(violation: &Violation) -> Breach {
        Breach {
            place: violation.place.to_string(),
            rule: violation.rule.clone(),
            detail: violation.detail.clone(),
            source: violation.origin.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&Delivered> for Callback {
    fn from(delivered: &Delivered) -> Callback {
        let delivery = delivered.delivery.as_ref();
        let outcome = delivery.map(|delivery| delivery.outcome.as_ref());
        let took = delivery.map_or(Duration::ZERO, |delivery| delivery.took);
        Callback {
            callback: delivered.callback.clone(),
            method: delivered.method.to_string(),
            url: delivered.url.clone(),
            status: outcome.and_then(|outcome| outcome.ok().map(|status| status.as_u16())),
            pending: delivery.is_none(),
            tries: delivery.map_or(0, |delivery| delivery.tries),
            ms: took.as_secs_f64() * 1e3,
            error: outcome.and_then(|outcome| outcome.err().cloned()),
        }
    }
}
