//! Members of a sample that say something of one another: what a client sees agrees.

use crate::samples::{body, contract, sample, with_components};
use counterpart::contract::Contract;
use counterpart::wire::{Method, Request, header};
use serde_json::{Value, json};

/// A sample of an object with such properties by each of some seeds, also drawn afresh.
fn samples(properties: &Value) -> Vec<Value> {
    let names = properties.as_object().expect("an object").keys();
    let names: Vec<&String> = names.collect();
    let schema = json!({"type": "object", "required": names, "properties": properties});
    let contract = contract(&schema);
    let targets = (0..8)
        .flat_map(|seed| ["", "&__dynamic=true"].map(|way| format!("/a?__seed=s{seed}{way}")));
    targets.map(|target| body(&contract, &target)).collect()
}

fn number(made: &Value, name: &str) -> f64 {
    made[name]
        .as_f64()
        .unwrap_or_else(|| panic!("{name}: {made}"))
}

fn day(made: &Value, name: &str) -> chrono::NaiveDate {
    let text = made[name].as_str().and_then(|text| text.get(..10));
    text.and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("{name}: {made}"))
}

#[test]
fn a_stay_costs_its_nights() {
    let date = json!({"type": "string", "format": "date"});
    // Who stays arrives first.
    for [begin, end] in [["checkIn", "checkOut"], ["arrivalDate", "departureDate"]] {
        for made in samples(
            &json!({begin: date, end: date, "nights": {"type": "integer"},
            "pricePerNight": {"type": "number"}, "guests": {"type": "integer"}, "totalPrice": {"type": "number"}}),
        ) {
            let nights = (day(&made, end) - day(&made, begin)).num_days();
            assert!(nights > 0 && made["nights"] == nights, "{made}");
            let price = number(&made, "pricePerNight") * number(&made, "nights");
            assert!((number(&made, "totalPrice") - price).abs() < 0.01, "{made}");
        }
    }
}

/// Who travels departs first, also where they are told how many travel.
#[test]
fn a_flight_departs_before_it_arrives() {
    let date = json!({"type": "string", "format": "date"});
    for made in samples(
        &json!({"origin": {"type": "string"}, "departureDate": date, "arrivalDate": date,
        "adults": {"type": "integer"}}),
    ) {
        assert!(
            day(&made, "departureDate") <= day(&made, "arrivalDate"),
            "{made}"
        );
    }
}

#[test]
fn figures_are_reckoned_from_those_beside_them() {
    let (number_of, count) = (
        json!({"type": "number"}),
        json!({"type": "integer", "minimum": 0}),
    );
    let is_near = |one: f64, other: f64| (one - other).abs() < 0.011;
    for made in samples(&json!({"total": number_of, "paid": number_of, "balance": number_of})) {
        let [total, paid, balance] = ["total", "paid", "balance"].map(|name| number(&made, name));
        assert!(paid <= total && is_near(total - paid, balance), "{made}");
    }
    for made in samples(
        &json!({"onHand": count, "reserved": count, "available": count,
        "reorderPoint": count, "belowReorderPoint": {"type": "boolean"}}),
    ) {
        let [all, reserved, left] =
            ["onHand", "reserved", "available"].map(|name| number(&made, name));
        assert!(is_near(all - reserved, left), "{made}");
        assert_eq!(
            made["belowReorderPoint"],
            left < number(&made, "reorderPoint"),
            "{made}"
        );
    }
    for made in samples(
        &json!({"estimateHours": number_of, "spentHours": number_of, "remainingHours": number_of}),
    ) {
        let [all, gone, left] =
            ["estimateHours", "spentHours", "remainingHours"].map(|name| number(&made, name));
        assert!(is_near(all - gone, left), "{made}");
    }
    for made in samples(
        &json!({"openingBalance": number_of, "totalCredits": number_of,
        "totalDebits": number_of, "closingBalance": number_of}),
    ) {
        let [begin, gained, lost, end] = [
            "openingBalance",
            "totalCredits",
            "totalDebits",
            "closingBalance",
        ]
        .map(|name| number(&made, name));
        assert!(is_near(begin + gained - lost, end), "{made}");
    }
    for made in samples(
        &json!({"open": count, "inProgress": count, "closed": count, "total": count, "closedPercent": number_of}),
    ) {
        let sum: f64 = ["open", "inProgress", "closed"]
            .map(|name| number(&made, name))
            .iter()
            .sum();
        assert!(is_near(sum, number(&made, "total")), "{made}");
        let share = number(&made, "closed") / number(&made, "total").max(1.0);
        assert!(
            (number(&made, "closedPercent") - share * 100.0).abs() < 0.6,
            "{made}"
        );
    }
}

#[test]
fn boxes_and_positions_are_on_the_globe_and_intervals_begin_first() {
    let list = |count: usize, of: Value| json!({"type": "array", "minItems": count, "maxItems": count, "items": of});
    let number_of = json!({"type": "number"});
    let moment = json!({"type": "string", "format": "date-time"});
    let bounded = json!({"type": "number", "minimum": -180, "maximum": 180});
    for made in samples(
        &json!({"bbox": list(4, number_of), "coordinates": list(2, bounded),
        "interval": list(1, list(2, moment))}),
    ) {
        let sides: Vec<f64> = made["bbox"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        assert!(
            sides[0] < sides[2] && sides[1] < sides[3] && sides[3] <= 90.0,
            "{made}"
        );
        let at = |at: usize| made["coordinates"][at].as_f64().expect("a number");
        assert!(at(0) > -179.0 && at(1).abs() < 90.0, "{made}");
        let ends = [&made["interval"][0][0], &made["interval"][0][1]].map(|end| end.as_str());
        assert!(ends[0] <= ends[1], "{made}");
    }
}

#[test]
fn what_a_thing_holds_says_whose_it_is() {
    let text = json!({"type": "string"});
    let job = json!({"type": "object", "required": ["id", "pipeline_id"], "properties": {"id": text, "pipeline_id": text}});
    let pipeline = json!({"type": "object", "required": ["id", "jobs", "last_job"], "properties": {
        "id": text, "jobs": {"type": "array", "minItems": 2, "items": job}, "last_job": job}});
    for made in samples(&json!({"pipelines": {"type": "array", "minItems": 2, "items": pipeline}}))
    {
        for pipeline in made["pipelines"].as_array().expect("rows") {
            for job in [
                &pipeline["jobs"][0],
                &pipeline["jobs"][1],
                &pipeline["last_job"],
            ] {
                assert_eq!(job["pipeline_id"], pipeline["id"], "{made}");
            }
        }
    }
}

/// How long a query took has nothing to do with the days that it is about.
#[test]
fn a_query_takes_no_days() {
    let date = json!({"type": "string", "format": "date"});
    for made in samples(&json!({"from": date, "to": date, "tookMs": {"type": "integer"}})) {
        assert!(number(&made, "tookMs") < 60_000.0, "{made}");
    }
}

#[test]
fn what_has_not_begun_or_is_not_so_has_no_end() {
    let moment = json!({"type": ["string", "null"], "format": "date-time"});
    for made in samples(
        &json!({"status": {"enum": ["queued"]}, "exit_code": {"type": ["integer", "null"]}}),
    ) {
        assert_eq!(made["exit_code"], Value::Null, "{made}");
    }
    for made in samples(
        &json!({"started_at": {"type": "null"}, "stopped_at": moment, "status": {"enum": ["queued"]}}),
    ) {
        assert_eq!(made["stopped_at"], Value::Null, "{made}");
    }
    for made in samples(&json!({"deceasedBoolean": {"enum": [false]}, "deceasedDateTime": moment}))
    {
        assert_eq!(made["deceasedDateTime"], Value::Null, "{made}");
    }
}

#[test]
fn what_hangs_on_a_country_is_of_it() {
    let text = json!({"type": "string"});
    for made in samples(
        &json!({"country": {"enum": ["DE", "GB"]}, "city": text, "currency": text,
        "timezone": text, "phone": text}),
    ) {
        let expected = match made["country"].as_str() {
            Some("DE") => ["EUR", "Europe/Berlin", "+49"],
            _ => ["GBP", "Europe/London", "+44"],
        };
        let said = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            [said("currency"), said("timezone")],
            expected[..2],
            "{made}"
        );
        assert!(said("phone").starts_with(expected[2]), "{made}");
    }
    let made =
        sample(json!({"type": "object", "properties": {"country": text, "countryCode": text}}));
    assert_eq!(
        made,
        json!({"country": "United States", "countryCode": "US"})
    );
}

