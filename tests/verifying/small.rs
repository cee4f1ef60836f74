//! Small servers of one trait each: what is right of them, and what isn't, is told as it is.

use super::lines;
use counterpart::contract::Contract;
use counterpart::verify::{Outcome, Peer, Settings, Unanswered, verify};
use counterpart::wire::{Reply, Request, StatusCode};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A server that has items by their names.
struct Small<F> {
    kept: Mutex<BTreeMap<String, Value>>,
    answer: F,
}

pub type Kept = BTreeMap<String, Value>;

impl<F: Fn(&mut Kept, &Request) -> Reply + Sync> Peer for Small<F> {
    fn ask(&self, request: &Request) -> Result<Reply, Unanswered> {
        let mut kept = self.kept.lock().expect("a state");
        Ok((self.answer)(&mut kept, request))
    }
}

pub fn outcome(contract: &str, answer: impl Fn(&mut Kept, &Request) -> Reply + Sync) -> Outcome {
    let contract = Contract::from_text("small.yaml", contract).expect("a contract");
    let kept = Mutex::default();
    let settings = Settings::of("http://small.test", "seed");
    verify(&contract, &Small { kept, answer }, &settings, &|_| {}).expect("an outcome")
}

pub fn told(contract: &str, answer: impl Fn(&mut Kept, &Request) -> Reply + Sync) -> Vec<String> {
    lines(&outcome(contract, answer).findings)
}

pub fn reply(status: u16, value: &Value) -> Reply {
    let status = StatusCode::from_u16(status).expect("a status");
    Reply::json(status, "application/json", value)
}

pub fn bare(status: u16) -> Reply {
    Reply::new(StatusCode::from_u16(status).expect("a status"))
}

/// The members of a body in JSON; nothing where it is another.
pub fn body(request: &Request) -> Option<Map<String, Value>> {
    let is_json = request.headers.get("content-type");
    let is_json = is_json.is_some_and(|own| own == "application/json");
    let value = serde_json::from_slice(&request.body).ok();
    let value: Option<Value> = value.filter(|_| is_json);
    value?.as_object().cloned()
}

/// What is said of something that an item has is nothing of the item's own.
#[test]
fn what_is_put_below_an_item_is_not_looked_for_in_the_item() {
    let contract = r"
openapi: 3.1.0
info: {title: Addons, version: '1'}
paths:
  /addons:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {'201': {description: New, content: {application/json: {schema: {$ref: '#/components/schemas/Addon'}}}}, '422': {description: Wrong}}
  /addons/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Addon'}}}}, '404': {description: None}}}
  /addons/{id}/plan:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}
      responses: {'200': {description: It, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}, '404': {description: None}, '422': {description: Wrong}}
components:
  schemas:
    Plan: {type: object, required: [name, price], properties: {id: {type: string}, name: {type: string}, price: {type: integer}}}
    Addon: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}, plan: {$ref: '#/components/schemas/Plan'}}}
";
    let told = told(contract, |kept, request| {
        let sent = body(request);
        let sent = sent.filter(|own| own.get("name").is_some_and(Value::is_string));
        let path: Vec<&str> = request.path().split('/').collect();
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["", "addons"]) => {
                let Some(sent) = sent else {
                    return reply(422, &json!({}));
                };
                let id = format!("a{}", kept.len() + 1);
                let addon = json!({"id": id, "name": sent["name"]});
                kept.insert(id, addon.clone());
                reply(201, &addon)
            }
            ("GET" | "HEAD", ["", "addons", id]) => match kept.get(*id) {
                Some(addon) => reply(200, addon),
                None => reply(404, &json!({})),
            },
            ("PUT", ["", "addons", id, "plan"]) => {
                let is_price = |own: &Map<String, Value>| {
                    let is_text = own.get("id").is_none_or(Value::is_string);
                    let price = own.get("price").and_then(Value::as_f64);
                    is_text && price.is_some_and(|price| price.fract() == 0.0)
                };
                let Some(addon) = kept.get_mut(*id) else {
                    return reply(404, &json!({}));
                };
                let Some(plan) = sent.filter(is_price) else {
                    return reply(422, &json!({}));
                };
                addon["plan"] = Value::Object(plan.clone());
                reply(200, &plan.into())
            }
            _ => reply(404, &json!({})),
        }
    });
    assert_eq!(told, [""; 0]);
}

/// What is ordered is found by a link alone.
pub const ORDERS: &str = r"
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /purchase/{orderId}:
    parameters: [{name: orderId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: show
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}, '404': {description: None}}
  /orders:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [sku], properties: {sku: {type: string}}}}}}
      responses:
        '201':
          description: New
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
          links: {show: {operationId: show, parameters: {orderId: '$response.body#/number'}}}
        '422': {description: Wrong}
