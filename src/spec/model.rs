//! The declared objects of OpenAPI, one model for every version. Schemas stay in the document's
//! value and are named by pointer.

use crate::spec::{At, CallbackUrl, LoadError, Node};
use crate::wire::Method;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// An operation that is there, before it is read.
#[derive(Debug, Clone)]
pub struct Stub {
    /// The method it answers.
    pub method: Method,
    /// The path template, as written.
    pub path: Arc<str>,
    /// Where it stands.
    pub at: At,
    /// Where its path item stands.
    pub item: At,
}

impl Stub {
    /// `METHOD /template`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// An operation of a path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, where there is one.
    pub id: Option<String>,
    /// The method it answers.
    pub method: Method,
    /// The path template, as written.
    pub path: Arc<str>,
    /// Where it stands in the document.
    pub at: At,
    /// Its parameters, those of the path item included.
    pub parameters: Vec<Parameter>,
    /// What it takes as a body.
    pub body: Option<RequestBody>,
    /// Its replies, in document order.
    pub responses: Vec<Response>,
    /// The alternatives that satisfy its security; none means that none is needed.
    pub security: Vec<SecurityRequirement>,
    /// The requests it may send, in document order.
    pub callbacks: Vec<Message>,
    /// What of it can't be as it stands, and is served all the same.
    pub notes: Vec<LoadError>,
}

impl Operation {
    /// One of which no more than its place is known.
    pub fn unread(method: Method, path: Arc<str>, at: At) -> Operation {
        Operation {
            id: None,
            method,
            path,
            at,
            parameters: Vec::new(),
            body: None,
            responses: Vec::new(),
            security: Vec::new(),
            callbacks: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// `METHOD /template`.
    pub fn name(&self) -> String {
        [self.method.as_str(), " ", &self.path].concat()
    }

    /// The response declared for a status: by its code, else by its range, else the default.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let by = |key: StatusKey| self.responses.iter().find(|r| r.status == key);
        by(StatusKey::Code(status))
            .or_else(|| by(StatusKey::Range((status / 100) as u8)))
            .or_else(|| by(StatusKey::Default))
    }

    /// The status of success: the lowest documented 2xx, else that of `2XX`, else of `default`,
    /// else the first that is documented. 200 where none is.
    pub fn success(&self) -> u16 {
        let keys = || self.responses.iter().map(|response| response.status);
        let exact = keys().filter_map(|key| match key {
            StatusKey::Code(code) if (200..300).contains(&code) => Some(code),
            _ => None,
        });
        let is_any = |key: StatusKey| [StatusKey::Range(2), StatusKey::Default].contains(&key);
        let first = keys().find_map(|key| match key {
            StatusKey::Code(code) => Some(code).filter(|code| *code >= 200),
            StatusKey::Range(class) => Some(u16::from(class) * 100).filter(|code| *code >= 200),
            StatusKey::Default => None,
        });
        let least = exact.min();
        let first = first.filter(|_| !keys().any(is_any));
        least.or(first).unwrap_or(200)
    }

    /// The status of success for what `is_change` says is no new item: the lowest documented 2xx
    /// but 201, where there is another.
    pub fn changed(&self, is_change: bool) -> u16 {
        let success = self.success();
        if !is_change || success != 201 {
            return success;
        }
        let codes = self.responses.iter().filter_map(|r| match r.status {
            StatusKey::Code(code) if (200..300).contains(&code) && code != 201 => Some(code),
            _ => None,
        });
        codes.min().unwrap_or(success)
    }
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header field.
    Header,
    /// In a cookie.
    Cookie,
    /// The whole query (OpenAPI 3.2).
    Querystring,
}

/// How a parameter's value is written (OpenAPI 3.1.1 §4.8.12.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the specification's.
pub enum Style {
    Matrix,
    Label,
    Simple,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// That of OpenAPI 3.2: as `form`, without percent-encoding, and cookies between `; `.
    Cookie,
    /// The `tsv` of Swagger 2.0, of which later versions have none.
    TabDelimited,
}

/// A declared parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name; header names in any case.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether it must be there.
    pub required: bool,
    /// How it is written.
    pub style: Style,
    /// Whether arrays and objects are written as several.
    pub explode: bool,
    /// Whether reserved characters stand as they are, a plus sign among them.
    pub allow_reserved: bool,
    /// Whether it may be given without a value.
    pub allow_empty: bool,
    /// The media type, for a parameter of `content`.
    pub media_type: Option<String>,
    /// Its schema.
    pub schema: Option<At>,
    /// Its examples, in document order.
    pub examples: Vec<Value>,
    /// Where it is declared.
    pub at: At,
}

