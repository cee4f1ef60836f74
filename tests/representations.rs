//! One state in several media types: tags of their own, and `Vary`.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {$ref: '#/components/schemas/Notes'}}, application/xml: {schema: {$ref: '#/components/schemas/Notes'}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/xml: {schema: {$ref: '#/components/schemas/Note'}}, application/json: {schema: {$ref: '#/components/schemas/Note'}}, application/vnd.note+json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    patch:
      requestBody: {content: {application/merge-patch+json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
components:
  schemas:
    Notes: {type: array, xml: {name: notes}, items: {$ref: '#/components/schemas/Note'}}
    Note: {type: object, required: [id], xml: {name: note}, properties: {id: {type: string}, text: {type: string}}}
";

const TYPES: [&str; 3] = [
    "application/json",
    "application/xml",
    "application/vnd.note+json",
];

fn notes() -> Counterpart {
    let contract = Contract::from_text("notes.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let notes = Counterpart::of(Host::new(vec![("notes".to_owned(), contract)]));
    let post = notes.ask(Method::POST, "/notes");
    post.json(json!({"id": "a", "text": "one"})).send().is(201);
    notes
}

fn shown(notes: &Counterpart, target: &str, accept: &str) -> Answer {
    notes.get(target).header("Accept", accept).send().is(200)
}

fn changed(notes: &Counterpart, tag: &str, text: &str) -> Answer {
    let patch = notes.ask(Method::PATCH, "/notes/a");
    let patch = patch.header("If-Match", tag);
    let body = json!({"text": text}).to_string();
    patch.body("application/merge-patch+json", body).send()
}

#[test]
fn each_representation_has_a_tag_of_its_own_that_reads_are_compared_with() {
    let notes = notes();
    for (target, types) in [("/notes/a", &TYPES[..]), ("/notes", &TYPES[..2])] {
        let tags: Vec<String> = types
            .iter()
            .map(|name| {
                let answer = shown(&notes, target, name);
                assert_eq!(answer.header("vary"), "Accept");
                answer.header("etag").to_owned()
            })
            .collect();
        for (place, name) in types.iter().enumerate() {
            assert_eq!(shown(&notes, target, name).header("etag"), tags[place]);
            for (other, tag) in tags.iter().enumerate() {
                let asked = notes.get(target).header("Accept", name);
                let answer = asked.header("If-None-Match", tag).send();
                let answer = answer.is(if place == other { 304 } else { 200 });
                assert_eq!(answer.header("etag"), tags[place]);
                assert_eq!(answer.header("vary"), "Accept");
            }
        }
    }
    let none = notes.get("/notes/a").header("Accept", "image/png").send();
    assert_eq!(none.is(406).header("vary"), "Accept");
}

#[test]
fn a_change_is_let_through_by_the_tag_of_any_representation_of_the_state_as_it_is() {
    let notes = notes();
    for (number, name) in TYPES.iter().enumerate() {
        let tag = shown(&notes, "/notes/a", name).header("etag").to_owned();
        let made = changed(&notes, &tag, &number.to_string()).is(200);
        let now = shown(&notes, "/notes/a", TYPES[0]);
        assert_eq!(made.header("etag"), now.header("etag"));
        let late = changed(&notes, &tag, "late").is(412);
        assert_eq!(late.header("etag"), now.header("etag"));
    }
}

#[test]
fn of_types_that_differ_in_a_parameter_the_nearest_is_meant() {
    let contract = Contract::from_text(
        "versions.yaml",
        "
openapi: 3.1.0
info: {title: Versions, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: It
          content: {application/json: {example: {plain: true}}, application/json;version=3: {example: {v: 3}}}
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [plain]}}
          application/json;version=3: {schema: {type: object, required: [v]}}
      responses: {'204': {description: Taken}}
  /b:
    get:
      responses:
        '200':
          description: It
          content: {application/json;version=3: {example: {v: 3}}, application/json: {example: {plain: true}}}
",
    );
    let contract = contract.unwrap_or_else(|errors| panic!("{errors}"));
    let served = Counterpart::of(Host::new(vec![("versions".to_owned(), contract)]));
    let (plain, third) = (json!({"plain": true}), json!({"v": 3}));
    for path in ["/a", "/b"] {
        for (accept, body) in [
            ("application/json", &plain),
            ("application/json;version=3", &third),
            ("application/json;q=0.1, application/json;version=3", &third),
            ("application/json, application/json;version=3;q=0.1", &plain),
        ] {
            let answer = served.get(path).header("accept", accept).send().is(200);
            assert_eq!(&answer.json(), body, "{path} {accept}");
        }
    }
    for (media_type, right, wrong) in [
        ("application/json", &plain, &third),
        ("application/json; x=y", &plain, &third),
        ("application/json; charset=utf-8", &plain, &third),
        ("application/json;version=3", &third, &plain),
        ("application/json;version=4", &plain, &third),
    ] {
        let sent = |body: &serde_json::Value| {
            let asked = served.ask(Method::POST, "/a");
            asked.body(media_type, body.to_string()).send().status
        };
        assert_eq!((sent(right), sent(wrong)), (204, 422), "{media_type}");
    }
}

/// What is documented of `HEAD` alone is told beside it.
#[test]
fn a_documented_head_tells_of_the_item_that_its_get_shows() {
    let head = "
    head:
      parameters: [{name: X-Trace, in: header, schema: {type: integer}}]
      responses:
        '200': {description: There, headers: {ETag: {required: true, schema: {type: string}}, X-Size: {required: true, schema: {type: integer, enum: [7]}}}}
        '404': {description: Nowhere}
    delete: {responses: {'204': {description: Gone}}}
    patch:";
    let text = DOCUMENT.replacen("\n    patch:", head, 1);
    let contract = Contract::from_text("notes.yaml", &text).unwrap_or_else(|e| panic!("{e}"));
    let notes = Counterpart::of(Host::new(vec![("notes".to_owned(), contract)]));
    let head = |id: &str| notes.ask(Method::HEAD, &format!("/notes/{id}"));
    let post = notes.ask(Method::POST, "/notes");
    post.json(json!({"id": "a", "text": "one"})).send().is(201);
    let shown = notes.get("/notes/a").send().is(200);
    let told = head("a").send().is(200);
    for name in ["etag", "last-modified", "content-type", "vary"] {
        assert_eq!(told.header(name), shown.header(name), "{name}");
    }
    assert_eq!(told.header("x-size"), "7");
    let same = head("a").header("If-None-Match", told.header("etag"));
    assert_eq!(same.send().is(304).header("etag"), shown.header("etag"));
    head("a").header("X-Trace", "x").send().is(422);
    let asked = head("a").header("Prefer", "code=404").send().is(404);
    assert_eq!(asked.header("preference-applied"), "code=404");
    notes.ask(Method::DELETE, "/notes/a").send().is(204);
    head("a").send().is(404);
}

#[test]
fn what_a_seed_draws_has_a_tag_of_its_own_and_is_kept_for_those_who_ask_the_same() {
    let document = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets: {get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
components: {schemas: {Pet: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}}}
";
    let contract = Contract::from_text("pets.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let pets = Counterpart::of(Host::new(vec![("pets".to_owned(), contract)]));
    for target in ["/pets/1", "/pets"] {
        let seeded = |seed: &str| pets.get(target).header("Prefer", &format!("seed={seed}"));
        let usual = pets.get(target).send().is(200);
        let (one, other) = (seeded("a").send().is(200), seeded("b").send().is(200));
        assert_ne!(one.header("etag"), other.header("etag"), "{target}");
        assert_ne!(one.header("etag"), usual.header("etag"), "{target}");
        assert!(
            one.header("vary").contains("Prefer"),
            "{:?}",
            one.header("vary")
        );
        let known = seeded("a").header("If-None-Match", usual.header("etag"));
        assert_eq!(known.send().is(200).json(), one.json());
        let known = seeded("a").header("If-None-Match", one.header("etag"));
        known.send().is(304);
    }
}

#[test]
fn what_is_stored_is_shown_as_the_file_or_the_table_that_its_media_type_is() {
    let document = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}, text/csv: {schema: {type: string}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, image/png: {schema: {type: string, format: binary}}, image/jpeg: {}, application/pdf: {schema: {type: string, contentMediaType: application/pdf}}}}}}
