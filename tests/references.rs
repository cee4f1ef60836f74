//! References: within a file, across files, in a circle, out of the folder.

use crate::process::Folder;
use counterpart::contract::{Contract, Loading};
use counterpart::spec::Reach;
use counterpart::wire::{Method, Request, header};

fn load(folder: &Folder, allowed: &[&str]) -> Contract {
    let loading = Loading {
        reach: Reach {
            allowed: allowed.iter().map(ToString::to_string).collect(),
            ..Reach::default()
        },
        ..Loading::default()
    };
    let path = folder.path().join("api/openapi.yaml");
    Contract::load_with(&path, None, &loading).unwrap_or_else(|errors| panic!("{errors}"))
}

/// What is told of the document, without the folder it is in.
fn told(contract: &Contract, folder: &Folder) -> String {
    let warnings: Vec<String> = contract
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    let place = format!("{}/", folder.path().display());
    warnings.join("\n").replace(&place, "")
}

fn put(contract: &Contract, path: &str, body: &str) -> (u16, String) {
    let request = Request::new(Method::PUT, path)
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.as_bytes().to_vec());
    let exchange = contract.answer(request);
    let violations = exchange.violations.iter();
    let violations: Vec<String> = violations
        .map(|v| {
            let origin = v.origin.as_ref().map(|origin| {
                let file = origin.source.name().rsplit('/').next().unwrap_or_default();
                format!(" ({file}{})", origin.fragment())
            });
            format!("{} {}{}", v.place, v.detail, origin.unwrap_or_default())
        })
        .collect();
    let told = match violations.is_empty() {
        true => exchange.refusal.unwrap_or_default(),
        false => violations.join("; "),
    };
    (exchange.reply.status.as_u16(), told)
}

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";
const DONE: &str = "responses: {'204': {description: Done}}";

#[test]
fn every_object_of_a_document_may_stand_in_another_file() {
    let folder = Folder::of(&[
        (
            "api/openapi.yaml",
            &format!(
                "{HEAD}
paths:
  /pets/{{id}}: {{$ref: paths/pets.yaml#/one}}
  /owners: {{$ref: './paths/owners%20and%20more.json'}}
components:
  securitySchemes: {{key: {{$ref: parts.yaml#/security/key}}}}
"
            ),
        ),
        (
            "api/paths/pets.yaml",
            "
one:
  parameters: [{$ref: ../parts.yaml#/parameters/Id}]
  put:
    security: [{key: []}]
    requestBody: {$ref: '../parts.yaml#/bodies/Pet'}
    responses:
      '200': {$ref: '../parts.yaml#/responses/Pet'}
    callbacks: {done: {$ref: ../parts.yaml#/callbacks/Done}}
",
        ),
        (
            "api/paths/owners and more.json",
            r##"{"put": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/defs/a~1b~0c%7Bd%7D"}}}},
                "responses": {"204": {"description": "Done"}}},
              "defs": {"a/b~c{d}": {"$ref": "../parts.yaml#/schemas/Owner"}}}"##,
        ),
        (
            "api/parts.yaml",
            "
parameters: {Id: {name: id, in: path, required: true, schema: {$ref: '#/schemas/Id'}}}
bodies: {Pet: {required: true, content: {application/json: {schema: {$ref: schemas/pet.yaml}}}}}
responses:
  Pet:
    description: The pet
    headers: {X-Id: {$ref: '#/headers/Id'}}
    content:
      application/json:
        schema: {$ref: schemas/pet.yaml}
        examples: {rex: {$ref: '#/examples/Rex'}}
headers: {Id: {schema: {$ref: '#/schemas/Id'}}}
examples: {Rex: {value: {name: Rex}}}
security: {key: {type: apiKey, in: header, name: X-Key}}
callbacks: {Done: {'{$request.body#/url}': {post: {responses: {'204': {description: Done}}}}}}
schemas:
  Id: {type: string, pattern: '^[a-z]+$'}
  Owner: {type: object, properties: {pets: {type: array, items: {$ref: schemas/pet.yaml}}}}
",
        ),
        (
            "api/schemas/pet.yaml",
            "
type: object
required: [name]
properties:
  name: {type: string}
  owner: {$ref: ../parts.yaml#/schemas/Owner}
  friend: {$ref: '#'}
",
        ),
    ]);
    let contract = load(&folder, &[]);
    assert_eq!(told(&contract, &folder), "");
    assert_eq!(
        put(&contract, "/owners", "{\"pets\": [{\"name\": \"a\"}]}").0,
        204
    );
    assert_eq!(
        put(
            &contract,
            "/owners",
            r#"{"pets": [{"name": "a", "owner": {"pets": [{"friend": {"name": 1}, "name": "b"}]}}]}"#
        ),
        (
            422,
            "body /pets/0/owner/pets/0/friend/name must be a string, got 1 \
             (pet.yaml#/properties/name/type)"
                .to_owned()
        )
    );
    assert_eq!(put(&contract, "/pets/rex", "{}").0, 401);
    let request = Request::new(Method::PUT, "/pets/REX")
        .with_header("X-Key".parse().expect("a name"), "k")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(b"{\"name\": 1}".to_vec());
    let exchange = contract.answer(request);
    let places: Vec<String> = exchange
        .violations
        .iter()
        .map(|v| v.place.to_string())
        .collect();
    assert_eq!(places, ["path id", "body /name"]);
}

#[test]
fn what_leads_out_of_the_folder_needs_leave() {
    let document = format!(
        "{HEAD}
paths:
  /beside: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '../shared/x.yaml#/X'}}}}}}}}, {DONE}}}}}
  /linked: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: link.yaml#/X}}}}}}}}, {DONE}}}}}
  /far: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: 'https://example.com/s/x.yaml#/X'}}}}}}}}, {DONE}}}}}
