//! Several items by one request: all of them, or none.

use crate::harness::{Answer, Counterpart};
use crate::process::{Folder, run};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

const SHOP: &str = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    get: {responses: {'200': {$ref: '#/components/responses/Pets'}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/NewPet'}}}}}
      responses: {'201': {$ref: '#/components/responses/Pets'}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}
      responses: {'200': {$ref: '#/components/responses/Pets'}}
    patch:
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/PartOfPet'}}}}}
      responses: {'200': {$ref: '#/components/responses/Pets'}, '404': {description: None}}
    delete:
      parameters: [{name: petIds, in: query, schema: {type: array, items: {type: integer}}}]
      responses: {'204': {description: Gone}}
  /pets/bulk:
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [pets], properties: {
        pets: {type: array, items: {$ref: '#/components/schemas/NewPet'}}, dryRun: {type: boolean}}}}}}
      responses: {'204': {description: Made}}
    delete:
      requestBody: {content: {application/json: {schema: {type: object, properties: {ids: {type: array, items: {type: integer}}}}}}}
      responses: {'204': {description: Gone}, '404': {description: None}}
  /pets/imports:
    post:
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}
      responses: {'200': {description: The last, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/search:
    post:
      requestBody: {content: {application/json: {schema: {type: array, items: {type: object, properties: {tag: {type: string}}}}}}}
      responses: {'200': {$ref: '#/components/responses/Pets'}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
  /pets/{petId}/toys:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {$ref: '#/components/responses/Toys'}}}
    post:
      requestBody: {content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Toy'}, {type: array, items: {$ref: '#/components/schemas/Toy'}}]}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Toy'}, {type: array, items: {$ref: '#/components/schemas/Toy'}}]}}}}}
    delete: {responses: {'204': {description: None left}}}
  /pets/{petId}/toys/{code}:
    parameters:
      - {name: petId, in: path, required: true, schema: {type: integer}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}}
components:
  responses:
    Pets: {description: All, content: {application/json: {
        schema: {type: object, required: [data, total], properties: {
          data: {type: array, items: {$ref: '#/components/schemas/Pet'}}, total: {type: integer}}},
        example: {data: [{id: 1, name: Rex}, {id: 2, name: Mia}], total: 2}}}}
    Toys: {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}, example: []}}}
  schemas:
    NewPet: {type: object, required: [name], properties: {name: {type: string, minLength: 2}, tag: {type: string}}}
    PartOfPet: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string, minLength: 2}, tag: {type: [string, 'null']}}}
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer}
        name: {type: string, minLength: 2}
        tag: {type: string}
        createdAt: {type: string, format: date-time, readOnly: true}
    Toy: {type: object, required: [code], properties: {code: {type: string}, color: {type: string}}}
";

fn shop() -> Counterpart {
    let contract = Contract::from_text("shop.yaml", SHOP).unwrap_or_else(|e| panic!("{e}"));
    Counterpart::of(Host::new(vec![("shop".to_owned(), contract)]))
}

fn ask(shop: &Counterpart, method: Method, target: &str, body: Value) -> Answer {
    shop.ask(method, target).json(body).send()
}

/// The keys and names of what is in the list, in order.
fn pets(answer: &Answer) -> Vec<(u64, String)> {
    let body = answer.json();
    let items = body["data"].as_array().cloned().unwrap_or_default();
    assert_eq!(body["total"], items.len(), "{body}");
    let pet = |pet: &Value| {
        let name = pet["name"].as_str().unwrap_or("").to_owned();
        (pet["id"].as_u64().unwrap_or(0), name)
    };
    items.iter().map(pet).collect()
}

fn all(shop: &Counterpart) -> Vec<(u64, String)> {
    pets(&shop.get("/pets").send().is(200))
}

fn named(pets: &[(u64, &str)]) -> Vec<(u64, String)> {
    let pets = pets.iter();
    pets.map(|(key, name)| (*key, (*name).to_owned())).collect()
}

