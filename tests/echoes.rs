//! What a client said, in the reply to it: what the contract has it say again, and nothing else.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

/// An API of these operations, by path and method: the schema of what each takes, and of what it
/// answers with 200. `schemas` are its components.
fn api(operations: &[(&str, &str, Value, Value)], schemas: Value) -> Counterpart {
    let mut paths = json!({});
    for (path, method, takes, answers) in operations {
        let content = |schema: &Value| json!({"application/json": {"schema": schema}});
        let mut operation =
            json!({"responses": {"200": {"description": "Done", "content": content(answers)}}});
        if !takes.is_null() {
            operation["requestBody"] = json!({"content": content(takes)});
        }
        let names = path.split('{').skip(1);
        let names = names.filter_map(|part| part.split_once('}').map(|(name, _)| name));
        let declared: Vec<Value> = names
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        operation["parameters"] = json!(declared);
        paths[*path][*method] = operation;
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    });
    let contract = Contract::from_text("t.json", &document.to_string())
        .unwrap_or_else(|errors| panic!("{errors}"));
    Counterpart::of(Host::new(vec![("t".to_owned(), contract)]))
}

fn post(api: &Counterpart, path: &str, body: Value) -> Answer {
    api.ask(Method::POST, path).json(body).send()
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

#[test]
fn nothing_is_said_again_that_the_reply_does_not_declare_however_deep() {
    let text = json!({"type": "string"});
    let sent = object(json!({"user": object(json!({
        "email": text,
        "password": text,
        "card": object(json!({"last4": text, "cvv": {"type": "string", "writeOnly": true}})),
    }))}));
    let shown = object(json!({
        "user": object(json!({"email": text, "card": object(json!({"last4": text}))})),
        "users": {"type": "array", "items": object(json!({"email": text}))},
    }));
    let api = api(&[("/login", "post", sent, shown)], json!({}));
    let user =
        json!({"email": "a@b.example", "password": "x", "card": {"last4": "1881", "cvv": "7"}});
    let answer = post(&api, "/login", json!({"user": user, "other": 1})).is(200);
    assert_eq!(
        answer.json()["user"],
        json!({"email": "a@b.example", "card": {"last4": "1881"}})
    );
    assert!(!answer.text.contains("password"), "{}", answer.text);
}

#[test]
fn what_was_sent_in_a_wrapper_is_said_again_in_that_of_the_reply() {
    let email = json!({"email": {"type": "string"}});
    let user = object(
        json!({"id": {"type": "integer"}, "email": {"type": "string"}, "name": {"type": "string"}}),
    );
    let wrapped = object(json!({"user": user}));
    let data = object(json!({"data": user, "ok": {"type": "boolean"}}));
    let takes = object(json!({"user": object(email.clone())}));
    let api = api(
        &[
            ("/same", "post", takes.clone(), wrapped.clone()),
            ("/none", "post", takes.clone(), user.clone()),
            ("/other", "post", takes, data),
            ("/bare", "post", object(email), wrapped),
        ],
        json!({}),
    );
    let sent = json!({"user": {"email": "a@b.example"}});
    for (path, sent, at) in [
        ("/same", &sent, "/user/email"),
        ("/none", &sent, "/email"),
        ("/other", &sent, "/data/email"),
        ("/bare", &sent["user"], "/user/email"),
    ] {
        let answer = post(&api, path, sent.clone()).is(200).json();
        assert_eq!(
            answer.pointer(at),
            Some(&json!("a@b.example")),
            "{path}: {answer}"
        );
    }
}

#[test]
fn what_the_path_says_is_said_within_what_is_shown_too() {
    let order = object(json!({
        "id": {"type": "string"},
        "lines": {"type": "array", "items": object(json!({"orderId": {"type": "string"}}))},
    }));
    let schemas = json!({"Order": order});
    let shown = json!({"$ref": "#/components/schemas/Order"});
    let row = object(json!({"attributes": object(json!({"order_id": {"type": "string"}}))}));
    let api = api(
        &[
            ("/orders/{orderId}", "get", Value::Null, shown.clone()),
            ("/orders/{orderId}/cancel", "post", Value::Null, shown),
            (
                "/orders/{orderId}/notes",
                "get",
                Value::Null,
                object(json!({"data": {"type": "array", "items": row}})),
            ),
        ],
        schemas,
    );
    let whole = api.get("/orders/17").send().is(200).json();
    assert_eq!(whole["lines"][0]["orderId"], "17");
    let cancelled = api
        .ask(Method::POST, "/orders/17/cancel")
        .send()
        .is(200)
        .json();
    assert_eq!(cancelled["id"], "17", "{cancelled}");
    assert_eq!(cancelled["lines"][0]["orderId"], "17");
    let notes = api.get("/orders/17/notes").send().is(200).json();
    assert_eq!(notes["data"][0]["attributes"]["order_id"], "17", "{notes}");
}

#[test]
fn what_is_required_and_declared_nowhere_is_as_it_was_sent() {
    let item = json!({"type": "object", "required": ["id", "maker"], "properties": {"id": {"type": "string"}}});
    let schemas = json!({"Item": item});
    let item = json!({"$ref": "#/components/schemas/Item"});
    let api = api(
        &[
            ("/items/{id}", "get", Value::Null, item.clone()),
            ("/items/{id}", "put", item.clone(), item.clone()),
            ("/looks", "post", item.clone(), item),
        ],
        schemas,
    );
    let sent = json!({"id": "7", "maker": "Northwind"});
    api.put("/items/7").json(sent.clone()).send().reads(&sent);
    api.get("/items/7").send().reads(&sent);
    post(&api, "/looks", sent.clone()).reads(&sent);
}

#[test]
fn one_that_is_derived_is_shown_whole_and_said_again_whole() {
    let mapping = json!({
        "iban": "#/components/schemas/Iban",
        "local": "#/components/schemas/Local",
    });
    derived_are_shown(
        json!({"propertyName": "type", "mapping": mapping}),
        ["iban", "local"],
    );
    // Without a mapping they are called as their schemas are.
    derived_are_shown(json!({"propertyName": "type"}), ["Iban", "Local"]);
}

/// Of accounts that are told apart so: each is shown with all that it has.
fn derived_are_shown(discriminator: Value, [iban_name, local_name]: [&str; 2]) {
    let account = json!({
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string"}},
        "discriminator": discriminator,
    });
    let derived = |name: &str| {
        json!({"allOf": [{"$ref": "#/components/schemas/Account"},
                         {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}]})
    };
    let schemas = json!({"Account": account, "Iban": derived("iban"), "Local": derived("number")});
    let account = json!({"$ref": "#/components/schemas/Account"});
    let iban = json!({"$ref": "#/components/schemas/Iban"});
    let api = api(
        &[
            ("/shown", "get", Value::Null, account.clone()),
            ("/one", "get", Value::Null, iban),
            ("/said", "post", account.clone(), account.clone()),
            (
                "/both",
                "get",
                Value::Null,
                json!({"type": "array", "items": account, "minItems": 2}),
            ),
        ],
        schemas,
    );
    let has = |shown: &Value| {
        (
            shown["type"].clone(),
            shown.get("iban").is_some(),
            shown.get("number").is_some(),
        )
    };
    let shown = api.get("/shown").send().is(200).json();
    assert_eq!(has(&shown), (json!(iban_name), true, false), "{shown}");
    let shown = api.get("/one").send().is(200).json();
    assert_eq!(has(&shown), (json!(iban_name), true, false), "{shown}");
    let rows = api.get("/both").send().is(200).json();
    assert_eq!(has(&rows[1]), (json!(local_name), false, true), "{rows}");
    let local = json!({"type": local_name, "number": "77"});
    post(&api, "/said", local.clone()).reads(&local);
}

/// The name of a schema that the property can't say names nothing.
#[test]
fn what_is_derived_and_called_otherwise_than_its_property_can_say_is_not_taken_for_the_parent() {
    let pet = json!({
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "enum": ["cat", "dog"]}},
        "discriminator": {"propertyName": "type"},
    });
    let cat = json!({"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["mood"], "properties": {"mood": {"type": "string"}}}]});
    let shown = json!({"$ref": "#/components/schemas/Pet"});
    let api = api(
        &[("/pet", "get", Value::Null, shown)],
        json!({"Pet": pet, "Cat": cat}),
    );
    let shown = api.get("/pet").send().is(200).json();
    assert_eq!(shown, json!({"type": "cat"}));
}

#[test]
fn a_new_item_is_found_where_its_location_says_however_its_path_ends() {
    let item = object(json!({"id": {"type": "integer"}, "name": {"type": "string"}}));
    let all = json!({"type": "array", "items": item});
    for (list, one) in [
        ("/items/", "/items/{id}"),
        ("/items", "/items/{id}/"),
        ("/items/", "/items/{id}/"),
    ] {
        let api = api(
            &[
                (list, "get", Value::Null, all.clone()),
                (list, "post", item.clone(), item.clone()),
                (one, "get", Value::Null, item.clone()),
            ],
            json!({}),
        );
        let made = post(&api, list, json!({"name": "Mug"})).is(200);
        let found = api.get(made.header("location")).send();
        assert_eq!(found.is(200).json(), made.json(), "{list} {one}");
    }
}

#[test]
fn the_key_is_the_property_that_the_path_names_whatever_stands_beside_the_item() {
    let problem = object(
        json!({"fields": {"type": "array", "items": object(json!({"name": {"type": "string"}}))}}),
    );
    let rate =
        object(json!({"rateID": {"type": "string", "format": "uuid"}, "name": {"type": "string"}}));
    let one = object(json!({"problem": problem, "rate": rate}));
    let all = object(json!({"problem": problem, "rates": {"type": "array", "items": rate}}));
    let api = api(
        &[
            ("/rates", "get", Value::Null, all),
            ("/rates", "post", rate, one.clone()),
            ("/rates/{rateID}", "get", Value::Null, one),
        ],
        json!({}),
    );
    let ids: Vec<Value> = [(), ()]
        .map(|()| {
            post(&api, "/rates", json!({"name": "A"})).is(200).json()["rate"]["rateID"].clone()
        })
        .to_vec();
    assert_ne!(ids[0], ids[1], "a name may be had twice");
    let path = format!("/rates/{}", ids[1].as_str().expect("an id"));
    assert_eq!(
        api.get(&path).send().is(200).json()["rate"]["rateID"],
        ids[1]
    );
}

#[test]
fn what_the_path_names_is_what_is_shown_and_not_what_stands_in_it() {
    let id = json!({"type": "string"});
    let owner = object(json!({"id": id, "name": id}));
    let resource =
        object(json!({"type": id, "id": id, "attributes": object(json!({"title": id}))}));
    let linked = json!({"type": "array", "items": object(json!({"type": id, "id": id}))});
    let linked =
        object(json!({"data": resource, "links": object(json!({"self": id})), "included": linked}));
    let city = json!({"name": id, "countryCode": id, "mayor": owner});
    let api = api(
        &[
            (
                "/orders/{orderNumber}",
                "get",
                Value::Null,
                object(json!({"orderNumber": id, "customer": object(json!({"id": id}))})),
            ),
            (
                "/tenants/{tenant}/projects/{project}",
                "get",
                Value::Null,
                object(json!({"name": id, "tenant": id, "owner": owner})),
            ),
            (
                "/users/{username}",
                "get",
                Value::Null,
                object(json!({"username": id, "company": owner})),
            ),
            (
                "/countries/{code}/cities/{city}",
                "get",
                Value::Null,
                object(city),
            ),
            ("/docs/{id}", "get", Value::Null, linked),
            (
                "/cars/{id}",
                "get",
                Value::Null,
                object(json!({"status": id, "message": id, "vehicle": owner})),
            ),
        ],
        json!({}),
    );
    let shown = |path: &str| api.get(path).send().is(200).json();
    let order = shown("/orders/A-1");
    assert_eq!(order["orderNumber"], "A-1");
    assert_ne!(order["customer"]["id"], "A-1");
    let project = shown("/tenants/acme/projects/apollo");
    assert_eq!(
        (&project["tenant"], &project["name"]),
        (&json!("acme"), &json!("apollo"))
    );
    assert_ne!(project["owner"]["id"], "apollo");
    let user = shown("/users/zoe");
    assert_eq!(user["username"], "zoe");
    assert_ne!(user["company"]["name"], "zoe");
    let city = shown("/countries/DE/cities/Berlin");
    assert_eq!(
        (&city["countryCode"], &city["name"]),
        (&json!("DE"), &json!("Berlin"))
    );
    assert_ne!(city["mayor"]["name"], "Berlin");
    assert_eq!(shown("/docs/9")["data"]["id"], "9");
    // What stands in nothing but words of the reply is what it shows, whatever it is called.
    assert_eq!(shown("/cars/9")["vehicle"]["id"], "9");
}

#[test]
fn what_a_client_leaves_out_is_what_it_is_by_default() {
    let variable = object(json!({
        "name": {"type": "string"},
        "secret": {"type": "boolean", "default": false},
        "limits": object(json!({"cpu": {"type": "integer", "default": 3}})),
    }));
    let api = api(
        &[
            ("/variables", "post", variable.clone(), variable.clone()),
            ("/variables/{name}", "patch", variable.clone(), variable),
        ],
        json!({}),
    );
    for _ in 0..3 {
        let sent = json!({"name": "a", "limits": {}});
        let said = post(&api, "/variables", sent).is(200).json();
        assert_eq!(
            said,
            json!({"name": "a", "secret": false, "limits": {"cpu": 3}})
        );
    }
    // What a patch leaves out stays as it was.
    let sent = json!({"limits": {"cpu": 7}});
    let patched = api.ask(Method::PATCH, "/variables/a").json(sent);
    assert_eq!(patched.send().is(200).json()["limits"]["cpu"], 7);
}

const QUESTIONS: &str = r"
openapi: 3.1.1
info: {title: Rates, version: '1'}
paths:
  /convert:
    get:
      parameters:
        - {name: from, in: query, required: true, schema: {type: string}}
        - {name: to, in: query, required: true, schema: {type: string}}
        - {name: amount, in: query, schema: {type: number, default: 1}}
        - {name: access_token, in: query, schema: {type: string}}
      responses:
        '200':
          description: The amount in another currency
          content:
            application/json:
              schema:
                type: object
                required: [from, to, amount, rate, result, access_token]
                properties:
                  from: {type: string}
                  to: {type: string}
                  amount: {type: number}
                  rate: {type: number}
                  result: {type: number}
                  access_token: {type: string}
  /known:
    get:
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses:
        '200':
          description: An example
          content:
            application/json:
              schema: {type: object, properties: {q: {type: string}}}
              example: {q: hello}
  /names:
    get:
      parameters: [{name: status, in: query, schema: {type: string}}]
      responses:
        '200':
          description: A list, whose own status is another
          content:
            application/json:
              schema:
                type: object
                required: [status, names]
                properties:
                  status: {const: ok}
                  names: {type: array, items: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}}
