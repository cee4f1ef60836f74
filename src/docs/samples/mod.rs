//! Requests as code that a reader can run: curl, fetch, Python's requests, Rust's reqwest.
//!
//! Each text is a whole program, the same for the same request. What a language can't send is
//! refused with the reason, never sent as something else.

mod curl;
mod javascript;
mod literal;
mod python;
mod rust;

use super::code::DEPTH;
use serde_json::Value;

/// A language, or a tool, that a sample is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// curl, in a POSIX shell.
    Curl,
    /// `fetch`, in a module: Node.js 18 or later, and browsers but for files.
    JavaScript,
    /// Python 3 with requests.
    Python,
    /// Rust with reqwest, blocking.
    Rust,
}

impl Language {
    /// All, in the order in which a page shows them.
    pub const ALL: [Language; 4] = [
        Language::Curl,
        Language::JavaScript,
        Language::Python,
        Language::Rust,
    ];

    /// Its name for readers.
    pub fn label(self) -> &'static str {
        match self {
            Language::Curl => "curl",
            Language::JavaScript => "JavaScript",
            Language::Python => "Python",
            Language::Rust => "Rust",
        }
    }

    /// The name by which code blocks and highlighters know it.
    pub fn name(self) -> &'static str {
        match self {
            Language::Curl => "sh",
            Language::JavaScript => "js",
            Language::Python => "py",
            Language::Rust => "rs",
        }
    }
}

/// A request that a sample sends.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Its method, in the case in which it's sent.
    pub method: String,
    /// Its whole address, `http` or `https`; what no address holds is percent-encoded.
    pub url: String,
    /// Its header fields, in order. A `Content-Type` goes before the one that the body implies,
    /// but for multipart, which has its boundary of the client.
    pub headers: Vec<(String, String)>,
    /// The token that it sends in the field `Authorization`, where it sends one.
    pub token: Option<Mint>,
    /// Its body.
    pub body: Option<Body>,
}

/// A bearer token that a sample gets before it sends its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mint {
    /// Where a form with the member `scope` gets one (RFC 6749 §4.4.2).
    pub url: String,
    /// What it is to permit.
    pub scopes: Vec<String>,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A text of a media type.
    Text {
        /// Its media type.
        media_type: String,
        /// The text itself.
        text: String,
    },
    /// A value, of `application/json` unless a header field says otherwise.
    Json(Value),
    /// The pairs of a form, not encoded.
    Form(Vec<(String, String)>),
    /// The parts of a multipart form.
    Multipart(Vec<Part>),
    /// A file beside the sample, `application/octet-stream` unless a header field says otherwise.
    Binary {
        /// Its name.
        file: String,
    },
}

/// A part of a multipart form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub content: PartContent,
    /// Its media type, where it's said.
    pub media_type: Option<String>,
}

/// What a part of a multipart form holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartContent {
    /// A text.
    Text(String),
    /// A file beside the sample, by its name.
    File(String),
}

/// The code that sends a request, ended by a line feed, of so many bytes at most; or a sentence
/// that says why there is none.
pub fn sample(request: &Request, language: Language, room: usize) -> Result<String, String> {
    within(request, language, room.min(ROOM))
}

/// The same in curl, where it is short enough to stand among many.
pub fn brief_sample(request: &Request) -> Result<String, String> {
    within(request, Language::Curl, BRIEF)
}

/// How long a sample may be, in bytes.
const ROOM: usize = 16 << 10;
/// How long one of many may be, in bytes.
const BRIEF: usize = 4 << 10;

fn within(request: &Request, language: Language, room: usize) -> Result<String, String> {
    let call = Call::of(request)?;
    let text = match language {
        Language::Curl => curl::sample(&call),
        Language::JavaScript => javascript::sample(&call),
        Language::Python => Ok(python::sample(&call)),
        Language::Rust => Ok(rust::sample(&call)),
    }?;
    match text.len() > room {
        true => Err(format!(
            "The request has {} bytes, too many to be shown here.",
            text.len()
        )),
        false => Ok(text),
    }
}

/// A request that was found fit to be sent.
struct Call<'r> {
    method: &'r str,
    url: String,
    /// Each name once (RFC 9110 §5.3); without the media type that the body implies.
    headers: Vec<(String, String)>,
    /// The media type that a header field would say, but that the body implies.
    implied_type: Option<&'r str>,
    token: Option<&'r Mint>,
    body: Option<&'r Body>,
}

