//! Documents, fixtures and rules that change while they are served.

use crate::process::{Folder, Running, command, start};
use crate::raw::{self, Served, request, serve};
use counterpart::contract::Loading;
use counterpart::host::{Host, Reloaded};
use counterpart::server::ServerConfig;
use counterpart::spec::LoadErrors;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const NOTES: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get:
      operationId: listNotes
      responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}
    post:
      operationId: addNote
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getNote, responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, '404': {description: None}}}
    put:
      operationId: putNote
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
    delete: {operationId: dropNote, responses: {'204': {description: Gone}}}
components:
  schemas:
    Note: {type: object, required: [id], properties: {id: {type: string}, text: {type: string, maxLength: 100}}}
";
const ITEMS: &str = "[{id: a, text: first}, {id: b, text: second}, {id: c, text: third}]";
const OTHER: &str = "
openapi: 3.1.0
info: {title: Other, version: '1'}
paths:
  /ping: {get: {operationId: ping, responses: {'200': {description: Pong, content: {application/json: {example: {pong: true}}}}}}}
";

fn folder() -> Folder {
    Folder::of(&[
        ("specs/notes.yaml", NOTES),
        ("specs/other.yaml", OTHER),
        ("fixtures/notes/notes.yaml", ITEMS),
    ])
}

/// What is served, and what it is made of.
struct Live {
    folder: Folder,
    loading: Loading,
    served: Served,
}

impl Live {
    fn of(folder: Folder) -> Live {
        let loading = Loading::default();
        let host = Host::load_with(&[folder.path().join("specs")], &loading);
        let host = host.unwrap_or_else(|errors| panic!("{errors}"));
        Live {
            served: serve(Arc::new(host), ServerConfig::default()),
            folder,
            loading,
        }
    }

    /// Loads what changed among the files.
    fn load(&self, changed: &[&str]) -> Result<Reloaded, LoadErrors> {
        let folder = self.folder.path();
        let changed: BTreeSet<PathBuf> = changed.iter().map(|name| folder.join(name)).collect();
        let host = self.served.server.standing().host();
        host.reload(&[folder.join("specs")], &self.loading, &changed)
    }

    /// The same, and serves it. Gives the names of those that were loaded, and what is gone.
    #[track_caller]
    fn reload(&self, changed: &[&str]) -> (Vec<String>, Vec<String>) {
        let reloaded = self.load(changed).unwrap_or_else(|e| panic!("{e}"));
        let standing = self.served.server.standing();
        let unexpected = standing.replace(Arc::new(reloaded.host));
        (reloaded.apis, [reloaded.dropped, unexpected].concat())
    }

    #[track_caller]
    fn ask(&self, line: &str, status: u16) -> Value {
        let answer = self.served.send(request(line, "", "")).is(status);
        serde_json::from_str(answer.body()).unwrap_or_default()
    }

    #[track_caller]
    fn tell(&self, line: &str, body: Value, status: u16) -> Value {
        let fields = "Content-Type: application/json\r\n";
        let answer = self.served.send(request(line, fields, &body.to_string()));
        serde_json::from_str(answer.is(status).body()).unwrap_or_default()
    }

    fn texts(&self, sandbox: &str) -> Vec<String> {
        let all = self.ask(&format!("GET {sandbox}/notes/notes"), 200);
        let text = |note: &Value| {
            let part = |name: &str| note[name].as_str().unwrap_or("").to_owned();
            format!("{}:{}", part("id"), part("text"))
        };
        all.as_array().expect("a list").iter().map(text).collect()
    }
}

