//! Bodies that are made for schemas: what a client sees of them.

use counterpart::contract::{Contract, Loading};
use counterpart::wire::{Method, Request, header};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// A contract whose `GET /a` answers with such a body.
pub fn contract(schema: &Value) -> Contract {
    with_components(schema, &json!({}))
}

pub fn with_components(schema: &Value, schemas: &Value) -> Contract {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {
            "description": "A", "content": {"application/json": {"schema": schema}},
        }}}}},
        "components": {"schemas": schemas},
    });
    Contract::from_text("t.json", &document.to_string()).expect("a contract")
}

/// The body of a 200, which keeps to the contract.
pub fn body(contract: &Contract, target: &str) -> Value {
    let exchange = contract.answer(Request::new(Method::GET, target));
    let reply = &exchange.reply;
    assert_eq!(reply.status.as_u16(), 200, "{:?}", reply.body);
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    serde_json::from_slice(&reply.body).expect("JSON")
}

pub fn sample(schema: Value) -> Value {
    body(&contract(&schema), "/a")
}

#[test]
fn every_satisfiable_schema_gets_a_valid_body_whatever_is_drawn() {
    for schema in [
        json!({"type": ["null", "integer"], "minimum": 5}),
        json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.01}),
        json!({"type": "integer", "multipleOf": 7, "minimum": 8, "maximum": 20}),
        json!({"type": "string", "pattern": "^(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9]{8,12}$"}),
        json!({"type": "string", "format": "email", "maxLength": 12}),
        json!({"allOf": [{"required": ["a"]}, {"properties": {"a": {"type": "string", "maxLength": 3}}}],
               "type": "object", "minProperties": 1}),
        json!({"oneOf": [{"type": "object", "properties": {"a": {"type": "integer"}}},
                         {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]}]}),
        json!({"type": "integer", "oneOf": [{"multipleOf": 3}, {"multipleOf": 5}]}),
        json!({"type": "object", "not": {"required": ["a"]}, "properties": {"a": true, "b": {"const": 1}}}),
        json!({"type": "object", "properties": {"kind": {"enum": ["a", "b"]}}, "required": ["kind"],
               "if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["x"]},
               "else": {"required": ["y"]}}),
        json!({"type": "object", "required": ["card"], "dependentRequired": {"card": ["address"]},
               "dependentSchemas": {"card": {"properties": {"address": {"type": "string", "minLength": 9}}}}}),
        json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false, "minItems": 2}),
        json!({"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 100}, "minContains": 2}),
        json!({"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": true, "minItems": 3}),
        json!({"type": "array", "items": {"type": "boolean"}, "uniqueItems": true, "minItems": 2}),
        json!({"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"},
               "propertyNames": {"pattern": "^[a-z]{2}$"}}),
        json!({"type": "object", "minProperties": 2, "patternProperties": {"^x-[a-z]+$": {"type": "boolean"}},
               "additionalProperties": false}),
        json!({"allOf": [{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}],
               "minProperties": 3, "unevaluatedProperties": {"type": "boolean"}}),
        json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "application/json"}),
        json!({"enum": [{"a": [1]}, {"b": null}]}),
    ] {
        println!("{schema}");
        let contract = contract(&schema);
        for target in [
            "/a",
            "/a?__dynamic=true&__seed=1",
            "/a?__dynamic=true&__seed=2",
        ] {
            body(&contract, target);
        }
    }
}

#[test]
fn recursion_ends_where_it_can() {
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    let schemas = json!({"Tree": {"oneOf": [
        {"type": "object", "required": ["left", "right"],
         "properties": {"left": tree, "right": tree}},
        {"type": "object", "required": ["of"], "properties": {"of": {"type": "array", "items": tree}}},
        {"type": "integer"},
    ]}});
    body(&with_components(&tree, &schemas), "/a");
    let node = json!({"$ref": "#/components/schemas/Node"});
    let schemas = json!({"Node": {"type": "object", "required": ["next", "all"], "properties": {
        "next": {"anyOf": [node, {"type": "null"}]},
        "all": {"type": "array", "items": node},
        "parent": node,
    }}});
    let made = body(&with_components(&node, &schemas), "/a");
    assert!(made.get("parent").is_none(), "{made}");
}

