//! What made-up values say by the names of their properties, and that they say the same.

use crate::samples::{body, contract, sample, with_components};
use counterpart::contract::Contract;
use counterpart::wire::{Method, Request};
use serde_json::{Value, json};

/// An object with properties of these schemas.
fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

#[test]
fn alternatives_say_which_they_are_where_they_do_not_declare_it() {
    let text = json!({"type": "string"});
    let schemas = json!({
        "Change": {
            "oneOf": [{"$ref": "#/components/schemas/Running"}, {"$ref": "#/components/schemas/Done"}],
            "discriminator": {"propertyName": "status", "mapping": {
                "running": "#/components/schemas/Running",
            }},
        },
        "Base": {"type": "object", "required": ["name"], "properties": {"name": text}},
        "Running": {"allOf": [{"$ref": "#/components/schemas/Base"},
                              {"required": ["startedAt"], "properties": {"startedAt": text}}]},
        "Done": {"allOf": [{"$ref": "#/components/schemas/Base"},
                           {"required": ["endedAt"], "properties": {"endedAt": text}}]},
        "Closed": {"type": "object", "additionalProperties": false, "properties": {"a": text}},
    });
    let made = |schema: Value| body(&with_components(&schema, &schemas), "/a?__dynamic=false");
    let change = made(json!({"$ref": "#/components/schemas/Change"}));
    assert_eq!(change["status"], "running", "{change}");
    assert!(change.get("startedAt").is_some() && change.get("endedAt").is_none());
    // A name that no mapping has is that of the schema.
    let done = json!({"oneOf": [{"$ref": "#/components/schemas/Done"}],
                      "discriminator": {"propertyName": "kind"}});
    assert_eq!(made(done)["kind"], "Done");
    // Where the property may not be, it isn't; and what has no name has none.
    for of in [
        json!({"$ref": "#/components/schemas/Closed"}),
        object(json!({"a": text})),
    ] {
        let one = json!({"oneOf": [of], "discriminator": {"propertyName": "kind"}});
        let one = made(one);
        assert!(one.get("a").is_some() && one.get("kind").is_none(), "{one}");
    }
}

#[test]
fn an_alternative_has_nothing_that_only_others_have() {
    let number = json!({"type": "integer"});
    let made = sample(json!({"oneOf": [
        object(json!({"a": number, "kind": {"type": "string"}})),
        {"properties": {"b": number, "kind": {"type": "string"}}, "required": ["b"]},
    ]}));
    assert!(made.get("a").is_some() && made.get("b").is_none(), "{made}");
}

#[test]
fn an_order_comes_to_what_its_lines_come_to() {
    let (number, whole) = (json!({"type": "number"}), json!({"type": "integer"}));
    let line = object(json!({"quantity": whole, "unitPrice": number, "lineTotal": number}));
    let order = contract(&object(json!({
        "items": {"type": "array", "minItems": 3, "items": line},
        "subtotal": number, "tax": number, "shipping": number, "discount": number, "total": number,
    })));
    for seed in 0..20 {
        let made = body(&order, &format!("/a?__seed={seed}"));
        let cents = |value: &Value| (value.as_f64().expect("a number") * 100.0).round();
        let mut all = 0.0;
        for line in made["items"].as_array().expect("lines") {
            let quantity = line["quantity"].as_f64().expect("a number");
            assert_eq!(
                cents(&line["unitPrice"]) * quantity,
                cents(&line["lineTotal"]),
                "{made}"
            );
            all += cents(&line["lineTotal"]);
        }
        assert_eq!(cents(&made["subtotal"]), all, "{made}");
        let of = |name: &str| cents(&made[name]);
        let sum = of("subtotal") + of("tax") + of("shipping") - of("discount");
        assert_eq!(of("total"), sum, "{made}");
    }
}

#[test]
fn a_cart_comes_to_what_is_in_it() {
    let (number, whole) = (json!({"type": "number"}), json!({"type": "integer"}));
    let item = object(json!({"quantity": whole, "price": number}));
    let cart = object(json!({"items": {"type": "array", "items": item}, "total": number}));
    let schemas = json!({"Cart": cart});
    let made = body(
        &with_components(&json!({"$ref": "#/components/schemas/Cart"}), &schemas),
        "/a",
    );
    let items = made["items"].as_array().expect("items");
    let of = |item: &Value, name: &str| item[name].as_f64().expect("a number");
    let all: f64 = items
        .iter()
        .map(|item| of(item, "quantity") * of(item, "price"))
        .sum();
    assert!((of(&made, "total") - all).abs() < 0.001, "{made}");
}

