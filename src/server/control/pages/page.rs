use crate::wire::{
    Bytes, EntityTag, HeaderMap, HeaderName, HeaderValue, Preconditions, StatusCode, Verdict,
    header,
};
use axum::response::{IntoResponse, Response};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::UNIX_EPOCH;

/// What a page lets in: scripts, styles and data of its own origin, and nothing from elsewhere; no
/// page of others has it in a frame.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// A page or a part of one, as it is sent.
#[derive(Debug)]
pub(super) struct Page {
    media_type: &'static str,
    body: Bytes,
    tag: EntityTag,
}

impl Page {
    /// One of a media type.
    pub(super) fn new(media_type: &'static str, body: impl Into<Bytes>) -> Page {
        let body = body.into();
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let tag = EntityTag::strong(format!("p{:016x}", hasher.finish()));
        Page {
            media_type,
            body,
            tag,
        }
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    /// The answer to a request with these fields: the page, or that the browser has it.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let tag = [(header::ETAG, self.tag.to_string())];
        let mut response = match Preconditions::read(asked).judge(true, &self.tag, UNIX_EPOCH) {
            Verdict::NotModified => (StatusCode::NOT_MODIFIED, tag).into_response(),
            Verdict::Proceed | Verdict::Failed(_) => {
                let media_type = [(header::CONTENT_TYPE, self.media_type)];
                (tag, media_type, self.body.clone()).into_response()
            }
        };
        let headers = response.headers_mut();
        let no_cache = HeaderValue::from_static("no-cache");
        headers.insert(header::CACHE_CONTROL, no_cache);
        guard(headers);
        response
    }
}

/// The fields that keep others out of a page.
pub(super) fn guard(headers: &mut HeaderMap) {
    let own = HeaderValue::from_static("same-origin");
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            own.clone(),
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), own),
    ] {
        headers.insert(name, value);
    }
}

/// The media type of a file by its ending.
pub(super) fn media_type(path: &str) -> &'static str {
    let (_, ending) = path.rsplit_once('.').unwrap_or_default();
    match ending {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "json" => "application/json",
        "yaml" | "yml" => "application/yaml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}
