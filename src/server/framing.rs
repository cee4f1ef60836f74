use super::Limits;
use super::refusal::Refusal;
use crate::wire::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http::Version;
use http::request::Parts;
use std::net::Ipv6Addr;

/// Refuses what a head may not be, as far as hyper lets it through.
///
/// hyper has seen to the syntax, to `Content-Length` and to `Transfer-Encoding` in HTTP/1.0.
/// `both_framings` says that the head had a `Content-Length` which hyper took out.
pub(super) fn check(parts: &Parts, both_framings: bool, limits: &Limits) -> Result<(), Refusal> {
    if target_length(parts) > limits.uri {
        return Err(Refusal::uri_too_long(limits));
    }
    if block_length(&parts.headers) > limits.header_block {
        return Err(Refusal::headers_too_large(limits));
    }
    if both_framings {
        return Err(Refusal::framing(
            "The request has both Content-Length and Transfer-Encoding.",
        ));
    }
    // "chunked, chunked" and two fields are one list to hyper, which looks at its end only.
    let mut codings = parts.headers.get_all(header::TRANSFER_ENCODING).iter();
    if let Some(coding) = codings.next()
        && (codings.next().is_some() || !coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
    {
        return Err(Refusal::framing(
            "Transfer-Encoding must be exactly one \"chunked\".",
        ));
    }
    if parts.headers.len() > limits.header_fields {
        return Err(Refusal::headers_too_large(limits));
    }
    match parts.version {
        Version::HTTP_2 => authority(parts)?,
        _ => host(parts)?,
    }
    match parts.method {
        // TRACE is a method like others to a contract: 405 where it isn't documented. Nothing of the
        // request goes into the answer.
        Method::CONNECT => {
            Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, "CONNECT is not supported.").closing())
        }
        Method::OPTIONS => Ok(()),
        _ if parts.uri.path() == "*" => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "The target * is for OPTIONS only.",
        )),
        _ => Ok(()),
    }
}

/// RFC 9112 §3.2: HTTP/1.1 has exactly one `Host`, and it must be well-formed.
fn host(parts: &Parts) -> Result<(), Refusal> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => Err(Refusal::framing("The request has more than one Host.")),
        (Some(host), None) if !is_host(host.as_bytes()) => {
            Err(Refusal::framing("The Host field is malformed."))
        }
        (None, _) if parts.version >= Version::HTTP_11 => {
            Err(Refusal::framing("An HTTP/1.1 request needs a Host field."))
        }
        _ => named(parts),
    }
}

/// A target may be a whole URI, with a host of its own (RFC 9112 §3.2.2); a host alone is CONNECT's.
fn named(parts: &Parts) -> Result<(), Refusal> {
    match parts.uri.authority() {
        Some(_) if parts.uri.scheme().is_none() && parts.method != Method::CONNECT => {
            Err(Refusal::framing("The target is neither a path nor a URI."))
        }
        Some(authority) if !is_host(authority.as_str().as_bytes()) => {
            Err(Refusal::framing("The host of the target is malformed."))
        }
        _ => Ok(()),
    }
}

/// RFC 9113 §8.3.1: `:authority` stands for `Host`, which says the same where both are there.
fn authority(parts: &Parts) -> Result<(), Refusal> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let (host, more) = (hosts.next(), hosts.next());
    let authority = parts.uri.authority().map(|authority| authority.as_str());
    match (authority, host) {
        _ if more.is_some() => Err(Refusal::framing("The request has more than one Host.")),
        (None, None) => Err(Refusal::framing("An HTTP/2 request needs an :authority.")),
        (Some(named), _) if !is_host(named.as_bytes()) => {
            Err(Refusal::framing("The :authority is malformed."))
        }
        (_, Some(host)) if !is_host(host.as_bytes()) => {
            Err(Refusal::framing("The Host field is malformed."))
        }
        (Some(named), Some(host)) if !host.as_bytes().eq_ignore_ascii_case(named.as_bytes()) => {
            Err(Refusal::framing("Host and :authority are not the same."))
        }
        _ => Ok(()),
    }
}

/// Says in fields what HTTP/2 says otherwise: `Host`, and one `Cookie` for all of its crumbs
/// (RFC 9113 §8.2.3).
pub(super) fn level(parts: &mut Parts) {
    let authority = parts.uri.authority();
    let host = authority.and_then(|named| HeaderValue::try_from(named.as_str()).ok());
    if let Some(host) = host {
        parts.headers.insert(header::HOST, host);
    }
    let crumbs: Vec<&[u8]> = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if crumbs.len() > 1
        && let Ok(whole) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..]))
    {
        parts.headers.insert(header::COOKIE, whole);
    }
}

