//! What an error may say of the request that it answers, and of the moment.

use super::fill::{About, Filler, numbers, texts};
use super::role::{Role, role};
use crate::mock::stamps::alike;
use crate::spec::ShapeId;
use crate::wire::{Pointer, ProblemError, Request, decode_percent};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// What the client sent is said again up to so many bytes.
const SAID_AGAIN: usize = 500;
/// Bodies up to so many bytes are read again for it.
const READ_AGAIN: usize = 64 << 10;

/// The request that an error answers, and when. The clock is read only where an error tells the
/// time.
#[derive(Clone, Copy)]
pub struct Occasion<'o> {
    /// The request.
    pub request: &'o Request,
    /// What stands before the contract's paths for this client.
    pub lead: (&'o str, &'o str),
    /// What the contract's clock shows.
    pub clock: &'o dyn Fn() -> DateTime<Utc>,
}

impl std::fmt::Debug for Occasion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Occasion").field(&self.request).finish()
    }
}

impl Occasion<'_> {
    /// The path as the client sent it.
    pub(super) fn path(&self) -> String {
        let (lead, prefix) = self.lead;
        format!("{lead}{prefix}{}", self.request.path())
    }

    /// The path with the query, without and with the host.
    pub(super) fn urls(&self) -> [String; 2] {
        let (lead, prefix) = self.lead;
        let target = format!("{lead}{prefix}{}", self.request.target);
        [target.clone(), format!("{}{target}", self.request.origin())]
    }

    /// What was sent where an error is, if that is a scalar, no long one, and no secret.
    pub(super) fn sent(&self, entry: &ProblemError) -> Option<Value> {
        if entry.is_secret {
            return None;
        }
        let sent = match (&entry.pointer, &entry.parameter, entry.part) {
            (Some(pointer), ..) if self.request.body.len() <= READ_AGAIN => {
                let body: Value = serde_json::from_slice(&self.request.body).ok()?;
                body.pointer(Pointer::parse(pointer)?.as_str())?.clone()
            }
            (None, Some(name), "query") => {
                let pairs = self.request.query().split('&');
                let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
                let plain = |text: &str| decode_percent(&text.replace('+', " ")).ok();
                let found = pairs.find(|(key, _)| plain(key).as_ref() == Some(name));
                plain(found?.1)?.into()
            }
            (None, Some(name), "header") => {
                let value = self.request.headers.get(name.as_str())?;
                value.to_str().ok()?.into()
            }
            _ => return None,
        };
        let is_short = match &sent {
            Value::String(text) => text.len() <= SAID_AGAIN,
            sent => !sent.is_array() && !sent.is_object(),
        };
        is_short.then_some(sent)
    }
}

impl Filler<'_> {
    /// What is known of the request, and of the moment.
    pub(super) fn of_request(
        &self,
        name: &str,
        id: ShapeId,
        known: Option<&Value>,
        about: About,
    ) -> Option<Value> {
        let occasion = self.occasion?;
        match role(name)? {
            Role::Path | Role::Instance => self.text(id, [occasion.path().as_str()]),
            // That of one error is of what helps.
            Role::Url if about.is_row => None,
            Role::Url => self.text(id, occasion.urls().each_ref().map(String::as_str)),
            Role::Method => self.text(id, [occasion.request.method.as_str()]),
            Role::Moment => {
                let shape = self.shape(id);
                let now = (occasion.clock)();
                let alike = known.and_then(|known| alike(known, now));
                let all = match texts(shape) {
                    true => vec![
                        now.to_rfc3339_opts(SecondsFormat::Secs, true).into(),
                        now.format("%Y-%m-%dT%H:%M:%S").to_string().into(),
                        now.format("%Y-%m-%d").to_string().into(),
                        now.format("%H:%M:%SZ").to_string().into(),
                    ],
                    false if numbers(shape) => {
                        vec![now.timestamp_millis().into(), now.timestamp().into()]
                    }
                    false => Vec::new(),
                };
                let mut all = alike.into_iter().chain(all);
                all.find(|value| self.fits(id, value))
            }
            _ => None,
        }
    }
}
