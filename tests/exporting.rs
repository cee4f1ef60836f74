//! A session's state as fixtures: what was done by hand is where the next server begins.

use crate::process::{Ended, Folder, Running, run, start};
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}, example: [{id: 1, name: Rex}]}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /pets/{petId}/toys:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}
  /pets/{petId}/toys/{code}:
    parameters:
      - {name: petId, in: path, required: true, schema: {type: integer}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}}
  /keepers/{keeperId}/toys:
    parameters: [{name: keeperId, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Toy'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}
  /keepers/{keeperId}/toys/{code}:
    parameters:
      - {name: keeperId, in: path, required: true, schema: {type: string}}
      - {name: code, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}}}
  /me:
    get: {responses: {'200': {description: Me, content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}}
    patch:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}
      responses: {'200': {description: Me, content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Pet: {type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string}, weight: {type: number}}}
    Toy: {type: object, required: [code], properties: {code: {type: string}, colour: {type: string}}}
    Me: {type: object, properties: {name: {type: string}}}
";

fn send(served: &Running, method: &str, path: &str, body: Value) {
    let body = body.to_string();
    let length = body.len();
    let answer = served.send(format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    ));
    assert!(answer.status() < 300, "{}", answer.0);
}

fn get(served: &Running, path: &str) -> Value {
    let get = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    served.send(get).is(200).json()
}

fn export(folder: &Folder, served: &Running, more: &[&str]) -> Ended {
    let from = format!("http://127.0.0.1:{}", served.port);
    run(
        folder.path(),
        &[&["fixtures", "export", "--from", &from], more].concat(),
    )
}

fn end(served: Running) {
    served.signal(rustix::process::Signal::TERM);
    served.wait();
}

#[test]
fn what_was_written_is_where_the_next_server_begins() {
    let folder = Folder::of(&[("shop.yaml", DOCUMENT)]);
    let served = start(folder.path(), &["shop.yaml"]);
    send(
        &served,
        "POST",
        "/pets",
        json!({"name": "yes: \"no\"\n- ü", "weight": 1e300}),
    );
    send(
        &served,
        "POST",
        "/pets/1/toys",
        json!({"code": "ball", "colour": "007"}),
    );
    send(
        &served,
        "POST",
        "/keepers/a%2Fb/toys",
        json!({"code": "rake"}),
    );
    send(&served, "PATCH", "/me", json!({"name": "~"}));
    send(
        &served,
        "POST",
        "/@other/pets",
        json!({"name": "Elsewhere"}),
    );
    let shown = |served: &Running| {
        let paths = ["/pets", "/pets/1/toys", "/keepers/a%2Fb/toys", "/me"];
        paths.map(|path| get(served, path))
    };
    let before = shown(&served);
    assert_eq!(before[0][1]["name"], "yes: \"no\"\n- ü");
    let ended = export(&folder, &served, &[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_eq!(
        ended.out,
        "fixtures/shop/keepers.toys.yaml\nfixtures/shop/me.yaml\nfixtures/shop/pets.yaml\nfixtures/shop/toys.yaml\n"
    );
    // What says the same isn't written over, in whatever form it says it.
    let own = "# mine\n- code: \"rake\"\n  keeperId: 'a/b'\n";
    folder.write("fixtures/shop/keepers.toys.yaml", own);
    let again = export(&folder, &served, &["--force"]);
    assert_eq!(
        (again.code, again.out.as_str()),
        (
            Some(0),
            "the files that are there say the same: there is nothing to write\n"
        )
    );
    let kept = std::fs::read_to_string(folder.path().join("fixtures/shop/keepers.toys.yaml"));
    assert_eq!(kept.expect("there"), own);
    send(&served, "PATCH", "/me", json!({"name": "Me"}));
    let refused = export(&folder, &served, &[]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused
            .err
            .contains("fixtures/shop/me.yaml is there already"),
        "{}",
        refused.err
    );
    let other = export(&folder, &served, &["--sandbox", "other", "--out", "others"]);
    assert_eq!(other.out, "others/shop/pets.yaml\n");
    end(served);

    let served = start(folder.path(), &["shop.yaml"]);
    assert_eq!(shown(&served), before);
    end(served);
    let checked = run(folder.path(), &["check", "shop.yaml"]);
    assert_eq!(checked.code, Some(0), "{}{}", checked.out, checked.err);
}

#[test]
fn what_fixtures_cannot_say_is_told_and_what_is_no_server_too() {
    let folder = Folder::of(&[("shop.yaml", DOCUMENT)]);
    let served = start(folder.path(), &["shop.yaml"]);
    let nothing = export(&folder, &served, &[]);
    assert_eq!(
        nothing.out,
        "nothing is remembered: there is nothing to write\n"
    );
    for pet in [1, 2] {
        send(
            &served,
            "POST",
            &format!("/pets/{pet}/toys"),
            json!({"code": "ball"}),
        );
    }
    let ended = export(&folder, &served, &[]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .out
            .contains("left out: toys has several items \"ball\""),
        "{}",
        ended.out
    );
    let none = export(&folder, &served, &["--api", "shoop"]);
    assert_eq!(none.code, Some(3));
    assert!(none.err.contains("There is no API"), "{}", none.err);
    let none = export(&folder, &served, &["--sandbox", "nope"]);
    assert_eq!(none.code, Some(3));
    assert!(none.err.contains("There is no sandbox"), "{}", none.err);
    assert_eq!(get(&served, "/_counterpart/sandboxes"), json!([]));
    end(served);
    for from in ["http://127.0.0.1:9", "https://localhost", "nowhere", ""] {
        let ended = run(folder.path(), &["fixtures", "export", "--from", from]);
        assert_eq!(ended.code, Some(3), "{from}");
        assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    }
}