#[test]
fn what_nothing_satisfies_is_a_500_soon_and_told_by_check() {
    let endless = json!({"Endless": {"type": "object", "required": ["next"],
        "properties": {"next": {"$ref": "#/components/schemas/Endless"}}}});
    for (schema, schemas) in [
        (json!({"$ref": "#/components/schemas/Endless"}), endless),
        (
            json!({"type": "integer", "minimum": 2, "maximum": 1}),
            json!({}),
        ),
        (
            json!({"type": "string", "pattern": "^a$", "minLength": 2}),
            json!({}),
        ),
        (
            json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
            json!({}),
        ),
    ] {
        let contract = with_components(&schema, &schemas);
        let started = Instant::now();
        let exchange = contract.answer(Request::new(Method::GET, "/a"));
        assert!(started.elapsed() < Duration::from_secs(5), "{schema}");
        assert_eq!(exchange.reply.status.as_u16(), 500, "{schema}");
        assert!(exchange.is_fault);
        let refusal = exchange.refusal.unwrap_or_default();
        assert!(
            refusal.contains("no valid example or sample for t.json:1"),
            "{refusal}"
        );
    }
}

#[test]
fn values_read_like_their_names_and_agree() {
    let text = json!({"type": "string"});
    let made = sample(json!({"type": "object", "properties": {
        "email": {"type": "string", "format": "email"}, "firstName": text, "lastName": text,
        "price": {"type": "number"}, "countryCode": text, "url": text,
        "createdAt": {"type": "string", "format": "date-time"},
        "updatedAt": {"type": "string", "format": "date-time"},
    }}));
    let said = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    let (first, last) = (said("firstName"), said("lastName"));
    assert!(!first.is_empty() && !last.is_empty(), "{made}");
    assert!(said("email").starts_with(&first.to_lowercase()), "{made}");
    assert_eq!(said("countryCode").len(), 2, "{made}");
    assert!(said("url").starts_with("https://"), "{made}");
    assert!(said("createdAt") <= said("updatedAt"), "{made}");
}

#[test]
fn names_are_of_the_language_of_the_examples() {
    let made = sample(json!({"type": "object", "properties": {
        "greeting": {"type": "string", "example": "Привет, как дела?"},
        "city": {"type": "string", "example": "Москва"},
        "firstName": {"type": "string"},
    }}));
    let name = made["firstName"].as_str().unwrap_or_default();
    assert!(name.chars().all(|c| ('А'..='я').contains(&c)), "{made}");
}

#[test]
fn examples_of_properties_are_put_together_and_wrong_ones_replaced() {
    let made = sample(json!({"type": "object", "properties": {
        "a": {"type": "string", "example": "said"},
        "b": {"type": "integer", "example": "wrong"},
        "c": {"type": "string", "default": "usual"},
        "d": {"type": "string", "enum": ["first", "second"]},
        "e": {"type": "string", "maxLength": 5, "examples": ["too long", "fits"]},
    }}));
    assert_eq!((&made["a"], &made["c"]), (&json!("said"), &json!("usual")));
    assert_eq!((&made["d"], &made["e"]), (&json!("first"), &json!("fits")));
    assert!(made["b"].is_i64(), "{made}");
}

#[test]
fn an_example_that_breaks_its_schema_is_followed_as_far_as_it_is_valid() {
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["id", "at"], "properties": {
                    "id": {"type": "integer"}, "name": {"type": "string"},
                    "at": {"type": "string", "format": "date-time"},
                    "secret": {"type": "string", "writeOnly": true},
                }},
                "example": {"id": 7, "name": "Rex", "at": "yesterday", "secret": "s"},
            },
        }}}}}},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let made = body(&contract, "/a");
    assert_eq!((&made["id"], &made["name"]), (&json!(7), &json!("Rex")));
    assert_ne!(made["at"], "yesterday");
    assert!(made.get("secret").is_none(), "{made}");
}

#[test]
fn the_property_that_tells_alternatives_apart_names_the_one_that_is_sent() {
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let kind = json!({"type": "string"});
    let schemas = json!({
        "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": kind}},
        "Dog": {"type": "object", "required": ["kind", "barks"],
                "properties": {"kind": kind, "barks": {"type": "boolean"}}},
        "Pet": {"oneOf": [of("Dog"), of("Cat")], "discriminator": {
            "propertyName": "kind", "mapping": {"dog": "#/components/schemas/Dog"}}},
    });
    let made = body(&with_components(&of("Pet"), &schemas), "/a");
    match made.get("barks") {
        Some(_) => assert_eq!(made["kind"], "dog"),
        None => assert_eq!(made["kind"], "Cat"),
    }
}

#[test]
fn bodies_are_the_same_on_every_run_and_others_by_another_seed() {
    let schema = json!({"type": "object", "properties": {
        "id": {"type": "string", "format": "uuid"}, "name": {"type": "string"},
        "at": {"type": "string", "format": "date-time"}, "n": {"type": "integer"},
    }});
    let targets = ["/a", "/a?__seed=x", "/a?__dynamic=true&__seed=x"];
    let bodies = |contract: &Contract| targets.map(|target| body(contract, target));
    assert_eq!(bodies(&contract(&schema)), bodies(&contract(&schema)));
    let contract = contract(&schema);
    let seeds = (0..5).map(|seed| body(&contract, &format!("/a?__seed={seed}")).to_string());
    assert_eq!(seeds.collect::<HashSet<_>>().len(), 5);
    let fresh = (0..5).map(|_| body(&contract, "/a?__dynamic=true").to_string());
    assert!(fresh.collect::<HashSet<_>>().len() > 1);
}

