//! Bodies of any length pass, as fast as they are taken.

use super::{Real, proxy};
use crate::raw::{self, millis};
use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

const LONG: usize = 11 << 20;
const OCTETS: &str = "Content-Type: application/octet-stream\r\n";

#[test]
fn what_is_too_long_to_be_judged_passes() {
    let real = Real::answering(|request| {
        let (_, body) = request.split_once("\r\n\r\n").expect("a body");
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\n{OCTETS}Content-Length: {length}\r\n\r\n{body}").into_bytes()
    });
    let proxied = proxy(&real);
    let body = "x".repeat(LONG);
    let answer = proxied.ask("PUT /files", OCTETS, &body).is(200);
    assert_eq!(answer.body().len(), LONG);
    let exchange = proxied.seen.only();
    assert_eq!(
        (exchange.request.body.len(), exchange.reply.body.len()),
        (0, 0)
    );
    let source = exchange.source.expect("a source");
    assert!(source.contains("too long to be judged"), "{source}");
}

#[test]
fn the_first_of_a_reply_does_not_wait_for_the_last() {
    let real = Real::talking(|_, stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(b"data: tick\n\n");
        thread::sleep(Duration::from_secs(3));
        let _ = stream.write_all(b"data: tack\n\n");
        false
    });
    let proxied = proxy(&real);
    let mut stream = proxied.served.connect();
    let request = raw::request("GET /events", "Connection: close\r\n", "");
    stream.write_all(request.as_bytes()).expect("sent");
    let started = std::time::Instant::now();
    let mut heard = String::new();
    while !heard.contains("tick") {
        let mut some = [0; 1000];
        let count = stream.read(&mut some).expect("some of it");
        assert_ne!(count, 0, "{heard}");
        heard += std::str::from_utf8(&some[..count]).expect("UTF-8");
    }
    assert!(started.elapsed() < Duration::from_secs(2));
    assert!(proxied.seen.all().is_empty());
    raw::read_to_end(&mut stream);
    let (_, reply) = super::told(&proxied.seen.only());
    assert_eq!(reply.len(), 1, "{reply:?}");
}

#[test]
fn the_first_of_a_request_does_not_wait_for_the_last() {
    let real = Real::json("200 OK", "[]");
    let proxied = proxy(&real);
    let mut stream = proxied.served.connect();
    let head =
        "PUT /files HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n";
    stream
        .write_all(format!("{head}{OCTETS}\r\n3\r\nabc\r\n").as_bytes())
        .expect("sent");
    thread::sleep(millis(100));
    stream.write_all(b"3\r\ndef\r\n0\r\n\r\n").expect("sent");
    raw::Answer(raw::read_to_end(&mut stream)).is(200);
    assert_eq!(proxied.seen.only().request.body, "abcdef");
}

#[test]
fn an_upstream_that_takes_nothing_holds_up_who_sends() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        let (_stream, _) = listener.accept().expect("a connection");
        thread::sleep(Duration::from_secs(6));
    });
    let proxied = super::proxy_with(port, |_| {});
    let mut stream = proxied.served.connect();
    stream
        .set_write_timeout(Some(Duration::from_secs(1)))
        .expect("a time-out");
    let head =
        format!("PUT /files HTTP/1.1\r\nHost: x\r\n{OCTETS}Content-Length: 500000000\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("sent");
    let piece = vec![0; 1 << 20];
    let sent = (0..500)
        .take_while(|_| stream.write_all(&piece).is_ok())
        .count();
    assert!(
        sent < 100,
        "{sent} MiB were taken in for an upstream that takes none"
    );
}

#[test]
fn a_reply_that_comes_before_the_request_is_read_is_passed_on() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 100]);
        let head =
            "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
        let _ = stream.write_all(format!("{head}big").as_bytes());
        thread::sleep(Duration::from_secs(3));
    });
    let proxied = super::proxy_with(port, |_| {});
    let started = std::time::Instant::now();
    let answer = proxied.ask("PUT /files", OCTETS, &"x".repeat(20 << 20));
    assert_eq!(answer.is(413).closes().body(), "big");
    assert!(started.elapsed() < Duration::from_secs(8));
    let source = proxied.seen.only().source.expect("a source");
    assert!(source.contains("wasn't sent to its end"), "{source}");
}

#[test]
fn a_client_of_http_1_0_gets_a_body_that_ends_with_the_connection() {
    let real = Real::answering(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n".to_vec()
    });
    let answer = proxy(&real).served.send("GET /pets HTTP/1.0\r\n\r\n");
    assert_eq!(answer.field("transfer-encoding"), None);
    assert_eq!(answer.is(200).body(), "[]");
    assert!(
        real.only()
            .starts_with("GET /pets HTTP/1.1\r\nhost: 127.0.0.1"),
        "{}",
        real.only()
    );
}
