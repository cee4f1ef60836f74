//! `counterpart check` in CI: its reports, and what a baseline leaves out.

use crate::process::{Ended, Folder, run};
use serde_json::{Value, json};

/// A document whose every text would be more than a text, in one report or another.
const HOSTILE: &str = r#"openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: "x\n::error::<b>]]>"
      parameters: [{name: q, in: query, schema: {type: integre}}]
      responses:
        '200':
          description: A
          content: {application/json: {schema: {type: integer}, example: "100%, é\u0001<script>"}}
  /b:
    get:
      operationId: "x\n::error::<b>]]>"
      responses: {'200': {description: B}}
"#;

fn folder() -> Folder {
    Folder::of(&[("specs/odd one.yaml", HOSTILE)])
}

fn check(folder: &Folder, arguments: &[&str]) -> Ended {
    run(folder.path(), &[&["check"], arguments].concat())
}

#[test]
fn junit_has_a_case_for_each_thing_that_was_looked_at() {
    let folder = Folder::of(&[("specs/odd one.yaml", HOSTILE), ("specs/z.yaml", "openapi: [")]);
    let ended = check(&folder, &["--format", "junit"]);
    assert_eq!(ended.code, Some(3));
    insta::assert_snapshot!(ended.out);
    let strict = check(&folder, &["--format", "junit", "--strict"]).out;
    assert!(strict.contains(r#"tests="9" failures="3""#), "{strict}");
}

#[test]
fn annotations_name_the_line_and_no_text_becomes_a_command() {
    let ended = check(&folder(), &["--format", "github"]);
    insta::assert_snapshot!(ended.out);
}

#[test]
fn sarif_names_the_rule_the_place_and_what_is_the_same_tomorrow() {
    let report = |text: &str| -> Value {
        let folder = Folder::of(&[("specs/odd one.yaml", text)]);
        let ended = check(&folder, &["--format", "sarif"]);
        serde_json::from_str(&ended.out).expect("JSON")
    };
    let sarif = report(HOSTILE);
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let result = &run["results"][0];
    let rule = result["ruleIndex"].as_u64().expect("a number") as usize;
    let rules = &run["tool"]["driver"]["rules"];
    assert_eq!(rules[rule]["id"], result["ruleId"]);
    assert_eq!(result["level"], "error");
    let place = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": "specs/odd%20one.yaml"},
            "region": {"startLine": 7, "startColumn": 56, "endColumn": 63},
        },
        "logicalLocations": [{"fullyQualifiedName": "/paths/~1a/get/parameters/0/schema/type"}],
    });
    assert_eq!(result["locations"], json!([place]));
    // The same where other lines came before it.
    let moved = report(&HOSTILE.replace("paths:", "\n\npaths:"));
    let marks = |sarif: &Value| sarif["runs"][0]["results"][0]["partialFingerprints"].clone();
    assert_eq!(marks(&sarif), marks(&moved));
}

#[test]
fn a_page_shows_every_finding_and_asks_for_nothing() {
    let page = check(&folder(), &["--format", "html"]).out;
    assert!(page.contains("`integre` is no type of JSON Schema"), "{page}");
    assert!(page.contains("specs/odd one.yaml:7:56"), "{page}");
    assert!(page.contains("default-src 'none'"), "{page}");
    for text in ["<script", "<b>", "src=", "href=", "\u{1}"] {
        assert!(!page.contains(text), "{text} in {page}");
    }
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = include_str!("../docs/schemas/check.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let ended = check(&folder(), &["--format", "json"]);
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert!(report.as_array().is_some_and(|all| all.len() >= 3), "{report}");
    let found: Vec<String> = schema.iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_a_baseline_knows_is_left_out_and_what_is_new_fails() {
    let folder = folder();
    let known = ["--baseline", "known.json"];
    assert_eq!(check(&folder, &known).code, Some(3), "there is no such file");
    let written = check(&folder, &[&known[..], &["--write-baseline"]].concat());
    assert_eq!((written.code, written.err.as_str()), (Some(0), "3 findings in known.json\n"));
    let ended = check(&folder, &known);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), "3 findings of known.json left out\n"));
    // Moved down, and one more of the same kind.
    let worse = HOSTILE.replace("info:", "\ninfo:").replace(
        "      responses: {'200': {description: B}}",
        "      parameters: [{name: r, in: query, schema: {type: integre}}]\n      responses: {'200': {description: B}}",
    );
    folder.write("specs/odd one.yaml", &worse);
    let ended = check(&folder, &[&known[..], &["--format", "github"]].concat());
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    assert!(ended.out.contains("line=16,"), "{}", ended.out);
    folder.write("specs/odd one.yaml", &HOSTILE.replace("integre", "integer"));
    let ended = check(&folder, &known);
    let told = "2 findings of known.json left out\n\
                1 finding of known.json mended: write it anew by --write-baseline\n";
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), told));
    folder.write("known.json", "{\"findings\": [{}]}");
    let ended = check(&folder, &known);
    assert_eq!(ended.code, Some(3));
    assert!(ended.err.starts_with("error: known.json: missing field"), "{}", ended.err);
}
