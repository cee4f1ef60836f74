//! `counterpart verify` against a server with faults, and against mocks without any.

mod hooks;
mod lasting;
mod pasting;
mod shop;
mod small;
mod smallest;
mod wire;

use crate::process::{Ended, Folder, checkout, run as command};
use counterpart::contract::{Contract, Loading};
use counterpart::host::Host;
use counterpart::spec::Severity;
use counterpart::verify::{
    Credential, Credentials, Finding, Outcome, Peer, Settings, Unanswered, verify,
};
use counterpart::wire::{Reply, Request};
use serde_json::Value;
use shop::{CONTRACT, FAULTS, LAST_FAULTS, Shop};
use std::time::{SystemTime, UNIX_EPOCH};

fn settings() -> Settings {
    let key = Credential::Field("X-Key".to_owned(), "secret".to_owned());
    Settings {
        credentials: Credentials::new(vec![key], None).expect("credentials"),
        ..Settings::of("http://shop.test", "seed")
    }
}

fn run(fault: &'static str, settings: &Settings) -> Outcome {
    let contract = Contract::from_text("shop.yaml", CONTRACT).expect("a contract");
    verify(&contract, &Shop::with(fault), settings, &|_| {}).expect("an outcome")
}

/// What was found, a line each.
fn lines(findings: &[Finding]) -> Vec<String> {
    let lines = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.check.name(), finding.error.message));
    lines.collect()
}

#[test]
fn a_server_that_keeps_to_its_contract_has_no_finding() {
    let outcome = run("", &settings());
    assert_eq!(lines(&outcome.findings), [""; 0]);
    assert!(outcome.is_whole);
    assert_eq!(outcome.operations, 7);
    assert!(outcome.requests > 150, "{}", outcome.requests);
}

