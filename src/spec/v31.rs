//! OpenAPI 3.1, read straight from the document's value.

use super::dialect::Declared;
use super::model::{Location, Misread, SchemeKind, Style};
use crate::wire::Pointer;
use serde_json::Value;

pub(super) fn check_operation(value: &Value, at: &Pointer) -> Result<(), Misread> {
    if !value.is_object() {
        return Err(Misread::at(at, "an operation is an object"));
    }
    text(value, "operationId", at)?;
    for (name, right, kind) in [
        (
            "parameters",
            value.get("parameters").is_none_or(Value::is_array),
            "an array",
        ),
        (
            "responses",
            value.get("responses").is_none_or(Value::is_object),
            "an object",
        ),
        (
            "security",
            value.get("security").is_none_or(Value::is_array),
            "an array",
        ),
    ] {
        if !right {
            return Err(Misread::at(&at.child(name), format!("`{name}` is {kind}")));
        }
    }
    Ok(())
}

pub(super) fn parameter(value: &Value, at: &Pointer) -> Result<Declared, Misread> {
    let name = required_text(value, "name", at)?;
    let place = required_text(value, "in", at)?;
    let Some(location) = location(&place) else {
        return Err(Misread::at(
            &at.child("in"),
            format!("a parameter is in path, query, header or cookie, not in `{place}`"),
        ));
    };
    let style = match text(value, "style", at)? {
        None => None,
        Some(name) => Some(style(&name).ok_or_else(|| {
            Misread::at(
                &at.child("style"),
                format!("there is no parameter style `{name}`"),
            )
        })?),
    };
    if value.get("schema").is_some() == value.get("content").is_some() {
        return Err(Misread::at(
            at,
            "a parameter has either `schema` or `content`",
        ));
    }
    Ok(Declared {
        name,
        location,
        required: flag(value, "required", at)?.unwrap_or(false),
        style,
        explode: flag(value, "explode", at)?,
    })
}

pub(super) fn header_is_required(value: &Value, at: &Pointer) -> Result<bool, Misread> {
    Ok(flag(value, "required", at)?.unwrap_or(false))
}

pub(super) fn response_description(value: &Value, at: &Pointer) -> Result<String, Misread> {
    required_text(value, "description", at)
}

pub(super) fn body_is_required(value: &Value, at: &Pointer) -> Result<bool, Misread> {
    if !value.get("content").is_some_and(Value::is_object) {
        return Err(Misread::at(at, "a request body has a `content` object"));
    }
    Ok(flag(value, "required", at)?.unwrap_or(false))
}

pub(super) fn security_scheme(value: &Value, at: &Pointer) -> Result<SchemeKind, Misread> {
    let kind = required_text(value, "type", at)?;
    Ok(match kind.as_str() {
        "apiKey" => {
            let place = required_text(value, "in", at)?;
            let location = location(&place)
                .filter(|location| *location != Location::Path)
                .ok_or_else(|| {
                    Misread::at(&at.child("in"), "an API key is in query, header or cookie")
                })?;
            SchemeKind::ApiKey(location, required_text(value, "name", at)?)
        }
        "http" => SchemeKind::http(
            required_text(value, "scheme", at)?,
            text(value, "bearerFormat", at)?.as_deref(),
        ),
        "oauth2" | "openIdConnect" => SchemeKind::OAuth,
        "mutualTLS" => SchemeKind::MutualTls,
        other => {
            return Err(Misread::at(
                &at.child("type"),
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
        _ => return None,
    })
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
        _ => return None,
    })
}

fn text(value: &Value, member: &str, at: &Pointer) -> Result<Option<String>, Misread> {
    match value.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Misread::at(
            &at.child(member),
            format!("`{member}` is a string"),
        )),
    }
}

fn required_text(value: &Value, member: &str, at: &Pointer) -> Result<String, Misread> {
    text(value, member, at)?.ok_or_else(|| Misread::at(at, format!("`{member}` is missing")))
}

fn flag(value: &Value, member: &str, at: &Pointer) -> Result<Option<bool>, Misread> {
    match value.get(member) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Misread::at(
            &at.child(member),
            format!("`{member}` is true or false"),
        )),
    }
}
