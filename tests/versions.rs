//! The versions of the specification, and the ways a document may be written.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, header};

fn contract(name: &str, text: &str) -> Contract {
    Contract::from_text(name, text).unwrap_or_else(|errors| panic!("{errors}"))
}

fn told(contract: &Contract) -> Vec<String> {
    contract
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The status, and the violations or the refusal or the reply's text.
fn ask(contract: &Contract, request: Request) -> (u16, String) {
    let exchange = contract.answer(request);
    let violations = exchange.violations.iter();
    let violations: Vec<String> = violations
        .map(|v| format!("{} {}", v.place, v.detail))
        .collect();
    let body = String::from_utf8_lossy(&exchange.reply.body).into_owned();
    let told = match violations.is_empty() {
        true => exchange.refusal.unwrap_or(body),
        false => violations.join("; "),
    };
    (exchange.reply.status.as_u16(), told)
}

fn send(
    contract: &Contract,
    method: &str,
    target: &str,
    media_type: &str,
    body: &str,
) -> (u16, String) {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = Request::new(method, target)
        .with_header(header::CONTENT_TYPE, media_type)
        .with_body(body.as_bytes().to_vec());
    ask(contract, request)
}

const SWAGGER: &str = r##"
swagger: "2.0"
info: {title: Pets, version: "1"}
host: pets.example
basePath: /api
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  key: {type: apiKey, in: query, name: key}
  login: {type: basic}
parameters:
  Tags: {name: tags, in: query, type: array, collectionFormat: pipes, items: {type: integer}}
responses:
  Sorry: {description: Sorry, schema: {$ref: "#/definitions/Error"}}
definitions:
  Error: {type: object, required: [message], properties: {message: {type: string}}}
  Pet:
    type: object
    required: [id, name]
    discriminator: kind
    properties:
      id: {type: integer, format: int64, readOnly: true}
      name: {type: string, minLength: 2, x-nullable: true}
      weight: {type: number, minimum: 0, exclusiveMinimum: true}
      kind: {type: string}
paths:
  /pets:
    get:
      parameters:
        - {$ref: "#/parameters/Tags"}
        - {name: sizes, in: query, type: array, items: {type: string, enum: [s, m]}}
        - {name: multi, in: query, type: array, collectionFormat: multi, items: {type: boolean}}
        - {name: X-Limit, in: header, type: integer, maximum: 10, exclusiveMaximum: true}
      responses:
        200:
          description: Pets
          headers: {X-Count: {type: integer}}
          schema: {type: array, items: {$ref: "#/definitions/Pet"}}
          examples: {application/json: [{id: 1, name: Rex}]}
        400: {$ref: "#/responses/Sorry"}
    post:
      security: [{key: []}, {login: []}]
      parameters: [{name: pet, in: body, required: true, schema: {$ref: "#/definitions/Pet"}}]
      responses: {201: {description: Made}, 422: {$ref: "#/responses/Sorry"}}
  /pets/{id}/photo:
    parameters: [{name: id, in: path, required: true, type: integer}]
    post:
      consumes: [multipart/form-data]
      parameters:
        - {name: photo, in: formData, required: true, type: file}
        - {name: title, in: formData, type: string, maxLength: 3}
        - {name: tags, in: formData, type: array, collectionFormat: csv, items: {type: integer}}
      responses: {204: {description: Kept}}
  /login:
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters: [{name: user, in: formData, required: true, type: string}]
      responses: {204: {description: In}}
"##;

#[test]
fn swagger_2_is_lifted_and_judged_exactly() {
    let contract = contract("t.yaml", SWAGGER);
    assert_eq!(told(&contract), [""; 0]);
    let get = |target: &str| ask(&contract, Request::new(Method::GET, target));
    assert_eq!(
        get("/api/pets"),
        (200, r#"[{"id":1,"name":"Rex"}]"#.to_owned())
    );
    assert_eq!(
        get("/pets?tags=1|2&sizes=s,m&multi=true&multi=false").0,
        200
    );
    assert_eq!(
        get("/pets?tags=1|x&sizes=s,l&multi=1"),
        (
            400,
            "query tags[1] must be an integer, got the string \"x\"; \
             query sizes[1] must be s | m, got \"l\"; \
             query multi[0] must be a boolean, got the string \"1\""
                .to_owned()
        )
    );
    let limited =
        Request::new(Method::GET, "/pets").with_header("x-limit".parse().expect("a name"), "10");
    assert_eq!(
        ask(&contract, limited).1,
        "header X-Limit must be less than 10, got 10"
    );

    let post = |body: &str| send(&contract, "POST", "/pets?key=k", "application/json", body);
    assert_eq!(
        post(r#"{"name": null, "weight": 0.5}"#).0,
        201,
        "id is the server's to send"
    );
    assert_eq!(
        post(r#"{"name": "x", "weight": 0}"#).1,
        "body /name needs at least 2 characters, got \"x\"; body /weight must be greater than 0, got 0"
    );
    assert_eq!(
        send(&contract, "POST", "/pets", "application/json", "{}").0,
        401
    );
    assert_eq!(
        send(&contract, "POST", "/pets?key=k", "text/plain", "x").0,
        415
    );

    let form = |body: &str| {
        send(
            &contract,
            "POST",
            "/pets/7/photo",
            "multipart/form-data; boundary=b",
            body,
        )
    };
    let part = |name: &str, text: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let photo = "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\
                 Content-Type: image/png\r\n\r\n\u{1}\u{2}\r\n";
    assert_eq!(
        form(&format!(
            "{photo}{}{}--b--",
            part("title", "abc"),
            part("tags", "1,2")
        ))
        .0,
        204
    );
    assert_eq!(
        form(&format!(
            "{}{}--b--",
            part("title", "abcd"),
            part("tags", "1,x")
        ))
        .1,
        "body /photo is required; body /title takes at most 3 characters, got \"abcd\"; \
         body /tags/1 must be an integer, got the string \"x\""
    );
    let login = |body: &str| {
        send(
            &contract,
            "POST",
            "/login",
            "application/x-www-form-urlencoded",
            body,
        )
    };
    assert_eq!(login("user=a").0, 204);
    assert_eq!(login("usr=a").1, "body /user is required");
}

#[test]
fn a_problem_of_swagger_2_comes_as_the_json_that_the_operation_produces() {
    for (produces, media_type) in [
        ("[text/csv]", "application/problem+json"),
        (
            "[application/json, application/problem+json]",
            "application/problem+json",
        ),
        ("[application/xml, application/json]", "application/json"),
        (
            "['application/json; charset=utf-8']",
            "application/json; charset=utf-8",
        ),
    ] {
        let contract = contract(
            "t.yaml",
            &format!(
                "swagger: '2.0'\ninfo: {{title: T, version: '1'}}\nproduces: {produces}\npaths:\n  /a/{{id}}:\n    \
                 get:\n      parameters: [{{name: id, in: path, required: true, type: integer}}]\n      \
                 responses: {{200: {{description: A}}}}\n"
            ),
        );
        let reply = contract.answer(Request::new(Method::GET, "/a/x")).reply;
        assert_eq!(reply.status.as_u16(), 422, "{produces}");
        let sent = reply.header(&header::CONTENT_TYPE);
        assert_eq!(sent, Some(media_type), "{produces}");
    }
}

#[test]
fn swagger_2_examples_tell_of_a_body_alone_and_under_ranges() {
    let contract = contract(
        "t.yaml",
        r#"
swagger: "2.0"
info: {title: T, version: "1"}
produces: [text/plain]
paths:
  /alone:
    get:
      responses:
        200:
          description: As its examples are
          examples: {application/json: {a: 1}, text/csv: "a,1", x-note: no}
  /range:
    get:
      responses:
        200: {description: Text, schema: {type: string}, examples: {"*/*": hello}}
  /none:
    get: {responses: {200: {description: Nothing}}}
"#,
    );
    let get = |target: &str, accept: &str| {
        let request = Request::new(Method::GET, target).with_header(header::ACCEPT, accept);
        let reply = contract.answer(request).reply;
        let media_type = reply.header(&header::CONTENT_TYPE).unwrap_or("none");
        let body = String::from_utf8_lossy(&reply.body);
        format!("{} {media_type} {body}", reply.status.as_u16())
    };
    for (target, accept, answer) in [
        ("/alone", "*/*", "200 application/json {\"a\":1}"),
        ("/alone", "text/csv", "200 text/csv a,1"),
        ("/range", "*/*", "200 text/plain hello"),
        ("/none", "*/*", "200 none "),
    ] {
        assert_eq!(get(target, accept), answer);
    }
    assert!(get("/alone", "image/png").starts_with("406"));
}

#[test]
fn swagger_2_parameters_are_not_empty_where_that_is_said() {
    let contract = contract(
        "t.yaml",
        r#"
swagger: "2.0"
info: {title: T, version: "1"}
paths:
  /x:
    get:
      parameters:
        - {name: no, in: query, type: string, allowEmptyValue: false}
        - {name: yes, in: query, type: string, allowEmptyValue: true}
        - {name: unsaid, in: query, type: string}
      responses: {204: {description: Done}}
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters: [{name: no, in: formData, type: string, allowEmptyValue: false}]
      responses: {204: {description: Done}}
"#,
    );
    let get = |query: &str| ask(&contract, Request::new(Method::GET, format!("/x?{query}"))).1;
    assert_eq!(get("no=a&yes=&unsaid="), "");
    assert_eq!(get("no"), "query no needs at least 1 character, got \"\"");
    let form = "application/x-www-form-urlencoded";
    assert_eq!(send(&contract, "POST", "/x", form, "no=a").0, 204);
    assert_eq!(send(&contract, "POST", "/x", form, "").0, 204);
    assert_eq!(
        send(&contract, "POST", "/x", form, "no=").1,
        "body /no needs at least 1 character, got \"\""
    );
}

#[test]
fn lists_of_lists_are_written_as_each_level_says() {
    let contract = contract(
        "t.yaml",
        r#"
swagger: "2.0"
info: {title: T, version: "1"}
paths:
  /x:
    get:
      parameters:
        - {name: nest, in: query, type: array, collectionFormat: pipes, items: {type: array, items: {type: integer}, enum: [[1, 2], [3], []]}}
        - {name: multi, in: query, type: array, collectionFormat: multi, items: {type: array, collectionFormat: ssv, maxItems: 2, items: {type: boolean}}}
        - {name: deep, in: query, type: array, items: {type: array, collectionFormat: pipes, items: {type: array, collectionFormat: tsv, items: {type: integer}}}}
        - {name: X-Nest, in: header, type: array, items: {type: array, collectionFormat: pipes, items: {type: integer}}}
      responses: {204: {description: Done}}
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters: [{name: nest, in: formData, type: array, collectionFormat: multi, items: {type: array, items: {type: integer}}}]
      responses: {204: {description: Done}}
"#,
    );
    let get = |query: &str| ask(&contract, Request::new(Method::GET, format!("/x?{query}"))).1;
    for (query, told) in [
        ("nest=1,2|3", ""),
        ("nest=3||1%2C2", ""),
        (
            "nest=1,x|3",
            "query nest[0][1] must be an integer, got the string \"x\"",
        ),
        ("multi=true+false&multi=true", ""),
        (
            "multi=true&multi=true%20true+x",
            "query multi[1][2] must be a boolean, got the string \"x\"",
        ),
        ("deep=1%092|3,4", ""),
        (
            "deep=1%092|3,x",
            "query deep[1][0][0] must be an integer, got the string \"x\"",
        ),
    ] {
        let got = get(query);
        assert!(
            if told.is_empty() {
                got.is_empty()
            } else {
                got.contains(told)
            },
            "{query}: {got}"
        );
    }
    let sent =
        Request::new(Method::GET, "/x").with_header("x-nest".parse().expect("a name"), "1|2, 3");
    assert_eq!(ask(&contract, sent).0, 204);
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        send(&contract, "POST", "/x", form, "nest=1,2&nest=3").0,
        204
    );
    assert_eq!(
        send(&contract, "POST", "/x", form, "nest=1,2&nest=3,x").1,
        "body /nest/1/1 must be an integer, got the string \"x\""
    );
}

#[test]
fn openapi_3_2_adds_methods_and_sequences() {
    let contract = contract(
        "t.yaml",
        r##"
openapi: 3.2.0
$self: https://example.com/api.yaml
info: {title: T, version: "1"}
components:
  securitySchemes:
    device:
      type: oauth2
      flows: {deviceAuthorization: {deviceAuthorizationUrl: /d, tokenUrl: /t, scopes: {a: A}}}
  mediaTypes:
    Lines: {itemSchema: {$ref: "#/components/schemas/Line"}}
  schemas: {Line: {type: object, required: [n], properties: {n: {type: integer}}}}
paths:
  /search:
    query:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [q]}}}}
      responses: {"200": {description: Found, content: {application/json: {example: [1]}}}}
    additionalOperations:
      COPY: {responses: {"204": {description: Copied}}}
    post:
      security: [{device: [a]}]
      requestBody:
        content:
          application/jsonl: {$ref: "#/components/mediaTypes/Lines"}
      responses: {"204": {description: Taken}}
  /ask:
    get:
      parameters:
        - {name: all, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {type: integer}}}}}}
      responses: {"204": {description: Asked}}
  /absolute:
    put:
      requestBody: {content: {application/json: {schema: {$ref: "https://example.com/api.yaml#/components/schemas/Line"}}}}
      responses: {"204": {description: Put}}
