//! What time it is for an API: said at start, set while it is served, alone in a sandbox.

use crate::process::{Folder, Running, run, start};
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
components:
  schemas:
    Note:
      type: object
      required: [id, createdAt]
      properties:
        id: {type: string}
        createdAt: {type: string, format: date-time, readOnly: true}
";

fn folder() -> Folder {
    Folder::of(&[
        ("notes.yaml", DOCUMENT),
        ("other.yaml", DOCUMENT),
        ("api.yaml", DOCUMENT),
    ])
}

/// When a note is made that is posted now, by its `createdAt` and its `Last-Modified`.
fn made(served: &Running, path: &str, id: &str) -> (String, String) {
    let body = json!({"id": id}).to_string();
    let length = body.len();
    let answer = served.send(format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    ));
    let answer = answer.is(201);
    let modified = answer.field("last-modified").expect("a time").to_owned();
    let made = answer.json()["createdAt"].as_str().map(str::to_owned);
    (made.expect("a time"), modified)
}

/// Asks the control plane for its clocks, or sets them.
fn clocks(served: &Running, line: &str, body: &str) -> Value {
    tell(served, line, body).is(200).json()
}

fn tell(served: &Running, line: &str, body: &str) -> crate::raw::Answer {
    let length = body.len();
    let fields = match length {
        0 => String::new(),
        _ => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
    };
    let (method, query) = line.split_once(' ').unwrap_or((line, ""));
    served.send(format!(
        "{method} /_counterpart/clock{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}\r\n{body}"
    ))
}

fn end(served: Running) {
    served.signal(rustix::process::Signal::TERM);
    served.wait();
}

#[test]
fn a_clock_can_stand_still_go_on_or_be_ahead_for_each_api() {
    let folder = folder();
    let clocks_of = "2024-02-29T23:59:59Z,other=@1999-12-31T12:00:00Z";
    let served = start(
        folder.path(),
        &["notes.yaml", "other.yaml", "--clock", clocks_of],
    );
    for id in ["a", "b"] {
        assert_eq!(
            made(&served, "/notes/notes", id),
            (
                "2024-02-29T23:59:59Z".to_owned(),
                "Thu, 29 Feb 2024 23:59:59 GMT".to_owned()
            )
        );
    }
    let (then, _) = made(&served, "/other/notes", "a");
    assert!(then.starts_with("1999-12-31T12:0"), "{then}");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let (later, _) = made(&served, "/other/notes", "b");
    assert!(later > then, "{then} {later}");
    end(served);

    let served = start(folder.path(), &["api.yaml", "--clock", "-1d"]);
    let shown = clocks(&served, "GET", "");
    assert_eq!(shown[0]["clock"], "-1d");
    end(served);
}