#[test]
fn what_clients_wrote_goes_on_beside_fixtures_that_changed() {
    let live = Live::of(folder());
    live.tell(
        "PUT /notes/notes/b",
        json!({"id": "b", "text": "mine"}),
        200,
    );
    live.tell("POST /notes/notes", json!({"id": "n", "text": "new"}), 201);
    live.ask("DELETE /notes/notes/c", 204);
    live.tell(
        "POST /@suite/notes/notes",
        json!({"id": "s", "text": "own"}),
        201,
    );
    let tag = |id: &str| {
        let answer = live
            .served
            .send(request(&format!("GET /notes/notes/{id}"), "", ""));
        answer.is(200).field("etag").map(str::to_owned)
    };
    let tags = [tag("a"), tag("n")];

    let items = "[{id: x, text: before}, {id: a, text: FIRST}, {id: b, text: SECOND}, {id: c, text: THIRD}, {id: d, text: fourth}]";
    live.folder.write("fixtures/notes/notes.yaml", items);
    let (loaded, gone) = live.reload(&["fixtures/notes/notes.yaml"]);
    assert_eq!((loaded, gone), (vec!["notes".to_owned()], Vec::new()));
    assert_eq!(
        live.texts(""),
        ["x:before", "a:FIRST", "b:mine", "d:fourth", "n:new"]
    );
    let own = [
        "x:before", "a:FIRST", "b:SECOND", "c:THIRD", "d:fourth", "s:own",
    ];
    assert_eq!(live.texts("/@suite"), own);
    assert_ne!(tag("a"), tags[0]);
    assert_eq!(tag("n"), tags[1]);
    // A sandbox that begins now begins with what there is now, and so does a reset.
    let fixtures = ["x:before", "a:FIRST", "b:SECOND", "c:THIRD", "d:fourth"];
    assert_eq!(live.texts("/@later"), fixtures);
    live.tell("POST /_counterpart/reset", json!({}), 204);
    assert_eq!(live.texts(""), fixtures);
}

#[test]
fn a_document_that_changed_is_served_with_all_that_was_remembered() {
    let live = Live::of(folder());
    live.tell("POST /notes/notes", json!({"id": "n", "text": "new"}), 201);
    live.tell(
        "POST /notes/notes",
        json!({"id": "long", "text": "xxxxxxxxxxxx"}),
        201,
    );
    live.folder.write(
        "specs/notes.yaml",
        NOTES.replace("maxLength: 100", "maxLength: 10"),
    );
    assert_eq!(live.reload(&["specs/notes.yaml"]).0, ["notes"]);
    live.tell(
        "POST /notes/notes",
        json!({"id": "m", "text": "xxxxxxxxxxxx"}),
        422,
    );
    assert_eq!(live.ask("GET /notes/notes/n", 200)["text"], "new");
    // What isn't as the contract has it by now is told of, and not shown as if it were.
    let contract = live.served.server.standing().host();
    let unfit = contract.apis()[0].contract().unfit_items();
    assert_eq!((unfit.count, unfit.completed), (1, 0), "{unfit:?}");
    for target in ["/notes/notes/long", "/notes/notes"] {
        let why = live.ask(&format!("GET {target}"), 500);
        let why = why["detail"].as_str().expect("a detail");
        assert!(why.contains("/text takes at most 10 characters"), "{why}");
    }
    // It is all there again once it is right.
    live.tell(
        "PUT /notes/notes/long",
        json!({"id": "long", "text": "short"}),
        200,
    );
    assert_eq!(live.ask("GET /notes/notes/long", 200)["text"], "short");
    live.ask("GET /notes/notes", 200);
    // Its documentation is another too.
    live.folder.write(
        "specs/notes.yaml",
        NOTES.replace("title: Notes", "title: Jottings"),
    );
    live.reload(&["specs/notes.yaml"]);
    let page = live
        .served
        .send(request("GET /_counterpart/docs/index.html", "", ""));
    assert!(page.is(200).body().contains("Jottings"));
}

