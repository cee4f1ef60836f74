//! OpenAPI 3.1 and 3.2, read straight from the document's tree.

use super::dialect::Declared;
use super::model::{Location, Misread, SchemeKind, Style};
use super::tree::Node;

pub(super) fn check_operation(node: Node<'_>) -> Result<(), Misread> {
    if !node.is_object() {
        return Err(Misread::at(node, "an operation is an object"));
    }
    text(node, "operationId")?;
    for (name, right, kind) in [
        (
            "parameters",
            node.get("parameters").is_none_or(Node::is_array),
            "an array",
        ),
        (
            "responses",
            node.get("responses").is_none_or(Node::is_object),
            "an object",
        ),
        (
            "security",
            node.get("security").is_none_or(Node::is_array),
            "an array",
        ),
    ] {
        if !right {
            return Err(Misread::at(
                member_of(node, name),
                format!("`{name}` is {kind}"),
            ));
        }
    }
    Ok(())
}

pub(super) fn parameter(node: Node<'_>) -> Result<Declared, Misread> {
    let name = required_text(node, "name")?;
    let place = required_text(node, "in")?;
    let Some(location) = location(&place) else {
        return Err(Misread::at(
            member_of(node, "in"),
            format!("a parameter is in path, query, header or cookie, not in `{place}`"),
        ));
    };
    let style = match text(node, "style")? {
        None => None,
        Some(name) => Some(named_style(&name, member_of(node, "style"))?),
    };
    if node.get("schema").is_some() && node.get("content").is_some() {
        return Err(Misread::at(
            node,
            "a parameter has `schema` or `content`, not both",
        ));
    }
    Ok(Declared {
        name,
        location,
        required: flag(node, "required")?.unwrap_or(false),
        style,
        explode: flag(node, "explode")?,
    })
}

pub(super) fn header_is_required(node: Node<'_>) -> Result<bool, Misread> {
    Ok(flag(node, "required")?.unwrap_or(false))
}

pub(super) fn response_description(node: Node<'_>) -> Result<String, Misread> {
    // Its absence is told by `check`, and is no reason not to serve.
    Ok(text(node, "description")?.unwrap_or_default())
}

pub(super) fn body_is_required(node: Node<'_>) -> Result<bool, Misread> {
    if !node.get("content").is_some_and(Node::is_object) {
        return Err(Misread::at(node, "a request body has a `content` object"));
    }
    Ok(flag(node, "required")?.unwrap_or(false))
}

pub(super) fn security_scheme(node: Node<'_>) -> Result<SchemeKind, Misread> {
    let kind = required_text(node, "type")?;
    Ok(match kind.as_str() {
        "apiKey" => {
            let place = required_text(node, "in")?;
            let location = location(&place)
                .filter(|location| !matches!(location, Location::Path | Location::Querystring))
                .ok_or_else(|| {
                    Misread::at(
                        member_of(node, "in"),
                        "an API key is in query, header or cookie",
                    )
                })?;
            SchemeKind::ApiKey(location, required_text(node, "name")?)
        }
        "http" => SchemeKind::http(
            required_text(node, "scheme")?,
            text(node, "bearerFormat")?.as_deref(),
        ),
        "oauth2" | "openIdConnect" => SchemeKind::OAuth,
        "mutualTLS" => SchemeKind::MutualTls,
        other => {
            return Err(Misread::at(
                member_of(node, "type"),
                format!("there is no security scheme type `{other}`"),
            ));
        }
    })
}

fn location(text: &str) -> Option<Location> {
    Some(match text {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        "querystring" => Location::Querystring,
        _ => return None,
    })
}

pub(super) fn named_style(name: &str, node: Node<'_>) -> Result<Style, Misread> {
    style(name).ok_or_else(|| Misread::at(node, format!("there is no parameter style `{name}`")))
}

fn style(text: &str) -> Option<Style> {
    Some(match text {
        "matrix" => Style::Matrix,
        "label" => Style::Label,
        "simple" => Style::Simple,
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        "cookie" => Style::Cookie,
        _ => return None,
    })
}

/// A member, or where it would be.
fn member_of<'t>(node: Node<'t>, member: &str) -> Node<'t> {
    node.get(member).unwrap_or(node)
}

fn text(node: Node<'_>, member: &str) -> Result<Option<String>, Misread> {
    match node.get(member) {
        None => Ok(None),
        Some(value) => match value.text() {
            Some(text) => Ok(Some(text.into_owned())),
            None => Err(Misread::at(value, format!("`{member}` is a string"))),
        },
    }
}

fn required_text(node: Node<'_>, member: &str) -> Result<String, Misread> {
    text(node, member)?.ok_or_else(|| Misread::at(node, format!("`{member}` is missing")))
}

fn flag(node: Node<'_>, member: &str) -> Result<Option<bool>, Misread> {
    match node.get(member) {
        None => Ok(None),
        Some(value) => match value.as_bool() {
            Some(flag) => Ok(Some(flag)),
            None => Err(Misread::at(value, format!("`{member}` is true or false"))),
        },
    }
}