#[test]
fn days_and_times_tell_the_same_in_every_writing() {
    let date = json!({"type": "string", "format": "date"});
    let days = json!(["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]);
    for made in
        samples(&json!({"date": date, "weekday": {"type": "string"}, "dayOfWeek": {"enum": days}}))
    {
        let name = day(&made, "date").format("%A").to_string();
        assert_eq!(made["weekday"], name, "{made}");
        assert_eq!(made["dayOfWeek"], name[..3].to_uppercase(), "{made}");
    }
    let time = json!({"type": "string", "format": "time"});
    for made in samples(
        &json!({"startTime": time, "endTime": time, "durationMinutes": {"type": "integer"}}),
    ) {
        let minute = |name: &str| {
            let text = made[name].as_str().unwrap_or_default();
            let part = |from: usize| text.get(from..from + 2).and_then(|text| text.parse().ok());
            60.0 * part(0).unwrap_or(0.0) + part(3).unwrap_or(0.0)
        };
        let lasts = minute("endTime") - minute("startTime");
        assert_eq!(number(&made, "durationMinutes"), lasts, "{made}");
    }
}

#[test]
fn what_has_happened_has_its_moment_and_what_has_not_has_none() {
    let moment = json!({"type": ["string", "null"], "format": "date-time"});
    for made in samples(
        &json!({"status": {"enum": ["pending", "shipped", "cancelled"]},
        "paidAt": moment, "shippedAt": moment, "cancelledAt": moment}),
    ) {
        let is_told = ["paidAt", "shippedAt", "cancelledAt"].map(|name| !made[name].is_null());
        match made["status"].as_str() {
            Some("pending") => assert_eq!(is_told, [false, false, false], "{made}"),
            Some("shipped") => assert_eq!(is_told, [true, true, false], "{made}"),
            _ => assert_eq!(is_told[1..], [false, true], "{made}"),
        }
    }
}

#[test]
fn averages_and_sums_are_of_what_is_beside_them() {
    let rating = json!({"type": "integer", "minimum": 1, "maximum": 5});
    for made in samples(
        &json!({"ratings": {"type": "array", "items": rating, "minItems": 3},
        "averageRating": {"type": "number"}, "ratingCount": {"type": "integer"}}),
    ) {
        let ratings = made["ratings"].as_array().expect("a list");
        let sum: f64 = ratings.iter().filter_map(Value::as_f64).sum();
        let average = sum / ratings.len() as f64;
        assert!(
            (number(&made, "averageRating") - average).abs() < 0.01,
            "{made}"
        );
        assert_eq!(made["ratingCount"], ratings.len(), "{made}");
    }
    let whole = json!({"type": "integer"});
    let line = json!({"type": "object", "required": ["quantity", "unit_price_cents"],
        "properties": {"quantity": whole, "unit_price_cents": whole}});
    for made in samples(
        &json!({"lines": {"type": "array", "items": line, "minItems": 2},
        "subtotal_cents": whole, "tax_cents": whole, "total_cents": whole}),
    ) {
        let lines = made["lines"].as_array().expect("a list").iter();
        let lines = lines.map(|line| number(line, "quantity") * number(line, "unit_price_cents"));
        let sum: f64 = lines.sum();
        assert_eq!(number(&made, "subtotal_cents"), sum, "{made}");
        assert_eq!(
            number(&made, "total_cents"),
            sum + number(&made, "tax_cents"),
            "{made}"
        );
        let rate = number(&made, "tax_cents") / sum;
        assert!((0.04..0.21).contains(&rate), "{made}");
    }
}

#[test]
fn rows_of_several_kinds_are_of_one_after_another() {
    let kind = |name: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": name}}});
    let schema = json!({"type": "array", "minItems": 3, "items": {"oneOf": [kind("a"), kind("b"), kind("c")]}});
    assert_eq!(
        sample(schema),
        json!([{"kind": "a"}, {"kind": "b"}, {"kind": "c"}])
    );
}

/// What a client is told of a schema that no value is found for.
fn told(schema: &Value, schemas: &Value) -> String {
    let contract = with_components(schema, schemas);
    let reply = contract.answer(Request::new(Method::GET, "/a")).reply;
    assert_eq!(reply.status.as_u16(), 500, "{schema}");
    String::from_utf8_lossy(&reply.body).into_owned()
}

#[test]
fn why_there_is_no_value_is_told() {
    let this = json!({"$ref": "#/components/schemas/P"});
    let within = |schema: Value| json!({"P": schema});
    let pair = json!({"type": "object", "required": ["p"], "properties": {"p": this}});
    for (schema, reason) in [
        (
            json!({"type": "string", "minLength": 100_000_000}),
            "it asks for a text of 100000000 characters, and samples have 1000000 at most",
        ),
        (
            json!({"type": "string", "pattern": "^(a{1000}){1000}$"}),
            "it asks for a text of 1000000 characters, and samples have 32768 at most",
        ),
        (
            json!({"type": "array", "items": {}, "minItems": 60_000}),
            "it asks for 60000 parts of one value, and samples have 50000 at most",
        ),
        (pair.clone(), "it requires itself without end"),
        (
            json!({"type": "array", "minItems": 1, "items": this}),
            "it requires itself without end",
        ),
        (
            json!({"type": "object", "required": ["q"], "properties": {"q": {"oneOf": [pair, {"type": "array", "minItems": 1, "items": this}]}}}),
            "it requires itself without end",
        ),
        (
            json!({"type": "string", "pattern": "^(?=a)b$"}),
            "no text was found that matches",
        ),
        (
            json!({"type": "string", "format": "ipv4", "minLength": 20}),
            "none was found that meets all of its demands",
        ),
        (
            json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
            "its demands contradict each other",
        ),
    ] {
        let told = told(&this, &within(schema.clone()));
        assert!(told.contains(reason), "{schema}: {told}");
    }
}

#[test]
fn the_least_is_not_above_the_most() {
    let whole = json!({"type": "integer"});
    for made in samples(
        &json!({"minStay": whole, "maxStay": whole, "tempLow": {"type": "number"},
        "tempHigh": {"type": "number"}, "priceFrom": whole, "priceTo": whole}),
    ) {
        for (low, high) in [
            ("minStay", "maxStay"),
            ("tempLow", "tempHigh"),
            ("priceFrom", "priceTo"),
        ] {
            assert!(number(&made, low) <= number(&made, high), "{made}");
        }
    }
}

#[test]
fn parts_come_to_their_wholes() {
    let whole = json!({"type": "integer"});
    let money = json!({"type": "number"});
    for made in samples(&json!({"guests": whole, "adults": whole, "children": whole})) {
        let parts = number(&made, "adults") + number(&made, "children");
        assert_eq!(number(&made, "guests"), parts, "{made}");
    }
    for made in samples(&json!({"netTotal": money, "vatAmount": money, "grossTotal": money})) {
        let sum = number(&made, "netTotal") + number(&made, "vatAmount");
        assert!((number(&made, "grossTotal") - sum).abs() < 0.01, "{made}");
    }
    for made in samples(&json!({"amountPaid": money, "totalPrice": money})) {
        let is_paid = number(&made, "amountPaid") <= number(&made, "totalPrice");
        assert!(is_paid, "{made}");
    }
}

#[test]
fn a_page_of_what_is_elsewhere_agrees_within_itself() {
    let whole = json!({"type": "integer", "minimum": 1});
    let flag = json!({"type": "boolean"});
    for made in samples(
        &json!({"page": whole, "pageSize": whole, "total": whole, "totalPages": whole,
        "hasNext": flag, "hasPrevious": flag}),
    ) {
        let [page, size, total, pages] =
            ["page", "pageSize", "total", "totalPages"].map(|name| number(&made, name));
        assert_eq!(pages, (total / size).ceil(), "{made}");
        assert!(page <= pages, "{made}");
        assert_eq!(made["hasNext"], page < pages, "{made}");
        assert_eq!(made["hasPrevious"], page > 1.0, "{made}");
    }
}

#[test]
fn a_person_is_addressed_as_one_is_called() {
    let genders = json!({"enum": ["MALE", "FEMALE"]});
    let titles = json!({"enum": ["Mr.", "Mrs."]});
    let mut seen = std::collections::BTreeSet::new();
    for made in samples(
        &json!({"firstName": {"type": "string"}, "gender": genders, "title": titles,
        "sex": {"enum": ["m", "f"]}}),
    ) {
        let told = ["gender", "title", "sex"].map(|name| made[name].as_str().unwrap_or_default());
        assert!(
            [["MALE", "Mr.", "m"], ["FEMALE", "Mrs.", "f"]].contains(&told),
            "{made}"
        );
        seen.insert(told[0].to_owned());
    }
    assert_eq!(seen.len(), 2);
}

/// The reply of an operation to what was sent, which keeps to the contract.
fn sent(method: Method, schema: &Value, path: &str, body: &Value) -> Value {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {path: {method.as_str().to_lowercase(): {
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {"201": {"description": "A", "content": {"application/json": schema}}},
        }}},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let target = path.replace("{id}", "7");
    let request = Request::new(method, &target)
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.to_string().into_bytes());
    let exchange = contract.answer(request);
    assert!(exchange.reply_violations.is_empty(), "{exchange:?}");
    serde_json::from_slice(&exchange.reply.body).expect("JSON")
}

#[test]
fn what_hangs_on_a_date_that_is_sent_moves_with_it() {
    let date = json!({"type": "string", "format": "date"});
    let stay = json!({"schema": {"type": "object", "required": ["checkIn", "checkOut", "nights", "pricePerNight", "totalPrice"],
        "properties": {"checkIn": date, "checkOut": date, "nights": {"type": "integer"},
        "pricePerNight": {"type": "number"}, "totalPrice": {"type": "number"}}}});
    let made = sent(
        Method::POST,
        &stay,
        "/quotes/compute",
        &json!({"checkIn": "2031-03-01"}),
    );
    let nights = (day(&made, "checkOut") - day(&made, "checkIn")).num_days();
    assert_eq!(made["checkIn"], "2031-03-01");
    assert!(nights > 0 && made["nights"] == nights, "{made}");
    let price = number(&made, "pricePerNight") * number(&made, "nights");
    assert!((number(&made, "totalPrice") - price).abs() < 0.01, "{made}");
    let asked = json!({"checkIn": "2031-03-01", "nights": 4});
    let made = sent(Method::POST, &stay, "/quotes/compute", &asked);
    assert_eq!(made["checkOut"], "2031-03-05", "{made}");
}

#[test]
fn a_name_in_several_spellings_says_one_thing() {
    let text = json!({"type": "string"});
    let schema = json!({"schema": {"type": "object", "required": ["userId", "user_id", "note"],
        "properties": {"userId": text, "user_id": text, "note": text}}});
    let made = sent(
        Method::POST,
        &schema,
        "/notes/check",
        &json!({"userId": "u-9"}),
    );
    assert_eq!([&made["userId"], &made["user_id"]], ["u-9", "u-9"]);
}

#[test]
fn what_is_made_below_something_has_an_id_of_its_own() {
    let schema = json!({"schema": {"type": "object", "required": ["id", "amount"],
        "properties": {"id": {"type": "integer", "minimum": 100}, "amount": {"type": "integer"}}}});
    let made = sent(
        Method::POST,
        &schema,
        "/accounts/{id}/limits",
        &json!({"amount": 5}),
    );
    assert!(number(&made, "id") >= 100.0, "{made}");
    assert_eq!(made["amount"], 5);
}

#[test]
fn an_example_of_what_is_made_says_what_was_sent() {
    let schema = json!({"example": {"kitId": 1, "skuId": 2, "quantity": 3},
        "schema": {"type": "object", "properties": {"kitId": {"type": "integer"},
        "skuId": {"type": "integer"}, "quantity": {"type": "integer"}}}});
    let asked = json!({"skuId": 77, "quantity": 4});
    let made = sent(Method::POST, &schema, "/kit", &asked);
    assert_eq!(made, json!({"kitId": 1, "skuId": 77, "quantity": 4}));
    // One of something else stands as it is.
    let asked = json!({"a": 1, "b": 2, "quantity": 4});
    let made = sent(Method::POST, &schema, "/kit", &asked);
    assert_eq!(made["quantity"], 3);
}

#[test]
fn a_reply_says_the_same_in_every_media_type() {
    let schema = json!({"schema": {"type": "object", "required": ["name", "city"],
        "properties": {"name": {"type": "string"}, "city": {"type": "string"}}}});
    let told = json!({"example": {"name": "Zoë", "city": "Ghent"}, "schema": schema["schema"]});
    for json in [&schema, &told] {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {"description": "A", "content": {
                "application/json": json, "application/xml": schema,
            }}}}}},
        });
        let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
        let made = body(&contract, "/a");
        let request =
            Request::new(Method::GET, "/a").with_header(header::ACCEPT, "application/xml");
        let told = contract.answer(request).reply.body;
        let told = String::from_utf8_lossy(&told);
        for name in ["name", "city"] {
            let value = made[name].as_str().unwrap_or_default();
            assert!(told.contains(&format!(">{value}<")), "{made} {told}");
        }
    }
}

