//! What becomes of documents that are not quite right: served as far as they can be, and told of.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Things, version: 1.0}
paths:
  /sound:
    get:
      operationId: one
      responses:
        '200':
          description: Sound
          content:
            application/json:
              schema: {type: object, properties: {n: {type: integer}}, required: [n]}
              examples: {broken: {value: {n: many}}, good: {value: {n: 7}}}
  /nothing-there:
    get:
      responses: {'200': {$ref: '#/components/responses/Nope'}}
  /bad-pattern:
    put:
      operationId: one
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}}
      responses: {'204': {description: Done}}
  /undeclared/{id}:
    get:
      responses: {'204': {description: Done}}
  no-slash:
    get: {responses: {}}
components:
  schemas:
    Bad: {type: string, pattern: '^[a-z'}
";

fn contract() -> Contract {
    Contract::from_text("things.yaml", DOCUMENT).unwrap_or_else(|errors| panic!("{errors}"))
}

fn ask(contract: &Contract, method: Method, target: &str) -> (u16, String) {
    let reply = contract.answer(Request::new(method, target)).reply;
    (
        reply.status.as_u16(),
        String::from_utf8_lossy(&reply.body).into_owned(),
    )
}

#[test]
fn an_operation_that_cannot_be_served_is_501_with_its_place_and_the_rest_is_served() {
    let contract = contract();
    let (status, body) = ask(&contract, Method::GET, "/nothing-there");
    assert_eq!(status, 501);
    assert!(body.contains("things.yaml:17:"), "{body}");
    let (status, body) = ask(&contract, Method::PUT, "/bad-pattern");
    assert_eq!(status, 501);
    assert!(body.contains("things.yaml:30:"), "{body}");
    assert_eq!(ask(&contract, Method::GET, "/undeclared/x").0, 204);
}

#[test]
fn an_example_that_breaks_its_schema_is_never_sent() {
    assert_eq!(
        ask(&contract(), Method::GET, "/sound"),
        (200, r#"{"n":7}"#.to_owned())
    );
}

#[test]
fn everything_that_cannot_be_meant_is_told_with_its_place() {
    let told: Vec<String> = contract()
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    things.yaml:17:33: there is nothing at `#/components/responses/Nope`
    things.yaml:30:34: "^[a-z" is no regular expression
    things.yaml:26:3: the path `no-slash` isn't served: a path starts with /
    things.yaml:20:20: the operationId `one` is that of GET /sound too
    things.yaml:24:5: GET /undeclared/{id} declares no path parameter `id`
    things.yaml:14:46: this example breaks its schema: /n must be an integer, got the string "many"
    "#);
}