#[test]
fn a_total_beside_a_list_alone_is_how_many_it_has() {
    let (number, whole) = (json!({"type": "number"}), json!({"type": "integer"}));
    let items = json!({"type": "array", "minItems": 3, "items": object(json!({"price": number}))});
    for name in ["total", "totalCount", "count"] {
        let made = sample(object(json!({"items": items, name: whole})));
        assert_eq!(made[name], 3, "{made}");
    }
}

#[test]
fn a_sum_that_its_schema_does_not_let_be_is_another_that_is_valid() {
    let made = sample(object(json!({
        "quantity": {"type": "integer", "minimum": 3}, "price": {"type": "number", "minimum": 5},
        "total": {"type": "number", "maximum": 4, "multipleOf": 0.5},
    })));
    assert!(
        made["total"].as_f64().is_some_and(|total| total <= 4.0),
        "{made}"
    );
}

#[test]
fn an_example_of_a_sum_stands() {
    let made = sample(object(json!({
        "subtotal": {"type": "number", "example": 20}, "tax": {"type": "number", "example": 2},
        "total": {"type": "number", "example": 23},
    })));
    assert_eq!(made["total"], 23);
}

#[test]
fn a_country_is_one_by_all_its_codes() {
    let text = json!({"type": "string"});
    let three = json!({"type": "string", "minLength": 3, "maxLength": 3});
    let place = contract(&object(json!({
        "country": text, "countryCode": three, "currency": text,
        "nationality": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "from": {"properties": {"country": three}},
        "language": {"type": "string", "example": "de"},
    })));
    for seed in 0..5 {
        let made = body(&place, &format!("/a?__seed={seed}"));
        assert_eq!(
            (&made["country"], &made["countryCode"]),
            (&json!("Deutschland"), &json!("DEU"))
        );
        assert_eq!(
            (&made["nationality"], &made["currency"]),
            (&json!("DEU"), &json!("EUR"))
        );
        assert_eq!(made["from"]["country"], "DEU");
    }
}

#[test]
fn texts_are_moments_where_their_names_say_so_and_come_in_order() {
    let text = json!({"type": "string"});
    let names = [
        "joined",
        "first_seen",
        "lastLogin",
        "valid_from",
        "valid_until",
        "expires",
    ];
    let days = ["birthday", "dob", "checkInDate", "due"];
    let properties = names.iter().chain(&days);
    let properties = properties.map(|name| ((*name).to_owned(), text.clone()));
    let thing = contract(&object(Value::Object(properties.collect())));
    for seed in 0..20 {
        let made = body(&thing, &format!("/a?__seed={seed}"));
        let moments = names.map(|name| made[name].as_str().expect("a text"));
        assert!(moments.is_sorted() && moments[3] < moments[4], "{made}");
        for moment in moments {
            assert!(
                chrono::DateTime::parse_from_rfc3339(moment).is_ok(),
                "{made}"
            );
        }
        for day in days.map(|name| made[name].as_str().expect("a text")) {
            assert!(day.parse::<chrono::NaiveDate>().is_ok(), "{made}");
        }
    }
}

#[test]
fn moments_are_written_as_their_patterns_have_them() {
    let made = sample(object(json!({
        "dob": {"type": "string", "pattern": "^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$"},
        "createdAt": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}$"},
        "created": {"type": "string", "format": "datetime"},
        "updatedAt": {"type": "string", "format": "date-time"},
        "name": object(json!({"first": {"type": "string"}, "last": {"type": "string"}})),
        "email": {"type": "string"},
    })));
    let of = |name: &str| made[name].as_str().expect("a text");
    let year: i32 = of("dob")[6..].parse().expect("a year");
    assert!((1950..2010).contains(&year), "{made}");
    assert_eq!(of("createdAt").replace(' ', "T") + "Z", of("created"));
    assert!(of("created") < of("updatedAt"), "{made}");
    let name = |part: &str| made["name"][part].as_str().expect("a text").to_lowercase();
    let email = format!("{}.{}@", name("first"), name("last"));
    assert!(of("email").starts_with(&email), "{made}");
}