components: {schemas: {Pet: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}}}
";
    let contract = Contract::from_text("pets.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let pets = Counterpart::of(Host::new(vec![("pets".to_owned(), contract)]));
    let rex = json!({"id": 4, "name": "Rex"});
    pets.ask(Method::POST, "/pets").json(rex).send().is(201);
    for (media_type, mark) in [
        ("image/png", &b"\x89PNG"[..]),
        ("image/jpeg", b"\xff\xd8"),
        ("application/pdf", b"%PDF"),
    ] {
        let file = pets
            .get("/pets/4")
            .header("Accept", media_type)
            .send()
            .is(200);
        assert_eq!(file.header("content-type"), media_type);
        assert!(file.exchange.reply.body.starts_with(mark), "{media_type}");
    }
    let table = pets
        .get("/pets")
        .header("Accept", "text/csv")
        .send()
        .is(200);
    let rows = pets.get("/pets").send().is(200).json();
    let rows = rows.as_array().expect("rows").iter();
    let rows: String = rows
        .map(|row| {
            format!(
                "{},{}\r\n",
                row["id"],
                row["name"].as_str().expect("a name")
            )
        })
        .collect();
    assert_eq!(table.text, format!("id,name\r\n{rows}"));
    assert!(table.text.ends_with("4,Rex\r\n"));
}

#[test]
fn a_tag_is_one_that_its_documentation_lets_pass_or_what_that_says() {
    let tag_of = |schema: &str| {
        let document = format!(
            "
openapi: 3.1.0
info: {{title: Pets, version: '1'}}
paths:
  /pets/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{'200': {{description: One, headers: {{ETag: {{required: true, schema: {schema}}}}},
      content: {{application/json: {{schema: {{type: object, required: [id], properties: {{id: {{type: integer}}}}}}}}}}}}}}}}
"
        );
        let contract = Contract::from_text("p.yaml", &document).unwrap_or_else(|e| panic!("{e}"));
        let pets = Counterpart::of(Host::new(vec![("pets".to_owned(), contract)]));
        let pet = pets.get("/pets/1").send().is(200);
        assert!(
            pet.exchange.reply_violations.is_empty(),
            "{:?}",
            pet.exchange
        );
        pet.header("etag").to_owned()
    };
    let usual = tag_of("{type: string}");
    assert!(usual.starts_with('"'), "{usual}");
    assert_eq!(
        tag_of("{type: string, pattern: '^W/'}"),
        format!("W/{usual}")
    );
    let version = tag_of(r#"{type: string, pattern: '^W/"[0-9]+"$'}"#);
    assert!(version.starts_with("W/\""), "{version}");
}
