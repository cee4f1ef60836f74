use super::framing::is_host;
use crate::wire::HeaderValue;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A page's origin as browsers send it: `https://app.example:8443` (RFC 6454 §6.2).
#[derive(Clone, PartialEq, Eq)]
pub struct WebOrigin(HeaderValue);

/// Why a text is no origin that pages can be told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadOrigin {
    /// `*`.
    #[error("leave it out to let pages of any origin read, without credentials")]
    Any,
    /// `null`.
    #[error("any page can make itself one of origin `null`")]
    Null,
    /// Anything else that is none.
    #[error("an origin is a scheme and a host, and a port if need be: http://localhost:3000")]
    Malformed,
}

impl WebOrigin {
    /// Whether a field has this origin, to the letter: browsers write each in one way.
    pub(super) fn is(&self, field: &HeaderValue) -> bool {
        self.0 == *field
    }
}

impl FromStr for WebOrigin {
    type Err = BadOrigin;

    /// Takes what a person may write, too: capitals, a usual port, a slash at the end.
    fn from_str(text: &str) -> Result<WebOrigin, BadOrigin> {
        match text {
            "*" => return Err(BadOrigin::Any),
            "null" => return Err(BadOrigin::Null),
            _ => {}
        }
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let (scheme, authority) = text.split_once("://").ok_or(BadOrigin::Malformed)?;
        let usual = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => ":",
        };
        let authority = authority.strip_suffix(usual).unwrap_or(authority);
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        let is_named = !authority.is_empty() && !authority.starts_with(':');
        if !is_scheme || !is_named || authority.ends_with(':') || !is_host(authority.as_bytes()) {
            return Err(BadOrigin::Malformed);
        }
        let value = HeaderValue::from_str(&format!("{scheme}://{authority}"));
        value.map(WebOrigin).map_err(|_| BadOrigin::Malformed)
    }
}

impl fmt::Debug for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_as_browsers_send_it() {
        for (written, sent) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("HTTPS://App.Example/", "https://app.example"),
            ("https://app.example:443", "https://app.example"),
            ("http://app.example:80", "http://app.example"),
            ("http://app.example:443", "http://app.example:443"),
            ("http://[::1]:5173", "http://[::1]:5173"),
            ("capacitor://localhost", "capacitor://localhost"),
        ] {
            let origin: WebOrigin = written.parse().expect(written);
            assert!(origin.is(&HeaderValue::from_static(sent)), "{origin:?}");
        }
    }

    #[test]
    fn what_no_page_is_told_apart_by_is_no_origin() {
        assert_eq!("*".parse::<WebOrigin>(), Err(BadOrigin::Any));
        assert_eq!("null".parse::<WebOrigin>(), Err(BadOrigin::Null));
        for bad in [
            "",
            "localhost:3000",
            "http://",
            "http://:80",
            "http://a:",
            "http://a/b",
            "http://a?b",
            "http://a b",
            "http://u@a",
            "http://é",
            "//a",
            "http://a\r\nx: y",
        ] {
            assert_eq!(bad.parse::<WebOrigin>(), Err(BadOrigin::Malformed), "{bad}");
        }
    }
}
