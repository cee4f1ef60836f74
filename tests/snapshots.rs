//! States that are kept by name, to go back to.

use crate::process::{Folder, Running, start};
use crate::raw::{Answer, Served, request, serve};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use serde_json::json;
use std::sync::Arc;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}, example: [{id: a, text: one}, {id: b, text: two}]}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
components:
  schemas:
    Note: {type: object, required: [id], properties: {id: {type: string}, text: {type: string}}}
";

fn served() -> Served {
    let contract = Contract::from_text("notes.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let host = Host::new(vec![("notes".to_owned(), contract)]);
    serve(Arc::new(host), ServerConfig::default())
}

fn ask(served: &Served, line: &str) -> Answer {
    served.send(request(line, "Connection: close\r\n", ""))
}

fn add(served: &Served, sandbox: &str, id: &str) {
    let body = json!({"id": id, "text": "new"}).to_string();
    let fields = "Connection: close\r\nContent-Type: application/json\r\n";
    let line = format!("POST {sandbox}/notes");
    served.send(request(&line, fields, &body)).is(201);
}

fn ids(served: &Served, sandbox: &str) -> Vec<String> {
    let notes = ask(served, &format!("GET {sandbox}/notes")).is(200).json();
    let notes = notes.as_array().expect("a list");
    let id = |note: &serde_json::Value| note["id"].as_str().expect("an id").to_owned();
    notes.iter().map(id).collect()
}

fn tag(served: &Served, path: &str) -> String {
    let note = ask(served, &format!("GET {path}")).is(200);
    note.field("etag").expect("a tag").to_owned()
}

#[test]
fn a_state_is_gone_back_to_as_often_as_it_is_asked_for() {
    let served = served();
    add(&served, "", "c");
    ask(&served, "DELETE /notes/a").is(204);
    ask(&served, "PUT /_counterpart/snapshots/one").is(201);
    let kept = ids(&served, "");
    assert_eq!(kept, ["b", "c"]);
    let (same, other) = (tag(&served, "/notes/b"), tag(&served, "/notes/c"));
    for _ in 0..2 {
        ask(&served, "DELETE /notes/c").is(204);
        add(&served, "", "d");
        add(&served, "", "a");
        ask(&served, "POST /_counterpart/snapshots/one/restore").is(204);
        assert_eq!(ids(&served, ""), kept, "in the same order");
        ask(&served, "GET /notes/a").is(404);
        assert_eq!(tag(&served, "/notes/b"), same, "nobody touched it");
        assert_ne!(tag(&served, "/notes/c"), other, "it was gone");
    }
    // A reset goes back to the fixtures all the same.
    ask(&served, "POST /_counterpart/reset").is(204);
    assert_eq!(ids(&served, ""), ["a", "b"]);
    ask(&served, "PUT /_counterpart/snapshots/one").is(204);
    ask(&served, "POST /_counterpart/snapshots/one/restore").is(204);
    assert_eq!(ids(&served, ""), ["a", "b"]);
}

#[test]
fn many_sandboxes_begin_with_one_snapshot() {
    let served = served();
    add(&served, "/@setup", "c");
    ask(&served, "PUT /_counterpart/snapshots/ready?sandbox=setup").is(201);
    for sandbox in ["one", "two"] {
        ask(
            &served,
            &format!("POST /_counterpart/snapshots/ready/restore?sandbox={sandbox}"),
        )
        .is(204);
        let own = format!("/@{sandbox}");
        assert_eq!(ids(&served, &own), ["a", "b", "c"]);
        add(&served, &own, sandbox);
    }
    assert_eq!(ids(&served, "/@one"), ["a", "b", "c", "one"]);
    assert_eq!(ids(&served, "/@two"), ["a", "b", "c", "two"]);
    assert_eq!(ids(&served, ""), ["a", "b"]);
}

#[test]
fn snapshots_are_listed_and_go_and_are_so_many_at_most() {
    let served = served();
    ask(&served, "POST /_counterpart/snapshots/none/restore").problem(404);
    ask(&served, "DELETE /_counterpart/snapshots/none").problem(404);
    ask(&served, "PUT /_counterpart/snapshots/a%20b").problem(422);
    ask(&served, "PUT /_counterpart/snapshots/a?api=other").problem(404);
    ask(&served, "PUT /_counterpart/snapshots/a?sandbx=b").problem(422);
    add(&served, "", "c");
    ask(&served, "PUT /_counterpart/snapshots/a").is(201);
    let listed = ask(&served, "GET /_counterpart/snapshots").is(200).json();
    assert_eq!(listed[0]["api"], "notes");
    assert_eq!(
        (&listed[0]["name"], &listed[0]["items"]),
        (&json!("a"), &json!(3))
    );
    ask(&served, "DELETE /_counterpart/snapshots/a").is(204);
    for number in 0..100 {
        ask(&served, &format!("PUT /_counterpart/snapshots/{number}")).is(201);
    }
    ask(&served, "PUT /_counterpart/snapshots/0").is(204);
    ask(&served, "PUT /_counterpart/snapshots/100").problem(507);
}

#[test]
fn what_was_gone_back_to_is_kept_in_a_file() {
    let folder = Folder::of(&[("notes.yaml", DOCUMENT)]);
    let arguments = ["notes.yaml", "--state", "state.db"];
    let served = start(folder.path(), &arguments);
    let ask =
        |served: &Running, line: &str| served.send(request(line, "Connection: close\r\n", ""));
    let add = |id: &str| {
        let fields = "Connection: close\r\nContent-Type: application/json\r\n";
        let body = json!({"id": id}).to_string();
        served.send(request("POST /notes", fields, &body)).is(201);
    };
    add("c");
    ask(&served, "PUT /_counterpart/snapshots/one").is(201);
    ask(&served, "DELETE /notes/c").is(204);
    ask(&served, "DELETE /notes/a").is(204);
    add("d");
    ask(&served, "POST /_counterpart/snapshots/one/restore").is(204);
    let list = |served: &Running| ask(served, "GET /notes").is(200).json();
    let before = list(&served);
    assert_eq!(before.as_array().map(Vec::len), Some(3));
    served.signal(rustix::process::Signal::KILL);
    served.wait();
    let served = start(folder.path(), &arguments);
    assert_eq!(list(&served), before);
    served.signal(rustix::process::Signal::TERM);
    served.wait();
}
