use super::{Bytes, HeaderMap, HeaderName, HeaderValue, Method, header};

/// What a client sent, read whole: the body is already capped and in memory,
/// so everything from here on is synchronous.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method as sent.
    pub method: Method,
    /// The request target in origin form (RFC 9112 §3.2.1): the path and query, still percent-encoded.
    pub target: String,
    /// The header fields, names in lower case.
    pub headers: HeaderMap,
    /// The body, empty where none was sent.
    pub body: Bytes,
    /// Whether it came over TLS.
    pub is_secure: bool,
}

impl Request {
    /// A request without header fields or body. `target` is the path and query, percent-encoded.
    pub fn new(method: Method, target: impl Into<String>) -> Request {
        Request {
            method,
            target: target.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            is_secure: false,
        }
    }

    /// The same request with one header field more. A value that no header can carry is left out.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Request {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            self.headers.append(name, value);
        }
        self
    }

    /// The same request with this body; says nothing of its type.
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Request {
        self.body = body.into();
        self
    }

    /// Where it was sent, as the scheme and the host that its client knows: `http://localhost:4010`.
    pub fn origin(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        let host = self.header(&header::HOST).unwrap_or("localhost");
        format!("{scheme}://{host}")
    }

    /// The path, percent-encoded as it was sent.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or("")
    }

    /// The query without its `?`, percent-encoded as it was sent; empty where there is none.
    pub fn query(&self) -> &str {
        self.target
            .split_once('?')
            .map(|(_, query)| query)
            .unwrap_or("")
    }

    /// The field's value where it was sent once and is readable text.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
