//! Who may call an operation, in words.

use crate::sample::of_pattern;
use crate::spec::{Document, Location, Node, SchemeKind, SchemeUse, SecurityScheme};

/// What a caller shows for a scheme.
#[derive(Debug, Clone)]
pub(crate) struct SchemeWords {
    /// The scheme's name in the document.
    pub name: String,
    /// What it is: `Bearer token (JWT)`.
    pub kind: String,
    /// Where the credential goes and what it looks like, as a header field, parameter or cookie;
    /// nothing where it is no part of the request's text.
    pub form: Option<String>,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// What must have been granted.
    pub scopes: Vec<String>,
    /// What of it a sample sends; nothing where it is no part of the request's text.
    pub credential: Option<Credential>,
}

/// What a sample sends to show who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    /// A token that it gets first.
    Token,
    /// A header field.
    Field(String, String),
    /// A parameter of the query.
    Query(String, String),
}

/// A use of a scheme, in words.
pub(crate) fn told(document: &Document, of: &SchemeUse) -> SchemeWords {
    SchemeWords {
        scopes: of.scopes.clone(),
        ..scheme(document, &of.scheme)
    }
}

/// A scheme in words, without scopes.
pub(crate) fn scheme(document: &Document, of: &SecurityScheme) -> SchemeWords {
    let (kind, mut form) = kind(of);
    let node = document.node(of.at);
    let description = node.get("description");
    let example = node.get("x-credential-example").and_then(Node::text);
    if let (Some(example), SchemeKind::Http(name)) = (&example, &of.kind) {
        form = Some(format!("Authorization: {name} {example}"));
    }
    let example = example.map(|example| example.into_owned());
    SchemeWords {
        credential: credential(of, example),
        name: of.name.clone(),
        kind,
        form,
        description: description
            .and_then(Node::text)
            .unwrap_or_default()
            .into_owned(),
        scopes: Vec::new(),
    }
}

/// What is sent: the example of the scheme, else what matches its pattern.
fn credential(of: &SecurityScheme, example: Option<String>) -> Option<Credential> {
    let made = || of.credential_pattern.as_deref().and_then(of_pattern);
    let shown = example.or_else(made);
    let shown = |usual: &str| shown.clone().unwrap_or_else(|| usual.to_owned());
    let field = |value: String| Some(Credential::Field("Authorization".to_owned(), value));
    match &of.kind {
        SchemeKind::ApiKey(Location::Query, name) => {
            Some(Credential::Query(name.clone(), shown("KEY")))
        }
        SchemeKind::ApiKey(Location::Cookie, name) => {
            let pair = format!("{name}={}", shown("KEY"));
            Some(Credential::Field("Cookie".to_owned(), pair))
        }
        SchemeKind::ApiKey(_, name) => Some(Credential::Field(name.clone(), shown("KEY"))),
        kind if kind.is_bearer() => Some(Credential::Token),
        SchemeKind::Http(name) if name.eq_ignore_ascii_case("basic") => {
            // developer:secret
            field(format!("{name} {}", shown("ZGV2ZWxvcGVyOnNlY3JldA==")))
        }
        SchemeKind::Http(name) if name.eq_ignore_ascii_case("digest") => {
            let usual = "username=\"developer\", realm=\"api\", nonce=\"1\", uri=\"/\", \
                         response=\"00000000000000000000000000000000\"";
            field(format!("{name} {}", shown(usual)))
        }
        SchemeKind::Http(name) => field(format!("{name} {}", shown("credentials"))),
        SchemeKind::OAuth | SchemeKind::MutualTls => None,
    }
}

fn kind(of: &SecurityScheme) -> (String, Option<String>) {
    let bearer = |kind: &str| {
        let kind = if of.is_jwt {
            format!("{kind} (JWT)")
        } else {
            kind.to_owned()
        };
        (kind, Some("Authorization: Bearer <token>".to_owned()))
    };
    match &of.kind {
        SchemeKind::ApiKey(location, name) => {
            let (place, form) = match location {
                Location::Query => ("query parameter", format!("?{name}=<key>")),
                Location::Cookie => ("cookie", format!("Cookie: {name}=<key>")),
                _ => ("header field", format!("{name}: <key>")),
            };
            (format!("API key in a {place}"), Some(form))
        }
        SchemeKind::Http(name) => match name.to_ascii_lowercase().as_str() {
            "bearer" => bearer("Bearer token"),
            "basic" => {
                let form = "Authorization: Basic <base64 of name:password>";
                (
                    "Name and password (Basic)".to_owned(),
                    Some(form.to_owned()),
                )
            }
            "digest" => {
                let form = "Authorization: Digest username=\"<name>\", …";
                (
                    "Name and password (Digest)".to_owned(),
                    Some(form.to_owned()),
                )
            }
            _ => (
                format!("HTTP authentication ({name})"),
                Some(format!("Authorization: {name} <credentials>")),
            ),
        },
        SchemeKind::OAuth => bearer("OAuth 2 access token"),
        SchemeKind::MutualTls => ("Client certificate".to_owned(), None),
    }
}
