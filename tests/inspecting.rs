//! What the journal tells of an exchange: why it went as it did, and what can be taken along.

use crate::process::{Folder, run};
use crate::raw::{Answer, Served, request, serve, serve_shipped};
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use serde_json::{Value, json};
use std::sync::Arc;

const ONE: &str = "/live/v1/sessions/11111111-1111-4111-8111-111111111111";
const JSON: &str = "Content-Type: application/json\r\n";

fn ask(served: &Served, line: &str, fields: &str, body: &str) -> Answer {
    let fields = format!("Connection: close\r\n{fields}");
    served.send(request(line, &fields, body))
}

/// The number of a reply's exchange.
fn number(answer: &Answer) -> u64 {
    let number = answer.field("counterpart-exchange");
    let number = number.unwrap_or_else(|| panic!("no number in {}", answer.0));
    number.parse().expect("a number")
}

fn explained(served: &Served, answer: &Answer) -> Value {
    let line = format!("GET /_counterpart/journal/{}/explanation", number(answer));
    ask(served, &line, "", "").is(200).json()
}

#[test]
fn every_reply_names_its_exchange() {
    let served = serve_shipped(ServerConfig::default());
    let large = "Origin: http://localhost:3000\r\nContent-Length: 52428800\r\n\r\n";
    let large = served.send(format!("POST {ONE} HTTP/1.1\r\nHost: localhost\r\n{large}"));
    for (answer, status) in [
        (large, 413),
        (ask(&served, &format!("GET {ONE}"), "", ""), 200),
        (ask(&served, "GET /nowhere", "", ""), 404),
    ] {
        assert_eq!(answer.status(), status, "{}", answer.0);
        let line = format!("GET /_counterpart/journal/{}", number(&answer));
        let told = ask(&served, &line, "", "").is(200).json();
        assert_eq!(told["status"], status);
        let exposed = answer.field("access-control-expose-headers");
        let is_exposed = exposed.is_none_or(|names| names.contains("counterpart-exchange"));
        assert!(is_exposed, "{}", answer.0);
    }
    let silent = serve_shipped(ServerConfig {
        limits: counterpart::server::Limits {
            journal: 0,
            ..Default::default()
        },
        ..ServerConfig::default()
    });
    let answer = ask(&silent, &format!("GET {ONE}"), "", "").is(200);
    assert_eq!(answer.field("counterpart-exchange"), None);
}

