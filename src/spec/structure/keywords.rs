//! The Schema Object: OpenAPI's subset of JSON Schema up to 3.0 (3.0.4 §4.7.24, 2.0 Schema
//! Object), and JSON Schema 2020-12 with OpenAPI's own keywords from 3.1 on.

use super::grammar::{Is, Kind, Names, TEXTS, may, must};
use super::schema_rules;
use super::v3::EXTERNAL_DOCS;
use super::version::Version::{V20, V30, V31, V32};

static SCHEMAS: Is = Is::Map(Names::Any, &Is::Schema);
static LIST: Is = Is::List(&Is::Schema, 1);
const CONTENT: &str =
    "what a text holds (`contentMediaType`, `contentEncoding`, `contentSchema`) isn't judged";

/// In order of use: the walk looks a keyword up from the top.
pub(super) static SCHEMA: Kind = Kind {
    name: "a schema",
    members: &[
        may("$ref", &Is::Data),
        may("type", &Is::Types),
        may("description", &Is::Text),
        may("properties", &SCHEMAS),
        may("items", &Is::Schema),
        may("format", &Is::Text),
        may("enum", &Is::List(&Is::Data, 0)),
        may("example", &Is::Data),
        may("required", &TEXTS),
        may("default", &Is::Data),
        may("nullable", &Is::Flag).since(V30).until(V30),
        may("title", &Is::Text),
        may("allOf", &LIST),
        may("anyOf", &LIST).since(V30),
        may("oneOf", &LIST).since(V30),
        may("not", &Is::Schema).since(V30),
        may("additionalProperties", &Is::SchemaOrFlag),
        may("readOnly", &Is::Flag),
        may("writeOnly", &Is::Flag).since(V30),
        may("deprecated", &Is::Flag).since(V30),
        may("minLength", &Is::Count),
        may("maxLength", &Is::Count),
        may("pattern", &Is::Text),
        may("minimum", &Is::Number),
        may("maximum", &Is::Number),
        may("exclusiveMinimum", &Is::Flag).until(V30),
        may("exclusiveMaximum", &Is::Flag).until(V30),
        may("exclusiveMinimum", &Is::Number).since(V31),
        may("exclusiveMaximum", &Is::Number).since(V31),
        may("multipleOf", &Is::Positive),
        may("minItems", &Is::Count),
        may("maxItems", &Is::Count),
        may("uniqueItems", &Is::Flag),
        may("minProperties", &Is::Count),
        may("maxProperties", &Is::Count),
        may("discriminator", &Is::Object(&DISCRIMINATOR)).since(V30),
        // In 2.0 it is the name of the property.
        may("discriminator", &Is::Text).until(V20),
        may("externalDocs", &Is::Object(&EXTERNAL_DOCS)),
        may("xml", &Is::Object(&XML_OBJECT)),
        may("const", &Is::Data).since(V31),
        may("examples", &Is::List(&Is::Data, 0)).since(V31),
        may("prefixItems", &LIST).since(V31),
        may("contains", &Is::Schema).since(V31),
        may("minContains", &Is::Count).since(V31),
        may("maxContains", &Is::Count).since(V31),
        may("patternProperties", &SCHEMAS).since(V31),
        may("propertyNames", &Is::Schema).since(V31),
        may("dependentSchemas", &SCHEMAS).since(V31),
        may("dependentRequired", &Is::Map(Names::Any, &TEXTS)).since(V31),
        may("unevaluatedItems", &Is::Schema).since(V31),
        may("unevaluatedProperties", &Is::Schema).since(V31),
        may("if", &Is::Schema).since(V31),
        may("then", &Is::Schema).since(V31),
        may("else", &Is::Schema).since(V31),
        may("contentEncoding", &Is::Text).since(V31).noted(CONTENT),
        may("contentMediaType", &Is::Text).since(V31).noted(CONTENT),
        may("contentSchema", &Is::Schema).since(V31).noted(CONTENT),
        may("$defs", &SCHEMAS).since(V31),
        may("definitions", &SCHEMAS).since(V31),
        may("$id", &Is::Text).since(V31),
        may("$schema", &Is::Text).since(V31),
        may("$anchor", &Is::Text).since(V31),
        may("$dynamicAnchor", &Is::Text).since(V31),
        may("$dynamicRef", &Is::Text).since(V31),
        may("$comment", &Is::Text).since(V31),
        may("$vocabulary", &Is::Map(Names::Any, &Is::Flag))
            .since(V31)
            .noted(
                "a `$vocabulary` isn't looked at: schemas are read by the vocabularies of 2020-12",
            ),
    ],
    shared: &[],
    section: "schemas definitions",
    rule: schema_rules::schema,
};

static DISCRIMINATOR: Kind = Kind {
    name: "a discriminator",
    members: &[
        must("propertyName", &Is::Text),
        may("mapping", &Is::Map(Names::Any, &Is::Text)),
        may("defaultMapping", &Is::Text).since(V32),
    ],
    shared: &[],
    section: "",
    rule: schema_rules::discriminator,
};

static XML_OBJECT: Kind = Kind {
    name: "an XML object",
    members: &[
        may("name", &Is::Text),
        may("namespace", &Is::Text),
        may("prefix", &Is::Text),
        may("attribute", &Is::Flag),
        may("wrapped", &Is::Flag),
        may(
            "nodeType",
            &Is::Word(&[
                ("element", V32),
                ("attribute", V32),
                ("text", V32),
                ("cdata", V32),
                ("none", V32),
            ]),
        )
        .since(V32),
    ],
    shared: &[],
    section: "",
    rule: schema_rules::xml,
};