#[test]
fn what_has_not_happened_by_its_status_has_no_time() {
    let time = json!({"type": "string", "format": "date-time"});
    let order = |status: &str| {
        sample(
            json!({"type": "object", "required": ["status", "paidAt"], "properties": {
                "status": {"const": status}, "createdAt": time, "paidAt": time, "shippedAt": time,
                "deliveredAt": {"type": ["string", "null"], "format": "date-time"},
                "cancelledAt": {"type": "string", "example": "2024-01-01T00:00:00Z"},
            }}),
        )
    };
    let pending = order("pending");
    assert!(pending.get("shippedAt").is_none(), "{pending}");
    assert_eq!(pending["deliveredAt"], Value::Null);
    // What must be there is, and so is what the document says itself.
    assert!(pending["createdAt"].is_string() && pending["paidAt"].is_string());
    assert_eq!(pending["cancelledAt"], "2024-01-01T00:00:00Z");
    let shipped = order("shipped");
    assert!(shipped["shippedAt"].is_string(), "{shipped}");
    assert_eq!(shipped["deliveredAt"], Value::Null);
    assert!(order("delivered")["deliveredAt"].is_string());
}

#[test]
fn names_mean_the_same_in_other_languages() {
    let text = json!({"type": "string"});
    let number = json!({"type": "number"});
    for (first, last, street, code, city) in [
        ("Vorname", "Nachname", "Straße", "PLZ", "Ort"),
        ("prénom", "nom", "rue", "codePostal", "ville"),
        ("nombre", "apellido", "calle", "codigo_postal", "ciudad"),
        ("nome", "cognome", "via", "cap", "città"),
        ("nome", "sobrenome", "rua", "CEP", "cidade"),
        ("voornaam", "achternaam", "straat", "postcode", "woonplaats"),
    ] {
        let mut properties = serde_json::Map::new();
        for name in [first, last, street, code, city] {
            properties.insert(name.to_owned(), text.clone());
        }
        for name in ["fullName", "address"] {
            properties.insert(name.to_owned(), text.clone());
        }
        let made = sample(object(Value::Object(properties)));
        let of = |name: &str| made[name].as_str().expect("a text").to_owned();
        let both = format!("{} {}", of(first), of(last));
        assert_eq!(of("fullName"), both, "{made}");
        for part in [street, code, city] {
            assert!(of("address").contains(&of(part)), "{part}: {made}");
        }
    }
    let made = sample(object(json!({
        "Menge": {"type": "integer"}, "Einzelpreis": number, "Gesamtbetrag": number,
        "Geburtsdatum": text, "Bestelldatum": text, "Beschreibung": text, "Land": text,
    })));
    // Several names in a language say what the values are in.
    assert_eq!(made["Land"], "Deutschland");
    let number = |name: &str| made[name].as_f64().expect("a number");
    assert_eq!(
        number("Gesamtbetrag"),
        number("Menge") * number("Einzelpreis")
    );
    assert!(
        made["Geburtsdatum"].as_str() < made["Bestelldatum"].as_str(),
        "{made}"
    );
    assert!(
        made["Beschreibung"]
            .as_str()
            .is_some_and(|text| text.ends_with('.'))
    );
}

#[test]
fn a_british_postcode_or_number_makes_values_british() {
    let text = json!({"type": "string"});
    for (name, example) in [("postcode", "LS1 4DY"), ("phone", "+44 20 7946 0000")] {
        let made = sample(object(json!({
            name: {"type": "string", "example": example},
            "mobile": text, "country": text, "currency": text, "home": {"properties": {"zip": text}},
        })));
        assert_eq!(
            (&made["country"], &made["currency"]),
            (&json!("GB"), &json!("GBP"))
        );
        assert!(
            made["mobile"]
                .as_str()
                .is_some_and(|phone| phone.starts_with("+44"))
        );
        let code = made["home"]["zip"].as_str().unwrap_or_default();
        assert!(
            code.contains(' ') && code.starts_with(char::is_alphabetic),
            "{made}"
        );
    }
}