";

#[test]
fn what_asks_for_one_thing_is_told_again_what_its_query_asks() {
    let contract =
        Contract::from_text("rates.yaml", QUESTIONS).unwrap_or_else(|errors| panic!("{errors}"));
    let api = Counterpart::of(Host::new(vec![("rates".to_owned(), contract)]));
    let asked = api.get("/convert?from=EUR&to=USD&amount=250&access_token=abc");
    let answer = asked.send().json();
    assert_eq!(answer["from"], "EUR");
    assert_eq!(answer["to"], "USD");
    assert_eq!(answer["amount"].as_f64(), Some(250.0));
    let (rate, result) = (&answer["rate"], &answer["result"]);
    let product = rate.as_f64().map(|rate| (rate * 25_000.0).round() / 100.0);
    assert_eq!(result.as_f64(), product, "{answer}");
    assert_ne!(answer["access_token"], "abc", "a secret is told again");

    let usual = api.get("/convert?from=EUR&to=USD").send().json();
    assert_eq!(usual["amount"].as_f64(), Some(1.0), "what it is by default");

    // What someone wrote stands, and a list is no answer about one thing.
    assert_eq!(api.get("/known?q=bye").send().json(), json!({"q": "hello"}));
    assert_eq!(
        api.get("/names?status=active").send().json()["status"],
        "ok"
    );
}

