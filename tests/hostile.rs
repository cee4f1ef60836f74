//! What a client may send to hurt: it is refused in time, and the mock goes on.

use crate::harness::{Counterpart, counterpart};
use crate::process::Folder;
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::{Method, Request, header};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const APPOINTMENT: &str = "/api/v2/appointments/1610c525-f19a-40d0-8cd1-03daba3d2d98";
const LIVE: &str = "/v1/sessions/11111111-1111-4111-8111-111111111111";

fn booked(mock: &Counterpart, body: Value) -> u16 {
    let patch = mock
        .patch("/v1/sessions/rec-mon-10")
        .bearer(&["bookings.admin"]);
    patch.json(body).send().status
}

#[test]
fn a_hundred_thousand_guests_are_compared_in_seconds() {
    let mock = counterpart("appointments");
    let guests: Vec<Value> = (0..100_000)
        .map(|n| json!({"email": format!("g{n}@example.com")}))
        .collect();
    let started = Instant::now();
    let put = mock
        .put(APPOINTMENT)
        .header("Authorization", "ONLIVESITE Credential:k, Signature=s");
    put.json(json!({"guests": guests})).send().is(200);
    // In a debug build; quadratic work would take minutes.
    assert!(
        started.elapsed() < Duration::from_secs(90),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn deeply_nested_or_very_many_parameters_are_422() {
    let mock = counterpart("bookings");
    let nested = format!("?participantNotification{}=1", "[a]".repeat(2_500));
    let many = format!("?{}", "a=1&".repeat(1_500));
    for query in [nested, many] {
        let target = format!("/v1/sessions/rec-mon-10{query}");
        let patch = mock.patch(&target).bearer(&["bookings.admin"]);
        patch.json(json!({})).send().is(422);
    }
}

#[test]
fn recurrence_rules_that_are_no_ascii_are_422() {
    let mock = counterpart("bookings");
    for day in ["éO", "ＭＯ", "M\u{0}", "😀"] {
        let recurrence = format!("FREQ=WEEKLY;BYDAY={day}");
        assert_eq!(
            booked(&mock, json!({"recurrence": recurrence})),
            422,
            "{day}"
        );
    }
}

#[test]
fn times_that_no_duration_spans_are_422() {
    let mock = counterpart("bookings");
    let local = |year: i32| {
        json!({"localDateTime": {"year": year, "monthOfYear": 1, "dayOfMonth": 1,
                                 "hourOfDay": 11, "minutesOfHour": 0}})
    };
    for body in [
        json!({"end": local(2400)}),
        json!({"end": local(9999)}),
        json!({"start": local(1)}),
        json!({"start": local(1700)}),
    ] {
        assert_eq!(booked(&mock, body.clone()), 422, "{body}");
    }
    let answer = mock.get("/v1/sessions/rec-mon-10").bearer(&[]).send();
    assert_eq!(answer.json()["end"]["localDateTime"]["year"], 2020);
}

#[test]
fn an_unknown_time_zone_is_422_with_a_timestamp_too() {
    let mock = counterpart("bookings");
    let body = json!({"start": {"timestamp": "2020-12-21T09:00:00Z", "timeZone": "Mars/X"}});
    let patch = mock
        .patch("/v1/sessions/rec-mon-10_20201221")
        .bearer(&["bookings.admin"]);
    assert_eq!(
        patch.json(body).send().is(422).pointers(),
        ["/start/timeZone"]
    );
}

#[test]
fn a_store_that_is_full_is_507_and_reads_go_on() {
    let mock = counterpart("live");
    let mut refused = 0;
    for n in 0..20 {
        let body = json!({"metadata": {format!("k{n}"): "x".repeat(8 << 20)}});
        let status = mock.patch(LIVE).json(body).send().status;
        assert!(status == 200 || status == 507, "{status}");
        refused += usize::from(status == 507);
    }
    assert!(refused >= 10, "{refused}");
    mock.get(LIVE).send().is(200);
    mock.patch("/v1/sessions/22222222-2222-4222-8222-222222222222")
        .json(json!({"metadata": {"a": "x".repeat(8 << 20)}}))
        .send()
        .is(507);
    mock.api().contract().reset().expect("nothing keeps it");
    mock.patch(LIVE)
        .json(json!({"title": "Again"}))
        .send()
        .is(200);
}

#[test]
fn of_a_list_with_a_wrong_item_the_others_are_judged() {
    let mock = counterpart("workspace");
    let target = "/v1/workspace/507f191e810c19729de860ea/sessions/507f1f77bcf86cd799439011";
    let mut ids = vec![json!("507f1f77bcf86cd799439013"); 12];
    (ids[0], ids[1], ids[3], ids[10]) = (json!("nope"), json!(""), json!(5), json!("nor this"));
    let patch = mock.patch(target).bearer(&["sessions.update"]);
    let mut pointers = patch
        .json(json!({"serviceIds": ids}))
        .send()
        .is(422)
        .pointers();
    pointers.sort();
    assert_eq!(
        pointers,
        [
            "/serviceIds/0",
            "/serviceIds/1",
            "/serviceIds/10",
            "/serviceIds/3"
        ]
    );

    let mock = counterpart("appointments");
    let put = mock
        .put(APPOINTMENT)
        .header("Authorization", "ONLIVESITE Credential:k, Signature=s");
    let guest = json!({"email": "a@example.com"});
    let body = json!({"guests": [guest, {"email": "no"}, guest, {"name": "x"}]});
    let mut pointers = put.json(body).send().is(422).pointers();
    pointers.sort();
    assert_eq!(
        pointers,
        ["/guests/1/email", "/guests/2/email", "/guests/3/email"]
    );
}

#[test]
fn nothing_is_concluded_from_a_value_that_is_wrong() {
    let mock = counterpart("appointments");
    for body in [
        json!({"endAt": null, "startAt": "2025-03-10T20:00:00Z"}),
        json!({"startAt": 5, "endAt": "2025-03-10T06:00:00Z"}),
        json!({"startAt": "soon", "endAt": "2025-03-10T06:00:00Z"}),
    ] {
        let put = mock
            .put(APPOINTMENT)
            .header("Authorization", "ONLIVESITE Credential:k, Signature=s");
        let pointers = put.json(body.clone()).send().is(422).pointers();
        assert_eq!(pointers.len(), 1, "{body}: {pointers:?}");
    }
}

#[test]
fn whole_numbers_come_back_as_such_however_they_are_written() {
    let mock = counterpart("live");
    let body =
        r#"{"max_participants": 2e1, "metadata": {"a": 1e2, "b": 2.0, "c": 9007199254740993}}"#;
    let answer = mock
        .patch(LIVE)
        .body("application/json", body)
        .send()
        .is(200);
    assert_eq!(answer.json()["max_participants"], 20);
    let metadata = answer.json()["metadata"].to_string();
    assert_eq!(metadata, r#"{"a":100,"b":2,"c":9007199254740993}"#);
}

#[test]
fn negative_zero_comes_back_as_zero() {
    let mock = counterpart("live");
    let answer = mock.patch(LIVE).body(
        "application/json",
        r#"{"metadata": {"n": -0, "m": [-0.0]}}"#,
    );
    assert_eq!(
        answer.send().is(200).json()["metadata"].to_string(),
        r#"{"n":0,"m":[0]}"#
    );
}

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: &get
      responses:
        '200':
          description: It
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '103': {description: Early}
        '205': {description: Reset, content: {application/json: {example: 1}}}
    patch:
      operationId: change
      requestBody: {content: {application/json: {schema: {properties: {n: {type: integer}}}}}}
      responses:
        '200':
          description: It
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
components:
  schemas:
    Thing: {type: object, required: [id], properties: {id: {type: string}, n: {type: integer}}}
";

fn things(rules: &str) -> Counterpart {
    let folder = Folder::of(&[
        ("specs/api.yaml", DOCUMENT),
        ("fixtures/api/things.yaml", "[{id: a, n: 1}, {id: b, n: 2}]"),
        ("fixtures/api/rules.yaml", rules),
    ]);
    let host = Host::load(&[folder.path().join("specs")]);
    Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")))
}

#[test]
fn a_cascade_that_would_break_the_contract_changes_nothing() {
    let mock = things(
        "operations: {change: {cascade: [{collection: things, where: 'true', \
         set: [{at: /n, to: \"item.n > 0 ? null : 1\"}]}]}}",
    );
    mock.patch("/things/a").json(json!({"n": 5})).send().is(500);
    assert_eq!(mock.get("/things/a").send().json()["n"], 1);
    assert_eq!(mock.get("/things/b").send().json()["n"], 2);
}

#[test]
fn a_cascade_spares_the_item_that_is_updated_and_keeps_keys() {
    let mock = things(
        "operations: {change: {cascade: [{collection: things, where: 'true', \
         set: [{at: /n, to: '99'}, {at: /id, to: \"'z'\"}]}]}}",
    );
    mock.patch("/things/a").json(json!({"n": 5})).send().is(200);
    assert_eq!(
        mock.get("/things/a").send().json(),
        json!({"id": "a", "n": 5})
    );
    assert_eq!(
        mock.get("/things/b").send().json(),
        json!({"id": "b", "n": 99})
    );
}

#[test]
fn a_rule_is_as_long_as_it_may_be_or_refused() {
    // As much room as a program's main thread has.
    let thread = std::thread::Builder::new().stack_size(8 << 20);
    let tried = thread.spawn(|| {
        let refused = |that: &str| {
            let rules =
                format!("operations: {{change: {{require: [{{that: '{that}', message: m}}]}}}}");
            let tried = std::panic::catch_unwind(|| things(&rules));
            match tried {
                Ok(mock) => {
                    mock.patch("/things/a").json(json!({"n": 5})).send().is(200);
                    String::new()
                }
                Err(why) => *why.downcast::<String>().expect("a message"),
            }
        };
        let chain = |terms: usize| format!("{} > 0", vec!["1"; terms].join("+"));
        let nested = format!("{}1{} > 0", "(".repeat(200), ")".repeat(200));
        [chain(60), chain(200), chain(10_000), nested].map(|that| refused(&that))
    });
    let [fine, chained, long, nested] = tried.expect("a thread").join().expect("no panic");
    assert_eq!(fine, "");
    let told = "no more than 64 operations hang on each other";
    assert!(chained.contains(told), "{chained}");
    let told = "an expression has no more than 300 operators, in 16384 bytes";
    assert!(long.contains(told), "{long}");
    assert!(
        nested.contains("brackets stand in each other 20 deep at most"),
        "{nested}"
    );
}

#[test]
fn a_rule_that_a_large_request_makes_endless_ends_and_tells_its_line() {
    let mock = things(
        "operations:
  change:
    require:
      - that: request.body.list.map(a, request.body.list.map(b, [a, b])).size() > 0
        message: Never known.
      - that: request.body.n > 0
        message: n is too small.
",
    );
    let change = |list: usize| {
        mock.patch("/things/a")
            .json(json!({"n": 5, "list": vec![0; list]}))
    };
    change(100).send().is(200);
    let answer = change(100_000).send().is(422).json();
    assert_eq!(
        answer["errors"][0]["detail"],
        "Never known. (this could not be judged: with what this request holds it takes more than 10000000 steps)"
    );
    assert_eq!(
        answer["errors"].as_array().map(Vec::len),
        Some(1),
        "{answer}"
    );
    change(100).send().is(200);
}

#[test]
fn a_cascade_that_copies_without_end_changes_nothing() {
    let items: Vec<String> = (0..5_000).map(|n| format!("{{id: i{n}, n: 1}}")).collect();
    let folder = Folder::of(&[
        ("specs/api.yaml", DOCUMENT),
        (
            "fixtures/api/things.yaml",
            &format!("[{}]", items.join(",")),
        ),
        (
            "fixtures/api/rules.yaml",
            "operations: {change: {cascade: [{collection: things, where: 'true', \
             set: [{at: /n, to: \"items('things').map(i, i.n)[0]\"}]}]}}",
        ),
    ]);
    let host = Host::load(&[folder.path().join("specs")]);
    let mock = Counterpart::of(host.unwrap_or_else(|errors| panic!("{errors}")));
    mock.patch("/things/i1")
        .json(json!({"n": 5}))
        .send()
        .is(422);
    assert_eq!(mock.get("/things/i1").send().json()["n"], 1);
}

#[test]
fn an_interim_status_is_never_sent_and_a_205_has_no_body() {
    let mock = things("");
    let get = |code: &str| {
        mock.get("/things/a")
            .header("Prefer", &format!("code={code}"))
            .send()
    };
    assert_eq!(get("103").status, 400);
    let reset = get("205");
    assert_eq!((reset.status, reset.text.as_str()), (205, ""));
}

#[test]
fn values_as_deep_as_they_may_be_are_judged_by_recursive_schemas() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    A: {allOf: [{$ref: '#/components/schemas/B'}]}
    B: {anyOf: [{type: integer}, {$ref: '#/components/schemas/C'}]}
    C: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    let deep = |end: &str| {
        let body = format!("{}{end}{}", "{\"next\":".repeat(127), "}".repeat(127));
        let request = Request::new(Method::PUT, "/x")
            .with_header(header::CONTENT_TYPE, "application/json")
            .with_body(body.into_bytes());
        contract.answer(request).reply.status.as_u16()
    };
    assert_eq!(deep("1"), 204);
    assert_eq!(deep("\"a\""), 422);
}

#[test]
fn names_as_long_as_a_body_are_not_told_again() {
    let document = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    put:
      requestBody: {content: {application/json: {schema: {additionalProperties: {additionalProperties: false}}}}}
      responses: {'204': {description: Done}}
";
    let contract = Contract::from_text("t.yaml", document).expect("a contract");
    let put = |body: Value| {
        let request = Request::new(Method::PUT, "/x")
            .with_header(header::CONTENT_TYPE, "application/json")
            .with_body(body.to_string().into_bytes());
        let reply = contract.answer(request).reply;
        assert_eq!(reply.status.as_u16(), 422);
        assert!(reply.body.len() < 64 << 10, "{} bytes", reply.body.len());
        serde_json::from_slice::<Value>(&reply.body).expect("JSON")
    };
    let long = "k".repeat(300_000);
    let told = put(json!({"a": {long.clone(): 1}}));
    assert_eq!(told["errors"][0]["pointer"], "/a", "{told}");
    let many: serde_json::Map<String, Value> = (0..20)
        .map(|n| (format!("{n}{long}"), json!({long.clone(): 1})))
        .collect();
    assert_eq!(
        put(many.into())["errors"].as_array().map(Vec::len),
        Some(20)
    );
}

/// How long this thread has worked: what others do on the machine is no part of it.
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// What a schema says of a body, which is to take no longer than a request may.
fn judged(schema: &Value, body: String) -> (u16, usize) {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"put": {
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": {"204": {"description": "Done"}},
        }}},
        "components": {"schemas": {"A": schema}},
    });
    let contract = Contract::from_text("t.json", &document.to_string()).expect("a contract");
    let request = Request::new(Method::PUT, "/x")
        .with_header(header::CONTENT_TYPE, "application/json")
        .with_body(body.into_bytes());
    let started = worked();
    let exchange = contract.answer(request);
    let took = worked() - started;
    let shown: String = schema.to_string().chars().take(200).collect();
    assert!(took < Duration::from_secs(10), "{shown} {took:?}");
    (
        exchange.reply.status.as_u16(),
        exchange.violations.len().min(1),
    )
}

