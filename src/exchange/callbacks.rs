//! After the reply: the requests that an operation's callbacks describe.

use super::{Announcement, Checked, Exchange};
use crate::contract::Contract;
use crate::decode::Sent;
use crate::mock::{Encounter, Prepared};
use crate::spec::At;
use crate::wire::{
    HeaderName, HeaderValue, MediaType, Method, Reply, Request, header, is_loopback_host,
};
use chrono::Utc;

/// Tells of a request that it was sent by a mock, and how many mocks' requests led to it.
pub(crate) const HOPS: HeaderName = HeaderName::from_static("counterpart-hops");
/// How many requests of mocks may lead to each other: one that calls itself back would never end.
const HOP_LIMIT: u32 = 3;

impl Contract {
    /// Adds the callbacks of an operation that succeeded. One that a rule announces is sent when
    /// and where the rule says, and not here.
    pub(super) fn call_back(
        &self,
        operation: &Prepared,
        checked: &Checked,
        exchange: &mut Exchange,
    ) {
        // To look what a GET would answer isn't to do it.
        let looks = exchange.request.method == Method::HEAD;
        if exchange.refusal.is_some() || !exchange.reply.status.is_success() || looks {
            return;
        }
        let (request, reply) = (&exchange.request, &exchange.reply);
        let (parameters, payload) = (&checked.parameters, &checked.payload);
        let encounter = Encounter::new(request, &self.prefix, parameters, payload, reply);
        let schema = reply_schema(operation, reply);
        let mut announcements = Vec::new();
        for message in &operation.callbacks {
            let name = &message.declared.name;
            // What can't be read of it was told at start.
            let Some(url) = &message.declared.url else {
                continue;
            };
            if self.rules.announces(operation.number, name) {
                continue;
            }
            let said = (parameters, payload);
            let fixture = self.written.callback(operation, name, said);
            let mut made = message.callback(self.contents(), url, &encounter, schema, fixture);
            if let Some(origin) = stranger(request).filter(|_| url.is_made()) {
                let why = format!("a page of {origin} may not say where to");
                made.fault.get_or_insert(why);
            }
            announcements.push(made);
        }
        exchange.announcements.extend(announcements);
    }

    /// Gives what is sent the credentials that its receiver asks for, but for what it has already.
    pub(super) fn identify(&self, announcements: &mut [Announcement]) {
        let now = Utc::now().timestamp().unsigned_abs();
        for announcement in announcements {
            for sent in self.guard.credentials(&announcement.security, now) {
                match sent {
                    Sent::Field(name, value) => {
                        let value = HeaderValue::from_str(&value).ok();
                        let name = HeaderName::from_bytes(name.as_bytes()).ok();
                        if let (Some(name), Some(value)) = (name, value) {
                            announcement.headers.entry(name).or_insert(value);
                        }
                    }
                    Sent::Query(name, value) => announcement.ask(format!("{name}={value}")),
                }
            }
        }
    }
}

/// The origin of the web page that a request is from, where that is none of this machine. Any page
/// may ask the mock, and through it could reach what listens on this machine for programs alone.
fn stranger(request: &Request) -> Option<&str> {
    let origin = request.header(&header::ORIGIN)?;
    let authority = origin
        .split_once("://")
        .map_or("", |(_, authority)| authority);
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    (!is_loopback_host(host)).then_some(origin)
}

/// The schema of the body that was sent.
fn reply_schema(operation: &Prepared, reply: &Reply) -> Option<At> {
    let sent = MediaType::parse(reply.header(&header::CONTENT_TYPE)?)?;
    let response = operation.response(reply.status.as_u16())?;
    let mut contents = response.contents.iter();
    let content = contents.find(|content| content.media_type.takes_in(&sent))?;
    content.declared.schema
}

/// Marks what is sent as a mock's, and sends nothing where a chain of mocks has become too long.
pub(super) fn bound_hops(exchange: &mut Exchange) {
    if exchange.announcements.is_empty() {
        return;
    }
    let given = exchange.request.header(&HOPS);
    let hops: u32 = given.and_then(|hops| hops.parse().ok()).unwrap_or(0);
    for announcement in &mut exchange.announcements {
        announcement
            .headers
            .insert(HOPS, HeaderValue::from(hops.saturating_add(1)));
        if hops >= HOP_LIMIT {
            let why = format!("{HOP_LIMIT} requests of mocks led to this one");
            announcement.fault.get_or_insert(why);
        }
    }
}
