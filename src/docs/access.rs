//! Who may call an operation, in words.

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
    let (kind, form) = kind(of);
    let description = document.node(of.at).get("description");
    SchemeWords {
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