"##,
    );
    assert_eq!(told(&contract), [""; 0]);
    assert_eq!(
        send(
            &contract,
            "QUERY",
            "/search",
            "application/json",
            "{\"q\": 1}"
        ),
        (200, "[1]".to_owned())
    );
    assert_eq!(
        send(&contract, "QUERY", "/search", "application/json", "{}").1,
        "body /q is required"
    );
    assert_eq!(send(&contract, "COPY", "/search", "text/plain", "").0, 204);
    assert_eq!(send(&contract, "PUT", "/search", "text/plain", "").0, 405);
    assert_eq!(send(&contract, "BREW", "/search", "text/plain", "").0, 501);
    assert_eq!(ask(&contract, Request::new(Method::GET, "/ask?a=1")).0, 204);
    assert_eq!(
        ask(&contract, Request::new(Method::GET, "/ask?a=x")).1,
        "query all[a] must be an integer, got the string \"x\""
    );
    assert_eq!(
        send(&contract, "PUT", "/absolute", "application/json", "{}").1,
        "body /n is required"
    );
}

#[test]
fn yaml_means_what_its_version_1_2_says() {
    let contract = contract(
        "t.yaml",
        "\u{feff}openapi: 3.1.0
info: {title: No, version: 1.0}
paths:
  /x:
    get:
      parameters:
        - {name: q, in: query, schema: {enum: [no, on, yes, 1_000, 2024-01-02, 0o7, ~]}}
      responses:
        200: {description: OK, content: {application/json: {example: [no, on, 1_000, 0o7, 2024-01-02, 1e3, 0x10, ~]}}}
"
        .trim_start_matches('\u{feff}'),
    );
    assert_eq!(told(&contract), [""; 0]);
    assert_eq!((contract.title(), contract.version()), ("No", "1.0"));
    let get = |target: &str| ask(&contract, Request::new(Method::GET, target));
    assert_eq!(
        get("/x?q=no"),
        (
            200,
            r#"["no","on","1_000",7,"2024-01-02",1000,16,null]"#.to_owned()
        )
    );
    assert_eq!(get("/x?q=1_000").0, 200);
    assert_eq!(get("/x?q=false").0, 422);
}

