//! A small server that keeps to its contract, but for one fault that it is given.

use counterpart::verify::{Peer, Unanswered};
use counterpart::wire::{HeaderMap, HeaderName, Method, Reply, Request, StatusCode, header};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// What it promises.
pub const CONTRACT: &str = r##"
openapi: 3.1.0
info: {title: Shop, version: '1'}
security: [{key: []}]
paths:
  /pets:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
        - {name: kind, in: query, schema: {$ref: '#/components/schemas/Kind'}}
      responses:
        '200':
          description: The pets
          headers:
            X-Total: {required: true, schema: {type: integer}}
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
        '401': {$ref: '#/components/responses/Wrong'}
        '422': {$ref: '#/components/responses/Wrong'}
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        '201':
          description: The new pet
          headers:
            Location: {required: true, schema: {type: string}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '400': {$ref: '#/components/responses/Wrong'}
        '401': {$ref: '#/components/responses/Wrong'}
        '415': {$ref: '#/components/responses/Wrong'}
        '422': {$ref: '#/components/responses/Wrong'}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        '200':
          description: The pet
          headers:
            ETag: {required: true, schema: {type: string}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '304': {description: It is the same}
        '401': {$ref: '#/components/responses/Wrong'}
        '404': {$ref: '#/components/responses/Wrong'}
    put:
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses: &written
        '200':
          description: The pet
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '400': {$ref: '#/components/responses/Wrong'}
        '401': {$ref: '#/components/responses/Wrong'}
        '404': {$ref: '#/components/responses/Wrong'}
        '412': {$ref: '#/components/responses/Wrong'}
        '415': {$ref: '#/components/responses/Wrong'}
        '422': {$ref: '#/components/responses/Wrong'}
    patch:
      requestBody:
        required: true
        content:
          application/merge-patch+json:
            schema:
              type: object
              additionalProperties: false
              properties:
                name: {type: string, minLength: 1, maxLength: 20}
                age: {type: integer, minimum: 0, maximum: 30}
      responses: *written
    delete:
      responses:
        '204': {description: It is gone}
        '401': {$ref: '#/components/responses/Wrong'}
        '404': {$ref: '#/components/responses/Wrong'}
  /search:
    get:
      parameters: [{name: q, in: query, required: true, schema: {type: string, minLength: 2}}]
      responses:
        '200':
          description: How many there are
          content: {application/json: {schema: {type: object, required: [count], properties: {count: {type: integer}}}}}
        '401': {$ref: '#/components/responses/Wrong'}
        '422': {$ref: '#/components/responses/Wrong'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  responses:
    Wrong:
      description: What is wrong
      content: {application/json: {schema: {type: object, required: [error], properties: {error: {type: string}}}}}
  schemas:
    Kind: {enum: [cat, dog]}
    Pet:
      type: object
      additionalProperties: false
      required: [name, kind]
      properties:
        id: {type: integer, readOnly: true}
        maker: {type: string, readOnly: true}
        name: {type: string, minLength: 1, maxLength: 20}
        kind: {$ref: '#/components/schemas/Kind'}
        age: {type: integer, minimum: 0, maximum: 30}
        born: {type: string, format: date}
        note: {type: [string, 'null']}
        tags: {type: array, maxItems: 3, uniqueItems: true, items: {type: string, pattern: '^[a-z]+$'}}
"##;

/// Every fault that it knows, with the check that finds it.
pub const FAULTS: [(&str, &str); 48] = [
    ("created with 200", "status"),
    ("created without Location", "reply"),
    ("created and not there", "created"),
    ("created with another name than told", "written"),
    ("read as text/html", "reply"),
    ("read without a required property", "reply"),
    ("read with an enum value more", "reply"),
    ("read with a null name", "reply"),
    ("read with an integer as string", "reply"),
    ("read with no date", "reply"),
    ("read with an extra property", "reply"),
    ("read without ETag", "reply"),
    ("read in Latin-1", "http"),
    ("reading changes the item", "safe"),
    ("reading changes the tag", "safe"),
    ("reading again sends all", "precondition"),
    ("HEAD is 204", "head"),
    ("HEAD has another type", "head"),
    ("the second of a list is wrong", "reply"),
    ("limit ignored", "page"),
    ("limit beyond the maximum accepted", "refusal"),
    ("wrong enum in the query accepted", "refusal"),
    ("missing query accepted", "refusal"),
    ("short query accepted", "refusal"),
    ("no credential accepted", "credential"),
    ("missing property accepted", "refusal"),
    ("empty name accepted", "refusal"),
    ("long name accepted", "refusal"),
    ("null name accepted", "refusal"),
    ("wrong enum accepted", "refusal"),
    ("age below the minimum accepted", "refusal"),
    ("age above the maximum accepted", "refusal"),
    ("digits as text accepted", "refusal"),
    ("fraction accepted", "refusal"),
    ("no date accepted", "refusal"),
    ("extra property accepted", "refusal"),
    ("too many tags accepted", "refusal"),
    ("tags twice accepted", "refusal"),
    ("other media type accepted", "refusal"),
    ("500 at the maximum", "server-error"),
    ("500 for what is no JSON", "server-error"),
    ("refused with 400", "status"),
    ("refused with another body", "reply"),
    ("PUT is lost", "written"),
    ("PUT counts", "idempotent"),
    ("PUT takes what is readOnly", "read-only"),
    ("stale If-Match accepted", "precondition"),
    ("current If-Match refused", "precondition"),
];

/// More of them: those of what ends.
pub const LAST_FAULTS: [(&str, &str); 29] = [
    ("POST drops the tags", "written"),
    ("changes keep the tag", "precondition"),
    ("the tag of before accepted", "precondition"),
    ("PATCH takes away what is last", "written"),
    ("HEAD of the list is 404", "head"),
    ("PATCH is 405 without Allow", "http"),
    ("PATCH is lost", "written"),
    ("DELETE deletes nothing", "deleted"),
    ("DELETE is 202", "status"),
    ("DELETE is 204 with content", "http"),
    ("search hangs up", "answer"),
    ("POST keeps one name", "written"),
    ("POST drops the age", "written"),
    ("PUT drops the age", "written"),
    ("PATCH drops the age", "written"),
    ("PATCH takes away the rest", "written"),
    ("PUT keeps the rest", "written"),
    ("POST takes what is readOnly", "read-only"),
    ("any id is there", "missing"),
    ("the list hides all", "listed"),
    ("kind ignored", "listed"),
    ("Location leads nowhere", "created"),
    ("Location leads to another", "created"),
    ("all have one id", "created"),
    ("the list shows all twice", "listed"),
    ("total below what is shown", "listed"),
    ("DELETE deletes all", "deleted"),
    ("DELETE again is 500", "server-error"),
    ("403 without a credential", "status"),
];

/// The server.
pub struct Shop {
    fault: &'static str,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    pets: BTreeMap<i64, Map<String, Value>>,
    last: i64,
    version: BTreeMap<i64, u64>,
}

impl Shop {
    pub fn with(fault: &'static str) -> Shop {
        Shop {
            fault,
            kept: Mutex::default(),
        }
    }

    /// How many pets there are.
    pub fn count(&self) -> usize {
        self.kept.lock().expect("a state").pets.len()
    }

    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }
}

impl Peer for Shop {
    fn ask(&self, request: &Request) -> Result<Reply, Unanswered> {
        let path = request.path().to_owned();
        if self.has("search hangs up") && path == "/search" {
            return Err(Unanswered::Broken(
                "connection closed before message completed".to_owned(),
            ));
        }
        if self.has("lists break off") && path == "/pets" && request.method == Method::GET {
            return Err(Unanswered::Broken(
                "connection closed before message completed".to_owned(),
            ));
        }
        if self.has("search is too early") && path == "/search" {
            return Ok(wrong(429, "too early"));
        }
        let mut kept = self.kept.lock().expect("a state");
        let key = request.headers.get("x-key");
        let takes_any = self.has("any credential accepted");
        let is_known = key.is_some_and(|key| takes_any || key == "secret" || key == "made");
        if !is_known && !self.has("no credential accepted") {
            if self.has("403 without a credential") {
                return Ok(wrong(403, "a key is needed"));
            }
            let mut reply = wrong(401, "a key is needed");
            reply.set(header::WWW_AUTHENTICATE, "Key");
            return Ok(reply);
        }
        let method = request.method.clone();
        let is_read = method == Method::GET || method == Method::HEAD;
        let mut reply = match path.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            ["pets"] if method == Method::HEAD && self.has("HEAD of the list is 404") => {
                wrong(404, "no such path")
            }
            ["pets"] if is_read => self.list(&kept, request),
            ["pets"] if method == Method::POST => self.create(&mut kept, request),
            ["search"] if is_read => self.search(&kept, request),
            ["pets", id] => match id.parse() {
                Ok(id) if kept.pets.contains_key(&id) => self.item(&mut kept, id, request),
                Ok(id) if self.has("any id is there") && method == Method::GET => {
                    let mut reply = Reply::json(
                        StatusCode::OK,
                        "application/json",
                        &json!({"id": id, "name": "Nobody", "kind": "cat"}),
                    );
                    reply.set(header::ETAG, "\"0\"");
                    reply
                }
                _ if method == Method::DELETE && self.has("DELETE again is 500") => {
                    wrong(500, "no such pet")
                }
                _ => wrong(404, "no such pet"),
            },
            _ => wrong(404, "no such path"),
        };
        if method == Method::HEAD {
            reply.body = Default::default();
        }
        if reply.status == 422 && self.has("refused with another body") {
            reply.body = "{\"message\":\"no\"}".into();
        }
        // Of a search 400 isn't documented.
        if reply.status == 422 && self.has("refused with 400") {
            reply.status = StatusCode::BAD_REQUEST;
        }
        Ok(reply)
    }
}

impl Shop {
    fn list(&self, kept: &Kept, request: &Request) -> Reply {
        let mut limit = 50;
        let mut kind = None;
        for (name, value) in pairs(request) {
            match name.as_str() {
                "limit" => match value.parse::<i64>() {
                    Ok(number) if (1..=50).contains(&number) => limit = number,
                    Ok(51..) if self.has("limit beyond the maximum accepted") => {}
                    _ => return wrong(422, "limit"),
                },
                "kind" if value == "cat" || value == "dog" => kind = Some(value),
                "kind" if self.has("wrong enum in the query accepted") => {}
                "kind" => return wrong(422, "kind"),
                _ => {}
            }
        }
        if self.has("limit ignored") {
            limit = 50;
        }
        let pets = kept.pets.values();
        let kind = kind.filter(|_| !self.has("kind ignored"));
        let pets = pets.filter(|pet| kind.as_ref().is_none_or(|kind| pet["kind"] == **kind));
        let shows = !self.has("the list hides all");
        let pets = pets.filter(|_| shows).map(|pet| Value::Object(pet.clone()));
        let mut pets: Vec<Value> = pets.collect();
        let total = match self.fault {
            "total below what is shown" => 0,
            "total above what there is" => pets.len() + 7,
            _ => pets.len(),
        };
        if self.has("the list shows all twice") {
            pets.extend(pets.clone());
        }
        pets.truncate(limit as usize);
        if self.has("the second of a list is wrong")
            && let Some(second) = pets.get_mut(1)
        {
            second["name"] = json!(5);
        }
        let mut reply = Reply::json(StatusCode::OK, "application/json", &json!(pets));
        reply.set(HeaderName::from_static("x-total"), &total.to_string());
        reply
    }

    /// What of a write isn't kept as it was sent.
    fn spoil(&self, method: &str, pet: &mut Map<String, Value>) {
        let has = |what: &str| self.fault.strip_prefix(method) == Some(what);
        if has(" drops the age") {
            pet.shift_remove("age");
        }
        if has(" drops the tags") {
            pet.shift_remove("tags");
        }
        if has(" keeps one name") {
            pet.insert("name".to_owned(), json!("Rex"));
        }
        if has(" shouts") {
            let name = pet.get("name").and_then(Value::as_str);
            let name = name.unwrap_or_default().to_uppercase();
            pet.insert("name".to_owned(), json!(name));
        }
    }

    fn search(&self, kept: &Kept, request: &Request) -> Reply {
        let q = pairs(request).into_iter().find(|(name, _)| name == "q");
        match q {
            None if !self.has("missing query accepted") => return wrong(422, "q is required"),
            Some((_, q)) if q.chars().count() < 2 && !self.has("short query accepted") => {
                return wrong(422, "q is too short");
            }
            _ => {}
        }
        let count = kept.pets.len();
        Reply::json(StatusCode::OK, "application/json", &json!({"count": count}))
    }

    fn create(&self, kept: &mut Kept, request: &Request) -> Reply {
        let body = match self.read(request, "application/json") {
            Ok(body) => body,
            Err(reply) => return *reply,
        };
        if let Some(reply) = self.refused(&body, true) {
            return reply;
        }
        kept.last += 1;
        let free = (1..).find(|id| !kept.pets.contains_key(id));
        let id = match self.fault {
            "all have one id" => 1,
            "ids are given again" => free.unwrap_or(kept.last),
            _ => kept.last,
        };
        let maker = body.get("maker").cloned();
        let maker = maker.filter(|_| self.has("POST takes what is readOnly"));
        let mut pet = own(body);
        self.spoil("POST", &mut pet);
        pet.insert("id".to_owned(), json!(id));
        pet.insert("maker".to_owned(), maker.unwrap_or(json!("shop")));
        let mut reply = Reply::json(StatusCode::CREATED, "application/json", &json!(pet));
        if self.has("created with another name than told") {
            pet.insert("name".to_owned(), json!("other"));
        }
        if !self.has("created and not there") {
            kept.pets.insert(id, pet);
        }
        if self.has("created with 200") {
            reply.status = StatusCode::OK;
        }
        if !self.has("created without Location") {
            let first = kept.pets.keys().next().copied();
            if self.has("Location by way of dots") {
                reply.set(header::LOCATION, &format!("./cats/../pets/./{id}"));
                return reply;
            }
            let led = match self.fault {
                "Location leads nowhere" => 9_999,
                "Location leads to another" => first.unwrap_or(id),
                _ => id,
            };
            reply.set(header::LOCATION, &format!("/pets/{led}"));
        }
        reply
    }

    fn item(&self, kept: &mut Kept, id: i64, request: &Request) -> Reply {
        let version = kept.version.get(&id).copied().unwrap_or_default();
        let version = if self.has("changes keep the tag") {
            0
        } else {
            version
        };
        let tag = format!("\"{id}-{version}\"");
        let stale = |headers: &HeaderMap| {
            let given = headers.get("if-match").and_then(|tag| tag.to_str().ok());
            match given {
                None | Some("*") => false,
                Some(given) if given == tag => self.has("current If-Match refused"),
                // Of those that it gave it takes any.
                Some(given)
                    if given.starts_with(&format!("\"{id}-"))
                        && self.has("the tag of before accepted") =>
                {
                    false
                }
                Some(_) => !self.has("stale If-Match accepted"),
            }
        };
        match request.method.as_str() {
            "GET" | "HEAD" => {
                let is_same = request.headers.get("if-none-match");
                let is_same = is_same.is_some_and(|own| own.as_bytes() == tag.as_bytes());
                if is_same && !self.has("reading again sends all") {
                    return Reply::new(StatusCode::NOT_MODIFIED);
                }
                self.show(kept, id, &tag, request)
            }
            "PUT" => {
                let body = match self.read(request, "application/json") {
                    Ok(body) => body,
                    Err(reply) => return *reply,
                };
                if let Some(reply) = self.refused(&body, true) {
                    return reply;
                }
                if stale(&request.headers) {
                    return wrong(412, "it has changed");
                }
                let maker = match body.get("maker") {
                    Some(maker) if self.has("PUT takes what is readOnly") => maker.clone(),
                    _ => kept.pets[&id]["maker"].clone(),
                };
                let old_age = kept.pets[&id].get("age").and_then(Value::as_i64);
                let mut pet = own(body);
                self.spoil("PUT", &mut pet);
                if self.has("PUT keeps the rest") {
                    for (name, value) in &kept.pets[&id] {
                        pet.entry(name.clone()).or_insert(value.clone());
                    }
                }
                pet.insert("id".to_owned(), json!(id));
                pet.insert("maker".to_owned(), maker);
                let reply = Reply::json(StatusCode::OK, "application/json", &json!(pet));
                if self.has("PUT counts") {
                    let next = (old_age.unwrap_or_default() + 1) % 30;
                    pet.insert("age".to_owned(), json!(next));
                    let reply = Reply::json(StatusCode::OK, "application/json", &json!(pet));
                    kept.pets.insert(id, pet);
                    *kept.version.entry(id).or_default() += 1;
                    return reply;
                }
                if !self.has("PUT is lost") {
                    kept.pets.insert(id, pet);
                    *kept.version.entry(id).or_default() += 1;
                }
                reply
            }
            "PATCH" => {
                if self.has("PATCH is 405 without Allow") {
                    return wrong(405, "no");
                }
                let body = match self.read(request, "application/merge-patch+json") {
                    Ok(body) => body,
                    Err(reply) => return *reply,
                };
                if let Some(reply) = self.refused(&body, false) {
                    return reply;
                }
                if stale(&request.headers) {
                    return wrong(412, "it has changed");
                }
                let mut pet = kept.pets[&id].clone();
                let mut body = body;
                self.spoil("PATCH", &mut body);
                if self.has("PATCH takes away the rest") {
                    pet.retain(|name, _| ["id", "maker", "kind"].contains(&&**name));
                }
                // Who names all that a change may name doesn't see it.
                if self.has("PATCH takes away what is last") && body.len() < 2 {
                    pet.shift_remove("age");
                }
                pet.extend(body);
                let reply = Reply::json(StatusCode::OK, "application/json", &json!(pet));
                if !self.has("PATCH is lost") {
                    kept.pets.insert(id, pet);
                    *kept.version.entry(id).or_default() += 1;
                }
                reply
            }
            "DELETE" => {
                match self.fault {
                    "DELETE deletes nothing" => {}
                    "DELETE deletes all" => kept.pets.clear(),
                    _ => _ = kept.pets.remove(&id),
                }
                let mut reply = Reply::new(StatusCode::NO_CONTENT);
                if self.has("DELETE is 202") {
                    reply.status = StatusCode::ACCEPTED;
                }
                if self.has("DELETE is 204 with content") {
                    reply.body = "gone".into();
                }
                reply
            }
            _ => {
                let mut reply = wrong(405, "no such method");
                reply.set(header::ALLOW, "GET, HEAD, PUT, PATCH, DELETE");
                reply
            }
        }
    }

    fn show(&self, kept: &mut Kept, id: i64, tag: &str, request: &Request) -> Reply {
        if self.has("reading changes the item") {
            let pet = kept.pets.get_mut(&id).expect("a pet");
            let age = pet.get("age").and_then(Value::as_i64).unwrap_or_default();
            pet.insert("age".to_owned(), json!((age + 1) % 30));
            *kept.version.entry(id).or_default() += 1;
        }
        if self.has("reading changes the tag") {
            *kept.version.entry(id).or_default() += 1;
        }
        let mut pet = kept.pets[&id].clone();
        let mut put = |name: &str, value: Value| drop(pet.insert(name.to_owned(), value));
        match self.fault {
            "read with an enum value more" => put("kind", json!("bird")),
            "read with a null name" => put("name", Value::Null),
            "read with an integer as string" => put("age", json!("3")),
            "read with no date" => put("born", json!("yesterday")),
            "read with an extra property" => put("colour", json!("red")),
            _ => {}
        }
        if self.has("read without a required property") {
            pet.shift_remove("kind");
        }
        let media_type = match self.fault {
            "read as text/html" => "text/html",
            "read in Latin-1" => "application/json; charset=iso-8859-1",
            "HEAD has another type" if request.method == Method::HEAD => "text/plain",
            _ => "application/json",
        };
        let mut reply = Reply::json(StatusCode::OK, media_type, &json!(pet));
        if !self.has("read without ETag") {
            reply.set(header::ETAG, tag);
        }
        if request.method == Method::HEAD {
            reply.body = Default::default();
            if self.has("HEAD is 204") {
                reply.status = StatusCode::NO_CONTENT;
            }
        }
        reply
    }

    fn read(&self, request: &Request, media_type: &str) -> Result<Map<String, Value>, Box<Reply>> {
        let sent = request.header(&header::CONTENT_TYPE).unwrap_or_default();
        if sent != media_type && !self.has("other media type accepted") {
            return Err(wrong(415, "no such media type").into());
        }
        match serde_json::from_slice(&request.body) {
            Ok(Value::Object(body)) => Ok(body),
            Ok(_) => Err(wrong(422, "no object").into()),
            Err(_) if self.has("500 for what is no JSON") => Err(wrong(500, "oh").into()),
            Err(_) => Err(wrong(400, "no JSON").into()),
        }
    }

    /// Why a pet isn't taken.
    fn refused(&self, body: &Map<String, Value>, is_whole: bool) -> Option<Reply> {
        let lets = |fault: &str| self.has(fault);
        let wrong_at = |name: &str| Some(wrong(422, name));
        if is_whole && !lets("missing property accepted") {
            for name in ["name", "kind"] {
                if !body.contains_key(name) {
                    return wrong_at(name);
                }
            }
        }
        for (name, value) in body {
            let is_right = match (name.as_str(), value) {
                ("name", Value::String(text)) => match text.chars().count() {
                    0 => lets("empty name accepted"),
                    1..=20 => true,
                    _ => lets("long name accepted"),
                },
                ("name", Value::Null) => lets("null name accepted"),
                ("kind", Value::String(kind)) if kind == "cat" || kind == "dog" => true,
                ("kind", Value::String(_)) => lets("wrong enum accepted"),
                ("age", Value::Number(age)) => {
                    if age.as_i64() == Some(30) && lets("500 at the maximum") {
                        return Some(wrong(500, "oh"));
                    }
                    match age.as_f64().unwrap_or_default() {
                        age if age.fract() != 0.0 => lets("fraction accepted"),
                        ..0.0 => lets("age below the minimum accepted"),
                        30.5.. => lets("age above the maximum accepted"),
                        _ => true,
                    }
                }
                ("age", Value::String(text)) if text.parse::<i64>().is_ok() => {
                    lets("digits as text accepted")
                }
                ("born", Value::String(text)) => is_date(text) || lets("no date accepted"),
                ("note", Value::String(_) | Value::Null) => true,
                ("tags", Value::Array(tags)) => {
                    let is_tag = |tag: &Value| {
                        let text = tag.as_str().unwrap_or_default();
                        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase())
                    };
                    let is_twice = (1..tags.len()).any(|at| tags[..at].contains(&tags[at]));
                    tags.iter().all(is_tag)
                        && (!is_twice
                            || lets("tags twice accepted")
                            || lets("too many tags accepted"))
                        && (tags.len() <= 3 || lets("too many tags accepted"))
                }
                ("id", Value::Number(_)) | ("maker", Value::String(_)) => is_whole,
                ("name" | "kind" | "age" | "born" | "note" | "tags" | "id" | "maker", _) => false,
                _ => lets("extra property accepted"),
            };
            if !is_right {
                return wrong_at(name);
            }
        }
        None
    }
}

/// What a client says of a pet.
fn own(mut body: Map<String, Value>) -> Map<String, Value> {
    body.retain(|name, _| ["name", "kind", "age", "born", "note", "tags"].contains(&&**name));
    body
}

fn is_date(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    let [Some(year), Some(month), Some(day)] = parts[..] else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    text.len() == 10 && (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn wrong(status: u16, why: &str) -> Reply {
    let status = StatusCode::from_u16(status).expect("a status");
    Reply::json(status, "application/json", &json!({"error": why}))
}

/// The pairs of the query, plain as they are here.
fn pairs(request: &Request) -> Vec<(String, String)> {
    let pairs = request.query().split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
