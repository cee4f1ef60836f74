//! Where a request ends, and who it is for.

use super::document::serve;
use crate::raw::{GET, post};
use counterpart::server::ServerConfig;

#[test]
fn an_http_1_1_request_has_exactly_one_valid_host() {
    let served = serve(ServerConfig::default());
    for hosts in [
        "",
        "Host: a\r\nHost: a\r\n",
        "Host: a b\r\n",
        "Host: a@b\r\n",
        "Host: a:x\r\n",
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
    for body in [
        "zz\r\nabc\r\n",
        "3\r\nabcde\r\n0\r\n\r\n",
        "-1\r\n\r\n",
        "ffffffffffffffffff\r\n",
    ] {
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
