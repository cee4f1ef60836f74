//! What a client made: it has what the client gave it, what the server alone gives, and nothing else.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /carts:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {currency: {type: string, enum: [EUR, USD], default: EUR}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}}}
  /carts/{id}:
    parameters: &text [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': &cart {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}}}}
  /carts/{id}/coupon:
    parameters: *text
    put: {requestBody: {content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: string}}}}}}, responses: {'200': *cart}}
  /issues:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Issue'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewIssue'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}
  /issues/{id}:
    parameters: &number [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': &issue {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}}
    put: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewIssue'}}}}, responses: {'200': *issue}}
    delete: {responses: {'204': {description: Gone}}}
  /issues/{id}/files:
    parameters: *number
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/File'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}}
  /issues/{id}/comments:
    parameters: *number
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [comments, total], properties: {comments: {type: array, items: {$ref: '#/components/schemas/Comment'}}, total: {type: integer}}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [body], properties: {body: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Comment'}}}}}
  /comments:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Comment'}}}}}}}
  /comments/{commentId}:
    parameters: [{name: commentId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Comment'}}}}}}
  /devices:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, place: {type: string}}}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Device'}, {type: object, required: [secret, model], properties: {secret: {type: string}}}]}}}}}
  /devices/{id}:
    parameters: *text
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Device'}}}}}}
components:
  schemas:
    Cart:
      type: object
      required: [id, currency, items, item_count, subtotal, total]
      properties:
        id: {type: string}
        currency: {type: string}
        items: {type: array, items: {type: object, required: [sku, quantity, price], properties: {sku: {type: string}, quantity: {type: integer}, price: {type: number}}}}
        item_count: {type: integer}
        coupon: {type: string}
        discount: {type: number}
        subtotal: {type: number}
        total: {type: number}
    NewIssue: {type: object, required: [title], properties: {title: {type: string}, body: {type: string}, tags: {type: array, items: {type: string}}, owner: {type: string}}}
    Issue:
      type: object
      required: [id, title, tags, files]
      properties:
        id: {type: integer}
        title: {type: string}
        body: {type: string}
        owner: {type: object, properties: {id: {type: string}, name: {type: string}}}
        tags: {type: array, items: {type: object, required: [name], properties: {name: {type: string}}}}
        files: {type: array, minItems: 1, items: {type: string}}
        is_favorite: {type: boolean}
    File: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}
    Comment: {type: object, required: [id, body], properties: {id: {type: integer}, issue_id: {type: integer}, body: {type: string}}}
    Device: {type: object, required: [id, name], properties: {id: {type: string}, uid: {type: string, format: uuid, readOnly: true}, name: {type: string}, place: {type: string}, model: {type: string}, registered_at: {type: string, format: date-time}, seenAt: {type: string, format: date-time}}}
";

fn api() -> Counterpart {
    let contract = Contract::from_text("shop.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]))
}

fn post(api: &Counterpart, path: &str, body: Value) -> Answer {
    api.ask(Method::POST, path).json(body).send()
}

fn get(api: &Counterpart, path: &str) -> Value {
    api.get(path).send().is(200).json()
}

#[test]
fn lists_below_it_are_empty_wherever_their_items_have_paths() {
    let api = api();
    let listed = |issue: &Value| {
        let at = |list: &str| get(&api, &format!("/issues/{issue}/{list}"));
        let comments = at("comments");
        let count = comments["comments"].as_array().map(Vec::len);
        assert_eq!(comments["total"].as_u64(), count.map(|count| count as u64));
        (at("files").as_array().map(Vec::len), count)
    };
    let all = get(&api, "/comments");
    assert_ne!(listed(&json!(3)), (Some(0), Some(0)), "nobody made it");
    let issue = post(&api, "/issues", json!({"title": "A"})).is(201).json()["id"].clone();
    assert_eq!(listed(&issue), (Some(0), Some(0)));
    // What others list stays.
    assert_ne!(listed(&json!(3)), (Some(0), Some(0)));
    assert_eq!(get(&api, "/comments"), all);
    let comment = post(
        &api,
        &format!("/issues/{issue}/comments"),
        json!({"body": "Yes"}),
    );
    assert_eq!(comment.is(201).json()["issue_id"], issue);
    post(
        &api,
        &format!("/issues/{issue}/files"),
        json!({"name": "a.txt"}),
    )
    .is(201);
    assert_eq!(listed(&issue), (Some(1), Some(1)));
}

#[test]
fn it_has_nothing_that_nobody_gave_it() {
    let api = api();
    let cart = post(&api, "/carts", json!({})).is(201).json();
    let bare = json!({"id": cart["id"], "currency": "EUR", "items": [], "item_count": 0, "subtotal": 0, "total": 0});
    assert_eq!(cart, bare);
    let at = format!("/carts/{}", cart["id"].as_str().expect("an id"));
    assert_eq!(get(&api, &at), bare);
    let coupon = api
        .put(&format!("{at}/coupon"))
        .json(json!({"code": "SALE"}));
    assert_eq!(coupon.send().is(200).json()["coupon"], "SALE");

    let issue = post(&api, "/issues", json!({"title": "A"})).is(201).json();
    assert_eq!((&issue["tags"], issue.get("body")), (&json!([]), None));
    assert_eq!(issue["is_favorite"], false);
    assert_ne!(issue["files"], json!([]), "it must have one");
    // Nor has what is put in its place.
    let at = format!("/issues/{}", issue["id"]);
    let put = api
        .put(&at)
        .json(json!({"title": "B"}))
        .send()
        .is(200)
        .json();
    assert_eq!((&put["title"], &put["tags"]), (&json!("B"), &json!([])));
}

#[test]
fn what_is_shown_otherwise_than_it_was_sent_brings_nothing_else_along() {
    let api = api();
    let sent = json!({"title": "A", "tags": ["x"], "owner": "ann"});
    let issue = post(&api, "/issues", sent).is(201).json();
    assert_eq!(issue["tags"], json!([{"name": "x"}]));
    assert_eq!(issue.get("body"), None);
    assert_eq!(get(&api, &format!("/issues/{}", issue["id"])), issue);
}

#[test]
fn it_is_read_as_it_was_shown_but_for_what_only_its_making_tells() {
    let api = api();
    let mut made = post(&api, "/devices", json!({"name": "A"})).is(201).json();
    let read = get(
        &api,
        &format!("/devices/{}", made["id"].as_str().expect("an id")),
    );
    assert!(made["secret"].is_string() && made["model"].is_string() && made.get("place").is_none());
    made.as_object_mut().expect("an object").remove("secret");
    assert_eq!(read, made);
}

#[test]
fn its_number_is_nobody_elses_again() {
    let api = api();
    let made = || post(&api, "/issues", json!({"title": "A"})).is(201).json()["id"].clone();
    let mut known = Vec::new();
    for _ in 0..4 {
        let id = made();
        api.ask(Method::DELETE, &format!("/issues/{id}"))
            .send()
            .is(204);
        assert!(!known.contains(&id), "{id} of {known:?}");
        known.push(id);
    }
    let all = known.iter().filter_map(Value::as_i64);
    assert!(all.clone().is_sorted(), "{known:?}");
}

#[test]
fn what_else_an_item_is_known_by_is_its_own_too() {
    let api = api();
    let made = |name: &str| post(&api, "/devices", json!({"name": name})).is(201).json();
    let uids: Vec<Value> = ["A", "B", "C"].map(|name| made(name)["uid"].clone()).into();
    let other = |index: usize| uids.iter().skip(index + 1).all(|uid| *uid != uids[index]);
    assert!(uids[0].is_string() && (0..3).all(other), "{uids:?}");
}

#[test]
fn what_no_client_has_a_part_in_is_there_from_the_first() {
    let employee = json!({"type": "object", "required": ["name"], "properties": {
        "id": {"type": "string"}, "name": {"type": "string"}, "kind": {"type": "string"},
        "fullName": {"type": "string"}, "active": {"type": "boolean"}, "number": {"type": "integer"},
        "leftAt": {"type": "string", "format": "date-time"}}});
    let content = json!({"application/json": {"schema": employee}});
    let shown = json!({"description": "An employee", "content": content});
    let sent = json!({"type": "object", "properties": {"name": {"type": "string"}, "kind": {"type": "string"}}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/employees": {"post": {
                "requestBody": {"content": {"application/json": {"schema": sent}}},
                "responses": {"201": shown}}},
            "/employees/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "get": {"responses": {"200": shown}}},
        },
    });
    let contract = Contract::from_text("t.json", &document.to_string())
        .unwrap_or_else(|errors| panic!("{errors}"));
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    let made = post(&api, "/employees", json!({"name": "Ann Lee"}))
        .is(201)
        .json();
    assert_eq!(made["fullName"], "Ann Lee", "{made}");
    assert!(
        made["active"].is_boolean() && made["number"].is_u64(),
        "{made}"
    );
    // Who sends no kind has none, and nobody left yet.
    assert_eq!(
        (made.get("kind"), made.get("leftAt")),
        (None, None),
        "{made}"
    );
    let read = get(
        &api,
        &format!("/employees/{}", made["id"].as_str().expect("an id")),
    );
    assert_eq!(read, made);
}

