//! What hooks put into requests, at a server that asks for more than its contract can say.

use super::{Folder, command, lines, wire};
use counterpart::contract::Contract;
use counterpart::verify::{Peer, Settings, Unanswered, verify};
use counterpart::wire::{Method, Reply, Request, StatusCode, header};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Mutex;

const CONTRACT: &str = "
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /orders:
    post:
      operationId: createOrder
      parameters: [{name: branch, in: query, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses:
        '201': {description: Done, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '409': {$ref: '#/components/responses/No'}
        '422': {$ref: '#/components/responses/No'}
        '400': {$ref: '#/components/responses/No'}
        '415': {$ref: '#/components/responses/No'}
  /accounts:
    post:
      operationId: openAccount
      responses:
        '201':
          description: Done
          content: {application/json: {schema: {type: object, properties: {number: {type: string}}}}}
components:
  responses:
    'No': {description: It can't be done, content: {application/json: {schema: {type: object}}}}
  schemas:
    Order:
      type: object
      required: [reference, account]
      properties:
        reference: {type: string, maxLength: 20}
        account: {type: string}
        note: {type: string, maxLength: 5}
";

const HOOKS: &str = "
define: {reference(n): \"'R-' + string(n)\"}
operations:
  createOrder:
    set:
      - at: /query/branch
        to: \"'north'\"
      - at: /body/reference
        to: reference(count)
      - at: /body/account
        to: replies.openAccount.body.number
";

/// Takes each reference once, for accounts that were opened alone.
#[derive(Default)]
struct Orders {
    references: Mutex<HashSet<String>>,
    asked: Mutex<Vec<(u16, Value)>>,
}

impl Peer for Orders {
    fn ask(&self, request: &Request) -> Result<Reply, Unanswered> {
        let (status, body) = match (&request.method, request.path()) {
            (&Method::POST, "/accounts") => (201, json!({"number": "A7"})),
            (&Method::POST, _) => self.order(request),
            _ => (404, json!({})),
        };
        let mut reply = Reply::new(StatusCode::from_u16(status).expect("a status"));
        reply.set(header::CONTENT_TYPE, "application/json");
        reply.body = body.to_string().into();
        Ok(reply)
    }
}

impl Orders {
    fn order(&self, request: &Request) -> (u16, Value) {
        let is_json = request.headers.get(header::CONTENT_TYPE);
        if is_json.is_none_or(|name| name != "application/json") {
            return (415, json!({}));
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return (400, json!({}));
        };
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let is_short = |name: &str, most: usize| {
            body.get(name)
                .is_none_or(|v| v.as_str().is_some_and(|t| t.len() <= most))
        };
        let is_valid = body["account"] == "A7"
            && text("reference").starts_with("R-")
            && is_short("reference", 20)
            && is_short("note", 5)
            && request.query() == "branch=north";
        let is_new = || {
            self.references
                .lock()
                .expect("a lock")
                .insert(text("reference"))
        };
        let status = match is_valid {
            false => 422,
            true if is_new() => 201,
            true => 409,
        };
        let mut asked = self.asked.lock().expect("a lock");
        asked.push((status, body.clone()));
        (status, if status == 201 { body } else { json!({}) })
    }
}

/// What was found, and what orders were asked for.
fn verified(hooks: &str) -> (Vec<String>, Vec<(u16, Value)>) {
    let contract = Contract::from_text("orders.yaml", CONTRACT).expect("a contract");
    let server = Orders::default();
    let settings = Settings {
        hooks: contract.hooks("hooks.yaml", hooks).expect("hooks"),
        ..Settings::of("http://orders.test", "seed")
    };
    let outcome = verify(&contract, &server, &settings, &|_| {}).expect("an outcome");
    let asked = server.asked.into_inner().expect("a lock");
    (lines(&outcome.findings), asked)
}

#[test]
fn hooks_say_what_a_contract_cant() {
    let (told, _) = verified("");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("POST /orders never succeeded"), "{told:?}");
    let (told, asked) = verified(HOOKS);
    assert_eq!(told, [""; 0]);
    let of = |status: u16| asked.iter().filter(move |(had, _)| *had == status);
    // Each request is with a reference of its own, and what breaks the contract still does.
    assert!(of(201).count() > 3, "{asked:?}");
    assert_eq!(of(409).count(), 0, "{asked:?}");
    let is_long = |body: &Value| body["note"].as_str().is_some_and(|text| text.len() == 6);
    assert!(of(422).any(|(_, body)| is_long(body)), "{asked:?}");
    assert!(
        of(422).any(|(_, body)| body["reference"].is_null()),
        "{asked:?}"
    );
}

#[test]
fn hooks_that_cant_be_read_or_evaluated_are_told_with_their_place() {
    let folder = Folder::of(&[("orders.yaml", CONTRACT)]);
    folder.write("hooks.yaml", "operations: {createOrders: {}}");
    let url = wire::listen("");
    let hooks = ["--hooks", "hooks.yaml"];
    let arguments = [&["verify", "orders.yaml", "--url", &url], &hooks[..]].concat();
    let ended = command(folder.path(), &arguments);
    assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""));
    let told = "error: the contract has no operation `createOrders`\n --> hooks.yaml:1:14";
    assert!(ended.err.starts_with(told), "{}", ended.err);
    let late = "operations: {createOrder: {set: [{at: /body/note, to: replies.openAccount.body.number.charAt(9)}]}}";
    let (told, _) = verified(late);
    let told = told
        .iter()
        .filter(|line| line.contains("isn't as hooks.yaml:1"));
    assert_eq!(told.count(), 1);
}

#[test]
fn hooks_are_held_against_the_contract_when_they_are_read() {
    let contract = Contract::from_text("orders.yaml", CONTRACT).expect("a contract");
    let read = |set: &str| {
        contract.hooks(
            "h",
            &format!("operations: {{createOrder: {{set: [{{{set}}}]}}}}"),
        )
    };
    let broken = |set: &str| {
        let errors = read(set).expect_err(set).0;
        let told = errors.iter().map(|error| match &error.help {
            Some(help) => format!("{error} ({help})"),
            None => error.to_string(),
        });
        told.collect::<Vec<_>>().join("; ")
    };
    for (set, told) in [
        (
            "at: /path/nope, to: \"'a'\"",
            "the operation has no path parameter `nope` (there is none)",
        ),
        (
            "at: /query/brnch, to: \"'a'\"",
            "the operation has no query parameter `brnch` (did you mean `branch`?)",
        ),
        (
            "at: /headers/Content-Length, to: \"'5'\"",
            "the operation has no header parameter `Content-Length` (there is none)",
        ),
        (
            "at: /body/account/number, to: \"'5'\"",
            "what stands there is a string, which has no member `number`",
        ),
        (
            "at: /body/account, to: replies.openAcount.body.number",
            "there is no member `openAcount` here (did you mean `openAccount`?)",
        ),
        (
            "at: /body/account, to: count",
            "/body/account must be a string, and this is an integer",
        ),
        (
            "at: /body/note, when: replies.openAccount.status == '201', remove: true",
            "a number is never equal to a string",
        ),
    ] {
        let broken = broken(set);
        let (place, broken) = broken.split_once(": ").expect("a place");
        assert!(place.starts_with("h:1:"), "{set}: {place}");
        assert!(broken.starts_with(told), "{set}: {broken}");
    }
    for (set, told) in [
        (
            "at: /body/refrence, to: \"'a'\"",
            "no schema of the body has a property `refrence` here",
        ),
        (
            "at: /body/account, to: replies.openAccount.body.numbr",
            "no schema has a property `numbr` here",
        ),
    ] {
        let hooks = read(set).expect(set);
        let warned: Vec<String> = hooks.warnings().iter().map(ToString::to_string).collect();
        assert!(
            warned.len() == 1 && warned[0].ends_with(told),
            "{set}: {warned:?}"
        );
    }
    for set in [
        "at: /query/branch, to: \"'north'\"",
        "at: /body, to: \"{'reference': string(now), 'account': request.query.branch}\"",
        "at: /body/account, to: \"has(replies.openAccount) ? replies['POST /accounts'].body.number : request.body.note\"",
        "at: /body/note, to: \"replies.openAccount.headers['x-note']\"",
    ] {
        let hooks = read(set).expect(set);
        assert_eq!(hooks.warnings().len(), 0, "{set}: {:?}", hooks.warnings());
    }
}

/// Hooks may have a write be about another item than the one whose story is told.
#[test]
fn a_story_follows_no_item_that_a_hook_puts_in_its_place() {
    let text = "
operations:
  PUT /pets/{id}:
    set: [{at: /path/id, to: \"'1'\"}]
  PATCH /pets/{id}:
    set: [{at: /path/id, to: \"'1'\"}]
";
    let contract = Contract::from_text("shop.yaml", super::CONTRACT).expect("a contract");
    let settings = Settings {
        hooks: contract.hooks("hooks.yaml", text).expect("hooks"),
        ..super::settings()
    };
    let shop = super::Shop::with("");
    let outcome = verify(&contract, &shop, &settings, &|_| {}).expect("an outcome");
    assert_eq!(lines(&outcome.findings), [""; 0]);
}
