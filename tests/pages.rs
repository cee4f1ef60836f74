//! What a browser gets to see of a server: its documentation, and who may look.

use crate::raw::{Answer, Served, request, serve_shipped};
use counterpart::server::ServerConfig;
use std::net::Ipv4Addr;

const INDEX: &str = "GET /_counterpart/docs/index.html";
const PAGE: &str = "GET /_counterpart/docs/live/update-live-session.html";
/// A link on another site, or in another program, that someone followed.
const VISIT: &str =
    "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";

fn served() -> Served {
    serve_shipped(ServerConfig::default())
}

/// Served to other machines, with a control token.
fn served_to_all() -> Served {
    serve_shipped(ServerConfig {
        host: Ipv4Addr::UNSPECIFIED.into(),
        control_token: Some("s3cr=t".to_owned()),
        ..ServerConfig::default()
    })
}

impl Served {
    fn ask(&self, line: &str, fields: &str) -> Answer {
        let fields = format!("Connection: close\r\n{fields}");
        self.send(request(line, &fields, ""))
    }
}

#[test]
fn the_documentation_is_served_with_what_keeps_others_out_of_it() {
    let served = served();
    let index = served.ask(INDEX, "").is(200);
    assert_eq!(
        index.field("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = index.field("content-security-policy").expect("a policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(index.field("x-content-type-options"), Some("nosniff"));
    assert_eq!(index.field("referrer-policy"), Some("no-referrer"));
    assert!(index.body().contains("Live sessions"), "{}", index.0);
    for (path, media_type) in [
        ("assets/site.css", "text/css; charset=utf-8"),
        ("assets/site.js", "text/javascript; charset=utf-8"),
        ("assets/search.js", "text/javascript; charset=utf-8"),
        ("live/update-live-session.html", "text/html; charset=utf-8"),
        (
            "live/update-live-session.md",
            "text/markdown; charset=utf-8",
        ),
        ("live/schemas/index.html", "text/html; charset=utf-8"),
    ] {
        let answer = served
            .ask(&format!("GET /_counterpart/docs/{path}"), "")
            .is(200);
        assert_eq!(answer.field("content-type"), Some(media_type), "{path}");
    }
}

#[test]
fn a_browser_that_has_a_page_is_told_so() {
    let served = served();
    let page = served.ask(PAGE, "").is(200);
    let tag = page.field("etag").expect("a tag");
    let known = format!("If-None-Match: {tag}\r\n");
    let again = served.ask(PAGE, &known).is(304);
    assert_eq!((again.body(), again.field("etag")), ("", Some(tag)));
    assert_eq!(again.field("cache-control"), Some("no-cache"));
    let head = served.ask(&PAGE.replace("GET", "HEAD"), "").is(200);
    let length = page.body().len().to_string();
    assert_eq!(head.field("content-length"), Some(length.as_str()));
    assert_eq!((head.body(), head.field("etag")), ("", Some(tag)));
    served.ask(&PAGE.replace("GET", "DELETE"), "").is(405);
}

#[test]
fn folders_lead_to_their_pages_and_what_is_not_there_is_a_page_too() {
    let served = served();
    for (path, page) in [
        ("docs", "index.html"),
        ("docs/", "index.html"),
        ("docs/live", "live/index.html"),
        ("docs/live/", "live/index.html"),
    ] {
        let answer = served.ask(&format!("GET /_counterpart/{path}"), "").is(307);
        let page = format!("/_counterpart/docs/{page}");
        assert_eq!(answer.field("location"), Some(page.as_str()), "{path}");
    }
    for path in [
        "nothing.html",
        "live/nothing.html",
        "a/b/c",
        "%zz",
        "..%2f..%2fCargo.toml",
    ] {
        let answer = served.ask(&format!("GET /_counterpart/docs/{path}"), "");
        let status = answer.status();
        // What can't be decoded is refused before.
        assert!(
            status == 404 || path == "%zz" && status == 400,
            "{}",
            answer.0
        );
        if status == 404 {
            assert!(
                answer.body().contains("There is no such page"),
                "{}",
                answer.0
            );
            assert!(answer.field("content-security-policy").is_some());
        }
    }
}

#[test]
fn samples_ask_the_address_that_is_served() {
    let served = served();
    let own = format!("http://127.0.0.1:{}", served.port());
    let page = served.ask(PAGE, "").is(200);
    assert!(page.body().contains(&own));
    assert!(!page.body().contains("127.0.0.1:4010"));
}

#[test]
fn the_form_of_an_operation_sends_to_where_the_mock_answers_it() {
    let served = served();
    let page = served.ask(PAGE, "").is(200);
    for said in [
        "data-method=\"PATCH\"",
        "data-path=\"/live/v1/sessions/{id}\"",
        "value=\"11111111-1111-4111-8111-111111111111\"",
        "data-api=\"live\"",
        "data-key=\"id\"",
        "id=\"try.header.If-Match\"",
        "template data-example",
    ] {
        assert!(page.body().contains(said), "{said}");
    }
}

#[test]
fn a_page_may_be_visited_from_anywhere_and_read_by_nobody_else() {
    let served = served();
    served.ask(INDEX, VISIT).is(200);
    served.ask("GET /_counterpart/docs/nothing", VISIT).is(404);
    // What no person looks at isn't for visits.
    served.ask("GET /_counterpart/journal", VISIT).problem(403);
    served.ask("POST /_counterpart/reset", VISIT).problem(403);
    for fields in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
        "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n",
    ] {
        served.ask(INDEX, fields).problem(403);
    }
    // A name that is rebound to this machine is none of its names.
    let visit =
        format!("{INDEX} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n{VISIT}\r\n");
    served.send(visit).problem(403);
}

#[test]
fn the_pages_own_origin_may_use_the_control_plane() {
    let served = served();
    let own = "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n";
    let token = served.ask("POST /_counterpart/tokens", own).is(200);
    assert!(token.json()["access_token"].is_string());
    // Neither the port nor the name may be another.
    for other in [
        "http://localhost:3000",
        "http://127.0.0.1",
        "http://localhost.evil.example",
    ] {
        let fields = format!("Origin: {other}\r\n");
        served
            .ask("POST /_counterpart/tokens", &fields)
            .problem(403);
    }
}

#[test]
fn beyond_this_machine_a_person_shows_the_token_in_a_form() {
    let served = served_to_all();
    let ask = |line: &str, fields: &str, body: &str| {
        let length = body.len();
        served.send(format!(
            "{line} HTTP/1.1\r\nHost: mock.example:4010\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n{body}"
        ))
    };
    let form = ask(INDEX, VISIT, "").is(401);
    assert!(form.body().contains("name=\"token\""), "{}", form.0);
    assert!(!form.body().contains("Live sessions"), "{}", form.0);
    ask("GET /_counterpart/docs/assets/search.js", "", "").is(401);
    let send = |fields: &str, body: &str| {
        let fields = format!("Content-Type: application/x-www-form-urlencoded\r\n{fields}");
        ask("POST /_counterpart/entry", &fields, body)
    };
    let own = "Origin: http://mock.example:4010\r\n";
    let wrong = send(own, "token=s3cret").is(401);
    assert_eq!(wrong.field("set-cookie"), None);
    send("Origin: http://evil.example\r\n", "token=s3cr%3Dt").problem(403);
    let entered = send(own, "token=s3cr%3Dt").is(303);
    let cookie = entered.field("set-cookie").expect("a cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/_counterpart"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().expect("a pair");
    assert!(!pair.contains("s3cr=t"), "{pair}");
    let known = format!("Cookie: other=1; {pair}\r\n");
    ask(INDEX, &known, "").is(200);
    ask("GET /_counterpart/contracts", &known, "").is(200);
    ask("POST /_counterpart/reset", &format!("{known}{own}"), "").is(204);
    // The cookie goes with what another site sends, where a browser is old.
    let other = format!("{known}Origin: http://evil.example\r\n");
    ask("POST /_counterpart/reset", &other, "").problem(403);
    ask(INDEX, "Cookie: counterpart-control=czNjcj0\r\n", "").is(401);
    ask("GET /_counterpart/contracts", "", "").problem(401);
}

#[test]
fn pages_are_off_with_the_control_plane() {
    let served = serve_shipped(ServerConfig {
        control: false,
        ..ServerConfig::default()
    });
    served.ask(INDEX, "").problem(404);
    let served = serve_shipped(ServerConfig {
        host: Ipv4Addr::UNSPECIFIED.into(),
        ..ServerConfig::default()
    });
    served.ask(INDEX, "").problem(403);
}

#[test]
fn swagger_ui_shows_every_contract_and_asks_nobody_else() {
    let served = served();
    let way = served.ask("GET /_counterpart/swagger", "").is(307);
    assert_eq!(way.field("location"), Some("/_counterpart/swagger/"));
    let page = served.ask("GET /_counterpart/swagger/", VISIT).is(200);
    assert!(page.body().contains("id=\"swagger-ui\""), "{}", page.0);
    let gzip = "Accept-Encoding: gzip, br\r\n";
    let start = "GET /_counterpart/swagger/swagger-initializer.js";
    let script = served.ask(start, gzip).is(200);
    for said in [
        "/_counterpart/contracts/live/document",
        "/_counterpart/contracts/workspace/document",
        "/_counterpart/openapi.json",
    ] {
        assert!(script.body().contains(said), "{}", script.0);
    }
    assert!(!script.body().contains("http"), "{}", script.0);
    let policy = script.field("content-security-policy").expect("a policy");
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    served.ask(start, VISIT).is(200);
    served
        .ask("GET /_counterpart/swagger/none.js", "")
        .problem(404);
    let document = served
        .ask("GET /_counterpart/contracts/live/document", "")
        .is(200);
    let document = document.json();
    assert_eq!(document["servers"], serde_json::json!([{"url": "/live"}]));
    assert_eq!(document["info"]["title"], "Live sessions");
    let none = served.ask("GET /_counterpart/contracts/none/document", "");
    assert!(none.problem(404).body().contains("live"));
}
