//! What every reply has.

use super::document::serve;
use crate::raw::GET;
use counterpart::server::ServerConfig;

#[test]
fn a_reply_is_dated_unsniffable_and_does_not_name_its_server() {
    let reply = serve(ServerConfig::default()).send(GET);
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.body(), r#"{"name":"x"}"#);
    assert_eq!(reply.field("x-content-type-options"), Some("nosniff"));
    assert!(reply.field("date").is_some());
    assert_eq!(reply.field("server"), None);
}

#[test]
fn head_has_the_length_of_get_and_no_body() {
    let reply = serve(ServerConfig::default()).send(GET.replace("GET", "HEAD"));
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.field("content-length"), Some("12"));
    assert_eq!(reply.field("content-type"), Some("application/json"));
    assert_eq!(reply.body(), "");
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let text = serve(ServerConfig::default()).send(GET.repeat(3).replacen("/x", "/first", 1));
    assert_eq!(text.0.matches("HTTP/1.1 200 OK").count(), 3);
    let bodies = [r#"{"name":"first"}"#, r#"{"name":"x"}"#].map(|body| text.0.find(body));
    assert!(bodies[0].is_some() && bodies[0] < bodies[1], "{}", text.0);
}

#[test]
fn a_client_that_closes_its_side_after_asking_is_answered() {
    // `send` does so every time; HTTP/1.0 without Host is the oldest client there is.
    let reply = serve(ServerConfig::default()).send("GET /old HTTP/1.0\r\n\r\n");
    assert_eq!(reply.status(), 200);
}

#[test]
fn an_absolute_target_is_taken_by_its_path() {
    let served = serve(ServerConfig::default());
    let get = |query: &str| {
        served.send(format!(
            "GET http://elsewhere.example/y?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        ))
    };
    assert_eq!(get("z=1").status(), 200);
    let refused = get("z=one");
    // As RFC 9110 §15.5.21 has it.
    let line = "HTTP/1.1 422 Unprocessable Content\r\n";
    assert!(refused.0.starts_with(line), "{}", refused.0);
    let problem = refused.problem(422).json();
    assert_eq!(problem["errors"][0]["parameter"], "z");
}

#[test]
fn options_of_the_whole_server_is_204() {
    let served = serve(ServerConfig::default());
    let reply = served.send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(reply.status(), 204);
    assert!(reply.field("allow").is_some());
    served
        .send("GET * HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .problem(400);
}

#[test]
fn connect_and_trace_are_refused_and_reflect_nothing() {
    let served = serve(ServerConfig::default());
    let ask = |line: &str| {
        let reply = served.send(format!(
            "{line}\r\nHost: localhost\r\nX-Secret: secret\r\n\r\n"
        ));
        assert!(!reply.0.contains("secret"));
        reply
    };
    ask("CONNECT secret:443 HTTP/1.1").problem(501).closes();
    let refused = ask("TRACE /secret HTTP/1.1");
    let allowed = refused.field("allow").unwrap_or_default();
    assert!(
        allowed.contains("GET") && !allowed.contains("TRACE"),
        "{allowed}"
    );
    refused.problem(405);
}
