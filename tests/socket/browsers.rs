//! What pages of other origins may do.

use super::document::serve;
use crate::raw::{Answer, GET, Served, post};
use counterpart::server::{Cors, ServerConfig};

const PAGE: &str = "http://localhost:3000";
const OTHER: &str = "https://evil.example";

/// Serves for the page alone.
fn serve_page() -> Served {
    let page = PAGE.parse().expect("an origin");
    serve(ServerConfig {
        cors: Cors::Listed(vec![page]),
        ..ServerConfig::default()
    })
}

/// A request of a page of that origin.
fn ask(served: &Served, line: &str, origin: &str, fields: &str) -> Answer {
    served.send(format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\n{fields}\r\n"
    ))
}

/// A browser's question whether the page may send this.
fn preflight(served: &Served, path: &str, origin: &str, method: &str, fields: &str) -> Answer {
    let wanted = format!("Access-Control-Request-Method: {method}\r\n{fields}");
    ask(served, &format!("OPTIONS {path}"), origin, &wanted)
}

#[track_caller]
fn grants_nothing(reply: &Answer) {
    assert!(!reply.0.contains("access-control-"), "{}", reply.0);
    assert_eq!(reply.field("vary"), Some("Origin"));
}

#[test]
fn pages_of_any_origin_may_read_answers_and_refusals_without_credentials() {
    let served = serve(ServerConfig::default());
    let garbled = served.send(format!("GET /x\u{1} HTTP/1.1\r\nOrigin: {OTHER}\r\n\r\n"));
    let large = served.send(post(
        &format!("Origin: {OTHER}\r\nContent-Length: 52428800\r\n"),
        "",
    ));
    for (reply, status) in [
        (ask(&served, "GET /x", OTHER, ""), 200),
        (ask(&served, "GET /x", "null", ""), 200),
        (ask(&served, "GET /a/b", OTHER, ""), 404),
        (ask(&served, "DELETE /x", OTHER, ""), 405),
        (ask(&served, "GET /y", OTHER, ""), 422),
        (large, 413),
        (garbled, 400),
    ] {
        assert_eq!(reply.status(), status);
        let origin = reply.field("access-control-allow-origin");
        assert_eq!(origin, Some("*"), "{}", reply.0);
        assert_eq!(reply.field("access-control-allow-credentials"), None);
        assert_eq!(reply.field("vary"), Some("Origin"));
    }
}

#[test]
fn what_a_page_could_not_read_unasked_is_exposed_by_name() {
    let served = serve(ServerConfig::default());
    let reply = ask(&served, "DELETE /x", OTHER, "");
    let exposed = reply.field("access-control-expose-headers");
    assert_eq!(
        exposed,
        Some("date, allow, counterpart-exchange, x-content-type-options, vary")
    );
}

#[test]
fn a_client_that_is_no_page_gets_nothing_of_it_but_caches_are_told() {
    for served in [serve(ServerConfig::default()), serve_page()] {
        grants_nothing(&served.send(GET));
    }
}

#[test]
fn of_listed_origins_each_may_send_credentials_and_no_other_may_read() {
    let served = serve_page();
    let large = |origin| {
        post(
            &format!("Origin: {origin}\r\nContent-Length: 52428800\r\n"),
            "",
        )
    };
    let garbled = |origin| format!("GET /x\u{1} HTTP/1.1\r\norigin:{origin}\r\n\r\n");
    for (own, other) in [
        (
            ask(&served, "GET /x", PAGE, ""),
            ask(&served, "GET /x", OTHER, ""),
        ),
        (
            ask(&served, "GET /a/b", PAGE, ""),
            ask(&served, "GET /a/b", "null", ""),
        ),
        (served.send(large(PAGE)), served.send(large(OTHER))),
        (served.send(garbled(PAGE)), served.send(garbled(OTHER))),
    ] {
        assert_eq!(own.field("access-control-allow-origin"), Some(PAGE));
        assert_eq!(own.field("access-control-allow-credentials"), Some("true"));
        assert!(own.field("access-control-expose-headers").is_some());
        assert_eq!(own.field("vary"), Some("Origin"));
        assert_eq!(own.status(), other.status());
        grants_nothing(&other);
    }
    let twice = format!("Origin: {PAGE}\r\n");
    grants_nothing(&ask(&served, "GET /x", PAGE, &twice));
    let longer = format!("{PAGE}.evil.example");
    grants_nothing(&ask(&served, "GET /x", &longer, ""));
}

