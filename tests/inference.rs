//! Collections that nobody configured: what is written is read back.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

const SHOP: &str = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    get:
      responses: {'200': {description: All, content: {application/json: {
        schema: {type: object, required: [data, total], properties: {
          data: {type: array, items: {$ref: '#/components/schemas/Pet'}}, total: {type: integer}}},
        example: {data: [{id: 1, name: Rex}, {id: 2, name: Mia}], total: 2}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {$ref: '#/components/responses/Pet'}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {$ref: '#/components/responses/Pet'}, '201': {$ref: '#/components/responses/Pet'}}
    patch:
      requestBody: {required: true, content: {application/merge-patch+json: {schema: {type: object}}, application/json-patch+json: {schema: {type: array}}}}
      responses: {'200': {$ref: '#/components/responses/Pet'}}
    delete: {responses: {'204': {description: Gone}}}
  /pets/{petId}/toys:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {type: object, properties: {toy: {$ref: '#/components/schemas/Toy'}}}}}}}
  /pets/{petId}/toys/{code}:
    parameters:
      - {name: petId, in: path, required: true, schema: {type: integer}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /pets/{petId}/photo:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    post: {responses: {'200': {description: Taken}}}
  /me:
    get: {responses: {'200': {$ref: '#/components/responses/Me'}}}
    patch:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}
      responses: {'200': {$ref: '#/components/responses/Me'}}
components:
  responses:
    Pet: {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, example: {id: 1, name: Rex, tag: dog}}}}
    Me: {description: Me, content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string, minLength: 2}
        tag: {type: string}
        status: {type: string, default: new}
        createdAt: {type: string, format: date-time, readOnly: true}
        updatedAt: {type: string, format: date-time, readOnly: true}
    Toy: {type: object, required: [code], properties: {code: {type: string}, color: {type: string}}}
    Me: {type: object, properties: {name: {type: string}, theme: {type: string, enum: [dark, light]}}}
";

fn shop() -> Counterpart {
    let contract = Contract::from_text("shop.yaml", SHOP).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]))
}

fn post(shop: &Counterpart, target: &str, body: Value) -> Answer {
    shop.ask(Method::POST, target).json(body).send()
}

fn names(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let items = body["data"].as_array().cloned().unwrap_or_default();
    let name = |item: &Value| item["name"].as_str().unwrap_or("").to_owned();
    items.iter().map(name).collect()
}

#[test]
fn what_is_added_is_listed_shown_changed_and_gone_when_it_is_removed() {
    let shop = shop();
    let made = post(
        &shop,
        "/pets",
        json!({"name": "Zoe", "id": 99, "wild": true}),
    )
    .is(201);
    let pet = made.json();
    assert_eq!(made.header("location"), "/pets/3");
    assert_eq!((&pet["id"], &pet["status"]), (&json!(3), &json!("new")));
    assert_eq!((pet.get("tag"), pet.get("wild")), (None, None));
    assert!(pet["createdAt"].is_string() && pet["createdAt"] == pet["updatedAt"]);

    let listed = shop.get("/pets").send().is(200);
    assert_eq!(names(&listed), ["Rex", "Mia", "Zoe"]);
    assert_eq!(listed.json()["total"], 3);

    let shown = shop.get("/pets/3").send().is(200);
    assert_eq!(shown.json(), pet);
    assert_eq!(shown.header("etag"), made.header("etag"));

    let patch = |tag: &str, body: Value| {
        let patch = shop.patch("/pets/3").header("If-Match", tag);
        patch
            .body("application/merge-patch+json", body.to_string())
            .send()
    };
    patch("\"other\"", json!({"name": "Max"})).is(412);
    patch(made.header("etag"), json!({"name": "M"})).invalid_at(&["/name"]);
    patch(made.header("etag"), json!({"name": null})).is(422);
    let patched = patch(made.header("etag"), json!({"name": "Max", "status": null})).is(200);
    assert_eq!(patched.json()["name"], "Max");
    assert_eq!(patched.json().get("status"), None);
    patch(made.header("etag"), json!({"name": "Moe"})).is(412);

    shop.ask(Method::DELETE, "/pets/3").send().is(204);
    shop.get("/pets/3").send().is(404);
    shop.ask(Method::DELETE, "/pets/3").send().is(404);
    assert_eq!(names(&shop.get("/pets").send()), ["Rex", "Mia"]);
}

#[test]
fn until_anything_is_written_the_documents_examples_stand_for_the_items() {
    let shop = shop();
    let listed = shop.get("/pets").send().is(200);
    assert_eq!(names(&listed), ["Rex", "Mia"]);
    let rex = shop.get("/pets/1").send().is(200);
    assert_eq!(rex.json(), json!({"id": 1, "name": "Rex", "tag": "dog"}));
    assert_eq!(shop.get("/pets/2").send().is(200).json()["name"], "Mia");
    let none = shop.get("/pets/2").header("If-None-Match", "*").send();
    assert_eq!(none.exchange.reply.status, 304);
    // A tag of before the first write still holds after it.
    post(&shop, "/pets", json!({"name": "Zoe"})).is(201);
    let merge = |target: &str, tag: &str| {
        let patch = shop.patch(target).header("If-Match", tag);
        patch
            .body("application/merge-patch+json", r#"{"tag":"cat"}"#)
            .send()
    };
    merge("/pets/1", rex.header("etag")).is(200);
    assert_eq!(shop.get("/pets/1").send().json()["tag"], "cat");
    // Of any other key there is an item too, until it is removed.
    let other = shop.get("/pets/70").send().is(200);
    let changed = merge("/pets/70", other.header("etag")).is(200);
    assert_eq!(
        (&changed.json()["id"], &changed.json()["tag"]),
        (&json!(70), &json!("cat"))
    );
    shop.ask(Method::DELETE, "/pets/71").send().is(204);
    shop.get("/pets/71").send().is(404);
}

#[test]
fn put_creates_what_is_not_there_and_replaces_what_is() {
    let shop = shop();
    let put = |target: &str| shop.put(target).json(json!({"name": "Bo"}));
    let made = put("/pets/5").header("If-None-Match", "*").send().is(201);
    assert_eq!(made.json()["id"], 5);
    put("/pets/5").header("If-None-Match", "*").send().is(412);
    put("/pets/5").send().is(200);
    let replaced = put("/pets/1").send().is(200);
    assert_eq!(replaced.json().get("tag"), None);
    shop.ask(Method::DELETE, "/pets/1").send().is(204);
    put("/pets/1").header("If-Match", "*").send().is(412);
    put("/pets/1").send().is(201);
}

#[test]
fn nested_items_are_kept_for_each_parent_and_go_with_it() {
    let shop = shop();
    post(&shop, "/pets", json!({"name": "Zoe"})).is(201);
    let made = post(
        &shop,
        "/pets/3/toys",
        json!({"code": "ball", "color": "red"}),
    )
    .is(201);
    assert_eq!(made.json()["toy"]["code"], "ball");
    assert_eq!(made.header("location"), "/pets/3/toys/ball");
    post(&shop, "/pets/3/toys", json!({"code": "ball"})).is(409);
    post(
        &shop,
        "/pets/2/toys",
        json!({"code": "ball", "color": "blue"}),
    )
    .is(201);
    let color = |pet: u8| {
        let toy = shop.get(&format!("/pets/{pet}/toys/ball")).send().is(200);
        toy.json()["color"].clone()
    };
    assert_eq!((color(3), color(2)), (json!("red"), json!("blue")));
    shop.ask(Method::DELETE, "/pets/3").send().is(204);
    for target in ["/pets/3/toys", "/pets/3/toys/ball"] {
        shop.get(target).send().is(404);
    }
    let photo = |pet: u8| shop.ask(Method::POST, &format!("/pets/{pet}/photo")).send();
    photo(3).is(404);
    photo(2).is(200);
    assert_eq!(color(2), "blue");
    // So it is of a pet that nobody wrote.
    photo(70).is(200);
    shop.ask(Method::DELETE, "/pets/70").send().is(204);
    photo(70).is(404);
}

#[test]
fn what_is_read_and_changed_as_one_is_kept_as_one() {
    let shop = shop();
    let me = shop.get("/me").send().is(200);
    let patch = |body: Value| shop.patch("/me").json(body);
    patch(json!({"theme": "blue"})).send().is(422);
    let tag = me.header("etag").to_owned();
    patch(json!({"name": "Ada"}))
        .header("If-Match", &tag)
        .send()
        .is(200);
    patch(json!({"name": "Eve"}))
        .header("If-Match", &tag)
        .send()
        .is(412);
    assert_eq!(shop.get("/me").send().json()["name"], "Ada");
    let contract = shop.host().apis()[0].contract();
    contract.reset().expect("nothing keeps it");
    assert_eq!(shop.get("/me").send().json(), me.json());
}

#[test]
fn a_json_patch_is_applied_whole_or_not_at_all() {
    let shop = shop();
    post(&shop, "/pets", json!({"name": "Zoe", "tag": "cat"})).is(201);
    let before = shop.get("/pets/3").send().json();
    let patch = |operations: Value| {
        let patch = shop.patch("/pets/3");
        let body = operations.to_string();
        patch.body("application/json-patch+json", body).send()
    };
    let first = json!({"op": "replace", "path": "/name", "value": "Max"});
    for (second, status, at) in [
        (
            json!({"op": "test", "path": "/tag", "value": "dog"}),
            409,
            "/1/value",
        ),
        (
            json!({"op": "replace", "path": "/none", "value": 1}),
            422,
            "/1/path",
        ),
        (
            json!({"op": "replace", "path": "/name", "value": "M"}),
            422,
            "/name",
        ),
        (json!({"op": "remove", "path": "/name"}), 422, "/name"),
        (json!({"op": "jump", "path": "/name"}), 422, "/1/op"),
        (json!({"op": "copy", "from": "/tag", "path": ""}), 422, ""),
    ] {
        let refused = patch(json!([first, second])).is(status);
        assert_eq!(refused.pointers(), [at], "{second}");
        assert_eq!(shop.get("/pets/3").send().json(), before);
    }
    let patched = patch(json!([
        {"op": "test", "path": "/tag", "value": "cat"}, first,
        {"op": "remove", "path": "/tag"},
        {"op": "add", "path": "/id", "value": 9}, {"op": "add", "path": "/wild", "value": true},
        {"op": "copy", "from": "/name", "path": "/status"},
    ]));
    let patched = patched.is(200).json();
    assert_eq!(
        (&patched["id"], &patched["name"]),
        (&json!(3), &json!("Max"))
    );
    assert_eq!(
        (&patched["status"], patched.get("tag")),
        (&json!("Max"), None)
    );
    assert_eq!(patched.get("wild"), None);
    assert_eq!(shop.get("/pets/3").send().json(), patched);
}

#[test]
fn where_nothing_but_refusals_is_documented_the_first_is_answered_and_nothing_is_done() {
    let document = SHOP.replace(
        "delete: {responses: {'204': {description: Gone}}}",
        "delete: {responses: {'400': {description: Bad}}}",
    );
    let contract = Contract::from_text("shop.yaml", &document).unwrap_or_else(|e| panic!("{e}"));
    let told = contract
        .warnings()
        .iter()
        .map(|warning| warning.to_string());
    let told: Vec<String> = told.filter(|told| told.contains("no success")).collect();
    assert!(
        told[0].contains("DELETE /pets/{petId} documents no success: it is answered with its 400"),
        "{told:?}"
    );
    let shop = Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]));
    let refused = shop.ask(Method::DELETE, "/pets/1").send().is(400);
    assert!(refused.exchange.reply_violations.is_empty());
    shop.get("/pets/1").send().is(200);
}

