//! The objects of OpenAPI 3.0.4 §4.7, 3.1.1 §4.8 and 3.2.0 §4, in the order of the specification.

use super::grammar::{Is, Kind, Names, TEXTS, may, must, nothing_else};
use super::rules;
use super::security::SECURITY_SCHEME;
use super::version::Version::{V20, V30, V31, V32};

static SERVERS: Is = Is::List(&Is::Object(&SERVER), 0);
static PARAMETERS: Is = Is::List(&Is::Referable(&PARAMETER), 0);
static CONTENT: Is = Is::Map(Names::Media, &Is::Referable(&MEDIA_TYPE));
static HEADERS: Is = Is::Map(Names::Header, &Is::Referable(&HEADER));
static EXAMPLES: Is = Is::Map(Names::Any, &Is::Referable(&EXAMPLE));
static LINKS: Is = Is::Map(Names::Any, &Is::Referable(&LINK));
static CALLBACKS: Is = Is::Map(Names::Any, &Is::Callback(&CALLBACK));
static ENCODINGS: Is = Is::Map(Names::Any, &Is::Object(&ENCODING));
static SECURITY: Is = Is::List(&Is::Map(Names::Any, &TEXTS), 0);
pub(super) static PATH_ITEM_IS: Is = Is::Object(&PATH_ITEM);
static OPERATION_IS: Is = Is::Object(&OPERATION);
const FLAG: &Is = &Is::Flag;
const TEXT: &Is = &Is::Text;

const WITHIN: &str =
    "encodings within an encoding aren't looked at: a part that has parts is taken as it is";
pub(super) const DEPRECATED: &str =
    "`deprecated` changes nothing: what is deprecated is served like all else";

pub(super) static DOCUMENT: Kind = Kind {
    name: "a document",
    members: &[
        must("openapi", TEXT),
        may("$self", TEXT).since(V32),
        must("info", &Is::Object(&INFO)),
        may("jsonSchemaDialect", TEXT).since(V31),
        may("servers", &SERVERS),
        must("paths", &Is::Map(Names::Path, &Is::Object(&PATH_ITEM))).needed_until(V30),
        may("webhooks", &Is::Map(Names::Any, &Is::Object(&PATH_ITEM))).since(V31),
        may("components", &Is::Object(&COMPONENTS)),
        may("security", &SECURITY),
        may("tags", &Is::List(&Is::Object(&TAG), 0)),
        may("externalDocs", &Is::Object(&EXTERNAL_DOCS)),
    ],
    shared: &[],
    section: "",
    rule: rules::document,
};

