//! Expectations: whether the requests came that a test expects, and what was nearest to those that
//! didn't.

use crate::raw::{self, Answer, Served, request};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::{Limits, ServerConfig, control_document};
use serde_json::{Value, json};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer, default: 20}}
        - {name: tag, in: query, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: theme, in: cookie, schema: {type: string}}
      responses: {'200': {description: All, content: {application/json: {example: []}}}}
    post:
      operationId: addPet
      requestBody: {required: true, content: {application/json: {schema: &pet {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Added}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    patch:
      operationId: updatePet
      requestBody: {required: true, content: {application/json: {schema: *pet}}}
      responses: {'204': {description: Done}}
    put:
      operationId: patchPet
      requestBody:
        content:
          application/json-patch+json: {schema: {type: array, items: {type: object}}}
          application/merge-patch+json: {schema: *pet}
      responses: {'204': {description: Done}}
    delete:
      operationId: removePet
      responses: {'204': {description: Gone}}
components:
  schemas:
    Pet:
      type: object
      properties:
        name: {type: string, minLength: 1}
        age: {type: integer}
        owner: {type: object, properties: {email: {type: string}, phones: {type: array, items: {type: string}}}}
        notes: {type: object}
";

const JSON: &str = "Content-Type: application/json\r\n";

struct Mock(Served);

fn mock() -> Mock {
    mock_of(ServerConfig::default())
}

fn mock_of(config: ServerConfig) -> Mock {
    let contract = Contract::from_text("pets.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("pets".to_owned(), contract)]);
    Mock(raw::serve(Arc::new(host), config))
}

impl Mock {
    fn send(&self, line: &str, fields: &str, body: &str) -> Answer {
        let fields = format!("{fields}Connection: close\r\n");
        self.0.send(request(line, &fields, body))
    }

    fn get(&self, target: &str) -> Answer {
        self.send(&format!("GET {target}"), "", "")
    }

    fn change(&self, target: &str, body: Value) -> Answer {
        self.send(&format!("PATCH {target}"), JSON, &body.to_string())
    }

    fn control(&self, line: &str, body: Value) -> Answer {
        let (verb, path) = line.split_once(' ').expect("a line");
        let line = format!("{verb} /_counterpart/{path}");
        match body {
            Value::Null => self.send(&line, "", ""),
            body => self.send(&line, JSON, &body.to_string()),
        }
    }

    #[track_caller]
    fn expect(&self, expectations: Value) -> Value {
        let body = json!({"expectations": expectations});
        self.control("POST expect", body).is(201).json()
    }

    /// The lines of what isn't met; none where all is.
    #[track_caller]
    fn verify(&self, line: &str, body: Value) -> Vec<String> {
        let answer = self.control(line, body);
        let verdict = answer.json();
        match answer.status() {
            200 => assert_eq!(
                (&verdict["met"], &verdict["lines"]),
                (&json!(true), &json!([]))
            ),
            409 => {
                assert_eq!(
                    answer.field("content-type"),
                    Some("application/problem+json")
                );
                assert_eq!(
                    (&verdict["met"], &verdict["status"]),
                    (&json!(false), &json!(409))
                );
            }
            _ => panic!("{}", answer.0),
        }
        let lines = verdict["lines"].as_array().expect("lines");
        lines
            .iter()
            .map(|line| line.as_str().expect("a line").to_owned())
            .collect()
    }
}

const NONE: [&str; 0] = [];

#[test]
fn what_came_as_often_as_expected_is_met() {
    let mock = mock();
    mock.get("/pets").is(200);
    mock.expect(json!([
        {"operation": "updatePet", "request": {"path": {"id": 1}, "body": {"name": "Rex"}}, "times": {"exactly": 2}},
        {"method": "GET", "path": "/pets", "times": {"exactly": 0}},
        {"path": "/pets/{id}", "status": "2xx"},
    ]));
    assert_eq!(
        mock.verify("POST verify", json!(null)),
        [
            "PATCH /pets/1 was expected twice and came 0 times",
            "a request to /pets/{id} was expected at least once and came 0 times"
        ]
    );
    mock.change("/pets/1", json!({"name": "Rex"})).is(204);
    mock.change("/pets/1", json!({"name": "Rex", "age": 3}))
        .is(204);
    assert_eq!(mock.verify("POST verify", json!(null)), NONE);
    let all = mock.control("GET expect", json!(null)).is(200).json();
    let counts = all["expectations"].as_array().expect("expectations");
    let counts: Vec<_> = counts
        .iter()
        .map(|one| (&one["count"], &one["met"]))
        .collect();
    let yes = &json!(true);
    assert_eq!(
        counts,
        [(&json!(2), yes), (&json!(0), yes), (&json!(2), yes)]
    );
    let second = mock.change("/pets/1", json!({"name": "Rex"}));
    second.is(204);
    assert_eq!(
        mock.verify("POST verify", json!(null)),
        ["PATCH /pets/1 was expected twice and came 3 times (#2, #3, #4)"]
    );
}

#[test]
fn what_was_nearest_is_told_with_what_differs() {
    let mock = mock();
    mock.expect(json!([{
        "name": "renames",
        "operation": "updatePet",
        "request": {"path": {"id": 1}, "body": {"name": "Rex", "owner": {"phones": ["1"]}}},
        "status": 204,
        "times": {"exactly": 1},
    }]));
    mock.get("/pets").is(200);
    mock.change("/pets/2", json!({"name": "Ida"})).is(204);
    mock.change(
        "/pets/1",
        json!({"name": "Max", "owner": {"phones": ["1"]}}),
    )
    .is(204);
    mock.change("/pets/1", json!({"name": "", "owner": {"phones": ["1"]}}))
        .is(422);
    let answer = mock.control("POST verify", json!(null));
    let told = answer.problem(409).json();
    let line = "renames: PATCH /pets/1 was expected once and came 0 times; \
        nearest: #3 PATCH /pets/1, body /name: expected \"Rex\", got \"Max\"";
    assert_eq!(told["detail"], line);
    let nearest = &told["expectations"][0]["nearest"];
    let numbers: Vec<_> = nearest
        .as_array()
        .expect("some")
        .iter()
        .map(|n| &n["number"])
        .collect();
    assert_eq!(numbers, [3, 4, 2]);
    assert_eq!(
        nearest[1]["differences"],
        json!([
            {"place": "body /name", "expected": "Rex", "got": ""},
            {"place": "status", "expected": 204, "got": 422},
        ])
    );
    assert_eq!(
        nearest[2]["differences"],
        json!([
            {"place": "path id", "expected": 1, "got": 2},
            {"place": "body /name", "expected": "Rex", "got": "Ida"},
            {"place": "body /owner", "expected": {"phones": ["1"]}},
        ])
    );
}

/// Whether the request breaks the contract is part of what is expected, and told with it.
#[test]
fn an_expectation_of_what_breaks_the_contract_says_so() {
    let mock = mock();
    mock.change("/pets/1", json!({"name": ""})).is(422);
    let verdict = |wish: Value| mock.verify("POST verify", json!({"expectations": [wish]}));
    let wish = |violations: bool, times: Value| json!({"operation": "updatePet", "request": {"path": {"id": 1}}, "violations": violations, "times": times});
    assert_eq!(
        verdict(wish(true, json!({"exactly": 0}))),
        ["PATCH /pets/1 that breaks the contract was expected never and came 1 time (#1)"]
    );
    assert_eq!(
        verdict(wish(false, json!({"exactly": 1}))),
        [
            "PATCH /pets/1 that keeps to the contract was expected once and came 0 times; \
          nearest: #1 PATCH /pets/1, which breaks the contract"
        ]
    );
}

#[test]
fn near_misses_are_of_other_methods_and_paths_too() {
    let mock = mock();
    mock.send("DELETE /pets/1", "", "").is(204);
    let verdict = |wish: Value| mock.verify("POST verify", json!({"expectations": [wish]}));
    assert_eq!(
        verdict(json!({"operation": "updatePet", "request": {"path": {"id": 1}}})),
        [
            "PATCH /pets/1 was expected at least once and came 0 times; \
          nearest: #1 DELETE /pets/1, method: expected \"PATCH\", got \"DELETE\""
        ]
    );
    assert_eq!(
        verdict(json!({"method": "DELETE", "path": "/pets/2"})),
        [
            "DELETE /pets/2 was expected at least once and came 0 times; \
          nearest: #1 DELETE /pets/1, path: expected \"/pets/2\", got \"/pets/1\""
        ]
    );
}

#[test]
fn a_name_that_the_contract_does_not_have_is_refused_with_the_nearest() {
    let mock = mock();
    for (wish, place, told) in [
        (
            json!({"operation": "updatePets"}),
            "/operation",
            "did you mean \"updatePet\"?",
        ),
        (json!({"path": "/pet"}), "/path", "/pets"),
        (json!({"api": "pet"}), "/api", "pets"),
        (json!({"method": "PATHC"}), "/method", "PATCH"),
        (
            json!({"operation": "listPets", "method": "POST"}),
            "/method",
            "this method",
        ),
        (
            json!({"operation": "listPets", "request": {"query": {"limti": 1}}}),
            "/request/query/limti",
            "did you mean `limit`?",
        ),
        (
            json!({"operation": "patchPet", "request": {"body": {"nmae": "Rex"}}}),
            "/request/body/nmae",
            "did you mean `name`?",
        ),
        (
            json!({"operation": "listPets", "request": {"headers": {"X-Tarce": "1"}}}),
            "/request/headers/X-Tarce",
            "did you mean `X-Trace`?",
        ),
        (
            json!({"operation": "updatePet", "request": {"body": {"owner": {"emial": "x"}}}}),
            "/request/body/owner/emial",
            "did you mean `email`?",
        ),
        (
            json!({"operation": "removePet", "request": {"body": {}}}),
            "/request/body",
            "no body",
        ),
        (
            json!({"method": "GET", "request": {"query": {"limit": 1}}}),
            "/request",
            "operation",
        ),
        (
            json!({"times": {"exactly": 1, "atLeast": 1}}),
            "/times",
            "exactly",
        ),
        (
            json!({"times": {"atLeast": 2, "atMost": 1}}),
            "/times",
            "smaller",
        ),
        (json!({"status": "9xx"}), "/status", "9xx"),
        (json!({"status": 99}), "/status", "100"),
        (json!({"sandbox": "a b"}), "/sandbox", "a b"),
        (json!({"opration": "x"}), "/opration", "opration"),
    ] {
        for path in ["expect", "verify"] {
            let body = json!({"expectations": [wish]});
            let problem = mock
                .control(&format!("POST {path}"), body)
                .problem(422)
                .json();
            let error = &problem["errors"][0];
            assert_eq!(
                error["pointer"],
                format!("/expectations/0{place}"),
                "{problem}"
            );
            assert!(
                problem.to_string().replace('\\', "").contains(told),
                "{told}: {problem}"
            );
        }
    }
    let all = mock.control("GET expect", json!(null)).json();
    assert_eq!(all, json!({"expectations": []}));
}

#[test]
fn parameters_fields_and_cookies_count_and_credentials_are_not_told() {
    let mock = mock();
    let wish = json!({"operation": "listPets", "request": {
        "query": {"limit": 5, "tag": ["a", "b"]},
        "headers": {"x-trace": "t", "Accept": "*/*", "X-Own": "1", "Authorization": "Bearer secret"},
        "cookies": {"theme": "dark"},
    }});
    mock.expect(json!([wish]));
    let fields = "X-Trace: t\r\nAccept: */*\r\nX-Own: 1\r\n";
    let secret = "Authorization: Bearer secret\r\nCookie: theme=dark\r\n";
    let target = "GET /pets?limit=5&tag=a&tag=b";
    mock.send(target, &format!("{fields}Cookie: theme=light\r\n"), "")
        .is(200);
    // Of what is masked nothing is known, and nothing said.
    let told = mock.control("POST verify", json!(null)).problem(409).json();
    assert_eq!(told["expectations"][0]["nearest"], json!([]));
    mock.send(target, secret, "").is(200);
    let lines = mock.verify("POST verify", json!(null));
    let near = "nearest: #2 GET /pets?limit=5&tag=a&tag=b, \
        header X-Trace: expected \"t\", got nothing";
    assert!(lines[0].contains(near), "{lines:?}");
    mock.send(target, &format!("{fields}{secret}"), "").is(200);
    assert_eq!(mock.verify("POST verify", json!(null)), NONE);

    let problem = mock
        .control("POST verify", json!({"expectations": [wish]}))
        .problem(422)
        .json();
    let places = problem["errors"].as_array().expect("errors");
    let places: Vec<_> = places
        .iter()
        .map(|e| e["pointer"].as_str().unwrap_or(""))
        .collect();
    let at = "/expectations/0/request";
    assert_eq!(
        places,
        [
            format!("{at}/headers/Authorization"),
            format!("{at}/cookies/theme")
        ]
    );
}

#[test]
fn sandboxes_have_expectations_of_their_own() {
    let mock = mock();
    let wish = json!({"expectations": [{"operation": "listPets", "times": {"exactly": 1}}]});
    for name in ["one", "two"] {
        mock.control(&format!("POST expect?sandbox={name}"), wish.clone())
            .is(201);
    }
    mock.get("/@one/pets").is(200);
    assert_eq!(mock.verify("POST verify?sandbox=one", json!(null)), NONE);
    assert_eq!(
        mock.verify("POST verify?sandbox=two", json!(null)),
        ["GET /pets was expected once and came 0 times"]
    );
    let lines = mock.verify("POST verify", json!(null));
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("sandbox: expected \"two\", got \"one\""),
        "{lines:?}"
    );
    let own = mock.control("GET expect?sandbox=two", json!(null)).json();
    assert_eq!(own["expectations"][0]["expects"]["sandbox"], "two");
    mock.control("DELETE expect?sandbox=two", json!(null))
        .is(204);
    assert_eq!(mock.verify("POST verify", json!(null)), NONE);
    mock.control("POST reset?sandbox=one", json!(null)).is(204);
    let all = mock.control("GET expect", json!(null)).json();
    assert_eq!(all, json!({"expectations": []}));
}

#[test]
fn what_came_before_a_reset_is_not_what_a_later_test_expects() {
    let mock = mock();
    let wish = || json!({"strict": true, "expectations": [{"operation": "listPets", "times": {"exactly": 1}}]});
    for path in ["/pets", "/@one/pets", "/@two/pets"] {
        mock.get(path).is(200);
    }
    mock.control("POST reset?sandbox=one", json!(null)).is(204);
    mock.get("/@one/pets").is(200);
    for line in ["POST verify?sandbox=one", "POST verify?sandbox=two"] {
        assert_eq!(mock.verify(line, wish()), NONE, "{line}");
    }
    mock.control("POST reset", json!(null)).is(204);
    let lines = mock.verify("POST verify?sandbox=one", wish());
    assert_eq!(lines, NONE, "sandboxes stay as they are");
    let exactly = |count: u64| json!({"expectations": [{"operation": "listPets", "times": {"exactly": count}}]});
    assert_eq!(mock.verify("POST verify", exactly(2)), NONE);
    mock.get("/pets").is(200);
    assert_eq!(mock.verify("POST verify", exactly(3)), NONE);
}

#[test]
fn strictly_nothing_else_may_have_come() {
    let mock = mock();
    mock.get("/pets/none").is(405);
    mock.expect(json!([{"operation": "listPets"}]));
    mock.get("/pets").is(200);
    let strict = json!({"strict": true});
    assert_eq!(mock.verify("POST verify", strict.clone()), NONE);
    mock.get("/toys").is(404);
    assert_eq!(
        mock.verify("POST verify", strict.clone()),
        ["#3 GET /toys wasn't expected"]
    );
    assert_eq!(mock.verify("POST verify", json!(null)), NONE);
    // The journal is looked through for what the body names, from its start.
    let all = json!({"strict": true, "expectations": [{"path": "/pets"}]});
    assert_eq!(
        mock.verify("POST verify", all),
        [
            "#1 GET /pets/none wasn't expected",
            "#3 GET /toys wasn't expected"
        ]
    );
}

#[test]
fn an_order_is_kept_where_it_is_asked_for() {
    let mock = mock();
    mock.expect(json!([{"operation": "addPet"}, {"operation": "listPets"}]));
    mock.get("/pets").is(200);
    mock.send("POST /pets", JSON, "{}").is(201);
    assert_eq!(mock.verify("POST verify", json!(null)), NONE);
    let lines = mock.verify("POST verify", json!({"inOrder": true}));
    assert_eq!(
        lines,
        ["GET /pets came before what it was expected to follow (#1)"]
    );
    mock.get("/pets").is(200);
    assert_eq!(mock.verify("POST verify", json!({"inOrder": true})), NONE);
}

#[test]
fn whoever_waits_hears_of_it_once_it_is_met() {
    let mock = mock();
    mock.expect(json!([{"operation": "listPets"}]));
    let started = Instant::now();
    let wait = |body| mock.verify("POST verify", body);
    assert_eq!(wait(json!({"within": "100ms"})).len(), 1);
    assert!(started.elapsed() >= Duration::from_millis(100));
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(150));
            mock.get("/pets").is(200);
        });
        let here = json!({"within": "6s", "expectations": [{"operation": "listPets"}]});
        assert_eq!(wait(here), NONE);
    });
    assert!(started.elapsed() < Duration::from_secs(5));
    let problem = mock
        .control("POST verify", json!({"within": "31s"}))
        .problem(422)
        .json();
    assert_eq!(problem["errors"][0]["pointer"], "/within");
}

