//! What passes, passes as it is.

use super::{Real, proxy};
use crate::raw;

#[test]
fn a_request_is_passed_on_as_it_came() {
    let real = Real::json("200 OK", "[]");
    let proxied = proxy(&real);
    let head = "POST /pets/a%2Fb%zz/../?x=%20+1&x&y=%C3%A9 HTTP/1.1\r\nHost: localhost:4010\r\n\
        X-OdD: one\r\nx-odd: two\r\nACCEPT: */*\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
    proxied.served.send(head).is(200);
    let port = real.port;
    assert_eq!(
        real.only(),
        format!(
            "POST /pets/a%2Fb%zz/../?x=%20+1&x&y=%C3%A9 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
            X-OdD: one\r\nx-odd: two\r\nACCEPT: */*\r\nContent-Length: 5\r\nvia: 1.1 counterpart\r\n\r\nhello"
        )
    );
}

#[test]
fn a_reply_is_passed_on_as_it_came() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 200 Fine\r\nX-OdD: one\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\
        Content-Type: text/html\r\nDate: never\r\nContent-Length: 7\r\n\r\n<p>a\r\n "
            .to_vec()
    });
    let answer = proxy(&real).ask("GET /pets", "Origin: http://page.example\r\n", "");
    assert_eq!(
        answer.0,
        "HTTP/1.1 200 Fine\r\nX-OdD: one\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\
        Content-Type: text/html\r\nDate: never\r\nContent-Length: 7\r\nconnection: close\r\n\r\n<p>a\r\n "
    );
}

#[test]
fn what_is_about_the_connection_alone_is_not_passed_on() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 204 No Content\r\nConnection: X-Bar\r\nX-Bar: 1\r\nKeep-Alive: timeout=5\r\nX-Baz: 1\r\n\r\n".to_vec()
    });
    let fields =
        "Connection: X-Foo\r\nX-Foo: 1\r\nUpgrade: websocket\r\nTE: trailers\r\nX-Baz: 1\r\n";
    let answer = proxy(&real).ask("GET /pets", fields, "").is(204);
    let request = real.only().to_ascii_lowercase();
    for gone in ["x-foo", "upgrade", "te:", "connection"] {
        assert!(!request.contains(gone), "{gone} in {request}");
    }
    assert!(request.contains("x-baz: 1"));
    assert_eq!(answer.field("x-bar"), None);
    assert_eq!(answer.field("keep-alive"), None);
    assert_eq!(answer.field("x-baz"), Some("1"));
}

#[test]
fn chunks_are_passed_on_both_ways() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n".to_vec()
    });
    let proxied = proxy(&real);
    let answer = proxied.served.send(
        "POST /pets HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
        Transfer-Encoding: chunked\r\n\r\n9\r\n{\"name\": \r\n6\r\n\"Rex\"}\r\n0\r\n\r\n",
    );
    assert_eq!(answer.field("transfer-encoding"), Some("chunked"));
    let body: String = answer.body().split("\r\n").skip(1).step_by(2).collect();
    assert_eq!(body, "[]");
    let request = real.only();
    assert!(
        request
            .to_ascii_lowercase()
            .contains("transfer-encoding: chunked")
    );
    let (_, body) = request.split_once("\r\n\r\n").expect("a body");
    let body: String = body.split("\r\n").skip(1).step_by(2).collect();
    assert_eq!(body, "{\"name\": \"Rex\"}");
    let exchange = proxied.seen.only();
    assert_eq!(exchange.request.body, "{\"name\": \"Rex\"}");
    assert_eq!(exchange.violations.len(), 0, "{:?}", exchange.violations);
}

#[test]
fn replies_without_a_body_have_none() {
    let real = Real::answering(|request| match request {
        head if head.starts_with("HEAD") => {
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
                .to_vec()
        }
        other if other.contains("None-Match") => {
            b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 99\r\n\r\n".to_vec()
        }
        _ => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
    });
    let proxied = proxy(&real);
    let head = proxied.ask("HEAD /pets", "", "").is(200);
    assert_eq!(
        (head.field("content-length"), head.body()),
        (Some("99"), "")
    );
    let same = proxied
        .ask("GET /pets", "If-None-Match: \"1\"\r\n", "")
        .is(304);
    assert_eq!((same.field("etag"), same.body()), (Some("\"1\""), ""));
    let gone = proxied.ask("DELETE /pets/1", "X-Key: 1\r\n", "").is(204);
    assert_eq!(gone.body(), "");
    for exchange in proxied.seen.all().iter() {
        assert_eq!(super::told(exchange), (vec![], vec![]), "{exchange:?}");
    }
}

#[test]
fn a_redirect_is_passed_on_and_not_followed() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 303 See Other\r\nLocation: /pets/1\r\nContent-Length: 0\r\n\r\n".to_vec()
    });
    let answer = proxy(&real)
        .ask("POST /pets", super::JSON, r#"{"name": "Rex"}"#)
        .is(303);
    assert_eq!(answer.field("location"), Some("/pets/1"));
    real.only();
}

#[test]
fn a_connection_is_kept_on_both_sides() {
    let real = Real::json("200 OK", "[]");
    let proxied = proxy(&real);
    let mut stream = proxied.served.connect();
    for _ in 0..3 {
        use std::io::Write;
        stream
            .write_all(raw::request("GET /pets", "", "").as_bytes())
            .expect("sent");
        let answer = raw::read_reply(&mut stream).is(200);
        assert_eq!(answer.body(), "[]");
        assert_eq!(answer.field("connection"), None);
    }
    assert_eq!(proxied.seen.all().len(), 3);
}

#[test]
fn the_control_plane_is_beside_what_is_passed_on() {
    let real = Real::json("200 OK", r#"[{"name": ""}]"#);
    let proxied = proxy(&real);
    proxied.ask("GET /pets?limit=2", "", "").is(200);
    let journal = proxied.ask("GET /_counterpart/journal", "", "").is(200).0;
    assert!(journal.contains("needs at least 1 character"), "{journal}");
    let coverage = proxied
        .ask("GET /_counterpart/coverage", "", "")
        .is(200)
        .json();
    let operations = &coverage["apis"][0]["operations"];
    assert_eq!(
        operations,
        &serde_json::json!([{"operation": "GET /pets", "count": 1}])
    );
    assert_eq!(real.seen().len(), 1);
}

#[test]
fn what_goes_round_in_circles_is_stopped() {
    let real = Real::json("200 OK", "[]");
    let fields = "Via: 1.1 counterpart\r\n".repeat(8);
    proxy(&real).ask("GET /pets", &fields, "").problem(508);
    assert!(real.seen().is_empty());
}
