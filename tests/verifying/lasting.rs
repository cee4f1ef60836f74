//! What is written lasts, and what is read does: small servers that lose what they were given, touch
//! what they show, or ask for a condition.

use super::small::{Kept, ORDERS, bare, body, outcome, reply, told};
use counterpart::verify::Outcome;
use counterpart::wire::{Reply, Request};
use serde_json::{Value, json};

const NOTES: &str = r"
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [text], properties: {text: {type: string, minLength: 4}, mark: {type: integer}}}}}}
      responses: {'201': {description: New, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, '422': {description: Wrong}}
components:
  schemas:
    Note: {type: object, required: [id, text], properties: {id: {type: string}, text: {type: string}, mark: {type: integer}}}
";

fn notes(fault: &str) -> Vec<String> {
    told(NOTES, |kept, request| match request.method.as_str() {
        "POST" => {
            let sent = body(request).filter(|own| {
                let text = own.get("text").and_then(Value::as_str);
                let mark = own
                    .get("mark")
                    .is_none_or(|mark| mark.as_f64().is_some_and(|n| n.fract() == 0.0));
                text.is_some_and(|text| text.chars().count() >= 4) && mark
            });
            let Some(mut note) = sent else {
                return bare(422);
            };
            let id = format!("n{}", kept.len() + 1);
            note.insert("id".to_owned(), id.clone().into());
            let note = Value::from(note);
            if fault != "the list never shows it" || kept.is_empty() {
                kept.insert(id, note.clone());
            }
            reply(201, &note)
        }
        _ => reply(200, &kept.values().cloned().collect()),
    })
}

/// No path shows one alone: the list tells whether it is kept.
#[test]
fn what_is_added_to_a_list_alone_is_looked_for_there() {
    assert_eq!(notes(""), [""; 0]);
    let told = notes("the list never shows it");
    assert_eq!(
        told,
        [
            "listed: GET /notes never shows what POST /notes adds: of 3 that were added it shows none, and has no more items than before"
        ]
    );
}

/// A link from what was just created leads to it.
#[test]
fn what_is_lost_behind_a_link_is_found() {
    let told = told(ORDERS, |_, request| match request.method.as_str() {
        "POST" => match body(request).and_then(|mut own| own.remove("sku")) {
            Some(sku @ Value::String(_)) => reply(201, &json!({"number": "N1", "sku": sku})),
            _ => bare(422),
        },
        _ => bare(404),
    });
    assert_eq!(
        told,
        [
            "created: GET /purchase/{orderId} knows nothing of what POST /orders has created, where its link leads"
        ]
    );
}

const PAGES: &str = r"
openapi: 3.1.0
info: {title: Pages, version: '1'}
paths:
  /pages:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}}
      responses: {'201': {description: New, content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}, '422': {description: Wrong}}
  /pages/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': &it {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}, '404': {description: None}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}}
      responses: {'200': *it, '404': {description: None}, '412': {description: Changed}, '422': {description: Wrong}, '428': {description: A condition is needed}}
components:
  schemas:
    New: {type: object, required: [text], properties: {text: {type: string}}}
    Page: {type: object, required: [id, text, updatedAt], properties: {id: {type: string}, text: {type: string}, updatedAt: {type: string, format: date-time}, lastSeen: {type: string, format: date-time}}}
";

fn now() -> Value {
    Value::from(chrono::Utc::now().to_rfc3339())
}

fn pages(fault: &str, kept: &mut Kept, request: &Request) -> Reply {
    let id = request
        .path()
        .strip_prefix("/pages/")
        .unwrap_or_default()
        .to_owned();
    let tag = |page: &Value| {
        format!(
            "\"{}\"",
            page["text"].as_str().unwrap_or_default().len() as i64
                + page["count"].as_i64().unwrap_or(0) * 1000
        )
    };
    let shown = |status: u16, page: &Value| {
        let mut shown = page.clone();
        shown.as_object_mut().expect("an object").remove("count");
        let mut reply = reply(status, &shown);
        reply.set(counterpart::wire::header::ETAG, &tag(page));
        reply
    };
    let sent = body(request)
        .and_then(|mut own| own.remove("text"))
        .filter(Value::is_string);
    match (request.method.as_str(), kept.get_mut(&id)) {
        ("POST", _) => {
            let Some(text) = sent else {
                return bare(422);
            };
            let id = format!("p{}", kept.len() + 1);
            let page =
                json!({"id": id, "text": text, "updatedAt": now(), "lastSeen": now(), "count": 0});
            kept.insert(id, page.clone());
            shown(201, &page)
        }
        (_, None) => bare(404),
        ("PUT", Some(page)) => {
            let condition = request
                .headers
                .get("if-match")
                .and_then(|own| own.to_str().ok());
            match condition {
                None => return bare(428),
                Some(own) if own != "*" && own != tag(page) && fault != "stale tags" => {
                    return bare(412);
                }
                _ => {}
            }
            let Some(text) = sent else {
                return bare(422);
            };
            if fault != "PUT is lost" {
                page["text"] = text;
                page["count"] = (page["count"].as_i64().unwrap_or(0) + 1).into();
                page["updatedAt"] = now();
            }
            shown(200, page)
        }
        (_, Some(page)) => {
            page["lastSeen"] = now();
            if fault == "reading is a change" {
                page["updatedAt"] = now();
            }
            shown(200, page)
        }
    }
}

