use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The URL of an upstream: `http://HOST[:PORT]` or `https://HOST[:PORT]`, and the path before those of the requests.
#[derive(Debug, Clone)]
pub struct UpstreamUrl {
    scheme: Scheme,
    authority: Authority,
    host: HeaderValue,
    base: String,
}

/// Why a text is no URL of an upstream.
#[derive(Debug, Clone, Error)]
#[error("{0}")]
pub struct NoUpstream(String);

impl UpstreamUrl {
    /// The field that names it.
    pub(super) fn host(&self) -> &HeaderValue {
        &self.host
    }

    /// Whether it is asked over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Where a request to a target goes; nothing where the two are too long together.
    pub(super) fn of(&self, target: &str) -> Option<Uri> {
        let path = format!("{}{target}", self.base);
        let path: PathAndQuery = path.parse().ok()?;
        let uri = Uri::builder().scheme(self.scheme.clone());
        let uri = uri.authority(self.authority.clone()).path_and_query(path);
        uri.build().ok()
    }
}

impl FromStr for UpstreamUrl {
    type Err = NoUpstream;

    fn from_str(text: &str) -> Result<UpstreamUrl, NoUpstream> {
        let no = |why: &str| Err(NoUpstream(why.to_owned()));
        let Ok(uri) = text.parse::<Uri>() else {
            return no("this is no URL; it is like http://127.0.0.1:8080/api");
        };
        let scheme = match uri.scheme_str() {
            Some("http") => Scheme::HTTP,
            Some("https") => Scheme::HTTPS,
            _ => return no("the URL of an upstream begins with http:// or https://"),
        };
        let parts = uri.into_parts();
        let authority = parts.authority.filter(|all| !all.host().is_empty());
        let Some(authority) = authority.filter(|all| !all.as_str().contains('@')) else {
            return no("the URL of an upstream names a host, and no user");
        };
        let path = parts.path_and_query.as_ref();
        if path.is_some_and(|path| path.query().is_some()) {
            return no("the URL of an upstream has no query, which is each request's own");
        }
        let base = path.map_or("", |path| path.path()).trim_end_matches('/');
        let host = HeaderValue::from_str(authority.as_str());
        let host = host.map_err(|_| NoUpstream("this is no host".to_owned()))?;
        Ok(UpstreamUrl {
            scheme,
            base: base.to_owned(),
            authority,
            host,
        })
    }
}

impl fmt::Display for UpstreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_paths_is_kept() {
        for (url, target, whole) in [
            ("http://a:1", "/x?y", "http://a:1/x?y"),
            ("http://a/", "/", "http://a/"),
            ("http://a/b/", "/x", "http://a/b/x"),
            ("https://a", "/x", "https://a/x"),
        ] {
            let url: UpstreamUrl = url.parse().expect("a URL");
            assert_eq!(url.of(target).expect("short").to_string(), whole);
        }
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_a_reason() {
        for (url, why) in [
            ("ftp://a", "begins with http://"),
            ("a:80", "begins with http://"),
            ("/x", "begins with http://"),
            ("http://u:p@a", "no user"),
            ("http://a?x", "no query"),
            ("http://", "no URL"),
            ("", "no URL"),
        ] {
            let told = url.parse::<UpstreamUrl>().expect_err(url).to_string();
            assert!(told.contains(why), "{url}: {told}");
        }
    }
}
