//! Schemas in which keywords meet that seldom do: each has values, and a client gets one of them.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request};
use serde_json::{Value, json};

/// The schemas, each with the version of OpenAPI that it is of.
fn schemas() -> impl Iterator<Item = (&'static str, Value)> {
    let lines = include_str!("cases/schemas.txt").lines();
    lines.map(|line| {
        let (version, schema) = match line.split_once(' ') {
            Some((version, schema)) if version.starts_with("3.") => (version, schema),
            _ => ("3.1.0", line),
        };
        (version, serde_json::from_str(schema).expect(schema))
    })
}

#[test]
fn a_list_of_many_different_texts_has_them_all() {
    let of_format = |format: &str| (2_000, json!({"type": "string", "format": format}));
    for (count, items) in [
        (500, json!({"type": "string"})),
        (500, json!({"type": "string", "maxLength": 2})),
        (500, json!({"type": "string", "pattern": "^[a-z]{3}$"})),
        of_format("email"),
        of_format("hostname"),
        of_format("duration"),
        of_format("uuid"),
        of_format("uri"),
        of_format("ipv4"),
        // An unoptimized build comes near its time with twice as many.
        (1_000, json!({"type": "string", "format": "date"})),
        of_format("date-time"),
        of_format("password"),
    ] {
        let list = json!({"type": "array", "minItems": count, "uniqueItems": true, "items": items});
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
                "application/json": {"schema": list},
            }}}}}},
        });
        let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
        let reply = contract.answer(Request::new(Method::GET, "/a")).reply;
        let told = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status.as_u16(), 200, "{items}: {told}");
    }
}

#[test]
fn whatever_keywords_meet_a_value_is_found_whatever_is_drawn() {
    for (version, schema) in schemas() {
        let document = json!({
            "openapi": version, "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/P"}},
            }}}}}},
            "components": {"schemas": {"P": schema}},
        });
        let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
        for seed in 0..20 {
            for way in ["", "&__dynamic=true"] {
                let target = format!("/a?__seed=s{seed}{way}");
                let exchange = contract.answer(Request::new(Method::GET, &target));
                let told = String::from_utf8_lossy(&exchange.reply.body);
                let status = exchange.reply.status.as_u16();
                assert_eq!(status, 200, "{schema} {target}: {told}");
                let violations = &exchange.reply_violations;
                assert!(violations.is_empty(), "{schema} {target}: {told}");
            }
        }
    }
}

#[test]
fn a_map_has_as_many_names_as_it_must_have() {
    for (count, pattern) in [
        (12, "^(0[1-9]|1[0-2])$"),
        (7, "^(mon|tue|wed|thu|fri|sat|sun)$"),
        (10, r"^\d$"),
        (40, "^[A-Z]{3}$"),
        (40, "^x-"),
    ] {
        let by_names = json!({"propertyNames": {"pattern": pattern}});
        let by_patterns = json!({"patternProperties": {pattern: {"type": "number"}}, "additionalProperties": false});
        for mut map in [by_names, by_patterns] {
            map["type"] = json!("object");
            map["minProperties"] = json!(count);
            let document = json!({
                "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
                "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
                    "application/json": {"schema": map},
                }}}}}},
            });
            let contract = Contract::from_text("t.json", &document.to_string());
            let contract = contract.expect("a contract");
            for seed in 0..4 {
                let target = format!("/a?__seed={seed}");
                let reply = contract.answer(Request::new(Method::GET, &target)).reply;
                let told = String::from_utf8_lossy(&reply.body);
                assert_eq!(reply.status.as_u16(), 200, "{map}: {told}");
            }
        }
    }
}

#[test]
fn what_need_not_be_there_is_in_nobodys_way() {
    let fields = (0..200).map(|n| (format!("field{n}"), json!({"type": "string"})));
    let large = json!({"type": "object", "properties": Value::Object(fields.collect())});
    let needs = |names: &[&str]| {
        let needs = names.iter().map(|name| json!({"required": [name]}));
        json!({"oneOf": needs.collect::<Vec<Value>>()})
    };
    let (one, other) = (["a", "b", "c"], ["d", "e", "f", "g", "h", "i"]);
    let texts = one
        .iter()
        .chain(&other)
        .map(|name| ((*name).to_owned(), json!({"type": "string"})));
    let mut properties: serde_json::Map<String, Value> = texts.collect();
    properties.insert(
        "routes".to_owned(),
        json!({"type": "array", "minItems": 1, "items": large}),
    );
    let doubled = json!({"type": "array", "minItems": 1, "items": {"oneOf": [large, large]}});
    for schema in [
        json!({"type": "object", "properties": properties, "allOf": [needs(&one), needs(&other)]}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": doubled}}),
    ] {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
                "application/json": {"schema": schema},
            }}}}}},
        });
        let contract = Contract::from_text("t.json", &document.to_string());
        let contract = contract.expect("a contract");
        let reply = contract.answer(Request::new(Method::GET, "/a")).reply;
        let told = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status.as_u16(), 200, "{told}");
    }
}
