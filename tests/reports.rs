//! In CI: the reports of `counterpart check`, what a baseline leaves out, and what a server tells
//! that is started for a job.

use crate::process::{Ended, Folder, command, run, start};
use crate::raw::request;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};

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
    let folder = Folder::of(&[
        ("specs/odd one.yaml", HOSTILE),
        ("specs/z.yaml", "openapi: ["),
    ]);
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
    assert!(
        page.contains("`integre` is no type of JSON Schema"),
        "{page}"
    );
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
    assert!(
        report.as_array().is_some_and(|all| all.len() >= 3),
        "{report}"
    );
    let found: Vec<String> = schema.iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_a_baseline_knows_is_left_out_and_what_is_new_fails() {
    let folder = folder();
    let known = ["--baseline", "known.json"];
    assert_eq!(
        check(&folder, &known).code,
        Some(3),
        "there is no such file"
    );
    let written = check(&folder, &[&known[..], &["--write-baseline"]].concat());
    assert_eq!(
        (written.code, written.err.as_str()),
        (Some(0), "3 findings in known.json\n")
    );
    let ended = check(&folder, &known);
    assert_eq!(
        (ended.code, ended.err.as_str()),
        (Some(0), "3 findings of known.json left out\n")
    );
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
    folder.write("specs/odd one.yaml", HOSTILE.replace("integre", "integer"));
    let ended = check(&folder, &known);
    let told = "2 findings of known.json left out\n\
                1 finding of known.json mended: write it anew by --write-baseline\n";
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), told));
    folder.write("known.json", "{\"findings\": [{}]}");
    let ended = check(&folder, &known);
    assert_eq!(ended.code, Some(3));
    assert!(
        ended.err.starts_with("error: known.json: missing field"),
        "{}",
        ended.err
    );
}

const TWO: &str = "openapi: 3.1.0
info: {title: 'Two | <b>', version: '1'}
paths:
  /a:
    get:
      parameters: [{name: q, in: query, schema: {type: integer}}]
      responses: {'200': {description: A}}
  /b: {get: {responses: {'200': {description: B}}}}
";

