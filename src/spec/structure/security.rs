//! The security schemes of 3.x and their flows (OpenAPI 3.1.1 §4.8.27 to §4.8.29, 3.2.0 §4.27).

use super::grammar::{Is, Kind, Names, may, must, nothing_else};
use super::record::At;
use super::rules::{Members, text};
use super::v3::DEPRECATED;
use super::version::Version::{V20, V30, V31, V32};
use super::walk::Walk;
use crate::wire::is_token;

const FLAG: &Is = &Is::Flag;
const TEXT: &Is = &Is::Text;
const NOT_FETCHED: &str = "what a security scheme names by URL isn't fetched: the keys of tokens are those of --auth-jwks";

pub(super) static SECURITY_SCHEME: Kind = Kind {
    name: "a security scheme",
    members: &[
        must(
            "type",
            &Is::Word(&[
                ("apiKey", V20),
                ("http", V30),
                ("oauth2", V20),
                ("openIdConnect", V30),
                ("mutualTLS", V31),
            ]),
        ),
        may("description", TEXT),
        may("name", TEXT),
        may(
            "in",
            &Is::Word(&[("query", V20), ("header", V20), ("cookie", V30)]),
        ),
        may("scheme", TEXT),
        may("bearerFormat", TEXT),
        may("flows", &Is::Object(&FLOWS)),
        may("openIdConnectUrl", TEXT).noted(NOT_FETCHED),
        may("oauth2MetadataUrl", TEXT).since(V32).noted(NOT_FETCHED),
        may("deprecated", FLAG).since(V32).noted(DEPRECATED),
    ],
    shared: &[],
    section: "securitySchemes",
    rule: security_scheme,
};

static FLOWS: Kind = Kind {
    name: "the flows of OAuth",
    members: &[
        may("implicit", &Is::Object(&IMPLICIT)),
        may("password", &Is::Object(&BY_TOKEN)),
        may("clientCredentials", &Is::Object(&BY_TOKEN)),
        may("authorizationCode", &Is::Object(&BY_CODE)),
        may("deviceAuthorization", &Is::Object(&BY_DEVICE)).since(V32),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};

static SCOPES: Is = Is::Map(Names::Any, &Is::Text);

static IMPLICIT: Kind = Kind {
    name: "an implicit flow",
    members: &[
        must("authorizationUrl", TEXT),
        may("refreshUrl", TEXT),
        must("scopes", &SCOPES),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};

static BY_TOKEN: Kind = Kind {
    name: "a flow without a person's consent",
    members: &[
        must("tokenUrl", TEXT),
        may("refreshUrl", TEXT),
        must("scopes", &SCOPES),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};

static BY_CODE: Kind = Kind {
    name: "a flow by authorization code",
    members: &[
        must("authorizationUrl", TEXT),
        must("tokenUrl", TEXT),
        may("refreshUrl", TEXT),
        must("scopes", &SCOPES),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};

static BY_DEVICE: Kind = Kind {
    name: "a flow by device",
    members: &[
        must("deviceAuthorizationUrl", TEXT),
        must("tokenUrl", TEXT),
        may("refreshUrl", TEXT),
        must("scopes", &SCOPES),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};

/// The Security Scheme Object (3.1.1 §4.8.27).
fn security_scheme(walk: &mut Walk<'_>, map: &Members) {
    stray(walk, map);
    let needed: &[&str] = match text(map, "type").unwrap_or("") {
        "apiKey" => &["name", "in"],
        "http" => &["scheme"],
        "oauth2" => &["flows"],
        "openIdConnect" => &["openIdConnectUrl"],
        "mutualTLS" => {
            let message = "client certificates are verified where `--tls-client-ca` says who \
                vouches for them; else what `Client-Cert` says is taken"
                .to_owned();
            return walk.note(At::Value("type"), message);
        }
        _ => return,
    };
    let name = text(map, "name").filter(|_| text(map, "in") == Some("header"));
    if name.is_some_and(|name| !is_token(name)) {
        let message = "this is no name of a header field: the scheme is not asked for".to_owned();
        walk.error(At::Value("name"), message);
    }
    if let Some(scheme) = text(map, "scheme").filter(|_| needed == ["scheme"]) {
        let judged = ["basic", "bearer", "digest"];
        if !is_token(scheme) {
            let message =
                "this is no name of an HTTP authentication scheme: the scheme is not asked \
                for"
                .to_owned();
            walk.error(At::Value("scheme"), message);
        } else if !judged.contains(&scheme.to_ascii_lowercase().as_str())
            && !map.contains_key("x-credential-pattern")
        {
            let message =
                "credentials of HTTP schemes other than Basic, Bearer and Digest are asked \
                for, and not looked at"
                    .to_owned();
            walk.note(At::Value("scheme"), message);
        }
    }
    for name in needed.iter().filter(|name| !map.contains_key(**name)) {
        let kind = text(map, "type").unwrap_or("");
        let message = format!("a security scheme of the type {kind} needs `{name}`");
        walk.error(At::Here, message);
    }
}

/// Members that are for schemes of another type.
fn stray(walk: &mut Walk<'_>, map: &Members) {
    const OWN: [(&str, &str); 7] = [
        ("name", "apiKey"),
        ("in", "apiKey"),
        ("scheme", "http"),
        ("bearerFormat", "http"),
        ("flows", "oauth2"),
        ("oauth2MetadataUrl", "oauth2"),
        ("openIdConnectUrl", "openIdConnect"),
    ];
    let kind = text(map, "type").unwrap_or("");
    let is_known = kind == "mutualTLS" || OWN.iter().any(|(_, own)| *own == kind);
    for (name, own) in OWN.iter().filter(|(_, own)| is_known && *own != kind) {
        if map.contains_key(*name) {
            let message =
                format!("`{name}` has no effect: it is for a security scheme of the type {own}");
            walk.warning(At::Key(name), message);
        }
    }
}
