//! An upstream that doesn't do its part.

use super::{Real, proxy, proxy_as, proxy_with};
use crate::raw::millis;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

#[test]
fn one_that_is_not_there_is_a_bad_gateway() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let proxied = proxy_with(port, |_| {});
    let problem = proxied.ask("GET /pets?limit=x", "", "").problem(502).json();
    let detail = problem["detail"].as_str().expect("a text").to_owned();
    assert!(detail.contains("can't be reached"), "{detail}");
    let exchange = proxied.seen.only();
    assert!(exchange.is_fault);
    assert_eq!(exchange.violations.len(), 1);
    assert!(exchange.reply_violations.is_empty());
}

#[test]
fn one_that_does_not_answer_is_a_gateway_timeout() {
    let real = Real::talking(|_, _| {
        thread::sleep(Duration::from_secs(5));
        false
    });
    let quick = |config: &mut counterpart::server::ServerConfig| {
        config.limits.upstream_time = millis(300);
    };
    let proxied = proxy_as(real.port, |_| {}, quick);
    proxied.ask("GET /pets", "", "").problem(504);
    assert!(proxied.seen.only().is_fault);
}

#[test]
fn what_is_no_http_is_a_bad_gateway() {
    for reply in ["hello\r\n\r\n", "", "HTTP/1.1 200 OK\r\nContent-"] {
        let real = Real::talking(move |_, stream| {
            let _ = stream.write_all(reply.as_bytes());
            false
        });
        proxy(&real).ask("GET /pets", "", "").problem(502);
    }
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    proxy(&Real::answering(move |_| long.clone().into_bytes()))
        .ask("GET /pets", "", "")
        .problem(502);
}

#[test]
fn a_reply_that_ends_early_is_not_passed_on_as_whole() {
    for (framing, sent) in [
        ("Content-Length: 99\r\n", "[1, 2"),
        ("Transfer-Encoding: chunked\r\n", "5\r\n[1, 2\r\n"),
    ] {
        let real = Real::talking(move |_, stream| {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
            let _ = stream.write_all(format!("{head}{framing}\r\n{sent}").as_bytes());
            thread::sleep(millis(100));
            false
        });
        let proxied = proxy(&real);
        let answer = proxied.ask("GET /pets", "", "").is(200);
        assert!(answer.body().len() < 99, "{}", answer.0);
        assert!(!answer.body().contains("0\r\n\r\n"), "{}", answer.0);
        let exchange = proxied.seen.only();
        assert!(exchange.is_fault, "{framing}");
        let refusal = exchange.refusal.expect("a reason");
        assert!(refusal.contains("before its end"), "{refusal}");
    }
}

#[test]
fn a_reply_that_pauses_for_too_long_is_cut_off() {
    let real = Real::talking(|_, stream| {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[";
        let _ = stream.write_all(head.as_bytes());
        thread::sleep(Duration::from_secs(5));
        false
    });
    let quick = |config: &mut counterpart::server::ServerConfig| {
        config.limits.upstream_time = millis(300);
    };
    let proxied = proxy_as(real.port, |_| {}, quick);
    assert_eq!(proxied.ask("GET /pets", "", "").is(200).body(), "[");
    let refusal = proxied.seen.only().refusal.expect("a reason");
    assert!(refusal.contains("paused"), "{refusal}");

    let enforcing = |upstream: &mut counterpart::server::Upstream| upstream.enforce = true;
    let quick = |config: &mut counterpart::server::ServerConfig| {
        config.limits.upstream_time = millis(300);
    };
    let proxied = proxy_as(real.port, enforcing, quick);
    proxied.ask("GET /pets", "", "").problem(504);
}

#[test]
fn a_client_that_sends_half_a_body_is_told_so() {
    let real = Real::json("200 OK", "[]");
    let proxied = proxy(&real);
    let answer = proxied.served.send(
        "POST /pets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    );
    answer.problem(400).closes();
}