#[test]
fn every_planted_fault_is_found() {
    let mut missed = Vec::new();
    for (fault, check) in FAULTS.into_iter().chain(LAST_FAULTS) {
        let outcome = run(fault, &settings());
        let errors = outcome.findings.iter();
        let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
        if !errors.any(|finding| finding.check.name() == check) {
            missed.push((fault, check, lines(&outcome.findings)));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// A mock, asked without a socket.
struct Mock(Host);

impl Peer for Mock {
    fn ask(&self, request: &Request) -> Result<Reply, Unanswered> {
        Ok(self.0.answer(request.clone()).reply)
    }
}

#[test]
fn the_mock_of_each_api_keeps_to_its_contract() {
    for api in ["appointments", "bookings", "live", "workspace"] {
        let paths = [checkout().join(format!("specs/{api}.yaml"))];
        let host = || Host::load_with(&paths, &Loading::default()).expect("a host");
        let (judge, mock) = (host(), host());
        let contract = judge.apis()[0].contract();
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.expect("after 1970").as_secs();
        let token = mock.token(&contract.scopes(), now, 600);
        let credential = |name: &&str| {
            // The one that is no token has a form of its own.
            let value = match api {
                "appointments" => "Credential:someone, Signature=abc".to_owned(),
                _ => token.clone(),
            };
            Credential::Scheme((*name).to_owned(), value)
        };
        let credentials = contract.schemes().iter().map(credential).collect();
        let settings = Settings {
            credentials: Credentials::new(credentials, None).expect("credentials"),
            ..Settings::of("http://mock.test", "seed")
        };
        let outcome = verify(contract, &Mock(mock), &settings, &|_| {}).expect("an outcome");
        assert_eq!(lines(&outcome.findings), [""; 0], "{api}");
        assert_eq!(outcome.operations, 3, "{api}");
    }
}

fn verify_shop(fault: &'static str, arguments: &[&str]) -> Ended {
    let folder = Folder::of(&[("shop.yaml", CONTRACT)]);
    let url = format!("{}/api", wire::listen(fault));
    let all = [
        "verify",
        "shop.yaml",
        "--url",
        &url,
        "--seed",
        "s",
        "--rate",
        "5000",
    ];
    let mut ended = command(folder.path(), &[&all, arguments].concat());
    ended.out = ended.out.replace(&url, "http://shop/api");
    ended
}

const KEY: [&str; 2] = ["--header", "X-Key: secret"];

#[test]
fn the_command_says_what_is_wrong_with_the_line_and_the_smallest_request() {
    let ended = verify_shop("empty name accepted", &KEY);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""));
    let parts: Vec<&str> = ended.out.split("\n\n").collect();
    let [post, put, patch, closing] = parts[..] else {
        panic!("{}", ended.out);
    };
    // How many were created before is no matter.
    let (post, rest) = post.split_once("\"id\":").expect("an id");
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    insta::assert_snapshot!(format!("{post}\"id\":…{rest}"), @r#"
    error: POST /pets answers 201 Created to what the contract refuses: body /name needs at least 1 character, got ""
       --> shop.yaml:104:30
        |
    104 |         name: {type: string, minLength: 1, maxLength: 20}
        |                              ^^^^^^^^^
      curl -i -X POST http://shop/api/pets -H "X-Key: $X_KEY" -H 'Content-Type: application/json' --data-raw '{"name":"","kind":"cat"}'
      → 201 Created {"name":"","kind":"cat","id":…,"maker":"shop"}
    "#);
    assert!(
        put.contains("--data-raw '{\"name\":\"\",\"kind\":\"cat\"}'"),
        "{put}"
    );
    assert!(patch.contains("--data-raw '{\"name\":\"\"}'"), "{patch}");
    let closing: Vec<&str> = closing.lines().collect();
    assert!(
        closing[0].starts_with("shop: 7 operations, "),
        "{closing:?}"
    );
    assert!(closing[0].ends_with(" requests, 3 findings"), "{closing:?}");
    assert_eq!(closing[1], "--seed s sends the same again");
}

#[test]
fn a_server_without_faults_is_exit_code_0() {
    let ended = verify_shop("", &["--credential", "key=secret"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(ended.out.ends_with(", nothing wrong\n"), "{}", ended.out);
}

#[test]
fn machines_get_each_finding_with_its_check_and_steps() {
    let json = [&KEY[..], &["--format", "json"]].concat();
    let ended = verify_shop("DELETE deletes nothing", &json);
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(report["seed"], "s");
    let api = &report["apis"][0];
    assert_eq!(
        (&api["api"], &api["complete"]),
        (&"shop".into(), &true.into())
    );
    let finding = &api["findings"][0];
    assert_eq!(finding["check"], "deleted");
    assert_eq!(finding["operation"], "DELETE /pets/{id}");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["file"], "shop.yaml");
    assert_eq!(is_as_documented(&report), [""; 0]);
    let steps = finding["steps"].as_array().expect("steps");
    let is_secret = |step: &Value| step.to_string().contains("secret");
    // The item is created anew before it is deleted and read.
    assert_eq!(steps.len(), 3);
    assert!(!steps.iter().any(is_secret), "{steps:?}");
}

#[test]
fn a_credential_is_what_a_command_prints() {
    let ended = verify_shop("", &["--auth-command", "echo 'X-Key: made'"]);
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    let ended = verify_shop("", &["--auth-command", "exit 3"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.err.contains("failed (exit status: 3)"),
        "{}",
        ended.err
    );
}

#[test]
fn where_nothing_was_ever_done_there_is_no_verdict() {
    let ended = verify_shop("", &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    let first = ended.out.lines().next().expect("a line");
    insta::assert_snapshot!(first, @"error: shop.yaml: no operation succeeded, so nothing is known of the server: none of 45 requests that keep to the contract was done, and all were answered with 401 Unauthorized; look at the credentials (`--token`, `--credential`, `--header`)");
    assert!(ended.out.contains("never succeeded"), "{}", ended.out);
    let json = verify_shop("", &["--format", "json"]).out;
    let report: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(report["apis"][0]["findings"][0]["operation"], Value::Null);
    assert_eq!(is_as_documented(&report), [""; 0]);
}

/// How a report breaks what is documented of it.
fn is_as_documented(report: &Value) -> Vec<String> {
    let schema = include_str!("../../docs/schemas/verify.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    schema.iter_errors(report).map(|e| e.to_string()).collect()
}

#[test]
fn credentials_and_values_that_nothing_takes_are_wrong_usage() {
    for (arguments, why) in [
        (["--token", ""], "--token has no credential"),
        (["--token", " "], "--token has no credential"),
        (
            ["--token", "a\nb"],
            "--token has a character that no header field can carry: a line feed, say",
        ),
        (
            ["--credential", "kee=secret"],
            "the contract has no security scheme that is asked for of the name \"kee\"; key is one",
        ),
        (["--credential", "key="], "--credential has no credential"),
        (
            ["--value", "idd=1"],
            "the contract has no parameter of the name \"idd\"; id is one",
        ),
    ] {
        let ended = verify_shop("", &arguments);
        assert_eq!(
            (ended.code, ended.err),
            (Some(2), format!("error: {why}\n"))
        );
    }
}

/// Who sets a variable of a credential means to give one: an empty one is a secret that isn't there.
#[test]
fn an_empty_variable_of_a_credential_is_wrong_usage() {
    let folder = Folder::of(&[("shop.yaml", CONTRACT)]);
    for (variable, why) in [
        ("COUNTERPART_TOKEN", "error: --token has no credential\n"),
        (
            "COUNTERPART_CREDENTIAL",
            "error: a scheme's name, an equals sign and the credential are expected\n",
        ),
    ] {
        let arguments = ["verify", "shop.yaml", "--url", "http://127.0.0.1:1"];
        let mut asked = crate::process::command(folder.path(), &arguments);
        asked.env(variable, "");
        let ended = crate::process::finish(asked);
        assert_eq!((ended.code, ended.err.as_str()), (Some(2), why));
    }
}

#[test]
fn content_of_204_is_seen_on_the_wire() {
    let ended = verify_shop("DELETE is 204 with content", &KEY);
    assert!(
        ended.out.contains("204 No Content with content"),
        "{}",
        ended.out
    );
}

#[test]
fn reading_alone_sends_nothing_that_changes() {
    let outcome = run(
        "",
        &Settings {
            is_read_only: true,
            ..settings()
        },
    );
    assert_eq!(outcome.operations, 3);
    assert_eq!(lines(&outcome.findings).len(), 1, "{:?}", outcome.findings);
}

/// Of several documents one alone may have the operation; the others aren't asked, nor need they have
/// a server.
#[test]
fn an_operation_is_tried_of_the_document_that_has_it() {
    let other = "openapi: 3.1.0\ninfo: {title: O, version: '1'}\npaths: {/o: {get: {responses: {'200': {description: A}}}}}\n";
    let folder = Folder::of(&[("specs/shop.yaml", CONTRACT), ("specs/other.yaml", other)]);
    let url = format!("shop={}/api", wire::listen(""));
    let verify = |operation: &str| {
        let arguments = ["verify", "specs", "--url", &url, "--operation", operation];
        command(folder.path(), &[&arguments[..], &KEY].concat())
    };
    let ended = verify("GET /pets");
    assert_eq!(
        (ended.code, ended.err.as_str()),
        (Some(0), ""),
        "{}",
        ended.out
    );
    assert!(
        ended.out.starts_with("shop: 1 operation, "),
        "{}",
        ended.out
    );
    let ended = verify("GET /pet");
    assert_eq!(ended.code, Some(2));
    assert_eq!(
        ended.err,
        "error: the contract has no operation \"GET /pet\"; GET /pets is one\n"
    );
}

#[test]
fn an_operation_that_is_not_there_is_wrong_usage() {
    let ended = verify_shop("", &["--operation", "GET /pet"]);
    assert_eq!(ended.code, Some(2));
    assert_eq!(
        ended.err,
        "error: the contract has no operation \"GET /pet\"; GET /pets is one\n"
    );
}

#[test]
fn a_server_that_is_not_there_is_no_finding() {
    let folder = Folder::of(&[("shop.yaml", CONTRACT)]);
    let arguments = ["verify", "shop.yaml", "--url", "http://127.0.0.1:1"];
    let ended = command(folder.path(), &arguments);
    assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""));
    let told = "error: the server of shop.yaml at http://127.0.0.1:1 doesn't answer: ";
    assert!(ended.err.starts_with(told), "{}", ended.err);
    // A machine reads a report of it.
    let report = |format: &str| {
        let ended = command(
            folder.path(),
            &[&arguments[..], &["--format", format]].concat(),
        );
        assert_eq!(ended.code, Some(3));
        ended.out
    };
    let json: Value = serde_json::from_str(&report("json")).expect("JSON");
    assert_eq!(is_as_documented(&json), [""; 0]);
    let message = json["errors"][0]["message"].as_str().expect("a text");
    assert!(
        message.starts_with("the server of shop.yaml at http://127.0.0.1:1 doesn't answer: "),
        "{message}"
    );
    assert!(report("junit").contains("failures=\"1\""));
    let sarif: Value = serde_json::from_str(&report("sarif")).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "error");
    assert!(report("github").starts_with("::error file=shop.yaml"));
    let arguments = [
        "verify",
        "nope.yaml",
        "--url",
        "http://127.0.0.1:1",
        "--format",
        "json",
    ];
    let ended = command(folder.path(), &arguments);
    assert_eq!(ended.code, Some(3));
    let json: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(is_as_documented(&json), [""; 0]);
    assert!(!ended.err.contains("served"), "{}", ended.err);
}

/// A reply that doesn't come to its end is a fault of that operation; the others are tried.
#[test]
fn an_operation_whose_replies_break_off_is_a_finding_and_the_rest_goes_on() {
    let outcome = run("lists break off", &settings());
    assert!(outcome.is_whole);
    assert_eq!(outcome.operations, 7);
    let told = lines(&outcome.findings);
    let broken = "answer: GET /pets doesn't answer: connection closed before message completed";
    assert_eq!(told, [broken]);
    // One that has never answered anything else isn't taken for one that isn't there.
    let only = Settings {
        operations: vec!["GET /pets".to_owned()],
        ..settings()
    };
    assert_eq!(lines(&run("lists break off", &only).findings), [broken]);
}

#[test]
fn a_server_that_is_always_too_busy_is_not_waited_for_without_end() {
    let outcome = run("search is too early", &settings());
    let told = lines(&outcome.findings);
    let last = told.last().map(String::as_str);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        last,
        Some(
            "taken: GET /search wasn't tried further: it answers 429 Too Many Requests time and again, however long it is waited"
        )
    );
}

#[test]
fn a_command_for_credentials_has_no_more_time_than_a_reply() {
    let slow = ["--auth-command", "sleep 30", "--timeout", "1"];
    let ended = verify_shop("", &slow);
    assert_eq!(ended.code, Some(2), "{}", ended.out);
    assert!(ended.err.contains("isn't done within 1s"), "{}", ended.err);
}

/// What was created is deleted, whenever it is stopped.
#[test]
fn what_was_created_is_deleted_when_it_is_stopped_early() {
    let shop = Shop::with("");
    let contract = Contract::from_text("shop.yaml", CONTRACT).expect("a contract");
    for most in [30, 60, 120] {
        let sent = std::sync::atomic::AtomicUsize::new(0);
        let is_over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let stop = std::sync::Arc::clone(&is_over);
        let counting = |_| {
            let count = sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            stop.store(count >= 2, std::sync::atomic::Ordering::Relaxed);
        };
        let settings = Settings {
            requests: most,
            is_cancelled: Box::new(move || is_over.load(std::sync::atomic::Ordering::Relaxed)),
            ..settings()
        };
        let outcome = verify(&contract, &shop, &settings, &counting).expect("an outcome");
        assert!(!outcome.is_whole);
        assert_eq!(shop.count(), 0, "{most}");
    }
}

#[test]
fn an_address_that_cannot_be_asked_is_wrong_usage() {
    let folder = Folder::of(&[("shop.yaml", CONTRACT)]);
    for (url, why) in [
        ("ftp://shop.test", "it begins with http://"),
        ("shop.test", "it begins with http://"),
        ("http://shop.test/?a=b", "has a query"),
    ] {
        let ended = command(folder.path(), &["verify", "shop.yaml", "--url", url]);
        assert_eq!(ended.code, Some(2), "{url}");
        assert!(ended.err.contains(why), "{}", ended.err);
    }
}

#[test]
fn the_mock_is_held_against_the_server_operation_by_operation() {
    let arguments = [&KEY[..], &["--twin"]].concat();
    let same = verify_shop("", &arguments);
    assert_eq!(same.code, Some(0), "{}", same.out);
    let line = |out: &str| {
        let mut lines = out.lines().map(str::to_owned);
        lines
            .find(|line| line.starts_with("the mock answers"))
            .expect("a line")
    };
    let numbers = |out: &str| -> [u32; 2] {
        let line = line(out);
        let mut words = line.split(' ').filter_map(|word| word.parse().ok());
        [(); 2].map(|()| words.next().expect("a number"))
    };
    let others = |out: &str| -> u32 {
        let [alike, all] = numbers(out);
        all - alike
    };
    let [alike, all] = numbers(&same.out);
    assert!(alike * 10 >= all * 8, "{}", same.out);
    let other = verify_shop("read as text/html", &arguments);
    // What the server does wrong, the mock does otherwise.
    assert!(others(&other.out) > others(&same.out), "{}", other.out);
    let told = "PUT /pets/true";
    assert!(other.out.contains(told), "{}", other.out);
    let why = ": the server answers 404, the mock 422\n";
    assert!(other.out.contains(why), "{}", other.out);
    let json = [&arguments[..], &["--format", "json"]].concat();
    let report: Value = serde_json::from_str(&verify_shop("", &json).out).expect("JSON");
    assert_eq!(is_as_documented(&report), [""; 0]);
    let twin = &report["apis"][0]["twin"];
    assert!(twin["requests"].as_u64() > Some(100), "{twin:#}");
    assert!(twin["alike"].as_u64() <= twin["requests"].as_u64());
}

/// What is put in a list of an item under a name is none of the item's own name.
#[test]
fn what_is_said_of_a_member_is_not_looked_for_in_the_item() {
    let text = r"
openapi: 3.1.1
info: {title: Plans, version: '1'}
paths:
  /plans/{id}:
    parameters: &of [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Plan'}}}}}
  /plans/{id}/features/{feature}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: feature, in: path, required: true, schema: {type: string}}]
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Feature'}}}}
      responses: {'200': {description: Done}}
    delete: {responses: {'200': {description: Done}, '404': {description: None}}}
components:
  schemas:
    Feature: {type: object, required: [name], properties: {name: {type: string}, value: {type: string}}}
    Plan: {type: object, required: [id, name, features], properties: {id: {type: string}, name: {type: string}, features: {type: array, items: {$ref: '#/components/schemas/Feature'}}}}
";
    let contract = || Contract::from_text("plans.yaml", text).expect("a contract");
    let mock = Mock(Host::new(vec![("plans".to_owned(), contract())]));
    let settings = Settings::of("http://mock.test", "seed");
    let outcome = verify(&contract(), &mock, &settings, &|_| {}).expect("an outcome");
    let errors = outcome.findings.into_iter();
    let errors = errors.filter(|finding| finding.severity == Severity::Error);
    assert_eq!(lines(&errors.collect::<Vec<Finding>>()), [""; 0]);
}

#[test]
fn a_made_up_credential_that_does_is_a_warning() {
    let outcome = run("any credential accepted", &settings());
    let told = lines(&outcome.findings);
    let get = "credential: GET /pets answers 200 OK to a credential that was made up";
    assert_eq!(told.len(), 7, "{told:?}");
    assert_eq!(told[0], get);
    let mut severities = outcome.findings.iter().map(|finding| finding.severity);
    assert!(severities.all(|severity| severity == Severity::Warning));
}

/// A total may count what isn't shown, and a database may give an id again.
#[test]
fn what_a_contract_cant_say_is_a_warning() {
    for (fault, wanted) in [
        ("total above what there is", "listed: GET /pets tells of "),
        (
            "ids are given again",
            "created: POST /pets gives a new item the id of one that was deleted: ",
        ),
    ] {
        let outcome = run(fault, &settings());
        let told = lines(&outcome.findings);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(wanted), "{told:?}");
        assert_eq!(outcome.findings[0].severity, Severity::Warning);
    }
}

