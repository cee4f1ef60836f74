//! Items that the path alone names: no property of theirs has their key.

use crate::harness::Counterpart;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::json;

const BASKETS: &str = "
openapi: 3.0.3
info: {title: Baskets, version: '1'}
paths:
  /baskets:
    get: {responses: {'200': {description: Names, content: {application/json: {schema: {type: array, items: {type: string}}}}}}}
  /baskets/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: &basket {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Basket'}}}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Basket'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Basket'}}}}, '204': {description: Kept}}
    patch:
      requestBody: {content: {application/merge-patch+json: {schema: {type: object, properties: {note: {type: string}}}}}}
      <<: *basket
    delete: {responses: {'204': {description: Gone}}}
  /reports/{kind}:
    parameters: [{name: kind, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {type: object, required: [rows], properties: {rows: {type: integer}}}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {until: {type: string}}}}}}
      responses: {'202': {description: Under way}}
components:
  schemas:
    Basket:
      type: object
      required: [lines]
      properties:
        lines: {type: array, items: {type: object, required: [sku], properties: {sku: {type: string}}}}
        note: {type: string}
";

fn baskets() -> Counterpart {
    let contract = Contract::from_text("b.yaml", BASKETS).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("b".to_owned(), contract)]))
}

#[test]
fn what_is_put_at_a_path_is_there_as_it_was_put() {
    let baskets = baskets();
    let basket = json!({"lines": [{"sku": "A-1"}], "note": "Mine"});
    let put = |name: &str| baskets.put(&format!("/baskets/{name}"));
    let shown = |name: &str| {
        let answer = baskets.get(&format!("/baskets/{name}")).send();
        answer.is(200).json()
    };
    let made = put("a%20b")
        .header("If-None-Match", "*")
        .json(basket.clone());
    let made = made.send().is(201);
    assert_eq!(made.json(), basket);
    assert_eq!(shown("a%20b"), basket);
    assert_ne!(shown("other"), basket);
    put("a%20b")
        .header("If-None-Match", "*")
        .json(basket)
        .send()
        .is(412);
    let noted = baskets.patch("/baskets/a%20b");
    let note = json!({"note": "Ours"}).to_string();
    let noted = noted
        .body("application/merge-patch+json", note)
        .send()
        .is(200);
    assert_eq!(
        noted.json(),
        json!({"lines": [{"sku": "A-1"}], "note": "Ours"})
    );
    put("a%20b").json(json!({"lines": []})).send().is(204);
    assert_eq!(shown("a%20b"), json!({"lines": []}));
    baskets.ask(Method::DELETE, "/baskets/a%20b").send().is(204);
    baskets.get("/baskets/a%20b").send().is(404);
}

/// What is asked for isn't what is shown.
#[test]
fn what_is_put_and_never_shown_changes_nothing() {
    let baskets = baskets();
    let before = baskets.get("/reports/sales").send().is(200).json();
    let put = baskets.put("/reports/sales");
    put.json(json!({"until": "May"})).send().is(202);
    assert_eq!(baskets.get("/reports/sales").send().is(200).json(), before);
}
