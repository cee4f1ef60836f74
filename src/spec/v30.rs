//! Objects of OpenAPI 3.0, typed by the `openapiv3` crate; what it refuses is read as that of later
//! versions is, which can tell what may yet be meant. That crate drops the schema keywords it doesn't
//! know, so it is handed each object with its schemas masked: they stay in the document's value.

use super::dialect::Declared;
use super::model::{Location, Misread, SchemeKind, Style};
use super::tree::Node;
use openapiv3 as typed;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

pub(super) fn parameter(node: Node<'_>) -> Result<Declared, Misread> {
    let (location, style, data) = match read(masked(node), node)? {
        typed::Parameter::Query {
            parameter_data,
            style,
            ..
        } => {
            let style = match style {
                typed::QueryStyle::Form => Style::Form,
                typed::QueryStyle::SpaceDelimited => Style::SpaceDelimited,
                typed::QueryStyle::PipeDelimited => Style::PipeDelimited,
                typed::QueryStyle::DeepObject => Style::DeepObject,
            };
            (Location::Query, style, parameter_data)
        }
        typed::Parameter::Header { parameter_data, .. } => {
            (Location::Header, Style::Simple, parameter_data)
        }
        typed::Parameter::Path {
            parameter_data,
            style,
        } => {
            let style = match style {
                typed::PathStyle::Matrix => Style::Matrix,
                typed::PathStyle::Label => Style::Label,
                typed::PathStyle::Simple => Style::Simple,
            };
            (Location::Path, style, parameter_data)
        }
        typed::Parameter::Cookie { parameter_data, .. } => {
            (Location::Cookie, Style::Form, parameter_data)
        }
    };
    Ok(Declared {
        name: data.name,
        location,
        required: data.required,
        style: Some(style),
        explode: data.explode,
    })
}

pub(super) fn header_is_required(node: Node<'_>) -> Result<bool, Misread> {
    read::<typed::Header>(masked(node), node).map(|header| header.required)
}

pub(super) fn response_description(node: Node<'_>) -> Result<String, Misread> {
    let mut shell = shell(node, |name, member| match name {
        "headers" | "content" | "links" => None,
        _ => Some(member.value()),
    });
    if let Some(members) = shell.as_object_mut() {
        // Its absence is told by `check`, and is no reason not to serve.
        members.entry("description").or_insert_with(|| json!(""));
    }
    read::<typed::Response>(shell, node).map(|response| response.description)
}

pub(super) fn security_scheme(node: Node<'_>) -> Result<SchemeKind, Misread> {
    Ok(match read(masked(node), node)? {
        typed::SecurityScheme::APIKey { location, name, .. } => {
            let location = match location {
                typed::APIKeyLocation::Query => Location::Query,
                typed::APIKeyLocation::Header => Location::Header,
                typed::APIKeyLocation::Cookie => Location::Cookie,
            };
            SchemeKind::ApiKey(location, name)
        }
        typed::SecurityScheme::HTTP { scheme, .. } => SchemeKind::Http(scheme),
        typed::SecurityScheme::OAuth2 { .. } | typed::SecurityScheme::OpenIDConnect { .. } => {
            SchemeKind::OAuth
        }
    })
}

fn read<T: DeserializeOwned>(value: Value, node: Node<'_>) -> Result<T, Misread> {
    serde_json::from_value(value).map_err(|error| Misread::at(node, error.to_string()))
}

/// An object with its schemas, media types and examples masked.
fn masked(node: Node<'_>) -> Value {
    shell(node, |name, member| match name {
        "example" | "examples" | "links" => None,
        "schema" => Some(json!({"$ref": "#"})),
        "content" if member.is_object() => {
            let content = member
                .entries()
                .map(|(name, _)| (name.into_owned(), json!({})));
            Some(Value::Object(content.collect()))
        }
        _ => Some(member.value()),
    })
}

/// An object's own members as `mask` gives them, without extensions.
fn shell(node: Node<'_>, mask: impl Fn(&str, Node<'_>) -> Option<Value>) -> Value {
    if !node.is_object() {
        return node.value();
    }
    let mut members = Map::new();
    for (name, member) in node.entries().filter(|(name, _)| !name.starts_with("x-")) {
        if let Some(value) = mask(&name, member) {
            members.insert(name.into_owned(), value);
        }
    }
    Value::Object(members)
}