#[test]
fn many_alternatives_of_many_values_are_told_of_in_time_and_room() {
    let a = json!({"$ref": "#/components/schemas/A"});
    let required = |name: &str| json!({"type": "object", "required": [name]});
    let branches: Vec<Value> = (0..1_000).map(|i| required(&format!("p{i}"))).collect();
    let closed: Vec<Value> = (0..300)
        .map(|i| json!({"additionalProperties": false, "properties": {format!("q{i}"): {}}}))
        .collect();
    let unknown: Vec<String> = (0..20_000).map(|i| format!("\"k{i}\":1")).collect();
    for (schema, body) in [
        (
            json!({"items": {"anyOf": [required("a"), required("b"), {"type": "string"}]}}),
            format!("[{}1]", "1,".repeat(500_000)),
        ),
        (
            json!({"items": {"oneOf": branches}}),
            format!("[{}{{}}]", "{},".repeat(1_000)),
        ),
        (
            json!({"oneOf": closed}),
            format!("{{{}}}", unknown.join(",")),
        ),
        (
            json!({"anyOf": [
                {"type": "array", "items": a},
                {"type": "array", "items": a, "minItems": 1},
                {"type": "string"},
            ]}),
            format!("{}1{}", "[".repeat(120), "]".repeat(120)),
        ),
        (
            json!({"oneOf": [
                {"type": "array", "items": a},
                {"type": "array", "items": a, "maxItems": 9},
                {"type": "string"},
            ]}),
            format!("{}\"a\"{}", "[".repeat(120), "]".repeat(120)),
        ),
        (
            json!({
                "oneOf": [
                    {"properties": {"n": a}, "required": ["x"]},
                    {"properties": {"n": a, "m": {}}, "required": ["y"]},
                ],
                "unevaluatedProperties": false,
            }),
            format!("{}1{}", "{\"n\":".repeat(60), "}".repeat(60)),
        ),
        (
            json!({"items": {"pattern": "(?<=a)(.*)(.*)(.*)(.*)(.*)x$"}}),
            format!("[\"{}\"]", "a".repeat(1_000_000)),
        ),
        (
            json!({"items": {"pattern": "(?<=a)(.*)(.*)(.*)(.*)(.*)x$"}}),
            format!("[{}1]", format!("\"{}\",", "a".repeat(1_000)).repeat(2_000)),
        ),
    ] {
        assert_eq!(judged(&schema, body), (422, 1));
    }
}