#[test]
fn what_a_client_sent_is_kept_beside_an_example_of_the_whole() {
    let document = SHOP.replace(
        "required: [id, name]\n",
        "required: [id, name]\n      example: {id: 1, name: Rexy, tag: dog}\n",
    );
    let contract = Contract::from_text("shop.yaml", &document).unwrap_or_else(|e| panic!("{e}"));
    let shop = Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]));
    for (id, name) in [(3, "Zoe"), (4, "Bo")] {
        let made = post(&shop, "/pets", json!({"name": name})).is(201).json();
        assert_eq!((&made["id"], &made["name"]), (&json!(id), &json!(name)));
        assert_eq!(made.get("tag"), None);
    }
}

#[test]
fn paths_that_end_in_a_slash_are_a_collection_too() {
    let document = SHOP
        .replace("  /pets:\n", "  /pets/:\n")
        .replace("  /pets/{petId}:\n", "  /pets/{petId}/:\n");
    let contract = Contract::from_text("shop.yaml", &document).unwrap_or_else(|e| panic!("{e}"));
    let shop = Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]));
    let made = post(&shop, "/pets/", json!({"name": "Zoe"})).is(201);
    assert_eq!(made.header("location"), "/pets/3/");
    assert_eq!(shop.get("/pets/3/").send().is(200).json()["name"], "Zoe");
}

#[test]
fn an_object_within_an_item_is_not_taken_for_the_item() {
    let order = "{type: object, required: [customer], properties: {total: {type: integer}, customer: {type: object, properties: {id: {type: string}, name: {type: string}}}}}";
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: O, version: '1'}}\npaths:\n  /orders:\n    post:\n      \
         requestBody: {{content: {{application/json: {{schema: {order}}}}}}}\n      \
         responses: {{'201': {{description: Made, content: {{application/json: {{schema: {order}}}}}}}}}\n  \
         /orders/{{id}}:\n    parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n    \
         get: {{responses: {{'200': {{description: One, content: {{application/json: {{schema: {order}}}}}}}}}}}\n"
    );
    let contract = Contract::from_text("o.yaml", &document).unwrap_or_else(|e| panic!("{e}"));
    let orders = Counterpart::of(Host::new(vec![("o".to_owned(), contract)]));
    let body = json!({"total": 3, "customer": {"id": "c1", "name": "N"}});
    for _ in 0..2 {
        assert_eq!(post(&orders, "/orders", body.clone()).is(201).json(), body);
    }
}

#[test]
fn nothing_is_removed_for_who_cannot_be_told() {
    let document = SHOP.replace(
        "delete: {responses: {'204': {description: Gone}}}",
        "delete: {responses: {'200': {description: Gone, content: {application/json: {example: {ok: true}}}}}}",
    );
    let contract = Contract::from_text("shop.yaml", &document).unwrap_or_else(|e| panic!("{e}"));
    let shop = Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]));
    let delete = |accept: &str| {
        shop.ask(Method::DELETE, "/pets/1")
            .header("Accept", accept)
            .send()
    };
    delete("image/png").is(406);
    shop.get("/pets/1").send().is(200);
    delete("application/json").is(200);
    shop.get("/pets/1").send().is(404);
}

#[test]
fn a_client_chooses_whether_a_change_is_shown_where_the_contract_has_both() {
    let document = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {$ref: '#/components/responses/Note'}, '204': {description: Made}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {$ref: '#/components/responses/Note'}}}
    patch:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'200': {$ref: '#/components/responses/Note'}, '204': {description: Changed}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'200': {$ref: '#/components/responses/Note'}}
