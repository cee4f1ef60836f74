//! Documents as people write them: each with one oddity that other tools let pass. What is meant
//! is served, and what can't be as it stands is told.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, header};

fn load(text: &str) -> Contract {
    Contract::from_text("api.yaml", text).unwrap_or_else(|errors| panic!("{errors}"))
}

/// A document of 3.0 with these paths, beginning at line 4.
fn paths(text: &str) -> Contract {
    load(&format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{text}"
    ))
}

fn get(contract: &Contract, target: &str) -> (u16, String) {
    let reply = contract.answer(Request::new(Method::GET, target)).reply;
    (
        reply.status.as_u16(),
        String::from_utf8_lossy(&reply.body).into_owned(),
    )
}

fn warnings(contract: &Contract) -> Vec<String> {
    contract
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_bracket_may_close_at_the_indent_of_its_key() {
    let contract = paths(
        "  /x:
    get:
      responses:
        '200':
          description: A
          content:
            application/json:
              example: {
                \"a\": [
                  1
              ],
              }
",
    );
    assert_eq!(get(&contract, "/x"), (200, r#"{"a":[1]}"#.to_owned()));
    assert_eq!(warnings(&contract), [""; 0]);
}

#[test]
fn a_quoted_text_may_go_on_at_the_indent_of_its_key() {
    let contract = paths(
        "  /x:
    get:
      description: 'It''s one
      two

  three'
      responses:
        '200':
          description: A
          content: {text/plain: {example: \"-----BEGIN
MII \\
FiT

END\"}}
",
    );
    assert_eq!(get(&contract, "/x").1, "-----BEGIN MII FiT\nEND");
}

#[test]
fn places_behind_such_a_text_are_those_of_the_file() {
    let error = Contract::from_text(
        "api.yaml",
        "openapi: 3.0.3\ninfo:\n  title: \"é\n  T\"\n  version: '1'\n  version: '2'\n",
    );
    let error = error.expect_err("a key given twice").to_string();
    // The text that isn't indented is what is wrong first.
    assert!(
        error.starts_with("api.yaml:3:10: this is not YAML"),
        "{error}"
    );
    let contract =
        load("openapi: 3.0.3\ninfo:\n  title: \"é\n  T\"\n  version: '1'\npaths:\n  x: {}\n");
    assert_eq!(
        warnings(&contract),
        ["api.yaml:7:3: the path `x` isn't served: a path starts with /"]
    );
}

#[test]
fn a_quote_that_is_never_closed_swallows_no_keys() {
    let text = "openapi: 3.0.3\ninfo:\n  title: \"T\n  version: \"1\"\npaths: {}\n";
    let error = Contract::from_text("api.yaml", text).expect_err("no YAML");
    assert!(error.to_string().starts_with("api.yaml:3:10:"), "{error}");
}

#[test]
fn a_version_may_be_a_bare_number() {
    let contract = load("openapi: 3.0\ninfo: {title: T, version: 1.0}\npaths: {}\n");
    assert_eq!(contract.version(), "1.0");
}

#[test]
fn an_operation_and_its_paths_may_stand_elsewhere() {
    let contract = load(
        "openapi: 3.0.3
info: {title: T, version: '1'}
paths: {$ref: '#/x-paths'}
x-paths:
  /x: {$ref: '#/x-items/x'}
x-items:
  x:
    get: {$ref: '#/x-operations/read'}
    put: {$ref: '#/x-operations/nowhere'}
x-operations:
  read:
    responses:
      '200': {description: A, content: {$ref: '#/x-contents/text'}}
x-contents:
  text: {text/plain: {example: hello}}
",
    );
    assert_eq!(get(&contract, "/x"), (200, "hello".to_owned()));
    assert_eq!(
        warnings(&contract),
        ["api.yaml:9:17: there is nothing at `#/x-operations/nowhere`"]
    );
    assert_eq!(contract.broken(), 1);
}

#[test]
fn an_operation_without_responses_is_served() {
    let contract = paths("  /x:\n    get: {}\n    put: {responses: }\n");
    assert_eq!(get(&contract, "/x").0, 200);
    assert_eq!(contract.broken(), 0);
}

#[test]
fn keys_without_a_value_say_nothing() {
    let contract = paths(
        "  /x:
    get:
      parameters:
      requestBody:
      security:
      responses:
        '200':
          description: A
          content:
            application/json:
              schema: {type: object, required: , properties: {a: , b: {enum: , minimum: }}}
              example: {a: 1, b: 2}
  /y:
",
    );
    assert_eq!(get(&contract, "/x"), (200, r#"{"a":1,"b":2}"#.to_owned()));
    assert_eq!(contract.broken(), 0);
    assert_eq!(
        warnings(&contract),
        [
            "api.yaml:6:17: `parameters` is an array",
            "api.yaml:8:15: `security` is an array",
        ]
    );
}

#[test]
fn what_slipped_in_among_the_media_types_is_left_out() {
    let contract = paths(
        "  /x:
    get:
      responses:
        '200':
          content:
            description: A
            application/json: {example: hello}
",
    );
    assert_eq!(get(&contract, "/x"), (200, r#""hello""#.to_owned()));
    assert_eq!(
        warnings(&contract),
        ["api.yaml:9:26: `description` is no media type: it is left out"]
    );
}

#[test]
fn booleans_beside_bounds_are_understood_in_3_1_too() {
    let contract = load(
        "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    get:
      parameters:
        - name: n
          in: query
          schema: {type: number, minimum: 0, exclusiveMinimum: true}
      responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x?n=1").0, 204);
    assert_eq!(get(&contract, "/x?n=0").0, 422);
    assert_eq!(warnings(&contract), [""; 0]);
}

#[test]
fn required_in_a_schema_is_that_of_an_older_draft_where_it_is_no_list() {
    let contract = paths(
        "  /x:
    get:
      parameters:
        - {name: q, in: query, required: 'true', schema: {type: string, required: true}}
      responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x?q=1").0, 204);
    assert_eq!(get(&contract, "/x").0, 422);
    assert_eq!(
        warnings(&contract),
        ["api.yaml:7:42: `required` is true or false"]
    );
}

#[test]
fn a_name_that_is_required_twice_is_required() {
    let contract = paths(
        "  /x:
    get:
      parameters:
        - name: q
          in: query
          style: deepObject
          schema: {type: object, properties: {a: {type: integer}}, required: [a, a]}
      responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x?q[a]=1").0, 204);
    assert_eq!(get(&contract, "/x?q[b]=1").0, 422);
    assert_eq!(contract.broken(), 0);
}

#[test]
fn the_properties_of_a_schema_may_stand_elsewhere() {
    let contract = paths(
        "  /x:
    get:
      parameters:
        - name: q
          in: query
          style: deepObject
          schema: {type: object, properties: {$ref: '#/x-properties'}}
      responses: {'204': {description: A}}
x-properties: {a: {type: integer}}
",
    );
    assert_eq!(get(&contract, "/x?q[a]=1").0, 204);
    assert_eq!(get(&contract, "/x?q[a]=b").0, 422);
    assert_eq!(warnings(&contract), [""; 0]);
}

#[test]
fn an_example_without_a_value_is_none() {
    let contract = paths(
        "  /x:
    get:
      responses:
        '200':
          description: A
          content:
            application/json:
              schema: {type: object, required: [a], properties: {a: {type: integer}}}
              example:
",
    );
    let (status, body) = get(&contract, "/x");
    let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert!(status == 200 && body["a"].is_i64(), "{status} {body}");
    assert_eq!(warnings(&contract), [""; 0]);
}

#[test]
fn a_parameter_without_a_schema_takes_any_value() {
    let contract = paths(
        "  /x:
    get:
      parameters: [{name: q, in: query}]
      responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x?q=1").0, 204);
}

#[test]
fn a_parameter_with_schema_and_content_is_read_by_its_schema() {
    let contract = paths(
        "  /x:
    get:
      parameters:
        - name: q
          in: query
          schema: {type: integer}
          content: {application/json: {schema: {type: object}}}
      responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x?q=1").0, 204);
    assert_eq!(get(&contract, "/x?q={}").0, 422);
    assert_eq!(warnings(&contract).len(), 1);
}

#[test]
fn a_style_that_its_place_has_not_gives_way_to_the_default() {
    let contract = paths(
        "  /x:
    get:
      parameters:
        - name: q
          in: query
          style: matrix
          schema: {type: array, items: {type: integer}}
      responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x?q=1&q=2").0, 204);
    assert_eq!(get(&contract, "/x?q=a").0, 422);
    assert_eq!(
        warnings(&contract),
        ["api.yaml:9:18: a query parameter has no style `matrix`: its default is taken"]
    );
}

#[test]
fn a_security_scheme_that_is_not_declared_is_not_asked_for() {
    let contract = load(
        "openapi: 3.0.3
info: {title: T, version: '1'}
security: [{Gone: []}]
paths:
  /x:
    get: {responses: {'204': {description: A}}}
  /y:
    get:
      security: [{Gone: [], key: []}]
      responses: {'204': {description: A}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
",
    );
    assert_eq!(get(&contract, "/x").0, 204);
    assert_eq!(get(&contract, "/y").0, 401);
    let mut request = Request::new(Method::GET, "/y");
    let key = header::HeaderName::from_static("x-key");
    request
        .headers
        .insert(key, header::HeaderValue::from_static("k"));
    assert_eq!(contract.answer(request).reply.status.as_u16(), 204);
    assert_eq!(
        warnings(&contract),
        [
            "api.yaml:3:19: there is no security scheme `Gone`: it is not asked for",
            "api.yaml:9:25: there is no security scheme `Gone`: it is not asked for",
        ]
    );
}

#[test]
fn an_undeclared_scheme_opens_nothing_where_another_way_in_is_documented() {
    let contract = load(
        "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /or: {get: {security: [{Gone: []}, {key: []}], responses: {'204': {description: A}}}}
  /part: {get: {security: [{key: []}, {key: [], Gone: []}], responses: {'204': {description: A}}}}
  /anyone: {get: {security: [{Gone: []}, {}], responses: {'204': {description: A}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
",
    );
    assert_eq!(get(&contract, "/or").0, 401);
    assert_eq!(get(&contract, "/part").0, 401);
    assert_eq!(get(&contract, "/anyone").0, 204);
    let key = header::HeaderName::from_static("x-key");
    let request = Request::new(Method::GET, "/or").with_header(key, "k");
    assert_eq!(contract.answer(request).reply.status.as_u16(), 204);
    let told = warnings(&contract).concat();
    assert!(
        told.contains("there is no security scheme `Gone`"),
        "{told}"
    );
}

#[test]
fn a_media_type_that_is_none_is_taken_for_the_nearest() {
    let contract = paths(
        "  /x:
    get:
      responses:
        '200':
          description: A
          content: {'application/json, charset=utf-8': {example: {a: 1}}}
  /y:
    get:
      responses: {'200': {description: A, content: {'': {example: {a: 1}}}}}
",
    );
    assert_eq!(get(&contract, "/x"), (200, r#"{"a":1}"#.to_owned()));
    assert_eq!(get(&contract, "/y"), (200, r#"{"a":1}"#.to_owned()));
    assert_eq!(warnings(&contract).len(), 2);
}

#[test]
fn a_body_without_content_may_be_any() {
    let contract = paths(
        "  /x:
    post:
      requestBody: {required: true, description: Whatever}
      responses: {'204': {description: A}}
",
    );
    let mut request = Request::new(Method::POST, "/x");
    let csv = header::HeaderValue::from_static("text/csv");
    request.headers.insert(header::CONTENT_TYPE, csv);
    request.body = "a,b".into();
    assert_eq!(contract.answer(request).reply.status.as_u16(), 204);
    assert_eq!(warnings(&contract).len(), 1);
}

#[test]
fn what_answering_needs_not_costs_no_operation() {
    let contract = paths(
        "  /x:
    get:
      responses:
        '200':
          description: A
          headers: {X-Gone: {$ref: '#/components/headers/Gone'}}
          content:
            text/plain:
              examples:
                gone: {$ref: '#/components/examples/Gone'}
                here: {value: hello}
      callbacks:
        gone: {$ref: '#/components/callbacks/Gone'}
        bad:
          '{$request.query.url}':
            post:
              requestBody:
                content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}
              responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x"), (200, "hello".to_owned()));
    let told = warnings(&contract);
    assert_eq!(told.len(), 4, "{told:#?}");
    assert!(
        told.iter()
            .all(|warning| warning.contains("there is nothing at"))
    );
}

#[test]
fn a_pattern_that_is_too_large_is_judged_but_for_its_high_counts() {
    let contract = paths(
        "  /x:
    get:
      parameters:
        - {name: q, in: query, schema: {type: string, pattern: '^[a-z\\u00e0-\\u00ff]{1,262144}$'}}
      responses: {'204': {description: A}}
",
    );
    assert_eq!(get(&contract, "/x?q=abc").0, 204);
    assert_eq!(get(&contract, "/x?q=ABC").0, 422);
    assert_eq!(
        warnings(&contract),
        ["api.yaml:7:64: this pattern is too large: its counts above 1,000 are no bounds here"]
    );
}

#[test]
fn what_can_be_meant_in_two_ways_stays_an_error() {
    for (text, fault) in [
        ("a: 1\na: 2\n", "1:1: the key `a` stands here a second time"),
        ("a: 1\n---\nb: 1\n", "a second YAML document"),
        ("a:\n\tb: 1\n", "a tab indents this line"),
    ] {
        let error = Contract::from_text("api.yaml", text)
            .expect_err(text)
            .to_string();
        let fault = fault.trim_start_matches("1:1: ");
        assert!(error.contains(fault), "{error}");
    }
}