pub(super) static INFO: Kind = Kind {
    name: "the info",
    members: &[
        must("title", TEXT),
        may("summary", TEXT).since(V31),
        may("description", TEXT),
        may("termsOfService", TEXT),
        may("contact", &Is::Object(&CONTACT)),
        may("license", &Is::Object(&LICENSE)),
        must("version", TEXT),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};

static CONTACT: Kind = Kind {
    name: "a contact",
    members: &[may("name", TEXT), may("url", TEXT), may("email", TEXT)],
    shared: &[],
    section: "",
    rule: nothing_else,
};

static LICENSE: Kind = Kind {
    name: "a license",
    members: &[
        must("name", TEXT),
        may("identifier", TEXT).since(V31),
        may("url", TEXT),
    ],
    shared: &[],
    section: "",
    rule: |walk, map| rules::exclude(walk, map, &["identifier", "url"]),
};

static SERVER: Kind = Kind {
    name: "a server",
    members: &[
        must("url", TEXT),
        may("description", TEXT),
        may("name", TEXT).since(V32),
        may(
            "variables",
            &Is::Map(Names::Any, &Is::Object(&SERVER_VARIABLE)),
        ),
    ],
    shared: &[],
    section: "",
    rule: rules::server,
};

static SERVER_VARIABLE: Kind = Kind {
    name: "a server variable",
    members: &[
        may("enum", &TEXTS),
        must("default", TEXT),
        may("description", TEXT),
    ],
    shared: &[],
    section: "",
    rule: rules::server_variable,
};

static COMPONENTS: Kind = Kind {
    name: "the components",
    members: &[
        may("schemas", &Is::Map(Names::Component, &Is::Schema)),
        may(
            "responses",
            &Is::Map(Names::Component, &Is::Referable(&RESPONSE)),
        ),
        may(
            "parameters",
            &Is::Map(Names::Component, &Is::Referable(&PARAMETER)),
        ),
        may(
            "examples",
            &Is::Map(Names::Component, &Is::Referable(&EXAMPLE)),
        ),
        may(
            "requestBodies",
            &Is::Map(Names::Component, &Is::Referable(&REQUEST_BODY)),
        ),
        may(
            "headers",
            &Is::Map(Names::Component, &Is::Referable(&HEADER)),
        ),
        may(
            "securitySchemes",
            &Is::Map(Names::Component, &Is::Referable(&SECURITY_SCHEME)),
        ),
        may("links", &Is::Map(Names::Component, &Is::Referable(&LINK))),
        may(
            "callbacks",
            &Is::Map(Names::Component, &Is::Callback(&CALLBACK)),
        ),
        may(
            "pathItems",
            &Is::Map(Names::Component, &Is::Object(&PATH_ITEM)),
        )
        .since(V31),
        may(
            "mediaTypes",
            &Is::Map(Names::Component, &Is::Referable(&MEDIA_TYPE)),
        )
        .since(V32),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};

pub(super) static PATH_ITEM: Kind = Kind {
    name: "a path item",
    members: &[
        may("$ref", &Is::Data),
        may("summary", TEXT),
        may("description", TEXT),
        may("get", &OPERATION_IS),
        may("put", &OPERATION_IS),
        may("post", &OPERATION_IS),
        may("delete", &OPERATION_IS),
        may("options", &OPERATION_IS),
        may("head", &OPERATION_IS),
        may("patch", &OPERATION_IS),
        may("trace", &OPERATION_IS),
        may("query", &OPERATION_IS).since(V32),
        may(
            "additionalOperations",
            &Is::Map(Names::Method, &OPERATION_IS),
        )
        .since(V32),
        may("servers", &SERVERS),
        may("parameters", &PARAMETERS),
    ],
    shared: &[],
    section: "pathItems",
    rule: rules::path_item,
};

static OPERATION: Kind = Kind {
    name: "an operation",
    members: &[
        may("tags", &TEXTS),
        may("summary", TEXT),
        may("description", TEXT),
        may("externalDocs", &Is::Object(&EXTERNAL_DOCS)),
        may("operationId", TEXT),
        may("parameters", &PARAMETERS),
        may("requestBody", &Is::Referable(&REQUEST_BODY)),
        must(
            "responses",
            &Is::Map(Names::Status, &Is::Referable(&RESPONSE)),
        )
        .needed_until(V30),
        may("callbacks", &CALLBACKS),
        may("deprecated", FLAG).noted(DEPRECATED),
        may("security", &SECURITY),
        may("servers", &SERVERS),
    ],
    shared: &[],
    section: "",
    rule: rules::operation,
};

pub(super) static EXTERNAL_DOCS: Kind = Kind {
    name: "external documentation",
    members: &[may("description", TEXT), must("url", TEXT)],
    shared: &[],
    section: "",
    rule: nothing_else,
};

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
                ("cookie", V30),
                ("querystring", V32),
            ]),
        ),
        may("description", TEXT),
        may("required", FLAG),
        may("deprecated", FLAG).noted(DEPRECATED),
        may("allowEmptyValue", FLAG),
        may("style", TEXT),
        may("explode", FLAG),
        may("allowReserved", FLAG),
        may("schema", &Is::Schema),
        may("content", &CONTENT),
        may("example", &Is::Data),
        may("examples", &EXAMPLES),
    ],
    shared: &[],
    section: "parameters",
    rule: rules::parameter,
};

static REQUEST_BODY: Kind = Kind {
    name: "a request body",
    members: &[
        may("description", TEXT),
        must("content", &CONTENT),
        may("required", FLAG),
    ],
    shared: &[],
    section: "requestBodies",
    rule: nothing_else,
};

