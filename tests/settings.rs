//! `counterpart.toml`: what options are where neither the command line nor a variable says it.

use crate::process::{Folder, NOTES, command, finish, run, start};
use crate::raw::request;

const API: &str = "openapi: 3.1.0
info: {title: Small, version: '1'}
paths:
  /x: {get: {responses: {'200': {description: Fine}}}}
";

fn with(settings: &str) -> Folder {
    Folder::of(&[("api.yaml", API), ("counterpart.toml", settings)])
}

/// What a run says on standard error, which ends with the code.
fn says(settings: &str, arguments: &[&str], code: i32) -> String {
    let folder = with(settings);
    let ended = run(folder.path(), arguments);
    assert_eq!(
        ended.code,
        Some(code),
        "{settings}: {}{}",
        ended.out,
        ended.err
    );
    ended.err
}

#[test]
fn options_are_what_the_file_says_unless_a_variable_or_the_command_line_does() {
    let folder = with("format = 'json'\ndocuments = ['api.yaml']\n");
    let [json, junit] = ["[", "<?xml"];
    let begins = |ended: crate::process::Ended, with: &str| {
        assert!(ended.out.starts_with(with), "{}{}", ended.out, ended.err);
    };
    begins(run(folder.path(), &["check"]), json);
    begins(run(folder.path(), &["check", "--format", "junit"]), junit);
    let mut by_variable = command(folder.path(), &["check"]);
    by_variable.env("COUNTERPART_FORMAT", "junit");
    begins(finish(by_variable), junit);
}

#[test]
fn a_table_is_for_its_command_and_goes_before_what_is_for_all() {
    let text = "documents = 'api.yaml'\nformat = 'junit'\n[check]\nformat = 'json'\n";
    let folder = with(text);
    let ended = run(folder.path(), &["check"]);
    assert!(ended.out.starts_with('['), "{}{}", ended.out, ended.err);
}

