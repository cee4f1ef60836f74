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

/// `uri-host [ ":" port ]`, RFC 9110 §7.2; the name may be empty (RFC 3986 §3.2.2).
pub(super) fn is_host(value: &[u8]) -> bool {
    let colon = value.iter().rposition(|&byte| byte == b':');
    let bracket = value.iter().rposition(|&byte| byte == b']');
    let (name, port) = match colon {
        Some(at) if bracket.is_none_or(|bracket| bracket < at) => (&value[..at], &value[at + 1..]),
        _ => (value, &value[..0]),
    };
    if !port.iter().all(u8::is_ascii_digit) || port.len() > 5 {
        return false;
    }
    match name {
        [b'[', address @ .., b']'] => {
            std::str::from_utf8(address).is_ok_and(|address| address.parse::<Ipv6Addr>().is_ok())
        }
        name => name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(byte)),
    }
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
    use super::{has_both, is_host};

    #[test]
    fn a_host_is_a_name_or_an_address_with_an_optional_port() {
        for good in [
            "",
            "localhost",
            "a-b.example:80",
            "127.0.0.1:",
            "[::1]",
            "[::1]:4010",
        ] {
            assert!(is_host(good.as_bytes()), "{good}");
        }
        for bad in [
            "a b", "a@b", "a/b", "a:b", "a:1:2", "[::1", "::1", "[zz]:1", "a:123456", "é",
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
}
