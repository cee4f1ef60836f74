//! Errors in the shapes that documents have for them: what went wrong stands where a client looks
//! for it.

use counterpart::contract::Contract;
use counterpart::wire::{HeaderName, Method, Request, header};
use serde_json::{Value, json};

/// A contract whose operations have this for what is wrong (400) and for what isn't there (404).
fn contract(schema: &Value, media_type: &str) -> Contract {
    let content = json!({media_type: {"schema": schema}});
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "Shapes", "version": "1"},
        "paths": {"/e": {"post": {
            "parameters": [{"name": "lim", "in": "query", "schema": {"type": "integer"}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
                "type": "object", "required": ["email"],
                "properties": {
                    "email": {"type": "string", "format": "email"},
                    "address": {"type": "object", "properties": {
                        "zip": {"type": "string", "minLength": 5},
                    }},
                },
            }}}},
            "responses": {
                "200": {"description": "Done"},
                "400": {"description": "Wrong", "content": content},
                "404": {"description": "Not there", "content": content},
            },
        }}},
    });
    Contract::from_text("shapes.json", &document.to_string())
        .unwrap_or_else(|errors| panic!("{document}\n{errors}"))
}

fn told(contract: &Contract, target: &str, prefer: Option<&str>, body: &str) -> Value {
    let mut request = Request::new(Method::POST, target)
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.to_owned());
    if let Some(prefer) = prefer {
        request = request.with_header(HeaderName::from_static("prefer"), prefer);
    }
    let exchange = contract.answer(request);
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    serde_json::from_slice(&exchange.reply.body).expect("JSON")
}

/// The body for three things that are wrong.
fn three(schema: &Value) -> Value {
    let body = r#"{"email":"nope","address":{"zip":"1"}}"#;
    told(
        &contract(schema, "application/json"),
        "/e?lim=x",
        None,
        body,
    )
}

/// The body for what isn't JSON.
fn unread(schema: &Value) -> Value {
    told(&contract(schema, "application/json"), "/e", None, "{")
}

/// The body of a 404 that the client asks for.
fn missing(schema: &Value) -> Value {
    let contract = contract(schema, "application/json");
    told(
        &contract,
        "/e",
        Some("code=404"),
        r#"{"email":"a@example.com"}"#,
    )
}

/// A schema of an object with members of these schemas, none of which must be there.
fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

const LIM: &str = "must be an integer, got the string \"x\"";
const EMAIL: &str = "must be an email address, got \"nope\"";
const ZIP: &str = "needs at least 5 characters, got \"1\"";
const COUNTED: &str = "The request has 3 violations.";

fn all() -> String {
    format!("query lim: {LIM}; body /email: {EMAIL}; body /address/zip: {ZIP}")
}

