//! Callbacks out of the contract: when they are sent, where to, and what is in them.

use crate::process::Folder;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use counterpart::contract::Contract;
use counterpart::exchange::{Announcement, Exchange};
use counterpart::host::Host;
use counterpart::wire::{HeaderName, Method, Request, header};
use serde_json::{Value, json};

/// A contract with `POST /streams`, which has these callbacks.
fn contract(callbacks: &Value) -> Contract {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/streams/{kind}": {"post": {
            "parameters": [
                {"name": "kind", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "callbackUrl", "in": "query", "schema": {"type": "string"}},
            ],
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object",
                "properties": {"topic": {"type": "string"}, "size": {"type": "integer"}},
            }}}},
            "responses": {
                "201": {
                    "description": "Made",
                    "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/Stream"},
                        "example": {"id": "s-1", "state": "open"},
                    }},
                },
                "404": {"description": "Not there"},
            },
            "callbacks": callbacks,
        }}},
        "components": {"schemas": {"Stream": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string"}, "state": {"type": "string"}},
        }}},
    });
    Contract::from_text("t.json", &document.to_string()).unwrap_or_else(|e| panic!("{e}"))
}

const TARGET: &str = "/streams/live-1?callbackUrl=http://localhost:9/hook";

fn request(target: &str) -> Request {
    let body = json!({"topic": "news", "size": 3}).to_string();
    Request::new(Method::POST, target)
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body)
}

fn answer(contract: &Contract, target: &str) -> Exchange {
    let exchange = contract.answer(request(target));
    assert_eq!(exchange.reply.status, 201, "{:?}", exchange.refusal);
    exchange
}

/// The one announcement of the one callback with this key and operation.
fn announced(key: &str, operation: Value) -> Announcement {
    let contract = contract(&json!({"onData": {key: {"post": operation}}}));
    let mut announcements = answer(&contract, TARGET).announcements;
    assert_eq!(announcements.len(), 1);
    announcements.remove(0)
}

fn body_of(schema: Value) -> Value {
    json!({"requestBody": {"content": {"application/json": {"schema": schema}}}})
}

#[test]
fn a_success_calls_back_where_its_request_said() {
    let operation = json!({"requestBody": {"content": {"application/json": {
        "schema": {"type": "object", "required": ["event"]},
        "examples": {
            "broken": {"value": {}},
            "sound": {"value": {"event": "data"}},
        },
    }}}});
    let sent = announced(
        "{$request.query.callbackUrl}/data?id={$response.body#/id}",
        operation,
    );
    assert_eq!(sent.callback, "onData");
    assert_eq!(sent.method, Method::POST);
    assert_eq!(sent.url, "http://localhost:9/hook/data?id=s-1");
    assert_eq!(sent.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(
        sent.body_json(),
        Some(json!({"event": "data"})),
        "the first that is valid"
    );
    assert_eq!(sent.fault, None);
}

#[test]
fn what_the_api_sends_shows_its_own_values_and_no_secrets() {
    let schema = json!({
        "type": "object",
        "required": ["id", "password", "name"],
        "properties": {
            "id": {"type": "string", "readOnly": true},
            "password": {"type": "string", "writeOnly": true},
            "name": {"type": "string"},
        },
    });
    let sampled = announced("http://localhost/a", body_of(schema.clone()));
    let body = sampled.body_json().unwrap_or_default();
    assert!(body["id"].is_string() && body["name"].is_string(), "{body}");
    assert_eq!(body.get("password"), None, "{body}");

    let mut operation = body_of(schema);
    operation["requestBody"]["content"]["application/json"]["example"] =
        json!({"id": "u-1", "password": "open sesame", "name": "Ada"});
    let shown = announced("http://localhost/a", operation);
    assert_eq!(shown.body_json(), Some(json!({"id": "u-1", "name": "Ada"})));
}

#[test]
fn each_url_and_method_of_each_callback_is_sent_in_their_order() {
    let contract = contract(&json!({
        "one": {
            "http://localhost/a": {"post": {}, "put": {}},
            "http://localhost/b": {"delete": {}},
            "x-note": {"post": {}},
        },
        "two": {"$request.query.callbackUrl": {"post": {}}},
    }));
    let sent = answer(&contract, TARGET).announcements;
    let lines: Vec<String> = sent
        .iter()
        .map(|one| format!("{} {} {}", one.callback, one.method, one.url))
        .collect();
    assert_eq!(
        lines,
        [
            "one POST http://localhost/a",
            "one PUT http://localhost/a",
            "one DELETE http://localhost/b",
            "two POST http://localhost:9/hook",
        ]
    );
    assert!(sent.iter().all(|one| one.body.is_empty()));
}

#[test]
fn what_failed_calls_nobody_back() {
    let contract = contract(&json!({"one": {"http://localhost/a": {"post": {}}}}));
    let preferring = |code: &str| {
        let name = HeaderName::from_static("prefer");
        contract.answer(request(TARGET).with_header(name, code))
    };
    assert_eq!(preferring("code=404").announcements.len(), 0);
    assert_eq!(preferring("code=201").announcements.len(), 1);
    let invalid = request(TARGET).with_body(r#"{"topic": 1}"#);
    let refused = contract.answer(invalid);
    assert_eq!(refused.reply.status, 422);
    assert_eq!(refused.announcements.len(), 0);
}

#[test]
fn without_an_address_a_callback_is_not_sent_and_says_so() {
    let contract = contract(&json!({"one": {"{$request.query.callbackUrl}/x": {"post": {}}}}));
    let sent = answer(&contract, "/streams/a").announcements;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].url, "{$request.query.callbackUrl}/x");
    let why = "what {$request.query.callbackUrl}/x names isn't there";
    assert_eq!(sent[0].fault.as_deref(), Some(why));
}

