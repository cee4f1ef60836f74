use crate::wire::{HeaderMap, HeaderName, HeaderValue, Method, Reply, StatusCode, header};
use http::request::Parts;

/// `*` stands for every field only in requests without credentials, and older browsers take it by
/// its letter; the ones a client is likely to read are therefore named too.
const EXPOSED: &str = "*, Accept-Patch, Accept-Post, Allow, Content-Disposition, \
    Counterpart-Source, Counterpart-Violations, ETag, Last-Modified, Link, Location, \
    Preference-Applied, Retry-After, WWW-Authenticate, X-Request-Id";

/// How long a browser may remember a grant, in seconds. Chrome's own limit is two hours.
const MAX_AGE: &str = "7200";

/// Lets pages of any origin read the answer, without credentials: with those, `*` means nothing
/// to a browser, and no origin is ever reflected.
pub(super) fn open(headers: &mut HeaderMap) {
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(EXPOSED),
    );
}

/// The answer to a browser's question whether a page may send a request (Fetch §4.8), or nothing
/// where this is no such question. Whether the contract knows the method is for its own reply to
/// say: a refused preflight would hide the 405 from the page.
pub(super) fn preflight(parts: &Parts) -> Option<Reply> {
    let asks = parts.method == Method::OPTIONS && parts.headers.contains_key(header::ORIGIN);
    let method = parts.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    if !asks {
        return None;
    }
    let mut reply = Reply::new(StatusCode::NO_CONTENT);
    let headers = &mut reply.headers;
    if Method::from_bytes(method.as_bytes()).is_ok() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    }
    // By name: `*` would not cover Authorization.
    for wanted in parts
        .headers
        .get_all(header::ACCESS_CONTROL_REQUEST_HEADERS)
    {
        if is_list_of_names(wanted) {
            headers.append(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
    }
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static(MAX_AGE),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Access-Control-Request-Method, Access-Control-Request-Headers"),
    );
    Some(reply)
}

fn is_list_of_names(value: &HeaderValue) -> bool {
    value
        .as_bytes()
        .split(|&byte| byte == b',')
        .all(|name| HeaderName::from_bytes(name.trim_ascii()).is_ok())
}