/// `uri-host [ ":" port ]`, RFC 9110 §7.2. The name of RFC 3986 §3.2.2 may be empty, that of an
/// `http` URI may not (RFC 9110 §4.2.1).
pub(super) fn is_host(value: &[u8]) -> bool {
    let colon = value.iter().rposition(|&byte| byte == b':');
    let bracket = value.iter().rposition(|&byte| byte == b']');
    let (name, port) = match colon {
        Some(at) if bracket.is_none_or(|bracket| bracket < at) => (&value[..at], &value[at + 1..]),
        _ => (value, &value[..0]),
    };
    let port = std::str::from_utf8(port).unwrap_or("no number");
    if !port.is_empty() && (port.starts_with('+') || port.parse::<u16>().is_err()) {
        return false;
    }
    match name {
        [b'[', address @ .., b']'] => {
            std::str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok())
        }
        name => !name.is_empty() && is_name(name),
    }
}

/// `reg-name` of RFC 3986 §3.2.2: what is percent-encoded is two digits each.
fn is_name(name: &[u8]) -> bool {
    let mut parts = name.split(|&byte| byte == b'%');
    let is_plain = |part: &[u8]| {
        let mut bytes = part.iter();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(byte))
    };
    let is_encoded = |part: &[u8]| {
        let digits = part.get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) && is_plain(part)
    };
    parts.next().is_some_and(is_plain) && parts.all(is_encoded)
}

fn target_length(parts: &Parts) -> usize {
    let authority = parts.uri.authority().map_or(0, |a| a.as_str().len());
    let path = parts.uri.path_and_query().map_or(0, |p| p.as_str().len());
    authority + path
}

/// The fields as they travelled: name, colon, space, value, line end.
pub(super) fn block_length(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

/// What has come behind the head of this method that these bytes begin with, where that is whole.
/// hyper takes a LF alone for a line end too (RFC 9112 §2.2), and passes over empty lines before the
/// head.
pub(super) fn behind_head<'b>(bytes: &'b [u8], method: &Method) -> Option<&'b [u8]> {
    let start = bytes.iter().position(|byte| !b"\r\n".contains(byte))?;
    let mut rest = &bytes[start..];
    let named = rest.strip_prefix(method.as_str().as_bytes())?;
    if !named.starts_with(b" ") {
        return None;
    }
    loop {
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        let (line, behind) = rest.split_at(end + 1);
        if [&b"\r\n"[..], b"\n"].contains(&line) {
            return Some(behind);
        }
        rest = behind;
    }
}

/// Whether a head among these bytes has both fields that frame a body: a proxy that believes the
/// other one would see another request than we do (RFC 9112 §6.3, §11.2).
///
/// A head that began in an earlier request's bytes is not seen whole; hyper then goes by
/// `Transfer-Encoding` and closes, as the RFC allows.
pub(super) fn has_both(bytes: &[u8]) -> bool {
    let (mut length, mut encoding) = (false, false);
    for line in bytes.split(|&byte| byte == b'\n') {
        if line.is_empty() || line == b"\r" {
            (length, encoding) = (false, false);
        }
        length |= starts_with_field(line, b"content-length:");
        encoding |= starts_with_field(line, b"transfer-encoding:");
        if length && encoding {
            return true;
        }
    }
    false
}

fn starts_with_field(line: &[u8], field: &[u8]) -> bool {
    line.get(..field.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(field))
}

#[cfg(test)]
mod tests {
    use super::{Method, behind_head, has_both, is_host};

    #[test]
    fn a_host_is_a_name_or_an_address_with_an_optional_port() {
        for good in [
            "localhost",
            "caf%C3%A9.example",
            "localhost:65535",
            "a-b.example:80",
            "127.0.0.1:",
            "[::1]",
            "[::1]:4010",
        ] {
            assert!(is_host(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            ":80",
            "a b",
            "a@b",
            "a:b@c",
            "a/b",
            "a?b",
            "a:b",
            "a:-1",
            "a:+1",
            "a:1:2",
            "[::1",
            "::1",
            "[]",
            "[zz]:1",
            "[::1]a",
            "[1.2.3.4]",
            "a:65536",
            "a:123456",
            "é",
            "%",
            "%zz",
            "a%2",
            "a%2g.example",
        ] {
            assert!(!is_host(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn both_framings_count_only_within_one_head() {
        assert!(has_both(
            b"POST / HTTP/1.1\r\nContent-Length: 3\r\ntransfer-encoding: chunked\r\n\r\n"
        ));
        assert!(!has_both(
            b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        ));
    }

    #[test]
    fn what_is_behind_a_head_begins_behind_its_empty_line() {
        let behind = |bytes| behind_head(bytes, &Method::POST);
        let head = b"\r\nPOST / HTTP/1.1\r\nA: b\r\n\r\n5\r\n";
        assert_eq!(behind(head), Some(&b"5\r\n"[..]));
        assert_eq!(behind(b"POST / HTTP/1.1\nA: b\n\n"), Some(&b""[..]));
        assert_eq!(behind(b"POST / HTTP/1.1\r\nA: b\r\n"), None);
        assert_eq!(behind(b"A: b\r\n\r\n5\r\n"), None);
    }
}
