use super::Counted;
use super::node::BUDGET;
use super::points::{PointId, Points};
use crate::contract::Contract;
use crate::decode::{ParameterReader, Payload, decode_reply, form_name};
use crate::exchange::Meaning;
use crate::host::Seen;
use crate::mock::Prepared;
use crate::spec::Location;
use crate::wire::Request;
use serde_json::Value;

impl Points {
    /// Counts an exchange; gives whether all of it could be read.
    pub(super) fn count(
        &mut self,
        contract: &Contract,
        operation: &Prepared,
        seen: &Seen<'_>,
        exchange: &Counted<'_>,
    ) -> bool {
        self.asked += 1;
        if exchange.is_valid
            && let Some(meaning) = seen.meaning()
        {
            self.count_parameters(contract, operation, seen.request(), meaning);
            self.count_body(contract, meaning);
        }
        let is_asked = exchange.has_request_body || operation.bodies.is_empty();
        let is_answered = self.count_reply(contract, operation, exchange);
        is_asked && is_answered
    }

    fn count_parameters(
        &mut self,
        contract: &Contract,
        operation: &Prepared,
        request: &Request,
        meaning: &Meaning,
    ) {
        for (reader, points) in operation.parameters.iter().zip(&self.parameters) {
            let declared = &reader.parameter;
            let value = meaning.parameters.of(declared.location).get(&declared.name);
            match value.filter(|value| is_sent(contract, reader, request, value)) {
                Some(value) => {
                    note(&mut self.seen, points.sent);
                    let mut budget = BUDGET;
                    points
                        .node
                        .count(contract, &mut self.seen, value, &mut budget);
                }
                None => note(&mut self.seen, points.absent),
            }
        }
    }

    fn count_body(&mut self, contract: &Contract, meaning: &Meaning) {
        let (number, value) = match &meaning.payload {
            Some(Payload::Value(number, value)) => (*number, Some(value)),
            Some(Payload::Opaque(number)) => (*number, None),
            Some(Payload::Absent) | None => return,
        };
        if let Some(points) = self.bodies.get(number) {
            note(&mut self.seen, points.point);
            if let Some(value) = value {
                let mut budget = BUDGET;
                points
                    .node
                    .count(contract, &mut self.seen, value, &mut budget);
            }
        }
    }

    fn count_reply(
        &mut self,
        contract: &Contract,
        operation: &Prepared,
        exchange: &Counted<'_>,
    ) -> bool {
        let Some(response) = operation.response(exchange.status.as_u16()) else {
            return true;
        };
        let mut responses = operation.responses.iter();
        let number = responses.position(|own| std::ptr::eq(own, response));
        let Some(points) = number.and_then(|number| self.responses.get(number)) else {
            return true;
        };
        note(&mut self.seen, points.point);
        let Some(sent) = &exchange.media_type else {
            return true;
        };
        let contents = response.contents.iter().enumerate();
        let fitting = contents.filter(|(_, content)| content.media_type.takes_in(sent));
        let fitting = fitting.max_by_key(|(_, content)| content.media_type.nearness(sent));
        let Some((number, content)) = fitting else {
            return true;
        };
        let points = &points.contents[number];
        note(&mut self.seen, points.point);
        let Some(body) = exchange.body else {
            return false;
        };
        let read = decode_reply(body, sent, content.offer(), &contract.shapes);
        if let Ok(Payload::Value(_, value)) = read.map(|body| body.payload) {
            let mut budget = BUDGET;
            points
                .node
                .count(contract, &mut self.seen, &value, &mut budget);
        }
        true
    }
}

fn note(seen: &mut [u64], point: Option<PointId>) {
    if let Some(point) = point {
        seen[point.0] += 1;
    }
}

/// Whether the client said it: what is left out has its default.
fn is_sent(
    contract: &Contract,
    reader: &ParameterReader,
    request: &Request,
    value: &Value,
) -> bool {
    let declared = &reader.parameter;
    if reader.default(&contract.shapes).as_ref() != Some(value) {
        return true;
    }
    match declared.location {
        Location::Header => request.headers.contains_key(declared.name.as_str()),
        Location::Query => request.query().split('&').any(|pair| {
            let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
            form_name(name).is_some_and(|name| name == declared.name)
        }),
        Location::Path | Location::Querystring | Location::Cookie => false,
    }
}
