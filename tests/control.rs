//! The control plane: who gets in, what it does, and that its document says so.

use counterpart::host::{Api, Host};
use counterpart::server::{RunningServer, Server, ServerConfig, control_document};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use tokio::runtime::Runtime;

struct Served {
    _runtime: Runtime,
    server: RunningServer,
}

fn serve(config: ServerConfig) -> Served {
    let api = |name: &str| Api {
        name: name.to_owned(),
        prefix: format!("/{name}"),
    };
    let host = Arc::new(Host::new(vec![api("live"), api("bookings")]));
    let runtime = Runtime::new().expect("a runtime");
    let config = ServerConfig { port: 0, ..config };
    let server = runtime
        .block_on(Server::start_with(host, config))
        .expect("a free port");
    Served {
        _runtime: runtime,
        server,
    }
}

/// A reply's status, head and body.
type Answer = (u16, String, String);

impl Served {
    fn send(&self, line: &str, fields: &str, body: &str) -> Answer {
        self.send_as("localhost:4010", line, fields, body)
    }

    fn send_as(&self, host: &str, line: &str, fields: &str, body: &str) -> Answer {
        let address = (Ipv4Addr::LOCALHOST, self.server.address().port());
        let mut stream = TcpStream::connect(address).expect("a connection");
        let length = match body.len() {
            0 => String::new(),
            length => format!("Content-Length: {length}\r\n"),
        };
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{length}{fields}\r\n{body}"
        );
        let _ = stream.write_all(request.as_bytes());
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("a reply");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head[9..12].parse().expect("a status");
        (status, head.to_owned(), body.to_owned())
    }
}

#[track_caller]
fn is_problem((status, head, body): Answer, expected: u16) -> String {
    assert_eq!(status, expected, "{head}\n{body}");
    assert!(head.contains("application/problem+json"), "{head}");
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    assert!(!head.contains("access-control-"), "{head}");
    let problem: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(problem["status"], expected);
    problem["detail"].as_str().expect("a detail").to_owned()
}

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn health_and_readiness_are_told() {
    let served = serve(ServerConfig::default());
    for path in ["health", "ready"] {
        let (status, head, body) = served.send(&format!("GET /_counterpart/{path}"), "", "");
        assert_eq!(status, 200);
        assert!(head.contains("cache-control: no-store"));
        let health: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(health["status"], "ok");
    }
}

#[test]
fn contracts_are_listed_with_their_collections() {
    let (status, _, body) =
        serve(ServerConfig::default()).send("GET /_counterpart/contracts", "", "");
    assert_eq!(status, 200);
    let contracts: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(contracts[0]["name"], "live");
    assert_eq!(contracts[0]["prefix"], "/live");
    assert_eq!(contracts[0]["collections"][0]["name"], "sessions");
    assert_eq!(contracts[1]["name"], "bookings");
}

#[test]
fn a_reset_takes_no_body_and_no_content_type() {
    let served = serve(ServerConfig::default());
    assert_eq!(served.send("POST /_counterpart/reset", "", "").0, 204);
    assert_eq!(
        served.send("POST /_counterpart/reset?api=live", "", "").0,
        204
    );
    // As `curl -X POST -d ''` does.
    let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
    assert_eq!(served.send("POST /_counterpart/reset", form, "").0, 204);
}

#[test]
fn a_reset_of_what_is_misspelt_resets_nothing() {
    let served = serve(ServerConfig::default());
    let detail = is_problem(served.send("POST /_counterpart/reset?api=liv", "", ""), 404);
    assert!(detail.contains("live, bookings"), "{detail}");
    is_problem(
        served.send("POST /_counterpart/reset?apis=live", "", ""),
        400,
    );
}