#[test]
fn what_is_posted_as_a_list_is_added_item_by_item() {
    let shop = shop();
    let body = json!([{"name": "Zoe"}, {"name": "Bo", "tag": "dog", "wild": true}]);
    let made = ask(&shop, Method::POST, "/pets", body).is(201);
    assert_eq!(pets(&made), named(&[(3, "Zoe"), (4, "Bo")]));
    assert_eq!(made.headers.get("location"), None);
    assert!(made.json()["data"][1]["createdAt"].is_string());
    assert_eq!(made.json()["data"][1].get("wild"), None);
    let before = named(&[(1, "Rex"), (2, "Mia"), (3, "Zoe"), (4, "Bo")]);
    assert_eq!(all(&shop), before);
    assert_eq!(shop.get("/pets/4").send().is(200).json()["tag"], "dog");

    let wrong = json!([{"name": "Al"}, {"name": "X"}]);
    ask(&shop, Method::POST, "/pets", wrong).invalid_at(&["/1/name"]);
    assert_eq!(all(&shop), before);
}

#[test]
fn items_may_stand_in_an_object_and_below_the_list() {
    let shop = shop();
    let body = json!({"pets": [{"name": "Zoe"}, {"name": "Bo"}]});
    ask(&shop, Method::POST, "/pets/bulk", body).is(204);
    assert_eq!(all(&shop)[2..], named(&[(3, "Zoe"), (4, "Bo")]));
    let wrong = json!({"pets": [{"name": "Al"}, {"tag": "x"}]});
    ask(&shop, Method::POST, "/pets/bulk", wrong).invalid_at(&["/pets/1/name"]);
    let body = json!([{"id": 20, "name": "Al"}, {"id": 21, "name": "Ed"}]);
    let last = ask(&shop, Method::POST, "/pets/imports", body).is(200);
    assert_eq!(last.json()["name"], "Ed");
    shop.get("/pets/20").send().is(200);
    // What items are searched by isn't items.
    ask(&shop, Method::POST, "/pets/search", json!([{"tag": "x"}])).is(200);
    assert_eq!(all(&shop).len(), 6);
}

#[test]
fn a_put_list_is_the_collection() {
    let shop = shop();
    let first = shop.get("/pets").send();
    let created = ask(&shop, Method::POST, "/pets", json!([{"name": "Zoe"}]));
    let created = created.json()["data"][0]["createdAt"].clone();
    let body = json!([{"id": 9, "name": "Al"}, {"id": 3, "name": "Zed"}]);
    let put = |tag: &str| {
        let put = shop.put("/pets").header("If-Match", tag);
        put.json(body.clone()).send()
    };
    put(first.header("etag")).is(412);
    let put = put(shop.get("/pets").send().header("etag")).is(200);
    assert_eq!(pets(&put), named(&[(9, "Al"), (3, "Zed")]));
    assert_eq!(all(&shop), named(&[(9, "Al"), (3, "Zed")]));
    assert_eq!(shop.get("/pets/3").send().json()["createdAt"], created);
    // There are no others, not even those that nobody wrote.
    for gone in [1, 2, 70] {
        shop.get(&format!("/pets/{gone}")).send().is(404);
        shop.get(&format!("/pets/{gone}/toys")).send().is(404);
    }
    shop.get("/pets/9/toys").send().is(200);
    let twice = json!([{"id": 5, "name": "Al"}, {"id": 5, "name": "Zed"}]);
    let twice = ask(&shop, Method::PUT, "/pets", twice).is(409);
    assert_eq!(twice.pointers(), ["/1/id"]);
    ask(&shop, Method::PUT, "/pets", json!([])).is(200);
    assert_eq!(all(&shop), []);
}

#[test]
fn each_of_a_patched_list_is_merged_and_one_that_is_not_there_refuses_all() {
    let shop = shop();
    let patch = |body: Value| ask(&shop, Method::PATCH, "/pets", body);
    let patched = patch(json!([{"id": 2, "tag": "cat"}, {"id": 1, "name": "Max"}])).is(200);
    assert_eq!(pets(&patched), named(&[(2, "Mia"), (1, "Max")]));
    // A change sees those before it.
    let patched = patch(json!([{"id": 2, "name": "Moe"}, {"id": 2, "tag": null}])).is(200);
    assert_eq!(pets(&patched), named(&[(2, "Moe"), (2, "Moe")]));
    assert_eq!(shop.get("/pets/2").send().json().get("tag"), None);
    shop.ask(Method::DELETE, "/pets?petIds=1").send().is(204);
    let refused = patch(json!([{"id": 2, "name": "Ada"}, {"id": 1, "name": "Eve"}])).is(404);
    assert!(refused.text.contains("/1: "), "{}", refused.text);
    patch(json!([{"id": 2, "name": "Ada"}, {"id": 2, "name": "E"}])).invalid_at(&["/1/name"]);
    assert_eq!(all(&shop), named(&[(2, "Moe")]));
}

