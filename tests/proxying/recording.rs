//! Good exchanges become fixtures.

use super::{DOCUMENT, JSON, Proxied, Real, proxy_with};
use crate::process::{Folder, run};
use crate::raw;
use counterpart::host::Host;
use counterpart::server::ServerConfig;
use std::fs;
use std::sync::Arc;

fn recording(real: &Real, folder: &Folder) -> Proxied {
    let fixtures = folder.path().join("fixtures");
    proxy_with(real.port, |upstream| upstream.record = Some(fixtures))
}

fn recorded(folder: &Folder, name: &str) -> Option<String> {
    let path = folder.path().join("fixtures/pets/replies").join(name);
    fs::read_to_string(path).ok()
}

#[test]
fn what_was_recorded_is_taken_by_check_and_answered_by_serve() {
    let folder = Folder::of(&[("specs/pets.yaml", DOCUMENT)]);
    let real = Real::answering(|request| {
        let of = |status: &str, body: &str| super::json(status, body);
        match request.lines().next().unwrap_or_default() {
            "GET /pets HTTP/1.1" => of("200 OK", r#"[{"name": "Rex"}, {"name": "Mia"}]"#),
            "GET /pets?limit=1 HTTP/1.1" => of("200 OK", r#"[{"name": "Only"}]"#),
            "GET /pets/9 HTTP/1.1" => of("404 Not Found", r#"{"error": "gone fishing"}"#),
            "POST /pets HTTP/1.1" => of("201 Created", r#"{"id": 77, "name": "Max"}"#),
            _ => of("200 OK", r#"{"name": ""}"#),
        }
    });
    let proxied = recording(&real, &folder);
    for _ in 0..2 {
        proxied.ask("GET /pets", "", "").is(200);
        proxied.ask("GET /pets?limit=1", "", "").is(200);
    }
    proxied.ask("GET /pets/9", "", "").is(404);
    proxied.ask("GET /pets/8", "", "").is(200); // breaks the contract
    proxied.ask("GET /pets?limit=x", "", "").is(200); // is broken
    proxied
        .ask("POST /pets", JSON, r#"{"name": "Max"}"#)
        .is(201);
    proxied.served.stop();

    let list = recorded(&folder, "listPets.yaml").expect("a file");
    assert!(
        list.starts_with("# Recorded by counterpart proxy."),
        "{list}"
    );
    assert_eq!(list.matches("operation: listPets").count(), 2, "{list}");
    let first = list.find("limit").expect("the one that says more");
    assert!(first < list.find("Mia").expect("the other"), "{list}");
    let show = recorded(&folder, "showPet.yaml").expect("a file");
    assert_eq!(show.matches("operation: showPet").count(), 1, "{show}");

    let check = run(folder.path(), &["check", "specs/pets.yaml"]);
    assert_eq!(check.code, Some(0), "{}{}", check.out, check.err);
    let host = Host::load(&[folder.path().join("specs/pets.yaml")]);
    let host = host.unwrap_or_else(|errors| panic!("{errors}"));
    let mock = raw::serve(Arc::new(host), ServerConfig::default());
    let ask = |line: &str, fields: &str, body: &str| {
        let fields = format!("{fields}Connection: close\r\n");
        mock.send(raw::request(line, &fields, body))
    };
    assert!(ask("GET /pets", "", "").is(200).body().contains("Mia"));
    assert!(
        ask("GET /pets?limit=1", "", "")
            .is(200)
            .body()
            .contains("Only")
    );
    assert!(
        ask("GET /pets/9", "", "")
            .is(404)
            .body()
            .contains("gone fishing")
    );
    assert!(
        ask("POST /pets", JSON, r#"{"name": "Max"}"#)
            .is(201)
            .body()
            .contains("77")
    );
}

#[test]
fn no_secret_is_written() {
    let folder = Folder::of(&[("specs/pets.yaml", DOCUMENT)]);
    let real = Real::json("200 OK", r#"{"access_token": "s3cret", "kind": "bearer"}"#);
    let proxied = recording(&real, &folder);
    let body = r#"{"user": "me", "password": "pa55"}"#;
    let fields = format!("{JSON}Authorization: Bearer t0ken\r\nCookie: sid=c00kie\r\n");
    proxied
        .ask("POST /token?access_token=q5ery", &fields, body)
        .is(200);
    proxied.served.stop();
    let text = recorded(&folder, "token.yaml").expect("a file");
    for secret in ["s3cret", "pa55", "t0ken", "c00kie", "q5ery"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains("bearer"), "{text}");
    let check = run(folder.path(), &["check", "specs/pets.yaml"]);
    assert_eq!(check.code, Some(0), "{}{}", check.out, check.err);
}

#[test]
fn a_request_with_a_secret_is_told_apart_by_all_the_rest_of_it() {
    let folder = Folder::of(&[("specs/pets.yaml", DOCUMENT)]);
    let real = Real::answering(|request| {
        let name = ["ada", "bob"]
            .into_iter()
            .find(|name| request.contains(name));
        let kind = match request.contains("second") {
            true => "again",
            false => name.unwrap_or("nobody"),
        };
        super::json(
            "200 OK",
            &format!(r#"{{"access_token": "t", "kind": "{kind}"}}"#),
        )
    });
    let proxied = recording(&real, &folder);
    let asked = [("ada", "first"), ("bob", "first"), ("ada", "second")];
    for (number, (user, password)) in asked.into_iter().enumerate() {
        let body = format!(r#"{{"user": "{user}", "password": "{password}"}}"#);
        proxied.ask("POST /token", JSON, &body).is(200);
        // An exchange is recorded once its reply was read: the next must not overtake it.
        proxied.seen.wait_for(number + 1);
    }
    let seen = proxied.seen.clone();
    proxied.served.stop();
    let text = recorded(&folder, "token.yaml").expect("a file");
    assert_eq!(text.matches("operation: token").count(), 2, "{text}");
    let notices = seen.notices();
    let lost: Vec<&String> = notices
        .iter()
        .filter(|told| told.contains("isn't"))
        .collect();
    assert_eq!(
        lost,
        ["POST /token isn't recorded: what says the same is there already, with another reply"]
    );

    let host = Host::load(&[folder.path().join("specs/pets.yaml")]);
    let host = host.unwrap_or_else(|errors| panic!("{errors}"));
    let mock = raw::serve(Arc::new(host), ServerConfig::default());
    for user in ["ada", "bob"] {
        let body = format!(r#"{{"user": "{user}", "password": "any"}}"#);
        let fields = format!("{JSON}Connection: close\r\n");
        let answer = mock
            .send(raw::request("POST /token", &fields, &body))
            .is(200);
        assert!(answer.body().contains(user), "{}", answer.body());
    }
}

#[test]
fn why_an_exchange_is_not_recorded_is_told_each_time() {
    let folder = Folder::of(&[("specs/pets.yaml", DOCUMENT)]);
    let real = Real::json("200 OK", r#"[{"name": ""}]"#);
    let proxied = recording(&real, &folder);
    proxied.ask("GET /pets", "", "").is(200);
    proxied.ask("GET /pets", "", "").is(200);
    proxied.ask("GET /pets?limit=x", "", "").is(200);
    proxied.ask("GET /nowhere?a=b", "", "").is(200);
    let seen = proxied.seen.clone();
    proxied.served.stop();
    let mut notices = seen.notices();
    notices.sort();
    assert_eq!(
        notices,
        [
            "GET /nowhere isn't recorded: the contract has no such operation",
            "GET /pets isn't recorded: the reply breaks the contract",
            "GET /pets isn't recorded: the reply breaks the contract",
            "GET /pets isn't recorded: the request breaks the contract",
        ]
    );
}

#[test]
fn what_was_changed_by_hand_stays_and_files_of_others_do() {
    let changed = "# Recorded by counterpart proxy. What is changed here stays; comments don't.\n\
        - operation: listPets\n  status: 200\n  body: [{name: Mine}]\n";
    let own = "- operation: showPet\n  status: 404\n";
    let folder = Folder::of(&[
        ("specs/pets.yaml", DOCUMENT),
        ("fixtures/pets/replies/listPets.yaml", changed),
        ("fixtures/pets/replies/showPet.yaml", own),
    ]);
    let real = Real::answering(|request| match request.starts_with("GET /pets/") {
        true => super::json("200 OK", r#"{"name": "Rex"}"#),
        false => super::json("200 OK", r#"[{"name": "Rex"}]"#),
    });
    let proxied = recording(&real, &folder);
    proxied.ask("GET /pets", "", "").is(200);
    proxied.ask("GET /pets?limit=1", "", "").is(200);
    proxied.ask("GET /pets/1", "", "").is(200);
    let seen = proxied.seen.clone();
    proxied.served.stop();
    let list = recorded(&folder, "listPets.yaml").expect("a file");
    assert!(list.contains("Mine") && list.contains("Rex"), "{list}");
    assert_eq!(recorded(&folder, "showPet.yaml").as_deref(), Some(own));
    let notices = seen.notices().join("\n");
    assert!(notices.contains("not of a proxy's recording"), "{notices}");
}