#[test]
fn a_seed_at_start_fixes_bodies_that_are_drawn_afresh() {
    let folder = crate::process::Folder::of(&[(
        "api.yaml",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        \
         '200': {description: A, content: {application/json: {schema: {type: string, format: uuid}}}}\n",
    )]);
    let drawn = |seed: &str| {
        let loading = Loading {
            seed: seed.to_owned(),
            ..Loading::default()
        };
        let path = folder.path().join("api.yaml");
        let contract = Contract::load_with(&path, None, &loading).expect("a contract");
        body(&contract, "/a?__dynamic=true")
    };
    assert_eq!(drawn("7"), drawn("7"));
    assert_ne!(drawn("7"), drawn("8"));
}

#[test]
fn what_the_client_said_is_known_however_its_name_is_written() {
    for (parameter, properties, told) in [
        ("pet-id", json!(["petId"]), json!({"petId": "p7"})),
        ("pet_id", json!(["petId", "id"]), json!({"petId": "p7"})),
        ("petId", json!(["pet_id"]), json!({"pet_id": "p7"})),
        (
            "petId",
            json!(["PET-ID", "petId"]),
            json!({"petId": "p7", "PET-ID": "p7"}),
        ),
    ] {
        let texts = properties.as_array().expect("names").iter();
        let texts = texts.map(|name| {
            (
                name.as_str().expect("a name").to_owned(),
                json!({"type": "string", "maxLength": 30}),
            )
        });
        let mut shown: serde_json::Map<String, Value> = texts.collect();
        shown.insert("firstName".to_owned(), json!({"type": "string"}));
        let schema = json!({"type": "object", "required": properties, "properties": shown});
        let path = format!("/pets/{{{parameter}}}");
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {path: {
                "parameters": [{"name": parameter, "in": "path", "required": true, "schema": {"type": "string"}}],
                "put": {
                    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                    "responses": {"200": {"description": "A", "content": {"application/json": {"schema": schema}}}},
                },
            }},
        });
        let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
        let said = |body: Value| {
            let request = Request::new(Method::PUT, "/pets/p7")
                .with_header(header::CONTENT_TYPE, "application/json")
                .with_body(body.to_string().into_bytes());
            let exchange = contract.answer(request);
            serde_json::from_slice::<Value>(&exchange.reply.body).expect("JSON")
        };
        let made = said(json!({"first_name": "Zoë"}));
        assert_eq!(made["firstName"], "Zoë", "{made}");
        let told = told.as_object().expect("members");
        for (name, value) in told {
            assert_eq!(made[name], *value, "{parameter}: {made}");
        }
        let others = made.as_object().expect("members").values();
        let saying = others.filter(|value| **value == "p7").count();
        assert_eq!(saying, told.len(), "{made}");
        let made = said(json!({"first_name": "Zoë", "firstName": "Ann"}));
        assert_eq!(made["firstName"], "Ann", "{made}");
    }
}

#[test]
fn a_total_is_the_sum_of_what_is_beside_it() {
    let number = json!({"type": "number"});
    let whole = json!({"type": "integer"});
    let least = json!({"type": "integer", "minimum": 1000, "maximum": 1010});
    let small = json!({"type": "integer", "minimum": 1, "maximum": 9});
    for (total, subtotal, tax) in [
        (&number, &number, &number),
        (&whole, &whole, &whole),
        (&number, &small, &small),
        (
            &least,
            &json!({"type": "integer", "minimum": 1, "maximum": 900}),
            &whole,
        ),
    ] {
        let properties = json!({"subTotal": subtotal, "tax_amount": tax, "total": total});
        let made = sample(
            json!({"type": "object", "properties": properties, "required": ["subTotal", "tax_amount", "total"]}),
        );
        let of = |name: &str| made[name].as_f64().expect("a number");
        let sum = of("subTotal") + of("tax_amount");
        assert!((sum - of("total")).abs() < 0.001, "{made}");
    }
}