#[test]
fn what_hangs_on_what_a_change_says_follows_it() {
    let date = json!({"type": "string", "format": "date"});
    let (text, whole) = (json!({"type": "string"}), json!({"type": "integer"}));
    let moment = json!({"type": ["string", "null"], "format": "date-time"});
    let booking = json!({"type": "object", "required": ["id", "checkIn", "checkOut", "nights", "title", "slug", "editedAt"],
        "properties": {"id": whole, "checkIn": date, "checkOut": date, "nights": whole, "title": text,
        "slug": text, "editedAt": moment, "totalPrice": {"type": "number"}, "birthDate": date, "age": whole}});
    let sent = json!({"type": "object", "properties": {"checkIn": date, "checkOut": date, "title": text, "birthDate": date}});
    let content = |schema: &Value| json!({"application/json": {"schema": schema}});
    let shown = json!({"description": "A booking", "content": content(&booking)});
    let takes = json!({"content": content(&sent)});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/bookings": {"post": {"requestBody": takes, "responses": {"201": shown}}},
            "/bookings/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": whole}],
                "get": {"responses": {"200": shown}},
                "patch": {"requestBody": takes, "responses": {"200": shown}}},
        },
    });
    let contract = Contract::from_text("t.json", &document.to_string())
        .unwrap_or_else(|errors| panic!("{errors}"));
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    let body = json!({"checkIn": "2030-12-01", "checkOut": "2030-12-04", "title": "By the sea",
                      "birthDate": "1990-01-01"});
    let made = post(&api, "/bookings", body).is(201).json();
    assert_eq!(
        json!([made["nights"], made["slug"], made["editedAt"]]),
        json!([3, "by-the-sea", null])
    );
    let at = format!("/bookings/{}", made["id"]);
    let body =
        json!({"checkOut": "2030-12-07", "title": "In the hills", "birthDate": "1980-01-01"});
    let changed = api.ask(Method::PATCH, &at).json(body).send().is(200).json();
    assert_eq!(
        json!([changed["nights"], changed["slug"]]),
        json!([6, "in-the-hills"])
    );
    let price = |told: &Value| told["totalPrice"].as_f64().unwrap_or_default();
    assert!(
        (price(&changed) - 2.0 * price(&made)).abs() < 0.01,
        "{changed}"
    );
    let age = |told: &Value| told["age"].as_i64().unwrap_or_default();
    assert_eq!(age(&changed) - age(&made), 10);
    assert!(changed["editedAt"].is_string(), "{changed}");
}