#[test]
fn what_an_item_lacks_by_a_contract_that_changed_is_made_up() {
    let document = NOTES.replace(
        "    delete: {operationId: dropNote",
        "    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
    delete: {operationId: dropNote",
    );
    let folder = folder();
    folder.write("specs/notes.yaml", &document);
    folder.write("fixtures/notes/notes.yaml", "[]");
    let live = Live::of(folder);
    let sent = json!({"id": "n", "text": "new"});
    live.tell("POST /notes/notes", sent.clone(), 201);
    live.folder.write(
        "specs/notes.yaml",
        document.replace(
            "required: [id], properties: {",
            "required: [id, pages], properties: {pages: {type: integer}, size: {type: integer}, ",
        ),
    );
    live.reload(&["specs/notes.yaml"]);
    let contract = live.served.server.standing().host();
    let unfit = contract.apis()[0].contract().unfit_items();
    assert_eq!((unfit.count, unfit.completed), (0, 1), "{unfit:?}");
    let shown = live.ask("GET /notes/notes/n", 200);
    assert!(
        shown["pages"].is_i64() && shown["size"].is_null(),
        "{shown}"
    );
    assert_eq!(live.ask("GET /notes/notes", 200), json!([shown]));
    let changed = live.tell("PATCH /notes/notes/n", json!({"text": "other"}), 200);
    assert_eq!(
        (&changed["text"], &changed["pages"]),
        (&json!("other"), &shown["pages"])
    );
    assert_eq!(live.ask("GET /notes/notes/n", 200), changed);
}

#[test]
fn what_items_lack_is_the_same_in_their_list() {
    let folder = folder();
    fs::remove_file(folder.path().join("fixtures/notes/notes.yaml")).expect("removed");
    let live = Live::of(folder);
    for id in ["n", "m"] {
        live.tell("POST /notes/notes", json!({"id": id, "text": "new"}), 201);
    }
    live.folder.write(
        "specs/notes.yaml",
        NOTES.replace(
            "required: [id], properties: {",
            "required: [id, pages, author], properties: {pages: {type: integer}, author: {type: string}, ",
        ),
    );
    live.reload(&["specs/notes.yaml"]);
    let listed = live.ask("GET /notes/notes", 200);
    let listed = listed.as_array().expect("a list");
    assert!(listed.len() > 2, "{listed:?}");
    for note in listed {
        let target = format!("GET /notes/notes/{}", note["id"].as_str().expect("an id"));
        assert_eq!(live.ask(&target, 200), *note);
    }
}

#[test]
fn an_item_whose_key_a_contract_that_changed_cannot_have_is_in_no_list_under_another() {
    let folder = folder();
    fs::remove_file(folder.path().join("fixtures/notes/notes.yaml")).expect("removed");
    let live = Live::of(folder);
    live.ask("GET /notes/notes", 200);
    live.tell("POST /notes/notes", json!({"id": "n", "text": "new"}), 201);
    live.tell("POST /notes/notes", json!({"id": "7", "text": "new"}), 201);
    live.folder.write(
        "specs/notes.yaml",
        NOTES
            .replace(
                "properties: {id: {type: string}",
                "properties: {id: {type: integer}",
            )
            .replace(
                "required: true, schema: {type: string}",
                "required: true, schema: {type: integer}",
            ),
    );
    live.reload(&["specs/notes.yaml"]);
    let made = live.tell("POST /notes/notes", json!({"id": 9, "text": "newer"}), 201);
    let listed = live.ask("GET /notes/notes", 200);
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.last(), Some(&made), "{listed:?}");
    for note in listed {
        let target = format!("GET /notes/notes/{}", note["id"]);
        assert_eq!(live.ask(&target, 200), *note);
    }
}

#[test]
fn a_broken_file_leaves_everything_as_it_was() {
    let live = Live::of(folder());
    live.folder
        .write("fixtures/notes/notes.yaml", "[{id: z, text: other}]");
    live.folder
        .write("specs/other.yaml", format!("{OTHER}\n  broken: ["));
    let changed = ["fixtures/notes/notes.yaml", "specs/other.yaml"];
    let errors = live.load(&changed).expect_err("broken").to_string();
    assert!(errors.contains("other.yaml:7:"), "{errors}");
    // The one that could have been loaded waits for the other.
    assert_eq!(live.texts(""), ["a:first", "b:second", "c:third"]);
    live.folder.write("specs/other.yaml", OTHER);
    live.reload(&changed);
    assert_eq!(live.texts(""), ["z:other"]);
}

#[test]
fn what_is_untouched_is_the_same_contract() {
    let live = Live::of(folder());
    let before = live.served.server.standing().host();
    live.folder.write(
        "specs/other.yaml",
        OTHER.replace("pong: true", "pong: false"),
    );
    assert_eq!(live.reload(&["specs/other.yaml"]).0, ["other"]);
    let after = live.served.server.standing().host();
    let contract = |host: &Arc<Host>, number: usize| -> *const _ { host.apis()[number].contract() };
    assert_eq!(contract(&before, 0), contract(&after, 0));
    assert_ne!(contract(&before, 1), contract(&after, 1));
    assert_eq!(live.ask("GET /other/ping", 200)["pong"], false);
    assert!(live.reload(&["specs/unrelated.txt"]).0.is_empty());
}

