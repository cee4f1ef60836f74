//! An API of a stranger: its document, fixtures, settings and rules, as the README tells of them.

use crate::harness::{Answer, Counterpart};
use crate::process::Folder;
use counterpart::host::Host;
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: 'https://shop.example.com/api'}]
paths:
  /customers/{customerId}/orders:
    get:
      parameters:
        - {name: customerId, in: path, required: true, schema: {type: string}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
        - {name: page, in: query, schema: {type: integer}}
      responses:
        '200':
          description: Orders
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Order'}}
  /customers/{customerId}/orders/{id}:
    parameters:
      - {name: customerId, in: path, required: true, schema: {type: string}}
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      responses: {'200': {$ref: '#/components/responses/Order'}}
    put:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses: {'200': {$ref: '#/components/responses/Order'}}
    delete:
      parameters: [{name: If-Match, in: header, required: true, schema: {type: string}}]
      responses: {'204': {description: Gone}}
    patch:
      operationId: changeOrder
      security: [{token: [orders.write]}]
      parameters: [{name: force, in: query, schema: {type: boolean}}]
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Change'}}}
      responses: {'200': {$ref: '#/components/responses/Order'}}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  responses:
    Order:
      description: The order
      content:
        application/json:
          schema: {type: object, properties: {order: {$ref: '#/components/schemas/Order'}}}
  schemas:
    Order:
      type: object
      required: [id, customerId, note]
      properties:
        id: {type: string, readOnly: true}
        customerId: {type: string, readOnly: true}
        note: {type: string}
        tags: {type: array, items: {type: string}}
    Change:
      type: object
      properties: {id: {type: string}, note: {type: string, nullable: true}}
";

const RULES: &str = "
operations:
  changeOrder:
    authorize: \"'orders.write' in auth.permissions || request.query.force\"
    require:
      - that: next.note.size() < 5
        at: /note
        message: Too long.
";

fn shop() -> Counterpart {
    let folder = Folder::of(&[
        ("specs/shop.yaml", DOCUMENT),
        ("fixtures/shop/customers.yaml", "[{id: c-1}, {id: c-2}]"),
        (
            "fixtures/shop/orders.yaml",
            "- {id: o-1, customerId: c-1, note: one, tags: [new, big]}\n\
             - {id: o-2, customerId: c-1, note: two}\n\
             - {id: o-3, customerId: c-2, note: three, tags: [big]}\n",
        ),
        ("fixtures/shop/rules.yaml", RULES),
    ]);
    let host = Host::load(&[folder.path().join("specs")]);
    Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")))
}

const FIRST: &str = "/customers/c-1/orders/o-1";

#[test]
fn a_nested_item_is_shown_under_its_own_parent_alone() {
    let shop = shop();
    shop.get(FIRST).send().is(200);
    shop.get("/api/customers/c-1/orders/o-1").send().is(200);
    shop.get("/customers/c-2/orders/o-1").send().is(404);
    shop.get("/customers/c-9/orders").send().is(404);
}

#[test]
fn a_list_filters_by_declared_properties_alone() {
    let shop = shop();
    let listed = |query: &str| -> Vec<String> {
        let answer = shop
            .get(&format!("/customers/c-1/orders{query}"))
            .send()
            .is(200);
        let items = answer.json().as_array().cloned().expect("a list");
        items
            .iter()
            .map(|item| item["id"].as_str().unwrap_or("").to_owned())
            .collect()
    };
    assert_eq!(listed(""), ["o-1", "o-2"]);
    assert_eq!(listed("?tags=big"), ["o-1"]);
    assert_eq!(listed("?tags=small"), Vec::<String>::new());
    assert_eq!(listed("?page=1"), ["o-1", "o-2"]);
    assert_eq!(listed("?page=2"), Vec::<String>::new(), "of 20 each");
}

#[test]
fn a_put_of_what_was_read_keeps_what_the_client_can_not_set() {
    let shop = shop();
    let read = shop.get(FIRST).send().json()["order"].clone();
    let mut sent = read.clone();
    sent["note"] = json!("changed");
    sent["id"] = json!("o-7");
    sent["customerId"] = json!("c-2");
    shop.put(FIRST).json(sent).send().is(200);
    let mut expected = read;
    expected["note"] = json!("changed");
    assert_eq!(shop.get(FIRST).send().json()["order"], expected);
    // What a replacement doesn't give is gone.
    shop.put(FIRST)
        .json(json!({"note": "alone"}))
        .send()
        .is(200);
    assert!(shop.get(FIRST).send().json()["order"].get("tags").is_none());
}

#[test]
fn no_update_gives_an_item_another_key() {
    let shop = shop();
    let body = json!({"id": "o-9", "note": "new"});
    let answer = shop
        .patch(FIRST)
        .bearer(&["orders.write"])
        .json(body)
        .send()
        .is(200);
    assert_eq!(answer.json()["order"]["id"], "o-1");
    shop.get("/customers/c-1/orders/o-9").send().is(404);
}

fn change(shop: &Counterpart, query: &str, header: Option<&str>) -> Answer {
    let asking = shop
        .patch(&format!("{FIRST}{query}"))
        .json(json!({"note": "n"}));
    match header {
        Some(header) => asking.header("Authorization", header).send(),
        None => asking.bearer(&["orders.read"]).send(),
    }
}

#[test]
fn a_rule_that_can_not_be_evaluated_permits_nothing() {
    let shop = shop();
    // `force` isn't there, so the rule's other half has no value.
    change(&shop, "", None).is(403);
    change(&shop, "?force=false", None).is(403);
    change(&shop, "?force=true", None).is(200);
}

#[test]
fn an_opaque_bearer_token_is_taken_and_says_nothing() {
    let shop = shop();
    change(&shop, "?force=true", Some("Bearer opaque")).is(200);
    change(&shop, "?force=false", Some("Bearer opaque")).is(403);
    change(&shop, "?force=true", Some("Basic opaque")).is(401);
}

#[test]
fn a_demand_that_can_not_be_evaluated_is_not_met() {
    let shop = shop();
    let patch = shop.patch(FIRST).bearer(&["orders.write"]);
    let answer = patch.json(json!({"note": null})).send().is(422);
    assert_eq!(answer.pointers(), ["/note"]);
    assert_eq!(shop.get(FIRST).send().json()["order"]["note"], "one");
}

#[test]
fn a_required_precondition_that_is_absent_is_428() {
    let shop = shop();
    let delete = |target: &str| shop.ask(counterpart::wire::Method::DELETE, target);
    delete("/customers/c-1/orders/o-9").send().is(404);
    delete(FIRST).send().is(428);
    delete(FIRST).header("If-Match", "\"stale\"").send().is(412);
    let tag = shop.get(FIRST).send().header("etag").to_owned();
    delete(FIRST).header("If-Match", &tag).send().is(204);
    shop.get(FIRST).send().is(404);
}
