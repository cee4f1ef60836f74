//! Where the `links` of a response lead (OpenAPI 3.1.1 §4.8.20).

use super::call::Call;
use crate::contract::Contract;
use crate::mock::Prepared;
use crate::spec::{MessagePart, Node, RuntimeExpression};
use crate::wire::{Reply, decode_percent};
use serde_json::Value;

/// The operations that the links of a reply lead to, and what they say of their parameters.
pub(super) fn followed(
    contract: &Contract,
    operation: &Prepared,
    call: &Call,
    reply: &Reply,
) -> Vec<(usize, Vec<(String, Value)>)> {
    let document = &contract.document;
    let Some(response) = operation.declared.response(reply.status.as_u16()) else {
        return Vec::new();
    };
    let links = document.node(response.at).get("links");
    let links = links.into_iter().flat_map(Node::entries);
    let followed = links.filter_map(|(_, link)| {
        let link = document.node(document.referred(link.at()));
        let number = target(contract, link)?;
        let said = link.get("parameters").into_iter().flat_map(Node::entries);
        let said = said.filter_map(|(name, value)| {
            let value = value_of(&value.value(), call, reply)?;
            // `path.id` says in which place the parameter is that is meant.
            let name = ["path.", "query.", "header.", "cookie."]
                .iter()
                .find_map(|place| name.strip_prefix(place))
                .unwrap_or(&name);
            Some((name.to_owned(), value))
        });
        let said: Vec<(String, Value)> = said.collect();
        (!said.is_empty()).then_some((number, said))
    });
    followed.collect()
}

/// The operations that the links of an operation's responses name.
pub(super) fn linked(contract: &Contract, operation: &Prepared) -> Vec<usize> {
    let document = &contract.document;
    let responses = operation.declared.responses.iter();
    let links = responses.filter_map(|response| document.node(response.at).get("links"));
    let links = links.flat_map(Node::entries);
    let named = links.filter_map(|(_, link)| {
        let link = document.node(document.referred(link.at()));
        target(contract, link)
    });
    named.collect()
}

/// The number of the operation that a link names.
fn target(contract: &Contract, link: Node<'_>) -> Option<usize> {
    let document = &contract.document;
    let stubs = &document.operations;
    if let Some(id) = link.get("operationId").and_then(Node::text) {
        return stubs.iter().position(|stub| {
            let own = document.node(stub.at).get("operationId");
            own.is_some_and(|own| own.is_text(&id))
        });
    }
    let reference = link.get("operationRef")?;
    let at = document.follow(reference.at(), &reference.text()?).ok()?;
    stubs.iter().position(|stub| stub.at == at)
}

/// A constant, or what an expression names of the exchange.
fn value_of(said: &Value, call: &Call, reply: &Reply) -> Option<Value> {
    let text = match said {
        Value::String(text) if text.starts_with('$') => text,
        other => return Some(other.clone()),
    };
    match RuntimeExpression::parse(text).ok()? {
        RuntimeExpression::Reply(MessagePart::Body(at)) => at.get(&reply.body_json()?).cloned(),
        RuntimeExpression::Reply(MessagePart::Header(name)) => reply.header(&name).map(Value::from),
        RuntimeExpression::Request(MessagePart::Body(at)) => {
            at.get(call.body.as_ref()?.value.as_ref()?).cloned()
        }
        RuntimeExpression::Request(MessagePart::Path(name)) => {
            let (_, written) = call.path.iter().find(|(own, _)| *own == name)?;
            decode_percent(written).ok().map(Value::from)
        }
        RuntimeExpression::Request(MessagePart::Query(name)) => {
            let (_, pairs) = call.query.iter().find(|(own, _)| *own == name)?;
            let (_, value) = pairs.split_once('=')?;
            decode_percent(value).ok().map(Value::from)
        }
        RuntimeExpression::StatusCode => Some(Value::from(reply.status.as_u16())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::StatusCode;
    use serde_json::json;

    const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /users/{name}:
    get:
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: A user
          links:
            repos:
              operationId: listRepos
              parameters: {path.owner: $response.body#/id, page: 1, of: $request.path.name}
            elsewhere: {operationRef: '#/paths/~1repos~1{owner}/get', parameters: {owner: $response.header.X-Owner}}
            nowhere: {operationId: unknown, parameters: {owner: 1}}
  /repos/{owner}:
    get:
      operationId: listRepos
      parameters: [{name: owner, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: Repositories}}
"##;

    #[test]
    fn links_say_what_parameters_are_of_the_operations_that_they_lead_to() {
        let contract = Contract::from_text("t.yaml", DOCUMENT).expect("a contract");
        let operation = contract.operations.get(0);
        let mut call = Call::bare(operation);
        call.path.push(("name".to_owned(), "a%20b".to_owned()));
        let mut reply = Reply::json(StatusCode::OK, "application/json", &json!({"id": 7}));
        let name = "x-owner".parse().expect("a name");
        reply.set(name, "9");
        let found = followed(&contract, operation, &call, &reply);
        let value = |name: &str, value: Value| (name.to_owned(), value);
        assert_eq!(
            found,
            [
                (
                    1,
                    vec![
                        value("owner", json!(7)),
                        value("page", json!(1)),
                        value("of", json!("a b"))
                    ]
                ),
                (1, vec![value("owner", json!("9"))]),
            ]
        );
        let missing = Reply::new(StatusCode::NOT_FOUND);
        assert_eq!(followed(&contract, operation, &call, &missing), []);
    }
}
