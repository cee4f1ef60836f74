//! `counterpart.toml`: what options are where neither the command line nor a variable says it.

use crate::process::{Folder, command, finish, run, start};

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
    assert_eq!(ended.code, Some(code), "{}{}", ended.out, ended.err);
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
    assert!(err.contains("--tls-cert needs --tls-key"), "{err}");
    let folder = with("baseline = 'known.json'\n");
    let ended = run(folder.path(), &["check", "api.yaml", "--write-baseline"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(folder.path().join("known.json").exists());
}

#[test]
fn secrets_of_the_file_are_not_shown_in_the_help() {
    let folder = with("control-token = 'open sesame'\nport = 4999\n");
    let ended = run(folder.path(), &["serve", "--help"]);
    assert!(ended.out.contains("[default: 4999]"), "{}", ended.out);
    assert!(!ended.out.contains("sesame"), "{}", ended.out);
}

#[test]
fn how_many_items_clients_add_can_be_said() {
    let notes = "openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
components: {schemas: {Note: {type: object, properties: {id: {type: integer, readOnly: true}, text: {type: string}}}}}
";
    let folder = Folder::of(&[("notes.yaml", notes)]);
    let served = start(folder.path(), &["notes.yaml", "--limit", "items=4"]);
    let post = |place: &str| {
        let fields = "Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 12";
        served.send(format!(
            "POST {place}/notes HTTP/1.1\r\n{fields}\r\n\r\n{{\"text\":\"x\"}}"
        ))
    };
    // The list begins with what the document shows, which clients' items stand beside.
    for place in ["", "/@mine"] {
        let made = (0..5).filter(|_| post(place).0.contains(" 201 ")).count();
        assert!((1..=4).contains(&made), "{place}: {made}");
        post(place).is(507);
    }
}
