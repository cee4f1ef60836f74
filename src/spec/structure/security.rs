//! The security schemes of 3.x and their flows (OpenAPI 3.1.1 §4.8.27 to §4.8.29, 3.2.0 §4.27).

use super::grammar::{Is, Kind, Names, may, must, nothing_else};
use super::rules;
use super::v3::DEPRECATED;
use super::version::Version::{V20, V30, V31, V32};

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
    rule: rules::security_scheme,
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