components:
  responses:
    Note: {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
  schemas:
    Note: {type: object, required: [id], properties: {id: {type: string}, text: {type: string}}}
";
    let contract = Contract::from_text("notes.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let notes = Counterpart::of(Host::new(vec![("notes".to_owned(), contract)]));
    let ask = |method, target: &str, prefer: &str, body: Value| {
        let asking = notes.ask(method, target).header("Prefer", prefer);
        asking.json(body).send()
    };
    let minimal = "return=minimal";
    let made = ask(
        Method::POST,
        "/notes",
        minimal,
        json!({"id": "a", "text": "1"}),
    )
    .is(204);
    assert_eq!(made.header("location"), "/notes/a");
    assert_eq!(made.header("preference-applied"), minimal);
    let changed = ask(
        Method::PATCH,
        "/notes/a",
        minimal,
        json!({"id": "a", "text": "2"}),
    )
    .is(204);
    assert_eq!(changed.header("preference-applied"), minimal);
    assert!(!changed.header("etag").is_empty(), "for the next If-Match");
    let shown = ask(
        Method::PATCH,
        "/notes/a",
        "return=representation",
        json!({"id": "a", "text": "3"}),
    );
    let shown = shown.is(200);
    assert_eq!(shown.header("preference-applied"), "return=representation");
    assert_eq!(shown.json(), json!({"id": "a", "text": "3"}));

    // What isn't documented isn't preferred, and what isn't known is passed over.
    let whole = json!({"id": "a", "text": "4"});
    for (target, prefer) in [("/notes/a", minimal), ("/notes/a", "return=maximal")] {
        let put = ask(Method::PUT, target, prefer, whole.clone()).is(200);
        assert_eq!(put.headers.get("preference-applied"), None);
    }
    assert_eq!(notes.get("/notes/a").send().is(200).json(), whole);
}

/// A collection of things that go by an `id` of this schema, below paths that take that one.
fn things(id: &Value, in_path: &Value, thing: Value) -> Counterpart {
    let mut thing = thing;
    thing["properties"]["id"] = id.clone();
    thing["properties"]["name"] = json!({"type": "string"});
    let content = json!({"application/json": {"schema": thing}});
    let said = json!({"application/json": {"schema": {"type": "object", "properties": {
        "id": id, "name": {"type": "string"}, "site": {"type": ["string", "null"], "default": ""}}}}});
    let document = json!({"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": {
        "/things": {
            "get": {"responses": {"200": {"description": "", "content": {"application/json": {
                "schema": {"type": "array", "items": thing}}}}}},
            "post": {"requestBody": {"content": said},
                     "responses": {"201": {"description": "", "content": content}}},
        },
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": in_path}],
            "get": {"responses": {"200": {"description": "", "content": content}}},
            "patch": {"requestBody": {"content": {"application/json-patch+json": {"schema": {"type": "array"}}}},
                      "responses": {"200": {"description": "", "content": content}}},
        },
    }});
    let text = document.to_string();
    let contract = Contract::from_text("things.json", &text).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("things".to_owned(), contract)]))
}

#[test]
fn every_new_item_has_a_key_of_its_own_however_many_there_are() {
    let ids = [
        json!({"type": "string", "format": "uuid", "readOnly": true}),
        json!({"type": ["string", "null"], "minLength": 5, "readOnly": true}),
        json!({"type": "integer", "readOnly": true}),
    ];
    for id in ids {
        let shop = things(&id, &json!({}), json!({"type": "object"}));
        let made: Vec<String> = (0..130)
            .map(|_| post(&shop, "/things", json!({"name": "Rex"})).is(201))
            .map(|made| made.header("location").to_owned())
            .collect();
        let apart: std::collections::HashSet<&String> = made.iter().collect();
        assert_eq!(apart.len(), made.len(), "{id}");
        assert!(!apart.iter().any(|key| key.ends_with("/null")), "{id}");
        shop.get(&made[129]).send().is(200);
    }
}

#[test]
fn a_new_key_takes_no_items_place_and_is_one_that_the_path_takes() {
    let id = json!({"type": "integer", "format": "int64"});
    let shop = things(
        &id,
        &json!({"type": "integer", "maximum": 5}),
        json!({"type": "object"}),
    );
    let most = i64::MAX;
    let greatest = json!({"name": "Max", "id": most});
    // An id that the path doesn't take is the client's own doing.
    post(&shop, "/things", greatest.clone()).is(201);
    let made = post(&shop, "/things", json!({"name": "Next"})).is(201);
    let key = made.json()["id"].as_i64().unwrap_or(most);
    assert!((1..=5).contains(&key), "{}", made.text);
    shop.get(&format!("/things/{key}")).send().is(200);
    let listed = shop.get("/things").send().json();
    let all = listed.as_array().cloned().unwrap_or_default();
    assert!(all.iter().any(|item| item["name"] == "Max"), "{listed}");
}

#[test]
fn a_default_that_no_reply_can_have_is_no_reason_to_refuse() {
    let thing = json!({"type": "object", "required": ["kind"], "properties": {
        "site": {"type": "string", "format": "uri"},
        "kind": {"allOf": [{"type": "string"}, {"enum": ["thing_reference"]}]}}});
    let shop = things(
        &json!({"type": "string"}),
        &json!({"type": "string"}),
        thing,
    );
    let made = post(&shop, "/things", json!({"name": "Rex"}))
        .is(201)
        .json();
    assert_eq!(
        (&made["kind"], made.get("site")),
        (&json!("thing_reference"), None),
        "{made}"
    );
}

#[test]
fn a_null_is_nothing_where_replies_have_none() {
    let thing = json!({"type": "object", "properties": {"site": {"type": "string"}}});
    let id = json!({"type": "string"});
    let shop = things(&id, &id, thing);
    let body = json!({"name": "Rex", "site": null});
    let made = post(&shop, "/things", body).is(201).json();
    assert_eq!(made.get("site"), None, "{made}");
}

#[test]
fn a_patch_without_a_body_that_needs_none_changes_nothing() {
    let shop = things(
        &json!({"type": "string"}),
        &json!({"type": "string"}),
        json!({"type": "object"}),
    );
    shop.patch("/things/7").send().is(200);
}

#[test]
fn a_new_key_has_no_blanks_however_long_it_must_be() {
    for (least, most) in [(20, 64), (200, 300)] {
        let id = json!({"type": "string", "minLength": least, "maxLength": most, "readOnly": true});
        let shop = things(&id, &json!({}), json!({"type": "object"}));
        let made = post(&shop, "/things", json!({"name": "Rex"}))
            .is(201)
            .json();
        let key = made["id"].as_str().unwrap_or_default();
        assert!(
            (least..=most).contains(&key.len()) && !key.contains(' '),
            "{key}"
        );
    }
}

#[test]
fn nothing_has_happened_yet_to_what_is_new() {
    let moment = json!({"type": ["string", "null"], "format": "date-time", "readOnly": true});
    let thing = json!({"type": "object", "required": ["closed_at", "createdAt"], "properties": {
        "closed_at": moment, "createdAt": moment,
        "deletedAt": {"type": "string", "format": "date-time", "readOnly": true}}});
    let shop = things(&json!({"type": "string"}), &json!({}), thing);
    let made = post(&shop, "/things", json!({"name": "Rex"}))
        .is(201)
        .json();
    assert!(made["createdAt"].is_string(), "{made}");
    let undone = (made.get("closed_at"), made.get("deletedAt"));
    assert_eq!(undone, (Some(&Value::Null), None), "{made}");
}

#[test]
fn what_is_made_up_beside_what_a_client_said_agrees_with_it() {
    let own = |schema: Value| {
        let mut schema = schema;
        schema["readOnly"] = true.into();
        schema
    };
    let thing = json!({"type": "object", "properties": {
        "id": own(json!({"type": "string"})), "first_name": {"type": "string"}, "last_name": {"type": "string"},
        "full_name": own(json!({"type": "string"})),
        "email": own(json!({"type": "string", "format": "email"})),
        "quantity": {"type": "integer"}, "price": {"type": "number"},
        "total": own(json!({"type": "number"}))}});
    let said = json!({"first_name": "Bo", "last_name": "Ek", "quantity": 3, "price": 2.5});
    let content = json!({"application/json": {"schema": thing}});
    let make = json!({"requestBody": {"content": content},
                      "responses": {"201": {"description": "", "content": content}}});
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {
        "/sign-up": {"post": make},
        "/things": {"post": make},
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {}}],
            "get": {"responses": {"200": {"description": "", "content": content}}}},
    }});
    let contract = Contract::from_text("t.json", &document.to_string());
    let contract = contract.unwrap_or_else(|e| panic!("{e}"));
    let shop = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    for path in ["/sign-up", "/things"] {
        let made = post(&shop, path, said.clone()).is(201).json();
        assert_eq!(made["full_name"], "Bo Ek", "{made}");
        let email = made["email"].as_str().unwrap_or_default();
        assert!(email.starts_with("bo.ek@"), "{made}");
        assert_eq!(made["total"], 7.5, "{made}");
    }
}

#[test]
fn what_is_made_on_demand_is_there() {
    let shop = shop();
    let adding = |code: &str| {
        let asking = shop.ask(Method::POST, "/pets").header("prefer", code);
        asking.json(json!({"name": "Zoe"})).send().is(201)
    };
    let made = adding("code=201");
    assert_eq!(made.header("preference-applied"), "code=201");
    let shown = shop.get(made.header("location")).send().is(200);
    assert_eq!(shown.json()["name"], "Zoe");
    let before = shop.get("/pets").send().text;
    adding("code=201, dynamic=true");
    assert_eq!(shop.get("/pets").send().text, before);
}

