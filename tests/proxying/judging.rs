//! Both directions are told of, and nothing is held against what can't be.

use super::{JSON, Proxied, Real, proxy, told};

#[track_caller]
fn only(proxied: &Proxied) -> (Vec<String>, Vec<String>) {
    told(&proxied.seen.only())
}

#[test]
fn what_breaks_the_contract_is_told_of_both_and_passes_all_the_same() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Total: many\r\nContent-Length: 14\r\n\r\n[{\"name\": \"\"}]".to_vec()
    });
    let proxied = proxy(&real);
    let answer = proxied.ask("GET /pets?limit=all", "", "").is(200);
    assert_eq!(answer.body(), "[{\"name\": \"\"}]");
    assert!(real.only().starts_with("GET /pets?limit=all HTTP/1.1\r\n"));
    let (request, reply) = only(&proxied);
    assert_eq!(
        request,
        ["query limit must be an integer, got the string \"all\""]
    );
    assert_eq!(
        reply,
        [
            "header X-Total must be an integer, got the string \"many\"",
            "body /0/name needs at least 1 character, got \"\""
        ]
    );
    let exchange = proxied.seen.only();
    assert_eq!(exchange.operation.as_deref(), Some("GET /pets"));
    assert_eq!(exchange.source.as_deref(), Some("the upstream"));
}

#[test]
fn a_body_is_judged_with_its_media_type() {
    let real = Real::json("201 Created", r#"{"name": "Rex"}"#);
    let proxied = proxy(&real);
    proxied.ask("POST /pets", JSON, r#"{"name": 1}"#).is(201);
    assert_eq!(only(&proxied).0, ["body /name must be a string, got 1"]);

    let proxied = proxy(&real);
    proxied
        .ask("POST /pets", "Content-Type: text/plain\r\n", "Rex")
        .is(201);
    let told = only(&proxied).0;
    let media = "header content-type text/plain is not documented";
    assert!(told[0].starts_with(media), "{told:?}");
}

#[test]
fn a_status_that_is_not_documented_is_told() {
    for (status, is_told) in [
        ("200 OK", false),
        ("202 Accepted", true),
        ("302 Found", true),
        ("500 Internal Server Error", true),
        ("403 Forbidden", false),
    ] {
        let proxied = proxy(&Real::json(status, "[]"));
        proxied.ask("GET /pets", "", "");
        assert_eq!(!only(&proxied).1.is_empty(), is_told, "{status}");
    }
}

#[test]
fn an_error_is_judged_by_what_is_documented_for_it() {
    let proxied = proxy(&Real::json("400 Bad Request", r#"{"message": "no"}"#));
    proxied.ask("GET /pets?limit=x", "", "").is(400);
    assert_eq!(only(&proxied).1, ["body /error is required"]);
}

#[test]
fn what_meets_no_operation_is_told_and_its_reply_is_not_judged() {
    let proxied = proxy(&Real::json("200 OK", "?"));
    assert_eq!(proxied.ask("GET /dogs", "", "").is(200).body(), "?");
    let exchange = proxied.seen.only();
    assert_eq!(exchange.operation, None);
    assert!(
        exchange
            .refusal
            .expect("a refusal")
            .contains("no such path")
    );
    assert!(exchange.reply_violations.is_empty());
}

#[test]
fn a_credential_that_is_missed_is_told_unless_the_upstream_refuses() {
    for (status, is_told) in [("204 No Content", true), ("401 Unauthorized", false)] {
        let proxied = proxy(&Real::answering(move |_| {
            format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes()
        }));
        proxied.ask("DELETE /pets/1", "", "");
        let told = only(&proxied).0;
        assert_eq!(told.len(), usize::from(is_told), "{status}: {told:?}");
    }
}

#[test]
fn a_page_of_another_origin_may_ask_what_the_upstream_lets_it() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: https://a.example\r\n\r\n"
            .to_vec()
    });
    let proxied = proxy(&real);
    let fields = "Origin: https://b.example\r\nAccess-Control-Request-Method: GET\r\n";
    let answer = proxied.ask("OPTIONS /pets", fields, "").is(204);
    let allowed = answer.field("access-control-allow-origin");
    assert_eq!(allowed, Some("https://a.example"));
    assert_eq!(only(&proxied), (vec![], vec![]));
}
