//! Where a request ends, and who it is for.

use super::document::serve;
use crate::raw::{GET, millis, post, read_reply};
use counterpart::server::ServerConfig;
use std::io::Write;
use std::thread;
use std::time::Instant;

#[test]
fn an_http_1_1_request_has_exactly_one_valid_host() {
    let served = serve(ServerConfig::default());
    for hosts in [
        "",
        "Host: a\r\nHost: a\r\n",
        "Host: a b\r\n",
        "Host: a@b\r\n",
        "Host: a:x\r\n",
        "Host:\r\n",
        "Host: :80\r\n",
        "Host: %zz\r\n",
        "Host: a%2\r\n",
        "Host: a:65536\r\n",
        "Host: [::1\r\n",
        "Host: [a]\r\n",
    ] {
        let reply = served.send(format!("GET / HTTP/1.1\r\n{hosts}\r\n"));
        reply.problem(400).closes();
    }
    assert_eq!(
        served
            .send("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n")
            .status(),
        200
    );
}

#[test]
fn a_target_that_is_a_whole_uri_has_a_valid_host_too() {
    let served = serve(ServerConfig::default());
    let get = |target: &str| served.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
    get("http://a/x").is(200);
    for target in [
        "http://u:p@a/x",
        "http://a:65536/x",
        "http://[a]/x",
        "a:80",
        "x",
    ] {
        get(target).problem(400).closes();
    }
}

#[test]
fn a_body_that_says_it_is_too_large_is_413_at_once() {
    let served = serve(ServerConfig::default());
    for (fields, body) in [
        ("Content-Length: 18446744073709551615\r\n", ""),
        ("Content-Length: 18446744073709551614\r\n", ""),
        ("Content-Length: 9223372036854775807\r\n", ""),
        ("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n"),
        ("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"),
        ("Transfer-Encoding: chunked\r\n", "a00001\r\nabc"),
        (
            "Transfer-Encoding: chunked\r\n",
            "3\r\nabc\r\nffffff;a=b\r\nabc",
        ),
    ] {
        let mut stream = served.connect();
        let started = Instant::now();
        stream
            .write_all(post(fields, body).as_bytes())
            .expect("sent");
        read_reply(&mut stream).problem(413).closes();
        assert!(started.elapsed() < millis(2000), "{fields}{body}");
    }
    let mut stream = served.connect();
    let begun = post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\nfff");
    stream.write_all(begun.as_bytes()).expect("sent");
    thread::sleep(millis(100));
    stream.write_all(b"ffff\r\n").expect("sent");
    read_reply(&mut stream).problem(413).closes();
}

#[test]
fn chunks_of_requests_in_a_row_are_told_apart() {
    let served = serve(ServerConfig::default());
    // What looks like the size of a chunk is none.
    let one = post(
        "Transfer-Encoding: chunked\r\n",
        "a\r\nffffffff\r\n\r\n0\r\n\r\n",
    );
    let mut stream = served.connect();
    for _ in 0..3 {
        stream.write_all(one.as_bytes()).expect("sent");
        read_reply(&mut stream).is(200);
    }
    stream.write_all(one.repeat(3).as_bytes()).expect("sent");
    (0..3).for_each(|_| drop(read_reply(&mut stream).is(200)));
    for octet in one.bytes() {
        stream.write_all(&[octet]).expect("sent");
        thread::sleep(millis(1));
    }
    read_reply(&mut stream).is(200);
}

#[test]
fn a_request_whose_end_is_in_doubt_is_400_and_closed() {
    let served = serve(ServerConfig::default());
    let smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for fields in [
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Content-Length : 5\r\n",
        "X-Nul: a\0b\r\n",
        "X-Cr: a\rb\r\n",
        " Folded: x\r\n",
    ] {
        let reply = served.send(post(fields, smuggled));
        assert!(!reply.0.contains("smuggled"), "{fields:?}: {}", reply.0);
        assert_eq!(reply.0.matches("HTTP/1.1 ").count(), 1, "{fields:?}");
        reply.problem(400).closes();
    }
}

#[test]
fn a_malformed_chunk_is_400_and_closed() {
    let served = serve(ServerConfig::default());
    for body in ["zz\r\nabc\r\n", "3\r\nabcde\r\n0\r\n\r\n", "-1\r\n\r\n"] {
        let reply = served.send(post("Transfer-Encoding: chunked\r\n", body));
        reply.problem(400).closes();
    }
}

#[test]
fn transfer_encoding_in_http_1_0_is_400() {
    let reply = serve(ServerConfig::default())
        .send("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    assert_eq!(reply.status(), 400);
}

#[test]
fn what_is_no_http_is_told_so() {
    let served = serve(ServerConfig::default());
    for noise in [
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\u{1}\u{2}\r\n\r\n",
    ] {
        served.send(noise).problem(400).closes();
    }
    assert_eq!(served.send(GET).status(), 200);
}