#[test]
fn an_account_is_numbered_as_its_country_does() {
    let text = json!({"type": "string"});
    for (example, length, country) in [
        ("Åsa Öberg har ett mycket bra val och en faktura", 24, "SE"),
        (
            "Le colis est dans les mains de nos livreurs pour vous",
            27,
            "FR",
        ),
        ("El pedido de los clientes con entrega", 24, "ES"),
        ("Zamówienie nie jest gotowe", 28, "PL"),
    ] {
        let made = sample(object(json!({
            "note": {"type": "string", "example": example}, "iban": text, "countryCode": text,
        })));
        assert_eq!(made["countryCode"], country);
        let iban = made["iban"].as_str().unwrap_or_default();
        assert!(iban.starts_with(country) && iban.len() == length, "{made}");
        let rest = format!("{}{}", &iban[4..], &iban[..4])
            .chars()
            .filter_map(|sign| sign.to_digit(36))
            .fold(0, |rest, sign| {
                (rest * if sign < 10 { 10 } else { 100 } + sign) % 97
            });
        assert_eq!(rest, 1, "{iban}");
    }
}

#[test]
fn rows_of_a_list_differ_in_what_tells_them_apart() {
    let text = json!({"type": "string"});
    let row = json!({"type": "object", "properties": {
        "id": {"type": "integer", "example": 7}, "code": {"type": "string", "example": "usr-01"},
        "name": {"type": "string", "example": "Rex"}, "email": text, "city": text,
        "kind": {"type": "string", "example": "dog"},
    }});
    let made = sample(json!({"type": "array", "minItems": 4, "items": row}));
    let rows = made.as_array().expect("rows");
    assert_eq!(
        (&rows[0]["id"], &rows[0]["name"]),
        (&json!(7), &json!("Rex"))
    );
    for name in ["id", "name", "email", "city"] {
        let values: std::collections::HashSet<String> =
            rows.iter().map(|row| row[name].to_string()).collect();
        assert_eq!(values.len(), rows.len(), "{name}: {made}");
    }
    assert!(rows.iter().all(|row| row["kind"] == "dog"), "{made}");
    // Of an example of the whole item there is but one.
    let mut whole = row.clone();
    whole["example"] = json!({"id": 1, "name": "Bo"});
    let made = sample(json!({"type": "array", "items": whole}));
    assert_eq!(made[0], json!({"id": 1, "name": "Bo"}));
    assert_ne!(made[1]["name"], "Bo");
}

#[test]
fn rows_of_a_table_differ_too() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {"text/csv": {
            "schema": {"type": "array", "items": object(json!({
                "name": {"type": "string", "example": "Ann"}, "email": {"type": "string"},
            }))},
        }}}}}}},
    });
    let table = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let exchange = table.answer(Request::new(Method::GET, "/a"));
    let table = String::from_utf8(exchange.reply.body.to_vec()).expect("a text");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert!(rows.len() > 1 && rows[0].starts_with("Ann,"), "{table}");
    assert!(!rows[1].starts_with("Ann,"), "{table}");
}

#[test]
fn what_may_be_within_itself_is_there_but_once() {
    let node = json!({"$ref": "#/components/schemas/Node"});
    let text = json!({"type": "string"});
    for within in [
        node.clone(),
        json!({"type": "array", "items": node}),
        json!({"type": "object", "additionalProperties": node}),
        json!({"anyOf": [node, text]}),
        json!({"oneOf": [node, {"type": "array", "items": node}]}),
        json!({"type": "array", "contains": node}),
        json!({"allOf": [{"allOf": [{"allOf": [{"allOf": [{"allOf": [{"allOf": [node]}]}]}]}]}]}),
        object(json!({"data": object(json!({"inner": node}))})),
        json!({"if": {"type": "object"}, "then": node}),
    ] {
        let schemas =
            json!({"Node": object(json!({"name": text, "one": within, "other": within}))});
        let contract = with_components(&node, &schemas);
        for target in ["/a", "/a?__dynamic=true&__seed=3"] {
            let made = body(&contract, target);
            let text = made.to_string();
            assert!(text.matches("\"name\"").count() <= 5, "{within}: {made}");
        }
    }
}

