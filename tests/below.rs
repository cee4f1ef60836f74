//! The state of items that hang on others, seen and set through the control plane.

use crate::harness::Counterpart;
use crate::raw::{self, Answer, Served, request};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use counterpart::wire::Method;
use serde_json::{Value, json};
use std::sync::Arc;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
  /pets/{petId}/toys:
    parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}
  /pets/{petId}/toys/{code}:
    parameters:
      - {name: petId, in: path, required: true, schema: {type: string}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}}
  /repos/{owner}/{repo}/labels:
    parameters: &repo
      - {name: owner, in: path, required: true, schema: {type: string}}
      - {name: repo, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}
  /repos/{owner}/{repo}/labels/{code}:
    parameters:
      - {name: owner, in: path, required: true, schema: {type: string}}
      - {name: repo, in: path, required: true, schema: {type: string}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}}
components:
  schemas:
    Pet: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}
    Toy: {type: object, required: [code], properties: {code: {type: string}, colour: {type: string}}}
";

struct Shop(Served);

fn shop() -> Shop {
    let contract = Contract::from_text("shop.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("shop".to_owned(), contract)]);
    Shop(raw::serve(Arc::new(host), ServerConfig::default()))
}

impl Shop {
    fn send(&self, line: &str, body: Value) -> Answer {
        let fields = "Connection: close\r\nContent-Type: application/json\r\n";
        match body {
            Value::Null => self.0.send(request(line, "Connection: close\r\n", "")),
            body => self.0.send(request(line, fields, &body.to_string())),
        }
    }

    fn state(&self, line: &str, body: Value) -> Answer {
        let (method, place) = line.split_once(' ').expect("a line");
        self.send(&format!("{method} /_counterpart/state/shop/{place}"), body)
    }

    fn codes(&self, path: &str) -> Vec<String> {
        let listed = self
            .send(&format!("GET {path}"), Value::Null)
            .is(200)
            .json();
        let items = listed.as_array().expect("a list").iter();
        items
            .map(|item| item["code"].as_str().expect("a code").to_owned())
            .collect()
    }
}

#[test]
fn items_below_others_are_shown_and_replaced_with_what_they_hang_on() {
    let shop = shop();
    assert_eq!(
        shop.state("GET toys", Value::Null).is(200).json(),
        json!({})
    );
    for pet in ["1", "a b"] {
        shop.send("POST /pets", json!({"id": pet})).is(201);
    }
    shop.send("POST /pets/1/toys", json!({"code": "ball"}))
        .is(201);
    shop.send("POST /pets/a%20b/toys", json!({"code": "rope"}))
        .is(201);

    let all = shop.state("GET toys", Value::Null).is(200).json();
    assert_eq!(all["toys@1"]["ball"]["code"], "ball");
    assert_eq!(all["toys@a%20b"]["rope"]["code"], "rope");
    assert_eq!(all.as_object().map(serde_json::Map::len), Some(2));
    let own = shop.state("GET toys@1", Value::Null).is(200).json();
    assert_eq!(own, all["toys@1"]);
    // The key is written as in a path.
    let own = shop.state("GET toys@a%20b/rope", Value::Null).is(200);
    assert_eq!(own.json(), all["toys@a%20b"]["rope"]);

    shop.state("PUT toys@1/drum", json!({"colour": "red"}))
        .is(201);
    assert_eq!(shop.codes("/pets/1/toys"), ["ball", "drum"]);
    shop.state("DELETE toys", Value::Null).is(204);
    assert!(shop.codes("/pets/1/toys").is_empty() && shop.codes("/pets/a%20b/toys").is_empty());
    // What came out is put back.
    shop.state("PUT toys", all.clone()).is(204);
    assert_eq!(shop.state("GET toys", Value::Null).json(), all);
    assert_eq!(shop.codes("/pets/a%20b/toys"), ["rope"]);

    shop.state("PUT labels@octo%2Frepo/bug", json!({})).is(201);
    assert_eq!(shop.codes("/repos/octo/repo/labels"), ["bug"]);
}

#[test]
fn what_does_not_say_what_it_hangs_on_is_refused_with_the_form_to_use() {
    let shop = shop();
    shop.send("POST /pets", json!({"id": "1"})).is(201);
    shop.send("POST /pets/1/toys", json!({"code": "ball"}))
        .is(201);
    let before = shop.state("GET toys", Value::Null).json();
    for (line, body, status, form) in [
        ("PUT toys/ball", json!({}), 422, "toys@{petId}"),
        ("GET toys/ball", Value::Null, 404, "toys@{petId}"),
        ("DELETE toys/ball", Value::Null, 404, "toys@{petId}"),
        ("PUT toys", json!({"ball": {}}), 422, "toys@{petId}"),
        ("PUT toys", json!({"labels@a/b": {}}), 422, "toys@{petId}"),
        ("PUT toys", json!({"toys@1": []}), 422, "toys@{petId}"),
        ("PUT toys@1%2F2/x", json!({}), 422, "toys@{petId}"),
        (
            "GET labels@octo",
            Value::Null,
            404,
            "labels@{owner}%2F{repo}",
        ),
        ("GET pets@1", Value::Null, 404, "named pets alone"),
        ("PUT pets@1/x", json!({}), 404, "named pets alone"),
    ] {
        let refused = shop.state(line, body).problem(status).json();
        let detail = refused["detail"].as_str().expect("a detail");
        assert!(detail.contains(form), "{line}: {detail}");
    }
    assert_eq!(shop.state("GET toys", Value::Null).json(), before);
}

#[test]
fn what_is_new_has_nothing_below_it_but_what_is_added() {
    let text = r"
openapi: 3.1.1
info: {title: Chat, version: '1'}
paths:
  /channels:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Channel'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Channel'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Channel'}}}}}
  /channels/{id}:
    parameters: &of [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Channel'}}}}}}
  /channels/{id}/settings:
    parameters: *of
    get: &settings {responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [muted], properties: {muted: {type: boolean}}}}}}}}
    put: {requestBody: {content: {application/json: {schema: {type: object, properties: {muted: {type: boolean}}}}}}, <<: *settings}
  /channels/{id}/messages:
    parameters: *of
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Message'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}}}
  /channels/{id}/messages/{message}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: message, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}}}}
components:
  schemas:
    Channel: {type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}
    Message: {type: object, required: [id, text], properties: {id: {type: integer, readOnly: true}, text: {type: string}}}
";
    let contract = Contract::from_text("chat.yaml", text).unwrap_or_else(|e| panic!("{e}"));
    let api = Counterpart::of(Host::new(vec![("chat".to_owned(), contract)]));
    let get = |path: &str| api.get(path).send();
    let count = |path: &str| get(path).is(200).json().as_array().map(Vec::len);
    assert_ne!(count("/channels/7/messages"), Some(0), "nobody made it");
    let made = api
        .ask(Method::POST, "/channels")
        .json(json!({"name": "a"}))
        .send()
        .is(201);
    let at = format!("/channels/{}", made.json()["id"]);
    assert_eq!(count(&format!("{at}/messages")), Some(0));
    assert_eq!(get(&format!("{at}/messages/1")).status, 404);
    // One thing by itself is there at once.
    get(&format!("{at}/settings")).is(200);
    let sent = api.ask(Method::POST, &format!("{at}/messages"));
    sent.json(json!({"text": "Hello"})).send().is(201);
    assert_eq!(count(&format!("{at}/messages")), Some(1));
    assert_ne!(count("/channels/7/messages"), Some(0));
}