/// One cause is one finding.
#[test]
fn a_server_that_asks_for_no_credential_is_told_of_once() {
    let outcome = run("no credential accepted", &settings());
    let told = lines(&outcome.findings);
    assert_eq!(told.len(), 7, "{told:?}");
    assert!(
        told.iter()
            .all(|line| line.contains("without the credential"))
    );
    let outcome = run("the list shows all twice", &settings());
    assert_eq!(lines(&outcome.findings).len(), 1);
}

#[test]
fn of_several_servers_the_one_that_is_not_there_is_named_and_the_others_are_told_of() {
    let simple = |title: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: {title}, version: '1'}}\npaths:\n  /a:\n    get: {{responses: {{'204': {{description: A}}}}}}\n"
        )
    };
    let folder = Folder::of(&[
        ("dead.yaml", &simple("Dead")),
        ("shop.yaml", CONTRACT),
        ("late.yaml", &simple("Late")),
    ]);
    let shop = format!("shop={}/api", wire::listen("HEAD is 204"));
    let url = [
        "--url",
        "dead=http://127.0.0.1:1",
        "--url",
        &shop,
        "--url",
        "late=http://127.0.0.1:1/x",
    ];
    let base = [
        "verify",
        "shop.yaml",
        "dead.yaml",
        "late.yaml",
        "--seed",
        "s",
    ];
    let arguments = [&base[..], &url, &KEY].concat();
    let ended = command(folder.path(), &arguments);
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    for told in [
        "error: the server of dead.yaml at http://127.0.0.1:1 doesn't answer: ",
        "error: the server of late.yaml at http://127.0.0.1:1/x doesn't answer: ",
    ] {
        assert!(ended.err.contains(told), "{}", ended.err);
    }
    assert!(ended.out.contains("answers HEAD with 204"), "{}", ended.out);
    let as_json = [&arguments[..], &["--format", "json"]].concat();
    let ended = command(folder.path(), &as_json);
    assert_eq!(ended.code, Some(3));
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(is_as_documented(&report), [""; 0]);
    assert_eq!(report["apis"][0]["api"], "shop");
    assert_eq!(report["errors"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["errors"][0]["file"], "dead.yaml");
    // One that has no address is wrong usage, before any is asked.
    let ended = command(folder.path(), &[&base[..], &url[..4], &KEY].concat());
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
}