#[test]
fn a_total_beside_priced_lines_is_what_they_cost_and_beside_a_page_how_many_there_are() {
    let (number, whole) = (json!({"type": "number"}), json!({"type": "integer"}));
    let list = |line: Value| json!({"type": "array", "minItems": 2, "items": object(line)});
    let cents = |value: &Value| (value.as_f64().expect("a number") * 100.0).round();
    let priced = list(json!({"price": number, "quantity": whole}));
    let made = sample(object(
        json!({"id": whole, "items": priced, "total": number}),
    ));
    let items = made["items"].as_array().expect("items").iter();
    let sum: f64 = items
        .map(|line| cents(&line["price"]) * line["quantity"].as_f64().expect("a number"))
        .sum();
    assert_eq!(cents(&made["total"]), sum, "{made}");
    let lines = list(json!({"sku": {"type": "string"}, "lineTotal": number}));
    let made = sample(object(json!({"lines": lines, "total": number})));
    let lines = made["lines"].as_array().expect("lines").iter();
    let sum: f64 = lines.map(|line| cents(&line["lineTotal"])).sum();
    assert_eq!(cents(&made["total"]), sum, "{made}");
    for (name, beside) in [("data", "page"), ("items", "limit"), ("results", "hasMore")] {
        let products = list(json!({"id": whole, "name": {"type": "string"}, "price": number}));
        let beside_type = if beside == "hasMore" {
            "boolean"
        } else {
            "integer"
        };
        let made = sample(object(
            json!({name: products, "total": number, beside: {"type": beside_type}}),
        ));
        assert_eq!(made["total"], 2, "{made}");
    }
}

#[test]
fn a_tax_is_its_rate_of_what_the_lines_come_to() {
    let (number, whole) = (json!({"type": "number"}), json!({"type": "integer"}));
    let lines = json!({"type": "array", "minItems": 2,
                       "items": object(json!({"quantity": whole, "unitPrice": number}))});
    for (name, rate) in [
        (
            "vatRate",
            json!({"type": "number", "minimum": 0, "maximum": 1}),
        ),
        ("vatPercent", whole.clone()),
    ] {
        let invoice = contract(&object(json!({
            "lines": lines, "subtotal": number, name: rate, "vat": number, "total": number,
        })));
        for query in [
            "__dynamic=false",
            "__dynamic=true&__seed=1",
            "__dynamic=true&__seed=2",
        ] {
            let made = body(&invoice, &format!("/a?{query}"));
            let of = |name: &str| made[name].as_f64().expect("a number");
            let rate = match name {
                "vatRate" => of(name),
                name => of(name) / 100.0,
            };
            assert!((0.05..=0.25).contains(&rate), "{made}");
            assert!((of("subtotal") * rate - of("vat")).abs() < 0.0051, "{made}");
            assert!(
                (of("subtotal") + of("vat") - of("total")).abs() < 0.001,
                "{made}"
            );
        }
    }
    let line = object(json!({"amount_subtotal": whole, "amount_total": whole}));
    let made = sample(object(json!({
        "line_items": {"type": "array", "minItems": 2, "items": line},
        "amount_subtotal": whole, "amount_tax": whole, "amount_total": whole,
    })));
    let of = |value: &Value, name: &str| value[name].as_i64().expect("cents");
    let sum = of(&made, "amount_subtotal") + of(&made, "amount_tax");
    assert_eq!(of(&made, "amount_total"), sum, "{made}");
}

#[test]
fn what_a_stored_order_costs_follows_from_the_lines_that_were_sent() {
    let (number, whole, text) = (
        json!({"type": "number"}),
        json!({"type": "integer"}),
        json!({"type": "string"}),
    );
    let line = json!({"type": "object",
        "required": ["sku", "quantity", "unitPrice", "lineTotal"],
        "properties": {"sku": text, "quantity": whole, "unitPrice": number, "lineTotal": number}});
    let order = json!({"type": "object", "required": ["id", "lines", "total"], "properties": {
        "id": text, "lines": {"type": "array", "items": line}, "total": number}});
    let sent_line = object(json!({"sku": text, "quantity": whole}));
    let sent = object(json!({"lines": {"type": "array", "items": sent_line}}));
    let reply = |schema: &Value| json!({"description": "A", "content": {"application/json": {"schema": schema}}});
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {
            "/orders": {
                "get": {"responses": {"200": reply(&json!({"type": "array", "items": order}))}},
                "post": {"requestBody": {"content": {"application/json": {"schema": sent}}},
                         "responses": {"201": reply(&order)}},
            },
            "/orders/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": text}],
                "get": {"responses": {"200": reply(&order)}},
            },
        },
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let lines = json!({"lines": [{"sku": "A", "quantity": 3}, {"sku": "B", "quantity": 7}]});
    let request = Request::new(Method::POST, "/orders")
        .with_header(counterpart::wire::header::CONTENT_TYPE, "application/json")
        .with_body(lines.to_string());
    let exchange = contract.answer(request);
    let made: Value = serde_json::from_slice(&exchange.reply.body).expect("JSON");
    let cents = |value: &Value| (value.as_f64().unwrap_or(-1.0) * 100.0).round();
    let mut sum = 0.0;
    for (line, quantity) in made["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .zip([3.0, 7.0])
    {
        assert_eq!(
            cents(&line["lineTotal"]),
            cents(&line["unitPrice"]) * quantity,
            "{made}"
        );
        sum += cents(&line["lineTotal"]);
    }
    assert_eq!(cents(&made["total"]), sum, "{made}");
    assert_ne!(made["lines"][0]["unitPrice"], made["lines"][1]["unitPrice"]);
}

