use super::super::Delivery;
use super::{MASKED, Mask, Whole, shown_url};
use crate::exchange::{Announcement, Exchange};
use crate::faults::Fault;
use crate::validate::{Violation, break_contract};
use crate::wire::{Bytes, HeaderMap, Method, Reply, StatusCode};
use memchr::memmem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// What is reckoned for a record beside its texts, in bytes.
const OVERHEAD: usize = 512;

/// An exchange as the journal keeps it. What travelled is in one piece: many small ones would have
/// to be made for each exchange, and none holds on to a connection's buffers.
#[derive(Debug)]
pub(in crate::server) struct Record {
    /// Its number; the first is 1.
    pub(in crate::server) number: u64,
    /// When its reply was ready.
    pub(in crate::server) time: SystemTime,
    /// How long that took.
    pub(in crate::server) took: Duration,
    pub(in crate::server) method: Method,
    pub(in crate::server) status: StatusCode,
    /// How the request breaks the contract.
    pub(in crate::server) violations: Vec<Violation>,
    /// How the mock's own reply does.
    pub(in crate::server) reply_violations: Vec<Violation>,
    /// Why it was refused, where it was.
    pub(in crate::server) refusal: Option<String>,
    pub(in crate::server) is_fault: bool,
    /// Whether a rule of behaviour had it answered so.
    pub(in crate::server) on_purpose: bool,
    /// How the reply went wrong on its way, on purpose.
    pub(in crate::server) fault: Option<Fault>,
    /// Where the reply came from.
    pub(in crate::server) source: Option<Arc<str>>,
    /// The sandbox that it was for.
    pub(in crate::server) sandbox: Option<Arc<str>>,
    /// The numbers of the expectations that it is one of.
    pub(in crate::server) met: Vec<u64>,
    /// Its bodies, where not all of them is kept and nobody has looked into them yet.
    pub(super) whole: Mutex<Option<Whole>>,
    packed: Packed,
    /// How long the bodies of the request and the reply were.
    lengths: [usize; 2],
    /// Whether more of them came than is kept.
    are_cut: [bool; 2],
    deliveries: Mutex<Vec<Delivered>>,
}

/// Texts and octets one behind the other: target, operation, and header fields and body of the
/// request and then of the reply.
#[derive(Debug, Default)]
struct Packed {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: [usize; 6],
}

/// Header fields and body of a message, as far as they are kept.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct Kept<'r> {
    /// `name: value`, a line each; no value has a line break.
    pub(in crate::server) headers: &'r str,
    /// The body's first bytes.
    pub(in crate::server) body: &'r [u8],
    /// How long the body was.
    pub(in crate::server) length: usize,
    /// Whether there was more of it.
    pub(in crate::server) is_cut: bool,
}

/// An announcement, and what came of it.
#[derive(Debug, Clone)]
pub(in crate::server) struct Delivered {
    pub(in crate::server) callback: String,
    pub(in crate::server) method: Method,
    pub(in crate::server) url: String,
    /// Nothing while it is under way.
    pub(in crate::server) delivery: Option<Delivery>,
}

impl Record {
    /// That of an exchange, with what of it is still to be sent. Of a body this many bytes are
    /// kept at most.
    pub(super) fn of(
        exchange: Exchange,
        took: Duration,
        most: usize,
        mask: &Mask,
    ) -> (Record, Reply, Vec<Announcement>) {
        let (request, reply) = (&exchange.request, exchange.reply);
        let [asked, answered] = [&request.body, &reply.body].map(|body| start(body, most));
        let operation = exchange.operation.unwrap_or_default();
        let texts = request.target.len() + operation.len();
        let fields = room(&request.headers) + room(&reply.headers);
        let mut packed = Packed::with_room(texts + fields + asked.len() + answered.len());
        packed.put(TARGET, |out| mask.target(&request.target, out));
        packed.put(OPERATION, |out| out.extend_from_slice(operation.as_bytes()));
        packed.put(REQUEST, |out| write_fields(&request.headers, mask, out));
        packed.put(REQUEST + 1, |out| {
            mask.body(&request.headers, (asked, true), out)
        });
        let keys = mask.keys(&request.target);
        packed.put(REPLY, |out| {
            blotted(&keys, out, |out| write_fields(&reply.headers, mask, out));
        });
        packed.put(REPLY + 1, |out| {
            let write = |out: &mut Vec<u8>| mask.body(&reply.headers, (answered, false), out);
            blotted(&keys, out, write);
        });
        let announcements = exchange.announcements;
        let pending = announcements.iter().map(|one| Delivered::new(one, None));
        let record = Record {
            took,
            deliveries: Mutex::new(pending.collect()),
            violations: exchange.violations,
            reply_violations: exchange.reply_violations,
            refusal: exchange.refusal,
            is_fault: exchange.is_fault,
            on_purpose: exchange.conduct.status.is_some(),
            fault: exchange.conduct.fault,
            source: exchange.source,
            sandbox: exchange.sandbox,
            lengths: [request.body.len(), reply.body.len()],
            are_cut: [
                asked.len() < request.body.len(),
                answered.len() < reply.body.len(),
            ],
            ..Record::empty(&request.method, reply.status, packed)
        };
        (record, reply, announcements)
    }

