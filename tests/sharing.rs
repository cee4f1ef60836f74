//! `--state redis://…`: several processes that share what they remember.
//!
//! Each test has a server of its own, which is killed with it.

use crate::harness::at_once;
use crate::process::{Folder, NOTES, Running, command, run, start};
use crate::raw::{Answer, connections, request, send_on_one};
use rustix::process::Signal;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const FIXTURES: &str = "- {id: a, text: first}\n- {id: b, text: second}\n";

/// A Valkey or Redis server.
struct Keeper {
    folder: Folder,
    port: u16,
    options: Vec<String>,
    child: Child,
}

impl Keeper {
    fn start(options: &[&str]) -> Keeper {
        let folder = Folder::of(&[
            ("specs/notes.yaml", NOTES),
            ("fixtures/notes/notes.yaml", FIXTURES),
        ]);
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        Keeper {
            child: Keeper::run(&folder, port, &options),
            folder,
            port,
            options,
        }
    }

    fn run(folder: &Folder, port: u16, options: &[String]) -> Child {
        let spawn = |program: &str| {
            Command::new(program)
                .args(["--bind", "127.0.0.1", "--save", "", "--port"])
                .arg(port.to_string())
                .args(options)
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
        };
        let child = spawn("valkey-server").or_else(|_| spawn("redis-server"));
        let child = child.expect("needs valkey-server or redis-server on the PATH");
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "no server");
            std::thread::sleep(Duration::from_millis(10));
        }
        child
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn restart(&mut self) {
        self.kill();
        self.child = Keeper::run(&self.folder, self.port, &self.options);
        // What it keeps is read before it answers: until then all is away.
        let is_up = || self.tell("PING").starts_with("+PONG");
        let mut tries = (0..200).map(|_| std::thread::sleep(Duration::from_millis(20)));
        assert!(is_up() || tries.any(|()| is_up()), "it reads what it keeps");
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Has it carry out a command, and gives the first line that it answers.
    fn tell(&self, line: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("a server");
        writeln!(stream, "{line}\r").expect("sent");
        let mut answer = String::new();
        let mut reader = BufReader::new(stream);
        reader.read_line(&mut answer).expect("an answer");
        if let Some(length) = answer.strip_prefix('$') {
            let mut body = vec![0; length.trim().parse().unwrap_or(0)];
            reader.read_exact(&mut body).expect("a body");
            return String::from_utf8_lossy(&body).into_owned();
        }
        answer
    }

    /// A process that shares what it keeps.
    fn counterpart(&self) -> Running {
        self.counterpart_with(&[])
    }

    fn counterpart_with(&self, more: &[&str]) -> Running {
        let url = self.url();
        let arguments = [&["specs/notes.yaml", "--state", url.as_str()], more].concat();
        start(self.folder.path(), &arguments)
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.kill();
    }
}

fn get(running: &Running, target: &str) -> Answer {
    running.send(request(&format!("GET {target}"), "", ""))
}