#[test]
fn what_is_within_a_thing_is_of_its_time() {
    let time = json!({"type": "string", "format": "date-time"});
    let times = json!({"createdAt": time, "updatedAt": time});
    let part =
        json!({"type": "object", "required": ["createdAt", "updatedAt"], "properties": times});
    let mut whole = part.clone();
    for name in ["lines", "shipment", "customer"] {
        whole["properties"][name] = match name {
            "lines" => json!({"type": "array", "minItems": 2, "items": part}),
            _ => part.clone(),
        };
    }
    whole["required"] = json!(["createdAt", "updatedAt", "lines", "shipment", "customer"]);
    let contract = contract(&whole);
    for seed in 0..20 {
        let made = body(&contract, &format!("/a?__seed={seed}"));
        let at = |place: &str| {
            made.pointer(place)
                .and_then(Value::as_str)
                .expect(place)
                .to_owned()
        };
        for part in ["/lines/0", "/lines/1", "/shipment"] {
            let of = |name: &str| at(&format!("{part}/{name}"));
            assert!(at("/createdAt") < of("createdAt"), "{made}");
            assert!(of("createdAt") < of("updatedAt"), "{made}");
            assert!(of("updatedAt") <= at("/updatedAt"), "{made}");
        }
        assert!(at("/customer/createdAt") < at("/createdAt"), "{made}");
        assert!(
            at("/customer/createdAt") < at("/customer/updatedAt"),
            "{made}"
        );
    }
}

#[test]
fn the_last_of_few_values_is_found_whatever_is_drawn() {
    let digits = json!({"type": "array", "minItems": 10, "uniqueItems": true,
                        "items": {"type": "string", "pattern": "^[0-9]$"}});
    let tenths = json!({"type": "array", "minItems": 4, "uniqueItems": true,
                        "items": {"type": "number", "minimum": 0, "maximum": 0.3, "multipleOf": 0.1}});
    for schema in [digits, tenths] {
        let contract = contract(&schema);
        for seed in 0..40 {
            println!("{schema} {seed}");
            body(&contract, &format!("/a?__dynamic=true&__seed={seed}"));
        }
    }
}

#[test]
fn what_the_client_said_is_said_again() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/pets/{petId}": {
            "parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "integer"}}],
            "put": {
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {"200": {"description": "A", "content": {"application/json": {"schema": {
                    "type": "object", "required": ["id", "name", "tags"], "properties": {
                        "id": {"type": "string"}, "name": {"type": "string", "maxLength": 9},
                        "tags": {"type": "array", "items": {"type": "string"}},
                    },
                }}}}},
            },
        }},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let put = |sent: Value| {
        let request = Request::new(Method::PUT, "/pets/42")
            .with_header(header::CONTENT_TYPE, "application/json")
            .with_body(sent.to_string().into_bytes());
        let exchange = contract.answer(request);
        assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
        serde_json::from_slice::<Value>(&exchange.reply.body).expect("JSON")
    };
    let made = put(json!({"name": "Rex", "tags": ["a"], "other": 1}));
    assert_eq!(
        (&made["id"], &made["name"], &made["tags"]),
        (&json!("42"), &json!("Rex"), &json!(["a"]))
    );
    assert!(made.get("other").is_none(), "{made}");
    let made = put(json!({"name": "a name that is too long", "tags": 7}));
    assert!(
        made["name"] != "a name that is too long" && made["tags"].is_array(),
        "{made}"
    );
}

#[test]
fn what_the_client_alone_sends_is_not_needed_beside_what_is_sent() {
    let made = sample(
        json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"},
        "password": {"type": "string", "writeOnly": true},
    }, "dependentRequired": {"name": ["password"]}}),
    );
    assert!(
        made["name"].is_string() && made.get("password").is_none(),
        "{made}"
    );
}

