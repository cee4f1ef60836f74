//! What pages of other origins may do.

use super::document::serve;
use crate::raw::{GET, post};
use counterpart::server::ServerConfig;

#[test]
fn pages_of_any_origin_may_read_answers_and_refusals_without_credentials() {
    let served = serve(ServerConfig::default());
    let page = |fields: &str| {
        let origin = "Origin: https://evil.example\r\n";
        served.send(post(&format!("{origin}{fields}"), ""))
    };
    for (reply, status) in [(page(""), 200), (page("Content-Length: 52428800\r\n"), 413)] {
        assert_eq!(reply.status(), status);
        assert_eq!(reply.field("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.field("access-control-allow-credentials"), None);
        let exposed = reply
            .field("access-control-expose-headers")
            .expect("exposed");
        assert!(
            exposed.starts_with("*,") && exposed.contains("ETag") && exposed.contains("Location")
        );
    }
}

#[test]
fn a_preflight_grants_the_method_and_names_the_headers() {
    let served = serve(ServerConfig::default());
    let reply = served.send(
        "OPTIONS /x HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n\
         Access-Control-Request-Method: PATCH\r\n\
         Access-Control-Request-Headers: authorization,if-match\r\n\r\n",
    );
    assert_eq!(reply.status(), 204);
    assert_eq!(reply.field("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.field("access-control-allow-methods"), Some("PATCH"));
    assert_eq!(
        reply.field("access-control-allow-headers"),
        Some("authorization,if-match")
    );
    assert!(reply.field("access-control-max-age").is_some());
    assert_eq!(reply.body(), "");
}

#[test]
fn a_preflight_for_what_is_no_token_grants_nothing() {
    let served = serve(ServerConfig::default());
    let reply = served.send(
        "OPTIONS /x HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n\
         Access-Control-Request-Method: P(ATCH\r\n\
         Access-Control-Request-Headers: a b\r\n\r\n",
    );
    assert_eq!(reply.field("access-control-allow-methods"), None);
    assert_eq!(reply.field("access-control-allow-headers"), None);
}

#[test]
fn options_that_is_no_preflight_is_the_contracts() {
    let served = serve(ServerConfig::default());
    let reply = served.send("OPTIONS /x HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n");
    assert_eq!(reply.status(), 204);
    assert_eq!(reply.field("allow"), Some("GET, POST, HEAD, OPTIONS"));
    assert_eq!(reply.field("access-control-allow-methods"), None);
    assert_eq!(reply.field("access-control-allow-origin"), Some("*"));
}

#[test]
fn cors_can_be_off() {
    let served = serve(ServerConfig {
        cors: false,
        ..ServerConfig::default()
    });
    let reply = served.send(GET);
    assert_eq!(reply.field("access-control-allow-origin"), None);
}
