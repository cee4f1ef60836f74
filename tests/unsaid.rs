//! What only a client says comes back in no reply and in no refusal, wherever it stands.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Vault, version: '1'}
paths:
  /login:
    post:
      requestBody: {required: true, content: {
        application/json: {schema: &login {type: object, required: [password], additionalProperties: {type: integer}, properties: {
          password: {type: string, minLength: 12}, code: {type: string, format: password, pattern: '^x$'},
          card: {type: object, writeOnly: true, properties: {cvc: {type: integer}}}, keys: {type: object, additionalProperties: {type: integer, writeOnly: true}},
          name: {type: string, maxLength: 3}}}},
        application/x-www-form-urlencoded: {schema: *login}}}
      responses:
        '204': {description: In}
        '400': {description: Wrong, content: {application/json: {schema: {type: object, required: [message, errors], properties: {message: {type: string},
          errors: {type: array, items: {type: object, required: [field], properties: {field: {type: string}, rejectedValue: {}}}}}}}}}
  /door:
    get:
      security: [{key: []}]
      parameters:
        - {name: X-Key, in: header, schema: {type: string, minLength: 30}}
        - {name: pin, in: query, schema: {type: integer, format: password}}
        - {name: password, in: query, schema: {type: string, minLength: 30}}
        - {name: session, in: cookie, schema: {type: string, minLength: 30}}
        - {name: floor, in: query, schema: {type: integer}}
      responses: {'204': {description: In}}
  /found:
    get:
      parameters: [{name: filter, in: query, style: deepObject, schema: {type: object, properties: {
        userPassword: {type: integer}, word: {type: integer, writeOnly: true}, floor: {type: integer}}}}]
      responses: {'204': {description: In}}
    put:
      requestBody: {content: {text/plain: {schema: {type: integer, writeOnly: true}}}}
      responses: {'204': {description: In}}
  /accounts:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}}
  /accounts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: &shown {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}}}
    put: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}, <<: *shown}
  /said:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
      responses: {'200': {description: Said, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}}
  /labels:
    get: &labels {responses: {'200': {description: All, content: {application/json: {schema: {type: object, additionalProperties: {type: string}}}}}}}
    put: {requestBody: {required: true, content: {application/json: {schema: {type: object, additionalProperties: {type: string}}}}}, <<: *labels}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Token: {type: object, properties: {token: {type: string, writeOnly: true}, ok: {type: string}}}
    Account:
      type: object
      properties:
        id: {type: integer, readOnly: true}
        named: {type: object, additionalProperties: {$ref: '#/components/schemas/Token'}}
        lists: {type: object, additionalProperties: {type: array, items: {$ref: '#/components/schemas/Token'}}}
        matched: {type: object, patternProperties: {'^x': {$ref: '#/components/schemas/Token'}}}
        rest: {type: object, unevaluatedProperties: {$ref: '#/components/schemas/Token'}}
        pair: {type: array, prefixItems: [{$ref: '#/components/schemas/Token'}], items: {$ref: '#/components/schemas/Token'}}
        tail: {type: array, prefixItems: [{type: integer}], unevaluatedItems: {$ref: '#/components/schemas/Token'}}
";

