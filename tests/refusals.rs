//! A refusal in the form that the contract documents for its status.

use crate::harness::Counterpart;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::{Method, Reply, Request, header};
use serde_json::{Value, json};

/// A contract whose one operation, `GET /x`, needs a number `n`, and documents this for where it
/// isn't one.
fn contract(content: &str) -> Contract {
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /x:\n    get:\n      \
         parameters: [{{name: n, in: query, required: true, schema: {{type: integer}}}}]\n      \
         responses:\n        '204': {{description: Done}}\n        '400': {{description: Wrong, \
         content: {content}}}\n"
    );
    Contract::from_text("t.yaml", &document).unwrap_or_else(|errors| panic!("{document}\n{errors}"))
}

fn refused(contract: &Contract, target: &str) -> Reply {
    let exchange = contract.answer(Request::new(Method::GET, target));
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    assert_eq!(exchange.reply.status, 400);
    exchange.reply
}

fn media_type(reply: &Reply) -> &str {
    reply.header(&header::CONTENT_TYPE).expect("a type")
}

const DETAIL: &str = "query n: is required, and isn't there";

#[test]
fn a_refusal_is_a_value_of_the_documented_schema_of_whatever_type() {
    for (content, body) in [
        ("{example: {no: 1}}", json!({"no": 1})),
        ("{examples: {a: {value: sorry}}}", json!("sorry")),
        ("{schema: {type: string}}", json!(DETAIL)),
        ("{schema: {type: string, example: sorry}}", json!("sorry")),
        ("{schema: {enum: [sorry]}}", json!("sorry")),
        ("{schema: {const: 7}}", json!(7)),
        (
            "{schema: {type: object, properties: {message: {type: string}}}}",
            json!({"message": DETAIL}),
        ),
    ] {
        let contract = contract(&format!("{{application/json: {content}}}"));
        let reply = refused(&contract, "/x");
        assert_eq!(media_type(&reply), "application/json", "{content}");
        let sent: Value = serde_json::from_slice(&reply.body).expect(content);
        assert_eq!(sent, body, "{content}");
    }
}

#[test]
fn a_refusal_is_a_text_where_nothing_else_is_documented() {
    for (content, kind, body) in [
        (
            "{text/plain: {schema: {type: string}}}",
            "text/plain",
            DETAIL,
        ),
        (
            "{text/html: {example: <p>No</p>}}",
            "text/html",
            "<p>No</p>",
        ),
        (
            "{text/plain: {schema: {type: string}, example: no}, application/json: {example: no}}",
            "application/json",
            "\"no\"",
        ),
        (
            "{text/plain: {example: no}, application/json: {example: 1}, text/json: {example: 2}}",
            "application/json",
            "1",
        ),
    ] {
        let reply = refused(&contract(content), "/x");
        assert_eq!(media_type(&reply), kind, "{content}");
        assert_eq!(reply.body, body, "{content}");
    }
}

#[test]
fn a_refusal_documented_as_a_text_of_members_is_written_as_a_reply_of_them_is() {
    let schema = "type: object, required: [code, message], properties: {code: {type: integer}, \
                  message: {type: string}}";
    let object = format!("{{schema: {{{schema}}}}}");
    let rows = format!("{{schema: {{type: array, minItems: 1, items: {{{schema}}}}}}}");
    let said = json!({"code": 400, "message": DETAIL});
    for (content, kind, body) in [
        (
            format!("{{text/html: {object}}}"),
            "text/html",
            format!("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<pre>{said:#}</pre>\n"),
        ),
        (
            format!("{{text/plain: {object}, text/html: {object}}}"),
            "text/plain",
            said.to_string(),
        ),
        (
            format!("{{text/event-stream: {object}}}"),
            "text/event-stream",
            format!("data: {said}\n\n"),
        ),
    ] {
        let reply = refused(&contract(&content), "/x");
        assert_eq!(media_type(&reply), kind, "{content}");
        assert_eq!(reply.body, body, "{content}");
    }
    let reply = refused(&contract(&format!("{{text/csv: {rows}}}")), "/x");
    assert_eq!(media_type(&reply), "text/csv");
    assert!(reply.body.starts_with(b"code,message\r\n"), "{reply:?}");
}

#[test]
fn a_refusal_documented_by_a_range_names_a_type() {
    let shape = "{schema: {type: object, required: [error], properties: {error: {type: string}}}}";
    for (range, named) in [
        ("'*/*'", "application/json"),
        ("application/*", "application/json"),
        ("application/*+json", "application/vnd.example+json"),
    ] {
        let reply = refused(&contract(&format!("{{{range}: {shape}}}")), "/x");
        assert_eq!(media_type(&reply), named, "{range}");
        assert_eq!(reply.body, json!({"error": DETAIL}).to_string(), "{range}");
    }
    let reply = refused(&contract("{'*/*': {}}"), "/x");
    assert_eq!(media_type(&reply), "application/problem+json");
}