static MEDIA_TYPE: Kind = Kind {
    name: "a media type",
    members: &[
        // 3.2.1 will have it.
        may("description", TEXT).since(V32),
        may("schema", &Is::Schema),
        may("itemSchema", &Is::Schema).since(V32),
        may("example", &Is::Data),
        may("examples", &EXAMPLES),
        may("encoding", &ENCODINGS),
        may("prefixEncoding", &Is::List(&Is::Object(&ENCODING), 0)).since(V32),
        may("itemEncoding", &Is::Object(&ENCODING)).since(V32),
    ],
    shared: &[],
    section: "mediaTypes",
    rule: rules::media_type,
};

static ENCODING: Kind = Kind {
    name: "an encoding",
    members: &[
        may("contentType", TEXT),
        may("headers", &HEADERS),
        may(
            "style",
            &Is::Word(&[
                ("form", V30),
                ("spaceDelimited", V30),
                ("pipeDelimited", V30),
                ("deepObject", V30),
            ]),
        ),
        may("explode", FLAG),
        may("allowReserved", FLAG),
        may("encoding", &ENCODINGS).since(V32).noted(WITHIN),
        may("prefixEncoding", &Is::List(&Is::Object(&ENCODING), 0))
            .since(V32)
            .noted(WITHIN),
        may("itemEncoding", &Is::Object(&ENCODING))
            .since(V32)
            .noted(WITHIN),
    ],
    shared: &[],
    section: "",
    rule: rules::encodings,
};

static RESPONSE: Kind = Kind {
    name: "a response",
    members: &[
        may("summary", TEXT).since(V32),
        must("description", TEXT).needed_until(V31),
        may("headers", &HEADERS),
        may("content", &CONTENT),
        may("links", &LINKS).noted("links aren't followed, and nothing is judged by them"),
    ],
    shared: &[],
    section: "responses",
    rule: nothing_else,
};

/// Its members are the URLs that it is sent to, of which an extension's name is none.
pub(super) static CALLBACK: Kind = Kind {
    name: "a callback",
    members: &[],
    shared: &[],
    section: "callbacks",
    rule: nothing_else,
};

static EXAMPLE: Kind = Kind {
    name: "an example",
    members: &[
        may("summary", TEXT),
        may("description", TEXT),
        may("value", &Is::Data),
        may("externalValue", TEXT).noted("an `externalValue` isn't fetched from the network: only a file that references may reach is sent"),
        may("dataValue", &Is::Data).since(V32),
        may("serializedValue", TEXT).since(V32),
    ],
    shared: &[],
    section: "examples",
    rule: rules::example,
};

static LINK: Kind = Kind {
    name: "a link",
    members: &[
        may("operationRef", TEXT),
        may("operationId", TEXT),
        may("parameters", &Is::Map(Names::Any, &Is::Data)),
        may("requestBody", &Is::Data),
        may("description", TEXT),
        may("server", &Is::Object(&SERVER)),
    ],
    shared: &[],
    section: "links",
    rule: rules::link,
};

static HEADER: Kind = Kind {
    name: "a header",
    members: &[
        may("description", TEXT),
        may("required", FLAG),
        may("deprecated", FLAG).noted(DEPRECATED),
        // Of no use in a header, and 3.0 lets them stand.
        may("allowEmptyValue", FLAG).until(V30),
        may("allowReserved", FLAG).until(V30),
        may("style", &Is::Word(&[("simple", V30)])),
        may("explode", FLAG),
        may("schema", &Is::Schema),
        may("content", &CONTENT),
        may("example", &Is::Data),
        may("examples", &EXAMPLES),
    ],
    shared: &[],
    section: "headers",
    rule: rules::header,
};

pub(super) static TAG: Kind = Kind {
    name: "a tag",
    members: &[
        must("name", TEXT),
        may("summary", TEXT).since(V32),
        may("description", TEXT),
        may("externalDocs", &Is::Object(&EXTERNAL_DOCS)),
        may("parent", TEXT).since(V32),
        may("kind", TEXT).since(V32),
    ],
    shared: &[],
    section: "",
    rule: nothing_else,
};