#[test]
fn what_stands_beside_a_list_says_for_when_and_for_how_many_it_was_asked() {
    let date = json!({"type": "string", "format": "date"});
    let number = json!({"type": "number"});
    let room = json!({"type": "object", "required": ["id", "capacity", "pricePerNight", "totalPrice"],
        "properties": {"id": {"type": "integer"}, "capacity": {"type": "integer"},
        "pricePerNight": number, "totalPrice": number}});
    let rooms = json!({"type": "object", "required": ["checkIn", "checkOut", "nights", "guests", "status", "rooms"],
        "properties": {"checkIn": date, "checkOut": date, "nights": {"type": "integer"},
        "guests": {"type": "integer"}, "status": {"type": "string"},
        "rooms": {"type": "array", "minItems": 2, "items": room}}});
    let query = |name: &str, schema: &Value| json!({"name": name, "in": "query", "schema": schema});
    let parameters = [
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}),
        query("checkIn", &date),
        query("checkOut", &date),
        query("guests", &json!({"type": "integer"})),
        query("status", &json!({"type": "string"})),
    ];
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/hotels/{id}/rooms": {"get": {"parameters": parameters, "responses": {"200": {
            "description": "Rooms", "content": {"application/json": {"schema": rooms}}}}}}},
    });
    let contract = Contract::from_text("t.json", &document.to_string())
        .unwrap_or_else(|errors| panic!("{errors}"));
    let api = Counterpart::of(Host::new(vec![("t".to_owned(), contract)]));
    let asked = "/hotels/3/rooms?checkIn=2026-12-01&checkOut=2026-12-05&guests=3&status=zzz";
    let told = api.get(asked).send().is(200).json();
    assert_eq!(
        json!([
            told["checkIn"],
            told["checkOut"],
            told["nights"],
            told["guests"]
        ]),
        json!(["2026-12-01", "2026-12-05", 4, 3])
    );
    assert_ne!(told["status"], "zzz", "that chooses among the rows");
    for row in told["rooms"].as_array().expect("rooms") {
        assert!(row["capacity"].as_u64() >= Some(3), "{row}");
        let price = row["pricePerNight"]
            .as_f64()
            .map(|price| (price * 400.0).round());
        let total = row["totalPrice"]
            .as_f64()
            .map(|total| (total * 100.0).round());
        assert_eq!(price, total, "{row}");
    }
}