"
    );
    let folder = Folder::of(&[
        ("api/openapi.yaml", &document),
        ("shared/x.yaml", "X: {$ref: y.yaml}"),
        ("shared/y.yaml", "type: integer"),
        ("shared/z.yaml", "X: {type: integer}"),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("../shared/z.yaml", folder.path().join("api/link.yaml"))
        .expect("a link");
    let contract = load(&folder, &[]);
    let real = folder.path().canonicalize().expect("a folder");
    let told = told(&contract, &folder).replace(&format!("{}/", real.display()), "");
    insta::assert_snapshot!(told, @"
    api/openapi.yaml:5:77: `../shared/x.yaml` leads out of the document's folder: start with `--allow-ref shared/x.yaml` to read it
    api/openapi.yaml:6:77: `link.yaml` leads out of the document's folder: start with `--allow-ref shared/z.yaml` to read it
    api/openapi.yaml:7:74: `https://example.com/s/x.yaml` is on the network, from which nothing is fetched: keep a copy, and start with `--allow-ref URL-PREFIX=FOLDER`
    ");
    assert_eq!(put(&contract, "/beside", "1").0, 501);

    let shared = folder.path().join("shared").display().to_string();
    let far = format!("https://example.com/s/={shared}");
    let contract = load(&folder, &[&shared, &far]);
    for path in ["/beside", "/linked", "/far"] {
        assert_eq!(put(&contract, path, "1").0, 204, "{path}");
        assert_eq!(put(&contract, path, "\"a\"").0, 422, "{path}");
    }
}

#[test]
fn what_a_reference_leads_to_may_be_missing_broken_or_a_circle() {
    let schema = |reference: &str| {
        format!(
            "requestBody: {{content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}}}"
        )
    };
    let document = format!(
        "{HEAD}
paths:
  /missing: {{put: {{{}, {DONE}}}}}
  /nowhere: {{put: {{{}, {DONE}}}}}
  /broken: {{put: {{{}, {DONE}}}}}
  /text: {{put: {{{}, {DONE}}}}}
  /circle: {{put: {{{}, {DONE}}}}}
  /body: {{put: {{requestBody: {{$ref: '#/components/requestBodies/A'}}, {DONE}}}}}
  /sound: {{put: {{{}, {DONE}}}}}
components:
  requestBodies: {{A: {{$ref: '#/components/requestBodies/B'}}, B: {{$ref: '#/components/requestBodies/A'}}}}
  schemas:
    Circle: {{allOf: [{{$ref: '#/components/schemas/Round'}}]}}
    Round: {{anyOf: [{{type: string}}, {{$ref: '#/components/schemas/Circle'}}]}}
    List: {{type: [object, 'null'], properties: {{next: {{$ref: '#/components/schemas/List'}}}}}}
",
        schema("gone.yaml"),
        schema("parts.yaml#/Nope"),
        schema("broken.yaml#/X"),
        schema("readme.md"),
        schema("#/components/schemas/Circle"),
        schema("#/components/schemas/List"),
    );
    let folder = Folder::of(&[
        ("api/openapi.yaml", &document),
        ("api/parts.yaml", "X: {type: string}"),
        ("api/broken.yaml", "X: {type: string\nY: 1"),
        ("api/readme.md", "# Not a schema"),
    ]);
    let contract = load(&folder, &[]);
    insta::assert_snapshot!(told(&contract, &folder), @"
    api/openapi.yaml:5:78: `gone.yaml` is not there
    api/openapi.yaml:6:78: there is nothing at `parts.yaml#/Nope`
    api/openapi.yaml:7:77: `broken.yaml` can't be read: api/broken.yaml:2:2: this is not YAML: while parsing a flow mapping, did not find expected ',' or '}'
    api/openapi.yaml:8:75: `readme.md` is neither JSON nor YAML
    api/openapi.yaml:15:13: this schema applies itself to the same value, without an end
    api/openapi.yaml:13:65: these references lead in a circle
    ");
    for path in [
        "/missing", "/nowhere", "/broken", "/text", "/circle", "/body",
    ] {
        assert_eq!(put(&contract, path, "\"a\"").0, 501, "{path}");
    }
    assert_eq!(
        put(&contract, "/sound", "{\"next\": {\"next\": null}}").0,
        204
    );
    assert_eq!(put(&contract, "/sound", "{\"next\": {\"next\": 1}}").0, 422);
}

#[test]
fn properties_that_stand_elsewhere_may_lead_back_to_themselves() {
    let folder = Folder::of(&[
        (
            "api/openapi.yaml",
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    put:\n      requestBody: \
             {content: {application/json: {schema: {properties: {$ref: parts.yaml}}}}}\n      \
             responses: {'204': {description: Done}}\n",
        ),
        (
            "api/parts.yaml",
            "x: {properties: {$ref: parts.yaml}}\nn: {type: integer}\n",
        ),
    ]);
    let contract = load(&folder, &[]);
    assert_eq!(put(&contract, "/a", "{\"x\":{\"x\":{\"n\":1}}}").0, 204);
    let (status, told) = put(&contract, "/a", "{\"x\":{\"x\":{\"n\":\"a\"}}}");
    assert_eq!(status, 422);
    assert!(told.contains("/x/x/n"), "{told}");
}

#[test]
fn names_of_schemas_lead_as_well_as_pointers_do() {
    let folder = Folder::of(&[
        (
            "api/openapi.yaml",
            &format!(
                "{HEAD}
paths:
  /anchor: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: 'tree.yaml#leaf'}}}}}}}}, {DONE}}}}}
  /id: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: 'https://example.com/made/leaf'}}}}}}}}, {DONE}}}}}
