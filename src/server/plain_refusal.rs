use super::front::Front;
use super::outgoing::dress;
use super::refusal::Refusal;
use crate::wire::{HeaderValue, StatusCode, reason};

/// The house's reply in place of the bare one that hyper writes when it can't read a head.
///
/// hyper has no hook for it (its `Server` role makes a status line and nothing else), and a
/// client deserves to be told what was wrong with a request that no service got to see.
pub(super) struct PlainRefusal {
    bytes: Vec<u8>,
    sent: usize,
    replaced: usize,
}

impl PlainRefusal {
    /// The reply to write where hyper offers its own for a `head` that it couldn't read;
    /// nothing where the offered bytes are anything else.
    pub(super) fn instead_of(offered: &[u8], head: &[u8], front: &Front) -> Option<PlainRefusal> {
        let text = std::str::from_utf8(offered).ok()?;
        let bare = text.len() < 256
            && text.ends_with("\r\n\r\n")
            && text.contains("\r\ncontent-length: 0\r\n");
        let status = text.strip_prefix("HTTP/1.")?.get(2..5)?;
        let status = StatusCode::from_bytes(status.as_bytes()).ok()?;
        if !bare || !status.is_client_error() {
            return None;
        }
        let refusal = explain(status, head, front);
        let date = text.lines().find(|line| line.starts_with("date:"));
        Some(PlainRefusal {
            bytes: serialize(&refusal, head, date, front),
            sent: 0,
            replaced: offered.len(),
        })
    }

    /// What is still to be written.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    /// So many bytes were written.
    pub(super) fn advance(&mut self, written: usize) {
        self.sent += written;
    }

    /// How many of hyper's bytes this stands for.
    pub(super) fn replaced(&self) -> usize {
        self.replaced
    }
}

/// hyper judges the head as a whole: a target that fills it is told apart here.
fn explain(status: StatusCode, head: &[u8], front: &Front) -> Refusal {
    let limits = &front.limits;
    let line = head
        .split(|&byte| byte == b'\n')
        .find(|line| line.len() > 1);
    let target = line.and_then(|line| line.split(|&byte| byte == b' ').nth(1));
    if status == StatusCode::URI_TOO_LONG || target.is_some_and(|t| t.len() > limits.uri) {
        return Refusal::uri_too_long(limits);
    }
    match status {
        // A length that is no number of octets that there could be is too large for hyper too.
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE if is_told_endless(head) => {
            Refusal::body_too_large(limits.body)
        }
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Refusal::headers_too_large(limits),
        status => Refusal::new(status, "The request's head is not well-formed HTTP/1.1.").closing(),
    }
}

/// The origin of the page that asks, as far as a head that couldn't be read tells it.
fn origin(head: &[u8]) -> Option<HeaderValue> {
    HeaderValue::from_bytes(field(head, b"origin:")?).ok()
}

/// Whether the body is said to be longer than any that hyper counts.
fn is_told_endless(head: &[u8]) -> bool {
    let length = field(head, b"content-length:");
    let length = length.and_then(|length| std::str::from_utf8(length).ok());
    length.is_some_and(|length| length.parse().is_ok_and(|length: u64| length > LONGEST))
}

/// Longer ones have a meaning of their own in hyper.
const LONGEST: u64 = u64::MAX - 2;

/// The value of a field, by its name and a colon in lower case.
fn field<'h>(head: &'h [u8], name: &[u8]) -> Option<&'h [u8]> {
    let mut lines = head.split(|&byte| byte == b'\n');
    lines.find_map(|line| {
        let (named, value) = line.split_at_checked(name.len())?;
        named.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
    })
}

/// The whole reply, as it is written. Tells of it.
pub(super) fn serialize(
    refusal: &Refusal,
    head: &[u8],
    date: Option<&str>,
    front: &Front,
) -> Vec<u8> {
    front.report(None, refusal);
    let grant = front.cors.grant_to(origin(head).as_ref());
    let (parts, body) = dress(refusal.reply(&front.standing.look()), &grant).into_parts();
    let phrase = reason(parts.status);
    let mut out = format!("HTTP/1.1 {} {phrase}\r\n", parts.status.as_str()).into_bytes();
    for (name, value) in &parts.headers {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    if let Some(date) = date {
        out.extend_from_slice(date.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    let end = format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    out.extend_from_slice(end.as_bytes());
    out.extend_from_slice(&body);
    out
}