#[test]
fn a_server_that_stops_lets_nobody_wait() {
    let mock = mock();
    mock.expect(json!([{"operation": "listPets"}]));
    let mut stream = mock.0.connect();
    use std::io::Write;
    let asked = request("POST /_counterpart/verify", JSON, r#"{"within": "30s"}"#);
    stream.write_all(asked.as_bytes()).expect("written");
    thread::sleep(Duration::from_millis(200));
    assert!(mock.0.stop() < Duration::from_secs(3));
    assert_eq!(raw::read_reply(&mut stream).status(), 409);
}

#[test]
fn expectations_count_what_the_journal_has_lost_and_the_loss_is_told() {
    let limits = Limits {
        journal: 2,
        ..Limits::default()
    };
    let mock = mock_of(ServerConfig {
        limits,
        ..ServerConfig::default()
    });
    mock.expect(json!([{"operation": "listPets", "times": {"exactly": 3}}]));
    for _ in 0..3 {
        mock.get("/pets").is(200);
    }
    let told = mock.control("POST verify", json!(null)).is(200).json();
    assert_eq!(
        (&told["lost"], &told["expectations"][0]["count"]),
        (&json!(1), &json!(3))
    );
    let wish = json!({"expectations": [{"operation": "listPets", "times": {"exactly": 3}}]});
    let told = mock.control("POST verify", wish).problem(409).json();
    assert_eq!(
        (&told["lost"], &told["expectations"][0]["count"]),
        (&json!(1), &json!(2))
    );
    // What was forgotten by request isn't lost.
    mock.control("DELETE journal", json!(null)).is(204);
    let told = mock.control(
        "POST verify",
        json!({"expectations": [{"times": {"exactly": 0}}]}),
    );
    assert_eq!(told.is(200).json()["lost"], 0);
}

#[test]
fn without_a_journal_they_count_all_the_same() {
    let limits = Limits {
        journal: 0,
        ..Limits::default()
    };
    let mock = mock_of(ServerConfig {
        limits,
        ..ServerConfig::default()
    });
    mock.expect(json!([{"operation": "listPets"}]));
    assert_eq!(mock.verify("POST verify", json!(null)).len(), 1);
    mock.get("/pets").is(200);
    assert_eq!(mock.verify("POST verify", json!(null)), NONE);
    for body in [json!({"strict": true}), json!({"expectations": [{}]})] {
        mock.control("POST verify", body).problem(404);
    }
}

#[test]
fn there_are_only_so_many() {
    let mock = mock();
    let many = |count| json!({"expectations": vec![json!({"path": "/pets"}); count]});
    mock.control("POST expect", many(1001)).problem(422);
    mock.control("POST expect", many(1000)).is(201);
    let problem = mock.control("POST expect", many(1)).problem(422).json();
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|d| d.contains("1,000")),
        "{problem}"
    );
    mock.control("DELETE expect/1", json!(null)).is(204);
    mock.control("DELETE expect/1", json!(null)).problem(404);
    mock.control("GET expect/1", json!(null)).problem(404);
    mock.control("GET expect/2", json!(null)).is(200);
    mock.control("POST expect", many(1)).is(201);
    mock.control("POST reset", json!(null)).is(204);
    mock.control("GET expect/2", json!(null)).problem(404);
}