"
            ),
        ),
        (
            "api/tree.yaml",
            "
$defs:
  leaf: {$anchor: leaf, type: integer}
  made:
    $id: https://example.com/made/tree
    $defs:
      inner: {$id: leaf, type: object, additionalProperties: {$ref: 'tree#/$defs/deep'}}
      deep: {type: boolean}
",
        ),
    ]);
    let contract = load(&folder, &[]);
    assert_eq!(told(&contract, &folder), "");
    assert_eq!(put(&contract, "/anchor", "1").0, 204);
    assert_eq!(put(&contract, "/anchor", "true").0, 422);
    assert_eq!(put(&contract, "/id", "{\"a\": true}").0, 204);
    assert_eq!(put(&contract, "/id", "{\"a\": 1}").0, 422);
}

#[test]
fn what_stands_beside_a_reference_counts_from_3_1_on() {
    for (version, status) in [("3.0.3", 204), ("3.1.0", 422)] {
        let document = format!(
            "openapi: {version}\ninfo: {{title: T, version: '1'}}
paths:
  /x: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/S', maxLength: 2}}}}}}}}, {DONE}}}}}
components: {{schemas: {{S: {{type: string}}}}}}
"
        );
        let contract = Contract::from_text("t.yaml", &document).expect("a contract");
        assert_eq!(put(&contract, "/x", "\"long\"").0, status, "{version}");
    }
}

