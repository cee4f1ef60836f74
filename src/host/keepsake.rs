//! An exchange as the fixture that would have it answered so again.

use super::Host;
use crate::decode::Payload;
use crate::encode::to_yaml;
use crate::wire::{MediaType, Request, StatusCode};
use serde_json::{Map, Value, json};

/// How long a body of a request is at most that the fixture asks for, in bytes.
const ASKED: usize = 4 * 1024;

/// The reply that is kept.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// Its status.
    pub status: StatusCode,
    /// Its `Content-Type`, where it has one.
    pub media_type: Option<&'a str>,
    /// Its body, whole.
    pub body: &'a [u8],
}

/// A file of fixtures.
#[derive(Debug)]
pub struct Keepsake {
    /// Where it belongs, beside the folder of the document.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The fixture, which is all that is in it.
    pub(crate) fixture: Map<String, Value>,
}

impl Host {
    /// The fixture of a reply to a request: what its path, query and body say, and what was
    /// answered.
    ///
    /// # Errors
    /// Why there can be none, as a sentence.
    pub fn keepsake(&self, request: &Request, answered: Answered<'_>) -> Result<Keepsake, String> {
        let (_, inner) = self.sandbox_of(&request.target);
        let none = || "No operation was asked for, and a fixture is of one.".to_owned();
        let (api, inner) = self.api_of(inner).ok_or_else(none)?;
        let api = &self.apis[api];
        let contract = &api.contract;
        let request = Request {
            target: inner,
            ..request.clone()
        };
        let number = contract.operation_of(&request).ok_or_else(none)?;
        let meaning = contract.meaning(&request).ok_or_else(none)?;
        let declared = &contract.operations.get(number).declared;
        let name = declared.id.clone().unwrap_or_else(|| declared.name());
        let mut asked = Map::new();
        let parts = [
            ("path", &meaning.parameters.path),
            ("query", &meaning.parameters.query),
        ];
        for (part, said) in parts {
            if !said.is_empty() {
                asked.insert(part.to_owned(), Value::Object(said.clone()));
            }
        }
        if let Some(Payload::Value(_, body)) = meaning.payload
            && request.body.len() <= ASKED
        {
            asked.insert("body".to_owned(), body);
        }
        let mut fixture = Map::new();
        fixture.insert("operation".to_owned(), name.clone().into());
        if !asked.is_empty() {
            fixture.insert("request".to_owned(), asked.into());
        }
        fixture.insert("status".to_owned(), json!(answered.status.as_u16()));
        if let Some(body) = body(&answered)? {
            let media_type = answered.media_type.and_then(MediaType::parse);
            let media_type = media_type.map(|of| of.essence().to_owned());
            if let Some(media_type) = media_type.filter(|of| of != "application/json") {
                fixture.insert("mediaType".to_owned(), media_type.into());
            }
            fixture.insert("body".to_owned(), body);
        }
        let slug: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(60)
            .collect();
        let slug = slug.trim_matches('-').to_owned();
        let status = answered.status.as_u16();
        Ok(Keepsake {
            file: format!("fixtures/{}/replies/{slug}-{status}.yaml", api.name),
            text: to_yaml(&json!([fixture])),
            fixture,
        })
    }
}

impl Host {
    /// The fixture of an exchange, where the contract takes it, and the name of the file for its
    /// operation: `NAME/replies/OPERATION.yaml`.
    ///
    /// # Errors
    /// Why there can be none, as a sentence.
    pub(crate) fn recording(
        &self,
        request: &Request,
        answered: Answered<'_>,
    ) -> Result<(String, Map<String, Value>), String> {
        let Keepsake { file, fixture, .. } = self.keepsake(request, answered)?;
        let mut said = fixture.clone();
        said.retain(|name, _| !["operation", "request"].contains(&name.as_str()));
        let (_, inner) = self.sandbox_of(&request.target);
        let api = self.api_of(inner);
        let misfits = api.and_then(|(api, inner)| {
            let contract = &self.apis[api].contract;
            let request = Request {
                target: inner,
                ..request.clone()
            };
            let operation = contract.operation_of(&request)?;
            contract
                .reply_for(contract.operations.get(operation), &said)
                .err()
        });
        if let Some(misfit) = misfits.as_ref().and_then(|misfits| misfits.first()) {
            return Err(format!("The contract doesn't take it: {}.", misfit.message));
        }
        let file = file.strip_prefix("fixtures/").unwrap_or(&file);
        let status = format!("-{}.yaml", answered.status.as_u16());
        let file = file.strip_suffix(&status).unwrap_or(file);
        Ok((format!("{file}.yaml"), fixture))
    }
}

/// The body as a fixture has it: JSON as the value, all else as text.
fn body(answered: &Answered<'_>) -> Result<Option<Value>, String> {
    if answered.body.is_empty() {
        return Ok(None);
    }
    let media_type = answered.media_type.and_then(MediaType::parse);
    if media_type.is_some_and(|of| of.is_json()) {
        let value = serde_json::from_slice(answered.body);
        let value = value.map_err(|_| "The body can't be read as JSON.".to_owned())?;
        return Ok(Some(value));
    }
    match std::str::from_utf8(answered.body) {
        Ok(text) => Ok(Some(Value::from(text))),
        Err(_) => Err("The body is no text, and fixtures are.".to_owned()),
    }
}