#[test]
fn values_whose_names_tell_of_one_another_agree() {
    let (whole, text) = (json!({"type": "integer"}), json!({"type": "string"}));
    let moment = json!({"type": "string", "format": "date-time"});
    for made in samples(
        &json!({"total": whole, "successful": whole, "failed": whole,
        "totalUsers": whole, "activeUsers": whole, "startedAt": moment, "finishedAt": moment,
        "durationMs": whole, "trial_start": whole, "trial_end": whole, "utcOffset": text}),
    ) {
        let number = |name: &str| made[name].as_i64().expect(name);
        assert_eq!(
            number("successful") + number("failed"),
            number("total"),
            "{made}"
        );
        assert!(number("activeUsers") <= number("totalUsers"), "{made}");
        assert!(number("durationMs") >= 60_000, "{made}");
        assert!(1_700_000_000 < number("trial_start"), "{made}");
        assert!(number("trial_start") < number("trial_end"), "{made}");
        assert_eq!(made["utcOffset"].as_str().map(str::len), Some(6), "{made}");
    }
    for made in samples(
        &json!({"brand": {"enum": ["amex", "visa"]}, "number": text, "last4": text,
        "expMonth": whole}),
    ) {
        let number = made["number"].as_str().expect("a number");
        assert!(
            number.ends_with(made["last4"].as_str().expect("digits")),
            "{made}"
        );
        assert_eq!(number.starts_with('4'), made["brand"] == "visa", "{made}");
    }
    for made in samples(&json!({"status": {"const": "draft"}, "amount_due": whole,
        "amount_paid": whole, "amount_remaining": whole}))
    {
        assert_eq!(made["amount_paid"], 0, "{made}");
        assert_eq!(made["amount_remaining"], made["amount_due"], "{made}");
    }
    for made in samples(
        &json!({"dob": {"type": "object", "required": ["year", "month", "day"],
        "properties": {"year": whole, "month": whole, "day": whole}}}),
    ) {
        assert!(made["dob"]["year"].as_i64() < Some(2007), "{made}");
    }
}