/// A server of two operations that was asked these, with what it wrote to standard error once it
/// was told to stop, and its exit code.
fn asked(folder: &Folder, arguments: &[&str], targets: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["specs"], arguments].concat();
    let running = start(folder.path(), &arguments);
    for target in targets {
        running.send(request(&format!("GET {target}"), "", ""));
    }
    running.signal(rustix::process::Signal::TERM);
    let (code, err) = running.wait();
    let told = err.lines().filter(|line| !line.starts_with('{'));
    (code, told.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_server_fails_by_what_it_is_held_to() {
    let folder = Folder::of(&[("specs/two.yaml", TWO)]);
    let all = ["--fail-on", "violations,uncovered,unmatched"];
    assert_eq!(
        asked(&folder, &all, &["/a?q=1", "/b"]),
        (Some(0), String::new())
    );
    let (code, told) = asked(&folder, &all, &["/a?q=x", "/c", "/d"]);
    assert_eq!(code, Some(1));
    let lines = [
        "failed: 1 request broke the contract",
        "  GET /a?q=x, 422: query q must be an integer, got the string \"x\" (specs/two.yaml:6)",
        "failed: nobody asked for the operation GET /b",
        "failed: 2 requests met no operation",
        "  GET /c, 404",
        "  GET /d, 404",
    ];
    assert_eq!(told, lines.join("\n"));
    let (code, told) = asked(&folder, &["--fail-on", "unmatched"], &["/a?q=x"]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    let ended = run(
        folder.path(),
        &["specs", "--journal", "0", "--fail-on", "uncovered"],
    );
    assert_eq!(ended.code, Some(2), "{}", ended.err);
}

#[test]
fn a_server_leaves_its_coverage_behind() {
    let folder = Folder::of(&[("specs/two.yaml", TWO)]);
    let files = ["--coverage", "c.json,c.html,c.md"];
    assert_eq!(
        asked(&folder, &files, &["/a?q=1"]),
        (Some(0), String::new())
    );
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    let json: Value = serde_json::from_str(&read("c.json")).expect("JSON");
    assert_eq!(json["exchanges"], 1);
    assert_eq!(json["apis"][0]["uncovered"][0]["what"], "query q absent");
    insta::assert_snapshot!(read("c.md"), @"
    # Coverage

    Of 1 exchange.

    ## two: 60.0 %

    | | covered | of | |
    |---|---:|---:|---:|
    | operations | 1 | 2 | 50.0 % |
    | statuses | 1 | 1 | 100.0 % |
    | parameters | 1 | 2 | 50.0 % |

    | not covered | | declared in |
    |---|---|---|
    | GET /a | query q absent | specs/two.yaml:6 |
    | GET /b | nobody asked for it | specs/two.yaml:8 |
    ");
    let page = read("c.html");
    assert!(page.contains("<strong>GET /b</strong>"), "{page}");
    for text in ["<script", "<b>", "src=", "href="] {
        assert!(!page.contains(text), "{text} in {page}");
    }
    // Known before anyone has waited for it.
    for option in ["--coverage", "--ready-file"] {
        let ended = run(folder.path(), &["specs", option, "no/such/folder.md"]);
        assert_eq!(ended.code, Some(4));
        let told = "error: no/such/folder.md can't be written: ";
        assert!(ended.err.starts_with(told), "{}", ended.err);
    }
}

#[test]
fn a_server_says_that_it_answers_to_who_waits_for_it() {
    let folder = Folder::of(&[("specs/two.yaml", TWO)]);
    let socket = folder.path().join("n");
    let manager = std::os::unix::net::UnixDatagram::bind(&socket).expect("a socket");
    let patience = std::time::Duration::from_secs(20);
    manager.set_read_timeout(Some(patience)).expect("a time");
    let arguments = [
        "specs",
        "--port",
        "0",
        "--ready-file",
        "url",
        "--ready-fd",
        "1",
    ];
    let mut command = command(folder.path(), &arguments);
    let mut child = command
        .env("NOTIFY_SOCKET", &socket)
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("piped");
    BufReader::new(out).read_line(&mut line).expect("a line");
    let mut told = [0; 32];
    let count = manager.recv(&mut told).expect("told");
    let file = std::fs::read_to_string(folder.path().join("url"));
    let _ = child.kill();
    let _ = child.wait();
    assert!(line.starts_with("http://127.0.0.1:"), "{line}");
    assert_eq!(&told[..count], b"READY=1");
    assert_eq!(file.expect("a file"), line);
}

/// What is refused before the schema has its say: by the media type, the syntax, the absence of the
/// body or of a credential.
#[test]
fn what_breaks_the_contract_counts_whichever_step_refuses_it() {
    let folder = Folder::of(&[("specs/keys.yaml", KEYS)]);
    let running = start(folder.path(), &["specs", "--fail-on", "violations"]);
    let json = "Content-Type: application/json\r\n";
    let key = "X-Key: k\r\n";
    let send = |line: &str, fields: &str, body: &str| {
        running
            .send(request(line, &format!("{key}{fields}"), body))
            .status()
    };
    assert_eq!(send("POST /notes", json, "{\"text\": \"a\"}"), 201);
    // It keeps to the contract: what is there is another than the client knows.
    let old = format!("{json}If-Match: \"old\"\r\n");
    assert_eq!(send("PUT /notes/1", &old, "{\"text\": \"b\"}"), 412);
    let expect = |count: u64| {
        let times = json!({"exactly": count});
        let body = json!({"expectations": [{"violations": true, "times": times}]}).to_string();
        let answer = running.send(request("POST /_counterpart/verify", json, &body));
        assert_eq!(answer.status(), 200, "{}", answer.0);
    };
    expect(0);
    assert_eq!(
        send("POST /notes", "Content-Type: text/plain\r\n", "a"),
        415
    );
    assert_eq!(send("POST /notes", json, "{"), 400);
    assert_eq!(send("POST /notes", json, ""), 400);
    assert_eq!(running.send(request("GET /notes/1", "", "")).status(), 401);
    expect(4);
    running.signal(rustix::process::Signal::TERM);
    let (code, err) = running.wait();
    assert_eq!(code, Some(1));
    let told = err.lines().filter(|line| !line.starts_with('{'));
    let told = told.collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(told, @r"
    failed: 4 requests broke the contract
      POST /notes, 415: header content-type text/plain is not documented; the body may be application/json
      POST /notes, 400: body is not JSON: it ends within an object at line 1 column 2
      POST /notes, 400: body is required, and it is empty
      GET /notes/1, 401: header x-key no API key is given: send the header field X-Key
    ");
}

const KEYS: &str = "openapi: 3.1.0
info: {title: Keys, version: '1'}
security: [{key: []}]
paths:
  /notes:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Note: {type: object, properties: {id: {type: integer, readOnly: true}, text: {type: string}}}
";

#[test]
fn what_could_not_be_written_at_the_end_is_an_error_at_the_start() {
    let folder = Folder::of(&[("specs/two.yaml", TWO)]);
    let ended = run(folder.path(), &["specs", "--ready-fd", "99"]);
    assert_eq!(ended.code, Some(4), "{}", ended.err);
    assert!(
        ended
            .err
            .starts_with("error: descriptor 99 can't be written: "),
        "{}",
        ended.err
    );
    let ended = run(folder.path(), &["specs", "--coverage", "c.md,cov.txt"]);
    let told = "error: --coverage cov.txt is in which form? A name ends in .json, .html or .md\n";
    assert_eq!((ended.code, &*ended.err), (Some(2), told));
}

#[test]
fn an_address_that_is_none_is_not_waited_for() {
    let ended = run(folder().path(), &["wait", "nonsense"]);
    assert_eq!(ended.code, Some(2), "{}", ended.err);
}

/// A job of GitHub Actions may run in a folder of the repository: GitHub knows files from its root.
#[test]
fn files_are_named_from_the_root_of_the_repository_that_a_job_runs_in() {
    let folder = Folder::of(&[("apis/specs/odd one.yaml", HOSTILE)]);
    let told = |format: &str, root: &std::path::Path| {
        let arguments = ["check", "--format", format];
        let mut asked = command(&folder.path().join("apis"), &arguments);
        asked.env("GITHUB_WORKSPACE", root);
        crate::process::finish(asked).out
    };
    let annotations = told("github", folder.path());
    assert!(
        annotations.contains("file=apis/specs/odd one.yaml,"),
        "{annotations}"
    );
    let sarif = told("sarif", folder.path());
    assert!(
        sarif.contains(r#""uri": "apis/specs/odd%20one.yaml""#),
        "{sarif}"
    );
    // Another's root is none of this folder's.
    let elsewhere = Folder::of(&[]);
    let annotations = told("github", elsewhere.path());
    assert!(
        annotations.contains("file=specs/odd one.yaml,"),
        "{annotations}"
    );
}
