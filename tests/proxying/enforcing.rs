//! What breaks the contract goes no further.

use super::{JSON, Proxied, Real, proxy_with, told};
use std::io::Write;

fn enforcing(real: &Real) -> Proxied {
    proxy_with(real.port, |upstream| upstream.enforce = true)
}

#[test]
fn a_bad_request_is_refused_as_documented_and_never_sent() {
    let real = Real::json("200 OK", "[]");
    let proxied = enforcing(&real);
    let answer = proxied.ask("GET /pets?limit=all", "", "").is(400);
    assert!(answer.json()["error"].is_string());
    proxied
        .ask("POST /pets", JSON, r#"{"name": ""}"#)
        .problem(422);
    proxied
        .ask("POST /pets", "Content-Type: text/plain\r\n", "x")
        .problem(415);
    proxied.ask("DELETE /pets/1", "", "").is(401);
    proxied.ask("GET /dogs", "", "").problem(404);
    proxied.ask("PUT /pets", "", "").problem(405);
    assert_eq!(real.seen(), [""; 0]);
    let all = proxied.seen.all();
    assert_eq!(all.len(), 6);
    assert!(all.iter().all(|exchange| exchange.refusal.is_some()));
    assert_eq!(all[3].violations[0].rule, "security");
    assert!(
        all.iter()
            .all(|exchange| exchange.reply_violations.is_empty())
    );
}

#[test]
fn a_bad_reply_becomes_a_problem_that_says_what_is_wrong() {
    let real = Real::json("200 OK", r#"[{"name": ""}, {}]"#);
    let proxied = enforcing(&real);
    let problem = proxied.ask("GET /pets", "", "").problem(502).json();
    assert_eq!(problem["errors"][0]["pointer"], "/0/name");
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(2));
    let exchange = proxied.seen.only();
    assert_eq!(exchange.reply.status, 502);
    assert_eq!(told(&exchange).1.len(), 2);
}

#[test]
fn what_is_good_passes_as_it_is() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 201 Made\r\nX-OdD: 1\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"name\":  \"Rex\"}".to_vec()
    });
    let proxied = enforcing(&real);
    let answer = proxied.ask("POST /pets", JSON, "{\"name\":\t\"Rex\"}");
    assert_eq!(
        answer.0.split("date").next(),
        Some(
            "HTTP/1.1 201 Made\r\nX-OdD: 1\r\nContent-Type: application/json\r\nContent-Length: 16\r\nconnection: close\r\n"
        )
    );
    assert_eq!(answer.body(), "{\"name\":  \"Rex\"}");
    assert!(real.only().ends_with("\r\n\r\n{\"name\":\t\"Rex\"}"));
    assert_eq!(told(&proxied.seen.only()), (vec![], vec![]));
}

#[test]
fn a_reply_to_head_passes() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n".to_vec()
    });
    let answer = enforcing(&real).ask("HEAD /pets", "", "").is(200);
    assert_eq!(answer.field("content-length"), Some("9"));
}

#[test]
fn events_pass_as_they_come() {
    let real = Real::talking(|_, stream| {
        let text = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: tack\n\n";
        let _ = stream.write_all(text);
        false
    });
    let proxied = enforcing(&real);
    let answer = proxied.ask("GET /events", "", "").is(200);
    assert!(answer.0.contains("data: tack"));
    let (_, reply) = told(&proxied.seen.only());
    assert_eq!(reply.len(), 1, "{reply:?}");
}

#[test]
fn a_reply_that_is_too_long_to_be_judged_goes_no_further() {
    let real = Real::answering(|_| {
        let mut reply = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 11000000\r\n\r\n".to_vec();
        reply.resize(reply.len() + 11_000_000, b'x');
        reply
    });
    let proxied = enforcing(&real);
    let fields = "Content-Type: application/octet-stream\r\n";
    let problem = proxied.ask("PUT /files", fields, "x").problem(502).json();
    let detail = problem["detail"].as_str().expect("a text").to_owned();
    assert!(detail.contains("too long to be judged"), "{detail}");
}