#[test]
fn a_sample_says_what_the_request_and_the_reply_say_where_that_is_valid() {
    let text = json!({"type": "string"});
    let sent = announced(
        "$request.query.callbackUrl",
        body_of(json!({
            "type": "object",
            "properties": {
                "id": text,
                "topic": text,
                "kind": text,
                "size": {"type": "integer", "maximum": 2, "default": 1},
                "stream": {"$ref": "#/components/schemas/Stream"},
                "other": {"type": "string", "const": "same"},
            },
        })),
    );
    let body = json!({
        "id": "s-1",
        "topic": "news",
        "kind": "live-1",
        "size": 1,
        "stream": {"id": "s-1", "state": "open"},
        "other": "same",
    });
    assert_eq!(sent.body_json(), Some(body));
    let whole = announced(
        "$request.query.callbackUrl",
        body_of(json!({"$ref": "#/components/schemas/Stream"})),
    );
    let stream = json!({"id": "s-1", "state": "open"});
    assert_eq!(whole.body_json(), Some(stream));
}

#[test]
fn required_parameters_are_there_and_cant_break_the_framing() {
    let sent = announced(
        "http://localhost/a?x=1#f",
        json!({
            "parameters": [
                {"name": "X-Event", "in": "header", "required": true, "example": "made",
                 "schema": {"type": "string"}},
                {"name": "X-Other", "in": "header", "schema": {"type": "string"}},
                {"name": "Content-Length", "in": "header", "required": true,
                 "schema": {"type": "integer"}},
                {"name": "tags", "in": "query", "required": true, "schema": {"type": "array"},
                 "examples": {"two": {"value": ["a&b", "c"]}}},
                {"name": "sid", "in": "cookie", "required": true,
                 "schema": {"type": "string", "default": "7"}},
            ],
            "requestBody": {"content": {"text/plain": {"example": "hello"}}},
        }),
    );
    assert_eq!(sent.url, "http://localhost/a?x=1&tags=a%26b&tags=c");
    let fields: Vec<String> = sent
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    assert_eq!(
        fields,
        [
            "x-event: made",
            "cookie: sid=7",
            "content-type: text/plain",
            "counterpart-hops: 1",
        ]
    );
    assert_eq!(sent.body, "hello");
}

#[test]
fn a_body_that_would_break_the_contract_is_not_sent() {
    let schema = json!({"type": "string", "minLength": 2, "maxLength": 1});
    let sent = announced("http://localhost/a", body_of(schema));
    let fault = sent.fault.expect("a fault");
    assert!(
        fault.starts_with("its body has no valid sample: "),
        "{fault}"
    );
    assert!(sent.body.is_empty());
}

#[test]
fn a_body_is_written_as_its_media_type_asks() {
    let sent = announced(
        "http://localhost/a",
        json!({"requestBody": {"content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object"},
            "example": {"event": "a b", "ids": [1, 2]},
        }}}}),
    );
    assert_eq!(sent.body, "event=a+b&ids=1&ids=2");
    let media_type = "application/x-www-form-urlencoded";
    assert_eq!(sent.headers[header::CONTENT_TYPE], media_type);
}

#[test]
fn an_expression_that_is_none_is_told_with_its_place_and_costs_its_callback_alone() {
    let contract = contract(&json!({
        "bad": {"{$request.body.url}": {"post": {}}},
        "good": {"http://localhost/a": {"post": {}}},
    }));
    let warnings = contract.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let message = "`$request.body.url` is no runtime expression: \
        a place in the body is written `body#/name`";
    assert_eq!(warnings[0].message, message);
    let place = format!("{:?}", warnings[0].place);
    assert!(place.starts_with("Key"), "{place}");
    let sent = answer(&contract, TARGET).announcements;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].callback, "good");
}