#[test]
fn nothing_is_above_what_bounds_it() {
    let (whole, float) = (json!({"type": "integer"}), json!({"type": "number"}));
    for made in samples(
        &json!({"retryCount": whole, "maxRetries": whole, "score": float, "maxScore": float,
        "passingScore": float, "passed": {"type": "boolean"},
        "seats": whole, "seatsUsed": whole, "seatsAvailable": whole,
        "correctAnswers": whole, "totalQuestions": whole}),
    ) {
        let at = |name: &str| number(&made, name);
        assert!(at("retryCount") <= at("maxRetries"), "{made}");
        assert!(at("score") <= at("maxScore"), "{made}");
        assert!(at("passingScore") <= at("maxScore"), "{made}");
        assert_eq!(made["passed"], at("score") >= at("passingScore"), "{made}");
        assert_eq!(
            at("seatsUsed") + at("seatsAvailable"),
            at("seats"),
            "{made}"
        );
        assert!(at("correctAnswers") <= at("totalQuestions"), "{made}");
    }
    for made in samples(&json!({"used": whole, "limit": whole, "usagePercent": float})) {
        let percent = number(&made, "used") / number(&made, "limit") * 100.0;
        assert!(
            (number(&made, "usagePercent") - percent).abs() < 1.0,
            "{made}"
        );
    }
    for made in samples(
        &json!({"symbol": {"type": "string"}, "price": float, "open": float, "high": float,
        "low": float, "previousClose": float, "fiftyTwoWeekHigh": float,
        "fiftyTwoWeekLow": float, "change": float}),
    ) {
        let at = |name: &str| number(&made, name);
        let in_order = [
            "fiftyTwoWeekLow",
            "low",
            "price",
            "high",
            "fiftyTwoWeekHigh",
        ]
        .map(at);
        assert!(in_order.is_sorted(), "{made}");
        assert!(
            at("low") <= at("open") && at("open") <= at("high"),
            "{made}"
        );
        let change = at("price") - at("previousClose");
        assert!((at("change") - change).abs() < 0.01, "{made}");
    }
    for made in samples(
        &json!({"minLat": float, "maxLat": float, "west": float, "east": float,
        "startIp": {"type": "string", "format": "ipv4"}, "endIp": {"type": "string", "format": "ipv4"}}),
    ) {
        assert!(number(&made, "minLat") < number(&made, "maxLat"), "{made}");
        assert!(number(&made, "west") < number(&made, "east"), "{made}");
        let address = |name: &str| made[name].as_str()?.parse::<std::net::Ipv4Addr>().ok();
        assert!(address("startIp") <= address("endIp"), "{made}");
    }
    // A schema's own bounds go first.
    for made in samples(
        &json!({"attempts": {"type": "integer", "minimum": 7}, "maxAttempts": {"const": 3}}),
    ) {
        assert_eq!(made["maxAttempts"], 3, "{made}");
    }
}

#[test]
fn what_another_status_is_has_not_happened() {
    let (flag, moment) = (
        json!({"type": "boolean"}),
        json!({"type": ["string", "null"], "format": "date-time"}),
    );
    for made in samples(
        &json!({"state": {"enum": ["open", "closed", "merged"]}, "merged": flag, "mergedAt": moment,
        "closedAt": moment}),
    ) {
        let is_merged = made["state"] == "merged";
        assert_eq!(made["merged"], is_merged, "{made}");
        assert_eq!(made["mergedAt"].is_null(), !is_merged, "{made}");
        assert!(
            made["state"] != "open" || made["closedAt"].is_null(),
            "{made}"
        );
    }
    for made in samples(
        &json!({"status": {"enum": ["requires_payment_method", "canceled"]},
        "canceled_at": {"type": ["integer", "null"]}, "cancellation_reason": {"type": ["string", "null"]}}),
    ) {
        let is_canceled = made["status"] == "canceled";
        for name in ["canceled_at", "cancellation_reason"] {
            assert_eq!(made[name].is_null(), !is_canceled, "{made}");
        }
    }
    for made in samples(
        &json!({"status": {"enum": ["PENDING", "CHECKED_IN", "CANCELLED"]}, "checkedInAt": moment}),
    ) {
        assert_eq!(
            made["checkedInAt"].is_null(),
            made["status"] != "CHECKED_IN",
            "{made}"
        );
    }
}