#[test]
fn a_new_item_says_what_it_hangs_on_where_its_schema_does() {
    let document = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets/{petId}/toys:
    parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}
  /pets/{petId}/toys/{code}:
    parameters:
      - {name: petId, in: path, required: true, schema: {type: string}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}}
components:
  schemas:
    Toy: {type: object, required: [code], properties: {code: {type: string}, petId: {type: string, readOnly: true}}}
";
    let contract = Contract::from_text("shop.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let shop = Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]));
    let made = shop
        .ask(Method::POST, "/pets/p-1/toys")
        .json(json!({"code": "ball"}));
    let toy = json!({"code": "ball", "petId": "p-1"});
    assert_eq!(made.send().is(201).json(), toy);
    assert_eq!(shop.get("/pets/p-1/toys/ball").send().is(200).json(), toy);
}

const BOXES: &str = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /shelves/{id}/boxes:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [data], properties: {
      data: {type: array, minItems: 2, items: {$ref: '#/components/schemas/Box'}}}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}}}
  /shelves/{id}/boxes/{boxId}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: boxId, in: path, required: true, schema: {type: string, format: uuid}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}}}}
    patch:
      requestBody: {content: {application/merge-patch+json: {schema: {$ref: '#/components/schemas/Box'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Box'}}}}}
  /shelves/{shelfId}/jars:
    parameters: [{name: shelfId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [data], properties: {
      data: {type: array, minItems: 2, items: {$ref: '#/components/schemas/Jar'}}}}}}}}}
  /shelves/{shelfId}/jars/{id}:
    parameters:
      - {name: shelfId, in: path, required: true, schema: {type: integer}}
      - {name: id, in: path, required: true, schema: {type: integer}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Jar'}}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Jar'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Jar'}}}}}
components:
  schemas:
    Box: {type: object, required: [id], properties: {id: {type: string, format: uuid, readOnly: true}, label: {type: string}}}
    Jar: {type: object, required: [id, shelfId], properties: {id: {type: integer, readOnly: true}, shelfId: {type: integer, readOnly: true}, label: {type: string}}}
";

fn boxes() -> Counterpart {
    let contract = Contract::from_text("shop.yaml", BOXES).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]))
}

#[test]
fn what_stands_for_nested_items_says_the_same_of_its_parent_before_and_after_a_write() {
    let shop = boxes();
    let list = |shelf: u8| {
        let all = shop.get(&format!("/shelves/{shelf}/jars")).send().is(200);
        all.json()["data"].as_array().cloned().unwrap_or_default()
    };
    let before = list(7);
    assert!(before.len() > 1, "{before:?}");
    assert!(before.iter().all(|jar| jar["shelfId"] == 7), "{before:?}");
    assert_ne!(before[0]["id"], before[1]["id"]);
    let path = format!("/shelves/7/jars/{}", before[0]["id"]);
    assert_eq!(shop.get(&path).send().is(200).json(), before[0]);
    let changed = shop.patch(&path).json(json!({"label": "salt"})).send();
    let changed = changed.is(200).json();
    assert_eq!(
        (&changed["shelfId"], &changed["label"]),
        (&json!(7), &json!("salt"))
    );
    // It stays where it was, and so do the others.
    let after = list(7);
    assert_eq!(after[0], changed);
    assert_eq!(after[1..], before[1..]);
    assert!(list(8).iter().all(|jar| jar["shelfId"] == 8));
}

#[test]
fn a_parent_that_is_called_id_does_not_give_its_key_to_the_items_below() {
    let shop = boxes();
    let all = shop.get("/shelves/7/boxes").send().is(200).json();
    let all = all["data"].as_array().expect("a list").clone();
    assert_ne!(all[0]["id"], all[1]["id"]);
    let key = all[0]["id"].as_str().expect("a text");
    let one = shop.get(&format!("/shelves/7/boxes/{key}")).send().is(200);
    assert_eq!(one.json()["id"], key);
}

#[test]
fn a_precondition_of_a_post_is_on_the_list() {
    let shop = shop();
    let tag = shop.get("/pets").send().header("etag").to_owned();
    let post = |name: &str, field: &str, value: &str| {
        let body = json!({"name": name});
        shop.ask(Method::POST, "/pets")
            .json(body)
            .header(field, value)
            .send()
    };
    post("Zoe", "If-Match", &tag).is(201);
    post("Bo", "If-Match", &tag).is(412);
    post("Bo", "If-None-Match", "*").is(412);
    let tag = shop.get("/pets").send().header("etag").to_owned();
    post("Bo", "If-None-Match", &tag).is(412);
    post("Bo", "If-Match", "*").is(201);
}

#[test]
fn what_leads_to_the_example_leads_to_the_new_item() {
    let document = "
openapi: 3.1.0
info: {title: Labels, version: '1'}
paths:
  /labels:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Label'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Label'}}}}}
  /labels/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Label'}}}}}}
components:
  schemas:
    Label: {type: object, required: [node_id, url, name], properties: {
      node_id: {type: string, example: MDU6TGFiZWwyMDgwNDU5NDY=},
      url: {type: string, format: uri, example: 'https://api.example.com/labels/bug?full=1'},
      name: {type: string, example: bug}}}
";
    let contract = Contract::from_text("labels.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let labels = Counterpart::of(Host::new(vec![("labels".to_owned(), contract)]));
    let made = |name: &str| {
        post(&labels, "/labels", json!({"name": name}))
            .is(201)
            .json()
    };
    let (one, other) = (made("good first"), made("wontfix"));
    assert_eq!(
        one["url"],
        "https://api.example.com/labels/good%20first?full=1"
    );
    assert_eq!(
        other["url"],
        "https://api.example.com/labels/wontfix?full=1"
    );
    let ids = [&one, &other].map(|label| label["node_id"].as_str().unwrap_or_default().to_owned());
    assert_ne!(ids[0], ids[1]);
    assert!(
        ids.iter().all(|id| id.len() == 24 && id.ends_with('=')),
        "{ids:?}"
    );
}

const FORUM: &str = "
openapi: 3.1.0
info: {title: Forum, version: '1'}
paths:
  /users: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}},
    responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}}}
  /users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}, '404': {description: None}}}
    delete: {responses: {'204': {description: Gone}}}
  /users/{id}/posts:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Post'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewPost'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Post'}}}}}
  /posts/{postId}:
    parameters: [{name: postId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Post'}}}}, '404': {description: None}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewPost'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Post'}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /boards/{board}/posts/{number}/replies:
    parameters: [{name: board, in: path, required: true, schema: {type: string}}, {name: number, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Reply'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [text], properties: {text: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Reply'}}}}}
  /boards/{board}/replies/{replyId}:
    parameters: [{name: board, in: path, required: true, schema: {type: string}}, {name: replyId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Reply'}}}}, '404': {description: None}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Reply'}}}}}
components:
  schemas:
    User: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}
    NewPost: {type: object, required: [title], properties: {title: {type: string}, text: {type: string}}}
    Post: {type: object, required: [id, userId, title], properties: {id: {type: integer}, userId: {type: integer}, title: {type: string}, text: {type: string}}}
    Reply: {type: object, required: [id, text], additionalProperties: false, properties: {id: {type: integer}, text: {type: string}}}
";

fn forum() -> Counterpart {
    let contract = Contract::from_text("forum.yaml", FORUM).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("forum".to_owned(), contract)]))
}

#[test]
fn rows_below_an_item_have_keys_of_their_own() {
    let text = "openapi: 3.1.0
info: {title: Parts, version: '1'}
paths:
  /things/{id}/parts:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, minItems: 2, items: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}}}}}}}
";
    let contract = Contract::from_text("parts.yaml", text).unwrap_or_else(|e| panic!("{e}"));
    let parts = Counterpart::of(Host::new(vec![("parts".to_owned(), contract)]));
    let rows = parts.get("/things/5/parts").send().is(200).json();
    assert_ne!(rows[0]["id"], rows[1]["id"], "{rows}");
}

