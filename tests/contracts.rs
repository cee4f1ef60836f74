//! What becomes of documents that are not quite right: served as far as they can be, and told of.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, header};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Things, version: 1.0}
paths:
  /sound:
    get:
      operationId: one
      responses:
        '200':
          description: Sound
          content:
            application/json:
              schema: {type: object, properties: {n: {type: integer}}, required: [n]}
              examples: {broken: {value: {n: many}}, good: {value: {n: 7}}}
  /nothing-there:
    get:
      responses: {'200': {$ref: '#/components/responses/Nope'}}
  /bad-pattern:
    put:
      operationId: one
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}}
      responses: {'204': {description: Done}}
  /undeclared/{id}:
    get:
      responses: {'204': {description: Done}}
  no-slash:
    get: {responses: {}}
components:
  schemas:
    Bad: {type: string, pattern: '^[a-z'}
";

fn contract() -> Contract {
    Contract::from_text("things.yaml", DOCUMENT).unwrap_or_else(|errors| panic!("{errors}"))
}

fn ask(contract: &Contract, method: Method, target: &str) -> (u16, String) {
    let reply = contract.answer(Request::new(method, target)).reply;
    (
        reply.status.as_u16(),
        String::from_utf8_lossy(&reply.body).into_owned(),
    )
}

#[test]
fn an_operation_that_cannot_be_served_is_501_with_its_place_and_the_rest_is_served() {
    let contract = contract();
    let (status, body) = ask(&contract, Method::GET, "/nothing-there");
    assert_eq!(status, 501);
    assert!(body.contains("things.yaml:17:"), "{body}");
    let (status, body) = ask(&contract, Method::PUT, "/bad-pattern");
    assert_eq!(status, 501);
    assert!(body.contains("things.yaml:30:"), "{body}");
    assert_eq!(ask(&contract, Method::GET, "/undeclared/x").0, 204);
}

#[test]
fn an_example_that_breaks_its_schema_is_never_sent() {
    assert_eq!(
        ask(&contract(), Method::GET, "/sound"),
        (200, r#"{"n":7}"#.to_owned())
    );
}

#[test]
fn everything_that_cannot_be_meant_is_told_with_its_place() {
    let told: Vec<String> = contract()
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    things.yaml:17:33: there is nothing at `#/components/responses/Nope`
    things.yaml:30:34: "^[a-z" is no regular expression
    things.yaml:26:3: the path `no-slash` isn't served: a path starts with /
    things.yaml:20:20: the operationId `one` is that of GET /sound too
    things.yaml:24:5: GET /undeclared/{id} declares no path parameter `id`
    things.yaml:14:46: this example breaks its schema: /n must be an integer, got the string "many"
    "#);
}

#[test]
fn a_reference_out_of_the_document_costs_its_operation_alone() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /here: {get: {responses: {'204': {description: Done}}}}
  /there:
    put:
      requestBody: {content: {application/json: {schema: {$ref: 'other.yaml#/X'}}}}
      responses: {'204': {description: Done}}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    assert_eq!(ask(&contract, Method::GET, "/here").0, 204);
    assert_eq!(ask(&contract, Method::PUT, "/there").0, 501);
    let told = contract.warnings()[0].to_string();
    let expected = "t.yaml:8:65: `other.yaml` can't be found: this document stands in no folder";
    assert_eq!(told, expected);
}

#[test]
fn a_body_is_judged_by_the_schema_of_its_own_media_type() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    put:
      requestBody:
        content:
          not a media type: {schema: {type: string}}
          application/json: {schema: {type: integer}}
          application/merge-patch+json: {schema: {type: boolean}}
      responses: {'204': {description: Done}}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    let put = |media_type: &str, body: &'static str| {
        let request = Request::new(Method::PUT, "/x").with_header(header::CONTENT_TYPE, media_type);
        contract
            .answer(request.with_body(body))
            .reply
            .status
            .as_u16()
    };
    assert_eq!(put("application/json", "1"), 204);
    assert_eq!(put("application/json", "true"), 422);
    assert_eq!(put("application/merge-patch+json", "true"), 204);
    assert_eq!(put("application/merge-patch+json", "1"), 422);
}