/// What a server says of an item by its path, and what only who sends a message knows, is no
/// client's to choose.
#[test]
fn what_no_client_chooses_is_no_finding() {
    struct Addresses(std::sync::Mutex<Vec<Value>>);
    impl Peer for Addresses {
        fn ask(&self, request: &Request) -> Result<Reply, Unanswered> {
            let mut all = self.0.lock().expect("addresses");
            let length = request.headers.get("content-length");
            let json = |status: u16, value: &Value| {
                let status = counterpart::wire::StatusCode::from_u16(status).expect("a status");
                Ok(Reply::json(status, "application/json", value))
            };
            let path: Vec<&str> = request.path().split('/').collect();
            let wrong = serde_json::json!({});
            match (request.method.as_str(), path.as_slice()) {
                _ if length.is_some_and(|own| own != &request.body.len().to_string()) => {
                    json(400, &wrong)
                }
                ("POST", ["", "customers", customer, "addresses"]) => {
                    let Ok(Value::Object(mut own)) = serde_json::from_slice(&request.body) else {
                        return json(422, &wrong);
                    };
                    let is_right = own.get("street").is_some_and(Value::is_string)
                        && own.get("customerId").is_none_or(Value::is_i64);
                    let media_type = request.headers.get("content-type");
                    let is_json = media_type.is_some_and(|own| own == "application/json");
                    match (is_json, is_right, customer.parse::<i64>()) {
                        (true, true, Ok(customer)) => {
                            own.insert("id".to_owned(), all.len().into());
                            own.insert("customerId".to_owned(), customer.into());
                            all.push(own.clone().into());
                            json(201, &own.into())
                        }
                        _ => json(422, &wrong),
                    }
                }
                ("GET" | "HEAD", ["", "customers", customer, "addresses", number]) => {
                    let is_it = |own: &&Value| {
                        let number = number.parse().is_ok_and(|number: i64| own["id"] == number);
                        let customer: Result<i64, _> = customer.parse();
                        number && customer.is_ok_and(|customer| own["customerId"] == customer)
                    };
                    let found = all.iter().find(is_it);
                    json(found.map_or(404, |_| 200), found.unwrap_or(&wrong))
                }
                _ => json(404, &wrong),
            }
        }
    }
    let contract = r##"
openapi: 3.1.0
info: {title: Addresses, version: '1'}
paths:
  /customers/{customer}/addresses:
    parameters: [{name: customer, in: path, required: true, schema: {type: integer}}]
    post:
      parameters: [{name: Content-Length, in: header, required: true, schema: {type: integer, minimum: 1}}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Address'}
      responses: {'201': {description: It is there, content: {application/json: {schema: {$ref: '#/components/schemas/Address'}}}}, '404': {description: None}, '422': {description: Wrong}}
  /customers/{customer}/addresses/{number}:
    get:
      parameters:
        - {name: customer, in: path, required: true, schema: {type: integer}}
        - {name: number, in: path, required: true, schema: {type: integer}}
      responses: {'200': {description: It, content: {application/json: {schema: {$ref: '#/components/schemas/Address'}}}}, '404': {description: None}}
components:
  schemas:
    Address:
      type: object
      required: [street]
      properties: {id: {type: integer, readOnly: true}, street: {type: string}, customerId: {type: integer}}
"##;
    let contract = Contract::from_text("addresses.yaml", contract).expect("a contract");
    let server = Addresses(std::sync::Mutex::default());
    let settings = Settings::of("http://addresses.test", "seed");
    let outcome = verify(&contract, &server, &settings, &|_| {}).expect("an outcome");
    assert_eq!(lines(&outcome.findings), [""; 0]);
}

/// A server may have a form of its own for what it keeps.
#[test]
fn what_is_kept_in_another_form_is_a_warning() {
    let outcome = run("POST shouts", &settings());
    let told = lines(&outcome.findings);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("written: POST /pets keeps name in another form: "),
        "{told:?}"
    );
    assert_eq!(outcome.findings[0].severity, Severity::Warning);
}

/// What a client resolves leads where it leads a client (RFC 3986 §5.2.4).
#[test]
fn a_location_by_way_of_dots_leads_to_the_item() {
    let outcome = run("Location by way of dots", &settings());
    assert_eq!(lines(&outcome.findings), [""; 0]);
}