#[test]
fn what_is_added_below_a_parent_is_found_where_its_own_path_stands() {
    let forum = forum();
    let before = forum.get("/users/2/posts").send().is(200).json();
    let sent = json!({"title": "Hello", "text": "World"});
    let made = post(&forum, "/users/1/posts", sent).is(201);
    let own = made.header("location").to_owned();
    assert_eq!(own, format!("/posts/{}", made.json()["id"]));
    assert_eq!(made.json()["userId"], 1);
    assert_eq!(forum.get(&own).send().is(200).json(), made.json());
    // Put without it, it stays that user's.
    let put = forum
        .put(&own)
        .json(json!({"title": "Bye"}))
        .send()
        .is(200)
        .json();
    assert_eq!((&put["userId"], &put["title"]), (&json!(1), &json!("Bye")));
    let listed = forum.get("/users/1/posts").send().is(200).json();
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.last(), Some(&put));
    assert!(listed.iter().all(|post| post["userId"] == 1), "{listed:?}");
    // What is known to be this one's is no other's.
    assert_ne!(before, json!([]));
    assert_eq!(forum.get("/users/2/posts").send().json(), json!([]));
    forum.ask(Method::DELETE, &own).send().is(204);
    forum.get(&own).send().is(404);
    let listed = forum.get("/users/1/posts").send().json();
    assert!(!listed.to_string().contains("Bye"), "{listed}");
}

#[test]
fn whose_an_item_is_that_its_schema_has_no_word_for_is_known_all_the_same() {
    let forum = forum();
    let made = |number: u8| {
        let target = format!("/boards/b/posts/{number}/replies");
        post(&forum, &target, json!({"text": format!("to {number}")})).is(201)
    };
    let (one, other) = (made(1), made(2));
    assert_eq!(one.json().as_object().map(|o| o.len()), Some(2));
    let list = |number: u8| {
        let all = forum.get(&format!("/boards/b/posts/{number}/replies"));
        all.send().is(200).json()
    };
    let own = one.header("location").to_owned();
    assert_eq!(own, format!("/boards/b/replies/{}", one.json()["id"]));
    let changed = forum.patch(&own).json(json!({"text": "changed"})).send();
    let changed = changed.is(200).json();
    assert_eq!(list(1), json!([changed]));
    assert_eq!(list(2), json!([other.json()]));
    assert_eq!(list(3), json!([]));
    // Another board has its own.
    assert_eq!(
        forum.get("/boards/c/posts/1/replies").send().json(),
        json!([])
    );
}

#[test]
fn below_what_is_gone_nothing_is_added_or_listed() {
    let forum = forum();
    let user = post(&forum, "/users", json!({"name": "Ada"})).is(201);
    let id = user.json()["id"].clone();
    let posts = format!("/users/{id}/posts");
    post(&forum, &posts, json!({"title": "Hello"})).is(201);
    forum
        .ask(Method::DELETE, &format!("/users/{id}"))
        .send()
        .is(204);
    post(&forum, &posts, json!({"title": "Hello"})).is(404);
    forum.get(&posts).send().is(404);
}

#[test]
fn a_list_that_nobody_can_change_has_pages_all_the_same() {
    let document = "
openapi: 3.1.0
info: {title: Stations, version: '1'}
paths:
  /stations:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}, {name: offset, in: query, schema: {type: integer}}, {name: country, in: query, schema: {type: string}}]
      responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Station'}},
        example: [{id: a, country: DE}, {id: b, country: FR}, {id: c, country: DE}]}}}}
  /stations/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Station'}}}}}}
components:
  schemas:
    Station: {type: object, required: [id], properties: {id: {type: string}, country: {type: string}}}
";
    let contract = Contract::from_text("stations.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let stations = Counterpart::of(Host::new(vec![("stations".to_owned(), contract)]));
    let keys = |query: &str| {
        let list = stations
            .get(&format!("/stations{query}"))
            .send()
            .is(200)
            .json();
        let rows = list.as_array().cloned().unwrap_or_default();
        let keys = rows
            .iter()
            .map(|row| row["id"].as_str().unwrap_or_default().to_owned());
        keys.collect::<String>()
    };
    assert_eq!(keys(""), "abc");
    assert_eq!(keys("?limit=2"), "ab");
    assert_eq!(keys("?limit=2&offset=2"), "c");
    assert_eq!(keys("?country=DE"), "ac");
    let one = stations.get("/stations/b").send().is(200).json();
    assert_eq!(one, json!({"id": "b", "country": "FR"}));
}

#[test]
fn what_is_made_of_other_properties_follows_their_change() {
    let document = r"
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /orders:
    post:
      requestBody: {content: {application/json: {schema: &order {$ref: '#/components/schemas/Order'}}}}
      responses: {'201': {description: Made, content: &body {application/json: {schema: *order}}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: *body}}}
    put: {requestBody: {content: *body}, responses: {'200': {description: One, content: *body}}}
    patch:
      requestBody:
        content:
          application/merge-patch+json: {schema: {type: object, properties: {quantity: {type: integer}, firstName: {type: string}}}}
          application/json-patch+json: {schema: {type: array}}
      responses: {'200': {description: One, content: *body}}
components:
  schemas:
    Order:
      type: object
      required: [id, quantity, price, total, firstName, lastName, fullName]
      properties:
        id: {type: string, readOnly: true}
        quantity: {type: integer}
        price: {type: number}
        total: {type: number, readOnly: true}
        firstName: {type: string}
        lastName: {type: string}
        fullName: {type: string, readOnly: true}
";
    let contract = Contract::from_text("orders.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let shop = Counterpart::of(Host::new(vec![("orders".to_owned(), contract)]));
    let body = json!({"quantity": 3, "price": 2.5, "firstName": "Ann", "lastName": "Lee"});
    let made = post(&shop, "/orders", body).is(201).json();
    assert_eq!(
        (&made["total"], &made["fullName"]),
        (&json!(7.5), &json!("Ann Lee"))
    );
    let target = format!("/orders/{}", made["id"].as_str().expect("an id"));
    let change = |media_type: &str, body: Value| {
        let asking = shop.patch(&target).body(media_type, body.to_string());
        asking.send().is(200).json()
    };
    let merged = change(
        "application/merge-patch+json",
        json!({"quantity": 4, "firstName": "Bo"}),
    );
    assert_eq!(
        (&merged["total"], &merged["fullName"]),
        (&json!(10.0), &json!("Bo Lee"))
    );
    let operation = json!([{"op": "replace", "path": "/quantity", "value": 2}]);
    let patched = change("application/json-patch+json", operation);
    assert_eq!(patched["total"], 5.0);
    let body = json!({"quantity": 2, "price": 1, "firstName": "Bo", "lastName": "Ray"});
    let put = shop.put(&target).json(body).send().is(200).json();
    assert_eq!(
        (&put["total"], &put["fullName"]),
        (&json!(2), &json!("Bo Ray"))
    );
}

#[test]
fn what_replies_cant_have_beside_what_was_sent_is_no_reason_to_refuse() {
    let thing = json!({"type": "object", "properties": {}, "additionalProperties": false});
    let id = json!({"type": "string"});
    let mut closed = json!({"allOf": [thing], "additionalProperties": false});
    closed["properties"] = json!({"name": {"type": "string"}});
    let shop = things(&id, &id, closed);
    post(&shop, "/things", json!({})).is(201);
}

#[test]
fn what_the_schema_of_the_reply_alone_refuses_is_told_as_such() {
    let answer = shop()
        .ask(Method::PATCH, "/pets/1")
        .body("application/merge-patch+json", r#"{"name": "x"}"#)
        .send();
    let told = answer.is(422).text;
    let why = "needs at least 2 characters, got \\\"x\\\" (by the schema of the reply that would show it)";
    assert!(told.contains(why), "{told}");
}

const SHELTER: &str = "
openapi: 3.1.0
info: {title: Shelter, version: '1'}
paths:
  /pet:
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: Put, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pet/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
    post:
      parameters: [{name: name, in: query, schema: {type: string}}, {name: status, in: query, schema: {type: string}}]
      responses: {'204': {description: Changed}}
  /meals:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Meal'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {grams: {}, name: {}, notes: {}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Meal'}}}}}
  /meals/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Meal'}}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {grams: {}, name: {}, notes: {}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Meal'}}}}}
  /stays/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Stay'}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewStay'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Stay'}}}}}
  /cages:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: object, properties: {cages: {type: array, items: {$ref: '#/components/schemas/Cage'}}}}, example: {cages: []}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [object], properties: {token: {type: string}, object: {$ref: '#/components/schemas/Cage'}}}}}}
      responses: {'200': {description: Made, content: {application/json: {schema: {type: object, properties: {new_cage: {$ref: '#/components/schemas/Cage'}}}}}}}
  /cages/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {type: object, properties: {cage: {$ref: '#/components/schemas/Cage'}}}}}}}}