fn vault() -> Counterpart {
    let contract = Contract::from_text("v.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("v".to_owned(), contract)]))
}

/// All that a refusal says, to the client and to who watches.
fn all_that_is_told(answer: &Answer) -> String {
    let exchange = &answer.exchange;
    format!(
        "{}{:?}{:?}",
        answer.text, exchange.refusal, exchange.violations
    )
}

#[test]
fn a_refusal_does_not_tell_what_only_the_client_knows() {
    let vault = vault();
    let post = || vault.ask(Method::POST, "/login");
    let sent = json!({"password": "SECRET", "code": "SECRET", "card": {"cvc": "SECRET"},
        "keys": {"a": "SECRET"}, "name": "long"});
    let refused = post().json(sent).send().is(400);
    let told = all_that_is_told(&refused);
    assert!(!told.contains("SECRET"), "{told}");
    let rows = refused.json()["errors"].clone();
    let row = |name: &str| {
        let mut rows = rows.as_array().into_iter().flatten();
        rows.find(|row| row["field"] == name).cloned()
    };
    assert_eq!(
        row("password"),
        Some(json!({"field": "password"})),
        "{rows}"
    );
    let name = json!({"field": "name", "rejectedValue": "long"});
    assert_eq!(row("name"), Some(name), "{rows}");
    let form = post().body("application/x-www-form-urlencoded", "password=SECRET");
    let told = all_that_is_told(&form.send().is(400));
    assert!(!told.contains("SECRET"), "{told}");
    let asked = vault.get("/door?pin=SECRET&password=SECRET&floor=up");
    let asked = asked
        .header("X-Key", "SECRET")
        .header("Cookie", "session=SECRET");
    let told = all_that_is_told(&asked.send().is(422));
    assert!(!told.contains("SECRET") && told.contains("up"), "{told}");
    let found = "/found?filter[userPassword]=SECRET&filter[word]=SECRET&filter[floor]=up";
    let told = all_that_is_told(&vault.get(found).send().is(422));
    assert!(!told.contains("SECRET") && told.contains("up"), "{told}");
    let word = vault.put("/found").body("text/plain", "SECRET");
    let told = all_that_is_told(&word.send().is(422));
    assert!(!told.contains("SECRET"), "{told}");
}

#[test]
fn a_reply_does_not_show_what_is_written_only_wherever_it_stands() {
    let vault = vault();
    let both = json!({"token": "SECRET", "ok": "o"});
    let said = |one: Value| {
        json!({"named": {"k": one}, "lists": {"k": [one]}, "matched": {"x1": one},
            "rest": {"k": one}, "pair": [one, one], "tail": [1, one]})
    };
    let shown = said(json!({"ok": "o"}));
    let made = vault
        .ask(Method::POST, "/accounts")
        .json(said(both.clone()));
    let mut made = made.send().is(201).json();
    let id = made["id"].take();
    let whole = |shown: &Value| {
        let mut whole = shown.clone();
        whole["id"] = id.clone();
        whole
    };
    let path = format!("/accounts/{id}");
    let same = |answer: Answer| assert_eq!(answer.is(200).json(), whole(&shown));
    same(vault.get(&path).send());
    same(vault.put(&path).json(said(both.clone())).send());
    let again = vault.ask(Method::POST, "/said").json(said(both));
    let mut again = again.send().is(200).json();
    again["id"] = id.clone();
    assert_eq!(again, whole(&shown));
}

/// Of a map there is nothing that a client doesn't say.
#[test]
fn a_map_that_is_put_is_the_whole_map() {
    let vault = vault();
    for labels in [json!({"a": "1"}), json!({"b": "2", "c": "3"}), json!({})] {
        vault
            .put("/labels")
            .json(labels.clone())
            .send()
            .reads(&labels);
        vault.get("/labels").send().reads(&labels);
    }
}

/// The words of a whole tell why none of its alternatives is meant.
#[test]
fn what_breaks_alternatives_is_not_told_with_the_secrets_in_it() {
    let one = |least: u32, name: &str| {
        json!({"type": "object", "required": ["password"], "properties": {
            "password": {"type": "string", "minLength": least}, (name): {"type": "string"}}})
    };
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/in": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {"oneOf": [one(12, "a"), one(20, "b")]}}}},
            "responses": {"204": {"description": "In"}},
        }}},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    let sent = json!({"password": "SECRET"});
    let refused = api.ask(Method::POST, "/in").json(sent).send().is(422);
    let told = all_that_is_told(&refused);
    assert!(
        told.contains("fits none") && told.contains("12 characters"),
        "{told}"
    );
    assert!(!told.contains("SECRET"), "{told}");
}