#[test]
fn a_preflight_grants_the_methods_of_the_path_and_names_the_headers() {
    let served = serve(ServerConfig::default());
    let fields = "Access-Control-Request-Headers: authorization,if-match\r\n";
    for (path, asked, granted) in [
        ("/x", "POST", "POST, GET, HEAD, OPTIONS"),
        // What isn't documented has a reply that the page is to read.
        ("/x", "PATCH", "PATCH, GET, POST, HEAD, OPTIONS"),
        ("/x?a=b", "GET", "GET, POST, HEAD, OPTIONS"),
        ("/put", "PUT", "PUT, GET, HEAD, OPTIONS"),
        ("/a/b", "DELETE", "DELETE"),
        ("/%zz", "GET", "GET, HEAD, OPTIONS"),
    ] {
        let reply = preflight(&served, path, PAGE, asked, fields).is(204);
        assert_eq!(reply.field("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.field("access-control-allow-credentials"), None);
        let methods = reply.field("access-control-allow-methods");
        assert_eq!(methods, Some(granted), "{path}");
        let headers = reply.field("access-control-allow-headers");
        assert_eq!(headers, Some("authorization, if-match"));
        assert_eq!(reply.field("access-control-max-age"), Some("7200"));
        assert_eq!(reply.field("access-control-allow-private-network"), None);
        assert_eq!(reply.body(), "");
    }
}

#[test]
fn a_preflight_from_the_network_into_this_machine_is_granted() {
    let served = serve_page();
    let fields = "Access-Control-Request-Private-Network: true\r\n";
    let reply = preflight(&served, "/x", PAGE, "GET", fields).is(204);
    assert_eq!(
        reply.field("access-control-allow-private-network"),
        Some("true")
    );
    assert_eq!(reply.field("access-control-allow-origin"), Some(PAGE));
    assert_eq!(
        reply.field("access-control-allow-credentials"),
        Some("true")
    );
}

#[test]
fn a_preflight_of_an_origin_that_is_not_listed_is_told_so() {
    let served = serve_page();
    let reply = preflight(&served, "/x", OTHER, "GET", "").problem(403);
    grants_nothing(&reply);
    assert!(reply.body().contains(OTHER), "{}", reply.0);
}

#[test]
fn a_name_that_is_none_is_not_granted_and_the_others_are() {
    let served = serve(ServerConfig::default());
    let names = "Access-Control-Request-Headers: if-match,a b, ,x(y,Authorization\r\n";
    let reply = preflight(&served, "/x", PAGE, "POST", names).is(204);
    let granted = reply.field("access-control-allow-headers");
    assert_eq!(granted, Some("if-match, Authorization"));
}

#[test]
fn a_preflight_for_what_is_no_token_grants_nothing() {
    let served = serve(ServerConfig::default());
    let names = "Access-Control-Request-Headers: a b\r\n";
    let reply = preflight(&served, "/x", PAGE, "P(ATCH", names);
    assert_eq!(reply.field("access-control-allow-methods"), None);
    assert_eq!(reply.field("access-control-allow-headers"), None);
    let many = format!(
        "Access-Control-Request-Headers: {}\r\n",
        "a,".repeat(5000) + "a"
    );
    let reply = preflight(&served, "/x", PAGE, "PATCH", &many);
    assert_eq!(reply.field("access-control-allow-headers"), None);
}

#[test]
fn options_that_is_no_preflight_is_the_contracts() {
    let served = serve(ServerConfig::default());
    let reply = ask(&served, "OPTIONS /x", "null", "").is(204);
    assert_eq!(reply.field("allow"), Some("GET, POST, HEAD, OPTIONS"));
    assert_eq!(reply.field("access-control-allow-methods"), None);
    assert_eq!(reply.field("access-control-allow-origin"), Some("*"));
}

#[test]
fn cors_can_be_off() {
    let served = serve(ServerConfig {
        cors: Cors::Off,
        ..ServerConfig::default()
    });
    let reply = ask(&served, "GET /x", PAGE, "").is(200);
    assert!(!reply.0.contains("access-control-"), "{}", reply.0);
    assert_eq!(reply.field("vary"), None);
    // A preflight is an OPTIONS as any other.
    let reply = preflight(&served, "/x", PAGE, "POST", "").is(204);
    assert_eq!(reply.field("allow"), Some("GET, POST, HEAD, OPTIONS"));
    assert!(!reply.0.contains("access-control-"), "{}", reply.0);
}
