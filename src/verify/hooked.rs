//! What hooks put into requests.

use super::call::{Call, Sent};
use super::finding::{Check, Fault};
use super::trial::Trial;
use crate::mock::Prepared;
use crate::rules::Occasion;
use crate::spec::Location;
use crate::wire::{HeaderMap, MediaType, Pointer, Reply, decode_percent};
use chrono::Utc;
use serde_json::{Map, Value, json};

/// How many bytes of a reply hooks see.
const SEEN: usize = 1 << 20;

impl Trial<'_> {
    /// The request with what hooks say of it now. Where a hook has set something before and another
    /// value stands now, that is what the request is about, and it stays.
    pub fn hooked(&self, operation: &Prepared, mut call: Call) -> Call {
        let hooks = &self.settings.hooks;
        if !hooks.has(operation.number) {
            return call;
        }
        let mut request = said(&call);
        let occasion = Occasion {
            replies: &self.replies(),
            count: self.next_count(),
            now: Utc::now(),
        };
        let set = match hooks.apply(operation.number, &mut request, occasion) {
            Ok(set) => set,
            Err(fault) => {
                let message = format!("isn't as {} has it: {}", fault.origin, fault.message);
                let fault = Fault::warning(Check::Taken, "hooks", message);
                self.report(operation, fault, Vec::new());
                return call;
            }
        };
        for at in set {
            let before = call.hooked.iter().find(|(place, _)| *place == at);
            if before.is_some_and(|(_, before)| *before != standing(&call, &at)) {
                continue;
            }
            if let Some(with) = self.with(operation, &call, &at, at.get(&request)) {
                call = with;
            }
            let now = standing(&call, &at);
            call.hooked.retain(|(place, _)| *place != at);
            call.hooked.push((at, now));
        }
        call
    }

    /// The request with a value at a place, or with none there; nothing where it has no such place.
    fn with(
        &self,
        operation: &Prepared,
        call: &Call,
        at: &Pointer,
        value: Option<&Value>,
    ) -> Option<Call> {
        let (part, rest) = parted(at)?;
        if part == "body" {
            let sent = call.body.as_ref()?;
            let mut body = sent.value.clone()?;
            match value {
                Some(value) => drop(rest.set(&mut body, value.clone())),
                None => rest.remove(&mut body),
            }
            let new = Sent::of(self.contract, operation, sent.number, body)?;
            // A request may be about the media type that it names.
            let is_named =
                |name: &str| MediaType::parse(name).map(|named| named.essence().to_owned());
            let content_type = match is_named(&new.content_type) == is_named(&sent.content_type) {
                true => new.content_type.clone(),
                false => sent.content_type.clone(),
            };
            return Some(call.sending(Some(Sent {
                content_type,
                ..new
            })));
        }
        let name = rest.tokens().next()?;
        let reader = operation.parameters.iter().find(|reader| {
            let parameter = &reader.parameter;
            let is_there = match parameter.location {
                Location::Path => part == "path",
                Location::Query | Location::Querystring => part == "query",
                Location::Header => part == "headers",
                Location::Cookie => false,
            };
            is_there && parameter.name.eq_ignore_ascii_case(&name)
        })?;
        Some(call.with_parameter(reader, value, &self.contract.shapes))
    }
}

/// The first token of a pointer, and the rest.
fn parted(at: &Pointer) -> Option<(String, Pointer)> {
    let mut tokens = at.tokens();
    let part = tokens.next()?;
    let rest = tokens.fold(Pointer::root(), |rest, token| rest.child(token));
    Some((part, rest))
}

/// What stands at a place, as text.
fn standing(call: &Call, at: &Pointer) -> Option<String> {
    let found = |all: &[(String, String)], name: &str| {
        let mut all = all.iter();
        let found = all.find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, written)| written.clone())
    };
    let (part, rest) = parted(at)?;
    if part == "body" {
        let body = call.body.as_ref()?.value.as_ref()?;
        return rest.get(body).map(Value::to_string);
    }
    let name = rest.tokens().next()?;
    match part.as_str() {
        "path" => found(&call.path, &name),
        "query" => found(&call.query, &name),
        _ => found(&call.headers, &name),
    }
}

/// What a request says, as hooks see it: parameters as texts.
fn said(call: &Call) -> Value {
    let texts = |all: &[(String, String)], text: &dyn Fn(&str) -> String| -> Map<String, Value> {
        let all = all.iter();
        all.map(|(name, written)| (name.clone(), text(written).into()))
            .collect()
    };
    let decoded = |text: &str| decode_percent(text).unwrap_or_else(|_| text.to_owned());
    let after_name = |pair: &str| decoded(pair.split_once('=').map_or("", |(_, value)| value));
    json!({
        "path": texts(&call.path, &decoded),
        "query": texts(&call.query, &after_name),
        "headers": texts(&call.headers, &str::to_owned),
        "body": call.body.as_ref().and_then(|sent| sent.value.clone()),
    })
}

/// What a reply says, as hooks see it.
pub(super) fn told(reply: &Reply) -> Value {
    let body = (reply.body.len() <= SEEN)
        .then(|| reply.body_json())
        .flatten();
    json!({
        "status": reply.status.as_u16(),
        "headers": texts(&reply.headers),
        "body": body,
    })
}

fn texts(headers: &HeaderMap) -> Map<String, Value> {
    let fields = headers.iter();
    let fields = fields.filter_map(|(name, value)| {
        let text = value.to_str().ok()?;
        Some((name.as_str().to_owned(), text.into()))
    });
    fields.collect()
}