fn of_pages(fault: &str) -> Outcome {
    outcome(PAGES, |kept, request| pages(fault, kept, request))
}

/// A server that takes no change without a condition (RFC 6585 §3) is asked with one.
#[test]
fn a_condition_that_is_asked_for_is_given() {
    assert_eq!(super::lines(&of_pages("").findings), [""; 0]);
    let lost = of_pages("PUT is lost");
    let finding = lost.findings.first().expect("a finding");
    assert_eq!(finding.check.name(), "written");
    let put = finding
        .steps
        .iter()
        .find(|step| step.curl.contains("-X PUT"));
    assert!(put.expect("a PUT").curl.contains("If-Match"), "{finding:?}");
    let stale = super::lines(&of_pages("stale tags").findings);
    assert!(
        stale
            .iter()
            .any(|line| line.starts_with("precondition: PUT /pages/{id} ")),
        "{stale:?}"
    );
}

/// Of the times of an item only that of its last change is none of a reading.
#[test]
fn reading_that_counts_as_a_change_is_found() {
    let told = super::lines(&of_pages("reading is a change").findings);
    assert_eq!(told.len(), 1, "{told:?}");
    let found = "safe: GET /pages/{id} changes what it reads (RFC 9110 §9.2.1): updatedAt was ";
    assert!(told[0].starts_with(found), "{told:?}");
}

const CARTS: &str = r"
openapi: 3.1.0
info: {title: Carts, version: '1'}
paths:
  /carts:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}}
      responses: {'201': {description: New, content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}}, '422': {description: Wrong}}
  /carts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': &it {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}}, '404': {description: None}}}
    delete: {responses: {'204': {description: Gone}, '404': {description: None}}}
  /carts/{id}/lines/{lineId}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: lineId, in: path, required: true, schema: {type: string}}]
    delete: {responses: {'200': *it, '404': {description: None}}}
components:
  schemas:
    New: {type: object, required: [name], properties: {name: {type: string}}}
    Line: {type: object, required: [id, sku], properties: {id: {type: string}, sku: {type: string}}}
    Cart: {type: object, required: [id, name, lines], properties: {id: {type: string}, name: {type: string}, lines: {type: array, items: {$ref: '#/components/schemas/Line'}}}}
";

/// What is shown of an item tells what an operation may name of it.
#[test]
fn members_of_an_items_list_are_named_as_they_were_shown() {
    let told = told(CARTS, |kept, request| {
        let path: Vec<&str> = request.path().split('/').collect();
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["", "carts"]) => {
                let name = body(request).and_then(|mut own| own.remove("name"));
                let Some(name) = name.filter(Value::is_string) else {
                    return bare(422);
                };
                let id = format!("c{}", kept.len() + 1);
                let lines = json!([{"id": format!("{id}-a"), "sku": "x1"}, {"id": format!("{id}-b"), "sku": "x2"}]);
                let cart = json!({"id": id, "name": name, "lines": lines});
                kept.insert(id, cart.clone());
                reply(201, &cart)
            }
            ("GET" | "HEAD", ["", "carts", id]) => match kept.get(*id) {
                Some(cart) if cart.is_object() => reply(200, cart),
                _ => bare(404),
            },
            ("DELETE", ["", "carts", id]) => match kept.get_mut(*id) {
                Some(cart) if cart.is_object() => {
                    *cart = Value::Null;
                    bare(204)
                }
                _ => bare(404),
            },
            ("DELETE", ["", "carts", id, "lines", line]) => {
                let lines = kept
                    .get_mut(*id)
                    .and_then(|cart| cart["lines"].as_array_mut());
                let at = lines.and_then(|lines| {
                    let at = lines.iter().position(|own| own["id"] == *line)?;
                    lines.remove(at);
                    Some(())
                });
                match at {
                    Some(()) => reply(200, &kept[*id]),
                    None => bare(404),
                }
            }
            _ => bare(404),
        }
    });
    assert_eq!(told, [""; 0]);
}