/// Ways of having a schema within itself: by name, where it stands, and whether it may end.
fn recursions() -> Vec<(String, Value, bool)> {
    let this = || json!({"$ref": "#/components/schemas/P"});
    let parts = [
        (json!({"anyOf": [this(), {"type": "null"}]}), true),
        (json!({"anyOf": [{"type": "null"}, this()]}), true),
        (json!({"oneOf": [this(), {"type": "null"}]}), true),
        (json!({"anyOf": [this(), {"type": "string"}]}), true),
        (
            json!({"if": {"type": "array"}, "then": this(), "else": {"type": "null"}}),
            true,
        ),
        (
            json!({"type": ["array", "object", "null"], "anyOf": [this(), {"type": "null"}]}),
            true,
        ),
        (this(), false),
        (json!({"not": {"not": this()}}), false),
    ];
    type Shape = fn(&Value) -> (Value, bool);
    let shapes: [Shape; 21] = [
        |part| (json!({"type": "array", "items": part}), true),
        |part| {
            (
                json!({"type": "array", "contains": part, "minContains": 0}),
                true,
            )
        },
        |part| {
            (
                json!({"type": ["array", "string"], "minItems": 1, "items": part}),
                true,
            )
        },
        |part| {
            (
                json!({"type": "string", "contentMediaType": "application/json", "contentSchema": part}),
                true,
            )
        },
        |part| {
            (
                json!({"type": "array", "minItems": 1, "items": part}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "array", "minItems": 1, "prefixItems": [part]}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "array", "minItems": 2, "prefixItems": [{"type": "integer"}, part]}),
                false,
            )
        },
        |part| (json!({"type": "array", "contains": part}), false),
        |part| {
            (
                json!({"type": "array", "contains": part, "minContains": 2}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "array", "minItems": 1, "unevaluatedItems": part}),
                false,
            )
        },
        |part| {
            (
                json!({"allOf": [{"type": "array", "minItems": 1}, {"items": part}]}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "array", "minItems": 1, "items": {"type": "object", "required": ["k"], "properties": {"k": part}}}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "required": ["k"], "properties": {"k": {"type": "array", "minItems": 1, "items": part}}}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "required": ["k"], "properties": {"k": {"type": "array", "contains": part}}}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "required": ["x"], "properties": {"x": part}}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "minProperties": 1, "additionalProperties": part}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "minProperties": 1, "patternProperties": {"^a": part}, "additionalProperties": false}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "minProperties": 1, "unevaluatedProperties": part}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "minProperties": 1, "propertyNames": {"maxLength": 3}, "additionalProperties": part}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "object", "required": ["a"], "dependentSchemas": {"a": {"properties": {"b": part}, "required": ["b"]}}}),
                false,
            )
        },
        |part| {
            (
                json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": part}),
                false,
            )
        },
    ];
    let mut all = Vec::new();
    for shape in &shapes {
        for (part, ends) in &parts {
            let (schema, is_optional) = shape(part);
            all.push((schema.to_string(), schema, *ends || is_optional));
        }
    }
    all
}

#[test]
fn what_is_within_itself_ends_wherever_it_can_and_is_told_of_where_it_cannot() {
    for (name, schema, ends) in recursions() {
        let reference = json!({"$ref": "#/components/schemas/P"});
        let contract = with_components(&reference, &json!({"P": schema}));
        for seed in 0..if ends { 3 } else { 1 } {
            let target = format!("/a?__seed=s{seed}");
            let exchange = contract.answer(Request::new(Method::GET, &target));
            let told = String::from_utf8_lossy(&exchange.reply.body);
            let expected = if ends { 200 } else { 500 };
            assert_eq!(exchange.reply.status.as_u16(), expected, "{name}: {told}");
            assert!(exchange.reply_violations.is_empty(), "{name}: {told}");
        }
    }
}

