use super::{Bytes, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

/// What travels back. OpenAPI's declared `Response` is another type.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: StatusCode,
    /// The header fields; framing ones are the server's to add.
    pub headers: HeaderMap,
    /// The body as sent; for `HEAD` the server leaves it out.
    pub body: Bytes,
}

/// How many header fields there is room for at first.
const FIELDS: usize = 12;

impl Reply {
    /// A reply without header fields or body.
    pub fn new(status: StatusCode) -> Reply {
        Reply {
            status,
            // As many as most replies have, so that their room needn't grow.
            headers: HeaderMap::with_capacity(FIELDS),
            body: Bytes::new(),
        }
    }

    /// A reply with a JSON body under the given media type.
    pub fn json(status: StatusCode, media_type: &str, body: &Value) -> Reply {
        let mut reply = Reply::new(status);
        reply.set(header::CONTENT_TYPE, media_type);
        // A `Value` always serializes: its keys are strings.
        reply.body = serde_json::to_vec(body).unwrap_or_default().into();
        reply
    }

    /// Sets a header field, replacing what was there. Characters that a field can't carry
    /// (RFC 9110 §5.5) become spaces, so that no text from outside can break the framing.
    pub fn set(&mut self, name: HeaderName, value: &str) {
        if let Some(value) = field_value(value) {
            self.headers.insert(name, value);
        }
    }

    /// Adds a header field beside those of the same name, as [`Reply::set`] writes it.
    pub fn append(&mut self, name: HeaderName, value: &str) {
        if let Some(value) = field_value(value) {
            self.headers.append(name, value);
        }
    }

    /// The body as JSON, where it is.
    pub fn body_json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A field's value as text.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

fn field_value(text: &str) -> Option<HeaderValue> {
    // It takes tabs and what can be seen of ASCII.
    if let Ok(value) = HeaderValue::from_str(text.trim()) {
        return Some(value);
    }
    let fits = |c: char| c == '\t' || (' '..='~').contains(&c);
    let clean: String = text
        .chars()
        .map(|c| if fits(c) { c } else { ' ' })
        .collect();
    HeaderValue::from_str(clean.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_value_with_a_line_break_stays_one_line() {
        let mut reply = Reply::new(StatusCode::OK);
        reply.set(header::LOCATION, "/x\r\nSet-Cookie: a=b");
        assert_eq!(reply.header(&header::LOCATION), Some("/x  Set-Cookie: a=b"));
    }
}