fn add(running: &Running, target: &str, id: &str) -> Answer {
    let body = format!(r#"{{"id": "{id}"}}"#);
    let fields = "Content-Type: application/json\r\n";
    running.send(request(&format!("POST {target}"), fields, &body))
}

fn change(running: &Running, target: &str, fields: &str, text: &str) -> Answer {
    running.send(patch(target, fields, text))
}

fn patch(target: &str, fields: &str, text: &str) -> String {
    let body = format!(r#"{{"text": "{text}"}}"#);
    let fields = format!("Content-Type: application/merge-patch+json\r\n{fields}");
    request(&format!("PATCH {target}"), &fields, &body)
}

fn ids(running: &Running, target: &str) -> Vec<String> {
    let listed = get(running, target).is(200).json();
    let items = listed.as_array().expect("a list").iter();
    items
        .map(|item| item["id"].as_str().unwrap_or("").to_owned())
        .collect()
}

fn control(running: &Running, line: &str) -> Answer {
    let (method, path) = line.split_once(' ').expect("a line");
    running.send(request(&format!("{method} /_counterpart{path}"), "", ""))
}

fn sandboxes(running: &Running) -> Vec<(String, u64)> {
    let listed = control(running, "GET /sandboxes").is(200).json();
    let listed = listed.as_array().expect("a list").iter();
    let one = |sandbox: &Value| {
        let name = sandbox["name"].as_str().expect("a name");
        (
            name.to_owned(),
            sandbox["changed"].as_u64().expect("a count"),
        )
    };
    listed.map(one).collect()
}

/// Tries until it holds.
#[track_caller]
fn in_time(mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(15), "it never held");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn what_one_process_answered_another_shows() {
    let keeper = Keeper::start(&[]);
    let (one, other) = (keeper.counterpart(), keeper.counterpart());
    for number in 0..100 {
        let (writer, reader) = match number % 2 {
            0 => (&one, &other),
            _ => (&other, &one),
        };
        let changed = change(writer, "/notes/a", "", &number.to_string()).is(200);
        let shown = get(reader, "/notes/a").is(200);
        assert_eq!(shown.body(), changed.body());
        assert_eq!(shown.field("etag"), changed.field("etag"));
        assert_eq!(shown.field("last-modified"), changed.field("last-modified"));
    }
    add(&one, "/notes", "c").is(201);
    assert_eq!(ids(&other, "/notes"), ["a", "b", "c"]);
    let gone = other.send(request("DELETE /notes/b", "", ""));
    gone.is(204);
    get(&one, "/notes/b").is(404);
    add(&other, "/notes", "b").is(201);
    assert_eq!(ids(&one, "/notes"), ["a", "c", "b"]);
    add(&one, "/notes", "b").is(409);

    // A third begins with what there is, and what it puts back is back for all.
    let third = keeper.counterpart();
    assert_eq!(ids(&third, "/notes"), ["a", "c", "b"]);
    control(&third, "POST /reset").is(204);
    assert_eq!(ids(&one, "/notes"), ["a", "b"]);
    let tags = [&one, &other, &third].map(|running| {
        let shown = get(running, "/notes/a").is(200);
        shown.field("etag").expect("a tag").to_owned()
    });
    assert_eq!(tags[0], tags[1]);
    assert_eq!(tags[0], tags[2]);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn of_1000_conditional_updates_through_two_processes_one_wins() {
    let keeper = Keeper::start(&[]);
    let both = [keeper.counterpart(), keeper.counterpart()];
    for round in 0..2 {
        let tag = get(&both[0], "/notes/a").is(200);
        let condition = format!("If-Match: {}\r\n", tag.field("etag").expect("a tag"));
        let streams = connections(1000, |number| both[number % 2].port);
        let statuses = at_once(1000, |number| {
            let text = format!("{round}-{number}");
            let request = patch("/notes/a", &condition, &text);
            (send_on_one(&streams[number], request).status(), text)
        });
        let won: Vec<_> = statuses
            .iter()
            .filter(|(status, _)| *status == 200)
            .collect();
        assert_eq!(won.len(), 1, "{won:?}");
        let lost = statuses.iter().filter(|(status, _)| *status == 412);
        assert_eq!(lost.count(), 999);
        for running in &both {
            let shown = get(running, "/notes/a").is(200).json();
            assert_eq!(shown["text"], won[0].1);
        }
    }
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn no_update_of_many_through_two_processes_is_lost() {
    let keeper = Keeper::start(&[]);
    let both = [keeper.counterpart(), keeper.counterpart()];
    // Each reads, and writes one more where nobody came before.
    at_once(16, |number| {
        let running = &both[number % 2];
        for _ in 0..10 {
            loop {
                let shown = get(running, "/notes/b").is(200);
                let count = shown.json()["text"]
                    .as_str()
                    .and_then(|text| text.parse().ok());
                let next = count.map_or(1, |count: u64| count + 1).to_string();
                let tag = format!("If-Match: {}\r\n", shown.field("etag").expect("a tag"));
                match change(running, "/notes/b", &tag, &next).status() {
                    200 => break,
                    status => assert_eq!(status, 412),
                }
            }
        }
    });
    for running in &both {
        assert_eq!(get(running, "/notes/b").is(200).json()["text"], "160");
    }
    // Of different items all are there.
    at_once(64, |number| {
        add(&both[number % 2], "/notes", &format!("n{number}")).is(201);
    });
    let [one, other] = both.each_ref().map(|running| ids(running, "/notes"));
    assert_eq!(one.len(), 66);
    assert_eq!(one, other);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_sandbox_is_the_same_for_all_processes() {
    let keeper = Keeper::start(&[]);
    let (one, other) = (keeper.counterpart(), keeper.counterpart());
    add(&one, "/@suite/notes", "s").is(201);
    assert_eq!(sandboxes(&other), [("suite".to_owned(), 1)]);
    assert_eq!(ids(&other, "/@suite/notes"), ["a", "b", "s"]);
    assert_eq!(ids(&other, "/notes"), ["a", "b"]);
    get(&other, "/@looked/notes").is(200);
    let both = [("looked".to_owned(), 0), ("suite".to_owned(), 1)];
    assert_eq!(sandboxes(&one), both);

    control(&other, "POST /reset?sandbox=suite").is(204);
    assert_eq!(ids(&one, "/@suite/notes"), ["a", "b"]);
    add(&other, "/@suite/notes", "t").is(201);
    control(&one, "DELETE /sandboxes/suite").is(204);
    assert_eq!(ids(&other, "/@suite/notes"), ["a", "b"]);
    add(&other, "/@suite/notes", "u").is(201);
    assert_eq!(ids(&one, "/@suite/notes"), ["a", "b", "u"]);
    control(&one, "DELETE /sandboxes").is(204);
    assert_eq!(sandboxes(&other), []);
    control(&one, "DELETE /sandboxes/suite").is(404);
    assert_eq!(ids(&other, "/@suite/notes"), ["a", "b"]);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_sandbox_goes_when_no_process_uses_it() {
    let keeper = Keeper::start(&[]);
    let idle = ["--sandbox-idle", "2"];
    let (one, other) = (
        keeper.counterpart_with(&idle),
        keeper.counterpart_with(&idle),
    );
    add(&one, "/@kept/notes", "k").is(201);
    add(&one, "/@left/notes", "l").is(201);
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(3) {
        assert_eq!(ids(&other, "/@kept/notes"), ["a", "b", "k"]);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(ids(&one, "/@kept/notes"), ["a", "b", "k"]);
    assert_eq!(sandboxes(&one), [("kept".to_owned(), 1)]);
    assert_eq!(ids(&other, "/@left/notes"), ["a", "b"]);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn what_a_process_answered_before_it_was_killed_the_other_has() {
    let keeper = Keeper::start(&[]);
    let one = keeper.counterpart();
    for round in 0..5 {
        let other = keeper.counterpart();
        let (is_over, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
        let answered = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|writer| {
                    let (is_over, acknowledged, port) = (&is_over, &acknowledged, other.port);
                    scope.spawn(move || {
                        let mut answered = Vec::new();
                        for number in 0.. {
                            if is_over.load(Ordering::Relaxed) {
                                break;
                            }
                            let id = format!("r{round}-{writer}-{number}");
                            let body = format!(r#"{{"id": "{id}"}}"#);
                            let fields = "Content-Type: application/json\r\n";
                            let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                            else {
                                break;
                            };
                            let _ =
                                stream.write_all(request("POST /notes", fields, &body).as_bytes());
                            let mut head = [0; 12];
                            if stream.read_exact(&mut head).is_err() {
                                break;
                            }
                            assert_eq!(&head, b"HTTP/1.1 201");
                            acknowledged.fetch_add(1, Ordering::Relaxed);
                            answered.push(id);
                        }
                        answered
                    })
                })
                .collect();
            in_time(|| acknowledged.load(Ordering::Relaxed) > 50);
            other.signal(Signal::KILL);
            is_over.store(true, Ordering::Relaxed);
            let ends = writers
                .into_iter()
                .map(|writer| writer.join().expect("an end"));
            ends.collect::<Vec<_>>().concat()
        });
        let there = ids(&one, "/notes");
        let lost: Vec<_> = answered.iter().filter(|id| !there.contains(id)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn while_the_server_is_away_what_needs_state_is_503_and_goes_on_when_it_is_back() {
    let mut keeper = Keeper::start(&["--appendonly", "yes", "--appendfsync", "always"]);
    let (one, other) = (keeper.counterpart(), keeper.counterpart());
    change(&one, "/notes/a", "", "kept").is(200);
    keeper.kill();
    for answer in [
        get(&one, "/notes/a"),
        change(&one, "/notes/a", "", "lost"),
        add(&other, "/@suite/notes", "x"),
        control(&other, "GET /sandboxes"),
        control(&other, "POST /reset"),
        control(&other, "GET /state/notes/notes"),
        control(&other, "GET /ready"),
    ] {
        let away = answer.problem(503);
        assert_eq!(away.field("retry-after"), Some("1"));
        assert!(away.body().contains("redis://127.0.0.1"), "{}", away.body());
    }
    get(&one, "/about").is(200);
    control(&one, "GET /health").is(200);
    keeper.restart();
    in_time(|| control(&one, "GET /ready").status() == 200);
    assert_eq!(get(&one, "/notes/a").json()["text"], "kept");
    in_time(|| get(&other, "/notes/a").status() == 200);
    change(&other, "/notes/a", "", "again").is(200);
    assert_eq!(get(&one, "/notes/a").json()["text"], "again");
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_connection_that_the_server_closed_is_opened_anew_and_nothing_is_asked_twice() {
    let mut keeper = Keeper::start(&["--appendonly", "yes", "--appendfsync", "always"]);
    let (one, other) = (keeper.counterpart(), keeper.counterpart());
    for round in 0..20 {
        assert!(keeper.tell("CLIENT KILL TYPE normal").starts_with(':'));
        let text = round.to_string();
        change(&one, "/notes/a", "", &text).is(200);
        assert_eq!(get(&other, "/notes/a").is(200).json()["text"], text);
        keeper.tell("CLIENT KILL TYPE normal");
        add(&one, "/notes", &format!("n{round}")).is(201);
    }
    // One that was idle for too long.
    assert_eq!(keeper.tell("CONFIG SET timeout 1"), "+OK\r\n");
    std::thread::sleep(Duration::from_secs(3));
    get(&one, "/notes/a").is(200);
    assert_eq!(keeper.tell("CONFIG SET timeout 0"), "+OK\r\n");
    keeper.restart();
    change(&one, "/notes/a", "", "after").is(200);
    assert_eq!(get(&other, "/notes/a").is(200).json()["text"], "after");
    assert_eq!(ids(&one, "/notes").len(), 22);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn while_connections_are_cut_every_update_is_made_once() {
    let keeper = Keeper::start(&[]);
    let both = [keeper.counterpart(), keeper.counterpart()];
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let started = Instant::now();
            while !is_over.load(Ordering::Relaxed) && started.elapsed() < Duration::from_secs(60) {
                keeper.tell("CLIENT KILL TYPE normal");
                std::thread::sleep(Duration::from_millis(7));
            }
        });
        let answers = at_once(8, |writer| {
            let mut made = 0;
            for number in 0..40 {
                // Who lost the answer must not find their own item there.
                match add(&both[writer % 2], "/notes", &format!("{writer}-{number}")).status() {
                    201 => made += 1,
                    status => {
                        assert_eq!(status, 503);
                        std::thread::sleep(Duration::from_millis(20));
                    }
                }
            }
            made
        });
        is_over.store(true, Ordering::Relaxed);
        // How many get through between two cuts is for the machine to say.
        let made: usize = answers.into_iter().sum();
        assert!(made > 80, "{made}");
    });
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_server_that_says_nothing_is_waited_for_two_seconds_and_no_longer() {
    let keeper = Keeper::start(&[]);
    let one = keeper.counterpart();
    let pid = rustix::process::Pid::from_child(&keeper.child);
    rustix::process::kill_process(pid, Signal::STOP).expect("stopped");
    for _ in 0..3 {
        let started = Instant::now();
        get(&one, "/notes/a").problem(503);
        assert!(started.elapsed() < Duration::from_millis(2_900), "too long");
        // The next one finds no pause after the failure.
        std::thread::sleep(Duration::from_millis(1_100));
    }
    let started = Instant::now();
    control(&one, "GET /contracts").is(200);
    get(&one, "/about").is(200);
    assert!(started.elapsed() < Duration::from_secs(1), "it waited");
    rustix::process::kill_process(pid, Signal::CONT).expect("continued");
    in_time(|| get(&one, "/notes/a").status() == 200);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_server_that_comes_back_empty_begins_with_the_fixtures_again_and_that_is_told() {
    let mut keeper = Keeper::start(&[]);
    let (mut one, other) = (keeper.counterpart(), keeper.counterpart());
    add(&one, "/notes", "c").is(201);
    add(&other, "/@suite/notes", "s").is(201);
    let before = change(&one, "/notes/a", "", "x").is(200);
    keeper.restart();
    in_time(|| get(&one, "/notes/a").status() == 200);
    assert_eq!(ids(&one, "/notes"), ["a", "b"]);
    in_time(|| get(&other, "/notes/a").status() == 200);
    assert_eq!(ids(&other, "/@suite/notes"), ["a", "b"]);
    // No tag comes twice.
    let condition = format!("If-Match: {}\r\n", before.field("etag").expect("a tag"));
    change(&other, "/notes/a", &condition, "y").is(412);
    add(&other, "/notes", "d").is(201);
    assert_eq!(ids(&one, "/notes"), ["a", "b", "d"]);
    let told = loop {
        let event = one.next_event();
        if event["event"] == "noticed" {
            break event;
        }
    };
    let notice = told["notice"].as_str().expect("a notice");
    assert!(
        notice.contains("begins with the fixtures again"),
        "{notice}"
    );
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn other_fixtures_are_told_of_and_begun_with_for_all_when_that_is_asked_for() {
    let keeper = Keeper::start(&[]);
    let one = keeper.counterpart();
    add(&one, "/notes", "c").is(201);
    let more = format!("{FIXTURES}- {{id: z, text: last}}\n");
    keeper.folder.write("fixtures/notes/notes.yaml", more);
    let url = keeper.url();
    let arguments = [
        "specs/notes.yaml",
        "--state",
        &url,
        "--port",
        "0",
        "--log",
        "json",
    ];
    let mut other = command(keeper.folder.path(), &arguments)
        .spawn()
        .expect("it starts");
    let mut err = BufReader::new(other.stderr.take().expect("piped"));
    let mut told = String::new();
    err.read_line(&mut told).expect("a line");
    let _ = other.kill();
    let _ = other.wait();
    assert!(told.contains("the fixtures of notes changed"), "{told}");
    assert_eq!(ids(&one, "/notes"), ["a", "b", "c"]);

    let anew = keeper.counterpart_with(&["--reset-state"]);
    assert_eq!(ids(&anew, "/notes"), ["a", "b", "z"]);
    assert_eq!(ids(&one, "/notes"), ["a", "b", "z"]);
    add(&one, "/notes", "d").is(201);
    assert_eq!(ids(&anew, "/notes"), ["a", "b", "z", "d"]);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_server_that_takes_no_writes_refuses_them_with_507_and_reads_go_on() {
    let keeper = Keeper::start(&[]);
    let (one, other) = (keeper.counterpart(), keeper.counterpart());
    change(&one, "/notes/a", "", "before").is(200);
    assert_eq!(keeper.tell("CONFIG SET maxmemory 1"), "+OK\r\n");
    let full = change(&one, "/notes/a", "", "never").problem(507);
    assert!(full.body().contains("takes no writes"), "{}", full.body());
    assert_eq!(get(&other, "/notes/a").is(200).json()["text"], "before");
    assert_eq!(ids(&other, "/@suite/notes"), ["a", "b"]);
    assert_eq!(keeper.tell("CONFIG SET maxmemory 0"), "+OK\r\n");
    change(&one, "/notes/a", "", "after").is(200);
    assert_eq!(get(&other, "/notes/a").is(200).json()["text"], "after");
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn what_is_damaged_in_the_server_is_a_clear_refusal_and_prefixes_are_kept_apart() {
    let keeper = Keeper::start(&[]);
    let one = keeper.counterpart();
    change(&one, "/notes/a", "", "x").is(200);
    assert_eq!(
        keeper.tell("HSET counterpart:{notes}:records: r5:notesb junk"),
        ":1\r\n"
    );
    let url = keeper.url();
    let start = |url: &str| {
        let arguments = ["specs/notes.yaml", "--state", url, "--port", "0"];
        run(keeper.folder.path(), &arguments)
    };
    let damaged = start(&url);
    assert_eq!(damaged.code, Some(3), "{}", damaged.err);
    assert!(damaged.err.contains("is damaged"), "{}", damaged.err);
    let beside = format!("{url}/1?prefix=beside");
    let arguments = ["specs/notes.yaml", "--state", &beside];
    let beside = crate::process::start(keeper.folder.path(), &arguments);
    assert_eq!(get(&beside, "/notes/a").is(200).json()["text"], "first");
    // A key of another's making: nothing is written, and nothing falls over.
    assert_eq!(keeper.tell("DEL counterpart:{notes}:log:"), ":1\r\n");
    assert_eq!(keeper.tell("SET counterpart:{notes}:log: junk"), "+OK\r\n");
    change(&one, "/notes/a", "", "y").problem(503);
    assert_eq!(get(&one, "/notes/a").is(200).json()["text"], "x");
    // Scripts may be forgotten by a server at any time.
    assert_eq!(keeper.tell("DEL counterpart:{notes}:log:"), ":1\r\n");
    assert_eq!(keeper.tell("SCRIPT FLUSH"), "+OK\r\n");
    change(&one, "/notes/a", "", "z").is(200);
}

#[test]
#[ignore = "needs valkey-server or redis-server"]
fn a_server_that_cannot_be_used_ends_the_start_without_showing_the_password() {
    let keeper = Keeper::start(&["--requirepass", "right"]);
    let port = keeper.port;
    let start = |url: &str| {
        let arguments = ["specs/notes.yaml", "--state", url, "--port", "0"];
        run(keeper.folder.path(), &arguments)
    };
    for url in [
        format!("redis://:s3cret@127.0.0.1:{port}"),
        "redis://me:s3cret@127.0.0.1:1".to_owned(),
    ] {
        let ended = start(&url);
        assert_eq!(ended.code, Some(3), "{}", ended.err);
        assert!(ended.err.contains("redis://127.0.0.1:"), "{}", ended.err);
        assert!(!ended.err.contains("s3cret"), "{}", ended.err);
    }
    for url in ["rediss://:s3cret@127.0.0.1", "ftp://:s3cret@127.0.0.1"] {
        let ended = start(url);
        assert_eq!(ended.code, Some(2), "{}", ended.err);
    }
    let url = format!("redis://:right@127.0.0.1:{port}");
    let running =
        crate::process::start(keeper.folder.path(), &["specs/notes.yaml", "--state", &url]);
    assert_eq!(ids(&running, "/notes"), ["a", "b"]);
}
