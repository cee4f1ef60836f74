//! The README's own fixtures, settings and rules, served as it says.

use crate::harness::Counterpart;
use crate::process::Folder;
use counterpart::contract::Contract;
use counterpart::host::Host;
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pet store, version: '1'}
security: [{token: []}]
paths:
  /search:
    get:
      operationId: searchPets
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses:
        '200':
          description: Pets
          headers: {X-Total: {schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
        '404':
          description: None
          content: {application/json: {example: {message: No such pet}}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {$ref: '#/components/responses/Pet'}}}
    patch:
      operationId: updatePet
      parameters: [{name: force, in: query, schema: {type: boolean}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {$ref: '#/components/responses/Pet'}}
      callbacks:
        petUpdated:
          'https://example.com/pet': {post: {requestBody: {content: {application/json: {}}}, responses: {'204': {description: Taken}}}}
  /pets/{petId}/toys/{code}:
    parameters:
      - {name: petId, in: path, required: true, schema: {type: string}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get:
      responses:
        '200':
          description: A toy
          content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}
components:
  securitySchemes: {token: {type: http, scheme: bearer, bearerFormat: JWT}}
  responses:
    Pet:
      description: A pet
      content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
  schemas:
    Pet:
      type: object
      properties:
        id: {type: string, readOnly: true}
        name: {type: string}
        status: {type: string}
        toyIds: {type: array, items: {type: string}}
        motherId: {type: string}
        motherName: {type: string, readOnly: true}
        updatedAt: {type: string, format: date-time, readOnly: true}
    Toy: {type: object, properties: {code: {type: string}, petId: {type: string}, serial: {type: string}, name: {type: string}}}
";

/// The README's YAML, block by block.
fn blocks() -> Vec<String> {
    let readme = include_str!("../README.md");
    let blocks = readme.split("```yaml\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or("").to_owned())
        .collect()
}

fn store() -> Counterpart {
    let blocks = <[String; 5]>::try_from(blocks()).expect("five blocks");
    let [_, pets, settings, replies, rules] = blocks;
    let pets = pets + "- {id: p-3, name: Pup, status: available, motherId: p-1}\n";
    let folder = Folder::of(&[
        ("specs/petstore.yaml", DOCUMENT),
        ("fixtures/petstore/pets.yaml", &pets),
        (
            "fixtures/petstore/toys.yaml",
            "- {code: ball, petId: p-1}\n",
        ),
        (
            "fixtures/petstore/subscribers.yaml",
            "- {id: s, url: 'http://127.0.0.1:9/x'}\n",
        ),
        ("fixtures/petstore/setup.yaml", &settings),
        ("fixtures/petstore/replies/search.yaml", &replies),
        ("fixtures/petstore/rules.yaml", &rules),
    ]);
    let host = Host::load(&[folder.path().join("specs")]);
    Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")))
}

#[test]
fn its_hooks_are_read_as_it_says() {
    let document = "
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /orders: {post: {operationId: createOrder, responses: {'204': {description: Done}}}}
  /accounts: {post: {operationId: openAccount, responses: {'200': {description: Done}}}}
";
    let contract = Contract::from_text("orders.yaml", document).expect("a contract");
    let hooks = contract.hooks("hooks.yaml", &blocks()[0]);
    let hooks = hooks.unwrap_or_else(|errors| panic!("{errors}"));
    assert!(hooks.look_at_reply_to("openAccount"));
}

#[test]
fn its_written_replies_answer_as_it_says() {
    let store = store();
    let search = |q: &str| store.get(&format!("/search?q={q}")).bearer(&[]).send();
    let found = search("rex").is(200);
    assert_eq!(found.json(), json!([{"id": "p-1", "name": "Rex"}]));
    assert_eq!(found.header("x-total"), "1");
    let none = search("none").is(404);
    assert_eq!(none.json(), json!({"message": "No such pet"}));
    let other = search("mia").is(200);
    assert!(other.header("counterpart-source").starts_with("sample"));
}

#[test]
fn its_rules_do_what_it_says() {
    let store = store();
    let patch = |id: &str, body| {
        let patch = store.patch(&format!("/pets/{id}")).bearer(&["pets.write"]);
        patch.json(body).send()
    };
    let answer = patch("p-1", json!({"name": "Max", "toyIds": ["ball"]})).is(200);
    assert_eq!(answer.json()["updatedAt"], "2024-01-15T11:00:00.000Z");
    assert_eq!(answer.exchange.announcements.len(), 1);
    let pup = store.get("/pets/p-3").bearer(&[]).send().json();
    assert_eq!(pup["motherName"], "Max");

    let answer = patch("p-1", json!({"toyIds": ["ball", "bone"]})).is(422);
    assert_eq!(answer.pointers(), ["/toyIds/1"]);
    assert!(
        answer.text.contains("There is no toy bone."),
        "{}",
        answer.text
    );
    patch("p-2", json!({"name": "Mo"})).is(412);

    let reader = |target: &str| store.patch(target).bearer(&["pets.read"]).json(json!({}));
    reader("/pets/p-1").send().is(403);
    reader("/pets/p-1?force=true").send().is(200);
}

#[test]
fn its_settings_do_what_it_says() {
    let store = store();
    let get = |target: &str| store.get(target).bearer(&[]).send().status;
    assert_eq!(get("/pets/p-1/toys/ball"), 200);
    assert_eq!(get("/pets/p-2/toys/ball"), 404);
    assert_eq!(get("/pets/p-9/toys/ball"), 404);
}