#[test]
fn a_document_that_comes_back_goes_on_with_what_was_written() {
    let live = Live::of(folder());
    live.tell("POST /notes/notes", json!({"id": "n", "text": "new"}), 201);
    let path = live.folder.path().join("specs/notes.yaml");
    fs::remove_file(&path).expect("removed");
    live.reload(&["specs/notes.yaml"]);
    live.ask("GET /notes/notes", 404);
    fs::write(&path, NOTES).expect("written");
    live.reload(&["specs/notes.yaml"]);
    assert_eq!(live.ask("GET /notes/notes/n", 200)["text"], "new");
}

#[test]
fn documents_come_and_go() {
    let live = Live::of(folder());
    live.tell("POST /notes/notes", json!({"id": "n", "text": "new"}), 201);
    fs::remove_file(live.folder.path().join("specs/other.yaml")).expect("removed");
    live.reload(&["specs/other.yaml"]);
    // One alone is served at the root.
    assert_eq!(live.ask("GET /notes/n", 200)["text"], "new");
    live.ask("GET /other/ping", 404);
    live.folder.write("specs/other.yaml", OTHER);
    live.reload(&["specs/other.yaml"]);
    assert_eq!(live.ask("GET /notes/notes/n", 200)["text"], "new");
    live.ask("GET /other/ping", 200);
}

#[test]
fn rules_of_behaviour_and_expectations_go_on_where_what_they_name_is_there() {
    let live = Live::of(folder());
    let rules = json!({"rules": [
        {"operation": "getNote", "status": 404, "times": 3},
        {"operation": "dropNote", "status": 503},
    ]});
    live.tell("PUT /_counterpart/behaviour", rules, 204);
    live.ask("GET /notes/notes/a", 404);
    let expected = |times: u64| json!({"expectations": [{"operation": "getNote", "times": {"exactly": times}}]});
    live.tell("POST /_counterpart/expect", expected(3), 201);
    live.tell(
        "POST /_counterpart/expect",
        json!({"expectations": [{"operation": "dropNote"}]}),
        201,
    );
    live.ask("GET /notes/notes/a", 404);

    let without = NOTES.replace(
        "    delete: {operationId: dropNote, responses: {'204': {description: Gone}}}\n",
        "",
    );
    assert_ne!(without, NOTES);
    // Its operations have other numbers by now.
    let first = without.replace(
        "paths:\n",
        "paths:\n  /first: {get: {responses: {'200': {description: First}}}}\n",
    );
    live.folder.write("specs/notes.yaml", first);
    let (_, gone) = live.reload(&["specs/notes.yaml"]);
    assert_eq!(gone.len(), 2, "{gone:?}");
    assert!(
        gone.iter()
            .all(|gone| gone.contains("dropNote") || gone.contains("DELETE")),
        "{gone:?}"
    );
    live.ask("GET /notes/notes/a", 404);
    live.ask("GET /notes/notes/a", 200);
    let listed = live.ask("GET /_counterpart/expect", 200);
    let all = listed["expectations"].as_array().expect("a list");
    // What can't come any more is expected still.
    assert_eq!(all.len(), 2, "{listed}");
    assert_eq!(all[0]["count"], 3, "{listed}");
    live.tell("POST /_counterpart/verify", json!({}), 409);
}

#[test]
fn coverage_is_kept_of_what_is_untouched() {
    let live = Live::of(folder());
    live.ask("GET /notes/notes/a", 200);
    live.ask("GET /other/ping", 200);
    let covered = || {
        let coverage = live.ask("GET /_counterpart/coverage", 200);
        let apis = coverage["apis"].as_array().expect("a list").clone();
        let count = |api: &Value| api["operations"].as_array().expect("a list").len();
        apis.iter().map(count).collect::<Vec<_>>()
    };
    assert_eq!(covered(), [1, 1]);
    live.folder.write(
        "specs/notes.yaml",
        NOTES.replace("title: Notes", "title: Jottings"),
    );
    live.reload(&["specs/notes.yaml"]);
    assert_eq!(covered(), [0, 1]);
    live.ask("GET /notes/notes/a", 200);
    assert_eq!(covered(), [1, 1]);
}

