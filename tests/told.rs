//! What is made up beside what is fixed, by an example or by what a client said, is of the same
//! person, town and sum.

use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, header};
use serde_json::{Map, Value, json};

/// An operation that answers with an object of such properties, each given by its name as a text,
/// or as an example of it; else by its schema.
fn contract(path: &str, method: &str, status: &str, properties: &Value) -> Contract {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://api.example.com/v2"}],
        "paths": {path: {method: {
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {status: {"description": "A",
                "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
                "content": {"application/json": {"schema": object(properties)}}}},
        }}},
    });
    Contract::from_text("t.json", &document.to_string()).expect("a contract")
}

fn object(properties: &Value) -> Value {
    let members = properties.as_object().expect("an object");
    let members = members.iter().map(|(name, told)| {
        let schema = match told {
            Value::Null => json!({"type": "string"}),
            Value::Bool(_) => json!({"type": "boolean"}),
            Value::Object(schema) => Value::Object(schema.clone()),
            Value::Number(number) if number.as_i64() == Some(0) => json!({"type": "number"}),
            Value::Number(number) => json!({"type": "number", "example": number}),
            told => json!({"type": "string", "example": told}),
        };
        (name.clone(), schema)
    });
    let members: Map<String, Value> = members.collect();
    let names: Vec<&String> = members.keys().collect();
    json!({"type": "object", "required": names, "properties": members})
}

fn answered(contract: &Contract, request: Request) -> Value {
    let exchange = contract.answer(request);
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    serde_json::from_slice(&exchange.reply.body).expect("JSON")
}

/// What is made of such properties.
fn made(properties: Value) -> Value {
    let contract = contract("/a", "get", "200", &properties);
    answered(&contract, Request::new(Method::GET, "/a"))
}

/// What a reply shows of what is sent.
fn sent(properties: Value, body: Value) -> Value {
    let contract = contract("/things/check", "post", "201", &properties);
    let request = Request::new(Method::POST, "/things/check")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.to_string().into_bytes());
    answered(&contract, request)
}

/// What a reply says to a path.
fn at(path: &str, target: &str, properties: Value) -> Value {
    let parameters: Vec<Value> = path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {}}))
        .collect();
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {path: {"get": {"parameters": parameters, "responses": {"200": {"description": "A",
            "content": {"application/json": {"schema": object(&properties)}}}}}}},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    answered(&contract, Request::new(Method::GET, target))
}