components:
  schemas:
    Pet: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}, status: {enum: [free, sold]}}}
    Meal: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}, grams: {type: integer},
      name: {type: string, maxLength: 6}, notes: {type: object, additionalProperties: {type: string}}}}
    Cage: {type: object, required: [id], properties: {id: {type: string}, size: {type: integer}}}
    Stay: {type: object, required: [id, pet, guards], properties: {id: {type: string}, pet: {$ref: '#/components/schemas/Pet'},
      open: {type: object, required: [url, enabled], properties: {url: {type: string}, enabled: {type: boolean}}},
      guards: {type: array, items: {type: object, required: [id], properties: {id: {type: string}, shift: {type: integer}}}}}}
    NewStay: {type: object, required: [pet], properties: {pet: {type: integer}, open: {type: boolean}, guards: {type: array, items: {type: string}}}}
";

fn shelter() -> Counterpart {
    let contract = Contract::from_text("shelter.yaml", SHELTER).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("shelter".to_owned(), contract)]))
}

#[test]
fn an_item_that_is_put_by_its_body_keeps_its_key() {
    let shelter = shelter();
    for id in [777, 778] {
        let pet = json!({"id": id, "name": "Rex"});
        let put = shelter.put("/pet").json(pet.clone()).send().is(200).json();
        assert_eq!((&put["id"], &put["name"]), (&pet["id"], &pet["name"]));
        let read = shelter.get(&format!("/pet/{id}")).send().is(200);
        assert_eq!(read.json(), put);
    }
}

#[test]
fn what_replies_cannot_say_does_not_take_the_place_of_what_was_known() {
    let shelter = shelter();
    let made = post(
        &shelter,
        "/meals",
        json!({"grams": 10, "name": "oats", "notes": {"a": "b"}}),
    );
    let path = made.is(201).header("location").to_owned();
    let patch = |body: Value| shelter.patch(&path).json(body).send();
    for wrong in [
        json!({"grams": "many"}),
        json!({"notes": {"a": []}}),
        json!({"name": "too long"}),
    ] {
        patch(wrong).is(422);
    }
    let known = shelter.get(&path).send().json();
    assert_eq!(
        (&known["grams"], &known["notes"]),
        (&json!(10), &json!({"a": "b"}))
    );
    // What says the same in another type is kept; what is empty where no text may be takes away.
    assert_eq!(
        patch(json!({"grams": "12", "name": 5})).is(200).json()["grams"],
        12
    );
    assert_eq!(shelter.get(&path).send().json()["name"], "5");
    assert_eq!(
        patch(json!({"notes": ""})).is(200).json().get("notes"),
        None
    );
}

#[test]
fn a_change_that_has_no_body_is_what_its_query_says_of_the_item() {
    let shelter = shelter();
    shelter
        .put("/pet")
        .json(json!({"id": 7, "name": "Rex"}))
        .send()
        .is(200);
    shelter
        .ask(Method::POST, "/pet/7?name=Max&status=sold")
        .send()
        .is(204);
    let pet = json!({"id": 7, "name": "Max", "status": "sold"});
    assert_eq!(shelter.get("/pet/7").send().json(), pet);
    // An empty text is how what is written as text leaves a thing unsaid.
    let empty = "/pet/7?name=Max&status=";
    shelter.ask(Method::POST, empty).send().is(204);
    let pet = json!({"id": 7, "name": "Max"});
    assert_eq!(shelter.get("/pet/7").send().json(), pet);
}

#[test]
fn an_item_may_stand_in_other_things_when_it_is_sent_than_when_it_is_shown() {
    let shelter = shelter();
    let sent = json!({"token": "t", "object": {"id": "c1", "size": 3}});
    let made = post(&shelter, "/cages", sent).is(200).json();
    assert_eq!(made, json!({"new_cage": {"id": "c1", "size": 3}}));
    let read = shelter.get("/cages/c1").send().is(200).json();
    assert_eq!(read, json!({"cage": {"id": "c1", "size": 3}}));
}

#[test]
fn what_stands_elsewhere_goes_with_its_parent_and_is_shown_as_it_is_known() {
    let forum = forum();
    let made = |user: u8| {
        post(
            &forum,
            &format!("/users/{user}/posts"),
            json!({"title": "Mine"}),
        )
    };
    let own = made(1).is(201).header("location").to_owned();
    // Another's list, which nobody wrote to, shows none of what is known to be this one's.
    let first = forum.get("/users/1/posts").send().json()[0]["id"].clone();
    let stands = format!("/posts/{first}");
    forum
        .put(&stands)
        .json(json!({"title": "Other"}))
        .send()
        .is(200);
    let others = forum.get("/users/2/posts").send().is(200).json();
    let keys = others
        .as_array()
        .into_iter()
        .flatten()
        .map(|post| &post["id"]);
    assert!(!keys.collect::<Vec<&Value>>().contains(&&first), "{others}");
    forum.ask(Method::DELETE, "/users/1").send().is(204);
    forum.get(&own).send().is(404);
    forum.get(&stands).send().is(404);
}

#[test]
fn what_is_sent_by_its_key_alone_is_shown_whole() {
    let shelter = shelter();
    let stay = json!({"pet": 41, "open": true, "guards": ["ann", "bo"]});
    let put = shelter.put("/stays/s1").json(stay).send().is(200).json();
    assert_eq!(
        (&put["pet"]["id"], &put["open"]["enabled"]),
        (&json!(41), &json!(true))
    );
    let guards = put["guards"].as_array().into_iter().flatten();
    let guards: Vec<&Value> = guards.map(|guard| &guard["id"]).collect();
    assert_eq!(guards, [&json!("ann"), &json!("bo")]);
    assert_eq!(shelter.get("/stays/s1").send().is(200).json(), put);
}

#[test]
fn of_alternatives_the_one_that_was_sent_is_shown_with_what_it_lacks() {
    let document = "
openapi: 3.1.0
info: {title: Rules, version: '1'}
paths:
  /rules:
    post:
      requestBody:
        content:
          application/json:
            schema:
              oneOf:
                - {type: object, required: [kind], properties: {kind: {const: word}, name: {type: string}, with: {type: object, properties: {words: {type: array, items: {type: string}}}}}}
                - {type: object, required: [kind, with], properties: {kind: {const: list}, name: {type: string}, with: {type: object, properties: {sets: {type: array, items: {type: string}}}}}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Rule'}}}}
  /rules/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Rule'}}}}}}
components:
  schemas:
    Rule:
      oneOf:
        - {type: object, required: [id, kind, with], properties: {id: {type: string}, kind: {const: list}, name: {type: string}, with: {type: object, required: [sets], properties: {sets: {type: array, items: {type: string}}}}}}
        - {type: object, required: [id, kind, with], properties: {id: {type: string}, kind: {const: word}, name: {type: string}, with: {type: object, required: [words, regex], properties: {words: {type: array, items: {type: string}}, regex: {type: array, items: {type: string}}}}}}
";
    let contract = Contract::from_text("rules.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let rules = Counterpart::of(Host::new(vec![("rules".to_owned(), contract)]));
    for (sent, lacking) in [
        (json!({"kind": "list", "with": {}}), "/with/sets"),
        (json!({"kind": "word"}), "/with/words"),
        (json!({"kind": "word", "with": {}}), "/with/regex"),
        (
            json!({"kind": "word", "with": {"words": ["a"]}}),
            "/with/regex",
        ),
    ] {
        let made = post(&rules, "/rules", sent.clone()).is(201).json();
        assert_eq!(made["kind"], sent["kind"], "{made}");
        assert!(made.pointer(lacking).is_some_and(Value::is_array), "{made}");
        if let Some(words) = sent.pointer("/with/words") {
            assert_eq!(made.pointer("/with/words"), Some(words));
        }
        let target = format!("/rules/{}", made["id"].as_str().expect("an id"));
        assert_eq!(rules.get(&target).send().is(200).json(), made);
    }
}

#[test]
fn what_is_said_of_one_alternative_is_answered_with_that_one() {
    let document = "
openapi: 3.1.0
info: {title: Till, version: '1'}
paths:
  /pay:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/P'}}}}
      responses: {'200': {description: Paid, content: {application/json: {schema: {$ref: '#/components/schemas/P'}}}}}
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {lines: {type: array, items: {$ref: '#/components/schemas/Line'}}}}}}}
      responses: {'200': {description: Ordered, content: {application/json: {schema: {type: object, required: [lines], properties: {
        lines: {type: array, items: {allOf: [{$ref: '#/components/schemas/Line'}, {type: object, required: [lineId], properties: {lineId: {type: integer}}}]}}}}}}}}
