//! How long a client may take, and how many there may be.

use super::document::serve_within;
use crate::raw::{Answer, GET, millis, post, read_reply, read_to_end};
use counterpart::server::Limits;
use std::io::{ErrorKind, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn a_head_that_trickles_in_is_cut_off_by_its_whole_time() {
    let served = serve_within(Limits {
        head_time: millis(300),
        ..Limits::default()
    });
    let started = Instant::now();
    let mut stream = served.connect();
    for byte in GET.as_bytes().iter().cycle() {
        if *byte == b'\r' || stream.write_all(&[*byte]).is_err() {
            break;
        }
        thread::sleep(millis(20));
    }
    assert_eq!(read_to_end(&mut stream), "");
    assert!(started.elapsed() < millis(2000));
}

#[test]
fn an_idle_connection_lives_by_another_limit_than_a_head() {
    let served = serve_within(Limits {
        head_time: millis(200),
        idle_time: millis(1500),
        ..Limits::default()
    });
    let mut stream = served.connect();
    for _ in 0..2 {
        stream.write_all(GET.as_bytes()).expect("sent");
        assert_eq!(read_reply(&mut stream).status(), 200);
        thread::sleep(millis(500));
    }
    let started = Instant::now();
    assert_eq!(read_to_end(&mut stream), "");
    assert!(started.elapsed() < millis(1400));

    let mut stream = served.connect();
    stream.write_all(GET.as_bytes()).expect("sent");
    assert_eq!(read_reply(&mut stream).status(), 200);
    stream.write_all(b"GET /").expect("sent");
    let started = Instant::now();
    assert_eq!(read_to_end(&mut stream), "");
    assert!(started.elapsed() < millis(1000));
}

#[test]
fn a_body_that_pauses_too_long_is_408() {
    let served = serve_within(Limits {
        body_gap: millis(300),
        ..Limits::default()
    });
    let mut stream = served.connect();
    let request = post("Content-Length: 10\r\n", "half");
    stream.write_all(request.as_bytes()).expect("sent");
    Answer(read_to_end(&mut stream)).problem(408).closes();
}

#[test]
fn a_body_that_trickles_in_is_408_by_its_whole_time() {
    let served = serve_within(Limits {
        body_time: millis(400),
        body_gap: millis(300),
        ..Limits::default()
    });
    let started = Instant::now();
    let mut stream = served.connect();
    let head = post("Content-Length: 1000\r\n", "");
    stream.write_all(head.as_bytes()).expect("sent");
    let mut writer = stream.try_clone().expect("a clone");
    let trickle = thread::spawn(move || {
        while writer.write_all(b"x").is_ok() && started.elapsed() < millis(2500) {
            thread::sleep(millis(50));
        }
    });
    read_reply(&mut stream).problem(408).closes();
    assert!(started.elapsed() < millis(2000));
    trickle.join().expect("no panic");
}

#[test]
fn a_client_that_reads_nothing_is_cut_off() {
    let served = serve_within(Limits {
        write_stall: millis(300),
        ..Limits::default()
    });
    let mut stream = served.connect();
    let request = GET.replace("/x", "/long");
    let started = Instant::now();
    let error = loop {
        match stream.write_all(request.as_bytes()) {
            Ok(()) => assert!(started.elapsed() < Duration::from_secs(5), "never cut off"),
            Err(error) => break error.kind(),
        }
    };
    let cut = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    assert!(cut.contains(&error), "{error}");
}

#[test]
fn connections_over_the_cap_wait_for_their_turn() {
    let served = serve_within(Limits {
        connections: 2,
        ..Limits::default()
    });
    let mut first = served.connect();
    first.write_all(GET.as_bytes()).expect("sent");
    assert_eq!(read_reply(&mut first).status(), 200);
    let second = served.connect();
    let mut third = served.connect();
    third.set_read_timeout(Some(millis(200))).expect("set");
    third.write_all(GET.as_bytes()).expect("sent");
    assert!(third.read(&mut [0]).is_err(), "was not to be answered yet");
    // With nobody's seat free a reply gives its own away.
    first.write_all(GET.as_bytes()).expect("sent");
    read_reply(&mut first).closes();
    assert_eq!(read_reply(&mut third).status(), 200);
    drop(second);
}
