//! Frames of HTTP/2 that no client would send, written byte by byte.

use super::document::serve;
use crate::raw::{GET, Served, millis};
use counterpart::server::ServerConfig;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A field as it is, in no table (RFC 7541 §6.2.2); names and values are shorter than 127 octets.
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0];
    for text in [name, value] {
        field.push(u8::try_from(text.len()).expect("short"));
        field.extend(text.as_bytes());
    }
    field
}

fn head(authority: &str) -> Vec<u8> {
    [
        field(":method", "GET"),
        field(":scheme", "http"),
        field(":path", "/x"),
        field(":authority", authority),
    ]
    .concat()
}

fn greeted(served: &Served) -> TcpStream {
    let mut stream = served.connect();
    let greeting = [
        &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..],
        &frame(SETTINGS, 0, 0, &[]),
    ];
    stream.write_all(&greeting.concat()).expect("sent");
    stream
}

/// The kind and the payload of what is said next, but for settings and windows; nothing at the end.
fn next(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).ok()?;
        if [HEADERS, RST_STREAM, GOAWAY].contains(&head[3]) {
            return Some((head[3], payload));
        }
    }
}

/// Whether the connection ends with a word, or without one where that came too late to be read.
fn is_sent_away(stream: &mut TcpStream) -> bool {
    next(stream).is_none_or(|(kind, _)| kind == GOAWAY)
}

#[test]
fn an_authority_that_is_none_is_refused() {
    let served = serve(ServerConfig::default());
    for authority in [
        "",
        ":80",
        "%zz",
        "a%",
        "u@localhost",
        "a b",
        "a/b",
        "localhost:x",
        "localhost:65536",
        "[::1",
        "[zz]",
        "http://a",
    ] {
        let mut stream = greeted(&served);
        let asked = frame(HEADERS, END_HEADERS | END_STREAM, 1, &head(authority));
        stream.write_all(&asked).expect("sent");
        let (kind, payload) = next(&mut stream).unwrap_or_else(|| panic!("{authority:?}"));
        // A malformed request is an error of its stream, or 400 (RFC 9113 §8.1.1). That is the
        // twelfth entry of the table that all begin with.
        let is_refused = kind == RST_STREAM || kind == HEADERS && payload[0] == 0x80 | 12;
        assert!(is_refused, "{authority:?}: {kind} {payload:?}");
    }
    served.send(GET).is(200);
}

#[test]
fn a_head_that_never_ends_ends_the_connection() {
    let served = serve(ServerConfig::default());
    for piece in [&[][..], &field("x", "abc").repeat(1_000)] {
        let mut stream = greeted(&served);
        let begun = frame(HEADERS, END_STREAM, 1, &head("localhost"));
        stream.write_all(&begun).expect("sent");
        let started = Instant::now();
        let more = frame(CONTINUATION, 0, 1, piece);
        while stream.write_all(&more).is_ok() {
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "{}",
                piece.len()
            );
        }
        assert!(is_sent_away(&mut stream));
    }
    served.send(GET).is(200);
}

#[test]
fn requests_that_are_taken_back_at_once_end_the_connection() {
    let served = serve(ServerConfig::default());
    let mut stream = greeted(&served);
    let started = Instant::now();
    let mut number = 1;
    loop {
        let asked = frame(
            HEADERS,
            END_HEADERS | END_STREAM,
            number,
            &head("localhost"),
        );
        let taken_back = frame(RST_STREAM, 0, number, &8_u32.to_be_bytes());
        if stream.write_all(&[asked, taken_back].concat()).is_err() {
            break;
        }
        number += 2;
        assert!(started.elapsed() < Duration::from_secs(5), "{number}");
    }
    served.send(GET).is(200);
}

#[test]
fn empty_frames_without_end_end_the_connection() {
    let served = serve(ServerConfig::default());
    let mut stream = greeted(&served);
    let asked = [
        field(":method", "POST"),
        field(":scheme", "http"),
        field(":path", "/x"),
        field(":authority", "localhost"),
    ];
    let asked = frame(HEADERS, END_HEADERS, 1, &asked.concat());
    stream.write_all(&asked).expect("sent");
    let started = Instant::now();
    let nothing = frame(DATA, 0, 1, &[]).repeat(100);
    while stream.write_all(&nothing).is_ok() {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    served.send(GET).is(200);
}

#[test]
fn who_asks_for_answers_and_takes_none_is_held_up_and_nobody_else() {
    let served = serve(ServerConfig::default());
    for flood in [
        frame(PING, 0, 0, b"12345678"),
        frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xff, 0xff]),
    ] {
        let mut stream = greeted(&served);
        stream.set_write_timeout(Some(millis(500))).expect("set");
        let flood = flood.repeat(1_000);
        let mut sent = 0;
        while stream.write_all(&flood).is_ok() {
            sent += flood.len();
            // Its answers fill what the machine keeps of them, and then it isn't read any more.
            assert!(sent < 256 << 20, "it is read on and on");
        }
        served.send(GET).is(200);
    }
}