#[test]
fn what_is_wrong_stands_where_the_shape_of_an_error_has_it() {
    let (words, all) = (text, all());
    let sentences = [LIM, EMAIL, ZIP];
    let sentences = ["lim ", "email ", "address.zip "]
        .iter()
        .zip(sentences)
        .map(|(name, told)| format!("{name}{told}"));
    let sentences: Vec<String> = sentences.collect();
    let by_name = json!({"lim": [LIM], "email": [EMAIL], "address.zip": [ZIP]});
    let map = json!({"type": "object", "additionalProperties": list(text())});
    for (schema, body) in [
        (object(json!({"error": words()})), json!({"error": all})),
        (
            object(json!({"error": words(), "error_description": words()})),
            json!({"error": "invalid_request", "error_description": all}),
        ),
        (
            object(json!({"error": {"type": "string", "enum": ["not_found", "bad_request"]}})),
            json!({"error": "bad_request"}),
        ),
        (
            object(
                json!({"statusCode": {"type": "integer"}, "message": words(), "error": words()}),
            ),
            json!({"statusCode": 400, "message": all, "error": "Bad Request"}),
        ),
        (
            object(json!({"message": words(), "errors": map})),
            json!({"message": COUNTED, "errors": by_name}),
        ),
        (
            object(json!({"errors": {"type": "object"}})),
            json!({"errors": by_name}),
        ),
        (
            object(json!({"details": list(object(json!({"field": words(), "issue": words()})))})),
            json!({"details": [{"field": "lim", "issue": LIM}, {"field": "email", "issue": EMAIL},
                {"field": "address.zip", "issue": ZIP}]}),
        ),
        (
            object(json!({"error": object(json!({"message": words(), "fields": map}))})),
            json!({"error": {"message": COUNTED, "fields": by_name}}),
        ),
        (
            object(json!({"fehlercode": words(), "meldung": words(),
                "felder": list(object(json!({"feld": words(), "meldung": words()})))})),
            json!({"fehlercode": "bad_request", "meldung": COUNTED, "felder": [
                {"feld": "lim", "meldung": LIM}, {"feld": "email", "meldung": EMAIL},
                {"feld": "address.zip", "meldung": ZIP},
            ]}),
        ),
        (
            object(json!({"errors": object(json!({"email": list(text()), "name": list(text())}))})),
            json!({"errors": {"email": [EMAIL]}}),
        ),
        (map, by_name),
        (list(text()), json!(sentences)),
        (
            object(
                json!({"success": {"type": "boolean"}, "errors": list(text()), "data": object(json!({}))}),
            ),
            json!({"success": false, "errors": sentences}),
        ),
        (
            list(object(json!({"field": text(), "message": text()}))),
            json!([
                {"field": "lim", "message": LIM},
                {"field": "email", "message": EMAIL},
                {"field": "address.zip", "message": ZIP},
            ]),
        ),
        (
            object(json!({"fieldErrors": list(object(json!({
                "objectName": text(), "field": text(), "rejectedValue": {}, "message": text(),
            })))})),
            json!({"fieldErrors": [
                {"field": "lim", "rejectedValue": "x", "message": LIM},
                {"field": "email", "rejectedValue": "nope", "message": EMAIL},
                {"field": "address.zip", "rejectedValue": "1", "message": ZIP},
            ]}),
        ),
        (
            object(json!({"title": text(), "type": text(), "invalid-params": {
                "type": "array", "maxItems": 2,
                "items": object(json!({"name": text(), "reason": text()})),
            }})),
            json!({"title": "Bad Request", "type": "about:blank", "invalid-params": [
                {"name": "lim", "reason": LIM}, {"name": "email", "reason": EMAIL},
            ]}),
        ),
        (
            object(json!({"errors": list(object(json!({
                "status": text(), "detail": text(),
                "source": object(json!({"pointer": text(), "parameter": text(), "header": text()})),
            })))})),
            json!({"errors": [
                {"status": "400", "detail": LIM, "source": {"parameter": "lim"}},
                {"status": "400", "detail": EMAIL, "source": {"pointer": "/email"}},
                {"status": "400", "detail": ZIP, "source": {"pointer": "/address/zip"}},
            ]}),
        ),
        (
            object(json!({"tppMessages": list(object(json!({
                "category": {"type": "string", "enum": ["WARNING", "ERROR"]},
                "code": text(), "path": text(), "text": text(),
            })))})),
            json!({"tppMessages": [
                {"category": "ERROR", "code": "type", "path": "lim", "text": LIM},
                {"category": "ERROR", "code": "format", "path": "/email", "text": EMAIL},
                {"category": "ERROR", "code": "minLength", "path": "/address/zip", "text": ZIP},
            ]}),
        ),
        (
            object(json!({"error": object(json!({
                "code": {"type": "integer"}, "message": text(), "status": text(),
            }))})),
            json!({"error": {"code": 400, "message": all, "status": "INVALID_ARGUMENT"}}),
        ),
        (
            object(json!({"error": object(json!({
                "type": {"type": "string", "enum": ["api_error", "invalid_request_error"]},
                "message": text(), "param": text(), "doc_url": text(),
            }))})),
            json!({"error": {"type": "invalid_request_error", "message": all, "param": "lim"}}),
        ),
        (
            object(json!({"error": object(json!({
                "code": text(), "message": text(), "target": text(),
                "details": list(object(json!({"target": text(), "message": text()}))),
            }))})),
            json!({"error": {"code": "bad_request", "message": COUNTED, "details": [
                {"target": "lim", "message": LIM},
                {"target": "email", "message": EMAIL},
                {"target": "address.zip", "message": ZIP},
            ]}}),
        ),
        (
            object(json!({"message": text(), "errors": list(object(json!({
                "resource": text(), "field": text(), "code": text(),
            })))})),
            json!({"message": all, "errors": [
                {"field": "lim", "code": "type"},
                {"field": "email", "code": "format"},
                {"field": "address.zip", "code": "minLength"},
            ]}),
        ),
        (
            object(json!({"reason": text(), "method": text(), "url": text(), "help": text()})),
            json!({"reason": all, "method": "POST", "url": "/e?lim=x"}),
        ),
        (
            object(json!({"Body": object(json!({"Fault": object(json!({
                "faultcode": text(), "faultstring": text(),
            }))}))})),
            json!({"Body": {"Fault": {"faultcode": "soap:Client", "faultstring": all}}}),
        ),
    ] {
        assert_eq!(three(&schema), body, "{schema}");
    }
}