    /// That of a refusal.
    pub(super) fn refused(
        method: &Method,
        target: &str,
        status: StatusCode,
        why: &str,
        mask: &Mask,
    ) -> Record {
        let mut packed = Packed::with_room(target.len());
        packed.put(TARGET, |out| mask.target(target, out));
        for part in OPERATION..=REPLY + 1 {
            packed.put(part, |_| {});
        }
        Record {
            refusal: Some(why.to_owned()),
            ..Record::empty(method, status, packed)
        }
    }

    fn empty(method: &Method, status: StatusCode, packed: Packed) -> Record {
        Record {
            number: 0,
            time: SystemTime::now(),
            took: Duration::ZERO,
            method: method.clone(),
            status,
            violations: Vec::new(),
            reply_violations: Vec::new(),
            refusal: None,
            is_fault: false,
            on_purpose: false,
            fault: None,
            source: None,
            sandbox: None,
            met: Vec::new(),
            whole: Mutex::default(),
            packed,
            lengths: [0; 2],
            are_cut: [false; 2],
            deliveries: Mutex::default(),
        }
    }

    /// Whether the request breaks the contract.
    pub(in crate::server) fn breaks_contract(&self) -> bool {
        break_contract(&self.violations)
    }

    /// Its bodies, where not all of them is kept: once, and only for a while.
    pub(in crate::server) fn take_whole(&self) -> Option<Whole> {
        let whole = self.whole.lock();
        whole.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The target without the sandbox that it names before the path.
    pub(in crate::server) fn inner_target(&self) -> &str {
        let target = self.target();
        let inner = self.sandbox.as_deref().and_then(|name| {
            let inner = target.strip_prefix("/@")?.strip_prefix(name)?;
            (inner.is_empty() || inner.starts_with(['/', '?'])).then_some(inner)
        });
        inner.unwrap_or(target)
    }

    /// The path and query.
    pub(in crate::server) fn target(&self) -> &str {
        self.packed.text(TARGET)
    }

    /// Method and template of the operation that was matched.
    pub(in crate::server) fn operation(&self) -> Option<&str> {
        Some(self.packed.text(OPERATION)).filter(|operation| !operation.is_empty())
    }

    /// What was asked.
    pub(in crate::server) fn request(&self) -> Kept<'_> {
        self.packed.kept(REQUEST, self.lengths[0], self.are_cut[0])
    }

