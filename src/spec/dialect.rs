//! What the readers of the versions have in common: each reads one declared object at a time,
//! so that an object that can't be read costs only the operations that use it.

use super::model::{
    Encoding, Header, Location, Misread, Parameter, Response, SchemeKind, StatusKey, Style,
};
use super::notes::Notes;
use super::tree::Node;
use super::{v3, v20, v30};
use crate::wire::is_token;

/// A version of the specification, by the way its objects are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Swagger 2.0.
    V20,
    /// OpenAPI 3.0.x.
    V30,
    /// OpenAPI 3.1.x.
    V31,
    /// OpenAPI 3.2.x.
    V32,
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
    /// How people call it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::V20 => "Swagger 2.0",
            Dialect::V30 => "OpenAPI 3.0",
            Dialect::V31 => "OpenAPI 3.1",
            Dialect::V32 => "OpenAPI 3.2",
        }
    }

    /// Tells the version from the `openapi` or `swagger` member.
    pub(super) fn of(root: Node<'_>) -> Result<Dialect, Misread> {
        let (member, node) = match (root.get("openapi"), root.get("swagger")) {
            (Some(node), _) => ("openapi", node),
            (None, Some(node)) => ("swagger", node),
            (None, None) => {
                return Err(Misread::at(
                    root,
                    "this is no OpenAPI document: it has no `openapi` member",
                ));
            }
        };
        // A bare 2.0 or 3.1 is a number to YAML and means the text.
        let Some(version) = node.written() else {
            return Err(Misread::at(node, format!("`{member}` is a text")));
        };
        match member {
            "swagger" if is_of(&version, "2.0") || version == "2" => Ok(Dialect::V20),
            "openapi" if is_of(&version, "3.0") => Ok(Dialect::V30),
            "openapi" if is_of(&version, "3.1") => Ok(Dialect::V31),
            "openapi" if is_of(&version, "3.2") => Ok(Dialect::V32),
            _ => Err(Misread::at(
                node,
                format!("{member} {version} is not read; swagger 2.0 and openapi 3.0 to 3.2 are"),
            )),
        }
    }

    /// Whether the members that an operation must have are there and of their type.
    pub(super) fn check_operation(self, node: Node<'_>, notes: &Notes) -> Result<(), Misread> {
        v3::check_operation(node, notes)
    }

    /// A parameter without its examples, in which references may stand.
    pub(super) fn parameter(self, node: Node<'_>, notes: &Notes) -> Result<Parameter, Misread> {
        let declared = match self {
            Dialect::V20 => return v20::parameter(node),
            // What the typed reader of 3.0 refuses may yet be meant in one way only.
            Dialect::V30 => v30::parameter(node).or_else(|_| v3::parameter(node, notes))?,
            _ => v3::parameter(node, notes)?,
        };
        v3::check_parameter(node, notes);
        let style = declared.style.unwrap_or(match declared.location {
            Location::Query | Location::Cookie | Location::Querystring => Style::Form,
            Location::Path | Location::Header => Style::Simple,
        });
        let content = content_of(node);
        let schema = match &content {
            Some((_, content)) => content.get("schema"),
            None => node.get("schema"),
        };
        Ok(Parameter {
            name: declared.name,
            location: declared.location,
            required: declared.required || declared.location == Location::Path,
            style,
            explode: declared
                .explode
                .unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            allow_reserved: is_set(node, "allowReserved"),
            allow_empty: declared.location == Location::Query && is_set(node, "allowEmptyValue"),
            media_type: content.map(|(name, _)| name),
            schema: schema.map(Node::at),
            examples: Vec::new(),
            at: node.at(),
        })
    }

    /// A header field without its examples, in which references may stand.
    pub(super) fn header(self, name: &str, node: Node<'_>, notes: &Notes) -> Header {
        if self == Dialect::V20 {
            let (style, explode) = v20::collection(node, Location::Header);
            return Header {
                name: name.to_owned(),
                required: false,
                style,
                explode,
                media_type: None,
                schema: Some(node.at()),
                examples: Vec::new(),
                at: node.at(),
            };
        }
        let typed = (self == Dialect::V30).then(|| v30::header_is_required(node).ok());
        let required = typed.flatten();
        let (media_type, schema) = match content_of(node) {
            Some((name, content)) => (Some(name), content.get("schema")),
            None => (None, node.get("schema")),
        };
        Header {
            name: name.to_owned(),
            required: required.unwrap_or_else(|| v3::header_is_required(node, notes)),
            style: Style::Simple,
            explode: is_set(node, "explode"),
            media_type,
            schema: schema.map(Node::at),
            examples: Vec::new(),
            at: node.at(),
        }
    }

    /// An encoding without its headers, in which references may stand.
    pub(super) fn encoding(self, node: Node<'_>, notes: &Notes) -> Encoding {
        let types = node
            .get("contentType")
            .and_then(Node::text)
            .unwrap_or_default();
        let types = types.split(',').map(|name| name.trim().to_owned());
        let style = node.get("style").and_then(Node::text);
        Encoding {
            content_types: types.filter(|name| !name.is_empty()).collect(),
            style: match style {
                Some(name) => v3::style_of(&name, Location::Query, node, notes),
                None => None,
            },
            explode: node.get("explode").and_then(Node::as_bool),
            allow_reserved: node.get("allowReserved").and_then(Node::as_bool),
            headers: Vec::new(),
        }
    }

    /// A response without its headers and content, in which references may stand.
    pub(super) fn response(self, status: StatusKey, node: Node<'_>, notes: &Notes) -> Response {
        let typed = match self {
            Dialect::V30 => v30::response_description(node).ok(),
            _ => None,
        };
        Response {
            status,
            description: typed.unwrap_or_else(|| v3::response_description(node, notes)),
            headers: Vec::new(),
            content: Vec::new(),
            at: node.at(),
        }
    }

    pub(super) fn body_is_required(self, node: Node<'_>, notes: &Notes) -> bool {
        v3::body_is_required(node, notes)
    }

    pub(super) fn security_scheme(self, node: Node<'_>) -> Result<SchemeKind, Misread> {
        let kind = match self {
            Dialect::V20 => v20::security_scheme(node),
            Dialect::V30 => v30::security_scheme(node).or_else(|_| v3::security_scheme(node)),
            _ => v3::security_scheme(node),
        }?;
        // What no request can have isn't asked for.
        let (member, name, what) = match &kind {
            SchemeKind::ApiKey(Location::Header, name) => ("name", name, "a header field"),
            SchemeKind::Http(scheme) => ("scheme", scheme, "an HTTP authentication scheme"),
            _ => return Ok(kind),
        };
        match is_token(name) {
            true => Ok(kind),
            false => Err(Misread::at(
                node.get(member).unwrap_or(node),
                format!("this is no name of {what}: the scheme is not asked for"),
            )),
        }
    }

    /// Where the security schemes stand, below the root.
    pub(super) fn schemes(self) -> &'static [&'static str] {
        match self {
            Dialect::V20 => &["securityDefinitions"],
            _ => &["components", "securitySchemes"],
        }
    }
}

/// The one media type of a parameter or a header field, where it is what describes it.
pub(super) fn content_of<'d>(node: Node<'d>) -> Option<(String, Node<'d>)> {
    let content = node.get("content").filter(|_| node.get("schema").is_none());
    let (name, content) = content?.entries().next()?;
    Some((name.into_owned(), content))
}

fn is_set(node: Node<'_>, member: &str) -> bool {
    node.get(member).and_then(Node::as_bool) == Some(true)
}

fn is_of(version: &str, minor: &str) -> bool {
    let rest = version.strip_prefix(minor);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}