/// A declared request body.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// Whether it must be there.
    pub required: bool,
    /// What it may be, by media type.
    pub content: Vec<Content>,
}

/// What stands for the number of each part that has no encoding of its own (OpenAPI 3.2.0,
/// `itemEncoding`).
pub const FURTHER: &str = "*";

/// One media type of a body, request's or reply's.
#[derive(Debug, Clone)]
pub struct Content {
    /// The media type or range, as written.
    pub media_type: String,
    /// Its schema.
    pub schema: Option<At>,
    /// The schema of each item, for a media type that is a sequence of them (OpenAPI 3.2).
    pub item_schema: Option<At>,
    /// How its properties are written, by name; where they are no properties but parts that
    /// follow each other, by their numbers, and those without one of their own by [`FURTHER`].
    pub encoding: Vec<(String, Encoding)>,
    /// Its examples, in document order.
    pub examples: Vec<Example>,
    /// Where it is declared.
    pub at: At,
}

/// An example of a body.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its name; empty for the one of `example`.
    pub name: String,
    /// The body.
    pub value: Value,
    /// Where it stands.
    pub at: At,
}

/// The encoding of a part by its number.
pub fn encoding_at(encodings: &[(String, Encoding)], index: usize) -> Option<&Encoding> {
    let own = index.to_string();
    let named = |wanted: &str| encodings.iter().find(|(name, _)| name == wanted);
    let found = named(&own).or_else(|| named(FURTHER));
    found.map(|(_, encoding)| encoding)
}

/// How a property of a form or multipart body is written (OpenAPI 3.1.1 §4.8.15).
#[derive(Debug, Clone, Default)]
pub struct Encoding {
    /// The media types or ranges that it may have; none where it doesn't say.
    pub content_types: Vec<String>,
    /// How it is written, where the document says.
    pub style: Option<Style>,
    /// Whether arrays and objects are written as several, where the document says.
    pub explode: Option<bool>,
    /// Whether reserved characters stand as they are, where the document says.
    pub allow_reserved: Option<bool>,
    /// The header fields of its part.
    pub headers: Vec<Header>,
}

/// What a response is declared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusKey {
    /// One status code.
    Code(u16),
    /// All of a class: 4 for `4XX`.
    Range(u8),
    /// Whatever isn't declared otherwise.
    Default,
}

impl StatusKey {
    /// Reads a key of `responses`; nothing for another member, such as an extension.
    pub fn parse(text: &str) -> Option<StatusKey> {
        match text.as_bytes() {
            b"default" => Some(StatusKey::Default),
            [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(StatusKey::Range(class - b'0')),
            [b'1'..=b'5', _, _] => text.parse().ok().map(StatusKey::Code),
            _ => None,
        }
    }

    /// Whether it is of what comes before the response itself (RFC 9110 §15.2).
    pub fn is_interim(self) -> bool {
        matches!(self, StatusKey::Code(100..=199) | StatusKey::Range(1))
    }
}

impl fmt::Display for StatusKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StatusKey::Code(code) => write!(f, "{code}"),
            StatusKey::Range(class) => write!(f, "{class}XX"),
            StatusKey::Default => f.write_str("default"),
        }
    }
}

