//! `--state FILE`: what was answered is there after a restart, however the process ended.

use crate::harness::at_once;
use crate::process::{Folder, NOTES, Running, command, run, start};
use crate::raw::{connections, request, send_on_one};
use rustix::process::{Resource, Rlimit, Signal, prlimit};
use std::io::{BufRead, BufReader};

const STATE: [&str; 3] = ["notes.yaml", "--state", "state.db"];

fn folder() -> Folder {
    Folder::of(&[("notes.yaml", NOTES)])
}

fn add(running: &Running, target: &str, id: &str) -> u16 {
    let body = format!(r#"{{"id": "{id}"}}"#);
    let fields = "Content-Type: application/json\r\n";
    running
        .send(request(&format!("POST {target}"), fields, &body))
        .status()
}

fn ids(running: &Running, target: &str) -> Vec<String> {
    let listed = running
        .send(request(&format!("GET {target}"), "", ""))
        .json();
    let items = listed.as_array().expect("a list").iter();
    items
        .map(|item| item["id"].as_str().unwrap_or("").to_owned())
        .collect()
}

#[test]
fn what_was_answered_is_there_after_the_process_was_killed() {
    let folder = folder();
    let running = start(folder.path(), &STATE);
    assert_eq!(add(&running, "/notes", "a"), 201);
    assert_eq!(add(&running, "/@suite/notes", "s"), 201);
    let tag = |running: &Running| {
        let shown = running.send(request("GET /notes/a", "", ""));
        shown.field("etag").expect("a tag").to_owned()
    };
    let before = tag(&running);
    running.signal(Signal::KILL);
    running.wait();

    let running = start(folder.path(), &STATE);
    assert_eq!(ids(&running, "/notes"), ["a"]);
    assert_eq!(ids(&running, "/@suite/notes"), ["s"]);
    assert_eq!(tag(&running), before);
    let gone = running.send(request("DELETE /notes/a", "", ""));
    assert_eq!(gone.status(), 204);
    running.signal(Signal::KILL);
    running.wait();

    let running = start(folder.path(), &STATE);
    let shown = running.send(request("GET /notes/a", "", ""));
    assert_eq!(shown.status(), 404);
    running.signal(Signal::TERM);
    assert_eq!(running.wait().0, Some(0));

    let anew = [&STATE[..], &["--reset-state"]].concat();
    let running = start(folder.path(), &anew);
    assert_eq!(ids(&running, "/notes"), Vec::<String>::new());
    assert_eq!(ids(&running, "/@suite/notes"), Vec::<String>::new());
}

#[test]
fn a_sandbox_of_another_time_is_there_after_a_restart() {
    let folder = folder();
    let of_old = [&STATE[..], &["--clock", "2024-01-15T11:00:00Z"]].concat();
    let running = start(folder.path(), &of_old);
    assert_eq!(add(&running, "/@suite/notes", "s"), 201);
    running.signal(Signal::TERM);
    assert_eq!(running.wait().0, Some(0));
    let running = start(folder.path(), &of_old);
    assert_eq!(ids(&running, "/@suite/notes"), ["s"]);
}

#[test]
fn of_1000_conditional_updates_over_sockets_one_wins_in_memory_and_in_a_file() {
    let folder = folder();
    for arguments in [&STATE[..1], &STATE[..]] {
        let running = start(folder.path(), arguments);
        assert_eq!(add(&running, "/notes", "a"), 201);
        let shown = running.send(request("GET /notes/a", "", ""));
        let tag = shown.field("etag").expect("a tag").to_owned();
        let streams = connections(1000, |_| running.port);
        let statuses = at_once(1000, |number| {
            let body = format!(r#"{{"text": "{number}"}}"#);
            let fields =
                format!("Content-Type: application/merge-patch+json\r\nIf-Match: {tag}\r\n");
            let request = request("PATCH /notes/a", &fields, &body);
            send_on_one(&streams[number], request).status()
        });
        let won: Vec<usize> = (0..1000).filter(|&n| statuses[n] == 200).collect();
        assert_eq!(won.len(), 1, "{won:?}");
        assert_eq!(
            statuses.iter().filter(|&&status| status == 412).count(),
            999
        );
        let shown = running.send(request("GET /notes/a", "", "")).json();
        assert_eq!(shown["text"], won[0].to_string());
    }
}

#[test]
fn a_damaged_state_is_put_aside_where_one_begins_anew() {
    let folder = folder();
    let damaged = "this is no state, and never was; it is longer than a header";
    folder.write("state.db.damaged-1", "an earlier one");
    let anew = [&STATE[..], &["--reset-state", "--port", "0"]].concat();
    folder.write("state.db", damaged);
    let mut child = command(folder.path(), &anew).spawn().expect("it starts");
    let mut told = String::new();
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    err.read_line(&mut told).expect("a line");
    let _ = child.kill();
    let _ = child.wait();
    assert_eq!(
        told,
        "the state file was damaged: it is kept as state.db.damaged-2, and the state begins with the fixtures\n"
    );
    let aside = std::fs::read_to_string(folder.path().join("state.db.damaged-2"));
    assert_eq!(aside.expect("put aside"), damaged);
    let running = start(folder.path(), &STATE);
    assert_eq!(add(&running, "/notes", "a"), 201);
}

#[test]
fn a_limit_on_the_file_refuses_writes_until_there_is_room_again() {
    let folder = folder();
    let running = start(folder.path(), &STATE);
    assert_eq!(add(&running, "/notes", "a"), 201);
    let health = |running: &Running| {
        let told = running.send(request("GET /_counterpart/health", "", ""));
        told.is(200).json()["unwritten"].clone()
    };
    assert!(health(&running).is_null());
    let limit = |maximum: Option<u64>| {
        let limit = Rlimit {
            current: maximum,
            maximum: None,
        };
        prlimit(Some(running.pid()), Resource::Fsize, limit).expect("a limit");
    };
    limit(Some(0));
    for _ in 0..3 {
        assert_eq!(add(&running, "/notes", "b"), 507);
    }
    assert_eq!(ids(&running, "/notes"), ["a"]);
    let why = health(&running);
    assert!(
        why.as_str().is_some_and(|why| why.contains("state.db")),
        "{why}"
    );
    let ready = running.send(request("GET /_counterpart/ready", "", ""));
    assert_eq!(ready.status(), 200, "reads go on");
    limit(None);
    assert_eq!(add(&running, "/notes", "b"), 201);
    assert!(health(&running).is_null());
    running.signal(Signal::KILL);
    running.wait();
    let running = start(folder.path(), &STATE);
    assert_eq!(ids(&running, "/notes"), ["a", "b"]);
}

#[test]
fn kept_items_that_a_changed_contract_has_no_longer_so_are_told_at_start() {
    let folder = folder();
    let running = start(folder.path(), &STATE);
    for id in ["a", "b"] {
        assert_eq!(add(&running, "/notes", id), 201);
    }
    running.signal(Signal::TERM);
    running.wait();
    let first_line = |arguments: &[&str]| {
        let mut child = command(folder.path(), arguments)
            .spawn()
            .expect("it starts");
        let mut told = String::new();
        let mut err = BufReader::new(child.stderr.take().expect("piped"));
        err.read_line(&mut told).expect("a line");
        let _ = child.kill();
        let _ = child.wait();
        told
    };
    let arguments = [&STATE[..], &["--port", "0"]].concat();
    assert!(first_line(&arguments).starts_with("counterpart "));
    folder.write(
        "notes.yaml",
        NOTES.replace("required: [id]", "required: [id, text]"),
    );
    let told = first_line(&arguments);
    assert!(
        told.starts_with("the contract of notes changed: 2 items that were kept lack what it asks for, which is made up"),
        "{told}"
    );
    let document = NOTES.replace("id: {type: string", "id: {type: integer");
    assert_ne!(document, NOTES);
    folder.write("notes.yaml", document);
    let told = first_line(&arguments);
    assert!(
        told.starts_with("the contract of notes changed: 2 items that were kept aren't as it has them (\"a\" of notes: ")
            && told.contains("integer"),
        "{told}"
    );
    let anew = [&arguments[..], &["--reset-state"]].concat();
    assert!(first_line(&anew).starts_with("counterpart "));
}

#[test]
fn a_state_that_cannot_be_used_ends_the_start_with_its_reason() {
    let folder = folder();
    let running = start(folder.path(), &STATE);
    let second = run(folder.path(), &[&STATE[..], &["--port", "0"]].concat());
    assert_eq!(second.code, Some(3), "{}", second.err);
    assert!(second.err.contains("state.db"), "{}", second.err);
    drop(running);
    folder.write(
        "bad.db",
        "this is no state, and never was; it is longer than a header",
    );
    let bad = run(
        folder.path(),
        &["notes.yaml", "--state", "bad.db", "--port", "0"],
    );
    assert_eq!(bad.code, Some(3), "{}", bad.err);
    assert!(bad.err.contains("bad.db"), "{}", bad.err);
}
