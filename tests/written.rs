//! Replies, and bodies of callbacks and webhooks, that someone wrote for certain requests.

use crate::harness::{Answer, Counterpart};
use crate::process::{Folder, run};
use counterpart::exchange::Announcement;
use counterpart::host::Host;
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Quotes, version: '1'}
paths:
  /quotes/{id}:
    get:
      operationId: getQuote
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: It
          content: {application/json: {schema: {$ref: '#/components/schemas/Quote'}}}
        '404': {description: None, content: {application/json: {examples: {gone: {value: {why: gone}}}}}}
  /quotes:
    post:
      operationId: ask
      parameters: [{name: X-Tenant, in: header, schema: {type: string}}]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties: {kind: {type: string}, size: {type: integer}, hook: {type: string}, tags: {type: array}}
      responses:
        '200':
          description: It
          headers: {X-Rate: {schema: {type: integer, maximum: 9}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Quote'}}
            text/csv: {schema: {type: array, items: {$ref: '#/components/schemas/Quote'}}}
        '402': {description: Pay}
      callbacks:
        ready:
          '{$request.body#/hook}':
            post:
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Quote'}}}}
              responses: {'204': {description: Taken}}
webhooks:
  closed:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Quote'}}}}
      responses: {'204': {description: Taken}}
components:
  schemas:
    Quote: {type: object, required: [price], properties: {id: {type: string}, price: {type: number}}}
";

fn folder(replies: &str, items: &str) -> Folder {
    Folder::of(&[
        ("specs/quotes.yaml", DOCUMENT),
        ("fixtures/quotes/quotes.yaml", items),
        ("fixtures/quotes/replies/a.yaml", replies),
    ])
}

fn quotes(replies: &str) -> Counterpart {
    let folder = folder(replies, "- {id: '7', price: 7}");
    let host = Host::load(&[folder.path().join("specs")]);
    Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")))
}

fn ask(quotes: &Counterpart, body: Value) -> Answer {
    quotes
        .ask("POST".parse().expect("a method"), "/quotes")
        .json(body)
        .send()
}

#[test]
fn the_first_reply_whose_request_is_met_answers() {
    let quotes = quotes(
        "
- {operation: ask, request: {body: {kind: a, tags: [x, 2]}}, body: {price: 1}}
- {operation: ask, request: {body: {kind: a}}, body: {price: 2}, headers: {X-Rate: 3, X-More: m}}
- {operation: POST /quotes, request: {headers: {x-tenant: 5}}, status: 402}
",
    );
    let price = |body| ask(&quotes, body).is(200).json()["price"].clone();
    assert_eq!(
        price(json!({"kind": "a", "tags": ["x", 2.0], "size": 1})),
        1
    );
    assert_eq!(price(json!({"kind": "a", "tags": ["x"]})), 2);
    let rated = ask(&quotes, json!({"kind": "a"}));
    assert_eq!((rated.header("x-rate"), rated.header("x-more")), ("3", "m"));
    assert!(rated.header("counterpart-source").ends_with("a.yaml#/1"));
    let post = quotes.ask("POST".parse().expect("a method"), "/quotes");
    let paid = post
        .header("X-Tenant", "5")
        .json(json!({"kind": "b"}))
        .send();
    paid.is(402);
    let other = ask(&quotes, json!({"kind": "b"})).is(200);
    assert_eq!(other.header("counterpart-source"), "collection quotes");
}

#[test]
fn a_stored_item_and_a_preference_go_before_what_is_written() {
    let quotes = quotes(
        "
- {operation: getQuote, request: {path: {id: 7}}, body: {price: 70}}
- {operation: getQuote, request: {path: {id: 8}}, body: {price: 80}}
- {operation: getQuote, request: {path: {id: 9}}, status: 404, example: gone}
",
    );
    let get = |id: u8| quotes.get(&format!("/quotes/{id}"));
    assert_eq!(get(7).send().is(200).json()["price"], 7);
    assert_eq!(get(8).send().is(200).json()["price"], 80);
    assert_eq!(get(9).send().is(404).json(), json!({"why": "gone"}));
    get(6).send().is(404);
    let preferred = get(8).header("Prefer", "code=404").send();
    preferred.is(404);
}

#[test]
fn a_reply_is_for_those_who_accept_its_media_type() {
    let quotes = quotes(
        "
- {operation: ask, mediaType: text/csv, body: [{id: x, price: 5}]}
- {operation: ask, body: {price: 6}}
",
    );
    let accept = |accept: &str| {
        let post = quotes.ask("POST".parse().expect("a method"), "/quotes");
        post.header("Accept", accept).json(json!({})).send().is(200)
    };
    assert_eq!(accept("text/csv").text, "id,price\r\nx,5\r\n");
    assert_eq!(accept("application/json").json(), json!({"price": 6}));
}

#[test]
fn callbacks_and_webhooks_have_the_body_that_is_written_for_them() {
    let quotes = quotes(
        "
- {operation: ask, callback: ready, request: {body: {kind: a}}, body: {price: 11}}
- {webhook: closed, body: {price: 12}}
",
    );
    let body = |announcement: &Announcement| announcement.body_json().unwrap_or_default();
    let called = |kind: &str| {
        let hook = "http://localhost:9/";
        let answer = ask(&quotes, json!({"kind": kind, "hook": hook})).is(200);
        body(&answer.exchange.announcements[0])
    };
    assert_eq!(called("a"), json!({"price": 11}));
    assert_ne!(called("b"), json!({"price": 11}));
    let contract = quotes.api().contract();
    let sent = contract.webhook("closed", "http://localhost:9/", None, None);
    assert_eq!(body(&sent.expect("a webhook")[0]), json!({"price": 12}));
}

#[test]
fn what_is_written_wrong_is_told_with_its_place() {
    let folder = folder(
        "
- {operation: asks, body: {price: 1}}
- {operation: ask, request: {query: {kind: a}}, body: {price: 1}}
- {operation: ask, request: {path: 5}, body: {price: 1}}
- {operation: ask, status: 418}
- {operation: ask, mediaType: text/html, body: {price: 1}}
- {operation: ask, body: {price: much}, headers: {X-Rate: 1}}
- {operation: ask, body: {price: 1}, headers: {X-Rate: 10}}
- {operation: ask, body: {price: 1}, headers: {Content-Length: 10}}
- {operation: ask, headers: {X-Rate: 1}}
- {operation: ask, example: none}
- {operation: ask, callback: readdy, body: {price: 1}}
- {operation: ask, callback: ready, body: {}, status: 200}
- {webhook: closed}
- {body: {price: 1}}
- nothing
",
        "[]",
    );
    let ended = run(folder.path(), &["check", "specs"]);
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    let told = ended.out.lines().filter(|line| {
        line.starts_with("error") || line.starts_with(" -->") || line.contains("= help")
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    error: the contract has no operation `asks` here
     --> fixtures/quotes/replies/a.yaml:2:15
      = help: did you mean `ask`?
    error: the contract has no query parameter `kind` here
     --> fixtures/quotes/replies/a.yaml:3:44
    error: `path` is a mapping of parameters by their names
     --> fixtures/quotes/replies/a.yaml:4:36
    error: the operation documents no such status
     --> fixtures/quotes/replies/a.yaml:5:28
      = help: it documents 200, 402
    error: the media type isn't documented
     --> fixtures/quotes/replies/a.yaml:6:31
      = help: there are application/json, text/csv
    error: this fixture breaks the contract: /price must be a number, got the string "much"
     --> fixtures/quotes/replies/a.yaml:7:34
      = help: specs/quotes.yaml:45 says so
    error: this fixture breaks the contract: must be at most 9, got 10
     --> fixtures/quotes/replies/a.yaml:8:47
      = help: specs/quotes.yaml:27 says so
    error: the server sets this field itself
     --> fixtures/quotes/replies/a.yaml:9:64
    error: a `body` is missing: this operation's 200 has one
    error: the contract has no example `none` here
    error: the contract has no callback `readdy` here
       = help: did you mean `ready`?
    error: this fixture breaks the contract: /price is required
       = help: specs/quotes.yaml:45 says so
    error: `status` means nothing beside what else is said here
    error: a `body` is missing here
    error: `operation` is missing here
    error: a mapping is expected here, with operation, callback, webhook, request, status, headers, mediaType, body, example
    "#);
}