/// A declared response.
#[derive(Debug, Clone)]
pub struct Response {
    /// What it is declared for.
    pub status: StatusKey,
    /// When it comes, in the document's words.
    pub description: String,
    /// Its header fields.
    pub headers: Vec<Header>,
    /// Its body, by media type.
    pub content: Vec<Content>,
    /// Where it is declared.
    pub at: At,
}

/// A declared header field of a response or of a part.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// How it is written: `simple`, but for the `collectionFormat` of Swagger 2.0.
    pub style: Style,
    /// Whether the properties of an object are written `name=value`.
    pub explode: bool,
    /// The media type, for a header field of `content`.
    pub media_type: Option<String>,
    /// Its schema.
    pub schema: Option<At>,
    /// Its examples, in document order.
    pub examples: Vec<Value>,
    /// Where it is declared.
    pub at: At,
}

/// One alternative of `security`: every scheme in it must be satisfied. Empty: anonymous.
pub type SecurityRequirement = Vec<SchemeUse>;

/// A scheme that an operation asks for.
#[derive(Debug, Clone)]
pub struct SchemeUse {
    /// The scheme.
    pub scheme: Arc<SecurityScheme>,
    /// The scopes, or the roles of 3.1.
    pub scopes: Vec<String>,
}

/// A security scheme.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Its name in the document.
    pub name: String,
    /// What it is.
    pub kind: SchemeKind,
    /// Whether its token is a JWT and no other: `bearerFormat: JWT`, or `x-bearer-format` where
    /// the scheme's type has no such member.
    pub is_jwt: bool,
    /// `x-credential-pattern`: what the credential must match, where that can be said
    /// (for an HTTP scheme, what follows its name).
    pub credential_pattern: Option<String>,
    /// Where it is declared.
    pub at: At,
}

/// The kinds of security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// A value under a name.
    ApiKey(Location, String),
    /// A scheme of the `Authorization` header field.
    Http(String),
    /// OAuth 2 or OpenID Connect: a bearer token with scopes.
    OAuth,
    /// A client certificate.
    MutualTls,
}

/// A request that the API itself may send: one of a callback, or a webhook.
#[derive(Debug, Clone)]
pub struct Message {
    /// The name of its callback in the operation, or its own among the webhooks.
    pub name: String,
    /// Where a callback goes, where that can be read; a webhook goes wherever it is asked for.
    pub url: Option<CallbackUrl>,
    /// Its method.
    pub method: Method,
    /// Its parameters, those of its path item included.
    pub parameters: Vec<Parameter>,
    /// What it has as a body.
    pub body: Option<RequestBody>,
    /// What its receiver may answer, as far as that can be read.
    pub responses: Vec<Response>,
    /// What its receiver asks for, where it says so itself.
    pub security: Arc<[SecurityRequirement]>,
    /// Where it stands.
    pub at: At,
}

/// Why an object can't be read, and where.
#[derive(Debug)]
pub(super) struct Misread {
    pub(super) at: At,
    pub(super) message: String,
    /// Whether it is the key of the object that is wrong.
    pub(super) is_key: bool,
}

impl Misread {
    pub(super) fn at(node: Node<'_>, message: impl Into<String>) -> Misread {
        Misread {
            at: node.at(),
            message: message.into(),
            is_key: false,
        }
    }

    /// The key of an object can't be read.
    pub(super) fn key_of(node: Node<'_>, message: impl Into<String>) -> Misread {
        Misread {
            is_key: true,
            ..Misread::at(node, message)
        }
    }
}

impl SchemeKind {
    /// Whether the credential is a bearer token (RFC 6750).
    pub fn is_bearer(&self) -> bool {
        match self {
            SchemeKind::Http(scheme) => scheme.eq_ignore_ascii_case("bearer"),
            kind => *kind == SchemeKind::OAuth,
        }
    }
}