components:
  schemas:
    P: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}], discriminator: {propertyName: kind, mapping: {
      card: '#/components/schemas/Card', cash: '#/components/schemas/Cash'}}}
    Card: {type: object, required: [kind, pan], properties: {kind: {type: string}, pan: {type: string}}}
    Cash: {type: object, required: [kind, tendered], properties: {kind: {type: string}, tendered: {type: number}}}
    Line: {type: object, required: [sku, quantity], properties: {sku: {type: string}, quantity: {type: integer}}}
";
    let contract = Contract::from_text("till.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let till = Counterpart::of(Host::new(vec![("till".to_owned(), contract)]));
    for said in [
        json!({"kind": "cash", "tendered": 5}),
        json!({"kind": "card", "pan": "4111"}),
    ] {
        let paid = post(&till, "/pay", said.clone()).is(200).json();
        assert_eq!(paid, said);
    }
    let said = json!([{"sku": "S1", "quantity": 3}, {"sku": "S2", "quantity": 9}, {"sku": "S3", "quantity": 4}]);
    let mut lines = post(&till, "/orders", json!({"lines": said}))
        .is(200)
        .json()["lines"]
        .take();
    for line in lines.as_array_mut().expect("lines") {
        let id = line.as_object_mut().and_then(|line| line.remove("lineId"));
        assert!(id.is_some_and(|id| id.is_i64()));
    }
    assert_eq!(lines, said);
}

#[test]
fn a_list_that_nobody_wrote_has_the_page_that_its_parameters_say() {
    let document = "
openapi: 3.1.0
info: {title: Shelf, version: '1'}
paths:
  /books:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer, default: 10}}]
      responses: {'200': {description: All, headers: {X-Total-Count: {schema: {type: integer}}, X-Total-Pages: {schema: {type: string}}, X-Page: {schema: {type: integer}}, X-Next-Page: {schema: {type: integer}}}, content: {application/json: {schema: {
        type: object, required: [data, total, limit, totalPages, hasMore], properties: {
          data: {type: array, items: {type: object, required: [id], properties: {id: {type: integer}}}},
          total: {type: integer}, limit: {type: integer}, totalPages: {type: integer}, hasMore: {type: boolean}}}}}}}
  /books/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}}}}
    delete: {responses: {'204': {description: Gone}}}
";
    let contract = Contract::from_text("shelf.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let shelf = Counterpart::of(Host::new(vec![("shelf".to_owned(), contract)]));
    for target in ["/books", "/books?limit=10"] {
        let answer = shelf.get(target).send().is(200);
        let page = answer.json();
        let count = page["data"].as_array().map_or(0, Vec::len);
        assert!((1..10).contains(&count), "{page}");
        let told = ["total", "limit", "totalPages", "hasMore"].map(|name| &page[name]);
        let right = [json!(count), json!(10), json!(1), json!(false)];
        assert_eq!(told, right.each_ref(), "{target}");
        let fields = ["x-total-count", "x-total-pages", "x-page"];
        let told = fields.map(|name| answer.header(name));
        assert_eq!(told, [count.to_string().as_str(), "1", "1"]);
        // There is no page behind the last.
        assert!(!answer.headers.contains_key("x-next-page"));
    }
    let answer = shelf.get("/books?limit=1").send().is(200);
    assert_eq!(
        answer.header("x-total-pages"),
        answer.header("x-total-count")
    );
}

const HUB: &str = "
openapi: 3.1.0
info: {title: Hub, version: '1'}
paths:
  /user/repos: {post: {responses: {'201': {description: Made}}}}
  /repos/{owner}/{repo}:
    parameters: [&owner {name: owner, in: path, required: true, schema: {type: string}}, &repo {name: repo, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': &one {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Repo'}}}}, '404': &none {description: None}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}, description: {type: [string, 'null']}}}}}}
      responses: {'200': *one, '404': *none}
    delete: {responses: {'204': {description: Gone}, '404': *none}}
  /repos/{owner}/{repo}/labels/{name}:
    parameters: [*owner, *repo, {name: name, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /users/{id}/{setting}:
    parameters: [&id {name: id, in: path, required: true, schema: {type: integer}}, {name: setting, in: path, required: true, schema: {enum: [mail, theme]}}]
    get: {responses: {'200': &set {description: One, content: {application/json: {schema: {type: object, required: [name, value], properties: {name: {type: string}, value: {type: string}}}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {value: {type: string}}}}}}
      responses: {'200': *set}
  /users/{id}:
    parameters: [*id]
    get: {responses: {'200': &user {description: One, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}, nick: {type: string}}}}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {nick: {type: string}}}}}}
      responses: {'200': *user}
components:
  schemas:
    Repo: {type: object, required: [id, name, owner], properties: {id: {type: integer}, name: {type: string}, description: {type: [string, 'null']}, owner: {type: object, required: [login], properties: {login: {type: string}}}}}
";

#[test]
fn what_several_parameters_name_together_is_kept() {
    let contract = Contract::from_text("hub.yaml", HUB).unwrap_or_else(|e| panic!("{e}"));
    let hub = Counterpart::of(Host::new(vec![("hub".to_owned(), contract)]));
    let get = |target: &str| hub.get(target).send().is(200).json();
    let other = get("/repos/you/one");
    let change = json!({"description": "A first one"});
    let changed = hub
        .patch("/repos/me/one")
        .json(change)
        .send()
        .is(200)
        .json();
    assert_eq!(changed["description"], "A first one");
    assert_eq!(get("/repos/me/one"), changed);
    // One of another owner is another.
    assert_eq!(get("/repos/you/one"), other);
    hub.ask(Method::DELETE, "/repos/me/one").send().is(204);
    hub.get("/repos/me/one").send().is(404);
    hub.get("/repos/you/one").send().is(200);
    // What ends in a parameter is an item, and no list of what stands below it.
    let put = hub.put("/users/1/theme").json(json!({"value": "dark"}));
    assert_eq!(put.send().is(200).json()["value"], "dark");
    assert_eq!(get("/users/1/theme")["value"], "dark");
    let patch = hub.patch("/users/1").json(json!({"nick": "Mo"}));
    patch.send().is(200);
    assert_eq!(get("/users/1"), json!({"id": 1, "nick": "Mo"}));
    assert_eq!(get("/users/1/theme")["value"], "dark");
}