#[test]
fn json_is_taken_whatever_the_file_is_called() {
    let text = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"get": {"responses": {"204": {"description": "Done"}}}}}}"#;
    for name in ["t.json", "t.yaml", "t"] {
        let contract = contract(name, text);
        assert_eq!(
            ask(&contract, Request::new(Method::GET, "/x")).0,
            204,
            "{name}"
        );
    }
}

#[test]
fn swagger_2_asks_for_credentials_by_a_parameter_where_no_scheme_does() {
    let contract = contract(
        "t.yaml",
        r#"
swagger: "2.0"
info: {title: T, version: "1"}
securityDefinitions: {basic: {type: basic}}
paths:
  /own:
    get:
      parameters: [{name: Authorization, in: header, type: string, required: true, pattern: '^Key '}]
      responses: {204: {description: Done}, 400: {description: Wrong}}
  /known:
    get:
      security: [{basic: []}]
      parameters: [{name: Authorization, in: header, type: string, required: true, pattern: '^Key '}]
      responses: {204: {description: Done}, 401: {description: Who?}}
"#,
    );
    let get = |target: &str, credential: Option<&str>| {
        let request = Request::new(Method::GET, target);
        let request = match credential {
            Some(credential) => request.with_header(header::AUTHORIZATION, credential),
            None => request,
        };
        contract.answer(request).reply.status.as_u16()
    };
    assert_eq!(get("/own", None), 400);
    assert_eq!(get("/own", Some("Basic dTpw")), 400);
    assert_eq!(get("/own", Some("Key abc")), 204);
    assert_eq!(get("/known", None), 401);
    assert_eq!(get("/known", Some("Basic dTpw")), 204);
}