#[test]
fn who_did_something_is_one_of_those_who_are_counted() {
    let none = json!({"enum": [0]});
    for made in samples(
        &json!({"liked": {"type": "boolean"}, "likesCount": none, "starredByMe": {"type": "boolean"},
        "stars": none}),
    ) {
        assert_eq!(made["liked"], false, "{made}");
        assert_eq!(made["starredByMe"], false, "{made}");
    }
}

#[test]
fn numbers_beside_a_total_count_and_are_no_moments() {
    let number = json!({"type": "integer"});
    for made in samples(
        &json!({"id": {"type": "string"}, "total": number, "completed": number,
        "failed": number}),
    ) {
        assert!(number_of(&made, "total") < 1_000, "{made}");
        assert!(
            number_of(&made, "completed") <= number_of(&made, "total"),
            "{made}"
        );
    }
    for made in samples(&json!({"created": number, "updated": number, "skipped": number})) {
        assert!(number_of(&made, "created") < 1_000, "{made}");
    }
    // Alone they are moments.
    for made in samples(&json!({"id": number, "created": number, "updated": number})) {
        assert!(number_of(&made, "created") > 1_000_000_000, "{made}");
    }
}

fn number_of(made: &Value, name: &str) -> i64 {
    number(made, name) as i64
}

#[test]
fn a_beginning_and_an_end_that_are_objects_come_in_order() {
    let at = |name: &str, format: &str, example: Value| {
        let mut moment = json!({"type": "string", "format": format});
        if !example.is_null() {
            moment["example"] = example;
        }
        json!({"type": "object", "required": [name], "properties": {name: moment}})
    };
    for (begin, end, name, format) in [
        ("start", "end", "date", "date"),
        ("start", "end", "dateTime", "date-time"),
        ("departure", "arrival", "scheduledTime", "date-time"),
    ] {
        let plain = at(name, format, Value::Null);
        for made in samples(&json!({begin: plain, end: plain})) {
            let text = |of: &str| made[of][name].as_str().map(str::to_owned);
            assert!(text(begin) < text(end), "{made}");
        }
    }
    let said = at("date", "date", json!("2030-05-01"));
    let schema = json!({"type": "object", "required": ["start", "end"],
        "properties": {"start": said, "end": at("date", "date", Value::Null)}});
    let made = sample(schema);
    assert_eq!(made["start"]["date"], "2030-05-01");
    assert!(made["end"]["date"].as_str() > Some("2030-05-01"), "{made}");
}

#[test]
fn what_is_undone_is_so_after_it_was_done() {
    let moment = json!({"type": "string", "format": "date-time"});
    for made in samples(&json!({"publishedAt": moment, "unpublishedAt": moment})) {
        assert!(
            day(&made, "publishedAt") <= day(&made, "unpublishedAt"),
            "{made}"
        );
        assert!(
            made["publishedAt"].as_str() < made["unpublishedAt"].as_str(),
            "{made}"
        );
    }
}