#[test]
fn state_is_read_and_written_by_collection_and_by_key() {
    let served = serve(ServerConfig::default());
    let sessions = "/_counterpart/state/live/sessions";
    let (status, _, body) = served.send(&format!("GET {sessions}"), "", "");
    assert_eq!((status, body.as_str()), (200, "{}"));
    let put = served.send(&format!("PUT {sessions}"), JSON, r#"{"a": {"id": "a"}}"#);
    assert_eq!(put.0, 204);
    let put = served.send(&format!("PUT {sessions}/a%20b"), JSON, r#"{"id": "a b"}"#);
    assert_eq!(put.0, 201);
    assert_eq!(served.send(&format!("DELETE {sessions}/a"), "", "").0, 204);
    assert_eq!(served.send(&format!("DELETE {sessions}"), "", "").0, 204);
    is_problem(served.send(&format!("GET {sessions}/a"), "", ""), 404);
    is_problem(
        served.send("GET /_counterpart/state/nope/sessions", "", ""),
        404,
    );
}

#[test]
fn what_is_no_json_object_is_refused() {
    let served = serve(ServerConfig::default());
    let put = |fields, body| served.send("PUT /_counterpart/state/live/sessions/a", fields, body);
    is_problem(put(JSON, "[]"), 400);
    is_problem(put(JSON, "{"), 400);
    is_problem(put("", "{}"), 415);
    is_problem(put("Content-Type: text/plain\r\n", "{}"), 415);
    is_problem(
        put("Content-Type: application/json; charset=utf-8\r\n", ""),
        400,
    );
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(1 << 20));
    is_problem(put(JSON, &large), 413);
    is_problem(served.send("GET /_counterpart/state/live/%ff", "", ""), 400);
}

#[test]
fn an_unknown_path_is_404_and_a_wrong_method_is_405_with_allow() {
    let served = serve(ServerConfig::default());
    for path in [
        "",
        "/",
        "/nope",
        "/state/live",
        "/state/live/a/b/c",
        "/health/",
    ] {
        is_problem(
            served.send(&format!("GET /_counterpart{path}"), "", ""),
            404,
        );
    }
    let answer = served.send("GET /_counterpart/reset", "", "");
    assert!(answer.1.contains("\r\nallow: POST"), "{}", answer.1);
    is_problem(answer, 405);
    let answer = served.send("OPTIONS /_counterpart/state/live/sessions", "", "");
    assert!(
        answer.1.contains("\r\nallow: GET,HEAD,PUT,DELETE"),
        "{}",
        answer.1
    );
    is_problem(answer, 405);
}

#[test]
fn web_pages_are_kept_out() {
    let served = serve(ServerConfig::default());
    for fields in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost:4010\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
    ] {
        is_problem(served.send("POST /_counterpart/reset", fields, ""), 403);
        is_problem(served.send("GET /_counterpart/contracts", fields, ""), 403);
    }
    let preflight = "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n";
    is_problem(
        served.send("OPTIONS /_counterpart/reset", preflight, ""),
        403,
    );
    let same = served.send(
        "GET /_counterpart/health",
        "Sec-Fetch-Site: same-origin\r\n",
        "",
    );
    assert_eq!(same.0, 200);
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let served = serve(ServerConfig::default());
    for host in [
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1:4010",
        "[::1]",
        "[::1]:4010",
    ] {
        assert_eq!(
            served.send_as(host, "GET /_counterpart/health", "", "").0,
            200,
            "{host}"
        );
    }
    for host in [
        "",
        "evil.example",
        "localhost.evil.example:4010",
        "192.168.0.1",
        "[::2]:80",
    ] {
        is_problem(
            served.send_as(host, "GET /_counterpart/health", "", ""),
            403,
        );
    }
    is_problem(
        served.send("GET http://evil.example/_counterpart/health", "", ""),
        403,
    );
}

#[test]
fn beyond_this_machine_it_is_off_without_a_token() {
    let config = ServerConfig {
        host: Ipv4Addr::UNSPECIFIED.into(),
        ..ServerConfig::default()
    };
    let served = serve(config.clone());
    let detail = is_problem(served.send("GET /_counterpart/health", "", ""), 403);
    assert!(detail.contains("no control token"));

    let served = serve(ServerConfig {
        control_token: Some("s3cret".to_owned()),
        ..config
    });
    let get = |fields| served.send_as("mock.example", "GET /_counterpart/health", fields, "");
    let answer = get("");
    assert!(answer.1.contains("\r\nwww-authenticate: Bearer"));
    is_problem(answer, 401);
    is_problem(get("Authorization: Bearer s3cre\r\n"), 401);
    is_problem(get("Authorization: Basic s3cret\r\n"), 401);
    assert_eq!(get("Authorization: bearer s3cret\r\n").0, 200);
}

#[test]
fn it_can_be_off() {
    let served = serve(ServerConfig {
        control: false,
        ..ServerConfig::default()
    });
    is_problem(served.send("GET /_counterpart/health", "", ""), 404);
}

#[test]
fn its_document_is_served_and_complete() {
    let served = serve(ServerConfig::default());
    let (status, head, body) = served.send("GET /_counterpart/openapi.json", "", "");
    assert_eq!(status, 200);
    assert!(head.contains("content-type: application/json"));
    assert_eq!(body, control_document());
    let document: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["description"].is_string());
    assert!(document.get("servers").is_none());
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            assert!(operation["operationId"].is_string(), "{method} {path}");
            assert!(operation["description"].is_string(), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
            let responses = operation["responses"].as_object().expect("responses");
            for (status, response) in responses {
                assert!(
                    response["description"].is_string(),
                    "{method} {path} {status}"
                );
                let problem = response["content"]
                    .get("application/problem+json")
                    .is_some();
                assert_eq!(
                    problem,
                    status.as_str() >= "400",
                    "{method} {path} {status}"
                );
            }
        }
    }
}

#[test]
fn every_operation_of_its_document_is_routed_and_no_other() {
    let served = serve(ServerConfig::default());
    let document: Value = serde_json::from_str(control_document()).expect("JSON");
    for (path, item) in document["paths"].as_object().expect("paths") {
        let item = item.as_object().expect("operations");
        let path = path
            .replace("{api}", "live")
            .replace("{collection}", "sessions");
        let path = path.replace("{key}", "a");
        for method in ["get", "put", "post", "delete", "patch"] {
            let body = if method == "put" { "{}" } else { "" };
            let line = format!("{} {path}", method.to_uppercase());
            let fields = if method == "put" { JSON } else { "" };
            let (status, _, _) = served.send(&line, fields, body);
            assert_eq!(status != 405, item.contains_key(method), "{line}: {status}");
        }
    }
}
