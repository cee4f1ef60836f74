//! OpenAPI 3.0, typed by the `openapiv3` crate. That crate drops the schema keywords it doesn't
//! know, so it is handed each object with its schemas masked: they stay in the document's value.

use super::dialect::Declared;
use super::model::{Location, Misread, SchemeKind, Style};
use crate::wire::Pointer;
use openapiv3 as typed;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(super) fn check_operation(value: &Value, at: &Pointer) -> Result<(), Misread> {
    let mut shell = value.clone();
    if let Some(members) = shell.as_object_mut() {
        // These may be references or are read one by one, with places of their own.
        members
            .retain(|name, _| !matches!(name.as_str(), "parameters" | "requestBody" | "callbacks"));
        if let Some(responses) = members.get_mut("responses").and_then(Value::as_object_mut) {
            responses
                .values_mut()
                .for_each(|response| *response = json!({"$ref": "#"}));
        }
    }
    read::<typed::Operation>(shell, at).map(|_| ())
}

pub(super) fn parameter(value: &Value, at: &Pointer) -> Result<Declared, Misread> {
    let (location, style, data) = match read(masked(value), at)? {
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

pub(super) fn header_is_required(value: &Value, at: &Pointer) -> Result<bool, Misread> {
    read::<typed::Header>(masked(value), at).map(|header| header.required)
}

pub(super) fn response_description(value: &Value, at: &Pointer) -> Result<String, Misread> {
    let mut shell = masked(value);
    if let Some(members) = shell.as_object_mut() {
        members.shift_remove("headers");
    }
    read::<typed::Response>(shell, at).map(|response| response.description)
}

pub(super) fn body_is_required(value: &Value, at: &Pointer) -> Result<bool, Misread> {
    read::<typed::RequestBody>(masked(value), at).map(|body| body.required)
}

pub(super) fn security_scheme(value: &Value, at: &Pointer) -> Result<SchemeKind, Misread> {
    Ok(match read(value.clone(), at)? {
        typed::SecurityScheme::APIKey { location, name, .. } => {
            let location = match location {
                typed::APIKeyLocation::Query => Location::Query,
                typed::APIKeyLocation::Header => Location::Header,
                typed::APIKeyLocation::Cookie => Location::Cookie,
            };
            SchemeKind::ApiKey(location, name)
        }
        typed::SecurityScheme::HTTP {
            scheme,
            bearer_format,
            ..
        } => SchemeKind::http(scheme, bearer_format.as_deref()),
        typed::SecurityScheme::OAuth2 { .. } | typed::SecurityScheme::OpenIDConnect { .. } => {
            SchemeKind::OAuth
        }
    })
}

fn read<T: DeserializeOwned>(value: Value, at: &Pointer) -> Result<T, Misread> {
    serde_json::from_value(value).map_err(|error| Misread::at(at, error.to_string()))
}

fn masked(value: &Value) -> Value {
    let mut value = value.clone();
    mask(&mut value);
    if let Some(content) = value.get_mut("content").and_then(Value::as_object_mut) {
        content.values_mut().for_each(mask);
    }
    value
}

fn mask(value: &mut Value) {
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| {
            !matches!(name.as_str(), "example" | "examples" | "encoding" | "links")
        });
        if let Some(schema) = members.get_mut("schema") {
            *schema = json!({"$ref": "#"});
        }
    }
}