#[test]
fn a_page_of_another_site_has_no_say_in_where_a_callback_goes() {
    let contract = contract(&json!({
        "made": {"{$request.query.callbackUrl}": {"post": {}}},
        "fixed": {"http://localhost/a": {"post": {}}},
    }));
    let faults = |origin: &str| {
        let exchange = contract.answer(request(TARGET).with_header(header::ORIGIN, origin));
        let sent = exchange.announcements.into_iter();
        sent.map(|one| one.fault).collect::<Vec<_>>()
    };
    for own in [
        "http://localhost:3000",
        "http://127.0.0.1",
        "http://[::1]:8080",
    ] {
        assert_eq!(faults(own), [None, None], "{own}");
    }
    for other in [
        "https://evil.example",
        "http://localhost.evil.example:80",
        "null",
    ] {
        let why = format!("a page of {other} may not say where to");
        assert_eq!(faults(other), [Some(why), None]);
    }
}

#[test]
fn a_chain_of_mocks_that_call_each_other_back_ends() {
    let contract = contract(&json!({"one": {"http://localhost/a": {"post": {}}}}));
    let name = HeaderName::from_static("counterpart-hops");
    let mut hops = 0;
    let fault = loop {
        let exchange =
            contract.answer(request(TARGET).with_header(name.clone(), &hops.to_string()));
        let sent = &exchange.announcements[0];
        hops += 1;
        assert_eq!(sent.headers[&name], hops.to_string().as_str());
        if let Some(fault) = &sent.fault {
            break fault.clone();
        }
        assert!(hops < 10);
    };
    assert_eq!(
        (hops, fault.as_str()),
        (4, "3 requests of mocks led to this one")
    );
}

#[test]
fn the_url_of_the_request_is_the_one_that_its_client_asked_for() {
    let named = |name: &str| {
        let callbacks = json!({"one": {"http://localhost/?from={$url}": {"post": {}}}});
        (name.to_owned(), contract(&callbacks))
    };
    let host = Host::new(vec![named("a"), named("b")]);
    let target = "/b/streams/x?callbackUrl=y";
    let exchange = host.answer(request(target).with_header(header::HOST, "mock.test:4010"));
    let url =
        "http://localhost/?from=http%3A%2F%2Fmock.test%3A4010%2Fb%2Fstreams%2Fx%3FcallbackUrl%3Dy";
    assert_eq!(exchange.announcements[0].url, url);
}

#[test]
fn a_rule_decides_alone_of_the_callback_that_it_names_and_may_name_a_webhook() {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/pets/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
            ],
            "get": {"responses": {"200": {"$ref": "#/components/responses/Pet"}}},
            "patch": {
                "operationId": "updatePet",
                "requestBody": {"content": {"application/json": {"schema": {
                    "$ref": "#/components/schemas/Pet"}}}},
                "responses": {"200": {"$ref": "#/components/responses/Pet"}},
                "callbacks": {
                    "ruled": {"http://localhost/contract": {"post": {}}},
                    "free": {"http://localhost/free": {"post": body_of(json!({
                        "properties": {"pet": {"$ref": "#/components/schemas/Pet"}},
                    }))}},
                },
            },
        }},
        "webhooks": {"petSold": {"put": body_of(json!({"required": ["id"]}))}},
        "components": {
            "responses": {"Pet": {"description": "A pet", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Pet"}}}}},
            "schemas": {"Pet": {"type": "object", "properties": {
                "id": {"type": "string"}, "name": {"type": "string"}}}},
        },
    });
    let rules = "operations:\n  updatePet:\n    announce:\n      \
        - {callback: ruled, when: \"next.name == 'Told'\", to: \"'http://localhost/rule'\", body: next}\n      \
        - {callback: petSold, to: \"['http://a/', 'http://b/']\", body: \"{'id': next.id}\"}\n";
    let folder = Folder::of(&[
        ("pets.json", &document.to_string()),
        ("fixtures/pets/pets.yaml", "- {id: p-1, name: Rex}\n"),
        ("fixtures/pets/rules.yaml", rules),
    ]);
    let host = Host::load(&[folder.path().join("pets.json")]);
    let host = host.unwrap_or_else(|errors| panic!("{errors}"));
    let update = |name: &str| {
        let request = Request::new(Method::PATCH, "/pets/p-1")
            .with_header(header::CONTENT_TYPE, "application/json")
            .with_body(json!({"name": name}).to_string());
        let exchange = host.answer(request);
        assert_eq!(exchange.reply.status, 200, "{:?}", exchange.refusal);
        let sent = exchange.announcements.into_iter();
        let told = |one: Announcement| {
            let body = one.body_json().unwrap_or_default();
            format!("{} {} {} {body}", one.callback, one.method, one.url)
        };
        sent.map(told).collect::<Vec<_>>()
    };
    let sold = [
        r#"petSold PUT http://a/ {"id":"p-1"}"#,
        r#"petSold PUT http://b/ {"id":"p-1"}"#,
    ];
    let free = |name: &str| {
        let pet = json!({"pet": {"id": "p-1", "name": name}});
        format!("free POST http://localhost/free {pet}")
    };
    assert_eq!(update("Max"), [sold[0], sold[1], &free("Max")]);
    let ruled = r#"ruled POST http://localhost/rule {"id":"p-1","name":"Told"}"#;
    assert_eq!(update("Told"), [ruled, sold[0], sold[1], &free("Told")]);
}

