//! What goes wrong on purpose, as a client sees it.

use crate::raw::{self, Answer, Served, millis, read_reply, request};
use counterpart::contract::Contract;
use counterpart::exchange::Exchange;
use counterpart::host::Host;
use counterpart::server::{Limits, Observer, ServerConfig};
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: All
          content: {application/json: {example: [{name: Rex}, {name: Mia}]}}
        '503':
          description: Not now
          content:
            application/json:
              schema: {type: object, required: [reason]}
              example: {reason: maintenance}
    post:
      operationId: addPet
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'201': {description: Added}, '400': {description: Bad}}
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: One, content: {application/json: {example: {name: Rex}}}}
";

const WHOLE: &str = r#"[{"name":"Rex"},{"name":"Mia"}]"#;

fn serve(config: ServerConfig) -> Served {
    let contract = Contract::from_text("pets.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("pets".to_owned(), contract)]);
    raw::serve(Arc::new(host), config)
}

/// Serves under these rules.
fn serve_under(rules: Value) -> Served {
    let served = serve(ServerConfig::default());
    behave(&served, json!({"seed": 1, "rules": rules})).is(204);
    served
}

fn behave(served: &Served, behaviour: Value) -> Answer {
    control(served, "PUT", &behaviour.to_string())
}

fn control(served: &Served, method: &str, body: &str) -> Answer {
    let fields = "Content-Type: application/json\r\nConnection: close\r\n";
    let line = format!("{method} /_counterpart/behaviour");
    served.send(request(&line, fields, body))
}

/// Sends a request on a connection that stays open.
fn ask(served: &Served, line: &str, fields: &str) -> TcpStream {
    let mut stream = served.connect();
    stream
        .write_all(request(line, fields, "").as_bytes())
        .expect("sent");
    stream
}

/// All that comes until the end, and how that comes.
fn rest(mut stream: TcpStream) -> (Vec<u8>, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    (bytes, end.err().map(|error| error.kind()))
}

fn get(served: &Served, prefer: &str) -> TcpStream {
    ask(served, "GET /pets", &format!("Prefer: {prefer}\r\n"))
}

/// The statuses of so many requests.
fn statuses(served: &Served, line: &str, count: usize) -> Vec<u16> {
    let status = |_| read_reply(&mut ask(served, line, "")).status();
    (0..count).map(status).collect()
}

#[test]
fn a_preferred_delay_holds_the_reply_back() {
    let served = serve(ServerConfig::default());
    let started = Instant::now();
    let reply = read_reply(&mut get(&served, "delay=300")).is(200);
    let took = started.elapsed();
    assert!(took >= millis(300) && took < millis(3000), "{took:?}");
    assert_eq!(reply.field("preference-applied"), Some("delay=300"));
    assert_eq!(reply.body(), WHOLE);
    let reply = read_reply(&mut get(&served, "code=503, delay=0")).is(503);
    assert_eq!(reply.field("preference-applied"), Some("code=503, delay=0"));
}

#[test]
fn what_is_late_or_lost_is_done_all_the_same() {
    let served = raw::serve_shipped(ServerConfig::default());
    let one = "/live/v1/sessions/11111111-1111-4111-8111-111111111111";
    for (prefer, title) in [("delay=10", "Late"), ("fault=drop", "Lost")] {
        let fields = format!("Content-Type: application/json\r\nPrefer: {prefer}\r\n");
        let body = json!({"title": title}).to_string();
        served.send(request(&format!("PATCH {one}"), &fields, &body));
        let shown = ask(&served, &format!("GET {one}"), "Prefer: delay=1\r\n");
        let shown = read_reply(&mut { shown }).is(200);
        assert_eq!(shown.json()["title"], title);
    }
}

#[test]
fn what_is_refused_is_late_too_and_a_wrong_preference_is_400() {
    let served = serve(ServerConfig::default());
    let started = Instant::now();
    let reply = read_reply(&mut ask(&served, "GET /nowhere", "Prefer: delay=200\r\n")).is(404);
    assert_eq!(reply.field("preference-applied"), Some("delay=200"));
    assert!(started.elapsed() >= millis(200));
    for bad in ["delay=60001", "delay=-1", "delay=soon", "fault=explode"] {
        let reply = read_reply(&mut get(&served, bad)).problem(400);
        assert!(reply.body().contains(bad), "{}", reply.0);
        assert_eq!(reply.field("preference-applied"), None);
    }
}

#[test]
fn a_client_that_closes_its_side_is_not_kept_waiting() {
    let served = serve(ServerConfig {
        limits: Limits {
            connections: 1,
            ..Limits::default()
        },
        ..ServerConfig::default()
    });
    let started = Instant::now();
    let fields = "Prefer: delay=20000\r\nConnection: close\r\n";
    // One that has only nothing more to say gets its reply.
    served.send(request("GET /pets", fields, "")).is(200);
    // One that is gone frees the only seat there is.
    drop(ask(&served, "GET /pets", fields));
    drop(get(&served, "fault=stall"));
    served.send(request("GET /pets", "", "")).is(200);
    assert!(started.elapsed() < millis(5000), "{:?}", started.elapsed());
}

#[test]
fn a_delay_holds_up_no_other_connection_and_a_stop_only_as_long_as_it_says() {
    let served = serve(ServerConfig {
        limits: Limits {
            stop_time: millis(500),
            ..Limits::default()
        },
        ..ServerConfig::default()
    });
    let slow: Vec<TcpStream> = (0..20).map(|_| get(&served, "delay=20000")).collect();
    let stalled = get(&served, "fault=stall");
    let started = Instant::now();
    assert_eq!(statuses(&served, "GET /pets", 5), [200; 5]);
    assert!(started.elapsed() < millis(2000));
    let took = served.stop();
    assert!(took >= millis(500) && took < millis(3000), "{took:?}");
    drop((slow, stalled));
}

#[test]
fn a_stop_lets_a_short_delay_end() {
    let served = serve(ServerConfig::default());
    let mut stream = get(&served, "delay=500");
    thread::sleep(millis(100));
    let took = served.stop();
    assert!(took >= millis(200) && took < millis(4000), "{took:?}");
    assert_eq!(read_reply(&mut stream).status(), 200);
}

#[test]
fn a_dropped_connection_ends_without_a_byte_and_disturbs_no_other() {
    let served = serve(ServerConfig::default());
    let mut other = ask(&served, "GET /pets", "");
    assert_eq!(read_reply(&mut other).status(), 200);
    for line in ["GET /pets", "HEAD /pets", "GET /nowhere"] {
        let dropped = ask(&served, line, "Prefer: fault=drop\r\n");
        assert_eq!(rest(dropped), (Vec::new(), None), "{line}");
    }
    other
        .write_all(request("GET /pets", "", "").as_bytes())
        .expect("sent");
    assert_eq!(read_reply(&mut other).status(), 200);
}

#[test]
fn a_reset_connection_is_reset() {
    let served = serve(ServerConfig::default());
    let (bytes, end) = rest(get(&served, "fault=reset"));
    assert_eq!((bytes.len(), end), (0, Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_truncated_body_is_shorter_than_its_head_says() {
    let served = serve(ServerConfig::default());
    let (bytes, end) = rest(get(&served, "fault=truncate"));
    assert_eq!(end, None);
    let reply = Answer(String::from_utf8(bytes).expect("UTF-8")).is(200);
    assert_eq!(
        reply.field("content-length"),
        Some(&*WHOLE.len().to_string())
    );
    assert_eq!(reply.body(), &WHOLE[..WHOLE.len() / 2]);
    assert_eq!(reply.field("preference-applied"), Some("fault=truncate"));

    // And a client that counts sees it.
    let url = format!("{}/pets", served.server.url());
    let sent = http::Request::get(url).header("prefer", "fault=truncate");
    let sent = sent.body(Empty::<bytes::Bytes>::new()).expect("a request");
    served.runtime.block_on(async {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let reply = client.request(sent).await.expect("a head");
        let body = reply.into_body().collect().await;
        assert!(body.is_err(), "{body:?}");
    });
    // Without a body there is nothing to cut.
    let head = ask(&served, "HEAD /pets", "Prefer: fault=truncate\r\n");
    assert_eq!(rest(head), (Vec::new(), None));
}

#[test]
fn a_stalled_reply_is_a_head_and_then_nothing_until_patience_ends() {
    let served = serve(ServerConfig {
        limits: Limits {
            stall_time: millis(600),
            ..Limits::default()
        },
        ..ServerConfig::default()
    });
    let mut stream = get(&served, "fault=stall");
    stream.set_read_timeout(Some(millis(300))).expect("set");
    let mut bytes = [0; 4096];
    let mut length = 0;
    while !bytes[..length].ends_with(b"\r\n\r\n") {
        length += stream.read(&mut bytes[length..]).expect("a head");
    }
    let started = Instant::now();
    let waits = stream.read(&mut bytes).expect_err("nothing").kind();
    let timed_out = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
    assert!(timed_out.contains(&waits), "{waits}");
    stream.set_read_timeout(Some(millis(5000))).expect("set");
    assert_eq!(rest(stream), (Vec::new(), None));
    assert!(started.elapsed() < millis(3000));

    let started = Instant::now();
    let head = ask(&served, "HEAD /pets", "Prefer: fault=stall\r\n");
    assert_eq!(rest(head), (Vec::new(), None));
    assert!(started.elapsed() >= millis(600));
}

#[test]
fn garbage_is_no_reply() {
    let served = serve(ServerConfig::default());
    let (bytes, end) = rest(get(&served, "fault=garbage"));
    assert_eq!(end, None);
    assert!(
        !bytes.is_empty() && !bytes.starts_with(b"HTTP"),
        "{bytes:?}"
    );
}

#[test]
fn a_status_is_answered_as_documented_and_nothing_is_judged() {
    let rule = json!({"status": 503, "retryAfter": 7});
    let served = serve_under(json!([rule]));
    let reply = read_reply(&mut ask(&served, "GET /pets", "")).is(503);
    assert_eq!(reply.json(), json!({"reason": "maintenance"}));
    assert_eq!(reply.field("content-type"), Some("application/json"));
    assert_eq!(reply.field("retry-after"), Some("7"));
    for line in [
        "POST /pets",
        "GET /pets/p-1",
        "GET /nowhere",
        "DELETE /pets",
    ] {
        let reply = read_reply(&mut ask(&served, line, "")).problem(503);
        assert_eq!(reply.field("retry-after"), Some("7"), "{line}");
    }
}

#[test]
fn rules_are_for_the_requests_that_they_name() {
    let cases = [
        (json!({"operation": "listPets"}), [503, 200, 404]),
        (json!({"operation": "GET /pets/{id}"}), [200, 503, 404]),
        (json!({"path": "/pets/{id}"}), [200, 503, 404]),
        (json!({"path": "/pets/p-1"}), [200, 503, 404]),
        (json!({"path": "/pets/p-2"}), [200, 200, 404]),
        (json!({"method": "POST"}), [200, 200, 404]),
        (json!({"api": "pets", "method": "GET"}), [503, 503, 503]),
    ];
    let served = serve(ServerConfig::default());
    for (mut rule, wanted) in cases {
        rule["status"] = 503.into();
        behave(&served, json!({"rules": [rule]})).is(204);
        let lines = ["GET /pets", "GET /pets/p-1", "GET /nowhere"];
        let found = lines.map(|line| statuses(&served, line, 1)[0]);
        assert_eq!(found, wanted, "{rule}");
    }
}

#[test]
fn bursts_times_and_chance_are_told_by_the_rules() {
    let served = serve_under(json!([
        {"operation": "listPets", "status": 503, "burst": {"on": 2, "off": 3}},
        {"operation": "GET /pets/{id}", "status": 500, "times": 2},
    ]));
    let bursts = [503, 503, 200, 200, 200, 503, 503, 200];
    assert_eq!(statuses(&served, "GET /pets", 8), bursts);
    assert_eq!(statuses(&served, "GET /pets/a", 4), [500, 500, 200, 200]);

    let chance = json!({"seed": "s", "rules": [{"status": 500, "probability": 0.5}]});
    let drawn = |behaviour: &Value| {
        behave(&served, behaviour.clone()).is(204);
        statuses(&served, "GET /pets", 40)
    };
    let first = drawn(&chance);
    let failed = first.iter().filter(|status| **status == 500).count();
    assert!((8..32).contains(&failed), "{failed}");
    assert_eq!(drawn(&chance), first);
    let mut other = chance.clone();
    other["seed"] = 2.into();
    assert_ne!(drawn(&other), first);
}

#[test]
fn a_latency_is_within_its_bounds() {
    let served = serve_under(json!([
        {"operation": "listPets", "latency": {"uniform": [700, 900]}},
        {"operation": "addPet", "latency": {"fixed": 150}, "fault": "drop"},
    ]));
    let timed = |line: &str| {
        let started = Instant::now();
        let (bytes, _) = rest(ask(&served, line, "Connection: close\r\n"));
        (started.elapsed(), bytes.len())
    };
    for _ in 0..2 {
        let (took, _) = timed("GET /pets");
        assert!(took >= millis(700) && took < millis(4000), "{took:?}");
    }
    let (took, length) = timed("POST /pets");
    assert!(took >= millis(150) && length == 0, "{took:?} {length}");
    let (took, _) = timed("GET /pets/a");
    assert!(took < millis(700), "{took:?}");
}

#[test]
fn what_is_put_is_what_is_there_until_it_is_deleted_or_all_is_reset() {
    let served = serve(ServerConfig::default());
    let read = || control(&served, "GET", "").is(200).json();
    assert_eq!(read(), json!({"rules": []}));
    let behaviour = json!({"seed": "s", "rules": [
        {"api": "pets", "operation": "listPets", "latency": {"uniform": [1.0, 2.5]}, "times": 2},
        {"method": "GET", "path": "/pets/{id}", "fault": "truncate", "probability": 0.5},
        {"latency": {"normal": {"mean": 3.0, "deviation": 1.0}}, "burst": {"on": 1, "off": 2}},
        {"latency": {"lognormal": {"median": 2.0, "sigma": 0.5}}, "status": 429, "retryAfter": 1},
    ]});
    behave(&served, behaviour.clone()).is(204);
    assert_eq!(read(), behaviour);
    behave(&served, read()).is(204);
    assert_eq!(read(), behaviour);
    control(&served, "DELETE", "").is(204);
    assert_eq!(read(), json!({"rules": []}));

    let two = json!({"rules": [{"api": "pets", "status": 500, "times": 2}, {"status": 503}]});
    let reset = |target: &str| {
        let line = format!("POST /_counterpart/reset{target}");
        served
            .send(request(&line, "Connection: close\r\n", ""))
            .is(204)
    };
    behave(&served, two).is(204);
    assert_eq!(statuses(&served, "GET /pets", 1), [500]);
    assert_eq!(read()["rules"][0]["times"], 1);
    reset("?api=pets");
    assert_eq!(read(), json!({"rules": [{"status": 503}]}));
    reset("");
    assert_eq!(read(), json!({"rules": []}));
}

#[test]
fn what_is_wrong_with_rules_is_told_at_once_with_its_place_and_changes_nothing() {
    let served = serve_under(json!([{"status": 503}]));
    let before = control(&served, "GET", "").json();
    let late = |latency: Value| json!({"latency": latency});
    for (rule, pointer) in [
        (json!({"status": 503, "sometimes": true}), "/sometimes"),
        (json!({"status": 99}), "/status"),
        (json!({"status": 503, "probability": 1.5}), "/probability"),
        (json!({"status": 503, "times": 0}), "/times"),
        (
            json!({"status": 503, "burst": {"on": 0, "off": 1}}),
            "/burst/on",
        ),
        (json!({"status": 503, "burst": {"on": 1}}), "/burst/off"),
        (json!({"status": 503, "api": "dogs"}), "/api"),
        (
            json!({"status": 503, "operation": "listDogs"}),
            "/operation",
        ),
        (json!({"status": 503, "method": "GE T"}), "/method"),
        (json!({"status": 503, "path": "pets"}), "/path"),
        (json!({"fault": "explode"}), "/fault"),
        (json!({"times": 1}), ""),
        (json!({"fault": "drop", "retryAfter": 1}), "/retryAfter"),
        (late(json!({"fixed": 60001})), "/latency/fixed"),
        (late(json!({"fixed": 1, "uniform": [1, 2]})), "/latency"),
        (late(json!({})), "/latency"),
        (late(json!({"uniform": [2, 1]})), "/latency/uniform"),
        (late(json!({"uniform": [1]})), "/latency/uniform"),
        (
            late(json!({"normal": {"mean": 1}})),
            "/latency/normal/deviation",
        ),
        (
            late(json!({"normal": {"mean": 1, "deviation": -1}})),
            "/latency/normal/deviation",
        ),
        (
            late(json!({"lognormal": {"median": 5}})),
            "/latency/lognormal",
        ),
        (
            late(json!({"lognormal": {"median": 5, "p99": 4}})),
            "/latency/lognormal/p99",
        ),
        (
            late(json!({"lognormal": {"median": 0, "sigma": 4}})),
            "/latency/lognormal/median",
        ),
    ] {
        let rules = json!({"rules": [{"status": 500}, rule]});
        let problem = behave(&served, rules).problem(422).json();
        let found = problem["errors"][0]["pointer"].as_str();
        assert_eq!(
            found,
            Some(&*format!("/rules/1{pointer}")),
            "{rule}: {problem}"
        );
    }
    let many = json!({"rules": vec![json!({"status": 500}); 1001]});
    behave(&served, many).problem(422);
    let two = json!({"rules": [{"status": 1}, {"fault": "x"}]});
    let problem = behave(&served, two).problem(422).json();
    assert_eq!(
        problem["errors"].as_array().map(Vec::len),
        Some(2),
        "{problem}"
    );
    for (body, status) in [("", 400), ("{", 400), ("[]", 422), ("{}", 422)] {
        let answer = control(&served, "PUT", body);
        assert_eq!(answer.status(), status, "{body}: {}", answer.0);
    }
    assert_eq!(control(&served, "GET", "").json(), before);
    behave(
        &served,
        json!({"rules": vec![json!({"status": 500}); 1000]}),
    )
    .is(204);
}

#[test]
fn a_rule_for_what_is_not_there_is_refused_with_the_nearest_that_is() {
    let served = serve(ServerConfig::default());
    for (rule, pointer, told) in [
        (
            json!({"path": "/petz"}),
            "/path",
            "there is no path \"/petz\"; the nearest are /pets, /pets/{id}",
        ),
        (
            json!({"path": "/pets/{id}/toys"}),
            "/path",
            "the nearest are /pets/{id}",
        ),
        (json!({"path": "/pets?x=1"}), "/path", "there is no path"),
        (
            json!({"method": "GTE"}),
            "/method",
            "there is no method \"GTE\"; there are DELETE, GET, HEAD",
        ),
        (json!({"method": "get"}), "/method", "did you mean \"GET\"?"),
        (
            json!({"operation": "listPet"}),
            "/operation",
            "did you mean \"listPets\"?",
        ),
        (
            json!({"operation": "GET /pet"}),
            "/operation",
            "did you mean \"GET /pets\"?",
        ),
        (
            json!({"operation": "q"}),
            "/operation",
            "there are GET /pets, GET /pets/{id}, POST /pets, addPet, listPets",
        ),
        (json!({"api": "pest"}), "/api", "did you mean \"pets\"?"),
        (
            json!({"operation": "addPet", "method": "GET"}),
            "/method",
            "no request to the operation POST /pets has this method",
        ),
        (
            json!({"operation": "addPet", "path": "/pets/1"}),
            "/path",
            "no request to the operation POST /pets has this path",
        ),
    ] {
        let mut rule = rule;
        rule["status"] = 503.into();
        let problem = behave(&served, json!({"rules": [rule]}))
            .problem(422)
            .json();
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], format!("/rules/0{pointer}"), "{problem}");
        let detail = error["detail"].as_str().expect("a detail");
        assert!(detail.contains(told), "{detail}");
    }
    for rule in [
        json!({"path": "/pets/p 1"}),
        json!({"path": "/pets/p-1", "method": "DELETE"}),
        json!({"path": "/{any}/{other}", "method": "HEAD"}),
        json!({"operation": "listPets", "method": "HEAD", "path": "/pets"}),
    ] {
        let mut rule = rule;
        rule["status"] = 503.into();
        behave(&served, json!({"rules": [rule]})).is(204);
    }
}

#[test]
fn a_rule_for_a_path_acts_under_every_prefix_that_the_path_answers_under() {
    let served = raw::serve_shipped(ServerConfig::default());
    let one = "11111111-1111-4111-8111-111111111111";
    for path in [
        "/v1/sessions/{id}",
        "/live/v1/sessions/{any}",
        &format!("/v1/sessions/{one}"),
        &format!("/live/v1/sessions/{one}"),
    ] {
        let behaviour = json!({"rules": [{"path": path, "status": 503}]});
        behave(&served, behaviour).is(204);
        let line = format!("GET /live/v1/sessions/{one}");
        assert_eq!(statuses(&served, &line, 1), [503], "{path}");
    }
    let misspelt = json!({"rules": [{"path": "/live/v1/session/{id}", "status": 503}]});
    let problem = behave(&served, misspelt).problem(422).json();
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(
        detail.contains("the nearest are /live/v1/sessions/{"),
        "{detail}"
    );

    let document = r"
openapi: 3.1.0
info: {title: Files, version: '1'}
servers: [{url: 'https://example.com/api/v2'}]
paths:
  /files/{name}.{ending}:
    get:
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      - {name: ending, in: path, required: true, schema: {type: string}}
      responses: {'200': {description: One}}
";
    let contract = Contract::from_text("files.yaml", document).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("files".to_owned(), contract)]);
    let served = raw::serve(Arc::new(host), ServerConfig::default());
    for path in [
        "/files/{name}.{ending}",
        "/api/v2/files/{a}.{b}",
        "/files/{any}",
        "/files/a.txt",
        "/api/v2/files/a.txt",
    ] {
        let behaviour = json!({"rules": [{"path": path, "status": 503}]});
        behave(&served, behaviour).is(204);
        for asked in ["GET /files/a.txt", "GET /api/v2/files/a.txt"] {
            assert_eq!(statuses(&served, asked, 1), [503], "{path} {asked}");
        }
    }
}

/// Keeps what exchanges were done on purpose.
#[derive(Default)]
struct Recorder(Mutex<Vec<String>>);

impl Observer for Recorder {
    fn exchange(&self, exchange: &Exchange, _: Duration) {
        let mut lines = self.0.lock().expect("not poisoned");
        lines.push(exchange.conduct.to_string());
    }
}

#[test]
fn the_record_tells_what_was_done_on_purpose() {
    let recorder = Arc::new(Recorder::default());
    let served = serve(ServerConfig {
        observer: recorder.clone(),
        ..ServerConfig::default()
    });
    let rule = json!({"operation": "addPet", "status": 503, "latency": {"fixed": 5}});
    behave(&served, json!({"rules": [rule]})).is(204);
    read_reply(&mut ask(&served, "GET /pets", ""));
    rest(get(&served, "delay=20, fault=truncate"));
    read_reply(&mut ask(&served, "POST /pets", ""));
    let lines = recorder.0.lock().expect("not poisoned");
    let truncated = "delayed 20 ms, truncated on purpose";
    assert_eq!(*lines, ["", truncated, "delayed 5 ms, 503 on purpose"]);
}