#[test]
fn a_server_starts_as_the_file_says() {
    let text = "documents = ['api.yaml']\nlog = 'json'\n[serve]\nlatency = 20\nlimit = ['uri=24', 'header_fields=50']\n";
    let folder = with(text);
    let served = start(folder.path(), &[]);
    served
        .send("GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .is(200);
    served
        .send(
            "GET /x?and=more-than-twenty-four HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )
        .is(414);
    let metrics = served
        .send("GET /_counterpart/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let metrics = metrics.0;
    assert!(metrics.contains("counterpart_limit{name=\"header_fields\",unit=\"count\"} 50\n"));
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_its_place() {
    let check = ["check", "api.yaml"];
    for (text, told) in [
        (
            "port = 'x'\n",
            "`port` can't be \"x\": invalid digit found in string",
        ),
        (
            "format = 'jsn'\n",
            "`format` can't be \"jsn\"; it is one of human, json",
        ),
        ("formt = 'json'\n", "there is no option `formt`"),
        (
            "sandbox_idle = 5\n",
            "keys are written as options are: `sandbox-idle`",
        ),
        ("documents = []\n", "`documents` is an empty list"),
        ("[diff]\nold = 'api.yaml'\n", "`diff` has no option `old`"),
        ("[proxy]\nwatch = true\n", "`proxy` has no option `watch`"),
        ("control-token = ''\n", "`control-token` can't be that"),
        ("formt = 'json'\n", "`format` is near"),
        ("[check]\nport = 1\n", "`check` has no option `port`"),
        ("[chek]\nformat = 'json'\n", "there is no command `chek`"),
        ("watch = 'yes'\n", "`watch` is true or false"),
        ("port = true\n", "`port` is a text or a number"),
        ("port = [1, 2]\n", "`port` is one value"),
        ("overlay = [true]\n", "`overlay` is a list of texts"),
        (
            "limit = 'bodi=1'\n",
            "there is no limit `bodi`; `body` is near",
        ),
        (
            "state = 'x'\nstateless = true\n",
            "`stateless` and `state` exclude each other",
        ),
        ("format = \n", "counterpart.toml:1:"),
    ] {
        let err = says(text, &check, 2);
        assert!(err.contains(told), "{told} of {err}");
        assert!(err.contains("counterpart.toml:"), "{err}");
    }
}

#[test]
fn the_command_line_takes_back_what_excludes_it() {
    let folder = with("documents = 'api.yaml'\nstate = 'kept'\nwatch = true\n");
    let served = start(folder.path(), &["--stateless", "--no-watch"]);
    drop(served);
    assert!(!folder.path().join("kept").exists());
}

#[test]
fn an_option_that_needs_another_finds_it_in_the_file_and_is_told_of_without() {
    let err = says("tls-cert = 'cert.pem'\n", &["api.yaml"], 2);
    assert!(err.contains("`tls-cert` needs `tls-key`"), "{err}");
    assert!(err.contains("counterpart.toml:1:"), "{err}");
    let err = says("", &["check", "api.yaml", "--write-baseline"], 2);
    assert!(err.contains("--write-baseline needs --baseline"), "{err}");
    let folder = with("baseline = 'known.json'\n");
    let ended = run(folder.path(), &["check", "api.yaml", "--write-baseline"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(folder.path().join("known.json").exists());
}

#[test]
fn what_the_command_line_takes_back_a_variable_does_not_bring_again() {
    for (variable, value, arguments) in [
        ("COUNTERPART_STATE", "kept", ["--stateless", "--no-cors"]),
        ("COUNTERPART_STATELESS", "false", ["--state", "other"]),
        ("COUNTERPART_WATCH", "true", ["--no-watch", "--no-cors"]),
        ("COUNTERPART_PORT", "", ["--no-watch", "--no-cors"]),
    ] {
        let folder = with("state = 'kept'\nreset-state = true\nwatch = false\n");
        let arguments = [
            &["api.yaml", "--port", "0", "--log", "json"][..],
            &arguments,
        ]
        .concat();
        let mut started = command(folder.path(), &arguments);
        let mut child = started.env(variable, value).spawn().expect("it starts");
        let mut line = String::new();
        let err = child.stderr.take().expect("piped");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(err), &mut line).expect("a line");
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        assert!(line.contains("listening"), "{variable}: {line}");
        assert!(!folder.path().join("kept").exists() || variable != "COUNTERPART_STATE");
    }
}

#[test]
fn of_what_excludes_each_other_the_commands_own_counts() {
    let folder = with("documents = 'api.yaml'\nstateless = true\n[serve]\nstate = 'kept'\n");
    drop(start(folder.path(), &[]));
    assert!(folder.path().join("kept").exists());
}

#[test]
fn help_is_there_however_wrong_the_file_is_and_large_ones_are_refused_at_once() {
    let folder = with("prot = 1\n");
    assert_eq!(run(folder.path(), &["--help"]).code, Some(0));
    assert_eq!(run(folder.path(), &["man"]).code, Some(0));
    let unknown: String = (0..20_000).map(|n| format!("k{n} = 1\n")).collect();
    let err = says(&unknown, &["check", "api.yaml"], 2);
    assert!(err.lines().count() < 200, "{}", err.lines().count());
    let err = says(&"#".repeat((1 << 20) + 1), &["check", "api.yaml"], 2);
    assert!(err.contains("is larger than 1 MiB"), "{err}");
}

#[test]
fn secrets_of_the_file_are_not_shown() {
    let err = says("control-token = ['zzsecret', 'b']\n", &["api.yaml"], 2);
    assert!(!err.contains("zzsecret"), "{err}");
    assert!(err.contains("`control-token` is one value"), "{err}");
}

#[test]
fn secrets_of_the_command_line_and_of_variables_are_not_shown() {
    let folder = with("");
    let upstream = [
        "proxy",
        "api.yaml",
        "--upstream",
        "http://me:zzsecret@127.0.0.1:1",
    ];
    let url = [
        "verify",
        "api.yaml",
        "--url",
        "http://me:zzsecret@127.0.0.1:1",
    ];
    for (arguments, why) in [
        (
            &["api.yaml", "--auth-credential", "zzsecret"][..],
            "--auth-credential",
        ),
        (
            &["api.yaml", "--auth-credential=zzsecret"],
            "--auth-credential",
        ),
        (
            &["api.yaml", "--control-token", "zzsecret \u{e9}"],
            "--control-token",
        ),
        (
            &["api.yaml", "--state", "redis://me:zzsecret@a:b"],
            "--state",
        ),
        (&["api.yaml", "--state", "http://me:zzsecret@a"], "--state"),
        (&upstream, "--upstream"),
        (&url, "no user"),
        (
            &["wait", "http://me:zzsecret@127.0.0.1:1", "--timeout", "1"],
            "no user",
        ),
        (
            &[
                "verify", "api.yaml", "--url", "http://a", "--header", "zzsecret",
            ],
            "X-Key: abc",
        ),
        (
            &[
                "verify",
                "api.yaml",
                "--url",
                "http://a",
                "--credential",
                "zzsecret",
            ],
            "equals sign",
        ),
    ] {
        let ended = run(folder.path(), arguments);
        assert_ne!(ended.code, Some(0), "{arguments:?}");
        let said = ended.out + &ended.err;
        assert!(!said.contains("zzsecret"), "{arguments:?}: {said}");
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
    let mut by_variable = command(folder.path(), &["api.yaml"]);
    by_variable.env("COUNTERPART_AUTH_CREDENTIAL", "zzsecret");
    let ended = finish(by_variable);
    assert_eq!(ended.code, Some(2));
    assert!(!ended.err.contains("zzsecret"), "{}", ended.err);
}

#[test]
fn secrets_of_the_file_are_not_shown_in_the_help() {
    let folder = with("control-token = 'open-sesame'\nport = 4999\n");
    let ended = run(folder.path(), &["serve", "--help"]);
    assert!(ended.out.contains("[default: 4999]"), "{}", ended.out);
    assert!(!ended.out.contains("sesame"), "{}", ended.out);
}

#[test]
fn how_many_items_clients_add_can_be_said() {
    let folder = Folder::of(&[("notes.yaml", NOTES)]);
    let served = start(folder.path(), &["notes.yaml", "--limit", "items=2"]);
    let post = |place: &str, id: &str| {
        let fields = "Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 10";
        served.send(format!(
            "POST {place}/notes HTTP/1.1\r\n{fields}\r\n\r\n{{\"id\":\"{id}\"}}"
        ))
    };
    for place in ["", "/@mine"] {
        post(place, "a").is(201);
        post(place, "b").is(201);
        post(place, "c").is(507);
    }
}

#[test]
fn what_a_request_may_say_and_is_told_can_be_said() {
    let document = NOTES.replace(
        "properties: {id: {type: string}, text: {type: string}}",
        "properties: {id: {type: string}, text: {type: string}, tags: {type: array, items: {type: integer}}}",
    );
    let folder = Folder::of(&[("notes.yaml", &document)]);
    let limits = ["notes.yaml", "--limit", "json_depth=2,errors=3"];
    let served = start(folder.path(), &limits);
    let post = |body: &str| {
        let fields = "Content-Type: application/json\r\n";
        served.send(request("POST /notes", fields, body))
    };
    post(r#"{"id": "a", "tags": [1]}"#).is(201);
    let refused = post(r#"{"id": "b", "tags": [[1]]}"#).problem(400);
    assert!(
        refused.0.contains("nested deeper than 2 levels"),
        "{}",
        refused.0
    );
    let refused = post(r#"{"id": "b", "tags": ["a", "b", "c", "d", "e"]}"#).problem(422);
    let told = refused.json();
    assert_eq!(told["errors"].as_array().map(Vec::len), Some(3), "{told}");
    assert!(
        told["detail"]
            .as_str()
            .is_some_and(|told| told.contains('5')),
        "{told}"
    );
    let metrics = served
        .send(request("GET /_counterpart/metrics", "", ""))
        .is(200);
    for limit in ["json_depth", "errors", "files", "file_bytes", "trailers"] {
        assert!(metrics.0.contains(&format!("name=\"{limit}\"")), "{limit}");
    }
}

#[test]
fn how_many_files_a_document_has_can_be_said() {
    let files: String = (0..5)
        .map(|n| format!("  /{n}: {{$ref: 'parts/{n}.yaml'}}\n"))
        .collect();
    let document = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths:\n{files}");
    let folder = Folder::of(&[("api.yaml", &document)]);
    for n in 0..5 {
        let part = "get: {responses: {'200': {description: Part}}}";
        folder.write(&format!("parts/{n}.yaml"), part);
    }
    let left_out = |limit: &str| {
        let arguments = ["api.yaml", "--strict", "--limit", limit];
        let said = run(folder.path(), &arguments).err;
        said.matches("is left out: the document has more than")
            .count()
    };
    let served = start(folder.path(), &["api.yaml", "--limit", "files=6"]);
    served.send(request("GET /4", "", "")).is(200);
    assert_eq!(left_out("files=3"), 3);
    assert_eq!(left_out("file_bytes=1"), 5);
}