#[test]
fn what_cant_be_read_is_told_in_one_text_and_at_no_place() {
    let said = unread(&object(json!({"error": text()})));
    let why = said["error"].as_str().expect("a text").to_owned();
    assert!(why.contains("JSON"), "{said}");
    let places = list(object(json!({"field": text(), "message": text()})));
    let said = unread(&object(json!({"message": text(), "fieldErrors": places})));
    assert_eq!(said, json!({"message": why}));
    assert_eq!(unread(&list(text())), json!([why]));
}

#[test]
fn an_error_that_is_asked_for_tells_of_its_status_and_makes_up_no_place() {
    let source = object(json!({"pointer": text(), "parameter": text()}));
    let row = object(json!({"status": text(), "title": text(), "source": source}));
    let google = object(json!({"code": {"type": "integer"}, "message": text(), "status": text()}));
    for (schema, body) in [
        (
            object(json!({"errors": list(row)})),
            json!({"errors": [{"status": "404", "title": "Not Found"}]}),
        ),
        (
            object(json!({"error": google})),
            json!({"error": {"code": 404, "message": "Not Found", "status": "NOT_FOUND"}}),
        ),
        (
            object(json!({"type": text(), "title": text(), "instance": text()})),
            json!({"type": "about:blank", "title": "Not Found", "instance": "/e"}),
        ),
        (
            json!({"type": "object", "required": ["message", "fields", "data"], "properties": {
                "message": text(), "data": {"type": "integer", "nullable": true},
                "fields": list(object(json!({"field": text(), "message": text()}))),
            }}),
            json!({"message": "Not Found", "fields": [], "data": null}),
        ),
    ] {
        assert_eq!(missing(&schema), body, "{schema}");
    }
}

#[test]
fn an_error_says_when_it_was_and_what_was_asked_for() {
    let schema = object(json!({
        "timestamp": {"type": "string", "format": "date-time"}, "status": {"type": "integer"},
        "path": text(), "at": {"type": "string"},
    }));
    for said in [three(&schema), missing(&schema)] {
        assert_eq!(said["path"], "/e", "{said}");
        let at = said["timestamp"].as_str().expect("a time");
        let at = chrono::DateTime::parse_from_rfc3339(at).expect("a moment");
        let since = chrono::Utc::now().signed_duration_since(at).num_seconds();
        assert!((0..60).contains(&since), "{said}");
    }
}