#[test]
fn what_only_few_values_meet_is_found_whatever_is_drawn() {
    let letters = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let flags: serde_json::Map<String, Value> = letters
        .iter()
        .map(|letter| ((*letter).to_owned(), json!({"type": "boolean"})))
        .collect();
    let chain: Vec<Value> = letters
        .windows(2)
        .map(|pair| {
            let way = |one: bool| json!({"properties": {pair[0]: {"const": one}, pair[1]: {"const": !one}}});
            json!({"oneOf": [way(true), way(false)]})
        })
        .collect();
    let one_of_each: Vec<Value> = letters
        .windows(2)
        .map(|pair| {
            let way = |name: &str| json!({"properties": {name: {"const": true}}});
            json!({"oneOf": [way(pair[0]), way(pair[1])]})
        })
        .collect();
    let four = || json!({"enum": [1, 2, 3, 4]});
    let fours = json!({"a": four(), "b": four(), "c": four(), "d": four()});
    let pairs = ["ab", "ac", "ad", "bc", "bd", "cd"]
        .iter()
        .flat_map(|pair| {
            let (one, other) = pair.split_at(1);
            let both = move |value| json!({one: {"const": value}, other: {"const": value}});
            (1..=4).map(
                move |value| json!({"not": {"properties": both(value), "required": [one, other]}}),
            )
        });
    let few = [("a", [1, 2]), ("b", [1, 3])];
    let few = few.map(|(name, values)| json!({"not": {"properties": {name: {"enum": values}}}}));
    let differ: Vec<Value> = pairs.chain(few).collect();
    let shape = |kinds: Value, flag: Value| {
        json!({"type": "object", "required": ["k", "f"], "additionalProperties": false,
               "properties": {"k": kinds, "f": flag}})
    };
    let is_true = json!({"const": true});
    for schema in [
        json!({"oneOf": [{"type": "number"}, {"type": "integer"}]}),
        json!({"type": "number", "not": {"type": "integer"}}),
        json!({"type": "number", "minimum": 0, "maximum": 1, "not": {"type": "integer"}}),
        json!({"not": {"type": ["object", "array", "string", "null", "boolean", "integer"]}}),
        json!({"type": "object", "not": {"const": {}}}),
        json!({"type": "array", "not": {"enum": [[], {}]}, "items": {"type": "array", "items": false}}),
        json!({"type": "integer", "format": "int32", "maximum": -2147483648}),
        json!({"type": "integer", "format": "int64", "maximum": i64::MIN}),
        json!({"type": "object", "anyOf": [{"properties": {"foo": {"const": 1}}, "required": ["foo"]},
               {"properties": {"bar": {"const": 2}}, "required": ["bar"]}],
               "unevaluatedProperties": false, "minProperties": 2}),
        json!({"type": "object", "propertyNames": {"not": {"enum": ["a", "b"]}},
               "properties": {"a": {}, "b": {}, "c": {"const": 1}}, "minProperties": 1}),
        json!({"type": "object", "propertyNames": {"minLength": 5}, "minProperties": 2,
               "properties": {"abc": {"type": "string"}, "abcdef": {"type": "string"}}}),
        json!({"type": "object", "propertyNames": {"maxLength": 1}, "minProperties": 20,
               "additionalProperties": {"type": "integer"}}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}},
               "not": {"properties": {"a": {"pattern": "^[a-z ]*$"}}}}),
        json!({"type": "array", "uniqueItems": true, "minItems": 6,
               "items": {"enum": [null, 0, false, "", [], {}]}}),
        json!({"type": "number", "multipleOf": 1e300, "minimum": 1}),
        json!({"type": "number", "multipleOf": 1e300, "maximum": -1}),
        json!({"type": "array", "items": {"type": "integer"}, "not": {"uniqueItems": true}}),
        json!({"type": "array", "uniqueItems": true, "minItems": 3,
               "prefixItems": [{"enum": ["a", "b"]}, {"enum": ["a"]}, {"enum": ["a", "b", "c"]}]}),
        json!({"type": "array", "uniqueItems": true, "minItems": 3, "prefixItems": [
               shape(json!({"enum": ["a", "b"]}), is_true.clone()), shape(json!({"enum": ["a"]}), is_true.clone()),
               shape(json!({"enum": ["a", "b", "c"]}), is_true)]}),
        json!({"type": "integer", "minimum": 0, "maximum": 5,
               "not": {"anyOf": [{"const": 0}, {"const": 1}, {"enum": [2, 3, 5]}]}}),
        json!({"type": "object", "required": letters, "properties": flags.clone(), "allOf": chain}),
        json!({"type": "object", "required": letters, "properties": flags, "allOf": one_of_each}),
        json!({"type": "object", "required": ["a", "b", "c", "d"], "properties": fours, "allOf": differ}),
        json!({"type": "array", "contains": {"if": {"enum": [0]}, "then": {"type": "boolean"}},
               "maxContains": 2, "uniqueItems": true, "minItems": 3}),
        json!({"type": "array", "minItems": 6, "maxItems": 6, "uniqueItems": true, "prefixItems": [
               {"enum": [1, 2]}, {"enum": [2, 3]}, {"enum": [3, 4]}, {"enum": [4, 5]}, {"enum": [5, 6]},
               {"enum": [6, 2]}]}),
    ] {
        let contract = contract(&schema);
        for seed in 0..25 {
            for target in [
                format!("/a?__seed=s{seed}"),
                format!("/a?__dynamic=true&__seed=s{seed}"),
            ] {
                let exchange = contract.answer(Request::new(Method::GET, &target));
                let told = String::from_utf8_lossy(&exchange.reply.body);
                assert_eq!(
                    exchange.reply.status.as_u16(),
                    200,
                    "{schema} {target}: {told}"
                );
                assert!(
                    exchange.reply_violations.is_empty(),
                    "{schema} {target}: {told}"
                );
            }
        }
    }
}

#[test]
fn a_long_chain_of_lists_ends_nothing_but_the_sample() {
    let mut schemas = serde_json::Map::new();
    for number in 0..1_000 {
        let next = json!({"$ref": format!("#/components/schemas/P{}", number + 1)});
        let list = json!({"type": "array", "minItems": 1, "items": next});
        schemas.insert(format!("P{number}"), list);
    }
    schemas.insert("P1000".to_owned(), json!({"type": "integer"}));
    let first = json!({"$ref": "#/components/schemas/P0"});
    let contract = with_components(&first, &Value::Object(schemas));
    let reply = contract.answer(Request::new(Method::GET, "/a")).reply;
    let told = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(reply.status.as_u16(), 500, "{told}");
    assert!(told.contains("depth"), "{told}");
}

