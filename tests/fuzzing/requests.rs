//! Requests: paths, parameters, header fields and bodies.

use super::{fuzz, texts};
use counterpart::contract::Contract;
use counterpart::exchange::Exchange;
use counterpart::wire::{HeaderValue, Method, Request, StatusCode, header};
use std::sync::LazyLock;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Everything, version: '1'}
servers: [{url: /v1}]
paths:
  /things/{id}/{rest}:
    parameters:
    - {name: id, in: path, required: true, schema: {type: integer}}
    - {name: rest, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: string}}}
    - {name: list, in: query, schema: {type: array, items: {type: number}}}
    - {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
    - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {a: {type: integer}, b: {type: array, items: {type: string}}}}}
    - {name: open, in: query, schema: {type: object, additionalProperties: {type: string}}}
    - {name: as, in: query, content: {application/json: {schema: {type: object, properties: {n: {type: integer}}}}}}
    - {name: X-List, in: header, schema: {type: array, items: {type: integer}}}
    - {name: X-Object, in: header, explode: true, schema: {type: object, properties: {a: {type: boolean}}}}
    - {name: c, in: cookie, schema: {type: string, maxLength: 5}}
    get: {responses: {'200': {description: It, content: &all {application/json: {schema: &thing {$ref: '#/components/schemas/Thing'}}, application/xml: {schema: *thing}, text/plain: {schema: {type: string}}, text/csv: {schema: {type: array, items: *thing}}}}, '404': {description: None}}}
  /things:
    get: {parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}], responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: *thing}}}}}}
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: *thing}
          application/xml: {schema: *thing}
          application/x-www-form-urlencoded: {schema: *thing, encoding: {tags: {style: spaceDelimited}}}
          multipart/form-data: {schema: *thing, encoding: {meta: {contentType: application/json}, tags: {headers: {X-Tag: {schema: {type: integer}}}}}}
          text/csv: {schema: {type: array, items: *thing}}
          application/jsonl: {itemSchema: *thing}
      responses: {'201': {description: Made, content: *all}, '422': {description: Wrong}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, minLength: 1}}]
    get: {responses: {'200': {description: It, content: *all}, '404': {description: None}}}
    put: {requestBody: {required: true, content: {application/json: {schema: *thing}}}, responses: {'200': {description: It, content: *all}}}
    patch:
      requestBody:
        required: true
        content:
          application/merge-patch+json: {schema: {type: object}}
          application/json-patch+json: {}
      responses: {'200': {description: It, content: *all}, '404': {description: None}}
components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string, minLength: 1, maxLength: 20}
        name: {type: [string, 'null'], pattern: '^[A-Z]'}
        price: {type: number, multipleOf: 0.01, minimum: 0}
        at: {type: string, format: date-time}
        tags: {type: array, uniqueItems: true, items: {type: string}}
        meta: {type: object, additionalProperties: {type: [integer, string]}}
        lang: {type: string, xml: {attribute: true}}
        kind: {oneOf: [{const: a}, {type: integer}]}
";

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let contract = Contract::from_text("everything.yaml", DOCUMENT);
    contract.unwrap_or_else(|errors| panic!("{errors}"))
});

/// Whatever was asked, it is answered as the contract has it or refused, and never with a failure.
fn sound(exchange: &Exchange) {
    let status = exchange.reply.status;
    assert!(
        !status.is_server_error() || status == StatusCode::NOT_IMPLEMENTED,
        "{status}: {:?} {:?}",
        exchange.refusal,
        exchange.reply_violations
    );
    assert!(
        exchange.reply_violations.is_empty(),
        "{:?}",
        exchange.reply_violations
    );
}

fn sent(method: Method, target: &str, media_type: &str, body: &[u8]) {
    let media_type = HeaderValue::from_str(media_type).expect("a value");
    let mut request = Request::new(method, target).with_body(body.to_vec());
    request.headers.insert(header::CONTENT_TYPE, media_type);
    sound(&CONTRACT.answer(request));
}

const JSON: [&str; 4] = [
    r#"{"id":"a","name":"Rex","price":1.25,"at":"2025-01-02T03:04:05Z","tags":["x","y"],"meta":{"k":1},"kind":"a"}"#,
    r#"{"id":"a","name":null,"tags":[],"meta":{}}"#,
    r#"[{"op":"add","path":"/tags/-","value":"z"},{"op":"test","path":"/id","value":"a"},{"op":"move","from":"/name","path":"/meta/n"}]"#,
    r#"{"name":null,"meta":{"k":null,"l":{"m":[1,2,{"n":null}]}}}"#,
];

#[test]
fn of_any_target_there_is_an_answer() {
    let seeds = texts(&[
        "/things/1/;rest=a;rest=b?list=1&list=2&piped=a|b&deep[a]=1&deep[b]=x&as=%7B%22n%22%3A1%7D",
        "/v1/things/7/;rest=x?open=1&more=%20&deep[b][0]=x",
        "/things?limit=3",
        "/things/a%2Fb?x",
    ]);
    let words = [
        "deep[a]",
        "deep[b][]",
        ";rest=",
        "limit=",
        "piped=",
        "as=",
        "+",
        "[",
        "]",
        "|",
        "%7C",
        "%5B",
    ];
    fuzz("targets", &seeds, &words, |input| {
        let text = String::from_utf8_lossy(input);
        // What no request line can have never comes so far.
        let target: String = text.chars().filter(char::is_ascii_graphic).collect();
        let target = if target.starts_with('/') {
            target
        } else {
            format!("/{target}")
        };
        sound(&CONTRACT.answer(Request::new(Method::GET, &target)));
    });
}