fn texts<const N: usize>(made: &Value, names: [&str; N]) -> [String; N] {
    names.map(|name| made[name].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_person_is_the_one_of_the_example() {
    let made = made(
        json!({"name": "Jane Roe", "firstName": null, "lastName": null, "email": null,
        "username": null}),
    );
    assert_eq!(
        texts(&made, ["firstName", "lastName", "username"]),
        ["Jane", "Roe", "jane.roe"]
    );
    let email = made["email"].as_str().unwrap_or_default();
    assert!(email.starts_with("jane.roe@"), "{made}");
}

#[test]
fn an_address_for_mail_tells_who_has_it_and_where() {
    let made = made(
        json!({"email": "jane.roe@corp.test", "firstName": null, "lastName": null,
        "company": null, "domain": null}),
    );
    assert_eq!(
        texts(&made, ["firstName", "lastName", "company", "domain"]),
        ["Jane", "Roe", "Corp", "corp.test"]
    );
}

#[test]
fn what_is_beside_a_town_or_a_country_is_of_it() {
    let place = json!({"city": "Tokyo", "country": null, "countryCode": null, "currency": null,
        "timezone": null});
    assert_eq!(
        texts(
            &made(place),
            ["country", "countryCode", "currency", "timezone"]
        ),
        ["Japan", "JP", "JPY", "Asia/Tokyo"]
    );
    let place = made(json!({"country": "Canada", "city": null, "province": null,
        "countryCode": null, "currency": null, "phone": null}));
    assert_eq!(texts(&place, ["countryCode", "currency"]), ["CA", "CAD"]);
    let towns = [
        ["Toronto", "Ontario"],
        ["Ottawa", "Ontario"],
        ["Montreal", "Quebec"],
        ["Vancouver", "British Columbia"],
        ["Calgary", "Alberta"],
    ];
    let town = texts(&place, ["city", "province"]);
    assert!(towns.iter().any(|known| town == *known), "{place}");
    assert!(
        place["phone"]
            .as_str()
            .is_some_and(|phone| phone.starts_with("+1613"))
    );
}

#[test]
fn sums_come_to_the_total_of_the_example() {
    let made = made(json!({"total": 100, "subtotal": 0, "tax": 0, "quantity": 4, "unitPrice": 0}));
    let number = |name: &str| made[name].as_f64().unwrap_or_default();
    let sum = number("subtotal") + number("tax");
    assert!((sum - 100.0).abs() < 0.001 && number("tax") > 0.0, "{made}");
    assert!(
        (4.0 * number("unitPrice") - number("subtotal")).abs() < 0.001,
        "{made}"
    );
}

#[test]
fn amounts_are_of_the_currency_of_the_example() {
    let made = made(
        json!({"currency": "JPY", "amount": 0, "currencySymbol": null,
        "formatted": null}),
    );
    let amount = made["amount"].as_f64().unwrap_or_default();
    assert!(amount.fract() == 0.0 && amount >= 100.0, "{made}");
    assert_eq!(made["currencySymbol"], "¥");
    assert_eq!(made["formatted"], format!("¥{amount}"));
}

#[test]
fn what_was_sent_tells_who_and_where_it_is_of() {
    let shown = sent(
        json!({"email": null, "firstName": null, "lastName": null, "fullName": null,
            "avatarUrl": null}),
        json!({"email": "maria.lopez@acme.test"}),
    );
    assert_eq!(
        texts(&shown, ["firstName", "lastName", "fullName"]),
        ["Maria", "Lopez", "Maria Lopez"]
    );
    assert!(
        shown["avatarUrl"]
            .as_str()
            .is_some_and(|url| url.contains("maria.lopez")),
        "{shown}"
    );
    let shown = sent(
        json!({"city": null, "country": null, "countryCode": null, "timezone": null,
            "currencySymbol": null, "weightKg": 0, "weightLb": 0}),
        json!({"city": "Berlin", "country": "Germany", "weightKg": 10}),
    );
    assert_eq!(
        texts(
            &shown,
            ["country", "countryCode", "timezone", "currencySymbol"]
        ),
        ["Germany", "DE", "Europe/Berlin", "€"]
    );
    assert_eq!(
        [&shown["weightKg"], &shown["weightLb"]],
        [&json!(10), &json!(22.05)]
    );
}

#[test]
fn who_registers_is_shown_beside_the_token() {
    let user = json!({"type": "object", "required": ["id", "email", "firstName", "username"],
        "properties": {"id": {"type": "integer"}, "email": {"type": "string"},
        "firstName": {"type": "string"}, "lastName": {"type": "string"},
        "username": {"type": "string"}}});
    let shown = sent(
        json!({"user": user, "token": null}),
        json!({"email": "maria.lopez@acme.test", "password": "x"}),
    );
    assert_eq!(
        texts(&shown["user"], ["email", "firstName", "username"]),
        ["maria.lopez@acme.test", "Maria", "maria.lopez"]
    );
}

#[test]
fn figures_follow_from_what_was_sent() {
    let line = json!({"type": "object", "required": ["quantity", "unitPrice"], "properties":
        {"quantity": {"type": "integer"}, "unitPrice": {"type": "number"}}});
    let cart = sent(
        json!({"lines": {"type": "array", "items": line}, "totalQuantity": {"type": "integer"},
            "subtotal": 0, "tax": 0, "total": 0}),
        json!({"lines": [{"quantity": 2, "unitPrice": 10}, {"quantity": 3, "unitPrice": 5}]}),
    );
    assert_eq!([&cart["totalQuantity"], &cart["subtotal"]], [5, 35]);
    let number = |name: &str| cart[name].as_f64().unwrap_or_default();
    assert!(number("tax") <= 7.0, "{cart}");
    assert!(
        (number("total") - 35.0 - number("tax")).abs() < 0.001,
        "{cart}"
    );
    let paid = sent(
        json!({"amount": 0, "fee": 0, "balanceBefore": 0, "balanceAfter": 0}),
        json!({"amount": 50, "fee": 2}),
    );
    let number = |name: &str| paid[name].as_f64().unwrap_or_default();
    assert!(
        (number("balanceBefore") - number("balanceAfter") - 52.0).abs() < 0.001,
        "{paid}"
    );
}

#[test]
fn what_a_path_says_tells_of_what_is_beside_it() {
    let made = at(
        "/convert/{from}/{to}/{amount}",
        "/convert/USD/EUR/100",
        json!({"from": null, "to": null, "amount": 0, "rate": 0, "result": 0}),
    );
    let number = |name: &str| made[name].as_f64().unwrap_or_default();
    assert!(
        (number("result") - 100.0 * number("rate")).abs() < 0.01,
        "{made}"
    );
    let date = json!({"type": "string", "format": "date"});
    let entry = json!({"type": "object", "required": ["date"], "properties": {"date": date,
        "value": {"type": "number"}}});
    let made = at(
        "/range/{startDate}/{endDate}",
        "/range/2031-02-01/2031-02-10",
        json!({"startDate": date, "endDate": date, "days": {"type": "integer"},
            "entries": {"type": "array", "minItems": 2, "items": entry}}),
    );
    for entry in made["entries"].as_array().into_iter().flatten() {
        let day = entry["date"].as_str().unwrap_or_default();
        assert!(("2031-02-01"..="2031-02-10").contains(&day), "{made}");
    }
    assert!([9, 10].iter().any(|days| made["days"] == *days), "{made}");
    let made = at(
        "/weather/{city}",
        "/weather/Paris",
        json!({"city": null, "countryCode": null}),
    );
    assert_eq!(texts(&made, ["city", "countryCode"]), ["Paris", "FR"]);
}

#[test]
fn what_was_made_is_found_below_where_it_was_even_where_no_path_leads_there() {
    let properties = json!({"id": null, "checkIn": null});
    let contract = contract("/bookings", "post", "201", &properties);
    let request = Request::new(Method::POST, "/v2/bookings")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(json!({"checkIn": "x"}).to_string().into_bytes());
    let exchange = contract.answer(request);
    let body: Value = serde_json::from_slice(&exchange.reply.body).expect("JSON");
    let id = body["id"].as_str().unwrap_or_default();
    let location = exchange.reply.header(&header::LOCATION).unwrap_or_default();
    assert_eq!(location, format!("/v2/bookings/{id}"));
}

#[test]
fn what_was_not_played_has_no_score_and_what_was_has_the_winner() {
    let made = made(json!({"homeTeam": null, "awayTeam": null, "winner": null,
        "homeScore": {"type": "integer"}, "awayScore": {"type": "integer"}, "isDraw": true}));
    let [home, away] = ["homeScore", "awayScore"].map(|name| made[name].as_i64().unwrap_or(0));
    assert_eq!(made["isDraw"], home == away, "{made}");
    let winner = match home.cmp(&away) {
        std::cmp::Ordering::Greater => made["homeTeam"].clone(),
        std::cmp::Ordering::Less => made["awayTeam"].clone(),
        std::cmp::Ordering::Equal => json!("Draw"),
    };
    assert_eq!(made["winner"], winner, "{made}");
    let status = json!({"type": "string", "enum": ["scheduled"]});
    let score = json!({"type": ["integer", "null"]});
    let ahead = self::made(json!({"status": status, "homeScore": score, "awayScore": score}));
    assert_eq!(
        [&ahead["homeScore"], &ahead["awayScore"]],
        [&Value::Null; 2]
    );
}

#[test]
fn a_body_is_one_of_a_human() {
    let made = made(
        json!({"dob": null, "sex": null, "heightCm": 0, "weightKg": 0, "bmi": 0,
        "systolic": {"type": "integer"}, "diastolic": {"type": "integer"},
        "heartRate": {"type": "integer"}}),
    );
    let number = |name: &str| made[name].as_f64().unwrap_or_default();
    assert!((140.0..200.0).contains(&number("heightCm")), "{made}");
    assert!(number("systolic") > number("diastolic"), "{made}");
    assert!((40.0..120.0).contains(&number("heartRate")), "{made}");
    let bmi = number("weightKg") / (number("heightCm") / 100.0).powi(2);
    assert!((number("bmi") - bmi).abs() < 0.06, "{made}");
}

#[test]
fn what_is_tried_out_is_active_for_its_days() {
    let moment = json!({"type": "string", "format": "date-time"});
    let status = json!({"type": "string", "enum": ["trialing"]});
    let made = made(
        json!({"status": status, "active": true, "trialStart": moment,
        "trialEnd": moment, "trialDays": {"type": "integer"}}),
    );
    assert_eq!(made["active"], true, "{made}");
    assert!(
        made["trialDays"].as_i64().is_some_and(|days| days > 6),
        "{made}"
    );
    let card = self::made(json!({"cardNumber": null, "expMonth": {"type": "integer"},
        "expYear": {"type": "integer"}, "expiry": null}));
    let [month, year] = ["expMonth", "expYear"].map(|name| card[name].as_i64().unwrap_or(0));
    assert_eq!(
        card["expiry"],
        format!("{month:02}/{:02}", year % 100),
        "{card}"
    );
}

#[test]
fn names_in_kanji_are_japanese() {
    let made = made(
        json!({"name": "山田太郎", "firstName": null, "lastName": null,
        "city": "東京", "countryCode": null, "currency": null, "email": null}),
    );
    assert_eq!(
        texts(&made, ["firstName", "lastName", "countryCode", "currency"]),
        ["太郎", "山田", "JP", "JPY"]
    );
    let email = made["email"].as_str().unwrap_or_default();
    assert!(email.starts_with("taro.yamada@"), "{made}");
}
