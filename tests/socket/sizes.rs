//! How much a client may send.

use super::document::{serve, serve_within};
use crate::raw::{Served, post, read_reply, request};
use counterpart::server::{Limits, ServerConfig};
use std::io::Write;

#[test]
fn a_body_over_the_limit_is_413_and_the_client_can_read_it() {
    let served = serve(ServerConfig::default());
    let mut bytes = post("Content-Length: 52428800\r\n", "").into_bytes();
    bytes.resize(bytes.len() + (50 << 20), b'x');
    served.send(bytes).problem(413).closes();
}

#[test]
fn a_chunked_body_over_the_limit_is_413_and_the_client_can_read_it() {
    let served = serve_within(Limits {
        body: 100_000,
        ..Limits::default()
    });
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(40);
    let request = post(
        "Transfer-Encoding: chunked\r\n",
        &format!("{chunk}0\r\n\r\n"),
    );
    served.send(request).problem(413).closes();
}

#[test]
fn a_body_of_exactly_the_limit_is_taken() {
    let served = serve(ServerConfig::default());
    let body = "x".repeat(10 << 20);
    let bytes = "Content-Type: application/octet-stream\r\n";
    served.send(request("PUT /put", bytes, &body)).is(200);
    let json = format!(r#"{{"a":"{}"}}"#, &body[8..]);
    let fields = "Content-Type: application/json\r\n";
    served.send(request("PUT /put", fields, &json)).is(200);
    served
        .send(request("PUT /put", fields, &format!("{json} ")))
        .problem(413);
}

#[test]
fn a_body_in_chunks_is_taken() {
    let served = serve(ServerConfig::default());
    let chunks = "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n";
    let reply = served.send(post("Transfer-Encoding: chunked\r\n", chunks));
    assert_eq!(reply.status(), 200);
    let chunked = "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n";
    let put = |body: &str| {
        served.send(format!(
            "PUT /put HTTP/1.1\r\nHost: localhost\r\n{chunked}\r\n{body}"
        ))
    };
    put("2\r\n{\"\r\n5\r\na\":1}\r\n0\r\n\r\n").is(200);
    put("2\r\n{\"\r\n5\r\nb\":1}\r\n0\r\n\r\n").problem(422);
}

#[test]
fn what_stands_beside_chunks_is_bound_too() {
    let chunked = |served: &Served, extension: usize, trailers: usize| {
        let [extension, trailers] = [extension, trailers].map(|length| "x".repeat(length));
        let body = format!("3;{extension}\r\nabc\r\n0\r\nX-Long: {trailers}\r\n\r\n");
        served.send(post("Transfer-Encoding: chunked\r\n", &body))
    };
    let served = serve(ServerConfig::default());
    chunked(&served, 16_000, 16_000).is(200);
    chunked(&served, 17_000, 0).problem(400).closes();
    for length in [17_000, 30_000] {
        chunked(&served, 0, length).problem(431).closes();
    }
    let refused = chunked(&served, 0, 60_000).closes().status();
    assert!([400, 431].contains(&refused), "{refused}");
    let served = serve_within(Limits {
        trailers: 100,
        ..Limits::default()
    });
    chunked(&served, 0, 80).is(200);
    chunked(&served, 0, 100).problem(431).closes();
    let served = serve_within(Limits {
        trailers: 100_000,
        ..Limits::default()
    });
    chunked(&served, 0, 80_000).is(200);
}

#[test]
fn a_client_that_expects_to_continue_is_not_invited_to_send_too_much() {
    let served = serve(ServerConfig::default());
    let mut stream = served.connect();
    let head = post("Content-Length: 52428800\r\nExpect: 100-continue\r\n", "");
    stream.write_all(head.as_bytes()).expect("sent");
    read_reply(&mut stream).problem(413).closes();
}

#[test]
fn a_client_that_expects_to_continue_is_invited_where_the_body_fits() {
    let served = serve(ServerConfig::default());
    let mut stream = served.connect();
    let head = post("Content-Length: 2\r\nExpect: 100-continue\r\n", "");
    stream.write_all(head.as_bytes()).expect("sent");
    assert_eq!(read_reply(&mut stream).status(), 100);
    stream.write_all(b"{}").expect("sent");
    assert_eq!(read_reply(&mut stream).status(), 200);
}

#[test]
fn a_target_over_the_limit_is_414_however_long_it_is() {
    let served = serve(ServerConfig::default());
    let get = |length| {
        format!(
            "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "x".repeat(length)
        )
    };
    assert_eq!(served.send(get(8000)).status(), 200);
    for length in [8 << 10, 50_000, 100_000, 1_000_000] {
        served.send(get(length)).problem(414).closes();
    }
}

#[test]
fn header_fields_over_the_limit_are_431() {
    let served = serve(ServerConfig::default());
    let get = |fields: String| format!("GET / HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
    let long = |length| format!("X-Long: {}\r\n", "x".repeat(length));
    assert_eq!(served.send(get(long(30_000))).status(), 200);
    for length in [33_000, 64 << 10, 1_000_000] {
        served.send(get(long(length))).problem(431).closes();
    }
    assert_eq!(served.send(get("A: b\r\n".repeat(99))).status(), 200);
    served
        .send(get("A: b\r\n".repeat(100)))
        .problem(431)
        .closes();
}

#[test]
fn a_body_of_an_unknown_coding_is_415_and_identity_is_no_coding() {
    let served = serve(ServerConfig::default());
    let put = |coding: &str| {
        let fields = format!("Content-Type: application/json\r\nContent-Encoding: {coding}\r\n");
        served.send(request("PUT /put", &fields, r#"{"a":1}"#))
    };
    let reply = put("zstd").problem(415);
    assert_eq!(reply.field("accept-encoding"), Some("gzip, deflate, br"));
    put("gzip").problem(400);
    put("identity").is(200);
}

#[test]
fn the_control_plane_takes_no_coded_body() {
    let served = serve(ServerConfig::default());
    let fields = "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\n";
    let reply = served.send(request("POST /_counterpart/tokens", fields, "scope=a"));
    let reply = reply.problem(415);
    assert_eq!(reply.field("accept-encoding"), Some("identity"));
}
