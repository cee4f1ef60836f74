//! What the values of a document are, as far as references may stand in them.

use crate::spec::Dialect;

/// An object of OpenAPI in which references may stand, or that one may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Encoding,
    Schema,
    Discriminator,
    Example,
    Link,
    Callback,
    SecurityScheme,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// An example or the like, in which nothing is a reference.
    Data,
    /// What no reference should stand in, though some documents have them there: the texts and
    /// extensions of objects.
    Loose,
    One(Thing),
    Map(Thing),
    List(Thing),
}

use Is::{Data, List, Loose, Map, One};
use Thing::*;

impl Is {
    /// What a member of it is.
    pub fn member(self, name: &str, dialect: Dialect) -> Is {
        match self {
            Map(thing) => match (thing, name.starts_with("x-")) {
                // Extensions stand among paths, statuses and URLs.
                (PathItem | Response, true) => Loose,
                _ => One(thing),
            },
            One(thing) => thing.member(name, dialect),
            Loose => loose(name),
            Data | List(_) => Data,
        }
    }

    /// What an item of it is, where it is a list after all.
    pub fn item(self) -> Is {
        match self {
            // `items` may be a list, until 2020-12.
            List(thing) | One(thing @ Schema) => One(thing),
            Loose => Loose,
            _ => Data,
        }
    }

    /// The members of `components` in which such objects stand, where there are any; of the
    /// document itself, in 2.0.
    pub fn section(self, dialect: Dialect) -> Option<&'static str> {
        let One(thing) = self else {
            return None;
        };
        match dialect {
            Dialect::V20 => match thing {
                Schema => Some("definitions"),
                Parameter => Some("parameters"),
                Response => Some("responses"),
                SecurityScheme => Some("securityDefinitions"),
                _ => None,
            },
            _ => match thing {
                Schema => Some("schemas"),
                Parameter => Some("parameters"),
                Response => Some("responses"),
                RequestBody => Some("requestBodies"),
                Header => Some("headers"),
                Example => Some("examples"),
                Link => Some("links"),
                Callback => Some("callbacks"),
                SecurityScheme => Some("securitySchemes"),
                PathItem if dialect >= Dialect::V31 => Some("pathItems"),
                MediaType if dialect >= Dialect::V32 => Some("mediaTypes"),
                _ => None,
            },
        }
    }
}

impl Thing {
    fn member(self, name: &str, dialect: Dialect) -> Is {
        let is_old = dialect == Dialect::V20;
        match (self, name) {
            (Document, "paths" | "webhooks" | "x-webhooks") => Map(PathItem),
            (Document, "components") => One(Components),
            (Document, "definitions") if is_old => Map(Schema),
            (Document, "parameters") if is_old => Map(Parameter),
            (Document, "responses") if is_old => Map(Response),
            (Document, "securityDefinitions") if is_old => Map(SecurityScheme),
            (Components, "schemas") => Map(Schema),
            (Components, "responses") => Map(Response),
            (Components, "parameters") => Map(Parameter),
            (Components, "examples") => Map(Example),
            (Components, "requestBodies") => Map(RequestBody),
            (Components, "headers") => Map(Header),
            (Components, "securitySchemes") => Map(SecurityScheme),
            (Components, "links") => Map(Link),
            (Components, "callbacks") => Map(Callback),
            (Components, "pathItems") => Map(PathItem),
            (Components, "mediaTypes") => Map(MediaType),
            (PathItem | Operation, "parameters") => List(Parameter),
            (
                PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
                | "query",
            ) => One(Operation),
            (PathItem, "additionalOperations") => Map(Operation),
            (Operation, "requestBody") => One(RequestBody),
            (Operation, "responses") => Map(Response),
            (Operation, "callbacks") => Map(Callback),
            (Callback, name) if !name.starts_with("x-") => One(PathItem),
            (Parameter | Header | MediaType | Response, "schema") => One(Schema),
            (MediaType, "itemSchema") => One(Schema),
            (Parameter | Header | RequestBody | Response, "content") => Map(MediaType),
            (Parameter | Header | MediaType, "examples") if !is_old => Map(Example),
            (MediaType, "encoding") => Map(Encoding),
            (Response | Encoding, "headers") => Map(Header),
            (Response, "links") => Map(Link),
            // Those of 2.0 are schemas at the same time.
            (Parameter | Header, _) if is_old => Schema.member(name, dialect),
            (
                Schema,
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
                | "dependencies",
            ) => Map(Schema),
            (Schema, "allOf" | "oneOf" | "anyOf" | "prefixItems") => List(Schema),
            (
                Schema,
                "items"
                | "additionalItems"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "additionalProperties"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "contentSchema",
            ) => One(Schema),
            (Schema, "discriminator") => One(Discriminator),
            (Discriminator | Link | Example | SecurityScheme, _) => Data,
            _ => loose(name),
        }
    }
}

/// What a member is that nothing is known of but its name.
fn loose(name: &str) -> Is {
    let data = ["example", "examples", "default", "enum", "const", "value"];
    match data.contains(&name) {
        true => Data,
        false => Loose,
    }
}
