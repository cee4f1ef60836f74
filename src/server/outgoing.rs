use super::cors::Grant;
use crate::wire::{Bytes, HeaderName, HeaderValue, Reply, StatusCode, header, reason};
use http::Response;
use http_body_util::{Either, Full};
use hyper::ext::ReasonPhrase;

/// A contract's reply is whole; the control plane's may be a stream.
pub(super) type ReplyBody = Either<Full<Bytes>, axum::body::Body>;

/// A body that is whole.
pub(super) fn whole(body: Bytes) -> ReplyBody {
    Either::Left(Full::new(body))
}

/// The reply as it travels: framing is hyper's alone, and some fields are everyone's.
/// `grant` says which pages may read it.
pub(super) fn dress(reply: Reply, grant: &Grant) -> Response<Bytes> {
    let mut response = Response::new(reply.body);
    *response.status_mut() = reply.status;
    if let Some(phrase) = phrase(reply.status) {
        response.extensions_mut().insert(phrase);
    }
    let headers = response.headers_mut();
    *headers = reply.headers;
    for framing in &FRAMING {
        headers.remove(framing);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    if headers.get(header::CONTENT_TYPE).is_some_and(may_run) {
        headers.append(header::CONTENT_SECURITY_POLICY, SANDBOX);
    }
    grant.sign(headers);
    response
}

/// What the status line says where hyper would say something else than RFC 9110 does, or `<none>`.
fn phrase(status: StatusCode) -> Option<ReasonPhrase> {
    match status.canonical_reason() {
        None => Some(ReasonPhrase::from_static(b"")),
        Some(usual) if usual == reason(status) => None,
        Some(_) => Some(ReasonPhrase::from_static(reason(status).as_bytes())),
    }
}

/// The control plane's own pages are of this origin, which a contract's are not to be: they are
/// shown as pages of no origin, and what is in them doesn't run.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox");

/// Whether a browser may run scripts that are in a body of a media type: HTML, XML (XHTML, SVG),
/// and what has parts of any type.
fn may_run(media_type: &HeaderValue) -> bool {
    let essence = media_type.as_bytes().split(|&byte| byte == b';').next();
    let essence = essence
        .unwrap_or_default()
        .trim_ascii()
        .to_ascii_lowercase();
    essence.ends_with(b"html") || essence.ends_with(b"xml") || essence.starts_with(b"multipart/")
}

/// Fields that say how a message is framed; one from a contract would break it.
const FRAMING: [HeaderName; 4] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::StatusCode;

    #[test]
    fn what_could_run_in_a_browser_does_not() {
        let policy = |media_type: &str| {
            let mut reply = Reply::new(StatusCode::OK);
            reply.set(header::CONTENT_TYPE, media_type);
            let response = dress(reply, &Grant::Silent);
            let policy = response.headers().get(header::CONTENT_SECURITY_POLICY);
            policy.is_some_and(|policy| policy == "sandbox")
        };
        for runs in [
            "text/html",
            "Text/HTML ; charset=utf-8",
            "image/svg+xml",
            "text/xml",
        ] {
            assert!(policy(runs), "{runs}");
        }
        for still in [
            "application/json",
            "text/plain",
            "image/png",
            "application/problem+json",
        ] {
            assert!(!policy(still), "{still}");
        }
    }

    #[test]
    fn a_contract_has_no_say_in_the_framing() {
        let mut reply = Reply::new(StatusCode::OK);
        for field in FRAMING {
            reply.set(field, "7");
        }
        let response = dress(reply, &Grant::Silent);
        assert_eq!(response.headers().len(), 1, "{:?}", response.headers());
    }
}
