//! Samples: whatever a schema asks for, what is sent is valid, by a validator that isn't ours.

use super::{fuzz, texts};
use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, StatusCode};
use serde_json::{Value, json};

#[test]
fn every_sample_is_valid() {
    let lines = include_str!("../cases/schemas.txt").lines();
    let seeds: Vec<&str> = lines.filter(|line| line.starts_with('{')).collect();
    let words = [
        "\"type\":\"string\"",
        "\"type\":\"integer\"",
        "\"type\":\"object\"",
        "\"type\":\"array\"",
        "\"minItems\":3",
        "\"maxLength\":4",
        "\"pattern\":\"^a\"",
        "\"enum\":[1,\"a\",null]",
        "\"const\":",
        "\"not\":{",
        "\"allOf\":[",
        "\"anyOf\":[",
        "\"oneOf\":[",
        "\"if\":{",
        "\"then\":{",
        "\"required\":[\"a\"]",
        "\"multipleOf\":0.3",
        "\"minimum\":",
        "\"format\":\"email\"",
        "\"uniqueItems\":true",
        "\"additionalProperties\":false",
        "\"unevaluatedProperties\":false",
        "\"$ref\":\"#\"",
        "\"contains\":{",
        "\"properties\":{\"a\":",
    ];
    fuzz("samples", &texts(&seeds), &words, |input| {
        let Ok(schema) = serde_json::from_slice::<Value>(input) else {
            return;
        };
        // References would be to the document, not to the schema alone.
        if !schema.is_object() || schema.to_string().contains("\"$") {
            return;
        }
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/x": {"get": {"responses": {"200": {
                "description": "It", "content": {"application/json": {"schema": schema}},
            }}}}},
        });
        let Ok(contract) = Contract::from_text("t.json", &document.to_string()) else {
            return;
        };
        let exchange = contract.answer(Request::new(Method::GET, "/x"));
        // What nothing satisfies is told, and so is a schema that is none.
        if exchange.reply.status != StatusCode::OK {
            assert!(exchange.refusal.is_some());
            return;
        }
        let body: Value = serde_json::from_slice(&exchange.reply.body).expect("JSON");
        let Ok(validator) = jsonschema::draft202012::new(&schema) else {
            return;
        };
        assert!(validator.is_valid(&body), "{body} of {schema}");
    });
}