    /// What was answered.
    pub(in crate::server) fn reply(&self) -> Kept<'_> {
        self.packed.kept(REPLY, self.lengths[1], self.are_cut[1])
    }

    /// About how many bytes it takes. What is announced later isn't reckoned: it is bounded by
    /// the queue of announcements.
    pub(super) fn size(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let violations = self.violations.iter().chain(&self.reply_violations);
        let place = |violation: &Violation| violation.in_body().map_or(0, |at| at.as_str().len());
        let violations =
            violations.map(|violation| violation.detail.len() + place(violation) + 200);
        OVERHEAD
            + self.packed.bytes.capacity()
            + text(&self.refusal)
            + self.source.as_ref().map_or(0, |source| source.len())
            + violations.sum::<usize>()
    }

    /// Whether anything about it isn't as the contract has it.
    pub(in crate::server) fn has_problems(&self) -> bool {
        !self.violations.is_empty()
            || !self.reply_violations.is_empty()
            || self.refusal.is_some()
            || self.is_fault
            || self.deliveries().iter().any(Delivered::has_failed)
    }

    /// Notes what came of one of its announcements. Those that are the same are told apart by
    /// nobody.
    pub(super) fn delivered(&self, delivered: Delivered) {
        let deliveries = self.deliveries.lock();
        let mut deliveries = deliveries.unwrap_or_else(PoisonError::into_inner);
        let mut pending = deliveries.iter_mut();
        match pending.find(|known| known.delivery.is_none() && known.is_like(&delivered)) {
            Some(pending) => *pending = delivered,
            None => deliveries.push(delivered),
        }
    }

    /// Its callbacks, and what came of them as far as that is known by now.
    pub(in crate::server) fn deliveries(&self) -> Vec<Delivered> {
        let deliveries = self.deliveries.lock();
        deliveries.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Delivered {
    pub(in crate::server) fn new(
        announcement: &Announcement,
        delivery: Option<&Delivery>,
    ) -> Delivered {
        Delivered {
            callback: announcement.callback.clone(),
            method: announcement.method.clone(),
            url: shown_url(&announcement.url).unwrap_or_else(|| announcement.url.clone()),
            delivery: delivery.cloned(),
        }
    }

    fn has_failed(&self) -> bool {
        let delivery = self.delivery.as_ref();
        delivery.is_some_and(|delivery| !delivery.is_taken())
    }

    fn is_like(&self, other: &Delivered) -> bool {
        self.callback == other.callback && self.method == other.method && self.url == other.url
    }
}

/// The parts of what is packed; a message's body stands behind its fields.
const TARGET: usize = 0;
const OPERATION: usize = 1;
const REQUEST: usize = 2;
const REPLY: usize = 4;

impl Packed {
    fn with_room(bytes: usize) -> Packed {
        Packed {
            bytes: Vec::with_capacity(bytes),
            ends: [0; 6],
        }
    }

    /// Writes a part; they are written in their order.
    fn put(&mut self, part: usize, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.bytes);
        self.ends[part] = self.bytes.len();
    }

    fn part(&self, part: usize) -> &[u8] {
        let start = part.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[part]]
    }

    fn text(&self, part: usize) -> &str {
        // What is no UTF-8 was replaced when it was written.
        std::str::from_utf8(self.part(part)).unwrap_or_default()
    }

    fn kept(&self, part: usize, length: usize, is_cut: bool) -> Kept<'_> {
        Kept {
            headers: self.text(part),
            body: self.part(part + 1),
            length,
            is_cut,
        }
    }
}

/// Writes something without these texts.
fn blotted(texts: &[&str], out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    write(out);
    for text in texts {
        let written = out.split_off(start);
        let mut rest = written.as_slice();
        while let Some(at) = memmem::find(rest, text.as_bytes()) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(MASKED.as_bytes());
            rest = &rest[at + text.len()..];
        }
        out.extend_from_slice(rest);
    }
}

fn start(body: &Bytes, most: usize) -> &[u8] {
    &body[..body.len().min(most)]
}

/// How many bytes fields take, at most about.
fn room(fields: &HeaderMap) -> usize {
    let room = fields
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 3);
    room.sum()
}

fn write_fields(fields: &HeaderMap, mask: &Mask, out: &mut Vec<u8>) {
    for (name, value) in fields {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        match std::str::from_utf8(value.as_bytes()) {
            Ok(value) => mask.value(name, value, out),
            // Octets beyond ASCII have no meaning of their own (RFC 9110 §5.5).
            Err(_) => mask.value(name, &String::from_utf8_lossy(value.as_bytes()), out),
        }
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_blotted_out_stands_nowhere() {
        let mut out = b"key".to_vec();
        blotted(&["key", "x"], &mut out, |out| {
            out.extend(b"a=key&b=keykey&x=1")
        });
        assert_eq!(String::from_utf8_lossy(&out), "keya=…&b=……&…=1");
    }
}
