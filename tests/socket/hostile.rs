//! Requests that are meant to hurt: each is refused, and the next one is answered.

use crate::raw::{Answer, Served, request, serve_shipped};
use counterpart::server::ServerConfig;

const ONE: &str = "/live/v1/sessions/11111111-1111-4111-8111-111111111111";
const JSON: &str = "Content-Type: application/json\r\n";

fn patch(served: &Served, body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let head = format!(
        "PATCH {ONE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n{JSON}\r\n",
        body.len()
    );
    let reply = served.send([head.as_bytes(), body].concat());
    assert!((400..500).contains(&reply.status()), "{}", reply.0);
    served.send(request(&format!("GET {ONE}"), "", "")).is(200);
    reply
}

#[test]
fn a_body_that_is_no_json_is_400() {
    let served = serve_shipped(ServerConfig::default());
    let bodies: [&[u8]; 12] = [
        b"",
        b"{",
        b"{\"title\": \"a\"} {",
        b"{\"title\": \"a\",}",
        b"{'title': 'a'}",
        b"{\"title\": NaN}",
        b"\xef\xbb\xbf\xef\xbb\xbf{\"title\": \"a\"}",
        b"{\"title\": \"\xff\xfe\"}",
        b"{\"title\": \"\xed\xa0\x80\"}",
        b"{\"title\": \"\\ud800\"}",
        b"{\"title\": \"a\nb\"}",
        b"\0",
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(body).into_owned();
        let reply = patch(&served, body);
        assert_eq!(reply.status(), 400, "{shown:?}: {}", reply.0);
        assert!(reply.json()["detail"].is_string(), "{shown:?}");
    }
}

#[test]
fn a_key_given_twice_is_400() {
    let served = serve_shipped(ServerConfig::default());
    for body in [
        r#"{"title": "a", "title": "b"}"#,
        r#"{"title": "a", "\u0074itle": "b"}"#,
        r#"{"metadata": {"a": 1, "a": 2}}"#,
    ] {
        let reply = patch(&served, body);
        assert_eq!(reply.status(), 400, "{body}: {}", reply.0);
    }
}

#[test]
fn json_a_hundred_thousand_levels_deep_is_400() {
    let served = serve_shipped(ServerConfig::default());
    for deep in ["[".repeat(100_000), r#"{"a":"#.repeat(100_000)] {
        assert_eq!(patch(&served, &deep).status(), 400);
        let closed = format!(
            r#"{{"metadata": {}{}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(patch(&served, closed).status(), 400);
    }
}

#[test]
fn fifty_megabytes_are_413() {
    let served = serve_shipped(ServerConfig::default());
    let body = format!(r#"{{"title": "{}"}}"#, "x".repeat(50 << 20));
    patch(&served, body).problem(413).closes();
}

#[test]
fn ten_megabytes_of_wrong_values_are_judged_within_the_bounds_of_an_answer() {
    let served = serve_shipped(ServerConfig::default());
    let members: Vec<String> = (0..200_000).map(|n| format!(r#""m{n}": [{n}]"#)).collect();
    let body = format!(r#"{{"title": "", {}}}"#, members.join(", "));
    let reply = patch(&served, body);
    assert_eq!(reply.status(), 422);
    assert!(reply.0.len() < 64 << 10, "{} bytes", reply.0.len());
}

#[test]
fn a_target_that_decodes_to_no_text_is_refused() {
    let served = serve_shipped(ServerConfig::default());
    for path in [
        "/live/v1/sessions/%zz",
        "/live/v1/sessions/%",
        "/live/v1/sessions/%f",
        "/live/v1/sessions/%ff",
        "/live/v1/sessions/%c0%af",
        "/live/v1/sessions/%ed%a0%80",
        "/live/v1/sessions?status=%zz",
        "/live/v1/sessions?status=%ff",
    ] {
        let reply = served.send(request(&format!("GET {path}"), "", ""));
        assert_eq!(reply.status(), 400, "{path}: {}", reply.0);
    }
    served.send(request(&format!("GET {ONE}"), "", "")).is(200);
}

#[test]
fn an_escaped_slash_is_part_of_a_name_and_never_parts_names() {
    let served = serve_shipped(ServerConfig::default());
    let get = |path: &str| served.send(request(&format!("GET {path}"), "", ""));
    let reply = get(&ONE.replace("/v1/sessions/", "/v1%2Fsessions%2F"));
    reply.problem(404);
    let reply = get("/live/v1/sessions/..%2f..%2fetc%2fpasswd");
    assert_eq!(reply.is(404).json()["error"], "not_found");
}

#[test]
fn control_characters_are_never_sent_back_in_a_head() {
    let served = serve_shipped(ServerConfig::default());
    let reply = served.send(request(
        "GET /live/v1/sessions/a%0d%0aSet-Cookie:%20x=1",
        "",
        "",
    ));
    assert_eq!(reply.field("set-cookie"), None);
    assert_eq!(reply.status(), 404, "{}", reply.0);
}