#[test]
fn where_warnings_are_errors_they_keep_what_is_there() {
    let mut live = Live::of(folder());
    live.loading.strict = true;
    let pattern = NOTES.replace("maxLength: 100", "pattern: '['");
    live.folder.write("specs/notes.yaml", pattern);
    live.folder.write("fixtures/notes/notes.yaml", "[]");
    let errors = live.load(&["specs/notes.yaml"]).expect_err("strict");
    assert!(errors.to_string().contains("notes.yaml"), "{errors}");
    assert_eq!(live.texts("").len(), 3);
}

#[test]
fn no_request_is_answered_wrongly_and_no_write_is_lost_while_it_is_loaded_again_and_again() {
    let live = Live::of(folder());
    let is_over = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..3)
            .map(|client| {
                let (live, is_over) = (&live, &is_over);
                scope.spawn(move || {
                    let mut written = Vec::new();
                    while !is_over.load(Ordering::Relaxed) && written.len() < 2_000 {
                        let id = format!("{client}-{}", written.len());
                        let note = json!({"id": id, "text": "x"});
                        live.tell("POST /notes/notes", note, 201);
                        assert_eq!(
                            live.ask(&format!("GET /notes/notes/{id}"), 200)["text"],
                            "x"
                        );
                        let text = live.ask("GET /notes/notes/a", 200)["text"].clone();
                        assert!(text == "first" || text == "other", "{text}");
                        written.push(id);
                    }
                    written
                })
            })
            .collect();
        for round in 0..50 {
            let items = match round % 2 {
                0 => ITEMS.replace("first", "other"),
                _ => ITEMS.to_owned(),
            };
            live.folder.write("fixtures/notes/notes.yaml", items);
            let title = format!("title: Notes {round}");
            live.folder
                .write("specs/notes.yaml", NOTES.replace("title: Notes", &title));
            live.reload(&["specs/notes.yaml", "fixtures/notes/notes.yaml"]);
        }
        is_over.store(true, Ordering::Relaxed);
        let ends = clients.into_iter();
        ends.flat_map(|client| client.join().expect("no panic"))
            .collect::<Vec<_>>()
    });
    assert!(written.len() > 50, "{}", written.len());
    let there = live.texts("");
    assert_eq!(there.len(), written.len() + 3);
}

/// Puts a text into a file.
type Way<'w> = &'w dyn Fn(&str);

/// Waits for what a server logs of loading anew.
#[track_caller]
fn told(running: &mut Running) -> Value {
    loop {
        let event = running.next_event();
        if ["reloaded", "notReloaded"].contains(&event["event"].as_str().unwrap_or("")) {
            return event;
        }
    }
}