#[test]
fn a_violation_is_explained_with_what_was_received_expected_and_the_lines_that_demand_it() {
    let served = serve_shipped(ServerConfig::default());
    let refused = ask(&served, &format!("PATCH {ONE}"), JSON, r#"{"title": ""}"#).is(422);
    let told = explained(&served, &refused);
    let [problem] = told["problems"].as_array().expect("a list").as_slice() else {
        panic!("{told:#}");
    };
    assert_eq!(problem["of"], "request");
    assert_eq!(
        (&problem["part"], &problem["pointer"]),
        (&json!("body"), &json!("/title"))
    );
    assert_eq!(problem["received"], "\"\"");
    assert_eq!(
        (&problem["rule"], &problem["expected"]),
        (&json!("minLength"), &json!("1"))
    );
    let page = "live/update-live-session.html#body.title";
    assert_eq!(problem["docs"], page);
    let source = &problem["source"];
    assert_eq!(source["file"], "specs/live.yaml");
    let lines = source["lines"].as_array().expect("lines");
    let own = lines.iter().find(|line| line["number"] == source["line"]);
    let own = own.expect("the line itself")["text"]
        .as_str()
        .expect("a text");
    assert!(own.contains("minLength: 1"), "{own}");
    assert!(lines.len() > 3, "{source}");
    let operation = &told["operation"];
    assert_eq!(operation["name"], "PATCH /live/v1/sessions/{id}");
    assert_eq!(operation["docs"], "live/update-live-session.html");
    // The page has the place that is led to.
    let at = page.split('#').next().expect("a path");
    let documented = ask(&served, &format!("GET /_counterpart/docs/{at}"), "", "").is(200);
    assert!(documented.body().contains("id=\"body.title\""));
}

#[test]
fn what_else_is_documented_is_told_with_how_to_get_it() {
    let served = serve_shipped(ServerConfig::default());
    let answer = ask(&served, &format!("GET {ONE}"), "", "").is(200);
    let told = explained(&served, &answer);
    assert_eq!(
        (&told["status"], &told["problems"]),
        (&json!(200), &json!([]))
    );
    assert_eq!(told["chosen"], "is documented");
    assert!(told["from"].is_string(), "{told:#}");
    let others = told["others"].as_array().expect("a list");
    let other = others.iter().find(|other| other["status"] == "404");
    let other = other.unwrap_or_else(|| panic!("{told:#}"));
    assert_eq!(other["docs"], "live/get-live-session.html#status-404");
    let prefer = format!("Prefer: code={}\r\n", other["code"]);
    ask(&served, &format!("GET {ONE}"), &prefer, "").is(404);
    assert!(others.iter().all(|other| other["status"] != "200"));
}

#[test]
fn of_a_request_that_none_answers_the_nearest_are_told_and_why_each_is_not_it() {
    let served = serve_shipped(ServerConfig::default());
    let missed = ask(&served, "GET /live/v1/session/1", "", "").is(404);
    let told = explained(&served, &missed);
    assert!(told.get("operation").is_none(), "{told:#}");
    let first = &told["nearest"][0];
    assert_eq!(first["operation"], "GET /live/v1/sessions/{id}");
    let why = first["why"].as_str().expect("a reason");
    assert!(
        why.contains("`sessions`") && why.contains("`session`"),
        "{why}"
    );
    assert_eq!(first["docs"], "live/get-live-session.html");
    let other = ask(&served, "DELETE /@box/live/v1/sessions", "", "").is(405);
    let told = explained(&served, &other);
    let first = &told["nearest"][0];
    assert_eq!(first["operation"], "GET /live/v1/sessions");
    assert!(
        first["why"].as_str().expect("why").contains("DELETE"),
        "{told:#}"
    );
}

#[test]
fn exchanges_are_exported_as_an_archive_that_says_no_secret() {
    let served = serve_shipped(ServerConfig::default());
    let secret = "Authorization: Bearer tops3cret\r\n";
    let line = format!("PATCH {ONE}?a=b%20c&d");
    ask(
        &served,
        &line,
        &format!("{JSON}{secret}"),
        r#"{"title": "Évening"}"#,
    );
    ask(&served, "GET /nowhere", "", "").is(404);
    let answer = ask(&served, "GET /_counterpart/har?problems=false", "", "").is(200);
    assert!(!answer.0.contains("tops3cret"));
    let disposition = answer.field("content-disposition").expect("a file");
    assert!(disposition.contains("exchanges.har"), "{disposition}");
    let archive = answer.json();
    assert_eq!(archive["log"]["version"], "1.2");
    let [entry] = archive["log"]["entries"]
        .as_array()
        .expect("a list")
        .as_slice()
    else {
        panic!("{archive:#}");
    };
    let request = &entry["request"];
    let url = format!("http://127.0.0.1:{}{ONE}?a=b%20c&d", served.port());
    assert_eq!(
        (&request["method"], &request["url"]),
        (&json!("PATCH"), &json!(url))
    );
    assert_eq!(
        request["queryString"],
        json!([{"name": "a", "value": "b c"}, {"name": "d", "value": ""}])
    );
    assert_eq!(request["postData"]["text"], r#"{"title": "Évening"}"#);
    assert_eq!(entry["response"]["status"], 200);
    let content = &entry["response"]["content"];
    assert_eq!(content["mimeType"], "application/json");
    let size = content["text"].as_str().expect("a text").len();
    assert_eq!(content["size"], size);
    ask(&served, "GET /_counterpart/har?api=none", "", "").problem(404);
}

const SHOP: &str = r"
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /search:
    post:
      operationId: search
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
      requestBody: {content: {application/json: {schema: {type: object, properties: {q: {type: string}, password: {type: string}}}}}}
      responses:
        '200': {description: Found., content: {application/json: {schema: {type: object, properties: {id: {type: integer}, password: {type: string}}}}}}
";

#[test]
fn a_reply_can_be_kept_as_a_fixture_that_answers_the_same_again() {
    let folder = Folder::of(&[("specs/shop.yaml", SHOP)]);
    let load = || {
        let host = Host::load(&[folder.path().join("specs/shop.yaml")]);
        serve(
            Arc::new(host.unwrap_or_else(|errors| panic!("{errors}"))),
            ServerConfig::default(),
        )
    };
    let served = load();
    let line = "POST /search?limit=3";
    let asked = r#"{"q": "rex"}"#;
    let fields = format!("{JSON}Prefer: seed=other\r\n");
    let answer = ask(&served, line, &fields, asked).is(200);
    // What the mock made up may have a member that is masked.
    let kept = format!("GET /_counterpart/journal/{}/fixture", number(&answer));
    if answer.json().get("password").is_some() {
        ask(&served, &kept, "", "").problem(422);
    }
    let rule =
        json!({"rules": [{"operation": "search", "reply": {"status": 200, "body": {"id": 77}}}]});
    ask(
        &served,
        "PUT /_counterpart/behaviour",
        JSON,
        &rule.to_string(),
    )
    .is(204);
    let answer = ask(&served, line, JSON, asked).is(200);
    let kept = format!("GET /_counterpart/journal/{}/fixture", number(&answer));
    let kept = ask(&served, &kept, "", "").is(200).json();
    assert_eq!(kept["file"], "fixtures/shop/replies/search-200.yaml");
    folder.write(
        kept["file"].as_str().expect("a name"),
        kept["text"].as_str().expect("a text"),
    );
    let ended = run(folder.path(), &["check", "specs/shop.yaml"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, kept["text"]);
    let served = load();
    let same = ask(&served, line, JSON, asked).is(200);
    assert_eq!(same.json(), json!({"id": 77}));
    let other = ask(&served, "POST /search?limit=4", JSON, asked).is(200);
    assert_ne!(other.json(), json!({"id": 77}));
    // What nobody documents is no fixture.
    let missed = ask(&served, "GET /nowhere", "", "").is(404);
    let kept = format!("GET /_counterpart/journal/{}/fixture", number(&missed));
    ask(&served, &kept, "", "").problem(422);
}

#[test]
fn the_inspector_is_a_page_and_json_for_programs() {
    let served = serve_shipped(ServerConfig::default());
    let page = ask(
        &served,
        "GET /_counterpart/",
        "Accept: text/html,*/*;q=0.8\r\n",
        "",
    )
    .is(200);
    assert_eq!(page.field("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.field("content-security-policy").is_some());
    assert!(page.body().contains("<noscript>"));
    let told = ask(
        &served,
        "GET /_counterpart/",
        "Accept: application/json\r\n",
        "",
    )
    .is(200);
    assert_eq!(told.json()["openapi"], "/_counterpart/openapi.json");
    let way = ask(&served, "GET /_counterpart", "", "").is(307);
    assert_eq!(way.field("location"), Some("/_counterpart/"));
    // Everything that the page loads is there.
    for link in page
        .body()
        .split('"')
        .filter(|link| link.starts_with("/_counterpart/"))
    {
        let answer = ask(&served, &format!("GET {link}"), "Accept: */*\r\n", "");
        assert_eq!(answer.status(), 200, "{link}");
    }
    ask(&served, "GET /_counterpart/inspector/none.js", "", "").problem(404);
}