#[test]
fn what_was_just_asked_for_has_nothing_behind_it_that_lies_ahead() {
    let moment = json!({"type": "string", "format": "date-time"});
    let maybe = json!({"type": ["string", "null"], "format": "date-time"});
    let names = ["createdAt", "updatedAt", "readAt", "acceptedAt"];
    let all: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), moment.clone()))
        .collect();
    let told = json!({"schema": {"type": "object", "required": names, "properties": all}});
    let made = sent(Method::POST, &told, "/notes/send", &json!({}));
    let now = chrono::Utc::now();
    let at = |made: &Value, name: &str| {
        let text = made[name].as_str().unwrap_or_default();
        chrono::DateTime::parse_from_rfc3339(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    for name in names {
        assert!(at(&made, name) <= now, "{name}: {made}");
    }
    let command = json!({"schema": {"type": "object", "required": ["status", "queuedAt", "ackedAt"],
        "properties": {"status": {"enum": ["queued"]}, "queuedAt": moment, "ackedAt": maybe}}});
    let made = sent(Method::POST, &command, "/commands/run", &json!({}));
    let since = now.signed_duration_since(at(&made, "queuedAt"));
    assert!(since < chrono::Duration::minutes(1), "{made}");
    assert_eq!(made["ackedAt"], Value::Null);
}

#[test]
fn a_flag_is_as_what_is_beside_it_shows() {
    let (flag, moment) = (
        json!({"type": "boolean"}),
        json!({"type": ["string", "null"], "format": "date-time"}),
    );
    for made in samples(
        &json!({"completed": flag, "completedAt": moment, "isDeleted": flag, "deletedAt": moment,
        "emailVerified": flag, "emailVerifiedAt": moment, "items": {"type": "array", "items": {"type": "integer"}},
        "isEmpty": flag, "inStock": flag, "stock": {"type": "integer"}}),
    ) {
        for (flag, moment) in [
            ("completed", "completedAt"),
            ("isDeleted", "deletedAt"),
            ("emailVerified", "emailVerifiedAt"),
        ] {
            assert_eq!(made[flag], !made[moment].is_null(), "{made}");
        }
        let is_empty = made["items"].as_array().is_some_and(Vec::is_empty);
        assert_eq!(made["isEmpty"], is_empty, "{made}");
        assert_eq!(made["inStock"], made["stock"].as_i64() > Some(0), "{made}");
    }
    for made in samples(
        &json!({"status": {"enum": ["open", "closed"]}, "isClosed": flag, "closedAt": moment}),
    ) {
        assert_eq!(made["isClosed"], made["status"] == "closed", "{made}");
        assert_eq!(made["isClosed"], !made["closedAt"].is_null(), "{made}");
    }
    // What can't be absent tells that it is so.
    let moment = json!({"type": "string", "format": "date-time"});
    for made in samples(&json!({"cancelled": flag, "cancelledAt": moment})) {
        assert_eq!(made["cancelled"], true, "{made}");
    }
}

#[test]
fn a_job_is_as_far_as_its_status() {
    let (moment, text) = (
        json!({"type": ["string", "null"], "format": "date-time"}),
        json!({"type": ["string", "null"]}),
    );
    for made in samples(
        &json!({"status": {"enum": ["queued", "running", "failed", "succeeded"]}, "error": text,
        "result": text, "finishedAt": moment, "progress": {"type": "integer"}}),
    ) {
        let status = made["status"].as_str().unwrap_or_default();
        assert_eq!(!made["error"].is_null(), status == "failed", "{made}");
        let is_under_way = ["queued", "running"].contains(&status);
        assert!(!is_under_way || made["finishedAt"].is_null(), "{made}");
        match status {
            "queued" => assert_eq!(made["progress"], 0, "{made}"),
            "succeeded" => assert_eq!(made["progress"], 100, "{made}"),
            _ => {}
        }
    }
}

#[test]
fn what_follows_from_rows_does() {
    let (whole, date) = (
        json!({"type": "integer"}),
        json!({"type": "string", "format": "date"}),
    );
    let object = |properties: Value| {
        let names = properties.as_object().expect("an object").keys();
        let names: Vec<&String> = names.collect();
        json!({"type": "object", "required": names, "properties": properties})
    };
    let list =
        |properties: Value| json!({"type": "array", "items": object(properties), "minItems": 3});
    for made in samples(
        &json!({"options": list(json!({"label": {"type": "string"}, "votes": whole, "percentage": {"type": "number"}})),
        "totalVotes": whole}),
    ) {
        let options = made["options"].as_array().expect("a list");
        let votes: f64 = options.iter().map(|option| number(option, "votes")).sum();
        assert_eq!(number(&made, "totalVotes"), votes, "{made}");
        for option in options {
            let percent = number(option, "votes") / votes * 100.0;
            assert!(
                (number(option, "percentage") - percent).abs() < 1.0,
                "{made}"
            );
        }
    }
    for made in samples(
        &json!({"startDate": date, "endDate": date, "phases": list(json!({"name": {"type": "string"}, "startDate": date, "endDate": date})),
        "history": list(json!({"date": date, "count": whole}))}),
    ) {
        let phases = made["phases"].as_array().expect("a list");
        for both in phases.windows(2) {
            assert!(
                day(&both[0], "endDate") < day(&both[1], "startDate"),
                "{made}"
            );
        }
        assert_eq!(made["startDate"], phases[0]["startDate"], "{made}");
        assert_eq!(made["endDate"], phases[2]["endDate"], "{made}");
        let history = made["history"].as_array().expect("a list");
        for both in history.windows(2) {
            assert!(day(&both[0], "date") < day(&both[1], "date"), "{made}");
        }
    }
    for made in samples(
        &json!({"quantity": whole, "unitPrice": {"type": "number"}, "discountPercent": whole, "lineTotal": {"type": "number"}}),
    ) {
        let left = 1.0 - number(&made, "discountPercent") / 100.0;
        let total = number(&made, "quantity") * number(&made, "unitPrice") * left;
        assert!((number(&made, "lineTotal") - total).abs() < 0.02, "{made}");
    }
}

#[test]
fn two_that_are_never_the_same_differ() {
    let text = json!({"type": "string"});
    let team = json!({"type": "object", "required": ["name"], "properties": {"name": text}});
    for made in
        samples(&json!({"homeTeam": team, "awayTeam": team, "home_city": text, "away_city": text}))
    {
        assert_ne!(made["homeTeam"]["name"], made["awayTeam"]["name"], "{made}");
        assert_ne!(made["home_city"], made["away_city"], "{made}");
    }
}

#[test]
fn moments_come_in_the_order_that_they_are_told_in() {
    let (date, moment) = (
        json!({"type": "string", "format": "date"}),
        json!({"type": "string", "format": "date-time"}),
    );
    for made in samples(
        &json!({"hireDate": date, "terminationDate": date, "startDate": date, "nextPaymentDate": date,
        "sunrise": moment, "sunset": moment, "issued_at": moment, "expires_in": {"type": "integer"}, "expires_at": moment}),
    ) {
        assert!(
            day(&made, "hireDate") < day(&made, "terminationDate"),
            "{made}"
        );
        assert!(
            day(&made, "startDate") < day(&made, "nextPaymentDate"),
            "{made}"
        );
        assert_eq!(day(&made, "sunrise"), day(&made, "sunset"), "{made}");
        assert!(made["sunrise"].as_str() < made["sunset"].as_str(), "{made}");
        let at = |name: &str| {
            let text = made[name].as_str().unwrap_or_default();
            chrono::DateTime::parse_from_rfc3339(text)
                .expect(name)
                .timestamp()
        };
        let lasts = at("expires_at") - at("issued_at");
        assert_eq!(made["expires_in"], lasts, "{made}");
    }
}

/// A list that is no collection: what is searched for, by pages.
fn search() -> Contract {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/search": {"get": {
            "parameters": (["q", "page", "limit"]).map(|name| json!({"name": name, "in": "query",
                "schema": {"type": if name == "q" { "string" } else { "integer" }}})),
            "responses": {"200": {
                "description": "A",
                "headers": {"Link": {"schema": {"type": "string"}}, "X-Total-Count": {"schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": {"type": "object", "required": ["results", "meta"], "properties": {
                    "results": {"type": "array", "items": {"type": "object", "properties": {"title": {"type": "string"}}}},
                    "meta": {"type": "object", "required": ["page", "limit", "total", "totalPages", "hasNext", "hasPrevious"],
                        "properties": {"page": {"type": "integer"}, "limit": {"type": "integer"}, "total": {"type": "integer"},
                            "totalPages": {"type": "integer"}, "hasNext": {"type": "boolean"}, "hasPrevious": {"type": "boolean"}}},
                }}}},
            }},
        }}},
    });
    Contract::from_text("t.json", &document.to_string()).expect("a contract")
}

#[test]
fn a_list_that_is_made_up_is_the_page_that_is_asked_for() {
    let contract = search();
    for target in ["/search?q=a", "/search?q=a&__dynamic=true"] {
        let made = body(&contract, target);
        let rows = made["results"].as_array().expect("a list").len();
        let meta = json!({"page": 1, "limit": 20, "total": rows, "totalPages": 1, "hasNext": false, "hasPrevious": false});
        assert_eq!(made["meta"], meta, "{made}");
    }
    let all = body(&contract, "/search?__seed=a");
    let first = body(&contract, "/search?limit=1&__seed=a");
    let next = body(&contract, "/search?limit=1&page=2&__seed=a");
    assert_eq!(first["results"], json!([all["results"][0]]));
    assert_eq!(next["results"], json!([all["results"][1]]));
    let meta = json!({"page": 2, "limit": 1, "total": 2, "totalPages": 2, "hasNext": false, "hasPrevious": true});
    assert_eq!(next["meta"], meta);
    let reply = contract
        .answer(Request::new(Method::GET, "/search?limit=1&q=a"))
        .reply;
    assert_eq!(
        reply.header(&"x-total-count".parse().expect("a name")),
        Some("2")
    );
    let link = reply.header(&header::LINK).unwrap_or_default();
    assert!(
        link.contains("/search?limit=1&q=a&page=2>; rel=\"next\""),
        "{link}"
    );
    let reply = contract.answer(Request::new(Method::GET, "/search")).reply;
    assert_eq!(reply.header(&header::LINK), None);
}

#[test]
fn a_total_without_more_is_its_subtotal() {
    let line = json!({"type": "object", "required": ["quantity", "price"],
        "properties": {"quantity": {"type": "integer"}, "price": {"type": "number"}}});
    for made in samples(
        &json!({"items": {"type": "array", "items": line, "minItems": 2},
        "subtotal": {"type": "number"}, "total": {"type": "number"}}),
    ) {
        let lines = made["items"].as_array().expect("a list").iter();
        let sum: f64 = lines
            .map(|line| number(line, "quantity") * number(line, "price"))
            .sum();
        assert!((number(&made, "subtotal") - sum).abs() < 0.01, "{made}");
        assert_eq!(number(&made, "total"), number(&made, "subtotal"), "{made}");
    }
}

