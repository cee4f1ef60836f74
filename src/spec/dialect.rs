//! What the readers of the versions have in common: each reads one declared object at a time,
//! so that an object that can't be read costs only the operations that use it.

use super::model::{Header, Location, Misread, Parameter, Response, SchemeKind, StatusKey, Style};
use super::{v30, v31};
use crate::wire::Pointer;
use serde_json::Value;

/// A version of the specification, by the way its objects are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 3.0.x.
    V30,
    /// OpenAPI 3.1.x.
    V31,
}

/// A declared parameter or header before defaults by place are known.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) location: Location,
    pub(super) required: bool,
    pub(super) style: Option<Style>,
    pub(super) explode: Option<bool>,
}

impl Dialect {
    /// Tells the version from the `openapi` member.
    pub(super) fn of(document: &Value) -> Result<Dialect, Misread> {
        let at =
            |member: &str, message: String| Misread::at(&Pointer::root().child(member), message);
        if document.get("swagger").is_some() {
            return Err(at(
                "swagger",
                "Swagger 2.0 is not read yet; OpenAPI 3.0 and 3.1 are".into(),
            ));
        }
        match document.get("openapi") {
            Some(Value::String(version)) if is_of(version, "3.0") => Ok(Dialect::V30),
            Some(Value::String(version)) if is_of(version, "3.1") => Ok(Dialect::V31),
            Some(Value::String(version)) => Err(at(
                "openapi",
                format!("OpenAPI {version} is not read yet; 3.0 and 3.1 are"),
            )),
            Some(other) => Err(at(
                "openapi",
                format!(
                    "`openapi` is a text, like \"{}.0\" in quotes",
                    other.to_string().trim_matches('"')
                ),
            )),
            None => Err(Misread::at(
                &Pointer::root(),
                "this is no OpenAPI document: it has no `openapi` member",
            )),
        }
    }

    /// Whether the members that an operation must have are there and of their type.
    pub(super) fn check_operation(self, value: &Value, at: &Pointer) -> Result<(), Misread> {
        match self {
            Dialect::V30 => v30::check_operation(value, at),
            Dialect::V31 => v31::check_operation(value, at),
        }
    }

    pub(super) fn parameter(self, value: &Value, at: &Pointer) -> Result<Parameter, Misread> {
        let declared = match self {
            Dialect::V30 => v30::parameter(value, at)?,
            Dialect::V31 => v31::parameter(value, at)?,
        };
        let style = declared.style.unwrap_or(match declared.location {
            Location::Query | Location::Cookie => Style::Form,
            Location::Path | Location::Header => Style::Simple,
        });
        let content = value.get("content").and_then(Value::as_object);
        let media_type = content.and_then(|content| content.keys().next().cloned());
        let schema = match &media_type {
            Some(media_type) => {
                let at = at.child("content").child(media_type).child("schema");
                content
                    .and_then(|content| content.values().next()?.get("schema"))
                    .map(|_| at)
            }
            None => value.get("schema").map(|_| at.child("schema")),
        };
        Ok(Parameter {
            name: declared.name,
            location: declared.location,
            required: declared.required || declared.location == Location::Path,
            style,
            explode: declared.explode.unwrap_or(style == Style::Form),
            media_type,
            schema,
            pointer: at.clone(),
        })
    }

    pub(super) fn header(self, name: &str, value: &Value, at: &Pointer) -> Result<Header, Misread> {
        let required = match self {
            Dialect::V30 => v30::header_is_required(value, at)?,
            Dialect::V31 => v31::header_is_required(value, at)?,
        };
        Ok(Header {
            name: name.to_owned(),
            required,
            schema: value.get("schema").map(|_| at.child("schema")),
        })
    }

    /// A response without its headers and content, in which references may stand.
    pub(super) fn response(
        self,
        status: StatusKey,
        value: &Value,
        at: &Pointer,
    ) -> Result<Response, Misread> {
        let description = match self {
            Dialect::V30 => v30::response_description(value, at)?,
            Dialect::V31 => v31::response_description(value, at)?,
        };
        Ok(Response {
            status,
            description,
            headers: Vec::new(),
            content: Vec::new(),
            pointer: at.clone(),
        })
    }

    pub(super) fn body_is_required(self, value: &Value, at: &Pointer) -> Result<bool, Misread> {
        match self {
            Dialect::V30 => v30::body_is_required(value, at),
            Dialect::V31 => v31::body_is_required(value, at),
        }
    }

    pub(super) fn security_scheme(
        self,
        value: &Value,
        at: &Pointer,
    ) -> Result<SchemeKind, Misread> {
        match self {
            Dialect::V30 => v30::security_scheme(value, at),
            Dialect::V31 => v31::security_scheme(value, at),
        }
    }
}

fn is_of(version: &str, minor: &str) -> bool {
    let rest = version.strip_prefix(minor);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
