//! What a request says, read again by who looks at it later: nothing is judged, nothing changes.

use super::Way;
use crate::contract::Contract;
use crate::decode::{ParameterReader, Parameters, Payload, decode_body, query_keys};
use crate::mock::PreparedContent;
use crate::wire::{Preferences, Request};

/// A request to an operation, as far as it can be read.
pub(crate) struct Meaning {
    /// Its parameters, those that can't be read left out.
    pub(crate) parameters: Parameters,
    /// Its body; nothing where it can't be read.
    pub(crate) payload: Option<Payload>,
}

impl Contract {
    /// The number of the operation that a request is for.
    pub(crate) fn operation_of(&self, request: &Request) -> Option<usize> {
        match self.route(request) {
            Ok(Way::To(operation, _)) => Some(operation.number),
            _ => None,
        }
    }

    /// What a request says to its operation; nothing where it has none.
    pub(crate) fn meaning(&self, request: &Request) -> Option<Meaning> {
        let Ok(Way::To(operation, captures)) = self.route(request) else {
            return None;
        };
        let mut declared = operation.declared.parameters.iter();
        let plain = match declared.any(|parameter| parameter.name.starts_with("__")) {
            true => None,
            false => Preferences::strip(&request.target),
        };
        let plain = plain.map(|target| Request {
            target,
            ..request.clone()
        });
        let request = plain.as_ref().unwrap_or(request);
        let keys = query_keys(&operation.declared.security);
        let readers = &operation.parameters;
        let (mut parameters, _) =
            ParameterReader::read_all(readers, &self.shapes, request, &captures.pairs(), &keys);
        for (reader, schema) in readers.iter().zip(&operation.parameter_schemas) {
            let (location, name) = (reader.parameter.location, &reader.parameter.name);
            if let Some(list) = parameters.take_list(location, name)
                && let Some(schema) = *schema
                && let Some(value) = parameters.of(location).get(name)
                && !self.schemas.is_valid(schema, value)
                && self.schemas.is_valid(schema, &list)
            {
                parameters.of_mut(location).insert(name.clone(), list);
            }
        }
        let offers = operation.bodies.iter().map(PreparedContent::offer);
        let payload = match operation.bodies.is_empty() {
            true => Some(Payload::Absent),
            false => {
                let body = decode_body(request, false, offers, &self.shapes);
                body.ok().map(|body| body.payload)
            }
        };
        Some(Meaning {
            parameters,
            payload,
        })
    }
}
