//! The command line: exit codes, what is printed where, and how a server ends.

use crate::process::{Ended, Folder, checkout, command, finish, run, start};
use crate::raw::{Answer, GET, connect, millis, read_reply, read_to_end, request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use rustix::process::Signal;
use serde_json::Value;
use std::io::{BufRead, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: Small, version: '2'}\npaths:\n  /x: \
    {get: {responses: {'200': {description: Right}}}}\n";

fn small() -> Folder {
    Folder::of(&[("api.yaml", DOCUMENT)])
}

/// One error in one line, as it is printed, and nothing on standard output.
#[track_caller]
fn one_line(ended: &Ended, code: i32) -> &str {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    assert_eq!(ended.out, "");
    let line = ended.err.lines().next().expect("a line");
    assert!(!ended.err.contains("panicked"), "{}", ended.err);
    line
}

#[test]
fn wrong_usage_is_exit_code_2_and_says_what_is_right() {
    for (arguments, word) in [
        (&["--prot", "1"][..], "--port"),
        (&["--port", "99999"], "65535"),
        (&["--port", "x"], "--port"),
        (&["--port"], "--port"),
        (&["--host", "nowhere"], "--host"),
        (&["--log", "xml"], "json"),
        (&["--latency", "soon"], "100..500"),
        (&["--latency", "500..100"], "100..500"),
        (&["--latency", "60001"], "60000"),
        (
            &["--cors-origin", "localhost:3000"],
            "http://localhost:3000",
        ),
        (&["--cors-origin", "*"], "leave it out"),
        (&["--cors-origin", "http://a,null"], "any page"),
        (&["--cors-origin", "http://a", "--no-cors"], "--no-cors"),
        (&["token", "x"], "token"),
        (&["token", "--lifetime", "long"], "--lifetime"),
        (&["serve", "--scope", "a"], "--scope"),
    ] {
        let ended = run(checkout(), arguments);
        let line = one_line(&ended, 2);
        assert!(line.starts_with("error: "), "{arguments:?}: {line}");
        assert!(ended.err.contains(word), "{arguments:?}: {}", ended.err);
    }
    let mut wrong = command(checkout(), &[]);
    wrong.env("COUNTERPART_PORT", "x");
    assert_eq!(finish(wrong).code, Some(2));
}

#[test]
fn help_and_version_are_data_on_standard_output() {
    for arguments in [&["--help"][..], &["serve", "--help"], &["token", "-h"]] {
        let help = run(checkout(), arguments);
        assert_eq!(
            (help.code, help.err.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
        assert!(help.out.contains("Usage: counterpart"), "{}", help.out);
    }
    let version = run(checkout(), &["--version"]);
    assert_eq!(
        version.out,
        format!("counterpart {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn what_is_not_there_or_no_text_is_exit_code_3() {
    let folder = Folder::of(&[("notes/readme.txt", "no document")]);
    for (arguments, line) in [
        (&[][..], "error: specs: there is no such file or folder"),
        (
            &["gone.yaml"],
            "error: gone.yaml: there is no such file or folder",
        ),
        (
            &["notes"],
            "error: notes: has no document in it (.yaml, .yml, .json)",
        ),
        (&["/dev/null"], "error: /dev/null: is not a regular file"),
    ] {
        let ended = run(folder.path(), arguments);
        assert_eq!(one_line(&ended, 3), line);
        assert!(
            ended.err.ends_with("\n1 error; nothing is served\n"),
            "{}",
            ended.err
        );
    }
}

#[test]
fn every_document_that_cannot_be_read_is_told() {
    let folder = small();
    folder.write("b.yaml", "");
    let ended = run(
        folder.path(),
        &["gone.yaml", "api.yaml", "b.yaml", "lost.yaml"],
    );
    assert_eq!(ended.code, Some(3));
    for name in ["gone.yaml", "b.yaml:1:1", "lost.yaml"] {
        assert!(ended.err.contains(name), "{name}: {}", ended.err);
    }
    assert!(ended.err.ends_with("\n3 errors; nothing is served\n"));
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_is_exit_code_3() {
    use std::os::unix::fs::PermissionsExt;
    let folder = small();
    let path = folder.path().join("api.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("set");
    if std::fs::File::open(&path).is_ok() {
        return; // root may read anything
    }
    let ended = run(folder.path(), &["api.yaml"]);
    let line = one_line(&ended, 3);
    assert_eq!(
        line,
        "error: api.yaml: can't be read: Permission denied (os error 13)"
    );
}

#[test]
fn a_port_in_use_is_exit_code_4_and_one_line() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("bound").port();
    let ended = run(small().path(), &["api.yaml", "--port", &port.to_string()]);
    assert_eq!(ended.code, Some(4));
    assert_eq!(
        ended.err,
        format!(
            "error: port {port} on 127.0.0.1 is in use by another process; choose another with --port\n"
        )
    );
    let ended = run(small().path(), &["api.yaml", "--host", "192.0.2.1"]);
    assert_eq!(ended.code, Some(4));
    assert_eq!(
        ended.err,
        "error: 192.0.2.1 is not an address of this machine; choose another with --host\n"
    );
}

#[test]
fn a_free_port_is_told_as_one_event_and_answers() {
    let mut running = start(checkout(), &[]);
    let event = &running.listening;
    assert_eq!(event["event"], "listening");
    assert_ne!(running.port, 0);
    let base = format!("http://127.0.0.1:{}", running.port);
    let urls: Vec<_> = event["apis"]
        .as_array()
        .expect("APIs")
        .iter()
        .map(|api| api["url"].as_str().expect("a URL").to_owned())
        .collect();
    let names = ["appointments", "bookings", "live", "workspace"];
    assert_eq!(urls, names.map(|name| format!("{base}/{name}")));
    assert!(event["ms"].is_u64());
    running
        .send(request("GET /live/v1/sessions", "", ""))
        .is(200);
    running
        .send(request("GET /live/v1/sessions?kind=x", "", ""))
        .is(422);

    let events = [running.next_event(), running.next_event()];
    assert_eq!(events[0]["event"], "exchange");
    assert_eq!(events[0]["operation"], "GET /live/v1/sessions");
    assert_eq!(events[0]["status"], 200);
    assert_eq!(events[1]["target"], "/live/v1/sessions?kind=x");
    assert_eq!(events[1]["violations"][0]["place"], "query kind");
    running.signal(Signal::TERM);
    assert_eq!(running.wait(), (Some(0), String::new()));
}

#[test]
fn for_people_a_banner_tells_the_url_and_each_exchange_is_a_line() {
    let folder = small();
    let mut child = command(folder.path(), &["api.yaml", "--port", "0"])
        .spawn()
        .expect("it starts");
    let mut err = std::io::BufReader::new(child.stderr.take().expect("piped"));
    let mut lines = Vec::new();
    let mut next = || {
        let mut line = String::new();
        err.read_line(&mut line).expect("a line");
        line
    };
    loop {
        lines.push(next());
        if lines.last().is_some_and(|line| line.contains("control ")) {
            break;
        }
    }
    assert!(lines[0].starts_with("counterpart "), "{lines:?}");
    assert!(!lines.concat().contains('\x1b'), "{lines:?}");
    assert!(!lines.concat().contains(":0\n"), "{lines:?}");
    let url = lines[2].trim_start().strip_prefix("api  http://127.0.0.1:");
    let port: u16 = url.expect("a URL").trim().parse().expect("a port");
    assert!(lines[3].contains("Small 2, 1 operation"), "{lines:?}");
    crate::raw::send(port, GET).is(200);
    let line = next();
    assert!(
        line.starts_with("GET /x  200  ") && line.ends_with(" ms\n"),
        "{line}"
    );
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
fn what_is_done_on_purpose_and_for_which_pages_can_be_said_at_start() {
    let origins = "http://localhost:3000,https://app.example/";
    let arguments = ["--latency", "150", "--cors-origin", origins];
    let mut running = start(checkout(), &arguments);
    let started = Instant::now();
    let fields = "Connection: close\r\nOrigin: https://app.example\r\nPrefer: fault=truncate\r\n";
    let mut stream = connect(running.port);
    let sent = request("GET /live/v1/sessions", fields, "");
    stream.write_all(sent.as_bytes()).expect("sent");
    let reply = Answer(read_to_end(&mut stream)).is(200);
    assert!(started.elapsed() >= millis(150));
    let origin = reply.field("access-control-allow-origin");
    assert_eq!(origin, Some("https://app.example"));
    let event = running.next_event();
    assert_eq!(
        (event["delay"].as_f64(), &event["fault"]),
        (Some(150.0), &"truncate".into())
    );
    assert_eq!(event["onPurpose"], false);
    running.signal(Signal::TERM);
    assert_eq!(running.wait().0, Some(0));
}

#[test]
fn a_flag_goes_before_a_variable() {
    let folder = small();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("bound").port().to_string();
    let mut by_variable = command(folder.path(), &[]);
    by_variable
        .env("COUNTERPART_PORT", &port)
        .env("COUNTERPART_DOCUMENTS", "api.yaml");
    let ended = finish(by_variable);
    assert_eq!(ended.code, Some(4), "{}", ended.err);
    assert!(ended.err.contains(&port), "{}", ended.err);
    let mut by_flag = command(folder.path(), &["gone.yaml"]);
    by_flag.env("COUNTERPART_DOCUMENTS", "api.yaml");
    assert_eq!(finish(by_flag).code, Some(3));
}

#[test]
fn colours_are_for_terminals_and_those_who_force_them() {
    let folder = Folder::of(&[("api.yaml", "openapi: [")]);
    let coloured = |variables: &[(&str, &str)]| {
        let mut command = command(folder.path(), &["api.yaml"]);
        command.envs(variables.iter().copied());
        finish(command).err.contains('\x1b')
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("FORCE_COLOR", "1")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

/// The head, claims and signature of a token that `counterpart token` prints alone.
fn token(arguments: &[&str]) -> (Value, Value, String) {
    let ended = run(checkout(), &[&["token"], arguments].concat());
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let token = ended.out.strip_suffix('\n').expect("a line").to_owned();
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    let read = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    (read(parts[0]), read(parts[1]), token.clone())
}

#[test]
fn a_token_is_a_signed_jwt_with_its_scopes_and_its_end() {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock");
    for arguments in [
        &["--scope", "a.read", "b:write", "--lifetime", "60"][..],
        &[
            "--scope",
            "a.read",
            "--scope",
            "b:write",
            "--lifetime",
            "60",
        ],
    ] {
        let (head, claims, token) = token(arguments);
        assert_eq!(head["alg"], "HS256");
        assert_eq!(head["typ"], "JWT");
        assert_eq!(claims["scope"], "a.read b:write");
        let issued = claims["iat"].as_u64().expect("a time");
        assert!(issued.abs_diff(now.as_secs()) < 30);
        assert_eq!(claims["exp"], issued + 60);
        let (signed, signature) = token.rsplit_once('.').expect("a signature");
        let key = Key::new(HMAC_SHA256, b"counterpart-development");
        let expected = URL_SAFE_NO_PAD.encode(sign(&key, signed.as_bytes()));
        assert_eq!(signature, expected);
    }
    let (_, claims, _) = token(&[]);
    assert_eq!(claims["scope"], "");
    let issued = claims["iat"].as_u64().expect("a time");
    assert_eq!(
        claims["exp"],
        issued + 86_400,
        "a day unless told otherwise"
    );
}

#[test]
fn a_token_opens_what_asks_for_its_scope_until_it_ends() {
    let running = start(checkout(), &["specs/workspace.yaml"]);
    let path = "/v1/workspace/507f191e810c19729de860ea/sessions/507f1f77bcf86cd799439011";
    let ask = |token: &str| {
        let fields = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
        let body = r#"{"name": "Renamed"}"#;
        let request = request(&format!("PATCH {path}"), &fields, body);
        running.send(request).status()
    };
    let scope = "sessions.update";
    let (_, _, right) = token(&["--scope", scope]);
    let (_, _, wrong) = token(&["--scope", "other"]);
    let (_, _, over) = token(&["--scope", scope, "--lifetime", "0"]);
    let statuses = [&right, &wrong, &over].map(|token| ask(token));
    assert_eq!(statuses, [200, 403, 401]);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut command = command(checkout(), &["token"]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    command.stdout(Stdio::from(writer));
    let ended = finish(command);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
}

#[test]
fn a_signal_ends_it_with_0_once_what_is_in_flight_is_answered() {
    for signal in [Signal::TERM, Signal::INT] {
        let running = start(checkout(), &["specs/live.yaml"]);
        let path = "/v1/sessions/11111111-1111-4111-8111-111111111111";
        let body = r#"{"title": "In flight"}"#;
        let json = "Content-Type: application/json\r\n";
        let whole = request(&format!("PATCH {path}"), json, body);
        let (first, last) = whole.split_at(whole.len() - 5);
        let mut idle = connect(running.port);
        idle.write_all(request("GET /v1/sessions", "", "").as_bytes())
            .expect("sent");
        read_reply(&mut idle).is(200);
        let mut stream = connect(running.port);
        stream.write_all(first.as_bytes()).expect("sent");
        thread::sleep(millis(150));
        running.signal(signal);
        assert_eq!(
            read_to_end(&mut idle),
            "",
            "an idle connection is closed at once"
        );
        thread::sleep(millis(150));
        assert!(std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, running.port)).is_err());
        stream.write_all(last.as_bytes()).expect("sent");
        let reply = read_reply(&mut stream).is(200).closes();
        assert_eq!(reply.json()["title"], "In flight");
        let asked = Instant::now();
        let (code, rest) = running.wait();
        assert_eq!(code, Some(0), "{rest}");
        assert!(asked.elapsed() < millis(3000), "{:?}", asked.elapsed());
        assert!(!rest.contains("panicked"), "{rest}");
    }
}

#[test]
fn a_stop_writes_what_is_still_to_be_logged() {
    for _ in 0..10 {
        let running = start(checkout(), &[]);
        running
            .send(request("GET /live/v1/sessions", "", ""))
            .is(200);
        running
            .send(request("GET /live/v1/sessions", "", ""))
            .is(200);
        running.signal(Signal::TERM);
        let (code, rest) = running.wait();
        assert_eq!((code, rest.lines().count()), (Some(0), 2));
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let running = start(checkout(), &["specs/live.yaml"]);
    let mut stream = connect(running.port);
    let head = "PATCH /v1/sessions/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    thread::sleep(millis(150));
    running.signal(Signal::INT);
    thread::sleep(millis(300));
    let asked = Instant::now();
    running.signal(Signal::INT);
    let (code, _) = running.wait();
    assert_ne!(code, Some(0));
    assert!(asked.elapsed() < millis(1500), "{:?}", asked.elapsed());
}

#[test]
fn a_standard_error_that_is_closed_ends_nothing() {
    let folder = small();
    let mut running = start(folder.path(), &["api.yaml"]);
    drop(running.err.take());
    for _ in 0..20 {
        running.send(GET).is(200);
    }
    running.signal(Signal::TERM);
    assert_eq!(running.wait().0, Some(0));
}

#[test]
fn a_standard_error_that_nobody_reads_holds_up_nothing() {
    let folder = small();
    let mut running = start(folder.path(), &["api.yaml"]);
    let mut stream = connect(running.port);
    let unread = running.err.take();
    let started = Instant::now();
    for _ in 0..3000 {
        stream.write_all(GET.as_bytes()).expect("sent");
        read_reply(&mut stream).is(200);
    }
    assert!(
        started.elapsed() < millis(15_000),
        "{:?}",
        started.elapsed()
    );
    running.signal(Signal::TERM);
    assert_eq!(running.wait().0, Some(0));
    let mut text = String::new();
    let mut unread = unread.expect("taken above");
    unread.read_to_string(&mut text).expect("readable");
    assert!(
        text.lines().count() < 3000,
        "the pipe took all; this tests nothing"
    );
}