#[test]
fn an_example_that_is_written_out_in_its_media_type_is_sent_as_it_stands() {
    let item = json!({"type": "object", "required": ["n"], "xml": {"name": "pet"},
                      "properties": {"n": {"type": "integer"}}});
    let list = json!({"type": "array", "items": item});
    for (media_type, schema, right, wrong) in [
        (
            "application/xml",
            &item,
            "<pet><n>7</n></pet>",
            "<pet><n>x</n></pet>",
        ),
        ("application/x-www-form-urlencoded", &item, "n=7", "n=x"),
        ("text/csv", &list, "n\r\n7\r\n", "n\r\nx\r\n"),
        (
            "application/jsonl",
            &list,
            "{\"n\": 7}\n",
            "{\"n\": \"x\"}\n",
        ),
        ("text/plain", &json!({"type": "integer"}), "7", "x"),
    ] {
        let reply = |example: &str| {
            let document = json!({
                "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
                "paths": {"/a": {"get": {"responses": {"200": {"description": "A",
                    "content": {media_type: {"schema": schema, "example": example}}}}}}},
            });
            let contract =
                Contract::from_text("t.json", &document.to_string()).expect("a contract");
            let told: Vec<String> = contract
                .read_whole()
                .iter()
                .map(ToString::to_string)
                .collect();
            let exchange = contract.answer(Request::new(Method::GET, "/a"));
            assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
            let body = String::from_utf8_lossy(&exchange.reply.body).into_owned();
            (body, told.join("\n"))
        };
        assert_eq!(
            reply(right),
            (right.to_owned(), String::new()),
            "{media_type}"
        );
        let (body, told) = reply(wrong);
        assert_ne!(body, wrong, "{media_type}");
        assert!(
            told.contains("must be an integer, got the string \"x\""),
            "{told}"
        );
    }
}

#[test]
fn a_pattern_asks_for_a_date_or_time_which_is_one_of_about_now() {
    for (format, pattern, least, most) in [
        ("date", "-31$", "2024", "2026"),
        ("date", "-02-29$", "2024", "2025"),
        ("date", "-01$", "2024", "2026"),
        ("date-time", "^2031-.*Z$", "2031", "2032"),
        ("date-time", r"\.[0-9]{3}\+02:00$", "2024", "2026"),
        ("date-time", "T00:00:00Z$", "2024", "2026"),
        ("time", "^23:59:60", "23:59:60", "24"),
    ] {
        let made = sample(json!({"type": "string", "format": format, "pattern": pattern}));
        let text = made.as_str().expect("a text");
        assert!((least..most).contains(&text), "{pattern}: {text}");
    }
}

#[test]
fn json_in_base64_is_what_its_schema_says() {
    use base64::Engine;
    let made = sample(json!({"type": "string", "contentEncoding": "base64",
        "contentMediaType": "application/json", "contentSchema": {"type": "object",
        "required": ["n"], "properties": {"n": {"const": 5}}}}));
    let text = made.as_str().expect("a text");
    let octets = base64::engine::general_purpose::STANDARD.decode(text);
    let within: Value = serde_json::from_slice(&octets.expect("base64")).expect("JSON");
    assert_eq!(within["n"], 5);
}

#[test]
fn a_part_has_the_header_field_that_it_must_have() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string"}}},
                "encoding": {"file": {"headers": {"X-Count": {"required": true,
                    "schema": {"type": "integer", "minimum": 7, "maximum": 7}}}}},
            },
        }}}}}},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let exchange = contract.answer(Request::new(Method::GET, "/a"));
    let told = String::from_utf8_lossy(&exchange.reply.body).to_lowercase();
    assert_eq!(exchange.reply.status.as_u16(), 200, "{told}");
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    assert!(told.contains("x-count: 7"), "{told}");
}

/// Each part of an `allOf` shows its own properties.
#[test]
fn examples_of_parts_are_shown_together() {
    let part = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}, "example": {name: name}});
    let both = json!({"allOf": [part("a"), part("b")]});
    let whole = json!({"allOf": [part("a"), part("b")], "example": {"b": "own"}});
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {
            "/both": {"get": {"responses": {"200": {"description": "A", "content": {"application/json": {"schema": both}}}}}},
            "/whole": {"get": {"responses": {"200": {"description": "A", "content": {"application/json": {"schema": whole}}}}}},
            "/rows": {"get": {"responses": {"200": {"description": "A", "content": {"application/json": {"schema": {"type": "array", "minItems": 2, "maxItems": 2, "items": both}}}}}}},
        },
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let shown = |path: &str| {
        let reply = contract.answer(Request::new(Method::GET, path)).reply;
        reply.body_json().expect("JSON")
    };
    let joined = json!({"a": "a", "b": "b"});
    assert_eq!(shown("/both"), joined);
    assert_eq!(shown("/whole"), json!({"b": "own"}), "as it is written");
    assert_eq!(shown("/rows"), json!([joined, joined]));
}