#[test]
fn a_folder_of_documents_may_hold_their_parts() {
    let folder = Folder::of(&[
        (
            "specs/a.yaml",
            &format!("{HEAD}paths: {{/a: {{$ref: part.yaml}}}}"),
        ),
        ("specs/part.yaml", &format!("put: {{{DONE}}}")),
    ]);
    let host = counterpart::host::Host::load(&[folder.path().join("specs")]);
    let host = host.unwrap_or_else(|errors| panic!("{errors}"));
    let names: Vec<&str> = host.apis().iter().map(|api| api.name()).collect();
    assert_eq!(names, ["a"]);
    assert_eq!(host.apis()[0].contract().operations(), 1);
}

#[test]
fn a_strict_contract_refuses_query_parameters_that_it_does_not_document() {
    let document = format!(
        "{HEAD}
components: {{securitySchemes: {{key: {{type: apiKey, in: query, name: key}}}}}}
paths:
  /x:
    get:
      security: [{{key: []}}, {{}}]
      parameters:
        - {{name: filter, in: query, style: deepObject, schema: {{type: object}}}}
        - {{name: 'page[size]', in: query, schema: {{type: integer}}}}
      {DONE}
"
    );
    let folder = Folder::of(&[("api/openapi.yaml", &document)]);
    let path = folder.path().join("api/openapi.yaml");
    for (strict, status) in [(false, 204), (true, 422)] {
        let loading = Loading {
            strict,
            ..Loading::default()
        };
        let contract = Contract::load_with(&path, None, &loading).expect("a contract");
        let target = "/x?filter[a]=1&page%5Bsize%5D=2&key=k&sort=up&sort=down";
        let exchange = contract.answer(Request::new(Method::GET, target));
        assert_eq!(exchange.reply.status.as_u16(), status);
        let told: Vec<String> = exchange
            .violations
            .iter()
            .map(|violation| format!("{} {}", violation.place, violation.detail))
            .collect();
        let expected = ["query sort is not a parameter of this operation"];
        assert_eq!(told, if strict { expected.as_slice() } else { &[] });
    }
}

#[test]
fn a_path_that_refers_to_nothing_is_told_as_not_served() {
    let text = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /a: {get: {responses: {'200': {description: A}}}}\n  /b/{id}: {$ref: './gone.yaml#/b'}\n";
    let folder = Folder::of(&[("api/openapi.yaml", text)]);
    let contract = load(&folder, &[]);
    let ask = |method, path| contract.answer(Request::new(method, path)).reply;
    for method in [Method::GET, Method::DELETE] {
        let reply = ask(method, "/b/1");
        let told = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(reply.status.as_u16(), 501, "{told}");
        assert!(told.contains("`./gone.yaml` is not there"), "{told}");
    }
    assert_eq!(ask(Method::GET, "/b").status.as_u16(), 404);
    assert_eq!(ask(Method::GET, "/a").status.as_u16(), 200);
}