#[test]
fn sizes_are_added_up_and_files_are_counted() {
    let whole = json!({"type": "integer"});
    let file = json!({"type": "object", "required": ["id", "size"],
        "properties": {"id": whole, "size": whole}});
    for made in samples(
        &json!({"files": {"type": "array", "items": file, "minItems": 2},
        "count": whole, "totalSize": whole}),
    ) {
        let files = made["files"].as_array().expect("a list");
        let sum: f64 = files.iter().map(|file| number(file, "size")).sum();
        assert_eq!(number(&made, "totalSize"), sum, "{made}");
        assert_eq!(made["count"], files.len(), "{made}");
    }
    let file = json!({"type": "object", "required": ["id"], "properties": {"id": whole}});
    for made in samples(
        &json!({"topics": {"type": "array", "items": file, "minItems": 2},
        "total_size": whole}),
    ) {
        let topics = made["topics"].as_array().expect("a list");
        assert_eq!(made["total_size"], topics.len(), "{made}");
    }
}

#[test]
fn why_and_by_whom_is_told_of_what_has_happened_alone() {
    let text = json!({"type": ["string", "null"]});
    let moment = json!({"type": ["string", "null"], "format": "date-time"});
    for made in samples(
        &json!({"status": {"enum": ["PENDING", "CONFIRMED", "CANCELLED"]},
        "cancellationReason": text, "cancelledBy": text, "trackingNumber": text}),
    ) {
        let is_cancelled = made["status"] == "CANCELLED";
        for name in ["cancellationReason", "cancelledBy"] {
            assert_eq!(!made[name].is_null(), is_cancelled, "{name}: {made}");
        }
        assert!(is_cancelled || made["trackingNumber"].is_null(), "{made}");
    }
    for made in samples(&json!({"state": {"enum": ["open", "closed"]},
        "state_reason": {"enum": ["completed", "not_planned", null]}, "closed_by": text,
        "closed_at": moment, "updated_at": {"type": "string", "format": "date-time"}}))
    {
        let is_closed = made["state"] == "closed";
        for name in ["state_reason", "closed_by", "closed_at"] {
            assert_eq!(!made[name].is_null(), is_closed, "{name}: {made}");
        }
        let changed = made["updated_at"].as_str();
        assert!(made["closed_at"].as_str() <= changed, "{made}");
    }
    let flag = json!({"type": "boolean"});
    for made in samples(
        &json!({"acknowledged": flag, "acknowledgedAt": moment, "acknowledgedBy": text,
        "locked": flag, "active_lock_reason": text, "online": flag, "offlineSince": moment,
        "active": flag, "decommissioned_at": moment}),
    ) {
        for (flag, is_so, name) in [
            ("acknowledged", true, "acknowledgedAt"),
            ("acknowledged", true, "acknowledgedBy"),
            ("locked", true, "active_lock_reason"),
            ("online", false, "offlineSince"),
        ] {
            assert_eq!(made[flag] == is_so, !made[name].is_null(), "{name}: {made}");
        }
        assert!(
            made["active"] == false || made["decommissioned_at"].is_null(),
            "{made}"
        );
    }
    for made in samples(
        &json!({"status": {"enum": ["online", "offline"]}, "online": flag,
        "errorCode": text, "private": flag, "visibility": {"enum": ["public", "private"]}}),
    ) {
        assert_eq!(made["online"], made["status"] == "online", "{made}");
        assert!(
            made["status"] == "offline" || made["errorCode"].is_null(),
            "{made}"
        );
        assert_eq!(made["private"], made["visibility"] == "private", "{made}");
    }
}

#[test]
fn what_is_done_has_come_to_one_thing() {
    let schema = json!({"type": "object", "required": ["done", "progressPercent"], "properties": {
        "done": {"type": "boolean"}, "progressPercent": {"type": "integer"},
        "error": {"type": "object", "properties": {"message": {"type": "string"}}},
        "response": {"type": "object", "properties": {"id": {"type": "integer"}}}}});
    let contract = contract(&schema);
    for seed in 0..8 {
        let made = body(&contract, &format!("/a?__dynamic=true&__seed=s{seed}"));
        let told = ["error", "response"].map(|name| made.get(name).is_some());
        match made["done"] == true {
            true => assert_eq!(
                (&made["progressPercent"], told),
                (&json!(100), [false, true])
            ),
            false => assert_eq!(told, [false; 2], "{made}"),
        }
    }
}

#[test]
fn a_summary_tells_of_the_rows_beside_it() {
    let (float, whole) = (json!({"type": "number"}), json!({"type": "integer"}));
    let moment = json!({"type": "string", "format": "date-time"});
    let row = json!({"type": "object", "required": ["timestamp", "value"],
        "properties": {"timestamp": moment, "value": float}});
    let figures = json!({"type": "object", "required": ["count", "min", "max", "average", "sum", "lastTimestamp"],
        "properties": {"count": whole, "min": float, "max": float, "average": float, "sum": float,
                       "lastTimestamp": moment}});
    for made in samples(&json!({"from": moment, "to": moment,
        "values": {"type": "array", "items": row, "minItems": 4}, "summary": figures}))
    {
        let rows = made["values"].as_array().expect("a list");
        let values: Vec<f64> = rows.iter().map(|row| number(row, "value")).collect();
        let (summary, sum) = (&made["summary"], values.iter().sum::<f64>());
        assert_eq!(summary["count"], rows.len(), "{made}");
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert_eq!(
            [number(summary, "min"), number(summary, "max")],
            [least, most]
        );
        assert!((number(summary, "sum") - sum).abs() < 0.01, "{made}");
        let average = sum / values.len() as f64;
        assert!(
            (number(summary, "average") - average).abs() < 0.01,
            "{made}"
        );
        let times = rows.iter().filter_map(|row| row["timestamp"].as_str());
        let times: Vec<&str> = times.collect();
        assert_eq!(summary["lastTimestamp"].as_str(), times.last().copied());
        assert!(times.is_sorted(), "{made}");
        assert!(made["from"].as_str() <= times.first().copied(), "{made}");
        assert!(times.last().copied() <= made["to"].as_str(), "{made}");
    }
}

#[test]
fn offers_cost_what_the_stay_around_them_makes() {
    let (float, date) = (
        json!({"type": "number"}),
        json!({"type": "string", "format": "date"}),
    );
    let room = json!({"type": "object",
        "required": ["pricePerNight", "totalPrice", "freeCancellationUntil"],
        "properties": {"pricePerNight": float, "totalPrice": float, "freeCancellationUntil": date}});
    for made in samples(
        &json!({"checkIn": date, "checkOut": date, "nights": {"type": "integer"},
        "lowestPrice": float, "highestPrice": float,
        "rooms": {"type": "array", "items": room, "minItems": 2}}),
    ) {
        let rooms = made["rooms"].as_array().expect("a list");
        let prices = rooms.iter().map(|room| number(room, "pricePerNight"));
        assert_eq!(
            number(&made, "lowestPrice"),
            prices.clone().fold(f64::INFINITY, f64::min)
        );
        assert_eq!(
            number(&made, "highestPrice"),
            prices.fold(0.0, f64::max),
            "{made}"
        );
        for room in rooms {
            let price = number(room, "pricePerNight") * number(&made, "nights");
            assert!((number(room, "totalPrice") - price).abs() < 0.01, "{made}");
            assert!(
                day(room, "freeCancellationUntil") < day(&made, "checkIn"),
                "{made}"
            );
        }
    }
}

