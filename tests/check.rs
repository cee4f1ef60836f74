//! `counterpart check` and overlays, as a user meets them.

use crate::process::{Ended, Folder, run, start};
use crate::raw::request;
use serde_json::Value;

const SOUND: &str = "openapi: 3.1.0\ninfo: {title: Small, version: '2'}\npaths:\n  /pets/{id}:\n    \
    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      \
    responses:\n        '200':\n          description: A pet\n          content:\n            \
    application/json: {schema: {$ref: '#/components/schemas/Pet'}}\ncomponents:\n  schemas:\n    \
    Pet: {type: object, required: [id], properties: {id: {type: string}}}\n";
const OVERLAY: &str = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n";

fn check(folder: &Folder, arguments: &[&str]) -> Ended {
    run(folder.path(), &[&["check"], arguments].concat())
}

fn overlay(actions: &str) -> String {
    format!("{OVERLAY}{actions}")
}

#[test]
fn a_sound_contract_is_exit_code_0_and_one_line() {
    let folder = Folder::of(&[
        ("specs/pets.yaml", SOUND),
        ("fixtures/pets/pets.yaml", "- {id: a}\n"),
    ]);
    let ended = check(&folder, &[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_eq!(ended.out, "specs/pets.yaml: 1 operation, nothing wrong\n");
}

#[test]
fn everything_wrong_is_told_at_once_errors_first_with_what_isnt_enforced_behind() {
    let document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /pets/{id}:\n    get:\n      \
        deprecated: true\n      respones: {}\n  /{kind}/all:\n    get:\n      \
        parameters: [{name: kind, in: path, required: true, schema: {type: string, example: 1}}]\n      \
        responses: {'200': {$ref: '#/components/responses/None'}}\n";
    let folder = Folder::of(&[("api.yaml", document)]);
    let ended = check(&folder, &["api.yaml"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""));
    insta::assert_snapshot!(ended.out, @"
    error: GET /pets/{id} declares no path parameter `id`
     --> api.yaml:5:5
      |
    5 |     get:
      |     ^^^

    error: `respones` is no member of an operation
     --> api.yaml:7:7
      |
    7 |       respones: {}
      |       ^^^^^^^^
      |
      = help: did you mean `responses`?

    error: there is nothing at `#/components/responses/None`
      --> api.yaml:11:33
       |
    11 |       responses: {'200': {$ref: '#/components/responses/None'}}
       |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    warning: some requests are GET /{kind}/all and GET /pets/{id} alike: GET /pets/{id} answers them
     --> api.yaml:8:3
      |
    8 |   /{kind}/all:
      |   ^^^^^^^^^^^

    warning: this example breaks its schema: must be a string, got 1
      --> api.yaml:10:91
       |
    10 |       parameters: [{name: kind, in: path, required: true, schema: {type: string, example: 1}}]
       |                                                                                           ^
       |
       = help: api.yaml:10 says so

    read, and not enforced:
      `deprecated` changes nothing: what is deprecated is served like all else  api.yaml:6:7
    api.yaml: 2 operations, 3 errors, 2 warnings, 1 note
    ");
}

#[test]
fn broken_fixtures_and_rules_are_violations_and_hide_nothing_of_the_document() {
    let document = SOUND.replace("type: string}}}", "type: string, default: 5}}}");
    let folder = Folder::of(&[
        ("pets.yaml", &document),
        ("fixtures/pets/pets.yaml", "- {id: 5}\n"),
        ("fixtures/pets/rules.yaml", "operations: {nowhere: {}}\n"),
    ]);
    let ended = check(&folder, &["pets.yaml"]);
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    let lines = ended.out.lines();
    let titles: Vec<&str> = lines
        .filter(|line| line.starts_with(['e', 'w', 'p']))
        .collect();
    insta::assert_snapshot!(titles.join("\n"), @"
    error: this item breaks the contract: /id must be a string, got 5
    error: the contract has no operation `nowhere`
    warning: this default breaks its schema: must be a string, got 5
    pets.yaml: 1 operation, 2 errors, 1 warning
    ");
}

#[test]
fn strict_lets_warnings_count() {
    let document = SOUND.replace("type: string}}}", "type: string, default: 5}}}");
    let folder = Folder::of(&[("api.yaml", &document)]);
    assert_eq!(check(&folder, &["api.yaml"]).code, Some(0));
    let ended = check(&folder, &["api.yaml", "--strict"]);
    assert_eq!(ended.code, Some(1));
    let closing = ended.out.lines().last().unwrap_or("");
    assert_eq!(closing, "api.yaml: 1 operation, 1 warning");
}

#[test]
fn what_cannot_be_loaded_is_exit_code_3_and_the_rest_is_checked() {
    let folder = Folder::of(&[
        ("a.yaml", "openapi: {"),
        ("b.yaml", SOUND),
        ("c.yaml", "a: 1\n"),
    ]);
    let ended = check(&folder, &["a.yaml", "b.yaml", "c.yaml", "gone.yaml"]);
    assert_eq!(ended.code, Some(3));
    let closing = ended
        .out
        .lines()
        .filter(|line| line.contains(".yaml: ") && !line.starts_with("error"));
    insta::assert_snapshot!(closing.collect::<Vec<_>>().join("\n"), @"
    gone.yaml: can't be loaded, 1 error
    a.yaml: can't be loaded, 1 error
    b.yaml: 1 operation, nothing wrong
    c.yaml: can't be loaded, 1 error
    ");
    let usage = check(&folder, &["--format", "xml"]);
    assert_eq!((usage.code, usage.out.as_str()), (Some(2), ""));
}

#[test]
fn a_report_for_machines_is_one_json_array() {
    let document = SOUND.replace("required: [id]", "requird: [id]");
    let folder = Folder::of(&[("api.yaml", &document)]);
    let ended = check(&folder, &["api.yaml", "gone.yaml", "--format", "json"]);
    assert_eq!(ended.code, Some(3));
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    insta::assert_snapshot!(format!("{report:#}"), @r#"
    [
      {
        "severity": "error",
        "file": "gone.yaml",
        "line": null,
        "column": null,
        "pointer": null,
        "message": "there is no such file or folder",
        "help": "name a document, or a folder of documents: counterpart api.yaml"
      },
      {
        "severity": "warning",
        "file": "api.yaml",
        "line": 14,
        "column": 25,
        "pointer": "/components/schemas/Pet/requird",
        "message": "`requird` is no keyword of schemas",
        "help": "did you mean `required`?"
      }
    ]
    "#);
    assert_eq!(
        check(&folder, &["api.yaml", "--format", "json", "--strict"]).code,
        Some(1)
    );
}

#[test]
fn an_overlay_changes_what_is_checked_and_what_is_served() {
    let folder = Folder::of(&[
        ("api.yaml", SOUND),
        (
            "more.yaml",
            &overlay(
                "- {target: '$.paths[\"/pets/{id}\"].get.responses[\"200\"].content[\"application/json\"]', update: {example: {id: overlaid}}}\n",
            ),
        ),
        (
            "wrong.yaml",
            &overlay(
                "- {target: $.components.schemas.Pet, update: {type: strng}}\n- {target: $.nowhere, remove: true}\n",
            ),
        ),
        (
            "broken.yaml",
            &overlay("- {target: 'paths', remove: true}\n"),
        ),
    ]);
    let overlaid = ["api.yaml", "--overlay", "more.yaml"];
    assert_eq!(
        check(&folder, &overlaid).out,
        "api.yaml: 1 operation, nothing wrong\n"
    );
    let both = check(
        &folder,
        &[
            "api.yaml",
            "--overlay",
            "more.yaml",
            "--overlay",
            "wrong.yaml",
        ],
    );
    assert_eq!(both.code, Some(1));
    assert!(
        both.out.contains("`strng` is no type of JSON Schema"),
        "{}",
        both.out
    );
    assert!(both.out.contains(" --> wrong.yaml:5:12"), "{}", both.out);
    let broken = check(&folder, &["api.yaml", "--overlay", "broken.yaml"]);
    assert_eq!(broken.code, Some(3));
    assert!(
        broken
            .out
            .contains("a JSONPath starts with `$`\n --> broken.yaml:4:13\n"),
        "{}",
        broken.out
    );
    let refused = run(folder.path(), &["api.yaml", "--overlay", "broken.yaml"]);
    assert_eq!(refused.code, Some(3));
    let server = start(folder.path(), &overlaid);
    let reply = server.send(request("GET /pets/x", "", ""));
    assert_eq!(reply.is(200).json()["id"], "overlaid");
}

#[test]
fn an_overlay_for_another_document_is_an_error() {
    let text = format!(
        "extends: other.yaml\n{}",
        overlay("- {target: $.x, remove: true}\n")
    );
    let folder = Folder::of(&[
        ("api.yaml", SOUND),
        ("other.yaml", SOUND),
        ("o.yaml", &text),
    ]);
    let ended = check(&folder, &["api.yaml", "--overlay", "o.yaml"]);
    assert_eq!(ended.code, Some(3));
    assert!(
        ended.out.contains(
            "none of the documents is the one that this overlay is for\n --> o.yaml:1:10"
        ),
        "{}",
        ended.out
    );
    let ended = check(&folder, &["api.yaml", "other.yaml", "--overlay", "o.yaml"]);
    let closing = ended.out.lines().last().unwrap_or("");
    assert_eq!(closing, "other.yaml: 1 operation, 1 warning");
}

#[test]
fn of_a_long_line_the_part_around_the_place_is_shown() {
    let text = "é".repeat(500);
    let document = format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"T\", \"version\": \"1\", \
         \"description\": \"{text}\"}}, \"paths\": {{}}, \"pahts\": \"{text}\"}}"
    );
    let folder = Folder::of(&[("api.json", &document)]);
    let ended = check(&folder, &["api.json"]);
    insta::assert_snapshot!(ended.out, @r#"
    error: `pahts` is no member of a document
     --> api.json:1:594
      |
    1 | éééééééééééé"}, "paths": {}, "pahts": "ééééééééééééééééééééééééééééééééééééééééééééééééééééééé
      |                              ^^^^^^^
      |
      = help: did you mean `paths`?

    api.json: 0 operations, 1 error
    "#);
}
