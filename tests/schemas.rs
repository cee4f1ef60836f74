//! What schemas mean, in each version of OpenAPI: what of a body is taken, and what is told of
//! the rest.

use crate::process::Folder;
use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, header};
use std::time::{Duration, Instant};

/// A document with these schemas: `PUT /x` takes a body of the schema `S`, and `GET /x` gives one.
fn document(version: &str, schemas: &str, example: &str) -> String {
    let (schemas, place) = match version {
        "2.0" => (indented(schemas, 2), "definitions"),
        _ => (indented(schemas, 4), "components/schemas"),
    };
    let head = "info: {title: T, version: '1'}\npaths:\n  /x:\n    put:\n";
    let schema = format!("schema: {{$ref: '#/{place}/S'}}");
    let example = match example {
        "" => String::new(),
        example => format!(", example: {example}"),
    };
    match version {
        "2.0" => format!(
            "swagger: '2.0'\n{head}      parameters: [{{in: body, name: body, {schema}}}]\n      \
             responses: {{'204': {{description: Done}}}}\ndefinitions:\n{schemas}"
        ),
        _ => format!(
            "openapi: {version}\n{head}      requestBody: {{content: {{application/json: \
             {{{schema}}}}}}}\n      responses: {{'204': {{description: Done}}}}\n    get:\n      \
             responses: {{'200': {{description: It, content: {{application/json: \
             {{{schema}{example}}}}}}}}}\ncomponents:\n  schemas:\n{schemas}"
        ),
    }
}

fn indented(text: &str, by: usize) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("{:by$}{line}\n", "")).collect()
}

fn contract(version: &str, schemas: &str) -> Contract {
    load(&document(version, schemas, ""))
}

fn load(document: &str) -> Contract {
    Contract::from_text("t.yaml", document).unwrap_or_else(|errors| panic!("{document}\n{errors}"))
}

/// What is said of a document when it is loaded.
fn warnings(contract: &Contract) -> String {
    let warnings = contract.warnings().iter();
    warnings
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// What is told of a body: nothing where it is taken.
fn told(contract: &Contract, body: &str) -> String {
    let request = Request::new(Method::PUT, "/x")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.to_owned());
    let exchange = contract.answer(request);
    let status = exchange.reply.status.as_u16();
    let violations = exchange.violations.iter();
    let violations: Vec<String> = violations
        .map(|violation| {
            let place = violation.in_body().map(ToString::to_string);
            format!("{} {}", place.unwrap_or_default(), violation.detail)
        })
        .collect();
    match status {
        204 => String::new(),
        422 => violations.join("; ").trim().to_owned(),
        status => format!("{status} {}", exchange.refusal.unwrap_or_default()),
    }
}

/// Puts bodies to a contract, and compares what is told of each.
fn judge(contract: &Contract, cases: &[(&str, &str)]) {
    assert_eq!(warnings(contract), "");
    let told: Vec<(&str, String)> = cases
        .iter()
        .map(|(body, _)| (*body, told(contract, body)))
        .collect();
    let wanted: Vec<(&str, String)> = cases
        .iter()
        .map(|(body, wanted)| (*body, (*wanted).to_owned()))
        .collect();
    assert_eq!(told, wanted);
}

/// What is told of an example in a reply.
fn told_of_reply(version: &str, schemas: &str, example: &str) -> String {
    let contract = load(&document(version, schemas, example));
    let warnings = contract.warnings().iter();
    let messages: Vec<&str> = warnings.map(|warning| warning.message.as_str()).collect();
    messages
        .join("\n")
        .replace("this example breaks its schema: ", "")
}