/// What the example of one part doesn't say is made beside what it says.
#[test]
fn an_example_of_one_part_is_followed_beside_what_others_have() {
    let part = json!({"type": "object", "required": ["a"], "example": {"a": 77, "b": "two"},
                      "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}});
    let text = json!({"type": "string"});
    let made = sample(json!({"allOf": [part, {"required": ["c"], "properties": {"c": text}}]}));
    assert_eq!((&made["a"], &made["b"]), (&json!(77), &json!("two")));
    assert!(made["c"].is_string(), "{made}");
    let made = sample(json!({"allOf": [part, {"required": ["c"]}]}));
    assert_eq!((&made["a"], &made["b"]), (&json!(77), &json!("two")));
    let shown = json!({"type": "string", "example": "cc"});
    let made = sample(json!({"allOf": [part, {"type": "object", "properties": {"c": shown}}]}));
    assert_eq!(made, json!({"a": 77, "b": "two", "c": "cc"}));
}

/// Rows are told apart by their keys as long as there are enough of these.
#[test]
fn rows_have_keys_of_their_own_however_few_there_are() {
    for bounds in [
        json!({"type": "integer", "maximum": 9}),
        json!({"type": "integer", "minimum": 1, "maximum": 9}),
        json!({"type": "integer", "minimum": 0, "exclusiveMaximum": 3}),
        json!({"type": "string", "pattern": "^[a-z0-9]$"}),
    ] {
        let row = json!({"type": "object", "required": ["id"], "properties": {"id": bounds}});
        let contract = contract(&json!({"type": "array", "minItems": 3, "items": row}));
        for seed in 0..25 {
            let rows = body(&contract, &format!("/a?__dynamic=true&__seed={seed}"));
            let ids = rows
                .as_array()
                .into_iter()
                .flatten()
                .map(|row| row["id"].to_string());
            let ids: std::collections::BTreeSet<String> = ids.collect();
            assert_eq!(ids.len(), 3, "{bounds}: {rows}");
        }
    }
}

/// What bounds a sample that has many values is their number, and not how long each takes.
#[test]
fn a_list_of_thousands_of_rows_is_found() {
    let row = json!({"type": "object", "required": ["id", "name", "email"], "properties": {
        "id": {"type": "integer"}, "name": {"type": "string"}, "email": {"type": "string"},
    }});
    for (schema, count) in [(row, 3_000), (json!({"type": "integer"}), 20_000)] {
        let made = sample(json!({"type": "array", "minItems": count, "items": schema}));
        let rows = made.as_array().expect("a list");
        assert_eq!(rows.len(), count, "{schema}");
        let ids = rows.iter().filter_map(|row| row.get("id")?.as_i64());
        let ids: Vec<i64> = ids.collect();
        let others: std::collections::BTreeSet<&i64> = ids.iter().collect();
        assert!(
            ids.len() - others.len() <= ids.len() / 20,
            "{}",
            others.len()
        );
    }
}

#[test]
fn what_has_no_part_in_the_state_is_null_by_the_strictest_reading_or_left_out() {
    let job = |failure: Value| {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {
                "description": "A", "content": {"application/json": {"schema": {
                    "type": "object", "properties": {
                        "status": {"type": "string", "enum": ["in_progress"]},
                        "failure": failure,
                    },
                }}},
            }}}}},
        });
        let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
        body(&contract, "/a")
    };
    let progress = json!({"status": "in_progress"});
    assert_eq!(
        job(json!({"type": "string", "nullable": true, "enum": ["invalid_media"]})),
        progress
    );
    assert_eq!(
        job(json!({"type": "string", "nullable": true})),
        json!({"status": "in_progress", "failure": null})
    );
}

#[test]
fn what_is_shown_as_itself_or_as_what_is_derived_from_it_is_one_of_them() {
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let derived = |own: &str| json!({"allOf": [of("Pet"), {"type": "object", "properties": {own: {"type": "boolean"}}}]});
    let document = json!({
        "openapi": "3.0.1", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
            "application/json": {"schema": {"oneOf": [of("Pet"), of("Cat"), of("Dog")]}},
        }}}}}},
        "components": {"schemas": {
            "Pet": {"type": "object", "required": ["type"], "discriminator": {"propertyName": "type"},
                "properties": {"type": {"type": "string"}, "name": {"type": "string"}}},
            "Cat": derived("meows"),
            "Dog": derived("barks"),
        }},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    for seed in 0..8 {
        let target = format!("/a?__seed={seed}");
        let exchange = contract.answer(Request::new(Method::GET, &target));
        let told = String::from_utf8_lossy(&exchange.reply.body).into_owned();
        assert_eq!(exchange.reply.status.as_u16(), 200, "{told}");
        assert!(exchange.reply_violations.is_empty(), "{told}");
    }
}