#[test]
fn whatever_way_a_file_is_written_it_is_noticed() {
    let folder = folder();
    let path = folder.path().join("specs/notes.yaml");
    let mut running = start(folder.path(), &["serve", "specs", "--watch"]);
    let title = |running: &Running| {
        let contracts = running
            .send(request("GET /_counterpart/contracts", "", ""))
            .json();
        contracts[0]["title"].as_str().unwrap_or("").to_owned()
    };
    let named = |name: &str| NOTES.replace("title: Notes", &format!("title: {name}"));
    let over = |text: &str| {
        let beside = folder.path().join("specs/.notes.yaml.swp");
        fs::write(&beside, text).expect("written");
        fs::rename(&beside, &path).expect("renamed");
    };
    let anew = |text: &str| {
        fs::remove_file(&path).expect("removed");
        fs::write(&path, text).expect("written");
    };
    let in_place = |text: &str| fs::write(&path, text).expect("written");
    let ways: [(&str, Way<'_>); 3] = [("Over", &over), ("Anew", &anew), ("Inplace", &in_place)];
    for (name, write) in ways {
        let written = Instant::now();
        write(&named(name));
        assert_eq!(told(&mut running)["apis"], json!(["notes"]), "{name}");
        assert!(
            written.elapsed() < Duration::from_secs(4),
            "{:?}",
            written.elapsed()
        );
        assert_eq!(title(&running), name);
    }
    in_place("openapi: [");
    let event = told(&mut running);
    assert_eq!(event["event"], "notReloaded");
    let errors = event["errors"].to_string();
    assert!(errors.contains("notes.yaml:1:"), "{errors}");
    assert_eq!(title(&running), "Inplace");
    fs::remove_file(&path).expect("removed");
    // The other one alone is served meanwhile.
    assert_eq!(told(&mut running)["gone"], json!(["notes"]));
    in_place(&named("Back"));
    assert_eq!(told(&mut running)["event"], "reloaded");
    assert_eq!(title(&running), "Back");
}

#[test]
fn what_could_not_be_loaded_is_told_where_nothing_else_is_logged() {
    let folder = folder();
    let arguments = [
        "serve",
        "specs",
        "--watch",
        "--log",
        "off",
        "--port",
        "0",
        "--ready-file",
        "url",
    ];
    let mut child = command(folder.path(), &arguments)
        .spawn()
        .expect("it starts");
    let path = folder.path().join("url");
    while fs::read_to_string(&path).is_ok_and(|url| url.is_empty()) || !path.exists() {
        thread::sleep(Duration::from_millis(10));
    }
    let url = fs::read_to_string(&path).expect("a URL");
    let (_, port) = url.trim().rsplit_once(':').expect("a port");
    let port = port.parse().expect("a number");
    folder.write("specs/notes.yaml", "openapi: [");
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    let mut said = String::new();
    while !said.contains("not reloaded") {
        assert_ne!(err.read_line(&mut said).expect("a line"), 0, "{said}");
    }
    assert!(said.contains("specs/notes.yaml:1:"), "{said}");
    raw::send(port, request("GET /notes/notes", "", "")).is(200);
    let _ = child.kill();
    let mut rest = String::new();
    err.read_to_string(&mut rest).expect("text");
    assert!(!rest.contains("GET"), "{rest}");
    let _ = child.wait();
}

#[test]
fn a_file_that_a_broken_document_lacks_is_waited_for() {
    let folder = folder();
    let mut running = start(folder.path(), &["serve", "specs/notes.yaml", "--watch"]);
    let split = NOTES.replace(
        "schema: {$ref: '#/components/schemas/Note'}",
        "schema: {$ref: 'parts/note.yaml'}",
    );
    folder.write("specs/notes.yaml", split);
    assert_eq!(told(&mut running)["event"], "reloaded");
    running.send(request("GET /notes/a", "", "")).is(501);
    folder.write(
        "specs/parts/note.yaml",
        "{type: object, required: [id], properties: {id: {type: string}}}",
    );
    assert_eq!(told(&mut running)["event"], "reloaded");
    running.send(request("GET /notes/a", "", "")).is(200);
}

#[test]
fn what_is_deleted_under_it_is_served_on() {
    for watch in ["--watch", "--no-watch"] {
        let folder = folder();
        let mut running = start(folder.path(), &["serve", "specs", watch]);
        for part in ["fixtures", "specs"] {
            fs::remove_dir_all(folder.path().join(part)).expect("removed");
        }
        if watch == "--watch" {
            // Between the two, fixtures may be seen to be gone, and what clients see of them too.
            while told(&mut running)["event"] != "notReloaded" {}
        }
        let notes = running.send(request("GET /notes/notes", "", "")).is(200);
        assert!(notes.json().is_array());
        running.send(request("GET /other/ping", "", "")).is(200);
    }
}

#[test]
fn what_another_contract_shows_of_an_item_has_another_tag() {
    let live = Live::of(folder());
    let get = |tag: Option<&str>| {
        let field = tag.map(|tag| format!("If-None-Match: {tag}\r\n"));
        let asked = request("GET /notes/notes/a", &field.unwrap_or_default(), "");
        live.served.send(asked)
    };
    let first = get(None).is(200);
    let tag = first.field("etag");
    get(tag).is(304);
    let shorter = NOTES.replace(", text: {type: string, maxLength: 100}", "");
    live.folder.write("specs/notes.yaml", &shorter);
    live.reload(&["specs/notes.yaml"]);
    let shown = get(tag).is(200);
    assert_eq!(shown.body(), "{\"id\":\"a\"}");
    // It is a tag of the same state all the same, which a change may name.
    let fields = format!(
        "Content-Type: application/json\r\nIf-Match: {}\r\n",
        tag.unwrap_or_default()
    );
    let put = request("PUT /notes/notes/a", &fields, "{\"id\": \"a\"}");
    live.served.send(put).is(200);
}