#[test]
fn null_is_taken_where_the_version_says_so() {
    for (version, word) in [("3.0.4", "nullable"), ("2.0", "x-nullable")] {
        let place = match version {
            "2.0" => "#/definitions",
            _ => "#/components/schemas",
        };
        let schemas = format!(
            "
S:
  type: object
  properties:
    typed: {{type: string, minLength: 1, {word}: true}}
    chosen: {{type: string, enum: [a, b], {word}: true}}
    listed: {{type: array, items: {{type: string, {word}: true}}, {word}: true}}
    referred: {{$ref: '{place}/Maybe'}}
    beside: {{$ref: '{place}/Text', {word}: true}}
    composed: {{allOf: [{{$ref: '{place}/Text'}}], {word}: true}}
    never: {{type: string, {word}: false}}
Maybe: {{type: string, {word}: true}}
Text: {{type: string}}
"
        );
        judge(
            &contract(version, &schemas),
            &[
                (
                    r#"{"typed": null, "chosen": null, "listed": null, "referred": null, "composed": null}"#,
                    "",
                ),
                (r#"{"listed": [null, "a"]}"#, ""),
                (
                    r#"{"typed": ""}"#,
                    "/typed needs at least 1 character, got \"\"",
                ),
                (
                    r#"{"chosen": "c"}"#,
                    "/chosen must be a | b | null, got \"c\"",
                ),
                (r#"{"composed": 1}"#, "/composed must be a string, got 1"),
                // Strictly it has no meaning beside a reference (3.0.4 §4.7.23); whoever writes it
                // there means it.
                (r#"{"beside": null}"#, ""),
                (r#"{"never": null}"#, "/never must be a string, got null"),
            ],
        );
    }
    judge(
        &contract(
            "3.1.1",
            "
S:
  properties:
    typed: {type: [string, 'null'], minLength: 1}
    old: {type: string, nullable: true}
    either: {oneOf: [{type: 'null'}, {type: integer}]}
",
        ),
        &[
            (r#"{"typed": null, "either": null}"#, ""),
            (r#"{"typed": 1}"#, "/typed must be null or a string, got 1"),
            (r#"{"old": null}"#, "/old must be a string, got null"),
        ],
    );
}

#[test]
fn bounds_are_exclusive_as_the_version_writes_it() {
    let old = "
S:
  type: object
  properties:
    a: {type: integer, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}
    b: {type: number, maximum: 1.5, exclusiveMaximum: true}
";
    for version in ["2.0", "3.0.0"] {
        judge(
            &contract(version, old),
            &[
                (r#"{"a": 1, "b": 1.4}"#, ""),
                (r#"{"a": 9}"#, ""),
                (r#"{"a": 0}"#, "/a must be greater than 0, got 0"),
                (r#"{"b": 1.5}"#, "/b must be less than 1.5, got 1.5"),
            ],
        );
    }
    judge(
        &contract(
            "3.1.0",
            "S: {properties: {a: {exclusiveMinimum: 0, maximum: 9}}}",
        ),
        &[
            (r#"{"a": 9}"#, ""),
            (r#"{"a": 0}"#, "/a must be greater than 0, got 0"),
        ],
    );
}

#[test]
fn what_one_side_alone_sends_is_required_of_it_alone() {
    let plain = "
S:
  type: object
  required: [id, name, secret]
  properties:
    id: {type: string, readOnly: true}
    name: {type: string}
    secret: {type: string, writeOnly: true}
";
    let composed = "
S:
  allOf:
    - $ref: '#/components/schemas/Base'
    - {type: object, required: [secret], properties: {name: {type: string}}}
    - {properties: {secret: {$ref: '#/components/schemas/Secret'}}}
Base: {type: object, required: [id, name], allOf: [{$ref: '#/components/schemas/Id'}]}
Id: {properties: {id: {type: string, readOnly: true}}}
Secret: {type: string, writeOnly: true}
";
    let apart = "
S:
  required: [id, name, secret]
  oneOf:
    - {type: object, properties: {id: {type: string, readOnly: true}, name: {}, secret: {writeOnly: true}}}
    - {type: array}
";
    let upside_down = "
S:
  type: object
  properties: {id: {type: string, readOnly: true}, name: {type: string}, secret: {writeOnly: true}}
  anyOf: [{$ref: '#/components/schemas/All'}]
All: {allOf: [{required: [id]}, {required: [name, secret]}]}
";
    for version in ["3.0.3", "3.1.1"] {
        for schemas in [plain, composed, apart, upside_down] {
            judge(
                &contract(version, schemas),
                &[
                    (r#"{"name": "a", "secret": "b"}"#, ""),
                    (r#"{"id": "1", "name": "a", "secret": "b"}"#, ""),
                    (r#"{"name": "a"}"#, "/secret is required"),
                    (r#"{"secret": "b"}"#, "/name is required"),
                ],
            );
            let reply = |example| told_of_reply(version, schemas, example);
            assert_eq!(reply("{id: a, name: b}"), "", "{schemas}");
            assert_eq!(
                reply("{name: b, secret: c}"),
                "/id is required",
                "{schemas}"
            );
        }
    }
    // The same schema demands it where the properties around it don't say that it is one side's.
    judge(
        &contract(
            "3.0.3",
            "
S:
  type: object
  properties:
    free: {allOf: [{$ref: '#/components/schemas/Id'}, {properties: {id: {readOnly: true}}}]}
    bound: {$ref: '#/components/schemas/Id'}
Id: {type: object, required: [id], properties: {next: {$ref: '#/components/schemas/S'}}}
",
        ),
        &[
            (r#"{"free": {"next": {"free": {}}}}"#, ""),
            (r#"{"bound": {}}"#, "/bound/id is required"),
            (
                r#"{"free": {"next": {"bound": {}}}}"#,
                "/free/next/bound/id is required",
            ),
        ],
    );
}

#[test]
fn what_one_side_alone_sends_is_so_below_a_schema_that_asks_what_was_evaluated() {
    let rest = "
U:
  type: object
  required: [id, name, secret]
  properties:
    id: {type: string, readOnly: true}
    name: {type: string}
    secret: {type: string, writeOnly: true}
Other: {type: array}
";
    let closed = [
        "{$ref: '#/components/schemas/U', unevaluatedProperties: false}",
        "{$ref: '#/components/schemas/U', unevaluatedProperties: true}",
        "{$ref: '#/components/schemas/U', unevaluatedProperties: {type: integer}}",
        "{allOf: [{$ref: '#/components/schemas/U'}], unevaluatedProperties: false}",
        "{allOf: [{allOf: [{$ref: '#/components/schemas/U'}]}], unevaluatedProperties: false}",
        "{anyOf: [{$ref: '#/components/schemas/U'}], unevaluatedProperties: false}",
        "{oneOf: [{$ref: '#/components/schemas/U'}], unevaluatedProperties: false}",
        "{unevaluatedItems: false, $ref: '#/components/schemas/U'}",
    ];
    for schema in closed {
        let schemas = format!("S: {schema}{rest}");
        judge(
            &contract("3.1.1", &schemas),
            &[
                (r#"{"name": "a", "secret": "b"}"#, ""),
                (r#"{"id": "1", "name": "a", "secret": "b"}"#, ""),
            ],
        );
        let reply = |example| told_of_reply("3.1.1", &schemas, example);
        assert_eq!(reply("{id: a, name: b}"), "", "{schema}");
    }
    let within = format!(
        "S: {{properties: {{inner: {}}}}}
U: {{type: object, required: [id, name], properties: {{id: {{readOnly: true}}, name: {{}}}}}}",
        closed[0]
    );
    judge(
        &contract("3.1.1", &within),
        &[
            (r#"{"inner": {"name": "a"}}"#, ""),
            (r#"{"inner": {"id": 1}}"#, "/inner/name is required"),
            (
                r#"{"inner": {"name": "a", "more": 1}}"#,
                "/inner/more is not a property that may be here",
            ),
        ],
    );
}

#[test]
fn what_is_required_and_what_is_read_only_may_stand_in_files_of_their_own() {
    let folder = Folder::of(&[
        (
            "api.yaml",
            &document("3.1.1", "S: {$ref: 'parts/pet.yaml#/Pet'}", "").replace(
                "{$ref: '#/components/schemas/S'}",
                "{$ref: 'parts/pet.yaml#/Pet'}",
            ),
        ),
        (
            "parts/pet.yaml",
            "Pet: {$ref: base.yaml, required: [id, name], properties: {mother: {$ref: '#/Pet'}}}",
        ),
        (
            "parts/base.yaml",
            "properties: {id: {readOnly: true}, name: {}}",
        ),
    ]);
    let contract = Contract::load(&folder.path().join("api.yaml"), None).expect("a contract");
    judge(
        &contract,
        &[
            (r#"{"name": "a", "mother": {"name": "b"}}"#, ""),
            (r#"{"name": "a", "mother": {}}"#, "/mother/name is required"),
        ],
    );
}

#[test]
fn what_stands_beside_a_reference_counts_from_3_1_on() {
    let schemas = "
S: {type: object, properties: {a: {$ref: '#/components/schemas/A', maxLength: 1}}}
A: {type: string}
";
    judge(&contract("3.0.4", schemas), &[(r#"{"a": "long"}"#, "")]);
    judge(
        &contract("3.1.0", schemas),
        &[
            (
                r#"{"a": "long"}"#,
                "/a takes at most 1 character, got \"long\"",
            ),
            (r#"{"a": 1}"#, "/a must be a string, got 1"),
        ],
    );
}

#[test]
fn a_discriminator_tells_which_branch_was_meant() {
    let schemas = |discriminator: &str| {
        format!(
            "
S:
  oneOf: [{{$ref: '#/components/schemas/Cat'}}, {{$ref: '#/components/schemas/Dog'}}]
  discriminator: {discriminator}
Cat: {{type: object, required: [kind, lives], properties: {{kind: {{type: string}}, lives: {{type: integer}}}}}}
Dog: {{type: object, required: [kind, bark], properties: {{kind: {{type: string}}, bark: {{type: string}}}}}}
"
        )
    };
    for version in ["3.0.3", "3.1.1"] {
        judge(
            &contract(version, &schemas("{propertyName: kind}")),
            &[
                (r#"{"kind": "Dog", "bark": "loud"}"#, ""),
                (
                    r#"{"kind": "Cat", "lives": "nine"}"#,
                    "/lives must be an integer, got the string \"nine\"",
                ),
                (r#"{"kind": "Dog"}"#, "/bark is required"),
                (r#"{"kind": "Cow"}"#, "/kind must be Cat | Dog, got \"Cow\""),
                (
                    r#"{}"#,
                    "/kind is required: it tells which of the alternatives is meant",
                ),
                (
                    "1",
                    "fits none of the alternatives, got 1: must be an object, got 1",
                ),
            ],
        );
        let mapping =
            "{propertyName: kind, mapping: {meow: Cat, woof: '#/components/schemas/Dog'}}";
        judge(
            &contract(version, &schemas(mapping)),
            &[
                (r#"{"kind": "woof"}"#, "/bark is required"),
                (r#"{"kind": "meow"}"#, "/lives is required"),
                // The names of the schemas go on counting (3.0.4 §4.7.25.1).
                (r#"{"kind": "Cat"}"#, "/lives is required"),
                (
                    r#"{"kind": "Cow"}"#,
                    "/kind must be meow | woof, got \"Cow\"",
                ),
            ],
        );
    }
}

#[test]
fn of_alternatives_the_nearest_one_says_what_is_wrong() {
    judge(
        &contract(
            "3.1.1",
            "
S:
  oneOf:
    - {type: string, format: uuid}
    - {type: object, required: [kind], properties: {kind: {const: a}, size: {type: integer}}}
    - {type: object, required: [kind], properties: {kind: {const: b}, tags: {items: {type: string}}}}
    - {type: array, items: {anyOf: [{type: integer, minimum: 1}, {type: integer, maximum: -1}]}}
",
        ),
        &[
            (r#""x""#, "must be a UUID, got \"x\""),
            (r#"{"kind": "a", "size": "big"}"#, "/size must be an integer, got the string \"big\""),
            (r#"{"kind": "b", "tags": ["x", 1, 2]}"#, "/tags/1 must be a string, got 1; /tags/2 must be a string, got 2"),
            ("[1, 0, -1]", "/1 fits none of the alternatives, got 0: must be at least 1, got 0; or must be at most -1, got 0"),
            ("true", "fits none of the alternatives, got true: must be a string, got true; or must be an object, got true; or must be an array, got true"),
        ],
    );
    judge(
        &contract("3.1.1", "S: {oneOf: [{multipleOf: 2}, {multipleOf: 3}]}"),
        &[
            ("4", ""),
            (
                "6",
                "fits more than one alternative where just one may fit, got 6",
            ),
        ],
    );
}

#[test]
fn the_keywords_of_2020_12_count_in_3_1() {
    judge(
        &contract(
            "3.1.1",
            "
S:
  properties:
    pair: {prefixItems: [{type: string}, {type: integer}], items: false}
    card:
      properties: {number: {type: string}}
      dependentSchemas: {number: {required: [holder]}}
    closed:
      $ref: '#/components/schemas/Base'
      allOf: [{properties: {b: {type: string}}}, {if: {required: [b]}, then: {properties: {c: {}}}}]
      unevaluatedProperties: false
    binary: {type: string, contentEncoding: base64, contentMediaType: image/png}
    some: {contains: {type: integer}, minContains: 2, maxContains: 3}
    named: {propertyNames: {pattern: '^[a-z]+$'}}
    never: false
Base: {properties: {a: {type: integer}}, allOf: [{$ref: '#/components/schemas/Deep'}]}
Deep: {properties: {d: {type: integer}}}
",
        ),
        &[
            (r#"{"pair": ["a", 1]}"#, ""),
            (
                r#"{"pair": ["a", "b"]}"#,
                "/pair/1 must be an integer, got the string \"b\"",
            ),
            (r#"{"pair": ["a", 1, 2]}"#, "/pair/2 may not be here"),
            (r#"{"card": {"number": "1"}}"#, "/card/holder is required"),
            (r#"{"closed": {"a": 1, "b": "x", "c": 1, "d": 1}}"#, ""),
            (
                r#"{"closed": {"a": 1, "c": 1}}"#,
                "/closed/c is not a property that may be here",
            ),
            (
                r#"{"closed": {"d": "x", "e": 1}}"#,
                "/closed/d must be an integer, got the string \"x\"; \
                 /closed/e is not a property that may be here",
            ),
            (
                r#"{"closed": {"d": "x"}}"#,
                "/closed/d must be an integer, got the string \"x\"",
            ),
            // What a text contains is said, and not judged (JSON Schema validation §8.1).
            (r#"{"binary": "*"}"#, ""),
            (r#"{"some": [1, "a", 2]}"#, ""),
            (
                r#"{"some": [1, "a"]}"#,
                "/some has too few or too many of the items it must contain, got an array of 2 items",
            ),
            (
                r#"{"named": {"A": 1}}"#,
                "/named has a property name that must match ^[a-z]+$, got an object",
            ),
            (r#"{"never": 1}"#, "/never may not be here"),
        ],
    );
}

#[test]
fn a_dynamic_reference_leads_to_what_the_schema_around_says() {
    let tree = "
S:
  $id: https://example.com/strict
  $dynamicAnchor: node
  $ref: tree
  unevaluatedProperties: false
  required: [id]
  properties: {id: {type: string, readOnly: true}, size: {type: integer, format: int32}}
Tree:
  $id: https://example.com/tree
  $dynamicAnchor: node
  type: object
  properties: {data: true, children: {type: array, items: {$dynamicRef: '#node'}}}
";
    let contract = contract("3.1.1", tree);
    judge(
        &contract,
        &[
            (r#"{"children": [{"data": 1, "children": []}]}"#, ""),
            (
                r#"{"children": [{"daat": 1}]}"#,
                "/children/0/daat is not a property that may be here",
            ),
            (
                r#"{"children": [{"size": 3000000000}]}"#,
                "/children/0/size must fit into 32 bits, got 3000000000",
            ),
        ],
    );
    assert_eq!(
        told_of_reply("3.1.1", tree, "{id: a, children: [{data: 1}]}"),
        "/children/0/id is required"
    );
}

#[test]
fn a_file_may_be_written_in_an_older_draft() {
    let document = document("3.1.1", "S: {$ref: old.json}", "")
        .replace("{$ref: '#/components/schemas/S'}", "{$ref: old.json}");
    let folder = Folder::of(&[
        ("api.yaml", &document),
        (
            "old.json",
            r##"{"$schema": "http://json-schema.org/draft-07/schema#",
                "properties": {
                    "pair": {"items": [{"type": "string"}], "additionalItems": {"type": "integer"}},
                    "a": {"$ref": "#/definitions/text", "maxLength": 1},
                    "b": {"$ref": "#named"}},
                "dependencies": {"a": ["b"], "c": {"required": ["d"]}},
                "definitions": {"text": {"type": "string"}, "n": {"$id": "#named", "type": "number"}}}"##,
        ),
    ]);
    let contract = Contract::load(&folder.path().join("api.yaml"), None).expect("a contract");
    judge(
        &contract,
        &[
            (r#"{"pair": ["a", 1], "a": "long", "b": 1}"#, ""),
            (
                r#"{"pair": [1, "a"]}"#,
                "/pair/1 must be an integer, got the string \"a\"; /pair/0 must be a string, got 1",
            ),
            (r#"{"a": "x"}"#, "/b is required"),
            (r#"{"c": 1}"#, "/d is required"),
            (r#"{"b": "x"}"#, "/b must be a number, got the string \"x\""),
        ],
    );
    let schemas = "S: {items: [{type: string}]}";
    let document = document_with_dialect(schemas);
    judge(
        &load(&document),
        &[("[1]", "/0 must be a string, got 1"), ("[]", "")],
    );
}

fn document_with_dialect(schemas: &str) -> String {
    let dialect = "jsonSchemaDialect: http://json-schema.org/draft-07/schema#\ninfo:";
    document("3.1.1", schemas, "").replacen("info:", dialect, 1)
}

#[test]
fn formats_are_asserted() {
    let schemas = "
S:
  type: object
  properties:
    int32: {type: integer, format: int32}
    int64: {type: integer, format: int64}
    float: {type: number, format: float}
    double: {type: number, format: double}
    byte: {type: string, format: byte}
    binary: {type: string, format: binary}
    date: {type: string, format: date}
    time: {type: string, format: date-time}
    uuid: {type: string, format: uuid}
    email: {type: string, format: email}
    uri: {type: string, format: uri}
    host: {type: string, format: hostname}
    ipv4: {type: string, format: ipv4}
    password: {type: string, format: password}
    own: {type: string, format: our-own}
";
    for version in ["2.0", "3.0.3", "3.1.1"] {
        judge(
            &contract(version, schemas),
            &[
                (
                    r#"{"int32": 2147483647, "int64": 9223372036854775807, "float": 3.4e38, "double": 1e300}"#,
                    "",
                ),
                (
                    r#"{"int32": -2147483649}"#,
                    "/int32 must fit into 32 bits, got -2147483649",
                ),
                (
                    r#"{"int64": 9223372036854775808}"#,
                    "/int64 must fit into 64 bits, got 9223372036854775808",
                ),
                (
                    r#"{"float": 3.5e38}"#,
                    "/float must fit into a float of 32 bits, got 3.5e+38",
                ),
                (
                    r#"{"byte": "aGk=", "binary": "\u0000", "password": "x", "own": "x"}"#,
                    "",
                ),
                (r#"{"byte": "a*"}"#, "/byte must be base64 text, got \"a*\""),
                (
                    r#"{"date": "2023-02-29"}"#,
                    "/date must be a date like 2024-01-20, got \"2023-02-29\"",
                ),
                (r#"{"time": "2024-01-20T09:00:00Z"}"#, ""),
                (
                    r#"{"time": "2024-01-20 09:00"}"#,
                    "/time must be a date-time of ISO 8601 as RFC 3339 writes it, like 2024-01-20T09:00:00Z, got \"2024-01-20 09:00\"",
                ),
                (r#"{"uuid": "x"}"#, "/uuid must be a UUID, got \"x\""),
                (
                    r#"{"email": "x"}"#,
                    "/email must be an email address, got \"x\"",
                ),
                (
                    r#"{"uri": "/x"}"#,
                    "/uri must be an absolute URI, got \"/x\"",
                ),
                (r#"{"host": "-x"}"#, "/host must be a host name, got \"-x\""),
                (
                    r#"{"ipv4": "1.2.3"}"#,
                    "/ipv4 must be an IPv4 address, got \"1.2.3\"",
                ),
            ],
        );
    }
}

#[test]
fn a_schema_that_is_no_schema_costs_its_operation_and_is_told() {
    for (schema, fault) in [
        (
            "{type: string, pattern: '['}",
            "t.yaml:12:61: \"[\" is no regular expression",
        ),
        (
            "{type: strnig}",
            "t.yaml:12:44: \"strnig\" is no type of JSON Schema",
        ),
        (
            "{minLength: x}",
            "t.yaml:12:49: this can't be used as a schema's `minLength`: must be an integer, got the string \"x\"",
        ),
        (
            "{$ref: '#/components/schemas/Nothing'}",
            "t.yaml:12:44: there is nothing at `#/components/schemas/Nothing`",
        ),
        (
            "{properties: [a]}",
            "t.yaml:12:50: this can't be used as a schema's `properties`: must be an object, got an array of 1 item",
        ),
        ("7", "t.yaml:12:37: a schema is an object, or true or false"),
    ] {
        let schemas = format!("S: {{properties: {{inner: {{items: {schema}}}}}}}");
        let contract = contract("3.1.1", &schemas);
        assert_eq!(warnings(&contract), fault, "{schema}");
        // Never are such schemas taken for satisfied.
        for body in [r#"{"inner": ["x"]}"#, "{}"] {
            let told = told(&contract, body);
            assert!(told.starts_with("501 "), "{told}");
        }
    }
}

#[test]
fn numbers_are_what_they_are_written_as() {
    judge(
        &contract(
            "3.1.1",
            "
S:
  properties:
    big: {type: integer, maximum: 9007199254740992}
    same: {const: 9007199254740993}
    tenth: {enum: [0.1]}
    money: {type: number, multipleOf: 0.01}
    any: {type: number}
    whole: {type: integer}
    unique: {uniqueItems: true}
",
        ),
        &[
            (r#"{"big": 9007199254740992}"#, ""),
            (
                r#"{"big": 9007199254740993}"#,
                "/big must be at most 9007199254740992, got 9007199254740993",
            ),
            (r#"{"same": 9007199254740993}"#, ""),
            (
                r#"{"same": 9007199254740992}"#,
                "/same must be 9007199254740993, got 9007199254740992",
            ),
            (r#"{"tenth": 0.10}"#, ""),
            (
                r#"{"tenth": 0.1000000000000000055511151231257827}"#,
                "/tenth must be 0.1, got 0.1000000000000000055511151231257827",
            ),
            (r#"{"money": 19.99}"#, ""),
            (r#"{"money": 4.35}"#, ""),
            (r#"{"money": 0.07}"#, ""),
            (r#"{"money": 123456789012345678.99}"#, ""),
            (
                r#"{"money": 4.355}"#,
                "/money must be a multiple of 0.01, got 4.355",
            ),
            (r#"{"any": 1e400, "whole": 1e400}"#, ""),
            (r#"{"whole": 1.0}"#, ""),
            (
                r#"{"whole": 1e-400}"#,
                "/whole must be an integer, got 1e-400",
            ),
            (
                r#"{"whole": 9007199254740993.5}"#,
                "/whole must be an integer, got 9007199254740993.5",
            ),
            (r#"{"unique": [9007199254740992, 9007199254740993]}"#, ""),
            (
                r#"{"unique": [1, 1.0]}"#,
                "/unique must have no item twice, got an array of 2 items",
            ),
        ],
    );
}

#[test]
fn a_schema_that_applies_itself_without_an_end_is_told() {
    for schemas in [
        "S: {$ref: '#/components/schemas/S'}",
        "S: {allOf: [{$ref: '#/components/schemas/T'}]}\nT: {anyOf: [{type: string}, {$ref: '#/components/schemas/S'}]}",
        "S: {not: {$ref: '#/components/schemas/S'}}",
        "S: {items: {unevaluatedItems: false, $ref: '#/components/schemas/T'}}\nT: {allOf: [{$ref: '#/components/schemas/T'}]}",
        "S: {if: {$dynamicRef: '#/components/schemas/S'}}",
        "S: {dependentSchemas: {a: {$ref: '#/components/schemas/S'}}}",
    ] {
        let contract = contract("3.1.1", schemas);
        let warnings = warnings(&contract);
        assert!(warnings.contains("without an end"), "{schemas}: {warnings}");
        assert!(told(&contract, "{}").starts_with("501 "), "{schemas}");
    }
}

/// Longer than any judgement here may take, in a slow build on a busy machine.
const LONG: Duration = Duration::from_secs(10);

/// Schemas that each refer to the next one twice: 2^40 ways lead to the last.
fn lattice(last: &str) -> String {
    let mut schemas = String::new();
    for level in 0..40 {
        let next = format!("$ref: '#/components/schemas/L{}'", level + 1);
        schemas += &format!("L{level}: {{allOf: [{{{next}}}, {{{next}}}]}}\n");
    }
    schemas + "L40: " + last + "\n"
}

#[test]
fn a_lattice_of_schemas_is_judged_in_time() {
    let start = Instant::now();
    let schemas = format!(
        "S: {{$ref: '#/components/schemas/L0'}}\n{}",
        lattice("{type: integer}")
    );
    judge(
        &contract("3.1.1", &schemas),
        &[("1", ""), ("true", "must be an integer, got true")],
    );
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}

#[test]
fn a_lattice_that_would_have_to_be_walked_way_by_way_is_told() {
    let lattice = lattice("{properties: {a: {type: integer}}}");
    let closed = |from: u32| {
        let first = format!("$ref: '#/components/schemas/L{from}'");
        contract(
            "3.1.1",
            &format!("S: {{unevaluatedProperties: false, {first}}}\n{lattice}"),
        )
    };
    judge(
        &closed(30),
        &[
            (r#"{"a": 1}"#, ""),
            (r#"{"b": 1}"#, "/b is not a property that may be here"),
        ],
    );
    let contract = closed(0);
    assert!(warnings(&contract).contains("more than 10,000 ways lead through"));
    assert!(told(&contract, "{}").starts_with("501 "));
}

#[test]
fn alternatives_that_each_try_all_that_is_nested_are_judged_in_time() {
    let start = Instant::now();
    let schemas = "
S:
  anyOf:
    - {type: object, required: [last], properties: {next: {$ref: '#/components/schemas/S'}}}
    - {type: object, required: [end], properties: {next: {$ref: '#/components/schemas/S'}}}
    - {type: object, maxProperties: 1, properties: {next: {$ref: '#/components/schemas/S'}}}
";
    let nested = |end: &str| format!("{}{end}{}", r#"{"next": "#.repeat(60), "}".repeat(60));
    let contract = contract("3.1.1", schemas);
    assert_eq!(told(&contract, &nested(r#"{"end": 1}"#)), "");
    assert_ne!(told(&contract, &nested("1")), "");
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}

#[test]
fn a_pattern_that_backtracks_is_judged_in_time() {
    let start = Instant::now();
    let body = format!("\"{}!\"", "a".repeat(50_000));
    for pattern in ["^(a+)+$", r"^(?=(a+)+$)(a|b)*\1$"] {
        let contract = contract(
            "3.1.1",
            &format!("S: {{type: string, pattern: '{pattern}'}}"),
        );
        let told = told(&contract, &body);
        let costly = told.contains("too costly");
        assert!(costly || told.contains("must match"), "{told}");
    }
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}

#[test]
fn the_nearest_alternative_is_told_where_what_was_evaluated_is_asked_for_too() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    put:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              unevaluatedProperties: false
              oneOf:
                - {required: [a, n], properties: {a: {const: 1}, n: {type: integer}}}
                - {required: [b, c, d], properties: {b: {}, c: {}, d: {}}}
      responses: {'204': {description: Done}}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    let request = Request::new(Method::PUT, "/x")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(b"{\"a\": 1, \"n\": \"x\"}".to_vec());
    let exchange = contract.answer(request);
    let told: Vec<String> = exchange
        .violations
        .iter()
        .map(|violation| format!("{} {}", violation.place, violation.detail))
        .collect();
    assert_eq!(told, ["body /n must be an integer, got the string \"x\""]);
}