#[test]
fn items_are_removed_by_their_keys() {
    let shop = shop();
    let body = json!([{"name": "Zoe"}, {"name": "Bo"}, {"name": "Al"}]);
    ask(&shop, Method::POST, "/pets", body).is(201);
    let delete = |query: &str| shop.ask(Method::DELETE, &format!("/pets{query}")).send();
    delete("?petIds=3&petIds=1").is(204);
    // What isn't there is gone already.
    delete("?petIds=3&petIds=4").is(204);
    assert_eq!(all(&shop), named(&[(2, "Mia"), (5, "Al")]));
    // Without a key nothing is said of which.
    delete("").is(204);
    assert_eq!(all(&shop).len(), 2);

    let below = |keys: Value| ask(&shop, Method::DELETE, "/pets/bulk", json!({"ids": keys}));
    let refused = below(json!([2, 4])).is(404);
    assert!(refused.text.contains("/ids/1: "), "{}", refused.text);
    assert_eq!(all(&shop).len(), 2);
    below(json!([2])).is(204);
    assert_eq!(all(&shop), named(&[(5, "Al")]));
}

#[test]
fn one_item_or_several_are_taken_where_the_schema_has_both() {
    let shop = shop();
    let post = |body: Value| ask(&shop, Method::POST, "/pets/1/toys", body);
    let one = post(json!({"code": "ball"})).is(201);
    assert_eq!(one.header("location"), "/pets/1/toys/ball");
    let two = post(json!([{"code": "bone"}, {"code": "mouse", "color": "red"}])).is(201);
    assert_eq!(two.json()[1], json!({"code": "mouse", "color": "red"}));
    let taken = post(json!([{"code": "rope"}, {"code": "ball"}])).is(409);
    assert_eq!(taken.pointers(), ["/1/code"]);
    let taken = post(json!([{"code": "rope"}, {"code": "rope"}])).is(409);
    assert_eq!(taken.pointers(), ["/1/code"]);
    let codes = || {
        let toys = shop.get("/pets/1/toys").send().is(200).json();
        let toys = toys.as_array().cloned().unwrap_or_default();
        toys.iter()
            .map(|toy| toy["code"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(), ["ball", "bone", "mouse"]);

    shop.ask(Method::DELETE, "/pets/1/toys").send().is(204);
    assert_eq!(codes(), [""; 0]);
    for gone in ["ball", "other"] {
        shop.get(&format!("/pets/1/toys/{gone}")).send().is(404);
    }
    post(json!({"code": "ball"})).is(201);
    shop.get("/pets/1/toys/ball").send().is(200);
}

#[test]
fn what_several_items_hold_goes_with_them() {
    let shop = shop();
    for pet in [1, 2] {
        let toys = format!("/pets/{pet}/toys");
        ask(&shop, Method::POST, &toys, json!([{"code": "ball"}])).is(201);
    }
    ask(&shop, Method::POST, "/pets", json!([{"name": "Zoe"}])).is(201);
    ask(
        &shop,
        Method::POST,
        "/pets/3/toys",
        json!([{"code": "ball"}]),
    )
    .is(201);
    ask(
        &shop,
        Method::PUT,
        "/pets",
        json!([{"id": 1, "name": "Rex"}]),
    )
    .is(200);
    shop.get("/pets/1/toys/ball").send().is(200);
    shop.get("/pets/3/toys/ball").send().is(404);
}

#[test]
fn of_fixtures_the_same_goes() {
    let folder = Folder::of(&[
        ("specs/shop.yaml", SHOP),
        (
            "fixtures/shop/pets.yaml",
            "- {id: 1, name: Rex}\n- {id: 2, name: Mia}\n- {id: 3, name: Zoe}\n",
        ),
        (
            "fixtures/shop/toys.yaml",
            "- {code: ball, petId: 1}\n- {code: bone, petId: 2}\n- {code: rope, petId: 2}\n",
        ),
    ]);
    let host = Host::load(&[folder.path().join("specs/shop.yaml")]);
    let shop = Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")));
    let keys = |name: &str| {
        let collections = shop.api().contract().collections();
        let found = collections.iter().find(|(of, _)| of == name);
        found.map_or(0, |(_, count)| *count)
    };
    // Of what hangs on several, that of the path's item alone goes.
    shop.ask(Method::DELETE, "/pets/1/toys").send().is(204);
    assert_eq!(keys("toys"), 2);
    shop.ask(Method::DELETE, "/pets?petIds=2&petIds=9")
        .send()
        .is(204);
    assert_eq!(
        (keys("toys"), all(&shop)),
        (0, named(&[(1, "Rex"), (3, "Zoe")]))
    );
    let patch = json!([{"id": 1, "name": "Max"}, {"id": 9, "name": "Ed"}]);
    ask(&shop, Method::PATCH, "/pets", patch).is(404);
    let put = json!([{"id": 3, "name": "Zed"}, {"id": 7, "name": "Al"}]);
    ask(&shop, Method::PUT, "/pets", put).is(200);
    assert_eq!(all(&shop), named(&[(3, "Zed"), (7, "Al")]));
}

#[test]
fn more_items_than_a_store_holds_are_refused_whole() {
    let shop = shop();
    let many: Value = (0..10_001).map(|_| json!({"name": "Al"})).collect();
    ask(&shop, Method::POST, "/pets", many).is(507);
    assert_eq!(all(&shop).len(), 2);
}

#[test]
fn what_is_done_with_several_items_is_told() {
    let folder = Folder::of(&[("shop.yaml", SHOP)]);
    let told = run(folder.path(), &["check", "shop.yaml"]).out;
    for said in [
        "POST /pets adds several",
        "PUT /pets replaces all",
        "PATCH /pets changes several",
        "DELETE /pets removes several",
        "POST /pets/bulk adds several",
        "DELETE /pets/bulk removes several",
        "POST /pets/search answers without state",
        "POST /pets/{petId}/toys adds one or several",
        "DELETE /pets/{petId}/toys removes all",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
}

const USERS: &str = "
openapi: 3.1.0
info: {title: Users, version: '1'}
paths:
  /users:
    get: {responses: {'200': {$ref: '#/components/responses/Users'}}}
    post:
      requestBody: {content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/User'}, {type: array, items: {$ref: '#/components/schemas/User'}}]}}}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/User'}, {type: array, items: {$ref: '#/components/schemas/User'}}]}}}}
        '409': {description: Taken, content: {application/json: {schema: {type: object, required: [message], properties: {message: {type: string}}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}
      responses: {'200': {$ref: '#/components/responses/Users'}}
    put:
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}
      responses: {'200': {$ref: '#/components/responses/Users'}}
  /users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {$ref: '#/components/responses/User'}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {'200': {$ref: '#/components/responses/User'}, '201': {$ref: '#/components/responses/User'}}
    patch:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {'200': {$ref: '#/components/responses/User'}}
components:
  responses:
    User: {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
    Users: {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}
  schemas:
    User: {type: object, properties: {id: {type: string}, email: {type: string}, team: {type: string}, badge: {type: [integer, 'null']}, code: {type: string, x-unique: true}}}
";
const SETUP: &str = "collections: {users: {unique: [email, [team, badge]]}}\n";
const FIXTURES: &str = "- {id: a, email: a@x.org, team: red, badge: 1}\n- {id: b, email: b@x.org, team: red, badge: 2, code: B}\n";

fn folder(setup: &str, fixtures: &str) -> Folder {
    Folder::of(&[
        ("specs/users.yaml", USERS),
        ("fixtures/users/setup.yaml", setup),
        ("fixtures/users/users.yaml", fixtures),
    ])
}

#[test]
fn a_value_that_is_unique_is_given_once() {
    let folder = folder(SETUP, FIXTURES);
    let host = Host::load(&[folder.path().join("specs/users.yaml")]);
    let users = Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")));
    let refused = |method: Method, target: &str, body: Value, places: &[&str]| {
        let before = users.get("/users").send().text;
        let refused = ask(&users, method.clone(), target, body.clone()).is(409);
        let broken = refused.exchange.violations.iter();
        let broken: Vec<String> = broken
            .map(|v| v.place.to_string().replace("body ", ""))
            .collect();
        assert_eq!(broken, places, "{method} {target} {body}");
        assert_eq!(users.get("/users").send().text, before);
        refused
    };
    let post = json!({"id": "c", "email": "a@x.org"});
    let told = refused(Method::POST, "/users", post, &["/email"]).json();
    let told = told["message"].as_str().unwrap_or_default().to_owned();
    assert!(told.contains("a@x.org"), "{told}");
    let both = ["/team", "/badge"];
    let body = json!({"id": "c", "team": "red", "badge": 2});
    refused(Method::POST, "/users", body, &both);
    refused(
        Method::PUT,
        "/users/c",
        json!({"email": "b@x.org"}),
        &["/email"],
    );
    refused(
        Method::PUT,
        "/users/a",
        json!({"email": "b@x.org"}),
        &["/email"],
    );
    refused(Method::PATCH, "/users/a", json!({"badge": 2}), &both);
    refused(Method::PATCH, "/users/a", json!({"code": "B"}), &["/code"]);
    let body = json!([{"id": "c", "email": "c@x.org"}, {"id": "d", "email": "c@x.org"}]);
    let told = refused(Method::POST, "/users", body, &["/1/email"]).json();
    let told = told["message"].as_str().unwrap_or_default().to_owned();
    assert!(told.contains("what is sent at /0"), "{told}");
    let body = json!([{"id": "c", "team": "a"}, {"id": "c", "team": "b"}]);
    let told = refused(Method::POST, "/users", body, &["/1/id"]).json();
    let told = told["message"].as_str().unwrap_or_default().to_owned();
    assert!(told.contains("is the key of /0 too"), "{told}");
    let body = json!([{"id": "b", "email": "b@x.org"}, {"id": "a", "email": "b@x.org"}]);
    refused(Method::PATCH, "/users", body, &["/1/email"]);

    // Its own isn't taken; what is null or absent isn't a value.
    let patch = json!({"email": "a@x.org", "badge": null});
    ask(&users, Method::PATCH, "/users/a", patch).is(200);
    for key in ["c", "d"] {
        let body = json!({"id": key, "team": "red", "badge": null});
        ask(&users, Method::POST, "/users", body).is(201);
    }
    // Several may exchange theirs, and what goes with a replacement is free.
    let swap = json!([{"id": "a", "email": "b@x.org"}, {"id": "b", "email": "a@x.org"}]);
    ask(&users, Method::PATCH, "/users", swap).is(200);
    let all = json!([{"id": "e", "email": "b@x.org"}]);
    ask(&users, Method::PUT, "/users", all).is(200);
    ask(
        &users,
        Method::POST,
        "/users",
        json!({"id": "f", "email": "a@x.org"}),
    )
    .is(201);
}

#[test]
fn what_cannot_be_unique_is_told_at_start_with_its_place() {
    let told = |setup: &str, fixtures: &str| {
        let ended = run(folder(setup, fixtures).path(), &["check"]);
        assert_eq!(ended.code, Some(1), "{}", ended.out);
        ended.out
    };
    let misspelt = told("collections: {users: {unique: [emial]}}\n", FIXTURES);
    assert!(
        misspelt.contains("the items of users have no property `emial`"),
        "{misspelt}"
    );
    assert!(misspelt.contains("did you mean `email`?"), "{misspelt}");
    let none = told("collections: {users: {unique: [[]]}}\n", FIXTURES);
    assert!(none.contains("`unique` lists properties"), "{none}");
    let twice = told(SETUP, &format!("{FIXTURES}- {{id: c, email: a@x.org}}\n"));
    assert!(
        twice.contains("a second item of users has the email \"a@x.org\""),
        "{twice}"
    );
    assert!(twice.contains("users.yaml:3:"), "{twice}");
}

#[test]
fn items_that_are_posted_together_need_say_no_more_than_one_does() {
    let text = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /tasks:
    get: {responses: {'200': &all {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Task'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewTask'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Task'}}}}}
  /tasks/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Task'}}}}}}
  /tasks/bulk:
    post:
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/NewTask'}}}}}
      responses: {'201': *all}
components:
  schemas:
    NewTask: {type: object, required: [title], properties: {title: {type: string}, due: {type: string, format: date}}}
    Task: {type: object, required: [id, title, status, priority, created_at], properties: {id: {type: integer}, title: {type: string}, due: {type: string, format: date},
      status: {type: string, enum: [todo, done]}, priority: {type: integer}, created_at: {type: string, format: date-time}}}
";
    let contract = Contract::from_text("t.yaml", text).unwrap_or_else(|e| panic!("{e}"));
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    let sent = json!([{"title": "A"}, {"title": "B"}]);
    let made = ask(&api, Method::POST, "/tasks/bulk", sent).is(201).json();
    let titles: Vec<&Value> = made
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["title"])
        .collect();
    assert_eq!(titles, ["A", "B"]);
    for row in made.as_array().expect("rows") {
        let read = api.get(&format!("/tasks/{}", row["id"])).send().is(200);
        assert_eq!(read.json(), *row);
    }
}