#[test]
fn a_target_that_cant_be_read_is_refused_as_its_operation_documents() {
    let shape = "{schema: {type: object, properties: {message: {type: string}}}}";
    let contract = contract(&format!("{{application/json: {shape}}}"));
    let reply = refused(&contract, "/x?n=%zz");
    let message =
        "the target can't be read: it has a % that isn't followed by two hexadecimal digits";
    assert_eq!(reply.body, json!({"message": message}).to_string());
    for target in ["/%zz", "/y?n=%zz", "/x/%ff"] {
        let exchange = contract.answer(Request::new(Method::GET, target));
        assert_eq!(exchange.reply.status, 400, "{target}");
        assert_eq!(exchange.operation, None, "{target}");
    }
}

#[test]
fn a_documented_list_of_errors_tells_each_violation() {
    let document = r#"
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x/{id}:
    post:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody:
        content: {application/json: {schema: {type: object, properties: {tags: {type: array, items: {type: string}}}}}}
      responses:
        '204': {description: Done}
        '422':
          description: Wrong
          content:
            application/json:
              schema:
                type: object
                properties:
                  detail:
                    type: array
                    items:
                      type: object
                      required: [loc, msg, type, url]
                      properties:
                        loc: {type: array, items: {anyOf: [{type: string}, {type: integer}]}}
                        msg: {type: string}
                        type: {type: string}
                        input: {}
                        url: {type: string, const: 'https://example.com/help'}
"#;
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    let request = Request::new(Method::POST, "/x/a")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(r#"{"tags": ["a", 1]}"#);
    let exchange = contract.answer(request);
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    let sent: Value = serde_json::from_slice(&exchange.reply.body).expect("JSON");
    let told = |loc: Value, msg: &str, rule: &str| json!({"loc": loc, "msg": msg, "type": rule, "url": "https://example.com/help"});
    let mut second = told(
        json!(["body", "tags", 1]),
        "must be a string, got 1",
        "type",
    );
    second["input"] = json!(1);
    assert_eq!(
        sent["detail"],
        json!([
            told(
                json!(["path", "id"]),
                "must be an integer, got the string \"a\"",
                "type"
            ),
            second,
        ]),
    );
}

#[test]
fn a_documented_problem_says_what_went_wrong_where_its_schema_lets_it() {
    let schema = |rest: &str| {
        format!(
            "{{type: object, required: [title, status, code], properties: {{title: {{type: string}}, \
             status: {{type: integer}}, code: {{type: string}}}}{rest}}}"
        )
    };
    for (rest, detail) in [
        ("", json!(DETAIL)),
        (", additionalProperties: false", Value::Null),
        (", additionalProperties: {type: integer}", Value::Null),
    ] {
        for kind in ["application/problem+json", "application/json"] {
            let contract = contract(&format!("{{{kind}: {{schema: {}}}}}", schema(rest)));
            let sent: Value = serde_json::from_slice(&refused(&contract, "/x").body).expect("JSON");
            assert_eq!(sent["status"], 400, "{sent}");
            assert_eq!(sent["detail"], detail, "{kind} {rest}: {sent}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_422_where_that_alone_is_documented() {
    for (documented, status) in [
        ("'422': {description: Wrong}", 422),
        (
            "'400': {description: Wrong}, '422': {description: Wrong}",
            400,
        ),
        (
            "4XX: {description: Wrong}, '422': {description: Wrong}",
            400,
        ),
        ("'404': {description: None}", 400),
    ] {
        let document = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n  /x:\n    post:\n      \
             requestBody: {{required: true, content: {{application/json: {{schema: {{type: object}}}}}}}}\n      \
             responses: {{'204': {{description: Done}}, {documented}}}\n"
        );
        let contract = Contract::from_text("t.yaml", &document).expect("a contract");
        let post = || Request::new(Method::POST, "/x");
        let broken = post().with_header(header::CONTENT_TYPE, "application/json");
        for request in [post(), broken.with_body("{".to_owned())] {
            let reply = contract.answer(request).reply;
            assert_eq!(reply.status, status, "{documented}: {reply:?}");
        }
    }
}

#[test]
fn no_member_of_an_error_says_that_all_went_well() {
    let contract = Contract::from_text(
        "flags.yaml",
        "
openapi: 3.1.0
info: {title: Flags, version: '1'}
paths:
  /x:
    get:
      parameters: [{name: n, in: query, schema: {type: integer}}]
      responses:
        '200': {description: It}
        '422':
          description: Wrong
          content:
            application/json:
              schema:
                type: object
                required: [success, ok, isError, httpStatusCode, statusText]
                properties:
                  success: {type: boolean}
                  ok: {type: boolean}
                  isError: {type: boolean}
                  httpStatusCode: {type: integer}
                  statusText: {type: string}
",
    );
    let contract = contract.unwrap_or_else(|errors| panic!("{errors}"));
    let served = Counterpart::of(Host::new(vec![("flags".to_owned(), contract)]));
    let body = served.get("/x?n=a").send().is(422).json();
    let told = json!({"success": false, "ok": false, "isError": true, "httpStatusCode": 422,
                      "statusText": "Unprocessable Content"});
    assert_eq!(body, told);
}
