//! WebSockets pass: the handshake is told of, what follows is nobody's business.

use super::{Proxied, Real, proxy, proxy_as, proxy_to};
use crate::secure::Authority;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

const HANDSHAKE: &str = "GET /chat?room=1 HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n\
    Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/// Switches, greets, and says again what it hears.
fn echo() -> Real {
    Real::talking(|request, stream| {
        if !request.to_lowercase().contains("upgrade: websocket") {
            let _ = stream.write_all(b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n");
            return true;
        }
        let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello ";
        let _ = stream.write_all(head.as_bytes());
        let mut said = [0; 1024];
        while let Ok(length @ 1..) = stream.read(&mut said) {
            let _ = stream.write_all(&said[..length]);
        }
        false
    })
}

fn connect(proxied: &Proxied) -> TcpStream {
    let stream = proxied.served.connect();
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("a time-out");
    stream
}

/// Reads until this was said.
fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut said = Vec::new();
    while !String::from_utf8_lossy(&said).contains(wanted) {
        let mut one = [0];
        match stream.read(&mut one) {
            Ok(1) => said.push(one[0]),
            other => panic!("{other:?} after {:?}", String::from_utf8_lossy(&said)),
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn a_websocket_passes_both_ways_and_its_handshake_is_told_of() {
    let real = echo();
    let proxied = proxy(&real);
    let mut stream = connect(&proxied);
    // Who doesn't wait for the answer loses nothing.
    stream
        .write_all(format!("{HANDSHAKE}early ").as_bytes())
        .expect("a handshake");
    let head = until(&mut stream, "\r\n\r\n").to_lowercase();
    assert!(head.starts_with("http/1.1 101"), "{head}");
    for field in [
        "upgrade: websocket",
        "connection: upgrade",
        "sec-websocket-accept: s3pp",
    ] {
        assert!(head.contains(field), "{head}");
    }
    until(&mut stream, "hello early ");
    for _ in 0..3 {
        stream
            .write_all(b"\x81\x85again and again")
            .expect("a message");
        until(&mut stream, "again and again");
    }
    let asked = real.only().to_lowercase();
    assert!(
        asked.contains("connection: upgrade\r\n") && asked.contains("via: 1.1 counterpart"),
        "{asked}"
    );
    stream.shutdown(std::net::Shutdown::Write).expect("an end");
    let mut rest = Vec::new();
    assert_eq!(stream.read_to_end(&mut rest).expect("an end"), 0);
    let exchange = proxied.seen.only();
    assert_eq!(exchange.reply.status.as_u16(), 101);
    assert!(exchange.reply_violations.is_empty());
    proxied.served.stop();
}

/// HTTP/2 has no `Upgrade`: who asks for a WebSocket is connected in HTTP/1.1, whatever else the
/// upstream would choose, and shows the same certificate.
#[test]
fn a_websocket_passes_to_an_upstream_that_asks_who_asks_over_tls() {
    let authority = Authority::new();
    let config = Arc::new(authority.server_as("127.0.0.1", &["h2", "http/1.1"], |_| {}, true));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (stream, _) = listener.accept()?;
        let connection = rustls::ServerConnection::new(config).expect("a connection");
        let mut stream = rustls::StreamOwned::new(connection, stream);
        let (mut head, mut one) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut one)? == 1 {
            head.push(one[0]);
        }
        stream.write_all(
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello ",
        )?;
        let mut said = [0; 1024];
        while let length @ 1.. = stream.read(&mut said)? {
            stream.write_all(&said[..length])?;
        }
        std::io::Result::Ok(())
    });
    let trust = authority
        .trust()
        .as_client(authority.identity("client.example"));
    let proxied = proxy_to(&url, |it| it.trust = trust, |_| {});
    let mut stream = connect(&proxied);
    stream.write_all(HANDSHAKE.as_bytes()).expect("a handshake");
    let said = until(&mut stream, "hello ");
    assert!(said.starts_with("HTTP/1.1 101"), "{said}");
    stream.write_all(b"\x81\x85again").expect("a message");
    until(&mut stream, "again");
}

#[test]
fn a_websocket_that_the_upstream_refuses_is_refused_as_it_says() {
    let real =
        Real::answering(|_| b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno".to_vec());
    let proxied = proxy(&real);
    let mut stream = connect(&proxied);
    stream.write_all(HANDSHAKE.as_bytes()).expect("a handshake");
    let told = until(&mut stream, "no");
    assert!(told.starts_with("HTTP/1.1 403 Forbidden"), "{told}");
    proxied.served.stop();
}

#[test]
fn another_protocol_is_not_switched_to() {
    let real = echo();
    let proxied = proxy(&real);
    let mut stream = connect(&proxied);
    let handshake = HANDSHAKE.replace("websocket\r\n", "h2c\r\n");
    stream.write_all(handshake.as_bytes()).expect("a handshake");
    let told = until(&mut stream, "\r\n\r\n");
    assert!(told.starts_with("HTTP/1.1 426"), "{told}");
    proxied.served.stop();
}

#[test]
fn a_websocket_that_is_silent_too_long_or_meets_a_stop_is_closed() {
    let real = echo();
    let idle = Duration::from_millis(400);
    let proxied = proxy_as(real.port, |_| {}, |config| config.limits.tunnel_idle = idle);
    let mut stream = connect(&proxied);
    stream.write_all(HANDSHAKE.as_bytes()).expect("a handshake");
    until(&mut stream, "hello ");
    for _ in 0..4 {
        std::thread::sleep(idle / 2);
        stream.write_all(b"on").expect("a message");
        until(&mut stream, "on");
    }
    let silent = Instant::now();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(silent.elapsed() >= idle / 2, "{:?}", silent.elapsed());
    assert!(
        silent.elapsed() < Duration::from_secs(15),
        "{:?}",
        silent.elapsed()
    );

    let mut stream = connect(&proxied);
    stream.write_all(HANDSHAKE.as_bytes()).expect("a handshake");
    until(&mut stream, "hello ");
    let stopped = Instant::now();
    proxied.served.stop();
    let _ = stream.read_to_end(&mut rest);
    assert!(
        stopped.elapsed() < Duration::from_secs(8),
        "{:?}",
        stopped.elapsed()
    );
}