/// A contract with one parameter of a type and a format.
fn judging(kind: &str, format: &str) -> Contract {
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /x:\n    put:\n      \
         requestBody: {{content: {{application/json: {{schema: {{type: {kind}, format: {format}}}}}}}}}\n      \
         responses: {{'204': {{description: Done}}}}\n"
    );
    Contract::from_text("t.yaml", &document).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn formats_are_asserted() {
    for (kind, format, good, bad) in [
        (
            "string",
            "date-time",
            r#""2024-02-29T23:59:59+01:00""#,
            r#""2023-02-29T00:00:00Z""#,
        ),
        (
            "string",
            "date-time",
            r#""2024-01-20T00:00:00.000Z""#,
            r#""2024-01-20""#,
        ),
        ("string", "date", r#""2024-02-29""#, r#""2024-02-30""#),
        ("string", "time", r#""23:59:59Z""#, r#""24:00:00Z""#),
        (
            "string",
            "email",
            r#""a.b+c@example.com""#,
            r#""A <a@example.com>""#,
        ),
        (
            "string",
            "uuid",
            r#""11111111-1111-4111-8111-111111111111""#,
            r#""11111111""#,
        ),
        (
            "string",
            "uri",
            r#""https://example.com/a?b#c""#,
            r#""/relative""#,
        ),
        ("string", "ipv4", r#""192.0.2.1""#, r#""192.0.2.256""#),
        ("string", "ipv6", r#""2001:db8::1""#, r#""2001:db8::g""#),
        (
            "string",
            "hostname",
            r#""a-b.example.com""#,
            r#""-a.example.com""#,
        ),
        ("string", "byte", r#""dGV4dA==""#, r#""not base64""#),
        ("integer", "int32", "2147483647", "2147483648"),
        ("integer", "int32", "-2147483648", "-2147483649"),
        (
            "integer",
            "int64",
            "9223372036854775807",
            "9223372036854775808",
        ),
        ("integer", "int64", "-9223372036854775808", "1e19"),
        ("number", "float", "3.4e38", "3.5e38"),
        ("integer", "int32", "2.0", "2.5"),
    ] {
        let contract = judging(kind, format);
        let put = |body: &str| {
            let request = Request::new(Method::PUT, "/x");
            let json = "application/json".parse().ok();
            let mut request = request.with_body(body.to_owned());
            request
                .headers
                .extend(json.map(|json| (header::CONTENT_TYPE, json)));
            contract.answer(request).reply.status.as_u16()
        };
        assert_eq!((put(good), put(bad)), (204, 422), "{format}: {good} {bad}");
    }
}

#[test]
fn a_reply_documented_by_a_range_names_a_media_type() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /json: {get: {responses: {'200': {description: OK, content: {'*/*': {example: {a: 1}}}}}}}
  /text: {get: {responses: {'200': {description: OK, content: {'text/*': {example: hello}}}}}}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    for (path, media_type, body) in [
        ("/json", "application/json", "{\"a\":1}"),
        ("/text", "text/plain", "hello"),
    ] {
        let reply = contract.answer(Request::new(Method::GET, path)).reply;
        let named = reply.header(&counterpart::wire::header::CONTENT_TYPE);
        assert_eq!(named, Some(media_type));
        assert_eq!(reply.body, body);
    }
}

#[test]
fn what_only_a_client_may_send_is_left_out_of_examples() {
    let document = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /x:
    get:
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                type: object
                required: [name, secret]
                properties:
                  name: {type: string}
                  secret: {type: string, writeOnly: true}
                  inner: {type: array, items: {properties: {pin: {writeOnly: true}}}}
              example: {name: a, secret: s, more: 1, inner: [{pin: 1, n: 2}]}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    assert_eq!(
        ask(&contract, Method::GET, "/x"),
        (200, r#"{"name":"a","more":1,"inner":[{"n":2}]}"#.to_owned())
    );
}