#[test]
fn a_clock_comes_to_the_last_year_and_no_further() {
    let folder = folder();
    let clocks_of = "notes=9999-06-01T00:00:00Z,other=2024-01-15T11:00:00Z";
    let arguments = ["notes.yaml", "other.yaml", "--clock", clocks_of];
    let served = start(folder.path(), &arguments);
    let before = clocks(&served, "GET", "");
    let refused = tell(&served, "PUT", r#"{"advance": "365d"}"#).problem(422);
    assert!(refused.body().contains("9999"), "{}", refused.body());
    assert_eq!(clocks(&served, "GET", ""), before, "all are set, or none");
    let going = r#"{"clock": "@9999-12-31T23:59:58Z"}"#;
    clocks(&served, "PUT ?api=notes", going);
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let (last, _) = made(&served, "/notes/notes", "a");
    assert!(last.starts_with("9999-12-31T23:59:59"), "{last}");
    tell(&served, "PUT ?api=notes", r#"{"advance": "1h"}"#).problem(422);
    end(served);
    let late = ["api.yaml", "--clock", "+9999999d", "--port", "0"];
    let ended = crate::process::run(folder.path(), &late);
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    assert!(ended.err.contains("9999"), "{}", ended.err);
}

#[test]
fn a_clock_is_set_advanced_and_put_back_while_it_is_served() {
    let folder = folder();
    let served = start(
        folder.path(),
        &["api.yaml", "--clock", "2024-01-15T11:00:00Z"],
    );
    let shown = |now: &str| json!([{"api": "api", "clock": now, "now": now}]);
    assert_eq!(clocks(&served, "GET", ""), shown("2024-01-15T11:00:00Z"));
    let advanced = clocks(&served, "PUT", r#"{"advance": "1d30m"}"#);
    assert_eq!(advanced, shown("2024-01-16T11:30:00Z"));
    assert_eq!(made(&served, "/notes", "a").0, "2024-01-16T11:30:00Z");
    let set = clocks(
        &served,
        "PUT ?api=api",
        r#"{"clock": "2030-01-01T00:00:00Z"}"#,
    );
    assert_eq!(set, shown("2030-01-01T00:00:00Z"));

    // A sandbox's is its own, and goes with what else was done in it.
    let own = clocks(&served, "PUT ?sandbox=s", r#"{"advance": "-1d"}"#);
    assert_eq!(own, shown("2029-12-31T00:00:00Z"));
    assert_eq!(made(&served, "/@s/notes", "a").0, "2029-12-31T00:00:00Z");
    assert_eq!(made(&served, "/notes", "b").0, "2030-01-01T00:00:00Z");
    let reset = "POST /_counterpart/reset?sandbox=s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    served.send(reset).is(204);
    assert_eq!(
        clocks(&served, "GET ?sandbox=s", ""),
        shown("2030-01-01T00:00:00Z")
    );

    let back = clocks(&served, "DELETE", "");
    assert_eq!(back, shown("2024-01-15T11:00:00Z"));
    clocks(&served, "PUT", r#"{"clock": "real"}"#);
    served.send(reset.replace("?sandbox=s", "")).is(204);
    assert_eq!(clocks(&served, "GET", ""), shown("2024-01-15T11:00:00Z"));
    end(served);
}

#[test]
fn what_is_no_clock_is_told_and_changes_none() {
    let folder = folder();
    let served = start(
        folder.path(),
        &["api.yaml", "--clock", "2024-01-15T11:00:00Z"],
    );
    for body in [
        r#"{"clock": "yesterday"}"#,
        r#"{"clock": "-99999d"}"#,
        r#"{"advance": "1m1h"}"#,
        r#"{"advance": "99999999999d"}"#,
        r#"{"advance": "tomorrow"}"#,
        r#"{"clock": "real", "advance": "1h"}"#,
        "{}",
        r#"{"clok": "real"}"#,
    ] {
        tell(&served, "PUT", body).problem(422);
    }
    tell(&served, "PUT ?api=ape", r#"{"clock": "real"}"#).problem(404);
    assert_eq!(clocks(&served, "GET", "")[0]["now"], "2024-01-15T11:00:00Z");
    end(served);

    let ended = run(folder.path(), &["api.yaml", "--clock", "yesterday"]);
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    assert!(ended.err.contains("2024-01-15T11:00:00Z"), "{}", ended.err);
    let ended = run(folder.path(), &["api.yaml", "--clock", "ape=real"]);
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    assert!(ended.err.contains("did you mean `api`?"), "{}", ended.err);
}

#[test]
fn the_time_of_the_last_change_of_a_fixture_follows_the_clock() {
    let document = DOCUMENT.replace("createdAt", "updatedAt").replace(
        "    get: {responses",
        "    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
    get: {responses",
    );
    let folder = Folder::of(&[
        ("specs/api.yaml", &document),
        (
            "fixtures/api/notes.yaml",
            "- {id: a, updatedAt: '2020-01-01T00:00:00Z'}",
        ),
    ]);
    let served = start(folder.path(), &["specs", "--clock", "2024-01-15T11:00:00Z"]);
    let body = r#"{"id": "a"}"#;
    let answer = served.send(format!(
        "PUT /notes/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!(answer.is(200).json()["updatedAt"], "2024-01-15T11:00:00Z");
    end(served);
}
