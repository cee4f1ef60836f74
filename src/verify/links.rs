//! Where the `links` of a response lead (OpenAPI 3.1.1 §4.8.20).

use super::call::Call;
use super::judge::Meant;
use super::probe::varied;
use super::replay::Asked;
use super::story::SOON;
use super::trial::Trial;
use super::values::bases;
use crate::contract::Contract;
use crate::mock::Prepared;
use crate::spec::{Location, MessagePart, Node, RuntimeExpression};
use crate::wire::{Method, Reply, StatusCode, decode_percent};
use serde_json::Value;

/// How many links are followed that lead nowhere.
const TRIED: usize = 2;

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

/// The requests that show that links from what was just created lead nowhere; nothing where one of
/// them leads somewhere, or that can't be told.
pub(super) fn lost(trial: &Trial<'_>, operation: &Prepared) -> Option<(String, Vec<Asked>)> {
    let contract = trial.contract;
    if operation.declared.method != Method::GET {
        return None;
    }
    let sources = (0..contract.operations.len()).map(|number| contract.operations.get(number));
    let source = sources
        .filter(|source| source.declared.method == Method::POST)
        .find(|source| linked(contract, source).contains(&operation.number))?;
    let base = trial.base(source.number)?.call;
    let plain = bases(trial, operation).into_iter().next()?.call;
    let mut shown = Vec::new();
    // One may be refused for a reason of its own.
    for turn in 0..TRIED {
        let call = varied(trial, source, &base, 500 + turn)?;
        let reply = trial.attempt(&call, &Meant::Valid)?;
        let links = followed(contract, source, &call, &reply);
        let mut links = links
            .into_iter()
            .filter(|(number, _)| *number == operation.number);
        let (_, said) = links
            .next()
            .filter(|_| reply.status == StatusCode::CREATED)?;
        let mut read = plain.clone();
        for reader in &operation.parameters {
            let parameter = &reader.parameter;
            let value = said.iter().find(|(name, _)| *name == parameter.name);
            match value {
                Some((_, value)) => {
                    read = read.with_parameter(reader, Some(value), &contract.shapes);
                }
                None if parameter.location == Location::Path => return None,
                None => {}
            }
        }
        let is_gone =
            |reply: &Reply| [StatusCode::NOT_FOUND, StatusCode::GONE].contains(&reply.status);
        trial.send(&read).ok().filter(is_gone)?;
        // It may take a while.
        std::thread::sleep(SOON);
        let gone = trial.send(&read).ok().filter(is_gone)?;
        shown = vec![Asked::of(&call, Ok(&reply)), Asked::of(&read, Ok(&gone))];
    }
    Some((source.declared.name(), shown))
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