#[test]
fn a_message_has_the_credential_that_its_receiver_asks_for() {
    let message = |security: Value| json!({"post": {"security": security, "responses": {}}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "security": [{"key": []}],
        "webhooks": {
            "none": {"post": {"responses": {}}},
            "free": message(json!([{}, {"key": []}])),
            "token": message(json!([{"cert": []}, {"token": ["pets:read"], "key": []}])),
            "basic": message(json!([{"basic": []}])),
            "asked": message(json!([{"asked": [], "sid": []}])),
            "cert": message(json!([{"cert": []}])),
        },
        "paths": {"/a": {"post": {
            "security": [],
            "responses": {"204": {"description": "A"}},
            "callbacks": {"called": {"http://localhost/a": message(json!([{"key": []}]))}},
        }}},
        "components": {"securitySchemes": {
            "token": {"type": "oauth2", "flows": {}},
            "basic": {"type": "http", "scheme": "Basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "asked": {"type": "apiKey", "in": "query", "name": "key"},
            "sid": {"type": "apiKey", "in": "cookie", "name": "sid"},
            "cert": {"type": "mutualTLS"},
        }},
    });
    let contract = Contract::from_text("t.json", &document.to_string());
    let contract = contract.unwrap_or_else(|errors| panic!("{errors}"));
    let sent = |name: &str| {
        let made = contract.webhook(name, "http://localhost/hook?a=1", None, None);
        made.unwrap_or_else(|why| panic!("{why:?}")).remove(0)
    };
    let field = |sent: &Announcement, name: &str| {
        let value = sent.headers.get(name);
        value.map_or("", |v| v.to_str().expect("ASCII")).to_owned()
    };
    for free in ["none", "free", "cert"] {
        let sent = sent(free);
        assert_eq!(sent.url, "http://localhost/hook?a=1", "{free}");
        assert_eq!(
            field(&sent, "authorization") + &field(&sent, "x-key"),
            "",
            "{free}"
        );
    }
    let token = sent("token");
    assert_eq!(field(&token, "x-key"), "counterpart-development");
    let token = field(&token, "authorization");
    // The mock itself takes it.
    let claims = token
        .strip_prefix("Bearer ")
        .and_then(|token| token.split('.').nth(1));
    let claims = URL_SAFE_NO_PAD
        .decode(claims.expect("a token"))
        .expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!(claims["scope"], "pets:read");
    let basic = STANDARD.encode("developer:counterpart-development");
    assert_eq!(
        field(&sent("basic"), "authorization"),
        format!("Basic {basic}")
    );
    let asked = sent("asked");
    assert_eq!(
        asked.url,
        "http://localhost/hook?a=1&key=counterpart-development"
    );
    assert_eq!(field(&asked, "cookie"), "sid=counterpart-development");
    let called = contract
        .answer(Request::new(Method::POST, "/a"))
        .announcements;
    assert_eq!(field(&called[0], "x-key"), "counterpart-development");
}

#[test]
fn a_message_is_one_of_those_subscribed_to_and_names_the_subscription() {
    let schema = json!({
        "type": "object",
        "required": ["id", "event", "subscriptionId"],
        "properties": {
            "id": {"type": "string"},
            "event": {"enum": ["file.created", "file.deleted"]},
            "subscriptionId": {"type": "string"},
        },
    });
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/subscriptions": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {"201": {"description": "Made", "content": {"application/json": {
                "schema": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                "example": {"id": "s-1"},
            }}}},
        }}},
    });
    let callbacks = json!({"onEvent": {"{$request.body#/url}": {"post": body_of(schema)}}});
    document["paths"]["/subscriptions"]["post"]["callbacks"] = callbacks;
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let body = json!({"url": "http://localhost:9/hook", "events": ["file.deleted"]});
    let request = Request::new(Method::POST, "/subscriptions")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.to_string());
    let exchange = contract.answer(request);
    let sent = exchange.announcements[0].body_json().expect("a body");
    assert_eq!(sent["event"], "file.deleted", "{sent}");
    assert_eq!(sent["subscriptionId"], "s-1", "{sent}");
    assert_ne!(sent["id"], "s-1", "{sent}");
}
