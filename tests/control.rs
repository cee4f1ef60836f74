//! The control plane: who gets in, what it does, and that its document says so.

use crate::raw::{Answer, Served, serve_shipped};
use counterpart::contract::Contract;
use counterpart::server::{Limits, ServerConfig, control_document};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

const JSON: &str = "Content-Type: application/json\r\n";
const SESSIONS: &str = "/_counterpart/state/live/sessions";
const ONE: &str = "11111111-1111-4111-8111-111111111111";

/// The shipped contracts with their control plane.
struct Plane(Served);

fn plane() -> Plane {
    plane_of(ServerConfig::default())
}

fn plane_of(config: ServerConfig) -> Plane {
    Plane(serve_shipped(config))
}

impl Plane {
    fn ask(&self, line: &str) -> Answer {
        self.send(line, "", "")
    }

    fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(&format!("PUT {path}"), JSON, &body.to_string())
    }

    fn send(&self, line: &str, fields: &str, body: &str) -> Answer {
        self.send_as("localhost:4010", line, fields, body)
    }

    fn send_as(&self, host: &str, line: &str, fields: &str, body: &str) -> Answer {
        let length = match body.len() {
            0 => String::new(),
            length => format!("Content-Length: {length}\r\n"),
        };
        self.0.send(format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{length}{fields}\r\n{body}"
        ))
    }
}

/// A problem, with nothing that would let a web page read it; gives its detail.
#[track_caller]
fn refused(answer: Answer, status: u16) -> String {
    let answer = answer.problem(status);
    assert!(!answer.0.contains("access-control-"), "{}", answer.0);
    let detail = answer.json()["detail"].as_str().map(str::to_owned);
    detail.expect("a detail")
}

