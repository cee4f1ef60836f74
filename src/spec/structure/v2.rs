//! The objects of Swagger 2.0, in the order of its specification.

use super::grammar::{Is, Kind, Member, Names, TEXTS, may, must, nothing_else};
use super::rules;
use super::rules_v2;
use super::v3::{EXTERNAL_DOCS, INFO, TAG};
use super::version::Version::V20;

const TEXT: &Is = &Is::Text;
static SECURITY: Is = Is::List(&Is::Map(Names::Any, &TEXTS), 0);
static SCHEMES: Is = Is::List(
    &Is::Word(&[("http", V20), ("https", V20), ("ws", V20), ("wss", V20)]),
    0,
);
static PARAMETERS: Is = Is::List(&Is::Referable(&PARAMETER), 0);
static OPERATION_IS: Is = Is::Object(&OPERATION);

pub(super) static DOCUMENT: Kind = Kind {
    name: "a document",
    members: &[
        must("swagger", TEXT),
        must("info", &Is::Object(&INFO)),
        may("host", TEXT),
        may("basePath", TEXT),
        may("schemes", &SCHEMES),
        may("consumes", &TEXTS),
        may("produces", &TEXTS),
        must("paths", &Is::Map(Names::Path, &Is::Object(&PATH_ITEM))),
        may("definitions", &Is::Map(Names::Any, &Is::Schema)),
        may("parameters", &Is::Map(Names::Any, &Is::Object(&PARAMETER))),
        may("responses", &Is::Map(Names::Any, &Is::Object(&RESPONSE))),
        may(
            "securityDefinitions",
            &Is::Map(Names::Any, &Is::Object(&SECURITY_SCHEME)),
        ),
        may("security", &SECURITY),
        may("tags", &Is::List(&Is::Object(&TAG), 0)),
        may("externalDocs", &Is::Object(&EXTERNAL_DOCS)),
    ],
    shared: &[],
    section: "",
    rule: rules::tags,
};

pub(super) static PATH_ITEM: Kind = Kind {
    name: "a path item",
    members: &[
        may("$ref", &Is::Data),
        may("get", &OPERATION_IS),
        may("put", &OPERATION_IS),
        may("post", &OPERATION_IS),
        may("delete", &OPERATION_IS),
        may("options", &OPERATION_IS),
        may("head", &OPERATION_IS),
        may("patch", &OPERATION_IS),
        may("parameters", &PARAMETERS),
    ],
    shared: &[],
    section: "paths",
    rule: rules_v2::path_item,
};

static OPERATION: Kind = Kind {
    name: "an operation",
    members: &[
        may("tags", &TEXTS),
        may("summary", TEXT),
        may("description", TEXT),
        may("externalDocs", &Is::Object(&EXTERNAL_DOCS)),
        may("operationId", TEXT),
        may("consumes", &TEXTS),
        may("produces", &TEXTS),
        may("parameters", &PARAMETERS),
        must(
            "responses",
            &Is::Map(Names::Status, &Is::Referable(&RESPONSE)),
        ),
        may("schemes", &SCHEMES),
        may("deprecated", &Is::Flag),
        may("security", &SECURITY),
    ],
    shared: &[],
    section: "",
    rule: rules_v2::operation,
};

/// The type of a value that is no body: parameters, headers and their items share it.
static VALUE: [Member; 18] = [
    may(
        "type",
        &Is::Word(&[
            ("string", V20),
            ("number", V20),
            ("integer", V20),
            ("boolean", V20),
            ("array", V20),
            ("file", V20),
        ]),
    ),
    may("format", TEXT),
    may("items", &Is::Object(&ITEMS)),
    may(
        "collectionFormat",
        &Is::Word(&[
            ("csv", V20),
            ("ssv", V20),
            ("tsv", V20),
            ("pipes", V20),
            ("multi", V20),
        ]),
    ),
    may("default", &Is::Data),
    may("maximum", &Is::Number),
    may("exclusiveMaximum", &Is::Flag),
    may("minimum", &Is::Number),
    may("exclusiveMinimum", &Is::Flag),
    may("maxLength", &Is::Count),
    may("minLength", &Is::Count),
    may("pattern", TEXT),
    may("maxItems", &Is::Count),
    may("minItems", &Is::Count),
    may("uniqueItems", &Is::Flag),
    may("enum", &Is::List(&Is::Data, 1)),
    may("multipleOf", &Is::Positive),
    may("description", TEXT),
];

static PARAMETER: Kind = Kind {
    name: "a parameter",
    members: &[
        must("name", TEXT),
        must(
            "in",
            &Is::Word(&[
                ("query", V20),
                ("header", V20),
                ("path", V20),
                ("formData", V20),
                ("body", V20),
            ]),
        ),
        may("required", &Is::Flag),
        may("allowEmptyValue", &Is::Flag),
        may("schema", &Is::Schema),
    ],
    shared: &VALUE,
    section: "parameters",
    rule: rules_v2::parameter,
};

static ITEMS: Kind = Kind {
    name: "the items",
    members: &[],
    shared: &VALUE,
    section: "",
    rule: rules_v2::lone_value,
};

static RESPONSE: Kind = Kind {
    name: "a response",
    members: &[
        must("description", TEXT),
        may("schema", &Is::Schema),
        may("headers", &Is::Map(Names::Any, &Is::Object(&HEADER))),
        may("examples", &Is::Map(Names::Any, &Is::Data)),
    ],
    shared: &[],
    section: "responses",
    rule: nothing_else,
};

static HEADER: Kind = Kind {
    name: "a header",
    members: &[],
    shared: &VALUE,
    section: "",
    rule: rules_v2::lone_value,
};

static SECURITY_SCHEME: Kind = Kind {
    name: "a security scheme",
    members: &[
        must(
            "type",
            &Is::Word(&[("basic", V20), ("apiKey", V20), ("oauth2", V20)]),
        ),
        may("description", TEXT),
        may("name", TEXT),
        may("in", &Is::Word(&[("query", V20), ("header", V20)])),
        may(
            "flow",
            &Is::Word(&[
                ("implicit", V20),
                ("password", V20),
                ("application", V20),
                ("accessCode", V20),
            ]),
        ),
        may("authorizationUrl", TEXT),
        may("tokenUrl", TEXT),
        may("scopes", &Is::Map(Names::Any, TEXT)),
    ],
    shared: &[],
    section: "",
    rule: rules_v2::security_scheme,
};
