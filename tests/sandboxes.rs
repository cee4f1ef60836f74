//! States of their own: tests that run side by side and don't meet.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}, example: [{id: a, text: one}]}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /@{owner}/notes:
    parameters: [{name: owner, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: Theirs, content: {application/json: {example: theirs}}}}}
components:
  schemas:
    Note: {type: object, required: [id], properties: {id: {type: string}, text: {type: string}}}
";

fn notes() -> Counterpart {
    let contract = || Contract::from_text("notes.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let named = |name: &str| (name.to_owned(), contract());
    Counterpart::of(Host::new(vec![named("notes"), named("other")]))
}

fn ids(answer: Answer) -> Vec<String> {
    let notes = answer.is(200).json();
    let id = |note: &serde_json::Value| note["id"].as_str().unwrap_or("").to_owned();
    notes.as_array().expect("a list").iter().map(id).collect()
}

fn add(notes: &Counterpart, target: &str, id: &str) -> Answer {
    notes
        .ask(Method::POST, target)
        .json(json!({"id": id}))
        .send()
        .is(201)
}

#[test]
fn what_is_written_in_a_sandbox_is_seen_in_it_alone() {
    let notes = notes();
    add(&notes, "/notes/notes", "m");
    let made = add(&notes, "/@suite-1/notes/notes", "s");
    assert_eq!(made.header("location"), "/@suite-1/notes/notes/s");
    let own = |sandbox: &str| {
        let get = notes.get("/notes/notes");
        ids(get.header("Counterpart-Sandbox", sandbox).send())
    };
    assert_eq!(
        own("suite-1"),
        ["a", "s"],
        "named by a field or before the path"
    );
    assert_eq!(own("suite-2"), ["a"]);
    assert_eq!(ids(notes.get("/notes/notes").send()), ["a", "m"]);
    notes.get("/@suite-1/notes/notes/s").send().is(200);
    let gone = notes.ask(Method::DELETE, "/@suite-1/notes/notes/a").send();
    gone.is(204);
    assert_eq!(own("suite-1"), ["s"]);
    assert_eq!(own("suite-2"), ["a"]);
    assert_eq!(ids(notes.get("/other/notes").send()), ["a"]);
}

#[test]
fn a_sandbox_is_reset_or_dropped_by_itself() {
    let notes = notes();
    for sandbox in ["one", "two"] {
        add(&notes, &format!("/@{sandbox}/notes/notes"), "n");
    }
    let contract = notes.api().contract();
    let names = || -> Vec<(String, usize)> {
        let all = contract.sandboxes().expect("listed").into_iter();
        all.map(|sandbox| (sandbox.name, sandbox.changed)).collect()
    };
    assert_eq!(names(), [("one".to_owned(), 2), ("two".to_owned(), 2)]);
    let reset = |name: &str| contract.reset_sandbox(name).expect("nothing keeps it");
    assert!(reset("one") && !reset("three"));
    assert_eq!(ids(notes.get("/@one/notes/notes").send()), ["a"]);
    let dropped = |name: &str| contract.drop_sandbox(name).expect("nothing keeps it");
    assert!(dropped("two") && !dropped("two"));
    assert_eq!(names(), [("one".to_owned(), 0)]);
    contract.reset().expect("nothing keeps it");
    contract.drop_sandboxes().expect("nothing keeps it");
    assert!(names().is_empty());
}

#[test]
fn a_name_that_is_none_is_refused_and_a_path_of_the_contract_stays_its_own() {
    let contract = Contract::from_text("notes.yaml", DOCUMENT).unwrap_or_else(|e| panic!("{e}"));
    let notes = Counterpart::of(Host::new(vec![("notes".to_owned(), contract)]));
    for name in ["", "a b", "é", "a/b", &"x".repeat(101)] {
        let asked = notes
            .get("/notes")
            .header("Counterpart-Sandbox", name)
            .send();
        let refused = asked.problem(400);
        assert!(refused.text.contains("names a sandbox by 1 to 100 letters"));
    }
    // Which of two is meant nobody knows, even where both say the same.
    for other in ["one", "two"] {
        let asked = notes
            .get("/notes")
            .header("Counterpart-Sandbox", "one")
            .header("Counterpart-Sandbox", other);
        let refused = asked.send().problem(400);
        assert!(refused.text.contains("more than once"), "{}", refused.text);
    }
    assert_eq!(notes.get("/@ada/notes").send().is(200).json(), "theirs");
    notes.get("/@a%20b/notes/x").send().is(404);
}

#[test]
fn a_path_and_a_field_that_name_different_sandboxes_are_refused() {
    let notes = notes();
    let asked = |name: &str| {
        let get = notes.get("/@one/notes/notes");
        get.header("Counterpart-Sandbox", name).send()
    };
    asked("one").is(200);
    let refused = asked("two").problem(400);
    assert!(refused.text.contains("one sandbox"), "{}", refused.text);
    let names = notes.api().contract().sandboxes().expect("listed");
    assert_eq!(names.len(), 1);
}