const GIT: &str = "
openapi: 3.0.3
info: {title: Git, version: '1'}
paths:
  /repos/{owner}/{repo}:
    parameters: &repo
      - {name: owner, in: path, required: true, schema: {type: string}}
      - {name: repo, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Repo'}}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}, private: {type: boolean}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Repo'}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /repos/{owner}/{repo}/issues:
    parameters: *repo
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Issue'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}
  /repos/{owner}/{repo}/issues/{number}:
    parameters:
      - {name: owner, in: path, required: true, schema: {type: string}}
      - {name: repo, in: path, required: true, schema: {type: string}}
      - {name: number, in: path, required: true, schema: {type: integer}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}}
  /repos/{owner}/{repo}/readme:
    parameters: *repo
    get: {responses: {'200': {description: One, content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}}}}
  /teams/{team}:
    parameters: [{name: team, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {type: object, properties: {id: {type: integer}, name: {type: string}}}}}}}}
  /users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /users/{userId}/orders:
    parameters: [{name: userId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {total: {type: number}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
  /users/{userId}/orders/{orderId}:
    parameters:
      - {name: userId, in: path, required: true, schema: {type: integer}}
      - {name: orderId, in: path, required: true, schema: {type: integer}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}}
  /customers/{id}/invoices:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Invoice'}}}}}}}}}
components:
  schemas:
    User: {type: object, required: [id, name], properties: {id: {type: integer}, login: {type: string}, name: {type: string}}}
    Repo: {type: object, required: [id, name, full_name, owner], properties: {id: {type: integer}, name: {type: string}, full_name: {type: string}, private: {type: boolean}, url: {type: string, format: uri}, owner: {type: object, properties: {login: {type: string}, id: {type: integer}}}}}
    Issue: {type: object, required: [id, number, title], properties: {id: {type: integer}, number: {type: integer}, title: {type: string}}}
    Order: {type: object, required: [id, user], properties: {id: {type: integer, readOnly: true}, total: {type: number}, user_id: {type: string}, user: {$ref: '#/components/schemas/User'}}}
    Invoice: {type: object, properties: {id: {type: string}, customer: {type: string, format: uuid}, customerId: {type: string, maxLength: 3}}}
";

fn git() -> Counterpart {
    let contract = Contract::from_text("git.yaml", GIT).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("git".to_owned(), contract)]))
}

#[test]
fn what_a_path_says_is_said_again_under_the_names_that_it_has_in_what_is_shown() {
    let git = git();
    let get = |target: &str| git.get(target).send().is(200).json();
    let repo = get("/repos/acme/tools");
    let said = [&repo["name"], &repo["full_name"], &repo["owner"]["login"]];
    assert_eq!(said, ["tools", "acme/tools", "acme"]);
    let url = repo["url"].as_str().expect("a URL");
    assert!(url.ends_with("/tools"), "{url}");
    assert_eq!(get("/teams/blue")["name"], "blue");
    let orders = get("/users/7/orders");
    let made = post(&git, "/users/7/orders", json!({"total": 3}))
        .is(201)
        .json();
    let listed = get("/users/7/orders");
    assert_eq!(listed.as_array().map(Vec::len), Some(3));
    for order in orders
        .as_array()
        .into_iter()
        .chain(listed.as_array())
        .flatten()
    {
        let said = (&order["user_id"], &order["user"]["id"]);
        assert_eq!(said, (&json!("7"), &json!(7)));
        let shown = get(&format!("/users/7/orders/{}", order["id"]));
        assert_eq!(shown["user"]["id"], 7);
    }
    assert_eq!(orders[0]["user"], orders[1]["user"], "it is one user");
    assert_eq!(
        (&made["user_id"], &made["user"]["id"]),
        (&json!("7"), &json!(7))
    );
    // What the schema doesn't take isn't said.
    let customer = "11111111-1111-4111-8111-111111111111";
    let invoices = get(&format!("/customers/{customer}/invoices"));
    for invoice in invoices["data"].as_array().expect("rows") {
        assert_eq!(invoice["customer"], customer);
        assert_ne!(invoice["customerId"], customer);
        assert_ne!(invoice["id"], customer);
    }
}

#[test]
fn below_what_was_made_up_and_is_gone_there_is_nothing() {
    let git = git();
    let below = ["/issues", "/issues/1", "/readme"];
    for path in below {
        git.get(&format!("/repos/acme/tools{path}")).send().is(200);
    }
    git.ask(Method::DELETE, "/repos/acme/tools").send().is(204);
    for path in below {
        git.get(&format!("/repos/acme/tools{path}")).send().is(404);
        git.get(&format!("/repos/other/tools{path}")).send().is(200);
    }
    // Whatever the parameter is called there.
    let made = post(&git, "/users/7/orders", json!({"total": 3})).is(201);
    git.ask(Method::DELETE, "/users/7").send().is(204);
    git.get("/users/7/orders").send().is(404);
    git.get(made.header("location")).send().is(404);
    git.get("/users/8/orders").send().is(200);
}

#[test]
fn what_is_known_by_its_name_is_found_under_a_new_one() {
    let git = git();
    let renamed = git
        .patch("/repos/acme/tools")
        .json(json!({"name": "gear", "private": true}));
    let renamed = renamed.send().is(200).json();
    let said = [&renamed["name"], &renamed["full_name"]];
    assert_eq!(said, ["gear", "acme/gear"]);
    assert_eq!(git.get("/repos/acme/gear").send().is(200).json(), renamed);
    git.get("/repos/acme/tools").send().is(404);
    git.get("/repos/acme/tools/issues").send().is(404);
}

const DESK: &str = "
openapi: 3.0.3
info: {title: Desk, version: '1'}
paths:
  /notes:
    get: {parameters: [{name: text, in: query, schema: {type: string}}], responses: {'200': {description: All, content: {application/json: {schema: {type: object, properties: {total: {type: integer}, notes: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [text], properties: {text: {type: string}}}}}}
      responses: {'201': {description: Made, headers: {Location: {schema: {type: string, enum: [/notes]}}}, content: {application/json: {schema: {type: object, properties: {data: {$ref: '#/components/schemas/Note'}}}}}}}
  /tasks/{id}/notes:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
  /tasks/{id}/steps:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [text], properties: {text: {type: string}}}}}}
      responses: {'200': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/search:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: {'200': {description: Found, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}
  /guess:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
    post:
      operationId: findNote
      requestBody: {content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: {'200': {description: Found, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /settings:
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}}
  /rates:
    get: {parameters: [{name: theme, in: query, required: true, schema: {type: string}}], responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Settings'}}}}}
components:
  schemas:
    Note: {type: object, required: [noteId, text], properties: {noteId: {type: integer}, text: {type: string}}}
    Settings: {type: object, properties: {theme: {type: string}, size: {type: integer}}}
";

fn desk() -> Counterpart {
    let contract = Contract::from_text("desk.yaml", DESK).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("desk".to_owned(), contract)]))
}

#[test]
fn what_was_added_to_a_list_is_in_it_though_its_items_have_no_paths() {
    let desk = desk();
    let get = |target: &str| desk.get(target).send().is(200).json();
    let before = get("/notes")["notes"].as_array().map_or(0, Vec::len);
    let hello = json!({"text": "hello"});
    let made = post(&desk, "/notes", hello.clone()).is(201);
    assert_eq!(made.header("location"), "/notes", "the document's own");
    let made = made.json()["data"].clone();
    assert_eq!(made["text"], "hello");
    let again = post(&desk, "/notes", hello.clone()).is(201).json();
    assert_ne!(again["data"]["noteId"], made["noteId"]);
    let after = get("/notes");
    assert_eq!(after["total"], before + 2);
    let rows = after["notes"].as_array().expect("rows");
    assert_eq!(rows[before..], [made.clone(), again["data"].clone()]);
    assert_eq!(get("/notes?text=hello")["total"], 2);
    // Each that it hangs on has its own, and no `201` is needed of what is shown as it was added.
    let others = get("/tasks/8/steps");
    let made = post(&desk, "/tasks/7/steps", hello).is(200).json();
    let listed = get("/tasks/7/steps");
    let listed = listed.as_array().expect("rows");
    assert_eq!(listed.last(), Some(&made));
    assert_eq!(get("/tasks/8/steps"), others);
}

#[test]
fn what_is_asked_by_post_adds_nothing_to_what_is_listed() {
    let desk = desk();
    let get = |target: &str| desk.get(target).send().is(200).json();
    for target in ["/notes/search", "/guess", "/rates?theme=a"] {
        let before = get(target);
        let path = target.split('?').next().expect("a path");
        post(&desk, path, json!({"text": "nothing", "theme": "none"})).is(200);
        assert_eq!(get(target), before, "{target}");
    }
}

#[test]
fn what_is_set_by_post_stays_set() {
    let desk = desk();
    let size = desk.get("/settings").send().is(200).json()["size"].clone();
    let set = json!({"theme": "dark", "size": size});
    let answer = post(&desk, "/settings", json!({"theme": "dark"})).is(200);
    assert_eq!(answer.json(), set);
    assert_eq!(desk.get("/settings").send().is(200).json(), set);
}