#[test]
fn what_comes_first_is_told_to() {
    let date = json!({"type": "string", "format": "date"});
    for made in samples(
        &json!({"joinedAt": date, "invitedAt": date, "suspensionDate": date,
        "activationDate": date, "DiscontinuedDate": date, "ReleaseDate": date}),
    ) {
        for (first, then) in [
            ("invitedAt", "joinedAt"),
            ("activationDate", "suspensionDate"),
            ("ReleaseDate", "DiscontinuedDate"),
        ] {
            assert!(day(&made, first) <= day(&made, then), "{first}: {made}");
        }
    }
}

#[test]
fn what_something_is_called_in_an_address_is_its_name() {
    let text = json!({"type": "string"});
    for made in
        samples(&json!({"name": text, "slug": text, "street": text, "stars": {"type": "integer"}}))
    {
        let name = made["name"].as_str().unwrap_or_default();
        let slug = name.to_lowercase().replace('\'', "").replace(' ', "-");
        assert_eq!(made["slug"], slug, "{made}");
    }
    let first = json!({"type": "string", "example": "Zoë"});
    let made = sample(
        json!({"type": "object", "required": ["first_name", "last_name", "full_name", "email"],
        "properties": {"first_name": first, "last_name": text, "full_name": text,
                       "email": {"type": "string", "format": "email"}}}),
    );
    let last = made["last_name"].as_str().unwrap_or_default();
    assert_eq!(made["full_name"], format!("Zoë {last}"), "{made}");
    let email = made["email"].as_str().unwrap_or_default();
    assert!(email.starts_with("zoe."), "{made}");
}

#[test]
fn counts_and_rates_are_of_one_another() {
    let (whole, float) = (json!({"type": "integer"}), json!({"type": "number"}));
    let part = json!({"type": "number", "minimum": 0, "maximum": 1});
    for made in samples(
        &json!({"taskCount": whole, "completedTaskCount": whole, "openTaskCount": whole,
        "progress": part, "requests": whole, "errors": whole, "errorRate": part,
        "reactions": {"type": "object", "required": ["total_count", "+1", "-1"],
            "properties": {"total_count": whole, "+1": whole, "-1": whole}},
        "orderCount": whole, "averageOrderValue": float, "totalSpent": float}),
    ) {
        let [all, done, open] =
            ["taskCount", "completedTaskCount", "openTaskCount"].map(|name| number(&made, name));
        assert_eq!(all, done + open, "{made}");
        if all > 0.0 {
            assert!(
                (number(&made, "progress") - done / all).abs() < 0.01,
                "{made}"
            );
        }
        let reactions = &made["reactions"];
        let sum = number(reactions, "+1") + number(reactions, "-1");
        assert_eq!(number(reactions, "total_count"), sum, "{made}");
        let spent = number(&made, "orderCount") * number(&made, "averageOrderValue");
        assert!((number(&made, "totalSpent") - spent).abs() < 0.01, "{made}");
        if number(&made, "requests") > 0.0 {
            let rate = number(&made, "errors") / number(&made, "requests");
            assert!((number(&made, "errorRate") - rate).abs() < 0.01, "{made}");
        }
    }
}

#[test]
fn what_a_name_means_hangs_on_what_it_is_of() {
    let (text, whole) = (json!({"type": "string"}), json!({"type": "integer"}));
    let room = json!({"type": "object", "required": ["number", "floor", "capacity"],
        "properties": {"number": text, "floor": whole, "capacity": whole}});
    let tags = json!({"type": "array", "items": text, "minItems": 2});
    for made in samples(
        &json!({"caller": text, "callee": text, "acknowledgedBy": text, "iban": text,
        "adults": whole, "children": whole, "signalStrength": whole, "tags": tags,
        "hotelList": {"type": "array", "minItems": 1, "items": {"type": "object",
            "required": ["name", "stars"], "properties": {"name": text, "stars": whole}}},
        "roomList": {"type": "array", "minItems": 2, "items": room}}),
    ) {
        let said = |name: &str| made[name].as_str().unwrap_or_default();
        assert!(said("caller").contains(' '), "{made}");
        assert_ne!(said("caller"), said("callee"), "{made}");
        assert!(said("acknowledgedBy").contains('.'), "{made}");
        assert!(!said("iban").starts_with("US"), "{made}");
        let (adults, children) = (number(&made, "adults"), number(&made, "children"));
        assert!((1.0..3.0).contains(&adults) && children < 3.0, "{made}");
        assert!(number(&made, "signalStrength") < 0.0, "{made}");
        assert_ne!(made["tags"][0], made["tags"][1], "{made}");
        let hotel = made["hotelList"][0]["name"].as_str().unwrap_or_default();
        assert!(!hotel.ends_with("list"), "{made}");
        let room = &made["roomList"][0];
        let digits = room["number"].as_str().unwrap_or_default();
        assert!(digits.len() == 3 && digits.parse::<u16>().is_ok(), "{made}");
        assert!(number(room, "floor") < 10.0 && number(room, "capacity") < 5.0);
    }
}

#[test]
fn formats_are_known_in_the_spellings_that_libraries_write() {
    for (format, version) in [
        ("uuid4", '4'),
        ("uuid1", '1'),
        ("UUIDv7", '7'),
        ("uuid_v5", '5'),
    ] {
        let made = sample(json!({"type": "string", "format": format}));
        let text = made.as_str().unwrap_or_default();
        assert_eq!(
            (text.len(), text.chars().nth(14)),
            (36, Some(version)),
            "{format}: {made}"
        );
    }
    let made = sample(json!({"type": "integer", "format": "unix-time"}));
    let seconds = 1_700_000_000..1_800_000_000;
    assert!(
        made.as_i64().is_some_and(|at| seconds.contains(&at)),
        "{made}"
    );
}

#[test]
fn one_town_and_one_name_are_known_by_the_same_wherever_they_are_told() {
    let text = json!({"type": "string"});
    let town = json!({"type": "string", "example": "Boston"});
    let contract = contract(
        &json!({"type": "object", "required": ["city", "postalCode"],
        "properties": {"city": town, "postalCode": text}}),
    );
    for seed in 0..8 {
        let made = body(&contract, &format!("/a?__seed=s{seed}"));
        assert_eq!(made["postalCode"], "02108", "{made}");
    }
    let user = json!({"type": "object", "required": ["login", "id"],
        "properties": {"login": {"type": "string", "example": "octocat"}, "id": {"type": "integer"}}});
    let made = sample(json!({"type": "object", "required": ["user", "assignee"],
        "properties": {"user": user, "assignee": user}}));
    assert_eq!(made["user"], made["assignee"], "{made}");
}