#[test]
fn a_number_in_the_format_of_a_moment_is_one_in_seconds() {
    for format in ["unix-time", "timestamp", "epoch"] {
        let made = sample(object(json!({"n": {"type": "integer", "format": format}})));
        let seconds = made["n"].as_i64().expect("a number");
        assert!((1_700_000_000..1_800_000_000).contains(&seconds), "{made}");
    }
}

#[test]
fn who_has_a_birth_date_is_grown_up_in_every_language() {
    for name in [
        "birthDate",
        "geburtsdatum",
        "date_naissance",
        "fechaNacimiento",
    ] {
        let made = sample(object(json!({name: {"type": "string", "format": "date"}})));
        let born = made[name].as_str().expect("a date");
        assert!(("1950".."2008").contains(&born), "{made}");
    }
}

#[test]
fn what_ends_does_so_after_it_begins_where_one_of_them_is_bound() {
    let day = json!({"type": "string", "format": "date"});
    let bound = |pattern: &str| json!({"type": "string", "format": "date", "pattern": pattern});
    for (start, end) in [(bound("^2030"), day.clone()), (day, bound("^2020"))] {
        let made = sample(object(json!({"start": start, "end": end})));
        let of = |name: &str| made[name].as_str().expect("a date").to_owned();
        assert!(of("start") < of("end"), "{made}");
    }
}

#[test]
fn a_stay_has_as_many_nights_as_there_are_between_its_days() {
    let (day, whole) = (
        json!({"type": "string", "format": "date"}),
        json!({"type": "integer"}),
    );
    let made = sample(object(
        json!({"checkIn": day, "checkOut": day, "nights": whole}),
    ));
    let of = |name: &str| {
        let day =
            chrono::NaiveDate::parse_from_str(made[name].as_str().expect("a date"), "%Y-%m-%d");
        day.expect("a date")
    };
    assert_eq!(
        made["nights"],
        (of("checkOut") - of("checkIn")).num_days(),
        "{made}"
    );
    let moment = json!({"type": "string", "format": "date-time"});
    let made = sample(object(
        json!({"startTime": moment, "endTime": moment, "durationMinutes": whole}),
    ));
    let of = |name: &str| {
        let moment = chrono::DateTime::parse_from_rfc3339(made[name].as_str().expect("a moment"));
        moment.expect("a moment")
    };
    let minutes = (of("endTime") - of("startTime")).num_minutes();
    assert_eq!(made["durationMinutes"], minutes, "{made}");
}

#[test]
fn what_is_gone_and_what_is_left_come_to_the_whole() {
    for kind in ["integer", "number"] {
        for [whole, gone, left] in [
            ["capacity", "used", "free"],
            ["limit", "used", "remaining"],
            ["total", "paid", "pending"],
            ["amountDue", "amountPaid", "amountRemaining"],
        ] {
            let number = json!({"type": kind});
            let made = sample(object(json!({gone: number, left: number, whole: number})));
            let of = |name: &str| (made[name].as_f64().expect("a number") * 100.0).round();
            assert_eq!(of(gone) + of(left), of(whole), "{made}");
            assert!(of(gone) >= 0.0 && of(left) >= 0.0, "{made}");
        }
    }
}

#[test]
fn a_count_that_is_called_after_a_list_is_of_that() {
    let list =
        |least: usize| json!({"type": "array", "minItems": least, "items": {"type": "string"}});
    let whole = json!({"type": "integer"});
    let made = sample(object(json!({
        "reviews": list(3), "reviewCount": whole, "tags": list(4), "number_of_tags": whole,
    })));
    assert_eq!(made["reviewCount"], 3, "{made}");
    assert_eq!(made["number_of_tags"], 4, "{made}");
}
