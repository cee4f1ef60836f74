//! Replies that rules of behaviour say themselves, and rules for one sandbox.

use crate::raw::{self, Answer, Served, request};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use serde_json::{Value, json};
use std::sync::Arc;

const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getPet
      responses:
        '200':
          description: One
          headers: {X-Total: {schema: {type: integer}}}
          content:
            application/json:
              schema: {type: object, required: [name], properties: {name: {type: string}}}
              examples: {rex: {value: {name: Rex}}, mia: {value: {name: Mia}}}
        '404': {description: None, content: {text/plain: {schema: {type: string}}}}
    delete: {operationId: removePet, responses: {'204': {description: Gone}}}
";

const JSON: &str = "Content-Type: application/json\r\n";

fn serve() -> Served {
    let contract = Contract::from_text("pets.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("pets".to_owned(), contract)]);
    raw::serve(Arc::new(host), ServerConfig::default())
}

fn ask(served: &Served, line: &str, body: &str) -> Answer {
    let fields = format!("{JSON}Connection: close\r\n");
    served.send(request(line, &fields, body))
}

fn behave(served: &Served, rules: Value) -> Answer {
    let body = json!({"rules": rules}).to_string();
    ask(served, "PUT /_counterpart/behaviour", &body)
}

fn name_of(answer: Answer) -> Value {
    answer.is(200).json()["name"].clone()
}

#[test]
fn the_next_reply_is_the_one_that_a_rule_says() {
    let served = serve();
    let reply = json!({"status": 200, "headers": {"X-Total": 7}, "body": {"name": "Ida"}});
    behave(
        &served,
        json!([
            {"operation": "getPet", "reply": reply, "times": 1},
            {"operation": "getPet", "reply": {"example": "mia"}, "times": 1},
            {"path": "/pets/{id}", "method": "GET", "times": 1,
             "reply": {"status": 404, "mediaType": "text/plain", "body": "none"}},
        ]),
    )
    .is(204);
    let shown = ask(&served, "GET /_counterpart/behaviour", "").json();
    assert_eq!(shown["rules"][0]["reply"], reply);
    let first = ask(&served, "GET /pets/1", "").is(200);
    assert_eq!(first.json(), json!({"name": "Ida"}));
    assert_eq!(first.field("x-total"), Some("7"));
    assert_eq!(name_of(ask(&served, "GET /pets/1", "")), "Mia");
    let third = ask(&served, "GET /pets/1", "").is(404);
    assert_eq!(third.field("content-type"), Some("text/plain"));
    assert_eq!(third.body(), "none");
    assert_eq!(name_of(ask(&served, "GET /pets/1", "")), "Rex");
}

#[test]
fn a_reply_that_breaks_the_contract_is_refused_unless_it_is_forced() {
    let served = serve();
    for (reply, place, told) in [
        (json!({"body": {"nam": "Ida"}}), "reply/body", "name"),
        (json!({"body": {"name": 1}}), "reply/body/name", "string"),
        (json!({"status": 500}), "reply/status", "200, 404"),
        (json!({"example": "max"}), "reply/example", "rex"),
        (
            json!({"body": {"name": "Ida"}, "mediaType": "text/css"}),
            "reply/mediaType",
            "documented",
        ),
        (
            json!({"body": {"name": "Ida"}, "headers": {"X-Total": "x"}}),
            "reply/headers",
            "integer",
        ),
        (json!({"headers": {"X-Total": 1}}), "reply", "body"),
        (json!({"boddy": 1}), "reply/boddy", "boddy"),
    ] {
        let rule = json!([{"operation": "getPet", "reply": reply}]);
        let problem = behave(&served, rule).problem(422).json();
        let at = problem["errors"][0]["pointer"].as_str().expect("a place");
        assert!(
            at.starts_with(&format!("/rules/0/{place}")),
            "{reply}: {problem}"
        );
        assert!(problem.to_string().contains(told), "{reply}: {problem}");
        let rule = &problem["errors"][0]["rule"];
        let is_named = reply.get("boddy").is_none();
        assert!(!is_named || rule == "contract", "{problem}");
    }
    for (rule, place) in [
        (json!({"reply": {"body": 1}}), "/rules/0/reply"),
        (
            json!({"operation": "getPet", "status": 404, "reply": {}}),
            "/rules/0/status",
        ),
    ] {
        let problem = behave(&served, json!([rule])).problem(422).json();
        assert_eq!(problem["errors"][0]["pointer"], place, "{problem}");
    }
    let forced =
        json!({"force": true, "status": 418, "headers": {"X-Odd": "a\r\nb"}, "body": {"nam": 1}});
    behave(&served, json!([{"operation": "getPet", "reply": forced}])).is(204);
    let answer = ask(&served, "GET /pets/1", "").is(418);
    assert_eq!(answer.json(), json!({"nam": 1}));
    assert_eq!(answer.field("x-odd"), Some("a  b"));
    let broken = json!({"force": true, "body": {"nam": 1}});
    behave(&served, json!([{"operation": "getPet", "reply": broken}])).is(204);
    ask(&served, "GET /pets/1", "").is(200);
    // The journal has what it breaks, and that it was meant to.
    let journal = ask(&served, "GET /_counterpart/journal", "").json();
    let last = &journal["exchanges"][1];
    assert_eq!(last["onPurpose"], true, "{last}");
    assert_eq!(last["replyViolations"][0]["rule"], "required", "{last}");
    let text = json!({"force": true, "mediaType": "text/html", "body": "<b>"});
    behave(&served, json!([{"operation": "getPet", "reply": text}])).is(204);
    let answer = ask(&served, "GET /pets/1", "").is(200);
    assert_eq!(
        (answer.body(), answer.field("content-type")),
        ("<b>", Some("text/html"))
    );
}

#[test]
fn a_rule_for_a_sandbox_is_for_no_other() {
    let served = serve();
    behave(
        &served,
        json!([{"sandbox": "one", "status": 503}, {"method": "DELETE", "status": 500}]),
    )
    .is(204);
    ask(&served, "GET /@one/pets/1", "").is(503);
    ask(&served, "GET /@two/pets/1", "").is(200);
    ask(&served, "GET /pets/1", "").is(200);
    ask(&served, "POST /_counterpart/reset?sandbox=two", "").is(204);
    ask(&served, "GET /@one/pets/1", "").is(503);
    ask(&served, "POST /_counterpart/reset?sandbox=one", "").is(204);
    ask(&served, "GET /@one/pets/1", "").is(200);
    ask(&served, "DELETE /pets/1", "").is(500);
}