#[test]
fn rows_that_are_of_the_same_as_the_path_names_have_names_of_their_own() {
    let user = object(json!({"username": {"type": "string"}, "name": {"type": "string"}}));
    let list = |items: &Value| json!({"type": "array", "minItems": 3, "items": items});
    let order = object(json!({"number": {"type": "string"}, "username": {"type": "string"}}));
    let api = api(
        &[
            (
                "/users/{username}/followers",
                "get",
                Value::Null,
                list(&user),
            ),
            ("/users/{username}/orders", "get", Value::Null, list(&order)),
        ],
        json!({}),
    );
    let rows = |path: &str| {
        let rows = api.get(path).send().is(200).json();
        let rows = rows.as_array().expect("rows").clone();
        rows.iter()
            .map(|row| row["username"].clone())
            .collect::<Vec<Value>>()
    };
    let followers = rows("/users/ann/followers");
    assert!(followers.iter().all(|name| name != "ann"), "{followers:?}");
    assert!(followers[0] != followers[1], "{followers:?}");
    let orders = rows("/users/ann/orders");
    assert!(orders.iter().all(|name| name == "ann"), "{orders:?}");
}

#[test]
fn a_map_that_was_sent_is_the_map_that_is_shown() {
    let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let result = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let text = object(json!({"text": {"type": "string"}}));
    let api = api(
        &[
            ("/labels", "post", map.clone(), map.clone()),
            ("/counts", "post", map.clone(), result),
            ("/translations", "post", text, map.clone()),
        ],
        json!({}),
    );
    let sent = json!({"env": "prod", "team": "blue"});
    assert_eq!(post(&api, "/labels", sent.clone()).is(200).json(), sent);
    // Other values, or what was sent as something else, are no such map.
    let counts = post(&api, "/counts", sent.clone()).is(200).json();
    assert_eq!(counts.get("env"), None, "{counts}");
    let said = json!({"text": "Guten Tag"});
    let translated = post(&api, "/translations", said.clone()).is(200).json();
    assert_ne!(translated, said);
}
