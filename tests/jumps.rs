//! A machine's clock that is set while it serves: what is timed isn't timed by it, and what tells
//! the time does so by what it says now. libfaketime stands between the process and the clock.

use crate::process::{Folder, NOTES, Running, command, started};
use crate::raw::{connect, millis, read_reply, read_to_end, request};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

const CLOCK: &str = "clock";

/// A server whose clock is what the file says: so much ahead or behind.
fn start(folder: &Folder, arguments: &[&str]) -> Running {
    folder.write(CLOCK, "+0\n");
    let mut command = command(folder.path(), arguments);
    command
        .env("LD_PRELOAD", library())
        .env("FAKETIME_TIMESTAMP_FILE", folder.path().join(CLOCK))
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("DONT_FAKE_MONOTONIC", "1");
    started(command)
}

fn library() -> PathBuf {
    let places = fs::read_dir("/usr/lib").expect("a folder").flatten();
    let mut places = places.map(|place| place.path().join("faketime/libfaketimeMT.so.1"));
    let found = places.find(|path| path.is_file());
    found.expect("no libfaketime: install Debian's package faketime")
}

fn set(folder: &Folder, clock: &str) {
    folder.write(CLOCK, format!("{clock}\n"));
}

/// The day that it is for the server.
fn day(running: &Running) -> String {
    let told = running.send(request("GET /_counterpart/clock", "", ""));
    let told = told.is(200).json();
    told[0]["now"].as_str().expect("a time")[..10].to_owned()
}

const DAY: [&str; 2] = ["+2d", "-2d"];

#[test]
#[ignore = "needs libfaketime"]
fn no_time_is_up_because_the_clock_was_set() {
    let folder = Folder::of(&[("notes.yaml", NOTES)]);
    for clock in DAY {
        let running = start(&folder, &["notes.yaml", "--limit", "idle_time=20s"]);
        let before = day(&running);
        let add = |target: &str, id: &str| {
            let body = format!(r#"{{"id": "{id}"}}"#);
            let fields = "Content-Type: application/json\r\n";
            running.send(request(&format!("POST {target}"), fields, &body))
        };
        add("/@suite/notes", "kept").is(201);
        let mut idle = connect(running.port);
        idle.write_all(request("GET /about", "", "").as_bytes())
            .expect("sent");
        read_reply(&mut idle).is(200);
        let whole = request(
            "POST /notes",
            "Content-Type: application/json\r\n",
            r#"{"id": "slow"}"#,
        );
        let (first, last) = whole.split_at(whole.len() - 4);
        let (head, rest) = "GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n".split_at(20);
        let mut body = connect(running.port);
        let mut heading = connect(running.port);
        body.write_all(first.as_bytes()).expect("sent");
        heading.write_all(head.as_bytes()).expect("sent");
        thread::sleep(millis(200));

        set(&folder, clock);
        assert_ne!(day(&running), before, "the clock was set");
        thread::sleep(millis(300));
        body.write_all(last.as_bytes()).expect("sent");
        read_reply(&mut body).is(201);
        heading.write_all(rest.as_bytes()).expect("sent");
        read_reply(&mut heading).is(200);
        idle.write_all(request("GET /about", "", "").as_bytes())
            .expect("sent");
        read_reply(&mut idle).is(200);
        // A sandbox goes when nobody used it for an hour.
        running
            .send(request("GET /@suite/notes/kept", "", ""))
            .is(200);
        set(&folder, "+0");
        running
            .send(request("GET /@suite/notes/kept", "", ""))
            .is(200);
    }
}

#[test]
#[ignore = "needs libfaketime"]
fn what_is_timed_is_up_when_it_would_be() {
    let folder = Folder::of(&[("notes.yaml", NOTES)]);
    for clock in DAY {
        let running = start(&folder, &["notes.yaml", "--limit", "head_time=1s"]);
        let started = Instant::now();
        let mut stream = connect(running.port);
        stream.write_all(b"GET /about HTTP/1.1\r\n").expect("sent");
        thread::sleep(millis(200));
        set(&folder, clock);
        assert_eq!(read_to_end(&mut stream), "");
        let took = started.elapsed();
        assert!(took >= millis(900) && took < millis(4000), "{took:?}");
    }
}

#[test]
#[ignore = "needs libfaketime"]
fn tags_and_dates_are_of_what_was_written_whatever_the_clock_says() {
    let folder = Folder::of(&[("notes.yaml", NOTES)]);
    for clock in DAY {
        let running = start(&folder, &["notes.yaml"]);
        let json = "Content-Type: application/json\r\n";
        running
            .send(request("POST /notes", json, r#"{"id": "a"}"#))
            .is(201);
        let shown = || running.send(request("GET /notes/a", "", "")).is(200);
        let (tag, modified) = {
            let first = shown();
            let field = |name| first.field(name).expect("a field").to_owned();
            (field("etag"), field("last-modified"))
        };
        set(&folder, clock);
        assert_eq!(shown().field("etag"), Some(&*tag));
        assert_eq!(shown().field("last-modified"), Some(&*modified));
        let fields = format!("If-None-Match: {tag}\r\n");
        running.send(request("GET /notes/a", &fields, "")).is(304);
        let fields = format!("If-Match: {tag}\r\nContent-Type: application/merge-patch+json\r\n");
        let change = || running.send(request("PATCH /notes/a", &fields, r#"{"text": "b"}"#));
        change().is(200);
        change().is(412);
        assert_ne!(shown().field("etag"), Some(&*tag));
    }
}

const CLOSED: &str = "
openapi: 3.1.0
info: {title: Closed, version: '1'}
paths:
  /x: {get: {security: [{jwt: []}], responses: {'200': {description: In}}}}
components: {securitySchemes: {jwt: {type: http, scheme: bearer, bearerFormat: JWT}}}
";

#[test]
#[ignore = "needs libfaketime"]
fn a_token_ends_by_the_clock_and_is_there_again_when_that_is_set_back() {
    let folder = Folder::of(&[("closed.yaml", CLOSED)]);
    let running = start(&folder, &["closed.yaml"]);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let minted = running.send(request("POST /_counterpart/tokens", form, "scope=a"));
    let token = minted.json()["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{}", minted.0))
        .to_owned();
    let ask = || {
        let fields = format!("Authorization: Bearer {token}\r\n");
        running.send(request("GET /x", &fields, "")).status()
    };
    assert_eq!(ask(), 200);
    set(&folder, "+2d");
    assert_eq!(ask(), 401);
    set(&folder, "+0");
    assert_eq!(ask(), 200);
}