components:
  schemas:
    Order: {type: object, required: [number, sku], properties: {number: {type: string}, sku: {type: string}}}
";

/// What a link leads to is asked after what has the link, whatever paths they have.
#[test]
fn where_links_lead_is_known_before_it_is_asked() {
    let told = told(ORDERS, |kept, request| {
        let path: Vec<&str> = request.path().split('/').collect();
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["", "orders"]) => {
                let sku = body(request).and_then(|mut own| own.remove("sku"));
                let Some(sku) = sku.filter(Value::is_string) else {
                    return bare(422);
                };
                let number = format!("N{}", kept.len() + 1);
                let order = json!({"number": number, "sku": sku});
                kept.insert(number, order.clone());
                reply(201, &order)
            }
            ("GET" | "HEAD", ["", "purchase", number]) => match kept.get(*number) {
                Some(order) => reply(200, order),
                None => bare(404),
            },
            _ => bare(404),
        }
    });
    assert_eq!(told, [""; 0]);
}

const KEYS: &str = r"
openapi: 3.1.0
info: {title: Keys, version: '1'}
paths:
  /kv/{key}:
    parameters: [{name: key, in: path, required: true, schema: {type: string, pattern: '^[a-z]{1,8}$'}}]
    get: {responses: {'200': &it {description: It, content: {application/json: {schema: {$ref: '#/components/schemas/V'}}}}, '404': {description: None}, '422': {description: Wrong}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/V'}}}}
      responses: {'200': *it, '201': *it, '422': {description: Wrong}}
    delete: {responses: {'204': {description: Gone}, '404': {description: None}, '422': {description: Wrong}}}
components:
  schemas:
    V: {type: object, required: [value], properties: {value: {type: string}}}
";

fn keys(fault: &str) -> Vec<String> {
    told(KEYS, |kept, request| {
        let key = request.path().strip_prefix("/kv/").unwrap_or_default();
        let is_key = (1..=8).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase());
        if !is_key {
            return bare(422);
        }
        let known = kept.get(key).cloned();
        match (request.method.as_str(), known) {
            ("PUT", known) => {
                let Some(sent) =
                    body(request).filter(|own| own.get("value").is_some_and(Value::is_string))
                else {
                    return bare(422);
                };
                let status = if known.is_some() { 200 } else { 201 };
                let sent = known
                    .filter(|_| fault == "the first is kept")
                    .unwrap_or(sent.into());
                kept.insert(key.to_owned(), sent.clone());
                reply(status, &sent)
            }
            (_, None) => bare(404),
            ("GET" | "HEAD", Some(known)) => reply(200, &known),
            _ => {
                if fault != "nothing is deleted" {
                    kept.remove(key);
                }
                bare(204)
            }
        }
    })
}

/// What is put under a key of the client's is created, changed and deleted as what is posted.
#[test]
fn what_clients_name_themselves_has_a_story_too() {
    assert_eq!(keys(""), [""; 0]);
    let told = keys("nothing is deleted");
    let deleted =
        "deleted: DELETE /kv/{key} answers 204 No Content, and what it deleted is there as it was";
    assert_eq!(told, [deleted]);
    let told = keys("the first is kept");
    assert!(
        told.iter()
            .any(|line| line.starts_with("written: PUT /kv/{key} ")),
        "{told:?}"
    );
}

/// A server of items under numbers, of which it loses some.
fn losing(fault: &str) -> Vec<String> {
    let contract = r"
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}}
      responses: {'201': {description: New, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '422': {description: Wrong}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '404': {description: None}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}, '404': {description: None}, '422': {description: Wrong}}
components:
  schemas:
    New: {type: object, required: [name, color], properties: {name: {type: string, minLength: 1}, color: {enum: [red, blue]}}}
    Thing: {allOf: [{$ref: '#/components/schemas/New'}], required: [id], properties: {id: {type: integer}}}
