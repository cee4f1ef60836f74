//! The mock answers for what the upstream doesn't have yet.

use super::{JSON, Proxied, Real, proxy_with};

fn standing_in(real: &Real) -> Proxied {
    proxy_with(real.port, |upstream| upstream.mock_missing = true)
}

#[test]
fn an_operation_that_the_upstream_has_not_is_answered_by_the_mock() {
    for (status, body) in [
        ("404 Not Found", "Cannot GET /toys"),
        ("501 Not Implemented", "{}"),
    ] {
        let real = Real::json(status, body);
        let proxied = standing_in(&real);
        let answer = proxied.ask("GET /toys", "", "").is(200);
        assert_eq!(answer.json(), serde_json::json!(["ball"]));
        assert!(answer.field("counterpart-source").is_some());
        real.only();
        assert_eq!(proxied.seen.only().reply.status, 200);
    }
}

#[test]
fn what_is_sent_to_it_is_judged_and_remembered() {
    let real = Real::json("404 Not Found", "no");
    let proxied = standing_in(&real);
    proxied
        .ask("POST /pets", JSON, r#"{"name": ""}"#)
        .problem(422);
    let made = proxied
        .ask("POST /pets", JSON, r#"{"name": "Rex"}"#)
        .is(201)
        .json();
    let id = made["id"].to_string();
    let shown = proxied
        .ask(&format!("GET /pets/{id}"), "", "")
        .is(200)
        .json();
    assert_eq!(shown["name"], "Rex");
}

#[test]
fn an_item_that_is_unknown_stays_so() {
    let real = Real::json("404 Not Found", r#"{"error": "no such pet"}"#);
    let proxied = standing_in(&real);
    let answer = proxied.ask("GET /pets/7", "", "").is(404);
    assert_eq!(answer.json()["error"], "no such pet");
    assert_eq!(answer.field("counterpart-source"), None);
}

#[test]
fn a_path_of_nobody_is_the_upstream_s() {
    let real = Real::json("404 Not Found", "nothing");
    let answer = standing_in(&real).ask("GET /dogs", "", "").is(404);
    assert_eq!(answer.body(), "nothing");
}

#[test]
fn what_the_upstream_has_is_its_own() {
    let real = Real::json("200 OK", r#"["bone"]"#);
    let answer = standing_in(&real).ask("GET /toys", "", "").is(200);
    assert_eq!(answer.json(), serde_json::json!(["bone"]));
}