impl Call<'_> {
    fn of(request: &Request) -> Result<Call<'_>, String> {
        let is_token = |text: &str| {
            let is_mark = |b: u8| b"!#$%&'*+-.^_`|~".contains(&b);
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || is_mark(b))
        };
        if !is_token(&request.method) {
            return Err("the method is no token of HTTP".to_owned());
        }
        let has_scheme = ["http://", "https://"]
            .iter()
            .any(|s| request.url.starts_with(s));
        if !has_scheme {
            return Err("the address is neither http nor https".to_owned());
        }
        let authority = request.url.split('/').nth(2).unwrap_or_default();
        if authority.is_empty()
            || authority.contains(|c: char| c.is_control() || " \\{}<>\"'".contains(c))
        {
            return Err("the address names no host".to_owned());
        }
        if let Some(Body::Json(value)) = &request.body
            && !literal::is_exact(value, DEPTH, |_| true)
        {
            return Err(format!("the body is nested more than {DEPTH} values deep"));
        }
        let implied_type = request.body.as_ref().and_then(Body::media_type);
        let is_multipart = matches!(request.body, Some(Body::Multipart(_)));
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in &request.headers {
            if !is_token(name) {
                return Err("the name of a header field is no token of HTTP".to_owned());
            }
            if value.chars().any(|c| c.is_control() && c != '\t') {
                return Err(format!("the header field {name} holds a control character"));
            }
            let is_type = name.eq_ignore_ascii_case("content-type");
            if is_type && (is_multipart || implied_type == Some(value.trim())) {
                continue;
            }
            let known = headers
                .iter_mut()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            match known {
                Some((_, known)) => {
                    let is_cookie = name.eq_ignore_ascii_case("cookie");
                    known.push_str(if is_cookie { "; " } else { ", " });
                    known.push_str(value.trim());
                }
                None => headers.push((name.clone(), value.trim().to_owned())),
            }
        }
        let has_type = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let scopes = request.token.iter().flat_map(|token| &token.scopes);
        if scopes
            .into_iter()
            .any(|scope| scope.chars().any(char::is_control))
        {
            return Err("a scope holds a control character".to_owned());
        }
        for text in request.body.iter().flat_map(Body::names) {
            if text.chars().any(char::is_control) {
                return Err("a name in the body holds a control character".to_owned());
            }
        }
        Ok(Call {
            method: &request.method,
            url: encoded(&request.url),
            headers,
            implied_type: implied_type.filter(|_| !has_type),
            token: request.token.as_ref(),
            body: request.body.as_ref(),
        })
    }

    /// The header fields, the media type said that the body implies.
    fn all_headers(&self) -> Vec<(String, String)> {
        let implied = self
            .implied_type
            .map(|t| ("Content-Type".to_owned(), t.to_owned()));
        self.headers.iter().cloned().chain(implied).collect()
    }
}

/// An address in which what no address holds is percent-encoded: all but the reserved and the
/// unreserved characters (RFC 3986 §2), past the host.
fn encoded(url: &str) -> String {
    let start = url.find("://").map_or(0, |colon| colon + 3);
    let host = url[start..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |end| start + end);
    let mut out = url[..host].to_owned();
    for byte in url[host..].bytes() {
        let is_kept = byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        match is_kept {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

impl Body {
    fn media_type(&self) -> Option<&str> {
        match self {
            Body::Text { media_type, .. } => Some(media_type),
            Body::Json(_) => Some("application/json"),
            Body::Form(_) => Some("application/x-www-form-urlencoded"),
            Body::Multipart(_) => None,
            Body::Binary { .. } => Some("application/octet-stream"),
        }
    }

    /// What of the body goes into names and header fields.
    fn names(&self) -> Vec<&str> {
        match self {
            Body::Text { media_type, .. } => vec![media_type],
            Body::Json(_) | Body::Form(_) => Vec::new(),
            Body::Multipart(parts) => parts.iter().flat_map(Part::names).collect(),
            Body::Binary { file } => vec![file],
        }
    }
}

impl Part {
    fn names(&self) -> Vec<&str> {
        let file = match &self.content {
            PartContent::File(file) => Some(file.as_str()),
            PartContent::Text(_) => None,
        };
        let names = [Some(self.name.as_str()), self.media_type.as_deref(), file];
        names.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests;
