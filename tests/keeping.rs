//! `--state FILE`: what was answered is there after a restart, however the process ended.

use crate::harness::at_once;
use crate::process::{Folder, Running, run, start};
use crate::raw::{connections, request, send_on_one};
use rustix::process::Signal;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
    patch:
      requestBody: {content: {application/merge-patch+json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
components:
  schemas:
    Note: {type: object, required: [id], properties: {id: {type: string}, text: {type: string}}}
";

const STATE: [&str; 3] = ["notes.yaml", "--state", "state.db"];

fn folder() -> Folder {
    Folder::of(&[("notes.yaml", DOCUMENT)])
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
