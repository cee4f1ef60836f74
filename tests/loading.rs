//! Documents that are large, or made to be hard to read: they are ready at once, or refused with
//! their place.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, StatusCode};
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// A document with these paths and schemas, and more text than is read whole at start.
fn large(paths: Value, schemas: Value) -> String {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1", "description": "é ".repeat(400_000)},
        "paths": paths,
        "components": {"schemas": schemas},
    })
    .to_string()
}

fn get(schema: Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    json!({"get": {"responses": {"200": {"description": "", "content": content}}}})
}

fn schema(number: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/s{number}")})
}

fn load(name: &str, text: &str) -> Contract {
    Contract::from_text(name, text).unwrap_or_else(|errors| panic!("{errors}"))
}

fn status(contract: &Contract, target: &str) -> StatusCode {
    let exchange = contract.answer(Request::new(Method::GET, target));
    exchange.reply.status
}

/// In a debug build, on a machine with other things to do; what isn't linear takes much longer.
fn within_seconds<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let made = act();
    let took = started.elapsed();
    assert!(took < Duration::from_secs(20), "{what} took {took:?}");
    made
}

#[test]
fn nothing_is_compiled_that_no_request_needs() {
    let schemas = (0..2_000).map(|number| {
        let next = schema((number + 1) % 2_000);
        let own =
            json!({"type": "object", "properties": {"next": next, "id": {"type": "integer"}}});
        (format!("s{number}"), own)
    });
    let paths = (0..2_000).map(|number| (format!("/p{number}"), get(schema(number))));
    let text = large(
        Value::Object(paths.collect()),
        Value::Object(schemas.collect()),
    );
    let contract = load("large.json", &text);
    assert_eq!(contract.compiled_schemas(), 0);
    assert_eq!(status(&contract, "/p1999"), StatusCode::OK);
    let few = contract.compiled_schemas();
    assert!((1..50).contains(&few), "{few}");
    assert_eq!(status(&contract, "/p1999"), StatusCode::OK);
    assert_eq!(contract.compiled_schemas(), few);
}

#[test]
fn a_lattice_of_schemas_is_walked_once() {
    let schemas = (0..40).map(|number| {
        let twice = json!([schema(number + 1), schema(number + 1)]);
        let own = json!({
            "allOf": twice,
            "properties": {"a": {"allOf": twice}, "b": {"readOnly": true, "writeOnly": false}},
        });
        (format!("s{number}"), own)
    });
    let mut schemas: Map<String, Value> = schemas.collect();
    schemas.insert("s40".to_owned(), json!({"type": "object"}));
    let text = large(json!({"/a": get(schema(0))}), Value::Object(schemas));
    let contract = load("lattice.json", &text);
    within_seconds("the lattice", || {
        assert_eq!(status(&contract, "/a"), StatusCode::OK);
        assert!(contract.read_whole().is_empty());
    });
}

#[test]
fn a_chain_of_references_without_end_is_refused_by_its_place() {
    let schemas = (0..10_000).map(|number| (format!("s{number}"), schema(number + 1)));
    let mut schemas: Map<String, Value> = schemas.collect();
    schemas.insert("s10000".to_owned(), json!({"type": "string"}));
    let text = large(json!({"/a": get(schema(0))}), Value::Object(schemas));
    let contract = load("chain.json", &text);
    within_seconds("the chain", || {
        assert_eq!(status(&contract, "/a"), StatusCode::NOT_IMPLEMENTED);
        let fault = contract.read_whole().first().map(ToString::to_string);
        let fault = fault.unwrap_or_default();
        assert!(fault.contains("more than 200 references"), "{fault}");
        assert!(fault.starts_with("chain.json:1:"), "{fault}");
    });
}

#[test]
fn long_lines_and_wide_objects_are_read_in_time() {
    let head = "{openapi: 3.1.0, info: {title: é, version: '1'}, paths: {}";
    let list = format!("{head}, x: [{}0]}}", "é, ".repeat(200_000));
    let keys = |count: usize| (0..count).map(|at| format!("'k{at}': é, "));
    let map = format!("{head}, x: {{{}a: 0}}}}", keys(100_000).collect::<String>());
    for text in [&list, &map] {
        within_seconds("a line of YAML", || load("line.yaml", text));
    }
    let json = map.replace("openapi: 3.1.0", "'openapi': '3.1.0'");
    let json = json.replace(
        "info: {title: é, version: '1'}",
        "'info': {'title': '', 'version': ''}",
    );
    let json = json
        .replace("paths", "'paths'")
        .replace("x:", "'x':")
        .replace("é", "0");
    let json = json.replace("a: 0", "'k7': 0").replace('\'', "\"");
    within_seconds("a line of JSON", || {
        let error = Contract::from_text("line.json", &json).expect_err("a key twice");
        let place = json.find("\"k7\": 0}").unwrap_or_default() + 1;
        assert_eq!(
            error.to_string().trim(),
            format!("line.json:1:{place}: the key `k7` stands here a second time")
        );
    });
}

#[test]
fn places_on_a_long_line_are_told_in_time() {
    let properties = (0..300).map(|at| (format!("p{at}"), json!({"type": "string"})));
    let body = json!({"type": "object", "properties": properties.collect::<Map<_, _>>()});
    let content = json!({"content": {"application/json": {"schema": body}}});
    let item = json!({"post": {"requestBody": content, "responses": {"200": {"description": ""}}}});
    let contract = load("line.json", &large(json!({"/a": item}), json!({})));
    let sent = (0..300).map(|at| (format!("p{at}"), json!(at)));
    let sent = Value::Object(sent.collect());
    within_seconds("a refusal", || {
        for _ in 0..10 {
            let request = Request::new(Method::POST, "/a")
                .with_header(counterpart::wire::header::CONTENT_TYPE, "application/json");
            let exchange = contract.answer(request.with_body(sent.to_string()));
            assert_eq!(exchange.reply.status, StatusCode::UNPROCESSABLE_ENTITY);
            let origins = exchange.violations.iter().filter_map(|v| v.origin.as_ref());
            assert!(
                origins
                    .map(ToString::to_string)
                    .all(|at| at == "line.json:1")
            );
        }
    });
}

#[test]
fn a_broken_pattern_of_a_large_document_is_told_at_start() {
    let told = json!({"type": "string", "pattern": "^[a-z"});
    let text = large(
        json!({"/bad": get(told), "/good": get(json!({"type": "string", "pattern": "^[a-z]"}))}),
        json!({"s": {"example": {"pattern": "^[data"}}}),
    );
    let contract = load("large.json", &text);
    let warnings: Vec<&str> = contract
        .warnings()
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(warnings, ["\"^[a-z\" is no regular expression"]);
    assert_eq!(status(&contract, "/bad"), StatusCode::NOT_IMPLEMENTED);
}
