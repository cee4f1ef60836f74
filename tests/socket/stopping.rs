//! How a server stops.

use super::document::{serve, serve_within};
use crate::raw::{Answer, GET, millis, post, read_reply, read_to_end};
use counterpart::server::{Limits, ServerConfig};
use counterpart::wire::StatusCode;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

#[test]
fn a_stop_closes_idle_connections_at_once_and_refuses_new_ones() {
    let served = serve(ServerConfig::default());
    let address: SocketAddr = served.server.address();
    let silent = served.connect();
    let mut idle = served.connect();
    idle.write_all(GET.as_bytes()).expect("sent");
    assert_eq!(read_reply(&mut idle).status(), 200);
    assert!(served.stop() < millis(2000));
    assert_eq!(read_to_end(&mut idle), "");
    assert!(TcpStream::connect(address).is_err());
    drop(silent);
}

#[test]
fn half_a_head_holds_up_no_stop() {
    let served = serve(ServerConfig::default());
    let mut first = served.connect();
    first.write_all(b"GET /x HTTP/1.1\r\nHo").expect("sent");
    let mut second = served.connect();
    second.write_all(GET.as_bytes()).expect("sent");
    assert_eq!(read_reply(&mut second).status(), 200);
    second
        .write_all(b"POST /x HTTP/1.1\r\nHost: a\r\n")
        .expect("sent");
    thread::sleep(millis(200));
    assert!(served.stop() < millis(2000));
    assert_eq!(read_to_end(&mut first), "");
    assert_eq!(read_to_end(&mut second), "");
}

#[test]
fn a_stop_finishes_a_reply_though_half_a_head_has_come_behind_its_request() {
    let served = serve(ServerConfig::default());
    let mut stream = served.connect();
    let begun = post("Prefer: delay=500\r\nContent-Length: 0\r\n", "GET /x HT");
    stream.write_all(begun.as_bytes()).expect("sent");
    thread::sleep(millis(100));
    let client = thread::spawn(move || Answer(read_to_end(&mut stream)));
    assert!(served.stop() < Duration::from_secs(4));
    client.join().expect("no panic").is(200).closes();
}

#[test]
fn a_stop_finishes_what_is_in_flight() {
    let served = serve(ServerConfig::default());
    let mut stream = served.connect();
    let request = post("Content-Length: 4\r\n", "ha");
    stream.write_all(request.as_bytes()).expect("sent");
    thread::sleep(millis(100));
    let client = thread::spawn(move || {
        thread::sleep(millis(300));
        stream.write_all(b"lf").expect("sent");
        Answer(read_to_end(&mut stream))
    });
    let took = served.stop();
    assert!(
        took > millis(200) && took < Duration::from_secs(4),
        "{took:?}"
    );
    let reply = client.join().expect("no panic").closes();
    assert_eq!(reply.status(), StatusCode::OK.as_u16());
}

#[test]
fn a_stop_waits_for_a_client_that_misbehaves_no_longer_than_it_says() {
    let served = serve_within(Limits {
        stop_time: millis(400),
        ..Limits::default()
    });
    let mut stream = served.connect();
    let request = post("Content-Length: 4\r\n", "ha");
    stream.write_all(request.as_bytes()).expect("sent");
    thread::sleep(millis(100));
    let took = served.stop();
    assert!(took >= millis(400) && took < millis(3000), "{took:?}");
}