#[test]
fn metrics_tell_what_was_done_what_is_held_and_what_bounds_there_are() {
    let plane = plane_of(ServerConfig {
        limits: Limits {
            body: 1_000,
            ..Limits::default()
        },
        ..ServerConfig::default()
    });
    plane.ask("GET /nowhere").is(404);
    plane.ask("GET /nowhere").is(404);
    plane
        .send(&format!("PUT {SESSIONS}/new"), JSON, r#"{"id": "new"}"#)
        .is(201);
    let long = "x".repeat(2_000);
    plane.send("POST /live/x", JSON, &long).is(413);
    // Those that were closed are told of until the server has seen it.
    let end = Instant::now() + Duration::from_secs(10);
    let text = loop {
        let answer = plane.ask("GET /_counterpart/metrics").is(200);
        let media_type = answer.field("content-type");
        assert_eq!(media_type, Some("text/plain; version=0.0.4; charset=utf-8"));
        let text = answer.body().to_owned();
        if text.contains("counterpart_connections 1\n") || Instant::now() > end {
            break text;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    for line in [
        "counterpart_replies_total{code=\"404\"} 2",
        "counterpart_replies_total{code=\"413\"} 1",
        "counterpart_refused_total{code=\"413\"} 1",
        "counterpart_unmatched_requests_total 2",
        "counterpart_reply_seconds_count 3",
        "counterpart_reply_seconds_bucket{le=\"+Inf\"} 3",
        "counterpart_exchanges_total 3",
        "counterpart_connections 1",
        "counterpart_state_items{api=\"live\"} 5",
        "counterpart_state_changed_items{api=\"live\"} 1",
        "counterpart_sandboxes{api=\"live\"} 0",
        "counterpart_limit{name=\"body\",unit=\"bytes\"} 1000",
        "counterpart_limit{name=\"head_time\",unit=\"seconds\"} 15",
    ] {
        assert!(text.lines().any(|told| told == line), "{line}\n{text}");
    }
    // Each sample stands below the help and type of its metric, as the format asks.
    let mut current = "";
    for line in text.lines() {
        match line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.split_once(' '))
        {
            Some((name, _)) => current = name,
            None if line.starts_with('#') => {}
            None => assert!(line.starts_with(current), "{line} below {current}"),
        }
    }
}

#[test]
fn health_and_readiness_are_told() {
    let plane = plane();
    for path in ["health", "ready"] {
        let answer = plane.ask(&format!("GET /_counterpart/{path}")).is(200);
        assert_eq!(answer.field("cache-control"), Some("no-store"));
        assert_eq!(answer.field("access-control-allow-origin"), None);
        assert_eq!(answer.json()["status"], "ok");
        assert_eq!(answer.json()["version"], env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn contracts_are_listed_with_what_their_collections_hold_now() {
    let plane = plane();
    let contracts = plane.ask("GET /_counterpart/contracts").is(200).json();
    let names: Vec<_> = contracts
        .as_array()
        .expect("a list")
        .iter()
        .map(|contract| contract["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["appointments", "bookings", "live", "workspace"]);
    assert_eq!(
        contracts[2],
        json!({
            "name": "live",
            "prefix": "/live",
            "title": "Live sessions",
            "version": "1.0.0",
            "operations": 3,
            "collections": [{"name": "sessions", "items": 4}],
        })
    );
    plane.ask(&format!("DELETE {SESSIONS}/{ONE}")).is(204);
    let contracts = plane.ask("GET /_counterpart/contracts").json();
    assert_eq!(contracts[2]["collections"][0]["items"], 3);
}

#[test]
fn a_reset_brings_the_fixtures_back() {
    let plane = plane();
    let api = format!("/live/v1/sessions/{ONE}");
    let before = plane.ask(&format!("GET {SESSIONS}")).json();
    let tag = |plane: &Plane| {
        let reply = plane.ask(&format!("GET {api}")).is(200);
        reply.field("etag").expect("a tag").to_owned()
    };
    let first = tag(&plane);
    let title = r#"{"title": "Changed"}"#;
    plane.send(&format!("PATCH {api}"), JSON, title).is(200);
    plane.put(&format!("{SESSIONS}/new"), &json!({})).is(201);
    let other = SESSIONS.replace("1111", "2222");
    plane.ask(&format!("DELETE {other}/{}", ONE.replace('1', "2")));
    assert_ne!(plane.ask(&format!("GET {SESSIONS}")).json(), before);
    assert_ne!(tag(&plane), first);

    plane.ask("POST /_counterpart/reset").is(204);
    assert_eq!(plane.ask(&format!("GET {SESSIONS}")).json(), before);
    plane.ask(&format!("GET {SESSIONS}/new")).problem(404);

    // And again, as often as it is asked.
    plane.ask(&format!("DELETE {SESSIONS}")).is(204);
    assert_eq!(plane.ask(&format!("GET {SESSIONS}")).json(), json!({}));
    plane.ask("POST /_counterpart/reset").is(204);
    assert_eq!(plane.ask(&format!("GET {SESSIONS}")).json(), before);
}

#[test]
fn a_reset_of_one_api_leaves_the_others() {
    let plane = plane();
    let subscribers = "/_counterpart/state/appointments/subscribers";
    plane.ask(&format!("DELETE {SESSIONS}")).is(204);
    plane.ask(&format!("DELETE {subscribers}")).is(204);
    plane.ask("POST /_counterpart/reset?api=live").is(204);
    let count = |path| {
        let items = plane.ask(&format!("GET {path}")).is(200).json();
        items.as_object().expect("items").len()
    };
    assert_eq!((count(SESSIONS), count(subscribers)), (4, 0));
}

#[test]
fn a_reset_takes_no_body_and_no_content_type() {
    let plane = plane();
    plane.ask("POST /_counterpart/reset").is(204);
    // As `curl -X POST -d ''` does.
    let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
    plane.send("POST /_counterpart/reset", form, "").is(204);
}

#[test]
fn a_reset_of_what_is_misspelt_resets_nothing() {
    let plane = plane();
    plane.ask(&format!("DELETE {SESSIONS}")).is(204);
    let detail = refused(plane.ask("POST /_counterpart/reset?api=liv"), 404);
    assert!(detail.contains("live"), "{detail}");
    refused(plane.ask("POST /_counterpart/reset?apis=live"), 422);
    assert_eq!(plane.ask(&format!("GET {SESSIONS}")).json(), json!({}));
}

#[test]
fn an_item_that_is_put_is_what_the_api_answers_with() {
    let plane = plane();
    let mut item = plane.ask(&format!("GET {SESSIONS}/{ONE}")).is(200).json();
    item["title"] = "Put".into();
    plane.put(&format!("{SESSIONS}/{ONE}"), &item).is(204);
    let shown = plane.ask(&format!("GET /live/v1/sessions/{ONE}")).is(200);
    assert_eq!(shown.json()["title"], "Put");

    item["id"] = "a b".into();
    plane.put(&format!("{SESSIONS}/a%20b"), &item).is(201);
    plane.put(&format!("{SESSIONS}/a%20b"), &item).is(204);
    assert_eq!(plane.ask(&format!("GET {SESSIONS}/a%20b")).json(), item);
    // What the contract can't have is there, and no reply shows it.
    let why = plane.ask("GET /live/v1/sessions/a%20b").is(500).json();
    let why = why["detail"].as_str().expect("a detail").to_owned();
    assert!(why.contains("body /id must be a UUID"), "{why}");

    plane.ask(&format!("DELETE {SESSIONS}/a%20b")).is(204);
    plane.ask("GET /live/v1/sessions/a%20b").is(404);
    refused(plane.ask(&format!("DELETE {SESSIONS}/a%20b")), 404);
}

#[test]
fn an_item_is_given_its_key_where_it_has_none_and_keeps_to_it() {
    let plane = plane();
    let path = format!("{SESSIONS}/k");
    plane.put(&path, &json!({"title": "x"})).is(201);
    let item = plane.ask(&format!("GET {path}")).is(200).json();
    assert_eq!(item, json!({"title": "x", "id": "k"}));
    let detail = refused(plane.put(&path, &json!({"id": "other"})), 422);
    assert!(
        detail.contains("id") && detail.contains("\"k\""),
        "{detail}"
    );
    assert_eq!(plane.ask(&format!("GET {path}")).json(), item);
}

#[test]
fn a_collection_is_replaced_whole_or_not_at_all() {
    let plane = plane();
    let before = plane.ask(&format!("GET {SESSIONS}")).is(200).json();
    for bad in [
        json!({"a": {"id": "a"}, "b": {"id": "c"}}),
        json!({"a": {"id": "a"}, "b": 1}),
        json!({"a": {"id": null}}),
    ] {
        let detail = refused(plane.put(SESSIONS, &bad), 422);
        assert!(detail.contains(':'), "names the item: {detail}");
        assert_eq!(plane.ask(&format!("GET {SESSIONS}")).json(), before);
    }
    let two = json!({"z": {"id": "z"}, "a": {"id": "a"}});
    plane.put(SESSIONS, &two).is(204);
    let after = plane.ask(&format!("GET {SESSIONS}")).is(200);
    assert_eq!(after.body(), two.to_string(), "in the order they were put");
    // What comes out can be put back.
    plane.put(SESSIONS, &before).is(204);
    assert_eq!(plane.ask(&format!("GET {SESSIONS}")).json(), before);
}

#[test]
fn what_is_not_there_is_404_with_the_names_that_are() {
    let plane = plane();
    let state = "/_counterpart/state";
    for line in [
        format!("GET {state}/nope/sessions"),
        format!("DELETE {state}/nope/sessions"),
        format!("GET {state}/nope/sessions/a"),
        format!("DELETE {state}/nope/sessions/a"),
    ] {
        let detail = refused(plane.ask(&line), 404);
        assert!(detail.contains("bookings, live"), "{line}: {detail}");
    }
    for line in [
        format!("GET {state}/live/nope"),
        format!("DELETE {state}/live/nope"),
    ] {
        let detail = refused(plane.ask(&line), 404);
        assert!(detail.contains("sessions"), "{line}: {detail}");
    }
    refused(plane.put(&format!("{state}/live/nope"), &json!({})), 404);
    refused(plane.put(&format!("{state}/live/nope/a"), &json!({})), 404);
    refused(plane.ask(&format!("GET {state}/live/nope/a")), 404);
    refused(plane.ask(&format!("GET {SESSIONS}/nope")), 404);
    refused(plane.ask(&format!("DELETE {SESSIONS}/nope")), 404);
}

#[test]
fn what_is_no_json_object_is_refused() {
    let plane = plane();
    let put = |fields, body: &str| plane.send(&format!("PUT {SESSIONS}/a"), fields, body);
    refused(put(JSON, "[]"), 422);
    refused(put(JSON, "{"), 400);
    refused(put("", "{}"), 415);
    refused(put("Content-Type: text/plain\r\n", "{}"), 415);
    let charset = "Content-Type: application/json; charset=utf-8\r\n";
    refused(put(charset, ""), 400);
    put(charset, "{}").is(201);
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(1 << 20));
    refused(put(JSON, &large), 413);
    refused(plane.ask("GET /_counterpart/state/live/%ff"), 400);
}

#[test]
fn what_is_wrong_with_a_request_is_told_with_its_place_and_in_words() {
    let plane = plane();
    let webhook = "POST /_counterpart/webhooks/appointments/none";
    for (line, body, status, place, told) in [
        (
            "GET /_counterpart/journal?since=-1",
            "",
            422,
            "since",
            "at least 0",
        ),
        (
            "GET /_counterpart/journal?since=soon",
            "",
            422,
            "since",
            "integer",
        ),
        (
            "GET /_counterpart/journal?status=9xx",
            "",
            422,
            "status",
            "9xx",
        ),
        (
            "GET /_counterpart/journal?limit=1001",
            "",
            422,
            "limit",
            "at most 1000",
        ),
        (
            "GET /_counterpart/journal?problems=maybe",
            "",
            422,
            "problems",
            "boolean",
        ),
        (
            "GET /_counterpart/journal?sinse=1",
            "",
            422,
            "sinse",
            "document",
        ),
        (
            "GET /_counterpart/journal?api=%zz",
            "",
            400,
            "",
            "can't be read",
        ),
        (
            "GET /_counterpart/journal?api=live&api=live",
            "",
            422,
            "api",
            "given 2 times",
        ),
        (
            "GET /_counterpart/journal/soon",
            "",
            422,
            "number",
            "integer",
        ),
        (
            "POST /_counterpart/reset?apis=live",
            "",
            422,
            "apis",
            "document",
        ),
        (
            "POST /_counterpart/tokens",
            "{\"lifetime\": 0}",
            422,
            "/lifetime",
            "at least 1",
        ),
        (
            "POST /_counterpart/tokens",
            "{\"scope\": 1}",
            422,
            "/scope",
            "string",
        ),
        ("POST /_counterpart/tokens", "{", 400, "", "JSON"),
        (
            "PUT /_counterpart/state/live/sessions",
            "[]",
            422,
            "",
            "object",
        ),
        (
            "PUT /_counterpart/state/live/sessions/a",
            "{\"a\": tru}",
            400,
            "",
            "JSON",
        ),
        (
            "PUT /_counterpart/behaviour",
            "{\"rules\": [{\"sttus\": 503}]}",
            422,
            "/rules/0/sttus",
            "sttus",
        ),
        ("GET /_counterpart/state/live/%ff", "", 400, "", "UTF-8"),
        (webhook, "{\"url\": 1}", 404, "", "has no webhook"),
    ] {
        let problem = plane.send(line, JSON, body).problem(status).json();
        let error = &problem["errors"][0];
        let at = error["pointer"].as_str().or(error["parameter"].as_str());
        assert_eq!(at.unwrap_or(""), place, "{line}: {problem}");
        let text = problem.to_string();
        assert!(text.contains(told), "{line}: {problem}");
        for raw in [
            "eserialize",
            "Cannot parse",
            "expected one of",
            "invalid type",
        ] {
            assert!(!text.contains(raw), "{line}: {problem}");
        }
    }
    // 2.0 is an integer in JSON.
    plane
        .send("POST /_counterpart/tokens", JSON, "{\"lifetime\": 60.0}")
        .is(200);
}

#[test]
fn an_unknown_path_is_404_and_a_wrong_method_is_405_with_allow() {
    let plane = plane();
    for path in ["/nope", "/state/live", "/state/live/a/b/c", "/health/"] {
        refused(plane.ask(&format!("GET /_counterpart{path}")), 404);
    }
    let answer = plane.ask("GET /_counterpart/reset");
    assert_eq!(answer.field("allow"), Some("POST"));
    refused(answer, 405);
    let answer = plane.ask(&format!("OPTIONS {SESSIONS}"));
    assert_eq!(answer.field("allow"), Some("GET,HEAD,PUT,DELETE"));
    refused(answer, 405);
}

#[test]
fn web_pages_are_kept_out() {
    let plane = plane();
    for fields in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost:3000\r\n",
        "Origin: http://localhost:4010\r\nSec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
    ] {
        refused(plane.send("POST /_counterpart/reset", fields, ""), 403);
        refused(plane.send("GET /_counterpart/contracts", fields, ""), 403);
        refused(plane.send(&format!("DELETE {SESSIONS}"), fields, ""), 403);
    }
    let preflight = "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n";
    let line = "OPTIONS /_counterpart/reset";
    refused(plane.send(line, preflight, ""), 403);
    let same = "Sec-Fetch-Site: same-origin\r\n";
    plane.send("GET /_counterpart/health", same, "").is(200);
    let items = plane.ask(&format!("GET {SESSIONS}")).json();
    assert_eq!(items.as_object().map(|items| items.len()), Some(4));
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let plane = plane();
    let health = "GET /_counterpart/health";
    for host in [
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1:4010",
        "[::1]",
        "[::1]:4010",
    ] {
        plane.send_as(host, health, "", "").is(200);
    }
    for host in [
        "evil.example",
        "localhost.evil.example:4010",
        "192.168.0.1",
        "[::2]:80",
    ] {
        refused(plane.send_as(host, health, "", ""), 403);
    }
    refused(plane.send_as("", health, "", ""), 400);
    let absolute = "GET http://evil.example/_counterpart/health";
    refused(plane.ask(absolute), 403);
}

#[test]
fn beyond_this_machine_it_is_off_without_a_token() {
    let config = ServerConfig {
        host: Ipv4Addr::UNSPECIFIED.into(),
        ..ServerConfig::default()
    };
    let plane = plane_of(config.clone());
    let detail = refused(plane.ask("GET /_counterpart/health"), 403);
    assert!(detail.contains("no control token"), "{detail}");

    let plane = plane_of(ServerConfig {
        control_token: Some("s3cret".to_owned()),
        ..config
    });
    let get = |fields| plane.send_as("mock.example", "GET /_counterpart/health", fields, "");
    let answer = get("");
    assert_eq!(answer.field("www-authenticate"), Some("Bearer"));
    refused(answer, 401);
    refused(get("Authorization: Bearer s3cre\r\n"), 401);
    refused(get("Authorization: Basic s3cret\r\n"), 401);
    get("Authorization: bearer s3cret\r\n").is(200);
}

#[test]
fn it_can_be_off() {
    let plane = plane_of(ServerConfig {
        control: false,
        ..ServerConfig::default()
    });
    refused(plane.ask("GET /_counterpart/health"), 404);
    refused(plane.ask("POST /_counterpart/reset"), 404);
}

#[test]
fn its_document_is_served_and_complete() {
    let answer = plane().ask("GET /_counterpart/openapi.json").is(200);
    assert_eq!(answer.field("content-type"), Some("application/json"));
    assert_eq!(answer.body(), control_document());
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["description"].is_string());
    assert!(document.get("servers").is_none());
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            for member in ["operationId", "description", "summary"] {
                assert!(operation[member].is_string(), "{method} {path} {member}");
            }
            for (status, response) in operation["responses"].as_object().expect("responses") {
                let place = format!("{method} {path} {status}");
                assert!(response["description"].is_string(), "{place}");
                let content = &response["content"];
                let problem = content.get("application/problem+json").is_some();
                assert_eq!(problem, status.as_str() >= "400", "{place}");
            }
        }
    }
}

#[test]
fn its_document_is_a_contract_that_loads_without_errors() {
    let contract = Contract::from_text("control.json", control_document());
    let contract = contract.unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(contract.title(), "counterpart control plane");
    assert_eq!(contract.operations(), 44);
    assert!(contract.warnings().is_empty(), "{:?}", contract.warnings());
}

#[test]
fn every_operation_of_its_document_is_routed_and_no_other() {
    let plane = plane();
    let document: Value = serde_json::from_str(control_document()).expect("JSON");
    for (path, item) in document["paths"].as_object().expect("paths") {
        let item = item.as_object().expect("operations");
        let path = path
            .replace("{api}", "live")
            .replace("contracts/{name}", "contracts/live")
            .replace("{collection}", "sessions");
        let path = path.replace("{key}", "a");
        for method in ["get", "put", "post", "delete", "patch"] {
            let line = format!("{} {path}", method.to_uppercase());
            let (fields, body) = match method {
                "put" => (JSON, "{}"),
                _ => ("", ""),
            };
            let status = plane.send(&line, fields, body).status();
            assert_eq!(status != 405, item.contains_key(method), "{line}: {status}");
        }
    }
}

#[test]
fn what_it_answers_is_what_its_document_says() {
    use counterpart::wire::{Method, Request, header};
    let plane = plane();
    let described = Contract::from_text("control.json", control_document()).expect("a contract");
    let rules = r#"{"rules": [{"status": 503}]}"#;
    let expected = r#"{"expectations": [{"method": "GET", "times": {"exactly": 1}}]}"#;
    let misspelt = r#"{"expectations": [{"api": "liv"}]}"#;
    let idle = r#"{"rules": [{"times": 1}]}"#;
    for (line, fields, body) in [
        ("GET /_counterpart/health".to_owned(), "", ""),
        ("GET /_counterpart/contracts".to_owned(), "", ""),
        (
            "GET /_counterpart/contracts/live/document".to_owned(),
            "",
            "",
        ),
        ("POST /_counterpart/reset".to_owned(), "", ""),
        ("GET /_counterpart/webhooks".to_owned(), "", ""),
        ("GET /_counterpart/journal?limit=1".to_owned(), "", ""),
        ("GET /_counterpart/journal/1".to_owned(), "", ""),
        ("GET /_counterpart/journal/1/explanation".to_owned(), "", ""),
        ("GET /_counterpart/journal/1/fixture".to_owned(), "", ""),
        ("GET /_counterpart/har?limit=1".to_owned(), "", ""),
        ("DELETE /_counterpart/journal".to_owned(), "", ""),
        (
            "POST /_counterpart/webhooks/live/none".to_owned(),
            JSON,
            r#"{"url": "http://localhost:1/"}"#,
        ),
        (format!("GET {SESSIONS}"), "", ""),
        (format!("GET {SESSIONS}/{ONE}"), "", ""),
        (format!("PUT {SESSIONS}/{ONE}"), JSON, "{}"),
        (format!("DELETE {SESSIONS}/{ONE}"), "", ""),
        ("GET /_counterpart/behaviour".to_owned(), "", ""),
        ("PUT /_counterpart/behaviour".to_owned(), JSON, rules),
        ("PUT /_counterpart/behaviour".to_owned(), JSON, idle),
        ("DELETE /_counterpart/behaviour".to_owned(), "", ""),
        ("GET /_counterpart/coverage".to_owned(), "", ""),
        ("GET /_counterpart/coverage?api=none".to_owned(), "", ""),
        ("DELETE /_counterpart/coverage".to_owned(), "", ""),
        ("GET /_counterpart/expect".to_owned(), "", ""),
        ("POST /_counterpart/expect".to_owned(), JSON, expected),
        ("POST /_counterpart/expect".to_owned(), JSON, misspelt),
        ("GET /_counterpart/expect/1".to_owned(), "", ""),
        ("GET /_counterpart/expect/2".to_owned(), "", ""),
        ("POST /_counterpart/verify".to_owned(), JSON, expected),
        ("POST /_counterpart/verify".to_owned(), "", ""),
        ("DELETE /_counterpart/expect/1".to_owned(), "", ""),
        ("POST /_counterpart/verify".to_owned(), "", ""),
        ("DELETE /_counterpart/expect".to_owned(), "", ""),
    ] {
        let answer = plane.send(&line, fields, body);
        let (method, target) = line.split_once(' ').expect("a line");
        let method: Method = method.parse().expect("a method");
        let mut request = Request::new(method, target);
        if !body.is_empty() {
            request = request.with_header(header::CONTENT_TYPE, "application/json");
            request = request.with_body(body);
        }
        // The document, asked as a mock, documents the status that the real thing has.
        let name = header::HeaderName::from_static("prefer");
        let wanted = format!("code={}", answer.status());
        let exchange = described.answer(request.with_header(name, &wanted));
        assert!(
            exchange.violations.is_empty(),
            "{line}: {:?}",
            exchange.violations
        );
        assert_eq!(exchange.reply.status.as_u16(), answer.status(), "{line}");
        let type_of_mock = exchange.reply.header(&header::CONTENT_TYPE);
        assert_eq!(type_of_mock, answer.field("content-type"), "{line}");
    }
}