#[test]
fn what_is_odd_is_no_harm() {
    let mock = mock();
    let deep = (0..100).fold(json!(1), |inner, _| json!({"notes": inner}));
    mock.expect(json!([
        {"operation": "addPet", "request": {"body": {"notes": deep}}},
        {"operation": "addPet", "request": {"body": null}},
        {"operation": "addPet", "request": {"body": [1, "\u{1b}[2J\r\n"]}},
        {"name": "\u{1b}[2J\r\n{}", "path": "/pets"},
    ]));
    mock.send("POST /pets", JSON, "{").is(400);
    mock.send("POST /pets", JSON, "null");
    mock.send("POST /pets", "Content-Type: text/odd\r\n", "x")
        .is(415);
    mock.get("/%zz").is(400);
    let told = mock.control("POST verify", json!(null)).problem(409).json();
    let counts = told["expectations"].as_array().expect("some");
    let counts: Vec<_> = counts.iter().map(|one| &one["count"]).collect();
    assert_eq!(counts, [0, 1, 0, 3]);
    let lines = told["lines"].to_string();
    assert!(!lines.contains("\\u001b[2J\\r"), "{lines}");
}

/// The replies of the control plane to what is expected, judged by its own document.
#[test]
fn its_replies_are_those_of_its_document() {
    let mock = mock();
    let document: Value = serde_json::from_str(control_document()).expect("JSON");
    let judged = |template: &str, line: &str, body: Value, status: u16| {
        let answer = mock.control(line, body).is(status);
        let method = line.split(' ').next().expect("a method").to_lowercase();
        let operation = &document["paths"][format!("/_counterpart/{template}")][method];
        let response = &operation["responses"][status.to_string()];
        let Some(media_type) = answer.field("content-type") else {
            return assert!(response["content"].is_null(), "{line} {response}");
        };
        let schema = &response["content"][media_type]["schema"];
        assert!(schema.is_object(), "{line} {status}");
        let mut schema = schema.clone();
        schema["components"] = document["components"].clone();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let errors: Vec<_> = validator
            .iter_errors(&answer.json())
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{line}: {errors:?} {}", answer.body());
    };
    let wish = json!({"name": "n", "api": "pets", "operation": "updatePet", "method": "PATCH",
        "path": "/pets/{id}", "sandbox": "s", "status": "2xx", "violations": false,
        "times": {"atLeast": 1, "atMost": 2},
        "request": {"path": {"id": 1}, "body": {"name": "Rex"}}});
    let one = json!({"expectations": [wish]});
    judged("expect", "GET expect", json!(null), 200);
    judged("expect", "POST expect", one.clone(), 201);
    judged(
        "expect",
        "POST expect",
        json!({"expectations": [{"api": "x"}]}),
        422,
    );
    judged("expect", "POST expect", json!({"expectations": []}), 422);
    judged("expect", "GET expect?sandbox=s", json!(null), 200);
    judged("expect", "GET expect?sandbx=s", json!(null), 422);
    judged("expect/{id}", "GET expect/1", json!(null), 200);
    judged("expect/{id}", "GET expect/9", json!(null), 404);
    judged("expect/{id}", "GET expect/x", json!(null), 422);
    mock.change("/@s/pets/1", json!({"name": "Max"})).is(204);
    judged("verify", "POST verify", json!(null), 409);
    judged(
        "verify",
        "POST verify",
        json!({"strict": true, "inOrder": true}),
        409,
    );
    judged("verify", "POST verify", one, 409);
    mock.change("/@s/pets/1", json!({"name": "Rex"})).is(204);
    judged("verify", "POST verify?sandbox=s", json!(null), 200);
    judged("verify", "POST verify", json!({"within": "soon"}), 422);
    judged("expect/{id}", "DELETE expect/1", json!(null), 204);
    judged("expect/{id}", "DELETE expect/1", json!(null), 404);
    judged("expect", "DELETE expect?sandbox=s", json!(null), 204);
}