";
    told(contract, |kept, request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let sent = body(request).filter(|sent| {
            let is_named = sent
                .get("name")
                .and_then(Value::as_str)
                .is_some_and(|n| !n.is_empty());
            let color = sent.get("color").and_then(Value::as_str);
            is_named && matches!(color, Some("red" | "blue"))
        });
        let whole = |id: usize, mut sent: Map<String, Value>| {
            sent.insert("id".to_owned(), json!(id));
            Value::Object(sent)
        };
        let id = path.strip_prefix("/things/").map(str::to_owned);
        match (request.method.as_str(), id) {
            ("POST", None) => {
                let Some(sent) = sent else { return bare(422) };
                let id = kept.len() + 1;
                let thing = whole(id, sent);
                let is_lost = fault == "created" && thing["color"] == "blue";
                let key = if is_lost {
                    format!("lost {id}")
                } else {
                    id.to_string()
                };
                kept.insert(key, thing.clone());
                reply(201, &thing)
            }
            ("GET", Some(id)) => match kept.get(&id) {
                Some(thing) if fault == "other" => {
                    let mut other = thing.clone();
                    other["id"] = json!(kept.len() + 100);
                    reply(200, &other)
                }
                Some(thing) => reply(200, thing),
                None if id.parse::<i64>().is_err() => bare(422),
                None => bare(404),
            },
            ("PUT", Some(id)) => {
                if id.parse::<i64>().is_err() {
                    return bare(422);
                }
                let Some(sent) = sent else { return bare(422) };
                let Some(known) = kept.get(&id) else {
                    return bare(404);
                };
                let number = known["id"].as_u64().expect("a number");
                let thing = whole(usize::try_from(number).expect("small"), sent);
                kept.insert(id.clone(), thing.clone());
                if fault == "changed" {
                    let known = kept.remove(&id).expect("there");
                    kept.insert(format!("lost {id}"), known);
                }
                reply(200, &thing)
            }
            _ => bare(405),
        }
    })
}

#[test]
fn what_was_written_and_is_not_there_is_lost() {
    assert_eq!(losing(""), [""; 0]);
    let told = losing("created");
    let is_told = |what: &str| told.iter().any(|line| line.contains(what));
    assert!(
        is_told("answers 404 Not Found of an item that POST /things created"),
        "{told:#?}"
    );
    let told = losing("other");
    let is_told = |what: &str| told.iter().any(|line| line.contains(what));
    assert!(is_told("GET /things/{id} shows id "), "{told:#?}");
    let told = losing("changed");
    let is_told = |what: &str| told.iter().any(|line| line.contains(what));
    assert!(
        is_told("answers 404 Not Found of an item that PUT /things/{id} changed"),
        "{told:#?}"
    );
}

#[test]
fn a_credential_that_nothing_takes_is_no_verdict_though_other_operations_ask_for_none() {
    let contract = r"
openapi: 3.1.0
info: {title: Guarded, version: '1'}
paths:
  /health: {get: {responses: {'200': {description: Well}}}}
  /me: {get: {security: [{token: []}], responses: {'200': {description: Me}, '401': {description: Who}}}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
";
    let told = told(contract, |_, request| match request.target.as_str() {
        "/health" => bare(200),
        _ => {
            let mut refused = bare(401);
            refused.set(counterpart::wire::header::WWW_AUTHENTICATE, "Bearer");
            refused
        }
    });
    assert!(
        told[0].contains(
            "no operation that asks for a credential succeeded, so nothing is known of them"
        ),
        "{told:#?}"
    );
}

#[test]
fn what_is_given_another_name_is_not_lost() {
    let contract = r"
openapi: 3.1.0
info: {title: Pools, version: '1'}
paths:
  /pools:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pool'}}}}
      responses: {'200': {description: New, content: {application/json: {schema: {$ref: '#/components/schemas/Pool'}}}}, '422': {description: Wrong}}
  /pools/{pool_name}:
    parameters: [{name: pool_name, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pool'}}}}, '404': {description: None}}}
    patch:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pool'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Pool'}}}}, '404': {description: None}, '422': {description: Wrong}}
components:
  schemas:
    Pool: {type: object, required: [name], properties: {name: {type: string, minLength: 1}, slots: {type: integer}}}
";
    let found = told(contract, |kept, request| {
        let path = request.target.split('?').next().unwrap_or_default();
        let sent = body(request).filter(|sent| {
            let name = sent.get("name").and_then(Value::as_str);
            let slots = sent.get("slots");
            name.is_some_and(|name| !name.is_empty()) && slots.is_none_or(Value::is_i64)
        });
        let name = |sent: &Map<String, Value>| sent["name"].as_str().expect("a name").to_owned();
        let key = path.strip_prefix("/pools/");
        let key = key.map(|key| counterpart::wire::decode_percent(key).expect("text"));
        match (request.method.as_str(), key) {
            ("POST", None) => {
                let Some(sent) = sent else { return bare(422) };
                kept.insert(name(&sent), Value::Object(sent.clone()));
                reply(200, &Value::Object(sent))
            }
            ("GET", Some(key)) => kept.get(&key).map_or(bare(404), |pool| reply(200, pool)),
            ("PATCH", Some(key)) => {
                let Some(sent) = sent else { return bare(422) };
                let Some(Value::Object(mut pool)) = kept.remove(&key) else {
                    return bare(404);
                };
                pool.extend(sent);
                kept.insert(name(&pool), Value::Object(pool.clone()));
                reply(200, &Value::Object(pool))
            }
            _ => bare(405),
        }
    });
    let lost = found.iter().filter(|line| line.contains("of an item that"));
    assert_eq!(lost.count(), 0, "{found:#?}");
}