#[test]
fn a_problem_says_of_which_request_it_is() {
    let schema = json!({"type": "object", "properties": {
        "title": text(), "instance": text(), "method": text(),
    }});
    let contract = contract(&schema, "application/problem+json");
    let said = told(&contract, "/e?lim=x", None, r#"{"email":"a@example.com"}"#);
    assert_eq!(said["type"], "about:blank", "{said}");
    assert_eq!(said["instance"], "/e", "{said}");
    assert_eq!(said["method"], "POST", "{said}");
    assert_eq!(said["errors"][0]["parameter"], "lim", "{said}");
}

#[test]
fn what_a_document_writes_of_an_error_stands() {
    let schema = object(json!({
        "type": {"type": "string", "example": "https://example.com/probs/wrong"},
        "title": text(), "status": {"type": "string", "example": "error"},
        "code": {"type": "string", "example": "USER_NOT_FOUND"},
        "docs": {"type": "string", "example": "https://example.com/docs"},
    }));
    let body = json!({"type": "https://example.com/probs/wrong", "title": "Bad Request",
                      "status": "error", "code": "BAD_REQUEST",
                      "docs": "https://example.com/docs", "detail": all()});
    assert_eq!(three(&schema), body);
}

#[test]
fn what_says_nothing_of_an_error_is_made_up_as_any_reply() {
    let schema = object(json!({"petId": {"type": "integer"}, "owner": text()}));
    let said = three(&schema);
    assert!(
        said["petId"].is_i64() && said["owner"].is_string(),
        "{said}"
    );
}

#[test]
fn an_error_without_a_name_for_the_reason_says_it_where_it_can() {
    let any = three(&json!({"type": "object"}));
    assert_eq!(any["detail"], "The request has 3 violations.");
    assert_eq!(any["errors"].as_array().map(Vec::len), Some(3), "{any}");
    let one = json!({"type": "object", "required": ["m"], "properties": {"m": {"type": "string"}}});
    let told = unread(&one)["m"].as_str().map(str::to_owned);
    assert!(
        told.as_deref().is_some_and(|told| told.contains("JSON")),
        "{told:?}"
    );
    let either = json!({"oneOf": [
        {"type": "object", "required": ["kind", "y"],
            "properties": {"kind": {"type": "string", "enum": ["a"]}, "y": {"type": "string"}}},
        {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}},
    ]});
    let told = unread(&either);
    assert!(
        told["y"].as_str().is_some_and(|told| told.contains("JSON")),
        "{told}"
    );
    // Of two nobody knows which.
    let two = json!({"type": "object", "required": ["p", "q"], "properties": {
        "p": {"type": "string"}, "q": {"type": "string"}}});
    let told = unread(&two);
    assert!(!told.to_string().contains("JSON"), "{told}");
}

#[test]
fn what_isnt_there_is_told_as_the_contract_can() {
    let document = |responses: &str| {
        let item = "{type: object, required: [id], properties: {id: {type: integer}}}";
        let body = format!("content: {{application/json: {{schema: {item}}}}}");
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /pets/{{id}}:\n    \
             parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]\n    \
             get: {{responses: {{'200': {{description: A, {body}}}{responses}}}}}\n    \
             delete: {{responses: {{'204': {{description: B}}{responses}}}}}\n"
        );
        Contract::from_text("t.yaml", &text).unwrap_or_else(|errors| panic!("{errors}"))
    };
    for (responses, status) in [
        ("", 404),
        (", '404': {description: C}, '400': {description: D}", 404),
        (", '400': {description: D}", 400),
        (", '400': {description: D}, '410': {description: E}", 410),
        (", '422': {description: D}", 422),
        (", '400': {description: D}, default: {description: E}", 404),
        (", '400': {description: D}, 4XX: {description: E}", 404),
    ] {
        let contract = document(responses);
        contract.answer(Request::new(Method::DELETE, "/pets/7"));
        let exchange = contract.answer(Request::new(Method::GET, "/pets/7"));
        assert_eq!(exchange.reply.status, status, "{responses}");
    }
}