#[test]
fn of_any_header_field_there_is_an_answer() {
    let seeds = texts(&[
        "accept\napplication/json;q=0.5, application/xml;q=0.8, */*;q=0.1",
        "prefer\ncode=200, example=\"x\", dynamic=true, seed=7, return=minimal",
        "x-list\n1,2,3",
        "x-object\na=true",
        "cookie\nc=abc; d=\"e\"",
        "if-match\n\"abc\", W/\"def\"",
        "if-modified-since\nSun, 06 Nov 1994 08:49:37 GMT",
        "accept-language\nde;q=0.7, en",
        "range\nbytes=0-10",
        "authorization\nBasic dTpw",
    ]);
    let words = [
        "code=",
        "example=",
        "dynamic=",
        "seed=",
        "application/",
        "charset=utf-8",
        "W/",
        "bytes=",
    ];
    fuzz("fields", &seeds, &words, |input| {
        let split = input.iter().position(|byte| *byte == b'\n');
        let (name, value) = input.split_at(split.unwrap_or(input.len()));
        let name = header::HeaderName::from_bytes(name);
        let value = HeaderValue::from_bytes(value.get(1..).unwrap_or_default());
        let (Ok(name), Ok(value)) = (name, value) else {
            return;
        };
        for target in ["/things/1/;rest=a", "/things/a", "/things"] {
            let mut request = Request::new(Method::GET, target);
            request.headers.insert(name.clone(), value.clone());
            let exchange = CONTRACT.answer(request);
            let status = exchange.reply.status;
            // A status may be asked for by its number.
            let is_asked = name == "prefer" && exchange.violations.is_empty();
            assert!(
                is_asked || !status.is_server_error(),
                "{status}: {:?}",
                exchange.refusal
            );
            assert!(
                exchange.reply_violations.is_empty(),
                "{:?}",
                exchange.reply_violations
            );
        }
    });
}

#[test]
fn of_any_json_there_is_an_answer_and_what_is_stored_is_valid() {
    let words = [
        "\"id\":",
        "\"name\":",
        "\"op\":\"replace\"",
        "\"path\":\"/\"",
        "\"value\":",
        "\"from\":",
        "\"tags\":[",
        "\"at\":\"\"",
    ];
    fuzz("json", &texts(&JSON), &words, |input| {
        sent(Method::PUT, "/things/a", "application/json", input);
        sent(Method::POST, "/things", "application/json", input);
        sent(
            Method::PATCH,
            "/things/a",
            "application/merge-patch+json",
            input,
        );
        sent(
            Method::PATCH,
            "/things/a",
            "application/json-patch+json",
            input,
        );
        sound(&CONTRACT.answer(Request::new(Method::GET, "/things/a")));
        let listed = CONTRACT.answer(Request::new(Method::GET, "/things"));
        sound(&listed);
        if listed.reply.body.len() > 100_000 {
            CONTRACT.reset().expect("in memory");
        }
    });
}

#[test]
fn of_any_form_and_multipart_there_is_an_answer() {
    let seeds = texts(&[
        "id=a&name=Rex&price=1.25&tags=x%20y&meta[k]=1&kind=a",
        "--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"k\":1}\r\n--b\r\nContent-Disposition: form-data; name=\"tags\"\r\nX-Tag: 5\r\n\r\nx\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"id\"; filename=\"a.txt\"; filename*=UTF-8''a\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--",
    ]);
    let words = [
        "--b",
        "--b--",
        "--b\r\n",
        "Content-Disposition: form-data; name=",
        "Content-Type: ",
        "\"tags\"",
        "filename=",
    ];
    fuzz("forms", &seeds, &words, |input| {
        sent(
            Method::POST,
            "/things",
            "application/x-www-form-urlencoded",
            input,
        );
        sent(
            Method::POST,
            "/things",
            "multipart/form-data; boundary=b",
            input,
        );
        CONTRACT.reset().expect("in memory");
    });
}

#[test]
fn of_any_xml_csv_and_lines_there_is_an_answer() {
    let seeds = texts(&[
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Thing lang=\"x\" xmlns:p=\"urn:p\"><id>a</id><name>Rex</name><tags>x</tags><tags>y</tags><price>1.25</price></Thing>",
        "<Thing><!-- c --><id><![CDATA[a]]></id><name>&#x41;&amp;</name></Thing>",
        "id,name,price,tags\r\na,\"Re\"\"x\",1.25,x\r\nb,,0,\r\n",
        "{\"id\":\"a\"}\n{\"id\":\"b\",\"name\":\"Rex\"}\n",
    ]);
    let words = [
        "<Thing>",
        "</Thing>",
        "<id>",
        "</id>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&#0;",
        "&lt;",
        "xmlns=\"\"",
        "<!DOCTYPE a [",
        "\"\"",
    ];
    fuzz("markup", &seeds, &words, |input| {
        for media_type in ["application/xml", "text/csv", "application/jsonl"] {
            sent(Method::POST, "/things", media_type, input);
        }
        CONTRACT.reset().expect("in memory");
    });
}
